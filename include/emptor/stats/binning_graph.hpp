// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <emptor/core/run.hpp>
#include <emptor/core/status.hpp>
#include <emptor/stats/binning_rules.hpp>

namespace emptor::stats {

/// Cells that a search takes; its memory grows with their square.
inline constexpr std::size_t most_binning_cells = 4096;
/// Partial binnings that a search remembers, of 16 bytes each.
inline constexpr std::size_t most_binning_states = std::size_t{1} << 24;
/// Pairs of neighbours that a search with slices or a test of neighbours looks at: those of about 1,800 cells.
inline constexpr std::size_t most_binning_pairs = std::size_t{1} << 30;
/// Time slices in which a peak or valley may turn on its own.
inline constexpr std::size_t most_turning_slices = 6;

/// The bins that the rules admit, what each is worth, and which may be neighbours: what a search for the best way through them looks
/// at.
class binning_graph {
public:
  /// \param how  to be cancelled by; null = nobody  \throws error status::option where there are more than `most_binning_cells`
  binning_graph(const binning_cells& cells, const binning_rules& rules, const run* how)
      : cells_(cells)
      , rules_(rules)
      , how_(how)
      , size_(cells.size()) {
    if (size_ > most_binning_cells)
      throw error(status::option, "binning: there are " + std::to_string(size_) +
                                      " cells, but must be <= " + std::to_string(most_binning_cells));
    weigh();
    sort_neighbours();
  }

protected:
  static constexpr double nothing = -std::numeric_limits<double>::infinity();

  /// The best way to a bin.
  struct state {
    double value = nothing;
    std::uint16_t bins = 0;
    std::uint16_t before = 0; ///< where the bin before it begins
    std::uint8_t phase = 0;   ///< of the bin before it
    std::uint8_t layer = 0;   ///< of the bin before it

    [[nodiscard]] bool better_than(const state& other) const noexcept {
      if (value != other.value)
        return value > other.value;
      return bins != other.bins ? bins < other.bins : before < other.before;
    }
  };

  [[nodiscard]] static std::size_t place(std::size_t first, std::size_t end) noexcept {
    return end * (end - 1) / 2 + first;
  }
  [[nodiscard]] std::size_t bins() const noexcept { return size_ * (size_ + 1) / 2; }

  /// The number of layers, one for each number of bins; the last holds all larger numbers where there is no limit.
  [[nodiscard]] std::size_t layers() const noexcept {
    return std::min(open_ended() ? std::max<std::size_t>(rules_.min_bins, 1) : rules_.max_bins, size_);
  }
  /// A limit that the cells keep by themselves is none.
  [[nodiscard]] bool open_ended() const noexcept { return rules_.max_bins == 0 || rules_.max_bins >= size_; }

  /// Which bins may be, and what they add.
  void weigh() {
    value_.assign(bins(), nothing);
    rate_.assign(bins(), 0.0);
    const std::size_t slices = cells_.slices();
    std::vector<bin_count> totals;
    for (std::size_t slice = 0; slice < slices; ++slice)
      totals.push_back(rules_.total(cells_, slice));
    const double value_units = rules_.zero.value * rules_.unit.divisor;
    const auto free_end = [&](std::size_t cut) {
      return cut == 0 || cut == size_ || !rules_.is_forbidden(cut);
    };
    const auto held = [&](std::size_t cut) { return cut == 0 || cut == size_ || rules_.is_fixed(cut); };
    plain_ = slices == 1 && !(rules_.critical_z > 0.0 && rules_.binary());
    for (std::size_t first = 0; first < size_; ++first) {
      if (!free_end(first))
        continue;
      for (std::size_t end = first + 1; end <= size_; ++end) {
        if (end - 1 > first && rules_.is_fixed(end - 1))
          break;
        if (!free_end(end))
          continue;
        const bin_count all = cells_.bin(first, end);
        if (rules_.max_size > 0 && all.rows > rules_.max_size)
          break;
        if (all.rows < rules_.min_size ||
            (rules_.binary() && (all.events < rules_.min_events || all.non_events() < rules_.min_non_events)))
          continue;
        double worth = 0.0;
        bool fine = true;
        bool empty = false;
        for (std::size_t slice = 0; slice < slices && fine; ++slice) {
          const bin_count part = slices == 1 ? all : cells_.bin(first, end, slice);
          empty = empty || part.rows == 0;
          fine = part.rows > 0 ? !(rules_.binary() && rules_.zero.need_both() &&
                                   (part.events == 0 || part.non_events() == 0))
                               : held(first) && held(end);
          if (fine)
            worth += divergence_of(part, totals[slice], rules_.objective, rules_.zero, value_units);
        }
        if (!fine)
          continue;
        plain_ = plain_ && !empty;
        value_[place(first, end)] = worth;
        rate_[place(first, end)] = all.rows > 0 ? rate_of(all) : 0.0;
      }
    }
  }

