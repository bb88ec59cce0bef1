/* SPDX-License-Identifier: BSL-1.0 */
/* From the orders of a company to the probability that each customer is still one. Strict C90. */
#include <emptor.h>
#include <stdio.h>

/* The table of orders as a program has it: customer, day (days since 1970-01-01; 19723 is 2024-01-01), cents. */
struct order {
  int32_t customer;
  int32_t date;
  int64_t cents;
};
static const struct order orders[] = {
    {1, 19812, 10710},  {1, 19835, 10230},  {1, 19855, 7070},   {1, 19857, 7220},   {2, 19756, 21280},
    {2, 19778, 9820},   {2, 19832, 17090},  {2, 19848, 19800},  {2, 19898, 34820},  {2, 19933, 15090},
    {3, 19769, 4980},   {4, 19755, 6000},   {5, 19882, 8430},   {5, 19922, 16530},  {6, 19769, 35530},
    {6, 19770, 17210},  {6, 19772, 17340},  {7, 19781, 4070},   {8, 19848, 16200},  {8, 19911, 6930},
    {8, 19913, 9820},   {8, 19914, 7190},   {9, 19760, 13980},  {9, 19783, 11910},  {9, 19836, 8550},
    {9, 19846, 11110},  {9, 19896, 9700},   {10, 19831, 10280}, {11, 19777, 14750}, {11, 19781, 4130},
    {11, 19803, 9780},  {11, 19804, 6200},  {11, 19811, 12830}, {11, 19822, 7220},  {11, 19835, 14680},
    {11, 19837, 12790}, {11, 19849, 7100},  {11, 19869, 23650}, {11, 19873, 13590}, {11, 19895, 6490},
    {12, 19761, 9600},  {12, 19770, 7020},  {13, 19875, 2320},  {14, 19819, 5290},  {14, 19823, 8550},
    {15, 19741, 6080},  {16, 19805, 14880}, {16, 19815, 13180}, {3, 19937, 3000}};
#define ORDERS ((int64_t)(sizeof orders / sizeof *orders))
#define CUSTOMERS 100 /* room for the scores; a program takes it from emptor_table_rows */

static emptor_error error = EMPTOR_ERROR_INIT;

/* A column that lies in an array of structures: the stride leads to the next value. */
static emptor_column column_of(const void* first, int64_t stride, int32_t dtype) {
  emptor_column made = EMPTOR_COLUMN_INIT;
  made.data = first;
  made.stride_bytes = stride;
  made.dtype = dtype;
  return made;
}

/* Columns 0 to 3 of the summary, as rows for a fit or a score: they are lent, not copied. */
static emptor_status summary_rows(const emptor_table* summary, emptor_column* columns, emptor_rows* rows) {
  static const char* const names[] = {"customer", "frequency", "recency", "age"};
  emptor_status status = emptor_table_rows(summary, &rows->row_count, &error);
  int32_t i;
  for (i = 0; i < 4 && !status; ++i)
    status = emptor_table_column(summary, i, &columns[i], sizeof *columns, NULL, &error);
  rows->names = names + 1; /* models ask for frequency, recency and age; the customer is printed */
  rows->columns = columns + 1;
  rows->column_count = 3;
  return status;
}

