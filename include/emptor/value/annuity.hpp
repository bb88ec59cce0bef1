// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <bit>
#include <cstdint>
#include <limits>
#include <string_view>

#include <emptor/math/elementary.hpp>
#include <emptor/math/expm1_over.hpp>
#include <emptor/math/real.hpp>

/// What one unit a period is worth today (年金现值系数), growing or constant, for some periods or for ever.
///
/// All of them are one geometric sum, written with the logarithm of its ratio so that it is regular where growth equals
/// the rate, where the rate is 0, and where the periods are so many that the ratio's power is nothing.
namespace emptor::value {

/// When a period's money comes.
enum class payment_timing : std::int32_t {
  end = 0,    ///< on its last day: an ordinary annuity
  start = 1,  ///< on its first day: an annuity due
  middle = 2, ///< half a period in
  spread = 3, ///< evenly over the period
};
inline constexpr std::string_view payment_timing_names[] = {"end", "start", "middle", "spread"};

/// How a rate of a period discounts: by 1 + rate, or by e^rate; growth is of the same kind.
enum class rate_kind : std::int32_t { effective = 0, continuous = 1 };
inline constexpr std::string_view rate_kind_names[] = {"effective", "continuous"};

/// 1 + x + x^2 + ... of n terms, from log x. \param n  >= 0; of 0 terms it is 0
template <class T>
[[nodiscard]] EMPTOR_INLINE T geometric_sum(const T& log_ratio, const T& n) noexcept {
  using math::abs;
  using math::all;
  using math::any;
  using math::exp;
  using math::expm1;
  using math::expm1_over;
  using math::select;
  const auto far = abs(log_ratio) >= 0.25;
  const auto grows = log_ratio > 0.0;
  const T falls = -abs(log_ratio); // counted from the largest term: nothing overflows but the sum
  T sum = expm1(T(falls * n)) / expm1(falls);
  if (any(grows))
    sum = select(grows, T(sum * exp(T(log_ratio * (n - 1.0)))), sum);
  if (!all(far))
    sum = select(far, sum, T(n * (expm1_over(T(log_ratio * n)) / expm1_over(log_ratio))));
  return select(n > 0.0, sum, T(0.0));
}
/// The same without an end; NaN where it has none, that is for x >= 1.
template <class T>
[[nodiscard]] EMPTOR_INLINE T geometric_series(const T& log_ratio) noexcept {
  using math::expm1;
  using math::select;
  return select(log_ratio < 0.0, T(T(-1.0) / expm1(log_ratio)), T(math::detail::not_a_number));
}

/// The first or, where n is infinite, the second.
template <class T>
[[nodiscard]] EMPTOR_INLINE T sum_of_geometric(const T& log_ratio, const T& n) noexcept {
  using math::any;
  using math::select;
  const auto ends = n < math::detail::infinity;
  const T endless = geometric_series(log_ratio);
  return any(ends) ? T(select(ends, T(geometric_sum(log_ratio, n)), endless)) : endless;
}

/// The logarithm of (1 + growth) / (1 + rate), or growth - rate; exact where both are close.
/// \param growth,rate  > -1 where effective
template <class T>
[[nodiscard]] EMPTOR_INLINE T log_growth_over_rate(const T& growth, const T& rate, rate_kind how) noexcept {
  using math::log1p;
  if (how == rate_kind::continuous)
    return growth - rate;
  return log1p(T((growth - rate) / (1.0 + rate)));
}

/// What money of a period is worth at its start. \param rate  as above
template <class T>
[[nodiscard]] EMPTOR_INLINE T within_period(const T& rate, rate_kind how, payment_timing when) noexcept {
  using math::exp;
  using math::expm1_over;
  using math::log1p;
  const T force = how == rate_kind::continuous ? rate : T(log1p(rate));
  switch (when) {
  case payment_timing::end:
    return how == rate_kind::continuous ? T(exp(-force)) : T(1.0 / (1.0 + rate));
  case payment_timing::start:
    return T(1.0);
  case payment_timing::middle:
    return exp(T(force * -0.5));
  case payment_timing::spread:
    return expm1_over(T(-force));
  }
  return T(math::detail::not_a_number);
}

/// The rate at which something that holds at low rates and not at high ones turns; NaN where it holds at all or at none.
/// \param holds  called as `holds(1 + rate)`; doubles above 0 lie in the order of their bits, so that the search ends
template <class Holds>
[[nodiscard]] double turning_rate(const Holds& holds) noexcept {
  auto low = std::bit_cast<std::uint64_t>(0x1p-53);
  auto high = std::bit_cast<std::uint64_t>(0x1p52);
  const auto at = [&](std::uint64_t bits) { return holds(std::bit_cast<double>(bits)); };
  if (!at(low) || at(high))
    return std::numeric_limits<double>::quiet_NaN();
  while (high - low > 1) {
    const std::uint64_t middle = low + (high - low) / 2;
    (at(middle) ? low : high) = middle;
  }
  return math::value_of(math::real(std::bit_cast<double>(low)) - 1.0);
}

} // namespace emptor::value
