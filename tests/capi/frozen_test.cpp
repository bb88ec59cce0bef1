// SPDX-License-Identifier: BSL-1.0
// Constants and layouts that compiled programs carry in them. A line here is never changed, only added; but a size
// rises where a version appends fields (the first ones stay in capi/detail/structures.hpp).
#include <gtest/gtest.h>

#include <cstddef>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include <emptor_arrow.h>

#include "support/places.hpp"

namespace frozen_test {
namespace {

struct frozen {
  const char* name;
  long value;
  long was;
};
#define CONSTANT(name, was)                                                                                  \
  { #name, static_cast < long>(name), was }
#define SIZE(type, was)                                                                                      \
  { "sizeof " #type, static_cast<long>(sizeof(type)), was }
#define OFFSET(type, member, was)                                                                            \
  { #type "." #member, static_cast < long>(offsetof(type, member)), was }

const frozen table[] = {
    CONSTANT(EMPTOR_ABI_MAJOR, 1),
    CONSTANT(EMPTOR_STATUS_OK, 0),
    CONSTANT(EMPTOR_STATUS_OUT_OF_MEMORY, 1),
    CONSTANT(EMPTOR_STATUS_INVALID_ARGUMENT, 2),
    CONSTANT(EMPTOR_STATUS_UNKNOWN_NAME, 3),
    CONSTANT(EMPTOR_STATUS_OPTION, 4),
    CONSTANT(EMPTOR_STATUS_SCHEMA, 5),
    CONSTANT(EMPTOR_STATUS_DATA, 6),
    CONSTANT(EMPTOR_STATUS_TOO_FEW, 7),
    CONSTANT(EMPTOR_STATUS_CONFLICT, 8),
    CONSTANT(EMPTOR_STATUS_CURRENCY, 9),
    CONSTANT(EMPTOR_STATUS_OVERFLOW, 10),
    CONSTANT(EMPTOR_STATUS_NOT_CONVERGED, 11),
    CONSTANT(EMPTOR_STATUS_FORMAT, 12),
    CONSTANT(EMPTOR_STATUS_VERSION, 13),
    CONSTANT(EMPTOR_STATUS_MISMATCH, 14),
    CONSTANT(EMPTOR_STATUS_CANCELLED, 15),
    CONSTANT(EMPTOR_STATUS_UNSUPPORTED, 16),
    CONSTANT(EMPTOR_STATUS_INTERNAL, 17),
    CONSTANT(EMPTOR_ROW_OK, 0),
    CONSTANT(EMPTOR_ROW_MISSING, 1),
    CONSTANT(EMPTOR_ROW_NOT_A_NUMBER, 2),
    CONSTANT(EMPTOR_ROW_INFINITE, 3),
    CONSTANT(EMPTOR_ROW_OUT_OF_DOMAIN, 4),
    CONSTANT(EMPTOR_ROW_NOT_INTEGER, 5),
    CONSTANT(EMPTOR_ROW_NOT_EXACT, 6),
    CONSTANT(EMPTOR_ROW_INCONSISTENT, 7),
    CONSTANT(EMPTOR_ROW_TOO_LARGE, 8),
    CONSTANT(EMPTOR_ROW_INVALID_TEXT, 9),
    CONSTANT(EMPTOR_ROW_UNKNOWN_LEVEL, 10),
    CONSTANT(EMPTOR_ROW_REPEATED, 11),
    CONSTANT(EMPTOR_ROW_SUPERSEDED, 12),
    CONSTANT(EMPTOR_ROW_CONFLICT, 13),
    CONSTANT(EMPTOR_ROW_CURRENCY, 14),
    CONSTANT(EMPTOR_ROW_NEVER, 15),
    CONSTANT(EMPTOR_ROW_UNDEFINED, 16),
    CONSTANT(EMPTOR_ROW_NO_NUMBER, 17),
    CONSTANT(EMPTOR_DTYPE_NONE, 0),
    CONSTANT(EMPTOR_DTYPE_INT8, 1),
    CONSTANT(EMPTOR_DTYPE_INT16, 2),
    CONSTANT(EMPTOR_DTYPE_INT32, 3),
    CONSTANT(EMPTOR_DTYPE_INT64, 4),
    CONSTANT(EMPTOR_DTYPE_UINT8, 5),
    CONSTANT(EMPTOR_DTYPE_FLOAT32, 6),
    CONSTANT(EMPTOR_DTYPE_FLOAT64, 7),
    CONSTANT(EMPTOR_DTYPE_BOOLEAN, 8),
    CONSTANT(EMPTOR_DTYPE_DATE32, 9),
    CONSTANT(EMPTOR_DTYPE_TIMESTAMP, 10),
    CONSTANT(EMPTOR_DTYPE_DECIMAL128, 11),
    CONSTANT(EMPTOR_DTYPE_MONEY, 12),
    CONSTANT(EMPTOR_DTYPE_UTF8, 13),
    CONSTANT(EMPTOR_DTYPE_LARGE_UTF8, 14),
    CONSTANT(EMPTOR_DTYPE_DICTIONARY, 15),
    CONSTANT(EMPTOR_DTYPE_CSTRING, 16),
    CONSTANT(EMPTOR_DTYPE_NULL, 17),
    CONSTANT(EMPTOR_COLUMN_BITS, 1),
    CONSTANT(EMPTOR_STRICT, 1),
    CONSTANT(EMPTOR_ARROW_ROW_STATUS, 2),
    SIZE(emptor_status, 4),
    SIZE(emptor_error, 512),
    OFFSET(emptor_error, struct_size, 0),
    OFFSET(emptor_error, status, 4),
    OFFSET(emptor_error, row, 8),
    OFFSET(emptor_error, column, 16),
    OFFSET(emptor_error, reserved, 20),
    OFFSET(emptor_error, message, 24),
    SIZE(emptor_column, 64),
    OFFSET(emptor_column, data, 0),
    OFFSET(emptor_column, stride_bytes, 8),
    OFFSET(emptor_column, validity, 16),
    OFFSET(emptor_column, validity_offset, 24),
    OFFSET(emptor_column, aux, 32),
    OFFSET(emptor_column, aux_length, 40),
    OFFSET(emptor_column, dtype, 48),
    OFFSET(emptor_column, flags, 52),
    OFFSET(emptor_column, unit, 56),
    OFFSET(emptor_column, reserved, 60),
    SIZE(emptor_rows, 48),
    OFFSET(emptor_rows, struct_size, 0),
    OFFSET(emptor_rows, column_size, 4),
    OFFSET(emptor_rows, table, 8),
    OFFSET(emptor_rows, names, 16),
    OFFSET(emptor_rows, columns, 24),
    OFFSET(emptor_rows, column_count, 32),
    OFFSET(emptor_rows, reserved, 36),
    OFFSET(emptor_rows, row_count, 40),
    SIZE(emptor_run, 40),
    OFFSET(emptor_run, struct_size, 0),
    OFFSET(emptor_run, threads, 4),
    OFFSET(emptor_run, cancel, 8),
    OFFSET(emptor_run, progress, 16),
    OFFSET(emptor_run, parallel_for, 24),
    OFFSET(emptor_run, user, 32),
    SIZE(emptor_push_report, 56),
    OFFSET(emptor_push_report, struct_size, 0),
    OFFSET(emptor_push_report, repeats_count_twice, 4),
    OFFSET(emptor_push_report, added, 8),
    OFFSET(emptor_push_report, replaced, 16),
    OFFSET(emptor_push_report, repeated, 24),
    OFFSET(emptor_push_report, superseded, 32),
    OFFSET(emptor_push_report, conflicts, 40),
    OFFSET(emptor_push_report, refused, 48),
    SIZE(emptor_output, 32),
    OFFSET(emptor_output, data, 0),
    OFFSET(emptor_output, stride_bytes, 8),
    OFFSET(emptor_output, validity, 16),
    OFFSET(emptor_output, dtype, 24),
    OFFSET(emptor_output, reserved, 28),
    SIZE(emptor_column_info, 40),
    OFFSET(emptor_column_info, struct_size, 0),
    OFFSET(emptor_column_info, dtype, 4),
    OFFSET(emptor_column_info, name, 8),
    OFFSET(emptor_column_info, unit, 16),
    OFFSET(emptor_column_info, levels, 24),
    OFFSET(emptor_column_info, level_count, 32),
    OFFSET(emptor_column_info, decimals, 36),
    SIZE(ArrowSchema, 72),
    OFFSET(ArrowSchema, format, 0),
    OFFSET(ArrowSchema, name, 8),
    OFFSET(ArrowSchema, metadata, 16),
    OFFSET(ArrowSchema, flags, 24),
    OFFSET(ArrowSchema, n_children, 32),
    OFFSET(ArrowSchema, children, 40),
    OFFSET(ArrowSchema, dictionary, 48),
    OFFSET(ArrowSchema, release, 56),
    OFFSET(ArrowSchema, private_data, 64),
    SIZE(ArrowArray, 80),
    OFFSET(ArrowArray, length, 0),
    OFFSET(ArrowArray, null_count, 8),
    OFFSET(ArrowArray, offset, 16),
    OFFSET(ArrowArray, n_buffers, 24),
    OFFSET(ArrowArray, n_children, 32),
    OFFSET(ArrowArray, buffers, 40),
    OFFSET(ArrowArray, children, 48),
    OFFSET(ArrowArray, dictionary, 56),
    OFFSET(ArrowArray, release, 64),
    OFFSET(ArrowArray, private_data, 72),
    SIZE(ArrowArrayStream, 40),
    OFFSET(ArrowArrayStream, get_schema, 0),
    OFFSET(ArrowArrayStream, get_next, 8),
    OFFSET(ArrowArrayStream, get_last_error, 16),
    OFFSET(ArrowArrayStream, release, 24),
    OFFSET(ArrowArrayStream, private_data, 32),
};

TEST(frozen, constants_and_layouts_are_what_they_were) {
  for (const frozen& one : table)
    EXPECT_EQ(one.value, one.was) << one.name;
}

/// A new constant is frozen with the commit that brings it.
TEST(frozen, knows_every_constant_of_the_headers) {
  std::set<std::string> known{"EMPTOR_ABI_MINOR", "EMPTOR_H", "EMPTOR_ARROW_H", "EMPTOR_API"};
  for (const frozen& one : table)
    known.insert(one.name);
  std::stringstream headers;
  for (const char* path : {"/capi/include/emptor.h", "/capi/include/emptor_arrow.h"})
    headers << std::ifstream(emptor::test::source_folder() + path).rdbuf();
  for (std::string line; std::getline(headers, line);) {
    std::istringstream words(line);
    std::string first;
    std::string second;
    std::string third;
    words >> first >> second >> third;
    const std::string name = first == "#define" ? second : second == "=" ? first : "";
    if (name.rfind("EMPTOR_", 0) == 0 && name.find('(') == std::string::npos &&
        name.find("_INIT") == std::string::npos) {
      EXPECT_EQ(known.count(name), 1U) << name;
    }
  }
}

} // namespace
} // namespace frozen_test
