// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <vector>

#include <boost/multiprecision/cpp_bin_float.hpp>
#include <gtest/gtest.h>

#include <emptor/stats/logistic_regression.hpp>
#include <emptor/stats/logistic_tests.hpp>

/// Logistic regressions of few rows against Newton's method with 50 digits.
namespace logistic_regression_oracle_test {
namespace {

using number = boost::multiprecision::cpp_bin_float_50;
using emptor::stats::fit_logistic;
using emptor::stats::logistic_fit;
using emptor::stats::logistic_options;
using emptor::stats::logistic_rows;
using matrix = std::vector<std::vector<number>>;

const std::vector<std::vector<double>> columns{
    {0.1, 1.7, -2.2, 3.0, 0.4, -1.1, 2.5, -0.3, 1.2, 4.4, -3.1, 0.9},
    {12.0, 15.5, 11.0, 10.5, 19.0, 13.0, 14.5, 18.0, 16.0, 12.5, 17.5, 11.5}};
const std::vector<double> events{1.0, 0.0, 0.0, 2.0, 1.5, 0.0, 1.0, 0.0, 0.5, 1.0, 0.0, 1.0};
const std::vector<double> trials{1.0, 1.0, 2.0, 2.5, 3.0, 1.0, 1.0, 1.5, 2.0, 1.0, 1.0, 4.0};
const std::vector<double> offset{0.1, 0.0, -0.2, 0.3, 0.0, 0.5, -0.4, 0.0, 0.0, 0.2, -0.1, 0.0};

matrix inverse(matrix a) {
  const std::size_t n = a.size();
  matrix b(n, std::vector<number>(n, 0));
  for (std::size_t i = 0; i < n; ++i)
    b[i][i] = 1;
  for (std::size_t k = 0; k < n; ++k) {
    const number pivot = a[k][k]; // positive definite
    for (std::size_t j = 0; j < n; ++j) {
      a[k][j] /= pivot;
      b[k][j] /= pivot;
    }
    for (std::size_t i = 0; i < n; ++i) {
      if (i == k)
        continue;
      const number factor = a[i][k];
      for (std::size_t j = 0; j < n; ++j) {
        a[i][j] -= factor * a[k][j];
        b[i][j] -= factor * b[k][j];
      }
    }
  }
  return b;
}
number determinant(matrix a) {
  number product = 1;
  for (std::size_t k = 0; k < a.size(); ++k) {
    product *= a[k][k];
    for (std::size_t i = k + 1; i < a.size(); ++i) {
      const number factor = a[i][k] / a[k][k];
      for (std::size_t j = k; j < a.size(); ++j)
        a[i][j] -= factor * a[k][j];
    }
  }
  return product;
}

struct solution {
  std::vector<number> b; ///< the intercept first
  matrix covariance;
  number log_likelihood;
  number penalised;
};

solution solve(bool with_offset, double l2, bool firth) {
  const std::size_t p = 3;
  solution made{std::vector<number>(p, 0), {}, 0, 0};
  for (int step = 0; step < 400; ++step) {
    std::vector<number> score(p, 0);
    matrix information(p, std::vector<number>(p, 0));
    std::vector<number> probability;
    made.log_likelihood = 0;
    const auto x = [&](std::size_t row, std::size_t j) { return number(j == 0 ? 1.0 : columns[j - 1][row]); };
    for (std::size_t row = 0; row < events.size(); ++row) {
      number logit = with_offset ? offset[row] : 0.0;
      for (std::size_t j = 0; j < p; ++j)
        logit += made.b[j] * x(row, j);
      const number pr = 1 / (1 + exp(-logit));
      probability.push_back(pr);
      made.log_likelihood += events[row] * log(pr) + (trials[row] - events[row]) * log(1 - pr);
      for (std::size_t i = 0; i < p; ++i) {
        score[i] += (events[row] - trials[row] * pr) * x(row, i);
        for (std::size_t j = 0; j < p; ++j)
          information[i][j] += trials[row] * pr * (1 - pr) * x(row, i) * x(row, j);
      }
    }
    made.penalised = made.log_likelihood;
    if (firth) {
      made.penalised += log(determinant(information)) / 2;
      const matrix v = inverse(information);
      for (std::size_t row = 0; row < events.size(); ++row) {
        number leverage = 0;
        for (std::size_t i = 0; i < p; ++i)
          for (std::size_t j = 0; j < p; ++j)
            leverage += x(row, i) * v[i][j] * x(row, j);
        leverage *= trials[row] * probability[row] * (1 - probability[row]);
        for (std::size_t i = 0; i < p; ++i)
          score[i] += leverage * (number(0.5) - probability[row]) * x(row, i);
      }
    }
    for (std::size_t j = 1; j < p; ++j) {
      score[j] -= l2 * made.b[j];
      information[j][j] += l2;
      made.penalised -= l2 * made.b[j] * made.b[j] / 2;
    }
    made.covariance = inverse(information);
    number longest = 0;
    for (std::size_t i = 0; i < p; ++i) {
      number step_of = 0;
      for (std::size_t j = 0; j < p; ++j)
        step_of += made.covariance[i][j] * score[j];
      made.b[i] += step_of;
      if (abs(step_of) > longest)
        longest = abs(step_of);
    }
    if (longest < number("1e-45"))
      break;
  }
  return made;
}

logistic_fit fit(bool with_offset, const logistic_options& options) {
  logistic_rows rows{{}, events, trials, {}};
  if (with_offset)
    rows.offset = offset;
  for (const std::vector<double>& column : columns)
    rows.columns.emplace_back(column);
  return fit_logistic("test", rows, std::vector<std::string>{"a", "b"}, options);
}

void expect_near(double value, const number& truth, double relative, const char* what) {
  EXPECT_LE(abs(number(value) - truth), relative * abs(truth)) << what << " " << value << " " << truth;
}

void compare(bool with_offset, const logistic_options& options) {
  const logistic_fit found = fit(with_offset, options);
  const solution truth = solve(with_offset, options.l2, options.firth);
  ASSERT_EQ(found.state, emptor::stats::logistic_state::converged);
  const double digits = 1e-12;
  expect_near(found.intercept, truth.b[0], digits, "intercept");
  for (std::size_t j = 0; j < 2; ++j)
    expect_near(found.coefficients[j], truth.b[j + 1], digits, "coefficient");
  expect_near(found.log_likelihood, truth.log_likelihood, 1e-14, "log-likelihood");
  expect_near(found.penalised_log_likelihood, truth.penalised, 1e-13, "penalised log-likelihood");
  if (options.l2 > 0.0) {
    EXPECT_TRUE(found.covariance.empty());
    return;
  }
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 3; ++j)
      expect_near(found.covariance[i * 3 + j], truth.covariance[i][j], digits, "covariance");
}

TEST(logistic_regression_oracle_test, maximum_likelihood) {
  compare(false, {});
}
TEST(logistic_regression_oracle_test, with_an_offset) {
  compare(true, {});
}
TEST(logistic_regression_oracle_test, with_a_ridge) {
  compare(false, {.l2 = 0.7});
  compare(true, {.l2 = 25.0});
}
TEST(logistic_regression_oracle_test, with_firths_penalty) {
  compare(false, {.firth = true});
  compare(true, {.firth = true});
}

TEST(logistic_regression_oracle_test, score_test) {
  // At the model of the first column alone: the slope of the second over its spread given the first.
  const logistic_rows all{{columns[0], columns[1]}, events, trials, {}};
  const logistic_rows one{{columns[0]}, events, trials, {}};
  const logistic_fit base = fit_logistic("test", one, std::vector<std::string>{"a"});
  const std::vector<std::size_t> chosen{0};
  const auto found = emptor::stats::score_tests(all, chosen, base);
  const std::size_t p = 3;
  matrix information(p, std::vector<number>(p, 0));
  number slope = 0;
  for (std::size_t row = 0; row < events.size(); ++row) {
    const number x[] = {1, columns[0][row], columns[1][row]};
    const number pr = 1 / (1 + exp(-(number(base.intercept) + number(base.coefficients[0]) * x[1])));
    slope += (events[row] - trials[row] * pr) * x[2];
    for (std::size_t i = 0; i < p; ++i)
      for (std::size_t j = 0; j < p; ++j)
        information[i][j] += trials[row] * pr * (1 - pr) * x[i] * x[j];
  }
  expect_near(found[1].statistic, slope * slope * inverse(information)[2][2], 1e-11, "score statistic");
}

} // namespace
} // namespace logistic_regression_oracle_test
