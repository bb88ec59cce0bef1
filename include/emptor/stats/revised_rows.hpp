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

#include <emptor/core/describe.hpp>
#include <emptor/core/table.hpp>
#include <emptor/stats/id_pool.hpp>
#include <emptor/stats/revisions.hpp>
#include <emptor/stats/row_blocks.hpp>

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
  /// Whether a value is `otherwise`; NaN is.
  [[nodiscard]] bool is_otherwise(T value) const noexcept {
    return std::bit_cast<std::array<std::byte, sizeof(T)>>(value) ==
           std::bit_cast<std::array<std::byte, sizeof(T)>>(otherwise);
  }
  [[nodiscard]] bool is_missing(std::size_t row) const noexcept { return is_otherwise((*this)[row]); }
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
      data = values<std::int32_t>{{}, no_day};
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
  /// Appends what a column says in some rows of a block. Until a first one says something, nothing is held.
  /// \param size rows so far
  /// \param expected rows that there may be once the push is over
  void append(block_reader& blocks, const block_column& from, std::span<const std::size_t> rows,
              id_pools& pools, std::size_t size, std::size_t expected) {
    const auto append_each = [&](auto& to, const auto& value_at) {
      if (to.held.empty() && !required &&
          std::all_of(rows.begin(), rows.end(), [&](std::size_t i) { return to.is_otherwise(value_at(i)); }))
        return;
      grow(to, size + rows.size(), expected);
      for (std::size_t k = 0; k < rows.size(); ++k)
        to.held[size + k] = value_at(rows[k]);
    };
    if (auto* ids = std::get_if<values<std::uint32_t>>(&data)) {
      if (ids->held.empty() && !required &&
          std::none_of(rows.begin(), rows.end(), [&](std::size_t i) { return block_column::has(&from, i); }))
        return;
      grow(*ids, size + rows.size(), expected);
      blocks.intern(from, rows, pools[static_cast<std::size_t>(pool)], ids->held.data() + size);
    } else if (auto* whole = std::get_if<values<std::int64_t>>(&data)) {
      if (what == content::count)
        append_each(*whole, [&](std::size_t i) { return block_column::count_at(&from, i); });
      else
        append_each(*whole, [&](std::size_t i) { return from.wholes[i]; });
    } else if (auto* days = std::get_if<values<std::int32_t>>(&data)) {
      append_each(*days, [&](std::size_t i) { return from.days[i]; });
    } else {
      append_each(std::get<values<double>>(data), [&](std::size_t i) { return from.numbers[i]; });
    }
  }
  /// Appends `otherwise` up to `rows` rows.
  void fill(std::size_t rows) {
    std::visit(
        [rows](auto& of) {
          if (!of.held.empty())
            of.held.resize(std::max(rows, of.held.size()), of.otherwise);
        },
        data);
  }
  /// Forgets what is behind `rows` rows.
  void truncate(std::size_t rows) noexcept {
    std::visit([rows](auto& of) { of.held.resize(std::min(rows, of.held.size())); }, data);
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

private:
  template <class T>
  static void grow(values<T>& to, std::size_t rows, std::size_t expected) {
    if (expected > to.held.capacity())
      to.held.reserve(std::max(expected, 2 * to.held.capacity()));
    to.held.resize(rows, to.otherwise);
  }
};

/// A multiset of rows without documents, and documents, of which `revisions` says what counts.
class revised_rows {
public:
  static constexpr std::size_t nowhere = std::numeric_limits<std::size_t>::max();

  /// \param key, line names of the fields that tell documents and lines apart; the field of revisions is
  ///        `revision`
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
  [[nodiscard]] std::size_t dead() const noexcept { return revisions_.dead(); }
  template <class T>
  [[nodiscard]] const values<T>& at(std::size_t which) const noexcept {
    return std::get<values<T>>(fields_[which].data);
  }

  /// The user's column with this label; null where no push had it.
  [[nodiscard]] const values<std::uint32_t>* attribute(std::string_view label) const noexcept {
    for (std::size_t i = own_fields_; i < fields_.size(); ++i) {
      if (label_of(fields_[i]) == label)
        return &std::get<values<std::uint32_t>>(fields_[i].data);
    }
    return nullptr;
  }
  [[nodiscard]] std::vector<std::string> attribute_labels() const {
    std::vector<std::string> labels;
    for (std::size_t i = own_fields_; i < fields_.size(); ++i)
      labels.emplace_back(label_of(fields_[i]));
    return labels;
  }

