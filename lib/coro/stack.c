/*
 * stack.c - stacks, pooled and guarded.
 *
 * A pool reserves address space, cuts it into slabs of stacks, and hands out
 * the stack that was used last. Memory is only touched where frames reach: a
 * parked task costs one or two pages. Below each stack lies a guard page, so
 * that an overflow is a fault and not a silent write into the neighbour.
 *
 * Stacks are made in batches, each as many as there were before, up to a slab:
 * the system is asked for the guards of all of them at once, and for the top
 * pages, which spares a fault for each. A program of three tasks has four.
 *
 * A guard made by mprotect(2) splits the mapping, and the system allows some
 * 65,000 pieces; MADV_GUARD_INSTALL (Linux 6.13) does not. Where neither can
 * be had a canary must do, and the pool says so.
 */
#include "coro/stack.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "coro/advice.h"
#include "coro/announce.h"
#include "coro/room.h"

enum {
	DEFAULT_SIZE = 64 * 1024,
	MIN_PAGES = 4,		/* guard included: less holds no printf */
	SLAB_STACKS = 64,
	FIRST_STACKS = 4,	/* are made, of the first slab */
	CANARY_WORDS = 8,
	/* Tops are moved by multiples of a cache line, and stacks stand an odd
	 * number of pages apart: at equal distances of a power of two the tops
	 * would all compete for the same few sets of the caches. As many as
	 * leave room in the top page for what a task that sleeps has there. */
	COLOURS = 40,
	LINE = 64,
};

_Static_assert(STACK_MAX_SIZE <= SIZE_MAX / 2 / SLAB_STACKS,
    "a slab of the largest stacks has a size");

#define CANARY UINT64_C(0x6b61747665766b61)

struct stack_slab {
	struct stack_slab *next;
	char *memory;
	size_t made;			/* stacks; all, but of the newest */
	size_t unused;			/* stacks, while stack_pool_trim()
					   counts */
};

void
stack_pool_init(struct stack_pool *pool, size_t size_bytes)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t size = size_bytes ? size_bytes : DEFAULT_SIZE;

	if (size < MIN_PAGES * page)
		size = MIN_PAGES * page;
	*pool = (struct stack_pool){
		.stride = ((size + page - 1) / page | 1) * page,
		.page = page,
		.guard = STACK_GUARD_MADVISE,
	};
	reserve_init(&pool->reserve, pool->stride * SLAB_STACKS, page);
}

/* Emulators say yes to advice they have never heard of, and do nothing. */
static bool
advice_is_taken(void *memory, size_t page)
{
	return madvise(memory, page, -1) < 0;
}

static enum stack_guard
guard_install(char *low, size_t page, bool advice)
{
	if (advice && madvise(low, page, MADV_GUARD_INSTALL) == 0)
		return STACK_GUARD_MADVISE;
	if (mprotect(low, page, PROT_NONE) == 0)
		return STACK_GUARD_MPROTECT;
	for (int i = 0; i < CANARY_WORDS; i++)
		((uint64_t *)(low + page))[i] = CANARY;
	return STACK_GUARD_CANARY;
}

/* Of n stacks from low on; those that cannot be had together, one by one. */
static void
guard_all(struct stack_pool *pool, char *low, size_t n)
{
	bool advice = advice_is_taken(low, pool->page);
	size_t i = advice ? advise_places(low, pool->stride, pool->page, n,
	    MADV_GUARD_INSTALL) : 0;

	for (; i < n; i++) {
		enum stack_guard guard = guard_install(low + i * pool->stride,
		    pool->page, advice);

		if (guard > pool->guard)
			pool->guard = guard;
	}
}

/* The stack whose memory starts at low, in the order-th place. */
static struct stack *
stack_make(const struct stack_pool *pool, char *low, size_t order)
{
	char *top = low + pool->stride - order % COLOURS * LINE;
	struct stack *stack = (struct stack *)top - 1;

	stack->slab = pool->slabs;
	stack->rests = NULL;
	stack->base = low + pool->page;
	stack->size = (size_t)((char *)stack - stack->base);
	stack->valgrind_id = announce_stack(stack->base, stack);
	return stack;
}

/* Room for a slab of free stacks more, so that putting one back needs none. */
static int
make_room(struct stack_pool *pool)
{
	size_t room = pool->room * 2 + SLAB_STACKS;
	struct stack **free_ones;

	if (pool->total + SLAB_STACKS <= pool->room)
		return 0;
	free_ones = room_resize(pool->free, pool->room * sizeof *free_ones,
	    room * sizeof *free_ones);
	if (free_ones == NULL)
		return -1;
	pool->free = free_ones;
	pool->room = room;
	return 0;
}

static int
slab_add(struct stack_pool *pool)
{
	struct stack_slab *slab = make_room(pool) == 0 ?
	    malloc(sizeof *slab) : NULL;
	/* A huge page would make every parked task cost all of it. */
	char *memory = slab != NULL ?
	    reserve_cut(&pool->reserve, MADV_NOHUGEPAGE) : NULL;

	if (memory == NULL) {
		free(slab);
		return -1;
	}
	*slab = (struct stack_slab){ .next = pool->slabs, .memory = memory };
	pool->slabs = slab;
	return 0;
}

