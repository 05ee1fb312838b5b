/*
 * handle.c - handles: promised calls, now, later, or from another thread.
 *
 *	scheduled --> called
 *	        `---> cancelled
 *
 * While scheduled a handle stands in the loop's list and the loop holds one
 * reference and one slot of the ready queue for it. A handle made by another
 * thread gets them when the loop takes it out of the inbox.
 */
#include "core/handle.h"

#include <errno.h>
#include <stdlib.h>

#include "core/context.h"
#include "core/debug.h"
#include "core/loop.h"

struct evtask_handle {
	struct timer timer;	/* its runnable is what is queued */
	struct evtask_loop *loop;
	struct list link;	/* in loop->handles; unlinked: not scheduled */
	unsigned int refs;
	bool cancelled;
	bool timed;
	struct evtask_context *context;	/* to run in; owned */
	const struct evtask_site *made_at;	/* NULL: another thread's */
	evtask_callback_fn fn;
	evtask_callback_fn dropped;	/* if the loop goes before; NULL */
	void *arg;
};

/* No longer scheduled: the loop lets go of it. */
static void
handle_retire(struct evtask_handle *handle)
{
	list_remove(&handle->link);
	loop_timer_stop(handle->loop, &handle->timer);
	ready_unreserve(&handle->loop->ready, 1);
	evtask_handle_unref(handle);
}

static void
handle_run(struct runnable *r)
{
	struct evtask_handle *handle =
	    container_of(r, struct evtask_handle, timer.runnable);
	struct evtask_loop *loop = handle->loop;
	evtask_callback_fn fn = handle->fn;
	void *arg = handle->arg;

	context_enter(loop, &handle->context);
	handle_retire(handle);
	fn(arg);
	loop_report_raised(loop, arg);
	context_leave(loop);
}

struct evtask_handle *
handle_prepare(struct evtask_loop *loop, evtask_callback_fn fn,
    evtask_callback_fn dropped, void *arg)
{
	struct evtask_handle *handle = malloc(sizeof *handle);

	if (handle == NULL)
		return NULL;
	*handle = (struct evtask_handle){
		.timer.runnable.run = handle_run, .loop = loop, .refs = 1,
		.fn = fn, .dropped = dropped, .arg = arg,
	};
	list_init(&handle->link);
	return handle;
}

/* Makes a handle the loop holds, not yet queued anywhere. */
static int
handle_schedule(struct evtask_loop *loop, evtask_callback_fn fn, void *arg,
    const struct evtask_site *site, struct evtask_handle **ret_handle)
{
	struct evtask_handle *handle;
	int r;

	if (loop == NULL || fn == NULL || loop->closing)
		return misuse(loop, site, -EINVAL,
		    "no callback is scheduled, or on no loop");
	if (loop_is_elsewhere(loop))
		return misuse_of_thread(loop, site);
	handle = handle_prepare(loop, fn, NULL, arg);
	if (handle == NULL)
		return -ENOMEM;
	handle->made_at = site;
	r = context_inherit(&handle->context);
	if (r == 0)
		r = ready_reserve(&loop->ready, 1);
	if (r < 0) {
		evtask_handle_unref(handle);
		return r;
	}
	list_append(&loop->handles, &handle->link);
	*ret_handle = handle;
	return 0;
}

int
evtask_call_soon_at(struct evtask_loop *loop, evtask_callback_fn fn, void *arg,
    struct evtask_handle **ret_handle, const struct evtask_site *site)
{
	struct evtask_handle *handle;
	int r;

	loop = loop_or_current(loop);
	r = handle_schedule(loop, fn, arg, site, &handle);
	if (r < 0)
		return r;
	loop_schedule(loop, &handle->timer.runnable);
	if (ret_handle != NULL)
		*ret_handle = evtask_handle_ref(handle);
	return 0;
}

