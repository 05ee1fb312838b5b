/*
 * wrap.c - a future of this loop for a task of another one:
 * asyncio.wrap_future().
 *
 * It listens to the remote handle, which posts a call into this loop when the
 * task is done. Whoever cancels the future passes the request on, and does not
 * wait for the answer.
 */
#include "core/remote.h"

#include <errno.h>
#include <stdlib.h>

#include "core/debug.h"
#include "core/error.h"
#include "core/future.h"

struct wrap {
	struct evtask_future future;
	const struct evtask_site *made_at;
	struct evtask_remote *remote;	/* referenced */
	struct remote_listener listener;
	struct loop_resource resource;	/* in the loop until it was told */
	struct runnable runnable;	/* when the future is settled */
	struct waiter waiter;
};

static void
wrap_destroy(struct evtask_future *f)
{
	struct wrap *wrap = container_of(f, struct wrap, future);

	ready_unreserve(&f->loop->ready, 1);
	evtask_remote_unref(wrap->remote);
	free(wrap);
}

static const struct future_class wrap_class = {
	.name = "remote", .destroy = wrap_destroy,
	.to_be_awaited = true, .made_at = offsetof(struct wrap, made_at),
};

/* The loop lets go of it. */
static void
let_go(struct wrap *wrap)
{
	list_remove(&wrap->resource.link);
	list_remove(&wrap->waiter.link);
	ready_remove(&wrap->future.loop->ready, &wrap->runnable);
	evtask_future_unref(&wrap->future);
}

/* Posted by the other thread. */
static void
on_remote_done(void *arg)
{
	struct wrap *wrap = arg;

	if (wrap->future.state == FUTURE_PENDING)
		remote_pass_on(wrap->remote, &wrap->future);
	let_go(wrap);
}

/* The same, and this loop is freed. */
static void
on_remote_done_dropped(void *arg)
{
	let_go(arg);
}

/* This loop is freed before the other thread had anything to say. */
static void
wrap_release(struct loop_resource *resource)
{
	struct wrap *wrap = container_of(resource, struct wrap, resource);

	if (!remote_unlisten(wrap->remote, &wrap->listener))
		return;		/* the call is dropped presently */
	evtask_handle_unref(wrap->listener.handle);
	let_go(wrap);
}

static void
on_settled(struct runnable *r)
{
	struct wrap *wrap = container_of(r, struct wrap, runnable);
	const char *msg;

	if (wrap->future.state != FUTURE_CANCELLED)
		return;
	msg = evtask_error_message(future_error(&wrap->future));
	(void)evtask_remote_cancel_at(wrap->remote, *msg != '\0' ? msg : NULL,
	    evtask_error_site(future_error(&wrap->future)));
}

int
evtask_wrap_future_at(struct evtask_remote *remote,
    struct evtask_future **ret_future, const struct evtask_site *site)
{
	struct evtask_loop *loop = current.loop;
	struct wrap *wrap;

	if (remote == NULL || ret_future == NULL || loop == NULL ||
	    loop->closing)
		return misuse(NULL, site, -EINVAL,
		    "nothing is wrapped, or on no loop");
	wrap = calloc(1, sizeof *wrap);
	if (wrap == NULL)
		return -ENOMEM;
	wrap->listener.handle = handle_prepare(loop, on_remote_done,
	    on_remote_done_dropped, wrap);
	if (wrap->listener.handle == NULL ||
	    ready_reserve(&loop->ready, 1) < 0) {
		evtask_handle_unref(wrap->listener.handle);
		free(wrap);
		return -ENOMEM;
	}
	future_init(&wrap->future, loop, &wrap_class);
	wrap->made_at = site;
	wrap->remote = evtask_remote_ref(remote);
	wrap->resource.release = wrap_release;
	list_append(&loop->resources, &wrap->resource.link);
	list_init(&wrap->listener.link);
	wrap->runnable.run = on_settled;
	wrap->waiter.wakes = &wrap->runnable;
	list_append(&wrap->future.waiters, &wrap->waiter.link);
	*ret_future = evtask_future_ref(&wrap->future);
	if (!remote_listen(remote, &wrap->listener)) {
		evtask_handle_unref(wrap->listener.handle);
		on_remote_done(wrap);
	}
	return 0;
}
