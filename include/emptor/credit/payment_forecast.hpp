// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/money.hpp>
#include <emptor/credit/by_group.hpp>
#include <emptor/credit/delay_prior.hpp>

/// When open invoices will be paid, and how much cash comes week by week (回款预测). Each customer's own history of payments
/// speaks, shrunk to that of its pool, given the age that an invoice has already reached.
namespace emptor::credit {

struct forecast_request {
  date as_of;
  measured_periods history; ///< of the document dates that speak
  int horizon = 30;         ///< days ahead of the probability of payment
  int window = 365;         ///< days ahead beyond which money counts as never coming, >= horizon
  int weeks = 13;           ///< of the cash forecast
  double confidence = 0.8;
  std::optional<stats::currency_code> in_currency{}; ///< without it each currency stays by itself
};

/// What is expected of one open document.
struct invoice_forecast {
  double late = 1.0;           ///< probability that money is open after the due date
  double paid = 0.0;           ///< that it has come within the horizon
  double unpaid = 1.0;         ///< that it has not within the window
  std::optional<int> expected; ///< mean of the days ahead, where it comes within the window
  std::optional<int> median;   ///< the day by which it has come with probability 1/2; none beyond the window
  std::optional<int> earliest, last; ///< the ends of an interval of the day
};

/// \param open as `look_ahead` gives it, over the window
[[nodiscard]] inline invoice_forecast forecast_of(const forecast_request& asked, std::int32_t age,
                                                  std::span<const double> open) {
  invoice_forecast found;
  const auto window = static_cast<std::size_t>(asked.window);
  found.paid = 1.0 - open[static_cast<std::size_t>(asked.horizon)];
  found.unpaid = open[window];
  if (age < 0) // up to the due date itself it is in time
    found.late = open[std::min(static_cast<std::size_t>(-age), window)];
  double days = 0.0; // the sum of survival, less what lasts beyond the window
  for (std::size_t ahead = 0; ahead < window; ++ahead)
    days += open[ahead] - found.unpaid;
  if (found.unpaid < 1.0)
    found.expected = static_cast<int>(std::floor(days / (1.0 - found.unpaid) + 0.5));
  const auto first_at = [&](double level) -> std::optional<int> {
    const auto at =
        std::partition_point(open.begin() + 1, open.begin() + static_cast<std::ptrdiff_t>(window) + 1,
                             [&](double left) { return left > level; });
    const auto ahead = at - open.begin();
    return ahead > asked.window ? std::nullopt : std::optional<int>(static_cast<int>(ahead));
  };
  const double outside = (1.0 - asked.confidence) / 2.0;
  found.median = first_at(0.5);
  found.earliest = first_at(1.0 - outside);
  found.last = first_at(outside);
  return found;
}

/// Cash of one currency, week by week: sums over customers who are independent. The invoices of one customer are not: its
/// hazards are known by so many payments only, those of its history and what the prior is worth on the scale where customers
/// differ most, and as under a Dirichlet prior two invoices come in the same week with the correlation 1 / (these + 1). The
/// variance of what comes of a customer follows from it; the interval is that of a normal sum, within 0 and all that is open.
struct cash_sums {
  double open = 0.0;
  std::vector<double> expected; ///< by week
  std::vector<double> variance;
  std::vector<double> expected_so_far;
  std::vector<double> variance_so_far;

  explicit cash_sums(std::size_t weeks = 0)
      : expected(weeks, 0.0)
      , variance(weeks, 0.0)
      , expected_so_far(weeks, 0.0)
      , variance_so_far(weeks, 0.0) {}
};

/// What comes of one customer in one currency.
class customer_cash {
public:
  explicit customer_cash(std::size_t weeks)
      : weeks_(2 * weeks) {}

  void clear() noexcept {
    open_ = 0.0;
    std::fill(weeks_.begin(), weeks_.end(), sums{});
  }
  void add(double amount, std::span<const double> open) noexcept {
    const std::size_t weeks = weeks_.size() / 2;
    open_ += amount;
    for (std::size_t week = 0; week < weeks; ++week) {
      weeks_[week].add(amount, open[7 * week] - open[7 * (week + 1)]);
      weeks_[weeks + week].add(amount, 1.0 - open[7 * (week + 1)]);
    }
  }
  void put_into(cash_sums& all, double correlation) const noexcept {
    const std::size_t weeks = weeks_.size() / 2;
    all.open += open_;
    for (std::size_t week = 0; week < weeks; ++week) {
      all.expected[week] += weeks_[week].expected;
      all.variance[week] += weeks_[week].variance(correlation);
      all.expected_so_far[week] += weeks_[weeks + week].expected;
      all.variance_so_far[week] += weeks_[weeks + week].variance(correlation);
    }
  }

private:
  struct sums {
    double expected = 0.0;
    double deviations = 0.0;
    double squares = 0.0;
    void add(double amount, double p) noexcept {
      const double deviation = amount * math::sqrt(std::max(p * (1.0 - p), 0.0));
      expected += amount * p;
      deviations += deviation;
      squares += deviation * deviation;
    }
    [[nodiscard]] double variance(double correlation) const noexcept {
      return (1.0 - correlation) * squares + correlation * (deviations * deviations);
    }
  };
  double open_ = 0.0;
  std::vector<sums> weeks_; ///< of each week alone, then of all up to each
};

/// The pools of customers, and what was seen of each.
class delay_pools {
public:
  /// Customers whose histories say what a prior is worth: about so many of all pools together, and as many of each at least.
  /// They bound the time, which grows with them and with the grid of the worth; spread evenly over the customers of a pool
  /// they speak for all of it.
  static constexpr std::size_t most_histories = 1000;
  static constexpr std::size_t least_histories = 20;

