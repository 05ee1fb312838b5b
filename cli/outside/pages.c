/*
 * pages.c - what was read of a process, kept.
 *
 * Memory is read in blocks, each when something in it is first asked for, and
 * stays as it was then: what is read twice is the same twice. A block is small,
 * as what a task waits for stands on its stack, alone in a wide space; but one
 * that follows another that is kept is read with those behind it, as tasks
 * themselves stand side by side. Where many that stand apart are going to be
 * read once, they are read together, and stand on a shelf of their own, which
 * is cleared when they have been: so it stays small, and in the cache.
 *
 * Blocks are found by a table of open addresses, and live in slabs. There is a
 * limit to what is kept; beyond it, everything is forgotten and read anew.
 */
#include "outside/pages.h"

#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>

#define BLOCK 1024              /* divides a page: all of it is there or none */
#define AHEAD 32                /* blocks, where blocks follow each other */
#define BATCH 64                /* blocks read by one call, wherever they are */
#define RECENT 16
#define SLAB_BLOCKS 1024
#define SLABS_MAX 512           /* half a gigabyte */

struct shelf {
	size_t n;               /* blocks on it */
	size_t size;            /* of the table, a power of two; or 0 */
	struct place {
		uint64_t number;        /* address / BLOCK, + 1; 0: free */
		char *bytes;
	} *table;
	char *slabs[SLABS_MAX];
};

struct pages {
	pid_t pid;
	struct shelf kept, passing;
	struct place recent[RECENT];    /* those found last */
};

struct pages *
pages_new(pid_t pid)
{
	struct pages *pages = calloc(1, sizeof(*pages));

	if (pages != NULL)
		pages->pid = pid;
	return pages;
}

static void
shelf_release(struct shelf *shelf)
{
	for (size_t i = 0; i < SLABS_MAX && shelf->slabs[i] != NULL; i++)
		free(shelf->slabs[i]);
	free(shelf->table);
	*shelf = (struct shelf){ .table = NULL };
}

/* What is on it goes; its room stays, for the next. */
static void
shelf_clear(struct pages *pages, struct shelf *shelf)
{
	if (shelf->size > 0)
		memset(shelf->table, 0, shelf->size * sizeof(*shelf->table));
	shelf->n = 0;
	memset(pages->recent, 0, sizeof(pages->recent));
}

