// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/described_table.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/math/real.hpp>
#include <emptor/stats/intervals.hpp>
#include <emptor/value/cohorts.hpp>
#include <emptor/value/money_lines.hpp>
#include <emptor/value/order_sums.hpp>
#include <emptor/value/ratio_of_amounts.hpp>
#include <emptor/value/summary_entry.hpp>
#include <emptor/value/until_option.hpp>

/// How the catalogue knows cohorts (cohorts.hpp).
namespace emptor::value {

inline constexpr option_description cohort_finish_options[] = {
    described_in(summary_finish_options, "until"),
    stats::period_option("month"),
    described_in(summary_finish_options, "same_day"),
    described_in(summary_finish_options, "negative"),
    described_in(summary_finish_options, "currency"),
    {.name = "confidence",
     .summary = "probability that an interval covers the true share, if customers act for themselves",
     .unit = "probability",
     .allowed = {.low = 0.0, .high = 1.0, .low_open = true, .high_open = true},
     .default_value = "0.95"},
};

inline constexpr column_description cohort_cell_columns[] = {
    {.name = "cohort", .what = content::day, .summary = "first day of the period of the first order"},
    {.name = "age", .what = content::count, .unit = "periods", .summary = "periods since, 0 for the first"},
    {.name = "period", .what = content::day, .summary = "first day of the period that it is then"},
    {.name = "complete", .what = content::boolean, .summary = "whether all of the period is known"},
    {.name = "customers", .what = content::count, .unit = "customers", .summary = "of the cohort"},
    {.name = "active",
     .what = content::count,
     .unit = "customers",
     .summary = "of these, with an order in the period"},
    {.name = "retention_rate", .unit = "share", .summary = "active / customers (留存率)"},
    {.name = "low", .unit = "share", .summary = "lower end of its interval (Wilson)"},
    {.name = "high", .unit = "share", .summary = "upper end"},
    {.name = "repeat_customers",
     .what = content::count,
     .unit = "customers",
     .summary = "with a second order by the end of the period"},
    {.name = "repeat_share", .unit = "share", .summary = "repeat_customers / customers (复购率)"},
    {.name = "orders", .what = content::count, .unit = "orders", .summary = "in the period"},
    {.name = "amount", .what = content::amount, .unit = "currency", .summary = "of these orders"},
    {.name = "cumulative_amount",
     .what = content::amount,
     .unit = "currency",
     .summary = "of all orders up to the end of the period"},
    {.name = "value_per_customer",
     .unit = "currency a customer",
     .summary = "cumulative_amount / customers (累计客户价值)"},
};
inline constexpr column_description cohort_columns[] = {
    described_in(cohort_cell_columns, "cohort"),
    {.name = "customers",
     .what = content::count,
     .unit = "customers",
     .summary = "whose first order fell in the period"},
    {.name = "orders", .what = content::count, .unit = "orders", .summary = "up to until"},
    {.name = "amount", .what = content::amount, .unit = "currency", .summary = "of these orders"},
    {.name = "first_period_amount",
     .what = content::amount,
     .unit = "currency",
     .summary = "of those at age 0"},
    {.name = "repeat_customers",
     .what = content::count,
     .unit = "customers",
     .summary = "with a second order up to until"},
    {.name = "repeat_share", .unit = "share", .summary = "repeat_customers / customers (复购率)"},
    {.name = "low", .unit = "share", .summary = "lower end of its interval (Wilson)"},
    {.name = "high", .unit = "share", .summary = "upper end"},
    {.name = "orders_per_customer", .unit = "orders a customer", .summary = "orders / customers"},
    {.name = "value_per_customer", .unit = "currency a customer", .summary = "amount / customers"},
};
inline constexpr column_description cohort_age_columns[] = {
    {.name = "age", .what = content::count, .unit = "periods", .summary = "periods since the first order"},
    {.name = "cohorts",
     .what = content::count,
     .unit = "cohorts",
     .summary = "that are so old; complete periods only"},
    {.name = "customers", .what = content::count, .unit = "customers", .summary = "of these cohorts"},
    {.name = "active",
     .what = content::count,
     .unit = "customers",
     .summary = "of these, with an order at this age"},
    {.name = "retention_rate", .unit = "share", .summary = "active / customers"},
    {.name = "low", .unit = "share", .summary = "lower end of its interval (Wilson)"},
    {.name = "high", .unit = "share", .summary = "upper end"},
    {.name = "orders", .what = content::count, .unit = "orders", .summary = "at this age"},
    {.name = "amount", .what = content::amount, .unit = "currency", .summary = "of these orders"},
    {.name = "amount_per_customer", .unit = "currency a customer", .summary = "amount / customers"},
    {.name = "value_per_customer",
     .unit = "currency a customer",
     .summary = "sum of amount_per_customer up to this age; the cohorts that it is of become fewer"},
};
inline constexpr column_description cohort_period_columns[] = {
    {.name = "period", .what = content::day, .summary = "first day; from that of the first order of all"},
    {.name = "complete", .what = content::boolean, .summary = "whether all of it is known"},
    {.name = "active",
     .what = content::count,
     .unit = "customers",
     .summary = "with an order: new_customers + returning_customers"},
    {.name = "new_customers",
     .what = content::count,
     .unit = "customers",
     .summary = "whose first order it was (新客户)"},
    {.name = "returning_customers",
     .what = content::count,
     .unit = "customers",
     .summary = "of earlier cohorts"},
    {.name = "orders", .what = content::count, .unit = "orders", .summary = "in the period"},
    {.name = "amount",
     .what = content::amount,
     .unit = "currency",
     .summary = "new_amount + returning_amount"},
    {.name = "new_amount",
     .what = content::amount,
     .unit = "currency",
     .summary = "of the new customers, in the whole period"},
    {.name = "returning_amount", .what = content::amount, .unit = "currency", .summary = "of the others"},
};
inline constexpr table_description cohort_outputs[] = {
    {.name = "cells",
     .summary = "one row a cohort and age, those that are still to come left out",
     .columns = cohort_cell_columns},
    {.name = "cohorts", .summary = "one row a cohort", .columns = cohort_columns},
    {.name = "ages", .summary = "all cohorts together, by age", .columns = cohort_age_columns},
    {.name = "periods", .summary = "all cohorts together, by period", .columns = cohort_period_columns},
    order_sum_output,
    until_warning_output,
};

// January: Ann (two orders, then one of 30 in March of which 10 come back) and Bob (once more in February). February: Cai.
inline constexpr example_table cohort_example_rows[] = {
    {"orders",
     "customer,date,amount\nAnn,2024-01-10,100\nAnn,2024-01-20,50\nAnn,2024-03-05,30\nAnn,2024-03-08,-10\n"
     "Bob,2024-01-31,40\nBob,2024-02-15,60\nCai,2024-02-02,80\n"}};
inline constexpr example_option cohort_example_options[] = {{"until", "2024-03-30"}};
inline constexpr example_table cohort_example_expected[] = {
    {"cells",
     "cohort,age,period,complete,customers,active,retention_rate,repeat_customers,repeat_share,orders,amount,"
     "cumulative_amount,value_per_customer\n"
     "2024-01-01,0,2024-01-01,true,2,2,1,1,0.5,3,190,190,95\n"
     "2024-01-01,1,2024-02-01,true,2,1,0.5,2,1,1,60,250,125\n"
     "2024-01-01,2,2024-03-01,false,2,1,0.5,2,1,1,20,270,135\n"
     "2024-02-01,0,2024-02-01,true,1,1,1,0,0,1,80,80,80\n"
     "2024-02-01,1,2024-03-01,false,1,0,0,0,0,0,0,80,80\n"},
    {"cohorts", "cohort,customers,orders,amount,first_period_amount,repeat_customers,orders_per_customer,"
                "value_per_customer\n"
                "2024-01-01,2,5,270,190,2,2.5,135\n2024-02-01,1,1,80,80,0,1,80\n"},
    {"ages",
     "age,cohorts,customers,active,retention_rate,orders,amount,amount_per_customer,value_per_customer\n"
     "0,2,3,3,1,4,270,90,90\n1,1,2,1,0.5,1,60,30,120\n"},
    {"periods",
     "period,complete,active,new_customers,returning_customers,orders,amount,new_amount,returning_amount\n"
     "2024-01-01,true,2,2,0,3,190,190,0\n2024-02-01,true,2,1,1,2,140,80,60\n"
     "2024-03-01,false,1,0,1,1,20,0,20\n"},
    {"totals", "customers,without_order,orders,amount,order_amount,credit_note_amount,unapplied_credit\n"
               "3,0,6,350,360,-10,0\n"},
};
inline constexpr example cohort_examples[] = {
    {.what = verb::reduce,
     .summary = "two cohorts by month, a credit note, and a last month that is not over",
     .source = "worked by hand",
     .tables = cohort_example_rows,
     .options = cohort_example_options,
     .expected = cohort_example_expected},
};
inline constexpr demo_input cohort_demo_inputs[] = {{"orders", "orders"}};
inline constexpr example_option cohort_demo_options[] = {{"until", demo_today}, {"period", "quarter"}};
inline constexpr demo_feed cohort_demo[] = {{.inputs = cohort_demo_inputs, .options = cohort_demo_options}};

inline constexpr entry_description cohorts_description{
    .name = cohorts_name,
    .what = verb::reduce,
    .summary = "cohorts by the period of the first order: how many came back in each period since, what they "
               "ordered and "
               "are worth by then",
    .source =
        "P. S. Fader, B. G. S. Hardie, M. Ross, The Customer-Base Audit (2022); E. B. Wilson, JASA 22 (1927)",
    .chinese = "同期群分析",
    .since = "0.1",
    .store = "order_history",
    .options = cohort_finish_options,
    .outputs = cohort_outputs,
    .examples = cohort_examples,
    .demo = cohort_demo,
};

namespace detail {

class cohort_writer {
public:
  /// \param z normal quantile of the confidence
  cohort_writer(const cohort_report& of, double z)
      : of_(of)
      , z_(z)
      , fit_(cohorts_name) {}

