/*
 * watch.c - a look at every task now and then: what looks wrong is told.
 *
 * Warnings are read off a task when somebody asks; but who follows the events
 * asks nothing, and a list of all that have one cannot look at a hundred
 * thousand tasks at once. So once a second a round begins, in slices, and what
 * it finds is kept as bits with the record. While no task is live there are no
 * rounds; and while tasks only wait, and nothing has run since the round
 * before, each pause is twice as long as the last: an idle program sleeps.
 */
#include "watch.h"
#include <errno.h>
#include <event2/event.h>
#include <evtask/inspect_warning.h>
#include "console.h"

#define SLICE 1000         /* tasks looked at without a pause */
#define SLICE_PAUSE_US 10000
#define ROUND_PAUSE_US 1000000
#define ROUND_PAUSE_MAX_US (64 * ROUND_PAUSE_US)

void
watch_task(struct evtask_console *console, struct record *record)
{
	unsigned int bits = evtask_get_warnings(record->task), i;

	for (i = 0; i < EVTASK_WARNINGS; i++)
		if ((bits & ~record->warned & (1U << i)) != 0)
			console_tell(console, EVENT_WARNING, record->id, i,
			    NULL);
	record->warned = bits;
}

bool
watch_some(struct evtask_console *console, size_t most)
{
	struct registry *registry = &console->registry;
	struct record *record = registry_find(registry, console->watched);

	/* A record that was forgotten in between begins the round anew. */
	record = record != NULL ? TAILQ_NEXT(record, link)
	    : TAILQ_FIRST(&registry->records);
	for (; record != NULL && most > 0; most--) {
		watch_task(console, record);
		console->watched = record->id;
		record = TAILQ_NEXT(record, link);
	}
	if (record == NULL)
		console->watched = 0;
	return record != NULL;
}

static void
arm(struct evtask_console *console, int64_t pause_us)
{
	const struct timeval tv = { pause_us / 1000000, pause_us % 1000000 };

	if (pause_us >= ROUND_PAUSE_US)
		console->watch_pause_us = pause_us;
	event_add(console->watch, &tv);
}

/* What was right before and has not moved can only become wrong with time: of
 * a cancellation that is ignored, and that is in no hurry. */
static int64_t
next_pause_us(struct evtask_console *console)
{
	struct evtask_loop_stats stats;
	bool quiet;

	evtask_loop_get_stats(console->loop, &stats);
	quiet = stats.handles == console->watched_handles;
	console->watched_handles = stats.handles;
	if (!quiet)
		return ROUND_PAUSE_US;
	return console->watch_pause_us < ROUND_PAUSE_MAX_US
	    ? console->watch_pause_us * 2 : ROUND_PAUSE_MAX_US;
}

static void
on_watch(evutil_socket_t fd, short what, void *arg)
{
	struct evtask_console *console = arg;
	const struct registry *registry = &console->registry;

	if (watch_some(console, SLICE))
		arm(console, SLICE_PAUSE_US);
	else if (registry->count > registry->count_done)
		arm(console, next_pause_us(console));
}

void
watch_begin(struct evtask_console *console)
{
	if (console->watch != NULL &&
	    (console->watch_pause_us > ROUND_PAUSE_US ||
	    !event_pending(console->watch, EV_TIMEOUT, NULL)))
		arm(console, ROUND_PAUSE_US);
}

int
watch_init(struct evtask_console *console)
{
	console->watch = event_new(console->base, -1, 0, on_watch, console);
	return console->watch != NULL ? 0 : -ENOMEM;
}

void
watch_release(struct evtask_console *console)
{
	if (console->watch != NULL)
		event_free(console->watch);
	console->watch = NULL;
}
