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

#include <emptor/core/check.hpp>
#include <emptor/core/run.hpp>
#include <emptor/math/pack.hpp>
#include <emptor/math/real.hpp>
#include <emptor/stats/path_model_errors.hpp>
#include <emptor/stats/path_model_folds.hpp>
#include <emptor/stats/path_model_iteration.hpp>
#include <emptor/stats/path_model_lanes.hpp>
#include <emptor/stats/path_model_linear.hpp>
#include <emptor/stats/path_model_predicted.hpp>
#include <emptor/stats/path_model_resampling.hpp>
#include <emptor/stats/path_model_structure.hpp>

/// What a path model predicts of cases that it was not made of (PLSpredict, 预测力检验), beside a linear model of the same
/// items.
///
/// The cases are split into folds; of all cases but a fold the model is estimated, and the items of constructs that depend on
/// others are predicted for the cases of the fold: the score of a construct by its paths, an item by its loading, in units of
/// the answers. The benchmark is a regression of each of these items on the items of the constructs that predict it. In sample
/// a case is predicted by the models of all folds but its own; since predictions are linear in the answers, their mean is that
/// of the mean of all models, less the prediction out of sample, and costs no more than one prediction.
/// Source: G. Shmueli, S. Ray, J. M. Velasquez Estrada, S. B. Chatla, The elephant in the room: predictive performance of PLS
/// models, Journal of Business Research 69 (2016) 4552-4564; G. Shmueli, M. Sarstedt, J. F. Hair, J.-H. Cheah, H. Ting, S.
/// Vaithilingam, C. M. Ringle, Predictive model assessment in PLS-SEM, European Journal of Marketing 53 (2019) 2322-2347.
namespace emptor::stats {

namespace detail {

/// The predictions of the cases of a fold by the model of all others.
template <class T>
class path_predictor {
public:
  path_predictor(const path_plan& plan, const complete_columns& from, const moment_options& how,
                 prediction_technique technique, std::span<const std::uint32_t> fold, std::size_t folds,
                 path_prediction& made)
      : plan_(plan)
      , from_(from)
      , moments_(from, how)
      , technique_(technique)
      , fold_(fold)
      , p_(plan.items())
      , n_(plan.constructs())
      , made_(made) {
    members_.resize(folds);
    for (std::size_t r = 0; r < from.rows(); ++r)
      members_[fold[r]].push_back(static_cast<std::uint32_t>(r));
    predictors_.resize(n_);
    for (std::size_t j = 0; j < n_; ++j) {
      if (plan.sources(j) == 0)
        continue;
      for (std::size_t i = plan.first[j]; i < plan.first[j + 1]; ++i) {
        made.items.push_back(i);
        made.construct.push_back(j);
      }
      for (std::size_t s = 0; s < n_; ++s) {
        const auto begin = plan.source.begin() + plan.source_first[j];
        const auto end = plan.source.begin() + plan.source_first[j + 1];
        const bool takes = technique == prediction_technique::direct_antecedents
                               ? std::find(begin, end, s) != end
                               : plan.sources(s) == 0;
        for (std::size_t i = plan.first[s]; i < plan.first[s + 1] && takes; ++i)
          predictors_[j].push_back(i);
      }
    }
    const std::size_t cells = from.rows() * made.items.size();
    made.predicted.assign(cells, std::numeric_limits<double>::quiet_NaN());
    made.linear.assign(cells, std::numeric_limits<double>::quiet_NaN());
    scores_.assign(from.rows() * n_, std::numeric_limits<double>::quiet_NaN());
    made.folds.resize(folds);
    for (std::size_t f = 0; f < folds; ++f)
      made.folds[f].cases = members_[f].size();
    fold_means_.resize(folds * made.items.size());
    estimate_all();
  }

  void run(const emptor::run& work) {
    // The number of blocks does not depend on lanes or threads, since sums over blocks do.
    constexpr std::size_t most_blocks = 64;
    constexpr std::size_t lanes_of_all = 16;
    const std::size_t folds = members_.size();
    std::size_t at_once = std::max(lanes_of_all, (folds + most_blocks - 1) / most_blocks);
    at_once = (at_once + lanes_of_all - 1) / lanes_of_all * lanes_of_all;
    const std::size_t blocks = (folds + at_once - 1) / at_once;
    std::vector<prediction_sums> sums(blocks, {p_, n_, made_.items.size()});
    for_each_task(static_cast<std::int64_t>(blocks), work, [&](std::int64_t task) {
      const auto b = static_cast<std::size_t>(task);
      predict_block(b * at_once, std::min((b + 1) * at_once, folds), sums[b], work);
    });
    for (std::size_t b = 1; b < blocks; ++b)
      sums[0].add(sums[b]);
    tell_errors(sums[0], work);
  }

private:
  using lane = lanes<T>;
  static constexpr double none = std::numeric_limits<double>::quiet_NaN();

