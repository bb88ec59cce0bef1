// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/random.hpp>
#include <emptor/core/run.hpp>
#include <emptor/math/elementary.hpp>
#include <emptor/math/pack.hpp>
#include <emptor/math/real.hpp>
#include <emptor/stats/path_model_folds.hpp>
#include <emptor/stats/path_model_intervals.hpp>
#include <emptor/stats/path_model_lanes.hpp>
#include <emptor/stats/quantile.hpp>

/// Whether a path model differs between two groups (多组分析): PLS-MGA from resamples of each, permutation of who is in which
/// group, and the invariance of composites (MICOM), without which differences of paths mean little.
///
/// Permutations take the cases as independent, and as exchangeable where the groups do not differ. Where there are no more
/// splits of the cases into groups of these sizes than permutations, all of them are taken and the p-values are exact.
/// Source: J. Henseler, C. M. Ringle, R. R. Sinkovics, The use of partial least squares path modeling in international
/// marketing, Advances in International Marketing 20 (2009) 277-319; W. W. Chin, J. Dibbern, An introduction to a permutation
/// based procedure for multi-group PLS analysis, in Handbook of Partial Least Squares, 2010; J. Henseler, C. M. Ringle, M.
/// Sarstedt, Testing measurement invariance of composites using partial least squares, International Marketing Review 33 (2016)
/// 405-431.
namespace emptor::stats {

/// PLS-MGA: the chance that the figure of the first group is not larger than that of the second, as the share of pairs of
/// resamples, each less its bias twice, in which it is not. \param first, second  figures of resamples, in any order
/// \return NaN without any
[[nodiscard]] inline double henseler_p_value(const std::vector<double>& first, std::vector<double> second) {
  if (first.empty() || second.empty())
    return std::numeric_limits<double>::quiet_NaN();
  const auto mean_of = [](const std::vector<double>& of) {
    math::real sum(0.0);
    for (const double one : of)
      sum += one;
    return sum / static_cast<double>(of.size());
  };
  const math::real mean = mean_of(first);
  const math::real other = mean_of(second);
  std::sort(second.begin(), second.end());
  std::int64_t larger = 0;
  for (const double one : first) {
    // 2 mean - one - 2 other + its partner > 0
    const double bound = -math::value_of(math::real(2.0) * mean - one - math::real(2.0) * other);
    larger += second.end() - std::upper_bound(second.begin(), second.end(), bound);
  }
  return math::value_of(math::real(1.0) -
                        math::real(static_cast<double>(larger)) /
                            (static_cast<double>(first.size()) * static_cast<double>(second.size())));
}

/// A difference, and what permutations say of it: an interval of what chance gives.
struct permuted_figure {
  double value = std::numeric_limits<double>::quiet_NaN();
  double low = std::numeric_limits<double>::quiet_NaN();
  double high = std::numeric_limits<double>::quiet_NaN();
  double p_value = std::numeric_limits<double>::quiet_NaN();
};

/// Measurement invariance of a composite, steps 2 and 3 of MICOM.
struct composite_invariance {
  /// Of the scores of all cases by the weights of both groups; `low` is the quantile that it should not be below, and the
  /// p-value that of a correlation at most so large.
  permuted_figure correlation;
  permuted_figure mean; ///< of the first group less that of the second, scores of all cases having variance 1
  permuted_figure log_variance; ///< logarithm of the variance in the first group less that in the second
};

/// Differences between two groups, and what permutations say of them.
struct group_permutations {
  std::vector<permuted_figure> paths; ///< differences, by the numbers of path_plan::source
  std::vector<composite_invariance> constructs;
  std::int64_t permutations = 0; ///< in which both models converged
  std::int64_t tried = 0;
  bool exact = false; ///< whether these are all splits there are
};

namespace detail {

/// Ways to choose some of many; `more` where there are more than that.
[[nodiscard]] inline std::int64_t ways_to_choose(std::size_t some, std::size_t of,
                                                 std::int64_t more) noexcept {
  math::real made(1.0);
  some = std::min(some, of - some);
  for (std::size_t i = 1; i <= some; ++i) {
    made = made * static_cast<double>(of - some + i) / static_cast<double>(i);
    if (made > math::real(static_cast<double>(more)))
      return more + 1;
  }
  return static_cast<std::int64_t>(std::round(math::value_of(made)));
}

/// The next choice in the order of their places. \return false after the last one
[[nodiscard]] inline bool next_choice(std::vector<std::uint32_t>& chosen, std::size_t of) noexcept {
  const std::size_t n = chosen.size();
  for (std::size_t i = n; i-- > 0;)
    if (chosen[i] + (n - i) < of) {
      ++chosen[i];
      for (std::size_t k = i + 1; k < n; ++k)
        chosen[k] = chosen[k - 1] + 1;
      return true;
    }
  return false;
}

/// Compares two groups, and the same after permutations.
template <class T>
class group_permuting {
public:
  group_permuting(const path_plan& plan, const complete_columns& from, std::size_t first,
                  const moment_options& how)
      : plan_(plan)
      , moments_(from, how)
      , rows_(from.rows())
      , first_(first)
      , p_(plan.items())
      , n_(plan.constructs())
      , width_(plan.paths() + 3 * plan.constructs()) {
    std::vector<lane_estimate> all(1);
    all[0].mean = moments_.all().mean;
    all[0].covariance = moments_.all().covariance;
    path_workspace<T> work(plan);
    estimate_lanes(plan, work, all, 1);
    pooled_ = std::move(all[0]);
  }

