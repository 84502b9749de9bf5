#include "CGLPK.h"

#include <glpk.h>
#include <limits.h>
#include <math.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

// How an error inside GLPK comes back: GLPK calls the error hook, which jumps to the frame of
// rationale_glpk_solve on the same thread. Only frames of C and GLPK lie in between. Afterwards
// every GLPK object is lost, and glp_free_env returns the memory of all of them.

typedef struct {
  jmp_buf escape;
  const rationale_glpk_options *options;
  rationale_glpk_answer *answer;
} call_state;

// One call a thread at a time, so one pointer a thread is enough.
static _Thread_local call_state *current;

static void error_hook(void *info) {
  (void)info;
  longjmp(current->escape, RATIONALE_GLPK_FAILED);
}

// Every line that GLPK wants to print arrives here: about one in a hundred iterations, and the text
// of an error. Returning 1 says that it has been dealt with, so that nothing is printed.
static int terminal_hook(void *info, const char *text) {
  call_state *state = info;
  size_t length = strcspn(text, "\n");
  if (length >= sizeof state->answer->message) length = sizeof state->answer->message - 1;
  // After the text of an error comes a line with its place in GLPK's sources.
  if (length > 0 && strncmp(text, "Error detected", 14) != 0) {
    memcpy(state->answer->message, text, length);
    state->answer->message[length] = 0;
  }
  const rationale_glpk_options *options = state->options;
  if (options->should_stop && options->should_stop(options->context))
    longjmp(state->escape, RATIONALE_GLPK_STOPPED);
  return 1;
}

static int are_bounds_valid(const double *lower, const double *upper, int32_t count) {
  for (int32_t i = 0; i < count; i++) {
    if (isnan(lower[i]) || isnan(upper[i]) || lower[i] > upper[i]) return 0;
    if (lower[i] == INFINITY || upper[i] == -INFINITY) return 0;
  }
  return 1;
}

// Whether the matrix and the costs keep the rules; `marks` holds one 0 a column.
static int is_matrix_valid(const rationale_glpk_problem *p, int32_t *marks) {
  if (p->offsets[0] != 0) return 0;
  for (int32_t i = 0; i < p->row_count; i++) {
    if (p->offsets[i + 1] < p->offsets[i]) return 0;
    for (int32_t k = p->offsets[i]; k < p->offsets[i + 1]; k++) {
      int32_t j = p->columns[k];
      if (j < 0 || j >= p->column_count || marks[j] == i + 1) return 0;
      if (!isfinite(p->coefficients[k])) return 0;
      marks[j] = i + 1;
    }
  }
  for (int32_t j = 0; j < p->column_count; j++)
    if (!isfinite(p->cost[j])) return 0;
  return 1;
}

static int are_statuses_valid(const int32_t *status, int32_t count) {
  for (int32_t i = 0; i < count; i++)
    if (status[i] < RATIONALE_GLPK_BASIC || status[i] > RATIONALE_GLPK_FIXED) return 0;
  return 1;
}

static int is_valid(
  const rationale_glpk_problem *p, const rationale_glpk_options *o,
  const rationale_glpk_answer *a) {
  // GLPK counts to a hundred million rows or columns.
  if (p->row_count < 0 || p->column_count < 0) return 0;
  if (p->row_count > 100000000 || p->column_count > 100000000) return 0;
  if (isnan(o->seconds) || o->method < 0 || o->method > RATIONALE_GLPK_DUAL_THEN_PRIMAL) return 0;
  if (!are_bounds_valid(p->row_lower, p->row_upper, p->row_count)) return 0;
  if (!are_bounds_valid(p->column_lower, p->column_upper, p->column_count)) return 0;
  if (o->starts_from_basis) {
    if (!are_statuses_valid(a->row_status, p->row_count)) return 0;
    if (!are_statuses_valid(a->column_status, p->column_count)) return 0;
  }
  int32_t *marks = calloc((size_t)p->column_count + 1, sizeof *marks);
  if (!marks) return 0;
  int valid = is_matrix_valid(p, marks);
  free(marks);
  return valid;
}

