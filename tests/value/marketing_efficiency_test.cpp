// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <boost/multiprecision/cpp_bin_float.hpp>

#include <emptor/value/marketing_efficiency.hpp>

#include "support/random.hpp"

namespace emptor::test::marketing_efficiency_test {
namespace {

using namespace emptor::value;
using digits = boost::multiprecision::cpp_bin_float_50;
using figures = std::map<std::string, double>;
constexpr double none = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t inputs = std::size(marketing_efficiency_inputs);
constexpr std::size_t outputs = std::size(marketing_efficiency_outputs);

/// The ratios of one row, of which only the given columns are there; `status` is its own.
figures ratios_of(const figures& given, row_status* status = nullptr, double period_days = 365.0) {
  std::vector<double> in(inputs);
  std::vector<score_block::input> columns(inputs);
  for (std::size_t i = 0; i < inputs; ++i) {
    if (const auto at = given.find(std::string(marketing_efficiency_inputs[i].name)); at != given.end()) {
      in[i] = at->second;
      columns[i].number = &in[i];
    }
  }
  std::vector<double> out(outputs);
  std::vector<score_block::output> to(outputs);
  for (std::size_t i = 0; i < outputs; ++i)
    to[i].number = &out[i];
  row_status own = row_status::ok;
  score_block block;
  block.rows = 1;
  block.inputs = columns;
  block.outputs = to;
  block.status = status != nullptr ? status : &own;
  marketing_efficiency_scorer(period_days).score(block);
  figures made;
  for (std::size_t i = 0; i < outputs; ++i)
    made[std::string(marketing_efficiency_outputs[i].name)] = out[i];
  return made;
}

/// The formula that a description states: factors and figures around one division.
digits stated(const std::string& formula, const figures& given, double period_days) {
  const auto value = [&](std::string word) {
    std::erase_if(word, [](char c) { return c == '(' || c == ')'; });
    if (word == "period_days")
      return digits(period_days);
    return std::isdigit(static_cast<unsigned char>(word[0])) != 0 ? digits(std::stod(word))
                                                                  : digits(given.at(word));
  };
  digits result = 1;
  bool below = false;
  std::string word;
  for (std::size_t i = 0; i <= formula.size(); ++i) {
    if (i < formula.size() && formula[i] != ' ') {
      word += formula[i];
      continue;
    }
    if (word == "/")
      below = true;
    else if (word != "x" && !word.empty())
      result = below ? digits(result / value(word)) : digits(result * value(word));
    word.clear();
  }
  return result;
}

TEST(marketing_efficiency, each_ratio_is_what_its_description_says) {
  variates draw(4);
  for (int i = 0; i < 200; ++i) {
    figures given;
    for (const column_description& one : marketing_efficiency_inputs)
      given[std::string(one.name)] = 1e6 * draw.uniform() * draw.uniform();
    const figures made = ratios_of(given, nullptr, 90.0);
    for (const column_description& one : marketing_efficiency_outputs) {
      std::string formula(one.summary);
      // What stands in Chinese, or behind a comma, is no formula.
      for (const char* const end : {" (\xE4", " (\xE5", " (\xE7", " (\xE8", " (\xE9", ","})
        formula = formula.substr(0, formula.find(end));
      const digits wanted = stated(formula, given, 90.0);
      const double got = made.at(std::string(one.name));
      EXPECT_LE(abs(got - wanted), 5e-16 * wanted) << one.name << ": " << formula;
    }
  }
}

TEST(marketing_efficiency, a_ratio_needs_both_figures_and_something_below) {
  EXPECT_TRUE(std::isnan(ratios_of({{"sales", 10}})["sales_per_call"]));
  EXPECT_TRUE(std::isnan(ratios_of({{"calls", 10}})["sales_per_call"]));
  EXPECT_TRUE(std::isnan(ratios_of({{"sales", 10}, {"calls", 0}})["sales_per_call"]));
  EXPECT_TRUE(std::isnan(ratios_of({{"sales", none}, {"calls", 1}})["sales_per_call"]));
  EXPECT_TRUE(std::isnan(ratios_of({{"calls", 10}, {"sellers", 2}})["calls_per_seller_day"]));
  EXPECT_TRUE(std::isnan(ratios_of({{"calls", 10}, {"sellers", 2}, {"days", 0}})["calls_per_seller_day"]));
  EXPECT_EQ(ratios_of({{"sales", -10}, {"calls", 4}})["sales_per_call"], -2.5);
  EXPECT_TRUE(std::isnan(ratios_of({{"sales", -10}, {"logistics_cost", 4}})["logistics_cost_rate"]));
  EXPECT_FALSE(std::signbit(ratios_of({{"sales", -0.0}, {"calls", 4}})["sales_per_call"]));
}

TEST(marketing_efficiency, what_no_number_holds_is_too_large) {
  row_status status = row_status::ok;
  EXPECT_TRUE(std::isnan(ratios_of({{"sales", 1e300}, {"calls", 1e-300}}, &status)["sales_per_call"]));
  EXPECT_EQ(status, row_status::too_large);
}

TEST(marketing_efficiency, two_divisors_whose_product_no_number_holds) {
  const auto calls_a_day = [](double calls, double sellers, double days) {
    row_status status = row_status::ok;
    const double made =
        ratios_of({{"calls", calls}, {"sellers", sellers}, {"days", days}}, &status)["calls_per_seller_day"];
    return status == row_status::ok ? made : -1.0;
  };
  for (const bool turned : {false, true}) {
    const auto both = [&](double calls, double one, double other) {
      return turned ? calls_a_day(calls, other, one) : calls_a_day(calls, one, other);
    };
    EXPECT_DOUBLE_EQ(both(1e300, 1e200, 1e120), 1e-20);
    EXPECT_DOUBLE_EQ(both(1e-300, 1e-200, 1e-140), 1e40);
    EXPECT_DOUBLE_EQ(both(1e200, 1e100, 1e-150), 1e250);
    EXPECT_DOUBLE_EQ(both(1e-200, 1e200, 1e-200), 1e-200);
    EXPECT_EQ(both(1e200, 1e-200, 10.0), -1.0);
    EXPECT_EQ(both(10.0, 2.0, 5.0), 1.0);
    EXPECT_TRUE(std::isnan(both(10.0, 2.0, 0.0)));
    EXPECT_TRUE(std::isnan(both(10.0, -2.0, -5.0)));
    EXPECT_EQ(both(0.0, 2.0, 5.0), 0.0);
  }
}

TEST(marketing_efficiency, a_part_is_no_more_than_its_whole) {
  std::vector<double> values(inputs, none);
  EXPECT_EQ(marketing_efficiency_rule(values).status, row_status::ok);
  const auto place = [](std::string_view name) {
    return static_cast<std::size_t>(
        std::find_if(std::begin(marketing_efficiency_inputs), std::end(marketing_efficiency_inputs),
                     [&](const column_description& one) { return one.name == name; }) -
        std::begin(marketing_efficiency_inputs));
  };
  values[place("coupons")] = 10;
  values[place("redeemed")] = 10;
  EXPECT_EQ(marketing_efficiency_rule(values).status, row_status::ok);
  values[place("redeemed")] = 11;
  EXPECT_EQ(marketing_efficiency_rule(values).status, row_status::inconsistent);
  EXPECT_EQ(marketing_efficiency_rule(values).column, place("redeemed"));
}

TEST(marketing_efficiency, a_block_is_fine_only_if_each_of_its_rows_is) {
  draws draw(9);
  int fine = 0;
  for (int i = 0; i < 400; ++i) {
    constexpr std::size_t rows = 3;
    std::vector<std::vector<double>> in(inputs, std::vector<double>(rows));
    std::vector<score_block::input> columns(inputs);
    bool each = true;
    for (std::size_t k = 0; k < inputs; ++k) {
      if (draw.below(8) != 0)
        columns[k].number = in[k].data();
      for (double& one : in[k])
        one = draw.below(6) == 0 ? none : static_cast<double>(draw.below(40) == 0 ? 30 : 20 - k % 7);
    }
    for (std::size_t row = 0; row < rows; ++row) {
      std::vector<double> values(inputs, none);
      for (std::size_t k = 0; k < inputs; ++k)
        values[k] = columns[k].number == nullptr ? none : in[k][row];
      each = each && marketing_efficiency_rule(values).status == row_status::ok;
    }
    score_block block;
    block.rows = rows;
    block.inputs = columns;
    EXPECT_EQ(marketing_efficiency_scorer(365.0).rule_holds(block), each);
    fine += each ? 1 : 0;
  }
  EXPECT_GT(fine, 20);
  EXPECT_LT(fine, 380);
}

} // namespace
} // namespace emptor::test::marketing_efficiency_test
