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
#include <emptor/core/entry.hpp>
#include <emptor/core/parameters.hpp>
#include <emptor/core/run.hpp>
#include <emptor/core/status.hpp>
#include <emptor/math/dual.hpp>
#include <emptor/math/elementary.hpp>
#include <emptor/math/hypergeometric.hpp>
#include <emptor/math/newton.hpp>
#include <emptor/math/real.hpp>
#include <emptor/stats/rows.hpp>

/// BG/NBD: how often a customer of a non-contractual business orders, and whether he still does
/// (客户活跃度).
///
/// While alive a customer orders at the Poisson rate lambda ~ Gamma(r, alpha); after each repeat order he
/// drops out with the probability p ~ Beta(a, b), independent of lambda. Source: Fader, Hardie and Lee,
/// "Counting Your Customers" the Easy Way, Marketing Science 24 (2005); Hardie, note 027 (2012) for the
/// likelihood that does not overflow.
///
/// A row is one customer: frequency x (repeat orders, whole, >= 0), recency t_x (first to last order, 0 where
/// x = 0) and age T (first order to now, >= t_x), in one time unit, which is also that of alpha and of
/// horizons. The model cannot see a drop-out before the first repeat order: with x = 0 a customer is alive.
namespace emptor::value {

/// \tparam T  the scalar of the formulas: math::real, math::dual, or double in what a caller keeps
template <class T = double>
struct bg_nbd_parameters {
  T r;     ///< shape of the order rates, > 0
  T alpha; ///< scale of the order rates, > 0, in time units; the mean rate is r / alpha
  T a;     ///< first shape of the drop-out probabilities, > 0
  T b;     ///< second shape, > 0; the mean drop-out probability is a / (a + b)
};

/// Log-likelihood of one customer: equation 6 of the paper in the form of note 027, with both powers as
/// log1p(t / alpha) so that the limits r, alpha -> infinity and x large keep their digits.
template <class T>
[[nodiscard]] T log_likelihood(const bg_nbd_parameters<T>& p, math::base_t<T> frequency,
                               math::base_t<T> recency, math::base_t<T> age) noexcept {
  using namespace math;
  if (!(value_of(frequency) > 0.0))
    return -(p.r * log1p(age / p.alpha));
  const T shape = p.r + frequency;
  const T orders = log_rising(p.r, frequency) - log(p.alpha) * frequency;
  const T stays = log_rising(p.b, frequency) - log_rising(p.a + p.b, frequency);
  const T alive = -(shape * log1p(age / p.alpha));
  const T gone = log(p.a / (p.b + (frequency - 1.0))) - shape * log1p(recency / p.alpha);
  return orders + stays + log_add_exp(alive, gone);
}

/// P(alive) now (客户活跃度), equation 11 of note 027; 1 where there was no repeat order.
template <class T>
[[nodiscard]] T probability_alive(const bg_nbd_parameters<T>& p, math::base_t<T> frequency,
                                  math::base_t<T> recency, math::base_t<T> age) noexcept {
  using namespace math;
  if (!(value_of(frequency) > 0.0))
    return T(1.0);
  const T odds_gone =
      log(p.a / (p.b + (frequency - 1.0))) + (p.r + frequency) * log1p((age - recency) / (p.alpha + recency));
  if (value_of(odds_gone) > 0.0) {
    const T e = exp(-odds_gone);
    return e / (1.0 + e);
  }
  return 1.0 / (1.0 + exp(odds_gone));
}

/// Expected number of orders in the next `horizon` time units, given the past (equation 10 of the paper).
template <class T>
[[nodiscard]] T expected_orders(const bg_nbd_parameters<T>& p, math::base_t<T> frequency,
                                math::base_t<T> recency, math::base_t<T> age,
                                math::base_t<T> horizon) noexcept {
  using namespace math;
  if (value_of(horizon) == 0.0)
    return T(0.0);
  const T shape = p.r + frequency;
  const T b = p.b + frequency;
  const T excess = p.a + (p.b - 1.0) - p.r;
  return probability_alive(p, frequency, recency, age) *
         stop_at_beta_rate(p.a, b, shape, excess, horizon / (p.alpha + age));
}

/// Expected number of repeat orders of a new customer in his first `horizon` time units (equation 9).
template <class T>
[[nodiscard]] T expected_orders(const bg_nbd_parameters<T>& p, math::base_t<T> horizon) noexcept {
  using base = math::base_t<T>;
  return expected_orders(p, base(0.0), base(0.0), base(0.0), horizon);
}

namespace detail {
[[nodiscard]] inline bg_nbd_parameters<math::real> as_real(const bg_nbd_parameters<double>& p) noexcept {
  return {p.r, p.alpha, p.a, p.b};
}
} // namespace detail

/// \copydoc log_likelihood
[[nodiscard]] inline double log_likelihood(const bg_nbd_parameters<double>& p, double frequency,
                                           double recency, double age) noexcept {
  return math::value_of(log_likelihood(detail::as_real(p), frequency, recency, age));
}
/// \copydoc probability_alive
[[nodiscard]] inline double probability_alive(const bg_nbd_parameters<double>& p, double frequency,
                                              double recency, double age) noexcept {
  return math::value_of(probability_alive(detail::as_real(p), frequency, recency, age));
}
/// \copydoc expected_orders
[[nodiscard]] inline double expected_orders(const bg_nbd_parameters<double>& p, double frequency,
                                            double recency, double age, double horizon) noexcept {
  return math::value_of(expected_orders(detail::as_real(p), frequency, recency, age, horizon));
}
/// \copydoc expected_orders
[[nodiscard]] inline double expected_orders(const bg_nbd_parameters<double>& p, double horizon) noexcept {
  return math::value_of(expected_orders(detail::as_real(p), horizon));
}

/// Where the likelihood rises without end: the simpler model that the data ask for.
enum class bg_nbd_limit : std::uint8_t {
  none = 0,
  no_drop_out = 1,      ///< a / (a + b) -> 0: nobody drops out, the NBD model
  certain_drop_out = 2, ///< a / (a + b) -> 1: everybody leaves with the first repeat order
  same_drop_out = 3,    ///< a, b -> infinity: one drop-out probability for all
  split_drop_out = 4,   ///< a, b -> 0: some leave with the first repeat order, the others never
  same_rate = 5,        ///< r, alpha -> infinity: one order rate for all (Poisson)
  extreme_rates = 6,    ///< r -> 0: a few order, nearly all others never
  other = 7,            ///< no maximum was found, and none of the above
};

struct bg_nbd_fit_options {
  int max_iterations = 200;
  double gradient_tolerance = 1e-8; ///< of the log-likelihood in the log parameters, relative to its size
};

struct bg_nbd_fit {
  bg_nbd_parameters<double> parameters{};
  double log_likelihood = 0.0;
  std::array<double, 16> covariance{};     ///< of (r, alpha, a, b), row-major; NaN without a maximum
  std::array<double, 4> standard_errors{}; ///< NaN without a maximum
  int iterations = 0;
  double scaled_gradient = 0.0; ///< largest derivative in a log parameter / max(1, |log-likelihood|)
  bool converged = false;
  std::int64_t customers = 0;     ///< rows with a weight
  std::int64_t distinct_rows = 0; ///< different (frequency, recency, age)
  double total_weight = 0.0;
  bg_nbd_limit limit = bg_nbd_limit::none;
  std::string diagnosis; ///< empty when converged; else which parameter runs where, and the simpler model

