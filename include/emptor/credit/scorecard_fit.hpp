// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
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
#include <emptor/core/run.hpp>
#include <emptor/credit/scorecard.hpp>
#include <emptor/math/elementary.hpp>
#include <emptor/stats/logistic_groups.hpp>
#include <emptor/stats/logistic_regression.hpp>
#include <emptor/stats/logistic_stepwise.hpp>
#include <emptor/stats/logistic_tests.hpp>

/// The regression behind a scorecard: weights of evidence of binned rows, which characteristics are in it, and what is known of
/// each.
namespace emptor::credit {

/// Whether a characteristic is in the model, and what keeps it out.
enum class scorecard_state : std::int32_t {
  in_model = 0,
  constant = 1,     ///< all rows have the same weight of evidence
  collinear = 2,    ///< a linear combination of characteristics before it
  not_chosen = 3,   ///< the stepwise choice left it out
  held_at_zero = 4, ///< its coefficient would be below 0, or the l1 penalty holds it
};
inline constexpr std::string_view scorecard_state_names[] = {"in_model", "constant", "collinear",
                                                             "not_chosen", "held_at_zero"};

/// By what characteristics are chosen stepwise.
enum class scorecard_selection : std::int32_t { none = 0, aic = 1, bic = 2, p = 3 };
inline constexpr std::string_view scorecard_selection_names[] = {"none", "aic", "bic", "p"};

/// What the regression is asked for; penalties are on the scale of the log-likelihood.
struct scorecard_settings {
  double l1 = 0.0;
  double l2 = 0.0;
  bool firth = false;
  /// Coefficients that turn a weight of evidence around are held at 0: 1 or -1 as the weights rise or fall with the risk,
  /// 0: any sign.
  int sign = 0;
  scorecard_selection selection = scorecard_selection::none;
  double p_enter = 0.05;
  double p_remove = 0.1;
  bool likelihood_ratios = false; ///< of each characteristic: one more fit each
  double population_rate = std::numeric_limits<double>::quiet_NaN(); ///< NaN: that of the rows
};

/// A characteristic of the rows.
struct binned_column {
  std::string label;
  std::vector<std::uint32_t> codes; ///< bins from 0, of each row
  std::vector<double> woe;          ///< of each bin
};

/// Of a characteristic: the coefficient of its weight of evidence (log odds per nat), its tests, and why it is not in the
/// model.
struct fitted_coefficient {
  scorecard_state state = scorecard_state::in_model;
  double coefficient = 0.0;
  double standard_error = std::numeric_limits<double>::quiet_NaN();
  stats::logistic_test wald;
  stats::logistic_test likelihood_ratio; ///< of what leaving it out costs
  stats::logistic_test score;            ///< of what is not chosen: of taking it in
  double variance_inflation = std::numeric_limits<double>::quiet_NaN();
  std::string why; ///< where it is not in the model
};

/// The whole regression; log odds = intercept + sum of coefficient x weight of evidence.
struct scorecard_regression {
  std::vector<fitted_coefficient> coefficients; ///< of all columns
  stats::logistic_fit fit;                      ///< of those that take part
  double intercept = 0.0;                       ///< after the correction to the population's rate
  std::vector<stats::stepwise_move> moves;      ///< columns by their places among all
  std::size_t groups = 0;                       ///< different rows that the fit worked through
};

namespace detail {

class scorecard_fitter {
public:
  scorecard_fitter(std::span<const binned_column> columns, std::span<const double> events,
                   std::span<const double> trials, const scorecard_settings& settings, const run& how,
                   std::span<const double> offset)
      : columns_(columns)
      , events_(events.begin(), events.end())
      , trials_(trials.begin(), trials.end())
      , offset_(offset)
      , settings_(settings)
      , how_(how)
      , woe_(columns.size()) {
    group();
    made_.coefficients.resize(columns.size());
  }

