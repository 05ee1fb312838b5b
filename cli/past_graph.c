/*
 * past_graph.c - a moment of a trace, in the words of the server: tasks, who
 * waited for whom, and why.
 *
 * A record names one thing a task waits for. One that waits for many, such as
 * the children of its group, is taken to wait for all it has made.
 */
#include <evtask/ctl_value.h>
#include <evtask/inspect_graph.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include "past_view.h"

/* What is waited for, where the operation's first word is not its type. */
static const struct {
	const char *op, *type;
} types[] = {
	{ "sleep", "timer" },
	{ "await", "task" },
	{ "gather", "tasks" },
	{ "group.exit", "tasks" },
	{ "wait", "tasks" },
	{ "as_completed", "tasks" },
	{ "process.wait", "child" },
	{ "getaddrinfo", "name" },
	{ "server.accept", "address" },
	{ "stream.connect", "address" },
};

static const char *const lasting[] = { /* types that no task ends */
	"fd", "child", "signal", "thread", "stream", "address", "name"
};

/* Writes it; "" when nothing is known of it. */
static void
type_of(const struct past_fact *wait, char type[32])
{
	size_t size = strcspn(wait->text, ".");

	type[0] = '\0';
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(types[i].op, wait->text) == 0)
			strcpy(type, types[i].type);
	if (type[0] == '\0' && wait->text[size] == '.' && size < 32) {
		memcpy(type, wait->text, size);
		type[size] = '\0';
	}
}

static bool
waits(const struct past_task *task)
{
	return task->done == NULL && task->doing != NULL &&
	    task->doing->type == PAST_WAITS;
}

static bool
waits_for_many(const struct past_task *task)
{
	char type[32];

	type_of(task->doing, type);
	return strcmp(type, "tasks") == 0;
}

static const char *
state_of(const struct past_task *task)
{
	if (task->done != NULL)
		return "done";
	if (task->doing == NULL || task->doing->type == PAST_READY)
		return task->created != NULL && !task->has_run ? "created" :
		    "ready";
	return task->doing->type == PAST_RUNS ? "running" : "waiting";
}

static int64_t
epoch_us(const struct past_view *view, int64_t ts_us)
{
	return view->past->from_us + ts_us;
}

static void
put_owner(struct json_object **wait, const struct past_view *view,
    uint64_t id)
{
	const struct past_task *owner = past_find(view, id);
	struct json_object *o = NULL;

	if (id == 0) {
		evtask_ctl_put_null(wait, "owner");
		return;
	}
	o = json_object_new_object();
	evtask_ctl_put_int(&o, "id", (int64_t)id);
	evtask_ctl_put_text(&o, "name", owner != NULL && owner->name != NULL ?
	    owner->name : "?");
	if (owner != NULL && owner->done != NULL)
		evtask_ctl_put_bool(&o, "ended", true);
	evtask_ctl_put(wait, "owner", o);
}

/* When a timer was to end is known from when it did. */
static struct json_object *
render_wait(const struct past_view *view, const struct past_fact *fact)
{
	struct json_object *wait = json_object_new_object(), *on = NULL;
	bool over = fact->until_us < view->past->until_us, timer;
	char type[32];

	type_of(fact, type);
	timer = strcmp(type, "timer") == 0;
	evtask_ctl_put_text(&wait, "op", fact->text[0] != '\0' ? fact->text :
	    "not recorded");
	if (type[0] != '\0' && (!timer || over)) {
		on = json_object_new_object();
		evtask_ctl_put_text(&on, "type", type);
		evtask_ctl_put_text(&on, "name", fact->on[0] != '\0' ?
		    fact->on : NULL);
		evtask_ctl_put(&wait, "on", on);
	} else {
		evtask_ctl_put_null(&wait, "on");
	}
	put_owner(&wait, view, fact->other);
	evtask_ctl_put_null(&wait, "site");
	evtask_ctl_put_int(&wait, "since_us", epoch_us(view, fact->ts_us) -
	    fact->before_us);
	if (timer && over)
		evtask_ctl_put_int(&wait, "until_us", epoch_us(view,
		    fact->until_us));
	else
		evtask_ctl_put_null(&wait, "until_us");
	return wait;
}

