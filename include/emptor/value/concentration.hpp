// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/money.hpp>
#include <emptor/math/real.hpp>
#include <emptor/stats/radix_sort.hpp>
#include <emptor/value/money_lines.hpp>
#include <emptor/value/ratio_of_amounts.hpp>

/// How much of the whole comes from how few (客户集中度): ranks, ABC classes, tiers, Lorenz curve, Gini, HHI, top shares.
///
/// All figures come from exact sums of minor units; each share is one division of two of them. Equal totals always fall
/// in the same class and have the same rank, so that nothing depends on the order of the rows.
///
/// Customers whose total is below 0 are counted, ranked last and summed on their own; the shares, curves and indices are
/// of the others. With them in the whole, shares would exceed 1 and the curve would leave its square.
namespace emptor::value {

inline constexpr std::string_view concentration_name = "value.concentration";

/// To which class he belongs whose total crosses the line between two.
enum class crossing : std::int32_t {
  upper = 0, ///< to the upper: it is the least number of customers that reaches the share
  lower = 1, ///< to the lower: the upper class does not exceed its share
};
inline constexpr std::string_view crossing_names[] = {"upper", "lower"};

/// The nearest number of billionths to a share. \param share from 0 to 1
[[nodiscard]] inline std::int64_t billionths_of(double share) noexcept {
  return std::llround(math::value_of(math::real(share) * 1e9));
}

/// Shares of classes one after the other, as cuts in billionths of the whole; the last is the whole.
struct class_cuts {
  static constexpr std::int64_t whole = 1'000'000'000;
  std::vector<std::int64_t> cuts;

  /// \param shares each above 0, that add up to 1
  /// \throws error status::option
  [[nodiscard]] static class_cuts from_shares(std::string_view where, std::string_view option,
                                              std::span<const double> shares) {
    math::real sum(0.0);
    bool positive = !shares.empty();
    for (const double one : shares) {
      sum = sum + one;
      positive = positive && one > 0.0;
    }
    const double total = math::value_of(sum);
    if (!positive || !(std::abs(total - 1.0) <= 1e-9))
      throw error(status::option, message(where, "option " + std::string(option), -1, shown(shares),
                                          "shares above 0 that add up to 1"));
    class_cuts made;
    math::real reached(0.0);
    for (const double one : shares) {
      reached = reached + one;
      made.cuts.push_back(billionths_of(math::value_of(reached)));
    }
    made.cuts.back() = whole;
    return made;
  }
  [[nodiscard]] std::size_t size() const noexcept { return cuts.size(); }

  /// The class of what lies between two sums of a whole, both in the order from the largest. With a whole of 0 it is the
  /// last class.
  [[nodiscard]] std::size_t of(wide_integer before, wide_integer after, wide_integer of_whole,
                               crossing rule) const noexcept {
    if (of_whole <= 0)
      return cuts.size() - 1;
    for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
      const wide_integer line = cuts[i] * of_whole;
      if (rule == crossing::upper ? before * whole < line : after * whole <= line)
        return i;
    }
    return cuts.size() - 1;
  }

private:
  [[nodiscard]] static std::string shown(std::span<const double> shares) {
    std::string text;
    for (const double one : shares)
      text.append(text.empty() ? "" : ",").append(to_text(one));
    return text.empty() ? "empty" : text;
  }
};

/// A customer's total, and his place among the customers in the order of their bytes.
struct ranked_amount {
  std::int64_t amount = 0; ///< minor units
  std::uint32_t place = 0;
};

