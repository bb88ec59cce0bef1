// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/money.hpp>
#include <emptor/credit/by_group.hpp>
#include <emptor/credit/ledger_measures.hpp>
#include <emptor/stats/open_disputes.hpp>
#include <emptor/stats/settled_items.hpp>

/// How well receivables are collected (应收账款管理绩效), period by period: what opens and closes a period, and the ratios
/// that credit managers are measured by.
namespace emptor::credit {

/// Collection effectiveness index (收款效率指数): of what could be collected in a period, opening receivables and sales less
/// what is not yet due at its end, the share that was, on 0 to 100. NaN where nothing could be.
[[nodiscard]] inline double collection_effectiveness_index(wide_integer opening, wide_integer sales,
                                                           wide_integer closing,
                                                           wide_integer current) noexcept {
  const wide_integer collectable = opening + sales - current;
  return collectable > 0
             ? static_cast<double>(opening + sales - closing) / static_cast<double>(collectable) * 100.0
             : std::numeric_limits<double>::quiet_NaN();
}

/// From what the average receivables of a turnover are taken.
enum class average_basis {
  ends,  ///< half of opening and closing receivables
  daily, ///< of the ends of all days of the period
};

struct performance_request {
  date as_of;
  measured_periods period;
  int periods = 1;
  receivables_basis receivables = receivables_basis::owed;
  sales_basis sales = sales_basis::net;
  average_basis average = average_basis::ends;
};

/// A group in one period. Sums only: those of two groups add up to those of both.
struct performance_sums {
  wide_integer receivables = 0; ///< at the end
  wide_integer current = 0;     ///< of what is owed at the end: not overdue
  wide_integer overdue = 0;
  wide_integer invoiced = 0;
  wide_integer credited = 0;    ///< credit notes
  wide_integer written_off = 0; ///< as lost
  wide_integer discounted = 0;  ///< cash discounts taken
  std::int64_t invoices = 0;
  std::int64_t disputed = 0;         ///< of these invoices
  wide_integer receivables_days = 0; ///< the receivables at the end of each day, added up

  performance_sums& operator+=(const performance_sums& other) noexcept {
    receivables += other.receivables;
    current += other.current;
    overdue += other.overdue;
    invoiced += other.invoiced;
    credited += other.credited;
    written_off += other.written_off;
    discounted += other.discounted;
    invoices += other.invoices;
    disputed += other.disputed;
    receivables_days += other.receivables_days;
    return *this;
  }
};

/// The sums of one group after the other. Periods count back from as_of; one more than asked for, whose end opens the
/// first.
class performance_measure {
public:
  /// \throws error what `stats::open_disputes` throws
  performance_measure(const stats::ledger& from, const performance_request& asked,
                      const std::optional<std::vector<std::string>>& keys, const run& how)
      : disputed_(disputed_rows(from, asked.as_of, keys, how))
      , balance_(asked.receivables == receivables_basis::balance) {
    for (int back = 0; back < asked.periods; ++back) {
      firsts_.push_back(asked.period.first(back));
      lasts_.push_back(asked.period.last(back));
    }
    lasts_.push_back(firsts_.back() - 1);
  }

  [[nodiscard]] std::size_t periods() const noexcept { return firsts_.size(); }
  [[nodiscard]] std::int32_t first(std::size_t back) const noexcept { return firsts_[back]; }
  [[nodiscard]] std::int32_t last(std::size_t back) const noexcept { return lasts_[back]; }

