// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include <emptor/core/describe.hpp>
#include <emptor/core/table.hpp>
#include <emptor/stats/id_pool.hpp>

/// Rows in columns, some of which are lines of documents with revisions.
namespace emptor::stats::detail {

/// Where the texts of a column are kept. What is compared or counted by number has a pool of its own.
enum class pool_of : std::uint8_t { customers, documents, words };
using id_pools = std::array<id_pool, 3>;

/// One column of the rows. Its vector is empty as long as all rows have the value `otherwise`.
template <class T>
struct values {
  std::vector<T> held;
  T otherwise{};

  [[nodiscard]] T operator[](std::size_t row) const noexcept { return held.empty() ? otherwise : held[row]; }
  [[nodiscard]] bool is_missing(std::size_t row) const noexcept {
    return std::bit_cast<std::array<std::byte, sizeof(T)>>((*this)[row]) ==
           std::bit_cast<std::array<std::byte, sizeof(T)>>(otherwise);
  }
};

struct field {
  using storage =
      std::variant<values<std::uint32_t>, values<std::int32_t>, values<std::int64_t>, values<double>>;

  std::string name; ///< such as "amount" or "attributes:channel"
  content what = content::number;
  pool_of pool = pool_of::words;
  bool required = false;
  storage data;

  field(std::string full_name, const column_description& described, pool_of from)
      : name(std::move(full_name))
      , what(described.what)
      , pool(from)
      , required(!described.optional) {
    switch (what) {
    case content::id:
    case content::text:
    case content::code:
      data = values<std::uint32_t>{{}, id_pool::none};
      break;
    case content::day:
      data = values<std::int32_t>{{}, std::numeric_limits<std::int32_t>::min()};
      break;
    case content::amount:
      data = values<std::int64_t>{{}, no_amount};
      break;
    case content::count:
      data = values<std::int64_t>{{}, 0};
      break;
    case content::number:
    case content::boolean:
      data = values<double>{{}, std::numeric_limits<double>::quiet_NaN()};
      break;
    }
  }

  [[nodiscard]] bool is_missing(std::size_t row) const noexcept {
    return std::visit([row](const auto& of) { return of.is_missing(row); }, data);
  }
  /// Room for `rows` rows; nothing where all values so far and to come are `otherwise`.
  void resize(std::size_t rows) {
    std::visit(
        [rows](auto& of) {
          if (!of.held.empty())
            of.held.resize(rows, of.otherwise);
        },
        data);
  }
  void truncate(std::size_t rows) noexcept {
    std::visit(
        [rows](auto& of) {
          if (of.held.size() > rows)
            of.held.resize(rows);
        },
        data);
  }
  void copy(std::size_t from, std::size_t to) noexcept {
    std::visit(
        [from, to](auto& of) {
          if (!of.held.empty())
            of.held[to] = of.held[from];
        },
        data);
  }
  /// An order of values that does not depend on the numbers of texts; what is missing comes first.
  [[nodiscard]] int compare(std::size_t left, std::size_t right, const id_pools& pools) const noexcept {
    if (const auto* ids = std::get_if<values<std::uint32_t>>(&data)) {
      const std::uint32_t a = (*ids)[left];
      const std::uint32_t b = (*ids)[right];
      if (a == b)
        return 0;
      if (a == id_pool::none || b == id_pool::none)
        return a == id_pool::none ? -1 : 1;
      const id_pool& texts = pools[static_cast<std::size_t>(pool)];
      return texts[a].compare(texts[b]);
    }
    return std::visit(
        [&](const auto& of) {
          const bool no_left = of.is_missing(left);
          const bool no_right = of.is_missing(right);
          if (no_left || no_right)
            return static_cast<int>(no_right) - static_cast<int>(no_left);
          return of[left] < of[right] ? -1 : of[right] < of[left] ? 1 : 0;
        },
        data);
  }
  /// \param otherwise in place of missing texts
  [[nodiscard]] column to_column(std::span<const std::size_t> rows, const id_pools& pools, int decimals,
                                 std::string_view otherwise = {}) const {
    column made;
    if (const auto* ids = std::get_if<values<std::uint32_t>>(&data)) {
      text_buffer texts;
      for (const std::size_t row : rows)
        texts.push_back((*ids)[row] == id_pool::none ? otherwise
                                                     : pools[static_cast<std::size_t>(pool)][(*ids)[row]]);
      made = column::texts(name, std::move(texts));
    } else if (const auto* whole = std::get_if<values<std::int64_t>>(&data)) {
      std::vector<std::int64_t> list;
      for (const std::size_t row : rows)
        list.push_back((*whole)[row]);
      made = what == content::amount ? column::amounts(name, std::move(list), decimals)
                                     : column::integers(name, std::move(list));
    } else if (const auto* days = std::get_if<values<std::int32_t>>(&data)) {
      std::vector<std::int32_t> list;
      for (const std::size_t row : rows)
        list.push_back((*days)[row]);
      made = column::days(name, std::move(list));
    } else {
      std::vector<double> list;
      for (const std::size_t row : rows)
        list.push_back(std::get<values<double>>(data)[row]);
      made = column::numbers(name, std::move(list));
    }
    if (what != content::count && otherwise.empty()) {
      for (std::size_t i = 0; i < rows.size(); ++i) {
        if (is_missing(rows[i]))
          made.set_missing(static_cast<std::int64_t>(i));
      }
    }
    return made;
  }
};

/// What became of a row that asked to be kept.
struct placed {
  row_status status = row_status::ok;
  bool kept = true;
  bool replaced = false; ///< it is the first line of a higher revision
};

/// A multiset of rows without documents, and documents: of each the highest revision that came, of that each
/// line once. Where one line came with several contents, the smallest and the largest of them are kept: that
/// is enough to know that they differ, and does not depend on the order in which they came.
class revised_rows {
public:
  static constexpr std::size_t nowhere = std::numeric_limits<std::size_t>::max();

