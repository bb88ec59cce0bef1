// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include <emptor/stats/binning_paths.hpp>

/// The search for the best binning of ordered cells: a longest path whose nodes are bins and whose edges join bins that may be
/// neighbours. Exact, because the objective is a sum over bins and every rule concerns one bin, two neighbours, or (concave and
/// convex) three.
namespace emptor::stats {

/// Of binnings of equal worth it takes the one with fewer bins, then the one whose last cut is lowest, then the cut before it.
class binning_search final : public binning_paths {
public:
  explicit binning_search(const binning_cells& cells, const binning_rules& rules, const run* how = nullptr)
      : binning_paths(cells, rules, how) {}

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
      check_cancelled();
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
};

} // namespace emptor::stats
