// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

#include <emptor/math/dual.hpp>
#include <emptor/math/elementary.hpp>
#include <emptor/math/hypergeometric.hpp>
#include <emptor/math/real.hpp>
#include <emptor/math/rising.hpp>
#include <emptor/value/bg_bb_process.hpp>
#include <emptor/value/customer_base.hpp>
#include <emptor/value/customer_base_description.hpp>
#include <emptor/value/customer_base_fit.hpp>
#include <emptor/value/customer_rows.hpp>
#include <emptor/value/model_fit.hpp>

/// BG/BB: how often a customer uses the opportunities that he has, such as the yearly appeal of a charity, and
/// whether he still does (离散机会的购买与流失).
///
/// At each opportunity a customer who is alive orders with the probability p ~ Beta(alpha, beta); before each
/// opportunity he drops out for good with the probability theta ~ Beta(gamma, delta), independent of p.
/// Source: Fader, Hardie and Shang, Customer-Base Analysis in a Discrete-Time Noncontractual Setting, Marketing
/// Science 29 (2010).
///
/// A row is one customer: frequency x (opportunities at which he ordered), recency t_x (the last of them, 0
/// where x = 0) and opportunities n, whole numbers, x <= t_x <= n. Horizons are whole numbers of opportunities.
/// A new customer is the row (0, 0, 0).
///
/// The paper's likelihood is a sum over the opportunity at which the customer may have dropped out, its terms
/// products of Beta functions. Here a silence is what everything is made of: who is known to be alive at some
/// opportunity has Beta-distributed p and theta again, and from there each further opportunity is a step with
/// simple probabilities. Nothing cancels, whatever the parameters and however long the silence.
namespace emptor::value {

struct bg_bb;

/// \tparam T  the scalar of the formulas: math::real, math::dual, or double in what a caller keeps
template <class T = double>
struct bg_bb_parameters {
  using scalar = T;
  using model = bg_bb;
  T alpha; ///< first shape of the order probabilities, > 0
  T beta;  ///< second shape, > 0; the mean order probability is alpha / (alpha + beta)
  T gamma; ///< first shape of the drop-out probabilities, > 0
  T delta; ///< second shape, > 0; the mean drop-out probability is gamma / (gamma + delta)
};

namespace detail {

/// A row: the customer at his last order, and the silence since.
template <class T>
struct bg_bb_past {
  bg_bb_alive<T> then;
  double steps; ///< opportunities since
  bg_bb_walk<T> silence;

  bg_bb_past(const T& alpha, const T& beta, const T& gamma, const T& delta, math::base_t<T> frequency,
             math::base_t<T> recency, math::base_t<T> opportunities)
      : then{alpha + frequency, beta + (recency - frequency), gamma, delta + recency}
      , steps(math::value_of(opportunities - recency))
      , silence(then.silence(steps)) {}

  /// P(silent since), dropped out or not.
  [[nodiscard]] T probability() const noexcept { return silence.collected + silence.left; }
  /// The same probability for another customer, relative to it.
  [[nodiscard]] T weight_of(const bg_bb_alive<T>& other) const {
    const bg_bb_walk<T> of_other = other.silence(steps);
    return (of_other.collected + of_other.left) / probability();
  }
};

} // namespace detail

/// What is known of a customer who is alive at opportunity n + 1: see customer_base.hpp. Rows of a pack need unlike
/// numbers of steps, so that they go one by one.
template <class T>
struct bg_bb_living {
  using base = math::base_t<T>;

  T alpha;
  T beta;
  T gamma;
  T delta;

