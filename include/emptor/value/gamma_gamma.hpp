// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/describe.hpp>
#include <emptor/core/run.hpp>
#include <emptor/core/status.hpp>
#include <emptor/math/dual.hpp>
#include <emptor/math/elementary.hpp>
#include <emptor/math/newton.hpp>
#include <emptor/math/real.hpp>
#include <emptor/math/rising.hpp>
#include <emptor/value/customer_base.hpp>
#include <emptor/value/customer_base_description.hpp>
#include <emptor/value/model_fit.hpp>

/// Gamma-Gamma: what a customer spends per order (平均购买金额).
///
/// The amount of an order is Gamma(p, nu), with the rate nu ~ Gamma(q, v) of the customer; how much he spends has
/// nothing to do with how often. Source: Fader, Hardie and Lee, RFM and CLV, Journal of Marketing Research 42
/// (2005); Fader and Hardie, The Gamma-Gamma Model of Monetary Value, note 025 (2013).
///
/// A row is one customer: frequency x (repeat orders) and monetary_value z, the mean amount of these orders, > 0.
/// Who has no repeat order tells nothing about the parameters; of him the mean of the population is expected. Who
/// has spent nothing at all on his repeat orders (value.summary gives him the monetary value 0, not null) has no
/// likelihood, since the model knows positive amounts only: his row has the status `undefined`.
///
/// The mean of the population, p v / (q - 1), is what a sale expects of a new customer. It exists for q > 1 only,
/// so that a fit goes through log p, log(q - 1) and the log of that mean. Of these the data often leave p open:
/// a larger p with a smaller v says nearly the same, along a ridge of the likelihood.
namespace emptor::value {

struct gamma_gamma;

/// \tparam T  the scalar of the formulas: math::real, math::pack, math::dual, or double in what a caller keeps
template <class T = double>
struct gamma_gamma_parameters {
  using scalar = T;
  using model = gamma_gamma;
  T p; ///< shape of the amounts of one customer, > 0
  T q; ///< shape of the rates, > 0; the mean of the population exists for q > 1
  T v; ///< scale of the rates, > 0, in currency
};

enum class gamma_gamma_limit : std::uint8_t;

/// How a fit and the catalogue know the model.
struct gamma_gamma {
  template <class T>
  using parameters = gamma_gamma_parameters<T>;
  using limit = gamma_gamma_limit;

