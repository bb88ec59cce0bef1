// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <span>
#include <vector>

#include <emptor/core/money.hpp>

/// Parts of an amount, exact to the minor unit. A share counts as the decimal number that it was written as: 0.07 is seven
/// hundredths and not the double beside it, so that 7 % of 50.50 is 3.535 and rounds up.
///
/// Rounding of money is half away from zero (commercial rounding, 四舍五入), once, at the end of each figure. Half to even is
/// taken in one place alone: to read back the decimal number that a double was written as (`decimal_share`,
/// `minor_units_of`), where a half can only come from a number with more digits than count.
namespace emptor {

/// A share of 1 in `decimal_share`: twelve digits after the point count.
inline constexpr std::int64_t whole_share = 1'000'000'000'000;
/// Shares and rates that `decimal_share` can take.
inline constexpr double largest_share = 1e6;

/// The number of 10^-12 nearest to a share or rate. \param share finite, at most `largest_share` on either side of 0
[[nodiscard]] inline std::int64_t decimal_share(double share) noexcept {
  return static_cast<std::int64_t>(std::nearbyint(share * 1e12));
}

/// Quantities that are split or priced count to the millionth of their unit.
inline constexpr std::int64_t whole_quantity = 1'000'000;
inline constexpr double largest_quantity = 1e12;

/// The number of millionths nearest to a quantity. \param quantity at most `largest_quantity` on either side of 0
[[nodiscard]] inline std::int64_t decimal_quantity(double quantity) noexcept {
  return static_cast<std::int64_t>(std::nearbyint(quantity * static_cast<double>(whole_quantity)));
}

__extension__ typedef unsigned __int128 wide_unsigned;

/// A whole number of up to 512 bits: what seven factors of 64 bits can make, twice over.
class long_product {
public:
  explicit long_product(std::uint64_t first) noexcept { limbs_[0] = first; }

  void multiply(std::uint64_t factor) noexcept {
    wide_unsigned carry = 0;
    for (std::size_t i = 0; i < used_; ++i) {
      carry += static_cast<wide_unsigned>(limbs_[i]) * factor;
      limbs_[i] = static_cast<std::uint64_t>(carry);
      carry >>= 64;
    }
    if (carry != 0)
      limbs_[used_++] = static_cast<std::uint64_t>(carry);
  }
  void add(const long_product& other) noexcept {
    used_ = std::max(used_, other.used_);
    wide_unsigned carry = 0;
    for (std::size_t i = 0; i < used_; ++i) {
      carry += static_cast<wide_unsigned>(limbs_[i]) + other.limbs_[i];
      limbs_[i] = static_cast<std::uint64_t>(carry);
      carry >>= 64;
    }
    if (carry != 0)
      limbs_[used_++] = static_cast<std::uint64_t>(carry);
  }
  /// Leaves the whole part of the quotient.
  void divide(std::uint64_t divisor) noexcept {
    wide_unsigned rest = 0;
    for (std::size_t i = used_; i-- > 0;) {
      rest = rest << 64 | limbs_[i];
      limbs_[i] = static_cast<std::uint64_t>(rest / divisor);
      rest %= divisor;
    }
    while (used_ > 1 && limbs_[used_ - 1] == 0)
      --used_;
  }
  [[nodiscard]] bool is_at_most(std::uint64_t limit) const noexcept {
    return used_ == 1 && limbs_[0] <= limit;
  }
  [[nodiscard]] std::uint64_t low() const noexcept { return limbs_[0]; }

private:
  std::array<std::uint64_t, 8> limbs_{}; ///< the least first
  std::size_t used_ = 1;
};

/// Its size, also that of the smallest number.
[[nodiscard]] constexpr std::uint64_t magnitude_of(std::int64_t x) noexcept {
  return x < 0 ? 0 - static_cast<std::uint64_t>(x) : static_cast<std::uint64_t>(x);
}

/// n / the divisors as a whole number, halves up; exact. `no_amount` where it does not fit 63 bits.
[[nodiscard]] inline std::int64_t rounded_quotient(long_product n,
                                                   std::initializer_list<std::int64_t> divisors) noexcept {
  // Rounded is floor((2 n + d) / 2 d), and a floor may be taken one divisor after the other.
  long_product whole(1);
  for (const std::int64_t divisor : divisors)
    whole.multiply(magnitude_of(divisor));
  n.multiply(2);
  n.add(whole);
  for (const std::int64_t divisor : divisors)
    n.divide(magnitude_of(divisor));
  n.divide(2);
  return n.is_at_most(static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
             ? static_cast<std::int64_t>(n.low())
             : no_amount;
}

/// amount x the numerators / the denominators as a whole number, halves away from 0; exact whatever the factors.
/// \param numerators   at most five \param denominators at most five, each above 0
/// \return `no_amount` where it does not fit 64 bits, or where the amount is that
[[nodiscard]] inline std::int64_t proportion_of(std::int64_t amount,
                                                std::initializer_list<std::int64_t> numerators,
                                                std::initializer_list<std::int64_t> denominators) noexcept {
  if (amount == no_amount)
    return no_amount;
  long_product product(magnitude_of(amount));
  bool negative = amount < 0;
  for (const std::int64_t factor : numerators) {
    product.multiply(magnitude_of(factor));
    negative = negative != (factor < 0);
  }
  const std::int64_t size = rounded_quotient(product, denominators);
  return negative && size != no_amount ? -size : size;
}

/// A share of an amount in whole minor units, halves away from 0.
[[nodiscard]] inline std::int64_t share_of(std::int64_t amount, double share) noexcept {
  return proportion_of(amount, {decimal_share(share)}, {whole_share});
}

/// Splits an amount in proportion to weights, so that the parts add up to it. Each part gets its whole minor units; those
/// that remain go, one each, to the parts with the largest remainders, and where remainders are equal to the later part.
/// An amount below 0 is split as if it were above.
/// \param weights each in [0, 2^62), with a sum above 0 and below 2^63
/// \param parts   as many as weights
inline void split_in_proportion(std::int64_t amount, std::span<const std::int64_t> weights,
                                std::span<std::int64_t> parts) {
  wide_unsigned total = 0;
  for (const std::int64_t weight : weights)
    total += magnitude_of(weight);
  std::vector<wide_unsigned> remainders(weights.size());
  std::vector<std::size_t> order(weights.size());
  std::uint64_t left = magnitude_of(amount);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const wide_unsigned product = static_cast<wide_unsigned>(magnitude_of(amount)) * magnitude_of(weights[i]);
    const auto whole = static_cast<std::uint64_t>(product / total);
    remainders[i] = product % total;
    parts[i] = static_cast<std::int64_t>(whole);
    left -= whole;
    order[i] = i;
  }
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return remainders[a] != remainders[b] ? remainders[a] > remainders[b] : a > b;
  });
  for (std::size_t i = 0; i < left; ++i)
    ++parts[order[i]];
  for (std::size_t i = 0; amount < 0 && i < parts.size(); ++i)
    parts[i] = -parts[i];
}

} // namespace emptor
