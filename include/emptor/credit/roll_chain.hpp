// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

/// From rates at which money rolls from one ageing bucket to the next to the share of each bucket that will be lost.
namespace emptor::credit {

/// The loss factor of each bucket is the product of all rates from it on and of what of the last bucket is lost.
/// Source: Office of the Comptroller of the Currency, Comptroller's Handbook, Retail Lending, roll rates.
///
/// \param rates of each bucket to the next; NaN where it is not known, and so then is what stands before it
/// \param loss_of_last share of the last bucket that is lost
/// \return one factor more than rates
[[nodiscard]] inline std::vector<double> chain_losses(std::span<const double> rates, double loss_of_last) {
  std::vector<double> factors(rates.size() + 1, loss_of_last);
  for (std::size_t i = rates.size(); i-- > 0;)
    factors[i] = rates[i] * factors[i + 1];
  return factors;
}

/// Shares of the money of one bucket that are somewhere else a period later, buckets in the order of their age.
struct roll_destinations {
  std::vector<double> to;   ///< of each bucket, this one included; NaN where nothing is known
  double written_off = 0.0; ///< lost at once
};

/// The loss factors of an absorbing chain in which money may skip buckets, or stay where it is:
/// L(i) = (written off + sum over j > i of to(j) L(j)) / (1 - to(i)), and that of the last bucket is given. A bucket that
/// nothing has ever left has none.
[[nodiscard]] inline std::vector<double> absorbed_losses(std::span<const roll_destinations> from,
                                                         double loss_of_last) {
  constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
  std::vector<double> losses(from.size(), loss_of_last);
  for (std::size_t i = from.size() - 1; i-- > 0;) {
    double sum = from[i].written_off;
    for (std::size_t j = i + 1; j < from.size(); ++j) {
      if (from[i].to[j] != 0.0) // where nothing goes, it does not matter that nothing is known
        sum += from[i].to[j] * losses[j];
    }
    const double leaves = 1.0 - from[i].to[i];
    losses[i] = leaves > 0.0 ? sum / leaves : unknown;
  }
  return losses;
}

} // namespace emptor::credit
