// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/value/survey_value_description.hpp>

#include "../src/examples.hpp"
#include "credit/finished.hpp"
#include "support/scored_csv.hpp"

/// Surveys as CSV for tests of delivered value and consumption value.
namespace emptor::test::survey_rows {

using options = std::vector<option>;
using texts = std::vector<std::string>;

[[nodiscard]] inline std::unique_ptr<store> store_of(std::string_view entry, const std::string& answers) {
  auto made = make_store("rows", options{{"entry", std::string(entry)}});
  push_table(*made, table_of("answers", value::survey_answer_columns, answers));
  return made;
}
/// \param with  the scale is 0 to 10 where they do not say it
[[nodiscard]] inline result finished_of(std::string_view entry, const store& from, const std::string& items,
                                        options with = {}) {
  const auto add = [&](const char* name, const char* value) {
    for (const option& one : with) {
      if (one.name == name)
        return;
    }
    with.push_back({name, value});
  };
  add("scale_low", "0");
  add("scale_high", "10");
  const auto scheme = model_from(entry, {{"items", items}});
  const std::vector<filled_slot> slots{{"items", scheme.get()}};
  return finish(find_entry(entry), &from, with, slots, {}, {});
}
[[nodiscard]] inline result finished_of(std::string_view entry, const std::string& answers,
                                        const std::string& items, options with = {}) {
  return finished_of(entry, *store_of(entry, answers), items, std::move(with));
}

[[nodiscard]] inline const std::vector<double>& numbers(const result& made, std::string_view table,
                                                        std::string_view column) {
  return finished::table_of(made, table).at(column).as<double>();
}

} // namespace emptor::test::survey_rows
