// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <emptor/core/entry.hpp>
#include <emptor/core/run.hpp>
#include <emptor/math/elementary.hpp>
#include <emptor/math/expm1_over.hpp>
#include <emptor/math/exponential_integral.hpp>
#include <emptor/math/hypergeometric.hpp>
#include <emptor/math/real.hpp>
#include <emptor/math/rising.hpp>
#include <emptor/value/customer_base.hpp>
#include <emptor/value/customer_base_description.hpp>
#include <emptor/value/customer_base_entry.hpp>
#include <emptor/value/customer_base_fit.hpp>
#include <emptor/value/model_fit.hpp>
#include <emptor/value/pareto_nbd_process.hpp>

/// Pareto/NBD: how often a customer of a non-contractual business orders, and whether he still does
/// (客户活跃度).
///
/// While alive a customer orders at the Poisson rate lambda ~ Gamma(r, alpha), and he drops out at the rate
/// mu ~ Gamma(s, beta), both his own and independent of each other. Source: Schmittlein, Morrison and Colombo,
/// Counting Your Customers, Management Science 33 (1987); Fader and Hardie, "A note on deriving the Pareto/NBD
/// model" (2005); Hardie, note 009 for the likelihood as a sum of two positive terms.
///
/// A row is one customer: frequency x (repeat orders, whole, >= 0), recency t_x (first to last order, 0 where
/// x = 0) and age T (first order to now, >= t_x), in one time unit, which is also that of alpha, beta and of
/// horizons.
namespace emptor::value {

struct pareto_nbd;

/// \tparam T  the scalar of the formulas: math::real, math::pack, math::dual, or double in what a caller keeps
template <class T = double>
struct pareto_nbd_parameters {
  using scalar = T;
  using model = pareto_nbd;

  T r;     ///< shape of the order rates, > 0
  T alpha; ///< scale of the order rates, > 0, in time units; the mean rate is r / alpha
  T s;     ///< shape of the drop-out rates, > 0
  T beta;  ///< scale of the drop-out rates, > 0, in time units; the mean drop-out rate is s / beta
};

namespace detail {

/// P(the drop-out comes before the next order) of a customer who is alive at `time`.
template <class T>
[[nodiscard]] EMPTOR_INLINE T drop_out_first(const pareto_nbd_parameters<T>& p,
                                             const math::base_t<T>& frequency,
                                             const math::base_t<T>& time) noexcept {
  return comes_first(p.s, T(p.beta + time), T(p.r + frequency), T(p.alpha + time));
}

/// What the time since the last order says about a customer who was alive then.
template <class T>
struct silence_since {
  two_events<T> events; ///< the next order and the drop-out, seen from the last order
  T time;               ///< since the last order
  T neither;            ///< P(neither of the two)
  T drops_out;          ///< P(the drop-out comes before the next order)
  T no_order;           ///< P(no order)

  EMPTOR_INLINE silence_since(const pareto_nbd_parameters<T>& p, const math::base_t<T>& frequency,
                              const math::base_t<T>& recency, const math::base_t<T>& age) noexcept
      : silence_since(p, frequency, recency, age, drop_out_first(p, frequency, recency),
                      drop_out_first(p, frequency, age)) {}
  EMPTOR_INLINE silence_since(const pareto_nbd_parameters<T>& p, const math::base_t<T>& frequency,
                              const math::base_t<T>& recency, const math::base_t<T>& age, const T& recent,
                              const T& aged) noexcept
      : events{p.r + frequency, p.alpha + recency, p.s, p.beta + recency}
      , time(age - recency)
      , neither(exp(-events.log_quiet(time)))
      , drops_out(recent)
      , no_order(drops_out + neither * (1.0 - aged)) {} // never below neither
};

/// A customer who is alive, seen from now.
/// \tparam P  parameters, or pareto_nbd::prepared
template <class P>
class pareto_nbd_living {
public:
  using T = typename P::scalar;
  using base = math::base_t<T>;

  EMPTOR_INLINE pareto_nbd_living(const P& p, const base& frequency, const base& age) noexcept
      : p_(p)
      , events_{p.r + frequency, p.alpha + age, p.s, p.beta + age} {}