  [[nodiscard]] double aic() const noexcept { return 8.0 - 2.0 * log_likelihood; }
  [[nodiscard]] double bic() const noexcept { return 4.0 * math::log(total_weight) - 2.0 * log_likelihood; }
};

namespace detail {

struct bg_nbd_row {
  double frequency;
  double recency;
  double age;
  double weight;

  [[nodiscard]] auto key() const noexcept { return std::tuple(frequency, recency, age); }
};

[[noreturn]] inline void refuse_bg_nbd(std::string_view column, std::size_t row, double found,
                                       std::string_view wanted, std::int32_t index) {
  const auto at = static_cast<std::int64_t>(row);
  throw error(status::data, message("value.bg_nbd", column, at, to_text(found), wanted), at, index);
}

/// Equal rows become one with their weights added. Sorted by content, weights too, so that neither the rows
/// nor the sums depend on the order in which the caller has them.
[[nodiscard]] inline std::vector<bg_nbd_row> compress_bg_nbd(std::vector<bg_nbd_row> rows) {
  std::sort(rows.begin(), rows.end(), [](const bg_nbd_row& x, const bg_nbd_row& y) {
    return std::tuple(x.key(), x.weight) < std::tuple(y.key(), y.weight);
  });
  std::size_t kept = 0;
  for (const bg_nbd_row& row : rows) {
    if (kept > 0 && rows[kept - 1].key() == row.key())
      rows[kept - 1].weight += row.weight;
    else
      rows[kept++] = row;
  }
  rows.resize(kept);
  return rows;
}

/// f(first) + ... + f(last - 1) in a tree whose shape depends on the number of terms only.
template <class Sum, class Term>
[[nodiscard]] Sum sum_in_tree(std::size_t first, std::size_t last, const Term& term) {
  if (last - first <= 16) {
    Sum sum(0.0);
    for (std::size_t i = first; i < last; ++i)
      sum = sum + term(i);
    return sum;
  }
  const std::size_t middle = first + (last - first) / 2;
  return sum_in_tree<Sum>(first, middle, term) + sum_in_tree<Sum>(middle, last, term);
}

/// The weighted log-likelihood of all rows, with the same bits for any number of threads.
template <class T>
[[nodiscard]] T total_log_likelihood(const bg_nbd_parameters<T>& p, std::span<const bg_nbd_row> rows,
                                     const run& how) {
  constexpr auto chunk = static_cast<std::size_t>(rows_per_task);
  std::vector<T> partial((rows.size() + chunk - 1) / chunk);
  for_each_task(static_cast<std::int64_t>(partial.size()), how, [&](std::int64_t task) {
    const std::size_t first = static_cast<std::size_t>(task) * chunk;
    const std::size_t last = std::min(first + chunk, rows.size());
    partial[static_cast<std::size_t>(task)] = sum_in_tree<T>(first, last, [&](std::size_t i) {
      const bg_nbd_row& row = rows[i];
      return emptor::value::log_likelihood(p, row.frequency, row.recency, row.age) * math::real(row.weight);
    });
  });
  return sum_in_tree<T>(0, partial.size(), [&](std::size_t i) { return partial[i]; });
}

/// Which of the simpler models the end point means; the rates come first where both halves run away.
inline void diagnose(bg_nbd_fit& fit, const math::newton_result& found, double limit) {
  const auto say = [&](bg_nbd_limit which, const char* text) {
    if (fit.limit == bg_nbd_limit::none)
      fit.limit = which;
    fit.diagnosis += (fit.diagnosis.empty() ? "" : "; and ") + std::string(text);
  };
  const auto runs = [&](std::size_t i) {
    return found.runaway == static_cast<int>(i) || std::fabs(found.point[i]) > limit - 0.5;
  };
  const auto [r, alpha, a, b] = fit.parameters;
  if (runs(0) || runs(1)) {
    if (r > 10.0)
      say(bg_nbd_limit::same_rate,
          "r and alpha run to infinity: the order rate is the same for all, the simpler "
          "model is the Poisson process with beta-geometric drop-out");
    else if (r < 0.1)
      say(bg_nbd_limit::extreme_rates,
          "r runs to 0: a few order often and all others never, the simpler model "
          "has a class that never orders");
  }
  if (runs(2) || runs(3)) {
    const double mean = a / (a + b);
    if (a > 10.0 && b > 10.0 && mean > 1e-4 && mean < 1.0 - 1e-4)
      say(bg_nbd_limit::same_drop_out,
          "a and b run to infinity: the drop-out probability is the same for all, "
          "the simpler model is the geometric/NBD");
    else if (mean < 1e-3)
      say(bg_nbd_limit::no_drop_out, "a / (a + b) runs to 0: nobody drops out, the simpler model is the NBD");
    else if (mean > 1.0 - 1e-3)
      say(bg_nbd_limit::certain_drop_out, "b / (a + b) runs to 0: everybody drops out with the first repeat "
                                          "order, the simpler model has at most one repeat order");
    else if (a < 0.1 && b < 0.1)
      say(bg_nbd_limit::split_drop_out,
          "a and b run to 0: some drop out with the first repeat order, the others "
          "never, the simpler model is a mixture of the two");
  }
  if (fit.limit == bg_nbd_limit::none)
    say(bg_nbd_limit::other, "no maximum was found within the iterations");
}

} // namespace detail

/// Maximum likelihood fit.
///
/// Rows are one customer each, or one distinct row with the number of customers as its `weight` (empty: 1
/// each). Identical rows are merged, the time is scaled by the mean age, and Newton's method with exact
/// derivatives in the log parameters goes to the true maximum. The result has the same bits for any order of
/// the rows and any number of threads. Where the likelihood has no maximum, `converged` is false and `limit`
/// and `diagnosis` name the simpler model; the parameters are then a point far out on the way there.
/// \throws error status::schema (columns of unlike length), status::data (a bad row), status::too_few,
///         status::cancelled
[[nodiscard]] inline bg_nbd_fit fit_bg_nbd(std::span<const double> frequency, std::span<const double> recency,
                                           std::span<const double> age, std::span<const double> weight = {},
                                           const bg_nbd_fit_options& options = {}, const run& how = {}) {
  using detail::bg_nbd_row;
  constexpr double largest = std::numeric_limits<double>::max();
  const std::size_t count = frequency.size();
  const auto same_length = [&](std::string_view column, std::size_t length, std::int32_t index) {
    if (length != count)
      throw error(status::schema,
                  "value.bg_nbd: " + std::string(column) + " has " + std::to_string(length) +
                      " rows, but must have " + std::to_string(count) + " as frequency",
                  -1, index);
  };
  same_length("recency", recency.size(), 1);
  same_length("age", age.size(), 2);
  if (!weight.empty())
    same_length("weight", weight.size(), 3);

  bg_nbd_fit fit;
  std::vector<bg_nbd_row> rows;
  rows.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const double w = weight.empty() ? 1.0 : weight[i];
    if (!(frequency[i] >= 0.0 && frequency[i] <= largest))
      detail::refuse_bg_nbd("frequency", i, frequency[i], ">= 0", 0);
    if (std::floor(frequency[i]) != frequency[i])
      detail::refuse_bg_nbd("frequency", i, frequency[i], "whole", 0);
    if (!(age[i] >= 0.0 && age[i] <= largest))
      detail::refuse_bg_nbd("age", i, age[i], ">= 0", 2);
    if (!(recency[i] >= 0.0 && recency[i] <= largest))
      detail::refuse_bg_nbd("recency", i, recency[i], ">= 0", 1);
    if (recency[i] > age[i])
      detail::refuse_bg_nbd("recency", i, recency[i], "<= age", 1);
    if (frequency[i] == 0.0 && recency[i] != 0.0)
      detail::refuse_bg_nbd("recency", i, recency[i], "0 where frequency is 0", 1);
    if (!(w >= 0.0 && w <= largest))
      detail::refuse_bg_nbd("weight", i, w, ">= 0", 3);
    if (w == 0.0)
      continue;
    ++fit.customers;
    rows.push_back({frequency[i] + 0.0, recency[i] + 0.0, age[i] + 0.0, w}); // -0 becomes 0
  }
  rows = detail::compress_bg_nbd(std::move(rows));
  fit.distinct_rows = static_cast<std::int64_t>(rows.size());

