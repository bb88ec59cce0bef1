// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/money.hpp>
#include <emptor/credit/by_group.hpp>
#include <emptor/credit/paid_parts.hpp>
#include <emptor/credit/payment_index.hpp>
#include <emptor/math/real.hpp>
#include <emptor/stats/intervals.hpp>
#include <emptor/stats/share_interval.hpp>

/// How customers pay (付款行为). An invoice is paid by its settlements with payments: each part counts with its money and
/// its day. What bounced or was taken back never came. Credit notes, write-offs and discounts pay nothing.
///
/// Intervals are for what would show over more draws like these. In a group of one customer an invoice is one draw, and they
/// are for what that customer will do; in a group of several a customer with all its invoices is, for the invoices of one
/// customer are alike, and they are for more customers like these. All measures are ratios of two sums over the draws
/// (`stats::ratio_of_sums`): those of days and of the index have the standard error sqrt(n / (n - 1) sum e(i)^2) / money
/// with e(i) = the sum over the draw's money of (value - measure), and t of n - 1 degrees of freedom; those of shares are
/// Wilson's score interval with effective trials, and of the invoices of one customer Wilson's own.
namespace emptor::credit {

/// What becomes of money that is overdue and has not come.
enum class open_overdue {
  counts,   ///< as if it came on as_of: the least that its delay can be
  left_out, ///< as long as it has not come
};
/// What becomes of money that comes before it is due.
enum class early_money {
  early,   ///< days below 0
  on_time, ///< 0 days
};

struct behaviour_request {
  date as_of;
  measured_periods period;
  payment_scale scale;
  open_overdue open = open_overdue::counts;
  early_money early = early_money::early;
  std::int32_t grace_days = 0; ///< after the due date, on which money is not late yet
  double confidence = 0.95;
  std::optional<stats::currency_code> in_currency{}; ///< without it each currency stays by itself
};

/// The figures of one group.
struct payment_behaviour_figures {
  std::int64_t invoices = 0; ///< with money in the figures
  std::int64_t late = 0;     ///< of which some money was late
  wide_integer paid = 0;     ///< came in the period, for documents with a due date
  wide_integer overdue = 0;  ///< stands out in their place
  wide_integer undated = 0;  ///< came for documents without a due date: in the days to pay alone
  double days_to_pay = std::numeric_limits<double>::quiet_NaN();
  double days_beyond_terms = std::numeric_limits<double>::quiet_NaN();
  stats::interval days_beyond_terms_within;
  double late_share = std::numeric_limits<double>::quiet_NaN();
  stats::interval late_share_within;
  double late_money_share = std::numeric_limits<double>::quiet_NaN();
  stats::interval late_money_share_within;
  double index = std::numeric_limits<double>::quiet_NaN();
  stats::interval index_within;
};

class payment_behaviour_measure {
public:
  payment_behaviour_measure(const stats::ledger& from, const behaviour_request& asked,
                            const stats::settled_items& history)
      : from_(from)
      , asked_(asked)
      , parts_(history)
      , today_(days_since_epoch(asked.as_of))
      , first_(asked.period.first())
      , z_(stats::two_sided_normal_quantile(asked.confidence))
      , t_(asked.confidence) {}

