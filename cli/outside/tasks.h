/*
 * tasks.h - the tasks of a target, read from its memory.
 */
#ifndef OUTSIDE_TASKS_H
#define OUTSIDE_TASKS_H

#include "outside/layout.h"

struct json_object;

#define TASKS_MEMO 512

struct tasks {
	const struct layout *layout;
	uint64_t *v;            /* their addresses */
	size_t n, room;
	size_t at;              /* the next for tasks_next() */
	bool brief;             /* of each only what a list of them shows */
	int64_t now_us;         /* on their loop's clock, about */
	int64_t epoch_us;       /* that clock's zero, since 1970 */
	bool torn;              /* lists changed under our eyes: some may be
				 * missing */
	bool stackless;         /* why tasks wait stands on their stacks, and
				 * those cannot be read */
	struct memo {           /* what many tasks share: texts and sites of
				 * the program, by address */
		uint64_t at;    /* 0: nothing yet */
		struct json_object *o;
	} memo[TASKS_MEMO];
};

/* 0, or a negative errno and *ret_why, a sentence to free. */
int tasks_read(struct tasks *tasks, const struct layout *layout,
    char **ret_why);
void tasks_release(struct tasks *tasks);

/* The next of them, some at once: an array, to put; NULL: these were all. */
struct json_object *tasks_next(struct tasks *tasks);

/* Members of Task and of Node, as the protocol has them; to put. Parts of it
 * are shared with other tasks. */
struct json_object *tasks_render(struct tasks *tasks, uint64_t task);

/* The task of that id or name; 0: there is none. */
uint64_t tasks_find(const struct tasks *tasks, const char *word);

/* "created", "ready", "running" or "waiting". */
const char *tasks_state(const struct tasks *tasks, uint64_t task);

#endif
