// SPDX-License-Identifier: BSL-1.0
#include <string>
#include <utility>
#include <vector>

#include "detail/read.hpp"

using namespace emptor;
using capi::arguments;
using capi::guard;

namespace {

/// Columns and name of every table of the caller's array, whose stride is the struct_size of its first
/// element.
struct tables_of {
  tables_of(const arguments& in, const emptor_rows* first, std::int32_t count) {
    in.array(first, count, "tables");
    columns.reserve(static_cast<std::size_t>(count));
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
      const auto rows = capi::read_rows(in, capi::element(first, i, first->struct_size), "a table");
      if (rows.struct_size != first->struct_size)
        in.refuse("a table's struct_size", std::to_string(rows.struct_size),
                  std::to_string(first->struct_size) + " as for the first");
      columns.emplace_back(in, rows);
      tables.push_back({rows.table == nullptr ? "" : rows.table, columns.back().views(), rows.row_count});
    }
  }
  std::vector<capi::named_columns> columns;
  std::vector<named_table> tables;
};

/// The name of the one table that a model cannot do without; empty where there are several.
std::string_view only_needed(std::span<const table_description> tables) {
  std::string_view name;
  for (const table_description& one : tables) {
    if (one.optional)
      continue;
    if (!name.empty())
      return {};
    name = one.name;
  }
  return name;
}

} // namespace

extern "C" emptor_status emptor_model_create(const char* entry, const emptor_rows* tables,
                                             std::int32_t table_count, const char* const* options,
                                             std::int32_t option_count, emptor_model** model,
                                             emptor_error* error) {
  return guard(error, [&] {
    const arguments in("emptor_model_create");
    in.empty(model, "model");
    in.given(entry, "entry");
    const auto& what = find_entry(entry);
    tables_of given(in, tables, table_count);
    if (given.tables.size() == 1 && given.tables.front().name.empty())
      given.tables.front().name = only_needed(what.description->model_tables);
    const auto read = capi::read_options(in, options, option_count);
    *model = new emptor_model{create_model(what, given.tables, read)};
  });
}

extern "C" emptor_status emptor_model_entry(const emptor_model* model, const char** entry,
                                            emptor_error* error) {
  return guard(error, [&] {
    const arguments in("emptor_model_entry");
    in.empty(entry, "entry");
    in.given(model, "model");
    *entry = model->held->entry.c_str();
  });
}

extern "C" emptor_status emptor_model_tables(const emptor_model* model, emptor_result** tables,
                                             emptor_error* error) {
  return guard(error, [&] {
    const arguments in("emptor_model_tables");
    in.empty(tables, "tables");
    in.given(model, "model");
    *tables = new emptor_result{{model->held, &model->held->tables}, nullptr};
  });
}

extern "C" emptor_status emptor_model_save(const emptor_model* model, void* buffer, std::int64_t capacity,
                                           std::int64_t* needed, emptor_error* error) {
  return guard(error, [&] {
    const arguments in("emptor_model_save");
    in.given(model, "model");
    in.buffer(buffer, capacity, needed);
    const auto bytes = save(*model->held);
    in.fill(buffer, capacity, needed, bytes.data(), bytes.size());
  });
}

extern "C" emptor_status emptor_model_load(const void* bytes, std::int64_t size, emptor_model** model,
                                           emptor_error* error) {
  return guard(error, [&] {
    const arguments in("emptor_model_load");
    in.empty(model, "model");
    in.array(bytes, size, "bytes");
    *model =
        new emptor_model{load_model({static_cast<const std::byte*>(bytes), static_cast<std::size_t>(size)})};
  });
}

extern "C" emptor_status emptor_model_export(const emptor_model* model, const char* format, char* buffer,
                                             std::int64_t capacity, std::int64_t* needed,
                                             emptor_error* error) {
  return guard(error, [&] {
    const arguments in("emptor_model_export");
    in.given(model, "model");
    in.given(format, "format");
    in.buffer(buffer, capacity, needed);
    const std::string text = export_model(*model->held, format);
    in.fill(buffer, capacity, needed, text.c_str(), text.size() + 1);
  });
}

extern "C" emptor_status emptor_model_import(const char* text, std::int64_t size, const char* format,
                                             emptor_model** model, emptor_error* error) {
  return guard(error, [&] {
    const arguments in("emptor_model_import");
    in.empty(model, "model");
    in.array(text, size, "text");
    in.given(format, "format");
    *model = new emptor_model{import_model({text, static_cast<std::size_t>(size)}, format)};
  });
}

extern "C" void emptor_model_free(emptor_model* model) {
  delete model;
}
