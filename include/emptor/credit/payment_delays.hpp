// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <tuple>
#include <vector>

#include <emptor/credit/paid_parts.hpp>

/// When the money of an invoice comes, as a matter of chance (付款时间的生存分析): survival over the days since the due date.
///
/// The hazard of a day is the probability that money which is still open comes on it. It is one for each day from 60 before
/// the due date to 60 after it, one for each week up to 180 days, and one for each 30 days beyond, the last for ever: spans
/// are as fine as payments are many, and days tell weekdays and payment runs apart where most of the money comes. An
/// invoice weighs 1, each part of it as much as it is of its money: what a payment settled counts on its day, what another credit
/// settled or is still open counts as far as it was watched.
namespace emptor::credit {

/// The spans of days since the due date that have one hazard each.
struct delay_bins {
  static constexpr std::int32_t first_day = -60; ///< and all days before
  static constexpr std::int32_t weeks_from = 61;
  static constexpr std::int32_t months_from = 180;
  static constexpr std::size_t daily = weeks_from - first_day;
  static constexpr std::size_t weekly = (months_from - weeks_from) / 7;
  static constexpr std::size_t count = daily + weekly + 6;

  [[nodiscard]] static constexpr std::size_t of(std::int32_t day) noexcept {
    if (day < weeks_from)
      return day <= first_day ? 0 : static_cast<std::size_t>(day - first_day);
    if (day < months_from)
      return daily + static_cast<std::size_t>(day - weeks_from) / 7;
    return daily + weekly + std::min<std::size_t>(static_cast<std::size_t>(day - months_from) / 30, 5);
  }
  /// The first day of a span after the first.
  [[nodiscard]] static constexpr std::int32_t begin(std::size_t bin) noexcept {
    if (bin < daily)
      return first_day + static_cast<std::int32_t>(bin);
    if (bin < daily + weekly)
      return weeks_from + static_cast<std::int32_t>(bin - daily) * 7;
    return months_from + static_cast<std::int32_t>(bin - daily - weekly) * 30;
  }
};

/// What was seen of some invoices: whole numbers, so that sums do not depend on their order.
struct delay_counts {
  static constexpr double invoice = 0x1p30; ///< what one weighs

  std::array<std::int64_t, delay_bins::count> came{}; ///< share of invoices whose money came
  std::array<wide_integer, delay_bins::count>
      watched{}; ///< share of invoices times days on which it could come
  std::int64_t invoices = 0;

  delay_counts& operator+=(const delay_counts& other) noexcept { return combine<1>(other); }
  delay_counts& operator-=(const delay_counts& other) noexcept { return combine<-1>(other); }

  /// A share that was watched from a day to another, both included, and came on the last one or not.
  void add(std::int64_t share, std::int32_t from, std::int32_t last, bool has_come) noexcept {
    if (last < from)
      return;
    const std::size_t end = delay_bins::of(last);
    for (std::size_t bin = delay_bins::of(from); bin <= end; ++bin) {
      const std::int32_t begins = bin == 0 ? from : std::max(from, delay_bins::begin(bin));
      const std::int32_t ends = bin == end ? last : delay_bins::begin(bin + 1) - 1;
      watched[bin] += wide_integer{share} * (ends - begins + 1);
    }
    if (has_come)
      came[end] += share;
  }

private:
  template <int Sign>
  delay_counts& combine(const delay_counts& other) noexcept {
    for (std::size_t bin = 0; bin < delay_bins::count; ++bin) {
      came[bin] += Sign * other.came[bin];
      watched[bin] += Sign * other.watched[bin];
    }
    invoices += Sign * other.invoices;
    return *this;
  }
};

/// Adds up what is known of invoices by the end of a day.
class delay_watch {
public:
  delay_watch(const stats::settled_items& history, std::int32_t today)
      : history_(history)
      , parts_(history)
      , today_(today) {}

  /// \param one with a due date
  void add(const stats::open_item& one, delay_counts& counts) {
    if (one.amount <= 0)
      return;
    ended_.clear();
    for (const stats::settled_part& part : parts_.of(one))
      ended_.push_back({part.day(), part.amount, true});
    for (const stats::settled_part& part : history_.parts_of(one)) {
      if (part.kind() != stats::document_kind::payment && part.amount > 0)
        ended_.push_back({part.day(), part.amount, false});
    }
    std::sort(ended_.begin(), ended_.end(), [](const ending& left, const ending& right) {
      return std::tie(left.day, left.has_come, left.amount) <
             std::tie(right.day, right.has_come, right.amount);
    });
    ++counts.invoices;
    const std::int32_t from = one.date - one.due;
    wide_integer rest = one.amount;
    const auto share = [&](std::int64_t amount) {
      const wide_integer of_it =
          std::min<wide_integer>(amount, rest); // what is beyond the amount was never owed
      rest -= of_it;
      return static_cast<std::int64_t>((of_it << 30) / one.amount);
    };
    for (const ending& part : ended_)
      counts.add(share(part.amount), from, part.day - one.due, part.has_come);
    counts.add(static_cast<std::int64_t>((rest << 30) / one.amount), from, today_ - one.due, false);
  }

private:
  struct ending {
    std::int32_t day;
    std::int64_t amount;
    bool has_come;
  };

  const stats::settled_items& history_;
  paid_parts parts_;
  std::int32_t today_;
  std::vector<ending> ended_;
};

/// Hazards by span.
using delay_hazards = std::array<double, delay_bins::count>;

/// The probability that money is still open after 0, 1, 2, ... more days, given that it is now.
/// \param age days since the due date  \param days how far to look
inline void look_ahead(const delay_hazards& hazards, std::int32_t age, std::size_t days,
                       std::vector<double>& open) {
  open.resize(days + 1);
  open[0] = 1.0;
  for (std::size_t ahead = 1; ahead <= days; ++ahead)
    open[ahead] = open[ahead - 1] * (1.0 - hazards[delay_bins::of(age + static_cast<std::int32_t>(ahead))]);
}

} // namespace emptor::credit
