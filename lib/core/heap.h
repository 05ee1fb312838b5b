/*
 * heap.h - a heap of timers, eight children to a node.
 *
 * Deadlines stand in the array beside what is to run then, so that comparing
 * touches nothing else. Children begin at a cache line: eight are three lines
 * that the processor fetches together, where a binary heap would wait for
 * three one after the other.
 *
 * A hole is a place whose timer is not there any more: it goes up or down until
 * another may fill it. What is moved is told its new place; a vacant place is
 * moved like any other.
 */
#ifndef CORE_HEAP_H
#define CORE_HEAP_H

#include "core/slab.h"
#include "core/timers.h"

enum {
	HEAP_CHILDREN = 8,
	HEAP_BEFORE = HEAP_CHILDREN - 1, /* in front of the root: its children
					    begin at a line */
};

_Static_assert(sizeof(struct timer) * HEAP_CHILDREN % CACHE_LINE == 0,
    "children fill their cache lines");

__extension__ typedef __int128 int128;
__extension__ typedef unsigned __int128 uint128;

/* Deadline and order, to be compared at once: no processor has to guess. */
static inline int128
heap_rank(const struct timer *timer)
{
	return (int128)((uint128)timer->when_us << 64 | timer->order);
}

static inline bool
heap_before(const struct timer *a, const struct timer *b)
{
	return heap_rank(a) < heap_rank(b);
}

static inline void
heap_put(struct timer *heap, uint32_t at, struct timer timer)
{
	heap[at] = timer;
	if (timer.runs != NULL)
		timer.runs->slot = at;
}

static inline uint32_t
heap_parent(uint32_t at)
{
	return (at - 1) / HEAP_CHILDREN;
}

static inline bool
heap_has_child(uint32_t n, uint32_t at)
{
	return at * HEAP_CHILDREN + 1 < n;
}

/* Whether what is there need not rise. */
static inline bool
heap_stands(const struct timer *heap, uint32_t at)
{
	return at == 0 || !heap_before(&heap[at], &heap[heap_parent(at)]);
}

/* The hole rises until the timer may fill it. Returns where that is. */
static inline uint32_t
heap_rise(struct timer *heap, uint32_t hole, struct timer timer)
{
	while (hole > 0 && heap_before(&timer, &heap[heap_parent(hole)])) {
		heap_put(heap, hole, heap[heap_parent(hole)]);
		hole = heap_parent(hole);
	}
	heap_put(heap, hole, timer);
	return hole;
}

/* Which of two; by arithmetic, since a guess would be wrong half the time. */
static inline uint32_t
heap_earlier(const struct timer *of, uint32_t a, uint32_t b)
{
	return a ^ ((a ^ b) & -(uint32_t)heap_before(&of[b], &of[a]));
}

/* Of eight, in pairs: three comparisons that wait for each other, not seven. */
static inline uint32_t
heap_earliest_of_all(const struct timer *of)
{
	return heap_earlier(of, heap_earlier(of,
	    heap_earlier(of, 0, 1), heap_earlier(of, 2, 3)), heap_earlier(of,
	    heap_earlier(of, 4, 5), heap_earlier(of, 6, 7)));
}

static inline uint32_t
heap_earliest(const struct timer *of, uint32_t n)
{
	uint32_t first = 0;

	for (uint32_t i = 1; i < n; i++)
		first = heap_earlier(of, first, i);
	return first;
}

/* The earliest of the children; n or more when it has none. */
static inline uint32_t
heap_child(const struct timer *heap, uint32_t n, uint32_t parent)
{
	uint32_t child = parent * HEAP_CHILDREN + 1;

	if (child + HEAP_CHILDREN <= n)
		return child + heap_earliest_of_all(&heap[child]);
	return child < n ? child + heap_earliest(&heap[child], n - child) :
	    child;
}

/* The hole sinks until the timer may fill it. Inlined, so that a timer stays
 * in registers: one put together on the stack and fetched from there at once
 * would be waited for. */
static inline __attribute__((__always_inline__)) void
heap_sink(struct timer *heap, uint32_t n, uint32_t hole, struct timer timer)
{
	uint32_t child;

	while ((child = heap_child(heap, n, hole)) < n &&
	    heap_before(&heap[child], &timer)) {
		heap_put(heap, hole, heap[child]);
		hole = child;
	}
	heap_put(heap, hole, timer);
}

#endif
