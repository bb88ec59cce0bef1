// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/date.hpp>
#include <emptor/stats/lines_by_customer.hpp>

/// From order lines, credit notes and cancellations to the orders that are left of them.
///
/// Of one customer, with T the last day that counts:
/// 1. The lines of a document that share date and `cancels` are one amount. A row without document is one.
/// 2. A cancellation (an amount of 0 with `cancels`) dated up to T removes all lines of the document that it
///    names, except cancellations. A document of another customer, or of none, it does not remove.
/// 3. An amount below 0 is a credit note. One that names a document takes from the orders of that document,
///    the latest first, whether they are dated before it or after. One that names a document that a
///    cancellation names too takes nothing, from no order: what it gave back was never owed.
/// 4. What a credit note could not take of its document, and one that names no document that is there, takes
///    from the latest order dated no later than itself, then from the one before, and so on. Earlier credit
///    notes go first.
/// 5. What is left then is unapplied credit, also the whole of a note for a cancelled document.
/// 6. An order is a day (same_day::merge), or a document's day or a row without document (same_day::keep). One
///    that steps 2 to 4 took to 0 is none. One whose amount is 0 without them is one.
namespace emptor::stats {

/// What one order is.
enum class same_day : std::int32_t {
  merge = 0, ///< all that a customer orders on one day
  keep = 1,  ///< each document, and each row without one
};
/// What becomes of amounts below 0.
enum class negative : std::int32_t {
  net = 0,    ///< they are credit notes
  refuse = 1, ///< they are an error
  keep = 2,   ///< they stay on their day like any amount, and nothing is netted; cancellations still remove
};

inline constexpr std::string_view same_day_names[] = {"merge", "keep"};
inline constexpr std::string_view negative_names[] = {"net", "refuse", "keep"};

struct net_options {
  stats::same_day same_day = stats::same_day::merge;
  stats::negative negative = stats::negative::net;
};

struct net_order {
  std::int32_t day = 0;
  std::int64_t amount = 0; ///< minor units, what credit notes left of it
};

/// What is left of the lines of one customer up to one day.
/// orders.amount + credit_notes.amount = the sum over `left` - unapplied_credit, to the minor unit.
struct net_history {
  std::vector<net_order> left; ///< ascending by day
  std::int64_t unapplied_credit = 0;
  line_total orders;       ///< before credit notes
  line_total credit_notes; ///< 0 or below
  line_total cancelled;    ///< lines that a cancellation removed
  line_total later;        ///< lines dated after that day
  std::int64_t cancellations = 0;
  std::int64_t open_cancellations = 0; ///< those that found no document of this customer
};

/// Nets the lines of one customer after another; what it allocates it keeps for the next.
class order_netting {
public:
  order_netting(const order_history& from, net_options options)
      : from_(from)
      , options_(options) {}

  /// \param lines of one customer, in any order; they are reordered
  /// \param last day that counts
  /// \param customer number of theirs, for messages
  /// \throws error status::overflow where the amounts, signs apart, do not fit 64 bits; status::data for an
  ///         amount below 0 with negative::refuse
  const net_history& net(std::span<order_line> lines, std::int32_t last, std::uint32_t customer) {
    out_.left.clear();
    out_ = {std::move(out_.left), 0, {}, {}, {}, {}, 0, 0};
    if (are_plain(lines)) {
      add_up_plain(lines, last, customer);
      return out_;
    }
    units_.clear();
    credits_.clear();
    add_up(lines, last, customer);
    find_targets();
    for (const document_sum& sum : sums_)
      sort_out(sum.line, sum.count, customer);
    apply_named();
    apply_by_day();
    return out_;
  }

private:
  /// An order before it is known what is left of it.
  struct unit {
    std::int64_t amount = 0;
    std::int32_t day = 0;
    std::uint32_t document = id_pool::none;
    bool touched = false; ///< by a cancellation or credit note
  };

  struct document_sum {
    order_line line;
    std::int64_t count = 1;
  };

