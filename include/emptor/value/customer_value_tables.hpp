// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <cmath>
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
#include <emptor/core/entry.hpp>
#include <emptor/core/parameters.hpp>
#include <emptor/core/table.hpp>
#include <emptor/core/units.hpp>
#include <emptor/math/elementary.hpp>
#include <emptor/value/customer_value.hpp>

/// The value of customers as tables (customer_value.hpp).
namespace emptor::value {

namespace detail {

/// Rows for customers with and without an order, all sorted by bytes.
class merged_customers {
public:
  explicit merged_customers(const summaries& all) {
    std::int64_t without = 0;
    const std::int64_t with = all.customer.size();
    for (std::int64_t i = 0; i < with || without < all.without_order.size();) {
      const bool has_order =
          i < with && (without == all.without_order.size() || all.customer[i] < all.without_order[without]);
      names.push_back(has_order ? all.customer[i] : all.without_order[without]);
      places.push_back(has_order ? i : none);
      ++(has_order ? i : without);
    }
  }

  /// Calls `body(row, i)` for each row of a customer i with an order.
  template <class Body>
  void for_each(const Body& body) const {
    for (std::size_t row = 0; row < places.size(); ++row) {
      if (places[row] != none)
        body(row, static_cast<std::size_t>(places[row]));
    }
  }
  /// A column made of values of those with an order; missing are all others, and NaN.
  template <class T, class Make>
  [[nodiscard]] column spread(const std::vector<T>& values, const Make& make) const {
    std::vector<T> spread_out(places.size(), T{});
    std::vector<bool> known(places.size(), false);
    for_each([&](std::size_t row, std::size_t i) {
      spread_out[row] = values[i];
      known[row] = values[i] == values[i];
    });
    column made = make(std::move(spread_out));
    for (std::size_t row = 0; row < places.size(); ++row) {
      if (!known[row])
        made.set_missing(static_cast<std::int64_t>(row));
    }
    return made;
  }

  static constexpr std::int64_t none = -1;
  text_buffer names;
  std::vector<std::int64_t> places; ///< among those with an order, or none
};

/// The day on which a time after `from` ends; nothing beyond the calendar.
[[nodiscard]] inline std::optional<std::int32_t> day_after(date from, double days) {
  const std::int32_t start = days_since_epoch(from);
  if (!(days <= last_day - start))
    return std::nullopt;
  return start - static_cast<std::int32_t>(math::floor(-days));
}

[[nodiscard]] inline table customers_table(const customer_values& of) {
  const summaries& all = of.customers;
  const merged_customers merged(all);
  const std::size_t rows = merged.places.size();
  const std::string code(all.currency.code());
  const std::string unit(name(all.unit));
  std::vector<std::int32_t> statuses(rows, static_cast<std::int32_t>(customer_status::no_order));
  std::vector<std::int32_t> next(all.frequency.size(), 0);
  std::vector<bool> comes(rows, false);
  merged.for_each([&](std::size_t row, std::size_t i) {
    statuses[row] = static_cast<std::int32_t>(of.status_of(i));
    if (std::isnan(of.of.next_order[i]))
      return;
    if (const auto day = day_after(all.until, of.of.next_order[i] * days_in(all.unit))) {
      next[i] = *day;
      comes[row] = true;
    }
  });
  text_buffer reasons;
  for (std::size_t row = 0; row < rows; ++row) {
    const auto status = static_cast<customer_status>(statuses[row]);
    if (status == customer_status::ok)
      reasons.push_back("");
    else if (status == customer_status::no_order)
      reasons.push_back("no order is left up to " + to_string(all.until));
    else
      reasons.push_back("the mean amount of the repeat orders is " +
                        to_text(all.monetary_value[static_cast<std::size_t>(merged.places[row])]) +
                        ", but gamma_gamma knows amounts above 0 only");
  }
  column reason = column::texts("reason", std::move(reasons));
  for (std::size_t row = 0; row < rows; ++row) {
    if (statuses[row] == static_cast<std::int32_t>(customer_status::ok))
      reason.set_missing(static_cast<std::int64_t>(row));
  }

  table made("customers");
  const auto numbers = [&](std::string_view column_name, const std::vector<double>& values,
                           const std::string& column_unit) {
    made.add(merged.spread(values, [&](std::vector<double> held) {
      return column::numbers(std::string(column_name), std::move(held), column_unit);
    }));
  };
  const auto days = [&](std::string_view column_name, const std::vector<std::int32_t>& values) {
    return merged.spread(values, [&](std::vector<std::int32_t> held) {
      return column::days(std::string(column_name), std::move(held));
    });
  };
  made.add(column::texts("customer", merged.names));
  made.add(column::codes("status", std::move(statuses), customer_status_names));
  made.add(std::move(reason));
  made.add(merged.spread(all.frequency, [](std::vector<std::int64_t> held) {
    return column::integers("frequency", std::move(held), "orders");
  }));
  numbers("recency", all.recency, unit);
  numbers("age", all.age, unit);
  numbers("monetary_value", all.monetary_value, code);
  made.add(days("last_order", all.last_order));
  made.add(merged.spread(all.total_amount, [&](std::vector<std::int64_t> held) {
    return column::amounts("total_amount", std::move(held), all.decimals, code);
  }));
  numbers("probability_alive", of.of.probability_alive, "probability");
  numbers("expected_orders", of.of.expected_orders, "orders");
  numbers("discounted_expected_orders", of.of.discounted_expected_orders, "orders");
  numbers("expected_spend", of.of.expected_spend, code);
  numbers("value", of.of.value, code);
  numbers("value_low", of.of.value_low, code);
  numbers("value_high", of.of.value_high, code);
  column next_order = days("next_order", next);
  for (std::size_t row = 0; row < rows; ++row) {
    if (!comes[row])
      next_order.set_missing(static_cast<std::int64_t>(row));
  }
  made.add(std::move(next_order));
  return made;
}

/// A column of texts in which an empty one is missing.
[[nodiscard]] inline column known_texts(std::string column_name, const std::vector<std::string>& values) {
  text_buffer held;
  for (const std::string& one : values)
    held.push_back(one);
  column made = column::texts(std::move(column_name), std::move(held));
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i].empty())
      made.set_missing(static_cast<std::int64_t>(i));
  }
  return made;
}

