/*
 * timers.h - what is due, and when.
 */
#ifndef CORE_TIMERS_H
#define CORE_TIMERS_H

#include <stddef.h>
#include <stdint.h>

#include "core/ready.h"

/* One place of the heap. */
struct timer {
	int64_t when_us;
	uint64_t order;
	struct runnable *runs;
};

struct timers {
	struct timer *heap;
	int64_t first_us;		/* the earliest; INT64_MAX: none */
	uint32_t n, capacity;
	uint32_t heir;			/* will be at the root, which counts and
					   is vacant; 0: it is not */
	uint64_t armed;			/* ever: the order among equals */
};

void timers_init(struct timers *timers);
void timers_release(struct timers *timers);

/* Arms it; it is not queued, nor armed. 0 or -ENOMEM. */
int timers_add(struct timers *timers, struct runnable *r, int64_t when_us);

/* Moves what is armed, as if it were armed now. */
void timers_move(struct timers *timers, struct runnable *r, int64_t when_us);

/* Disarms it; it is armed. */
void timers_remove(struct timers *timers, struct runnable *r);

/* The earliest, of equals the one armed first; NULL when there is none. */
static inline struct runnable *
timers_first(const struct timers *timers)
{
	return timers->n > 0 ? timers->heap[timers->heir].runs : NULL;
}

static inline uint32_t
timers_count(const struct timers *timers)
{
	return timers->n - (timers->heir != 0);
}

/* When what is armed is due. */
static inline int64_t
timers_when_us(const struct timers *timers, const struct runnable *r)
{
	return timers->heap[r->slot].when_us;
}

/* Whatever is due by then goes into the queue, where it has a slot reserved:
 * the earliest first. */
void timers_expire(struct timers *timers, int64_t now_us, struct ready *ready);

/* Gives back the memory that a peak has left. */
void timers_trim(struct timers *timers);

#endif