  struct pool {
    std::string name;
    bool named = true;
    delay_counts counts;
    std::int64_t customers = 0;
    std::optional<delay_tree> tree{};
    delay_prior prior{};
  };

  /// \param by all, or the label of an attribute: a customer is of the pool of its latest document
  delay_pools(std::string_view where, const stats::ledger& from, const stats::settled_items& history,
              std::string_view by, delay_watch& watch, std::int32_t first)
      : first_(first) {
    const auto& customers = history.state.customers;
    pool_of_.assign(customers.size(), 0);
    if (by == "all")
      pools_.push_back({"all", true, {}, 0});
    else
      sort_into_pools(where, from, history.state, by);
    std::vector<std::vector<std::size_t>> members(pools_.size());
    for (std::size_t c = 0; c < customers.size(); ++c) {
      const delay_counts own = of_customer(history.state, customers[c], watch);
      pools_[pool_of_[c]].counts += own;
      if (own.invoices > 0)
        members[pool_of_[c]].push_back(c);
    }
    const std::size_t most = std::max(most_histories / pools_.size(), least_histories);
    for (std::size_t p = 0; p < pools_.size(); ++p) {
      pools_[p].customers = static_cast<std::int64_t>(members[p].size());
      pools_[p].tree.emplace(pools_[p].counts);
      std::vector<expected_delays> histories;
      const std::size_t count = std::min(members[p].size(), most);
      for (std::size_t i = 0; i < count; ++i) {
        const delay_counts own =
            of_customer(history.state, customers[members[p][i * members[p].size() / count]], watch);
        delay_counts others = pools_[p].counts;
        others -= own;
        if (others.invoices > 0)
          histories.emplace_back(own, others);
      }
      pools_[p].prior = delay_prior(*pools_[p].tree, histories);
    }
  }

  [[nodiscard]] const std::vector<pool>& all() const noexcept { return pools_; }
  [[nodiscard]] const pool& of(std::size_t customer) const noexcept { return pools_[pool_of_[customer]]; }

  [[nodiscard]] delay_counts of_customer(const stats::ledger_state& state,
                                         const stats::ledger_state::customer& who, delay_watch& watch) const {
    delay_counts own;
    for (std::size_t i = who.first; i < who.last; ++i) {
      const stats::open_item& one = state.items[i];
      if (is_forecast(one) && one.date >= first_)
        watch.add(one, own);
    }
    return own;
  }
  /// Whether a document is one that is paid, and has a day on which it must be.
  [[nodiscard]] static bool is_forecast(const stats::open_item& one) noexcept {
    return stats::is_sale(one.kind) && one.due != stats::ledger::no_day;
  }

private:
  void sort_into_pools(std::string_view where, const stats::ledger& from, const stats::ledger_state& state,
                       std::string_view by) {
    detail::attribute_values values(from, by);
    values.of_customers_too();
    std::vector<std::string> names{""};
    std::vector<std::uint32_t> numbers(state.customers.size(), 0);
    for (std::size_t c = 0; c < state.customers.size(); ++c) {
      std::int32_t latest = std::numeric_limits<std::int32_t>::min();
      for (std::size_t i = state.customers[c].first; i < state.customers[c].last; ++i) {
        const std::uint32_t number = values.of(from.items()[state.items[i].row]);
        if (number == names.size()) // a new one
          names.push_back(
              std::find_if(values.numbers().begin(), values.numbers().end(), [&](const auto& one) {
                return one.second == number;
              })->first);
        const std::int32_t day = state.items[i].date;
        if (number == 0 || day < latest)
          continue;
        if (day > latest || names[number] < names[numbers[c]])
          numbers[c] = number;
        latest = day;
      }
    }
    if (!state.items.empty() && values.unknown_label()) {
      std::vector<std::string_view> known{"all"};
      known.insert(known.end(), values.labels().begin(), values.labels().end());
      throw unknown_name(where, "attribute", by, known);
    }
    std::vector<std::size_t> places(names.size());
    for (const auto& [name, number] : values.numbers()) {
      places[number] = pools_.size();
      pools_.push_back({name, true, {}, 0});
    }
    places[0] = pools_.size();
    pools_.push_back({"", false, {}, 0});
    for (std::size_t c = 0; c < numbers.size(); ++c)
      pool_of_[c] = places[numbers[c]];
  }

  std::int32_t first_;
  std::vector<pool> pools_;
  std::vector<std::size_t> pool_of_; ///< by place of the customer
};

} // namespace emptor::credit
