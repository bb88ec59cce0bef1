// SPDX-License-Identifier: BSL-1.0
// Made-up rows, the same on every machine: random numbers are splitmix64 of the row's number.
#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include <emptor/core/table.hpp>

namespace bench {

constexpr std::uint64_t mixed(std::uint64_t x) noexcept {
  x += 0x9E3779B97F4A7C15ULL;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
  return x ^ (x >> 31);
}
/// In [0, 1).
constexpr double uniform(std::uint64_t row, std::uint64_t what) noexcept {
  return static_cast<double>(mixed(row * 64 + what) >> 11) * 0x1p-53;
}

/// What times are measured with: to any fraction of a week, or in weeks that are whole days.
enum class clock { continuous, days };

/// Customers of a shop, in weeks: their rates are about those of the CDNOW customers of the papers; most never came back, few came often.
struct customers {
  std::vector<double> frequency;
  std::vector<double> recency;
  std::vector<double> age;

  explicit customers(std::int64_t count, clock measured = clock::continuous) {
    // A Gamma of shape 1/2 is half the square of a normal number: near the shapes 0.55 and 0.61 of the estimates.
    const auto rate = [](std::uint64_t row, std::uint64_t what, double scale) {
      const double normal = std::sqrt(-2.0 * std::log(1.0 - uniform(row, what))) *
                            std::cos(6.283185307179586 * uniform(row, what + 1));
      return 0.5 * normal * normal / scale;
    };
    for (std::int64_t i = 0; i < count; ++i) {
      const auto row = static_cast<std::uint64_t>(i);
      const auto whole = [=](double time) {
        return measured == clock::days ? std::floor(time * 7.0) / 7.0 : time;
      };
      const double now = whole(27.0 + 12.0 * uniform(row, 0));
      const double orders = rate(row, 1, 10.0);
      const double leaves = -std::log(1.0 - uniform(row, 3)) / rate(row, 4, 10.0);
      double last = 0.0;
      double x = 0.0;
      double time = 0.0;
      for (std::uint64_t n = 6; n < 64; ++n) { // at most 58 repeat orders
        time += -std::log(1.0 - uniform(row, n)) / orders;
        if (!(time < now && time < leaves))
          break;
        if (whole(time) > last) { // one order a day
          last = whole(time);
          x += 1.0;
        }
      }
      frequency.push_back(x);
      recency.push_back(last);
      age.push_back(now);
    }
  }
};

/// Ten order lines a customer without documents, over a year.
struct order_lines {
  std::vector<std::int64_t> customer;
  std::vector<std::int32_t> date;
  std::vector<std::int64_t> amount;

  explicit order_lines(std::int64_t count) {
    for (std::int64_t i = 0; i < count; ++i) {
      const auto row = static_cast<std::uint64_t>(i);
      customer.push_back(static_cast<std::int64_t>(uniform(row, 0) * static_cast<double>(count) / 10.0));
      date.push_back(20000 + static_cast<std::int32_t>(uniform(row, 1) * 365.0));
      amount.push_back(100 + static_cast<std::int64_t>(uniform(row, 2) * 1e4));
    }
  }
};

inline emptor::column_view view(const std::vector<double>& values) noexcept {
  emptor::column_view seen;
  seen.data = values.data();
  seen.stride_bytes = sizeof(double);
  seen.type = emptor::dtype::float64;
  return seen;
}

} // namespace bench
