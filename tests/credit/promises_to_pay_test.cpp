// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/credit/promises_to_pay_entry.hpp>

#include "credit/book.hpp"
#include "credit/finished.hpp"
#include "stats/ledger_record_rows.hpp"
#include "support/refusal.hpp"

namespace promises_to_pay_test {
namespace {

using emptor::result;
using emptor::status;
using emptor::credit::promises_to_pay_entry;
using finished::cells;
using ledger_rows::day;
using ledger_rows::promise;
using lines = std::vector<std::string>;

result judged(const emptor::stats::ledger& store, const char* as_of, std::vector<emptor::option> more = {},
              std::optional<std::vector<std::string>> keys = {}) {
  more.push_back({"as_of", as_of});
  return book::finish(promises_to_pay_entry, store, more, std::move(keys));
}
lines outcomes(const result& of) {
  return cells(of, "promises", {"promise", "outcome", "paid_in_time", "paid", "completed_on", "days_late"});
}

template <class Call>
std::string refusal_of(const Call& call) {
  std::string text;
  (void)emptor::test::code_of(
      [&] {
        call();
        return 0;
      },
      &text);
  return text;
}

/// An invoice of 100 of January, and a promise to pay it from the 2nd to the 10th of March.
struct one_promise {
  book::pages pages;
  std::string invoice = pages.invoice(10000, "2026-01-10");
  promise made{.number = "V1",
               .customer = "Hong",
               .amount = 10000,
               .made = day("2026-03-02"),
               .pay_by = day("2026-03-10"),
               .document = invoice};

