/*
 * past_view.h - tasks as they stood at a moment of a trace.
 */
#ifndef CLI_PAST_VIEW_H
#define CLI_PAST_VIEW_H

#include "past.h"

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
