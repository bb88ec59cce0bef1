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
#include <vector>

#include <emptor/core/entry.hpp>
#include <emptor/core/run.hpp>
#include <emptor/core/status.hpp>
#include <emptor/math/dual.hpp>
#include <emptor/math/elementary.hpp>
#include <emptor/math/newton.hpp>
#include <emptor/math/pack.hpp>
#include <emptor/math/real.hpp>
#include <emptor/stats/rows.hpp>
#include <emptor/value/customer_base.hpp>
#include <emptor/value/customer_rows.hpp>
#include <emptor/value/model_fit.hpp>

/// Maximum likelihood for every model of customer_base.hpp.
///
/// The log-likelihood of a row is a term of x plus log(exp(l) + exp(h)) with l of (x, t_x) and h of (x, T). The
/// terms and their derivatives, which are the work, are evaluated once for each different x and pair. What a row
/// adds is the share s of the first exponential: the derivatives are the weighted sum of those of l and h, with
/// the weights s and 1 - s, plus to the Hessian s (1 - s) times the square of the difference of the gradients.
namespace emptor::value {

namespace detail {

/// The log-likelihood of compressed rows for one set of parameters.
/// \tparam Number  math::real, or math::dual over it
template <class Model, class Number>
class compressed_likelihood {
public:
  static constexpr std::size_t size = parameter_count<Model>;
  using parameters = typename Model::template parameters<Number>;

  /// \param rows   \param how  the terms are shared by its threads; the sums have the same bits for any number
  compressed_likelihood(const customer_rows& rows, const run& how)
      : rows_(rows)
      , shape_(rows.frequencies.size())
      , recent_(rows.recent.size())
      , aged_(rows.aged.size())
      , how_(how) {}

  [[nodiscard]] Number operator()(const parameters& p) {
    evaluate(p);
    const std::size_t ages = rows_.aged.size();
    aged_weights_.assign(ages, math::real(0.0));
    std::size_t row = 0;
    const Number of_rows =
        sum_in_tree<Number>(0, rows_.recent.size(), [&](std::size_t i) { return of_recent(i, row); });
    const Number of_ages = sum_in_tree<Number>(
        0, ages, [&](std::size_t i) { return without_value(aged_[i], aged_weights_[i]); });
    const Number of_shapes = sum_in_tree<Number>(
        0, shape_.size(), [&](std::size_t i) { return shape_[i] * math::real(rows_.weights[i]); });
    return of_shapes + (of_rows + of_ages);
  }

private:
  static constexpr std::size_t terms_per_task = 256;
  static constexpr bool differentiates = math::scalar_traits<Number>::differentiates;

  void evaluate(const parameters& p) {
    const auto tasks = [](std::size_t terms) { return (terms + terms_per_task - 1) / terms_per_task; };
    const std::size_t of_shape = tasks(shape_.size());
    const std::size_t of_recent = tasks(recent_.size());
    const std::size_t of_aged = tasks(aged_.size());
    const auto all = static_cast<std::int64_t>(of_shape + of_recent + of_aged);
    for_each_task(all, how_, [&](std::int64_t task) {
      auto at = static_cast<std::size_t>(task);
      const auto run_over = [&](std::vector<Number>& out, const auto& term) {
        const std::size_t first = at * terms_per_task;
        for (std::size_t i = first; i < std::min(first + terms_per_task, out.size()); ++i)
          out[i] = term(i);
      };
      if (at < of_shape)
        return run_over(
            shape_, [&](std::size_t i) { return Model::shape_term(p, math::real(rows_.frequencies[i])); });
      at -= of_shape;
      if (at < of_recent)
        return run_over(recent_, [&](std::size_t i) {
          return Model::recent_term(p, math::real(rows_.recent.frequency[i]),
                                    math::real(rows_.recent.time[i]));
        });
      at -= of_recent;
      run_over(aged_, [&](std::size_t i) {
        return Model::aged_term(p, math::real(rows_.aged.frequency[i]), math::real(rows_.aged.time[i]));
      });
    });
  }

  /// The rows of one (x, t_x), which stand together, from `row` on.
  [[nodiscard]] Number of_recent(std::size_t which, std::size_t& row) {
    using math::real;
    const Number& recent = recent_[which];
    const real low(math::value_of(recent));
    real value(0.0);
    real recent_weight(0.0);
    Number sum(0.0);
    for (; row < rows_.rows.size() && rows_.rows[row].recent == which; ++row) {
      const customer_rows::row& one = rows_.rows[row];
      const Number& aged = aged_[one.aged];
      const real weight(one.weight);
      const real high(math::value_of(aged));
      const real difference = low - high;
      const real e = math::exp(-math::abs(difference));
      value += weight * (math::max(low, high) + math::log1p(e));
      if constexpr (differentiates) {
        const real likely = 1.0 / (1.0 + e);
        const real unlikely = e * likely;
        const bool is_recent = difference > real(0.0);
        recent_weight += weight * (is_recent ? likely : unlikely);
        aged_weights_[one.aged] += weight * (is_recent ? unlikely : likely);
        const real both = weight * (likely * unlikely);
        if (both > real(0.0))
          add_square(sum, recent, aged, both);
      }
    }
    if constexpr (differentiates) {
      sum = sum + without_value(recent, recent_weight);
      sum.v = value;
      return sum;
    } else {
      return value;
    }
  }