  [[nodiscard]] std::vector<table> tables() {
    described_table cells(cohort_outputs[0], of_.decimals);
    described_table cohorts(cohort_outputs[1], of_.decimals);
    if (!of_.cells.empty()) {
      const std::int32_t first = of_.cells.front().cohort;
      ages_.resize(static_cast<std::size_t>(of_.last_period - first) + 1);
      periods_.resize(ages_.size());
    }
    for (std::size_t begin = 0; begin < of_.cells.size();) {
      const auto count = static_cast<std::size_t>(of_.last_period - of_.cells[begin].cohort) + 1;
      write(std::span(of_.cells).subspan(begin, count), cells, cohorts);
      begin += count;
    }
    std::vector<table> made;
    made.push_back(std::move(cells).made());
    made.push_back(std::move(cohorts).made());
    made.push_back(ages());
    made.push_back(periods());
    made.push_back(order_sum_table(of_.sums, of_.decimals, cohorts_name));
    return made;
  }

private:
  struct sums {
    std::int64_t cohorts = 0;
    std::int64_t customers = 0;
    cohort_cell all;
    cohort_cell of_new;
  };

  [[nodiscard]] std::int64_t fits(wide_integer amount) const {
    return fit_(amount, "amount", "all customers");
  }
  void share(described_table& to, std::int64_t some, std::int64_t all) const {
    const double value = whole_ratio(some, all);
    const stats::interval ends = stats::wilson_interval(value, static_cast<double>(all), z_);
    to.number(value).number(ends.low).number(ends.high);
  }
  /// One cohort.
  void write(std::span<const cohort_cell> of, described_table& cells, described_table& cohorts) {
    const std::int64_t customers = of.front().active;
    const std::int32_t cohort_day = of_.periods.first_day_of(of.front().cohort);
    cohort_cell sum;
    for (const cohort_cell& cell : of) {
      sum.add(cell);
      const auto age = static_cast<std::size_t>(cell.period - cell.cohort);
      cells.day(cohort_day)
          .whole(static_cast<std::int64_t>(age))
          .day(of_.periods.first_day_of(cell.period))
          .truth(of_.complete(cell.period))
          .whole(customers)
          .whole(cell.active);
      share(cells, cell.active, customers);
      cells.whole(sum.second)
          .number(whole_ratio(sum.second, customers))
          .whole(cell.orders)
          .whole(fits(cell.amount))
          .whole(fits(sum.amount))
          .number(mean_amount(sum.amount, customers, of_.decimals));
      sums& period = periods_[static_cast<std::size_t>(cell.period - of_.cells.front().cohort)];
      period.all.add(cell);
      if (age == 0)
        period.of_new.add(cell);
      if (of_.complete(cell.period)) {
        ++ages_[age].cohorts;
        ages_[age].customers += customers;
        ages_[age].all.add(cell);
      }
    }
    cohorts.day(cohort_day)
        .whole(customers)
        .whole(sum.orders)
        .whole(fits(sum.amount))
        .whole(fits(of.front().amount))
        .whole(sum.second);
    share(cohorts, sum.second, customers);
    cohorts.number(whole_ratio(sum.orders, customers))
        .number(mean_amount(sum.amount, customers, of_.decimals));
  }
  [[nodiscard]] table ages() const {
    described_table made(cohort_outputs[2], of_.decimals);
    math::real worth(0.0);
    for (std::size_t age = 0; age < ages_.size() && ages_[age].cohorts > 0; ++age) {
      const sums& of = ages_[age];
      const double each = mean_amount(of.all.amount, of.customers, of_.decimals);
      worth = worth + each;
      made.whole(static_cast<std::int64_t>(age)).whole(of.cohorts).whole(of.customers).whole(of.all.active);
      share(made, of.all.active, of.customers);
      made.whole(of.all.orders).whole(fits(of.all.amount)).number(each).number(math::value_of(worth));
    }
    return std::move(made).made();
  }
  [[nodiscard]] table periods() const {
    described_table made(cohort_outputs[3], of_.decimals);
    for (std::size_t i = 0; i < periods_.size(); ++i) {
      const std::int32_t period = of_.cells.front().cohort + static_cast<std::int32_t>(i);
      const sums& of = periods_[i];
      made.day(of_.periods.first_day_of(period))
          .truth(of_.complete(period))
          .whole(of.all.active)
          .whole(of.of_new.active)
          .whole(of.all.active - of.of_new.active)
          .whole(of.all.orders)
          .whole(fits(of.all.amount))
          .whole(fits(of.of_new.amount))
          .whole(fits(of.all.amount - of.of_new.amount));
    }
    return std::move(made).made();
  }
  const cohort_report& of_;
  double z_;
  fitting_amounts fit_;
  std::vector<sums> ages_;
  std::vector<sums> periods_; ///< from the first cohort on
};

} // namespace detail

/// The tables of a report, but the warnings. \throws error status::overflow where a sum does not fit 64 bits
[[nodiscard]] inline std::vector<table> to_tables(const cohort_report& of, double confidence) {
  return detail::cohort_writer(of, stats::two_sided_normal_quantile(confidence)).tables();
}

[[nodiscard]] inline result finish_cohorts(const finish_request& request) {
  const auto& from = request.stored<stats::order_history>();
  const option_values& given = request.options;
  cohort_options options;
  const counted_until until = read_until(given, from);
  options.until = until.day;
  options.period = std::string(given.text("period"));
  options.same_day = given.choice<stats::same_day>("same_day", stats::same_day_names);
  options.negative = given.choice<stats::negative>("negative", stats::negative_names);
  if (given.has("currency"))
    options.currency = currency(given.text("currency"));
  const cohort_report report = cohorts_of(from, options, request.how, request.keys);
  result made{to_tables(report, given.number("confidence")), nullptr};
  made.tables.push_back(until_warnings(until));
  return made;
}

inline constexpr entry cohorts_entry{.description = &cohorts_description, .finish = &finish_cohorts};

} // namespace emptor::value
