// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <initializer_list>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <boost/multiprecision/cpp_bin_float.hpp>
#include <gtest/gtest.h>

#include "support/random.hpp"

/// Points over the whole range of what the models admit, and the largest errors found at them.
namespace emptor::test {

/// Points without a pattern.
class grid_points : public variates {
public:
  using variates::variates;

  /// Evenly spread over its logarithm.
  double spread(double low, double high) { return low * std::pow(high / low, uniform()); }
  double one_of(std::initializer_list<double> values) {
    return values.begin()[static_cast<std::size_t>(uniform() * static_cast<double>(values.size()))];
  }
  /// A whole number: few of them, or up to `most`.
  double count(double most) { return std::floor(uniform() < 0.4 ? 4.0 * uniform() : spread(1.0, most)); }
};

/// The largest error of each score of a model. A score that is above its bound fails the test, with its point.
class worst_errors {
public:
  using wide = boost::multiprecision::cpp_bin_float_50;
  static constexpr double promised = 1e-12;

  worst_errors(std::string_view model, std::vector<double>& point)
      : model_(model)
      , point_(point) {}

  /// Relative; what is below 1e-290, where doubles run out of digits, must only be small.
  void score(const char* what, double found, const wide& truth) {
    const double error = abs(truth) < wide("1e-290") ? (std::fabs(found) < 1e-289 ? 0.0 : HUGE_VAL)
                                                     : static_cast<double>(abs(wide(found / truth - 1)));
    note(what, error, found, truth);
  }
  /// In units of what is allowed: 1e-12 max(1, |truth|), or 1e-15 of the largest term where that is more.
  void log_likelihood(double found, const wide& truth, const wide& largest_term) {
    const wide allowed = std::max(wide(promised) * std::max(wide(1), wide(abs(truth))),
                                  wide(wide("1e-15") * abs(largest_term)));
    note("log_likelihood", promised * static_cast<double>(abs(wide((found - truth) / allowed))), found,
         truth);
  }
  /// Whether a time until the next order is a number: it is infinite exactly where the order never comes with this
  /// probability, or later than a number can say.
  /// \param latest  the truth: the time, or what is not below the largest number
  bool comes(double time, const wide& latest) {
    const bool never = !(latest < std::numeric_limits<double>::max());
    EXPECT_EQ(std::isinf(time), never)
        << model_ << " next_order_quantile: " << time << " at " << ::testing::PrintToString(point_);
    return !never && std::isfinite(time);
  }
  /// Lines of a table.
  void print() const {
    for (const auto& [what, error] : largest_)
      std::printf("| `%.*s` | %s | %.1e |\n", static_cast<int>(model_.size()), model_.data(), what.c_str(),
                  error);
  }

private:
  void note(const char* what, double error, double found, const wide& truth) {
    double& largest = largest_[what];
    largest = error > largest || std::isnan(error) ? error : largest;
    EXPECT_LE(error, promised) << model_ << ' ' << what << ": " << found << " for " << truth << " at "
                               << ::testing::PrintToString(point_);
  }

  std::string_view model_;
  std::vector<double>& point_;
  std::map<std::string, double> largest_;
};

} // namespace emptor::test
