// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include <emptor/stats/logistic_sums.hpp>

namespace emptor::stats {

/// A column whose coefficient runs away.
struct separated_column {
  std::size_t column = 0;
  int direction = 0; ///< 1 to infinity, -1 to minus infinity
};

/// Whether a direction of the coefficients tells events from other rows, so that the likelihood rises for ever along it (A. Albert,
/// J. A. Anderson, On the existence of maximum likelihood estimates in logistic regression models, Biometrika 71, 1984).
struct logistic_separation {
  bool found = false;
  bool complete = false; ///< every row is told apart; otherwise some lie on the border, where both kinds are
  std::vector<separated_column> columns; ///< what runs fastest, in units of the columns' spread, comes first
};

/// \param direction in centred and scaled columns: Newton's step far out, where it points along the direction
/// \return `found` only where it holds for each row
[[nodiscard]] inline logistic_separation find_separation(const logistic_sums& sums,
                                                         std::span<const double> direction) {
  logistic_separation made;
  double longest = 0.0;
  for (const double one : direction)
    longest = std::fmax(longest, std::fabs(one));
  if (!(longest > 0.0) || !std::isfinite(longest))
    return made;
  std::vector<double> clean(direction.begin(), direction.end());
  for (double& one : clean) // what has found its place still moves by rounding
    one = std::fabs(one) < 1e-6 * longest ? 0.0 : one / longest;
  const logistic_rows& rows = sums.rows();
  double least = std::numeric_limits<double>::infinity(); // by how far a row lies on its side
  double most = 0.0;
  sums.for_each_row(clean, [&](std::size_t row, double logit) {
    const bool has_event = rows.events[row] > 0.0;
    const bool has_other = rows.events[row] < rows.trials[row];
    if (has_event)
      least = std::fmin(least, logit);
    if (has_other)
      least = std::fmin(least, -logit);
    most = std::fmax(most, std::fabs(logit));
  });
  if (!(most > 0.0) || least < -1e-6 * most)
    return made;
  made.found = true;
  made.complete = least > 1e-6 * most;
  for (std::size_t j = 0; j < rows.columns.size(); ++j) {
    if (const double one = clean[j + sums.lead()]; std::fabs(one) > 1e-3)
      made.columns.push_back({j, one > 0.0 ? 1 : -1});
  }
  std::stable_sort(made.columns.begin(), made.columns.end(),
                   [&](const separated_column& left, const separated_column& right) {
                     return std::fabs(clean[left.column + sums.lead()]) >
                            std::fabs(clean[right.column + sums.lead()]);
                   });
  return made;
}

} // namespace emptor::stats
