/*
 * room.c - memory of an array that grows, perhaps to a million.
 *
 * What is large is a mapping of its own, which the system moves to where there
 * is more room by changing page tables: nothing is copied, and what was there
 * before is not left behind in the heap, each doubling half as large as all
 * that comes after.
 *
 * Sanitizers and Valgrind watch malloc(3): for them all of it is.
 */
#include <config.h>

#include "coro/room.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "coro/announce.h"

enum {
	LINE = 64,
	LARGE = 128 * 1024,	/* bytes: from here on mapped */
};

static bool
is_mapped(size_t size)
{
	return size >= LARGE && !announce_watches_malloc();
}

static void *
take(size_t size)
{
	void *p;

	if (!is_mapped(size))
		return aligned_alloc(LINE, (size + LINE - 1) / LINE * LINE);
	p = mmap(NULL, size, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return p != MAP_FAILED ? p : NULL;
}

static void
give_back(void *p, size_t size)
{
	if (!is_mapped(size))
		free(p);
	else
		munmap(p, size);
}

static void *
move(void *from_p, size_t from, size_t to)
{
	void *p = take(to);

	if (p == NULL)
		return NULL;
	if (from > 0)
		memcpy(p, from_p, from < to ? from : to);
	give_back(from_p, from);
	return p;
}

void *
room_resize(void *p, size_t from, size_t to)
{
	void *moved;

	if (to == 0) {
		give_back(p, from);
		return NULL;
	}
	if (!is_mapped(from) || !is_mapped(to))
		return move(p, from, to);
	moved = mremap(p, from, to, MREMAP_MAYMOVE);
	return moved != MAP_FAILED ? moved : NULL;
}
