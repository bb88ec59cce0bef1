// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/credit/by_group.hpp>
#include <emptor/credit/paid_parts.hpp>
#include <emptor/credit/payment_behaviour.hpp>
#include <emptor/stats/intervals.hpp>
#include <emptor/stats/robust_trend.hpp>
#include <emptor/stats/seasonality.hpp>

/// Whether a customer pays later and later (付款趋势), and in which months (季节性). Each invoice is one observation: the days
/// beyond terms of its money, weighted by money, on its document date. Only invoices count whose due date is some time
/// past: of young ones the quick payments alone are known, which would show a fall that is none.
namespace emptor::credit {

struct trend_request {
  date as_of;
  measured_periods period; ///< of the document dates
  open_overdue open = open_overdue::counts;
  std::int32_t mature_days = 60;
  double confidence = 0.95;
  std::optional<stats::currency_code> in_currency{}; ///< without it each currency stays by itself
};

struct payment_trend_figures {
  std::int64_t invoices = 0;
  double median_days = std::numeric_limits<double>::quiet_NaN();
  stats::robust_trend trend; ///< in days beyond terms a day
  stats::seasonality by_month;
};

class payment_trend_measure {
public:
  /// Of more invoices than these the trend takes each so many-th in the order of their dates.
  static constexpr std::size_t most_points = 1000;

  payment_trend_measure(const trend_request& asked, const stats::settled_items& history)
      : asked_(asked)
      , parts_(history)
      , today_(days_since_epoch(asked.as_of))
      , first_(asked.period.first())
      , z_(stats::two_sided_normal_quantile(asked.confidence)) {}

  [[nodiscard]] payment_trend_figures of(const document_group& group) {
    collect(group);
    payment_trend_figures found;
    found.invoices = static_cast<std::int64_t>(invoices_.size());
    if (invoices_.empty())
      return found;
    std::sort(invoices_.begin(), invoices_.end());
    points_.clear();
    const std::size_t count = std::min(invoices_.size(), most_points);
    for (std::size_t i = 0; i < count; ++i)
      points_.push_back(invoices_[i * invoices_.size() / count].point);
    found.trend = trend_(points_, z_);
    found.median_days = median();
    // Months are compared without the trend, which else would speak for those that are early or late in the period.
    const double slope = std::isnan(found.trend.slope) ? 0.0 : found.trend.slope;
    monthly_.clear();
    for (const invoice& one : invoices_)
      monthly_.push_back({one.month, math::value_of(math::real(one.point.value) -
                                                    math::real(slope) * (one.point.day - today_))});
    found.by_month = stats::seasonality_of(monthly_, z_);
    return found;
  }

private:
  struct invoice {
    stats::dated_value point;
    std::uint32_t month = 0; ///< of the due date
    friend bool operator<(const invoice& left, const invoice& right) noexcept {
      return left.point < right.point || (!(right.point < left.point) && left.month < right.month);
    }
  };

  void collect(const document_group& group) {
    invoices_.clear();
    for (const stats::open_item& one : group.items) {
      if (!stats::is_sale(one.kind) || one.due == stats::ledger::no_day || one.date < first_ ||
          one.due > today_ - asked_.mature_days)
        continue;
      wide_integer money = 0;
      wide_integer days = 0;
      for (const stats::settled_part& part : parts_.of(one)) {
        money += part.amount;
        days += wide_integer{part.amount} * (part.day() - one.due);
      }
      if (one.open > 0 && one.due < today_ && asked_.open == open_overdue::counts) {
        money += one.open;
        days += wide_integer{one.open} * (today_ - one.due);
      }
      if (money == 0)
        continue;
      const std::chrono::year_month_day due{date_from_days(one.due)};
      invoices_.push_back({{one.date, static_cast<double>(days) / static_cast<double>(money)},
                           static_cast<unsigned>(due.month()) - 1U});
    }
  }
  [[nodiscard]] double median() {
    values_.clear();
    for (const invoice& one : invoices_)
      values_.push_back(one.point.value);
    const std::size_t half = values_.size() / 2;
    const auto at = values_.begin() + static_cast<std::ptrdiff_t>(half);
    std::nth_element(values_.begin(), at, values_.end());
    if (values_.size() % 2 == 1)
      return *at;
    return math::value_of((math::real(*at) + *std::max_element(values_.begin(), at)) * 0.5);
  }

