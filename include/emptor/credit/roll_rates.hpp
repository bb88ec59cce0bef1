// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
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

#include <emptor/core/proportion.hpp>
#include <emptor/credit/roll_chain.hpp>
#include <emptor/credit/snapshot_buckets.hpp>
#include <emptor/stats/share_interval.hpp>

/// Roll rates (账龄迁徙率): how much money moves from one ageing bucket to the next from one month end to the next.
///
/// Two ways. *Flow* divides the balance of a bucket by that of the bucket before it one period earlier: it needs buckets
/// as long as a period, and takes new money in a bucket for money that rolled there. *Transitions* follow each document from
/// one snapshot to the next: its money stays, rolls on, or is paid, credited or written off, and each row of its table adds
/// up to the bucket's balance to the minor unit. Snapshots are replays of the ledger in one pass.
namespace emptor::credit {

inline constexpr std::string_view roll_rates_name = "credit.roll_rates";

struct roll_rates_request {
  std::vector<std::int32_t> days; ///< of the snapshots, increasing, at least two
  ageing_buckets buckets;
  age_base age_from = age_base::due_date; ///< that of the buckets
  double loss_of_last = 1.0;              ///< share of the oldest bucket that is lost
  double confidence = 0.95;
  std::optional<stats::currency_code> in_currency{}; ///< without it each currency stays by itself

  /// Buckets that money rolls through, in their order: not due and the ages. Undated money does not age.
  [[nodiscard]] std::size_t ages() const noexcept {
    return buckets.unallocated() - (age_from == age_base::due_date ? 1U : 0U);
  }
};

/// Money that moved, and the documents that carried it.
struct rolled_sum {
  wide_integer amount = 0;
  std::int64_t items = 0;
};

/// What of one group and currency moved between buckets. Buckets are those of the ageing but the last one, which holds
/// what is owed to the customer.
class rolled_group {
public:
  rolled_group(std::size_t snapshots, std::size_t buckets)
      : buckets_(buckets)
      , balances_(snapshots * (buckets + 1))
      , moved_((buckets + 1) * targets())
      , rates_(buckets * targets())
      , in_customer_((buckets + 1) * targets(), 0) {}

  /// Where money can be a period later: in a bucket, or settled.
  [[nodiscard]] std::size_t targets() const noexcept { return buckets_ + std::size(settled_by_levels); }
  [[nodiscard]] std::size_t target_of(settled_by how) const noexcept {
    return buckets_ + static_cast<std::size_t>(how);
  }
  /// The place that money comes from which was not there a period before.
  [[nodiscard]] std::size_t fresh() const noexcept { return buckets_; }

  [[nodiscard]] const rolled_sum& balance(std::size_t snapshot, std::size_t bucket) const {
    return balances_[snapshot * (buckets_ + 1) + bucket];
  }
  [[nodiscard]] const rolled_sum& moved(std::size_t from, std::size_t to) const {
    return moved_[from * targets() + to];
  }
  /// Over customers. \param from not `fresh`
  [[nodiscard]] const stats::ratio_of_sums& rate(std::size_t from, std::size_t to) const {
    return rates_[from * targets() + to];
  }

