/*
 * oob.c - the out-of-band socket: who answers while the loop is blocked.
 *
 * A thread of its own serves a socket beside the console's, PATH.oob, with the
 * same permissions, and sleeps while nobody connects. It must answer whatever
 * the loop's thread is stuck in, with whatever lock in its hand: so it takes
 * no lock but its own, allocates nothing once it runs, calls neither the
 * dynamic linker nor json-c nor libevent, and looks at the loop only through
 * the watchdog. A client that does not read its answer is hung up on, since
 * all of them share the thread.
 */
#include "oob.h"
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>
#include "address.h"
#include "console.h"
#include "oob_answer.h"
#include "stall.h"
#include "thread/deaf.h"

#define SUFFIX ".oob"
#define CLIENTS 8
#define LINE_BYTES 4096
#define FIXED 2 /* descriptors beside the clients': the end, the listener */

struct client_line {
	size_t used;
	bool passing;           /* over the rest of a line that is too long */
	char bytes[LINE_BYTES];
};

struct oob {
	char path[EVTASK_CTL_PATH_SIZE];
	int lock_fd, fd, end_fd;
	bool started;
	pthread_t thread;
	struct pollfd polls[FIXED + CLIENTS]; /* the clients' fd: -1, none */
	struct client_line lines[CLIENTS];
	struct oob_answerer answerer;
};

static void
hang_up(struct oob *oob, size_t client)
{
	close(oob->polls[FIXED + client].fd);
	oob->polls[FIXED + client].fd = -1;
}

static void
take_client(struct oob *oob)
{
	int fd = accept4(oob->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	size_t i = 0;

	if (fd < 0)
		return;
	while (i < CLIENTS && oob->polls[FIXED + i].fd >= 0)
		i++;
	if (i == CLIENTS) {
		close(fd);
		return;
	}
	oob->polls[FIXED + i].fd = fd;
	oob->lines[i].used = 0;
	oob->lines[i].passing = false;
}

/* Answers the lines that have come. False: the client is gone. */
static bool
answer_lines(struct oob *oob, struct client_line *line, int fd)
{
	char *end;
	size_t size;

	while ((end = memchr(line->bytes, '\n', line->used)) != NULL) {
		size = (size_t)(end - line->bytes);
		*end = '\0';
		if (!line->passing && !oob_answer(&oob->answerer, fd,
		    line->bytes, size))
			return false;
		line->passing = false;
		line->used -= size + 1;
		memmove(line->bytes, end + 1, line->used);
	}
	if (line->used < LINE_BYTES)
		return true;
	line->used = 0;
	if (line->passing)
		return true;
	line->passing = true;
	return oob_refuse_long(&oob->answerer, fd);
}

static bool
serve(struct oob *oob, size_t client)
{
	struct client_line *line = &oob->lines[client];
	int fd = oob->polls[FIXED + client].fd;
	ssize_t n = recv(fd, line->bytes + line->used,
	    LINE_BYTES - line->used, 0);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	if (n == 0)
		return false;
	line->used += (size_t)n;
	return answer_lines(oob, line, fd);
}

static void *
run(void *arg)
{
	struct oob *oob = arg;
	size_t i;

	for (;;) {
		if (poll(oob->polls, FIXED + CLIENTS, -1) < 0)
			continue; /* EINTR: but for that it cannot fail */
		if (oob->polls[0].revents != 0)
			break;
		if (oob->polls[1].revents != 0)
			take_client(oob);
		for (i = 0; i < CLIENTS; i++)
			if (oob->polls[FIXED + i].fd >= 0 &&
			    oob->polls[FIXED + i].revents != 0 &&
			    !serve(oob, i))
				hang_up(oob, i);
	}
	for (i = 0; i < CLIENTS; i++)
		if (oob->polls[FIXED + i].fd >= 0)
			hang_up(oob, i);
	return NULL;
}

static int
listen_at(struct oob *oob, const struct evtask_console *console)
{
	struct address_admits admits = {
		.group = console->listener.operators,
	};
	int r = address_lock(oob->path, NULL);

	if (r < 0)
		return r;
	oob->lock_fd = r;
	r = address_listen(oob->path, admits, NULL);
	if (r < 0)
		return r;
	oob->fd = r;
	return 0;
}

static int
start(struct oob *oob, const struct evtask_console *console)
{
	size_t i;
	int r = listen_at(oob, console);

	if (r < 0)
		return r;
	oob->end_fd = eventfd(0, EFD_CLOEXEC);
	if (oob->end_fd < 0)
		return -errno;
	for (i = 0; i < FIXED + CLIENTS; i++)
		oob->polls[i] = (struct pollfd){ .fd = -1, .events = POLLIN };
	oob->polls[0].fd = oob->end_fd;
	oob->polls[1].fd = oob->fd;
	r = deaf_thread_new(run, oob, &oob->thread);
	oob->started = r == 0;
	return r;
}

int
oob_init(struct evtask_console *console)
{
	const char *path = console->listener.path;
	struct oob *oob;

	if (stalls_watchdog(console) == NULL || console->listener.fd < 0 ||
	    path[0] != '/' ||
	    strlen(path) + sizeof(SUFFIX) > EVTASK_CTL_PATH_SIZE)
		return 0;
	oob = calloc(1, sizeof(*oob));
	if (oob == NULL)
		return -ENOMEM;
	console->oob = oob;
	memcpy(oob->path, path, strlen(path));
	memcpy(oob->path + strlen(path), SUFFIX, sizeof(SUFFIX));
	oob->lock_fd = oob->fd = oob->end_fd = -1;
	oob->answerer.console = console;
	if (start(oob, console) < 0)
		oob_release(console);
	return 0;
}

void
oob_release(struct evtask_console *console)
{
	struct oob *oob = console->oob;

	if (oob == NULL)
		return;
	if (oob->started) {
		(void)eventfd_write(oob->end_fd, 1);
		pthread_join(oob->thread, NULL);
	}
	if (oob->fd >= 0) {
		unlink(oob->path);
		close(oob->fd);
	}
	if (oob->lock_fd >= 0)
		address_unlock(oob->path, oob->lock_fd);
	if (oob->end_fd >= 0)
		close(oob->end_fd);
	free(oob);
	console->oob = NULL;
}

const char *
oob_path(const struct evtask_console *console)
{
	return console->oob != NULL ? console->oob->path : "";
}
