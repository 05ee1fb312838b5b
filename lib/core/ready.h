/*
 * ready.h - the ready queue.
 */
#ifndef CORE_READY_H
#define CORE_READY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Something the loop can run: the first member of tasks' steps, handles,
 * timers, callbacks. Queued at most once at a time, or else armed: among the
 * timers, until its deadline queues it. */
struct runnable {
	void (*run)(struct runnable *self);
	uint32_t queued : 1;
	uint32_t armed : 1;
	uint32_t begun : 1;	/* queued, as the step of a task that has
				   begun: who gives way may go there himself */
	uint32_t slot : 29;	/* its place, while it is one of these: what
				   the mask leaves of it */
};

/* Its bytes; what may be left behind them is never written to. */
enum { RUNNABLE_BYTES = sizeof(void (*)(struct runnable *)) +
    sizeof(uint32_t) };

struct ready {
	struct runnable **slots;	/* a ring */
	uint32_t mask;			/* capacity - 1; a power of two */
	uint32_t head, tail;		/* free-running; head is next to run */
	uint32_t clear_end;		/* tasks go on to the next by themselves
					   up to here: to the turn's end, or
					   not beyond head */
	uint32_t look_at;		/* and up to here turns begin by
					   themselves */
	uint32_t turn_end;		/* the turn runs up to here */
	uint32_t counted;		/* where head was when it was asked how
					   many had run; gaps do not count */
	uint32_t reserved;		/* for runnables that may come, and by
					   gaps; <= capacity */
	struct runnable gap;		/* stands where one was taken out, and
					   does nothing */
};

int ready_init(struct ready *ready);
void ready_release(struct ready *ready);

/*
 * Room for n more runnables, taken when they are made and given back when they
 * end, so that queueing itself never needs memory. 0 or -ENOMEM.
 */
int ready_reserve_slowly(struct ready *ready, uint32_t n);

static inline int
ready_reserve(struct ready *ready, uint32_t n)
{
	if (__builtin_expect(n > ready->mask + 1 - ready->reserved, 0))
		return ready_reserve_slowly(ready, n);
	ready->reserved += n;
	return 0;
}

static inline void
ready_unreserve(struct ready *ready, uint32_t n)
{
	ready->reserved -= n;
}

/* Gives back what is far more than is reserved. */
void ready_trim(struct ready *ready);

/* More is reserved than there is, by one gap. */
void ready_close_gaps(struct ready *ready);

static inline bool
ready_empty(const struct ready *ready)
{
	return ready->head == ready->tail;
}

/* What has run since it was counted. */
static inline uint32_t
ready_ran(const struct ready *ready)
{
	return ready->head - ready->counted;
}

/* The same, and from now on it is counted anew. */
static inline uint32_t
ready_count(struct ready *ready)
{
	uint32_t ran = ready_ran(ready);

	ready->counted = ready->head;
	return ran;
}

/* It is one more that has run, though it was not queued. */
static inline void
ready_ran_alone(struct ready *ready)
{
	ready->counted--;
	ready->look_at--;
}

/* Appends what is reserved for, and neither queued nor armed: there is room.
 * All of its bits are set: nothing is read. */
static inline __attribute__((__always_inline__)) void
ready_push_as(struct ready *ready, struct runnable *r, bool begun)
{
	uint32_t at = ready->tail++;

	ready->slots[at & ready->mask] = r;
	r->slot = at;
	r->queued = true;
	r->armed = false;
	r->begun = begun;
}

static inline void
ready_push(struct ready *ready, struct runnable *r)
{
	ready_push_as(ready, r, false);
}

/* Takes it out, wherever it stands; no effect when it is not queued. Its slot
 * is the gap's from here on: what it reserved is for when it comes again. */
static inline void
ready_remove(struct ready *ready, struct runnable *r)
{
	if (!r->queued)
		return;
	ready->slots[r->slot & ready->mask] = &ready->gap;
	r->queued = false;
	if (ready->reserved++ > ready->mask)
		ready_close_gaps(ready);
}

/* The turn is what is queued now. */
static inline void
ready_begin_turn(struct ready *ready)
{
	ready->turn_end = ready->clear_end = ready->tail;
}

/* And what is pushed next, right after it has begun. */
static inline void
ready_extend_turn(struct ready *ready)
{
	ready->turn_end++;
	ready->clear_end++;
}

/* So many from when it was last counted begin their turns by themselves. */
static inline void
ready_look_after(struct ready *ready, uint32_t n)
{
	ready->look_at = ready->counted + n;
}

/* The next turn does not begin by itself. */
static inline void
ready_look_soon(struct ready *ready)
{
	ready->look_at = ready->head;
}

/* Nor does anybody in this one go on to the next by himself. */
static inline void
ready_watch(struct ready *ready)
{
	ready->clear_end = ready->look_at = ready->head;
}

/* Whether the next of the turn may be gone on to, with no look around. */
static inline bool
ready_is_clear(const struct ready *ready)
{
	return (int32_t)(ready->head - ready->clear_end) < 0;
}

/* A turn is over. Whether the next, of whatever is queued, may begin with no
 * look around. */
static inline bool
ready_may_turn(const struct ready *ready)
{
	return (int32_t)(ready->head - ready->look_at) < 0;
}

static inline bool
ready_turn_is_over(const struct ready *ready)
{
	return ready->head == ready->turn_end;
}

/* What stands first in a queue that is not empty. It is left there. */
static inline struct runnable *
ready_first(const struct ready *ready)
{
	return ready->slots[ready->head & ready->mask];
}

/* The next of the turn, or a gap, left there; NULL: the turn is over. */
static inline struct runnable *
ready_peek(const struct ready *ready)
{
	return ready_turn_is_over(ready) ? NULL : ready_first(ready);
}

/* What comes soon is fetched meanwhile. (A slot past the last is as good as
 * any: to fetch does no harm.) Always inline: a call of a function that seems
 * to do nothing is removed. */
static inline __attribute__((__always_inline__)) void
ready_look_ahead(const struct ready *ready)
{
	__builtin_prefetch(ready->slots[(ready->head + 3) & ready->mask]);
}

/* Takes what stands first. */
static inline void
ready_take(struct ready *ready, struct runnable *r)
{
	r->slot = 0;
	r->queued = false;
	r->armed = false;
	r->begun = false;
	ready->head++;
}

#endif