  [[nodiscard]] std::string name(std::uint32_t customer) const {
    return std::string(from_.customers()[customer]);
  }
  [[nodiscard]] static bool is_cancellation(const order_line& line) noexcept {
    return line.cancels != id_pool::none && line.amount == 0;
  }

  /// Whether nothing is credited or cancelled, and it does not matter which document a line is of.
  [[nodiscard]] bool are_plain(std::span<const order_line> lines) const noexcept {
    const bool documents_matter = options_.same_day == same_day::keep;
    return std::all_of(lines.begin(), lines.end(), [&](const order_line& line) {
      return line.amount >= 0 && line.cancels == id_pool::none &&
             (!documents_matter || line.document == id_pool::none);
    });
  }
  /// What all the steps come to then.
  void add_up_plain(std::span<order_line> lines, std::int32_t last, std::uint32_t customer) {
    const auto by_day = [](const order_line& left, const order_line& right) {
      return left.day != right.day ? left.day < right.day : left.amount < right.amount;
    };
    if (!std::is_sorted(lines.begin(), lines.end(), by_day))
      std::sort(lines.begin(), lines.end(), by_day);
    wide_integer size = 0;
    for (const order_line& line : lines) {
      if (line.day > last) {
        out_.later.add(1, line.amount);
        continue;
      }
      grow(size, line.amount, customer);
      out_.orders.add(1, line.amount);
      if (options_.same_day == same_day::merge && !out_.left.empty() && out_.left.back().day == line.day)
        out_.left.back().amount += line.amount;
      else
        out_.left.push_back({line.day, line.amount});
    }
  }
  /// \throws error status::overflow
  void grow(wide_integer& size, std::int64_t amount, std::uint32_t customer) const {
    size += amount < 0 ? -wide_integer{amount} : wide_integer{amount};
    if (size > std::numeric_limits<std::int64_t>::max())
      throw error(status::overflow, "the amounts of customer " + name(customer) + " do not fit 64 bits");
  }

  /// Step 1.
  void add_up(std::span<order_line> lines, std::int32_t last, std::uint32_t customer) {
    sums_.clear();
    if (std::any_of(lines.begin(), lines.end(),
                    [](const order_line& line) { return line.document != id_pool::none; }))
      std::sort(lines.begin(), lines.end(), [](const order_line& left, const order_line& right) {
        return left.document != right.document ? left.document < right.document
               : left.day != right.day         ? left.day < right.day
                                               : left.cancels < right.cancels;
      });
    wide_integer size = 0;
    for (const order_line& line : lines) {
      if (line.day > last) {
        out_.later.add(1, line.amount);
        continue;
      }
      grow(size, line.amount, customer);
      if (!sums_.empty()) {
        document_sum& sum = sums_.back();
        if (line.document != id_pool::none && sum.line.document == line.document &&
            sum.line.day == line.day && sum.line.cancels == line.cancels) {
          sum.line.amount += line.amount;
          ++sum.count;
          continue;
        }
      }
      sums_.push_back({line, 1});
    }
  }

  /// The documents that step 2 removes.
  void find_targets() {
    targets_.clear();
    known_.clear();
    for (const document_sum& sum : sums_) {
      if (is_cancellation(sum.line))
        targets_.push_back(sum.line.cancels);
      else if (sum.line.document != id_pool::none)
        known_.push_back(sum.line.document);
    }
    std::sort(targets_.begin(), targets_.end());
    if (!targets_.empty())
      std::sort(known_.begin(), known_.end());
  }

  [[nodiscard]] bool is_target(std::uint32_t document) const noexcept {
    return std::binary_search(targets_.begin(), targets_.end(), document);
  }

