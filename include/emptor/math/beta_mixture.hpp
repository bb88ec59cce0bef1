// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <emptor/math/beta_mixture_quadrature.hpp>
#include <emptor/math/beta_mixture_series.hpp>
#include <emptor/math/elementary.hpp>
#include <emptor/math/expm1_over.hpp>
#include <emptor/math/real.hpp>

/// Events of a Poisson process whose rate is Gamma-distributed (given shape; time w in units of the scale), each of
/// which is the last one with a probability p ~ Beta(a, b): BG/NBD and its relatives seen from a customer who is
/// alive, where b and the shape contain the orders so far.
namespace emptor::math {

namespace detail {

/// Where the series are taken: at z = w / (1 + w), or so far before it that they are fast, and then carried on.
template <class T>
struct start_and_way {
  T rho; ///< 1 - z
  T z;
  base_t<T> halvings; ///< of rho, on the way
  mask_t<T> way;      ///< rows that have one
  bool any_way;       ///< in any row

  EMPTOR_INLINE start_and_way(const T& w, const T& c) noexcept
      : rho(1.0 / (1.0 + w))
      , z(w * rho)
      , halvings(0.0)
      // For a large c the series is fast everywhere, and its equation stiff.
      , way(mask_and(plain(w) > 15.0, plain(c) < 24.0))
      , any_way(any(way)) {
    if (!any_way)
      return;
    const base_t<T> limit = select(way, min(base_t<T>(0.25), 2.0 / plain(c)), base_t<T>(0.0));
    for (int k = 0; k < 1100 && any(plain(rho) <= limit); ++k) {
      const auto below = plain(rho) <= limit;
      rho = select(below, rho + rho, rho);
      halvings = select(below, halvings + 1.0, halvings);
    }
    z = select(way, 1.0 - rho, z);
  }
};

/// See beta_stopping::events.
template <class T, class Terms>
[[nodiscard]] EMPTOR_INLINE T beta_stopping_events(const T& a, const T& excess, const Terms& terms,
                                                   const T& b, const T& shape, const T& w) noexcept {
  const T c = a + b;
  const T c_minus_1 = excess + shape;
  const start_and_way<T> start(w, c);
  const series_sum<T> sum = sum_series(terms, T(excess + 1.0), c, start.z);
  T series = (excess * start.z) * sum.value;
  auto good = sum.good;
  if (start.any_way) {
    const series_sum<T> slope = sum_series(ratios<T, 1>{a, excess + 1.0}, T(excess + 1.0), c, start.z);
    carried_solution<T> carried{start.rho, series, start.rho * (excess * slope.value),
                                mask_and(good, slope.good)};
    carried.halve(T(a - 1.0), excess, c_minus_1, T(excess * c_minus_1), start.halvings);
    series = select(start.way, carried.value, series);
    good = mask_or(mask_and(start.way, carried.good), mask_and(mask_not(start.way), good));
  }
  const T length = log1p(w);
  const T exponent = (1.0 - a) * length;
  const T head = c_minus_1 * (length * expm1_over(exponent));
  const T tail = exp(exponent) * series;
  const T result = head - tail;
  good = mask_and(good, abs(head) + abs(tail) <= 64.0 * result);
  if (all(good))
    return result;
  return select(good, result, beta_mean(a, b, stopped_events<T>{c, shape, w}));
}

/// See beta_stopping::survival.
template <class T, class Terms>
[[nodiscard]] EMPTOR_INLINE T beta_stopping_survival(const T& a, const T& excess, const Terms& terms,
                                                     const T& b, const T& shape, const T& w) noexcept {
  const T c = a + b;
  const start_and_way<T> start(w, c);
  const T B = excess + 1.0;
  const series_sum<T> sum = sum_series(terms, B, c, start.z);
  T series = sum.value;
  auto good = sum.good;
  if (start.any_way) {
    const series_sum<T> slope =
        sum_series(ratios<T, 1>{a + 1.0, excess + 2.0}, T(excess + 2.0), T(c + 1.0), start.z);
    carried_solution<T> carried{start.rho, series, start.rho * (a * B / c * slope.value),
                                mask_and(good, slope.good)};
    carried.halve(a, B, c, T(0.0), start.halvings);
    series = select(start.way, carried.value, series);
    const auto held = mask_and(carried.good, abs(series) >= (1.0 / 64.0) * abs(sum.value));
    good = mask_or(mask_and(start.way, held), mask_and(mask_not(start.way), good));
  }
  const T length = a * log1p(w);
  const T result = exp(-length) * series;
  good = mask_and(good, length < 600.0);
  if (all(good))
    return result;
  return select(good, result, beta_mean(a, b, not_stopped<T>{c, shape, w}));
}

} // namespace detail

/// The mean number of events and the probability that the process goes on, for one a and one excess and many b,
/// shape and w: what depends on these two alone, which are the same in all rows of a pack, is worked out once.
///
/// With z = w / (1 + w) Euler's transformation leaves series in z, in which the parameters a and
/// excess = a + b - 1 - shape do not grow with the events so far, so that in BG/NBD they are the same for all rows.
/// Where a series would be slow (w > 15 and a + b small) it is taken before that point and carried on by its differential
/// equation; where its terms cancel (excess far below 0), a quadrature takes over.
template <class T>
class beta_stopping {
public:
  /// \param a       first shape of p, > 0
  /// \param excess  a + b - 1 - shape, which the caller can form without cancellation
  EMPTOR_INLINE beta_stopping(const T& a, const T& excess) noexcept
      : a_(a)
      , excess_(excess)
      , events_(a, T(excess + 1.0))
      , survival_(a, T(excess + 1.0)) {}

