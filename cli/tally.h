/*
 * tally.h - how busy each task was, added up from the flight recorder.
 */
#ifndef CLI_TALLY_H
#define CLI_TALLY_H

#include <evtask/inspect_trace.h>
#include "out.h"

struct json_object;

struct tally_row {
	uint64_t task;      /* 0: a free place */
	int64_t busy_ns;
	int64_t ready_ns;   /* all its waits for its turn together */
	uint64_t runs;
	int64_t since_ns;   /* READY, RUNNING */
	enum { TALLY_UNKNOWN, TALLY_READY, TALLY_RUNNING } doing;
};

struct tally {
	struct tally_row *rows; /* a hash table, by task */
	size_t n, size;
	int64_t covered_ns, busy_ns;
	uint64_t runs;
};

/* 0 or -ENOMEM; to be released in either case. */
int tally_init(struct tally *tally, const struct evtask_trace_record *records,
    size_t n);
void tally_release(struct tally *tally);

/* The row of a task; NULL: nothing is recorded of it. */
const struct tally_row *
tally_find(const struct tally *tally, uint64_t task);

/* The busiest tasks, most of them; tasks are those that live, as listed. */
void tally_print(const struct tally *tally, struct out *out,
    struct json_object *tasks, int64_t total, size_t most);

/* The same for programs: a line of JSON for each task that ran. */
void tally_put(const struct tally *tally, struct out *out);

#endif
