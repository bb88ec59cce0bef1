// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <emptor/core/entry.hpp>
#include <emptor/stats/survey.hpp>

#include "credit/finished.hpp"
#include "stats/survey_rows.hpp"
#include "support/worked_example.hpp"

/// What tests of measures from a survey share.
namespace survey_run {

using survey_rows::answered;
using options = std::vector<emptor::option>;

[[nodiscard]] inline emptor::stats::survey survey_of(const std::vector<answered>& rows,
                                                     const std::string& codes = "") {
  emptor::stats::survey made = survey_rows::survey_with(codes);
  survey_rows::push(made, rows, true);
  return made;
}
[[nodiscard]] inline double number(const emptor::result& of, std::string_view table, std::string_view column,
                                   std::size_t row = 0) {
  return finished::table_of(of, table).at(column).as<double>().at(row);
}
[[nodiscard]] inline std::int64_t whole(const emptor::result& of, std::string_view table,
                                        std::string_view column, std::size_t row = 0) {
  return finished::table_of(of, table).at(column).as<std::int64_t>().at(row);
}

/// A described table as the tests' readers know it.
[[nodiscard]] inline emptor::test::described_table described(const emptor::table_description& of) {
  emptor::test::described_table made;
  made.name = std::string(of.name);
  for (const emptor::column_description& one : of.columns) {
    emptor::test::described_column column;
    column.name = std::string(one.name);
    column.what = one.what;
    column.many = one.many;
    for (const std::string_view level : one.levels)
      column.levels.emplace_back(level);
    made.columns.push_back(column);
  }
  return made;
}

/// With whole numbers in columns of counts, as a model has them.
[[nodiscard]] inline emptor::table counted(const emptor::table& of, const emptor::table_description& known) {
  emptor::table made(std::string(of.name()));
  for (const emptor::column& one : of.columns()) {
    const auto about = std::find_if(known.columns.begin(), known.columns.end(),
                                    [&](const auto& column) { return column.name == one.name(); });
    if (about->what != emptor::content::count || one.type() != emptor::dtype::float64) {
      made.add(one);
      continue;
    }
    std::vector<std::int64_t> whole;
    for (const double x : one.as<double>())
      whole.push_back(static_cast<std::int64_t>(x));
    made.add(emptor::column::integers(std::string(one.name()), std::move(whole)));
  }
  return made;
}

/// Every place where a worked example does not come out; empty where it does.
/// \param others  entries whose models are in its slots
[[nodiscard]] inline std::string example_differences(const emptor::entry& what, const emptor::example& shown,
                                                     const std::vector<const emptor::entry*>& others = {}) {
  options of_store;
  options of_finish;
  for (const emptor::example_option& one : shown.options) {
    bool finishes = false;
    for (const emptor::option_description& known : what.description->options)
      finishes = finishes || known.name == one.name;
    (finishes ? of_finish : of_store).push_back({std::string(one.name), std::string(one.value)});
  }
  emptor::stats::survey store(emptor::option_values("survey", emptor::stats::survey_options, of_store));
  for (const emptor::example_table& one : shown.tables)
    store_rows::push(
        store, emptor::test::typed_table(described(emptor::stats::survey_tables[0]), std::string(one.csv)),
        true);
  std::vector<emptor::model> models;
  models.reserve(shown.slots.size());
  std::vector<emptor::filled_slot> slots;
  for (const emptor::example_slot& one : shown.slots) {
    emptor::model& made = models.emplace_back();
    made.entry = std::string(one.entry);
    const emptor::entry* owner = &what;
    for (const emptor::entry* other : others)
      owner = other->description->name == one.entry ? other : owner;
    for (const emptor::example_table& given : one.tables) {
      for (const emptor::table_description& known : owner->description->model_tables) {
        if (known.name == given.name)
          made.tables.push_back(
              counted(emptor::test::typed_table(described(known), std::string(given.csv)), known));
      }
    }
    slots.push_back({one.name, &made});
  }
  const emptor::run alone;
  const emptor::result made =
      what.finish({.from = &store,
                   .options = {what.description->name, what.description->options, of_finish},
                   .slots = slots,
                   .keys = std::nullopt,
                   .how = alone});
  std::string found;
  for (const emptor::example_table& wanted : shown.expected) {
    const emptor::table& one = finished::table_of(made, wanted.name);
    emptor::test::seen_table seen{one.name(), one.rows(), {}};
    for (const emptor::column& column : one.columns())
      seen.columns.push_back({column.name(), column.view(), column.levels()});
    found += emptor::test::differences(std::string(wanted.csv), seen, shown.tolerance);
  }
  return found;
}

} // namespace survey_run
