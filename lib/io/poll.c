/*
 * poll.c - a task waits for an event of the base: the event settles a future.
 *
 * The event is added before the first wait, so that a caller can look once
 * more in between (has the child ended already?) and miss nothing.
 */
#include "io/poll.h"

#include <errno.h>
#include <sys/stat.h>

static void
on_event(evutil_socket_t fd, short what, void *arg)
{
	struct poll *poll = arg;

	(void)fd;
	poll->what |= what;
	future_settle(&poll->happened);
}

/* The base complains aloud of what it cannot watch: look before. */
int
poll_check(int fd)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	return S_ISREG(st.st_mode) || S_ISDIR(st.st_mode) ? -EPERM : 0;
}

int
poll_open(struct poll *poll, int fd, short what)
{
	if (current.task == NULL)
		return -EINVAL;
	poll->what = 0;
	future_init(&poll->happened, current.loop, &future_plain);
	if (event_assign(&poll->event, current.loop->base, fd, what, on_event,
	    poll) < 0 || event_add(&poll->event, NULL) < 0)
		return -ENOMEM;
	return 0;
}

int
poll_wait(struct poll *poll, struct wait *wait)
{
	int r = task_park(&poll->happened, wait);

	if (r == 0) {
		r = poll->what;
		poll->what = 0;
	}
	future_release(&poll->happened);
	future_init(&poll->happened, current.loop, &future_plain);
	return r;
}

void
poll_close(struct poll *poll)
{
	event_del(&poll->event);
	future_release(&poll->happened);
}
