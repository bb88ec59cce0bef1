// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/run.hpp>
#include <emptor/math/real.hpp>
#include <emptor/stats/path_model_iteration.hpp>
#include <emptor/stats/path_model_moments.hpp>

/// Moments of answers with gaps: by pairs of items, and by the EM algorithm.
/// Source: A. P. Dempster, N. M. Laird, D. B. Rubin, Maximum likelihood from incomplete data via the EM algorithm, JRSS B 39
/// (1977) 1-38; R. J. A. Little, D. B. Rubin, Statistical Analysis with Missing Data, chapter 11.
namespace emptor::stats {

namespace detail {

/// Each correlation is that of the rows with both answers, each variance that of all answers of the item. The matrix need
/// not be positive definite. \return the least number of cases of a pair
inline double pairwise_moments(const answer_columns& from, const moment_options& how, const run& work,
                               path_moments& made) {
  const std::size_t p = from.items.size();
  made.mean.assign(p, 0.0);
  made.covariance.assign(p * p, 0.0);
  double least = std::numeric_limits<double>::infinity();
  std::vector<double> deviation(p, 0.0);
  const auto pair = [&](std::size_t i, std::size_t k) {
    answer_columns two;
    complete_columns both;
    both.columns.resize(2);
    for (std::size_t r = 0; r < from.rows(); ++r) {
      if (std::isnan(from.items[i][r]) || std::isnan(from.items[k][r]))
        continue;
      both.columns[0].push_back(from.items[i][r]);
      both.columns[1].push_back(from.items[k][r]);
      if (!from.weights.empty())
        both.weights.push_back(from.weights[r]);
    }
    path_moments of;
    complete_moments(both, how, of);
    least = std::min(least, of.cases);
    return of;
  };
  for (std::size_t i = 0; i < p; ++i) {
    work.check(static_cast<double>(i) / static_cast<double>(p));
    const path_moments own = pair(i, i);
    made.mean[i] = own.mean[0];
    made.covariance[i * p + i] = own.covariance[0];
    deviation[i] = math::sqrt(own.covariance[0]);
    for (std::size_t k = 0; k < i; ++k) {
      const path_moments of = pair(i, k);
      const math::real r = math::real(of.covariance[1]) /
                           (sqrt(math::real(of.covariance[0])) * sqrt(math::real(of.covariance[3])));
      made.covariance[i * p + k] = math::value_of(r * deviation[i] * deviation[k]);
      made.covariance[k * p + i] = made.covariance[i * p + k];
    }
  }
  return least;
}

/// The rows that lack the same answers, and what they add up to around a fixed centre.
struct missing_pattern {
  std::vector<std::size_t> observed;
  std::vector<std::size_t> absent;
  math::real weight{0.0};
  std::vector<math::real> sums;    ///< of the observed items
  std::vector<math::real> squares; ///< of the observed items, row by row
};

/// Maximum likelihood of the mean and covariance of a normal distribution; the covariance is divided by the sum of weights.
class normal_em {
public:
  /// The numbers that the sums of all patterns may take together.
  static constexpr std::size_t most_numbers = std::size_t{1} << 26;

  /// \throws error status::option for more patterns of missing answers than that, status::cancelled
  normal_em(std::string_view where, const answer_columns& from, std::vector<double> centre, const run& work)
      : p_(from.items.size())
      , centre_(std::move(centre)) {
    std::map<std::vector<bool>, missing_pattern> patterns;
    std::size_t numbers = 0;
    for (std::size_t r = 0; r < from.rows(); ++r) {
      if (r % 1024 == 0)
        stop_if_cancelled(work);
      std::vector<bool> here(p_);
      for (std::size_t i = 0; i < p_; ++i)
        here[i] = !std::isnan(from.items[i][r]);
      if (std::find(here.begin(), here.end(), true) == here.end())
        continue;
      missing_pattern& of = patterns[here];
      if (of.observed.empty())
        for (std::size_t i = 0; i < p_; ++i)
          (here[i] ? of.observed : of.absent).push_back(i);
      const std::size_t m = of.observed.size();
      if (of.sums.empty())
        numbers += m * (m + 1);
      if (numbers > most_numbers)
        throw error(status::option,
                    std::string(where) +
                        ": there are too many different patterns of missing answers (more than " +
                        std::to_string(patterns.size() - 1) + " of " + std::to_string(p_) +
                        " items) for the missing rule em; choose another rule");
      of.sums.resize(m, math::real(0.0));
      of.squares.resize(m * m, math::real(0.0));
      const math::real weight(from.weights.empty() ? 1.0 : from.weights[r]);
      of.weight += weight;
      for (std::size_t a = 0; a < m; ++a) {
        const math::real x = weight * (math::real(from.items[of.observed[a]][r]) - centre_[of.observed[a]]);
        of.sums[a] += x;
        for (std::size_t b = 0; b < m; ++b)
          of.squares[a * m + b] += x * (math::real(from.items[of.observed[b]][r]) - centre_[of.observed[b]]);
      }
    }
    for (auto& [mask, of] : patterns) {
      total_ += of.weight;
      patterns_.push_back(std::move(of));
    }
    mean_.assign(p_, math::real(0.0));
  }

