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

#include <emptor/core/described_table.hpp>
#include <emptor/core/table.hpp>
#include <emptor/satisfaction/index_model.hpp>
#include <emptor/satisfaction/index_model_description.hpp>
#include <emptor/satisfaction/index_respondents.hpp>
#include <emptor/stats/path_model_assessment.hpp>
#include <emptor/stats/path_model_intervals.hpp>
#include <emptor/stats/path_model_resampling.hpp>
#include <emptor/stats/student.hpp>
#include <emptor/stats/survey_answers.hpp>

/// The tables of the satisfaction index (index_model.hpp).
namespace emptor::satisfaction {

/// All that the tables are made of.
struct index_results {
  const index_specification& specification;
  const stats::path_structure& structure;
  const stats::path_moments& moments;
  const stats::path_fit& fit;
  const stats::path_quality& quality;
  const std::vector<double>& reestimated; ///< f2 by path
  const std::vector<index_score>& scores;
  const std::vector<respondent_effect>& effects; ///< of the means of the scores

  /// Null where the construct is no sum of answers.
  [[nodiscard]] const index_score* score(std::string_view construct) const noexcept {
    const auto at = std::find_if(scores.begin(), scores.end(),
                                 [&](const index_score& one) { return one.construct == construct; });
    return at == scores.end() ? nullptr : &*at;
  }
};

namespace detail {

inline constexpr double no_figure = std::numeric_limits<double>::quiet_NaN();

[[nodiscard]] inline table index_constructs_table(const index_results& of, double confidence) {
  described_table made(index_model_outputs[0], 0);
  const stats::path_stage_fit& model = of.fit.model();
  const auto add = [&](const stats::path_stage_fit& stage, std::size_t j,
                       const stats::construct_quality& quality) {
    const index_score* const score = of.score(stage.constructs[j]);
    const double index = score == nullptr ? no_figure : score->mean_index();
    const double deviation = score == nullptr ? no_figure : score->index_deviation();
    const respondent_effect effect = score == nullptr
                                         ? respondent_effect{}
                                         : of.effects[static_cast<std::size_t>(score - of.scores.data())];
    const double drawn = math::value_of(math::real(of.moments.effective_cases) * effect.cases);
    const double t = drawn > 1.0 ? stats::student_quantile(drawn - 1.0, confidence) : no_figure;
    const math::real half = math::real(t) * deviation / sqrt(math::real(of.moments.effective_cases)) *
                            sqrt(math::real(effect.variance));
    const auto& constructs = of.specification.model.constructs;
    const auto known = std::find_if(constructs.begin(), constructs.end(),
                                    [&](const auto& one) { return one.name == stage.constructs[j]; });
    const bool consistent = stage.plan.consistent[j] != 0;
    const auto mode = known == constructs.end() ? static_cast<std::int32_t>(stats::path_mode::a)
                                                : static_cast<std::int32_t>(known->mode);
    made.text(stage.constructs[j])
        .code(consistent ? consistent_mode : mode)
        .whole(static_cast<std::int64_t>(stage.plan.size(j)))
        .number(index)
        .number(math::value_of(math::real(index) - half))
        .number(math::value_of(math::real(index) + half))
        .number(deviation)
        .number(quality.r_squared)
        .number(quality.adjusted_r_squared)
        .number(quality.alpha)
        .number(quality.rho_a)
        .number(quality.rho_c)
        .number(quality.ave)
        .number(quality.aic)
        .number(quality.bic);
  };
  for (std::size_t j = 0; j < model.constructs.size(); ++j)
    add(model, j, of.quality.constructs[j]);
  for (const stats::path_stage_fit& stage : of.fit.stages)
    for (std::size_t j = 0; j < stage.constructs.size(); ++j)
      if (&stage == &of.fit.stages.front() && model.find(stage.constructs[j]) == model.constructs.size())
        add(stage, j, stats::detail::quality_of(stage, j));
  return std::move(made).made();
}

/// The weights of the model, then those of parts.
[[nodiscard]] inline table index_weights_table(const index_results& of) {
  described_table made(index_model_outputs[1], 0);
  const stats::path_stage_fit& model = of.fit.model();
  const auto add = [&](const stats::path_stage_fit& stage, std::size_t j, const std::vector<double>& vif) {
    const index_score* const score = of.score(stage.constructs[j]);
    for (std::size_t i = stage.plan.first[j]; i < stage.plan.first[j + 1]; ++i) {
      double share = no_figure;
      if (score != nullptr)
        for (std::size_t k = 0; k < score->terms.size(); ++k)
          if (score->terms[k].item == stage.items[i])
            share = score->index_weight(k);
      made.text(stage.constructs[j])
          .text(stage.items[i])
          .number(stage.weights[i])
          .number(stage.loadings[i])
          .number(stage.deviations[i])
          .number(share)
          .number(vif.empty() ? no_figure : vif[i]);
    }
  };
  for (std::size_t j = 0; j < model.constructs.size(); ++j)
    add(model, j, of.quality.item_vif);
  const stats::path_stage_fit& first = of.fit.stages.front();
  for (std::size_t j = 0; j < first.constructs.size(); ++j)
    if (model.find(first.constructs[j]) == model.constructs.size())
      add(first, j, {});
  return std::move(made).made();
}

[[nodiscard]] inline table index_loadings_table(const index_results& of) {
  described_table made(index_model_outputs[2], 0);
  const stats::path_stage_fit& model = of.fit.model();
  const std::size_t n = model.constructs.size();
  for (std::size_t i = 0; i < model.items.size(); ++i)
    for (std::size_t j = 0; j < n; ++j)
      made.text(model.items[i])
          .text(model.constructs[j])
          .number(model.cross_loadings[i * n + j])
          .truth(i >= model.plan.first[j] && i < model.plan.first[j + 1]);
  return std::move(made).made();
}

[[nodiscard]] inline table index_paths_table(const index_results& of) {
  described_table made(index_model_outputs[3], 0);
  const stats::path_stage_fit& model = of.fit.model();
  for (std::size_t a = 0; a < model.plan.paths(); ++a)
    made.text(model.constructs[model.plan.source[a]])
        .text(model.constructs[model.target_of(a)])
        .number(model.path[a])
        .number(of.quality.f_squared[a])
        .number(of.reestimated[a])
        .number(of.quality.antecedent_vif[a]);
  return std::move(made).made();
}

[[nodiscard]] inline table index_effects_table(const index_results& of) {
  described_table made(index_model_outputs[4], 0);
  const stats::path_stage_fit& model = of.fit.model();
  const std::size_t n = model.constructs.size();
  // Whether there is a way, which a sum of effects that is 0 does not tell.
  std::vector<double> ones(model.plan.paths(), 1.0);
  const std::vector<double> ways = stats::total_effects_of(model.plan, ones);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) {
      if (!(ways[i * n + j] > 0.0))
        continue;
      const index_score* const from = of.score(model.constructs[i]);
      const index_score* const to = of.score(model.constructs[j]);
      const math::real total(of.fit.total_effect(i, j));
      const math::real direct(of.fit.direct_effect(i, j));
      made.text(model.constructs[i])
          .text(model.constructs[j])
          .number(math::value_of(direct))
          .number(math::value_of(total - direct))
          .number(math::value_of(total))
          .number(from == nullptr || to == nullptr
                      ? no_figure
                      : math::value_of(total * to->index_deviation() / from->index_deviation()));
    }
  return std::move(made).made();
}

[[nodiscard]] inline table index_correlations_table(const index_results& of) {
  described_table made(index_model_outputs[5], 0);
  const stats::path_stage_fit& model = of.fit.model();
  const std::size_t n = model.constructs.size();
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = i + 1; j < n; ++j)
      made.text(model.constructs[i])
          .text(model.constructs[j])
          .number(model.correlations[i * n + j])
          .number(model.corrected[i * n + j])
          .number(of.quality.htmt[i * n + j])
          .number(of.quality.htmt2[i * n + j]);
  return std::move(made).made();
}

