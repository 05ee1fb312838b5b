/*
 * ready.c - the ready queue: a ring of pointers, first in, first out.
 *
 * Positions run on without end and are cut down by the mask, so a runnable
 * knows its slot and can be taken out in one step, leaving a gap. Whoever
 * makes a runnable reserves a slot for it; capacity never falls below what is
 * reserved, so a full ring always has gaps to close, and pushing cannot fail.
 */
#include "core/ready.h"

#include <errno.h>
#include <stdlib.h>

enum { FIRST_CAPACITY = 256 };

int
ready_init(struct ready *ready)
{
	*ready = (struct ready){ .mask = FIRST_CAPACITY - 1 };
	ready->slots = calloc(FIRST_CAPACITY, sizeof *ready->slots);
	return ready->slots != NULL ? 0 : -ENOMEM;
}

void
ready_release(struct ready *ready)
{
	free(ready->slots);
}

static int
grow(struct ready *ready)
{
	uint32_t capacity = ready->mask + 1;
	struct runnable **slots;

	if (capacity > UINT32_MAX / 8)	/* a slot is told in 30 bits */
		return -ENOMEM;
	slots = calloc(capacity * 2, sizeof *slots);
	if (slots == NULL)
		return -ENOMEM;
	/* Positions stay; only the mask they are cut down by changes. */
	for (uint32_t i = ready->head; i != ready->tail; i++)
		slots[i & (capacity * 2 - 1)] = ready->slots[i & ready->mask];
	free(ready->slots);
	ready->slots = slots;
	ready->mask = capacity * 2 - 1;
	return 0;
}

int
ready_reserve_slowly(struct ready *ready, uint32_t n)
{
	while (ready->reserved + n > ready->mask + 1) {
		int r = grow(ready);

		if (r < 0)
			return r;
	}
	ready->reserved += n;
	return 0;
}

static void
compact(struct ready *ready)
{
	uint32_t to = ready->head, turn_end = ready->turn_end;

	for (uint32_t from = ready->head; from != ready->tail; from++) {
		struct runnable *r = ready->slots[from & ready->mask];

		if (from == turn_end)
			ready->turn_end = to;
		if (r == NULL)
			continue;
		r->slot = to;
		ready->slots[to++ & ready->mask] = r;
	}
	if (turn_end == ready->tail)
		ready->turn_end = to;
	ready->tail = to;
}

void
ready_push_slowly(struct ready *ready, struct runnable *r)
{
	compact(ready);
	ready_push(ready, r);
}
