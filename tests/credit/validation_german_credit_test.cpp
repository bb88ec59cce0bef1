// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdint>
#include <fstream>
#include <functional>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/credit/validation_entry.hpp>

#include "credit/finished.hpp"
#include "stats/store_rows.hpp"
#include "support/csv_table.hpp"
#include "support/places.hpp"

/// The scorecard of reference/credit.md 2.4 on the German credit data: its bins and coefficients give the probabilities, and
/// these the published figures of validation.
namespace emptor::credit::validation_german_credit_test {
namespace {

struct characteristic {
  const char* column;
  double coefficient;
  std::function<std::string(const std::string&)> bin;
};

/// The place of a number among ends that belong to the bin above.
std::function<std::string(const std::string&)> cut(std::vector<double> ends) {
  return [ends](const std::string& value) {
    int place = 0;
    for (const double end : ends)
      place += std::stod(value) >= end ? 1 : 0;
    return std::to_string(place);
  };
}
std::function<std::string(const std::string&)> merged(std::vector<std::string> together) {
  return [together](const std::string& value) {
    for (const std::string& one : together) {
      if (value == one)
        return together.front();
    }
    return value;
  };
}
/// One bin for these, another for all others.
std::function<std::string(const std::string&)> or_other(std::map<std::string, std::string> named) {
  return [named](const std::string& value) {
    const auto at = named.find(value);
    return at == named.end() ? std::string("other") : at->second;
  };
}

std::vector<characteristic> scorecard() {
  return {
      {"age_in_years", 0.82193186, cut({26, 28, 35, 37})},
      {"credit_amount", 0.88471277, cut({1400, 1800, 4000, 9200})},
      {"credit_history", 0.68548402,
       merged({"no credits taken/ all credits paid back duly", "all credits at this bank paid back duly"})},
      {"duration_in_month", 0.68536460, cut({8, 16, 34, 44})},
      {"housing", 0.53916977, merged({})},
      {"installment_rate_in_percentage_of_disposable_income", 2.02774088, cut({3, 4})},
      {"other_debtors_or_guarantors", 1.52514270, or_other({{"guarantor", "guarantor"}})},
      {"other_installment_plans", 0.74256405, or_other({{"none", "none"}})},
      {"present_employment_since", 0.67682432, merged({"unemployed", "... < 1 year"})},
      {"property", 0.25693877, merged({})},
      {"purpose", 0.98286352,
       or_other({{"retraining", "car (used)"}, {"car (used)", "car (used)"}, {"radio/television", "radio"}})},
      {"savings_account_and_bonds", 0.85162291,
       or_other({{"... < 100 DM", "none"}, {"100 <= ... < 500 DM", "some"}})},
      {"status_of_existing_checking_account", 0.77647570, merged({"... < 0 DM", "0 <= ... < 200 DM"})}};
}

TEST(validation, german_credit) {
  std::ifstream file(test::data_file("germancredit.csv"));
  if (!file)
    GTEST_SKIP() << "no germancredit.csv in EMPTOR_DATA_DIR";
  std::stringstream text;
  text << file.rdbuf();
  std::string lines = text.str();
  std::erase(lines, '\r');
  const test::csv_table data = test::parse_csv(lines);
  const auto column_of = [&](const std::string& name) {
    for (std::size_t i = 0; i < data.names.size(); ++i) {
      if (data.names[i] == name)
        return i;
    }
    throw std::runtime_error("no column " + name);
  };
  ASSERT_EQ(data.rows.size(), 1000U);
  std::vector<double> outcome;
  for (const std::vector<std::string>& row : data.rows)
    outcome.push_back(row[column_of("creditability")] == "bad" ? 1.0 : 0.0);
  std::vector<double> logit(1000, -0.85681983);
  for (const characteristic& one : scorecard()) {
    const std::size_t at = column_of(one.column);
    std::map<std::string, std::pair<double, double>> counts; // bad, good
    for (std::size_t i = 0; i < 1000; ++i) {
      auto& [bad, good] = counts[one.bin(data.rows[i][at])];
      (outcome[i] == 1.0 ? bad : good) += 1.0;
    }
    for (std::size_t i = 0; i < 1000; ++i) {
      const auto& [bad, good] = counts[one.bin(data.rows[i][at])];
      logit[i] += one.coefficient * std::log((bad / 300.0) / (good / 700.0));
    }
  }
  std::vector<double> probability;
  std::vector<double> points;
  for (const double one : logit) {
    probability.push_back(1.0 / (1.0 + std::exp(-one)));
    points.push_back(387.603624 - 72.134752 * one);
  }
  table rows("rows");
  rows.add(column::numbers("outcome", outcome));
  rows.add(column::numbers("characteristics:pd", probability));
  rows.add(column::numbers("characteristics:points", points));
  stats::outcomes store;
  store_rows::push(store, rows, true);
  const result made =
      finished::of(validation_entry, store, {{"score", "points"}, {"probability", "pd"}, {"fitted", "true"}});
  const auto value = [&](validation_measure which) {
    const table& measures = finished::table_of(made, "measures");
    for (std::int64_t row = 0; row < measures.rows(); ++row) {
      if (measures.at("measure").as<std::int32_t>()[static_cast<std::size_t>(row)] ==
          static_cast<std::int32_t>(which))
        return measures.at("value").as<double>()[static_cast<std::size_t>(row)];
    }
    return std::nan("");
  };
  using measure = validation_measure;
  EXPECT_NEAR(value(measure::auc), 0.82691190, 5e-9);
  EXPECT_NEAR(value(measure::gini), 0.65382381, 5e-9);
  EXPECT_NEAR(value(measure::accuracy_ratio), 0.65382381, 5e-9);
  EXPECT_NEAR(value(measure::ks), 0.52428571, 5e-9);
  EXPECT_NEAR(value(measure::brier_score), 0.15085984, 5e-9);
  EXPECT_NEAR(value(measure::log_loss) * 2000.0, 916.149984, 5e-6) << "the deviance";
  EXPECT_NEAR(value(measure::hosmer_lemeshow), 10.085294, 5e-7);
  EXPECT_NEAR(value(measure::hosmer_lemeshow_p), 0.259090, 5e-7);
  EXPECT_NEAR(value(measure::mean_probability), 0.3, 1e-8) << "of a fit with an intercept";
  EXPECT_NEAR(value(measure::calibration_slope), 1.0, 1e-6) << "on the rows of the fit";
  EXPECT_NEAR(value(measure::calibration_intercept), 0.0, 1e-6);
}

} // namespace
} // namespace emptor::credit::validation_german_credit_test
