// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <emptor/math/real.hpp>
#include <emptor/satisfaction/service_quality.hpp>
#include <emptor/satisfaction/service_quality_description.hpp>
#include <emptor/satisfaction/service_quality_scheme.hpp>
#include <emptor/satisfaction/survey_parts.hpp>

/// The answers of which `satisfaction.service_quality` makes its figures.
namespace emptor::satisfaction::detail {

/// Numbers with their weights and respondents.
struct quality_sample {
  std::vector<double> values;
  std::vector<double> weights;
  std::vector<std::uint32_t> whose;

  void add(double value, double weight, std::uint32_t respondent) {
    if (std::isnan(value))
      return;
    values.push_back(value);
    weights.push_back(weight);
    whose.push_back(respondent);
  }
};

/// Perception less expectation, and perception alone, of an item, a dimension or all.
struct quality_samples {
  quality_sample expectation;
  quality_sample perception; ///< of the same answers
  quality_sample gap;
  quality_sample performance; ///< all perceptions

  void add(double expected, double perceived, double gap_here, double performed, double weight,
           std::uint32_t respondent) {
    performance.add(performed, weight, respondent);
    if (std::isnan(gap_here))
      return;
    expectation.add(expected, weight, respondent);
    perception.add(perceived, weight, respondent);
    gap.add(gap_here, weight, respondent);
  }
};

/// What is reported of them.
struct quality_line {
  tested_mean expectation;
  tested_mean perception;
  tested_mean gap;
  tested_mean performance;
  disconfirmation compared;
};

/// Of the dimensions of each row of a part, one dimension after the other.
struct quality_table {
  std::size_t rows = 0;
  std::vector<double> expectation;
  std::vector<double> perception;
  std::vector<double> gap;
  std::vector<double> performance;
  std::vector<double> importance; ///< share of the weight of the row; NaN where it has none

  quality_table(std::size_t dimensions, std::size_t of_rows)
      : rows(of_rows) {
    for (std::vector<double>* const one : {&expectation, &perception, &gap, &performance, &importance})
      one->assign(dimensions * rows, std::numeric_limits<double>::quiet_NaN());
  }
};

/// The answers of all rows.
struct quality_answers {
  std::vector<std::vector<double>> expectations; ///< of each item by row; empty without
  std::vector<std::vector<double>> perceptions;
  std::vector<std::vector<double>> points; ///< of each dimension by row; empty without
};

/// \throws error as survey_parts::on_scale; status::data of points below 0
[[nodiscard]] inline quality_answers quality_answers_of(const survey_parts& from,
                                                        const quality_scheme& scheme, const domain& scale) {
  quality_answers made;
  for (const quality_pair& one : scheme.items) {
    made.perceptions.push_back(from.on_scale(service_quality_name, one.perception, scale));
    if (scheme.layout.expectations)
      made.expectations.push_back(from.on_scale(service_quality_name, one.expectation, scale));
  }
  for (const std::string& one : scheme.points)
    made.points.push_back(from.on_scale(service_quality_name, one, at_least_zero));
  return made;
}

} // namespace emptor::satisfaction::detail
