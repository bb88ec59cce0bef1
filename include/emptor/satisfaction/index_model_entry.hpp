// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/entry.hpp>
#include <emptor/core/row_cells.hpp>
#include <emptor/satisfaction/index_model.hpp>
#include <emptor/satisfaction/index_model_example.hpp>
#include <emptor/satisfaction/index_model_tables.hpp>
#include <emptor/satisfaction/index_respondents.hpp>
#include <emptor/satisfaction/index_survey.hpp>
#include <emptor/satisfaction/survey_cells.hpp>
#include <emptor/stats/path_model_assessment.hpp>
#include <emptor/stats/path_model_missing.hpp>
#include <emptor/stats/path_model_refits.hpp>
#include <emptor/stats/survey.hpp>

/// `satisfaction.index_model` from the catalogue's side.
namespace emptor::satisfaction {

/// Resamples of the respondents; empty with resamples=0.
struct index_certainty {
  stats::path_resamples drawn;
  stats::path_resamples jackknife; ///< of interval bca only
};

/// Rows with gaps are left out, or have the means of all rows in their place: the rules pairwise and em have no rows of which
/// resamples could be made.
/// \throws error status::option for these rules with missing answers; as respondents_of and given_draws; status::cancelled
[[nodiscard]] inline index_certainty
resampled_index(const finish_request& request, const stats::path_structure& structure,
                const stats::survey_answers& from, const std::vector<std::uint32_t>& rows,
                const stats::answer_columns& columns, const stats::moment_options& how) {
  index_certainty made;
  const std::int64_t resamples = request.options.integer("resamples");
  const model_table given(index_model_name, request.slot("model"), "draws");
  if (resamples == 0 && given.rows() == 0)
    return made;
  const bool gaps = std::any_of(columns.items.begin(), columns.items.end(), [](std::span<const double> one) {
    return std::any_of(one.begin(), one.end(), [](double x) { return std::isnan(x); });
  });
  if (gaps && (how.missing == stats::missing_rule::pairwise || how.missing == stats::missing_rule::em))
    throw error(status::option, std::string(index_model_name) +
                                    ": resamples need missing=casewise or mean where answers are "
                                    "missing; or say resamples=0");
  stats::answer_columns own = columns;
  if (stats::detail::are_equal(own.weights, how.weights))
    own.weights = {};
  std::vector<std::uint32_t> used;
  for (std::size_t r = 0; r < rows.size(); ++r)
    if (how.missing == stats::missing_rule::mean ||
        std::none_of(columns.items.begin(), columns.items.end(),
                     [&](std::span<const double> one) { return std::isnan(one[r]); }))
      used.push_back(rows[r]);
  const index_respondents of =
      respondents_of(index_model_name, from, used,
                     stats::completed(own, structure.products(), how.missing == stats::missing_rule::mean),
                     how.weights, "resamples=0");
  const auto signs =
      request.options.choice<stats::resample_signs>("resample_signs", stats::resample_sign_rules);
  const auto seed = static_cast<std::uint64_t>(request.options.integer("seed"));
  made.drawn = given.rows() == 0
                   ? stats::resample_model(structure, of.answers, how, signs, stats::resample_kind::bootstrap,
                                           seed, static_cast<std::size_t>(resamples), request.how, of.units)
                   : stats::given_resamples(
                         structure, of.answers, how, signs,
                         given_draws(index_model_name, given, from, used, of.first_case_of, !request.keys),
                         request.how);
  if (request.options.text("interval") == stats::resample_intervals[2])
    made.jackknife = stats::resample_model(structure, of.answers, how, signs, stats::resample_kind::jackknife,
                                           seed, 0, request.how, of.units);
  return made;
}

/// From a store `survey`, with the model in the slot `model`.
/// \throws error as read_index_model, rows_about, stats::moments_of and stats::fit_path_model; status::data for answers off
/// their scale and for data that leave no figures; status::too_few without answers; status::cancelled
inline result finish_index_model(const finish_request& request) {
  const auto& store = request.stored<stats::survey>();
  const option_values& given = request.options;
  const model& described = detail::index_slot(index_model_name, request);
  const index_specification specification = detail::index_specification_of(index_model_name, request);
  const domain usual = detail::usual_index_scale(given);
  const stats::path_structure structure(index_model_name, specification.model);
  const stats::moment_options how = detail::index_moment_options(given, specification);

  const stats::survey_answers from = store.answers(request.keys);
  const std::vector<std::uint32_t> rows = rows_about(index_model_name, from, given.text("brand"));
  if (rows.empty())
    throw error(status::too_few, message(index_model_name, "the number of rows of answers", -1, "0", ">= 2"));
  const std::vector<std::vector<double>> answers =
      detail::index_answers(index_model_name, from, rows, structure.items(),
                            detail::index_scales(index_model_name, structure.items(), specification, usual));
  std::vector<double> weights;
  for (const std::uint32_t row : rows)
    weights.push_back(from.weights()[row]);
  stats::answer_columns columns;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    columns.items.emplace_back(answers[i]);
    columns.names.emplace_back(structure.items()[i]);
  }
  columns.weights = weights;
  request.how.check(0.1);
  const stats::path_moments moments =
      detail::index_moments(index_model_name, columns, structure, how, request.how);
  const stats::path_fit fit = stats::fit_path_model(structure, moments);
  detail::refuse_unusable(fit);
  request.how.check(0.5);
  const stats::path_quality quality = stats::quality_of(fit);
  const std::vector<double> reestimated = stats::reestimated_f_squared(structure, moments, fit, request.how);
  const std::vector<index_score> scores = scores_of(structure, moments, fit, specification, usual);
  const std::vector<respondent_effect> effects =
      effects_of_respondents(scores, structure, from, rows, answers, how);
  const index_results results{specification, structure, moments, fit, quality, reestimated, scores, effects};
  const index_certainty certainty = resampled_index(request, structure, from, rows, columns, how);

