// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include <emptor/core/entry.hpp>
#include <emptor/core/run.hpp>
#include <emptor/math/elementary.hpp>
#include <emptor/math/expm1_over.hpp>
#include <emptor/math/negative_binomial.hpp>
#include <emptor/math/real.hpp>
#include <emptor/math/rising.hpp>
#include <emptor/value/customer_base.hpp>
#include <emptor/value/customer_base_description.hpp>
#include <emptor/value/customer_base_entry.hpp>
#include <emptor/value/customer_base_fit.hpp>
#include <emptor/value/model_fit.hpp>

/// NBD: how often customers order who never drop out, the benchmark for the models with drop-out （负二项模型）.
///
/// A customer orders at the Poisson rate lambda ~ Gamma(r, alpha) for ever. Source: Ehrenberg, The pattern of
/// consumer purchases, Applied Statistics 8 (1959); Morrison and Schmittlein, Journal of Business and Economic
/// Statistics 6 (1988). The likelihood is that of the times of the orders, as for Pareto/NBD, so that the two
/// compare.
///
/// A row is one customer: frequency x (repeat orders, whole, >= 0) and age T (first order to now), in the time
/// unit of alpha and of horizons. The recency says nothing under this model.
namespace emptor::value {

struct nbd;

/// \tparam T  the scalar of the formulas: math::real, math::pack, math::dual, or double in what a caller keeps
template <class T = double>
struct nbd_parameters {
  using scalar = T;
  using model = nbd;

  T r;     ///< shape of the order rates, > 0
  T alpha; ///< scale of the order rates, > 0, in time units; the mean rate is r / alpha
};

/// A customer as he is for ever: he orders at a rate that is Gamma(shape, scale).
template <class T>
struct nbd_living {
  using base = math::base_t<T>;

  T shape;
  T scale;

  [[nodiscard]] EMPTOR_INLINE T ever() const noexcept { return T(1.0); }
  [[nodiscard]] EMPTOR_INLINE T active(const base& horizon) const noexcept {
    return -expm1(-(shape * log1p(horizon / scale)));
  }
  [[nodiscard]] EMPTOR_INLINE T orders(const base& horizon) const noexcept { return shape / scale * horizon; }
  [[nodiscard]] EMPTOR_INLINE T discounted(const base& rate) const noexcept { return shape / scale / rate; }
  [[nodiscard]] EMPTOR_INLINE T discounted(const base& rate, const base& horizon) const noexcept {
    return orders(horizon) * math::expm1_over(base(-(rate * horizon)));
  }
  [[nodiscard]] EMPTOR_INLINE T next_order(const T& share) const noexcept {
    return scale * expm1(-(log1p(-share) / shape));
  }
  [[nodiscard]] EMPTOR_INLINE T log_count(const base& count, const base& horizon) const noexcept {
    return math::negative_binomial<T>(count, shape).log_probability(T(horizon / scale));
  }
};

/// Where the likelihood rises without end: the simpler model that the data ask for.
enum class nbd_limit : std::uint8_t {
  none = 0,
  same_rate = 1,     ///< r, alpha -> infinity: one order rate for all (Poisson)
  extreme_rates = 2, ///< r -> 0: a few order, nearly all others never
  other = 3,         ///< no maximum was found, and none of the above
};

/// The formulas for customer_base.hpp.
struct nbd {
  template <class T>
  using parameters = nbd_parameters<T>;
  using limit = nbd_limit;

  template <class T>
  [[nodiscard]] static EMPTOR_INLINE T shape_term(const parameters<T>& p,
                                                  const math::base_t<T>& frequency) noexcept {
    return math::log_gamma_ratio(p.r, frequency) - log(p.alpha) * frequency;
  }
  template <class T>
  [[nodiscard]] static EMPTOR_INLINE T recent_term(const parameters<T>&, const math::base_t<T>&,
                                                   const math::base_t<T>&) noexcept {
    return T(-math::detail::infinity);
  }
  template <class T>
  [[nodiscard]] static EMPTOR_INLINE T aged_term(const parameters<T>& p, const math::base_t<T>& frequency,
                                                 const math::base_t<T>& age) noexcept {
    return -((p.r + frequency) * log1p(age / p.alpha));
  }
  template <class T>
  [[nodiscard]] static EMPTOR_INLINE T alive(const parameters<T>&, const math::base_t<T>&,
                                             const math::base_t<T>&, const math::base_t<T>&) noexcept {
    return T(1.0);
  }
  template <class T>
  [[nodiscard]] static EMPTOR_INLINE T gone(const parameters<T>&, const math::base_t<T>&,
                                            const math::base_t<T>&, const math::base_t<T>&) noexcept {
    return T(0.0);
  }
  template <class T>
  [[nodiscard]] static EMPTOR_INLINE nbd_living<T>
  living(const parameters<T>& p, const math::base_t<T>& frequency, const math::base_t<T>& age) noexcept {
    return {p.r + frequency, p.alpha + age};
  }
  template <class T>
  [[nodiscard]] static EMPTOR_INLINE T mean_order_rate(const parameters<T>& p,
                                                       const math::base_t<T>& frequency,
                                                       const math::base_t<T>&,
                                                       const math::base_t<T>& age) noexcept {
    return (p.r + frequency) / (p.alpha + age);
  }

