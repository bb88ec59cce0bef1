// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/entry.hpp>
#include <emptor/satisfaction/index_model.hpp>
#include <emptor/satisfaction/survey_cells.hpp>
#include <emptor/stats/path_model_moments.hpp>
#include <emptor/stats/path_model_structure.hpp>
#include <emptor/stats/survey.hpp>

/// Answers of a survey to the questions of a satisfaction index, as the measures of it take them.
namespace emptor::satisfaction {

namespace detail {

/// The answers of the rows to the items of a model.
/// \param where  begins messages
/// \throws error status::data for an item that the survey does not have, or an answer off its scale
[[nodiscard]] inline std::vector<std::vector<double>>
index_answers(std::string_view where, const stats::survey_answers& from,
              const std::vector<std::uint32_t>& rows, const std::vector<std::string>& items,
              const index_specification& specification, const domain& usual) {
  std::vector<std::vector<double>> made;
  for (const std::string& label : items) {
    const domain scale = specification.scale(label, usual);
    if (!(scale.low < scale.high))
      throw error(status::option, message(where, "the end of the scale of " + shortened(label), -1,
                                          to_text(scale.high), "> " + to_text(scale.low)));
    const stats::survey_answers::item given = from.answers(where, label);
    std::vector<double>& answers = made.emplace_back();
    answers.reserve(rows.size());
    for (const std::uint32_t row : rows) {
      const double answer = given.answers[row];
      if (!std::isnan(answer) && !scale.contains(answer))
        throw error(status::data, message(where, "items:" + shortened(label) + " of " + from.row_name(row),
                                          -1, to_text(answer), to_text(scale) + ", or one of missing_codes"));
      answers.push_back(answer);
    }
  }
  return made;
}

/// The specification that a model and options say.
/// \throws error as read_index_model
[[nodiscard]] inline index_specification index_specification_of(const model& described,
                                                                const option_values& given) {
  index_specification made = read_index_model(described);
  made.model = stats::with_preset(std::move(made.model),
                                  given.choice<stats::path_preset>("convention", stats::path_presets));
  if (given.has("scheme"))
    made.model.scheme = given.choice<stats::inner_scheme>("scheme", stats::inner_schemes);
  if (given.has("metric"))
    made.model.metric = given.choice<stats::item_metric>("metric", stats::item_metrics);
  return made;
}

[[nodiscard]] inline const stats::survey& index_store(std::string_view where, const finish_request& request) {
  const auto* const store = dynamic_cast<const stats::survey*>(request.from);
  if (store == nullptr)
    throw error(status::mismatch, std::string(where) + " finishes from a store survey");
  return *store;
}
[[nodiscard]] inline const model& index_slot(std::string_view where, const finish_request& request) {
  const model* const held = request.slot("model");
  if (held == nullptr)
    throw error(status::schema, std::string(where) +
                                    ": slot model needs a model of satisfaction.index_model (the tables "
                                    "constructs and paths, by `model create`)");
  return *held;
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
      : specification(detail::index_specification_of(detail::index_slot(where, request), request.options))
      , structure(where, specification.model)
      , how{.missing = stats::missing_rule::casewise,
            .weights =
                request.options.choice<stats::weight_meaning>("weight_meaning", stats::weight_meanings),
            .denominator = specification.model.denominator}
      , from(detail::index_store(where, request).answers(request.keys))
      , given(rows_about(where, from, request.options.text("brand"))) {
    if (given.empty())
      throw error(status::too_few, message(where, "the number of rows of answers", -1, "0", ">= 2"));
    const domain usual{request.options.number("scale_low"), request.options.number("scale_high")};
    const std::vector<std::vector<double>> all =
        detail::index_answers(where, from, given, structure.items(), specification, usual);
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
