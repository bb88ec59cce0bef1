// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include <emptor/math/real.hpp>
#include <emptor/stats/path_model.hpp>

/// A path model as numbers, and what its estimation (path_model_iteration.hpp) works in.
namespace emptor::stats {

/// How the estimation ended. In a workspace it is a number, since each lane of a pack has its own.
enum class path_status : std::int32_t {
  converged = 0,
  not_converged = 1,     ///< the limit of passes was reached; the last weights are there
  two_cycle = 2,         ///< the weights go to and fro between two solutions, of which the last one is there
  zero_variance = 3,     ///< an item, or a score, does not vary
  collinear_items = 4,   ///< the items of a block of mode B depend on each other
  collinear_sources = 5, ///< constructs that point to one construct depend on each other
  not_finite = 6,        ///< a weight is no number
  no_reliability = 7,    ///< PLSc: rho_A of a construct is not positive
};
inline constexpr std::string_view path_statuses[] = {"converged",     "not_converged",   "two_cycle",
                                                     "zero_variance", "collinear_items", "collinear_sources",
                                                     "not_finite",    "no_reliability"};

/// A model as numbers: which items make which construct, and which constructs point to which. Items of a construct stand
/// side by side.
struct path_plan {
  std::vector<std::uint32_t> first;     ///< per construct its first item, and the number of items
  std::vector<path_mode> mode;          ///< per construct; single items count as unit
  std::vector<std::uint8_t> consistent; ///< per construct
  std::vector<double> fixed;            ///< per item: weights of fixed blocks, else 1
  std::vector<std::uint32_t>
      source_first;                  ///< per construct its first one in `source`, and the number of paths
  std::vector<std::uint32_t> source; ///< constructs that point to it; a place in here is the number of a path
  std::vector<std::uint32_t> target_first; ///< the same of constructs to which it points
  std::vector<std::uint32_t> target;
  std::vector<std::uint32_t> order; ///< constructs, each after all that point to it

  inner_scheme scheme = inner_scheme::path;
  item_metric metric = item_metric::standardised;
  stop_rule stop = stop_rule::largest_relative;
  double tolerance = 1e-10;
  int limit = 300;
  bool scaled_start = true;
  bool scaled_weights = true;
  bool scaled_proxy = false;
  sign_rule sign = sign_rule::loadings;

  [[nodiscard]] std::size_t items() const noexcept { return first.back(); }
  [[nodiscard]] std::size_t constructs() const noexcept { return first.size() - 1; }
  [[nodiscard]] std::size_t paths() const noexcept { return source.size(); }
  [[nodiscard]] std::size_t size(std::size_t construct) const noexcept {
    return first[construct + 1] - first[construct];
  }
  [[nodiscard]] std::size_t sources(std::size_t construct) const noexcept {
    return source_first[construct + 1] - source_first[construct];
  }
  /// The most unknowns of a system of equations.
  [[nodiscard]] std::size_t largest_system() const noexcept {
    std::size_t most = 1;
    for (std::size_t j = 0; j < constructs(); ++j)
      most = std::max({most, size(j), sources(j)});
    return most;
  }
};

/// What an estimation works in and leaves. `covariance` goes in, row by row and whole; with standardised items it is made
/// the correlation matrix.
template <class T>
struct path_workspace {
  explicit path_workspace(const path_plan& plan)
      : covariance(plan.items() * plan.items())
      , deviations(plan.items())
      , weights(plan.items())
      , unscaled(plan.items())
      , compared(plan.items())
      , earlier(plan.items())
      , loadings(plan.items())
      , covered(plan.items() * plan.constructs())
      , correlations(plan.constructs() * plan.constructs())
      , inner(plan.constructs() * plan.constructs())
      , reliability(plan.constructs())
      , path(plan.paths())
      , r_squared(plan.constructs())
      , scale(plan.constructs())
      , system(plan.largest_system() * plan.largest_system())
      , second_system(plan.largest_system() * plan.largest_system())
      , solution(plan.largest_system())
      , second_solution(plan.largest_system()) {
    std::size_t factors = 0;
    for (std::size_t j = 0; j < plan.constructs(); ++j) {
      factor_first.push_back(factors);
      if (plan.mode[j] == path_mode::b)
        factors += plan.size(j) * plan.size(j);
    }
    factor.resize(factors);
  }

  std::vector<T> covariance;
  std::vector<T> deviations;   ///< of the items, as they went in
  std::vector<T> weights;      ///< of the items of the metric, to scores of variance 1
  std::vector<T> unscaled;     ///< the same as the outer estimation gave them
  std::vector<T> compared;     ///< what the next weights are compared with
  std::vector<T> earlier;      ///< weights of the pass before that
  std::vector<T> loadings;     ///< correlation of each item with its construct; of consistent ones corrected
  std::vector<T> covered;      ///< covariance of item i with construct j at i * constructs + j
  std::vector<T> correlations; ///< of constructs; of consistent ones corrected
  std::vector<T> inner; ///< weight of the score of construct i in the inner proxy of j at i * constructs + j
  std::vector<T> reliability; ///< rho_A of consistent constructs, else 1
  std::vector<T> path;        ///< coefficients in the order of path_plan::source
  std::vector<T> r_squared;   ///< of constructs to which others point, else 0
  std::vector<T> scale;       ///< deviations of the scores of the unscaled weights
  std::vector<T> system;
  std::vector<T> second_system;
  std::vector<T> solution;
  std::vector<T> second_solution;
  std::vector<T> factor; ///< Cholesky factors of blocks of mode B
  std::vector<std::size_t> factor_first;
  T status{0.0}; ///< path_status as a number
  T passes{0.0};
  T change{0.0};        ///< by the stop rule, in the last pass
  T double_change{0.0}; ///< in the last two passes
};

} // namespace emptor::stats
