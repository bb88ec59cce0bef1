// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/date.hpp>
#include <emptor/core/money.hpp>
#include <emptor/core/run.hpp>
#include <emptor/math/real.hpp>
#include <emptor/stats/customer_totals.hpp>
#include <emptor/stats/value_groups.hpp>
#include <emptor/value/rfm_segments.hpp>

/// RFM analysis (RFM 分析): how recently, how often and for how much each customer ordered, three scores from 1 to a number
/// of groups (the largest is the best), the cell that they make, such as 543, and the segment that rules give the cell.
///
/// A score depends on the customer's own figure and on cuts alone: equal figures have equal scores, whatever the order of
/// the rows. Cuts come from the customers of the history, by ranks (the default), quantiles or clusters
/// (stats/value_groups.hpp), or are given. They are ends: the largest figure of each group but the last, so that no figure
/// is without a score. With ranks and clusters no score is empty as long as there are as many different figures as groups;
/// quantiles leave scores empty where they coincide, and a warning says so.
namespace emptor::value {

inline constexpr std::string_view rfm_name = "value.rfm";

enum class rfm_method : std::int32_t {
  ranks = 0,     ///< groups as equal in size as equal figures allow
  quantiles = 1, ///< cuts at quantiles, of which some may coincide
  clusters = 2,  ///< the groups nearest to their means: optimal k-means
};
inline constexpr std::string_view rfm_method_names[] = {"ranks", "quantiles", "clusters"};
inline constexpr std::string_view rfm_tie_names[] = {"below", "above", "one_above"};

enum class rfm_monetary : std::int32_t {
  total = 0, ///< of all orders
  mean = 1,  ///< of an order, to the minor unit, halves away from zero
};
inline constexpr std::string_view rfm_monetary_names[] = {"total", "mean"};

enum class rfm_measure : std::size_t { recency, frequency, monetary };
inline constexpr std::string_view rfm_measure_names[] = {"recency", "frequency", "monetary"};

/// How figures become scores.
struct rfm_cuts {
  std::int64_t groups = 5;
  int decimals = 2; ///< of the ends of the monetary figure
  /// By measure the largest figure of each group but the last, ascending. Of recency the first group, of the fewest days,
  /// has the highest score; of the others the lowest.
  std::array<std::vector<std::int64_t>, 3> ends{};
  /// By measure the quantiles behind the ends, money in whole units; empty where the ends are none of quantiles.
  std::array<std::vector<double>, 3> quantiles{};

  [[nodiscard]] std::int64_t score(rfm_measure of, std::int64_t figure) const noexcept {
    const std::int64_t group = stats::group_of(figure, ends[static_cast<std::size_t>(of)]);
    return of == rfm_measure::recency ? groups - group : group + 1;
  }
  /// The place of a score's end among `ends`; nothing for the score that has none.
  [[nodiscard]] std::optional<std::size_t> end_of(rfm_measure of, std::int64_t score) const noexcept {
    const std::int64_t group = of == rfm_measure::recency ? groups - score : score - 1;
    return group + 1 < groups ? std::optional(static_cast<std::size_t>(group)) : std::nullopt;
  }
  /// The same for amounts with other decimals. An end between two of their minor units goes to the one below.
  [[nodiscard]] rfm_cuts with_decimals(int wanted) const {
    rfm_cuts made = *this;
    made.decimals = wanted;
    for (std::int64_t& end : made.ends[static_cast<std::size_t>(rfm_measure::monetary)]) {
      if (wanted >= decimals) {
        const wide_integer scaled = wide_integer{end} * power_of_ten(wanted - decimals);
        constexpr wide_integer most = std::numeric_limits<std::int64_t>::max();
        end = static_cast<std::int64_t>(std::clamp(scaled, -most, most));
      } else {
        const std::int64_t unit = power_of_ten(decimals - wanted);
        end = end / unit - (end % unit < 0 ? 1 : 0);
      }
    }
    return made;
  }
};

struct rfm_options {
  stats::customer_totals_options orders{}; ///< which lines count, and how they become orders
  rfm_method method = rfm_method::ranks;
  std::int64_t groups = 5;                       ///< 1 to 9
  int quantile_type = 7;                         ///< 1 to 9, see stats::quantile
  stats::tie_rule ties = stats::tie_rule::below; ///< of quantiles
  rfm_monetary monetary = rfm_monetary::total;
};

/// What the customers of a cell, a score or a segment have together.
struct rfm_sum {
  std::int64_t customers = 0;
  std::int64_t days = 0; ///< since the last order
  std::int64_t orders = 0;
  wide_integer amount = 0; ///< minor units
  void add(const rfm_sum& other) noexcept {
    customers += other.customers;
    days += other.days;
    orders += other.orders;
    amount += other.amount;
  }
};

/// One place a customer of whom an order is left, sorted by the bytes of the customer.
struct rfm_scores {
  stats::customer_totals totals;
  rfm_cuts cuts;
  std::vector<std::int64_t> recency; ///< days from the last order to `until`
  std::vector<std::int64_t> mean;    ///< amount of an order; empty unless with rfm_monetary::mean
  std::array<std::vector<std::int64_t>, 3> score; ///< by measure
  std::vector<std::int32_t> cell;                 ///< place of the cell, see `place_of`
  std::vector<rfm_sum> cells;                     ///< by place of the cell

