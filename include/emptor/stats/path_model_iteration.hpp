// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <vector>

#include <emptor/math/real.hpp>
#include <emptor/stats/path_model_linear.hpp>
#include <emptor/stats/path_model_plan.hpp>

/// The estimation of a path model on the covariance matrix of its items. Scores are linear in the items, so that every inner
/// and outer quantity is a second moment and no row is looked at. All here is a template over the scalar: a real, or a pack
/// of covariance matrices (resamples) at once, each of which goes through exactly the operations that it would go through by
/// itself. Nothing allocates once the workspace is there.
namespace emptor::stats {

namespace detail {

/// The steps of an estimation.
template <class T>
class path_estimation {
public:
  using mask = math::mask_t<T>;

  path_estimation(const path_view& plan, path_workspace<T>& in) noexcept
      : plan_(plan)
      , in_(in)
      , p_(plan.items())
      , n_(plan.constructs()) {}

  void run() noexcept {
    in_.status = T(0.0);
    in_.passes = T(0.0);
    in_.change = T(0.0);
    in_.double_change = T(0.0);
    standardise();
    start();
    mask running = math::mask_true<T>();
    score();
    for (std::size_t i = 0; i < p_; ++i) {
      in_.compared[i] = plan_.scaled_start ? in_.weights[i] : in_.unscaled[i];
      in_.earlier[i] = in_.compared[i];
    }
    for (int pass = 0; pass < plan_.limit && any(running); ++pass) {
      in_.passes = select(running, in_.passes + T(1.0), in_.passes);
      weigh_neighbours();
      weigh_items(running);
      score();
      running = compare(running);
    }
    fail(mask_and(running, is_cycle()), path_status::two_cycle);
    fail(running, path_status::not_converged);
    orient();
    finish();
  }

private:
  /// The first failure of a lane counts.
  void fail(mask where, path_status why) noexcept {
    const mask first = mask_and(where, in_.status == T(0.0));
    in_.status = select(first, T(static_cast<double>(why)), in_.status);
  }
  [[nodiscard]] T& at(std::vector<T>& matrix, std::size_t i, std::size_t j) const noexcept {
    return matrix[i * n_ + j];
  }

  void standardise() noexcept {
    mask constant = mask_not(math::mask_true<T>());
    for (std::size_t i = 0; i < p_; ++i) {
      const T variance = in_.covariance[i * p_ + i];
      constant = mask_or(constant, mask_not(variance > T(0.0)));
      in_.deviations[i] = sqrt(variance);
    }
    fail(constant, path_status::zero_variance);
    if (plan_.metric == item_metric::raw)
      return;
    T* const one_over = in_.loadings.data(); // which have no values yet
    for (std::size_t i = 0; i < p_; ++i) {
      one_over[i] = T(1.0) / in_.deviations[i];
      for (std::size_t k = 0; k < i; ++k) {
        const T r = in_.covariance[i * p_ + k] * one_over[i] * one_over[k];
        in_.covariance[i * p_ + k] = r;
        in_.covariance[k * p_ + i] = r;
      }
      in_.covariance[i * p_ + i] = T(1.0);
    }
  }

  void start() noexcept {
    mask dependent = mask_not(math::mask_true<T>());
    for (std::size_t j = 0; j < n_; ++j) {
      const std::size_t begin = plan_.first[j];
      const std::size_t size = plan_.size(j);
      for (std::size_t i = begin; i < begin + size; ++i)
        in_.unscaled[i] = T(plan_.fixed[i]);
      if (plan_.mode(j) == path_mode::b) {
        T* const factor = in_.factor.data() + plan_.first[j] * plan_.largest_system();
        copy_block(begin, size, factor);
        cholesky(factor, size, dependent);
      } else if (plan_.mode(j) == path_mode::pca) {
        principal_component(
            [&](std::size_t i, std::size_t k) { return in_.covariance[(begin + i) * p_ + begin + k]; }, size,
            in_.system.data(), in_.second_system.data(), in_.solution.data(), in_.unscaled.data() + begin);
      }
    }
    fail(dependent, path_status::collinear_items);
  }

  void copy_block(std::size_t begin, std::size_t size, T* into) noexcept {
    for (std::size_t i = 0; i < size; ++i)
      for (std::size_t k = 0; k < size; ++k)
        into[i * size + k] = in_.covariance[(begin + i) * p_ + begin + k];
  }

