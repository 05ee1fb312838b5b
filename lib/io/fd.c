/*
 * fd.c - tasks that read and write.
 *
 * Reading tries first and waits when there is nothing. A descriptor that
 * blocks, as an inherited terminal may, is waited for first: nothing but its
 * own reader may stop the loop.
 */
#include <evtask/io.h>

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "io/poll.h"

static int
wait_for_events(int fd, int events, const char *op,
    const struct evtask_site *site)
{
	struct poll poll;
	struct wait wait;
	int r;

	if (current.task == NULL || events == 0 ||
	    (events & ~(EVTASK_READABLE | EVTASK_WRITABLE)) != 0)
		return -EINVAL;
	r = poll_check(fd);
	if (r == -EPERM)
		return events;
	if (r < 0)
		return r;
	r = poll_open(&poll, fd, (short)
	    ((events & EVTASK_READABLE ? EV_READ : 0) |
	    (events & EVTASK_WRITABLE ? EV_WRITE : 0)));
	if (r < 0)
		return r;
	wait_init(&wait, op, "fd", site);
	wait.number = fd;
	r = poll_wait(&poll, &wait);
	poll_close(&poll);
	if (r < 0)
		return r;
	return (r & EV_READ ? EVTASK_READABLE : 0) |
	    (r & EV_WRITE ? EVTASK_WRITABLE : 0);
}

int
evtask_fd_wait_at(int fd, int events, const struct evtask_site *site)
{
	return wait_for_events(fd, events, "fd.wait", site);
}

ssize_t
evtask_read_at(int fd, void *buf, size_t size, const struct evtask_site *site)
{
	int flags = fcntl(fd, F_GETFL);
	bool wait_first;

	if (current.task == NULL)
		return -EINVAL;
	if (flags < 0)
		return -errno;
	wait_first = (flags & O_NONBLOCK) == 0;
	for (;;) {
		ssize_t n;
		int r;

		if (!wait_first) {
			n = read(fd, buf, size);
			if (n >= 0)
				return n;
			if (errno == EINTR)
				continue;
			if (errno != EAGAIN)
				return -errno;
		}
		r = wait_for_events(fd, EVTASK_READABLE, "fd.read", site);
		if (r < 0)
			return r;
		wait_first = false;
	}
}

/* A socket that nobody reads says so by its answer, and by no signal. */
static ssize_t
write_some(int fd, const void *buf, size_t size, bool *socket)
{
	ssize_t n;

	if (*socket) {
		n = send(fd, buf, size, MSG_NOSIGNAL);
		if (n >= 0 || errno != ENOTSOCK)
			return n;
		*socket = false;
	}
	return write(fd, buf, size);
}

int
evtask_write_at(int fd, const void *buf, size_t size, size_t *ret_written,
    const struct evtask_site *site)
{
	size_t written = 0;
	int r = current.task != NULL ? 0 : -EINVAL;
	bool socket = true;	/* until it says no */

	while (r >= 0 && written < size) {
		ssize_t n = write_some(fd, (const char *)buf + written,
		    size - written, &socket);

		if (n >= 0)
			written += (size_t)n;
		else if (errno == EAGAIN)
			r = wait_for_events(fd, EVTASK_WRITABLE, "fd.write",
			    site);
		else if (errno != EINTR)
			r = -errno;
	}
	if (ret_written != NULL)
		*ret_written = written;
	return r < 0 ? r : 0;
}