  [[nodiscard]] EMPTOR_INLINE T ever() const noexcept { return events_.ever(); }
  [[nodiscard]] EMPTOR_INLINE T stays(const base& horizon) const noexcept {
    return exp(-(p_.s * log1p(horizon / events_.other_scale)));
  }
  [[nodiscard]] EMPTOR_INLINE T active(const base& horizon) const noexcept {
    return within(events_, T(horizon));
  }
  /// Fader and Hardie 2005, equation 41, regular at s = 1: the order rate times the integral of stays().
  [[nodiscard]] EMPTOR_INLINE T orders(const base& horizon) const noexcept {
    const T length = log1p(horizon / events_.other_scale);
    return orders_in_scale() * (length * math::expm1_over(T((1.0 - p_.s) * length)));
  }
  /// Fader, Hardie and Lee, RFM and CLV, Journal of Marketing Research 42 (2005), appendix, with e^z E_s(z) in
  /// the place of the confluent hypergeometric function.
  [[nodiscard]] EMPTOR_INLINE T discounted(const base& rate) const noexcept {
    return orders_in_scale() * integral_of(p_).scaled(T(rate * events_.other_scale));
  }
  [[nodiscard]] EMPTOR_INLINE T discounted(const base& rate, const base& horizon) const noexcept {
    return orders_in_scale() *
           integral_of(p_).partial(T(rate * events_.other_scale), T(horizon / events_.other_scale));
  }
  [[nodiscard]] EMPTOR_INLINE T next_order(const T& share) const noexcept {
    return math::lanewise(math::mask_true<base>(), within_quantile{}, events_.shape, events_.scale,
                          events_.other_shape, events_.other_scale, share);
  }
  /// Fader and Hardie, Deriving the conditional PMF of the Pareto/NBD model (2014).
  [[nodiscard]] EMPTOR_INLINE T log_count(const base& count, const base& horizon) const noexcept {
    using namespace math;
    const auto some = count > 0.0;
    const T none = events_.reversed().ever() + events_.later(T(horizon));
    const T exactly = lanewise(some, orders_exactly{}, count, events_.shape, events_.scale,
                               events_.other_shape, events_.other_scale, horizon);
    return log(select(some, exactly, none));
  }

private:
  [[nodiscard]] static EMPTOR_INLINE math::exponential_integral<T>
  integral_of(const pareto_nbd_parameters<T>& p) noexcept {
    return math::exponential_integral<T>(p.s);
  }
  template <class Prepared>
  requires requires(const Prepared& p) { p.integral; }
  [[nodiscard]] static EMPTOR_INLINE const math::exponential_integral<T>&
  integral_of(const Prepared& p) noexcept {
    return p.integral;
  }
  /// Orders in a time as long as the scale of the drop-out, if nobody dropped out.
  [[nodiscard]] EMPTOR_INLINE T orders_in_scale() const noexcept {
    return events_.shape / events_.scale * events_.other_scale;
  }

  const P& p_;
  two_events<T> events_; ///< the next order and the drop-out
};

} // namespace detail

/// Where the likelihood rises without end: the simpler model that the data ask for.
enum class pareto_nbd_limit : std::uint8_t {
  none = 0,
  no_drop_out = 1,    ///< s / beta -> 0: nobody drops out, the NBD model
  same_drop_out = 2,  ///< s, beta -> infinity: one drop-out rate for all (exponential)
  split_drop_out = 3, ///< s, beta -> 0: some leave at once, the others never
  same_rate = 4,      ///< r, alpha -> infinity: one order rate for all (Poisson)
  extreme_rates = 5,  ///< r -> 0: a few order, nearly all others never
  other = 6,          ///< no maximum was found, and none of the above
};

/// The formulas for customer_base.hpp.
struct pareto_nbd {
  template <class T>
  using parameters = pareto_nbd_parameters<T>;
  using limit = pareto_nbd_limit;
  /// With what of them is the same for all rows.
  template <class T>
  struct prepared : parameters<T> {
    math::exponential_integral<T> integral;

    explicit EMPTOR_INLINE prepared(const parameters<T>& p) noexcept
        : parameters<T>(p)
        , integral(p.s) {}
  };

