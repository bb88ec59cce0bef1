// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/date.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/core/money.hpp>
#include <emptor/core/options.hpp>
#include <emptor/credit/simulated_trade.hpp>
#include <emptor/stats/ledger.hpp>
#include <emptor/stats/ledger_description.hpp>

/// How the catalogue knows the simulation of a ledger. Its tables are those that a store of kind ledger takes, under
/// their names, and beside them what is true of each customer. What a firm's payment depends on, and what else becomes
/// of an invoice, stands with `payer_nature` and `draw_payer`.
///
///     emptor reduce credit.simulate_ledger --set customers=1000 --out trade/
///     emptor push ledger --in items=trade/items.csv settlements=trade/settlements.csv --store trade.emptor
///     emptor reduce credit.payment_behaviour --store trade.emptor --set as_of=2025-12-31 --out behaviour/
///
/// The other tables are pushed in the same way.
namespace emptor::credit {

inline constexpr option_description simulate_ledger_options[] = {
    {.name = "customers",
     .what = option_content::integer,
     .summary = "how many customers",
     .unit = "customers",
     .allowed = {1, 1e7},
     .default_value = "1000"},
    {.name = "seed",
     .what = option_content::integer,
     .summary = "names the random numbers: the same seed gives the same ledger everywhere, and the first "
                "customers are the same for any number of them",
     .allowed = {0, 9e15},
     .default_value = "1"},
    {.name = "start",
     .what = option_content::day,
     .summary = "the first day, on which nobody owes anything",
     .default_value = "2024-01-01"},
    {.name = "days",
     .what = option_content::integer,
     .summary = "from the first to the last day that is known; what comes later has not happened",
     .unit = "days",
     .allowed = {1, 36525},
     .default_value = "731"},
    {.name = "orders",
     .summary = "that a customer gives on average in a year; those of one customer are Gamma distributed "
                "about it with shape 2",
     .unit = "orders per year",
     .allowed = {.low = 0.0, .high = 1e4, .low_open = true},
     .default_value = "12"},
    {.name = "probability_of_default",
     .summary = "of the median customer within a year (违约概率)",
     .unit = "probability",
     .allowed = {.low = 0.0, .high = 0.99},
     .default_value = "0.02"},
    {.name = "currency",
     .what = option_content::currency,
     .summary = "currency of the books, in which an order is about 1000 units",
     .default_value = "EUR"},
    {.name = "foreign_currency",
     .what = option_content::currency,
     .summary = "currency in which a fifth of the customers order, with rates of exchange; none where it is "
                "not set"},
    {.name = "foreign_rate",
     .summary = "what one unit of foreign_currency is worth on the first day",
     .unit = "units of currency",
     .allowed = {1e-4, 1e4},
     .default_value = "1"},
};

namespace detail {
inline constexpr column_description trade_key{
    .name = "customer", .what = content::count, .summary = "1, 2, ..."};
inline constexpr column_description trade_currency{.name = "currency",
                                                   .what = content::text,
                                                   .summary =
                                                       "ISO 4217 code, the same of all that a customer has"};
} // namespace detail

inline constexpr column_description simulated_item_columns[] = {
    {.name = "document", .what = content::count, .summary = "1, 2, ..., customer by customer"},
    detail::trade_key,
    {.name = "kind",
     .what = content::text,
     .summary = "invoice, refund, credit_note, payment, write_off or discount"},
    {.name = "amount", .what = content::amount, .unit = "currency", .summary = "never negative"},
    detail::trade_currency,
    {.name = "document_date", .what = content::day, .summary = "the day from which it counts"},
    {.name = "due_date", .what = content::day, .summary = "of an invoice", .optional = true},
    {.name = "follows",
     .what = content::count,
     .summary = "the order or delivery that an invoice invoices",
     .optional = true},
    {.name = "discount_until",
     .what = content::day,
     .summary = "the last day on which a cash discount may be taken",
     .optional = true},
    {.name = "discount_amount",
     .what = content::amount,
     .unit = "currency",
     .summary = "the cash discount that may be taken until then",
     .optional = true},
};
inline constexpr column_description simulated_settlement_columns[] = {
    {.name = "settlement", .what = content::count, .summary = "1, 2, ..."},
    {.name = "document", .what = content::count, .summary = "the invoice or refund that is settled"},
    {.name = "settling_document",
     .what = content::count,
     .summary = "the payment, credit note, write-off or discount"},
    {.name = "date", .what = content::day, .summary = "the day from which it counts"},
    {.name = "amount",
     .what = content::amount,
     .unit = "currency",
     .summary = "negative: taken back, because the payment bounced"},
    detail::trade_currency,
};
inline constexpr column_description simulated_commitment_columns[] = {
    {.name = "document", .what = content::count, .summary = "1, 2, ..., customer by customer"},
    detail::trade_key,
    {.name = "kind", .what = content::text, .summary = "order or delivery"},
    {.name = "amount", .what = content::amount, .unit = "currency", .summary = "all of it"},
    detail::trade_currency,
    {.name = "date", .what = content::day, .summary = "of the order or delivery"},
    {.name = "planned_date", .what = content::day, .summary = "the day on which it is delivered or invoiced"},
    {.name = "cancelled_on",
     .what = content::day,
     .summary = "the day on which the order was cancelled",
     .optional = true},
    {.name = "follows",
     .what = content::count,
     .summary = "the order that a delivery delivers",
     .optional = true},
};
inline constexpr column_description simulated_dispute_columns[] = {
    {.name = "dispute", .what = content::count, .summary = "1, 2, ..."},
    {.name = "document", .what = content::count, .summary = "the invoice that it is about"},
    {.name = "opened", .what = content::day, .summary = "the day on which the customer would have paid"},
    {.name = "closed", .what = content::day, .summary = "none = it is not decided", .optional = true},
    {.name = "amount", .what = content::amount, .unit = "currency", .summary = "how much of it is disputed"},
    detail::trade_currency,
    {.name = "outcome",
     .what = content::text,
     .summary = "in_favour_of_customer: all is credited, in_favour_of_seller: nothing, partly: half of it",
     .optional = true},
};
inline constexpr column_description simulated_security_columns[] = {
    {.name = "security", .what = content::count, .summary = "1, 2, ..."},
    detail::trade_key,
    {.name = "kind",
     .what = content::text,
     .summary = "guarantee, insurance, collateral, deposit or letter_of_credit"},
    {.name = "amount", .what = content::amount, .unit = "currency", .summary = "the most that it gives"},
    detail::trade_currency,
    {.name = "share_covered", .summary = "the share of a debt that it covers"},
    {.name = "valid_from", .what = content::day, .summary = "the first day on which it is valid"},
    {.name = "valid_until",
     .what = content::day,
     .summary = "the last one; none = without an end",
     .optional = true},
};
inline constexpr column_description simulated_customer_columns[] = {
    detail::trade_key,
    {.name = "group",
     .what = content::count,
     .summary = "the head of the group of companies to which the customer belongs",
     .optional = true},
};
inline constexpr column_description simulated_rate_columns[] = {
    {.name = "currency", .what = content::text, .summary = "foreign_currency"},
    {.name = "in_currency", .what = content::text, .summary = "currency of the books"},
    {.name = "date", .what = content::day, .summary = "the first day and the first of each month"},
    {.name = "rate", .summary = "what one unit of it is worth; it wanders by 2 % a month"},
};
inline constexpr column_description simulated_truth_columns[] = {
    detail::trade_key,
    detail::trade_currency,
    {.name = "orders", .unit = "orders per year", .summary = "that he gives on average"},
    {.name = "terms", .what = content::count, .unit = "days", .summary = "from an invoice to its due date"},
    {.name = "payment_delay",
     .unit = "days",
     .summary = "from the due date to the payment on average, where nothing else comes in between; the days "
                "from invoice to payment are Gamma distributed about terms + payment_delay"},
    {.name = "regularity", .summary = "the shape of that distribution"},
    {.name = "pays_weekly",
     .what = content::boolean,
     .summary = "in one sum a week, on the day of the week that is nearest"},
    {.name = "discount_rate",
     .unit = "probability",
     .summary = "of paying within 10 days less the cash discount of 2 %; none where it is not granted",
     .optional = true},
    {.name = "dispute_rate", .unit = "probability", .summary = "of disputing a part of an invoice"},
    {.name = "part_payment_rate", .unit = "probability", .summary = "of paying in two parts, weeks apart"},
    {.name = "deduction_rate",
     .unit = "probability",
     .summary = "of paying a little less, which is written off"},
    {.name = "double_payment_rate", .unit = "probability", .summary = "of paying twice, which is sent back"},
    {.name = "bounce_rate", .unit = "probability", .summary = "that a payment goes back after three days"},
    {.name = "late_allocation_rate",
     .unit = "probability",
     .summary = "that a payment stands without an invoice for some weeks"},
    {.name = "probability_of_default", .unit = "probability", .summary = "within a year (违约概率)"},
    {.name = "default_date",
     .what = content::day,
     .summary = "the day from which on he pays for new goods only, also in years to come; none where it is "
                "more than a century away. What he owes then is written off after half a year",
     .optional = true},
    {.name = "balance",
     .what = content::amount,
     .unit = "currency",
     .summary = "what he owes on the last day, less what stands without an invoice"},
    {.name = "overdue",
     .what = content::amount,
     .unit = "currency",
     .summary = "what of it should have been paid, not less what stands without an invoice"},
};
inline constexpr table_description simulate_ledger_outputs[] = {
    {.name = "items", .summary = "documents of the receivables ledger", .columns = simulated_item_columns},
    {.name = "settlements",
     .summary = "which credit settles which invoice, and when",
     .columns = simulated_settlement_columns},
    {.name = "commitments", .summary = "all orders and deliveries", .columns = simulated_commitment_columns},
    {.name = "disputes", .summary = "what customers objected to", .columns = simulated_dispute_columns},
    {.name = "securities",
     .summary = "guarantees, insurance and the like",
     .columns = simulated_security_columns},
    {.name = "customers", .summary = "groups of companies", .columns = simulated_customer_columns},
    {.name = "rates",
     .summary = "rates of exchange of the second currency; no row without one",
     .columns = simulated_rate_columns},
    {.name = "truth",
     .summary = "what is true of each customer, which no ledger knows",
     .columns = simulated_truth_columns},
};

namespace detail {

/// Columns over the rows 0, 1, ... of a part of the simulation.
class trade_tables {
public:
  trade_tables(const simulated_trade& of, currency home, currency foreign)
      : of_(of)
      , home_(home)
      , foreign_(foreign)
      , decimals_(foreign.code().empty() || foreign.decimals() == home.decimals() ? home.decimals()
                                                                                  : decimals_of_row) {}

