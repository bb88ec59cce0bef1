// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <initializer_list>
#include <limits>

#include <emptor/math/elementary.hpp>
#include <emptor/math/hypergeometric.hpp>
#include <emptor/math/negative_binomial.hpp>
#include <emptor/math/real.hpp>

/// What a living customer of Pareto/NBD does next: order or drop out, at rates that are Gamma-distributed. The model
/// is in pareto_nbd.hpp.
namespace emptor::value {

namespace detail {

/// P(the first of two events comes before the other) where their rates are Gamma(shape, scale) and
/// Gamma(other_shape, other_scale): E[X / (X + Y)]. All figures of the model are built of it, because the
/// integrals of note 009 are
///
///     s I1(t)       = (alpha + t)^-(r+x) (beta + t)^-s P(the drop-out comes before the next order)
///     (r + x) I2(t) = (alpha + t)^-(r+x) (beta + t)^-s P(the next order comes before the drop-out)
///
/// for a customer who is alive at t: positive terms, nothing to cancel.
template <class T>
[[nodiscard]] EMPTOR_INLINE T comes_first(const T& shape, const T& scale, const T& other_shape,
                                          const T& other_scale) noexcept {
  return shape / scale *
         math::power_product_integral(T(shape + 1.0), other_shape, T(shape + other_shape), scale,
                                      other_scale);
}

/// Two events that wait for each other, their rates Gamma(shape, scale) and Gamma(other_shape, other_scale):
/// for a customer who is alive, the next order and the drop-out.
template <class T>
struct two_events {
  T shape;
  T scale;
  T other_shape;
  T other_scale;

