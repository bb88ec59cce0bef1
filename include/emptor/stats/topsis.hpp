// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include <emptor/math/real.hpp>

/// TOPSIS (逼近理想解排序法, 优劣解距离法): how near an alternative is to the best that there is, and how far from the worst.
/// Of normalised figures r and weights w the distances are d+^2 = sum of w_j^2 (r_ij - best_j)^2 and d-^2 likewise from the worst,
/// and the closeness is d- / (d+ + d-). Source: C. L. Hwang and K. Yoon, Multiple Attribute Decision Making, 1981, 3.4.
namespace emptor::stats {

/// Squares of the distances of each alternative by criterion, without the weights.
class ideal_distances {
public:
  /// \param normalised  alternatives x criteria, row by row \param best  and worst: normalised, of each criterion
  ideal_distances(std::span<const double> normalised, std::span<const double> best,
                  std::span<const double> worst)
      : criteria_(best.size())
      , alternatives_(best.empty() ? 0 : normalised.size() / best.size())
      , to_best_(normalised.size())
      , to_worst_(normalised.size()) {
    for (std::size_t i = 0; i < normalised.size(); ++i) {
      to_best_[i] = square(normalised[i], best[i % criteria_]);
      to_worst_[i] = square(normalised[i], worst[i % criteria_]);
    }
  }

  [[nodiscard]] std::size_t criteria() const noexcept { return criteria_; }
  [[nodiscard]] std::size_t alternatives() const noexcept { return alternatives_; }
  [[nodiscard]] double to_best(std::size_t alternative, std::size_t criterion) const noexcept {
    return to_best_[alternative * criteria_ + criterion];
  }
  [[nodiscard]] double to_worst(std::size_t alternative, std::size_t criterion) const noexcept {
    return to_worst_[alternative * criteria_ + criterion];
  }

private:
  [[nodiscard]] static double square(double x, double y) noexcept {
    const math::real off = math::real(x) - y;
    return math::value_of(off * off);
  }
  std::size_t criteria_;
  std::size_t alternatives_;
  std::vector<double> to_best_;
  std::vector<double> to_worst_;
};

/// How far an alternative is from the best and the worst, in weighted normalised units.
struct ideal_closeness {
  double to_best = 0.0;
  double to_worst = 0.0;
  double closeness = 0.0; ///< 0 to 1; NaN where the best is the worst, and the alternative is both
};
[[nodiscard]] inline ideal_closeness
closeness_of(const ideal_distances& from, std::span<const double> weights, std::size_t alternative) noexcept {
  math::real best(0.0);
  math::real worst(0.0);
  for (std::size_t j = 0; j < from.criteria(); ++j) {
    const math::real square = math::real(weights[j]) * weights[j];
    best += square * from.to_best(alternative, j);
    worst += square * from.to_worst(alternative, j);
  }
  const math::real to_best = sqrt(best);
  const math::real to_worst = sqrt(worst);
  const math::real sum = to_best + to_worst;
  return {.to_best = math::value_of(to_best),
          .to_worst = math::value_of(to_worst),
          .closeness = math::value_of(sum) > 0.0 ? math::value_of(to_worst / sum)
                                                 : std::numeric_limits<double>::quiet_NaN()};
}

/// Where another alternative comes before the first one as one weight moves and the others keep their proportions.
struct weight_turn {
  double weight = std::numeric_limits<double>::quiet_NaN(); ///< NaN: nowhere in this direction
  std::size_t alternative = 0;                              ///< who comes first from there on
};
/// The turns on both sides of a weight.
struct weight_sensitivity {
  weight_turn lower;
  weight_turn upper;
};

namespace detail {

/// What one weight t and the others, (1 - t) times their proportions, make of the squares of a distance: with
/// s = (t / (1 - t))^2 it is (1 - t)^2 (s own + others).
struct split_square {
  math::real own;
  math::real others;
};
/// The lead of one alternative over another by s, d-^2 of the first times d+^2 of the other less the reverse: above 0 where the first
/// is nearer to the best. Exact, and quadratic.
class lead {
public:
  lead(const split_square& first_worst, const split_square& first_best, const split_square& other_worst,
       const split_square& other_best) noexcept {
    add(2, first_worst.own, other_best.own, other_worst.own, first_best.own);
    add(1, first_worst.own, other_best.others, other_worst.own, first_best.others);
    add(1, first_worst.others, other_best.own, other_worst.others, first_best.own);
    add(0, first_worst.others, other_best.others, other_worst.others, first_best.others);
    for (int power = 0; power < 3; ++power) {
      if (!(abs(coefficient_[power]) > 1e-14 * math::value_of(size_[power])))
        coefficient_[power] = 0.0; // rounding
    }
  }

