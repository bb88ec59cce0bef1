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

} // namespace emptor::stats
