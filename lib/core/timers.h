/*
 * timers.h - what is due, and when.
 */
#ifndef CORE_TIMERS_H
#define CORE_TIMERS_H

#include <stddef.h>
#include <stdint.h>

#include "core/ready.h"

/* A deadline and what to run then. Armed at most once at a time. */
struct timer {
	struct runnable runnable;
	int64_t when_us;
	uint32_t place;		/* in the heap, counted from 1; 0: not armed */
};

/* One place of the heap. */
struct timer_key {
	int64_t when_us;
	uint64_t order;
	struct timer *timer;
};

struct timers {
	struct timer_key *keys;
	int64_t first_us;		/* the earliest; INT64_MAX: none */
	uint32_t n, capacity;
	uint64_t armed;		/* ever: the order among equal deadlines */
};

void timers_init(struct timers *timers);
void timers_release(struct timers *timers);

/* Arms it. 0 or -ENOMEM. */
int timers_add(struct timers *timers, struct timer *timer, int64_t when_us);

/* Disarms it; no effect when it is not armed. */
void timers_remove(struct timers *timers, struct timer *timer);

/* The earliest, of equals the one armed first; NULL when there is none. */
static inline struct timer *
timers_first(const struct timers *timers)
{
	return timers->n > 0 ? timers->keys[0].timer : NULL;
}

#endif
