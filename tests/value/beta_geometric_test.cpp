// SPDX-License-Identifier: BSL-1.0
// BG/NBD and MBG/NBD: every quantity against fifty digits, and what must hold between them.
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/value/bg_nbd.hpp>
#include <emptor/value/mbg_nbd.hpp>

#include "beta_geometric_oracle.hpp"
#include "support/random.hpp"

namespace beta_geometric_test {
namespace {

using namespace emptor::value;
using emptor::test::beta_geometric_oracle;
using emptor::test::wide;

template <class Model>
class beta_geometric_models : public testing::Test {
public:
  using parameters = typename Model::template parameters<double>;
  static constexpr int first = std::is_same_v<Model, mbg_nbd> ? 1 : 0;

  static beta_geometric_oracle oracle(const parameters& p) { return {first, p.r, p.alpha, p.a, p.b}; }
};
using both = testing::Types<bg_nbd, mbg_nbd>;
class names {
public:
  template <class Model>
  static std::string GetName(int /*index*/) {
    return std::string(Model::name.substr(Model::name.find('.') + 1));
  }
};
TYPED_TEST_SUITE(beta_geometric_models, both, names);

/// Relative; what is below 1e-290, where doubles run out of digits, must only be small.
double error_of(double found, const wide& truth) {
  if (abs(truth) < wide("1e-290"))
    return std::fabs(found) < 1e-289 ? 0.0 : HUGE_VAL;
  return static_cast<double>(abs(wide(wide(found) / truth - 1)));
}

struct case_of {
  double r, alpha, a, b, x, share, horizon;
};
std::string shown(const case_of& c) {
  return testing::PrintToString(std::vector<double>{c.r, c.alpha, c.a, c.b, c.x, c.share, c.horizon});
}
/// Some of all combinations, without a pattern; wide_grid_long_test.cpp has many more.
std::vector<case_of> cases(std::size_t one_in) {
  std::vector<case_of> made;
  std::size_t number = 0;
  for (const double r : {0.01, 0.24, 1.0, 30.0})
    for (const double alpha : {1e-5, 4.4, 3e7})
      for (const double a : {0.01, 0.79, 1.0, 1.0 + 1e-10, 2.0, 50.0})
        for (const double b : {0.02, 1.0, 2.43, 400.0})
          for (const double x : {0.0, 1.0, 26.0, 1000.0, 1e6})
            for (const double share : {0.3, 0.98, 1.0})
              for (const double horizon : {1e-8, 1.0, 52.0, 5000.0, 1e9}) {
                number = number * 6364136223846793005ULL + 1442695040888963407ULL;
                if ((number >> 33) % one_in == 0)
                  made.push_back({r, alpha, a, b, x, x == 0.0 ? 0.0 : share, horizon});
              }
  return made;
}

TYPED_TEST(beta_geometric_models, likelihood_and_closed_forms_over_a_wide_grid) {
  using values = typename TestFixture::parameters;
  for (const case_of& c : cases(50)) {
    const values p{c.r, c.alpha, c.a, c.b};
    const beta_geometric_oracle oracle = this->oracle(p);
    const double age = 272 / 7.0;
    const double t_x = c.share * age;
    const wide alive = oracle.alive(c.x, t_x, age);
    const wide gone = oracle.gone(c.x, t_x, age);
    const wide shape = oracle.r + c.x;
    const wide scale = oracle.alpha + age;
    EXPECT_LT(error_of(probability_alive(p, c.x, t_x, age), alive), 1e-12) << shown(c);
    EXPECT_LT(
        error_of(probability_active(p, c.x, t_x, age, c.horizon), alive * oracle.active(c.x, age, c.horizon)),
        1e-12)
        << shown(c);
    EXPECT_LT(
        error_of(mean_order_rate(p, c.x, t_x, age), shape * (alive / scale + gone / (oracle.alpha + t_x))),
        1e-12)
        << shown(c);
    EXPECT_LT(error_of(mean_dropout(p, c.x, t_x, age),
                       (oracle.a + gone) / (oracle.a + oracle.b + c.x + TestFixture::first)),
              1e-12)
        << shown(c);
    const double share = 0.3 * static_cast<double>(alive);
    if (share > 1e-290) {
      const wide quantile = scale * expm1(wide(-log1p(wide(-share / alive)) / shape));
      EXPECT_LT(error_of(next_order_quantile(p, c.x, t_x, age, share), quantile), 1e-12) << shown(c);
    }
    const wide expected = oracle.log_likelihood(c.x, t_x, age);
    const double largest = static_cast<double>(
        shape * abs(log(wide(scale / oracle.alpha))) + c.x * abs(log(oracle.alpha)) +
        abs(boost::math::lgamma(shape)) + abs(boost::math::lgamma(wide(oracle.a + oracle.b + c.x + 1))));
    EXPECT_LT(std::fabs(static_cast<double>(wide(log_likelihood(p, c.x, t_x, age) - expected))),
              std::max(1e-12 * std::max(1.0, std::fabs(static_cast<double>(expected))), 1e-15 * largest))
        << shown(c);
  }
}

/// P(alive) goes over to a form in logs where the log of the chance of the silence since the last order is beyond 400:
/// just below it, at it, and just above.
TYPED_TEST(beta_geometric_models, probability_alive_where_its_form_changes) {
  using values = typename TestFixture::parameters;
  emptor::test::variates from;
  const auto spread = [&](double low, double high) { return low * std::pow(high / low, from.uniform()); };
  int below = 0;
  int above = 0;
  for (int i = 0; i < 40; ++i) {
    const values p{spread(0.01, 30.0), spread(1e-3, 1e3), spread(1e-3, 1e3), spread(1e-3, 1e3)};
    const double x = std::floor(spread(1.0, 2000.0));
    const double t_x = spread(1e-2, 1e3);
    for (const double off : {-1e-1, -1e-4, -1e-9, -1e-15, 0.0, 1e-15, 1e-9, 1e-4, 1e-1}) {
      const double age = t_x + (p.alpha + t_x) * std::expm1(400.0 * (1.0 + off) / (p.r + x));
      const double silence = (p.r + x) * std::log1p((age - t_x) / (p.alpha + t_x));
      (silence > 400.0 ? above : below) += std::fabs(silence - 400.0) < 1e-9 ? 1 : 0;
      EXPECT_LT(error_of(probability_alive(p, x, t_x, age), this->oracle(p).alive(x, t_x, age)), 1e-12)
          << testing::PrintToString(std::vector<double>{p.r, p.alpha, p.a, p.b, x, t_x, age});
    }
  }
  // The seam was met from both sides.
  EXPECT_GT(below, 30);
  EXPECT_GT(above, 30);
}

TYPED_TEST(beta_geometric_models, expectations_over_a_wide_grid) {
  using values = typename TestFixture::parameters;
  for (const case_of& c : cases(3000)) {
    const values p{c.r, c.alpha, c.a, c.b};
    const beta_geometric_oracle oracle = this->oracle(p);
    const double age = 272 / 7.0;
    const double t_x = c.share * age;
    const wide alive = oracle.alive(c.x, t_x, age);
    EXPECT_LT(
        error_of(expected_orders(p, c.x, t_x, age, c.horizon), alive * oracle.orders(c.x, age, c.horizon)),
        1e-12)
        << shown(c);
    EXPECT_LT(error_of(probability_alive_in(p, c.x, t_x, age, c.horizon),
                       alive * oracle.stays(c.x, age, c.horizon)),
              1e-12)
        << shown(c);
  }
}

TYPED_TEST(beta_geometric_models, counts_over_a_wide_grid) {
  using values = typename TestFixture::parameters;
  for (const case_of& c : cases(300)) {
    const values p{c.r, c.alpha, c.a, c.b};
    const beta_geometric_oracle oracle = this->oracle(p);
    const double age = 272 / 7.0;
    const double t_x = c.share * age;
    const wide alive = oracle.alive(c.x, t_x, age);
    for (const int n : {0, 1, 2, 11, 200}) {
      const wide truth =
          alive * oracle.count(c.x, age, n, c.horizon) + (n == 0 ? oracle.gone(c.x, t_x, age) : wide(0));
      EXPECT_LT(error_of(probability_of_orders(p, c.x, t_x, age, n, c.horizon), truth), 1e-12)
          << shown(c) << ' ' << n;
    }
  }
}

TYPED_TEST(beta_geometric_models, counts_add_up) {
  using values = typename TestFixture::parameters;
  const values p{0.243, 4.414, 0.793, 2.426};
  for (const double x : {0.0, 3.0}) {
    double sum = 0.0, mean = 0.0;
    for (int n = 0; n < 3000; ++n) {
      const double one = probability_of_orders(p, x, x > 0 ? 30 : 0, 39, n, 52);
      sum += one;
      mean += n * one;
    }
    EXPECT_NEAR(sum, 1.0, 1e-13);
    EXPECT_NEAR(mean / expected_orders(p, x, x > 0 ? 30 : 0, 39, 52), 1.0, 1e-11);
    EXPECT_NEAR(probability_of_orders(p, x, x > 0 ? 30 : 0, 39, 0, 52),
                1.0 - probability_active(p, x, x > 0 ? 30 : 0, 39, 52), 1e-14);
  }
}

/// The discounted sum by parts: an integral over the expected orders.
TYPED_TEST(beta_geometric_models, discounted_orders_are_orders_discounted) {
  using values = typename TestFixture::parameters;
  const values p{0.243, 4.414, 0.793, 2.426};
  for (const double x : {0.0, 2.0, 26.0})
    for (const double rate : {0.0018, 0.3})
      for (const double horizon : {10.0, 300.0}) {
        const double t_x = x > 0 ? 30.0 : 0.0;
        const auto orders = [&](double t) { return expected_orders(p, x, t_x, 39.0, t); };
        // Gauss-Legendre with 5 nodes on 400 parts.
        const double nodes[] = {-0.9061798459386640, -0.5384693101056831, 0.0, 0.5384693101056831,
                                0.9061798459386640};
        const double weights[] = {0.2369268850561891, 0.4786286704993665, 0.5688888888888889,
                                  0.4786286704993665, 0.2369268850561891};
        double sum = 0.0;
        for (int part = 0; part < 400; ++part)
          for (std::size_t i = 0; i < 5; ++i) {
            const double t = horizon * (part + 0.5 + 0.5 * nodes[i]) / 400.0;
            sum += weights[i] * horizon / 800.0 * std::exp(-rate * t) * orders(t);
          }
        const double expected = std::exp(-rate * horizon) * orders(horizon) + rate * sum;
        EXPECT_NEAR(discounted_expected_orders(p, x, t_x, 39, rate, horizon) / expected, 1.0, 1e-11);
        const double later = 1.0 - discounted_expected_orders(p, x, t_x, 39, rate, horizon) /
                                       discounted_expected_orders(p, x, t_x, 39, rate);
        if (rate * horizon < 30.0)
          EXPECT_GT(later, 1e-14);
        else
          EXPECT_NEAR(later, 0.0, 1e-13);
        EXPECT_NEAR(discounted_expected_orders(p, x, t_x, 39, 0.0, horizon) / orders(horizon), 1.0, 1e-12);
      }
  EXPECT_NEAR(discounted_expected_orders(p, 2, 30, 39, 0.01, 1e6) /
                  discounted_expected_orders(p, 2, 30, 39, 0.01),
              1.0, 1e-12);
}

TYPED_TEST(beta_geometric_models, expected_orders_grow_with_the_horizon) {
  using values = typename TestFixture::parameters;
  for (const double x : {0.0, 1.0, 7.0, 400.0})
    for (const double a : {0.3, 1.0, 3.0}) {
      const values p{0.24, 4.4, a, 2.43};
      EXPECT_EQ(expected_orders(p, x, x > 0 ? 30 : 0, 39, 0), 0.0);
      double before = 0.0;
      for (double t = 1e-6; t < 1e9; t *= 1.3) {
        const double now = expected_orders(p, x, x > 0 ? 30 : 0, 39, t);
        EXPECT_GT(now, before * (1.0 - 1e-13)) << x << ' ' << t;
        before = now;
      }
    }
}

TYPED_TEST(beta_geometric_models, a_equal_to_one_is_no_special_case) {
  using values = typename TestFixture::parameters;
  const auto at = [](double a, double t) {
    return expected_orders(values{0.24, 4.4, a, 2.43}, 2, 30, 39, t);
  };
  for (const double t : {0.1, 52.0, 1e4}) {
    const double slope = (at(1.0 + 1e-4, t) - at(1.0 - 1e-4, t)) / 2e-4;
    for (const double d : {1e-15, 1e-12, 1e-9, 1e-7})
      for (const double side : {-1.0, 1.0})
        EXPECT_NEAR(at(1.0 + side * d, t) / (at(1.0, t) + side * d * slope), 1.0, 2e-13)
            << t << ' ' << side * d;
  }
}

TYPED_TEST(beta_geometric_models, the_next_order_comes_with_the_asked_probability) {
  using values = typename TestFixture::parameters;
  const values p{0.243, 4.414, 0.793, 2.426};
  const double alive = probability_alive(p, 2, 30.43, 38.86);
  for (const double share : {0.001, 0.3, 0.5, 0.7}) {
    const double time = next_order_quantile(p, 2, 30.43, 38.86, share);
    EXPECT_NEAR(probability_active(p, 2, 30.43, 38.86, time), share, 1e-14);
  }
  EXPECT_EQ(next_order_quantile(p, 2, 30.43, 38.86, 0.0), 0.0);
  EXPECT_EQ(next_order_quantile(p, 2, 30.43, 38.86, alive), HUGE_VAL);
  EXPECT_EQ(next_order_quantile(p, 2, 30.43, 38.86, 0.99), HUGE_VAL);
}

TYPED_TEST(beta_geometric_models, any_bits_come_back) {
  using values = typename TestFixture::parameters;
  const double inf = std::numeric_limits<double>::infinity();
  const std::vector<double> odd{-0.0, -1.0, 1e-320, inf, std::nan("")};
  int numbers = 0;
  const std::vector<double> few{-1.0, 0.5, 1e300};
  for (const double r : few)
    for (const double a : few)
      for (const double b : few)
        for (const double x : odd)
          for (const double t : odd) {
            const values p{r, 4.4, a, b};
            for (const double found :
                 {probability_alive(p, x, t, 39), log_likelihood(p, x, t, 39),
                  expected_orders(p, x, 30, 39, t), probability_alive_in(p, x, 30, 39, t),
                  next_order_quantile(p, x, 30, 39, t), mean_order_rate(p, x, t, 39)})
              numbers += found == found ? 1 : 0;
          }
  EXPECT_GT(numbers, 100);
}

// ---- figures ----

TEST(beta_geometric_figures, by_integration_with_fifty_digits) {
  // tests/oracle/beta_geometric.py
  const double rate = std::log(1.1) * 7.0 / 365.2425;
  const auto expect = [&](const auto& p, double x, double t_x, double age,
                          const std::array<double, 10>& figures) {
    const std::array<double, 10> found{probability_alive(p, x, t_x, age),
                                       expected_orders(p, x, t_x, age, 39),
                                       probability_alive_in(p, x, t_x, age, 39),
                                       probability_active(p, x, t_x, age, 39),
                                       discounted_expected_orders(p, x, t_x, age, rate),
                                       discounted_expected_orders(p, x, t_x, age, rate, 39),
                                       next_order_quantile(p, x, t_x, age, 0.5),
                                       probability_of_orders(p, x, t_x, age, 2, 39),
                                       mean_order_rate(p, x, t_x, age),
                                       mean_dropout(p, x, t_x, age)};
    for (std::size_t i = 0; i < figures.size(); ++i) {
      if (std::isinf(figures[i]))
        EXPECT_EQ(found[i], figures[i]) << i;
      else
        EXPECT_NEAR(found[i] / figures[i], 1.0, 1e-13) << x << ' ' << i;
    }
  };
  const bg_nbd_parameters<> bg{0.243, 4.414, 0.793, 2.426};
  expect(bg, 2, 30.43, 38.86,
         {0.7265785700806729, 1.226028174767144, 0.5671380356279299, 0.5546271379170044, 6.371674544937686,
          1.185777035425538, 29.47821000165559, 0.1441832218645847, 0.05526124753805673, 0.2043344376162727});
  expect(bg, 0, 0, 38.86,
         {1.0, 0.1950980520112626, 0.955644660455478, 0.1445505407833185, 1.303876932259072,
          0.1885549817530303, 706.6782410732103, 0.02428411933484177, 0.005615381060220918,
          0.246349798073936});
  expect(bg, 26, 30.86, 31,
         {0.9689156497175251, 20.74972614085729, 0.5620140805859416, 0.9689156463797884, 85.31644972055375,
          20.09394195633209, 0.9930484053221776, 0.02473630922315191, 0.7411260416874499,
          0.0282037150580949});
  const mbg_nbd_parameters<> mbg{0.525, 6.183, 0.891, 1.614};
  expect(mbg, 2, 30.43, 38.86,
         {0.7062022651184873, 1.262960623267366, 0.5308247157494278, 0.5599940908222931, 5.9728414553755,
          1.221786805094446, 28.30093537375759, 0.1459735412948474, 0.059849601311485, 0.2152221135116281});
  expect(mbg, 0, 0, 38.86,
         {0.3897350809187629, 0.1540127466751467, 0.3538606722629498, 0.1088293987774681, 0.907703354287149,
          0.1488892526915389, HUGE_VAL, 0.02044579123319917, 0.05636030796958073, 0.4283209469561304});
}

TEST(beta_geometric_figures, customers_of_cdnow_at_the_maximum) {
  const bg_nbd_parameters<> p{0.2425945224, 4.413602019, 0.7929220176, 2.425906778};
  const double rate = std::log(1.1) / 52.0;
  const auto near = [](double found, double figure) { EXPECT_NEAR(found / figure, 1.0, 1e-10); };
  near(probability_alive_in(p, 2, 213 / 7.0, 272 / 7.0, 52), 0.531704688639);
  near(probability_alive_in(p, 26, 216 / 7.0, 31, 52), 0.49776191424);
  near(probability_active(p, 2, 213 / 7.0, 272 / 7.0, 52), 0.602847801822);
  near(probability_active(p, 26, 216 / 7.0, 31, 52), 0.968854441336);
  near(next_order_quantile(p, 2, 213 / 7.0, 272 / 7.0, 0.5), 29.478713873);
  near(next_order_quantile(p, 26, 216 / 7.0, 31, 0.5), 0.993146260175);
  near(discounted_expected_orders(p, 2, 213 / 7.0, 272 / 7.0, 0.0027), 5.15663172604);
  near(discounted_expected_orders(p, 2, 213 / 7.0, 272 / 7.0, rate), 6.36072895011);
  near(discounted_expected_orders(p, 26, 216 / 7.0, 31, 0.0027), 70.9091047364);
  near(discounted_expected_orders(p, 26, 216 / 7.0, 31, rate), 85.1878240216);
}

TEST(beta_geometric_figures, counts_of_the_btyd_manual) {
  const bg_nbd_parameters<> p{0.243, 4.414, 0.793, 2.426};
  const auto count = [&](int n, double time) { return probability_of_orders(p, 0, 0, 0, n, time); };
  EXPECT_NEAR(count(10, 2) / 1.07869e-07, 1.0, 1e-5);
  EXPECT_NEAR(count(0, 39), 0.5737864, 5e-8);
  const double figures[] = {0.0019995214, 0.0015170236, 0.0011633150, 0.0009003148, 0.0007023638,
                            0.0005517902, 0.0004361913, 0.0003467171, 0.0002769613, 0.0002222260};
  for (int n = 11; n <= 20; ++n)
    EXPECT_NEAR(count(n, 30), figures[n - 11], 5e-11) << n;
  EXPECT_NEAR(count(200, 39) / 4.070853553e-14, 1.0, 1e-9); // where un-logged Gamma functions overflow
}

} // namespace
} // namespace beta_geometric_test
