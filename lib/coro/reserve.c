/*
 * reserve.c - address space taken ahead, for what grows piece by piece.
 *
 * The first piece is mapped alone, which is enough for most; then some, and
 * then three times as many at once as there are already. So a million of stacks
 * are a few mappings, whatever else is mapped in between. What was taken ahead
 * is no memory yet, and the system counts none for it (MAP_NORESERVE). Pieces
 * are unmapped one by one.
 */
#include "coro/reserve.h"

#include <stdint.h>
#include <sys/mman.h>

enum { SOME = 15 };	/* pieces, after the first */

void
reserve_init(struct reserve *reserve, size_t piece, size_t align)
{
	*reserve = (struct reserve){ .piece = piece, .align = align };
}

void
reserve_release(struct reserve *reserve)
{
	if (reserve->next != reserve->end)
		munmap(reserve->next, (size_t)(reserve->end - reserve->next));
	reserve->next = reserve->end = NULL;
}

static char *
map(char *near, size_t size)
{
	void *p = mmap(near, size, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return p != MAP_FAILED ? p : NULL;
}

/* More than is needed, cut down to what is aligned. */
static char *
map_aligned(size_t size, size_t align)
{
	char *p = map(NULL, size + align);
	size_t before;

	if (p == NULL)
		return NULL;
	before = (align - (uintptr_t)p % align) % align;
	if (before > 0)
		munmap(p, before);
	munmap(p + before + size, align - before);
	return p + before;
}

/* Below the last, if that is free, so that the system sees one that grows. */
static char *
map_beside(const struct reserve *reserve, size_t size)
{
	char *p = map(reserve->low != NULL ? reserve->low - size : NULL, size);

	if (p == NULL || (uintptr_t)p % reserve->align == 0)
		return p;
	munmap(p, size);
	return map_aligned(size, reserve->align);
}

/* Where so much cannot be had, less. */
static int
extend(struct reserve *reserve, int advice)
{
	size_t n = 3 * reserve->pieces;
	char *p = NULL;

	if (n < SOME)
		n = reserve->pieces > 0 ? SOME : 1;
	for (; n > 0 && p == NULL; n /= 2) {
		size_t size;

		if (__builtin_mul_overflow(n, reserve->piece, &size))
			continue;
		p = map_beside(reserve, size);
		if (p == NULL)
			continue;
		reserve->low = reserve->next = p;
		reserve->end = p + size;
		reserve_advise(reserve, advice);
	}
	return p != NULL ? 0 : -1;
}

void *
reserve_cut(struct reserve *reserve, int advice)
{
	char *piece;

	if (reserve->next == reserve->end && extend(reserve, advice) < 0)
		return NULL;
	piece = reserve->next;
	reserve->next += reserve->piece;
	reserve->pieces++;
	return piece;
}

void
reserve_advise(struct reserve *reserve, int advice)
{
	if (reserve->next != reserve->end)
		(void)madvise(reserve->low,
		    (size_t)(reserve->end - reserve->low), advice);
}

void
reserve_drop(struct reserve *reserve, void *piece)
{
	munmap(piece, reserve->piece);
	reserve->pieces--;
}
