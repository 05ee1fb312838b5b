/*
 * shield.c - a future between one who may be cancelled and one who must not.
 *
 *	inner done            -> outer comes to the same
 *	outer done before     -> inner is no longer waited for, but watched:
 *	                         if it fails, the handler is told, once for all
 *	                         shields round it
 *
 * Each of the three is a link: something queued when a future is settled. The
 * loop holds the shield while a link is live.
 */
#include <evtask/shield.h>

#include <errno.h>
#include <stdlib.h>

#include "core/debug.h"
#include "core/error.h"
#include "core/task.h"
#include "wait/spread.h"

struct link {
	struct runnable runnable;
	struct waiter waiter;
	bool live;
};

struct shield {
	struct evtask_future outer;
	const struct evtask_site *made_at;
	struct evtask_future *inner;	/* referenced, while a link is live */
	struct evtask *creator;		/* referenced; NULL: a callback */
	struct loop_resource resource;	/* in the loop while a link is live */
	struct link inner_done, outer_done, watch;
};

enum { SLOTS = 3 };

static void
shield_destroy(struct evtask_future *f)
{
	struct shield *shield = container_of(f, struct shield, outer);

	evtask_unref(shield->creator);
	ready_unreserve(&f->loop->ready, SLOTS);
	free(shield);
}

static struct evtask_future *
shield_awaits(struct evtask_future *f, size_t i)
{
	return i == 0 ? container_of(f, struct shield, outer)->inner : NULL;
}

static const struct future_class shield_class = {
	.name = "shield", .destroy = shield_destroy, .awaits = shield_awaits,
	.to_be_awaited = true, .made_at = offsetof(struct shield, made_at),
};

const struct evtask_layout_spread shield_spread = {
	.what = &shield_class, .n = EVTASK_SPREAD_ONE,
	.future = offsetof(struct shield, inner),
};
_Static_assert(offsetof(struct shield, outer) == 0,
    "a shield begins with its future");

static void
link_up(struct link *link, struct evtask_future *f)
{
	link->live = true;
	list_append(&f->waiters, &link->waiter.link);	/* not heard by us */
}

/* The link is no more; without any the loop lets go of the shield, and the
 * shield of what is inside, so that nested ones never hang on each other. */
static void
cut(struct shield *shield, struct link *link)
{
	list_remove(&link->waiter.link);
	ready_remove(&shield->outer.loop->ready, &link->runnable);
	link->live = false;
	if (shield->inner_done.live || shield->outer_done.live ||
	    shield->watch.live)
		return;
	list_remove(&shield->resource.link);
	evtask_future_unref(shield->inner);
	evtask_future_unref(&shield->outer);
}

static void
shield_release(struct loop_resource *resource)
{
	struct shield *shield =
	    container_of(resource, struct shield, resource);

	evtask_future_ref(&shield->outer);
	cut(shield, &shield->inner_done);
	if (shield->outer_done.live)
		cut(shield, &shield->outer_done);
	if (shield->watch.live)
		cut(shield, &shield->watch);
	evtask_future_unref(&shield->outer);
}

/* The outer future comes to what the inner one came to, unless it has been
 * settled meanwhile; then it is told all the same, in vain. */
static void
pass_on(struct evtask_future *outer, struct evtask_future *inner)
{
	bool pending = outer->state == FUTURE_PENDING;

	if (outer->state == FUTURE_CANCELLED)
		return;
	if (inner->state != FUTURE_CANCELLED)
		inner->fetched = true;
	else if (!pending)
		outer->fetched = true;	/* its cancellation is refused */
	if (!pending)
		return;
	if (inner->state == FUTURE_CANCELLED)
		future_cancelled(outer, evtask_error_ref(future_error(inner)));
	else if (inner->state == FUTURE_RAISED)
		future_raise(outer, evtask_error_ref(inner->error));
	else
		future_return(outer, evtask_value_ref(inner->value));
}

static void
on_inner_done(struct runnable *r)
{
	struct shield *shield =
	    container_of(r, struct shield, inner_done.runnable);

	pass_on(&shield->outer, shield->inner);
	cut(shield, &shield->inner_done);
}

static void
on_watched_done(struct runnable *r)
{
	struct shield *shield =
	    container_of(r, struct shield, watch.runnable);
	struct evtask_future *inner = shield->inner;

	if (inner->state == FUTURE_RAISED) {
		inner->fetched = true;
		loop_report(inner->loop, EVTASK_REPORT_SHIELDED,
		    "a task raised after its shield was cancelled",
		    inner->error, inner);
	}
	cut(shield, &shield->watch);
}

/* The shield that watches f already, if there is one. */
static struct shield *
watcher_of(struct evtask_future *f)
{
	struct list *link;

	list_foreach(link, &f->waiters) {
		struct runnable *r =
		    container_of(link, struct waiter, link)->wakes;

		if (r->run == on_watched_done)
			return container_of(r, struct shield, watch.runnable);
	}
	return NULL;
}

static void
on_outer_done(struct runnable *r)
{
	struct shield *shield =
	    container_of(r, struct shield, outer_done.runnable);
	struct shield *watcher;

	if (shield->inner->state == FUTURE_PENDING) {
		watcher = watcher_of(shield->inner);
		if (watcher != NULL)
			cut(watcher, &watcher->watch);
		link_up(&shield->watch, shield->inner);
		cut(shield, &shield->inner_done);
	}
	cut(shield, &shield->outer_done);
}

static void
link_init(struct link *link, void (*run)(struct runnable *self))
{
	link->runnable.run = run;
	link->waiter.wakes = &link->runnable;
	list_init(&link->waiter.link);
}

int
evtask_shield_at(union evtask_awaitable f, struct evtask_future **ret_future,
    const struct evtask_site *site)
{
	struct shield *shield;
	int r;

	if (f.future == NULL || ret_future == NULL)
		return misuse(NULL, site, -EINVAL,
		    "nothing is shielded, or for nobody");
	if (loop_is_elsewhere(f.future->loop))
		return misuse_of_thread(f.future->loop, site);
	if (f.future->state != FUTURE_PENDING) {
		*ret_future = evtask_future_ref(f.future);
		return 0;
	}
	shield = calloc(1, sizeof *shield);
	if (shield == NULL)
		return -ENOMEM;
	r = ready_reserve(&f.future->loop->ready, SLOTS);
	if (r < 0) {
		free(shield);
		return r;
	}
	future_init(&shield->outer, f.future->loop, &shield_class);
	shield->made_at = site;
	shield->inner = evtask_future_ref(f.future);
	shield->inner->heard = true;
	if (current.task != NULL)
		shield->creator = evtask_ref(current.task);
	shield->resource.release = shield_release;
	list_append(&f.future->loop->resources, &shield->resource.link);
	link_init(&shield->inner_done, on_inner_done);
	link_init(&shield->outer_done, on_outer_done);
	link_init(&shield->watch, on_watched_done);
	shield->inner_done.waiter.feeds = &shield->outer;
	shield->inner_done.waiter.by = shield->creator;
	link_up(&shield->inner_done, shield->inner);
	link_up(&shield->outer_done, &shield->outer);
	*ret_future = evtask_future_ref(&shield->outer);
	return 0;
}