  [[nodiscard]] group_permutations run(std::int64_t permutations, double confidence, std::uint64_t seed,
                                       const emptor::run& work) const {
    group_permutations made;
    const std::size_t smaller = std::min(first_, rows_ - first_);
    const std::int64_t all = ways_to_choose(smaller, rows_, permutations);
    constexpr std::size_t most_numbers = std::size_t{1} << 27;
    if (static_cast<std::size_t>(std::min(all, permutations)) > most_numbers / width_)
      throw error(status::option,
                  message("comparison of groups", "the number of permutations", -1,
                          std::to_string(permutations),
                          "at most " + std::to_string(most_numbers / width_) + " for a model of this size"));
    made.exact = all <= permutations;
    made.tried = made.exact ? all : permutations;
    std::vector<std::vector<std::uint32_t>> choices;
    if (made.exact) {
      std::vector<std::uint32_t> chosen(smaller);
      std::iota(chosen.begin(), chosen.end(), 0U);
      do
        choices.push_back(chosen);
      while (next_choice(chosen, rows_));
      made.tried = static_cast<std::int64_t>(choices.size());
    }
    std::vector<double> observed(width_, none);
    {
      std::vector<std::uint32_t> own;
      const bool is_first = first_ <= rows_ - first_;
      for (std::size_t r = is_first ? 0 : first_; r < (is_first ? first_ : rows_); ++r)
        own.push_back(static_cast<std::uint32_t>(r));
      room in(plan_, 1);
      static_cast<void>(compare({&own, 1}, in, observed.data()));
    }
    const auto tried = static_cast<std::size_t>(made.tried);
    std::vector<double> values(tried * width_, none);
    constexpr std::size_t at_once = 64;
    for_each_task(static_cast<std::int64_t>((tried + at_once - 1) / at_once), work, [&](std::int64_t task) {
      const std::size_t begin = static_cast<std::size_t>(task) * at_once;
      const std::size_t end = std::min(begin + at_once, tried);
      room in(plan_, end - begin);
      std::vector<std::vector<std::uint32_t>> drawn;
      for (std::size_t b = begin; b < end && !made.exact; ++b)
        drawn.push_back(draw(seed, b, smaller));
      compare(made.exact ? std::span(choices).subspan(begin, end - begin) : std::span(drawn), in,
              values.data() + begin * width_);
    });
    tell(made, observed, values, confidence);
    return made;
  }

private:
  static constexpr double none = std::numeric_limits<double>::quiet_NaN();

  struct room {
    path_workspace<T> work;
    std::vector<lane_estimate> sets;
    room(const path_plan& plan, std::size_t splits)
        : work(plan)
        , sets(2 * splits) {}
  };

  [[nodiscard]] std::vector<std::uint32_t> draw(std::uint64_t seed, std::size_t b, std::size_t size) const {
    std::vector<std::uint32_t> order(rows_);
    std::iota(order.begin(), order.end(), 0U);
    random_stream stream(seed, b, 1);
    for (std::size_t i = 0; i < size; ++i)
      std::swap(order[i], order[i + static_cast<std::size_t>(stream.below(rows_ - i))]);
    order.resize(size);
    std::sort(order.begin(), order.end()); // so that sums of reals do not depend on the order of the draws
    return order;
  }

  /// Figures of splits, each of which says who is in the smaller group. \param into  NaN where a model did not converge
  void compare(std::span<const std::vector<std::uint32_t>> splits, room& in, double* into) const {
    const bool is_first = first_ <= rows_ - first_;
    for (std::size_t s = 0; s < splits.size(); ++s) {
      lane_estimate& small = in.sets[2 * s + (is_first ? 0 : 1)];
      lane_estimate& large = in.sets[2 * s + (is_first ? 1 : 0)];
      moments_.split(splits[s], small.mean, small.covariance, large.mean, large.covariance);
    }
    estimate_lanes(plan_, in.work, in.sets, 2 * splits.size());
    for (std::size_t s = 0; s < splits.size(); ++s)
      if (in.sets[2 * s].status == path_status::converged &&
          in.sets[2 * s + 1].status == path_status::converged)
        write(in.sets[2 * s], in.sets[2 * s + 1], into + s * width_);
  }