  [[nodiscard]] result made() const {
    return {{items(), settlements(), commitments(), disputes(), securities(), customers(), rates(), truth()},
            nullptr};
  }

private:
  template <class ValueOf>
  [[nodiscard]] static column wholes(std::string name, std::size_t rows, const ValueOf& value_of,
                                     std::string unit = {}) {
    std::vector<std::int64_t> values(rows);
    for (std::size_t i = 0; i < rows; ++i)
      values[i] = value_of(i);
    return column::integers(std::move(name), std::move(values), std::move(unit)).or_none();
  }
  template <class ValueOf>
  [[nodiscard]] static column numbers(std::string name, std::size_t rows, const ValueOf& value_of,
                                      std::string unit = {}) {
    std::vector<double> values(rows);
    for (std::size_t i = 0; i < rows; ++i)
      values[i] = value_of(i);
    return column::numbers(std::move(name), std::move(values), std::move(unit)).or_none();
  }
  template <class ValueOf>
  [[nodiscard]] static column days(std::string name, std::size_t rows, const ValueOf& value_of) {
    std::vector<std::int32_t> values(rows);
    for (std::size_t i = 0; i < rows; ++i)
      values[i] = value_of(i);
    return column::days(std::move(name), std::move(values)).or_none();
  }
  /// \param value_of  an empty text is none
  template <class ValueOf>
  [[nodiscard]] static column texts(std::string name, std::size_t rows, const ValueOf& value_of) {
    text_buffer values;
    for (std::size_t i = 0; i < rows; ++i)
      values.push_back(value_of(i));
    column made = column::texts(std::move(name), std::move(values));
    for (std::size_t i = 0; i < rows; ++i) {
      if (made.text()[static_cast<std::int64_t>(i)].empty())
        made.set_missing(static_cast<std::int64_t>(i));
    }
    return made;
  }
  template <class ValueOf>
  [[nodiscard]] column amounts(std::string name, std::size_t rows, const ValueOf& value_of) const {
    std::vector<std::int64_t> values(rows);
    for (std::size_t i = 0; i < rows; ++i)
      values[i] = value_of(i);
    return column::amounts(std::move(name), std::move(values), decimals_,
                           std::string(foreign_.code().empty() ? home_.code() : std::string_view{}))
        .or_none();
  }
  [[nodiscard]] static std::int64_t number_of(std::size_t place) noexcept {
    return static_cast<std::int64_t>(place) + 1;
  }
  [[nodiscard]] std::string_view currency_of(std::int64_t customer) const noexcept {
    return of_.customers[static_cast<std::size_t>(customer)].is_foreign ? foreign_.code() : home_.code();
  }

