// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/math/elementary.hpp>
#include <emptor/math/real.hpp>
#include <emptor/stats/survey_answers.hpp>
#include <emptor/stats/weight_meaning.hpp>

/// The parts of a survey of which figures are made: all answers, each group, each period, and each group in each period.
namespace emptor::satisfaction {

/// Of which parts of a survey figures are told.
enum class survey_by : std::int32_t { all = 0, group = 1, period = 2, group_and_period = 3 };
inline constexpr std::string_view survey_by_names[] = {"all", "group", "period", "group_and_period"};

using stats::weight_meaning;

/// The rows of a survey about one brand.
/// \param brand  empty: the survey must be about one only
/// \throws error status::data where there are several, status::unknown_name for one that there is not
[[nodiscard]] inline std::vector<std::uint32_t>
rows_about(std::string_view where, const stats::survey_answers& from, std::string_view brand) {
  std::vector<std::uint32_t> rows;
  const std::vector<std::string_view>& names = from.brand_names();
  std::uint32_t wanted = stats::survey_answers::none;
  if (!brand.empty()) {
    const auto at = std::lower_bound(names.begin(), names.end(), brand);
    if ((at == names.end() || *at != brand) && from.rows() > 0)
      throw unknown_name(where, "brand", brand, names);
    wanted = static_cast<std::uint32_t>(at - names.begin());
  } else if (from.rows() > 0) {
    wanted = from.brands()[0];
  }
  for (std::uint32_t row = 0; row < from.rows(); ++row) {
    if (from.brands()[row] == wanted)
      rows.push_back(row);
    else if (brand.empty())
      throw error(status::data, std::string(where) +
                                    ": the answers are about several brands; option brand must say which (" +
                                    listed(std::span(names)) + ")");
  }
  return rows;
}

/// The cells, and the rows of each.
class survey_cells {
public:
  static constexpr std::uint32_t none = stats::survey_answers::none;

  struct cell {
    std::uint32_t group = none;  ///< place among the names of the groups; none: all of them
    std::uint32_t period = none; ///< place among the periods; none: all of them
  };
  /// Cells that stand next to each other.
  struct range {
    std::uint32_t first = 0;
    std::uint32_t last = 0;
    [[nodiscard]] std::uint32_t size() const noexcept { return last - first; }
  };

  /// \param rows  of the answers, ascending
  survey_cells(const stats::survey_answers& from, std::vector<std::uint32_t> rows, survey_by by)
      : rows_(std::move(rows)) {
    const bool groups = by == survey_by::group || by == survey_by::group_and_period;
    const bool periods = by == survey_by::period || by == survey_by::group_and_period;
    cells_.push_back({});
    memberships_.push_back(std::vector<std::uint32_t>(rows_.size(), 0));
    const auto add = [&](range& part, bool by_group, bool by_period) {
      const auto key_of = [&](std::uint32_t row) {
        const std::uint64_t group = by_group ? from.groups()[row] : none;
        const std::uint64_t period = by_period ? from.periods()[row] : none;
        return group << 32 | period;
      };
      const auto belongs = [&](std::uint32_t row) {
        return (!by_group || from.groups()[row] != none) && (!by_period || from.periods()[row] != none);
      };
      std::vector<std::uint64_t> keys;
      for (const std::uint32_t row : rows_) {
        if (belongs(row))
          keys.push_back(key_of(row));
      }
      std::sort(keys.begin(), keys.end());
      keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
      part.first = static_cast<std::uint32_t>(cells_.size());
      for (const std::uint64_t key : keys)
        cells_.push_back({static_cast<std::uint32_t>(key >> 32), static_cast<std::uint32_t>(key)});
      part.last = static_cast<std::uint32_t>(cells_.size());
      std::vector<std::uint32_t>& cell_of = memberships_.emplace_back(rows_.size(), none);
      for (std::size_t i = 0; i < rows_.size(); ++i) {
        if (belongs(rows_[i]))
          cell_of[i] =
              part.first + static_cast<std::uint32_t>(
                               std::lower_bound(keys.begin(), keys.end(), key_of(rows_[i])) - keys.begin());
      }
    };
    if (groups)
      add(groups_, true, false);
    if (periods)
      add(periods_, false, true);
    if (groups && periods)
      add(crossed_, true, true);
    // The rows of each cell one after the other, in their order.
    first_row_.assign(cells_.size() + 1, 0);
    for (const std::vector<std::uint32_t>& cell_of : memberships_) {
      for (const std::uint32_t one : cell_of) {
        if (one != none)
          ++first_row_[one + 1];
      }
    }
    for (std::size_t c = 0; c < cells_.size(); ++c)
      first_row_[c + 1] += first_row_[c];
    members_.resize(first_row_.back());
    std::vector<std::size_t> next(first_row_.begin(), first_row_.end() - 1);
    for (const std::vector<std::uint32_t>& cell_of : memberships_) {
      for (std::size_t i = 0; i < cell_of.size(); ++i) {
        if (cell_of[i] != none)
          members_[next[cell_of[i]]++] = static_cast<std::uint32_t>(i);
      }
    }
    memberships_.clear();
  }

