// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>

#include <emptor/math/continued_fraction.hpp>
#include <emptor/math/dual.hpp>
#include <emptor/math/elementary.hpp>
#include <emptor/math/expm1_over.hpp>
#include <emptor/math/iteration.hpp>
#include <emptor/math/real.hpp>

namespace emptor::math {

/// log of Gamma(x + n) / Gamma(x) for x > 0, n >= 0. For a small whole `n` it is the log of a product, which
/// keeps its digits where the two log Gammas would cancel (x large).
template <class T>
[[nodiscard]] T log_rising(const T& x, base_t<T> n) noexcept {
  const double count = value_of(n);
  for (int k = 0; k <= 12; ++k) {
    if (count == k) {
      T product(1.0);
      for (int i = 0; i < k; ++i)
        product = product * (x + static_cast<double>(i));
      return k == 0 ? T(0.0) : T(log(product));
    }
  }
  return lgamma(x + n) - lgamma(x);
}

namespace detail {

/// 2F1(1, b; b + d; z) by Gauss's continued fraction of its Euler transform (1/w) 2F1(1, d; b + d; -z/w) with
/// w = 1 - z:
///
///     1/(w + d z/(c + b z/((c+1) w + (d+1) c z/((c+2) + 2 (b+1) z/((c+3) w + ...))))),  c = b + d.
///
/// All terms are positive, so that nothing cancels however near to 1 z and b/c are. No division per step.
template <class T, std::size_t K>
EMPTOR_INLINE void fraction_1b(const T& b, const T& d, const T (&z)[K], const T (&w)[K], T (&f)[K]) noexcept {
  // A constant: with the derivatives of 1/c those of the convergents would be large and cancel.
  const base_t<T> h = 1.0 / (plain(b) + plain(d));
  const T ch = (b + d) * h;
  const T bh = b * h;
  const T dh = d * h;
  fraction<T> at[K];
  T z_scaled[K];
  T w_scaled[K];
  for (std::size_t k = 0; k < K; ++k) {
    at[k].low_top = T(1.0);
    at[k].low_bottom = w[k];
    at[k].high_top = ch;
    at[k].high_bottom = ch * w[k] + dh * z[k];
    // Keeps the convergents near 1, where c is huge or w tiny.
    const base_t<T> scale = scale_of(plain(w[k]) + (plain(d) + 1.0) * h);
    z_scaled[k] = z[k] * scale;
    w_scaled[k] = w[k] * scale;
  }
  mask_t<T> live = mask_true<T>();
  for (int m = 1; m <= 400 && any(live); ++m) {
    const double n = m;
    const base_t<T> shift = h * (n - 1.0);
    const T even = (h * n) * (bh + shift);
    const T odd = (dh + h * n) * (ch + shift);
    const T even_weight = ch + h * (2.0 * n - 1.0);
    const T odd_weight = ch + h * (2.0 * n);
    live = mask_not(mask_true<T>());
    for (std::size_t k = 0; k < K; ++k) {
      at[k].two_steps(m, even * z_scaled[k], even_weight * w_scaled[k], odd * z_scaled[k], odd_weight);
      live = mask_or(live, at[k].steps.live);
    }
  }
  for (std::size_t k = 0; k < K; ++k)
    f[k] = at[k].top / at[k].bottom;
}

/// 2F1(1, b; b + d; z) for a small w = 1 - z, given its value f at 1 - z = limit >= 2 w. With g = d - 1 it is
///
///     (c - 1) z^-b int_0^inf e^(-g t) (1 + (w/z) e^t)^-b dt.
///
/// The integral from the t on where (w/z) e^t is limit/(1 - limit) is again such a function, at the limit; the part
/// before it is summed over the binomial series, in which a whole g needs care but no formula of its own.
template <class T>
[[nodiscard]] EMPTOR_INLINE T connect_1b(const T& b, const T& d, const T& w, const base_t<T>& limit,
                                         const T& f) noexcept {
  const T g = d - 1.0;
  const T y = w / (1.0 - w);
  const base_t<T> y_limit = limit / (1.0 - limit);
  const T length = log(y_limit / y);
  const T rest = exp(-(g * length)); // e^(-g t) at the end of the first part
  // int e^((n - g) t) dt for the n next to g; for the others it is a quotient without cancellation.
  const T nearest = floor(g + 0.5);
  const T exponent = (nearest - g) * length;
  const T integral = length * expm1_over_series(exponent);
  const auto resonant = abs(exponent) < 0.5;
  T start(1.0); // (b)_n (-1)^n / n! times y^n
  T end = rest; // the same times y_limit^n rest
  T sum(0.0);
  iteration<T> steps;
  for (int n = 0; n <= 100 && any(steps.live); ++n) {
    const double order = n;
    const T term =
        select(mask_and(resonant, nearest == order), start * integral, (end - start) / (order - g));
    sum = select(steps.live, sum + term, sum);
    steps.next(n + 1, abs(term) <= 1e-17 * abs(sum));
    const T factor = (b + order) * (-1.0 / (order + 1.0));
    start = start * (factor * y);
    end = end * (factor * y_limit);
  }
  const auto b_first = b > d;
  const T c_minus_1 = (select(b_first, b, d) - 1.0) + select(b_first, d, b);
  return exp(-(b * log1p(-w))) * (c_minus_1 * sum + exp(b * log1p(-limit)) * (rest * f));
}

template <class T, std::size_t K>
EMPTOR_INLINE void hypergeometric_1b(const T& b, const T& d, const T (&z)[K], const T (&w)[K],
                                     T (&f)[K]) noexcept {
  // Where z is near 1 or b (1 - z) small, the fraction is slow: it is taken farther away and connected.
  const base_t<T> limit = 3.0 / max(plain(b), base_t<T>(24.0));
  mask_t<T> close[K];
  T far_z[K];
  T far_w[K];
  for (std::size_t k = 0; k < K; ++k) {
    close[k] = w[k] < 0.5 * limit;
    far_z[k] = select(close[k], T(1.0 - limit), z[k]);
    far_w[k] = select(close[k], T(limit), w[k]);
  }
  fraction_1b(b, d, far_z, far_w, f);
  for (std::size_t k = 0; k < K; ++k) {
    if (any(close[k]))
      f[k] = select(close[k], connect_1b(b, d, max(w[k], T(1e-300)), limit, f[k]), f[k]);
  }
}

} // namespace detail

/// 2F1(1, b; b + c_minus_b; z) at K arguments z at once: with c = b + c_minus_b the integrals
/// (c - 1) int_0^1 v^(c-2) (1 - z + z v)^-b dv, incomplete Beta functions of which the second parameter may be
/// negative.
///
/// \param b,c_minus_b  positive, their sum above 1; c - b apart because it cannot be had from a large c
/// \param z            0 <= z < 1
/// \param one_minus_z  1 - z, as the caller knows it without cancellation
/// Relative error about 4e-15 for b, c_minus_b from 1e-6 to 1e6 and 1 - z down to 1e-12, below 1e-13 down to
/// 1e-300; bounded work for any bits. The same bits for each z as alone.
template <plain_scalar T, std::size_t K>
EMPTOR_INLINE void hypergeometric_1b(const T& b, const T& c_minus_b, const T (&z)[K],
                                     const T (&one_minus_z)[K], T (&f)[K]) noexcept {
  detail::hypergeometric_1b(b, c_minus_b, z, one_minus_z, f);
}
/// \copydoc hypergeometric_1b
template <class T, std::size_t N, int Order, std::size_t K>
EMPTOR_INLINE void hypergeometric_1b(const dual<T, N, Order>& b, const dual<T, N, Order>& c_minus_b,
                                     const dual<T, N, Order> (&z)[K],
                                     const dual<T, N, Order> (&one_minus_z)[K],
                                     dual<T, N, Order> (&f)[K]) noexcept {
  // In its own three variables, whatever the number of variables outside.
  using own = dual<T, 3, Order>;
  own own_z[K];
  own own_w[K];
  own own_f[K];
  for (std::size_t k = 0; k < K; ++k) {
    own_w[k] = own::variable(one_minus_z[k].v, 2);
    own_z[k] = -own_w[k];
    own_z[k].v = z[k].v;
  }
  detail::hypergeometric_1b(own::variable(b.v, 0), own::variable(c_minus_b.v, 1), own_z, own_w, own_f);
  for (std::size_t k = 0; k < K; ++k)
    f[k] = compose(own_f[k], {b, c_minus_b, one_minus_z[k]});
}
/// \copydoc hypergeometric_1b
template <class T>
[[nodiscard]] EMPTOR_INLINE T hypergeometric_1b(const T& b, const T& c_minus_b, const T& z,
                                                const T& one_minus_z) noexcept {
  T f[1];
  hypergeometric_1b(b, c_minus_b, {z}, {one_minus_z}, f);
  return f[0];
}

/// int_0^inf (1 + u/A)^-p (1 + u/B)^-q du at K pairs (A, B) of scales at once, of which either all A or all B are the
/// larger ones: how long two things with Gamma-distributed rates (shapes p, q, scales A, B) both last on average.
///
/// \param p,q                positive exponents with p + q > 1
/// \param p_plus_q_minus_1   apart because it cannot be had from p and q near 1 and 0
/// Euler's transformation to min(A, B) / (p + q - 1) 2F1(1, b; p + q; 1 - min/max), b the exponent of the larger
/// scale, leaves a sum of positive terms whichever it is.
template <class T, std::size_t K>
EMPTOR_INLINE void power_product_integral(const T& p, const T& q, const T& p_plus_q_minus_1, const T (&A)[K],
                                          const T (&B)[K], T (&f)[K]) noexcept {
  const auto larger_a = A[0] > B[0];
  T low[K];
  T z[K];
  T ratio[K];
  for (std::size_t k = 0; k < K; ++k) {
    const T high = select(larger_a, A[k], B[k]);
    low[k] = select(larger_a, B[k], A[k]);
    z[k] = (high - low[k]) / high;
    ratio[k] = low[k] / high;
  }
  hypergeometric_1b(select(larger_a, p, q), select(larger_a, q, p), z, ratio, f);
  for (std::size_t k = 0; k < K; ++k)
    f[k] = (low[k] / p_plus_q_minus_1) * f[k];
}
/// \copydoc power_product_integral
template <class T>
[[nodiscard]] EMPTOR_INLINE T power_product_integral(const T& p, const T& q, const T& p_plus_q_minus_1,
                                                     const T& A, const T& B) noexcept {
  T f[1];
  power_product_integral(p, q, p_plus_q_minus_1, {A}, {B}, f);
  return f[0];
}

} // namespace emptor::math
