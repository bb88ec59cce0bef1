// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <emptor/core/money.hpp>
#include <emptor/core/run.hpp>
#include <emptor/math/dual.hpp>
#include <emptor/math/elementary.hpp>
#include <emptor/math/normal_quantile.hpp>
#include <emptor/math/real.hpp>
#include <emptor/value/gamma_gamma.hpp>
#include <emptor/value/model_fit.hpp>
#include <emptor/value/summary.hpp>

/// What an order of a customer is expected to be worth, whatever his history allows to say.
namespace emptor::value {

enum class spend_rule : std::int32_t {
  gamma_gamma = 0, ///< Gamma-Gamma: between the customer's own mean and that of the population
  mean = 1,        ///< the mean amount of all orders of all customers, the same for everybody
  own_mean = 2,    ///< the mean amount of all orders of the customer
};
inline constexpr std::string_view spend_rule_names[] = {"gamma_gamma", "mean", "own_mean"};

/// The correlation of frequency and monetary value from which on the assumption that they have nothing to do with each
/// other deserves a warning, where it is no chance: a medium effect of Cohen, Statistical Power Analysis (1988).
inline constexpr double noted_correlation = 0.3;

/// Pearson's correlation of frequency and monetary value over the customers who have both.
struct spend_correlation {
  std::int64_t customers = 0;
  double value = std::numeric_limits<double>::quiet_NaN(); ///< NaN where one of the two does not vary
  /// Ends of the interval at 95 percent by Fisher's transformation (Metron 1, 1921): atanh of the correlation has the
  /// variance 1 / (customers - 3).
  double low = std::numeric_limits<double>::quiet_NaN();
  double high = std::numeric_limits<double>::quiet_NaN();

  /// At least a medium effect, and not 0 at the level of 5 percent.
  [[nodiscard]] bool is_noted() const noexcept {
    return (value >= noted_correlation && low > 0.0) || (value <= -noted_correlation && high < 0.0);
  }
};

/// A rule for the spend, with what it needs.
struct spend_choice {
  /// An amount and its derivatives in the parameters of the rule.
  using number = math::dual<math::real, 3, 1>;

  spend_rule rule = spend_rule::gamma_gamma;
  std::string reason;
  std::int64_t customers = 0; ///< with a repeat order and a monetary value above 0
  spend_correlation correlation;
  std::optional<gamma_gamma_fit> fit; ///< also where it has no maximum
  double mean = 0.0;                  ///< amount of an order, of rule `mean`
  std::array<double, 9> covariance{}; ///< of the parameters of the rule; that of `mean` is the first
  /// Of rule `own_mean`: the amounts of a customer's orders vary as Gamma variates of this shape do, so that their
  /// coefficient of variation is 1 / sqrt(shape), for all customers alike; infinite where each always spends the same,
  /// NaN where nobody has two orders, or where amounts below 0 make them vary more than others can.
  double shape = std::numeric_limits<double>::quiet_NaN();

