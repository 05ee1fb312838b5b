/*
 * output.h - what a task writes, read to its end.
 */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include <evtask/base.h>

struct cli;
struct json_object;
struct stream;

/* Who of several tasks has the word: whose output is printed. */
struct output_floor {
	const char *holder; /* NULL: nobody has spoken yet */
};

/* How output is to be read. */
struct output_options {
	bool follow;                 /* until the task is done */
	bool timestamps;
	bool end_only;               /* begin with its last lines ... */
	int64_t tail;                /* ... so many */
	struct json_object *streams; /* borrowed; NULL: both */
	struct output_floor *floor;  /* shared by several; NULL: one alone */
	const char *name;            /* its title there */
};

/*
 * Prints what the task has written: each stream to its own, byte by byte; JSON
 * lines when that is wanted. Says how much the server had not kept. Returns 0;
 * an exit code, all being said; -ECANCELED.
 */
EVTASK_SUSPENDS int
output_print(struct cli *cli, struct json_object *task,
    const struct output_options *options);

/* The same of what a subscription to a log brings, which this closes. */
EVTASK_SUSPENDS int output_follow(struct cli *cli, struct stream *stream);

#endif
