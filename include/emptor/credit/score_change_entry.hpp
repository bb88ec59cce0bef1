// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/described_table.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/credit/score_change.hpp>
#include <emptor/credit/score_change_description.hpp>
#include <emptor/credit/scorecard_model.hpp>
#include <emptor/stats/held_columns.hpp>
#include <emptor/stats/rows.hpp>

/// How the catalogue knows the cheapest change that reaches a score.
namespace emptor::credit {

namespace detail {

/// The moves of each characteristic from each bin, with their costs.
class score_moves {
public:
  /// \param costs  table of the caller  \throws error status::data for rows that name no bin of the scorecard, or one twice
  score_moves(const model& from, const table& costs, move_cost cost_of)
      : card_(read_scorecard(from))
      , cost_of_(cost_of) {
    std::vector<std::string_view> labels;
    for (const scorecard_characteristic& one : card_.characteristics)
      labels.push_back(one.label);
    for (binned_characteristic& one : read_bins(from, score_change_name)) {
      const std::size_t place = place_of(one.label);
      std::vector<bool>& leads = leads_[place]; // bins that some value of an applicant leads to
      for (const bin_kind kind : one.kinds)
        leads.push_back(kind == bin_kind::interval);
      for (const fitted_member& member : one.members) {
        if (member.what == bin_member::level && one.kinds[member.bin] == bin_kind::levels)
          leads[member.bin] = true;
      }
      bins_[place] = std::move(one);
    }
    known_.resize(card_.characteristics.size());
    const model_table refuses(score_change_name, costs);
    const stats::held_texts characteristic(costs, "characteristic");
    const stats::held_numbers from_bin(costs, "from_bin");
    const stats::held_numbers to_bin(costs, "to_bin");
    const stats::held_numbers cost(costs, "cost");
    for (std::int64_t row = 0; row < costs.rows(); ++row) {
      const std::string_view label = characteristic[row];
      if (std::find(labels.begin(), labels.end(), label) == labels.end())
        throw unknown_in_rows(score_change_name, "characteristic of table costs", label, labels);
      const std::size_t place = place_of(label);
      const auto bin = [&](const stats::held_numbers& of, std::string_view name) {
        if (!of.has(row))
          return std::int32_t{0};
        const double given = of[row];
        if (!(given >= 1.0 && given <= static_cast<double>(bins_.at(place).bins())))
          refuses.refuse("costs." + std::string(name), row, to_text(given),
                         "a bin of " + shortened(label) + ", 1 to " + std::to_string(bins_.at(place).bins()));
        return static_cast<std::int32_t>(given);
      };
      const std::pair<std::int32_t, std::int32_t> key{bin(from_bin, "from_bin"), bin(to_bin, "to_bin")};
      if (!std::isnan(cost[row]) && !domain{0.0, 1e12}.contains(cost[row]))
        refuses.refuse("costs.cost", row, to_text(cost[row]), to_text(domain{0.0, 1e12}));
      if (!given_[place].emplace(key, cost[row]).second)
        refuses.refuse("costs.characteristic", row, std::string(label), "there once with the same bins");
    }
  }

  [[nodiscard]] const scorecard& card() const noexcept { return card_; }
  [[nodiscard]] const std::string& bin_label(std::size_t place, std::int32_t bin) const {
    return bins_.at(place).names[static_cast<std::size_t>(bin - 1)];
  }
  [[nodiscard]] std::size_t place_of(std::string_view label) const {
    const auto at = std::find_if(card_.characteristics.begin(), card_.characteristics.end(),
                                 [&](const scorecard_characteristic& one) { return one.label == label; });
    return static_cast<std::size_t>(at - card_.characteristics.begin());
  }

