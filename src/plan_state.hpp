// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <emptor/catalogue.hpp>
#include <emptor/core/read.hpp>

#include "kernels/kernels.hpp"

/// How a plan scores its rows (plan.cpp has how it is made): they are read in blocks, where they stand or into an arena
/// on the stack, checked against the description, scored, and written to the caller's memory. The arena bounds what a
/// block may hold, so that nothing is allocated however many columns there are.
namespace emptor {

namespace detail {

inline constexpr std::size_t arena_bytes = std::size_t{128} * 1024;

/// What a scorer may have on the stack to remember things in.
inline constexpr std::size_t scorer_memory_bytes = std::size_t{328} * 1024;

/// What null values hold, so that none of them looks like a value.
inline constexpr std::int32_t no_code = -1;
inline constexpr std::int32_t no_day = std::numeric_limits<std::int32_t>::min();

/// The largest number that memory of a dtype can show, on either side of zero.
constexpr double largest(dtype memory) noexcept {
  switch (memory) {
  case dtype::float32:
    return std::numeric_limits<float>::max();
  case dtype::int32:
  case dtype::date32:
    return std::numeric_limits<std::int32_t>::max();
  case dtype::int64:
    return 0x1p53; // where doubles stop counting
  default:
    return std::numeric_limits<double>::max();
  }
}

template <class T>
void store_value(const output_memory& out, std::int64_t row, T value) noexcept {
  std::memcpy(static_cast<std::byte*>(out.data) + row * out.stride_bytes, &value, sizeof value);
}

inline void store_number(const output_memory& out, std::int64_t row, double value) noexcept {
  const bool null = std::isnan(value);
  switch (out.type) {
  case dtype::float64:
    store_value(out, row, null ? std::numeric_limits<double>::quiet_NaN() : value);
    break;
  case dtype::float32:
    store_value(out, row, null ? std::numeric_limits<float>::quiet_NaN() : static_cast<float>(value));
    break;
  case dtype::int32:
  case dtype::date32:
    store_value(out, row,
                null ? (out.type == dtype::int32 ? no_code : no_day) : static_cast<std::int32_t>(value));
    break;
  case dtype::int64:
    store_value(out, row, null ? no_amount : static_cast<std::int64_t>(value));
    break;
  default:
    store_value(out, row, static_cast<std::uint8_t>(!null && value != 0.0));
    break;
  }
}

/// Whether nothing is there, as `store_number` and amounts write it.
inline bool is_null(const output_memory& out, std::int64_t row) noexcept {
  const auto holds = [&](auto null) {
    const auto bytes = std::bit_cast<std::array<std::byte, sizeof null>>(null);
    return std::memcmp(static_cast<const std::byte*>(out.data) + row * out.stride_bytes, bytes.data(),
                       bytes.size()) == 0;
  };
  switch (out.type) {
  case dtype::float64:
    return holds(std::numeric_limits<double>::quiet_NaN());
  case dtype::float32:
    return holds(std::numeric_limits<float>::quiet_NaN());
  case dtype::int32:
    return holds(no_code);
  case dtype::date32:
    return holds(no_day);
  case dtype::money:
  case dtype::int64:
    return holds(no_amount);
  default:
    return false;
  }
}

inline void store_validity(const output_memory& out, std::int64_t row, bool valid) noexcept {
  if (out.validity == nullptr)
    return;
  const auto bit = static_cast<std::uint8_t>(1U << (row & 7));
  // Tasks begin at multiples of rows_per_task, so that no two threads share a byte.
  if (valid)
    out.validity[row >> 3] = static_cast<std::uint8_t>(out.validity[row >> 3] | bit);
  else
    out.validity[row >> 3] = static_cast<std::uint8_t>(out.validity[row >> 3] & ~bit);
}
static_assert(rows_per_task % 8 == 0);

/// Whether rows of numbers or amounts, of 64 bits each, stand in memory one after the other.
inline bool in_a_row(const void* data, std::int64_t stride) noexcept {
  static_assert(sizeof(double) == sizeof(std::int64_t) && alignof(double) == alignof(std::int64_t));
  return stride == sizeof(double) && reinterpret_cast<std::uintptr_t>(data) % alignof(double) == 0;
}

/// Whether a scorer may read the numbers where they stand: all finite, of the domain, none of them -0 (which it must see
/// as 0), and where it is a count whole ones below 2^51 in size. If not, the usual way has to say which are not.
inline bool as_they_should_be(const kernel_lists::column_checks& check, const double* numbers,
                              std::int64_t rows, const column_description& described) noexcept {
  constexpr double most = std::numeric_limits<double>::max();
  const domain& allowed = described.allowed;
  const double low = std::max(allowed.low_open ? std::nextafter(allowed.low, most) : allowed.low, -most);
  const double high = std::min(allowed.high_open ? std::nextafter(allowed.high, -most) : allowed.high, most);
  if (described.what == content::count)
    return low == 0.0 && check.from_zero(numbers, rows, std::min(high, 0x1p51 - 1.0), true);
  return low == 0.0 ? check.from_zero(numbers, rows, high, false) : check.between(numbers, rows, low, high);
}

/// Calls for rows that are looked at next, so that they come while something else is worked out.
template <bool Write, class T>
void call_ahead(const T* first, std::int64_t rows) noexcept {
  constexpr std::int64_t line = 64 / sizeof(T);
  for (std::int64_t i = 0; i < rows; i += line)
    __builtin_prefetch(first + i, Write ? 1 : 0,
                       2); // into the second cache: the first has no room for them yet
}

inline bool all_ok(const row_status* statuses, std::int64_t rows) noexcept {
  static_assert(sizeof(row_status) == 1 && row_status::ok == row_status{});
  std::uint64_t found = 0;
  std::int64_t row = 0;
  for (; row + 8 <= rows; row += 8) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, statuses + row, sizeof eight);
    found |= eight;
  }
  for (; row < rows; ++row)
    found |= static_cast<std::uint64_t>(statuses[row]);
  return found == 0;
}

