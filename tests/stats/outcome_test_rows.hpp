// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include <emptor/stats/outcomes.hpp>

#include "stats/store_rows.hpp"
#include "support/random.hpp"

/// Rows for a store of outcomes, as the tests write them down.
namespace outcome_test_rows {

using store_rows::push;
using store_rows::pushed;
using store_rows::texts;

struct sample {
  std::string row{}; ///< empty = none
  std::optional<double> outcome{};
  std::optional<double> weight{};
  std::string slice{};
  std::optional<double> age{};
  std::optional<double> amount{};
  std::string housing{};
};

template <class Value>
[[nodiscard]] emptor::column numbers(std::span<const sample> rows, const char* name, const Value& value_of) {
  std::vector<double> values;
  for (const sample& row : rows)
    values.push_back(value_of(row).value_or(0.0));
  emptor::column made = emptor::column::numbers(name, std::move(values));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!value_of(rows[i]))
      made.set_missing(static_cast<std::int64_t>(i));
  }
  return made;
}

[[nodiscard]] inline emptor::table table_of(std::span<const sample> rows) {
  emptor::table made("rows");
  made.add(texts(rows, "categories:housing", [](const sample& one) { return one.housing; }));
  made.add(numbers(rows, "characteristics:amount", [](const sample& one) { return one.amount; }));
  made.add(numbers(rows, "characteristics:age", [](const sample& one) { return one.age; }));
  made.add(texts(rows, "row", [](const sample& one) { return one.row; }));
  made.add(numbers(rows, "outcome", [](const sample& one) { return one.outcome; }));
  made.add(numbers(rows, "weight", [](const sample& one) { return one.weight; }));
  made.add(texts(rows, "slice", [](const sample& one) { return one.slice; }));
  return made;
}

inline pushed push(emptor::store& into, const std::vector<sample>& rows, bool strict = false) {
  return push(into, table_of(rows), strict);
}

/// Random rows of few values, so that many of them are the same in part or in all.
[[nodiscard]] inline std::vector<sample> random_rows(std::uint64_t seed, std::size_t count) {
  emptor::test::draws draw(seed);
  const char* const homes[] = {"", "own", "rent", "for free", "with his own parents, in the country"};
  std::vector<sample> made;
  for (std::size_t i = 0; i < count; ++i) {
    sample one;
    if (draw.below(3) != 0)
      one.row = "C" + std::to_string(draw.below(count / 4 + 2));
    if (draw.below(9) != 0)
      one.outcome = static_cast<double>(draw.below(2));
    if (draw.below(2) != 0)
      one.weight = 0.5 * static_cast<double>(1 + draw.below(3));
    if (draw.below(4) != 0)
      one.slice = "2025Q" + std::to_string(1 + draw.below(4));
    if (draw.below(7) != 0)
      one.age = 18.0 + static_cast<double>(draw.below(5));
    if (draw.below(7) != 0)
      one.amount = 1000.0 * (static_cast<double>(draw.below(9)) - 4.0);
    one.housing = homes[draw.below(5)];
    made.push_back(one);
  }
  return made;
}

} // namespace outcome_test_rows
