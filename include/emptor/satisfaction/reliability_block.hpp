// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <emptor/core/run.hpp>
#include <emptor/satisfaction/reliability.hpp>

/// All that is told of a block of items and of each item in it.
namespace emptor::satisfaction {

/// What is to be said of an item.
enum class item_finding : std::int32_t {
  none = 0,
  negative = 1,   ///< it is related negatively to the others: perhaps it is reversed and nobody said so
  constant = 2,   ///< all answered alike; it does not count
  unanswered = 3, ///< by fewer than two; it does not count
};
inline constexpr std::string_view item_findings[] = {"none", "negative", "constant", "unanswered"};

/// Whether a block has figures, and why not.
enum class block_state : std::int32_t {
  computed = 0,
  too_few_items = 1,   ///< fewer than two items vary: reliability is not defined
  too_few_answers = 2, ///< some two items were answered together by fewer than two
};
inline constexpr std::string_view block_states[] = {"computed", "too_few_items", "too_few_answers"};

/// An item of a block: its label, which way round it is asked, and the answers by row.
struct block_item {
  std::string label;
  bool reversed = false;
  std::vector<double> values; ///< as answered; NaN = none
};

/// What an item adds to the reliability of its block.
struct item_reliability {
  std::int64_t answers = 0;
  double effective = 0.0;
  double mean = std::numeric_limits<double>::quiet_NaN(); ///< as answered
  double deviation = std::numeric_limits<double>::quiet_NaN();
  double item_total = std::numeric_limits<double>::quiet_NaN();
  double item_rest = std::numeric_limits<double>::quiet_NaN();
  double alpha_if_deleted = std::numeric_limits<double>::quiet_NaN();
  double standardised_alpha_if_deleted = std::numeric_limits<double>::quiet_NaN();
  double squared_multiple_correlation = std::numeric_limits<double>::quiet_NaN();
  double loading = std::numeric_limits<double>::quiet_NaN();
  item_finding finding = item_finding::none;
};

/// Reliability of a block of items: alpha, omega and their companions, dimensionless.
struct block_reliability {
  block_state state = block_state::too_few_items;
  std::size_t used = 0;      ///< items that vary
  std::int64_t complete = 0; ///< rows that answered all of these
  double alpha = std::numeric_limits<double>::quiet_NaN();
  stats::interval range{};
  double standardised_alpha = std::numeric_limits<double>::quiet_NaN();
  double omega = std::numeric_limits<double>::quiet_NaN();
  double lambda6 = std::numeric_limits<double>::quiet_NaN();
  double mean_correlation = std::numeric_limits<double>::quiet_NaN();
  std::vector<item_reliability> items;
};

/// \param casewise  only rows that answered all items that vary count; else each pair has the rows that answered both
/// \param begin, end  the shares of the work at which it starts and ends
/// \throws error status::cancelled
[[nodiscard]] inline block_reliability reliability_of(std::span<const block_item> items,
                                                      std::span<const double> weights, weight_meaning meaning,
                                                      bool casewise, double confidence, const run& how,
                                                      double begin = 0.0, double end = 1.0) {
  using math::real;
  block_reliability made;
  std::vector<std::size_t> used;
  std::vector<std::vector<double>> values; // of these, turned round where reversed
  for (const block_item& item : items) {
    item_reliability& one = made.items.emplace_back();
    const pair_covariance own = covariance_of(item.values, item.values, weights, meaning);
    one.answers = own.answers;
    one.effective = own.effective;
    real sum = 0.0;
    real weight = 0.0;
    double least = std::numeric_limits<double>::infinity();
    double most = -least;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      if (std::isnan(item.values[i]))
        continue;
      sum += real(weights[i]) * item.values[i];
      weight += weights[i];
      least = std::min(least, item.values[i]);
      most = std::max(most, item.values[i]);
    }
    if (one.answers > 0)
      one.mean = least < most ? math::value_of(sum / weight) : least;
    one.deviation = math::value_of(math::sqrt(real(own.covariance)));
    if (!(own.covariance >= 0.0))
      one.finding = item_finding::unanswered;
    else if (!(own.covariance > 0.0))
      one.finding = item_finding::constant;
    else {
      used.push_back(made.items.size() - 1);
      values.push_back(item.values);
      for (double& value : values.back())
        value = item.reversed ? -value : value;
    }
  }
  std::vector<std::uint8_t> complete(weights.size(), 1);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    for (const std::vector<double>& one : values)
      complete[i] = complete[i] != 0 && !std::isnan(one[i]) ? 1 : 0;
    made.complete += used.empty() ? 0 : complete[i];
  }
  if (casewise) {
    for (std::vector<double>& one : values) {
      for (std::size_t i = 0; i < weights.size(); ++i)
        one[i] = complete[i] != 0 ? one[i] : std::numeric_limits<double>::quiet_NaN();
    }
  }
  made.used = used.size();
  const std::size_t k = used.size();
  if (k < 2)
    return made;

  square_matrix covariances(k);
  double fewest = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < k; ++i) {
    how.check(begin + (end - begin) * static_cast<double>(i) / static_cast<double>(k));
    for (std::size_t j = 0; j <= i; ++j) {
      const pair_covariance both = covariance_of(values[i], values[j], weights, meaning);
      covariances.set(i, j, both.covariance);
      fewest = std::min(fewest, both.effective);
    }
  }
  made.state = block_state::computed;
  for (std::size_t i = 0; i < k; ++i) {
    for (std::size_t j = 0; j < k; ++j) {
      if (std::isnan(covariances(i, j)) || !(covariances(i, i) > 0.0))
        made.state = block_state::too_few_answers; // of two items, or of the cases that are complete
    }
  }
  if (made.state != block_state::computed)
    return made;

  square_matrix correlations(k);
  std::vector<real> sums(k, real(0.0)); // of the rows of the covariances
  std::vector<real> standard_sums(k, real(0.0));
  real trace = 0.0;
  real sum = 0.0;
  real standard_sum = 0.0;
  for (std::size_t i = 0; i < k; ++i) {
    for (std::size_t j = 0; j < k; ++j) {
      const double r = i == j
                           ? 1.0
                           : math::value_of(real(covariances(i, j)) / (math::sqrt(real(covariances(i, i))) *
                                                                       math::sqrt(real(covariances(j, j)))));
      correlations.set(i, j, r);
      sums[i] += covariances(i, j);
      standard_sums[i] += r;
    }
    trace += covariances(i, i);
    sum += sums[i];
    standard_sum += standard_sums[i];
  }
  const auto count = static_cast<double>(k);
  made.alpha = alpha_of(math::value_of(trace), math::value_of(sum), k);
  made.range = alpha_interval(made.alpha, fewest, k, confidence);
  made.standardised_alpha = alpha_of(count, math::value_of(standard_sum), k);
  made.mean_correlation = math::value_of((standard_sum - count) / (count * (count - 1.0)));
  const auto multiple = squared_multiple_correlations(correlations);
  if (multiple && math::value_of(standard_sum) > 0.0) {
    real rest = 0.0;
    for (const double one : *multiple)
      rest += real(1.0) - one;
    made.lambda6 = math::value_of(real(1.0) - rest / standard_sum);
  }
  const one_factor factor = fit_one_factor(correlations, how, end);
  made.omega = omega_of(factor);
  for (std::size_t i = 0; i < k; ++i) {
    item_reliability& one = made.items[used[i]];
    const real own(covariances(i, i));
    const real deviation = math::sqrt(own);
    const real rest = sum - real(2.0) * sums[i] + own; // variance of the sum of the others
    if (math::value_of(sum) > 0.0)
      one.item_total = std::clamp(math::value_of(sums[i] / (deviation * math::sqrt(sum))), -1.0, 1.0);
    if (math::value_of(rest) > 0.0)
      one.item_rest = std::clamp(math::value_of((sums[i] - own) / (deviation * math::sqrt(rest))), -1.0, 1.0);
    one.alpha_if_deleted = alpha_of(math::value_of(trace - own), math::value_of(rest), k - 1);
    one.standardised_alpha_if_deleted =
        alpha_of(count - 1.0, math::value_of(standard_sum - real(2.0) * standard_sums[i] + 1.0), k - 1);
    if (multiple)
      one.squared_multiple_correlation = (*multiple)[i];
    if (factor.converged)
      one.loading = factor.loadings[i];
    // The factor tells which of the items is the one that goes against the others; the rest of two goes against both.
    if (factor.converged ? one.loading < 0.0 : one.item_rest < 0.0)
      one.finding = item_finding::negative;
  }
  return made;
}

} // namespace emptor::satisfaction
