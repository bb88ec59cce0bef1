// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/stats/binning_graph.hpp>

namespace emptor::stats {

/// The best binning where rules concern one bin or two neighbours: the state is the last bin.
class binning_paths : public binning_graph {
public:
  using binning_graph::binning_graph;

protected:
  [[nodiscard]] std::optional<std::vector<std::size_t>> best_path(bin_trend trend) const {
    const bool turns = trend == bin_trend::peak || trend == bin_trend::valley;
    const std::size_t slices = cells_.slices();
    if (turns && slices > most_turning_slices)
      throw error(status::option,
                  message("binning", "the number of slices", -1, std::to_string(slices),
                          "<= " + std::to_string(most_turning_slices) +
                              " for trend=peak or valley, which may turn in each on its own; or "
                              "another trend"));
    const std::size_t phases = !turns ? 1 : std::size_t{1} << slices;
    const std::size_t depth = layers();
    check_states(depth * phases * bins());
    if (!plain_)
      check_pairs();
    std::vector<state> states(depth * phases * bins());
    const auto states_of = [&](std::size_t layer, std::size_t phase) {
      return states.data() + (layer * phases + phase) * bins();
    };
    for (std::size_t end = 1; end <= size_; ++end)
      states_of(0, 0)[place(0, end)] = {value_[place(0, end)], 1, 0, 0, 0};
    for (std::size_t cut = 1; cut < size_; ++cut) {
      check_cancelled();
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
};

} // namespace emptor::stats