  [[nodiscard]] table items() const {
    const simulated_ledger& ledger = of_.ledger;
    const std::size_t rows = ledger.amount.size();
    std::vector<std::int64_t> follows(rows, no_amount);
    for (std::size_t i = 0; i < of_.invoiced.size(); ++i)
      follows[ledger.invoice_of_order[i]] = number_of(of_.invoiced[i]);
    return {"items",
            {wholes("document", rows, number_of),
             wholes("customer", rows, [&](std::size_t i) { return ledger.customer[i] + 1; }),
             texts("kind", rows,
                   [&](std::size_t i) {
                     return stats::document_kinds[static_cast<std::size_t>(ledger.kind[i])];
                   }),
             amounts("amount", rows, [&](std::size_t i) { return ledger.amount[i]; }),
             texts("currency", rows, [&](std::size_t i) { return currency_of(ledger.customer[i]); }),
             days("document_date", rows, [&](std::size_t i) { return ledger.day[i]; }),
             days("due_date", rows, [&](std::size_t i) { return ledger.due[i]; }),
             wholes("follows", rows, [&](std::size_t i) { return follows[i]; }),
             days("discount_until", rows, [&](std::size_t i) { return ledger.discount_until[i]; }),
             amounts("discount_amount", rows, [&](std::size_t i) {
               return ledger.discount_until[i] == stats::ledger::no_day ? no_amount : ledger.discount[i];
             })}};
  }

