// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/stats/open_items.hpp>

namespace emptor::stats {

/// A part of a document that was settled, or taken back, in 16 bytes.
class settled_part {
public:
  std::int64_t amount = 0; ///< minor units; below 0 = taken back
  std::uint32_t by = 0;    ///< row of the document on the other side

  settled_part() = default;
  settled_part(std::int64_t how_much, std::uint32_t other, std::int32_t day, document_kind kind) noexcept
      : amount(how_much)
      , by(other)
      , day_and_kind_(static_cast<std::uint32_t>(day - first_day) << 8 | static_cast<std::uint32_t>(kind)) {}

  /// From which it counts: the latest of its own and of both documents.
  [[nodiscard]] std::int32_t day() const noexcept {
    return static_cast<std::int32_t>(day_and_kind_ >> 8) + first_day;
  }
  /// Of the document on the other side.
  [[nodiscard]] document_kind kind() const noexcept {
    return static_cast<document_kind>(day_and_kind_ & 0xFFU);
  }

private:
  std::uint32_t day_and_kind_ = 0;
};

/// Which documents get their parts.
enum class settled_side { debits, both };

/// The ledger as it stood at the end of a day, and how each document came to be settled: what measures share that ask
/// when money came, and not only how much of it.
///
/// Memory: beside that of `ledger_state` 4 bytes per document and 16 per settlement (32 for both sides).
class settled_items {
public:
  ledger_state state;

  /// \throws error as `open_items`
  settled_items(const ledger& from, date as_of, settled_side sides,
                const std::optional<std::vector<std::string>>& keys = {}, const run& how = {})
      : from_(&from) {
    struct move {
      std::uint32_t row;
      settled_part part;
    };
    const auto items = from.items().rows();
    std::vector<move> moves;
    const auto keep = [&](std::uint32_t row, std::uint32_t other, std::int64_t amount, std::int32_t day) {
      if (sides == settled_side::debits && !is_debit(items[row].kind))
        return;
      moves.push_back({row, settled_part(amount, other, day, items[other].kind)});
      ++ends_[row];
    };
    const auto moved = [&](std::uint32_t row, std::uint32_t other, const ledger::settlement& one) {
      if (ends_.empty()) {
        ends_.assign(items.size() + 1, 0);
        moves.reserve(from.settlements().rows().size());
      }
      const std::int32_t day = std::max({one.date, items[row].date, items[other].date});
      keep(row, other, one.amount, day);
      keep(other, row, one.amount, day);
    };
    state = open_items(from, as_of, keys, how, moved);
    std::uint32_t total = 0;
    for (std::uint32_t& end : ends_)
      total += std::exchange(end, total);
    parts_.resize(total);
    for (const move& one : moves)
      parts_[ends_[one.row]++] = one.part; // what was the first place of a row ends as its end
  }

  /// The parts of a document of `state`, in no order.
  [[nodiscard]] std::span<const settled_part> parts_of(const open_item& of) const noexcept {
    return parts_of(of.row);
  }
  [[nodiscard]] std::span<settled_part> parts_of(std::uint32_t row) noexcept {
    const auto [first, last] = place_of(row);
    return std::span(parts_).subspan(first, last - first);
  }
  /// Those of the document in a row of the ledger's items; none where its day is still to come.
  [[nodiscard]] std::span<const settled_part> parts_of(std::uint32_t row) const noexcept {
    const auto [first, last] = place_of(row);
    return std::span(parts_).subspan(first, last - first);
  }

  /// The same day by day, of one day the largest first. \param room  where they stand until it is used again
  [[nodiscard]] std::span<const settled_part> parts_by_day(const open_item& of,
                                                           std::vector<settled_part>& room) const {
    const std::span<const settled_part> parts = parts_of(of);
    room.assign(parts.begin(), parts.end());
    sort_by_day(room);
    return room;
  }
  /// The same of parts that were taken out. What is equal in all else comes in the byte order of the other documents'
  /// names, so that nothing depends on the order of the pushes.
  void sort_by_day(std::span<settled_part> parts) const {
    if (parts.size() > 1)
      std::sort(parts.begin(), parts.end(), [&](const settled_part& left, const settled_part& right) {
        return comes_before(left, left.amount, right, right.amount);
      });
  }
  [[nodiscard]] bool comes_before(const settled_part& left, std::int64_t left_amount,
                                  const settled_part& right, std::int64_t right_amount) const {
    if (left.day() != right.day())
      return left.day() < right.day();
    if (left_amount != right_amount)
      return left_amount > right_amount;
    if (left.kind() != right.kind())
      return left.kind() < right.kind();
    return left.by != right.by && name_of(left) < name_of(right);
  }

  /// Amounts of the parts of a document before it was expressed in another currency, in their order; empty where it was not.
  [[nodiscard]] std::span<const std::int64_t> originals_of(std::uint32_t row) const noexcept {
    if (originals_.empty())
      return {};
    const auto [first, last] = place_of(row);
    return std::span(originals_).subspan(first, last - first);
  }
  /// Keeps them, before each document is expressed.
  void keep_originals() {
    for (const open_item& one : state.items)
      sort_by_day(parts_of(one.row));
    originals_.reserve(parts_.size());
    for (const settled_part& one : parts_)
      originals_.push_back(one.amount);
  }

private:
  [[nodiscard]] std::pair<std::size_t, std::size_t> place_of(std::uint32_t row) const noexcept {
    if (ends_.empty())
      return {0, 0};
    return {row == 0 ? 0 : ends_[row - 1], ends_[row]};
  }

  [[nodiscard]] std::string_view name_of(const settled_part& part) const {
    return from_->document(from_->items()[part.by].document);
  }

  const ledger* from_;
  std::vector<std::int64_t> originals_;
  std::vector<std::uint32_t> ends_; ///< of the parts of each row; empty where nothing is settled
  std::vector<settled_part> parts_;
};

} // namespace emptor::stats