  template <class T>
  [[nodiscard]] static EMPTOR_INLINE T shape_term(const parameters<T>& p,
                                                  const math::base_t<T>& frequency) noexcept {
    return math::log_gamma_ratio(p.r, frequency) - log(p.alpha) * frequency;
  }
  /// Of a drop-out between the last order and the next one; both powers as log1p(t / scale).
  template <class T>
  [[nodiscard]] static EMPTOR_INLINE T recent_term(const parameters<T>& p, const math::base_t<T>& frequency,
                                                   const math::base_t<T>& recency) noexcept {
    return log(detail::drop_out_first(p, frequency, recency)) -
           from_start(p, frequency).log_quiet(T(recency));
  }
  /// Of an order after T.
  template <class T>
  [[nodiscard]] static EMPTOR_INLINE T aged_term(const parameters<T>& p, const math::base_t<T>& frequency,
                                                 const math::base_t<T>& age) noexcept {
    return log(detail::comes_first(T(p.r + frequency), T(p.alpha + age), p.s, T(p.beta + age))) -
           from_start(p, frequency).log_quiet(T(age));
  }

  /// P(the drop-out comes before the next order), seen from the last order.
  template <class T>
  [[nodiscard]] static EMPTOR_INLINE T recent_part(const parameters<T>& p, const math::base_t<T>& frequency,
                                                   const math::base_t<T>& recency) noexcept {
    return detail::drop_out_first(p, frequency, recency);
  }
  /// The same, seen from now.
  template <class T>
  [[nodiscard]] static EMPTOR_INLINE T aged_part(const parameters<T>& p, const math::base_t<T>& frequency,
                                                 const math::base_t<T>& age) noexcept {
    return detail::drop_out_first(p, frequency, age);
  }
  /// Silent since the last order because neither order nor drop-out came, among all the silent: a ratio from
  /// which the Gamma functions are gone.
  template <class T>
  [[nodiscard]] static EMPTOR_INLINE T alive(const parameters<T>& p, const math::base_t<T>& frequency,
                                             const math::base_t<T>& recency, const math::base_t<T>& age,
                                             const T& recent, const T& aged) noexcept {
    const detail::silence_since<T> silence(p, frequency, recency, age, recent, aged);
    return min(silence.neither / silence.no_order, T(1.0));
  }
  template <class T>
  [[nodiscard]] static EMPTOR_INLINE T alive(const parameters<T>& p, const math::base_t<T>& frequency,
                                             const math::base_t<T>& recency,
                                             const math::base_t<T>& age) noexcept {
    return alive(p, frequency, recency, age, recent_part(p, frequency, recency),
                 aged_part(p, frequency, age));
  }
  /// 1 - alive with all its digits.
  template <class T>
  [[nodiscard]] static EMPTOR_INLINE T gone(const parameters<T>& p, const math::base_t<T>& frequency,
                                            const math::base_t<T>& recency,
                                            const math::base_t<T>& age) noexcept {
    const detail::silence_since<T> silence(p, frequency, recency, age);
    return min(detail::within(silence.events.reversed(), silence.time) / silence.no_order, T(1.0));
  }
  template <class P>
  [[nodiscard]] static EMPTOR_INLINE detail::pareto_nbd_living<P>
  living(const P& p, const math::base_t<typename P::scalar>& frequency,
         const math::base_t<typename P::scalar>& age) noexcept {
    return {p, frequency, age};
  }

  /// The likelihood of the row with r + x + 1 in place of r + x, by that with r + x.
  template <class T>
  [[nodiscard]] static EMPTOR_INLINE T mean_order_rate(const parameters<T>& p,
                                                       const math::base_t<T>& frequency,
                                                       const math::base_t<T>& recency,
                                                       const math::base_t<T>& age) noexcept {
    const detail::silence_since<T> silence(p, frequency, recency, age);
    const detail::two_events<T>& then = silence.events;
    const T shape = then.shape + 1.0;
    const T now = p.alpha + age;
    return then.shape / silence.no_order *
           (detail::comes_first(p.s, then.other_scale, shape, then.scale) / then.scale +
            silence.neither * detail::comes_first(shape, now, p.s, T(p.beta + age)) / now);
  }
  /// The same with s + 1 in place of s.
  template <class T>
  [[nodiscard]] static EMPTOR_INLINE T mean_dropout(const parameters<T>& p, const math::base_t<T>& frequency,
                                                    const math::base_t<T>& recency,
                                                    const math::base_t<T>& age) noexcept {
    const detail::silence_since<T> silence(p, frequency, recency, age);
    const detail::two_events<T>& then = silence.events;
    const T s = p.s + 1.0;
    const T now = p.beta + age;
    return p.s / silence.no_order *
           (detail::comes_first(s, then.other_scale, then.shape, then.scale) / then.other_scale +
            silence.neither * detail::comes_first(then.shape, T(p.alpha + age), s, now) / now);
  }