  [[nodiscard]] table settlements() const {
    const simulated_ledger& ledger = of_.ledger;
    const std::size_t rows = ledger.settled.size();
    return {"settlements",
            {wholes("settlement", rows, number_of),
             wholes("document", rows, [&](std::size_t i) { return number_of(ledger.settled[i]); }),
             wholes("settling_document", rows, [&](std::size_t i) { return number_of(ledger.settling[i]); }),
             days("date", rows, [&](std::size_t i) { return ledger.settled_on[i]; }),
             amounts("amount", rows, [&](std::size_t i) { return ledger.settled_amount[i]; }),
             texts("currency", rows,
                   [&](std::size_t i) { return currency_of(ledger.customer[ledger.settled[i]]); })}};
  }

  [[nodiscard]] table commitments() const {
    const std::vector<trade_commitment>& all = of_.commitments;
    const std::size_t rows = all.size();
    return {
        "commitments",
        {wholes("document", rows, number_of),
         wholes("customer", rows, [&](std::size_t i) { return all[i].customer + 1; }),
         texts("kind", rows,
               [&](std::size_t i) { return stats::commitment_kinds[static_cast<std::size_t>(all[i].kind)]; }),
         amounts("amount", rows, [&](std::size_t i) { return all[i].amount; }),
         texts("currency", rows, [&](std::size_t i) { return currency_of(all[i].customer); }),
         days("date", rows, [&](std::size_t i) { return all[i].day; }),
         days("planned_date", rows, [&](std::size_t i) { return all[i].planned; }),
         days("cancelled_on", rows, [&](std::size_t i) { return all[i].cancelled_on; }),
         wholes("follows", rows, [&](std::size_t i) {
           return all[i].follows == follows_nothing ? no_amount : number_of(all[i].follows);
         })}};
  }

