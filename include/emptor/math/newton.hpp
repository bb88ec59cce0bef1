// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cmath>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include <emptor/core/run.hpp>
#include <emptor/math/elementary.hpp>
#include <emptor/math/real.hpp>

namespace emptor::math {

/// A function at one point. `hessian` is row-major n x n, both triangles.
struct newton_value {
  double value = 0.0;
  std::vector<double> gradient;
  std::vector<double> hessian;
};

struct newton_options {
  int max_iterations = 200;
  /// Convergence: largest |gradient| relative to max(1, |value|). Polishing goes on below it as far as
  /// rounding lets.
  double gradient_tolerance = 1e-8;
  /// The trust region, in the units of the coordinates (which the caller should have scaled to about 1).
  double first_radius = 1.0;
  double largest_radius = 2.0;
  /// A coordinate that wants to leave [-limit, limit] is held there, and reported as running away if it still
  /// wants to when the others have found their maximum.
  double limit = 16.0;
  /// Ends where no step promises a gain above this share of max(1, |value|): above 0 for who needs a start for
  /// something better only.
  double enough = 0.0;
};

struct newton_result {
  std::vector<double> point;
  double value = 0.0;
  std::vector<double> gradient;
  std::vector<double> hessian;   ///< row-major n x n
  double scaled_gradient = 0.0;  ///< largest |gradient| of a free coordinate / max(1, |value|)
  double newton_decrement = 0.0; ///< g' (-H)^-1 g: twice what a further Newton step could gain
  int iterations = 0;
  bool converged = false;
  int runaway = -1;          ///< the coordinate that runs away, -1 for none
  int runaway_direction = 0; ///< +1 or -1
};

/// Eigenvalues and eigenvectors of a symmetric matrix (cyclic Jacobi): accurate, and with the same bits
/// whatever the instruction set, which a blocked library routine does not give. For some tens of rows.
struct symmetric_eigen {
  std::vector<double> values;
  std::vector<double> vectors; ///< column k (row-major storage) belongs to values[k]; not sorted

  symmetric_eigen(std::span<const double> matrix, std::size_t n)
      : values(n)
      , vectors(n * n) {
    std::vector<real> a(n * n);
    std::vector<real> v(n * n, real(0.0));
    for (std::size_t i = 0; i < n * n; ++i)
      a[i] = matrix[i];
    for (std::size_t i = 0; i < n; ++i)
      v[i * n + i] = 1.0;
    for (int sweep = 0; sweep < 60; ++sweep) {
      bool rotated = false;
      for (std::size_t p = 0; p + 1 < n; ++p)
        for (std::size_t q = p + 1; q < n; ++q)
          rotated = rotate(a, v, n, p, q) || rotated;
      if (!rotated)
        break;
    }
    for (std::size_t i = 0; i < n; ++i)
      values[i] = value_of(a[i * n + i]);
    for (std::size_t i = 0; i < n * n; ++i)
      vectors[i] = value_of(v[i]);
  }

private:
  static bool rotate(std::vector<real>& a, std::vector<real>& v, std::size_t n, std::size_t p,
                     std::size_t q) {
    const real apq = a[p * n + q];
    const real app = a[p * n + p];
    const real aqq = a[q * n + q];
    if (!(abs(apq) > real(1e-17) * sqrt(abs(app) * abs(aqq))) || !(abs(apq) > real(1e-300)))
      return false;
    const real theta = (aqq - app) / (2.0 * apq);
    const real root = abs(theta) > real(1e150) ? abs(theta) : sqrt(theta * theta + 1.0);
    const real t = (theta < real(0.0) ? real(-1.0) : real(1.0)) / (abs(theta) + root);
    const real c = 1.0 / sqrt(t * t + 1.0);
    const real s = t * c;
    for (std::size_t k = 0; k < n; ++k) {
      const real x = a[k * n + p];
      const real y = a[k * n + q];
      a[k * n + p] = c * x - s * y;
      a[k * n + q] = s * x + c * y;
    }
    for (std::size_t k = 0; k < n; ++k) {
      const real x = a[p * n + k];
      const real y = a[q * n + k];
      a[p * n + k] = c * x - s * y;
      a[q * n + k] = s * x + c * y;
      const real vx = v[k * n + p];
      const real vy = v[k * n + q];
      v[k * n + p] = c * vx - s * vy;
      v[k * n + q] = s * vx + c * vy;
    }
    a[p * n + q] = 0.0;
    a[q * n + p] = 0.0;
    return true;
  }
};

namespace detail {

/// The step that maximises g'p + p'Hp/2 in a ball.
struct trust_region_step {
  std::vector<double> step;
  double predicted = 0.0;
  double decrement = 0.0;
  double length = 0.0;
  bool concave = false; ///< H is negative definite to working precision
  bool inside = false;  ///< the step is the full Newton step

