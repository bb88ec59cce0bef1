// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/core/run.hpp>
#include <emptor/math/real.hpp>
#include <emptor/stats/rows.hpp>
#include <emptor/value/customer_base_description.hpp>
#include <emptor/value/frequency_table.hpp>
#include <emptor/value/model_fit.hpp>
#include <emptor/value/order_models.hpp>

/// How well a model foretells orders that it has not seen: what customers ordered in a holdout period against what was
/// expected of them, given what they had done before. Source: Fader, Hardie and Lee, Marketing Science 24 (2005).
namespace emptor::value {

inline constexpr std::string_view holdout_name = "value.holdout";

/// Customers with one number of repeat orders before the holdout, or with at least that many.
struct holdout_bin {
  std::int64_t frequency = 0;
  bool or_more = false;
  double customers = 0.0;
  double actual = 0.0;   ///< orders in the holdout
  double expected = 0.0; ///< the same
};

struct holdout_scores {
  std::vector<holdout_bin> bins;
  double customers = 0.0;
  double actual = 0.0;
  double expected = 0.0;
  double mean_absolute_error = 0.0; ///< per customer
  double root_mean_square_error = 0.0;
};

/// \param columns  frequency, recency and age before the holdout, orders in it, and weight (may be empty: 1 each)
/// \param horizon  length of the holdout in the model's time units
/// \param most     customers with as many repeat orders before, or more, are put together
/// \throws error status::data where a model of opportunities gets a row that is none, status::too_few without
///         customers, status::cancelled
[[nodiscard]] inline holdout_scores score_holdout(const emptor::model& orders,
                                                  const std::array<std::span<const double>, 5>& columns,
                                                  double horizon, std::int64_t most, const run& how = {}) {
  struct customer {
    std::array<double, 5> row; // frequency, recency, age, orders, weight
    double expected;
  };
  std::vector<customer> customers(columns[0].size());
  for (std::size_t i = 0; i < customers.size(); ++i) {
    for (std::size_t c = 0; c < 5; ++c)
      customers[i].row[c] = columns[c].empty() ? 1.0 : columns[c][i];
    const std::array before{customers[i].row[0], customers[i].row[1], customers[i].row[2]};
    if (orders.entry == bg_bb::name && bg_bb_row_status(before) != row_status::ok)
      throw error(
          status::data,
          std::string(holdout_name) + ": row " + std::to_string(i) +
              " has no whole numbers frequency <= recency <= age, which a model of opportunities needs",
          static_cast<std::int64_t>(i));
  }
  // What is added up comes in an order that does not depend on that of the rows.
  std::sort(customers.begin(), customers.end(),
            [](const customer& left, const customer& right) { return left.row < right.row; });
  constexpr auto chunk = static_cast<std::size_t>(rows_per_task);
  with_order_model(orders, [&]<class Model>(Model) {
    const auto p = parameters_of<Model>(orders);
    for_each_task(
        static_cast<std::int64_t>((customers.size() + chunk - 1) / chunk), how, [&](std::int64_t task) {
          const std::size_t first = static_cast<std::size_t>(task) * chunk;
          for (std::size_t i = first; i < std::min(first + chunk, customers.size()); ++i)
            customers[i].expected = math::value_of(
                expected_orders(p, customers[i].row[0], customers[i].row[1], customers[i].row[2], horizon));
        });
  });

  const auto sum = [&](std::size_t first, std::size_t last, const auto& term) {
    return math::value_of(sum_in_tree<math::real>(
        first, last, [&](std::size_t i) { return math::real(term(customers[i])) * customers[i].row[4]; }));
  };
  const auto whole = [](const customer&) { return math::real(1.0); };
  const auto came = [](const customer& one) { return math::real(one.row[3]); };
  const auto foretold = [](const customer& one) { return math::real(one.expected); };
  const auto error_of = [](const customer& one) { return math::real(one.row[3]) - one.expected; };
  const std::size_t all = customers.size();
  holdout_scores made;
  made.customers = sum(0, all, whole);
  if (!(made.customers > 0.0))
    throw error(status::too_few, std::string(holdout_name) + ": there are no customers");
  made.actual = sum(0, all, came);
  made.expected = sum(0, all, foretold);
  made.mean_absolute_error =
      sum(0, all, [&](const customer& one) { return math::abs(error_of(one)); }) / made.customers;
  made.root_mean_square_error = math::sqrt(
      sum(0, all, [&](const customer& one) { return error_of(one) * error_of(one); }) / made.customers);
  std::size_t first = 0;
  for (std::int64_t n = 0; n <= most; ++n) {
    const auto has_more = [&](const customer& one) { return one.row[0] > static_cast<double>(n); };
    const std::size_t last =
        n == most
            ? all
            : static_cast<std::size_t>(std::find_if(customers.begin() + static_cast<std::ptrdiff_t>(first),
                                                    customers.end(), has_more) -
                                       customers.begin());
    made.bins.push_back(
        {n, n == most, sum(first, last, whole), sum(first, last, came), sum(first, last, foretold)});
    first = last;
  }
  return made;
}

// How the catalogue knows it.

inline constexpr column_description holdout_columns[] = {
    frequency_column,
    {.name = "recency",
     .unit = "time units",
     .summary = "first to last order before the holdout; 0 where frequency is 0",
     .allowed = at_least_zero},
    {.name = "age",
     .unit = "time units",
     .summary =
         "first order to the beginning of the holdout, >= recency; with a model of value.bg_bb the number of "
         "opportunities",
     .allowed = at_least_zero},
    {.name = "holdout_frequency",
     .what = content::count,
     .unit = "orders",
     .summary = "orders in the holdout, as value.summary counts them",
     .allowed = at_least_zero},
    weight_column,
};
inline constexpr table_description holdout_inputs[] = {
    {.name = "rows", .summary = "one customer a row", .columns = holdout_columns, .rule = &customer_rule}};
inline constexpr slot_description holdout_slots[] = {looked_at_slot};
inline constexpr option_description holdout_options[] = {
    {.name = "horizon",
     .what = option_content::horizon,
     .summary = "length of the holdout: a number of the model's time units, a length such as 39 week, or the "
                "date on "
                "which it ends",
     .unit = "time units",
     .allowed = horizon_domain,
     .required = true},
    {.name = "as_of",
     .what = option_content::day,
     .summary = "the day on which the ages end; needed where the horizon is a date"},
    most_option,
};
inline constexpr column_description holdout_bin_columns[] = {
    {.name = "frequency",
     .what = content::count,
     .unit = "orders",
     .summary = "repeat orders before the holdout"},
    {.name = "or_more", .what = content::boolean, .summary = "whether the row has those with more, too"},
    {.name = "customers", .unit = "customers", .summary = "how many there are"},
    {.name = "actual",
     .unit = "orders",
     .summary = "mean number of their orders in the holdout; null without customers",
     .optional = true},
    {.name = "expected",
     .unit = "orders",
     .summary = "what the model expected of that mean",
     .optional = true},
};
inline constexpr column_description holdout_error_columns[] = {
    {.name = "customers", .unit = "customers", .summary = "all of them"},
    {.name = "actual", .unit = "orders", .summary = "their orders in the holdout"},
    {.name = "expected", .unit = "orders", .summary = "what the model expected"},
    {.name = "mean_absolute_error", .unit = "orders", .summary = "per customer"},
    {.name = "root_mean_square_error", .unit = "orders", .summary = "per customer"},
};
inline constexpr table_description holdout_outputs[] = {
    {.name = "by_frequency",
     .summary = "what was expected, given what customers had done before",
     .columns = holdout_bin_columns},
    {.name = "errors", .summary = "how far off the model was, one row", .columns = holdout_error_columns},
};

inline constexpr example_table holdout_rows[] = {
    {"rows",
     "frequency,recency,age,holdout_frequency,weight\n0,0,30,0,300\n0,0,30,1,40\n1,12,30,0,60\n1,25,30,2,30\n"
     "2,20,30,1,25\n3,28,30,4,10\n6,29,30,5,4\n"}};
inline constexpr example_table holdout_model[] = {{"parameters", "parameter,value\nr,0.385\nalpha,12.07\n"}};
inline constexpr example_option holdout_week[] = {{"unit", "week"}};
inline constexpr example_slot holdout_example_slots[] = {{"model", nbd::name, holdout_model, holdout_week}};
inline constexpr example_option holdout_example_options[] = {{"horizon", "42.07 week"}, {"most", "3"}};
// The NBD expects (r + x) h / (alpha + T), here r + x: 0.385 + x.
inline constexpr example_table holdout_expected[] = {
    {"by_frequency",
     "frequency,or_more,customers,actual,expected\n0,false,340,0.11764705882352941,0.385\n1,false,90,"
     "0.6666666666666666,1.385\n2,false,25,1,2.385\n3,true,14,4.285714285714286,4.242142857142857\n"},
    {"errors", "customers,actual,expected,mean_absolute_error,root_mean_square_error\n469,185,374.565,"
               "0.6139978678038379,0.7234239910238757\n"}};
inline constexpr example holdout_examples[] = {
    {.what = verb::reduce,
     .summary =
         "469 invented customers in a holdout so long that the negative binomial expects 0.385 + frequency",
     .source = "by hand",
     .tables = holdout_rows,
     .options = holdout_example_options,
     .expected = holdout_expected,
     .tolerance = 1e-12,
     .slots = holdout_example_slots},
};

inline constexpr demo_slot holdout_demo_slots[] = {{"model", "value.pareto_nbd.calibration"}};
inline constexpr example_option holdout_demo_options[] = {{"horizon", demo_today}, {"as_of", demo_year_ago}};
inline constexpr demo_feed holdout_demo[] = {
    {.inputs = demo_customers_a_year_ago, .slots = holdout_demo_slots, .options = holdout_demo_options}};

inline constexpr entry_description holdout_description{
    .name = holdout_name,
    .what = verb::reduce,
    .summary = "orders in a holdout period against what a model expected of each customer, and its errors",
    .source = "Fader, Hardie and Lee, Marketing Science 24 (2005), figure 5",
    .chinese = "模型留出期检验",
    .since = "0.1",
    .store = "rows",
    .inputs = holdout_inputs,
    .options = holdout_options,
    .slots = holdout_slots,
    .outputs = holdout_outputs,
    .examples = holdout_examples,
    .demo = holdout_demo,
};

[[nodiscard]] inline result finish_holdout(const finish_request& request) {
  const auto& from = request.stored<stats::rows>();
  const emptor::model& orders = *request.slot(looked_at_slot.name);
  double horizon =
      resolve(request.options.horizon("horizon"), holdout_name, orders.unit(), request.options.day("as_of"));
  if (!horizon_domain.contains(horizon))
    throw error(status::option,
                message(holdout_name, "option horizon", -1, to_text(horizon), to_text(horizon_domain)));
  if (orders.entry == bg_bb::name)
    horizon = whole_opportunities(horizon, holdout_name, "horizon");
  std::array<std::vector<double>, 5> columns;
  for (std::size_t c = 0; c < 5; ++c)
    columns[c] = from.numbers("rows", holdout_columns[c].name, 1.0); // only weights may be missing
  const holdout_scores scores =
      score_holdout(orders, {columns[0], columns[1], columns[2], columns[3], columns[4]}, horizon,
                    request.options.integer("most"), request.how);
  std::vector<std::int64_t> frequency;
  std::vector<std::uint8_t> or_more;
  std::vector<double> customers;
  std::vector<double> actual;
  std::vector<double> expected;
  for (const holdout_bin& bin : scores.bins) {
    frequency.push_back(bin.frequency);
    or_more.push_back(bin.or_more ? 1 : 0);
    customers.push_back(bin.customers);
    actual.push_back(bin.actual / bin.customers);
    expected.push_back(bin.expected / bin.customers);
  }
  column actual_means = column::numbers("actual", std::move(actual));
  column expected_means = column::numbers("expected", std::move(expected));
  for (std::size_t i = 0; i < scores.bins.size(); ++i) {
    if (scores.bins[i].customers > 0.0)
      continue;
    actual_means.set_missing(static_cast<std::int64_t>(i));
    expected_means.set_missing(static_cast<std::int64_t>(i));
  }
  table bins("by_frequency");
  bins.add(column::integers("frequency", std::move(frequency)));
  bins.add(column::booleans("or_more", std::move(or_more)));
  bins.add(column::numbers("customers", std::move(customers)));
  bins.add(std::move(actual_means));
  bins.add(std::move(expected_means));
  table errors("errors");
  errors.add(column::numbers("customers", {scores.customers}));
  errors.add(column::numbers("actual", {scores.actual}));
  errors.add(column::numbers("expected", {scores.expected}));
  errors.add(column::numbers("mean_absolute_error", {scores.mean_absolute_error}));
  errors.add(column::numbers("root_mean_square_error", {scores.root_mean_square_error}));
  return {{std::move(bins), std::move(errors)}, nullptr};
}

inline constexpr entry holdout_entry{.description = &holdout_description, .finish = &finish_holdout};

} // namespace emptor::value
