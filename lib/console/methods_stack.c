/*
 * methods_stack.c - task.stack, task.stacks: where tasks stand.
 */
#include <evtask/inspect_stack.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include "console.h"
#include "frames.h"
#include "methods.h"
#include "render.h"
#include "resolve.h"
#include "slice.h"
#include "stacks.h"
#include "view.h"

#define LOOK_EVERY 16 /* stacks between two looks at the clock */

struct json_object *
serve_task_stack(struct call *call)
{
	const struct record *record = resolve_task(call);
	struct evtask_symbols *symbols = console_symbols(call->console);
	void *frames[STACK_FRAMES_MAX];
	struct json_object *o;
	int n;

	if (record == NULL || symbols == NULL)
		return NULL;
	n = evtask_get_stack(record->task, frames, STACK_FRAMES_MAX);
	if (n <= 0)
		return call_refuse_int(call, "StackUnavailable", "task",
		    (int64_t)record->id);
	o = json_object_new_object();
	evtask_ctl_put(&o, "task", view_link(call->console, record->task));
	evtask_ctl_put(&o, "frames", render_frames(symbols, frames, n));
	evtask_ctl_put_bool(&o, "complete", n < STACK_FRAMES_MAX);
	put_seq(&o, call);
	return o;
}

/* All of them. */

struct folding {
	struct slice slice;    /* first */
	struct walk walk;
	struct stacks stacks;
	bool folded;           /* all have been looked at */
	bool failed;
	size_t limit, written;
	int64_t total, without;
};

static int
fold_one(struct folding *folding, const struct record *record)
{
	struct evtask_wait_info wait;
	void *frames[STACK_FRAMES_MAX];
	int64_t waited_us = 0;
	int n = evtask_get_stack(record->task, frames, STACK_FRAMES_MAX);

	if (n <= 0) {
		folding->without++;
		return 0;
	}
	folding->total++;
	if (evtask_get_wait(record->task, &wait) == 1)
		waited_us = console_now_us(folding->slice.session->console) -
		    wait.since_us;
	return stacks_add(&folding->stacks, frames, n, record->id, waited_us);
}

/* False: not all are looked at yet. */
static bool
fold(struct folding *folding)
{
	struct record *record;
	unsigned int n = 0;

	while ((record = walk_next(&folding->walk)) != NULL) {
		if (!record->done && fold_one(folding, record) < 0)
			folding->failed = true;
		if (++n % LOOK_EVERY == 0 && slice_is_over(&folding->slice))
			return false;
	}
	walk_end(&folding->walk);
	stacks_sort(&folding->stacks);
	return true;
}

static struct json_object *
render_group(struct evtask_console *console, const struct stack_group *group)
{
	struct json_object *o = json_object_new_object(), *tasks;
	const struct record *record;
	size_t i;

	evtask_ctl_put_int(&o, "count", (int64_t)group->count);
	evtask_ctl_put_int(&o, "waited_us", group->waited_us);
	tasks = json_object_new_array();
	for (i = 0; i < group->count && i < STACK_EXAMPLES_MAX; i++) {
		record = registry_find(&console->registry, group->tasks[i]);
		evtask_ctl_append(&tasks, view_name(console,
		    record != NULL && !record->done ? record->task : NULL,
		    group->tasks[i]));
	}
	evtask_ctl_put(&o, "tasks", tasks);
	evtask_ctl_put(&o, "frames", render_frames(console->symbols,
	    group->frames, group->n_frames));
	return o;
}

static bool
step_folding(struct slice *slice)
{
	struct folding *folding = (struct folding *)slice;
	size_t n;

	if (!folding->folded)
		folding->folded = fold(folding);
	if (!folding->folded)
		return false;
	n = folding->stacks.n < folding->limit ? folding->stacks.n
	    : folding->limit;
	while (folding->written < n) {
		folding->failed |= slice_add(slice, render_group(
		    slice->session->console,
		    &folding->stacks.groups[folding->written++])) == 0;
		if (slice_is_over(slice))
			return folding->written == n;
	}
	return true;
}

static struct json_object *
finish_folding(struct slice *slice)
{
	const struct folding *folding = (struct folding *)slice;
	struct json_object *o = folding->failed ? NULL
	    : json_object_new_object();

	evtask_ctl_put_int(&o, "groups_total", (int64_t)folding->stacks.n);
	evtask_ctl_put_int(&o, "total", folding->total);
	evtask_ctl_put_int(&o, "without", folding->without);
	evtask_ctl_put_int(&o, "seq",
	    (int64_t)slice->session->console->ring.seq);
	return o;
}

static void
release_folding(struct slice *slice)
{
	struct folding *folding = (struct folding *)slice;

	walk_end(&folding->walk);
	stacks_release(&folding->stacks);
}

struct json_object *
serve_task_stacks(struct call *call)
{
	struct folding *folding = calloc(1, sizeof(*folding));

	if (folding == NULL || console_symbols(call->console) == NULL) {
		free(folding);
		return NULL;
	}
	folding->slice.key = "groups";
	folding->slice.step = step_folding;
	folding->slice.finish = finish_folding;
	folding->slice.release = release_folding;
	folding->limit = (size_t)evtask_ctl_get_int(call->params, "limit", 1);
	stacks_init(&folding->stacks);
	walk_begin(&folding->walk, &call->console->registry, false, 0);
	return slice_start(call, &folding->slice);
}
