// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <emptor/credit/payment_delays.hpp>
#include <emptor/math/elementary.hpp>

/// How a customer's hazards are shrunk to those of its pool: empirical Bayes on all scales of time.
///
/// Under the hazards of the pool a customer's history would have had so many payments in each span of days. The number of
/// all its payments over that expectation has a Gamma prior with mean 1; how they divide between the first and the second
/// half of the days, and so on down to single days, has a Beta prior at each division, whose mean is the division of the
/// expectations (the multiscale model of E. D. Kolaczyk, Bayesian multiscale models for Poisson processes, Journal of the
/// American Statistical Association 94, 1999, for hazards). Halves hold equally many payments of the pool. So a customer
/// who pays twenty days later than others is known for it after few invoices, and one who pays on the same day always after
/// some more. What the priors are worth, in payments of the customer, is found for each scale by the likelihood of the
/// histories of up to a thousand customers, each without its own part in the pool. A customer that is alone has the estimate
/// of Kaplan and Meier.
namespace emptor::credit {

/// The divisions of the spans of days. Parents stand before their parts.
class delay_tree {
public:
  static constexpr std::size_t levels = 12; ///< those further down count as the last

  struct division {
    std::size_t first = 0;
    std::size_t middle = 0;
    std::size_t last = 0; ///< one behind
    std::size_t level = 0;
    std::size_t parts[2] = {0, 0}; ///< places of the divisions of both halves; 0 = it is a single span
  };

  explicit delay_tree(const delay_counts& pool) { divide(pool, 0, delay_bins::count, 0); }
  [[nodiscard]] std::span<const division> divisions() const noexcept { return divisions_; }

private:
  std::size_t divide(const delay_counts& pool, std::size_t first, std::size_t last, std::size_t level) {
    if (last - first < 2)
      return 0;
    std::int64_t all = 0;
    for (std::size_t bin = first; bin < last; ++bin)
      all += pool.came[bin];
    std::size_t middle = first + 1;
    std::int64_t before = pool.came[first];
    if (all == 0)
      middle = first + (last - first) / 2;
    while (all > 0 && middle + 1 < last && before + pool.came[middle] / 2 < all / 2)
      before += pool.came[middle++];
    const std::size_t place = divisions_.size();
    divisions_.push_back({first, middle, last, std::min(level, levels - 1), {0, 0}});
    const std::size_t left = divide(pool, first, middle, level + 1);
    const std::size_t right = divide(pool, middle, last, level + 1);
    divisions_[place].parts[0] = left;
    divisions_[place].parts[1] = right;
    return place;
  }

  std::vector<division> divisions_;
};

/// What the payments of a customer would be like in its pool.
class expected_delays {
public:
  /// A day that nobody was watched on, money may come all the same; so it may where a customer paid as nobody else did. It is a
  /// guard that keeps logarithms and divisions finite: about one chance in 300 a year, far below the hazard of money that does
  /// come.
  static constexpr double least_hazard = 1e-5;

  /// \param others the pool without the customer; where that is nothing, its own history stands for it
  expected_delays(const delay_counts& own, const delay_counts& others) noexcept {
    const delay_counts& pool = others.invoices > 0 ? others : own;
    for (std::size_t bin = 0; bin < delay_bins::count; ++bin) {
      const double seen = pool.watched[bin] > 0
                              ? static_cast<double>(pool.came[bin]) / static_cast<double>(pool.watched[bin])
                              : least_hazard;
      hazards_[bin] = own.came[bin] > 0 ? std::max(seen, least_hazard) : seen;
      expected_[bin + 1] =
          expected_[bin] + static_cast<double>(own.watched[bin]) / delay_counts::invoice * hazards_[bin];
      came_[bin + 1] = came_[bin] + own.came[bin];
    }
  }
  [[nodiscard]] const delay_hazards& hazards() const noexcept { return hazards_; }
  [[nodiscard]] double expected(std::size_t first, std::size_t last) const noexcept {
    return std::max(expected_[last] - expected_[first], 0.0);
  }
  [[nodiscard]] double came(std::size_t first, std::size_t last) const noexcept {
    return static_cast<double>(came_[last] - came_[first]) / delay_counts::invoice;
  }

private:
  delay_hazards hazards_{};
  std::array<double, delay_bins::count + 1> expected_{};
  std::array<std::int64_t, delay_bins::count + 1> came_{};
};

/// The worth of the priors, in payments of the customer.
class delay_prior {
public:
  /// Where nobody else is, so that nothing says it: an assumption, that eight payments of its own weigh as much as the
  /// pool, for fewer should not decide alone. The table of the pools shows what was taken.
  static constexpr double usual = 8.0;
  /// The grid of the worth: from half a payment, where customers have next to nothing in common, in steps of the root of 2
  /// to a thousand, where they are all alike.
  static constexpr double least = 0.5;
  static constexpr int steps = 22;

