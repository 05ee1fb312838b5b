/*
 * handle.c - handles: promised calls, now, later, or from another thread.
 *
 *	scheduled --> called
 *	        `---> cancelled
 *
 * While scheduled a handle is queued or armed, and the loop holds one
 * reference and one slot of the ready queue for it. A handle made by another
 * thread gets the slot when the loop takes it out of the inbox.
 */
#include "core/handle.h"

#include <errno.h>
#include <stdlib.h>

#include "core/context.h"
#include "core/debug.h"
#include "core/task.h"

_Static_assert(sizeof(struct evtask_handle) == CACHE_LINE ||
    sizeof(void *) != 8, "a handle is a cache line");

/* One from another thread: the loop's slab is not for that. */
struct posted {
	struct evtask_handle handle;
	struct list link;		/* in the inbox */
	evtask_callback_fn dropped;	/* if the loop goes before; NULL */
};

static void handle_run(struct runnable *r);

static struct evtask_handle *
handle_of(struct runnable *r)
{
	return container_of(r, struct evtask_handle, runs);
}

static struct posted *
posted_of(struct list *link)
{
	return container_of(link, struct posted, link);
}

static inline bool
is_scheduled(const struct evtask_handle *handle)
{
	return handle->runs.queued || handle->runs.armed;
}

/* The slot is its own, and is set when it is scheduled. */
static inline void
handle_init(struct evtask_handle *handle, struct evtask_loop *loop,
    evtask_callback_fn fn, void *arg, const struct evtask_site *site)
{
	handle->runs = (struct runnable){ .run = handle_run };
	handle->refs = 1;
	handle->cancelled = false;
	handle->timed = false;
	handle->posted = false;
	handle->loop = loop;
	handle->context = NULL;
	handle->made_at = site;
	handle->fn = fn;
	handle->arg = arg;
}

static void
handle_free(struct evtask_handle *handle)
{
	struct evtask_loop *loop = handle->loop;

	if (handle->context != NULL)
		evtask_context_unref(handle->context);
	if (handle->posted) {
		free(container_of(handle, struct posted, handle));
		return;
	}
	slab_put(&loop->handle_slab, handle);
	loop_unref(loop);
}

static inline void
handle_unref(struct evtask_handle *handle)
{
	if (--handle->refs == 0)
		handle_free(handle);
}

/* No longer scheduled: the loop lets go of it. */
static inline void
handle_retire(struct evtask_handle *handle)
{
	ready_unreserve(&handle->loop->ready, 1);
	handle_unref(handle);
}

static void
handle_run(struct runnable *r)
{
	struct evtask_handle *handle = handle_of(r);
	struct evtask_loop *loop = handle->loop;
	evtask_callback_fn fn = handle->fn;
	void *arg = handle->arg;

	context_enter(loop, &handle->context);
	handle_retire(handle);
	fn(arg);
	loop_report_raised(loop, arg);
	context_leave(loop);
}

/* Makes a handle with a slot, which is scheduled nowhere yet. */
static int
handle_new(struct evtask_loop *loop, evtask_callback_fn fn, void *arg,
    const struct evtask_site *site, struct evtask_handle **ret_handle)
{
	struct evtask_handle *handle;
	int r;

	if (loop == NULL || fn == NULL || loop->closing)
		return misuse(loop, site, -EINVAL,
		    "no callback is scheduled, or on no loop");
	if (loop_is_elsewhere(loop))
		return misuse_of_thread(loop, site);
	handle = slab_get(&loop->handle_slab);
	if (handle == NULL)
		return -ENOMEM;
	handle_init(handle, loop, fn, arg, site);
	loop->refs++;
	r = context_inherit(&handle->context);
	if (r == 0)
		r = ready_reserve(&loop->ready, 1);
	if (r < 0) {
		handle_unref(handle);
		return r;
	}
	*ret_handle = handle;
	return 0;
}

/* Scheduled, it is the loop's; and the caller's too, if asked for. */
static inline void
hand_out(struct evtask_handle *handle, struct evtask_handle **ret_handle)
{
	if (ret_handle == NULL)
		return;
	handle->refs++;
	*ret_handle = handle;
}

/* The usual way: on the loop that runs, where there is a cell and a slot, by a
 * task or a callback without variables. */
static inline bool
is_usual(const struct evtask_loop *loop, evtask_callback_fn fn)
{
	return loop != NULL && loop == current.loop && fn != NULL &&
	    !loop->closing && loop->handle_slab.free != NULL &&
	    loop->ready.reserved <= loop->ready.mask &&
	    (current.task != NULL ? current.task->extra == NULL :
	    loop->context == NULL);
}

/* Then it is made of the cell, and handed out; the slot is still to be
 * reserved. */
static inline struct evtask_handle *
make_usual(struct evtask_loop *loop, evtask_callback_fn fn, void *arg,
    struct evtask_handle **ret_handle, const struct evtask_site *site)
{
	struct evtask_handle *handle = slab_get(&loop->handle_slab);

	handle_init(handle, loop, fn, arg, site);
	loop->refs++;
	if (ret_handle == NULL)
		return handle;
	handle->refs = 2;
	*ret_handle = handle;
	return handle;
}

static __attribute__((__noinline__)) int
call_soon_slowly(struct evtask_loop *loop, evtask_callback_fn fn, void *arg,
    struct evtask_handle **ret_handle, const struct evtask_site *site)
{
	struct evtask_handle *handle;
	int r = handle_new(loop, fn, arg, site, &handle);

	if (r < 0)
		return r;
	loop_schedule(loop, &handle->runs);
	hand_out(handle, ret_handle);
	return 0;
}

