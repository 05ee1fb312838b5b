/*
 * graph.c - the graph of waits, as others see it: what a task awaits, circles,
 * and the way from a wait to what it comes to in the end.
 */
#include <evtask/inspect_graph.h>

#include "core/graph.h"

#include <errno.h>
#include <string.h>

#include "core/resource.h"

enum { WALK_MAX = 10000 };	/* tasks looked at for one answer */

static struct evtask *
writable(const struct evtask *task)
{
	return (struct evtask *)task;	/* for the marks of a walk */
}

/* What it awaits. */

struct collection {
	struct evtask **tasks;
	size_t n, size;
};

static bool
collect(struct evtask_future *f, void *arg)
{
	struct collection *c = arg;
	struct evtask *task = evtask_from_future(f);

	if (task == NULL)
		return true;
	if (c->n < c->size)
		c->tasks[c->n] = task;
	c->n++;
	return true;
}

size_t
evtask_awaits(const struct evtask *task, struct evtask **tasks, size_t size)
{
	struct collection c = { .tasks = tasks, .size = size };

	if (task != NULL)
		graph_each_needed(task, collect, &c);
	return c.n;
}

/* Causes. */

static const char *const cause_names[] = {
	[EVTASK_CAUSE_DONE] = "done",
	[EVTASK_CAUSE_RUNNABLE] = "runnable",
	[EVTASK_CAUSE_TIMER] = "timer",
	[EVTASK_CAUSE_OUTSIDE] = "outside",
	[EVTASK_CAUSE_UNKNOWN] = "unknown",
	[EVTASK_CAUSE_ORPHAN] = "orphan",
	[EVTASK_CAUSE_ABANDONED] = "abandoned",
	[EVTASK_CAUSE_DEADLOCK] = "deadlock",
};

const char *
evtask_cause_name(enum evtask_cause cause)
{
	return cause_names[cause];
}

/* What the types of waits come to that no task is needed for. */
static const struct {
	const char *type;
	enum evtask_cause cause;
} causes[] = {
	{ "timer", EVTASK_CAUSE_TIMER },
	{ "fd", EVTASK_CAUSE_OUTSIDE },
	{ "child", EVTASK_CAUSE_OUTSIDE },
	{ "signal", EVTASK_CAUSE_OUTSIDE },
	{ "thread", EVTASK_CAUSE_OUTSIDE },
	{ "stream", EVTASK_CAUSE_OUTSIDE },
	{ "address", EVTASK_CAUSE_OUTSIDE },
	{ "name", EVTASK_CAUSE_OUTSIDE },
};

/* Of a task that waits for no other, as far as is known. */
static enum evtask_cause
cause_of(const struct evtask *task)
{
	const struct wait *wait = task_wait(task);

	if (task->future.state != FUTURE_PENDING)
		return EVTASK_CAUSE_DONE;
	if (task_state(task) != EVTASK_STATE_WAITING)
		return EVTASK_CAUSE_RUNNABLE;
	if (wait->resource != NULL && wait->resource->owner_id != 0)
		return EVTASK_CAUSE_ABANDONED;
	for (size_t i = 0; wait->resource == NULL && wait->type != NULL &&
	    i < sizeof causes / sizeof causes[0]; i++)
		if (strcmp(causes[i].type, wait->type) == 0)
			return wait->until_us == EVTASK_FOREVER &&
			    causes[i].cause == EVTASK_CAUSE_TIMER ?
			    EVTASK_CAUSE_UNKNOWN : causes[i].cause;
	return wait->until_us != EVTASK_FOREVER ? EVTASK_CAUSE_TIMER :
	    EVTASK_CAUSE_UNKNOWN;
}

/* It runs, or something other than a task is going to wake it. */
static bool
wakes_by_itself(const struct evtask *task)
{
	return cause_of(task) < EVTASK_CAUSE_UNKNOWN;
}

/* Chains: from the last task of a walk back to where it began. */

static size_t
chain_length(const struct evtask *last)
{
	size_t n = 0;

	for (; last != NULL; last = graph_via(last))
		n++;
	return n;
}

static size_t
chain_fill(const struct evtask *last, const struct evtask **tasks,
    size_t size)
{
	size_t n = chain_length(last), i = n;

	for (; last != NULL; last = graph_via(last))
		if (--i < size)
			tasks[i] = last;
	return n;
}

size_t
evtask_deadlock(const struct evtask *task, const struct evtask **tasks,
    size_t size)
{
	bool cut;

	if (task == NULL)
		return 0;
	return chain_fill(graph_find_cycle(writable(task), WALK_MAX, &cut),
	    tasks, size);
}

/* The one that speaks for a circle: its oldest task. */
static bool
speaks_for_circle(struct evtask *task)
{
	const struct evtask *member;
	bool cut;

	member = graph_find_cycle(task, WALK_MAX, &cut);
	if (member == NULL)
		return false;
	while (member != NULL && member->id >= task->id)
		member = graph_via(member);
	return member == NULL;
}

size_t
evtask_all_deadlocks(const struct evtask_loop *loop,
    const struct evtask **tasks, size_t size)
{
	struct list *link;
	size_t n = 0;

	list_foreach(link, &loop->tasks) {
		struct evtask *task = container_of(link, struct evtask, all);

		if (task_wait(task) == NULL || !task_wait(task)->suspect ||
		    !speaks_for_circle(task))
			continue;
		if (n < size)
			tasks[n] = task;
		n++;
	}
	return n;
}

