/*
 * notice.c - the ring's records, as the notifications of the protocol.
 *
 * A type is a row: its name, and what puts its data. The data is what the
 * record holds; of a new task it is the task as it is when the event is made,
 * which for a reader that keeps up is the same.
 */
#include "notice.h"
#include <evtask/ctl_message.h>
#include <evtask/ctl_value.h>
#include <evtask/ctl_writer.h>
#include <evtask/inspect_warning.h>
#include <json-c/json.h>
#include <string.h>
#include "console.h"
#include "job.h"
#include "methods.h"
#include "progress.h"
#include "render.h"
#include "view.h"

typedef void (*put_data_fn)(struct json_object **data,
    const struct evtask_console *console, const struct ring_record *record);

static void
put_created(struct json_object **data, const struct evtask_console *console,
    const struct ring_record *record)
{
	const struct record *task = registry_find(&console->registry,
	    record->task);
	struct json_object *o;

	if (task != NULL) {
		o = view_task(console, task, VIEW_ALL);
	} else {
		o = json_object_new_object();
		evtask_ctl_put_int(&o, "id", (int64_t)record->task);
	}
	evtask_ctl_put(data, "task", o);
}

static void
put_nothing(struct json_object **data, const struct evtask_console *console,
    const struct ring_record *record)
{
}

static void
put_waiting(struct json_object **data, const struct evtask_console *console,
    const struct ring_record *record)
{
	const struct record *task = registry_find(&console->registry,
	    record->task);

	put_or_null(data, "wait", task != NULL, task != NULL
	    ? view_wait_of(console, task->task) : NULL);
}

static void
put_done(struct json_object **data, const struct evtask_console *console,
    const struct ring_record *record)
{
	const struct record *task = registry_find(&console->registry,
	    record->task);

	evtask_ctl_put_text(data, "outcome",
	    evtask_outcome_name((enum evtask_outcome)record->number));
	if (task != NULL && ending_of(task) != NULL)
		evtask_ctl_put_text(data, "ending", ending_of(task));
}

/* The text of a renaming is the new name and then the one before. */
static void
put_renamed(struct json_object **data, const struct evtask_console *console,
    const struct ring_record *record)
{
	const char *name = record->text != NULL ? record->text : "?";
	const char *previous = record->text != NULL
	    ? record->text + strlen(record->text) + 1 : "?";

	evtask_ctl_put_text(data, "name", name);
	evtask_ctl_put_text(data, "previous", previous);
}

/* As they are when the event is made. */
static void
put_labelled(struct json_object **data, const struct evtask_console *console,
    const struct ring_record *record)
{
	const struct record *task = registry_find(&console->registry,
	    record->task);

	evtask_ctl_put(data, "labels", task != NULL && task->labels != NULL
	    ? json_object_get(task->labels) : json_object_new_object());
}

static void
put_cancel_requested(struct json_object **data,
    const struct evtask_console *console, const struct ring_record *record)
{
	evtask_ctl_put_text(data, "message", record->text);
	evtask_ctl_put_int(data, "count", record->number);
}

/* As it is when the event is made. */
static void
put_progress(struct json_object **data, const struct evtask_console *console,
    const struct ring_record *record)
{
	const struct record *task = registry_find(&console->registry,
	    record->task);
	bool known = task != NULL && task->job != NULL &&
	    task->job->progress != NULL;

	put_or_null(data, "progress", known,
	    known ? view_progress(console, task->job) : NULL);
}

static void
put_warning(struct json_object **data, const struct evtask_console *console,
    const struct ring_record *record)
{
	enum evtask_warning warning = (enum evtask_warning)record->number;

	evtask_ctl_put_text(data, "warning", evtask_warning_name(warning));
	evtask_ctl_put_text(data, "text", evtask_warning_doc(warning));
}

static void
put_deadlock(struct json_object **data, const struct evtask_console *console,
    const struct ring_record *record)
{
	const struct record *task = registry_find(&console->registry,
	    record->task);

	evtask_ctl_put(data, "tasks", view_circle(console,
	    task != NULL ? task->task : NULL));
}

/* The text of both is the name and then the version, "" for none. */
static void
put_module_unloaded(struct json_object **data,
    const struct evtask_console *console, const struct ring_record *record)
{
	evtask_ctl_put_text(data, "module",
	    record->text != NULL ? record->text : "?");
}

static void
put_module_loaded(struct json_object **data,
    const struct evtask_console *console, const struct ring_record *record)
{
	const char *version = record->text != NULL
	    ? record->text + strlen(record->text) + 1 : "";

	put_module_unloaded(data, console, record);
	evtask_ctl_put_text(data, "version", *version != '\0' ? version
	    : NULL);
	evtask_ctl_put_bool(data, "reloaded",
	    record->number == EVTASK_CONSOLE_RELOAD);
}

/* The text of a stall is the task's name, and then a function a line. */
static void
put_stall(struct json_object **data, const struct evtask_console *console,
    const struct ring_record *record)
{
	struct json_object *stack = json_object_new_array();
	const char *line = record->text != NULL ? record->text : "", *end;

	evtask_ctl_put(data, "name", json_object_new_string_len(line,
	    (int)strcspn(line, "\n")));
	evtask_ctl_put_int(data, "blocked_us", record->number);
	while ((end = strchr(line, '\n')) != NULL) {
		line = end + 1;
		evtask_ctl_append(&stack, json_object_new_string_len(line,
		    (int)strcspn(line, "\n")));
	}
	evtask_ctl_put(data, "stack", stack);
}

