// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/core/random.hpp>
#include <emptor/stats/variates.hpp>

#include "decision/alert_rows.hpp"
#include "support/places.hpp"

/// Simulated customers, each judged by his own history, and the lines of the tables in
/// include/emptor/decision/README.md.
namespace alert_simulation {

using alert_rows::rows;
using alert_rows::scored;
using emptor::random_stream;
using emptor::stats::gamma_variate;
using emptor::stats::normal_variate;
using options = std::vector<emptor::option>;

inline constexpr int customers = 100000;

inline std::string readme() {
  std::ifstream file(emptor::test::source_folder() + "/include/emptor/decision/README.md");
  return {std::istreambuf_iterator<char>(file), {}};
}
inline void expect_line(const std::string& line) {
  std::printf("%s\n", line.c_str());
  EXPECT_NE(readme().find(line + "\n"), std::string::npos) << "stale in include/emptor/decision/README.md:\n"
                                                           << line;
}
inline std::string in_percent(double share) {
  char text[16];
  std::snprintf(text, sizeof text, "%.2f", 100.0 * share);
  return text;
}

inline std::string share_in_percent(double share) {
  return std::to_string(static_cast<int>(100.0 * share)) + " %";
}

/// Mean and deviation of some values.
struct summary {
  double mean = 0.0;
  double deviation = 0.0;

  explicit summary(const std::vector<double>& of) {
    for (const double one : of)
      mean += one / static_cast<double>(of.size());
    for (const double one : of)
      deviation += (one - mean) * (one - mean);
    deviation = std::sqrt(deviation / static_cast<double>(of.size() - 1));
  }
};

/// One column for each name, one row a call.
class growing_rows {
public:
  void add(const std::vector<std::pair<std::string, double>>& row) {
    for (const auto& [name, value] : row)
      held_.numbers[name].push_back(value);
  }
  void correct_last(const std::string& name, double value) { held_.numbers[name].back() = value; }
  [[nodiscard]] const rows& all() const noexcept { return held_; }

private:
  rows held_{{}};
};

/// Shares of rows with a notice or more, a warning or more, and an alarm.
inline std::vector<double> shares(const scored& made) {
  std::vector<double> found(3, 0.0);
  for (const double level : made["level"]) {
    for (std::size_t i = 0; i < 3; ++i)
      found[i] += level > static_cast<double>(i) ? 1.0 / customers : 0.0;
  }
  return found;
}
/// \param made(stream, row)  adds a customer's row
template <class Make>
rows simulated(std::uint64_t study, const Make& made) {
  growing_rows all;
  for (int i = 0; i < customers; ++i) {
    random_stream stream(20261129, study, static_cast<std::uint64_t>(i));
    made(stream, all);
  }
  return all.all();
}
inline std::vector<double> drawn(std::size_t count, const std::function<double()>& draw) {
  std::vector<double> values(count);
  for (double& one : values)
    one = draw();
  return values;
}

} // namespace alert_simulation
