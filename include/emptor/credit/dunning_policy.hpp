// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/date.hpp>
#include <emptor/credit/given_table.hpp>
#include <emptor/stats/open_items.hpp>

/// What a caller lays down for dunning: the levels, what was dunned before, and what must not be dunned now.
namespace emptor::credit {

inline constexpr std::string_view dunning_name = "credit.dunning";

/// Why no letter goes out for a document.
enum class dunning_stop : std::int32_t { blocked = 0, dispute = 1, promise = 2, other = 3 };
inline constexpr std::string_view dunning_stop_levels[] = {"blocked", "dispute", "promise", "other"};

/// The least minor units of a currency that are not below an amount of it: what is less than 2.5 yen is less than 3.
/// \param amount >= 0
[[nodiscard]] inline std::int64_t least_minor_units(double amount, stats::currency_code of) noexcept {
  const int decimals = stats::currency_of(of).decimals();
  std::int64_t minor = 0;
  if (minor_units_of(amount, decimals, minor) == row_status::ok)
    return minor;
  const double scaled = std::ceil(amount * static_cast<double>(power_of_ten(decimals)));
  return scaled < 0x1p63 ? static_cast<std::int64_t>(scaled) : std::numeric_limits<std::int64_t>::max();
}

/// One level in one currency.
struct dunning_step {
  std::int32_t days = 0;           ///< after the due date from which on it is reached
  std::int32_t interval = 0;       ///< days that must lie between the letter before and this one
  std::int64_t fee = 0;            ///< minor units, once a letter
  std::int64_t minimum_amount = 0; ///< minor units that a letter must be about
  std::string_view text;
};

/// The levels of each currency, from 1 on without a gap, each later than the one before.
class dunning_levels {
public:
  /// \param usual_interval where a level has none of its own
  /// \throws error status::data
  dunning_levels(const model* from, std::int32_t usual_interval)
      : table_(dunning_name, from, "levels")
      , usual_interval_(usual_interval) {
    if (table_.rows() == 0)
      throw error(status::schema, std::string(dunning_name) +
                                      ": the model in slot policy needs a table levels with "
                                      "at least one level");
    for (std::int64_t row = 0; row < table_.rows(); ++row) {
      const auto level = static_cast<std::int64_t>(table_.count("level", row).value_or(0));
      if (!rows_[table_.currency_at(row)].emplace(level, row).second)
        table_.refuse("level", row, std::to_string(level), "there once for its currency");
    }
    std::set<std::optional<stats::currency_code>> met{std::nullopt};
    for (const auto& [currency, levels] : rows_)
      met.insert(currency);
    for (const auto& currency : met) {
      if (currency || rows_.contains(std::nullopt))
        static_cast<void>(rows_of(currency));
    }
  }