  scorecard_regression run_all() {
    leave_out_constants();
    stats::logistic_fit fit = fit_of(part_, {});
    if (fit.state == stats::logistic_state::collinear) {
      leave_out(fit.collinear);
      fit = fit_of(part_, {});
    }
    if (settings_.selection != scorecard_selection::none && fit.state == stats::logistic_state::converged)
      fit = choose();
    if (fit.state != stats::logistic_state::converged)
      throw error(status::not_converged,
                  std::string(scorecard_name) + ": " + stats::explain(fit, names_of(part_)) +
                      (fit.state == stats::logistic_state::separated
                           ? "; options firth or l2 make the coefficients finite, or join pure bins"
                           : ""));
    tell(fit);
    made_.fit = std::move(fit);
    correct_intercept();
    return std::move(made_);
  }

private:
  /// Rows of the same bins become one where that saves at least half of them, and none has an offset of its own.
  void group() {
    std::vector<std::span<const std::uint32_t>> codes;
    std::vector<std::uint32_t> levels;
    for (const binned_column& column : columns_) {
      codes.emplace_back(column.codes);
      levels.push_back(static_cast<std::uint32_t>(column.woe.size()));
    }
    const std::size_t most = offset_.empty() ? trials_.size() / 2 : 0;
    stats::grouped_rows grouped;
    if (!stats::has_more_groups(codes, trials_.size(), most))
      grouped = stats::group_rows(codes, levels, events_, trials_);
    const bool saves = !grouped.trials.empty() && grouped.trials.size() <= most;
    run quiet = how_; // the regression tells the progress
    quiet.progress = nullptr;
    for_each_task(static_cast<std::int64_t>(columns_.size()), quiet, [&](std::int64_t task) {
      const auto j = static_cast<std::size_t>(task);
      const std::vector<std::uint32_t>& from = saves ? grouped.codes[j] : columns_[j].codes;
      const std::vector<double>& woe = columns_[j].woe;
      woe_[j].resize(from.size());
      for (std::size_t i = 0; i < from.size(); ++i)
        woe_[j][i] = woe[from[i]];
    });
    if (saves) {
      events_ = std::move(grouped.events);
      trials_ = std::move(grouped.trials);
    }
    made_.groups = trials_.size();
  }
  [[nodiscard]] stats::logistic_rows rows_of(std::span<const std::size_t> part) const {
    stats::logistic_rows made{{}, events_, trials_, offset_};
    for (const std::size_t j : part)
      made.columns.emplace_back(woe_[j]);
    return made;
  }
  [[nodiscard]] std::vector<std::string> names_of(std::span<const std::size_t> part) const {
    std::vector<std::string> made;
    for (const std::size_t j : part)
      made.push_back(columns_[j].label);
    return made;
  }
  [[nodiscard]] stats::logistic_options options_of(std::size_t columns) const {
    stats::logistic_options made{.l2 = settings_.l2, .l1 = settings_.l1, .firth = settings_.firth};
    if (settings_.sign != 0)
      made.signs.assign(columns, settings_.sign);
    return made;
  }
  [[nodiscard]] stats::logistic_fit fit_of(std::span<const std::size_t> part,
                                           std::vector<double> start) const {
    stats::logistic_options options = options_of(part.size());
    options.start = std::move(start);
    return stats::fit_logistic(scorecard_name, rows_of(part), names_of(part), options, how_);
  }