  /// w' S v of the items of a construct.
  [[nodiscard]] math::real covaried(std::size_t j, const std::vector<math::real>& w,
                                    const std::vector<math::real>& v,
                                    const std::vector<double>& covariance) const noexcept {
    math::real sum(0.0);
    for (std::size_t i = plan_.first[j]; i < plan_.first[j + 1]; ++i)
      for (std::size_t k = plan_.first[j]; k < plan_.first[j + 1]; ++k)
        sum += w[i] * v[k] * covariance[i * p_ + k];
    return sum;
  }

  void write(lane_estimate& a, lane_estimate& b, double* into) const {
    align_constructs(plan_, a, pooled_);
    align_constructs(plan_, b, pooled_);
    for (std::size_t number = 0; number < plan_.paths(); ++number)
      *into++ = math::value_of(a.paths[number] - b.paths[number]);
    const std::vector<double>& all = pooled_.covariance;
    for (std::size_t j = 0; j < n_; ++j) {
      *into++ = math::value_of(
          covaried(j, a.weights, b.weights, all) /
          sqrt(covaried(j, a.weights, a.weights, all) * covaried(j, b.weights, b.weights, all)));
      math::real apart(0.0);
      for (std::size_t i = plan_.first[j]; i < plan_.first[j + 1]; ++i)
        apart += pooled_.weights[i] * (math::real(a.mean[i]) - b.mean[i]);
      *into++ = math::value_of(apart);
      *into++ = math::value_of(log(covaried(j, pooled_.weights, pooled_.weights, a.covariance)) -
                               log(covaried(j, pooled_.weights, pooled_.weights, b.covariance)));
    }
  }

  void tell(group_permutations& made, const std::vector<double>& observed, const std::vector<double>& values,
            double confidence) const {
    const auto column = [&](std::size_t which) {
      std::vector<double> found;
      for (std::size_t b = which; b < values.size(); b += width_)
        if (std::isfinite(values[b]))
          found.push_back(values[b]);
      return found;
    };
    const auto share = [&](std::size_t count, std::size_t of) {
      const double more =
          made.exact ? 0.0 : 1.0; // the split that was observed is one of those that there could be
      return math::value_of((math::real(static_cast<double>(count)) + more) /
                            (static_cast<double>(of) + more));
    };
    constexpr double equal = 1e-10; // what rounding may make of equal figures
    const double tail = math::value_of((math::real(1.0) - confidence) / 2.0);
    const auto two_sided = [&](std::size_t which) {
      permuted_figure of;
      of.value = observed[which];
      std::vector<double> found = column(which);
      if (found.empty() || !std::isfinite(of.value))
        return of;
      const auto larger = std::count_if(
          found.begin(), found.end(), [&](double x) { return std::fabs(x) >= std::fabs(of.value) - equal; });
      of.p_value = share(static_cast<std::size_t>(larger), found.size());
      of.low = quantile_type_7(found, tail);
      of.high = quantile_type_7(found, math::value_of(math::real(1.0) - tail));
      return of;
    };
    for (std::size_t a = 0; a < plan_.paths(); ++a)
      made.paths.push_back(two_sided(a));
    for (std::size_t j = 0; j < n_; ++j) {
      const std::size_t at = plan_.paths() + 3 * j;
      composite_invariance one;
      one.correlation.value = observed[at];
      std::vector<double> found = column(at);
      if (!found.empty() && std::isfinite(observed[at])) {
        const auto below =
            std::count_if(found.begin(), found.end(), [&](double x) { return x <= observed[at] + equal; });
        one.correlation.p_value = share(static_cast<std::size_t>(below), found.size());
        one.correlation.low = quantile_type_7(found, math::value_of(math::real(1.0) - confidence));
        one.correlation.high = 1.0;
      }
      one.mean = two_sided(at + 1);
      one.log_variance = two_sided(at + 2);
      made.constructs.push_back(one);
    }
    made.permutations = static_cast<std::int64_t>(column(plan_.paths()).size());
  }

  const path_plan& plan_;
  part_moments moments_;
  std::size_t rows_;
  std::size_t first_;
  std::size_t p_;
  std::size_t n_;
  std::size_t width_; ///< figures of a split
  lane_estimate pooled_;
};

} // namespace detail

/// Permutation test of the differences between two groups.
/// \param plan  of a model of one stage \param from  complete: the cases of the first group, then those of the second
/// \param first  how many are of the first group \param permutations  > 0 \param confidence  of the intervals, in (0, 1)
/// \tparam T  a real, or a pack of models at once
/// \throws error status::option for more permutations than can be kept, status::cancelled
template <class T = math::pack<math::isa::baseline>>
[[nodiscard]] group_permutations permute_groups(const path_plan& plan, const detail::complete_columns& from,
                                                std::size_t first, const moment_options& how,
                                                std::int64_t permutations, double confidence,
                                                std::uint64_t seed, const run& work) {
  return detail::group_permuting<T>(plan, from, first, how).run(permutations, confidence, seed, work);
}

} // namespace emptor::stats
