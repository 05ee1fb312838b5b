/*
 * graph.c - who waits for whom: the edges, and the cycles in them.
 *
 * The edges are not stored: each is read off a wait record and whatever that
 * points to. So they cost nothing until somebody looks, and are never stale.
 * A walk goes breadth first, and keeps its marks and its queue in the waits of
 * those it comes by: it needs no memory, and only a little of whatever stack it
 * runs on. A task that does not wait is where a way ends.
 *
 * A cycle can close only when a task begins to wait, and only if somebody waits
 * for that task: that is when, and whether, it is looked for.
 */
#include "core/graph.h"

#include "core/resource.h"
#include "core/tell.h"

enum {
	DEPTH_MAX = 16,		/* of gathers within gathers: then it stops */
	CHECK_MAX = 256,	/* tasks looked at when one begins to wait */
};

struct needed {
	future_visit_fn visit;
	void *arg;
	unsigned int depth;
	bool enough;
};

static bool
show(struct evtask_future *f, void *arg)
{
	struct needed *needed = arg;
	struct evtask_future *inner;

	if (f->state != FUTURE_PENDING)
		return true;
	if (f->class->awaits == NULL) {
		needed->enough = !needed->visit(f, needed->arg);
		return !needed->enough;
	}
	if (needed->depth == DEPTH_MAX)
		return true;
	needed->depth++;
	for (size_t i = 0; !needed->enough &&
	    (inner = f->class->awaits(f, i)) != NULL; i++)
		(void)show(inner, needed);
	needed->depth--;
	return !needed->enough;
}

void
graph_each_needed(const struct evtask *task, future_visit_fn visit, void *arg)
{
	struct needed needed = { .visit = visit, .arg = arg };
	const struct wait *wait = task_wait(task);

	if (task_state(task) != EVTASK_STATE_WAITING)
		return;
	if (wait->each != NULL)
		wait->each(wait, show, &needed);
	else if (wait->resource == NULL)
		(void)show(task_awaiting(task), &needed);
	else if (wait->resource->owner != NULL)
		(void)show(&wait->resource->owner->future, &needed);
}

void
graph_begin(struct evtask_loop *loop)
{
	loop->walks++;
}

bool
graph_is_marked(const struct evtask *task)
{
	return task_wait(task)->mark == task->future.loop->walks;
}

void
graph_mark(struct evtask *task, struct evtask *via)
{
	struct wait *wait = task_wait(task);

	wait->mark = task->future.loop->walks;
	wait->walk.via = via;
	wait->walk.next = NULL;
}

bool
graph_came_by(const struct evtask *task, const struct evtask *ancestor)
{
	while (task != NULL && task != ancestor)
		task = graph_via(task);
	return task != NULL;
}

/* Cycles. */

struct search {
	struct evtask *wanted;
	struct evtask *here, *last;	/* of the queue */
	size_t left;			/* tasks that may still be queued */
	bool found, cut;
};

static bool
follow(struct evtask_future *f, void *arg)
{
	struct search *search = arg;
	struct evtask *task = evtask_from_future(f);

	search->found = task == search->wanted;
	if (search->found)
		return false;
	if (task == NULL || task_wait(task) == NULL || graph_is_marked(task))
		return true;
	search->cut = search->left == 0;
	if (search->cut)
		return false;
	graph_mark(task, search->here);
	search->left--;
	task_wait(search->last)->walk.next = task;
	search->last = task;
	return true;
}

static bool
count_two(struct evtask_future *f, void *arg)
{
	size_t *n = arg;

	(void)f;
	return ++*n < 2;
}

/* A wait that time ends, or any of several others, is not for ever. */
static bool
may_be_for_ever(const struct evtask *task)
{
	const struct wait *wait = task_wait(task);
	size_t n = 0;

	if (wait->until_us != EVTASK_FOREVER)
		return false;
	if (wait->any)
		graph_each_needed(task, count_two, &n);
	return n < 2;
}

struct evtask *
graph_find_cycle(struct evtask *task, size_t most, bool *ret_cut)
{
	struct search search = { .wanted = task, .last = task, .left = most };

	*ret_cut = false;
	if (task_wait(task) == NULL)
		return NULL;
	graph_begin(task->future.loop);
	graph_mark(task, NULL);
	for (search.here = task; search.here != NULL;
	    search.here = graph_next(search.here)) {
		if (may_be_for_ever(search.here))
			graph_each_needed(search.here, follow, &search);
		if (search.found)
			return search.here;
	}
	*ret_cut = search.cut;
	return NULL;
}

/* Whether a task can be waiting for this one. */
static bool
is_needed(const struct evtask *task)
{
	struct list *link;

	list_foreach(link, &task->future.waiters) {
		const struct waiter *w = container_of(link, struct waiter,
		    link);

		if (task_woken_by(w) != NULL || w->feeds != NULL ||
		    w->by != NULL)
			return true;
	}
	return !list_empty(&task->running->holds);
}

void
graph_check(struct evtask *task)
{
	struct evtask_loop *loop = task->future.loop;
	struct evtask *member;
	bool cut;

	if (!is_needed(task))
		return;
	member = graph_find_cycle(task, CHECK_MAX, &cut);
	if (member == NULL) {
		task_wait(task)->suspect = cut;
		return;
	}
	for (; member != NULL; member = graph_via(member))
		task_wait(member)->suspect = true;
	tell(loop, TOLD_DEADLOCK, task);
}