  /// \param variances  to begin with
  void start(std::span<const double> variances) {
    covariance_.assign(p_ * p_, math::real(0.0));
    for (std::size_t i = 0; i < p_; ++i)
      covariance_[i * p_ + i] = variances[i];
  }

  /// One pass. \throws error status::cancelled \return the largest change of a mean or covariance in deviations of its items; NaN where the observed items
  /// of a pattern depend on each other
  [[nodiscard]] double step(const run& work) {
    std::vector<math::real> first(p_, math::real(0.0));
    std::vector<math::real> second(p_ * p_, math::real(0.0));
    for (const missing_pattern& of : patterns_) {
      stop_if_cancelled(work);
      if (!add(of, first, second))
        return std::numeric_limits<double>::quiet_NaN();
    }
    math::real change(0.0);
    const std::vector<math::real> before = covariance_;
    const auto deviation = [&](std::size_t i) { return sqrt(before[i * p_ + i]); };
    for (std::size_t i = 0; i < p_; ++i) {
      for (std::size_t k = 0; k < p_; ++k) {
        math::real& value = covariance_[i * p_ + k];
        value = second[i * p_ + k] / total_ - (first[i] / total_) * (first[k] / total_);
        change = max(change, abs(value - before[i * p_ + k]) / (deviation(i) * deviation(k)));
      }
    }
    for (std::size_t i = 0; i < p_; ++i) {
      mean_[i] += first[i] / total_;
      change = max(change, abs(first[i] / total_) / deviation(i));
    }
    return math::value_of(change);
  }

  [[nodiscard]] double mean(std::size_t i) const noexcept { return math::value_of(mean_[i] + centre_[i]); }
  [[nodiscard]] math::real covariance(std::size_t i, std::size_t k) const noexcept {
    return covariance_[i * p_ + k];
  }

private:
  static void stop_if_cancelled(const run& work) {
    if (work.cancelled())
      throw error(status::cancelled, "cancelled by the caller");
  }
  /// Adds what is expected of the rows of a pattern, around the mean as it is.
  [[nodiscard]] bool add(const missing_pattern& of, std::vector<math::real>& first,
                         std::vector<math::real>& second) const {
    const std::size_t m = of.observed.size();
    const std::size_t gaps = of.absent.size();
    std::vector<math::real> factor(m * m);
    for (std::size_t a = 0; a < m; ++a)
      for (std::size_t b = 0; b < m; ++b)
        factor[a * m + b] = covariance_[of.observed[a] * p_ + of.observed[b]];
    bool dependent = false;
    cholesky(factor.data(), m, dependent);
    if (dependent)
      return false;
    // Row i of `map` makes item i of the observed ones.
    std::vector<math::real> map(p_ * m, math::real(0.0));
    for (std::size_t a = 0; a < m; ++a)
      map[of.observed[a] * m + a] = 1.0;
    for (const std::size_t i : of.absent) {
      math::real* const row = map.data() + i * m;
      for (std::size_t a = 0; a < m; ++a)
        row[a] = covariance_[i * p_ + of.observed[a]];
      solve(factor.data(), m, row);
    }
    std::vector<math::real> sums(m);
    std::vector<math::real> squares(m * m);
    for (std::size_t a = 0; a < m; ++a) {
      const math::real x = mean_[of.observed[a]];
      sums[a] = of.sums[a] - of.weight * x;
      for (std::size_t b = 0; b < m; ++b) {
        const math::real y = mean_[of.observed[b]];
        squares[a * m + b] = of.squares[a * m + b] - of.sums[a] * y - x * of.sums[b] + of.weight * x * y;
      }
    }
    std::vector<math::real> half(p_ * m, math::real(0.0));
    for (std::size_t i = 0; i < p_; ++i)
      for (std::size_t a = 0; a < m; ++a) {
        first[i] += map[i * m + a] * sums[a];
        for (std::size_t b = 0; b < m; ++b)
          half[i * m + a] += map[i * m + b] * squares[b * m + a];
      }
    for (std::size_t i = 0; i < p_; ++i)
      for (std::size_t k = 0; k < p_; ++k)
        for (std::size_t a = 0; a < m; ++a)
          second[i * p_ + k] += half[i * m + a] * map[k * m + a];
    for (std::size_t g = 0; g < gaps; ++g)
      for (std::size_t h = 0; h < gaps; ++h) {
        const std::size_t i = of.absent[g];
        const std::size_t k = of.absent[h];
        math::real left = covariance_[i * p_ + k];
        for (std::size_t a = 0; a < m; ++a)
          left -= map[i * m + a] * covariance_[of.observed[a] * p_ + k];
        second[i * p_ + k] += of.weight * left;
      }
    return true;
  }