  [[nodiscard]] std::string on(const char* as_of, const std::vector<emptor::option>& options = {}) const {
    emptor::stats::ledger store = pages.store();
    ledger_rows::push(store, {made}, true);
    return outcomes(judged(store, as_of, options)).at(0).substr(3);
  }
};

TEST(promises_to_pay_test, money_counts_from_the_day_of_the_promise_to_its_last_day) {
  one_promise before;
  before.pages.pays(before.invoice, 10000, "2026-03-01");
  EXPECT_EQ(before.on("2026-03-31"), "broken 0 0 - 21"); // it was paid already, and is promised again
  for (const char* in_time : {"2026-03-02", "2026-03-10"}) {
    one_promise kept;
    kept.pages.pays(kept.invoice, 10000, in_time);
    EXPECT_EQ(kept.on("2026-03-31"),
              std::string("kept 10000 10000 ") + in_time + (kept.made.made == day(in_time) ? " -8" : " 0"));
  }
  one_promise late;
  late.pages.pays(late.invoice, 10000, "2026-03-11");
  EXPECT_EQ(late.on("2026-03-09"), "open 0 0 - -");
  EXPECT_EQ(late.on("2026-03-10"), "broken 0 0 - 0");
  EXPECT_EQ(late.on("2026-03-31"), "broken 0 10000 2026-03-11 1");
  EXPECT_EQ(late.on("2026-03-31", {{"grace_days", "1"}}), "kept 10000 10000 2026-03-11 1");
  EXPECT_EQ(late.on("2026-03-10", {{"grace_days", "1"}}), "open 0 0 - -");
}

TEST(promises_to_pay_test, some_of_it_is_a_part_and_a_tolerance_lets_little_be_missing) {
  one_promise some;
  some.pages.pays(some.invoice, 9900, "2026-03-05");
  EXPECT_EQ(some.on("2026-03-31"), "partly_kept 9900 9900 - 21");
  EXPECT_EQ(some.on("2026-03-31", {{"tolerance", "0.01"}}), "kept 9900 9900 2026-03-05 -5");
  EXPECT_EQ(some.on("2026-03-31", {{"tolerance", "0.0099"}}), "partly_kept 9900 9900 - 21");
  some.pages.pays(some.invoice, 100, "2026-03-20", "discount");
  EXPECT_EQ(some.on("2026-03-31"), "partly_kept 9900 10000 2026-03-20 10");
}

TEST(promises_to_pay_test, a_discount_pays_and_a_credit_note_or_write_off_does_not) {
  for (const char* kind : {"payment", "discount", "credit_note", "write_off"}) {
    one_promise one;
    one.pages.pays(one.invoice, 10000, "2026-03-05", kind);
    const bool pays = *kind == 'p' || *kind == 'd';
    EXPECT_EQ(one.on("2026-03-31"), pays ? "kept 10000 10000 2026-03-05 -5" : "broken 0 0 - 21") << kind;
  }
}

TEST(promises_to_pay_test, money_that_went_back_kept_nothing) {
  one_promise one;
  const std::string payment = one.pages.pays(one.invoice, 10000, "2026-03-05");
  one.pages.settles(one.invoice, payment, -10000, "2026-03-08");
  EXPECT_EQ(one.on("2026-03-31"), "broken 0 0 - 21");
  EXPECT_EQ(one.on("2026-03-07"), "kept 10000 10000 2026-03-05 -5");
}

TEST(promises_to_pay_test, no_money_keeps_two_promises) {
  one_promise first;
  emptor::stats::ledger store = [&] {
    first.pages.pays(first.invoice, 6000, "2026-03-05");
    first.made.amount = 5000;
    promise second = first.made;
    second.number = "V0";
    second.pay_by = day("2026-03-12");
    emptor::stats::ledger made = first.pages.store();
    ledger_rows::push(made, {second, first.made}, true);
    return made;
  }();
  EXPECT_EQ(outcomes(judged(store, "2026-03-31")),
            (lines{"V0 partly_kept 1000 1000 - 19", "V1 kept 5000 5000 2026-03-05 -5"}));
}

TEST(promises_to_pay_test, without_a_document_all_payments_count_that_settle_no_promised_one) {
  one_promise one;
  one.pages.pays(one.invoice, 4000, "2026-03-05");
  one.pages.document("payment", 2500, "2026-03-06");
  promise any = one.made;
  any.number = "V2";
  any.document = "";
  any.amount = 3000;
  emptor::stats::ledger store = one.pages.store();
  ledger_rows::push(store, {one.made, any}, true);
  EXPECT_EQ(outcomes(judged(store, "2026-03-31")),
            (lines{"V1 partly_kept 4000 4000 - 21", "V2 partly_kept 2500 2500 - 21"}));
  emptor::stats::ledger alone = one.pages.store();
  ledger_rows::push(alone, {any}, true);
  EXPECT_EQ(outcomes(judged(alone, "2026-03-31")), (lines{"V2 kept 3000 3000 2026-03-05 -5"}));
}

TEST(promises_to_pay_test, what_is_withdrawn_before_its_day_does_not_count) {
  one_promise one;
  one.made.withdrawn = day("2026-03-10");
  EXPECT_EQ(one.on("2026-03-09"), "open 0 0 - -");
  EXPECT_EQ(one.on("2026-03-31"), "withdrawn 0 0 - -");
  one.made.withdrawn = day("2026-03-11"); // too late: it is broken
  EXPECT_EQ(one.on("2026-03-31"), "broken 0 0 - 21");
}

TEST(promises_to_pay_test, rates_are_of_those_whose_day_has_passed_in_the_period) {
  one_promise one;
  one.pages.pays(one.invoice, 10000, "2026-03-05");
  promise early = one.made; // kept before its day: nobody knows yet how the others of that day end
  early.number = "V2";
  early.document = one.pages.invoice(500, "2026-01-10");
  early.amount = 500;
  early.pay_by = day("2026-06-30");
  one.pages.pays(early.document, 500, "2026-03-05");
  promise old = one.made;
  old.number = "V3";
  old.made = old.pay_by = day("2024-01-31");
  emptor::stats::ledger store = one.pages.store();
  ledger_rows::push(store, {one.made, early, old}, true);
  const lines columns{"customer", "promises",    "kept",     "broken",
                      "open",     "open_amount", "promised", "kept_rate"};
  const auto rows = [&](const char* period) {
    return cells(judged(store, "2026-03-31", {{"period", period}}), "customers",
                 {columns.begin(), columns.end()});
  };
  EXPECT_EQ(rows("12 month"), lines{"Hong 1 1 0 1 0 10000 1"});
  EXPECT_EQ(rows("5 years"), lines{"Hong 2 1 1 1 0 20000 0.5"});
  EXPECT_EQ(rows("1 day"), lines{"Hong 0 0 0 1 0 0 -"});
}

TEST(promises_to_pay_test, bad_input_has_a_status_that_names_the_promise) {
  one_promise one;
  emptor::stats::ledger store = one.pages.store();
  promise other = one.made;
  other.pay_by = day("2026-03-01");
  EXPECT_NE(
      refusal_of([&] { ledger_rows::push(store, {other}, true); }).find("must be not before promised_on"),
      std::string::npos);
  other = one.made;
  other.currency = "USD";
  ledger_rows::push(store, {other}, true);
  EXPECT_EQ(refusal_of([&] { (void)judged(store, "2026-03-31"); }),
            "ledger: promise V1 is in USD, but its document D0 is in EUR; both must be in the same currency");
  ledger_rows::push(store, {one.made});
  EXPECT_EQ(
      refusal_of([&] { (void)judged(store, "2026-03-31"); }),
      "ledger: promise V1 has two contents under revision 0; a higher revision must say which one holds");

  emptor::stats::ledger strange = one.pages.store();
  other = one.made;
  other.customer = "Li"; // who does not have that document
  promise unknown = one.made;
  unknown.number = "V2";
  unknown.document = "D9";
  ledger_rows::push(strange, {other, unknown}, true);
  const result found = judged(strange, "2026-03-31");
  EXPECT_EQ(outcomes(found), (lines{"V2 broken 0 0 - 21", "V1 broken 0 0 - 21"}));
  EXPECT_EQ(cells(found, "findings", {"document", "finding", "customer", "amount"}),
            (lines{"D0 unknown_document Li 10000", "D9 unknown_document Hong 10000"}));
}

TEST(promises_to_pay_test, erasing_a_customer_forgets_what_he_promised_and_who_promised_to_pay_for_him) {
  one_promise one;
  emptor::stats::ledger store = one.pages.store();
  promise others = one.made;
  others.number = "V2";
  others.customer = "Li";
  promise own = others;
  own.number = "V3";
  own.document = "";
  ledger_rows::push(store, {one.made, others, own}, true);
  const std::string_view gone[] = {"Hong"};
  EXPECT_EQ(store.erase(gone), 1);
  EXPECT_EQ(outcomes(judged(store, "2026-03-31")), lines{"V3 broken 0 0 - 21"});
}

// --- a random ledger against a slow reading of its rows -----------------------------------------------------------

/// What `judge_promises` says, from the rows that were pushed.
class slow {
public:
  slow(const ledger_rows::random_ledger& rows, std::int32_t today)
      : held_(rows.base)
      , today_(today) {
    for (const promise& one : rows.promises) {
      const auto [known, is_new] = promises_.emplace(one.number, one);
      if (!is_new && one.revision > known->second.revision)
        known->second = one;
    }
  }
  [[nodiscard]] std::map<std::string, std::string> all() {
    std::map<std::tuple<std::string, std::string, bool, std::string>, std::vector<promise>> waiting;
    for (const auto& [number, one] : promises_) {
      if (one.made <= today_)
        waiting[{one.customer, one.currency, one.document.empty(), one.document}].push_back(one);
    }
    for (auto& [who, some] : waiting) { // those with a document first
      if (!some.front().document.empty())
        judge(some, settled(some.front()));
      else
        judge(some, loose(some.front()));
    }
    return told_;
  }

private:
  using money = std::vector<std::pair<std::int32_t, std::int64_t>>;
  static bool owed(const std::string& kind) {
    return kind == "invoice" || kind == "debit_note" || kind == "refund";
  }

