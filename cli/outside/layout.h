/*
 * layout.h - members of the target's structures, by its own table of them.
 */
#ifndef OUTSIDE_LAYOUT_H
#define OUTSIDE_LAYOUT_H

#include <evtask/inspect_layout.h>
#include "outside/target.h"

enum member {
	LOOP_NEXT, LOOP_TASKS, LOOP_NOW_US, LOOP_RUNS_IN, CURRENT_TASK,
	LIST_NEXT, LIST_PREV,
	TASK_ALL, TASK_ID, TASK_NAME, TASK_RUNNING, TASK_PARKED, TASK_RESUMES,
	TASK_CREATED_AT, TASK_CREATED_BY, TASK_CREATED_US, TASK_QUEUED,
	TASK_INTERNAL, TASK_STARTED_US, TASK_WAIT, TASK_STACK,
	STACK_BASE, STACK_SIZE, PARKED_PC, PARKED_SP, PARKED_FP,
	WAIT_OP, WAIT_TYPE, WAIT_NAME, WAIT_NUMBER, WAIT_OWNER, WAIT_RESOURCE,
	WAIT_SITE, WAIT_SINCE_US, WAIT_UNTIL_US, WAIT_ON, WAIT_EACH, WAIT_OF,
	FUTURE_CLASS, FUTURE_STATE,
	RESOURCE_TYPE, RESOURCE_NAME, RESOURCE_OWNER,
	SITE_FUNC, SITE_FILE, SITE_LINE,
	MEMBERS,
};

#define LAYOUT_SPREADS 16

struct layout {
	struct target *target;
	struct evtask_layout table;
	const struct evtask_layout_row *rows[MEMBERS];
	struct evtask_layout_spread spreads[LAYOUT_SPREADS];
	size_t n_spreads;
};

/* 0, or a negative errno and *ret_why, a sentence to free. */
int layout_read(struct layout *layout, struct target *target,
    char **ret_why);

/* A member of the structure at base; false: it cannot be read. */
bool layout_get(const struct layout *layout, uint64_t base,
    enum member member, uint64_t *ret_value);

/* The spread of a function or a class of the target's; NULL: it has none. */
const struct evtask_layout_spread *layout_spread(const struct layout *layout,
    uint64_t what);

/* As layout_get(); 0 when it cannot be read. */
uint64_t layout_of(const struct layout *layout, uint64_t base,
    enum member member);

#endif
