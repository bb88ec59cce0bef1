// SPDX-License-Identifier: BSL-1.0
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "detail/read.hpp"

using namespace emptor;
using capi::arguments;
using capi::guard;

// The caller's outputs are read in place, like his columns.
static_assert(sizeof(emptor_output) == sizeof(output_memory));
static_assert(offsetof(emptor_output, data) == offsetof(output_memory, data));
static_assert(offsetof(emptor_output, stride_bytes) == offsetof(output_memory, stride_bytes));
static_assert(offsetof(emptor_output, validity) == offsetof(output_memory, validity));
static_assert(offsetof(emptor_output, dtype) == offsetof(output_memory, type));

template <>
inline constexpr std::size_t emptor::capi::first_size<output_memory> = first_size<emptor_output>;

namespace {

std::vector<bound_column> read_schema(const arguments& in, const emptor_rows* schema) {
  const emptor_rows rows = capi::read_rows(in, schema, "schema");
  in.array(rows.names, rows.column_count, "names");
  std::vector<bound_column> bound;
  for (std::size_t i = 0; i < static_cast<std::size_t>(rows.column_count); ++i) {
    in.given(rows.names[i], "a column's name");
    bound.push_back(
        {rows.names[i], static_cast<dtype>(capi::element(rows.columns, i, rows.column_size)->dtype)});
  }
  return bound;
}

std::vector<std::string> read_names(const arguments& in, const char* const* names, std::int32_t count) {
  in.count(count, "only_count");
  std::vector<std::string> read;
  for (std::ptrdiff_t i = 0; names != nullptr && i < count; ++i) {
    in.given(names[i], "the name of an output");
    read.emplace_back(names[i]);
  }
  return read;
}

} // namespace

extern "C" emptor_status
emptor_plan_create(const char* entry, const emptor_model* model, const char* const* slot_names,
                   const emptor_model* const* slot_models, std::int32_t slot_count, const emptor_rows* schema,
                   const char* const* options, std::int32_t option_count, const char* const* only,
                   std::int32_t only_count, emptor_plan** plan, emptor_error* error) {
  return guard(error, [&] {
    const arguments in("emptor_plan_create");
    in.empty(plan, "plan");
    if (entry == nullptr && model == nullptr)
      in.refuse("entry", "NULL", "given where there is no model");
    const auto& what = find_entry(entry != nullptr ? entry : model->held->entry.c_str());
    std::vector<std::shared_ptr<const emptor::model>> held;
    const auto slots = capi::read_slots(in, slot_names, slot_models, slot_count, &held);
    const auto columns = read_schema(in, schema);
    const auto read = capi::read_options(in, options, option_count);
    const auto wanted = read_names(in, only, only_count);
    const std::shared_ptr<capi::bound_plan> made(new capi::bound_plan{
        {what, model != nullptr ? model->held : nullptr, slots, columns, read, wanted}, std::move(held), {}});
    for (const output_info& output : made->scores.outputs())
      made->levels.push_back(capi::pointers_to(output.levels));
    *plan = new emptor_plan{made};
  });
}

extern "C" emptor_status emptor_plan_outputs(const emptor_plan* plan, std::int32_t* count,
                                             emptor_error* error) {
  return guard(error, [&] {
    const arguments in("emptor_plan_outputs");
    in.given(plan, "plan");
    in.given(count, "count");
    *count = static_cast<std::int32_t>(plan->held->scores.outputs().size());
  });
}

extern "C" emptor_status emptor_plan_output(const emptor_plan* plan, std::int32_t index,
                                            emptor_column_info* info, emptor_error* error) {
  return guard(error, [&] {
    const arguments in("emptor_plan_output");
    in.given(plan, "plan");
    in.given(info, "info");
    in.size<emptor_column_info>(info->struct_size, "info struct_size");
    in.index(index, plan->held->scores.outputs().size(), "index");
    const auto i = static_cast<std::size_t>(index);
    const output_info& output = plan->held->scores.outputs()[i];
    capi::write_info({info->struct_size, static_cast<std::int32_t>(output.type), output.name.c_str(),
                      output.unit.c_str(), nullptr, 0, output.decimals},
                     plan->held->levels[i], info);
  });
}

extern "C" emptor_status emptor_plan_score(const emptor_plan* plan, const emptor_rows* rows,
                                           const emptor_output* outputs, std::int32_t output_count,
                                           std::uint32_t output_size, std::uint32_t flags,
                                           std::uint8_t* row_statuses, std::int64_t* bad_rows,
                                           const emptor_run* how, emptor_error* error) {
  return guard(error, [&] {
    const arguments in("emptor_plan_score");
    in.given(plan, "plan");
    const emptor_rows given = capi::read_rows(in, rows, "rows");
    in.array(outputs, output_count, "outputs");
    in.size<emptor_output>(output_size, "output_size");
    in.flags(flags);
    const capi::columns_of columns(in, given);
    const auto n = static_cast<std::size_t>(output_count);
    for (std::size_t i = 0; i < n; ++i)
      in.reserved(capi::element(outputs, i, output_size)->reserved, "reserved of an output",
                  static_cast<std::int64_t>(i));
    std::vector<output_memory> copies;
    std::span<const output_memory> memory(reinterpret_cast<const output_memory*>(outputs), n);
    if (output_size != sizeof(output_memory)) {
      copies.resize(n);
      for (std::size_t i = 0; i < n; ++i)
        copies[i] = capi::read_structure<output_memory>(capi::element(outputs, i, output_size), output_size);
      memory = copies;
    }
    const capi::caller_run run(in, how);
    plan->held->scores.score(columns.views(), given.row_count, memory,
                             reinterpret_cast<row_status*>(row_statuses), bad_rows,
                             (flags & EMPTOR_STRICT) != 0, *run);
  });
}

extern "C" void emptor_plan_free(emptor_plan* plan) {
  delete plan;
}
