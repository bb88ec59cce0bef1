// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/read.hpp>
#include <emptor/core/store.hpp>
#include <emptor/stats/id_pool.hpp>
#include <emptor/stats/revisions.hpp>

namespace emptor::stats {

/// Rows read and kept at a time: few enough that what is read stays in the cache.
inline constexpr std::size_t rows_per_block = 256;

/// A column of a push, and what it says in the rows of one block. Where it says nothing, an id or text is
/// `missing`, a whole number `no_amount`, a day `no_day` and a number NaN.
struct block_column {
  bound_input input;
  std::vector<id_pool::key> keys;   ///< of ids, texts and codes
  std::vector<std::int64_t> wholes; ///< of amounts (minor units) and counts
  std::vector<std::int32_t> days;
  std::vector<double> numbers; ///< of numbers, booleans (0 and 1) and codes (the place of the level)

  [[nodiscard]] std::string full_name() const {
    std::string name(input.described->name);
    return input.described->many ? name.append(":").append(input.label) : name;
  }
  [[nodiscard]] bool is(content what) const noexcept { return input.described->what == what; }
  [[nodiscard]] bool is_text() const noexcept {
    return is(content::id) || is(content::text) || is(content::code);
  }
  /// Whether a row of the block says something; of a column that is not there no row does.
  [[nodiscard]] static bool has(const block_column* of, std::size_t i) noexcept {
    return of != nullptr && !of->keys[i].is_missing();
  }
  /// A count, 0 where it is missing.
  [[nodiscard]] static std::int64_t count_at(const block_column* of, std::size_t i) noexcept {
    return of == nullptr || of->wholes[i] == no_amount ? 0 : of->wholes[i];
  }
};

/// How a store reads its rows.
struct row_conventions {
  std::string where; ///< begins every message
  std::int32_t zone_offset_seconds = 0;
  std::optional<int> decimals{}; ///< of all amounts; where it is not set, those of their currency
  /// The currency of rows that name none in the column `currency`; where it is not set, no column is that.
  std::optional<currency> usual_currency{};
  std::string_view key{}; ///< the column that tells documents apart
  /// The column of amounts that may be missing, which then means 0, in a row in which `where_there` is there.
  std::string_view zero_if_missing{};
  std::string_view where_there{};
};

/// Reads the rows of a push block by block, one column after the other, and says why a row is refused. A row
/// is refused for its first fault: amounts are read last, since their currency decides about their decimals.
class block_reader {
public:
  /// \throws error as `bind_columns` does
  block_reader(row_conventions conventions, const table_description& described, const push_request& request)
      : conventions_(std::move(conventions))
      , request_(request)
      , usual_decimals_(
            conventions_.decimals.value_or(conventions_.usual_currency.value_or(currency{}).decimals())) {
    std::vector<bound_input> bound =
        bind_columns(conventions_.where, described.columns, request.columns, request.rows);
    for (const bool amounts : {false, true}) {
      for (bound_input& input : bound) {
        if (input.column == nullptr || (input.described->what == content::amount) != amounts)
          continue;
        block_column& made = columns_.emplace_back();
        made.input = input;
        if (made.is_text())
          made.keys.resize(rows_per_block);
        if (made.is(content::amount) || made.is(content::count))
          made.wholes.resize(rows_per_block);
        if (made.is(content::day))
          made.days.resize(rows_per_block);
        if (made.is(content::number) || made.is(content::boolean) || made.is(content::code))
          made.numbers.resize(rows_per_block);
        input.column = nullptr;
      }
    }
    decimals_.fill(usual_decimals_);
  }

  /// The columns that are there.
  [[nodiscard]] std::span<const block_column> columns() const noexcept { return columns_; }
  /// \return null where it is not there
  [[nodiscard]] const block_column* find(std::string_view name) const noexcept {
    const auto at = std::find_if(columns_.begin(), columns_.end(),
                                 [&](const block_column& one) { return one.input.described->name == name; });
    return at == columns_.end() ? nullptr : &*at;
  }

  /// Reads all rows.
  /// \param check called when the columns of a block are read: what they must have to do with each other
  /// \param keep called with the rows of the block that are fine; says what became of each by `tally`
  template <class Check, class Keep>
  push_report read(const Check& check, const Keep& keep) {
    const auto rows = static_cast<std::size_t>(request_.rows);
    for (first_ = 0; first_ < rows; first_ += rows_per_block) {
      if (request_.how != nullptr && first_ % static_cast<std::size_t>(rows_per_task) == 0)
        request_.how->check(static_cast<double>(first_) / static_cast<double>(rows));
      size_ = std::min(rows - first_, rows_per_block);
      end_ = size_;
      statuses_.fill(row_status::ok);
      for (block_column& column : columns_)
        read(column);
      check();
      std::array<std::size_t, rows_per_block> good{};
      std::size_t count = 0;
      for (std::size_t i = 0; i < end_; ++i) {
        good[count] = i;
        count += statuses_[i] == row_status::ok ? 1U : 0U;
      }
      report_.refused += static_cast<std::int64_t>(end_ - count);
      keep(std::span<const std::size_t>(good.data(), count));
      if (refusal_)
        throw error(*refusal_);
      if (request_.statuses != nullptr)
        std::copy_n(statuses_.begin(), size_, request_.statuses + first_);
    }
    return report_;
  }

