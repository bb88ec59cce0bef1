// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include <emptor/credit/point_sums.hpp>
#include <emptor/credit/scorecard_model.hpp>
#include <emptor/stats/bin_lookup.hpp>

/// The points of a scorecard as step functions of single-precision numbers and of codes, for `sum_points`.
namespace emptor::credit {

namespace detail {

/// The least number in single precision that is not below a value; infinity where all are.
[[nodiscard]] inline float single_from(double value) noexcept {
  constexpr float most = std::numeric_limits<float>::max();
  constexpr float endless = std::numeric_limits<float>::infinity();
  if (value > static_cast<double>(most))
    return endless;
  if (value <= -static_cast<double>(most))
    return -most;
  const auto near = static_cast<float>(value);
  return static_cast<double>(near) < value ? std::nextafter(near, endless) : near;
}

/// Points of the bin of a value, as single-precision numbers see them: constant from each `from` to the next.
struct point_steps {
  std::vector<float> from;    ///< rising; the first step is below all of them
  std::vector<double> points; ///< one more; NaN where there is no bin
};

[[nodiscard]] inline double points_of(stats::bin_lookup::found found,
                                      std::span<const double> points) noexcept {
  return found.bin > 0 ? points[static_cast<std::size_t>(found.bin - 1)]
                       : std::numeric_limits<double>::quiet_NaN();
}

/// A cut that is no number in single precision moves up to the next that is one: between the two there is no value.
[[nodiscard]] inline point_steps steps_of(const stats::bin_lookup& lookup, std::span<const double> points) {
  constexpr float most = std::numeric_limits<float>::max();
  constexpr float endless = std::numeric_limits<float>::infinity();
  point_steps made;
  const auto starts = [&](float from) {
    if (from > -most && from <= most)
      made.from.push_back(from);
  };
  const auto after = [&](double value) {
    const float at = single_from(value);
    return static_cast<double>(at) == value ? std::nextafter(at, endless) : at;
  };
  for (const double cut : lookup.cuts())
    starts(lookup.closed() == stats::bin_closed::left ? single_from(cut) : after(cut));
  for (const auto& [code, bin] : lookup.specials()) {
    starts(single_from(code));
    starts(after(code));
  }
  std::sort(made.from.begin(), made.from.end());
  made.from.erase(std::unique(made.from.begin(), made.from.end()), made.from.end());
  made.points.push_back(points_of(lookup.of(static_cast<double>(-most)), points));
  for (const float from : made.from)
    made.points.push_back(points_of(lookup.of(static_cast<double>(from)), points));
  return made;
}

} // namespace detail

/// The tables of a scorecard whose characteristics are all numeric.
class scorecard_points {
public:
  /// \param inputs  the column of each characteristic
  scorecard_points(const scorecard& of, std::span<const std::size_t> inputs)
      : inputs_(inputs.begin(), inputs.end()) {
    held_.reserve(of.characteristics.size()); // tables_ has pointers into it
    for (const scorecard_characteristic& one : of.characteristics) {
      const held& fresh = held_.emplace_back(one);
      tables_.push_back({.cuts = fresh.cuts.data(),
                         .steps = fresh.steps.data(),
                         .codes = fresh.codes.data(),
                         .levels = fresh.levels,
                         .code_levels = fresh.code_levels});
    }
    all_ = {
        .base = of.base_points, .count = tables_.size(), .tables = tables_.data(), .inputs = inputs_.data()};
  }
  scorecard_points(const scorecard_points&) = delete;
  scorecard_points& operator=(const scorecard_points&) = delete;

  [[nodiscard]] const point_tables& tables() const noexcept { return all_; }

private:
  struct held {
    std::vector<float> cuts;
    std::vector<double> steps;
    std::vector<double> codes;
    std::int32_t levels = 3;
    std::int32_t code_levels = 8;

    explicit held(const scorecard_characteristic& of) {
      lay_out(detail::steps_of(of.lookup, of.points), detail::points_of(of.lookup.missing(), of.points));
      for (int code = 0; code < 256; ++code)
        codes.push_back(detail::points_of(of.lookup.of(static_cast<double>(code)), of.points));
      const auto bits = [](double points) { return std::bit_cast<std::uint64_t>(points); };
      for (const std::int32_t fewer : {4, 3}) {
        const auto first = codes.begin() + (1 << fewer) - 1;
        if (std::all_of(first, codes.end(), [&](double points) { return bits(points) == bits(*first); }))
          code_levels = fewer;
      }
    }

    /// The last step stays free for what is missing, so that there is one step more than the function has.
    void lay_out(const detail::point_steps& function, double missing) {
      while ((std::size_t{1} << levels) < function.points.size() + 1)
        ++levels;
      const std::size_t count = std::size_t{1} << levels;
      constexpr std::size_t room = 16; // of the longest vector that is read from the last level
      cuts.reserve(count + room);
      for (std::int32_t level = 0; level < levels; ++level) {
        const std::int32_t below = levels - level; // that are still to be asked, this one included
        for (std::size_t step = 0; step < std::size_t{1} << level; ++step) {
          const std::size_t cut = in_order(step, level) << below | (std::size_t{1} << (below - 1));
          cuts.push_back(cut <= function.from.size() ? function.from[cut - 1]
                                                     : std::numeric_limits<float>::infinity());
        }
      }
      cuts.resize(count + room, std::numeric_limits<float>::infinity());
      steps.resize(std::max(count, room), std::numeric_limits<double>::quiet_NaN());
      for (std::size_t step = 0; step < count; ++step) {
        if (const std::size_t at = in_order(step, levels); at < function.points.size())
          steps[step] = function.points[at];
      }
      steps[count - 1] = missing;
    }

    /// Which of the steps of a level it is by the size of the values: its first answer parts them in halves.
    [[nodiscard]] static std::size_t in_order(std::size_t step, std::int32_t level) noexcept {
      std::size_t place = 0;
      for (std::int32_t bit = 0; bit < level; ++bit)
        place = place << 1 | (step >> bit & 1);
      return place;
    }
  };

  std::vector<held> held_;
  std::vector<point_table> tables_;
  std::vector<std::size_t> inputs_;
  point_tables all_;
};

} // namespace emptor::credit
