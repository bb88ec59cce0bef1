// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <emptor/core/date.hpp>
#include <emptor/core/proportion.hpp>

/// Terms of payment (付款条件) as an ordered set of lines: how much is due when, and what is taken off for paying earlier.
namespace emptor::credit {

/// From the date of a document to the day on which something is due. All go `months` calendar months on; a day that a
/// month does not have is its last.
enum class date_rule : std::int32_t {
  days = 0,              ///< then `days` more: net 30
  end_of_month = 1,      ///< then the end of that month, then `days` more: end of month plus 15
  days_end_of_month = 2, ///< then `days` more, then the end of that month: 45 days, end of month
  day_of_month = 3,      ///< the `day_of_month`-th: the 10th of the next month but one
};
inline constexpr std::string_view date_rules[] = {"days", "end_of_month", "days_end_of_month",
                                                  "day_of_month"};

/// Whether a rule looks at the month of a document, which may count as the next one.
[[nodiscard]] constexpr bool has_cutoff(date_rule rule) noexcept {
  return rule == date_rule::end_of_month || rule == date_rule::day_of_month;
}

struct due_rule {
  date_rule rule = date_rule::days;
  int months = 0;
  int days = 0;
  unsigned day_of_month = 31; ///< of the rule of that name
  unsigned cutoff_day =
      31; ///< what is of a later day of its month counts as of the next month; see `has_cutoff`
};

/// The day that a rule gives for a document of this date; a later document is never due earlier. With `day_of_month` the
/// `days` are added before the month is looked at, and the day is never before that: where it has gone by, it is the one of
/// the month after.
[[nodiscard]] inline date due_on(const due_rule& by, date document) noexcept {
  using namespace std::chrono;
  const auto last_of = [](date day) {
    const year_month_day of{day};
    return date{of.year() / of.month() / last};
  };
  const auto months_from = [&](date day) {
    const bool next = has_cutoff(by.rule) && static_cast<unsigned>(year_month_day{day}.day()) > by.cutoff_day;
    return by.months + (next ? 1 : 0);
  };
  const std::chrono::days more{by.days};
  switch (by.rule) {
  case date_rule::days:
    return add_months(document, by.months) + more;
  case date_rule::end_of_month:
    return last_of(add_months(document, months_from(document))) + more;
  case date_rule::days_end_of_month:
    return last_of(add_months(document, by.months) + more);
  case date_rule::day_of_month: {
    const date from = document + more;
    const auto in = [&](int months) {
      const year_month_day of{add_months(from, months)};
      const year_month_day wanted = of.year() / of.month() / day{by.day_of_month};
      return wanted.ok() ? date{wanted} : date{of.year() / of.month() / last};
    };
    const int months = months_from(from);
    const date found = in(months);
    return found < from ? in(months + 1) : found;
  }
  }
  return document;
}

/// One instalment (分期付款): a part of the document's amount and when it is due.
struct terms_line {
  std::int64_t line = 1;
  std::optional<double> share; ///< of the amount; lines without one share what is left in equal parts
  due_rule due;
};

/// What is taken off for paying up to a day (现金折扣).
struct discount_step {
  std::optional<std::int64_t> line; ///< of which instalment; none = of all
  double rate = 0.0;
  due_rule until;
};

struct payment_terms {
  std::vector<terms_line> lines; ///< by their number
  std::vector<discount_step> steps;
  std::vector<std::int64_t> weights; ///< of the lines, in proportion to what is due in them
};

/// Where the cents go that shares do not divide.
enum class instalment_rounding : std::int32_t {
  largest_remainder =
      0, ///< `split_in_proportion`: no instalment is a minor unit off; of equals the later gets it
  last_instalment = 1, ///< all but the last are rounded, halves away from 0, and the last is what is left
};
inline constexpr std::string_view instalment_roundings[] = {"largest_remainder", "last_instalment"};

/// Splits an amount of minor units over instalments; they add up to it. \param unit the parts are multiples of it, as the
/// amount is
[[nodiscard]] inline std::vector<std::int64_t> instalments_of(std::int64_t amount,
                                                              std::span<const std::int64_t> weights,
                                                              instalment_rounding how,
                                                              std::int64_t unit = 1) {
  std::vector<std::int64_t> parts(weights.size());
  std::int64_t left = amount / unit;
  if (how == instalment_rounding::largest_remainder) {
    split_in_proportion(left, weights, parts);
  } else {
    std::int64_t total = 0;
    for (const std::int64_t weight : weights)
      total += weight;
    const std::int64_t whole = left;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const std::int64_t rounded = i + 1 == parts.size() ? left : proportion_of(whole, {weights[i]}, {total});
      // Many small parts that are all rounded up could take more than there is.
      parts[i] = whole < 0 ? std::max(rounded, left) : std::min(rounded, left);
      left -= parts[i];
    }
  }
  for (std::int64_t& part : parts)
    part *= unit;
  return parts;
}

/// What one instalment offers for being paid up to a day.
struct offered_discount {
  double rate = 0.0;
  date until;
  std::int64_t amount = 0;
};
struct instalment {
  std::int64_t number = 1;
  date due;
  std::int64_t amount = 0;
  std::vector<offered_discount> discounts; ///< the earliest first, of a day the largest
};

/// The instalments of one document. A discount on all lines is worked out on the whole and split as the amount is, so that
/// what is taken off adds up; one on a line is worked out on that line. Halves are rounded away from 0.
/// \param discountable the part of the amount to which discounts apply, such as that without freight or tax
/// \param unit         minor units that are one of the document's currency
[[nodiscard]] inline std::vector<instalment> schedule_of(const payment_terms& terms, date document,
                                                         std::int64_t amount, std::int64_t discountable,
                                                         instalment_rounding how, std::int64_t unit = 1) {
  std::vector<instalment> made;
  const std::vector<std::int64_t> amounts = instalments_of(amount, terms.weights, how, unit);
  const std::vector<std::int64_t> bases =
      discountable == amount ? amounts : instalments_of(discountable, terms.weights, how, unit);
  for (std::size_t i = 0; i < terms.lines.size(); ++i)
    made.push_back({static_cast<std::int64_t>(i) + 1, due_on(terms.lines[i].due, document), amounts[i], {}});
  for (const discount_step& step : terms.steps) {
    const date until = due_on(step.until, document);
    std::vector<std::int64_t> off;
    if (!step.line)
      off = instalments_of(share_of(discountable / unit, step.rate) * unit, terms.weights, how, unit);
    for (std::size_t i = 0; i < made.size(); ++i) {
      if (!step.line)
        made[i].discounts.push_back({step.rate, until, off[i]});
      else if (*step.line == terms.lines[i].line)
        made[i].discounts.push_back({step.rate, until, share_of(bases[i] / unit, step.rate) * unit});
    }
  }
  for (instalment& one : made)
    std::sort(one.discounts.begin(), one.discounts.end(),
              [](const offered_discount& left, const offered_discount& right) {
                return left.until != right.until ? left.until < right.until : left.rate > right.rate;
              });
  return made;
}

} // namespace emptor::credit
