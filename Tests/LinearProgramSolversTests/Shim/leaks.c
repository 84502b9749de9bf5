/* A thousand solves and forced failures of the shim, to be run under a leak checker. From the top
   of the package, either of

   gcc -g -O1 -fsanitize=address,undefined -ISources/CGLPK/include Sources/CGLPK/CGLPK.c \
     Tests/LinearProgramSolversTests/Shim/leaks.c -lglpk -lpthread -lm -o leaks && ./leaks

   gcc -g -O1 -ISources/CGLPK/include Sources/CGLPK/CGLPK.c \
     Tests/LinearProgramSolversTests/Shim/leaks.c -lglpk -lpthread -lm -o leaks &&
     valgrind --leak-check=full --error-exitcode=9 ./leaks

   prints counts by outcome and ends with 0 when all is as expected. */

#include "CGLPK.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROWS = 60, COLUMNS = 60, OUTCOMES = 7, SOLVES = 1000 };

typedef struct {
  int32_t offsets[ROWS + 1], columns[ROWS * COLUMNS];
  double coefficients[ROWS * COLUMNS], row_lower[ROWS], row_upper[ROWS];
  double column_lower[COLUMNS], column_upper[COLUMNS], cost[COLUMNS];
  int32_t row_status[ROWS], column_status[COLUMNS];
  rationale_glpk_problem problem;
} instance;

static uint64_t state_of(uint64_t *x) {
  *x ^= *x << 13;
  *x ^= *x >> 7;
  *x ^= *x << 17;
  return *x;
}

static double small(uint64_t *x) { return (double)(state_of(x) % 9) - 4; }

static void fill(instance *p, uint64_t seed, int rows, int columns) {
  for (int i = 0; i < ROWS; i++) p->row_status[i] = RATIONALE_GLPK_BASIC;
  for (int j = 0; j < COLUMNS; j++) p->column_status[j] = RATIONALE_GLPK_AT_LOWER;
  uint64_t x = seed * 2654435761u + 88172645463325252u;
  int count = 0;
  p->offsets[0] = 0;
  for (int i = 0; i < rows; i++) {
    for (int j = 0; j < columns; j++) {
      if (state_of(&x) % 3) continue;
      p->columns[count] = j;
      p->coefficients[count++] = small(&x);
    }
    p->offsets[i + 1] = count;
    p->row_lower[i] = state_of(&x) % 2 ? -INFINITY : small(&x);
    p->row_upper[i] = state_of(&x) % 2 ? INFINITY : 8;
  }
  for (int j = 0; j < columns; j++) {
    p->column_lower[j] = state_of(&x) % 9 ? 0 : -INFINITY;
    p->column_upper[j] = state_of(&x) % 3 ? INFINITY : 5;
    p->cost[j] = small(&x);
  }
  p->problem = (rationale_glpk_problem){
    rows, columns, p->offsets, p->columns, p->coefficients, p->row_lower, p->row_upper,
    p->column_lower, p->column_upper, p->cost};
}

static int stops_at_once(void *context) {
  (void)context;
  return 1;
}

static int solve(instance *p, rationale_glpk_options options) {
  rationale_glpk_answer answer = {.row_status = p->row_status, .column_status = p->column_status};
  return rationale_glpk_solve(&p->problem, &options, &answer);
}

// Every way of breaking a rule is refused before GLPK sees it.
static int spoil(instance *p, int kind) {
  rationale_glpk_options options = {.scales = 1, .seconds = INFINITY};
  switch (kind) {
    case 0: p->columns[0] = COLUMNS + 5; break;
    case 1: p->columns[0] = -1; break;
    case 2: p->columns[1] = p->columns[0]; break;
    case 3: p->coefficients[0] = NAN; break;
    case 4: p->coefficients[0] = INFINITY; break;
    case 5: p->cost[0] = NAN; break;
    case 6: p->row_lower[0] = NAN; break;
    case 7: p->column_lower[0] = INFINITY; break;
    case 8: p->column_lower[0] = 2, p->column_upper[0] = 1; break;
    case 9: p->offsets[1] = -3; break;
    case 10: p->problem.row_count = -1; break;
    case 11: options.method = 77; break;
    case 12: options.seconds = NAN; break;
    default:
      options.starts_from_basis = 1;
      p->row_status[0] = 99;
  }
  return solve(p, options);
}

