/*
 * slab.c - cells of one size, cut from chunks.
 *
 * A chunk is mapped at a multiple of its size, so that a cell knows its chunk
 * by its address. Cells are cut off one after the other as they are needed:
 * memory that was never asked for is never touched.
 *
 * The first chunk takes memory by the page, and soon by several, which spares
 * faults: as much again as it has, up to BATCH. The others have the size of a
 * huge page and ask for one, which costs half and is faster to use. But where
 * the system must first make one, or the host of a virtual machine find memory
 * for it, it takes milliseconds. A slab that has met one such asks for no more.
 *
 * Sanitizers and Valgrind watch malloc(3): for them each cell is one.
 */
#include "core/slab.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

#include "coro/advice.h"
#include "coro/announce.h"

enum {
	CHUNK = 2 * 1024 * 1024,
	SMALL = 256 * 1024,	/* are used of the first */
	PAGE = 4096,		/* or more: then less is touched ahead */
	BATCH = 64 * 1024,
	CELLS = 32,		/* are cut at once */
	SLOW_NS = 1000000,	/* for a chunk: twice what small pages take */
};

struct chunk {
	struct chunk *next;
	/* While slab_trim() counts. */
	size_t unused;		/* cells of it */
	bool idle;		/* all that were cut are unused */
};

void
slab_init(struct slab *slab, size_t cell_size, slab_make_fn make)
{
	*slab = (struct slab){
		.cell_size = cell_size, .make = make,
		.plain = announce_watches_malloc(),
	};
	reserve_init(&slab->reserve, CHUNK, CHUNK);
}

void
slab_release(struct slab *slab)
{
	struct chunk *chunk;

	while ((chunk = slab->chunks) != NULL) {
		slab->chunks = chunk->next;
		reserve_drop(&slab->reserve, chunk);
	}
	reserve_release(&slab->reserve);
}

/* This thread's, so that what others do meanwhile does not count. */
static int64_t
cpu_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

/* It is touched, and the time taken. */
static void
touch_huge(struct slab *slab, struct chunk *chunk)
{
	int64_t begin_ns = cpu_ns();

	*(volatile size_t *)&chunk->unused = 0;
	slab->touched = (char *)chunk + CHUNK;
	if (cpu_ns() - begin_ns <= SLOW_NS)
		return;
	slab->slow = true;
	(void)madvise(chunk, CHUNK, MADV_NOHUGEPAGE);	/* it is one */
	reserve_advise(&slab->reserve, MADV_NOHUGEPAGE);
}

static int
add_chunk(struct slab *slab)
{
	bool huge = slab->chunks != NULL && !slab->slow;
	struct chunk *chunk = reserve_cut(&slab->reserve,
	    huge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);

	if (chunk == NULL)
		return -1;
	if (huge)
		touch_huge(slab, chunk);
	else
		slab->touched = (char *)chunk + PAGE;
	*chunk = (struct chunk){ .next = slab->chunks };
	slab->chunks = chunk;
	slab->fresh = (char *)chunk + CACHE_LINE;
	slab->end = slab->fresh + ((huge || slab->slow ? CHUNK : SMALL) -
	    CACHE_LINE) / slab->cell_size * slab->cell_size;
	return 0;
}

/* As much again as there is. If it cannot be had at once, a fault gets it. */
static void
touch_more(struct slab *slab)
{
	size_t size = (size_t)(slab->touched - (char *)slab->chunks);

	if (size > BATCH)
		size = BATCH;
	(void)madvise(slab->touched, size, MADV_POPULATE_WRITE);
	slab->touched += size;
}

/* What will be cut next, in as far as it has memory. */
static void
look_ahead(const struct slab *slab)
{
	const char *end = slab->fresh + CELLS * slab->cell_size;

	if (end > slab->touched)
		end = slab->touched;
	for (const char *p = slab->fresh; p < end; p += CACHE_LINE)
		__builtin_prefetch(p, 1);
}

/* Some cells that were never used: the first of them is taken first. */
static void
cut_cells(struct slab *slab)
{
	struct cell **at = &slab->free;

	while (slab->fresh + slab->cell_size > slab->touched)
		touch_more(slab);
	for (int i = 0; i < CELLS && slab->fresh < slab->end &&
	    slab->fresh + slab->cell_size <= slab->touched; i++) {
		if (slab->make != NULL)
			slab->make(slab, slab->fresh);
		*at = (struct cell *)(void *)slab->fresh;
		at = &(*at)->next;
		slab->fresh += slab->cell_size;
		slab->cut++;
	}
	*at = NULL;
	look_ahead(slab);
}

static size_t
alignment_of(const struct slab *slab)
{
	size_t lowest_bit = slab->cell_size & -slab->cell_size;

	return lowest_bit < CACHE_LINE ? lowest_bit : CACHE_LINE;
}

void *
slab_get_slowly(struct slab *slab)
{
	void *cell;

	if (!slab->plain) {
		if (slab->fresh == slab->end && add_chunk(slab) < 0)
			return NULL;
		cut_cells(slab);
		return slab_get(slab);
	}
	cell = aligned_alloc(alignment_of(slab), slab->cell_size);
	if (cell != NULL && slab->make != NULL)
		slab->make(slab, cell);
	return cell;
}

void
slab_put_plain(void *p)
{
	free(p);
}

/* Trimming. The first chunk stays. */

static struct chunk *
chunk_of(const void *cell)
{
	return (struct chunk *)((uintptr_t)cell & ~(uintptr_t)(CHUNK - 1));
}

/* How many cells have been cut from it; it is not the first. The newest may
 * still have some, unless the one after it went. */
static size_t
cells_of(const struct slab *slab, const struct chunk *chunk)
{
	size_t bytes = chunk == slab->chunks && slab->fresh != NULL ?
	    (size_t)(slab->fresh - (const char *)chunk) : CHUNK;

	return (bytes - CACHE_LINE) / slab->cell_size;
}

/* Which chunks hold nothing. */
static void
find_idle(struct slab *slab)
{
	for (struct chunk *c = slab->chunks; c != NULL; c = c->next)
		c->unused = 0;
	for (struct cell *cell = slab->free; cell != NULL; cell = cell->next)
		chunk_of(cell)->unused++;
	for (struct chunk *c = slab->chunks; c != NULL; c = c->next)
		c->idle = c->next != NULL && c->unused == cells_of(slab, c);
}

static void
forget_idle_cells(struct slab *slab)
{
	struct cell **at = &slab->free, *cell;

	while ((cell = *at) != NULL) {
		if (chunk_of(cell)->idle)
			*at = cell->next;
		else
			at = &cell->next;
	}
	if (slab->chunks != NULL && slab->chunks->idle)
		slab->fresh = slab->end = slab->touched = NULL;
}

size_t
slab_trim(struct slab *slab)
{
	struct chunk **at = &slab->chunks, *chunk;
	size_t bytes = 0;

	find_idle(slab);
	forget_idle_cells(slab);
	while ((chunk = *at) != NULL) {
		if (!chunk->idle) {
			at = &chunk->next;
			continue;
		}
		*at = chunk->next;
		slab->cut -= chunk->unused;
		bytes += CHUNK;
		reserve_drop(&slab->reserve, chunk);
	}
	reserve_release(&slab->reserve);
	return bytes;
}
