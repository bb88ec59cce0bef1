// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "company.hpp"

/// What is known of the firms that buy on account: figures of their last balance sheet and their bureau score, and the
/// probability of default that is made of them.
namespace emptor::tool::demo {

/// logit of the probability of default = intercept + sum of coefficient x (ratio - mean) / deviation
struct credit_term {
  std::string_view ratio;
  double mean;
  double deviation;
  double coefficient;
};
inline constexpr double credit_intercept = -4.3;
inline constexpr std::array<credit_term, credit_terms> true_credit_terms{{
    {"working_capital / total_assets", 0.25, 0.15, -0.5},
    {"retained_earnings / total_assets", 0.20, 0.15, -0.4},
    {"ebit / total_assets", 0.08, 0.07, -0.8},
    {"log(equity / total_liabilities)", -0.2, 0.8, -0.9},
    {"log(sales / total_assets)", 0.3, 0.4, -0.2},
    {"log(years_in_business)", 2.2, 0.8, -0.4},
}};

[[nodiscard]] credit_facts draw_credit_facts(random_stream& stream);

/// The balance sheet as the firm publishes it, in whole euro.
struct balance_sheet {
  std::int64_t total_assets = 0;
  std::int64_t working_capital = 0;
  std::int64_t retained_earnings = 0;
  std::int64_t ebit = 0;
  std::int64_t equity = 0;
  std::int64_t total_liabilities = 0;
  std::int64_t sales = 0;
  std::int64_t years_in_business = 0;
  std::int64_t bureau_score = 0; ///< 300 to 850, high is good, and with an error of its own
};
/// \param stream  of the customer, for the size of the firm and the error of the score
[[nodiscard]] balance_sheet publish(const credit_facts& facts, random_stream& stream);

} // namespace emptor::tool::demo
