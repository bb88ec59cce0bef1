// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include <emptor/core/status.hpp>

namespace emptor {

/// Sums of minor units, wide enough that 2^63 amounts of 64 bits cannot overflow it.
__extension__ typedef __int128 wide_integer;

/// The nearest double, ties to even. The conversion of 128 bits is a call of some length, which few numbers need.
[[nodiscard]] constexpr double nearest_double(wide_integer x) noexcept {
  const auto narrow = static_cast<std::int64_t>(x);
  return narrow == x ? static_cast<double>(narrow) : static_cast<double>(x);
}

/// An ISO 4217 code of three letters, or the unnamed currency of a store whose rows carry none.
class currency {
public:
  constexpr currency() noexcept = default;
  /// \throws error status::currency where `code` is not three letters A to Z.
  constexpr explicit currency(std::string_view code) {
    const auto parsed = parse(code);
    if (!parsed)
      throw error(status::currency, "a currency must be an ISO 4217 code of three capital letters");
    *this = *parsed;
  }
  [[nodiscard]] static constexpr std::optional<currency> parse(std::string_view code) noexcept {
    currency value;
    if (code.empty())
      return value;
    if (code.size() != 3)
      return std::nullopt;
    for (std::size_t i = 0; i < 3; ++i) {
      if (code[i] < 'A' || code[i] > 'Z')
        return std::nullopt;
      value.code_[i] = code[i];
    }
    return value;
  }
  [[nodiscard]] constexpr bool named() const noexcept { return code_[0] != '\0'; }
  [[nodiscard]] constexpr std::string_view code() const noexcept {
    return {code_.data(), named() ? std::size_t{3} : std::size_t{0}};
  }
  /// Digits after the decimal point of one unit (ISO 4217): 2 but for the listed ones and the unnamed
  /// currency.
  [[nodiscard]] constexpr int decimals() const noexcept {
    constexpr std::string_view none = "BIFCLPDJFGNFISKJPYKMFKRWPYGRWFUGXUYIVNDVUVXAFXOFXPF";
    constexpr std::string_view three = "BHDIQDJODKWDLYDOMRTND";
    constexpr std::string_view four = "CLFUYW";
    const auto listed = [this](std::string_view codes) {
      for (std::size_t i = 0; i < codes.size(); i += 3) {
        if (codes.substr(i, 3) == code())
          return true;
      }
      return false;
    };
    return listed(none) ? 0 : listed(three) ? 3 : listed(four) ? 4 : 2;
  }
  friend constexpr auto operator<=>(const currency&, const currency&) noexcept = default;

private:
  std::array<char, 3> code_{};
};

/// An exact amount: whole minor units (cents, fen) of one currency.
class money {
public:
  constexpr money(std::int64_t minor_units, currency of) noexcept
      : minor_units_(minor_units)
      , currency_(of) {}
  [[nodiscard]] constexpr std::int64_t minor_units() const noexcept { return minor_units_; }
  [[nodiscard]] constexpr currency of() const noexcept { return currency_; }

