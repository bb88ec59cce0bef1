// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/date.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/core/run.hpp>
#include <emptor/math/elementary.hpp>
#include <emptor/math/real.hpp>
#include <emptor/stats/rows.hpp>
#include <emptor/value/present_value.hpp>

/// Present value of dated money (现金流的净现值): what each customer has brought and cost, and will, on the days on which
/// it comes; and the rate of return that it means.
///
///     present value = sum of amount x (1 + rate)^-(years from as_of to the day)
///
/// What came before as_of is worth more by then. The internal rate of return is the rate at which the present value is 0.
/// Where money changes its direction more than once there may be several such rates, or none, and none is given: a program
/// that searches from a guess gives one of them, and not always the same. Where it changes once there is exactly one
/// (Descartes' rule of signs, which holds for real exponents too: E. Laguerre, 1883).
namespace emptor::value {

inline constexpr std::string_view dated_present_value_name = "value.dated_present_value";

/// Money on a day, in years from the day that is looked at.
struct dated_amount {
  double years = 0.0;
  double amount = 0.0;
};

enum class return_state : std::int32_t {
  found = 0,
  one_direction = 1, ///< money that only comes, or only goes, has no rate
  ambiguous = 2,     ///< its direction changes more than once
};
inline constexpr std::string_view return_states[] = {"found", "one_direction", "ambiguous"};

/// What the figures of one customer are.
struct dated_value {
  double total = 0.0; ///< not discounted
  double present = 0.0;
  double duration = std::numeric_limits<double>::quiet_NaN(); ///< years; NaN where the present value is 0
  return_state state = return_state::one_direction;
  double internal_rate = std::numeric_limits<double>::quiet_NaN(); ///< a year
};

/// The sum of the amounts at a force of interest (the logarithm of 1 + rate), less a factor above 0 that keeps it finite.
/// \param flows  by years
[[nodiscard]] inline double scaled_present_value(std::span<const dated_amount> flows, double force) noexcept {
  const math::real from(force > 0.0 ? flows.front().years : flows.back().years);
  math::real sum(0.0);
  for (const dated_amount& one : flows)
    sum = sum + math::real(one.amount) * exp(-(math::real(force) * (math::real(one.years) - from)));
  return math::value_of(sum);
}

/// \param flows  by years, at least one \param force  the logarithm of 1 + rate
[[nodiscard]] inline dated_value value_dated(std::span<const dated_amount> flows, double force) noexcept {
  dated_value made;
  math::real total(0.0);
  math::real present(0.0);
  math::real weighted(0.0);
  int changes = 0;
  double direction = 0.0;
  for (const dated_amount& one : flows) {
    if (one.amount == 0.0) // nothing, however far away
      continue;
    const math::real now = math::real(one.amount) * exp(-(math::real(force) * math::real(one.years)));
    total = total + one.amount;
    present = present + now;
    weighted = weighted + now * one.years;
    if (direction * one.amount <= 0.0) {
      changes += direction != 0.0 ? 1 : 0;
      direction = one.amount > 0.0 ? 1.0 : -1.0;
    }
  }
  made.total = math::value_of(total);
  made.present = math::value_of(present);
  if (made.present != 0.0)
    made.duration = math::value_of(weighted / present);
  if (changes != 1) {
    made.state = changes == 0 ? return_state::one_direction : return_state::ambiguous;
    return made;
  }
  // With one change the sum has the sign of the first amounts where the rate is high, and of the last where it is low.
  made.internal_rate = turning_rate([&](double factor) {
    return scaled_present_value(flows, math::value_of(log(math::real(factor)))) * direction > 0.0;
  });
  made.state = std::isnan(made.internal_rate)
                   ? return_state::ambiguous // beyond what a rate can be written as
                   : return_state::found;
  return made;
}

// How the catalogue knows it.

inline constexpr column_description dated_flow_columns[] = {
    {.name = "customer", .what = content::id, .summary = "whose money it is"},
    {.name = "date", .what = content::day, .summary = "day on which it comes or goes, past or planned"},
    {.name = "amount",
     .unit = "currency",
     .summary = "above 0 where the customer brings it (revenue, margin), below 0 where it is spent on him; "
                "all of one "
                "currency"},
};
inline constexpr table_description dated_present_value_inputs[] = {
    {.name = "flows", .summary = "one amount a row", .columns = dated_flow_columns}};
inline constexpr option_description dated_present_value_options[] = {
    {.name = "as_of",
     .what = option_content::day,
     .summary = "the day on which the money is valued",
     .required = true},
    {.name = "rate",
     .what = option_content::number,
     .summary = "discount rate (折现率)",
     .unit = "share a year",
     .allowed = above_minus_one,
     .required = true},
    rate_kind_option,
    {.name = "days_of_year",
     .what = option_content::number,
     .summary =
         "days that a year counts as: 365 as spreadsheets do it, 365.2425 as the calendar has on average",
     .unit = "days",
     .allowed = {360.0, 366.0},
     .default_value = "365"},
};
inline constexpr column_description dated_present_value_columns[] = {
    {.name = "customer", .what = content::text, .summary = "in the order of their bytes"},
    {.name = "flows", .what = content::count, .summary = "amounts"},
    {.name = "first", .what = content::day, .summary = "day of the first amount"},
    {.name = "last", .what = content::day, .summary = "day of the last one"},
    {.name = "total", .unit = "currency", .summary = "the sum of the amounts, not discounted"},
    {.name = "present_value", .unit = "currency", .summary = "their value on as_of (净现值)"},
    {.name = "duration",
     .unit = "years",
     .summary =
         "how far after as_of the money lies on average, weighted by its present value; none where that is 0",
     .optional = true},
    {.name = "return_state",
     .what = content::code,
     .summary = "found; one_direction: money only comes, or only goes; ambiguous: its direction changes more "
                "than once, so "
                "that several rates may satisfy, or the rate is beyond 2^52",
     .levels = return_states},
    {.name = "internal_rate_of_return",
     .unit = "share a year",
     .summary = "the yearly rate at which the present value is 0 (内部收益率); none unless found",
     .optional = true},
};
inline constexpr table_description dated_present_value_outputs[] = {
    {.name = "customers", .summary = "one row a customer", .columns = dated_present_value_columns},
    {.name = "total",
     .summary = "all of them as one: one row, none without a row",
     .columns = std::span(dated_present_value_columns).subspan(1)},
};

// The first customer is the example that spreadsheets print for their functions of irregular dates: at 9 % 2,086.65 on the
// first day, and a return of 37.34 %. The second pays 121 two years of 365 days after 100 were spent on him: 10 %.
inline constexpr example_table dated_present_value_example_rows[] = {
    {"flows",
     "customer,date,amount\n"
     "A,2008-01-01,-10000\nA,2008-03-01,2750\nA,2008-10-30,4250\nA,2009-02-15,3250\nA,2009-04-01,2750\n"
     "B,2008-01-01,-100\nB,2009-12-31,121\n"}};
inline constexpr example_option dated_present_value_example_options[] = {{"as_of", "2008-01-01"},
                                                                         {"rate", "0.09"}};
inline constexpr example_table dated_present_value_example_expected[] = {
    {"customers", "customer,flows,first,last,total,present_value,return_state,internal_rate_of_return\n"
                  "A,5,2008-01-01,2009-04-01,3000,2086.6476020315367,found,0.3733625335188314\n"
                  "B,2,2008-01-01,2009-12-31,21,1.8432791852537665,found,0.1\n"}};
inline constexpr example dated_present_value_examples[] = {
    {.what = verb::reduce,
     .summary = "irregular payments after an outlay, and one after two years",
     .source = "the documentation of XNPV and XIRR in spreadsheets: 2,086.65 and 37.34 %",
     .tables = dated_present_value_example_rows,
     .options = dated_present_value_example_options,
     .expected = dated_present_value_example_expected,
     .tolerance = 1e-12},
};

inline constexpr entry_description dated_present_value_description{
    .name = dated_present_value_name,
    .what = verb::reduce,
    .summary = "present value, duration and internal rate of return of what each customer brings and costs "
               "on the days on which "
               "it comes",
    .source = "financial mathematics; Descartes' rule of signs for the rate of return",
    .chinese = "净现值与内部收益率",
    .since = "0.1",
    .store = "rows",
    .inputs = dated_present_value_inputs,
    .options = dated_present_value_options,
    .outputs = dated_present_value_outputs,
    .examples = dated_present_value_examples,
    .no_demo = "the company of the demo plans no payments",
};

namespace detail {
/// The rows of a table of dated values.
struct dated_lines {
  text_buffer customers;
  std::vector<std::int64_t> counts;
  std::vector<std::int32_t> days[2];
  std::vector<double> numbers[4];
  std::vector<std::int32_t> states;