class arena {
public:
  template <class T>
  [[nodiscard]] T* take(std::size_t count) noexcept {
    used_ = (used_ + alignof(T) - 1) / alignof(T) * alignof(T);
    T* taken = reinterpret_cast<T*>(bytes_.data() + used_);
    used_ += count * sizeof(T);
    std::uninitialized_default_construct_n(taken, count);
    return taken;
  }

private:
  alignas(64) std::array<std::byte, arena_bytes> bytes_;
  std::size_t used_ = 0;
};

} // namespace detail

struct plan::state {
  const entry_description* description = nullptr;
  std::shared_ptr<const model> self;
  std::vector<bound_column> schema;
  std::vector<bound_input> inputs;
  std::vector<output_info> outputs;
  std::vector<std::size_t> chosen; ///< per output of the caller: which of the description
  std::unique_ptr<scorer> scores;
  std::int64_t block_rows = 0;
  int decimals = 0;    ///< of amounts, going in and out
  bool stored = false; ///< whether the scorer takes rows as they are stored
  const kernel_lists::column_checks* checks = &kernels::checks(kernels::chosen());

  /// Where an input of a block can be read as it stands in the caller's memory; null where it cannot.
  [[nodiscard]] const double* in_place(const bound_input& input, const column_view& column,
                                       std::int64_t first, std::int64_t rows) const noexcept {
    const content what = input.described->what;
    if (column.type != dtype::float64 || column.validity != nullptr ||
        (what != content::number && what != content::count) ||
        !detail::in_a_row(column.data, column.stride_bytes))
      return nullptr;
    const double* const numbers = static_cast<const double*>(column.data) + first;
    return detail::as_they_should_be(*checks, numbers, rows, *input.described) ? numbers : nullptr;
  }

