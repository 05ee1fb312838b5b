/*
 * stream.h - connections: bytes both ways over a socket or a pipe.
 *
 * asyncio's StreamReader and StreamWriter in one object. Reading and writing
 * try the system first and wait only when it says so; waiting asks it for
 * nothing, as an open stream is watched all along.
 *
 *	static int
 *	echo(struct evtask_stream *stream, void *arg)
 *	{
 *		const char *line;
 *		ssize_t n;
 *
 *		while ((n = evtask_stream_readline(stream, &line)) > 0) {
 *			int r = evtask_stream_write(stream, line, (size_t)n);
 *
 *			if (r < 0)
 *				return r;
 *		}
 *		return (int)n;
 *	}
 *
 * One task reads at a time; a second gets -EBUSY. Any number may write: they
 * stand in line, and what one writes is never cut by another. Nothing is
 * allocated to read or write, but the stream's own two buffers when first
 * needed: by lines, and by what is left for the loop to send.
 *
 * What is given to a stream must be read by it alone: see evtask_stream_fd().
 */
#ifndef EVTASK_STREAM_H
#define EVTASK_STREAM_H

#include <evtask/base.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

struct evtask_stream;

enum {
	EVTASK_STREAM_LIMIT = 65536,	/* bytes of each buffer, if not set */
};

/*
 * Makes a stream of a connected socket or a pipe; a pipe goes one way. In a
 * task or a callback. The stream makes fd non-blocking, and owns it from then
 * on; on failure it stays yours. The caller owns the reference. Returns 0;
 * -EINVAL (no loop runs), -EBADF, -EPERM (a plain file), -ENOMEM.
 */
EVTASK_API EVTASK_CHECKED int
evtask_stream_new(int fd, struct evtask_stream **ret_stream);

/* The last reference gone, the stream is closed as by evtask_stream_close().
 * A task that uses it holds one. */
EVTASK_API struct evtask_stream *
evtask_stream_ref(struct evtask_stream *stream);
EVTASK_API void evtask_stream_unref(struct evtask_stream *stream);

/*
 * Connects to a port of a host, by name or number, trying each address it has;
 * or to a Unix socket. The caller owns the reference. Returns 0 or a negative
 * errno: that of the last address tried (-ECONNREFUSED ...), what
 * evtask_getaddrinfo() says of the name, -ENAMETOOLONG, -EAGAIN (the Unix
 * server's queue is full), -EINVAL (not in a task), -ENOMEM, -ECANCELED.
 */
EVTASK_API EVTASK_SUSPENDS int
evtask_open_connection_at(const char *host, uint16_t port,
    struct evtask_stream **ret_stream, const struct evtask_site *site);
#define evtask_open_connection(host, port, ret_stream) \
	evtask_open_connection_at((host), (port), (ret_stream), EVTASK_SITE)
EVTASK_API EVTASK_SUSPENDS int
evtask_open_unix_connection_at(const char *path,
    struct evtask_stream **ret_stream, const struct evtask_site *site);
#define evtask_open_unix_connection(path, ret_stream) \
	evtask_open_unix_connection_at((path), (ret_stream), EVTASK_SITE)

/*
 * Reading. All four answer a negative errno when the connection failed, at
 * once and ever after; -EBUSY when another task is reading; -EINVAL outside a
 * task; -ECANCELED, and then what has come is still there to be read. A
 * stream you have closed has come to its end.
 */

/* What there is, at most size bytes, waiting for the first. Returns how many;
 * 0 at the end (or when size is 0). */
EVTASK_API EVTASK_SUSPENDS ssize_t
evtask_stream_read_at(struct evtask_stream *stream, void *buf, size_t size,
    const struct evtask_site *site);
#define evtask_stream_read(stream, buf, size) \
	evtask_stream_read_at((stream), (buf), (size), EVTASK_SITE)

/*
 * All size bytes. Returns 0; -ENODATA: the end came first. *ret_read (may be
 * NULL) says how many are in buf whatever the answer; they are not read again.
 */
EVTASK_API EVTASK_SUSPENDS int
evtask_stream_read_exactly_at(struct evtask_stream *stream, void *buf,
    size_t size, size_t *ret_read, const struct evtask_site *site);
#define evtask_stream_read_exactly(stream, buf, size) \
	evtask_stream_read_exactly_at((stream), (buf), (size), NULL, \
	    EVTASK_SITE)

