// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <emptor/core/entry.hpp>
#include <emptor/core/kernel.hpp>
#include <emptor/core/units.hpp>
#include <emptor/math/apply.hpp>
#include <emptor/math/dual.hpp>
#include <emptor/math/normal_quantile.hpp>
#include <emptor/math/pack.hpp>
#include <emptor/math/real.hpp>
#include <emptor/value/customer_base.hpp>
#include <emptor/value/customer_base_description.hpp>
#include <emptor/value/model_fit.hpp>

/// Rows to scores, for every model of customer_base.hpp.
namespace emptor::value {

/// What the scores ask about, besides the row: in the order in which a kernel has them after the parameters.
template <class T>
struct score_question {
  T horizon;
  T rate;                  ///< continuous, per time unit
  double discount_horizon; ///< infinite: for ever
  T share;
  T orders;
};
inline constexpr std::size_t question_count = 5;

namespace detail {

/// One quantity of a row whose P(alive) and future are known.
/// \param p  parameters, or Model::prepared
template <class Model, quantity Which, class P, class T, class Living>
[[nodiscard]] EMPTOR_INLINE T answer(const P& p, const math::base_t<T>* in, const T& alive,
                                     const Living& living,
                                     const score_question<math::base_t<T>>& asked) noexcept {
  using base = math::base_t<T>;
  if constexpr (Which == quantity::probability_alive)
    return alive;
  else if constexpr (Which == quantity::expected_orders)
    return alive * living.orders(asked.horizon);
  else if constexpr (Which == quantity::probability_alive_in)
    return alive * living.stays(asked.horizon);
  else if constexpr (Which == quantity::probability_active)
    return alive * living.active(asked.horizon);
  else if constexpr (Which == quantity::discounted_expected_orders) {
    if (asked.discount_horizon < math::detail::infinity) // the same for all rows
      return alive * living.discounted(asked.rate, base(asked.discount_horizon));
    return alive * living.discounted(asked.rate);
  } else if constexpr (Which == quantity::next_order_quantile)
    return next_order(living, alive, asked.share);
  else if constexpr (Which == quantity::probability_of_orders)
    return count_probability(
        living, alive, [&] { return Model::gone(p, in[0], in[1], in[2]); }, asked.orders, asked.horizon);
  else if constexpr (Which == quantity::mean_order_rate)
    return Model::mean_order_rate(p, in[0], in[1], in[2]);
  else
    return Model::mean_dropout(p, in[0], in[1], in[2]);
}

/// What a model works out of its parameters once for all rows.
template <class Model, class T>
struct prepared {
  using type = typename Model::template parameters<T>;
};
template <class Model, class T>
requires requires {
  typename Model::template prepared<T>;
}
struct prepared<Model, T> {
  using type = typename Model::template prepared<T>;
};

} // namespace detail

/// The quantities of a model over columns of frequency, recency and age, as math::apply_rows wants a formula.
template <class Model, class T>
struct customer_scores {
  static constexpr int inputs = static_cast<int>(customer_inputs);
  static constexpr int outputs = static_cast<int>(defined_quantities<Model>.size());

  typename detail::prepared<Model, T>::type prepared;
  score_question<math::base_t<T>> asked;

  explicit EMPTOR_INLINE customer_scores(const double* uniforms) noexcept
      : customer_scores(parameters_from<Model, T>([&](std::size_t i) { return T(uniforms[i]); }),
                        uniforms + parameter_count<Model>) {}
  EMPTOR_INLINE customer_scores(const typename Model::template parameters<T>& p,
                                const double* question) noexcept
      : prepared(p)
      , asked{question[0], question[1], question[2], question[3], question[4]} {}