  /// Whether the row counts: it has no document, or is of the highest revision.
  [[nodiscard]] bool is_live(std::size_t row) const noexcept {
    return revisions_.is_live(at<std::uint32_t>(key_)[row], at<std::int64_t>(revision_)[row]);
  }
  [[nodiscard]] bool all_live() const noexcept { return dead() == 0; }
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
    for (const revisions::contents& both : revisions_.conflicts(seen<const revised_rows>{*this}))
      rows.insert(rows.end(), {both.smallest, both.largest});
    return rows;
  }

  /// Where it stood before a push.
  struct mark {
    std::size_t size = 0;
    revisions::mark documents;
  };
  [[nodiscard]] mark begin() noexcept { return {size_, revisions_.begin()}; }
  void roll_back(const mark& before) noexcept {
    seen<revised_rows> rows{*this};
    revisions_.roll_back(rows, before.size, size_, before.documents);
    size_ = before.size;
    truncate();
  }

  /// The fields of the columns of a push. The user's columns get theirs when they first come, in the order of
  /// their labels.
  [[nodiscard]] std::vector<std::size_t> fields_of(std::span<const block_column> columns) {
    std::vector<field> fresh;
    for (const block_column& column : columns) {
      if (column.input.described->many && find(column.full_name()) == fields_.size())
        fresh.emplace_back(column.full_name(), *attribute_, pool_of::words);
    }
    fields_.reserve(fields_.size() + fresh.size());
    const auto middle = fields_.insert(fields_.end(), std::make_move_iterator(fresh.begin()),
                                       std::make_move_iterator(fresh.end()));
    const auto by_name = [](const field& left, const field& right) { return left.name < right.name; };
    std::inplace_merge(fields_.begin() + static_cast<std::ptrdiff_t>(own_fields_), middle, fields_.end(),
                       by_name);
    std::vector<std::size_t> found;
    for (const block_column& column : columns)
      found.push_back(find(column.full_name()));
    return found;
  }
  /// Takes in the good rows of a block and tallies what became of each.
  /// \param fields of the columns of the block
  /// \param expected rows that there may be once the push is over
  void take(block_reader& blocks, std::span<const std::size_t> fields, std::span<const std::size_t> good,
            id_pools& pools, std::size_t expected) {
    for (std::size_t i = 0; i < fields.size(); ++i)
      fields_[fields[i]].append(blocks, blocks.columns()[i], good, pools, size_, expected);
    for (field& held : fields_)
      held.fill(size_ + good.size());
    if (at<std::uint32_t>(key_).held.empty()) { // rows without documents, of which there is nothing to decide
      size_ += good.size();
      blocks.tally_added(good.size());
      return;
    }
    const std::size_t base = size_;
    seen<revised_rows> rows{*this, &pools};
    for (std::size_t k = 0; k < good.size(); ++k) {
      if (size_ != base + k) {
        for (field& held : fields_)
          held.copy(base + k, size_);
      }
      if (rows.document(size_) == id_pool::none) {
        ++size_;
        blocks.tally_added(1);
        continue;
      }
      const placed outcome = revisions_.place(rows, size_);
      size_ += outcome.kept ? 1 : 0;
      blocks.tally(good[k], outcome);
    }
    truncate();
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
  /// The rows as `revisions` asks for them.
  template <class Held>
  struct seen {
    Held& held;
    const id_pools* pools = nullptr;

    [[nodiscard]] std::uint32_t document(std::size_t row) const noexcept {
      return held.template at<std::uint32_t>(held.key_)[row];
    }
    [[nodiscard]] std::uint32_t line(std::size_t row) const noexcept {
      return held.line_ == nowhere ? id_pool::none : held.template at<std::uint32_t>(held.line_)[row];
    }
    [[nodiscard]] std::int64_t revision(std::size_t row) const noexcept {
      return held.template at<std::int64_t>(held.revision_)[row];
    }
    void set_revision(std::size_t row, std::int64_t value) {
      auto& all = std::get<values<std::int64_t>>(held.fields_[held.revision_].data);
      if (all.held.empty())
        all.held.resize(held.template at<std::uint32_t>(held.key_).held.size(), all.otherwise);
      all.held[row] = value;
    }
    [[nodiscard]] int compare(std::size_t left, std::size_t right) const noexcept {
      return held.compare(left, right, *pools);
    }
  };

  /// What stands behind the role in the name of a column of the user.
  [[nodiscard]] static std::string_view label_of(const field& held) noexcept {
    return std::string_view(held.name).substr(held.name.find(':') + 1);
  }
  void truncate() noexcept {
    for (field& held : fields_)
      held.truncate(size_);
  }
  /// The field of this name, or how many there are.
  [[nodiscard]] std::size_t find(const std::string& name) const noexcept {
    const auto own = fields_.begin() + static_cast<std::ptrdiff_t>(own_fields_);
    auto at = std::find_if(fields_.begin(), own, [&](const field& held) { return held.name == name; });
    if (at == own) {
      at = std::lower_bound(own, fields_.end(), name,
                            [](const field& held, const std::string& wanted) { return held.name < wanted; });
      if (at != fields_.end() && at->name != name)
        at = fields_.end();
    }
    return static_cast<std::size_t>(at - fields_.begin());
  }

  std::vector<field> fields_; ///< the described ones, then the user's by label
  const column_description* attribute_ = nullptr;
  std::size_t own_fields_ = 0;
  std::size_t key_ = nowhere;
  std::size_t line_ = nowhere;
  std::size_t revision_ = nowhere;
  std::size_t size_ = 0;
  revisions revisions_;
};

} // namespace emptor::stats::detail
