// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include <emptor/core/money.hpp>
#include <emptor/core/run.hpp>
#include <emptor/math/real.hpp>
#include <emptor/stats/radix_sort.hpp>

/// Whole numbers (days, orders, minor units) in a few groups of neighbours: by ranks, by quantiles of nine types, or as
/// clusters. A number's group depends on its value alone, so that equal numbers always share one and the order of the
/// rows does not matter.
///
/// Groups are told by their ends: the largest number of each but the last, ascending. The last one has no end, so that
/// every number has a group. Two equal ends are a group without numbers.
namespace emptor::stats {

/// Different numbers, ascending, and how many are no larger than each.
struct value_counts {
  std::vector<std::int64_t> value;
  std::vector<std::int64_t> up_to;

  [[nodiscard]] std::int64_t size() const noexcept { return up_to.empty() ? 0 : up_to.back(); }
  [[nodiscard]] std::size_t distinct() const noexcept { return value.size(); }
  [[nodiscard]] std::int64_t before(std::size_t i) const noexcept { return i == 0 ? 0 : up_to[i - 1]; }
  /// The number of a rank from 1 to size().
  [[nodiscard]] std::int64_t at_rank(std::int64_t rank) const noexcept {
    return value[static_cast<std::size_t>(std::lower_bound(up_to.begin(), up_to.end(), rank) -
                                          up_to.begin())];
  }
};

[[nodiscard]] inline value_counts count_values(std::span<const std::int64_t> numbers) {
  if (numbers.empty())
    return {};
  const auto [low, high] = std::minmax_element(numbers.begin(), numbers.end());
  const wide_integer range = wide_integer{*high} - *low;
  // Numbers that lie close together are counted in their places, which takes no more memory than a copy of them.
  if (range <= std::max(static_cast<wide_integer>(numbers.size()), wide_integer{1} << 12)) {
    std::vector<std::int64_t> times(static_cast<std::size_t>(range) + 1);
    for (const std::int64_t number : numbers)
      ++times[static_cast<std::size_t>(number - *low)];
    value_counts made;
    std::int64_t up_to = 0;
    for (std::size_t i = 0; i < times.size(); ++i) {
      if (times[i] == 0)
        continue;
      up_to += times[i];
      made.value.push_back(*low + static_cast<std::int64_t>(i));
      made.up_to.push_back(up_to);
    }
    return made;
  }
  constexpr std::uint64_t sign = std::uint64_t{1} << 63;
  std::vector<std::uint64_t> sorted(numbers.size());
  std::transform(numbers.begin(), numbers.end(), sorted.begin(),
                 [](std::int64_t number) { return static_cast<std::uint64_t>(number) ^ sign; });
  {
    std::vector<std::uint64_t> room;
    radix_sort(
        std::span(sorted), [](std::uint64_t key) { return key; }, room);
  }
  value_counts made;
  for (std::size_t first = 0; first < sorted.size();) {
    std::size_t last = first + 1;
    while (last < sorted.size() && sorted[last] == sorted[first])
      ++last;
    made.value.push_back(static_cast<std::int64_t>(sorted[first] ^ sign));
    made.up_to.push_back(static_cast<std::int64_t>(last));
    first = last;
  }
  return made;
}

/// A number between two whole ones: whole + part / of, 0 <= part < of.
struct exact_quantile {
  wide_integer whole = 0;
  wide_integer part = 0;
  std::int64_t of = 1;

