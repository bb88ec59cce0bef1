// SPDX-License-Identifier: BSL-1.0
#include "made_rows.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <set>
#include <string>

#include <emptor/core/check.hpp>
#include <emptor/core/random.hpp>
#include <emptor/core/read.hpp>

namespace emptor::tool {

namespace {

constexpr int made_decimals = 2; // of amounts
constexpr double minor_units = 100.0;
constexpr int attempts = 8;                  // to vary a row in another way, where its rule refuses it
constexpr std::uint64_t seed = 0x62656e6368; // "bench"

/// The ids of an example, counted.
using known_ids = std::map<std::string, std::int64_t, std::less<>>;

/// A column of an example, and the one that is made from it.
struct growing_column {
  std::string name;
  const column_description* described = nullptr;
  std::size_t place = 0;          ///< of the description among those of its table
  std::vector<double> numbers;    ///< of the example, as a row_rule sees them; NaN = missing, or no number
  bool on_scale = false;          ///< whether these are answers or flags, which stay such
  std::vector<std::string> texts; ///< of ids, texts and classes
  column::storage values;
  std::vector<std::int64_t> missing;
};

/// A table of an example, read.
struct growing_table {
  const table_description* described = nullptr;
  std::int64_t example_rows = 0;
  std::vector<growing_column> columns;
  bool grows = false;
  bool has_ids = false; ///< of things that several rows tell of: their copies are whole
};

bool is_named(content what) noexcept {
  return what == content::id || what == content::text || what == content::code;
}

growing_table read_example(const table_description& described, const csv_table& rows) {
  growing_table made;
  made.described = &described;
  made.example_rows = rows.rows();
  std::set<std::size_t> used;
  const typed_table typed(rows, described.name, described.columns, {}, csv_dialect{}, used);
  for (const named_column& given : typed.columns()) {
    growing_column one;
    one.name = given.name;
    const auto found =
        std::find_if(described.columns.begin(), described.columns.end(), [&](const column_description& role) {
          return role.many ? given.name.starts_with(std::string(role.name) + ":") : given.name == role.name;
        });
    one.described = &*found;
    one.place = static_cast<std::size_t>(found - described.columns.begin());
    for (std::int64_t row = 0; row < rows.rows(); ++row) {
      cell value;
      const bool there = read_cell(*found, given.values, row, made_decimals, 0, value) == row_status::ok;
      one.numbers.push_back(rule_value(*found, value, there, made_decimals));
      if (is_named(found->what))
        one.texts.emplace_back(value.text);
    }
    one.on_scale = found->what == content::number &&
                   std::all_of(one.numbers.begin(), one.numbers.end(), [&](double number) {
                     return std::isnan(number) || number == 0.0 || number == 1.0 ||
                            (found->many && number == std::floor(number));
                   });
    made.has_ids = made.has_ids || found->what == content::id;
    made.columns.push_back(std::move(one));
  }
  made.grows = made.has_ids;
  return made;
}

/// A number of the example as a copy has it. \param share in (0, 1) \param smaller whether it shrinks or grows
double varied(content what, double number, double share, bool smaller) noexcept {
  constexpr double year = 365.0;
  const double factor = 1.0 + share / 4.0; // with more, what a fit finds in the example would be lost
  const double scaled = smaller ? number / factor : number * factor;
  switch (what) {
  case content::number: { // some are kept as decimals
    constexpr double billion = 1e9;
    return std::abs(scaled) > 1e-3 ? std::round(scaled * billion) / billion : scaled;
  }
  case content::count: // where they grow, unlike counts stay unlike
    return std::round(scaled);
  case content::amount:
    return std::round(scaled * minor_units) / minor_units;
  case content::day:
    return number - std::floor(share * year);
  default:
    return number;
  }
}

/// An answer of another row of the example in place of this one's. \param share in (0, 1)
double answered(const std::vector<double>& numbers, std::size_t row, double share) noexcept {
  constexpr double kept = 0.75; // of rows, so that what a fit finds in the example is not lost
  if (std::isnan(numbers[row]) || share < kept)
    return numbers[row];
  const double other =
      numbers[static_cast<std::size_t>((share - kept) / (1.0 - kept) * static_cast<double>(numbers.size()))];
  return std::isnan(other) ? numbers[row] : other;
}

/// Makes the rows of one table.
class row_maker {
public:
  row_maker(growing_table& table, const known_ids& ids)
      : table_(table)
      , ids_(ids)
      , values_(table.columns.size())
      , ruled_(table.described->columns.size()) {}

  /// Appends the row of a copy that stands for one of the example. The first copy is the example.
  void append(std::int64_t row, std::int64_t copy) {
    bool fine = false;
    for (int attempt = 0; attempt < attempts && copy > 0 && !fine; ++attempt)
      fine = vary(static_cast<std::size_t>(row), copy, attempt);
    if (!fine) {
      for (std::size_t i = 0; i < values_.size(); ++i)
        values_[i] = table_.columns[i].numbers[static_cast<std::size_t>(row)];
    }
    for (std::size_t i = 0; i < values_.size(); ++i)
      put(table_.columns[i], static_cast<std::size_t>(row), copy, values_[i]);
  }

private:
  /// \return whether the description admits the row
  bool vary(std::size_t row, std::int64_t copy, int attempt) {
    random_stream drawn(seed, static_cast<std::uint64_t>(copy), static_cast<std::uint64_t>(attempt));
    const double of_days = drawn.uniform();
    std::fill(ruled_.begin(), ruled_.end(), std::numeric_limits<double>::quiet_NaN());
    for (std::size_t i = 0; i < values_.size(); ++i) {
      const growing_column& from = table_.columns[i];
      const content what = from.described->what;
      const double share = drawn.uniform();
      values_[i] = from.on_scale ? answered(from.numbers, row, share)
                                 : varied(what, from.numbers[row], what == content::day ? of_days : share,
                                          attempt % 2 == 1);
      ruled_[from.place] = values_[i];
      const bool is_number = what == content::number || what == content::count || what == content::amount;
      if (is_number && !std::isnan(values_[i]) && !from.described->allowed.contains(values_[i]))
        return false;
    }
    return table_.described->rule == nullptr || table_.described->rule(ruled_).status == row_status::ok;
  }

