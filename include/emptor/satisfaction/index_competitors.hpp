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

#include <emptor/core/run.hpp>
#include <emptor/math/real.hpp>
#include <emptor/satisfaction/ratings.hpp>
#include <emptor/satisfaction/survey_cells.hpp>
#include <emptor/stats/survey_answers.hpp>

/// Satisfaction with one's own brand held against that with competitors (竞争对手满意度比较): the same questions about each
/// brand, and the same weights of them, so that a difference of two indices is one of answers.
///
/// The gap of two means is tested as follows. Respondents who rated both brands in the same period hang together: the
/// correlation of the two means is that of their influence,
///
///     rho = sum over both of w (x - mean) v (y - other mean) / sqrt(sum w^2 (x - mean)^2 sum v^2 (y - other mean)^2)
///
/// With all of them in both it is the paired t-test, with none of them Welch's, and between the two all answers count.
/// Beside it stands the paired test of only those who rated both.
/// Source: Fornell et al. 1996; B. L. Welch, 1947; H. A. David and J. L. Gunnink, The paired t test under artificial pairing,
/// American Statistician 51, 1997; B. Derrick et al., Test statistics for the comparison of means for two samples that
/// include both paired and independent observations, Journal of Modern Applied Statistical Methods 16, 2017.
namespace emptor::satisfaction {

inline constexpr std::string_view index_competitors_name = "satisfaction.index_competitors";

/// The same part of a survey in two brands.
struct brand_pair {
  std::span<const std::uint32_t> own;   ///< places of rows, by period, then by respondent
  std::span<const std::uint32_t> other; ///< the same
};

/// Calls `body(row, other_row)` with the rows of each respondent who is in both in the same period.
template <class Body>
void for_each_shared(const stats::survey_answers& from, std::span<const std::uint32_t> rows,
                     const brand_pair& pair, const Body& body) {
  const auto key = [&](std::uint32_t place) {
    const std::uint32_t row = rows[place];
    // What has no period comes first, as in the order of the answers.
    return std::pair(from.periods()[row] + std::uint32_t{1}, from.respondents()[row]);
  };
  // From the smaller side, so that many small brands take no longer than one large one.
  const bool own_is_smaller = pair.own.size() <= pair.other.size();
  const std::span<const std::uint32_t> few = own_is_smaller ? pair.own : pair.other;
  const std::span<const std::uint32_t> many = own_is_smaller ? pair.other : pair.own;
  auto at = many.begin();
  for (const std::uint32_t place : few) {
    at = std::lower_bound(at, many.end(), key(place),
                          [&](std::uint32_t one, const auto& wanted) { return key(one) < wanted; });
    if (at == many.end())
      return;
    if (key(*at) == key(place))
      body(own_is_smaller ? place : *at, own_is_smaller ? *at : place);
  }
}

/// How two brands differ.
struct brand_gap {
  survey_moments own;
  survey_moments other;
  std::int64_t shared = 0; ///< respondents who rated both
  rated_difference found;  ///< of all answers
  survey_moments paired;   ///< differences of those who rated both, by the mean of their weights
  double paired_p_value = std::numeric_limits<double>::quiet_NaN();
};

/// \param own  moments of the own brand \param values, weights  by place among the rows; NaN does not count
[[nodiscard]] inline brand_gap gap_of(const stats::survey_answers& from, std::span<const std::uint32_t> rows,
                                      const brand_pair& pair, const survey_moments& own,
                                      std::span<const double> values, std::span<const double> weights,
                                      weight_meaning meaning, stats::student_quantiles& t) {
  brand_gap made;
  made.own = own;
  made.other = moments_of(pair.other, values, weights, meaning);
  math::real sum(0.0);
  std::vector<double> differences;
  std::vector<double> both_weights;
  std::vector<std::uint32_t> members;
  const auto part = [&](std::uint32_t place, const survey_moments& of) {
    const math::real weight(weights[place]);
    return (meaning == weight_meaning::sampling ? weight : math::sqrt(weight)) *
           (math::real(values[place]) - of.mean);
  };
  for_each_shared(from, rows, pair, [&](std::uint32_t one, std::uint32_t other) {
    if (std::isnan(values[one]) || std::isnan(values[other]))
      return;
    ++made.shared;
    sum += part(one, made.own) * part(other, made.other);
    members.push_back(static_cast<std::uint32_t>(differences.size()));
    differences.push_back(math::value_of(math::real(values[one]) - values[other]));
    both_weights.push_back(math::value_of((math::real(weights[one]) + weights[other]) * 0.5));
  });
  const math::real size = math::sqrt(made.own.influence) * math::sqrt(made.other.influence);
  double correlation = 0.0;
  if (made.shared > 0 && math::value_of(size) > 0.0)
    correlation = std::clamp(math::value_of(sum / size), -1.0, 1.0);
  made.found = mean_difference(made.own, made.other, correlation, made.shared, t);
  made.paired = moments_of(members, differences, both_weights, meaning);
  if (made.paired.answers >= 2 && made.paired.varies()) {
    const double error = math::value_of(math::sqrt(math::real(mean_variance(made.paired))));
    if (error > 0.0)
      made.paired_p_value = std::min(
          1.0, 2.0 * stats::student_t_tail(std::fabs(math::value_of(made.paired.mean / math::real(error))),
                                           made.paired.effective() - 1.0));
  }
  return made;
}

} // namespace emptor::satisfaction
