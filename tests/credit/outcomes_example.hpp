// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <emptor/core/entry.hpp>
#include <emptor/stats/outcomes.hpp>

#include "credit/finished.hpp"
#include "stats/store_rows.hpp"
#include "support/worked_example.hpp"

/// Rows for a store of outcomes as CSV, and worked examples of entries that finish from one.
namespace outcomes_example {

/// A table of rows of the store. \param csv with its header line
[[nodiscard]] inline emptor::table table_of(const std::string& csv) {
  const emptor::test::csv_table parsed = emptor::test::parse_csv(csv);
  emptor::table made("rows");
  for (std::size_t i = 0; i < parsed.names.size(); ++i) {
    const std::string role = parsed.names[i].substr(0, parsed.names[i].find(':'));
    emptor::content what = emptor::content::number;
    for (const emptor::column_description& one : emptor::stats::outcomes_columns)
      what = one.name == role ? one.what : what;
    std::vector<std::string> fields;
    for (const std::vector<std::string>& row : parsed.rows)
      fields.push_back(row[i]);
    made.add(emptor::test::typed_column(parsed.names[i], what, fields));
  }
  return made;
}
[[nodiscard]] inline emptor::stats::outcomes store_of(const std::string& csv) {
  emptor::stats::outcomes made;
  store_rows::push(made, table_of(csv), true);
  return made;
}

/// Where the first example of an entry is not as it says; empty where it is.
[[nodiscard]] inline std::string differences(const emptor::entry& of) {
  const emptor::example& shown = of.description->examples[0];
  const emptor::stats::outcomes store = store_of(std::string(shown.tables[0].csv));
  std::vector<emptor::option> options;
  for (const emptor::example_option& one : shown.options)
    options.push_back({std::string(one.name), std::string(one.value)});
  const emptor::result made = finished::of(of, store, options);
  std::string found;
  for (const emptor::example_table& expected : shown.expected) {
    const emptor::table& is = finished::table_of(made, expected.name);
    emptor::test::seen_table seen{is.name(), is.rows(), {}};
    for (const emptor::column& one : is.columns())
      seen.columns.push_back({one.name(), one.view(), one.levels()});
    found += emptor::test::differences(std::string(expected.csv), seen, shown.tolerance);
  }
  return found;
}

} // namespace outcomes_example
