/*
 * each.h - a verb that asks about one task, for as many as the line names.
 */
#ifndef CLI_EACH_H
#define CLI_EACH_H

#include <evtask/base.h>

struct cli;
struct invocation;
struct json_object;

/* One task's turn: an exit code, all being said; -ECANCELED. */
typedef int (*each_fn)(struct cli *cli, struct invocation *invocation,
    struct json_object *task);

/* What stands before each, for people, where there are several. */
enum each_head {
	EACH_NOTHING,
	EACH_BLANK, /* a line, but before the first */
	EACH_TITLE, /* ==> its name <==, as head(1) has it */
};

/*
 * Calls fn for each task of the line, one after the other, whatever fails: what
 * goes wrong is said with the task's name. Returns the first code that is not
 * 0; -ECANCELED, at once.
 */
EVTASK_SUSPENDS int
each_task(struct cli *cli, struct invocation *invocation,
    enum each_head head, each_fn fn);

/* What the task is called, to free; NULL without memory. */
EVTASK_SUSPENDS char *each_name(struct cli *cli, struct json_object *task);

/* Prints a title. */
void each_title(struct cli *cli, const char *name, bool first);

#endif
