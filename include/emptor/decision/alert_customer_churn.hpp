// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include <emptor/decision/alert_scorer.hpp>

/// Early warning of churn (客户流失预警): the time since a customer's last order against his own rhythm.
///
/// The intervals between his orders are Gamma variables of shape k = 1 / cv^2, cv their coefficient of variation (k = 1: at
/// random, as in the negative binomial model of order counts; large k: like a clock), whose rate is known from the N
/// intervals that are over, of sum S: the time t since the last order lasts longer with the probability
/// I_x(N k, k) at x = S / (t + S), the tail of a Beta variable of the second kind.
///
/// The shape is estimated too: from n intervals of mean m and deviation s, cv^2 is (s / m)^2 (1 + (s / m)^2 / n), with
/// nu = (n - 1) / (1 + cv^2) degrees of freedom (by the delta method), and leans on usual_variation, which counts for
/// prior_weight of them, in the logarithm. As log(chi-squared) has the mean psi(nu / 2) + log 2 and the variance
/// psi'(nu / 2), the probability is the mean over a normal log cv^2, at nine nodes of Gauss and Hermite. So who has few
/// intervals is not taken for a clock.
///
/// A seasonal factor counts the days of a slow season for less. One case is an interval between two orders: of the
/// intervals of customers who stay, at most about the share false_alarm_rate gets so long that there is a notice.
///
/// Where P(alive) of a model is given, it is the probability that he is still a customer; then the rate bounds the
/// share of customers who are told of although they are still there.
namespace emptor::decision {

inline constexpr std::string_view churn_causes[] = {"none", "silence", "probably_gone"};

inline constexpr column_description churn_own_inputs[] = {
    {.name = "time_since_last_order",
     .unit = "time units",
     .summary = "from the last order to today; needed where there is no probability_alive",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "mean_interval",
     .unit = "time units",
     .summary = "mean time between his orders, in any unit",
     .allowed = above_zero,
     .optional = true},
    {.name = "interval_deviation",
     .unit = "time units",
     .summary =
         "standard deviation of these intervals (divisor intervals - 1); without it he is taken to vary as "
         "usual_variation says",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "intervals",
     .what = content::count,
     .unit = "intervals",
     .summary = "how many there are: his repeat orders (default 0)",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "group_interval",
     .unit = "time units",
     .summary = "mean interval of his group, worth prior_weight intervals of his own",
     .allowed = above_zero,
     .optional = true},
    {.name = "seasonal_factor",
     .summary =
         "orders that the season makes expected in the time since the last one, 1 = as in the mean of the "
         "year (季节系数; default 1)",
     .allowed = above_zero,
     .optional = true},
    {.name = "probability_alive",
     .unit = "probability",
     .summary = "P(alive) of a model such as value.pareto_nbd; where it is there, it decides alone",
     .allowed = zero_to_one,
     .optional = true},
};
inline constexpr auto churn_inputs = alert_inputs(churn_own_inputs, churn_causes);
inline constexpr auto churn_outputs =
    alert_outputs(churn_causes, "time units; probability where the cause is probably_gone",
                  std::array<column_description, 0>{});
inline constexpr auto churn_options = alert_options(std::array<option_description, 3>{{
    prior_weight_option("how many intervals of his own usual_variation and group_interval are worth", "1"),
    {.name = "usual_variation",
     .summary =
         "coefficient of variation of intervals that is assumed before any is seen; 1: orders come at random",
     .allowed = {0.01, 100.0},
     .default_value = "1"},
    {.name = "min_variation",
     .summary = "the coefficient of variation is taken to be at least this",
     .allowed = {0.01, 100.0},
     .default_value = "0.1"},
}});

/// The intervals between a customer's orders.
struct order_rhythm {
  double log_variation = 0.0; ///< mean of log cv^2
  double uncertainty = 0.0;   ///< its standard deviation; 0 = cv is known
  double intervals = 0.0;     ///< N, those of the group with them
  double sum = 0.0;           ///< S