  const auto weighted = [&](auto&& term) {
    return math::value_of(detail::sum_in_tree<math::real>(0, rows.size(), [&](std::size_t i) {
      return math::real(rows[i].weight) * math::real(term(rows[i]));
    }));
  };
  fit.total_weight = weighted([](const bg_nbd_row&) { return 1.0; });
  const double repeaters = weighted([](const bg_nbd_row& row) { return row.frequency > 0.0 ? 1.0 : 0.0; });
  if (repeaters == 0.0)
    throw error(status::too_few,
                "value.bg_nbd: nobody has a repeat order; at least 2 customers must have one "
                "(the order rate r / alpha would run to 0)");
  if (repeaters < 2.0)
    throw error(status::too_few, "value.bg_nbd: fewer than 2 customers have a repeat order");
  if (rows.size() < 4)
    throw error(status::too_few, "value.bg_nbd: " + std::to_string(rows.size()) +
                                     " distinct rows cannot carry 4 parameters; at least 4 are needed");
  const double scale = weighted([](const bg_nbd_row& row) { return row.age; }) / fit.total_weight;
  const double orders = weighted([](const bg_nbd_row& row) { return row.frequency; }) / fit.total_weight;
  if (!(scale >= 1e-90 && scale <= 1e90 && orders <= largest))
    throw error(status::too_few, "value.bg_nbd: the mean age must be in [1e-90, 1e90] time units");

