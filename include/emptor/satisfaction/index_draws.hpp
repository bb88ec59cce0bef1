// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/describe.hpp>
#include <emptor/core/model_table.hpp>

/// Resamples of respondents that a caller gives as a table, so that those of another program can be had again.
namespace emptor::satisfaction {

inline constexpr column_description index_draw_columns[] = {
    {.name = "resample",
     .what = content::count,
     .summary = "any number; rows with the same one belong together",
     .allowed = {0.0, 1e15}},
    {.name = "respondent",
     .what = content::text,
     .summary = "who is drawn, with all of his rows; where weights are frequencies, one of so many"},
    {.name = "count",
     .what = content::count,
     .summary = "how often, besides other rows; missing = once",
     .allowed = {0.0, 1000.0},
     .optional = true},
};

/// The cases of each resample, in the order of the numbers of the resamples.
/// \param where  begins messages \param respondents  of each case, who it is of \param known  names in order, of which those in
/// the table must be; empty = others are passed over
/// \throws error status::data for a respondent that is not known, or too many draws
[[nodiscard]] inline std::vector<std::vector<std::uint32_t>>
read_index_draws(std::string_view where, const model_table& table,
                 const std::vector<std::string_view>& respondents,
                 const std::vector<std::string_view>& known) {
  constexpr std::size_t most = std::size_t{1} << 24;
  std::map<std::string_view, std::vector<std::uint32_t>> cases_of;
  for (std::size_t r = 0; r < respondents.size(); ++r)
    cases_of[respondents[r]].push_back(static_cast<std::uint32_t>(r));
  const auto count_of = [&](std::int64_t row) {
    return static_cast<std::size_t>(table.count("count", row).value_or(1));
  };
  std::size_t all = 0;
  for (std::int64_t row = 0; row < table.rows(); ++row) { // before anything is made of them
    const std::string_view respondent = table.text("respondent", row).value_or("");
    if (const auto own = cases_of.find(respondent); own != cases_of.end())
      all += count_of(row) * own->second.size();
    else if (!known.empty() && !std::binary_search(known.begin(), known.end(), respondent))
      throw unknown_in_rows(where, "respondent", respondent, known);
    if (all > most)
      table.refuse("count", row, std::to_string(count_of(row)),
                   "so that there are at most " + std::to_string(most) + " draws in all");
  }
  std::map<std::int64_t, std::vector<std::uint32_t>> drawn;
  for (std::int64_t row = 0; row < table.rows(); ++row) {
    std::vector<std::uint32_t>& cases = drawn[table.count("resample", row).value_or(0)];
    // Who is not there did not answer all questions.
    if (const auto own = cases_of.find(table.text("respondent", row).value_or("")); own != cases_of.end())
      for (const std::uint32_t one : own->second)
        cases.insert(cases.end(), count_of(row), one);
  }
  std::vector<std::vector<std::uint32_t>> made;
  made.reserve(drawn.size());
  for (auto& [number, cases] : drawn) {
    std::sort(cases.begin(), cases.end());
    made.push_back(std::move(cases));
  }
  return made;
}

} // namespace emptor::satisfaction