  /// The same of amounts in minor units: those of a domain without an end, or from 0.
  [[nodiscard]] const std::int64_t* amounts_in_place(const bound_input& input, const column_view& column,
                                                     std::int64_t first, std::int64_t rows) const noexcept {
    constexpr double endless = std::numeric_limits<double>::infinity();
    const domain& allowed = input.described->allowed;
    const bool from_zero = allowed.low == 0.0 && !allowed.low_open;
    if (input.described->what != content::amount || column.type != dtype::money ||
        column.validity != nullptr || !(from_zero || allowed.low == -endless) || allowed.high != endless ||
        !detail::in_a_row(column.data, column.stride_bytes))
      return nullptr;
    const std::int64_t* const amounts = static_cast<const std::int64_t*>(column.data) + first;
    return checks->amounts(amounts, rows, from_zero) ? amounts : nullptr;
  }

  /// Whether the scorer asks for rows as they are stored, and they can be given so.
  [[nodiscard]] bool takes_stored() const noexcept {
    constexpr double endless = std::numeric_limits<double>::infinity();
    return scores->reads_stored() && description->score.rule == nullptr &&
           std::all_of(inputs.begin(), inputs.end(), [](const bound_input& input) {
             const domain& allowed = input.described->allowed;
             return input.column == nullptr || // nobody reads it
                    ((input.column->type == dtype::float32 || input.column->type == dtype::uint8) &&
                     input.described->what == content::number && allowed.low == -endless &&
                     allowed.high == endless);
           });
  }

  /// One input of a block as a stored_block has it, in the caller's memory where it can be read there.
  struct stored_input {
    const float* singles = nullptr;
    const std::uint8_t* bytes = nullptr;
  };
  /// \param own  room for the rows of the block  \return whether all values are as they should be
  [[nodiscard]] bool read_stored(const bound_input& input, const column_view& column, std::int64_t first,
                                 std::int64_t rows, bool apart, float* own,
                                 stored_input& read) const noexcept {
    const bool in_place = apart && column.validity == nullptr;
    if (in_place && column.type == dtype::uint8 && column.stride_bytes == 1) {
      read.bytes = static_cast<const std::uint8_t*>(column.data) + first;
      return true;
    }
    read.singles = own;
    if (in_place && column.type == dtype::float32 && column.stride_bytes == sizeof(float) &&
        reinterpret_cast<std::uintptr_t>(column.data) % alignof(float) == 0) {
      read.singles = static_cast<const float*>(column.data) + first;
      return rows == 1 ? std::isfinite(*read.singles) : checks->finite_singles(read.singles, rows);
    }
    bool fine = true;
    for (std::int64_t i = 0; i < rows; ++i) {
      if (column.type == dtype::null || !column.is_valid(first + i)) {
        own[i] = std::numeric_limits<float>::infinity();
        fine = fine && input.described->optional;
        continue;
      }
      own[i] = column.type == dtype::uint8 ? static_cast<float>(detail::load<std::uint8_t>(column, first + i))
                                           : detail::load<float>(column, first + i);
      fine = fine && std::isfinite(own[i]);
    }
    return fine;
  }

