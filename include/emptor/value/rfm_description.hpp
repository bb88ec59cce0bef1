// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string_view>

#include <emptor/core/describe.hpp>
#include <emptor/value/rfm.hpp>
#include <emptor/value/rfm_segments_entry.hpp>
#include <emptor/value/summary_entry.hpp>

/// What the catalogue says of RFM analysis (rfm.hpp): columns, options, tables and worked examples.
namespace emptor::value {

inline constexpr std::string_view rfm_presets[] = {"rfm"};

inline constexpr option_description rfm_fit_options[] = {
    {.name = "until",
     .what = option_content::day,
     .summary =
         "the day from which recency counts back, and the last day that counts (default: the latest "
         "day of the history; the table warnings tells if it lies more than a year behind all others)"},
    {.name = "since",
     .what = option_content::day,
     .summary = "the first day that counts (default: all); credit notes net against their orders first, of "
                "whatever day, then orders before it are left out"},
    {.name = "preset",
     .what = option_content::choice,
     .summary = "rfm: as the R package rfm does: method=quantiles, quantile_type=7, ties=one_above, "
                "same_day=keep, segmentation=ten; an option that is set besides holds instead",
     .choices = rfm_presets},
    {.name = "method",
     .what = option_content::choice,
     .summary = "ranks (the default): groups as equal in size as equal figures allow; quantiles; clusters: "
                "the groups nearest to their means (optimal k-means)",
     .choices = rfm_method_names},
    {.name = "groups",
     .what = option_content::integer,
     .summary = "scores go from 1 to this (default 5)",
     .allowed = rfm_score_domain},
    {.name = "quantile_type",
     .what = option_content::integer,
     .summary = "of method=quantiles: definition 1 to 9 of Hyndman and Fan 1996, as in R (default 7, R's and "
                "NumPy's; 6 is that of SPSS and Minitab)",
     .allowed = {1.0, 9.0}},
    {.name = "ties",
     .what = option_content::choice,
     .summary = "of method=quantiles: a figure that equals a quantile is below it (the default, intervals "
                "closed on the right as in pandas' qcut) or above; one_above: the next group begins one day, "
                "order or whole unit of money above it",
     .choices = rfm_tie_names},
    {.name = "monetary",
     .what = option_content::choice,
     .summary = "total: of all orders; mean: of an order, to the minor unit, halves away from zero",
     .default_value = "total",
     .choices = rfm_monetary_names},
    {.name = "segmentation",
     .what = option_content::choice,
     .summary =
         "segments, where slot segments gives none: eleven (by R and the mean of F and M), ten (by R, F "
         "and M), eight (each high or low: 重要价值客户, ...); default eleven of 5 groups, else eight",
     .choices = rfm_preset_names},
    {.name = "weights",
     .what = option_content::numbers,
     .summary = "of recency, frequency and monetary score in rfm_score",
     .allowed = at_least_zero,
     .default_value = "1,1,1"},
    {.name = "same_day",
     .what = option_content::choice,
     .summary =
         "merge (the default): all that a customer orders on one day is one order; keep: each document "
         "is one, and each row without a document",
     .choices = stats::same_day_names},
    described_in(summary_finish_options, "negative"),
    described_in(summary_finish_options, "currency"),
};

inline constexpr std::string_view rfm_accepts_cuts[] = {rfm_name};
inline constexpr std::string_view rfm_accepts_segments[] = {rfm_segments_name};
inline constexpr slot_description rfm_slots[] = {
    {.name = "cuts",
     .summary =
         "cuts that are given: an earlier model, or a table cuts; then nothing is learnt from the customers",
     .accepts = rfm_accepts_cuts,
     .optional = true},
    {.name = "segments",
     .summary = "rules of the segments; before those of the slot cuts and of option segmentation",
     .accepts = rfm_accepts_segments,
     .optional = true},
};

inline constexpr column_description rfm_cut_columns[] = {
    {.name = "score", .what = content::count, .summary = "1 is the worst", .allowed = rfm_score_domain},
    {.name = "recency_to",
     .what = content::count,
     .unit = "days",
     .summary = "the most days since the last order with this score; missing at score 1",
     .optional = true},
    {.name = "frequency_to",
     .what = content::count,
     .unit = "orders",
     .summary = "the most orders with this score; missing at the highest",
     .optional = true},
    {.name = "monetary_to",
     .what = content::amount,
     .unit = "currency",
     .summary = "the most money with this score; missing at the highest",
     .optional = true},
    {.name = "recency_quantile",
     .unit = "days",
     .summary = "the quantile behind recency_to, with method=quantiles",
     .optional = true},
    {.name = "frequency_quantile",
     .unit = "orders",
     .summary = "the quantile behind frequency_to",
     .optional = true},
    {.name = "monetary_quantile",
     .unit = "currency",
     .summary = "the quantile behind monetary_to",
     .optional = true},
};
inline constexpr table_description rfm_cuts_table{
    .name = "cuts",
    .summary = "how figures become scores: a row for each score, with the largest figures that have it; the "
               "next larger one has the next score",
    .columns = rfm_cut_columns};

inline constexpr std::string_view rfm_total_names[] = {
    "counted",      "later",  "cancelled",     "cancellations", "open_cancellations", "ordered",
    "credit_notes", "scored", "without_order", "earlier",       "unapplied_credit",   "other_currencies"};
enum class rfm_warning : std::int32_t {
  far_until = 0,
  one_figure = 1,  ///< all customers have the same
  empty_score = 2, ///< nobody has it
};
inline constexpr std::string_view rfm_warning_names[] = {"far_until", "one_figure", "empty_score"};

inline constexpr column_description rfm_customer_columns[] = {
    {.name = "customer", .what = content::text, .summary = "customer (客户), sorted by bytes"},
    {.name = "recency",
     .what = content::count,
     .unit = "days",
     .summary = "days from the last order to until (最近一次消费)"},
    {.name = "frequency", .what = content::count, .unit = "orders", .summary = "orders (消费频率)"},
    {.name = "monetary",
     .what = content::amount,
     .unit = "currency",
     .summary = "what credit notes left of all orders, or its mean (消费金额)"},
    {.name = "total_amount",
     .what = content::amount,
     .unit = "currency",
     .summary = "of all orders, where monetary is their mean",
     .optional = true},
    {.name = "last_order", .what = content::day, .summary = "day of the last order"},
    {.name = "recency_score", .what = content::count, .summary = "R, the largest for the latest order"},
    {.name = "frequency_score", .what = content::count, .summary = "F, the largest for the most orders"},
    {.name = "monetary_score", .what = content::count, .summary = "M, the largest for the most money"},
    {.name = "cell", .what = content::code, .summary = "the three scores side by side, such as 543"},
    {.name = "rfm_score", .summary = "weighted mean of the three scores"},
    {.name = "segment", .what = content::code, .summary = "name of the segment (客户群)"},
};
inline constexpr column_description rfm_score_columns[] = {
    {.name = "measure", .what = content::code, .summary = "what is scored", .levels = rfm_measure_names},
    {.name = "score", .what = content::count, .summary = "1 is the worst"},
    {.name = "customers", .what = content::count, .summary = "customers with this score"},
    {.name = "customer_share", .unit = "share", .summary = "of all customers", .allowed = zero_to_one},
    {.name = "amount", .what = content::amount, .unit = "currency", .summary = "of their orders"},
    {.name = "share",
     .unit = "share",
     .summary = "of the amount of all customers; null where that is not above 0",
     .optional = true},
};
inline constexpr column_description rfm_segment_columns[] = {
    {.name = "segment", .what = content::code, .summary = "name of the segment, in the order of the rules"},
    {.name = "customers", .what = content::count, .summary = "customers of the segment"},
    {.name = "customer_share", .unit = "share", .summary = "of all customers", .allowed = zero_to_one},
    {.name = "orders", .what = content::count, .unit = "orders", .summary = "their orders"},
    {.name = "amount", .what = content::amount, .unit = "currency", .summary = "of their orders"},
    {.name = "share",
     .unit = "share",
     .summary = "of the amount of all customers; null where that is not above 0",
     .optional = true},
    {.name = "mean_recency",
     .unit = "days",
     .summary = "mean of the days since the last order; null without a customer, as all below",
     .optional = true},
    {.name = "mean_frequency", .unit = "orders", .summary = "mean number of orders", .optional = true},
    {.name = "mean_monetary", .unit = "currency", .summary = "mean amount of a customer", .optional = true},
    {.name = "mean_recency_score", .summary = "mean R", .optional = true},
    {.name = "mean_frequency_score", .summary = "mean F", .optional = true},
    {.name = "mean_monetary_score", .summary = "mean M", .optional = true},
};
inline constexpr column_description rfm_cell_columns[] = {
    {.name = "cell", .what = content::code, .summary = "each cell of the cube"},
    {.name = "recency_score", .what = content::count, .summary = "R"},
    {.name = "frequency_score", .what = content::count, .summary = "F"},
    {.name = "monetary_score", .what = content::count, .summary = "M"},
    {.name = "segment", .what = content::code, .summary = "name of its segment"},
    {.name = "customers", .what = content::count, .summary = "customers of the cell"},
    {.name = "customer_share", .unit = "share", .summary = "of all customers", .allowed = zero_to_one},
    {.name = "amount", .what = content::amount, .unit = "currency", .summary = "of their orders"},
};
inline constexpr column_description rfm_total_columns[] = {
    {.name = "total",
     .what = content::code,
     .summary = "counted = later + cancelled + cancellations + ordered + credit_notes; ordered + "
                "credit_notes = scored + earlier - unapplied_credit, where earlier is what is left of orders "
                "before since",
     .levels = rfm_total_names},
    {.name = "customers", .what = content::count, .summary = "customers; 0 where lines are counted"},
    {.name = "lines", .what = content::count, .summary = "order lines; 0 where customers are counted"},
    {.name = "amount", .what = content::amount, .unit = "currency", .summary = "their sum"},
};
inline constexpr column_description rfm_warning_columns[] = {
    {.name = "warning", .what = content::code, .summary = "what is to be known", .levels = rfm_warning_names},
    {.name = "text", .what = content::text, .summary = "in words, with its figures"},
};
inline constexpr table_description rfm_outputs[] = {
    {.name = "customers",
     .summary = "one row for each customer of whom an order is left",
     .columns = rfm_customer_columns},
    rfm_cuts_table,
    rfm_rules_table,
    {.name = "scores", .summary = "customers and money of each score", .columns = rfm_score_columns},
    {.name = "segments", .summary = "customers and money of each segment", .columns = rfm_segment_columns},
    {.name = "cells", .summary = "customers and money of each cell of the cube", .columns = rfm_cell_columns},
    {.name = "totals",
     .summary = "where every line and every minor unit went (对账)",
     .columns = rfm_total_columns},
    {.name = "warnings", .summary = "what to know before using the figures", .columns = rfm_warning_columns},
};

inline constexpr table_description rfm_model_tables[] = {
    rfm_cuts_table,
    {.name = rfm_rules_table.name,
     .summary = "rules of the segments; without them eleven segments of 5 groups, else eight",
     .columns = rfm_rule_columns,
     .optional = true},
};
inline constexpr option_description rfm_model_options[] = {
    {.name = "currency",
     .what = option_content::currency,
     .summary = "currency of the money, which has its decimals (ISO 4217); two where it is not set"},
    {.name = "monetary",
     .what = option_content::choice,
     .summary = "what the cuts of money are of: the total of a customer's orders or their mean",
     .default_value = "total",
     .choices = rfm_monetary_names},
};

enum class rfm_input : std::size_t { recency, frequency, monetary };
enum class rfm_output : std::size_t {
  recency_score,
  frequency_score,
  monetary_score,
  cell,
  rfm_score,
  segment
};
inline constexpr column_description rfm_inputs[] = {
    {.name = "recency",
     .what = content::count,
     .unit = "days",
     .summary = "days from the last order to the day of the scores (最近一次消费)",
     .allowed = at_least_zero},
    {.name = "frequency",
     .what = content::count,
     .unit = "orders",
     .summary = "orders (消费频率)",
     .allowed = {.low = 1.0}},
    {.name = "monetary",
     .what = content::amount,
     .unit = "currency",
     .summary = "total of the orders or their mean, as the model's option monetary says (消费金额)"},
};
inline constexpr option_description rfm_score_options[] = {
    described_in(rfm_fit_options, "weights"),
};
inline constexpr column_description rfm_score_outputs[] = {
    {.name = "recency_score", .what = content::count, .summary = "R, the largest for the latest order"},
    {.name = "frequency_score", .what = content::count, .summary = "F, the largest for the most orders"},
    {.name = "monetary_score", .what = content::count, .summary = "M, the largest for the most money"},
    {.name = "cell", .what = content::code, .summary = "the three scores side by side, such as 543"},
    {.name = "rfm_score", .summary = "weighted mean of the three scores"},
    {.name = "segment", .what = content::code, .summary = "name of the segment (客户群)"},
};

// Six customers in three groups by ranks. Days since the last order: Ann 1, Bob 5, Cai and Eve 30, Dan 100, Fay 200.
// Two customers are up to 5 days, and up to 30 there are four: ends 5 and 30. Orders: Cai, Dan, Fay 1, Eve 2, Ann 3,
// Bob 4. Up to 1 there are three, which are nearer to 2 than none, and up to 2 four: ends 1 and 2. Money: Dan 10, Fay and
// Cai 20, Eve 60, Bob 120, Ann 300. Up to 10 there is one and up to 20 three, as near to 2 both: the smaller is the end.
inline constexpr example_table rfm_example_tables[] = {
    {"orders", "customer,date,amount,document,cancels\n"
               "Ann,2024-12-01,100.00,D1,\nAnn,2024-12-11,100.00,D2,\nAnn,2024-12-30,100.00,D3,\n"
               "Bob,2024-11-01,30.00,D4,\nBob,2024-11-20,30.00,D5,\nBob,2024-12-20,30.00,D6,\n"
               "Bob,2024-12-26,60.00,D7,\nBob,2024-12-27,-30.00,D8,D7\n"
               "Cai,2024-12-01,20.00,D9,\n"
               "Dan,2024-09-22,10.00,D10,\n"
               "Eve,2024-11-01,20.00,D11,\nEve,2024-12-01,40.00,D12,\nEve,2024-12-30,,D13,D14\n"
               "Eve,2024-12-29,99.00,D14,\n"
               "Fay,2024-06-14,20.00,D15,\n"}};
inline constexpr example_option rfm_example_options[] = {{"until", "2024-12-31"}, {"groups", "3"}};
inline constexpr example_table rfm_example_expected[] = {
    {"customers",
     "customer,recency,frequency,monetary,last_order,recency_score,frequency_score,monetary_score,"
     "cell,rfm_score,segment\n"
     "Ann,1,3,300.00,2024-12-30,3,3,3,333,3,important_value\n"
     "Bob,5,4,120.00,2024-12-26,3,3,3,333,3,important_value\n"
     "Cai,30,1,20.00,2024-12-01,2,1,2,212,1.6666666666666667,ordinary_win_back\n"
     "Dan,100,1,10.00,2024-09-22,1,1,1,111,1,ordinary_win_back\n"
     "Eve,30,2,60.00,2024-12-01,2,2,2,222,2,ordinary_win_back\n"
     "Fay,200,1,20.00,2024-06-14,1,1,2,112,1.3333333333333333,ordinary_win_back\n"},
    {"cuts", "score,recency_to,frequency_to,monetary_to\n1,,1,10.00\n2,30,2,60.00\n3,5,,\n"},
    {"scores", "measure,score,customers,amount\nrecency,1,2,30.00\nrecency,2,2,80.00\nrecency,3,2,420.00\n"
               "frequency,1,3,50.00\nfrequency,2,1,60.00\nfrequency,3,2,420.00\n"
               "monetary,1,1,10.00\nmonetary,2,3,100.00\nmonetary,3,2,420.00\n"},
    {"totals", "total,customers,lines,amount\n"
               "counted,0,15,629.00\nlater,0,0,0.00\ncancelled,0,1,99.00\n"
               "cancellations,0,1,0.00\nopen_cancellations,0,0,0.00\nordered,0,12,560.00\n"
               "credit_notes,0,1,-30.00\nscored,6,0,530.00\nwithout_order,0,0,0.00\n"
               "earlier,0,0,0.00\nunapplied_credit,0,0,0.00\nother_currencies,0,0,0.00\n"},
};
inline constexpr example_table rfm_score_example_model[] = {
    {"cuts", "score,recency_to,frequency_to,monetary_to\n1,,3,254.80\n2,481,4,381.00\n3,296,5,505.40\n"
             "4,180,7,665.00\n5,114,,\n"}};
inline constexpr example_table rfm_score_example_rows[] = {
    {"rows", "recency,frequency,monetary\n90,9,843.00\n114,3,254.80\n115,4,254.81\n1000,1,-12.00\n"}};
inline constexpr example_table rfm_score_example_expected[] = {
    {"scores", "recency_score,frequency_score,monetary_score,cell,rfm_score,segment\n"
               "5,5,5,555,5,champions\n5,1,1,511,2.3333333333333335,new_customers\n"
               "4,2,2,422,2.6666666666666665,potential_loyalists\n1,1,1,111,1,lost\n"}};
inline constexpr example rfm_examples[] = {
    {.what = verb::fit,
     .summary = "six customers in three groups by ranks; a credit note, a cancelled order, and equal figures",
     .source = "worked by hand",
     .tables = rfm_example_tables,
     .options = rfm_example_options,
     .expected = rfm_example_expected},
    {.what = verb::score,
     .summary =
         "the quintiles of the orders of the R package rfm as cuts of one's own; the first customer is "
         "Agness O'Keefe, whom it scores 555",
     .source = "R package rfm (rsquaredacademy), its data rfm_data_orders",
     .tables = rfm_score_example_rows,
     .model_tables = rfm_score_example_model,
     .expected = rfm_score_example_expected},
};

inline constexpr demo_input rfm_demo_inputs[] = {{"orders", "orders"}};
inline constexpr example_option rfm_demo_options[] = {{"until", demo_today}};
inline constexpr demo_input rfm_demo_rows[] = {{"rows", "value.rfm/customers"}};
inline constexpr demo_shown rfm_demo_shown[] = {{"scores", "segment", "SEGMENT"}};
inline constexpr demo_feed rfm_demo[] = {
    {.what = verb::fit, .inputs = rfm_demo_inputs, .options = rfm_demo_options},
    {.what = verb::score, .inputs = rfm_demo_rows, .keep = "customer", .shown = rfm_demo_shown}};

inline constexpr std::string_view rfm_formats[] = {"json"};

inline constexpr entry_description rfm_description{
    .name = rfm_name,
    .what = verb::fit,
    .summary = "RFM analysis: scores of recency, frequency and money, their cells, and named segments",
    .source = "Hughes 1994, Strategic database marketing (scores); Hyndman and Fan 1996, Sample quantiles in "
              "statistical packages (quantile types); Wang and Song 2011, Ckmeans.1d.dp (clusters)",
    .chinese = "RFM 客户价值分析",
    .since = "0.1",
    .store = "order_history",
    .options = rfm_fit_options,
    .slots = rfm_slots,
    .outputs = rfm_outputs,
    .model_tables = rfm_model_tables,
    .model_options = rfm_model_options,
    .score = {.inputs = rfm_inputs, .options = rfm_score_options, .outputs = rfm_score_outputs},
    .formats = rfm_formats,
    .examples = rfm_examples,
    .demo = rfm_demo,
};

} // namespace emptor::value
