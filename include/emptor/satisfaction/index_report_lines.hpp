// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include <emptor/core/described_table.hpp>
#include <emptor/math/real.hpp>
#include <emptor/satisfaction/index_estimation.hpp>
#include <emptor/satisfaction/ratings.hpp>
#include <emptor/satisfaction/survey_cells.hpp>
#include <emptor/stats/answer_scale.hpp>
#include <emptor/stats/student.hpp>

/// Cells that the report of a satisfaction index and its comparison with competitors have in common.
namespace emptor::satisfaction::detail {

/// The answers to one question on the scale from 0 to 100.
[[nodiscard]] inline std::vector<double> question_indices(const std::vector<double>& answers,
                                                          const domain& scale) {
  std::vector<double> made;
  made.reserve(answers.size());
  for (const double answer : answers)
    made.push_back(math::value_of(100.0 * stats::share_of_scale(answer, scale)));
  return made;
}

/// index, its interval, deviation. \param stretch  points of the index per point of the moments
inline described_table& add_index(described_table& to, const survey_moments& of, math::real level,
                                  math::real stretch, bool there, stats::student_quantiles& t) {
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  if (!there)
    return to.number(none).number(none).number(none).number(none);
  const stats::interval around = mean_interval(of, t);
  const auto end = [&](double at) { return math::value_of(level + stretch * (math::real(at) - of.mean)); };
  return to.number(math::value_of(level))
      .number(end(around.low))
      .number(end(around.high))
      .number(math::value_of(stretch * answer_deviation(of)));
}

/// Adds the rows of an estimate to the tables of weights and of estimations.
inline void add_estimate(described_table& shares, described_table& estimations, std::int32_t day,
                         const index_estimate& of) {
  estimations.day(day).level(of.source).whole(of.respondents).whole(of.used).code(of.ended);
  if (of.why.empty())
    estimations.no_text();
  else
    estimations.text(of.why);
  for (const index_score& score : of.scores)
    for (std::size_t k = 0; k < score.terms.size(); ++k)
      shares.day(day)
          .text(score.construct)
          .text(score.terms[k].item)
          .number(gives_index(score) ? score.index_weight(k) : std::numeric_limits<double>::quiet_NaN());
}

} // namespace emptor::satisfaction::detail