  /// \throws error status::overflow where the money does not fit 64 bits
  [[nodiscard]] payment_behaviour_figures of(std::string_view where, const document_group& group) {
    payment_behaviour_figures found;
    draws_.clear();
    several_ = false;
    sums all;
    wide_integer days_to_pay = 0;
    for (const stats::open_item& one : group.items) {
      if (!stats::is_sale(one.kind))
        continue;
      const bool dated = one.due != stats::ledger::no_day;
      sums& of_one = draws_.emplace_back(); // in place: a copy of what was just written waits for the writes
      for (const stats::settled_part& part : parts_.of(one)) {
        if (part.day() < first_)
          continue;
        (dated ? found.paid : found.undated) += part.amount;
        days_to_pay += wide_integer{part.amount} * (part.day() - one.date);
        if (dated)
          count(of_one, part.amount, part.day() - one.due);
      }
      if (dated && one.open > 0 && one.due < today_ && asked_.open == open_overdue::counts) {
        found.overdue += one.open;
        count(of_one, one.open, today_ - one.due);
      }
      if (found.paid + found.undated > limit ||
          found.overdue > limit) // before sums of money times points overflow
        (void)detail::fitting(where, found.paid + found.undated + found.overdue, "money", group.shown());
      if (of_one.money == 0) {
        draws_.pop_back();
        continue;
      }
      of_one.invoices = 1;
      of_one.late_invoices = of_one.late > 0 ? 1 : 0;
      of_one.customer = group.customer != stats::ledger::no_text ? group.customer : customer_of(one);
      all += of_one;
      place_last();
    }
    found.invoices = all.invoices;
    found.late = all.late_invoices;
    for (std::size_t i = 0; several_ && i < draws_.size(); ++i)
      place_of_[draws_[i].customer] = 0;
    const wide_integer came = found.paid + found.undated;
    if (came > 0)
      found.days_to_pay = static_cast<double>(days_to_pay) / static_cast<double>(came);
    if (found.invoices > 0)
      estimate(all, found);
    return found;
  }

private:
  static constexpr wide_integer limit = std::numeric_limits<std::int64_t>::max() / 2;

  struct sums {
    wide_integer money = 0;
    wide_integer late = 0;
    wide_integer days = 0;   ///< money times its days beyond terms
    wide_integer points = 0; ///< money times points, in the unit of the scale
    std::int64_t invoices = 0;
    std::int64_t late_invoices = 0;
    std::uint32_t customer = 0; ///< of a draw
    sums& operator+=(const sums& other) noexcept {
      money += other.money;
      late += other.late;
      days += other.days;
      points += other.points;
      invoices += other.invoices;
      late_invoices += other.late_invoices;
      return *this;
    }
  };

  /// An invoice is a draw as long as all are of one customer, then a customer is.
  void place_last() {
    if (!several_) {
      if (draws_.front().customer == draws_.back().customer)
        return;
      several_ = true;
      for (std::size_t i = 1; i + 1 < draws_.size(); ++i)
        draws_.front() += draws_[i];
      draws_.erase(draws_.begin() + 1, draws_.end() - 1);
      place_of(draws_.front()) = 1;
    }
    if (std::size_t& place = place_of(draws_.back()); place == 0) {
      place = draws_.size();
    } else {
      draws_[place - 1] += draws_.back();
      draws_.pop_back();
    }
  }
  [[nodiscard]] std::uint32_t customer_of(const stats::open_item& one) const noexcept {
    return from_.items()[one.row].customer;
  }
  [[nodiscard]] std::size_t& place_of(const sums& one) {
    if (one.customer >= place_of_.size())
      place_of_.resize(std::size_t{one.customer} + 1, 0);
    return place_of_[one.customer];
  }
  void count(sums& of, std::int64_t amount, std::int32_t days_late) const noexcept {
    of.money += amount;
    of.late += days_late > asked_.grace_days ? amount : 0;
    of.days +=
        wide_integer{amount} * (asked_.early == early_money::on_time ? std::max(days_late, 0) : days_late);
    of.points += wide_integer{amount} * asked_.scale.of(days_late);
  }
  void estimate(const sums& all, payment_behaviour_figures& found) {
    const auto n = static_cast<double>(found.invoices);
    found.late_share = static_cast<double>(found.late) / n;
    for (stats::ratio_of_sums* of : {&days_, &points_, &late_, &late_invoices_})
      of->clear();
    for (const sums& one : draws_) {
      days_.add(one.money, one.days);
      points_.add(one.money, one.points);
      late_.add(one.money, one.late);
      if (several_)
        late_invoices_.add(one.invoices, one.late_invoices);
    }
    found.days_beyond_terms = days_.value();
    found.late_money_share = late_.value();
    const wide_integer rounded = (2 * all.points + all.money) / (2 * all.money);
    found.index = static_cast<double>(rounded) / payment_scale::whole_point;
    found.late_share_within =
        several_ ? late_invoices_.share_interval_of(t_) : stats::wilson_interval(found.late_share, n, z_);
    found.late_money_share_within = late_.share_interval_of(t_);
    if (draws_.size() < 2)
      return;
    found.days_beyond_terms_within = days_.plain_interval(t_);
    if (asked_.early == early_money::on_time)
      found.days_beyond_terms_within.low = std::max(found.days_beyond_terms_within.low, 0.0);
    const stats::interval points = points_.plain_interval(t_);
    found.index_within.low =
        std::max(math::value_of(math::real(points.low) / payment_scale::whole_point), 0.0);
    found.index_within.high =
        std::min(math::value_of(math::real(points.high) / payment_scale::whole_point), 100.0);
  }

