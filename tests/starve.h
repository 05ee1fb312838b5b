/*
 * starve.h - a malloc that fails when it is told to, so that every allocation
 * of a program can fail once, by turns:
 *
 *	for (n = 0, failed = true; failed; n++) {
 *		before = starve_live();
 *		starve_after(n);
 *		r = program();
 *		failed = starve_end();
 *		ck_assert(r == 0 || r == -ENOMEM);
 *		ck_assert_int_eq(starve_live(), before);
 *	}
 *
 * Linked with starve.c, a program has no other malloc. While an allocation may
 * fail nothing is asserted: assertions allocate.
 */
#ifndef TESTS_STARVE_H
#define TESTS_STARVE_H

#include <stdbool.h>

/* False, after a line of TAP that says so, where sanitizers or Valgrind have a
 * malloc of their own: then there is nothing to test. */
bool starve_is_possible(void);

/* So many allocations succeed, and the next one does not. */
void starve_after(long n);
/* All succeed again. Returns whether one has failed. */
bool starve_end(void);

/* Allocations that are not freed. */
long starve_live(void);

#endif