  std::vector<bg_nbd_row> scaled = rows;
  for (bg_nbd_row& row : scaled) {
    row.recency /= scale;
    row.age /= scale;
  }
  run quiet = how; // Newton's method reports the progress
  quiet.progress = nullptr;
  const auto objective = [&](std::span<const double> point, math::newton_value& out) {
    using number = math::dual<math::real, 4>;
    const auto parameter = [&](std::size_t i) { return exp(number::variable(point[i], i)); };
    const number sum = detail::total_log_likelihood<number>(
        {parameter(0), parameter(1), parameter(2), parameter(3)}, scaled, quiet);
    out.value = math::value_of(sum);
    for (std::size_t i = 0; i < 4; ++i) {
      out.gradient[i] = math::value_of(sum.g[i]);
      for (std::size_t j = 0; j < 4; ++j)
        out.hessian[4 * i + j] = math::value_of(sum.hessian(i, j));
    }
  };
  math::newton_options newton;
  newton.max_iterations = options.max_iterations;
  newton.gradient_tolerance = options.gradient_tolerance;
  newton.limit = 12.0; // beyond e^12 the simpler model gives the same figures
  // Neutral shapes at the mean rate of the data. That a parameter runs away is believed only if the starts at
  // very unlike and very like customers find no maximum as high.
  math::newton_result found;
  int iterations = 0;
  for (const double shape : {1.0, 0.05, 20.0}) {
    const std::array<double, 4> start{math::log(shape), math::log(shape / orders), math::log(shape),
                                      math::log(2.0 * shape)};
    math::newton_result next = math::maximise(objective, start, newton, how);
    iterations += next.iterations;
    const double slack = 1e-10 * std::fabs(next.value);
    if (iterations == next.iterations || next.value > found.value + slack ||
        (next.converged && !found.converged && next.value >= found.value - slack))
      found = std::move(next);
    if (found.converged)
      break;
  }