  /// \throws error status::data where the currency has no levels, or a fee is no whole number of its minor units
  [[nodiscard]] const std::vector<dunning_step>& of(stats::currency_code currency) const {
    const auto known = made_.find(currency);
    if (known != made_.end())
      return known->second;
    const std::vector<std::int64_t> rows = rows_of(currency);
    if (rows.empty())
      throw error(status::data, std::string(dunning_name) + ": there are no levels for " +
                                    stats::detail::shown_currency(currency));
    std::vector<dunning_step> levels;
    for (const std::int64_t row : rows)
      levels.push_back(
          {.days = days_of(row),
           .interval = static_cast<std::int32_t>(table_.count("interval", row).value_or(usual_interval_)),
           .fee = fee_of(row, currency),
           .minimum_amount = least_minor_units(table_.number("minimum_amount", row).value_or(0.0), currency),
           .text = table_.text("text", row).value_or("")});
    return made_.emplace(currency, std::move(levels)).first->second;
  }

private:
  [[nodiscard]] std::int32_t days_of(std::int64_t row) const {
    return static_cast<std::int32_t>(table_.count("days", row).value_or(0));
  }
  [[nodiscard]] std::int64_t fee_of(std::int64_t row, stats::currency_code currency) const {
    const double fee = table_.number("fee", row).value_or(0.0);
    std::int64_t minor = 0;
    const int decimals = stats::currency_of(currency).decimals();
    if (table_.has("currency", row) || minor_units_of(fee, decimals, minor) == row_status::ok)
      return table_.minor_units("fee", row, currency);
    const std::string named = stats::detail::shown_currency(currency);
    table_.refuse("levels.fee", row, to_text(fee),
                  "a whole number of minor units of " + named +
                      ", or this level needs another row with currency " + named);
  }
  /// The row of each level: its own of the currency, or else the one for all.
  [[nodiscard]] std::vector<std::int64_t> rows_of(std::optional<stats::currency_code> currency) const {
    std::map<std::int64_t, std::int64_t> levels;
    for (const auto& whose : {currency, std::optional<stats::currency_code>()}) {
      if (const auto found = rows_.find(whose); found != rows_.end())
        levels.insert(found->second.begin(), found->second.end());
    }
    std::vector<std::int64_t> rows;
    for (const auto& [level, row] : levels) {
      if (level != static_cast<std::int64_t>(rows.size()) + 1)
        table_.refuse("level", row, std::to_string(level),
                      std::to_string(rows.size() + 1) + ": no level is skipped");
      if (!rows.empty() && days_of(row) <= days_of(rows.back()))
        table_.refuse("days", row, std::to_string(days_of(row)),
                      "more than the " + std::to_string(days_of(rows.back())) + " of the level before");
      rows.push_back(row);
    }
    return rows;
  }

  given_table table_;
  std::int32_t usual_interval_;
  std::map<std::optional<stats::currency_code>, std::map<std::int64_t, std::int64_t>> rows_;
  mutable std::map<stats::currency_code, std::vector<dunning_step>> made_;
};

/// The level that a document has reached by its last letter.
struct dunned_before {
  std::int64_t level = 0;
  std::int32_t date = emptor::no_day;
};

/// What was dunned before, by document. \throws error status::data where a document is there twice
[[nodiscard]] inline std::map<std::string_view, dunned_before> previous_levels(const model* from) {
  const given_table table(dunning_name, from, "previous");
  std::map<std::string_view, dunned_before> made;
  for (std::int64_t row = 0; row < table.rows(); ++row) {
    const std::string_view document = table.text("document", row).value_or("");
    const dunned_before before{table.count("level", row).value_or(0),
                               table.day("date", row).value_or(emptor::no_day)};
    if (!made.emplace(document, before).second)
      table.refuse("document", row, std::string(document), "there once");
  }
  return made;
}

/// Documents and customers for whom no letter goes out.
class dunning_stops {
public:
  dunning_stops(std::initializer_list<const model*> given, std::int32_t today) {
    for (const model* from : given) {
      const given_table table(dunning_name, from, "stops");
      for (std::int64_t row = 0; row < table.rows(); ++row) {
        const auto document = table.text("document", row);
        const auto customer = table.text("customer", row);
        if (document.has_value() == customer.has_value())
          table.refuse("document", row, std::string(document.value_or("missing")),
                       "there where the row has no customer, and only then");
        if (table.day("until", row).value_or(today) < today)
          continue;
        const auto why = static_cast<dunning_stop>(table.code("reason", row).value_or(0));
        note(document ? documents_ : customers_, document ? *document : *customer, why);
      }
    }
  }
  /// \param document its name must stay where it is
  void stop(std::string_view document, dunning_stop why) { note(documents_, document, why); }
  [[nodiscard]] std::optional<dunning_stop> find(std::string_view document, std::string_view customer) const {
    if (const auto found = documents_.find(document); found != documents_.end())
      return found->second;
    const auto found = customers_.find(customer);
    return found == customers_.end() ? std::nullopt : std::optional(found->second);
  }

private:
  using named_stops = std::map<std::string_view, dunning_stop>;
  /// Of several stops the first in the order of their levels is named.
  static void note(named_stops& into, std::string_view name, dunning_stop why) {
    dunning_stop& held = into.emplace(name, why).first->second;
    held = std::min(held, why);
  }
  named_stops documents_;
  named_stops customers_;
};

} // namespace emptor::credit