  const stats::ledger& from_;
  const behaviour_request& asked_;
  paid_parts parts_;
  std::int32_t today_;
  std::int32_t first_;
  double z_;
  stats::student_quantiles t_;
  std::vector<sums> draws_;           ///< of the group
  bool several_ = false;              ///< whether they are customers
  std::vector<std::size_t> place_of_; ///< by customer, from 1, where it is a draw of the group
  stats::ratio_of_sums days_;
  stats::ratio_of_sums points_;
  stats::ratio_of_sums late_;
  stats::ratio_of_sums late_invoices_;
};

/// One row a group and currency.
/// \throws error status::unknown_name for a label that no document has; what `stats::open_items` throws;
///         status::overflow names the group. \param keys only these customers
[[nodiscard]] inline table payment_behaviour(const stats::ledger& from, const behaviour_request& asked,
                                             std::string_view by,
                                             const std::optional<std::vector<std::string>>& keys = {},
                                             const run& how = {}) {
  constexpr std::string_view where = "credit.payment_behaviour";
  stats::settled_items history(from, asked.as_of, stats::settled_side::debits, keys, how);
  stats::express_in(asked.in_currency, from, asked.as_of, history);
  payment_behaviour_measure measure(from, asked, history);
  group_columns named;
  std::vector<std::int64_t> money[3];
  std::vector<std::int64_t> invoices;
  std::vector<double> numbers[13];
  std::size_t done = 0;
  for_each_group(where, from, history.state, by, !keys, [&](const document_group& group) {
    if (done++ % 4096 == 0 && how.cancelled())
      how.check(1.0);
    const payment_behaviour_figures found = measure.of(where, group);
    named.add(group);
    money[0].push_back(detail::fitting(where, found.paid, "payments", group.shown()));
    money[1].push_back(detail::fitting(where, found.overdue, "overdue money", group.shown()));
    money[2].push_back(detail::fitting(where, found.undated, "payments", group.shown()));
    invoices.push_back(found.invoices);
    const double values[] = {found.days_to_pay,
                             found.days_beyond_terms,
                             found.days_beyond_terms_within.low,
                             found.days_beyond_terms_within.high,
                             found.late_share,
                             found.late_share_within.low,
                             found.late_share_within.high,
                             found.late_money_share,
                             found.late_money_share_within.low,
                             found.late_money_share_within.high,
                             found.index,
                             found.index_within.low,
                             found.index_within.high};
    for (std::size_t i = 0; i < std::size(values); ++i)
      numbers[i].push_back(values[i]);
  });
  table made("payment_behaviour");
  const detail::money_columns currencies = named.money();
  named.put_into(made);
  made.add(currencies.amounts("paid", std::move(money[0])));
  made.add(currencies.amounts("overdue", std::move(money[1])));
  made.add(currencies.amounts("undated", std::move(money[2])));
  made.add(column::integers("invoices", std::move(invoices)));
  const char* const names[] = {
      "days_to_pay",          "days_beyond_terms",     "days_beyond_terms_low", "days_beyond_terms_high",
      "late_share",           "late_share_low",        "late_share_high",       "late_money_share",
      "late_money_share_low", "late_money_share_high", "payment_index",         "payment_index_low",
      "payment_index_high"};
  for (std::size_t i = 0; i < std::size(names); ++i)
    made.add(column::numbers(names[i], std::move(numbers[i]), i < 4 ? "days" : "").or_none());
  return made;
}

} // namespace emptor::credit