  const std::array<double, 4> estimate{math::exp(found.point[0]), math::exp(found.point[1]) * scale,
                                       math::exp(found.point[2]), math::exp(found.point[3])};
  fit.parameters = {estimate[0], estimate[1], estimate[2], estimate[3]};
  fit.log_likelihood =
      math::value_of(detail::total_log_likelihood(detail::as_real(fit.parameters), rows, quiet));
  fit.iterations = iterations;
  fit.scaled_gradient = found.scaled_gradient;
  fit.converged = found.converged;
  if (!found.converged) {
    fit.covariance.fill(std::numeric_limits<double>::quiet_NaN());
    fit.standard_errors.fill(std::numeric_limits<double>::quiet_NaN());
    detail::diagnose(fit, found, newton.limit);
    return fit;
  }
  // Inverse of minus the Hessian in the logs, carried to the natural scale by the delta method.
  const math::symmetric_eigen eigen(found.hessian, 4);
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t j = i; j < 4; ++j) {
      math::real sum(0.0);
      for (std::size_t k = 0; k < 4; ++k)
        sum += math::real(eigen.vectors[4 * i + k]) * eigen.vectors[4 * j + k] / -eigen.values[k];
      fit.covariance[4 * i + j] = fit.covariance[4 * j + i] = math::value_of(sum * estimate[i] * estimate[j]);
    }
    fit.standard_errors[i] = math::sqrt(fit.covariance[5 * i]);
  }
  return fit;
}

