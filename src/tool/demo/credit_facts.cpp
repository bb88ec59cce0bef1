// SPDX-License-Identifier: BSL-1.0
#include "credit_facts.hpp"

#include <algorithm>

#include <emptor/math/elementary.hpp>
#include <emptor/stats/variates.hpp>

namespace emptor::tool::demo {

credit_facts draw_credit_facts(random_stream& stream) {
  credit_facts made;
  double logit = credit_intercept;
  for (std::size_t i = 0; i < credit_terms; ++i) {
    made.standing[i] = stats::normal_variate(stream);
    logit += true_credit_terms[i].coefficient * made.standing[i];
  }
  made.probability_of_default = math::value_of(1.0 / (1.0 + exp(math::real(-logit))));
  return made;
}

balance_sheet publish(const credit_facts& facts, random_stream& stream) {
  const auto ratio = [&](std::size_t i) {
    return true_credit_terms[i].mean + true_credit_terms[i].deviation * facts.standing[i];
  };
  const auto whole = [](double value) { return static_cast<std::int64_t>(math::floor(value + 0.5)); };
  const double assets = math::exp(13.5 + 1.2 * stats::normal_variate(stream));
  balance_sheet made;
  made.total_assets = whole(assets);
  made.working_capital = whole(assets * ratio(0));
  made.retained_earnings = whole(assets * ratio(1));
  made.ebit = whole(assets * ratio(2));
  const double odds = math::exp(ratio(3));
  made.total_liabilities = whole(assets / (1.0 + odds));
  made.equity = made.total_assets - made.total_liabilities;
  made.sales = whole(assets * math::exp(ratio(4)));
  made.years_in_business = std::max<std::int64_t>(whole(math::exp(ratio(5))), 1);
  const double p = facts.probability_of_default;
  const double score = 420.0 - 45.0 * (math::log(p / (1.0 - p)) + 0.5 * stats::normal_variate(stream));
  made.bureau_score = std::clamp<std::int64_t>(whole(score), 300, 850);
  return made;
}

} // namespace emptor::tool::demo
