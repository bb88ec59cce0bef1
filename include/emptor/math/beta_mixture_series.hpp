// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <emptor/math/continued_fraction.hpp>
#include <emptor/math/elementary.hpp>
#include <emptor/math/iteration.hpp>
#include <emptor/math/pack.hpp>
#include <emptor/math/real.hpp>

/// Hypergeometric series for one pair of upper parameters and many lower parameters and arguments.
namespace emptor::math::detail {

/// The most terms that a sum takes.
inline constexpr int most_terms = 512;

/// 1 / n: a division in the loop would take longer than all the rest of it.
struct reciprocal_table {
  double of[most_terms + 2];
  constexpr reciprocal_table() noexcept
      : of{} {
    for (int n = 1; n < most_terms + 2; ++n)
      of[n] = 1.0 / n;
  }
};
inline constexpr reciprocal_table reciprocal;

/// The ratios of four terms of sum (A)_n (B)_n / ((c)_n (First)_n) z^n to the one before them, without their
/// z^k and lower parameter: ratio[k] z^(k+1) / (d_0 ... d_k) with d_k = (c + n + k) / (n + k + 1).
template <class T>
struct four_ratios {
  T ratio[4];
};

/// They, computed as asked for.
/// \tparam First  1 for 2F1(A, B; c; z), 2 for 3F2(A, B, 1; c, 2; z)
template <class T, int First>
struct ratios {
  T A;
  T B;
  static constexpr int tabled = 0;
  [[nodiscard]] EMPTOR_INLINE four_ratios<T> after(int n) const noexcept {
    four_ratios<T> four;
    T product(1.0);
    for (int k = 0; k < 4; ++k) {
      const double i = n + k;
      product = product * (((A + i) * (B + i)) * (reciprocal.of[n + k + 1] * reciprocal.of[n + k + First]));
      four.ratio[k] = product;
    }
    return four;
  }
};

/// A number of a pack that has the same in all rows.
template <class T>
[[nodiscard]] EMPTOR_INLINE auto of_one_row(const T& x) noexcept {
  if constexpr (plain_scalar<T>)
    return lane_access<T>::get(x, 0);
  else
    return x;
}

/// They, the first of them from a table, for parameters that are the same for all rows.
template <class T, int First>
class tabled_ratios {
public:
  EMPTOR_INLINE tabled_ratios(const T& A, const T& B) noexcept
      : later_{A, B} {
    const ratios<ratio, First> first{of_one_row(A), of_one_row(B)};
    for (int i = 0; i < size; ++i)
      table_[i] = first.after(4 * i);
  }
  [[nodiscard]] EMPTOR_INLINE four_ratios<T> after(int n) const noexcept { return later_.after(n); }

