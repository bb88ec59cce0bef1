// SPDX-License-Identifier: BSL-1.0
// Made-up rows, the same on every machine: random numbers are splitmix64 of the row's number.
#pragma once

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

/// Customers of a shop in weeks: most never came back, few came often.
struct customers {
  std::vector<double> frequency;
  std::vector<double> recency;
  std::vector<double> age;

  explicit customers(std::int64_t count) {
    for (std::int64_t i = 0; i < count; ++i) {
      const auto row = static_cast<std::uint64_t>(i);
      const double t = 27.0 + 12.0 * uniform(row, 0);
      const double u = uniform(row, 1);
      const double x = u < 0.6 ? 0.0 : static_cast<double>(1 + static_cast<int>(1.2 / (1.02 - u) - 3.0));
      frequency.push_back(x);
      age.push_back(t);
      recency.push_back(x == 0.0 ? 0.0 : t * uniform(row, 2));
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
