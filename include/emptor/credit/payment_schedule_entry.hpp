// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cmath>
#include <cstddef>
#include <span>
#include <string_view>

#include <emptor/core/entry.hpp>
#include <emptor/credit/payment_schedule.hpp>

/// How the catalogue knows the payment schedule (payment_schedule.hpp).
namespace emptor::credit {

inline constexpr column_description scheduled_document_columns[] = {
    {.name = "document", .what = content::id, .summary = "its number; one that comes twice is not scheduled"},
    {.name = "date", .what = content::day, .summary = "from which the terms count (基准日期)"},
    {.name = "amount",
     .what = content::amount,
     .unit = "currency",
     .summary = "what is to be paid; below 0 for a credit note"},
    {.name = "terms", .what = content::text, .summary = "the name of its terms (付款条件)"},
    {.name = "currency",
     .what = content::text,
     .summary = "ISO 4217 code, whose minor units the instalments are whole numbers of; the store's decimals "
                "where it is "
                "missing",
     .optional = true},
    {.name = "discountable_amount",
     .what = content::amount,
     .unit = "currency",
     .summary = "the part of the amount to which discounts apply, such as that without freight or tax; all "
                "where it is "
                "missing",
     .optional = true},
};
[[nodiscard]] constexpr row_fault scheduled_document_rule(std::span<const double> values) noexcept {
  const double amount = values[2];
  const double part = values[5];
  if (amount < 0.0 ? part < amount || part > 0.0 : part > amount || part < 0.0)
    return {row_status::inconsistent, 5, "between 0 and the amount"};
  return {};
}

namespace detail {
inline constexpr column_description date_rule_columns[] = {
    {.name = "date_rule",
     .what = content::code,
     .summary = "days: the document's date, plus months, plus days; end_of_month: the end of the month that "
                "is months "
                "later, plus days; days_end_of_month: plus months, plus days, then the end of that month; "
                "day_of_month: that "
                "day of the month that is months later, or the month's last; days where it is missing",
     .optional = true,
     .levels = date_rules},
    {.name = "months",
     .what = content::count,
     .unit = "months",
     .summary = "calendar months (月); 0 where it is missing",
     .allowed = {0.0, 1200.0},
     .optional = true},
    {.name = "days",
     .what = content::count,
     .unit = "days",
     .summary = "days (天); 0 where it is missing",
     .allowed = {0.0, 36525.0},
     .optional = true},
    {.name = "day_of_month",
     .what = content::count,
     .summary = "of the rule of that name (固定付款日); never before the document: where the day has gone "
                "by, it is the "
                "next month's",
     .allowed = {1.0, 31.0},
     .optional = true},
    {.name = "cutoff_day",
     .what = content::count,
     .summary = "of end_of_month and day_of_month: a document of a later day of its month counts as one of "
                "the next month "
                "(截止日)",
     .allowed = {1.0, 31.0},
     .optional = true},
};
/// \param first where the columns of the date rule begin
[[nodiscard]] constexpr row_fault date_rule_fault(std::span<const double> values,
                                                  std::size_t first) noexcept {
  constexpr auto wants_day = static_cast<double>(date_rule::day_of_month);
  const bool has_day = values[first + 3] >= 0.0; // false for NaN
  if (values[first] == wants_day && !has_day)
    return {row_status::missing, first + 3, "given for date_rule day_of_month"};
  if (values[first] != wants_day && has_day)
    return {row_status::inconsistent, first + 3, "missing for any other date_rule"};
  const bool by_month =
      values[first] == wants_day || values[first] == static_cast<double>(date_rule::end_of_month);
  if (!by_month && values[first + 4] >= 0.0)
    return {row_status::inconsistent, first + 4, "missing for a date_rule that counts days"};
  return {};
}
} // namespace detail

inline constexpr column_description terms_line_columns[] = {
    {.name = "terms", .what = content::text, .summary = "the name of the terms that this line is one of"},
    {.name = "line",
     .what = content::count,
     .summary = "number of the line among its terms; instalments come in this order",
     .allowed = {.low = 1.0, .high = 1e6}},
    {.name = "share",
     .unit = "share",
     .summary = "of the document's amount; lines without one share what is left in equal parts",
     .allowed = {.low = 0.0, .high = 1.0, .low_open = true},
     .optional = true},
    detail::date_rule_columns[0],
    detail::date_rule_columns[1],
    detail::date_rule_columns[2],
    detail::date_rule_columns[3],
    detail::date_rule_columns[4],
};
[[nodiscard]] constexpr row_fault terms_line_rule(std::span<const double> values) noexcept {
  return detail::date_rule_fault(values, 3);
}

inline constexpr column_description discount_step_columns[] = {
    {.name = "terms", .what = content::text, .summary = "the name of the terms that offer it"},
    {.name = "line",
     .what = content::count,
     .summary = "the line whose instalment it is for; all where it is missing",
     .allowed = {.low = 1.0, .high = 1e6},
     .optional = true},
    {.name = "discount_rate",
     .unit = "share",
     .summary = "what is taken off (现金折扣率), as a share",
     .allowed = {.low = 0.0, .high = 1.0, .low_open = true, .high_open = true}},
    detail::date_rule_columns[0],
    detail::date_rule_columns[1],
    detail::date_rule_columns[2],
    detail::date_rule_columns[3],
    detail::date_rule_columns[4],
};
[[nodiscard]] constexpr row_fault discount_step_rule(std::span<const double> values) noexcept {
  return detail::date_rule_fault(values, 3);
}

inline constexpr table_description payment_schedule_inputs[] = {
    {.name = "documents",
     .summary = "invoices and credit notes, one a row",
     .columns = scheduled_document_columns,
     .rule = &scheduled_document_rule},
    {.name = "terms",
     .summary =
         "the lines of terms of payment, one instalment a row; a bad row refuses the push, since without it "
         "the terms would be others",
     .columns = terms_line_columns,
     .rule = &terms_line_rule,
     .whole = true},
    {.name = "discounts",
     .summary = "what terms offer for paying earlier, one step a row; a bad row refuses the push",
     .columns = discount_step_columns,
     .optional = true,
     .rule = &discount_step_rule,
     .whole = true},
};
inline constexpr option_description payment_schedule_options[] = {
    {.name = "rounding",
     .what = option_content::choice,
     .summary = "largest_remainder: minor units that shares do not divide go to the instalments that lost "
                "most to rounding, "
                "of equals to the later; last_instalment: all but the last are rounded, halves away from 0, "
                "and the last is "
                "what is left",
     .default_value = "largest_remainder",
     .choices = instalment_roundings},
};

inline constexpr column_description instalment_columns[] = {
    {.name = "document", .what = content::text, .summary = "sorted by bytes"},
    {.name = "instalment", .what = content::count, .summary = "1, 2, ... in the order of the lines (分期)"},
    {.name = "due_date", .what = content::day, .summary = "when it is due (到期日)"},
    {.name = "amount",
     .what = content::amount,
     .unit = "currency",
     .summary = "the instalments of a document add up to it"},
    {.name = "currency", .what = content::text, .summary = "the document's; empty where it has none"},
    {.name = "discount_until",
     .what = content::day,
     .summary = "the last day of the earliest discount (折扣期限)",
     .optional = true},
    {.name = "discount_amount",
     .what = content::amount,
     .unit = "currency",
     .summary = "what is taken off for paying by then (现金折扣)",
     .optional = true},
};
inline constexpr column_description offered_discount_columns[] = {
    {.name = "document", .what = content::text, .summary = "as in the table instalments"},
    {.name = "instalment", .what = content::count, .summary = "of the document"},
    {.name = "step", .what = content::count, .summary = "1, 2, ... by the day on which it ends"},
    {.name = "discount_rate", .unit = "share", .summary = "of the terms"},
    {.name = "discount_until", .what = content::day, .summary = "its last day"},
    {.name = "discount_amount",
     .what = content::amount,
     .unit = "currency",
     .summary = "what is taken off; for a discount on all lines it adds up to that on the document"},
    {.name = "payable",
     .what = content::amount,
     .unit = "currency",
     .summary = "what is left to pay of the instalment"},
    {.name = "currency", .what = content::text, .summary = "the document's; empty where it has none"},
};
inline constexpr column_description schedule_total_columns[] = {
    {.name = "currency", .what = content::text, .summary = "as the documents name it"},
    {.name = "documents", .what = content::count, .summary = "rows of the table documents"},
    {.name = "amount", .what = content::amount, .unit = "currency", .summary = "scheduled + unscheduled"},
    {.name = "instalments", .what = content::count, .summary = "rows of the table instalments"},
    {.name = "scheduled", .what = content::amount, .unit = "currency", .summary = "sum of the instalments"},
    {.name = "unscheduled",
     .what = content::amount,
     .unit = "currency",
     .summary = "of documents that a finding keeps out"},
};
inline constexpr column_description schedule_finding_columns[] = {
    {.name = "document", .what = content::text, .summary = "the document in question"},
    {.name = "finding",
     .what = content::code,
     .summary =
         "repeated_document: its id comes more than once, and none of them is scheduled; unknown_terms; "
         "unknown_currency; not_exact: no whole minor units of its currency; date_out_of_range: due after "
         "the year "
         "9999; discount_after_due: a discount ends after its instalment is due, which is scheduled all the "
         "same",
     .levels = schedule_findings},
    {.name = "terms", .what = content::text, .summary = "its terms"},
    {.name = "amount", .what = content::amount, .unit = "currency", .summary = "its amount"},
    {.name = "currency", .what = content::text, .summary = "as it names it"},
};
inline constexpr table_description payment_schedule_outputs[] = {
    {.name = "instalments", .summary = "what is due when", .columns = instalment_columns},
    {.name = "discounts",
     .summary = "every discount that an instalment offers",
     .columns = offered_discount_columns},
    {.name = "totals", .summary = "where every minor unit went (对账)", .columns = schedule_total_columns},
    {.name = "findings",
     .summary = "what needs somebody's eye, document by document",
     .columns = schedule_finding_columns},
};

// R1 is 2/10 net 30. R2 is paid in three equal parts a month apart: 33.33 each and the cent that remains to the last; the
// month of the second has no 31st. R3 is paid to 30 % at once and else by the 15th of the next month, as the end of the
// month plus 15 days: 299.997 and 699.993. R4 offers 3 % within 10 days and 2 % within 20 on 900.00 of 1,000.00, the rest
// being freight. The terms of R5 are not there.
inline constexpr example_table payment_schedule_rows[] = {
    {"documents", "document,date,amount,terms,currency,discountable_amount\n"
                  "R1,2026-01-20,1000.00,2/10 net 30,EUR,\n"
                  "R2,2026-01-31,100.00,three months,EUR,\n"
                  "R3,2026-01-20,999.99,30/70,EUR,\n"
                  "R4,2026-02-01,1000.00,3/10 2/20 net 45,EUR,900.00\n"
                  "R5,2026-02-01,10.00,net 14,EUR,\n"},
    {"terms", "terms,line,share,date_rule,months,days\n"
              "2/10 net 30,1,,days,,30\n"
              "three months,1,,days,,\n"
              "three months,2,,days,1,\n"
              "three months,3,,days,2,\n"
              "30/70,1,0.3,days,,\n"
              "30/70,2,0.7,end_of_month,,15\n"
              "3/10 2/20 net 45,1,,days,,45\n"},
    {"discounts", "terms,discount_rate,days\n"
                  "2/10 net 30,0.02,10\n"
                  "3/10 2/20 net 45,0.03,10\n"
                  "3/10 2/20 net 45,0.02,20\n"},
};
inline constexpr example_table payment_schedule_expected[] = {
    {"instalments", "document,instalment,due_date,amount,currency,discount_until,discount_amount\n"
                    "R1,1,2026-02-19,1000.00,EUR,2026-01-30,20.00\n"
                    "R2,1,2026-01-31,33.33,EUR,,\n"
                    "R2,2,2026-02-28,33.33,EUR,,\n"
                    "R2,3,2026-03-31,33.34,EUR,,\n"
                    "R3,1,2026-01-20,300.00,EUR,,\n"
                    "R3,2,2026-02-15,699.99,EUR,,\n"
                    "R4,1,2026-03-18,1000.00,EUR,2026-02-11,27.00\n"},
    {"discounts", "document,instalment,step,discount_rate,discount_until,discount_amount,payable,currency\n"
                  "R1,1,1,0.02,2026-01-30,20.00,980.00,EUR\n"
                  "R4,1,1,0.03,2026-02-11,27.00,973.00,EUR\n"
                  "R4,1,2,0.02,2026-02-21,18.00,982.00,EUR\n"},
    {"totals", "currency,documents,amount,instalments,scheduled,unscheduled\n"
               "EUR,5,3109.99,7,3099.99,10.00\n"},
    {"findings", "document,finding,terms,amount,currency\n"
                 "R5,unknown_terms,net 14,10.00,EUR\n"},
};
inline constexpr example payment_schedule_examples[] = {
    {.what = verb::reduce,
     .summary = "a cash discount beside a net term, three instalments, a part at once and the rest by a "
                "fixed day, two steps "
                "of discount on a part of the amount, and terms that nobody knows",
     .source = "worked by hand",
     .tables = payment_schedule_rows,
     .expected = payment_schedule_expected},
};

inline constexpr entry_description payment_schedule_description{
    .name = payment_schedule_name,
    .what = verb::reduce,
    .summary = "documents and terms of payment to instalments with due dates and discounts that add up to "
               "the minor unit",
    .source =
        "common practice of payment terms: net days, end of month, fixed day, instalments, discount steps",
    .chinese = "付款计划",
    .since = "0.1",
    .store = "rows",
    .inputs = payment_schedule_inputs,
    .options = payment_schedule_options,
    .outputs = payment_schedule_outputs,
    .examples = payment_schedule_examples,
    .no_demo = "the documents of the simulated company carry their due dates already",
};

/// `credit.payment_schedule` from the catalogue's side. \throws error as `schedule_payments`
[[nodiscard]] inline result finish_payment_schedule(const finish_request& request) {
  const auto& from = request.stored<stats::rows>();
  return {schedule_payments(from,
                            request.options.choice<instalment_rounding>("rounding", instalment_roundings),
                            request.how),
          nullptr};
}

inline constexpr entry payment_schedule_entry{.description = &payment_schedule_description,
                                              .finish = &finish_payment_schedule};

} // namespace emptor::credit
