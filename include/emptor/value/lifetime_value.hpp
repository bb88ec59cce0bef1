// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/date.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/core/instance.hpp>
#include <emptor/core/units.hpp>
#include <emptor/math/apply.hpp>
#include <emptor/math/dual.hpp>
#include <emptor/math/elementary.hpp>
#include <emptor/math/pack.hpp>
#include <emptor/math/real.hpp>
#include <emptor/value/customer_base_scorer.hpp>
#include <emptor/value/order_models.hpp>

/// Customer lifetime value (客户终身价值): what a customer will still bring, in today's money.
///
///     lifetime value = margin x expected spend per order x discounted expected orders
///
/// The orders come from a model of when customers order, the spend from a model of how much; that the two have
/// nothing to do with each other is what both assume. Source: Fader, Hardie and Lee, RFM and CLV, Journal of
/// Marketing Research 42 (2005).
namespace emptor::value {

/// When future orders are discounted.
enum class discounting : std::int32_t {
  continuous = 0, ///< each to its own moment
  month_end = 1,  ///< those of a calendar month to its end
};
inline constexpr std::string_view discounting_names[] = {"continuous", "month_end"};

/// How far ahead, and at which price.
struct discount_schedule {
  double rate = 0.0; ///< continuous, per time unit of the order model
  double horizon = std::numeric_limits<double>::infinity();
  std::vector<double> ends;    ///< of the months, in time units; empty: each order to its own moment
  std::vector<double> factors; ///< of an order in each month
};

namespace detail {

/// Discounted expected orders of a row, as math::apply_rows wants a formula. The uniforms are the parameters, the
/// rate, the horizon, the number of months, and of each its end and its factor.
template <class Model, class T>
struct discounted_orders {
  static constexpr int inputs = static_cast<int>(customer_inputs);
  static constexpr int outputs = 1;
  using base = math::base_t<T>;

  typename prepared<Model, T>::type prepared_model;
  const double* schedule;

  explicit discounted_orders(const double* uniforms) noexcept
      : discounted_orders(parameters_from<Model, T>([&](std::size_t i) { return T(uniforms[i]); }),
                          uniforms + parameter_count<Model>) {}
  discounted_orders(const typename Model::template parameters<T>& p, const double* months) noexcept
      : prepared_model(p)
      , schedule(months) {}

  void row(const base* in, T* out, const bool* /*wanted*/) const noexcept {
    out[0] = alive(in[0], in[1], in[2]) * of_living(in[0], in[2]);
  }
  [[nodiscard]] T alive(const base& frequency, const base& recency, const base& age) const noexcept {
    return Model::alive(prepared_model, frequency, recency, age);
  }
  /// Of a customer who is alive.
  [[nodiscard]] T of_living(const base& frequency, const base& age) const noexcept {
    const auto living = Model::living(prepared_model, frequency, age);
    const auto months = static_cast<std::size_t>(schedule[2]);
    if (months == 0)
      return schedule[1] < math::detail::infinity ? living.discounted(base(schedule[0]), base(schedule[1]))
                                                  : living.discounted(base(schedule[0]));
    T sum(0.0);
    T before(0.0);
    for (std::size_t i = 0; i < months; ++i) {
      const T until = living.orders(base(schedule[3 + 2 * i]));
      sum = sum + (until - before) * base(schedule[4 + 2 * i]);
      before = until;
    }
    return sum;
  }
};
template <class Model>
struct discounted_orders_of {
  template <class T>
  using formula = discounted_orders<Model, T>;
};
template <class Model>
[[nodiscard]] std::vector<double> discounting_uniforms(const emptor::model& fitted,
                                                       const discount_schedule& schedule) {
  std::vector<double> made = read_parameters<Model>(fitted);
  made.push_back(schedule.rate);
  made.push_back(schedule.horizon);
  made.push_back(static_cast<double>(schedule.ends.size()));
  for (std::size_t i = 0; i < schedule.ends.size(); ++i) {
    made.push_back(schedule.ends[i]);
    made.push_back(schedule.factors[i]);
  }
  return made;
}

} // namespace detail

/// An order model and a schedule turned into discounted expected orders, whichever model it is.
class order_forecast {
public:
  order_forecast() = default;
  order_forecast(const order_forecast&) = delete;
  order_forecast& operator=(const order_forecast&) = delete;
  order_forecast(order_forecast&&) = delete;
  order_forecast& operator=(order_forecast&&) = delete;
  virtual ~order_forecast() = default;