  [[nodiscard]] T ever() const noexcept { return active(base(detail::most_opportunities)); }
  [[nodiscard]] T stays(const base& horizon) const noexcept {
    return math::exp(-math::log_rising_ratio(delta, gamma, horizon));
  }
  [[nodiscard]] T active(const base& horizon) const noexcept {
    return one_by_one([](const auto& who, auto steps) { return who.orders_within(math::value_of(steps)); },
                      horizon);
  }
  /// The closed form of the paper, equation 13, without its P(alive).
  [[nodiscard]] T orders(const base& horizon) const noexcept {
    return mean_order_probability() *
           one_by_one(
               [](const auto& who, auto steps) { return who.opportunities_within(math::value_of(steps)); },
               horizon);
  }
  /// The paper's discounted expected residual transactions with d = exp(rate) - 1: the next opportunity is one
  /// step ahead.
  [[nodiscard]] T discounted(const base& rate) const noexcept {
    const base factor = math::exp(-rate);
    return mean_order_probability() * factor *
           math::hypergeometric_1b(delta, gamma, T(factor), T(-math::expm1(-rate)));
  }
  [[nodiscard]] T discounted(const base& rate, const base& horizon) const noexcept {
    return mean_order_probability() *
           one_by_one(
               [](const auto& who, auto per_step, auto steps) {
                 return who.discounted_opportunities_within(math::value_of(per_step), math::value_of(steps));
               },
               rate, horizon);
  }
  /// A whole number of opportunities.
  [[nodiscard]] T next_order(const T& share) const noexcept {
    return one_by_one([](const auto& who, const auto& wanted) { return who.order_comes_with(wanted); },
                      share);
  }
  /// Equation 7 of the paper, for him.
  [[nodiscard]] T log_count(const base& n, const base& horizon) const noexcept {
    return one_by_one([](const auto& who, auto count,
                         auto steps) { return who.log_orders(math::value_of(count), math::value_of(steps)); },
                      n, horizon);
  }

private:
  [[nodiscard]] T mean_order_probability() const noexcept { return alpha / (alpha + beta); }
  template <class F, class... A>
  [[nodiscard]] T one_by_one(const F& f, const A&... asked) const noexcept {
    return math::lanewise(
        math::mask_true<T>(),
        [&f](const auto& a, const auto& b, const auto& c, const auto& d, const auto&... more) {
          return f(detail::bg_bb_alive<std::decay_t<decltype(a)>>{a, b, c, d}, more...);
        },
        alpha, beta, gamma, delta, asked...);
  }
};

enum class bg_bb_limit : std::uint8_t;

/// The model for customer_base.hpp; age is the number of opportunities.
struct bg_bb {
  template <class T>
  using parameters = bg_bb_parameters<T>;
  using limit = bg_bb_limit;

  /// Alive at opportunity n + 1: A10 of the paper at m = 1.
  template <class T>
  [[nodiscard]] static T alive(const parameters<T>& p, const math::base_t<T>& frequency,
                               const math::base_t<T>& recency,
                               const math::base_t<T>& opportunities) noexcept {
    return of_past(
        p,
        [](const auto& past) {
          const auto& then = past.then;
          return past.silence.left / past.probability() *
                 ((then.delta + past.steps) / (then.gamma + (then.delta + past.steps)));
        },
        frequency, recency, opportunities);
  }
  template <class T>
  [[nodiscard]] static T gone(const parameters<T>& p, const math::base_t<T>& frequency,
                              const math::base_t<T>& recency, const math::base_t<T>& opportunities) noexcept {
    return of_past(
        p,
        [](const auto& past) {
          const auto& then = past.then;
          const auto leaves = then.gamma / (then.gamma + (then.delta + past.steps));
          return (past.silence.collected + past.silence.left * leaves) / past.probability();
        },
        frequency, recency, opportunities);
  }
  template <class T>
  [[nodiscard]] static bg_bb_living<T> living(const parameters<T>& p, const math::base_t<T>& frequency,
                                              const math::base_t<T>& opportunities) noexcept {
    return {p.alpha + frequency, p.beta + (opportunities - frequency), p.gamma,
            p.delta + (opportunities + 1.0)};
  }
  /// E[p], the mean of the customer's own probability to order at an opportunity while alive.
  template <class T>
  [[nodiscard]] static T mean_order_rate(const parameters<T>& p, const math::base_t<T>& frequency,
                                         const math::base_t<T>& recency,
                                         const math::base_t<T>& opportunities) noexcept {
    return of_past(
        p,
        [](const auto& past) {
          auto more = past.then;
          more.alpha = more.alpha + 1.0;
          return past.then.alpha / (past.then.alpha + past.then.beta) * past.weight_of(more);
        },
        frequency, recency, opportunities);
  }
  /// E[theta], the mean of the customer's own probability to drop out before an opportunity.
  template <class T>
  [[nodiscard]] static T mean_dropout(const parameters<T>& p, const math::base_t<T>& frequency,
                                      const math::base_t<T>& recency,
                                      const math::base_t<T>& opportunities) noexcept {
    return of_past(
        p,
        [](const auto& past) {
          auto more = past.then;
          more.gamma = more.gamma + 1.0;
          return past.then.gamma / (past.then.gamma + past.then.delta) * past.weight_of(more);
        },
        frequency, recency, opportunities);
  }