  /// Rows of the block; for `check` and `keep`.
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bool is_fine(std::size_t i) const noexcept { return statuses_[i] == row_status::ok; }
  /// The number of row `i` of the block in the push.
  [[nodiscard]] std::int64_t row(std::size_t i) const noexcept {
    return static_cast<std::int64_t>(first_ + i);
  }
  /// Decimals of the amounts in row `i` of the block.
  [[nodiscard]] int decimals(std::size_t i) const noexcept { return decimals_[i]; }

  /// Refuses a row of the block. In strict mode nothing behind the first such row is kept, and the push ends
  /// with what `why()` says.
  template <class Why>
  void refuse(std::size_t i, row_status status, const Why& why) {
    statuses_[i] = status;
    if (request_.strict && i < end_) {
      end_ = i;
      refusal_ = why();
    }
  }
  /// \param column full name of one that need not be there
  /// \param is what stands in it, such as "missing"
  [[nodiscard]] error refusal(std::size_t i, std::string_view column, std::string_view is,
                              std::string_view must_be, status code = status::data) const {
    const block_column* const named = find_full(column);
    return {code, message(conventions_.where, column, row(i), is, must_be), row(i),
            named == nullptr ? -1 : named->input.index};
  }
  [[nodiscard]] std::string shown_in(std::size_t i, std::string_view column, row_status why) const {
    const block_column* const named = find_full(column);
    return named == nullptr ? "missing" : shown(*named->input.described, *named->input.column, row(i), why);
  }

  /// Says what became of a row of the block that has a document.
  /// \throws error status::conflict in strict mode
  void tally(std::size_t i, const placed& became) {
    statuses_[i] = became.status;
    switch (became.status) {
    case row_status::repeated:
      ++report_.repeated;
      break;
    case row_status::superseded:
      ++report_.superseded;
      break;
    case row_status::conflict:
      ++report_.conflicts;
      if (request_.strict)
        refuse_conflict(i);
      break;
    default:
      ++(became.replaced ? report_.replaced : report_.added);
      break;
    }
  }
  /// Says that rows without a document were added, which would count again.
  void tally_added(std::size_t count) noexcept {
    report_.added += static_cast<std::int64_t>(count);
    report_.repeats_count_twice = report_.repeats_count_twice || count > 0;
  }

