/*
 * rank.h - which of several timers is the earliest.
 */
#ifndef CORE_RANK_H
#define CORE_RANK_H

#include "core/timers.h"

__extension__ typedef __int128 int128;
__extension__ typedef unsigned __int128 uint128;

/* Deadline and order, to be compared at once: no processor has to guess. */
static inline int128
rank_of(const struct timer *timer)
{
	return (int128)((uint128)timer->when_us << 64 | timer->order);
}

static inline bool
rank_before(const struct timer *a, const struct timer *b)
{
	return rank_of(a) < rank_of(b);
}

/* Which of two; by arithmetic, since a guess would be wrong half the time. */
static inline const struct timer *
rank_earlier(const struct timer *a, const struct timer *b)
{
	uintptr_t differ = (uintptr_t)a ^ (uintptr_t)b;

	return (const struct timer *)((uintptr_t)a ^
	    (differ & -(uintptr_t)rank_before(b, a)));
}

/* Of eight, in pairs: three comparisons that wait for each other, not seven. */
static inline const struct timer *
rank_earliest_of_eight(const struct timer *of)
{
	return rank_earlier(rank_earlier(
	    rank_earlier(&of[0], &of[1]), rank_earlier(&of[2], &of[3])),
	    rank_earlier(
	    rank_earlier(&of[4], &of[5]), rank_earlier(&of[6], &of[7])));
}

static inline const struct timer *
rank_earliest(const struct timer *of, uint32_t n)
{
	const struct timer *first = of;

	for (uint32_t i = 1; i < n; i++)
		first = rank_earlier(first, &of[i]);
	return first;
}

#endif
