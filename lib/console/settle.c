/*
 * settle.c - what has happened is told, in the next turn.
 *
 * Observers and jobs may not do much where they are called, so what follows
 * from their notes is done here, from the event base: requests that waited for
 * a task are answered, subscribers get their events, and what is done and over
 * the limits is forgotten.
 */
#include "settle.h"
#include <errno.h>
#include <event2/event.h>
#include "console.h"
#include "feed.h"
#include "job.h"
#include "request.h"

/* What a done task has written counts from now on. */
static void
count_log(struct registry *registry, struct record *record)
{
	if (!record->kept || record->job == NULL)
		return;
	record->log_bytes = record->job->log.kept_bytes;
	registry->done_log_bytes += record->log_bytes;
}

static void
settle_done(struct evtask_console *console)
{
	struct registry *registry = &console->registry;
	struct record *record;

	while ((record = TAILQ_FIRST(&registry->settling)) != NULL) {
		TAILQ_REMOVE(&registry->settling, record, settle_link);
		count_log(registry, record);
		request_task_done(record);
		record_unref(record);
	}
}

/* A thousand done tasks of a mebibyte each are too much: the oldest logs go,
 * their tasks stay, and the log says that it was dropped. */
static void
drop_oldest_logs(struct evtask_console *console)
{
	struct registry *registry = &console->registry;
	struct record *record;

	TAILQ_FOREACH(record, &registry->done, done_link) {
		if (registry->done_log_bytes <= console->done_log_bytes)
			return;
		if (record->log_bytes == 0 ||
		    !LIST_EMPTY(&record->job->pacers))
			continue;
		job_log_drop(&record->job->log);
		registry->done_log_bytes -= record->log_bytes;
		record->log_bytes = 0;
	}
}

static void
forget_oldest(struct evtask_console *console)
{
	struct registry *registry = &console->registry;
	struct record *record;

	while (registry->count_done > console->keep_done) {
		record = TAILQ_FIRST(&registry->done);
		console_tell(console, EVENT_FORGOTTEN, record->id, 0, NULL);
		registry_forget(registry, record);
	}
}

static void
on_settle(evutil_socket_t fd, short what, void *arg)
{
	struct evtask_console *console = arg;

	sessions_flush(&console->sessions); /* who has an answer, first */
	settle_done(console);
	forget_oldest(console);
	drop_oldest_logs(console);
	feed_all(console);
	sessions_flush(&console->sessions);
}

int
settle_init(struct evtask_console *console)
{
	console->settle = event_new(console->base, -1, 0, on_settle, console);
	return console->settle != NULL ? 0 : -ENOMEM;
}

void
settle_release(struct evtask_console *console)
{
	struct record *record;

	if (console->settle != NULL)
		event_free(console->settle);
	console->settle = NULL;
	while ((record = TAILQ_FIRST(&console->registry.settling)) != NULL) {
		TAILQ_REMOVE(&console->registry.settling, record, settle_link);
		record_unref(record);
	}
}

void
settle_soon(struct evtask_console *console)
{
	if (console->settle != NULL)
		event_active(console->settle, EV_TIMEOUT, 0);
}
