// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/satisfaction/index_draws.hpp>
#include <emptor/stats/path_model_missing.hpp>
#include <emptor/stats/path_model_refits.hpp>
#include <emptor/stats/survey_answers.hpp>

/// The respondents of whom resamples of a satisfaction index are made.
namespace emptor::satisfaction {

/// Answers by case, and whose they are. A respondent is drawn with all of his cases. Where weights are frequencies, a row of
/// weight 3 is three respondents who answered alike: it is there three times, without a weight, and each of them is drawn by
/// himself.
struct index_respondents {
  stats::detail::complete_columns answers;
  stats::case_units units;             ///< who a case is of; empty where all are of different respondents
  std::vector<std::uint32_t> row_of{}; ///< of each case, its row among those that were given
  std::vector<std::uint32_t> first_case_of{}; ///< of each row
};

/// \param where  begins messages \param rows  of the survey, one of each row of `answers`, in the order of survey_answers
/// \throws error status::data for a frequency that is no whole number, or rows of a respondent with different ones;
/// status::option for more respondents than can be drawn one by one
[[nodiscard]] inline index_respondents respondents_of(std::string_view where,
                                                      const stats::survey_answers& from,
                                                      const std::vector<std::uint32_t>& rows,
                                                      stats::detail::complete_columns answers,
                                                      stats::weight_meaning meaning) {
  constexpr double most_numbers = 0x1p26;
  const std::size_t columns = answers.columns.size();
  const bool counted = meaning == stats::weight_meaning::frequency && !answers.weights.empty();
  std::vector<std::uint32_t> unit(from.respondent_names().size(),
                                  stats::survey_answers::none); // the first of his
  std::vector<double> weight_of(unit.size(), 1.0);
  std::vector<std::uint32_t> units;
  index_respondents made;
  std::uint32_t count = 0;
  double cases = 0.0;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const std::uint32_t who = from.respondents()[rows[r]];
    const double weight = counted ? answers.weights[r] : 1.0;
    const auto refuse = [&](const std::string& must) {
      throw error(status::data,
                  message(where, "weight of " + from.row_name(rows[r]), -1, to_text(weight),
                          must + ", since resamples draw each of so many respondents by himself; "
                                 "or say resamples=0"));
    };
    if (!stats::detail::is_small_whole(weight) || !(weight >= 1.0))
      refuse("a whole number");
    cases += weight;
    if (counted && cases * static_cast<double>(columns) > most_numbers)
      throw error(status::option,
                  std::string(where) +
                      ": weights as frequencies add up to more respondents than resamples can "
                      "draw one by one (" +
                      to_text(std::floor(most_numbers / static_cast<double>(columns))) +
                      " for as many questions); say resamples=0");
    if (unit[who] == stats::survey_answers::none) {
      unit[who] = count;
      weight_of[who] = weight;
      count += static_cast<std::uint32_t>(weight);
    } else if (weight_of[who] != weight) {
      refuse("that of his other rows, " + to_text(weight_of[who]));
    }
    made.first_case_of.push_back(static_cast<std::uint32_t>(made.row_of.size()));
    for (std::uint32_t copy = 0; copy < static_cast<std::uint32_t>(weight); ++copy) {
      units.push_back(unit[who] + copy);
      made.row_of.push_back(static_cast<std::uint32_t>(r));
    }
  }
  if (!counted) {
    made.answers = std::move(answers);
  } else {
    made.answers.columns.resize(columns);
    for (std::size_t i = 0; i < columns; ++i) {
      made.answers.columns[i].reserve(made.row_of.size());
      for (const std::uint32_t r : made.row_of)
        made.answers.columns[i].push_back(answers.columns[i][r]);
    }
  }
  if (count < units.size())
    made.units = {std::move(units), count};
  return made;
}

/// The draws that a table gives, by case. A draw of a respondent whose rows stand for several is one of these.
/// \param survey_rows  those that the respondents were made of \throws error as read_index_draws
[[nodiscard]] inline std::vector<std::vector<std::uint32_t>>
given_draws(std::string_view where, const model_table& table, const stats::survey_answers& from,
            const std::vector<std::uint32_t>& survey_rows, const std::vector<std::uint32_t>& first_case_of,
            bool all_known) {
  std::vector<std::string_view> names;
  for (std::size_t r = 0; r < survey_rows.size() && table.rows() > 0; ++r)
    names.push_back(from.respondent_names()[from.respondents()[survey_rows[r]]]);
  std::vector<std::vector<std::uint32_t>> made = read_index_draws(
      where, table, names, all_known ? from.respondent_names() : std::vector<std::string_view>());
  for (std::vector<std::uint32_t>& cases : made)
    for (std::uint32_t& one : cases)
      one = first_case_of[one];
  return made;
}

} // namespace emptor::satisfaction
