// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <emptor/credit/roll_rates.hpp>

/// Loss rates of ageing buckets from the history of the invoices themselves.
namespace emptor::credit {

inline constexpr std::string_view provision_matrix_name = "credit.provision_matrix";

/// What the history says about one bucket. NaN = nothing.
struct bucket_loss {
  double rate = std::numeric_limits<double>::quiet_NaN();
  double low = std::numeric_limits<double>::quiet_NaN();
  double high = std::numeric_limits<double>::quiet_NaN();
  wide_integer reached = 0; ///< money that was still open when it came to the bucket
  wide_integer lost = 0;    ///< of it
};

/// The rates of each group and currency, one a bucket that is owed.
class loss_rates {
public:
  using of_buckets = std::vector<bucket_loss>;

  void set(const document_group& group, of_buckets losses) {
    held_[{group.named, std::string(group.name), group.currency}] = std::move(losses);
  }
  [[nodiscard]] const of_buckets* find(const document_group& group) const {
    const auto found = held_.find({group.named, std::string(group.name), group.currency});
    return found == held_.end() ? nullptr : &found->second;
  }

private:
  std::map<std::tuple<bool, std::string, stats::currency_code>, of_buckets> held_;
};

/// Rates of a cohort of sales: of the money that was still open when it reached a bucket the part that was lost.
/// \param reached of each bucket, the first of them all sales \param lost of what reached it
[[nodiscard]] inline std::vector<double> cohort_losses(std::span<const double> reached,
                                                       std::span<const double> lost) {
  std::vector<double> rates;
  for (std::size_t k = 0; k < reached.size(); ++k)
    rates.push_back(reached[k] > 0.0 ? std::min(lost[k] / reached[k], 1.0)
                                     : std::numeric_limits<double>::quiet_NaN());
  return rates;
}

/// Which sales a vintage is made of.
struct vintage_request {
  std::int32_t as_of = 0;
  ageing_buckets buckets;
  age_base age_from = age_base::due_date;
  std::int32_t loss_after = 365; ///< days of age after whose end what is open, or was written off, is lost
  std::int32_t sales_from = std::numeric_limits<std::int32_t>::min();
  std::int32_t sales_until = std::numeric_limits<std::int32_t>::max();
  double confidence = 0.95;
};

/// The vintage of past sales (invoices and debit notes that are old enough to be known to the end): money reaches a bucket
/// that is still open at the end of the last day before it. What was credited counts as not lost.
/// \throws error as `stats::open_items` and `for_each_group`
[[nodiscard]] inline loss_rates vintage_losses(const stats::ledger& from, const vintage_request& asked,
                                               std::string_view by,
                                               const std::optional<std::vector<std::string>>& keys,
                                               const run& how) {
  stats::settled_items history(from, date_from_days(asked.as_of), stats::settled_side::debits, keys, how);
  const std::vector<std::uint32_t> ranks = detail::ranks_of(from, history.state);
  const auto items = from.items().rows();
  const auto rank = [&](const stats::open_item& one) { return ranks[items[one.row].customer]; };
  const bool by_due = asked.age_from == age_base::due_date;
  // The ages at whose end the money of each bucket is counted; the first bucket has all of a sale.
  std::vector<std::int32_t> counted;
  for (const std::int32_t start : asked.buckets.starts())
    counted.push_back(start - 1);
  if (!by_due)
    counted.erase(counted.begin());
  const std::size_t ages = counted.size() + 1;
  const std::size_t owed = asked.buckets.unallocated();

  loss_rates made;
  detail::snapshot_walk walk(history);
  stats::student_quantiles student(asked.confidence);
  std::vector<stats::open_item> cohort;
  for_each_group(provision_matrix_name, from, history.state, by, !keys, [&](const document_group& group) {
    how.check(0.5);
    cohort.clear();
    for (const stats::open_item& one : group.items) {
      const bool is_sale =
          one.kind == stats::document_kind::invoice || one.kind == stats::document_kind::debit_note;
      const std::int32_t since = by_due ? one.due : one.date;
      if (is_sale && since != stats::ledger::no_day &&
          std::int64_t{since} + asked.loss_after <= asked.as_of && one.date >= asked.sales_from &&
          one.date <= asked.sales_until)
        cohort.push_back(one);
    }
    std::sort(cohort.begin(), cohort.end(), [&](const stats::open_item& left, const stats::open_item& right) {
      return rank(left) < rank(right);
    });
    loss_rates::of_buckets losses(owed);
    std::vector<stats::ratio_of_sums> ratios(ages);
    std::vector<wide_integer> reached(ages, 0); // of one customer
    std::vector<wide_integer> lost(ages, 0);
    std::vector<wide_integer> entered(ages);     // of one document: open as it reached each bucket
    std::vector<wide_integer> gone_before(ages); // and what was written off of it by then
    for (std::size_t i = 0; i < cohort.size(); ++i) {
      const stats::open_item& one = cohort[i];
      const std::int32_t since = by_due ? one.due : one.date;
      walk.begin(one);
      wide_integer written_off = 0;
      entered[0] = one.amount;
      gone_before[0] = 0;
      for (std::size_t k = 0; k < counted.size(); ++k) {
        walk.go_to(std::max(one.date - 1, since + counted[k])); // a due date before the document's is no help
        written_off += walk.gone(settled_by::write_off);
        entered[k + 1] = walk.owed();
        gone_before[k + 1] = written_off;
      }
      walk.go_to(since + asked.loss_after);
      written_off += walk.gone(settled_by::write_off);
      const wide_integer left = walk.owed();
      for (std::size_t k = 0; k < ages; ++k) {
        reached[k] += entered[k];
        lost[k] += std::clamp<wide_integer>(left + written_off - gone_before[k], 0, entered[k]);
      }
      if (i + 1 < cohort.size() && rank(one) == rank(cohort[i + 1]))
        continue;
      for (std::size_t k = 0; k < ages; ++k) {
        losses[k].reached += reached[k];
        losses[k].lost += lost[k];
        if (reached[k] > 0)
          ratios[k].add(reached[k], lost[k]);
        reached[k] = 0;
        lost[k] = 0;
      }
    }
    std::vector<double> money;
    std::vector<double> gone;
    for (std::size_t k = 0; k < ages; ++k) {
      money.push_back(static_cast<double>(losses[k].reached));
      gone.push_back(static_cast<double>(losses[k].lost));
    }
    const std::vector<double> rates = cohort_losses(money, gone);
    for (std::size_t k = 0; k < ages; ++k) {
      const stats::interval ends = ratios[k].share_interval_of(student);
      losses[k].rate = rates[k];
      losses[k].low = std::min(ends.low, rates[k]);
      losses[k].high = std::max(ends.high, rates[k]);
    }
    made.set(group, std::move(losses));
  });
  return made;
}

/// The loss factors of `credit.roll_rates`, by balances or by document.
/// \throws error as `roll_groups`
[[nodiscard]] inline loss_rates rolled_losses(const stats::ledger& from, const roll_rates_request& asked,
                                              bool by_document, std::string_view by,
                                              const std::optional<std::vector<std::string>>& keys,
                                              const run& how) {
  loss_rates made;
  roll_groups(from, asked, by, keys, how, [&](const document_group& group, const rolled_group& rolled) {
    const roll_estimates estimates = estimate_losses(asked, rolled);
    loss_rates::of_buckets losses;
    for (const double rate : by_document ? estimates.transition_losses : estimates.flow_losses)
      losses.push_back({.rate = rate});
    made.set(group, std::move(losses));
  });
  return made;
}

} // namespace emptor::credit