  auto made = std::make_shared<model>();
  made->entry = std::string(index_model_name);
  made->options = described.options;
  for (const table& one : described.tables)
    if (one.name() != "weights" && one.name() != "draws")
      made->tables.push_back(one);
  made->tables.push_back(index_model_weights(scores));
  const std::string handling = ", missing " + std::string(given.text("missing")) + ", weights as " +
                               std::string(given.text("weight_meaning"));
  std::vector<table> tables;
  tables.push_back(detail::index_constructs_table(results, given.number("confidence")));
  tables.push_back(detail::index_weights_table(results));
  tables.push_back(detail::index_loadings_table(results));
  tables.push_back(detail::index_paths_table(results));
  tables.push_back(detail::index_effects_table(results));
  tables.push_back(detail::index_correlations_table(results));
  tables.push_back(detail::index_criteria_table(results));
  tables.push_back(
      index_scores_table(results, from, rows, answers, how.missing == stats::missing_rule::mean));
  tables.push_back(detail::index_fit_table(results, handling));
  tables.push_back(detail::index_certainty_table(
      results, certainty.drawn, certainty.jackknife, given.number("confidence"),
      given.choice<stats::resample_interval>("interval", stats::resample_intervals), request.how));
  tables.push_back(detail::index_resamples_table(certainty.drawn));
  return {std::move(tables), std::move(made)};
}

