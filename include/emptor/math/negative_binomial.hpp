// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <emptor/math/elementary.hpp>
#include <emptor/math/real.hpp>

/// Probabilities of counts whose logarithm keeps its digits where the log Gammas in it are huge (C. Loader,
/// "Fast and accurate computation of binomial probabilities", 2000, carried to real shapes).
namespace emptor::math {

namespace detail {

/// lgamma(x) - [(x - 1/2) log x - x + log(2 pi) / 2], x > 0: what Stirling's formula leaves.
template <class T>
[[nodiscard]] EMPTOR_INLINE T log_gamma_rest(const T& x) noexcept {
  constexpr double half_log_2_pi = 0.91893853320467274178;
  const T near = lgamma(x) - ((x - 0.5) * log(x) - x + half_log_2_pi);
  const T u = 1.0 / select(x < 10.0, T(10.0), x);
  const T w = u * u;
  const T far =
      u * (1.0 / 12.0 +
           w * (-1.0 / 360.0 +
                w * (1.0 / 1260.0 + w * (-1.0 / 1680.0 +
                                         w * (1.0 / 1188.0 + w * (-691.0 / 360360.0 + w * (1.0 / 156.0)))))));
  return select(x < 10.0, near, far);
}

/// y - log(1 + y) for y > -1, which is never negative: of the order y^2 / 2 near 0. 1 + y is given apart because
/// the caller has it without the cancellation near y = -1.
template <class T>
[[nodiscard]] EMPTOR_INLINE T log1p_gap(const T& y, const T& one_plus_y) noexcept {
  // log(1 + y) = 2 atanh(w) = 2 w + 2 w^3 / 3 + ... and 2 w - y = -w y.
  const T w = y / (2.0 + y);
  const T q = w * w;
  const T series =
      1.0 / 3.0 +
      q * (1.0 / 5.0 +
           q * (1.0 / 7.0 +
                q * (1.0 / 9.0 +
                     q * (1.0 / 11.0 +
                          q * (1.0 / 13.0 +
                               q * (1.0 / 15.0 + q * (1.0 / 17.0 + q * (1.0 / 19.0 + q * (1.0 / 21.0)))))))));
  const T near = w * y - 2.0 * (w * (q * series));
  return select(mask_and(y<0.3, y> - 0.25), near, y - log(one_plus_y));
}

} // namespace detail

/// The counts N of a Poisson process whose rate is Gamma-distributed with this shape: N has the mean
/// shape * odds, where odds is the length of the time in units of the scale.
template <class T>
class negative_binomial {
public:
  /// \param count  whole, >= 0; \param shape  > 0
  EMPTOR_INLINE negative_binomial(const base_t<T>& count, const T& shape) noexcept
      : count_(max(count, base_t<T>(1.0)))
      , none_(count < 1.0)
      , shape_(shape)
      , total_(shape + count_) {
    constexpr double log_2_pi = 1.83787706640934548356;
    peak_ = detail::log_gamma_rest(total_) - detail::log_gamma_rest(shape_) -
            detail::log_gamma_rest(T(count_)) + 0.5 * (log(shape_ / total_) - log(T(count_)) - log_2_pi);
  }

  /// log P(N = count), which is log of Gamma(shape + n) / (Gamma(shape) n!) odds^n / (1 + odds)^(shape + n).
  /// \param odds  >= 0; 0 gives minus infinity for count > 0
  [[nodiscard]] EMPTOR_INLINE T log_probability(const T& odds) const noexcept {
    // In terms of the distance of the count from its mean, so that no two large terms meet.
    const T stop = 1.0 / (1.0 + odds);
    const T go = odds * stop;
    const T distance = count_ * stop - shape_ * go;
    const T deviance = count_ * detail::log1p_gap(T(-(distance / count_)), T(total_ * go / count_)) +
                       shape_ * detail::log1p_gap(T(distance / shape_), T(total_ * stop / shape_));
    return select(none_, -(shape_ * log1p(odds)), peak_ - deviance);
  }

private:
  base_t<T> count_; // at least 1: the formulas of 0 are others
  mask_t<T> none_;
  T shape_;
  T total_;
  T peak_;
};

} // namespace emptor::math
