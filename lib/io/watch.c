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

#include "io/poll.h"

struct watch {
	struct loop_resource resource;
	struct runnable runnable;
	struct evtask_loop *loop;
	struct event event;
	int fd;
	short what;
	evtask_callback_fn fn;
	void *arg;
};

static void
watch_release(struct loop_resource *resource)
{
	struct watch *watch = container_of(resource, struct watch, resource);

	event_del(&watch->event);
	ready_remove(&watch->loop->ready, &watch->runnable);
	ready_unreserve(&watch->loop->ready, 1);
	list_remove(&resource->link);
	free(watch);
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

static struct watch *
watch_find(struct evtask_loop *loop, int fd, short what)
{
	struct list *link;

	list_foreach(link, &loop->resources) {
		struct loop_resource *resource =
		    container_of(link, struct loop_resource, link);
		struct watch *watch;

		if (resource->release != watch_release)
			continue;
		watch = container_of(resource, struct watch, resource);
		if (watch->fd == fd && watch->what == what)
			return watch;
	}
	return NULL;
}

static int
watch_new(struct evtask_loop *loop, int fd, short what,
    evtask_callback_fn fn, void *arg)
{
	struct watch *watch = calloc(1, sizeof *watch);

	if (watch == NULL)
		return -ENOMEM;
	*watch = (struct watch){
		.resource.release = watch_release, .runnable.run = watch_run,
		.loop = loop, .fd = fd, .what = what, .fn = fn, .arg = arg,
	};
	if (ready_reserve(&loop->ready, 1) < 0) {
		free(watch);
		return -ENOMEM;
	}
	list_append(&loop->resources, &watch->resource.link);
	if (event_assign(&watch->event, loop->base, fd,
	    (short)(what | EV_PERSIST), on_event, watch) < 0 ||
	    event_add(&watch->event, NULL) < 0) {
		watch_release(&watch->resource);
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
	watch_release(&watch->resource);
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
