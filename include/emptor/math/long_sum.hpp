// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <emptor/math/dual.hpp>
#include <emptor/math/elementary.hpp>
#include <emptor/math/gauss_legendre.hpp>
#include <emptor/math/real.hpp>

namespace emptor::math {

namespace detail {

/// What the sum up to `edge` (between two whole numbers) has less than the integral up to there:
/// (1 / D - 1 / delta) f with the central difference delta = 2 sinh(D / 2).
template <class T, class F>
[[nodiscard]] T midpoint_excess(double edge, const F& f) {
  constexpr int orders = 4;
  constexpr double coefficients[orders] = {1.0 / 24.0, -17.0 / 5760.0, 367.0 / 967680.0,
                                           -27859.0 / 464486400.0};
  T differences[2 * orders];
  for (int i = 0; i < 2 * orders; ++i)
    differences[i] = f(edge + (i - orders) + 0.5);
  T excess(0.0);
  for (int order = 1, count = 2 * orders - 1; count > 0; ++order, --count) {
    for (int i = 0; i < count; ++i)
      differences[i] = differences[i + 1] - differences[i];
    if (order % 2 == 1)
      excess = excess + coefficients[order / 2] * differences[count / 2];
  }
  return excess;
}

} // namespace detail

/// f(first) + f(first + 1) + ... + f(last - 1) for a positive, falling f that changes little from one term to
/// the next, at a cost that grows with the log of the number of terms: Euler and Maclaurin's formula between
/// half-integers, with central differences, and the integral in panels that grow with `span`.
///
/// \param last  may be infinite, where f falls fast enough
/// \param f     takes a double; also called up to 4 outside the range. Needed: log f changes by no more than
///              about 0.05 from term to term, and is analytic within 50 of the range
/// \param span  of a double v: the length of a panel from v on; f may fall by e^6 within it, and must be
///              analytic as far away from its ends
/// \tparam T    real, or a dual number over it
template <class T, class F, class Span>
[[nodiscard]] T long_sum(double first, double last, const F& f, const Span& span) {
  constexpr int most_panels = 2000; // more than there are powers of two
  T sum(0.0);
  double at = first - 0.5;
  const double end = last - 0.5;
  bool rest = true;
  for (int panel = 0; panel < most_panels && at < end && rest; ++panel) {
    const double length = span(at);
    const bool ends = !(at + length < end);
    // Points of real numbers: those of doubles the caller's compiler could round once less.
    const T part =
        gauss_legendre<T>(real(at), real(ends ? end - at : length), [&](real v) { return f(value_of(v)); });
    sum = sum + part;
    at = ends ? end : at + length;
    rest = value_of(part) > 1e-20 * value_of(sum);
  }
  sum = sum + detail::midpoint_excess<T>(first - 0.5, f);
  return at < end ? sum : sum - detail::midpoint_excess<T>(end, f);
}

} // namespace emptor::math