  static constexpr std::string_view name = "value.pareto_nbd";
  static constexpr std::string_view summary = "Pareto/NBD: order rate and drop-out rate of customers without "
                                              "a contract; P(alive) and expected orders";
  static constexpr std::string_view source = "Schmittlein, Morrison and Colombo, Management Science 33 "
                                             "(1987); Fader and Hardie (2005); Hardie, note "
                                             "009";
  static constexpr std::string_view chinese = "客户活跃度与购买频次预测（帕累托/负二项模型）";
  static constexpr std::string_view since = "0.1";
  static constexpr std::array<std::string_view, 4> names{"r", "alpha", "s", "beta"};
  static constexpr std::array<bool, 4> times{false, true, false, true};
  static constexpr std::array<std::string_view, 7> levels{
      "none", "no_drop_out", "same_drop_out", "split_drop_out", "same_rate", "extreme_rates", "other"};
  static const std::span<const example> examples;
  static const std::span<const demo_feed> demo;

  [[nodiscard]] static constexpr std::string_view undefined(quantity) noexcept { return {}; }
  [[nodiscard]] static constexpr quantity_description described(quantity which,
                                                                quantity_description general) noexcept {
    if (which == quantity::mean_dropout) {
      general.value.unit = "per time unit";
      general.value.summary = "posterior mean of the customer's own drop-out rate";
      general.value.allowed = at_least_zero;
    }
    return general;
  }

