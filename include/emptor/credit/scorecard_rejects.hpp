// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/described_table.hpp>
#include <emptor/core/options.hpp>
#include <emptor/credit/reject_inference.hpp>
#include <emptor/credit/reject_inference_description.hpp>
#include <emptor/credit/scorecard_sample.hpp>

/// A scorecard fitted once more, to all who applied: reject inference between its first fit and its points.
namespace emptor::credit::detail {

/// \throws error status::option for a factor that the method does not use
[[nodiscard]] inline reject_settings read_reject_settings(const option_values& given) {
  reject_settings made;
  made.method = given.choice<reject_method>("reject_inference", reject_method_names);
  made.bands = static_cast<std::size_t>(given.integer("reject_bands"));
  made.factor = given.number("reject_factor");
  made.assignment = given.choice<reject_assignment>("reject_assignment", reject_assignment_names);
  made.seed = static_cast<std::uint64_t>(given.integer("seed"));
  const auto refuse = [](const std::string& why) {
    throw error(status::option, std::string(scorecard_name) + ": " + why);
  };
  const bool rates = made.method == reject_method::parcelling || made.method == reject_method::fuzzy;
  if (made.factor != 1.0 && !rates)
    refuse("option reject_factor needs reject_inference=parcelling or fuzzy");
  if (made.assignment == reject_assignment::drawn && made.method != reject_method::parcelling)
    refuse("option reject_assignment=drawn needs reject_inference=parcelling");
  return made;
}

/// The log odds of each row by a regression, whatever its intercept was corrected to afterwards.
[[nodiscard]] inline std::vector<double> log_odds_of_rows(const scorecard_sample& of,
                                                          const scorecard_regression& by) {
  std::vector<double> made(of.trials.size());
  for (std::size_t row = 0; row < made.size(); ++row) {
    math::real sum(by.fit.intercept);
    for (std::size_t j = 0; j < of.columns.size(); ++j)
      sum += math::real(by.coefficients[j].coefficient) * of.columns[j].woe[of.columns[j].codes[row]];
    made[row] = math::value_of(sum);
  }
  return made;
}

/// The tables of reject inference, without rows until it is done.
struct reject_tables {
  described_table bands{reject_outputs[0], 0};
  described_table rows{reject_outputs[1], 0};
  described_table coefficients{reject_outputs[2], 0};
  described_table warnings{reject_outputs[3], 0};