[[nodiscard]] inline table candidates_table(const std::vector<order_candidate>& candidates) {
  std::vector<std::int32_t> models;
  std::vector<std::int64_t> parameters;
  std::array<std::vector<double>, 3> criteria;
  std::vector<std::uint8_t> converged;
  std::vector<std::uint8_t> chosen;
  std::array<std::vector<std::string>, 3> texts;
  for (const order_candidate& one : candidates) {
    models.push_back(static_cast<std::int32_t>(one.which));
    parameters.push_back(static_cast<std::int64_t>(one.parameters));
    criteria[0].push_back(one.log_likelihood);
    criteria[1].push_back(one.aic);
    criteria[2].push_back(one.bic);
    converged.push_back(one.converged ? 1 : 0);
    chosen.push_back(one.chosen ? 1 : 0);
    texts[0].push_back(one.limit);
    texts[1].push_back(one.diagnosis);
    texts[2].push_back(one.reason);
  }
  table made("candidates");
  made.add(column::codes("model", std::move(models), order_choice_names));
  made.add(column::integers("parameters", std::move(parameters)));
  made.add(column::numbers("log_likelihood", std::move(criteria[0])).or_none());
  made.add(column::numbers("aic", std::move(criteria[1])).or_none());
  made.add(column::numbers("bic", std::move(criteria[2])).or_none());
  made.add(column::booleans("converged", std::move(converged)));
  made.add(known_texts("limit", texts[0]));
  made.add(known_texts("diagnosis", texts[1]));
  made.add(column::booleans("chosen", std::move(chosen)));
  made.add(known_texts("reason", texts[2]));
  return made;
}