  void sort_out(const order_line& sum, std::int64_t count, std::uint32_t customer) {
    if (is_cancellation(sum)) {
      out_.cancellations += count;
      if (!std::binary_search(known_.begin(), known_.end(), sum.cancels))
        out_.open_cancellations += count;
      return;
    }
    if (sum.document != id_pool::none && is_target(sum.document)) {
      out_.cancelled.add(count, sum.amount);
      if (sum.amount >= 0)
        units_.push_back({0, sum.day, sum.document, true});
      return;
    }
    if (sum.amount < 0 && options_.negative == negative::refuse)
      throw error(status::data, "customer " + name(customer) + " has an amount below 0 on " +
                                    to_string(date_from_days(sum.day)) +
                                    ", but must have none with negative=refuse");
    if (sum.amount < 0) {
      out_.credit_notes.add(count, sum.amount);
      if (options_.negative == negative::net) {
        credits_.push_back(sum);
        return;
      }
    } else {
      out_.orders.add(count, sum.amount);
    }
    units_.push_back({sum.amount, sum.day, sum.document, false});
  }

  static std::int64_t take(unit& from, std::int64_t credit) noexcept {
    const std::int64_t taken = std::min(from.amount, credit);
    from.amount -= taken;
    from.touched = from.touched || taken > 0;
    return taken;
  }

  /// Step 3. Among notes for one document the earlier go first.
  void apply_named() {
    if (credits_.empty())
      return;
    std::sort(credits_.begin(), credits_.end(), [](const order_line& left, const order_line& right) {
      return left.cancels != right.cancels ? left.cancels < right.cancels : left.day < right.day;
    });
    std::sort(units_.begin(), units_.end(), [](const unit& left, const unit& right) {
      return left.document != right.document ? left.document < right.document : left.day > right.day;
    });
    auto at = units_.begin();
    for (order_line& note : credits_) {
      while (note.cancels != id_pool::none && note.amount < 0) {
        while (at != units_.end() &&
               (at->document < note.cancels || (at->document == note.cancels && at->amount == 0)))
          ++at;
        if (at == units_.end() || at->document != note.cancels)
          break;
        note.amount += take(*at, -note.amount);
      }
    }
    std::sort(credits_.begin(), credits_.end(),
              [](const order_line& left, const order_line& right) { return left.day < right.day; });
  }

  /// Steps 4 to 6.
  void apply_by_day() {
    const bool merge = options_.same_day == same_day::merge;
    std::sort(units_.begin(), units_.end(), [&](const unit& left, const unit& right) {
      if (left.day != right.day)
        return left.day < right.day;
      if (merge || left.document == right.document)
        return left.amount < right.amount;
      if (left.document == id_pool::none || right.document == id_pool::none)
        return left.document == id_pool::none;
      return from_.documents()[left.document] < from_.documents()[right.document];
    });
    if (merge) {
      std::size_t kept = 0;
      for (std::size_t i = 0; i < units_.size(); ++i) {
        if (kept > 0 && units_[kept - 1].day == units_[i].day) {
          units_[kept - 1].amount += units_[i].amount;
          units_[kept - 1].touched = units_[kept - 1].touched || units_[i].touched;
        } else {
          units_[kept++] = units_[i];
        }
      }
      units_.resize(kept);
    }
    // Credit notes in the order of their days; a stack of the orders before each that still have something.
    open_.clear();
    std::size_t next = 0;
    for (order_line& note : credits_) {
      if (note.cancels != id_pool::none && is_target(note.cancels)) {
        out_.unapplied_credit -= note.amount;
        continue;
      }
      for (; next < units_.size() && units_[next].day <= note.day; ++next) {
        if (units_[next].amount > 0)
          open_.push_back(next);
      }
      while (note.amount < 0 && !open_.empty()) {
        note.amount += take(units_[open_.back()], -note.amount);
        if (units_[open_.back()].amount == 0)
          open_.pop_back();
      }
      out_.unapplied_credit -= note.amount;
    }
    for (const unit& held : units_) {
      if (held.amount != 0 || !held.touched)
        out_.left.push_back({held.day, held.amount});
    }
  }

  const order_history& from_;
  net_options options_;
  net_history out_;
  std::vector<unit> units_;
  std::vector<order_line> credits_;
  std::vector<document_sum> sums_;
  std::vector<std::uint32_t> targets_; ///< documents that cancellations name
  std::vector<std::uint32_t> known_;   ///< documents that are there
  std::vector<std::size_t> open_;
};

} // namespace emptor::stats
