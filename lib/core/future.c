/*
 * future.c - futures: settled once, waited for by many.
 *
 * Waiters and callbacks are one list, in the order in which they came; to
 * settle is to queue each of them on the loop. So nothing ever runs inside the
 * call that settles, and settling needs no memory: each waiter brought its
 * own link and reserved its own slot.
 */
#include "core/future.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "core/context.h"
#include "core/debug.h"
#include "core/error.h"
#include "core/task.h"
#include "core/wake.h"

/* A done callback: a waiter of its own kind. */
struct callback {
	struct runnable runnable;
	struct waiter waiter;	/* queued: its link is in loop->callbacks */
	struct evtask_future *future;	/* referenced while queued */
	struct evtask_context *context;	/* to run in; owned */
	const struct evtask_site *made_at;
	evtask_done_fn fn;
	void *arg;
};

static void
made_destroy(struct evtask_future *f)
{
	slab_put(&f->loop->future_slab, f);
}

const struct future_class future_plain = { .name = "future" };
static const struct future_class future_made = {
	.name = "future", .destroy = made_destroy,
	.made_at = offsetof(struct future_made, made_at),
};

/* Life. */

/* A fan lets go of its children, which may be fans: not by recursion. */
static void
fan_destroy(struct evtask_future *f)
{
	struct evtask_loop *loop = f->loop;

	list_append(&loop->fans, &f->waiters);
	if (loop->destroying)
		return;
	loop->destroying = true;
	loop->refs++;
	while (!list_empty(&loop->fans)) {
		f = container_of(loop->fans.next, struct evtask_future,
		    waiters);
		list_remove(&f->waiters);
		future_destroy(f, f->class);
	}
	loop->destroying = false;
	loop_unref(loop);
}

static void
callback_free(struct callback *callback)
{
	ready_unreserve(&callback->future->loop->ready, 1);
	list_remove(&callback->waiter.link);
	evtask_context_unref(callback->context);
	free(callback);
}

/* A task that waits holds a reference: only callbacks do not. */
void
future_drop_waiters(struct evtask_future *f)
{
	while (!list_empty(&f->waiters)) {
		struct waiter *w = container_of(f->waiters.next,
		    struct waiter, link);

		callback_free(container_of(w, struct callback, waiter));
	}
}

int
evtask_future_new_at(struct evtask_loop *loop,
    struct evtask_future **ret_future, const struct evtask_site *site)
{
	struct future_made *made;

	loop = loop_or_current(loop);
	if (loop == NULL || ret_future == NULL)
		return misuse(loop, site, -EINVAL,
		    "a future is made of no loop, or for nobody");
	if (loop_is_elsewhere(loop))
		return misuse_of_thread(loop, site);
	made = slab_get(&loop->future_slab);
	if (made == NULL)
		return -ENOMEM;
	future_init(&made->future, loop, &future_made);
	made->made_at = site;
	*ret_future = &made->future;
	return 0;
}

const struct evtask_site *
evtask_created_at(union evtask_awaitable f)
{
	size_t made_at = f.future != NULL ? f.future->class->made_at : 0;

	return made_at == 0 ? NULL :
	    *(const struct evtask_site **)(void *)((char *)f.future + made_at);
}

struct evtask_future *
evtask_future_ref(struct evtask_future *future)
{
	if (future != NULL)
		future->refs++;
	return future;
}

/* It goes, and nobody has looked at what it came to, or at it at all. */
static void
report_unseen(struct evtask_future *f)
{
	bool unretrieved = f->state == FUTURE_RAISED && !f->fetched;

	f->fetched = f->heard = true;
	if (unretrieved)
		loop_report(f->loop, EVTASK_REPORT_UNRETRIEVED,
		    "an exception was never retrieved", f->error, f);
	else
		loop_report(f->loop, EVTASK_REPORT_NEVER_AWAITED,
		    "was made and never awaited", NULL, f);
}

/* Somebody may want to know of it before it goes. */
static inline bool
is_unseen(const struct evtask_future *f)
{
	return (f->state == FUTURE_RAISED && !f->fetched) ||
	    (!f->heard && f->class->to_be_awaited && f->loop->debug);
}

static __attribute__((__noinline__)) void
abandon_unseen(struct evtask_future *f)
{
	f->refs++;	/* the handler may look at it */
	report_unseen(f);
	future_unref(f);
}

void
future_abandon(struct evtask_future *f)
{
	if (__builtin_expect(is_unseen(f), 0)) {
		abandon_unseen(f);	/* and so it is seen */
		return;
	}
	future_release(f);
	if (__builtin_expect(f->class->child != NULL, 0))
		fan_destroy(f);
	else
		future_destroy(f, f->class);
}

void
evtask_future_unref(struct evtask_future *f)
{
	if (f != NULL)
		future_unref(f);
}

/* Settling. */

static void
callback_run(struct runnable *r)
{
	struct callback *callback = container_of(r, struct callback, runnable);
	struct evtask_future *f = callback->future;
	evtask_done_fn fn = callback->fn;
	void *arg = callback->arg;

	context_enter(f->loop, &callback->context);
	callback_free(callback);
	fn(f, arg);
	loop_report_raised(f->loop, arg);
	context_leave(f->loop);
	evtask_future_unref(f);
}