  const trend_request& asked_;
  paid_parts parts_;
  std::int32_t today_;
  std::int32_t first_;
  double z_;
  stats::robust_trend_finder trend_;
  std::vector<invoice> invoices_;
  std::vector<stats::dated_value> points_;
  std::vector<stats::monthly_value> monthly_;
  std::vector<double> values_;
};

struct payment_trend_report {
  table trends;
  table months;
};

/// \throws error status::unknown_name for a label that no document has; what `stats::open_items` throws
/// \param keys only these customers
[[nodiscard]] inline payment_trend_report
payment_trend(const stats::ledger& from, const trend_request& asked, std::string_view by,
              const std::optional<std::vector<std::string>>& keys = {}, const run& how = {}) {
  stats::settled_items history(from, asked.as_of, stats::settled_side::debits, keys, how);
  stats::express_in(asked.in_currency, from, asked.as_of, history);
  payment_trend_measure measure(asked, history);
  constexpr double year = 365.2425;
  group_columns trends;
  std::vector<std::int64_t> invoices;
  std::vector<double> numbers[7];
  group_columns months;
  std::vector<std::int64_t> month_numbers;
  std::vector<std::int64_t> month_invoices;
  std::vector<double> effects[4];
  std::size_t done = 0;
  for_each_group("credit.payment_trend", from, history.state, by, !keys, [&](const document_group& group) {
    if (done++ % 1024 == 0 && how.cancelled())
      how.check(1.0);
    const payment_trend_figures found = measure.of(group);
    trends.add(group);
    invoices.push_back(found.invoices);
    const double values[] = {found.median_days,
                             math::value_of(math::real(found.trend.slope) * year),
                             math::value_of(math::real(found.trend.within.low) * year),
                             math::value_of(math::real(found.trend.within.high) * year),
                             found.trend.p_value,
                             found.by_month.p_value,
                             found.by_month.effect_size};
    for (std::size_t i = 0; i < std::size(values); ++i)
      numbers[i].push_back(values[i]);
    for (std::size_t month = 0; month < found.by_month.months.size(); ++month) {
      const stats::month_effect& one = found.by_month.months[month];
      if (one.count == 0)
        continue;
      months.add(group);
      month_numbers.push_back(static_cast<std::int64_t>(month) + 1);
      month_invoices.push_back(one.count);
      const double of_month[] = {one.effect, one.shrunk, one.within.low, one.within.high};
      for (std::size_t i = 0; i < std::size(of_month); ++i)
        effects[i].push_back(of_month[i]);
    }
  });
  payment_trend_report made{table("payment_trend"), table("months")};
  trends.put_into(made.trends);
  made.trends.add(column::integers("invoices", std::move(invoices)));
  const char* const names[] = {
      "median_days_beyond_terms", "trend", "trend_low", "trend_high", "trend_p_value", "seasonal_p_value",
      "seasonal_effect_size"};
  for (std::size_t i = 0; i < std::size(names); ++i)
    made.trends.add(column::numbers(names[i], std::move(numbers[i])).or_none());
  months.put_into(made.months);
  made.months.add(column::integers("month", std::move(month_numbers)));
  made.months.add(column::integers("invoices", std::move(month_invoices)));
  const char* const of_months[] = {"effect", "shrunk_effect", "shrunk_effect_low", "shrunk_effect_high"};
  for (std::size_t i = 0; i < std::size(of_months); ++i)
    made.months.add(column::numbers(of_months[i], std::move(effects[i]), "days").or_none());
  return made;
}

} // namespace emptor::credit
