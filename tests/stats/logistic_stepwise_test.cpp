// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <limits>
#include <optional>

#include <gtest/gtest.h>

#include <emptor/stats/logistic_stepwise.hpp>

#include "stats/german_credit.hpp"
#include "support/random.hpp"
#include "support/refusal.hpp"

namespace logistic_stepwise_test {
namespace {

using emptor::status;
using emptor::stats::choose_stepwise;
using emptor::stats::logistic_rows;
using emptor::stats::stepwise_choice;
using emptor::stats::stepwise_criterion;
using emptor::stats::stepwise_options;
using emptor::test::code_of;

struct sample {
  std::vector<std::vector<double>> columns;
  std::vector<double> events;
  std::vector<double> trials;
  std::vector<std::string> names;
  [[nodiscard]] logistic_rows rows() const {
    logistic_rows made{{}, events, trials, {}};
    for (const std::vector<double>& column : columns)
      made.columns.emplace_back(column);
    return made;
  }
  [[nodiscard]] stepwise_choice choose(const stepwise_options& options) const {
    return choose_stepwise("test", rows(), names, {}, options);
  }
};

sample random_sample(std::uint64_t seed) {
  emptor::test::variates draw(seed);
  const double coefficients[] = {0.9, 0.3, 0.0, -0.4, 0.15, 0.0};
  sample made;
  made.columns.resize(6);
  for (int i = 0; i < 250; ++i) {
    double logit = -0.3;
    for (std::size_t j = 0; j < 6; ++j) {
      made.columns[j].push_back(2.0 * draw.uniform() - 1.0 +
                                (j > 1 ? 0.7 * made.columns[j - 2].back() : 0.0));
      logit += coefficients[j] * made.columns[j].back();
    }
    made.events.push_back(draw.uniform() < 1.0 / (1.0 + std::exp(-logit)) ? 1.0 : 0.0);
    made.trials.push_back(1.0);
  }
  for (std::size_t j = 0; j < 6; ++j)
    made.names.push_back("x" + std::to_string(j));
  return made;
}

/// Deviance of the columns in a mask, by plain gradient steps of Newton's kind with elimination: nothing of the library.
double deviance(const sample& of, unsigned mask) {
  std::vector<std::vector<double>> x{std::vector<double>(of.events.size(), 1.0)};
  for (std::size_t j = 0; j < of.columns.size(); ++j) {
    if ((mask >> j & 1U) != 0)
      x.push_back(of.columns[j]);
  }
  const std::size_t p = x.size();
  std::vector<double> b(p, 0.0);
  double value = 0.0;
  for (int step = 0; step < 25; ++step) {
    std::vector<std::vector<double>> a(p, std::vector<double>(p + 1, 0.0));
    value = 0.0;
    for (std::size_t i = 0; i < of.events.size(); ++i) {
      double logit = 0.0;
      for (std::size_t j = 0; j < p; ++j)
        logit += b[j] * x[j][i];
      const double pr = 1.0 / (1.0 + std::exp(-logit));
      value -= 2.0 * std::log(of.events[i] == 1.0 ? pr : 1.0 - pr);
      for (std::size_t j = 0; j < p; ++j) {
        for (std::size_t k = 0; k < p; ++k)
          a[j][k] += pr * (1.0 - pr) * x[j][i] * x[k][i];
        a[j][p] += (of.events[i] - pr) * x[j][i];
      }
    }
    for (std::size_t k = 0; k < p; ++k)
      for (std::size_t i = 0; i < p; ++i) {
        const double factor = i == k ? 0.0 : a[i][k] / a[k][k];
        for (std::size_t j = k; j <= p && factor != 0.0; ++j)
          a[i][j] -= factor * a[k][j];
      }
    for (std::size_t k = 0; k < p; ++k)
      b[k] += a[k][p] / a[k][k];
  }
  return value;
}

/// The same walk with all models worked out beforehand.
unsigned brute_force(const std::vector<double>& deviances, double per_parameter, unsigned begin, bool adds,
                     bool removes) {
  const auto criterion = [&](unsigned mask) {
    return deviances[mask] + per_parameter * (1.0 + static_cast<double>(__builtin_popcount(mask)));
  };
  unsigned here = begin;
  for (;;) {
    unsigned best = here;
    for (unsigned j = 0; j < 6; ++j) {
      const unsigned other = here ^ (1U << j);
      const bool is_added = other > here;
      if ((is_added ? adds : removes) && criterion(other) < criterion(best))
        best = other;
    }
    if (best == here)
      return here;
    here = best;
  }
}

TEST(logistic_stepwise_test, walks_as_brute_force_over_all_subsets_does) {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    const sample data = random_sample(seed);
    std::vector<double> deviances;
    for (unsigned mask = 0; mask < 64; ++mask)
      deviances.push_back(deviance(data, mask));
    for (const bool bic : {false, true}) {
      for (const bool full : {false, true}) {
        for (const int ways : {1, 2, 3}) {
          const stepwise_choice found =
              data.choose({.criterion = bic ? stepwise_criterion::bic : stepwise_criterion::aic,
                           .may_add = (ways & 1) != 0,
                           .may_remove = (ways & 2) != 0,
                           .begins_full = full});
          unsigned mask = 0;
          for (const std::size_t j : found.chosen)
            mask |= 1U << j;
          EXPECT_EQ(mask, brute_force(deviances, bic ? std::log(250.0) : 2.0, full ? 63U : 0U,
                                      (ways & 1) != 0, (ways & 2) != 0))
              << seed << bic << full << ways;
          EXPECT_TRUE(found.settled);
          EXPECT_NEAR(found.fit.deviance(), deviances[mask], 1e-8);
        }
      }
    }
  }
}

TEST(logistic_stepwise_test, by_p_values_keeps_what_tests_keep) {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    const sample data = random_sample(seed);
    for (const bool full : {false, true}) {
      const stepwise_choice found = data.choose(
          {.criterion = stepwise_criterion::p, .begins_full = full, .p_enter = 0.05, .p_remove = 0.1});
      ASSERT_TRUE(found.settled);
      for (std::size_t k = 0; k < found.chosen.size(); ++k)
        EXPECT_LE(emptor::stats::wald_test(found.fit, k).p_value, 0.1);
      for (const auto& test : emptor::stats::score_tests(data.rows(), found.chosen, found.fit))
        EXPECT_FALSE(test.p_value < 0.05);
      for (const auto& move : found.moves)
        EXPECT_TRUE(move.added ? move.criterion < 0.05 : move.criterion > 0.1);
    }
  }
}

