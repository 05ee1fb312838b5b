/*
 * address_space.h - a while in which the system gives no memory, for tests of
 * what is done then.
 */
#ifndef TESTS_ADDRESS_SPACE_H
#define TESTS_ADDRESS_SPACE_H

#include <sys/resource.h>

#include "tests/suite.h"

/* AddressSanitizer asks: that there is no memory is an answer, not the end. */
const char *__asan_default_options(void);
const char *
__asan_default_options(void)
{
	return "allocator_may_return_null=1";
}

/* No mapping is made until address_space_give() gets what this returns. */
static inline struct rlimit
address_space_take(void)
{
	struct rlimit before, none;

	ck_assert_int_eq(getrlimit(RLIMIT_AS, &before), 0);
	none = before;
	none.rlim_cur = 0;
	ck_assert_int_eq(setrlimit(RLIMIT_AS, &none), 0);
	return before;
}

static inline void
address_space_give(struct rlimit before)
{
	ck_assert_int_eq(setrlimit(RLIMIT_AS, &before), 0);
}

#endif
