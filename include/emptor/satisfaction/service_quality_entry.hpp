// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/described_table.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/satisfaction/service_quality.hpp>
#include <emptor/satisfaction/service_quality_description.hpp>
#include <emptor/satisfaction/service_quality_samples.hpp>
#include <emptor/satisfaction/service_quality_scheme.hpp>
#include <emptor/stats/multiplicity.hpp>

/// From a survey and a table of perceptions and expectations to service quality.
namespace emptor::satisfaction {
namespace detail {

/// The tables of service quality.
class quality_report {
public:
  quality_report(const survey_parts& survey, const quality_scheme& scheme, const domain& scale,
                 const option_values& options)
      : survey_(survey)
      , scheme_(scheme)
      , scale_(scale)
      , missing_(options.choice<quality_missing>("missing", quality_missing_names))
      , axes_(options.choice<quadrant_axes>("axes", quadrant_axes_names))
      , t_(options.number("confidence"))
      , z_(stats::two_sided_normal_quantile(options.number("confidence")))
      , rounding_(1e-12 * std::max({std::fabs(scale.low), std::fabs(scale.high), scale.high - scale.low}))
      , answers_(quality_answers_of(survey, scheme, scale)) {}

  void add(const survey_part& part) {
    const std::size_t dimensions = scheme_.dimensions.size();
    const std::vector<double> equal(dimensions, 1.0);
    quality_table by_dimension(dimensions, part.rows.size());
    std::array<quality_samples, 2> overall; // by equal weights, and by those of the table
    quality_scores scores;
    for (std::size_t r = 0; r < part.rows.size(); ++r) {
      score_row(part.rows[r], scores);
      const std::vector<double> own = weights_of(part.rows[r]);
      math::real all(0.0);
      for (const double one : own)
        all = all + one;
      for (std::size_t d = 0; d < dimensions; ++d) {
        const std::size_t at = d * by_dimension.rows + r;
        by_dimension.expectation[at] = scores.expectation[d];
        by_dimension.perception[at] = scores.perception[d];
        by_dimension.gap[at] = scores.gap[d];
        by_dimension.performance[at] = scores.performance[d];
        by_dimension.importance[at] = math::value_of(own[d] / all);
      }
      add_overall(overall[0], scores, equal, part.rows[r]);
      add_overall(overall[1], scores, own, part.rows[r]);
    }
    const std::vector<quality_line> of_items = item_lines(part);
    const std::vector<quality_line> of_dimensions = dimension_lines(part, by_dimension);
    const quality_line of_all = line_of(overall[0]);
    add_items(part, of_items);
    add_dimensions(part, of_dimensions, by_dimension);
    add_overalls(part, of_all, overall[1]);
    add_reliability(part);
    if (scheme_.layout.expectations)
      add_disconfirmations(part, of_items, of_dimensions, of_all);
  }

  [[nodiscard]] std::vector<table> tables() && {
    std::vector<table> made;
    for (described_table* const one : {&items_, &dimensions_, &overall_, &reliability_, &disconfirmation_})
      made.push_back(std::move(*one).made());
    return made;
  }

private:
  static constexpr double none = std::numeric_limits<double>::quiet_NaN();