[[nodiscard]] inline table index_criteria_table(const index_results& of) {
  described_table made(index_model_outputs[6], 0);
  for (const stats::criterion_verdict& one : stats::assess(of.fit, of.quality)) {
    const stats::criterion_rule& rule = stats::criterion_rules[static_cast<std::size_t>(one.what)];
    made.level(one.what);
    for (const std::string& text : {one.of, one.with}) {
      if (text.empty())
        made.no_text();
      else
        made.text(text);
    }
    made.number(one.value)
        .code(rule.at_least ? 0 : 1)
        .number(rule.threshold)
        .code(!one.met   ? 2
              : *one.met ? 0
                         : 1)
        .text(rule.source);
  }
  return std::move(made).made();
}

[[nodiscard]] inline table index_fit_table(const index_results& of, const std::string& handling) {
  described_table made(index_model_outputs[8], 0);
  const stats::path_stage_fit& model = of.fit.model();
  const double answers =
      static_cast<double>(of.moments.rows) * static_cast<double>(of.structure.items().size());
  made.level(of.fit.status())
      .whole(model.passes)
      .number(model.change)
      .whole(of.moments.rows)
      .whole(of.moments.used)
      .number(static_cast<double>(of.moments.missing) / answers)
      .number(of.moments.cases)
      .number(of.moments.effective_cases)
      .number(of.quality.srmr)
      .number(of.quality.d_uls)
      .number(of.quality.d_g)
      .number(of.quality.gof)
      .text(stats::text_of(of.structure.specification()) + handling);
  return std::move(made).made();
}

