#ifndef CGLPK_H
#define CGLPK_H

#include <stdint.h>

// GLPK's simplex method as one function that takes arrays and gives arrays.
//
// Nothing of GLPK is visible here, so that no caller can reach a function of it that aborts.
// Indices count from 0; GLPK's counting from 1 lives in CGLPK.c alone.
//
// Threads: GLPK keeps its environment in thread-local storage. Every call makes what it needs in
// the environment of its own thread and frees that environment before it returns, whatever
// happened, so that calls on different threads share nothing and no thread keeps anything. The
// calling thread must not hold GLPK objects of its own across a call.

// Outcomes of a call.
enum {
  RATIONALE_GLPK_OPTIMAL = 0,     // the floating-point basis looks optimal
  RATIONALE_GLPK_INFEASIBLE = 1,  // it looks like a proof that nothing is feasible
  RATIONALE_GLPK_UNBOUNDED = 2,   // it looks feasible, with a direction of unlimited gain
  RATIONALE_GLPK_UNDECIDED = 3,   // a basis that GLPK could not finish
  RATIONALE_GLPK_STOPPED = 4,     // the stop function or the time limit said so; no basis
  RATIONALE_GLPK_FAILED = 5,      // an internal error of GLPK, such as the end of memory; no basis
  RATIONALE_GLPK_INVALID = 6      // the arrays break a rule below; no basis
};

// Statuses of a row or a column in a basis.
enum {
  RATIONALE_GLPK_BASIC = 0,
  RATIONALE_GLPK_AT_LOWER = 1,
  RATIONALE_GLPK_AT_UPPER = 2,
  RATIONALE_GLPK_FREE = 3,  // not basic, without bounds
  RATIONALE_GLPK_FIXED = 4
};

enum { RATIONALE_GLPK_PRIMAL = 0, RATIONALE_GLPK_DUAL = 1, RATIONALE_GLPK_DUAL_THEN_PRIMAL = 2 };

// Minimise cost·x subject to row_lower <= A x <= row_upper, column_lower <= x <= column_upper.
//
// Rules: counts are not negative; offsets start at 0 and do not fall; a column occurs at most once
// in a row; coefficients and costs are finite; bounds are not NaN, an infinite side is ±infinity on
// the right side, and no lower bound is above its upper bound.
typedef struct {
  int32_t row_count;
  int32_t column_count;
  const int32_t *offsets;  // row_count + 1 of them
  const int32_t *columns;
  const double *coefficients;
  const double *row_lower;
  const double *row_upper;
  const double *column_lower;
  const double *column_upper;
  const double *cost;
} rationale_glpk_problem;

typedef struct {
  int method;
  int scales;             // not 0: let GLPK scale the problem on top
  int starts_from_basis;  // not 0: the statuses of the answer are read first
  double seconds;         // of time; infinity for no limit
  int32_t iterations;     // of each method, after which the basis so far is kept; 0 for no limit
  int memory_megabytes;   // that GLPK may allocate; 0 for no limit
  // Asked now and then, at the latest after some hundred iterations; not 0 stops the call. May be
  // NULL. It has to return, not to jump.
  int (*should_stop)(void *context);
  void *context;
} rationale_glpk_options;

typedef struct {
  int32_t *row_status;     // row_count of them, written (and read on a warm start)
  int32_t *column_status;  // column_count of them
  double *row_value;       // written; may be NULL
  double *column_value;    // written; may be NULL
  int32_t unbounded;       // row (its index) or column (row_count + index) of a ray, or -1
  int32_t iterations;
  char message[128];       // what GLPK said last about an internal error
} rationale_glpk_answer;

// Solves in floating point. Never aborts, prints nothing, leaves no memory behind.
int rationale_glpk_solve(
  const rationale_glpk_problem *problem, const rationale_glpk_options *options,
  rationale_glpk_answer *answer);

// The bytes that GLPK holds for the calling thread: 0 between calls. For tests.
int64_t rationale_glpk_bytes_in_use(void);

#endif
