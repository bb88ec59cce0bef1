// SPDX-License-Identifier: BSL-1.0
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include <emptor/credit/simulate_ledger.hpp>

namespace emptor::test::simulate_ledger_test {
namespace {

using credit::document_reason;
using credit::invoiced_order;
using credit::payer_nature;
using credit::simulated_ledger;
using stats::document_kind;

constexpr std::int32_t last_day = 20000;

simulated_ledger paid(const payer_nature& nature, const std::vector<invoiced_order>& orders,
                      std::uint64_t seed = 1) {
  credit::ledger_simulation simulation(last_day);
  random_stream stream(seed, 0, 0);
  simulation.add(7, nature, orders, stream);
  return simulation.made();
}
/// An order every ten days, long enough ago that all of them are settled.
std::vector<invoiced_order> old_orders(int count, std::int64_t amount = 10000) {
  std::vector<invoiced_order> made;
  for (int i = 0; i < count; ++i)
    made.push_back({.day = 10 + i % 1500 * 10, .amount = amount});
  return made;
}
std::int64_t open_of(const simulated_ledger& of) {
  std::int64_t sum = 0;
  for (const std::int64_t open : of.open)
    sum += open;
  return sum;
}
std::size_t count_of(const simulated_ledger& of, document_kind kind, document_reason why) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < of.kind.size(); ++i)
    count += of.kind[i] == kind && of.reason[i] == why ? 1U : 0U;
  return count;
}

TEST(simulate_ledger, who_pays_plainly_pays_with_the_mean_delay_of_his_nature) {
  for (const double delay : {-12.0, 0.0, 25.0}) {
    const simulated_ledger made = paid({.terms = 30, .mean_delay = delay}, old_orders(20000));
    double sum = 0.0;
    ASSERT_EQ(made.settled.size(), 20000U);
    for (std::size_t i = 0; i < made.settled.size(); ++i)
      sum += made.settled_on[i] - made.due[made.settled[i]];
    // The standard error of the mean is (30 + delay) / sqrt(6 x 20000).
    EXPECT_NEAR(sum / 20000.0, delay, 5.0 * (30.0 + delay) / std::sqrt(6.0 * 20000.0)) << delay;
    EXPECT_EQ(open_of(made), 0);
    EXPECT_EQ(count_of(made, document_kind::payment, document_reason::sale), 20000U);
  }
}

TEST(simulate_ledger, what_has_not_happened_by_the_last_day_is_open) {
  const simulated_ledger made = paid({.terms = 30}, {{.day = last_day, .amount = 500}});
  EXPECT_EQ(made.settled.size(), 0U);
  EXPECT_EQ(made.open, std::vector<std::int64_t>{500});
  EXPECT_EQ(made.due.front(), last_day + 30);
  EXPECT_EQ(made.invoice_of_order, std::vector<std::size_t>{0});
}

TEST(simulate_ledger, one_payment_a_week_settles_what_is_due) {
  const simulated_ledger made =
      paid({.weekly = true},
           {{.day = 100, .amount = 700}, {.day = 100, .amount = 300}, {.day = 101, .amount = 50}});
  EXPECT_EQ(open_of(made), 0);
  for (std::size_t i = 0; i < made.kind.size(); ++i) {
    if (made.kind[i] == document_kind::payment) {
      EXPECT_EQ(made.day[i] % 7, 0);
    }
  }
  EXPECT_LE(count_of(made, document_kind::payment, document_reason::sale), 3U);
}

TEST(simulate_ledger, returned_goods_reduce_what_is_paid_or_are_sent_back) {
  // The first is credited before it is paid, the second long after.
  const simulated_ledger made =
      paid({.mean_delay = 0.0}, {{.day = 100, .amount = 1000, .credit_day = 101, .credit = 400},
                                 {.day = 100, .amount = 1000, .credit_day = 900, .credit = 250}});
  EXPECT_EQ(open_of(made), 0);
  EXPECT_EQ(count_of(made, document_kind::credit_note, document_reason::goods_returned), 2U);
  EXPECT_EQ(count_of(made, document_kind::refund, document_reason::sent_back), 1U);
  std::int64_t payments = 0;
  for (std::size_t i = 0; i < made.kind.size(); ++i)
    payments += made.kind[i] == document_kind::payment ? made.amount[i] : 0;
  EXPECT_EQ(payments, 600 + 1000);
}

