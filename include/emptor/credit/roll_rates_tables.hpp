// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/credit/roll_rates.hpp>

/// The tables of credit.roll_rates.
namespace emptor::credit {

struct roll_rates_report {
  table balances;
  table flow;
  table rates;
  table transitions;
  table losses;
  table totals;
};

namespace detail {

/// Collects the rows of a report, group after group.
class roll_rates_writer {
public:
  explicit roll_rates_writer(const roll_rates_request& asked)
      : asked_(asked)
      , buckets_(asked.buckets.labels())
      , from_(buckets_)
      , to_(buckets_)
      , t_(asked.confidence) {
    from_.back() = "new"; // in place of what is owed to the customer
    to_.pop_back();
    to_.insert(to_.end(), std::begin(settled_by_levels), std::end(settled_by_levels));
  }

  void add(const document_group& group, const rolled_group& rolled) {
    const roll_estimates estimates = estimate_losses(asked_, rolled);
    add_balances(group, rolled);
    add_flow(group, rolled);
    add_rates(group, estimates);
    add_transitions(group, rolled);
    add_losses(group, rolled, estimates);
  }

  [[nodiscard]] roll_rates_report report() {
    roll_rates_report made;
    {
      const money_columns money = balances_.groups.money();
      made.balances = table("balances");
      balances_.groups.put_into(made.balances);
      made.balances.add(column::days("day", std::move(balances_.days)));
      made.balances.add(column::codes("bucket", std::move(balances_.from), buckets_));
      made.balances.add(money.amounts("amount", std::move(balances_.amount)));
      made.balances.add(column::integers("open_items", std::move(balances_.items)));
    }
    {
      const money_columns money = flow_.groups.money();
      made.flow = table("flow");
      flow_.groups.put_into(made.flow);
      made.flow.add(column::days("day", std::move(flow_.days)));
      made.flow.add(column::codes("from", std::move(flow_.from), buckets_));
      made.flow.add(column::codes("to", std::move(flow_.to), buckets_));
      made.flow.add(money.amounts("before", std::move(flow_.amount)));
      made.flow.add(money.amounts("after", std::move(flow_.other)));
      made.flow.add(column::numbers("rate", std::move(flow_.rate), "share").or_none());
    }
    made.rates = table("rates");
    rates_.groups.put_into(made.rates);
    made.rates.add(column::codes("from", std::move(rates_.from), buckets_));
    made.rates.add(column::codes("to", std::move(rates_.to), buckets_));
    made.rates.add(column::integers("periods", std::move(rates_.items)));
    made.rates.add(column::numbers("rate", std::move(rates_.rate), "share").or_none());
    made.rates.add(column::numbers("low", std::move(rates_.low), "share").or_none());
    made.rates.add(column::numbers("high", std::move(rates_.high), "share").or_none());
    {
      const money_columns money = transitions_.groups.money();
      made.transitions = table("transitions");
      transitions_.groups.put_into(made.transitions);
      made.transitions.add(column::codes("from", std::move(transitions_.from), from_));
      made.transitions.add(column::codes("to", std::move(transitions_.to), to_));
      made.transitions.add(money.amounts("amount", std::move(transitions_.amount)));
      made.transitions.add(column::integers("items", std::move(transitions_.items)));
      made.transitions.add(column::numbers("rate", std::move(transitions_.rate), "share").or_none());
      made.transitions.add(column::numbers("low", std::move(transitions_.low), "share").or_none());
      made.transitions.add(column::numbers("high", std::move(transitions_.high), "share").or_none());
    }
    {
      const money_columns money = losses_.groups.money();
      made.losses = table("losses");
      losses_.groups.put_into(made.losses);
      made.losses.add(column::codes("bucket", std::move(losses_.from), buckets_));
      made.losses.add(money.amounts("balance", std::move(losses_.amount)));
      made.losses.add(column::numbers("flow_loss_rate", std::move(losses_.rate), "share").or_none());
      made.losses.add(money.amounts("flow_loss", std::move(losses_.other)).or_none());
      made.losses.add(column::numbers("transition_loss_rate", std::move(losses_.low), "share").or_none());
      made.losses.add(money.amounts("transition_loss", std::move(losses_.third)).or_none());
    }
    {
      const money_columns money = totals_.groups.money();
      made.totals = table("totals");
      totals_.groups.put_into(made.totals);
      made.totals.add(money.amounts("balance", std::move(totals_.amount)));
      made.totals.add(money.amounts("flow_loss", std::move(totals_.other)));
      made.totals.add(money.amounts("flow_unrated", std::move(unrated_flow_)));
      made.totals.add(money.amounts("transition_loss", std::move(totals_.third)));
      made.totals.add(money.amounts("transition_unrated", std::move(unrated_transition_)));
    }
    return made;
  }

private:
  /// The columns of a table; which of them it has is its own affair.
  struct lines {
    group_columns groups;
    std::vector<std::int32_t> days;
    std::vector<std::int32_t> from;
    std::vector<std::int32_t> to;
    std::vector<std::int64_t> amount;
    std::vector<std::int64_t> other;
    std::vector<std::int64_t> third;
    std::vector<std::int64_t> items;
    std::vector<double> rate;
    std::vector<double> low;
    std::vector<double> high;
  };

