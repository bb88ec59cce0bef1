// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <string_view>

#include <emptor/core/describe.hpp>
#include <emptor/stats/ledger_record_description.hpp>

namespace emptor::stats {

/// What a document of the ledger is. Amounts are never negative: the kind says on which side they count.
/// More kinds may follow; the numbers of these stay.
enum class document_kind : std::uint8_t {
  invoice = 0,    ///< the customer owes more
  debit_note = 1, ///< the customer owes more: charges, fees, interest
  refund = 2,     ///< money that went back to the customer, or a payment that bounced: the customer owes more
  credit_note = 3, ///< the customer owes less
  payment = 4,     ///< money that came in: the customer owes less
  write_off = 5,   ///< what is given up as lost (坏账核销): the customer owes less
  discount = 6,    ///< a cash discount that was taken (现金折扣): the customer owes less
};
inline constexpr std::string_view document_kinds[] = {"invoice", "debit_note", "refund",  "credit_note",
                                                      "payment", "write_off",  "discount"};
/// Whether the customer owes more by it.
[[nodiscard]] constexpr bool is_debit(document_kind kind) noexcept {
  return kind <= document_kind::refund;
}
/// Whether it is a sale: an invoice, or a debit note that adds to one. A refund is a debit, but nothing was sold.
[[nodiscard]] constexpr bool is_sale(document_kind kind) noexcept {
  return kind == document_kind::invoice || kind == document_kind::debit_note;
}

inline constexpr column_description ledger_item_columns[] = {
    {.name = "document",
     .what = content::id,
     .summary = "number of the document, unique in the whole ledger"},
    {.name = "revision",
     .what = content::count,
     .summary = "the highest one wins; 0 where there is none",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "customer", .what = content::id, .summary = "who owes it, or to whom it is credited"},
    {.name = "kind",
     .what = content::code,
     .summary =
         "side of the amount: invoice, debit_note and refund are owed; credit_note, payment, write_off and "
         "discount reduce what is owed",
     .levels = document_kinds},
    {.name = "amount",
     .what = content::amount,
     .unit = "currency",
     .summary = "what it is about, never negative: the kind says on which side it counts",
     .allowed = at_least_zero},
    {.name = "currency",
     .what = content::text,
     .summary = "ISO 4217 code; the store's default_currency where there is none",
     .optional = true},
    {.name = "document_date", .what = content::day, .summary = "the day from which it counts"},
    {.name = "due_date",
     .what = content::day,
     .summary = "the last day to pay without being late; none = undated",
     .optional = true},
    {.name = "follows",
     .what = content::id,
     .summary = "the order, delivery or billing document in commitments that this document invoices; of a "
                "credit note: whose invoicing it takes back",
     .optional = true},
    {.name = "discount_until",
     .what = content::day,
     .summary = "the last day on which a cash discount may be taken",
     .optional = true},
    {.name = "discount_amount",
     .what = content::amount,
     .unit = "currency",
     .summary = "the cash discount that may be taken until then",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "attributes",
     .what = content::text,
     .summary = "seller, region, company, ...",
     .optional = true,
     .many = true},
};

inline constexpr column_description ledger_settlement_columns[] = {
    {.name = "settlement",
     .what = content::id,
     .summary = "number of the settlement; without it the same row pushed twice counts twice",
     .optional = true},
    {.name = "revision",
     .what = content::count,
     .summary = "the highest one wins; 0 where there is none",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "document",
     .what = content::id,
     .summary = "the document that is settled; none = the amount stays unallocated",
     .optional = true},
    {.name = "settling_document",
     .what = content::id,
     .summary = "the payment, credit note, write-off or discount"},
    {.name = "date", .what = content::day, .summary = "the day from which it counts"},
    {.name = "amount",
     .what = content::amount,
     .unit = "currency",
     .summary = "how much of the one settles the other; negative = taken back"},
    {.name = "currency",
     .what = content::text,
     .summary = "ISO 4217 code, that of both documents; the store's default_currency where there is none",
     .optional = true},
};

inline constexpr table_description ledger_tables[] = {
    {.name = "items",
     .summary = "documents of the receivables ledger; the table of a push that names none",
     .columns = ledger_item_columns},
    {.name = "settlements",
     .summary =
         "which payment or credit note settles which document, and when; a reversal is a settlement of "
         "negative amount on the day it was reversed",
     .columns = ledger_settlement_columns,
     .optional = true},
    {.name = "commitments",
     .summary = "orders, deliveries and billing documents that are not posted yet, and special liabilities",
     .columns = commitment_columns,
     .optional = true},
    {.name = "disputes", .summary = "what customers object to", .columns = dispute_columns, .optional = true},
    {.name = "securities",
     .summary = "guarantees, insurance and whatever else stands for what a customer owes",
     .columns = security_columns,
     .optional = true},
    {.name = "promises",
     .summary = "what customers promised to pay",
     .columns = promise_columns,
     .optional = true},
    {.name = "customers",
     .summary = "groups of companies and other facts about customers",
     .columns = customer_record_columns,
     .optional = true},
    {.name = "rates",
     .summary = "rates of exchange; of a day the latest one holds that is not after it",
     .columns = rate_columns,
     .optional = true},
};

inline constexpr option_description ledger_options[] = {
    {.name = "default_currency",
     .what = option_content::currency,
     .summary = "currency of rows that carry none; where it is not set, they are in an unnamed one of two "
                "decimals"},
    {.name = "zone_offset",
     .what = option_content::zone,
     .summary = "offset from UTC at which a timestamp shows its day, such as +08:00",
     .default_value = "+00:00"},
};

inline constexpr store_description ledger_description{
    .name = "ledger",
    .summary = "documents of the receivables ledger and their settlements, replayed as of any date; orders, "
               "disputes, securities, promises, groups and rates beside them",
    .chinese = "应收账款明细",
    .memory = "per row",
    .tables = ledger_tables,
    .options = ledger_options,
    .key = "customer",
};

} // namespace emptor::stats