// How the catalogue knows it.

inline constexpr std::string_view bg_nbd_parameter_names[] = {"r", "alpha", "a", "b"};
// Far beyond anything that a fit can end at, and near enough that no formula overflows.
inline constexpr domain bg_nbd_parameter_domain{1e-100, 1e100};
inline constexpr domain bg_nbd_parameter_domains[] = {bg_nbd_parameter_domain, bg_nbd_parameter_domain,
                                                      bg_nbd_parameter_domain, bg_nbd_parameter_domain};
inline constexpr std::string_view bg_nbd_limit_levels[] = {
    "none",           "no_drop_out", "certain_drop_out", "same_drop_out",
    "split_drop_out", "same_rate",   "extreme_rates",    "other"};
inline constexpr std::string_view time_unit_choices[] = {"day", "week", "month", "year"};

[[nodiscard]] constexpr row_fault bg_nbd_rule(std::span<const double> values) noexcept {
  if (values[1] > values[2])
    return {row_status::inconsistent, 1, "<= age"};
  if (values[0] == 0.0 && values[1] != 0.0)
    return {row_status::inconsistent, 1, "0 where frequency is 0"};
  return {};
}

inline constexpr column_description bg_nbd_rows[] = {
    {.name = "frequency",
     .what = content::count,
     .unit = "orders",
     .summary = "repeat orders (购买频次)",
     .allowed = at_least_zero},
    {.name = "recency",
     .unit = "time units",
     .summary = "first to last order; 0 where frequency is 0",
     .allowed = at_least_zero},
    {.name = "age",
     .unit = "time units",
     .summary = "first order to now, >= recency",
     .allowed = at_least_zero},
    {.name = "weight",
     .unit = "customers",
     .summary = "customers that this row stands for; 1 where it is missing",
     .allowed = {0.0, 1e15},
     .optional = true},
};
inline constexpr table_description bg_nbd_inputs[] = {
    {.name = "rows", .summary = "one customer a row", .columns = bg_nbd_rows, .rule = &bg_nbd_rule}};
inline constexpr option_description bg_nbd_unit{
    .name = "unit",
    .what = option_content::choice,
    .summary = "time unit of recency, age and alpha; without it horizons are plain numbers, and dates and "
               "lengths with a unit are refused",
    .choices = time_unit_choices};
inline constexpr option_description bg_nbd_finish_options[] = {
    bg_nbd_unit,
    {.name = "max_iterations",
     .what = option_content::integer,
     .summary = "Newton iterations from one start",
     .allowed = {1, 100000},
     .default_value = "200"},
};
inline constexpr option_description bg_nbd_model_options[] = {bg_nbd_unit};
inline constexpr option_description bg_nbd_score_options[] = {
    {.name = "horizon",
     .what = option_content::horizon,
     .summary =
         "how far expected_orders looks ahead: a number of the model's time units, a length such as 39 "
         "week, or the date on which it ends",
     .unit = "time units",
     .allowed = {0.0, 1e12}},
    {.name = "as_of",
     .what = option_content::day,
     .summary = "the day on which the ages end; needed where the horizon is a date"},
};
inline constexpr column_description bg_nbd_outputs[] = {
    {.name = "probability_alive",
     .unit = "probability",
     .summary =
         "P(alive): probability that the customer has not dropped out (客户活跃度); 1 where frequency is 0, "
         "because this model sees drop-out only after a repeat order",
     .allowed = zero_to_one},
    {.name = "expected_orders",
     .unit = "orders",
     .summary = "expected orders within the horizon, given the row",
     .allowed = at_least_zero},
};
inline constexpr column_description bg_nbd_fit_columns[] = {
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
     .levels = bg_nbd_limit_levels},
    {.name = "diagnosis",
     .what = content::text,
     .summary = "which parameter runs where; empty when converged",
     .optional = true},
};
inline constexpr table_description bg_nbd_fit_table{
    .name = "fit", .summary = "how the fit went, one row", .columns = bg_nbd_fit_columns, .optional = true};