[[nodiscard]] inline table spend_table(const spend_choice& spend, const std::string& code) {
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  const double mean = spend.rule == spend_rule::gamma_gamma ? expected_spend(spend.fit->parameters)
                      : spend.rule == spend_rule::mean      ? spend.mean
                                                            : none;
  table made("spend");
  made.add(column::codes("rule", {static_cast<std::int32_t>(spend.rule)}, spend_rule_names));
  made.add(known_texts("reason", {spend.reason}));
  made.add(column::numbers("mean", {mean}, code).or_none());
  made.add(column::integers("customers", {spend.customers}));
  made.add(column::numbers("correlation", {spend.correlation.value}).or_none());
  made.add(column::numbers("log_likelihood", {spend.fit ? spend.fit->log_likelihood : none}).or_none());
  made.add(
      column::booleans("converged", {static_cast<std::uint8_t>(spend.fit && spend.fit->converged ? 1 : 0)}));
  made.add(known_texts(
      "limit",
      {spend.fit ? std::string(gamma_gamma::levels[static_cast<std::size_t>(spend.fit->limit)]) : ""}));
  made.add(known_texts("diagnosis", {spend.fit ? spend.fit->diagnosis : ""}));
  made.add(column::integers("correlation_customers", {spend.correlation.customers}));
  made.add(column::numbers("correlation_low", {spend.correlation.low}).or_none());
  made.add(column::numbers("correlation_high", {spend.correlation.high}).or_none());
  made.add(column::numbers("variation", {1.0 / std::sqrt(spend.shape)}).or_none());
  return made;
}

[[nodiscard]] inline table value_totals_table(const customer_values& of) {
  const summaries& all = of.customers;
  const std::string code(all.currency.code());
  // What is a whole number of days but for rounding ends with that day.
  const auto end = day_after(all.until, of.horizon * days_in(all.unit) - 1e-6);
  column horizon_end = column::days("horizon_end", {end.value_or(0)});
  if (!end)
    horizon_end.set_missing(0);
  table made("totals");
  made.add(column::days("until", {days_since_epoch(all.until)}));
  made.add(column::numbers("horizon", {of.horizon}, std::string(name(all.unit))));
  made.add(std::move(horizon_end));
  made.add(column::integers("customers", {of.totals.customers}));
  made.add(column::integers("valued", {of.totals.valued}));
  made.add(column::numbers("expected_orders", {of.totals.expected_orders}, "orders"));
  made.add(column::numbers("value", {of.totals.value}, code));
  made.add(column::numbers("value_low", {of.totals.value_low}, code).or_none());
  made.add(column::numbers("value_high", {of.totals.value_high}, code).or_none());
  return made;
}

[[nodiscard]] inline table
warnings_table(const std::vector<std::pair<value_warning, std::string>>& warnings) {
  std::vector<std::int32_t> codes;
  text_buffer texts;
  for (const auto& [code, text] : warnings) {
    codes.push_back(static_cast<std::int32_t>(code));
    texts.push_back(text);
  }
  return {"warnings",
          {column::codes("warning", std::move(codes), value_warning_names),
           column::texts("text", std::move(texts))}};
}

} // namespace detail

/// The tables of `customer_value_outputs` (customer_value_entry.hpp).
[[nodiscard]] inline std::vector<table> to_tables(const customer_values& of) {
  const auto renamed = [](std::string table_name, const table& held) {
    return table(std::move(table_name), held.columns());
  };
  const emptor::model& orders = *of.chosen().fitted;
  const bool by_model = of.spend.rule == spend_rule::gamma_gamma;
  const std::span<const std::string_view> spend_names =
      by_model ? std::span<const std::string_view>(gamma_gamma::names) : std::span<const std::string_view>{};
  const std::array<double, 3> spend = by_model ? numbers(of.spend.fit->parameters) : std::array<double, 3>{};
  const std::array<double, 3> errors = by_model ? of.spend.fit->standard_errors : std::array<double, 3>{};
  std::vector<table> made;
  made.push_back(detail::customers_table(of));
  made.push_back(detail::candidates_table(of.candidates));
  made.push_back(detail::spend_table(of.spend, std::string(of.customers.currency.code())));
  made.push_back(detail::value_totals_table(of));
  made.push_back(detail::warnings_table(of.warnings));
  made.push_back(renamed("order_parameters", *orders.find("parameters")));
  made.push_back(renamed("order_covariance", *orders.find("covariance")));
  made.push_back(
      renamed("spend_parameters", make_parameters(spend_names, std::span(spend).first(spend_names.size()),
                                                  std::span(errors).first(spend_names.size()))));
  made.push_back(renamed(
      "spend_covariance",
      make_covariance(spend_names,
                      std::span(of.spend.covariance).first(spend_names.size() * spend_names.size()))));
  return made;
}

} // namespace emptor::value