/// \param jackknife  of interval bca, else empty
[[nodiscard]] inline table index_certainty_table(const index_results& of, const stats::path_resamples& drawn,
                                                 const stats::path_resamples& jackknife, double confidence,
                                                 stats::resample_interval kind, const run& work) {
  described_table made(index_model_outputs[9], 0);
  const stats::path_stage_fit& model = of.fit.model();
  for (std::size_t f = 0; f < drawn.names.size(); ++f) {
    work.check(static_cast<double>(f) / static_cast<double>(drawn.names.size()));
    const stats::path_figure_name& name = drawn.names[f];
    const bool of_item = name.what == stats::path_figure::weight || name.what == stats::path_figure::loading;
    const stats::jackknife_summary left_out =
        jackknife.names.empty() ? stats::jackknife_summary{} : stats::summary_of_jackknife(jackknife, f);
    const stats::resample_summary summary = stats::summary_of(drawn, f, confidence, kind, left_out);
    made.level(name.what).text(of_item ? model.items[name.first] : model.constructs[name.first]);
    if (name.what == stats::path_figure::r_squared)
      made.no_text();
    else if (of_item)
      made.text(model.constructs[static_cast<std::size_t>(
          std::upper_bound(model.plan.first.begin(), model.plan.first.end(), name.first) -
          model.plan.first.begin() - 1)]);
    else
      made.text(model.constructs[name.second]);
    made.number(drawn.estimates[f])
        .number(summary.mean)
        .number(summary.deviation)
        .number(summary.low)
        .number(summary.high)
        .number(summary.p_value)
        .whole(summary.resamples)
        .number(left_out.deviation);
  }
  return std::move(made).made();
}

[[nodiscard]] inline table index_resamples_table(const stats::path_resamples& drawn) {
  described_table made(index_model_outputs[10], 0);
  for (std::size_t s = 0; s < std::size(stats::path_statuses); ++s) {
    const auto status = static_cast<stats::path_status>(s);
    if (const std::size_t count = drawn.count(status); count > 0)
      made.level(status).whole(static_cast<std::int64_t>(count));
  }
  return std::move(made).made();
}

} // namespace detail

