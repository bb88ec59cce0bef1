// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cmath>

#include <emptor/math/dual.hpp>
#include <emptor/math/elementary.hpp>
#include <emptor/math/expm1_over.hpp>
#include <emptor/math/long_sum.hpp>
#include <emptor/math/real.hpp>
#include <emptor/math/rising.hpp>

/// What a customer of the BG/BB model (bg_bb.hpp) does from an opportunity on at which he is known to be alive.
/// For real and dual numbers.
namespace emptor::value::detail {

/// No silence is followed further than this, which nobody lives to see.
inline constexpr double most_opportunities = 1e15;
/// Orders are counted among no more than these.
inline constexpr double most_counted = 1e6;

/// One step of a walk: what it adds per unit that is left, and the share that is left after it.
template <class T>
struct bg_bb_step {
  T gain;
  T keep;
};

/// What a walk has collected, and what is left after it.
template <class T>
struct bg_bb_walk {
  T collected;
  T left;
};

/// Collects left(j) gain(j) for j = 0, 1, ..., steps - 1, where left(0) = 1 and left(j + 1) = left(j) keep(j) < left(j).
///
/// Term by term as long as they change much or are few; the sum of the others is (nearly) an integral.
/// \param step      of a double j, also between whole numbers
/// \param log_left  of a double j, also between whole numbers
/// \param smooth    log_left(j) has no singularity nearer to j than smooth + j
template <class T, class Step, class LogLeft>
[[nodiscard]] bg_bb_walk<T> walk_bg_bb(double steps, double smooth, const Step& step,
                                       const LogLeft& log_left) {
  constexpr double few = 64.0;
  constexpr double much = 1.0 / 32.0;
  constexpr double most = 1e4;
  const auto falls = [](const bg_bb_step<T>& next) {
    return std::fmax(1.0 - math::value_of(next.keep), 0.0);
  };
  bg_bb_walk<T> walk{T(0.0), T(1.0)};
  steps = std::fmin(steps, most_opportunities);
  for (double j = 0.0; j < steps; j += 1.0) {
    const bg_bb_step<T> next = step(j);
    const double change = falls(next);
    if (!(math::value_of(next.keep) < 1.0 + 1e-12 && j < most)) // not so within the domain
      return {T(math::detail::not_a_number), T(math::detail::not_a_number)};
    const bool nothing_more = math::value_of(walk.left) <= 1e-19 * change * math::value_of(walk.collected);
    const bool even = smooth + j > few && steps - j > few && change < much;
    if (even && !nothing_more)
      walk.collected =
          walk.collected + math::long_sum<T>(
                               j, steps, [&](double v) { return math::exp(log_left(v)) * step(v).gain; },
                               [&](double v) { return std::fmin(smooth + v, 6.0 / falls(step(v))); });
    if (even || nothing_more) {
      walk.left = math::exp(log_left(steps));
      break;
    }
    walk.collected = walk.collected + walk.left * next.gain;
    walk.left = walk.left * next.keep;
  }
  return walk;
}

/// log of the probability to go on `steps` times, where the probability to do so is Beta(stay, go).
template <class T>
[[nodiscard]] T log_goes_on(const T& stay, const T& go, double steps) noexcept {
  return -math::log_rising_ratio(stay, go, math::base_t<T>(steps));
}

/// part / (part + rest). The sum of a small number and a count is rounded alike for many counts; where that has
/// little weight, the product of many shares keeps its digits.
template <class T>
[[nodiscard]] T share_of(const T& part, const T& rest) noexcept {
  const T sum = part + rest;
  return select(part < rest, part / sum, 1.0 - rest / sum);
}

/// A customer who is known to be alive at an opportunity, with his p ~ Beta(alpha, beta) and
/// theta ~ Beta(gamma, delta), of which the last is behind him.
template <class T>
struct bg_bb_alive {
  T alpha;
  T beta;
  T gamma;
  T delta;

  /// Through `steps` opportunities he stays silent, and after each he stays alive.
  [[nodiscard]] T log_silent(double steps) const noexcept {
    return log_goes_on(beta, alpha, steps) + log_goes_on(delta, gamma, steps);
  }
  [[nodiscard]] T keeps_silent(double j) const noexcept {
    return share_of(T(beta + j), alpha) * share_of(T(delta + j), gamma);
  }
  [[nodiscard]] double smooth() const noexcept {
    return std::fmin(math::value_of(beta), math::value_of(delta));
  }

