// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>

#include <boost/math/special_functions/gamma.hpp>
#include <boost/multiprecision/cpp_bin_float.hpp>

/// BG/BB with fifty digits, by the formulas of the paper as they are printed there.
namespace emptor::test {

using wide = boost::multiprecision::cpp_bin_float_50;

[[nodiscard]] inline wide log_beta(const wide& a, const wide& b) {
  return boost::math::lgamma(a) + boost::math::lgamma(b) - boost::math::lgamma(wide(a + b));
}

/// sum of C(i, ways) B(alpha + orders, beta + i - orders) B(gamma + 1, delta + i), i = from, ..., to - 1, over
/// B(alpha, beta) B(gamma, delta).
[[nodiscard]] inline wide dropped_out(const wide& alpha, const wide& beta, const wide& gamma,
                                      const wide& delta, std::int64_t orders, std::int64_t from,
                                      std::int64_t to, bool ways) {
  if (from >= to)
    return 0;
  wide term = exp(wide(log_beta(alpha + orders, beta + (from - orders)) - log_beta(alpha, beta) +
                       log_beta(gamma + 1, delta + from) - log_beta(gamma, delta)));
  wide sum = 0;
  for (std::int64_t i = from; i < to; ++i) {
    sum += term;
    wide ratio = (beta + (i - orders)) / (alpha + beta + i) * (delta + i) / (gamma + 1 + delta + i);
    if (ways)
      ratio *= wide(i + 1) / (i + 1 - orders);
    term *= ratio;
    if (term < sum * wide("1e-60") && ratio < wide(1) - wide("1e-6"))
      break;
  }
  return sum;
}

struct bg_bb_oracle {
  wide alpha, beta, gamma, delta;
  std::int64_t x, t_x, n;

  [[nodiscard]] wide alive_now() const {
    return exp(wide(log_beta(alpha + x, beta + (n - x)) - log_beta(alpha, beta) + log_beta(gamma, delta + n) -
                    log_beta(gamma, delta)));
  }
  [[nodiscard]] wide likelihood() const {
    return alive_now() + dropped_out(alpha, beta, gamma, delta, x, t_x, n, false);
  }
  /// P(alive at opportunity n + ahead).
  [[nodiscard]] wide alive(std::int64_t ahead) const {
    return alive_now() / likelihood() *
           exp(wide(log_beta(gamma, delta + (n + ahead)) - log_beta(gamma, delta + n)));
  }
  /// E[p | alive] sum of P(alive at n + k) exp(-rate k).
  [[nodiscard]] wide orders(std::int64_t horizon, double rate) const {
    const wide factor = exp(wide(-rate));
    wide term = alive_now() / likelihood() * (alpha + x) / (alpha + beta + n);
    wide sum = 0;
    for (std::int64_t k = 0; k < horizon; ++k) {
      term *= (delta + (n + k)) / (gamma + delta + (n + k)) * factor;
      sum += term;
      if (term < sum * wide("1e-45"))
        break;
    }
    return sum;
  }
  /// P(`count` orders at the next `horizon` opportunities).
  [[nodiscard]] wide count(std::int64_t count, std::int64_t horizon) const {
    const wide alive = alive_now() / likelihood();
    const wide a = alpha + x;
    const wide b = beta + (n - x);
    const wide d = delta + n;
    const wide choose = boost::math::lgamma(wide(horizon + 1)) - boost::math::lgamma(wide(count + 1)) -
                        boost::math::lgamma(wide(horizon - count + 1));
    const wide all = exp(wide(choose + log_beta(a + count, b + (horizon - count)) - log_beta(a, b) +
                              log_beta(gamma, d + horizon) - log_beta(gamma, d)));
    const wide some = alive * (all + dropped_out(a, b, gamma, d, count, count, horizon, true));
    return count == 0 ? wide(1 - alive + some) : some;
  }
  /// P(alive after the next `horizon` opportunities, and without an order at them): all that can still come.
  [[nodiscard]] wide silent(std::int64_t horizon) const {
    const wide a = alpha + x;
    const wide b = beta + (n - x);
    return alive_now() / likelihood() *
           exp(wide(log_beta(a, b + horizon) - log_beta(a, b) + log_beta(gamma, delta + (n + horizon)) -
                    log_beta(gamma, delta + n)));
  }
  [[nodiscard]] wide active(std::int64_t horizon) const {
    const wide a = alpha + x;
    const wide b = beta + (n - x);
    wide term = alive_now() / likelihood();
    wide sum = 0;
    for (std::int64_t k = 0; k < horizon; ++k) {
      const wide here = term * (delta + (n + k)) / (gamma + delta + (n + k)) / (a + b + k);
      sum += here * a;
      term = here * (b + k);
      if (term < sum * wide("1e-45"))
        break;
    }
    return sum;
  }
};

} // namespace emptor::test
