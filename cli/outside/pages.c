/*
 * pages.c - what was read of a process, kept.
 *
 * Memory is read in blocks, each when something in it is first asked for, and
 * stays as it was then: what is read twice is the same twice. A block is small,
 * as what a task waits for stands on its stack, alone in a wide space; but one
 * that follows another that is kept is read with those behind it, as tasks
 * themselves stand side by side.
 *
 * Blocks are found by a table of open addresses, and live in slabs. There is a
 * limit to what is kept; beyond it, everything is forgotten and read anew.
 */
#include "outside/pages.h"

#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>

#define BLOCK 1024              /* divides a page: all of it is there, or none */
#define AHEAD 32                /* blocks, where blocks follow each other */
#define SLAB_BLOCKS 1024
#define SLABS_MAX 512           /* half a gigabyte */

struct pages {
	pid_t pid;
	size_t n;               /* blocks that are kept */
	size_t size;            /* of the table, a power of two; or 0 */
	struct place {
		uint64_t number;        /* address / BLOCK, + 1; 0: free */
		char *bytes;
	} *table;
	char *slabs[SLABS_MAX];
};

struct pages *
pages_new(pid_t pid)
{
	struct pages *pages = calloc(1, sizeof(*pages));

	if (pages != NULL)
		pages->pid = pid;
	return pages;
}

void
pages_forget(struct pages *pages)
{
	for (size_t i = 0; i < SLABS_MAX && pages->slabs[i] != NULL; i++) {
		free(pages->slabs[i]);
		pages->slabs[i] = NULL;
	}
	free(pages->table);
	pages->table = NULL;
	pages->n = pages->size = 0;
}

void
pages_free(struct pages *pages)
{
	if (pages == NULL)
		return;
	pages_forget(pages);
	free(pages);
}

/* Where the block is, or where it would be put. */
static struct place *
place_of(const struct pages *pages, uint64_t number)
{
	size_t i = (size_t)((number + 1) * UINT64_C(0x9e3779b97f4a7c15) >> 20);

	for (;; i++) {
		struct place *place = &pages->table[i & (pages->size - 1)];

		if (place->number == 0 || place->number == number + 1)
			return place;
	}
}

static char *
find(const struct pages *pages, uint64_t number)
{
	return pages->size != 0 ? place_of(pages, number)->bytes : NULL;
}

/* The table is at most half full. */
static bool
grow(struct pages *pages)
{
	struct pages bigger = { .size = pages->size != 0 ? 2 * pages->size
	    : 4096 };

	bigger.table = calloc(bigger.size, sizeof(*bigger.table));
	if (bigger.table == NULL)
		return false;
	for (size_t i = 0; i < pages->size; i++)
		if (pages->table[i].number != 0)
			*place_of(&bigger, pages->table[i].number - 1) =
			    pages->table[i];
	free(pages->table);
	pages->table = bigger.table;
	pages->size = bigger.size;
	return true;
}

/* Keeps a block, unless it was kept before: what is known does not change. */
static bool
keep(struct pages *pages, uint64_t number, const char *bytes)
{
	char **slab = &pages->slabs[pages->n / SLAB_BLOCKS];
	struct place *place;

	if (2 * pages->n >= pages->size && !grow(pages))
		return false;
	place = place_of(pages, number);
	if (place->number != 0)
		return true;
	if (*slab == NULL)
		*slab = malloc((size_t)SLAB_BLOCKS * BLOCK);
	if (*slab == NULL)
		return false;
	place->number = number + 1;
	place->bytes = *slab + pages->n % SLAB_BLOCKS * BLOCK;
	memcpy(place->bytes, bytes, BLOCK);
	pages->n++;
	return true;
}

static ssize_t
read_process(const struct pages *pages, uint64_t at, void *to, size_t size)
{
	struct iovec here = { .iov_base = to, .iov_len = size };
	struct iovec there = { .iov_base = (void *)(uintptr_t)at,
	    .iov_len = size };

	return process_vm_readv(pages->pid, &here, 1, &there, 1, 0);
}

/* Reads the block, and perhaps some behind it, as far as they are there. */
static char *
fetch(struct pages *pages, uint64_t number)
{
	char bytes[AHEAD * BLOCK];
	bool follows = number > 0 && find(pages, number - 1) != NULL;
	ssize_t n = read_process(pages, number * BLOCK, bytes,
	    follows ? sizeof(bytes) : BLOCK);

	if (pages->n + AHEAD > (size_t)SLABS_MAX * SLAB_BLOCKS)
		pages_forget(pages);
	for (ssize_t i = 0; (i + 1) * BLOCK <= n; i++)
		if (!keep(pages, number + (uint64_t)i, bytes + i * BLOCK))
			break;
	return find(pages, number);
}

bool
pages_read(struct pages *pages, uint64_t at, void *to, size_t size)
{
	char *out = to;

	while (size > 0) {
		size_t from = (size_t)(at % BLOCK);
		size_t some = size < BLOCK - from ? size : BLOCK - from;
		const char *block = find(pages, at / BLOCK);

		if (block == NULL)
			block = fetch(pages, at / BLOCK);
		if (block == NULL)
			return false;
		memcpy(out, block + from, some);
		out += some;
		at += some;
		size -= some;
	}
	return true;
}
