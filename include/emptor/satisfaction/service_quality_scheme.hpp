// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/model_table.hpp>
#include <emptor/satisfaction/service_quality_description.hpp>

/// The table of pairs of `satisfaction.service_quality`, read.
namespace emptor::satisfaction {

/// Labels of what was perceived and what was expected; the latter is empty where nobody was asked (SERVPERF).
struct quality_pair {
  std::string perception;
  std::string expectation; ///< empty where none was asked
};

/// Items by dimension, dimensions and items in the order of the table.
struct quality_scheme {
  std::vector<quality_pair> items;
  std::vector<std::string> dimensions;
  quality_layout layout;
  quality_weighting weighting = quality_weighting::equal;
  std::vector<double> weights;     ///< of the dimensions; empty unless the table has them
  std::vector<std::string> points; ///< labels of their items; empty unless the table has them
};

/// \throws error status::schema of a table without rows, status::data of an item that is there twice, of expectations, weights
/// or points that only some have, that contradict each other, or that are all 0
[[nodiscard]] inline quality_scheme quality_scheme_of(const model& made) {
  const model_table given(service_quality_name, &made, "pairs");
  quality_scheme scheme;
  struct read_pair {
    std::size_t dimension;
    quality_pair pair;
  };
  std::vector<read_pair> read;
  std::set<std::string> labels;
  std::map<std::string, std::size_t> places; // of the dimensions
  std::vector<std::optional<double>> weights;
  std::vector<std::optional<std::string>> points;
  const auto all_or_none = [&](const char* column, std::int64_t row) {
    if (given.has(column, row) != given.has(column, 0))
      given.refuse(column, row, given.has(column, row) ? "there" : "missing",
                   std::string(given.has(column, 0) ? "there" : "missing") + " in each row or in none");
  };
  for (std::int64_t row = 0; row < given.rows(); ++row) {
    for (const char* const column : {"expectation", "weight", "points"})
      all_or_none(column, row);
    if (given.has("weight", row) && given.has("points", row))
      given.refuse("points", row, "beside a weight", "there alone");
    read_pair one{0,
                  {std::string(given.text("perception", row).value_or("")),
                   std::string(given.text("expectation", row).value_or(""))}};
    const std::string dimension(given.text("dimension", row).value_or(""));
    if (dimension.empty())
      given.refuse("dimension", row, "empty", "a name");
    for (const auto& [column, label] :
         {std::pair{"perception", one.pair.perception}, std::pair{"expectation", one.pair.expectation}}) {
      if (label.empty() && given.has(column, row))
        given.refuse(column, row, "empty", "the label of an item");
      if (!label.empty() && !labels.insert(label).second)
        given.refuse(column, row, label, "there once");
    }
    const auto [known, fresh] = places.emplace(dimension, scheme.dimensions.size());
    one.dimension = known->second;
    const std::optional<double> weight = given.number("weight", row);
    const auto label = given.text("points", row);
    const std::optional<std::string> of_points = label ? std::optional(std::string(*label)) : std::nullopt;
    if (fresh) {
      scheme.dimensions.push_back(dimension);
      weights.push_back(weight);
      points.push_back(of_points);
    } else if (weight != weights[one.dimension]) {
      given.refuse("weight", row, to_text(*weight),
                   "that of the other rows of " + dimension + ", " + to_text(*weights[one.dimension]));
    } else if (of_points != points[one.dimension]) {
      given.refuse("points", row, *of_points,
                   "that of the other rows of " + dimension + ", " + *points[one.dimension]);
    }
    read.push_back(std::move(one));
  }
  if (read.empty())
    throw error(status::schema, std::string(service_quality_name) + ": table pairs has no row");
  std::stable_sort(read.begin(), read.end(), [](const read_pair& left, const read_pair& right) {
    return left.dimension < right.dimension;
  });
  for (read_pair& one : read) {
    scheme.layout.dimension_of.push_back(one.dimension);
    scheme.items.push_back(std::move(one.pair));
  }
  scheme.layout.dimensions = scheme.dimensions.size();
  scheme.layout.expectations = given.has("expectation", 0);
  if (given.has("weight", 0)) {
    scheme.weighting = quality_weighting::weights;
    for (const std::optional<double>& one : weights)
      scheme.weights.push_back(one.value_or(0.0));
    if (std::all_of(scheme.weights.begin(), scheme.weights.end(), [](double one) { return one == 0.0; }))
      throw error(status::data, std::string(service_quality_name) + ": table pairs has no weight above 0");
  } else if (given.has("points", 0)) {
    scheme.weighting = quality_weighting::points;
    for (const std::optional<std::string>& one : points)
      scheme.points.push_back(one.value_or(""));
  }
  return scheme;
}

} // namespace emptor::satisfaction
