// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/satisfaction/index_model.hpp>
#include <emptor/satisfaction/index_model_description.hpp>
#include <emptor/satisfaction/survey_cells.hpp>
#include <emptor/stats/path_model_fit.hpp>
#include <emptor/stats/path_model_missing.hpp>
#include <emptor/stats/path_model_structure.hpp>
#include <emptor/stats/survey.hpp>

/// Answers of a survey to the questions of a satisfaction index, as the measures of it take them.
namespace emptor::satisfaction {

namespace detail {

[[nodiscard]] inline const model& index_slot(std::string_view where, const finish_request& request) {
  const model* const held = request.slot("model");
  if (held == nullptr)
    throw error(status::schema, std::string(where) +
                                    ": slot model needs a model of satisfaction.index_model (the tables "
                                    "constructs and paths, by `model create`)");
  return *held;
}

/// What the model of the slot says, and the options convention, scheme, metric and, where the entry has it, second_order.
/// \throws error as index_slot and read_index_model
[[nodiscard]] inline index_specification index_specification_of(std::string_view where,
                                                                const finish_request& request) {
  const option_values& given = request.options;
  index_specification made = read_index_model(index_slot(where, request));
  made.model = stats::with_preset(std::move(made.model),
                                  given.choice<stats::path_preset>("convention", stats::path_presets));
  if (given.has("scheme"))
    made.model.scheme = given.choice<stats::inner_scheme>("scheme", stats::inner_schemes);
  if (given.has("metric"))
    made.model.metric = given.choice<stats::item_metric>("metric", stats::item_metrics);
  if (given.has("second_order"))
    made.model.second_order =
        given.choice<stats::second_order_method>("second_order", stats::second_order_methods);
  return made;
}

/// The options weight_meaning and, where the entry has it, missing.
[[nodiscard]] inline stats::moment_options index_moment_options(const option_values& given,
                                                                const index_specification& of) {
  return {.missing = given.has("missing") ? given.choice<stats::missing_rule>("missing", stats::missing_rules)
                                          : stats::missing_rule::casewise,
          .weights = given.choice<stats::weight_meaning>("weight_meaning", stats::weight_meanings),
          .denominator = of.model.denominator};
}

/// The scale of questions of which the model says nothing: the options scale_low and scale_high.
[[nodiscard]] inline domain usual_index_scale(const option_values& given) {
  return {given.number("scale_low"), given.number("scale_high")};
}

/// \throws error status::option for a scale without an extent
[[nodiscard]] inline domain with_extent(std::string_view where, std::string_view item, const domain& scale) {
  if (!(scale.low < scale.high))
    throw error(status::option, message(where, "the end of the scale of " + shortened(item), -1,
                                        to_text(scale.high), "> " + to_text(scale.low)));
  return scale;
}
[[nodiscard]] inline std::vector<domain> index_scales(std::string_view where,
                                                      const std::vector<std::string>& items,
                                                      const index_specification& of, const domain& usual) {
  std::vector<domain> made;
  for (const std::string& item : items)
    made.push_back(with_extent(where, item, of.scale(item, usual)));
  return made;
}

/// The answers of rows to questions, by question.
/// \param where  begins messages \param scales  of the questions
/// \throws error status::data for a question that the survey does not have, or an answer off its scale
[[nodiscard]] inline std::vector<std::vector<double>>
index_answers(std::string_view where, const stats::survey_answers& from, std::span<const std::uint32_t> rows,
              const std::vector<std::string>& items, const std::vector<domain>& scales) {
  std::vector<std::vector<double>> made;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const stats::survey_answers::item given = from.answers(where, items[i]);
    std::vector<double>& answers = made.emplace_back();
    answers.reserve(rows.size());
    for (const std::uint32_t row : rows) {
      const double answer = given.answers[row];
      if (!std::isnan(answer) && !scales[i].contains(answer))
        throw error(status::data,
                    message(where, "items:" + shortened(items[i]) + " of " + from.row_name(row), -1,
                            to_text(answer), to_text(scales[i]) + ", or one of missing_codes"));
      answers.push_back(answer);
    }
  }
  return made;
}

/// \throws error as stats::moments_of; status::not_converged
[[nodiscard]] inline stats::path_moments index_moments(std::string_view where,
                                                       const stats::answer_columns& columns,
                                                       const stats::path_structure& structure,
                                                       const stats::moment_options& how, const run& work) {
  stats::path_moments made = stats::moments_of(where, columns, structure.products(), how, work);
  if (!made.converged)
    throw error(status::not_converged, std::string(where) + ": the missing rule em did not settle in " +
                                           std::to_string(made.passes) + " passes; choose another rule");
  return made;
}

/// \throws error status::not_converged or status::data for a fit of which there are no figures
inline void refuse_unusable(const stats::path_fit& fit) {
  const stats::path_stage_fit& last = fit.stages.back();
  if (last.usable())
    return;
  const std::string where(index_model_name);
  switch (last.status) {
  case stats::path_status::collinear_sources:
    throw error(
        status::data,
        where +
            ": constructs that point to one construct depend on each other (or, of consistent ones, their "
            "corrected correlations are too large for any), so that their effects cannot be told apart; take "
            "one "
            "of them out of the paths");
  case stats::path_status::no_reliability:
    throw error(status::data,
                where + ": the items of a consistent construct have no common part (rho_A is not positive); "
                        "measure it with mode A");
  case stats::path_status::collinear_items:
    throw error(status::data, where + ": items of a construct of mode B follow from each other");
  default:
    throw error(status::data, where + ": a score does not vary, or a weight is no number (" +
                                  std::string(stats::path_statuses[static_cast<std::size_t>(last.status)]) +
                                  ")");
  }
}

} // namespace detail

