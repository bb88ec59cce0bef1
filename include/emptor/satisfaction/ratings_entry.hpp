// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/described_table.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/core/model_table.hpp>
#include <emptor/satisfaction/ratings.hpp>
#include <emptor/satisfaction/ratings_description.hpp>
#include <emptor/satisfaction/survey_report.hpp>
#include <emptor/stats/answer_scale.hpp>
#include <emptor/stats/multiplicity.hpp>
#include <emptor/stats/survey.hpp>

/// `satisfaction.ratings` from the catalogue's side.
namespace emptor::satisfaction {

/// The scales of a model, each checked. \param usual  what holds where the table says nothing
/// \throws error status::data with the row
[[nodiscard]] inline std::vector<rating_scale> read_rating_scales(const model& from,
                                                                  const rating_scale& usual) {
  const model_table given(ratings_name, &from, "scales");
  std::vector<rating_scale> made;
  for (std::int64_t row = 0; row < given.rows(); ++row) {
    rating_scale one{.item = std::string(given.text("item", row).value_or("")),
                     .low = given.number("scale_low", row).value_or(usual.low),
                     .high = given.number("scale_high", row).value_or(usual.high),
                     .top = given.number("top", row).value_or(usual.top),
                     .bottom = given.number("bottom", row).value_or(usual.bottom)};
    if (one.item.empty())
      given.refuse("item", row, "empty", "the label of a question");
    if (!(one.low < one.high))
      given.refuse("scale_high", row, to_text(one.high), "> " + to_text(one.low));
    if (one.top + one.bottom > one.high - one.low + 1.0)
      given.refuse("top", row, to_text(one.top),
                   "such that upper and lower boxes do not meet; bottom is " + to_text(one.bottom));
    made.push_back(std::move(one));
  }
  std::vector<std::string_view> labels;
  for (const rating_scale& one : made)
    labels.emplace_back(one.item);
  std::sort(labels.begin(), labels.end());
  if (const auto twice = std::adjacent_find(labels.begin(), labels.end()); twice != labels.end())
    throw error(status::data,
                std::string(ratings_name) + ": table scales has item " + shortened(*twice) + " twice");
  return made;
}

namespace detail {

/// \throws error status::option
[[nodiscard]] inline rating_scale usual_rating_scale(const option_values& given) {
  const domain usual = stats::usual_scale(ratings_name, given);
  return {.item = {},
          .low = usual.low,
          .high = usual.high,
          .top = given.number("top"),
          .bottom = given.number("bottom")};
}

/// The questions that count, with their scales. Boxes that meet are refused for those that have the usual scale.
[[nodiscard]] inline std::vector<rating_scale> rated_items(const finish_request& request,
                                                           const stats::survey_answers& from) {
  const rating_scale usual = usual_rating_scale(request.options);
  const model* const given = request.slot("scales");
  const std::vector<rating_scale> known =
      given == nullptr ? std::vector<rating_scale>{} : read_rating_scales(*given, usual);
  std::vector<std::string> wanted = read_labels(ratings_name, request.options, "items");
  if (wanted.empty() && given != nullptr) {
    for (const rating_scale& one : known)
      wanted.push_back(one.item);
  } else if (wanted.empty()) {
    for (const std::string_view label : from.item_labels())
      wanted.emplace_back(label);
  }
  std::vector<std::size_t> by_label(known.size());
  for (std::size_t i = 0; i < known.size(); ++i)
    by_label[i] = i;
  std::sort(by_label.begin(), by_label.end(),
            [&](std::size_t left, std::size_t right) { return known[left].item < known[right].item; });
  std::vector<rating_scale> made;
  for (std::string& label : wanted) {
    const auto at =
        std::lower_bound(by_label.begin(), by_label.end(), label,
                         [&](std::size_t one, const std::string& of) { return known[one].item < of; });
    if (at != by_label.end() && known[*at].item == label) {
      made.push_back(known[*at]);
      continue;
    }
    if (usual.top + usual.bottom > usual.high - usual.low + 1.0)
      throw error(status::option,
                  message(ratings_name, "option top", -1, to_text(usual.top),
                          "such that upper and lower boxes do not meet; bottom is " + to_text(usual.bottom)));
    made.push_back(usual);
    made.back().item = std::move(label);
  }
  return made;
}

/// The figures of one question in all cells.
struct rated_item {
  std::vector<double> values[3]; ///< answers, and whether they are in the upper and the lower boxes
  std::vector<double> weights;
  std::vector<survey_moments> moments[3];
};

} // namespace detail

/// From a store `survey`, and a table of scales in a slot.
/// \throws error status::data for an answer off its scale, with its row; as `rows_about`, `survey_comparisons` and
///         `read_rating_scales`; status::unknown_name of an item; status::cancelled
inline result finish_ratings(const finish_request& request) {
  const auto& store = request.stored<stats::survey>();
  const option_values& given = request.options;
  const auto meaning = given.choice<weight_meaning>("weight_meaning", stats::weight_meanings);
  const survey_test_options asked = read_survey_tests(ratings_name, given);
  const stats::survey_answers from = store.answers(request.keys);
  const std::vector<rating_scale> scales = detail::rated_items(request, from);
  const survey_cells cells(from, rows_about(ratings_name, from, given.text("brand")),
                           given.choice<survey_by>("by", survey_by_names));
  const survey_comparisons comparisons(ratings_name, from, cells, asked);
  const auto tested = given.choice<rating_measure>("tested", rating_tested_names);
  stats::student_quantiles t(given.number("confidence"));
  const double z = stats::two_sided_normal_quantile(given.number("confidence"));

  struct compared {
    std::size_t item;
    std::size_t measure;
    std::size_t pair;
    std::int64_t answers;
    std::int64_t other_answers;
    std::int64_t shared;
    double figure;
    double other;
    rated_difference found;
  };
  described_table ratings(ratings_outputs[0], 0);
  described_table tests(ratings_outputs[1], 0);
  std::vector<compared> all;
  std::vector<double> p_values;
  for (std::size_t k = 0; k < scales.size(); ++k) {
    const rating_scale& scale = scales[k];
    const auto done = [&](double part) {
      request.how.check((static_cast<double>(k) + part) / static_cast<double>(scales.size()));
    };
    done(0.0);
    const counted_answers counted(ratings_name, from, cells, scale.item);
    detail::rated_item of;
    of.values[0] = counted.values;
    for (std::size_t i = 0; i < counted.values.size(); ++i) {
      const double answer = counted.values[i];
      if (!std::isnan(answer) && !scale.admits(answer))
        throw counted.refusal(ratings_name, from, cells, i,
                              to_text(domain{scale.low, scale.high}) + ", or one of missing_codes");
      of.values[1].push_back(std::isnan(answer) ? answer : scale.is_top(answer) ? 1.0 : 0.0);
      of.values[2].push_back(std::isnan(answer) ? answer : scale.is_bottom(answer) ? 1.0 : 0.0);
    }
    for (std::uint32_t c = 0; c < cells.cells().size(); ++c) {
      if (c % 1024 == 0)
        done(0.5 * static_cast<double>(c) / static_cast<double>(cells.cells().size()));
      const auto members = cells.members(c);
      for (std::size_t m = 0; m < 3; ++m)
        of.moments[m].push_back(moments_of(members, of.values[m], counted.weights, meaning));
      const survey_moments& answers = of.moments[0].back();
      const bool any = answers.answers > 0;
      const double mean = any ? math::value_of(answers.mean) : std::numeric_limits<double>::quiet_NaN();
      const stats::interval around = any ? mean_interval(answers, t) : stats::interval{};
      ratings.text(scale.item);
      add_cell(ratings, from, cells.cells()[c]);
      add_answers(ratings, answers, counted.missing_of(members), counted.coded_of(members))
          .number(mean)
          .number(answer_deviation(answers))
          .number(around.low)
          .number(around.high)
          .number(scale.index(mean));
      for (std::size_t m = 1; m < 3; ++m) {
        std::int64_t inside = 0;
        for (const std::uint32_t i : members)
          inside += of.values[m][i] == 1.0 ? 1 : 0;
        const double share = any ? std::clamp(math::value_of(of.moments[m].back().mean), 0.0, 1.0)
                                 : std::numeric_limits<double>::quiet_NaN();
        const stats::interval range =
            any ? stats::wilson_interval(share, answers.effective(), z) : stats::interval{};
        ratings.whole(inside).number(share).number(range.low).number(range.high);
      }
      add_effective(ratings, answers);
    }
    for (std::size_t m = 0; m < 3; ++m) {
      if (tested != rating_measure::all && m != static_cast<std::size_t>(tested))
        continue;
      const std::vector<std::vector<survey_moments>> rests = comparisons.rests(of.moments[m]);
      for (std::size_t p = 0; p < comparisons.pairs().size(); ++p) {
        if (p % 1024 == 0)
          done(0.5 + 0.5 * static_cast<double>(p) / static_cast<double>(comparisons.pairs().size()));
        const survey_pair& pair = comparisons.pairs()[p];
        const survey_moments& own = of.moments[m][pair.cell];
        const survey_moments& other = pair.other == survey_cells::none
                                          ? rests[pair.family][comparisons.place(pair)]
                                          : of.moments[m][pair.other];
        const survey_comparisons::overlap both =
            comparisons.overlap_of(pair, of.moments[m], from, of.values[m], counted.weights, meaning);
        const auto figure = [](const survey_moments& one) {
          return one.answers == 0 ? std::numeric_limits<double>::quiet_NaN() : math::value_of(one.mean);
        };
        all.push_back({k, m, p, own.answers, other.answers, both.respondents, figure(own), figure(other),
                       m == 0 ? mean_difference(own, other, both.correlation, both.respondents, t)
                              : share_difference(own, other, both.correlation, z)});
        p_values.push_back(all.back().found.p_value);
      }
    }
  }
  const std::vector<double> holm = stats::holm(p_values);
  const std::vector<double> discovery = stats::benjamini_hochberg(p_values);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const compared& one = all[i];
    tests.text(scales[one.item].item).code(static_cast<std::int32_t>(one.measure));
    begin_test(tests, from, cells, comparisons.pairs()[one.pair])
        .whole(one.answers)
        .whole(one.other_answers)
        .whole(one.shared)
        .number(one.figure)
        .number(one.other)
        .number(one.found.difference)
        .number(one.found.standard_error)
        .number(one.found.range.low)
        .number(one.found.range.high)
        .number(one.found.degrees)
        .number(one.found.p_value)
        .number(holm[i])
        .number(discovery[i]);
  }
  return {{std::move(ratings).made(), std::move(tests).made()}, nullptr};
}

inline constexpr entry ratings_entry{
    .description = &ratings_description,
    .finish = finish_ratings,
    .check_model =
        [](const model& made) {
          // With the widest usual scale: what options say is checked when they are known.
          static_cast<void>(read_rating_scales(made, {.item = {},
                                                      .low = rating_scale_domain.low,
                                                      .high = rating_scale_domain.high,
                                                      .top = 0.0,
                                                      .bottom = 0.0}));
        },
};

} // namespace emptor::satisfaction
