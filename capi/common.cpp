// SPDX-License-Identifier: BSL-1.0
#include <emptor.h>

#include <emptor/catalogue.hpp>

#include "kernels/kernels.hpp"

// The numbers of the C interface are written by hand so that nobody changes them by inserting a line.
#define SAME(c, cpp) static_assert(static_cast<int>(c) == static_cast<int>(cpp))
SAME(EMPTOR_STATUS_OK, emptor::status::ok);
SAME(EMPTOR_STATUS_OUT_OF_MEMORY, emptor::status::out_of_memory);
SAME(EMPTOR_STATUS_INVALID_ARGUMENT, emptor::status::invalid_argument);
SAME(EMPTOR_STATUS_UNKNOWN_NAME, emptor::status::unknown_name);
SAME(EMPTOR_STATUS_OPTION, emptor::status::option);
SAME(EMPTOR_STATUS_SCHEMA, emptor::status::schema);
SAME(EMPTOR_STATUS_DATA, emptor::status::data);
SAME(EMPTOR_STATUS_TOO_FEW, emptor::status::too_few);
SAME(EMPTOR_STATUS_CONFLICT, emptor::status::conflict);
SAME(EMPTOR_STATUS_CURRENCY, emptor::status::currency);
SAME(EMPTOR_STATUS_OVERFLOW, emptor::status::overflow);
SAME(EMPTOR_STATUS_NOT_CONVERGED, emptor::status::not_converged);
SAME(EMPTOR_STATUS_FORMAT, emptor::status::format);
SAME(EMPTOR_STATUS_VERSION, emptor::status::version);
SAME(EMPTOR_STATUS_MISMATCH, emptor::status::mismatch);
SAME(EMPTOR_STATUS_CANCELLED, emptor::status::cancelled);
SAME(EMPTOR_STATUS_UNSUPPORTED, emptor::status::unsupported);
SAME(EMPTOR_STATUS_INTERNAL, emptor::status::internal);
SAME(EMPTOR_ROW_OK, emptor::row_status::ok);
SAME(EMPTOR_ROW_MISSING, emptor::row_status::missing);
SAME(EMPTOR_ROW_NOT_A_NUMBER, emptor::row_status::not_a_number);
SAME(EMPTOR_ROW_INFINITE, emptor::row_status::infinite);
SAME(EMPTOR_ROW_OUT_OF_DOMAIN, emptor::row_status::out_of_domain);
SAME(EMPTOR_ROW_NOT_INTEGER, emptor::row_status::not_integer);
SAME(EMPTOR_ROW_NOT_EXACT, emptor::row_status::not_exact);
SAME(EMPTOR_ROW_INCONSISTENT, emptor::row_status::inconsistent);
SAME(EMPTOR_ROW_TOO_LARGE, emptor::row_status::too_large);
SAME(EMPTOR_ROW_INVALID_TEXT, emptor::row_status::invalid_text);
SAME(EMPTOR_ROW_UNKNOWN_LEVEL, emptor::row_status::unknown_level);
SAME(EMPTOR_ROW_REPEATED, emptor::row_status::repeated);
SAME(EMPTOR_ROW_SUPERSEDED, emptor::row_status::superseded);
SAME(EMPTOR_ROW_CONFLICT, emptor::row_status::conflict);
SAME(EMPTOR_ROW_CURRENCY, emptor::row_status::currency);
SAME(EMPTOR_ROW_NEVER, emptor::row_status::never);
SAME(EMPTOR_ROW_UNDEFINED, emptor::row_status::undefined);
SAME(EMPTOR_ROW_NO_NUMBER, emptor::row_status::no_number);
SAME(EMPTOR_DTYPE_NONE, emptor::dtype::none);
SAME(EMPTOR_DTYPE_INT8, emptor::dtype::int8);
SAME(EMPTOR_DTYPE_INT16, emptor::dtype::int16);
SAME(EMPTOR_DTYPE_INT32, emptor::dtype::int32);
SAME(EMPTOR_DTYPE_INT64, emptor::dtype::int64);
SAME(EMPTOR_DTYPE_UINT8, emptor::dtype::uint8);
SAME(EMPTOR_DTYPE_FLOAT32, emptor::dtype::float32);
SAME(EMPTOR_DTYPE_FLOAT64, emptor::dtype::float64);
SAME(EMPTOR_DTYPE_BOOLEAN, emptor::dtype::boolean);
SAME(EMPTOR_DTYPE_DATE32, emptor::dtype::date32);
SAME(EMPTOR_DTYPE_TIMESTAMP, emptor::dtype::timestamp);
SAME(EMPTOR_DTYPE_DECIMAL128, emptor::dtype::decimal128);
SAME(EMPTOR_DTYPE_MONEY, emptor::dtype::money);
SAME(EMPTOR_DTYPE_UTF8, emptor::dtype::utf8);
SAME(EMPTOR_DTYPE_LARGE_UTF8, emptor::dtype::large_utf8);
SAME(EMPTOR_DTYPE_DICTIONARY, emptor::dtype::dictionary);
SAME(EMPTOR_DTYPE_CSTRING, emptor::dtype::cstring);
SAME(EMPTOR_DTYPE_NULL, emptor::dtype::null);
SAME(EMPTOR_COLUMN_BITS, emptor::column_flag_bits);
#undef SAME

// All names are literals, so their views end with a zero byte.

extern "C" const char* emptor_version(void) {
  return emptor::library_version().data();
}

extern "C" std::int32_t emptor_abi_version(void) {
  return EMPTOR_ABI_MAJOR * 65536 + EMPTOR_ABI_MINOR;
}

extern "C" const char* emptor_status_name(emptor_status status) {
  return emptor::name(static_cast<emptor::status>(status)).data();
}

extern "C" const char* emptor_row_status_name(std::uint8_t row_status) {
  return emptor::name(static_cast<emptor::row_status>(row_status)).data();
}

extern "C" const char* emptor_isa_name(void) {
  return emptor::kernels::name(emptor::kernels::chosen()).data();
}