  /// \param in  columns of frequency, recency, age
  virtual void orders(const std::array<const double*, customer_inputs>& in, double* out,
                      std::int64_t rows) const noexcept = 0;
  /// The variance of the log of what `orders` gives a row; NaN where the model has no covariance.
  [[nodiscard]] virtual double
  log_variance(const std::array<double, customer_inputs>& row) const noexcept = 0;
  /// What is wrong with a row whose columns are each in their domain.
  [[nodiscard]] virtual row_status check(const std::array<double, customer_inputs>& row) const noexcept = 0;
};

namespace detail {

/// The variance of log y.
template <std::size_t N>
[[nodiscard]] double log_variance_of(const math::dual<math::real, N, 1>& y,
                                     std::span<const double> covariance) {
  if (covariance.empty())
    return std::numeric_limits<double>::quiet_NaN();
  return math::value_of(math::real(delta_variance(y, covariance)) / y.v / y.v);
}

/// margin x expected spend per order x discounted expected orders.
[[nodiscard]] inline double lifetime_value_of(double margin, double spend, double orders) noexcept {
  return math::value_of(math::real(margin) * spend * orders);
}
/// Its interval, from the variances of the logs of the two expectations. They are fitted to what has nothing to do
/// with each other, so that their relative errors add up.
/// \param width  half of the interval in standard errors
[[nodiscard]] inline interval lifetime_value_interval(double value, double log_variance_of_orders,
                                                      double log_variance_of_spend, double width) noexcept {
  if (value == 0.0)
    return {0.0, 0.0};
  return delta_interval(value, value * value * (log_variance_of_orders + log_variance_of_spend), width,
                        false);
}

template <class Model>
class forecast_with final : public order_forecast {
public:
  forecast_with(const emptor::model& fitted, const discount_schedule& schedule)
      : uniforms_(discounting_uniforms<Model>(fitted, schedule))
      , covariance_(read_covariance(fitted, Model::names)) {}

  void orders(const std::array<const double*, customer_inputs>& in, double* out,
              std::int64_t rows) const noexcept override {
    math::apply_rows<discounted_orders_of<Model>::template formula, math::pack<math::isa::baseline>>(
        uniforms_.data(), in.data(), &out, rows);
  }
  [[nodiscard]] double log_variance(const std::array<double, customer_inputs>& row) const noexcept override {
    using number = math::dual<math::real, parameter_count<Model>, 1>;
    const discounted_orders<Model, number> formula(
        parameters_from<Model, number>([&](std::size_t i) { return number::variable(uniforms_[i], i); }),
        uniforms_.data() + parameter_count<Model>);
    const std::array<math::real, customer_inputs> at{row[0], row[1], row[2]};
    number orders;
    formula.row(at.data(), &orders, nullptr);
    return log_variance_of(orders, covariance_);
  }
  [[nodiscard]] row_status check(const std::array<double, customer_inputs>& row) const noexcept override {
    return std::same_as<Model, bg_bb> ? bg_bb_row_status(row) : row_status::ok;
  }

private:
  std::vector<double> uniforms_;
  std::vector<double> covariance_;
};

#if defined(EMPTOR_INSTANCE)
EMPTOR_INSTANCE class forecast_with<bg_bb>;
EMPTOR_INSTANCE class forecast_with<bg_nbd>;
EMPTOR_INSTANCE class forecast_with<mbg_nbd>;
EMPTOR_INSTANCE class forecast_with<nbd>;
EMPTOR_INSTANCE class forecast_with<pareto_nbd>;
#endif

} // namespace detail

/// What a schedule is made of.
struct schedule_request {
  std::string_view where; ///< begins every message
  time_unit unit = time_unit::none;
  std::optional<date> as_of;              ///< the day on which the ages end
  std::optional<emptor::horizon> horizon; ///< without it for ever
  double discount_rate = 0.0;             ///< effective, per year
  discounting how = discounting::continuous;
  bool whole = false; ///< the model counts opportunities
};

/// The schedule in the time unit of an order model. Lengths in whole months and years are those of the calendar
/// where it is known when they begin, else of mean length. \throws error status::option
[[nodiscard]] inline discount_schedule make_schedule(const schedule_request& asked) {
  const std::string where(asked.where);
  const auto length = [&](const horizon& of) {
    const double found = resolve(of, where, asked.unit, asked.as_of);
    if (!horizon_domain.contains(found))
      throw error(status::option,
                  message(where, "option horizon", -1, to_text(found), to_text(horizon_domain)));
    return asked.whole ? whole_opportunities(found, where, "horizon") : found;
  };

  discount_schedule made;
  made.rate = continuous_rate(where, asked.discount_rate, asked.unit, "horizon", asked.horizon.has_value());
  const bool monthly = asked.how == discounting::month_end;
  if (!asked.horizon) {
    if (monthly)
      throw error(status::option, where + ": option discounting month_end needs a horizon of whole months");
    return made;
  }
  const double months = asked.horizon->unit == time_unit::month  ? asked.horizon->count
                        : asked.horizon->unit == time_unit::year ? 12.0 * asked.horizon->count
                                                                 : -1.0;
  const bool whole_months = months >= 0.0 && months <= 1200.0 && math::floor(months) == months;
  const auto after = [&](int count) {
    return asked.as_of ? horizon{0.0, time_unit::none, add_months(*asked.as_of, count)}
                       : horizon{static_cast<double>(count), time_unit::month, std::nullopt};
  };
  made.horizon = length(whole_months ? after(static_cast<int>(months)) : *asked.horizon);
  if (!monthly)
    return made;
  if (!whole_months)
    throw error(status::option,
                where + ": option discounting month_end needs a horizon of whole months, at most 1200");
  for (int month = 1; month <= static_cast<int>(months); ++month) {
    made.ends.push_back(length(after(month)));
    made.factors.push_back(math::exp(-math::log1p(asked.discount_rate) * month / 12.0));
  }
  return made;
}

} // namespace emptor::value
