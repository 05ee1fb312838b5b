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

/* A task as it stood at a moment: the sum of its facts until then. */
struct past_task {
	uint64_t id;
	const char *name;
	bool known;           /* it was there, then */
	bool has_run;
	const struct past_fact *created, *cancel, *done; /* or NULL */
	const struct past_fact *doing; /* READY, RUNS or WAITS; or NULL */
	int cancels;
};

struct past_view {
	const struct past *past;
	int64_t at_us;
	struct past_task *tasks; /* by id */
	size_t n;
	const struct past_task **made; /* those made by a task, by that */
	size_t n_made;
};

/* All tasks at that moment. 0, to be released; or -ENOMEM. */
int past_look(struct past_view *view, const struct past *past, int64_t at_us);
void past_view_release(struct past_view *view);

/* The task of that id; or NULL: there was none then. */
const struct past_task *
past_find(const struct past_view *view, uint64_t id);

/* The first of those that a task had made, in view->made. */
size_t past_first_made(const struct past_view *view, uint64_t id);

/* As the server has them, for what draws them: all tasks; nodes of the tree;
 * why a task did not go on. To put. */
struct json_object *past_tasks(const struct past_view *view);
struct json_object *past_nodes(const struct past_view *view);
struct json_object *
past_why(const struct past_view *view, const struct past_task *task);

/* The moment, since 1970. */
int64_t past_now_us(const struct past_view *view);

#endif
