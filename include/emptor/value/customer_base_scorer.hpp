// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
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
#include <emptor/math/pack.hpp>
#include <emptor/math/pair_memory.hpp>
#include <emptor/math/real.hpp>
#include <emptor/stats/intervals.hpp>
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

/// Whether a quantity is P(alive) times a figure of (x, T) alone.
[[nodiscard]] constexpr bool is_of_living(quantity which) noexcept {
  switch (which) {
  case quantity::expected_orders:
  case quantity::probability_alive_in:
  case quantity::probability_active:
  case quantity::discounted_expected_orders:
    return true;
  default:
    return false;
  }
}
/// That figure.
template <quantity Which, class Living, class Base>
[[nodiscard]] EMPTOR_INLINE auto of_living(const Living& living, const score_question<Base>& asked) noexcept {
  if constexpr (Which == quantity::expected_orders)
    return living.orders(asked.horizon);
  else if constexpr (Which == quantity::probability_alive_in)
    return living.stays(asked.horizon);
  else if constexpr (Which == quantity::probability_active)
    return living.active(asked.horizon);
  else {
    if (asked.discount_horizon < math::detail::infinity) // the same for all rows
      return living.discounted(asked.rate, Base(asked.discount_horizon));
    return living.discounted(asked.rate);
  }
}

/// One quantity of a row whose P(alive) and future are known.
/// \param p  parameters, or Model::prepared
template <class Model, quantity Which, class P, class T, class Living>
[[nodiscard]] EMPTOR_INLINE T answer(const P& p, const math::base_t<T>* in, const T& alive,
                                     const Living& living,
                                     const score_question<math::base_t<T>>& asked) noexcept {
  if constexpr (is_of_living(Which))
    return alive * of_living<Which>(living, asked);
  else if constexpr (Which == quantity::probability_alive)
    return alive;
  else if constexpr (Which == quantity::next_order_quantile)
    return next_order(living, alive, asked.share);
  else if constexpr (Which == quantity::probability_of_orders)
    return count_probability(
        living, alive, [&] { return Model::gone(p, in[0], in[1], in[2]); }, asked.orders, asked.horizon);
  else if constexpr (Which == quantity::mean_order_rate)
    return Model::mean_order_rate(p, in[0], in[1], in[2]);
  else
    return Model::mean_dropout(p, in[0], in[1], in[2]);
}

/// Whether a model has parts of P(alive) that depend on (x, t_x) or (x, T) only.
template <class Model, class T>
concept alive_in_parts = requires(const typename Model::template parameters<T>& p,
                                  const math::base_t<T>& number) {
  Model::recent_part(p, number, number);
  Model::aged_part(p, number, number);
};

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

/// The quantities of a model over columns of frequency, recency and age, as math::kernel_of wants a formula.
///
/// Column by column, which keeps the loops short, and what depends on a pair only by the pair: where a clock of days
/// makes few of them, memory saves most of the work.
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

  /// One row, or as many as `T` has.
  EMPTOR_INLINE void row(const math::base_t<T>* in, T* out, const bool* wanted) const noexcept {
    const T alive = Model::alive(prepared, in[0], in[1], in[2]);
    const auto living = Model::living(prepared, in[0], in[2]);
    for_each_output([&]<std::size_t K>(std::integral_constant<std::size_t, K>) {
      if (wanted[K])
        out[K] = detail::answer<Model, quantity_at<K>>(prepared, in, alive, living, asked);
    });
  }

  /// Where customer_rule finds no fault.
  template <class Rows>
  requires(rule_of<Model> == &customer_rule) [[nodiscard]] static EMPTOR_INLINE
      auto rule_holds(const Rows* in) noexcept {
    return mask_and(in[1] <= in[2], in[1] <= in[0] * std::numeric_limits<double>::max());
  }

private:
  static constexpr std::size_t count = static_cast<std::size_t>(outputs);
  static constexpr bool has_parts = detail::alive_in_parts<Model, T>;
  template <std::size_t K>
  static constexpr quantity quantity_at = static_cast<quantity>(defined_quantities<Model>[K]);
  /// Terms of a pair (x, T): a part of alive(), then the figures of the living in the order of the outputs.
  static constexpr std::size_t aged_term(std::size_t output) noexcept {
    std::size_t term = 1;
    for (std::size_t k = 0; k < output; ++k)
      term += detail::is_of_living(static_cast<quantity>(defined_quantities<Model>[k])) ? 1U : 0U;
    return term;
  }
  static constexpr std::size_t aged_terms = aged_term(count);