static void
put_time(struct json_object **o, const char *key,
    const struct past_view *view, const struct past_fact *fact)
{
	if (fact != NULL)
		evtask_ctl_put_int(o, key, epoch_us(view, fact->ts_us));
	else
		evtask_ctl_put_null(o, key);
}

/* As a Link of the protocol. */
static struct json_object *
render_link(const struct past_view *view, const struct past_task *task)
{
	struct json_object *o = json_object_new_object();

	evtask_ctl_put_int(&o, "id", (int64_t)task->id);
	evtask_ctl_put_text(&o, "name", task->name);
	evtask_ctl_put_text(&o, "state", state_of(task));
	if (waits(task))
		evtask_ctl_put(&o, "wait", render_wait(view, task->doing));
	else
		evtask_ctl_put_null(&o, "wait");
	if (task->created != NULL && task->created->other != 0)
		evtask_ctl_put_int(&o, "parent",
		    (int64_t)task->created->other);
	else
		evtask_ctl_put_null(&o, "parent");
	return o;
}

static struct json_object *
render_cancel(const struct past_view *view, const struct past_task *task)
{
	struct json_object *o = json_object_new_object();

	evtask_ctl_put_int(&o, "requested", task->cancels);
	evtask_ctl_put_int(&o, "first_us", epoch_us(view,
	    task->cancel->ts_us));
	return o;
}

struct json_object *
past_tasks(const struct past_view *view)
{
	struct json_object *all = json_object_new_array(), *o;

	for (size_t i = 0; i < view->n; i++) {
		const struct past_task *task = &view->tasks[i];

		o = render_link(view, task);
		evtask_ctl_put_text(&o, "outcome", task->done != NULL ?
		    task->done->text : NULL);
		put_time(&o, "created_us", view, task->created);
		put_time(&o, "done_us", view, task->done);
		if (task->cancel != NULL)
			evtask_ctl_put(&o, "cancel", render_cancel(view,
			    task));
		evtask_ctl_append(&all, o);
	}
	return all;
}

/* Shows whom a task waited for. */
static void
each_needed(const struct past_view *view, const struct past_task *task,
    void (*visit)(const struct past_task *needed, void *arg), void *arg)
{
	const struct past_task *other;

	if (!waits(task))
		return;
	other = past_find(view, task->doing->other);
	if (other != NULL && other->done == NULL)
		visit(other, arg);
	if (!waits_for_many(task))
		return;
	for (size_t i = past_first_made(view, task->id); i < view->n_made &&
	    view->made[i]->created->other == task->id; i++)
		if (view->made[i]->done == NULL)
			visit(view->made[i], arg);
}

static void
append_id(const struct past_task *task, void *arg)
{
	evtask_ctl_append(arg, json_object_new_int64((int64_t)task->id));
}

struct json_object *
past_nodes(const struct past_view *view)
{
	struct json_object *all = json_object_new_array(), *o, *awaits;

	for (size_t i = 0; i < view->n; i++) {
		if (view->tasks[i].done != NULL)
			continue;
		o = render_link(view, &view->tasks[i]);
		awaits = json_object_new_array();
		each_needed(view, &view->tasks[i], append_id, &awaits);
		evtask_ctl_put(&o, "awaits", awaits);
		evtask_ctl_append(&all, o);
	}
	return all;
}

