// SPDX-License-Identifier: BSL-1.0
// What an ERP does each night: push the day's orders into its store, finish the summary, fit a model, score every
// customer. Over emptor/catalogue.hpp, by names: another capability needs other names and no other code.
#include <emptor/catalogue.hpp>

#include <iostream>
#include <string>
#include <vector>

namespace {

/// A column of the caller's memory, borrowed for a call.
template <class T>
emptor::column_view view(const std::vector<T>& values, emptor::dtype type) {
  emptor::column_view seen;
  seen.data = values.data();
  seen.stride_bytes = sizeof(T);
  seen.type = type;
  return seen;
}

/// The day's orders as the ERP has them: a document each, dates as days since 1970, amounts in cents.
struct orders {
  std::vector<std::int64_t> document, customer, cents;
  std::vector<std::int32_t> date;

  void add(std::int64_t who, std::int32_t day, std::int64_t amount) {
    document.push_back(static_cast<std::int64_t>(document.size()));
    customer.push_back(who);
    date.push_back(day);
    cents.push_back(amount);
  }
};

} // namespace

int main() try {
  using emptor::dtype;
  orders today;
  for (std::int64_t who = 0; who < 300; ++who) {
    const auto first = static_cast<std::int32_t>(20454 + who % 90); // 2026-01-01 and later
    const std::int32_t pace = 9 + static_cast<std::int32_t>(who * who % 41);
    for (std::int32_t i = 0; i <= who % 7 && first + i * pace < 20800; ++i)
      today.add(who, first + i * pace, 1000 + 10 * who);
  }

  // The store. A real ERP loads it from last night's file with emptor::load_store.
  const std::vector<emptor::option> euro{{"default_currency", "EUR"}};
  const auto history = emptor::make_store("order_history", euro);
  const std::vector<emptor::named_column> columns{{"document", view(today.document, dtype::int64)},
                                                  {"customer", view(today.customer, dtype::int64)},
                                                  {"date", view(today.date, dtype::date32)},
                                                  {"amount", view(today.cents, dtype::money)}};
  const auto rows = static_cast<std::int64_t>(today.document.size());
  const emptor::push_report report = history->push({.table = "orders", .columns = columns, .rows = rows});
  std::cout << report.added << " documents added, " << report.refused << " refused\n";
  const emptor::push_report again = history->push({.table = "orders", .columns = columns, .rows = rows});
  std::cout << again.repeated << " repeated: pushing twice changes nothing\n";
  const std::vector<std::byte> file = emptor::save(*history);

  // Reduce: one row a customer.
  const std::vector<emptor::option> weeks{{"unit", "week"}, {"until", "2026-12-13"}};
  const emptor::result summary =
      emptor::finish(emptor::find_entry("value.summary"), emptor::load_store(file).get(), weeks, {}, {}, {});
  const emptor::table& customers = summary.tables.front();

  // Fit: the model, with what it says of itself.
  const emptor::entry& bg_nbd = emptor::find_entry("value.bg_nbd");
  const std::vector<emptor::option> target{{"entry", "value.bg_nbd"}};
  const auto held = emptor::make_store("rows", target);
  const std::vector<emptor::named_column> figures{{"frequency", customers.at("frequency").view()},
                                                  {"recency", customers.at("recency").view()},
                                                  {"age", customers.at("age").view()}};
  held->push({.columns = figures, .rows = customers.rows()});
  const std::vector<emptor::option> unit{{"unit", "week"}};
  const emptor::result fit = emptor::finish(bg_nbd, held.get(), unit, {}, {}, {});
  std::cout << "log-likelihood " << fit.fitted->find("fit")->at("log_likelihood").as<double>().front()
            << '\n';

  // Score: names are bound once, then any number of rows.
  const std::vector<emptor::bound_column> schema{
      {"frequency", customers.at("frequency").type()}, {"recency"}, {"age"}};
  const std::vector<emptor::option> horizon{{"horizon", "26 week"}};
  const emptor::plan plan(bg_nbd, fit.fitted, {}, schema, horizon, {});
  std::vector<double> alive(static_cast<std::size_t>(customers.rows()));
  std::vector<double> orders_ahead(alive.size());
  const std::vector<emptor::column_view> in{figures[0].values, figures[1].values, figures[2].values};
  const std::vector<emptor::output_memory> out{{alive.data(), sizeof(double)},
                                               {orders_ahead.data(), sizeof(double)}};
  std::int64_t bad_rows = 0;
  plan.score(in, customers.rows(), out, nullptr, &bad_rows, false, {});
  std::cout << "customer " << customers.at("customer").text()[5] << ": P(alive) " << alive[5]
            << ", orders expected in half a year " << orders_ahead[5] << ", bad rows " << bad_rows << '\n';
  return report.added == rows && again.repeated == rows && bad_rows == 0 && alive[5] > 0.0 ? 0 : 1;
} catch (const emptor::error& why) {
  std::cerr << why.what() << '\n';
  return 1;
}
