// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/core/model_table.hpp>
#include <emptor/credit/expert_score.hpp>
#include <emptor/credit/expert_score_description.hpp>

/// The scorecard of expert assessment from the tables of a model.
namespace emptor::credit {

/// What a source of evidence is worth.
struct expert_source {
  bool accepted = true;
  double points_at_most = 100.0;
};

/// Criteria, sources and grades as a model has them.
struct expert_scheme {
  expert_scorecard scorecard;
  std::map<std::string, std::size_t, std::less<>> places; ///< of the criteria
  std::map<std::string, expert_source, std::less<>> sources;
  bool all_sources = true;                            ///< nobody named any
  std::vector<std::pair<double, std::string>> grades; ///< best first; may be empty

  /// None without grades.
  [[nodiscard]] std::optional<std::string_view> grade_of(double points) const noexcept {
    for (const auto& [least, grade] : grades) {
      if (points >= least)
        return grade;
    }
    return std::nullopt;
  }
};

namespace detail {

/// More criteria than any assessment has; each customer has a row for each of them.
inline constexpr std::int64_t most_criteria = 1000;

/// The places of criteria, parents before parts. \throws error status::data for criteria in a circle
[[nodiscard]] inline std::vector<std::size_t> parents_first(std::vector<expert_criterion>& criteria) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < criteria.size(); ++i) {
    if (!criteria[i].parent)
      order.push_back(i);
  }
  for (std::size_t at = 0; at < order.size(); ++at) {
    for (const std::size_t part : criteria[order[at]].parts) {
      criteria[part].level = criteria[order[at]].level + 1;
      order.push_back(part);
    }
  }
  if (order.size() < criteria.size()) {
    std::vector<bool> reached(criteria.size(), false);
    for (const std::size_t i : order)
      reached[i] = true;
    const auto lost =
        static_cast<std::size_t>(std::find(reached.begin(), reached.end(), false) - reached.begin());
    throw error(status::data,
                message(expert_score_name, "parent", static_cast<std::int64_t>(lost),
                        shortened(criteria[*criteria[lost].parent].name), "above it, not in a circle"),
                static_cast<std::int64_t>(lost));
  }
  return order;
}

inline void read_expert_scale(const model& from, expert_scheme& into,
                              std::vector<expert_criterion>& criteria) {
  const model_table held(expert_score_name, &from, "scale");
  std::set<std::pair<std::size_t, std::string_view>> answers;
  std::set<std::pair<std::size_t, double>> bounds;
  for (std::int64_t row = 0; row < held.rows(); ++row) {
    const std::string name(held.text("criterion", row).value_or(""));
    const auto place = into.places.find(name);
    if (place == into.places.end())
      held.refuse("criterion", row, name, "one of the table criteria");
    expert_criterion& one = criteria[place->second];
    if (!one.parts.empty())
      held.refuse("criterion", row, name, "a criterion without parts");
    if (one.scale == expert_scale::linear)
      held.refuse("criterion", row, name, "a criterion without worst and best");
    const double points = held.number("points", row).value_or(0.0);
    const auto answer = held.text("answer", row);
    const auto bound = held.number("at_least", row);
    if (answer.has_value() == bound.has_value())
      throw error(status::data,
                  message(expert_score_name, "at_least", row, answer ? "given beside answer" : "missing",
                          "given where answer is not, and only there"),
                  row);
    const expert_scale kind = answer ? expert_scale::items : expert_scale::steps;
    if (one.scale != expert_scale::points && one.scale != kind)
      held.refuse("criterion", row, name, "answered in words or measured in steps, not both");
    one.scale = kind;
    if (answer && !answers.emplace(place->second, *answer).second)
      held.refuse("answer", row, std::string(*answer) + " again", "given once for a criterion");
    if (bound && !bounds.emplace(place->second, *bound).second)
      held.refuse("at_least", row, to_text(*bound) + " again", "given once for a criterion");
    if (answer)
      one.items.emplace_back(*answer, points);
    else
      one.steps.emplace_back(*bound, points);
  }
  for (expert_criterion& one : criteria)
    std::sort(one.steps.begin(), one.steps.end());
}

inline void read_expert_weights(const model& from, const expert_scheme& with,
                                std::vector<expert_criterion>& criteria) {
  const model_table held(expert_score_name, &from, "weights");
  std::set<std::size_t> seen;
  for (std::int64_t row = 0; row < held.rows(); ++row) {
    const std::string name(held.text("criterion", row).value_or(""));
    const auto place = with.places.find(name);
    if (place == with.places.end())
      held.refuse("criterion", row, name, "one of the table criteria");
    if (!seen.insert(place->second).second)
      held.refuse("criterion", row, name + " again", "given once");
    criteria[place->second].weight = held.number("weight", row).value_or(1.0);
  }
}

inline void read_expert_sources(const model& from, expert_scheme& into) {
  const model_table held(expert_score_name, &from, "sources");
  into.all_sources = from.find("sources") == nullptr;
  for (std::int64_t row = 0; row < held.rows(); ++row) {
    const std::string name(held.text("source", row).value_or(""));
    const expert_source one{.accepted = held.truth("accepted", row).value_or(true),
                            .points_at_most = held.number("points_at_most", row).value_or(100.0)};
    if (!into.sources.emplace(name, one).second)
      held.refuse("source", row, name + " again", "given once");
  }
}