int
evtask_call_at_at(struct evtask_loop *loop, int64_t deadline_us,
    evtask_callback_fn fn, void *arg, struct evtask_handle **ret_handle,
    const struct evtask_site *site)
{
	struct evtask_handle *handle;
	int r;

	loop = loop_or_current(loop);
	r = handle_schedule(loop, fn, arg, site, &handle);
	if (r < 0)
		return r;
	handle->timed = true;
	handle->timer.when_us = deadline_us;
	if (deadline_us != EVTASK_FOREVER)
		r = loop_timer_start(loop, &handle->timer, deadline_us);
	if (r < 0) {
		handle_retire(handle);
		return r;
	}
	if (ret_handle != NULL)
		*ret_handle = evtask_handle_ref(handle);
	return 0;
}

int
evtask_call_later_at(struct evtask_loop *loop, int64_t delay_us,
    evtask_callback_fn fn, void *arg, struct evtask_handle **ret_handle,
    const struct evtask_site *site)
{
	loop = loop_or_current(loop);
	if (loop == NULL)
		return -EINVAL;
	if (loop_is_elsewhere(loop))
		return misuse_of_thread(loop, site);
	return evtask_call_at_at(loop, loop_deadline_us(loop, delay_us), fn,
	    arg, ret_handle, site);
}

void
handle_post(struct evtask_handle *handle)
{
	inbox_post(&handle->loop->inbox, &handle->link);
}

int
evtask_call_soon_threadsafe(struct evtask_loop *loop, evtask_callback_fn fn,
    void *arg)
{
	struct evtask_handle *handle;

	if (loop == NULL || fn == NULL)
		return -EINVAL;
	handle = handle_prepare(loop, fn, NULL, arg);
	if (handle == NULL)
		return -ENOMEM;
	handle_post(handle);
	return 0;
}

int
handle_enlist(struct evtask_loop *loop, struct list *link)
{
	struct evtask_handle *handle =
	    container_of(link, struct evtask_handle, link);
	int r = ready_reserve(&loop->ready, 1);

	if (r < 0)
		return r;
	list_remove(&handle->link);
	list_append(&loop->handles, &handle->link);
	loop_schedule(loop, &handle->timer.runnable);
	return 0;
}

const struct evtask_site *
handle_made_at(const struct runnable *r, void **ret_arg)
{
	const struct evtask_handle *handle;

	if (r->run != handle_run)
		return NULL;
	handle = container_of(r, struct evtask_handle, timer.runnable);
	*ret_arg = handle->arg;
	return handle->made_at;
}

void
handle_drop_all(struct evtask_loop *loop)
{
	struct list *link, *after;

	list_foreach_safe(link, after, &loop->handles) {
		struct evtask_handle *handle =
		    container_of(link, struct evtask_handle, link);

		if (handle->dropped != NULL)
			handle->dropped(handle->arg);
		evtask_handle_cancel(handle);
	}
	while ((link = inbox_take(&loop->inbox)) != NULL) {
		struct evtask_handle *handle =
		    container_of(link, struct evtask_handle, link);

		if (handle->dropped != NULL)
			handle->dropped(handle->arg);
		evtask_handle_unref(handle);
	}
}

void
evtask_handle_cancel(struct evtask_handle *handle)
{
	if (handle == NULL || handle->cancelled)
		return;
	handle->cancelled = true;
	if (!list_empty(&handle->link))
		handle_retire(handle);
}

bool
evtask_handle_cancelled(const struct evtask_handle *handle)
{
	return handle->cancelled;
}

int
evtask_handle_when_us(const struct evtask_handle *handle, int64_t *ret_us)
{
	if (handle == NULL || ret_us == NULL || !handle->timed)
		return -EINVAL;
	*ret_us = handle->timer.when_us;
	return 0;
}

struct evtask_context *
evtask_handle_get_context(const struct evtask_handle *handle)
{
	return handle != NULL ? handle->context : NULL;
}

void
evtask_handle_set_context(struct evtask_handle *handle,
    struct evtask_context *context)
{
	if (handle == NULL || list_empty(&handle->link))
		return;
	evtask_context_ref(context);
	evtask_context_unref(handle->context);
	handle->context = context;
}

struct evtask_handle *
evtask_handle_ref(struct evtask_handle *handle)
{
	if (handle != NULL)
		handle->refs++;
	return handle;
}

void
evtask_handle_unref(struct evtask_handle *handle)
{
	if (handle == NULL || --handle->refs > 0)
		return;
	evtask_context_unref(handle->context);
	free(handle);
}