  /// \throws error status::currency where the currencies differ, status::overflow where the sum does not fit.
  friend constexpr money operator+(money left, money right) {
    must_match(left, right);
    std::int64_t sum = 0;
    if (__builtin_add_overflow(left.minor_units_, right.minor_units_, &sum))
      throw error(status::overflow, "a sum of money does not fit 64 bits");
    return {sum, left.currency_};
  }
  friend constexpr money operator-(money left, money right) {
    must_match(left, right);
    std::int64_t difference = 0;
    if (__builtin_sub_overflow(left.minor_units_, right.minor_units_, &difference))
      throw error(status::overflow, "a difference of money does not fit 64 bits");
    return {difference, left.currency_};
  }
  friend constexpr bool operator==(const money&, const money&) noexcept = default;

private:
  static constexpr void must_match(money left, money right) {
    if (left.currency_ != right.currency_)
      throw error(status::currency, "amounts of " + std::string(left.currency_.code()) + " and " +
                                        std::string(right.currency_.code()) + " cannot be added");
  }
  std::int64_t minor_units_;
  currency currency_;
};

/// What stands in place of minor units that are not there. No column admits it as a value: it has no opposite.
inline constexpr std::int64_t no_amount = std::numeric_limits<std::int64_t>::min();
/// 1 for `no_amount`, else 0. Its sign is the only one that is lost where 1 is taken away; comparisons of 64 bits are not in
/// every instruction set, this is, so that loops over columns go several rows at once.
[[nodiscard]] constexpr std::uint64_t missing_amounts(std::int64_t amount) noexcept {
  const auto bits = static_cast<std::uint64_t>(amount);
  return (bits & ~(bits - 1)) >> 63;
}
static_assert(missing_amounts(no_amount) == 1 && missing_amounts(0) == 0 && missing_amounts(-1) == 0);

/// Decimals that a store may keep: 10^9 minor units to a unit still leaves nine digits before the point.
inline constexpr int max_decimals = 9;

/// The decimals of a column of money whose rows are of currencies with unlike decimals: those of the currency
/// that the table's column `currency` names in the row. Its values are minor units all the same.
inline constexpr int decimals_of_row = -1;

[[nodiscard]] constexpr std::int64_t power_of_ten(int exponent) noexcept {
  std::int64_t power = 1;
  for (int i = 0; i < exponent; ++i)
    power *= 10;
  return power;
}

/// The minor units of a floating amount, or why it is none: it counts as money if it is the number nearest to
/// a whole number of minor units, or within a millionth of a minor unit of one.
[[nodiscard]] inline row_status minor_units_of(double amount, int decimals, std::int64_t& minor) noexcept {
  if (std::isnan(amount))
    return row_status::not_a_number;
  if (std::isinf(amount))
    return row_status::infinite;
  const auto scale = static_cast<double>(power_of_ten(decimals));
  const double scaled = amount * scale;
  if (!(std::abs(scaled) < 0x1p52))
    return row_status::too_large; // beyond 2^52 a double no longer tells one minor unit from the next
  // The product is rounded, so that the right number may be one beside the nearest.
  const double nearest = std::nearbyint(scaled);
  for (const double whole : {nearest, nearest - 1.0, nearest + 1.0}) {
    if (whole / scale == amount) {
      minor = static_cast<std::int64_t>(whole);
      return row_status::ok;
    }
  }
  // Above 2^32 minor units a double cannot show a millionth of one.
  if (!(std::abs(scaled) < 0x1p32 && std::abs(scaled - nearest) <= 1e-6))
    return row_status::not_exact;
  minor = static_cast<std::int64_t>(nearest);
  return row_status::ok;
}

/// The same for a whole number of `10^-scale` units (decimal128, decimal text).
[[nodiscard]] inline row_status minor_units_of(wide_integer amount, int scale, int decimals,
                                               std::int64_t& minor) noexcept {
  for (; scale > decimals; --scale) {
    if (amount % 10 != 0)
      return row_status::not_exact;
    amount /= 10;
  }
  constexpr auto limit = static_cast<wide_integer>(std::numeric_limits<std::int64_t>::max());
  for (; scale < decimals && amount <= limit && amount >= -limit; ++scale)
    amount *= 10;
  if (amount > limit || amount < -limit)
    return row_status::too_large;
  minor = static_cast<std::int64_t>(amount);
  return row_status::ok;
}

/// A decimal number written with digits, at most one point and a sign, as minor units.
[[nodiscard]] inline row_status minor_units_of(std::string_view text, int decimals,
                                               std::int64_t& minor) noexcept {
  constexpr auto limit = static_cast<wide_integer>(std::numeric_limits<std::int64_t>::max());
  wide_integer value = 0;
  int scale = -1;
  bool digits = false;
  const bool negative = !text.empty() && text.front() == '-';
  if (!text.empty() && (text.front() == '-' || text.front() == '+'))
    text.remove_prefix(1);
  if (text.find('.') != std::string_view::npos) { // zeros at the end carry nothing and may be any number
    while (text.back() == '0')
      text.remove_suffix(1);
  }
  for (const char c : text) {
    if (c == '.' && scale < 0) {
      scale = 0;
      continue;
    }
    if (c < '0' || c > '9')
      return row_status::not_a_number;
    digits = true;
    if (scale >= 0 && ++scale > decimals)
      return row_status::not_exact;
    value = value * 10 + (c - '0');
    if (value > limit)
      return row_status::too_large;
  }
  if (!digits)
    return row_status::not_a_number;
  return minor_units_of(negative ? -value : value, scale < 0 ? 0 : scale, decimals, minor);
}

/// Minor units as a decimal number, such as -12.05.
[[nodiscard]] inline std::string decimal_text(wide_integer minor, int decimals) {
  const bool negative = minor < 0;
  std::string digits;
  do {
    const auto digit = static_cast<int>(minor % 10);
    digits.insert(digits.begin(), static_cast<char>('0' + (digit < 0 ? -digit : digit)));
    minor /= 10;
  } while (minor != 0);
  if (decimals > 0) {
    while (digits.size() <= static_cast<std::size_t>(decimals))
      digits.insert(digits.begin(), '0');
    digits.insert(digits.end() - decimals, '.');
  }
  return negative ? "-" + digits : digits;
}

} // namespace emptor
