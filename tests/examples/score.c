/* SPDX-License-Identifier: BSL-1.0 */
/* [readme] */
#include <emptor.h>
#include <stdio.h>

int main(void) { /* the customer value matrix: what two customers bring now, and what more they could */
  const double current[] = {1200, 400}, potential[] = {800, 900};
  const char *names[] = {"current_value", "growth_potential"}, *only[] = {"class"};
  const char* cuts[] = {"current_value_cut", "1000", "growth_potential_cut", "500"};
  const emptor_column columns[] = {EMPTOR_COLUMN(current, EMPTOR_DTYPE_FLOAT64),
                                   EMPTOR_COLUMN(potential, EMPTOR_DTYPE_FLOAT64)};
  const emptor_rows rows = EMPTOR_ROWS(names, columns, 2, 2);
  int32_t classes[2];
  const emptor_output output = EMPTOR_OUTPUT(classes, EMPTOR_DTYPE_INT32);
  emptor_error error = EMPTOR_ERROR_INIT;
  emptor_plan* plan;
  if (emptor_plan_create("decision.value_matrix", 0, 0, 0, 0, &rows, cuts, 2, only, 1, &plan, &error) ||
      emptor_plan_score(plan, &rows, &output, 1, sizeof output, 0, 0, 0, 0, &error))
    return fprintf(stderr, "%s\n", error.message), 1;
  printf("%d %d\n", classes[0], classes[1]); /* 3 1: platinum, iron */
  emptor_plan_free(plan);
}
/* [readme] */
