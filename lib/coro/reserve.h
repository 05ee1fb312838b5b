/*
 * reserve.h - address space taken ahead, for what grows piece by piece.
 */
#ifndef CORO_RESERVE_H
#define CORO_RESERVE_H

#include <stddef.h>

struct reserve {
	size_t piece;		/* bytes */
	size_t align;		/* of a piece */
	size_t pieces;		/* cut, and not dropped */
	char *next, *end;	/* what is not cut yet */
	char *low;		/* where all of that began */
};

/* Takes nothing yet. align: a multiple of the system's page. */
void reserve_init(struct reserve *reserve, size_t piece, size_t align);

/* Unmaps what was never cut; pieces are their owner's to drop, and more can be
 * cut. */
void reserve_release(struct reserve *reserve);

/*
 * A piece, readable and writable, of zeros that take no memory until they are
 * touched; NULL: no address space, or no mappings left. What more is taken for
 * it is advised (MADV_HUGEPAGE ...) as a whole.
 */
void *reserve_cut(struct reserve *reserve, int advice);

/* Other advice for what is not cut yet, and for what was cut from the same: a
 * mapping whose parts have different advice is several. None of them may have
 * been dropped. */
void reserve_advise(struct reserve *reserve, int advice);

/* Unmaps a piece. */
void reserve_drop(struct reserve *reserve, void *piece);

#endif
