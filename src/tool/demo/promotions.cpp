// SPDX-License-Identifier: BSL-1.0
#include <emptor/value/simulate.hpp>

#include "company.hpp"

namespace emptor::tool::demo {

namespace {
constexpr std::int64_t promotions_ahead = 12;

/// Promotions go out on the last day of each month, for the first time at the end of the month after he joined.
std::int64_t promotions_of(const customer& who) {
  const std::chrono::year_month_day joined(date_from_days(who.joined_on()));
  const std::chrono::year_month_day now(date_from_days(today));
  return (now.year() / now.month() - joined.year() / joined.month()).count();
}
} // namespace

promotion_answers make_promotions(const std::vector<customer>& customers, const company_size& size) {
  promotion_answers made;
  for (std::size_t number = 0; number < customers.size(); ++number) {
    const customer& who = customers[number];
    if (who.business)
      continue;
    random_stream stream = stream_of(size, part::promotions, static_cast<std::int64_t>(number));
    const value::opportunity_nature nature = value::draw_nature(promotion_process, stream);
    const std::int64_t opportunities = promotions_of(who);
    std::int64_t frequency = 0;
    std::int64_t recency = 0;
    bool stays = stream.uniform() >= nature.drop_out_probability;
    for (std::int64_t i = 1; i <= opportunities && stays; ++i) {
      if (stream.uniform() < nature.order_probability) {
        ++frequency;
        recency = i;
      }
      stays = stream.uniform() >= nature.drop_out_probability;
    }
    double expected = 0.0;
    double there = stays ? nature.order_probability : 0.0;
    for (std::int64_t i = 0; i < promotions_ahead; ++i) {
      expected += there;
      there *= 1.0 - nature.drop_out_probability;
    }
    made.customer.push_back(static_cast<std::int64_t>(number));
    made.frequency.push_back(frequency);
    made.recency.push_back(recency);
    made.opportunities.push_back(opportunities);
    made.still_answers.push_back(stays ? 1 : 0);
    made.expected.push_back(expected);
  }
  return made;
}

} // namespace emptor::tool::demo