  [[nodiscard]] static std::int64_t fits(wide_integer sum, std::string_view what,
                                         const document_group& group) {
    return fitting(roll_rates_name, sum, what, group.shown());
  }
  void add_balances(const document_group& group, const rolled_group& rolled) {
    for (std::size_t i = 0; i < asked_.days.size(); ++i) {
      for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
        const rolled_sum& sum = rolled.balance(i, bucket);
        if (sum.items == 0)
          continue;
        balances_.groups.add(group);
        balances_.days.push_back(asked_.days[i]);
        balances_.from.push_back(static_cast<std::int32_t>(bucket));
        balances_.amount.push_back(fits(sum.amount, "balance", group));
        balances_.items.push_back(sum.items);
      }
    }
  }

  void add_flow(const document_group& group, const rolled_group& rolled) {
    for (std::size_t i = 0; i + 1 < asked_.days.size(); ++i) {
      for (std::size_t bucket = 0; bucket + 1 < asked_.ages(); ++bucket) {
        const wide_integer before = rolled.balance(i, bucket).amount;
        const wide_integer after = rolled.balance(i + 1, bucket + 1).amount;
        if (before == 0 && after == 0)
          continue;
        flow_.groups.add(group);
        flow_.days.push_back(asked_.days[i + 1]);
        flow_.from.push_back(static_cast<std::int32_t>(bucket));
        flow_.to.push_back(static_cast<std::int32_t>(bucket + 1));
        flow_.amount.push_back(fits(before, "balance", group));
        flow_.other.push_back(fits(after, "balance", group));
        flow_.rate.push_back(before > 0 ? static_cast<double>(after) / static_cast<double>(before)
                                        : std::numeric_limits<double>::quiet_NaN());
      }
    }
  }

  void add_rates(const document_group& group, const roll_estimates& estimates) {
    for (std::size_t bucket = 0; bucket < estimates.flow.size(); ++bucket) {
      const stats::ratio_of_sums& flow = estimates.flow[bucket];
      const stats::interval ends = flow.plain_interval(t_);
      rates_.groups.add(group);
      rates_.from.push_back(static_cast<std::int32_t>(bucket));
      rates_.to.push_back(static_cast<std::int32_t>(bucket + 1));
      rates_.items.push_back(static_cast<std::int64_t>(flow.clusters()));
      rates_.rate.push_back(flow.value());
      rates_.low.push_back(ends.low < 0.0 ? 0.0 : ends.low);
      rates_.high.push_back(ends.high);
    }
  }

