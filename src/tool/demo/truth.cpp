// SPDX-License-Identifier: BSL-1.0
#include "truth.hpp"

#include <algorithm>

#include <emptor/core/units.hpp>
#include <emptor/math/elementary.hpp>

namespace emptor::tool::demo {

namespace {

/// Orders that a customer who is alive today is expected to give in the year to come, each discounted at a daily rate.
double expected_orders(const customer& who, double discount) {
  if (!who.is_alive())
    return 0.0;
  using math::real;
  const double now = today + 1.0;
  const double last = std::min(who.leaves, now + days_ahead);
  const double end = who.drop_out_rate > 0.0 ? now + days_ahead : last;
  const double fades = who.decline + who.drop_out_rate + discount;
  real sum(0.0);
  const int year = static_cast<int>(std::chrono::year_month_day(date_from_days(today)).year()) + 1;
  for (unsigned month = 0; month < 12; ++month) {
    using namespace std::chrono;
    const std::chrono::year_month first = std::chrono::year(year) / std::chrono::month(month + 1);
    const double from = days_since_epoch(date(first / 1));
    const double until = std::min<double>(days_since_epoch(date((first + months(1)) / 1)), end);
    if (!(from < until))
      break;
    const real length = fades > 0.0 ? -expm1(real(-fades * (until - from))) / fades : real(until - from);
    sum += season(who.kind, month) * exp(real(-fades * (from - now))) * length;
  }
  const double fallen = math::exp(-who.decline * (now - who.joined));
  return math::value_of(sum * (who.rate * fallen * (1.0 - cancelled_share)));
}

/// What the processes let expect of a customer who ordered like this.
double value_given(const customer_truth& of, std::int64_t first_day, std::int64_t last_day,
                   std::int64_t first_amount, double weekly_discount) {
  const auto repeats = static_cast<double>(of.orders - 1);
  const double recency = static_cast<double>(last_day - first_day) / 7.0;
  const double age = static_cast<double>(today - first_day) / 7.0;
  const double mean =
      repeats > 0.0 ? static_cast<double>(of.total_amount - first_amount) / (100.0 * repeats) : 0.0;
  return margin * value::expected_spend(spend_process, repeats, mean) *
         value::discounted_expected_orders(order_process, repeats, recency, age, weekly_discount,
                                           days_ahead / 7.0);
}

} // namespace

double kept_share() noexcept {
  // A line that comes back is any of the order's lines.
  double share_of_a_line = 0.0;
  for (std::size_t i = 0; i < std::size(line_counts); ++i)
    share_of_a_line += line_counts[i] / static_cast<double>(i + 1);
  return 1.0 - returned_share * (least_returned + returned_range / 2.0) * share_of_a_line;
}

std::vector<customer_truth> find_truth(const std::vector<customer>& customers, const order_book& book,
                                       const receivables& due) {
  const double daily_discount = math::log(1.0 + discount_rate) / days_in(time_unit::year);
  std::vector<customer_truth> all(customers.size());
  for (std::size_t number = 0; number < customers.size(); ++number) {
    const customer& who = customers[number];
    customer_truth& truth = all[number];
    std::int32_t last_day = 0;
    std::int64_t first_amount = 0;
    for (std::size_t i = book.first_order[number]; i < book.first_order[number + 1]; ++i) {
      const order& one = book.orders[i];
      if (one.cancelled_on != 0)
        continue;
      const std::int64_t kept = one.amount - one.credit;
      first_amount = truth.orders == 0 ? kept : first_amount;
      ++truth.orders;
      truth.total_amount += kept;
      last_day = one.day;
    }
    truth.expected_orders = expected_orders(who, 0.0);
    truth.value = margin * who.spend * kept_share() * expected_orders(who, daily_discount);
    truth.value_given_orders =
        value_given(truth, who.joined_on(), last_day, first_amount, daily_discount * 7.0);
  }
  const credit::simulated_ledger& ledger = due.ledger;
  for (std::size_t i = 0; i < ledger.open.size(); ++i) {
    customer_truth& truth = all[static_cast<std::size_t>(ledger.customer[i])];
    const bool owed = stats::is_debit(ledger.kind[i]);
    truth.balance += owed ? ledger.open[i] : -ledger.open[i];
    if (owed && ledger.due[i] != stats::ledger::no_day && ledger.due[i] < today)
      truth.overdue += ledger.open[i];
  }
  return all;
}

std::vector<std::int64_t> age_truth(const credit::simulated_ledger& ledger) {
  std::vector<std::int64_t> sums(std::size(age_buckets) + 2);
  const std::size_t undated = std::size(age_buckets);
  for (std::size_t i = 0; i < ledger.open.size(); ++i) {
    if (!stats::is_debit(ledger.kind[i])) {
      sums[undated + 1] -= ledger.open[i];
    } else if (ledger.due[i] == stats::ledger::no_day) {
      sums[undated] += ledger.open[i];
    } else {
      const std::int32_t age = today - ledger.due[i];
      const auto* const bucket = std::find_if(std::begin(age_buckets), std::end(age_buckets),
                                              [&](const age_bucket& one) { return age <= one.last; });
      sums[static_cast<std::size_t>(bucket - std::begin(age_buckets))] += ledger.open[i];
    }
  }
  return sums;
}

} // namespace emptor::tool::demo
