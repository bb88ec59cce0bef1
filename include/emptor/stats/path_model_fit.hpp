// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <emptor/math/real.hpp>
#include <emptor/stats/path_model_plan.hpp>

/// What the estimation of a path model gives.
namespace emptor::stats {

/// What one stage gave. Matrices stand row by row.
struct path_stage_fit {
  path_plan plan;
  std::vector<std::string> constructs;
  std::vector<std::string> items; ///< labels of the columns
  std::vector<double> rows;       ///< what each column is made of: items and products, one column a row
  std::vector<double> deviations; ///< of the columns
  std::vector<double> item_correlations;
  std::vector<double> weights;        ///< per column, in the units of the metric, to scores of variance 1
  std::vector<double> loadings;       ///< of consistent constructs corrected
  std::vector<double> cross_loadings; ///< correlation of column i with construct j at i * constructs + j
  std::vector<double> correlations;   ///< of the scores of constructs
  std::vector<double> corrected;      ///< the same, of consistent constructs corrected
  std::vector<double> reliability;    ///< rho_A where consistent, else 1
  std::vector<double> path;           ///< by the numbers of path_plan::source
  std::vector<double> r_squared;      ///< NaN where nothing points to
  path_status status = path_status::converged;
  int passes = 0;
  double change = 0.0;

  [[nodiscard]] bool usable() const noexcept {
    return status == path_status::converged || status == path_status::not_converged ||
           status == path_status::two_cycle;
  }
  /// The place of a construct; constructs.size() where there is none.
  [[nodiscard]] std::size_t find(std::string_view construct) const noexcept {
    return static_cast<std::size_t>(std::find(constructs.begin(), constructs.end(), construct) -
                                    constructs.begin());
  }
  /// Of a path: the construct that it points to.
  [[nodiscard]] std::size_t target_of(std::size_t number) const noexcept {
    return static_cast<std::size_t>(
        std::upper_bound(plan.source_first.begin(), plan.source_first.end() - 1, number) -
        plan.source_first.begin() - 1);
  }
  /// The weight of a column for the column in units of its answers.
  [[nodiscard]] double raw_weight(std::size_t item) const noexcept {
    return plan.metric == item_metric::raw ? weights[item] : weights[item] / deviations[item];
  }
  /// What a score is made of: items, then products, each less its mean.
  [[nodiscard]] std::vector<double> score_row(std::size_t construct, std::size_t columns) const {
    std::vector<double> made(columns, 0.0);
    for (std::size_t i = plan.first[construct]; i < plan.first[construct + 1]; ++i) {
      const math::real weight(raw_weight(i));
      for (std::size_t c = 0; c < columns; ++c)
        made[c] = math::value_of(made[c] + weight * rows[i * columns + c]);
    }
    return made;
  }
};

/// Fits of all stages; the last one is that of the specification.
struct path_fit {
  std::vector<path_stage_fit> stages;     ///< the last one is the model; those before give scores to it
  std::vector<double> adjusted_r_squared; ///< NaN where nothing points to
  std::vector<double>
      total_effects; ///< from construct i to j at i * constructs + j; the direct ones are paths
  double cases = 0.0;

  [[nodiscard]] const path_stage_fit& model() const noexcept { return stages.back(); }
  /// The status of the first stage that did not converge, else that of the model.
  [[nodiscard]] path_status status() const noexcept {
    for (const path_stage_fit& one : stages)
      if (one.status != path_status::converged)
        return one.status;
    return path_status::converged;
  }
  [[nodiscard]] double direct_effect(std::size_t from, std::size_t to) const noexcept {
    const path_plan& plan = model().plan;
    for (std::size_t a = plan.source_first[to]; a < plan.source_first[to + 1]; ++a)
      if (plan.source[a] == from)
        return model().path[a];
    return 0.0;
  }
  [[nodiscard]] double total_effect(std::size_t from, std::size_t to) const noexcept {
    return total_effects[from * model().constructs.size() + to];
  }
};

/// Sums over all ways from one construct to another of the products of the coefficients on the way, by substitution in
/// topological order. \return from i to j at i * constructs + j, 0 on the diagonal
[[nodiscard]] inline std::vector<double> total_effects_of(const path_plan& plan,
                                                          const std::vector<double>& path) {
  const std::size_t n = plan.constructs();
  std::vector<double> made(n * n, 0.0);
  for (std::size_t from = 0; from < n; ++from)
    for (const std::uint32_t to : plan.order) {
      math::real sum(0.0);
      for (std::size_t a = plan.source_first[to]; a < plan.source_first[to + 1]; ++a)
        sum += (plan.source[a] == from ? math::real(1.0) : math::real(made[from * n + plan.source[a]])) *
               path[a];
      if (to != from)
        made[from * n + to] = math::value_of(sum);
    }
  return made;
}

} // namespace emptor::stats