  money settled(const promise& of) {
    money found;
    const auto document = held_.documents.find(of.document);
    if (document == held_.documents.end() || document->second.customer != of.customer ||
        !owed(document->second.kind))
      return found;
    for (const ledger_rows::settlement& one : held_.settlements) {
      const std::string other = one.document == of.document            ? one.settling_document
                                : one.settling_document == of.document ? one.document
                                                                       : "";
      const auto credit = held_.documents.find(other);
      if (credit == held_.documents.end() || owed(credit->second.kind))
        continue;
      const std::int32_t on = std::max({one.date, document->second.date, credit->second.date});
      if (on > today_ || (credit->second.kind != "payment" && credit->second.kind != "discount"))
        continue;
      found.emplace_back(on, one.amount);
    }
    return found;
  }
  money loose(const promise& of) {
    money found;
    for (const auto& [name, one] : held_.documents) {
      if (one.kind == "payment" && one.customer == of.customer && one.currency == of.currency &&
          one.date <= today_)
        found.emplace_back(one.date,
                           std::clamp<std::int64_t>(one.amount - elsewhere(name, one), 0, one.amount));
    }
    return found;
  }
  /// What of a payment settled documents of others, or with a promise of their own.
  std::int64_t elsewhere(const std::string& payment, const ledger_rows::item& what) const {
    std::int64_t sum = 0;
    for (const ledger_rows::settlement& one : held_.settlements) {
      const std::string other = one.document == payment            ? one.settling_document
                                : one.settling_document == payment ? one.document
                                                                   : "";
      const auto document = held_.documents.find(other);
      if (document == held_.documents.end() || !owed(document->second.kind) ||
          std::max({one.date, document->second.date, what.date}) > today_)
        continue;
      const bool promised = std::any_of(promises_.begin(), promises_.end(), [&](const auto& known) {
        return known.second.document == other && known.second.customer == what.customer &&
               known.second.made <= today_;
      });
      if (promised || document->second.customer != what.customer)
        sum += one.amount;
    }
    return sum;
  }
  void judge(std::vector<promise>& some, money parts) {
    std::sort(parts.begin(), parts.end(), [](const auto& left, const auto& right) {
      return left.first != right.first ? left.first < right.first : left.second > right.second;
    });
    for (std::size_t i = 0; i < parts.size(); ++i) {
      for (std::size_t k = i; k-- > 0 && parts[i].second < 0;) {
        const std::int64_t back = std::min(std::max<std::int64_t>(parts[k].second, 0), -parts[i].second);
        parts[k].second -= back;
        parts[i].second += back;
      }
    }
    std::sort(some.begin(), some.end(), [](const promise& left, const promise& right) {
      return std::tie(left.pay_by, left.made, left.number) < std::tie(right.pay_by, right.made, right.number);
    });
    std::map<std::string, std::pair<std::int64_t, std::string>> paid;
    const auto take = [&](const promise& one, std::int32_t first, std::int32_t last) {
      std::int64_t& sum = paid[one.number].first;
      for (auto& [on, amount] : parts) {
        if (on < first || on > last || amount <= 0)
          continue;
        const std::int64_t taken = std::min(amount, one.amount - sum);
        amount -= taken;
        sum += taken;
        if (sum == one.amount && paid[one.number].second.empty())
          paid[one.number].second = emptor::to_string(emptor::date_from_days(on));
      }
    };
    std::vector<promise> missed;
    for (const promise& one : some) {
      std::string& told = told_[one.number];
      if (one.withdrawn && *one.withdrawn <= std::min(one.pay_by, today_)) {
        told = "withdrawn 0";
        continue;
      }
      take(one, one.made, std::min(one.pay_by, today_));
      const std::int64_t in_time = paid[one.number].first;
      told = std::string(in_time == one.amount ? "kept"
                         : today_ < one.pay_by ? "open"
                         : in_time > 0         ? "partly_kept"
                                               : "broken") +
             " " + std::to_string(in_time);
      if (in_time < one.amount && today_ >= one.pay_by)
        missed.push_back(one);
    }
    for (const promise& one : missed)
      take(one, one.pay_by + 1, today_);
    for (const promise& one : some)
      told_[one.number] += " " + std::to_string(paid[one.number].first) + " " + paid[one.number].second;
  }

