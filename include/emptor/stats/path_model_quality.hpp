// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include <emptor/math/elementary.hpp>
#include <emptor/math/real.hpp>
#include <emptor/stats/path_model_fit.hpp>
#include <emptor/stats/path_model_linear.hpp>

/// What tells whether the items of a construct belong together, whether constructs differ, and what paths explain: all from
/// the correlations of items and scores. Where a measure is not defined (one item, a matrix without an inverse) it is NaN.
/// Sources: L. J. Cronbach 1951 (alpha); C. E. Werts, R. L. Linn, K. G. Joereskog 1974 (rho_C); T. K. Dijkstra, J. Henseler,
/// MIS Quarterly 39 (2015) 297-316 (rho_A); C. Fornell, D. F. Larcker, Journal of Marketing Research 18 (1981) 39-50 (AVE);
/// J. Henseler, C. M. Ringle, M. Sarstedt, JAMS 43 (2015) 115-135 (HTMT); E. Roemer, F. Schuberth, J. Henseler, Industrial
/// Management & Data Systems 121 (2021) 2637-2650 (HTMT2); J. Cohen 1988 (f2); M. Tenenhaus et al. 2005 (GoF).
namespace emptor::stats {

/// How the correlations of two blocks are averaged.
enum class trait_mean : std::int32_t { arithmetic = 0, geometric = 1 };

namespace detail {
inline constexpr double undefined_measure = std::numeric_limits<double>::quiet_NaN();

/// The mean of the absolute correlations of the items of two constructs, or within one; 1 within a single item.
template <class T, trait_mean How>
[[nodiscard]] EMPTOR_INLINE T mean_correlation(const path_view& plan, const T* correlations, std::size_t j,
                                               std::size_t l) noexcept {
  T sum(0.0);
  T product(1.0);
  std::size_t pairs = 0;
  for (std::size_t i = plan.first[j]; i < plan.first[j + 1]; ++i)
    for (std::size_t k = plan.first[l]; k < (j == l ? i : plan.first[l + 1]); ++k) {
      const T size = abs(correlations[i * plan.items() + k]);
      ++pairs;
      if constexpr (How == trait_mean::arithmetic) {
        sum = sum + size;
      } else {
        product = product * size; // a number as long as these 8 are above 1e-38
        if (pairs % 8 == 0) {
          sum = sum + math::log(product);
          product = T(1.0);
        }
      }
    }
  if (pairs == 0)
    return T(1.0);
  const T count(static_cast<double>(pairs));
  if constexpr (How == trait_mean::arithmetic)
    return sum / count;
  else
    return math::exp((sum + math::log(product)) / count);
}
} // namespace detail

/// The ratio of the correlations between two constructs to those within them: HTMT, with geometric means HTMT2. Absolute
/// correlations are taken, and a construct of one item has 1 within it.
/// \param correlations  of the items, row by row and whole \param into  of constructs j and l at j * constructs + l
template <class T, trait_mean How = trait_mean::arithmetic>
void heterotrait_monotrait(const path_view& plan, const T* correlations, T* into) noexcept {
  const std::size_t n = plan.constructs();
  for (std::size_t j = 0; j < n; ++j)
    into[j * n + j] = detail::mean_correlation<T, How>(plan, correlations, j, j);
  for (std::size_t j = 0; j < n; ++j)
    for (std::size_t l = 0; l < j; ++l) {
      const T ratio = detail::mean_correlation<T, How>(plan, correlations, j, l) /
                      sqrt(into[j * n + j] * into[l * n + l]);
      into[j * n + l] = ratio;
      into[l * n + j] = ratio;
    }
  for (std::size_t j = 0; j < n; ++j)
    into[j * n + j] = T(1.0);
}

/// Of one construct.
struct construct_quality {
  double alpha = detail::undefined_measure;               ///< of standardised items; NaN of one item
  double rho_a = detail::undefined_measure;               ///< NaN of one item
  double rho_c = detail::undefined_measure;               ///< NaN of one item
  double ave = detail::undefined_measure;                 ///< average variance extracted
  double largest_correlation = detail::undefined_measure; ///< with another construct, absolute
  double r_squared = detail::undefined_measure;
  double adjusted_r_squared = detail::undefined_measure;
  double aic = detail::undefined_measure; ///< n ln(SSE / n) + 2 (k + 1) of k constructs that point to it
  double bic = detail::undefined_measure; ///< n ln(SSE / n) + ln n (k + 1)
};

/// Of a model: reliability, validity and fit, all dimensionless.
struct path_quality {
  std::vector<construct_quality> constructs;
  std::vector<double> htmt; ///< of constructs j and l at j * constructs + l, 1 on the diagonal
  std::vector<double> htmt2;
  std::vector<double> item_vif; ///< per item among those of its construct; NaN of one item
  std::vector<double>
      antecedent_vif;            ///< per path of its construct among those that point to the same; NaN of one
  std::vector<double> f_squared; ///< per path
  std::vector<double> implied;   ///< correlations of items that the model implies
  double srmr = detail::undefined_measure;
  double d_uls = detail::undefined_measure;
  double d_g = detail::undefined_measure; ///< with natural logarithms
  double gof = detail::undefined_measure;
};

namespace detail {

/// The diagonal of the inverse of a matrix; NaN where it has none.
[[nodiscard]] inline std::vector<double> inverse_diagonal(std::vector<math::real> matrix, std::size_t n) {
  std::vector<double> made(n, undefined_measure);
  bool dependent = false;
  cholesky(matrix.data(), n, dependent);
  if (dependent)
    return made;
  std::vector<math::real> unit(n);
  for (std::size_t i = 0; i < n; ++i) {
    std::fill(unit.begin(), unit.end(), math::real(0.0));
    unit[i] = 1.0;
    solve(matrix.data(), n, unit.data());
    made[i] = math::value_of(unit[i]);
  }
  return made;
}

/// Part of a matrix.
[[nodiscard]] inline std::vector<math::real> chosen(std::span<const double> matrix, std::size_t width,
                                                    const std::vector<std::size_t>& at) {
  std::vector<math::real> made;
  for (const std::size_t i : at)
    for (const std::size_t k : at)
      made.emplace_back(matrix[i * width + k]);
  return made;
}

/// R2 of a regression on some constructs; NaN where they depend on each other.
[[nodiscard]] inline math::real explained(std::span<const double> correlations, std::size_t n,
                                          std::size_t target, const std::vector<std::size_t>& sources) {
  if (sources.empty())
    return math::real(0.0);
  std::vector<math::real> system = chosen(correlations, n, sources);
  bool dependent = false;
  cholesky(system.data(), sources.size(), dependent);
  if (dependent)
    return math::real(undefined_measure);
  std::vector<math::real> x;
  for (const std::size_t i : sources)
    x.emplace_back(correlations[i * n + target]);
  solve(system.data(), sources.size(), x.data());
  math::real sum(0.0);
  for (std::size_t a = 0; a < sources.size(); ++a)
    sum += x[a] * correlations[sources[a] * n + target];
  return sum;
}

[[nodiscard]] inline construct_quality quality_of(const path_stage_fit& of, std::size_t j) {
  construct_quality made;
  const std::size_t p = of.items.size();
  const std::size_t n = of.constructs.size();
  const std::size_t begin = of.plan.first[j];
  const std::size_t end = of.plan.first[j + 1];
  const math::real k(static_cast<double>(end - begin));
  math::real within(0.0); // correlations of two items
  math::real loadings(0.0);
  math::real squares(0.0);
  math::real weight_squares(0.0);
  math::real weight_fourths(0.0);
  math::real weighted(0.0);
  const auto weight = [&](std::size_t i) {
    return of.plan.metric == item_metric::raw ? math::real(of.weights[i]) * of.deviations[i]
                                              : math::real(of.weights[i]);
  };
  for (std::size_t i = begin; i < end; ++i) {
    const math::real w = weight(i);
    loadings += of.loadings[i];
    squares += math::real(of.loadings[i]) * of.loadings[i];
    weight_squares += w * w;
    weight_fourths += (w * w) * (w * w);
    for (std::size_t l = begin; l < i; ++l) {
      within += of.item_correlations[i * p + l];
      weighted += w * weight(l) * of.item_correlations[i * p + l];
    }
  }
  made.ave = math::value_of(squares / k);
  if (end - begin > 1) {
    within += within;
    made.alpha = math::value_of(k / (k - 1.0) * within / (k + within));
    made.rho_a = of.plan.consistent[j] != 0
                     ? of.reliability[j]
                     : math::value_of(weight_squares * weight_squares * (weighted + weighted) /
                                      (weight_squares * weight_squares - weight_fourths));
    made.rho_c = math::value_of(loadings * loadings / (loadings * loadings + k - squares));
  }
  for (std::size_t l = 0; l < n; ++l)
    if (l != j)
      made.largest_correlation = std::isnan(made.largest_correlation)
                                     ? std::fabs(of.corrected[j * n + l])
                                     : std::max(made.largest_correlation, std::fabs(of.corrected[j * n + l]));
  return made;
}

/// Correlations of constructs as the paths imply them: those that nothing points to correlate as they do, the others through
/// their paths only.
[[nodiscard]] inline std::vector<math::real> implied_correlations(const path_stage_fit& of) {
  const std::size_t n = of.constructs.size();
  std::vector<math::real> made(n * n, math::real(0.0));
  for (std::size_t at = 0; at < of.plan.order.size(); ++at) {
    const std::size_t j = of.plan.order[at];
    made[j * n + j] = 1.0;
    for (std::size_t before = 0; before < at; ++before) {
      const std::size_t l = of.plan.order[before];
      math::real r(0.0);
      if (of.plan.sources(j) > 0)
        for (std::size_t a = of.plan.source_first[j]; a < of.plan.source_first[j + 1]; ++a)
          r += made[of.plan.source[a] * n + l] * of.path[a];
      else if (of.plan.sources(l) == 0)
        r = of.corrected[j * n + l];
      else
        for (std::size_t a = of.plan.source_first[l]; a < of.plan.source_first[l + 1]; ++a)
          r += made[of.plan.source[a] * n + j] * of.path[a];
      made[j * n + l] = r;
      made[l * n + j] = r;
    }
  }
  return made;
}

} // namespace detail

/// Correlations of items as the model implies them. Within a composite items correlate as they do; within a consistent
/// construct (a common factor) by their loadings.
[[nodiscard]] inline std::vector<double> implied_item_correlations(const path_stage_fit& of) {
  const std::size_t p = of.items.size();
  const std::size_t n = of.constructs.size();
  const std::vector<math::real> constructs = detail::implied_correlations(of);
  std::vector<double> made(p * p, 1.0);
  for (std::size_t j = 0; j < n; ++j)
    for (std::size_t l = 0; l < n; ++l)
      for (std::size_t i = of.plan.first[j]; i < of.plan.first[j + 1]; ++i)
        for (std::size_t k = of.plan.first[l]; k < of.plan.first[l + 1]; ++k) {
          if (i == k)
            continue;
          made[i * p + k] =
              j == l && of.plan.consistent[j] == 0
                  ? of.item_correlations[i * p + k]
                  : math::value_of(math::real(of.loadings[i]) * of.loadings[k] * constructs[j * n + l]);
        }
  return made;
}

} // namespace emptor::stats
