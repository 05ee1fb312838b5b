/*
 * ready.c - the ready queue: a ring of pointers, first in, first out.
 *
 * Positions run on without end and are cut down by the mask, so a runnable
 * knows its slot and can be taken out in one step, leaving a gap. Whoever
 * makes a runnable reserves a slot for it, and a gap has one of its own until
 * it is passed or closed; capacity never falls below what is reserved, so
 * whoever pushes finds room, and does not even look.
 */
#include "core/ready.h"

#include <errno.h>

#include "core/list.h"
#include "coro/room.h"

enum { FIRST_CAPACITY = 256 };

static size_t
bytes(uint32_t capacity)
{
	return capacity * sizeof(struct runnable *);
}

static void
run_gap(struct runnable *gap)
{
	struct ready *ready = container_of(gap, struct ready, gap);

	ready->counted++;
	ready->look_at++;
	ready->reserved--;
}

int
ready_init(struct ready *ready)
{
	*ready = (struct ready){
		.mask = FIRST_CAPACITY - 1, .gap.run = run_gap,
	};
	ready->slots = room_resize(NULL, 0, bytes(FIRST_CAPACITY));
	return ready->slots != NULL ? 0 : -ENOMEM;
}

void
ready_release(struct ready *ready)
{
	room_resize(ready->slots, bytes(ready->mask + 1), 0);
}

/* Positions stay; only the mask they are cut down by changes. Not more of them
 * than the smaller ring has slots: none goes where another still stands. */
static void
move_slots(struct ready *ready, uint32_t mask)
{
	for (uint32_t i = ready->head; i != ready->tail; i++)
		ready->slots[i & mask] = ready->slots[i & ready->mask];
	ready->mask = mask;
}

static int
grow(struct ready *ready)
{
	uint32_t capacity = ready->mask + 1;
	struct runnable **slots;

	if (capacity > UINT32_MAX / 8)	/* a slot is told in 29 bits */
		return -ENOMEM;
	slots = room_resize(ready->slots, bytes(capacity),
	    bytes(capacity * 2));
	if (slots == NULL)
		return -ENOMEM;
	ready->slots = slots;
	move_slots(ready, capacity * 2 - 1);
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
		if (r == &ready->gap) {
			ready->reserved--;
			continue;
		}
		r->slot = to;
		ready->slots[to++ & ready->mask] = r;
	}
	if (turn_end == ready->tail)
		ready->turn_end = to;
	if (ready->clear_end == turn_end)
		ready->clear_end = ready->turn_end;
	ready->tail = to;
}

/* Where few were closed the next ones would soon be in the way again; but
 * nobody depends on there being more room. */
void
ready_close_gaps(struct ready *ready)
{
	uint32_t before = ready->reserved;

	compact(ready);
	if (before - ready->reserved <= ready->mask / 4)
		(void)grow(ready);
}

void
ready_trim(struct ready *ready)
{
	uint32_t capacity = ready->mask + 1, before = capacity;
	struct runnable **slots;

	compact(ready);
	while (capacity > FIRST_CAPACITY && capacity / 4 > ready->reserved)
		capacity /= 2;
	if (capacity == before)
		return;
	move_slots(ready, capacity - 1);
	slots = room_resize(ready->slots, bytes(before), bytes(capacity));
	if (slots != NULL)
		ready->slots = slots;
	else
		move_slots(ready, before - 1);
}