  /// For every cut the bins that end there and those that begin there, by ascending rate.
  void sort_neighbours() {
    ending_.resize(size_ + 1);
    starting_.resize(size_ + 1);
    struct rated {
      double rate;
      std::uint16_t other;
    };
    std::vector<rated> sorted;
    const bool nearly_equal_rates = cells_.total().rows > (std::int64_t{1} << 25);
    for (std::size_t cut = 1; cut < size_; ++cut) {
      const auto fill = [&](std::vector<std::uint16_t>& into, bool ends_here, std::size_t from,
                            std::size_t to) {
        sorted.clear();
        for (std::size_t other = from; other < to; ++other) {
          const std::size_t at = ends_here ? place(other, cut) : place(cut, other);
          if (value_[at] > nothing)
            sorted.push_back({rate_[at], static_cast<std::uint16_t>(other)});
        }
        std::sort(sorted.begin(), sorted.end(), [&](const rated& left, const rated& right) {
          if (left.rate != right.rate)
            return left.rate < right.rate;
          // Different rates of large counts may have the same nearest number.
          if (nearly_equal_rates && plain_) {
            const auto bin = [&](std::size_t other) {
              return ends_here ? cells_.bin(other, cut) : cells_.bin(cut, other);
            };
            if (const int order = compare_rates(bin(left.other), bin(right.other)); order != 0)
              return order < 0;
          }
          return left.other < right.other;
        });
        into.clear();
        into.reserve(sorted.size());
        for (const rated& one : sorted)
          into.push_back(one.other);
      };
      fill(ending_[cut], true, 0, cut);
      fill(starting_[cut], false, cut + 1, size_ + 1);
    }
  }

  /// Whether the rate of one bin is that of the other and the least difference more.
  [[nodiscard]] bool above(std::size_t high_first, std::size_t high_end, std::size_t low_first,
                           std::size_t low_end) const noexcept {
    const double gap = rate_[place(high_first, high_end)] - rate_[place(low_first, low_end)] -
                       static_cast<double>(rules_.min_difference) * 1e-9;
    const double size =
        std::fabs(rate_[place(high_first, high_end)]) + std::fabs(rate_[place(low_first, low_end)]);
    if (std::fabs(gap) > 1e-9 * (size + 1e-9))
      return gap > 0.0;
    return exceeds_by(cells_.bin(high_first, high_end), cells_.bin(low_first, low_end),
                      rules_.min_difference);
  }

  /// What two neighbours say in each slice: a bit for each slice that rises, and for each that falls.
  struct relation {
    bool allowed = true;
    std::uint32_t rises = 0;
    std::uint32_t falls = 0;
  };
  [[nodiscard]] relation relate(std::size_t first, std::size_t cut, std::size_t end,
                                bin_trend trend) const noexcept {
    relation found;
    for (std::size_t slice = 0; slice < cells_.slices(); ++slice) {
      const bin_count left = cells_.bin(first, cut, slice);
      const bin_count right = cells_.bin(cut, end, slice);
      if (left.rows == 0 || right.rows == 0)
        continue;
      const int order = compare_rates(left, right);
      const bool apart =
          rules_.min_difference == 0 || (order < 0 ? exceeds_by(right, left, rules_.min_difference)
                                                   : exceeds_by(left, right, rules_.min_difference));
      if (!apart || (trend == bin_trend::ascending && order > 0) ||
          (trend == bin_trend::descending && order < 0)) {
        found.allowed = false;
        return found;
      }
      if (slice < most_turning_slices) {
        found.rises |= static_cast<std::uint32_t>(order < 0) << slice;
        found.falls |= static_cast<std::uint32_t>(order > 0) << slice;
      }
    }
    if (rules_.critical_z > 0.0 && rules_.binary()) {
      const bin_count left = cells_.bin(first, cut);
      const bin_count right = cells_.bin(cut, end);
      found.allowed =
          left.rows == 0 || right.rows == 0 || rates_differ(left, right, rules_.critical_z, rules_.unit);
    }
    return found;
  }

  static void check_states(std::size_t states) {
    if (states > most_binning_states)
      throw error(status::option,
                  "binning: the search would need " + std::to_string(states) +
                      " partial binnings, but must be <= " + std::to_string(most_binning_states) +
                      "; fewer candidates, bins or slices need less");
  }

  /// Pairs of neighbours that are looked at one by one.
  void check_pairs() const {
    std::size_t pairs = 0;
    for (std::size_t cut = 1; cut < size_; ++cut)
      pairs += ending_[cut].size() * starting_[cut].size();
    if (pairs > most_binning_pairs)
      throw error(status::option, "binning: the search would compare " + std::to_string(pairs) +
                                      " pairs of neighbours, but must compare <= " +
                                      std::to_string(most_binning_pairs) + "; fewer candidates need less");
  }

  /// The value of a bin added to the best way to its neighbour.
  void extend(state& into, const state& best, double worth) const noexcept {
    if (best.value == nothing)
      return;
    state longer = best;
    longer.value += worth;
    longer.bins = static_cast<std::uint16_t>(longer.bins + 1);
    if (longer.better_than(into))
      into = longer;
  }

  void check_cancelled() const {
    if (how_ != nullptr && how_->cancelled())
      throw error(status::cancelled, "cancelled by the caller");
  }

  const binning_cells& cells_;
  const binning_rules& rules_;
  const run* how_;
  std::size_t size_;
  bool plain_ = true;         ///< one slice, no test of neighbours, no empty bin: sweeps do
  std::vector<double> value_; ///< what a bin adds; `nothing` where it may not be
  std::vector<double> rate_;
  std::vector<std::vector<std::uint16_t>> ending_;
  std::vector<std::vector<std::uint16_t>> starting_;
};

} // namespace emptor::stats