  /// Covariances of items with scores, correlations of scores, and weights to scores of variance 1.
  void score() noexcept {
    mask constant = mask_not(math::mask_true<T>());
    for (std::size_t j = 0; j < n_; ++j) {
      const std::size_t begin = plan_.first[j];
      const std::size_t end = plan_.first[j + 1];
      cover(j, begin, end, T(1.0));
      T variance(0.0);
      for (std::size_t k = begin; k < end; ++k)
        variance = variance + in_.unscaled[k] * at(in_.covered, k, j);
      constant = mask_or(constant, mask_not(variance > T(0.0)));
      in_.scale[j] = sqrt(variance);
      const T one_over = T(1.0) / in_.scale[j];
      cover(j, 0, p_, one_over);
      for (std::size_t k = begin; k < end; ++k)
        in_.weights[k] = in_.unscaled[k] * one_over;
    }
    fail(constant, path_status::zero_variance);
    for (std::size_t j = 0; j < n_; ++j) {
      at(in_.correlations, j, j) = T(1.0);
      for (std::size_t l = 0; l < j; ++l) {
        T sum(0.0);
        for (std::size_t k = plan_.first[l]; k < plan_.first[l + 1]; ++k)
          sum = sum + in_.weights[k] * at(in_.covered, k, j);
        at(in_.correlations, l, j) = sum;
        at(in_.correlations, j, l) = sum;
      }
    }
  }

  /// Covariances of some items with the score of construct j. \param scale  of the score
  EMPTOR_INLINE void cover(std::size_t j, std::size_t from, std::size_t to, const T& scale) noexcept {
    switch (plan_.size(j)) { // sizes that are known keep their weights in registers
    case 1:
      return cover_by<1>(j, from, to, scale);
    case 2:
      return cover_by<2>(j, from, to, scale);
    case 3:
      return cover_by<3>(j, from, to, scale);
    case 4:
      return cover_by<4>(j, from, to, scale);
    case 5:
      return cover_by<5>(j, from, to, scale);
    case 6:
      return cover_by<6>(j, from, to, scale);
    case 7:
      return cover_by<7>(j, from, to, scale);
    default:
      break;
    }
    const std::size_t begin = plan_.first[j];
    const std::size_t end = plan_.first[j + 1];
    for (std::size_t i = from; i < to; ++i) {
      const T* const row = in_.covariance.data() + i * p_;
      T sum = row[begin] * in_.unscaled[begin];
      for (std::size_t k = begin + 1; k < end; ++k)
        sum = sum + row[k] * in_.unscaled[k];
      at(in_.covered, i, j) = sum * scale;
    }
  }
  template <std::size_t Size>
  void cover_by(std::size_t j, std::size_t from, std::size_t to, const T& scale) noexcept {
    const std::size_t begin = plan_.first[j];
    T weight[Size];
    for (std::size_t k = 0; k < Size; ++k)
      weight[k] = in_.unscaled[begin + k];
    const T* row = in_.covariance.data() + from * p_ + begin;
    T* into = in_.covered.data() + from * n_ + j;
    for (std::size_t i = from; i < to; ++i) {
      T sum = row[0] * weight[0];
#pragma GCC unroll 8
      for (std::size_t k = 1; k < Size; ++k)
        sum = sum + row[k] * weight[k];
      *into = sum * scale;
      row += p_;
      into += n_;
    }
  }

  /// The coefficients of the regression of construct j on those that point to it, in `solution`.
  void regress(std::size_t j, mask& dependent) noexcept {
    const std::size_t begin = plan_.source_first[j];
    const std::size_t size = plan_.sources(j);
    for (std::size_t a = 0; a < size; ++a) {
      for (std::size_t b = 0; b <= a; ++b)
        in_.system[a * size + b] = at(in_.correlations, plan_.source[begin + a], plan_.source[begin + b]);
      in_.solution[a] = at(in_.correlations, plan_.source[begin + a], j);
    }
    cholesky(in_.system.data(), size, dependent);
    solve(in_.system.data(), size, in_.solution.data());
  }

  void weigh_neighbours() noexcept {
    mask dependent = mask_not(math::mask_true<T>());
    for (std::size_t j = 0; j < n_; ++j) {
      const bool regresses = plan_.scheme == inner_scheme::path && plan_.sources(j) > 1;
      if (regresses)
        regress(j, dependent);
      for (std::size_t a = plan_.source_first[j]; a < plan_.source_first[j + 1]; ++a)
        at(in_.inner, plan_.source[a], j) =
            regresses ? in_.solution[a - plan_.source_first[j]] : weight_of_neighbour(plan_.source[a], j);
      for (std::size_t a = plan_.target_first[j]; a < plan_.target_first[j + 1]; ++a)
        at(in_.inner, plan_.target[a], j) = weight_of_neighbour(plan_.target[a], j);
    }
    fail(dependent, path_status::collinear_sources);
  }
  [[nodiscard]] EMPTOR_INLINE T weight_of_neighbour(std::size_t i, std::size_t j) const noexcept {
    const T r = at(in_.correlations, i, j);
    if (plan_.scheme != inner_scheme::centroid)
      return r;
    return select(r > T(0.0), T(1.0), select(r < T(0.0), T(-1.0), r));
  }

