// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include <emptor/core/column.hpp>
#include <emptor/core/money.hpp>

namespace emptor {

/// A decimal number kept exactly, such as a rate of exchange: `value` x 10^-`scale`. It has no zero at its end
/// behind the point, so that equal numbers are equal members.
struct exact_decimal {
  std::int64_t value = 0;
  std::int32_t scale = 0; ///< 0 to 12

  friend bool operator==(const exact_decimal&, const exact_decimal&) = default;
};

/// Digits behind the point that an exact decimal may have.
inline constexpr int max_decimal_scale = 12;

/// The decimal `value` x 10^-`scale`. \return not_exact beyond 12 digits behind the point, too_large beyond 64 bits
[[nodiscard]] constexpr row_status decimal_of(wide_integer value, int scale, exact_decimal& made) noexcept {
  while (scale > 0 && value % 10 == 0) {
    value /= 10;
    --scale;
  }
  if (scale > max_decimal_scale)
    return row_status::not_exact;
  constexpr auto limit = static_cast<wide_integer>(std::numeric_limits<std::int64_t>::max());
  for (; scale < 0 && value <= limit && value >= -limit; ++scale)
    value *= 10;
  if (value > limit || value < -limit)
    return row_status::too_large;
  made = {static_cast<std::int64_t>(value), scale};
  return row_status::ok;
}

/// A share as whole millionths; none where it is not a whole number of them. \param share within 2^32
[[nodiscard]] inline std::optional<std::int64_t> millionths_of(double share) noexcept {
  constexpr double million = 1e6;
  const double whole = std::floor(share * million + 0.5);
  return whole / million == share ? std::optional(static_cast<std::int64_t>(whole)) : std::nullopt;
}

/// A number written with digits, at most one point and a sign, whatever the locale.
[[nodiscard]] constexpr row_status decimal_of(std::string_view text, exact_decimal& made) noexcept {
  const bool negative = !text.empty() && text.front() == '-';
  if (!text.empty() && (text.front() == '-' || text.front() == '+'))
    text.remove_prefix(1);
  if (text.find('.') != std::string_view::npos) {
    while (text.back() == '0')
      text.remove_suffix(1);
  }
  wide_integer value = 0;
  int scale = -1;
  bool digits = false;
  for (const char c : text) {
    if (c == '.' && scale < 0) {
      scale = 0;
      continue;
    }
    if (c < '0' || c > '9')
      return row_status::not_a_number;
    digits = true;
    if (scale >= 0 && ++scale > max_decimal_scale)
      return row_status::not_exact;
    value = value * 10 + (c - '0');
    if (value > std::numeric_limits<std::int64_t>::max())
      return row_status::too_large;
  }
  if (!digits)
    return row_status::not_a_number;
  return decimal_of(negative ? -value : value, scale < 0 ? 0 : scale, made);
}

/// The shortest decimal that reads back as a number: 7.1 and not the binary number beside it.
template <class Float>
[[nodiscard]] row_status shortest_decimal(Float number, exact_decimal& made) noexcept {
  if (!(std::abs(static_cast<double>(number)) < 0x1p63))
    return std::isnan(number) ? row_status::not_a_number : row_status::too_large;
  std::array<char, 512> digits{}; // more than any double below 2^63 has without an exponent
  const auto written = std::to_chars(digits.begin(), digits.end(), number, std::chars_format::fixed);
  if (written.ec != std::errc{})
    return row_status::not_exact;
  return decimal_of(std::string_view(digits.data(), static_cast<std::size_t>(written.ptr - digits.begin())),
                    made);
}

/// One value of a column of numbers. A floating one is the shortest decimal that reads back as it: 7.1 and not
/// the binary number beside it.
[[nodiscard]] inline row_status read_decimal(const column_view& column, std::int64_t row,
                                             exact_decimal& made) noexcept {
  if (!column.is_valid(row))
    return row_status::missing;
  if (column.type == dtype::decimal128)
    return decimal_of(detail::load<wide_integer>(column, row), column.unit, made);
  if (column.type != dtype::float64 && column.type != dtype::float32) {
    std::int64_t whole = 0;
    const row_status status = read_integer(column, row, whole);
    return status == row_status::ok ? decimal_of(whole, 0, made) : status;
  }
  double number = 0.0;
  if (const row_status status = read_number(column, row, number); status != row_status::ok)
    return status;
  return column.type == dtype::float32 ? shortest_decimal(detail::load<float>(column, row), made)
                                       : shortest_decimal(number, made);
}

[[nodiscard]] inline std::string to_text(const exact_decimal& number) {
  return decimal_text(number.value, number.scale);
}

/// The whole number nearest to `numerator / denominator`, of two that are as near the even one.
/// \param denominator above 0
[[nodiscard]] constexpr wide_integer divided_half_to_even(wide_integer numerator,
                                                          wide_integer denominator) noexcept {
  const wide_integer magnitude = numerator < 0 ? -numerator : numerator;
  wide_integer quotient = magnitude / denominator;
  const wide_integer rest = magnitude % denominator;
  if (rest > denominator - rest || (rest == denominator - rest && quotient % 2 != 0))
    ++quotient;
  return numerator < 0 ? -quotient : quotient;
}

/// Minor units of one currency in minor units of another, exactly, rounded once and half to even.
/// \param rate how many units of the other currency one unit is worth
/// \return nothing where the answer does not fit 64 bits
[[nodiscard]] constexpr std::optional<std::int64_t> converted(std::int64_t minor, const exact_decimal& rate,
                                                              int from_decimals, int to_decimals) noexcept {
  constexpr auto limit = static_cast<wide_integer>(std::numeric_limits<std::int64_t>::max());
  wide_integer product = static_cast<wide_integer>(minor) * rate.value; // two of 64 bits: below 2^127
  int exponent = rate.scale + from_decimals - to_decimals;
  if (exponent > 0)
    product = divided_half_to_even(product, power_of_ten(exponent));
  for (; exponent < 0 && product <= limit && product >= -limit; ++exponent)
    product *= 10;
  if (product > limit || product < -limit)
    return std::nullopt;
  return static_cast<std::int64_t>(product);
}

} // namespace emptor