static int bound_type(double lower, double upper) {
  if (lower == -INFINITY) return upper == INFINITY ? GLP_FR : GLP_UP;
  if (upper == INFINITY) return GLP_LO;
  return lower == upper ? GLP_FX : GLP_DB;
}

static glp_prob *build(const rationale_glpk_problem *p) {
  glp_prob *lp = glp_create_prob();
  glp_set_obj_dir(lp, GLP_MIN);
  if (p->row_count > 0) glp_add_rows(lp, p->row_count);
  if (p->column_count > 0) glp_add_cols(lp, p->column_count);
  for (int32_t i = 0; i < p->row_count; i++)
    glp_set_row_bnds(
      lp, i + 1, bound_type(p->row_lower[i], p->row_upper[i]), p->row_lower[i], p->row_upper[i]);
  for (int32_t j = 0; j < p->column_count; j++) {
    glp_set_col_bnds(
      lp, j + 1, bound_type(p->column_lower[j], p->column_upper[j]), p->column_lower[j],
      p->column_upper[j]);
    glp_set_obj_coef(lp, j + 1, p->cost[j]);
  }
  // Memory of GLPK's, so that an error loses it like everything else.
  int *indices = glp_alloc(p->column_count + 1, sizeof *indices);
  double *values = glp_alloc(p->column_count + 1, sizeof *values);
  for (int32_t i = 0; i < p->row_count; i++) {
    int length = 0;
    for (int32_t k = p->offsets[i]; k < p->offsets[i + 1]; k++) {
      if (p->coefficients[k] == 0) continue;
      length++;
      indices[length] = p->columns[k] + 1;
      values[length] = p->coefficients[k];
    }
    glp_set_mat_row(lp, i + 1, length, indices, values);
  }
  glp_free(indices);
  glp_free(values);
  return lp;
}

static int to_glpk(int32_t status) {
  static const int names[] = {GLP_BS, GLP_NL, GLP_NU, GLP_NF, GLP_NS};
  return names[status];
}

static int32_t from_glpk(int status) {
  switch (status) {
    case GLP_BS: return RATIONALE_GLPK_BASIC;
    case GLP_NL: return RATIONALE_GLPK_AT_LOWER;
    case GLP_NU: return RATIONALE_GLPK_AT_UPPER;
    case GLP_NF: return RATIONALE_GLPK_FREE;
    default: return RATIONALE_GLPK_FIXED;
  }
}

static void read_basis(glp_prob *lp, const rationale_glpk_problem *p, rationale_glpk_answer *a) {
  for (int32_t i = 0; i < p->row_count; i++) {
    a->row_status[i] = from_glpk(glp_get_row_stat(lp, i + 1));
    if (a->row_value) a->row_value[i] = glp_get_row_prim(lp, i + 1);
  }
  for (int32_t j = 0; j < p->column_count; j++) {
    a->column_status[j] = from_glpk(glp_get_col_stat(lp, j + 1));
    if (a->column_value) a->column_value[j] = glp_get_col_prim(lp, j + 1);
  }
}

static void start(
  glp_prob *lp, const rationale_glpk_problem *p, const rationale_glpk_options *o,
  const rationale_glpk_answer *a) {
  if (!o->starts_from_basis) {
    glp_adv_basis(lp, 0);
    return;
  }
  for (int32_t i = 0; i < p->row_count; i++)
    glp_set_row_stat(lp, i + 1, to_glpk(a->row_status[i]));
  for (int32_t j = 0; j < p->column_count; j++)
    glp_set_col_stat(lp, j + 1, to_glpk(a->column_status[j]));
}

static glp_smcp parameters(const rationale_glpk_options *o, int method) {
  static const int methods[] = {GLP_PRIMAL, GLP_DUAL, GLP_DUALP};
  glp_smcp smcp;
  glp_init_smcp(&smcp);
  smcp.meth = methods[method];
  smcp.msg_lev = GLP_MSG_ALL;
  smcp.out_frq = 100;
  double milliseconds = ceil(o->seconds * 1000);
  if (milliseconds < 1) milliseconds = 1;
  if (o->iterations > 0) smcp.it_lim = o->iterations;
  smcp.tm_lim = milliseconds < INT_MAX ? (int)milliseconds : INT_MAX;
  return smcp;
}