bool
evtask_quiescent(const struct evtask_loop *loop)
{
	struct list *link;
	bool any = false;

	list_foreach(link, &loop->tasks) {
		const struct evtask *task =
		    container_of(link, const struct evtask, all);

		if (task->internal)
			continue;
		any = true;
		if (wakes_by_itself(task))
			return false;
	}
	return any;
}

/* Why. */

struct inquiry {
	struct evtask *here, *tail;	/* of the queue */
	size_t left;
	bool leads_on;			/* here waits for some task */
	bool begun;			/* there is a cause */
	enum evtask_cause worst;
	struct evtask *last;		/* of the chain to it that waits, */
	const struct evtask *end;	/* and whom it waits for; or NULL */
	const struct evtask *back;	/* DEADLOCK: waited for by last */
	bool cut;
};

static void
found(struct inquiry *q, enum evtask_cause cause, const struct evtask *end,
    const struct evtask *back)
{
	if (q->begun && cause <= q->worst)
		return;
	q->begun = true;
	q->worst = cause;
	q->last = q->here;
	q->end = end;
	q->back = back;
}

static bool
inquire(struct evtask_future *f, void *arg)
{
	struct inquiry *q = arg;
	struct evtask *task = evtask_from_future(f);

	if (task == NULL) {
		if (future_is_orphan(f))
			found(q, EVTASK_CAUSE_ORPHAN, NULL, NULL);
		return true;
	}
	q->leads_on = true;
	if (task_state(task) != EVTASK_STATE_WAITING) {
		found(q, cause_of(task), task, NULL);
		return true;
	}
	if (graph_is_marked(task)) {
		if (graph_came_by(q->here, task) &&
		    task_wait(q->here)->until_us == EVTASK_FOREVER)
			found(q, EVTASK_CAUSE_DEADLOCK, NULL, task);
		return true;
	}
	if (q->left == 0) {
		q->cut = true;
		return false;
	}
	q->left--;
	graph_mark(task, q->here);
	task_wait(q->tail)->walk.next = task;
	q->tail = task;
	return true;
}

/* From a task that waits to all that it waits for. */
static void
inquire_all(struct inquiry *q, struct evtask *task)
{
	graph_begin(task->future.loop);
	graph_mark(task, NULL);
	for (q->here = q->tail = task; q->here != NULL;
	    q->here = graph_next(q->here)) {
		q->leads_on = false;
		graph_each_needed(q->here, inquire, q);
		if (!q->leads_on)
			found(q, cause_of(q->here), NULL, NULL);
	}
}

int
evtask_why(const struct evtask *task, struct evtask_why *ret_why,
    const struct evtask **chain, size_t size)
{
	struct inquiry q = { .left = WALK_MAX };

	if (task == NULL || ret_why == NULL)
		return -EINVAL;
	if (task_state(task) == EVTASK_STATE_WAITING)
		inquire_all(&q, writable(task));
	else
		found(&q, cause_of(task), task, NULL);
	*ret_why = (struct evtask_why){
		.cause = q.worst, .cut = q.cut,
		.length = chain_fill(q.last, chain, size),
	};
	if (q.end != NULL && ret_why->length++ < size)
		chain[ret_why->length - 1] = q.end;
	if (q.back != NULL)
		ret_why->back = chain_length(q.back) - 1;
	return 0;
}

/* Resources. */

size_t
evtask_resource_waiters(const struct evtask_resource *resource,
    struct evtask **tasks, size_t size)
{
	const struct resource *r = (const void *)resource;
	struct list *link;
	size_t n = 0;

	list_foreach(link, &r->line) {
		if (n < size)
			tasks[n] = task_woken_by(&container_of(link,
			    struct wait, in_line)->waiter);
		n++;
	}
	return n;
}

static void
describe(const struct resource *resource, struct evtask_resource_info *info)
{
	*info = (struct evtask_resource_info){
		.resource = (const void *)resource,
		.id = resource->id, .type = resource->class->type,
		.name = resource->name, .owner = resource->owner,
		.owner_id = resource->owner_id, .held_us = -1,
		.size = -1, .capacity = -1, .unsent = -1,
		.waiting = resource->waiting, .waits = resource->waits,
	};
	if (resource->owner_id != 0) {
		info->held_at = resource->held_at;
		info->held_us = resource->held_us;
	}
	if (resource->class->measure != NULL)
		resource->class->measure(resource, &info->size,
		    &info->capacity);
	if (resource->class->sides != NULL)
		resource->class->sides(resource, &info->reader, &info->writer,
		    &info->unsent);
}

size_t
evtask_all_resources(const struct evtask_loop *loop, uint64_t after,
    struct evtask_resource_info *infos, size_t size)
{
	struct list *link;
	size_t n = 0;

	list_foreach(link, &loop->known) {
		const struct resource *resource =
		    container_of(link, struct resource, known);

		if (resource->id <= after)
			continue;
		if (n < size)
			describe(resource, &infos[n]);
		n++;
	}
	return n;
}

bool
evtask_resource_next(const struct evtask_loop *loop,
    struct evtask_resource_info *info)
{
	const struct resource *resource = (const void *)info->resource;

	if (resource->known.next == &loop->known)
		return false;
	describe(container_of(resource->known.next, struct resource, known),
	    info);
	return true;
}
