// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/random.hpp>
#include <emptor/core/run.hpp>
#include <emptor/math/elementary.hpp>
#include <emptor/math/real.hpp>
#include <emptor/stats/intervals.hpp>
#include <emptor/stats/quantile.hpp>
#include <emptor/stats/relative_importance.hpp>
#include <emptor/stats/student.hpp>

/// Key drivers (关键驱动因素): which answers the satisfaction with the whole hangs on. The outcome is regressed on the drivers,
/// and what is explained is split between them so that it adds up to R2: by relative weights and by the Shapley value
/// (stats/relative_importance.hpp). Respondents, not rows, are drawn again for the intervals.
///
/// Source: see stats/relative_importance.hpp; for the intervals S. Tonidandel, J. M. LeBreton and J. W. Johnson, Determining the
/// statistical significance of relative weights, Psychological Methods 14, 2009; B. Efron and R. J. Tibshirani, An Introduction
/// to the Bootstrap, 1993; J. Shao and D. Tu, The Jackknife and Bootstrap, 1995 (jackknife by groups).
namespace emptor::satisfaction {

/// Complete answers: rows of drivers, then the outcome, those of a respondent beside each other.
struct driver_rows {
  std::size_t drivers = 0;
  std::vector<double> values; ///< row after row, drivers + 1 numbers each
  std::vector<double> weights;
  std::vector<std::size_t> ends; ///< behind the last row of each respondent

  [[nodiscard]] std::size_t rows() const noexcept { return weights.size(); }
  [[nodiscard]] std::size_t respondents() const noexcept { return ends.size(); }
};

/// Why there are no figures, or that there are.
enum class driver_status : std::int32_t {
  ok = 0,
  too_few = 1,          ///< fewer respondents than drivers and two more
  constant_outcome = 2, ///< all gave the same answer
  constant_driver = 3,
  collinear = 4, ///< a driver is a combination of those before it
};
inline constexpr std::string_view driver_status_names[] = {"ok", "too_few", "constant_outcome",
                                                           "constant_driver", "collinear"};

/// What the figures of an analysis are, one behind the other: R2, then for each driver its correlation, coefficient and relative
/// weight, then the Shapley value of each block.
struct driver_layout {
  std::size_t drivers = 0;
  std::vector<std::size_t> block_of; ///< of each driver, in rising order
  std::size_t blocks = 0;
  bool shapley = true;

  [[nodiscard]] std::size_t figures() const noexcept { return 1 + 3 * drivers + (shapley ? blocks : 0); }
  [[nodiscard]] static std::size_t r_squared() noexcept { return 0; }
  [[nodiscard]] static std::size_t correlation(std::size_t driver) noexcept { return 1 + driver; }
  [[nodiscard]] std::size_t coefficient(std::size_t driver) const noexcept { return 1 + drivers + driver; }
  [[nodiscard]] std::size_t relative_weight(std::size_t driver) const noexcept {
    return 1 + 2 * drivers + driver;
  }
  [[nodiscard]] std::size_t shapley_value(std::size_t block) const noexcept {
    return 1 + 3 * drivers + block;
  }
  /// Between which numbers a figure can lie.
  [[nodiscard]] stats::interval possible(std::size_t figure) const noexcept {
    if (figure >= correlation(0) && figure < coefficient(0))
      return {-1.0, 1.0};
    if (figure >= coefficient(0) && figure < relative_weight(0))
      return {-std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity()};
    return {0.0, 1.0};
  }
};

/// Rows brought to mean 0 and variance 1, of which correlations are made again and again.
class standardised_rows {
public:
  /// \return the first column that does not vary; nothing where all do
  std::optional<std::size_t> take(const driver_rows& from) {
    rows_ = &from;
    const std::size_t width = from.drivers + 1;
    values_.assign(from.values.size(), math::real(0.0));
    means_.assign(width, 0.0);
    math::real weight(0.0);
    for (const double one : from.weights)
      weight = weight + one;
    std::optional<std::size_t> constant;
    for (std::size_t c = 0; c < width; ++c) {
      math::real sum(0.0);
      for (std::size_t r = 0; r < from.rows(); ++r)
        sum = sum + math::real(from.weights[r]) * from.values[r * width + c];
      const math::real mean = sum / weight;
      means_[c] = math::value_of(mean);
      math::real squares(0.0);
      bool varies = false;
      for (std::size_t r = 0; r < from.rows(); ++r) {
        const math::real off = math::real(from.values[r * width + c]) - mean;
        squares = squares + from.weights[r] / weight * off * off;
        varies = varies || from.values[r * width + c] != from.values[c];
      }
      const math::real deviation = sqrt(squares);
      if (!varies || !(math::value_of(deviation) > 0.0)) {
        constant = constant.value_or(c);
        continue;
      }
      for (std::size_t r = 0; r < from.rows(); ++r)
        values_[r * width + c] = (math::real(from.values[r * width + c]) - mean) / deviation;
    }
    return constant;
  }
  [[nodiscard]] double mean(std::size_t column) const noexcept { return means_[column]; }

