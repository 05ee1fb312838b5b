/*
 * console.h - the console, to its parts.
 */
#ifndef CONSOLE_CONSOLE_H
#define CONSOLE_CONSOLE_H

#include <evtask/console.h>
#include <evtask/console_module.h>
#include <evtask/ctl.h>
#include <evtask/handle.h>
#include <evtask/inspect.h>
#include <evtask/loop.h>
#include <time.h>
#include "catalog.h"
#include "dispatch.h"
#include "listener.h"
#include "metrics.h"
#include "registry.h"
#include "ring.h"
#include "session.h"
#include "slice.h"

struct event;

struct evtask_console {
	struct evtask_loop *loop;
	struct event_base *base;
	char *server, *version;
	size_t keep_done;
	size_t log_bytes;
	size_t done_log_bytes;  /* kept of all tasks that are done */
	void (*shutdown)(enum evtask_console_shutdown mode, int64_t timeout_us,
	    void *arg);
	void (*stats)(struct json_object *stats, void *arg);
	int (*reload)(void *arg);
	const char *(*log_level)(const char *level, void *arg);
	void *arg;
	const struct evtask_console_modules *modules; /* NULL: none */

	char instance[17];      /* random; tells one run from another */
	int64_t epoch_us;       /* the loop's clock + this: since 1970 */
	int64_t started_us;     /* on the loop's clock */
	bool shutting_down;
	struct json_object *discovery; /* of rpc.discover; NULL: nobody asked */

	handler_fn *handlers;   /* by the rows of evtask_ctl_methods() */
	struct listener listener;
	struct listener viewers; /* the second socket, to look only */
	struct sessions sessions;
	struct catalog catalog;
	struct registry registry;
	struct ring ring;
	struct slices slices;
	struct metrics metrics;
	struct evtask_ctl_writer *writer; /* of the view that is being made */
	size_t waiting_subs;    /* subscriptions to task.waiting */

	/* Runs settle() in the next turn: what has happened is told. */
	struct event *settle;

	struct stalls *stalls;  /* owned; NULL: nobody watches the loop */
	struct oob *oob;        /* owned; NULL: nobody answers for it */

	bool own_trace;         /* the flight recorder is ours to stop */
	struct evtask_symbols *symbols; /* NULL: nobody has asked yet */

	/* Looks at tasks now and then: watch.c. */
	struct event *watch;
	uint64_t watched;       /* in this round, up to this one */
	uint64_t watched_handles; /* the loop had run so many then */
	int64_t watch_pause_us; /* between two rounds */

	/* Whose request is being served; NULL: the program acts itself. */
	const struct client *acting;

	/* daemon.shutdown, between its answer and its deed. */
	struct evtask_handle *ending;
	enum evtask_console_shutdown ending_mode;
	int64_t ending_timeout_us;
};

/* Microseconds since 1970 of a time on the loop's clock. */
static inline int64_t
console_epoch_us(const struct evtask_console *console, int64_t ts_us)
{
	return console->epoch_us + ts_us;
}

static inline int64_t
console_now_us(const struct evtask_console *console)
{
	return evtask_loop_time_us(console->loop);
}

/* The system's clock, whatever the loop's: what work takes is real. */
static inline int64_t
clock_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* Something has happened. number and text (taken) are by type. */
void console_tell(struct evtask_console *console, enum event_type type,
    uint64_t task, int64_t number, char *text);

#endif
