// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/core/model_table.hpp>

/// Named segments of customers by their scores (客户分群): rules that together give every cell of the cube of recency,
/// frequency and monetary score exactly one name.
///
/// A rule names the cells whose scores lie within its bounds; one of F and M together bounds their mean (F + M) / 2, halves
/// included, and what a rule does not bound may be anything. Several rules may name one segment. All cells of the cube are
/// tried when the rules are taken in: a cell that no rule names, or that rules name differently, refuses them, so that
/// neither the order of the rules nor a hole in them can decide about a customer.
namespace emptor::value {

inline constexpr std::string_view rfm_segments_name = "value.rfm_segments";
inline constexpr std::int64_t most_rfm_groups = 9;

/// Scores of one customer, each from 1 to the number of groups; the largest is the best.
struct rfm_cell {
  std::int64_t recency = 1;
  std::int64_t frequency = 1;
  std::int64_t monetary = 1;
  friend bool operator==(const rfm_cell&, const rfm_cell&) = default;
};

/// A cell as its digits, such as 543.
[[nodiscard]] inline std::string cell_text(const rfm_cell& cell) {
  return std::to_string(100 * cell.recency + 10 * cell.frequency + cell.monetary);
}

/// Cells from 111 on, in the order of their digits.
[[nodiscard]] constexpr std::size_t place_of(const rfm_cell& cell, std::int64_t groups) noexcept {
  return static_cast<std::size_t>(((cell.recency - 1) * groups + cell.frequency - 1) * groups +
                                  cell.monetary - 1);
}
[[nodiscard]] constexpr rfm_cell cell_at(std::size_t place, std::int64_t groups) noexcept {
  const auto at = static_cast<std::int64_t>(place);
  return {at / (groups * groups) + 1, at / groups % groups + 1, at % groups + 1};
}

/// The texts of all cells, in the order of `place_of`.
[[nodiscard]] inline std::vector<std::string> cell_texts(std::int64_t groups) {
  std::vector<std::string> made(static_cast<std::size_t>(groups * groups * groups));
  for (std::size_t i = 0; i < made.size(); ++i)
    made[i] = cell_text(cell_at(i, groups));
  return made;
}

/// Bounds that belong to them; none is infinite.
struct rfm_bounds {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  [[nodiscard]] constexpr bool contains(double x) const noexcept { return low <= x && x <= high; }
};

struct rfm_rule {
  std::string segment;
  rfm_bounds recency{};
  rfm_bounds frequency{};
  rfm_bounds monetary{};
  rfm_bounds mean{}; ///< of frequency and monetary score

  [[nodiscard]] bool names(const rfm_cell& cell) const noexcept {
    return recency.contains(static_cast<double>(cell.recency)) &&
           frequency.contains(static_cast<double>(cell.frequency)) &&
           monetary.contains(static_cast<double>(cell.monetary)) &&
           mean.contains(static_cast<double>(cell.frequency + cell.monetary) / 2.0);
  }
};

/// Rules that are known to name every cell once.
class rfm_segmentation {
public:
  /// Names of segments come in the order of the rules.
  /// \throws error status::data with the first cell, by its digits, that has no name or two
  rfm_segmentation(std::int64_t groups, std::vector<rfm_rule> rules,
                   std::string_view where = rfm_segments_name)
      : groups_(groups)
      , rules_(std::move(rules))
      , codes_(static_cast<std::size_t>(groups * groups * groups)) {
    std::vector<std::int32_t> of_rule;
    for (const rfm_rule& rule : rules_) {
      const auto known = std::find(segments_.begin(), segments_.end(), rule.segment);
      of_rule.push_back(static_cast<std::int32_t>(known - segments_.begin()));
      if (known == segments_.end())
        segments_.push_back(rule.segment);
    }
    for (std::size_t place = 0; place < codes_.size(); ++place) {
      const rfm_cell cell = cell_at(place, groups_);
      std::int32_t code = -1;
      for (std::size_t i = 0; i < rules_.size(); ++i) {
        if (!rules_[i].names(cell))
          continue;
        if (code >= 0 && code != of_rule[i])
          throw error(status::data, std::string(where) + ": cell " + cell_text(cell) + " is in " +
                                        shortened(segments_[static_cast<std::size_t>(code)]) + " and in " +
                                        shortened(rules_[i].segment) + ", but must be in one segment");
        code = of_rule[i];
      }
      if (code < 0)
        throw error(status::data, std::string(where) + ": cell " + cell_text(cell) +
                                      " is in no segment, but every cell from 111 to " +
                                      cell_text(rfm_cell{groups_, groups_, groups_}) + " must be in one");
      codes_[place] = code;
    }
  }