  void estimate_all() {
    std::vector<lane_estimate> all(1);
    all[0].mean = moments_.all().mean;
    all[0].covariance = moments_.all().covariance;
    path_workspace<T> work(plan_);
    estimate_lanes(plan_, work, all, 1);
    whole_ = std::move(all[0]);
  }

  void predict_block(std::size_t begin, std::size_t end, prediction_sums& sums, const emptor::run& work) {
    path_workspace<T> room(plan_);
    std::vector<lane_estimate> models(lane::count);
    std::vector<prediction_sums> ones(lane::count, {p_, n_, made_.items.size()});
    linear_room linear(largest_linear());
    for (std::size_t first = begin; first < end; first += lane::count) {
      if (work.cancelled())
        throw error(status::cancelled, "cancelled by the caller");
      const std::size_t here = std::min<std::size_t>(lane::count, end - first);
      for (std::size_t at = 0; at < here; ++at)
        moments_.without(members_[first + at], models[at].mean, models[at].covariance);
      estimate_lanes(plan_, room, models, here);
      for (std::size_t at = 0; at < here; ++at)
        finish(first + at, models[at], ones[at]);
      regress(first, here, models, linear, ones);
      for (std::size_t at = 0; at < here; ++at)
        sums.add(ones[at]);
    }
  }

  /// Scores as sums of answers, of which items are predicted; then the cases of the fold.
  void finish(std::size_t f, lane_estimate& of, prediction_sums& one) {
    made_.folds[f].status = of.status;
    one.models = of.status == path_status::converged ? 1 : 0;
    std::fill(one.scores.begin(), one.scores.end(), math::real(0.0));
    std::fill(one.score_constants.begin(), one.score_constants.end(), math::real(0.0));
    std::fill(one.items.begin(), one.items.end(), math::real(0.0));
    std::fill(one.constants.begin(), one.constants.end(), math::real(0.0));
    for (std::size_t i = 0; i < made_.items.size(); ++i)
      fold_means_[f * made_.items.size() + i] = of.mean[made_.items[i]];
    if (one.models == 1) {
      align_constructs(plan_, of, whole_);
      predict_scores(of, one);
      for (std::size_t i = 0; i < made_.items.size(); ++i) {
        const std::size_t j = made_.construct[i];
        const math::real loading = of.loadings[made_.items[i]];
        for (std::size_t k = 0; k < p_; ++k)
          one.items[i * p_ + k] = loading * one.scores[j * p_ + k];
        one.constants[i] = of.mean[made_.items[i]] + loading * one.score_constants[j];
      }
      for (const std::uint32_t r : members_[f]) {
        for (std::size_t j = 0; j < n_; ++j)
          scores_[r * n_ + j] =
              math::value_of(of_case(r, one.scores.data() + j * p_, one.score_constants[j]));
        for (std::size_t i = 0; i < made_.items.size(); ++i)
          made_.predicted[r * made_.items.size() + i] = math::value_of(
              of.mean[made_.items[i]] + of.loadings[made_.items[i]] * scores_[r * n_ + made_.construct[i]]);
      }
    }
  }

  [[nodiscard]] math::real centred(std::size_t row, std::size_t item) const noexcept {
    return math::real(from_.columns[item][row]) - moments_.all().mean[item];
  }
  [[nodiscard]] math::real of_case(std::size_t row, const math::real* weights,
                                   math::real sum) const noexcept {
    for (std::size_t k = 0; k < p_; ++k)
      sum += weights[k] * centred(row, k);
    return sum;
  }

  void predict_scores(const lane_estimate& of, prediction_sums& one) const noexcept {
    const auto add_own = [&](std::size_t j, std::size_t to, math::real factor) {
      for (std::size_t i = plan_.first[j]; i < plan_.first[j + 1]; ++i) {
        const math::real weight = factor * of.weights[i];
        one.scores[to * p_ + i] += weight;
        one.score_constants[to] -= weight * (math::real(of.mean[i]) - moments_.all().mean[i]);
      }
    };
    for (const std::uint32_t j : plan_.order) {
      if (plan_.sources(j) == 0)
        add_own(j, j, math::real(1.0));
      for (std::size_t a = plan_.source_first[j]; a < plan_.source_first[j + 1]; ++a) {
        const std::size_t source = plan_.source[a];
        if (technique_ == prediction_technique::direct_antecedents) {
          add_own(source, j, of.paths[a]);
          continue;
        }
        for (std::size_t k = 0; k < p_; ++k)
          one.scores[j * p_ + k] += of.paths[a] * one.scores[source * p_ + k];
        one.score_constants[j] += of.paths[a] * one.score_constants[source];
      }
    }
  }

