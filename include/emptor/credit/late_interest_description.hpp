// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string_view>

#include <emptor/core/describe.hpp>
#include <emptor/credit/late_interest.hpp>
#include <emptor/credit/roll_rates_entry.hpp>

/// How credit.late_interest describes itself.
namespace emptor::credit {

inline constexpr std::string_view day_count_choices[] = {"actual/365", "actual/360", "actual/actual",
                                                         "30/360"};
inline constexpr std::string_view compounding_choices[] = {"none", "monthly", "quarterly", "yearly"};
inline constexpr std::string_view interest_from_choices[] = {"due_date", "end_of_grace"};
inline constexpr option_description late_interest_options[] = {
    option_as_of,
    {.name = "day_count",
     .what = option_content::choice,
     .summary = "how days become parts of a year: actual/actual counts those of leap years in 366ths (ISDA), "
                "30/360 is "
                "30E/360, months of 30 days whose 31st is the 30th",
     .default_value = "actual/365",
     .choices = day_count_choices},
    {.name = "compounding",
     .what = option_content::choice,
     .summary = "none: simple interest; else the interest so far is rounded and bears interest itself from "
                "the end of "
                "every month, third month or year since the due date on",
     .default_value = "none",
     .choices = compounding_choices},
    {.name = "grace",
     .what = option_content::integer,
     .summary = "days after the due date: what is paid within them bears no interest",
     .unit = "days",
     .allowed = {0, 3650},
     .default_value = "0"},
    {.name = "interest_from",
     .what = option_content::choice,
     .summary = "from when on the rest bears interest",
     .default_value = "due_date",
     .choices = interest_from_choices},
    {.name = "debit_notes",
     .what = option_content::boolean,
     .summary =
         "whether debit notes (fees and interest charged before, where they are such) bear interest too",
     .default_value = "false"},
};

inline constexpr column_description interest_rate_columns[] = {
    {.name = "from",
     .what = content::day,
     .summary = "the first day on which it is in force, until a later one"},
    {.name = "rate", .unit = "share a year", .summary = "such as 0.0912 for 9.12 %", .allowed = {0.0, 100.0}},
    {.name = "currency",
     .what = content::text,
     .summary = "for which it holds (ISO 4217), none = all that have no rates of their own",
     .optional = true},
};
inline constexpr column_description interest_fee_columns[] = {
    {.name = "fee",
     .unit = "currency",
     .summary = "once for every document that was late, such as the 40 EUR of directive 2011/7/EU",
     .allowed = {0.0, 1e12}},
    {.name = "currency",
     .what = content::text,
     .summary = "in which it is (ISO 4217), none = all that have no fee of their own",
     .optional = true},
};
inline constexpr column_description interest_charged_columns[] = {
    {.name = "document",
     .what = content::id,
     .summary = "whose interest was charged: an invoice, debit note or refund of the ledger"},
    {.name = "interest",
     .unit = "currency",
     .summary = "so far (default: 0)",
     .allowed = {-1e12, 1e12},
     .optional = true},
    {.name = "fee",
     .unit = "currency",
     .summary = "so far (default: 0)",
     .allowed = {-1e12, 1e12},
     .optional = true},
};
inline constexpr table_description late_interest_model_tables[] = {
    {.name = "rates", .summary = "yearly rates", .columns = interest_rate_columns, .optional = true},
    {.name = "fees",
     .summary = "fees, apart from interest",
     .columns = interest_fee_columns,
     .optional = true},
    {.name = "charged",
     .summary = "what was charged before; several rows of a document add up",
     .columns = interest_charged_columns,
     .optional = true},
};
inline constexpr std::string_view late_interest_accepts[] = {late_interest_name};
inline constexpr slot_description late_interest_slots[] = {
    {.name = "policy",
     .summary = "table rates, and fees where there are any",
     .accepts = late_interest_accepts},
    {.name = "charged",
     .summary = "table charged: what was charged before; without it nothing was",
     .accepts = late_interest_accepts,
     .optional = true}};

inline constexpr column_description interest_document_columns[] = {
    {.name = "document",
     .what = content::text,
     .summary = "each that was late, or for which something was charged"},
    {.name = "customer", .what = content::text, .summary = "who owes it"},
    column_currency,
    {.name = "due_date",
     .what = content::day,
     .summary = "or the document date where that is later",
     .optional = true},
    {.name = "days_late",
     .what = content::count,
     .unit = "days",
     .summary = "calendar days that bear interest, those after it was paid not among them"},
    {.name = "open",
     .what = content::amount,
     .unit = "currency",
     .summary = "on as_of, between 0 and the amount; 0 does not end the interest"},
    {.name = "interest",
     .what = content::amount,
     .unit = "currency",
     .summary = "up to as_of: the exact sum rounded once, half a minor unit up"},
    {.name = "charged", .what = content::amount, .unit = "currency", .summary = "of interest before"},
    {.name = "to_charge",
     .what = content::amount,
     .unit = "currency",
     .summary =
         "interest - charged; below 0 where too much was charged, after a payment came in late, for example"},
    {.name = "fee",
     .what = content::amount,
     .unit = "currency",
     .summary = "once where it was late, at any rate"},
    {.name = "fee_to_charge",
     .what = content::amount,
     .unit = "currency",
     .summary = "less what was charged of it"},
};
inline constexpr column_description interest_segment_columns[] = {
    {.name = "document", .what = content::text, .summary = "as in table documents"},
    column_currency,
    {.name = "from", .what = content::day, .summary = "the first of days with one balance and rate"},
    {.name = "until", .what = content::day, .summary = "the last one"},
    {.name = "days", .what = content::count, .unit = "days", .summary = "as the day count counts them"},
    {.name = "balance",
     .what = content::amount,
     .unit = "currency",
     .summary = "at the end of the day before each, with interest that bears interest"},
    {.name = "rate", .unit = "share a year", .summary = "in force"},
};
inline constexpr column_description interest_customer_columns[] = {
    {.name = "customer", .what = content::text, .summary = "each with a row in table documents"},
    column_currency,
    {.name = "documents", .what = content::count, .summary = "how many"},
    {.name = "interest", .what = content::amount, .unit = "currency", .summary = "sum of the documents"},
    {.name = "to_charge", .what = content::amount, .unit = "currency", .summary = "sum of the documents"},
    {.name = "fee_to_charge", .what = content::amount, .unit = "currency", .summary = "sum of the documents"},
    {.name = "total", .what = content::amount, .unit = "currency", .summary = "to_charge + fee_to_charge"},
};
inline constexpr table_description late_interest_outputs[] = {
    {.name = "documents", .summary = "one row a document", .columns = interest_document_columns},
    {.name = "segments",
     .summary = "what the interest of each is made of",
     .columns = interest_segment_columns},
    {.name = "customers", .summary = "one row a customer and currency", .columns = interest_customer_columns},
};

} // namespace emptor::credit