  static constexpr std::string_view name = "value.gamma_gamma";
  static constexpr std::string_view summary =
      "Gamma-Gamma: what a customer spends per order, between his own orders and the average customer";
  static constexpr std::string_view source =
      "Fader, Hardie and Lee, Journal of Marketing Research 42 (2005); Fader "
      "and Hardie, note 025 (2013)";
  static constexpr std::string_view chinese = "客户平均购买金额预测";
  static constexpr std::string_view since = "0.1";
  static constexpr std::array<std::string_view, 3> names{"p", "q", "v"};
  static constexpr std::array<std::string_view, 8> levels{"none",           "ridge",   "constant_spend",
                                                          "same_customers", "no_mean", "unlike_orders",
                                                          "same_amount",    "other"};
};

/// What the data leave open, or the simpler model that they ask for where there is no maximum.
enum class gamma_gamma_limit : std::uint8_t {
  none = 0,
  ridge = 1,          ///< a maximum, but p and v are hardly known; q and the population mean are
  constant_spend = 2, ///< p -> infinity: each customer always spends the same
  same_customers = 3, ///< q -> infinity: all customers are alike, only their orders differ
  no_mean = 4,        ///< q -> 1: spend so unequal that its mean does not exist
  unlike_orders = 5,  ///< p -> 0: nearly all that a customer spends is one of his orders
  same_amount = 6,    ///< p, q -> infinity: every order has the same amount
  other = 7,          ///< no maximum was found, and none of the above
};

/// Log-likelihood of the mean amount z of x orders, equation 1 of note 025:
///
///     Gamma(p x + q) / (Gamma(p x) Gamma(q)) v^q z^(p x - 1) x^(p x) / (v + x z)^(p x + q)
///
/// as a function of x z / v, in which no power of an amount is left.
template <class T>
[[nodiscard]] T log_likelihood(const gamma_gamma_parameters<T>& p, math::base_t<T> frequency,
                               math::base_t<T> monetary_value) noexcept requires(!std::same_as<T, double>) {
  using namespace math;
  const base_t<T> spent = frequency * monetary_value;
  const T shape = p.p * frequency;
  return log_gamma_ratio(shape, p.q) - lgamma(p.q) - log(monetary_value) - p.q * log1p(spent / p.v) -
         shape * log1p(p.v / spent);
}

/// The mean amount of an order of this customer (equation 5 of note 025): between his own mean and that of the
/// population, which it is for frequency 0 (whatever the monetary value). NaN where the mean does not exist.
template <class T>
[[nodiscard]] EMPTOR_INLINE T expected_spend(const gamma_gamma_parameters<T>& p, math::base_t<T> frequency,
                                             math::base_t<T> monetary_value) noexcept
    requires(!std::same_as<T, double>) {
  using namespace math;
  const T shape = p.p * frequency + (p.q - 1.0);
  const base_t<T> spent = select(frequency > 0.0, frequency * monetary_value, base_t<T>(0.0));
  return select(shape > 0.0, p.p * ((p.v + spent) / shape), T(math::detail::not_a_number));
}

/// The standard deviation of that mean, given the row: how unsure it still is. NaN where it does not exist.
template <class T>
[[nodiscard]] EMPTOR_INLINE T spend_deviation(const gamma_gamma_parameters<T>& p, math::base_t<T> frequency,
                                              math::base_t<T> monetary_value) noexcept
    requires(!std::same_as<T, double>) {
  using namespace math;
  const T shape = p.p * frequency + (p.q - 2.0);
  return select(shape > 0.0, expected_spend(p, frequency, monetary_value) / sqrt(max(shape, T(0.0))),
                T(math::detail::not_a_number));
}

/// \copydoc log_likelihood
[[nodiscard]] inline double log_likelihood(const gamma_gamma_parameters<double>& p, double frequency,
                                           double monetary_value) noexcept {
  return math::value_of(log_likelihood(as_real(p), math::real(frequency), math::real(monetary_value)));
}
/// \copydoc expected_spend
[[nodiscard]] inline double expected_spend(const gamma_gamma_parameters<double>& p, double frequency = 0.0,
                                           double monetary_value = 0.0) noexcept {
  return math::value_of(expected_spend(as_real(p), math::real(frequency), math::real(monetary_value)));
}
/// \copydoc spend_deviation
[[nodiscard]] inline double spend_deviation(const gamma_gamma_parameters<double>& p, double frequency = 0.0,
                                            double monetary_value = 0.0) noexcept {
  return math::value_of(spend_deviation(as_real(p), math::real(frequency), math::real(monetary_value)));
}

using gamma_gamma_fit = model_fit<gamma_gamma>;

namespace detail {

/// What a fit goes through: p, q - 1 and the mean of the population.
struct gamma_gamma_coordinates {
  template <class T>
  struct parameters {
    using scalar = T;
    using model = gamma_gamma_coordinates;
    T p;
    T excess; ///< q - 1
    T mean;   ///< p v / (q - 1)
  };
  using limit = gamma_gamma_limit;
  static constexpr std::array<std::string_view, 3> names{"p", "q - 1", "population mean"};
  static constexpr std::array<bool, 3> times{false, false, true};

