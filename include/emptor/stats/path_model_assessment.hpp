// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <emptor/math/elementary.hpp>
#include <emptor/math/newton.hpp>
#include <emptor/math/real.hpp>
#include <emptor/stats/path_model_quality.hpp>

/// The whole assessment of a path model (模型评价): every measure, and for each criterion its threshold, where that comes
/// from, and the verdict.
namespace emptor::stats {

namespace detail {

/// Distances of the correlations of items from those that the model implies. SRMR and d_ULS as in T. K. Dijkstra, J.
/// Henseler, Computational Statistics & Data Analysis 81 (2015) 10-23; d_G = 1/2 sum of (ln of the eigenvalues of S^-1
/// Sigma)^2, the geodesic distance, whose logarithm is the natural one: with another base it would not be the length of the
/// shortest way between the two matrices.
inline void add_distances(const path_stage_fit& of, path_quality& made) {
  const std::size_t p = of.items.size();
  math::real squares(0.0); // below the diagonal
  for (std::size_t i = 0; i < p; ++i)
    for (std::size_t k = 0; k < i; ++k) {
      const math::real left = math::real(of.item_correlations[i * p + k]) - made.implied[i * p + k];
      squares += left * left;
    }
  const auto count = static_cast<double>(p);
  made.srmr = math::value_of(sqrt(squares / (count * (count + 1.0) / 2.0)));
  made.d_uls = math::value_of(squares); // half of both sides of the diagonal
  std::vector<math::real> factor(of.item_correlations.begin(), of.item_correlations.end());
  bool dependent = false;
  cholesky(factor.data(), p, dependent);
  if (dependent)
    return;
  // L^-1 Sigma L^-T has the same eigenvalues, and is symmetric.
  std::vector<math::real> inner(made.implied.begin(), made.implied.end());
  const auto divide = [&](auto&& element) {
    for (std::size_t column = 0; column < p; ++column)
      for (std::size_t i = 0; i < p; ++i) {
        math::real sum = element(i, column);
        for (std::size_t k = 0; k < i; ++k)
          sum -= factor[i * p + k] * element(k, column);
        element(i, column) = sum / factor[i * p + i];
      }
  };
  divide([&](std::size_t i, std::size_t column) -> math::real& { return inner[i * p + column]; });
  divide([&](std::size_t i, std::size_t column) -> math::real& { return inner[column * p + i]; });
  std::vector<double> symmetric(p * p);
  for (std::size_t i = 0; i < p; ++i)
    for (std::size_t k = 0; k < p; ++k)
      symmetric[i * p + k] = math::value_of(inner[std::max(i, k) * p + std::min(i, k)]);
  const math::symmetric_eigen eigen(symmetric, p);
  math::real sum(0.0);
  for (const double value : eigen.values) {
    if (!(value > 0.0))
      return;
    const math::real log = math::log(math::real(value));
    sum += log * log;
  }
  made.d_g = math::value_of(sum / 2.0);
}

/// sqrt(mean squared loading of the items of constructs of several x mean R2).
[[nodiscard]] inline double goodness_of_fit(const path_stage_fit& of) {
  math::real communality(0.0);
  math::real explained(0.0);
  double items = 0.0;
  double targets = 0.0;
  for (std::size_t j = 0; j < of.constructs.size(); ++j) {
    for (std::size_t i = of.plan.first[j]; i < of.plan.first[j + 1] && of.plan.size(j) > 1; ++i) {
      communality += math::real(of.loadings[i]) * of.loadings[i];
      items += 1.0;
    }
    if (of.plan.sources(j) > 0) {
      explained += of.r_squared[j];
      targets += 1.0;
    }
  }
  return items > 0.0 && targets > 0.0 ? math::value_of(sqrt(communality / items * (explained / targets)))
                                      : undefined_measure;
}

} // namespace detail

/// Every measure of a model.
[[nodiscard]] inline path_quality quality_of(const path_fit& fit) {
  const path_stage_fit& of = fit.model();
  const std::size_t p = of.items.size();
  const std::size_t n = of.constructs.size();
  path_quality made;
  std::vector<math::real> correlations(of.item_correlations.begin(), of.item_correlations.end());
  std::vector<math::real> ratios(n * n);
  const auto numbers = [&] {
    std::vector<double> values;
    for (const math::real one : ratios)
      values.push_back(math::value_of(one));
    return values;
  };
  heterotrait_monotrait<math::real>(of.plan, correlations.data(), ratios.data());
  made.htmt = numbers();
  heterotrait_monotrait<math::real, trait_mean::geometric>(of.plan, correlations.data(), ratios.data());
  made.htmt2 = numbers();
  made.item_vif.assign(p, detail::undefined_measure);
  made.antecedent_vif.assign(of.plan.paths(), detail::undefined_measure);
  made.f_squared.assign(of.plan.paths(), detail::undefined_measure);
  for (std::size_t j = 0; j < n; ++j) {
    construct_quality quality = detail::quality_of(of, j);
    const auto sources = static_cast<double>(of.plan.sources(j));
    if (of.plan.sources(j) > 0) {
      quality.r_squared = of.r_squared[j];
      quality.adjusted_r_squared = fit.adjusted_r_squared[j];
      const math::real cases(fit.cases);
      const math::real misfit =
          cases * math::log((math::real(1.0) - quality.r_squared) * (cases - 1.0) / cases);
      quality.aic = math::value_of(misfit + 2.0 * (sources + 1.0));
      quality.bic = math::value_of(misfit + math::log(cases) * (sources + 1.0));
    }
    made.constructs.push_back(quality);
    std::vector<std::size_t> items;
    for (std::size_t i = of.plan.first[j]; i < of.plan.first[j + 1]; ++i)
      items.push_back(i);
    if (items.size() > 1) {
      const std::vector<double> vif =
          detail::inverse_diagonal(detail::chosen(of.item_correlations, p, items), items.size());
      std::copy(vif.begin(), vif.end(), made.item_vif.begin() + static_cast<std::ptrdiff_t>(items.front()));
    }
    std::vector<std::size_t> all(of.plan.source.begin() + of.plan.source_first[j],
                                 of.plan.source.begin() + of.plan.source_first[j + 1]);
    if (all.size() > 1) {
      const std::vector<double> vif =
          detail::inverse_diagonal(detail::chosen(of.corrected, n, all), all.size());
      std::copy(vif.begin(), vif.end(), made.antecedent_vif.begin() + of.plan.source_first[j]);
    }
    for (std::size_t a = 0; a < all.size(); ++a) {
      std::vector<std::size_t> others = all;
      others.erase(others.begin() + static_cast<std::ptrdiff_t>(a));
      const math::real whole(of.r_squared[j]);
      made.f_squared[of.plan.source_first[j] + a] =
          math::value_of((whole - detail::explained(of.corrected, n, j, others)) / (math::real(1.0) - whole));
    }
  }
  made.implied = implied_item_correlations(of);
  detail::add_distances(of, made);
  made.gof = detail::goodness_of_fit(of);
  // A ratio to nothing is not defined.
  const auto keep_finite = [](double& value) {
    if (!std::isfinite(value))
      value = detail::undefined_measure;
  };
  for (std::vector<double>* const all :
       {&made.htmt, &made.htmt2, &made.item_vif, &made.antecedent_vif, &made.f_squared})
    std::for_each(all->begin(), all->end(), keep_finite);
  for (construct_quality& one : made.constructs)
    for (double* const value : {&one.alpha, &one.rho_a, &one.rho_c, &one.ave, &one.aic, &one.bic})
      keep_finite(*value);
  for (double* const value : {&made.srmr, &made.d_uls, &made.d_g, &made.gof})
    keep_finite(*value);
  return made;
}

/// What is asked of a model before it is believed; thresholds and their sources stand with the rules.
enum class path_criterion : std::int32_t {
  converged = 0,
  loading_at_most_one = 1,
  reliability_at_most_one = 2,
  constructs_positive = 3,
  implied_positive = 4,
  loading = 5,
  cross_loading = 6,
  alpha = 7,
  rho_a = 8,
  rho_c = 9,
  ave = 10,
  fornell_larcker = 11,
  htmt = 12,
  htmt2 = 13,
  item_vif = 14,
  antecedent_vif = 15,
  r_squared = 16,
  f_squared = 17,
  srmr = 18,
};
inline constexpr std::string_view path_criteria[] = {"converged",
                                                     "loading_at_most_one",
                                                     "reliability_at_most_one",
                                                     "constructs_positive",
                                                     "implied_positive",
                                                     "loading",
                                                     "cross_loading",
                                                     "alpha",
                                                     "rho_a",
                                                     "rho_c",
                                                     "ave",
                                                     "fornell_larcker",
                                                     "htmt",
                                                     "htmt2",
                                                     "item_vif",
                                                     "antecedent_vif",
                                                     "r_squared",
                                                     "f_squared",
                                                     "srmr"};

/// Where a threshold comes from, and on which side of it a value is fine.
struct criterion_rule {
  double threshold = 0.0;
  bool at_least = false; ///< else at most
  std::string_view source;
};
/// The rules, by path_criterion. The first five say whether the solution is admissible at all.
inline constexpr std::array<criterion_rule, 19> criterion_rules = {{
    {0.0, false, "the weights stay; status 0"},
    {1.0, false, "a correlation cannot be larger: R. B. Kline, Principles and Practice of SEM"},
    {1.0, false, "a share of variance cannot be larger: Dijkstra and Henseler 2015"},
    {0.0, true, "least eigenvalue of the correlations of constructs: Dijkstra and Henseler 2015"},
    {0.0, true, "least eigenvalue of the implied correlations of items: Dijkstra and Henseler 2015"},
    {0.708, true, "Hair, Risher, Sarstedt, Ringle 2019"},
    {0.0, true, "own loading less the largest other one: Chin 1998"},
    {0.7, true, "Nunnally and Bernstein 1994"},
    {0.7, true, "Dijkstra and Henseler 2015"},
    {0.7, true, "Hair, Risher, Sarstedt, Ringle 2019"},
    {0.5, true, "Fornell and Larcker 1981"},
    {0.0, true, "root of AVE less the largest correlation: Fornell and Larcker 1981"},
    {0.85, false, "Henseler, Ringle, Sarstedt 2015"},
    {0.85, false, "Roemer, Schuberth, Henseler 2021"},
    {5.0, false, "Hair, Risher, Sarstedt, Ringle 2019"},
    {5.0, false, "Hair, Risher, Sarstedt, Ringle 2019"},
    {0.25, true, "weak: Hair, Ringle, Sarstedt 2011"},
    {0.02, true, "small: Cohen 1988"},
    {0.08, false, "Hu and Bentler 1999"},
}};

/// One criterion applied to one thing.
struct criterion_verdict {
  path_criterion what = path_criterion::converged;
  std::string of;   ///< construct or item; empty for the model
  std::string with; ///< the other construct of a pair; of paths the one that they point to; else empty
  double value = 0.0;
  std::optional<bool> met; ///< nothing where the value is not defined
};

namespace detail {
/// The least eigenvalue of a symmetric matrix; NaN where an element is.
[[nodiscard]] inline double least_eigenvalue(const std::vector<double>& matrix, std::size_t n) {
  if (std::any_of(matrix.begin(), matrix.end(), [](double x) { return !std::isfinite(x); }))
    return undefined_measure;
  const math::symmetric_eigen eigen(matrix, n);
  return *std::min_element(eigen.values.begin(), eigen.values.end());
}
} // namespace detail

/// All criteria of a model, in the order of path_criterion. Measures of items within composites of mode B say nothing about
/// them, and are left out: loadings, alpha, rho_A, rho_C, AVE and what is made of these.
[[nodiscard]] inline std::vector<criterion_verdict> assess(const path_fit& fit, const path_quality& quality) {
  const path_stage_fit& of = fit.model();
  const std::size_t n = of.constructs.size();
  std::vector<criterion_verdict> made;
  const auto judge = [&](path_criterion what, std::string_view whose, std::string_view with, double value) {
    const criterion_rule& rule = criterion_rules[static_cast<std::size_t>(what)];
    criterion_verdict one{what, std::string(whose), std::string(with), value, std::nullopt};
    // Eigenvalues that are 0 by nature are not exactly so.
    const double slack =
        what == path_criterion::constructs_positive || what == path_criterion::implied_positive ||
                what == path_criterion::loading_at_most_one || what == path_criterion::reliability_at_most_one
            ? 1e-9
            : 0.0;
    if (!std::isnan(value))
      one.met = rule.at_least ? value >= rule.threshold - slack : value <= rule.threshold + slack;
    made.push_back(std::move(one));
  };
  const auto reflective = [&](std::size_t j) {
    return of.plan.mode[j] != path_mode::b && of.plan.size(j) > 1;
  };
  judge(path_criterion::converged, "", "", static_cast<double>(fit.status()));
  double loading = 0.0;
  for (const double one : of.loadings)
    loading = std::isnan(one) || std::isnan(loading) ? detail::undefined_measure
                                                     : std::max(loading, std::fabs(one));
  judge(path_criterion::loading_at_most_one, "", "", loading);
  double reliability = 0.0;
  for (std::size_t j = 0; j < n; ++j)
    if (reflective(j))
      for (const double one : {quality.constructs[j].rho_a, quality.constructs[j].rho_c})
        reliability = std::isnan(one) || std::isnan(reliability) ? detail::undefined_measure
                                                                 : std::max(reliability, one);
  judge(path_criterion::reliability_at_most_one, "", "", reliability);
  judge(path_criterion::constructs_positive, "", "", detail::least_eigenvalue(of.corrected, n));
  judge(path_criterion::implied_positive, "", "", detail::least_eigenvalue(quality.implied, of.items.size()));
  const auto each_item = [&](auto&& f) {
    for (std::size_t j = 0; j < n; ++j)
      for (std::size_t i = of.plan.first[j]; i < of.plan.first[j + 1] && reflective(j); ++i)
        f(i, j);
  };
  each_item([&](std::size_t i, std::size_t j) {
    judge(path_criterion::loading, of.items[i], of.constructs[j], std::fabs(of.loadings[i]));
  });
  each_item([&](std::size_t i, std::size_t j) {
    double other = 0.0;
    for (std::size_t l = 0; l < n; ++l)
      if (l != j)
        other = std::max(other, std::fabs(of.cross_loadings[i * n + l]));
    judge(path_criterion::cross_loading, of.items[i], of.constructs[j],
          std::fabs(of.cross_loadings[i * n + j]) - other);
  });
  const auto each_construct = [&](path_criterion what, auto&& value) {
    for (std::size_t j = 0; j < n; ++j)
      if (reflective(j))
        judge(what, of.constructs[j], "", value(quality.constructs[j]));
  };
  each_construct(path_criterion::alpha, [](const construct_quality& one) { return one.alpha; });
  each_construct(path_criterion::rho_a, [](const construct_quality& one) { return one.rho_a; });
  each_construct(path_criterion::rho_c, [](const construct_quality& one) { return one.rho_c; });
  each_construct(path_criterion::ave, [](const construct_quality& one) { return one.ave; });
  each_construct(path_criterion::fornell_larcker, [](const construct_quality& one) {
    return math::value_of(sqrt(math::real(one.ave)) - one.largest_correlation);
  });
  const auto each_pair = [&](path_criterion what, const std::vector<double>& ratios) {
    for (std::size_t j = 0; j < n; ++j)
      for (std::size_t l = j + 1; l < n; ++l)
        if (of.plan.mode[j] != path_mode::b && of.plan.mode[l] != path_mode::b)
          judge(what, of.constructs[j], of.constructs[l], ratios[j * n + l]);
  };
  each_pair(path_criterion::htmt, quality.htmt);
  each_pair(path_criterion::htmt2, quality.htmt2);
  for (std::size_t j = 0; j < n; ++j)
    for (std::size_t i = of.plan.first[j]; i < of.plan.first[j + 1] && of.plan.size(j) > 1; ++i)
      judge(path_criterion::item_vif, of.items[i], of.constructs[j], quality.item_vif[i]);
  const auto each_path = [&](path_criterion what, const std::vector<double>& values,
                             std::size_t least_sources) {
    for (std::size_t j = 0; j < n; ++j)
      for (std::size_t a = of.plan.source_first[j];
           a < of.plan.source_first[j + 1] && of.plan.sources(j) >= least_sources; ++a)
        judge(what, of.constructs[of.plan.source[a]], of.constructs[j], values[a]);
  };
  each_path(path_criterion::antecedent_vif, quality.antecedent_vif, 2);
  for (std::size_t j = 0; j < n; ++j)
    if (of.plan.sources(j) > 0)
      judge(path_criterion::r_squared, of.constructs[j], "", of.r_squared[j]);
  each_path(path_criterion::f_squared, quality.f_squared, 1);
  judge(path_criterion::srmr, "", "", quality.srmr);
  return made;
}

} // namespace emptor::stats
