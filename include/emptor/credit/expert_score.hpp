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

#include <emptor/math/real.hpp>

/// Expert assessment of a customer's credit (专家评估法), for customers without a history of defaults: criteria in a
/// hierarchy of any depth, such as the five Cs (5C: 品德, 能力, 资本, 抵押, 条件), each answered or measured, with evidence that
/// grows old and sources that count for more or less.
///
///     points of a criterion with parts = sum of weight x points of the parts that count / sum of their weights
///     weight of a part in the whole    = weight of its parent in the whole x weight / sum of the weights that count
///     points of the customer           = sum over what has no parts of weight in the whole x points
///
/// What is not known is never passed over in silence: a rule says for each criterion what happens, and what was done is
/// reported. Weights may come from pairwise comparisons (AHP).
namespace emptor::credit {

/// What is made of a criterion that nothing usable is known of.
enum class missing_rule : std::int32_t {
  renormalise = 0, ///< it does not count; the others of its parent have its weight
  worst = 1,       ///< the least points that it can have
  neutral = 2,     ///< as many points as the caller says
  refuse = 3,      ///< the customer has no points
};
inline constexpr std::string_view missing_rule_names[] = {"renormalise", "worst", "neutral", "refuse"};

/// How points come from what is known.
enum class expert_scale : std::int32_t {
  points = 0, ///< the value is the points
  items = 1,  ///< each answer has its points
  steps = 2,  ///< the points of the highest bound that the value reaches
  linear = 3, ///< from 0 at the worst value to 100 at the best, and no more beyond
  parts = 4,  ///< from its parts
};

/// A criterion of the scorecard: its weight among those below the same one, and what makes points, 0 to 100, of an answer.
struct expert_criterion {
  std::string name;
  std::optional<std::size_t> parent{};
  std::vector<std::size_t> parts{}; ///< in the order of the table
  std::size_t level = 1;            ///< 1 without a parent
  double weight = 1.0;
  expert_scale scale = expert_scale::points;
  double worst = 0.0;
  double best = 100.0;
  std::vector<std::pair<std::string, double>> items{};
  std::vector<std::pair<double, double>> steps{}; ///< bound and points, bounds ascending
  std::optional<missing_rule> if_missing{};
  std::optional<std::int64_t> valid_days{};
  std::optional<double> knock_out_below{};

  /// The least points that it can have.
  [[nodiscard]] double least() const noexcept {
    double found = 100.0;
    for (const auto& [item, points] : items)
      found = std::min(found, points);
    for (const auto& [bound, points] : steps)
      found = std::min(found, points);
    return scale == expert_scale::items || scale == expert_scale::steps ? found : 0.0;
  }
  /// NaN where the scale does not have it.
  [[nodiscard]] double points_of(std::string_view answer, double value) const noexcept {
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    switch (scale) {
    case expert_scale::points:
      return value >= 0.0 && value <= 100.0 ? value : none;
    case expert_scale::items:
      for (const auto& [item, points] : items) {
        if (item == answer)
          return points;
      }
      return none;
    case expert_scale::steps: {
      double found = none;
      for (const auto& [bound, points] : steps)
        found = value >= bound ? points : found;
      return found;
    }
    case expert_scale::linear: {
      // Both differences are halved, so that none of them is beyond all numbers.
      const math::real half_way = math::real(value) * 0.5 - worst * 0.5;
      const double share = math::value_of(half_way / (math::real(best) * 0.5 - worst * 0.5));
      return std::isnan(share) ? none : math::value_of(math::real(std::clamp(share, 0.0, 1.0)) * 100.0);
    }
    case expert_scale::parts:
      break;
    }
    return none;
  }
};

/// Points to nine decimals, so that what should be 80 is 80 and has the grade of 80.
[[nodiscard]] inline double rounded_points(double points) noexcept {
  return math::value_of(floor(math::real(points) * 1e9 + 0.5) / 1e9);
}

/// What a criterion comes to for one customer.
struct expert_judgement {
  double points = std::numeric_limits<double>::quiet_NaN(); ///< NaN where it does not count
  std::optional<missing_rule> rule{};                       ///< that had to be used
  double weight = 0.0;                                      ///< in the whole
  double part = 0.0;                                        ///< weight x points, of parts their sum
  double loss = 0.0; ///< weight x what lacks to 100 points; of parts their sum

