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
#include <emptor/math/elementary.hpp>

/// When the money of an invoice comes, as a matter of chance (付款时间的生存分析): survival over the days since the due date.
///
/// The hazard of a day is the probability that money which is still open comes on it. It is one for each day from 60 before
/// the due date to 60 after it, one for each week up to 180 days, and one for each 30 days beyond, the last for ever. An
/// invoice weighs 1, each part of it as much as it is of its money: what a payment settled counts on its day, what a credit
/// note settled or is still open counts as far as it was watched.
///
/// A customer's hazards are shrunk to those of the pool by empirical Bayes: the prior is worth as much as so many invoices
/// that were paid like the pool's (without the customer's own). With S the survival of the pool this is the beta-Stacy
/// process of Walker and Muliere (Annals of Statistics 25, 1997) with c(t) in proportion to S(t), the Dirichlet prior of
/// Susarla and Van Ryzin (Journal of the American Statistical Association 71, 1976); the number of invoices is that among
/// powers of the root of 2 under which the histories of the customers are most likely (their beta-binomial likelihood).
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
  std::array<std::int64_t, delay_bins::count>
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
      watched[bin] += share * (ends - begins + 1);
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

/// A customer's own history and a prior that is worth so many invoices of a pool.
class shrunk_delays {
public:
  /// Where nothing came in a span, money still may: no hazard of a prior is below this, a day.
  static constexpr double least_hazard = 1e-5;

  /// \param pool what others paid like  \param prior_invoices > 0
  shrunk_delays(const delay_counts& pool, double prior_invoices) noexcept {
    const double each = pool.invoices > 0 ? prior_invoices / static_cast<double>(pool.invoices) : 0.0;
    for (std::size_t bin = 0; bin < delay_bins::count; ++bin) {
      // An unwatched span has a little of a prior all the same.
      watched_[bin] = std::max(static_cast<double>(pool.watched[bin]) / delay_counts::invoice * each,
                               1e-6 * prior_invoices);
      came_[bin] = std::max(static_cast<double>(pool.came[bin]) / delay_counts::invoice * each,
                            least_hazard * watched_[bin]);
      came_[bin] = std::min(came_[bin], (1.0 - least_hazard) * watched_[bin]);
    }
  }

  [[nodiscard]] delay_hazards of(const delay_counts& own) const noexcept {
    delay_hazards made{};
    for (std::size_t bin = 0; bin < delay_bins::count; ++bin)
      made[bin] = (came_[bin] + static_cast<double>(own.came[bin]) / delay_counts::invoice) /
                  (watched_[bin] + static_cast<double>(own.watched[bin]) / delay_counts::invoice);
    return made;
  }
  /// How likely a history is, as a logarithm and up to what does not depend on the prior.
  [[nodiscard]] double log_likelihood(const delay_counts& own) const noexcept {
    using math::real;
    real sum(0.0);
    for (std::size_t bin = 0; bin < delay_bins::count; ++bin) {
      if (own.watched[bin] == 0)
        continue;
      const double days = static_cast<double>(own.watched[bin]) / delay_counts::invoice;
      const double came = std::min(static_cast<double>(own.came[bin]) / delay_counts::invoice, days);
      const double stays = watched_[bin] - came_[bin];
      sum += lgamma(real(came_[bin]) + came) - lgamma(real(came_[bin]));
      sum += lgamma(real(stays) + (days - came)) - lgamma(real(stays));
      sum += lgamma(real(watched_[bin])) - lgamma(real(watched_[bin]) + days);
    }
    return math::value_of(sum);
  }

private:
  delay_hazards came_{};
  delay_hazards watched_{};
};

/// A history, and that of its pool without it.
struct pooled_history {
  delay_counts own;
  delay_counts others;
};

/// The worth of a prior, in invoices, under which histories are most likely: from 0.5 to 128. 8 without any history.
[[nodiscard]] inline double best_prior(std::span<const pooled_history> histories) {
  double best = 8.0;
  double highest = 0.0;
  for (int step = -2; step <= 14 && !histories.empty(); ++step) {
    const double worth = math::value_of(math::real(step % 2 == 0 ? 1.0 : 1.4142135623730951) *
                                        (step >= 0    ? static_cast<double>(1 << (step / 2))
                                         : step == -2 ? 0.5
                                                      : 0.5));
    math::real sum(0.0);
    for (const pooled_history& one : histories)
      sum += shrunk_delays(one.others, worth).log_likelihood(one.own);
    if (step == -2 || math::value_of(sum) > highest) {
      highest = math::value_of(sum);
      best = worth;
    }
  }
  return best;
}

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
