#ifndef CGMP_H
#define CGMP_H

#include <gmp.h>

// What is a macro in gmp.h, as functions that Swift can call. No policy lives here.

static inline int rationale_mpz_sgn(mpz_srcptr x) { return mpz_sgn(x); }
static inline int rationale_mpq_sgn(mpq_srcptr x) { return mpq_sgn(x); }
static inline mpz_ptr rationale_mpq_numerator(mpq_ptr x) { return mpq_numref(x); }
static inline mpz_ptr rationale_mpq_denominator(mpq_ptr x) { return mpq_denref(x); }

#endif
