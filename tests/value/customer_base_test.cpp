// SPDX-License-Identifier: BSL-1.0
// What holds for every model of a customer base: scores of blocks, intervals, horizons and rates, whatever the model.
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/value/bg_nbd.hpp>
#include <emptor/value/mbg_nbd.hpp>
#include <emptor/value/nbd.hpp>
#include <emptor/value/pareto_nbd.hpp>

#include "customers.hpp"

namespace customer_base_test {
namespace {

using namespace emptor;
using namespace emptor::value;

/// Parameters near those of CDNOW, whatever they are called.
template <class Model>
struct sample;
template <>
struct sample<bg_nbd> {
  static constexpr numbers_of<bg_nbd> parameters{0.243, 4.414, 0.793, 2.426};
};
template <>
struct sample<mbg_nbd> {
  static constexpr numbers_of<mbg_nbd> parameters{0.525, 6.183, 0.891, 1.614};
};

/// A covariance with correlated parameters: errors of a tenth, correlations of 0.6.
template <class Model>
std::vector<double> covariance_of(const numbers_of<Model>& p) {
  const std::size_t n = p.size();
  std::vector<double> made(n * n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j)
      made[n * i + j] = 0.01 * p[i] * p[j] * (i == j ? 1.0 : 0.6);
  return made;
}

template <>
struct sample<pareto_nbd> {
  static constexpr numbers_of<pareto_nbd> parameters{0.553, 10.578, 0.606, 11.669};
};
template <>
struct sample<nbd> {
  static constexpr numbers_of<nbd> parameters{0.385, 12.072};
};

template <class Model>
class customer_base : public testing::Test {
public:
  using parameters = typename Model::template parameters<double>;
  static constexpr std::size_t quantities_here = defined_quantities<Model>.size();
  static constexpr std::size_t outputs = 3 * quantities_here;

  static model model_of(bool with_covariance = true) {
    const numbers_of<Model> p = sample<Model>::parameters;
    model made;
    made.entry = Model::name;
    made.options = {{"unit", "week"}};
    made.tables.push_back(make_parameters(Model::names, p, {}));
    if (with_covariance)
      made.tables.push_back(make_covariance(Model::names, covariance_of<Model>(p)));
    return made;
  }

  struct scored {
    std::array<std::vector<double>, outputs> values;
    std::vector<row_status> statuses;
  };
  static std::unique_ptr<scorer> bind(const model& from, const std::vector<option>& given) {
    return bind_customer_scores<Model>({.self = &from,
                                        .options = option_values(Model::name, customer_score_options, given),
                                        .slots = {},
                                        .inputs = {},
                                        .wanted = std::vector<bool>(outputs, true)});
  }
  static scored score(const model& from, const std::vector<option>& given,
                      const std::vector<std::array<double, 3>>& asked) {
    const auto scores = bind(from, given);
    scored made;
    made.statuses.assign(asked.size(), row_status::ok);
    std::array<std::vector<double>, 3> columns;
    for (const auto& row : asked)
      for (std::size_t i = 0; i < 3; ++i)
        columns[i].push_back(row[i]);
    std::array<score_block::input, 3> in{};
    for (std::size_t i = 0; i < 3; ++i)
      in[i].number = columns[i].data();
    std::array<score_block::output, outputs> out{};
    for (std::size_t o = 0; o < outputs; ++o) {
      made.values[o].assign(asked.size(), -1.0);
      out[o].number = made.values[o].data();
    }
    scores->score({.rows = static_cast<std::int64_t>(asked.size()),
                   .inputs = in,
                   .outputs = out,
                   .status = made.statuses.data()});
    return made;
  }