  EMPTOR_INLINE void row(const math::base_t<T>* in, T* out, const bool* wanted) const noexcept {
    const T alive = Model::alive(prepared, in[0], in[1], in[2]);
    const auto living = Model::living(prepared, in[0], in[2]);
    const auto one = [&]<std::size_t K>(std::integral_constant<std::size_t, K>) {
      if (wanted[K])
        out[K] = detail::answer<Model, static_cast<quantity>(defined_quantities<Model>[K])>(
            prepared, in, alive, living, asked);
    };
    [&]<std::size_t... K>(std::index_sequence<K...>) {
      (one(std::integral_constant<std::size_t, K>()), ...);
    }
    (std::make_index_sequence<static_cast<std::size_t>(outputs)>());
  }
};
/// The formula of a model with the scalar left open.
template <class Model>
struct scores_of {
  template <class T>
  using formula = customer_scores<Model, T>;
};

/// The ends of an interval.
struct interval {
  double low;
  double high;
};

/// Delta method: a normal interval on the logit scale for a probability, on the log scale for a figure >= 0.
/// NaN where the variance is.
/// \param width  half of the interval in standard errors
[[nodiscard]] inline interval delta_interval(double value, double variance, double width,
                                             bool is_probability) noexcept {
  using math::real;
  const real v(value);
  if (std::isnan(variance))
    return {variance, variance};
  const real error = variance > 0.0 ? sqrt(real(variance)) * width : real(0.0);
  if (!(error > real(0.0)) || value == 0.0 || (is_probability && value == 1.0))
    return {value, value};
  if (is_probability) {
    const real rest = 1.0 - v;
    const real factor = exp(error / v / rest);
    return {value_of(v / (v + rest * factor)), value_of(1.0 / (1.0 + rest / v / factor))};
  }
  const real factor = exp(error / v);
  return {value_of(v / factor), value_of(v * factor)};
}

/// g' C g: the variance of a function of estimates.
/// \param covariance  row-major
template <std::size_t N>
[[nodiscard]] double delta_variance(const math::dual<math::real, N, 1>& y,
                                    std::span<const double> covariance) noexcept {
  math::real sum(0.0);
  for (std::size_t i = 0; i < N; ++i) {
    math::real row(0.0);
    for (std::size_t j = 0; j < N; ++j)
      row += math::real(covariance[N * i + j]) * y.g[j];
    sum += row * y.g[i];
  }
  return math::value_of(sum);
}

/// Scores with the kernel for this machine; the intervals row by row with exact derivatives.
template <class Model>
class customer_scorer final : public scorer {
public:
  static constexpr std::size_t values = defined_quantities<Model>.size();
  static constexpr std::size_t size = parameter_count<Model>;
  using uniforms = std::array<double, size + question_count>;

  /// \param covariance  row-major; empty = none
  /// \param width       half of an interval in standard errors
  customer_scorer(const uniforms& numbers, kernel compute, std::vector<double> covariance, double width)
      : uniforms_(numbers)
      , compute_(compute)
      , covariance_(std::move(covariance))
      , width_(width) {}

  void score(const score_block& block) const noexcept override {
    std::array<const double*, customer_inputs> in{};
    for (std::size_t i = 0; i < customer_inputs; ++i)
      in[i] = block.inputs[i].number;
    std::array<double*, values> out{};
    bool any = false;
    for (std::size_t k = 0; k < values; ++k) {
      out[k] = block.outputs[k].number;
      any = any || out[k] != nullptr;
    }
    if (any)
      compute_(uniforms_.data(), in.data(), out.data(), block.rows);
    if (double* const times = out[next_order_at]; times != nullptr) {
      for (std::int64_t row = 0; row < block.rows; ++row)
        block.status[row] = settle(times[row], block.status[row]);
    }
    intervals(block, in);
  }

private:
  using dual = math::dual<math::real, size, 1>;
  static constexpr std::size_t next_order_at = [] {
    for (std::size_t k = 0; k < values; ++k) {
      if (defined_quantities<Model>[k] == static_cast<std::size_t>(quantity::next_order_quantile))
        return k;
    }
    return values;
  }();
  static_assert(next_order_at < values);

  /// What never comes is null.
  static row_status settle(double& time, row_status status) noexcept {
    if (!(time == std::numeric_limits<double>::infinity()) || is_refusal(status))
      return status;
    time = std::numeric_limits<double>::quiet_NaN();
    return row_status::never;
  }

