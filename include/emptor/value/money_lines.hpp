// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <emptor/core/money.hpp>
#include <emptor/core/status.hpp>
#include <emptor/core/text.hpp>
#include <emptor/math/real.hpp>

/// What reports over lines of money share: sums that must fit, and lines in the order of their keys.
namespace emptor::value::detail {

/// Whole numbers that must fit 64 bits, or the call is refused by name.
class fitting_amounts {
public:
  explicit fitting_amounts(std::string_view where) noexcept
      : where_(where) {}
  [[nodiscard]] std::int64_t operator()(wide_integer amount, std::string_view what,
                                        std::string_view whose) const {
    constexpr wide_integer limit = std::numeric_limits<std::int64_t>::max();
    if (amount > limit || amount < -limit)
      throw error(status::overflow, std::string(where_) + ": " + std::string(what) + " of " +
                                        shortened(whose) + " must fit 64 bits");
    return static_cast<std::int64_t>(amount);
  }
  void add(std::int64_t& to, wide_integer more, std::string_view what, std::string_view whose) const {
    to = (*this)(to + more, what, whose);
  }

private:
  std::string_view where_;
};

/// An amount of all customers together. \param where begins the message \throws error status::overflow
[[nodiscard]] inline std::int64_t amount_of_all(wide_integer sum, std::string_view where) {
  return fitting_amounts(where)(sum, "amount", "all customers");
}

/// A number of whole units as minor units, rounded once, halves away from 0. \throws error status::overflow
[[nodiscard]] inline std::int64_t rounded_amount(double units, int decimals, std::string_view where) {
  const math::real scaled = math::abs(math::real(units)) * static_cast<double>(power_of_ten(decimals));
  if (!(scaled < 0x1p62))
    throw error(status::overflow, std::string(where) + ": an amount does not fit 64 bits");
  const auto size = static_cast<std::int64_t>(math::value_of(math::floor(scaled + 0.5)));
  return units < 0.0 ? -size : size;
}

template <class Line, class Key>
void sort_lines(std::vector<Line>& lines, const Key& key_of) {
  const auto before = [&](const Line& left, const Line& right) { return key_of(left) < key_of(right); };
  if (!std::is_sorted(lines.begin(), lines.end(), before)) // those of a store are
    std::sort(lines.begin(), lines.end(), before);
}

} // namespace emptor::value::detail
