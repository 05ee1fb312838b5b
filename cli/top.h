/*
 * top.h - how busy tasks are, from one look to the next.
 */
#ifndef CLI_TOP_H
#define CLI_TOP_H

#include <evtask/base.h>
#include "tally.h"

struct cli;
struct json_object;

/* What tasks had done at a look; by id. */
struct top_mark {
	int64_t id, busy_us, resumes;
};

struct top_look {
	struct json_object *tasks;   /* those that live, by id; the first */
	int64_t total;               /* so many they are */
	struct top_mark *marks;      /* of each of tasks */
	size_t n;
	int64_t now_us;              /* when it was, by our clock */
	struct tally tally;          /* of what was recorded since the last */
	uint64_t seq;                /* the last record of these */
	uint64_t lost;               /* records overwritten unseen */
};

enum top_group {
	TOP_TASKS,     /* not at all */
	TOP_COROUTINE,
	TOP_SITE,      /* where they were made */
	TOP_GROUPS,
};

enum top_sort {
	TOP_BUSY,
	TOP_RESUMES,
	TOP_LATENCY,
	TOP_WAITED,
	TOP_NAME,
	TOP_ID,
	TOP_SORTS,
};

/* A line: a task, or all of a group. */
struct top_row {
	int64_t id;                  /* of the task, or of the first */
	const char *name;            /* of it, or of the group; borrowed */
	struct json_object *task;    /* borrowed; NULL: a group */
	size_t count;                /* of tasks */
	int64_t busy_us, resumes;    /* since the look before */
	int64_t ready_ns, readies;   /* waits for its turn: all together */
	int64_t waited_us;           /* for what it waits for; the longest */
};

struct top_rows {
	struct top_row *v;
	size_t n;
	int64_t elapsed_us;          /* between the looks */
};

/*
 * Looks. before: the look before, or NULL. Returns 0, and *look is to be
 * released; an exit code, all being said; -ECANCELED.
 */
EVTASK_SUSPENDS int
top_look(struct cli *cli, const struct top_look *before,
    struct top_look *look);
void top_look_release(struct top_look *look);

/* What has been done between two looks (before NULL: as far as it is recorded),
 * in order; of one group only, if filter is not NULL. 0, to be freed: v; or
 * -ENOMEM. */
int top_rows(const struct top_look *look, const struct top_look *before,
    enum top_group group, enum top_sort sort, const char *filter,
    struct top_rows *ret_rows);

/* The live screen, until it is left. Returns as a verb. */
EVTASK_SUSPENDS int top_show(struct cli *cli, int64_t interval_us);

#endif