  /// \param key, revision, line names of the fields that tell documents, revisions and lines apart
  revised_rows(std::span<const column_description> described, std::string_view key, std::string_view line) {
    for (const column_description& one : described) {
      if (one.many) {
        attribute_ = &one;
        continue;
      }
      if (one.name == key)
        key_ = fields_.size();
      if (one.name == line)
        line_ = fields_.size();
      if (one.name == "revision")
        revision_ = fields_.size();
      const pool_of pool = one.name == "customer"                            ? pool_of::customers
                           : one.name == "document" || one.name == "cancels" ? pool_of::documents
                                                                             : pool_of::words;
      fields_.emplace_back(std::string(one.name), one, pool);
    }
    own_fields_ = fields_.size();
  }

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] std::size_t dead() const noexcept { return dead_; }
  [[nodiscard]] std::vector<field>& fields() noexcept { return fields_; }
  [[nodiscard]] const std::vector<field>& fields() const noexcept { return fields_; }
  template <class T>
  [[nodiscard]] const values<T>& at(std::size_t which) const noexcept {
    return std::get<values<T>>(fields_[which].data);
  }

  /// The field of this name; the user's columns get theirs at the first push, in the order of their labels.
  [[nodiscard]] std::size_t field_of(const std::string& name) {
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      if (fields_[i].name == name)
        return i;
    }
    const auto at = std::find_if(fields_.begin() + static_cast<std::ptrdiff_t>(own_fields_), fields_.end(),
                                 [&](const field& held) { return name < held.name; });
    return static_cast<std::size_t>(fields_.insert(at, field(name, *attribute_, pool_of::words)) -
                                    fields_.begin());
  }

  /// Whether the row counts: it has no document, or is of the highest revision.
  [[nodiscard]] bool is_live(std::size_t row) const noexcept {
    const std::uint32_t document = at<std::uint32_t>(key_)[row];
    return document == id_pool::none || documents_[document].revision == at<std::int64_t>(revision_)[row];
  }
  [[nodiscard]] bool all_live() const noexcept { return dead_ == 0; }
  [[nodiscard]] std::vector<std::size_t> live_rows() const {
    std::vector<std::size_t> rows;
    for (std::size_t row = 0; row < size_; ++row) {
      if (is_live(row))
        rows.push_back(row);
    }
    return rows;
  }
  /// Rows of documents of whose lines one came with several contents.
  [[nodiscard]] std::vector<std::size_t> conflicts() const {
    std::vector<std::size_t> rows;
    if (!any_conflict_)
      return rows;
    for (const auto& [key, both] : known_) {
      if (both.smallest != both.largest && is_live(both.smallest))
        rows.insert(rows.end(), {both.smallest, both.largest});
    }
    return rows;
  }

  /// Room for rows behind `size()`, which `place` decides about one after the other.
  void make_room(std::size_t rows) {
    for (field& held : fields_)
      held.resize(size_ + rows);
    room_ = size_ + rows;
  }
  /// Gives up the room that no row took.
  void trim() noexcept {
    room_ = size_;
    for (field& held : fields_)
      held.truncate(size_);
  }

  /// What a push may have to take back.
  struct journal {
    struct step {
      enum class kind : std::uint8_t { document, line, row } what;
      std::uint64_t key = 0;
      std::int64_t revision = 0;
      std::size_t first = 0;
      std::size_t second = 0;
    };
    std::size_t size = 0;
    std::size_t dead = 0;
    std::size_t documents = 0;
    bool any_conflict = false;
    std::vector<step> steps;
  };
  [[nodiscard]] journal begin() const { return {size_, dead_, documents_.size(), any_conflict_, {}}; }
  void roll_back(const journal& before) noexcept {
    for (auto step = before.steps.rbegin(); step != before.steps.rend(); ++step) {
      switch (step->what) {
      case journal::step::kind::document:
        documents_[step->key] = {step->revision, step->first};
        break;
      case journal::step::kind::line:
        if (step->first == nowhere)
          known_.erase(step->key);
        else if (const auto at = known_.find(step->key); at != known_.end())
          at->second = {step->first, step->second};
        break;
      case journal::step::kind::row:
        std::get<values<std::int64_t>>(fields_[revision_].data).held[step->key] = step->revision;
        break;
      }
    }
    documents_.resize(std::min(documents_.size(), before.documents));
    dead_ = before.dead;
    any_conflict_ = before.any_conflict;
    size_ = before.size;
    trim();
  }

  /// Decides about the row at `size()`, whose values are in the fields already, and keeps it or not.
  placed place(const id_pools& pools, journal& log) {
    const std::size_t row = size_;
    const std::uint32_t document = at<std::uint32_t>(key_)[row];
    if (document == id_pool::none) {
      ++size_;
      return {};
    }
    if (documents_.size() <= document)
      documents_.resize(pools[static_cast<std::size_t>(fields_[key_].pool)].size());
    document_state& known = documents_[document];
    const std::int64_t revision = at<std::int64_t>(revision_)[row];
    if (revision < known.revision)
      return {row_status::superseded, false, false};
    placed outcome;
    log.steps.push_back({journal::step::kind::document, document, known.revision, known.lines, 0});
    if (revision > known.revision) {
      outcome.replaced = known.revision >= 0;
      dead_ += known.lines;
      known = {revision, 0};
    }
    const std::uint64_t key =
        std::uint64_t{document} << 32 | (line_ == nowhere ? id_pool::none : at<std::uint32_t>(line_)[row]);
    const auto found = known_.find(key);
    if (found == known_.end()) {
      log.steps.push_back({journal::step::kind::line, key, 0, nowhere, nowhere});
      known_.emplace(key, contents{row, row});
    } else {
      contents& both = found->second;
      const bool stale = at<std::int64_t>(revision_)[both.smallest] != revision;
      if (!stale) {
        const int to_smallest = compare(row, both.smallest, pools);
        const int to_largest =
            both.largest == both.smallest ? to_smallest : compare(row, both.largest, pools);
        if (to_smallest == 0 || to_largest == 0)
          return {row_status::repeated, false, false};
        outcome.status = row_status::conflict;
        outcome.kept = to_smallest < 0 || to_largest > 0;
        any_conflict_ = true;
        if (!outcome.kept)
          return outcome;
        log.steps.push_back({journal::step::kind::line, key, 0, both.smallest, both.largest});
        std::size_t& leaves = to_smallest < 0 ? both.smallest : both.largest;
        if (both.smallest != both.largest) {
          bury(leaves, log);
          --known.lines;
        }
        leaves = row;
      } else {
        log.steps.push_back({journal::step::kind::line, key, 0, both.smallest, both.largest});
        both = {row, row};
      }
    }
    ++known.lines;
    ++size_;
    return outcome;
  }

  /// A text that stands in place of missing ones.
  struct filling {
    std::size_t which = nowhere; ///< of the fields
    std::string_view text{};
  };
  /// The rows as columns. Those that say nothing are left out, but for the required ones.
  [[nodiscard]] table to_table(std::string_view name, std::span<const std::size_t> rows,
                               const id_pools& pools, int decimals, filling missing) const {
    table made{std::string(name)};
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      const field& held = fields_[i];
      const bool any =
          std::any_of(rows.begin(), rows.end(), [&](std::size_t row) { return !held.is_missing(row); });
      if (any || held.required)
        made.add(held.to_column(rows, pools, decimals, i == missing.which ? missing.text : ""));
    }
    return made;
  }
  [[nodiscard]] int compare(std::size_t left, std::size_t right, const id_pools& pools) const noexcept {
    for (const field& held : fields_) {
      if (const int difference = held.compare(left, right, pools); difference != 0)
        return difference;
    }
    return 0;
  }