  void add_bands(const inferred_rows& from, const reject_settings& settings) {
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    const bool weighs = settings.method == reject_method::augmentation;
    for (std::size_t b = 0; b < from.bands.size(); ++b) {
      const reject_band& one = from.bands[b];
      bands.whole(static_cast<std::int64_t>(b + 1))
          .number(b == 0 ? none : stats::probability_of(from.bands[b - 1].up_to))
          .number(b + 1 == from.bands.size() ? none : stats::probability_of(one.up_to))
          .number(one.accepted)
          .number(one.events)
          .number(one.rejected)
          .number(one.accepted_rate())
          .number(weighs ? none : one.rejected_rate(settings.factor))
          .number(weighs ? one.multiple() : 1.0);
    }
  }
  /// Each row with an outcome and its weight; with two of them where both have weight.
  void add_rows(const stats::coded_texts& ids, const scorecard_sample& of,
                const std::vector<double>& log_odds, bool accepted, const std::vector<std::size_t>& band,
                const std::vector<double>& weights, const std::vector<double>& events) {
    for (std::size_t row = 0; row < weights.size(); ++row) {
      const double others = math::value_of(math::real(weights[row]) - events[row]);
      for (const bool event : {true, false}) {
        const double weight = event ? events[row] : others;
        if (!(weight > 0.0))
          continue;
        const std::uint32_t id = ids.codes[of.places[row]];
        if (id == stats::coded_texts::none)
          rows.no_text();
        else
          rows.text(ids.texts[id]);
        rows.truth(accepted)
            .number(event ? 1.0 : 0.0)
            .number(weight)
            .number(stats::probability_of(log_odds[row]))
            .whole(band.empty() ? 0 : static_cast<std::int64_t>(band[row] + 1));
      }
    }
  }
  void add_coefficients(const scorecard_sample& of, const scorecard_regression& first,
                        const scorecard_regression& second) {
    const auto add = [&](double before, double after) {
      coefficients.number(before).number(after).number(math::value_of(math::real(after) - before));
    };
    coefficients.no_text();
    add(first.intercept, second.intercept);
    for (std::size_t j = 0; j < of.columns.size(); ++j) {
      coefficients.text(of.columns[j].label);
      add(first.coefficients[j].coefficient, second.coefficients[j].coefficient);
    }
  }
  void warn(reject_warning what, const std::string& text) { warnings.level(what).text(text); }
  void add_warnings(const reject_settings& settings, const inferred_rows& from) {
    const std::string times = to_text(settings.factor);
    switch (settings.method) {
    case reject_method::augmentation:
      warn(reject_warning::alike_within_a_band,
           "the rejected of a band of scores are taken to behave as the accepted of it; where they were "
           "rejected for what no characteristic tells, they do not");
      break;
    case reject_method::parcelling:
      warn(reject_warning::factor_is_assumed, "the rejected are taken to have " + times +
                                                  " times the event rate of the accepted of their band; "
                                                  "these rows cannot tell whether they have");
      break;
    case reject_method::fuzzy:
      if (settings.factor == 1.0)
        warn(
            reject_warning::fuzzy_changes_nothing,
            "each rejected row with both outcomes, weighted by the first fit's own probability, adds nothing "
            "to its equations: the coefficients are those of the accepted but for rounding, unless Firth's "
            "penalty or a choice of characteristics moves them");
      else
        warn(reject_warning::factor_is_assumed,
             "the rejected are taken to have " + times +
                 " times the probability of the first fit; these rows cannot tell whether they have");
      break;
    default:
      break;
    }
    warn(reject_warning::errors_too_small,
         "standard errors and tests of the second fit take what is inferred as if it had been seen");
    if (from.capped > 0)
      warn(reject_warning::rates_cut_off, "reject_factor makes " + std::to_string(from.capped) +
                                              (settings.method == reject_method::fuzzy ? " rows" : " bands") +
                                              " certain to have the event: their rates are cut off at 1");
  }
};

/// Infers what the rejected would have done by the first fit, and makes the second.
/// \param sample, fit  of the accepted; then of all applicants
/// \throws error status::too_few where nobody was rejected, and as `fit_scorecard`
inline void fit_all_applicants(const stats::outcome_rows& chosen,
                               const std::vector<binned_characteristic>& bins,
                               const reject_settings& settings, const scorecard_settings& regression,
                               const run& how, scorecard_sample& sample, scorecard_regression& fit,
                               reject_tables& tables) {
  const stats::outcome_rows without = chosen.without_outcome();
  scorecard_sample rejected = empty_sample(bins);
  add_rows(rejected, without, bins, {}, how);
  if (rejected.trials.empty())
    throw error(status::too_few, std::string(scorecard_name) +
                                     ": reject inference needs rows without an outcome, those who were "
                                     "rejected, with a bin of every characteristic, but there are none");
  const std::vector<double> accepted_odds = log_odds_of_rows(sample, fit);
  const std::vector<double> rejected_odds = log_odds_of_rows(rejected, fit);
  inferred_rows inferred = infer_rejected({accepted_odds, sample.trials, sample.events},
                                          {rejected_odds, rejected.trials, {}}, settings);
  for (const double weight : inferred.accepted_weights) {
    if (!(weight <= 1e300))
      throw error(status::data,
                  std::string(scorecard_name) +
                      ": the weights of the rejected of a band are too large beside those of its "
                      "accepted, which cannot stand for them");
  }
  tables.add_bands(inferred, settings);
  tables.add_rows(chosen.with_outcome().ids(), sample, accepted_odds, true, inferred.accepted_band,
                  inferred.accepted_weights, inferred.accepted_events);
  tables.add_rows(without.ids(), rejected, rejected_odds, false, inferred.rejected_band,
                  inferred.rejected_weights, inferred.rejected_events);
  sample.without_bin += rejected.without_bin;
  sample.trials = std::move(inferred.accepted_weights);
  sample.events = std::move(inferred.accepted_events);
  if (!inferred.rejected_weights.empty()) {
    for (std::size_t j = 0; j < sample.columns.size(); ++j)
      sample.columns[j].codes.insert(sample.columns[j].codes.end(), rejected.columns[j].codes.begin(),
                                     rejected.columns[j].codes.end());
    sample.trials.insert(sample.trials.end(), inferred.rejected_weights.begin(),
                         inferred.rejected_weights.end());
    sample.events.insert(sample.events.end(), inferred.rejected_events.begin(),
                         inferred.rejected_events.end());
  }
  scorecard_regression second = fit_scorecard(sample.columns, sample.events, sample.trials, regression, how);
  tables.add_coefficients(sample, fit, second);
  tables.add_warnings(settings, inferred);
  fit = std::move(second);
}

} // namespace emptor::credit::detail
