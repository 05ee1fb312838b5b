/*
 * stack.h - stacks, pooled and guarded.
 */
#ifndef CORO_STACK_H
#define CORO_STACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coro/announce.h"
#include "coro/reserve.h"

/* How an overflow is noticed, best first. */
enum stack_guard {
	STACK_GUARD_MADVISE,	/* MADV_GUARD_INSTALL: no mapping is split */
	STACK_GUARD_MPROTECT,	/* a page without access */
	STACK_GUARD_CANARY,	/* a pattern, looked at when the stack rests */
};

/* One stack. This descriptor stands at the top of the memory it describes. */
struct stack {
	char *base;		/* lowest usable byte, above the guard */
	size_t size;		/* usable bytes, this descriptor excluded */
	struct stack_slab *slab;	/* it is cut from */
	void *rests;			/* on it, until it is used again: see
					   coro_rest(); NULL: nothing */
	unsigned int valgrind_id;
};

/* The stacks of one loop: all of one size, cut from slabs. */
struct stack_pool {
	size_t stride;		/* bytes from one stack to the next */
	size_t page;		/* the system's page, and the guard's size */
	struct stack **free;	/* last used last: its pages are warm */
	struct reserve reserve;	/* what slabs are cut from */
	struct stack_slab *slabs;	/* newest first */
	size_t total, n_free;
	size_t room;		/* for free ones; not less than total */
	enum stack_guard guard;	/* the weakest in force */
};

/* What can be asked for, that slabs of them can be counted. */
#define STACK_MAX_SIZE (SIZE_MAX / 256)

/* size_bytes of address space a stack at least, guard included; 0: 64 KiB.
 * Cannot fail: the first slab is mapped when it is needed. */
void stack_pool_init(struct stack_pool *pool, size_t size_bytes);

/* Every stack must be back. */
void stack_pool_release(struct stack_pool *pool);

/*
 * Gives memory back to the system: slabs of which no stack is in use, and of
 * other free stacks what lies deep. Takes time for each free stack.
 */
void stack_pool_trim(struct stack_pool *pool);

/* A stack from a new slab; NULL: no memory or no mappings left. */
struct stack *stack_get_slowly(struct stack_pool *pool);

/* Aborts when the canary is dead. */
void stack_check(const struct stack *stack);

/* Of the stack that will be taken so many turns later, what frames and those
 * who own it touch first is fetched meanwhile. Always inline: a function that
 * only fetches does nothing that compilers can see, and calls of it go. */
enum { STACKS_AHEAD = 4, STACK_FETCHED = 6 * 64 };

static inline __attribute__((__always_inline__)) void
stack_look_ahead(const struct stack_pool *pool)
{
	const char *top;

	if (pool->n_free < STACKS_AHEAD)
		return;
	top = (const char *)pool->free[pool->n_free - STACKS_AHEAD];
	for (int below = 0; below < STACK_FETCHED; below += 64)
		__builtin_prefetch(top - below, 1);
}

/* A stack; its owner puts it back. NULL as above. */
static inline struct stack *
stack_get(struct stack_pool *pool)
{
	struct stack *stack;

	if (__builtin_expect(pool->n_free == 0, 0))
		return stack_get_slowly(pool);
	stack = pool->free[--pool->n_free];
	stack_look_ahead(pool);
	announce_stack_fresh(stack->base, stack->size);
	return stack;
}

/* The same, if something rests on it; else NULL, and it is left where it is. */
static inline struct stack *
stack_get_resting(struct stack_pool *pool)
{
	struct stack *stack;

	if (pool->n_free == 0)
		return NULL;
	stack = pool->free[pool->n_free - 1];
	if (stack->rests == NULL)
		return NULL;
	pool->n_free--;
	stack_look_ahead(pool);
	return stack;
}

static inline void
stack_put(struct stack_pool *pool, struct stack *stack)
{
	if (__builtin_expect(pool->guard == STACK_GUARD_CANARY, 0))
		stack_check(stack);
	pool->free[pool->n_free++] = stack;
}

/* One past the last byte usable for frames, at a multiple of a pointer's. */
static inline void *
stack_top(struct stack *stack)
{
	return stack;
}

/* Bytes between a stack pointer of it and its top; 0 if it is not of it. */
size_t stack_used(const struct stack *stack, const void *sp);

/* Bytes of it that were ever touched, in whole pages, by anyone who had it. */
size_t stack_peak(const struct stack *stack);

/* Whether any of its lowest size_bytes was touched: asks the system once. */
bool stack_touched(const struct stack *stack, size_t size_bytes);

const char *stack_guard_name(enum stack_guard guard);

#endif
