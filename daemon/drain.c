/*
 * drain.c - how evtaskd ends: as a task that waits for all the others.
 *
 *	serving --> drain --> cancel --> now --> ended
 *
 * In each mode it waits until no task is left. It goes on to the next when the
 * time of a mode is up, or somebody asks for it: the drain task is cancelled,
 * which ends its wait and nothing else. To cancel is one request to each task;
 * "now" is another one, by which exec ends its grace.
 */
#include "drain.h"

#include <errno.h>
#include <evtask/evtask.h>
#include <stdlib.h>
#include <string.h>

#define NOW_TIMEOUT_US 5000000	/* for what SIGKILL takes */
#define LAST_WORDS_US 10000	/* for replies to those who waited */

static const struct {
	const char *name;
	const char *words;
} modes[] = {
	[EVTASK_CONSOLE_DRAIN] = { "drain", "waiting for" },
	[EVTASK_CONSOLE_CANCEL] = { "cancel", "cancelling" },
	[EVTASK_CONSOLE_NOW] = { "now", "ending" },
};

/* The pending tasks but the internal ones, of which this is one. Borrowed. */
struct pending {
	union evtask_awaitable *tasks;
	size_t n;
};

static int
find_pending(struct drain *drain, struct pending *ret_pending)
{
	size_t i, n = evtask_all_tasks(drain->loop, NULL, 0);
	struct evtask **tasks = calloc(n + 1, sizeof(*tasks));
	struct pending pending = { calloc(n + 1, sizeof(*pending.tasks)), 0 };
	struct evtask_info info;

	if (tasks == NULL || pending.tasks == NULL) {
		free(tasks);
		free(pending.tasks);
		return -ENOMEM;
	}
	n = evtask_all_tasks(drain->loop, tasks, n);
	for (i = 0; i < n; i++)
		if (evtask_get_info(tasks[i], &info) == 0 && !info.internal)
			pending.tasks[pending.n++].task = tasks[i];
	free(tasks);
	*ret_pending = pending;
	return 0;
}

/* Tasks may create tasks: until none is left, or it is that late. */
static int
wait_all(struct drain *drain, int64_t timeout_us)
{
	int64_t now_us = evtask_loop_time_us(drain->loop);
	int64_t deadline_us = timeout_us < EVTASK_FOREVER - now_us
	    ? now_us + timeout_us : EVTASK_FOREVER;
	struct pending pending;
	int r = 0;

	while (r >= 0) {
		r = find_pending(drain, &pending);
		if (r < 0)
			return r;
		now_us = evtask_loop_time_us(drain->loop);
		if (pending.n == 0 || now_us >= deadline_us)
			r = pending.n == 0 ? 0 : -ETIMEDOUT;
		else
			r = evtask_wait(pending.tasks, pending.n,
			    deadline_us == EVTASK_FOREVER ? EVTASK_FOREVER
			    : deadline_us - now_us, EVTASK_ALL_COMPLETED);
		free(pending.tasks);
		if (pending.n == 0)
			break;
	}
	return r;
}

static void
cancel_all(struct drain *drain)
{
	struct pending pending;
	size_t i;

	if (find_pending(drain, &pending) < 0)
		return;
	for (i = 0; i < pending.n; i++)
		evtask_cancel(pending.tasks[i], "evtaskd is ending");
	free(pending.tasks);
}

/* Enters a mode: says so, and does what it does. */
static void
enter(struct drain *drain)
{
	size_t live = evtask_console_live_jobs(drain->console);
	const char *words = modes[drain->mode].words;

	log_say(drain->log, LOG_LEVEL_NOTICE, "%s %zu task%s, then ending",
	    words, live, live == 1 ? "" : "s");
	service_notify(drain->service, "STOPPING=1\nSTATUS=%s %zu task%s",
	    words, live, live == 1 ? "" : "s");
	evtask_console_announce_shutdown(drain->console, drain->mode);
	if (drain->mode >= EVTASK_CONSOLE_CANCEL)
		cancel_all(drain);
}

static int
drain_fn(void *arg)
{
	struct drain *drain = arg;
	enum evtask_console_shutdown entered;
	int r = -EAGAIN;

	drain->entered = true;
	while (r < 0) {
		entered = drain->mode;
		enter(drain);
		r = wait_all(drain, entered == EVTASK_CONSOLE_NOW
		    ? NOW_TIMEOUT_US : drain->timeout_us);
		if (r == -ECANCELED)
			evtask_uncancel(evtask_current_task());
		if (r < 0 && entered == EVTASK_CONSOLE_NOW)
			break;
		if (r < 0 && r != -ECANCELED && drain->mode == entered)
			drain->mode++;
	}
	if (r < 0)
		log_say(drain->log, LOG_LEVEL_WARNING,
		    "%zu tasks do not end; evtaskd ends without them",
		    evtask_console_live_jobs(drain->console));
	r = evtask_sleep(LAST_WORDS_US);
	evtask_loop_stop(drain->loop);
	return 0;
}

static void
begin(struct drain *drain)
{
	struct evtask_options options = { .name = "drain", .internal = true };
	int r = evtask_create(drain_fn, drain, &options, &drain->task);

	if (r == 0)
		return;
	log_say(drain->log, LOG_LEVEL_ERROR, "cannot wait for tasks, ending "
	    "at once: %s", strerror(-r));
	evtask_loop_stop(drain->loop);
}

void
drain_ask(struct drain *drain, enum evtask_console_shutdown mode,
    int64_t timeout_us)
{
	bool first = drain->task == NULL;

	log_say(drain->log, LOG_LEVEL_INFO, "asked to end: %s",
	    modes[mode].name);
	if (!first && mode <= drain->mode)
		return;
	drain->mode = mode;
	drain->timeout_us = timeout_us;
	if (first)
		begin(drain);
	else if (drain->entered) /* else it would never run */
		evtask_cancel(drain->task, "asked to end harder");
}

void
drain_press(struct drain *drain, int64_t timeout_us)
{
	enum evtask_console_shutdown mode = EVTASK_CONSOLE_DRAIN;

	if (drain->task != NULL && drain->mode < EVTASK_CONSOLE_NOW)
		mode = drain->mode + 1;
	drain_ask(drain, mode, timeout_us);
}

void
drain_release(struct drain *drain)
{
	evtask_unref(drain->task);
	drain->task = NULL;
}
