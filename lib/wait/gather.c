/*
 * gather.c - one future for many.
 *
 * A gather waits for each child by a link of its own and keeps the children,
 * whose results become its list. The first failure settles it; the remaining
 * children go on, and it stays, unseen, until the last of them has ended, to
 * take note of their errors.
 */
#include <evtask/gather.h>

#include <errno.h>
#include <stdlib.h>

#include "core/debug.h"
#include "core/error.h"
#include "core/task.h"
#include "core/value.h"
#include "wait/spread.h"

struct link {
	struct runnable runnable;
	struct waiter waiter;
	struct gather *gather;
	struct evtask_future *child;	/* referenced */
};

struct gather {
	struct fan fan;
	struct loop_resource resource;	/* in the loop while waiting */
	struct evtask *creator;		/* referenced; NULL: a callback */
	const struct evtask_site *made_at;
	bool return_exceptions;
	size_t n, n_done;
	struct link links[];
};

static struct gather *
gather_of(struct evtask_future *f)
{
	return container_of(f, struct gather, fan.future);
}

static void
gather_destroy(struct evtask_future *f)
{
	struct gather *gather = gather_of(f);

	for (size_t i = 0; i < gather->n; i++)
		evtask_future_unref(gather->links[i].child);
	ready_unreserve(&f->loop->ready, (uint32_t)gather->n);
	evtask_unref(gather->creator);
	free(gather);
}

static struct evtask_future *
gather_child(struct evtask_future *f, size_t i)
{
	struct gather *gather = gather_of(f);

	return i < gather->n ? gather->links[i].child : NULL;
}

static const struct future_class gather_class = {
	.name = "gather", .destroy = gather_destroy, .child = gather_child,
	.awaits = gather_child,
	.to_be_awaited = true, .made_at = offsetof(struct gather, made_at),
};

const struct evtask_layout_spread gather_spread = {
	.what = &gather_class, .n = offsetof(struct gather, n),
	.first = offsetof(struct gather, links), .stride = sizeof(struct link),
	.future = offsetof(struct link, child),
};
_Static_assert(offsetof(struct gather, fan.future) == 0,
    "a gather begins with its future");

/* No child is waited for any more, or the loop ends: it lets go of this. */
static void
gather_retire(struct loop_resource *resource)
{
	struct gather *gather =
	    container_of(resource, struct gather, resource);
	struct evtask_loop *loop = gather->fan.future.loop;

	for (size_t i = 0; i < gather->n; i++) {
		list_remove(&gather->links[i].waiter.link);
		ready_remove(&loop->ready, &gather->links[i].runnable);
	}
	list_remove(&resource->link);
	evtask_future_unref(&gather->fan.future);
}

/* Every child is done, the last one now: the list of what they came to; but
 * one that was asked to stop does stop. */
static void
gather_complete(struct gather *gather, const struct evtask_future *last)
{
	struct evtask_value list, *values = value_list_new(gather->n, &list);

	if (values == NULL) {
		future_raise(&gather->fan.future, error_of_code(-ENOMEM));
		return;
	}
	for (size_t i = 0; i < gather->n; i++) {
		struct evtask_future *child = gather->links[i].child;

		child->fetched = true;
		if (child->state == FUTURE_RETURNED)
			values[i] = evtask_value_ref(child->value);
		else
			values[i] = (struct evtask_value){
				.type = &evtask_type_error,
				.u.e = evtask_error_ref(future_error(child)),
			};
	}
	if (!gather->fan.cancel_requested) {
		future_return(&gather->fan.future, list);
		return;
	}
	evtask_value_unref(list);
	future_raise(&gather->fan.future, last->state == FUTURE_CANCELLED ?
	    evtask_error_ref(future_error(last)) : error_of_code(-ECANCELED));
}

static void
gather_note(struct gather *gather, struct evtask_future *child)
{
	struct evtask_future *f = &gather->fan.future;

	gather->n_done++;
	/* With return_exceptions it has been seen when the list is made. */
	if (f->state != FUTURE_PENDING || !gather->return_exceptions)
		child->fetched = true;
	if (f->state != FUTURE_PENDING)
		return;
	if (!gather->return_exceptions && child->state != FUTURE_RETURNED)
		future_raise(f, evtask_error_ref(future_error(child)));
	else if (gather->n_done == gather->n)
		gather_complete(gather, child);
}

static void
child_done(struct runnable *r)
{
	struct link *link = container_of(r, struct link, runnable);
	struct gather *gather = link->gather;

	gather_note(gather, link->child);
	if (gather->n_done == gather->n)
		gather_retire(&gather->resource);
}

static void
gather_link(struct gather *gather, struct link *link,
    struct evtask_future *child)
{
	link->runnable.run = child_done;
	link->waiter.wakes = &link->runnable;
	link->waiter.feeds = &gather->fan.future;
	link->waiter.by = gather->creator;
	link->gather = gather;
	link->child = evtask_future_ref(child);
	list_init(&link->waiter.link);
	if (child->state == FUTURE_PENDING)
		future_link(child, &link->waiter);
	else
		child->heard = true;
}

/* Whether they can be gathered: 0 and their loop. */
static int
check_children(const union evtask_awaitable *fs, size_t n,
    const struct evtask_site *site, struct evtask_loop **ret_loop)
{
	struct evtask_loop *loop = current.loop;

	if ((n > 0 && fs == NULL) || n > UINT32_MAX / 4)
		return misuse(loop, site, -EINVAL, "no children are gathered");
	for (size_t i = 0; i < n; i++) {
		if (fs[i].future == NULL)
			return misuse(loop, site, -EINVAL,
			    "no child is gathered");
		if (i == 0)
			loop = fs[i].future->loop;
		if (fs[i].future->loop != loop)
			return misuse(loop, site, -EXDEV,
			    "children of two loops are gathered");
	}
	if (loop == NULL || loop->closing)
		return misuse(loop, site, -EINVAL,
		    "children are gathered on no loop");
	if (loop_is_elsewhere(loop))
		return misuse_of_thread(loop, site);
	*ret_loop = loop;
	return 0;
}

int
evtask_gather_at(const union evtask_awaitable *fs, size_t n,
    bool return_exceptions, struct evtask_future **ret_future,
    const struct evtask_site *site)
{
	struct evtask_loop *loop = NULL;
	struct gather *gather;
	int r = ret_future != NULL ? check_children(fs, n, site, &loop) :
	    misuse(NULL, site, -EINVAL, "children are gathered for nobody");

	if (r < 0)
		return r;
	gather = calloc(1, sizeof *gather + n * sizeof *gather->links);
	if (gather == NULL)
		return -ENOMEM;
	r = ready_reserve(&loop->ready, (uint32_t)n);
	if (r < 0) {
		free(gather);
		return r;
	}
	future_init(&gather->fan.future, loop, &gather_class);
	gather->made_at = site;
	gather->return_exceptions = return_exceptions;
	gather->n = n;
	if (current.task != NULL)
		gather->creator = evtask_ref(current.task);
	gather->resource.release = gather_retire;
	list_append(&loop->resources, &gather->resource.link);
	evtask_future_ref(&gather->fan.future);
	for (size_t i = 0; i < n; i++)
		gather_link(gather, &gather->links[i], fs[i].future);

	/* What was done before counts at once. */
	for (size_t i = 0; i < n; i++)
		if (fs[i].future->state != FUTURE_PENDING)
			gather_note(gather, fs[i].future);
	if (n == 0)
		gather_complete(gather, NULL);
	if (gather->n_done == n)
		gather_retire(&gather->resource);
	*ret_future = &gather->fan.future;
	return 0;
}
