// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <emptor/core/described_table.hpp>
#include <emptor/credit/binning_model.hpp>
#include <emptor/credit/scorecard.hpp>
#include <emptor/credit/scorecard_description.hpp>
#include <emptor/credit/scorecard_fit.hpp>

namespace emptor::credit {

/// The tables of a fitted scorecard.
struct scorecard_report {
  const std::vector<binned_column>& columns;
  const std::vector<binned_characteristic>& bins; ///< of the same characteristics
  const scorecard_regression& fit;
  std::vector<std::size_t> used{};  ///< characteristics of the scorecard
  std::vector<scored_bins> parts{}; ///< of these
  score_scale scale{};
  double base_points = 0.0;

  /// Counts the fitted rows of each bin, and works out its part of the log odds.
  void add_counts(const std::vector<double>& trials) {
    for (std::size_t j = 0; j < columns.size(); ++j) {
      if (fit.coefficients[j].state != scorecard_state::in_model)
        continue;
      used.push_back(j);
      scored_bins one;
      std::vector<math::real> counts(columns[j].woe.size(), math::real(0.0));
      for (std::size_t row = 0; row < trials.size(); ++row)
        counts[columns[j].codes[row]] += trials[row];
      for (std::size_t b = 0; b < counts.size(); ++b) {
        one.count.push_back(math::value_of(counts[b]));
        one.log_odds.push_back(
            math::value_of(math::real(fit.coefficients[j].coefficient) * columns[j].woe[b]) + 0.0);
      }
      parts.push_back(std::move(one));
    }
  }
  /// The least and the largest log odds that there may be.
  [[nodiscard]] std::pair<double, double> range() const {
    return ends(fit.intercept,
                [](const scored_bins& one) -> const std::vector<double>& { return one.log_odds; });
  }

  [[nodiscard]] table points() const {
    described_table made(scorecard_outputs_of_fit[0], 0);
    for (std::size_t k = 0; k < used.size(); ++k) {
      const binned_characteristic& of = bins[used[k]];
      for (std::size_t b = 0; b < of.bins(); ++b)
        made.text(of.label)
            .whole(static_cast<std::int64_t>(b + 1))
            .level(of.kinds[b])
            .number(of.low[b])
            .number(of.high[b])
            .text(of.names[b])
            .number(parts[k].count[b])
            .number(of.event_rate[b])
            .number(of.woe[b])
            .number(parts[k].points[b])
            .number(parts[k].exact[b])
            .number(parts[k].log_odds[b]);
    }
    return std::move(made).made();
  }
  [[nodiscard]] table coefficients() const {
    described_table made(scorecard_outputs_of_fit[1], 0);
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    const stats::logistic_test wald = stats::wald_test_of_intercept(fit.fit);
    made.no_text()
        .level(scorecard_state::in_model)
        .number(fit.intercept)
        .number(fit.fit.intercept_error())
        .number(wald.statistic)
        .number(wald.p_value);
    for (int empty = 0; empty < 5; ++empty)
      made.number(none);
    made.no_text();
    for (std::size_t j = 0; j < columns.size(); ++j) {
      const fitted_coefficient& one = fit.coefficients[j];
      made.text(columns[j].label)
          .level(one.state)
          .number(one.coefficient)
          .number(one.standard_error)
          .number(one.wald.statistic)
          .number(one.wald.p_value)
          .number(one.likelihood_ratio.statistic)
          .number(one.likelihood_ratio.p_value)
          .number(one.score.statistic)
          .number(one.score.p_value)
          .number(one.variance_inflation);
      if (one.why.empty())
        made.no_text();
      else
        made.text(one.why);
    }
    return std::move(made).made();
  }
  [[nodiscard]] table figures(double rows, double without_outcome, double without_bin, double fitted) const {
    const stats::logistic_fit& of = fit.fit;
    const stats::logistic_test ratio =
        of.parameters() > 1 ? stats::likelihood_ratio_test(of.log_likelihood, of.null_log_likelihood,
                                                           static_cast<double>(of.parameters() - 1))
                            : stats::logistic_test{};
    const auto [least, largest] =
        ends(base_points, [](const scored_bins& one) -> const std::vector<double>& { return one.points; });
    math::real mean(base_points);
    for (const scored_bins& one : parts) {
      math::real sum(0.0);
      math::real count(0.0);
      for (std::size_t b = 0; b < one.points.size(); ++b) {
        sum += math::real(one.count[b]) * one.points[b];
        count += one.count[b];
      }
      mean += sum / count;
    }
    const double values[] = {rows,
                             without_outcome,
                             without_bin,
                             fitted,
                             of.trials,
                             of.events,
                             static_cast<double>(fit.groups),
                             static_cast<double>(of.parameters()),
                             of.log_likelihood,
                             of.deviance(),
                             of.null_deviance(),
                             stats::akaike_criterion(of),
                             stats::bayesian_criterion(of),
                             ratio.statistic,
                             ratio.p_value,
                             fit.intercept,
                             scale.offset,
                             scale.factor,
                             base_points,
                             least,
                             largest,
                             math::value_of(mean)};
    static_assert(std::size(values) == std::size(scorecard_figures));
    described_table made(scorecard_outputs_of_fit[2], 0);
    for (std::size_t i = 0; i < std::size(values); ++i)
      made.level(i).number(values[i]);
    return std::move(made).made();
  }
  [[nodiscard]] table moves() const {
    described_table made(scorecard_outputs_of_fit[3], 0);
    std::int64_t step = 0;
    for (const stats::stepwise_move& one : fit.moves)
      made.whole(++step)
          .text(columns[one.column].label)
          .truth(one.added)
          .number(one.criterion)
          .number(one.deviance);
    return std::move(made).made();
  }

