/*
 * watch.c - standing callbacks: a reader, a writer, a signal handler.
 *
 * A watch belongs to its loop and lives until it is cleared. The event only
 * queues it; the callback runs in the turn, like a handle.
 */
#include "io/watch.h"

#include <errno.h>
#include <event2/event.h>
#include <event2/event_struct.h>
#include <evtask/io.h>
#include <stdlib.h>
#include <string.h>

#include "io/poll.h"

enum {
	KINDS = 3,		/* of watches on one number, by kind_of() */
	FIRST_NUMBERS = 64,
};

struct watch {
	struct runnable runnable;
	struct evtask_loop *loop;
	struct event event;
	int fd;
	short what;
	evtask_callback_fn fn;
	void *arg;
};

/* Those of a loop. Descriptors and signals are small numbers: each has its
 * place in an array. */
struct watches {
	struct loop_resource resource;
	struct watch *(*of)[KINDS];	/* by number; NULL: none */
	size_t n_numbers;
};

static size_t
kind_of(short what)
{
	return what == EV_READ ? 0 : what == EV_WRITE ? 1 : 2;
}

static struct watches *
watches_of(const struct evtask_loop *loop)
{
	struct loop_resource *resource = loop->single[LOOP_WATCHES];

	return resource != NULL ? container_of(resource, struct watches,
	    resource) : NULL;
}

static struct watch *
watch_find(const struct evtask_loop *loop, int fd, short what)
{
	const struct watches *all = watches_of(loop);

	return all != NULL && fd >= 0 && (size_t)fd < all->n_numbers ?
	    all->of[fd][kind_of(what)] : NULL;
}

static void
watch_free(struct watch *watch)
{
	struct ready *ready = &watch->loop->ready;

	watches_of(watch->loop)->of[watch->fd][kind_of(watch->what)] = NULL;
	event_del(&watch->event);
	ready_remove(ready, &watch->runnable);
	ready_unreserve(ready, 1);
	free(watch);
}

static void
watches_release(struct loop_resource *resource)
{
	struct watches *all = container_of(resource, struct watches, resource);

	for (size_t i = 0; i < all->n_numbers * KINDS; i++)
		if (all->of[i / KINDS][i % KINDS] != NULL)
			watch_free(all->of[i / KINDS][i % KINDS]);
	list_remove(&resource->link);
	free(all->of);
	free(all);
}

static struct watches *
watches_new(struct evtask_loop *loop)
{
	struct watches *all = calloc(1, sizeof *all);

	if (all == NULL)
		return NULL;
	all->resource.release = watches_release;
	list_append(&loop->resources, &all->resource.link);
	loop->single[LOOP_WATCHES] = &all->resource;
	return all;
}

/* Makes sure that fd has its place. 0 or -ENOMEM. */
static int
make_place(struct evtask_loop *loop, int fd)
{
	struct watches *all = watches_of(loop);
	size_t n;
	void *of;

	if (all == NULL)
		all = watches_new(loop);
	if (all == NULL)
		return -ENOMEM;
	if ((size_t)fd < all->n_numbers)
		return 0;
	n = all->n_numbers > 0 ? all->n_numbers : FIRST_NUMBERS;
	while (n <= (size_t)fd)
		n *= 2;
	of = reallocarray(all->of, n, sizeof *all->of);
	if (of == NULL)
		return -ENOMEM;
	all->of = of;
	memset(&all->of[all->n_numbers], 0,
	    (n - all->n_numbers) * sizeof *all->of);
	all->n_numbers = n;
	return 0;
}

static void
watch_run(struct runnable *r)
{
	struct watch *watch = container_of(r, struct watch, runnable);
	struct evtask_loop *loop = watch->loop;
	void *arg = watch->arg;

	watch->fn(arg);		/* may clear the watch */
	loop_report_raised(loop, arg);
}

static void
on_event(evutil_socket_t fd, short what, void *arg)
{
	struct watch *watch = arg;

	(void)fd, (void)what;
	if (!watch->runnable.queued)
		loop_schedule(watch->loop, &watch->runnable);
}

static int
watch_new(struct evtask_loop *loop, int fd, short what,
    evtask_callback_fn fn, void *arg)
{
	struct watch *watch;

	if (make_place(loop, fd) < 0)
		return -ENOMEM;
	watch = calloc(1, sizeof *watch);
	if (watch == NULL)
		return -ENOMEM;
	*watch = (struct watch){
		.runnable.run = watch_run, .loop = loop, .fd = fd,
		.what = what, .fn = fn, .arg = arg,
	};
	if (ready_reserve(&loop->ready, 1) < 0) {
		free(watch);
		return -ENOMEM;
	}
	watches_of(loop)->of[fd][kind_of(what)] = watch;
	if (event_assign(&watch->event, loop->base, fd,
	    (short)(what | EV_PERSIST), on_event, watch) < 0 ||
	    event_add(&watch->event, NULL) < 0) {
		watch_free(watch);
		return -ENOMEM;
	}
	return 0;
}

int
watch_set(struct evtask_loop *loop, int fd, short what,
    evtask_callback_fn fn, void *arg)
{
	struct watch *watch;

	loop = loop_or_current(loop);
	if (loop == NULL || fn == NULL)
		return -EINVAL;
	watch = watch_find(loop, fd, what);
	if (watch == NULL)
		return watch_new(loop, fd, what, fn, arg);
	watch->fn = fn;
	watch->arg = arg;
	return 0;
}

int
watch_clear(struct evtask_loop *loop, int fd, short what)
{
	struct watch *watch;

	loop = loop_or_current(loop);
	watch = loop != NULL ? watch_find(loop, fd, what) : NULL;
	if (watch == NULL)
		return 0;
	watch_free(watch);
	return 1;
}

static int
watch_fd(struct evtask_loop *loop, int fd, short what, evtask_callback_fn fn,
    void *arg)
{
	int r = poll_check(fd);

	return r < 0 ? r : watch_set(loop, fd, what, fn, arg);
}

int
evtask_loop_add_reader(struct evtask_loop *loop, int fd,
    evtask_callback_fn fn, void *arg)
{
	return watch_fd(loop, fd, EV_READ, fn, arg);
}

int
evtask_loop_remove_reader(struct evtask_loop *loop, int fd)
{
	return watch_clear(loop, fd, EV_READ);
}

int
evtask_loop_add_writer(struct evtask_loop *loop, int fd,
    evtask_callback_fn fn, void *arg)
{
	return watch_fd(loop, fd, EV_WRITE, fn, arg);
}

int
evtask_loop_remove_writer(struct evtask_loop *loop, int fd)
{
	return watch_clear(loop, fd, EV_WRITE);
}
