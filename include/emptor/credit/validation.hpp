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

#include <emptor/core/described_table.hpp>
#include <emptor/core/run.hpp>
#include <emptor/credit/scored_sample.hpp>
#include <emptor/credit/validation_description.hpp>
#include <emptor/stats/auc_comparison.hpp>
#include <emptor/stats/calibration.hpp>
#include <emptor/stats/calibration_line.hpp>
#include <emptor/stats/discrimination.hpp>
#include <emptor/stats/gains.hpp>
#include <emptor/stats/isotonic_calibration.hpp>

/// Validation of scores, probabilities and grades (信用评分模型验证): how well they tell events from others, and whether what
/// was said comes true. The formulas are in stats/discrimination.hpp and stats/calibration.hpp; here stands what is reported,
/// what each figure is held against, and why one has no value.
namespace emptor::credit {

/// What is judged, how weights count, and the bounds that figures are held against.
struct validation_settings {
  bool has_score = false;
  bool has_probability = false;
  bool has_grade = false;
  bool has_second = false;
  stats::weight_meaning weights = stats::weight_meaning::sampling;
  double confidence = 0.95;
  double significance = 0.05;
  std::int64_t groups = 10;
  std::int64_t calibration_groups = 10;
  std::int64_t points = 100;
  bool fitted = false;
  double least_auc = 0.7;
  std::optional<double> least_ks;
  double yellow = 0.95;
  double red = 0.999;
};

/// The columns that are judged, row by row.
struct validation_columns {
  std::vector<double> risk;
  std::vector<double> second_risk;
  std::vector<double> probability;
  std::vector<std::uint32_t> grade;
  std::vector<std::string> grade_names;
};

/// The state of a measure by that of the statistic behind it.
[[nodiscard]] constexpr validation_state state_of(stats::discrimination_state from) noexcept {
  constexpr validation_state states[] = {validation_state::computed,  validation_state::no_rows,
                                         validation_state::no_events, validation_state::no_non_events,
                                         validation_state::all_tied,  validation_state::separated};
  return states[static_cast<std::size_t>(from)];
}
[[nodiscard]] constexpr validation_state state_of(stats::calibration_state from) noexcept {
  constexpr validation_state states[] = {validation_state::computed,      validation_state::no_rows,
                                         validation_state::certain,       validation_state::no_spread,
                                         validation_state::separated,     validation_state::no_events,
                                         validation_state::no_non_events, validation_state::too_few_groups};
  return states[static_cast<std::size_t>(from)];
}

/// What a figure is held against, and whether that is well.
struct validation_bound {
  double threshold = std::numeric_limits<double>::quiet_NaN();
  std::optional<bool> passes{};
};

/// Writes the tables, part after part.
class validation_report {
public:
  validation_report(const scored_sample& sample, const validation_columns& columns,
                    const validation_settings& settings)
      : sample_(sample)
      , columns_(columns)
      , settings_(settings)
      , z_(stats::two_sided_normal_quantile(settings.confidence))
      , measures_(validation_outputs[0], 0)
      , curve_(validation_outputs[1], 0)
      , gains_(validation_outputs[2], 0)
      , calibration_(validation_outputs[3], 0)
      , grades_(validation_outputs[4], 0)
      , comparison_(validation_outputs[5], 0) {}

  /// \throws error status::cancelled
  void add(const sample_part& part, const run& how) {
    slice_ = part.slice;
    add_discrimination(part);
    if (settings_.has_second)
      add_comparison(part);
    if (settings_.has_probability)
      add_calibration(part, how);
  }
  [[nodiscard]] std::vector<table> tables() && {
    std::vector<table> made;
    made.push_back(std::move(measures_).made());
    made.push_back(std::move(curve_).made());
    made.push_back(std::move(gains_).made());
    made.push_back(std::move(calibration_).made());
    made.push_back(std::move(grades_).made());
    made.push_back(std::move(comparison_).made());
    return made;
  }

private:
  static constexpr double none = std::numeric_limits<double>::quiet_NaN();
  using measure = validation_measure;
  using bound = validation_bound;