  /// Reads one input of a block. Statuses only ever go from ok to something else.
  void read(const bound_input& input, const column_view& column, std::int64_t first, std::int64_t rows,
            const score_block::input& into, row_status* statuses) const noexcept {
    const column_description& described = *input.described;
    auto* numbers = const_cast<double*>(into.number);
    if (numbers != nullptr && column.type == dtype::float64 && described.what == content::number) {
      for (std::int64_t i = 0; i < rows; ++i) {
        const bool there = column.is_valid(first + i);
        const double value = detail::load<double>(column, first + i) + 0.0;
        numbers[i] = there ? value : std::numeric_limits<double>::quiet_NaN();
        if (there ? std::isfinite(value) && described.allowed.contains(value) : described.optional)
          continue;
        if (statuses[i] == row_status::ok)
          statuses[i] = !there              ? row_status::missing
                        : std::isnan(value) ? row_status::not_a_number
                        : std::isinf(value) ? row_status::infinite
                                            : row_status::out_of_domain;
      }
      return;
    }
    for (std::int64_t i = 0; i < rows; ++i) {
      cell value;
      const row_status read = read_cell(described, column, first + i, decimals, 0, value);
      const bool absent = read == row_status::missing && described.optional;
      if (read != row_status::ok && !absent && statuses[i] == row_status::ok)
        statuses[i] = read;
      if (numbers != nullptr)
        numbers[i] = absent ? std::numeric_limits<double>::quiet_NaN() : value.number;
      else if (into.amount != nullptr)
        const_cast<std::int64_t*>(into.amount)[i] = absent ? no_amount : value.whole;
      else
        const_cast<std::string_view*>(into.text)[i] = value.text;
    }
  }

