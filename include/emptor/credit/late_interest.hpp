// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/date.hpp>
#include <emptor/core/proportion.hpp>
#include <emptor/credit/given_table.hpp>
#include <emptor/credit/snapshot_buckets.hpp>

/// Interest for late payment (逾期利息) of a document: the integral of its balance over the days that it was late.
///
/// The interest of a day is that of the balance at the end of the day before, at the rate in force on the day. So money
/// that was due on 31 January 2026 and came on 2 March was late for 30 days, and its interest stays due though nothing
/// is owed any more. It is an exact fraction, rounded once: half a minor unit goes up.
namespace emptor::credit {

inline constexpr std::string_view late_interest_name = "credit.late_interest";

enum class day_count : std::int32_t {
  actual_365 = 0,
  actual_360 = 1,
  actual_actual = 2, ///< days of leap years in 366ths of a year (ISDA)
  thirty_360 = 3, ///< 30E/360: months of 30 days, the 31st counts as the 30th; parts of a period add up to it
};

/// Exact interest of balances over days, in minor units.
class interest_sum {
public:
  explicit interest_sum(day_count how) noexcept
      : how_(how) {}

  /// The days after `from` up to `to`, as the day count counts them; of actual/actual the calendar's.
  [[nodiscard]] std::int64_t days(std::int32_t from, std::int32_t to) const noexcept {
    return how_ == day_count::thirty_360 ? thirty_days(to) - thirty_days(from) : std::int64_t{to} - from;
  }
  /// \param balance >= 0 \param rate a year, in `decimal_share`
  void add(std::int64_t balance, std::int64_t rate, std::int32_t from, std::int32_t to) noexcept {
    if (how_ != day_count::actual_actual)
      return add(balance, rate, days(from, to));
    // In 365 x 366ths of a year: a day of a leap year has 365 of them, another 366.
    while (from < to) {
      const std::chrono::year_month_day first{date_from_days(from + 1)};
      const std::int32_t last = std::min(to, days_since_epoch(first.year() / 12 / 31));
      add(balance, rate, std::int64_t{last - from} * (first.year().is_leap() ? 365 : 366));
      from = last;
    }
  }
  /// What has been added, in whole minor units; `no_amount` where it does not fit 64 bits.
  [[nodiscard]] std::int64_t rounded() const noexcept {
    return rounded_quotient(sum_, {whole_share, parts_of_year()});
  }
  void clear() noexcept { sum_ = long_product(0); }

private:
  [[nodiscard]] static std::int64_t thirty_days(std::int32_t day) noexcept {
    const std::chrono::year_month_day on{date_from_days(day)};
    return std::int64_t{360} * static_cast<int>(on.year()) +
           30 * static_cast<std::int64_t>(static_cast<unsigned>(on.month())) +
           std::min<std::int64_t>(static_cast<unsigned>(on.day()), 30);
  }
  [[nodiscard]] std::int64_t parts_of_year() const noexcept {
    return how_ == day_count::actual_actual ? 365 * 366 : how_ == day_count::actual_365 ? 365 : 360;
  }
  void add(std::int64_t balance, std::int64_t rate, std::int64_t parts) noexcept {
    long_product one(static_cast<std::uint64_t>(balance));
    one.multiply(static_cast<std::uint64_t>(rate));
    one.multiply(static_cast<std::uint64_t>(parts));
    sum_.add(one);
  }