  /// Those that nothing beats in cost and points, staying first.
  [[nodiscard]] const std::vector<score_move>& of(std::size_t place, std::int32_t from) {
    auto [at, fresh] = known_[place].try_emplace(from);
    if (!fresh)
      return at->second;
    const scorecard_characteristic& one = card_.characteristics[place];
    const bool more = card_.scale.direction == score_direction::safer;
    const double stays = one.points[static_cast<std::size_t>(from - 1)];
    std::vector<score_move> all;
    for (std::size_t b = 0; b < one.points.size(); ++b) {
      const auto to = static_cast<std::int32_t>(b + 1);
      const double cost = cost_between(place, from, to);
      const bool better = more ? one.points[b] > stays : one.points[b] < stays;
      if (to != from && better && !std::isnan(cost))
        all.push_back({to, one.points[b], cost, false});
    }
    std::stable_sort(all.begin(), all.end(), [&](const score_move& left, const score_move& right) {
      if (left.cost != right.cost)
        return left.cost < right.cost;
      return more ? left.points > right.points : left.points < right.points;
    });
    at->second.push_back({from, stays, 0.0, true});
    for (const score_move& move : all) {
      const double last = at->second.back().points;
      if (more ? move.points > last : move.points < last)
        at->second.push_back(move);
    }
    return at->second;
  }

private:
  using costs_of_bins = std::map<std::pair<std::int32_t, std::int32_t>, double>; ///< 0 = any bin

  /// NaN where the move cannot be made.
  [[nodiscard]] double cost_between(std::size_t place, std::int32_t from, std::int32_t to) const {
    const binned_characteristic& bins = bins_.at(place);
    const auto kind = [&](std::int32_t bin) { return bins.kinds[static_cast<std::size_t>(bin - 1)]; };
    const auto given = given_.find(place);
    const auto found = [&](std::int32_t first, std::int32_t second) -> const double* {
      if (given == given_.end())
        return nullptr;
      const auto at = given->second.find({first, second});
      return at == given->second.end() ? nullptr : &at->second;
    };
    if (const double* cost = found(from, to); cost != nullptr)
      return *cost;
    if (const double* cost = found(0, to); cost != nullptr)
      return *cost;
    if (!leads_.at(place)[static_cast<std::size_t>(to - 1)])
      return std::numeric_limits<double>::quiet_NaN();
    const double* cost = found(from, 0);
    if (cost == nullptr)
      cost = found(0, 0);
    const bool steps =
        cost_of_ == move_cost::step && kind(from) == bin_kind::interval && kind(to) == bin_kind::interval;
    return math::value_of(math::real(cost == nullptr ? 1.0 : *cost) *
                          (steps ? std::fabs(static_cast<double>(to) - static_cast<double>(from)) : 1.0));
  }