  [[nodiscard]] wide_integer ceiling() const noexcept { return whole + (part > 0 ? 1 : 0); }
  /// In units of so many whole numbers; the nearest double, where 2^53 parts are enough to write it.
  [[nodiscard]] double in(std::int64_t unit) const noexcept {
    return math::value_of(math::real(nearest_double(whole * of + part)) /
                          nearest_double(wide_integer{of} * unit));
  }
};

/// The quantile at share / of by one of the nine definitions of Hyndman and Fan 1996 (Sample quantiles in statistical
/// packages, The American Statistician 50, 361-365), numbered as there and in R's `quantile`, exact in whole numbers.
///
/// With n numbers and p = share / of, x(j) the number of rank j: the quantile lies between x(j) and x(j + 1), j the whole
/// part of n p + m. Types 4 to 9 go a part of the way that is the fraction of n p + m, with m = 0, 1/2, p, 1 - p,
/// (p + 1) / 3, p / 4 + 3/8. Types 1 to 3 do not interpolate: at a whole n p (n p - 1/2) type 1 takes x(j), type 2 the
/// middle between the two, type 3 the one of even rank; else x(j + 1).
/// \param type   1 to 9
/// \param share  0 < share < of <= 1e6
[[nodiscard]] inline exact_quantile quantile(const value_counts& counts, int type, std::int64_t share,
                                             std::int64_t of) noexcept {
  const wide_integer n = counts.size();
  const wide_integer unit = wide_integer{24} * of; // n p + m in parts of this
  wide_integer position = 24 * n * share;
  switch (type) {
  case 3:
    position -= 12 * of;
    break;
  case 5:
    position += 12 * of;
    break;
  case 6:
    position += 24 * share;
    break;
  case 7:
    position += 24 * (of - share);
    break;
  case 8:
    position += 8 * (wide_integer{share} + of);
    break;
  case 9:
    position += 6 * share + 9 * of;
    break;
  default:
    break;
  }
  wide_integer rank = position / unit;
  wide_integer rest = position % unit;
  if (rest < 0) { // of type 3 before the first half
    rest += unit;
    --rank;
  }
  if (type <= 3) {
    const bool at_whole = rest == 0;
    rest = !at_whole ? unit : type == 2 ? unit / 2 : type == 1 || rank % 2 == 0 ? wide_integer{0} : unit;
  }
  const auto number = [&](wide_integer wanted) {
    return wide_integer{counts.at_rank(static_cast<std::int64_t>(std::clamp(wanted, wide_integer{1}, n)))};
  };
  const wide_integer low = number(rank);
  const wide_integer step = number(rank + 1) - low;
  // step < 2^64 and rest < 2^25: the product fits.
  const wide_integer way = step * rest;
  return {low + way / unit, way % unit, static_cast<std::int64_t>(unit)};
}

/// Where a number that equals a quantile belongs.
enum class tie_rule : std::int32_t {
  below = 0,     ///< with the numbers below it: intervals closed on the right
  above = 1,     ///< with the numbers above it: intervals closed on the left
  one_above = 2, ///< the next group begins one whole unit above the quantile
};

/// The end of the group below a quantile. \param unit  how much a whole unit is
[[nodiscard]] inline std::int64_t group_end(const exact_quantile& cut, tie_rule ties,
                                            std::int64_t unit) noexcept {
  const wide_integer end = ties == tie_rule::below   ? cut.whole
                           : ties == tie_rule::above ? cut.ceiling() - 1
                                                     : cut.ceiling() + unit - 1;
  constexpr wide_integer most = std::numeric_limits<std::int64_t>::max();
  constexpr wide_integer least = std::numeric_limits<std::int64_t>::min();
  return static_cast<std::int64_t>(std::clamp(end, least, most));
}

/// The group, from 0, of a number.
[[nodiscard]] inline std::int64_t group_of(std::int64_t number, std::span<const std::int64_t> ends) noexcept {
  std::int64_t group = 0;
  for (const std::int64_t end : ends)
    group += number > end ? 1 : 0;
  return group;
}

namespace detail {

/// Ends of groups where there are no more different numbers than groups: each has one of its own, the one in which its
/// middle rank lies, or else the nearest that is free in the order of the numbers.
[[nodiscard]] inline std::vector<std::int64_t> ends_of_few(const value_counts& counts, std::int64_t groups) {
  const auto distinct = static_cast<std::int64_t>(counts.distinct());
  std::vector<std::int64_t> ends;
  std::int64_t next = 0; // the first group that is free
  for (std::int64_t i = 0; i < distinct; ++i) {
    const auto place = static_cast<std::size_t>(i);
    const wide_integer twice_middle = wide_integer{counts.before(place)} + counts.up_to[place];
    const auto middle = static_cast<std::int64_t>(twice_middle * groups / (2 * wide_integer{counts.size()}));
    const std::int64_t group = std::max(next, std::min(middle, groups - (distinct - i)));
    // Groups before this one that nobody is in end where the number before does.
    while (static_cast<std::int64_t>(ends.size()) < group)
      ends.push_back(i == 0 ? counts.value[0] - 1 : counts.value[place - 1]);
    next = group + 1;
  }
  while (static_cast<std::int64_t>(ends.size()) < groups - 1)
    ends.push_back(counts.value.back());
  return ends;
}

} // namespace detail

/// Groups as equal in size as equal numbers allow, none of them empty where there are as many different numbers: the end
/// of group j is the number up to which there come nearest to j n / groups, the smaller of two as near, but never so far
/// that no number is left for a group. Where there are fewer different numbers than groups, each has a group of its own.
/// \param counts  of at least one number
[[nodiscard]] inline std::vector<std::int64_t> ends_by_rank(const value_counts& counts, std::int64_t groups) {
  const auto distinct = static_cast<std::int64_t>(counts.distinct());
  if (distinct <= groups)
    return detail::ends_of_few(counts, groups);
  std::vector<std::int64_t> ends;
  std::int64_t last = -1; // place of the end before
  for (std::int64_t j = 1; j < groups; ++j) {
    const wide_integer wanted = wide_integer{counts.size()} * j; // in parts of 1 / groups
    const auto found = std::lower_bound(
        counts.up_to.begin(), counts.up_to.end(), wanted,
        [&](std::int64_t held, wide_integer of) { return wide_integer{held} * groups < of; });
    std::int64_t place = found - counts.up_to.begin();
    if (place > 0) {
      const auto above = static_cast<std::size_t>(place);
      const wide_integer over = wide_integer{counts.up_to[above]} * groups - wanted;
      const wide_integer under = wanted - wide_integer{counts.up_to[above - 1]} * groups;
      place -= under <= over ? 1 : 0;
    }
    place = std::max(last + 1, std::min(place, distinct - 1 - (groups - j)));
    ends.push_back(counts.value[static_cast<std::size_t>(place)]);
    last = place;
  }
  return ends;
}

namespace detail {

/// Squared distances to the mean within neighbours, from sums that are exact.
class spread_within {
public:
  /// Numbers further apart than 2^47 count in larger units, so that 2^32 squares fit 128 bits.
  explicit spread_within(const value_counts& counts) {
    const wide_integer low = counts.value.front();
    int shift = 0;
    while ((wide_integer{counts.value.back()} - low) >> shift >= wide_integer{1} << 47)
      ++shift;
    sums_.resize(counts.distinct() + 1);
    for (std::size_t i = 0; i < counts.distinct(); ++i) {
      const auto x = static_cast<std::int64_t>((wide_integer{counts.value[i]} - low) >> shift);
      const std::int64_t weight = counts.up_to[i] - counts.before(i);
      sums_[i + 1] = {sums_[i].weight + weight, sums_[i].first + wide_integer{x} * weight,
                      sums_[i].second + wide_integer{x} * x * weight};
    }
  }
  /// Of the different numbers with places from `first` to `last`: with the mean = q + r / w in whole numbers, the sum of
  /// squares less the mean's is S - q^2 w - 2 q r, exact, less r^2 / w.
  [[nodiscard]] double operator()(std::size_t first, std::size_t last) const noexcept {
    const std::int64_t weight = sums_[last + 1].weight - sums_[first].weight;
    const wide_integer sum = sums_[last + 1].first - sums_[first].first;
    const auto narrow = static_cast<std::int64_t>(sum);
    const auto mean = narrow == sum ? narrow / weight : static_cast<std::int64_t>(sum / weight);
    const auto rest = static_cast<std::int64_t>(sum - wide_integer{mean} * weight);
    const wide_integer whole = sums_[last + 1].second - sums_[first].second -
                               wide_integer{mean} * mean * weight - 2 * wide_integer{mean} * rest;
    const math::real of_rest(static_cast<double>(rest));
    return math::value_of(math::real(nearest_double(whole)) -
                          of_rest * of_rest / static_cast<double>(weight));
  }

private:
  struct sums {
    std::int64_t weight = 0;
    wide_integer first = 0;
    wide_integer second = 0;
  };
  std::vector<sums> sums_;
};

} // namespace detail

/// The groups whose numbers lie nearest to the means of their groups: the least sum of squared distances that any groups
/// have, found by dynamic programming over the different numbers (Wang and Song 2011, Ckmeans.1d.dp: Optimal k-means
/// Clustering in One Dimension by Dynamic Programming, The R Journal 3/2) in time groups x n log n, as the best place of
/// the last end never moves back (Song and Zhong 2020). Of places as good the first is taken. No group is empty where
/// there are as many different numbers; where there are fewer, each has a group of its own.
/// \param counts  of at least one number, and no more than 2^32
[[nodiscard]] inline std::vector<std::int64_t> ends_by_cluster(const value_counts& counts,
                                                               std::int64_t groups, const run& how = {}) {
  const std::size_t distinct = counts.distinct();
  const auto wanted = static_cast<std::size_t>(groups);
  if (distinct <= wanted)
    return detail::ends_of_few(counts, groups);
  const detail::spread_within spread(counts);
  std::vector<double> best(distinct);
  for (std::size_t last = 0; last < distinct; ++last)
    best[last] = spread(0, last);
  // begins[g][last]: where group g + 1 begins when the numbers up to `last` are in g + 2 groups
  std::vector<std::vector<std::uint32_t>> begins;
  std::vector<double> next(distinct);
  struct range {
    std::size_t first, last, lowest, highest;
  };
  std::vector<range> open;
  for (std::size_t group = 1; group < wanted; ++group) {
    how.check(static_cast<double>(group) / static_cast<double>(wanted));
    std::vector<std::uint32_t>& begin = begins.emplace_back(distinct, 0U);
    open.push_back({group, distinct - 1, group, distinct - 1});
    while (!open.empty()) {
      const range one = open.back();
      open.pop_back();
      const std::size_t middle = one.first + (one.last - one.first) / 2;
      std::size_t found = one.lowest;
      double least = std::numeric_limits<double>::infinity();
      for (std::size_t at = one.lowest; at <= std::min(middle, one.highest); ++at) {
        const double sum = math::value_of(math::real(best[at - 1]) + spread(at, middle));
        if (sum < least) {
          least = sum;
          found = at;
        }
      }
      next[middle] = least;
      begin[middle] = static_cast<std::uint32_t>(found);
      if (middle > one.first)
        open.push_back({one.first, middle - 1, one.lowest, found});
      if (middle < one.last)
        open.push_back({middle + 1, one.last, found, one.highest});
    }
    std::swap(best, next);
  }
  std::vector<std::int64_t> ends(wanted - 1);
  std::size_t last = distinct - 1;
  for (std::size_t group = wanted - 1; group > 0; --group) {
    last = begins[group - 1][last] - 1;
    ends[group - 1] = counts.value[last];
  }
  return ends;
}

} // namespace emptor::stats