  /// The silence of `steps` opportunities that follow: collected is the probability to drop out in it, left that
  /// to be alive at its end.
  [[nodiscard]] bg_bb_walk<T> silence(double steps) const {
    return walk_bg_bb<T>(
        steps, smooth(),
        [&](double j) {
          return bg_bb_step<T>{gamma / (gamma + (delta + j)), keeps_silent(j)};
        },
        [&](double v) { return log_silent(v); });
  }
  /// An order at this opportunity, or at one of the next: within `steps` in all.
  [[nodiscard]] T orders_within(double steps) const {
    return walk_bg_bb<T>(
               steps, smooth(),
               [&](double j) {
                 return bg_bb_step<T>{alpha / (alpha + (beta + j)), keeps_silent(j)};
               },
               [&](double v) { return log_silent(v); })
        .collected;
  }

  /// The fewest opportunities from this one on within which an order has the probability `share`. Its derivatives
  /// are those of the line through this probability and that of one opportunity less.
  [[nodiscard]] T order_comes_with(const T& share) const {
    const auto enough = [&](double steps) {
      return math::value_of(orders_within(steps)) >= math::value_of(share);
    };
    if (!(share > 0.0))
      return T(0.0);
    double high = 1.0;
    while (high < most_opportunities && !enough(high))
      high *= 2.0;
    double low = std::floor(0.5 * high);
    while (high - low > 1.0) {
      const double middle = std::floor(0.5 * (low + high));
      (enough(middle) ? high : low) = middle;
    }
    T first(high);
    if constexpr (math::scalar_traits<T>::differentiates) {
      const T before = orders_within(low);
      const T step = orders_within(high) - before;
      first = (share - before - step * ((share - before).v / step.v)) / step.v;
      first.v = math::base_t<T>(high);
    }
    return first;
  }
  /// How many opportunities he is alive at, of `steps` from this one on: (delta)_k / (gamma + delta)_k summed over
  /// k = 0, ..., steps - 1. The closed form is 0/0 at gamma = 1, but not as it stands here.
  [[nodiscard]] T opportunities_within(double steps) const noexcept {
    if (!(steps > 0.0))
      return T(0.0);
    // The first one apart: gamma - 1 + (delta + 1) keeps the digits of small parameters.
    const T excess = gamma - 1.0;
    const T log_share = math::log_rising_ratio_over(T(delta + 1.0), excess, math::base_t<T>(steps - 1.0));
    return 1.0 + delta * (log_share * math::expm1_over(T(-(excess * log_share))));
  }
  /// The same with the weights exp(-rate (k + 1)): the present opportunity is one step ahead.
  [[nodiscard]] T discounted_opportunities_within(double rate, double steps) const {
    if (!(rate > 0.0))
      return opportunities_within(steps);
    const math::base_t<T> factor = math::exp(math::base_t<T>(-rate));
    return walk_bg_bb<T>(
               steps, math::value_of(delta),
               [&](double j) {
                 return bg_bb_step<T>{T(factor), share_of(T(delta + j), gamma) * factor};
               },
               [&](double v) { return log_goes_on(delta, gamma, v) - math::base_t<T>(rate) * v; })
        .collected;
  }
  /// log P(`count` orders at `steps` opportunities from this one on): equation 7 of the paper, for him. The time it
  /// takes grows with `steps` where count > 0; at most `most_counted` of them.
  [[nodiscard]] T log_orders(double count, double steps) const {
    if (!(count <= steps))
      return T(-math::detail::infinity);
    if (count < 1.0) {
      if (steps < 1.0)
        return T(0.0);
      const bg_bb_walk<T> silent = bg_bb_alive{alpha, beta + 1.0, gamma, delta}.silence(steps - 1.0);
      return log(beta / (alpha + beta) * (silent.collected + silent.left));
    }
    if (!(steps <= most_counted))
      return T(math::detail::not_a_number);
    // left: he is alive at the opportunity number j, with `count` orders up to it. Products keep the digits that the
    // logs of numbers this small have lost; both parts carry the factor 2^-lifted.
    T dropped(0.0);
    T left(1.0);
    double lifted = 0.0;
    const auto keep_in_range = [&] {
      const double size = std::fmax(math::value_of(left), math::value_of(dropped));
      const double by = size > 0x1p600 ? 0x1p-600 : size < 0x1p-600 ? 0x1p600 : 1.0;
      if (by != 1.0) {
        dropped = dropped * by;
        left = left * by;
        lifted += by < 1.0 ? 600.0 : -600.0;
      }
    };
    for (double j = 0.0; j < count; j += 1.0) { // an order at each
      left = left * share_of(T(alpha + j), beta);
      if (j + 1.0 < count)
        left = left * share_of(T(delta + j), gamma);
      keep_in_range();
    }
    for (double j = count; j < steps; j += 1.0) {
      const T ends = gamma / (gamma + (delta + (j - 1.0)));
      const double ways = (j + 1.0) / (j + 1.0 - count);
      dropped = dropped + left * ends;
      left = left * (share_of(T(beta + (j - count)), T(alpha + count)) * ways) * (1.0 - ends);
      keep_in_range();
    }
    return log(dropped + left) + lifted * 0.69314718055994530942;
  }
};

} // namespace emptor::value::detail