  void slice_of(described_table& into) const {
    if (slice_)
      into.text(*slice_);
    else
      into.no_text();
  }
  void put(measure what, double value, stats::interval within = {}, bound against = {},
           validation_state state = validation_state::computed) {
    slice_of(measures_);
    const bool known = std::isfinite(value);
    const bool judged = known && against.passes.has_value();
    measures_.level(what).number(known ? value : none);
    measures_.number(known ? within.low : none).number(known ? within.high : none).number(against.threshold);
    measures_.code(judged ? (*against.passes ? 0 : 1) : -1);
    measures_.level(state).text(validation_sources[static_cast<std::size_t>(what)]);
  }
  [[nodiscard]] static bound at_least(double value, double least) noexcept { return {least, value >= least}; }
  [[nodiscard]] static bound at_most(double value, double most) noexcept { return {most, value <= most}; }
  [[nodiscard]] static bound holds(stats::interval within, double value) noexcept {
    return {value, within.low <= value && value <= within.high};
  }
  [[nodiscard]] stats::interval around(double value, double error) const noexcept {
    const math::real reach = math::real(z_) * error;
    return {math::value_of(math::real(value) - reach), math::value_of(math::real(value) + reach)};
  }
  /// How many rows there are: where weights are frequencies, as many as these say.
  template <class Is>
  [[nodiscard]] double counted(const sample_part& part, const Is& is) const noexcept {
    math::real sum(0.0);
    for (const std::size_t row : part.rows)
      if (is(row))
        sum += settings_.weights == stats::weight_meaning::frequency ? sample_.weight(row) : 1.0;
    return math::value_of(sum);
  }
  [[nodiscard]] double missing(const sample_part& part, std::span<const double> values) const noexcept {
    return counted(part,
                   [&](std::size_t row) { return sample_.has_outcome(row) && std::isnan(values[row]); });
  }

  void add_discrimination(const sample_part& part) {
    const chosen_rows rows = sample_.chosen(part.rows, columns_.risk);
    const stats::ranked_events ranked(rows.view());
    const validation_state state = state_of(ranked.state());
    const auto is_judged = [&](std::size_t row) {
      return sample_.has_outcome(row) && !std::isnan(columns_.risk[row]);
    };
    put(measure::rows, counted(part, is_judged));
    put(measure::without_outcome, counted(part, [&](std::size_t row) { return !sample_.has_outcome(row); }));
    put(measure::without_score, missing(part, columns_.risk));
    put(measure::events,
        counted(part, [&](std::size_t row) { return is_judged(row) && sample_.is_event(row); }));
    const bool some = !rows.risk.empty();
    const double rate = some ? math::value_of(math::real(ranked.events().weight) / ranked.weight()) : none;
    const stats::class_total all{
        ranked.weight(), math::value_of(math::real(ranked.events().squares) + ranked.non_events().squares),
        0};
    put(measure::event_rate, rate,
        stats::wilson_interval(rate, stats::detail::counted(all, settings_.weights), z_), {},
        some ? validation_state::computed : validation_state::no_rows);
    const stats::area_under_curve area = stats::auc_of(ranked, settings_.weights, z_);
    put(measure::auc, area.value, area.within, at_least(area.value, settings_.least_auc), state);
    put(measure::gini, area.gini(), area.gini_within(), {}, state);
    put(measure::accuracy_ratio, stats::accuracy_ratio(ranked), {}, {}, state);
    const stats::kolmogorov_smirnov ks = stats::ks_of(ranked);
    put(measure::ks, ks.statistic, {},
        settings_.least_ks ? at_least(ks.statistic, *settings_.least_ks) : bound{}, state);
    put(measure::signed_ks, ks.signed_statistic, {}, {}, state);
    put(measure::ks_score, state == validation_state::all_tied ? none : shown(ks.risk), {}, {}, state);
    for (const stats::curve_point& one : stats::curve_of(ranked, settings_.points)) {
      slice_of(curve_);
      curve_.number(shown(one.risk)).number(one.rows).number(one.events).number(one.non_events);
    }
    std::int64_t group = 0;
    for (const stats::gains_group& one : stats::gains_of(ranked, settings_.groups)) {
      slice_of(gains_);
      gains_.whole(++group).number(shown(one.highest)).number(shown(one.lowest)).number(one.weight);
      gains_.number(one.events).number(math::value_of(math::real(one.events) / one.weight));
      gains_.number(one.captured).number(one.lift).number(one.cumulative_lift).number(one.distance);
    }
  }
  /// A risk as the score it came from.
  [[nodiscard]] double shown(double risk) const noexcept {
    return std::isnan(risk) || !settings_.has_score ? risk : sample_.turned(risk);
  }

