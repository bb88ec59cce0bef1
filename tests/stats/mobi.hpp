// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <fstream>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <emptor/stats/path_model_estimate.hpp>
#include <emptor/stats/path_model_missing.hpp>

#include "support/places.hpp"

/// The answers of mobi.csv (Tenenhaus et al. 2005), and models of them of which figures are published.
namespace emptor::test {

using survey_columns = std::map<std::string, std::vector<double>>;

/// The columns of mobi.csv; nothing where it is missing.
[[nodiscard]] inline std::optional<survey_columns> mobi() {
  std::ifstream in(data_file("mobi.csv"));
  if (!in)
    return std::nullopt;
  survey_columns made;
  std::vector<std::string> names;
  std::string line;
  while (std::getline(in, line)) {
    std::istringstream fields(line);
    std::string field;
    const bool header = names.empty();
    for (std::size_t i = 0; std::getline(fields, field, ','); ++i) {
      field.erase(std::remove_if(field.begin(), field.end(), [](char c) { return c == '"' || c == '\r'; }),
                  field.end());
      if (header)
        names.push_back(field);
      else
        made[names[i]].push_back(std::stod(field));
    }
  }
  return made;
}

/// PREFIX1 to PREFIXn.
[[nodiscard]] inline std::vector<std::string> numbered(const std::string& prefix, int n) {
  std::vector<std::string> made;
  for (int i = 1; i <= n; ++i)
    made.push_back(prefix + std::to_string(i));
  return made;
}

/// The whole model of the European index, all of mode A: M2.
[[nodiscard]] inline stats::path_model_specification ecsi_model() {
  stats::path_model_specification made;
  made.constructs = {{.name = "Image", .items = numbered("IMAG", 5)},
                     {.name = "Expectation", .items = numbered("CUEX", 3)},
                     {.name = "Quality", .items = numbered("PERQ", 7)},
                     {.name = "Value", .items = numbered("PERV", 2)},
                     {.name = "Satisfaction", .items = numbered("CUSA", 3)},
                     {.name = "Complaints", .items = {"CUSCO"}},
                     {.name = "Loyalty", .items = numbered("CUSL", 3)}};
  made.paths = {{"Image", "Expectation"},       {"Image", "Satisfaction"},   {"Image", "Loyalty"},
                {"Expectation", "Quality"},     {"Expectation", "Value"},    {"Expectation", "Satisfaction"},
                {"Quality", "Value"},           {"Quality", "Satisfaction"}, {"Value", "Satisfaction"},
                {"Satisfaction", "Complaints"}, {"Satisfaction", "Loyalty"}, {"Complaints", "Loyalty"}};
  return made;
}

/// Image, expectation and value make satisfaction: M1 with value of mode B.
[[nodiscard]] inline stats::path_model_specification
small_model(stats::path_mode value = stats::path_mode::b) {
  stats::path_model_specification made;
  made.constructs = {{.name = "Image", .items = numbered("IMAG", 5)},
                     {.name = "Expectation", .items = numbered("CUEX", 3)},
                     {.name = "Value", .mode = value, .items = numbered("PERV", 2)},
                     {.name = "Satisfaction", .items = numbered("CUSA", 3)}};
  made.paths = {{"Image", "Satisfaction"}, {"Expectation", "Satisfaction"}, {"Value", "Satisfaction"}};
  return made;
}

[[nodiscard]] inline stats::answer_columns answers_of(const survey_columns& from,
                                                      const stats::path_structure& structure) {
  stats::answer_columns made;
  for (const std::string& item : structure.items()) {
    made.items.emplace_back(from.at(item));
    made.names.emplace_back(item);
  }
  return made;
}

[[nodiscard]] inline stats::path_moments moments_for(const survey_columns& from,
                                                     const stats::path_structure& structure,
                                                     const stats::moment_options& how = {}) {
  return stats::moments_of(structure.where(), answers_of(from, structure), structure.products(), how, run{});
}

[[nodiscard]] inline stats::path_fit fitted(const survey_columns& from,
                                            const stats::path_model_specification& specification,
                                            stats::moment_options how = {}) {
  const stats::path_structure structure("test", specification);
  how.denominator = specification.denominator;
  return stats::fit_path_model(structure, moments_for(from, structure, how));
}

[[nodiscard]] inline double path(const stats::path_fit& of, std::string_view from, std::string_view to) {
  return of.direct_effect(of.model().find(from), of.model().find(to));
}
[[nodiscard]] inline double total(const stats::path_fit& of, std::string_view from, std::string_view to) {
  return of.total_effect(of.model().find(from), of.model().find(to));
}
[[nodiscard]] inline double r_squared(const stats::path_fit& of, std::string_view construct) {
  return of.model().r_squared[of.model().find(construct)];
}
[[nodiscard]] inline std::size_t item(const stats::path_fit& of, std::string_view label) {
  const std::vector<std::string>& items = of.model().items;
  return static_cast<std::size_t>(std::find(items.begin(), items.end(), label) - items.begin());
}

} // namespace emptor::test