  static constexpr std::string_view name = "value.nbd";
  static constexpr std::string_view summary =
      "NBD: order rate of customers who never drop out; the benchmark for the models with drop-out";
  static constexpr std::string_view source =
      "Ehrenberg, Applied Statistics 8 (1959); Morrison and Schmittlein, Journal of Business and Economic "
      "Statistics 6 (1988)";
  static constexpr std::string_view chinese = "购买频次预测（负二项模型）";
  static constexpr std::string_view since = "0.1";
  static constexpr std::array<std::string_view, 2> names{"r", "alpha"};
  static constexpr std::array<bool, 2> times{false, true};
  static constexpr std::array<std::string_view, 4> levels{"none", "same_rate", "extreme_rates", "other"};
  static const std::span<const example> examples;
  static const std::span<const demo_feed> demo;

  [[nodiscard]] static constexpr std::string_view undefined(quantity which) noexcept {
    switch (which) {
    case quantity::probability_alive:
    case quantity::probability_alive_in:
      return "nobody drops out under this model: it would be 1 for everybody and at all times";
    case quantity::mean_dropout:
      return "nobody drops out under this model: it has no drop-out rate";
    default:
      return {};
    }
  }
  [[nodiscard]] static constexpr quantity_description described(quantity which,
                                                                quantity_description general) noexcept {
    if (which == quantity::mean_order_rate)
      general.value.summary = "posterior mean of the customer's own order rate";
    return general;
  }

  /// Neutral shapes at the mean rate of the data.
  [[nodiscard]] static std::array<double, 2> start(double shape, double orders) noexcept {
    return {shape, shape / orders};
  }
  static void diagnose(model_fit<nbd>& fit, const fit_end& end) {
    if (!end.runs(0) && !end.runs(1))
      return;
    if (fit.parameters.r > 10.0)
      fit.diagnose(limit::same_rate, "r and alpha run to infinity: the order rate is the same for all, the "
                                     "simpler model is the Poisson process");
    else if (fit.parameters.r < 0.1)
      fit.diagnose(limit::extreme_rates, "r runs to 0: a few order often and all others never, the simpler "
                                         "model has a class that never orders");
  }
};

using nbd_fit = model_fit<nbd>;

/// Fits NBD: see fit_customer_base.
[[nodiscard]] inline nbd_fit fit_nbd(std::span<const double> frequency, std::span<const double> recency,
                                     std::span<const double> age, std::span<const double> weight = {},
                                     const fit_options& options = {}, const run& how = {}) {
  return fit_customer_base<nbd>(frequency, recency, age, weight, options, how);
}

inline constexpr example_table nbd_fit_rows[] = {
    {"rows", "frequency,recency,age,weight\n0,0,39,500\n0,0,20,420\n1,5,39,90\n1,20,39,40\n1,35,39,30\n"
             "1,10,20,60\n2,10,39,30\n2,30,39,45\n2,15,20,30\n3,12,39,12\n3,35,39,30\n5,38,39,20\n8,37,39,8\n"
             "6,19,20,6\n12,38,39,3\n"}};
inline constexpr example_option nbd_week[] = {{"unit", "week"}};
inline constexpr example_table nbd_fit_expected[] = {
    {"parameters", "parameter,value,standard_error\nr,0.4462187859444,0.0444253203459\n"
                   "alpha,24.03458371873,2.7132528039\n"},
    {"fit", "log_likelihood,converged,customers,distinct_rows,total_weight\n"
            "-3700.462027492833,true,15,15,1324\n"}};
inline constexpr example_table nbd_score_rows[] = {
    {"rows", "frequency,recency,age\n2,30.43,38.86\n0,0,38.86\n26,30.86,31\n"}};
inline constexpr example_table nbd_score_model[] = {
    {"parameters", "parameter,value\nr,0.385\nalpha,12.072\n"}};
inline constexpr example_option nbd_score_options[] = {
    {"horizon", "39 week"}, {"discount_rate", "0.1"}, {"orders", "2"}};
inline constexpr example_table nbd_score_expected[] = {
    {"scores", "expected_orders,discounted_expected_orders,probability_of_orders\n"
               "1.826258540799497,25.63549046352271,0.1956163596724968\n"
               "0.2948048378229797,4.138223827444965,0.04028243008013916\n"
               "23.89057856612184,335.3559670317765,3.340254772564505e-06\n"}};
inline constexpr example nbd_examples[] = {
    {.what = verb::fit,
     .summary = "1,324 invented customers in 15 distinct rows, weeks",
     .source = "an independent maximisation of the same likelihood with 40-digit arithmetic",
     .tables = nbd_fit_rows,
     .options = nbd_week,
     .expected = nbd_fit_expected,
     .tolerance = 1e-6},
    {.what = verb::score,
     .summary =
         "three customers of CDNOW at rounded estimates, weeks; who ordered 26 times and then never again "
         "is as good as any, because nobody drops out",
     .source = "the formulas evaluated with 40-digit arithmetic",
     .tables = nbd_score_rows,
     .model_tables = nbd_score_model,
     .model_options = nbd_week,
     .options = nbd_score_options,
     .expected = nbd_score_expected,
     .tolerance = 1e-9},
};
inline constexpr std::span<const example> nbd::examples = nbd_examples;

inline constexpr demo_feed nbd_demo[] = {demo_fit,
                                         {.what = verb::score,
                                          .inputs = demo_customers,
                                          .options = demo_next_year,
                                          .keep = "customer",
                                          .compared = demo_orders_compared}};
inline constexpr std::span<const demo_feed> nbd::demo = nbd_demo;

inline constexpr const entry& nbd_entry = customer_base_entry<nbd>;

EMPTOR_CUSTOMER_BASE_INSTANCES(nbd)

} // namespace emptor::value