  void intervals(const score_block& block,
                 const std::array<const double*, customer_inputs>& in) const noexcept {
    std::array<bool, values> wanted{};
    bool any = false;
    for (std::size_t k = 0; k < values; ++k) {
      wanted[k] = ends(block, k, false) != nullptr || ends(block, k, true) != nullptr;
      any = any || wanted[k];
    }
    if (!any)
      return;
    const customer_scores<Model, dual> formula(
        parameters_from<Model, dual>([&](std::size_t i) { return dual::variable(uniforms_[i], i); }),
        uniforms_.data() + size);
    for (std::int64_t row = 0; row < block.rows; ++row) {
      if (is_refusal(block.status[row]))
        continue;
      const std::array<math::real, customer_inputs> at{in[0][row], in[1][row], in[2][row]};
      std::array<dual, values> found;
      formula.row(at.data(), found.data(), wanted.data());
      for (std::size_t k = 0; k < values; ++k) {
        if (!wanted[k])
          continue;
        double value = math::value_of(found[k]);
        interval range{std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::quiet_NaN()};
        if (k == next_order_at)
          block.status[row] = settle(value, block.status[row]);
        if (!covariance_.empty() && std::isfinite(value))
          range = delta_interval(value, delta_variance(found[k], covariance_), width_,
                                 quantity_of<Model>(defined_quantities<Model>[k]).is_probability());
        if (std::isnan(range.low) && block.status[row] == row_status::ok)
          block.status[row] = row_status::undefined;
        if (double* const low = ends(block, k, false); low != nullptr)
          low[row] = range.low;
        if (double* const high = ends(block, k, true); high != nullptr)
          high[row] = range.high;
      }
    }
  }
  /// Where an end of the interval of a quantity goes; null where nobody wants it.
  static double* ends(const score_block& block, std::size_t k, bool upper) noexcept {
    return block.outputs[values + 2 * k + (upper ? 1 : 0)].number;
  }

  uniforms uniforms_;
  kernel compute_;
  std::vector<double> covariance_;
  double width_;
};

/// Binds a model of this entry to what scores rows with it. \throws error status::option
/// \tparam Formula  what a kernel computes; one of a model's own may be faster, with the same figures
template <class Model, template <class> class Formula = scores_of<Model>::template formula>
[[nodiscard]] std::unique_ptr<scorer> bind_customer_scores(const score_request& request) {
  const std::string where(Model::name);
  const option_values& options = request.options;
  const time_unit unit = parse_time_unit(request.self->option_text("unit")).value_or(time_unit::none);
  const auto length = [&](std::string_view name, double otherwise) {
    if (!options.has(name))
      return otherwise;
    const double found = resolve(options.horizon(name), where, unit, options.day("as_of"), name);
    if (!horizon_domain.contains(found))
      throw error(status::option,
                  message(where, "option " + std::string(name), -1, to_text(found), to_text(horizon_domain)));
    return found;
  };
  const std::vector<double> parameters = read_parameters<Model>(*request.self);
  typename customer_scorer<Model>::uniforms numbers{};
  std::copy(parameters.begin(), parameters.end(), numbers.begin());
  double* const question = numbers.data() + parameters.size();
  question[0] = length("horizon", 0.0);
  question[2] = length("discount_horizon", std::numeric_limits<double>::infinity());
  if (options.has("discount_rate")) {
    const double yearly = options.number("discount_rate");
    if (unit == time_unit::none)
      throw error(status::option,
                  where + ": option discount_rate is per year, but the model has no time unit");
    if (yearly == 0.0 && std::isinf(question[2]))
      throw error(status::option, where + ": option discount_rate is 0, but must be > 0 without a "
                                          "discount_horizon: orders for ever have no finite sum");
    question[1] = math::log1p(yearly) * days_in(unit) / days_in(time_unit::year);
  }
  question[3] = options.number("quantile");
  question[4] = static_cast<double>(options.integer("orders"));
  const double confidence = options.number("confidence");
  return std::make_unique<customer_scorer<Model>>(
      numbers,
      request.wide != nullptr ? request.wide : &math::apply_rows<Formula, math::pack<math::isa::baseline>>,
      read_covariance(*request.self, Model::names), math::normal_quantile(0.5 + 0.5 * confidence));
}

} // namespace emptor::value
