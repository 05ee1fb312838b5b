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
#include "core/error.h"
#include "core/task.h"

/* A done callback: a waiter of its own kind. */
struct callback {
	struct runnable runnable;
	struct waiter waiter;	/* queued: its link is in loop->callbacks */
	struct evtask_future *future;	/* referenced while queued */
	struct evtask_context *context;	/* to run in; owned */
	evtask_done_fn fn;
	void *arg;
};

static void
heap_destroy(struct evtask_future *f)
{
	free(f);
}

const struct future_class future_plain = { .name = "future" };
static const struct future_class future_heap = {
	.name = "future", .destroy = heap_destroy,
};

/* Life. */

void
future_init(struct evtask_future *f, struct evtask_loop *loop,
    const struct future_class *class)
{
	*f = (struct evtask_future){ .refs = 1, .class = class, .loop = loop };
	list_init(&f->waiters);
	if (class->destroy != NULL)
		loop->refs++;
}

void
future_destroy(struct evtask_future *f)
{
	struct evtask_loop *loop = f->loop;

	f->class->destroy(f);
	loop_unref(loop);
}

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
		future_destroy(f);
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

void
future_release(struct evtask_future *f)
{
	if (f->state == FUTURE_RETURNED)
		evtask_value_unref(f->value);
	else if (f->state != FUTURE_PENDING)
		evtask_error_unref(f->error);
	while (!list_empty(&f->waiters)) {
		struct waiter *w = container_of(f->waiters.next,
		    struct waiter, link);

		/* A task that waits holds a reference: only callbacks do not. */
		callback_free(container_of(w, struct callback, waiter));
	}
}

int
evtask_future_new(struct evtask_loop *loop, struct evtask_future **ret_future)
{
	struct evtask_future *f;

	loop = loop_or_current(loop);
	if (loop == NULL || ret_future == NULL)
		return -EINVAL;
	f = malloc(sizeof *f);
	if (f == NULL)
		return -ENOMEM;
	future_init(f, loop, &future_heap);
	*ret_future = f;
	return 0;
}

struct evtask_future *
evtask_future_ref(struct evtask_future *future)
{
	future->refs++;
	return future;
}

void
evtask_future_unref(struct evtask_future *f)
{
	if (f == NULL || --f->refs > 0)
		return;
	if (f->state == FUTURE_RAISED && !f->fetched) {
		f->refs++;	/* the handler may look at it */
		f->fetched = true;
		loop_report(f->loop, EVTASK_REPORT_UNRETRIEVED,
		    "an exception was never retrieved", f->error, f);
		if (--f->refs > 0)
			return;
	}
	future_release(f);
	if (f->class->child != NULL)
		fan_destroy(f);
	else
		future_destroy(f);
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

/* The one who waited is queued; a callback keeps its future until it ran. */
static void
wake(struct evtask_loop *loop, struct waiter *w)
{
	list_remove(&w->link);
	if (w->wakes->run == callback_run) {
		if (loop->closing) {
			callback_free(
			    container_of(w, struct callback, waiter));
			return;
		}
		list_append(&loop->callbacks, &w->link);
		evtask_future_ref(
		    container_of(w, struct callback, waiter)->future);
	}
	loop_schedule(loop, w->wakes);
}

static void
settle(struct evtask_future *f, enum future_state state)
{
	struct list *link, *after;

	assert(f->state == FUTURE_PENDING);
	f->state = state;
	list_foreach_safe(link, after, &f->waiters)
		wake(f->loop, container_of(link, struct waiter, link));
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
settleable(const struct evtask_future *f)
{
	if (f == NULL)
		return -EINVAL;
	if (f->class->owned)
		return -EPERM;
	return f->state == FUTURE_PENDING ? 0 : -EALREADY;
}

int
evtask_set_result(struct evtask_future *future, struct evtask_value value)
{
	int r = settleable(future);

	if (r < 0)
		evtask_value_unref(value);
	else
		future_return(future, value);
	return r;
}

int
evtask_set_exception(struct evtask_future *future, struct evtask_error *error)
{
	int r = error != NULL ? settleable(future) : -EINVAL;

	if (r < 0)
		evtask_error_unref(error);
	else
		future_raise(future, error);
	return r;
}

/* Asking. */

bool
evtask_done(union evtask_awaitable f)
{
	return f.future->state != FUTURE_PENDING;
}

bool
evtask_cancelled(union evtask_awaitable f)
{
	return f.future->state == FUTURE_CANCELLED;
}

struct evtask_error *
future_error(const struct evtask_future *f)
{
	return f->error != NULL ? f->error : error_of_code(-ECANCELED);
}

bool
future_ended_cancelled(const struct evtask_future *f)
{
	return f->state == FUTURE_CANCELLED || (f->state == FUTURE_RAISED &&
	    evtask_error_code(f->error) == -ECANCELED);
}

int
evtask_result(union evtask_awaitable f, struct evtask_value *ret_value)
{
	if (f.future == NULL)
		return -EINVAL;
	switch ((enum future_state)f.future->state) {
	case FUTURE_PENDING:
		return -EINPROGRESS;
	case FUTURE_CANCELLED:
		return -ECANCELED;
	case FUTURE_RAISED:
		f.future->fetched = true;
		return evtask_error_code(f.future->error);
	case FUTURE_RETURNED:
		break;
	}
	if (ret_value != NULL)
		*ret_value = f.future->value;
	return 0;
}

int
evtask_exception(union evtask_awaitable f, struct evtask_error **ret_error)
{
	if (f.future == NULL)
		return -EINVAL;
	switch ((enum future_state)f.future->state) {
	case FUTURE_PENDING:
		return -EINPROGRESS;
	case FUTURE_CANCELLED:
		return -ECANCELED;
	case FUTURE_RAISED:
		f.future->fetched = true;
		if (ret_error != NULL)
			*ret_error = f.future->error;
		return 0;
	case FUTURE_RETURNED:
		break;
	}
	if (ret_error != NULL)
		*ret_error = NULL;
	return 0;
}

bool
evtask_exception_retrieved(union evtask_awaitable f)
{
	return f.future->state != FUTURE_RAISED || f.future->fetched;
}

struct evtask_error *
evtask_cancellation(union evtask_awaitable f)
{
	if (f.future->state != FUTURE_CANCELLED)
		return NULL;
	return future_error(f.future);
}

bool
future_is_orphan(const struct evtask_future *f)
{
	unsigned int waiting = 0;
	struct list *link;

	if (f->class != &future_heap || f->state != FUTURE_PENDING)
		return false;
	list_foreach(link, &f->waiters)
		waiting += container_of(link, struct waiter, link)->wakes->run
		    != callback_run;
	return waiting > 0 && f->refs <= waiting;
}

/* Callbacks. */

int
evtask_add_done_callback(union evtask_awaitable f, evtask_done_fn fn,
    void *arg)
{
	struct callback *callback;
	struct evtask_loop *loop;
	int r;

	if (f.future == NULL || fn == NULL || f.future->loop->closing)
		return -EINVAL;
	loop = f.future->loop;
	callback = malloc(sizeof *callback);
	if (callback == NULL)
		return -ENOMEM;
	*callback = (struct callback){
		.runnable.run = callback_run, .future = f.future,
		.fn = fn, .arg = arg,
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
	list_append(&f.future->waiters, &callback->waiter.link);
	if (f.future->state != FUTURE_PENDING)
		wake(loop, &callback->waiter);
	return 0;
}

int
evtask_remove_done_callback(union evtask_awaitable f, evtask_done_fn fn,
    void *arg)
{
	struct list *link, *after;
	int n = 0;

	if (f.future == NULL)
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
