/*
 * timers.h - what is due, and when.
 */
#ifndef CORE_TIMERS_H
#define CORE_TIMERS_H

#include <stddef.h>
#include <stdint.h>

#include "core/ready.h"

/* What stands in a place; or has won a match, see timers.c. */
struct timer {
	int64_t when_us;
	uint64_t order;			/* UINT64_MAX: the place is vacant */
	union {
		struct runnable *runs;
		uint64_t place;		/* of a winner; the next vacant one */
	};
};

enum {
	TIMERS_SIDES = 8,		/* of a match, at most */
	TIMERS_ROUNDS = 10,		/* as many as there are places for */
	TIMERS_AHEAD = 24,		/* places: nine lines */
};
#define TIMERS_UNKNOWN UINT32_MAX	/* or none: no place is that one */

/*
 * What is armed knows its place. No deadline is before first_us: it is the
 * earliest one, or that of one who has left (first == TIMERS_UNKNOWN).
 *
 * Who comes next is order_of_0 + n in the order among equals: who takes a new
 * place writes to nothing here but n.
 */
struct timers {
	struct timer *round[TIMERS_ROUNDS + 1];	/* 0: the places */
	int final;			/* the last round */
	uint32_t n, capacity;		/* places: used so far; there are */
	uint32_t new_end;		/* new ones are taken up to here: none
					   while there is a vacant one */
	uint32_t played;		/* who stands behind has no part yet */
	uint32_t vacant;		/* used, and left: the last one */
	uint32_t left;			/* how many are vacant */
	uint32_t first;			/* who is due first, by place */
	int64_t first_us;		/* INT64_MAX: never */
	uint64_t order_of_0;
};

void timers_init(struct timers *timers);
void timers_release(struct timers *timers);

/* How many are armed. */
static inline uint32_t
timers_armed(const struct timers *timers)
{
	return timers->n - timers->left;
}

/* All of its bits are set: none is read. */
static inline void
timers_put(struct timers *timers, uint32_t at, struct runnable *r,
    int64_t when_us, uint64_t order)
{
	timers->round[0][at] = (struct timer){
		.when_us = when_us, .order = order, .runs = r,
	};
	r->slot = at;
	r->queued = false;
	r->armed = true;
	r->begun = false;
}

/* Whoever came to this place wins as far as he is the earliest. */
void timers_go_up(struct timers *timers, uint32_t place);

/* Whoever has come to this place is before all others. */
void timers_lead(struct timers *timers, uint32_t at, int64_t when_us);

/* Whether there is a new place to be taken. */
static inline bool
timers_may_append(const struct timers *timers)
{
	return timers->n < timers->new_end;
}

/* Then it is; what comes is not queued, nor armed. Some that will be taken
 * after it are fetched meanwhile, to be written to: a burst would wait for
 * them. */
static inline __attribute__((__always_inline__)) void
timers_append(struct timers *timers, struct runnable *r, int64_t when_us)
{
	uint32_t at = timers->n++;

	__builtin_prefetch(&timers->round[0][at + TIMERS_AHEAD], 1);
	timers_put(timers, at, r, when_us, timers->order_of_0 + at);
	if (__builtin_expect(when_us < timers->first_us, 0))
		timers_lead(timers, at, when_us);
}

/* The same in a place that was used before, as the last of all so far. */
static inline void
timers_put_again(struct timers *timers, uint32_t at, struct runnable *r,
    int64_t when_us)
{
	timers_put(timers, at, r, when_us, timers->order_of_0++ + timers->n);
	if (when_us < timers->first_us)
		timers_lead(timers, at, when_us);
	else if (at < timers->played &&
	    when_us <= timers->round[1][at / TIMERS_SIDES].when_us)
		timers_go_up(timers, at);
}

/* In the one that was left last. */
static inline void
timers_take_vacant(struct timers *timers, struct runnable *r, int64_t when_us)
{
	uint32_t at = timers->vacant;

	timers->vacant = (uint32_t)timers->round[0][at].place;
	if (timers->vacant == TIMERS_UNKNOWN)
		timers->new_end = timers->capacity;
	timers->left--;
	timers_put_again(timers, at, r, when_us);
}

/* Whether there is any place. */
static inline bool
timers_have_place(const struct timers *timers)
{
	return timers_may_append(timers) ||
	    timers->vacant != TIMERS_UNKNOWN;
}

/* Then one is taken. */
static inline __attribute__((__always_inline__)) void
timers_take(struct timers *timers, struct runnable *r, int64_t when_us)
{
	if (__builtin_expect(timers_may_append(timers), 1))
		timers_append(timers, r, when_us);
	else
		timers_take_vacant(timers, r, when_us);
}

/* The same where there is none yet. 0 or -ENOMEM. */
int timers_add_slowly(struct timers *timers, struct runnable *r,
    int64_t when_us);

/* The same, wherever. */
static inline int
timers_add(struct timers *timers, struct runnable *r, int64_t when_us)
{
	if (__builtin_expect(!timers_have_place(timers), 0))
		return timers_add_slowly(timers, r, when_us);
	timers_take(timers, r, when_us);
	return 0;
}

/* Moves what is armed, as if it were armed now. */
void timers_move(struct timers *timers, struct runnable *r, int64_t when_us);

/* Nobody is armed: no place was ever used. */
void timers_forget(struct timers *timers);

static inline void
timers_leave(struct timers *timers, uint32_t at)
{
	timers->round[0][at] = (struct timer){
		.when_us = INT64_MAX, .order = UINT64_MAX,
		.place = timers->vacant,
	};
	timers->vacant = at;
	timers->new_end = 0;
	timers->left++;
}

/* Nobody has it any more. */
static inline void
timers_vacate(struct timers *timers, uint32_t at)
{
	timers_leave(timers, at);
	if (timers->first == at)
		timers->first = TIMERS_UNKNOWN;
	if (timers_armed(timers) == 0)
		timers_forget(timers);
}

/* Disarms it; it is armed. Nothing refers to it any more. */
static inline void
timers_remove(struct timers *timers, struct runnable *r)
{
	uint32_t at = r->slot;

	r->armed = false;
	timers_vacate(timers, at);
}

/* When the earliest is due; INT64_MAX: never. Or before that, where more has
 * come and gone than is looked through at once: then it is asked again. */
int64_t timers_first_us(struct timers *timers);

/* One that is armed, any; NULL when there is none. */
struct runnable *timers_any(struct timers *timers);

/* When what is armed is due. */
static inline int64_t
timers_when_us(const struct timers *timers, const struct runnable *r)
{
	return timers->round[0][r->slot].when_us;
}

enum { TIMERS_LATE = 4096 };	/* have no part yet: it is time */

/* Whatever is due by then goes into the queue, where it has a slot reserved:
 * the earliest first, of equals the one armed first. */
void timers_expire_slowly(struct timers *timers, int64_t now_us,
    struct ready *ready);

static inline void
timers_expire(struct timers *timers, int64_t now_us, struct ready *ready)
{
	if (timers->first_us <= now_us ||
	    timers->n - timers->played > TIMERS_LATE)
		timers_expire_slowly(timers, now_us, ready);
}

/* Gives back the memory that a peak has left. */
void timers_trim(struct timers *timers);

#endif
