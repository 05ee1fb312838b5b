/*
 * schema.c - THE table: every method of the control socket, a row each.
 *
 * It drives the server's dispatch and validation, rpc.discover, the CLI's
 * grammar and completion, the manual and the tests; nothing about a method
 * stands anywhere else but its handler. A method that is not served has no
 * row. The rows are in schema_*.inc, by the noun of the method; what many of
 * them say is here.
 *
 * If you add a method here: its handler in the console, its golden transcript
 * in tests/protocol, and its verb in the CLI when it has one. If you add an
 * error to a row: its own row is in error.c.
 */
#include <string.h>
#include "message.h"
#include "rows.h"

/* What many rows say. */
#define NO_TASK "TaskNotFound", "TaskForgotten", "AmbiguousTask"
#define THE_TASK { "task", TASK, .doc = "The task: its id, or its name." }
#define THE_TASKS \
	{ "tasks", LIST(1, TASKS_MAX, TASK), \
	  .doc = "The tasks: ids, or names. One unknown: nothing happens." }
#define THE_ID { "id", COUNT, .doc = "The task's id." }
#define SEQ \
	{ "seq", COUNT, \
	  .doc = "The last event in this answer; subscribe since it." }
#define TIMEOUT(what) \
	{ "timeout_us", OPTIONAL COUNT, \
	  .doc = "Answer after so long, " what }
#define CURSOR TEXT(1, 256) /* a name and an id */
#define PAGE \
	{ "limit", OPTIONAL INT(1, 1000), DEFAULT(100), \
	  .doc = "How many at most." }, \
	{ "cursor", OPTIONAL CURSOR, .doc = "The next of the page before." }, \
	SELECTION
#define SELECTION \
	{ "fields", OPTIONAL LIST(1, 32, NAME), \
	  .doc = "Only these members, and id or name." }
#define PAGED \
	{ "total", COUNT, .doc = "How many there are on all pages." }, \
	{ "next", NULLABLE CURSOR, .doc = "The cursor; null on the last." }, \
	SEQ
#define UNTIL_DONE \
	{ "wait", OPTIONAL BOOL, DEFAULT(false), \
	  .doc = "Answer when the task is done." }
#define FOLLOW(what) \
	{ "follow", OPTIONAL BOOL, DEFAULT(false), .doc = what }, \
	{ "pace", OPTIONAL BOOL, DEFAULT(false), \
	  .doc = "Of what is followed nothing is dropped: the task is held " \
	  "while this reader is more than half of a log behind." }
#define OUTCOME \
	{ "outcome", ONE_OF(OUTCOMES), .doc = "How the task ended." }
#define ENDING(which) \
	{ "outcome", which ONE_OF(OUTCOMES), .doc = "How it ended." }, \
	{ "value", OPTIONAL ANY, .doc = "What it returned." }, \
	{ "error", OPTIONAL SHAPE(ERROR), \
	  .doc = "What it raised, or its cancellation." }

static const struct evtask_ctl_method methods[] = {
#include "schema_rpc.inc"
#include "schema_coroutine.inc"
#include "schema_module.inc"
#include "schema_task.inc"
#include "schema_output.inc"
#include "schema_inspect.inc"
#include "schema_loop.inc"
#include "schema_trace.inc"
#include "schema_sub.inc"
#include "schema_metrics.inc"
#include "schema_daemon.inc"
	END
};

const struct evtask_ctl_method *
evtask_ctl_methods(void)
{
	return methods;
}

const struct evtask_ctl_method *
method_find(const char *name, size_t size)
{
	const struct evtask_ctl_method *m;

	for (m = methods; m->name != NULL; m++)
		if (m->name_size == size && memcmp(m->name, name, size) == 0)
			return m;
	return NULL;
}

const struct evtask_ctl_method *
evtask_ctl_method_find(const char *name)
{
	return method_find(name, strlen(name));
}

const struct evtask_ctl_field *
evtask_ctl_field_find(const struct evtask_ctl_field *fields, const char *name)
{
	const struct evtask_ctl_field *f;

	for (f = fields; f->name != NULL; f++)
		if (strcmp(f->name, name) == 0)
			return f;
	return NULL;
}

const char *
evtask_ctl_role_name(enum evtask_ctl_role role)
{
	switch (role) {
	case EVTASK_CTL_VIEWER:
		return "viewer";
	case EVTASK_CTL_OPERATOR:
		return "operator";
	case EVTASK_CTL_ADMIN:
		return "admin";
	}
	return "nobody";
}