  static void diagnose(model_fit<gamma_gamma_coordinates>& fit, const fit_end& end) {
    const auto [p, excess, mean] = fit.parameters;
    const bool constant = end.runs(0) && p > 10.0;
    const bool alike = end.runs(1) && excess > 10.0;
    if (constant && alike)
      fit.diagnose(limit::same_amount, "p and q run to infinity: every order has the same amount");
    else if (constant)
      fit.diagnose(limit::constant_spend,
                   "p runs to infinity: each customer always spends the same, the simpler "
                   "model is the inverse gamma distribution of these amounts");
    else if (alike)
      fit.diagnose(limit::same_customers,
                   "q runs to infinity: all customers are alike, the simpler model is one "
                   "gamma distribution of all amounts");
    if (end.runs(0) && p < 0.1)
      fit.diagnose(limit::unlike_orders,
                   "p runs to 0: nearly all that a customer spends is one of his orders");
    if (end.runs(1) && excess < 0.1)
      fit.diagnose(limit::no_mean, "q runs to 1: spend is so unequal that its mean does not exist");
  }
};

/// Customers with a repeat order. The amounts come in through v only: their log-likelihood is a sum over x, less
/// q times the sum of log(1 + x z / v), less p times that of x log(1 + v / (x z)).
class gamma_gamma_likelihood {
public:
  struct row {
    double frequency;
    double monetary_value;
    double weight;
  };

  /// The weighted sum of a term of a row.
  template <class Term>
  [[nodiscard]] auto sum(const Term& term) const {
    using value = decltype(term(rows_.front()));
    constexpr auto chunk = static_cast<std::size_t>(rows_per_task);
    std::vector<value> parts((rows_.size() + chunk - 1) / chunk, value(0.0));
    for_each_task(static_cast<std::int64_t>(parts.size()), how_, [&](std::int64_t task) {
      const std::size_t first = static_cast<std::size_t>(task) * chunk;
      parts[static_cast<std::size_t>(task)] =
          sum_in_tree<value>(first, std::min(first + chunk, rows_.size()),
                             [&](std::size_t i) { return term(rows_[i]) * math::real(rows_[i].weight); });
    });
    return sum_in_tree<value>(0, parts.size(), [&](std::size_t i) { return parts[i]; });
  }

  /// \param rows  equal ones are made one; their order does not matter
  gamma_gamma_likelihood(std::vector<row> rows, const run& how)
      : rows_(std::move(rows))
      , how_(how) {
    const auto key = [](const row& one) { return std::tuple(one.frequency, one.monetary_value); };
    std::sort(rows_.begin(), rows_.end(), [&](const row& left, const row& right) {
      return std::tuple(key(left), left.weight) < std::tuple(key(right), right.weight);
    });
    std::size_t kept = 0;
    for (const row& one : rows_) {
      if (kept > 0 && key(rows_[kept - 1]) == key(one))
        rows_[kept - 1].weight += one.weight;
      else
        rows_[kept++] = one;
    }
    rows_.resize(kept);
    for (const row& one : rows_) {
      if (frequencies_.empty() || frequencies_.back().frequency != one.frequency)
        frequencies_.push_back({one.frequency, 0.0, 0.0});
      frequencies_.back().weight += one.weight;
    }
    log_amounts_ = sum([](const row& one) { return math::log(math::real(one.monetary_value)); });
  }

  [[nodiscard]] std::size_t distinct() const noexcept { return rows_.size(); }
  /// \tparam Number  math::real, or math::dual over it
  template <class Number>
  [[nodiscard]] Number operator()(const gamma_gamma_parameters<Number>& p) const {
    const Number shapes = sum_in_tree<Number>(0, frequencies_.size(), [&](std::size_t i) {
      return (math::log_gamma_ratio(Number(p.p * frequencies_[i].frequency), p.q) - lgamma(p.q)) *
             math::real(frequencies_[i].weight);
    });
    return shapes - log_amounts_ -
           (p.q * of_scale(p.v, [](const row& one, const auto& v) { return log1p(spent(one) / v); }) +
            p.p * of_scale(p.v, [](const row& one, const auto& v) {
              return log1p(v / spent(one)) * math::real(one.frequency);
            }));
  }

private:
  static math::real spent(const row& one) noexcept { return math::real(one.frequency) * one.monetary_value; }
  /// The sum of a function of v alone, which needs no other derivatives.
  template <class Number, class Term>
  [[nodiscard]] Number of_scale(const Number& v, const Term& term) const {
    if constexpr (math::scalar_traits<Number>::differentiates) {
      using along_v = math::dual<math::real, 1>;
      const along_v at = along_v::variable(v.v, 0);
      const along_v total = sum([&](const row& one) { return term(one, at); });
      return compose(v, total.v, total.g[0], total.h[0]);
    } else {
      return sum([&](const row& one) { return term(one, v); });
    }
  }