  [[nodiscard]] table disputes() const {
    const std::vector<simulated_dispute>& all = of_.ledger.disputes;
    const std::size_t rows = all.size();
    return {"disputes",
            {wholes("dispute", rows, number_of),
             wholes("document", rows, [&](std::size_t i) { return number_of(all[i].document); }),
             days("opened", rows, [&](std::size_t i) { return all[i].opened; }),
             days("closed", rows, [&](std::size_t i) { return all[i].closed; }),
             amounts("amount", rows, [&](std::size_t i) { return all[i].amount; }),
             texts("currency", rows,
                   [&](std::size_t i) { return currency_of(of_.ledger.customer[all[i].document]); }),
             texts("outcome", rows, [&](std::size_t i) {
               return all[i].outcome == stats::dispute_outcome::none
                          ? std::string_view{}
                          : stats::dispute_outcomes[static_cast<std::size_t>(all[i].outcome)];
             })}};
  }

  [[nodiscard]] table securities() const {
    const std::vector<trade_security>& all = of_.securities;
    const std::size_t rows = all.size();
    return {
        "securities",
        {wholes("security", rows, number_of),
         wholes("customer", rows, [&](std::size_t i) { return all[i].customer + 1; }),
         texts("kind", rows,
               [&](std::size_t i) { return stats::security_kinds[static_cast<std::size_t>(all[i].kind)]; }),
         amounts("amount", rows, [&](std::size_t i) { return all[i].amount; }),
         texts("currency", rows, [&](std::size_t i) { return currency_of(all[i].customer); }),
         numbers("share_covered", rows, [&](std::size_t i) { return all[i].share_covered; }),
         days("valid_from", rows, [&](std::size_t i) { return all[i].valid_from; }),
         days("valid_until", rows, [&](std::size_t i) { return all[i].valid_until; })}};
  }

  [[nodiscard]] table customers() const {
    const std::size_t rows = of_.customers.size();
    return {"customers", {wholes("customer", rows, number_of), wholes("group", rows, [&](std::size_t i) {
                            return of_.customers[i].group == no_group ? no_amount
                                                                      : of_.customers[i].group + 1;
                          })}};
  }

  [[nodiscard]] table rates() const {
    const std::size_t rows = of_.rates.size();
    return {"rates",
            {texts("currency", rows, [&](std::size_t) { return foreign_.code(); }),
             texts("in_currency", rows, [&](std::size_t) { return home_.code(); }),
             days("date", rows, [&](std::size_t i) { return of_.rates[i].day; }),
             numbers("rate", rows, [&](std::size_t i) { return of_.rates[i].rate; })}};
  }

  [[nodiscard]] table truth() const {
    const std::vector<trade_customer>& all = of_.customers;
    const std::size_t rows = all.size();
    std::vector<std::int64_t> balance(rows, 0);
    std::vector<std::int64_t> overdue(rows, 0);
    const simulated_ledger& ledger = of_.ledger;
    for (std::size_t i = 0; i < ledger.open.size(); ++i) {
      const auto who = static_cast<std::size_t>(ledger.customer[i]);
      const bool owed = stats::is_debit(ledger.kind[i]);
      balance[who] += owed ? ledger.open[i] : -ledger.open[i];
      if (owed && ledger.due[i] != stats::ledger::no_day && ledger.due[i] < of_.last_day)
        overdue[who] += ledger.open[i];
    }
    std::vector<std::uint8_t> weekly(rows);
    for (std::size_t i = 0; i < rows; ++i)
      weekly[i] = all[i].pays.weekly ? 1 : 0;
    const auto rate = [&](std::string name, double payer_nature::*of) {
      return numbers(
          std::move(name), rows, [&](std::size_t i) { return all[i].pays.*of; }, "probability");
    };
    return {
        "truth",
        {wholes("customer", rows, number_of),
         texts("currency", rows, [&](std::size_t i) { return currency_of(static_cast<std::int64_t>(i)); }),
         numbers(
             "orders", rows, [&](std::size_t i) { return all[i].orders; }, "orders per year"),
         wholes(
             "terms", rows, [&](std::size_t i) { return std::int64_t{all[i].pays.terms}; }, "days"),
         numbers(
             "payment_delay", rows, [&](std::size_t i) { return all[i].pays.mean_delay; }, "days"),
         numbers("regularity", rows, [&](std::size_t i) { return all[i].pays.regularity; }),
         column::booleans("pays_weekly", std::move(weekly)),
         numbers(
             "discount_rate", rows,
             [&](std::size_t i) {
               return all[i].pays.discount > 0.0 ? all[i].pays.takes_discount
                                                 : std::numeric_limits<double>::quiet_NaN();
             },
             "probability"),
         rate("dispute_rate", &payer_nature::disputes), rate("part_payment_rate", &payer_nature::in_parts),
         rate("deduction_rate", &payer_nature::deducts),
         rate("double_payment_rate", &payer_nature::pays_twice), rate("bounce_rate", &payer_nature::bounces),
         rate("late_allocation_rate", &payer_nature::is_allocated_late),
         numbers(
             "probability_of_default", rows, [&](std::size_t i) { return all[i].probability_of_default; },
             "probability"),
         days("default_date", rows,
              [&](std::size_t i) {
                return all[i].pays.insolvent == never_insolvent ? stats::ledger::no_day
                                                                : all[i].pays.insolvent;
              }),
         amounts("balance", rows, [&](std::size_t i) { return balance[i]; }),
         amounts("overdue", rows, [&](std::size_t i) { return overdue[i]; })}};
  }

