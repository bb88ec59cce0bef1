// SPDX-License-Identifier: BSL-1.0
#include "plan_state.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <memory>

#include "model.hpp"

namespace emptor {
namespace {

constexpr std::size_t max_columns = 2000;

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

} // namespace

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
    if (input.column != nullptr && input.described->what == content::id && is_integer(input.column->type))
      throw error(status::schema,
                  where + ": " + std::string(input.described->name) + " must be a text column", -1,
                  input.index);
  }

  const std::span<const column_description> all = described.score.outputs;
  std::vector<std::string_view> names;
  for (const column_description& one : all)
    names.push_back(one.name);
  option_values chosen_options(where, described.score.options, options);
  const std::string currency(self != nullptr && !chosen_options.has("currency")
                                 ? self->option_text("currency")
                                 : chosen_options.text("currency"));
  made->decimals = emptor::currency(currency).decimals();
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
                        .wide = kernels::find(described.name, kernels::chosen()),
                        .wide_stored = kernels::find_stored(described.name, kernels::chosen())};
  for (const bound_input& input : made->inputs) {
    request.inputs.push_back(std::string(input.described->name) +
                             (input.described->many ? ":" + input.label : ""));
    request.given.push_back(input.column != nullptr);
    request.types.push_back(input.column != nullptr ? input.column->type : dtype::none);
  }
  made->scores = what.bind(request);
  for (std::size_t i = 0; i < made->inputs.size(); ++i)
    if (!made->scores->reads(i))
      made->inputs[i].column = nullptr; // as if it were not there
  made->stored = made->takes_stored();
  for (const std::size_t which : made->chosen) {
    output_info info{.name = std::string(all[which].name),
                     .unit = std::string(all[which].unit),
                     .what = all[which].what,
                     .type = natural_dtype(all[which].what),
                     .levels = made->scores->levels(which)};
    if (info.levels.empty())
      info.levels.assign(all[which].levels.begin(), all[which].levels.end());
    if (info.type == dtype::money) {
      info.decimals = made->decimals;
      if (!currency.empty())
        info.unit = currency;
    }
    made->outputs.push_back(std::move(info));
  }
  const std::size_t fixed = 2 * made->inputs.size() * sizeof(score_block::input) +
                            described.score.inputs.size() * sizeof(double) +
                            2 * all.size() * sizeof(score_block::output) + 512;
  const std::size_t per_row =
      made->inputs.size() * sizeof(std::string_view) + all.size() * sizeof(double) + 1;
  made->block_rows = std::clamp<std::int64_t>(
      static_cast<std::int64_t>((detail::arena_bytes - fixed) / per_row), 1, rows_per_block);
  // Whole bytes of validity to a block, where a block has as much as a byte.
  if (made->block_rows >= 8)
    made->block_rows -= made->block_rows % 8;
  state_ = std::move(made);
}

plan::~plan() = default;

const std::vector<output_info>& plan::outputs() const noexcept {
  return state_->outputs;
}

const std::vector<bound_column>& plan::schema() const noexcept {
  return state_->schema;
}

void plan::score(std::span<const column_view> columns, std::int64_t rows,
                 std::span<const output_memory> outputs, row_status* statuses, std::int64_t* bad_rows,
                 bool strict, const run& how, std::int64_t first_row) const {
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
    if (columns[i].type != held.schema[i].type && columns[i].type != dtype::null)
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

  bool apart = true; // no output stands where an input or another output does
  for (const output_memory& out : outputs) {
    const extent written(out.data, out.stride_bytes, rows, width_of(out.type));
    const auto meets = [&](const auto& other) {
      return extent(other.data, other.stride_bytes, rows, width_of(other.type)).overlaps(written);
    };
    apart = apart && std::none_of(columns.begin(), columns.end(), meets) &&
            std::none_of(outputs.data(), &out, meets);
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
      if (found > 0)
        bad.fetch_add(found, std::memory_order_relaxed);
      if (strict && found > 0) {
        const std::int64_t at = std::find_if(into, into + count, is_refusal) - into;
        held.refuse(columns, outputs, first + at, into[at], first_row);
      }
    }
  };
  if (tasks == 1 && state::on_this_thread(how) && how.cancel == nullptr && how.progress == nullptr)
    held.with_memory(rows, [&](void* memory) { score_task(0, memory); }); // nobody else to tell of it
  else if (state::on_this_thread(how))
    held.with_memory(rows, [&](void* memory) {
      for_each_task(tasks, how, [&](std::int64_t task) { score_task(task, memory); });
    });
  else
    for_each_task(tasks, how, [&](std::int64_t task) {
      held.with_memory(std::min(task_rows, rows - task * task_rows),
                       [&](void* memory) { score_task(task, memory); });
    });
  if (bad_rows != nullptr)
    *bad_rows = bad.load();
}

} // namespace emptor