  day_count how_;
  long_product sum_{0};
};

/// Yearly rates from days on, of one currency or all.
class dated_rates {
public:
  struct step {
    std::int32_t from = 0;
    std::int64_t rate = 0; ///< in `decimal_share`
  };
  /// \throws error status::data where a day is there twice
  explicit dated_rates(const given_table& from) {
    for (std::int64_t row = 0; row < from.rows(); ++row) {
      const std::int32_t day = from.day("from", row).value_or(0);
      const bool is_new =
          held_[from.currency_at(row)].emplace(day, decimal_share(*from.number("rate", row))).second;
      if (!is_new)
        from.refuse("from", row, to_string(date_from_days(day)), "there once for its currency");
    }
  }
  /// In the order of the days. A currency with rates of its own has no others.
  [[nodiscard]] std::vector<step> of(stats::currency_code currency) const {
    auto found = held_.find(currency);
    if (found == held_.end())
      found = held_.find(std::nullopt);
    std::vector<step> steps;
    if (found != held_.end()) {
      for (const auto& [day, rate] : found->second)
        steps.push_back({day, rate});
    }
    return steps;
  }

private:
  std::map<std::optional<stats::currency_code>, std::map<std::int32_t, std::int64_t>> held_;
};

struct interest_terms {
  std::int32_t as_of = 0;
  day_count count = day_count::actual_365;
  int compounding_months = 0; ///< interest bears interest after so many months since the due date; 0 = never
  std::int32_t grace = 0;     ///< days after the due date; what is paid within them bears no interest
  bool from_due_date = true;  ///< the rest bears it from the due date on, not only from the end of the grace
};

/// Days with one balance and rate.
struct interest_segment {
  std::int32_t after = 0; ///< the day before the first
  std::int32_t until = 0;
  std::int64_t days = 0;    ///< as the day count counts them
  std::int64_t balance = 0; ///< minor units, with interest that bears interest
  std::int64_t rate = 0;    ///< in `decimal_share`
};

struct item_interest {
  std::int32_t due = 0; ///< the later of due date and document date
  std::int64_t days_late =
      0; ///< calendar days on which something was late, the grace included where it bears interest
  std::int64_t interest = 0; ///< minor units
};

/// The interest of one document up to the end of a day.
///
/// Compound: at the end of every `compounding_months`-th month since the due date the interest so far is rounded and joins
/// the balance. \param walk begun with the document \param segments what it is made of, appended
/// \throws error status::data where no rate is known for a day, status::overflow
[[nodiscard]] inline item_interest interest_of(const interest_terms& terms,
                                               std::span<const dated_rates::step> rates,
                                               const stats::open_item& one, std::string_view document,
                                               detail::snapshot_walk& walk,
                                               std::vector<interest_segment>& segments) {
  item_interest made{.due = std::max(one.due, one.date)};
  const std::int64_t grace_end = std::int64_t{made.due} + terms.grace;
  if (grace_end >= terms.as_of)
    return made;
  const auto counts_from = static_cast<std::int32_t>(grace_end);
  interest_sum sum(terms.count);
  std::int64_t capitalised = 0;
  const auto fits = [&](wide_integer balance) {
    if (balance > std::numeric_limits<std::int64_t>::max())
      throw error(status::overflow, std::string(late_interest_name) + ": the balance of document " +
                                        std::string(document) + " does not fit 64 bits of minor units");
    return static_cast<std::int64_t>(balance);
  };
  const auto rounded = [&] {
    const std::int64_t interest = sum.rounded();
    if (interest == no_amount)
      throw error(status::overflow, std::string(late_interest_name) + ": the interest of document " +
                                        std::string(document) + " does not fit 64 bits of minor units");
    return interest;
  };

  walk.go_to(counts_from);
  std::int32_t at = terms.from_due_date ? made.due : counts_from;
  int compoundings = 1;
  while (at < terms.as_of) {
    // Until the end of the grace what is left at its end counts as the balance.
    const wide_integer owed = walk.owed();
    const std::int64_t balance = fits(owed + capitalised);
    std::int32_t until = at < counts_from ? counts_from : std::min(terms.as_of, walk.next_day(terms.as_of));
    std::int32_t compounds_on = std::numeric_limits<std::int32_t>::max();
    if (terms.compounding_months > 0) {
      do // what bears interest from the end of the grace on skips the dates before
        compounds_on =
            days_since_epoch(add_months(date_from_days(made.due), terms.compounding_months * compoundings));
      while (compounds_on <= at && ++compoundings > 0);
      until = std::min(until, compounds_on);
    }
    const auto in_force =
        std::upper_bound(rates.begin(), rates.end(), at + 1,
                         [](std::int32_t day, const auto& step) { return day < step.from; });
    if (in_force != rates.end())
      until = std::min(until, in_force->from - 1);
    if (balance > 0) {
      if (in_force == rates.begin())
        throw error(status::data, std::string(late_interest_name) + ": there is no rate for " +
                                      to_string(date_from_days(at + 1)) + ", from which on document " +
                                      std::string(document) + " bears interest");
      const std::int64_t rate = std::prev(in_force)->rate;
      sum.add(balance, rate, at, until);
      segments.push_back({at, until, sum.days(at, until), balance, rate});
      made.days_late += owed > 0 ? until - at : 0;
    }
    at = until;
    if (at == compounds_on) {
      capitalised = fits(wide_integer{capitalised} + rounded());
      sum.clear();
      ++compoundings;
    }
    if (at >= counts_from)
      walk.go_to(at);
    if (terms.compounding_months == 0 && walk.owed() == 0 && walk.next_day(terms.as_of) >= terms.as_of)
      break; // settled for good
  }
  made.interest = fits(wide_integer{capitalised} + rounded());
  return made;
}

} // namespace emptor::credit