  /// Calls `set(place in the description, input)` for every input that a rule may see.
  template <class Set>
  void for_each_ruled(const Set& set) const {
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      if (!inputs[i].described->many)
        set(static_cast<std::size_t>(inputs[i].described - description->score.inputs.data()), i);
    }
  }

  /// \param values room for one number per column of the description
  void apply_rule(const score_block& block, std::span<double> values) const noexcept {
    std::fill(values.begin(), values.end(), std::numeric_limits<double>::quiet_NaN());
    for (std::int64_t i = 0; i < block.rows; ++i) {
      if (block.status[i] != row_status::ok)
        continue;
      for_each_ruled([&](std::size_t place, std::size_t input) {
        const score_block::input& from = block.inputs[input];
        if (from.number != nullptr)
          values[place] = from.number[i];
        else if (from.amount != nullptr)
          values[place] = rule_value(*inputs[input].described, {.whole = from.amount[i]},
                                     from.amount[i] != no_amount, decimals);
      });
      block.status[i] = description->score.rule(values).status;
    }
  }

  [[nodiscard]] static bool on_this_thread(const run& how) noexcept {
    return how.threads == 1 && how.parallel_for == nullptr;
  }
  /// Rows of a task. On several threads the more, the more of what the scorer remembers is of use; but some tasks for
  /// each of many threads.
  [[nodiscard]] std::int64_t task_rows(std::int64_t rows, const run& how) const noexcept {
    if (!remembers() || on_this_thread(how))
      return rows_per_task;
    return rows_per_task * std::clamp<std::int64_t>(rows / (64 * rows_per_task), 1, 16);
  }
  [[nodiscard]] bool remembers() const noexcept {
    return scores->memory_bytes() > 0 && scores->memory_bytes() <= detail::scorer_memory_bytes;
  }
  /// Calls body(memory for the scorer), which is null where it is not worth it.
  template <class Body>
  void with_memory(std::int64_t rows, const Body& body) const {
    if (!remembers() || rows < rows_per_task) {
      body(nullptr);
      return;
    }
    alignas(kernel::alignment) std::array<std::byte, detail::scorer_memory_bytes> memory;
    memory.front() = std::byte{0};
    body(memory.data());
  }

  /// \see score_rows; each row read and checked.
  [[nodiscard]] std::int64_t score_read_rows(std::span<const column_view> columns, std::int64_t first,
                                             std::int64_t rows, std::span<const output_memory> out,
                                             row_status* statuses, bool apart, void* pairs) const noexcept {
    detail::arena memory;
    const auto count = static_cast<std::size_t>(block_rows);
    auto* own = memory.take<score_block::input>(inputs.size());
    auto* in = memory.take<score_block::input>(inputs.size());
    auto* own_results = memory.take<score_block::output>(description->score.outputs.size());
    auto* results = memory.take<score_block::output>(description->score.outputs.size());
    auto* status = memory.take<row_status>(count);
    const std::size_t described = description->score.inputs.size();
    const std::span<double> rule_values(memory.take<double>(described), described);
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      if (inputs[i].column == nullptr)
        continue;
      if (inputs[i].described->what == content::amount)
        own[i].amount = memory.take<std::int64_t>(count);
      else if (inputs[i].described->what == content::text || inputs[i].described->what == content::id)
        own[i].text = memory.take<std::string_view>(count);
      else
        own[i].number = memory.take<double>(count);
    }
    take_results(memory, own_results);

    std::int64_t bad = 0;
    for (std::int64_t done = 0; done < rows; done += block_rows) {
      const std::int64_t at = first + done;
      score_block block{.rows = std::min(block_rows, rows - done),
                        .inputs = {in, inputs.size()},
                        .outputs = {results, description->score.outputs.size()},
                        .status = status,
                        .memory = pairs};
      const std::int64_t ahead = std::min(block_rows, rows - done - block.rows); // rows of the next block
      std::fill_n(status, block.rows, row_status::ok);
      for (std::size_t i = 0; i < inputs.size(); ++i) {
        in[i] = own[i];
        if (inputs[i].column == nullptr)
          continue;
        const column_view& column = columns[static_cast<std::size_t>(inputs[i].index)];
        const double* const numbers = apart ? in_place(inputs[i], column, at, block.rows) : nullptr;
        const std::int64_t* const amounts =
            apart ? amounts_in_place(inputs[i], column, at, block.rows) : nullptr;
        if (numbers != nullptr) {
          in[i].number = numbers;
          detail::call_ahead<false>(numbers + block.rows, ahead);
        } else if (amounts != nullptr) {
          in[i].amount = amounts;
          detail::call_ahead<false>(amounts + block.rows, ahead);
        } else {
          read(inputs[i], column, at, block.rows, own[i], status);
        }
      }
      aim(own_results, results, out, at, block.rows, ahead, apart);
      bool clean = detail::all_ok(status, block.rows);
      if (description->score.rule != nullptr && !(clean && scores->rule_holds(block))) {
        apply_rule(block, rule_values);
        clean = detail::all_ok(status, block.rows);
      }
      // What the inputs refuse has null everywhere; what the scorer adds leaves the outputs that have a
      // number.
      std::array<bool, rows_per_block> refused;
      for (std::int64_t i = 0; !clean && i < block.rows; ++i)
        refused[static_cast<std::size_t>(i)] = status[i] != row_status::ok;
      scores->score(block);
      bad += deliver(block, clean ? nullptr : refused.data(), out, at);
      std::copy_n(status, block.rows, statuses + done);
    }
    return bad;
  }

  /// Room for the results that a scorer cannot write to the caller's memory.
  void take_results(detail::arena& memory, score_block::output* own) const noexcept {
    const auto count = static_cast<std::size_t>(block_rows);
    for (const std::size_t which : chosen) {
      if (description->score.outputs[which].what == content::amount)
        own[which].amount = memory.take<std::int64_t>(count);
      else
        own[which].number = memory.take<double>(count);
    }
  }
  /// Where the results of a block go: to the caller's memory where they can be written there.
  void aim(const score_block::output* own, score_block::output* results, std::span<const output_memory> out,
           std::int64_t at, std::int64_t rows, std::int64_t ahead, bool apart) const noexcept {
    for (std::size_t o = 0; o < chosen.size(); ++o) {
      score_block::output& into = results[chosen[o]];
      into = own[chosen[o]];
      if (!apart || !in_place(into, out[o]))
        continue;
      if (into.number != nullptr)
        into.number = static_cast<double*>(out[o].data) + at;
      else
        into.amount = static_cast<std::int64_t*>(out[o].data) + at;
      detail::call_ahead<true>(static_cast<const double*>(out[o].data) + at + rows, ahead);
    }
  }
  /// The results of a block to the caller. \param refused  null: no row has a status  \return how many rows are refused
  std::int64_t deliver(const score_block& block, const bool* refused, std::span<const output_memory> out,
                       std::int64_t at) const noexcept {
    for (std::size_t o = 0; o < chosen.size(); ++o) {
      const score_block::output& from = block.outputs[chosen[o]];
      const bool optional = description->score.outputs[chosen[o]].optional;
      const bool nulls = optional && from.number != nullptr;
      if (!(refused == nullptr &&
            (nulls ? nulls_in_place(block, from, out[o], at) : written_in_place(block, from, out[o], at))))
        write(block, refused, from, optional, out[o], at);
    }
    std::int64_t bad = 0;
    const bool clean = detail::all_ok(block.status, block.rows);
    for (std::int64_t i = 0; !clean && i < block.rows; ++i)
      bad += is_refusal(block.status[i]) ? 1 : 0;
    return bad;
  }

  /// Rows as they are stored, up to the first block that cannot be scored so. \param bad  counts the refused ones
  /// \return how many rows
  [[nodiscard]] std::int64_t score_stored_rows(std::span<const column_view> columns, std::int64_t first,
                                               std::int64_t rows, std::span<const output_memory> out,
                                               row_status* statuses, bool apart,
                                               std::int64_t& bad) const noexcept {
    detail::arena memory;
    const auto count = static_cast<std::size_t>(block_rows);
    const std::size_t described = description->score.outputs.size();
    const std::span singles(memory.take<const float*>(inputs.size()), inputs.size());
    const std::span bytes(memory.take<const std::uint8_t*>(inputs.size()), inputs.size());
    auto* const own_results = memory.take<score_block::output>(described);
    auto* const results = memory.take<score_block::output>(described);
    take_results(memory, own_results);
    auto* const own = memory.take<float>(inputs.size() * count);
    std::int64_t done = 0;
    while (done < rows) {
      const std::int64_t at = first + done;
      const score_block block{.rows = std::min(block_rows, rows - done),
                              .inputs = {},
                              .outputs = {results, described},
                              .status = statuses + done};
      const std::int64_t ahead = std::min(block_rows, rows - done - block.rows); // rows of the next block
      for (std::size_t i = 0; i < inputs.size(); ++i) {
        singles[i] = nullptr;
        bytes[i] = nullptr;
        if (inputs[i].column == nullptr)
          continue;
        const column_view& column = columns[static_cast<std::size_t>(inputs[i].index)];
        stored_input read;
        if (!read_stored(inputs[i], column, at, block.rows, apart, own + i * count, read))
          return done;
        singles[i] = read.singles;
        bytes[i] = read.bytes;
        if (ahead > 0 && read.bytes != nullptr)
          detail::call_ahead<false>(read.bytes + block.rows, ahead);
        else if (ahead > 0 && read.singles != own + i * count)
          detail::call_ahead<false>(read.singles + block.rows, ahead);
      }
      aim(own_results, results, out, at, block.rows, ahead, apart);
      if (!scores->score_stored({block.rows, singles, bytes, block.outputs}))
        return done;
      std::fill_n(block.status, block.rows, row_status::ok);
      bad += deliver(block, nullptr, out, at);
      done += block.rows;
    }
    return done;
  }

  /// \param apart  no output stands where an input or another output does
  /// \return how many of the rows have a status other than ok
  [[nodiscard]] std::int64_t score_rows(std::span<const column_view> columns, std::int64_t first,
                                        std::int64_t rows, std::span<const output_memory> out,
                                        row_status* statuses, bool apart, void* pairs) const noexcept {
    std::int64_t bad = 0;
    std::int64_t done = 0;
    while (done < rows) {
      if (stored)
        done += score_stored_rows(columns, first + done, rows - done, out, statuses + done, apart, bad);
      const std::int64_t read = stored ? std::min(block_rows, rows - done) : rows - done;
      if (read > 0)
        bad += score_read_rows(columns, first + done, read, out, statuses + done, apart, pairs);
      done += read;
    }
    return bad;
  }

  /// Whether a scorer can write an output to the caller's memory at once.
  [[nodiscard]] static bool in_place(const score_block::output& from, const output_memory& to) noexcept {
    const bool same = from.number != nullptr ? to.type == dtype::float64
                                             : to.type == dtype::money || to.type == dtype::int64;
    return same && detail::in_a_row(to.data, to.stride_bytes);
  }
  /// Whether the values are where they have to be, without a null among them.
  bool written_in_place(const score_block& block, const score_block::output& from, const output_memory& to,
                        std::int64_t at) const noexcept {
    if (!in_place(from, to))
      return false;
    const bool there = from.number != nullptr ? from.number == static_cast<double*>(to.data) + at &&
                                                    checks->finite(from.number, block.rows)
                                              : from.amount == static_cast<std::int64_t*>(to.data) + at &&
                                                    checks->amounts(from.amount, block.rows, false);
    if (!there)
      return false;
    for (std::int64_t i = 0; to.validity != nullptr && i < block.rows; ++i)
      detail::store_validity(to, at + i, true);
    return true;
  }

  /// Whether the numbers of an output that may have nulls are where they have to be; the nulls among them are made the same.
  bool nulls_in_place(const score_block& block, const score_block::output& from, const output_memory& to,
                      std::int64_t at) const noexcept {
    if (from.number == nullptr || !in_place(from, to) || from.number != static_cast<double*>(to.data) + at)
      return false;
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    const bool fine = checks->finite_or_none(from.number, block.rows);
    for (std::int64_t i = 0; !fine && i < block.rows; ++i) {
      if (std::isinf(from.number[i]))
        return false;
      if (std::isnan(from.number[i]))
        from.number[i] = none;
    }
    for (std::int64_t i = 0; to.validity != nullptr && i < block.rows; ++i)
      detail::store_validity(to, at + i, !std::isnan(from.number[i]));
    return true;
  }

  /// \param refused  null: none
  /// \param optional whether a null says nothing against the row
  static void write(const score_block& block, const bool* refused, const score_block::output& from,
                    bool optional, const output_memory& to, std::int64_t at) noexcept {
    const double most = detail::largest(to.type);
    for (std::int64_t i = 0; i < block.rows; ++i) {
      const bool is_refused = refused != nullptr && refused[i];
      if (from.amount != nullptr) {
        const bool valid = !is_refused && from.amount[i] != no_amount;
        if (!valid && !optional && block.status[i] == row_status::ok)
          block.status[i] = row_status::no_number;
        detail::store_value(to, at + i, valid ? from.amount[i] : no_amount);
        detail::store_validity(to, at + i, valid);
        continue;
      }
      const double value = is_refused ? std::numeric_limits<double>::quiet_NaN() : from.number[i];
      const bool valid = std::abs(value) <= most; // false for NaN
      if (!valid && !(optional && std::isnan(value)) && block.status[i] == row_status::ok)
        block.status[i] = std::isfinite(value) ? row_status::too_large : row_status::no_number;
      detail::store_number(to, at + i, valid ? value : std::numeric_limits<double>::quiet_NaN());
      detail::store_validity(to, at + i, valid);
    }
  }

  /// The first output of a row that has no number though it should; "row" where none has one, for it is none of theirs then.
  [[nodiscard]] std::string_view without_number(std::span<const output_memory> out, std::int64_t row) const {
    std::string_view first;
    bool some = false;
    for (std::size_t o = 0; o < out.size(); ++o) {
      const column_description& described = description->score.outputs[chosen[o]];
      const bool null = detail::is_null(out[o], row);
      some = some || !null;
      if (null && !described.optional && first.empty())
        first = described.name;
    }
    return some && !first.empty() ? first : "row";
  }

  /// What the scorer says of a row by itself.
  [[nodiscard]] input_fault fault_of(const std::vector<cell>& cells, const std::vector<bool>& there) const {
    std::vector<double> numbers(inputs.size(), std::numeric_limits<double>::quiet_NaN());
    std::vector<std::int64_t> amounts(inputs.size(), no_amount);
    std::vector<std::string_view> texts(inputs.size());
    std::vector<score_block::input> in(inputs.size());
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      if (inputs[i].column == nullptr)
        continue;
      const content what = inputs[i].described->what;
      if (what == content::amount)
        in[i].amount = &amounts[i];
      else if (what == content::text || what == content::id)
        in[i].text = &texts[i];
      else
        in[i].number = &numbers[i];
      if (!there[i])
        continue;
      numbers[i] = cells[i].number;
      amounts[i] = cells[i].whole;
      texts[i] = cells[i].text;
    }
    row_status status = row_status::ok;
    return scores->fault_of({.rows = 1, .inputs = in, .outputs = {}, .status = &status});
  }

  /// Strict mode's error for a bad row: which input is at fault, or which output has no number.
  [[noreturn]] void refuse(std::span<const column_view> columns, std::span<const output_memory> out,
                           std::int64_t row, row_status why, std::int64_t first_row) const {
    const std::string_view where = description->name;
    std::vector<cell> cells(inputs.size());
    std::vector<bool> there(inputs.size());
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      if (inputs[i].column == nullptr)
        continue;
      const column_view& column = columns[static_cast<std::size_t>(inputs[i].index)];
      const row_status read = read_cell(*inputs[i].described, column, row, decimals, 0, cells[i]);
      if (read != row_status::ok && !(read == row_status::missing && inputs[i].described->optional))
        throw refused_cell(where, *inputs[i].described, column, row, inputs[i].index, read, first_row,
                           inputs[i].label);
      there[i] = read == row_status::ok;
    }
    if (description->score.rule != nullptr) {
      std::vector<double> values(description->score.inputs.size(), std::numeric_limits<double>::quiet_NaN());
      std::vector<std::size_t> bound_at(values.size());
      for_each_ruled([&](std::size_t place, std::size_t i) {
        values[place] = rule_value(*inputs[i].described, cells[i], there[i], decimals);
        bound_at[place] = i;
      });
      const row_fault fault = description->score.rule(values);
      if (fault.status != row_status::ok) {
        const bound_input& input = inputs[bound_at[fault.column]];
        const std::string is =
            input.column == nullptr // an optional one, which this row needs
                ? "missing"
                : shown(*input.described, columns[static_cast<std::size_t>(input.index)], row, fault.status);
        throw error(status::data, message(where, input.described->name, first_row + row, is, fault.must_be),
                    first_row + row, input.index);
      }
    }
    const bool is_of_a_text = why == row_status::unknown_level || why == row_status::currency;
    for (std::size_t i = 0; i < inputs.size() && is_of_a_text; ++i) {
      const std::vector<std::string> known = scores->known_texts(i);
      if (known.empty() || !there[i] || std::find(known.begin(), known.end(), cells[i].text) != known.end())
        continue;
      const column_view& column = columns[static_cast<std::size_t>(inputs[i].index)];
      throw error(status::data,
                  message(where, inputs[i].described->name, first_row + row,
                          shown(*inputs[i].described, column, row, why), one_of(known)),
                  first_row + row, inputs[i].index);
    }
    const input_fault fault = fault_of(cells, there);
    if (fault.input < inputs.size()) {
      const bound_input& input = inputs[fault.input];
      const std::string label = input.described->many ? ":" + shortened(input.label) : "";
      const std::string is =
          there[fault.input]
              ? shown(*input.described, columns[static_cast<std::size_t>(input.index)], row, why)
              : "missing";
      throw error(
          status::data,
          message(where, std::string(input.described->name) + label, first_row + row, is, fault.must_be),
          first_row + row, input.index);
    }
    throw error(status::data,
                std::string(where) + ": " + std::string(without_number(out, row)) + "[" +
                    std::to_string(first_row + row) + "] has no number (" + std::string(name(why)) + ")",
                first_row + row);
  }
};

} // namespace emptor