inline constexpr table_description bg_nbd_model_tables[] = {parameters_table, covariance_table,
                                                            bg_nbd_fit_table};

inline constexpr example_table bg_nbd_fit_rows[] = {
    {"rows", "frequency,recency,age,weight\n0,0,39,500\n0,0,20,420\n1,5,39,90\n1,20,39,40\n1,35,39,30\n"
             "1,10,20,60\n2,10,39,30\n2,30,39,45\n2,15,20,30\n3,12,39,12\n3,35,39,30\n5,38,39,20\n8,37,39,8\n"
             "6,19,20,6\n12,38,39,3\n"}};
inline constexpr example_option bg_nbd_week[] = {{"unit", "week"}};
inline constexpr example_table bg_nbd_fit_expected[] = {
    {"parameters", "parameter,value,standard_error\nr,0.3337418572,0.035491079\nalpha,14.80233999,2."
                   "182208584\na,0.3018166667,0.162283401\nb,1.150937127,0.663753440\n"},
    {"fit",
     "log_likelihood,converged,customers,distinct_rows,total_weight\n-3689.92857523208,true,15,15,1324\n"}};
inline constexpr example_table bg_nbd_score_rows[] = {
    {"rows", "frequency,recency,age\n2,30.43,38.86\n0,0,38.86\n26,30.86,31\n"}};
inline constexpr example_table bg_nbd_score_model[] = {
    {"parameters", "parameter,value\nr,0.243\nalpha,4.414\na,0.793\nb,2.426\n"}};
inline constexpr example_option bg_nbd_score_horizon[] = {{"horizon", "39 week"}};
inline constexpr example_table bg_nbd_score_expected[] = {
    {"scores", "probability_alive,expected_orders\n0.726578570080673,1.22602817476714\n1,0."
               "195098052011263\n0.968915649717525,20.7497261408573\n"}};
inline constexpr example bg_nbd_examples[] = {
    {.what = verb::fit,
     .summary = "1,324 invented customers in 15 distinct rows, weeks",
     .source = "an independent maximisation of the same likelihood with 40-digit arithmetic",
     .tables = bg_nbd_fit_rows,
     .options = bg_nbd_week,
     .expected = bg_nbd_fit_expected,
     .tolerance = 1e-6},
    {.what = verb::score,
     .summary = "the first customer is that of the paper: 1.226 orders expected in the next 39 weeks",
     .source = "Fader, Hardie and Lee (2005), section 4, at the published parameters; further digits by "
               "evaluating its equation 10 with 60-digit arithmetic",
     .tables = bg_nbd_score_rows,
     .model_tables = bg_nbd_score_model,
     .model_options = bg_nbd_week,
     .options = bg_nbd_score_horizon,
     .expected = bg_nbd_score_expected,
     .tolerance = 1e-9},
};
inline constexpr std::string_view bg_nbd_formats[] = {"json"};

inline constexpr entry_description bg_nbd_description{
    .name = "value.bg_nbd",
    .what = verb::fit,
    .summary =
        "BG/NBD: order rate and drop-out of customers without a contract; P(alive) and expected orders",
    .source = "Fader, Hardie and Lee, Marketing Science 24 (2005); Hardie, note 027 (2012)",
    .chinese = "客户活跃度与购买频次预测",
    .since = "0.1",
    .store = "rows",
    .inputs = bg_nbd_inputs,
    .options = bg_nbd_finish_options,
    .outputs = bg_nbd_model_tables,
    .model_tables = bg_nbd_model_tables,
    .model_options = bg_nbd_model_options,
    .score = {.inputs = {bg_nbd_rows, 3},
              .options = bg_nbd_score_options,
              .outputs = bg_nbd_outputs,
              .rule = &bg_nbd_rule},
    .formats = bg_nbd_formats,
    .examples = bg_nbd_examples,
};