  /// Of the dimensions as a row has them; NaN where it does not say.
  [[nodiscard]] std::vector<double> weights_of(std::uint32_t row) const {
    if (scheme_.weighting == quality_weighting::weights)
      return scheme_.weights;
    if (scheme_.weighting == quality_weighting::equal)
      return std::vector<double>(scheme_.dimensions.size(), 1.0);
    std::vector<double> made;
    math::real sum(0.0);
    for (const std::vector<double>& one : answers_.points) {
      made.push_back(one[row]);
      sum = sum + one[row];
    }
    if (!(math::value_of(sum) > 0.0)) // one is missing, or all are 0
      made.assign(made.size(), none);
    return made;
  }
  [[nodiscard]] double weight_of(std::uint32_t row) const noexcept {
    return survey_.answers().weights()[row];
  }
  [[nodiscard]] std::uint32_t whose(std::uint32_t row) const noexcept {
    return survey_.answers().respondents()[row];
  }
  void score_row(std::uint32_t row, quality_scores& into) {
    const std::size_t items = scheme_.items.size();
    expected_.assign(items, none);
    perceived_.resize(items);
    for (std::size_t i = 0; i < items; ++i) {
      perceived_[i] = answers_.perceptions[i][row];
      if (scheme_.layout.expectations)
        expected_[i] = answers_.expectations[i][row];
    }
    score_dimensions(scheme_.layout, expected_, perceived_, missing_, into);
  }
  void add_overall(quality_samples& into, const quality_scores& scores, const std::vector<double>& own,
                   std::uint32_t row) const {
    const auto over = [&](const std::vector<double>& of) { return quality_over_dimensions(of, own); };
    into.add(over(scores.expectation), over(scores.perception), over(scores.gap), over(scores.performance),
             weight_of(row), whose(row));
  }
  [[nodiscard]] std::vector<quality_line> item_lines(const survey_part& part) {
    std::vector<quality_line> made;
    for (std::size_t i = 0; i < scheme_.items.size(); ++i) {
      quality_samples samples;
      for (const std::uint32_t row : part.rows) {
        const double perceived = answers_.perceptions[i][row];
        const double expected = scheme_.layout.expectations ? answers_.expectations[i][row] : none;
        samples.add(expected, perceived, math::value_of(math::real(perceived) - expected), perceived,
                    weight_of(row), whose(row));
      }
      made.push_back(line_of(samples));
    }
    return made;
  }
  [[nodiscard]] std::vector<quality_line> dimension_lines(const survey_part& part,
                                                          const quality_table& from) {
    std::vector<quality_line> made;
    for (std::size_t d = 0; d < scheme_.dimensions.size(); ++d) {
      quality_samples samples;
      for (std::size_t r = 0; r < from.rows; ++r) {
        const std::size_t at = d * from.rows + r;
        samples.add(from.expectation[at], from.perception[at], from.gap[at], from.performance[at],
                    weight_of(part.rows[r]), whose(part.rows[r]));
      }
      made.push_back(line_of(samples));
    }
    return made;
  }

  [[nodiscard]] tested_mean tested(const quality_sample& from) {
    return tested_mean_of(from.values, from.weights, from.whose, rounding_, t_);
  }
  [[nodiscard]] quality_line line_of(const quality_samples& from) {
    return {tested(from.expectation), tested(from.perception), tested(from.gap), tested(from.performance),
            disconfirmation_of(from.gap.values, from.gap.weights, from.gap.whose, rounding_, z_)};
  }
  static void add_gap(described_table& into, const quality_line& of) {
    into.whole(of.gap.answers)
        .number(of.expectation.mean)
        .number(of.perception.mean)
        .number(of.gap.mean)
        .number(of.gap.within.low)
        .number(of.gap.within.high)
        .number(of.gap.t)
        .number(of.gap.p_value);
  }
  static void add_performance(described_table& into, const quality_line& of) {
    into.whole(of.performance.answers)
        .number(of.performance.mean)
        .number(of.performance.within.low)
        .number(of.performance.within.high);
  }
  [[nodiscard]] static std::array<std::vector<double>, 2> together(const std::vector<quality_line>& lines) {
    std::vector<double> p_values;
    for (const quality_line& one : lines)
      p_values.push_back(one.gap.p_value);
    return {stats::holm(p_values), stats::benjamini_hochberg(p_values)};
  }