  void leave_out_constants() {
    for (std::size_t j = 0; j < columns_.size(); ++j) {
      const bool varies =
          std::any_of(woe_[j].begin(), woe_[j].end(), [&](double one) { return one != woe_[j].front(); });
      if (varies) {
        part_.push_back(j);
        continue;
      }
      made_.coefficients[j].state = scorecard_state::constant;
      made_.coefficients[j].why = "all rows have the same weight of evidence";
    }
  }
  void leave_out(const std::vector<stats::collinear_column>& collinear) {
    std::vector<std::size_t> kept = part_;
    for (const stats::collinear_column& one : collinear) {
      const std::size_t j = part_[one.column];
      std::vector<std::string_view> of;
      for (const std::size_t k : one.of)
        of.emplace_back(columns_[part_[k]].label);
      made_.coefficients[j].state = scorecard_state::collinear;
      made_.coefficients[j].why = "a linear combination of " + listed(std::span<const std::string_view>(of));
      kept.erase(std::find(kept.begin(), kept.end(), j));
    }
    part_ = std::move(kept);
  }
  stats::logistic_fit choose() {
    const stats::stepwise_options options{
        .criterion = settings_.selection == scorecard_selection::aic   ? stats::stepwise_criterion::aic
                     : settings_.selection == scorecard_selection::bic ? stats::stepwise_criterion::bic
                                                                       : stats::stepwise_criterion::p,
        .p_enter = settings_.p_enter,
        .p_remove = settings_.p_remove};
    const stats::logistic_rows rows = rows_of(part_);
    stats::stepwise_choice choice = stats::choose_stepwise(scorecard_name, rows, names_of(part_),
                                                           options_of(part_.size()), options, how_);
    for (stats::stepwise_move move : choice.moves) {
      move.column = part_[move.column];
      made_.moves.push_back(move);
    }
    std::vector<bool> in(part_.size(), false);
    for (const std::size_t k : choice.chosen)
      in[k] = true;
    const std::vector<stats::logistic_test> tests = stats::score_tests(rows, choice.chosen, choice.fit, how_);
    std::vector<std::size_t> kept;
    for (std::size_t k = 0; k < part_.size(); ++k) {
      if (in[k]) {
        kept.push_back(part_[k]);
        continue;
      }
      fitted_coefficient& out = made_.coefficients[part_[k]];
      out.state = scorecard_state::not_chosen;
      out.why = "the stepwise choice left it out";
      out.score = tests[k];
    }
    part_ = std::move(kept);
    return std::move(choice.fit);
  }
  void tell(const stats::logistic_fit& fit) {
    const std::vector<double> inflation = stats::variance_inflation(rows_of(part_), how_);
    for (std::size_t k = 0; k < part_.size(); ++k) {
      fitted_coefficient& one = made_.coefficients[part_[k]];
      one.coefficient = fit.coefficients[k];
      one.variance_inflation = inflation[k];
      if (one.coefficient == 0.0) {
        one.state = scorecard_state::held_at_zero;
        one.why = settings_.l1 > 0.0 ? "the l1 penalty or its sign holds its coefficient at 0"
                                     : "with its own sign its weight of evidence would be turned around";
        continue;
      }
      one.standard_error = fit.standard_error(k);
      one.wald = stats::wald_test(fit, k);
      if (!settings_.likelihood_ratios || settings_.l1 > 0.0 || settings_.l2 > 0.0 || settings_.firth)
        continue;
      std::vector<std::size_t> others = part_;
      others.erase(others.begin() + static_cast<std::ptrdiff_t>(k));
      std::vector<double> start{fit.intercept};
      for (std::size_t i = 0; i < part_.size(); ++i) {
        if (i != k)
          start.push_back(fit.coefficients[i]);
      }
      const stats::logistic_fit without = fit_of(others, std::move(start));
      if (without.state == stats::logistic_state::converged)
        one.likelihood_ratio =
            stats::likelihood_ratio_test(fit.penalised_log_likelihood, without.penalised_log_likelihood, 1.0);
    }
  }
  /// Of a sample in which events are more (or less) frequent than in the population (G. King, L. Zeng, Logistic regression in rare
  /// events data, Political Analysis 9, 2001, equation 7).
  void correct_intercept() {
    using math::real;
    made_.intercept = made_.fit.intercept;
    if (std::isnan(settings_.population_rate))
      return;
    const real rate(settings_.population_rate);
    const real odds_of_rows = real(made_.fit.events) / (real(made_.fit.trials) - made_.fit.events);
    made_.intercept = math::value_of(real(made_.intercept) + math::log(rate / (real(1.0) - rate)) -
                                     math::log(odds_of_rows));
  }

  std::span<const binned_column> columns_;
  std::vector<double> events_;
  std::vector<double> trials_;
  std::span<const double> offset_; ///< of each row; empty = none
  const scorecard_settings& settings_;
  const run& how_;
  std::vector<std::vector<double>> woe_; ///< of each column, by row or group
  std::vector<std::size_t> part_;        ///< columns that take part
  scorecard_regression made_;
};

} // namespace detail

/// \param events, trials  weights of each row \param offset  added to the log odds of each row, with a coefficient of 1; empty
/// = none
/// \throws error status::too_few for one class, status::not_converged where the outcomes are separated, with the characteristics;
///         status::option for a choice together with penalties
[[nodiscard]] inline scorecard_regression
fit_scorecard(std::span<const binned_column> columns, std::span<const double> events,
              std::span<const double> trials, const scorecard_settings& settings, const run& how = {},
              std::span<const double> offset = {}) {
  return detail::scorecard_fitter(columns, events, trials, settings, how, offset).run_all();
}

} // namespace emptor::credit
