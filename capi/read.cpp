// SPDX-License-Identifier: BSL-1.0
#include "detail/read.hpp"

#include <cstddef>
#include <type_traits>

#include <emptor/core/read.hpp>

namespace emptor::capi {

namespace {
constexpr std::int32_t max_threads = 1024; // more is a mistake, which must not take the machine down
}

template <>
inline constexpr std::size_t first_size<column_view> = first_size<emptor_column>;

// A caller's columns are read in place as column_view: one layout, under two names.
static_assert(sizeof(emptor_column) == sizeof(column_view) && alignof(emptor_column) == alignof(column_view));
static_assert(std::is_trivially_copyable_v<column_view>);
static_assert(offsetof(emptor_column, data) == offsetof(column_view, data));
static_assert(offsetof(emptor_column, stride_bytes) == offsetof(column_view, stride_bytes));
static_assert(offsetof(emptor_column, validity) == offsetof(column_view, validity));
static_assert(offsetof(emptor_column, validity_offset) == offsetof(column_view, validity_offset));
static_assert(offsetof(emptor_column, aux) == offsetof(column_view, aux));
static_assert(offsetof(emptor_column, aux_length) == offsetof(column_view, aux_length));
static_assert(offsetof(emptor_column, dtype) == offsetof(column_view, type));
static_assert(offsetof(emptor_column, flags) == offsetof(column_view, flags));
static_assert(offsetof(emptor_column, unit) == offsetof(column_view, unit));
static_assert(offsetof(emptor_column, reserved) == offsetof(column_view, reserved));

emptor_rows read_rows(const arguments& in, const emptor_rows* rows, std::string_view what) {
  in.given(rows, what);
  in.size<emptor_rows>(rows->struct_size, "struct_size of rows");
  const auto ours = read_structure<emptor_rows>(rows, rows->struct_size);
  in.size<emptor_column>(ours.column_size, "column_size");
  in.reserved(ours.reserved, "reserved of rows");
  in.array(ours.columns, ours.column_count, "columns");
  in.count(ours.row_count, "row_count");
  for (std::size_t i = 0; i < static_cast<std::size_t>(ours.column_count); ++i) {
    const auto* column = element(ours.columns, i, ours.column_size);
    in.reserved(column->reserved, "reserved of a column", static_cast<std::int64_t>(i));
    if ((column->flags & ~static_cast<std::uint32_t>(EMPTOR_COLUMN_BITS)) != 0)
      in.refuse("flags of a column", std::to_string(column->flags), "EMPTOR_COLUMN_BITS or 0",
                static_cast<std::int64_t>(i));
  }
  return ours;
}

columns_of::columns_of(const arguments& in, const emptor_rows& rows) {
  const auto n = static_cast<std::size_t>(rows.column_count);
  const auto dictionary_of = [](const column_view& view) {
    return view.type == dtype::dictionary ? static_cast<const emptor_column*>(view.aux) : nullptr;
  };
  if (rows.column_size == sizeof(column_view)) {
    views_ = {reinterpret_cast<const column_view*>(rows.columns), n};
  } else {
    copies_.resize(2 * n);
    for (std::size_t i = 0; i < n; ++i) {
      copies_[i] = read_structure<column_view>(element(rows.columns, i, rows.column_size), rows.column_size);
      if (const emptor_column* dictionary = dictionary_of(copies_[i]); dictionary != nullptr) {
        copies_[n + i] = read_structure<column_view>(dictionary, rows.column_size);
        copies_[i].aux = &copies_[n + i];
      }
    }
    views_ = {copies_.data(), n};
  }
  for (std::size_t i = 0; i < n; ++i) {
    const auto index = static_cast<std::int64_t>(i);
    if (views_[i].validity_offset < 0)
      in.refuse("validity_offset", std::to_string(views_[i].validity_offset), ">= 0", index);
    if (views_[i].aux_length < 0)
      in.refuse("aux_length", std::to_string(views_[i].aux_length), ">= 0", index);
    if (const emptor_column* dictionary = dictionary_of(views_[i]); dictionary != nullptr)
      in.reserved(dictionary->reserved, "reserved of a dictionary", index);
  }
}

named_columns::named_columns(const arguments& in, const emptor_rows& rows)
    : columns_(in, rows) {
  in.array(rows.names, rows.column_count, "names");
  views_.reserve(columns_.views().size());
  for (const column_view& view : columns_.views()) {
    const char* name = rows.names[views_.size()];
    in.given(name, "a column's name");
    views_.push_back({name, view});
  }
}

std::vector<option> read_options(const arguments& in, const char* const* options, std::int32_t count) {
  in.array(options, count, "options");
  std::vector<option> read;
  read.reserve(static_cast<std::size_t>(count));
  for (std::ptrdiff_t i = 0; i < count; ++i) {
    in.given(options[2 * i], "an option's name");
    in.given(options[2 * i + 1], "an option's value");
    read.push_back({options[2 * i], options[2 * i + 1]});
  }
  return read;
}

std::vector<filled_slot> read_slots(const arguments& in, const char* const* names,
                                    const emptor_model* const* models, std::int32_t count,
                                    std::vector<std::shared_ptr<const model>>* held) {
  in.array(names, count, "slot_names");
  in.array(models, count, "slot_models");
  std::vector<filled_slot> slots;
  slots.reserve(static_cast<std::size_t>(count));
  for (std::ptrdiff_t i = 0; i < count; ++i) {
    in.given(names[i], "a slot's name");
    in.given(models[i], "a slot's model");
    slots.push_back({names[i], models[i]->held.get()});
    if (held != nullptr)
      held->push_back(models[i]->held);
  }
  return slots;
}

std::vector<std::string> read_keys(const arguments& in, const emptor_rows* keys) {
  static constexpr column_description id{.name = "id", .what = content::id};
  const emptor_rows rows = read_rows(in, keys, "keys");
  if (rows.column_count != 1)
    in.refuse("keys column count", std::to_string(rows.column_count), "1");
  const columns_of columns(in, rows);
  const column_view& column = columns.views().front();
  check_column(column, rows.row_count, "keys", 0);
  if (!accepts(id.what, column.type))
    throw error(status::schema,
                "keys are " + std::string(name(column.type)) + ", but must be text or integers", -1, 0);
  std::vector<std::string> read;
  for (std::int64_t row = 0; row < rows.row_count; ++row) {
    cell value;
    if (const row_status why = read_cell(id, column, row, 0, 0, value); why != row_status::ok)
      throw refused_cell("keys", id, column, row, 0, why);
    read.push_back(is_text(column.type) ? std::string(value.text) : std::to_string(value.whole));
  }
  return read;
}

caller_run::caller_run(const arguments& in, const emptor_run* how) {
  if (how == nullptr)
    return;
  in.size<emptor_run>(how->struct_size, "run struct_size");
  theirs_ = read_structure<emptor_run>(how, how->struct_size);
  if (theirs_.threads < 0 || theirs_.threads > max_threads)
    in.refuse("threads", std::to_string(theirs_.threads), "in [0, " + std::to_string(max_threads) + "]");
  look();
  ours_.threads = theirs_.threads;
  ours_.cancel = &cancelled_;
  ours_.progress = progress;
  ours_.parallel_for = theirs_.parallel_for != nullptr ? parallel_for : nullptr;
  ours_.user = this;
}

void caller_run::look() noexcept {
  if (theirs_.cancel != nullptr && __atomic_load_n(theirs_.cancel, __ATOMIC_RELAXED) != 0)
    cancelled_.store(1, std::memory_order_relaxed);
}

void caller_run::check() {
  look();
  if (ours_.cancelled())
    throw error(status::cancelled, "cancelled by the caller");
}

void caller_run::progress(double share, void* self) {
  auto& how = *static_cast<caller_run*>(self);
  how.look();
  if (how.theirs_.progress != nullptr)
    how.theirs_.progress(share, how.theirs_.user);
}

void caller_run::parallel_for(std::int64_t tasks, void (*body)(void* context, std::int64_t task),
                              void* context, void* self) {
  struct watched {
    caller_run& how;
    void (*body)(void* context, std::int64_t task);
    void* context;
  } each{*static_cast<caller_run*>(self), body, context};
  each.how.theirs_.parallel_for(
      tasks,
      [](void* of, std::int64_t task) {
        const auto& one = *static_cast<watched*>(of);
        one.how.look();
        one.body(one.context, task);
      },
      &each, each.how.theirs_.user);
}

} // namespace emptor::capi
