/* SPDX-License-Identifier: BSL-1.0 */
/* score MODEL ROWS: expected orders in 39 weeks, as bytes of doubles. ROWS are the columns frequency, recency and age as such
   bytes, one after the other. The test of Python compares them with its own. */
#include <emptor.h>
#include <stdio.h>
#include <stdlib.h>

static char* read_file(const char* path, long* size) {
  FILE* file = fopen(path, "rb");
  char* bytes;
  if (file == NULL || fseek(file, 0, SEEK_END) != 0)
    exit(2);
  *size = ftell(file);
  rewind(file);
  bytes = malloc((size_t)*size);
  if (bytes == NULL || fread(bytes, 1, (size_t)*size, file) != (size_t)*size)
    exit(2);
  fclose(file);
  return bytes;
}

int main(int count, char** words) {
  const char *names[] = {"frequency", "recency", "age"}, *options[] = {"horizon", "39 week"},
             *only[] = {"expected_orders"};
  emptor_error error = EMPTOR_ERROR_INIT;
  emptor_model* model = NULL;
  emptor_plan* plan = NULL;
  long model_size, size;
  if (count != 3)
    return 2;
  {
    char* bytes = read_file(words[1], &model_size);
    const double* values = (const double*)(const void*)read_file(words[2], &size);
    const int64_t n = size / (3 * (long)sizeof(double));
    double* scores = malloc((size_t)n * sizeof(double));
    const emptor_column columns[] = {EMPTOR_COLUMN(values, EMPTOR_DTYPE_FLOAT64),
                                     EMPTOR_COLUMN(values + n, EMPTOR_DTYPE_FLOAT64),
                                     EMPTOR_COLUMN(values + 2 * n, EMPTOR_DTYPE_FLOAT64)};
    const emptor_rows rows = EMPTOR_ROWS(names, columns, 3, n);
    const emptor_output output = EMPTOR_OUTPUT(scores, EMPTOR_DTYPE_FLOAT64);
    if (emptor_model_load(bytes, model_size, &model, &error) ||
        emptor_plan_create(NULL, model, NULL, NULL, 0, &rows, options, 1, only, 1, &plan, &error) ||
        emptor_plan_score(plan, &rows, &output, 1, sizeof output, EMPTOR_STRICT, NULL, NULL, NULL, &error)) {
      fprintf(stderr, "%s\n", error.message);
      return 1;
    }
    fwrite(scores, sizeof(double), (size_t)n, stdout);
    free(bytes);
    free(scores);
    free((void*)values);
  }
  emptor_plan_free(plan);
  emptor_model_free(model);
  return 0;
}
