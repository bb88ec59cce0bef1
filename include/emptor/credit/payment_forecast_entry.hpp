// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <emptor/core/entry.hpp>
#include <emptor/credit/payment_forecast_report.hpp>

namespace emptor::credit {

inline constexpr option_description forecast_options[] = {
    option_as_of,
    {.name = "pool",
     .what = option_content::text,
     .summary = "with whom a customer's history is shrunk: all, or the label of an attribute of the items, "
                "whose value in the customer's latest document counts; where none has it, of the table "
                "customers",
     .default_value = "all"},
    {.name = "history",
     .what = option_content::horizon,
     .summary = "in which the documents are dated that speak: whole days up to as_of, a duration such as '2 "
                "years', or the "
                "date on which it begins",
     .default_value = "24 month"},
    {.name = "horizon_days",
     .what = option_content::integer,
     .summary = "days after as_of within which probability_paid counts",
     .unit = "days",
     .allowed = {1, 3650},
     .default_value = "30"},
    {.name = "window_days",
     .what = option_content::integer,
     .summary = "days after as_of beyond which money counts as not coming, at least horizon_days",
     .unit = "days",
     .allowed = {1, 3650},
     .default_value = "365"},
    {.name = "weeks",
     .what = option_content::integer,
     .summary = "weeks of the cash forecast, the first begins on the day after as_of",
     .unit = "weeks",
     .allowed = {1, 260},
     .default_value = "13"},
    {.name = "confidence",
     .what = option_content::number,
     .summary = "probability with which an interval holds what comes",
     .unit = "probability",
     .allowed = {0.5, 0.9999},
     .default_value = "0.8"},
    option_in_currency,
};

inline constexpr column_description forecast_columns[] = {
    {.name = "document", .what = content::text, .summary = "an open invoice or debit note"},
    {.name = "customer", .what = content::text, .summary = "who owes it"},
    column_currency,
    {.name = "open", .what = content::amount, .unit = "currency", .summary = "what is open of it"},
    {.name = "due_date",
     .what = content::day,
     .summary = "the last day in time; without one nothing is forecast",
     .optional = true},
    {.name = "probability_late",
     .unit = "probability",
     .summary = "that its money is open after the due date; 1 on that day and later",
     .optional = true},
    {.name = "probability_paid",
     .unit = "probability",
     .summary = "that its money comes within horizon_days",
     .optional = true},
    {.name = "probability_unpaid",
     .unit = "probability",
     .summary = "that it does not come within window_days",
     .optional = true},
    {.name = "expected_date",
     .what = content::day,
     .summary = "mean day of the payment, where it comes within window_days",
     .optional = true},
    {.name = "median_date",
     .what = content::day,
     .summary = "the day by which it has come with probability 1/2; none beyond window_days",
     .optional = true},
    {.name = "earliest_date",
     .what = content::day,
     .summary = "the day by which it has come with the probability (1 - confidence) / 2",
     .optional = true},
    {.name = "latest_date",
     .what = content::day,
     .summary =
         "the day by which it has come with the probability (1 + confidence) / 2; none beyond window_days",
     .optional = true},
};
inline constexpr column_description forecast_cash_columns[] = {
    column_currency,
    {.name = "week", .what = content::count, .summary = "from 1"},
    {.name = "week_begin", .what = content::day, .summary = "its first day"},
    {.name = "week_end", .what = content::day, .summary = "its last day"},
    {.name = "expected",
     .what = content::amount,
     .unit = "currency",
     .summary =
         "of what is open with a due date, what comes that week on average; an estimate to the minor unit"},
    {.name = "low", .what = content::amount, .unit = "currency", .summary = "lower end of its interval"},
    {.name = "high", .what = content::amount, .unit = "currency", .summary = "its upper end"},
    {.name = "expected_so_far",
     .what = content::amount,
     .unit = "currency",
     .summary = "what comes up to the end of that week"},
    {.name = "low_so_far",
     .what = content::amount,
     .unit = "currency",
     .summary = "lower end of its interval"},
    {.name = "high_so_far", .what = content::amount, .unit = "currency", .summary = "its upper end"},
};
inline constexpr column_description forecast_pool_columns[] = {
    {.name = "pool",
     .what = content::text,
     .summary = "all, or the value of the attribute; none = customers without it",
     .optional = true},
    {.name = "customers", .what = content::count, .summary = "with invoices that speak"},
    {.name = "invoices", .what = content::count, .summary = "that speak, open ones too"},
    {.name = "prior_invoices",
     .unit = "invoices",
     .summary =
         "how many payments of its own outweigh the pool, on the scale of time where customers differ most: "
         "from 0.5 where they differ to 1,024 where they pay alike; 8 where there is nobody else"},
};
inline constexpr table_description forecast_outputs[] = {
    {.name = "invoices",
     .summary = "one row an open invoice or debit note, by customer, currency and document",
     .columns = forecast_columns},
    {.name = "cash",
     .summary = "one row a currency and week; of what is open on as_of alone, not of invoices to come",
     .columns = forecast_cash_columns},
    {.name = "pools", .summary = "what the histories say of the pools", .columns = forecast_pool_columns},
};

// Hong paid four invoices 0, 10, 10 and 20 days after they were due. R5 is open 10 days after, R6 will be due in 5. On day 0
// one of five came (R5 was watched too), on day 10 two of four, on day 20 one of one: hazards of 1/5, 1/2 and 1, and nobody
// else to shrink them to. So R5 comes on day 20, ten days ahead. R6 is late with 4/5; it comes 5, 15 or 25 days ahead with
// 1/5, 2/5 and 2/5, in the mean 17; half of it is there after 15. Of its 600, 120 are expected in the first week, 240 each
// in the third and fourth, of R5 all 400 in the second.
inline constexpr example_table forecast_example_rows[] = {
    {"items", "document,customer,kind,amount,currency,document_date,due_date\n"
              "R1,Hong,invoice,100.00,EUR,2025-12-01,2025-12-31\n"
              "R2,Hong,invoice,100.00,EUR,2025-12-01,2025-12-31\n"
              "R3,Hong,invoice,100.00,EUR,2025-12-01,2025-12-31\n"
              "R4,Hong,invoice,100.00,EUR,2025-12-01,2025-12-31\n"
              "R5,Hong,invoice,400.00,EUR,2026-02-19,2026-03-21\n"
              "R6,Hong,invoice,600.00,EUR,2026-03-06,2026-04-05\n"
              "P1,Hong,payment,100.00,EUR,2025-12-31,\n"
              "P2,Hong,payment,200.00,EUR,2026-01-10,\n"
              "P3,Hong,payment,100.00,EUR,2026-01-20,\n"},
    {"settlements", "settlement,document,settling_document,date,amount,currency\n"
                    "S1,R1,P1,2025-12-31,100.00,EUR\n"
                    "S2,R2,P2,2026-01-10,100.00,EUR\n"
                    "S3,R3,P2,2026-01-10,100.00,EUR\n"
                    "S4,R4,P3,2026-01-20,100.00,EUR\n"},
};
inline constexpr example_option forecast_example_options[] = {
    {"as_of", "2026-03-31"}, {"horizon_days", "14"}, {"weeks", "4"}};
inline constexpr example_table forecast_example_expected[] = {
    {"invoices",
     "document,customer,currency,open,due_date,probability_late,probability_paid,expected_date,median_date,"
     "earliest_date,latest_date\n"
     "R5,Hong,EUR,400.00,2026-03-21,1,1,2026-04-10,2026-04-10,2026-04-10,2026-04-10\n"
     "R6,Hong,EUR,600.00,2026-04-05,0.8,0.2,2026-04-17,2026-04-15,2026-04-05,2026-04-25\n"},
    {"cash", "currency,week,week_begin,week_end,expected,expected_so_far\n"
             "EUR,1,2026-04-01,2026-04-07,120.00,120.00\n"
             "EUR,2,2026-04-08,2026-04-14,400.00,520.00\n"
             "EUR,3,2026-04-15,2026-04-21,240.00,760.00\n"
             "EUR,4,2026-04-22,2026-04-28,240.00,1000.00\n"},
    {"pools", "pool,customers,invoices,prior_invoices\n"
              "all,1,6,8\n"},
};
inline constexpr example forecast_examples[] = {
    {.what = verb::reduce,
     .summary = "four paid invoices of one customer say when two open ones will be paid",
     .source = "the estimate of Kaplan and Meier (1958), by hand",
     .tables = forecast_example_rows,
     .options = forecast_example_options,
     .expected = forecast_example_expected,
     .tolerance = 1e-12}};

inline constexpr demo_input forecast_demo_inputs[] = {{"items", "items"}, {"settlements", "settlements"}};
inline constexpr example_option forecast_demo_options[] = {{"as_of", demo_today}};
inline constexpr demo_feed forecast_demo[] = {
    {.inputs = forecast_demo_inputs, .options = forecast_demo_options}};

inline constexpr entry_description forecast_description{
    .name = "credit.payment_forecast",
    .what = verb::reduce,
    .summary = "expected payment date and probability of being late of each open invoice, and cash week by "
               "week, from each "
               "customer's own history",
    .source = "Kaplan and Meier (1958), Kolaczyk (1999)",
    .chinese = "回款预测",
    .since = "0.1",
    .store = "ledger",
    .options = forecast_options,
    .outputs = forecast_outputs,
    .examples = forecast_examples,
    .demo = forecast_demo,
};

/// `credit.payment_forecast` from the catalogue's side. \throws error as `payment_forecast`
[[nodiscard]] inline result finish_payment_forecast(const finish_request& request) {
  const std::string_view where = forecast_description.name;
  const stats::ledger& from = request.stored<stats::ledger>();
  const option_values& options = request.options;
  const date as_of = *options.day("as_of");
  const forecast_request asked{
      .as_of = as_of,
      .history = measured_periods(where, as_of, options.horizon("history"), "history"),
      .horizon = static_cast<int>(options.integer("horizon_days")),
      .window = static_cast<int>(options.integer("window_days")),
      .weeks = static_cast<int>(options.integer("weeks")),
      .confidence = options.number("confidence"),
      .in_currency = in_currency_of(options),
  };
  if (asked.window < asked.horizon)
    throw error(status::option, message(where, "option window_days", -1, std::to_string(asked.window),
                                        "at least horizon_days, " + std::to_string(asked.horizon)));
  if (days_since_epoch(as_of) > last_day - 7 * asked.weeks)
    throw error(status::option,
                message(where, "option as_of", -1, to_string(as_of),
                        std::to_string(asked.weeks) + " weeks or more before the end of the year 9999"));
  forecast_report made = payment_forecast(from, asked, options.text("pool"), request.keys, request.how);
  result tables;
  tables.tables.push_back(std::move(made.invoices));
  tables.tables.push_back(std::move(made.cash));
  tables.tables.push_back(std::move(made.pools));
  return tables;
}

inline constexpr entry payment_forecast_entry{.description = &forecast_description,
                                              .finish = finish_payment_forecast};

} // namespace emptor::credit
