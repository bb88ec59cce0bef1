// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <emptor/math/beta_fraction.hpp>
#include <emptor/math/elementary.hpp>
#include <emptor/math/hypergeometric.hpp>
#include <emptor/math/negative_binomial.hpp>
#include <emptor/math/real.hpp>
#include <emptor/math/rising.hpp>

namespace emptor::math {

namespace detail {

/// log P(N >= n) for the counts N of negative_binomial, n >= 1, given log P(N = n): the incomplete Beta function
/// I_z(n, shape), z = odds / (1 + odds).
template <class T>
[[nodiscard]] EMPTOR_INLINE T log_negative_binomial_tail(const base_t<T>& n, const T& shape, const T& odds,
                                                         const T& log_probability) noexcept {
  const T stop = 1.0 / (1.0 + odds);
  const T go = odds * stop;
  const T count(n);
  const auto steep = shape < 1.0; // towards z = 1
  T result(0.0);
  if (any(steep)) {
    const T below_1 = select(steep, shape, T(0.5));
    result = log_probability + log(hypergeometric_1b(T(count + below_1), T(1.0 - below_1), go, stop));
  }
  if (any(mask_not(steep))) {
    // The smaller side.
    const T above_1 = select(shape >= 1.0, shape, T(1.0));
    const T above_mean = above_1 * go - count * stop;
    const auto lower = above_mean > 0.0;
    const T fraction =
        incomplete_beta_fraction(T(select(lower, above_1, count)), T(select(lower, count, above_1)),
                                 T(select(lower, stop, go)), T(1.0 + select(lower, above_mean, -above_mean)));
    const T log_side = log_probability + log(count * fraction);
    const T log_tail = select(lower, log1p(-exp(min(log_side, T(0.0)))), log_side);
    result = select(steep, result, log_tail);
  }
  return result;
}

} // namespace detail

/// log P(exactly n events until the time w), where each event is the last one with a probability that is Beta(a, b)
/// (see beta_mixture.hpp): either n events came and none was the last one, or the n-th was and more would have come,
///
///     (b)_n / (c)_n P(N = n) + [n > 0] a / c (b)_(n-1) / (c + 1)_(n-1) P(N >= n),  c = a + b,
///
/// with the counts N of negative_binomial.
/// \param a,b,shape  > 0; \param w  >= 0; \param n  whole, >= 0
template <class T>
[[nodiscard]] EMPTOR_INLINE T log_stop_count(const T& a, const T& b, const T& shape, const T& w,
                                             const base_t<T>& n) noexcept {
  using base = base_t<T>;
  const T log_probability = negative_binomial<T>(n, shape).log_probability(w);
  const base some = max(n, base(1.0));
  const T all_stay = log_probability - log_rising_ratio(b, a, n);
  const T last_leaves = log(a / (a + b)) - log_rising_ratio(b, T(a + 1.0), some - 1.0) +
                        detail::log_negative_binomial_tail(some, shape, w, log_probability);
  return select(n > 0.0, log_add_exp(all_stay, last_leaves), log_probability);
}

} // namespace emptor::math
