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
#include <emptor/core/entry.hpp>
#include <emptor/satisfaction/index_importance.hpp>
#include <emptor/satisfaction/index_report.hpp>
#include <emptor/satisfaction/index_report_description.hpp>
#include <emptor/satisfaction/index_report_example.hpp>
#include <emptor/satisfaction/index_report_lines.hpp>
#include <emptor/satisfaction/survey_report.hpp>
#include <emptor/stats/multiplicity.hpp>
#include <emptor/stats/survey.hpp>

/// `satisfaction.index_report` from the catalogue's side.
namespace emptor::satisfaction {

namespace detail {

/// The map of importance and performance of some rows; no rows where there are no weights.
[[nodiscard]] inline table map_table(std::string_view target, const index_estimation& estimation,
                                     const index_estimate& with,
                                     const std::vector<std::vector<double>>& answers,
                                     std::span<const double> weights, std::span<const std::uint32_t> members,
                                     weight_meaning meaning, const option_values& given, const run& work) {
  described_table made(index_report_outputs[3], 0);
  if (with.scores.empty())
    return std::move(made).made();
  const std::vector<double> importance =
      importance_on(target, estimation, with, answers, weights, members, work);
  const auto& constructs = estimation.specification().model.constructs;
  std::vector<double> values(answers.empty() ? 0 : answers.front().size());
  std::vector<map_point> of_constructs;
  std::vector<map_point> of_items;
  const auto mean_of = [&](const std::vector<double>& of) {
    const survey_moments found = moments_of(members, of, weights, meaning);
    return found.answers == 0 ? std::numeric_limits<double>::quiet_NaN() : math::value_of(found.mean);
  };
  for (std::size_t j = 0; j < constructs.size(); ++j) {
    if (std::isnan(importance[j]))
      continue;
    const index_score& score = *with.find(constructs[j].name);
    estimation.indices(score, answers, members, values);
    of_constructs.push_back({.construct = score.construct,
                             .item = {},
                             .importance = importance[j],
                             .performance = mean_of(values)});
    for (std::size_t k = 0; k < score.terms.size(); ++k) {
      const std::size_t at = estimation.place(score.terms[k].item);
      of_items.push_back({.construct = score.construct,
                          .item = score.terms[k].item,
                          .importance = math::value_of(math::real(importance[j]) * score.index_weight(k)),
                          .performance = mean_of(question_indices(answers[at], estimation.scales()[at]))});
    }
  }
  axes_crossing cut;
  if (given.has("importance_cut"))
    cut.importance = given.number("importance_cut");
  if (given.has("performance_cut"))
    cut.performance = given.number("performance_cut");
  for (std::vector<map_point>* const points : {&of_constructs, &of_items}) {
    place_on_map(*points, given.number("raised_by"), cut);
    for (const map_point& one : *points) {
      made.text(one.construct);
      if (one.item.empty())
        made.no_text();
      else
        made.text(one.item);
      made.number(one.importance)
          .number(one.performance)
          .number(one.raised)
          .number(one.gain)
          .code(one.quadrant);
    }
  }
  return std::move(made).made();
}

} // namespace detail

/// From a store `survey`, with a model of satisfaction.index_model in the slot `model`.
/// \throws error status::unknown_name for a target that the model does not have; as index_estimation and rows_about;
/// status::cancelled
inline result finish_index_report(const finish_request& request) {
  const auto& store = request.stored<stats::survey>();
  const option_values& given = request.options;
  const auto meaning = given.choice<weight_meaning>("weight_meaning", stats::weight_meanings);
  const auto rule = given.choice<index_weights>("weights", index_weights_names);
  const index_estimation estimation(index_report_name, request);
  const std::string_view target = given.text("target");
  std::vector<std::string_view> names;
  for (const stats::path_construct& one : estimation.specification().model.constructs)
    names.emplace_back(one.name);
  if (std::find(names.begin(), names.end(), target) == names.end())
    throw unknown_name(index_report_name, "construct", target, names);

  const stats::survey_answers from = store.answers(request.keys);
  const survey_cells cells(from, rows_about(index_report_name, from, given.text("brand")),
                           given.choice<survey_by>("by", survey_by_names));
  const survey_comparisons comparisons(
      index_report_name, from, cells,
      {.groups = group_tests::none, .reference_group = {}, .periods = period_tests::previous});
  const std::vector<std::vector<double>> answers = estimation.answers(from, cells.rows());
  std::vector<double> weights;
  std::vector<std::vector<std::uint32_t>> of_period(from.period_days().size());
  for (std::uint32_t i = 0; i < cells.rows().size(); ++i) {
    const std::uint32_t row = cells.rows()[i];
    weights.push_back(from.weights()[row]);
    if (const std::uint32_t period = from.periods()[row]; period != stats::survey_answers::none)
      of_period[period].push_back(i);
  }
  request.how.check(0.0);

  described_table shares(index_report_outputs[4], 0);
  described_table estimations(index_report_outputs[5], 0);
  const index_estimate base = estimation.fitted()
                                  ? estimation.given(cells.rows().size())
                                  : estimation.estimated(answers, weights, cells.members(0), request.how);
  detail::add_estimate(shares, estimations, no_day, base);
  std::vector<index_estimate> by_period;
  for (std::uint32_t p = 0; rule != index_weights::fixed && p < of_period.size(); ++p) {
    request.how.check(0.4 * static_cast<double>(p) / static_cast<double>(of_period.size()));
    by_period.push_back(estimation.estimated_or_why(answers, weights, of_period[p], request.how));
    if (!of_period[p].empty())
      detail::add_estimate(shares, estimations, from.period_days()[p], by_period.back());
  }

  stats::student_quantiles t(given.number("confidence"));
  described_table indices(index_report_outputs[0], 0);
  described_table items(index_report_outputs[1], 0);
  std::vector<std::pair<std::size_t, index_change>> changes;
  for (std::size_t s = 0; s < base.scores.size(); ++s) {
    const index_score& score = base.scores[s];
    const auto done = [&](double part) {
      request.how.check(0.4 +
                        0.5 * (static_cast<double>(s) + part) / static_cast<double>(base.scores.size()));
    };
    done(0.0);
    index_trend trend(estimation, from, cells, comparisons, answers, weights, meaning, score.construct, base,
                      by_period);
    trend.run(rule, given.choice<chain_link>("link", chain_link_names), t, request.how);
    for (std::uint32_t c = 0; c < cells.cells().size(); ++c) {
      const part_index& part = trend.parts()[c];
      const auto size = static_cast<std::int64_t>(cells.members(c).size());
      indices.text(score.construct);
      add_cell(indices, from, cells.cells()[c])
          .whole(part.moments.answers)
          .whole(size - part.moments.answers)
          .number(share_of(math::real(size - part.moments.answers), math::real(size)));
      detail::add_index(indices, part.moments, part.level, part.stretch, part.there(), t);
      add_effective(indices, part.moments).level(part.status);
    }
    for (const index_change& one : trend.changes())
      changes.emplace_back(s, one);
    for (std::size_t k = 0; k < score.terms.size(); ++k) {
      done(static_cast<double>(k) / static_cast<double>(score.terms.size()));
      const std::size_t at = estimation.place(score.terms[k].item);
      const std::vector<double> values = detail::question_indices(answers[at], estimation.scales()[at]);
      for (std::uint32_t c = 0; c < cells.cells().size(); ++c) {
        const survey_moments of = moments_of(cells.members(c), values, weights, meaning);
        const auto size = static_cast<std::int64_t>(cells.members(c).size());
        items.text(score.construct).text(score.terms[k].item);
        add_cell(items, from, cells.cells()[c])
            .whole(of.answers)
            .whole(size - of.answers)
            .number(share_of(math::real(size - of.answers), math::real(size)));
        detail::add_index(items, of, of.mean, math::real(1.0), of.answers > 0, t);
        items.number(of.effective()).level(status_of(of));
      }
    }
  }

  std::vector<double> p_values;
  for (const auto& one : changes)
    p_values.push_back(one.second.found.p_value);
  const std::vector<double> holm = stats::holm(p_values);
  const std::vector<double> discovery = stats::benjamini_hochberg(p_values);
  described_table tests(index_report_outputs[2], 0);
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const index_change& one = changes[i].second;
    const std::uint32_t before = cells.cells()[one.other].period;
    tests.text(base.scores[changes[i].first].construct);
    add_cell(tests, from, cells.cells()[one.cell])
        .day(from.period_days()[before])
        .whole(one.answers)
        .whole(one.other_answers)
        .whole(one.shared)
        .number(math::value_of(one.level))
        .number(math::value_of(one.other_level))
        .number(one.found.difference)
        .number(one.found.standard_error)
        .number(one.found.range.low)
        .number(one.found.range.high)
        .number(one.found.degrees)
        .number(one.found.p_value)
        .number(holm[i])
        .number(discovery[i]);
  }

