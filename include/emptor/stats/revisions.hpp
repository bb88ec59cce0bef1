// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include <emptor/core/status.hpp>
#include <emptor/stats/keyed_hash.hpp>

namespace emptor::stats {

/// What became of a row that asked to be kept.
struct placed {
  row_status status = row_status::ok; ///< or `repeated`, `superseded`, `conflict`
  bool kept = true;
  bool replaced = false; ///< it is the first of a higher revision
};

/// Which rows of documents count, such that any order of arrival ends in the same ones: of each document the
/// highest revision that came, of that each line once. An identical repeat changes nothing; other content of
/// a line under the same revision is a conflict that lasts until a higher revision comes. Of the contents in
/// conflict the smallest and the largest are kept, which is enough to know that they differ. Rows without a
/// document stand for themselves.
///
/// The rows themselves lie elsewhere, in what the calls take as `rows`, which has for the row of a number
/// `document(row)`, `line(row)` (both `none` where it has none), `revision(row)` (>= 0), `set_revision(row,
/// value)`, and `compare(left, right)`: an order of contents that does not depend on that of arrival. Rows
/// are only ever appended, so that a push that fails can be taken back; a row that counts no longer is one
/// whose revision is not that of its document.
/// Memory: 24 bytes per document, 24 to 48 per line that has a name.
class revisions {
public:
  static constexpr std::uint32_t none = 0xFFFFFFFF;

  /// The rows of a line: one, or the smallest and the largest content of a conflict.
  struct contents {
    std::uint32_t smallest = none;
    std::uint32_t largest = none;
    [[nodiscard]] bool differ() const noexcept { return smallest != largest; }
  };
  /// Where it stood before a push.
  struct mark {
    std::size_t dead = 0;
    std::size_t contested = 0;
  };

  [[nodiscard]] mark begin() noexcept {
    steps_.clear();
    return {dead_, contested_.size()};
  }

  /// Decides about the row that follows those that are kept. \throws error status::overflow beyond 2^32 - 1
  /// rows
  template <class Rows>
  placed place(Rows& rows, std::size_t number) {
    if (number >= none)
      throw error(status::overflow, "more than 4294967295 rows do not fit a store");
    const auto row = static_cast<std::uint32_t>(number);
    const std::uint32_t document = rows.document(row);
    if (document == none)
      return {};
    if (documents_.size() <= document)
      documents_.resize(std::size_t{document} + 1);
    state& known = documents_[document];
    const std::int64_t revision = rows.revision(row);
    if (revision < known.revision)
      return {row_status::superseded, false, false};
    const std::uint32_t line = rows.line(row);
    contents& of_line = line == none ? known.without_line : lines_[key(document, line)];
    const bool fresh = known.revision < 0;
    const bool higher = revision > known.revision;
    const bool stale = of_line.smallest != none && rows.revision(of_line.smallest) != revision;
    step before{row, none, known, of_line};
    if (higher || stale || of_line.smallest == none) {
      if (!fresh && (higher || stale))
        steps_.push_back(before);
      if (higher) {
        dead_ += known.rows;
        known = {revision, 0, {}};
      }
      (line == none ? known.without_line : of_line) = {row, row};
      ++known.rows;
      return {row_status::ok, true, higher && !fresh};
    }
    const int to_smallest = rows.compare(row, of_line.smallest);
    const int to_largest = of_line.differ() ? rows.compare(row, of_line.largest) : to_smallest;
    if (to_smallest == 0 || to_largest == 0)
      return {row_status::repeated, false, false};
    if (to_smallest > 0 && to_largest < 0)
      return {row_status::conflict, false, false};
    std::uint32_t& leaves = to_smallest < 0 ? of_line.smallest : of_line.largest;
    if (of_line.differ())
      before.buried = leaves;
    else
      contested_.push_back(key(document, line));
    steps_.push_back(before);
    if (before.buried != none) {
      rows.set_revision(before.buried, -1);
      ++dead_;
    } else {
      ++known.rows;
    }
    leaves = row;
    return {row_status::conflict, true, false};
  }