  void add(std::int64_t count, std::int32_t first, std::int32_t last, const dated_value& of) {
    counts.push_back(count);
    days[0].push_back(first);
    days[1].push_back(last);
    const double values[] = {of.total, of.present, of.duration, of.internal_rate};
    for (std::size_t i = 0; i < std::size(values); ++i)
      numbers[i].push_back(std::isfinite(values[i]) ? values[i] + 0.0 // one zero only
                                                    : std::numeric_limits<double>::quiet_NaN());
    states.push_back(static_cast<std::int32_t>(of.state));
  }
  [[nodiscard]] table as(std::string name, bool with_customer) {
    table made(std::move(name));
    if (with_customer)
      made.add(column::texts("customer", std::move(customers)));
    made.add(column::integers("flows", std::move(counts)));
    made.add(column::days("first", std::move(days[0])));
    made.add(column::days("last", std::move(days[1])));
    made.add(column::numbers("total", std::move(numbers[0])));
    made.add(column::numbers("present_value", std::move(numbers[1])));
    made.add(column::numbers("duration", std::move(numbers[2]), "years").or_none());
    made.add(column::codes("return_state", std::move(states), return_states));
    made.add(column::numbers("internal_rate_of_return", std::move(numbers[3])).or_none());
    return made;
  }
};
} // namespace detail

/// From a store of kind `rows` made for this entry. \throws error status::overflow where a customer's money is beyond what
/// numbers hold, by his name; status::cancelled
[[nodiscard]] inline result finish_dated_present_value(const finish_request& request) {
  const auto& from = request.stored<stats::rows>();
  const option_values& options = request.options;
  const std::int32_t today = days_since_epoch(*options.day("as_of"));
  const double rate = options.number("rate");
  const math::real year(options.number("days_of_year"));
  const double force = options.choice<rate_kind>("rate_kind", rate_kind_names) == rate_kind::continuous
                           ? rate
                           : math::value_of(log1p(math::real(rate)));
  detail::dated_lines made;
  detail::dated_lines totals;
  if (from.size() == 0)
    return {{made.as("customers", true), totals.as("total", false)}, nullptr};
  const std::vector<table> held = from.contents();
  const table& rows = held.front();
  const text_buffer& customers = rows.at("customer").text();
  const std::span<const std::int32_t> days = rows.at("date").as<std::int32_t>();
  const std::span<const double> amounts = rows.at("amount").as<double>();

  std::vector<dated_amount> flows;
  const auto add = [&](std::size_t i) {
    const math::real years = math::real(days[i] - today) / year;
    if (flows.empty() ||
        flows.back().years != math::value_of(years)) // what comes and goes on one day is one amount
      flows.push_back({math::value_of(years), 0.0});
    flows.back().amount = math::value_of(math::real(flows.back().amount) + amounts[i]);
  };
  const auto value = [&](std::string_view whose) {
    const dated_value found = value_dated(flows, force);
    if (!std::isfinite(found.total) || !std::isfinite(found.present))
      throw error(status::overflow, std::string(dated_present_value_name) + ": the money of " +
                                        shortened(whose) + " is beyond what a number holds");
    return found;
  };
  for (std::size_t first = 0; first < days.size();) { // rows come sorted by customer and date
    if (made.counts.size() % 4096 == 0)
      request.how.check(static_cast<double>(first) / static_cast<double>(days.size()));
    const std::string_view customer = customers[static_cast<std::int64_t>(first)];
    flows.clear();
    std::size_t last = first;
    for (; last < days.size() && customers[static_cast<std::int64_t>(last)] == customer; ++last)
      add(last);
    made.customers.push_back(customer);
    made.add(static_cast<std::int64_t>(last - first), days[first], days[last - 1], value(customer));
    first = last;
  }
  std::vector<std::size_t> by_day(days.size());
  std::iota(by_day.begin(), by_day.end(), std::size_t{0});
  std::stable_sort(by_day.begin(), by_day.end(),
                   [&](std::size_t left, std::size_t right) { return days[left] < days[right]; });
  flows.clear();
  std::for_each(by_day.begin(), by_day.end(), add);
  totals.add(static_cast<std::int64_t>(days.size()), days[by_day.front()], days[by_day.back()],
             value("all customers"));
  return {{made.as("customers", true), totals.as("total", false)}, nullptr};
}

inline constexpr entry dated_present_value_entry{.description = &dated_present_value_description,
                                                 .finish = &finish_dated_present_value};

} // namespace emptor::value