TEST(simulate_ledger, each_habit_leaves_its_documents_and_nothing_open) {
  const std::vector<invoiced_order> orders = old_orders(1000);
  const auto with = [&](double payer_nature::*habit) {
    payer_nature nature;
    nature.*habit = 1.0;
    simulated_ledger made = paid(nature, orders);
    EXPECT_EQ(open_of(made), 0);
    return made;
  };
  EXPECT_EQ(count_of(with(&payer_nature::in_parts), document_kind::payment, document_reason::sale), 2000U);
  EXPECT_EQ(count_of(with(&payer_nature::deducts), document_kind::write_off, document_reason::write_off),
            1000U);
  EXPECT_EQ(count_of(with(&payer_nature::pays_twice), document_kind::refund, document_reason::sent_back),
            1000U);
  const simulated_ledger bounced = with(&payer_nature::bounces);
  EXPECT_EQ(count_of(bounced, document_kind::refund, document_reason::bounced), 1000U);
  std::size_t taken_back = 0;
  for (const std::int64_t amount : bounced.settled_amount)
    taken_back += amount < 0 ? 1U : 0U;
  EXPECT_EQ(taken_back, 1000U);
  const simulated_ledger late = with(&payer_nature::is_allocated_late);
  for (std::size_t i = 0; i < late.settled.size(); ++i)
    EXPECT_GE(late.settled_on[i], late.day[late.settling[i]] + 5);
}

TEST(simulate_ledger, disputes_end_for_the_one_for_the_other_or_in_the_middle) {
  const simulated_ledger made = paid({.disputes = 1.0}, old_orders(1000));
  EXPECT_EQ(open_of(made), 0);
  ASSERT_EQ(made.disputes.size(), 1000U);
  std::size_t ended[3] = {};
  std::int64_t conceded = 0;
  for (const credit::simulated_dispute& one : made.disputes) {
    ++ended[static_cast<std::size_t>(one.outcome)];
    EXPECT_GE(one.closed, one.opened + 30);
    EXPECT_GE(one.amount, 1000);
    EXPECT_LT(one.amount, 5000);
    conceded += one.outcome == stats::dispute_outcome::in_favour_of_customer ? one.amount
                : one.outcome == stats::dispute_outcome::partly              ? one.amount / 2
                                                                             : 0;
  }
  for (const std::size_t count : ended)
    EXPECT_NEAR(static_cast<double>(count), 333.3, 75.0); // five standard errors
  std::int64_t credited = 0;
  for (std::size_t i = 0; i < made.kind.size(); ++i)
    credited += made.kind[i] == document_kind::credit_note ? made.amount[i] : 0;
  EXPECT_EQ(credited, conceded);
  const simulated_ledger open = paid({.disputes = 1.0}, {{.day = last_day - 60, .amount = 500}}, 2);
  for (const credit::simulated_dispute& one : open.disputes)
    EXPECT_EQ(one.closed == stats::ledger::no_day, one.outcome == stats::dispute_outcome::none);
}

TEST(simulate_ledger, who_takes_the_cash_discount_pays_in_time_and_less_by_it) {
  const simulated_ledger made =
      paid({.discount_days = 10, .discount = 0.02, .takes_discount = 0.5}, old_orders(1000));
  EXPECT_EQ(open_of(made), 0);
  std::size_t taken = 0;
  for (std::size_t i = 0; i < made.settled.size(); ++i) {
    const std::size_t invoice = made.settled[i];
    EXPECT_EQ(made.discount[invoice], 200);
    EXPECT_EQ(made.discount_until[invoice], made.day[invoice] + 10);
    if (made.kind[made.settling[i]] != document_kind::discount)
      continue;
    ++taken;
    EXPECT_EQ(made.settled_amount[i], 200);
    EXPECT_LE(made.settled_on[i], made.discount_until[invoice]);
  }
  EXPECT_NEAR(static_cast<double>(taken), 500.0, 80.0);
  EXPECT_EQ(count_of(made, document_kind::payment, document_reason::sale), 1000U);
}

TEST(simulate_ledger, who_is_insolvent_pays_for_new_goods_only) {
  const simulated_ledger made = paid({.terms = 30, .mean_delay = 0.0, .insolvent = 1000},
                                     {{.day = 999, .amount = 800}, {.day = 1000, .amount = 90}});
  EXPECT_EQ(open_of(made), 0);
  EXPECT_EQ(count_of(made, document_kind::write_off, document_reason::write_off), 1U);
  ASSERT_EQ(made.settled.size(), 2U);
  EXPECT_EQ(made.settled_amount[0] + made.settled_amount[1], 890);
  for (std::size_t i = 0; i < 2; ++i)
    EXPECT_EQ(made.settled_on[i], made.settled[i] == 0 ? 1180 : 1000);
}

} // namespace
} // namespace emptor::test::simulate_ledger_test