  [[nodiscard]] const std::vector<std::int64_t>& figures(rfm_measure of) const noexcept {
    return of == rfm_measure::recency     ? recency
           : of == rfm_measure::frequency ? totals.orders
           : mean.empty()                 ? totals.amount
                                          : mean;
  }
};

namespace detail {

/// The cuts of one measure.
inline void cut(rfm_cuts& cuts, rfm_measure of, std::span<const std::int64_t> figures,
                const rfm_options& options, const run& how) {
  std::vector<std::int64_t>& ends = cuts.ends[static_cast<std::size_t>(of)];
  std::vector<double>& quantiles = cuts.quantiles[static_cast<std::size_t>(of)];
  const stats::value_counts counts = stats::count_values(figures);
  switch (options.method) {
  case rfm_method::ranks:
    ends = stats::ends_by_rank(counts, options.groups);
    return;
  case rfm_method::clusters:
    ends = stats::ends_by_cluster(counts, options.groups, how);
    return;
  case rfm_method::quantiles:
    break;
  }
  const std::int64_t unit = of == rfm_measure::monetary ? power_of_ten(cuts.decimals) : 1;
  for (std::int64_t j = 1; j < options.groups; ++j) {
    const stats::exact_quantile found = stats::quantile(counts, options.quantile_type, j, options.groups);
    ends.push_back(stats::group_end(found, options.ties, unit));
    quantiles.push_back(found.in(unit));
  }
}

/// The scores of a column of figures, some rows at once.
inline void score_column(const rfm_cuts& cuts, rfm_measure of, std::span<const std::int64_t> figures,
                         std::vector<std::int64_t>& scores) {
  constexpr std::size_t at_once = 1024;
  const std::span<const std::int64_t> ends = cuts.ends[static_cast<std::size_t>(of)];
  const bool falls = of == rfm_measure::recency;
  scores.assign(figures.size(), falls ? cuts.groups : 1);
  for (std::size_t first = 0; first < figures.size(); first += at_once) {
    const std::size_t count = std::min(at_once, figures.size() - first);
    const std::int64_t* const from = figures.data() + first;
    std::int64_t* const to = scores.data() + first;
    const std::int64_t step = falls ? -1 : 1;
    for (const std::int64_t end : ends) {
      for (std::size_t i = 0; i < count; ++i)
        to[i] += from[i] > end ? step : 0;
    }
  }
}

[[nodiscard]] inline std::int64_t rounded_mean(std::int64_t amount, std::int64_t orders) noexcept {
  const std::int64_t whole = amount / orders;
  const std::int64_t rest = amount % orders; // has the sign of the amount
  const std::int64_t size = rest < 0 ? -rest : rest;
  return whole + (size >= orders - size ? (amount < 0 ? -1 : 1) : 0);
}

} // namespace detail

/// \param given  cuts to score with; nothing = those of the customers themselves by `options`
/// \param keys   only these customers, who are then all that the cuts are made of; nullopt = all
/// \param where  begins every message
/// \return the same for any order and split of pushes and any number of threads
/// \throws error what `stats::total_customers` throws; status::too_few where no customer has an order to make cuts of
[[nodiscard]] inline rfm_scores score_rfm(const stats::order_history& from, const rfm_options& options = {},
                                          const rfm_cuts* given = nullptr, const run& how = {},
                                          const std::optional<std::vector<std::string>>& keys = std::nullopt,
                                          std::string_view where = rfm_name) {
  rfm_scores made;
  made.totals = stats::total_customers(from, options.orders, how, keys, where);
  const stats::customer_totals& totals = made.totals;
  const std::size_t customers = totals.size();
  if (customers == 0 && given == nullptr)
    throw error(status::too_few, std::string(where) +
                                     ": no customer has an order up to until, but at least one must have one "
                                     "to make cuts of");
  const std::int32_t until = days_since_epoch(totals.until);
  made.recency.resize(customers);
  for (std::size_t i = 0; i < customers; ++i)
    made.recency[i] = std::int64_t{until} - totals.last[i];
  if (options.monetary == rfm_monetary::mean) {
    made.mean.resize(customers);
    for (std::size_t i = 0; i < customers; ++i)
      made.mean[i] = detail::rounded_mean(totals.amount[i], totals.orders[i]);
  }
  if (given != nullptr) {
    made.cuts = given->with_decimals(totals.decimals);
  } else {
    made.cuts.groups = options.groups;
    made.cuts.decimals = totals.decimals;
  }
  run quiet = how; // progress is the caller's thread's
  quiet.progress = nullptr;
  for_each_task(3, how, [&](std::int64_t measure) {
    const auto of = static_cast<rfm_measure>(measure);
    if (given == nullptr)
      detail::cut(made.cuts, of, made.figures(of), options, quiet);
    detail::score_column(made.cuts, of, made.figures(of), made.score[static_cast<std::size_t>(measure)]);
  });
  const std::int64_t groups = made.cuts.groups;
  made.cells.resize(static_cast<std::size_t>(groups * groups * groups));
  made.cell.resize(customers);
  for (std::size_t i = 0; i < customers; ++i) {
    const std::size_t place = place_of({made.score[0][i], made.score[1][i], made.score[2][i]}, groups);
    made.cell[i] = static_cast<std::int32_t>(place);
    made.cells[place].add({1, made.recency[i], totals.orders[i], totals.amount[i]});
  }
  return made;
}

/// The weighted mean of the scores of a cell.
[[nodiscard]] inline double weighted_score(const rfm_cell& cell,
                                           const std::array<double, 3>& weights) noexcept {
  const math::real sum = math::real(weights[0]) * static_cast<double>(cell.recency) +
                         math::real(weights[1]) * static_cast<double>(cell.frequency) +
                         math::real(weights[2]) * static_cast<double>(cell.monetary);
  return math::value_of(sum / (math::real(weights[0]) + weights[1] + weights[2]));
}

/// Cuts as somebody gives them: a row for each score.
/// \throws error status::data where rows are no scores 1 to 9, each once, or ends fall
[[nodiscard]] inline rfm_cuts read_rfm_cuts(const model& from, int decimals,
                                            std::string_view where = rfm_name) {
  const model_table held(where, &from, "cuts");
  if (held.rows() == 0)
    throw error(status::too_few, std::string(where) + ": the table cuts has no row; every score needs one");
  rfm_cuts made;
  made.groups = held.rows();
  made.decimals = decimals;
  std::vector<std::int64_t> row_of(static_cast<std::size_t>(made.groups) + 1, -1);
  for (std::int64_t row = 0; row < made.groups; ++row) {
    const std::int64_t score = held.count("score", row).value_or(0);
    if (score < 1 || score > std::min(made.groups, most_rfm_groups) ||
        row_of[static_cast<std::size_t>(score)] >= 0)
      held.refuse("score", row, std::to_string(score),
                  "one of 1 to the number of rows, at most " + std::to_string(most_rfm_groups) +
                      ", each once");
    row_of[static_cast<std::size_t>(score)] = row;
  }
  constexpr std::string_view ends[] = {"recency_to", "frequency_to", "monetary_to"};
  constexpr std::string_view quantiles[] = {"recency_quantile", "frequency_quantile", "monetary_quantile"};
  for (const rfm_measure of : {rfm_measure::recency, rfm_measure::frequency, rfm_measure::monetary}) {
    const auto which = static_cast<std::size_t>(of);
    made.ends[which].assign(static_cast<std::size_t>(made.groups - 1), 0);
    std::vector<double> numbers(made.ends[which].size());
    bool all = !numbers.empty();
    for (std::int64_t score = 1; score <= made.groups; ++score) {
      const std::int64_t row = row_of[static_cast<std::size_t>(score)];
      const std::optional<std::int64_t> end =
          of == rfm_measure::monetary ? held.amount(ends[which], row) : held.count(ends[which], row);
      const std::optional<std::size_t> place = made.end_of(of, score);
      if (!place && end)
        held.refuse(ends[which], row, "there",
                    "missing at score " + std::to_string(score) + ", so that no customer is without a score");
      if (place && !end)
        held.refuse(ends[which], row, "missing", "there at score " + std::to_string(score));
      if (!place)
        continue;
      made.ends[which][*place] = *end;
      const std::optional<double> number = held.number(quantiles[which], row);
      numbers[*place] = number.value_or(0.0);
      all = all && number.has_value();
    }
    if (all)
      made.quantiles[which] = std::move(numbers);
    for (std::size_t i = 1; i < made.ends[which].size(); ++i) {
      if (made.ends[which][i] < made.ends[which][i - 1])
        throw error(
            status::data,
            std::string(where) + ": " + std::string(ends[which]) + " must not " +
                (of == rfm_measure::recency ? "rise" : "fall") + " as the score rises, but does so between " +
                std::to_string(of == rfm_measure::recency ? made.groups - static_cast<std::int64_t>(i)
                                                          : static_cast<std::int64_t>(i)) +
                " and " +
                std::to_string(of == rfm_measure::recency ? made.groups - static_cast<std::int64_t>(i) + 1
                                                          : static_cast<std::int64_t>(i) + 1));
    }
  }
  return made;
}

/// The table `cuts`: a row for each score.
[[nodiscard]] inline table to_table(const rfm_cuts& of, std::string_view currency) {
  std::vector<std::int64_t> scores;
  std::array<std::vector<std::int64_t>, 3> ends;
  std::array<std::vector<double>, 3> quantiles;
  std::array<std::vector<std::int64_t>, 3> without;
  for (std::int64_t score = 1; score <= of.groups; ++score) {
    scores.push_back(score);
    for (std::size_t which = 0; which < 3; ++which) {
      const std::optional<std::size_t> place = of.end_of(static_cast<rfm_measure>(which), score);
      ends[which].push_back(place ? of.ends[which][*place] : 0);
      quantiles[which].push_back(place && !of.quantiles[which].empty()
                                     ? of.quantiles[which][*place]
                                     : std::numeric_limits<double>::quiet_NaN());
      if (!place)
        without[which].push_back(score - 1);
    }
  }
  table made("cuts");
  made.add(column::integers("score", std::move(scores)));
  std::array<column, 3> columns{
      column::integers("recency_to", std::move(ends[0]), "days"),
      column::integers("frequency_to", std::move(ends[1]), "orders"),
      column::amounts("monetary_to", std::move(ends[2]), of.decimals, std::string(currency))};
  for (std::size_t which = 0; which < 3; ++which) {
    for (const std::int64_t row : without[which])
      columns[which].set_missing(row);
    made.add(std::move(columns[which]));
  }
  constexpr std::string_view names[] = {"recency_quantile", "frequency_quantile", "monetary_quantile"};
  const std::string units[] = {"days", "orders", std::string(currency)};
  for (std::size_t which = 0; which < 3; ++which)
    made.add(column::numbers(std::string(names[which]), std::move(quantiles[which]), units[which]).or_none());
  return made;
}

} // namespace emptor::value