/* A callback keeps its future until it ran. Once the loop closes none is. */
static __attribute__((__noinline__)) void
wake_callback(struct evtask_loop *loop, struct callback *callback)
{
	if (loop->closing) {
		callback_free(callback);
		return;
	}
	list_append(&loop->callbacks, &callback->waiter.link);
	callback->future->refs++;
	loop_schedule(loop, &callback->runnable);
}

void
wake_other(struct evtask_future *f, struct waiter *w)
{
	list_remove(&w->link);
	if (w->wakes->run == callback_run)
		wake_callback(f->loop, container_of(w, struct callback,
		    waiter));
	else
		loop_schedule(f->loop, w->wakes);
}

static inline void
settle(struct evtask_future *f, enum future_state state)
{
	assert(f->state == FUTURE_PENDING);
	f->state = state;
	wake_all(f->loop, f);
}

void
future_return(struct evtask_future *f, struct evtask_value value)
{
	f->value = value;
	settle(f, FUTURE_RETURNED);
}

void
future_raise(struct evtask_future *f, struct evtask_error *error)
{
	f->error = error;
	f->fetched = false;	/* whoever cancelled it has not seen this */
	settle(f, FUTURE_RAISED);
}

void
future_cancelled(struct evtask_future *f, struct evtask_error *words)
{
	f->error = words;
	settle(f, FUTURE_CANCELLED);
}

void
future_settle(struct evtask_future *f)
{
	if (f->state == FUTURE_PENDING)
		future_return(f, evtask_value_none());
}

static int
settleable(const struct evtask_future *f, const struct evtask_site *site)
{
	if (f == NULL)
		return misuse(NULL, site, -EINVAL, "no future is settled");
	if (loop_is_elsewhere(f->loop))
		return misuse_of_thread(f->loop, site);
	if (f->class->owned)
		return misuse(f->loop, site, -EPERM,
		    "a task is settled by somebody else");
	if (f->state != FUTURE_PENDING)
		return misuse(f->loop, site, -EALREADY,
		    "a future is settled twice");
	return 0;
}

int
evtask_set_result_at(struct evtask_future *future, struct evtask_value value,
    const struct evtask_site *site)
{
	int r = settleable(future, site);

	if (r < 0)
		evtask_value_unref(value);
	else
		future_return(future, value);
	return r;
}

int
evtask_set_exception_at(struct evtask_future *future,
    struct evtask_error *error, const struct evtask_site *site)
{
	int r = error != NULL ? settleable(future, site) :
	    misuse(NULL, site, -EINVAL, "no exception is set");

	if (r < 0)
		evtask_error_unref(error);
	else
		future_raise(future, error);
	return r;
}

bool
future_is_orphan(const struct evtask_future *f)
{
	unsigned int waiting = 0;
	struct list *link;

	if (f->class != &future_made || f->state != FUTURE_PENDING)
		return false;
	list_foreach(link, &f->waiters)
		waiting += container_of(link, struct waiter, link)->wakes->run
		    != callback_run;
	return waiting > 0 && f->refs <= waiting;
}

/* Callbacks. */

int
evtask_add_done_callback_at(union evtask_awaitable f, evtask_done_fn fn,
    void *arg, const struct evtask_site *site)
{
	struct callback *callback;
	struct evtask_loop *loop;
	int r;

	if (f.future == NULL || fn == NULL || f.future->loop->closing)
		return misuse(f.future != NULL ? f.future->loop : NULL, site,
		    -EINVAL,
		    "no callback is added, or to no future, or after the end");
	loop = f.future->loop;
	if (loop_is_elsewhere(loop))
		return misuse_of_thread(loop, site);
	callback = malloc(sizeof *callback);
	if (callback == NULL)
		return -ENOMEM;
	*callback = (struct callback){
		.runnable.run = callback_run, .future = f.future,
		.made_at = site, .fn = fn, .arg = arg,
	};
	r = context_inherit(&callback->context);
	if (r == 0)
		r = ready_reserve(&loop->ready, 1);
	if (r < 0) {
		evtask_context_unref(callback->context);
		free(callback);
		return r;
	}
	callback->waiter.wakes = &callback->runnable;
	future_link(f.future, &callback->waiter);
	if (f.future->state != FUTURE_PENDING)
		wake_first(loop, f.future);
	return 0;
}

int
evtask_remove_done_callback(union evtask_awaitable f, evtask_done_fn fn,
    void *arg)
{
	struct list *link, *after;
	int n = 0;

	if (f.future == NULL || loop_is_elsewhere(f.future->loop))
		return 0;
	list_foreach_safe(link, after, &f.future->waiters) {
		struct waiter *w = container_of(link, struct waiter, link);
		struct callback *callback;

		if (w->wakes->run != callback_run)
			continue;
		callback = container_of(w, struct callback, waiter);
		if (callback->fn != fn || callback->arg != arg)
			continue;
		callback_free(callback);
		n++;
	}
	return n;
}

const struct evtask_site *
future_callback_made_at(const struct runnable *r, void **ret_arg)
{
	const struct callback *callback;

	if (r->run != callback_run)
		return NULL;
	callback = container_of(r, struct callback, runnable);
	*ret_arg = callback->arg;
	return callback->made_at;
}

void
future_drop_callbacks(struct evtask_loop *loop)
{
	struct list *link, *after;

	list_foreach_safe(link, after, &loop->callbacks) {
		struct callback *callback =
		    container_of(link, struct callback, waiter.link);
		struct evtask_future *f = callback->future;

		ready_remove(&loop->ready, &callback->runnable);
		callback_free(callback);
		evtask_future_unref(f);
	}
}