  /// The plain function behind a quantity.
  template <quantity Which>
  static double plain_of(const parameters& p, double x, double t_x, double age) {
    const double rate = math::log1p(0.1) * 7.0 / 365.2425;
    if constexpr (Which == quantity::probability_alive)
      return probability_alive(p, x, t_x, age);
    else if constexpr (Which == quantity::expected_orders)
      return expected_orders(p, x, t_x, age, 39.0);
    else if constexpr (Which == quantity::probability_alive_in)
      return probability_alive_in(p, x, t_x, age, 39.0);
    else if constexpr (Which == quantity::probability_active)
      return probability_active(p, x, t_x, age, 39.0);
    else if constexpr (Which == quantity::discounted_expected_orders)
      return discounted_expected_orders(p, x, t_x, age, rate);
    else if constexpr (Which == quantity::next_order_quantile)
      return next_order_quantile(p, x, t_x, age, 0.3);
    else if constexpr (Which == quantity::probability_of_orders)
      return probability_of_orders(p, x, t_x, age, 2.0, 39.0);
    else if constexpr (Which == quantity::mean_order_rate)
      return mean_order_rate(p, x, t_x, age);
    else
      return mean_dropout(p, x, t_x, age);
  }
  /// \param k  place among the quantities that the model has
  static double plain(std::size_t k, const parameters& p, const std::array<double, 3>& row) {
    double found = 0.0;
    [&]<std::size_t... K>(std::index_sequence<K...>) {
      ((k == K ? void(found = plain_of<static_cast<quantity>(defined_quantities<Model>[K])>(p, row[0], row[1],
                                                                                            row[2]))
               : void()),
       ...);
    }
    (std::make_index_sequence<quantities_here>());
    return found;
  }
  static const inline std::vector<option> options{{"horizon", "39"},
                                                  {"discount_rate", "0.1"},
                                                  {"quantile", "0.3"},
                                                  {"orders", "2"},
                                                  {"confidence", "0.9"}};
  static const inline std::vector<std::array<double, 3>> rows{
      {2.0, 30.43, 38.86}, {26.0, 30.86, 31.0}, {1.0, 5.0, 20.0}, {0.0, 0.0, 38.86}};
};

using all_models = testing::Types<bg_nbd, mbg_nbd, nbd, pareto_nbd>;
class model_names {
public:
  template <class Model>
  static std::string GetName(int /*index*/) {
    return std::string(Model::name.substr(Model::name.find('.') + 1));
  }
};
TYPED_TEST_SUITE(customer_base, all_models, model_names);

TYPED_TEST(customer_base, scores_are_those_of_the_functions) {
  const auto found = this->score(this->model_of(), this->options, this->rows);
  const auto p = std::bit_cast<typename TestFixture::parameters>(sample<TypeParam>::parameters);
  for (std::size_t k = 0; k < this->quantities_here; ++k)
    for (std::size_t row = 0; row < this->rows.size(); ++row) {
      const double expected = this->plain(k, p, this->rows[row]);
      if (std::isinf(expected)) {
        EXPECT_TRUE(std::isnan(found.values[k][row]));
        EXPECT_EQ(found.statuses[row], row_status::never);
      } else {
        EXPECT_EQ(found.values[k][row], expected) << quantities[defined_quantities<TypeParam>[k]].value.name;
      }
    }
}

/// The ends of every interval by central differences of the plain functions, on the scale that is promised.
TYPED_TEST(customer_base, intervals_are_those_of_the_delta_method) {
  const auto found = this->score(this->model_of(), this->options, this->rows);
  const numbers_of<TypeParam> at = sample<TypeParam>::parameters;
  const std::vector<double> covariance = covariance_of<TypeParam>(at);
  const std::size_t n = at.size();
  const double width = 1.6448536269514722; // of 0.95
  for (std::size_t k = 0; k < this->quantities_here; ++k)
    for (std::size_t row = 0; row < this->rows.size(); ++row) {
      const auto value_at = [&](std::size_t i, double by) {
        numbers_of<TypeParam> moved = at;
        moved[i] += by;
        return this->plain(k, std::bit_cast<typename TestFixture::parameters>(moved), this->rows[row]);
      };
      const double value = value_at(0, 0.0);
      const double low = found.values[this->quantities_here + 2 * k][row];
      const double high = found.values[this->quantities_here + 2 * k + 1][row];
      if (std::isinf(value)) {
        EXPECT_TRUE(std::isnan(low) && std::isnan(high));
        continue;
      }
      const bool is_probability = quantity_of<TypeParam>(defined_quantities<TypeParam>[k]).is_probability();
      const auto scaled = [&](double y) { return is_probability ? std::log(y / (1.0 - y)) : std::log(y); };
      const auto back = [&](double y) { return is_probability ? 1.0 / (1.0 + std::exp(-y)) : std::exp(y); };
      if (is_probability && value == 1.0) {
        EXPECT_EQ(low, 1.0);
        EXPECT_EQ(high, 1.0);
        continue;
      }
      std::vector<double> gradient;
      for (std::size_t i = 0; i < n; ++i) {
        const double h = 1e-4 * at[i]; // with Richardson's extrapolation
        const auto slope = [&](double step) {
          return (scaled(value_at(i, step)) - scaled(value_at(i, -step))) / (2.0 * step);
        };
        gradient.push_back((4.0 * slope(h) - slope(2.0 * h)) / 3.0);
      }
      double variance = 0.0;
      for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < n; ++j)
          variance += gradient[i] * covariance[n * i + j] * gradient[j];
      const double half = width * std::sqrt(variance);
      const auto name = quantities[defined_quantities<TypeParam>[k]].value.name;
      EXPECT_NEAR(low / back(scaled(value) - half), 1.0, 1e-7) << name << ' ' << row;
      EXPECT_NEAR(high / back(scaled(value) + half), 1.0, 1e-7) << name << ' ' << row;
      EXPECT_LT(low, value);
      EXPECT_GT(high, value);
    }
}

TYPED_TEST(customer_base, intervals_need_a_covariance) {
  const auto found = this->score(this->model_of(false), this->options, this->rows);
  for (std::size_t row = 0; row < this->rows.size(); ++row) {
    EXPECT_NE(found.statuses[row], row_status::ok);
    EXPECT_FALSE(is_refusal(found.statuses[row]));
    EXPECT_EQ(std::isnan(found.values[0][row]), false);
    for (std::size_t end = this->quantities_here; end < this->outputs; ++end)
      EXPECT_TRUE(std::isnan(found.values[end][row]));
  }
}

TYPED_TEST(customer_base, questions_without_an_answer_are_refused_when_the_plan_is_made) {
  const model with_unit = this->model_of();
  model without_unit = with_unit;
  without_unit.options.clear();
  const auto refusal = [&](const model& from, const std::vector<option>& asked) {
    try {
      (void)this->bind(from, asked);
    } catch (const error& e) {
      EXPECT_EQ(e.code(), status::option);
      return std::string(e.what());
    }
    return std::string("(not refused)");
  };
  const std::string where(TypeParam::name);
  EXPECT_EQ(refusal(with_unit, {{"discount_rate", "0.1"}}), "(not refused)");
  EXPECT_EQ(refusal(without_unit, {{"discount_rate", "0.1"}}),
            where + ": option discount_rate is per year, but the model of orders has no time unit");
  EXPECT_EQ(refusal(with_unit, {{"discount_rate", "0"}}),
            where +
                ": option discount_rate is 0, but must be > 0 without a discount_horizon: orders for ever "
                "have no finite sum");
  EXPECT_EQ(refusal(with_unit, {{"discount_rate", "0"}, {"discount_horizon", "1 year"}}), "(not refused)");
  EXPECT_EQ(refusal(without_unit, {{"discount_rate", "0"}, {"discount_horizon", "7"}}), "(not refused)");
  EXPECT_NE(refusal(without_unit, {{"discount_rate", "0"}}), "(not refused)");
  EXPECT_EQ(refusal(with_unit, {{"discount_horizon", "1998-06-30"}}),
            where + ": option discount_horizon is a date, which needs option as_of");
  EXPECT_EQ(refusal(without_unit, {{"horizon", "39 week"}}),
            where + ": option horizon has a unit, but the model has none");
  EXPECT_NE(refusal(with_unit, {{"horizon", "1e12 year"}}), "(not refused)");
}

TEST(likelihood_ratio, of_nested_models) {
  model_fit<pareto_nbd> fit;
  model_fit<nbd> simpler;
  fit.customers = simpler.customers = 100;
  fit.distinct_rows = simpler.distinct_rows = 90;
  fit.total_weight = simpler.total_weight = 100.0;
  fit.log_likelihood = -500.0;
  simpler.log_likelihood = -500.0 - 0.5 * 9.210340371976182; // the 99 % point of two degrees
  const likelihood_ratio test = likelihood_ratio_test(fit, simpler);
  EXPECT_NEAR(test.statistic, 9.210340371976182, 1e-12);
  EXPECT_NEAR(test.p_value, 0.01, 1e-15);
  simpler.log_likelihood = -499.0; // rounding may bring the simpler one ahead
  EXPECT_EQ(likelihood_ratio_test(fit, simpler).p_value, 1.0);
  simpler.distinct_rows = 91;
  EXPECT_THROW((void)likelihood_ratio_test(fit, simpler), error);
}

TEST(likelihood_ratio, cdnow_customers_drop_out) {
  const emptor::test::customers s = emptor::test::cdnow("cdnow_sample.csv");
  if (s.size() == 0)
    GTEST_SKIP() << "no cdnow_sample.csv in EMPTOR_DATA_DIR: Pareto/NBD is not tested against NBD";
  const likelihood_ratio test =
      likelihood_ratio_test(fit_customer_base<pareto_nbd>(s.frequency, s.recency, s.age),
                            fit_customer_base<nbd>(s.frequency, s.recency, s.age));
  EXPECT_NEAR(test.statistic, 2.0 * (9763.65761467 - 9594.97617894), 1e-6);
  EXPECT_LT(test.p_value, 1e-70);
}

} // namespace
} // namespace customer_base_test
