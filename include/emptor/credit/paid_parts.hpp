// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include <emptor/core/decimal.hpp>
#include <emptor/stats/settled_items.hpp>

namespace emptor::credit {

/// What payments settled of one document after the other, in the end: a part that was taken back, because the money
/// bounced or was allocated to the wrong invoice, never came. It takes back what the same payment settled, the latest
/// first, and then what others did. What is taken back is counted in the document's own currency: what has bounced leaves
/// nothing of the rounding in another one.
class paid_parts {
public:
  explicit paid_parts(const stats::settled_items& history)
      : history_(history) {}

  /// Parts above 0, by no order unless some was taken back; valid up to the next call.
  [[nodiscard]] std::span<const stats::settled_part> of(const stats::open_item& document) {
    const std::span<const stats::settled_part> all = history_.parts_of(document);
    const auto is_money = [](const stats::settled_part& part) {
      return part.kind() == stats::document_kind::payment;
    };
    const auto came = [&](const stats::settled_part& part) { return is_money(part) && part.amount > 0; };
    const bool all_came = std::all_of(all.begin(), all.end(), came);
    if (all_came && document.open >= 0)
      return all;
    const std::span<const std::int64_t> originals = history_.originals_of(document.row);
    held_.clear();
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (is_money(all[i]))
        held_.push_back({all[i], originals.empty() ? all[i].amount : originals[i], 0});
    }
    take_back();
    left_.clear();
    for (const held& one : held_) {
      if (one.rest <= 0)
        continue;
      left_.push_back(one.part);
      if (one.rest !=
          one.own) // a part of it stays, in the document's currency a whole number, here the nearest one
        left_.back().amount = static_cast<std::int64_t>(
            divided_half_to_even(wide_integer{one.part.amount} * one.rest, one.own));
    }
    if (document.open < 0)
      cut(document.amount);
    std::erase_if(left_, [](const stats::settled_part& part) { return part.amount <= 0; });
    return left_;
  }

private:
  struct held {
    stats::settled_part part;
    std::int64_t own;  ///< in the document's currency; below 0 = taken back
    std::int64_t rest; ///< of what came
  };

  void take_back() {
    // By day; on one day what came stands before what went, and else the order must not depend on that of arrival.
    std::sort(held_.begin(), held_.end(), [&](const held& left, const held& right) {
      return history_.comes_before(left.part, left.own, right.part, right.own);
    });
    for (std::size_t i = 0; i < held_.size(); ++i) {
      held_[i].rest = held_[i].own;
      wide_integer back = -wide_integer{held_[i].own};
      for (const bool same : {true, false}) {
        for (std::size_t k = i; k-- > 0 && back > 0;) {
          if (held_[k].rest <= 0 || (same && held_[k].part.by != held_[i].part.by))
            continue;
          const wide_integer taken = std::min<wide_integer>(back, held_[k].rest);
          held_[k].rest -= static_cast<std::int64_t>(taken);
          back -= taken;
        }
      }
    }
  }

  /// What came beyond the amount of the document paid nothing of it; the latest came beyond.
  void cut(wide_integer rest) {
    for (stats::settled_part& part : left_) {
      const wide_integer taken = std::min<wide_integer>(part.amount, rest);
      part.amount = static_cast<std::int64_t>(taken);
      rest -= taken;
    }
  }

  const stats::settled_items& history_;
  std::vector<held> held_;
  std::vector<stats::settled_part> left_;
};

} // namespace emptor::credit