/// What the model keeps, for scores.
[[nodiscard]] inline table index_model_weights(const std::vector<index_score>& scores) {
  described_table made(index_model_tables[3], 0);
  for (const index_score& score : scores)
    for (const index_score::term& one : score.terms)
      made.text(score.construct)
          .text(one.item)
          .number(one.weight)
          .number(one.mean)
          .number(one.scale.low)
          .number(one.scale.high);
  return std::move(made).made();
}

/// The answers of a row, by the terms of a score. \param answers, fill  as index_scores_table
class index_terms {
public:
  index_terms(const index_score& score, const stats::path_structure& structure,
              const std::vector<std::vector<double>>& answers, bool fill)
      : score_(&score)
      , answers_(&answers)
      , fill_(fill) {
    for (const index_score::term& one : score.terms)
      places_.push_back(
          static_cast<std::size_t>(std::find(structure.items().begin(), structure.items().end(), one.item) -
                                   structure.items().begin()));
  }
  /// NaN where it is missing.
  [[nodiscard]] double answer(std::size_t term, std::size_t row) const noexcept {
    const double given = (*answers_)[places_[term]][row];
    return std::isnan(given) && fill_ ? score_->terms[term].mean : given;
  }

private:
  const index_score* score_;
  const std::vector<std::vector<double>>* answers_;
  bool fill_;
  std::vector<std::size_t> places_;
};

/// What several rows of one respondent do to the means of scores. \param rows  of the survey
[[nodiscard]] inline std::vector<respondent_effect>
effects_of_respondents(const std::vector<index_score>& scores, const stats::path_structure& structure,
                       const stats::survey_answers& from, std::span<const std::uint32_t> rows,
                       const std::vector<std::vector<double>>& answers, const stats::moment_options& how) {
  std::vector<std::uint32_t> who;
  std::vector<double> weights;
  for (const std::uint32_t row : rows) {
    who.push_back(from.respondents()[row]);
    weights.push_back(from.weights()[row]);
  }
  std::vector<respondent_effect> made;
  std::vector<double> values(rows.size());
  for (const index_score& score : scores) {
    const index_terms terms(score, structure, answers, how.missing == stats::missing_rule::mean);
    for (std::size_t r = 0; r < rows.size(); ++r) {
      const bool left_out =
          how.missing == stats::missing_rule::casewise &&
          std::any_of(answers.begin(), answers.end(), [&](const auto& item) { return std::isnan(item[r]); });
      values[r] = left_out ? detail::no_figure
                           : score.standardised([&](std::size_t k) { return terms.answer(k, r); });
    }
    made.push_back(effect_of_respondents(who, weights, values, how.weights));
  }
  return made;
}

/// The scores of each respondent. \param answers  by the items of the structure, of the rows \param fill  whether the mean
/// stands in for a missing answer
[[nodiscard]] inline table index_scores_table(const index_results& of, const stats::survey_answers& from,
                                              std::span<const std::uint32_t> rows,
                                              const std::vector<std::vector<double>>& answers, bool fill) {
  described_table made(index_model_outputs[7], 0);
  std::vector<index_terms> terms;
  for (const index_score& score : of.scores)
    terms.emplace_back(score, of.structure, answers, fill);
  for (std::size_t r = 0; r < rows.size(); ++r)
    for (std::size_t s = 0; s < of.scores.size(); ++s) {
      const index_score& score = of.scores[s];
      const auto answer = [&](std::size_t k) { return terms[s].answer(k, r); };
      const std::uint32_t period = from.periods()[rows[r]];
      made.text(from.respondent_names()[from.respondents()[rows[r]]])
          .day(period == stats::survey_answers::none ? no_day : from.period_days()[period])
          .text(score.construct)
          .number(score.standardised(answer))
          .number(score.index(answer));
    }
  return std::move(made).made();
}

} // namespace emptor::satisfaction
