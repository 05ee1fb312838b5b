/*
 * group.c - task groups.
 *
 *	open --exit--> leaving --no child left--> left
 *
 * In either of the first two states the group may be *aborting*: its children
 * have been cancelled, once, and no new ones are taken. What makes it abort is
 * the first error of a child, a body that raised, or somebody who asked.
 *
 * Whoever makes the group abort while its parent is elsewhere cancels the
 * parent too, and leaving takes that one request back. A request of anybody
 * else remains: alone it goes through, beside errors it is kept for the next
 * wait.
 *
 * The group lies in the memory of its parent's frame. Its children are links
 * on the heap, moved to `failed` when they have an error to tell.
 */
#include <evtask/group.h>

#include <errno.h>
#include <stdlib.h>

#include "core/debug.h"
#include "core/error.h"
#include "core/task.h"
#include "wait/spread.h"

enum state {
	OPEN = 1,
	LEAVING,
	LEFT,
};

struct scope {
	struct evtask *parent;
	struct evtask_loop *loop;
	const struct evtask_site *site;
	struct list children;		/* struct child, oldest first */
	struct list failed;		/* struct child, in order of ending */
	struct evtask_future *empty;	/* settled without children; or NULL */
	int64_t n_children;
	enum state state;
	bool aborting;
	bool parent_cancelled;		/* by us */
};

_Static_assert(sizeof(struct scope) <= sizeof(struct evtask_group),
    "the caller's memory holds a scope");

struct child {
	struct runnable runnable;
	struct waiter waiter;
	struct list link;
	struct scope *scope;
	struct evtask *task;		/* referenced */
};

static struct scope *
scope_of(struct evtask_group *group)
{
	return (struct scope *)(void *)group->private_;
}

static void
child_free(struct child *child)
{
	struct evtask_loop *loop = child->task->future.loop;

	list_remove(&child->link);
	list_remove(&child->waiter.link);
	ready_remove(&loop->ready, &child->runnable);
	ready_unreserve(&loop->ready, 1);
	evtask_unref(child->task);
	free(child);
}

static void
cancel(const struct scope *scope, struct evtask *task,
    const struct evtask_site *site)
{
	struct evtask_origin origin = {
		.type = EVTASK_ORIGIN_GROUP, .id = scope->parent->id,
	};

	(void)evtask_cancel_by((union evtask_awaitable){ .task = task }, NULL,
	    &origin, site);
}

static void
abort_children(struct scope *scope, const struct evtask_site *site)
{
	struct list *link;

	scope->aborting = true;
	list_foreach(link, &scope->children) {
		struct child *child = container_of(link, struct child, link);

		if (child->task->future.state == FUTURE_PENDING)
			cancel(scope, child->task, site);
	}
}

static void
cancel_parent(struct scope *scope, const struct evtask_site *site)
{
	scope->parent_cancelled = true;
	cancel(scope, scope->parent, site);
}

/* Children. */

static void
child_failed(struct scope *scope, struct child *child)
{
	child->task->future.fetched = true;
	list_append(&scope->failed, &child->link);
	if (scope->aborting || scope->parent_cancelled)
		return;
	abort_children(scope, scope->site);
	cancel_parent(scope, scope->site);
}

static void
child_done(struct runnable *r)
{
	struct child *child = container_of(r, struct child, runnable);
	struct scope *scope = child->scope;

	list_remove(&child->link);
	scope->n_children--;
	if (scope->empty != NULL && list_empty(&scope->children))
		future_settle(scope->empty);
	if (child->task->future.state == FUTURE_RAISED)
		child_failed(scope, child);
	else
		child_free(child);
}

static int
child_new(struct scope *scope, struct child **ret_child)
{
	struct child *child = calloc(1, sizeof *child);
	int r;

	if (child == NULL)
		return -ENOMEM;
	r = ready_reserve(&scope->loop->ready, 1);
	if (r < 0) {
		free(child);
		return r;
	}
	child->runnable.run = child_done;
	child->waiter.wakes = &child->runnable;
	child->waiter.by = scope->parent;
	child->scope = scope;
	list_init(&child->waiter.link);
	*ret_child = child;
	return 0;
}

/* From here on the group knows its child, which may be done already. */
static void
adopt(struct scope *scope, struct child *child)
{
	struct evtask_future *f = &child->task->future;

	list_append(&scope->children, &child->link);
	scope->n_children++;
	future_link(f, &child->waiter);
	if (f->state != FUTURE_PENDING)
		loop_schedule(scope->loop, &child->runnable);
	else if (scope->aborting)
		cancel(scope, child->task, scope->site); /* by its own doing */
}

int
evtask_group_create_task_at(struct evtask_group *group, evtask_fn fn,
    void *arg, const struct evtask_options *options, struct evtask **ret_task,
    const struct evtask_site *site)
{
	struct scope *scope;
	struct child *child;
	int r;

	if (group == NULL || fn == NULL)
		return misuse(NULL, site, -EINVAL,
		    "no task is created in a group, or in none");
	scope = scope_of(group);
	if (loop_is_elsewhere(scope->loop))
		return misuse_of_thread(scope->loop, site);
	if (scope->state == LEFT || scope->aborting ||
	    (scope->state == LEAVING && list_empty(&scope->children)))
		return misuse(scope->loop, site, -EPERM,
		    "a task is created in a group that shuts down");
	r = child_new(scope, &child);
	if (r < 0)
		return r;
	r = evtask_loop_create_task_at(scope->loop, fn, arg, options,
	    &child->task, site);
	if (r < 0) {
		ready_unreserve(&scope->loop->ready, 1);
		free(child);
		return r;
	}
	if (ret_task != NULL)
		*ret_task = evtask_ref(child->task);
	adopt(scope, child);
	return 0;
}

