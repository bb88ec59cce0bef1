// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include <emptor/core/money.hpp>
#include <emptor/core/status.hpp>
#include <emptor/math/real.hpp>

/// Sums of money as columns hold them.
namespace emptor::value {

/// A sum in 64 bits. \param where begins the message \throws error status::overflow
[[nodiscard]] inline std::int64_t narrow_amount(wide_integer sum, std::string_view where) {
  constexpr std::int64_t limit = std::numeric_limits<std::int64_t>::max();
  if (sum > limit || sum < -limit)
    throw error(status::overflow, std::string(where) + ": a sum of money does not fit 64 bits");
  return static_cast<std::int64_t>(sum);
}

/// A number of whole units as minor units, rounded once, halves away from 0. \throws error status::overflow
[[nodiscard]] inline std::int64_t rounded_amount(double units, int decimals, std::string_view where) {
  const math::real scaled = math::abs(math::real(units)) * static_cast<double>(power_of_ten(decimals));
  if (!(scaled < 0x1p62))
    throw error(status::overflow, std::string(where) + ": an amount does not fit 64 bits");
  const auto size = static_cast<std::int64_t>(math::value_of(math::floor(scaled + 0.5)));
  return units < 0.0 ? -size : size;
}

} // namespace emptor::value
