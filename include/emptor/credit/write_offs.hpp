// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <emptor/credit/by_group.hpp>
#include <emptor/stats/settled_items.hpp>
#include <emptor/stats/share_interval.hpp>

/// What was written off, what came of it afterwards (坏账核销与收回), and what might be written off next.
///
/// A document counts from its first write-off on. Recovered is what was paid from that day on, up to what was written off;
/// whether the write-off was taken back for it or not. A write-off that was taken back for nothing was a correction: that
/// money is open again, and neither recovered nor lost.
namespace emptor::credit {

inline constexpr std::string_view write_offs_name = "credit.write_offs";

struct written_off_document {
  std::int32_t since = 0;       ///< the day of its first write-off
  std::int64_t written_off = 0; ///< minor units
  std::int64_t taken_back = 0;
  std::int64_t recovered = 0;
  std::int32_t recovered_on = stats::ledger::no_day; ///< the last day with a payment since
  std::vector<std::int64_t> recovered_within; ///< so many days after `since`, one for each age asked for

  [[nodiscard]] std::int64_t lost() const noexcept { return written_off - std::max(taken_back, recovered); }
  /// What was given up in earnest.
  [[nodiscard]] std::int64_t given_up() const noexcept { return lost() + recovered; }
};

/// Looks at documents one by one.
class write_off_reader {
public:
  /// \param ages in days, rising
  write_off_reader(const stats::settled_items& history, std::vector<std::int32_t> ages)
      : history_(history)
      , ages_(std::move(ages)) {}

  /// None where nothing of a document was written off. \throws error status::overflow
  [[nodiscard]] std::optional<written_off_document> of(const stats::open_item& document,
                                                       std::string_view number) const {
    const auto parts = history_.parts_of(document);
    written_off_document found;
    found.since = last_day;
    wide_integer written_off = 0;
    wide_integer taken_back = 0;
    bool any = false;
    for (const stats::settled_part& part : parts) {
      if (part.kind() != stats::document_kind::write_off || part.amount == 0)
        continue;
      (part.amount > 0 ? written_off : taken_back) +=
          part.amount > 0 ? wide_integer{part.amount} : -wide_integer{part.amount};
      if (part.amount > 0)
        found.since = std::min(found.since, part.day());
      any = true;
    }
    if (!any || written_off == 0)
      return std::nullopt;
    found.written_off = detail::fitting(write_offs_name, written_off, "write-off", number);
    found.taken_back = static_cast<std::int64_t>(std::min(taken_back, written_off));
    const auto recovered_up_to = [&](std::int32_t last) {
      wide_integer paid = 0;
      for (const stats::settled_part& part : parts) {
        if (part.kind() == stats::document_kind::payment && part.day() >= found.since && part.day() <= last)
          paid += part.amount;
      }
      return static_cast<std::int64_t>(std::clamp<wide_integer>(paid, 0, found.written_off));
    };
    found.recovered = recovered_up_to(last_day);
    for (const stats::settled_part& part : parts) {
      if (found.recovered > 0 && part.kind() == stats::document_kind::payment && part.amount > 0 &&
          part.day() >= found.since)
        found.recovered_on = std::max(found.recovered_on, part.day());
    }
    for (const std::int32_t age : ages_)
      found.recovered_within.push_back(
          std::min(recovered_up_to(std::min(found.since, last_day - age) + age), found.given_up()));
    return found;
  }
  [[nodiscard]] const std::vector<std::int32_t>& ages() const noexcept { return ages_; }

private:
  const stats::settled_items& history_;
  std::vector<std::int32_t> ages_;
};

/// What came back of the write-offs of one group in one currency.
class recovery_sums {
public:
  /// \param ages as the reader's
  explicit recovery_sums(std::size_t ages)
      : sums_(ages + 1) {}

  struct sum {
    std::int64_t documents = 0;
    wide_integer given_up = 0;
    wide_integer recovered = 0;
    std::map<std::uint32_t, std::pair<wide_integer, wide_integer>> by_customer;

    void add(std::uint32_t customer, std::int64_t what, std::int64_t came) {
      ++documents;
      given_up += what;
      recovered += came;
      auto& [all, back] = by_customer[customer];
      all += what;
      back += came;
    }
  };
  /// \param ages those that the document has reached count it
  void add(const written_off_document& one, std::uint32_t customer, std::span<const std::int32_t> ages,
           std::int32_t today) {
    for (std::size_t i = 0; i < ages.size(); ++i) {
      if (one.since <= today - ages[i])
        sums_[i].add(customer, one.given_up(), one.recovered_within[i]);
    }
    sums_.back().add(customer, one.given_up(), one.recovered);
  }
  /// Of each age, and at last of all up to today.
  [[nodiscard]] const std::vector<sum>& all() const noexcept { return sums_; }
  /// Whose share is recovered / given_up, with its interval over customers.
  [[nodiscard]] static stats::ratio_of_sums ratio_of(const sum& of) {
    stats::ratio_of_sums made;
    for (const auto& [customer, money] : of.by_customer)
      made.add(money.first, money.second);
    return made;
  }

private:
  std::vector<sum> sums_;
};

} // namespace emptor::credit
