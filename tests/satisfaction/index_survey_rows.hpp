// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <emptor/core/entry.hpp>
#include <emptor/core/random.hpp>
#include <emptor/satisfaction/index_model_entry.hpp>

#include "satisfaction/survey_run.hpp"
#include "stats/mobi.hpp"

/// Models and rows for tests of what is made of a satisfaction index.
namespace index_survey_rows {

using survey_run::answered;

/// The model of the slot `model`. \param items  construct and item
[[nodiscard]] inline emptor::model model_of(const std::vector<std::pair<std::string, std::string>>& items,
                                            const std::vector<std::pair<std::string, std::string>>& paths) {
  using emptor::column;
  emptor::text_buffer constructs;
  emptor::text_buffer labels;
  emptor::text_buffer from;
  emptor::text_buffer to;
  for (const auto& [construct, item] : items) {
    constructs.push_back(construct);
    labels.push_back(item);
  }
  for (const auto& [a, b] : paths) {
    from.push_back(a);
    to.push_back(b);
  }
  emptor::model made;
  made.entry = std::string(emptor::satisfaction::index_model_name);
  made.tables.push_back(
      {"constructs",
       {column::texts("construct", std::move(constructs)), column::texts("item", std::move(labels))}});
  made.tables.push_back(
      {"paths", {column::texts("from", std::move(from)), column::texts("to", std::move(to))}});
  return made;
}

[[nodiscard]] inline emptor::model ecsi_model() {
  std::vector<std::pair<std::string, std::string>> items;
  std::vector<std::pair<std::string, std::string>> paths;
  const emptor::stats::path_model_specification of = emptor::test::ecsi_model();
  for (const auto& construct : of.constructs)
    for (const std::string& item : construct.items)
      items.emplace_back(construct.name, item);
  for (const auto& one : of.paths)
    paths.emplace_back(one.from, one.to);
  return model_of(items, paths);
}

/// The name of the respondent of a row of mobi.csv, in the order of the rows.
[[nodiscard]] inline std::string respondent(std::size_t row) {
  return std::to_string(1001 + row);
}
[[nodiscard]] inline std::vector<answered> rows_of(const emptor::test::survey_columns& data) {
  std::vector<answered> made(data.begin()->second.size());
  for (std::size_t r = 0; r < made.size(); ++r) {
    made[r].respondent = respondent(r);
    for (const auto& [label, answers] : data)
      made[r].items[label] = answers[r];
  }
  return made;
}

/// Quality makes satisfaction, satisfaction loyalty.
[[nodiscard]] inline emptor::model small_model() {
  return model_of({{"quality", "q1"},
                   {"quality", "q2"},
                   {"satisfaction", "s1"},
                   {"satisfaction", "s2"},
                   {"loyalty", "l1"}},
                  {{"quality", "satisfaction"}, {"satisfaction", "loyalty"}});
}
/// Answers of respondents to it, by a rule.
[[nodiscard]] inline std::vector<answered> small_rows(std::size_t rows, std::uint64_t seed = 1) {
  std::vector<answered> made(rows);
  emptor::random_stream stream(seed, 0, 0);
  const auto clamped = [](double x) {
    return x < 1.0 ? 1.0 : x > 10.0 ? 10.0 : static_cast<double>(static_cast<int>(x));
  };
  for (std::size_t r = 0; r < rows; ++r) {
    made[r].respondent = "R" + std::to_string(1000 + r);
    const double quality = 1.0 + 9.0 * stream.uniform();
    const double satisfaction = 0.7 * quality + 3.0 * stream.uniform();
    made[r].items["q1"] = clamped(quality + 2.0 * stream.uniform());
    made[r].items["q2"] = clamped(quality + 2.0 * stream.uniform());
    made[r].items["s1"] = clamped(satisfaction + 2.0 * stream.uniform());
    made[r].items["s2"] = clamped(satisfaction + 2.0 * stream.uniform());
    made[r].items["l1"] = clamped(0.8 * satisfaction + 3.0 * stream.uniform());
  }
  return made;
}

/// What an entry gives, with models in slots.
[[nodiscard]] inline emptor::result finished_of(const emptor::entry& what, const emptor::store& from,
                                                const std::vector<emptor::option>& options,
                                                const std::vector<emptor::filled_slot>& slots,
                                                const emptor::run& how = {},
                                                const std::optional<std::vector<std::string>>& keys = {}) {
  return what.finish({.from = &from,
                      .options = {what.description->name, what.description->options, options},
                      .slots = slots,
                      .keys = keys,
                      .how = how});
}

} // namespace index_survey_rows
