// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/described_table.hpp>
#include <emptor/decision/criteria_columns.hpp>
#include <emptor/math/real.hpp>
#include <emptor/stats/held_columns.hpp>

/// Alternatives and criteria read from a store, and what their tables have in common.
namespace emptor::decision {

/// An empty table for each description.
[[nodiscard]] inline std::vector<described_table> empty_tables(std::span<const table_description> described) {
  std::vector<described_table> made;
  for (const table_description& one : described)
    made.emplace_back(one, 0);
  return made;
}

/// Ranks of figures of which the greatest is the best: those within 1e-12 of the first of a rank share it; NaN has none and
/// gets `no_amount`.
[[nodiscard]] inline std::vector<std::int64_t> criteria_ranks(std::span<const double> figures) {
  constexpr double same = 1e-12;
  std::vector<std::size_t> order(figures.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::erase_if(order, [&](std::size_t i) { return std::isnan(figures[i]); });
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t x, std::size_t y) { return figures[x] > figures[y]; });
  std::vector<std::int64_t> made(figures.size(), no_amount);
  std::size_t first = 0;
  for (std::size_t place = 0; place < order.size(); ++place) {
    if (figures[order[first]] - figures[order[place]] > same)
      first = place;
    made[order[place]] = static_cast<std::int64_t>(first) + 1;
  }
  return made;
}

/// Figures of alternatives by criteria. Names are borrowed.
struct criteria_matrix {
  std::vector<std::string_view> alternatives; ///< in the order of their bytes
  std::vector<std::string_view> criteria;     ///< so, too
  std::vector<double> values;                 ///< row by row

  [[nodiscard]] double at(std::size_t alternative, std::size_t criterion) const noexcept {
    return values[alternative * criteria.size() + criterion];
  }
  /// \throws error status::unknown_name for a label that no column of criteria has
  [[nodiscard]] std::size_t place_of(std::string_view where, std::string_view criterion) const {
    const auto found = std::lower_bound(criteria.begin(), criteria.end(), criterion);
    if (found == criteria.end() || *found != criterion)
      throw unknown_in_rows(where, "criterion", criterion, criteria);
    return static_cast<std::size_t>(found - criteria.begin());
  }
};

/// \throws error status::data for an alternative that is there twice or has no figure of a criterion
[[nodiscard]] inline criteria_matrix criteria_matrix_of(std::string_view where, const table& from) {
  criteria_matrix made;
  const stats::held_texts names(from, "alternative");
  constexpr std::string_view role = "criteria:";
  std::vector<const column*> columns;
  for (const column& one : from.columns()) {
    if (!one.name().starts_with(role))
      continue;
    columns.push_back(&one);
    made.criteria.push_back(std::string_view(one.name()).substr(role.size()));
  }
  for (std::int64_t row = 0; row < from.rows(); ++row) {
    if (row > 0 && names[row] == names[row - 1])
      throw error(status::data, message(where, "alternative " + shortened(names[row]), -1,
                                        "in the table alternatives twice", "there once"));
    made.alternatives.push_back(names[row]);
    for (const column* const one : columns) {
      if (!one->is_valid(row))
        throw error(status::data, message(where, shortened(one->name()) + " of " + shortened(names[row]), -1,
                                          "missing", "there"));
      made.values.push_back(one->as<double>()[static_cast<std::size_t>(row)]);
    }
  }
  return made;
}

/// The table `weights`, made to add up to 1; none where it has no row.
/// \throws error status::unknown_name, status::data where a criterion is there twice or not at all, or none has weight
[[nodiscard]] inline std::optional<std::vector<double>>
given_criteria_weights(std::string_view where, const table& from,
                       std::span<const std::string_view> criteria) {
  if (from.rows() == 0)
    return std::nullopt;
  const stats::held_texts names(from, "criterion");
  const stats::held_numbers weights(from, "weight");
  std::vector<double> made(criteria.size(), std::nan(""));
  math::real sum(0.0);
  for (std::int64_t row = 0; row < from.rows(); ++row) {
    const auto found = std::lower_bound(criteria.begin(), criteria.end(), names[row]);
    if (found == criteria.end() || *found != names[row])
      throw unknown_in_rows(where, "criterion", names[row], {criteria.begin(), criteria.end()});
    double& one = made[static_cast<std::size_t>(found - criteria.begin())];
    if (!std::isnan(one))
      throw error(status::data, message(where, "criterion " + shortened(names[row]), -1,
                                        "in the table weights twice", "there once"));
    one = weights[row];
    sum += one;
  }
  for (std::size_t i = 0; i < made.size(); ++i) {
    if (std::isnan(made[i]))
      throw error(status::data, message(where, "weight of criterion " + shortened(criteria[i]), -1,
                                        "not in the table weights", "there"));
  }
  if (!(math::value_of(sum) > 0.0))
    throw error(status::data, message(where, "sum of the weights", -1, to_text(math::value_of(sum)), "> 0"));
  for (double& one : made)
    one = math::value_of(one / sum);
  return made;
}

/// Names, each with what the table says of its direction; benefit where it says nothing.
/// \throws error status::unknown_name, status::data where a criterion is there twice
[[nodiscard]] inline std::vector<criterion_direction>
criterion_directions_of(std::string_view where, const table& from, const criteria_matrix& of) {
  const stats::held_texts names(from, "criterion");
  const stats::held_levels directions(from, "direction", criterion_directions);
  std::vector<criterion_direction> made(of.criteria.size(), criterion_direction::benefit);
  for (std::int64_t row = 0; row < from.rows(); ++row) {
    if (row > 0 && names[row] == names[row - 1])
      throw error(status::data, message(where, "criterion " + shortened(names[row]), -1,
                                        "in the table criteria twice", "there once"));
    const std::size_t at = of.place_of(where, names[row]);
    if (directions.has(row))
      made[at] = static_cast<criterion_direction>(directions[row]);
  }
  return made;
}

} // namespace emptor::decision
