/* SPDX-License-Identifier: BSL-1.0 */
/* How a table is read: orders go into a store, the summary of each customer comes out, cell by cell. */
#include <emptor.h>
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

static void print_cell(const emptor_column* column, const emptor_column_info* info, int64_t row) {
  const int64_t bit = column->validity_offset + row;
  const void* value = (const char*)column->data + row * column->stride_bytes; /* of all types but texts */
  if (column->validity && !(column->validity[bit / 8] >> (bit % 8) & 1))
    printf("null");
  else if (column->dtype ==
           EMPTOR_DTYPE_LARGE_UTF8) { /* bytes, and where each text begins and ends in them */
    const int64_t* offsets = column->aux;
    printf("%.*s", (int)(offsets[row + 1] - offsets[row]), (const char*)column->data + offsets[row]);
  } else if (column->dtype == EMPTOR_DTYPE_INT32) /* a code: the number of a level */
    printf("%s", info->levels[*(const int32_t*)value]);
  else if (column->dtype == EMPTOR_DTYPE_DATE32) { /* days since 1970 */
    const time_t seconds = (time_t)(*(const int32_t*)value) * 86400;
    char text[11];
    strftime(text, sizeof text, "%Y-%m-%d", gmtime(&seconds));
    printf("%s", text);
  } else if (column->dtype == EMPTOR_DTYPE_MONEY) /* exact, in minor units with so many decimals */
    printf("%" PRId64 "e-%d %s", *(const int64_t*)value, info->decimals, info->unit);
  else if (column->dtype == EMPTOR_DTYPE_INT64)
    printf("%" PRId64, *(const int64_t*)value);
  else if (column->dtype == EMPTOR_DTYPE_FLOAT64)
    printf("%g", *(const double*)value);
  else if (column->dtype == EMPTOR_DTYPE_BOOLEAN)
    printf("%s", *(const uint8_t*)value ? "true" : "false");
}

static emptor_status print_table(const emptor_result* result, const char* name, emptor_error* error) {
  emptor_table* table;
  int64_t rows = 0, row;
  int32_t columns = 0, i;
  emptor_status status = emptor_result_table(result, name, &table, error);
  if (!status)
    status = emptor_table_rows(table, &rows, error);
  if (!status)
    status = emptor_table_columns(table, &columns, error);
  for (row = 0; row < rows && !status; ++row) {
    printf("%s %" PRId64 ":", name, row);
    for (i = 0; i < columns && !status; ++i) {
      emptor_column column;
      emptor_column_info info = EMPTOR_COLUMN_INFO_INIT;
      if ((status = emptor_table_column(table, i, &column, sizeof column, &info, error)) ==
          EMPTOR_STATUS_OK) {
        printf("  %s ", info.name);
        print_cell(&column, &info, row);
      }
    }
    printf("\n");
  }
  emptor_table_free(table);
  return status;
}

int main(void) {
  const char *names[] = {"customer", "date", "amount"}, *customers[] = {"Ann", "Bob", "Ann"};
  const int32_t dates[] = {20514, 20515, 20521}; /* 2026-03-02, -03, -09 */
  const int64_t cents[] = {12000, 8050, 7500};
  const char *euro[] = {"default_currency", "EUR"}, *until[] = {"until", "2026-03-10"};
  const emptor_column columns[] = {EMPTOR_COLUMN(customers, EMPTOR_DTYPE_CSTRING),
                                   EMPTOR_COLUMN(dates, EMPTOR_DTYPE_DATE32),
                                   EMPTOR_COLUMN(cents, EMPTOR_DTYPE_MONEY)};
  const emptor_rows orders = EMPTOR_ROWS(names, columns, 3, 3);
  emptor_error error = EMPTOR_ERROR_INIT;
  emptor_store* store = NULL;
  emptor_result* result = NULL;
  const int failed =
      emptor_store_create("order_history", euro, 1, &store, &error) ||
      emptor_store_push(store, &orders, EMPTOR_STRICT, NULL, NULL, NULL, &error) ||
      emptor_store_finish(store, "value.summary", until, 1, NULL, NULL, 0, NULL, NULL, &result, &error) ||
      print_table(result, "summary", &error) || print_table(result, "totals", &error);
  if (failed)
    fprintf(stderr, "%s\n", error.message);
  emptor_result_free(result);
  emptor_store_free(store);
  return failed;
}
