/*
 * settle.c - what has happened is told, in the next turn.
 *
 * Observers and jobs may not do much where they are called, so what follows
 * from their notes is done here, from the event base: requests that waited for
 * a task are answered, subscribers get their events, and what is done and over
 * the limit is forgotten.
 */
#include "settle.h"
#include <errno.h>
#include <event2/event.h>
#include "console.h"
#include "request.h"
#include "subscription.h"

static void
settle_done(struct evtask_console *console)
{
	struct registry *registry = &console->registry;
	struct record *record;

	while ((record = TAILQ_FIRST(&registry->settling)) != NULL) {
		TAILQ_REMOVE(&registry->settling, record, settle_link);
		request_task_done(record);
		record_unref(record);
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

	settle_done(console);
	forget_oldest(console);
	subscription_pump_all(console);
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