/// Scores the answers of one respondent with the weights that a fitted model keeps.
class index_scorer final : public scorer {
public:
  /// \param inputs  names of the columns that there are \throws error status::unknown_name, status::schema
  index_scorer(const model& from, std::string_view construct, const std::vector<std::string>& inputs) {
    const std::vector<index_score> known = read_index_scores(from);
    if (known.empty())
      throw error(status::mismatch,
                  std::string(index_model_name) +
                      ": the model has no table weights: it was not fitted, and cannot score");
    std::vector<std::string_view> constructs;
    std::vector<std::string_view> items;
    for (const index_score& one : known) {
      constructs.emplace_back(one.construct);
      for (const index_score::term& term : one.terms)
        items.emplace_back(term.item);
    }
    const auto at = std::find(constructs.begin(), constructs.end(), construct);
    if (at == constructs.end())
      throw unknown_name(index_model_name, "construct", construct, constructs);
    score_ = known[static_cast<std::size_t>(at - constructs.begin())];
    constexpr std::string_view role = "items:";
    for (const std::string& input : inputs)
      if (input.starts_with(role) &&
          std::find(items.begin(), items.end(), std::string_view(input).substr(role.size())) == items.end())
        throw unknown_name(index_model_name, "item", std::string_view(input).substr(role.size()), items);
    for (const index_score::term& term : score_.terms) {
      const auto input = std::find(inputs.begin(), inputs.end(), std::string(role) + term.item);
      if (input == inputs.end())
        throw error(status::schema, std::string(index_model_name) + ": construct " + shortened(construct) +
                                        " needs the column items:" + term.item);
      places_.push_back(static_cast<std::size_t>(input - inputs.begin()));
    }
  }

  void score(const score_block& block) const noexcept override {
    for_each_fine_row<std::size_t, index_score_output>(
        block, [&](const row_cells<std::size_t, index_score_output>& at) {
          for (std::size_t k = 0; k < places_.size(); ++k) {
            const double answer = at.number(places_[k]);
            if (std::isnan(answer) || !score_.terms[k].scale.contains(answer)) {
              at.refuse(std::isnan(answer) ? row_status::missing : row_status::out_of_domain);
              return;
            }
          }
          const auto answer = [&](std::size_t k) { return at.number(places_[k]); };
          const double standardised = score_.standardised(answer);
          if (!std::isfinite(standardised)) {
            at.refuse(row_status::no_number);
            return;
          }
          const double index = score_.index(answer);
          at.put(index_score_output::score, standardised);
          at.put(index_score_output::index,
                 std::isfinite(index) ? index : std::numeric_limits<double>::quiet_NaN());
        });
  }

private:
  index_score score_;
  std::vector<std::size_t> places_; ///< of the terms among the inputs
};

inline constexpr entry_description index_model_description{
    .name = index_model_name,
    .what = verb::fit,
    .summary = "the satisfaction index: a path model of its causes and consequences from a survey, every "
               "construct on a "
               "scale from 0 to 100, what it depends on, how reliable it is, and whether the model holds",
    .source = "Fornell et al., Journal of Marketing 60, 1996 (ACSI); Tenenhaus et al., Computational "
              "Statistics & Data "
              "Analysis 48, 2005 (ECSI, PLS); GB/T 19038-2009 (CCSI); Dijkstra and Henseler, MIS Quarterly "
              "39, 2015 (PLSc)",
    .chinese = "客户满意度指数测评模型",
    .since = "0.1",
    .store = "survey",
    .options = index_fit_options,
    .slots = index_model_slots,
    .outputs = index_model_outputs,
    .model_tables = index_model_tables,
    .model_options = index_model_options,
    .score = {.inputs = index_score_inputs, .options = index_score_options, .outputs = index_score_outputs},
    .formats = survey_model_formats,
    .examples = index_model_examples,
    .no_demo = "the company of the demo asks its customers nothing",
};

inline constexpr entry index_model_entry{
    .description = &index_model_description,
    .finish = finish_index_model,
    .check_model =
        [](const model& made) {
          static_cast<void>(read_index_model(made));
          static_cast<void>(read_index_scores(made));
        },
    .bind = [](const score_request& request) -> std::unique_ptr<scorer> {
      if (!request.slots.empty())
        throw error(status::option,
                    std::string(index_model_name) + ": a score takes its own model, not that of slot model");
      return std::make_unique<index_scorer>(*request.self, request.options.text("construct"), request.inputs);
    },
};

} // namespace emptor::satisfaction