  /// What regressions of some folds at once work in.
  struct linear_room {
    std::vector<T> factor;
    std::vector<T> slopes;
    explicit linear_room(std::size_t most)
        : factor(most * most)
        , slopes(most) {}
  };
  [[nodiscard]] std::size_t largest_linear() const noexcept {
    std::size_t most = 1;
    for (const std::vector<std::size_t>& by : predictors_)
      most = std::max(most, by.size());
    return most;
  }

  /// The benchmark: each predicted item by the items of the constructs that predict its own.
  void regress(std::size_t first, std::size_t here, const std::vector<lane_estimate>& models,
               linear_room& room, std::vector<prediction_sums>& ones) {
    for (std::size_t at = 0; at < here; ++at) {
      std::fill(ones[at].linear.begin(), ones[at].linear.end(), math::real(0.0));
      std::fill(ones[at].linear_constants.begin(), ones[at].linear_constants.end(), math::real(0.0));
      std::fill(ones[at].linear_models.begin(), ones[at].linear_models.end(), std::size_t{0});
    }
    const auto take = [&](T& into, std::size_t i, std::size_t k) {
      for (std::size_t at = 0; at < lane::count; ++at) // lanes without a fold do as the first one
        lane::set(into, static_cast<int>(at), models[at < here ? at : 0].covariance[i * p_ + k]);
    };
    std::size_t current = n_;
    T failed(0.0);
    for (std::size_t i = 0; i < made_.items.size(); ++i) {
      const std::vector<std::size_t>& by = predictors_[made_.construct[i]];
      const std::size_t size = by.size();
      if (current == n_ || by != predictors_[current]) {
        for (std::size_t a = 0; a < size; ++a)
          for (std::size_t b = 0; b <= a; ++b)
            take(room.factor[a * size + b], by[a], by[b]);
        math::mask_t<T> dependent = mask_not(math::mask_true<T>());
        cholesky(room.factor.data(), size, dependent);
        failed = select(dependent, T(1.0), T(0.0));
      }
      current = made_.construct[i];
      for (std::size_t a = 0; a < size; ++a)
        take(room.slopes[a], by[a], made_.items[i]);
      solve(room.factor.data(), size, room.slopes.data());
      for (std::size_t at = 0; at < here; ++at) {
        if (lane::get(failed, static_cast<int>(at)) != 0.0)
          ++made_.folds[first + at].benchmarks;
        else
          predict_linearly(first + at, i, at, models[at], room.slopes, ones[at]);
      }
    }
  }
  void predict_linearly(std::size_t f, std::size_t i, std::size_t at, const lane_estimate& of,
                        const std::vector<T>& slopes, prediction_sums& one) {
    const std::vector<std::size_t>& by = predictors_[made_.construct[i]];
    math::real constant(of.mean[made_.items[i]]);
    for (std::size_t a = 0; a < by.size(); ++a) {
      const math::real slope(lane::get(slopes[a], static_cast<int>(at)));
      one.linear[i * p_ + by[a]] = slope;
      constant -= slope * (math::real(of.mean[by[a]]) - moments_.all().mean[by[a]]);
    }
    one.linear_constants[i] = constant;
    one.linear_models[i] = 1;
    for (const std::uint32_t r : members_[f]) {
      math::real sum = constant;
      for (const std::size_t k : by)
        sum += one.linear[i * p_ + k] * centred(r, k);
      made_.linear[r * made_.items.size() + i] = math::value_of(sum);
    }
  }

  struct errors {
    std::vector<prediction_error> out, in, linear_out, linear_in, score_out, score_in;
    errors(std::size_t items, std::size_t constructs)
        : out(items)
        , in(items)
        , linear_out(items)
        , linear_in(items)
        , score_out(constructs)
        , score_in(constructs) {}
  };