  void add_items(const survey_part& part, const std::vector<quality_line>& lines) {
    const auto adjusted = together(lines);
    std::vector<double> importance;
    std::vector<double> performance;
    for (const quality_line& one : lines) {
      importance.push_back(one.expectation.mean);
      performance.push_back(one.perception.mean);
    }
    crossing_ = grand_means_of(importance, performance);
    if (axes_ == quadrant_axes::scale_midpoints && !std::isnan(crossing_.importance)) {
      const double middle = math::value_of((math::real(scale_.low) + scale_.high) * 0.5);
      crossing_ = {middle, middle};
    }
    for (std::size_t i = 0; i < lines.size(); ++i) {
      survey_.begin(items_, part)
          .text(scheme_.dimensions[scheme_.layout.dimension_of[i]])
          .text(scheme_.items[i].perception);
      add_gap(items_, lines[i]);
      items_.number(adjusted[0][i]).number(adjusted[1][i]);
      add_performance(items_, lines[i]);
      items_.code(quadrant_of(importance[i], performance[i], crossing_));
    }
  }
  void add_dimensions(const survey_part& part, const std::vector<quality_line>& lines,
                      const quality_table& from) {
    const auto adjusted = together(lines);
    std::vector<std::int64_t> items(lines.size(), 0);
    for (const std::size_t d : scheme_.layout.dimension_of)
      ++items[d];
    // Contributions are those of the rows with a gap of all by importance.
    std::vector<std::uint8_t> counts(from.rows, 1);
    for (std::size_t at = 0; at < from.gap.size(); ++at) {
      if (!(from.importance[at] == 0.0) && std::isnan(from.importance[at] + from.gap[at]))
        counts[at % from.rows] = 0;
    }
    for (std::size_t d = 0; d < lines.size(); ++d) {
      quality_sample importance;
      quality_sample contribution;
      for (std::size_t r = 0; r < from.rows; ++r) {
        const std::size_t at = d * from.rows + r;
        const double share = from.importance[at];
        importance.add(share, weight_of(part.rows[r]), whose(part.rows[r]));
        if (counts[r] != 0)
          contribution.add(share > 0.0 ? math::value_of(math::real(share) * from.gap[at]) : 0.0,
                           weight_of(part.rows[r]), whose(part.rows[r]));
      }
      survey_.begin(dimensions_, part)
          .text(scheme_.dimensions[d])
          .whole(items[d])
          .number(tested(importance).mean);
      add_gap(dimensions_, lines[d]);
      dimensions_.number(adjusted[0][d]).number(adjusted[1][d]);
      add_performance(dimensions_, lines[d]);
      dimensions_.number(tested(contribution).mean);
    }
  }
  void add_overalls(const survey_part& part, const quality_line& equal, const quality_samples& own) {
    const auto add = [&](quality_weighting weighting, const quality_line& line) {
      survey_.begin(overall_, part).level(weighting).whole(static_cast<std::int64_t>(part.rows.size()));
      add_gap(overall_, line);
      add_performance(overall_, line);
      overall_.number(crossing_.importance).number(crossing_.performance);
    };
    add(quality_weighting::equal, equal);
    if (scheme_.weighting != quality_weighting::equal)
      add(scheme_.weighting, line_of(own));
  }

  void add_reliability(const survey_part& part) {
    const std::size_t items = scheme_.items.size();
    const std::vector<std::size_t>& of = scheme_.layout.dimension_of;
    for (std::size_t first = 0, last = 0; first < items; first = last) {
      while (last < items && of[last] == of[first])
        ++last;
      add_alphas(part, scheme_.dimensions[of[first]], first, last);
    }
    add_alphas(part, std::nullopt, 0, items);
  }
  /// Of the items from `first` to before `last`.
  void add_alphas(const survey_part& part, std::optional<std::string_view> dimension, std::size_t first,
                  std::size_t last) {
    std::array<std::vector<std::vector<double>>, 3> columns; // perceptions, expectations, gaps
    for (auto& one : columns)
      one.resize(last - first);
    std::vector<double> weights;
    for (const std::uint32_t row : part.rows) {
      bool complete = true;
      for (std::size_t i = first; i < last; ++i)
        complete = complete && !std::isnan(answers_.perceptions[i][row]) &&
                   (!scheme_.layout.expectations || !std::isnan(answers_.expectations[i][row]));
      if (!complete)
        continue;
      weights.push_back(survey_.answers().weights()[row]);
      for (std::size_t i = first; i < last; ++i) {
        const double perceived = answers_.perceptions[i][row];
        const double expected = scheme_.layout.expectations ? answers_.expectations[i][row] : 0.0;
        columns[0][i - first].push_back(perceived);
        columns[1][i - first].push_back(expected);
        columns[2][i - first].push_back(math::value_of(math::real(perceived) - expected));
      }
    }
    survey_.begin(reliability_, part);
    if (dimension)
      reliability_.text(*dimension);
    else
      reliability_.no_text();
    reliability_.whole(static_cast<std::int64_t>(last - first))
        .whole(static_cast<std::int64_t>(weights.size()));
    const double rounding = rounding_ * static_cast<double>(last - first);
    for (std::size_t kind = 0; kind < columns.size(); ++kind)
      reliability_.number(
          kind == 0 || scheme_.layout.expectations ? cronbach_alpha(columns[kind], weights, rounding) : none);
  }

