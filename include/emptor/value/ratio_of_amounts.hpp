// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <limits>

#include <emptor/core/money.hpp>
#include <emptor/core/proportion.hpp>
#include <emptor/math/real.hpp>

/// Ratios of exact amounts and counts, rounded once.
namespace emptor::value {

/// NaN where the number below is 0.
[[nodiscard]] inline double signed_ratio(wide_integer above, wide_integer below) noexcept {
  if (below == 0)
    return std::numeric_limits<double>::quiet_NaN();
  return math::value_of(math::real(nearest_double(above)) / math::real(nearest_double(below)));
}

/// NaN where the number below is not above 0: nothing divided by nothing says nothing, and a loss on a negative revenue would
/// look like a gain.
[[nodiscard]] inline double whole_ratio(wide_integer above, wide_integer below) noexcept {
  return below > 0 ? signed_ratio(above, below) : std::numeric_limits<double>::quiet_NaN();
}

/// What each of so many has of an amount, in whole units of the currency; NaN where there are none.
/// \param amount in minor units of so many decimals
[[nodiscard]] inline double mean_amount(wide_integer amount, std::int64_t of, int decimals) noexcept {
  return signed_ratio(amount, wide_integer{of} * power_of_ten(decimals));
}

/// Money a unit of a quantity; NaN where that is not above 0. \param quantity in millionths \param decimals of the amount
[[nodiscard]] inline double money_per_unit(std::int64_t amount, std::int64_t quantity,
                                           int decimals) noexcept {
  return whole_ratio(wide_integer{amount} * whole_quantity, wide_integer{quantity} * power_of_ten(decimals));
}

/// A quantity that is held in millionths.
[[nodiscard]] inline double in_units(std::int64_t quantity) noexcept {
  return signed_ratio(quantity, whole_quantity);
}

} // namespace emptor::value
