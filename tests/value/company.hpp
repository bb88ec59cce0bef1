// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <emptor/stats/variates.hpp>
#include <emptor/value/customer_value_tables.hpp>
#include <emptor/value/simulate.hpp>

#include "stats/orders.hpp"

/// Companies whose customers behave as the models say, for the tests of value.customer_value.
namespace emptor::test {

inline constexpr value::nbd_parameters<double> endless{.9, 8.0};
inline constexpr value::bg_nbd_parameters<double> bg{.8, 4.0, .9, 2.4};
inline constexpr value::mbg_nbd_parameters<double> mbg{.9, 5.0, .9, 2.0};
inline constexpr value::pareto_nbd_parameters<double> pareto{.8, 6.0, .6, 10.0};
inline constexpr value::gamma_gamma_parameters<double> spend{6.0, 4.0, 16.0};

inline date day(std::string_view text) {
  return parse_date(text).value();
}
inline const date until = day("2024-09-30");

/// How the amounts of each customer are distributed: Gamma of shape spend.p with this rate, which is Gamma too.
inline std::vector<double> spend_rates(std::int64_t customers, random_stream& stream) {
  std::vector<double> made;
  for (std::int64_t i = 0; i < customers; ++i)
    made.push_back(stats::gamma_variate(spend.q, stream) / spend.v);
  return made;
}
inline random_stream spend_stream(std::uint64_t seed) {
  return {seed, 0x7370656e64, 0};
}

/// A company whose customers order as a model says, in weeks, over the 39 weeks to `until`.
template <class P>
std::vector<order_row> company(const P& p, std::int64_t customers, std::uint64_t seed) {
  value::simulation how;
  how.customers = customers;
  how.seed = seed;
  how.age = 39.0;
  how.spread = 12.0;
  how.tick = 1.0 / 7.0;
  const value::simulated_customers made = value::simulate(p, how);
  random_stream stream = spend_stream(seed);
  const std::vector<double> rates = spend_rates(customers, stream);
  std::vector<order_row> rows;
  for (std::size_t k = 0; k < made.order_time.size(); ++k) {
    const auto customer = static_cast<std::size_t>(made.order_customer[k]);
    const double before = (made.age[customer] - made.order_time[k]) * 7.0;
    const auto back = static_cast<std::int32_t>(std::lround(before));
    const double amount = stats::gamma_variate(spend.p, stream) / rates[customer];
    rows.push_back({"c" + std::to_string(customer), to_string(date_from_days(days_since_epoch(until) - back)),
                    1 + std::llround(100.0 * amount)});
  }
  return rows;
}

inline stats::order_history history(const std::vector<order_row>& rows) {
  stats::order_history made;
  push(made, rows, true);
  return made;
}

inline value::customer_value_options in_weeks() {
  value::customer_value_options made;
  made.orders.until = until;
  made.orders.unit = time_unit::week;
  made.horizon = {39.0, time_unit::week, std::nullopt};
  return made;
}

inline const table& named(const std::vector<table>& tables, std::string_view name) {
  return *std::find_if(tables.begin(), tables.end(), [&](const table& one) { return one.name() == name; });
}

inline bool warned(const value::customer_values& of, value::value_warning which) {
  return std::any_of(of.warnings.begin(), of.warnings.end(),
                     [&](const auto& one) { return one.first == which; });
}

inline const double true_rate = std::log(1.1) * 7.0 / 365.2425; ///< that of the options, per week

/// Total value under the true parameters, given the same rows.
template <class P>
double true_value(const P& p, const value::summaries& all) {
  double sum = 0.0;
  for (std::size_t i = 0; i < all.frequency.size(); ++i) {
    const auto x = static_cast<double>(all.frequency[i]);
    sum += expected_spend(spend, x, x > 0.0 ? all.monetary_value[i] : 0.0) *
           discounted_expected_orders(p, x, all.recency[i], all.age[i], true_rate, 39.0);
  }
  return sum;
}

/// A company of MBG/NBD, each of whose customers is expected to go on spending what he spent.
inline value::customer_values with_own_means(std::int64_t customers, std::uint64_t seed) {
  value::customer_value_options options = in_weeks();
  options.model = value::order_choice::mbg_nbd;
  options.spend = value::spend_rule::own_mean;
  return value_customers(history(company(mbg, customers, seed)), options);
}
/// The values of its customers, by the true parameters and what each of them spends per order in the long run.
inline std::vector<double> true_own_values(const value::summaries& all, std::int64_t customers,
                                           std::uint64_t seed) {
  random_stream stream = spend_stream(seed);
  const std::vector<double> rates = spend_rates(customers, stream);
  std::vector<double> made;
  for (std::size_t i = 0; i < all.frequency.size(); ++i) {
    const std::string customer(all.customer[static_cast<std::int64_t>(i)].substr(1));
    made.push_back(spend.p / rates[std::stoul(customer)] *
                   discounted_expected_orders(mbg, static_cast<double>(all.frequency[i]), all.recency[i],
                                              all.age[i], true_rate, 39.0));
  }
  return made;
}

/// How often the model of simulated companies was chosen, and how often the interval of their total value covered it.
struct found_truth {
  int right = 0;
  int covered = 0;
  int covered_if_right = 0; ///< of those in which it was chosen
};
template <class P>
found_truth find_truth(const P& p, value::order_choice which, std::uint64_t seeds, std::int64_t customers,
                       double confidence) {
  found_truth made;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    value::customer_value_options options = in_weeks();
    options.confidence = confidence;
    const value::customer_values found = value_customers(history(company(p, customers, seed)), options);
    const double truth = true_value(p, found.customers);
    const bool right = found.chosen().which == which;
    const bool covered = found.totals.value_low < truth && truth < found.totals.value_high;
    made.right += right ? 1 : 0;
    made.covered += covered ? 1 : 0;
    made.covered_if_right += right && covered ? 1 : 0;
  }
  return made;
}

} // namespace emptor::test