  static constexpr std::string_view name = "value.bg_bb";
  static constexpr std::string_view summary = "BG/BB: use and drop-out of customers with opportunities in "
                                              "discrete time; P(alive) and expected orders";
  static constexpr std::string_view source = "Fader, Hardie and Shang, Marketing Science 29 (2010)";
  static constexpr std::string_view chinese = "离散机会的客户活跃度与购买预测";
  static constexpr std::string_view since = "0.1";
  static constexpr std::array<std::string_view, 4> names{"alpha", "beta", "gamma", "delta"};
  static constexpr std::array<bool, 4> times{};
  static constexpr std::array<std::string_view, 9> levels{
      "none",          "no_drop_out", "certain_drop_out", "same_drop_out", "split_drop_out",
      "certain_order", "same_order",  "split_order",      "other"};

  [[nodiscard]] static constexpr std::string_view undefined(quantity /*which*/) noexcept { return {}; }
  [[nodiscard]] static constexpr quantity_description described(quantity which,
                                                                quantity_description general) noexcept;

  /// \param shape  1: customers are neither much alike nor unlike; \param use  orders per opportunity
  [[nodiscard]] static std::array<double, 4> start(double shape, double use) noexcept {
    const double order = 0.05 + 0.9 * std::fmin(2.0 * use, 1.0);
    return {shape * order, shape * (1.0 - order), 0.2 * shape, 0.8 * shape};
  }
  static void diagnose(model_fit<bg_bb>& fit, const fit_end& end);

private:
  template <class T, class F>
  [[nodiscard]] static T of_past(const parameters<T>& p, const F& f, const math::base_t<T>& frequency,
                                 const math::base_t<T>& recency,
                                 const math::base_t<T>& opportunities) noexcept {
    return math::lanewise(
        math::mask_true<T>(),
        [&f](const auto& a, const auto& b, const auto& c, const auto& d, const auto& x, const auto& t_x,
             const auto& n) {
          return f(detail::bg_bb_past<std::decay_t<decltype(a)>>(a, b, c, d, x, t_x, n));
        },
        p.alpha, p.beta, p.gamma, p.delta, frequency, recency, opportunities);
  }
};

namespace detail {

/// log P(orders and silences up to the last order, alive then): B(alpha + x, beta + t_x - x) / B(alpha, beta) and
/// B(gamma, delta + t_x) / B(gamma, delta) as chances to go on.
template <class T>
[[nodiscard]] T log_until_last_order(const bg_bb_parameters<T>& p, const math::base_t<T>& frequency,
                                     const math::base_t<T>& recency) noexcept {
  const math::base_t<T> silent = recency - frequency;
  return -(math::log_rising_ratio(p.beta, p.alpha, silent) +
           math::log_rising_ratio(p.alpha, T(p.beta + silent), frequency) +
           math::log_rising_ratio(p.delta, p.gamma, recency));
}

} // namespace detail

/// Log-likelihood of one customer. More special than the one that the models share: BG/BB has no two terms.
template <class T>
requires(!std::same_as<T, double>) [[nodiscard]] T
    log_likelihood(const bg_bb_parameters<T>& p, math::base_t<T> frequency, math::base_t<T> recency,
                   math::base_t<T> opportunities) noexcept {
  const detail::bg_bb_past<T> past(p.alpha, p.beta, p.gamma, p.delta, frequency, recency, opportunities);
  return detail::log_until_last_order(p, frequency, recency) + log(past.probability());
}

/// Where the likelihood rises without end: the simpler model that the data ask for.
enum class bg_bb_limit : std::uint8_t {
  none = 0,
  no_drop_out = 1,      ///< gamma / (gamma + delta) -> 0: nobody drops out, the beta-binomial model
  certain_drop_out = 2, ///< gamma / (gamma + delta) -> 1: everybody is gone before the first opportunity
  same_drop_out = 3,    ///< gamma, delta -> infinity: one drop-out probability for all
  split_drop_out = 4,   ///< gamma, delta -> 0: some leave at once, the others never
  certain_order = 5,    ///< alpha / (alpha + beta) -> 1: whoever is alive uses every opportunity
  same_order = 6,       ///< alpha, beta -> infinity: one order probability for all
  split_order = 7,      ///< alpha, beta -> 0: some use every opportunity, the others none
  other = 8,            ///< no maximum was found, and none of the above
};

using bg_bb_fit = model_fit<bg_bb>;

inline void bg_bb::diagnose(model_fit<bg_bb>& fit, const fit_end& end) {
  const auto [alpha, beta, gamma, delta] = fit.parameters;
  if (end.runs(0) || end.runs(1)) {
    if (alpha > 10.0 && beta > 10.0)
      fit.diagnose(limit::same_order, "alpha and beta run to infinity: the order probability is the same for "
                                      "all, the simpler model is the geometric/binomial");
    else if (beta < 1e-3 * alpha)
      fit.diagnose(limit::certain_order, "beta / (alpha + beta) runs to 0: whoever is alive uses every "
                                         "opportunity, the simpler model is the shifted beta-geometric");
    else if (alpha < 0.1 && beta < 0.1)
      fit.diagnose(limit::split_order,
                   "alpha and beta run to 0: some use every opportunity and the others none, "
                   "the simpler model is a mixture of the two");
  }
  if (end.runs(2) || end.runs(3)) {
    const double mean = gamma / (gamma + delta);
    if (mean < 1e-3)
      fit.diagnose(
          limit::no_drop_out,
          "gamma / (gamma + delta) runs to 0: nobody drops out, the simpler model is the beta-binomial");
    else if (mean > 1.0 - 1e-3)
      fit.diagnose(limit::certain_drop_out, "delta / (gamma + delta) runs to 0: everybody is gone before the "
                                            "first opportunity");
    else if (gamma > 10.0 && delta > 10.0)
      fit.diagnose(limit::same_drop_out,
                   "gamma and delta run to infinity: the drop-out probability is the same "
                   "for all, the simpler model is the geometric/beta-binomial");
    else if (gamma < 0.1 && delta < 0.1)
      fit.diagnose(limit::split_drop_out,
                   "gamma and delta run to 0: some drop out at once, the others never, "
                   "the simpler model is a mixture of the two");
  }
}

namespace detail {

/// The weighted log-likelihood of different rows. Those with the same x and n share one walk back from n: the
/// silence after one last order begins with that after a later one.
class bg_bb_likelihood {
public:
  bg_bb_likelihood(const customer_rows& rows, const run& how)
      : rows_(rows)
      , of_pair_(rows.aged.size())
      , weight_(rows.recent.size())
      , how_(how) {
    // Within a pair of (x, n) the rows come with rising recency.
    for (std::size_t i = 0; i < rows.rows.size(); ++i) {
      of_pair_[rows.rows[i].aged].push_back(i);
      weight_[rows.rows[i].recent] += rows.rows[i].weight;
    }
  }

