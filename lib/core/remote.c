/*
 * remote.c - a task of one thread's loop in the hands of other threads.
 *
 *	posted --the loop takes it--> running --> done
 *	   `------the loop is freed-----------------^
 *
 * Both sides hold the handle, and its mutex guards what they share. What the
 * task came to is taken over in the loop's thread as the task ends, in the
 * place where its argument is freed: that is where every task passes, also
 * one that never ran, or that is unwound.
 *
 * Until it is done the loop exists, since freeing it ends all its tasks; so a
 * request may be posted to it with the mutex held, and only then.
 */
#include "core/remote.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/error.h"
#include "core/future.h"
#include "core/task.h"

struct evtask_remote {
	atomic_uint refs;	/* the threads', and the loop's until done */
	struct evtask_loop *loop;
	const struct evtask_site *site;
	evtask_fn fn;
	void *arg;
	struct evtask_options options;
	char *name;		/* owned; of the options */
	struct evtask_origin origin;	/* of the options */
	struct evtask *task;	/* referenced, the loop's thread only; NULL:
				   not begun, or done */

	pthread_mutex_t mutex;
	pthread_cond_t changed;	/* it is done */
	bool done;
	int code;		/* when done: 0 and value, or with error */
	struct evtask_value value;
	struct evtask_error *error;
	struct evtask_error *words;	/* of the last request */
	const struct evtask_site *asked_at;
	struct list listeners;
};

static void
remote_destroy(struct evtask_remote *remote)
{
	pthread_cond_destroy(&remote->changed);
	pthread_mutex_destroy(&remote->mutex);
	evtask_value_unref(remote->value);
	evtask_error_unref(remote->error);
	evtask_error_unref(remote->words);
	free(remote->name);
	free(remote);
}

struct evtask_remote *
evtask_remote_ref(struct evtask_remote *remote)
{
	atomic_fetch_add_explicit(&remote->refs, 1, memory_order_relaxed);
	return remote;
}

void
evtask_remote_unref(struct evtask_remote *remote)
{
	if (remote != NULL && atomic_fetch_sub_explicit(&remote->refs, 1,
	    memory_order_acq_rel) == 1)
		remote_destroy(remote);
}

/* The end. */

/* Takes over value and error, tells everybody, and lets go of the loop's
 * reference. */
static void
finish(struct evtask_remote *remote, int code, struct evtask_value value,
    struct evtask_error *error)
{
	struct list *link, *after;

	if (remote->options.arg_free != NULL)
		remote->options.arg_free(remote->arg);
	pthread_mutex_lock(&remote->mutex);
	remote->done = true;
	remote->code = code;
	remote->value = value;
	remote->error = error;
	list_foreach_safe(link, after, &remote->listeners) {
		list_remove(link);
		handle_post(container_of(link, struct remote_listener,
		    link)->handle);
	}
	pthread_cond_broadcast(&remote->changed);
	pthread_mutex_unlock(&remote->mutex);
	evtask_unref(remote->task);
	remote->task = NULL;
	evtask_remote_unref(remote);
}

/* The task is done: its future is settled, and it is still the current one. */
static void
on_task_done(void *arg)
{
	struct evtask_remote *remote = arg;
	struct evtask_future *f = &current.task->future;

	/* Nobody out there: then the handler is told of an error. */
	if (atomic_load_explicit(&remote->refs, memory_order_relaxed) > 1)
		f->fetched = true;
	if (f->state == FUTURE_RETURNED)
		finish(remote, 0, evtask_value_ref(f->value), NULL);
	else if (f->state == FUTURE_CANCELLED)
		finish(remote, -ECANCELED, evtask_value_none(),
		    evtask_error_ref(future_error(f)));
	else
		finish(remote, evtask_error_code(f->error),
		    evtask_value_none(), evtask_error_ref(f->error));
}

/* The loop is freed before it took the task. */
static void
on_dropped(void *arg)
{
	finish(arg, -ECANCELED, evtask_value_none(),
	    error_of_code(-ECANCELED));
}

/* In the loop. */

static int
run_task(void *arg)
{
	struct evtask_remote *remote = arg;

	return remote->fn(remote->arg);
}

static void
begin(void *arg)
{
	struct evtask_remote *remote = arg;
	struct evtask_options options = remote->options;
	struct evtask *task;
	int r;

	options.arg_free = on_task_done;
	evtask_remote_ref(remote);	/* an eager one may be done at once */
	r = evtask_loop_create_task_at(remote->loop, run_task, remote,
	    &options, &task, remote->site);
	if (r < 0)
		finish(remote, r, evtask_value_none(), error_of_code(r));
	else if (remote->done)
		evtask_unref(task);
	else
		remote->task = task;
	evtask_remote_unref(remote);
}

/* With a copy of all the options point at. */
static struct evtask_remote *
remote_new(const struct evtask_options *options)
{
	struct evtask_remote *remote = calloc(1, sizeof *remote);
	pthread_condattr_t attr;

	if (remote == NULL)
		return NULL;
	remote->name = options->name != NULL ? strdup(options->name) : NULL;
	if (options->name != NULL && remote->name == NULL) {
		free(remote);
		return NULL;
	}
	atomic_init(&remote->refs, 2);
	remote->options = *options;
	remote->options.name = remote->name;
	remote->origin = options->origin != NULL ? *options->origin :
	    task_current_origin();
	remote->options.origin = &remote->origin;
	list_init(&remote->listeners);
	pthread_mutex_init(&remote->mutex, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&remote->changed, &attr);
	pthread_condattr_destroy(&attr);
	return remote;
}