  /// The outer estimation: new unscaled weights of the blocks of modes A and B.
  void weigh_items(mask running) noexcept {
    for (std::size_t j = 0; j < n_; ++j) {
      if (plan_.mode(j) != path_mode::a && plan_.mode(j) != path_mode::b)
        continue;
      const std::size_t begin = plan_.first[j];
      const std::size_t size = plan_.size(j);
      for (std::size_t i = 0; i < size; ++i) {
        T sum(0.0);
        for (std::size_t a = plan_.source_first[j]; a < plan_.source_first[j + 1]; ++a)
          sum = sum + at(in_.covered, begin + i, plan_.source[a]) * at(in_.inner, plan_.source[a], j);
        for (std::size_t a = plan_.target_first[j]; a < plan_.target_first[j + 1]; ++a)
          sum = sum + at(in_.covered, begin + i, plan_.target[a]) * at(in_.inner, plan_.target[a], j);
        in_.solution[i] = sum;
      }
      if (plan_.mode(j) == path_mode::b)
        solve(in_.factor.data() + plan_.first[j] * plan_.largest_system(), size, in_.solution.data());
      if (plan_.scaled_proxy && !plan_.scaled_weights) {
        const T one_over = T(1.0) / sqrt(proxy_variance(j));
        for (std::size_t i = 0; i < size; ++i)
          in_.solution[i] = in_.solution[i] * one_over;
      }
      for (std::size_t i = 0; i < size; ++i)
        in_.unscaled[begin + i] = select(running, in_.solution[i], in_.unscaled[begin + i]);
    }
  }
  [[nodiscard]] EMPTOR_INLINE T proxy_variance(std::size_t j) noexcept {
    T variance(0.0);
    const auto each = [&](auto&& f) {
      for (std::size_t a = plan_.source_first[j]; a < plan_.source_first[j + 1]; ++a)
        f(plan_.source[a]);
      for (std::size_t a = plan_.target_first[j]; a < plan_.target_first[j + 1]; ++a)
        f(plan_.target[a]);
    };
    each([&](std::size_t i) {
      each([&](std::size_t k) {
        variance = variance + at(in_.inner, i, j) * at(in_.inner, k, j) * at(in_.correlations, i, k);
      });
    });
    return variance;
  }

  /// Which lanes go on. A change that is no number ends them.
  [[nodiscard]] mask compare(mask running) noexcept {
    const std::vector<T>& now = plan_.scaled_weights ? in_.weights : in_.unscaled;
    T change(0.0);
    T since_earlier(0.0);
    T most(0.0);
    for (std::size_t i = 0; i < p_; ++i) {
      change = with_difference(change, now[i], in_.compared[i]);
      since_earlier = with_difference(since_earlier, now[i], in_.earlier[i]);
      most = larger(most, abs(now[i]));
      in_.earlier[i] = in_.compared[i];
      in_.compared[i] = now[i];
    }
    const T tolerance =
        plan_.stop == stop_rule::largest_relative ? T(plan_.tolerance) * most : T(plan_.tolerance);
    in_.change = select(running, change, in_.change);
    in_.double_change = select(running, since_earlier, in_.double_change);
    const mask number = mask_and(change == change, change < T(1e300));
    fail(mask_and(running, mask_not(number)), path_status::not_finite);
    const mask goes_on = mask_and(running, mask_and(number, mask_not(change < tolerance)));
    const mask cycle = mask_and(mask_and(goes_on, since_earlier < tolerance), is_cycle());
    fail(cycle, path_status::two_cycle);
    return mask_and(goes_on, mask_not(cycle));
  }
  /// Whether the weights are where they were two passes before, but not where they were one pass before. Weights that swing
  /// into a limit as slowly as that would need thousands of passes.
  [[nodiscard]] EMPTOR_INLINE mask is_cycle() const noexcept {
    return in_.double_change * T(1000.0) < in_.change;
  }
  /// NaN stays NaN.
  [[nodiscard]] EMPTOR_INLINE static T larger(T x, T y) noexcept {
    return select(x < y, y, select(y == y, x, y));
  }
  [[nodiscard]] EMPTOR_INLINE T with_difference(T sum, T now, T before) const noexcept {
    switch (plan_.stop) {
    case stop_rule::absolute_sum:
      return sum + abs(now - before);
    case stop_rule::squared_sizes: {
      const T difference = abs(now) - abs(before);
      return sum + difference * difference;
    }
    case stop_rule::largest:
    case stop_rule::largest_relative:
      break;
    }
    return larger(sum, abs(now - before));
  }

