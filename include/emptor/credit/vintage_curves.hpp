// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include <emptor/math/real.hpp>
#include <emptor/stats/intervals.hpp>

/// Vintage curves (账龄批次曲线, Vintage 分析): the share of accounts of one time of opening that have gone bad by so many months on
/// book. Accounts that are still good have been seen for different times; the product-limit estimate takes each of them into
/// account for as long as it was seen.
namespace emptor::credit {

struct account_months {
  std::int32_t months = 0; ///< on book: when the event came, or up to now
  bool event = false;
  double weight = 1.0;
};

/// A month on book of a vintage.
struct vintage_month {
  std::int32_t month = 0;
  double at_risk = 0.0;    ///< weight of accounts that were seen good up to before it, and in it
  double events = 0.0;     ///< in it
  double cumulative = 0.0; ///< events up to it
  double rate = 0.0;       ///< estimated share of accounts that are bad by then
  stats::interval within{};
  bool complete =
      false; ///< whether each account was seen as long or had its event: then rate = cumulative / all
};

/// From month 0 to the last one in which an account was seen. The rate is 1 less the product of 1 - events / at_risk (E. L.
/// Kaplan and P. Meier, Journal of the American Statistical Association 53, 1958); an account that left in a month was at risk in it.
/// Its interval is Wilson's with as many accounts as would give Greenwood's variance of it (K. J. Rothman, Journal of Chronic
/// Diseases 31, 1978): without accounts that left early that is Wilson's of all of them.
/// \param accounts  sorted by month, event and weight \param size  as many accounts of equal weight would say as much as all
/// \param z  two-sided normal quantile of the confidence
[[nodiscard]] inline std::vector<vintage_month> vintage_curve_of(std::span<const account_months> accounts,
                                                                 double size, double z) {
  using math::real;
  std::vector<vintage_month> made;
  if (accounts.empty())
    return made;
  real all(0.0);
  for (const account_months& one : accounts)
    all += real(one.weight);
  const real worth = real(size) / all; // of a unit of weight
  made.reserve(static_cast<std::size_t>(accounts.back().months) + 1);
  // What is at risk is summed from the end, so that nothing is left of it when all have gone.
  std::vector<double> at_risk(accounts.size());
  real sum(0.0);
  for (std::size_t i = accounts.size(); i-- > 0;) {
    sum += real(accounts[i].weight);
    at_risk[i] = math::value_of(sum);
  }
  real cumulative(0.0);
  real survival(1.0);
  real greenwood(0.0);
  double trials = size;
  bool left = false;
  std::size_t next = 0;
  for (std::int32_t month = 0; month <= accounts.back().months; ++month) {
    vintage_month one{.month = month};
    one.complete = !left; // those that left before were not seen as long
    real events(0.0);
    real gone(0.0);
    if (next < accounts.size())
      one.at_risk = at_risk[next];
    for (; next < accounts.size() && accounts[next].months == month; ++next) {
      (accounts[next].event ? events : gone) += real(accounts[next].weight);
      left = left || !accounts[next].event;
    }
    one.events = math::value_of(events);
    cumulative = cumulative + events;
    one.cumulative = math::value_of(cumulative);
    const real rest = real(one.at_risk) - events;
    const bool all_gone = one.events > 0.0 && (next == accounts.size() ? math::value_of(gone) == 0.0 : false);
    if (one.events > 0.0) {
      survival = all_gone ? real(0.0) : survival * (real(1.0) - events / one.at_risk);
      if (!all_gone)
        greenwood += events / (real(one.at_risk) * rest * worth);
    }
    one.rate = one.complete ? math::value_of(cumulative / all) : math::value_of(real(1.0) - survival);
    // rate (1 - rate) / (survival^2 greenwood) accounts would have that variance; where all are bad, there is none: then all
    // of them if none had left, else as many as in the month before.
    if (greenwood > real(0.0) && math::value_of(survival) > 0.0)
      trials = math::value_of((real(1.0) - survival) / (survival * greenwood));
    else if (one.complete)
      trials = size;
    else if (!(greenwood > real(0.0)))
      trials = math::value_of(real(one.at_risk) * worth);
    one.within = stats::wilson_interval(std::clamp(one.rate, 0.0, 1.0), trials, z);
    made.push_back(one);
  }
  return made;
}

} // namespace emptor::credit
