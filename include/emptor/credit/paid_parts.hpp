// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include <emptor/stats/settled_items.hpp>

namespace emptor::credit {

/// What payments settled of one document after the other, in the end: a part that was taken back, because the money
/// bounced or was allocated to the wrong invoice, never came. It takes back what the same payment settled, the latest
/// first, and then what others did.
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
    left_.clear();
    std::copy_if(all.begin(), all.end(), std::back_inserter(left_), is_money);
    take_back();
    if (document.open < 0)
      cut(document.amount);
    return left_;
  }

private:
  void take_back() {
    // By day; on one day what came stands before what went, and else the order must not depend on that of arrival.
    std::sort(left_.begin(), left_.end(),
              [](const stats::settled_part& left, const stats::settled_part& right) {
                return left.day() != right.day() ? left.day() < right.day() : left.amount > right.amount;
              });
    for (std::size_t i = 0; i < left_.size(); ++i) {
      wide_integer back = -wide_integer{left_[i].amount};
      for (const bool same : {true, false}) {
        for (std::size_t k = i; k-- > 0 && back > 0;) {
          if (left_[k].amount <= 0 || (same && left_[k].by != left_[i].by))
            continue;
          const wide_integer taken = std::min<wide_integer>(back, left_[k].amount);
          left_[k].amount -= static_cast<std::int64_t>(taken);
          back -= taken;
        }
      }
    }
    std::erase_if(left_, [](const stats::settled_part& part) { return part.amount <= 0; });
  }

  /// What came beyond the amount of the document paid nothing of it; the latest came beyond.
  void cut(wide_integer rest) {
    for (stats::settled_part& part : left_) {
      const wide_integer taken = std::min<wide_integer>(part.amount, rest);
      part.amount = static_cast<std::int64_t>(taken);
      rest -= taken;
    }
    std::erase_if(left_, [](const stats::settled_part& part) { return part.amount <= 0; });
  }

  const stats::settled_items& history_;
  std::vector<stats::settled_part> left_;
};

} // namespace emptor::credit