  [[nodiscard]] bool known() const noexcept { return intervals > 0.0 && sum > 0.0; }
  [[nodiscard]] double mean() const noexcept { return sum / intervals; }
  [[nodiscard]] double deviation() const noexcept {
    using math::real;
    return math::value_of(real(mean()) * math::exp(real(0.5) * real(log_variation)));
  }
  /// The probability that an interval is longer than `time`.
  [[nodiscard]] double tail(double time) const noexcept {
    using math::real;
    constexpr double nodes[] = {0.0, 1.0232556637891324, 2.07684797867783, 3.2054290028564703,
                                4.512745863399783};
    constexpr double weights[] = {0.40634920634920634, 0.24409750289493942, 0.049916406765217844,
                                  0.002789141321231764, 2.2345844007746566e-05};
    const real x = real(sum) / (real(time) + real(sum));
    const auto at = [&](real z) {
      const real shape = math::exp(-(real(log_variation) + real(uncertainty) * z));
      const real clamped = shape < real(1e-6) ? real(1e-6) : shape > real(1e8) ? real(1e8) : shape;
      return math::ibeta(real(intervals) * clamped, clamped, x);
    };
    if (uncertainty == 0.0)
      return math::value_of(at(real(0.0)));
    real all = real(weights[0]) * at(real(0.0));
    for (std::size_t i = 1; i < 5; ++i)
      all += real(weights[i]) * (at(real(nodes[i])) + at(real(-nodes[i])));
    return math::value_of(all < real(1.0) ? all : real(1.0));
  }
};

class churn_alert : public usual_alert {
public:
  static constexpr std::size_t own_inputs = std::size(churn_own_inputs);

  explicit churn_alert(const option_values& options) noexcept
      : weight_(options.number("prior_weight"))
      , usual_(options.number("usual_variation"))
      , least_(options.number("min_variation")) {}

