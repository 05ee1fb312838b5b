/*
 * complete.h - how a line may go on: one engine for the prompt and the shells.
 */
#ifndef CLI_COMPLETE_H
#define CLI_COMPLETE_H

#include <stdbool.h>
#include <stddef.h>
#include "command.h"

struct json_object;
struct words;

/* What there is to offer. The functions may suspend where that is allowed;
 * they return arrays, to put, or NULL for nothing. */
struct complete_source {
	/* Tasks whose names begin so: objects with name, coroutine, state. */
	struct json_object *(*tasks)(const char *prefix,
	    enum argument_want want, void *arg);
	/* Coroutines: name, summary, args. */
	struct json_object *(*coroutines)(void *arg);
	/* The protocol, as rpc.discover describes it; NULL: as we know it. */
	struct json_object *(*document)(void *arg);
	void *arg;
	bool prompt; /* offer what only the prompt has */
};

struct candidate {
	char *text; /* in place of the whole last word */
	char *doc;  /* may be empty */
};

/* Owns them; sorted by text where order means nothing. */
struct candidates {
	struct candidate *v;
	size_t n;
	bool open; /* what is offered is not a whole word: no blank after it */
};

/*
 * Offers what the last word of the line may become; an empty last word is one
 * that has not begun. Returns 0 or -ENOMEM. The caller releases.
 */
int complete_words(const struct words *words,
    const struct complete_source *source, struct candidates *ret_candidates);

void complete_release(struct candidates *candidates);

#endif
