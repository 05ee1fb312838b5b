/*
 * schema.c - THE table: every method of the control socket, a row each.
 *
 * It drives the server's dispatch and validation, rpc.discover, the CLI's
 * grammar and completion, the manual and the tests; nothing about a method
 * stands anywhere else but its handler. A method that is not served has no
 * row. The file is long because the table is flat.
 *
 * If you add a method here: its handler in the console, its golden transcript
 * in tests/protocol, and its verb in the CLI when it has one. If you add an
 * error to a row: its own row is in error.c.
 */
#include <string.h>
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
	{
		.name = "rpc.hello",
		.summary = "who the server is and what it takes",
		.doc = "Optional: the server needs no handshake.",
		.role = EVTASK_CTL_VIEWER,
		.params = NO_FIELDS,
		.result = FIELDS(
			{ "server", PROSE, .doc = "The program." },
			{ "version", PROSE, .doc = "Its version." },
			{ "api", SHAPE(API), .doc = "The protocol's level." },
			{ "instance", NAME,
			  .doc = "Random; another one after a restart." },
			{ "role", ONE_OF("viewer", "operator", "admin"),
			  .doc = "What you may do." },
			{ "limits", SHAPE(LIMITS), .doc = "What it takes." },
			SEQ,
		),
		.errors = NO_NAMES,
		.example_params = JSON({}),
		.example_result = JSON({"server": "evtaskd",
		    "version": "0.1.0", "api": {"level": 1, "compatible": 1},
		    "instance": "5b0ddf0e", "role": "admin",
		    "limits": {"frame_bytes": 1048576, "depth": 32,
		    "deferred": 256, "subscriptions": 16}, "seq": 118}),
	},
	{
		.name = "rpc.ping",
		.summary = "answer at once",
		.doc = "Shows that the loop turns.",
		.role = EVTASK_CTL_VIEWER,
		.params = NO_FIELDS,
		.result = FIELDS(
			{ "ts_us", COUNT,
			  .doc = "The server's time, since 1970." },
		),
		.errors = NO_NAMES,
		.verb = "ping",
		.example_params = JSON({}),
		.example_result = JSON({"ts_us": 1767225600000000}),
	},
	{
		.name = "rpc.cancel",
		.summary = "end a request of yours that is not answered yet",
		.doc = "The request ends with RequestCancelled. A task is "
		    "never touched: for that, see task.cancel.",
		.role = EVTASK_CTL_VIEWER,
		.notify = true,
		.params = FIELDS(
			{ "id", ID, .doc = "The request's id." },
		),
		.result = FIELDS(
			{ "cancelled", BOOL,
			  .doc = "False when no such request was pending." },
		),
		.errors = NO_NAMES,
		.example_params = JSON({"id": 7}),
		.example_result = JSON({"cancelled": true}),
	},
	{
		.name = "rpc.discover",
		.summary = "describe every method",
		.doc = "An OpenRPC document with JSON Schema and an example "
		    "for each.",
		.role = EVTASK_CTL_VIEWER,
		.params = NO_FIELDS,
		.result = FIELDS(
			{ "openrpc", NAME, .doc = "The version of OpenRPC." },
			{ "info", OBJECT, .doc = "Title and version." },
			{ "methods", LIST(0, 1000, OBJECT),
			  .doc = "All methods." },
			{ "components", OBJECT, .doc = "The shapes." },
		),
		.errors = NO_NAMES,
		.verb = "discover",
		.example_params = JSON({}),
		.example_result = JSON({"openrpc": "1.3.2",
		    "info": {"title": "evtaskd", "version": "0.1.0"},
		    "methods": [], "components": {}}),
	},
	{
		.name = "coroutine.list",
		.summary = "list what tasks can be made from",
		.doc = "Sorted by name.",
		.role = EVTASK_CTL_VIEWER,
		.params = FIELDS(
			{ "name", OPTIONAL NAME,
			  .doc = "Only names that match this glob." },
			PAGE,
		),
		.result = FIELDS(
			{ "coroutines", LIST(0, 1000, SHAPE(COROUTINE)),
			  .doc = "The page." },
			PAGED,
		),
		.errors = NO_NAMES,
		.verb = "coroutines",
		.example_params = JSON({"name": "s*", "fields": ["summary"]}),
		.example_result = JSON({"coroutines": [{"name": "sleep",
		    "summary": "sleep for a while"}], "total": 1,
		    "next": null, "seq": 118}),
	},
	{
		.name = "coroutine.get",
		.summary = "describe one coroutine and its arguments",
		.doc = "args and result are JSON Schema.",
		.role = EVTASK_CTL_VIEWER,
		.params = FIELDS(
			{ "name", NAME, .doc = "Its name." },
		),
		.result = FIELDS(
			{ "coroutine", SHAPE(COROUTINE), .doc = "All of it." },
			SEQ,
		),
		.errors = NAMES("CoroutineNotFound"),
		.verb = "coroutines",
		.example_params = JSON({"name": "sleep"}),
		.example_result = JSON({"coroutine": {"name": "sleep",
		    "summary": "sleep for a while", "args": {"type": "object",
		    "properties": {"delay": {"type": ["number", "string"],
		    "format": "duration"}}, "required": ["delay"]},
		    "result": {}, "example": {"delay": "1h30m"},
		    "takes_stdin": false, "takes_signals": false, "live": 2},
		    "seq": 118}),
	},
	{
		.name = "task.create",
		.summary = "create a task",
		.doc = "The task is made ready and runs when the loop gets "
		    "to it. With wait, the answer comes when it is done, and "
		    "says how. With follow, the task's log is followed, as by "
		    "task.logs, from the oldest line kept: of a new task, "
		    "from the first.",
		.role = EVTASK_CTL_OPERATOR,
		.deferred = true,
		.params = FIELDS(
			{ "coroutine", NAME, .doc = "What it is made from." },
			{ "args", OPTIONAL OBJECT, DEFAULT({}),
			  .doc = "By the coroutine's own schema." },
			{ "name", OPTIONAL NAME,
			  .doc = "Unique; without it, one is made up." },
			{ "timeout_us", OPTIONAL INT(1, EVTASK_CTL_INT_MAX),
			  .doc = "Cancel it when it is not done by then." },
			{ "bind", OPTIONAL ONE_OF("daemon", "connection"),
			  DEFAULT("daemon"),
			  .doc = "connection: cancel it when that closes." },
			{ "key", OPTIONAL NAME,
			  .doc = "Idempotency: the same key gives the same "
			  "task, made once." },
			UNTIL_DONE,
			FOLLOW("And follow its log; not with wait."),
		),
		.result = FIELDS(
			{ "task", SHAPE(TASK), .doc = "The task." },
			{ "created", BOOL,
			  .doc = "False when the key named it already." },
			{ "sub", OPTIONAL COUNT,
			  .doc = "The subscription, with follow." },
			ENDING(OPTIONAL),
			SEQ,
		),
		.errors = NAMES("CoroutineNotFound", "ArgsInvalid",
		    "NameInUse", "ResultTooLarge"),
		.verb = "create",
		.example_params = JSON({"coroutine": "sleep",
		    "args": {"delay": "1h30m"}, "name": "nap"}),
		.example_result = JSON({"task": {"id": 42, "name": "nap",
		    "coroutine": "sleep", "state": "ready", "outcome": null},
		    "created": true, "seq": 119}),
	},
	{
		.name = "task.list",
		.summary = "list tasks",
		.doc = "Filters are and-ed; each takes any of its values. "
		    "Pages hold under change: no task is listed twice, and "
		    "none that was there throughout is left out.",
		.role = EVTASK_CTL_VIEWER,
		.params = FIELDS(
			{ "state", OPTIONAL LIST(1, 5, ONE_OF(STATES)),
			  .doc = "Only tasks in these states." },
			{ "coroutine", OPTIONAL LIST(1, 64, NAME),
			  .doc = "Only tasks made from these." },
			{ "name", OPTIONAL NAME,
			  .doc = "Only names that match this glob." },
			{ "sort", OPTIONAL ONE_OF("id", "-id", "name", "-name"),
			  DEFAULT("id"), .doc = "The order; - is downwards." },
			PAGE,
		),
		.result = FIELDS(
			{ "tasks", LIST(0, 1000, SHAPE(TASK)),
			  .doc = "The page." },
			PAGED,
		),
		.errors = NO_NAMES,
		.verb = "list",
		.example_params = JSON({"state": ["ready", "waiting"],
		    "fields": ["name", "state"]}),
		.example_result = JSON({"tasks": [{"id": 42, "name": "nap",
		    "state": "waiting"}], "total": 1, "next": null,
		    "seq": 121}),
	},
	{
		.name = "task.get",
		.summary = "show one task",
		.doc = "What it waits for, who made it, who cancelled it.",
		.role = EVTASK_CTL_VIEWER,
		.params = FIELDS(THE_TASK, SELECTION, ),
		.result = FIELDS(
			{ "task", SHAPE(TASK), .doc = "The task." },
			SEQ,
		),
		.errors = NAMES(NO_TASK),
		.verb = "show",
		.example_params = JSON({"task": "nap"}),
		.example_result = JSON({"task": {"id": 42, "name": "nap",
		    "coroutine": "sleep", "parent": null, "state": "waiting",
		    "outcome": null, "wait": {"op": "sleep", "on": null,
		    "owner": null, "site": {"func": "run_sleep",
		    "file": "sleep.c", "line": 31},
		    "since_us": 1767225600000000,
		    "until_us": 1767231000000000}}, "seq": 121}),
	},
	{
		.name = "task.wait",
		.summary = "wait until tasks are done",
		.doc = "Waiting never changes a task. Closing the connection, "
		    "or rpc.cancel, ends the wait and nothing else.",
		.role = EVTASK_CTL_VIEWER,
		.deferred = true,
		.params = FIELDS(
			THE_TASKS,
			{ "mode", OPTIONAL ONE_OF("all", "any", "first_error"),
			  DEFAULT("all"),
			  .doc = "Until all are done, or one is, or one has "
			  "failed (or all are done)." },
			TIMEOUT("with what is done by then."),
		),
		.result = FIELDS(
			{ "done", LIST(0, TASKS_MAX, SHAPE(TASK_STATE)),
			  .doc = "Those that are done." },
			{ "pending", LIST(0, TASKS_MAX, SHAPE(TASK_STATE)),
			  .doc = "Those that are not." },
			{ "timed_out", BOOL,
			  .doc = "Whether the timeout ended the wait." },
		),
		.errors = NAMES(NO_TASK),
		.verb = "wait",
		.example_params = JSON({"tasks": ["nap", 43], "mode": "any",
		    "timeout_us": 30000000}),
		.example_result = JSON({"done": [{"id": 42, "name": "nap",
		    "state": "done", "outcome": "returned"}],
		    "pending": [{"id": 43, "name": "crawl",
		    "state": "waiting", "outcome": null}],
		    "timed_out": false}),
	},
	{
		.name = "task.result",
		.summary = "fetch what a task returned or raised",
		.doc = "A task's own failure is not an error of this call: "
		    "look at outcome.",
		.role = EVTASK_CTL_VIEWER,
		.deferred = true,
		.params = FIELDS(THE_TASK, UNTIL_DONE, ),
		.result = FIELDS(THE_ID, ENDING(), ),
		.errors = NAMES(NO_TASK, "TaskNotDone", "ResultTooLarge"),
		.verb = "result",
		.example_params = JSON({"task": 42, "wait": true}),
		.example_result = JSON({"id": 42, "outcome": "returned",
		    "value": {"exit_code": 0}}),
	},
	{
		.name = "task.exception",
		.summary = "fetch the error of a task",
		.doc = "error is null when it returned.",
		.role = EVTASK_CTL_VIEWER,
		.deferred = true,
		.params = FIELDS(THE_TASK, UNTIL_DONE, ),
		.result = FIELDS(
			THE_ID,
			OUTCOME,
			{ "error", NULLABLE SHAPE(ERROR),
			  .doc = "What it raised, or its cancellation." },
		),
		.errors = NAMES(NO_TASK, "TaskNotDone"),
		.verb = "exception",
		.example_params = JSON({"task": "crawl"}),
		.example_result = JSON({"id": 43, "outcome": "raised",
		    "error": {"type": "OSError", "code": -111,
		    "message": "connection refused", "site": null,
		    "cause": null}}),
	},
	{
		.name = "task.cancel",
		.summary = "ask tasks to stop",
		.doc = "A request: it is delivered at a task's next await, "
		    "and the task may clean up, or refuse. With wait, the "
		    "answer comes when all of them are done.",
		.role = EVTASK_CTL_OPERATOR,
		.deferred = true,
		.params = FIELDS(
			THE_TASKS,
			{ "message", OPTIONAL TEXT(0, 1024),
			  .doc = "Why; the task and its readers see it." },
			{ "wait", OPTIONAL BOOL, DEFAULT(false),
			  .doc = "Answer when all are done." },
			TIMEOUT("whatever is done by then."),
		),
		.result = FIELDS(
			{ "tasks", LIST(0, TASKS_MAX, SHAPE(CANCELLED)),
			  .doc = "In the order asked." },
			{ "timed_out", BOOL,
			  .doc = "Whether the timeout ended the wait." },
		),
		.errors = NAMES(NO_TASK),
		.verb = "cancel",
		.example_params = JSON({"tasks": ["nap"],
		    "message": "maintenance"}),
		.example_result = JSON({"tasks": [{"id": 42,
		    "requested": true, "count": 1, "state": "waiting"}],
		    "timed_out": false}),
	},
	{
		.name = "task.logs",
		.summary = "read what a task has written",
		.doc = "From the oldest line kept, or after a cursor. With "
		    "follow, a subscription to the lines after these is "
		    "opened: task.log events, then event.end. To pace is "
		    "for the role operator.",
		.role = EVTASK_CTL_VIEWER,
		.params = FIELDS(
			THE_TASK,
			{ "after", OPTIONAL NAME,
			  .doc = "The next of the answer before." },
			{ "limit", OPTIONAL INT(1, 10000), DEFAULT(1000),
			  .doc = "How many lines at most." },
			{ "streams", OPTIONAL
			  LIST(1, 2, ONE_OF("stdout", "stderr")),
			  .doc = "Only these." },
			FOLLOW("And go on."),
		),
		.result = FIELDS(
			{ "lines", LIST(0, 10000, SHAPE(LOG_LINE)),
			  .doc = "In the order written." },
			{ "next", NAME, .doc = "The cursor after these." },
			{ "more", BOOL, .doc = "Whether there are more now." },
			{ "dropped_bytes", COUNT,
			  .doc = "What was written and no longer kept." },
			{ "sub", NULLABLE COUNT,
			  .doc = "The subscription, with follow." },
			SEQ,
		),
		.errors = NAMES(NO_TASK),
		.verb = "logs",
		.example_params = JSON({"task": "build", "streams":
		    ["stderr"]}),
		.example_result = JSON({"lines": [{"stream": "stderr",
		    "ts_us": 1767225601000000, "text": "warning: unused"}],
		    "next": "16", "more": false, "dropped_bytes": 0,
		    "sub": null, "seq": 130}),
	},
	{
		.name = "task.signal",
		.summary = "send a task a signal",
		.doc = "Where the coroutine takes signals, as exec does.",
		.role = EVTASK_CTL_OPERATOR,
		.params = FIELDS(
			THE_TASK,
			{ "signal", ONE_OF("HUP", "INT", "QUIT", "KILL",
			  "USR1", "USR2", "ALRM", "TERM", "CONT", "STOP",
			  "TSTP", "WINCH"), .doc = "Its name, without SIG." },
		),
		.result = FIELDS(THE_ID, ),
		.errors = NAMES(NO_TASK, "TaskAlreadyDone",
		    "SignalUnsupported"),
		.verb = "signal",
		.example_params = JSON({"task": "build", "signal": "TERM"}),
		.example_result = JSON({"id": 44}),
	},
	{
		.name = "task.stdin",
		.summary = "write to a task's standard input",
		.doc = "All of the data is taken, or none (StdinFull).",
		.role = EVTASK_CTL_OPERATOR,
		.notify = true,
		.params = FIELDS(
			THE_TASK,
			{ "data", OPTIONAL TEXT(0, STDIN_MAX),
			  .not_with = "data_base64", .doc = "As text." },
			{ "data_base64", OPTIONAL BASE64(STDIN_MAX),
			  .not_with = "data", .doc = "As bytes." },
			{ "eof", OPTIONAL BOOL, DEFAULT(false),
			  .doc = "And that is all there is." },
		),
		.result = FIELDS(
			THE_ID,
			{ "accepted_bytes", COUNT, .doc = "Of this data." },
			{ "queued_bytes", COUNT, .doc = "Not read yet." },
		),
		.errors = NAMES(NO_TASK, "TaskAlreadyDone", "NoStdin",
		    "StdinClosed", "StdinFull"),
		.verb = "send",
		.example_params = JSON({"task": "cat", "data": "hello",
		    "eof": true}),
		.example_result = JSON({"id": 45, "accepted_bytes": 5,
		    "queued_bytes": 5}),
	},
	{
		.name = "task.rename",
		.summary = "give a task another name",
		.doc = "Its id stays.",
		.role = EVTASK_CTL_OPERATOR,
		.params = FIELDS(
			THE_TASK,
			{ "name", NAME, .doc = "The new name." },
		),
		.result = FIELDS(
			THE_ID,
			{ "name", NAME, .doc = "Its name now." },
		),
		.errors = NAMES(NO_TASK, "NameInUse"),
		.verb = "rename",
		.example_params = JSON({"task": 42, "name": "siesta"}),
		.example_result = JSON({"id": 42, "name": "siesta"}),
	},
	{
		.name = "task.forget",
		.summary = "keep tasks that are done no longer",
		.doc = "Their results and logs are gone, their names free. "
		    "One of them not done: nothing happens.",
		.role = EVTASK_CTL_OPERATOR,
		.params = FIELDS(THE_TASKS, ),
		.result = FIELDS(
			{ "forgotten", LIST(0, TASKS_MAX, COUNT),
			  .doc = "Their ids." },
		),
		.errors = NAMES(NO_TASK, "TaskNotDone"),
		.verb = "forget",
		.example_params = JSON({"tasks": [42]}),
		.example_result = JSON({"forgotten": [42]}),
	},
	{
		.name = "sub.open",
		.summary = "subscribe to events",
		.doc = "They come as notifications, after the answer. List, "
		    "then subscribe since that list's seq: nothing is missed "
		    "and nothing repeated.",
		.role = EVTASK_CTL_VIEWER,
		.params = FIELDS(
			{ "types", LIST(1, 64, ONE_OF(EVENT_TYPES)),
			  .doc = "Which types." },
			{ "tasks", OPTIONAL LIST(1, TASKS_MAX, TASK),
			  .doc = "Only of these tasks." },
			{ "since", OPTIONAL COUNT,
			  .doc = "First those after this seq; without it, "
			  "only those to come." },
		),
		.result = FIELDS(
			{ "sub", COUNT, .doc = "Names the subscription." },
			SEQ,
		),
		.errors = NAMES(NO_TASK),
		.verb = "events",
		.example_params = JSON({"types": ["task.created",
		    "task.done"], "since": 121}),
		.example_result = JSON({"sub": 1, "seq": 130}),
	},
	{
		.name = "sub.close",
		.summary = "end a subscription",
		.doc = "No event of it comes after the answer.",
		.role = EVTASK_CTL_VIEWER,
		.params = FIELDS(
			{ "sub", COUNT, .doc = "The subscription." },
		),
		.result = FIELDS(
			{ "sub", COUNT, .doc = "The subscription." },
		),
		.errors = NAMES("SubscriptionNotFound"),
		.example_params = JSON({"sub": 1}),
		.example_result = JSON({"sub": 1}),
	},
	{
		.name = "daemon.stats",
		.summary = "show how the server is doing",
		.doc = "A program may add members of its own.",
		.role = EVTASK_CTL_VIEWER,
		.params = NO_FIELDS,
		.result = FIELDS(
			{ "pid", COUNT, .doc = "Its process." },
			{ "started_us", COUNT, .doc = "When it started." },
			{ "uptime_us", COUNT, .doc = "How long ago." },
			{ "tasks", SHAPE(TASK_COUNTS), .doc = "Its tasks." },
			{ "clients", COUNT, .doc = "Connections." },
			{ "subscriptions", COUNT, .doc = "Open ones." },
			{ "deferred", COUNT, .doc = "Requests unanswered." },
			{ "requests", COUNT, .doc = "Requests ever taken." },
			{ "stalled", COUNT,
			  .doc = "Connections closed for not reading." },
			SEQ,
		),
		.errors = NO_NAMES,
		.verb = "stats",
		.example_params = JSON({}),
		.example_result = JSON({"pid": 4711,
		    "started_us": 1767225600000000, "uptime_us": 86400000000,
		    "tasks": {"total": 12, "live": 2, "done": 10,
		    "created": 57}, "clients": 1, "subscriptions": 0,
		    "deferred": 0, "requests": 311, "stalled": 0,
		    "seq": 130}),
	},
	{
		.name = "daemon.shutdown",
		.summary = "end the server",
		.doc = "drain: no new tasks, end when all are done. cancel: "
		    "cancel all, end when they are done. now: end at once.",
		.role = EVTASK_CTL_ADMIN,
		.params = FIELDS(
			{ "mode", OPTIONAL ONE_OF("drain", "cancel", "now"),
			  DEFAULT("drain"), .doc = "How." },
			{ "timeout_us", OPTIONAL COUNT,
			  .doc = "After so long drain becomes cancel, and "
			  "cancel now." },
		),
		.result = FIELDS(
			{ "mode", ONE_OF("drain", "cancel", "now"),
			  .doc = "How." },
			{ "live", COUNT, .doc = "Tasks not done." },
		),
		.errors = NO_NAMES,
		.verb = "shutdown",
		.example_params = JSON({"mode": "cancel",
		    "timeout_us": 10000000}),
		.example_result = JSON({"mode": "cancel", "live": 2}),
	},
	END
};

const struct evtask_ctl_method *
evtask_ctl_methods(void)
{
	return methods;
}

const struct evtask_ctl_method *
evtask_ctl_method_find(const char *name)
{
	const struct evtask_ctl_method *m;

	for (m = methods; m->name != NULL; m++)
		if (strcmp(m->name, name) == 0)
			return m;
	return NULL;
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