  void stand(std::size_t snapshot, std::size_t bucket, wide_integer amount) {
    rolled_sum& sum = balances_[snapshot * (buckets_ + 1) + bucket];
    sum.amount += amount;
    ++sum.items;
  }
  void move(std::size_t from, std::size_t to, wide_integer amount) {
    const std::size_t at = from * targets() + to;
    moved_[at].amount += amount;
    ++moved_[at].items;
    in_customer_[at] += amount;
  }
  /// All of a customer's documents have been told.
  void end_customer() {
    for (std::size_t from = 0; from < buckets_; ++from) {
      wide_integer before = 0;
      for (std::size_t to = 0; to < targets(); ++to)
        before += in_customer_[from * targets() + to];
      for (std::size_t to = 0; to < targets() && before != 0; ++to)
        rates_[from * targets() + to].add(before, in_customer_[from * targets() + to]);
    }
    std::fill(in_customer_.begin(), in_customer_.end(), wide_integer{0});
  }

private:
  std::size_t buckets_;
  std::vector<rolled_sum> balances_; ///< by snapshot and bucket, the last of them unallocated
  std::vector<rolled_sum> moved_;
  std::vector<stats::ratio_of_sums> rates_;
  std::vector<wide_integer> in_customer_;
};

namespace detail {

/// Tells a group what one owed document did.
inline void roll(const roll_rates_request& asked, const stats::open_item& one, snapshot_walk& walk,
                 rolled_group& into) {
  const std::size_t unallocated = asked.buckets.unallocated();
  walk.begin(one);
  wide_integer before = 0;
  std::size_t from = into.fresh();
  for (std::size_t i = 0; i < asked.days.size(); ++i) {
    const std::int32_t day = asked.days[i];
    if (one.date > day)
      continue; // settlements count from the document's own date on
    walk.go_to(day);
    const wide_integer now = std::max<wide_integer>(walk.open(), 0);
    const std::size_t bucket = asked.buckets.of_debit(day, one.date, one.due);
    if (walk.open() < 0)
      into.stand(i, unallocated, walk.open());
    if (now > 0)
      into.stand(i, bucket, now);
    if (i > 0) {
      if (const wide_integer stayed = std::min(before, now); stayed > 0)
        into.move(from, bucket, stayed);
      if (now > before)
        into.move(into.fresh(), bucket, now - before);
      // What is gone went the ways that took something away; what was taken back on one way comes off the others.
      wide_integer gone = before - now;
      for (const settled_by how : {settled_by::write_off, settled_by::credit_note}) {
        const wide_integer part =
            std::clamp<wide_integer>(walk.gone(how), 0, std::max<wide_integer>(gone, 0));
        if (part > 0)
          into.move(from, into.target_of(how), part);
        gone -= part;
      }
      if (gone > 0)
        into.move(from, into.target_of(settled_by::payment), gone);
    }
    before = now;
    from = bucket;
  }
}

/// A credit is owed to the customer as far as it settles nothing yet.
inline void roll_credit(const roll_rates_request& asked, const stats::open_item& one, snapshot_walk& walk,
                        rolled_group& into) {
  walk.begin(one);
  for (std::size_t i = 0; i < asked.days.size(); ++i) {
    walk.go_to(asked.days[i]);
    if (one.date <= asked.days[i] && walk.open() != 0)
      into.stand(i, asked.buckets.unallocated(), -walk.open());
  }
}

} // namespace detail

/// Calls `body(group, rolled)` for each group and currency. \throws error as `stats::open_items` and `for_each_group`
template <class Body>
void roll_groups(const stats::ledger& from, const roll_rates_request& asked, std::string_view by,
                 const std::optional<std::vector<std::string>>& keys, const run& how, const Body& body) {
  stats::settled_items history(from, date_from_days(asked.days.back()), stats::settled_side::both, keys, how);
  stats::express_in(asked.in_currency, from, date_from_days(asked.days.back()), history);
  const std::vector<std::uint32_t> ranks = detail::ranks_of(from, history.state);
  const auto items = from.items().rows();
  const auto rank = [&](const stats::open_item& one) { return ranks[items[one.row].customer]; };
  detail::snapshot_walk walk(history);
  std::vector<stats::open_item> sorted;
  std::size_t done = 0;
  for_each_group(roll_rates_name, from, history.state, by, !keys, [&](const document_group& group) {
    sorted.assign(group.items.begin(), group.items.end());
    const auto comes_before = [&](const stats::open_item& left, const stats::open_item& right) {
      return rank(left) < rank(right);
    };
    if (!std::is_sorted(sorted.begin(), sorted.end(), comes_before))
      std::sort(sorted.begin(), sorted.end(), comes_before);
    rolled_group rolled(asked.days.size(), asked.buckets.unallocated());
    for (std::size_t i = 0; i < sorted.size(); ++i) {
      if (++done % 4096 == 0 && how.cancelled())
        how.check(1.0);
      if (stats::is_debit(sorted[i].kind))
        detail::roll(asked, sorted[i], walk, rolled);
      else
        detail::roll_credit(asked, sorted[i], walk, rolled);
      if (i + 1 == sorted.size() || rank(sorted[i]) != rank(sorted[i + 1]))
        rolled.end_customer();
    }
    body(group, rolled);
  });
}

/// Rates and loss factors of a group.
struct roll_estimates {
  std::vector<stats::ratio_of_sums> flow; ///< of each bucket but the oldest to the next one, over periods
  std::vector<double> flow_losses;        ///< NaN where a rate is not known; of undated money too
  std::vector<double> transition_losses;
};

[[nodiscard]] inline roll_estimates estimate_losses(const roll_rates_request& asked,
                                                    const rolled_group& group) {
  const std::size_t ages = asked.ages();
  roll_estimates made;
  made.flow.resize(ages - 1);
  std::vector<double> rates(ages - 1);
  for (std::size_t bucket = 0; bucket + 1 < ages; ++bucket) {
    for (std::size_t i = 0; i + 1 < asked.days.size(); ++i) {
      if (const wide_integer before = group.balance(i, bucket).amount; before > 0)
        made.flow[bucket].add(before, group.balance(i + 1, bucket + 1).amount);
    }
    rates[bucket] = made.flow[bucket].value();
  }
  made.flow_losses = chain_losses(rates, asked.loss_of_last);
  std::vector<roll_destinations> destinations(ages);
  for (std::size_t from = 0; from < ages; ++from) {
    for (std::size_t to = 0; to < ages; ++to)
      destinations[from].to.push_back(group.rate(from, to).value());
    destinations[from].written_off = group.rate(from, group.target_of(settled_by::write_off)).value();
  }
  made.transition_losses = absorbed_losses(destinations, asked.loss_of_last);
  // A chain of flow rates may exceed 1, a loss does not.
  for (std::vector<double>* losses : {&made.flow_losses, &made.transition_losses}) {
    for (double& loss : *losses)
      loss = loss > 1.0 ? 1.0 : loss;
    losses->resize(asked.buckets.unallocated(), std::numeric_limits<double>::quiet_NaN());
  }
  return made;
}

} // namespace emptor::credit
