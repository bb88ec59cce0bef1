// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <queue>
#include <string_view>
#include <vector>

#include <emptor/core/run.hpp>
#include <emptor/math/elementary.hpp>
#include <emptor/math/real.hpp>
#include <emptor/stats/bin_counts.hpp>

/// Plain ways of binning ordered cells: none is an optimum of the divergence, and each is what its name says. A binning is the ends of
/// its bins in cells; the last is the number of cells. Slices are added up.
namespace emptor::stats {

/// Bins of about equal size (等频分箱): each ends with the cell in which its share of all rows is reached. Fewer where cells are large.
[[nodiscard]] inline std::vector<std::size_t> quantile_bins(const binning_cells& cells, std::size_t bins) {
  std::vector<std::size_t> ends;
  const auto total = static_cast<wide_integer>(cells.total().rows);
  wide_integer part = 1;
  for (std::size_t end = 1; end < cells.size(); ++end) {
    const wide_integer below =
        static_cast<wide_integer>(cells.bin(0, end).rows) * static_cast<wide_integer>(bins);
    if (below < part * total)
      continue;
    ends.push_back(end);
    part = total == 0 ? part : below / total + 1;
  }
  ends.push_back(cells.size());
  return ends;
}

/// Cuts of bins of equal width (等距分箱) between the lowest and the highest value; none where these are equal.
[[nodiscard]] inline std::vector<double> width_cuts(double lowest, double highest, std::size_t bins) {
  std::vector<double> cuts;
  for (std::size_t i = 1; i < bins && lowest < highest; ++i) {
    const math::real share = math::real(static_cast<double>(i)) / static_cast<double>(bins);
    const double cut = math::value_of(math::real(lowest) * (1.0 - share) + math::real(highest) * share);
    if (cut > lowest && cut <= highest && (cuts.empty() || cut > cuts.back()))
      cuts.push_back(cut);
  }
  return cuts;
}

/// How far a tree is grown.
struct tree_rules {
  std::size_t max_leaves = 20;
  std::int64_t min_leaf = 1; ///< units of rows
};

/// A classification tree (CART, 决策树分箱): the leaf whose best cut lowers the Gini impurity of all rows the most is cut first. Of
/// equal cuts the lowest is taken, of equal leaves the first that was made. Source: L. Breiman et al., Classification and
/// regression trees, 1984.
/// \param may_cut  whether a cut may stand before a cell; empty = anywhere
[[nodiscard]] inline std::vector<std::size_t> tree_bins(const binning_cells& cells, const tree_rules& rules,
                                                        const std::vector<std::uint8_t>& may_cut = {}) {
  struct leaf {
    std::size_t first;
    std::size_t end;
    std::size_t cut = 0; ///< 0 = none
    double gain = 0.0;
    std::size_t made;
  };
  const auto square_share = [](const bin_count& bin) {
    const math::real events(static_cast<double>(bin.events));
    const math::real others(static_cast<double>(bin.non_events()));
    return (events * events + others * others) / static_cast<double>(bin.rows);
  };
  const auto find_cut = [&](leaf& one) {
    const bin_count all = cells.bin(one.first, one.end);
    if (all.events == 0 || all.non_events() == 0)
      return;
    const math::real before = square_share(all);
    math::real best(0.0);
    for (std::size_t cut = one.first + 1; cut < one.end; ++cut) {
      const bin_count left = cells.bin(one.first, cut);
      const bin_count right = cells.bin(cut, one.end);
      if (left.rows < rules.min_leaf || right.rows < rules.min_leaf || left.rows == 0 || right.rows == 0 ||
          (!may_cut.empty() && may_cut[cut] == 0))
        continue;
      const math::real after = square_share(left) + square_share(right);
      if (one.cut == 0 || after > best) {
        best = after;
        one.cut = cut;
      }
    }
    one.gain = math::value_of(best - before);
  };
  const auto later = [](const leaf& left, const leaf& right) {
    return left.gain != right.gain ? left.gain < right.gain : left.made > right.made;
  };
  std::priority_queue<leaf, std::vector<leaf>, decltype(later)> open(later);
  std::vector<std::size_t> ends{cells.size()};
  std::size_t made = 0;
  const auto push = [&](std::size_t first, std::size_t end) {
    leaf one{first, end, 0, 0.0, made++};
    find_cut(one);
    if (one.cut != 0)
      open.push(one);
  };
  push(0, cells.size());
  while (!open.empty() && ends.size() < rules.max_leaves) {
    const leaf one = open.top();
    open.pop();
    ends.push_back(one.cut);
    push(one.first, one.cut);
    push(one.cut, one.end);
  }
  std::sort(ends.begin(), ends.end());
  return ends;
}

/// Chi-square of two neighbouring bins and the two classes; 0 where a class is empty in both.
[[nodiscard]] inline double chi_square(const bin_count& left, const bin_count& right,
                                       const count_unit& unit) noexcept {
  using math::real;
  const bin_count both = left + right;
  if (left.rows == 0 || right.rows == 0 || both.events == 0 || both.non_events() == 0)
    return 0.0;
  const auto number = [](std::int64_t units) { return real(static_cast<double>(units)); };
  const wide_integer cross = static_cast<wide_integer>(left.events) * right.rows -
                             static_cast<wide_integer>(right.events) * left.rows;
  const real gap = real(static_cast<double>(cross));
  return math::value_of(
      gap * gap * number(both.rows) /
      (number(left.rows) * number(right.rows) * number(both.events) * number(both.non_events())) /
      unit.divisor);
}

/// When ChiMerge ends: the critical value of chi-squared, and limits of bins.
struct chi_merge_rules {
  double critical =
      3.841458820694124;     ///< chi-square below which neighbours are joined (one degree of freedom)
  std::size_t max_bins = 0;  ///< and until there are no more; 0 = any
  std::int64_t min_size = 0; ///< and until every bin has as many units of rows
  count_unit unit{};
};

/// ChiMerge (卡方分箱): the two neighbours that differ the least are joined, again and again, while they differ less than the critical value,
/// or there are too many bins; then each bin that is too small with the neighbour that differs less from it, of
/// equal ones the smaller. Of equal pairs the first is joined. O(n log n). Source: R. Kerber, ChiMerge: discretization of numeric attributes, AAAI 1992.
[[nodiscard]] inline std::vector<std::size_t> chi_merge_bins(const binning_cells& cells,
                                                             const chi_merge_rules& rules) {
  const std::size_t size = cells.size();
  if (size == 0)
    return {};
  // Bin i of the list begins at cell i; `end` of those that are left.
  std::vector<std::size_t> end(size);
  std::vector<std::size_t> begin_before(size); ///< of the bin before it
  std::vector<std::uint32_t> version(size, 0);
  for (std::size_t i = 0; i < size; ++i) {
    end[i] = i + 1;
    begin_before[i] = i == 0 ? 0 : i - 1;
  }
  struct pair {
    double chi;
    std::size_t left;
    std::uint32_t left_version;
    std::uint32_t right_version;
  };
  const auto later = [](const pair& a, const pair& b) {
    return a.chi != b.chi ? a.chi > b.chi : a.left > b.left;
  };
  std::vector<pair> heap;
  heap.reserve(2 * size);
  const auto chi_of = [&](std::size_t left) {
    const std::size_t right = end[left];
    return chi_square(cells.bin(left, right), cells.bin(right, end[right]), rules.unit);
  };
  const auto push = [&](std::size_t left) {
    heap.push_back({chi_of(left), left, version[left], version[end[left]]});
    std::push_heap(heap.begin(), heap.end(), later);
  };
  for (std::size_t i = 0; i + 1 < size; ++i)
    push(i);
  std::size_t bins = size;
  const auto join = [&](std::size_t left) {
    const std::size_t right = end[left];
    end[left] = end[right];
    end[right] = 0;
    ++version[left];
    ++version[right];
    --bins;
    if (end[left] < size)
      begin_before[end[left]] = left;
  };
  while (!heap.empty()) {
    std::pop_heap(heap.begin(), heap.end(), later);
    const pair one = heap.back();
    heap.pop_back();
    if (end[one.left] == 0 || version[one.left] != one.left_version || end[one.left] >= size ||
        version[end[one.left]] != one.right_version)
      continue;
    const bool too_many = rules.max_bins > 0 && bins > rules.max_bins;
    if (!(one.chi < rules.critical) && !too_many)
      break;
    join(one.left);
    if (end[one.left] < size)
      push(one.left);
    if (one.left > 0)
      push(begin_before[one.left]);
  }
  for (std::size_t i = 0; i < size && bins > 1;) {
    if (cells.bin(i, end[i]).rows >= rules.min_size) {
      i = end[i];
      continue;
    }
    const bool has_left = i > 0;
    const bool has_right = end[i] < size;
    const std::size_t before = begin_before[i];
    const auto left_is_nearer = [&] {
      const double to_left = chi_of(before);
      const double to_right = chi_of(i);
      return to_left != to_right ? to_left < to_right
                                 : cells.bin(before, i).rows <= cells.bin(end[i], end[end[i]]).rows;
    };
    if (has_left && (!has_right || left_is_nearer())) {
      join(before);
      i = before;
    } else {
      join(i);
    }
  }
  std::vector<std::size_t> ends;
  for (std::size_t i = 0; i < size; i = end[i])
    ends.push_back(end[i]);
  return ends;
}

/// Entropy with the principle of the shortest description (MDLP): a stretch is cut where the entropy of its classes falls the most,
/// if that saves more than the cut costs to tell; then both parts alike. It needs no number of bins. Source: U. M. Fayyad and
/// K. B. Irani, Multi-interval discretization of continuous-valued attributes, IJCAI 1993, equation 9.
/// \param how  to be cancelled by; null = nobody \throws error status::cancelled
[[nodiscard]] inline std::vector<std::size_t>
description_length_bins(const binning_cells& cells, const count_unit& unit, const run* how = nullptr) {
  using math::real;
  constexpr double log_2 = 0x1.62e42fefa39efp-1;
  const auto entropy = [](const bin_count& bin) {
    real sum(0.0);
    for (const std::int64_t part : {bin.events, bin.non_events()}) {
      if (part > 0) {
        const real share = real(static_cast<double>(part)) / static_cast<double>(bin.rows);
        sum += -share * math::log(math::value_of(share)) / log_2;
      }
    }
    return sum;
  };
  const auto classes = [](const bin_count& bin) {
    return real(static_cast<double>((bin.events > 0 ? 1 : 0) + (bin.non_events() > 0 ? 1 : 0)));
  };
  std::vector<std::size_t> ends;
  struct stretch {
    std::size_t first;
    std::size_t end;
  };
  std::vector<stretch> open{{0, cells.size()}};
  while (!open.empty()) {
    const stretch one = open.back();
    open.pop_back();
    if (how != nullptr && how->cancelled())
      how->check(0.0);
    const bin_count all = cells.bin(one.first, one.end);
    std::size_t best_cut = 0;
    real best(0.0);
    for (std::size_t cut = one.first + 1; cut < one.end; ++cut) {
      const bin_count left = cells.bin(one.first, cut);
      const bin_count right = cells.bin(cut, one.end);
      if (left.rows == 0 || right.rows == 0)
        continue;
      const real after = (real(static_cast<double>(left.rows)) * entropy(left) +
                          real(static_cast<double>(right.rows)) * entropy(right)) /
                         static_cast<double>(all.rows);
      if (best_cut == 0 || after < best) {
        best = after;
        best_cut = cut;
      }
    }
    bool pays = false;
    if (best_cut != 0) {
      const bin_count left = cells.bin(one.first, best_cut);
      const bin_count right = cells.bin(best_cut, one.end);
      const real rows(unit.value(all.rows));
      const real k = classes(all);
      const real three = k == 2.0 ? real(9.0) : real(3.0);
      const real cost = math::log(math::value_of(three - 2.0)) / real(log_2) -
                        (k * entropy(all) - classes(left) * entropy(left) - classes(right) * entropy(right));
      const real least = (math::log(math::value_of(rows - 1.0)) / real(log_2) + cost) / rows;
      pays = rows > 1.0 && entropy(all) - best > least;
    }
    if (pays) {
      open.push_back({best_cut, one.end});
      open.push_back({one.first, best_cut});
    } else {
      ends.push_back(one.end);
    }
  }
  return ends;
}

} // namespace emptor::stats
