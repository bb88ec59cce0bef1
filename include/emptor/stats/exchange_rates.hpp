// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include <emptor/core/date.hpp>
#include <emptor/core/decimal.hpp>
#include <emptor/stats/ledger_findings.hpp>

namespace emptor::stats {

/// The rates of exchange of a ledger (汇率). On a day the latest rate holds that is not dated after it. A rate is
/// used in the direction in which it is given, and no rate is made from two others: what a company books with is its
/// own convention.
class exchange_rates {
public:
  /// \throws error status::conflict where a rate has two contents; it names the currencies and the day
  explicit exchange_rates(const ledger& from) {
    const revised<exchange_rate>& held = from.records<exchange_rate>();
    detail::first_refusal refusal;
    held.for_each_contested([&](std::uint32_t key) {
      detail::note_conflict(refusal, "rate of", from.texts().rates[key], held[held.find(key)].revision);
    });
    refusal.raise();
    rates_.reserve(held.size());
    for (std::uint32_t row = 0; row < held.rows().size(); ++row) {
      if (held.is_live(row))
        rates_.push_back(held[row]);
    }
    std::sort(rates_.begin(), rates_.end(), [](const exchange_rate& left, const exchange_rate& right) {
      return key_of(left.currency, left.in, left.date) < key_of(right.currency, right.in, right.date);
    });
  }

  /// How many units of `in` one unit of `currency` is worth on a day; null where no rate says so.
  [[nodiscard]] const exact_decimal* find(currency_code currency, currency_code in,
                                          std::int32_t day) const noexcept {
    const auto after = std::upper_bound(rates_.begin(), rates_.end(), key_of(currency, in, day),
                                        [](const auto& wanted, const exchange_rate& one) {
                                          return wanted < key_of(one.currency, one.in, one.date);
                                        });
    if (after == rates_.begin() || (after - 1)->currency != currency || (after - 1)->in != in)
      return nullptr;
    return &(after - 1)->rate;
  }

  /// Minor units of one currency in minor units of another on a day: exactly, then rounded once, half to even.
  /// \throws error status::currency where there is no rate, which names both currencies and the day;
  ///         status::overflow where the answer does not fit 64 bits
  [[nodiscard]] std::int64_t convert(std::int64_t minor, currency_code currency, currency_code in,
                                     std::int32_t day) const {
    if (currency == in)
      return minor;
    const exact_decimal* const rate = find(currency, in, day);
    if (rate == nullptr)
      throw error(status::currency, "ledger: there is no rate of " + detail::shown_currency(currency) +
                                        " in " + detail::shown_currency(in) + " on or before " +
                                        to_string(date_from_days(day)));
    const auto made = converted(minor, *rate, currency_of(currency).decimals(), currency_of(in).decimals());
    if (!made)
      throw error(status::overflow, "ledger: an amount of " + detail::shown_currency(currency) + " in " +
                                        detail::shown_currency(in) + " does not fit 64 bits");
    return *made;
  }

private:
  [[nodiscard]] static std::tuple<currency_code, currency_code, std::int32_t>
  key_of(currency_code currency, currency_code in, std::int32_t day) noexcept {
    return {currency, in, day};
  }

  std::vector<exchange_rate> rates_; ///< by currencies, then days
};

} // namespace emptor::stats