TEST(logistic_stepwise_test, columns_that_are_always_in_stay_and_equal_ones_are_taken_in_order) {
  sample data = random_sample(3);
  data.columns.push_back(data.columns[0]); // the same again
  data.names.emplace_back("twin");
  std::vector<bool> always(7, false);
  always[2] = true;
  const stepwise_choice found = data.choose({.begins_full = false, .always = always});
  EXPECT_TRUE(std::find(found.chosen.begin(), found.chosen.end(), 2U) != found.chosen.end());
  EXPECT_TRUE(std::find(found.chosen.begin(), found.chosen.end(), 0U) != found.chosen.end());
  EXPECT_TRUE(std::find(found.chosen.begin(), found.chosen.end(), 6U) == found.chosen.end());
}

TEST(logistic_stepwise_test, what_has_no_likelihood_to_go_by_is_refused) {
  const sample data = random_sample(1);
  EXPECT_EQ(code_of([&] { return choose_stepwise("test", data.rows(), data.names, {.l1 = 1.0}, {}); }),
            status::option);
  EXPECT_EQ(code_of([&] {
              return data.choose({.criterion = stepwise_criterion::p, .p_enter = 0.1, .p_remove = 0.05});
            }),
            status::option);
}

TEST(logistic_stepwise_test, german_credit_by_akaikes_criterion_ends_where_no_single_change_helps) {
  const german_credit::binned german = german_credit::read();
  if (german.outcome.empty())
    GTEST_SKIP() << "no germancredit.csv in EMPTOR_DATA_DIR";
  sample data;
  data.events = german.outcome;
  data.trials.assign(1000, 1.0);
  for (std::size_t j = 0; j < 13; ++j) {
    data.columns.push_back(german.woe_column(j));
    data.names.push_back(german_credit::characteristics()[j].label);
  }
  const stepwise_choice found = data.choose({});
  EXPECT_TRUE(found.settled);
  EXPECT_LT(emptor::stats::akaike_criterion(found.fit), 944.15);
}

} // namespace
} // namespace logistic_stepwise_test
