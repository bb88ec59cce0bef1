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
#include <emptor/stats/settled_items.hpp>

/// Days sales outstanding (应收账款周转天数): how many days of sales stand in the receivables. All its forms take
/// receivables and sales of the very same documents: a group is one on both sides of the division.
namespace emptor::credit {

/// How many days a month is that the count back uses up.
enum class month_length {
  calendar, ///< as many as it has
  thirty,   ///< 30 each
};

/// Receivables over sales times the days of the sales; NaN without sales.
[[nodiscard]] inline double days_sales_outstanding(wide_integer receivables, wide_integer sales,
                                                   double days) noexcept {
  return sales > 0 ? static_cast<double>(receivables) / static_cast<double>(sales) * days
                   : std::numeric_limits<double>::quiet_NaN();
}

/// The days of sales, counted back from today, that add up to the receivables.
struct counted_back {
  double days = 0.0;          ///< NaN where the months do not hold as many sales
  wide_integer uncovered = 0; ///< the receivables beyond the sales of all months
};

/// Count-back (exhaustion) method (倒推法): months are used up from the latest on, the last one in part. A month whose
/// credit notes exceed its sales counts its days and adds what they exceed.
/// \param sales,lengths  by month, from the latest back
[[nodiscard]] inline counted_back count_back(wide_integer receivables, std::span<const wide_integer> sales,
                                             std::span<const std::int32_t> lengths) noexcept {
  counted_back found;
  for (std::size_t month = 0; month < sales.size() && receivables > 0; ++month) {
    if (receivables <= sales[month]) {
      found.days += static_cast<double>(receivables) / static_cast<double>(sales[month]) *
                    static_cast<double>(lengths[month]);
      return found;
    }
    found.days += static_cast<double>(lengths[month]);
    receivables -= sales[month];
  }
  if (receivables > 0)
    return {std::numeric_limits<double>::quiet_NaN(), receivables};
  return found;
}

struct dso_request {
  date as_of;
  measured_periods period;
  double days = 0.0; ///< that the period counts as; 0 = as many as it has
  receivables_basis receivables = receivables_basis::owed;
  sales_basis sales = sales_basis::net;
  month_length months = month_length::calendar;
  int countback_months = 24;                         ///< how far back sales are looked for, 1 to 240
  std::optional<stats::currency_code> in_currency{}; ///< without it each currency stays by itself
};

/// What of a ledger the figures of a group need. Sums only: those of two groups add up to those of both.
struct dso_sums {
  wide_integer receivables = 0;
  wide_integer current = 0; ///< of what is owed: not overdue
  wide_integer overdue = 0;
  wide_integer sales = 0;             ///< of the period
  wide_integer invoiced = 0;          ///< of the period, gross
  wide_integer invoiced_open = 0;     ///< what of it is open
  wide_integer invoiced_days = 0;     ///< minor units times the days on which each was open
  std::vector<wide_integer> by_month; ///< sales, from the month of as_of back

  dso_sums& operator+=(const dso_sums& other) {
    receivables += other.receivables;
    current += other.current;
    overdue += other.overdue;
    sales += other.sales;
    invoiced += other.invoiced;
    invoiced_open += other.invoiced_open;
    invoiced_days += other.invoiced_days;
    by_month.resize(std::max(by_month.size(), other.by_month.size()), 0);
    for (std::size_t month = 0; month < other.by_month.size(); ++month)
      by_month[month] += other.by_month[month];
    return *this;
  }
};

/// The sums and figures of one group after the other.
class dso_measure {
public:
  explicit dso_measure(const dso_request& asked)
      : asked_(asked)
      , today_(days_since_epoch(asked.as_of))
      , first_(asked.period.first())
      , days_(asked.days > 0.0 ? asked.days : static_cast<double>(today_ - first_ + 1)) {
    date begin = asked.as_of;
    for (int month = 0; month < asked.countback_months; ++month) {
      const std::chrono::year_month_day last{begin};
      const auto length = static_cast<std::int32_t>(static_cast<unsigned>(last.day()));
      const bool whole = last == std::chrono::year_month_day{last.year() / last.month() / std::chrono::last};
      lengths_.push_back(asked.months == month_length::calendar ? length : whole ? 30 : std::min(length, 30));
      month_of_age_.insert(month_of_age_.end(), static_cast<std::size_t>(length),
                           static_cast<std::uint8_t>(month));
      begin -= std::chrono::days{length};
    }
  }

