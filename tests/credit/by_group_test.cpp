// SPDX-License-Identifier: BSL-1.0
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <emptor/credit/days_sales_outstanding_entry.hpp>
#include <emptor/credit/payment_behaviour_entry.hpp>
#include <emptor/credit/payment_forecast_entry.hpp>
#include <emptor/credit/payment_trend_entry.hpp>
#include <emptor/credit/receivables_performance_entry.hpp>
#include <emptor/credit/roll_rates_entry.hpp>

#include "credit/finished.hpp"
#include "stats/ledger_record_rows.hpp"
#include "support/refusal.hpp"

namespace emptor::test::by_group_test {
namespace {

using texts = std::vector<std::string>;

const entry* const measures[] = {&credit::days_sales_outstanding_entry, &credit::payment_behaviour_entry,
                                 &credit::payment_trend_entry, &credit::receivables_performance_entry,
                                 &credit::roll_rates_entry};

void push_documents(stats::ledger& into, const ledger_rows::random_ledger& rows) {
  ledger_rows::push(into, rows.base.items);
  ledger_rows::push(into, rows.base.settlements);
  ledger_rows::push(into, rows.disputes);
}

/// Each table of an entry, row by row, without the intervals: they ask how many customers there are.
std::map<std::string, texts> tables_of(const entry& what, const stats::ledger& from, const char* by) {
  std::map<std::string, texts> all;
  for (const table& one : finished::of(what, from, {{"as_of", "2025-12-31"}, {"by", by}}).tables) {
    texts columns;
    for (const column& each : one.columns()) {
      if (!each.name().ends_with("_low") && !each.name().ends_with("_high"))
        columns.push_back(each.name());
    }
    all[one.name()] = finished::cells(one, columns);
  }
  return all;
}

/// The measures of groups of companies (集团客户) are those of a ledger in which all their documents are their head's.
/// odoo/odoo#113296 and addons/account/models/partner.py: what a company tree owes was divided by what one company bought.
TEST(by_group, a_group_of_companies_is_measured_as_if_it_were_one_customer) {
  ledger_rows::random_ledger rows(31, 1500);
  const stats::ledger store = rows.at_once();
  const stats::customer_groups groups(store);
  stats::ledger heads;
  for (ledger_rows::item& one : rows.base.items) {
    const std::uint32_t customer = store.customers().find(id_pool::key_of(one.customer));
    one.customer = std::string(store.customer(groups.head_of(customer)));
  }
  push_documents(heads, rows);
  for (const entry* what : measures) {
    auto found = tables_of(*what, store, "group");
    auto expected = tables_of(*what, heads, "customer");
    for (auto* const tables : {&found, &expected})
      tables->erase("transitions"); // of roll rates: their intervals ask how many customers there are
    EXPECT_EQ(found, expected) << what->description->name;
    EXPECT_NE(found, tables_of(*what, store, "customer")) << what->description->name;
  }
}

TEST(by_group, who_is_in_no_group_is_one_alone_and_facts_of_two_contents_are_refused) {
  const entry& what = credit::days_sales_outstanding_entry;
  ledger_rows::random_ledger rows(32, 200);
  stats::ledger store;
  ledger_rows::push(store, rows.base.items);
  EXPECT_EQ(tables_of(what, store, "group"), tables_of(what, store, "customer"));
  ledger_rows::push(store, {ledger_rows::customer{.id = "C1", .group = "C2"},
                            ledger_rows::customer{.id = "C1", .group = "C3"}});
  EXPECT_EQ(code_of([&] { return tables_of(what, store, "group"); }), status::conflict);
}

/// What a customer's attributes say of his documents is as if each of them said it.
TEST(by_group, documents_without_attributes_have_those_of_their_customers) {
  ledger_rows::random_ledger rows(33, 1500);
  for (ledger_rows::item& one : rows.base.items)
    one.region.clear();
  stats::ledger store;
  push_documents(store, rows);
  ledger_rows::push(store, rows.customers);
  const auto& facts = store.records<stats::customer_record>();
  const auto region_of = [&](const std::string& name) -> std::string {
    const std::uint32_t row = facts.find(store.customers().find(id_pool::key_of(name)));
    if (row == stats::ledger::no_text || facts[row].attributes == stats::ledger::no_text)
      return {};
    return std::string(store.texts().attributes_at(facts[row].attributes).front().value);
  };
  std::set<std::string> regions;
  for (ledger_rows::item& one : rows.base.items)
    regions.insert(one.region = region_of(one.customer));
  ASSERT_GT(regions.size(), 3U);
  ASSERT_TRUE(regions.contains("")) << "some have none";
  stats::ledger told;
  push_documents(told, rows);
  for (const entry* what : measures) {
    EXPECT_EQ(tables_of(*what, store, "region"), tables_of(*what, told, "region")) << what->description->name;
    std::string said;
    EXPECT_EQ(code_of([&] { return tables_of(*what, store, "regio"); }, &said), status::unknown_name);
    EXPECT_THAT(said, ::testing::HasSubstr("region"));
  }
  const auto forecast = [](const stats::ledger& from) {
    std::map<std::string, texts> all;
    for (const table& one :
         finished::of(credit::payment_forecast_entry, from, {{"as_of", "2025-12-31"}, {"pool", "region"}})
             .tables) {
      texts columns;
      for (const column& each : one.columns())
        columns.push_back(each.name());
      all[one.name()] = finished::cells(one, columns);
    }
    return all;
  };
  EXPECT_EQ(forecast(store), forecast(told));
}

/// One document that carries the label is enough: whoever looks at other customers or another day groups by the same.
TEST(by_group, a_label_that_a_document_carries_is_that_of_documents) {
  stats::ledger store;
  const auto grouped = [&] {
    return tables_of(credit::days_sales_outstanding_entry, store, "region")["days_sales_outstanding"];
  };
  const auto begins = [](const texts& rows) {
    texts names;
    for (const std::string& row : rows)
      names.push_back(row.substr(0, row.find(' ')));
    return names;
  };
  ledger_rows::push(store, {ledger_rows::item{.document = "D1",
                                              .customer = "C1",
                                              .kind = "invoice",
                                              .amount = 500,
                                              .date = ledger_rows::day("2025-12-01")}});
  ledger_rows::push(store, {ledger_rows::customer{.id = "C1", .region = "north"}});
  const texts of_customers = begins(grouped());
  ledger_rows::push(store, {ledger_rows::item{.document = "D2",
                                              .customer = "C2",
                                              .kind = "invoice",
                                              .amount = 700,
                                              .date = ledger_rows::day("2026-02-01"),
                                              .region = "south"}});
  const texts of_documents = begins(grouped()); // D2 is of a later day
  EXPECT_THAT(of_customers, ::testing::ElementsAre("north"));
  EXPECT_THAT(of_documents, ::testing::ElementsAre("-"));
  ledger_rows::push(store, {ledger_rows::customer{.id = "C1", .region = "east"}});
  EXPECT_NO_THROW((void)grouped()) << "customers do not matter";
}

} // namespace
} // namespace emptor::test::by_group_test
