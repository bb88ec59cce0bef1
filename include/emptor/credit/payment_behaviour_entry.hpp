// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string_view>
#include <utility>

#include <emptor/core/entry.hpp>
#include <emptor/credit/payment_behaviour.hpp>

namespace emptor::credit {

inline constexpr std::string_view open_overdue_choices[] = {"counts", "left_out"};
inline constexpr std::string_view early_money_choices[] = {"early", "on_time"};

inline constexpr option_description behaviour_options[] = {
    option_as_of,
    option_by,
    {.name = "period",
     .what = option_content::horizon,
     .summary = "in which the money came: whole days up to as_of, a duration such as '12 months', or the "
                "date on which it "
                "begins",
     .default_value = "12 month"},
    {.name = "open_overdue",
     .what = option_content::choice,
     .summary =
         "money that is overdue on as_of: counts, as if it came that day, the least that its delay can be; "
         "left_out, as long as it has not come, which flatters those who stopped paying",
     .default_value = "counts",
     .choices = open_overdue_choices},
    {.name = "early",
     .what = option_content::choice,
     .summary = "days beyond terms of money that comes before it is due: early, below 0; on_time, 0. The "
                "index always "
                "sees it",
     .default_value = "early",
     .choices = early_money_choices},
    {.name = "grace_days",
     .what = option_content::integer,
     .summary = "days after the due date on which money is not late yet; no days beyond terms change by it",
     .unit = "days",
     .allowed = {0, 365},
     .default_value = "0"},
    {.name = "index_days",
     .what = option_content::numbers,
     .summary = "knots of the payment index: days beyond terms, whole and increasing",
     .unit = "days",
     .allowed = {-36525, 36525},
     .default_value = usual_index_days},
    {.name = "index_points",
     .what = option_content::numbers,
     .summary = "points at these days, never rising; linear in between, the same beyond the outermost",
     .unit = "points",
     .allowed = {0, 100},
     .default_value = usual_index_points},
    option_confidence,
    option_in_currency,
};

inline constexpr column_description behaviour_columns[] = {
    column_group,
    column_currency,
    {.name = "paid",
     .what = content::amount,
     .unit = "currency",
     .summary = "came in the period by payments, for invoices and debit notes with a due date"},
    {.name = "overdue",
     .what = content::amount,
     .unit = "currency",
     .summary = "overdue on as_of and counted as if it came that day; 0 with open_overdue=left_out"},
    {.name = "undated",
     .what = content::amount,
     .unit = "currency",
     .summary = "came for documents without a due date: it counts in days_to_pay alone"},
    {.name = "invoices", .what = content::count, .summary = "with a due date and money in the figures"},
    {.name = "days_to_pay",
     .unit = "days",
     .summary = "from the document date to the payment, weighted by money; only what came",
     .optional = true},
    {.name = "days_beyond_terms",
     .unit = "days",
     .summary = "from the due date to the payment, weighted by money; below 0 = early",
     .optional = true},
    {.name = "days_beyond_terms_low",
     .unit = "days",
     .summary = "lower end of its interval, by invoice where the group is one customer, else by customer; "
                "none with one of them alone",
     .optional = true},
    {.name = "days_beyond_terms_high", .unit = "days", .summary = "its upper end", .optional = true},
    {.name = "late_share",
     .unit = "share",
     .summary = "invoices of which some money was late, of all in the figures",
     .optional = true},
    {.name = "late_share_low", .unit = "share", .summary = "lower end of its interval", .optional = true},
    {.name = "late_share_high", .unit = "share", .summary = "its upper end", .optional = true},
    {.name = "late_money_share", .unit = "share", .summary = "money that was late", .optional = true},
    {.name = "late_money_share_low",
     .unit = "share",
     .summary = "lower end of its interval; none with one invoice or customer alone",
     .optional = true},
    {.name = "late_money_share_high", .unit = "share", .summary = "its upper end", .optional = true},
    {.name = "payment_index",
     .unit = "points",
     .summary = "points of the days beyond terms, weighted by money: 80 is on terms, 50 is 30 days late",
     .optional = true},
    {.name = "payment_index_low",
     .unit = "points",
     .summary = "lower end of its interval; none with one invoice alone",
     .optional = true},
    {.name = "payment_index_high", .unit = "points", .summary = "its upper end", .optional = true},
};

inline constexpr table_description behaviour_outputs[] = {
    {.name = "payment_behaviour",
     .summary = "one row a group and currency with a document up to as_of, without figures where there is "
                "nothing yet",
     .columns = behaviour_columns},
};

// Hong paid 600 of R1 on the day it was due and 400 of it 15 days late, R2 22 days late, and owes R3 for 30 days: 1,500 came,
// (600 x 30 + 400 x 45 + 500 x 52) / 1,500 = 41.33 days after the invoice. With the 300 that did not come, (400 x 15 + 500 x
// 22 + 300 x 30) / 1,800 = 14.44 days beyond terms, 1,200 of 1,800 late, and (600 x 80 + 400 x 70 + 500 x 60 + 300 x 50) /
// 1,800 = 67.22 points. Each of three invoices was late in part, for which Wilson's interval is 3 / (3 + 1.96^2) to 1. Lan
// paid one invoice 20 days early and one of the same sum on terms: (90 + 80) / 2 points; e = 200 (90 - 85) and 200 (80 -
// 85), the standard error sqrt(2 x (1,000^2 + 1,000^2)) / 400 = 5, and t with 1 degree of freedom is 12.706.
inline constexpr example_table behaviour_example_rows[] = {
    {"items", "document,customer,kind,amount,currency,document_date,due_date\n"
              "R1,Hong,invoice,1000.00,EUR,2026-01-01,2026-01-31\n"
              "R2,Hong,invoice,500.00,EUR,2026-01-10,2026-02-09\n"
              "R3,Hong,invoice,300.00,EUR,2026-01-30,2026-03-01\n"
              "R4,Lan,invoice,200.00,EUR,2026-02-01,2026-03-03\n"
              "R5,Lan,invoice,200.00,EUR,2026-02-01,2026-03-03\n"
              "P1,Hong,payment,600.00,EUR,2026-01-31,\n"
              "P2,Hong,payment,900.00,EUR,2026-02-15,\n"
              "P3,Lan,payment,200.00,EUR,2026-02-11,\n"
              "P4,Lan,payment,200.00,EUR,2026-03-03,\n"},
    {"settlements", "settlement,document,settling_document,date,amount,currency\n"
                    "S1,R1,P1,2026-01-31,600.00,EUR\n"
                    "S2,R1,P2,2026-02-15,400.00,EUR\n"
                    "S3,R2,P2,2026-03-03,500.00,EUR\n"
                    "S4,R4,P3,2026-02-11,200.00,EUR\n"
                    "S5,R5,P4,2026-03-03,200.00,EUR\n"},
};
inline constexpr example_option behaviour_example_options[] = {{"as_of", "2026-03-31"}};
inline constexpr example_table behaviour_example_expected[] = {
    {"payment_behaviour",
     "group,currency,paid,overdue,undated,invoices,days_to_pay,days_beyond_terms,late_share,late_share_low,"
     "late_share_high,late_money_share,payment_index,payment_index_low,payment_index_high\n"
     "Hong,EUR,1500.00,300.00,0.00,3,41.333333333333336,14.444444444444445,1,0.4385029682449545,1,0."
     "6666666666666666,"
     "67.222222222222,35.58480651740258,98.85963792704187\n"
     "Lan,EUR,400.00,0.00,0.00,2,20,-10,0,0,0.6576197724933469,0,85,21.46897631912652,100\n"},
};
inline constexpr example behaviour_examples[] = {
    {.what = verb::reduce,
     .summary =
         "an invoice paid in two parts, one paid late, one that is overdue; and a customer who pays early",
     .source = "points of the index as credit bureaus print them; the rest to be checked by hand",
     .tables = behaviour_example_rows,
     .options = behaviour_example_options,
     .expected = behaviour_example_expected,
     .tolerance = 1e-12}};

inline constexpr demo_input behaviour_demo_inputs[] = {{"items", "items"}, {"settlements", "settlements"}};
inline constexpr example_option behaviour_demo_options[] = {{"as_of", demo_today}};
inline constexpr demo_feed behaviour_demo[] = {
    {.inputs = behaviour_demo_inputs, .options = behaviour_demo_options}};

inline constexpr entry_description behaviour_description{
    .name = "credit.payment_behaviour",
    .what = verb::reduce,
    .summary = "days to pay, days beyond terms, shares late and payment index of each customer or group, "
               "with intervals",
    .source = "common practice of credit bureaus; ratio estimates after Cochran (1977), Wilson (1927), Kish "
              "(1965), Korn and Graubard (1998)",
    .chinese = "付款行为",
    .since = "0.1",
    .store = "ledger",
    .options = behaviour_options,
    .outputs = behaviour_outputs,
    .examples = behaviour_examples,
    .demo = behaviour_demo,
};

/// `credit.payment_behaviour` from the catalogue's side. \throws error as `payment_behaviour`
[[nodiscard]] inline result finish_payment_behaviour(const finish_request& request) {
  const std::string_view where = behaviour_description.name;
  const stats::ledger& from = request.stored<stats::ledger>();
  const option_values& options = request.options;
  const date as_of = *options.day("as_of");
  const behaviour_request asked{
      .as_of = as_of,
      .period = measured_periods(where, as_of, options.horizon("period")),
      .scale = payment_scale(where, options.numbers("index_days"), options.numbers("index_points")),
      .open = options.choice<open_overdue>("open_overdue", open_overdue_choices),
      .early = options.choice<early_money>("early", early_money_choices),
      .grace_days = static_cast<std::int32_t>(options.integer("grace_days")),
      .confidence = options.number("confidence"),
      .in_currency = in_currency_of(options),
  };
  result tables;
  tables.tables.push_back(payment_behaviour(from, asked, options.text("by"), request.keys, request.how));
  return tables;
}

inline constexpr entry payment_behaviour_entry{.description = &behaviour_description,
                                               .finish = finish_payment_behaviour};

} // namespace emptor::credit