/*
 * Up to and with the separator, of size bytes. Returns how many, and the
 * bytes in *ret_bytes: borrowed until the next call that reads, followed by a
 * NUL that is not theirs. -ENODATA: the end came first; -EMSGSIZE: the
 * limit did. In both cases what has come stays, to be read otherwise.
 */
EVTASK_API EVTASK_SUSPENDS ssize_t
evtask_stream_read_until_at(struct evtask_stream *stream,
    const void *separator, size_t size, const char **ret_bytes,
    const struct evtask_site *site);
#define evtask_stream_read_until(stream, separator, size, ret_bytes) \
	evtask_stream_read_until_at((stream), (separator), (size), \
	    (ret_bytes), EVTASK_SITE)

/* A line, with its newline, which the last may lack; otherwise the same, and
 * 0 at the end. As getline(3), but the line is the stream's. */
EVTASK_API EVTASK_SUSPENDS ssize_t
evtask_stream_readline_at(struct evtask_stream *stream,
    const char **ret_line, const struct evtask_site *site);
#define evtask_stream_readline(stream, ret_line) \
	evtask_stream_readline_at((stream), (ret_line), EVTASK_SITE)

/* Whether the end has been seen, and nothing is left to read before it. */
EVTASK_API bool evtask_stream_at_eof(const struct evtask_stream *stream);

/*
 * Writes all of it, waiting while the other side is slow: asyncio's write()
 * and drain() in one, without its copy. Returns 0, or a negative errno:
 * -EPIPE or -ECONNRESET (nobody reads; no SIGPIPE is raised by sockets),
 * -ESHUTDOWN (closed by you), -ECANCELED, -EINVAL. *ret_written (may be NULL)
 * says how much went, whatever the answer.
 */
EVTASK_API EVTASK_SUSPENDS int
evtask_stream_write_at(struct evtask_stream *stream, const void *bytes,
    size_t size, size_t *ret_written, const struct evtask_site *site);
#define evtask_stream_write(stream, bytes, size) \
	evtask_stream_write_at((stream), (bytes), (size), NULL, EVTASK_SITE)

/*
 * Sends what can be sent now and leaves the rest, a copy, to the loop. In a
 * task or a callback; does not suspend. All or nothing is taken: 0, or
 * -EAGAIN (more than the limit would wait), -EMSGSIZE (it never could),
 * -ENOMEM, or what writing says.
 * Drain waits until nothing is left.
 */
EVTASK_API int
evtask_stream_write_nowait(struct evtask_stream *stream, const void *bytes,
    size_t size);
EVTASK_API EVTASK_SUSPENDS int
evtask_stream_drain_at(struct evtask_stream *stream,
    const struct evtask_site *site);
#define evtask_stream_drain(stream) \
	evtask_stream_drain_at((stream), EVTASK_SITE)

/* Says that no more will be written, once all of it is sent: the other side
 * reads the end. Sockets only: -ENOTSOCK. 0, -ESHUTDOWN. */
EVTASK_API int evtask_stream_write_eof(struct evtask_stream *stream);

/*
 * Closes: reading comes to its end, writing is refused, who waits is woken.
 * What was left to the loop is sent first; abort drops it. Neither suspends.
 * wait_closed waits until the descriptor is closed: 0 or -ECANCELED.
 */
EVTASK_API void evtask_stream_close(struct evtask_stream *stream);
EVTASK_API void evtask_stream_abort(struct evtask_stream *stream);
EVTASK_API bool evtask_stream_is_closing(const struct evtask_stream *stream);
EVTASK_API EVTASK_SUSPENDS int
evtask_stream_wait_closed_at(struct evtask_stream *stream,
    const struct evtask_site *site);
#define evtask_stream_wait_closed(stream) \
	evtask_stream_wait_closed_at((stream), EVTASK_SITE)

/* The longest line, and the most that write_nowait keeps; 0: as it is. */
EVTASK_API void
evtask_stream_set_limits(struct evtask_stream *stream, size_t read_bytes,
    size_t write_bytes);

/* The descriptor, to ask or set what it has, but not to read, write or close;
 * -1 when closed. The name that inspection shows: the other side's address. */
EVTASK_API int evtask_stream_fd(const struct evtask_stream *stream);
EVTASK_API const char *evtask_stream_name(const struct evtask_stream *stream);

#ifdef __cplusplus
}
#endif
#endif
