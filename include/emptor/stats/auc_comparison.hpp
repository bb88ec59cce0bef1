// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include <emptor/math/elementary.hpp>
#include <emptor/math/real.hpp>
#include <emptor/stats/discrimination.hpp>
#include <emptor/stats/intervals.hpp>
#include <emptor/stats/radix_sort.hpp>
#include <emptor/stats/test_tails.hpp>

namespace emptor::stats {

/// Two scores of the same rows.
struct auc_comparison {
  area_under_curve first;
  area_under_curve second;
  double difference = std::numeric_limits<double>::quiet_NaN(); ///< first less second
  double variance = std::numeric_limits<double>::quiet_NaN();   ///< of the difference
  interval within{};                                            ///< of the difference
  double z = std::numeric_limits<double>::quiet_NaN();          ///< NaN where the variance is 0
  double p_value = std::numeric_limits<double>::quiet_NaN();    ///< two-sided, of no difference
};

namespace detail {

struct twice_scored_row {
  double first;
  double second;
  double weight;
  std::uint8_t event;
  double first_place = 0.0; ///< share of the other class that it is right about
  double second_place = 0.0;
};

/// Fills in the placements by one risk of rows in any order.
template <class Risk, class Place>
void place(std::vector<twice_scored_row>& rows, const class_total& events, const class_total& others,
           const Risk& risk_of, const Place& place_of) {
  struct at {
    std::uint64_t key;
    std::size_t row;
  };
  std::vector<at> order(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i)
    order[i] = {~ordered_bits(risk_of(rows[i])), i};
  std::vector<at> room;
  radix_sort(
      std::span(order), [](const at& one) { return one.key; }, room);
  math::real events_above(0.0);
  math::real others_above(0.0);
  for (std::size_t first = 0, end = 0; first < order.size(); first = end) {
    risk_group group;
    for (; end < order.size() && order[end].key == order[first].key; ++end)
      add_to(group, rows[order[end].row].weight, rows[order[end].row].event != 0);
    const double event_place = math::value_of(
        (math::real(others.weight) - others_above - math::real(0.5) * group.non_events) / others.weight);
    const double other_place =
        math::value_of((events_above + math::real(0.5) * group.events) / events.weight);
    for (std::size_t i = first; i < end; ++i)
      place_of(rows[order[i].row]) = rows[order[i].row].event != 0 ? event_place : other_place;
    events_above = events_above + group.events;
    others_above = others_above + group.non_events;
  }
}

} // namespace detail

/// DeLong's comparison of two risks of the same rows, whose covariance counts. \param z  two-sided normal quantile of the
/// confidence \param second  as long as `from.risk`
[[nodiscard]] inline auc_comparison compare_auc(const scored_events& from, std::span<const double> second,
                                                weight_meaning meaning, double z) {
  using math::real;
  std::vector<detail::twice_scored_row> rows(from.risk.size());
  for (std::size_t i = 0; i < rows.size(); ++i)
    rows[i] = {from.risk[i] + 0.0, second[i] + 0.0, from.weights.empty() ? 1.0 : from.weights[i],
               from.events[i]};
  std::sort(rows.begin(), rows.end(),
            [](const detail::twice_scored_row& left, const detail::twice_scored_row& right) {
              if (left.first != right.first)
                return left.first > right.first;
              if (left.second != right.second)
                return left.second > right.second;
              return left.event != right.event ? left.event < right.event : left.weight < right.weight;
            });
  class_total totals[2];
  for (const detail::twice_scored_row& row : rows) {
    class_total& into = totals[row.event != 0 ? 1 : 0];
    into.weight = math::value_of(real(into.weight) + row.weight);
    into.squares = math::value_of(real(into.squares) + real(row.weight) * row.weight);
    ++into.rows;
  }
  auc_comparison made;
  if (totals[0].rows == 0 || totals[1].rows == 0)
    return made;
  using row_type = detail::twice_scored_row;
  detail::place(
      rows, totals[1], totals[0], [](const row_type& row) { return row.first; },
      [](row_type& row) -> double& { return row.first_place; });
  detail::place(
      rows, totals[1], totals[0], [](const row_type& row) { return row.second; },
      [](row_type& row) -> double& { return row.second_place; });
  real means[2] = {0.0, 0.0};
  for (const row_type& row : rows) {
    if (row.event != 0) {
      means[0] += real(row.weight) * row.first_place;
      means[1] += real(row.weight) * row.second_place;
    }
  }
  const double areas[2] = {std::clamp(math::value_of(means[0] / totals[1].weight), 0.0, 1.0),
                           std::clamp(math::value_of(means[1] / totals[1].weight), 0.0, 1.0)};
  // Of the first, the second and their difference, by class.
  detail::placement_spread spreads[3][2];
  for (const row_type& row : rows) {
    const std::size_t which = row.event != 0 ? 1 : 0;
    const real off[3] = {real(row.first_place) - areas[0], real(row.second_place) - areas[1],
                         (real(row.first_place) - areas[0]) - (real(row.second_place) - areas[1])};
    for (std::size_t k = 0; k < 3; ++k) {
      const real square = off[k] * off[k] * row.weight;
      spreads[k][which].by_weight += square;
      spreads[k][which].by_squares += square * row.weight;
    }
  }
  double variances[3];
  for (std::size_t k = 0; k < 3; ++k)
    variances[k] = math::value_of(real(spreads[k][0].variance(totals[0], meaning)) +
                                  spreads[k][1].variance(totals[1], meaning));
  area_under_curve* const both[2] = {&made.first, &made.second};
  for (std::size_t k = 0; k < 2; ++k) {
    both[k]->value = areas[k];
    both[k]->variance = variances[k];
    detail::set_interval(*both[k], totals[1], totals[0], meaning, z);
  }
  made.difference = math::value_of(real(areas[0]) - areas[1]);
  made.variance = variances[2];
  if (made.variance > 0.0) {
    const real error = math::sqrt(real(made.variance));
    made.within = {math::value_of(real(made.difference) - real(z) * error),
                   math::value_of(real(made.difference) + real(z) * error)};
    made.z = math::value_of(real(made.difference) / error);
    made.p_value = two_sided_normal_p(made.z);
  }
  return made;
}

} // namespace emptor::stats
