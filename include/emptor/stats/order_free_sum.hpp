// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>

#include <emptor/core/money.hpp>
#include <emptor/math/real.hpp>

namespace emptor::stats {

/// A sum of numbers in [0, 1] that has the same bits in any order: fixed point with 124 binary digits behind the point, of
/// which a number below 2^-72 loses some. Up to 2^32 numbers.
class order_free_sum {
public:
  void add(double x) noexcept {
    constexpr double scale = 0x1p62;
    const double scaled = x * scale;
    const auto whole = static_cast<std::int64_t>(scaled);
    whole_ += whole;
    rest_ += static_cast<std::int64_t>((scaled - static_cast<double>(whole)) * scale);
  }
  [[nodiscard]] double value() const noexcept {
    return math::value_of(math::real(static_cast<double>(whole_)) * 0x1p-62 +
                          math::real(static_cast<double>(rest_)) * 0x1p-124);
  }

private:
  wide_integer whole_ = 0;
  wide_integer rest_ = 0;
};

/// A sum of any numbers below 2^63 that has the same bits in any order: whole numbers apart from fractions, of which 64
/// binary digits count. Up to 2^32 numbers.
class order_free_total {
public:
  /// \return false where the number is none, or too large; it does not count then
  bool add(double x) noexcept {
    constexpr double limit = 0x1p63;
    if (!(x > -limit && x < limit))
      return false;
    const auto whole = static_cast<std::int64_t>(x);
    whole_ += whole;
    rest_ += static_cast<wide_integer>((x - static_cast<double>(whole)) * 0x1p64);
    return true;
  }
  void add(const order_free_total& other) noexcept {
    whole_ += other.whole_;
    rest_ += other.rest_;
  }
  [[nodiscard]] double value() const noexcept {
    constexpr wide_integer one = wide_integer{1} << 64;
    wide_integer whole = whole_ + rest_ / one;
    wide_integer rest = rest_ % one;
    if (rest < 0) { // the fraction has the sign of the whole, so that both are rounded towards the same side
      whole -= 1;
      rest += one;
    }
    if (whole < 0 && rest > 0) {
      whole += 1;
      rest -= one;
    }
    return math::value_of(math::real(nearest_double(whole)) + math::real(nearest_double(rest)) * 0x1p-64);
  }

private:
  wide_integer whole_ = 0;
  wide_integer rest_ = 0; ///< in 2^-64
};

} // namespace emptor::stats
