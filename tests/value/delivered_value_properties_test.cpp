// SPDX-License-Identifier: BSL-1.0
// Delivered value of made-up surveys against plain sums that know nothing of the library.
#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/value/delivered_value.hpp>

#include "support/random.hpp"
#include "value/drawn_survey.hpp"
#include "value/survey_rows.hpp"

namespace emptor::value::delivered_value_properties_test {
namespace {

using test::survey_rows::options;
using test::survey_rows::texts;

const std::string entry_name(delivered_value_name);

result finished_of(const std::string& answers, const std::string& items, options with = {}) {
  return test::survey_rows::finished_of(entry_name, answers, items, std::move(with));
}

TEST(delivered_value_properties, means_and_intervals_are_those_of_a_plain_sum) {
  test::variates draw(41);
  int rated = 0;
  for (int i = 0; i < 60; ++i) {
    const test::drawn_survey survey(draw);
    const result made = finished_of(survey.answers(), survey.scheme());
    const table& suppliers = finished::table_of(made, "suppliers");
    for (std::int64_t row = 0; row < suppliers.rows(); ++row) {
      const int supplier = suppliers.at("supplier").text()[row][0] - 'X';
      std::vector<std::pair<long double, long double>> values; // weight, delivered
      long double sums[3] = {0, 0, 0};
      std::int64_t incomplete = 0;
      for (const test::drawn_survey::rating& one : survey.ratings) {
        if (one.supplier != supplier)
          continue;
        const auto worth = survey.worth(one);
        if (!worth) {
          ++incomplete;
          continue;
        }
        values.emplace_back(one.weight, worth->first - worth->second);
        sums[0] += one.weight;
        sums[1] += one.weight * worth->first;
        sums[2] += one.weight * worth->second;
      }
      const auto at = static_cast<std::size_t>(row);
      ASSERT_EQ(suppliers.at("respondents").as<std::int64_t>()[at], static_cast<std::int64_t>(values.size()));
      EXPECT_EQ(suppliers.at("incomplete").as<std::int64_t>()[at], incomplete);
      if (values.empty())
        continue;
      ++rated;
      EXPECT_NEAR(suppliers.at("value").as<double>()[at], static_cast<double>(sums[1] / sums[0]), 1e-11);
      EXPECT_NEAR(suppliers.at("cost").as<double>()[at], static_cast<double>(sums[2] / sums[0]), 1e-11);
      const long double mean = (sums[1] - sums[2]) / sums[0];
      EXPECT_NEAR(suppliers.at("delivered_value").as<double>()[at], static_cast<double>(mean), 1e-11);
      const auto n = static_cast<long double>(values.size());
      long double squares = 0;
      for (const auto& [weight, delivered] : values)
        squares += weight * weight * (delivered - mean) * (delivered - mean);
      if (values.size() < 2)
        continue;
      const auto half = static_cast<double>(std::sqrt(squares * n / (n - 1)) / sums[0]) *
                        stats::student_quantile(static_cast<double>(n) - 1.0, 0.95);
      EXPECT_NEAR(suppliers.at("delivered_value_high").as<double>()[at], static_cast<double>(mean) + half,
                  1e-9);
      EXPECT_NEAR(suppliers.at("delivered_value_low").as<double>()[at], static_cast<double>(mean) - half,
                  1e-9);
    }
  }
  EXPECT_GT(rated, 100);
}

TEST(delivered_value_properties, paired_and_independent_differences_are_those_of_a_plain_sum) {
  test::variates draw(42);
  int compared[2] = {0, 0};
  for (int i = 0; i < 60; ++i) {
    const test::drawn_survey survey(draw);
    const std::string text = survey.answers();
    if (text.find(",X,") == std::string::npos)
      continue;
    for (const bool paired : {true, false}) {
      const result made = finished_of(
          text, survey.scheme(), {{"own_supplier", "X"}, {"comparison", paired ? "paired" : "independent"}});
      const table& lines = finished::table_of(made, "comparison");
      for (std::int64_t row = 0; row < lines.rows(); ++row) {
        if (finished::shown(lines.at("measure"), row) != "delivered_value" ||
            !lines.at("competitor").is_valid(row))
          continue;
        const int other = lines.at("competitor").text()[row][0] - 'X';
        std::map<int, std::pair<double, long double>> of[2];
        for (const test::drawn_survey::rating& one : survey.ratings) {
          const auto worth = survey.worth(one);
          if (worth && (one.supplier == 0 || one.supplier == other))
            of[one.supplier == 0 ? 0 : 1][one.respondent] = {one.weight, worth->first - worth->second};
        }
        struct {
          long double mean = 0, variance = 0, n = 0;
        } side[2], pairs;
        const auto summed = [](const std::vector<std::pair<long double, long double>>& values, auto& into) {
          long double weights = 0;
          for (const auto& [weight, x] : values) {
            into.mean += weight * x;
            weights += weight;
          }
          into.mean /= weights;
          into.n = static_cast<long double>(values.size());
          for (const auto& [weight, x] : values)
            into.variance += weight * weight * (x - into.mean) * (x - into.mean);
          into.variance *= into.n / (into.n - 1) / (weights * weights);
        };
        std::vector<std::pair<long double, long double>> both;
        for (int k = 0; k < 2; ++k) {
          std::vector<std::pair<long double, long double>> all;
          for (const auto& [who, one] : of[k])
            all.emplace_back(one.first, one.second);
          summed(all, side[k]);
        }
        for (const auto& [who, one] : of[0]) {
          if (const auto found = of[1].find(who); found != of[1].end())
            both.emplace_back((one.first + found->second.first) / 2.0L, one.second - found->second.second);
        }
        if (paired)
          summed(both, pairs);
        const long double mean = paired ? pairs.mean : side[0].mean - side[1].mean;
        const long double variance = paired ? pairs.variance : side[0].variance + side[1].variance;
        const long double degrees = paired ? pairs.n - 1
                                           : variance * variance /
                                                 (side[0].variance * side[0].variance / (side[0].n - 1) +
                                                  side[1].variance * side[1].variance / (side[1].n - 1));
        const auto at = static_cast<std::size_t>(row);
        EXPECT_NEAR(lines.at("difference").as<double>()[at], static_cast<double>(mean), 1e-11);
        if (!lines.at("degrees").is_valid(row))
          continue;
        ++compared[paired ? 0 : 1];
        EXPECT_NEAR(lines.at("degrees").as<double>()[at], static_cast<double>(degrees), 1e-9);
        const double half = static_cast<double>(std::sqrt(variance)) *
                            stats::student_quantile(static_cast<double>(degrees), 0.95);
        EXPECT_NEAR(lines.at("difference_high").as<double>()[at], static_cast<double>(mean) + half,
                    1e-8 * half);
        const double p =
            2.0 * stats::student_t_tail(static_cast<double>(std::abs(mean) / std::sqrt(variance)),
                                        static_cast<double>(degrees));
        EXPECT_NEAR(lines.at("p_value").as<double>()[at], p, 1e-9);
      }
    }
  }
  EXPECT_GT(compared[0], 40);
  EXPECT_GT(compared[1], 40);
}

/// Sums of a column over the rows of a table that have the same texts, in their order.
std::map<std::string, double> sums_by(const table& of, const texts& by, const std::string& column) {
  std::map<std::string, double> made;
  for (std::int64_t row = 0; row < of.rows(); ++row) {
    std::string key;
    for (const std::string& name : by)
      key += finished::shown(of.at(name), row) + " ";
    double& sum = made[key];
    sum = sum + of.at(column).as<double>()[static_cast<std::size_t>(row)];
  }
  return made;
}
double of(const std::map<std::string, double>& sums, const std::string& key) {
  const auto found = sums.find(key);
  return found == sums.end() ? 0.0 : found->second; // a dimension that nothing weighs in
}

TEST(delivered_value_properties, everything_adds_up_to_the_last_bit) {
  test::variates draw(43);
  const std::string benefits[] = {"product", "service", "personnel", "image"};
  const std::string costs[] = {"money", "time", "mental", "physical"};
  int compared = 0;
  for (int i = 0; i < 60; ++i) {
    const test::drawn_survey survey(draw);
    const std::string text = survey.answers();
    options with;
    if (text.find(",X,") != std::string::npos)
      with.push_back({"own_supplier", "X"});
    if (i % 3 == 0)
      with.push_back({"weights", "as_given"});
    const result made = finished_of(text, survey.scheme(), with);
    const auto by_item = sums_by(finished::table_of(made, "items"), {"supplier", "dimension"}, "weighted");
    EXPECT_EQ(by_item,
              sums_by(finished::table_of(made, "dimensions"), {"supplier", "dimension"}, "weighted"));
    const table& suppliers = finished::table_of(made, "suppliers");
    for (std::int64_t row = 0; row < suppliers.rows(); ++row) {
      if (!suppliers.at("value").is_valid(row))
        continue;
      const std::string name = finished::shown(suppliers.at("supplier"), row) + " ";
      double value = 0.0;
      double cost = 0.0;
      for (const std::string& one : benefits)
        value = value + of(by_item, name + one + " ");
      for (const std::string& one : costs)
        cost = cost + of(by_item, name + one + " ");
      const auto at = static_cast<std::size_t>(row);
      EXPECT_EQ(suppliers.at("value").as<double>()[at], value);
      EXPECT_EQ(suppliers.at("cost").as<double>()[at], cost);
      EXPECT_EQ(suppliers.at("delivered_value").as<double>()[at], value - cost);
    }
    const auto drivers =
        sums_by(finished::table_of(made, "drivers"), {"competitor", "dimension"}, "contribution");
    const auto parts =
        sums_by(finished::table_of(made, "comparison"), {"competitor", "measure"}, "contribution");
    for (const char* const competitor : {"Y ", "Z ", "- "}) {
      if (!parts.contains(std::string(competitor) + "value "))
        continue;
      ++compared;
      double value = 0.0;
      double cost = 0.0;
      for (const std::string& one : benefits) {
        EXPECT_EQ(of(parts, competitor + one + " "), of(drivers, competitor + one + " "));
        value = value + of(parts, competitor + one + " ");
      }
      for (const std::string& one : costs) {
        EXPECT_EQ(of(parts, competitor + one + " "), of(drivers, competitor + one + " "));
        cost = cost + of(parts, competitor + one + " ");
      }
      EXPECT_EQ(of(parts, competitor + std::string("value ")), value);
      EXPECT_EQ(of(parts, competitor + std::string("cost ")), cost);
      EXPECT_EQ(of(parts, competitor + std::string("delivered_value ")), value + cost);
      const auto differences =
          sums_by(finished::table_of(made, "comparison"), {"competitor", "measure"}, "difference");
      EXPECT_NEAR(of(differences, competitor + std::string("delivered_value ")), value + cost,
                  1e-11 * (1.0 + std::abs(value) + std::abs(cost)));
    }
  }
  EXPECT_GT(compared, 60);
}

TEST(delivered_value_properties, the_order_and_split_of_pushes_change_nothing) {
  test::variates draw(44);
  test::draws shuffled(3);
  for (int i = 0; i < 20; ++i) {
    test::drawn_survey survey(draw);
    const options own{{"own_supplier", "X"}};
    if (survey.answers().find(",X,") == std::string::npos)
      continue;
    const result once = finished_of(survey.answers(), survey.scheme(), own);
    shuffled.shuffle(survey.ratings);
    const auto store =
        test::survey_rows::store_of(entry_name, test::drawn_survey::head() + survey.line(survey.ratings[0]));
    const auto other = make_store("rows", options{{"entry", entry_name}});
    for (std::size_t r = 1; r < survey.ratings.size(); ++r)
      test::push_table(r % 2 == 0 ? *store : *other,
                       test::table_of("answers", survey_answer_columns,
                                      test::drawn_survey::head() + survey.line(survey.ratings[r])));
    store->merge(*other);
    EXPECT_EQ(test::survey_rows::finished_of(entry_name, *store, survey.scheme(), own).tables, once.tables);
  }
}

} // namespace
} // namespace emptor::value::delivered_value_properties_test