  /// Neutral shapes at the mean rate of the data, and one drop-out in the mean age.
  [[nodiscard]] static std::array<double, 4> start(double shape, double orders) noexcept {
    return {shape, shape / orders, shape, shape};
  }
  /// The rates come first where both halves run away.
  static void diagnose(model_fit<pareto_nbd>& fit, const fit_end& end) {
    const double r = fit.parameters.r;
    const double s = fit.parameters.s;
    if (end.runs(0) || end.runs(1)) {
      if (r > 10.0)
        fit.diagnose(limit::same_rate, "r and alpha run to infinity: the order rate is the same for all, the "
                                       "simpler model is the Poisson process with Pareto drop-out");
      else if (r < 0.1)
        fit.diagnose(limit::extreme_rates, "r runs to 0: a few order often and all others never, the simpler "
                                           "model has a class that never orders");
    }
    if (end.runs(2) || end.runs(3)) {
      const double drop_outs = math::exp(end.found.point[2] - end.found.point[3]); // in the mean age
      if (drop_outs < 1e-3)
        fit.diagnose(limit::no_drop_out,
                     "s / beta runs to 0: nobody drops out, the simpler model is the NBD");
      else if (s > 10.0)
        fit.diagnose(limit::same_drop_out,
                     "s and beta run to infinity: the drop-out rate is the same for all, "
                     "the simpler model is the exponential drop-out");
      else if (s < 0.1)
        fit.diagnose(limit::split_drop_out,
                     "s and beta run to 0: some drop out at once, the others never, the "
                     "simpler model is a mixture of the two");
    }
  }

private:
  template <class T>
  [[nodiscard]] static EMPTOR_INLINE detail::two_events<T>
  from_start(const parameters<T>& p, const math::base_t<T>& frequency) noexcept {
    return {p.r + frequency, p.alpha, p.s, p.beta};
  }
};

using pareto_nbd_fit = model_fit<pareto_nbd>;

/// Fits Pareto/NBD: see fit_customer_base.
[[nodiscard]] inline pareto_nbd_fit fit_pareto_nbd(std::span<const double> frequency,
                                                   std::span<const double> recency,
                                                   std::span<const double> age,
                                                   std::span<const double> weight = {},
                                                   const fit_options& options = {}, const run& how = {}) {
  return fit_customer_base<pareto_nbd>(frequency, recency, age, weight, options, how);
}

inline constexpr example_table pareto_nbd_fit_rows[] = {
    {"rows", "frequency,recency,age,weight\n0,0,39,500\n0,0,20,420\n1,5,39,90\n1,20,39,40\n1,35,39,30\n"
             "1,10,20,60\n2,10,39,30\n2,30,39,45\n2,15,20,30\n3,12,39,12\n3,35,39,30\n5,38,39,20\n8,37,39,8\n"
             "6,19,20,6\n12,38,39,3\n"}};
inline constexpr example_option pareto_nbd_week[] = {{"unit", "week"}};
inline constexpr example_table pareto_nbd_fit_expected[] = {
    {"parameters", "parameter,value,standard_error\nr,0.5602346376861,0.07319194131227\nalpha,23.87637565431,"
                   "2.936707735054\ns,0.6392122578171,0.5219448129091\nbeta,33.74878740375,37.69876275289\n"},
    {"fit", "log_likelihood,converged,customers,distinct_rows,total_weight\n"
            "-3688.51857487888,true,15,15,1324\n"}};
inline constexpr example_table pareto_nbd_score_rows[] = {
    {"rows", "frequency,recency,age\n2,30.43,38.86\n0,0,38.86\n26,30.86,31\n"}};
inline constexpr example_table pareto_nbd_score_model[] = {
    {"parameters", "parameter,value\nr,0.553\nalpha,10.578\ns,0.606\nbeta,11.669\n"}};
inline constexpr example_option pareto_nbd_score_options[] = {
    {"horizon", "39 week"}, {"discount_rate", "0.1"}, {"orders", "2"}};
inline constexpr example_table pareto_nbd_score_expected[] = {
    {"scores", "probability_alive,expected_orders,discounted_expected_orders,probability_of_orders\n"
               "0.8691675591530112,1.455123193257602,8.174568833943035,0.1517565207572983\n"
               "0.2952866046168941,0.1070814682153088,0.6015606354305164,0.01467714471053469\n"
               "0.9979187310551583,20.1170260773705,107.9931289440554,0.01941356409151134\n"}};
inline constexpr example pareto_nbd_examples[] = {
    {.what = verb::fit,
     .summary = "1,324 invented customers in 15 distinct rows, weeks",
     .source = "an independent maximisation of the same likelihood with 40-digit arithmetic",
     .tables = pareto_nbd_fit_rows,
     .options = pareto_nbd_week,
     .expected = pareto_nbd_fit_expected,
     .tolerance = 1e-6},
    {.what = verb::score,
     .summary =
         "three customers of CDNOW at the published estimates, weeks; who never came back is alive with "
         "probability 0.3 only, which BG/NBD cannot say",
     .source =
         "Fader, Hardie and Lee, Marketing Science 24 (2005), the estimates; the integrals of which the "
         "scores are defined, with 40-digit arithmetic",
     .tables = pareto_nbd_score_rows,
     .model_tables = pareto_nbd_score_model,
     .model_options = pareto_nbd_week,
     .options = pareto_nbd_score_options,
     .expected = pareto_nbd_score_expected,
     .tolerance = 1e-9},
};
inline constexpr std::span<const example> pareto_nbd::examples = pareto_nbd_examples;

// The customers of the demo are of this process, which is therefore the one that is looked at in a holdout.
inline constexpr demo_comparison pareto_nbd_demo_parameters[] = {demo_parameters("truth_orders")};
inline constexpr demo_feed pareto_nbd_demo[] = {{.what = verb::fit,
                                                 .inputs = demo_customers,
                                                 .options = demo_in_weeks,
                                                 .compared = pareto_nbd_demo_parameters},
                                                demo_score,
                                                {.label = "calibration",
                                                 .what = verb::fit,
                                                 .inputs = demo_customers_a_year_ago,
                                                 .options = demo_in_weeks}};
inline constexpr std::span<const demo_feed> pareto_nbd::demo = pareto_nbd_demo;

inline constexpr const entry& pareto_nbd_entry = customer_base_entry<pareto_nbd>;

EMPTOR_CUSTOMER_BASE_INSTANCES(pareto_nbd)

} // namespace emptor::value