  template <class Number>
  [[nodiscard]] Number operator()(const bg_bb_parameters<Number>& p) const {
    std::vector<Number> silent(of_pair_.size());
    for_each_task(static_cast<std::int64_t>(silent.size()), how_, [&](std::int64_t pair) {
      const auto i = static_cast<std::size_t>(pair);
      silent[i] = of_pair(p, i);
    });
    const Number before = sum_in_tree<Number>(0, weight_.size(), [&](std::size_t i) {
      return log_until_last_order(p, math::real(rows_.recent.frequency[i]),
                                  math::real(rows_.recent.time[i])) *
             math::real(weight_[i]);
    });
    return before + sum_in_tree<Number>(0, silent.size(), [&](std::size_t i) { return silent[i]; });
  }

private:
  /// The sum of weight log P(silent since the last order) over the rows of a pair.
  template <class Number>
  [[nodiscard]] Number of_pair(const bg_bb_parameters<Number>& p, std::size_t pair) const {
    const math::real frequency(rows_.aged.frequency[pair]);
    math::real until(rows_.aged.time[pair]);
    Number probability(1.0);
    Number sum(0.0);
    for (std::size_t k = of_pair_[pair].size(); k-- > 0;) {
      const customer_rows::row& row = rows_.rows[of_pair_[pair][k]];
      const bg_bb_past<Number> past(p.alpha, p.beta, p.gamma, p.delta, frequency,
                                    math::real(rows_.recent.time[row.recent]), until);
      probability = past.silence.collected + past.silence.left * probability;
      sum = sum + log(probability) * math::real(row.weight);
      until = rows_.recent.time[row.recent];
    }
    return sum;
  }

