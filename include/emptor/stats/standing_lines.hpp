// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <emptor/stats/lines_by_customer.hpp>
#include <emptor/stats/order_history.hpp>

namespace emptor::stats {

/// The order lines and credit notes of a history that stand on a day: dated up to it, and of no document that a
/// cancellation dated up to it removes (step 2 of net_orders.hpp). Each keeps its own day and amount, a credit note
/// counts on the day on which it was written: sums over them can be cut by any column of the lines and by any
/// periods, and are those of `orders` and `credit_notes` of value.summary.
class standing_lines {
public:
  /// \param counted borrowed; which lines count at all
  standing_lines(const order_history& from, const counted_lines& counted, std::int32_t last)
      : counted_(counted)
      , lines_(from.order_lines())
      , last_(last) {
    if (lines_.cancels.held.empty())
      return;
    for (std::size_t row = 0; row < lines_.rows; ++row) {
      if (is_cancellation(row) && lines_.day[row] <= last_ && counted_(row))
        cancelled_.push_back(key(lines_.customer[row], lines_.cancels[row]));
    }
    std::sort(cancelled_.begin(), cancelled_.end());
    cancelled_.erase(std::unique(cancelled_.begin(), cancelled_.end()), cancelled_.end());
  }

  /// Calls `body` with each row that stands, in the order of the store, which means nothing.
  template <class Body>
  void for_each(const Body& body) const {
    counted_.with([&](const auto& counts) {
      for (std::size_t row = 0; row < lines_.rows; ++row) {
        if (counts(row) && lines_.day[row] <= last_ && !is_cancellation(row) && !is_cancelled(row))
          body(row);
      }
    });
  }

private:
  [[nodiscard]] static std::uint64_t key(std::uint32_t customer, std::uint32_t document) noexcept {
    return std::uint64_t{customer} << 32 | document;
  }
  [[nodiscard]] bool is_cancellation(std::size_t row) const noexcept {
    return lines_.cancels[row] != id_pool::none && lines_.amount[row] == 0;
  }
  [[nodiscard]] bool is_cancelled(std::size_t row) const noexcept {
    return !cancelled_.empty() && lines_.document[row] != id_pool::none &&
           std::binary_search(cancelled_.begin(), cancelled_.end(),
                              key(lines_.customer[row], lines_.document[row]));
  }

  const counted_lines& counted_;
  order_history::lines lines_;
  std::int32_t last_;
  std::vector<std::uint64_t> cancelled_; ///< customer and document
};

} // namespace emptor::stats
