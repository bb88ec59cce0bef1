// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <string_view>

#include <emptor/core/describe.hpp>

/// What a ledger holds beside its documents and settlements. None of it changes what is owed.
namespace emptor::stats {

/// What a customer has ordered and does not owe yet. More kinds may follow; the numbers of these stay.
enum class commitment_kind : std::uint8_t {
  order = 0,            ///< ordered, not delivered
  delivery = 1,         ///< delivered, not invoiced
  billing_document = 2, ///< invoiced, not posted to the ledger: drafts, what waits for its release
  special_liability =
      3, ///< neither: bills of exchange that run, discounted ones with recourse, guarantees given
};
inline constexpr std::string_view commitment_kinds[] = {"order", "delivery", "billing_document",
                                                        "special_liability"};

/// How a dispute ended.
enum class dispute_outcome : std::uint8_t {
  in_favour_of_customer = 0, ///< the customer need not pay it
  in_favour_of_seller = 1,   ///< the customer has to pay it
  partly = 2,                ///< both gave way
  none = 255,                ///< not told
};
inline constexpr std::string_view dispute_outcomes[] = {"in_favour_of_customer", "in_favour_of_seller",
                                                        "partly"};

/// What stands for a customer who does not pay.
enum class security_kind : std::uint8_t {
  guarantee = 0,        ///< somebody else, such as the parent or a bank, promised to pay
  insurance = 1,        ///< a credit insurer pays
  collateral = 2,       ///< goods or land may be sold
  deposit = 3,          ///< money of the customer that is held
  letter_of_credit = 4, ///< a bank pays against documents
};
inline constexpr std::string_view security_kinds[] = {"guarantee", "insurance", "collateral", "deposit",
                                                      "letter_of_credit"};

inline constexpr column_description record_revision{.name = "revision",
                                                    .what = content::count,
                                                    .summary = "the highest one wins; 0 where there is none",
                                                    .allowed = at_least_zero,
                                                    .optional = true};
inline constexpr column_description record_currency{
    .name = "currency",
    .what = content::text,
    .summary = "ISO 4217 code; the store's default_currency where there is none",
    .optional = true};

inline constexpr column_description commitment_columns[] = {
    {.name = "document",
     .what = content::id,
     .summary = "number of the order, delivery or other document, unique in this table"},
    record_revision,
    {.name = "customer", .what = content::id, .summary = "who will owe it"},
    {.name = "kind",
     .what = content::code,
     .summary =
         "order: not delivered yet; delivery: delivered, not invoiced yet; billing_document: invoiced, not "
         "posted yet, until a document of items follows it or has its number; special_liability: a "
         "bill of exchange (商业汇票) or another liability that is no open item, until cancelled_on",
     .levels = commitment_kinds},
    {.name = "amount",
     .what = content::amount,
     .unit = "currency",
     .summary = "all of it, with what was delivered or invoiced since: documents that follow it reduce it",
     .allowed = at_least_zero},
    record_currency,
    {.name = "date", .what = content::day, .summary = "the day from which it counts"},
    {.name = "planned_date",
     .what = content::day,
     .summary = "the day on which it is to be delivered or invoiced",
     .optional = true},
    {.name = "cancelled_on",
     .what = content::day,
     .summary = "the day from which on the rest of it will not be delivered or invoiced",
     .optional = true},
    {.name = "follows",
     .what = content::id,
     .summary = "the order that a delivery delivers, the delivery that a billing document invoices, or the "
                "contract that an order calls",
     .optional = true},
};

inline constexpr column_description dispute_columns[] = {
    {.name = "dispute", .what = content::id, .summary = "number of the dispute"},
    record_revision,
    {.name = "document", .what = content::id, .summary = "the document of items that it is about"},
    {.name = "opened", .what = content::day, .summary = "the day from which on it is disputed"},
    {.name = "closed",
     .what = content::day,
     .summary = "the day from which on it is not disputed any more; none = open",
     .optional = true},
    {.name = "amount",
     .what = content::amount,
     .unit = "currency",
     .summary = "how much of the document is disputed",
     .allowed = at_least_zero},
    record_currency,
    {.name = "reason",
     .what = content::text,
     .summary = "such as quality, price, quantity",
     .optional = true},
    {.name = "outcome",
     .what = content::code,
     .summary = "how it ended: in_favour_of_customer, in_favour_of_seller, or partly",
     .optional = true,
     .levels = dispute_outcomes},
};

inline constexpr column_description security_columns[] = {
    {.name = "security", .what = content::id, .summary = "number of the security"},
    record_revision,
    {.name = "customer", .what = content::id, .summary = "whose debts it stands for"},
    {.name = "kind",
     .what = content::code,
     .summary = "guarantee, insurance, collateral, deposit or letter_of_credit",
     .levels = security_kinds},
    {.name = "amount",
     .what = content::amount,
     .unit = "currency",
     .summary = "the most that it gives",
     .allowed = at_least_zero},
    record_currency,
    {.name = "share_covered",
     .what = content::number,
     .summary =
         "the share of a debt that it covers, up to the amount; 1 where there is none. It is kept as a "
         "decimal of at most 12 digits behind the point",
     .allowed = {.low = 0.0, .high = 1.0, .low_open = true},
     .optional = true},
    {.name = "valid_from", .what = content::day, .summary = "the first day on which it is valid"},
    {.name = "valid_until",
     .what = content::day,
     .summary = "the last day on which it is valid; none = without an end",
     .optional = true},
};

inline constexpr column_description promise_columns[] = {
    {.name = "promise", .what = content::id, .summary = "number of the promise"},
    record_revision,
    {.name = "customer", .what = content::id, .summary = "who promised to pay"},
    {.name = "document",
     .what = content::id,
     .summary = "the document of items that is to be paid; none = any of the customer's",
     .optional = true},
    {.name = "promised_on", .what = content::day, .summary = "the day on which it was promised"},
    {.name = "pay_by", .what = content::day, .summary = "the last day on which it was to be paid"},
    {.name = "amount",
     .what = content::amount,
     .unit = "currency",
     .summary = "how much was to be paid",
     .allowed = at_least_zero},
    record_currency,
    {.name = "withdrawn_on",
     .what = content::day,
     .summary = "the day from which on it does not count, such as that of a promise in its place",
     .optional = true},
};

inline constexpr column_description customer_record_columns[] = {
    {.name = "customer", .what = content::id, .summary = "whose facts these are"},
    record_revision,
    {.name = "group",
     .what = content::id,
     .summary = "the group of companies to which the customer belongs, by the id of its head",
     .optional = true},
    {.name = "attributes",
     .what = content::text,
     .summary = "seller, region, company, ...",
     .optional = true,
     .many = true},
};

inline constexpr column_description rate_columns[] = {
    {.name = "currency", .what = content::text, .summary = "ISO 4217 code of what is exchanged"},
    {.name = "in_currency", .what = content::text, .summary = "ISO 4217 code of what it is expressed in"},
    {.name = "date", .what = content::day, .summary = "the day from which on it holds, until a later one"},
    {.name = "rate",
     .what = content::number,
     .summary =
         "how many units of in_currency one unit of currency is worth; kept as a decimal of at most 12 "
         "digits behind the point, a floating number as the shortest one that reads back as it",
     .allowed = above_zero},
    record_revision,
};

} // namespace emptor::stats
