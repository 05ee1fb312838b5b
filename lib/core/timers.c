/*
 * timers.c - a heap of deadlines, four children to a node.
 *
 * Keys stand in the array beside their timers, so that comparing touches no
 * timer; each timer knows its place, so that disarming does not search. Equal
 * deadlines keep the order in which they were armed.
 */
#include "core/timers.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

enum { CHILDREN = 4, FIRST_CAPACITY = 64 };

static bool
before(const struct timer_key *a, const struct timer_key *b)
{
	if (a->when_us != b->when_us)
		return a->when_us < b->when_us;
	return a->order < b->order;
}

static void
put(struct timers *timers, uint32_t at, struct timer_key key)
{
	timers->keys[at] = key;
	key.timer->place = at + 1;
}

/* The hole at `at` rises until key may fill it. */
static void
rise(struct timers *timers, uint32_t at, struct timer_key key)
{
	while (at > 0) {
		uint32_t parent = (at - 1) / CHILDREN;

		if (!before(&key, &timers->keys[parent]))
			break;
		put(timers, at, timers->keys[parent]);
		at = parent;
	}
	put(timers, at, key);
}

/* The first of the children of `at`; n when it has none. */
static uint32_t
first_child(const struct timers *timers, uint32_t at)
{
	uint32_t child = at * CHILDREN + 1, first = child;

	for (uint32_t i = 1; i < CHILDREN && child + i < timers->n; i++)
		if (before(&timers->keys[child + i], &timers->keys[first]))
			first = child + i;
	return first < timers->n ? first : timers->n;
}

/* The hole at `at` sinks until key may fill it. */
static void
sink(struct timers *timers, uint32_t at, struct timer_key key)
{
	for (;;) {
		uint32_t child = first_child(timers, at);

		if (child == timers->n ||
		    !before(&timers->keys[child], &key))
			break;
		put(timers, at, timers->keys[child]);
		at = child;
	}
	put(timers, at, key);
}

static void
note_first(struct timers *timers)
{
	timers->first_us = timers->n > 0 ? timers->keys[0].when_us : INT64_MAX;
}

void
timers_init(struct timers *timers)
{
	*timers = (struct timers){ .first_us = INT64_MAX };
}

void
timers_release(struct timers *timers)
{
	free(timers->keys);
}

int
timers_add(struct timers *timers, struct timer *timer, int64_t when_us)
{
	if (timers->n == timers->capacity) {
		uint32_t capacity = timers->capacity ?
		    timers->capacity * 2 : FIRST_CAPACITY;
		struct timer_key *keys;

		if (timers->capacity > UINT32_MAX / CHILDREN / 2)
			return -ENOMEM;
		keys = reallocarray(timers->keys, capacity, sizeof *keys);
		if (keys == NULL)
			return -ENOMEM;
		timers->keys = keys;
		timers->capacity = capacity;
	}
	timer->when_us = when_us;
	rise(timers, timers->n++, (struct timer_key){
	    .when_us = when_us, .order = timers->armed++, .timer = timer });
	note_first(timers);
	return 0;
}

void
timers_remove(struct timers *timers, struct timer *timer)
{
	struct timer_key last;
	uint32_t at;

	if (timer->place == 0)
		return;
	at = timer->place - 1;
	timer->place = 0;
	last = timers->keys[--timers->n];
	if (at == timers->n) {
		note_first(timers);
		return;
	}
	if (at > 0 && before(&last, &timers->keys[(at - 1) / CHILDREN]))
		rise(timers, at, last);
	else
		sink(timers, at, last);
	note_first(timers);
}
