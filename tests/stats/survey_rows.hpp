// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include <emptor/stats/survey.hpp>

#include "stats/store_rows.hpp"
#include "support/random.hpp"

/// Rows for a survey, as the tests write them down.
namespace survey_rows {

using store_rows::pushed;
using store_rows::texts;

struct answered {
  std::string respondent;
  std::map<std::string, double> items{};
  std::string brand{};  ///< empty = none
  std::string period{}; ///< ISO, empty = none
  std::string group{};
  std::optional<double> weight{};
  std::int64_t revision = 0;
};

[[nodiscard]] inline emptor::table table_of(std::span<const answered> rows) {
  emptor::table made("answers");
  std::vector<std::int32_t> periods;
  std::vector<std::int64_t> revisions;
  std::vector<double> weights;
  std::set<std::string> labels;
  for (const answered& row : rows) {
    const auto read = emptor::parse_date(row.period);
    periods.push_back(row.period.empty() ? emptor::no_day : read ? emptor::days_since_epoch(*read) : 3000000);
    revisions.push_back(row.revision);
    weights.push_back(row.weight.value_or(1.0));
    for (const auto& [label, answer] : row.items)
      labels.insert(label);
  }
  made.add(texts(rows, "respondent", [](const answered& row) { return row.respondent; }));
  made.add(texts(rows, "brand", [](const answered& row) { return row.brand; }));
  made.add(texts(rows, "group", [](const answered& row) { return row.group; }));
  made.add(emptor::column::days("period", periods).or_none());
  made.add(emptor::column::integers("revision", revisions));
  emptor::column weight = emptor::column::numbers("weight", weights);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!rows[i].weight)
      weight.set_missing(static_cast<std::int64_t>(i));
  }
  made.add(std::move(weight));
  for (const std::string& label : labels) {
    std::vector<double> answers;
    for (const answered& row : rows) {
      const auto at = row.items.find(label);
      answers.push_back(at == row.items.end() ? 0.0 : at->second);
    }
    emptor::column column = emptor::column::numbers("items:" + label, answers);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (!rows[i].items.contains(label))
        column.set_missing(static_cast<std::int64_t>(i));
    }
    made.add(std::move(column));
  }
  return made;
}

inline pushed push(emptor::store& into, const std::vector<answered>& rows, bool strict = false) {
  return store_rows::push(into, table_of(rows), strict);
}

[[nodiscard]] inline emptor::stats::survey survey_with(const std::string& codes) {
  const std::vector<emptor::option> given{{"missing_codes", codes}};
  return emptor::stats::survey(emptor::option_values("survey", emptor::stats::survey_options, given));
}

/// A random survey: revisions in any order, repeats, conflicts, questions of which a row has some.
[[nodiscard]] inline std::vector<answered> random_rows(std::uint64_t seed, std::size_t rows) {
  emptor::test::draws draw(seed);
  const char* const labels[] = {"clean", "fast", "7", "recommend", "worth"};
  std::vector<answered> made;
  for (std::size_t i = 0; i < rows; ++i) {
    answered one{.respondent = "R" + std::to_string(draw.below(rows / 4 + 2)),
                 .brand = draw.below(3) == 0 ? "" : "B" + std::to_string(draw.below(3)),
                 .period = draw.below(3) == 0 ? "" : "2026-0" + std::to_string(1 + draw.below(4)) + "-01",
                 .group = draw.below(4) == 0 ? "" : "G" + std::to_string(draw.below(2)),
                 .revision = static_cast<std::int64_t>(draw.below(3))};
    if (draw.below(3) == 0)
      one.weight = 0.5 + static_cast<double>(draw.below(2));
    for (const char* const label : labels) {
      if (draw.below(2) == 0)
        one.items[label] = static_cast<double>(draw.below(3)) + (draw.below(400) == 0 ? 0.25 : 0.0);
    }
    made.push_back(one);
    if (draw.below(5) == 0)
      made.push_back(one);
  }
  return made;
}

} // namespace survey_rows
