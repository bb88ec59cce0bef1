// SPDX-License-Identifier: BSL-1.0
#include <emptor/math/elementary.hpp>
#include <emptor/stats/variates.hpp>

#include "company.hpp"
#include "credit_facts.hpp"

namespace emptor::tool::demo {

namespace {

constexpr double seasonal_share = 0.04;
constexpr double declining_share = 0.04;
constexpr double half_life = 120.0; ///< days in which the rate of a declining customer falls by half
constexpr double leaves_at = 0.1;   ///< of the rate with which he began
constexpr double key_account_revenue = 5000.0; ///< a year
constexpr double logistic_width = 0.5;

[[nodiscard]] double logistic(double x) noexcept {
  return math::value_of(1.0 / (1.0 + exp(math::real(-x))));
}

/// When customers join: twice as many a day at the end of the three years as at their beginning.
[[nodiscard]] double joined_at(double u) noexcept {
  const double length = today + 1 - founded;
  return founded + length * (math::sqrt(1.0 + 3.0 * u) - 1.0);
}

[[nodiscard]] std::uint8_t one_of(std::size_t count, random_stream& stream) noexcept {
  return static_cast<std::uint8_t>(stream.below(count));
}

/// Firms pay the later the worse they stand.
void draw_credit(customer& who, random_stream& stream) {
  who.credit = draw_credit_facts(stream);
  const double worse =
      math::log(who.credit.probability_of_default / (1.0 - who.credit.probability_of_default)) -
      credit_intercept;
  who.pays = credit::draw_payer(worse, stream);
  // Outcomes are known of those who were customers a year ago.
  if (stream.uniform() < who.credit.probability_of_default && who.joined_on() <= year_ago)
    who.pays.insolvent = year_ago + 1 + static_cast<std::int32_t>(stream.below(days_ahead));
}

customer draw(const company_size& size, std::int64_t number) {
  random_stream stream = stream_of(size, part::nature, number);
  customer who;
  who.joined = joined_at(stream.uniform());
  who.rate = stats::gamma_variate(order_process.r, stream) / (order_process.alpha * 7.0);
  who.drop_out_rate = stats::gamma_variate(order_process.s, stream) / (order_process.beta * 7.0);
  who.leaves = who.joined + stats::exponential_variate(stream) / who.drop_out_rate;
  who.spend_scale = stats::log_gamma_variate(spend_process.q, stream);
  who.spend = spend_process.p * spend_process.v * math::exp(-who.spend_scale);
  const double yearly = who.rate * days_ahead * who.spend;
  who.business = stream.uniform() < logistic(math::log(who.spend / 140.0) / logistic_width);
  const double luck = stream.uniform();
  if (luck < seasonal_share) {
    who.kind = customer_kind::seasonal;
  } else if (luck < seasonal_share + declining_share) {
    who.kind = customer_kind::declining;
    who.rate *= 2.0;
    who.decline = math::log(2.0) / half_life;
    who.drop_out_rate = 0.0;
    who.leaves = who.joined - math::log(leaves_at) / who.decline;
  } else if (who.business && yearly > key_account_revenue) {
    who.kind = customer_kind::key_account;
  }
  who.region = one_of(std::size(regions), stream);
  who.industry = one_of(std::size(industries), stream);
  who.channel = who.kind == customer_kind::key_account ? std::uint8_t{2} : one_of(2, stream);
  if (who.business) {
    random_stream credit = stream_of(size, part::credit, number);
    draw_credit(who, credit);
  }
  return who;
}

} // namespace

std::vector<customer> make_customers(const company_size& size) {
  std::vector<customer> made;
  made.reserve(static_cast<std::size_t>(size.customers));
  for (std::int64_t number = 0; number < size.customers; ++number)
    made.push_back(draw(size, number));
  return made;
}

} // namespace emptor::tool::demo