  static constexpr int tabled = 4 * 32;
  [[nodiscard]] EMPTOR_INLINE const auto& in_table(int n) const noexcept { return table_[n / 4]; }

private:
  static constexpr int size = tabled / 4;
  using ratio = decltype(of_one_row(T()));
  ratios<T, First> later_;
  four_ratios<ratio> table_[size];
};

/// A sum, and whether its terms ended and did not cancel by more than six bits.
template <class T>
struct series_sum {
  T value;
  mask_t<T> good;
};

/// sum (A)_n (B)_n / ((c)_n (First)_n) z^n for 0 <= z < 1 and A, c > 0, without a division per term: the terms are
/// brought to a common denominator, four at a time, and looked at after eight.
template <class Ratios, class T>
[[nodiscard]] EMPTOR_INLINE series_sum<T> sum_series(const Ratios& terms, const T& B, const T& c,
                                                     const T& z) noexcept {
  using base = base_t<T>;
  const T z2 = z * z;
  const T z3 = z2 * z;
  const T z4 = z2 * z2;
  const T c_minus_1 = c - 1.0;
  T term(1.0); // over `below`, as is the sum
  T sum(1.0);
  T below(1.0);
  T value(1.0); // what a row ended with
  T value_below(1.0);
  const auto mixed = plain(B) < 0.0; // signs of the terms
  const bool any_mixed = any(mixed);
  base sizes(1.0); // of all terms, over `below`
  base value_sizes(1.0);
  iteration<T> steps;
  const auto add_four = [&](int n, const auto& four) noexcept {
    T d[4];
    for (int k = 0; k < 4; ++k)
      d[k] = 1.0 + c_minus_1 * reciprocal.of[n + k + 1];
    const T all = (d[0] * d[1]) * (d[2] * d[3]);
    const T added =
        ((four.ratio[0] * d[1] + four.ratio[1] * z) * d[2] + four.ratio[2] * z2) * d[3] + four.ratio[3] * z3;
    const T from = term * z;
    if (any_mixed) {
      const base z_plain = plain(z);
      const base added_size =
          ((abs(plain(four.ratio[0])) * plain(d[1]) + abs(plain(four.ratio[1])) * z_plain) * plain(d[2]) +
           abs(plain(four.ratio[2])) * plain(z2)) *
              plain(d[3]) +
          abs(plain(four.ratio[3])) * plain(z3);
      sizes = sizes * plain(all) + abs(plain(from)) * added_size;
    }
    sum = sum * all + from * added;
    term = term * (four.ratio[3] * z4);
    below = below * all;
  };
  const auto add = [&](int n, const auto& first, const auto& second) noexcept {
    add_four(n, first);
    add_four(n + 4, second);
    if (any_mixed)
      value_sizes = select(steps.live, sizes, value_sizes);
    value = select(steps.live, sum, value);
    value_below = select(steps.live, below, value_below);
    steps.next(n + 8, abs(term) <= 1e-17 * abs(sum));
    const auto large = plain(below) > 1e100;
    if (any(large)) {
      const base scale = select(large, scale_of(plain(below)), base(1.0));
      term = term * scale;
      sum = sum * scale;
      below = below * scale;
      sizes = sizes * scale;
    }
  };
  int n = 0;
  if constexpr (Ratios::tabled > 0)
    for (; n < Ratios::tabled && any(steps.live); n += 8)
      add(n, terms.in_table(n), terms.in_table(n + 4));
  for (; n < most_terms && any(steps.live); n += 8)
    add(n, terms.after(n), terms.after(n + 4));
  const auto cancelled = mask_and(mixed, mask_not(value_sizes <= 64.0 * abs(plain(value))));
  const T result = value / value_below;
  const auto ended = mask_and(mask_not(steps.live), abs(result) < 1e300);
  return {result, mask_and(ended, mask_not(cancelled))};
}

/// A solution F of the hypergeometric equation z (1 - z) F'' + (C - (A + B + 1) z) F' - A B F = R at z = 1 - rho, as
/// value and slope = rho F'(z). Regular at z = 0, it can be carried towards z = 1 from halfway there: a Taylor
/// series halves rho.
template <class T>
struct carried_solution {
  T rho;
  T value;
  T slope;
  mask_t<T> good;

  /// Halves rho `times` times, which need not be the same for all rows.
  EMPTOR_INLINE void halve(const T& A, const T& B, const T& C, const T& R, const base_t<T>& times) noexcept {
    const T sum_of_both = A + B + 1.0;
    for (int time = 1; time <= 1100 && any(mask_and(good, base_t<T>(time) <= times)); ++time) {
      const auto live = base_t<T>(time) <= times;
      const T inverse = 0.5 / (1.0 - rho);
      const T growth = (1.0 - 2.0 * rho) * inverse;
      const T constant = ((sum_of_both - C) - sum_of_both * rho) * inverse;
      const T factor = (0.5 * rho) * inverse;
      T before = value; // terms n and n + 1 of the series, at half the distance
      T term = 0.5 * slope;
      T end = value + term;
      T end_slope = term;
      iteration<T> steps;
      for (int n = 0; n < most_terms - 1 && any(mask_and(live, steps.live)); ++n) {
        const double order = n;
        T next =
            ((constant + growth * order) * reciprocal.of[n + 2]) * term +
            (factor * (((A + order) * (B + order)) * (reciprocal.of[n + 1] * reciprocal.of[n + 2]))) * before;
        if (n == 0)
          next = next + 0.5 * (factor * R);
        before = term;
        term = next;
        end = select(steps.live, end + term, end);
        end_slope = select(steps.live, end_slope + term * (order + 2.0), end_slope);
        steps.next(n + 1, (abs(term) + abs(before)) * (order + 2.0) <= 1e-17 * (abs(end) + abs(end_slope)));
      }
      rho = select(live, 0.5 * rho, rho);
      value = select(live, end, value);
      slope = select(live, end_slope, slope);
      good = mask_and(good, mask_or(mask_not(live), mask_not(steps.live)));
    }
  }
};

} // namespace emptor::math::detail
