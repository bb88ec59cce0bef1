// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <limits>
#include <numeric>
#include <span>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/core/random.hpp>
#include <emptor/value/bg_bb_entry.hpp>

#include "support/places.hpp"
#include "support/random.hpp"

namespace bg_bb_test {
namespace {

namespace value = emptor::value;
using emptor::status;
using emptor::math::real;
using value::bg_bb_fit;
using value::bg_bb_limit;
using parameters = value::bg_bb_parameters<double>;

const parameters donations_maximum{1.203522352, 0.7497163583, 0.6567182078, 2.783442228};

/// Donors, one distinct row each with their number.
struct donors {
  std::vector<double> x, t_x, n, weight;

  void add(double orders, double last, double opportunities, double count = 1.0) {
    x.push_back(orders);
    t_x.push_back(last);
    n.push_back(opportunities);
    weight.push_back(count);
  }
  [[nodiscard]] bg_bb_fit fit(const emptor::run& how = {}) const {
    return value::fit_bg_bb(x, t_x, n, weight, {}, how);
  }
  [[nodiscard]] donors in_order(std::span<const std::size_t> order) const {
    donors other;
    for (const std::size_t i : order)
      other.add(x[i], t_x[i], n[i], weight[i]);
    return other;
  }
};

/// Empty where the data are missing.
donors donations() {
  std::ifstream in(emptor::test::data_file("donations.csv"));
  donors found;
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    std::replace(line.begin(), line.end(), ',', ' ');
    std::istringstream fields(line);
    double x = 0.0, t_x = 0.0, n = 0.0, count = 0.0;
    fields >> x >> t_x >> n >> count;
    found.add(x, t_x, n, count);
  }
  return found;
}

/// Donors drawn from the model.
class simulation : public emptor::test::variates {
public:
  donors draw(int count, int opportunities, double (*order)(double, double),
              double (*leave)(double, double)) {
    donors drawn;
    for (int i = 0; i < count; ++i) {
      const double p = order(uniform(), uniform());
      const double theta = leave(uniform(), uniform());
      double x = 0.0, last = 0.0;
      for (int k = 1; k <= opportunities && uniform() >= theta; ++k) {
        if (uniform() < p) {
          ++x;
          last = k;
        }
      }
      drawn.add(x, last, opportunities);
    }
    return drawn;
  }
};
/// Beta(a, 1 / b) for whole a by inversion only: u^(1/a).
double often(double u, double /*v*/) {
  return std::pow(u, 1.0 / 2.0); // Beta(2, 1)
}
double seldom(double u, double /*v*/) {
  return 1.0 - std::pow(u, 1.0 / 3.0); // Beta(1, 3)
}

void expect_same_bits(const bg_bb_fit& left, const bg_bb_fit& right) {
  EXPECT_EQ(value::numbers(left.parameters), value::numbers(right.parameters));
  EXPECT_EQ(left.log_likelihood, right.log_likelihood);
  EXPECT_EQ(left.covariance, right.covariance);
  EXPECT_EQ(left.iterations, right.iterations);
}

// Its rows have a rule of their own, which that of the other models must not stand in for.
using several_rows = emptor::math::pack<emptor::math::isa::baseline>;
static_assert(
    !emptor::math::kernel_of<emptor::value::scores_of<emptor::value::bg_bb>::formula, several_rows>()
         .rule_holds);

// ---- published figures ----

TEST(bg_bb_figures, donations) {
  const donors rows = donations();
  if (rows.x.empty())
    GTEST_SKIP() << "no donations.csv in EMPTOR_DATA_DIR: the fit of the donation data is not tested";
  const bg_bb_fit fit = rows.fit();
  EXPECT_TRUE(fit.converged) << fit.diagnosis;
  EXPECT_EQ(fit.limit, bg_bb_limit::none);
  EXPECT_EQ(fit.customers, 22);
  EXPECT_EQ(fit.total_weight, 11104.0);
  EXPECT_GE(fit.log_likelihood, -33225.58127436);
  EXPECT_NEAR(fit.log_likelihood, -33225.58127435, 1e-7);
  EXPECT_NEAR(fit.parameters.alpha, 1.203522352, 1e-8);
  EXPECT_NEAR(fit.parameters.beta, 0.7497163583, 1e-8);
  EXPECT_NEAR(fit.parameters.gamma, 0.6567182078, 1e-8);
  EXPECT_NEAR(fit.parameters.delta, 2.783442228, 1e-7);
  const double errors[] = {0.0693913, 0.0294477, 0.0510098, 0.320818};
  for (std::size_t i = 0; i < 4; ++i)
    EXPECT_NEAR(fit.standard_errors[i] / errors[i], 1.0, 5e-6) << i;
  EXPECT_LT(fit.scaled_gradient, 1e-12);

  double next_five = 0.0;
  for (std::size_t i = 0; i < rows.x.size(); ++i)
    next_five +=
        rows.weight[i] * value::expected_orders(fit.parameters, rows.x[i], rows.t_x[i], rows.n[i], 5);
  EXPECT_NEAR(next_five, 12884.157, 1e-3); // lifetimes: 12884.2
  EXPECT_NEAR(11104 * value::probability_of_orders(fit.parameters, 0, 0, 0, 0, 6), 3454.9, 0.05);
  EXPECT_NEAR(11104 * value::probability_of_orders(fit.parameters, 0, 0, 0, 6, 6), 1253.1, 0.05);

  for (const int threads : {2, 7, 0}) {
    emptor::run how;
    how.threads = threads;
    expect_same_bits(fit, rows.fit(how));
  }
}

TEST(bg_bb_figures, the_22_donors) {
  struct line {
    double x, t_x, log_likelihood, alive, orders, discounted, order_probability, drop_out;
  };
  constexpr line table[] = {
      {0, 0, -1.1675171, 0.108133282, 0.072863341, 0.11475272, 0.48774211, 0.310327059},
      {1, 1, -2.2888276, 0.069461807, 0.085695709, 0.13496245, 0.66335864, 0.274304065},
      {1, 2, -3.5881759, 0.254709929, 0.314238123, 0.49489465, 0.44259501, 0.193681515},
      {1, 3, -4.2246572, 0.481355766, 0.593853302, 0.93526152, 0.34044221, 0.137118849},
      {1, 4, -4.5707076, 0.680383827, 0.839396161, 1.32196778, 0.29726613, 0.101744695},
      {1, 5, -4.7672372, 0.828143728, 1.021688992, 1.60906136, 0.28144035, 0.081212183},
      {1, 6, -4.8837012, 0.930433576, 1.147884974, 1.80780782, 0.27705975, 0.069566424},
      {2, 2, -3.0119976, 0.066414760, 0.119120883, 0.18760387, 0.75124291, 0.237316135},
      {2, 3, -4.5161996, 0.298903655, 0.536110757, 0.84432260, 0.54432136, 0.167543533},
      {2, 4, -5.1956196, 0.589657185, 1.057603526, 1.66562327, 0.44468264, 0.113917873},
      {2, 5, -5.5063676, 0.804555002, 1.443042210, 2.27265193, 0.41063193, 0.083897773},
      {2, 6, -5.6517290, 0.930433576, 1.668816824, 2.62822511, 0.40279469, 0.069566424},
      {3, 3, -3.5274507, 0.095006296, 0.223594585, 0.35213985, 0.79748966, 0.203577829},
      {3, 4, -5.0593589, 0.439593889, 1.034571580, 1.62935019, 0.61196323, 0.134321954},
      {3, 5, -5.6157674, 0.766825996, 1.804702937, 2.84223260, 0.54189560, 0.088193242},
      {3, 6, -5.8091582, 0.930433576, 2.189748674, 3.44864239, 0.52852963, 0.069566424},
      {4, 4, -3.8482946, 0.200179034, 0.583191991, 0.91847099, 0.81770834, 0.167525895},
      {4, 5, -5.0955811, 0.696800111, 2.030024000, 3.19709148, 0.67789198, 0.096165730},
      {4, 6, -5.3847332, 0.930433576, 2.710680523, 4.26905968, 0.65426458, 0.069566424},
      {5, 5, -3.7168209, 0.521975428, 1.812942156, 2.85520857, 0.82924534, 0.116069622},
      {5, 6, -4.2948511, 0.930433576, 3.231612373, 5.08947696, 0.77999952, 0.069566424},
      {6, 6, -2.1816735, 0.930433576, 3.752544222, 5.90989425, 0.90573446, 0.069566424},
  };
  const parameters& p = donations_maximum;
  const double rate = std::log(1.1);
  for (const line& row : table) {
    SCOPED_TRACE(testing::Message() << row.x << ' ' << row.t_x);
    EXPECT_NEAR(value::log_likelihood(p, row.x, row.t_x, 6), row.log_likelihood, 1e-7);
    EXPECT_NEAR(value::probability_alive(p, row.x, row.t_x, 6), row.alive, 1e-9);
    EXPECT_NEAR(value::expected_orders(p, row.x, row.t_x, 6, 5), row.orders, 1e-9);
    EXPECT_NEAR(value::discounted_expected_orders(p, row.x, row.t_x, 6, rate), row.discounted, 1e-8);
    EXPECT_NEAR(value::mean_order_rate(p, row.x, row.t_x, 6), row.order_probability, 1e-8);
    EXPECT_NEAR(value::mean_dropout(p, row.x, row.t_x, 6), row.drop_out, 1e-9);
  }
}

TEST(bg_bb_figures, donors_of_the_walkthrough) {
  const parameters& p = donations_maximum;
  const double first_years[] = {0.4985, 0.9233, 1.2969, 1.6323, 1.9381, 2.2202,
                                2.4826, 2.7285, 2.9603, 3.1798, 3.3887};
  for (int n = 1; n <= 11; ++n)
    EXPECT_NEAR(value::expected_orders(p, n), first_years[n - 1], 6e-5) << n;
  const parameters btyd{1.203528, 0.7497260, 0.6567808, 2.783796};
  EXPECT_NEAR(value::expected_orders(btyd, 10), 3.179805, 1e-6);
  EXPECT_NEAR(value::expected_orders(btyd, 0, 0, 6, 10), 0.1302169, 1e-7);
  EXPECT_NEAR(value::expected_orders(btyd, 4, 5, 6, 10), 3.627858, 1e-6);
  const double yearly[] = {5535.833, 4717.059, 4147.621, 3724.665, 3395.888, 3131.647,
                           2913.778, 2730.482, 2573.731, 2437.854, 2318.727};
  for (int n = 1; n <= 11; ++n)
    EXPECT_NEAR(11104 * (value::expected_orders(btyd, n) - value::expected_orders(btyd, n - 1)),
                yearly[n - 1], 0.05)
        << n;
}

TEST(bg_bb_figures, rounded_parameters) {
  const parameters p{1.20, 0.75, 0.66, 2.78};
  EXPECT_NEAR(value::log_likelihood(p, 3, 4, 6), -5.06086817507, 1e-11);
  EXPECT_NEAR(value::probability_alive(p, 3, 4, 6), 0.438343854585, 1e-12);
  const double alive[] = {0.0691880918525, 0.253795626052, 0.480089131502,
                          0.679247777674,  0.827386302529, 0.930084745763};
  const double discounted[] = {1.80204479861, 2.62115607071, 3.44026734281,
                               4.25937861491, 5.07848988700, 5.89760115910};
  const double counts[] = {0.312683461442, 0.170395489877,  0.12143022089, 0.100047151207,
                           0.091324397226, 0.0920213485227, 0.112097930837};
  for (int k = 1; k <= 6; ++k) {
    EXPECT_NEAR(value::probability_alive(p, 1, k, 6), alive[k - 1], 1e-12) << k;
    EXPECT_NEAR(value::discounted_expected_orders(p, k, 6, 6, std::log(1.1)), discounted[k - 1], 1e-11) << k;
  }
  for (int k = 0; k <= 6; ++k)
    EXPECT_NEAR(value::probability_of_orders(p, 0, 0, 0, k, 6), counts[k], 1e-12) << k;
  EXPECT_NEAR(value::expected_orders(p, 3, 4, 6, 10), 1.84081270242, 1e-11);
  EXPECT_NEAR(value::discounted_expected_orders(p, 3, 4, 6, std::log(1.1)), 1.62137918584, 1e-11);
  EXPECT_NEAR(value::expected_orders(p, 10), 3.16499022002, 1e-11);
  // BTYD's bgbb.pmf.General: 3 orders at the opportunities 7 to 16 of a new customer.
  const value::bg_bb_living<real> at_the_seventh{1.20, 0.75, 0.66, 2.78 + 7};
  EXPECT_NEAR(value::probability_alive_in(p, 0, 0, 0, 6) *
                  emptor::math::value_of(exp(at_the_seventh.log_count(3, 10))),
              0.0380617975963, 1e-13);
  EXPECT_NEAR(value::mean_order_rate(p, 3, 4, 6), 0.611927074714, 1e-12);
  EXPECT_NEAR(value::mean_dropout(p, 3, 4, 6), 0.13483252721, 1e-11);
}

// ---- properties ----

TEST(bg_bb, what_can_happen_adds_up_to_one) {
  for (const parameters& p :
       {donations_maximum, parameters{0.01, 3.0, 20.0, 0.5}, parameters{40.0, 900.0, 1.0, 30.0}})
    for (const int horizon : {1, 7, 300}) {
      double sum = 0.0;
      double mean = 0.0;
      for (int k = 0; k <= horizon; ++k) {
        const double probability = value::probability_of_orders(p, 2, 5, 9, k, horizon);
        sum += probability;
        mean += k * probability;
      }
      EXPECT_NEAR(sum, 1.0, 1e-12);
      EXPECT_NEAR(mean / value::expected_orders(p, 2, 5, 9, horizon), 1.0, 1e-12);
      EXPECT_NEAR(1.0 - value::probability_of_orders(p, 2, 5, 9, 0, horizon),
                  value::probability_active(p, 2, 5, 9, horizon), 1e-13);
    }
  double rows = 0.0; // all rows of six opportunities
  for (int x = 0; x <= 6; ++x)
    for (int t = x; t <= (x == 0 ? 0 : 6); ++t) {
      double ways = 1.0;
      for (int i = 0; i + 1 < x; ++i)
        ways *= static_cast<double>(t - 1 - i) / (i + 1);
      rows += ways * std::exp(value::log_likelihood(donations_maximum, x, t, 6));
    }
  EXPECT_NEAR(rows, 1.0, 1e-14);
}

TEST(bg_bb, a_horizon_is_what_its_parts_are) {
  const parameters& p = donations_maximum;
  EXPECT_EQ(value::expected_orders(p, 3, 4, 6, 0), 0.0);
  EXPECT_EQ(value::probability_active(p, 3, 4, 6, 0), 0.0);
  EXPECT_EQ(value::probability_alive_in(p, 3, 4, 6, 0), value::probability_alive(p, 3, 4, 6));
  EXPECT_EQ(value::probability_alive(p, 6, 6, 6), value::probability_alive(p, 2, 6, 6));
  // Without a rate the discounted orders are the expected ones; a little rate changes them a little.
  EXPECT_EQ(value::discounted_expected_orders(p, 3, 4, 6, 0, 40), value::expected_orders(p, 3, 4, 6, 40));
  EXPECT_NEAR(value::discounted_expected_orders(p, 3, 4, 6, 1e-13, 40),
              value::expected_orders(p, 3, 4, 6, 40), 1e-11);
  for (const double rate : {1e-6, 0.003, 0.1, 2.0})
    EXPECT_NEAR(value::discounted_expected_orders(p, 3, 4, 6, rate, 1e12) /
                    value::discounted_expected_orders(p, 3, 4, 6, rate),
                1.0, 1e-12)
        << rate;
  double before = 0.0;
  for (const double horizon :
       {1.0, 10.0, 63.0, 64.0, 65.0, 127.0, 128.0, 129.0, 130.0, 1000.0, 1e6, 1e9, 1e15}) {
    const double now = value::probability_active(p, 1, 2, 6, horizon);
    EXPECT_GE(now, before) << horizon;
    before = now;
  }
}

TEST(bg_bb, gamma_equal_to_one_is_no_special_case) {
  const auto at = [](double gamma, double horizon) {
    return value::expected_orders(parameters{1.2, 0.75, gamma, 2.8}, 3, 4, 6, horizon);
  };
  for (const double horizon : {5.0, 100.0, 1e6}) {
    const double slope = (at(1.0 + 1e-4, horizon) - at(1.0 - 1e-4, horizon)) / 2e-4;
    for (const double d : {1e-15, 1e-12, 1e-9, 1e-7})
      for (const double side : {-1.0, 1.0})
        EXPECT_NEAR(at(1.0 + side * d, horizon) / (at(1.0, horizon) + side * d * slope), 1.0, 1e-12)
            << horizon << ' ' << side * d;
  }
}

TEST(bg_bb, derivatives) {
  using number = emptor::math::dual<real, 4>;
  const std::array<double, 4> at{1.2, 0.75, 1.0, 2.8};
  const value::bg_bb_parameters<number> p{number::variable(at[0], 0), number::variable(at[1], 1),
                                          number::variable(at[2], 2), number::variable(at[3], 3)};
  const auto check = [&](const auto& f) {
    const number y = f(p);
    const auto plain = [&](std::array<double, 4> q) {
      return emptor::math::value_of(f(value::as_real(parameters{q[0], q[1], q[2], q[3]})));
    };
    EXPECT_NEAR(emptor::math::value_of(y) / plain(at), 1.0, 1e-13);
    for (std::size_t i = 0; i < 4; ++i) {
      const double h = 3e-4;
      const auto moved = [&](double by) {
        auto q = at;
        q[i] += by;
        return plain(q);
      };
      const double size = std::fabs(plain(at));
      EXPECT_NEAR(emptor::math::value_of(y.g[i]), (moved(h) - moved(-h)) / (2 * h), 2e-6 * size) << i;
      EXPECT_NEAR(emptor::math::value_of(y.hessian(i, i)), (moved(h) - 2 * plain(at) + moved(-h)) / (h * h),
                  3e-5 * size)
          << i;
    }
  };
  for (const double n : {6.0, 90.0, 40000.0})
    check([n](const auto& q) { return value::log_likelihood(q, real(2.0), real(3.0), real(n)); });
  for (const double horizon : {5.0, 3000.0}) {
    check([=](const auto& q) {
      return value::expected_orders(q, real(2.0), real(5.0), real(6.0), real(horizon));
    });
    check([=](const auto& q) {
      return value::probability_active(q, real(2.0), real(5.0), real(6.0), real(horizon));
    });
    check([=](const auto& q) {
      return value::discounted_expected_orders(q, real(2.0), real(5.0), real(6.0), real(0.01), real(horizon));
    });
    check([=](const auto& q) {
      return value::probability_of_orders(q, real(2.0), real(5.0), real(6.0), real(3.0), real(horizon));
    });
  }
  check([](const auto& q) {
    return value::discounted_expected_orders(q, real(2.0), real(5.0), real(6.0), real(0.01));
  });
  check([](const auto& q) { return value::mean_order_rate(q, real(2.0), real(3.0), real(6.0)); });
  check([](const auto& q) { return value::mean_dropout(q, real(2.0), real(3.0), real(6.0)); });
}

TEST(bg_bb, any_bits_come_back) {
  const double inf = std::numeric_limits<double>::infinity();
  const std::vector<double> odd{-0.0, -1.0, 0.5, 1e-320, 1e300, inf, std::nan("")};
  double sum = 0.0;
  for (const double a : odd)
    for (const double g : odd)
      for (const double x : odd)
        for (const double n : odd) {
          const parameters p{a, 0.75, g, 2.8};
          for (const double score :
               {value::probability_alive(p, x, x, n), value::log_likelihood(p, x, x, n),
                value::expected_orders(p, x, x, 6, n), value::probability_active(p, x, x, n, 300),
                value::discounted_expected_orders(p, x, x, 6, 0.1, n),
                value::probability_of_orders(p, 1, 1, 6, x, n), value::next_order_quantile(p, x, x, n, 0.5)})
            sum += score > 0.5 ? 1.0 : 0.0;
        }
  EXPECT_GT(sum, 0.0);
}

// ---- scores ----

emptor::model model_of(const parameters& p, const char* unit) {
  const auto values = value::numbers(p);
  std::vector<double> covariance(16);
  for (std::size_t i = 0; i < 4; ++i)
    for (std::size_t j = 0; j < 4; ++j)
      covariance[4 * i + j] = 0.01 * values[i] * values[j] * (i == j ? 1.0 : 0.6);
  emptor::model made;
  made.entry = value::bg_bb::name;
  if (unit != nullptr)
    made.options = {{"unit", unit}};
  made.tables.push_back(emptor::make_parameters(value::bg_bb::names, values, {}));
  made.tables.push_back(emptor::make_covariance(value::bg_bb::names, covariance));
  return made;
}

/// All outputs of one row.
std::vector<double> scores(const emptor::model& from, const std::vector<emptor::option>& options,
                           std::array<double, 3> row) {
  constexpr std::size_t outputs = value::customer_outputs<value::bg_bb>.size();
  const auto bound = value::bind_bg_bb(
      {.self = &from,
       .options = emptor::option_values(value::bg_bb::name, value::customer_score_options, options),
       .slots = {},
       .inputs = {},
       .wanted = std::vector<bool>(outputs, true)});
  std::array<emptor::score_block::input, 3> in{};
  for (std::size_t i = 0; i < 3; ++i)
    in[i].number = &row[i];
  std::vector<double> values(outputs, -1.0);
  std::vector<emptor::score_block::output> out(outputs);
  for (std::size_t o = 0; o < outputs; ++o)
    out[o].number = &values[o];
  auto status = emptor::row_status::ok;
  bound->score({.rows = 1, .inputs = in, .outputs = out, .status = &status});
  EXPECT_FALSE(emptor::is_refusal(status));
  return values;
}

TEST(bg_bb_scores, are_the_functions_with_intervals_around_them) {
  const parameters p{1.2, 0.75, 0.66, 2.78};
  const auto found = scores(model_of(p, "year"),
                            {{"horizon", "5 year"},
                             {"discount_rate", "0.1"},
                             {"orders", "2"},
                             {"quantile", "0.3"},
                             {"confidence", "0.9"}},
                            {3, 4, 6});
  const double plain[] = {value::probability_alive(p, 3, 4, 6),
                          value::expected_orders(p, 3, 4, 6, 5),
                          value::probability_alive_in(p, 3, 4, 6, 5),
                          value::probability_active(p, 3, 4, 6, 5),
                          value::discounted_expected_orders(p, 3, 4, 6, emptor::math::log1p(0.1)),
                          value::next_order_quantile(p, 3, 4, 6, 0.3),
                          value::probability_of_orders(p, 3, 4, 6, 2, 5),
                          value::mean_order_rate(p, 3, 4, 6),
                          value::mean_dropout(p, 3, 4, 6)};
  for (std::size_t k = 0; k < 9; ++k) {
    EXPECT_EQ(found[k], plain[k]) << k;
    EXPECT_LT(found[9 + 2 * k], plain[k]) << k;
    EXPECT_GT(found[10 + 2 * k], plain[k]) << k;
  }
}

TEST(bg_bb_scores, horizons_are_whole_opportunities) {
  const parameters p{1.2, 0.75, 0.66, 2.78};
  const emptor::model yearly = model_of(p, "year");
  const auto expected = [&](const char* horizon) {
    return scores(yearly,
                  {{"horizon", horizon}, {"as_of", "2001-12-31"}, {"discount_rate", "0.1"}, {"orders", "1"}},
                  {3, 4, 6})[1];
  };
  const double five = value::expected_orders(p, 3, 4, 6, 5);
  EXPECT_EQ(expected("5"), five);
  EXPECT_EQ(expected("60 month"), five);
  EXPECT_EQ(expected("2006-12-31"), five); // five years with one or two leap days
  EXPECT_THROW(expected("18 month"), emptor::error);
  EXPECT_THROW(expected("2006-06-30"), emptor::error);
  EXPECT_THROW(expected("2000000"), emptor::error); // more than orders are counted among
}

TEST(bg_bb, the_derivatives_of_the_next_order_lead_where_the_probability_leads) {
  using number = emptor::math::dual<real, 4, 1>;
  const std::array<double, 4> at{1.2, 0.75, 0.66, 2.78};
  const value::bg_bb_parameters<number> p{number::variable(at[0], 0), number::variable(at[1], 1),
                                          number::variable(at[2], 2), number::variable(at[3], 3)};
  const number first = value::next_order_quantile(p, real(1.0), real(2.0), real(6.0), real(0.12));
  const double k = emptor::math::value_of(first);
  ASSERT_GT(k, 1.0);
  const number now = value::probability_active(p, real(1.0), real(2.0), real(6.0), real(k));
  const number before = value::probability_active(p, real(1.0), real(2.0), real(6.0), real(k - 1.0));
  const double share = (0.12 - emptor::math::value_of(before)) / emptor::math::value_of(now - before);
  for (std::size_t i = 0; i < 4; ++i)
    EXPECT_NEAR(emptor::math::value_of(first.g[i] * (now - before).v),
                -emptor::math::value_of(before.g[i] + (now - before).g[i] * share), 1e-12)
        << i;
}

// ---- fits ----

TEST(bg_bb_fit, order_of_rows_weights_and_threads_leave_the_bits) {
  simulation draw;
  const donors rows = draw.draw(3000, 12, often, seldom);
  const bg_bb_fit fit = rows.fit();
  ASSERT_TRUE(fit.converged) << fit.diagnosis;
  std::vector<std::size_t> order(rows.x.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::reverse(order.begin(), order.end());
  expect_same_bits(fit, rows.in_order(order).fit());
  for (std::size_t i = 0; i < order.size(); ++i)
    order[i] = (i * 1009 + 17) % order.size();
  expect_same_bits(fit, rows.in_order(order).fit());
  emptor::run how;
  how.threads = 3;
  expect_same_bits(fit, rows.fit(how));

  donors weighted = rows;
  donors repeated;
  for (std::size_t i = 0; i < rows.x.size(); ++i) {
    weighted.weight[i] = static_cast<double>(i % 4);
    for (std::size_t k = 0; k < i % 4; ++k)
      repeated.add(rows.x[i], rows.t_x[i], rows.n[i]);
  }
  expect_same_bits(weighted.fit(), repeated.fit());
}

TEST(bg_bb_fit, finds_the_parameters_again) {
  simulation draw;
  const bg_bb_fit fit = draw.draw(30000, 15, often, seldom).fit();
  ASSERT_TRUE(fit.converged) << fit.diagnosis;
  const double truth[] = {2.0, 1.0, 1.0, 3.0};
  const auto found = value::numbers(fit.parameters);
  for (std::size_t i = 0; i < 4; ++i)
    EXPECT_NEAR(found[i], truth[i], 3.5 * fit.standard_errors[i]) << i;
}

TEST(bg_bb_fit, unlike_and_many_opportunities) {
  // The shared walk gives what each row gives by itself, also over long silences.
  donors rows;
  for (int i = 0; i < 60; ++i)
    rows.add(1 + i % 5, 5 + 700 * (i % 9), 10000 + 5000 * (i % 3), 1 + i % 4);
  rows.add(0, 0, 100000, 30);
  rows.add(900, 1200, 100000, 2);
  const bg_bb_fit fit = rows.fit();
  double sum = 0.0;
  for (std::size_t i = 0; i < rows.x.size(); ++i)
    sum += rows.weight[i] * value::log_likelihood(fit.parameters, rows.x[i], rows.t_x[i], rows.n[i]);
  EXPECT_NEAR(fit.log_likelihood / sum, 1.0, 1e-13);
}

TEST(bg_bb_fit, runaways_are_named) {
  simulation draw;
  const auto never = [](double, double) { return 0.0; };
  const auto half = [](double, double) { return 0.5; };
  const auto tenth = [](double, double) { return 0.1; };
  const auto all_or_none = [](double u, double) { return u < 0.4 ? 1.0 : 0.0; };
  // Chance may look like a little drop-out, so not each sample ends exactly at the limit.
  bool nobody = false, same_order = false, same_end = false;
  for (int i = 0; i < 6; ++i) {
    nobody = nobody || draw.draw(2000, 8, often, never).fit().limit == bg_bb_limit::no_drop_out;
    same_order = same_order || draw.draw(2000, 8, half, seldom).fit().limit == bg_bb_limit::same_order;
    same_end = same_end || draw.draw(2000, 8, often, tenth).fit().limit == bg_bb_limit::same_drop_out;
  }
  EXPECT_TRUE(nobody);
  EXPECT_TRUE(same_order);
  EXPECT_TRUE(same_end);
  donors always_order;
  for (int t = 1; t <= 8; ++t)
    always_order.add(t, t, 8, t == 8 ? 700 : 300 / t);
  const bg_bb_fit certain = always_order.fit();
  EXPECT_FALSE(certain.converged);
  EXPECT_EQ(certain.limit, bg_bb_limit::certain_order) << certain.diagnosis;
  EXPECT_TRUE(std::isnan(certain.standard_errors[0]));
  const bg_bb_fit split = draw.draw(2000, 8, all_or_none, tenth).fit();
  EXPECT_FALSE(split.converged);
  EXPECT_FALSE(split.diagnosis.empty());
}

template <class Call>
emptor::error refusal(const Call& call) {
  try {
    (void)call();
  } catch (const emptor::error& e) {
    return e;
  }
  return {status::ok, "no error"};
}

TEST(bg_bb_fit, refuses_with_row_and_column) {
  simulation draw;
  const donors good = draw.draw(50, 6, often, seldom);
  const auto with = [&](std::vector<double> donors::*column, double bad) {
    donors rows = good;
    rows.x[12] = 2.0;
    rows.t_x[12] = 4.0;
    (rows.*column)[12] = bad;
    return refusal([&] { return rows.fit(); });
  };
  const emptor::error e = with(&donors::x, -1.0);
  EXPECT_EQ(e.code(), status::data);
  EXPECT_STREQ(e.what(), "value.bg_bb: frequency[12] is -1, but must be in [0, 1e+15]");
  EXPECT_EQ(e.row(), 12);
  EXPECT_EQ(e.column(), 0);
  EXPECT_STREQ(with(&donors::t_x, 3.5).what(), "value.bg_bb: recency[12] is 3.5, but must be whole");
  EXPECT_STREQ(with(&donors::x, 5.0).what(), "value.bg_bb: frequency[12] is 5, but must be <= recency");
  EXPECT_STREQ(with(&donors::x, 0.0).what(),
               "value.bg_bb: recency[12] is 4, but must be 0 where frequency is 0");
  EXPECT_STREQ(with(&donors::t_x, 7.0).what(), "value.bg_bb: recency[12] is 7, but must be <= opportunities");
  EXPECT_STREQ(with(&donors::weight, -2.0).what(),
               "value.bg_bb: weight[12] is -2, but must be in [0, 1e+15]");
  for (const double bad : {std::nan(""), HUGE_VAL, -HUGE_VAL})
    for (const auto column : {&donors::x, &donors::t_x, &donors::n, &donors::weight})
      EXPECT_EQ(with(column, bad).code(), status::data);
  const std::vector<double> three(3, 1.0), four(4, 1.0), none;
  EXPECT_EQ(refusal([&] { return value::fit_bg_bb(four, three, four); }).code(), status::schema);
  EXPECT_EQ(refusal([&] { return value::fit_bg_bb(none, none, none); }).code(), status::too_few);
  const std::vector<double> zero(40, 0.0), six(40, 6.0);
  EXPECT_EQ(refusal([&] { return value::fit_bg_bb(zero, zero, six); }).code(), status::too_few);
}

} // namespace
} // namespace bg_bb_test
