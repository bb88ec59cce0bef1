// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/date.hpp>
#include <emptor/core/run.hpp>
#include <emptor/stats/order_history.hpp>
#include <emptor/stats/radix_sort.hpp>

namespace emptor::stats {

/// Lines and their sum.
struct line_total {
  std::int64_t lines = 0;
  wide_integer amount = 0;
  void add(std::int64_t count, wide_integer sum) noexcept {
    lines += count;
    amount += sum;
  }
  void add(const line_total& other) noexcept { add(other.lines, other.amount); }
};

/// A line of an order.
struct order_line {
  std::int64_t amount; ///< minor units
  std::int32_t day;
  std::uint32_t document; ///< `id_pool::none` where it has none
  std::uint32_t cancels;  ///< the same
  std::uint32_t place;    ///< of its customer among those of `lines_by_customer`
};

/// The lines of a history that count, put together by customer.
///
/// They lie in parts, each with all lines of some customers who follow each other in the order of their
/// bytes, and each so small that what is done with it stays in the cache.
class lines_by_customer {
public:
  emptor::currency currency;
  int decimals = 2;
  std::vector<std::uint32_t> customers; ///< all of the history, in the order of their bytes
  line_total all;
  std::int64_t in_other_currencies = 0; ///< how many lines were left out for that reason

  [[nodiscard]] std::int64_t parts() const noexcept { return static_cast<std::int64_t>(ends_.size()); }

  /// Calls `body(customer, lines)` for each customer of a part who has lines, in the order of their bytes;
  /// the lines come by day.
  template <class Body>
  void for_each_customer(std::int64_t part, const Body& body) {
    const auto which = static_cast<std::size_t>(part);
    const std::size_t begin = which == 0 ? 0 : ends_[which - 1];
    const std::span<order_line> lines(lines_.get() + begin, ends_[which] - begin);
    std::vector<order_line> room;
    radix_sort(
        lines,
        [this](const order_line& line) {
          const auto day = static_cast<std::uint64_t>(line.day - first_day_);
          return std::uint64_t{line.place} << day_bits_ | day;
        },
        room);
    for (std::size_t first = 0; first < lines.size();) {
      const std::uint32_t place = lines[first].place;
      std::size_t last = first;
      while (last < lines.size() && lines[last].place == place)
        ++last;
      body(place, lines.subspan(first, last - first));
      first = last;
    }
  }