/// The rows of a survey about one brand that answered all questions of a model, and the model. It reads the options
/// convention, scheme, metric, weight_meaning, brand, scale_low and scale_high.
struct index_survey {
  index_specification specification;
  stats::path_structure structure;
  stats::moment_options how;
  stats::survey_answers from;
  std::vector<std::uint32_t> given; ///< rows about the brand, of the answers
  std::vector<std::uint32_t> rows;  ///< those of them that answered all
  stats::detail::complete_columns
      answers; ///< of these rows, by item of the structure; weights only where they differ from 1

  /// \throws error as read_index_model, rows_about and index_answers; status::mismatch of another store;
  /// status::too_few without answers
  index_survey(std::string_view where, const finish_request& request)
      : specification(detail::index_specification_of(where, request))
      , structure(where, specification.model)
      , how(detail::index_moment_options(request.options, specification))
      , from(request.stored<stats::survey>().answers(request.keys))
      , given(rows_about(where, from, request.options.text("brand"))) {
    if (given.empty())
      throw error(status::too_few, message(where, "the number of rows of answers", -1, "0", ">= 2"));
    const std::vector<std::vector<double>> all =
        detail::index_answers(where, from, given, structure.items(),
                              detail::index_scales(where, structure.items(), specification,
                                                   detail::usual_index_scale(request.options)));
    answers.columns.resize(all.size());
    bool weighted = false;
    for (std::size_t r = 0; r < given.size(); ++r) {
      if (std::any_of(all.begin(), all.end(),
                      [&](const std::vector<double>& one) { return std::isnan(one[r]); }))
        continue;
      rows.push_back(given[r]);
      for (std::size_t i = 0; i < all.size(); ++i)
        answers.columns[i].push_back(all[i][r]);
      const double weight = from.weights()[given[r]];
      weighted = weighted || weight != 1.0;
      answers.weights.push_back(weight);
    }
    if (!weighted)
      answers.weights.clear();
  }

  /// Of each row, the place of its respondent among those that are there, by name.
  [[nodiscard]] std::vector<std::uint32_t> units(std::size_t& count) const {
    std::vector<std::uint32_t> names(rows.size());
    for (std::size_t r = 0; r < rows.size(); ++r)
      names[r] = from.respondents()[rows[r]];
    std::vector<std::uint32_t> sorted = names;
    std::sort(sorted.begin(), sorted.end());
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    count = sorted.size();
    for (std::uint32_t& one : names)
      one = static_cast<std::uint32_t>(std::lower_bound(sorted.begin(), sorted.end(), one) - sorted.begin());
    return names;
  }
  [[nodiscard]] std::string_view respondent(std::size_t row) const {
    return from.respondent_names()[from.respondents()[rows[row]]];
  }
};

} // namespace emptor::satisfaction