  delay_prior() noexcept { worth_.fill(usual); }

  /// The worth under which the histories are most likely, scale by scale.
  delay_prior(const delay_tree& tree, std::span<const expected_delays> histories) noexcept
      : delay_prior() {
    if (histories.empty())
      return;
    for (std::size_t scale = 0; scale < worth_.size(); ++scale) {
      double highest = 0.0;
      for (int step = 0; step <= steps; ++step) {
        const double worth = math::value_of(math::real(static_cast<double>(1 << (step / 2)) * least) *
                                            (step % 2 == 0 ? 1.0 : 1.4142135623730951));
        math::real sum(0.0);
        for (const expected_delays& one : histories)
          sum += scale == 0 ? of_all(one, worth) : of_divisions(tree, one, scale - 1, worth);
        if (step == 0 || math::value_of(sum) > highest) {
          highest = math::value_of(sum);
          worth_[scale] = worth;
        }
      }
    }
  }

  /// Where customers differ most.
  [[nodiscard]] double least_worth() const noexcept {
    return *std::min_element(worth_.begin(), worth_.end());
  }

  [[nodiscard]] delay_hazards hazards(const delay_tree& tree, const expected_delays& own) const {
    const std::size_t all = delay_bins::count;
    const std::span<const delay_tree::division> divisions = tree.divisions();
    std::vector<double> ratios(divisions.size(), 1.0); // of the customer's hazards to the pool's
    ratios[0] = (worth_[0] + own.came(0, all)) / (worth_[0] + own.expected(0, all));
    delay_hazards made{};
    for (std::size_t place = 0; place < divisions.size(); ++place) {
      const delay_tree::division& one = divisions[place];
      const double expected[] = {own.expected(one.first, one.middle), own.expected(one.middle, one.last)};
      double of_parts[] = {ratios[place], ratios[place]};
      if (expected[0] > 0.0 && expected[1] > 0.0) {
        const double worth = worth_[one.level + 1];
        const double both = expected[0] + expected[1];
        const double came = own.came(one.first, one.last);
        const double first =
            (worth * (expected[0] / both) + own.came(one.first, one.middle)) / (worth + came);
        of_parts[0] = ratios[place] * both * first / expected[0];
        of_parts[1] = ratios[place] * both * (1.0 - first) / expected[1];
      }
      for (const std::size_t half : {std::size_t{0}, std::size_t{1}}) {
        if (one.parts[half] != 0)
          ratios[one.parts[half]] = of_parts[half];
        else {
          const std::size_t bin = half == 0 ? one.first : one.middle;
          made[bin] = std::min(own.hazards()[bin] * of_parts[half], 1.0);
        }
      }
    }
    return made;
  }

private:
  /// The log likelihood of the number of all payments, up to what does not depend on the worth.
  [[nodiscard]] static math::real of_all(const expected_delays& one, double worth) noexcept {
    using math::real;
    const double came = one.came(0, delay_bins::count);
    const double expected = one.expected(0, delay_bins::count);
    return lgamma(real(worth) + came) - lgamma(real(worth)) + real(worth) * log(real(worth)) -
           (real(worth) + came) * log(real(worth) + expected);
  }
  /// That of how they divide on one scale.
  [[nodiscard]] static math::real of_divisions(const delay_tree& tree, const expected_delays& one,
                                               std::size_t level, double worth) noexcept {
    using math::real;
    real sum(0.0);
    for (const delay_tree::division& at : tree.divisions()) {
      if (at.level != level)
        continue;
      const double came[] = {one.came(at.first, at.middle), one.came(at.middle, at.last)};
      const double expected[] = {one.expected(at.first, at.middle), one.expected(at.middle, at.last)};
      if (!(came[0] + came[1] > 0.0 && expected[0] > 0.0 && expected[1] > 0.0))
        continue;
      for (const int half : {0, 1}) {
        const real prior = real(worth) * (expected[half] / (expected[0] + expected[1]));
        if (came[half] > 0.0)
          sum += lgamma(prior + came[half]) - lgamma(prior);
      }
      sum += lgamma(real(worth)) - lgamma(real(worth) + (came[0] + came[1]));
    }
    return sum;
  }

  std::array<double, delay_tree::levels + 1> worth_{}; ///< of all, then by level
};

} // namespace emptor::credit