  /// -log P(neither comes within `time`).
  [[nodiscard]] EMPTOR_INLINE T log_quiet(const T& time) const noexcept {
    return shape * log1p(time / scale) + other_shape * log1p(time / other_scale);
  }
  /// P(the first comes first).
  [[nodiscard]] EMPTOR_INLINE T ever() const noexcept {
    return comes_first(shape, scale, other_shape, other_scale);
  }
  /// P(the first comes first, but after `time`).
  [[nodiscard]] EMPTOR_INLINE T later(const T& time) const noexcept {
    return exp(-log_quiet(time)) * comes_first(shape, T(scale + time), other_shape, T(other_scale + time));
  }
  /// The density at `time` of the first coming first.
  [[nodiscard]] EMPTOR_INLINE T density(const T& time) const noexcept {
    return shape / (scale + time) * exp(-log_quiet(time));
  }
  [[nodiscard]] EMPTOR_INLINE two_events reversed() const noexcept {
    return {other_shape, other_scale, shape, scale};
  }
};

/// P(the first comes first and within `time`) as the integral of its density, for times in which little
/// happens: there the difference of two figures would lose its digits. In v = log(1 + time / smaller scale)
/// the integrand has no singularity nearer than pi, so ten Gauss nodes on a length of at most 2 leave nothing.
struct soon {
  template <class T>
  [[nodiscard]] T operator()(const T& shape, const T& scale, const T& other_shape, const T& other_scale,
                             const T& time) const noexcept {
    constexpr double nodes[] = {0.14887433898163121088, 0.43339539412924719080, 0.67940956829902440623,
                                0.86506336668898451073, 0.97390652851717172008};
    constexpr double weights[] = {0.29552422471475287017, 0.26926671930999635509, 0.21908636251598204400,
                                  0.14945134915058059315, 0.066671344308688137594};
    const two_events<T> events{shape, scale, other_shape, other_scale};
    const T smaller = min(scale, other_scale);
    const T length = log1p(time / smaller);
    const double panels = math::floor(0.5 * math::value_of(min(length, T(1000.0)))) + 1.0;
    const T half = length / (2.0 * panels);
    const auto at = [&](const T& v) { return exp(v) * events.density(T(smaller * expm1(v))); };
    T sum(0.0);
    for (double panel = 0.0; panel < panels; panel += 1.0) {
      const T middle = half * (2.0 * panel + 1.0);
      for (std::size_t i = 0; i < 5; ++i)
        sum += weights[i] * (at(T(middle - half * nodes[i])) + at(T(middle + half * nodes[i])));
    }
    return sum * (half * smaller);
  }
};

/// P(the first comes first and within `time`).
template <class T>
[[nodiscard]] EMPTOR_INLINE T within(const two_events<T>& events, const T& time) noexcept {
  using namespace math;
  const T ever = events.ever();
  const T difference = ever - events.later(time);
  const auto close = mask_not(difference > 0.1 * ever);
  if (!any(close))
    return difference;
  return select(
      close,
      lanewise(close, soon{}, events.shape, events.scale, events.other_shape, events.other_scale, time),
      difference);
}

/// The time within which the first comes first with probability `share`; infinity where it never gets there.
struct within_quantile {
  template <class T>
  [[nodiscard]] T operator()(const T& shape, const T& scale, const T& other_shape, const T& other_scale,
                             const T& share) const noexcept {
    using math::real;
    constexpr double largest = std::numeric_limits<double>::max();
    const two_events<T> events{shape, scale, other_shape, other_scale};
    const T rest = events.ever() - share;
    if (!(math::value_of(rest) > 0.0))
      return T(math::detail::infinity);
    if (!(math::value_of(share) > 0.0))
      return T(0.0);
    const real time(solve(at_value(events), real(math::value_of(share)), real(math::value_of(rest))));
    if (!(time <= real(largest)))
      return T(math::detail::infinity);
    T result(math::value_of(time));
    if constexpr (math::scalar_traits<T>::differentiates) {
      // Newton's steps from the solution carry the derivatives: each step doubles the order that is right.
      for (int i = 0; i < 2; ++i)
        result = result - (within(events, result) - share) / events.density(result);
    }
    return result;
  }

private:
  template <class T>
  static two_events<math::real> at_value(const two_events<T>& events) noexcept {
    return {math::value_of(events.shape), math::value_of(events.scale), math::value_of(events.other_shape),
            math::value_of(events.other_scale)};
  }
  /// Newton's method in the log of the time, on the log of the smaller of the two probabilities; a step that
  /// leaves what is known to hold the solution, or does not halve it in time, gives way to bisection.
  static math::real solve(const two_events<math::real>& events, math::real share, math::real rest) noexcept {
    using namespace math;
    // The density is highest at 0 (shape / scale), and both clocks at once are slower than each.
    const auto until = [&](real shape, real scale) { return scale * expm1(-log(rest) / shape); };
    real low = share * events.scale / events.shape;
    real high = min(min(until(events.shape, events.scale), until(events.other_shape, events.other_scale)),
                    until(events.shape + events.other_shape, max(events.scale, events.other_scale)));
    high = min(max(high, low), real(std::numeric_limits<double>::max()));
    const bool early = share < rest;
    real time = early ? low : high;
    for (int step = 0; step < 200 && low < high; ++step) {
      const real had = early ? within(events, time) : events.later(time);
      const real miss = early ? log(share / had) : log(had / rest);
      const real slope = time * events.density(time) / had;
      (miss > real(0.0) ? low : high) = time;
      real next = time * exp(miss / slope);
      if (abs(next - time) <= real(4e-16) * time)
        return next;
      if (!(next > low && next < high) || step % 8 == 7)
        next = sqrt(low) * sqrt(high);
      if (next == time)
        break;
      time = next;
    }
    return time;
  }
};

/// P(exactly `count` orders within `horizon`) of a customer who is alive now, count >= 1: of one who stays
/// over the horizon, and of one who drops out at u, integrated over u. With u = horizon (1 - exp(-e^v)) the
/// integrand has one peak in v and decays on both sides, so that the trapezoid rule converges exponentially.
struct orders_exactly {
  template <class T>
  [[nodiscard]] T operator()(const math::base_t<T>& count, const T& shape, const T& alpha, const T& s,
                             const T& beta, const math::base_t<T>& horizon) const noexcept {
    using namespace math;
    const negative_binomial<T> orders(count, shape);
    const T stays = exp(orders.log_probability(T(horizon / alpha)) - s * log1p(horizon / beta));
    if (!(value_of(horizon) > 0.0))
      return stays;
    const place peak(value_of(count), value_of(shape), value_of(alpha), value_of(s), value_of(beta),
                     value_of(horizon));
    const auto at = [&](double shift) {
      const base_t<T> q = peak.q * exp(real(shift));
      const T time(horizon * -expm1(-q));
      return exp(orders.log_probability(time / alpha) - (s + 1.0) * log1p(time / beta) - q) * (horizon * q);
    };
    T sum = at(0.0);
    for (const double step : {peak.step, -peak.step}) {
      for (int k = 1; k < 4000; ++k) {
        const T term = at(k * step);
        sum += term;
        if (!(value_of(term) > 1e-18 * value_of(sum)))
          break;
      }
    }
    return stays + sum * (peak.step * (s / beta));
  }

private:
  /// Where the integrand is highest, as q = e^v, and a step that is short against its width.
  struct place {
    math::real q;
    double step;

    place(math::real count, math::real shape, math::real alpha, math::real s, math::real beta,
          math::real horizon) noexcept {
      using namespace math;
      const real more = shape + count;
      const real s1 = s + 1.0;
      const auto pull = [&](real u) { return count - more * (u / (alpha + u)) - s1 * (u / (beta + u)); };
      real low(1e-290);
      real high(64.0);
      for (int i = 0; i < 48; ++i) {
        const real middle = sqrt(low * high);
        const real ratio = middle / expm1(middle); // (du / dv) / u
        (ratio * pull(-(horizon * expm1(-middle))) > middle - 1.0 ? low : high) = middle;
      }
      q = low;
      const real ratio = q / expm1(q);
      const real u = -(horizon * expm1(-q));
      const real curvature = q + ratio * ((q + ratio - 1.0) * pull(u) +
                                          ratio * (more * (u / (alpha + u)) * (alpha / (alpha + u)) +
                                                   s1 * (u / (beta + u)) * (beta / (beta + u))));
      step = value_of(min(real(0.2), 0.3 / sqrt(max(curvature, real(0.1)))));
    }
  };
};

} // namespace detail
} // namespace emptor::value