  book::holding held_;
  std::int32_t today_;
  std::map<std::string, promise> promises_;
  std::map<std::string, std::string> told_;
};

TEST(promises_to_pay_test, of_a_random_ledger_is_what_a_slow_reading_says_in_pieces_too) {
  ledger_rows::random_ledger rows(5, 2000);
  for (promise& one : rows.promises)
    one.amount = one.amount % 20000 + 1; // so that some are kept
  std::erase_if(rows.promises, [&](const promise& one) { return one.revision > 0; });
  const char* const as_of = "2025-12-31";
  const result found = judged(rows.at_once(), as_of);
  std::map<std::string, int> seen;
  std::map<std::string, std::string> told;
  const emptor::table& made = finished::table_of(found, "promises");
  for (std::int64_t row = 0; row < made.rows(); ++row) {
    const std::string outcome = finished::shown(made.at("outcome"), row);
    const std::string complete = finished::shown(made.at("completed_on"), row);
    told[finished::shown(made.at("promise"), row)] =
        outcome + " " + finished::shown(made.at("paid_in_time"), row) + " " +
        finished::shown(made.at("paid"), row) + " " + (complete == "-" ? "" : complete);
    ++seen[outcome];
  }
  for (const auto& [number, expected] : slow(rows, day(as_of)).all())
    EXPECT_EQ(told[number], expected) << number;
  for (const std::string_view outcome : emptor::credit::promise_outcomes)
    EXPECT_GT(seen[std::string(outcome)], outcome == "open" ? 0 : 5) << outcome;
  rows.shuffle(3);
  EXPECT_EQ(judged(rows.in_pieces(4, 300), as_of).tables, found.tables);

  // Each customer alone says what is said of him among all.
  for (const char* customer : {"C0", "C7", "C20"}) {
    const result alone = judged(rows.at_once(), as_of, {}, std::vector<std::string>{customer});
    lines among;
    for (const std::string& line : cells(found, "promises", {"customer", "promise", "outcome", "paid"})) {
      if (line.starts_with(std::string(customer) + " "))
        among.push_back(line);
    }
    EXPECT_EQ(cells(alone, "promises", {"customer", "promise", "outcome", "paid"}), among);
  }
}

} // namespace
} // namespace promises_to_pay_test