  void add_up(const document_group& group, const stats::settled_items& history,
              std::vector<performance_sums>& sums) {
    sums.assign(lasts_.size(), {});
    for (const stats::open_item& one : group.items) {
      count_document(one, sums);
      parts_.assign(history.parts_of(one).begin(), history.parts_of(one).end());
      if (parts_.size() > 1)
        std::sort(parts_.begin(), parts_.end(),
                  [](const stats::settled_part& left, const stats::settled_part& right) {
                    return left.day() < right.day();
                  });
      // From one settlement to the next the same sum is open.
      const bool debit = stats::is_debit(one.kind);
      wide_integer open = debit ? one.amount : -wide_integer{one.amount};
      std::int32_t since = one.date;
      for (const stats::settled_part& part : parts_) {
        if (part.day() > since)
          count_open(one, debit, open, since, part.day(), sums);
        since = part.day();
        open -= debit ? part.amount : -wide_integer{part.amount};
      }
      count_open(one, debit, open, since, lasts_.front() + 1, sums);
    }
  }

private:
  /// By row of the items, whether a dispute about it was opened up to a day; empty where there is none.
  [[nodiscard]] static std::vector<std::uint8_t>
  disputed_rows(const stats::ledger& from, date as_of, const std::optional<std::vector<std::string>>& keys,
                const run& how) {
    const auto& held = from.records<stats::dispute>();
    std::vector<std::uint8_t> found;
    if (held.rows().empty())
      return found;
    (void)stats::open_disputes(from, as_of, keys, how); // refuses what contradicts itself
    found.assign(from.items().rows().size(), 0);
    for (std::uint32_t row = 0; row < held.rows().size(); ++row) {
      const std::uint32_t about = from.items().find(held[row].document);
      if (held.is_live(row) && held[row].opened <= days_since_epoch(as_of) && about != stats::ledger::no_text)
        found[about] = 1;
    }
    return found;
  }
  /// How many periods end on a day or after it.
  [[nodiscard]] std::size_t ends_from(std::int32_t day) const noexcept {
    return static_cast<std::size_t>(
        std::partition_point(lasts_.begin(), lasts_.end(), [&](std::int32_t last) { return last >= day; }) -
        lasts_.begin());
  }
  void count_document(const stats::open_item& one, std::vector<performance_sums>& sums) const noexcept {
    const std::size_t back = ends_from(one.date) - 1; // its period
    if (back >= firsts_.size())
      return;
    performance_sums& of = sums[back];
    switch (one.kind) {
    case stats::document_kind::invoice:
    case stats::document_kind::debit_note:
      of.invoiced += one.amount;
      ++of.invoices;
      of.disputed += !disputed_.empty() && disputed_[one.row] != 0 ? 1 : 0;
      break;
    case stats::document_kind::credit_note:
      of.credited += one.amount;
      break;
    case stats::document_kind::write_off:
      of.written_off += one.amount;
      break;
    case stats::document_kind::discount:
      of.discounted += one.amount;
      break;
    default:
      break;
    }
  }
  /// \param from,until  the first day on whose end this is open, and the first on which it is not
  void count_open(const stats::open_item& one, bool debit, wide_integer open, std::int32_t from,
                  std::int32_t until, std::vector<performance_sums>& sums) const noexcept {
    if (open == 0)
      return;
    const bool owed = debit && open > 0;
    if (!owed && !balance_)
      return;
    for (std::size_t back = ends_from(until); back < lasts_.size() && lasts_[back] >= from; ++back) {
      sums[back].receivables += open;
      if (owed)
        (one.due != stats::ledger::no_day && one.due < lasts_[back] ? sums[back].overdue
                                                                    : sums[back].current) += open;
    }
    for (std::size_t back = ends_from(until - 1) - 1; back < firsts_.size() && lasts_[back] >= from; ++back)
      sums[back].receivables_days +=
          open * (std::min(until - 1, lasts_[back]) - std::max(from, firsts_[back]) + 1);
  }

  std::vector<std::uint8_t> disputed_;
  bool balance_;
  std::vector<std::int32_t> firsts_;
  std::vector<std::int32_t> lasts_; ///< falling; one more
  std::vector<stats::settled_part> parts_;
};

struct performance_report {
  table groups;
  table totals;
};

namespace detail {

/// The rows of the tables.
struct performance_lines {
  static constexpr std::string_view where = "credit.receivables_performance";
  const performance_request& asked;
  const performance_measure& measure;
  group_columns named{};
  std::vector<std::int32_t> days[2]{};
  std::vector<std::int64_t> money[9]{};
  std::vector<std::int64_t> counts[2]{};
  std::vector<double> numbers[7]{};

