/*
 * io.h - file descriptors: waiting for them, and callbacks on them.
 *
 * Descriptors are the caller's: the library never closes one. They should be
 * non-blocking. Stop watching a descriptor before you close it.
 */
#ifndef EVTASK_IO_H
#define EVTASK_IO_H

#include <evtask/base.h>
#include <evtask/handle.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
	EVTASK_READABLE = 1,
	EVTASK_WRITABLE = 2,
};

/*
 * Waits until fd can be read or written without blocking. events is an or of
 * the two; so is the answer. A plain file always can, at once. Returns it, or
 * -ECANCELED, -EINVAL (no such events, not in a task), -EBADF, -ENOMEM.
 */
EVTASK_API EVTASK_SUSPENDS int
evtask_fd_wait_at(int fd, int events, const struct evtask_site *site);
#define evtask_fd_wait(fd, events) \
	evtask_fd_wait_at((fd), (events), EVTASK_SITE)

/*
 * Reads what there is, at most size bytes, waiting for the first (also on a
 * descriptor that blocks, such as an inherited terminal). Returns the number
 * of bytes, 0 at the end, or a negative errno.
 */
EVTASK_API EVTASK_SUSPENDS ssize_t
evtask_read_at(int fd, void *buf, size_t size, const struct evtask_site *site);
#define evtask_read(fd, buf, size) \
	evtask_read_at((fd), (buf), (size), EVTASK_SITE)

/*
 * Writes all of it. Returns 0, or a negative errno: then some may be written,
 * and *ret_written (may be NULL) says how much. Where nobody reads, it is
 * -EPIPE; a socket raises no SIGPIPE, but a pipe does, which ends the program
 * unless that is ignored: signal(SIGPIPE, SIG_IGN).
 */
EVTASK_API EVTASK_SUSPENDS int
evtask_write_at(int fd, const void *buf, size_t size, size_t *ret_written,
    const struct evtask_site *site);
#define evtask_write(fd, buf, size) \
	evtask_write_at((fd), (buf), (size), NULL, EVTASK_SITE)

/*
 * Calls fn(arg) whenever fd can be read (written), until removed: asyncio's
 * loop.add_reader(). One reader and one writer per descriptor; a second add
 * replaces the first. Loop thread; loop may be NULL for the running one.
 * Returns 0, -EINVAL, -EBADF, -EPERM (a plain file: there is nothing to
 * wait for) or -ENOMEM. remove returns 1, or 0 when there was none.
 */
EVTASK_API int
evtask_loop_add_reader(struct evtask_loop *loop, int fd,
    evtask_callback_fn fn, void *arg);
EVTASK_API int evtask_loop_remove_reader(struct evtask_loop *loop, int fd);
EVTASK_API int
evtask_loop_add_writer(struct evtask_loop *loop, int fd,
    evtask_callback_fn fn, void *arg);
EVTASK_API int evtask_loop_remove_writer(struct evtask_loop *loop, int fd);

#ifdef __cplusplus
}
#endif
#endif
