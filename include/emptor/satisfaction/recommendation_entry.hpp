// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <emptor/core/described_table.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/satisfaction/recommendation.hpp>
#include <emptor/satisfaction/recommendation_description.hpp>
#include <emptor/satisfaction/survey_report.hpp>
#include <emptor/stats/multiplicity.hpp>
#include <emptor/stats/survey.hpp>

/// `satisfaction.recommendation` from the catalogue's side.
namespace emptor::satisfaction {

/// From a store `survey`.
/// \throws error status::data for an answer that is none from 0 to 10, with its row; as `rows_about` and
///         `survey_comparisons`; status::unknown_name of the item; status::cancelled
inline result finish_recommendation(const finish_request& request) {
  constexpr std::size_t answers_possible = 11;
  const auto& store = request.stored<stats::survey>();
  const option_values& given = request.options;
  const auto meaning = given.choice<weight_meaning>("weight_meaning", stats::weight_meanings);
  const survey_test_options asked = read_survey_tests(recommendation_name, given);
  const stats::survey_answers from = store.answers(request.keys);
  const survey_cells cells(from, rows_about(recommendation_name, from, given.text("brand")),
                           given.choice<survey_by>("by", survey_by_names));
  const survey_comparisons comparisons(recommendation_name, from, cells, asked);
  const counted_answers counted(recommendation_name, from, cells, given.text("item"));
  std::vector<double> values;
  values.reserve(counted.values.size());
  for (std::size_t i = 0; i < counted.values.size(); ++i) {
    const double answer = counted.values[i];
    if (!std::isnan(answer) &&
        !(answer >= 0.0 && answer <= highest_recommendation && answer == std::floor(answer)))
      throw counted.refusal(recommendation_name, from, cells, i,
                            "a whole number from 0 to 10, or one of missing_codes");
    values.push_back(std::isnan(answer) ? answer : recommendation_of(answer));
  }
  request.how.check(0.2);
  const double z = stats::two_sided_normal_quantile(given.number("confidence"));
  const double precision = math::value_of(math::real(given.number("precision")) / 100.0);
  const auto points = [](double share) { return math::value_of(math::real(share) * 100.0); };

  described_table scores(recommendation_outputs[0], 0);
  described_table tests(recommendation_outputs[1], 0);
  described_table distribution(recommendation_outputs[2], 0);
  std::vector<survey_moments> moments;
  for (std::uint32_t c = 0; c < cells.cells().size(); ++c) {
    if (c % 1024 == 0)
      request.how.check(0.2 + 0.4 * static_cast<double>(c) / static_cast<double>(cells.cells().size()));
    const auto members = cells.members(c);
    const survey_moments& of = moments.emplace_back(moments_of(members, values, counted.weights, meaning));
    std::array<std::int64_t, answers_possible> counts{};
    std::array<math::real, answers_possible> weights{};
    for (const std::uint32_t i : members) {
      if (std::isnan(counted.values[i]))
        continue;
      const auto answer = static_cast<std::size_t>(counted.values[i]);
      ++counts[answer];
      weights[answer] += counted.weights[i];
    }
    std::array<std::int64_t, 3> people{}; // detractors, passives, promoters
    std::array<math::real, 3> weighed{};
    for (std::size_t a = 0; a < answers_possible; ++a) {
      const auto kind = static_cast<std::size_t>(recommendation_of(static_cast<double>(a)) + 1.0);
      people[kind] += counts[a];
      weighed[kind] += weights[a];
      add_cell(distribution, from, cells.cells()[c])
          .whole(static_cast<std::int64_t>(a))
          .whole(counts[a])
          .number(share_of(weights[a], of.weight));
    }
    const double promoters = share_of(weighed[2], of.weight);
    const double detractors = share_of(weighed[0], of.weight);
    const promoter_score found = score_of(of, promoters, detractors, z);
    add_cell(scores, from, cells.cells()[c]);
    add_answers(scores, of, counted.missing_of(members), counted.coded_of(members))
        .whole(people[2])
        .whole(people[1])
        .whole(people[0])
        .number(promoters)
        .number(share_of(weighed[1], of.weight))
        .number(detractors)
        .number(points(found.score))
        .number(points(found.standard_error))
        .number(points(found.adjusted.low))
        .number(points(found.adjusted.high))
        .number(points(found.wald.low))
        .number(points(found.wald.high))
        .number(found.p_value);
    add_effective(scores, of).number(answers_for(found.variance, precision, z));
  }

  const std::vector<std::vector<survey_moments>> rests = comparisons.rests(moments);
  std::vector<promoter_difference> found;
  std::vector<survey_comparisons::overlap> overlaps;
  std::vector<double> p_values;
  const auto other_of = [&](const survey_pair& pair) -> const survey_moments& {
    return pair.other == survey_cells::none ? rests[pair.family][comparisons.place(pair)]
                                            : moments[pair.other];
  };
  for (const survey_pair& pair : comparisons.pairs()) {
    if (found.size() % 1024 == 0)
      request.how.check(0.6 + 0.4 * static_cast<double>(found.size()) /
                                  static_cast<double>(comparisons.pairs().size()));
    overlaps.push_back(comparisons.overlap_of(pair, moments, from, values, counted.weights, meaning));
    found.push_back(difference_of(moments[pair.cell], other_of(pair), overlaps.back().correlation, z));
    p_values.push_back(found.back().p_value);
  }
  const std::vector<double> holm = stats::holm(p_values);
  const std::vector<double> discovery = stats::benjamini_hochberg(p_values);
  for (std::size_t t = 0; t < found.size(); ++t) {
    const survey_pair& pair = comparisons.pairs()[t];
    const survey_moments& own = moments[pair.cell];
    const survey_moments& other = other_of(pair);
    const auto score = [&](const survey_moments& of) {
      return of.answers == 0 ? std::numeric_limits<double>::quiet_NaN() : points(math::value_of(of.mean));
    };
    begin_test(tests, from, cells, pair)
        .whole(own.answers)
        .whole(other.answers)
        .whole(overlaps[t].respondents)
        .number(score(own))
        .number(score(other))
        .number(points(found[t].difference))
        .number(points(found[t].standard_error))
        .number(points(found[t].range.low))
        .number(points(found[t].range.high))
        .number(found[t].p_value)
        .number(holm[t])
        .number(discovery[t]);
  }
  return {{std::move(scores).made(), std::move(tests).made(), std::move(distribution).made()}, nullptr};
}

inline constexpr entry recommendation_entry{.description = &recommendation_description,
                                            .finish = finish_recommendation};

} // namespace emptor::satisfaction
