// SPDX-License-Identifier: BSL-1.0
#include <algorithm>

#include <emptor/math/elementary.hpp>
#include <emptor/stats/variates.hpp>

#include "company.hpp"

namespace emptor::tool::demo {

namespace {

constexpr std::int32_t waves[] = {19904, 20088, 20269,
                                  20453}; ///< 2024-06-30, 2024-12-31, 2025-06-30, 2025-12-31
constexpr double answering_share = 0.15;
constexpr double missing_share = 0.03;
constexpr double lasting_share = 0.5; ///< of the variance of what a customer expects

/// What is left of the variance of each construct when its causes are known, so that each has variance 1.
std::array<double, constructs> disturbances() {
  std::array<double, constructs> left{};
  double covariance[constructs][constructs] = {};
  for (std::size_t to = 0; to < constructs; ++to) {
    for (std::size_t other = 0; other < to; ++other) {
      for (const path& one : true_paths)
        covariance[to][other] += one.to == to ? one.coefficient * covariance[one.from][other] : 0.0;
      covariance[other][to] = covariance[to][other];
    }
    double explained = 0.0;
    for (const path& one : true_paths)
      explained += one.to == to ? one.coefficient * covariance[one.from][to] : 0.0;
    left[to] = math::sqrt(1.0 - explained);
    covariance[to][to] = 1.0;
  }
  return left;
}

/// A scale from `least` to `most`, with its middle at 0 and two points a standard deviation.
std::int8_t on_scale(double value, int least, int most) {
  const double middle = 0.5 * (least + most) + 1.0;
  return static_cast<std::int8_t>(std::clamp(math::floor(middle + 2.0 * value + 0.5),
                                             static_cast<double>(least), static_cast<double>(most)));
}

} // namespace

survey_answers make_survey(const std::vector<customer>& customers, const company_size& size) {
  const std::array<double, constructs> left = disturbances();
  survey_answers made;
  for (std::size_t number = 0; number < customers.size(); ++number) {
    const customer& who = customers[number];
    random_stream stream = stream_of(size, part::survey, static_cast<std::int64_t>(number));
    const double lasting = stats::normal_variate(stream);
    for (const std::int32_t wave : waves) {
      if (stream.uniform() >= answering_share || who.joined_on() > wave || who.leaves < wave)
        continue;
      std::array<double, constructs> latent{};
      for (std::size_t to = 0; to < constructs; ++to) {
        const double own = stats::normal_variate(stream);
        latent[to] = to == 0 ? math::sqrt(lasting_share) * lasting + math::sqrt(1.0 - lasting_share) * own
                             : left[to] * own;
        for (const path& one : true_paths)
          latent[to] += one.to == to ? one.coefficient * latent[one.from] : 0.0;
      }
      std::array<std::int8_t, item_count> answers{};
      for (std::size_t i = 0; i < item_count; ++i) {
        const item& asked = survey_items[i];
        const double seen = asked.loading * latent[asked.construct] +
                            math::sqrt(1.0 - asked.loading * asked.loading) * stats::normal_variate(stream);
        answers[i] = on_scale(seen, asked.name == "recommendation" ? 0 : 1, 10);
        if (stream.uniform() < missing_share)
          answers[i] = no_answer;
      }
      made.customer.push_back(static_cast<std::int64_t>(number));
      made.wave.push_back(wave);
      made.answers.push_back(answers);
      made.latent.push_back(latent);
    }
  }
  return made;
}

} // namespace emptor::tool::demo
