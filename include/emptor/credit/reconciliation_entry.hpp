// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/credit/reconciliation.hpp>

namespace emptor::credit {

inline constexpr column_description control_columns[] = {
    {.name = "customer",
     .what = content::id,
     .summary = "whose balance it is; none = the balance of all customers",
     .optional = true},
    {.name = "currency",
     .what = content::text,
     .summary = "ISO 4217 code; the option currency where there is none, and without it the ledger's",
     .optional = true},
    {.name = "balance",
     .what = content::amount,
     .unit = "currency",
     .summary = "of the control account; above 0 customers owe it"},
};
inline constexpr column_description control_document_columns[] = {
    {.name = "document", .what = content::id, .summary = "number of the document, as the ledger has it"},
    {.name = "customer",
     .what = content::id,
     .summary = "whose it is; none = whom the ledger names",
     .optional = true},
    {.name = "currency",
     .what = content::text,
     .summary = "ISO 4217 code; the option currency where there is none, and without it the ledger's",
     .optional = true},
    {.name = "open",
     .what = content::amount,
     .unit = "currency",
     .summary =
         "what is open of it; above 0 the customer owes it. Several rows of one document are added up"},
};
inline constexpr table_description reconciliation_model[] = {
    {.name = "control",
     .summary = "balances of the control account, of all customers or of each",
     .columns = control_columns},
    {.name = "control_documents",
     .summary = "the documents that are open in the control account; without them no difference is explained",
     .columns = control_document_columns,
     .optional = true},
};
inline constexpr option_description reconciliation_model_options[] = {
    {.name = "currency", .what = option_content::currency, .summary = "currency of rows that carry none"},
};

inline constexpr option_description reconciliation_options[] = {
    {.name = "as_of",
     .what = option_content::day,
     .summary = "the day at whose end the ledger is looked at; it must be that of the control account",
     .required = true},
};
inline constexpr std::string_view reconciliation_accepts[] = {"credit.reconciliation"};
inline constexpr slot_description reconciliation_slots[] = {
    {.name = "control",
     .summary = "the control account that the ledger is held against",
     .accepts = reconciliation_accepts},
};

inline constexpr column_description difference_columns[] = {
    {.name = "customer",
     .what = content::text,
     .summary = "none = all customers; each customer where the control account names some",
     .optional = true},
    {.name = "currency", .what = content::text, .summary = "ISO 4217 code; empty for the unnamed currency"},
    {.name = "ledger_balance",
     .what = content::amount,
     .unit = "currency",
     .summary = "of the ledger on that day"},
    {.name = "control_balance",
     .what = content::amount,
     .unit = "currency",
     .summary = "of the control account; 0 where it has none"},
    {.name = "difference",
     .what = content::amount,
     .unit = "currency",
     .summary = "ledger_balance - control_balance; the columns that follow add up to it"},
    {.name = "missing_in_control",
     .what = content::amount,
     .unit = "currency",
     .summary = "documents that the control account does not know"},
    {.name = "missing_in_ledger",
     .what = content::amount,
     .unit = "currency",
     .summary = "documents that the ledger does not know"},
    {.name = "other_amount",
     .what = content::amount,
     .unit = "currency",
     .summary = "documents with unlike open amounts"},
    {.name = "unallocated",
     .what = content::amount,
     .unit = "currency",
     .summary =
         "payments and other credits that settle nothing yet, which the control account does not know"},
    {.name = "other_customer",
     .what = content::amount,
     .unit = "currency",
     .summary = "documents that stand with another customer"},
    {.name = "other_currency",
     .what = content::amount,
     .unit = "currency",
     .summary = "documents that stand in another currency"},
    {.name = "unexplained",
     .what = content::amount,
     .unit = "currency",
     .summary =
         "what the control account's documents differ from its balance; all of the difference where its "
         "documents are not given"},
};
inline constexpr column_description reconciling_document_columns[] = {
    {.name = "document", .what = content::text, .summary = "a document in a difference"},
    {.name = "customer",
     .what = content::text,
     .summary = "none where nobody knows whose it is",
     .optional = true},
    {.name = "currency", .what = content::text, .summary = "ISO 4217 code; empty for the unnamed currency"},
    {.name = "reason",
     .what = content::code,
     .summary = "why it is there; the columns of differences say what each reason means",
     .levels = reconciling_reasons},
    {.name = "ledger_amount", .what = content::amount, .unit = "currency", .summary = "open in the ledger"},
    {.name = "control_amount",
     .what = content::amount,
     .unit = "currency",
     .summary = "open in the control account"},
    {.name = "difference",
     .what = content::amount,
     .unit = "currency",
     .summary = "ledger_amount - control_amount, never 0"},
};
inline constexpr table_description reconciliation_outputs[] = {
    {.name = "differences",
     .summary =
         "one row a currency, and where the control account names customers one a customer and currency; "
         "those with a difference of 0 too",
     .columns = difference_columns},
    {.name = "documents",
     .summary = "the documents that explain the differences, by number; those that agree have no row",
     .columns = reconciling_document_columns},
    {.name = "findings",
     .summary = "what in the ledger needs somebody's eye, document by document",
     .columns = ledger_finding_columns},
};

// The ledger has 1,000.00 + 250.00 - 400.00 + 80.00 = 930.00, the control account 1,030.00. R1 is 400.00 lower there,
// because P1 was allocated to it; R3 has not come there, and R4 only there: + 400.00 - 400.00 + 80.00 - 100.00 =
// -20.00. The rest of -80.00 was posted to the account by hand: its documents are 950.00.
inline constexpr example_table reconciliation_rows[] = {
    {"items", "document,customer,kind,amount,currency,document_date\n"
              "R1,Hong,invoice,1000.00,EUR,2026-02-01\n"
              "R2,Hong,invoice,250.00,EUR,2026-03-10\n"
              "P1,Hong,payment,400.00,EUR,2026-03-20\n"
              "R3,Lan,invoice,80.00,EUR,2026-03-31\n"
              "R4,Lan,invoice,100.00,EUR,2026-04-01\n"
              "R5,Lan,invoice,300.00,EUR,2026-02-01\n"
              "P5,Lan,payment,294.00,EUR,2026-02-09\n"
              "D5,Lan,discount,6.00,EUR,2026-02-09\n"},
    {"settlements", "settlement,document,settling_document,date,amount,currency\n"
                    "S1,R5,P5,2026-02-09,294.00,EUR\n"
                    "S2,R5,D5,2026-02-09,6.00,EUR\n"},
};
inline constexpr example_table reconciliation_control[] = {
    {"control", "currency,balance\nEUR,1030.00\n"},
    {"control_documents", "document,customer,currency,open\n"
                          "R1,Hong,EUR,600.00\n"
                          "R2,Hong,EUR,250.00\n"
                          "R4,Lan,EUR,100.00\n"},
};
inline constexpr example_slot reconciliation_example_slots[] = {
    {"control", "credit.reconciliation", reconciliation_control}};
inline constexpr example_option reconciliation_example_options[] = {{"as_of", "2026-03-31"}};
inline constexpr example_table reconciliation_expected[] = {
    {"differences", "currency,ledger_balance,control_balance,difference,missing_in_control,missing_in_ledger,"
                    "other_amount,unallocated,other_customer,other_currency,unexplained\n"
                    "EUR,930.00,1030.00,-100.00,80.00,-100.00,400.00,-400.00,0.00,0.00,-80.00\n"},
    {"documents", "document,customer,currency,reason,ledger_amount,control_amount,difference\n"
                  "P1,Hong,EUR,unallocated,-400.00,0.00,-400.00\n"
                  "R1,Hong,EUR,other_amount,1000.00,600.00,400.00\n"
                  "R3,Lan,EUR,missing_in_control,80.00,0.00,80.00\n"
                  "R4,Lan,EUR,missing_in_ledger,0.00,100.00,-100.00\n"},
};

// By customers, in currencies of 2 and of 0 decimals. What is ordered, disputed or secured changes no balance.
inline constexpr example_table reconciliation_customer_rows[] = {
    {"items", "document,customer,kind,amount,currency,document_date,follows,discount_until,discount_amount\n"
              "R1,Hong,invoice,100.50,EUR,2026-03-01,L1,2026-03-11,2.01\n"
              "R2,Mei,invoice,12000,JPY,2026-03-05,,,\n"
              "W2,Mei,write_off,2000,JPY,2026-03-30,,,\n"},
    {"settlements",
     "settlement,document,settling_document,date,amount,currency\nS1,R2,W2,2026-03-30,2000,JPY\n"},
    {"commitments", "document,customer,kind,amount,currency,date,planned_date,cancelled_on,follows\n"
                    "O1,Hong,order,500.00,EUR,2026-02-20,2026-04-30,,\n"
                    "L1,Hong,delivery,100.50,EUR,2026-02-28,,,O1\n"
                    "O2,Mei,order,900,JPY,2026-02-20,,2026-03-15,\n"},
    {"disputes", "dispute,document,opened,closed,amount,currency,reason,outcome\n"
                 "Q1,R1,2026-03-10,,50.00,EUR,quality,\n"
                 "Q2,R2,2026-03-12,2026-03-28,2000,JPY,price,in_favour_of_customer\n"},
    {"securities", "security,customer,kind,amount,currency,share_covered,valid_from,valid_until\n"
                   "G1,Mei,guarantee,5000,JPY,,2026-01-01,2026-12-31\n"
                   "V1,Hong,insurance,80.00,EUR,0.9,2026-01-01,\n"},
    {"customers", "customer,group,attributes:region\nHong,,north\nMei,Hong,south\n"},
    {"rates", "currency,in_currency,date,rate\nEUR,JPY,2026-03-01,161.37\nEUR,JPY,2026-03-31,162.005\n"},
};
inline constexpr example_table reconciliation_customer_control[] = {
    {"control", "customer,currency,balance\nHong,EUR,100.50\nMei,JPY,12000\n"},
    {"control_documents", "document,currency,open\nR1,EUR,100.50\nR2,JPY,12000\n"},
};
inline constexpr example_slot reconciliation_customer_slots[] = {
    {"control", "credit.reconciliation", reconciliation_customer_control}};
inline constexpr example_table reconciliation_customer_expected[] = {
    {"differences",
     "customer,currency,ledger_balance,control_balance,difference,missing_in_control,missing_in_ledger,"
     "other_amount,unallocated,other_customer,other_currency,unexplained\n"
     "Hong,EUR,100.50,100.50,0.00,0.00,0.00,0.00,0.00,0.00,0.00,0.00\n"
     "Mei,JPY,10000,12000,-2000,0,0,-2000,0,0,0,0\n"},
    {"documents", "document,customer,currency,reason,ledger_amount,control_amount,difference\n"
                  "R2,Mei,JPY,other_amount,10000,12000,-2000\n"},
};
inline constexpr example reconciliation_examples[] = {
    {.what = verb::reduce,
     .summary = "a difference of 100.00, document by document, and what was posted by hand",
     .source = "made for this page, to be checked by hand",
     .tables = reconciliation_rows,
     .options = reconciliation_example_options,
     .expected = reconciliation_expected,
     .slots = reconciliation_example_slots},
    {.what = verb::reduce,
     .summary =
         "by customer in two currencies: a write-off that the control account has not got, in a store that "
         "holds orders, disputes, securities, groups and rates too",
     .source = "made for this page, to be checked by hand",
     .tables = reconciliation_customer_rows,
     .options = reconciliation_example_options,
     .expected = reconciliation_customer_expected,
     .slots = reconciliation_customer_slots},
};

inline constexpr demo_input reconciliation_demo_inputs[] = {
    {"items", "items"}, {"settlements", "settlements"}, {"control", "control"}};
inline constexpr example_option reconciliation_demo_options[] = {{"as_of", demo_today}};
inline constexpr demo_comparison reconciliation_demo_compared[] = {
    {demo_measure::exact, "differences", "ledger_balance", "control", "balance", "currency"}};
inline constexpr demo_feed reconciliation_demo[] = {{.inputs = reconciliation_demo_inputs,
                                                     .options = reconciliation_demo_options,
                                                     .compared = reconciliation_demo_compared}};

inline constexpr entry_description reconciliation_description{
    .name = "credit.reconciliation",
    .what = verb::reduce,
    .summary = "the difference between the ledger and its control account, document by document",
    .source = "common practice of bookkeeping: the subsidiary ledger against the control account",
    .chinese = "应收账款对账",
    .since = "0.1",
    .store = "ledger",
    .options = reconciliation_options,
    .slots = reconciliation_slots,
    .outputs = reconciliation_outputs,
    .model_tables = reconciliation_model,
    .model_options = reconciliation_model_options,
    .examples = reconciliation_examples,
    .demo = reconciliation_demo,
};

namespace detail {

/// The currency that a row names, if it does.
[[nodiscard]] inline std::optional<currency> control_currency(const table& from, std::int64_t row) {
  const column* const held = from.find("currency");
  if (held == nullptr || !held->is_valid(row) || held->text()[row].empty())
    return std::nullopt;
  const std::optional<currency> named = currency::parse(held->text()[row]);
  if (!named)
    throw error(status::data,
                message("credit.reconciliation", "currency", row, "\"" + shortened(held->text()[row]) + "\"",
                        must_be(row_status::currency)),
                row);
  return named;
}
[[nodiscard]] inline std::optional<std::string> control_text(const table& from, std::string_view name,
                                                             std::int64_t row) {
  const column* const held = from.find(name);
  if (held == nullptr || !held->is_valid(row) || held->text()[row].empty())
    return std::nullopt;
  return std::string(held->text()[row]);
}

/// Reads the rows of a control account in the currencies of a ledger.
class control_reader {
public:
  control_reader(const model& from, currency usual)
      : usual_(currency::parse(from.option_text("currency")).value_or(currency{})) {
    if (!usual_.named())
      usual_ = usual;
  }
  /// The currency and the minor units of a row. \throws error status::currency where it has parts of a minor unit
  [[nodiscard]] std::pair<stats::currency_code, std::int64_t> amount(const table& from, std::string_view name,
                                                                     std::int64_t row) const {
    const currency in = control_currency(from, row).value_or(usual_);
    const column& held = from.at(name);
    const std::int64_t given = held.as<std::int64_t>()[static_cast<std::size_t>(row)];
    const int decimals = from.decimals_of(held)[row];
    std::int64_t minor = 0;
    if (const row_status status = minor_units_of(wide_integer{given}, decimals, in.decimals(), minor);
        status != row_status::ok)
      throw error(
          status::currency,
          message("credit.reconciliation", name, row, decimal_text(given, decimals),
                  std::string(must_be(status)) + " of " + stats::detail::shown_currency(stats::code_of(in))),
          row);
    return {stats::code_of(in), minor};
  }

private:
  currency usual_;
};

} // namespace detail

/// Refuses a control account that says two things of one balance, or names currencies that are none.
inline void check_reconciliation(const model& made) {
  std::set<std::pair<std::string, std::string>> known;
  for (const table& held : made.tables) {
    for (std::int64_t row = 0; row < held.rows(); ++row) {
      const std::optional<currency> in = detail::control_currency(held, row);
      if (held.name() != "control")
        continue;
      const std::string customer = detail::control_text(held, "customer", row).value_or(std::string{});
      const std::string code(in ? in->code() : made.option_text("currency"));
      if (!known.emplace(customer, code).second)
        throw error(status::data,
                    message("credit.reconciliation", "balance", row,
                            "a second one of " + (customer.empty() ? "all customers" : customer),
                            "given once for each customer and currency"),
                    row);
    }
  }
}

/// `credit.reconciliation` from the catalogue's side. \throws error as `reconcile`
[[nodiscard]] inline result finish_reconciliation(const finish_request& request) {
  const stats::ledger& from = request.stored<stats::ledger>();
  const model& control = *request.slot("control");
  const detail::control_reader reader(control, from.default_currency());
  std::vector<control_balance> balances;
  const table& accounts = *control.find("control");
  for (std::int64_t row = 0; row < accounts.rows(); ++row) {
    const auto [currency, balance] = reader.amount(accounts, "balance", row);
    balances.push_back({detail::control_text(accounts, "customer", row), currency, balance});
  }
  std::optional<std::vector<control_document>> documents;
  if (const table* const open = control.find("control_documents"); open != nullptr) {
    documents.emplace();
    for (std::int64_t row = 0; row < open->rows(); ++row) {
      const auto [currency, amount] = reader.amount(*open, "open", row);
      documents->push_back({detail::control_text(*open, "document", row).value_or(std::string{}),
                            detail::control_text(*open, "customer", row), currency, amount});
    }
  }
  reconciliation_report made =
      reconcile(from, *request.options.day("as_of"), balances, documents, request.keys, request.how);
  result tables;
  tables.tables.push_back(std::move(made.differences));
  tables.tables.push_back(std::move(made.documents));
  tables.tables.push_back(std::move(made.findings));
  return tables;
}

inline constexpr entry reconciliation_entry{.description = &reconciliation_description,
                                            .finish = finish_reconciliation,
                                            .check_model = check_reconciliation};

} // namespace emptor::credit