  void put(growing_column& into, std::size_t row, std::int64_t copy, double number) const {
    const bool named = is_named(into.described->what);
    if (named ? into.texts[row].empty() : std::isnan(number)) {
      into.missing.push_back(
          std::visit([](const auto& held) { return static_cast<std::int64_t>(held.size()); }, into.values));
    }
    const double value = std::isnan(number) ? 0.0 : number;
    switch (into.described->what) {
    case content::number:
      std::get<std::vector<double>>(into.values).push_back(number);
      break;
    case content::count:
      std::get<std::vector<std::int64_t>>(into.values).push_back(std::llround(value));
      break;
    case content::amount:
      std::get<std::vector<std::int64_t>>(into.values).push_back(std::llround(value * minor_units));
      break;
    case content::id: {
      const auto known = ids_.find(into.texts[row]);
      const std::int64_t count = known == ids_.end() ? 0 : known->second;
      std::get<std::vector<std::int64_t>>(into.values)
          .push_back(copy * static_cast<std::int64_t>(ids_.size()) + count);
      break;
    }
    case content::day:
      std::get<std::vector<std::int32_t>>(into.values).push_back(static_cast<std::int32_t>(value));
      break;
    case content::boolean:
      std::get<std::vector<std::uint8_t>>(into.values).push_back(value != 0.0 ? 1 : 0);
      break;
    case content::text:
    case content::code:
      std::get<text_buffer>(into.values).push_back(into.texts[row]);
      break;
    }
  }

  growing_table& table_;
  const known_ids& ids_;
  std::vector<double> values_;
  std::vector<double> ruled_;
};

/// Empty values of a content, and their dtype: ids are whole numbers.
std::pair<dtype, column::storage> no_values(content what) {
  switch (what) {
  case content::number:
    return {dtype::float64, std::vector<double>{}};
  case content::count:
  case content::id:
    return {dtype::int64, std::vector<std::int64_t>{}};
  case content::amount:
    return {dtype::money, std::vector<std::int64_t>{}};
  case content::day:
    return {dtype::date32, std::vector<std::int32_t>{}};
  case content::boolean:
    return {dtype::boolean, std::vector<std::uint8_t>{}};
  default:
    return {dtype::large_utf8, text_buffer{}};
  }
}

table grown(growing_table& from, const known_ids& ids, std::int64_t rows) {
  for (growing_column& one : from.columns)
    one.values = no_values(one.described->what).second;
  row_maker make(from, ids);
  const std::int64_t size = std::max<std::int64_t>(from.example_rows, 1);
  // A step that has no divisor in common with the number of rows comes by each of them once.
  std::int64_t step = static_cast<std::int64_t>(static_cast<double>(rows) * 0.618) | 1;
  while (std::gcd(step, rows) > 1)
    step += 2;
  for (std::int64_t i = 0, at = 0; i < rows; ++i, at = (at + step) % rows)
    make.append(at % size, at / size);
  table made{std::string(from.described->name)};
  for (growing_column& one : from.columns) {
    const content what = one.described->what;
    column finished{one.name,
                    no_values(what).first,
                    std::move(one.values),
                    {},
                    what == content::amount ? made_decimals : 0};
    for (const std::int64_t row : one.missing)
      finished.set_missing(row);
    made.add(std::move(finished));
  }
  return made;
}

} // namespace

std::vector<table> made_rows(std::span<const table_description> described,
                             std::span<const table_input> examples, std::int64_t rows) {
  std::vector<growing_table> tables;
  known_ids ids;
  std::int64_t growing_rows = 0;
  for (const table_input& input : examples) {
    const auto wanted = std::find_if(described.begin(), described.end(),
                                     [&](const table_description& one) { return one.name == input.name; });
    if (wanted == described.end())
      throw error(status::unknown_name, "there is no table " + input.name);
    tables.push_back(read_example(*wanted, *input.rows));
    growing_table& table = tables.back();
    table.grows = table.grows || wanted == described.begin();
    growing_rows += table.grows ? table.example_rows : 0;
    for (const growing_column& one : table.columns) {
      for (const std::string& text : one.texts) {
        if (one.described->what == content::id && !text.empty())
          ids.try_emplace(text, static_cast<std::int64_t>(ids.size()));
      }
    }
  }
  growing_rows = std::max<std::int64_t>(growing_rows, 1);
  std::vector<table> made;
  for (growing_table& table : tables) {
    std::int64_t wanted =
        table.grows ? (rows * table.example_rows + growing_rows - 1) / growing_rows : table.example_rows;
    if (table.has_ids && table.example_rows > 0)
      wanted = std::max<std::int64_t>(wanted / table.example_rows, 1) * table.example_rows;
    made.push_back(grown(table, ids, wanted));
  }
  return made;
}

} // namespace emptor::tool