  [[nodiscard]] bool counts() const noexcept { return !std::isnan(points); }
};

/// Points of a customer, 0 to 100, or why there are none.
struct expert_total {
  double points = std::numeric_limits<double>::quiet_NaN(); ///< NaN where refused, or nothing counts
  std::optional<std::size_t> refused_by{};                  ///< criterion
};

/// A scorecard of criteria, each behind its parent in `order`.
class expert_scorecard {
public:
  expert_scorecard() = default;
  /// \param criteria  with parents that make no circle \param order  each criterion once, parents before parts
  expert_scorecard(std::vector<expert_criterion> criteria, std::vector<std::size_t> order)
      : criteria_(std::move(criteria))
      , order_(std::move(order)) {}

  [[nodiscard]] const std::vector<expert_criterion>& criteria() const noexcept { return criteria_; }
  [[nodiscard]] std::optional<std::size_t> find(std::string_view name) const noexcept {
    for (std::size_t i = 0; i < criteria_.size(); ++i) {
      if (criteria_[i].name == name)
        return i;
    }
    return std::nullopt;
  }

  /// \param known  points of what has no parts, NaN where nothing usable is known \param usual  the rule of criteria that
  /// name none \param into  one judgement for each criterion
  [[nodiscard]] expert_total judge(std::span<const double> known, missing_rule usual, double neutral_points,
                                   std::vector<expert_judgement>& into) const {
    into.assign(criteria_.size(), {});
    expert_total total;
    for (std::size_t at = order_.size(); at-- > 0;) { // parts before their parents
      const std::size_t i = order_[at];
      const expert_criterion& one = criteria_[i];
      expert_judgement& judged = into[i];
      judged.points = one.scale == expert_scale::parts ? points_of_parts(one.parts, into) : known[i];
      if (judged.counts())
        continue;
      judged.rule = one.if_missing.value_or(usual);
      if (judged.rule == missing_rule::worst)
        judged.points = one.least();
      else if (judged.rule == missing_rule::neutral)
        judged.points = neutral_points;
    }
    for (std::size_t i = 0; i < criteria_.size(); ++i) {
      if (into[i].rule == missing_rule::refuse) {
        total.refused_by = i;
        break;
      }
    }
    std::vector<std::size_t> top;
    for (std::size_t i = 0; i < criteria_.size(); ++i) {
      if (!criteria_[i].parent)
        top.push_back(i);
    }
    share_out(top, 1.0, into);
    for (const std::size_t i : order_) {
      if (into[i].counts())
        share_out(criteria_[i].parts, into[i].weight, into);
    }
    for (std::size_t at = order_.size(); at-- > 0;) {
      const std::size_t i = order_[at];
      expert_judgement& judged = into[i];
      if (!judged.counts())
        continue;
      const bool by_parts = criteria_[i].scale == expert_scale::parts && !judged.rule;
      if (by_parts) {
        const auto [part, loss] = sums(criteria_[i].parts, into);
        judged.part = part;
        judged.loss = loss;
      } else {
        judged.part = math::value_of(math::real(judged.weight) * judged.points);
        judged.loss = math::value_of(math::real(judged.weight) * (math::real(100.0) - judged.points));
      }
    }
    const bool any = std::any_of(top.begin(), top.end(), [&](std::size_t i) { return into[i].weight > 0.0; });
    if (any && !total.refused_by)
      total.points = rounded_points(sums(top, into).first);
    return total;
  }

private:
  [[nodiscard]] double points_of_parts(const std::vector<std::size_t>& parts,
                                       const std::vector<expert_judgement>& judged) const noexcept {
    math::real weight = 0.0;
    math::real sum = 0.0;
    for (const std::size_t i : parts) {
      if (!judged[i].counts())
        continue;
      weight = weight + criteria_[i].weight;
      sum = sum + math::real(criteria_[i].weight) * judged[i].points;
    }
    return weight > 0.0 ? math::value_of(sum / weight) : std::numeric_limits<double>::quiet_NaN();
  }
  void share_out(const std::vector<std::size_t>& parts, double weight,
                 std::vector<expert_judgement>& judged) const noexcept {
    math::real all = 0.0;
    for (const std::size_t i : parts) {
      if (judged[i].counts())
        all = all + criteria_[i].weight;
    }
    for (const std::size_t i : parts) {
      if (judged[i].counts() && all > 0.0)
        judged[i].weight = math::value_of(math::real(weight) * (math::real(criteria_[i].weight) / all));
    }
  }
  [[nodiscard]] static std::pair<double, double> sums(const std::vector<std::size_t>& parts,
                                                      const std::vector<expert_judgement>& judged) noexcept {
    double part = 0.0;
    double loss = 0.0;
    for (const std::size_t i : parts) {
      part += judged[i].part;
      loss += judged[i].loss;
    }
    return {part, loss};
  }

  std::vector<expert_criterion> criteria_;
  std::vector<std::size_t> order_;
};

} // namespace emptor::credit
