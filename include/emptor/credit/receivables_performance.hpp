// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/money.hpp>
#include <emptor/credit/by_group.hpp>
#include <emptor/credit/ledger_measures.hpp>
#include <emptor/stats/intervals.hpp>
#include <emptor/stats/open_disputes.hpp>
#include <emptor/stats/settled_items.hpp>
#include <emptor/stats/share_interval.hpp>

/// How well receivables are collected (应收账款管理绩效), period by period: what opens and closes a period, and the ratios
/// that credit managers are measured by.
///
/// Turnover, past-due share, dilution and the collection effectiveness index say what was. Dispute rate, discount share and
/// bad-debt ratio are also taken as estimates of what will be, and have intervals: in a group of several customers each is
/// one draw (`stats::ratio_of_sums`), with t about the ratio of what is lost or taken off to the sales of the period, and
/// effective trials for the share of invoices; of one customer there is that of its invoices alone, each of them one draw
/// (Wilson).
namespace emptor::credit {

/// Collection effectiveness index (收款效率指数) as the Credit Research Foundation defines it: of what could be collected in a
/// period, opening receivables and sales less what is not yet due at its end, the share that was, on 0 to 100. NaN where
/// nothing could be.
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
  double confidence = 0.95;
  std::optional<stats::currency_code> in_currency{}; ///< without it each currency stays by itself
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

/// What of one customer the estimates of a period rest on.
struct performance_draw {
  std::uint32_t customer = 0;
  wide_integer invoiced = 0;
  wide_integer sales = 0;
  wide_integer written_off = 0;
  wide_integer discounted = 0;
  std::int64_t invoices = 0;
  std::int64_t disputed = 0;

  performance_draw& operator+=(const performance_draw& other) noexcept {
    invoiced += other.invoiced;
    sales += other.sales;
    written_off += other.written_off;
    discounted += other.discounted;
    invoices += other.invoices;
    disputed += other.disputed;
    return *this;
  }
};
/// Those of each period, the latest first; a customer may come more than once.
using performance_draws = std::vector<std::vector<performance_draw>>;

struct performance_intervals {
  stats::interval dispute_rate;
  stats::interval discount_share;
  stats::interval bad_debt_ratio;
};

/// Intervals of what draws are made of.
class performance_estimates {
public:
  explicit performance_estimates(double confidence)
      : z_(stats::two_sided_normal_quantile(confidence))
      , t_(confidence) {}

  /// \param draws  of one period; those of a customer are put together
  [[nodiscard]] performance_intervals of(std::vector<performance_draw>& draws) {
    put_together(draws);
    for (stats::ratio_of_sums* one : {&disputes_, &discounts_, &losses_})
      one->clear();
    for (const performance_draw& one : draws) {
      if (one.invoices > 0)
        disputes_.add(one.invoices, one.disputed);
      if (one.invoiced != 0 || one.discounted != 0)
        discounts_.add(one.invoiced, one.discounted);
      if (one.sales != 0 || one.written_off != 0)
        losses_.add(one.sales, one.written_off);
    }
    performance_intervals made{disputes_.share_interval_of(t_), not_below_zero(discounts_.plain_interval(t_)),
                               not_below_zero(losses_.plain_interval(t_))};
    if (draws.size() == 1 && draws.front().invoices > 0)
      made.dispute_rate =
          stats::wilson_interval(disputes_.value(), static_cast<double>(draws.front().invoices), z_);
    return made;
  }

private:
  static void put_together(std::vector<performance_draw>& draws) {
    const auto comes_before = [](const performance_draw& left, const performance_draw& right) {
      return left.customer < right.customer;
    };
    if (!std::is_sorted(draws.begin(), draws.end(), comes_before))
      std::sort(draws.begin(), draws.end(), comes_before);
    std::size_t kept = 0;
    for (std::size_t i = 0; i < draws.size(); ++i) {
      if (kept > 0 && draws[kept - 1].customer == draws[i].customer)
        draws[kept - 1] += draws[i];
      else
        draws[kept++] = draws[i];
    }
    draws.resize(kept);
  }
  [[nodiscard]] static stats::interval not_below_zero(stats::interval ends) noexcept {
    return {ends.low < 0.0 ? 0.0 : ends.low, ends.high};
  }

  double z_;
  stats::student_quantiles t_;
  stats::ratio_of_sums disputes_;
  stats::ratio_of_sums discounts_;
  stats::ratio_of_sums losses_;
};

/// The sums of one group after the other. Periods count back from as_of; one more than asked for, whose end opens the
/// first.
class performance_measure {
public:
  /// \throws error what `stats::open_disputes` throws
  performance_measure(const stats::ledger& from, const performance_request& asked,
                      const std::optional<std::vector<std::string>>& keys, const run& how)
      : from_(from)
      , disputed_(disputed_rows(from, asked.as_of, keys, how))
      , net_(asked.sales == sales_basis::net)
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

