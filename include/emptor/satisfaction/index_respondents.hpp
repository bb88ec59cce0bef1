// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include <emptor/core/check.hpp>
#include <emptor/math/real.hpp>
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
/// \param without  the options that do without resamples, for messages \param parts  of each row the part of the survey that is
/// drawn by itself, where a respondent is another one in another part; survey_answers::none: it is not drawn; empty = all one
/// \throws error status::data for a frequency that is no whole number, or rows of a respondent with different ones;
/// status::option for more respondents than can be drawn one by one
[[nodiscard]] inline index_respondents respondents_of(std::string_view where,
                                                      const stats::survey_answers& from,
                                                      const std::vector<std::uint32_t>& rows,
                                                      stats::detail::complete_columns answers,
                                                      stats::weight_meaning meaning, std::string_view without,
                                                      std::span<const std::uint32_t> parts = {}) {
  constexpr double most = 0x1p18; // whom a resample draws one by one
  const std::size_t columns = answers.columns.size();
  const bool counted = meaning == stats::weight_meaning::frequency && !answers.weights.empty();
  struct drawn {
    std::uint32_t first; // of his units
    double weight;
  };
  boost::unordered_flat_map<std::uint64_t, drawn> known; // by part and respondent
  std::vector<std::uint32_t> units;
  index_respondents made;
  std::uint32_t count = 0;
  double cases = 0.0;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const std::uint32_t who = from.respondents()[rows[r]];
    const std::uint32_t part = parts.empty() ? 0 : parts[r];
    const bool kept = counted && part != stats::survey_answers::none;
    const double weight = kept ? answers.weights[r] : 1.0;
    const auto refuse = [&](const std::string& must) {
      throw error(status::data, message(where, "weight of " + from.row_name(rows[r]), -1, to_text(weight),
                                        must +
                                            ", since resamples draw each of so many respondents by himself; "
                                            "or say " +
                                            std::string(without)));
    };
    cases += weight;
    if (counted && cases > most)
      throw error(status::option,
                  std::string(where) +
                      ": weights as frequencies add up to more respondents than resamples can "
                      "draw one by one (" +
                      to_text(most) + "); say " + std::string(without));
    if (!stats::detail::is_small_whole(weight) || !(weight >= 1.0))
      refuse("a whole number");
    const auto [own, fresh] = known.try_emplace(std::uint64_t{part} << 32 | who, drawn{count, weight});
    const std::uint32_t first = own->second.first;
    if (fresh)
      count += static_cast<std::uint32_t>(weight);
    else if (own->second.weight != weight)
      refuse("that of his other rows, " + to_text(own->second.weight));
    made.first_case_of.push_back(static_cast<std::uint32_t>(made.row_of.size()));
    for (std::uint32_t copy = 0; copy < static_cast<std::uint32_t>(weight); ++copy) {
      units.push_back(first + copy);
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

/// How much less rows tell of a mean than as many respondents would, since some answered several times.
struct respondent_effect {
  double variance = 1.0; ///< of the mean, by that of as many rows of different respondents
  double cases = 1.0;    ///< effective respondents by effective rows
};

/// The answers of a respondent are one draw: what they differ from the mean is added up before it is squared. Of frequencies
/// each of so many respondents is a draw. \param who  by row \param values  by row; NaN does not count
[[nodiscard]] inline respondent_effect effect_of_respondents(std::span<const std::uint32_t> who,
                                                             std::span<const double> weights,
                                                             std::span<const double> values,
                                                             stats::weight_meaning meaning) {
  const bool counted = meaning == stats::weight_meaning::frequency;
  std::vector<std::size_t> rows;
  math::real weight(0.0);
  math::real sum(0.0);
  for (std::size_t r = 0; r < values.size(); ++r)
    if (!std::isnan(values[r])) {
      rows.push_back(r);
      weight += weights[r];
      sum += math::real(weights[r]) * values[r];
    }
  // Of a respondent the rows of the highest frequency first: all of his copies have those of the lowest.
  std::sort(rows.begin(), rows.end(), [&](std::size_t a, std::size_t b) {
    return std::pair(who[a], -weights[a]) < std::pair(who[b], -weights[b]) ||
           (who[a] == who[b] && weights[a] == weights[b] && a < b);
  });
  const auto several = std::adjacent_find(rows.begin(), rows.end(),
                                          [&](std::size_t a, std::size_t b) { return who[a] == who[b]; });
  if (several == rows.end())
    return {};
  struct sums {
    math::real weights{0.0};
    math::real squares{0.0};
    void add(math::real copies, math::real of_weight, math::real off) noexcept {
      weights += copies * of_weight * of_weight;
      squares += copies * off * off;
    }
  };
  sums by_row;
  sums by_respondent;
  const math::real mean = sum / weight;
  for (std::size_t at = 0; at < rows.size();) {
    math::real own(0.0);
    math::real off(0.0);
    const std::uint32_t one = who[rows[at]];
    for (; at < rows.size() && who[rows[at]] == one; ++at) {
      const math::real each(counted ? 1.0 : weights[rows[at]]);
      const math::real copies(counted ? weights[rows[at]] : 1.0);
      const math::real apart = each * (math::real(values[rows[at]]) - mean);
      by_row.add(copies, each, apart);
      own += each;
      off += apart;
      const bool last = at + 1 == rows.size() || who[rows[at + 1]] != one;
      if (counted)
        by_respondent.add(copies - (last ? math::real(0.0) : math::real(weights[rows[at + 1]])), own, off);
      else if (last)
        by_respondent.add(copies, own, off);
    }
  }
  const math::real drawn = weight * weight / by_respondent.weights;
  const math::real alone = weight * weight / by_row.weights;
  respondent_effect made{.variance = std::numeric_limits<double>::quiet_NaN(),
                         .cases = math::value_of(drawn / alone)};
  if (drawn > math::real(1.0) && by_row.squares > math::real(0.0))
    made.variance = math::value_of(drawn / (drawn - 1.0) * by_respondent.squares /
                                   (alone / (alone - 1.0) * by_row.squares));
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