  /// \param times  how often each respondent counts
  /// \return whether all columns vary
  bool correlate(std::span<const std::uint32_t> times, stats::correlations& into) const {
    const std::size_t width = rows_->drivers + 1;
    into.predictors = rows_->drivers;
    into.matrix.assign(width * width, 0.0);
    std::vector<math::real> products(width * width, math::real(0.0));
    std::vector<math::real> sums(width, math::real(0.0));
    math::real weight(0.0);
    std::size_t row = 0;
    for (std::size_t k = 0; k < rows_->respondents(); ++k) {
      for (; row < rows_->ends[k]; ++row) {
        if (times[k] == 0)
          continue;
        const math::real here = math::real(static_cast<double>(times[k])) * rows_->weights[row];
        const math::real* const values = &values_[row * width];
        weight = weight + here;
        for (std::size_t a = 0; a < width; ++a) {
          const math::real scaled = here * values[a];
          sums[a] = sums[a] + scaled;
          for (std::size_t b = a; b < width; ++b)
            products[a * width + b] = products[a * width + b] + scaled * values[b];
        }
      }
    }
    if (!(math::value_of(weight) > 0.0))
      return false;
    std::vector<math::real> deviations(width);
    for (std::size_t a = 0; a < width; ++a) {
      const math::real mean = sums[a] / weight;
      const math::real variance = products[a * width + a] / weight - mean * mean;
      if (!(math::value_of(variance) > 1e-12))
        return false;
      deviations[a] = sqrt(variance);
      sums[a] = mean;
    }
    for (std::size_t a = 0; a < width; ++a) {
      into.matrix[a * width + a] = 1.0;
      for (std::size_t b = a + 1; b < width; ++b) {
        const math::real covariance = products[a * width + b] / weight - sums[a] * sums[b];
        const double correlation =
            std::clamp(math::value_of(covariance / deviations[a] / deviations[b]), -1.0, 1.0);
        into.matrix[a * width + b] = into.matrix[b * width + a] = correlation;
      }
    }
    return true;
  }

private:
  const driver_rows* rows_ = nullptr;
  std::vector<math::real> values_;
  std::vector<double> means_;
};

/// Figures from correlations; keeps its memory.
class driver_figures {
public:
  explicit driver_figures(const driver_layout& layout)
      : layout_(layout) {}
  /// \return the first driver that is a combination of those before it, and then no figures
  std::optional<std::size_t> find(const stats::correlations& from, std::span<double> into) {
    if (const auto combined = regression_.fit(from))
      return combined;
    into[driver_layout::r_squared()] = regression_.r_squared();
    const std::vector<double>& weights = weights_.of(from);
    for (std::size_t j = 0; j < layout_.drivers; ++j) {
      into[driver_layout::correlation(j)] = from.with_outcome(j);
      into[layout_.coefficient(j)] = regression_.coefficients()[j];
      into[layout_.relative_weight(j)] = weights[j];
    }
    if (layout_.shapley) {
      const std::vector<double>& values = shapley_.of(from, layout_.block_of, layout_.blocks);
      std::copy(values.begin(), values.end(),
                into.begin() + static_cast<std::ptrdiff_t>(layout_.shapley_value(0)));
    }
    return std::nullopt;
  }

private:
  const driver_layout& layout_;
  stats::standardised_regression regression_;
  stats::relative_weights weights_;
  stats::shapley_r_squared shapley_;
};

/// Where intervals come from.
enum class driver_interval : std::int32_t { bootstrap = 0, jackknife = 1, none = 2 };
inline constexpr std::string_view driver_interval_names[] = {"bootstrap", "jackknife", "none"};

/// How intervals are made, and how often respondents are drawn.
struct driver_resampling {
  driver_interval how = driver_interval::bootstrap;
  std::size_t resamples = 1000;
  std::uint64_t seed = 1;
  double confidence = 0.95;
};

/// What explains the outcome in a part of the survey: figures of the drivers and their intervals, or why there are none.
struct driver_analysis {
  driver_status status = driver_status::ok;
  std::size_t driver = 0; ///< that the status is about
  double effective_rows = std::numeric_limits<double>::quiet_NaN();
  double adjusted_r_squared = std::numeric_limits<double>::quiet_NaN();
  std::vector<double> means;              ///< of the drivers; empty where there are no rows
  std::vector<double> figures;            ///< by the layout; empty unless the status is ok
  std::vector<stats::interval> intervals; ///< of the figures, as many
  std::size_t resamples = 0;              ///< that gave figures
  std::size_t failed_resamples = 0;       ///< in which a column did not vary, or drivers were collinear
};

namespace detail {

/// The figures of each resample, one behind the other; NaN where it gave none.
[[nodiscard]] inline std::vector<double>
resampled_figures(const standardised_rows& rows, std::size_t respondents, const driver_layout& layout,
                  const driver_resampling& asked, std::size_t resamples, const run& how) {
  constexpr std::size_t together = 8;
  const std::size_t width = layout.figures();
  std::vector<double> all(resamples * width, std::numeric_limits<double>::quiet_NaN());
  for_each_task(
      static_cast<std::int64_t>((resamples + together - 1) / together), how, [&](std::int64_t task) {
        std::vector<std::uint32_t> times(respondents);
        stats::correlations between;
        driver_figures figures(layout);
        const std::size_t first = static_cast<std::size_t>(task) * together;
        for (std::size_t b = first; b < std::min(first + together, resamples) && !how.cancelled(); ++b) {
          if (asked.how == driver_interval::bootstrap) {
            times.assign(respondents, 0);
            random_stream draws(asked.seed, b, 0);
            for (std::size_t k = 0; k < respondents; ++k)
              ++times[draws.below(respondents)];
          } else {
            for (std::size_t k = 0; k < respondents; ++k)
              times[k] = k % resamples == b ? 0 : 1;
          }
          if (rows.correlate(times, between))
            figures.find(between, std::span(all).subspan(b * width, width));
        }
      });
  how.check(1.0);
  return all;
}

inline void find_intervals(driver_analysis& made, std::span<const double> all, const driver_layout& layout,
                           const driver_resampling& asked) {
  const std::size_t width = made.figures.size();
  const std::size_t resamples = all.size() / width;
  for (std::size_t b = 0; b < resamples; ++b)
    (std::isnan(all[b * width]) ? made.failed_resamples : made.resamples) += 1;
  // Half of them is too few to stand for all; and of a jackknife none may lack.
  if (made.resamples < 2 || made.resamples < made.failed_resamples ||
      (asked.how == driver_interval::jackknife && made.failed_resamples > 0))
    return;
  std::vector<double> of_one;
  const double t = asked.how == driver_interval::jackknife
                       ? stats::student_quantile(static_cast<double>(resamples - 1), asked.confidence)
                       : 0.0;
  for (std::size_t f = 0; f < width; ++f) {
    of_one.clear();
    for (std::size_t b = 0; b < resamples; ++b) {
      if (const double value = all[b * width + f]; !std::isnan(value))
        of_one.push_back(value);
    }
    if (asked.how == driver_interval::bootstrap) {
      const double tail = (1.0 - asked.confidence) / 2.0;
      made.intervals[f] = {stats::quantile_type_7(of_one, tail), stats::quantile_type_7(of_one, 1.0 - tail)};
      continue;
    }
    math::real sum(0.0);
    for (const double one : of_one)
      sum = sum + one;
    const auto n = static_cast<double>(of_one.size());
    const math::real mean = sum / n;
    math::real squares(0.0);
    for (const double one : of_one)
      squares = squares + (one - mean) * (one - mean);
    const math::real half = t * sqrt((n - 1.0) / n * squares);
    const stats::interval possible = layout.possible(f);
    made.intervals[f] = {std::max(possible.low, math::value_of(made.figures[f] - half)),
                         std::min(possible.high, math::value_of(made.figures[f] + half))};
  }
}
} // namespace detail

/// \throws error status::cancelled
[[nodiscard]] inline driver_analysis analyse_drivers(const driver_rows& from, const driver_layout& layout,
                                                     const driver_resampling& asked, const run& how) {
  driver_analysis made;
  const auto refused = [&](driver_status why, std::size_t driver) {
    made.status = driver == layout.drivers ? driver_status::constant_outcome : why;
    made.driver = driver;
    return made;
  };
  if (from.rows() == 0)
    return refused(driver_status::too_few, 0);
  math::real weight(0.0);
  math::real squares(0.0);
  for (std::size_t k = 0, row = 0; k < from.respondents(); ++k) {
    math::real together(0.0);
    for (; row < from.ends[k]; ++row)
      together = together + from.weights[row];
    weight = weight + together;
    squares = squares + together * together;
  }
  made.effective_rows = math::value_of(weight / squares * weight);
  standardised_rows rows;
  const auto constant = rows.take(from);
  for (std::size_t j = 0; j < layout.drivers; ++j)
    made.means.push_back(rows.mean(j));
  if (from.respondents() < layout.drivers + 2)
    return refused(driver_status::too_few, 0);
  if (constant)
    return refused(driver_status::constant_driver, *constant);
  stats::correlations between;
  const std::vector<std::uint32_t> once(from.respondents(), 1);
  std::vector<double> figures(layout.figures());
  if (!rows.correlate(once, between))
    return refused(driver_status::constant_outcome, layout.drivers); // cannot be: each column has variance 1
  if (const auto combined = driver_figures(layout).find(between, figures))
    return refused(driver_status::collinear, *combined);
  made.figures = std::move(figures);
  made.intervals.assign(layout.figures(), {});
  const double left = made.effective_rows - static_cast<double>(layout.drivers) - 1.0;
  if (left > 0.0)
    made.adjusted_r_squared =
        math::value_of(1.0 - (1.0 - math::real(made.figures.front())) * (made.effective_rows - 1.0) / left);
  if (asked.how == driver_interval::none)
    return made;
  const std::size_t resamples = asked.how == driver_interval::bootstrap
                                    ? asked.resamples
                                    : std::min(asked.resamples, from.respondents());
  const std::vector<double> all =
      detail::resampled_figures(rows, from.respondents(), layout, asked, resamples, how);
  detail::find_intervals(made, all, layout, asked);
  return made;
}

} // namespace emptor::satisfaction
