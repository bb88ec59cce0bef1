// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/credit/payment_forecast.hpp>
#include <emptor/stats/intervals.hpp>

namespace emptor::credit {

/// The tables of a forecast.
struct forecast_report {
  table invoices;
  table cash;
  table pools;
};

namespace detail {

/// Rows of the table `invoices`.
class forecast_rows {
public:
  void add(const stats::ledger& from, std::string_view customer, const stats::open_item& one,
           std::int32_t today, const invoice_forecast* found) {
    documents_.push_back(from.document(from.items()[one.row].document));
    customers_.push_back(customer);
    currencies_.push_back(one.currency);
    open_.push_back(one.open);
    due_.push_back(one.due);
    const double none = std::numeric_limits<double>::quiet_NaN();
    const double values[] = {found != nullptr ? found->late : none, found != nullptr ? found->paid : none,
                             found != nullptr ? found->unpaid : none};
    for (std::size_t i = 0; i < std::size(values); ++i)
      numbers_[i].push_back(values[i]);
    const std::optional<int> ahead[] = {
        found != nullptr ? found->expected : std::nullopt, found != nullptr ? found->median : std::nullopt,
        found != nullptr ? found->earliest : std::nullopt, found != nullptr ? found->last : std::nullopt};
    for (std::size_t i = 0; i < std::size(ahead); ++i)
      days_[i].push_back(ahead[i] && today <= last_day - *ahead[i] ? today + *ahead[i] : no_day);
  }
  [[nodiscard]] table as(std::string name) {
    table made(std::move(name));
    const money_columns money{{currencies_.begin(), currencies_.end()}};
    made.add(column::texts("document", std::move(documents_)));
    made.add(column::texts("customer", std::move(customers_)));
    made.add(money_columns::codes(currencies_));
    made.add(money.amounts("open", std::move(open_)));
    made.add(column::days("due_date", std::move(due_)).or_none());
    const char* const names[] = {"probability_late", "probability_paid", "probability_unpaid"};
    for (std::size_t i = 0; i < std::size(names); ++i)
      made.add(column::numbers(names[i], std::move(numbers_[i])).or_none());
    const char* const dates[] = {"expected_date", "median_date", "earliest_date", "latest_date"};
    for (std::size_t i = 0; i < std::size(dates); ++i)
      made.add(column::days(dates[i], std::move(days_[i])).or_none());
    return made;
  }

private:
  text_buffer documents_;
  text_buffer customers_;
  std::vector<stats::currency_code> currencies_;
  std::vector<std::int64_t> open_;
  std::vector<std::int32_t> due_;
  std::vector<double> numbers_[3];
  std::vector<std::int32_t> days_[4];
};

/// The table `cash`. Amounts are estimates, to the nearest minor unit, halves up: none is below 0.
[[nodiscard]] inline table cash_table(const forecast_request& asked,
                                      const std::map<stats::currency_code, cash_sums>& all) {
  constexpr std::string_view where = "credit.payment_forecast";
  const double z = stats::two_sided_normal_quantile(asked.confidence);
  std::vector<stats::currency_code> currencies;
  std::vector<std::int64_t> weeks;
  std::vector<std::int32_t> days[2];
  std::vector<std::int64_t> money[6];
  const auto minor = [&](double amount, stats::currency_code currency) {
    const double whole = std::floor(amount + 0.5);
    if (!(whole < 0x1p63))
      throw error(status::overflow, std::string(where) + ": the cash in " +
                                        stats::detail::shown_currency(currency) +
                                        " does not fit 64 bits of minor units");
    return static_cast<std::int64_t>(whole);
  };
  for (const auto& one : all) {
    const auto currency = one.first;
    const auto& sums = one.second;
    for (std::size_t week = 0; week < sums.expected.size(); ++week) {
      currencies.push_back(currency);
      weeks.push_back(static_cast<std::int64_t>(week) + 1);
      const std::int32_t begin = days_since_epoch(asked.as_of) + 1 + 7 * static_cast<std::int32_t>(week);
      days[0].push_back(begin);
      days[1].push_back(begin + 6);
      const auto put = [&](std::size_t at, double expected, double variance) {
        const double half = z * math::sqrt(std::max(variance, 0.0));
        money[at].push_back(minor(expected, currency));
        money[at + 1].push_back(minor(std::max(expected - half, 0.0), currency));
        money[at + 2].push_back(minor(std::min(expected + half, sums.open), currency));
      };
      put(0, sums.expected[week], sums.variance[week]);
      put(3, sums.expected_so_far[week], sums.variance_so_far[week]);
    }
  }
  const money_columns units{{currencies.begin(), currencies.end()}};
  table made("cash",
             {money_columns::codes(currencies), column::integers("week", std::move(weeks)),
              column::days("week_begin", std::move(days[0])), column::days("week_end", std::move(days[1]))});
  const char* const names[] = {"expected", "low", "high", "expected_so_far", "low_so_far", "high_so_far"};
  for (std::size_t i = 0; i < std::size(names); ++i)
    made.add(units.amounts(names[i], std::move(money[i])));
  return made;
}

[[nodiscard]] inline table pool_table(const std::vector<delay_pools::pool>& pools) {
  text_buffer names;
  std::vector<std::int64_t> unnamed;
  std::vector<std::int64_t> counts[2];
  std::vector<double> priors;
  for (const delay_pools::pool& one : pools) {
    if (one.counts.invoices == 0)
      continue;
    if (!one.named)
      unnamed.push_back(static_cast<std::int64_t>(names.size()));
    names.push_back(one.name);
    counts[0].push_back(one.customers);
    counts[1].push_back(one.counts.invoices);
    priors.push_back(one.prior.least_worth());
  }
  column name = column::texts("pool", std::move(names));
  for (const std::int64_t row : unnamed)
    name.set_missing(row);
  return {"pools",
          {std::move(name), column::integers("customers", std::move(counts[0])),
           column::integers("invoices", std::move(counts[1])),
           column::numbers("prior_invoices", std::move(priors))}};
}

} // namespace detail

/// \param pool all, or the label of an attribute \param keys rows of these customers only; all of them speak for the pools
/// \throws error status::unknown_name for a label that no document has; what `stats::open_items` throws; status::overflow
[[nodiscard]] inline forecast_report
payment_forecast(const stats::ledger& from, const forecast_request& asked, std::string_view pool,
                 const std::optional<std::vector<std::string>>& keys = {}, const run& how = {}) {
  const std::int32_t today = days_since_epoch(asked.as_of);
  stats::settled_items history(from, asked.as_of, stats::settled_side::debits, {}, how);
  stats::express_in(asked.in_currency, from, asked.as_of, history);
  delay_watch watch(history, today);
  const delay_pools pools("credit.payment_forecast", from, history, pool, watch, asked.history.first());
  const std::set<std::string> wanted =
      keys ? std::set<std::string>(keys->begin(), keys->end()) : std::set<std::string>{};
  const auto days = static_cast<std::size_t>(std::max(asked.window, 7 * asked.weeks));

  detail::forecast_rows rows;
  std::map<stats::currency_code, cash_sums> cash;
  std::vector<stats::open_item> open;
  std::vector<double> ahead;
  customer_cash of_customer(static_cast<std::size_t>(asked.weeks));
  for (std::size_t c = 0; c < history.state.customers.size(); ++c) {
    if (c % 256 == 0 && how.cancelled())
      how.check(1.0);
    const stats::ledger_state::customer& who = history.state.customers[c];
    const std::string_view customer = from.customer(who.id);
    if (keys && !wanted.contains(std::string(customer)))
      continue;
    open.clear();
    for (std::size_t i = who.first; i < who.last; ++i) {
      const stats::open_item& one = history.state.items[i];
      if (one.open > 0 && stats::is_sale(one.kind))
        open.push_back(one);
    }
    if (open.empty())
      continue;
    std::sort(open.begin(), open.end(), [&](const stats::open_item& left, const stats::open_item& right) {
      return left.currency != right.currency ? left.currency < right.currency
                                             : from.document(from.items()[left.row].document) <
                                                   from.document(from.items()[right.row].document);
    });
    const delay_pools::pool& its_pool = pools.of(c);
    const delay_counts own = pools.of_customer(history.state, who, watch);
    delay_counts others = its_pool.counts;
    others -= own;
    const delay_hazards hazards = its_pool.prior.hazards(*its_pool.tree, expected_delays(own, others));
    const double correlation = 1.0 / (its_pool.prior.least_worth() + static_cast<double>(own.invoices) + 1.0);
    for (std::size_t first = 0; first < open.size();) {
      const stats::currency_code currency = open[first].currency;
      of_customer.clear();
      for (; first < open.size() && open[first].currency == currency; ++first) {
        const stats::open_item& one = open[first];
        if (one.due == stats::ledger::no_day) {
          rows.add(from, customer, one, today, nullptr);
          continue;
        }
        look_ahead(hazards, today - one.due, days, ahead);
        const invoice_forecast found = forecast_of(asked, today - one.due, ahead);
        rows.add(from, customer, one, today, &found);
        of_customer.add(static_cast<double>(one.open), ahead);
      }
      of_customer.put_into(cash.try_emplace(currency, static_cast<std::size_t>(asked.weeks)).first->second,
                           correlation);
    }
  }
  return {rows.as("invoices"), detail::cash_table(asked, cash), detail::pool_table(pools.all())};
}

} // namespace emptor::credit
