// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include <emptor/math/elementary.hpp>
#include <emptor/math/real.hpp>
#include <emptor/stats/discrimination.hpp>
#include <emptor/stats/intervals.hpp>

/// The economics of a cut-off (授信临界分): who is accepted at each score, how many of them go bad, and what that earns.
namespace emptor::credit {

/// What a customer brings who is accepted, in money.
struct cutoff_economics {
  double profit_per_good = 0.0;
  double loss_per_bad = 0.0;

  /// The share of bad customers at which those who are accepted earn nothing.
  [[nodiscard]] double break_even() const noexcept {
    const math::real both = math::real(profit_per_good) + loss_per_bad;
    return math::value_of(both) > 0.0 ? math::value_of(math::real(profit_per_good) / both)
                                      : std::numeric_limits<double>::quiet_NaN();
  }
  [[nodiscard]] math::real of(double goods, double bads) const noexcept {
    return math::real(profit_per_good) * goods - math::real(loss_per_bad) * bads;
  }
};

/// All rows up to a risk are accepted.
struct cut_point {
  double risk = std::numeric_limits<double>::quiet_NaN(); ///< NaN where nobody is accepted
  double goods = 0.0;
  double bads = 0.0;
  double profit = 0.0;
};

/// Nobody, then one cut more for each distinct risk, from the lowest up: as many as groups and one.
[[nodiscard]] inline std::vector<cut_point> cuts_of(const stats::ranked_events& from,
                                                    const cutoff_economics& money) {
  std::vector<cut_point> made{cut_point{}};
  made.reserve(from.groups().size() + 1);
  math::real goods(0.0);
  math::real bads(0.0);
  for (std::size_t i = from.groups().size(); i-- > 0;) {
    const stats::risk_group& one = from.groups()[i];
    goods = goods + one.non_events;
    bads = bads + one.events;
    made.push_back({one.risk, math::value_of(goods), math::value_of(bads),
                    math::value_of(money.of(math::value_of(goods), math::value_of(bads)))});
  }
  return made;
}

/// The place of the cut that earns most; of equal ones that which accepts the fewest.
[[nodiscard]] inline std::size_t best_cut(std::span<const cut_point> cuts) noexcept {
  std::size_t best = 0;
  for (std::size_t i = 1; i < cuts.size(); ++i) {
    if (cuts[i].profit > cuts[best].profit)
      best = i;
  }
  return best;
}

/// What one cut earns more than another, and how sure that is: the rows between both are a sum of independent parts, the
/// rest have none in it.
struct cut_difference {
  double value = 0.0;
  double standard_error = std::numeric_limits<double>::quiet_NaN(); ///< NaN of fewer than two rows
};

/// Adds up the profit of the rows between two cuts.
class cut_between {
public:
  cut_between(const stats::ranked_events& from, const cutoff_economics& money,
              stats::weight_meaning meaning) noexcept
      : money_(money)
      , meaning_(meaning)
      , rows_(meaning == stats::weight_meaning::frequency
                  ? from.weight()
                  : static_cast<double>(from.events().rows + from.non_events().rows)) {}

  void add(const stats::risk_group& one) noexcept {
    const bool frequency = meaning_ == stats::weight_meaning::frequency;
    sum_ += money_.of(one.non_events, one.events);
    const math::real gain = math::real(money_.profit_per_good) * money_.profit_per_good;
    const math::real loss = math::real(money_.loss_per_bad) * money_.loss_per_bad;
    squares_ += gain * (frequency ? one.non_events : one.non_event_squares) +
                loss * (frequency ? one.events : one.event_squares);
  }
  [[nodiscard]] cut_difference made() const noexcept {
    cut_difference of{math::value_of(sum_), std::numeric_limits<double>::quiet_NaN()};
    if (rows_ > 1.0) {
      const math::real n(rows_);
      const math::real spread = n / (n - 1.0) * (squares_ - sum_ * sum_ / n);
      of.standard_error = math::value_of(math::sqrt(max(spread, math::real(0.0))));
    }
    return of;
  }

private:
  cutoff_economics money_;
  stats::weight_meaning meaning_;
  double rows_;
  math::real sum_{0.0};
  math::real squares_{0.0};
};

/// The places of the strictest and the loosest cut whose profit is not surely below that of the best: it is lower by no more
/// than z standard errors of the difference. Every cut that may truly be the best lies between them, at that confidence
/// for each one.
struct cut_range {
  std::size_t strictest = 0;
  std::size_t loosest = 0;
};
/// The same by z standard errors.
[[nodiscard]] inline cut_range cuts_near(const stats::ranked_events& from, std::span<const cut_point> cuts,
                                         std::size_t best, const cutoff_economics& money,
                                         stats::weight_meaning meaning, double z) noexcept {
  cut_range made{best, best};
  const std::span<const stats::risk_group> groups =
      from.groups(); // groups[n - k] is between the cuts k - 1 and k
  const auto within = [&](const cut_difference& of) {
    return !(std::fabs(of.value) > z * of.standard_error); // also where nothing is known of the error
  };
  cut_between stricter(from, money, meaning);
  for (std::size_t k = best; k > 0; --k) {
    stricter.add(groups[groups.size() - k]);
    if (within(stricter.made()))
      made.strictest = k - 1;
  }
  cut_between looser(from, money, meaning);
  for (std::size_t k = best + 1; k < cuts.size(); ++k) {
    looser.add(groups[groups.size() - k]);
    if (within(looser.made()))
      made.loosest = k;
  }
  return made;
}

/// What one cut earns more than another. \param first, second  places of cuts
[[nodiscard]] inline cut_difference difference_of(const stats::ranked_events& from, std::size_t first,
                                                  std::size_t second, const cutoff_economics& money,
                                                  stats::weight_meaning meaning) noexcept {
  cut_between rows(from, money, meaning);
  for (std::size_t k = std::min(first, second) + 1; k <= std::max(first, second); ++k)
    rows.add(from.groups()[from.groups().size() - k]);
  cut_difference made = rows.made();
  made.value = first < second ? -made.value : made.value;
  made.value = first == second ? 0.0 : made.value;
  return made;
}

} // namespace emptor::credit