private:
  struct document_state {
    std::int64_t revision = -1; ///< -1 = never came
    std::size_t lines = 0;      ///< rows of that revision that are kept
  };
  struct contents {
    std::size_t smallest = nowhere;
    std::size_t largest = nowhere; ///< the same row where there is no conflict
  };

  /// Makes a row belong to no revision that ever counts.
  void bury(std::size_t row, journal& log) {
    auto& revisions = std::get<values<std::int64_t>>(fields_[revision_].data);
    log.steps.push_back({journal::step::kind::row, row, revisions[row], 0, 0});
    if (revisions.held.empty())
      revisions.held.resize(room_, revisions.otherwise);
    revisions.held[row] = -1;
    ++dead_;
  }

  std::vector<field> fields_;
  const column_description* attribute_ = nullptr;
  std::size_t own_fields_ = 0;
  std::size_t key_ = nowhere;
  std::size_t line_ = nowhere;
  std::size_t revision_ = nowhere;
  std::size_t size_ = 0;
  std::size_t room_ =
      0; ///< rows that the fields have values for: `size_`, and those of a push not yet placed
  std::size_t dead_ = 0;
  bool any_conflict_ = false;
  std::vector<document_state> documents_;
  boost::unordered_flat_map<std::uint64_t, contents> known_;
};

} // namespace emptor::stats::detail
