/*
 * past.h - what tasks did, as a file of "evtask trace save" has it.
 */
#ifndef CLI_PAST_H
#define CLI_PAST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json_object;

enum past_type {
	PAST_NAMED,
	PAST_CREATED, /* by other */
	PAST_READY,   /* since then, as are the two below */
	PAST_RUNS,
	PAST_WAITS,   /* for text on; other must act */
	PAST_CANCEL,  /* asked to stop, by other */
	PAST_DONE,    /* text: its outcome */
};

struct past_fact {
	uint64_t task;
	int64_t ts_us;        /* from the beginning of the trace */
	int64_t until_us;     /* WAITS, READY, RUNS: the end of it */
	int64_t before_us;    /* WAITS: so long before the trace, already */
	uint64_t order;       /* in the file */
	enum past_type type;
	const char *text, *on;
	uint64_t other;       /* a task; 0: none, or the loop */
};

struct past {
	struct past_fact *facts; /* by task, then as they happened */
	size_t n, room;
	int64_t until_us;     /* how long it is */
	int64_t from_us;      /* when it began, since 1970; 0: not known */
	struct json_object *texts; /* keeps what facts point to */
};

/*
 * Reads a file; for any thread. Returns 0 and *past, to be released; -EINVAL,
 * -ENOMEM or -EIO, and *ret_why is a sentence to free.
 */
int past_load(struct past *past, const char *path, char **ret_why);
void past_release(struct past *past);

#endif