  void add_comparison(const sample_part& part) {
    chosen_rows rows;
    std::vector<double> second;
    for (const std::size_t row : part.rows) {
      if (!sample_.has_outcome(row) || std::isnan(columns_.risk[row]) ||
          std::isnan(columns_.second_risk[row]))
        continue;
      sample_.add_to(rows, row, columns_.risk[row]);
      second.push_back(columns_.second_risk[row]);
    }
    const stats::auc_comparison made = stats::compare_auc(rows.view(), second, settings_.weights, z_);
    const auto events = std::count(rows.events.begin(), rows.events.end(), std::uint8_t{1});
    const auto all = static_cast<std::int64_t>(rows.events.size());
    const validation_state state = all == 0           ? validation_state::no_rows
                                   : events == 0      ? validation_state::no_events
                                   : events == all    ? validation_state::no_non_events
                                   : made.z != made.z ? validation_state::no_spread
                                                      : validation_state::computed;
    slice_of(comparison_);
    comparison_.whole(all).number(made.first.value).number(made.second.value).number(made.difference);
    comparison_.number(made.within.low)
        .number(made.within.high)
        .number(made.z)
        .number(made.p_value)
        .level(state);
  }

  void put_test(measure statistic, measure p, const stats::calibration_test& test) {
    const validation_state state = state_of(test.state);
    put(statistic, test.statistic, {}, {}, state);
    put(p, test.p_value, {}, at_least(test.p_value, settings_.significance), state);
  }

