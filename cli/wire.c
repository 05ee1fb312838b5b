/*
 * wire.c - the bytes between the protocol's client and its server.
 *
 * The client knows no I/O: here are a reader on the loop that feeds it, and a
 * writer that is there only while the socket is full.
 *
 * Lines of a log come by the million, and most of them nobody has to parse: a
 * stream with a tap takes them as they stand. So bytes are looked at line by
 * line while something is tapped, and the client gets what lies between, as
 * much at once as there is. Half a line stays here then, until the rest of it
 * has come.
 */
#include "wire.h"

#include <errno.h>
#include <evtask/ctl.h>
#include <evtask/evtask.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "stream.h"
#include "tap.h"

static void
lose(struct wire *wire, const char *why)
{
	wire_close(wire);
	wire->lost(why, wire->arg);
}

/* Bytes for the client, to wherever a line ends. */
static void
give(struct wire *wire, const char *bytes, size_t size)
{
	int r;

	if (size == 0 || wire->fd < 0)
		return;
	wire->inside = bytes[size - 1] != '\n';
	r = evtask_ctl_client_input(wire->client, bytes, size);
	if (r == -EBADMSG)
		lose(wire, "what came is not the protocol of evtask");
	else if (r < 0 && r != -ENOTCONN)
		lose(wire, strerror(-r));
}

/* What is left behind the last line: it stays here while something is tapped,
 * or else that line and all that come with the next bytes go the long way. */
static void
keep_rest(struct wire *wire, const char *rest, size_t size)
{
	if (!streams_tapped(wire->streams) || wire->inside ||
	    size > WIRE_READ_SIZE / 2) {
		give(wire, rest, size);
		size = 0;
	}
	memmove(wire->bytes, rest, size);
	wire->kept = size;
}

/* Line by line: those that are tapped go their way, the others to the client,
 * as many at once as there are. */
static void
take_bytes(struct wire *wire, const char *bytes, size_t size)
{
	const char *end = bytes + size, *line = bytes, *next;
	struct stream *stream;
	struct tap_line found;

	for (; wire->fd >= 0 && (next = memchr(line, '\n',
	    (size_t)(end - line))) != NULL; line = next + 1) {
		if (line == bytes && wire->inside)
			continue; /* the client has its beginning */
		stream = streams_find_tap(wire->streams, line,
		    (size_t)(next - line), &found);
		if (stream == NULL)
			continue;
		give(wire, bytes, (size_t)(line - bytes));
		bytes = line;
		if (wire->fd < 0 || stream_has(stream))
			continue; /* what came before it is not printed yet */
		stream_give_tap(stream, &found);
		bytes = next + 1;
	}
	give(wire, bytes, (size_t)(line - bytes));
	keep_rest(wire, line, (size_t)(end - line));
	streams_end_taps(wire->streams);
}

static void
on_readable(void *arg)
{
	struct wire *wire = arg;
	ssize_t n = recv(wire->fd, wire->bytes + wire->kept,
	    WIRE_READ_SIZE - wire->kept, 0);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n < 0) {
		lose(wire, strerror(errno));
		return;
	}
	if (n == 0) {
		lose(wire, "the server closed it");
		return;
	}
	take_bytes(wire, wire->bytes, wire->kept + (size_t)n);
}

static void
on_writable(void *arg)
{
	wire_flush(arg);
}

void
wire_flush(struct wire *wire)
{
	const char *bytes;
	size_t size;
	ssize_t n;

	while (wire->fd >= 0 && (bytes = evtask_ctl_client_output(
	    wire->client, &size)) != NULL) {
		n = send(wire->fd, bytes, size, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN) {
			if (!wire->writing && evtask_loop_add_writer(NULL,
			    wire->fd, on_writable, wire) == 0)
				wire->writing = true;
			return;
		}
		if (n < 0) {
			/* What it had to say before it went comes first. */
			return;
		}
		evtask_ctl_client_sent(wire->client, (size_t)n);
	}
	if (wire->fd >= 0 && wire->writing) {
		evtask_loop_remove_writer(NULL, wire->fd);
		wire->writing = false;
	}
}

int
wire_open(struct wire *wire, int fd)
{
	int r = evtask_loop_add_reader(NULL, fd, on_readable, wire);

	wire->fd = r < 0 ? -1 : fd;
	return r;
}

void
wire_close(struct wire *wire)
{
	if (wire->fd < 0)
		return;
	evtask_loop_remove_reader(NULL, wire->fd);
	if (wire->writing)
		evtask_loop_remove_writer(NULL, wire->fd);
	wire->writing = false;
	close(wire->fd);
	wire->fd = -1;
}