  /// \param in the currency of all rows that count
  /// \param counts whether a row of the history does
  template <class Counts>
  lines_by_customer(const order_history& from, emptor::currency in, const Counts& counts, const run& how)
      : currency(in)
      , decimals(from.decimals(in))
      , customers(from.customers().sorted()) {
    const order_history::lines lines = from.order_lines();
    std::vector<std::uint32_t> places(customers.size());
    for (std::uint32_t place = 0; place < customers.size(); ++place)
      places[customers[place]] = place;
    how.check(0.1);
    constexpr std::size_t most_parts = 2048;
    constexpr std::size_t lines_per_part = 8192;
    const std::size_t wanted = std::clamp<std::size_t>(lines.rows / lines_per_part, 1, most_parts);
    bits_ = static_cast<int>(std::bit_width(customers.size() / wanted));
    ends_.assign((customers.size() >> bits_) + 1, 0);
    std::int32_t last_day = std::numeric_limits<std::int32_t>::min();
    first_day_ = std::numeric_limits<std::int32_t>::max();
    for (std::size_t row = 0; row < lines.rows; ++row) {
      if (!counts(row))
        continue;
      ++ends_[places[lines.customer[row]] >> bits_];
      first_day_ = std::min(first_day_, lines.day[row]);
      last_day = std::max(last_day, lines.day[row]);
    }
    if (last_day >= first_day_)
      day_bits_ = static_cast<int>(std::bit_width(static_cast<std::uint32_t>(last_day - first_day_)));
    std::size_t total = 0;
    for (std::size_t& end : ends_)
      total += std::exchange(end, total);
    how.check(0.2);
    lines_ = std::make_unique_for_overwrite<order_line[]>(total);
    for (std::size_t row = 0; row < lines.rows; ++row) {
      if (!counts(row))
        continue;
      const std::uint32_t place = places[lines.customer[row]];
      const std::int64_t amount = lines.amount[row];
      all.add(1, amount);
      lines_[ends_[place >> bits_]++] = {amount, lines.day[row], lines.document[row], lines.cancels[row],
                                         place};
    }
    how.check(0.3);
  }

private:
  std::unique_ptr<order_line[]> lines_;
  std::vector<std::size_t> ends_; ///< of the parts
  int bits_ = 0;                  ///< a part has 2^bits customers
  std::int32_t first_day_ = 0;
  int day_bits_ = 0; ///< of a day after the first
};

/// The days of the first and the last line of a history, of all customers.
struct days_of_lines {
  std::int32_t first = std::numeric_limits<std::int32_t>::max();
  std::int32_t last = std::numeric_limits<std::int32_t>::min();
  [[nodiscard]] bool none() const noexcept { return first > last; }
};
[[nodiscard]] inline days_of_lines days_of(const order_history& from) {
  const order_history::lines lines = from.order_lines();
  days_of_lines found;
  if (from.all_live()) { // without a branch, so that several rows go at once
    for (const std::int32_t day : std::span(lines.day.held).first(lines.rows)) {
      found.first = std::min(found.first, day);
      found.last = std::max(found.last, day);
    }
    return found;
  }
  for (std::size_t row = 0; row < lines.rows; ++row) {
    if (!from.is_live(row))
      continue;
    found.first = std::min(found.first, lines.day[row]);
    found.last = std::max(found.last, lines.day[row]);
  }
  return found;
}
/// The day of the latest line of a history, of all customers.
[[nodiscard]] inline std::optional<date> last_day_of(const order_history& from) {
  const days_of_lines days = days_of(from);
  return days.none() ? std::nullopt : std::optional<date>(date_from_days(days.last));
}

/// Lines of a history that stand alone in the future of all others, as slips of the pen do.
struct far_lines {
  date last_before{};     ///< day of the latest line of the others
  date first{};           ///< day of the first of the far ones
  std::int64_t lines = 0; ///< how many they are
};

/// Longer than any season without an order.
inline constexpr std::int32_t longest_silence = 366;

/// The lines behind the first `longest_silence` days and more in which no customer ordered, where they are fewer than
/// those before it. It takes a table of the days between the first and the last line, a bit each.
/// \param days  of the history
[[nodiscard]] inline std::optional<far_lines> far_lines_of(const order_history& from,
                                                           const days_of_lines& days) {
  const std::int32_t first = days.first;
  const std::int32_t last = days.last;
  if (days.none() || last - first <= longest_silence)
    return std::nullopt;
  const order_history::lines lines = from.order_lines();
  const bool all = from.all_live();
  const auto for_each_day = [&](const auto& body) {
    for (std::size_t row = 0; row < lines.rows; ++row) {
      if (all || from.is_live(row))
        body(lines.day[row]);
    }
  };
  std::vector<bool> has_lines(static_cast<std::size_t>(last - first) + 1);
  for_each_day([&](std::int32_t day) { has_lines[static_cast<std::size_t>(day - first)] = true; });

  struct part { // the days between two silences
    std::int32_t first = 0;
    std::int32_t last = 0;
    std::int64_t lines = 0;
  };
  std::vector<part> parts{{first, first}};
  for (std::int32_t day = first; day <= last; ++day) {
    if (!has_lines[static_cast<std::size_t>(day - first)])
      continue;
    if (day - parts.back().last > longest_silence)
      parts.push_back({day, day});
    parts.back().last = day;
  }
  if (parts.size() == 1)
    return std::nullopt;
  for_each_day([&](std::int32_t day) {
    const auto behind = std::upper_bound(parts.begin(), parts.end(), day,
                                         [](std::int32_t of, const part& one) { return of < one.first; });
    ++std::prev(behind)->lines;
  });
  std::int64_t before = 0;
  std::int64_t after = 0;
  for (const part& one : parts)
    after += one.lines;
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    before += parts[i].lines;
    after -= parts[i].lines;
    if (after < before)
      return far_lines{date_from_days(parts[i].last), date_from_days(parts[i + 1].first), after};
  }
  return std::nullopt;
}

[[nodiscard]] inline std::optional<far_lines> far_lines_of(const order_history& from) {
  return far_lines_of(from, days_of(from));
}

/// That each row of a history counts.
struct every_row {
  [[nodiscard]] constexpr bool operator()(std::size_t /*row*/) const noexcept { return true; }
};

/// Which order lines of a history count, and the currency that they are in.
class counted_lines {
public:
  /// \param in only lines of this currency; without it all lines must be in one
  /// \param keys only these customers
  /// \param where begins every message
  /// \throws error status::conflict where a document of these customers came with several contents,
  ///         status::currency where currencies meet; status::unknown_name for a currency that no line of the history
  ///         is in, whoever's it is
  counted_lines(const order_history& from, std::optional<emptor::currency> in,
                const std::optional<std::vector<std::string>>& keys, std::string_view where)
      : from_(from)
      , all_live_(from.all_live())
      , chosen_(in.has_value())
      , own_(from.default_currency())
      , currency_(in.value_or(own_)) {
    if (keys)
      wanted_ = from.customers().marked(*keys);
    if (in)
      refuse_unknown(where);
    refuse_conflicts(where);
    if (!in && !from.order_lines().currency.held.empty())
      currency_ = only_currency(where);
  }

