// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string_view>
#include <utility>

#include <emptor/core/entry.hpp>
#include <emptor/credit/payment_behaviour_entry.hpp>
#include <emptor/credit/payment_trend.hpp>

namespace emptor::credit {

inline constexpr option_description trend_options[] = {
    option_as_of,
    option_by,
    {.name = "period",
     .what = option_content::horizon,
     .summary = "in which the documents are dated: whole days up to as_of, a duration such as '3 years', or "
                "the date on "
                "which it begins",
     .default_value = "36 month"},
    {.name = "mature_days",
     .what = option_content::integer,
     .summary = "how long an invoice must have been due: of younger ones the quick payments alone are known",
     .unit = "days",
     .allowed = {0, 3650},
     .default_value = "60"},
    {.name = "open_overdue",
     .what = option_content::choice,
     .summary = "money of these invoices that has not come: counts, as if it came on as_of; left_out",
     .default_value = "counts",
     .choices = open_overdue_choices},
    option_confidence,
    option_in_currency,
};

inline constexpr column_description trend_columns[] = {
    column_group,
    column_currency,
    {.name = "invoices", .what = content::count, .summary = "each one observation"},
    {.name = "median_days_beyond_terms",
     .unit = "days",
     .summary = "the median of the invoices",
     .optional = true},
    {.name = "trend",
     .unit = "days per year",
     .summary = "how much later they are paid from year to year: the median slope between pairs of invoices; "
                "of more than "
                "1,000 invoices, that of 1,000 evenly from first to last",
     .optional = true},
    {.name = "trend_low",
     .unit = "days per year",
     .summary = "lower end of its interval; none where there are too few",
     .optional = true},
    {.name = "trend_high", .unit = "days per year", .summary = "its upper end", .optional = true},
    {.name = "trend_p_value",
     .unit = "probability",
     .summary = "Mann-Kendall test: how likely so clear a trend is where there is none",
     .optional = true},
    {.name = "seasonal_p_value",
     .unit = "probability",
     .summary = "Kruskal-Wallis test over the months of the due dates, less the trend: how likely so large "
                "differences are "
                "where there are none",
     .optional = true},
    {.name = "seasonal_effect_size",
     .unit = "share",
     .summary = "epsilon squared: the share of the ranks' variance that the months explain",
     .optional = true},
};
inline constexpr column_description trend_month_columns[] = {
    column_group,
    column_currency,
    {.name = "month", .what = content::count, .summary = "of the due date, 1 to 12"},
    {.name = "invoices", .what = content::count, .summary = "due in that month of any year"},
    {.name = "effect",
     .unit = "days",
     .summary = "mean days beyond terms of the month less that of all, without the trend",
     .optional = true},
    {.name = "shrunk_effect",
     .unit = "days",
     .summary = "what of it is expected to come again: shrunk to 0 as far as months differ no more than "
                "chance has it",
     .optional = true},
    {.name = "shrunk_effect_low", .unit = "days", .summary = "lower end of its interval", .optional = true},
    {.name = "shrunk_effect_high", .unit = "days", .summary = "its upper end", .optional = true},
};
inline constexpr table_description trend_outputs[] = {
    {.name = "payment_trend",
     .summary = "one row a group and currency with a document up to as_of, without figures where there are "
                "no invoices",
     .columns = trend_columns},
    {.name = "months",
     .summary = "one row a month with invoices of a group and currency",
     .columns = trend_month_columns},
};

// The invoices are dated 1, 2, 3, 4, 10, 12 and 18 days after 2025-01-31, due 10 days later, and paid 9, 15, 19, 20, 45, 55
// and 78 days beyond terms: the numbers of Sen (1968), whose slope is 4 a day, within 26 / 7 and 35 / 8 at a confidence of
// 0.93; here times 365.2425. S is 21, its variance 7 x 6 x 19 / 18, and the test erfc(20 / sqrt(2 x 44.33)). All are due in
// February, so that no months can be compared.
inline constexpr example_table trend_example_rows[] = {
    {"items", "document,customer,kind,amount,currency,document_date,due_date\n"
              "R1,Sen,invoice,10.00,EUR,2025-02-01,2025-02-11\n"
              "R2,Sen,invoice,10.00,EUR,2025-02-02,2025-02-12\n"
              "R3,Sen,invoice,10.00,EUR,2025-02-03,2025-02-13\n"
              "R4,Sen,invoice,10.00,EUR,2025-02-04,2025-02-14\n"
              "R5,Sen,invoice,10.00,EUR,2025-02-10,2025-02-20\n"
              "R6,Sen,invoice,10.00,EUR,2025-02-12,2025-02-22\n"
              "R7,Sen,invoice,10.00,EUR,2025-02-18,2025-02-28\n"
              "P1,Sen,payment,70.00,EUR,2025-02-01,\n"},
    {"settlements", "settlement,document,settling_document,date,amount,currency\n"
                    "S1,R1,P1,2025-02-20,10.00,EUR\n"
                    "S2,R2,P1,2025-02-27,10.00,EUR\n"
                    "S3,R3,P1,2025-03-04,10.00,EUR\n"
                    "S4,R4,P1,2025-03-06,10.00,EUR\n"
                    "S5,R5,P1,2025-04-06,10.00,EUR\n"
                    "S6,R6,P1,2025-04-18,10.00,EUR\n"
                    "S7,R7,P1,2025-05-17,10.00,EUR\n"},
};
inline constexpr example_option trend_example_options[] = {{"as_of", "2025-12-31"}, {"confidence", "0.93"}};
inline constexpr example_table trend_example_expected[] = {
    {"payment_trend",
     "group,currency,invoices,median_days_beyond_terms,trend,trend_low,trend_high,trend_p_value,"
     "seasonal_p_value\n"
     "Sen,EUR,7,20,1460.97,1356.615,1597.9359375,0.0026666817936140935,\n"},
};
inline constexpr example trend_examples[] = {
    {.what = verb::reduce,
     .summary = "seven invoices, each paid later than the one before",
     .source = "P. K. Sen, Journal of the American Statistical Association 63 (1968)",
     .tables = trend_example_rows,
     .options = trend_example_options,
     .expected = trend_example_expected,
     .tolerance = 1e-12}};

inline constexpr demo_input trend_demo_inputs[] = {{"items", "items"}, {"settlements", "settlements"}};
inline constexpr example_option trend_demo_options[] = {{"as_of", demo_today}};
inline constexpr demo_feed trend_demo[] = {{.inputs = trend_demo_inputs, .options = trend_demo_options}};

inline constexpr entry_description trend_description{
    .name = "credit.payment_trend",
    .what = verb::reduce,
    .summary = "whether payments come later and later, and in which months late: robust trend and shrunk "
               "month effects",
    .source =
        "Theil (1950), Sen (1968), Mann (1945), Kendall (1955), Kruskal and Wallis (1952), Cochran (1939)",
    .chinese = "付款趋势与季节性",
    .since = "0.1",
    .store = "ledger",
    .options = trend_options,
    .outputs = trend_outputs,
    .examples = trend_examples,
    .demo = trend_demo,
};

/// `credit.payment_trend` from the catalogue's side. \throws error as `payment_trend`
[[nodiscard]] inline result finish_payment_trend(const finish_request& request) {
  const std::string_view where = trend_description.name;
  const stats::ledger& from = request.stored<stats::ledger>();
  const option_values& options = request.options;
  const date as_of = *options.day("as_of");
  const trend_request asked{
      .as_of = as_of,
      .period = measured_periods(where, as_of, options.horizon("period")),
      .open = options.choice<open_overdue>("open_overdue", open_overdue_choices),
      .mature_days = static_cast<std::int32_t>(options.integer("mature_days")),
      .confidence = options.number("confidence"),
      .in_currency = in_currency_of(options),
  };
  payment_trend_report made = payment_trend(from, asked, options.text("by"), request.keys, request.how);
  result tables;
  tables.tables.push_back(std::move(made.trends));
  tables.tables.push_back(std::move(made.months));
  return tables;
}

inline constexpr entry payment_trend_entry{.description = &trend_description, .finish = finish_payment_trend};

} // namespace emptor::credit
