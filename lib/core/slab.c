/*
 * slab.c - cells of one size, cut from chunks.
 *
 * A chunk is mapped at a multiple of its size, so that a cell knows its chunk
 * by its address. The first is small; the others have the size of a huge page
 * and ask for one, which halves what it costs to touch them first. Cells are
 * cut off one after the other as they are needed: memory that was never asked
 * for is never touched.
 *
 * Sanitizers and Valgrind watch malloc(3): for them each cell is one.
 */
#include "core/slab.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "coro/announce.h"

enum {
	SMALL = 64 * 1024,
	LARGE = 2 * 1024 * 1024,
};

struct chunk {
	struct chunk *next;
	size_t size;
	size_t unused;		/* cells of it, while slab_trim() counts */
};

void
slab_init(struct slab *slab, size_t cell_size)
{
	*slab = (struct slab){
		.cell_size = cell_size, .plain = announce_watches_malloc(),
	};
}

void
slab_release(struct slab *slab)
{
	struct chunk *chunk;

	while ((chunk = slab->chunks) != NULL) {
		slab->chunks = chunk->next;
		munmap(chunk, chunk->size);
	}
}

static char *
map(char *near, size_t size)
{
	void *p = mmap(near, size, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p != MAP_FAILED ? p : NULL;
}

/* size bytes at a multiple of size; beside the last, if that is free, so that
 * the system sees one mapping that grows. */
static void *
map_aligned(const struct slab *slab, size_t size)
{
	char *p = slab->chunks != NULL ?
	    map((char *)slab->chunks - size, size) : NULL;
	size_t before;

	if (p != NULL && (uintptr_t)p % size == 0)
		return p;
	if (p != NULL)
		munmap(p, size);
	p = map(NULL, size * 2);
	if (p == NULL)
		return NULL;
	before = (size - (uintptr_t)p % size) % size;
	if (before > 0)
		munmap(p, before);
	munmap(p + before + size, size - before);
	return p + before;
}

static int
add_chunk(struct slab *slab)
{
	size_t size = slab->chunks == NULL ? SMALL : LARGE;
	struct chunk *chunk = map_aligned(slab, size);

	if (chunk == NULL)
		return -1;
	if (size == LARGE)
		(void)madvise(chunk, size, MADV_HUGEPAGE);
	*chunk = (struct chunk){ .next = slab->chunks, .size = size };
	slab->chunks = chunk;
	if (size == SMALL)
		slab->first = chunk;
	slab->fresh = (char *)chunk + CACHE_LINE;
	slab->end = slab->fresh + (size - CACHE_LINE) / slab->cell_size *
	    slab->cell_size;
	return 0;
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

	if (slab->plain) {
		cell = aligned_alloc(alignment_of(slab), slab->cell_size);
		slab->used += cell != NULL;
		return cell;
	}
	if (slab->fresh == slab->end && add_chunk(slab) < 0)
		return NULL;
	cell = slab->fresh;
	slab->fresh += slab->cell_size;
	slab->used++;
	return cell;
}

void
slab_put_plain(struct slab *slab, void *p)
{
	slab->used--;
	free(p);
}

/* Trimming. The first chunk stays, and the newest, which is being cut. */

static struct chunk *
chunk_of(const struct slab *slab, const void *cell)
{
	const char *first = (char *)slab->first;

	if ((const char *)cell > first && (const char *)cell < first + SMALL)
		return slab->first;
	return (struct chunk *)((uintptr_t)cell & ~(uintptr_t)(LARGE - 1));
}

static bool
is_idle(const struct slab *slab, const struct chunk *chunk)
{
	return chunk != slab->first && chunk != slab->chunks &&
	    chunk->unused == (chunk->size - CACHE_LINE) / slab->cell_size;
}

size_t
slab_trim(struct slab *slab)
{
	struct chunk **at = &slab->chunks, *chunk;
	struct cell **free_at = &slab->free, *cell;
	size_t bytes = 0;

	for (chunk = slab->chunks; chunk != NULL; chunk = chunk->next)
		chunk->unused = 0;
	for (cell = slab->free; cell != NULL; cell = cell->next)
		chunk_of(slab, cell)->unused++;
	while ((cell = *free_at) != NULL) {
		if (is_idle(slab, chunk_of(slab, cell)))
			*free_at = cell->next;
		else
			free_at = &cell->next;
	}
	while ((chunk = *at) != NULL) {
		if (!is_idle(slab, chunk)) {
			at = &chunk->next;
			continue;
		}
		*at = chunk->next;
		bytes += chunk->size;
		munmap(chunk, chunk->size);
	}
	return bytes;
}