  [[nodiscard]] double days() const noexcept { return days_; }

  /// \param sums  emptied first; it is handed in so that its memory is used again
  void add_up(const document_group& group, const stats::settled_items& history, dso_sums& sums) const {
    std::vector<wide_integer> room = std::move(sums.by_month);
    sums = {};
    room.assign(lengths_.size(), 0);
    for (const stats::open_item& one : group.items) {
      if (one.is_owed()) {
        sums.receivables += one.open;
        (one.due != stats::ledger::no_day && one.due < today_ ? sums.overdue : sums.current) += one.open;
      } else if (asked_.receivables == receivables_basis::balance) {
        sums.receivables += one.open;
      }
      const bool invoiced = stats::is_sale(one.kind);
      const bool credited = one.kind == stats::document_kind::credit_note && asked_.sales == sales_basis::net;
      if (!invoiced && !credited)
        continue;
      const std::int64_t sold = invoiced ? one.amount : -one.amount;
      const auto age = static_cast<std::size_t>(today_ - one.date);
      if (age < month_of_age_.size())
        room[month_of_age_[age]] += sold;
      if (one.date < first_)
        continue;
      sums.sales += sold;
      if (!invoiced)
        continue;
      sums.invoiced += one.amount;
      sums.invoiced_open += std::max<std::int64_t>(one.open, 0);
      sums.invoiced_days += one.open < 0 || history.parts_of(one).size() > 1
                                ? days_until_settled(one, history)
                                : days_open(one, history);
    }
    sums.by_month = std::move(room);
  }

  /// Minor units times the days on which they were open.
  [[nodiscard]] wide_integer days_open(const stats::open_item& one,
                                       const stats::settled_items& history) const noexcept {
    wide_integer sum = wide_integer{one.amount} * (today_ - one.date);
    for (const stats::settled_part& part : history.parts_of(one))
      sum -= wide_integer{part.amount} * (today_ - part.day());
    return sum;
  }
  /// The same of what may have been settled beyond its amount: then nothing is open.
  [[nodiscard]] wide_integer days_until_settled(const stats::open_item& one,
                                                const stats::settled_items& history) const {
    std::vector<stats::settled_part> room;
    wide_integer sum = 0;
    wide_integer open = one.amount;
    std::int32_t since = one.date;
    for (const stats::settled_part& part : history.parts_by_day(one, room)) {
      sum += std::max<wide_integer>(open, 0) * (part.day() - since);
      since = part.day();
      open -= part.amount;
    }
    return sum + std::max<wide_integer>(open, 0) * (today_ - since);
  }

