// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <numeric>

#include <gtest/gtest.h>

#include <emptor/stats/path_model_linear.hpp> // whose names must hide none of what follows

#include <emptor/stats/logistic_groups.hpp>
#include <emptor/stats/logistic_regression.hpp>
#include <emptor/stats/logistic_tests.hpp>

#include "stats/german_credit.hpp"
#include "support/random.hpp"
#include "support/refusal.hpp"

namespace logistic_regression_test {
namespace {

using emptor::status;
using emptor::stats::fit_logistic;
using emptor::stats::logistic_fit;
using emptor::stats::logistic_options;
using emptor::stats::logistic_rows;
using emptor::stats::logistic_state;
using emptor::test::code_of;

/// Columns that own their numbers.
struct sample {
  std::vector<std::vector<double>> columns;
  std::vector<double> events;
  std::vector<double> trials;
  std::vector<double> offset{};
  std::vector<std::string> names{};

  [[nodiscard]] logistic_rows rows() const {
    logistic_rows made{{}, events, trials, offset};
    for (const std::vector<double>& column : columns)
      made.columns.emplace_back(column);
    return made;
  }
  [[nodiscard]] std::vector<std::string> all_names() const {
    std::vector<std::string> made = names;
    for (std::size_t j = made.size(); j < columns.size(); ++j)
      made.push_back("x" + std::to_string(j));
    return made;
  }
  [[nodiscard]] logistic_fit fit(const logistic_options& options = {}, const emptor::run& how = {}) const {
    return fit_logistic("test", rows(), all_names(), options, how);
  }
};

sample german() {
  const german_credit::binned data = german_credit::read();
  sample made;
  made.events = data.outcome;
  made.trials.assign(data.outcome.size(), 1.0);
  for (std::size_t j = 0; j < data.bins.size(); ++j) {
    made.columns.push_back(data.woe_column(j));
    made.names.push_back(german_credit::characteristics()[j].label);
  }
  return made;
}

/// Events that follow a logistic model with these coefficients, the intercept last.
sample random_sample(std::uint64_t seed, std::size_t rows, const std::vector<double>& coefficients) {
  emptor::test::variates draw(seed);
  sample made;
  made.columns.resize(coefficients.size() - 1);
  for (std::size_t i = 0; i < rows; ++i) {
    double logit = coefficients.back();
    for (std::size_t j = 0; j < made.columns.size(); ++j) {
      made.columns[j].push_back(2.0 * draw.uniform() - 1.0 +
                                (j > 0 ? 0.3 * made.columns[j - 1].back() : 0.0));
      logit += coefficients[j] * made.columns[j].back();
    }
    made.events.push_back(draw.uniform() < 1.0 / (1.0 + std::exp(-logit)) ? 1.0 : 0.0);
    made.trials.push_back(1.0);
  }
  return made;
}

TEST(logistic_regression_test, gives_every_printed_digit_of_german_credit) {
  const sample data = german();
  if (data.columns.empty())
    GTEST_SKIP() << "no germancredit.csv in EMPTOR_DATA_DIR";
  const logistic_fit fit = data.fit();
  ASSERT_EQ(fit.state, logistic_state::converged);
  const double expected[] = {0.82193186, 0.88471277, 0.68548402, 0.68536460, 0.53916977,
                             2.02774088, 1.52514270, 0.74256405, 0.67682432, 0.25693877,
                             0.98286352, 0.85162291, 0.77647570};
  EXPECT_NEAR(fit.intercept, -0.85681983, 0.5e-8);
  for (std::size_t j = 0; j < 13; ++j)
    EXPECT_NEAR(fit.coefficients[j], expected[j], 0.6e-8) << data.names[j];
  EXPECT_NEAR(fit.deviance(), 916.149984, 0.5e-6);
  EXPECT_NEAR(fit.null_deviance(), 1221.728604, 0.5e-6);
  EXPECT_NEAR(emptor::stats::akaike_criterion(fit), 944.1500, 0.5e-4);
  EXPECT_LE(fit.steps, 8);
}

TEST(logistic_regression_test, the_bits_do_not_depend_on_threads) {
  const sample data = random_sample(5, 20000, {0.5, -1.0, 0.25, 2.0, 0.0, -0.5});
  const logistic_fit one = data.fit();
  for (const int threads : {2, 3, 7}) {
    const logistic_fit other = data.fit({}, {.threads = threads});
    EXPECT_EQ(one.coefficients, other.coefficients);
    EXPECT_EQ(one.intercept, other.intercept);
    EXPECT_EQ(one.covariance, other.covariance);
    EXPECT_EQ(one.log_likelihood, other.log_likelihood);
  }
}

TEST(logistic_regression_test, rows_with_weights_and_groups_are_the_rows_they_stand_for) {
  sample data = random_sample(6, 900, {1.0, -1.5, 0.2});
  for (std::vector<double>& column : data.columns)
    for (double& x : column)
      x = std::floor(4.0 * x);
  const logistic_fit plain = data.fit();
  std::vector<std::vector<std::uint32_t>> codes(2);
  for (std::size_t j = 0; j < 2; ++j)
    for (const double x : data.columns[j])
      codes[j].push_back(static_cast<std::uint32_t>(x + 8.0));
  const std::vector<std::span<const std::uint32_t>> views(codes.begin(), codes.end());
  const emptor::stats::grouped_rows grouped =
      emptor::stats::group_rows(views, std::vector<std::uint32_t>{20, 20}, data.events, data.trials);
  EXPECT_LT(grouped.trials.size(), 130U);
  sample few;
  few.events = grouped.events;
  few.trials = grouped.trials;
  few.columns.resize(2);
  for (std::size_t j = 0; j < 2; ++j)
    for (const std::uint32_t code : grouped.codes[j])
      few.columns[j].push_back(static_cast<double>(code) - 8.0);
  const logistic_fit fewer = few.fit();
  for (std::size_t j = 0; j < 2; ++j) {
    EXPECT_NEAR(fewer.coefficients[j], plain.coefficients[j], 1e-12);
    EXPECT_NEAR(fewer.standard_error(j), plain.standard_error(j), 1e-12);
  }
  EXPECT_NEAR(fewer.intercept, plain.intercept, 1e-12);
  EXPECT_NEAR(fewer.log_likelihood, plain.log_likelihood, 1e-9);
  EXPECT_NEAR(fewer.null_log_likelihood, plain.null_log_likelihood, 1e-9);
  EXPECT_EQ(fewer.trials, 900.0);
}

TEST(logistic_regression_test, groups_of_many_columns_are_found_although_their_codes_fit_in_no_number) {
  const std::size_t columns = 40;
  std::vector<std::vector<std::uint32_t>> codes(columns);
  std::vector<double> events;
  emptor::test::draws draw(3);
  for (std::size_t i = 0; i < 600; ++i) {
    const auto kind = static_cast<std::uint32_t>(draw.below(50));
    for (std::size_t j = 0; j < columns; ++j)
      codes[j].push_back((kind * 7U + static_cast<std::uint32_t>(j)) % 1000U);
    events.push_back(static_cast<double>(draw.below(2)));
  }
  const std::vector<std::span<const std::uint32_t>> views(codes.begin(), codes.end());
  const emptor::stats::grouped_rows made = emptor::stats::group_rows(
      views, std::vector<std::uint32_t>(columns, 1000), events, std::vector<double>(600, 1.0));
  EXPECT_EQ(made.trials.size(), 50U);
  EXPECT_EQ(std::accumulate(made.trials.begin(), made.trials.end(), 0.0), 600.0);
  EXPECT_EQ(std::accumulate(made.events.begin(), made.events.end(), 0.0),
            std::accumulate(events.begin(), events.end(), 0.0));
  for (std::size_t g = 0; g < 50; ++g)
    EXPECT_EQ(made.codes[39][g], (made.codes[0][g] + 39U) % 1000U);
}

TEST(logistic_regression_test, that_there_are_more_groups_is_told_without_them_and_never_wrongly) {
  emptor::test::draws draw(4);
  for (const std::size_t rows : {0U, 1U, 2U, 63U, 5000U, 20'000U}) {
    for (const std::uint64_t levels : {1U, 4U, 30U, 60'000U}) {
      std::vector<std::vector<std::uint32_t>> codes(2);
      for (std::vector<std::uint32_t>& column : codes)
        for (std::size_t i = 0; i < rows; ++i)
          column.push_back(static_cast<std::uint32_t>(draw.below(levels)));
      const std::vector<std::span<const std::uint32_t>> views(codes.begin(), codes.end());
      const std::vector<double> ones(rows, 1.0);
      const std::size_t groups =
          emptor::stats::group_rows(views, std::vector<std::uint32_t>(2, static_cast<std::uint32_t>(levels)),
                                    ones, ones)
              .trials.size();
      EXPECT_FALSE(emptor::stats::has_more_groups(views, rows, groups));
      EXPECT_EQ(emptor::stats::has_more_groups(views, rows, groups - groups / 8 - 1), groups > 0)
          << rows << " rows, " << groups << " groups";
    }
  }
}

TEST(logistic_regression_test, fits_of_many_rows_begin_with_some_and_end_where_all_are) {
  const sample data = random_sample(12, 70'000, {1.0, -1.5, 0.2});
  logistic_options from_afar;
  from_afar.start = {0.0, 0.0, 0.0};
  const logistic_fit plain = data.fit(from_afar);
  const logistic_fit fit = data.fit();
  ASSERT_EQ(fit.state, emptor::stats::logistic_state::converged);
  EXPECT_LT(fit.steps, plain.steps);
  EXPECT_NEAR(fit.intercept, plain.intercept, 1e-12);
  for (std::size_t j = 0; j < 2; ++j) {
    EXPECT_NEAR(fit.coefficients[j], plain.coefficients[j], 1e-12);
    EXPECT_NEAR(fit.standard_error(j), plain.standard_error(j), 1e-12);
  }
  // Some that lie: every 16th row alone has no such column.
  sample rare = data;
  for (std::size_t i = 0; i < rare.events.size(); i += 16)
    rare.columns[0][i] = 0.0;
  EXPECT_EQ(rare.fit().state, emptor::stats::logistic_state::converged);
  EXPECT_NEAR(rare.fit().coefficients[1], rare.fit(from_afar).coefficients[1], 1e-12);
}

TEST(logistic_regression_test, shifts_and_units_of_columns_change_what_they_must) {
  const sample data = random_sample(8, 500, {1.0, -1.5, 0.2});
  sample other = data;
  for (double& x : other.columns[0])
    x = 1e6 + 1000.0 * x;
  const logistic_fit one = data.fit();
  const logistic_fit two = other.fit();
  EXPECT_NEAR(two.coefficients[0] * 1000.0, one.coefficients[0], 1e-9);
  EXPECT_NEAR(two.standard_error(0) * 1000.0, one.standard_error(0), 1e-9);
  EXPECT_NEAR(two.intercept + 1e6 * two.coefficients[0], one.intercept, 1e-9);
  EXPECT_NEAR(two.log_likelihood, one.log_likelihood, 1e-9);
}

TEST(logistic_regression_test, the_unit_of_the_weights_changes_standard_errors_alone) {
  const sample data = random_sample(17, 400, {1.0, -1.5, 0.2});
  const logistic_fit plain = data.fit();
  for (const double unit : {1e-12, 1e-3, 1e12}) {
    sample other = data;
    for (double& one : other.trials)
      one *= unit;
    for (double& one : other.events)
      one *= unit;
    const logistic_fit fit = other.fit();
    ASSERT_EQ(fit.state, logistic_state::converged);
    for (std::size_t j = 0; j < 2; ++j) {
      EXPECT_NEAR(fit.coefficients[j], plain.coefficients[j], 1e-12);
      EXPECT_NEAR(fit.standard_error(j) * std::sqrt(unit) / plain.standard_error(j), 1.0, 1e-12);
    }
  }
}

TEST(logistic_regression_test, an_offset_is_a_column_with_coefficient_one) {
  sample data = random_sample(9, 800, {1.0, -1.5, 0.2});
  sample moved = data;
  moved.offset = data.columns[1];
  const logistic_fit with = moved.fit();
  EXPECT_NEAR(with.coefficients[1], data.fit().coefficients[1] - 1.0, 1e-12);
  EXPECT_NEAR(with.log_likelihood, data.fit().log_likelihood, 1e-10);
  EXPECT_LT(with.null_log_likelihood, with.log_likelihood);
}

/// A constant offset only moves the intercept, however far; and one that spreads over points of an older card is fitted too.
TEST(logistic_regression_test, offsets_far_from_zero_have_their_maximum) {
  sample data = random_sample(3, 400, {0.8, -1.1, 0.4, -0.7});
  const logistic_fit plain = data.fit();
  for (const double far : {30.0, -40.0, 1000.0, 1e5}) {
    data.offset.assign(data.events.size(), far);
    const logistic_fit moved = data.fit();
    ASSERT_EQ(moved.state, logistic_state::converged) << far;
    EXPECT_NEAR(moved.intercept, plain.intercept - far, 1e-9) << far;
    EXPECT_NEAR(moved.log_likelihood, plain.log_likelihood, 1e-8 * std::fabs(plain.log_likelihood)) << far;
    EXPECT_NEAR(moved.null_log_likelihood, plain.null_log_likelihood,
                1e-8 * std::fabs(plain.null_log_likelihood));
    for (std::size_t j = 0; j < 3; ++j)
      EXPECT_NEAR(moved.coefficients[j], plain.coefficients[j], 1e-8) << far;
  }
  for (std::size_t i = 0; i < data.offset.size(); ++i)
    data.offset[i] = 600.0 + 20.0 * data.columns[0][i] + static_cast<double>(i % 7);
  const logistic_fit spread = data.fit();
  EXPECT_EQ(spread.state, logistic_state::converged);
  // The first column takes back what the offset has of it.
  sample without = data;
  for (std::size_t i = 0; i < data.offset.size(); ++i)
    without.offset[i] = static_cast<double>(i % 7);
  const logistic_fit other = without.fit();
  EXPECT_NEAR(spread.coefficients[0] + 20.0, other.coefficients[0], 1e-7);
  EXPECT_NEAR(spread.intercept + 600.0, other.intercept, 1e-7);
}

TEST(logistic_regression_test, separation_is_told_by_column_and_direction) {
  sample data;
  data.names = {"noise", "woe"};
  emptor::test::draws draw(4);
  data.columns.resize(2);
  for (std::size_t i = 0; i < 200; ++i) {
    data.columns[0].push_back(static_cast<double>(draw.below(100)));
    data.columns[1].push_back(static_cast<double>(draw.below(3)));
    // Of the rows with 2 all are events, the others are mixed: quasi-complete separation.
    data.events.push_back(data.columns[1].back() == 2.0 ? 1.0 : static_cast<double>(draw.below(2)));
    data.trials.push_back(1.0);
  }
  for (double& x : data.columns[1])
    x = x == 2.0 ? -3.0 : 5.0;
  const logistic_fit fit = data.fit();
  ASSERT_EQ(fit.state, logistic_state::separated);
  EXPECT_FALSE(fit.separation.complete);
  ASSERT_EQ(fit.separation.columns.size(), 1U);
  EXPECT_EQ(fit.separation.columns[0].column, 1U);
  EXPECT_EQ(fit.separation.columns[0].direction, -1);
  EXPECT_EQ(emptor::stats::explain(fit, data.all_names()),
            "some outcomes are separated by woe (to -infinity)");
  for (std::size_t i = 0; i < 200; ++i)
    data.events[i] = data.columns[0][i] > 49.5 ? 1.0 : 0.0;
  const logistic_fit all = data.fit();
  ASSERT_EQ(all.state, logistic_state::separated);
  EXPECT_TRUE(all.separation.complete);
  EXPECT_EQ(all.separation.columns[0].column, 0U);
  EXPECT_EQ(all.separation.columns[0].direction, 1);
  // Penalties make both finite.
  EXPECT_EQ(data.fit({.firth = true}).state, logistic_state::converged);
  EXPECT_EQ(data.fit({.l2 = 1e-3}).state, logistic_state::converged);
}

TEST(logistic_regression_test, large_coefficients_that_exist_are_found) {
  sample data;
  data.columns.resize(1);
  for (int i = 0; i < 2000; ++i) {
    data.columns[0].push_back(i < 1000 ? 0.0 : 1.0);
    data.events.push_back(i == 0 || (i >= 1000 && i != 1500) ? 1.0 : 0.0);
    data.trials.push_back(1.0);
  }
  const logistic_fit fit = data.fit();
  ASSERT_EQ(fit.state, logistic_state::converged);
  EXPECT_NEAR(fit.coefficients[0], 2.0 * std::log(999.0), 1e-10);
  EXPECT_NEAR(fit.intercept, -std::log(999.0), 1e-10);
}

TEST(logistic_regression_test, collinear_and_constant_columns_are_named) {
  sample data = random_sample(10, 300, {1.0, -1.5, 0.2});
  data.columns.emplace_back();
  for (std::size_t i = 0; i < 300; ++i)
    data.columns[2].push_back(3.0 + 2.0 * data.columns[0][i] - data.columns[1][i]);
  data.columns.emplace_back(300, 0.1);
  const logistic_fit fit = data.fit();
  ASSERT_EQ(fit.state, logistic_state::collinear);
  ASSERT_EQ(fit.collinear.size(), 2U);
  EXPECT_EQ(fit.collinear[0].column, 2U);
  EXPECT_EQ(fit.collinear[0].of, (std::vector<std::size_t>{0, 1}));
  EXPECT_EQ(fit.collinear[1].column, 3U);
  EXPECT_TRUE(fit.collinear[1].of.empty());
  EXPECT_EQ(emptor::stats::explain(fit, data.all_names()), "x2 is a linear combination of x0, x1");
  EXPECT_EQ(data.fit({.l2 = 1.0}).state, logistic_state::converged);
  const std::vector<double> inflation = emptor::stats::variance_inflation(data.rows());
  for (const double one : inflation)
    EXPECT_TRUE(std::isinf(one));
}

TEST(logistic_regression_test, variance_inflation_is_that_of_the_correlation) {
  const sample data = random_sample(12, 400, {1.0, -1.5, 0.2});
  const auto mean = [](const std::vector<double>& x) {
    return std::accumulate(x.begin(), x.end(), 0.0) / static_cast<double>(x.size());
  };
  const auto product = [&](const std::vector<double>& x, const std::vector<double>& y) {
    double sum = 0.0;
    for (std::size_t i = 0; i < x.size(); ++i)
      sum += (x[i] - mean(x)) * (y[i] - mean(y));
    return sum;
  };
  const double r =
      product(data.columns[0], data.columns[1]) /
      std::sqrt(product(data.columns[0], data.columns[0]) * product(data.columns[1], data.columns[1]));
  for (const double one : emptor::stats::variance_inflation(data.rows()))
    EXPECT_NEAR(one, 1.0 / (1.0 - r * r), 1e-12);
}

/// optbinning#224, #408 and #413, p-values of variables: from the information of the fit itself.
TEST(logistic_regression_test, wald_score_and_likelihood_ratio_agree_for_many_rows) {
  const sample data = random_sample(13, 60000, {0.05, -0.4, 0.2});
  sample without = data;
  without.columns.erase(without.columns.begin());
  const logistic_fit full = data.fit();
  const logistic_fit less = without.fit();
  const double wald = std::pow(emptor::stats::wald_test(full, 0).statistic, 2);
  const double ratio =
      emptor::stats::likelihood_ratio_test(full.log_likelihood, less.log_likelihood, 1.0).statistic;
  const std::vector<std::size_t> chosen{1};
  const auto scores = emptor::stats::score_tests(data.rows(), chosen, less);
  EXPECT_NEAR(scores[0].statistic / ratio, 1.0, 0.01);
  EXPECT_NEAR(wald / ratio, 1.0, 0.01);
  EXPECT_TRUE(std::isnan(scores[1].statistic));
}

TEST(logistic_regression_test, tests_end_when_they_are_cancelled) {
  sample data = random_sample(5, 400, {0.3, -0.4, 0.2});
  data.columns.push_back(data.columns[0]); // so that each column is looked at by itself
  const sample less = random_sample(5, 400, {0.3, -0.4, 0.2});
  const std::vector<std::size_t> chosen{0, 1};
  const logistic_fit fit = less.fit();
  // Cancelled when the sums are there: means, deviations and products are added up one after the other.
  struct late {
    std::atomic<int> cancel{0};
    int calls = 0;
  };
  const auto ends = [](const auto& test) {
    late state;
    emptor::run how;
    how.cancel = &state.cancel;
    how.user = &state;
    how.parallel_for = [](std::int64_t tasks, void (*body)(void*, std::int64_t), void* context, void* user) {
      for (std::int64_t task = 0; task < tasks; ++task)
        body(context, task);
      auto* const own = static_cast<late*>(user);
      if (++own->calls == 3)
        own->cancel = 1;
    };
    return code_of([&] { return test(how); });
  };
  EXPECT_EQ(ends([&](const emptor::run& how) { return emptor::stats::variance_inflation(data.rows(), how); }),
            status::cancelled);
  EXPECT_EQ(
      ends([&](const emptor::run& how) { return emptor::stats::score_tests(data.rows(), chosen, fit, how); }),
      status::cancelled);
}

TEST(logistic_regression_test, firth_of_a_two_by_two_table_adds_one_half_to_each_cell) {
  // For a saturated table Firth's estimate is that of counts with 1/2 added (Firth 1993, section 4).
  sample data;
  data.columns = {{0.0, 1.0}};
  data.events = {3.0, 0.0};
  data.trials = {10.0, 7.0};
  const logistic_fit fit = data.fit({.firth = true});
  ASSERT_EQ(fit.state, logistic_state::converged);
  const double first = std::log(3.5 / 7.5);
  EXPECT_NEAR(fit.intercept, first, 1e-12);
  EXPECT_NEAR(fit.coefficients[0], std::log(0.5 / 7.5) - first, 1e-12);
}

TEST(logistic_regression_test, penalties_keep_the_slope_of_the_likelihood_within_their_bounds) {
  const sample data = random_sample(14, 600, {0.05, -0.8, 0.2, 1.0, -0.05, 0.0, 0.1});
  for (const double l1 : {0.0, 0.5, 5.0, 20.0, 1000.0}) {
    for (const bool signs : {false, true}) {
      logistic_options options{.l1 = l1};
      if (signs)
        options.signs = {1, 1, 1, -1, 0, 0};
      const logistic_fit fit = data.fit(options);
      ASSERT_EQ(fit.state, logistic_state::converged) << l1 << signs;
      std::vector<double> slope(6, 0.0);
      double of_intercept = 0.0;
      for (std::size_t i = 0; i < data.events.size(); ++i) {
        double logit = fit.intercept;
        for (std::size_t j = 0; j < 6; ++j)
          logit += fit.coefficients[j] * data.columns[j][i];
        const double residual = data.events[i] - 1.0 / (1.0 + std::exp(-logit));
        of_intercept += residual;
        for (std::size_t j = 0; j < 6; ++j)
          slope[j] += residual * data.columns[j][i];
      }
      EXPECT_NEAR(of_intercept, 0.0, 1e-8);
      for (std::size_t j = 0; j < 6; ++j) {
        const int sign = signs ? options.signs[j] : 0;
        const double b = fit.coefficients[j];
        EXPECT_GE(sign * b, 0.0);
        if (b != 0.0)
          EXPECT_NEAR(slope[j], std::copysign(l1, b), 1e-7) << j;
        else if (sign == 0)
          EXPECT_LE(std::fabs(slope[j]), l1 + 1e-7);
        else
          EXPECT_LE(sign * slope[j], l1 + 1e-7);
      }
    }
  }
}

TEST(logistic_regression_test, what_cannot_be_fitted_is_refused_with_its_reason) {
  sample data = random_sample(15, 50, {1.0, 0.0});
  std::string text;
  sample bad = data;
  bad.columns[0][7] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(code_of([&] { return bad.fit(); }, &text), status::data);
  EXPECT_EQ(text, "test: x0[7] is NaN, but must be a finite number of at most 1e100");
  bad = data;
  bad.events.assign(50, 1.0);
  EXPECT_EQ(code_of([&] { return bad.fit(); }, &text), status::too_few);
  EXPECT_EQ(text, "test: all outcomes are 1, but outcomes of both kinds are needed");
  EXPECT_EQ(code_of([] { return sample{}.fit(); }), status::too_few);
  bad = data;
  bad.trials[3] = 0.0;
  EXPECT_EQ(code_of([&] { return bad.fit(); }), status::data);
  EXPECT_EQ(code_of([&] { return data.fit({.l1 = 1.0, .firth = true}); }), status::option);
  EXPECT_EQ(code_of([&] { return data.fit({.l2 = -1.0}); }), status::option);
  std::atomic<int> cancel{1};
  EXPECT_EQ(code_of([&] { return data.fit({}, {.cancel = &cancel}); }), status::cancelled);
}

TEST(logistic_regression_test, without_intercept_and_without_columns_it_is_a_regression_still) {
  const sample data = random_sample(16, 300, {1.0, -1.5, 0.2});
  const logistic_fit through = data.fit({.intercept = false});
  EXPECT_EQ(through.state, logistic_state::converged);
  EXPECT_EQ(through.intercept, 0.0);
  EXPECT_NEAR(through.null_log_likelihood, -300.0 * std::log(2.0), 1e-10);
  sample none = data;
  none.columns.clear();
  const logistic_fit null = none.fit();
  EXPECT_EQ(null.state, logistic_state::converged);
  EXPECT_NEAR(null.intercept, std::log(null.events / (300.0 - null.events)), 1e-14);
  EXPECT_NEAR(null.log_likelihood, null.null_log_likelihood, 1e-11);
}

} // namespace
} // namespace logistic_regression_test
