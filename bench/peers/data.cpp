// SPDX-License-Identifier: BSL-1.0
// Writes the rows that the peers and emptor are compared on, a column a file, as the machine holds them:
// DIR/TABLE.COLUMN. All of it is made up, the same on every machine: customers are simulated with known
// parameters, order lines are those of ../support.hpp, ledgers those of ../ledger_rows.hpp.
#include "../ledger_rows.hpp"
#include "../support.hpp"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <stdexcept>

#include <emptor/value/simulate.hpp>

namespace {

namespace value = emptor::value;

class folder {
public:
  explicit folder(std::filesystem::path path)
      : path_(std::move(path)) {
    std::filesystem::create_directories(path_);
  }
  template <class T>
  void write(const std::string& table, const std::string& column, const std::vector<T>& values) const {
    std::ofstream file(path_ / (table + "." + column), std::ios::binary);
    file.write(reinterpret_cast<const char*>(values.data()),
               static_cast<std::streamsize>(values.size() * sizeof(T)));
    if (!file.flush())
      throw std::runtime_error("cannot write " + table + "." + column);
  }

private:
  std::filesystem::path path_;
};

/// Weeks; the first orders fall into the first 12 of 39.
value::simulation observation(std::int64_t customers, bool daily) {
  return {.customers = customers, .age = 39.0, .spread = 12.0, .tick = daily ? 1.0 / 7.0 : 0.0};
}

template <class Parameters>
void write_customers(const folder& to, const std::string& table, const Parameters& parameters,
                     const value::simulation& how) {
  const value::simulated_customers made = value::simulate(parameters, how);
  to.write(table, "frequency", made.frequency);
  to.write(table, "recency", made.recency);
  to.write(table, "age", made.age);
}

/// Kinds as numbers of the ledger's document kinds.
void write_ledger(const folder& to, std::int64_t rows) {
  const bench::documents made(rows, true);
  const std::string items = "items_" + std::to_string(rows);
  to.write(items, "document", made.document);
  to.write(items, "customer", made.customer);
  std::vector<std::int32_t> kinds;
  for (const std::string_view kind : made.kind) {
    const auto& all = emptor::stats::document_kinds;
    kinds.push_back(
        static_cast<std::int32_t>(std::find(std::begin(all), std::end(all), kind) - std::begin(all)));
  }
  to.write(items, "kind", kinds);
  to.write(items, "amount", made.amount);
  to.write(items, "date", made.date);
  to.write(items, "due", made.due);
  const std::string settlements = "settlements_" + std::to_string(rows);
  to.write(settlements, "document", made.settled);
  to.write(settlements, "settling", made.settled_by);
  to.write(settlements, "date", made.settled_on);
  to.write(settlements, "amount", made.settled_amount);
}

void write_all(const folder& to, std::int64_t most) {
  constexpr value::pareto_nbd_parameters<double> pareto{
      .r = 0.553, .alpha = 10.578, .s = 0.606, .beta = 11.669};
  constexpr value::bg_nbd_parameters<double> bg{.r = 0.243, .alpha = 4.414, .a = 0.793, .b = 2.426};
  write_customers(to, "distinct", pareto, observation(most, false));
  write_customers(to, "pareto_nbd", pareto, observation(most, true));
  write_customers(to, "bg_nbd", bg, observation(most, true));
  for (std::int64_t lines = 10'000; lines <= most; lines *= 10) {
    const bench::order_lines made(lines);
    const std::string table = "orders_" + std::to_string(lines);
    to.write(table, "customer", made.customer);
    to.write(table, "date", made.date);
    to.write(table, "amount", made.amount);
    write_ledger(to, lines);
  }
}

} // namespace

int main(int count, char** words) {
  try {
    if (count != 3)
      throw std::runtime_error("use: data DIR MOST_ROWS");
    write_all(folder(words[1]), std::stoll(words[2]));
  } catch (const std::exception& why) {
    std::cerr << "data: " << why.what() << '\n';
    return 1;
  }
}