  void add_disconfirmations(const survey_part& part, const std::vector<quality_line>& of_items,
                            const std::vector<quality_line>& of_dimensions, const quality_line& of_all) {
    for (std::size_t i = 0; i < of_items.size(); ++i)
      add_disconfirmation(part, quality_level::item, scheme_.dimensions[scheme_.layout.dimension_of[i]],
                          scheme_.items[i].perception, of_items[i]);
    for (std::size_t d = 0; d < of_dimensions.size(); ++d)
      add_disconfirmation(part, quality_level::dimension, scheme_.dimensions[d], std::nullopt,
                          of_dimensions[d]);
    add_disconfirmation(part, quality_level::overall, std::nullopt, std::nullopt, of_all);
  }
  void add_disconfirmation(const survey_part& part, quality_level level,
                           std::optional<std::string_view> dimension, std::optional<std::string_view> item,
                           const quality_line& of) {
    survey_.begin(disconfirmation_, part).level(level);
    for (const auto& name : {dimension, item}) {
      if (name)
        disconfirmation_.text(*name);
      else
        disconfirmation_.no_text();
    }
    const disconfirmation& found = of.compared;
    const double expected = of.expectation.mean;
    disconfirmation_.whole(found.answers)
        .number(found.better)
        .number(found.better_within.low)
        .number(found.better_within.high)
        .number(found.as_expected)
        .number(found.worse)
        .number(found.worse_within.low)
        .number(found.worse_within.high)
        .number(math::value_of(math::real(found.better) - found.worse))
        .number(expected > rounding_ ? math::value_of(math::real(of.perception.mean) / expected) : none);
  }

  const survey_parts& survey_;
  const quality_scheme& scheme_;
  domain scale_;
  quality_missing missing_;
  quadrant_axes axes_;
  stats::student_quantiles t_;
  double z_;
  double rounding_;
  quality_answers answers_;
  axes_crossing crossing_;
  std::vector<double> expected_; ///< of the row that is looked at
  std::vector<double> perceived_;
  described_table items_{quality_outputs[0], 0};
  described_table dimensions_{quality_outputs[1], 0};
  described_table overall_{quality_outputs[2], 0};
  described_table reliability_{quality_outputs[3], 0};
  described_table disconfirmation_{quality_outputs[4], 0};
};
} // namespace detail

/// From a store of kind `survey`, and a model with its table in the slot `pairs`.
/// \throws error as quality_scheme_of; status::option of a scale without extent, status::unknown_name of an item, status::data of
/// an answer off its scale or points below 0, status::cancelled
[[nodiscard]] inline result finish_service_quality(const finish_request& request) {
  const survey_parts survey(service_quality_name, request);
  const quality_scheme scheme = quality_scheme_of(*request.slot("pairs"));
  detail::quality_report report(survey, scheme, stats::usual_scale(service_quality_name, request.options),
                                request.options);
  const std::vector<survey_part>& parts = survey.parts();
  for (std::size_t p = 0; p < parts.size(); ++p) {
    request.how.check(static_cast<double>(p) / static_cast<double>(parts.size()));
    report.add(parts[p]);
  }
  return {std::move(report).tables(), nullptr};
}

inline constexpr entry service_quality_entry{
    .description = &service_quality_description,
    .finish = [](const finish_request& request) { return finish_service_quality(request); },
    .check_model = [](const model& made) { static_cast<void>(quality_scheme_of(made)); },
};

} // namespace emptor::satisfaction