  /// Mean number of events until the time w: E[(1 - (1 + p w)^-shape) / p], with c = a + b
  ///
  ///     (c - 1) / (a - 1) [1 - (1 - z)^shape 2F1(shape, b; c - 1; z)]
  ///
  /// (equation 10 of Fader, Hardie and Lee 2005), which as it stands overflows for large shapes, is 0/0 at a = 1 and
  /// loses all digits for small w.
  /// \param b,shape  > 0; \param w  >= 0
  [[nodiscard]] EMPTOR_INLINE T events(const T& b, const T& shape, const T& w) const noexcept {
    return detail::beta_stopping_events(a_, excess_, events_, b, shape, w);
  }
  /// Probability that none of the events until the time w is the last one:
  /// E[(1 + p w)^-shape] = 2F1(shape, a; a + b; -w).
  [[nodiscard]] EMPTOR_INLINE T survival(const T& b, const T& shape, const T& w) const noexcept {
    return detail::beta_stopping_survival(a_, excess_, survival_, b, shape, w);
  }

private:
  T a_;
  T excess_;
  detail::tabled_ratios<T, 2> events_;
  detail::tabled_ratios<T, 1> survival_;
};

/// Mean number of events: beta_stopping<T>(a, excess).events(b, shape, w), with the same bits.
/// Relative error below 1e-13 for a, b from 1e-3 to 1e3, any shape, w and number of events so far up to 1e6.
template <class T>
[[nodiscard]] EMPTOR_INLINE T stop_at_beta_rate(const T& a, const T& b, const T& shape, const T& excess,
                                                const T& w) noexcept {
  return detail::beta_stopping_events(a, excess, detail::ratios<T, 2>{a, excess + 1.0}, b, shape, w);
}
/// Probability of no last event: beta_stopping<T>(a, excess).survival(b, shape, w), with the same bits.
template <class T>
[[nodiscard]] EMPTOR_INLINE T survive_beta_rate(const T& a, const T& b, const T& shape, const T& excess,
                                                const T& w) noexcept {
  return detail::beta_stopping_survival(a, excess, detail::ratios<T, 1>{a, excess + 1.0}, b, shape, w);
}

} // namespace emptor::math
