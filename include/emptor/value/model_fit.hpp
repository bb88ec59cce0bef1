// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/entry.hpp>
#include <emptor/core/parameters.hpp>
#include <emptor/core/run.hpp>
#include <emptor/core/status.hpp>
#include <emptor/math/dual.hpp>
#include <emptor/math/elementary.hpp>
#include <emptor/math/incomplete_gamma.hpp>
#include <emptor/math/newton.hpp>
#include <emptor/math/real.hpp>
#include <emptor/value/customer_base.hpp>

/// Maximum likelihood for the models of this folder: what a fit gives, Newton's method from a few starts, the
/// covariance, and the tables of the fitted model.
namespace emptor::value {

struct fit_options {
  int max_iterations = 200;
  double gradient_tolerance = 1e-8; ///< of the log-likelihood in the log parameters, relative to its size
};

/// \tparam Model  see customer_base.hpp. For a fit it has also `enum class limit` (the simpler models that the
/// data may ask for; `none` = 0, `other` = the last) and `levels`, the names of its values.
template <class Model>
struct model_fit {
  static constexpr std::size_t size = parameter_count<Model>;

  typename Model::template parameters<double> parameters{};
  double log_likelihood = 0.0;
  std::array<double, size * size> covariance{}; ///< of the parameters, row-major; NaN without a maximum
  std::array<double, size> standard_errors{};   ///< NaN without a maximum
  int iterations = 0;
  double scaled_gradient = 0.0; ///< largest derivative in a log parameter / max(1, |log-likelihood|)
  bool converged = false;
  std::int64_t customers = 0;     ///< rows with a weight
  std::int64_t distinct_rows = 0; ///< different rows among them
  double total_weight = 0.0;
  typename Model::limit limit = Model::limit::none;
  std::string diagnosis; ///< empty when converged; else which parameter runs where, and the simpler model

  [[nodiscard]] double aic() const noexcept { return 2.0 * static_cast<double>(size) - 2.0 * log_likelihood; }
  [[nodiscard]] double bic() const noexcept {
    return static_cast<double>(size) * math::log(total_weight) - 2.0 * log_likelihood;
  }
  /// Adds what the data ask for; the first one named is the limit.
  void diagnose(typename Model::limit which, std::string_view text) {
    if (limit == Model::limit::none)
      limit = which;
    diagnosis += (diagnosis.empty() ? "" : "; and ") + std::string(text);
  }
};

struct likelihood_ratio {
  double statistic = 0.0; ///< twice the difference of the log-likelihoods
  double p_value = 1.0;   ///< chi-squared, with the number of parameters that the restricted model lacks
};
/// Likelihood-ratio test (Wilks) of a model against a simpler one that it contains, fitted to the same rows: a small
/// p-value says that the simpler one does not explain them. Where it is the end of the other's domain (Pareto/NBD
/// without drop-out is NBD) the p-value is on the safe side, that is too large.
/// \throws error status::mismatch where the fits are not of the same rows
template <class Model, class Restricted>
[[nodiscard]] likelihood_ratio likelihood_ratio_test(const model_fit<Model>& fit,
                                                     const model_fit<Restricted>& restricted) {
  static_assert(parameter_count<Model> > parameter_count<Restricted>);
  if (fit.customers != restricted.customers || fit.distinct_rows != restricted.distinct_rows ||
      fit.total_weight != restricted.total_weight)
    throw error(status::mismatch, std::string(Model::name) + ": the fit of " + std::string(Restricted::name) +
                                      " is of other rows");
  const double statistic = std::fmax(2.0 * (fit.log_likelihood - restricted.log_likelihood), 0.0);
  constexpr auto degrees = static_cast<double>(parameter_count<Model> - parameter_count<Restricted>);
  return {statistic, math::gamma_q(0.5 * degrees, 0.5 * statistic)};
}

/// f(first) + ... + f(last - 1) in a tree whose shape depends on the number of terms only; `term` is called with
/// rising i.
template <class Sum, class Term>
[[nodiscard]] Sum sum_in_tree(std::size_t first, std::size_t last, const Term& term) {
  if (last - first <= 16) {
    Sum sum(0.0);
    for (std::size_t i = first; i < last; ++i)
      sum = sum + term(i);
    return sum;
  }
  const std::size_t middle = first + (last - first) / 2;
  const Sum lower = sum_in_tree<Sum>(first, middle, term);
  return lower + sum_in_tree<Sum>(middle, last, term);
}

namespace detail {

/// Puts value, gradient and Hessian of a dual number into what Newton's method reads.
template <std::size_t N>
void take_derivatives(const math::dual<math::real, N>& from, math::newton_value& out) {
  out.value = math::value_of(from);
  for (std::size_t i = 0; i < N; ++i) {
    out.gradient[i] = math::value_of(from.g[i]);
    for (std::size_t j = 0; j < N; ++j)
      out.hessian[N * i + j] = math::value_of(from.hessian(i, j));
  }
}

/// Inverse of minus the Hessian in the logs, carried to the natural scale by the delta method.
template <std::size_t N>
[[nodiscard]] std::array<double, N * N> natural_covariance(std::span<const double> log_hessian,
                                                           const std::array<double, N>& estimate) {
  std::array<double, N * N> covariance{};
  const math::symmetric_eigen eigen(log_hessian, N);
  for (std::size_t i = 0; i < N; ++i) {
    for (std::size_t j = i; j < N; ++j) {
      math::real sum(0.0);
      for (std::size_t k = 0; k < N; ++k)
        sum += math::real(eigen.vectors[N * i + k]) * eigen.vectors[N * j + k] / -eigen.values[k];
      covariance[N * i + j] = covariance[N * j + i] = math::value_of(sum * estimate[i] * estimate[j]);
    }
  }
  return covariance;
}

} // namespace detail

/// Where Newton's method ended. `runs(i)` says whether the parameter i runs away.
struct fit_end {
  const math::newton_result& found;
  double limit;