  const customer_rows& rows_;
  std::vector<std::vector<std::size_t>> of_pair_;
  std::vector<double> weight_; ///< of each (x, t_x)
  run how_;
};

} // namespace detail

// Rows.

[[nodiscard]] constexpr row_fault bg_bb_rule(std::span<const double> values) noexcept {
  if (values[1] > values[2])
    return {row_status::inconsistent, 1, "<= opportunities"};
  if (values[0] > values[1])
    return {row_status::inconsistent, 0, "<= recency"};
  if (values[0] == 0.0 && values[1] != 0.0)
    return {row_status::inconsistent, 1, "0 where frequency is 0"};
  return {};
}
template <>
inline constexpr row_rule rule_of<bg_bb> = &bg_bb_rule;
/// Whole numbers that doubles count exactly, also after some are added.
inline constexpr domain bg_bb_counts{0.0, 1e15};
inline constexpr column_description bg_bb_columns[] = {
    {.name = "frequency",
     .what = content::count,
     .unit = "orders",
     .summary = "opportunities at which the customer ordered (购买频次), <= recency",
     .allowed = bg_bb_counts},
    {.name = "recency",
     .what = content::count,
     .unit = "opportunities",
     .summary = "number of the last opportunity at which he ordered; 0 where frequency is 0",
     .allowed = bg_bb_counts},
    {.name = "opportunities",
     .what = content::count,
     .unit = "opportunities",
     .summary = "opportunities that he has had, >= recency",
     .allowed = bg_bb_counts},
    weight_column,
};

/// What is wrong with a row that comes from columns of any numbers: frequency, recency, opportunities.
[[nodiscard]] inline row_status bg_bb_row_status(const std::array<double, 3>& row) noexcept {
  for (const double count : row) {
    if (math::floor(count) != count)
      return row_status::not_integer;
    if (!bg_bb_counts.contains(count))
      return row_status::out_of_domain;
  }
  return bg_bb_rule(row).status;
}

namespace detail {

/// \throws error status::schema (columns of unlike length), status::data (a bad row)
inline void check_bg_bb(const std::array<std::span<const double>, 4>& columns) {
  const std::size_t count = columns[0].size();
  for (std::size_t c = 1; c < 4; ++c) {
    const bool left_out = c == 3 && columns[c].empty();
    if (columns[c].size() != count && !left_out)
      throw error(status::schema,
                  std::string(bg_bb::name) + ": " + std::string(bg_bb_columns[c].name) + " has " +
                      std::to_string(columns[c].size()) + " rows, but must have " + std::to_string(count) +
                      " as frequency",
                  -1, static_cast<std::int32_t>(c));
  }
  for (std::size_t i = 0; i < count; ++i) {
    const auto refuse = [&](std::size_t c, const std::string& wanted) {
      const auto row = static_cast<std::int64_t>(i);
      throw error(status::data,
                  message(bg_bb::name, bg_bb_columns[c].name, row, to_text(columns[c][i]), wanted), row,
                  static_cast<std::int32_t>(c));
    };
    for (std::size_t c = 0; c < 4; ++c) {
      if (columns[c].empty())
        continue;
      if (!bg_bb_columns[c].allowed.contains(columns[c][i]))
        refuse(c, to_text(bg_bb_columns[c].allowed));
      if (c < 3 && math::floor(columns[c][i]) != columns[c][i])
        refuse(c, "whole");
    }
    if (const row_fault fault = bg_bb_rule(std::array{columns[0][i], columns[1][i], columns[2][i]});
        fault.status != row_status::ok)
      refuse(fault.column, std::string(fault.must_be));
  }
}

} // namespace detail

/// Maximum likelihood fit. Rows are one donor each, or one distinct row with the number of donors as its `weight`
/// (empty: 1 each). As for fit_customer_base, the result has the same bits for any order of the rows and any
/// number of threads, and where there is no maximum `limit` and `diagnosis` name the simpler model.
/// \throws error status::schema (columns of unlike length), status::data (a bad row), status::too_few,
///         status::cancelled
[[nodiscard]] inline bg_bb_fit fit_bg_bb(std::span<const double> frequency, std::span<const double> recency,
                                         std::span<const double> opportunities,
                                         std::span<const double> weight = {}, const fit_options& options = {},
                                         const run& how = {}) {
  detail::check_bg_bb({frequency, recency, opportunities, weight});
  const customer_rows rows = compress_customers(frequency, recency, opportunities, weight);
  bg_bb_fit fit = begin_fit<bg_bb>(rows);
  run quiet = how; // Newton's method reports the progress
  quiet.progress = nullptr;
  const detail::bg_bb_likelihood likelihood(rows, quiet);
  using number = math::dual<math::real, 4>;
  const auto objective = [&](std::span<const double> point, math::newton_value& out) {
    detail::take_derivatives(likelihood(parameters_from<bg_bb, number>(
                                 [&](std::size_t i) { return exp(number::variable(point[i], i)); })),
                             out);
  };
  const double used = rows.weighted([](double x, double) { return x; });
  const double had = rows.weighted([](double, double n) { return n; });
  const std::array<numbers_of<bg_bb>, 3> starts{bg_bb::start(1.0, used / had), bg_bb::start(0.1, used / had),
                                                bg_bb::start(20.0, used / had)};
  estimate(fit, objective, starts, 1.0, options, how,
           [](bg_bb_fit& of, const fit_end& end) { bg_bb::diagnose(of, end); });
  fit.log_likelihood = math::value_of(likelihood(as_real(fit.parameters)));
  return fit;
}

} // namespace emptor::value