/* Of a task that waits for no other. */
static enum evtask_cause
cause_of(const struct past_view *view, const struct past_task *task)
{
	char type[32];

	if (task->done != NULL)
		return EVTASK_CAUSE_DONE;
	if (!waits(task))
		return EVTASK_CAUSE_RUNNABLE;
	type_of(task->doing, type);
	if (task->doing->other != 0 && strcmp(type, "lock") == 0)
		return EVTASK_CAUSE_ABANDONED;
	for (size_t i = 0; i < sizeof(lasting) / sizeof(lasting[0]); i++)
		if (strcmp(lasting[i], type) == 0)
			return EVTASK_CAUSE_OUTSIDE;
	return strcmp(type, "timer") == 0 &&
	    task->doing->until_us < view->past->until_us ?
	    EVTASK_CAUSE_TIMER : EVTASK_CAUSE_UNKNOWN;
}

/* A walk over whom a task waited for, the nearest first. */
struct walk {
	const struct past_view *view;
	struct step {
		const struct past_task *task;
		size_t via;     /* the step before; of the first, its own */
	} *steps;
	size_t *step_of;        /* of a task, + 1; 0: not met */
	size_t n, here;
	bool leads_on;
	bool begun;             /* there is a cause */
	enum evtask_cause worst;
	size_t last, back;      /* steps: DEADLOCK closes at back */
};

static void
found(struct walk *walk, enum evtask_cause cause, size_t back)
{
	if (walk->begun && cause <= walk->worst)
		return;
	walk->begun = true;
	walk->worst = cause;
	walk->last = walk->here;
	walk->back = back;
}

static bool
came_by(const struct walk *walk, size_t step)
{
	size_t at = walk->here;

	while (at != step && walk->steps[at].via != at)
		at = walk->steps[at].via;
	return at == step;
}

static void
meet(const struct past_task *task, void *arg)
{
	struct walk *walk = arg;
	size_t *step = &walk->step_of[task - walk->view->tasks];

	walk->leads_on = true;
	if (*step == 0) {
		walk->steps[walk->n++] = (struct step){ task, walk->here };
		*step = walk->n;
	} else if (came_by(walk, *step - 1)) {
		found(walk, EVTASK_CAUSE_DEADLOCK, *step - 1);
	}
}

static struct json_object *
render_chain(struct walk *walk, int64_t *ret_back)
{
	struct json_object *chain = json_object_new_array();
	size_t n = 0, at = walk->last, *path;

	*ret_back = -1;
	path = calloc(walk->n, sizeof(path[0]));
	if (path == NULL)
		return chain;
	for (path[n++] = at; walk->steps[at].via != at; path[n++] = at)
		at = walk->steps[at].via;
	for (size_t i = 0; i < n; i++) {
		at = path[n - 1 - i];
		if (walk->worst == EVTASK_CAUSE_DEADLOCK && at == walk->back)
			*ret_back = (int64_t)i;
		evtask_ctl_append(&chain, render_link(walk->view,
		    walk->steps[at].task));
	}
	free(path);
	return chain;
}

struct json_object *
past_why(const struct past_view *view, const struct past_task *task)
{
	struct walk walk = { .view = view };
	struct json_object *o = json_object_new_object(), *chain;
	int64_t back;

	walk.steps = calloc(view->n + 1, sizeof(walk.steps[0]));
	walk.step_of = calloc(view->n + 1, sizeof(walk.step_of[0]));
	if (walk.steps == NULL || walk.step_of == NULL)
		goto out;
	meet(task, &walk);
	for (; walk.here < walk.n; walk.here++) {
		walk.leads_on = false;
		each_needed(view, walk.steps[walk.here].task, meet, &walk);
		if (!walk.leads_on)
			found(&walk, cause_of(view,
			    walk.steps[walk.here].task), 0);
	}
	chain = render_chain(&walk, &back);
	evtask_ctl_put_int(&o, "length",
	    (int64_t)json_object_array_length(chain));
	evtask_ctl_put(&o, "chain", chain);
	evtask_ctl_put_text(&o, "cause", evtask_cause_name(walk.worst));
	if (back >= 0)
		evtask_ctl_put_int(&o, "back", back);
	else
		evtask_ctl_put_null(&o, "back");
	evtask_ctl_put_bool(&o, "complete", true);
out:
	free(walk.steps);
	free(walk.step_of);
	return o;
}
