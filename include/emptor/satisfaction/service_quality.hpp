// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <emptor/math/elementary.hpp>
#include <emptor/math/real.hpp>
#include <emptor/satisfaction/reliability.hpp>
#include <emptor/stats/intervals.hpp>
#include <emptor/stats/student.hpp>
#include <emptor/stats/weighted_mean.hpp>

/// Service quality (服务质量) as the gap between what is perceived and what was expected (SERVQUAL), and as what is perceived
/// alone (SERVPERF); and satisfaction as expectation against perception (期望不一致): who gets more than he expected is
/// satisfied.
///
///     gap of an item      = perception - expectation
///     gap of a dimension  = mean of those of its items, of each respondent, then over respondents
///     gap of all          = mean of those of the dimensions, by equal or by their own weights
///
/// Gaps are paired: perception and expectation are those of the same respondent, so that a gap varies less than its parts, and
/// less reliably too, which is why alpha is told of all three.
///
/// Source: A. Parasuraman, V. A. Zeithaml and L. L. Berry, SERVQUAL: a multiple-item scale for measuring consumer perceptions of
/// service quality, Journal of Retailing 64, 1988; J. J. Cronin and S. A. Taylor, Measuring service quality, Journal of Marketing
/// 56, 1992 (SERVPERF); R. L. Oliver, A cognitive model of the antecedents and consequences of satisfaction decisions, Journal of
/// Marketing Research 17, 1980 (disconfirmation); J. P. Peter, G. A. Churchill and T. J. Brown, Caution in the use of difference
/// scores in consumer research, Journal of Consumer Research 19, 1993.
namespace emptor::satisfaction {

/// A mean of answers, its interval, and the test that it is 0. NaN where there is none.
struct tested_mean {
  std::int64_t answers = 0;
  double mean = std::numeric_limits<double>::quiet_NaN();
  stats::interval within; ///< t interval of respondents - 1 degrees; a point where nothing varies
  double t = std::numeric_limits<double>::quiet_NaN();       ///< mean / standard error
  double p_value = std::numeric_limits<double>::quiet_NaN(); ///< two-sided; none where nothing varies
};

/// \param rounding  numbers that are all that close to their mean do not vary \param whose  of each number its respondent, those
/// of one beside each other
[[nodiscard]] inline tested_mean tested_mean_of(std::span<const double> values,
                                                std::span<const double> weights,
                                                std::span<const std::uint32_t> whose, double rounding,
                                                stats::student_quantiles& quantiles) {
  const stats::weighted_mean found = stats::weighted_mean_of(values, weights, rounding, whose);
  tested_mean made;
  made.answers = static_cast<std::int64_t>(values.size());
  made.mean = found.mean;
  if (!(found.draws >= 2))
    return made;
  const math::real error = sqrt(math::real(found.variance));
  const math::real half = math::real(quantiles.of(found.draws)) * error;
  made.within = {math::value_of(found.mean - half), math::value_of(found.mean + half)};
  if (found.variance > 0.0) {
    made.t = math::value_of(found.mean / error);
    made.p_value =
        std::min(1.0, 2.0 * stats::student_t_tail(std::fabs(made.t), static_cast<double>(found.draws - 1)));
  }
  return made;
}

/// Cronbach's alpha (reliability.hpp) of complete answers by weights, from the answers themselves.
/// \param rounding  numbers that are all that close to their mean do not vary
/// \param columns  of the items, of equal length \return NaN of fewer than two items or answers, or of a sum that does not vary
[[nodiscard]] inline double cronbach_alpha(std::span<const std::vector<double>> columns,
                                           std::span<const double> weights, double rounding) {
  const std::size_t items = columns.size();
  if (items < 2 || weights.size() < 2)
    return std::numeric_limits<double>::quiet_NaN();
  math::real weight(0.0);
  for (const double one : weights)
    weight = weight + one;
  bool varies = false;
  const auto variance = [&](const auto& value) {
    math::real sum(0.0);
    for (std::size_t row = 0; row < weights.size(); ++row)
      sum = sum + weights[row] * value(row);
    const math::real mean = sum / weight;
    math::real squares(0.0);
    varies = false;
    for (std::size_t row = 0; row < weights.size(); ++row) {
      const math::real off = value(row) - mean;
      squares = squares + weights[row] / weight * off * off;
      varies = varies || abs(off) > math::real(rounding);
    }
    return varies ? squares : math::real(0.0);
  };
  math::real parts(0.0);
  for (const std::vector<double>& one : columns)
    parts = parts + variance([&](std::size_t row) { return math::real(one[row]); });
  const math::real whole = variance([&](std::size_t row) {
    math::real sum(0.0);
    for (const std::vector<double>& one : columns)
      sum = sum + one[row];
    return sum;
  });
  return alpha_of(math::value_of(parts), math::value_of(whole), items);
}

/// Who got more than expected, as much, and less. Shares by weight with Wilson's intervals of the effective answers (Kish),
/// those of one respondent counted as one draw.
struct disconfirmation {
  std::int64_t answers = 0;
  double better = std::numeric_limits<double>::quiet_NaN();
  stats::interval better_within;
  double as_expected = std::numeric_limits<double>::quiet_NaN();
  double worse = std::numeric_limits<double>::quiet_NaN();
  stats::interval worse_within;
};

/// \param rounding  gaps that close to 0 are none \param z  normal quantile of the intervals
[[nodiscard]] inline disconfirmation disconfirmation_of(std::span<const double> gaps,
                                                        std::span<const double> weights,
                                                        std::span<const std::uint32_t> whose, double rounding,
                                                        double z) {
  disconfirmation made;
  made.answers = static_cast<std::int64_t>(gaps.size());
  math::real sums[3] = {0.0, 0.0, 0.0};
  math::real squares(0.0);
  math::real together(0.0);
  bool equal = true;
  for (std::size_t i = 0; i < gaps.size(); ++i) {
    const std::size_t kind = gaps[i] > rounding ? 0 : gaps[i] < -rounding ? 2 : 1;
    sums[kind] = sums[kind] + weights[i];
    equal = equal && weights[i] == weights[0] && (i == 0 || whose[i] != whose[i - 1]);
    together = together + weights[i];
    if (i + 1 == gaps.size() || whose[i + 1] != whose[i]) {
      squares = squares + together * together;
      together = math::real(0.0);
    }
  }
  if (gaps.empty())
    return made;
  const math::real weight = sums[0] + sums[1] + sums[2];
  const double effective =
      equal ? static_cast<double>(gaps.size()) : math::value_of(weight / squares * weight);
  const auto share = [&](math::real of) { return std::clamp(math::value_of(of / weight), 0.0, 1.0); };
  made.better = share(sums[0]);
  made.as_expected = share(sums[1]);
  made.worse = share(sums[2]);
  made.better_within = stats::wilson_interval(made.better, effective, z);
  made.worse_within = stats::wilson_interval(made.worse, effective, z);
  return made;
}

/// Which items are asked, by dimension.
struct quality_layout {
  std::vector<std::size_t> dimension_of; ///< of each item, in rising order
  std::size_t dimensions = 0;
  bool expectations = true; ///< whether they were asked, else there is SERVPERF alone
};

/// Whether a figure needs all items, or those that were answered.
enum class quality_missing : std::int32_t { available = 0, complete = 1 };
inline constexpr std::string_view quality_missing_names[] = {"available", "complete"};

/// What one respondent's answers say of each dimension; NaN where nothing.
struct quality_scores {
  std::vector<double> expectation; ///< of items that have both answers
  std::vector<double> perception;  ///< of the same
  std::vector<double> gap;
  std::vector<double> performance; ///< perception of all items that have one
};

/// Means over the items of each dimension.
/// \param expectations,perceptions  of each item; NaN where not answered
/// \param missing  available: over the items that he answered; complete: none unless he answered all
inline void score_dimensions(const quality_layout& layout, std::span<const double> expectations,
                             std::span<const double> perceptions, quality_missing missing,
                             quality_scores& into) {
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  for (std::vector<double>* const of : {&into.expectation, &into.perception, &into.gap, &into.performance})
    of->assign(layout.dimensions, none);
  const std::size_t items = layout.dimension_of.size();
  for (std::size_t first = 0, last = 0; first < items; first = last) {
    const std::size_t d = layout.dimension_of[first];
    math::real expected(0.0);
    math::real perceived(0.0);
    math::real performed(0.0);
    double paired = 0.0;
    double there = 0.0;
    for (; last < items && layout.dimension_of[last] == d; ++last) {
      if (std::isnan(perceptions[last]))
        continue;
      performed = performed + perceptions[last];
      there += 1.0;
      if (!layout.expectations || std::isnan(expectations[last]))
        continue;
      expected = expected + expectations[last];
      perceived = perceived + perceptions[last];
      paired += 1.0;
    }
    const auto enough = [&](double count) {
      return count > 0.0 &&
             (missing == quality_missing::available || count == static_cast<double>(last - first));
    };
    if (enough(there))
      into.performance[d] = math::value_of(performed / there);
    if (enough(paired)) {
      into.expectation[d] = math::value_of(expected / paired);
      into.perception[d] = math::value_of(perceived / paired);
      into.gap[d] = math::value_of((perceived - expected) / paired);
    }
  }
}

/// The mean over dimensions by their weights; NaN where one that has weight has no score, or none has weight.
[[nodiscard]] inline double quality_over_dimensions(std::span<const double> scores,
                                                    std::span<const double> weights) noexcept {
  math::real sum(0.0);
  math::real weight(0.0);
  for (std::size_t d = 0; d < scores.size(); ++d) {
    if (!(weights[d] > 0.0))
      continue;
    sum = sum + math::real(weights[d]) * scores[d]; // NaN stays
    weight = weight + weights[d];
  }
  return math::value_of(weight) > 0.0 ? math::value_of(sum / weight)
                                      : std::numeric_limits<double>::quiet_NaN();
}

} // namespace emptor::satisfaction