// A basis that GLPK cannot start from is replaced by one that it can.
static int run(glp_prob *lp, const glp_smcp *smcp) {
  int code = glp_simplex(lp, smcp);
  if (code == GLP_EBADB || code == GLP_ESING || code == GLP_ECOND) {
    glp_std_basis(lp);
    code = glp_simplex(lp, smcp);
  }
  return code;
}

static int outcome(glp_prob *lp, int code) {
  if (code == GLP_ETMLIM) return RATIONALE_GLPK_STOPPED;
  if (code != 0) return RATIONALE_GLPK_UNDECIDED;
  switch (glp_get_status(lp)) {
    case GLP_OPT: return RATIONALE_GLPK_OPTIMAL;
    case GLP_NOFEAS: return RATIONALE_GLPK_INFEASIBLE;
    case GLP_UNBND: return RATIONALE_GLPK_UNBOUNDED;
    default:
      return glp_get_prim_stat(lp) == GLP_NOFEAS ? RATIONALE_GLPK_INFEASIBLE
                                                 : RATIONALE_GLPK_UNDECIDED;
  }
}

static int solve(
  const rationale_glpk_problem *p, const rationale_glpk_options *o, rationale_glpk_answer *a) {
  glp_prob *lp = build(p);
  if (o->scales) glp_scale_prob(lp, GLP_SF_GM | GLP_SF_EQ | GLP_SF_2N | GLP_SF_SKIP);
  start(lp, p, o, a);
  glp_smcp smcp = parameters(o, o->method);
  int result = outcome(lp, run(lp, &smcp));
  if (
    (result == RATIONALE_GLPK_INFEASIBLE || result == RATIONALE_GLPK_UNDECIDED) &&
    o->method != RATIONALE_GLPK_PRIMAL) {
    // The dual method also ends where it finds no dual feasible point, which decides nothing; and
    // the least sum of infeasibilities, which the primal method ends with, shows why nothing is
    // feasible.
    glp_smcp primal = parameters(o, RATIONALE_GLPK_PRIMAL);
    result = outcome(lp, run(lp, &primal));
  }
  if (result == RATIONALE_GLPK_UNBOUNDED) {
    int ray = glp_get_unbnd_ray(lp);
    a->unbounded = ray > 0 ? ray - 1 : -1;
  }
  a->iterations = glp_get_it_cnt(lp);
  read_basis(lp, p, a);
  glp_delete_prob(lp);
  return result;
}

int rationale_glpk_solve(
  const rationale_glpk_problem *problem, const rationale_glpk_options *options,
  rationale_glpk_answer *answer) {
  answer->unbounded = -1;
  answer->iterations = 0;
  answer->message[0] = 0;
  if (!is_valid(problem, options, answer)) return RATIONALE_GLPK_INVALID;
  call_state state = {.options = options, .answer = answer};
  current = &state;
  int result = setjmp(state.escape);
  if (result == 0) {
    // Output stays on, since only then does GLPK call the hook; the hook swallows all of it.
    glp_term_out(GLP_ON);
    glp_term_hook(terminal_hook, &state);
    glp_error_hook(error_hook, NULL);
    if (options->memory_megabytes > 0) glp_mem_limit(options->memory_megabytes);
    result = solve(problem, options, answer);
  }
  // OPTIMAL is 0 as setjmp's first return is, but then `result` was assigned by solve.
  current = NULL;
  glp_free_env();
  return result;
}

int64_t rationale_glpk_bytes_in_use(void) {
  // Asking creates an environment, which is freed again.
  size_t bytes;
  glp_mem_usage(NULL, NULL, &bytes, NULL);
  int64_t own = (int64_t)bytes;
  glp_free_env();
  return own;
}