  request.how.check(0.9);
  const index_estimate* of_map = &base;
  std::span<const std::uint32_t> members = cells.members(0);
  if (given.choice<map_answers>("map_of", map_answers_names) == map_answers::last_period) {
    for (std::size_t p = 0; p < of_period.size(); ++p)
      if (!of_period[p].empty()) {
        members = of_period[p];
        of_map = rule == index_weights::fixed ? &base : &by_period[p];
      }
  }
  table map =
      detail::map_table(target, estimation, *of_map, answers, weights, members, meaning, given, request.how);
  return {{std::move(indices).made(), std::move(items).made(), std::move(tests).made(), std::move(map),
           std::move(shares).made(), std::move(estimations).made()},
          nullptr};
}

inline constexpr entry_description index_report_description{
    .name = index_report_name,
    .what = verb::reduce,
    .summary = "what a manager reads of a satisfaction index: indices 0 to 100 with intervals by group and "
               "period, comparable over time, their changes with tests, and what to raise first",
    .source = "Fornell et al., Journal of Marketing 60, 1996; ILO et al., Consumer Price Index Manual, 2004, "
              "chapters 9 and 15 (chain index); Martilla and James, 1977; Ringle and Sarstedt, Industrial "
              "Management & "
              "Data Systems 116, 2016 (importance and performance); Welch, 1947; Holm, 1979; Benjamini and "
              "Hochberg, 1995",
    .chinese = "客户满意度指数报告",
    .since = "0.1",
    .store = "survey",
    .options = index_report_options,
    .slots = index_report_slots,
    .outputs = index_report_outputs,
    .examples = index_report_examples,
    .no_demo = "the company of the demo asks its customers nothing",
};

inline constexpr entry index_report_entry{
    .description = &index_report_description,
    .finish = finish_index_report,
};

} // namespace emptor::satisfaction