  /// factor times the square of the difference of two gradients.
  static void add_square(Number& sum, const Number& x, const Number& y, math::real factor) noexcept {
    for (std::size_t i = 0, k = 0; i < size; ++i) {
      const math::real scaled = factor * (x.g[i] - y.g[i]);
      for (std::size_t j = 0; j <= i; ++j, ++k)
        sum.h[k] += scaled * (x.g[j] - y.g[j]);
    }
  }
  /// weight times the derivatives. The value, which may be minus infinity, has been counted by the row.
  [[nodiscard]] static Number without_value(Number x, math::real weight) noexcept {
    if constexpr (differentiates) {
      x.v = math::real(0.0);
      return x * weight;
    } else {
      return Number(0.0);
    }
  }

  const customer_rows& rows_;
  std::vector<Number> shape_;
  std::vector<Number> recent_;
  std::vector<Number> aged_;
  std::vector<math::real> aged_weights_;
  run how_;
};

} // namespace detail

/// A fit of which only the data are known. \throws error status::too_few where they are too thin
template <class Model>
[[nodiscard]] model_fit<Model> begin_fit(const customer_rows& rows) {
  constexpr std::size_t size = parameter_count<Model>;
  const std::string where(Model::name);
  model_fit<Model> fit;
  fit.customers = rows.customers;
  fit.distinct_rows = static_cast<std::int64_t>(rows.rows.size());
  fit.total_weight = rows.weighted([](double, double) { return 1.0; });
  const double repeaters = rows.weighted([](double x, double) { return x > 0.0 ? 1.0 : 0.0; });
  if (repeaters == 0.0)
    throw error(status::too_few, where + ": nobody has a repeat order; at least 2 customers must have one "
                                         "(the order rate r / alpha would run to 0)");
  if (repeaters < 2.0)
    throw error(status::too_few, where + ": fewer than 2 customers have a repeat order");
  if (rows.rows.size() < size)
    throw error(status::too_few, where + ": " + std::to_string(rows.rows.size()) +
                                     " distinct rows cannot carry " + std::to_string(size) +
                                     " parameters; at least " + std::to_string(size) + " are needed");
  return fit;
}

/// Maximum likelihood fit of a model of a customer base.
///
/// Rows are one customer each, or one distinct row with the number of customers as its `weight` (empty: 1
/// each). Identical rows are merged, the time is scaled by the mean age, and Newton's method with exact
/// derivatives in the log parameters goes to the true maximum. The result has the same bits for any order of
/// the rows and any number of threads. Where the likelihood has no maximum, `converged` is false and `limit`
/// and `diagnosis` name the simpler model; the parameters are then a point far out on the way there.
///
/// For a fit a model of customer_base.hpp has also
///     static start(shape, orders)   parameters to start from: `orders` = mean number of repeat orders, the
///                                   unit of time = mean age; called with a middle, a low and a high shape
///     static diagnose(fit, end)     calls fit.diagnose(limit, text) for what runs away (model_fit.hpp)
/// \throws error status::schema (columns of unlike length), status::data (a bad row), status::too_few,
///         status::cancelled
template <class Model>
[[nodiscard]] model_fit<Model> fit_customer_base(std::span<const double> frequency,
                                                 std::span<const double> recency, std::span<const double> age,
                                                 std::span<const double> weight = {},
                                                 const fit_options& options = {}, const run& how = {}) {
  constexpr std::size_t size = parameter_count<Model>;
  check_customers(Model::name, frequency, recency, age, weight);
  const customer_rows rows = compress_customers(frequency, recency, age, weight);
  model_fit<Model> fit = begin_fit<Model>(rows);
  const double scale = rows.weighted([](double, double t) { return t; }) / fit.total_weight;
  const double orders = rows.weighted([](double x, double) { return x; }) / fit.total_weight;
  if (!(scale >= 1e-90 && scale <= 1e90 && orders <= std::numeric_limits<double>::max()))
    throw error(status::too_few,
                std::string(Model::name) + ": the mean age must be in [1e-90, 1e90] time units");

  customer_rows scaled = rows;
  for (std::vector<double>* const times : {&scaled.recent.time, &scaled.aged.time}) {
    for (double& t : *times)
      t /= scale;
  }
  run quiet = how; // Newton's method reports the progress
  quiet.progress = nullptr;
  using number = math::dual<math::real, size>;
  detail::compressed_likelihood<Model, number> likelihood(scaled, quiet);
  const auto objective = [&](std::span<const double> point, math::newton_value& out) {
    detail::take_derivatives(likelihood(parameters_from<Model, number>(
                                 [&](std::size_t i) { return exp(number::variable(point[i], i)); })),
                             out);
  };
  const std::array<numbers_of<Model>, 3> starts{Model::start(1.0, orders), Model::start(0.05, orders),
                                                Model::start(20.0, orders)};
  estimate(fit, objective, starts, scale, options, how,
           [](model_fit<Model>& of, const fit_end& end) { Model::diagnose(of, end); });
  fit.log_likelihood =
      math::value_of(detail::compressed_likelihood<Model, math::real>(rows, quiet)(as_real(fit.parameters)));
  return fit;
}

/// Fits from a store of kind `rows` made for the model's entry.
template <class Model>
[[nodiscard]] result finish_customer_base(const finish_request& request) {
  const auto& from = dynamic_cast<const stats::rows&>(*request.from);
  const std::vector<double> frequency = from.numbers("rows", "frequency");
  const std::vector<double> recency = from.numbers("rows", "recency");
  const std::vector<double> age = from.numbers("rows", "age");
  std::vector<double> weight = from.numbers("rows", "weight");
  std::replace_if(
      weight.begin(), weight.end(), [](double w) { return std::isnan(w); }, 1.0);
  return fitted_result(fit_customer_base<Model>(
                           frequency, recency, age, weight,
                           {.max_iterations = static_cast<int>(request.options.integer("max_iterations"))},
                           request.how),
                       request.options.text("unit"));
}

} // namespace emptor::value
