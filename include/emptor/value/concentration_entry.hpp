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

#include <emptor/core/entry.hpp>
#include <emptor/stats/customer_totals.hpp>
#include <emptor/stats/order_history.hpp>
#include <emptor/stats/standing_lines.hpp>
#include <emptor/value/concentration.hpp>
#include <emptor/value/concentration_description.hpp>
#include <emptor/value/concentration_tables.hpp>
#include <emptor/value/until_option.hpp>

/// `value.concentration` from the catalogue's side.
namespace emptor::value {

namespace detail {

/// The names of tiers, as many as there are shares.
/// \throws error status::option where one is empty or there twice, or they are not as many
[[nodiscard]] inline std::vector<std::string> tier_names_of(std::string_view text, std::size_t count) {
  std::vector<std::string> names;
  const auto refuse = [&](std::string_view must_be) {
    throw error(status::option, message(concentration_name, "option tiers", -1, shortened(text), must_be));
  };
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t comma = std::min(text.find(',', at), text.size());
    names.emplace_back(text.substr(at, comma - at));
    if (names.back().empty() || std::count(names.begin(), names.end(), names.back()) > 1)
      refuse("names separated by commas, each once");
    at = comma + 1;
  }
  if (names.size() != count)
    refuse("as many names as tier_shares has shares, " + std::to_string(count));
  return names;
}

/// Shares as billionths. \throws error status::option where one is so small that it is none
[[nodiscard]] inline std::vector<std::int64_t> read_billionths(const option_values& options,
                                                               std::string_view name) {
  std::vector<std::int64_t> made;
  for (const double share : options.numbers(name)) {
    made.push_back(billionths_of(share));
    if (made.back() < 1)
      throw error(status::option, message(concentration_name, "option " + std::string(name), -1,
                                          to_text(share), "at least 0.000000001"));
  }
  return made;
}

} // namespace detail

/// \throws error status::option
[[nodiscard]] inline concentration_options read_concentration_options(const option_values& given) {
  concentration_options made;
  made.classes = class_cuts::from_shares(concentration_name, "class_shares", given.numbers("class_shares"));
  if (made.classes.size() > most_classes)
    throw error(status::option,
                message(concentration_name, "option class_shares", -1,
                        std::to_string(made.classes.size()) + " shares", "at most 26 of them"));
  made.tiers = class_cuts::from_shares(concentration_name, "tier_shares", given.numbers("tier_shares"));
  made.tier_names = detail::tier_names_of(given.text("tiers"), made.tiers.size());
  made.tiers_of = given.choice<tier_basis>("tiers_by", tier_basis_names);
  made.rule = given.choice<crossing>("crossing", crossing_names);
  made.top = detail::read_billionths(given, "top");
  made.needed = detail::read_billionths(given, "needed");
  made.groups = given.integer("groups");
  made.points = given.integer("points");
  made.head = billionths_of(given.number("head"));
  return made;
}

/// What is left of the margins of each customer's standing lines, by the number of the customer.
/// \param first_of_all the first day that counts
/// \param zero whether a line without a margin has one of 0; else it is refused
/// \throws error status::data with a line without a margin, status::overflow
[[nodiscard]] inline std::vector<std::int64_t> margins_of(const stats::order_history& from,
                                                          const stats::counted_lines& counted,
                                                          std::optional<date> first_of_all, date until,
                                                          bool zero) {
  const stats::order_history::lines lines = from.order_lines();
  const auto& margin = from.details().margin;
  std::vector<wide_integer> sums(from.customers().size());
  std::int64_t without = 0;
  std::optional<std::string_view> first;
  const std::int32_t begin = first_of_all ? days_since_epoch(*first_of_all) : first_day;
  stats::standing_lines(from, counted, days_since_epoch(until)).for_each([&](std::size_t row) {
    if (lines.day[row] < begin)
      return;
    if (!margin.is_missing(row)) {
      sums[lines.customer[row]] += margin[row];
    } else if (lines.amount[row] != 0) {
      ++without;
      const std::string_view customer = from.customers()[lines.customer[row]];
      if (!first || customer < *first)
        first = customer;
    }
  });
  if (first && !zero)
    throw error(status::data, std::string(concentration_name) + ": " + std::to_string(without) +
                                  (without == 1 ? " line has" : " lines have") +
                                  " no margin, the first of customer " + shortened(*first) +
                                  "; give their margins, or take them for 0 with missing_margin=zero");
  std::vector<std::int64_t> made(sums.size());
  std::optional<std::string_view> large;
  for (std::size_t i = 0; i < sums.size(); ++i) {
    constexpr std::int64_t limit = std::numeric_limits<std::int64_t>::max();
    const std::string_view customer = from.customers()[static_cast<std::uint32_t>(i)];
    if ((sums[i] > limit || sums[i] < -limit) && (!large || customer < *large))
      large = customer;
    made[i] = static_cast<std::int64_t>(sums[i]);
  }
  if (large)
    throw error(status::overflow, std::string(concentration_name) + ": the margins of customer " +
                                      shortened(*large) + " do not fit 64 bits");
  return made;
}

/// From a store order_history. \throws error as `stats::total_customers` and `margins_of`
inline result finish_concentration(const finish_request& request) {
  const auto& from = request.stored<stats::order_history>();
  const option_values& given = request.options;
  const concentration_options options = read_concentration_options(given);
  stats::customer_totals_options which;
  const counted_until until = read_until(given, from);
  which.from = given.day("since");
  which.until = until.day;
  which.same_day = given.choice<stats::same_day>("same_day", stats::same_day_names);
  which.negative = given.choice<stats::negative>("negative", stats::negative_names);
  if (given.has("currency"))
    which.currency = currency(given.text("currency"));
  stats::customer_totals totals =
      stats::total_customers(from, which, request.how, request.keys, concentration_name);
  concentration_rows rows{.amounts = std::move(totals.amount),
                          .orders = std::move(totals.orders),
                          .decimals = totals.decimals,
                          .code = std::string(totals.currency.code()),
                          .without_order = static_cast<std::int64_t>(totals.without_order.size()),
                          .unapplied_credit = totals.unapplied_credit};
  if (given.text("of") == "margin") {
    const stats::counted_lines counted(from, which.currency, request.keys, concentration_name);
    const std::vector<std::int64_t> margins =
        margins_of(from, counted, which.from, until.day, given.text("missing_margin") == "zero");
    for (std::size_t i = 0; i < rows.amounts.size(); ++i)
      rows.amounts[i] = margins[totals.customer[i]];
    rows.unapplied_credit = 0;
    for (const std::uint32_t one : totals.without_order)
      rows.without_order_amount += margins[one];
  }
  result made{
      concentration_tables(rows, options,
                           [&](std::uint32_t place) { return from.customers()[totals.customer[place]]; }),
      nullptr};
  made.tables.push_back(until_warnings(until));
  return made;
}

inline constexpr entry concentration_entry{.description = &concentration_description,
                                           .finish = finish_concentration};

} // namespace emptor::value
