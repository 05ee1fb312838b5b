/*
 * slab.h - cells of one size, for what is made and freed all the time.
 */
#ifndef CORE_SLAB_H
#define CORE_SLAB_H

#include <stdbool.h>
#include <stddef.h>

#include "coro/reserve.h"

enum { CACHE_LINE = 64 };	/* bytes; what matters is touched together */

struct cell {
	struct cell *next;
};

/*
 * Makes a new cell. What it writes behind the first pointer is still there
 * when a cell is taken that was put back, if those who had it left it so: what
 * is the same in each life of a cell is written once.
 */
struct slab;
typedef void (*slab_make_fn)(struct slab *slab, void *cell);

struct slab {
	struct cell *free;	/* last freed first: it is in the cache */
	char *fresh, *end;	/* of the newest chunk, never used yet */
	char *touched;		/* of it, memory ends here: see slab.c */
	struct chunk *chunks;	/* newest first */
	struct reserve reserve;	/* what they are cut from */
	size_t cell_size;
	size_t cut;		/* cells there are, used or free */
	slab_make_fn make;	/* NULL: a cell holds anything */
	bool plain;		/* by malloc(3), for tools that watch it */
	bool slow;		/* a huge page took too long */
};

/* Takes no memory yet. cell_size: a multiple of a pointer's. Cells stand at
 * multiples of the powers of 2 in it, up to a cache line. make may be NULL. */
void slab_init(struct slab *slab, size_t cell_size, slab_make_fn make);

/* Frees every cell, used or not (but not those of a plain one). */
void slab_release(struct slab *slab);

/* Gives the chunks that hold nothing back to the system. Bytes given. */
size_t slab_trim(struct slab *slab);

/* A cell when none is at hand; NULL: no memory. */
void *slab_get_slowly(struct slab *slab);
void slab_put_plain(void *p);

/* A cell; NULL: no memory. The next one is fetched meanwhile, to be written
 * to: it was perhaps not looked at for long. */
static inline void *
slab_get(struct slab *slab)
{
	struct cell *cell = slab->free;
	const char *next;

	if (__builtin_expect(cell == NULL, 0))
		return slab_get_slowly(slab);
	slab->free = cell->next;
	next = (const char *)cell->next;
	__builtin_prefetch(next, 1);
	__builtin_prefetch(next + CACHE_LINE, 1);
	__builtin_prefetch(next + 2 * CACHE_LINE, 1);
	return cell;
}

static inline void
slab_put(struct slab *slab, void *p)
{
	struct cell *cell = p;

	if (__builtin_expect(slab->plain, 0)) {
		slab_put_plain(p);
		return;
	}
	cell->next = slab->free;
	slab->free = cell;
}

#endif