  [[nodiscard]] emptor::currency currency() const noexcept { return currency_; }
  /// Whether a row of the history counts.
  [[nodiscard]] bool operator()(std::size_t row) const noexcept {
    return is_asked_for(row) && (!chosen_ || code(row) == currency_.code());
  }
  /// How many lines do not count only because they are in another currency.
  [[nodiscard]] std::int64_t in_other_currencies() const noexcept {
    std::int64_t lines = 0;
    for (std::size_t row = 0; chosen_ && row < from_.order_lines().rows; ++row)
      lines += is_asked_for(row) && code(row) != currency_.code() ? 1 : 0;
    return lines;
  }
  /// What `body` gives, called with something that tells whether a row counts: where all do, with `every_row`.
  template <class Body>
  auto with(const Body& body) const {
    if (all_live_ && !wanted_ && !chosen_)
      return body(every_row{});
    return body([this](std::size_t row) { return (*this)(row); });
  }

private:
  [[nodiscard]] bool is_wanted(std::size_t row) const noexcept {
    return !wanted_ || (*wanted_)[from_.order_lines().customer[row]] != 0;
  }
  [[nodiscard]] bool is_asked_for(std::size_t row) const noexcept {
    return (all_live_ || from_.is_live(row)) && is_wanted(row);
  }
  [[nodiscard]] std::string_view code(std::size_t row) const noexcept {
    const std::uint32_t word = from_.order_lines().currency[row];
    return word == id_pool::none ? own_.code() : from_.words()[word];
  }
  /// A slip of the pen would else leave a report empty without a word.
  void refuse_unknown(std::string_view where) const {
    std::set<std::string_view> codes;
    for (std::size_t row = 0; row < from_.order_lines().rows; ++row) {
      if (!all_live_ && !from_.is_live(row))
        continue;
      if (code(row) == currency_.code())
        return;
      codes.insert(code(row).empty() ? "none that is named (default_currency names it)" : code(row));
    }
    if (!codes.empty())
      throw unknown_name(where, "currency", currency_.code(), {codes.begin(), codes.end()});
  }
  void refuse_conflicts(std::string_view where) const {
    std::optional<std::string_view> contested;
    for (const std::size_t row : from_.conflicts()) {
      const std::string_view document = from_.documents()[from_.order_lines().document[row]];
      if (is_wanted(row) && (!contested || document < *contested))
        contested = document;
    }
    if (contested)
      throw error(status::conflict,
                  std::string(where) + ": document " + std::string(*contested) +
                      " came with different contents under one revision; push a higher revision");
  }
  [[nodiscard]] emptor::currency only_currency(std::string_view where) const {
    const order_history::lines lines = from_.order_lines();
    std::optional<std::string_view> one;
    for (std::size_t row = 0; row < lines.rows; ++row) {
      if (is_asked_for(row) && (!one || code(row) < *one))
        one = code(row);
    }
    std::optional<std::array<std::string_view, 3>> other; // customer, document, currency
    for (std::size_t row = 0; row < lines.rows; ++row) {
      if (!is_asked_for(row) || code(row) == *one)
        continue;
      const std::uint32_t document = lines.document[row];
      const std::array<std::string_view, 3> found{
          from_.customers()[lines.customer[row]],
          document == id_pool::none ? std::string_view{} : from_.documents()[document], code(row)};
      if (!other || found < *other)
        other = found;
    }
    if (other)
      throw error(status::currency,
                  std::string(where) + ": customer " + std::string((*other)[0]) +
                      ((*other)[1].empty() ? std::string{} : ", document " + std::string((*other)[1])) +
                      " is in " + std::string((*other)[2]) + ", but others are in " +
                      (one->empty() ? "no named currency" : std::string(*one)) +
                      "; choose one with option currency");
    return emptor::currency(one.value_or(own_.code()));
  }

  const order_history& from_;
  bool all_live_;
  bool chosen_;          ///< by the caller
  emptor::currency own_; ///< `code` lends its letters
  emptor::currency currency_;
  std::optional<std::vector<std::uint8_t>> wanted_; ///< by the number of the customer; nothing = all are
};

/// What `counted_lines` says that counts. \throws error what that throws, status::cancelled
[[nodiscard]] inline lines_by_customer by_customer(const order_history& from,
                                                   std::optional<emptor::currency> in,
                                                   const std::optional<std::vector<std::string>>& keys,
                                                   std::string_view where, const run& how) {
  const counted_lines counted(from, in, keys, where);
  how.check(0.0);
  lines_by_customer made = counted.with(
      [&](const auto& counts) { return lines_by_customer(from, counted.currency(), counts, how); });
  made.in_other_currencies = counted.in_other_currencies();
  return made;
}

} // namespace emptor::stats
