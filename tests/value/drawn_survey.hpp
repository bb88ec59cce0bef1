// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cmath>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>

#include "support/random.hpp"

namespace emptor::test {

/// A survey of some respondents and suppliers in which answers are missing.
struct drawn_survey {
  static constexpr int items = 11;
  static constexpr const char* dimensions[] = {"product",   "product", "product", "service",
                                               "personnel", "image",   "money",   "time",
                                               "time",      "mental",  "physical"};
  struct rating {
    int respondent;
    int supplier;
    double weight;
    std::vector<double> answers; ///< NaN = none
  };
  std::vector<double> weights;
  std::vector<bool> reversed;
  std::vector<rating> ratings;

  explicit drawn_survey(test::variates& draw) {
    for (int i = 0; i < items; ++i) {
      weights.push_back(std::floor(1.0 + 5.0 * draw.uniform()));
      reversed.push_back(draw.uniform() < 0.3);
    }
    const int respondents = 2 + static_cast<int>(14.0 * draw.uniform());
    for (int r = 0; r < respondents; ++r) {
      for (int s = 0; s < 3; ++s) {
        if (draw.uniform() < 0.3)
          continue;
        rating one{r, s, 0.5 + std::floor(3.0 * draw.uniform()), {}};
        for (int i = 0; i < items; ++i)
          one.answers.push_back(draw.uniform() < 0.06 ? std::nan("") : std::floor(11.0 * draw.uniform()));
        ratings.push_back(one);
      }
    }
  }
  std::string line(const rating& one) const {
    std::string made = std::string(1, static_cast<char>('a' + one.respondent)) + "," +
                       std::string(1, static_cast<char>('X' + one.supplier)) + "," + to_text(one.weight);
    for (const double answer : one.answers)
      made += "," + (std::isnan(answer) ? std::string() : to_text(answer));
    return made + "\n";
  }
  static std::string head() {
    std::string made = "respondent,supplier,weight";
    for (int i = 0; i < items; ++i)
      made += ",items:i" + std::to_string(10 + i);
    return made + "\n";
  }
  std::string answers() const {
    std::string made = head();
    for (const rating& one : ratings)
      made += line(one);
    return made;
  }
  std::string scheme() const {
    std::string made = "item,dimension,weight,reversed\n";
    for (std::size_t i = 0; i < weights.size(); ++i)
      made += "i" + std::to_string(10 + i) + "," + dimensions[i] + "," + to_text(weights[i]) + "," +
              (reversed[i] ? "true" : "false") + "\n";
    return made;
  }

  /// Value and cost of a rating by another way: dimension by dimension. None where it is not complete.
  std::optional<std::pair<long double, long double>> worth(const rating& one) const {
    std::map<std::string, std::pair<long double, long double>>
        sums; // of weight x score, and of weights, answered
    std::map<std::string, long double> all;
    long double side[2] = {0, 0};
    for (std::size_t i = 0; i < weights.size(); ++i) {
      all[dimensions[i]] += weights[i];
      side[i >= 6 ? 1 : 0] += weights[i];
      auto& sum = sums[dimensions[i]];
      if (std::isnan(one.answers[i]))
        continue;
      sum.first += weights[i] * 10.0L * (reversed[i] ? 10.0 - one.answers[i] : one.answers[i]);
      sum.second += weights[i];
    }
    std::pair<long double, long double> made{0, 0};
    for (const auto& [name, sum] : sums) {
      if (sum.second == 0)
        return std::nullopt;
      const bool cost = name == "money" || name == "time" || name == "mental" || name == "physical";
      (cost ? made.second : made.first) += sum.first / sum.second * all[name] / side[cost ? 1 : 0];
    }
    return made;
  }
};

} // namespace emptor::test