  trust_region_step(const newton_value& at, double radius)
      : step(at.gradient.size()) {
    const std::size_t n = step.size();
    std::vector<double> a(n * n);
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j)
        a[i * n + j] = -0.5 * (at.hessian[i * n + j] + at.hessian[j * n + i]);
    const symmetric_eigen eigen(a, n);
    std::vector<real> b(n); // the gradient in the eigenvectors' coordinates
    double lowest = detail::infinity;
    double highest = 0.0;
    std::size_t softest = 0;
    for (std::size_t k = 0; k < n; ++k) {
      real sum(0.0);
      for (std::size_t i = 0; i < n; ++i)
        sum += real(eigen.vectors[i * n + k]) * at.gradient[i];
      b[k] = sum;
      if (eigen.values[k] < lowest) {
        lowest = eigen.values[k];
        softest = k;
      }
      highest = std::fmax(highest, std::fabs(eigen.values[k]));
    }
    const double floor = std::fmax(1e-14 * highest, 1e-300);
    concave = lowest > floor;

    std::vector<real> y(n);
    const auto solve = [&](real shift) {
      real square(0.0);
      for (std::size_t k = 0; k < n; ++k) {
        y[k] = b[k] / (real(eigen.values[k]) + shift);
        square += y[k] * y[k];
      }
      return value_of(sqrt(square));
    };
    inside = concave && solve(0.0) <= radius;
    if (concave) {
      solve(0.0);
      real d(0.0);
      for (std::size_t k = 0; k < n; ++k)
        d += y[k] * b[k];
      decrement = value_of(d);
    } else {
      decrement = detail::infinity;
    }
    if (!inside) {
      // In real, not double: a fused product here would change the shift, and with it every later bit.
      real low(concave ? 0.0 : floor - lowest);
      if (solve(low) > radius) {
        real square(0.0);
        for (std::size_t k = 0; k < n; ++k)
          square += b[k] * b[k];
        real high = low + sqrt(square) / radius + floor;
        for (int i = 0; i < 200 && high - low > real(1e-13) * high; ++i) {
          const real middle = real(0.5) * (low + high);
          (solve(middle) > radius ? low : high) = middle;
        }
        solve(high);
      } else {
        // The gradient does not point along the softest direction: go there to the edge of the region.
        const real length_now(solve(low));
        const real rest = real(radius) * radius - length_now * length_now;
        const real fill = rest > real(0.0) ? sqrt(rest) : real(0.0);
        y[softest] += b[softest] < real(0.0) ? -fill : fill;
      }
    }
    real gain(0.0);
    real square(0.0);
    for (std::size_t k = 0; k < n; ++k) {
      gain += y[k] * b[k] - real(0.5 * eigen.values[k]) * (y[k] * y[k]);
      square += y[k] * y[k];
    }
    predicted = value_of(gain);
    length = value_of(sqrt(square));
    for (std::size_t i = 0; i < n; ++i) {
      real sum(0.0);
      for (std::size_t k = 0; k < n; ++k)
        sum += real(eigen.vectors[i * n + k]) * y[k];
      step[i] = value_of(sum);
    }
  }
};

[[nodiscard]] inline double largest(std::span<const double> x) noexcept {
  double m = 0.0;
  for (const double v : x)
    m = std::isnan(v) ? detail::infinity : std::fmax(m, std::fabs(v));
  return m;
}
[[nodiscard]] inline bool finite(const newton_value& x) noexcept {
  return std::isfinite(x.value) && std::isfinite(largest(x.gradient)) && std::isfinite(largest(x.hessian));
}

/// Is coordinate `i` held at the limit?
[[nodiscard]] inline bool held(std::span<const double> point, const newton_value& at, double limit,
                               std::size_t i) noexcept {
  return (point[i] >= limit && at.gradient[i] >= 0.0) || (point[i] <= -limit && at.gradient[i] <= 0.0);
}
/// The function without the coordinates that are held.
[[nodiscard]] inline newton_value free_part(std::span<const double> point, newton_value at, double limit) {
  const std::size_t n = point.size();
  const newton_value whole = at;
  for (std::size_t i = 0; i < n; ++i) {
    if (!held(point, whole, limit, i))
      continue;
    at.gradient[i] = 0.0;
    for (std::size_t j = 0; j < n; ++j)
      at.hessian[n * i + j] = at.hessian[n * j + i] = 0.0;
    at.hessian[n * i + i] = -1.0 - std::fabs(whole.hessian[n * i + i]);
  }
  return at;
}
/// What the quadratic model promises for a step.
[[nodiscard]] inline double predicted_gain(const newton_value& at, std::span<const double> step) noexcept {
  const std::size_t n = step.size();
  real gain(0.0);
  for (std::size_t i = 0; i < n; ++i) {
    real row(0.0);
    for (std::size_t j = 0; j < n; ++j)
      row += real(at.hessian[n * i + j]) * step[j];
    gain += (real(at.gradient[i]) + real(0.5) * row) * step[i];
  }
  return value_of(gain);
}

} // namespace detail

