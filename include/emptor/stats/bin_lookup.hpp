// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/status.hpp>
#include <emptor/stats/bin_candidates.hpp>

namespace emptor::stats {

/// From a value of a characteristic to its bin: special codes first, then intervals; levels by their bytes. Looking up allocates
/// nothing and is O(log n).
class bin_lookup {
public:
  struct found {
    std::int32_t bin = 0; ///< 1, 2, ...; 0 where the value has no bin
    row_status status = row_status::ok;
  };

  explicit bin_lookup(bin_closed closed = bin_closed::left)
      : closed_(closed) {}

  /// The next interval upwards ends at `cut`; the last one has no end. \param bin  number of the interval
  void add_interval(std::int32_t bin) { intervals_.push_back(bin); }
  void add_cut(double cut) { cuts_.push_back(cut); }
  void add_special(double code, std::int32_t bin) { specials_.emplace_back(code + 0.0, bin); }
  void add_level(std::string level, std::int32_t bin) { levels_.emplace_back(std::move(level), bin); }
  void set_missing(std::int32_t bin) noexcept { missing_ = bin; }
  void set_unknown(std::int32_t bin) noexcept { unknown_ = bin; }
  /// To be called once after the last addition. \return whether it is sound: one more interval than cuts or none of both, cuts that
  /// rise, no code or level twice
  [[nodiscard]] bool finish() {
    std::sort(specials_.begin(), specials_.end());
    std::sort(levels_.begin(), levels_.end());
    const auto twice = [](const auto& sorted) {
      return std::adjacent_find(sorted.begin(), sorted.end(), [](const auto& left, const auto& right) {
               return left.first == right.first;
             }) != sorted.end();
    };
    const bool rising = std::adjacent_find(cuts_.begin(), cuts_.end(), [](double left, double right) {
                          return !(left < right);
                        }) == cuts_.end();
    const bool fits = intervals_.empty() ? cuts_.empty() : intervals_.size() == cuts_.size() + 1;
    return fits && rising && !twice(specials_) && !twice(levels_);
  }

  [[nodiscard]] bool numeric() const noexcept { return !intervals_.empty(); }
  [[nodiscard]] const std::vector<double>& cuts() const noexcept { return cuts_; }
  // What it consists of, for those who write it down in another language. Bins count from 1; 0 = none.
  [[nodiscard]] bin_closed closed() const noexcept { return closed_; }
  [[nodiscard]] const std::vector<std::int32_t>& intervals() const noexcept { return intervals_; }
  /// After `finish` in rising order, each with its bin.
  [[nodiscard]] const std::vector<std::pair<double, std::int32_t>>& specials() const noexcept {
    return specials_;
  }
  [[nodiscard]] const std::vector<std::pair<std::string, std::int32_t>>& levels() const noexcept {
    return levels_;
  }
  [[nodiscard]] std::int32_t missing_bin() const noexcept { return missing_; }
  [[nodiscard]] std::int32_t unknown_bin() const noexcept { return unknown_; }

  [[nodiscard]] found missing() const noexcept { return named(missing_, row_status::missing); }
  /// \param value  NaN = missing
  [[nodiscard]] found of(double value) const noexcept {
    if (std::isnan(value))
      return missing();
    if (!specials_.empty()) {
      const auto at = std::lower_bound(specials_.begin(), specials_.end(), value,
                                       [](const auto& one, double wanted) { return one.first < wanted; });
      if (at != specials_.end() && at->first == value)
        return named(at->second, row_status::undefined);
    }
    if (intervals_.empty())
      return {0, row_status::unknown_level};
    return {intervals_[closed_ == bin_closed::left ? cuts_below<true>(value) : cuts_below<false>(value)],
            row_status::ok};
  }
  /// \param level  empty = missing
  [[nodiscard]] found of(std::string_view level) const noexcept {
    if (level.empty())
      return missing();
    const auto at =
        std::lower_bound(levels_.begin(), levels_.end(), level,
                         [](const auto& one, std::string_view wanted) { return one.first < wanted; });
    if (at != levels_.end() && at->first == level)
      return {at->second, row_status::ok};
    return named(unknown_, row_status::unknown_level);
  }

private:
  /// The number of cuts below a value, or up to it. Each step halves the stretch with the same moves whichever half it takes:
  /// of values in no order a jump would be guessed wrong every other time.
  template <bool UpTo>
  [[nodiscard]] std::size_t cuts_below(double value) const noexcept {
    const double* const cuts = cuts_.data();
    const auto is_below = [value](double cut) { return UpTo ? cut <= value : cut < value; };
    std::size_t first = 0;
    std::size_t left = cuts_.size();
    while (left > 0) {
      const std::size_t half = (left + 1) / 2;
      first += half * static_cast<std::size_t>(is_below(cuts[first + half - 1]));
      left -= half;
    }
    return first;
  }
  [[nodiscard]] static found named(std::int32_t bin, row_status otherwise) noexcept {
    return bin > 0 ? found{bin, row_status::ok} : found{0, otherwise};
  }

  bin_closed closed_;
  std::vector<double> cuts_;
  std::vector<std::int32_t> intervals_;
  std::vector<std::pair<double, std::int32_t>> specials_;
  std::vector<std::pair<std::string, std::int32_t>> levels_;
  std::int32_t missing_ = 0;
  std::int32_t unknown_ = 0;
};

} // namespace emptor::stats
