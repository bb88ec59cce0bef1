// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include <emptor/core/status.hpp>
#include <emptor/stats/binning_rules.hpp>

/// The search for the best binning of ordered cells: a longest path whose nodes are bins and whose edges join bins that may be
/// neighbours. Exact, because the objective is a sum over bins and every rule concerns one bin, two neighbours, or (concave and
/// convex) three.
namespace emptor::stats {

/// Cells that a search takes; its memory grows with their square.
inline constexpr std::size_t most_binning_cells = 4096;
/// Partial binnings that a search remembers, of 16 bytes each.
inline constexpr std::size_t most_binning_states = std::size_t{1} << 24;
/// Time slices in which a peak or valley may turn on its own.
inline constexpr std::size_t most_turning_slices = 6;

/// Of binnings of equal worth it takes the one with fewer bins, then the one whose last cut is lowest, then the cut before it.
class binning_search {
public:
  /// \throws error status::option where there are more than `most_binning_cells`
  binning_search(const binning_cells& cells, const binning_rules& rules)
      : cells_(cells)
      , rules_(rules)
      , size_(cells.size()) {
    if (size_ > most_binning_cells)
      throw error(status::option, "binning: there are " + std::to_string(size_) +
                                      " cells, but must be <= " + std::to_string(most_binning_cells));
    weigh();
    sort_neighbours();
  }

  /// The ends of the bins of the best binning with a trend (none that stands for several); none where no binning keeps the rules.
  /// \throws error status::option where that needs more than `most_binning_states`
  [[nodiscard]] std::optional<std::vector<std::size_t>> best(bin_trend trend) const {
    if (size_ == 0)
      return std::nullopt;
    if (trend == bin_trend::concave || trend == bin_trend::convex)
      return best_bend(trend);
    return best_path(trend);
  }

private:
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

  [[nodiscard]] std::optional<std::vector<std::size_t>> best_path(bin_trend trend) const {
    const bool turns = trend == bin_trend::peak || trend == bin_trend::valley;
    const std::size_t slices = cells_.slices();
    if (turns && slices > most_turning_slices)
      throw error(status::option, "binning: a peak or valley in " + std::to_string(slices) +
                                      " slices, but must be in <= " + std::to_string(most_turning_slices));
    const std::size_t phases = !turns ? 1 : std::size_t{1} << slices;
    const std::size_t depth = layers();
    check_states(depth * phases * bins());
    std::vector<state> states(depth * phases * bins());
    const auto states_of = [&](std::size_t layer, std::size_t phase) {
      return states.data() + (layer * phases + phase) * bins();
    };
    for (std::size_t end = 1; end <= size_; ++end)
      states_of(0, 0)[place(0, end)] = {value_[place(0, end)], 1, 0, 0, 0};
    for (std::size_t cut = 1; cut < size_; ++cut) {
      const std::vector<std::uint16_t>& ending = ending_[cut];
      const std::vector<std::uint16_t>& starting = starting_[cut];
      if (ending.empty() || starting.empty())
        continue;
      const std::size_t from_cut = place(0, cut);
      /// The best way to a bin that ends here, as the neighbour of a bin in `layer`.
      const auto source = [&](std::size_t layer, std::size_t phase, std::size_t first) {
        state best;
        const auto take = [&](std::size_t from) {
          state one = states_of(from, phase)[from_cut + first];
          one.before = static_cast<std::uint16_t>(first);
          one.phase = static_cast<std::uint8_t>(phase);
          one.layer = static_cast<std::uint8_t>(from == layer ? 1 : 0);
          if (one.better_than(best))
            best = one;
        };
        if (layer > 0)
          take(layer - 1);
        if (open_ended() && layer + 1 == depth)
          take(layer);
        return best;
      };
      if (plain_)
        sweep(trend, cut, depth, source, states_of);
      else
        join(trend, cut, depth, phases, source, states_of);
    }
    return finish(depth, phases, states_of);
  }

