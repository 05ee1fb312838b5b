/* batch.h - one thing done to many tasks that a request names. */
#ifndef CONSOLE_BATCH_H
#define CONSOLE_BATCH_H

#include "dispatch.h"
#include "registry.h"
#include "slice.h"

struct batch;

/* What is done. */
struct batch_kind {
	const char *key;    /* the list of the answer; NULL: `then` answers */
	/* Whether it may be done to this one; false: refused, and nothing has
	 * been done to any. NULL: to all. */
	bool (*allows)(struct call *call, const struct record *record);
	/* Does it, and with a key writes its item of the list. NULL: nothing
	 * is done, they are only found. */
	void (*each)(struct batch *batch, struct record *record);
	/* It is done to all: as a handler does, which may refuse or defer. */
	struct json_object *(*then)(struct batch *batch);
};

struct batch {
	struct slice slice;
	struct call call;   /* the request; id and params are references */
	const struct batch_kind *kind;
	struct record **records; /* a reference to each */
	size_t n;           /* of how many ... */
	size_t n_found, n_asked, n_done;
	bool refused;       /* one was not found, or does not allow it */
};

/* Serves a request by its "tasks", for `return batch_start(...)`. */
struct json_object *batch_start(struct call *call,
    const struct batch_kind *kind);

#endif