  /// Rows of one grade together, in the order of the grades.
  [[nodiscard]] std::vector<std::pair<std::uint32_t, chosen_rows>> by_grade(const sample_part& part) const {
    std::vector<std::size_t> order;
    for (const std::size_t row : part.rows) {
      if (sample_.has_outcome(row) && !std::isnan(columns_.probability[row]) &&
          columns_.grade[row] != stats::coded_texts::none)
        order.push_back(row);
    }
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t x, std::size_t y) { return columns_.grade[x] < columns_.grade[y]; });
    std::vector<std::pair<std::uint32_t, chosen_rows>> made;
    for (const std::size_t row : order) {
      if (made.empty() || made.back().first != columns_.grade[row])
        made.push_back({columns_.grade[row], {}});
      sample_.add_to(made.back().second, row, columns_.probability[row]);
    }
    return made;
  }
  [[nodiscard]] stats::interval rate_interval(double events, double weight) const noexcept {
    return stats::wilson_interval(math::value_of(math::real(events) / weight), weight, z_);
  }

  void add_calibration(const sample_part& part, const run& how) {
    const chosen_rows chosen = sample_.chosen(part.rows, columns_.probability);
    const stats::forecast_rows rows(chosen.view(), settings_.weights);
    const validation_state state = rows.empty() ? validation_state::no_rows : validation_state::computed;
    put(measure::without_probability, static_cast<double>(missing(part, columns_.probability)));
    std::vector<stats::forecast_group> test_groups = stats::equal_groups(rows, settings_.calibration_groups);
    add_curves(rows, test_groups);
    std::vector<stats::forecast_group> split_groups = test_groups;
    if (settings_.has_grade) {
      std::size_t graded = 0;
      split_groups.clear();
      test_groups.clear();
      for (const auto& [grade, of_grade] : by_grade(part)) {
        graded += of_grade.risk.size();
        // A test counts the rows of its grade for themselves; the split needs shares of all rows.
        test_groups.push_back(
            stats::group_of(stats::forecast_rows(of_grade.view(), settings_.weights).rows()));
        split_groups.push_back(
            sample_.has_weights()
                ? stats::group_of(
                      stats::forecast_rows(of_grade.view(), stats::weight_meaning::frequency).rows())
                : test_groups.back());
        add_grade(columns_.grade_names[grade], test_groups.back());
      }
      put(measure::without_grade, static_cast<double>(chosen.risk.size() - graded));
    }
    put(measure::mean_probability, rows.empty() ? none : rows.mean_probability(), {}, {}, state);
    const stats::mean_score brier = stats::brier_score(rows);
    const math::real rate(rows.empty() ? none : rows.event_rate());
    const double uncertainty = math::value_of(rate * (math::real(1.0) - rate));
    put(measure::brier_score, brier.value, around(brier.value, brier.standard_error),
        at_most(brier.value, uncertainty), state);
    put(measure::brier_skill,
        uncertainty > 0.0 ? math::value_of(math::real(1.0) - brier.value / math::real(uncertainty)) : none,
        {}, {}, state_of(rows.classes()));
    const stats::brier_parts parts = stats::brier_split(split_groups);
    put(measure::reliability, parts.reliability, {}, {},
        split_groups.empty() ? validation_state::no_rows : state);
    put(measure::resolution, parts.resolution, {}, {},
        split_groups.empty() ? validation_state::no_rows : state);
    put(measure::uncertainty, parts.uncertainty, {}, {},
        split_groups.empty() ? validation_state::no_rows : state);
    put(measure::within_groups, parts.within, {}, {},
        split_groups.empty() ? validation_state::no_rows : state);
    const stats::isotonic_parts isotonic = stats::isotonic_split(stats::isotonic_curve(rows));
    put(measure::miscalibration, isotonic.miscalibration, {}, {}, state);
    put(measure::discrimination, isotonic.discrimination, {}, {}, state);
    const stats::mean_score loss = stats::log_loss(rows);
    const bool two = rows.classes() == stats::calibration_state::computed;
    const double entropy =
        two ? -math::value_of(rate * math::log(rate) + (math::real(1.0) - rate) * math::log1p(-rate)) : 0.0;
    put(measure::log_loss, loss.value, around(loss.value, loss.standard_error), at_most(loss.value, entropy),
        std::isinf(loss.value) ? validation_state::certain : state);
    put_test(measure::hosmer_lemeshow, measure::hosmer_lemeshow_p,
             stats::hosmer_lemeshow(test_groups, settings_.fitted));
    put_test(measure::spiegelhalter_z, measure::spiegelhalter_p, stats::spiegelhalter(rows));
    put_test(
        measure::portfolio_z, measure::portfolio_p,
        stats::portfolio_test(rows.weight(), rows.events(), rows.empty() ? none : rows.mean_probability()));
    add_line(stats::calibration_line_of(rows, how));
  }
  void add_line(const stats::calibration_line& line) {
    const stats::interval level = around(line.level, line.level_error);
    put(measure::calibration_level, line.level, level, holds(level, 0.0), state_of(line.level_state));
    const stats::interval intercept = around(line.intercept, line.intercept_error);
    put(measure::calibration_intercept, line.intercept, intercept, holds(intercept, 0.0),
        state_of(line.state));
    const stats::interval slope = around(line.slope, line.slope_error);
    put(measure::calibration_slope, line.slope, slope, holds(slope, 1.0), state_of(line.state));
    put_test(measure::calibration_line, measure::calibration_line_p, line.test);
  }
  void add_curves(const stats::forecast_rows& rows, std::span<const stats::forecast_group> groups) {
    std::int64_t number = 0;
    const auto add = [&](calibration_curve_kind kind, const auto& one) {
      const stats::interval within = rate_interval(one.events, one.weight);
      slice_of(calibration_);
      calibration_.level(kind).whole(++number).number(one.lowest).number(one.highest).number(one.probability);
      calibration_.number(one.weight)
          .number(one.events)
          .number(one.event_rate())
          .number(within.low)
          .number(within.high);
    };
    for (const stats::forecast_group& one : groups)
      add(calibration_curve_kind::grouped, one);
    number = 0;
    for (const stats::isotonic_block& one : stats::isotonic_curve(rows))
      add(calibration_curve_kind::isotonic, one);
  }
  void add_grade(std::string_view name, const stats::forecast_group& of) {
    const stats::interval within = rate_interval(of.events, of.weight);
    const double p = stats::binomial_tail(of.events, of.weight, of.probability);
    slice_of(grades_);
    grades_.text(name).whole(of.rows).number(of.weight).number(of.events).number(of.event_rate());
    grades_.number(within.low).number(within.high).number(of.probability).number(p);
    grades_.number(stats::jeffreys_p(of.events, of.weight, of.probability));
    grades_.level(stats::light_of(p, settings_.yellow, settings_.red));
  }

  const scored_sample& sample_;
  const validation_columns& columns_;
  const validation_settings& settings_;
  double z_;
  std::optional<std::string_view> slice_;
  described_table measures_;
  described_table curve_;
  described_table gains_;
  described_table calibration_;
  described_table grades_;
  described_table comparison_;
};

} // namespace emptor::credit