  /// One slice, and rates that must differ by a least amount: both lists are passed once, keeping the best so far.
  template <class Source, class States>
  void sweep(bin_trend trend, std::size_t cut, std::size_t depth, const Source& source,
             const States& states_of) const {
    const std::vector<std::uint16_t>& ending = ending_[cut];
    const std::vector<std::uint16_t>& starting = starting_[cut];
    enum class direction { any, up, down };
    const auto pass = [&](direction way, std::size_t layer, std::size_t phase) {
      const auto best_of = [&](std::size_t first) {
        state best = source(layer, 0, first);
        if (phase > 0) {
          if (const state turned = source(layer, 1, first); turned.better_than(best))
            best = turned;
        }
        return best;
      };
      state best;
      const auto take = [&](std::size_t first) {
        if (const state one = best_of(first); one.better_than(best))
          best = one;
      };
      state* into = states_of(layer, phase);
      std::size_t taken = 0;
      if (way == direction::any) {
        for (const std::uint16_t first : ending)
          take(first);
        for (const std::uint16_t end : starting)
          extend(into[place(cut, end)], best, value_[place(cut, end)]);
      } else if (way == direction::up) {
        for (const std::uint16_t end : starting) {
          for (; taken < ending.size() && above(cut, end, ending[taken], cut); ++taken)
            take(ending[taken]);
          extend(into[place(cut, end)], best, value_[place(cut, end)]);
        }
      } else {
        for (std::size_t i = starting.size(); i-- > 0;) {
          const std::size_t end = starting[i];
          for (; taken < ending.size() && above(ending[ending.size() - 1 - taken], cut, cut, end); ++taken)
            take(ending[ending.size() - 1 - taken]);
          extend(into[place(cut, end)], best, value_[place(cut, end)]);
        }
      }
    };
    for (std::size_t layer = 0; layer < depth; ++layer) {
      if (layer == 0 && !(open_ended() && depth == 1))
        continue;
      switch (trend) {
      case bin_trend::ascending:
        pass(direction::up, layer, 0);
        break;
      case bin_trend::descending:
        pass(direction::down, layer, 0);
        break;
      case bin_trend::peak:
        pass(direction::up, layer, 0);
        pass(direction::down, layer, 1);
        break;
      case bin_trend::valley:
        pass(direction::down, layer, 0);
        pass(direction::up, layer, 1);
        break;
      default:
        if (rules_.min_difference == 0) {
          pass(direction::any, layer, 0);
        } else {
          pass(direction::up, layer, 0);
          pass(direction::down, layer, 0);
        }
        break;
      }
    }
  }

  /// Any rule between two neighbours: each pair by itself. A phase is the set of the slices that have turned.
  template <class Source, class States>
  void join(bin_trend trend, std::size_t cut, std::size_t depth, std::size_t phases, const Source& source,
            const States& states_of) const {
    for (const std::uint16_t end : starting_[cut]) {
      for (const std::uint16_t first : ending_[cut]) {
        const relation found = relate(first, cut, end, trend);
        if (!found.allowed)
          continue;
        const bool turns = phases > 1;
        const std::uint32_t onward = trend == bin_trend::valley ? found.falls : found.rises;
        const std::uint32_t back = trend == bin_trend::valley ? found.rises : found.falls;
        for (std::size_t layer = 0; layer < depth; ++layer) {
          for (std::size_t phase = 0; phase < phases; ++phase) {
            if (turns && (onward & phase) != 0)
              continue;
            const std::size_t next = turns ? phase | back : 0;
            extend(states_of(layer, next)[place(cut, end)], source(layer, phase, first),
                   value_[place(cut, end)]);
          }
        }
      }
    }
  }

  template <class States>
  [[nodiscard]] std::optional<std::vector<std::size_t>> finish(std::size_t depth, std::size_t phases,
                                                               const States& states_of) const {
    state best;
    std::size_t first = 0;
    std::size_t layer = 0;
    std::size_t phase = 0;
    for (std::size_t k = 0; k < depth; ++k) {
      const std::size_t least = k + 1;
      if (least < rules_.min_bins)
        continue;
      for (std::size_t p = 0; p < phases; ++p) {
        for (std::size_t begin = 0; begin < size_; ++begin) {
          const state& one = states_of(k, p)[place(begin, size_)];
          state last = one;
          last.before = static_cast<std::uint16_t>(begin);
          if (last.better_than(best)) {
            best = last;
            first = begin;
            layer = k;
            phase = p;
          }
        }
      }
    }
    if (best.value == nothing)
      return std::nullopt;
    std::vector<std::size_t> ends;
    for (std::size_t end = size_; end > 0;) {
      ends.push_back(end);
      const state& one = states_of(layer, phase)[place(first, end)];
      end = first;
      first = one.before;
      phase = one.phase;
      layer = one.layer == 1 ? layer : layer - 1;
    }
    std::reverse(ends.begin(), ends.end());
    return ends;
  }