  void orient() noexcept {
    if (plan_.sign == sign_rule::none)
      return;
    for (std::size_t j = 0; j < n_; ++j) {
      const std::size_t begin = plan_.first[j];
      const std::size_t end = plan_.sign == sign_rule::dominant ? begin + 1 : plan_.first[j + 1];
      T sum(0.0);
      for (std::size_t i = begin; i < end; ++i)
        sum = sum + at(in_.covered, i, j) / in_.deviations[i];
      flip(j, select(sum < T(0.0), T(-1.0), T(1.0)));
    }
  }
  /// \param sign  1 or -1
  void flip(std::size_t j, T sign) noexcept {
    for (std::size_t i = plan_.first[j]; i < plan_.first[j + 1]; ++i)
      in_.weights[i] = in_.weights[i] * sign;
    for (std::size_t i = 0; i < p_; ++i)
      at(in_.covered, i, j) = at(in_.covered, i, j) * sign;
    for (std::size_t l = 0; l < n_; ++l) {
      if (l == j)
        continue;
      at(in_.correlations, l, j) = at(in_.correlations, l, j) * sign;
      at(in_.correlations, j, l) = at(in_.correlations, j, l) * sign;
    }
  }

  /// Loadings, the correction of consistent constructs, path coefficients and R2.
  void finish() noexcept {
    const bool standardised = plan_.metric == item_metric::standardised;
    for (std::size_t j = 0; j < n_; ++j) {
      in_.reliability[j] = T(1.0);
      for (std::size_t i = plan_.first[j]; i < plan_.first[j + 1]; ++i) {
        const T covered = at(in_.covered, i, j);
        in_.loadings[i] = standardised ? covered : covered / in_.deviations[i];
      }
      if (plan_.consistent[j] != 0 && plan_.size(j) > 1)
        correct_loadings(j);
    }
    for (std::size_t j = 0; j < n_; ++j)
      for (std::size_t l = 0; l < j; ++l) {
        if (plan_.consistent[j] == 0 && plan_.consistent[l] == 0)
          continue;
        const T r = at(in_.correlations, l, j) / sqrt(in_.reliability[l] * in_.reliability[j]);
        at(in_.correlations, l, j) = r;
        at(in_.correlations, j, l) = r;
      }
    mask dependent = mask_not(math::mask_true<T>());
    for (std::size_t j = 0; j < n_; ++j) {
      T explained(0.0);
      if (plan_.sources(j) > 0)
        regress(j, dependent);
      for (std::size_t a = 0; a < plan_.sources(j); ++a) {
        const std::size_t number = plan_.source_first[j] + a;
        in_.path[number] = in_.solution[a];
        explained = explained + in_.solution[a] * at(in_.correlations, plan_.source[number], j);
      }
      in_.r_squared[j] = explained;
    }
    fail(dependent, path_status::collinear_sources);
  }

  /// rho_A = (w'w)^2 w'(S - diag S)w / w'(ww' - diag ww')w with w'Sw = 1, and the loadings w sqrt(rho_A) / w'w (Dijkstra and
  /// Henseler 2015, equations 3 and 4).
  void correct_loadings(std::size_t j) noexcept {
    const bool standardised = plan_.metric == item_metric::standardised;
    const std::size_t begin = plan_.first[j];
    const std::size_t end = plan_.first[j + 1];
    T squares(0.0);
    T fourths(0.0);
    for (std::size_t i = begin; i < end; ++i) {
      const T w = standardised ? in_.weights[i] : in_.weights[i] * in_.deviations[i];
      in_.second_solution[i - begin] = w;
      squares = squares + w * w;
      fourths = fourths + (w * w) * (w * w);
    }
    T between(0.0);
    for (std::size_t i = begin; i < end; ++i)
      for (std::size_t k = begin; k < i; ++k)
        between = between + in_.weights[i] * in_.weights[k] * in_.covariance[i * p_ + k];
    const T rho = squares * squares * (between + between) / (squares * squares - fourths);
    const mask positive = rho > T(0.0);
    fail(mask_not(positive), path_status::no_reliability);
    in_.reliability[j] = rho;
    const T factor = sqrt(rho) / squares;
    for (std::size_t i = begin; i < end; ++i)
      in_.loadings[i] = in_.second_solution[i - begin] * factor;
  }

  path_view plan_;
  path_workspace<T>& in_;
  std::size_t p_;
  std::size_t n_;
};

} // namespace detail

/// Estimates weights, loadings, path coefficients and R2 from in.covariance.
/// \param in  made for the same plan; its status says how it ended
template <class T>
void estimate_paths(const path_view& plan, path_workspace<T>& in) noexcept {
  detail::path_estimation<T>(plan, in).run();
}

} // namespace emptor::stats