inline void read_expert_grades(const model& from, expert_scheme& into) {
  const model_table held(expert_score_name, &from, "grades");
  std::set<std::string> names;
  std::set<double> bounds;
  for (std::int64_t row = 0; row < held.rows(); ++row) {
    const std::string name(held.text("grade", row).value_or(""));
    const double least = held.number("points_at_least", row).value_or(0.0);
    if (!names.insert(name).second)
      held.refuse("grade", row, name + " again", "given once");
    if (!bounds.insert(least).second)
      held.refuse("points_at_least", row, to_text(least) + " again", "given once");
    into.grades.emplace_back(least, name);
  }
  std::sort(into.grades.begin(), into.grades.end(), std::greater<>());
  if (!into.grades.empty() && into.grades.back().first != 0.0)
    throw error(status::data, std::string(expert_score_name) +
                                  ": no row of the table grades has points_at_least 0, so that the least "
                                  "points would have no grade");
}

} // namespace detail

/// \throws error status::too_few without a criterion, status::data for criteria that contradict themselves
[[nodiscard]] inline expert_scheme read_expert_scheme(const model& from) {
  expert_scheme made;
  std::vector<expert_criterion> criteria;
  const model_table held(expert_score_name, &from, "criteria");
  if (held.rows() == 0)
    throw error(status::too_few, std::string(expert_score_name) + ": the table criteria has no row");
  if (held.rows() > detail::most_criteria)
    throw error(status::data,
                message(expert_score_name, "number of criteria", -1, std::to_string(held.rows()),
                        "<= " + std::to_string(detail::most_criteria)));
  for (std::int64_t row = 0; row < held.rows(); ++row) {
    expert_criterion one;
    one.name = held.text("criterion", row).value_or("");
    one.weight = held.number("weight", row).value_or(1.0);
    const auto worst = held.number("worst", row);
    const auto best = held.number("best", row);
    if (worst.has_value() != best.has_value())
      throw error(status::data,
                  message(expert_score_name, worst ? "best" : "worst", row, "missing",
                          worst ? "given beside worst" : "given beside best"),
                  row);
    if (worst) {
      if (*worst == *best)
        held.refuse("best", row, to_text(*best), "another value than worst");
      one.scale = expert_scale::linear;
      one.worst = *worst;
      one.best = *best;
    }
    if (const auto rule = held.code("if_missing", row))
      one.if_missing = static_cast<missing_rule>(*rule);
    one.valid_days = held.count("valid_days", row);
    one.knock_out_below = held.number("knock_out_below", row);
    if (!made.places.emplace(one.name, criteria.size()).second)
      held.refuse("criterion", row, one.name + " again", "given once");
    criteria.push_back(std::move(one));
  }
  for (std::int64_t row = 0; row < held.rows(); ++row) {
    const auto parent = held.text("parent", row);
    if (!parent)
      continue;
    const auto place = made.places.find(*parent);
    if (place == made.places.end())
      held.refuse("parent", row, std::string(*parent), "a criterion of the table, or missing");
    expert_criterion& above = criteria[place->second];
    if (above.scale == expert_scale::linear)
      held.refuse("parent", row, std::string(*parent), "a criterion without worst and best");
    if (above.valid_days)
      held.refuse("parent", row, std::string(*parent),
                  "a criterion without valid_days, which its parts have");
    above.scale = expert_scale::parts;
    above.parts.push_back(static_cast<std::size_t>(row));
    criteria[static_cast<std::size_t>(row)].parent = place->second;
  }
  std::vector<std::size_t> order = detail::parents_first(criteria);
  detail::read_expert_scale(from, made, criteria);
  detail::read_expert_weights(from, made, criteria);
  if (std::none_of(criteria.begin(), criteria.end(),
                   [](const expert_criterion& one) { return !one.parent && one.weight > 0.0; }))
    throw error(status::data,
                std::string(expert_score_name) + ": no criterion at the top has a weight above 0");
  for (std::size_t i = 0; i < criteria.size(); ++i) {
    const std::vector<std::size_t>& parts = criteria[i].parts;
    if (!parts.empty() && std::none_of(parts.begin(), parts.end(),
                                       [&](std::size_t part) { return criteria[part].weight > 0.0; }))
      throw error(status::data,
                  message(expert_score_name, "weight", static_cast<std::int64_t>(criteria[i].parts.front()),
                          "0", "> 0 for one part of " + shortened(criteria[i].name) + " at least"),
                  static_cast<std::int64_t>(criteria[i].parts.front()));
  }
  detail::read_expert_sources(from, made);
  detail::read_expert_grades(from, made);
  made.scorecard = expert_scorecard(std::move(criteria), std::move(order));
  return made;
}

/// The five Cs (5C), each in points and with the same weight.
[[nodiscard]] inline expert_scheme five_cs() {
  expert_scheme made;
  std::vector<expert_criterion> criteria;
  std::vector<std::size_t> order;
  for (const std::string_view name : {"character", "capacity", "capital", "collateral", "conditions"}) {
    made.places.emplace(name, criteria.size());
    order.push_back(criteria.size());
    criteria.emplace_back().name = name;
  }
  made.scorecard = expert_scorecard(std::move(criteria), std::move(order));
  return made;
}

} // namespace emptor::credit
