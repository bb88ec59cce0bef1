/* SPDX-License-Identifier: BSL-1.0 */
/* [readme] */
/* Sorts two customers into the value matrix: what they bring today against what they could bring. */
#include <emptor.h>
#include <stdio.h>

int main(void) {
  const double current[] = {1200, 400}, potential[] = {800, 900};
  const char* const names[] = {"current_value", "growth_potential"};
  const emptor_column columns[] = {EMPTOR_COLUMN(current, EMPTOR_DTYPE_FLOAT64),
                                   EMPTOR_COLUMN(potential, EMPTOR_DTYPE_FLOAT64)};
  const emptor_rows rows = EMPTOR_ROWS(names, columns, 2, 2);
  const char* const options[] = {"current_value_cut", "1000", "growth_potential_cut", "500"};
  const char* const only[] = {"class"};
  int32_t classes[2];
  const emptor_output output = EMPTOR_OUTPUT(classes, EMPTOR_DTYPE_INT32);
  emptor_column_info info = EMPTOR_COLUMN_INFO_INIT;
  emptor_error error = EMPTOR_ERROR_INIT;
  emptor_plan* plan;

  if (emptor_plan_create("decision.value_matrix", NULL, NULL, NULL, 0, &rows, options, 2, only, 1, &plan,
                         &error) ||
      emptor_plan_output(plan, 0, &info, &error) ||
      emptor_plan_score(plan, &rows, &output, 1, sizeof output, 0, NULL, NULL, NULL, &error))
    return fprintf(stderr, "%s\n", error.message), 1;
  for (int i = 0; i < 2; ++i)
    puts(classes[i] < 0 ? "not known" : info.levels[classes[i]]); /* platinum, iron */
  emptor_plan_free(plan);
}
/* [readme] */