  [[nodiscard]] bool runs(std::size_t i) const noexcept {
    return found.runaway == static_cast<int>(i) || std::fabs(found.point[i]) > limit - 0.5;
  }
};

/// Maximises over the logs of the parameters, and fills in what a fit says about its maximum (not the
/// log-likelihood, which the caller evaluates plainly at the estimate).
///
/// Times are in units of `scale`, so that steps of 1 in a log are neither tiny nor huge. A parameter that runs
/// away is believed only if no start finds a maximum as high.
/// \param objective  of the logs, as math::maximise wants it
/// \param starts     parameters in units of `scale`
/// \param diagnose   called with (fit, fit_end) where there is no maximum
template <class Model, class Objective, class Diagnose>
void estimate(model_fit<Model>& fit, const Objective& objective, std::span<const numbers_of<Model>> starts,
              double scale, const fit_options& options, const run& how, const Diagnose& diagnose) {
  constexpr std::size_t size = parameter_count<Model>;
  math::newton_options newton;
  newton.max_iterations = options.max_iterations;
  newton.gradient_tolerance = options.gradient_tolerance;
  newton.limit = 12.0; // beyond e^12 the simpler model gives the same figures
  math::newton_result found;
  for (const numbers_of<Model>& start : starts) {
    std::array<double, size> point{};
    for (std::size_t i = 0; i < size; ++i)
      point[i] = math::log(start[i]);
    math::newton_result next = math::maximise(objective, point, newton, how);
    const bool first = found.point.empty();
    fit.iterations += next.iterations;
    const double slack = 1e-10 * std::fabs(next.value);
    if (first || next.value > found.value + slack ||
        (next.converged && !found.converged && next.value >= found.value - slack))
      found = std::move(next);
    if (found.converged)
      break;
  }

  numbers_of<Model> values{};
  for (std::size_t i = 0; i < size; ++i)
    values[i] = math::exp(found.point[i]) * (Model::times[i] ? scale : 1.0);
  fit.parameters = std::bit_cast<typename Model::template parameters<double>>(values);
  fit.scaled_gradient = found.scaled_gradient;
  fit.converged = found.converged;
  if (found.converged) {
    fit.covariance = detail::natural_covariance<size>(found.hessian, values);
    for (std::size_t i = 0; i < size; ++i)
      fit.standard_errors[i] = math::sqrt(fit.covariance[(size + 1) * i]);
    return;
  }
  fit.covariance.fill(std::numeric_limits<double>::quiet_NaN());
  fit.standard_errors.fill(std::numeric_limits<double>::quiet_NaN());
  diagnose(fit, fit_end{found, newton.limit});
  if (fit.limit == Model::limit::none)
    fit.diagnose(Model::limit::other, "no maximum was found within the iterations");
}

// How the catalogue knows a fit.

// Far beyond anything that a fit can end at, and near enough that no formula overflows.
inline constexpr domain parameter_domain{1e-100, 1e100};
template <class Model>
inline constexpr auto parameter_domains = [] {
  std::array<domain, parameter_count<Model>> made{};
  made.fill(parameter_domain);
  return made;
}();
template <class Model>
[[nodiscard]] std::vector<double> read_parameters(const model& from) {
  return emptor::read_parameters(from, Model::names, parameter_domains<Model>);
}

template <class Model>
inline constexpr std::array<column_description, 11> fit_columns{{
    {.name = "log_likelihood", .summary = "at the maximum"},
    {.name = "aic", .summary = "Akaike's criterion"},
    {.name = "bic", .summary = "Schwarz's criterion, with the total weight as the number of cases"},
    {.name = "converged",
     .what = content::boolean,
     .summary = "whether there is a maximum and it was reached"},
    {.name = "iterations", .what = content::count, .summary = "Newton iterations from all starts"},
    {.name = "scaled_gradient",
     .summary = "largest derivative in a log parameter / max(1, |log-likelihood|)"},
    {.name = "customers", .what = content::count, .summary = "rows with a weight above 0"},
    {.name = "distinct_rows", .what = content::count, .summary = "different rows among them"},
    {.name = "total_weight", .summary = "sum of the weights"},
    {.name = "limit",
     .what = content::code,
     .summary = "the simpler model that the data ask for where there is no maximum",
     .levels = Model::levels},
    {.name = "diagnosis",
     .what = content::text,
     .summary = "which parameter runs where; empty when converged",
     .optional = true},
}};
/// The tables of a fitted model.
template <class Model>
inline constexpr table_description fitted_tables[] = {
    parameters_table,
    covariance_table,
    {.name = "fit", .summary = "how the fit went, one row", .columns = fit_columns<Model>, .optional = true}};

/// The model and its tables, as a fit's finish gives them.
/// \param unit  text of the option `unit`; empty = none
template <class Model>
[[nodiscard]] result fitted_result(const model_fit<Model>& fit, std::string_view unit) {
  auto made = std::make_shared<model>();
  made->entry = Model::name;
  if (!unit.empty())
    made->options.push_back({"unit", std::string(unit)});
  made->tables.push_back(make_parameters(Model::names, numbers(fit.parameters), fit.standard_errors));
  made->tables.push_back(make_covariance(Model::names, fit.covariance));
  table about("fit");
  about.add(column::numbers("log_likelihood", {fit.log_likelihood}));
  about.add(column::numbers("aic", {fit.aic()}));
  about.add(column::numbers("bic", {fit.bic()}));
  about.add(column::booleans("converged", {static_cast<std::uint8_t>(fit.converged ? 1 : 0)}));
  about.add(column::integers("iterations", {fit.iterations}));
  about.add(column::numbers("scaled_gradient", {fit.scaled_gradient}));
  about.add(column::integers("customers", {fit.customers}));
  about.add(column::integers("distinct_rows", {fit.distinct_rows}));
  about.add(column::numbers("total_weight", {fit.total_weight}));
  about.add(column::codes("limit", {static_cast<std::int32_t>(fit.limit)}, Model::levels));
  text_buffer diagnosis;
  diagnosis.push_back(fit.diagnosis);
  about.add(column::texts("diagnosis", std::move(diagnosis)));
  made->tables.push_back(std::move(about));
  return {made->tables, std::move(made)};
}

} // namespace emptor::value
