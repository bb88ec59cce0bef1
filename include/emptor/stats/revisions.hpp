// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <new>
#include <span>
#include <utility>
#include <vector>

#include <emptor/core/status.hpp>

namespace emptor::stats {

/// Rows that carry a document and a revision, such that any order of arrival ends in the same rows: of each
/// document the highest revision; an identical repeat changes nothing; other content under the same revision
/// is a conflict that lasts until a higher revision comes. Of the contents in conflict the smallest and the
/// largest are kept, which is enough to know that they differ. Rows without a document stand for themselves.
///
/// A `Row` has `key()` (the document's number, `no_row` where it has none), `revision`, `next` (owned by this
/// class) and `same(left, right)`. Rows are only ever appended, so that a push that fails can be taken back;
/// those that count no longer are swept out once they are more than half.
/// Memory: per row.
template <class Row>
class revisions {
public:
  static constexpr std::uint32_t no_row = std::numeric_limits<std::uint32_t>::max();

  enum class outcome { added, replaced, repeated, superseded, conflict };

  /// Where the rows stood before a push.
  struct mark {
    std::size_t rows = 0;
    std::size_t dead = 0;
    std::size_t contested = 0;
  };

  [[nodiscard]] mark begin() noexcept {
    replacements_.clear();
    return {rows_.size(), dead_, contested_};
  }

  /// \param precedes an order of contents that does not depend on the order of arrival
  /// \throws error status::overflow beyond 2^32 - 1 rows
  template <class Precedes>
  outcome add(Row row, const Precedes& precedes) {
    row.next = no_row;
    const std::uint32_t key = row.key();
    std::uint32_t head = no_row;
    if (key != no_row) {
      if (key >= heads_.size())
        heads_.resize(std::size_t{key} + 1, no_row);
      head = heads_[key];
    }
    if (head == no_row) {
      append(row, no_row);
      return outcome::added;
    }
    const std::uint32_t other = rows_[head].next;
    const std::int64_t known = rows_[head].revision;
    if (row.revision < known)
      return outcome::superseded;
    if (row.revision > known) {
      append(row, head);
      dead_ += other == no_row ? 1 : 2;
      contested_ -= other == no_row ? 0 : 1;
      return outcome::replaced;
    }
    if (same(row, rows_[head]) || (other != no_row && same(row, rows_[other])))
      return outcome::repeated;
    if (other == no_row) {
      row.next = head;
      append(row, head);
      ++contested_;
      return outcome::conflict;
    }
    const bool ordered = precedes(rows_[head], rows_[other]);
    const std::uint32_t smallest = ordered ? head : other;
    const std::uint32_t largest = ordered ? other : head;
    if (precedes(row, rows_[smallest])) {
      row.next = largest;
    } else if (precedes(rows_[largest], row)) {
      row.next = smallest;
    } else {
      return outcome::conflict;
    }
    append(row, head);
    ++dead_;
    return outcome::conflict;
  }

  /// Takes back all that was added since `begin` gave `before`.
  void roll_back(const mark& before) noexcept {
    while (rows_.size() > before.rows) {
      const Row& last = rows_.back();
      std::uint32_t previous = no_row;
      if (!replacements_.empty() && replacements_.back().row == rows_.size() - 1) {
        previous = replacements_.back().head;
        replacements_.pop_back();
      }
      if (last.key() != no_row)
        heads_[last.key()] = previous;
      rows_.pop_back();
    }
    dead_ = before.dead;
    contested_ = before.contested;
  }

  /// Sweeps out replaced rows where they are many. Nothing is lost if there is no memory to do so now.
  void sweep() noexcept {
    replacements_.clear();
    if (dead_ <= rows_.size() / 2)
      return;
    try {
      std::vector<Row> kept;
      kept.reserve(size());
      std::vector<std::uint32_t> heads(heads_.size(), no_row);
      for (std::uint32_t at = 0; at < rows_.size(); ++at) {
        if (!is_live(at))
          continue;
        Row row = rows_[at];
        row.next = no_row;
        if (row.key() != no_row)
          row.next = std::exchange(heads[row.key()], static_cast<std::uint32_t>(kept.size()));
        kept.push_back(row);
      }
      rows_ = std::move(kept);
      heads_ = std::move(heads);
      dead_ = 0;
    } catch (const std::bad_alloc&) {
      return;
    }
  }

  void reserve(std::size_t rows) {
    if (rows > rows_.capacity())
      rows_.reserve(std::max(rows, rows_.capacity() * 2));
  }

  /// All rows in the order of their arrival, replaced ones among them: ask `is_live`.
  [[nodiscard]] std::span<const Row> rows() const noexcept { return rows_; }
  [[nodiscard]] const Row& operator[](std::uint32_t row) const noexcept { return rows_[row]; }
  /// The row of a document, `no_row` where none came; of a contested one the last that came.
  [[nodiscard]] std::uint32_t find(std::uint32_t key) const noexcept {
    return key < heads_.size() ? heads_[key] : no_row;
  }
  /// The other content of a contested document, `no_row` for all others.
  [[nodiscard]] std::uint32_t other(std::uint32_t key) const noexcept {
    const std::uint32_t head = find(key);
    return head == no_row ? no_row : rows_[head].next;
  }
  [[nodiscard]] bool is_live(std::uint32_t row) const noexcept {
    const std::uint32_t key = rows_[row].key();
    return dead_ == 0 || key == no_row || heads_[key] == row || rows_[heads_[key]].next == row;
  }
  [[nodiscard]] std::size_t size() const noexcept { return rows_.size() - dead_; }
  /// Calls `body(key)` for each contested document.
  template <class Body>
  void for_each_contested(const Body& body) const {
    if (contested_ == 0)
      return;
    for (std::uint32_t key = 0; key < heads_.size(); ++key) {
      if (other(key) != no_row)
        body(key);
    }
  }

private:
  struct replacement {
    std::uint32_t row;
    std::uint32_t head;
  };

  /// Makes `row` the first of its document, in place of `head`.
  void append(const Row& row, std::uint32_t head) {
    if (rows_.size() >= no_row)
      throw error(status::overflow, "more than 4294967295 rows do not fit a store");
    if (head != no_row)
      replacements_.push_back({static_cast<std::uint32_t>(rows_.size()), head});
    try {
      rows_.push_back(row);
    } catch (...) {
      if (head != no_row)
        replacements_.pop_back();
      throw;
    }
    if (row.key() != no_row)
      heads_[row.key()] = static_cast<std::uint32_t>(rows_.size() - 1);
  }

  std::vector<Row> rows_;
  std::vector<std::uint32_t> heads_; ///< by key
  std::vector<replacement> replacements_;
  std::size_t dead_ = 0;      ///< rows that count no longer
  std::size_t contested_ = 0; ///< documents with two contents
};

} // namespace emptor::stats
