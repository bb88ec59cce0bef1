// SPDX-License-Identifier: BSL-1.0
// The control account as a model: amounts with the decimals of their row's currency, and what is refused.
#include <gtest/gtest.h>

#include "examples.hpp"

namespace emptor::test::reconciliation_model_test {
namespace {

const entry& reconciliation() {
  return find_entry("credit.reconciliation");
}

std::shared_ptr<const model> control(std::string_view csv, std::string_view currency = {},
                                     std::string_view documents = {}) {
  std::vector<example_table> tables{{"control", csv}};
  if (!documents.empty())
    tables.push_back({"control_documents", documents});
  std::vector<example_option> options;
  if (!currency.empty())
    options.push_back({"currency", currency});
  return made_of(reconciliation(), tables, options);
}

/// What `differences` says of the ledger of the second worked example.
std::pair<status, std::string> reconciled(const std::shared_ptr<const model>& with,
                                          std::vector<option> store_options = {}) {
  return outcome([&] {
    const auto from = make_store("ledger", store_options);
    const filled_slot slots[] = {{"control", with.get()}};
    const result made =
        finish(reconciliation(), from.get(), std::vector<option>{{"as_of", "2026-03-31"}}, slots, {}, run{});
    std::string shown;
    for (std::int64_t row = 0; row < made.tables[0].rows(); ++row)
      shown.append(made.tables[0].at("currency").text()[row])
          .append(" ")
          .append(std::to_string(
              made.tables[0].at("control_balance").as<std::int64_t>()[static_cast<std::size_t>(row)]))
          .append(";");
    throw error(status::ok, shown);
  });
}

TEST(reconciliation_model, amounts_have_the_decimals_of_their_rows_currency) {
  const auto made = control("currency,balance\nEUR,12.34\nJPY,1200\nKWD,1.234\n,5.5\n");
  const column& balances = made->find("control")->at("balance");
  EXPECT_EQ(balances.decimals(), decimals_of_row);
  EXPECT_EQ(balances.as<std::int64_t>(), (std::vector<std::int64_t>{1234, 1200, 1234, 550}));
  EXPECT_EQ(*load_model(save(*made)), *made);
  EXPECT_EQ(*import_model(export_model(*made, "json"), "json"), *made);
  EXPECT_EQ(reconciled(made), (std::pair{status::ok, std::string(" 550;EUR 1234;JPY 1200;KWD 1234;")}));
}

TEST(reconciliation_model, the_option_is_the_currency_of_rows_that_name_none) {
  for (const std::string_view csv : {"currency,balance\n,1200\n", "balance\n1200\n"}) {
    const auto made = control(csv, "JPY");
    EXPECT_EQ(made->find("control")->at("balance").as<std::int64_t>(), std::vector<std::int64_t>{1200});
    EXPECT_EQ(reconciled(made, {{"default_currency", "EUR"}}),
              (std::pair{status::ok, std::string("JPY 1200;")}));
    EXPECT_EQ(*import_model(export_model(*made, "json"), "json"), *made);
  }
  EXPECT_EQ(outcome([] { (void)control("balance\n12.5\n", "JPY"); }).first, status::data);
}

TEST(reconciliation_model, without_the_option_it_is_the_ledgers_and_must_be_exact_in_it) {
  const auto whole = control("balance\n1200\n");
  EXPECT_EQ(reconciled(whole, {{"default_currency", "JPY"}}),
            (std::pair{status::ok, std::string("JPY 1200;")}));
  EXPECT_EQ(reconciled(whole, {{"default_currency", "KWD"}}),
            (std::pair{status::ok, std::string("KWD 1200000;")}));
  EXPECT_EQ(reconciled(control("balance\n12.5\n"), {{"default_currency", "JPY"}}),
            (std::pair{status::currency,
                       std::string("credit.reconciliation: balance[0] is 12.50, but must be a whole "
                                   "number of minor units of JPY")}));
}

TEST(reconciliation_model, what_says_two_things_or_no_money_is_refused_with_its_row) {
  const auto refused = [](std::string_view csv) { return outcome([&] { (void)control(csv); }); };
  EXPECT_EQ(
      refused("currency,balance\nEUR,1\nEUR,12.345\n"),
      (std::pair{status::data, std::string("credit.reconciliation: balance[1] is 12.345, but must be a whole "
                                           "number of minor units")}));
  EXPECT_EQ(refused("currency,balance\nEuro,1\n").first, status::data);
  EXPECT_EQ(refused("currency,balance\nEUR,1\nEUR,2\n"),
            (std::pair{status::data,
                       std::string("credit.reconciliation: balance[1] is a second one of all customers, "
                                   "but must be given once for each customer and currency")}));
  EXPECT_EQ(refused("customer,currency,balance\nHong,EUR,1\nHong,USD,2\nLan,EUR,2\n,EUR,2\n").first,
            status::ok);
  EXPECT_EQ(refused("customer,currency,balance\nHong,EUR,1\nHong,EUR,1\n").first, status::data);
  EXPECT_EQ(refused("currency,balance\nEUR,\n").first, status::data);
  EXPECT_EQ(outcome([] { (void)control("balance\n1\n", {}, "document,open\n,5\n"); }).first, status::data);
}

} // namespace
} // namespace emptor::test::reconciliation_model_test
