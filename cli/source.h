/*
 * source.h - where in the source an address of a file is.
 *
 * source_dw.c asks the debug information, by elfutils' libdw; source_none.c
 * stands in for it where evtask is built without.
 */
#ifndef CLI_SOURCE_H
#define CLI_SOURCE_H

#include <stddef.h>
#include <stdint.h>

/* One place: inlined functions first, the function they are in last. */
struct source_place {
	char *func;  /* NULL: not known */
	char *file;  /* NULL: not known */
	int line;
};

#define SOURCE_PLACES_MAX 8 /* functions inlined in each other */

struct source_places {
	struct source_place v[SOURCE_PLACES_MAX];
	size_t n;
};

struct source;

/* NULL: no memory, or built without; what follows accepts it. Reads files and
 * takes much stack: not for the loop, nor for a task. */
struct source *source_new(void);
void source_free(struct source *source);

/* The places of an address of module, a file; n is 0 when nothing is known. */
void source_find(struct source *source, const char *module, uint64_t address,
    struct source_places *ret_places);
void source_release(struct source_places *places);

#endif