  std::vector<row> rows_;
  std::vector<row> frequencies_; ///< different ones, with their weight
  math::real log_amounts_;
  run how_;
};

} // namespace detail

// Rows.

[[nodiscard]] constexpr row_fault gamma_gamma_rule(std::span<const double> values) noexcept {
  if (!(values[0] > 0.0))
    return {};
  if (values[1] != values[1])
    return {row_status::missing, 1, "there where frequency is above 0"};
  if (values[1] == 0.0)
    return {row_status::undefined, 1, "> 0 where frequency is above 0"};
  return {};
}
inline constexpr column_description gamma_gamma_columns[] = {
    frequency_column,
    {.name = "monetary_value",
     .unit = "currency",
     .summary = "mean amount of the repeat orders (平均购买金额), > 0; not looked at where frequency is 0",
     .allowed = at_least_zero,
     .optional = true},
    weight_column,
};

/// Maximum likelihood fit, through log p, log(q - 1) and the log of the population mean. Rows without a repeat
/// order do not count. The result has the same bits for any order of the rows and any number of threads. Where
/// there is no maximum `converged` is false, and `limit` and `diagnosis` name the simpler model; where there is
/// one that leaves p open, the limit is `ridge`.
/// \param weight  customers that a row stands for; empty: 1 each
/// \throws error status::schema (columns of unlike length), status::data (a bad row), status::too_few,
///         status::cancelled
[[nodiscard]] inline gamma_gamma_fit fit_gamma_gamma(std::span<const double> frequency,
                                                     std::span<const double> monetary_value,
                                                     std::span<const double> weight = {},
                                                     const fit_options& options = {}, const run& how = {}) {
  const std::string where(gamma_gamma::name);
  const std::array columns{frequency, monetary_value, weight};
  for (std::size_t c = 1; c < 3; ++c) {
    if (columns[c].size() != frequency.size() && !(c == 2 && weight.empty()))
      throw error(status::schema,
                  where + ": " + std::string(gamma_gamma_columns[c].name) + " has " +
                      std::to_string(columns[c].size()) + " rows, but must have " +
                      std::to_string(frequency.size()) + " as frequency",
                  -1, static_cast<std::int32_t>(c));
  }
  gamma_gamma_fit fit;
  std::vector<detail::gamma_gamma_likelihood::row> rows;
  for (std::size_t i = 0; i < frequency.size(); ++i) {
    const auto refuse = [&](std::size_t c, std::string_view wanted) {
      const auto at = static_cast<std::int64_t>(i);
      throw error(status::data,
                  message(where, gamma_gamma_columns[c].name, at, to_text(columns[c][i]), wanted), at,
                  static_cast<std::int32_t>(c));
    };
    constexpr double largest = std::numeric_limits<double>::max();
    const double w = weight.empty() ? 1.0 : weight[i];
    if (!(frequency[i] >= 0.0 && frequency[i] <= largest))
      refuse(0, ">= 0");
    if (math::floor(frequency[i]) != frequency[i])
      refuse(0, "whole");
    if (frequency[i] > 0.0 && !(monetary_value[i] > 0.0 && monetary_value[i] <= largest))
      refuse(1, "> 0 where frequency is above 0");
    if (!(w >= 0.0 && w <= largest))
      refuse(2, ">= 0");
    if (w == 0.0 || frequency[i] == 0.0)
      continue;
    ++fit.customers;
    rows.push_back({frequency[i], monetary_value[i], w});
  }
  run quiet = how; // Newton's method reports the progress
  quiet.progress = nullptr;
  if (fit.customers < 3)
    throw error(status::too_few,
                where + ": " + std::to_string(fit.customers) +
                    " customers with a repeat order cannot carry 3 parameters; at least 3 are "
                    "needed");
  const detail::gamma_gamma_likelihood likelihood(std::move(rows), quiet);
  using row = detail::gamma_gamma_likelihood::row;
  fit.distinct_rows = static_cast<std::int64_t>(likelihood.distinct());
  fit.total_weight = math::value_of(likelihood.sum([](const row&) { return math::real(1.0); }));
  // The geometric mean, which no single customer dominates.
  const double scale = math::exp(
      math::value_of(likelihood.sum([](const row& one) { return log(math::real(one.monetary_value)); })) /
      fit.total_weight);
  if (!(scale >= 1e-90 && scale <= 1e90))
    throw error(status::too_few, where + ": the mean spend must be in [1e-90, 1e90]");

  using coordinates = detail::gamma_gamma_coordinates;
  using number = math::dual<math::real, 3>;
  const auto natural = [](const auto& p, const auto& excess, const auto& mean) {
    return gamma_gamma_parameters<std::decay_t<decltype(p)>>{p, excess + 1.0, mean * excess / p};
  };
  const auto objective = [&](std::span<const double> point, math::newton_value& out) {
    const auto coordinate = [&](std::size_t i) { return exp(number::variable(point[i], i)); };
    detail::take_derivatives(likelihood(natural(coordinate(0), coordinate(1), number(coordinate(2) * scale))),
                             out);
  };
  const std::array<numbers_of<coordinates>, 3> starts{numbers_of<coordinates>{3.0, 2.0, 1.3},
                                                      numbers_of<coordinates>{0.3, 0.5, 2.0},
                                                      numbers_of<coordinates>{50.0, 20.0, 1.0}};
  model_fit<coordinates> found;
  estimate(found, objective, std::span<const numbers_of<coordinates>>(starts), scale, options, how,
           [](model_fit<coordinates>& of, const fit_end& end) { coordinates::diagnose(of, end); });

  fit.iterations = found.iterations;
  fit.scaled_gradient = found.scaled_gradient;
  fit.converged = found.converged;
  fit.limit = found.limit;
  fit.diagnosis = found.diagnosis;
  // The delta method carries the covariance from the coordinates to p, q, v.
  const auto at = numbers(found.parameters);
  using linear = math::dual<math::real, 3, 1>;
  const gamma_gamma_parameters<linear> estimate =
      natural(linear::variable(at[0], 0), linear::variable(at[1], 1), linear::variable(at[2], 2));
  fit.parameters = {math::value_of(estimate.p), math::value_of(estimate.q), math::value_of(estimate.v)};
  const std::array slopes{estimate.p, estimate.q, estimate.v};
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 3; ++j) {
      math::real sum(0.0);
      for (std::size_t k = 0; k < 3; ++k)
        for (std::size_t l = 0; l < 3; ++l)
          sum += slopes[i].g[k] * slopes[j].g[l] * found.covariance[3 * k + l];
      fit.covariance[3 * i + j] = math::value_of(sum);
    }
  for (std::size_t i = 0; i < 3; ++i)
    fit.standard_errors[i] = math::sqrt(fit.covariance[4 * i]);
  fit.log_likelihood = math::value_of(likelihood(as_real(fit.parameters)));
  // Within two standard errors p may be more than seven times as large or as small.
  if (fit.converged && fit.standard_errors[0] > fit.parameters.p)
    fit.diagnose(
        gamma_gamma_limit::ridge,
        "the standard error of p is larger than p: p and v may change together along a ridge, and only q "
        "and the mean of the population are known");
  return fit;
}

} // namespace emptor::value