/* 1. Orders go into a store; the summary of each customer comes out. */
static emptor_status summarise(emptor_table** summary) {
  static const char* const names[] = {"customer", "date", "amount"};
  static const char* const euro[] = {"default_currency", "EUR"};
  static const char* const until[] = {"until", "2024-07-31", "unit", "week"};
  emptor_column columns[3];
  emptor_rows rows = EMPTOR_ROWS_INIT;
  emptor_push_report report = EMPTOR_PUSH_REPORT_INIT;
  emptor_store* store = NULL;
  emptor_result* result = NULL;
  emptor_status status;
  columns[0] = column_of(&orders->customer, sizeof *orders, EMPTOR_DTYPE_INT32);
  columns[1] = column_of(&orders->date, sizeof *orders, EMPTOR_DTYPE_DATE32);
  columns[2] = column_of(&orders->cents, sizeof *orders, EMPTOR_DTYPE_MONEY);
  rows.names = names;
  rows.columns = columns;
  rows.column_count = 3;
  rows.row_count = ORDERS;
  status = emptor_store_create("order_history", euro, 1, &store, &error);
  if (!status)
    status = emptor_store_push(store, &rows, EMPTOR_STRICT, NULL, &report, NULL, &error);
  if (!status)
    status =
        emptor_store_finish(store, "value.summary", until, 2, NULL, NULL, 0, NULL, NULL, &result, &error);
  if (!status)
    status = emptor_result_table(result, "summary", summary, &error);
  emptor_result_free(result);
  emptor_store_free(store);
  return status;
}

/* 2. The summary goes into a store of rows; the fitted model comes out. */
static emptor_status fit(const emptor_rows* customers, emptor_model** model) {
  static const char* const entry[] = {"entry", "value.pareto_nbd"};
  static const char* const week[] = {"unit", "week"};
  emptor_run run = EMPTOR_RUN_INIT;
  emptor_store* store = NULL;
  emptor_result* result = NULL;
  emptor_status status = emptor_store_create("rows", entry, 1, &store, &error);
  run.threads = 0; /* all cores: the same bits as with one */
  if (!status)
    status = emptor_store_push(store, customers, EMPTOR_STRICT, NULL, NULL, &run, &error);
  if (!status)
    status =
        emptor_store_finish(store, "value.pareto_nbd", week, 1, NULL, NULL, 0, NULL, &run, &result, &error);
  if (!status)
    status = emptor_result_model(result, model, &error);
  emptor_result_free(result);
  emptor_store_free(store);
  return status;
}

/* 3. A plan of the model scores row after row into the caller's memory. */
static emptor_status score(const emptor_model* model, const emptor_rows* customers, double* alive,
                           double* expected) {
  static const char* const horizon[] = {"horizon", "4 week"};
  static const char* const only[] = {"probability_alive", "expected_orders"};
  emptor_output outputs[2];
  const emptor_output nothing = EMPTOR_OUTPUT_INIT;
  emptor_plan* plan = NULL;
  emptor_status status;
  outputs[0] = outputs[1] = nothing;
  outputs[0].data = alive;
  outputs[1].data = expected;
  outputs[0].stride_bytes = outputs[1].stride_bytes = sizeof *alive;
  outputs[0].dtype = outputs[1].dtype = EMPTOR_DTYPE_FLOAT64;
  status = emptor_plan_create(NULL, model, NULL, NULL, 0, customers, horizon, 1, only, 2, &plan, &error);
  if (!status)
    status = emptor_plan_score(plan, customers, outputs, 2, sizeof *outputs, 0, NULL, NULL, NULL, &error);
  emptor_plan_free(plan);
  return status;
}

int main(void) {
  emptor_table* summary = NULL;
  emptor_model* model = NULL;
  emptor_column columns[4];
  emptor_rows customers = EMPTOR_ROWS_INIT;
  static double alive[CUSTOMERS], expected[CUSTOMERS];
  int64_t row;
  const int failed = summarise(&summary) || summary_rows(summary, columns, &customers) ||
                     customers.row_count > CUSTOMERS || fit(&customers, &model) ||
                     score(model, &customers, alive, expected);
  if (failed)
    fprintf(stderr, "%s\n", error.message);
  for (row = 0; !failed && row < customers.row_count; ++row) {
    const int64_t* offsets = (const int64_t*)columns[0].aux; /* where each text begins and ends */
    printf("%.*s: P(alive) %.3f, orders in four weeks %.3f\n", (int)(offsets[row + 1] - offsets[row]),
           (const char*)columns[0].data + offsets[row], alive[row], expected[row]);
  }
  emptor_model_free(model);
  emptor_table_free(summary);
  return failed;
}
