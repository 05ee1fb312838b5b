/*
 * source_none.c - nothing is known of the source.
 */
#include "source.h"

struct source *
source_new(void)
{
	return NULL;
}

void
source_free(struct source *source)
{
}

void
source_find(struct source *source, const char *module, uint64_t address,
    struct source_places *ret_places)
{
	ret_places->n = 0;
}

void
source_release(struct source_places *places)
{
}