void
pages_forget(struct pages *pages)
{
	shelf_release(&pages->kept);
	shelf_release(&pages->passing);
	memset(pages->recent, 0, sizeof(pages->recent));
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
place_of(const struct shelf *shelf, uint64_t number)
{
	size_t i = (size_t)((number + 1) * UINT64_C(0x9e3779b97f4a7c15) >> 20);

	for (;; i++) {
		struct place *place = &shelf->table[i & (shelf->size - 1)];

		if (place->number == 0 || place->number == number + 1)
			return place;
	}
}

static char *
find(const struct shelf *shelf, uint64_t number)
{
	return shelf->size != 0 ? place_of(shelf, number)->bytes : NULL;
}

/* The table is at most half full. */
static bool
grow(struct shelf *shelf)
{
	struct shelf bigger = { .size = shelf->size != 0 ? 2 * shelf->size
	    : 4096 };

	bigger.table = calloc(bigger.size, sizeof(*bigger.table));
	if (bigger.table == NULL)
		return false;
	for (size_t i = 0; i < shelf->size; i++)
		if (shelf->table[i].number != 0)
			*place_of(&bigger, shelf->table[i].number - 1) =
			    shelf->table[i];
	free(shelf->table);
	shelf->table = bigger.table;
	shelf->size = bigger.size;
	return true;
}

/* Puts a block there, unless it is there: what is known does not change. */
static bool
put(struct shelf *shelf, uint64_t number, const char *bytes)
{
	char **slab = &shelf->slabs[shelf->n / SLAB_BLOCKS];
	struct place *place;

	if (2 * shelf->n >= shelf->size && !grow(shelf))
		return false;
	place = place_of(shelf, number);
	if (place->number != 0)
		return true;
	if (*slab == NULL)
		*slab = malloc((size_t)SLAB_BLOCKS * BLOCK);
	if (*slab == NULL)
		return false;
	place->number = number + 1;
	place->bytes = *slab + shelf->n % SLAB_BLOCKS * BLOCK;
	memcpy(place->bytes, bytes, BLOCK);
	shelf->n++;
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

static bool
is_full(const struct shelf *shelf, size_t more)
{
	return shelf->n + more > (size_t)SLABS_MAX * SLAB_BLOCKS;
}

/* Reads the block, and perhaps some behind it, as far as they are there. */
static char *
fetch(struct pages *pages, uint64_t number)
{
	char bytes[AHEAD * BLOCK];
	bool follows = number > 0 && find(&pages->kept, number - 1) != NULL;
	ssize_t n = read_process(pages, number * BLOCK, bytes,
	    follows ? sizeof(bytes) : BLOCK);

	if (is_full(&pages->kept, AHEAD))
		shelf_clear(pages, &pages->kept);
	for (ssize_t i = 0; (i + 1) * BLOCK <= n; i++)
		if (!put(&pages->kept, number + (uint64_t)i, bytes +
		    i * BLOCK))
			break;
	return find(&pages->kept, number);
}

/* Blocks that lie anywhere, by one call. It stops at the first that is not
 * there. Returns how many were read. */
static size_t
fetch_batch(struct pages *pages, const uint64_t *numbers, size_t n)
{
	char bytes[BATCH * BLOCK];
	struct iovec here = { .iov_base = bytes, .iov_len = n * BLOCK };
	struct iovec there[BATCH];
	size_t pieces = 0;
	ssize_t size;

	for (size_t i = 0; i < n; i++)
		if (i > 0 && numbers[i] == numbers[i - 1] + 1)
			there[pieces - 1].iov_len += BLOCK;
		else
			there[pieces++] = (struct iovec){ .iov_len = BLOCK,
				.iov_base = (void *)(uintptr_t)(numbers[i] *
				BLOCK) };
	size = process_vm_readv(pages->pid, &here, 1, there, pieces, 0);
	n = size > 0 ? (size_t)size / BLOCK : 0;
	for (size_t i = 0; i < n; i++)
		if (!put(&pages->passing, numbers[i], bytes + i * BLOCK))
			return i;
	return n;
}

/* Those before the one that is not there, that one left out, and the rest. */
static void
fetch_all(struct pages *pages, const uint64_t *numbers, size_t n)
{
	while (n > 0) {
		size_t done = fetch_batch(pages, numbers, n);

		if (done < n)
			done++;
		numbers += done;
		n -= done;
	}
}

static bool
is_there(const struct pages *pages, uint64_t number)
{
	return find(&pages->kept, number) != NULL ||
	    find(&pages->passing, number) != NULL;
}

void
pages_pass(struct pages *pages)
{
	shelf_clear(pages, &pages->passing);
}

void
pages_expect(struct pages *pages, const uint64_t *addresses, size_t n,
    size_t size)
{
	uint64_t numbers[BATCH], last = UINT64_MAX;
	size_t batch = 0;

	if (is_full(&pages->passing, 2 * n + n * size / BLOCK))
		return;
	for (size_t i = 0; i < n; i++) {
		uint64_t number = addresses[i] / BLOCK;

		for (; number * BLOCK < addresses[i] + size &&
		    addresses[i] != 0; number++) {
			if (number == last || is_there(pages, number))
				continue;
			numbers[batch++] = last = number;
			if (batch == BATCH) {
				fetch_all(pages, numbers, batch);
				batch = 0;
			}
		}
	}
	fetch_all(pages, numbers, batch);
}

/* The block, which is read unless it is kept; NULL: it is not there. */
static const char *
block_of(struct pages *pages, uint64_t number)
{
	struct place *recent = &pages->recent[number % RECENT];
	char *block;

	if (recent->number == number + 1)
		return recent->bytes;
	block = find(&pages->kept, number);
	if (block == NULL)
		block = find(&pages->passing, number);
	if (block == NULL)
		block = fetch(pages, number);
	if (block != NULL)
		*recent = (struct place){ number + 1, block };
	return block;
}

bool
pages_read(struct pages *pages, uint64_t at, void *to, size_t size)
{
	char *out = to;

	while (size > 0) {
		size_t from = (size_t)(at % BLOCK);
		size_t some = size < BLOCK - from ? size : BLOCK - from;
		const char *block = block_of(pages, at / BLOCK);

		if (block == NULL)
			return false;
		memcpy(out, block + from, some);
		out += some;
		at += some;
		size -= some;
	}
	return true;
}
