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

/// What code that is compiled for several instruction sets is handed: addresses and numbers, outside of the namespace emptor,
/// which has another name in each of them. Nothing here has functions.
namespace emptor_plain {

/// An emptor::stats::path_plan, whose members these are. Enumerators are their numbers.
struct path_layout {
  std::size_t items;
  std::size_t constructs;
  std::size_t paths;
  std::size_t largest_system;
  const std::uint32_t* first;
  const unsigned char* mode;
  const unsigned char* consistent;
  const double* fixed;
  const std::uint32_t* source_first;
  const std::uint32_t* source;
  const std::uint32_t* target_first;
  const std::uint32_t* target;
  const std::uint32_t* order;
  std::int32_t scheme;
  std::int32_t metric;
  std::int32_t stop;
  std::int32_t sign;
  double tolerance;
  int limit;
  bool scaled_start;
  bool scaled_weights;
  bool scaled_proxy;
};

} // namespace emptor_plain

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

/// A plan for an estimation, which allocates nothing: it must stay where it is.
class path_view {
public:
  explicit path_view(const emptor_plain::path_layout& of) noexcept
      : first(of.first)
      , fixed(of.fixed)
      , consistent(of.consistent)
      , source_first(of.source_first)
      , source(of.source)
      , target_first(of.target_first)
      , target(of.target)
      , order(of.order)
      , scheme(static_cast<inner_scheme>(of.scheme))
      , metric(static_cast<item_metric>(of.metric))
      , stop(static_cast<stop_rule>(of.stop))
      , sign(static_cast<sign_rule>(of.sign))
      , tolerance(of.tolerance)
      , limit(of.limit)
      , scaled_start(of.scaled_start)
      , scaled_weights(of.scaled_weights)
      , scaled_proxy(of.scaled_proxy)
      , items_(of.items)
      , constructs_(of.constructs)
      , paths_(of.paths)
      , largest_system_(of.largest_system)
      , mode_(of.mode) {}
  path_view(const path_plan& of) noexcept
      : path_view(layout_of(of)) {}
  path_view(const path_plan&&) = delete; ///< would be gone

  [[nodiscard]] static emptor_plain::path_layout layout_of(const path_plan& of) noexcept {
    static_assert(sizeof(path_mode) == 1);
    return {.items = of.items(),
            .constructs = of.constructs(),
            .paths = of.paths(),
            .largest_system = of.largest_system(),
            .first = of.first.data(),
            .mode = reinterpret_cast<const unsigned char*>(of.mode.data()),
            .consistent = of.consistent.data(),
            .fixed = of.fixed.data(),
            .source_first = of.source_first.data(),
            .source = of.source.data(),
            .target_first = of.target_first.data(),
            .target = of.target.data(),
            .order = of.order.data(),
            .scheme = static_cast<std::int32_t>(of.scheme),
            .metric = static_cast<std::int32_t>(of.metric),
            .stop = static_cast<std::int32_t>(of.stop),
            .sign = static_cast<std::int32_t>(of.sign),
            .tolerance = of.tolerance,
            .limit = of.limit,
            .scaled_start = of.scaled_start,
            .scaled_weights = of.scaled_weights,
            .scaled_proxy = of.scaled_proxy};
  }

  const std::uint32_t* first;
  const double* fixed;
  const unsigned char* consistent;
  const std::uint32_t* source_first;
  const std::uint32_t* source;
  const std::uint32_t* target_first;
  const std::uint32_t* target;
  const std::uint32_t* order;
  inner_scheme scheme;
  item_metric metric;
  stop_rule stop;
  sign_rule sign;
  double tolerance;
  int limit;
  bool scaled_start;
  bool scaled_weights;
  bool scaled_proxy;

  [[nodiscard]] EMPTOR_INLINE std::size_t items() const noexcept { return items_; }
  [[nodiscard]] EMPTOR_INLINE std::size_t constructs() const noexcept { return constructs_; }
  [[nodiscard]] EMPTOR_INLINE std::size_t paths() const noexcept { return paths_; }
  [[nodiscard]] EMPTOR_INLINE std::size_t largest_system() const noexcept { return largest_system_; }
  [[nodiscard]] EMPTOR_INLINE path_mode mode(std::size_t construct) const noexcept {
    return static_cast<path_mode>(mode_[construct]);
  }
  [[nodiscard]] EMPTOR_INLINE std::size_t size(std::size_t construct) const noexcept {
    return first[construct + 1] - first[construct];
  }
  [[nodiscard]] EMPTOR_INLINE std::size_t sources(std::size_t construct) const noexcept {
    return source_first[construct + 1] - source_first[construct];
  }

private:
  std::size_t items_;
  std::size_t constructs_;
  std::size_t paths_;
  std::size_t largest_system_;
  const unsigned char* mode_;
};

/// What an estimation works in and leaves. `covariance` goes in, row by row and whole; with standardised items it is made
/// the correlation matrix.
template <class T>
struct path_workspace {
  explicit path_workspace(const path_view& plan)
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
    bool factorises = false;
    for (std::size_t j = 0; j < plan.constructs(); ++j)
      factorises = factorises || plan.mode(j) == path_mode::b;
    if (factorises)
      factor.resize(plan.items() * plan.largest_system());
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
  std::vector<T> factor; ///< Cholesky factors of blocks of mode B, each at its first item * largest_system()
  T status{0.0};         ///< path_status as a number
  T passes{0.0};
  T change{0.0};        ///< by the stop rule, in the last pass
  T double_change{0.0}; ///< in the last two passes
};

} // namespace emptor::stats
