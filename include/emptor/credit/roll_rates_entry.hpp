// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/entry.hpp>
#include <emptor/credit/roll_rates_tables.hpp>

namespace emptor::credit {

inline constexpr option_description option_by_all{
    .name = option_by.name, .what = option_by.what, .summary = option_by.summary, .default_value = "all"};
inline constexpr option_description option_age_from{
    .name = "age_from",
    .what = option_content::choice,
    .summary =
        "the date from which a document's age is counted: due_date gives the buckets not_due, 1-30, ...; "
        "document_date 0-30, 31-60, ...",
    .default_value = "due_date",
    .choices = age_base_choices};
inline constexpr option_description option_bucket_edges = described_in(ageing_options, "edges");
inline constexpr option_description option_bucket_edge_day = described_in(ageing_options, "edge_day");
inline constexpr option_description option_snapshot_period{
    .name = "period",
    .what = option_content::horizon,
    .summary = "from one snapshot to the next, back from as_of: whole days, a duration such as '1 month', or "
               "the date "
               "on which the only period begins. Months end on as_of: the last of a month gives month ends",
    .default_value = "1 month"};
inline constexpr option_description option_snapshot_periods{
    .name = "periods",
    .what = option_content::integer,
    .summary = "how many periods; there is one snapshot more",
    .allowed = {1, 240},
    .default_value = "12"};

/// The days of the snapshots: the ends of periods up to `as_of`, and of the one before.
/// \throws error status::option
[[nodiscard]] inline std::vector<std::int32_t> snapshot_days(const option_values& options,
                                                             std::string_view where) {
  const measured_periods periods(where, *options.day("as_of"), options.horizon("period"));
  const auto count = periods.only_one() ? 1 : static_cast<int>(options.integer("periods"));
  std::vector<std::int32_t> days;
  for (int back = count; back >= 0; --back) {
    const std::int32_t day = periods.last(back);
    if (day >= first_day && (days.empty() || day > days.back()))
      days.push_back(day);
  }
  if (days.size() < 2)
    throw error(status::option,
                std::string(where) + ": options as_of and period leave no period in the calendar");
  return days;
}

inline constexpr option_description roll_rates_options[] = {
    option_as_of,
    option_by_all,
    option_snapshot_period,
    option_snapshot_periods,
    option_age_from,
    option_bucket_edges,
    option_bucket_edge_day,
    {.name = "loss_of_last",
     .what = option_content::number,
     .summary = "share of the money in the oldest bucket that is lost in the end",
     .unit = "share",
     .allowed = zero_to_one,
     .default_value = "1"},
    option_confidence,
    option_in_currency,
};

inline constexpr column_description rolled_balance_columns[] = {
    column_group,
    column_currency,
    {.name = "day", .what = content::day, .summary = "of the snapshot; the ledger as it stood at its end"},
    {.name = "bucket", .what = content::code, .summary = "as in credit.ageing"},
    {.name = "amount", .what = content::amount, .unit = "currency", .summary = "what was open"},
    {.name = "open_items", .what = content::count, .summary = "documents that were not fully settled"},
};
inline constexpr column_description rolled_flow_columns[] = {
    column_group,
    column_currency,
    {.name = "day", .what = content::day, .summary = "the last day of the period"},
    {.name = "from", .what = content::code, .summary = "a bucket"},
    {.name = "to", .what = content::code, .summary = "the next older one"},
    {.name = "before",
     .what = content::amount,
     .unit = "currency",
     .summary = "in `from` when the period began"},
    {.name = "after", .what = content::amount, .unit = "currency", .summary = "in `to` at its end"},
    {.name = "rate",
     .unit = "share",
     .summary =
         "after / before; above 1 where money came from elsewhere, none where nothing was there before",
     .optional = true},
};
inline constexpr column_description rolled_rate_columns[] = {
    column_group,
    column_currency,
    {.name = "from", .what = content::code, .summary = "a bucket"},
    {.name = "to", .what = content::code, .summary = "the next older one"},
    {.name = "periods", .what = content::count, .summary = "in which there was money in `from`"},
    {.name = "rate",
     .unit = "share",
     .summary = "sum of after / sum of before over all periods; none where nothing ever was in `from`",
     .optional = true},
    {.name = "low",
     .unit = "share",
     .summary =
         "lower end of its interval over the periods (ratio of sums, Student's t); none for one period",
     .optional = true},
    {.name = "high", .unit = "share", .summary = "upper end", .optional = true},
};
inline constexpr column_description rolled_transition_columns[] = {
    column_group,
    column_currency,
    {.name = "from",
     .what = content::code,
     .summary = "the bucket in which the money was at one snapshot; new = it was not there yet, or had been "
                "settled"},
    {.name = "to",
     .what = content::code,
     .summary = "the bucket in which it was at the next one, or how it was settled: paid, credited (a credit "
                "note or "
                "discount), written_off"},
    {.name = "amount",
     .what = content::amount,
     .unit = "currency",
     .summary = "over all periods. Those of one `from` add up to its balances at the beginnings of the "
                "periods, those of "
                "one bucket `to` to its balances at their ends"},
    {.name = "items", .what = content::count, .summary = "documents that carried it, each once a period"},
    {.name = "rate",
     .unit = "share",
     .summary = "amount / all that was in `from`; none of what is new",
     .optional = true},
    {.name = "low",
     .unit = "share",
     .summary = "lower end of its interval over the customers (ratio of sums, Wilson's with Student's t); "
                "none for one "
                "customer",
     .optional = true},
    {.name = "high", .unit = "share", .summary = "upper end", .optional = true},
};
inline constexpr column_description rolled_loss_columns[] = {
    column_group,
    column_currency,
    {.name = "bucket", .what = content::code, .summary = "each but what is owed to the customer"},
    {.name = "balance", .what = content::amount, .unit = "currency", .summary = "on as_of"},
    {.name = "flow_loss_rate",
     .unit = "share",
     .summary = "product of the flow rates from here on and of loss_of_last, at most 1; none where one is "
                "not known, and "
                "of undated money",
     .optional = true},
    {.name = "flow_loss",
     .what = content::amount,
     .unit = "currency",
     .summary = "balance x rate, rounded to the minor unit",
     .optional = true},
    {.name = "transition_loss_rate",
     .unit = "share",
     .summary = "share of the money that comes to the oldest bucket, or is written off, by the transitions; "
                "that of the "
                "oldest bucket is loss_of_last. None where a transition on the way is not known",
     .optional = true},
    {.name = "transition_loss",
     .what = content::amount,
     .unit = "currency",
     .summary = "balance x rate, rounded to the minor unit",
     .optional = true},
};
inline constexpr column_description rolled_total_columns[] = {
    column_group,
    column_currency,
    {.name = "balance", .what = content::amount, .unit = "currency", .summary = "what is owed on as_of"},
    {.name = "flow_loss", .what = content::amount, .unit = "currency", .summary = "sum over the buckets"},
    {.name = "flow_unrated",
     .what = content::amount,
     .unit = "currency",
     .summary = "the part of balance in buckets without a rate: no loss is counted of it"},
    {.name = "transition_loss",
     .what = content::amount,
     .unit = "currency",
     .summary = "sum over the buckets"},
    {.name = "transition_unrated",
     .what = content::amount,
     .unit = "currency",
     .summary = "the part of balance in buckets without a rate"},
};
inline constexpr table_description roll_rates_outputs[] = {
    {.name = "balances",
     .summary = "one row a group, currency, snapshot and bucket with an open document",
     .columns = rolled_balance_columns},
    {.name = "flow",
     .summary = "balances of neighbouring buckets in successive snapshots, one row a period and pair",
     .columns = rolled_flow_columns},
    {.name = "rates", .summary = "the same over all periods, with intervals", .columns = rolled_rate_columns},
    {.name = "transitions",
     .summary = "what became of the money, document by document, over all periods",
     .columns = rolled_transition_columns},
    {.name = "losses",
     .summary = "what of the present balances will be lost",
     .columns = rolled_loss_columns},
    {.name = "totals", .summary = "one row a group and currency", .columns = rolled_total_columns},
};

// Month ends of January to March, buckets not_due, 1-30 and 31+. R1 is 11 days overdue with 1,000.00 in January, 39 days
// with 400.00 in February after a payment, and stays there. R2 of 2,000.00 is not due, then 500.00 are 13 days overdue,
// then 200.00 44 days. R3 comes in February and is 21 days overdue in March, after a credit note of 100.00. Flow: 500 +
// 700 of 2,000 + 800 roll from not_due, 400 + 600 of 1,000 + 500 from 1-30, though 400 of these 600 had been there
// before. Transitions: 400 + 200 of 1,500 roll from 1-30.
inline constexpr example_table roll_rates_example_rows[] = {
    {"items", "document,customer,kind,amount,currency,document_date,due_date\n"
              "R1,Hong,invoice,1000.00,EUR,2026-01-05,2026-01-20\n"
              "R2,Lan,invoice,2000.00,EUR,2026-01-10,2026-02-15\n"
              "R3,Hong,invoice,800.00,EUR,2026-02-05,2026-03-10\n"
              "P1,Hong,payment,600.00,EUR,2026-02-10,\n"
              "P2,Lan,payment,1800.00,EUR,2026-02-20,\n"
              "C1,Hong,credit_note,100.00,EUR,2026-03-20,\n"},
    {"settlements", "settlement,document,settling_document,date,amount,currency\n"
                    "S1,R1,P1,2026-02-10,600.00,EUR\n"
                    "S2,R2,P2,2026-02-20,1500.00,EUR\n"
                    "S3,R2,P2,2026-03-10,300.00,EUR\n"
                    "S4,R3,C1,2026-03-20,100.00,EUR\n"},
};
inline constexpr example_option roll_rates_example_options[] = {
    {"as_of", "2026-03-31"}, {"periods", "2"}, {"edges", "30"}};
inline constexpr example_table roll_rates_example_expected[] = {
    {"balances", "group,currency,day,bucket,amount,open_items\n"
                 "all,EUR,2026-01-31,not_due,2000.00,1\n"
                 "all,EUR,2026-01-31,1-30,1000.00,1\n"
                 "all,EUR,2026-02-28,not_due,800.00,1\n"
                 "all,EUR,2026-02-28,1-30,500.00,1\n"
                 "all,EUR,2026-02-28,31+,400.00,1\n"
                 "all,EUR,2026-02-28,unallocated,-300.00,1\n"
                 "all,EUR,2026-03-31,1-30,700.00,1\n"
                 "all,EUR,2026-03-31,31+,600.00,2\n"},
    {"flow", "day,from,to,before,after,rate\n"
             "2026-02-28,not_due,1-30,2000.00,500.00,0.25\n"
             "2026-02-28,1-30,31+,1000.00,400.00,0.4\n"
             "2026-03-31,not_due,1-30,800.00,700.00,0.875\n"
             "2026-03-31,1-30,31+,500.00,600.00,1.2\n"},
    {"rates", "from,to,periods,rate\n"
              "not_due,1-30,2,0.42857142857142855\n"
              "1-30,31+,2,0.6666666666666666\n"},
    {"transitions", "from,to,amount,items,rate\n"
                    "not_due,1-30,1200.00,2,0.42857142857142855\n"
                    "not_due,paid,1500.00,1,0.5357142857142857\n"
                    "not_due,credited,100.00,1,0.03571428571428571\n"
                    "1-30,31+,600.00,2,0.4\n"
                    "1-30,paid,900.00,2,0.6\n"
                    "31+,31+,400.00,1,1\n"
                    "new,not_due,800.00,1,\n"},
    {"losses", "bucket,balance,flow_loss_rate,flow_loss,transition_loss_rate,transition_loss\n"
               "not_due,0.00,0.2857142857142857,0.00,0.17142857142857143,0.00\n"
               "1-30,700.00,0.6666666666666666,466.67,0.4,280.00\n"
               "31+,600.00,1,600.00,1,600.00\n"
               "undated,0.00,,,,\n"},
    {"totals", "group,currency,balance,flow_loss,flow_unrated,transition_loss,transition_unrated\n"
               "all,EUR,1300.00,1066.67,0.00,880.00,0.00\n"},
};
inline constexpr example roll_rates_examples[] = {
    {.what = verb::reduce,
     .summary =
         "three month ends of three invoices; flow takes old money for new, following the documents does not",
     .source = "made for this page, to be checked by hand",
     .tables = roll_rates_example_rows,
     .options = roll_rates_example_options,
     .expected = roll_rates_example_expected,
     .tolerance = 1e-12}};

inline constexpr demo_input rolled_demo_inputs[] = {{"items", "items"}, {"settlements", "settlements"}};
inline constexpr example_option roll_rates_demo_options[] = {{"as_of", demo_today}};
inline constexpr demo_feed roll_rates_demo[] = {
    {.inputs = rolled_demo_inputs, .options = roll_rates_demo_options}};

inline constexpr entry_description roll_rates_description{
    .name = roll_rates_name,
    .what = verb::reduce,
    .summary = "how much money rolls from one ageing bucket to the next, by balances and by document, and "
               "what will be lost",
    .source = "OCC, Comptroller's Handbook, Retail Lending (roll rates); W. G. Cochran, Sampling Techniques, "
              "for the "
              "intervals",
    .chinese = "账龄迁徙率",
    .since = "0.1",
    .store = "ledger",
    .options = roll_rates_options,
    .outputs = roll_rates_outputs,
    .examples = roll_rates_examples,
    .demo = roll_rates_demo,
};

/// `credit.roll_rates` from the catalogue's side. \throws error as `roll_rates`
[[nodiscard]] inline result finish_roll_rates(const finish_request& request) {
  const stats::ledger& from = request.stored<stats::ledger>();
  const option_values& options = request.options;
  const age_base age_from = options.choice<age_base>("age_from", age_base_choices);
  const roll_rates_request asked{.days = snapshot_days(options, roll_rates_name),
                                 .buckets = buckets_of(options, roll_rates_name, age_from),
                                 .age_from = age_from,
                                 .loss_of_last = options.number("loss_of_last"),
                                 .confidence = options.number("confidence"),
                                 .in_currency = in_currency_of(options)};
  roll_rates_report made = roll_rates(from, asked, options.text("by"), request.keys, request.how);
  result tables;
  for (table* one : {&made.balances, &made.flow, &made.rates, &made.transitions, &made.losses, &made.totals})
    tables.tables.push_back(std::move(*one));
  return tables;
}

inline constexpr entry roll_rates_entry{.description = &roll_rates_description, .finish = finish_roll_rates};

} // namespace emptor::credit
