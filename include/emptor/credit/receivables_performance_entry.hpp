// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string_view>
#include <utility>

#include <emptor/core/entry.hpp>
#include <emptor/credit/receivables_performance.hpp>

namespace emptor::credit {

inline constexpr std::string_view average_basis_choices[] = {"ends", "daily"};

inline constexpr option_description performance_options[] = {
    option_as_of,
    option_by,
    {.name = "period",
     .what = option_content::horizon,
     .summary = "how long each period is: whole days, a duration such as '1 month', or the date on which the "
                "only one "
                "begins. The last one ends on as_of",
     .default_value = "1 month"},
    {.name = "periods",
     .what = option_content::integer,
     .summary = "how many periods up to as_of; 1 where the period is a date",
     .allowed = {1, 1200},
     .default_value = "1"},
    option_receivables,
    option_sales,
    {.name = "average",
     .what = option_content::choice,
     .summary = "average receivables of the turnover: ends, half of opening and closing; daily, of the ends "
                "of all days "
                "of the period",
     .default_value = "ends",
     .choices = average_basis_choices},
    option_confidence,
    option_in_currency,
};

inline constexpr column_description performance_columns[] = {
    column_group,
    column_currency,
    {.name = "period_begin", .what = content::day, .summary = "its first day"},
    {.name = "period_end", .what = content::day, .summary = "its last day"},
    {.name = "opening",
     .what = content::amount,
     .unit = "currency",
     .summary = "receivables at the end of the day before, replayed"},
    {.name = "sales",
     .what = content::amount,
     .unit = "currency",
     .summary = "of the period, as the option says"},
    {.name = "closing",
     .what = content::amount,
     .unit = "currency",
     .summary = "receivables at the end, replayed"},
    {.name = "current",
     .what = content::amount,
     .unit = "currency",
     .summary = "what is open at the end and not overdue; documents without a due date are not overdue"},
    {.name = "overdue",
     .what = content::amount,
     .unit = "currency",
     .summary = "what is open at the end of documents whose due date lies before it"},
    {.name = "invoiced",
     .what = content::amount,
     .unit = "currency",
     .summary = "invoices and debit notes of the period"},
    {.name = "credited",
     .what = content::amount,
     .unit = "currency",
     .summary = "credit notes of the period"},
    {.name = "written_off",
     .what = content::amount,
     .unit = "currency",
     .summary = "write-offs of the period"},
    {.name = "discounted",
     .what = content::amount,
     .unit = "currency",
     .summary = "cash discounts taken in the period"},
    {.name = "invoices", .what = content::count, .summary = "invoices and debit notes of the period"},
    {.name = "disputed_invoices",
     .what = content::count,
     .summary = "of these, those that were disputed by as_of, whether that is over or not"},
    {.name = "collection_effectiveness_index",
     .unit = "percent",
     .summary =
         "(opening + sales - closing) / (opening + sales - current) x 100, the definition of the Credit "
         "Research Foundation; none where nothing could be collected",
     .optional = true},
    {.name = "turnover",
     .unit = "times",
     .summary =
         "sales / average receivables, of the period and not of a year; none where there were no receivables",
     .optional = true},
    {.name = "past_due_share",
     .unit = "share",
     .summary = "overdue / (current + overdue); none where nothing is open",
     .optional = true},
    {.name = "dilution",
     .unit = "share",
     .summary = "credited / invoiced: what is taken back; none where nothing was invoiced. Definitions that "
                "count all noncash reductions add discounted and written_off",
     .optional = true},
    {.name = "bad_debt_ratio",
     .unit = "share",
     .summary = "written_off / sales; none where there were no sales",
     .optional = true},
    {.name = "discount_share",
     .unit = "share",
     .summary = "discounted / invoiced; none where nothing was invoiced",
     .optional = true},
    {.name = "dispute_rate",
     .unit = "share",
     .summary = "disputed_invoices / invoices; none where there are none",
     .optional = true},
    {.name = "bad_debt_ratio_low",
     .unit = "share",
     .summary = "lower end of its interval, each customer one draw; none with one customer alone",
     .optional = true},
    {.name = "bad_debt_ratio_high", .unit = "share", .summary = "its upper end", .optional = true},
    {.name = "discount_share_low",
     .unit = "share",
     .summary = "lower end of its interval, each customer one draw; none with one customer alone",
     .optional = true},
    {.name = "discount_share_high", .unit = "share", .summary = "its upper end", .optional = true},
    {.name = "dispute_rate_low",
     .unit = "share",
     .summary = "lower end of its interval, by invoice where the group is one customer, else by customer",
     .optional = true},
    {.name = "dispute_rate_high", .unit = "share", .summary = "its upper end", .optional = true},
    column_receivables_basis,
    column_sales_basis,
};

inline constexpr table_description performance_outputs[] = {
    {.name = "receivables_performance",
     .summary =
         "one row a period of a group and currency with a document up to as_of, the earliest period first",
     .columns = performance_columns},
    {.name = "totals",
     .summary = "the same of all groups together: one row a currency and period",
     .columns = std::span(performance_columns).subspan(1)},
};

// 700 and 500 are invoiced in January, 800 in February, 900 in March. 300 come on 2026-02-20; the 500 end as a credit note
// of 100, a payment of 390 and a discount of 10 in March, and 100 are written off then. So 1,200, 1,700 and 2,000 are open
// at the ends of the months, of which 1,200, 1,300 and 900 are not overdue. February: (1,200 + 800 - 1,700) / (1,200 + 800 -
// 1,300) = 300 / 700; its one invoice is disputed. March: sales are 800 net, (1,700 + 800 - 2,000) / (1,700 + 800 - 900) =
// 500 / 1,600; 1,100 of 2,000 are overdue, 100 of 900 credited, 10 of 900 discounted, 100 of 800 lost. In January nothing
// was due, so that nothing could be collected.
inline constexpr example_table performance_example_rows[] = {
    {"items", "document,customer,kind,amount,currency,document_date,due_date\n"
              "R1,Hong,invoice,700.00,EUR,2026-01-15,2026-02-14\n"
              "R2,Hong,invoice,800.00,EUR,2026-02-10,2026-03-12\n"
              "R3,Hong,invoice,900.00,EUR,2026-03-20,2026-04-19\n"
              "R4,Lan,invoice,500.00,EUR,2026-01-30,2026-03-01\n"
              "P1,Hong,payment,300.00,EUR,2026-02-20,\n"
              "W1,Hong,write_off,100.00,EUR,2026-03-30,\n"
              "C1,Lan,credit_note,100.00,EUR,2026-03-10,\n"
              "P2,Lan,payment,390.00,EUR,2026-03-16,\n"
              "D1,Lan,discount,10.00,EUR,2026-03-16,\n"},
    {"settlements", "settlement,document,settling_document,date,amount,currency\n"
                    "S1,R1,P1,2026-02-20,300.00,EUR\n"
                    "S2,R1,W1,2026-03-30,100.00,EUR\n"
                    "S3,R4,C1,2026-03-10,100.00,EUR\n"
                    "S4,R4,P2,2026-03-16,390.00,EUR\n"
                    "S5,R4,D1,2026-03-16,10.00,EUR\n"},
    {"disputes", "dispute,document,opened,amount,currency\n"
                 "O1,R2,2026-03-01,200.00,EUR\n"},
};
inline constexpr example_option performance_example_options[] = {
    {"as_of", "2026-03-31"}, {"by", "all"}, {"period", "1 month"}, {"periods", "3"}};
inline constexpr example_table performance_example_expected[] = {
    {"receivables_performance",
     "group,currency,period_begin,period_end,opening,sales,closing,current,overdue,invoiced,credited,written_"
     "off,"
     "discounted,invoices,disputed_invoices,collection_effectiveness_index,turnover,past_due_share,dilution,"
     "bad_debt_ratio,discount_share,dispute_rate\n"
     "all,EUR,2026-01-01,2026-01-31,0.00,1200.00,1200.00,1200.00,0.00,1200.00,0.00,0.00,0.00,2,0,,2,0,0,0,0,"
     "0\n"
     "all,EUR,2026-02-01,2026-02-28,1200.00,800.00,1700.00,1300.00,400.00,800.00,0.00,0.00,0.00,1,1,"
     "42.857142857142854,0.5517241379310345,0.23529411764705882,0,0,0,1\n"
     "all,EUR,2026-03-01,2026-03-31,1700.00,800.00,2000.00,900.00,1100.00,900.00,100.00,100.00,10.00,1,0,31."
     "25,"
     "0.43243243243243246,0.55,0.1111111111111111,0.125,0.011111111111111112,0\n"},
};
inline constexpr example performance_examples[] = {{.what = verb::reduce,
                                                    .summary = "three months of two customers",
                                                    .source = "made for this page, to be checked by hand",
                                                    .tables = performance_example_rows,
                                                    .options = performance_example_options,
                                                    .expected = performance_example_expected,
                                                    .tolerance = 1e-14}};

inline constexpr demo_input performance_demo_inputs[] = {
    {"items", "items"}, {"settlements", "settlements"}, {"disputes", "disputes"}};
inline constexpr example_option performance_demo_options[] = {
    {"as_of", demo_today}, {"by", "all"}, {"period", "3 months"}, {"periods", "4"}};
inline constexpr demo_feed performance_demo[] = {
    {.inputs = performance_demo_inputs, .options = performance_demo_options}};

inline constexpr entry_description performance_description{
    .name = "credit.receivables_performance",
    .what = verb::reduce,
    .summary =
        "collection effectiveness index, receivables turnover, past-due share, dilution, bad-debt ratio, "
        "discounts and disputes, period by period",
    .source =
        "collection effectiveness index: Credit Research Foundation; dilution: noncash reductions of "
        "receivables as lenders on them measure it (OCC, Comptroller's Handbook, Asset-Based Lending), here "
        "credit notes over gross invoices; intervals: Cochran (1977), Korn and Graubard (1998), Wilson "
        "(1927)",
    .chinese = "应收账款管理绩效",
    .since = "0.1",
    .store = "ledger",
    .options = performance_options,
    .outputs = performance_outputs,
    .examples = performance_examples,
    .demo = performance_demo,
};

/// `credit.receivables_performance` from the catalogue's side. \throws error as `receivables_performance`
[[nodiscard]] inline result finish_receivables_performance(const finish_request& request) {
  const stats::ledger& from = request.stored<stats::ledger>();
  const option_values& options = request.options;
  const date as_of = *options.day("as_of");
  const measured_periods period(performance_description.name, as_of, options.horizon("period"));
  const performance_request asked{
      .as_of = as_of,
      .period = period,
      .periods = period.only_one() ? 1 : static_cast<int>(options.integer("periods")),
      .receivables = options.choice<receivables_basis>("receivables", receivables_basis_choices),
      .sales = options.choice<sales_basis>("sales", sales_basis_choices),
      .average = options.choice<average_basis>("average", average_basis_choices),
      .confidence = options.number("confidence"),
      .in_currency = in_currency_of(options),
  };
  performance_report made =
      receivables_performance(from, asked, options.text("by"), request.keys, request.how);
  result tables;
  tables.tables.push_back(std::move(made.groups));
  tables.tables.push_back(std::move(made.totals));
  return tables;
}

inline constexpr entry receivables_performance_entry{.description = &performance_description,
                                                     .finish = finish_receivables_performance};

} // namespace emptor::credit
