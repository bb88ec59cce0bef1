// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <vector>

#include <emptor/math/elementary.hpp>
#include <emptor/math/incomplete_beta.hpp>
#include <emptor/math/real.hpp>

/// Student's t distribution: its tail, and the value at which the tail has a probability.
namespace emptor::stats {

/// The x > 0 at which a decreasing tail of a distribution on x > 0 has the probability `rate`: in logarithms of both,
/// where tails are nearly straight, by false position (Illinois) in a bracket that is widened until it holds.
/// \param start  where to look first, > 0
template <class Tail>
[[nodiscard]] double solve_tail(const Tail& tail, double rate, double start) noexcept {
  using math::real;
  const real target = math::log(real(rate));
  const auto excess = [&](real u) { return math::log(real(tail(math::value_of(math::exp(u))))) - target; };
  real low = math::log(real(start));
  real high = low;
  real at_low = excess(low);
  real at_high = at_low;
  for (real width(1.0); at_high > real(0.0); width = width + width) {
    if (high > real(700.0))
      return std::numeric_limits<double>::infinity();
    low = high;
    at_low = at_high;
    high = high + width;
    at_high = excess(high);
  }
  for (real width(1.0); !(at_low >= real(0.0)); width = width + width) {
    if (low < real(-700.0))
      return 0.0;
    high = low;
    at_high = at_low;
    low = low - width;
    at_low = excess(low);
  }
  int side = 0;
  for (int step = 0; step < 200 && high - low > real(1e-14) * (real(1.0) + math::abs(high)); ++step) {
    // A tail that runs out of the doubles has no slope to go by.
    const bool straight = at_high > real(-std::numeric_limits<double>::infinity()) && at_low > at_high;
    const real middle =
        straight && step < 60 ? high - at_high * (high - low) / (at_high - at_low) : real(0.5) * (low + high);
    const real u = middle > low && middle < high ? middle : real(0.5) * (low + high);
    const real here = excess(u);
    if (here >= real(0.0)) {
      low = u;
      at_low = here;
      if (side == 1)
        at_high = at_high * real(0.5);
      side = 1;
    } else {
      high = u;
      at_high = here;
      if (side == -1)
        at_low = at_low * real(0.5);
      side = -1;
    }
    if (here == real(0.0))
      break;
  }
  return math::value_of(math::exp(low));
}

/// The chance that a variable of Student's t distribution is larger than t; NaN unless degrees > 0.
/// With r = sqrt(degrees) / |t| it is half of I_x(degrees / 2, 1 / 2) at x = r^2 / (1 + r^2), for t > 0; of x and
/// 1 - x the smaller one is worked out, so that both tails keep their digits.
[[nodiscard]] inline double student_t_tail(double t, double degrees) noexcept {
  using math::real;
  if (!(degrees > 0.0) || t != t)
    return std::numeric_limits<double>::quiet_NaN();
  if (t == 0.0)
    return 0.5;
  const real freedom(degrees);
  const real ratio = math::sqrt(freedom) / math::abs(real(t));
  const real square = ratio * ratio;
  const real half(0.5);
  const real tail =
      half * (ratio < real(1.0) ? math::ibeta(half * freedom, half, square / (real(1.0) + square))
                                : math::ibetac(half, half * freedom, real(1.0) / (real(1.0) + square)));
  return math::value_of(t > 0.0 ? tail : real(1.0) - tail);
}

/// The t that a variable of Student's distribution exceeds with this probability, which must be below 1 / 2.
[[nodiscard]] inline double student_t_limit(double probability, double degrees) noexcept {
  return solve_tail([degrees](double t) { return student_t_tail(t, degrees); }, probability, 1.0);
}

/// The t that a variable of Student's distribution keeps within, up to both sides, with the given probability.
/// \param freedom > 0  \param confidence in (0, 1)
[[nodiscard]] inline double student_quantile(double freedom, double confidence) noexcept {
  return student_t_limit(math::value_of(math::real(0.5) * (math::real(1.0) - confidence)), freedom);
}

/// `student_quantile` of one confidence, those of up to 1,000 degrees of freedom each worked out once.
class student_quantiles {
public:
  explicit student_quantiles(double confidence)
      : confidence_(confidence)
      , known_(1000, 0.0) {}
  [[nodiscard]] double confidence() const noexcept { return confidence_; }
  /// \param n >= 2 draws, which leave n - 1 degrees of freedom
  [[nodiscard]] double of(std::size_t n) {
    if (n - 1 > known_.size())
      return student_quantile(static_cast<double>(n - 1), confidence_);
    double& known = known_[n - 2];
    if (known == 0.0)
      known = student_quantile(static_cast<double>(n - 1), confidence_);
    return known;
  }

private:
  double confidence_;
  std::vector<double> known_;
};

} // namespace emptor::stats