  /// The numbers that the ids of some rows of the block get in a pool.
  void intern(const block_column& of, std::span<const std::size_t> rows, id_pool& pool,
              std::uint32_t* numbers) {
    if (rows.size() == size_) {
      pool.intern(std::span(of.keys).first(size_), numbers);
      return;
    }
    chosen_.clear();
    for (const std::size_t i : rows)
      chosen_.push_back(of.keys[i]);
    pool.intern(chosen_, numbers);
  }

private:
  void read(block_column& into) {
    const column_description& described = *into.input.described;
    const column_view& from = *into.input.column;
    const bool is_currency = conventions_.usual_currency && described.name == "currency";
    if (!is_currency && read_plain(into))
      return;
    for (std::size_t i = 0; i < size_; ++i) {
      cell value;
      row_status status =
          read_cell(described, from, row(i), decimals_[i], conventions_.zone_offset_seconds, value);
      const bool there = status == row_status::ok;
      if (is_currency)
        status = read_currency(into, i, status, value.text);
      else
        put(into, i, there, value);
      if (status == row_status::missing && means_zero(described, i)) {
        into.wholes[i] = 0;
        continue;
      }
      if (status == row_status::ok || statuses_[i] != row_status::ok ||
          (status == row_status::missing && described.optional))
        continue;
      refuse(i, status, [&] {
        const std::string name = into.full_name();
        return refusal(i, name, shown_in(i, name, status), expected(described, status));
      });
    }
  }
  static void put(block_column& into, std::size_t i, bool there, const cell& value) {
    switch (into.input.described->what) {
    case content::id:
      into.keys[i] = !there                                     ? id_pool::key{}
                     : emptor::is_text(into.input.column->type) ? id_pool::key_of(value.text)
                                                                : id_pool::key_of(value.whole);
      break;
    case content::text:
    case content::code:
      into.keys[i] = there ? id_pool::key_of(value.text) : id_pool::key{};
      if (into.is(content::code))
        into.numbers[i] = there ? value.number : std::numeric_limits<double>::quiet_NaN();
      break;
    case content::amount:
      into.wholes[i] = there ? value.whole : no_amount;
      break;
    case content::count:
      into.wholes[i] = there ? static_cast<std::int64_t>(value.number) : no_amount;
      break;
    case content::day:
      into.days[i] = there ? static_cast<std::int32_t>(value.number) : no_day;
      break;
    case content::number:
    case content::boolean:
      into.numbers[i] = there ? value.number : std::numeric_limits<double>::quiet_NaN();
      break;
    }
  }
  /// The layouts in which columns mostly come, without a look at each row's type.
  /// \return false where it is another one, or where a row has a fault
  bool read_plain(block_column& into) const noexcept {
    const column_view& from = *into.input.column;
    const auto each = [&](auto& values, const auto& read_one) {
      bool fine = true;
      for (std::size_t i = 0; i < size_; ++i)
        fine = read_one(values[i], row(i)) && fine;
      return fine;
    };
    const domain& allowed = into.input.described->allowed;
    if (into.is(content::number) && from.type == dtype::float64) {
      const bool may_be_missing = into.input.described->optional;
      return each(into.numbers, [&](double& number, std::int64_t at) {
        const bool there = from.is_valid(at);
        // One zero only, as `read_cell` has it.
        number =
            there ? emptor::detail::load<double>(from, at) + 0.0 : std::numeric_limits<double>::quiet_NaN();
        return there ? std::isfinite(number) && allowed.contains(number) : may_be_missing;
      });
    }
    if (from.validity != nullptr)
      return false;
    if (into.is(content::id) && from.type == dtype::int64)
      return each(into.keys, [&](id_pool::key& key, std::int64_t at) {
        key = id_pool::key_of(emptor::detail::load<std::int64_t>(from, at));
        return true;
      });
    if (into.is(content::day) && from.type == dtype::date32)
      return each(into.days, [&](std::int32_t& day, std::int64_t at) {
        day = emptor::detail::load<std::int32_t>(from, at);
        return is_admissible_day(day);
      });
    if (into.is(content::amount) && from.type == dtype::money && allowed.contains(any_number.low) &&
        allowed.contains(any_number.high))
      return each(into.wholes, [&](std::int64_t& minor, std::int64_t at) {
        minor = emptor::detail::load<std::int64_t>(from, at);
        return minor != no_amount;
      });
    return false;
  }
  /// A currency that is the usual one is held as missing, so that rows that name it equal those that do not.
  row_status read_currency(block_column& into, std::size_t i, row_status status, std::string_view code) {
    into.keys[i] = {};
    decimals_[i] = usual_decimals_;
    if (status != row_status::ok)
      return status;
    const std::optional<currency> named = currency::parse(code);
    if (!named)
      return row_status::currency;
    if (*named == *conventions_.usual_currency)
      return row_status::ok;
    into.keys[i] = id_pool::key_of(code);
    if (*named != last_currency_) {
      last_currency_ = *named;
      last_decimals_ = conventions_.decimals.value_or(named->decimals());
    }
    decimals_[i] = last_decimals_;
    return row_status::ok;
  }
  [[nodiscard]] bool means_zero(const column_description& described, std::size_t i) const noexcept {
    return described.name == conventions_.zero_if_missing &&
           block_column::has(find(conventions_.where_there), i);
  }
  [[noreturn]] void refuse_conflict(std::size_t i) const {
    throw refusal(i, conventions_.key,
                  shown_in(i, conventions_.key, row_status::conflict) + " with other content",
                  must_be(row_status::conflict), status::conflict);
  }
  [[nodiscard]] const block_column* find_full(std::string_view name) const {
    const auto at = std::find_if(columns_.begin(), columns_.end(),
                                 [&](const block_column& one) { return one.full_name() == name; });
    return at == columns_.end() ? nullptr : &*at;
  }

  row_conventions conventions_;
  const push_request& request_;
  std::vector<block_column> columns_;
  push_report report_;
  std::size_t first_ = 0; ///< row of the push
  std::size_t size_ = 0;
  std::size_t end_ = 0; ///< of the rows that may be kept: in strict mode the first that is refused
  std::optional<error> refusal_;
  std::array<row_status, rows_per_block> statuses_{};
  std::array<int, rows_per_block> decimals_{};
  int usual_decimals_ = 0;
  currency last_currency_; ///< which most often is the next one too
  int last_decimals_ = currency{}.decimals();
  std::vector<id_pool::key> chosen_;
};

} // namespace emptor::stats
