/*
 * event.c - what the server says unasked: the types of events, and the
 * notifications that carry them.
 *
 * A new type is a row here and a word in EVENT_TYPES (rows.h), which is what
 * sub.open accepts; a test holds the two together.
 */
#include <string.h>
#include "rows.h"

static const struct evtask_ctl_event events[] = {
	{ "task.created", "A task was made.", FIELDS(
		{ "task", SHAPE(TASK), .doc = "The task." },
	) },
	{ "task.started", "A task runs for the first time.", NO_FIELDS },
	{ "task.waiting", "A task has begun to wait. Many: ask for it by name.",
	    FIELDS(
		{ "wait", NULLABLE SHAPE(WAIT), .doc = "What for." },
	) },
	{ "task.done", "A task has ended.", FIELDS(
		{ "outcome", ONE_OF(OUTCOMES), .doc = "How." },
		{ "ending", OPTIONAL NAME,
		  .doc = "In short, if its coroutine says: exit 3." },
	) },
	{ "task.renamed", "A task has another name.", FIELDS(
		{ "name", NAME, .doc = "The new one." },
		{ "previous", NAME, .doc = "The one before." },
	) },
	{ "task.labelled", "The labels of a task are others.", FIELDS(
		{ "labels", LABELS, .doc = "All it has now." },
	) },
	{ "task.cancel_requested", "A task was asked to stop.", FIELDS(
		{ "message", NULLABLE PROSE, .doc = "With these words." },
		{ "count", COUNT, .doc = "Requests not taken back." },
	) },
	{ "task.progress", "A task says how far it has come. Ten times a "
	    "second at the most, and the last of it.", FIELDS(
		{ "progress", NULLABLE SHAPE(PROGRESS), .doc = "As it is." },
	) },
	{ "task.log", "A task has written a line.", FIELDS(
		{ "line", SHAPE(LOG_LINE), .doc = "The line." },
	) },
	{ "task.warning", "Something looks wrong with a task.", FIELDS(
		{ "warning", ONE_OF(WARNINGS), .doc = "What." },
		{ "text", PROSE, .doc = "What that means." },
	) },
	{ "task.forgotten", "A task is no longer kept.", NO_FIELDS },
	{ "loop.deadlock", "Tasks wait for each other in a circle. The event "
	    "is about the task that closed it.", FIELDS(
		{ "tasks", LIST(0, 1000, SHAPE(LINK)),
		  .doc = "The circle, from that task on; empty when it was "
		  "broken before it could be shown." },
	) },
	{ "loop.stall", "The loop was blocked, and turns again.", FIELDS(
		{ "name", PROSE, .doc = "Of that task; empty: a callback." },
		{ "blocked_us", COUNT, .doc = "How long." },
		{ "stack", LIST(0, 64, PROSE), .doc = "The functions it stood "
		  "in when it was noticed, the innermost first." },
	) },
	{ "module.loaded", "The coroutines of a module are there.", FIELDS(
		{ "module", NAME, .doc = "Which." },
		{ "version", NULLABLE PROSE, .doc = "Its own." },
		{ "reloaded", BOOL,
		  .doc = "True: in place of those it had before." },
	) },
	{ "module.unloaded", "The coroutines of a module are withdrawn.",
	    FIELDS(
		{ "module", NAME, .doc = "Which." },
	) },
	{ "daemon.shutdown", "The server is going to end.", FIELDS(
		{ "mode", ONE_OF("drain", "cancel", "now"), .doc = "How." },
	) },
	END
};

static const struct evtask_ctl_notice notices[] = {
	{ "event", "Something happened.", FIELDS(
		{ "sub", COUNT, .doc = "The subscription." },
		{ "seq", COUNT, .doc = "Counts all events, from 1." },
		{ "ts_us", COUNT, .doc = "When, in microseconds since 1970." },
		{ "type", ONE_OF(EVENT_TYPES), .doc = "What." },
		{ "task", NULLABLE COUNT, .doc = "To which task." },
		{ "data", OBJECT, .doc = "More, by the type." },
	) },
	{ "event.lag", "The reader was too slow: events are missing.", FIELDS(
		{ "sub", COUNT, .doc = "The subscription." },
		{ "dropped", COUNT, .doc = "How many, exactly." },
		{ "from_seq", COUNT, .doc = "The first that is missing." },
		{ "to_seq", COUNT, .doc = "The last that is missing." },
	) },
	{ "event.snapshot", "A task, as it is when this is said.", FIELDS(
		{ "sub", COUNT, .doc = "The subscription." },
		{ "seq", COUNT, .doc = "The last event that it shows." },
		{ "task", SHAPE(TASK), .doc = "The task." },
	) },
	{ "event.synced", "All tasks have been told: a snapshot is complete.",
	    FIELDS(
		{ "sub", COUNT, .doc = "The subscription." },
		{ "seq", COUNT, .doc = "The last event that it shows." },
		{ "tasks", COUNT, .doc = "How many there were." },
	) },
	{ "event.end", "The subscription ended, and not by sub.close.", FIELDS(
		{ "sub", COUNT, .doc = "The subscription." },
		{ "reason", ONE_OF("done", "forgotten", "shutdown", "lag"),
		  .doc = "Its task is done or forgotten, the server ends, or "
		  "the reader was too slow and has asked for that." },
	) },
	END
};

const struct evtask_ctl_event *
evtask_ctl_events(void)
{
	return events;
}

const struct evtask_ctl_notice *
evtask_ctl_notices(void)
{
	return notices;
}

const struct evtask_ctl_event *
evtask_ctl_event_find(const char *name)
{
	const struct evtask_ctl_event *e;

	for (e = events; e->name != NULL; e++)
		if (strcmp(e->name, name) == 0)
			return e;
	return NULL;
}
