/*
 * console.h - the console: any libevent program answers the evtask CLI.
 *
 * A console listens on a Unix socket and speaks the control protocol
 * (evtask-protocol(7)): who connects can list the tasks of the loop, see what
 * each waits for, wait for them, cancel them, fetch their results, and create
 * tasks from the coroutines registered here. It lives on the loop, and nothing
 * it does blocks; two threads sleep beside it, one that watches the loop and
 * one that answers while it is blocked. It is the loop's observer (inspect.h).
 *
 *	struct evtask_console *console;
 *
 *	r = evtask_console_start(loop, &(struct evtask_console_options){
 *	    .server = "mailer" }, &console, NULL);
 *	r = evtask_console_add(console, &resend);	// see job.h
 */
#ifndef EVTASK_CONSOLE_H
#define EVTASK_CONSOLE_H

#include <evtask/base.h>
#include <evtask/job.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

struct evtask_console;
struct evtask_console_modules;
struct evtask_stall;
struct json_object;

/* How a program is asked to end by `daemon.shutdown`. */
enum evtask_console_shutdown {
	EVTASK_CONSOLE_DRAIN,	/* no new tasks; end when all are done */
	EVTASK_CONSOLE_CANCEL,	/* cancel all, end when they are done */
	EVTASK_CONSOLE_NOW,	/* end at once */
};

struct evtask_console_options {
	const char *socket_path;	/* NULL: the default, by the protocol */
	int listen_fd;			/* > 0: a listening socket, handed over
					   (socket activation); the path above
					   is then only told to clients */
	const char *viewer_path;	/* a second socket, for everybody who
					   can reach it, to look and change
					   nothing; NULL: there is none */
	bool no_socket;			/* nor the first: clients come by
					   evtask_console_serve() */
	const char *server;		/* the program's name; NULL: "evtask" */
	const char *version;		/* its version; NULL: the library's */
	size_t keep_done;		/* finished tasks kept; 0: 1,000 */
	size_t log_bytes;		/* kept of each task's output; 0: 1 MiB.
					   Of all done tasks 64 MiB are kept */
	bool no_trace;			/* without the flight recorder */
	int64_t stall_us;		/* a loop that stands still for so long
					   is reported; 0: 200 ms; -1: nobody
					   watches it: inspect_watchdog.h */
	int stall_signo;		/* to see the stack of who blocks it;
					   0: SIGURG, if the program has left
					   it alone; -1: none */
	size_t connections;		/* clients at a time; 0: 64 */
	gid_t operator_gid;		/* who may create and cancel tasks
					   beside root and this user; 0: nobody.
					   The socket is made for this group */
	/* Asked to end. NULL: daemon.shutdown is refused. It is called from
	 * the loop, after the answer, and may stop the console; timeout_us is
	 * EVTASK_FOREVER without a limit. */
	void (*shutdown)(enum evtask_console_shutdown mode, int64_t timeout_us,
	    void *arg);
	/* Adds the program's own members to the answer of daemon.stats. */
	void (*stats)(struct json_object *stats, void *arg);
	/* Reads anew what it was set up by, as on SIGHUP. Returns how many
	 * things have changed by that. NULL: daemon.reload is refused. */
	int (*reload)(void *arg);
	/* Sets from which urgency on the program logs: "error", "warning",
	 * "notice", "info" or "debug"; NULL only asks. Returns what it is now,
	 * a literal.
	 * NULL: daemon.log_level is refused. */
	const char *(*log_level)(const char *level, void *arg);
	const struct evtask_console_modules *modules; /* console_module.h;
					   NULL: the program has none. It is
					   borrowed for the console's life */
	/* From the watchdog's thread, when the loop is found to be blocked and
	 * when it goes on: options.stalled of inspect_watchdog.h. */
	void (*stalled)(const struct evtask_stall *stall, void *arg);
	void *arg;
};

/*
 * Opens the console. Loop thread; options may be NULL. Returns 0, or with the
 * way out in *ret_message (may be NULL; free() it): -EADDRINUSE another
 * process serves this socket; -EEXIST something is there that is no socket;
 * -ENAMETOOLONG the path exceeds 107 bytes; -EACCES, -ENOENT and the like: the
 * directory; -ENOSYS libevtask was built without inspection; -EINVAL; -ENOMEM.
 */
EVTASK_API EVTASK_CHECKED int
evtask_console_start(struct evtask_loop *loop,
    const struct evtask_console_options *options,
    struct evtask_console **ret_console, char **ret_message);

/*
 * Closes it: waits and subscriptions end, replies already made are flushed as
 * far as the sockets take them, the socket is removed. Tasks stay. Not from
 * within a coroutine row's check() or signal(), nor from stats(); before the
 * loop is freed. NULL is accepted.
 */
EVTASK_API void evtask_console_stop(struct evtask_console *console);

/* No new tasks from now on (ShuttingDown); clients are told by an event. */
EVTASK_API void
evtask_console_announce_shutdown(struct evtask_console *console,
    enum evtask_console_shutdown mode);

/* Registers a coroutine: it is listed, and can be created by name. The row is
 * borrowed for the console's life. 0, -EEXIST, -EINVAL (the schema does not
 * parse), -ENOMEM. */
EVTASK_API EVTASK_CHECKED int
evtask_console_add(struct evtask_console *console,
    const struct evtask_coroutine *coroutine);

/* Withdraws it: no more tasks are made of it. 0; -EBUSY, some are not done;
 * -ENOENT, it is not there; -EINVAL; -ENOMEM. The row stays borrowed. */
EVTASK_API EVTASK_CHECKED int
evtask_console_remove(struct evtask_console *console,
    const struct evtask_coroutine *coroutine);

/*
 * Serves a connected Unix stream socket, CLOEXEC and non-blocking, which it
 * takes, as if its peer had come through the console's: by SO_PEERCRED it is
 * known who that is. One too many is refused, and told so.
 */
EVTASK_API void
evtask_console_serve(struct evtask_console *console, int fd);

/* Where it listens; borrowed; "" without a socket. */
EVTASK_API const char *
evtask_console_socket_path(const struct evtask_console *console);

/*
 * Where it answers while the loop is blocked, out of band: the path above and
 * ".oob". Borrowed; "": it does not, without a socket or a watchdog.
 */
EVTASK_API const char *
evtask_console_oob_path(const struct evtask_console *console);

/* How many tasks it has created that are not done. */
EVTASK_API size_t
evtask_console_live_jobs(const struct evtask_console *console);

#ifdef __cplusplus
}
#endif
#endif