  /// Takes back the rows from `first` to before `last`, all that were kept since `begin` gave `before`.
  template <class Rows>
  void roll_back(Rows& rows, std::size_t first, std::size_t last, const mark& before) noexcept {
    while (!steps_.empty() && steps_.back().row >= last)
      steps_.pop_back(); // of a row that was not kept because memory ran out
    while (last > first) {
      const auto row = static_cast<std::uint32_t>(--last);
      const std::uint32_t document = rows.document(row);
      if (document == none)
        continue;
      const std::uint32_t line = rows.line(row);
      if (!steps_.empty() && steps_.back().row == row) {
        const step& done = steps_.back();
        documents_[document] = done.document;
        if (line != none)
          restore(key(document, line), done.line);
        if (done.buried != none)
          rows.set_revision(done.buried, done.document.revision);
        steps_.pop_back();
        continue;
      }
      state& known = documents_[document];
      if (line != none)
        lines_.erase(key(document, line));
      else
        known.without_line = {};
      if (--known.rows == 0)
        known = {};
    }
    dead_ = before.dead;
    contested_.resize(std::min(contested_.size(), before.contested));
  }

  /// Whether a row of this document and revision counts.
  [[nodiscard]] bool is_live(std::uint32_t document, std::int64_t revision) const noexcept {
    return document == none || documents_[document].revision == revision;
  }
  /// How many rows count no longer.
  [[nodiscard]] std::size_t dead() const noexcept { return dead_; }
  /// The rows of a document that came without a line.
  [[nodiscard]] contents of(std::uint32_t document) const noexcept {
    return document < documents_.size() ? documents_[document].without_line : contents{};
  }
  void reserve(std::size_t documents) {
    if (documents > documents_.capacity())
      documents_.reserve(std::max(documents, documents_.capacity() * 2));
  }
  /// Calls for what `of` reads.
  void prefetch(std::uint32_t document) const noexcept {
    if (document < documents_.size())
      __builtin_prefetch(&documents_[document]);
  }
  /// The contents that are in conflict.
  template <class Rows>
  [[nodiscard]] std::vector<contents> conflicts(const Rows& rows) const {
    std::vector<std::uint64_t> keys = contested_;
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    std::vector<contents> found;
    for (const std::uint64_t one : keys) {
      const auto document = static_cast<std::uint32_t>(one >> 32);
      const auto line = static_cast<std::uint32_t>(one);
      const auto at = line == none ? lines_.end() : lines_.find(one);
      const contents both = line == none ? of(document) : at != lines_.end() ? at->second : contents{};
      if (both.differ() && is_live(document, rows.revision(both.smallest)))
        found.push_back(both);
    }
    return found;
  }

private:
  struct state {
    std::int64_t revision = -1; ///< -1 = never came
    std::uint32_t rows = 0;     ///< of that revision, which are kept
    contents without_line;
  };
  /// What a row changed that it did not itself bring.
  struct step {
    std::uint32_t row = none;
    std::uint32_t buried = none; ///< a row that counted until then, though its document has no new revision
    state document;              ///< as they were before
    contents line;
  };

  [[nodiscard]] static std::uint64_t key(std::uint32_t document, std::uint32_t line) noexcept {
    return std::uint64_t{document} << 32 | line;
  }
  void restore(std::uint64_t of, const contents& line) noexcept {
    if (line.smallest == none) {
      lines_.erase(of);
    } else if (const auto at = lines_.find(of); at != lines_.end()) {
      at->second = line;
    }
  }

  std::vector<state> documents_; ///< by number
  boost::unordered_flat_map<std::uint64_t, contents, keyed_hash> lines_{0, keyed_hash::random()};
  std::vector<std::uint64_t> contested_; ///< keys of which two contents came, perhaps long ago
  std::vector<step> steps_;
  std::size_t dead_ = 0;
};

} // namespace emptor::stats