  struct figures {
    double simple;
    double best_possible;
    double average_days_delinquent;
    counted_back back;
    double invoice_true;
    double invoiced_open_share;
  };
  [[nodiscard]] figures of(const dso_sums& sums) const noexcept {
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    const auto over_invoiced = [&](wide_integer what) {
      return sums.invoiced > 0 ? static_cast<double>(what) / static_cast<double>(sums.invoiced) : none;
    };
    figures made{};
    made.simple = days_sales_outstanding(sums.receivables, sums.sales, days_);
    made.best_possible = days_sales_outstanding(sums.current, sums.sales, days_);
    made.average_days_delinquent = days_sales_outstanding(sums.receivables - sums.current, sums.sales, days_);
    made.back = count_back(sums.receivables, sums.by_month, lengths_);
    made.invoice_true = over_invoiced(sums.invoiced_days);
    made.invoiced_open_share = over_invoiced(sums.invoiced_open);
    return made;
  }

private:
  dso_request asked_;
  std::int32_t today_;
  std::int32_t first_;
  double days_;
  std::vector<std::int32_t> lengths_;      ///< of the months of the count back
  std::vector<std::uint8_t> month_of_age_; ///< by days before as_of
};

struct dso_report {
  table groups;
  table totals;
};

/// \throws error status::unknown_name for a label that no document has; what `stats::open_items` throws;
///         status::overflow names the group. \param keys only these customers
[[nodiscard]] inline dso_report
days_sales_outstanding(const stats::ledger& from, const dso_request& asked, std::string_view by,
                       const std::optional<std::vector<std::string>>& keys = {}, const run& how = {}) {
  static constexpr std::string_view where = "credit.days_sales_outstanding";
  stats::settled_items history(from, asked.as_of, stats::settled_side::debits, keys, how);
  stats::express_in(asked.in_currency, from, asked.as_of, history);
  const dso_measure measure(asked);

  struct lines {
    const dso_request& asked;
    group_columns named{};
    std::vector<std::int64_t> money[5]{};
    std::vector<double> numbers[6]{};

    void add(const document_group& group, const dso_sums& sums, const dso_measure& by) {
      named.add(group);
      const dso_measure::figures found = by.of(sums);
      const auto amount = [&](std::size_t which, wide_integer sum, std::string_view what) {
        money[which].push_back(detail::fitting(where, sum, what, group.shown()));
      };
      amount(0, sums.receivables, "receivables");
      amount(1, sums.current, "current receivables");
      amount(2, sums.overdue, "overdue receivables");
      amount(3, sums.sales, "sales");
      amount(4, found.back.uncovered, "uncovered receivables");
      const double values[] = {found.simple,    found.best_possible, found.average_days_delinquent,
                               found.back.days, found.invoice_true,  found.invoiced_open_share};
      for (std::size_t i = 0; i < std::size(values); ++i)
        numbers[i].push_back(values[i]);
    }
    [[nodiscard]] table as(std::string name, bool with_group) {
      table made(std::move(name));
      const detail::money_columns currencies = named.money();
      if (with_group)
        named.put_into(made);
      else
        made.add(detail::money_columns::codes(named.currencies));
      const char* const amounts[] = {"receivables", "current", "overdue", "sales"};
      for (std::size_t i = 0; i < std::size(amounts); ++i)
        made.add(currencies.amounts(amounts[i], std::move(money[i])));
      const char* const days[] = {"simple", "best_possible", "average_days_delinquent", "countback"};
      for (std::size_t i = 0; i < std::size(days); ++i)
        made.add(column::numbers(days[i], std::move(numbers[i]), "days").or_none());
      made.add(currencies.amounts("uncovered", std::move(money[4])));
      made.add(column::numbers("invoice_true", std::move(numbers[4]), "days").or_none());
      made.add(column::numbers("invoiced_open_share", std::move(numbers[5])).or_none());
      add_bases(made, asked.receivables, asked.sales);
      return made;
    }
  };
  lines groups{asked};
  lines totals{asked};
  std::map<stats::currency_code, dso_sums> all;
  dso_sums sums;
  std::size_t done = 0;
  for_each_group(where, from, history.state, by, !keys, [&](const document_group& group) {
    if (done++ % 4096 == 0 && how.cancelled())
      how.check(1.0);
    measure.add_up(group, history, sums);
    groups.add(group, sums, measure);
    all[group.currency] += sums;
  });
  for (const auto& [currency, sum] : all)
    totals.add({"all customers", true, currency, {}}, sum, measure);
  return {groups.as("days_sales_outstanding", true), totals.as("totals", false)};
}

} // namespace emptor::credit
