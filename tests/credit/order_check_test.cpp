// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <emptor/catalogue.hpp>
#include <emptor/credit/order_check.hpp>
#include <emptor/credit/order_check_entry.hpp>

#include "support/scored_csv.hpp"

namespace emptor::test::order_check_test {
namespace {

using credit::ask;
using credit::check_order;
using credit::exposure_class;
using credit::order_check_rule;
using credit::order_decision;
using credit::order_outcome;
using credit::order_position;
using credit::order_rule;
using credit::order_verdict;
using credit::rule_answer;

constexpr std::int32_t today = 20'000;

order_check_rule rule_of(order_rule check, order_outcome outcome) {
  order_check_rule rule;
  rule.check = check;
  rule.outcome = outcome;
  return rule;
}

rc::Gen<order_check_rule> any_rule() {
  return rc::gen::exec([] {
    order_check_rule rule;
    rule.check = static_cast<order_rule>(*rc::gen::inRange(0, 11));
    rule.outcome = static_cast<order_outcome>(*rc::gen::inRange(0, 4));
    for (bool& counts : rule.counts)
      counts = *rc::gen::arbitrary<bool>();
    rule.within_horizon = *rc::gen::arbitrary<bool>();
    rule.deduct_secured = *rc::gen::arbitrary<bool>();
    if (*rc::gen::arbitrary<bool>())
      rule.own_limit = *rc::gen::inRange<std::int64_t>(0, 2000);
    rule.share = *rc::gen::inRange<std::int64_t>(0, 2'000'000);
    rule.amount = *rc::gen::inRange<std::int64_t>(0, 500);
    rule.days = *rc::gen::inRange<std::int64_t>(0, 60);
    rule.level = *rc::gen::inRange<std::int64_t>(0, 4);
    return rule;
  });
}

rc::Gen<order_position> any_position() {
  return rc::gen::exec([] {
    order_position of;
    of.amount = *rc::gen::inRange<std::int64_t>(0, 1000);
    of.document_class = static_cast<exposure_class>(
        *rc::gen::inRange(0, static_cast<int>(std::size(credit::exposure_classes))));
    of.in_horizon = *rc::gen::arbitrary<bool>();
    for (std::int64_t& owed : of.owed)
      owed = *rc::gen::inRange<std::int64_t>(0, 1000);
    of.orders_in_horizon = *rc::gen::inRange<std::int64_t>(0, of.owed[2] + 1);
    of.secured = *rc::gen::inRange<std::int64_t>(0, 300);
    of.limit = *rc::gen::inRange<std::int64_t>(0, 3000);
    of.limit_until = today + *rc::gen::inRange(-90, 90);
    of.review_on = today + *rc::gen::inRange(-90, 90);
    of.oldest_overdue = *rc::gen::inRange<std::int64_t>(0, 90);
    of.overdue = *rc::gen::inRange<std::int64_t>(0, of.owed[0] + 1);
    of.older_overdue = *rc::gen::inRange<std::int64_t>(0, of.overdue + 1);
    of.older_than = *rc::gen::inRange<std::int64_t>(0, 60);
    of.dunning_level = *rc::gen::inRange<std::int64_t>(0, 5);
    of.terms_changed = *rc::gen::arbitrary<bool>();
    of.blocked = *rc::gen::arbitrary<bool>();
    if (*rc::gen::arbitrary<bool>())
      of.approved_amount = *rc::gen::inRange<std::int64_t>(0, 1500);
    if (*rc::gen::arbitrary<bool>())
      of.approved_until = today + *rc::gen::inRange(-2, 3);
    return of;
  });
}

/// The same document once its class counts it.
order_position posted(order_position of) {
  of.owed[static_cast<std::size_t>(of.document_class)] += of.amount - of.counted;
  if (of.document_class == exposure_class::orders && of.in_horizon)
    of.orders_in_horizon += of.amount - of.counted;
  of.counted = of.amount;
  return of;
}

bool same(const order_verdict& left, const order_verdict& right) {
  return left.decision == right.decision && left.reasons == right.reasons && left.broken == right.broken &&
         left.released_by == right.released_by && left.unknown == right.unknown;
}

// idempiere, MBPartner.getSOCreditStatus(additional), compares the balance with a ratio of the limit less the order, and so
// says of an order what it no longer says once the order is posted.
RC_GTEST_PROP(order_check_property, a_check_before_posting_says_what_one_after_posting_says, ()) {
  const auto rules = *rc::gen::container<std::vector<order_check_rule>>(any_rule());
  const order_position before = *any_position();
  const order_position after = posted(before);
  RC_ASSERT(same(check_order(rules, before, today), check_order(rules, after, today)));
}

// frappe/erpnext#33967, #32671: a document that is changed is checked with what it was and what it is.
RC_GTEST_PROP(order_check_property, a_changed_document_is_checked_as_if_it_were_new, ()) {
  const auto rules = *rc::gen::container<std::vector<order_check_rule>>(any_rule());
  const order_position fresh = *any_position();
  order_position old = fresh;
  old.amount = *rc::gen::inRange<std::int64_t>(0, 1000);
  order_position changed = posted(old);
  changed.amount = fresh.amount;
  RC_ASSERT(same(check_order(rules, fresh, today), check_order(rules, changed, today)));
}

RC_GTEST_PROP(order_check_property, a_larger_document_never_gets_a_milder_answer, ()) {
  auto rules = *rc::gen::container<std::vector<order_check_rule>>(any_rule());
  const order_position smaller = *any_position();
  order_position larger = smaller;
  larger.amount += *rc::gen::inRange<std::int64_t>(0, 1000);
  RC_ASSERT(check_order(rules, smaller, today).decision <= check_order(rules, larger, today).decision);
}

RC_GTEST_PROP(order_check_property, the_reasons_are_the_gravest_broken_rules, ()) {
  const auto rules = *rc::gen::container<std::vector<order_check_rule>>(any_rule());
  const order_position of = *any_position();
  const order_verdict verdict = check_order(rules, of, today);
  std::vector<std::int32_t> broken;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (rules[i].outcome != order_outcome::release && ask(rules[i], of, today) == rule_answer::broken)
      broken.push_back(static_cast<std::int32_t>(i) + 1);
  }
  std::stable_sort(broken.begin(), broken.end(), [&](std::int32_t left, std::int32_t right) {
    return rules[static_cast<std::size_t>(left) - 1].outcome >
           rules[static_cast<std::size_t>(right) - 1].outcome;
  });
  RC_ASSERT(verdict.broken == static_cast<std::int32_t>(broken.size()));
  broken.resize(3, 0);
  RC_ASSERT(std::equal(broken.begin(), broken.end(), verdict.reasons.begin()));
}

TEST(order_check, watches_what_is_owed_with_the_document) {
  order_check_rule watch = rule_of(order_rule::exposure, order_outcome::warn);
  watch.share = 900'000;
  order_position of;
  of.limit = 100;
  of.owed = {35, 0, 0};
  of.amount = 60; // 95 % of the limit
  EXPECT_EQ(ask(watch, of, today), rule_answer::broken);
  of.amount = 55; // 90 %: the edge is allowed
  EXPECT_EQ(ask(watch, of, today), rule_answer::kept);
}

// frappe/erpnext#47279: a delivery note of 60 counted in the exposure and once more as itself made 120.
TEST(order_check, a_document_counts_once) {
  const order_check_rule limit = rule_of(order_rule::exposure, order_outcome::hold);
  order_position of;
  of.limit = 60;
  of.amount = 60;
  of.counted = 60;
  of.document_class = exposure_class::deliveries;
  of.owed = {0, 60, 0};
  EXPECT_EQ(ask(limit, of, today), rule_answer::kept);
  EXPECT_EQ(*exposure_with(limit, of), 60);
}

TEST(order_check, a_document_counts_even_where_a_rule_leaves_out_its_class) {
  order_check_rule invoices = rule_of(order_rule::exposure, order_outcome::hold);
  invoices.counts = {true, false, false, false, false};
  order_position of;
  of.limit = 100;
  of.owed = {50, 0, 1000};
  of.amount = 60;
  EXPECT_EQ(*exposure_with(invoices, of), 110);
  of.counted = 60; // in the orders, which this rule does not count
  EXPECT_EQ(*exposure_with(invoices, of), 110);
}

TEST(order_check, the_dynamic_check_leaves_out_what_lies_beyond_its_horizon) {
  order_check_rule dynamic = rule_of(order_rule::exposure, order_outcome::hold);
  dynamic.within_horizon = true;
  order_position of;
  of.limit = 100;
  of.owed = {20, 10, 500};
  of.orders_in_horizon = 30;
  of.amount = 50;
  EXPECT_EQ(*exposure_with(dynamic, of), 110);
  of.in_horizon = false;
  EXPECT_EQ(*exposure_with(dynamic, of), 60);
  of.orders_in_horizon = no_amount;
  EXPECT_EQ(ask(dynamic, of, today), rule_answer::unknown);
}

// The open items check of SAP: of what is open, the share that is overdue for more than so many days.
TEST(order_check, the_overdue_share_is_of_what_is_older_than_the_days_of_the_rule) {
  order_check_rule share = rule_of(order_rule::overdue_share, order_outcome::hold);
  share.share = 200'000;
  order_position of;
  of.owed = {1000, 0, 0};
  of.overdue = 500;
  EXPECT_EQ(ask(share, of, today), rule_answer::broken);
  share.days = 30;
  EXPECT_EQ(ask(share, of, today), rule_answer::unknown); // how old it is nobody said
  of.older_overdue = 200;
  of.older_than = 30;
  EXPECT_EQ(ask(share, of, today), rule_answer::kept); // the edge is allowed
  of.older_overdue = 201;
  EXPECT_EQ(ask(share, of, today), rule_answer::broken);
  of.older_than = 29; // counted with other days
  EXPECT_EQ(ask(share, of, today), rule_answer::unknown);
  share.days = 0;
  EXPECT_EQ(ask(share, of, today), rule_answer::broken); // all that is overdue
}

TEST(order_check, a_review_without_a_day_is_not_a_kept_one) {
  const std::vector<order_check_rule> rules{rule_of(order_rule::review_due, order_outcome::hold)};
  order_position of;
  EXPECT_EQ(ask(rules[0], of, today), rule_answer::unknown);
  EXPECT_EQ(check_order(rules, of, today).unknown, 1); // and so there is no decision
  of.review_on = today;
  EXPECT_EQ(ask(rules[0], of, today), rule_answer::kept);
  of.review_on = today - 1;
  EXPECT_EQ(ask(rules[0], of, today), rule_answer::broken);
  // A limit without a last day does not expire.
  EXPECT_EQ(ask(rule_of(order_rule::limit_expired, order_outcome::hold), of, today), rule_answer::kept);
}

TEST(order_check, a_limit_per_class_and_a_tolerance) {
  order_check_rule orders = rule_of(order_rule::exposure, order_outcome::hold);
  orders.counts = {false, false, true, false, false};
  orders.deduct_secured = false;
  orders.own_limit = 1000;
  orders.amount = 5;
  order_position of;
  of.owed = {1'000'000, 0, 900};
  of.secured = 1'000'000;
  of.amount = 105;
  EXPECT_EQ(ask(orders, of, today), rule_answer::kept);
  of.amount = 106;
  EXPECT_EQ(ask(orders, of, today), rule_answer::broken);
}

TEST(order_check, billing_documents_and_special_liabilities_count_as_the_others_do) {
  order_check_rule limit = rule_of(order_rule::exposure, order_outcome::hold);
  order_position of;
  of.owed = {1, 2, 4, 8, 16};
  EXPECT_EQ(*exposure_with(limit, of), 31);
  limit.counts[place_of(exposure_class::billing_documents)] = false;
  EXPECT_EQ(*exposure_with(limit, of), 23);
  of.amount = of.counted = 8; // a draft that is checked counts, whether its class does or not
  of.document_class = exposure_class::billing_documents;
  EXPECT_EQ(*exposure_with(limit, of), 31);
}

// adempiere/adempiere#2998 and the wish of a share by which orders may pass the limit (frappe/erpnext#36935): a share and an
// amount of tolerance, and an approval up to an amount and a day, which the rules and the row say.
TEST(order_check, a_tolerance_in_percent_or_money_and_an_approval_that_ends) {
  order_check_rule rule = rule_of(order_rule::exposure, order_outcome::hold);
  order_position of;
  of.limit = 1000;
  of.owed = {900};
  of.amount = 200;
  EXPECT_EQ(check_order(std::vector{rule}, of, today).decision, order_decision::hold);
  rule.share = 1'100'000;
  EXPECT_EQ(check_order(std::vector{rule}, of, today).decision, order_decision::pass);
  rule.share = 1'000'000;
  rule.amount = 99;
  EXPECT_EQ(check_order(std::vector{rule}, of, today).decision, order_decision::hold);
  of.approved_amount = 200;
  of.approved_until = today;
  EXPECT_EQ(check_order(std::vector{rule}, of, today).decision, order_decision::pass);
  EXPECT_EQ(check_order(std::vector{rule}, of, today + 1).decision, order_decision::hold);
}

// Dolibarr/dolibarr#12375: the limit and the days of delay were shown, and any user could pass them. Whether a rule warns or
// blocks is the firm's own, and so is who may still release.
TEST(order_check, a_limit_blocks_where_the_firm_wants_it_to) {
  order_check_rule limit = rule_of(order_rule::exposure, order_outcome::warn);
  order_check_rule late = rule_of(order_rule::oldest_overdue, order_outcome::refuse);
  late.days = 60;
  order_position of;
  of.limit = 1000;
  of.owed = {1001};
  of.oldest_overdue = 60;
  EXPECT_EQ(check_order(std::vector{limit, late}, of, today).decision, order_decision::warn);
  limit.outcome = order_outcome::refuse;
  of.approved_amount = 1'000'000;
  EXPECT_EQ(check_order(std::vector{limit, late}, of, today).decision, order_decision::refuse);
  of.limit = 2000;
  EXPECT_EQ(check_order(std::vector{limit, late}, of, today).decision, order_decision::pass);
  of.oldest_overdue = 61;
  EXPECT_EQ(check_order(std::vector{limit, late}, of, today).decision, order_decision::refuse);
}

TEST(order_check, no_share_of_a_limit_is_rounded) {
  order_check_rule rule = rule_of(order_rule::exposure, order_outcome::hold);
  rule.share = 333'333;
  order_position of;
  of.limit = 9'223'372'036'854'775'806; // times 0.333333: 3074454271160912983.74
  of.amount = 3'074'454'271'160'912'983;
  EXPECT_EQ(ask(rule, of, today), rule_answer::kept);
  of.amount += 1;
  EXPECT_EQ(ask(rule, of, today), rule_answer::broken);
}

TEST(order_check, amounts_at_the_limits_of_64_bits_do_not_overflow) {
  const order_check_rule rule = rule_of(order_rule::exposure, order_outcome::hold);
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  order_position of;
  of.owed = {most, most, most};
  of.amount = most;
  of.limit = most;
  EXPECT_EQ(ask(rule, of, today), rule_answer::broken);
  of.secured = most;
  EXPECT_EQ(ask(rule, of, today), rule_answer::broken);
  of.owed = {-most, 0, 0};
  EXPECT_EQ(ask(rule, of, today), rule_answer::kept);
}

TEST(order_check, what_nobody_knows_passes_no_check) {
  const std::vector<order_check_rule> rules{rule_of(order_rule::dunning_level, order_outcome::warn),
                                            rule_of(order_rule::always, order_outcome::release)};
  EXPECT_EQ(check_order(rules, order_position{}, today).unknown, 1);
}

TEST(order_check, a_document_that_no_rule_concerns_has_no_decision) {
  order_check_rule of_a = rule_of(order_rule::exposure, order_outcome::hold);
  of_a.grade = "A";
  order_position of;
  of.grade = "D";
  EXPECT_EQ(check_order(std::vector{of_a}, of, today).asked, 0);
  EXPECT_EQ(
      check_order(std::vector{of_a, rule_of(order_rule::always, order_outcome::release)}, of, today).asked,
      0);
  of.grade = "A";
  EXPECT_EQ(check_order(std::vector{of_a}, of, today).asked, 1);
}

TEST(order_check, neither_release_nor_approval_lifts_a_refusal) {
  std::vector<order_check_rule> rules{rule_of(order_rule::always, order_outcome::refuse),
                                      rule_of(order_rule::always, order_outcome::release)};
  order_position of;
  of.approved_amount = 100;
  EXPECT_EQ(check_order(rules, of, today).decision, order_decision::refuse);
  rules[0].outcome = order_outcome::hold;
  EXPECT_EQ(check_order(rules, of, today).released_by, 2);
  rules.pop_back();
  EXPECT_EQ(check_order(rules, of, today).released_by, order_verdict::by_approval);
  of.amount = 101; // more than was approved
  EXPECT_EQ(check_order(rules, of, today).decision, order_decision::hold);
  of.amount = 100;
  of.approved_until = today - 1;
  EXPECT_EQ(check_order(rules, of, today).decision, order_decision::hold);
}

TEST(order_check, days_of_grace_and_days_without_end) {
  order_check_rule expired = rule_of(order_rule::limit_expired, order_outcome::hold);
  order_position of;
  EXPECT_EQ(ask(expired, of, today), rule_answer::kept); // no end
  of.limit_until = today;
  EXPECT_EQ(ask(expired, of, today), rule_answer::kept);
  of.limit_until = today - 1;
  EXPECT_EQ(ask(expired, of, today), rule_answer::broken);
  expired.days = 1;
  EXPECT_EQ(ask(expired, of, today), rule_answer::kept);
}

// ---- through the catalogue ----

table rules_table(const std::string& name, std::int32_t check, std::int32_t outcome) {
  text_buffer names;
  names.push_back(name);
  return {"rules",
          {column::texts("rule", std::move(names)), column::codes("check", {check}, credit::order_rules),
           column::codes("outcome", {outcome}, credit::order_outcomes)}};
}
std::string refusal(table rules) {
  try {
    model made;
    made.entry = credit::order_check_name;
    made.tables.push_back(std::move(rules));
    (void)credit::order_check_rules(made);
  } catch (const error& refused) {
    return refused.what();
  }
  return {};
}

// Dynamics 365 Finance before 10.0.35 let every order pass where no rule was set up.
TEST(order_check, without_rules_there_is_an_error_and_no_pass) {
  const entry& what = find_entry("credit.order_check");
  const std::vector<option> options{{"as_of", "2026-03-02"}};
  const std::vector<bound_column> schema{{"amount", dtype::money}, {"open_items", dtype::money}};
  EXPECT_THROW(plan(what, nullptr, {}, schema, options, {}), error);
  table none = rules_table("limit", 0, 2);
  none = {"rules",
          {column::texts("rule", {}), column::codes("check", {}, credit::order_rules),
           column::codes("outcome", {}, credit::order_outcomes)}};
  EXPECT_EQ(refusal(std::move(none)),
            "credit.order_check: table rules has no rule, so that nothing could be checked");
}

TEST(order_check, money_of_another_currency_is_not_added) {
  const csv_tables rules{{"rules", "rule,check,outcome\nlimit,exposure,hold\n"}};
  const csv_options day{{"as_of", "2026-03-02"}};
  const auto in_euro = model_from("credit.order_check", rules, {{"currency", "EUR"}});
  const std::string rows =
      "amount,open_items,limit,currency\n300.00,450.00,800.00,EUR\n300.00,450.00,800.00,USD\n"
      "300.00,450.00,800.00,\n";
  const std::vector<std::string> only{"decision", "exposure"};
  EXPECT_EQ(scored("credit.order_check", rows, only, day, in_euro),
            "pass,750.00,ok\n,,currency\npass,750.00,ok\n");
  EXPECT_EQ(strict_refusal("credit.order_check", rows, day, in_euro),
            "credit.order_check: currency[1] is \"USD\", but must be one of EUR");
  EXPECT_EQ(scored("credit.order_check", rows, only, day, model_from("credit.order_check", rules)),
            "pass,750.00,ok\npass,750.00,ok\npass,750.00,ok\n");
}

TEST(order_check, a_rule_that_cannot_be_asked_is_refused_by_name) {
  EXPECT_EQ(refusal(rules_table("limit", 0, 2)), "");
  EXPECT_EQ(refusal(rules_table("none", 0, 2)),
            "credit.order_check: rule[0] is none, but must be another name: that one is taken");
  EXPECT_EQ(refusal(rules_table("value", 1, 2)),
            "credit.order_check: amount[0] is missing, but must be there: document_value needs it");
  table share = rules_table("old", 2, 2);
  share.add(column::integers("days", {30}));
  share.add(column::numbers("share", {0.5}));
  EXPECT_EQ(
      refusal(std::move(share)),
      "credit.order_check: share[0] is given, but must be left out: oldest_overdue does not look at it");
  table fine = rules_table("watch", 0, 1);
  fine.add(column::numbers("share", {1.0 / 3.0}));
  EXPECT_THAT(refusal(std::move(fine)), testing::HasSubstr("a whole number of millionths"));
}

TEST(order_check, a_rule_counts_each_class_but_those_that_it_leaves_out) {
  for (std::size_t left_out = 0; left_out < std::size(credit::exposure_classes); ++left_out) {
    model made;
    made.entry = credit::order_check_name;
    made.tables.push_back(rules_table("limit", 0, 2));
    made.tables.front().add(
        column::booleans("count_" + std::string(credit::exposure_classes[left_out]), {0}));
    credit::by_exposure_class<bool> expected = credit::all_exposure_classes;
    expected[left_out] = false;
    EXPECT_EQ(credit::order_check_rules(made).front().counts, expected);
  }
}

} // namespace
} // namespace emptor::test::order_check_test
