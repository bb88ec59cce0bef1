// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/stats/exchange_rates.hpp>
#include <emptor/stats/settled_items.hpp>

namespace emptor::stats {

/// What a ledger held on a day, in one currency (折算), by the rates that hold on that day: all of a document at the same
/// rate, whenever it was written or settled, so that no ratio moves with a rate.
///
/// Each document is rounded for itself (half to even), and so is what was open of it after each of its settlements. Its
/// parts therefore add up to what is no longer open of it, and every sum over documents is the same however it is cut: by
/// customer, by bucket, by month, or in another measure of the same ledger.
class one_currency {
public:
  /// \throws error what `exchange_rates` throws
  one_currency(const ledger& from, date as_of, currency_code in)
      : from_(from)
      , rates_(from)
      , as_of_(as_of)
      , in_(in) {}

  [[nodiscard]] currency_code code() const noexcept { return in_; }

  /// Documents of which nothing is open need no rate: without one they are about nothing either.
  /// \throws error status::currency names the first document in byte order that has no rate, status::overflow that whose
  ///         amount does not fit 64 bits
  void express(ledger_state& state) {
    detail::first_refusal refusal;
    express(state, refusal);
    refusal.raise();
  }
  /// The same where others may be refused first.
  void express(ledger_state& state, detail::first_refusal& refusal) {
    for (open_item& one : state.items) {
      const std::string_view name = name_of(one);
      const bool weightless = one.open == 0 && one.currency != in_ && rate_of(one.currency) == nullptr;
      one.amount = weightless ? 0 : of(refusal, "document", name, one.amount, one.currency);
      one.open = of(refusal, "document", name, one.open, one.currency);
      one.currency = in_;
    }
  }
  /// The same with the parts of the documents, whether or not something is open of them.
  void express(settled_items& history) {
    detail::first_refusal refusal;
    history.keep_originals();
    for (open_item& one : history.state.items) {
      const std::string_view name = name_of(one);
      const std::int64_t amount = of(refusal, "document", name, one.amount, one.currency);
      if (one.currency != in_) {
        const std::span<settled_part> parts = history.parts_of(one.row);
        wide_integer rest = one.amount;
        std::int64_t before = amount;
        for (settled_part& part : parts) {
          rest -= part.amount;
          const std::int64_t after = of(refusal, "document", name, rest, one.currency);
          part.amount = fitting(refusal, "document", name, wide_integer{before} - after, one.currency);
          before = after;
        }
      }
      one.amount = amount;
      one.open = of(refusal, "document", name, one.open, one.currency);
      one.currency = in_;
    }
    refusal.raise();
  }

  /// An amount of something that has a name; 0 where that is refused.
  [[nodiscard]] std::int64_t of(detail::first_refusal& refusal, std::string_view what, std::string_view name,
                                wide_integer minor, currency_code currency) {
    const exact_decimal* const rate = currency == in_ || minor == 0 ? nullptr : rate_of(currency);
    if (rate == nullptr && currency != in_ && minor != 0 && refusal.comes_first(name))
      refusal.note(name, status::currency,
                   is_in(what, name, currency) + "but there is no rate of " +
                       detail::shown_currency(currency) + " in " + detail::shown_currency(in_) +
                       " on or before " + to_string(as_of_));
    if (rate == nullptr && currency != in_)
      return 0;
    const std::int64_t held = fitting(refusal, what, name, minor, currency);
    if (rate == nullptr)
      return held;
    const auto made = converted(held, *rate, currency_of(currency).decimals(), currency_of(in_).decimals());
    return made ? *made : fitting(refusal, what, name, beyond, currency);
  }

private:
  [[nodiscard]] std::string_view name_of(const open_item& one) const {
    return from_.document(from_.items()[one.row].document);
  }
  [[nodiscard]] const exact_decimal* rate_of(currency_code currency) {
    for (const auto& [known, rate] : known_) {
      if (known == currency)
        return rate;
    }
    return known_.emplace_back(currency, rates_.find(currency, in_, days_since_epoch(as_of_))).second;
  }
  [[nodiscard]] static std::string is_in(std::string_view what, std::string_view name,
                                         currency_code currency) {
    return "ledger: " + std::string(what) + " " + std::string(name) + " is in " +
           detail::shown_currency(currency) + ", ";
  }
  [[nodiscard]] std::int64_t fitting(detail::first_refusal& refusal, std::string_view what,
                                     std::string_view name, wide_integer minor,
                                     currency_code currency) const {
    if (minor < beyond && minor > -beyond)
      return static_cast<std::int64_t>(minor);
    if (refusal.comes_first(name))
      refusal.note(name, status::overflow,
                   is_in(what, name, currency) + "and its amounts in " + detail::shown_currency(in_) +
                       " do not fit 64 bits of minor units");
    return 0;
  }

  static constexpr wide_integer beyond = wide_integer{std::numeric_limits<std::int64_t>::max()} + 1;
  const ledger& from_;
  exchange_rates rates_;
  date as_of_;
  currency_code in_;
  std::vector<std::pair<currency_code, const exact_decimal*>>
      known_; ///< rates of the day; null = there is none
};

/// The same in one call; nothing happens where no currency is asked for.
template <class Held>
void express_in(const std::optional<currency_code>& in, const ledger& from, date as_of, Held& held) {
  if (in)
    one_currency(from, as_of, *in).express(held);
}

} // namespace emptor::stats
