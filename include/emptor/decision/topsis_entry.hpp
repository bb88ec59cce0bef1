// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
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
#include <emptor/decision/criteria_rows.hpp>
#include <emptor/decision/topsis_description.hpp>
#include <emptor/stats/criteria_weights.hpp>
#include <emptor/stats/held_columns.hpp>
#include <emptor/stats/rows.hpp>
#include <emptor/stats/topsis.hpp>

/// From a store of alternatives to their ranking by TOPSIS.
namespace emptor::decision {

/// A criterion as TOPSIS takes it: figures and ideals are divided by `scale` after `origin` is taken off.
struct ideal_criterion {
  criterion_direction direction = criterion_direction::benefit;
  double best = std::numeric_limits<double>::quiet_NaN();  ///< NaN until found
  double worst = std::numeric_limits<double>::quiet_NaN(); ///< likewise
  bool best_given = false;
  bool worst_given = false;
  double origin = 0.0;
  double scale = 1.0;

  [[nodiscard]] double normalised(double figure) const noexcept {
    return math::value_of((math::real(figure) - origin) / scale);
  }
};

namespace detail {

/// What figures are divided by, and the ideals. \throws error status::data where there is no such number, or ideals run against
/// the direction
inline void normalise(ideal_criterion& one, const criteria_matrix& from, std::size_t j,
                      topsis_normalisation how) {
  std::vector<double> figures;
  for (std::size_t i = 0; i < from.alternatives.size(); ++i)
    figures.push_back(from.at(i, j));
  const stats::criterion_spread spread = stats::spread_of(figures);
  const double size = std::max(std::fabs(spread.least), std::fabs(spread.greatest));
  const auto refuse = [&](const std::string& is, std::string_view expected) {
    throw error(status::data, message(topsis_name, "criteria:" + shortened(from.criteria[j]), -1, is,
                                      std::string(expected) + " for normalisation=" +
                                          std::string(topsis_normalisations[static_cast<std::size_t>(how)])));
  };
  math::real sum(0.0);
  switch (how) {
  case topsis_normalisation::vector:
    if (!(size > 0.0))
      refuse("0 of every alternative", "another number somewhere");
    for (const double figure : figures)
      sum += math::real(figure) / size * (math::real(figure) / size);
    one.scale = math::value_of(sqrt(sum) * size);
    break;
  case topsis_normalisation::range:
    if (spread.is_constant())
      refuse(to_text(spread.least) + " of every alternative", "different somewhere");
    one.origin = spread.least;
    one.scale = math::value_of(math::real(spread.greatest) - spread.least);
    break;
  case topsis_normalisation::sum:
    if (spread.least < 0.0 || !(spread.greatest > 0.0))
      refuse(to_text(spread.least < 0.0 ? spread.least : spread.greatest) + " somewhere",
             "at least 0, and above 0 somewhere,");
    for (const double figure : figures)
      sum += figure;
    one.scale = math::value_of(sum);
    break;
  case topsis_normalisation::none:
    break;
  }
  const bool is_cost = one.direction == criterion_direction::cost;
  if (!one.best_given)
    one.best = is_cost ? spread.least : spread.greatest;
  if (!one.worst_given)
    one.worst = is_cost ? spread.greatest : spread.least;
  if (is_cost ? one.best > one.worst : one.best < one.worst) {
    const auto told = [](bool given, double ideal) {
      return to_text(ideal) + (given ? "" : " of the alternatives");
    };
    throw error(status::data,
                message(topsis_name, "ideal of " + shortened(from.criteria[j]), -1,
                        told(one.best_given, one.best),
                        std::string(is_cost ? "<= " : ">= ") + "anti_ideal, which is " +
                            told(one.worst_given, one.worst) + ", since the criterion is a " +
                            std::string(criterion_directions[static_cast<std::size_t>(one.direction)])));
  }
  const auto beyond = [&](std::string_view what, double ideal, double figure, bool from_above) {
    if (from_above ? figure > ideal : figure < ideal)
      throw error(status::data,
                  message(topsis_name, std::string(what) + " of " + shortened(from.criteria[j]), -1,
                          to_text(ideal),
                          (from_above ? ">= " : "<= ") + to_text(figure) + ", a figure of the alternatives"));
  };
  beyond("ideal", one.best, is_cost ? spread.least : spread.greatest, !is_cost);
  beyond("anti_ideal", one.worst, is_cost ? spread.greatest : spread.least, is_cost);
  constexpr double farthest = 1e100; // beyond it squares are no doubles
  for (const double ideal : {one.best, one.worst}) {
    if (!(std::fabs(one.normalised(ideal)) <= farthest))
      throw error(status::data,
                  message(topsis_name, "ideal or anti_ideal of " + shortened(from.criteria[j]), -1,
                          to_text(ideal),
                          "within 1e+100 times what figures are divided by, " + to_text(one.scale)));
  }
}

[[nodiscard]] inline std::vector<ideal_criterion> ideal_criteria_of(const criteria_matrix& matrix,
                                                                    const table& held) {
  const std::vector<criterion_direction> directions = criterion_directions_of(topsis_name, held, matrix);
  std::vector<ideal_criterion> made(matrix.criteria.size());
  for (std::size_t j = 0; j < made.size(); ++j)
    made[j].direction = directions[j];
  const stats::held_texts names(held, "criterion");
  const stats::held_numbers ideals(held, "ideal");
  const stats::held_numbers anti_ideals(held, "anti_ideal");
  for (std::int64_t row = 0; row < held.rows(); ++row) {
    ideal_criterion& one = made[matrix.place_of(topsis_name, names[row])];
    one.best_given = ideals.has(row);
    one.worst_given = anti_ideals.has(row);
    one.best = ideals[row];
    one.worst = anti_ideals[row];
  }
  return made;
}

} // namespace detail

/// From a store of kind `rows` made for this entry.
/// \throws error as criteria_matrix_of, given_criteria_weights and criterion_directions_of; status::data for figures that the
/// normalisation cannot take; status::cancelled
[[nodiscard]] inline result finish_topsis(const finish_request& request) {
  const auto& from = request.stored<stats::rows>();
  const std::vector<table> held = from.contents();
  const criteria_matrix matrix = criteria_matrix_of(topsis_name, held[0]);
  const std::size_t n = matrix.criteria.size();
  const std::size_t m = matrix.alternatives.size();
  std::vector<described_table> tables = empty_tables(topsis_outputs);
  result made;
  const auto finished = [&] {
    for (described_table& one : tables)
      made.tables.push_back(std::move(one).made());
    return std::move(made);
  };
  if (m == 0)
    throw error(status::too_few,
                std::string(topsis_name) + ": the table alternatives has no rows; at least 1 is needed");
  std::vector<ideal_criterion> criteria = detail::ideal_criteria_of(matrix, held[1]);
  const std::vector<double> weights = given_criteria_weights(topsis_name, held[2], matrix.criteria)
                                          .value_or(std::vector<double>(n, 1.0 / static_cast<double>(n)));
  const auto normalisation =
      request.options.choice<topsis_normalisation>("normalisation", topsis_normalisations);
  std::vector<double> best;
  std::vector<double> worst;
  for (std::size_t j = 0; j < n; ++j) {
    detail::normalise(criteria[j], matrix, j, normalisation);
    best.push_back(criteria[j].normalised(criteria[j].best));
    worst.push_back(criteria[j].normalised(criteria[j].worst));
  }
  std::vector<double> normalised;
  for (std::size_t i = 0; i < m; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      normalised.push_back(criteria[j].normalised(matrix.at(i, j)));
      tables[3]
          .text(matrix.alternatives[i])
          .text(matrix.criteria[j])
          .number(normalised.back())
          .number(math::value_of(math::real(normalised.back()) * weights[j]));
    }
  }
  const stats::ideal_distances distances(normalised, best, worst);
  std::vector<stats::ideal_closeness> near;
  std::vector<double> closeness;
  for (std::size_t i = 0; i < m; ++i) {
    near.push_back(stats::closeness_of(distances, weights, i));
    closeness.push_back(near.back().closeness);
  }
  const std::vector<std::int64_t> ranks = criteria_ranks(closeness);
  for (std::size_t i = 0; i < m; ++i)
    tables[0]
        .text(matrix.alternatives[i])
        .number(near[i].to_best)
        .number(near[i].to_worst)
        .number(near[i].closeness)
        .whole(ranks[i]);
  for (std::size_t j = 0; j < n; ++j) {
    const ideal_criterion& one = criteria[j];
    tables[1]
        .text(matrix.criteria[j])
        .level(one.direction)
        .number(weights[j])
        .number(one.best)
        .number(one.worst)
        .level(one.best_given ? ideal_source::given : ideal_source::found)
        .level(one.worst_given ? ideal_source::given : ideal_source::found)
        .number(one.origin)
        .number(one.scale);
  }
  const bool all_near =
      std::none_of(closeness.begin(), closeness.end(), [](double one) { return std::isnan(one); });
  if (m < 2 || !all_near)
    return finished();
  const auto first =
      static_cast<std::size_t>(std::find(ranks.begin(), ranks.end(), std::int64_t{1}) - ranks.begin());
  for (std::size_t j = 0; j < n; ++j) {
    request.how.check(static_cast<double>(j) / static_cast<double>(n));
    const stats::weight_sensitivity turns =
        stats::sensitivity_of(distances, weights, j, first, closeness, 1e-12);
    const auto turn = [&](const stats::weight_turn& one) {
      tables[2].number(one.weight);
      if (std::isnan(one.weight))
        tables[2].no_text();
      else
        tables[2].text(matrix.alternatives[one.alternative]);
    };
    tables[2].text(matrix.criteria[j]).text(matrix.alternatives[first]).number(weights[j]);
    turn(turns.lower);
    turn(turns.upper);
    tables[2].number(
        std::fmin(std::fabs(turns.lower.weight - weights[j]), std::fabs(turns.upper.weight - weights[j])));
  }
  return finished();
}

inline constexpr entry topsis_entry{.description = &topsis_description, .finish = &finish_topsis};

} // namespace emptor::decision