  const simulated_trade& of_;
  currency home_;
  currency foreign_;
  int decimals_;
};

} // namespace detail

[[nodiscard]] inline result finish_simulate_ledger(const finish_request& request) {
  const option_values& options = request.options;
  const currency home = options.currency("currency");
  const currency foreign = options.currency("foreign_currency");
  if (!foreign.code().empty() && foreign.code() == home.code())
    throw error(status::option, std::string(simulate_ledger_name) +
                                    ": option foreign_currency must not be that of the books");
  trade_settings how;
  how.customers = options.integer("customers");
  how.seed = static_cast<std::uint64_t>(options.integer("seed"));
  how.first_day = days_since_epoch(options.day("start").value());
  how.last_day = how.first_day + static_cast<std::int32_t>(options.integer("days")) - 1;
  how.orders = options.number("orders");
  how.probability_of_default = options.number("probability_of_default");
  how.minor_units = static_cast<double>(power_of_ten(home.decimals()));
  how.foreign_minor_units =
      foreign.code().empty() ? 0.0 : static_cast<double>(power_of_ten(foreign.decimals()));
  how.foreign_rate = options.number("foreign_rate");
  return detail::trade_tables(simulate_trade(how, request.how), home, foreign).made();
}

inline constexpr example_option simulate_ledger_spring[] = {
    {"customers", "3"}, {"seed", "6"}, {"days", "100"}, {"orders", "8"}};
inline constexpr example_table simulate_ledger_spring_expected[] = {
    {"items",
     "document,customer,kind,amount,document_date,due_date,follows,discount_until,discount_amount\n1,1,"
     "invoice,2244.84,2024-01-15,2024-03-15,2,,\n2,1,invoice,3435.40,2024-02-27,2024-04-27,3,,\n3,2,invoice,"
     "790.74,2024-01-22,2024-02-05,5,2024-02-01,15.81\n4,2,payment,790.74,2024-03-04,,,,\n5,2,invoice,1088."
     "84,2024-01-28,2024-02-11,7,2024-02-07,21.77\n6,2,payment,1088.84,2024-03-04,,,,\n7,2,invoice,305.00,"
     "2024-02-20,2024-03-05,9,2024-03-01,6.10\n8,2,payment,298.90,2024-02-27,,,,\n9,2,discount,6.10,2024-02-"
     "27,,,,\n10,3,invoice,554.00,2024-04-06,2024-04-20,10,2024-04-16,11.08\n"},
    {"settlements", "document,settling_document,date,amount\n3,4,2024-03-04,790.74\n5,6,2024-03-04,1088."
                    "84\n7,8,2024-02-27,298.90\n7,9,2024-02-27,6.10\n"},
    {"commitments",
     "customer,kind,amount,date,planned_date,cancelled_on,follows\n1,order,2244.84,2024-01-14,2024-01-15,,"
     "\n1,delivery,2244.84,2024-01-15,2024-01-15,,1\n1,order,3435.40,2024-02-22,2024-02-27,,\n2,order,790.74,"
     "2024-01-11,2024-01-16,,\n2,delivery,790.74,2024-01-16,2024-01-22,,4\n2,order,1088.84,2024-01-21,2024-"
     "01-24,,\n2,delivery,1088.84,2024-01-24,2024-01-28,,6\n2,order,305.00,2024-02-02,2024-02-15,,\n2,"
     "delivery,305.00,2024-02-15,2024-02-20,,8\n3,order,554.00,2024-04-02,2024-04-06,,\n"},
    {"truth", "customer,orders,terms,payment_delay,pays_weekly,discount_rate,probability_of_default,default_"
              "date,balance\n1,14.12188634342,60,12.87056997237,false,,0.07762606343565,2026-01-24,5680."
              "24\n2,5.283824327316,14,14.33602424258,false,0.3501301329335,0.04255024262382,2049-03-19,0."
              "00\n3,2.689331519066,14,-6.666556955535,true,0.5747618649564,0.001940114277176,,554.00\n"},
};
inline constexpr example_option simulate_ledger_disputed[] = {
    {"customers", "3"}, {"seed", "5"}, {"days", "100"}, {"orders", "8"}};
inline constexpr example_table simulate_ledger_disputed_expected[] = {
    {"items",
     "document,customer,kind,amount,document_date,due_date,follows,discount_until,discount_amount\n1,2,"
     "invoice,1323.04,2024-02-27,2024-04-27,1,,\n2,3,invoice,267.03,2024-02-20,2024-03-21,2,,\n3,3,invoice,"
     "450.94,2024-02-29,2024-03-30,4,,\n4,3,invoice,500.35,2024-02-22,2024-03-23,6,,\n"},
    {"disputes", "document,opened,closed,amount,outcome\n4,2024-04-09,,110.44,\n"},
    {"truth", "customer,orders,terms,payment_delay,pays_weekly,discount_rate,probability_of_default,default_"
              "date,balance\n1,6.389959494403,30,3.7588491422,false,,0.06785434895144,2056-06-08,0.00\n2,5."
              "995030994105,60,6.896292976157,false,,0.01810361916545,,1323.04\n3,10.31487930573,30,28."
              "36441483718,false,,0.3481594329025,2029-08-17,1218.32\n"},
};
inline constexpr example simulate_ledger_examples[] = {
    {.what = verb::reduce,
     .summary =
         "three firms in a hundred days: one of them took a cash discount, another owes for two invoices",
     .source = "the definitions, programmed a second time in another language",
     .options = simulate_ledger_spring,
     .expected = simulate_ledger_spring_expected,
     .tolerance = 1e-11},
    {.what = verb::reduce,
     .summary = "three others, one of whom disputes a part of an invoice",
     .source = "the same",
     .options = simulate_ledger_disputed,
     .expected = simulate_ledger_disputed_expected,
     .tolerance = 1e-11},
};

inline constexpr example_option simulate_ledger_demo_options[] = {{"customers", "300"},
                                                                  {"start", "2025-01-01"},
                                                                  {"days", "365"},
                                                                  {"foreign_currency", "USD"},
                                                                  {"foreign_rate", "0.9"}};
inline constexpr demo_feed simulate_ledger_demo[] = {{.options = simulate_ledger_demo_options}};

inline constexpr entry_description simulate_ledger_description{
    .name = simulate_ledger_name,
    .what = verb::reduce,
    .summary = "a ledger of firms that order, pay, object and default with probabilities that are known: its "
               "tables, "
               "ready to be pushed, and the truth",
    .source = "the definitions of the habits; gamma variates of Marsaglia and Tsang, ACM TOMS 26 (2000)",
    .chinese = "应收账款模拟",
    .since = "0.1",
    .options = simulate_ledger_options,
    .outputs = simulate_ledger_outputs,
    .examples = simulate_ledger_examples,
    .demo = simulate_ledger_demo,
};

inline constexpr entry simulate_ledger_entry{.description = &simulate_ledger_description,
                                             .finish = &finish_simulate_ledger};

} // namespace emptor::credit