  std::size_t p_;
  std::vector<double> centre_;
  std::vector<missing_pattern> patterns_;
  math::real total_{0.0};
  std::vector<math::real> mean_; ///< less the centre
  std::vector<math::real> covariance_;
};

inline constexpr int em_limit = 1000;
inline constexpr double em_tolerance = 1e-10;

} // namespace detail

/// Means and covariances of the items, and of products of items.
/// \param where  names the caller in messages \param products  of complete answers only: not with pairwise and em
/// \throws error status::schema and status::data as check_answers; status::too_few where fewer than two cases are left, or by their
/// weights not more than one, or an item has fewer than two answers; status::option for products with pairwise and em, and for more patterns of missing answers
/// than em can keep; status::cancelled
[[nodiscard]] inline path_moments moments_of(std::string_view where, const answer_columns& from,
                                             std::span<const item_product> products,
                                             const moment_options& how, const run& work) {
  check_answers(where, from);
  path_moments made;
  made.rows = static_cast<std::int64_t>(from.rows());
  std::int64_t fullest = 0; // rows with an answer
  std::vector<std::int64_t> answers(from.items.size(), 0);
  for (std::size_t r = 0; r < from.rows(); ++r) {
    bool some = false;
    for (std::size_t i = 0; i < from.items.size(); ++i) {
      const bool here = !std::isnan(from.items[i][r]);
      answers[i] += here ? 1 : 0;
      made.missing += here ? 0 : 1;
      some = some || here;
    }
    fullest += some ? 1 : 0;
  }
  for (std::size_t i = 0; i < answers.size(); ++i)
    if (answers[i] < 2)
      throw error(status::too_few,
                  message(where,
                          "the number of answers of " +
                              (i < from.names.size() ? shortened(from.names[i]) : std::to_string(i)),
                          -1, std::to_string(answers[i]), ">= 2"));
  const bool gaps = how.missing == missing_rule::pairwise || how.missing == missing_rule::em;
  if (gaps && made.missing > 0 && !products.empty())
    throw error(status::option, std::string(where) + ": missing answers are " +
                                    std::string(missing_rules[static_cast<std::size_t>(how.missing)]) +
                                    ", but a model with interactions needs casewise or mean");
  if (!gaps || made.missing == 0) {
    const detail::complete_columns complete =
        completed(from, products, how.missing == missing_rule::mean && made.missing > 0);
    if (complete.rows() < 2)
      throw error(status::too_few, message(where, "the number of rows without missing answers", -1,
                                           std::to_string(complete.rows()), ">= 2"));
    work.check(0.0);
    detail::complete_moments(complete, how, made, work);
    detail::require_several_cases(where, made, how);
    return made;
  }
  detail::complete_columns weights_only;
  weights_only.columns.resize(1);
  for (std::size_t r = 0; r < from.rows(); ++r)
    if (std::any_of(from.items.begin(), from.items.end(),
                    [&](std::span<const double> one) { return !std::isnan(one[r]); })) {
      weights_only.columns[0].push_back(0.0);
      if (!from.weights.empty())
        weights_only.weights.push_back(from.weights[r]);
    }
  path_moments pairs;
  const double least = detail::pairwise_moments(from, how, work, pairs);
  if (how.missing == missing_rule::pairwise && !(least >= 2.0))
    throw error(status::too_few, message(where, "the least number of rows with answers of two items", -1,
                                         to_text(least), ">= 2"));
  detail::complete_moments(weights_only, how, made);
  detail::require_several_cases(where, made, how);
  made.exact = false;
  made.used = fullest;
  if (how.missing == missing_rule::pairwise) {
    made.mean = pairs.mean;
    made.covariance = pairs.covariance;
    made.cases = least;
    return made;
  }
  const std::size_t p = from.items.size();
  std::vector<double> variances(p);
  for (std::size_t i = 0; i < p; ++i) {
    variances[i] = pairs.covariance[i * p + i];
    if (!(variances[i] > 0.0))
      throw error(status::data, message(where,
                                        "the variance of " + (i < from.names.size() ? shortened(from.names[i])
                                                                                    : std::to_string(i)),
                                        -1, to_text(variances[i]), "> 0"));
  }
  detail::normal_em em(where, from, pairs.mean, work);
  em.start(variances);
  made.converged = false;
  while (!made.converged && made.passes < detail::em_limit) {
    work.check(static_cast<double>(made.passes) / detail::em_limit);
    const double change = em.step(work);
    ++made.passes;
    if (std::isnan(change))
      throw error(status::data, std::string(where) +
                                    ": items depend on each other among the rows that lack the same answers, "
                                    "which the missing rule em cannot fill; choose another rule");
    made.converged = change < detail::em_tolerance;
  }
  const math::real widening =
      how.denominator == variance_denominator::n
          ? math::real(1.0)
          : math::real(made.effective_cases) / (math::real(made.effective_cases) - 1.0);
  made.mean.resize(p);
  made.covariance.resize(p * p);
  for (std::size_t i = 0; i < p; ++i) {
    made.mean[i] = em.mean(i);
    for (std::size_t k = 0; k < p; ++k)
      made.covariance[i * p + k] = math::value_of(em.covariance(std::max(i, k), std::min(i, k)) * widening);
  }
  return made;
}

} // namespace emptor::stats
