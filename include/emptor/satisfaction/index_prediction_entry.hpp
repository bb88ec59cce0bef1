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
#include <emptor/core/model_table.hpp>
#include <emptor/satisfaction/index_prediction_example.hpp>
#include <emptor/satisfaction/index_survey.hpp>
#include <emptor/stats/path_model_prediction.hpp>

/// `satisfaction.index_prediction` from the catalogue's side: how well a satisfaction index predicts answers of respondents that
/// it was not made of (stats/path_model_prediction.hpp). A respondent who answered in several periods is in one fold.
namespace emptor::satisfaction {

/// One split of the rows.
struct index_split {
  std::int64_t repetition = 1;
  std::vector<std::int64_t> names;  ///< of the folds
  std::vector<std::uint32_t> folds; ///< of each row
};

namespace detail {

/// Folds by respondent, for each repetition. \param known  whether a respondent who is not there is a mistake
/// \throws error status::data for a respondent who is not known, is there twice, or has no fold
[[nodiscard]] inline std::vector<index_split> given_splits(const model_table& table, const index_survey& of,
                                                           bool known) {
  std::map<std::int64_t, std::map<std::string_view, std::int64_t>> given;
  const std::vector<std::string_view>& names = of.from.respondent_names();
  for (std::int64_t row = 0; row < table.rows(); ++row) {
    const std::string_view respondent = table.text("respondent", row).value_or("");
    if (known && !std::binary_search(names.begin(), names.end(), respondent))
      throw unknown_in_rows(index_prediction_name, "respondent", respondent, names);
    const bool fresh = given[table.count("repetition", row).value_or(1)]
                           .emplace(respondent, table.count("fold", row).value_or(0))
                           .second;
    if (!fresh)
      table.refuse("respondent", row, std::string(respondent), "there once in a repetition");
  }
  std::vector<index_split> made;
  for (const auto& [repetition, folds] : given) {
    index_split& split = made.emplace_back();
    split.repetition = repetition;
    std::vector<std::int64_t> of_row;
    for (std::size_t r = 0; r < of.rows.size(); ++r) {
      const auto at = folds.find(of.respondent(r));
      if (at == folds.end())
        throw error(status::data,
                    std::string(index_prediction_name) + ": table folds has no fold of respondent " +
                        shortened(of.respondent(r)) + " in repetition " + std::to_string(repetition));
      of_row.push_back(at->second);
    }
    split.names = of_row;
    std::sort(split.names.begin(), split.names.end());
    split.names.erase(std::unique(split.names.begin(), split.names.end()), split.names.end());
    if (split.names.size() < 2)
      throw error(status::data, message(index_prediction_name,
                                        "the number of folds of repetition " + std::to_string(repetition), -1,
                                        std::to_string(split.names.size()), ">= 2"));
    for (const std::int64_t one : of_row)
      split.folds.push_back(static_cast<std::uint32_t>(
          std::lower_bound(split.names.begin(), split.names.end(), one) - split.names.begin()));
  }
  return made;
}

/// \throws error status::too_few for more folds than respondents
[[nodiscard]] inline std::vector<index_split> drawn_splits(const option_values& given,
                                                           const index_survey& of) {
  std::size_t respondents = 0;
  const std::vector<std::uint32_t> unit = of.units(respondents);
  const bool alone =
      given.choice<index_validation>("validation", index_validations) == index_validation::leave_one_out;
  const auto folds = alone ? respondents : static_cast<std::size_t>(given.integer("folds"));
  if (folds > respondents || respondents < 2)
    throw error(status::too_few,
                message(index_prediction_name, "the number of respondents", -1, std::to_string(respondents),
                        ">= " + std::to_string(std::max<std::size_t>(folds, 2)) + ", one for each fold"));
  const std::int64_t repetitions = alone ? 1 : given.integer("repetitions");
  std::vector<index_split> made;
  for (std::int64_t k = 1; k <= repetitions; ++k) {
    index_split& split = made.emplace_back();
    split.repetition = k;
    std::vector<std::uint32_t> fold = unit;
    if (!alone) {
      const std::vector<std::uint32_t> drawn =
          stats::drawn_folds(respondents, folds, static_cast<std::uint64_t>(given.integer("seed")),
                             static_cast<std::uint64_t>(k));
      for (std::uint32_t& one : fold)
        one = drawn[one];
    }
    split.folds = std::move(fold);
    for (std::size_t f = 0; f < folds; ++f)
      split.names.push_back(static_cast<std::int64_t>(f + 1));
  }
  return made;
}

} // namespace detail

/// From a store `survey`, with the model in the slot `model`, and folds in the slot `given_folds`.
/// \throws error as index_survey; status::unsupported for second-order constructs and interactions; status::data for a table of
/// folds that does not fit; status::too_few for more folds than respondents; status::cancelled
inline result finish_index_prediction(const finish_request& request) {
  const option_values& given = request.options;
  const index_survey of(index_prediction_name, request);
  stats::require_one_stage(of.structure, "prediction");
  const model_table table(index_prediction_name, request.slot("given_folds"), "folds");
  const std::vector<index_split> splits =
      table.rows() > 0 ? detail::given_splits(table, of, !request.keys) : detail::drawn_splits(given, of);
  if (splits.empty() || of.rows.size() < 2)
    throw error(status::too_few, message(index_prediction_name, "the number of rows with all answers", -1,
                                         std::to_string(of.rows.size()), ">= 2"));
  const stats::path_plan plan = stats::plan_of(of.structure.stages().back(), of.specification.model);
  const auto technique = given.choice<stats::prediction_technique>("technique", stats::prediction_techniques);
  const auto decisive = given.choice<stats::decisive_error>("error", stats::decisive_errors);

  stats::path_prediction all;
  std::vector<int> counts;
  std::vector<int> linear_counts;
  described_table folds(index_prediction_outputs[3], 0);
  std::int64_t fold_count = 0;
  std::int64_t failed = 0;
  for (std::size_t k = 0; k < splits.size(); ++k) {
    request.how.check(static_cast<double>(k) / static_cast<double>(splits.size()));
    const index_split& split = splits[k];
    stats::path_prediction made = stats::predict_paths(plan, of.answers, of.how, technique, split.folds,
                                                       split.names.size(), request.how);
    for (std::size_t f = 0; f < split.names.size(); ++f) {
      const stats::prediction_fold& one = made.folds[f];
      folds.whole(split.repetition)
          .whole(split.names[f])
          .whole(static_cast<std::int64_t>(one.cases))
          .level(one.status)
          .whole(static_cast<std::int64_t>(one.benchmarks));
      ++fold_count;
      failed += one.status == stats::path_status::converged ? 0 : 1;
    }
    const auto add = [&](std::vector<double>& sums, std::vector<int>& number,
                         const std::vector<double>& values) {
      sums.resize(values.size(), 0.0);
      number.resize(values.size(), 0);
      for (std::size_t i = 0; i < values.size(); ++i)
        if (!std::isnan(values[i])) {
          sums[i] = math::value_of(math::real(sums[i]) + values[i]);
          ++number[i];
        }
    };
    const auto merge = [&](std::vector<stats::prediction_error>& to,
                           const std::vector<stats::prediction_error>& from) {
      to.resize(from.size());
      for (std::size_t i = 0; i < from.size(); ++i)
        to[i].add(from[i]);
    };
    if (given.boolean("predictions")) {
      add(all.predicted, counts, made.predicted);
      add(all.linear, linear_counts, made.linear);
    }
    merge(all.out, made.out);
    merge(all.in, made.in);
    merge(all.linear_out, made.linear_out);
    merge(all.linear_in, made.linear_in);
    merge(all.score_out, made.score_out);
    merge(all.score_in, made.score_in);
    all.items = std::move(made.items);
    all.construct = std::move(made.construct);
  }

  described_table summary(index_prediction_outputs[0], 0);
  described_table items(index_prediction_outputs[1], 0);
  described_table constructs(index_prediction_outputs[2], 0);
  described_table predictions(index_prediction_outputs[4], 0);
  const std::vector<std::string>& labels = of.structure.items();
  const std::vector<std::string>& names = of.structure.names();
  std::int64_t better = 0;
  std::int64_t above = 0;
  for (std::size_t i = 0; i < all.items.size(); ++i) {
    const stats::prediction_error& model = all.out[i];
    const stats::prediction_error& linear = all.linear_out[i];
    const stats::prediction_verdict verdict = stats::verdict_of(model, linear, decisive);
    better += verdict == stats::prediction_verdict::better ? 1 : 0;
    above += model.q_squared() > 0.0 ? 1 : 0;
    items.text(names[all.construct[i]])
        .text(labels[all.items[i]])
        .whole(model.cases())
        .number(model.rmse())
        .number(model.mae())
        .number(model.mape())
        .number(model.q_squared())
        .number(all.in[i].rmse())
        .number(all.in[i].mae())
        .number(linear.rmse())
        .number(linear.mae())
        .number(linear.mape())
        .number(linear.q_squared())
        .number(all.linear_in[i].rmse())
        .number(all.linear_in[i].mae())
        .level(verdict);
  }
  for (std::size_t j = 0; j < plan.constructs(); ++j) {
    if (plan.sources(j) == 0)
      continue;
    const double outside = all.score_out[j].mean_squared();
    const double inside = all.score_in[j].mean_squared();
    constructs.text(names[j])
        .number(outside)
        .number(all.score_out[j].mae())
        .number(inside)
        .number(all.score_in[j].mae())
        .number(inside > 0.0 ? math::value_of((math::real(outside) - inside) / inside)
                             : std::numeric_limits<double>::quiet_NaN());
  }
  std::size_t respondents = 0;
  static_cast<void>(of.units(respondents));
  summary.level(stats::power_of(better, static_cast<std::int64_t>(all.items.size())))
      .whole(static_cast<std::int64_t>(all.items.size()))
      .whole(better)
      .whole(above)
      .whole(static_cast<std::int64_t>(of.given.size()))
      .whole(static_cast<std::int64_t>(of.rows.size()))
      .whole(static_cast<std::int64_t>(respondents))
      .whole(static_cast<std::int64_t>(splits.size()))
      .whole(fold_count)
      .whole(failed)
      .text(stats::text_of(of.structure.specification()) + ", prediction by " +
            std::string(given.text("technique")) + ", weights as " +
            std::string(given.text("weight_meaning")));
  for (std::size_t r = 0; r < of.rows.size() && given.boolean("predictions"); ++r)
    for (std::size_t i = 0; i < all.items.size(); ++i) {
      const std::size_t at = r * all.items.size() + i;
      const auto mean = [](double sum, int count) {
        return count == 0 ? std::numeric_limits<double>::quiet_NaN()
                          : math::value_of(math::real(sum) / static_cast<double>(count));
      };
      const std::uint32_t period = of.from.periods()[of.rows[r]];
      predictions.text(of.respondent(r))
          .day(period == stats::survey_answers::none ? no_day : of.from.period_days()[period])
          .text(labels[all.items[i]])
          .number(of.answers.columns[all.items[i]][r])
          .number(mean(all.predicted[at], counts[at]))
          .number(mean(all.linear[at], linear_counts[at]));
    }
  std::vector<emptor::table> tables;
  tables.push_back(std::move(summary).made());
  tables.push_back(std::move(items).made());
  tables.push_back(std::move(constructs).made());
  tables.push_back(std::move(folds).made());
  tables.push_back(std::move(predictions).made());
  return {std::move(tables), nullptr};
}

inline constexpr entry_description index_prediction_description{
    .name = index_prediction_name,
    .what = verb::reduce,
    .summary = "how well a satisfaction index predicts the answers of respondents that it was not made of "
               "(PLSpredict, by folds or leave-one-out), beside a linear model of the same questions, with a "
               "verdict",
    .source = "Shmueli et al., Journal of Business Research 69, 2016; Shmueli et al., European Journal of "
              "Marketing "
              "53, 2019",
    .chinese = "客户满意度指数预测力检验",
    .since = "0.1",
    .store = "survey",
    .options = index_prediction_options,
    .slots = index_prediction_slots,
    .outputs = index_prediction_outputs,
    .model_tables = index_prediction_model_tables,
    .formats = survey_model_formats,
    .examples = index_prediction_examples,
    .no_demo = "the company of the demo asks its customers nothing",
};

inline constexpr entry index_prediction_entry{
    .description = &index_prediction_description,
    .finish = finish_index_prediction,
    .check_model = [](const model&) {},
};

} // namespace emptor::satisfaction