class bg_nbd_scorer final : public scorer {
public:
  bg_nbd_scorer(const bg_nbd_parameters<math::real>& parameters, double horizon) noexcept
      : parameters_(parameters)
      , horizon_(horizon) {}

  void score(const score_block& block) const noexcept override {
    const auto write = [&](std::size_t output, const auto& formula) {
      double* const values = block.outputs[output].number;
      for (std::int64_t row = 0; values != nullptr && row < block.rows; ++row) {
        if (block.status[row] == row_status::ok)
          values[row] = math::value_of(formula(math::real(block.inputs[0].number[row]),
                                               math::real(block.inputs[1].number[row]),
                                               math::real(block.inputs[2].number[row])));
      }
    };
    write(0, [&](auto x, auto recency, auto age) { return probability_alive(parameters_, x, recency, age); });
    write(1, [&](auto x, auto recency, auto age) {
      return expected_orders(parameters_, x, recency, age, math::real(horizon_));
    });
  }

private:
  bg_nbd_parameters<math::real> parameters_;
  double horizon_;
};

inline void check_horizon(double horizon) {
  const domain& allowed = bg_nbd_score_options[0].allowed;
  if (!allowed.contains(horizon))
    throw error(status::option,
                message(bg_nbd_description.name, "option horizon", -1, to_text(horizon), to_text(allowed)));
}

/// Fits from a store of kind `rows` made for this entry.
[[nodiscard]] inline result finish_bg_nbd(const finish_request& request) {
  const auto& from = dynamic_cast<const stats::rows&>(*request.from);
  const std::vector<double> frequency = from.numbers("rows", "frequency");
  const std::vector<double> recency = from.numbers("rows", "recency");
  const std::vector<double> age = from.numbers("rows", "age");
  std::vector<double> weight = from.numbers("rows", "weight");
  std::replace_if(
      weight.begin(), weight.end(), [](double w) { return std::isnan(w); }, 1.0);
  const bg_nbd_fit fit = fit_bg_nbd(
      frequency, recency, age, weight,
      {.max_iterations = static_cast<int>(request.options.integer("max_iterations"))}, request.how);
  auto made = std::make_shared<model>();
  made->entry = bg_nbd_description.name;
  if (request.options.has("unit"))
    made->options.push_back({"unit", std::string(request.options.text("unit"))});
  const std::array<double, 4> values{fit.parameters.r, fit.parameters.alpha, fit.parameters.a,
                                     fit.parameters.b};
  made->tables.push_back(make_parameters(bg_nbd_parameter_names, values, fit.standard_errors));
  made->tables.push_back(make_covariance(bg_nbd_parameter_names, fit.covariance));
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
  about.add(column::codes("limit", {static_cast<std::int32_t>(fit.limit)}, bg_nbd_limit_levels));
  text_buffer diagnosis;
  diagnosis.push_back(fit.diagnosis);
  about.add(column::texts("diagnosis", std::move(diagnosis)));
  made->tables.push_back(std::move(about));
  return {made->tables, std::move(made)};
}

inline constexpr entry bg_nbd_entry{
    .description = &bg_nbd_description,
    .finish = &finish_bg_nbd,
    .check_model =
        [](const model& made) {
          (void)read_parameters(made, bg_nbd_parameter_names, bg_nbd_parameter_domains);
        },
    .bind = [](const score_request& request) -> std::unique_ptr<scorer> {
      const std::vector<double> p =
          read_parameters(*request.self, bg_nbd_parameter_names, bg_nbd_parameter_domains);
      double horizon = 0.0;
      if (request.options.has("horizon"))
        horizon = resolve(request.options.horizon("horizon"), bg_nbd_description.name,
                          parse_time_unit(request.self->option_text("unit")).value_or(time_unit::none),
                          request.options.day("as_of"));
      else if (request.wanted[1])
        throw error(status::option, "value.bg_nbd: option horizon is needed for expected_orders");
      check_horizon(horizon);
      return std::make_unique<bg_nbd_scorer>(bg_nbd_parameters<math::real>{p[0], p[1], p[2], p[3]}, horizon);
    },
};

} // namespace emptor::value