static size_t
min(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* As many as there are, but some, and what is left of the newest slab. */
static void
make_stacks(struct stack_pool *pool)
{
	struct stack_slab *slab = pool->slabs;
	char *low = slab->memory + slab->made * pool->stride;
	size_t n = min(SLAB_STACKS - slab->made,
	    pool->total > 0 ? pool->total : FIRST_STACKS);

	guard_all(pool, low, n);
	(void)advise_places(low + pool->stride - pool->page, pool->stride,
	    pool->page, n, MADV_POPULATE_WRITE);
	/* Backwards, so that they are taken forwards. */
	for (size_t i = n; i-- > 0;)
		pool->free[pool->n_free++] = stack_make(pool,
		    low + i * pool->stride, pool->total + i);
	slab->made += n;
	pool->total += n;
}

/* The frames that never returned are gone, to ASan's mind as well: what is
 * mapped here next is none of theirs. */
static void
slab_free(struct stack_pool *pool, struct stack_slab *slab)
{
	announce_stack_fresh(slab->memory, pool->reserve.piece);
	reserve_drop(&pool->reserve, slab->memory);
	free(slab);
}

void
stack_pool_release(struct stack_pool *pool)
{
	struct stack_slab *slab;

	for (size_t i = 0; i < pool->n_free; i++)
		announce_stack_end(pool->free[i]->valgrind_id);
	while ((slab = pool->slabs) != NULL) {
		pool->slabs = slab->next;
		slab_free(pool, slab);
	}
	reserve_release(&pool->reserve);
	room_resize(pool->free, pool->room * sizeof *pool->free, 0);
	pool->free = NULL;
	pool->n_free = pool->room = 0;
}

/* Trimming. The oldest slab stays. */

static bool
is_idle(const struct stack_slab *slab)
{
	return slab->unused == slab->made && slab->next != NULL;
}

static void
drop_idle_slabs(struct stack_pool *pool)
{
	struct stack_slab **at = &pool->slabs, *slab;

	while ((slab = *at) != NULL) {
		if (!is_idle(slab)) {
			at = &slab->next;
			continue;
		}
		*at = slab->next;
		pool->total -= slab->made;
		slab_free(pool, slab);
	}
}

/* As much as make_room() would want to have. */
static void
trim_room(struct stack_pool *pool)
{
	size_t room = pool->total + SLAB_STACKS;
	struct stack **free_ones;

	if (pool->room / 4 <= room)
		return;
	free_ones = room_resize(pool->free, pool->room * sizeof *free_ones,
	    room * sizeof *free_ones);
	if (free_ones == NULL)
		return;
	pool->free = free_ones;
	pool->room = room;
}

void
stack_pool_trim(struct stack_pool *pool)
{
	size_t n = 0;

	for (struct stack_slab *s = pool->slabs; s != NULL; s = s->next)
		s->unused = 0;
	for (size_t i = 0; i < pool->n_free; i++)
		pool->free[i]->slab->unused++;
	for (size_t i = 0; i < pool->n_free; i++) {
		struct stack *stack = pool->free[i];
		/* All but its top page, where this stands. */
		char *top = (char *)((uintptr_t)stack &
		    ~(uintptr_t)(pool->page - 1));

		if (is_idle(stack->slab)) {
			announce_stack_end(stack->valgrind_id);
			continue;
		}
		(void)madvise(stack->base, (size_t)(top - stack->base),
		    MADV_DONTNEED);
		stack->rests = NULL;	/* it may have reached that far */
		pool->free[n++] = stack;
	}
	pool->n_free = n;
	drop_idle_slabs(pool);
	reserve_release(&pool->reserve);
	trim_room(pool);
}

struct stack *
stack_get_slowly(struct stack_pool *pool)
{
	if ((pool->slabs == NULL || pool->slabs->made == SLAB_STACKS) &&
	    slab_add(pool) < 0)
		return NULL;
	make_stacks(pool);
	return stack_get(pool);
}

void
stack_check(const struct stack *stack)
{
	const uint64_t *canary = (const uint64_t *)stack->base;

	/* Guarded ones read zero here, or their own frames: only a pattern
	 * that was begun and is broken tells of an overflow. */
	if (canary[CANARY_WORDS - 1] == CANARY && canary[0] != CANARY)
		abort();
}

size_t
stack_used(const struct stack *stack, const void *sp)
{
	const char *p = sp;

	if (p < stack->base || p > (const char *)stack)
		return 0;
	return (size_t)((const char *)stack - p);
}

/* The lowest page that was ever touched; asked of the system a stretch at a
 * time, because lists ask it for every task. */
size_t
stack_peak(const struct stack *stack)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), size, i;
	unsigned char resident[64];
	char *p = stack->base;

	for (; p < (const char *)stack; p += size) {
		size = (size_t)((const char *)stack - p);
		if (size > sizeof(resident) * page)
			size = sizeof(resident) * page;
		if (mincore(p, size, resident) < 0)
			break;
		for (i = 0; i * page < size; i++)
			if ((resident[i] & 1) != 0)
				return (size_t)((const char *)stack - p) -
				    i * page;
	}
	return p < (const char *)stack ?
	    (size_t)((const char *)stack - p) : 0;
}

bool
stack_touched(const struct stack *stack, size_t size_bytes)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), i;
	unsigned char resident[64];

	if (size_bytes > sizeof(resident) * page)
		size_bytes = sizeof(resident) * page;
	if (mincore(stack->base, size_bytes, resident) < 0)
		return false;
	for (i = 0; i < size_bytes / page; i++)
		if ((resident[i] & 1) != 0)
			return true;
	return false;
}

const char *
stack_guard_name(enum stack_guard guard)
{
	switch (guard) {
	case STACK_GUARD_MADVISE:
		return "madvise";
	case STACK_GUARD_MPROTECT:
		return "mprotect";
	case STACK_GUARD_CANARY:
		return "canary";
	}
	return "?";
}
