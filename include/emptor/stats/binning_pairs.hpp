// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <emptor/stats/binning_graph.hpp>

/// The best binning of which any two bins differ, not only neighbours: no path through pairs of neighbours says whether they do.
namespace emptor::stats {

/// Partial binnings that a search over all pairs goes through before it gives up.
inline constexpr std::size_t most_pairwise_steps = std::size_t{1} << 20;

/// Goes through binnings from the left and leaves out those that cannot be better than the best so far: what follows a bin adds
/// no more than the best way from it under the rules for neighbours. Exact; the worst case is exponential, and ends with an error.
class pairwise_search final : public binning_graph {
public:
  explicit pairwise_search(const binning_cells& cells, const binning_rules& rules, const run* how = nullptr)
      : binning_graph(cells, rules, how) {}

  /// The ends of the bins of the best binning; none where no binning keeps the rules.
  /// \throws error status::option where it takes more than `most_pairwise_steps`
  [[nodiscard]] std::optional<std::vector<std::size_t>> best(bin_trend trend) {
    trend_ = trend;
    best_.reset();
    best_value_ = nothing;
    steps_ = 0;
    bound();
    firsts_.clear();
    ends_.clear();
    extend_from(0, 0.0, 0);
    return best_;
  }

private:
  [[nodiscard]] bool neighbours(std::size_t first, std::size_t cut, std::size_t end) const noexcept {
    return relate(first, cut, end, trend_).allowed;
  }
  /// What the bins after one can add at the most.
  void bound() {
    check_pairs();
    after_.assign(bins(), nothing);
    for (std::size_t first = 0; first < size_; ++first)
      after_[place(first, size_)] = 0.0;
    for (std::size_t cut = size_; cut-- > 1;) {
      check_cancelled();
      for (std::size_t first = 0; first < cut; ++first) {
        if (value_[place(first, cut)] == nothing)
          continue;
        double most = nothing;
        for (const std::uint16_t end : starting_[cut]) {
          const double reach = value_[place(cut, end)] + after_[place(cut, end)];
          if (reach > most && neighbours(first, cut, end))
            most = reach;
        }
        after_[place(first, cut)] = most;
      }
    }
  }
  [[nodiscard]] bool differs_from_all(std::size_t first, std::size_t end) const noexcept {
    const bin_count bin = cells_.bin(first, end);
    for (std::size_t i = 0; i < ends_.size(); ++i) {
      const bin_count other = cells_.bin(firsts_[i], ends_[i]);
      if (bin.rows > 0 && other.rows > 0 && !rates_differ(other, bin, rules_.critical_z, rules_.unit))
        return false;
    }
    return true;
  }
  /// \param turned  slices whose rates have turned
  void extend_from(std::size_t cut, double value, std::uint32_t turned) {
    if (++steps_ > most_pairwise_steps)
      throw error(status::option, "binning: the search over all pairs of bins would need more than " +
                                      std::to_string(most_pairwise_steps) +
                                      " steps; fewer candidates or bins need less");
    if (steps_ % 1024 == 0)
      check_cancelled();
    if (cut == size_) {
      if (value > best_value_ + 1e-13 * std::fabs(best_value_ == nothing ? 0.0 : best_value_) &&
          broken_rules(cells_, rules_, ends_, trend_).empty()) {
        best_value_ = value;
        best_ = ends_;
      }
      return;
    }
    if (rules_.max_bins > 0 && ends_.size() >= rules_.max_bins)
      return;
    std::vector<std::pair<double, std::size_t>> next; // most promising first
    for (std::size_t end = cut + 1; end <= size_; ++end) {
      const double reach = value_[place(cut, end)] + after_[place(cut, end)];
      if (reach > nothing)
        next.emplace_back(-reach, end);
    }
    std::sort(next.begin(), next.end());
    for (const auto& [reach, end] : next) {
      if (value - reach <= best_value_)
        return;
      std::uint32_t now = turned;
      if (!ends_.empty()) {
        const relation found = relate(firsts_.back(), cut, end, trend_);
        if (!found.allowed)
          continue;
        const std::uint32_t on = trend_ == bin_trend::valley ? found.falls : found.rises;
        const std::uint32_t back = trend_ == bin_trend::valley ? found.rises : found.falls;
        if (trend_ == bin_trend::peak || trend_ == bin_trend::valley) {
          if ((on & turned) != 0)
            continue;
          now |= back;
        }
        if (!differs_from_all(cut, end))
          continue;
      }
      firsts_.push_back(cut);
      ends_.push_back(end);
      extend_from(end, value + value_[place(cut, end)], now);
      firsts_.pop_back();
      ends_.pop_back();
    }
  }

  bin_trend trend_ = bin_trend::free;
  std::vector<double> after_; ///< of each bin
  std::vector<std::size_t> firsts_;
  std::vector<std::size_t> ends_;
  std::optional<std::vector<std::size_t>> best_;
  double best_value_ = nothing;
  std::size_t steps_ = 0;
};

} // namespace emptor::stats
