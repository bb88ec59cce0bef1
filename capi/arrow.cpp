// SPDX-License-Identifier: BSL-1.0
// Rows of Arrow as the other functions take them.
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "detail/arrow_import.hpp"
#include "detail/read.hpp"

using namespace emptor;
using capi::arguments;
using capi::arrow_columns;
using capi::arrow_fields;
using capi::arrow_owner;
using capi::guard;

struct emptor_arrow_rows {
  arrow_owner<ArrowArray> batch; ///< of a stream that had one
  arrow_columns columns;
  std::vector<std::string> names;
  std::vector<const char*> name_pointers;
  std::string table;
  emptor_rows view = EMPTOR_ROWS_INIT;
};

namespace {

std::unique_ptr<emptor_arrow_rows> rows_of(const arrow_fields& fields, arrow_columns columns,
                                           const char* table) {
  auto made = std::make_unique<emptor_arrow_rows>();
  made->columns = std::move(columns);
  for (const capi::arrow_field& field : fields.fields())
    made->names.push_back(field.name);
  made->name_pointers = capi::pointers_to(made->names);
  if (table != nullptr)
    made->table = table;
  made->view.table = table == nullptr ? nullptr : made->table.c_str();
  made->view.names = made->name_pointers.data();
  made->view.columns = reinterpret_cast<const emptor_column*>(made->columns.views.data());
  made->view.column_count = static_cast<std::int32_t>(made->columns.views.size());
  made->view.row_count = made->columns.rows;
  return made;
}

} // namespace

extern "C" emptor_status emptor_arrow_import(const ArrowSchema* schema, const ArrowArray* array,
                                             const char* const* names, std::int32_t name_count,
                                             const char* table, emptor_arrow_rows** rows,
                                             emptor_error* error) {
  return guard(error, [&] {
    const arguments in("emptor_arrow_import");
    in.empty(rows, "rows");
    in.given(schema, "schema");
    const arrow_fields fields(in.function(), *schema, names, name_count);
    *rows = rows_of(fields, capi::import_columns(fields, array), table).release();
  });
}

extern "C" emptor_status emptor_arrow_import_stream(ArrowArrayStream* stream, const char* const* names,
                                                    std::int32_t name_count, const char* table,
                                                    const emptor_run* how, emptor_arrow_rows** rows,
                                                    emptor_error* error) {
  arrow_owner<ArrowArrayStream> consumed(stream); // outside of what can fail
  return guard(error, [&] {
    const arguments in("emptor_arrow_import_stream");
    in.empty(rows, "rows");
    in.given(stream, "stream");
    capi::caller_run run(in, how);
    capi::arrow_reader from(in.function(), consumed);
    const arrow_owner<ArrowSchema> schema = from.schema();
    const arrow_fields fields(in.function(), *schema, names, name_count);
    std::vector<arrow_owner<ArrowArray>> batches;
    std::vector<arrow_columns> columns;
    std::int64_t read = 0;
    for (arrow_owner<ArrowArray> batch = from.next(); !batch.released(); batch = from.next()) {
      run.check();
      columns.push_back(capi::import_columns(fields, &*batch, read));
      if (__builtin_add_overflow(read, columns.back().rows, &read))
        throw std::length_error("more rows than 64 bits count");
      batches.push_back(std::move(batch));
    }
    if (columns.empty())
      columns.push_back(capi::import_columns(fields, nullptr));
    auto made =
        rows_of(fields, columns.size() == 1 ? std::move(columns.front()) : capi::concatenate(columns), table);
    if (batches.size() == 1)
      made->batch = std::move(batches.front());
    *rows = made.release();
  });
}

extern "C" emptor_status emptor_arrow_view(const emptor_arrow_rows* rows, const emptor_rows** view,
                                           emptor_error* error) {
  return guard(error, [&] {
    const arguments in("emptor_arrow_view");
    in.empty(view, "view");
    in.given(rows, "rows");
    *view = &rows->view;
  });
}

extern "C" void emptor_arrow_free(emptor_arrow_rows* rows) {
  delete rows;
}