  void add_transitions(const document_group& group, const rolled_group& rolled) {
    for (std::size_t from = 0; from <= rolled.fresh(); ++from) {
      for (std::size_t to = 0; to < rolled.targets(); ++to) {
        const rolled_sum& sum = rolled.moved(from, to);
        if (sum.items == 0)
          continue;
        transitions_.groups.add(group);
        transitions_.from.push_back(static_cast<std::int32_t>(from));
        transitions_.to.push_back(static_cast<std::int32_t>(to));
        transitions_.amount.push_back(fits(sum.amount, "money that moved", group));
        transitions_.items.push_back(sum.items);
        const bool has_rate = from != rolled.fresh(); // what is new comes from no balance
        const stats::interval ends =
            has_rate ? rolled.rate(from, to).share_interval_of(t_) : stats::interval{};
        transitions_.rate.push_back(has_rate ? rolled.rate(from, to).value()
                                             : std::numeric_limits<double>::quiet_NaN());
        transitions_.low.push_back(ends.low);
        transitions_.high.push_back(ends.high);
      }
    }
  }

  void add_losses(const document_group& group, const rolled_group& rolled, const roll_estimates& estimates) {
    wide_integer sums[5] = {0, 0, 0, 0,
                            0}; // balance, flow, without a flow rate, transitions, without such a rate
    const std::size_t last = asked_.days.size() - 1;
    for (std::size_t bucket = 0; bucket + 1 < buckets_.size(); ++bucket) {
      const std::int64_t balance = fits(rolled.balance(last, bucket).amount, "balance", group);
      const double rates[] = {estimates.flow_losses[bucket], estimates.transition_losses[bucket]};
      std::int64_t parts[2];
      for (std::size_t k = 0; k < 2; ++k) {
        const bool known = !std::isnan(rates[k]);
        parts[k] = known ? share_of(balance, rates[k]) : no_amount;
        sums[known ? 1 + 2 * k : 2 + 2 * k] += known ? parts[k] : balance;
      }
      sums[0] += balance;
      losses_.groups.add(group);
      losses_.from.push_back(static_cast<std::int32_t>(bucket));
      losses_.amount.push_back(balance);
      losses_.rate.push_back(rates[0]);
      losses_.other.push_back(parts[0]);
      losses_.low.push_back(rates[1]);
      losses_.third.push_back(parts[1]);
    }
    totals_.groups.add(group);
    totals_.amount.push_back(fits(sums[0], "balance", group));
    totals_.other.push_back(fits(sums[1], "loss", group));
    unrated_flow_.push_back(fits(sums[2], "balance", group));
    totals_.third.push_back(fits(sums[3], "loss", group));
    unrated_transition_.push_back(fits(sums[4], "balance", group));
  }

  const roll_rates_request& asked_;
  std::vector<std::string> buckets_;
  std::vector<std::string> from_;
  std::vector<std::string> to_;
  stats::student_quantiles t_;
  lines balances_;
  lines flow_;
  lines rates_;
  lines transitions_;
  lines losses_;
  lines totals_;
  std::vector<std::int64_t> unrated_flow_;
  std::vector<std::int64_t> unrated_transition_;
};

} // namespace detail

/// \param by customer, group, all, or the label of an attribute of the items \param keys only these customers
/// \throws error as `stats::open_items`; status::unknown_name of the label, status::overflow of a group
[[nodiscard]] inline roll_rates_report roll_rates(const stats::ledger& from, const roll_rates_request& asked,
                                                  std::string_view by = "all",
                                                  const std::optional<std::vector<std::string>>& keys = {},
                                                  const run& how = {}) {
  detail::roll_rates_writer writer(asked);
  roll_groups(from, asked, by, keys, how,
              [&](const document_group& group, const rolled_group& rolled) { writer.add(group, rolled); });
  return writer.report();
}

} // namespace emptor::credit