  void add(const document_group& group, const std::vector<performance_sums>& sums) {
    for (std::size_t back = measure.periods(); back-- > 0;)
      add(group, back, sums[back], sums[back + 1].receivables);
  }
  void add(const document_group& group, std::size_t back, const performance_sums& sums,
           wide_integer opening) {
    named.add(group);
    days[0].push_back(measure.first(back));
    days[1].push_back(measure.last(back));
    const wide_integer sales = sums.invoiced - (asked.sales == sales_basis::net ? sums.credited : 0);
    const std::pair<wide_integer, std::string_view> amounts[] = {{opening, "opening receivables"},
                                                                 {sales, "sales"},
                                                                 {sums.receivables, "closing receivables"},
                                                                 {sums.current, "current receivables"},
                                                                 {sums.overdue, "overdue receivables"},
                                                                 {sums.invoiced, "invoices"},
                                                                 {sums.credited, "credit notes"},
                                                                 {sums.written_off, "write-offs"},
                                                                 {sums.discounted, "discounts"}};
    for (std::size_t i = 0; i < std::size(amounts); ++i)
      money[i].push_back(fitting(where, amounts[i].first, amounts[i].second, group.shown()));
    const auto share = [](wide_integer of, double whole) {
      return whole > 0.0 ? static_cast<double>(of) / whole : std::numeric_limits<double>::quiet_NaN();
    };
    const double length = static_cast<double>(measure.last(back) - measure.first(back) + 1);
    const double average = asked.average == average_basis::ends
                               ? static_cast<double>(opening + sums.receivables) / 2.0
                               : static_cast<double>(sums.receivables_days) / length;
    numbers[0].push_back(collection_effectiveness_index(opening, sales, sums.receivables, sums.current));
    numbers[1].push_back(share(sales, average));
    numbers[2].push_back(share(sums.overdue, static_cast<double>(sums.current + sums.overdue)));
    numbers[3].push_back(share(sums.credited, static_cast<double>(sums.invoiced)));
    numbers[4].push_back(share(sums.written_off, static_cast<double>(sales)));
    numbers[5].push_back(share(sums.discounted, static_cast<double>(sums.invoiced)));
    numbers[6].push_back(share(sums.disputed, static_cast<double>(sums.invoices)));
    counts[0].push_back(sums.invoices);
    counts[1].push_back(sums.disputed);
  }
  [[nodiscard]] table as(std::string name, bool with_group) {
    table made(std::move(name));
    const money_columns currencies = named.money();
    if (with_group)
      named.put_into(made);
    else
      made.add(money_columns::codes(named.currencies));
    made.add(column::days("period_begin", std::move(days[0])));
    made.add(column::days("period_end", std::move(days[1])));
    const char* const amounts[] = {"opening",  "sales",    "closing",     "current",   "overdue",
                                   "invoiced", "credited", "written_off", "discounted"};
    for (std::size_t i = 0; i < std::size(amounts); ++i)
      made.add(currencies.amounts(amounts[i], std::move(money[i])));
    made.add(column::integers("invoices", std::move(counts[0])));
    made.add(column::integers("disputed_invoices", std::move(counts[1])));
    const char* const ratios[] = {"collection_effectiveness_index",
                                  "turnover",
                                  "past_due_share",
                                  "dilution",
                                  "bad_debt_ratio",
                                  "discount_share",
                                  "dispute_rate"};
    for (std::size_t i = 0; i < std::size(ratios); ++i)
      made.add(column::numbers(ratios[i], std::move(numbers[i])).or_none());
    return made;
  }
};

} // namespace detail

/// One row a group, currency and period, the earliest period first.
/// \throws error status::unknown_name for a label that no document has; what `stats::open_items` throws;
///         status::overflow names the group. \param keys only these customers
[[nodiscard]] inline performance_report
receivables_performance(const stats::ledger& from, const performance_request& asked, std::string_view by,
                        const std::optional<std::vector<std::string>>& keys = {}, const run& how = {}) {
  stats::settled_items history(from, asked.as_of, stats::settled_side::both, keys, how);
  performance_measure measure(from, asked, keys, how);
  detail::performance_lines groups{asked, measure};
  detail::performance_lines totals{asked, measure};
  std::map<stats::currency_code, std::vector<performance_sums>> all;
  std::vector<performance_sums> sums;
  std::size_t done = 0;
  for_each_group(detail::performance_lines::where, from, history.state, by, !keys,
                 [&](const document_group& group) {
                   if (done++ % 4096 == 0 && how.cancelled())
                     how.check(1.0);
                   measure.add_up(group, history, sums);
                   groups.add(group, sums);
                   std::vector<performance_sums>& total = all[group.currency];
                   total.resize(sums.size());
                   for (std::size_t back = 0; back < sums.size(); ++back)
                     total[back] += sums[back];
                 });
  for (const auto& [currency, sum] : all)
    totals.add({"all customers", true, currency, {}}, sum);
  return {groups.as("receivables_performance", true), totals.as("totals", false)};
}

} // namespace emptor::credit
