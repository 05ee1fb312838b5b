/*
 * timers.h - deadlines without a loop, for tests of them.
 */
#ifndef TESTS_TIMERS_H
#define TESTS_TIMERS_H

#include "core/timers.h"

#include <errno.h>
#include <string.h>

#include "tests/suite.h"

enum { MANY = 1000 };

static struct timers timers;
static struct runnable items[MANY];
static int64_t when_of[MANY];

static inline void
timers_setup(void)
{
	timers_init(&timers);
	memset(items, 0, sizeof items);
}

static inline void
timers_teardown(void)
{
	timers_release(&timers);
}

static inline void
add(int i, int64_t when_us)
{
	ck_assert_int_eq(timers_add(&timers, &items[i], when_us), 0);
	when_of[i] = when_us;
}

/* The number of the first, disarmed; -1: there is none. */
static inline int
take(void)
{
	struct runnable *r = timers_any(&timers);	/* the first */

	if (r == NULL)
		return -1;
	timers_remove(&timers, r);
	return (int)(r - items);
}

/* One leaves who was first: all the others have a part from now on. */
static inline void
play_all(void)
{
	add(MANY - 1, INT64_MIN);
	ck_assert_int_eq(take(), MANY - 1);
	(void)timers_first_us(&timers);
	ck_assert_uint_eq(timers.played, timers.n);
}

#endif