  /// The rows that count, of the answers.
  [[nodiscard]] std::span<const std::uint32_t> rows() const noexcept { return rows_; }
  /// All answers first, then groups, then periods, then groups in periods by group.
  [[nodiscard]] std::span<const cell> cells() const noexcept { return cells_; }
  /// The rows of a cell as places among `rows`, ascending.
  [[nodiscard]] std::span<const std::uint32_t> members(std::uint32_t which) const noexcept {
    return std::span(members_).subspan(first_row_[which], first_row_[which + 1] - first_row_[which]);
  }
  [[nodiscard]] range groups() const noexcept { return groups_; }
  [[nodiscard]] range periods() const noexcept { return periods_; }
  [[nodiscard]] range crossed() const noexcept { return crossed_; }

private:
  std::vector<std::uint32_t> rows_;
  std::vector<cell> cells_;
  range groups_;
  range periods_;
  range crossed_;
  std::vector<std::vector<std::uint32_t>> memberships_; ///< while it is made: of each row its cell
  std::vector<std::size_t> first_row_;
  std::vector<std::uint32_t> members_;
};

/// Weighted moments of numbers.
struct survey_moments {
  std::int64_t answers = 0;
  math::real weight = 0.0;     ///< sum of weights
  math::real squares = 0.0;    ///< sum of their squares; of frequencies of themselves
  math::real mean = 0.0;       ///< weighted
  math::real deviations = 0.0; ///< sum of weight x (number - mean)^2
  math::real influence =
      0.0; ///< sum of (weight x (number - mean))^2, of frequencies as deviations; not of what was merged
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();

  [[nodiscard]] bool varies() const noexcept { return low < high; }
  /// Answers of equal weight that would do as well: (sum of weights)^2 / sum of squares (L. Kish, Survey Sampling, 1965). Of
  /// frequencies their sum.
  [[nodiscard]] double effective() const noexcept {
    return answers == 0 ? 0.0 : math::value_of(weight * weight / squares);
  }
  /// With the denominator of weights; 0 where nothing varies.
  [[nodiscard]] double variance() const noexcept { return math::value_of(deviations / weight); }

  /// Of both together (T. F. Chan, G. H. Golub and R. J. LeVeque, Algorithms for computing the sample variance, American
  /// Statistician 37, 1983).
  [[nodiscard]] friend survey_moments merged(const survey_moments& a, const survey_moments& b) noexcept {
    if (a.answers == 0 || b.answers == 0)
      return a.answers == 0 ? b : a;
    survey_moments made;
    made.answers = a.answers + b.answers;
    made.weight = a.weight + b.weight;
    made.squares = a.squares + b.squares;
    made.low = std::min(a.low, b.low);
    made.high = std::max(a.high, b.high);
    const math::real apart = b.mean - a.mean;
    made.mean = made.varies() ? a.mean + apart * (b.weight / made.weight) : a.mean;
    made.deviations = a.deviations + b.deviations + apart * apart * a.weight * (b.weight / made.weight);
    if (!made.varies())
      made.deviations = 0.0;
    return made;
  }
};

/// Of the numbers of some rows; NaN does not count.
/// \param values, weights  by place among the rows
[[nodiscard]] inline survey_moments moments_of(std::span<const std::uint32_t> members,
                                               std::span<const double> values,
                                               std::span<const double> weights,
                                               weight_meaning meaning = weight_meaning::sampling) noexcept {
  survey_moments made;
  const bool sampling = meaning == weight_meaning::sampling;
  math::real sum = 0.0;
  for (const std::uint32_t i : members) {
    const double x = values[i];
    if (std::isnan(x))
      continue;
    ++made.answers;
    const math::real w(weights[i]);
    made.weight += w;
    made.squares += sampling ? w * w : w;
    sum += w * x;
    made.low = std::min(made.low, x);
    made.high = std::max(made.high, x);
  }
  if (made.answers == 0)
    return made;
  made.mean = made.varies() ? sum / made.weight : math::real(made.low); // exactly what all of them are
  for (const std::uint32_t i : members) {
    if (!made.varies() || std::isnan(values[i]))
      continue;
    const math::real off = math::real(values[i]) - made.mean;
    const math::real weighed = math::real(weights[i]) * off;
    made.deviations += weighed * off;
    made.influence += weighed * (sampling ? weighed : off);
  }
  return made;
}

} // namespace emptor::satisfaction
