// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string_view>

#include <emptor/core/describe.hpp>
#include <emptor/credit/provision_tables.hpp>
#include <emptor/credit/roll_rates_entry.hpp>

/// How credit.provision_matrix describes itself.
namespace emptor::credit {

enum class loss_method : std::int32_t { given = 0, flow = 1, transition = 2, vintage = 3 };
inline constexpr std::string_view loss_method_choices[] = {"given", "flow", "transition", "vintage"};
inline constexpr std::string_view loose_credits_choices[] = {"apart", "oldest_first"};

inline constexpr option_description provision_options[] = {
    option_as_of,
    option_by_all,
    {.name = "method",
     .what = option_content::choice,
     .summary = "where the loss rates come from: given, table rates of the slot; flow or transition, the "
                "loss factors of "
                "credit.roll_rates; vintage, sales that are old enough to be known to the end. A group "
                "without a rate "
                "takes that of all groups in its currency",
     .default_value = "given",
     .choices = loss_method_choices},
    {.name = "credits",
     .what = option_content::choice,
     .summary =
         "payments and credit notes that settle nothing yet: apart, provisions are made on what is owed; "
         "oldest_first, they reduce what the customer owes in the group, the oldest bucket first",
     .default_value = "apart",
     .choices = loose_credits_choices},
    {.name = "overlay_factor",
     .summary = "look forward: every rate is multiplied by it, before the addition",
     .allowed = {0.0, 1000.0},
     .default_value = "1"},
    {.name = "overlay_addition",
     .summary = "look forward: it is added to every rate; the result is held between 0 and 1",
     .unit = "share",
     .allowed = {-1.0, 1.0},
     .default_value = "0"},
    option_age_from,
    option_bucket_edges,
    option_bucket_edge_day,
    option_snapshot_period,
    option_snapshot_periods,
    described_in(roll_rates_options, "loss_of_last"),
    {.name = "loss_after",
     .what = option_content::integer,
     .summary = "vintage: days of age after whose end what is open or was written off is lost; at least the "
                "first day of "
                "the oldest bucket",
     .unit = "days",
     .allowed = {1, 36525},
     .default_value = "365"},
    {.name = "sales_from",
     .what = option_content::day,
     .summary = "vintage: the first document date of the sales (default: all)"},
    {.name = "sales_until",
     .what = option_content::day,
     .summary = "vintage: their last document date (default: all that are old enough)"},
    option_confidence,
    {.name = "movement_from",
     .what = option_content::day,
     .summary =
         "first day of the period of the movement, on which the allowance was opening: write-offs of the "
         "ledger count from it on (default: the first day of as_of's calendar year)"},
};

// What the model holds.

inline constexpr column_description given_bucket{
    .name = "bucket",
    .what = content::text,
    .summary = "label of a bucket, such as not_due, 1-30, 91+, undated"};
inline constexpr column_description given_group{.name = "group",
                                                .what = content::text,
                                                .summary = "only for this group; none = for all",
                                                .optional = true};
inline constexpr column_description given_currency{.name = "currency",
                                                   .what = content::text,
                                                   .summary =
                                                       "only for this currency (ISO 4217); none = for all",
                                                   .optional = true};
inline constexpr column_description given_rate_columns[] = {
    given_bucket,
    {.name = "rate", .unit = "share", .summary = "of the balance that will be lost", .allowed = zero_to_one},
    given_group,
    given_currency,
};
inline constexpr column_description overlay_columns[] = {
    given_bucket,
    {.name = "factor", .summary = "beside option overlay_factor", .allowed = {0.0, 1000.0}, .optional = true},
    {.name = "addition",
     .unit = "share",
     .summary = "beside option overlay_addition",
     .allowed = {-1.0, 1.0},
     .optional = true},
    given_group,
    given_currency,
};
inline constexpr column_description specific_rule_columns[] = {
    {.name = "document", .what = content::id, .summary = "this document", .optional = true},
    {.name = "customer",
     .what = content::id,
     .summary = "or all documents of this customer that have no row of their own",
     .optional = true},
    {.name = "rate",
     .unit = "share",
     .summary = "of what is not covered that will be lost; none = that of the matrix",
     .allowed = zero_to_one,
     .optional = true},
    {.name = "covered",
     .unit = "share",
     .summary = "for which an insurer, guarantor or security stands (default: 0)",
     .allowed = zero_to_one,
     .optional = true},
    {.name = "reason",
     .what = content::text,
     .summary = "such as disputed, insured, insolvent",
     .optional = true},
};
inline constexpr column_description allowance_columns[] = {
    {.name = "currency",
     .what = content::text,
     .summary = "of the account (default: the only one of the ledger; needed where it has several)",
     .optional = true},
    {.name = "opening",
     .unit = "currency",
     .summary = "allowance when the period began",
     .allowed = at_least_zero},
    {.name = "write_offs",
     .unit = "currency",
     .summary = "written off against the allowance since (default: the write-offs of the ledger from "
                "movement_from to as_of)",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "recoveries",
     .unit = "currency",
     .summary = "received since for what had been written off (default: 0)",
     .allowed = at_least_zero,
     .optional = true},
};
inline constexpr table_description provision_model_tables[] = {
    {.name = "rates",
     .summary = "loss rates of the buckets; of rows for one bucket the one with group and currency holds "
                "before the one "
                "with group, with currency, with neither",
     .columns = given_rate_columns,
     .optional = true},
    {.name = "overlay",
     .summary = "the look forward, bucket by bucket",
     .columns = overlay_columns,
     .optional = true},
    {.name = "specific",
     .summary = "what is looked at on its own: disputed, insured, secured, insolvent",
     .columns = specific_rule_columns,
     .optional = true},
    {.name = "allowance",
     .summary = "the account so far, one row a currency (default: 0)",
     .columns = allowance_columns,
     .optional = true},
};
inline constexpr std::string_view provision_slot_accepts[] = {provision_matrix_name};
inline constexpr slot_description provision_slots[] = {
    {.name = "matrix",
     .summary = "rates, overlay, documents looked at on their own and the allowance so far, as far as they "
                "are given",
     .accepts = provision_slot_accepts,
     .optional = true}};

// What it gives.

inline constexpr column_description matrix_columns[] = {
    column_group,
    column_currency,
    {.name = "bucket",
     .what = content::code,
     .summary = "as in credit.ageing; buckets without open documents have no row"},
    {.name = "open_items", .what = content::count, .summary = "documents in it"},
    {.name = "balance",
     .what = content::amount,
     .unit = "currency",
     .summary = "without what is looked at on its own"},
    {.name = "reached",
     .what = content::amount,
     .unit = "currency",
     .summary = "vintage: sales that were still open when they came to the bucket; of the first one all",
     .optional = true},
    {.name = "lost",
     .what = content::amount,
     .unit = "currency",
     .summary = "vintage: lost of the sales",
     .optional = true},
    {.name = "base_rate",
     .unit = "share",
     .summary =
         "loss rate before the overlay; undated documents without a rate have that of the first bucket",
     .optional = true},
    {.name = "low",
     .unit = "share",
     .summary = "vintage: lower end of the rate's interval over the customers; none for one customer",
     .optional = true},
    {.name = "high", .unit = "share", .summary = "upper end", .optional = true},
    {.name = "rate", .unit = "share", .summary = "after the overlay, held between 0 and 1", .optional = true},
    {.name = "provision",
     .what = content::amount,
     .unit = "currency",
     .summary =
         "balance x rate, rounded half away from 0; none where there is no rate, 0 of what is unallocated",
     .optional = true},
};
inline constexpr column_description provision_customer_columns[] = {
    {.name = "customer", .what = content::text, .summary = "each with a document up to as_of"},
    column_currency,
    {.name = "balance", .what = content::amount, .unit = "currency", .summary = "owed and unallocated"},
    {.name = "owed", .what = content::amount, .unit = "currency", .summary = "what the provision is made on"},
    {.name = "unallocated",
     .what = content::amount,
     .unit = "currency",
     .summary = "owed to the customer, 0 or below"},
    {.name = "matrix_provision",
     .what = content::amount,
     .unit = "currency",
     .summary =
         "his part of each bucket's provision by largest remainder: the customers add up to the matrix"},
    {.name = "specific_provision",
     .what = content::amount,
     .unit = "currency",
     .summary = "of his documents that are looked at on their own"},
    {.name = "provision", .what = content::amount, .unit = "currency", .summary = "both"},
};
inline constexpr column_description specific_columns[] = {
    {.name = "document", .what = content::text, .summary = "what is looked at on its own"},
    {.name = "customer", .what = content::text, .summary = "who owes it"},
    column_currency,
    {.name = "reason", .what = content::text, .summary = "as given"},
    {.name = "bucket", .what = content::code, .summary = "in which it would be"},
    {.name = "open", .what = content::amount, .unit = "currency", .summary = "what is owed"},
    {.name = "covered",
     .what = content::amount,
     .unit = "currency",
     .summary = "the covered share of it, rounded half away from 0"},
    {.name = "rate",
     .unit = "share",
     .summary = "of the rest: its own, or that of the matrix",
     .optional = true},
    {.name = "provision",
     .what = content::amount,
     .unit = "currency",
     .summary = "(open - covered) x rate, rounded half away from 0; none where there is no rate",
     .optional = true},
};
inline constexpr column_description reconciliation_columns[] = {
    column_currency,
    {.name = "matrix", .what = content::amount, .unit = "currency", .summary = "owed in the matrix"},
    {.name = "specific",
     .what = content::amount,
     .unit = "currency",
     .summary = "owed of what is looked at on its own"},
    {.name = "unallocated", .what = content::amount, .unit = "currency", .summary = "owed to customers"},
    {.name = "balance", .what = content::amount, .unit = "currency", .summary = "the three together"},
    {.name = "ledger_balance",
     .what = content::amount,
     .unit = "currency",
     .summary = "all documents up to as_of, added up without their settlements (of some customers only: what "
                "is open)"},
    {.name = "difference",
     .what = content::amount,
     .unit = "currency",
     .summary = "ledger_balance - balance: 0"},
    {.name = "unrated",
     .what = content::amount,
     .unit = "currency",
     .summary = "owed where there is no rate"},
    {.name = "provision", .what = content::amount, .unit = "currency", .summary = "of matrix and specific"},
    {.name = "net_amount", .what = content::amount, .unit = "currency", .summary = "balance - provision"},
};
inline constexpr column_description movement_columns[] = {
    column_currency,
    {.name = "opening", .what = content::amount, .unit = "currency", .summary = "as given"},
    {.name = "write_offs",
     .what = content::amount,
     .unit = "currency",
     .summary = "taken from the allowance: as given, else as the ledger has them"},
    {.name = "recoveries", .what = content::amount, .unit = "currency", .summary = "put back into it"},
    {.name = "charge",
     .what = content::amount,
     .unit = "currency",
     .summary = "closing - opening + write_offs - recoveries: an addition above 0, a release below"},
    {.name = "closing", .what = content::amount, .unit = "currency", .summary = "the provision on as_of"},
    {.name = "ledger_write_offs",
     .what = content::amount,
     .unit = "currency",
     .summary = "write-offs of the ledger from movement_from to as_of, to hold write_offs against"},
};
inline constexpr column_description journal_columns[] = {
    column_currency,
    {.name = "line", .what = content::count, .summary = "from 1; two lines make an entry"},
    {.name = "event", .what = content::code, .summary = "why", .levels = journal_events},
    {.name = "account",
     .what = content::code,
     .summary = "loss_allowance (坏账准备), receivables (应收账款), cash, impairment_loss (信用减值损失)",
     .levels = journal_accounts},
    {.name = "debit", .what = content::amount, .unit = "currency", .summary = "0 on the other side"},
    {.name = "credit", .what = content::amount, .unit = "currency", .summary = "0 on the other side"},
};
inline constexpr table_description provision_outputs[] = {
    {.name = "matrix", .summary = "one row a group, currency and bucket", .columns = matrix_columns},
    {.name = "customers",
     .summary = "one row a customer and currency",
     .columns = provision_customer_columns},
    {.name = "specific",
     .summary = "one row a document that is looked at on its own",
     .columns = specific_columns},
    {.name = "reconciliation", .summary = "one row a currency", .columns = reconciliation_columns},
    {.name = "movement",
     .summary = "the allowance from its opening to its closing",
     .columns = movement_columns},
    {.name = "journal", .summary = "what to post", .columns = journal_columns},
};

} // namespace emptor::credit
