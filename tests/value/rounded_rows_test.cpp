// SPDX-License-Identifier: BSL-1.0
// The CDNOW sample as the package lifetimes ships it, with weeks rounded to two decimals: that moves the fifth digit.
#include <cmath>

#include <gtest/gtest.h>

#include <emptor/value/bg_nbd.hpp>
#include <emptor/value/mbg_nbd.hpp>
#include <emptor/value/pareto_nbd.hpp>

#include "customers.hpp"

namespace rounded_rows_test {
namespace {

using namespace emptor::value;

template <class Model>
void expect_maximum(const typename Model::template parameters<double>& p, double log_likelihood) {
  emptor::test::customers c = emptor::test::cdnow("cdnow_sample.csv");
  if (c.size() == 0)
    GTEST_SKIP() << "no cdnow_sample.csv in EMPTOR_DATA_DIR: the fit of its rounded rows is not tested";
  for (std::size_t i = 0; i < c.size(); ++i) {
    c.recency[i] = std::round(100.0 * c.recency[i]) / 100.0;
    c.age[i] = std::round(100.0 * c.age[i]) / 100.0;
  }
  const model_fit<Model> fit = fit_customer_base<Model>(c.frequency, c.recency, c.age);
  EXPECT_TRUE(fit.converged) << fit.diagnosis;
  EXPECT_NEAR(fit.log_likelihood, log_likelihood, 1e-7);
  for (std::size_t i = 0; i < fit.size; ++i)
    EXPECT_NEAR(numbers(fit.parameters)[i] / numbers(p)[i], 1.0, 1e-7) << Model::names[i];
}

TEST(rounded_rows, bg_nbd) {
  expect_maximum<bg_nbd>({0.2425929072, 4.413531561, 0.7928861473, 2.425753433}, -9582.42556057);
}
TEST(rounded_rows, mbg_nbd) {
  expect_maximum<mbg_nbd>({0.5248379834, 6.182992018, 0.8913561558, 1.613999337}, -9582.13268490);
}
TEST(rounded_rows, pareto_nbd) {
  expect_maximum<pareto_nbd>({0.5532755086, 10.57761224, 0.606213569, 11.66791125}, -9594.97392983);
}

} // namespace
} // namespace rounded_rows_test