int
evtask_run_threadsafe_at(struct evtask_loop *loop, evtask_fn fn, void *arg,
    const struct evtask_options *options, struct evtask_remote **ret_remote,
    const struct evtask_site *site)
{
	static const struct evtask_options none;
	struct evtask_handle *handle;
	struct evtask_remote *remote;

	if (loop == NULL || fn == NULL || ret_remote == NULL ||
	    (options != NULL && options->context != NULL))
		return -EINVAL;
	remote = remote_new(options != NULL ? options : &none);
	if (remote == NULL)
		return -ENOMEM;
	handle = handle_prepare(loop, begin, on_dropped, remote);
	if (handle == NULL) {
		remote_destroy(remote);
		return -ENOMEM;
	}
	remote->loop = loop;
	remote->site = site;
	remote->fn = fn;
	remote->arg = arg;
	*ret_remote = remote;
	handle_post(handle);
	return 0;
}

/* From outside. */

static struct timespec
from_now(int64_t timeout_us)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	ts.tv_sec += timeout_us / 1000000;
	ts.tv_nsec += timeout_us % 1000000 * 1000;
	if (ts.tv_nsec >= 1000000000) {
		ts.tv_sec++;
		ts.tv_nsec -= 1000000000;
	}
	return ts;
}

int
evtask_remote_wait(struct evtask_remote *remote, int64_t timeout_us)
{
	struct timespec until;
	int r = 0;

	if (remote == NULL)
		return -EINVAL;
	until = from_now(timeout_us > 0 ? timeout_us : 0);
	pthread_mutex_lock(&remote->mutex);
	if (!remote->done && current.loop == remote->loop)
		r = EDEADLK;
	while (r == 0 && !remote->done)
		r = timeout_us == EVTASK_FOREVER ?
		    pthread_cond_wait(&remote->changed, &remote->mutex) :
		    pthread_cond_timedwait(&remote->changed, &remote->mutex,
		    &until);
	pthread_mutex_unlock(&remote->mutex);
	return -r;
}

bool
evtask_remote_done(struct evtask_remote *remote)
{
	bool done;

	pthread_mutex_lock(&remote->mutex);
	done = remote->done;
	pthread_mutex_unlock(&remote->mutex);
	return done;
}

/* Once done nothing of it changes any more. */
int
evtask_remote_result(struct evtask_remote *remote,
    struct evtask_value *ret_value)
{
	if (remote == NULL)
		return -EINVAL;
	if (!evtask_remote_done(remote))
		return -EINPROGRESS;
	if (remote->code == 0 && ret_value != NULL)
		*ret_value = remote->value;
	return remote->code;
}

int
evtask_remote_exception(struct evtask_remote *remote,
    struct evtask_error **ret_error)
{
	if (remote == NULL)
		return -EINVAL;
	if (!evtask_remote_done(remote))
		return -EINPROGRESS;
	if (remote->code == -ECANCELED)
		return -ECANCELED;
	if (ret_error != NULL)
		*ret_error = remote->error;
	return 0;
}

/* Cancelling. */

/* A request that came too late is dropped with the loop, or finds it done. */
static void
on_request_dropped(void *arg)
{
	evtask_remote_unref(arg);
}

static void
on_request(void *arg)
{
	struct evtask_remote *remote = arg;
	const struct evtask_site *site;
	struct evtask_error *words;
	const char *msg;

	pthread_mutex_lock(&remote->mutex);
	words = evtask_error_ref(remote->words);
	site = remote->asked_at;
	pthread_mutex_unlock(&remote->mutex);
	msg = evtask_error_message(words);
	if (remote->task != NULL)
		(void)evtask_cancel_at(
		    (union evtask_awaitable){ .task = remote->task },
		    *msg != '\0' ? msg : NULL, site);
	evtask_error_unref(words);
	evtask_remote_unref(remote);
}

int
evtask_remote_cancel_at(struct evtask_remote *remote, const char *msg,
    const struct evtask_site *site)
{
	struct evtask_handle *handle;
	int r = 0;

	if (remote == NULL)
		return -EINVAL;
	handle = handle_prepare(remote->loop, on_request, on_request_dropped,
	    remote);
	if (handle == NULL)
		return -ENOMEM;
	pthread_mutex_lock(&remote->mutex);
	if (!remote->done) {
		evtask_error_unref(remote->words);
		remote->words = error_cancelled(msg, site);
		remote->asked_at = site;
		evtask_remote_ref(remote);
		handle_post(handle);
		r = 1;
	}
	pthread_mutex_unlock(&remote->mutex);
	if (r == 0)
		evtask_handle_unref(handle);
	return r;
}

/* Listeners. */

bool
remote_listen(struct evtask_remote *remote, struct remote_listener *listener)
{
	bool done;

	pthread_mutex_lock(&remote->mutex);
	done = remote->done;
	if (!done)
		list_append(&remote->listeners, &listener->link);
	pthread_mutex_unlock(&remote->mutex);
	return !done;
}

bool
remote_unlisten(struct evtask_remote *remote,
    struct remote_listener *listener)
{
	bool listens;

	pthread_mutex_lock(&remote->mutex);
	listens = !list_empty(&listener->link);
	list_remove(&listener->link);
	pthread_mutex_unlock(&remote->mutex);
	return listens;
}

void
remote_pass_on(struct evtask_remote *remote, struct evtask_future *f)
{
	if (remote->code == 0)
		future_return(f, evtask_value_ref(remote->value));
	else if (remote->code == -ECANCELED)
		future_cancelled(f, evtask_error_ref(remote->error));
	else
		future_raise(f, evtask_error_ref(remote->error));
}
