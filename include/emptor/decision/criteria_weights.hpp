// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/run.hpp>
#include <emptor/decision/criteria_rows.hpp>
#include <emptor/math/real.hpp>
#include <emptor/stats/criteria_weights.hpp>

/// Weights of criteria from the figures of alternatives (criteria_weights.hpp of stats), alone or together with given ones (组合赋权).
namespace emptor::decision {

inline constexpr std::string_view criteria_weights_name = "decision.criteria_weights";

/// What the figures of alternatives make of weights (熵权法, CRITIC, 标准差法).
enum class objective_method : std::int32_t { entropy = 0, critic = 1, standard_deviation = 2, equal = 3 };
inline constexpr std::string_view objective_methods[] = {"entropy", "critic", "standard_deviation", "equal"};
/// How given weights and those of the figures become one.
enum class weight_combination : std::int32_t { objective = 0, product = 1, linear = 2 };
inline constexpr std::string_view weight_combinations[] = {"objective", "product", "linear"};
/// What becomes of figures before shares are made of them.
enum class entropy_normalisation : std::int32_t { none = 0, range = 1 };
inline constexpr std::string_view entropy_normalisations[] = {"none", "range"};
/// What becomes of a criterion in which all alternatives are alike.
enum class constant_criterion : std::int32_t { refuse = 0, zero_weight = 1 };
inline constexpr std::string_view constant_criteria[] = {"refuse", "zero_weight"};

/// How weights are found and combined; subjective_share in [0, 1], shift in units of the normalised figures.
struct criteria_weights_options {
  objective_method method = objective_method::entropy;
  weight_combination combination = weight_combination::objective;
  double subjective_share = 0.5; ///< of linear
  entropy_normalisation normalisation = entropy_normalisation::none;
  double shift = 0.0; ///< added to each figure of entropy
  constant_criterion constant = constant_criterion::refuse;
};

/// What is known of one criterion; NaN = what the method does not ask for.
struct weighed_criterion {
  criterion_direction direction = criterion_direction::benefit;
  stats::criterion_spread spread;
  double deviation = std::numeric_limits<double>::quiet_NaN();
  double divergence = std::numeric_limits<double>::quiet_NaN();
  double conflict = std::numeric_limits<double>::quiet_NaN();
  double information = 0.0; ///< what the weights are shares of
};

/// Weights that add up to 1, by criterion in the order of the matrix, and how they come about.
struct criteria_weights_report {
  std::vector<weighed_criterion> criteria;
  std::vector<double> correlations; ///< of CRITIC, row by row; NaN of what is constant
  std::vector<double> objective;
  std::vector<double> weights;
};

namespace detail {

/// The figures of entropy. \throws error status::data where one is below 0 or none is above
[[nodiscard]] inline std::vector<double> entropy_figures(const criteria_matrix& from, std::size_t criterion,
                                                         std::vector<double> figures, bool is_cost,
                                                         const criteria_weights_options& options) {
  const bool by_range = options.normalisation == entropy_normalisation::range;
  if (by_range)
    figures = stats::scaled_to_range(figures, is_cost);
  double greatest = 0.0;
  for (std::size_t i = 0; i < figures.size(); ++i) {
    const double given = figures[i];
    figures[i] = math::value_of(math::real(given) + options.shift);
    greatest = std::max(greatest, figures[i]);
    if (figures[i] < 0.0)
      throw error(status::data,
                  message(criteria_weights_name,
                          "criteria:" + shortened(from.criteria[criterion]) + " of " +
                              shortened(from.alternatives[i]),
                          -1, to_text(figures[i]),
                          ">= 0 for entropy, with the option shift; or with normalisation=range"));
  }
  if (!(greatest > 0.0))
    throw error(status::data,
                message(criteria_weights_name, "criteria:" + shortened(from.criteria[criterion]), -1,
                        "0 everywhere", "above 0 somewhere for entropy"));
  return figures;
}

} // namespace detail

/// \param subjective  that add up to 1, where they were given
/// \throws error status::too_few, status::data for figures that the method cannot take, status::cancelled
[[nodiscard]] inline criteria_weights_report
weigh_criteria(const criteria_matrix& from, std::span<const criterion_direction> directions,
               const std::optional<std::vector<double>>& subjective, const criteria_weights_options& options,
               const run& how) {
  const std::size_t n = from.criteria.size();
  const std::size_t m = from.alternatives.size();
  criteria_weights_report made;
  if (m == 0)
    throw error(status::too_few, std::string(criteria_weights_name) +
                                     ": the table alternatives has no rows; at least 2 are needed");
  const bool equal = options.method == objective_method::equal;
  if (!equal && m < 2)
    throw error(status::too_few, std::string(criteria_weights_name) +
                                     ": one alternative has nothing to differ from; at least 2 are needed");
  if (options.combination != weight_combination::objective && !subjective)
    throw error(status::schema,
                std::string(criteria_weights_name) + ": option combination is " +
                    std::string(weight_combinations[static_cast<std::size_t>(options.combination)]) +
                    ", which needs the table weights");
  std::vector<std::vector<double>> scaled(n);
  for (std::size_t j = 0; j < n; ++j) {
    how.check(static_cast<double>(j) / static_cast<double>(n));
    weighed_criterion one{.direction = directions[j], .spread = {}};
    std::vector<double> figures;
    for (std::size_t i = 0; i < m; ++i)
      figures.push_back(from.at(i, j));
    one.spread = stats::spread_of(figures);
    const bool is_cost = one.direction == criterion_direction::cost;
    if (equal) {
      one.information = 1.0;
    } else if (one.spread.is_constant()) {
      if (options.constant == constant_criterion::refuse)
        throw error(status::data, message(criteria_weights_name, "criteria:" + shortened(from.criteria[j]),
                                          -1, to_text(one.spread.least) + " of every alternative",
                                          "different somewhere, or constant=zero_weight"));
    } else {
      scaled[j] = stats::scaled_to_range(figures, is_cost);
      one.deviation = stats::sample_deviation(scaled[j]);
      one.information = one.deviation;
      if (options.method == objective_method::entropy) {
        one.divergence =
            stats::entropy_divergence(detail::entropy_figures(from, j, std::move(figures), is_cost, options));
        one.information = one.divergence;
      }
    }
    made.criteria.push_back(one);
  }
  if (options.method == objective_method::critic) {
    made.correlations.assign(n * n, std::numeric_limits<double>::quiet_NaN());
    for (std::size_t j = 0; j < n; ++j) {
      how.check(static_cast<double>(j) / static_cast<double>(n));
      if (scaled[j].empty())
        continue;
      for (std::size_t k = 0; k <= j; ++k) {
        if (scaled[k].empty())
          continue;
        made.correlations[j * n + k] = k == j ? 1.0 : stats::correlation(scaled[j], scaled[k]);
        made.correlations[k * n + j] = made.correlations[j * n + k];
      }
    }
    std::size_t told = 0;
    for (const std::vector<double>& one : scaled)
      told += one.empty() ? std::size_t{0} : std::size_t{1};
    for (std::size_t j = 0; j < n; ++j) {
      if (scaled[j].empty())
        continue;
      math::real conflict(told == 1 ? 1.0
                                    : 0.0); // a single one is in conflict with none, and has all the weight
      for (std::size_t k = 0; k < n; ++k)
        conflict +=
            k == j || scaled[k].empty() ? math::real(0.0) : 1.0 - math::real(made.correlations[j * n + k]);
      made.criteria[j].conflict = math::value_of(conflict);
      made.criteria[j].information = math::value_of(conflict * made.criteria[j].deviation);
    }
  }
  std::vector<double> information;
  double all = 0.0;
  for (const weighed_criterion& one : made.criteria) {
    information.push_back(one.information);
    all = std::max(all, one.information);
  }
  if (!(all > 0.0))
    throw error(status::data,
                std::string(criteria_weights_name) +
                    (options.method == objective_method::critic
                         ? ": all criteria say the same, so that CRITIC gives none of them weight"
                         : ": no criterion tells alternatives apart, so that none has weight"));
  made.objective = stats::shares_of(information);
  made.weights = made.objective;
  if (options.combination == weight_combination::product) {
    double greatest = 0.0;
    for (std::size_t j = 0; j < n; ++j) {
      made.weights[j] = math::value_of(math::real(made.objective[j]) * (*subjective)[j]);
      greatest = std::max(greatest, made.weights[j]);
    }
    if (!(greatest > 0.0))
      throw error(status::data,
                  std::string(criteria_weights_name) +
                      ": no criterion has both a given and an objective weight, so that all products are 0");
    made.weights = stats::shares_of(made.weights);
  } else if (options.combination == weight_combination::linear) {
    const math::real share(options.subjective_share);
    for (std::size_t j = 0; j < n; ++j)
      made.weights[j] = math::value_of(share * (*subjective)[j] + (1.0 - share) * made.objective[j]);
  }
  return made;
}

} // namespace emptor::decision
