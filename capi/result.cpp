// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cstring>
#include <string>

#include "detail/read.hpp"

using namespace emptor;
using capi::arguments;
using capi::guard;

namespace {

const table& chosen(const arguments& in, const std::vector<table>& tables, const char* name) {
  if (name == nullptr) {
    if (tables.size() != 1)
      in.refuse("name", "NULL", "given, for there are " + std::to_string(tables.size()) + " tables");
    return tables.front();
  }
  std::vector<std::string_view> known;
  for (const table& held : tables) {
    if (held.name() == name)
      return held;
    known.push_back(held.name());
  }
  throw unknown_name("emptor_result_table", "table", name, known);
}

} // namespace

extern "C" emptor_status emptor_result_tables(const emptor_result* result, std::int32_t* count,
                                              emptor_error* error) {
  return guard(error, [&] {
    const arguments in("emptor_result_tables");
    in.given(result, "result");
    in.given(count, "count");
    *count = static_cast<std::int32_t>(result->tables->size());
  });
}

extern "C" emptor_status emptor_result_table_name(const emptor_result* result, std::int32_t index,
                                                  const char** name, emptor_error* error) {
  return guard(error, [&] {
    const arguments in("emptor_result_table_name");
    in.empty(name, "name");
    in.given(result, "result");
    in.index(index, result->tables->size(), "index");
    *name = (*result->tables)[static_cast<std::size_t>(index)].name().c_str();
  });
}

extern "C" emptor_status emptor_result_table(const emptor_result* result, const char* name,
                                             emptor_table** table, emptor_error* error) {
  return guard(error, [&] {
    const arguments in("emptor_result_table");
    in.empty(table, "table");
    in.given(result, "result");
    const auto& wanted = chosen(in, *result->tables, name);
    std::vector<capi::level_pointers> levels;
    for (const column& held : wanted.columns())
      levels.push_back(capi::pointers_to(held.levels()));
    *table = new emptor_table{{result->tables, &wanted}, std::move(levels)};
  });
}

extern "C" emptor_status emptor_result_model(const emptor_result* result, emptor_model** model,
                                             emptor_error* error) {
  return guard(error, [&] {
    const arguments in("emptor_result_model");
    in.empty(model, "model");
    in.given(result, "result");
    if (!result->fitted)
      throw emptor::error(status::unsupported, "emptor_result_model: this result has no model");
    *model = new emptor_model{result->fitted};
  });
}

extern "C" void emptor_result_free(emptor_result* result) {
  delete result;
}

extern "C" emptor_status emptor_table_rows(const emptor_table* table, std::int64_t* rows,
                                           emptor_error* error) {
  return guard(error, [&] {
    const arguments in("emptor_table_rows");
    in.given(table, "table");
    in.given(rows, "rows");
    *rows = table->held->rows();
  });
}

extern "C" emptor_status emptor_table_columns(const emptor_table* table, std::int32_t* columns,
                                              emptor_error* error) {
  return guard(error, [&] {
    const arguments in("emptor_table_columns");
    in.given(table, "table");
    in.given(columns, "columns");
    *columns = static_cast<std::int32_t>(table->held->columns().size());
  });
}

extern "C" emptor_status emptor_table_column(const emptor_table* table, std::int32_t index,
                                             emptor_column* column, std::uint32_t column_size,
                                             emptor_column_info* info, emptor_error* error) {
  return guard(error, [&] {
    const arguments in("emptor_table_column");
    in.given(table, "table");
    in.index(index, table->held->columns().size(), "index");
    if (column != nullptr)
      in.size<emptor_column>(column_size, "column_size");
    if (info != nullptr)
      in.size<emptor_column_info>(info->struct_size, "info struct_size");
    const auto i = static_cast<std::size_t>(index);
    const auto& held = table->held->columns()[i];
    const column_view view = held.view();
    if (column != nullptr)
      std::memcpy(static_cast<void*>(column), &view, std::min<std::size_t>(sizeof view, column_size));
    if (info != nullptr)
      capi::write_info({info->struct_size, static_cast<std::int32_t>(held.type()), held.name().c_str(),
                        held.unit().c_str(), nullptr, 0, held.decimals()},
                       table->levels[i], info);
  });
}

extern "C" void emptor_table_free(emptor_table* table) {
  delete table;
}