  /// The expected amount of an order of customer i; NaN where Gamma-Gamma has none: repeat orders whose mean amount
  /// is not above 0.
  [[nodiscard]] number of(const summaries& all, std::size_t i, double scale) const noexcept {
    switch (rule) {
    case spend_rule::gamma_gamma: {
      if (all.frequency[i] > 0 && !(all.monetary_value[i] > 0.0))
        return number(std::numeric_limits<double>::quiet_NaN());
      const std::array<double, 3> p = numbers(fit->parameters);
      return expected_spend(
          parameters_from<gamma_gamma, number>([&](std::size_t k) { return number::variable(p[k], k); }),
          math::real(static_cast<double>(all.frequency[i])),
          math::real(all.frequency[i] > 0 ? all.monetary_value[i] : 0.0));
    }
    case spend_rule::mean:
      return number::variable(mean, 0);
    default:
      return number(static_cast<double>(all.total_amount[i]) /
                    (static_cast<double>(all.order_count[i]) * scale));
    }
  }
  /// The variance of the log of customer i's own mean about what he spends per order in the long run, which rule
  /// `own_mean` estimates for each customer apart: that of the log of a Gamma variate of shape (his orders x `shape`).
  /// NaN where it is not known, as where the mean is not above 0; 0 under the other rules.
  [[nodiscard]] double own_log_variance(const summaries& all, std::size_t i) const noexcept {
    if (rule != spend_rule::own_mean)
      return 0.0;
    if (all.total_amount[i] <= 0)
      return std::numeric_limits<double>::quiet_NaN();
    return std::isinf(shape)
               ? 0.0
               : math::value_of(math::trigamma(math::real(shape) * static_cast<double>(all.order_count[i])));
  }
};

namespace detail {

[[nodiscard]] inline spend_correlation correlation_of(const summaries& all) {
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < all.frequency.size(); ++i) {
    if (all.frequency[i] > 0)
      rows.push_back(i);
  }
  spend_correlation made;
  made.customers = static_cast<std::int64_t>(rows.size());
  const auto sum = [&](const auto& term) {
    return sum_in_tree<math::real>(0, rows.size(), [&](std::size_t k) { return term(rows[k]); });
  };
  const auto count = math::real(static_cast<double>(rows.size()));
  const auto x = [&](std::size_t i) { return math::real(static_cast<double>(all.frequency[i])); };
  const auto z = [&](std::size_t i) { return math::real(all.monetary_value[i]); };
  const math::real mean_x = sum(x) / count;
  const math::real mean_z = sum(z) / count;
  const math::real both = sum([&](std::size_t i) { return (x(i) - mean_x) * (z(i) - mean_z); });
  const math::real of_x = sum([&](std::size_t i) { return (x(i) - mean_x) * (x(i) - mean_x); });
  const math::real of_z = sum([&](std::size_t i) { return (z(i) - mean_z) * (z(i) - mean_z); });
  if (!(of_x > math::real(0.0)) || !(of_z > math::real(0.0)))
    return made;
  made.value = std::clamp(math::value_of(both / sqrt(of_x) / sqrt(of_z)), -1.0, 1.0);
  if (made.customers < 4) { // which say nothing
    made.low = -1.0;
    made.high = 1.0;
    return made;
  }
  const auto end = [&](double errors) {
    if (std::fabs(made.value) == 1.0)
      return made.value;
    const double twice = math::log1p(made.value) - math::log1p(-made.value) +
                         2.0 * errors / std::sqrt(static_cast<double>(made.customers) - 3.0);
    const double grown = math::expm1(-std::fabs(twice)); // tanh, where it cannot overflow
    return std::copysign(grown / (2.0 + grown), twice);
  };
  const double errors = math::normal_quantile(0.975);
  made.low = end(-errors);
  made.high = end(errors);
  return made;
}

/// The common shape of the amounts of a customer's orders. Whatever he spends, the shares of n Gamma variates in their
/// sum are Dirichlet, and the sum over his orders of (amount / mean amount - 1)^2 is expected to be
/// n (n - 1) / (n shape + 1). The shape is the one at which all customers have together what is expected of them.
[[nodiscard]] inline double common_shape(const summaries& all) {
  std::map<std::int64_t, double> customers; // by number of orders
  std::vector<double> variations;
  double most = 0.0; // where of each customer's orders all but one are of amount 0
  for (std::size_t i = 0; i < all.order_count.size(); ++i) {
    if (all.order_count[i] < 2 || all.total_amount[i] <= 0)
      continue;
    customers[all.order_count[i]] += 1.0;
    variations.push_back(all.amount_variation[i]);
    const auto orders = static_cast<double>(all.order_count[i]);
    most += orders * (orders - 1.0);
  }
  const double found = math::value_of(sum_in_tree<math::real>(
      0, variations.size(), [&](std::size_t k) { return math::real(variations[k]); }));
  if (!(found < most))
    return std::numeric_limits<double>::quiet_NaN();
  // What is expected is concave and increasing in 1 / shape: Newton's steps from 0 stay below the root.
  double inverse = 0.0;
  for (int step = 0; step < 100; ++step) {
    math::real expected(0.0);
    math::real slope(0.0);
    for (const auto& [orders, some] : customers) {
      const auto n = math::real(static_cast<double>(orders));
      const math::real part = n / (n + inverse) * ((n - 1.0) * some);
      expected += part * inverse;
      slope += part * (n / (n + inverse));
    }
    const double next = inverse + math::value_of((math::real(found) - expected) / slope);
    if (!(next > inverse * (1.0 + 1e-15)))
      break;
    inverse = next;
  }
  return 1.0 / inverse;
}

/// The mean amount of all orders, with its variance as that of a ratio of two sums over customers.
inline void take_mean(spend_choice& made, const summaries& all, double scale) {
  wide_integer amount = 0;
  std::int64_t orders = 0;
  for (std::size_t i = 0; i < all.order_count.size(); ++i) {
    amount += all.total_amount[i];
    orders += all.order_count[i];
  }
  const auto customers = static_cast<double>(all.order_count.size());
  const auto count = static_cast<double>(orders);
  made.mean = static_cast<double>(amount) / (count * scale);
  const math::real squares = sum_in_tree<math::real>(0, all.order_count.size(), [&](std::size_t i) {
    const math::real left = math::real(static_cast<double>(all.total_amount[i]) / scale) -
                            math::real(made.mean) * static_cast<double>(all.order_count[i]);
    return left * left;
  });
  made.covariance[0] = math::value_of(squares / count / count * (customers / (customers - 1.0)));
}

} // namespace detail