/// Customers from the largest total to the smallest, equal ones by place, with the sums from the top.
class ranked_amounts {
public:
  ranked_amounts() { top_.push_back(0); }
  /// \param of by place \param where begins messages
  /// \throws error status::overflow where the totals together do not fit 64 bits
  explicit ranked_amounts(std::vector<ranked_amount> of, std::string_view where = concentration_name)
      : all_(std::move(of)) {
    std::vector<ranked_amount> room;
    stats::radix_sort(
        std::span(all_),
        [](const ranked_amount& one) {
          return ~(static_cast<std::uint64_t>(one.amount) ^ (std::uint64_t{1} << 63));
        },
        room);
    const auto fitting = [&](wide_integer sum) { return detail::amount_of_all(sum, where); };
    top_.reserve(all_.size() + 1);
    top_.push_back(0);
    wide_integer sum = 0;
    for (; shared_ < all_.size() && all_[shared_].amount >= 0; ++shared_) {
      sum += all_[shared_].amount;
      top_.push_back(fitting(sum));
    }
    wide_integer below = 0;
    for (std::size_t i = shared_; i < all_.size(); ++i)
      below += all_[i].amount;
    negative_ = fitting(below);
  }

  [[nodiscard]] std::span<const ranked_amount> all() const noexcept { return all_; }
  /// How many have a total of 0 or more.
  [[nodiscard]] std::size_t shared() const noexcept { return shared_; }
  /// The sum of those, which shares are of.
  [[nodiscard]] std::int64_t total() const noexcept { return top_.back(); }
  /// The sum of the others.
  [[nodiscard]] std::int64_t negative_total() const noexcept { return negative_; }
  /// The sum of the largest `count` of the shared ones.
  [[nodiscard]] std::int64_t top(std::size_t count) const noexcept { return top_[count]; }
  /// A share of the total; NaN where that is 0.
  [[nodiscard]] double share(wide_integer part) const noexcept { return signed_ratio(part, total()); }

  /// One behind the last that has the same total as the one at `first`.
  [[nodiscard]] std::size_t end_of_ties(std::size_t first) const noexcept {
    std::size_t end = first + 1;
    while (end < all_.size() && all_[end].amount == all_[first].amount)
      ++end;
    return end;
  }
  /// Of each customer, in the order of `all`: of the shared by the sum of their totals, of others the last class.
  [[nodiscard]] std::vector<std::int32_t> classes_by_amount(const class_cuts& cuts, crossing rule) const {
    std::vector<std::int32_t> made(all_.size(), static_cast<std::int32_t>(cuts.size() - 1));
    for (std::size_t first = 0; first < shared_;) {
      const std::size_t end = end_of_ties(first);
      const std::size_t found = cuts.of(top_[first], top_[end], total(), rule);
      std::fill(made.begin() + static_cast<std::ptrdiff_t>(first),
                made.begin() + static_cast<std::ptrdiff_t>(end), static_cast<std::int32_t>(found));
      first = end;
    }
    return made;
  }
  /// The same by how many customers there are, whatever their totals.
  [[nodiscard]] std::vector<std::int32_t> classes_by_count(const class_cuts& cuts, crossing rule) const {
    std::vector<std::int32_t> made(all_.size());
    for (std::size_t first = 0; first < all_.size();) {
      const std::size_t end = end_of_ties(first);
      const std::size_t found = cuts.of(static_cast<std::int64_t>(first), static_cast<std::int64_t>(end),
                                        static_cast<std::int64_t>(all_.size()), rule);
      std::fill(made.begin() + static_cast<std::ptrdiff_t>(first),
                made.begin() + static_cast<std::ptrdiff_t>(end), static_cast<std::int32_t>(found));
      first = end;
    }
    return made;
  }
  /// The least number of customers whose totals reach a share of all, in billionths.
  [[nodiscard]] std::size_t needed(std::int64_t billionths) const noexcept {
    const wide_integer line = wide_integer{billionths} * total();
    const auto at = std::partition_point(top_.begin(), top_.end(), [&](std::int64_t sum) {
      return wide_integer{sum} * class_cuts::whole < line;
    });
    return static_cast<std::size_t>(at - top_.begin());
  }

private:
  std::vector<ranked_amount> all_;
  std::vector<std::int64_t> top_;
  std::size_t shared_ = 0;
  std::int64_t negative_ = 0;
};