  [[nodiscard]] std::int64_t groups() const noexcept { return groups_; }
  [[nodiscard]] const std::vector<rfm_rule>& rules() const noexcept { return rules_; }
  [[nodiscard]] const std::vector<std::string>& segments() const noexcept { return segments_; }
  /// The place of a cell's segment in `segments`.
  [[nodiscard]] std::int32_t segment_of(const rfm_cell& cell) const noexcept {
    return codes_[place_of(cell, groups_)];
  }

private:
  std::int64_t groups_;
  std::vector<rfm_rule> rules_;
  std::vector<std::string> segments_;
  std::vector<std::int32_t> codes_; ///< by place of the cell
};

/// Segments that many use, under their names.
enum class rfm_preset : std::int32_t {
  eleven = 0, ///< of five groups: by recency and the mean of frequency and monetary score
  ten = 1,    ///< of five groups: the ten names of the R package rfm, made to name every cell once
  eight = 2,  ///< of any groups: each score above the middle one or not (重要价值客户, ...)
};
inline constexpr std::string_view rfm_preset_names[] = {"eleven", "ten", "eight"};

/// \throws error status::option for groups that the preset is not made for
[[nodiscard]] inline rfm_segmentation make_rfm_preset(rfm_preset which, std::int64_t groups,
                                                      std::string_view where = rfm_segments_name) {
  if (which != rfm_preset::eight && groups != 5)
    throw error(status::option, message(where, "option groups", -1, std::to_string(groups),
                                        "5 with segmentation=" +
                                            std::string(rfm_preset_names[static_cast<std::size_t>(which)])));
  constexpr rfm_bounds any{};
  switch (which) {
  case rfm_preset::eleven: {
    constexpr rfm_bounds lowest{1.0, 1.5};
    constexpr rfm_bounds low{1.0, 2.5};
    constexpr rfm_bounds second{2.0, 2.5};
    constexpr rfm_bounds middle{3.0, 3.5};
    constexpr rfm_bounds high{4.0, 5.0};
    return {groups,
            {{"champions", {4, 5}, any, any, high},
             {"loyal_customers", {4, 5}, any, any, middle},
             {"loyal_customers", {3, 3}, any, any, high},
             {"potential_loyalists", {4, 5}, any, any, second},
             {"new_customers", {5, 5}, any, any, lowest},
             {"promising", {4, 4}, any, any, lowest},
             {"need_attention", {3, 3}, any, any, middle},
             {"about_to_sleep", {3, 3}, any, any, low},
             {"at_risk", {2, 2}, any, any, {3.0, 5.0}},
             {"at_risk", {1, 1}, any, any, middle},
             {"cannot_lose_them", {1, 1}, any, any, high},
             {"hibernating", {2, 2}, any, any, low},
             {"lost", {1, 1}, any, any, low}},
            where};
  }
  case rfm_preset::ten:
    return {groups,
            {{"champions", {4, 5}, {4, 5}, {4, 5}, any},
             {"loyal_customers", {4, 5}, {4, 5}, {1, 3}, any},
             {"loyal_customers", {4, 5}, {3, 3}, any, any},
             {"loyal_customers", {3, 3}, {4, 5}, any, any},
             {"potential_loyalist", {4, 5}, {2, 2}, any, any},
             {"potential_loyalist", {4, 5}, {1, 1}, {2, 5}, any},
             {"new_customers", {5, 5}, {1, 1}, {1, 1}, any},
             {"promising", {3, 4}, {1, 1}, {1, 1}, any},
             {"need_attention", {3, 3}, {3, 3}, any, any},
             {"about_to_sleep", {2, 3}, {2, 2}, any, any},
             {"about_to_sleep", {3, 3}, {1, 1}, {2, 5}, any},
             {"about_to_sleep", {2, 2}, {1, 1}, any, any},
             {"at_risk", {2, 2}, {3, 5}, any, any},
             {"at_risk", {1, 1}, {3, 3}, any, any},
             {"at_risk", {1, 1}, {4, 5}, {1, 3}, any},
             {"cannot_lose_them", {1, 1}, {4, 5}, {4, 5}, any},
             {"lost", {1, 1}, {1, 2}, any, any}},
            where};
  case rfm_preset::eight:
    break;
  }
  const std::int64_t half = (groups + 1) / 2; // a score up to it is not above the middle one
  const auto middle = static_cast<double>(half);
  const rfm_bounds high{middle + 1.0, std::numeric_limits<double>::infinity()};
  const rfm_bounds low{-std::numeric_limits<double>::infinity(), middle};
  return {groups,
          {{"important_value", high, high, high, any},
           {"important_develop", high, low, high, any},
           {"important_keep", low, high, high, any},
           {"important_win_back", low, low, high, any},
           {"ordinary_value", high, high, low, any},
           {"ordinary_develop", high, low, low, any},
           {"ordinary_keep", low, high, low, any},
           {"ordinary_win_back", low, low, low, any}},
          where};
}

/// The rules of a table `rules`.
/// \throws error status::too_few without a rule, status::data for bounds that name no score or rules that are no partition
[[nodiscard]] inline rfm_segmentation read_rfm_rules(const model_table& held, std::int64_t groups,
                                                     std::string_view where) {
  if (held.rows() == 0)
    throw error(status::too_few, std::string(where) + ": the table rules has no row; a segment needs a rule");
  std::vector<rfm_rule> rules;
  for (std::int64_t row = 0; row < held.rows(); ++row) {
    const auto bounds = [&](std::string_view low, std::string_view high) {
      rfm_bounds made;
      made.low = held.number(low, row).value_or(made.low);
      made.high = held.number(high, row).value_or(made.high);
      if (made.low > made.high)
        held.refuse(high, row, to_text(made.high), std::string(low) + " or above");
      return made;
    };
    rfm_rule made{.segment = std::string(held.text("segment", row).value_or("")),
                  .recency = bounds("r_low", "r_high"),
                  .frequency = bounds("f_low", "f_high"),
                  .monetary = bounds("m_low", "m_high"),
                  .mean = bounds("fm_low", "fm_high")};
    if (made.segment.empty())
      held.refuse("segment", row, "empty", "a name");
    rules.push_back(std::move(made));
  }
  return {groups, std::move(rules), where};
}

/// The table `rules` of a segmentation.
[[nodiscard]] inline table to_table(const rfm_segmentation& of) {
  text_buffer segments;
  std::array<std::vector<double>, 8> bounds;
  for (const rfm_rule& rule : of.rules()) {
    segments.push_back(rule.segment);
    std::size_t at = 0;
    for (const rfm_bounds& one : {rule.recency, rule.frequency, rule.monetary, rule.mean}) {
      for (const double end : {one.low, one.high})
        bounds[at++].push_back(std::isfinite(end) ? end : std::numeric_limits<double>::quiet_NaN());
    }
  }
  constexpr std::string_view names[] = {"r_low", "r_high", "f_low",  "f_high",
                                        "m_low", "m_high", "fm_low", "fm_high"};
  table made("rules", {column::texts("segment", std::move(segments))});
  for (std::size_t i = 0; i < bounds.size(); ++i)
    made.add(column::numbers(std::string(names[i]), std::move(bounds[i])).or_none());
  return made;
}

} // namespace emptor::value
