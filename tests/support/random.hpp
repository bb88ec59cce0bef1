// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace emptor::test {

/// Numbers for made-up rows, the same on every machine; not the library's.
class draws {
public:
  explicit draws(std::uint64_t seed)
      : state_(seed * 2862933555777941757U + 3037000493U) {}
  std::uint64_t below(std::uint64_t bound) {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return (state_ >> 33) % bound;
  }
  template <class T>
  void shuffle(std::vector<T>& rows) {
    for (std::size_t i = rows.size(); i > 1; --i)
      std::swap(rows[i - 1], rows[below(i)]);
  }

private:
  std::uint64_t state_;
};

/// Numbers in (0, 1) without a pattern, and Gamma variates from them, the same in every run; not the library's.
class variates {
public:
  explicit variates(std::uint64_t seed = 20260101)
      : state_(seed) {}

  double uniform() {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    std::uint64_t x = state_ ^ (state_ >> 33);
    x *= 0xff51afd7ed558ccdULL;
    x ^= x >> 29;
    return (static_cast<double>(x >> 12) + 0.5) * 0x1p-52;
  }
  double gamma(double shape) { // Marsaglia and Tsang
    if (shape < 1.0) {
      const double u = uniform();
      return gamma(shape + 1.0) * std::pow(u, 1.0 / shape);
    }
    const double d = shape - 1.0 / 3.0;
    for (;;) {
      const double n = std::sqrt(-2.0 * std::log(uniform())) * std::cos(6.283185307179586 * uniform());
      const double v = std::pow(1.0 + n / std::sqrt(9.0 * d), 3);
      if (v > 0.0 && std::log(uniform()) < 0.5 * n * n + d - d * v + d * std::log(v))
        return d * v;
    }
  }

private:
  std::uint64_t state_;
};

} // namespace emptor::test
