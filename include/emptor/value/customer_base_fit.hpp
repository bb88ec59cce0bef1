// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
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

  /// \param how  its threads share the terms; the sums have the same bits for any number of them
  compressed_likelihood(const customer_rows& rows, const run& how)
      : rows_(rows)
      , shape_(rows.frequencies.size())
      , recent_(rows.recent.size())
      , aged_(rows.aged.size())
      , how_(how) {}

  /// \param parameter  parameter.template operator()<T>(i) makes the parameter i, as Number and as several of it
  template <class Parameter>
  [[nodiscard]] Number operator()(const Parameter& parameter) {
    evaluate(parameter);
    meet();
    aged_weights_.assign(aged_.size(), math::real(0.0));
    std::size_t row = 0;
    const Number of_rows =
        sum_in_tree<Number>(0, recent_.size(), [&](std::size_t i) { return of_recent(i, row); });
    const Number of_ages = sum_in_tree<Number>(
        0, aged_.size(), [&](std::size_t i) { return without_value(aged_[i], aged_weights_[i]); });
    const Number of_shapes = sum_in_tree<Number>(
        0, shape_.size(), [&](std::size_t i) { return shape_[i] * math::real(rows_.weights[i]); });
    return of_shapes + (of_rows + of_ages);
  }

private:
  static constexpr std::size_t terms_per_task = 256;
  static constexpr bool differentiates = math::scalar_traits<Number>::differentiates;

  /// The terms, some at once.
  template <class Parameter>
  void evaluate(const Parameter& parameter) {
    using several = typename math::detail::pack_of<Number, math::isa::baseline>::type;
    const auto p = parameters_from<Model, several>(
        [&](std::size_t i) { return parameter.template operator()<several>(i); });
    const auto shape = [&](const auto& x, const auto&) { return Model::shape_term(p, x); };
    const auto recent = [&](const auto& x, const auto& t) { return Model::recent_term(p, x, t); };
    const auto aged = [&](const auto& x, const auto& t) { return Model::aged_term(p, x, t); };
    const auto tasks = [](std::size_t terms) { return (terms + terms_per_task - 1) / terms_per_task; };
    const std::size_t of_shape = tasks(shape_.size());
    const std::size_t of_recent = tasks(recent_.size());
    const auto all = static_cast<std::int64_t>(of_shape + of_recent + tasks(aged_.size()));
    for_each_task(all, how_, [&](std::int64_t task) {
      const auto at = static_cast<std::size_t>(task);
      if (at < of_shape)
        fill(shape_, at, rows_.frequencies, rows_.frequencies, shape);
      else if (at < of_shape + of_recent)
        fill(recent_, at - of_shape, rows_.recent.frequency, rows_.recent.time, recent);
      else
        fill(aged_, at - of_shape - of_recent, rows_.aged.frequency, rows_.aged.time, aged);
    });
  }
  template <class Term>
  static void fill(std::vector<Number>& out, std::size_t task, const std::vector<double>& frequency,
                   const std::vector<double>& time, const Term& term) {
    using lanes = math::pack<math::isa::baseline>;
    const std::size_t first = task * terms_per_task;
    const std::size_t last = std::min(first + terms_per_task, out.size());
    for (std::size_t i = first; i < last; i += lanes::lanes) {
      lanes x;
      lanes t;
      for (std::size_t lane = 0; lane < lanes::lanes; ++lane) {
        const std::size_t from = std::min(i + lane, last - 1); // what is too much repeats the last one
        x.set(static_cast<int>(lane), frequency[from]);
        t.set(static_cast<int>(lane), time[from]);
      }
      const auto found = term(x, t);
      using one_row = math::detail::lane_access<std::decay_t<decltype(found)>>;
      for (std::size_t lane = 0; lane < lanes::lanes && i + lane < last; ++lane)
        out[i + lane] = one_row::get(found, static_cast<int>(lane));
    }
  }

  /// What log(exp(recent) + exp(aged)) of a row is, and the shares of both in it.
  void meet() {
    using lanes = math::pack<math::isa::baseline>;
    constexpr std::size_t width = lanes::lanes;
    const std::size_t count = rows_.rows.size();
    values_.resize(count);
    recent_shares_.resize(count);
    aged_shares_.resize(count);
    constexpr auto chunk = static_cast<std::size_t>(rows_per_task);
    for_each_task(static_cast<std::int64_t>((count + chunk - 1) / chunk), how_, [&](std::int64_t task) {
      const std::size_t first = static_cast<std::size_t>(task) * chunk;
      const std::size_t last = std::min(first + chunk, count);
      for (std::size_t i = first; i < last; i += width) {
        lanes low;
        lanes high;
        for (std::size_t lane = 0; lane < width; ++lane) {
          const customer_rows::row& row = rows_.rows[std::min(i + lane, last - 1)];
          low.set(static_cast<int>(lane), math::value_of(recent_[row.recent]));
          high.set(static_cast<int>(lane), math::value_of(aged_[row.aged]));
        }
        const lanes difference = low - high;
        const lanes e = exp(-abs(difference));
        const lanes value = max(low, high) + log1p(e);
        const lanes likely = 1.0 / (1.0 + e);
        const lanes unlikely = e * likely;
        const auto is_recent = difference > 0.0;
        const lanes recent_share = select(is_recent, likely, unlikely);
        const lanes aged_share = select(is_recent, unlikely, likely);
        for (std::size_t lane = 0; lane < width && i + lane < last; ++lane) {
          const auto at = static_cast<int>(lane);
          values_[i + lane] = value[at];
          recent_shares_[i + lane] = recent_share[at];
          aged_shares_[i + lane] = aged_share[at];
        }
      }
    });
  }

  /// The rows of one (x, t_x), which stand together, from `row` on.
  [[nodiscard]] Number of_recent(std::size_t which, std::size_t& row) {
    using math::real;
    const Number& recent = recent_[which];
    real value(0.0);
    real recent_weight(0.0);
    Number sum(0.0);
    for (; row < rows_.rows.size() && rows_.rows[row].recent == which; ++row) {
      const customer_rows::row& one = rows_.rows[row];
      const real weight(one.weight);
      value += weight * values_[row];
      if constexpr (differentiates) {
        const real from_recent = weight * recent_shares_[row];
        recent_weight += from_recent;
        aged_weights_[one.aged] += weight * aged_shares_[row];
        const real both = from_recent * aged_shares_[row];
        if (both > real(0.0))
          add_square(sum, recent, aged_[one.aged], both);
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
  std::vector<math::real> values_; ///< by row, without the term of x
  std::vector<math::real> recent_shares_;
  std::vector<math::real> aged_shares_;
  std::vector<math::real> aged_weights_; ///< of the derivatives of a term of (x, T) in the sum
  run how_;
};

/// The log-likelihood of compressed rows as a function of the logs of the parameters.
template <class Model>
class log_objective {
public:
  static constexpr std::size_t size = parameter_count<Model>;

  log_objective(const customer_rows& rows, const run& how)
      : likelihood_(rows, how) {}

  void operator()(std::span<const double> point, math::newton_value& out) const {
    take_derivatives(likelihood_([&]<class T>(std::size_t i) { return exp(T::variable(point[i], i)); }), out);
  }

private:
  mutable compressed_likelihood<Model, math::dual<math::real, size>> likelihood_; ///< its tables are reused
};

/// Where times rounded to a 24th of their mean age, of which there are few, have their maximum: some steps from
/// the true one at a tenth of their price. Nothing where that does not save much, or there is no maximum.
template <class Model>
[[nodiscard]] std::optional<numbers_of<Model>> rough_start(const customer_rows& rows, double orders,
                                                           const run& how) {
  constexpr double steps = 24.0;
  std::array<std::vector<double>, 4> columns;
  for (const customer_rows::row& row : rows.rows) {
    columns[0].push_back(rows.recent.frequency[row.recent]);
    columns[1].push_back(math::floor(rows.recent.time[row.recent] * steps + 0.5) / steps);
    columns[2].push_back(math::floor(rows.aged.time[row.aged] * steps + 0.5) / steps);
    columns[3].push_back(row.weight);
  }
  const customer_rows rough = compress_customers(columns[0], columns[1], columns[2], columns[3]);
  if (3 * (rough.recent.size() + rough.aged.size()) > rows.recent.size() + rows.aged.size())
    return std::nullopt;
  const numbers_of<Model> start = Model::start(1.0, orders);
  std::array<double, parameter_count<Model>> point{};
  std::transform(start.begin(), start.end(), point.begin(), [](double x) { return math::log(x); });
  math::newton_options newton;
  newton.enough = 1e-10; // the rounding of the times moves the maximum more than that
  newton.gradient_tolerance = 1e-3;
  const math::newton_result found = math::maximise(log_objective<Model>(rough, how), point, newton, how);
  if (!found.converged)
    return std::nullopt;
  numbers_of<Model> made{};
  std::transform(found.point.begin(), found.point.end(), made.begin(), [](double x) { return math::exp(x); });
  return made;
}

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
  std::vector<numbers_of<Model>> starts{Model::start(1.0, orders), Model::start(0.05, orders),
                                        Model::start(20.0, orders)};
  if (const auto rough = detail::rough_start<Model>(scaled, orders, quiet))
    starts.insert(starts.begin(), *rough);
  estimate<Model>(fit, detail::log_objective<Model>(scaled, quiet), starts, scale, options, how,
                  [](model_fit<Model>& of, const fit_end& end) { Model::diagnose(of, end); });
  const numbers_of<Model> found = numbers(fit.parameters);
  fit.log_likelihood = math::value_of(detail::compressed_likelihood<Model, math::real>(rows, quiet)(
      [&]<class T>(std::size_t i) { return T(found[i]); }));
  return fit;
}

/// Fits from a store of kind `rows` made for the model's entry.
template <class Model>
[[nodiscard]] result finish_customer_base(const finish_request& request) {
  const auto& from = request.stored<stats::rows>();
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
