// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <emptor/core/money.hpp>
#include <emptor/core/text.hpp>

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

template <class Line, class Key>
void sort_lines(std::vector<Line>& lines, const Key& key_of) {
  const auto before = [&](const Line& left, const Line& right) { return key_of(left) < key_of(right); };
  if (!std::is_sorted(lines.begin(), lines.end(), before)) // those of a store are
    std::sort(lines.begin(), lines.end(), before);
}

} // namespace emptor::value::detail