/// What indices of concentration say of the totals that are 0 or more.
struct concentration_indices {
  double gini =
      std::numeric_limits<double>::quiet_NaN(); ///< NaN where the total is 0, as all of them are then
  double gini_unbiased = std::numeric_limits<double>::quiet_NaN(); ///< NaN for one customer too
  double hhi = std::numeric_limits<double>::quiet_NaN();
  double normalised_hhi = std::numeric_limits<double>::quiet_NaN(); ///< NaN for one customer too
  double effective_customers = std::numeric_limits<double>::quiet_NaN();
};

/// With totals x(1) <= ... <= x(n) of sum S:
/// Gini coefficient (基尼系数) G = (2 sum of i x(i) - (n + 1) S) / (n S), between 0 (all equal) and 1 - 1/n; unbiased
/// n G / (n - 1), between 0 and 1 (C. Gini, 1912; the form for a whole population).
/// Herfindahl-Hirschman index (赫芬达尔指数) H = sum of (x / S)^2, between 1/n and 1; normalised (H - 1/n) / (1 - 1/n);
/// effective number of customers 1 / H, as many equal ones would be as concentrated.
/// Both come from sums that are exact in 128 bits. So does the normalised one: with S = q n + r, and y the distances of the
/// totals from q, n sum of x^2 - S^2 is n sum of y^2 - r^2, in which nothing large is taken from anything large.
[[nodiscard]] inline concentration_indices indices_of(const ranked_amounts& of) noexcept {
  concentration_indices made;
  const auto n = static_cast<std::int64_t>(of.shared());
  const wide_integer sum = of.total();
  if (sum == 0)
    return made;
  wide_integer weighted = 0; // the sum of i x(i): the largest is in all n sums from the top, and so on
  wide_integer squares = 0;
  for (std::size_t i = 0; i < of.shared(); ++i) {
    weighted += of.top(i + 1);
    squares += wide_integer{of.all()[i].amount} * of.all()[i].amount;
  }
  const wide_integer above = 2 * weighted - (n + 1) * sum;
  made.gini = signed_ratio(above, n * sum);
  made.hhi = signed_ratio(squares, sum * sum);
  made.effective_customers = signed_ratio(sum * sum, squares);
  if (n > 1) {
    made.gini_unbiased = signed_ratio(above, (n - 1) * sum);
    const wide_integer whole = sum / n;
    const wide_integer rest = sum % n;
    wide_integer distances = 0; // at most the sum of squares
    for (const ranked_amount& one : of.all().first(of.shared()))
      distances += (one.amount - whole) * (one.amount - whole);
    // There are at most 2^32 customers; beside 2^94 the square of the rest by n is less than half a bit of a double.
    const math::real above_equal = distances < wide_integer{1} << 94
                                       ? math::real(nearest_double(n * distances - rest * rest))
                                       : math::real(nearest_double(distances)) * static_cast<double>(n);
    const math::real most = math::real(nearest_double(sum * sum)) * static_cast<double>(n - 1);
    made.normalised_hhi = std::min(math::value_of(above_equal / most), 1.0);
  }
  return made;
}

/// How many customers a share of them is: the whole number below (floor), as the usual tables of top shares count.
/// \param billionths of the customers
[[nodiscard]] constexpr std::size_t floor_of_share(std::size_t customers, std::int64_t billionths) noexcept {
  return static_cast<std::size_t>(wide_integer{billionths} * static_cast<std::int64_t>(customers) /
                                  class_cuts::whole);
}

/// The middle of the totals of all customers; of an even number the mean of the two in the middle. NaN where there is
/// none. \param scale minor units of a unit
[[nodiscard]] inline double median_of(const ranked_amounts& of, double scale) noexcept {
  const std::span<const ranked_amount> all = of.all();
  if (all.empty())
    return std::numeric_limits<double>::quiet_NaN();
  const wide_integer both = wide_integer{all[(all.size() - 1) / 2].amount} + all[all.size() / 2].amount;
  return math::value_of(math::real(nearest_double(both)) / (math::real(2.0) * scale));
}

} // namespace emptor::value
