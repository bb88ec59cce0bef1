// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <cstring>
#include <limits>
#include <memory>

#include <emptor/catalogue.hpp>
#include <emptor/core/read.hpp>

#include "kernels/kernels.hpp"
#include "model.hpp"

namespace emptor {

// Rows are read in blocks into an arena on the stack, checked against the description, scored, and written to
// the caller's memory. The arena bounds what a block may hold, so that nothing is allocated however many
// columns there are.

namespace {

constexpr std::size_t arena_bytes = std::size_t{128} * 1024;
constexpr std::size_t max_columns = 2000;

/// What a scorer may have on the stack to remember things in.
constexpr std::size_t scorer_memory_bytes = std::size_t{328} * 1024;

/// What null values hold, so that none of them looks like a value.
constexpr std::int32_t no_code = -1;
constexpr std::int32_t no_day = std::numeric_limits<std::int32_t>::min();

constexpr bool can_hold(dtype memory, content what) noexcept {
  switch (what) {
  case content::amount:
    return memory == dtype::money || memory == dtype::int64;
  case content::code:
    return memory == dtype::int32 || memory == dtype::int64;
  case content::day:
    return memory == dtype::date32 || memory == dtype::int32;
  case content::boolean:
    return memory == dtype::boolean || memory == dtype::uint8;
  case content::count:
    return memory == dtype::float64 || memory == dtype::float32 || memory == dtype::int64;
  default:
    return memory == dtype::float64 || memory == dtype::float32;
  }
}

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

void store_number(const output_memory& out, std::int64_t row, double value) noexcept {
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

void store_validity(const output_memory& out, std::int64_t row, bool valid) noexcept {
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

/// Whether rows of doubles stand in memory one after the other.
bool in_a_row(const void* data, std::int64_t stride) noexcept {
  return stride == sizeof(double) && reinterpret_cast<std::uintptr_t>(data) % alignof(double) == 0;
}

/// Whether a scorer may read the numbers where they stand: all finite, of the domain, none of them -0 (which it must see
/// as 0), and where it is a count whole ones below 2^51 in size. If not, the usual way has to say which are not.
bool as_they_should_be(const double* numbers, std::int64_t rows,
                       const column_description& described) noexcept {
  constexpr double most = std::numeric_limits<double>::max();
  const domain& allowed = described.allowed;
  const double low = std::max(allowed.low_open ? std::nextafter(allowed.low, most) : allowed.low, -most);
  const double high = std::min(allowed.high_open ? std::nextafter(allowed.high, -most) : allowed.high, most);
  const kernel_lists::column_checks& checks = kernels::checks(kernels::chosen());
  if (described.what == content::count)
    return low == 0.0 && checks.from_zero(numbers, rows, std::min(high, 0x1p51 - 1.0), true);
  return low == 0.0 ? checks.from_zero(numbers, rows, high, false) : checks.between(numbers, rows, low, high);
}

/// The bytes of a column.
struct extent {
  std::uintptr_t first;
  std::uintptr_t last;

  extent(const void* data, std::int64_t stride, std::int64_t rows, std::int64_t width) noexcept
      : first(reinterpret_cast<std::uintptr_t>(data))
      , last(first) {
    const auto way = static_cast<std::uintptr_t>(stride) * static_cast<std::uintptr_t>(rows - 1);
    (stride < 0 ? first : last) += way;
    last += static_cast<std::uintptr_t>(width - 1);
  }
  [[nodiscard]] bool overlaps(const extent& other) const noexcept {
    return first <= other.last && other.first <= last;
  }
};

bool all_ok(const row_status* statuses, std::int64_t rows) noexcept {
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

} // namespace

struct plan::state {
  const entry_description* description = nullptr;
  std::shared_ptr<const model> self;
  std::vector<bound_column> schema;
  std::vector<bound_input> inputs;
  std::vector<output_info> outputs;
  std::vector<std::size_t> chosen; ///< per output of the caller: which of the description
  std::unique_ptr<scorer> scores;
  std::int64_t block_rows = 0;

  /// Where an input of a block can be read as it stands in the caller's memory; null where it cannot.
  [[nodiscard]] static const double* in_place(const bound_input& input, const column_view& column,
                                              std::int64_t first, std::int64_t rows) noexcept {
    const content what = input.described->what;
    if (column.type != dtype::float64 || column.validity != nullptr ||
        (what != content::number && what != content::count) || !in_a_row(column.data, column.stride_bytes))
      return nullptr;
    const double* const numbers = static_cast<const double*>(column.data) + first;
    return as_they_should_be(numbers, rows, *input.described) ? numbers : nullptr;
  }

  /// Reads one input of a block. Statuses only ever go from ok to something else.
  void read(const bound_input& input, const column_view& column, std::int64_t first, std::int64_t rows,
            const score_block::input& into, row_status* statuses) const noexcept {
    const column_description& described = *input.described;
    auto* numbers = const_cast<double*>(into.number);
    if (numbers != nullptr && column.type == dtype::float64 && column.validity == nullptr &&
        described.what == content::number) {
      for (std::int64_t i = 0; i < rows; ++i) {
        const double value = emptor::detail::load<double>(column, first + i) + 0.0;
        numbers[i] = value;
        if (std::isfinite(value) && described.allowed.contains(value))
          continue;
        if (statuses[i] == row_status::ok)
          statuses[i] = std::isnan(value)   ? row_status::not_a_number
                        : std::isinf(value) ? row_status::infinite
                                            : row_status::out_of_domain;
      }
      return;
    }
    for (std::int64_t i = 0; i < rows; ++i) {
      cell value;
      const row_status read = read_cell(described, column, first + i, 2, 0, value);
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
          values[place] =
              rule_value(*inputs[input].described, {.whole = from.amount[i]}, from.amount[i] != no_amount, 2);
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
    return scores->memory_bytes() > 0 && scores->memory_bytes() <= scorer_memory_bytes;
  }
  /// Calls body(memory for the scorer), which is null where it is not worth it.
  template <class Body>
  void with_memory(std::int64_t rows, const Body& body) const {
    if (!remembers() || rows < rows_per_task) {
      body(nullptr);
      return;
    }
    alignas(kernel::alignment) std::array<std::byte, scorer_memory_bytes> memory;
    memory.front() = std::byte{0};
    body(memory.data());
  }

  /// \param apart  no output stands where an input does
  /// \return how many of the rows have a status other than ok
  [[nodiscard]] std::int64_t score_rows(std::span<const column_view> columns, std::int64_t first,
                                        std::int64_t rows, std::span<const output_memory> out,
                                        row_status* statuses, bool apart, void* pairs) const noexcept {
    arena memory;
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
    for (const std::size_t which : chosen) {
      if (description->score.outputs[which].what == content::amount)
        own_results[which].amount = memory.take<std::int64_t>(count);
      else
        own_results[which].number = memory.take<double>(count);
    }

    std::int64_t bad = 0;
    for (std::int64_t done = 0; done < rows; done += block_rows) {
      const std::int64_t at = first + done;
      score_block block{.rows = std::min(block_rows, rows - done),
                        .inputs = {in, inputs.size()},
                        .outputs = {results, description->score.outputs.size()},
                        .status = status,
                        .memory = pairs};
      std::fill_n(status, block.rows, row_status::ok);
      for (std::size_t i = 0; i < inputs.size(); ++i) {
        in[i] = own[i];
        if (inputs[i].column == nullptr)
          continue;
        const column_view& column = columns[static_cast<std::size_t>(inputs[i].index)];
        if (const double* const there = apart ? in_place(inputs[i], column, at, block.rows) : nullptr;
            there != nullptr)
          in[i].number = there;
        else
          read(inputs[i], column, at, block.rows, own[i], status);
      }
      for (std::size_t o = 0; o < chosen.size(); ++o) {
        results[chosen[o]] = own_results[chosen[o]];
        if (apart && in_place(results[chosen[o]], out[o]))
          results[chosen[o]].number = static_cast<double*>(out[o].data) + at;
      }
      bool clean = all_ok(status, block.rows);
      if (description->score.rule != nullptr && !(clean && rule_holds(block))) {
        apply_rule(block, rule_values);
        clean = all_ok(status, block.rows);
      }
      // What the inputs refuse has null everywhere; what the scorer adds leaves the outputs that have a
      // number.
      std::array<bool, rows_per_block> refused;
      for (std::int64_t i = 0; !clean && i < block.rows; ++i)
        refused[static_cast<std::size_t>(i)] = status[i] != row_status::ok;
      scores->score(block);
      for (std::size_t o = 0; o < chosen.size(); ++o) {
        if (!(clean && written_in_place(block, results[chosen[o]], out[o], at)))
          write(block, clean ? nullptr : refused.data(), results[chosen[o]], out[o], at);
      }
      clean = all_ok(status, block.rows);
      for (std::int64_t i = 0; !clean && i < block.rows; ++i)
        bad += is_refusal(status[i]) ? 1 : 0;
      std::copy_n(status, block.rows, statuses + done);
    }
    return bad;
  }

  /// Whether the rule is known to find no fault in a block without one so far.
  [[nodiscard]] bool rule_holds(const score_block& block) const noexcept {
    constexpr std::size_t most = 8;
    if (description->score.rule_holds == nullptr || inputs.size() > most)
      return false;
    std::array<const double*, most> columns{};
    bool all_there = true;
    for_each_ruled([&](std::size_t place, std::size_t input) {
      all_there = all_there && place < most && block.inputs[input].number != nullptr;
      if (all_there)
        columns[place] = block.inputs[input].number;
    });
    return all_there && description->score.rule_holds(columns.data(), block.rows);
  }

  /// Whether a scorer can write an output to the caller's memory at once.
  [[nodiscard]] static bool in_place(const score_block::output& from, const output_memory& to) noexcept {
    return from.number != nullptr && to.type == dtype::float64 && in_a_row(to.data, to.stride_bytes);
  }
  /// Whether the numbers are where they have to be, without a null among them.
  static bool written_in_place(const score_block& block, const score_block::output& from,
                               const output_memory& to, std::int64_t at) noexcept {
    if (!in_place(from, to) || from.number != static_cast<double*>(to.data) + at ||
        !kernels::checks(kernels::chosen()).finite(from.number, block.rows))
      return false;
    for (std::int64_t i = 0; to.validity != nullptr && i < block.rows; ++i)
      store_validity(to, at + i, true);
    return true;
  }

  /// \param refused  null: none
  static void write(const score_block& block, const bool* refused, const score_block::output& from,
                    const output_memory& to, std::int64_t at) noexcept {
    const double most = largest(to.type);
    for (std::int64_t i = 0; i < block.rows; ++i) {
      const bool is_refused = refused != nullptr && refused[i];
      if (from.amount != nullptr) {
        const bool valid = !is_refused && from.amount[i] != no_amount;
        if (!valid && block.status[i] == row_status::ok)
          block.status[i] = row_status::no_number;
        store_value(to, at + i, valid ? from.amount[i] : no_amount);
        store_validity(to, at + i, valid);
        continue;
      }
      const double value = is_refused ? std::numeric_limits<double>::quiet_NaN() : from.number[i];
      const bool valid = std::abs(value) <= most; // false for NaN
      if (!valid && block.status[i] == row_status::ok)
        block.status[i] = std::isfinite(value) ? row_status::too_large : row_status::no_number;
      store_number(to, at + i, valid ? value : std::numeric_limits<double>::quiet_NaN());
      store_validity(to, at + i, valid);
    }
  }

  /// Strict mode's error for a bad row: which input is at fault, or which output has no number.
  [[noreturn]] void refuse(std::span<const column_view> columns, std::int64_t row, row_status why) const {
    const std::string_view where = description->name;
    std::vector<cell> cells(inputs.size());
    std::vector<bool> there(inputs.size());
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      if (inputs[i].column == nullptr)
        continue;
      const column_view& column = columns[static_cast<std::size_t>(inputs[i].index)];
      const row_status read = read_cell(*inputs[i].described, column, row, 2, 0, cells[i]);
      if (read != row_status::ok && !(read == row_status::missing && inputs[i].described->optional))
        throw refused_cell(where, *inputs[i].described, column, row, inputs[i].index, read);
      there[i] = read == row_status::ok;
    }
    if (description->score.rule != nullptr) {
      std::vector<double> values(description->score.inputs.size(), std::numeric_limits<double>::quiet_NaN());
      std::vector<std::size_t> bound_at(values.size());
      for_each_ruled([&](std::size_t place, std::size_t i) {
        values[place] = rule_value(*inputs[i].described, cells[i], there[i], 2);
        bound_at[place] = i;
      });
      const row_fault fault = description->score.rule(values);
      if (fault.status != row_status::ok) {
        const bound_input& input = inputs[bound_at[fault.column]];
        const std::string is =
            input.column == nullptr // an optional one, which this row needs
                ? "missing"
                : shown(*input.described, columns[static_cast<std::size_t>(input.index)], row, fault.status);
        throw error(status::data, message(where, input.described->name, row, is, fault.must_be), row,
                    input.index);
      }
    }
    throw error(status::data,
                std::string(where) + ": row " + std::to_string(row) + " has no number (" +
                    std::string(name(why)) + ")",
                row);
  }
};

plan::plan(const entry& what, const std::shared_ptr<const model>& self, std::span<const filled_slot> slots,
           std::span<const bound_column> schema, std::span<const option> options,
           std::span<const std::string> only) {
  const entry_description& described = *what.description;
  const std::string where(described.name);
  if (!described.can_score() || what.bind == nullptr)
    throw error(status::unsupported, where + ": it does not score rows");
  if (described.has_model() && self == nullptr)
    throw error(status::schema, where + ": it scores with a model, and none is given");
  if (!described.has_model() && self != nullptr)
    throw error(status::mismatch, where + ": it scores without a model");
  if (self != nullptr && self->entry != described.name)
    throw error(status::mismatch, where + ": the model is one of " + self->entry);

  auto made = std::make_unique<state>();
  made->description = &described;
  made->self = self;
  made->schema.assign(schema.begin(), schema.end());
  std::vector<column_view> types(schema.size());
  std::vector<named_column> named;
  for (std::size_t i = 0; i < schema.size(); ++i) {
    types[i].type = schema[i].type;
    named.push_back({made->schema[i].name, types[i]});
  }
  if (schema.size() > max_columns)
    throw error(status::schema, where + ": more than " + std::to_string(max_columns) + " columns");
  made->inputs = bind_columns(where, described.score.inputs, named, 0);
  for (const bound_input& input : made->inputs) {
    if (input.column != nullptr && input.described->what == content::id && !is_text(input.column->type))
      throw error(status::schema,
                  where + ": " + std::string(input.described->name) + " must be a text column", -1,
                  input.index);
  }

  const std::span<const column_description> all = described.score.outputs;
  std::vector<std::string_view> names;
  for (const column_description& one : all)
    names.push_back(one.name);
  option_values chosen_options(where, described.score.options, options);
  const auto missing_option = [&](const column_description& output) {
    const auto at = std::find_if(output.needs.begin(), output.needs.end(),
                                 [&](std::string_view option) { return !chosen_options.has(option); });
    return at != output.needs.end() ? *at : std::string_view{};
  };
  std::vector<bool> wanted(all.size(), false);
  const auto want = [&](std::size_t i) {
    if (const std::string_view option = missing_option(all[i]); !option.empty())
      throw error(status::option,
                  where + ": option " + std::string(option) + " is needed for " + std::string(all[i].name));
    wanted[i] = true;
    made->chosen.push_back(i);
  };
  for (std::size_t i = 0; only.empty() && i < all.size(); ++i) {
    if (!all[i].on_request && missing_option(all[i]).empty())
      want(i);
  }
  for (const std::string& one : only) {
    const auto at = std::find(names.begin(), names.end(), one);
    if (at == names.end())
      throw unknown_name(where, "output", one, names);
    const auto i = static_cast<std::size_t>(at - names.begin());
    if (wanted[i])
      throw error(status::schema, where + ": output " + one + " is asked for twice");
    want(i);
  }
  if (made->chosen.empty())
    want(0);
  score_request request{.self = self.get(),
                        .options = std::move(chosen_options),
                        .slots = check_slots(described, slots),
                        .inputs = {},
                        .wanted = std::move(wanted),
                        .wide = kernels::find(described.name, kernels::chosen())};
  for (const bound_input& input : made->inputs)
    request.inputs.push_back(std::string(input.described->name) +
                             (input.described->many ? ":" + input.label : ""));
  made->scores = what.bind(request);
  for (const std::size_t which : made->chosen) {
    output_info info{.name = std::string(all[which].name),
                     .unit = std::string(all[which].unit),
                     .what = all[which].what,
                     .type = natural_dtype(all[which].what),
                     .levels = made->scores->levels(which)};
    if (info.levels.empty())
      info.levels.assign(all[which].levels.begin(), all[which].levels.end());
    made->outputs.push_back(std::move(info));
  }
  const std::size_t fixed = 2 * made->inputs.size() * sizeof(score_block::input) +
                            described.score.inputs.size() * sizeof(double) +
                            2 * all.size() * sizeof(score_block::output) + 512;
  const std::size_t per_row =
      made->inputs.size() * sizeof(std::string_view) + all.size() * sizeof(double) + 1;
  made->block_rows =
      std::clamp<std::int64_t>(static_cast<std::int64_t>((arena_bytes - fixed) / per_row), 1, rows_per_block);
  // Whole bytes of validity to a block, where a block has as much as a byte.
  if (made->block_rows >= 8)
    made->block_rows -= made->block_rows % 8;
  state_ = std::move(made);
}

plan::~plan() = default;

const std::vector<output_info>& plan::outputs() const noexcept {
  return state_->outputs;
}

std::size_t plan::inputs() const noexcept {
  return state_->schema.size();
}

void plan::score(std::span<const column_view> columns, std::int64_t rows,
                 std::span<const output_memory> outputs, row_status* statuses, std::int64_t* bad_rows,
                 bool strict, const run& how) const {
  const state& held = *state_;
  const auto where = [&] { return std::string(held.description->name); };
  if (rows < 0)
    throw error(status::invalid_argument, where() + ": the number of rows is negative");
  if (columns.size() != held.schema.size())
    throw error(status::schema, where() + ": the plan has " + std::to_string(held.schema.size()) +
                                    " columns, and the call " + std::to_string(columns.size()));
  if (outputs.size() != held.outputs.size())
    throw error(status::schema, where() + ": the plan has " + std::to_string(held.outputs.size()) +
                                    " outputs, and the call " + std::to_string(outputs.size()));
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const char* why = fault_of(columns[i], rows);
    if (columns[i].type != held.schema[i].type)
      why = "is of another dtype than in the plan";
    if (why != nullptr)
      throw error(status::schema, where() + ": " + held.schema[i].name + " " + why, -1,
                  static_cast<std::int32_t>(i));
  }
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const char* why = !can_hold(outputs[i].type, held.outputs[i].what) ? "has a dtype that cannot hold it"
                      : rows > 0 && outputs[i].data == nullptr         ? "has no memory"
                      : rows > 1 && std::abs(outputs[i].stride_bytes) < width_of(outputs[i].type)
                          ? "has a stride in which its values would overlap"
                          : nullptr;
    if (why != nullptr)
      throw error(status::schema, where() + ": output " + held.outputs[i].name + " " + why, -1,
                  static_cast<std::int32_t>(i));
  }

  bool apart = true;
  for (const output_memory& out : outputs) {
    const extent written(out.data, out.stride_bytes, rows, width_of(out.type));
    apart = apart && std::none_of(columns.begin(), columns.end(), [&](const column_view& in) {
              return extent(in.data, in.stride_bytes, rows, width_of(in.type)).overlaps(written);
            });
  }
  std::atomic<std::int64_t> bad{0};
  const std::int64_t task_rows = held.task_rows(rows, how);
  const std::int64_t tasks = rows / task_rows + (rows % task_rows != 0 ? 1 : 0);
  const auto score_task = [&](std::int64_t task, void* memory) {
    const std::int64_t end = task < tasks - 1 ? (task + 1) * task_rows : rows;
    for (std::int64_t first = task * task_rows; first < end; first += rows_per_task) {
      std::array<row_status, rows_per_task>
          own; // strict mode must know the row even where the caller does not ask
      const std::int64_t count = std::min(rows_per_task, end - first);
      row_status* const into = statuses != nullptr ? statuses + first : own.data();
      const std::int64_t found = held.score_rows(columns, first, count, outputs, into, apart, memory);
      bad.fetch_add(found, std::memory_order_relaxed);
      if (strict && found > 0) {
        const std::int64_t at = std::find_if(into, into + count, is_refusal) - into;
        held.refuse(columns, first + at, into[at]);
      }
    }
  };
  if (state::on_this_thread(how))
    held.with_memory(rows, [&](void* memory) {
      for_each_task(tasks, how, [&](std::int64_t task) { score_task(task, memory); });
    });
  else
    for_each_task(tasks, how, [&](std::int64_t task) {
      held.with_memory(task_rows, [&](void* memory) { score_task(task, memory); });
    });
  if (bad_rows != nullptr)
    *bad_rows = bad.load();
}

} // namespace emptor