static void
put_shutdown(struct json_object **data, const struct evtask_console *console,
    const struct ring_record *record)
{
	evtask_ctl_put_text(data, "mode", shutdown_mode_name(
	    (enum evtask_console_shutdown)record->number));
}

static const struct {
	const char *name;
	put_data_fn put; /* NULL: write_line_event() does it */
} rows[EVENT_TYPES] = {
	[EVENT_CREATED] = { "task.created", put_created },
	[EVENT_STARTED] = { "task.started", put_nothing },
	[EVENT_WAITING] = { "task.waiting", put_waiting },
	[EVENT_DONE] = { "task.done", put_done },
	[EVENT_RENAMED] = { "task.renamed", put_renamed },
	[EVENT_LABELLED] = { "task.labelled", put_labelled },
	[EVENT_CANCEL_REQUESTED] = { "task.cancel_requested",
	    put_cancel_requested },
	[EVENT_PROGRESS] = { "task.progress", put_progress },
	[EVENT_LOG] = { "task.log", NULL },
	[EVENT_WARNING] = { "task.warning", put_warning },
	[EVENT_FORGOTTEN] = { "task.forgotten", put_nothing },
	[EVENT_DEADLOCK] = { "loop.deadlock", put_deadlock },
	[EVENT_STALL] = { "loop.stall", put_stall },
	[EVENT_MODULE_LOADED] = { "module.loaded", put_module_loaded },
	[EVENT_MODULE_UNLOADED] = { "module.unloaded", put_module_unloaded },
	[EVENT_SHUTDOWN] = { "daemon.shutdown", put_shutdown },
};

const char *
notice_type_name(enum event_type type)
{
	return rows[type].name;
}

enum event_type
notice_type(const char *name)
{
	enum event_type type;

	for (type = 0; type < EVENT_TYPES; type++)
		if (strcmp(rows[type].name, name) == 0)
			break;
	return type;
}

static struct json_object *
event(const struct evtask_console *console, uint64_t sub, uint64_t seq,
    int64_t ts_us, enum event_type type, uint64_t task,
    struct json_object *data)
{
	struct json_object *params = json_object_new_object();

	evtask_ctl_put_int(&params, "sub", (int64_t)sub);
	evtask_ctl_put_int(&params, "seq", (int64_t)seq);
	evtask_ctl_put_int(&params, "ts_us", console_epoch_us(console, ts_us));
	evtask_ctl_put_text(&params, "type", notice_type_name(type));
	if (task != 0)
		evtask_ctl_put_int(&params, "task", (int64_t)task);
	else
		evtask_ctl_put_null(&params, "task");
	evtask_ctl_put(&params, "data", data);
	return params;
}

struct json_object *
notice_of_record(const struct evtask_console *console, uint64_t sub,
    const struct ring_record *record)
{
	struct json_object *data = json_object_new_object();

	rows[record->type].put(&data, console, record);
	return event(console, sub, record->seq, record->ts_us, record->type,
	    record->task, data);
}

/* By the thousand: so it is the only one that is written as a whole. */
void
write_line_event(struct evtask_ctl_writer *w,
    const struct evtask_console *console, uint64_t sub, uint64_t task,
    const struct job_log_line *line)
{
	evtask_ctl_write_notification(w, "event");
	evtask_ctl_write_int(w, "sub", (int64_t)sub);
	evtask_ctl_write_int(w, "seq", (int64_t)line->seq);
	evtask_ctl_write_int(w, "ts_us",
	    console_epoch_us(console, line->ts_us));
	evtask_ctl_write_text(w, "type", notice_type_name(EVENT_LOG));
	evtask_ctl_write_int(w, "task", (int64_t)task);
	evtask_ctl_write_open(w, "data");
	write_log_line(w, "line", console, line);
	evtask_ctl_write_close(w);
	evtask_ctl_write_end(w);
}

struct json_object *
notice_of_lag(uint64_t sub, uint64_t dropped, const struct ring_gap *gap)
{
	struct json_object *params = json_object_new_object();

	evtask_ctl_put_int(&params, "sub", (int64_t)sub);
	evtask_ctl_put_int(&params, "dropped", (int64_t)dropped);
	evtask_ctl_put_int(&params, "from_seq", (int64_t)gap->from_seq);
	evtask_ctl_put_int(&params, "to_seq", (int64_t)gap->to_seq);
	return params;
}

struct json_object *
notice_of_snapshot(const struct evtask_console *console, uint64_t sub,
    const struct record *record, uint32_t members)
{
	struct json_object *params = json_object_new_object();

	evtask_ctl_put_int(&params, "sub", (int64_t)sub);
	evtask_ctl_put_int(&params, "seq", (int64_t)console->ring.seq);
	evtask_ctl_put(&params, "task", view_task(console, record, members));
	return params;
}

struct json_object *
notice_of_synced(const struct evtask_console *console, uint64_t sub,
    uint64_t tasks)
{
	struct json_object *params = json_object_new_object();

	evtask_ctl_put_int(&params, "sub", (int64_t)sub);
	evtask_ctl_put_int(&params, "seq", (int64_t)console->ring.seq);
	evtask_ctl_put_int(&params, "tasks", (int64_t)tasks);
	return params;
}

struct json_object *
notice_of_end(uint64_t sub, const char *reason)
{
	struct json_object *params = json_object_new_object();

	evtask_ctl_put_int(&params, "sub", (int64_t)sub);
	evtask_ctl_put_text(&params, "reason", reason);
	return params;
}
