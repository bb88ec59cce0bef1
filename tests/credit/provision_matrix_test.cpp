// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <map>
#include <string>

#include <gtest/gtest.h>

#include <emptor/credit/provision_entry.hpp>

#include "credit/finished.hpp"
#include "stats/ledger_rows.hpp"
#include "support/refusal.hpp"

namespace provision_matrix_test {
namespace {

using emptor::model;
using emptor::result;
using emptor::status;
using emptor::table;
using emptor::wide_integer;
using namespace emptor::credit;
using emptor::stats::ledger;
using emptor::test::code_of;
using finished::cells;
using finished::sums;
using ledger_rows::day;
using ledger_rows::item;
using ledger_rows::push;
using ledger_rows::random_rows;
using ledger_rows::settlement;

using texts = std::vector<std::string>;

result finish(const ledger& from, const std::vector<emptor::option>& options, const model* given = nullptr,
              const std::optional<std::vector<std::string>>& keys = {}) {
  return finished::of(provision_matrix_entry, from, options, "matrix", given, keys);
}
model of_tables(std::vector<table> tables) {
  model made{.entry = "credit.provision_matrix", .options = {}, .tables = std::move(tables), .made_by = {}};
  check_provision_model(made);
  return made;
}
table rates(const std::vector<std::pair<std::string, double>>& rows) {
  emptor::text_buffer buckets;
  std::vector<double> values;
  for (const auto& [bucket, rate] : rows) {
    buckets.push_back(bucket);
    values.push_back(rate);
  }
  return {"rates", {emptor::column::texts("bucket", buckets), emptor::column::numbers("rate", values)}};
}
const std::vector<std::pair<std::string, double>> usual{
    {"not_due", 0.003}, {"1-30", 0.016}, {"31-60", 0.036}, {"61-90", 0.066}, {"91+", 0.106}};
item invoice(std::string document, std::string customer, std::int64_t amount, const char* due) {
  return {.document = std::move(document),
          .customer = std::move(customer),
          .kind = "invoice",
          .amount = amount,
          .date = day("2025-01-01"),
          .due = day(due)};
}

TEST(provision_matrix_test, a_cohort_gives_the_rates_of_its_example) {
  const double reached[] = {100000, 50000, 23000, 8000, 2000};
  const std::vector<double> lost(5, 2000);
  const std::vector<double> found = cohort_losses(reached, lost);
  const double wanted[] = {0.02, 0.04, 2000.0 / 23000.0, 0.25, 1.0};
  for (std::size_t i = 0; i < 5; ++i)
    EXPECT_DOUBLE_EQ(found[i], wanted[i]);
  const double nothing[] = {0.0};
  EXPECT_TRUE(std::isnan(cohort_losses(nothing, nothing)[0]));
}

/// A third of a cent each: 0.01 of 1.00 at 1 % goes to one customer only, and which one is a rule.
TEST(provision_matrix_test, what_is_shared_out_adds_up_by_largest_remainder) {
  ledger store;
  push(store, {invoice("R1", "An", 3333, "2026-06-01"), invoice("R2", "Bo", 3333, "2026-06-01"),
               invoice("R3", "Cai", 3334, "2026-06-01"), invoice("R4", "Dan", 1, "2026-06-01")});
  const model given = of_tables({rates({{"not_due", 0.01}})});
  const result made = finish(store, {{"as_of", "2025-12-31"}}, &given);
  // 10,001 at 1 % is 100.01: 100. Of it 33.3267, 33.3267, 33.3367 and 0.0099 are due to each.
  EXPECT_EQ(cells(made, "customers", {"customer", "provision"}),
            (texts{"An 33", "Bo 33", "Cai 34", "Dan 0"}));
  EXPECT_EQ(cells(made, "matrix", {"bucket", "balance", "provision"}), (texts{"not_due 10001 100"}));
}

TEST(provision_matrix_test, group_rates_hold_before_general_ones_and_the_overlay_comes_last) {
  ledger store;
  push(store, {item{.document = "R1",
                    .customer = "An",
                    .kind = "invoice",
                    .amount = 100000,
                    .date = day("2025-01-01"),
                    .due = day("2026-06-01"),
                    .region = "north"},
               item{.document = "R2",
                    .customer = "An",
                    .kind = "invoice",
                    .amount = 100000,
                    .date = day("2025-01-01"),
                    .due = day("2026-06-01"),
                    .region = "south"},
               item{.document = "R3",
                    .customer = "An",
                    .kind = "invoice",
                    .amount = 100000,
                    .date = day("2025-01-01"),
                    .due = day("2026-06-01")}});
  emptor::text_buffer buckets;
  emptor::text_buffer groups;
  for (const char* group : {"", "north"}) {
    buckets.push_back("not_due");
    groups.push_back(group);
  }
  table own{"rates",
            {emptor::column::texts("bucket", buckets), emptor::column::numbers("rate", {0.01, 0.05}),
             emptor::column::texts("group", groups)}};
  emptor::column named = own.at("group");
  named.set_missing(0);
  own = table{"rates", {own.at("bucket"), own.at("rate"), named}};
  const model given = of_tables({own});
  const auto provisions = [&](std::vector<emptor::option> more) {
    std::vector<emptor::option> options{{"as_of", "2025-12-31"}, {"by", "region"}};
    options.insert(options.end(), more.begin(), more.end());
    return cells(finish(store, options, &given), "matrix", {"group", "rate", "provision"});
  };
  EXPECT_EQ(provisions({}), (texts{"north 0.05 5000", "south 0.01 1000", "- 0.01 1000"}));
  EXPECT_EQ(provisions({{"overlay_factor", "2"}, {"overlay_addition", "0.03"}}),
            (texts{"north 0.13 13000", "south 0.05 5000", "- 0.05 5000"}));
  EXPECT_EQ(provisions({{"overlay_factor", "30"}}),
            (texts{"north 1 100000", "south 0.3 30000", "- 0.3 30000"}));
  EXPECT_EQ(provisions({{"overlay_addition", "-0.025"}}), (texts{"north 0.025 2500", "south 0 0", "- 0 0"}));
}

TEST(provision_matrix_test, disputed_and_insured_documents_leave_the_matrix) {
  ledger store;
  push(store, {invoice("R1", "An", 100000, "2026-06-01"), invoice("R2", "An", 50000, "2025-12-20"),
               invoice("R3", "Bo", 70000, "2026-06-01"), invoice("R4", "Bo", 333, "2026-06-01")});
  emptor::column documents = emptor::column::texts("document", [] {
    emptor::text_buffer all;
    for (const char* one : {"R2", "R4", ""})
      all.push_back(one);
    return all;
  }());
  documents.set_missing(2);
  emptor::column customers = emptor::column::texts("customer", [] {
    emptor::text_buffer all;
    for (const char* one : {"", "", "Bo"})
      all.push_back(one);
    return all;
  }());
  customers.set_missing(0);
  customers.set_missing(1);
  emptor::column own = emptor::column::numbers("rate", {0.5, 0.0, 0.0});
  own.set_missing(1);
  own.set_missing(2);
  const model given = of_tables(
      {rates(usual),
       {"specific", {documents, customers, own, emptor::column::numbers("covered", {0.0, 0.5, 0.9})}}});
  const result made = finish(store, {{"as_of", "2025-12-31"}}, &given);
  EXPECT_EQ(cells(made, "matrix", {"bucket", "balance", "provision"}), (texts{"not_due 100000 300"}));
  // 333 / 2 rounds to 167 covered; the customer's row is not for it.
  EXPECT_EQ(
      cells(made, "specific", {"document", "bucket", "open", "covered", "rate", "provision"}),
      (texts{"R2 1-30 50000 0 0.5 25000", "R3 not_due 70000 63000 0.003 21", "R4 not_due 333 167 0.003 0"}));
  EXPECT_EQ(cells(made, "reconciliation",
                  {"matrix", "specific", "balance", "ledger_balance", "difference", "provision"}),
            (texts{"100000 120333 220333 220333 0 25321"}));
  EXPECT_EQ(cells(made, "customers", {"customer", "matrix_provision", "specific_provision", "provision"}),
            (texts{"An 300 25000 25300", "Bo 0 21 21"}));
}

TEST(provision_matrix_test, loose_credits_stay_apart_or_settle_the_oldest_first) {
  ledger store;
  push(
      store,
      {invoice("R1", "An", 1000, "2026-06-01"), invoice("R2", "An", 1000, "2025-09-01"),
       item{.document = "R3", .customer = "An", .kind = "invoice", .amount = 1000, .date = day("2025-01-01")},
       item{.document = "P1",
            .customer = "An",
            .kind = "payment",
            .amount = 1500,
            .date = day("2025-12-01")}});
  const model given = of_tables({rates({{"not_due", 0.1}, {"91+", 0.5}, {"undated", 0.2}})});
  const auto matrix = [&](const char* credits) {
    return cells(finish(store, {{"as_of", "2025-12-31"}, {"credits", credits}}, &given), "matrix",
                 {"bucket", "balance", "provision"});
  };
  EXPECT_EQ(matrix("apart"),
            (texts{"not_due 1000 100", "91+ 1000 500", "undated 1000 200", "unallocated -1500 0"}));
  EXPECT_EQ(matrix("oldest_first"),
            (texts{"not_due 500 50", "91+ 0 0", "undated 1000 200", "unallocated 0 0"}));
}

TEST(provision_matrix_test, no_rates_are_an_error_and_never_no_provision) {
  ledger store;
  push(store, {invoice("R1", "An", 1000, "2025-12-20")});
  const std::vector<emptor::option> options{{"as_of", "2025-12-31"}};
  std::string text;
  EXPECT_EQ(code_of([&] { return finish(store, options); }, &text), status::schema);
  const model partly = of_tables({rates({{"not_due", 0.01}})});
  EXPECT_EQ(code_of([&] { return finish(store, options, &partly); }, &text), status::data);
  EXPECT_EQ(text,
            "credit.provision_matrix: bucket 1-30 of all has a balance, but table rates has no rate for it");
  const model unknown = of_tables({rates({{"1-31", 0.01}})});
  EXPECT_EQ(code_of([&] { return finish(store, options, &unknown); }), status::unknown_name);
  const model twice = of_tables({rates({{"1-30", 0.01}, {"1-30", 0.02}})});
  EXPECT_EQ(code_of([&] { return finish(store, options, &twice); }), status::data);
  EXPECT_EQ(code_of([&] { return of_tables({}); }), status::schema);
  EXPECT_EQ(code_of([&] {
              return finish(store, {{"as_of", "2025-12-31"}, {"method", "vintage"}, {"loss_after", "90"}});
            }),
            status::option);
}

TEST(provision_matrix_test, an_estimate_without_history_says_what_has_no_rate) {
  ledger store;
  push(store, {invoice("R1", "An", 1000, "2025-12-20")});
  for (const char* method : {"flow", "transition", "vintage"}) {
    const result made = finish(store, {{"as_of", "2025-12-31"}, {"method", method}});
    EXPECT_EQ(cells(made, "matrix", {"bucket", "balance", "rate", "provision"}), (texts{"1-30 1000 - -"}))
        << method;
    EXPECT_EQ(cells(made, "reconciliation", {"balance", "unrated", "provision"}), (texts{"1000 1000 0"}));
  }
}

TEST(provision_matrix_test, the_allowance_moves_from_opening_to_closing) {
  ledger store;
  push(store, {invoice("R1", "An", 100000, "2026-06-01")});
  const auto account = [](double opening, double write_offs, double recoveries) {
    return table{"allowance",
                 {emptor::column::numbers("opening", {opening}),
                  emptor::column::numbers("write_offs", {write_offs}),
                  emptor::column::numbers("recoveries", {recoveries})}};
  };
  const auto journal = [&](const table& of) {
    const model given = of_tables({rates({{"not_due", 0.05}}), of});
    return cells(finish(store, {{"as_of", "2025-12-31"}}, &given), "journal",
                 {"event", "account", "debit", "credit"});
  };
  // 80.00 - 10.00 + 4.00 are there, 50.00 are needed.
  EXPECT_EQ(journal(account(80.0, 10.0, 4.0)),
            (texts{"write_off loss_allowance 1000 0", "write_off receivables 0 1000", "recovery cash 400 0",
                   "recovery loss_allowance 0 400", "release loss_allowance 2400 0",
                   "release impairment_loss 0 2400"}));
  EXPECT_EQ(journal(account(50.0, 0.0, 0.0)), texts{});
  EXPECT_EQ(code_of([&] { return journal(account(0.005, 0.0, 0.0)); }), status::data);
}

TEST(provision_matrix_test, an_allowance_belongs_to_one_currency) {
  ledger store;
  item dollars = invoice("R2", "An", 100000, "2026-06-01");
  dollars.currency = "USD";
  push(store, {invoice("R1", "An", 100000, "2026-06-01"), dollars});
  const auto closing = [&](const table& allowance) {
    const model given = of_tables({rates({{"not_due", 0.05}}), allowance});
    return cells(finish(store, {{"as_of", "2025-12-31"}}, &given), "movement",
                 {"currency", "opening", "closing"});
  };
  table allowance("allowance", {emptor::column::numbers("opening", {80.0})});
  std::string text;
  EXPECT_EQ(code_of([&] { return closing(allowance); }, &text), status::data);
  EXPECT_EQ(text,
            "credit.provision_matrix: allowance.currency[0] is missing, but must be given, since the ledger "
            "has several currencies");
  emptor::text_buffer currency;
  currency.push_back("USD");
  allowance.add(emptor::column::texts("currency", currency));
  EXPECT_EQ(closing(allowance), (texts{"EUR 0 5000", "USD 8000 5000"}));
}

TEST(provision_matrix_test, of_a_random_ledger_every_sum_meets_the_ageing_and_the_documents) {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    const random_rows rows(seed, 4000, true);
    const ledger store = rows.in_pieces(seed, 900);
    std::vector<std::pair<std::string, double>> all = usual;
    const model given = of_tables({rates(all)});
    for (const char* method : {"given", "flow", "transition", "vintage"}) {
      for (const char* by : {"all", "region", "customer"}) {
        SCOPED_TRACE(std::string(method) + " by " + by);
        const result made = finish(
            store, {{"as_of", "2025-12-31"}, {"method", method}, {"by", by}, {"loss_after", "91"}}, &given);
        const ageing_buckets buckets({30, 60, 90}, edge_day::younger, age_base::due_date);
        const ageing_report aged = age(store, *emptor::parse_date("2025-12-31"), buckets);
        EXPECT_EQ(sums(made, "matrix", {"currency", "bucket"}, "balance"),
                  finished::sums(aged.totals, {"currency", "bucket"}, "amount"));
        for (const std::string& difference : cells(made, "reconciliation", {"difference"}))
          EXPECT_EQ(difference, "0");
        EXPECT_EQ(sums(made, "customers", {"currency"}, "balance"),
                  sums(made, "reconciliation", {"currency"}, "balance"));
        EXPECT_EQ(sums(made, "customers", {"currency"}, "provision"),
                  sums(made, "matrix", {"currency"}, "provision"));
        EXPECT_EQ(sums(made, "movement", {"currency"}, "closing"),
                  sums(made, "matrix", {"currency"}, "provision"));
        EXPECT_EQ(sums(made, "journal", {"currency"}, "debit"),
                  sums(made, "journal", {"currency"}, "credit"));
        EXPECT_FALSE(sums(made, "matrix", {"currency"}, "provision").empty());
      }
    }
  }
}

/// Replayed day by day, without the history of any document.
TEST(provision_matrix_test, a_vintage_is_what_replays_of_the_ledger_say) {
  const ledger store = random_rows(13, 900, true).in_pieces(1, 5000);
  const std::int32_t as_of = day("2025-12-31");
  constexpr std::int32_t loss_after = 120;
  std::map<std::int32_t, std::map<std::uint32_t, std::int64_t>> replays;
  const auto open_on = [&](std::int32_t on, const emptor::stats::open_item& of) {
    if (on < of.date)
      return of.amount;
    auto& replay = replays[on];
    if (replay.empty()) {
      for (const auto& one : emptor::stats::open_items(store, emptor::date_from_days(on)).items)
        replay[one.row] = one.open;
    }
    return std::clamp<std::int64_t>(replay.at(of.row), 0, of.amount);
  };
  std::map<std::string, wide_integer> reached;
  std::map<std::string, wide_integer> lost;
  const auto state = emptor::stats::open_items(store, emptor::date_from_days(as_of));
  for (const auto& one : state.items) {
    const bool is_sale = one.kind == emptor::stats::document_kind::invoice ||
                         one.kind == emptor::stats::document_kind::debit_note;
    if (!is_sale || one.due == ledger::no_day || one.due + loss_after > as_of)
      continue;
    const std::string currency(emptor::stats::currency_of(one.currency).code());
    const wide_integer gone = std::min<wide_integer>(open_on(one.due + loss_after, one), one.amount);
    const char* const buckets[] = {"not_due", "1-30", "31-60", "61-90", "91+"};
    const std::int32_t begins_after[] = {0, 0, 30, 60, 90};
    for (std::size_t k = 0; k < 5; ++k) {
      const std::string key = currency + " " + buckets[k] + " ";
      const wide_integer entered = k == 0 ? one.amount : open_on(one.due + begins_after[k], one);
      reached[key] += entered;
      lost[key] += std::min(gone, entered); // no document of these rows is written off
    }
  }
  EXPECT_EQ(reached.size(), 15U);
  const result made = finish(
      store, {{"as_of", "2025-12-31"}, {"method", "vintage"}, {"loss_after", std::to_string(loss_after)}});
  // Buckets in which nothing is open now have no row; undated documents go by the first bucket.
  int seen = 0;
  for (const char* column : {"reached", "lost"}) {
    for (const auto& [key, amount] : sums(made, "matrix", {"currency", "bucket"}, column)) {
      const std::string of = key.ends_with("undated ") ? key.substr(0, 4) + "not_due " : key;
      EXPECT_EQ(amount, column[0] == 'r' ? reached[of] : lost[of]) << column << " " << key;
      ++seen;
    }
  }
  EXPECT_GT(seen, 20);
}

TEST(provision_matrix_test, no_more_than_the_sale_reaches_a_bucket) {
  ledger store;
  push(store, {invoice("X", "An", 10000, "2025-01-31"), item{.document = "P",
                                                             .customer = "An",
                                                             .kind = "payment",
                                                             .amount = 10000,
                                                             .date = day("2025-01-31")}});
  push(store,
       {settlement{"X", "P", day("2025-01-31"), 10000}, settlement{"X", "P", day("2025-02-10"), -30000}});
  const std::vector<emptor::option> options{
      {"as_of", "2025-12-31"}, {"method", "vintage"}, {"loss_after", "150"}};
  EXPECT_EQ(cells(finish(store, options), "matrix", {"bucket", "reached", "lost", "rate"}),
            (texts{"91+ 10000 10000 1", "unallocated - - -"}));
}

TEST(provision_matrix_test, what_was_written_off_early_is_no_loss_of_later_buckets) {
  ledger store;
  push(store, {invoice("X", "An", 10000, "2025-01-31"), invoice("Y", "Bo", 10000, "2025-01-31"),
               invoice("Z", "Bo", 500, "2025-10-15"),
               item{.document = "W",
                    .customer = "An",
                    .kind = "write_off",
                    .amount = 10000,
                    .date = day("2025-02-10")},
               item{.document = "P",
                    .customer = "Bo",
                    .kind = "payment",
                    .amount = 10000,
                    .date = day("2025-05-31")}});
  push(store,
       {settlement{"X", "W", day("2025-02-10"), 10000}, settlement{"Y", "P", day("2025-05-31"), 10000}});
  const std::vector<emptor::option> options{
      {"as_of", "2025-12-31"}, {"method", "vintage"}, {"loss_after", "150"}};
  EXPECT_EQ(cells(finish(store, options), "matrix", {"bucket", "reached", "lost", "rate"}),
            texts{"61-90 10000 0 0"});
}

/// Of some customers alone: their provisions are those of all where the rates are given, but for the minor units that
/// sharing out moves between customers.
TEST(provision_matrix_test, keys_limit_the_answer_to_customers) {
  const ledger store = random_rows(5, 1500, true).in_pieces(1, 5000);
  const model given = of_tables({rates(usual)});
  const std::vector<emptor::option> options{{"as_of", "2025-12-31"}};
  const result some = finish(store, options, &given, std::vector<std::string>{"C7", "C11"});
  const result all = finish(store, options, &given);
  std::map<std::string, wide_integer> wanted;
  for (const auto& [key, amount] : sums(all, "customers", {"customer", "currency"}, "owed")) {
    if (key.starts_with("C7 ") || key.starts_with("C11 "))
      wanted[key] = amount;
  }
  EXPECT_EQ(wanted.size(), 2U);
  EXPECT_EQ(sums(some, "customers", {"customer", "currency"}, "owed"), wanted);
  for (const std::string& difference : cells(some, "reconciliation", {"difference"}))
    EXPECT_EQ(difference, "0");
}

TEST(provision_matrix_test, the_order_of_pushes_does_not_change_a_bit) {
  const random_rows rows(7, 2000, true);
  random_rows shuffled = rows;
  shuffled.shuffle(3);
  for (const char* method : {"flow", "transition", "vintage"}) {
    const std::vector<emptor::option> options{
        {"as_of", "2025-12-31"}, {"method", method}, {"by", "region"}, {"loss_after", "91"}};
    EXPECT_EQ(finish(rows.in_pieces(1, 5000), options).tables,
              finish(shuffled.in_pieces(5, 60), options).tables);
  }
}

} // namespace
} // namespace provision_matrix_test