  [[nodiscard]] std::vector<table> model_tables() const {
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    described_table points_of(scorecard_model_tables[0], 0);
    described_table members(scorecard_model_tables[1], 0);
    described_table characteristics(scorecard_model_tables[2], 0);
    described_table scales(scorecard_model_tables[3], 0);
    for (std::size_t k = 0; k < used.size(); ++k) {
      const binned_characteristic& of = bins[used[k]];
      for (std::size_t b = 0; b < of.bins(); ++b)
        points_of.text(of.label)
            .whole(static_cast<std::int64_t>(b + 1))
            .level(of.kinds[b])
            .number(of.low[b])
            .number(of.high[b])
            .text(of.names[b])
            .number(parts[k].points[b])
            .number(parts[k].log_odds[b])
            .no_text()
            .number(none);
      for (const fitted_member& one : of.members) {
        members.text(of.label).level(one.what);
        if (one.what == bin_member::level)
          members.text(one.level);
        else
          members.no_text();
        members.number(one.what == bin_member::special ? one.code : none)
            .whole(static_cast<std::int64_t>(one.bin + 1));
      }
      characteristics.text(of.label).no_text().number(parts[k].baseline);
    }
    scales.number(base_points)
        .level(scale.direction)
        .number(fit.intercept)
        .number(scale.offset)
        .number(scale.factor);
    std::vector<table> made;
    made.push_back(std::move(points_of).made());
    if (table held = std::move(members).made(); held.rows() > 0)
      made.push_back(std::move(held));
    made.push_back(std::move(characteristics).made());
    made.push_back(std::move(scales).made());
    return made;
  }

private:
  template <class Values>
  [[nodiscard]] std::pair<double, double> ends(double begin, const Values& values_of) const {
    math::real lowest(begin);
    math::real highest(begin);
    for (const scored_bins& one : parts) {
      const std::vector<double>& values = values_of(one);
      lowest += *std::min_element(values.begin(), values.end());
      highest += *std::max_element(values.begin(), values.end());
    }
    return {math::value_of(lowest), math::value_of(highest)};
  }
};

} // namespace emptor::credit