/// Maximises a smooth function of a few variables by Newton's method in a trust region, and polishes to where
/// rounding ends. Deterministic: the same function values give the same bits.
///
/// `objective(std::span<const double> point, newton_value& out)` fills value, gradient (n) and Hessian (n x
/// n). Coordinates should be scaled so that a step of 1 is neither tiny nor huge (logs of positive parameters
/// are). Nothing that fails is thrown but a cancellation: `converged` and `runaway` say how it ended. \throws
/// error status::cancelled; whatever `objective` throws.
template <class Objective>
[[nodiscard]] newton_result maximise(const Objective& objective, std::span<const double> start,
                                     const newton_options& options, const run& how) {
  const std::size_t n = start.size();
  const auto prepared = [n] { return newton_value{0.0, std::vector<double>(n), std::vector<double>(n * n)}; };
  newton_result result;
  result.point.assign(start.begin(), start.end());
  newton_value here = prepared();
  newton_value there = prepared();
  std::vector<double> trial(n);
  double radius = options.first_radius;
  how.check(0.0);
  objective(std::span<const double>(result.point), here);

  const double limit = options.limit;
  const auto scale = [](const newton_value& at) { return std::fmax(1.0, std::fabs(at.value)); };
  bool polished = false;
  while (detail::finite(here) && result.iterations < options.max_iterations && !polished) {
    // The share is a guess: nobody knows how many iterations a fit will take.
    how.check(1.0 - 1.0 / (1.0 + 0.2 * result.iterations));
    const newton_value model = detail::free_part(result.point, here, limit);
    if (detail::largest(model.gradient) == 0.0 && detail::trust_region_step(model, radius).concave)
      break;
    const detail::trust_region_step move(model, radius);
    std::vector<double> step = move.step;
    bool clamped = false;
    for (std::size_t i = 0; i < n; ++i) {
      trial[i] = result.point[i] + step[i];
      if (std::fabs(trial[i]) > limit && std::fabs(trial[i]) > std::fabs(result.point[i])) {
        trial[i] = std::copysign(limit, trial[i]);
        step[i] = trial[i] - result.point[i];
        clamped = true;
      }
    }
    const double predicted = clamped ? detail::predicted_gain(model, step) : move.predicted;
    if (options.enough > 0.0 && predicted <= options.enough * scale(here))
      break;
    objective(std::span<const double>(trial), there);
    ++result.iterations;

    const bool usable = detail::finite(there);
    bool accepted = false;
    if (move.inside && !clamped && predicted < 1e-12 * scale(here)) {
      // The gain drowns in the rounding of the value; the gradient is the better judge. The error falls to its
      // square, so that a step of this size is the last one that rounding lets be seen.
      accepted = usable && detail::largest(detail::free_part(trial, there, limit).gradient) <
                               detail::largest(model.gradient);
      polished = !accepted || predicted < 1e-17 * scale(here);
    } else {
      const double ratio = usable && predicted > 0.0 ? (there.value - here.value) / predicted : -1.0;
      accepted = ratio > 1e-4;
      if (ratio < 0.25)
        radius = std::fmin(radius, move.length) * 0.25;
      else if (ratio > 0.75 && !move.inside)
        radius = std::fmin(2.0 * radius, options.largest_radius);
      polished = radius < 1e-14;
    }
    if (accepted) {
      result.point.swap(trial);
      std::swap(here, there);
    }
  }

  if (detail::finite(here)) {
    const newton_value model = detail::free_part(result.point, here, limit);
    const detail::trust_region_step rest(model, limit);
    result.newton_decrement = rest.decrement;
    result.scaled_gradient = detail::largest(model.gradient) / scale(here);
    result.converged =
        rest.concave && result.scaled_gradient <= options.gradient_tolerance && rest.length < 1e-3;
    double farthest = result.converged ? detail::infinity : 1e-2;
    for (std::size_t i = 0; i < n; ++i) {
      const bool at_limit = detail::held(result.point, here, limit, i);
      const double wish = at_limit ? std::copysign(detail::infinity, result.point[i]) : rest.step[i];
      if (at_limit ? result.converged || farthest < detail::infinity : std::fabs(wish) > farthest) {
        farthest = std::fabs(wish);
        result.converged = false;
        result.runaway = static_cast<int>(i);
        result.runaway_direction = wish > 0.0 ? 1 : -1;
      }
    }
  } else {
    result.scaled_gradient = detail::infinity;
  }
  result.value = here.value;
  result.gradient = std::move(here.gradient);
  result.hessian = std::move(here.hessian);
  return result;
}

} // namespace emptor::math