  void compare(const alert_row& row, comparisons& to) const noexcept {
    using math::real;
    if (row.has(6)) {
      const double alive = row.number(6);
      to.add({.cause = 2,
              .probability = alive,
              .observed = alive,
              .expected = 1.0,
              .spread = math::value_of(math::sqrt(real(alive) * (real(1.0) - real(alive)))),
              .side = bad_side::low});
      return;
    }
    const order_rhythm rhythm = rhythm_of(row);
    if (!row.has(0) || !rhythm.known())
      return;
    const real factor(row.number_or(5, 1.0));
    to.add({.cause = 1,
            .probability = rhythm.tail(math::value_of(real(row.number(0)) * factor)),
            .observed = row.number(0),
            .expected = math::value_of(real(rhythm.mean()) / factor),
            .spread = math::value_of(real(rhythm.deviation()) / factor),
            .side = bad_side::high});
  }
  [[nodiscard]] double limit(const alert_row& row, const comparison& of, double rate) const noexcept {
    if (of.cause == 2)
      return rate;
    const order_rhythm rhythm = rhythm_of(row);
    const double time = stats::solve_tail([&](double t) { return rhythm.tail(t); }, rate, rhythm.mean());
    return math::value_of(math::real(time) / math::real(row.number_or(5, 1.0)));
  }

private:
  [[nodiscard]] order_rhythm rhythm_of(const alert_row& row) const noexcept {
    using math::real;
    const real own(row.has(1) ? row.number_or(3, 0.0) : 0.0);
    const real of_group(row.has(4) ? weight_ : 0.0);
    real intervals = own + of_group;
    real sum = real(0.0);
    if (own > real(0.0))
      sum += own * real(row.number(1));
    if (of_group > real(0.0))
      sum += of_group * real(row.number(4));
    order_rhythm made{.log_variation = math::value_of(real(2.0) * math::log(real(usual_))),
                      .intervals = math::value_of(intervals),
                      .sum = math::value_of(sum)};
    if (own > real(1.0) && row.has(2)) {
      const real ratio = real(row.number(2)) / real(row.number(1));
      const real seen = ratio < real(least_) ? real(least_) : ratio;
      const real square = seen * seen * (real(1.0) + seen * seen / own);
      const real freedom = (own - 1.0) / (real(1.0) + square);
      const real all = freedom + real(weight_);
      const real half = real(0.5) * all;
      const real centre = (real(weight_) * real(made.log_variation) + freedom * math::log(square)) / all;
      made.log_variation = math::value_of(centre + math::log(half) - math::digamma(half));
      made.uncertainty = math::value_of(math::sqrt(math::trigamma(half)));
    }
    return made;
  }
  double weight_;
  double usual_;
  double least_;
};

// Nine intervals of 30 days on average, at random (k = 1): the silence of t days lasts longer with the probability
// (270 / (270 + t))^9, which is 0.75^9 = 0.07508469 after 90 days and 0.01685674 after 155. A notice begins at
// 270 (0.05^(-1/9) - 1) = 106.6367 days. In a slow season of half the orders these 155 days count for 77.5. A new customer
// without an interval has his group's, worth 3: (90 / (90 + 200))^3.
inline constexpr example_table churn_example_rows[] = {
    {"rows",
     "time_since_last_order,mean_interval,intervals,group_interval,seasonal_factor,probability_alive\n"
     "90,30,9,,,\n155,30,9,,,\n155,30,9,,0.5,\n200,,,30,,\n10,30,9,,,0.0004\n"}};
inline constexpr example_option churn_example_options[] = {{"prior_weight", "3"}};
inline constexpr example_table churn_example_expected[] = {
    {"scores", "level,is_new,cause,severity,probability,observed,expected,spread,limit\n"
               "none,false,none,1.12444862947,0.0750846862793,90,30,30,106.63671437\n"
               "notice,true,silence,1.77322649302,0.0168567368449,155,30,30,106.63671437\n"
               "none,false,none,0.986319402904,0.103200213818,155,60,60,213.27342874\n"
               "notice,true,silence,1.52446646538,0.0298905244167,200,30,30,154.297585494\n"
               "alarm,true,probably_gone,3.39794000867,0.0004,0.0004,1,0.0199959995999,0.05\n"}};
inline constexpr example churn_examples[] = {
    {.what = verb::score,
     .summary =
         "three months and five of silence, five of a slow season, a customer without a rhythm, and one of "
         "whom P(alive) is known",
     .source = "(S / (S + t))^N, the case k = 1, by hand",
     .tables = churn_example_rows,
     .options = churn_example_options,
     .expected = churn_example_expected,
     .tolerance = 1e-8},
};

inline constexpr demo_column churn_demo_columns[] = {{"probability_alive", "probability_alive"}};
inline constexpr demo_input churn_demo_inputs[] = {
    {"rows", "value.customer_value/customers", churn_demo_columns}};
inline constexpr demo_shown churn_demo_shown[] = {{"scores", "level", "CHURN"}};
inline constexpr demo_feed churn_demo[] = {
    {.what = verb::score, .inputs = churn_demo_inputs, .keep = "customer", .shown = churn_demo_shown}};

inline constexpr entry_description customer_churn_description{
    .name = "decision.alert.customer_churn",
    .what = verb::score,
    .summary =
        "early warning of churn: time since the last order against the customer's own rhythm, or P(alive)",
    .source = "Gamma intervals with a conjugate rate, whose next one is a Beta variable of the second kind; "
              "counts: "
              "Ehrenberg, Repeat-Buying (1988)",
    .chinese = "客户流失预警",
    .since = "0.1",
    .score = {.inputs = churn_inputs, .options = churn_options, .outputs = churn_outputs},
    .examples = churn_examples,
    .demo = churn_demo,
};
inline constexpr entry customer_churn_entry{.description = &customer_churn_description,
                                            .bind = bind_alert<churn_alert>};

} // namespace emptor::decision
