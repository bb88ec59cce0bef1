// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/date.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/core/run.hpp>
#include <emptor/core/units.hpp>
#include <emptor/math/real.hpp>
#include <emptor/stats/net_orders.hpp>
#include <emptor/stats/order_history.hpp>
#include <emptor/value/model_fit.hpp>
#include <emptor/value/order_models.hpp>
#include <emptor/value/summary_entry.hpp>

/// The tracking plot of a cohort: its repeat orders of each week, as they came and as a model expects them of
/// customers of whom it knows the first order only. Source: Fader, Hardie and Lee, Marketing Science 24 (2005),
/// figures 2 and 4.
namespace emptor::value {

inline constexpr std::string_view tracking_name = "value.tracking";

enum class tracking_period : std::int32_t { day = 0, week = 1, month = 2 };
inline constexpr std::string_view tracking_period_names[] = {"day", "week", "month"};

struct tracking_options {
  tracking_period period = tracking_period::week;
  std::optional<std::int64_t> periods; ///< by default all that are over by `until`
  std::optional<date> until;           ///< the last day that counts; by default the latest day of the history
  std::optional<date> cohort_until;    ///< only customers with a first order up to this day
  stats::net_options net;
  std::optional<emptor::currency> currency;
};

/// One period. The first begins on the day of the cohort's first order; an order on the day after the last one of
/// a period belongs to the next. A customer is as old at its end as from his first order to the day after its last
/// one, which is a day more than value.summary says with `until` on that day: so BTYD and CLVTools count.
struct tracked_period {
  date last{};             ///< its last day
  bool is_over = true;     ///< up to `until`; else `actual` is no answer yet
  std::int64_t actual = 0; ///< repeat orders
  double expected = 0.0;
};

struct tracked_cohort {
  std::int64_t customers = 0;
  std::vector<tracked_period> periods;
};

/// Customers as well as their first and repeat orders are those that value.summary has (stats/net_orders.hpp).
/// \throws error status::option (a model without a time unit), status::too_few (no customers), status::conflict,
///         status::currency, status::overflow, status::data, status::cancelled
[[nodiscard]] inline tracked_cohort
track(const emptor::model& orders, const stats::order_history& from, const tracking_options& options = {},
      const run& how = {}, const std::optional<std::vector<std::string>>& keys = std::nullopt) {
  const std::string where(tracking_name);
  const time_unit unit = orders.unit();
  if (unit == time_unit::none)
    throw error(status::option, where + ": slot model needs a model with a time unit");
  const std::int32_t until =
      days_since_epoch(options.until ? *options.until : stats::last_day_of(from).value_or(date{}));
  const std::int32_t cohort_until = options.cohort_until ? days_since_epoch(*options.cohort_until)
                                                         : std::numeric_limits<std::int32_t>::max();

  // How many customers began on each day, and how many repeat orders fell on it.
  struct daily {
    std::map<std::int32_t, std::int64_t> begun;
    std::map<std::int32_t, std::int64_t> repeats;
  };
  stats::lines_by_customer lines = stats::by_customer(from, options.currency, keys, tracking_name, how);
  std::vector<daily> parts(static_cast<std::size_t>(lines.parts()));
  for_each_task(lines.parts(), how, [&](std::int64_t part) {
    stats::order_netting netting(from, options.net);
    daily& into = parts[static_cast<std::size_t>(part)];
    lines.for_each_customer(part, [&](std::size_t place, std::span<stats::order_line> of_customer) {
      try {
        const stats::net_history& net = netting.net(of_customer, until, lines.customers[place]);
        if (net.left.empty() || net.left.front().day > cohort_until)
          return;
        ++into.begun[net.left.front().day];
        for (std::size_t i = 1; i < net.left.size(); ++i)
          ++into.repeats[net.left[i].day];
      } catch (const error& refused) {
        throw error(refused.code(), where + ": " + refused.what());
      }
    });
  });
  daily all;
  for (const daily& part : parts) {
    for (const auto& [day, count] : part.begun)
      all.begun[day] += count;
    for (const auto& [day, count] : part.repeats)
      all.repeats[day] += count;
  }
  tracked_cohort made;
  for (const auto& [day, count] : all.begun)
    made.customers += count;
  if (made.customers == 0)
    throw error(status::too_few, where + ": there are no customers with an order");

  const std::int32_t origin = all.begun.begin()->first;
  const auto end_of = [&](std::int64_t period) { // the day after
    const auto count = static_cast<std::int32_t>(period);
    switch (options.period) {
    case tracking_period::day:
      return origin + count;
    case tracking_period::week:
      return origin + 7 * count;
    default:
      return days_since_epoch(add_months(date_from_days(origin), count));
    }
  };
  for (std::int64_t period = 1; options.periods ? period <= *options.periods : end_of(period) <= until + 1;
       ++period)
    made.periods.push_back(
        {.last = date_from_days(end_of(period) - 1), .is_over = end_of(period) <= until + 1});

  auto repeat = all.repeats.begin();
  for (std::size_t i = 0; i < made.periods.size(); ++i) {
    const std::int32_t end = end_of(static_cast<std::int64_t>(i) + 1);
    for (; repeat != all.repeats.end() && repeat->first < end; ++repeat)
      made.periods[i].actual += repeat->second;
  }
  // Expected orders up to the end of each period, and of those what the period adds.
  const std::vector<std::pair<std::int32_t, std::int64_t>> begun(all.begun.begin(), all.begun.end());
  std::vector<double> until_end(made.periods.size());
  with_order_model(orders, [&]<class Model>(Model) {
    const auto p = parameters_of<Model>(orders);
    for_each_task(static_cast<std::int64_t>(until_end.size()), how, [&](std::int64_t task) {
      const auto i = static_cast<std::size_t>(task);
      const std::int32_t end = end_of(task + 1);
      until_end[i] = math::value_of(sum_in_tree<math::real>(0, begun.size(), [&](std::size_t k) {
        const double age = begun[k].first < end ? (end - begun[k].first) / days_in(unit) : 0.0;
        return expected_orders(p, math::real(age)) * static_cast<double>(begun[k].second);
      }));
    });
  });
  for (std::size_t i = 0; i < made.periods.size(); ++i)
    made.periods[i].expected = until_end[i] - (i == 0 ? 0.0 : until_end[i - 1]);
  return made;
}

// How the catalogue knows it.

/// Those in whose time an order can come on any day.
inline constexpr std::string_view tracking_models[] = {bg_nbd::name, mbg_nbd::name, nbd::name,
                                                       pareto_nbd::name};
inline constexpr slot_description tracking_slots[] = {
    {.name = looked_at_slot.name,
     .summary = "when customers order: a fitted model with a time unit",
     .accepts = tracking_models}};
inline constexpr option_description tracking_finish_options[] = {
    {.name = "period",
     .what = option_content::choice,
     .summary = "length of a period: a day, a week of 7 days or a calendar month, counted from the day of "
                "the cohort's "
                "first order",
     .default_value = "week",
     .choices = tracking_period_names},
    {.name = "periods",
     .what = option_content::integer,
     .summary =
         "how many; by default all that are over by `until`. Of later ones only expected orders are known",
     .allowed = {1.0, 1e4}},
    described_in(summary_finish_options, "until"),
    {.name = "cohort_until",
     .what = option_content::day,
     .summary = "only customers with a first order up to this day (default: all)"},
    described_in(summary_finish_options, "same_day"),
    described_in(summary_finish_options, "negative"),
    described_in(summary_finish_options, "currency"),
};
inline constexpr column_description tracking_columns[] = {
    {.name = "period", .what = content::count, .summary = "1 begins on the day of the cohort's first order"},
    {.name = "last_day", .what = content::day, .summary = "the last day of the period"},
    {.name = "actual",
     .what = content::count,
     .unit = "orders",
     .summary = "repeat orders of the period; null where it is not over",
     .optional = true},
    {.name = "expected", .unit = "orders", .summary = "repeat orders of the period that the model expects"},
    {.name = "cumulative_actual",
     .what = content::count,
     .unit = "orders",
     .summary = "repeat orders up to its end; null where it is not over",
     .optional = true},
    {.name = "cumulative_expected", .unit = "orders", .summary = "what the model expects up to its end"},
};
inline constexpr table_description tracking_outputs[] = {
    {.name = "tracking", .summary = "one row for each period", .columns = tracking_columns}};

inline constexpr example_table tracking_example_tables[] = {
    {"orders",
     "customer,date,amount,document\nAnn,2024-01-01,10.00,D1\nAnn,2024-01-05,10.00,D2\nAnn,2024-01-20,10.00,"
     "D3\nBob,2024-01-03,10.00,D4\nBob,2024-01-08,10.00,D5\nCai,2024-01-10,10.00,D6\nCai,2024-01-10,5.00,"
     "D7\nCai,2024-01-21,10.00,D8\n"}};
inline constexpr example_table tracking_model[] = {{"parameters", "parameter,value\nr,0.5\nalpha,5\n"}};
inline constexpr example_option tracking_week[] = {{"unit", "week"}};
inline constexpr example_slot tracking_example_slots[] = {
    {"model", nbd::name, tracking_model, tracking_week}};
inline constexpr example_option tracking_example_options[] = {{"periods", "4"}};
// Each customer is expected to order 0.1 times a week from his first order on.
inline constexpr example_table tracking_expected[] = {
    {"tracking", "period,last_day,actual,expected,cumulative_actual,cumulative_expected\n"
                 "1,2024-01-07,1,0.17142857142857143,1,0.17142857142857143\n"
                 "2,2024-01-14,1,0.2714285714285714,2,0.44285714285714284\n"
                 "3,2024-01-21,2,0.3,4,0.74285714285714288\n"
                 "4,2024-01-28,,0.3,,1.0428571428571429\n"}};
inline constexpr example tracking_examples[] = {
    {.what = verb::reduce,
     .summary = "three customers against a negative binomial with 0.1 orders a week; the fourth week is "
                "still to come",
     .source = "by hand",
     .tables = tracking_example_tables,
     .options = tracking_example_options,
     .expected = tracking_expected,
     .tolerance = 1e-12,
     .slots = tracking_example_slots},
};

inline constexpr demo_input tracking_demo_inputs[] = {{"orders", "orders"}};
inline constexpr demo_slot tracking_demo_slots[] = {{"model", pareto_nbd::name}};
inline constexpr example_option tracking_demo_options[] = {{"until", demo_today}, {"period", "month"}};
inline constexpr demo_feed tracking_demo[] = {
    {.inputs = tracking_demo_inputs, .slots = tracking_demo_slots, .options = tracking_demo_options}};

inline constexpr entry_description tracking_description{
    .name = tracking_name,
    .what = verb::reduce,
    .summary = "a cohort's repeat orders week by week, as they came and as a model expects them",
    .source = "Fader, Hardie and Lee, Marketing Science 24 (2005), figures 2 and 4; orders: "
              "emptor/stats/net_orders.hpp",
    .chinese = "重复购买跟踪",
    .since = "0.1",
    .store = "order_history",
    .options = tracking_finish_options,
    .slots = tracking_slots,
    .outputs = tracking_outputs,
    .examples = tracking_examples,
    .demo = tracking_demo,
};

[[nodiscard]] inline result finish_tracking(const finish_request& request) {
  const option_values& given = request.options;
  tracking_options options;
  options.period = given.choice<tracking_period>("period", tracking_period_names);
  if (given.has("periods"))
    options.periods = given.integer("periods");
  const summary_options orders = read_summary_options(given);
  options.until = orders.until;
  options.cohort_until = given.day("cohort_until");
  options.net = {orders.same_day, orders.negative};
  options.currency = orders.currency;
  const tracked_cohort cohort =
      track(*request.slot(looked_at_slot.name), request.stored<stats::order_history>(), options, request.how,
            request.keys);

  std::vector<std::int64_t> number;
  std::vector<std::int32_t> last_day;
  std::vector<std::int64_t> actual;
  std::vector<double> expected;
  std::vector<std::int64_t> all_actual;
  std::vector<double> all_expected;
  for (const tracked_period& period : cohort.periods) {
    number.push_back(static_cast<std::int64_t>(number.size()) + 1);
    last_day.push_back(days_since_epoch(period.last));
    actual.push_back(period.is_over ? period.actual : 0);
    expected.push_back(period.expected);
    all_actual.push_back(actual.back() + (all_actual.empty() ? 0 : all_actual.back()));
    all_expected.push_back(period.expected + (all_expected.empty() ? 0.0 : all_expected.back()));
  }
  column actual_orders = column::integers("actual", std::move(actual), "orders");
  column cumulative_actual = column::integers("cumulative_actual", std::move(all_actual), "orders");
  for (std::size_t i = 0; i < cohort.periods.size(); ++i) {
    if (cohort.periods[i].is_over)
      continue;
    actual_orders.set_missing(static_cast<std::int64_t>(i));
    cumulative_actual.set_missing(static_cast<std::int64_t>(i));
  }
  table made("tracking");
  made.add(column::integers("period", std::move(number)));
  made.add(column::days("last_day", std::move(last_day)));
  made.add(std::move(actual_orders));
  made.add(column::numbers("expected", std::move(expected), "orders"));
  made.add(std::move(cumulative_actual));
  made.add(column::numbers("cumulative_expected", std::move(all_expected), "orders"));
  return {{std::move(made)}, nullptr};
}

inline constexpr entry tracking_entry{.description = &tracking_description, .finish = &finish_tracking};

} // namespace emptor::value
