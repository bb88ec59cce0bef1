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
#include <emptor/satisfaction/importance_performance.hpp>
#include <emptor/satisfaction/index_estimation.hpp>
#include <emptor/stats/path_model_linear.hpp>
#include <emptor/stats/path_model_structure.hpp>

/// What matters to the index of a construct, and what raising it would add (重要性-绩效矩阵).
///
/// Importance is the total effect on the index of the target in points a point: the sum over all ways in the paths of the
/// model of products of coefficients of regressions between the scores as the indices have them.
///
/// Source: C. M. Ringle, M. Sarstedt, Gain more insight from your PLS-SEM results: the importance-performance map analysis,
/// Industrial Management & Data Systems 116 (2016) 1865-1886.
namespace emptor::satisfaction {

/// How much one point of each construct is worth to the target, in points of indices: NaN where no way leads to it, or a
/// regression on the way has no answer. Interactions are left out: the effects are those at the mean of the moderator.
/// \param answers  as index_estimation::answers \param members  the rows that count: those who answered all questions
[[nodiscard]] inline std::vector<double>
importance_on(std::string_view target, const index_estimation& estimation, const index_estimate& with,
              const std::vector<std::vector<double>>& answers, std::span<const double> weights,
              std::span<const std::uint32_t> members, const run& work) {
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  const std::vector<stats::path_construct>& constructs = estimation.specification().model.constructs;
  const std::size_t n = constructs.size();
  const auto place = [&](std::string_view name) {
    return static_cast<std::size_t>(std::find_if(constructs.begin(), constructs.end(),
                                                 [&](const auto& one) { return one.name == name; }) -
                                    constructs.begin());
  };
  std::vector<std::pair<std::size_t, std::size_t>> arrows;
  std::vector<std::vector<std::size_t>> sources(n);
  std::vector<std::uint8_t> matters(n, 0);
  for (const stats::path_arrow& one : estimation.specification().model.paths) {
    const std::size_t from = place(one.from);
    const std::size_t to = place(one.to);
    if (from == n || to == n)
      continue;
    arrows.emplace_back(from, to);
    sources[to].push_back(from);
    matters[from] = 1;
    matters[to] = 1;
  }
  // Scores of the rows in which none is missing.
  std::vector<std::vector<double>> scores(n);
  std::vector<double> own_weights;
  std::vector<std::vector<std::size_t>> places(n);
  for (std::size_t j = 0; j < n; ++j)
    if (matters[j] != 0)
      places[j] = estimation.places(*with.find(constructs[j].name));
  std::size_t counted = 0;
  for (const std::uint32_t row : members) {
    if (counted++ % 4096 == 0)
      work.check(static_cast<double>(counted) / static_cast<double>(members.size()));
    bool complete = true;
    std::vector<double> made(n, 0.0);
    for (std::size_t j = 0; j < n && complete; ++j) {
      if (matters[j] == 0)
        continue;
      const index_score& score = *with.find(constructs[j].name);
      made[j] = score.standardised([&](std::size_t k) {
        const double given = answers[places[j][k]][row];
        return std::isnan(given) && estimation.fills() ? score.terms[k].mean : given;
      });
      complete = std::isfinite(made[j]);
    }
    if (!complete)
      continue;
    for (std::size_t j = 0; j < n; ++j)
      scores[j].push_back(made[j]);
    own_weights.push_back(weights[row]);
  }
  math::real total(0.0);
  for (const double one : own_weights)
    total += one;
  std::vector<std::vector<math::real>> off(n);
  for (std::size_t j = 0; j < n; ++j) {
    math::real sum(0.0);
    for (std::size_t r = 0; r < own_weights.size(); ++r)
      sum += math::real(own_weights[r]) * scores[j][r];
    const math::real mean = sum / total;
    for (const double one : scores[j])
      off[j].push_back(math::real(one) - mean);
  }
  const auto product = [&](std::size_t i, std::size_t j) {
    math::real sum(0.0);
    for (std::size_t r = 0; r < own_weights.size(); ++r)
      sum += math::real(own_weights[r]) * off[i][r] * off[j][r];
    return sum;
  };
  // Backwards from the target: what one point of a construct does is the sum over what it points to.
  std::vector<std::vector<double>> coefficient(n);
  std::vector<std::vector<std::size_t>> leads_to(n);
  for (std::size_t j = 0; j < n; ++j) {
    const std::size_t m = sources[j].size();
    coefficient[j].assign(m, none);
    for (const std::size_t from : sources[j])
      leads_to[from].push_back(j);
    if (m == 0 || own_weights.size() < 2)
      continue;
    work.check(static_cast<double>(j) / static_cast<double>(n));
    std::vector<math::real> matrix(m * m);
    std::vector<math::real> solution(m);
    for (std::size_t a = 0; a < m; ++a) {
      for (std::size_t b = 0; b <= a; ++b)
        matrix[a * m + b] = product(sources[j][a], sources[j][b]);
      solution[a] = product(sources[j][a], j);
    }
    bool dependent = false;
    stats::detail::cholesky(matrix.data(), m, dependent);
    if (dependent)
      continue;
    stats::detail::solve(matrix.data(), m, solution.data());
    for (std::size_t a = 0; a < m; ++a)
      coefficient[j][a] = math::value_of(solution[a]);
  }
  std::vector<double> effect(n, 0.0);
  std::vector<std::uint8_t> reaches(n, 0);
  const std::size_t goal = place(target);
  const std::vector<std::uint32_t> order = stats::topological_order(n, arrows);
  for (std::size_t o = order.size(); o-- > 0;) {
    const std::size_t from = order[o];
    if (from == goal || goal == n)
      continue;
    math::real sum(0.0);
    for (const std::size_t to : leads_to[from]) {
      if (to != goal && reaches[to] == 0)
        continue;
      reaches[from] = 1;
      const std::size_t a = static_cast<std::size_t>(std::find(sources[to].begin(), sources[to].end(), from) -
                                                     sources[to].begin());
      sum += math::real(coefficient[to][a]) * (to == goal ? 1.0 : effect[to]);
    }
    effect[from] = math::value_of(sum);
  }
  std::vector<double> made(n, none);
  const index_score* const of_goal = goal == n ? nullptr : with.find(target);
  for (std::size_t j = 0; j < n; ++j) {
    const index_score* const own = with.find(constructs[j].name);
    if (reaches[j] == 0)
      continue;
    made[j] = gives_index(*own) && gives_index(*of_goal)
                  ? math::value_of(math::real(effect[j]) * (own->range() / of_goal->range()))
                  : none;
    if (!std::isfinite(made[j]))
      made[j] = none;
  }
  return made;
}

/// A construct or a question on the map of importance and performance.
struct map_point {
  std::string construct;
  std::string item; ///< empty: the construct itself
  double importance = std::numeric_limits<double>::quiet_NaN();
  double performance = std::numeric_limits<double>::quiet_NaN();
  double raised = std::numeric_limits<double>::quiet_NaN(); ///< points, as far as 100 allows
  double gain = std::numeric_limits<double>::quiet_NaN();   ///< of the target
  std::int32_t quadrant = -1;
};

/// Fills in gains, and quadrants by the axes of all points. \param cut  where an axis crosses; NaN: at the mean
inline void place_on_map(std::span<map_point> points, double raise, const axes_crossing& cut) {
  std::vector<double> importance;
  std::vector<double> performance;
  for (const map_point& one : points) {
    importance.push_back(one.importance);
    performance.push_back(one.performance);
  }
  axes_crossing axes = grand_means_of(importance, performance);
  if (!std::isnan(cut.importance))
    axes.importance = cut.importance;
  if (!std::isnan(cut.performance))
    axes.performance = cut.performance;
  for (map_point& one : points) {
    if (!std::isnan(one.performance))
      one.raised = std::min(raise, math::value_of(math::real(100.0) - one.performance));
    one.gain = math::value_of(math::real(one.importance) * one.raised);
    one.quadrant = quadrant_of(one.importance, one.performance, axes);
  }
}

} // namespace emptor::satisfaction
