// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <emptor/core/check.hpp>
#include <emptor/core/date.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/core/options.hpp>
#include <emptor/credit/exposure.hpp>

/// How the catalogue knows the exposure (exposure.hpp). The columns of its table that `credit.order_check` has as inputs have
/// its names, so that one feeds the other.
namespace emptor::credit {

namespace detail {

[[nodiscard]] constexpr option_description counting_option(std::string_view name, std::string_view summary) {
  return {.name = name, .what = option_content::boolean, .summary = summary, .default_value = "true"};
}

} // namespace detail

inline constexpr option_description exposure_options[] = {
    option_as_of,
    {.name = option_by.name,
     .what = option_by.what,
     .summary = "what makes a group: customer, group (companies that belong together, 集团客户), all, or the "
                "label of an attribute of the table customers such as seller or region",
     .default_value = option_by.default_value},
    option_in_currency,
    {.name = "horizon",
     .what = option_content::horizon,
     .summary =
         "how far orders count: whole days after as_of, a duration such as '2 months', or a date; those "
         "planned later are not in the total (dynamic check), those without a planned date are. Without "
         "it all orders count",
     .allowed = {0, 36525}},
    {.name = "tolerance",
     .summary =
         "the share of an order, delivery or billing document up to which a rest of it counts as done; "
         "whole millionths",
     .unit = "share",
     .allowed = {.low = 0.0, .high = 1.0, .high_open = true},
     .default_value = "0"},
    {.name = "grace_days",
     .what = option_content::integer,
     .summary = "days after the due date on which an item is not overdue yet",
     .unit = "days",
     .allowed = {0, 3652424},
     .default_value = "0"},
    detail::counting_option("count_open_items", "whether the total counts this class"),
    detail::counting_option("count_deliveries", "the same"),
    detail::counting_option("count_orders", "the same"),
    detail::counting_option("count_billing_documents", "the same"),
    detail::counting_option("count_special_liabilities", "the same"),
    detail::counting_option("deduct_secured", "whether what is secured is taken off"),
};

inline constexpr column_description exposure_columns[] = {
    {.name = column_group.name,
     .what = column_group.what,
     .summary =
         "the customer, the head of the group of companies, or the value of the attribute; none = customers "
         "without it",
     .optional = true},
    column_currency,
    {.name = "open_items",
     .what = content::amount,
     .unit = "currency",
     .summary =
         "balance of the open items (应收账款余额): current, overdue and unallocated; below 0 where it is "
         "owed to the customer"},
    {.name = "current",
     .what = content::amount,
     .unit = "currency",
     .summary =
         "what is open and not overdue; the due date itself and documents without one are not overdue"},
    {.name = "overdue",
     .what = content::amount,
     .unit = "currency",
     .summary = "what is open of documents whose due date, with grace_days, lies before as_of"},
    {.name = "unallocated",
     .what = content::amount,
     .unit = "currency",
     .summary =
         "payments and other credits that settle nothing yet; 0 or below, unless a payment settled more "
         "than it brought"},
    {.name = "deliveries",
     .what = content::amount,
     .unit = "currency",
     .summary = "delivered and not invoiced"},
    {.name = "orders", .what = content::amount, .unit = "currency", .summary = "ordered and not delivered"},
    {.name = "orders_in_horizon",
     .what = content::amount,
     .unit = "currency",
     .summary = "the part of orders within the horizon"},
    {.name = "billing_documents",
     .what = content::amount,
     .unit = "currency",
     .summary = "invoiced and not posted"},
    {.name = "special_liabilities",
     .what = content::amount,
     .unit = "currency",
     .summary = "bills of exchange that run, and other liabilities that are no open items"},
    {.name = "within_tolerance",
     .what = content::amount,
     .unit = "currency",
     .summary =
         "rests of orders, deliveries and billing documents that count as done: in none of the classes"},
    {.name = "total",
     .what = content::amount,
     .unit = "currency",
     .summary =
         "open_items, deliveries, orders_in_horizon, billing_documents and special_liabilities, as far as "
         "the options count them"},
    {.name = "secured",
     .what = content::amount,
     .unit = "currency",
     .summary =
         "what securities valid on as_of cover of the total of the customer for whom they stand: each its "
         "share, up to its amount, together at most all of it. Without in_currency only those of the "
         "same currency"},
    {.name = "exposure",
     .what = content::amount,
     .unit = "currency",
     .summary = "total less secured (信用敞口)"},
    {.name = "oldest_overdue",
     .what = content::count,
     .unit = "days",
     .summary = "how long the oldest item of overdue is past its due date; 0 where nothing is"},
};

inline constexpr column_description exposure_finding_columns[] = {
    {.name = "document",
     .what = content::text,
     .summary = "the document, order or security; none where it is about a customer",
     .optional = true},
    {.name = "finding",
     .what = content::code,
     .summary =
         "of settlements and documents as in credit.ageing; a document follows an order or delivery that "
         "has not come (unknown_commitment: it reduces nothing yet), more was delivered or invoiced of one "
         "than it is about (over_followed) or taken back (over_reversed), they follow each other in a "
         "circle (follows_in_circle); there are facts about customers, but none about this one "
         "(unknown_customer); groups belong to each other in a circle (group_in_circle). All are in the "
         "sums",
     .levels = stats::ledger_findings},
    {.name = "customer",
     .what = content::text,
     .summary = "whose it is, where that is known",
     .optional = true},
    column_currency,
    {.name = "amount",
     .what = content::amount,
     .unit = "currency",
     .summary = "of the settlement, the excess, or the document"},
};

inline constexpr table_description exposure_outputs[] = {
    {.name = "exposure",
     .summary =
         "one row a group and currency with a document, an order, a delivery or a valid security by as_of",
     .columns = exposure_columns},
    {.name = "totals",
     .summary = "the sums of all groups, and the highest oldest_overdue: one row a currency",
     .columns = std::span(exposure_columns).subspan(1)},
    {.name = "findings",
     .summary = "what in the ledger needs somebody's eye, document by document",
     .columns = exposure_finding_columns},
};

// Hong ordered 1,000.00 (O1), of which 600.00 are delivered (L1) and of these 350.00 invoiced: 100.00 posted (R1), 250.00
// not yet (B1). So 100.00 are open, 20 days overdue, 250.00 not posted, 250.00 not invoiced and 400.00 not delivered: 1,000.00
// in all. O2 is planned beyond the horizon; of O3 all but 2.00 is delivered and invoiced (R2), which the tolerance of 1 % takes as
// done, and R2 is paid. 60 % of 1,000.00, at most 500.00, are insured. Lan, who belongs to Hong, owes 200.00 USD at 0.9 and a bill
// of exchange of 80.00 EUR; a payment of 30.00 EUR settles nothing yet. Her guarantee has ended.
inline constexpr example_table exposure_example_rows[] = {
    {"items", "document,customer,kind,amount,currency,document_date,due_date,follows\n"
              "R1,Hong,invoice,100.00,EUR,2026-02-01,2026-02-10,B0\n"
              "R2,Hong,invoice,198.00,EUR,2026-02-01,2026-03-20,O3\n"
              "P2,Hong,payment,198.00,EUR,2026-02-20,,\n"
              "R3,Lan,invoice,200.00,USD,2026-02-15,2026-03-15,\n"
              "P1,Lan,payment,30.00,EUR,2026-02-28,,\n"},
    {"settlements", "settlement,document,settling_document,date,amount,currency\n"
                    "S1,R2,P2,2026-02-20,198.00,EUR\n"},
    {"commitments", "document,customer,kind,amount,currency,date,planned_date,follows\n"
                    "O1,Hong,order,1000.00,EUR,2026-01-05,2026-03-10,\n"
                    "L1,Hong,delivery,600.00,EUR,2026-01-20,,O1\n"
                    "B0,Hong,billing_document,100.00,EUR,2026-02-01,,L1\n"
                    "B1,Hong,billing_document,250.00,EUR,2026-02-25,,L1\n"
                    "O2,Hong,order,700.00,EUR,2026-02-20,2026-08-01,\n"
                    "O3,Hong,order,200.00,EUR,2026-01-10,2026-02-01,\n"
                    "W1,Lan,special_liability,80.00,EUR,2026-02-10,2026-05-10,\n"},
    {"securities", "security,customer,kind,amount,currency,share_covered,valid_from,valid_until\n"
                   "G1,Hong,insurance,500.00,EUR,0.6,2026-01-01,2026-12-31\n"
                   "G2,Lan,guarantee,900.00,EUR,,2025-01-01,2026-03-01\n"},
    {"customers", "customer,group\n"
                  "Hong,\n"
                  "Lan,Hong\n"},
    {"rates", "currency,in_currency,date,rate\n"
              "USD,EUR,2026-02-27,0.9\n"},
};
inline constexpr example_option exposure_example_options[] = {
    {"as_of", "2026-03-02"}, {"in_currency", "EUR"}, {"horizon", "60"}, {"tolerance", "0.01"}};
inline constexpr example_table exposure_example_expected[] = {
    {"exposure",
     "group,currency,open_items,current,overdue,unallocated,deliveries,orders,orders_in_horizon,"
     "billing_documents,special_liabilities,within_tolerance,total,secured,exposure,oldest_overdue\n"
     "Hong,EUR,100.00,0.00,100.00,0.00,250.00,1100.00,400.00,250.00,0.00,2.00,1000.00,500.00,500.00,20\n"
     "Lan,EUR,150.00,180.00,0.00,-30.00,0.00,0.00,0.00,0.00,80.00,0.00,230.00,0.00,230.00,0\n"},
    {"totals", "currency,open_items,orders,total,secured,exposure\n"
               "EUR,250.00,1100.00,1230.00,500.00,730.00\n"},
};
inline constexpr example exposure_examples[] = {
    {.what = verb::reduce,
     .summary =
         "an order that is delivered, invoiced and posted in parts counts once; a horizon, a rest that is "
         "tolerated, insurance, a bill of exchange and another currency",
     .source = "made for this page, to be checked by hand",
     .tables = exposure_example_rows,
     .options = exposure_example_options,
     .expected = exposure_example_expected}};

inline constexpr demo_input exposure_demo_inputs[] = {{"items", "items"}, {"settlements", "settlements"}};
inline constexpr example_option exposure_demo_options[] = {{"as_of", demo_today}, {"by", "all"}};
inline constexpr demo_feed exposure_demo[] = {
    {.inputs = exposure_demo_inputs, .options = exposure_demo_options}};

inline constexpr entry_description exposure_description{
    .name = exposure_name,
    .what = verb::reduce,
    .summary =
        "what customers, groups of companies or all owe and will owe, in classes that count no money twice",
    .source =
        "the classes of SAP's credit management (open items, deliveries, billing documents, orders within a "
        "horizon, special liabilities), in our own words",
    .chinese = "信用敞口",
    .since = "0.1",
    .store = "ledger",
    .options = exposure_options,
    .outputs = exposure_outputs,
    .examples = exposure_examples,
    .demo = exposure_demo,
};

namespace detail {

/// The last day within a horizon. Months end on the same day of a later one. \throws error status::option
[[nodiscard]] inline date last_day_within(const horizon& asked, date as_of) {
  const double days = std::floor(resolve(asked, exposure_name, time_unit::day, as_of));
  const bool by_month = asked.unit == time_unit::month || asked.unit == time_unit::year;
  const double months = asked.count * (asked.unit == time_unit::year ? 12.0 : 1.0);
  if (days > 36525.0)
    throw error(status::option,
                message(exposure_name, "option horizon", -1, to_text(days) + " days", "at most a century"));
  if (by_month && months == std::floor(months))
    return add_months(as_of, static_cast<int>(months));
  return as_of + std::chrono::days{static_cast<int>(days)};
}

} // namespace detail

/// `credit.exposure` from the catalogue's side. \throws error as `exposure`; status::option
[[nodiscard]] inline result finish_exposure(const finish_request& request) {
  const stats::ledger& from = request.stored<stats::ledger>();
  const option_values& options = request.options;
  exposure_request asked{.as_of = *options.day("as_of")};
  if (options.has("horizon"))
    asked.horizon = detail::last_day_within(options.horizon("horizon"), asked.as_of);
  const auto millionths = millionths_of(options.number("tolerance"));
  if (!millionths)
    throw error(status::option,
                message(exposure_name, "option tolerance", -1, to_text(options.number("tolerance")),
                        "a whole number of millionths"));
  asked.tolerance = *millionths;
  asked.grace_days = static_cast<std::int32_t>(options.integer("grace_days"));
  for (std::size_t i = 0; i < asked.counts.size(); ++i)
    asked.counts[i] = options.boolean("count_" + std::string(exposure_classes[i]));
  asked.deduct_secured = options.boolean("deduct_secured");
  asked.in_currency = in_currency_of(options);
  exposure_report made = exposure(from, asked, options.text("by"), request.keys, request.how);
  result tables;
  tables.tables.push_back(std::move(made.exposure));
  tables.tables.push_back(std::move(made.totals));
  tables.tables.push_back(std::move(made.findings));
  return tables;
}

inline constexpr entry exposure_entry{.description = &exposure_description, .finish = finish_exposure};

} // namespace emptor::credit