  scorecard card_;
  move_cost cost_of_;
  std::map<std::size_t, binned_characteristic> bins_;
  std::map<std::size_t, std::vector<bool>> leads_;
  std::map<std::size_t, costs_of_bins> given_;
  std::vector<std::map<std::int32_t, std::vector<score_move>>> known_;
};

/// A table of applicants may have columns that the scorecard does not read. Where it lacks one that the scorecard has, a column
/// of which the scorecard knows nothing is taken for that one, misspelt.
/// \throws error status::data for it
inline void check_applicant_columns(const table& applicants, const scorecard& card) {
  std::vector<std::string> names;
  for (const scorecard_characteristic& one : card.characteristics)
    names.push_back((one.numeric ? "characteristics:" : "categories:") + one.label);
  const std::vector<std::string_view> known(names.begin(), names.end());
  if (std::all_of(names.begin(), names.end(),
                  [&](const std::string& name) { return applicants.find(name) != nullptr; }))
    return;
  for (const column& one : applicants.columns()) {
    const std::string& name = one.name();
    if ((name.starts_with("characteristics:") || name.starts_with("categories:")) &&
        std::find(known.begin(), known.end(), name) == known.end())
      throw unknown_in_rows(score_change_name, "column of table applicants", name, known);
  }
}

} // namespace detail

/// From a store of kind `rows` made for this entry. \throws error as detail::score_moves; status::data for an applicant without a
/// target or who is there twice; status::cancelled
[[nodiscard]] inline result finish_score_change(const finish_request& request) {
  const auto& from = request.stored<stats::rows>();
  const std::vector<table> held = from.contents();
  const model* const given = request.slot("scorecard");
  if (given == nullptr)
    throw error(status::schema, std::string(score_change_name) + ": slot scorecard needs a model");
  detail::score_moves moves(*given, held[1], request.options.choice<move_cost>("cost_of", move_cost_names));
  const scorecard& card = moves.card();
  const table& applicants = held[0];
  detail::check_applicant_columns(applicants, card);
  const model_table refuses(score_change_name, applicants);
  const stats::held_texts who(applicants, "applicant");
  const stats::held_numbers targets(applicants, "target");
  std::vector<stats::held_numbers> numbers;
  std::vector<stats::held_texts> texts;
  for (const scorecard_characteristic& one : card.characteristics) {
    numbers.emplace_back(applicants, "characteristics:" + one.label);
    texts.emplace_back(applicants, "categories:" + one.label);
  }
  const bool more = card.scale.direction == score_direction::safer;
  const std::size_t n = card.characteristics.size();
  described_table answers(score_change_outputs[0], 0);
  described_table steps(score_change_outputs[1], 0);
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  for (std::int64_t row = 0; row < applicants.rows(); ++row) {
    if (row % 64 == 0)
      request.how.check(static_cast<double>(row) / static_cast<double>(applicants.rows()));
    if (row > 0 && who[row] == who[row - 1])
      refuses.refuse("applicants.applicant", row, std::string(who[row]), "there once");
    if (!targets.has(row) && !request.options.has("target"))
      refuses.refuse("applicants.target", row, "missing", "there, or the option target");
    const double target = targets.has(row) ? targets[row] : request.options.number("target");
    std::vector<std::vector<score_move>> open;
    math::real score(card.base_points);
    std::string_view without_bin;
    for (std::size_t i = 0; i < n && without_bin.empty(); ++i) {
      const scorecard_characteristic& one = card.characteristics[i];
      const std::int32_t bin =
          one.numeric ? one.lookup.of(numbers[i][row]).bin : one.lookup.of(texts[i][row]).bin;
      if (bin == 0) {
        without_bin = one.label;
        break;
      }
      score += one.points[static_cast<std::size_t>(bin - 1)];
      open.push_back(moves.of(i, bin));
    }
    answers.text(who[row]);
    if (!without_bin.empty()) {
      answers.level(score_change_outcome::no_score).number(target).number(none).number(none).number(none);
      answers.whole(no_amount).number(none).truth(true).text(without_bin);
      continue;
    }
    const double is = math::value_of(score);
    const score_change change = cheapest_change(card.base_points, open, target, more);
    const bool there = more ? is >= target : is <= target;
    answers
        .level(there            ? score_change_outcome::there
               : change.reached ? score_change_outcome::reachable
                                : score_change_outcome::out_of_reach)
        .number(target)
        .number(is)
        .number(change.best)
        .number(change.reached ? change.cost : none)
        .whole(change.reached ? change.changes : no_amount)
        .number(change.reached ? change.score : none)
        .truth(change.proved)
        .no_text();
    for (std::size_t i = 0; i < change.moves.size(); ++i) {
      const score_move& move = open[i][change.moves[i]];
      if (move.stays)
        continue;
      steps.text(who[row])
          .text(card.characteristics[i].label)
          .whole(open[i].front().bin)
          .text(moves.bin_label(i, open[i].front().bin))
          .whole(move.bin)
          .text(moves.bin_label(i, move.bin))
          .number(math::value_of(math::real(move.points) - open[i].front().points))
          .number(move.cost);
    }
  }
  return {{std::move(answers).made(), std::move(steps).made()}, nullptr};
}

inline constexpr entry score_change_entry{.description = &score_change_description,
                                          .finish = &finish_score_change};

} // namespace emptor::credit