  /// -1, 0 or 1.
  [[nodiscard]] int sign_at(double s) const noexcept {
    const math::real made = (coefficient_[2] * s + coefficient_[1]) * s + coefficient_[0];
    return math::value_of(made) > 0.0 ? 1 : math::value_of(made) < 0.0 ? -1 : 0;
  }
  /// Where it is 0 at s above 0, ascending.
  [[nodiscard]] std::vector<double> roots() const {
    std::vector<double> found;
    const math::real a = coefficient_[2];
    const math::real b = coefficient_[1];
    const math::real c = coefficient_[0];
    if (math::value_of(a) == 0.0) {
      found.push_back(math::value_of(-c / b));
    } else {
      const math::real under = b * b - 4.0 * a * c;
      if (math::value_of(under) > 0.0) {
        const math::real root = sqrt(under);
        const math::real far = -0.5 * (math::value_of(b) < 0.0 ? b - root : b + root);
        found.push_back(math::value_of(far / a));
        found.push_back(math::value_of(c / far));
      }
    }
    std::erase_if(found, [](double one) { return !(one > 0.0) || !std::isfinite(one); });
    std::sort(found.begin(), found.end());
    return found;
  }

private:
  void add(int power, math::real plus, math::real times, math::real minus, math::real by) noexcept {
    coefficient_[power] += plus * times - minus * by;
    size_[power] += plus * times + minus * by;
  }
  math::real coefficient_[3];
  math::real size_[3];
};

/// The first s beyond `start` in a direction at which the lead is lost; NaN = nowhere. \param tied  whether there is none at start
[[nodiscard]] inline double lost_from(const lead& of, double start, bool upwards, bool tied) {
  std::vector<double> ends{start};
  std::vector<double> roots = of.roots();
  if (!upwards)
    std::reverse(roots.begin(), roots.end());
  for (const double root : roots) {
    // A tie is a root of its own, which rounding has moved.
    const bool here = tied && std::fabs(root - start) <= 1e-6 * std::max(root, start);
    if (!here && (upwards ? root > start : root < start))
      ends.push_back(root);
  }
  for (std::size_t i = 0; i < ends.size(); ++i) {
    const double from = ends[i];
    const double within = i + 1 < ends.size() ? 0.5 * from + 0.5 * ends[i + 1]
                          : upwards           ? 2.0 * from + 1.0
                                              : 0.5 * from;
    if (of.sign_at(within) < 0)
      return from;
  }
  return std::numeric_limits<double>::quiet_NaN();
}

} // namespace detail

/// How far each weight must move until another alternative is nearer to the best than the first one. With t the weight and
/// s = (t / (1 - t))^2 the closeness of two alternatives compares like d-^2 / d+^2, of which each square is linear in s, so that
/// one is before the other where a quadratic in s is above 0: the turns are its roots, in closed form.
/// \param weights  that add up to 1 \param first  whose closeness is greatest \param closeness  of each; none NaN
/// \param same  alternatives whose closeness differs by no more are tied
[[nodiscard]] inline weight_sensitivity sensitivity_of(const ideal_distances& from,
                                                       std::span<const double> weights, std::size_t criterion,
                                                       std::size_t first, std::span<const double> closeness,
                                                       double same) {
  weight_sensitivity made;
  math::real rest(0.0); // 1 - weight, without losing its digits
  for (std::size_t j = 0; j < weights.size(); ++j)
    rest += j == criterion ? 0.0 : weights[j];
  if (!(math::value_of(rest) > 0.0))
    return made;
  const std::size_t m = from.alternatives();
  double greatest = 0.0;
  for (std::size_t i = 0; i < m; ++i)
    for (std::size_t j = 0; j < weights.size(); ++j)
      greatest = std::max({greatest, from.to_best(i, j), from.to_worst(i, j)});
  std::vector<detail::split_square> best(m);
  std::vector<detail::split_square> worst(m);
  for (std::size_t i = 0; i < m; ++i) {
    best[i].own = math::real(from.to_best(i, criterion)) / greatest;
    worst[i].own = math::real(from.to_worst(i, criterion)) / greatest;
    for (std::size_t j = 0; j < weights.size(); ++j) {
      if (j == criterion)
        continue;
      const math::real part = weights[j] / rest;
      best[i].others += part * part * (math::real(from.to_best(i, j)) / greatest);
      worst[i].others += part * part * (math::real(from.to_worst(i, j)) / greatest);
    }
  }
  const math::real odds = weights[criterion] / rest;
  const double start = math::value_of(odds * odds);
  double below = -1.0;
  double above = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < m; ++i) {
    if (i == first)
      continue;
    const detail::lead over(worst[first], best[first], worst[i], best[i]);
    const bool tied = closeness[first] - closeness[i] <= same;
    const double up = detail::lost_from(over, start, true, tied);
    if (up < above) {
      above = up;
      made.upper = {.weight = up, .alternative = i};
    }
    const double down =
        start > 0.0 ? detail::lost_from(over, start, false, tied) : std::numeric_limits<double>::quiet_NaN();
    if (down > below) {
      below = down;
      made.lower = {.weight = down, .alternative = i};
    }
  }
  for (weight_turn* const one : {&made.lower, &made.upper}) {
    if (std::isnan(one->weight))
      continue;
    const math::real root = sqrt(math::real(one->weight));
    one->weight = one->weight == start ? weights[criterion] : math::value_of(root / (1.0 + root));
  }
  return made;
}

} // namespace emptor::stats
