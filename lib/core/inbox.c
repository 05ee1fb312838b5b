/*
 * inbox.c - calls from other threads: a list under a mutex, and an eventfd
 * the loop listens to.
 *
 * The list holds handles that were made whole by the thread that calls; the
 * loop only moves them to its ready queue, in their order.
 */
#include "core/inbox.h"

#include <errno.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "core/handle.h"

void
inbox_init(struct inbox *inbox)
{
	list_init(&inbox->handles);
	inbox->fd = -1;
}

int
inbox_open(struct inbox *inbox)
{
	inbox->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (inbox->fd < 0)
		return -errno;
	pthread_mutex_init(&inbox->mutex, NULL);
	return 0;
}

void
inbox_close(struct inbox *inbox)
{
	if (inbox->fd < 0)
		return;
	pthread_mutex_destroy(&inbox->mutex);
	close(inbox->fd);
}

void
inbox_empty(struct inbox *inbox, struct evtask_loop *loop)
{
	struct list *link, *after;
	eventfd_t count;

	/* Before the lock, which who woke us is about to let go of. One that
	 * posts meanwhile wakes us once more than it would have to. */
	(void)eventfd_read(inbox->fd, &count);
	pthread_mutex_lock(&inbox->mutex);
	inbox->some = false;
	list_foreach_safe(link, after, &inbox->handles) {
		if (handle_enlist(loop, link) < 0) {
			/* No memory now: come back for the rest. */
			(void)eventfd_write(inbox->fd, 1);
			inbox->some = true;
			break;
		}
	}
	pthread_mutex_unlock(&inbox->mutex);
}

struct list *
inbox_take(struct inbox *inbox)
{
	struct list *link = NULL;

	pthread_mutex_lock(&inbox->mutex);
	if (!list_empty(&inbox->handles)) {
		link = inbox->handles.next;
		list_remove(link);
	}
	pthread_mutex_unlock(&inbox->mutex);
	return link;
}

void
inbox_post(struct inbox *inbox, struct list *link)
{
	pthread_mutex_lock(&inbox->mutex);
	list_append(&inbox->handles, link);
	inbox->some = true;
	/* Under the lock: else the loop could run it and be freed before. */
	(void)eventfd_write(inbox->fd, 1);
	pthread_mutex_unlock(&inbox->mutex);
}