public:
  /// What has been worked out for the pairs of earlier rows.
  struct known_pairs {
    bool ready;
    math::pair_memory<T, 1, 4096> recent;
    math::pair_memory<T, aged_terms, 4096> aged;
  };
  static constexpr std::size_t memory_bytes = sizeof(known_pairs);

  void columns(const double* const* from, double* const* to, std::int64_t rows, void* memory) const noexcept {
    for (std::int64_t first = 0; first < rows; first += math::rows_at_once) {
      std::array<const double*, customer_inputs> in{};
      for (std::size_t i = 0; i < in.size(); ++i)
        in[i] = from[i] + first;
      std::array<double*, count> out{};
      for (std::size_t k = 0; k < count; ++k)
        out[k] = to[k] != nullptr ? to[k] + first : nullptr;
      some_rows(in, out, std::min(math::rows_at_once, rows - first), static_cast<known_pairs*>(memory));
    }
  }

private:
  using column = std::array<double, static_cast<std::size_t>(math::rows_at_once)>;

  template <class F>
  static EMPTOR_INLINE void for_each_output(const F& f) noexcept {
    [&]<std::size_t... K>(std::index_sequence<K...>) {
      (f(std::integral_constant<std::size_t, K>()), ...);
    }
    (std::make_index_sequence<count>());
  }

  void some_rows(const std::array<const double*, customer_inputs>& in, const std::array<double*, count>& out,
                 std::int64_t rows, known_pairs* known) const noexcept {
    const double* const x = in[0];
    const double* const recency = in[1];
    const double* const age = in[2];
    column alive_here;
    column recent_part;
    column aged_part;
    double* alive = alive_here.data();
    // The figures of the living are made where their output is, and then multiplied.
    std::array<double*, aged_terms> aged{};
    bool any_aged = has_parts;
    aged[0] = has_parts ? aged_part.data() : nullptr;
    for_each_output([&]<std::size_t K>(std::integral_constant<std::size_t, K>) {
      if constexpr (detail::is_of_living(quantity_at<K>)) {
        any_aged = any_aged || out[K] != nullptr;
        aged[aged_term(K)] = out[K];
      } else if constexpr (quantity_at<K> == quantity::probability_alive) {
        alive = out[K] != nullptr ? out[K] : alive;
      }
    });
    const auto fill_aged = [&](const double* at_x, const double* at_age,
                               const std::array<double*, aged_terms>& to,
                               std::int64_t some) { aged_columns(at_x, at_age, to, some); };
    if (any_aged) {
      if (known != nullptr && !known->ready) {
        known->recent.clear();
        known->aged.clear();
        known->ready = true;
      }
      if (known != nullptr)
        known->aged.fill(x, age, aged, rows, fill_aged);
      else
        fill_aged(x, age, aged, rows);
    }
    if constexpr (has_parts) {
      const auto fill_recent = [&](const double* at_x, const double* at_recency,
                                   const std::array<double*, 1>& to,
                                   std::int64_t some) { recent_column(at_x, at_recency, to, some); };
      if (known != nullptr)
        known->recent.fill(x, recency, {recent_part.data()}, rows, fill_recent);
      else
        fill_recent(x, recency, {recent_part.data()}, rows);
      math::map_rows<T, 5, 1>({x, recency, age, recent_part.data(), aged_part.data()}, {alive}, rows,
                              [&](const T* from, T* to) noexcept {
                                to[0] = Model::alive(prepared, from[0], from[1], from[2], from[3], from[4]);
                              });
    } else {
      math::map_rows<T, 3, 1>({x, recency, age}, {alive}, rows, [&](const T* from, T* to) noexcept {
        to[0] = Model::alive(prepared, from[0], from[1], from[2]);
      });
    }
    for_each_output([&]<std::size_t K>(std::integral_constant<std::size_t, K>) {
      if (out[K] != nullptr && quantity_at<K> != quantity::probability_alive)
        output_column<quantity_at<K>>({x, recency, age, alive}, out[K], rows);
    });
  }

  /// A quantity from P(alive), and where it is one of the living from their figure, which `to` holds.
  template <quantity Which>
  void output_column(const std::array<const double*, 4>& in, double* to, std::int64_t rows) const noexcept {
    if constexpr (detail::is_of_living(Which))
      math::map_rows<T, 2, 1>({in[3], to}, {to}, rows,
                              [&](const T* from, T* into) noexcept { into[0] = from[0] * from[1]; });
    else
      math::map_rows<T, 4, 1>(in, {to}, rows, [&](const T* from, T* into) noexcept {
        into[0] = detail::answer<Model, Which>(prepared, from, from[3],
                                               Model::living(prepared, from[0], from[2]), asked);
      });
  }
  void aged_columns(const double* x, const double* age, const std::array<double*, aged_terms>& to,
                    std::int64_t rows) const noexcept {
    if constexpr (has_parts)
      math::map_rows<T, 2, 1>({x, age}, {to[0]}, rows, [&](const T* from, T* into) noexcept {
        into[0] = Model::aged_part(prepared, from[0], from[1]);
      });
    for_each_output([&]<std::size_t K>(std::integral_constant<std::size_t, K>) {
      if constexpr (detail::is_of_living(quantity_at<K>)) {
        if (to[aged_term(K)] != nullptr)
          living_column<quantity_at<K>>(x, age, to[aged_term(K)], rows);
      }
    });
  }
  template <quantity Which>
  void living_column(const double* x, const double* age, double* to, std::int64_t rows) const noexcept {
    math::map_rows<T, 2, 1>({x, age}, {to}, rows, [&](const T* from, T* into) noexcept {
      into[0] = detail::of_living<Which>(Model::living(prepared, from[0], from[1]), asked);
    });
  }
  void recent_column(const double* x, const double* recency, const std::array<double*, 1>& to,
                     std::int64_t rows) const noexcept {
    math::map_rows<T, 2, 1>({x, recency}, to, rows, [&](const T* from, T* into) noexcept {
      into[0] = Model::recent_part(prepared, from[0], from[1]);
    });
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
  customer_scorer(const uniforms& numbers, const kernel& compute, std::vector<double> covariance,
                  double width)
      : uniforms_(numbers)
      , compute_(compute, numbers.data())
      , covariance_(std::move(covariance))
      , width_(width) {}

  [[nodiscard]] std::size_t memory_bytes() const noexcept override { return compute_.memory_bytes(); }
  [[nodiscard]] bool rule_holds(const score_block& block) const noexcept override {
    return compute_.rule_holds(inputs_of(block).data(), block.rows);
  }
  void score(const score_block& block) const noexcept override {
    const std::array<const double*, customer_inputs> in = inputs_of(block);
    std::array<double*, values> out{};
    bool any = false;
    for (std::size_t k = 0; k < values; ++k) {
      out[k] = block.outputs[k].number;
      any = any || out[k] != nullptr;
    }
    if (any)
      compute_(in.data(), out.data(), block.rows, block.memory);
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

  static std::array<const double*, customer_inputs> inputs_of(const score_block& block) noexcept {
    std::array<const double*, customer_inputs> in{};
    for (std::size_t i = 0; i < customer_inputs; ++i)
      in[i] = block.inputs[i].number;
    return in;
  }
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
  prepared_kernel compute_;
  std::vector<double> covariance_;
  double width_;
};

/// An effective yearly rate as a continuous one per time unit of a model. \throws error status::option
/// \param horizon  the option that says how far ahead; for ever where `ends` is false
[[nodiscard]] inline double continuous_rate(const std::string& where, double yearly, time_unit unit,
                                            std::string_view horizon, bool ends) {
  if (yearly == 0.0) {
    if (!ends)
      throw error(status::option, where + ": option discount_rate is 0, but must be > 0 without a " +
                                      std::string(horizon) + ": orders for ever have no finite sum");
    return 0.0; // a year of any number of time units
  }
  if (unit == time_unit::none)
    throw error(status::option,
                where + ": option discount_rate is per year, but the model of orders has no time unit");
  return math::log1p(yearly) * days_in(unit) / days_in(time_unit::year);
}

/// Binds a model of this entry to what scores rows with it. \throws error status::option
/// \tparam Formula  what a kernel computes; one of a model's own may be faster, with the same figures
template <class Model, template <class> class Formula = scores_of<Model>::template formula>
[[nodiscard]] std::unique_ptr<scorer> bind_customer_scores(const score_request& request) {
  const std::string where(Model::name);
  const option_values& options = request.options;
  const time_unit unit = request.self->unit();
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
  if (options.has("discount_rate"))
    question[1] = continuous_rate(where, options.number("discount_rate"), unit, "discount_horizon",
                                  std::isfinite(question[2]));
  question[3] = options.number("quantile");
  question[4] = static_cast<double>(options.integer("orders"));
  const double confidence = options.number("confidence");
  return std::make_unique<customer_scorer<Model>>(
      numbers, request.wide ? request.wide : math::kernel_of<Formula, math::pack<math::isa::baseline>>(),
      read_covariance(*request.self, Model::names), stats::two_sided_normal_quantile(confidence));
}

} // namespace emptor::value