  /// Customer after customer. \param draws  emptied first
  void add_up(const document_group& group, const stats::settled_items& history,
              std::vector<performance_sums>& sums, performance_draws& draws) {
    sums.assign(lasts_.size(), {});
    draws.resize(firsts_.size());
    for (std::vector<performance_draw>& of_period : draws)
      of_period.clear();
    const auto items = from_.items().rows();
    const auto customer = [&](const stats::open_item& one) { return items[one.row].customer; };
    std::span<const stats::open_item> all = group.items;
    const auto comes_before = [&](const stats::open_item& left, const stats::open_item& right) {
      return customer(left) < customer(right);
    };
    if (!std::is_sorted(all.begin(), all.end(), comes_before)) {
      sorted_.assign(all.begin(), all.end());
      std::sort(sorted_.begin(), sorted_.end(), comes_before);
      all = sorted_;
    }
    for (std::size_t first = 0; first < all.size();) {
      std::size_t last = first + 1;
      while (last < all.size() && customer(all[last]) == customer(all[first]))
        ++last;
      of_customer_.assign(lasts_.size(), {});
      add_up(all.subspan(first, last - first), history, of_customer_);
      for (std::size_t back = 0; back < lasts_.size(); ++back)
        sums[back] += of_customer_[back];
      for (std::size_t back = 0; back < firsts_.size(); ++back) {
        const performance_sums& of = of_customer_[back];
        if (of.invoices > 0 || of.credited != 0 || of.written_off != 0 || of.discounted != 0)
          draws[back].push_back({customer(all[first]), of.invoiced, sales_of(of), of.written_off,
                                 of.discounted, of.invoices, of.disputed});
      }
      first = last;
    }
  }
  [[nodiscard]] wide_integer sales_of(const performance_sums& sums) const noexcept {
    return sums.invoiced - (net_ ? sums.credited : 0);
  }

private:
  void add_up(std::span<const stats::open_item> documents, const stats::settled_items& history,
              std::vector<performance_sums>& sums) {
    for (const stats::open_item& one : documents) {
      count_document(one, sums);
      // From one settlement to the next the same sum is open.
      const bool debit = stats::is_debit(one.kind);
      wide_integer open = debit ? one.amount : -wide_integer{one.amount};
      std::int32_t since = one.date;
      for (const stats::settled_part& part : history.parts_by_day(one, parts_)) {
        if (part.day() > since)
          count_open(one, debit, open, since, part.day(), sums);
        since = part.day();
        open -= debit ? part.amount : -wide_integer{part.amount};
      }
      count_open(one, debit, open, since, lasts_.front() + 1, sums);
    }
  }
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

  const stats::ledger& from_;
  std::vector<std::uint8_t> disputed_;
  bool net_;
  bool balance_;
  std::vector<std::int32_t> firsts_;
  std::vector<std::int32_t> lasts_; ///< falling; one more
  std::vector<stats::settled_part> parts_;
  std::vector<stats::open_item> sorted_;
  std::vector<performance_sums> of_customer_;
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
  performance_estimates estimates{asked.confidence};
  group_columns named{};
  std::vector<std::int32_t> days[2]{};
  std::vector<std::int64_t> money[9]{};
  std::vector<std::int64_t> counts[2]{};
  std::vector<double> numbers[13]{};

  void add(const document_group& group, const std::vector<performance_sums>& sums, performance_draws& draws) {
    for (std::size_t back = measure.periods(); back-- > 0;)
      add(group, back, sums[back], sums[back + 1].receivables, estimates.of(draws[back]));
  }
  void add(const document_group& group, std::size_t back, const performance_sums& sums, wide_integer opening,
           const performance_intervals& within) {
    named.add(group);
    days[0].push_back(measure.first(back));
    days[1].push_back(measure.last(back));
    const wide_integer sales = measure.sales_of(sums);
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
    const stats::interval* const ends[] = {&within.bad_debt_ratio, &within.discount_share,
                                           &within.dispute_rate};
    for (std::size_t i = 0; i < std::size(ends); ++i) {
      const bool known = !std::isnan(numbers[4 + i].back());
      numbers[7 + 2 * i].push_back(known ? ends[i]->low : std::numeric_limits<double>::quiet_NaN());
      numbers[8 + 2 * i].push_back(known ? ends[i]->high : std::numeric_limits<double>::quiet_NaN());
    }
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
                                  "dispute_rate",
                                  "bad_debt_ratio_low",
                                  "bad_debt_ratio_high",
                                  "discount_share_low",
                                  "discount_share_high",
                                  "dispute_rate_low",
                                  "dispute_rate_high"};
    for (std::size_t i = 0; i < std::size(ratios); ++i)
      made.add(column::numbers(ratios[i], std::move(numbers[i])).or_none());
    add_bases(made, asked.receivables, asked.sales);
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
  stats::express_in(asked.in_currency, from, asked.as_of, history);
  performance_measure measure(from, asked, keys, how);
  detail::performance_lines groups{asked, measure};
  detail::performance_lines totals{asked, measure};
  std::map<stats::currency_code, std::pair<std::vector<performance_sums>, performance_draws>> all;
  std::vector<performance_sums> sums;
  performance_draws draws;
  std::size_t done = 0;
  for_each_group(
      detail::performance_lines::where, from, history.state, by, !keys, [&](const document_group& group) {
        if (done++ % 4096 == 0 && how.cancelled())
          how.check(1.0);
        measure.add_up(group, history, sums, draws);
        groups.add(group, sums, draws);
        auto& [total, total_draws] = all[group.currency];
        total.resize(sums.size());
        for (std::size_t back = 0; back < sums.size(); ++back)
          total[back] += sums[back];
        total_draws.resize(draws.size());
        for (std::size_t back = 0; back < draws.size(); ++back)
          total_draws[back].insert(total_draws[back].end(), draws[back].begin(), draws[back].end());
      });
  for (auto& [currency, sum] : all)
    totals.add({"all customers", true, currency, {}}, sum.first, sum.second);
  return {groups.as("receivables_performance", true), totals.as("totals", false)};
}

} // namespace emptor::credit
