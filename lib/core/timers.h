/*
 * timers.h - what is due, and when.
 */
#ifndef CORE_TIMERS_H
#define CORE_TIMERS_H

#include <stddef.h>
#include <stdint.h>

#include "core/ready.h"

/* One place of the array. */
struct timer {
	int64_t when_us;
	uint64_t order;
	struct runnable *runs;		/* NULL: the place is vacant */
};

/*
 * Places are taken up to the last that is armed. What is armed knows its own.
 * No deadline is before first_us: it is the earliest one, or that of one who
 * has left (first == TIMERS_UNKNOWN).
 */
#define TIMERS_UNKNOWN UINT32_MAX

struct timers {
	struct timer *at;
	uint32_t n, capacity;		/* places: taken; there are */
	uint32_t sorted;		/* of these are a heap, the rest has
					   come since */
	uint32_t armed;			/* how many */
	int64_t first_us;		/* INT64_MAX: never */
	uint32_t first;			/* who is due then, by place */
	uint64_t ever;			/* armed: the order among equals */
};

void timers_init(struct timers *timers);
void timers_release(struct timers *timers);

/* It has that place from now on. All of its bits are set: none is read. */
static inline void
timers_put(struct timers *timers, uint32_t at, struct runnable *r,
    int64_t when_us)
{
	timers->at[at] = (struct timer){
		.when_us = when_us, .order = timers->ever++, .runs = r,
	};
	r->slot = at;
	r->queued = false;
	r->armed = true;
	if (when_us < timers->first_us) {
		timers->first = at;
		timers->first_us = when_us;
	}
}

/* The same as below where no place is free. */
int timers_add_slowly(struct timers *timers, struct runnable *r,
    int64_t when_us);

/* Arms it; it is not queued, nor armed. 0 or -ENOMEM. */
static inline int
timers_add(struct timers *timers, struct runnable *r, int64_t when_us)
{
	if (__builtin_expect(timers->n == timers->capacity, 0))
		return timers_add_slowly(timers, r, when_us);
	timers->armed++;
	timers_put(timers, timers->n++, r, when_us);
	return 0;
}

/* Moves what is armed, as if it were armed now. */
void timers_move(struct timers *timers, struct runnable *r, int64_t when_us);

/* Nobody has it any more. */
static inline void
timers_vacate(struct timers *timers, uint32_t at)
{
	timers->at[at].runs = NULL;
	if (timers->first == at)
		timers->first = TIMERS_UNKNOWN;
}

/* The last place is vacant: those that are go. */
void timers_cut(struct timers *timers);

/* Disarms it; it is armed. Nothing refers to it any more. */
static inline void
timers_remove(struct timers *timers, struct runnable *r)
{
	uint32_t at = r->slot;

	r->armed = false;
	timers->armed--;
	timers_vacate(timers, at);
	if (at == timers->n - 1)
		timers_cut(timers);
}

/* When the earliest is due; INT64_MAX: never. */
int64_t timers_first_us(struct timers *timers);

/* One that is armed, any; NULL when there is none. */
static inline struct runnable *
timers_any(const struct timers *timers)
{
	return timers->n > 0 ? timers->at[timers->n - 1].runs : NULL;
}

/* When what is armed is due. */
static inline int64_t
timers_when_us(const struct timers *timers, const struct runnable *r)
{
	return timers->at[r->slot].when_us;
}

/* Whatever is due by then goes into the queue, where it has a slot reserved:
 * the earliest first, of equals the one armed first. */
void timers_expire_slowly(struct timers *timers, int64_t now_us,
    struct ready *ready);

static inline void
timers_expire(struct timers *timers, int64_t now_us, struct ready *ready)
{
	if (timers->first_us <= now_us)
		timers_expire_slowly(timers, now_us, ready);
}

/* Gives back the memory that a peak has left. */
void timers_trim(struct timers *timers);

#endif