  /// Concave and convex: the state is the last two bins.
  [[nodiscard]] std::optional<std::vector<std::size_t>> best_bend(bin_trend trend) const {
    const std::size_t depth = layers();
    // Of the triples first < cut < end, those of one end after those of all lower ends.
    const auto triple = [](std::size_t first, std::size_t cut, std::size_t end) {
      return end * (end - 1) * (end - 2) / 6 + cut * (cut - 1) / 2 + first;
    };
    const std::size_t triples = size_ < 2 ? 0 : triple(0, 1, size_ + 1);
    check_states(depth * triples);
    std::vector<state> states(depth * triples);
    const auto at = [&](std::size_t layer, std::size_t first, std::size_t cut, std::size_t end) -> state& {
      return states[layer * triples + triple(first, cut, end)];
    };
    const auto neighbours = [&](std::size_t first, std::size_t cut, std::size_t end) {
      return relate(first, cut, end, bin_trend::free).allowed;
    };
    const auto bends = [&](std::size_t before, std::size_t first, std::size_t cut, std::size_t end) {
      for (std::size_t slice = 0; slice < cells_.slices(); ++slice) {
        const bin_count counts[] = {cells_.bin(before, first, slice), cells_.bin(first, cut, slice),
                                    cells_.bin(cut, end, slice)};
        if (counts[0].rows == 0 || counts[1].rows == 0 || counts[2].rows == 0)
          continue;
        const int bend = bend_of(counts[0], counts[1], counts[2]);
        if (trend == bin_trend::concave ? bend < 0 : bend > 0)
          return false;
      }
      return true;
    };
    std::vector<state> best_so_far;
    for (std::size_t cut = 1; cut < size_; ++cut) {
      for (const std::uint16_t first : ending_[cut]) {
        const double worth_of_left = value_[place(first, cut)];
        std::vector<std::uint16_t> allowed;
        for (const std::uint16_t end : starting_[cut]) {
          if (neighbours(first, cut, end))
            allowed.push_back(end);
        }
        if (first == 0) {
          const std::size_t layer = std::min<std::size_t>(1, depth - 1);
          if (depth > 1 || open_ended()) {
            for (const std::uint16_t end : allowed)
              at(layer, 0, cut, end) = {worth_of_left + value_[place(cut, end)], 2, 0, 0, 0};
          }
          continue;
        }
        const std::vector<std::uint16_t>& before = ending_[first];
        for (std::size_t layer = 0; layer < depth; ++layer) {
          const auto source = [&](std::size_t begin) {
            state best;
            const auto take = [&](std::size_t from) {
              state one = at(from, begin, first, cut);
              one.before = static_cast<std::uint16_t>(begin);
              one.layer = static_cast<std::uint8_t>(from == layer ? 1 : 0);
              if (one.better_than(best))
                best = one;
            };
            if (layer > 0)
              take(layer - 1);
            if (open_ended() && layer + 1 == depth)
              take(layer);
            return best;
          };
          if (!plain_) {
            for (const std::uint16_t end : allowed) {
              for (const std::uint16_t begin : before) {
                if (bends(begin, first, cut, end))
                  extend(at(layer, first, cut, end), source(begin), value_[place(cut, end)]);
              }
            }
            continue;
          }
          // The rates before that fit are the lowest ones (concave) or the highest ones (convex).
          const auto nth = [&](std::size_t i) {
            return before[trend == bin_trend::concave ? i : before.size() - 1 - i];
          };
          best_so_far.assign(before.size() + 1, state{});
          for (std::size_t i = 0; i < before.size(); ++i) {
            const state one = source(nth(i));
            best_so_far[i + 1] = one.better_than(best_so_far[i]) ? one : best_so_far[i];
          }
          if (best_so_far.back().value == nothing)
            continue;
          for (const std::uint16_t end : allowed) {
            std::size_t fit = 0;
            for (std::size_t unknown = before.size(); unknown > 0;) {
              const std::size_t half = unknown / 2;
              if (bends(nth(fit + half), first, cut, end)) {
                fit += half + 1;
                unknown -= half + 1;
              } else {
                unknown = half;
              }
            }
            extend(at(layer, first, cut, end), best_so_far[fit], value_[place(cut, end)]);
          }
        }
      }
    }
    return finish_bend(depth, at);
  }

  template <class At>
  [[nodiscard]] std::optional<std::vector<std::size_t>> finish_bend(std::size_t depth, const At& at) const {
    state best;
    std::size_t layer = 0;
    std::size_t first = 0;
    std::size_t cut = 0;
    if (rules_.min_bins <= 1)
      best = {value_[place(0, size_)], 1, 0, 0, 0};
    for (std::size_t k = 0; k < depth; ++k) {
      if (k + 1 < rules_.min_bins)
        continue;
      for (std::size_t middle = 1; middle < size_; ++middle) {
        for (std::size_t begin = 0; begin < middle; ++begin) {
          state last = at(k, begin, middle, size_);
          last.before = static_cast<std::uint16_t>(middle);
          if (last.better_than(best)) {
            best = last;
            layer = k;
            first = begin;
            cut = middle;
          }
        }
      }
    }
    if (best.value == nothing)
      return std::nullopt;
    std::vector<std::size_t> ends{size_};
    for (std::size_t end = size_; cut > 0;) {
      ends.push_back(cut);
      if (first == 0)
        break;
      const state& one = at(layer, first, cut, end);
      end = cut;
      cut = first;
      first = one.before;
      layer = one.layer == 1 ? layer : layer - 1;
    }
    std::reverse(ends.begin(), ends.end());
    return ends;
  }

  const binning_cells& cells_;
  const binning_rules& rules_;
  std::size_t size_;
  bool plain_ = true;         ///< one slice, no test of neighbours, no empty bin: sweeps do
  std::vector<double> value_; ///< what a bin adds; `nothing` where it may not be
  std::vector<double> rate_;
  std::vector<std::vector<std::uint16_t>> ending_;
  std::vector<std::vector<std::uint16_t>> starting_;
};

} // namespace emptor::stats