int
evtask_call_soon_at(struct evtask_loop *loop, evtask_callback_fn fn, void *arg,
    struct evtask_handle **ret_handle, const struct evtask_site *site)
{
	loop = loop_or_current(loop);
	if (__builtin_expect(!is_usual(loop, fn), 0))
		return call_soon_slowly(loop, fn, arg, ret_handle, site);
	loop->ready.reserved++;
	ready_push(&loop->ready,
	    &make_usual(loop, fn, arg, ret_handle, site)->runs);
	return 0;
}

static __attribute__((__noinline__)) int
call_at_slowly(struct evtask_loop *loop, int64_t deadline_us,
    evtask_callback_fn fn, void *arg, struct evtask_handle **ret_handle,
    const struct evtask_site *site)
{
	struct evtask_handle *handle;
	int r = handle_new(loop, fn, arg, site, &handle);

	if (r < 0)
		return r;
	handle->timed = true;
	handle->when_us = deadline_us;
	r = loop_timer_start(loop, &handle->runs, deadline_us);
	if (r < 0) {
		handle_retire(handle);
		return r;
	}
	hand_out(handle, ret_handle);
	return 0;
}

static inline void
arm_usual(struct evtask_loop *loop, struct evtask_handle *handle,
    int64_t deadline_us)
{
	handle->timed = true;
	handle->when_us = deadline_us;
	loop_arm(loop, &handle->runs, deadline_us);
}

int
evtask_call_at_at(struct evtask_loop *loop, int64_t deadline_us,
    evtask_callback_fn fn, void *arg, struct evtask_handle **ret_handle,
    const struct evtask_site *site)
{
	loop = loop_or_current(loop);
	if (__builtin_expect(!is_usual(loop, fn) || !loop_may_arm(loop), 0))
		return call_at_slowly(loop, deadline_us, fn, arg, ret_handle,
		    site);
	arm_usual(loop, make_usual(loop, fn, arg, ret_handle, site),
	    deadline_us);
	return 0;
}

/* Where there is no clock to look at, it is refused. */
static __attribute__((__noinline__)) int
call_later_slowly(struct evtask_loop *loop, int64_t delay_us,
    evtask_callback_fn fn, void *arg, struct evtask_handle **ret_handle,
    const struct evtask_site *site)
{
	int64_t deadline_us = 0;

	if (loop != NULL && !loop_is_elsewhere(loop))
		deadline_us = loop_deadline_us(loop, delay_us);
	return call_at_slowly(loop, deadline_us, fn, arg, ret_handle, site);
}

int
evtask_call_later_at(struct evtask_loop *loop, int64_t delay_us,
    evtask_callback_fn fn, void *arg, struct evtask_handle **ret_handle,
    const struct evtask_site *site)
{
	struct evtask_handle *handle;

	loop = loop_or_current(loop);
	if (__builtin_expect(!is_usual(loop, fn) || !loop_may_arm(loop), 0))
		return call_later_slowly(loop, delay_us, fn, arg, ret_handle,
		    site);
	/* Made first: across a look at the clock that is all to be kept. */
	handle = make_usual(loop, fn, arg, ret_handle, site);
	arm_usual(loop, handle, loop_deadline_us(loop, delay_us));
	return 0;
}

/* From other threads. */

struct evtask_handle *
handle_prepare(struct evtask_loop *loop, evtask_callback_fn fn,
    evtask_callback_fn dropped, void *arg)
{
	struct posted *posted = malloc(sizeof *posted);

	if (posted == NULL)
		return NULL;
	handle_init(&posted->handle, loop, fn, arg, NULL);
	posted->handle.posted = true;
	list_init(&posted->link);
	posted->dropped = dropped;
	return &posted->handle;
}

void
handle_post(struct evtask_handle *handle)
{
	inbox_post(&handle->loop->inbox,
	    &container_of(handle, struct posted, handle)->link);
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
	int r = ready_reserve(&loop->ready, 1);

	if (r < 0)
		return r;
	list_remove(link);
	loop_schedule(loop, &posted_of(link)->handle.runs);
	return 0;
}

/* The end of the loop. */

static void
tell_dropped(struct evtask_handle *handle)
{
	const struct posted *posted =
	    container_of(handle, struct posted, handle);

	if (handle->posted && posted->dropped != NULL)
		posted->dropped(handle->arg);
}

bool
handle_drop(struct runnable *r)
{
	if (r->run != handle_run)
		return false;
	tell_dropped(handle_of(r));
	evtask_handle_cancel(handle_of(r));
	return true;
}

void
handle_drop_inbox(struct evtask_loop *loop)
{
	struct list *link;

	while ((link = inbox_take(&loop->inbox)) != NULL) {
		tell_dropped(&posted_of(link)->handle);
		handle_unref(&posted_of(link)->handle);
	}
}

/* What the program does with one. */

const struct evtask_site *
handle_made_at(const struct runnable *r, void **ret_arg)
{
	const struct evtask_handle *handle;

	if (r->run != handle_run)
		return NULL;
	handle = container_of(r, struct evtask_handle, runs);
	*ret_arg = handle->arg;
	return handle->made_at;
}

void
evtask_handle_cancel(struct evtask_handle *handle)
{
	if (handle == NULL || handle->cancelled)
		return;
	handle->cancelled = true;
	if (!is_scheduled(handle))
		return;
	loop_timer_stop(handle->loop, &handle->runs);
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
	*ret_us = handle->when_us;
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
	if (handle == NULL || !is_scheduled(handle))
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
	if (handle != NULL)
		handle_unref(handle);
}