static void *work(void *argument) {
  int *counts = argument;
  uint64_t seed = (uint64_t)counts[OUTCOMES];
  instance *p = calloc(1, sizeof *p);
  for (int k = 0; k < SOLVES / 4; k++, seed += 4) {
    rationale_glpk_options options = {
      .method = k % 3, .scales = k % 2, .seconds = INFINITY, .starts_from_basis = k % 5 == 4};
    int size = k % 7 == 6 ? ROWS : (int)(seed % 12);
    fill(p, seed, size, k % 11 == 10 ? 0 : size);
    if (k % 9 == 8) options.should_stop = stops_at_once;
    counts[solve(p, options)]++;
    // The end of memory inside GLPK: its error hook, at whatever depth it is met.
    fill(p, seed, ROWS, COLUMNS);
    options = (rationale_glpk_options){.seconds = INFINITY, .memory_megabytes = 1};
    if (k % 2) counts[solve(p, options)]++;
    fill(p, seed, ROWS, COLUMNS);
    counts[spoil(p, k % 14)]++;
    if (rationale_glpk_bytes_in_use() != 0) counts[OUTCOMES + 1]++;
  }
  free(p);
  return NULL;
}

// A program whose matrix alone passes the memory that GLPK is allowed.
static int exhausted(int rows) {
  int columns = 400;
  size_t entries = (size_t)rows * (size_t)columns;
  int32_t *offsets = calloc((size_t)rows + 1, sizeof *offsets);
  int32_t *indices = calloc(entries, sizeof *indices);
  double *values = calloc(entries, sizeof *values), *zeros = calloc(entries, sizeof *zeros);
  int32_t *statuses = calloc(entries, sizeof *statuses);
  for (int i = 0; i < rows; i++) {
    offsets[i + 1] = offsets[i] + columns;
    for (int j = 0; j < columns; j++) {
      indices[i * columns + j] = j;
      values[i * columns + j] = 1 + i * j % 7;
    }
  }
  rationale_glpk_problem problem = {
    rows, columns, offsets, indices, values, zeros, zeros, zeros, zeros, zeros};
  rationale_glpk_options options = {.seconds = INFINITY, .memory_megabytes = 1 + rows / 400};
  rationale_glpk_answer answer = {.row_status = statuses, .column_status = statuses};
  int result = rationale_glpk_solve(&problem, &options, &answer);
  if (result == RATIONALE_GLPK_FAILED) printf("GLPK said: %s\n", answer.message);
  free(offsets);
  free(indices);
  free(values);
  free(zeros);
  free(statuses);
  return result;
}

int main(void) {
  int counts[4][OUTCOMES + 2] = {{0}};
  pthread_t threads[4];
  for (int t = 0; t < 4; t++) {
    counts[t][OUTCOMES] = t;
    pthread_create(&threads[t], NULL, work, counts[t]);
  }
  int total[OUTCOMES] = {0}, left = 0;
  for (int t = 0; t < 4; t++) {
    pthread_join(threads[t], NULL);
    for (int k = 0; k < OUTCOMES; k++) total[k] += counts[t][k];
    left += counts[t][OUTCOMES + 1];
  }
  for (int rows = 100; rows <= 2000; rows += 380) total[exhausted(rows)]++;
  printf(
    "optimal %d, infeasible %d, unbounded %d, undecided %d, stopped %d, failed %d, invalid %d, "
    "calls that left memory %d\n",
    total[0], total[1], total[2], total[3], total[4], total[5], total[6], left);
  return left == 0 && total[0] && total[1] && total[2] && total[4] && total[5] &&
      total[6] == SOLVES ? 0 : 1;
}