void
evtask_group_cancel_at(struct evtask_group *group,
    const struct evtask_site *site)
{
	struct scope *scope;

	if (group == NULL)
		return;
	scope = scope_of(group);
	if (loop_is_elsewhere(scope->loop)) {
		(void)misuse_of_thread(scope->loop, site);
		return;
	}
	if (scope->state == LEFT ||
	    (scope->state == LEAVING && list_empty(&scope->children)))
		return;
	if (!scope->aborting)
		abort_children(scope, site);
	/* A parent that only waits for them needs no push. */
	if (scope->state == OPEN && !scope->parent_cancelled)
		cancel_parent(scope, site);
}

/* Entering and leaving. */

int
evtask_group_enter_at(struct evtask_group *group,
    const struct evtask_site *site)
{
	struct scope *scope;

	if (current.task == NULL)
		return outside_a_task(site);
	if (group == NULL)
		return misuse(NULL, site, -EINVAL, "no group is entered");
	scope = scope_of(group);
	*scope = (struct scope){
		.parent = current.task, .loop = current.loop, .site = site,
		.state = OPEN,
	};
	list_init(&scope->children);
	list_init(&scope->failed);
	return 0;
}

/* For those who look: the children that run still. */
static void
each_child(const struct wait *wait, future_visit_fn visit, void *arg)
{
	const struct scope *scope = wait->of;
	struct list *link;

	list_foreach(link, &scope->children)
		if (!visit(
		    &container_of(link, struct child, link)->task->future, arg))
			break;
}

/* A task is a future: it begins with it. */
const struct evtask_layout_spread group_spread = {
	.what = (const void *)each_child, .n = EVTASK_SPREAD_LIST,
	.first = offsetof(struct scope, children),
	.stride = offsetof(struct child, link),
	.future = offsetof(struct child, task),
};

/* Waits until one of them all is left; 0 or -ECANCELED. */
static int
wait_for_children(struct scope *scope, const struct evtask_site *site)
{
	struct evtask_future empty;
	struct wait wait;
	int r;

	wait_init(&wait, "group.exit", "tasks", site);
	wait.number = scope->n_children;
	wait.each = each_child;
	wait.of = scope;
	future_init(&empty, scope->loop, &future_plain);
	scope->empty = &empty;
	r = task_park(&empty, &wait);
	scope->empty = NULL;
	future_release(&empty);
	return r;
}

/* The errors of the children, then that of the body (taken; NULL: none), as
 * one. */
static struct evtask_error *
gather_errors(struct scope *scope, struct evtask_error *body)
{
	struct evtask_error **errors, *group;
	struct list *link, *after;
	size_t n = body != NULL, i = 0;

	list_foreach(link, &scope->failed)
		n++;
	errors = calloc(n, sizeof *errors);
	list_foreach_safe(link, after, &scope->failed) {
		struct child *child = container_of(link, struct child, link);

		if (errors != NULL)
			errors[i++] = evtask_error_ref(
			    child->task->future.error);
		child_free(child);
	}
	if (errors == NULL) {
		evtask_error_unref(body);
		return error_of_code(-ENOMEM);
	}
	if (body != NULL)
		errors[i++] = body;
	group = evtask_error_new_group_at(scope->site, errors, n,
	    "unhandled errors in a task group");
	free(errors);
	return group;
}

/* What leaving raises; took it all from the frame and from the children. */
static int
conclude(struct scope *scope, struct evtask_error *cancellation,
    struct evtask_error *body)
{
	bool failed = body != NULL || !list_empty(&scope->failed);

	if (scope->parent_cancelled && evtask_uncancel(scope->parent) == 0) {
		evtask_error_unref(cancellation);
		cancellation = NULL;
	}
	if (!failed)
		return cancellation != NULL ?
		    evtask_raise_error(cancellation) : 0;
	evtask_error_unref(cancellation);
	/* The request of somebody else is for the next wait. */
	if (evtask_cancelling(scope->parent) > 0)
		scope->parent->must_cancel = true;
	return evtask_raise_error(gather_errors(scope, body));
}

int
evtask_group_exit_at(struct evtask_group *group, int r,
    const struct evtask_site *site)
{
	struct evtask_error *cancellation = NULL, *body = NULL;
	struct scope *scope;

	if (group == NULL || scope_of(group)->state != OPEN ||
	    current.task != scope_of(group)->parent)
		return misuse(NULL, site, -EINVAL,
		    "a group is left that is not open, or by somebody else");
	scope = scope_of(group);
	scope->state = LEAVING;
	if (r == -ECANCELED)
		cancellation = evtask_catch(r);
	else if (r < 0)
		body = evtask_catch(r);
	if (r < 0 && !scope->aborting)
		abort_children(scope, site);
	while (!list_empty(&scope->children) && !scope->parent->unwinding) {
		r = wait_for_children(scope, site);
		if (r == 0)
			continue;
		if (scope->aborting) {
			evtask_error_unref(evtask_catch(r));
			continue;
		}
		cancellation = evtask_catch(r);
		abort_children(scope, site);
	}
	/* Only when the loop is freed: they are unwound after us. */
	while (!list_empty(&scope->children))
		child_free(container_of(scope->children.next, struct child,
		    link));
	scope->state = LEFT;
	return conclude(scope, cancellation, body);
}
