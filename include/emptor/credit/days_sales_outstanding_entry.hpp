// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string_view>
#include <utility>

#include <emptor/core/entry.hpp>
#include <emptor/credit/days_sales_outstanding.hpp>

namespace emptor::credit {

inline constexpr std::string_view month_length_choices[] = {"calendar", "thirty"};

inline constexpr option_description dso_options[] = {
    option_as_of,
    option_by,
    option_period,
    {.name = "days",
     .what = option_content::number,
     .summary =
         "days that the period counts as, such as 90 a quarter or 360 a year; without it as many as it has",
     .unit = "days",
     .allowed = {.low = 0.0, .high = 36525.0, .low_open = true}},
    option_receivables,
    option_sales,
    {.name = "months",
     .what = option_content::choice,
     .summary = "days of a month that the count back uses up: calendar, as many as it has; thirty, 30 each",
     .default_value = "calendar",
     .choices = month_length_choices},
    {.name = "countback_months",
     .what = option_content::integer,
     .summary = "how many months back the count back looks for sales, that of as_of included",
     .unit = "months",
     .allowed = {1, 240},
     .default_value = "24"},
    option_in_currency,
};

inline constexpr column_description dso_columns[] = {
    column_group,
    column_currency,
    {.name = "receivables", .what = content::amount, .unit = "currency", .summary = "as the option says"},
    {.name = "current",
     .what = content::amount,
     .unit = "currency",
     .summary =
         "what is open and not overdue; the due date itself and documents without one are not overdue"},
    {.name = "overdue",
     .what = content::amount,
     .unit = "currency",
     .summary = "what is open of documents whose due date lies before as_of"},
    {.name = "sales", .what = content::amount, .unit = "currency", .summary = "of the period"},
    {.name = "simple",
     .unit = "days",
     .summary = "receivables / sales x days of the period; none where there were no sales",
     .optional = true},
    {.name = "best_possible",
     .unit = "days",
     .summary = "current / sales x days of the period: what it would be if nothing were overdue",
     .optional = true},
    {.name = "average_days_delinquent",
     .unit = "days",
     .summary = "simple less best_possible; with receivables=balance below 0 where unallocated credits "
                "exceed what is "
                "overdue",
     .optional = true},
    {.name = "countback",
     .unit = "days",
     .summary =
         "days of sales, counted back from as_of month by month, that add up to the receivables; 0 where "
         "nothing is owed, none where the months do not hold that many sales",
     .optional = true},
    {.name = "uncovered",
     .what = content::amount,
     .unit = "currency",
     .summary = "receivables beyond the sales of all these months; 0 where the count back came to its end"},
    {.name = "invoice_true",
     .unit = "days",
     .summary = "average days on which the money of the period's invoices and debit notes was open, each "
                "settled part "
                "up to its day, what is open up to as_of",
     .optional = true},
    {.name = "invoiced_open_share",
     .unit = "share",
     .summary = "how much of these invoices is open: what their invoice_true does not yet know the end of",
     .optional = true},
    column_receivables_basis,
    column_sales_basis,
};

inline constexpr table_description dso_outputs[] = {
    {.name = "days_sales_outstanding",
     .summary = "one row a group and currency with a document up to as_of",
     .columns = dso_columns},
    {.name = "totals",
     .summary = "the same of all groups together: one row a currency",
     .columns = std::span(dso_columns).subspan(1)},
};

// The period is 2026-01-01 to 2026-03-31, 90 days. Hong bought 700 in January, of which 300 were paid on 2026-02-20, 800
// in February, 900 in March: 2,100 of 2,400 are open, of which 900 are not overdue. 2,100 / 2,400 x 90 = 78.75, 900 /
// 2,400 x 90 = 33.75; counted back 31 + 28 + 400 / 700 x 31 = 76.714. His invoices stood open for 75, 49 and 11 days,
// the 300 for 39 days less: (700 x 75 - 300 x 39 + 800 x 49 + 900 x 11) / 2,400 = 37.458. Lan's 500 of 2026-01-30 ended
// as a credit note of 100 after 39 days and a payment of 400 after 45: (100 x 39 + 400 x 45) / 500 = 43.8.
inline constexpr example_table dso_example_rows[] = {
    {"items", "document,customer,kind,amount,currency,document_date,due_date\n"
              "R1,Hong,invoice,700.00,EUR,2026-01-15,2026-02-14\n"
              "R2,Hong,invoice,800.00,EUR,2026-02-10,2026-03-12\n"
              "R3,Hong,invoice,900.00,EUR,2026-03-20,2026-04-19\n"
              "R4,Lan,invoice,500.00,EUR,2026-01-30,2026-03-01\n"
              "P1,Hong,payment,300.00,EUR,2026-02-20,\n"
              "C1,Lan,credit_note,100.00,EUR,2026-03-10,\n"
              "P2,Lan,payment,400.00,EUR,2026-03-16,\n"},
    {"settlements", "settlement,document,settling_document,date,amount,currency\n"
                    "S1,R1,P1,2026-02-20,300.00,EUR\n"
                    "S2,R4,C1,2026-03-10,100.00,EUR\n"
                    "S3,R4,P2,2026-03-16,400.00,EUR\n"},
};
inline constexpr example_option dso_example_options[] = {{"as_of", "2026-03-31"}, {"period", "3 months"}};
inline constexpr example_table dso_example_expected[] = {
    {"days_sales_outstanding", "group,currency,receivables,current,overdue,sales,simple,best_possible,"
                               "average_days_delinquent,countback,"
                               "uncovered,invoice_true,invoiced_open_share\n"
                               "Hong,EUR,2100.00,900.00,1200.00,2400.00,78.75,33.75,45,76.71428571428571,0."
                               "00,37.458333333333336,0.875\n"
                               "Lan,EUR,0.00,0.00,0.00,400.00,0,0,0,0,0.00,43.8,0\n"},
    {"totals", "currency,receivables,sales,simple,best_possible,countback,invoice_true\n"
               "EUR,2100.00,2800.00,67.5,28.928571428571427,71.91666666666667,38.55172413793103\n"},
};
inline constexpr example dso_examples[] = {
    {.what = verb::reduce,
     .summary = "a quarter of two customers: the simple, best possible, count-back and invoice-true figures",
     .source =
         "the count back of 900,000, 800,000 and 700,000 against 2,100,000 in calendar months, as credit "
         "management handbooks print it; the rest to be checked by hand",
     .tables = dso_example_rows,
     .options = dso_example_options,
     .expected = dso_example_expected,
     .tolerance = 1e-14}};

inline constexpr demo_input dso_demo_inputs[] = {{"items", "items"}, {"settlements", "settlements"}};
inline constexpr example_option dso_demo_options[] = {{"as_of", demo_today}, {"by", "all"}};
inline constexpr demo_feed dso_demo[] = {{.inputs = dso_demo_inputs, .options = dso_demo_options}};

inline constexpr entry_description dso_description{
    .name = "credit.days_sales_outstanding",
    .what = verb::reduce,
    .summary =
        "days sales outstanding: simple, best possible, by count back and true by invoice, and average days "
        "delinquent",
    .source = "common practice of credit management; count back after the exhaustion method; conventions are "
              "options",
    .chinese = "应收账款周转天数",
    .since = "0.1",
    .store = "ledger",
    .options = dso_options,
    .outputs = dso_outputs,
    .examples = dso_examples,
    .demo = dso_demo,
};

/// `credit.days_sales_outstanding` from the catalogue's side. \throws error as `days_sales_outstanding`
[[nodiscard]] inline result finish_days_sales_outstanding(const finish_request& request) {
  const stats::ledger& from = request.stored<stats::ledger>();
  const option_values& options = request.options;
  const date as_of = *options.day("as_of");
  const dso_request asked{
      .as_of = as_of,
      .period = measured_periods(dso_description.name, as_of, options.horizon("period")),
      .days = options.number("days"),
      .receivables = options.choice<receivables_basis>("receivables", receivables_basis_choices),
      .sales = options.choice<sales_basis>("sales", sales_basis_choices),
      .months = options.choice<month_length>("months", month_length_choices),
      .countback_months = static_cast<int>(options.integer("countback_months")),
      .in_currency = in_currency_of(options),
  };
  dso_report made = days_sales_outstanding(from, asked, options.text("by"), request.keys, request.how);
  result tables;
  tables.tables.push_back(std::move(made.groups));
  tables.tables.push_back(std::move(made.totals));
  return tables;
}

inline constexpr entry days_sales_outstanding_entry{.description = &dso_description,
                                                    .finish = finish_days_sales_outstanding};

} // namespace emptor::credit