  void tell_errors(const prediction_sums& sums, const emptor::run& work) {
    const auto rows = static_cast<std::int64_t>(from_.rows());
    constexpr std::int64_t at_once = 1024;
    std::vector<errors> parts(static_cast<std::size_t>((rows + at_once - 1) / at_once),
                              {made_.items.size(), n_});
    for_each_task(static_cast<std::int64_t>(parts.size()), work, [&](std::int64_t task) {
      for (std::int64_t r = task * at_once; r < std::min((task + 1) * at_once, rows); ++r)
        add_case(static_cast<std::size_t>(r), sums, parts[static_cast<std::size_t>(task)]);
    });
    errors all(made_.items.size(), n_);
    const auto merge = [](std::vector<prediction_error>& to, const std::vector<prediction_error>& from) {
      for (std::size_t i = 0; i < to.size(); ++i)
        to[i].add(from[i]);
    };
    for (const errors& one : parts) {
      merge(all.out, one.out);
      merge(all.in, one.in);
      merge(all.linear_out, one.linear_out);
      merge(all.linear_in, one.linear_in);
      merge(all.score_out, one.score_out);
      merge(all.score_in, one.score_in);
    }
    made_.out = std::move(all.out);
    made_.in = std::move(all.in);
    made_.linear_out = std::move(all.linear_out);
    made_.linear_in = std::move(all.linear_in);
    made_.score_out = std::move(all.score_out);
    made_.score_in = std::move(all.score_in);
  }

  /// The mean of what the models of the other folds predict. \param own  of the case's own fold; NaN = it has none
  [[nodiscard]] static double mean_of_others(math::real all, std::size_t models, double own) noexcept {
    const std::size_t others = models - (std::isnan(own) ? 0 : 1);
    if (others == 0)
      return none;
    return math::value_of((all - (std::isnan(own) ? 0.0 : own)) / static_cast<double>(others));
  }

  void add_case(std::size_t r, const prediction_sums& sums, errors& into) const {
    const std::size_t m = made_.items.size();
    const double weight = from_.weight(r);
    for (std::size_t j = 0; j < n_; ++j) {
      if (plan_.sources(j) == 0)
        continue;
      math::real actual(0.0);
      for (std::size_t i = plan_.first[j]; i < plan_.first[j + 1]; ++i)
        actual += whole_.weights[i] * centred(r, i);
      const double own = scores_[r * n_ + j];
      const math::real sum = of_case(r, sums.scores.data() + j * p_, sums.score_constants[j]);
      into.score_out[j].add(weight, math::value_of(actual), own, 0.0);
      into.score_in[j].add(weight, math::value_of(actual), mean_of_others(sum, sums.models, own), 0.0);
    }
    for (std::size_t i = 0; i < m; ++i) {
      const double answer = from_.columns[made_.items[i]][r];
      const double training = fold_means_[fold_[r] * m + i];
      const double average = moments_.all().mean[made_.items[i]];
      const double own = made_.predicted[r * m + i];
      const double own_linear = made_.linear[r * m + i];
      into.out[i].add(weight, answer, own, training);
      into.linear_out[i].add(weight, answer, own_linear, training);
      into.in[i].add(
          weight, answer,
          mean_of_others(of_case(r, sums.items.data() + i * p_, sums.constants[i]), sums.models, own),
          average);
      math::real sum = sums.linear_constants[i];
      for (const std::size_t k : predictors_[made_.construct[i]])
        sum += sums.linear[i * p_ + k] * centred(r, k);
      into.linear_in[i].add(weight, answer, mean_of_others(sum, sums.linear_models[i], own_linear), average);
    }
  }

  const path_plan& plan_;
  const complete_columns& from_;
  part_moments moments_;
  prediction_technique technique_;
  std::span<const std::uint32_t> fold_;
  std::size_t p_;
  std::size_t n_;
  path_prediction& made_;
  std::vector<std::vector<std::uint32_t>> members_;  ///< cases by fold
  std::vector<std::vector<std::size_t>> predictors_; ///< items of the linear model by construct
  std::vector<double> fold_means_;                   ///< of predicted items in the cases that a fold leaves
  std::vector<double> scores_;                       ///< predicted out of sample
  lane_estimate whole_;
};

} // namespace detail

/// Predicts each case by the model of the cases of all other folds.
/// \param plan  of a model of one stage \param from  complete, of its items
/// \param fold  of each case its fold, < folds; each case alone in one is leave-one-out
/// \tparam T  a real, or a pack of folds at once
/// \throws error status::cancelled
template <class T = math::pack<math::isa::baseline>>
[[nodiscard]] path_prediction predict_paths(const path_plan& plan, const detail::complete_columns& from,
                                            const moment_options& how, prediction_technique technique,
                                            std::span<const std::uint32_t> fold, std::size_t folds,
                                            const run& work) {
  path_prediction made;
  detail::path_predictor<T>(plan, from, how, technique, fold, folds, made).run(work);
  return made;
}

} // namespace emptor::stats