/// Chooses the rule: Gamma-Gamma where its likelihood has a maximum (a ridge is one). Where it has none, `own_mean` if
/// each customer always spends the same (constant_spend), else `mean`.
/// \param all    with the variation of amounts (summary_options)
/// \param asked  a rule by name
/// \throws error status::too_few, status::not_converged (where Gamma-Gamma was asked for), status::cancelled
[[nodiscard]] inline spend_choice choose_spend(const summaries& all, std::optional<spend_rule> asked,
                                               std::string_view where, const run& how = {}) {
  const auto scale = static_cast<double>(power_of_ten(all.decimals));
  spend_choice made;
  made.correlation = detail::correlation_of(all);
  std::vector<double> frequency;
  std::vector<double> monetary_value;
  for (std::size_t i = 0; i < all.frequency.size(); ++i) {
    if (all.frequency[i] > 0 && all.monetary_value[i] > 0.0) {
      frequency.push_back(static_cast<double>(all.frequency[i]));
      monetary_value.push_back(all.monetary_value[i]);
    }
  }
  made.customers = static_cast<std::int64_t>(frequency.size());

  if (asked.value_or(spend_rule::gamma_gamma) == spend_rule::gamma_gamma) {
    try {
      made.fit = fit_gamma_gamma(frequency, monetary_value, {}, {}, how);
      made.reason = "gamma_gamma has no maximum: " + made.fit->diagnosis;
    } catch (const error& refused) {
      if (refused.code() != status::too_few || asked)
        throw error(refused.code(), std::string(where) + ": " + refused.what());
      made.reason = std::string("gamma_gamma could not be fitted: ") + refused.what();
    }
    if (made.fit && made.fit->converged) {
      made.rule = spend_rule::gamma_gamma;
      made.covariance = made.fit->covariance;
      made.reason = asked ? "asked for by option spend" : "its likelihood has a maximum";
      return made;
    }
    if (asked)
      throw error(status::not_converged, std::string(where) + ": " + made.reason);
    made.rule = made.fit && made.fit->limit == gamma_gamma_limit::constant_spend ? spend_rule::own_mean
                                                                                 : spend_rule::mean;
  } else {
    made.rule = *asked;
    made.reason = "asked for by option spend";
  }
  if (made.rule == spend_rule::mean)
    detail::take_mean(made, all, scale);
  else
    made.shape = detail::common_shape(all);
  return made;
}

} // namespace emptor::value
