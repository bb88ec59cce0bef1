/* SPDX-License-Identifier: BSL-1.0 */
#include <emptor.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A line of a document, as the ERP has it. Columns may lie in structures: a stride leads to the next value. */
struct line {
  const char *customer, *document, *cancels;
  int32_t date, revision; /* days since 1970-01-01; of the document */
  int64_t cents;
};
static const struct line monday[] = {{"Ann", "D1", NULL, 20514, 0, 12000}, /* 2026-03-02, 120.00 */
                                     {"Bob", "D2", NULL, 20514, 0, 8000},  /* 2026-03-02 */
                                     {"Ann", "D3", NULL, 20521, 0, 6000}}; /* 2026-03-09 */
static const struct line tuesday[] = {
    {"Ann", "D1", NULL, 20514, 0, 12000}, /* repeated: changes nothing */
    {"Ann", "D3", NULL, 20521, 1, 7500},  /* changed: revision 1 replaces 0 */
    {"Bob", "C1", "D2", 20517, 0, -3000}, /* late: a credit note of the 5th */
    {"Bob", "D4", NULL, 20522, 0, 4500}}; /* new */
/* What the ERP has of all this on Tuesday night, in whatever order. */
static const struct line all[] = {{"Bob", "D4", NULL, 20522, 0, 4500},
                                  {"Bob", "C1", "D2", 20517, 0, -3000},
                                  {"Ann", "D3", NULL, 20521, 1, 7500},
                                  {"Bob", "D2", NULL, 20514, 0, 8000},
                                  {"Ann", "D1", NULL, 20514, 0, 12000}};
#define COUNT(array) ((int64_t)(sizeof(array) / sizeof *(array)))

static emptor_error error = EMPTOR_ERROR_INIT;
static void check(emptor_status status) {
  if (status) {
    fprintf(stderr, "%s\n", error.message);
    exit(1);
  }
}

/* Pushes lines into the store of `before`, or into a new one without it, and gives the store's file. */
static char* update(const char* before, int64_t size, const struct line* lines, int64_t rows,
                    int64_t* new_size) {
  static const char *names[] = {"customer", "document", "cancels", "date", "revision", "amount"},
                    *euro[] = {"default_currency", "EUR"};
  const int64_t stride = sizeof *lines;
  const emptor_column columns[] = {
      {&lines->customer, stride, NULL, 0, NULL, 0, EMPTOR_DTYPE_CSTRING, 0, 0, 0},
      {&lines->document, stride, NULL, 0, NULL, 0, EMPTOR_DTYPE_CSTRING, 0, 0, 0},
      {&lines->cancels, stride, NULL, 0, NULL, 0, EMPTOR_DTYPE_CSTRING, 0, 0, 0},
      {&lines->date, stride, NULL, 0, NULL, 0, EMPTOR_DTYPE_DATE32, 0, 0, 0},
      {&lines->revision, stride, NULL, 0, NULL, 0, EMPTOR_DTYPE_INT32, 0, 0, 0},
      {&lines->cents, stride, NULL, 0, NULL, 0, EMPTOR_DTYPE_MONEY, 0, 0, 0}};
  const emptor_rows orders = EMPTOR_ROWS(names, columns, 6, rows);
  emptor_push_report report = EMPTOR_PUSH_REPORT_INIT;
  emptor_store* store;
  char* after;
  if (before)
    check(emptor_store_load(before, size, NULL, &store, &error));
  else
    check(emptor_store_create("order_history", euro, 1, &store, &error));
  check(emptor_store_push(store, &orders, EMPTOR_STRICT, NULL, &report, NULL, &error));
  printf("%d added, %d replaced, %d repeated\n", (int)report.added, (int)report.replaced,
         (int)report.repeated);
  check(emptor_store_save(store, NULL, 0, new_size, &error)); /* tells the size */
  after = malloc((size_t)*new_size);
  check(emptor_store_save(store, after, *new_size, NULL, &error));
  emptor_store_free(store);
  return after;
}

static void print_summary(const char* file, int64_t size) {
  const char* until[] = {"until", "2026-03-10"};
  emptor_store* store;
  emptor_result* result;
  emptor_table* table;
  emptor_column customer, frequency,
      amount; /* columns 0, 1 and 8 of the table, in the order of `emptor describe` */
  int64_t rows, i;
  check(emptor_store_load(file, size, NULL, &store, &error));
  check(emptor_store_finish(store, "value.summary", until, 1, NULL, NULL, 0, NULL, NULL, &result, &error));
  check(emptor_result_table(result, "summary", &table, &error));
  check(emptor_table_rows(table, &rows, &error));
  check(emptor_table_column(table, 0, &customer, sizeof customer, NULL, &error));
  check(emptor_table_column(table, 1, &frequency, sizeof frequency, NULL, &error));
  check(emptor_table_column(table, 8, &amount, sizeof amount, NULL, &error));
  for (i = 0; i < rows; ++i) {
    const int64_t* offsets = customer.aux;
    printf("%.*s: %d repeat orders, %d cents in all\n", (int)(offsets[i + 1] - offsets[i]),
           (const char*)customer.data + offsets[i], (int)((const int64_t*)frequency.data)[i],
           (int)((const int64_t*)amount.data)[i]);
  }
  emptor_table_free(table);
  emptor_result_free(result);
  emptor_store_free(store);
}

int main(int count, char** arguments) {
  int64_t first_size, size, rebuilt_size;
  char* first = update(NULL, 0, monday, COUNT(monday), &first_size);
  char* store = update(first, first_size, tuesday, COUNT(tuesday), &size);
  char* rebuilt = update(NULL, 0, all, COUNT(all), &rebuilt_size);
  const int same = size == rebuilt_size && memcmp(store, rebuilt, (size_t)size) == 0;
  print_summary(store, size);
  printf("rebuilt from scratch: %s\n", same ? "the same bytes" : "OTHER BYTES");
  if (count > 1) { /* keep the store for tomorrow */
    FILE* file = fopen(arguments[1], "wb");
    if (!file || fwrite(store, 1, (size_t)size, file) != (size_t)size || fclose(file))
      return 1;
  }
  free(first);
  free(store);
  free(rebuilt);
  return same ? 0 : 1;
}
