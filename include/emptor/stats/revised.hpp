// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <new>
#include <span>
#include <utility>
#include <vector>

#include <emptor/stats/revisions.hpp>

namespace emptor::stats {

/// Rows as structs, of which `revisions` says what counts. A `Row` has `key()` (the number of its document,
/// or `no_row`), `revision`, and ==. What the calls take as `contents` has `content(row)`: something that
/// compares in an order that does not depend on that of arrival.
/// Memory: per row.
template <class Row>
class revised {
public:
  static constexpr std::uint32_t no_row = revisions::none;

  /// Where the rows stood before a push.
  struct mark {
    std::size_t rows = 0;
    revisions::mark documents;
  };
  [[nodiscard]] mark begin() noexcept { return {rows_.size(), revisions_.begin()}; }
  /// Takes back all that was added since `begin` gave `before`.
  void roll_back(const mark& before) noexcept {
    seen<revised> rows{*this};
    revisions_.roll_back(rows, before.rows, rows_.size(), before.documents);
    rows_.erase(rows_.begin() + static_cast<std::ptrdiff_t>(before.rows), rows_.end());
  }

  template <class Contents>
  placed add(const Row& row, const Contents& contents) {
    rows_.push_back(row);
    comparing<Contents> rows{{*this}, contents};
    placed became{row_status::ok, false, false};
    try {
      became = revisions_.place(rows, rows_.size() - 1);
    } catch (...) {
      rows_.pop_back();
      throw;
    }
    if (!became.kept)
      rows_.pop_back();
    return became;
  }

  /// Sweeps out rows that count no longer once they are more than half. Nothing is lost if there is no memory
  /// to do so now.
  template <class Contents>
  void sweep(const Contents& contents) noexcept {
    if (revisions_.dead() <= rows_.size() / 2)
      return;
    try {
      revised kept;
      kept.rows_.reserve(size());
      for (std::uint32_t row = 0; row < rows_.size(); ++row) {
        if (is_live(row))
          kept.add(rows_[row], contents);
      }
      *this = std::move(kept);
    } catch (const std::bad_alloc&) {
      return;
    }
  }

  void reserve(std::size_t rows) {
    if (rows > rows_.capacity())
      rows_.reserve(std::max(rows, rows_.capacity() * 2));
  }
  /// For so many documents.
  void reserve_documents(std::size_t documents) { revisions_.reserve(documents); }

  /// All rows in the order of their arrival, those that count no longer among them: ask `is_live`.
  [[nodiscard]] std::span<const Row> rows() const noexcept { return rows_; }
  [[nodiscard]] const Row& operator[](std::uint32_t row) const noexcept { return rows_[row]; }
  [[nodiscard]] bool is_live(std::uint32_t row) const noexcept {
    return revisions_.dead() == 0 || revisions_.is_live(rows_[row].key(), rows_[row].revision);
  }
  /// How many rows count.
  [[nodiscard]] std::size_t size() const noexcept { return rows_.size() - revisions_.dead(); }
  /// The row of a document, `no_row` where none came; of a contested one the smallest content.
  [[nodiscard]] std::uint32_t find(std::uint32_t key) const noexcept { return revisions_.of(key).smallest; }
  /// Calls for what `find` reads.
  void prefetch(std::uint32_t key) const noexcept { revisions_.prefetch(key); }
  /// The other content of a contested document, `no_row` for all others.
  [[nodiscard]] std::uint32_t other(std::uint32_t key) const noexcept {
    const revisions::contents both = revisions_.of(key);
    return both.differ() ? both.largest : no_row;
  }
  /// Calls `body(key)` for each contested document.
  template <class Body>
  void for_each_contested(const Body& body) const {
    for (const revisions::contents& both : revisions_.conflicts(seen<const revised>{*this}))
      body(rows_[both.smallest].key());
  }

private:
  /// The rows as `revisions` asks for them.
  template <class Held>
  struct seen {
    Held& held;

    [[nodiscard]] std::uint32_t document(std::uint32_t row) const noexcept { return held.rows_[row].key(); }
    [[nodiscard]] std::uint32_t line(std::uint32_t /*row*/) const noexcept { return revisions::none; }
    [[nodiscard]] std::int64_t revision(std::uint32_t row) const noexcept { return held.rows_[row].revision; }
    void set_revision(std::uint32_t row, std::int64_t value) noexcept { held.rows_[row].revision = value; }
  };
  template <class Contents>
  struct comparing : seen<revised> {
    const Contents& contents;

    [[nodiscard]] int compare(std::uint32_t left, std::uint32_t right) const noexcept {
      const Row& a = this->held.rows_[left];
      const Row& b = this->held.rows_[right];
      return a == b ? 0 : contents.content(a) < contents.content(b) ? -1 : 1;
    }
  };

  std::vector<Row> rows_;
  revisions revisions_;
};

} // namespace emptor::stats
