/*
 * view_link.c - a task and what it waits for, as the protocol has it.
 *
 * What many answers say of a task is written here once: where it was made or
 * waits, its name, its wait, whom it waits for. All of it is text from the
 * first (ctl_writer.h).
 */
#include "view.h"
#include <evtask/ctl_writer.h>
#include <evtask/inspect_graph.h>
#include <json-c/json.h>
#include "console.h"

#define LINKS_MAX 1000 /* of a chain, a circle: the first ones */

void
write_site(struct evtask_ctl_writer *w, const char *key,
    const struct evtask_site *site)
{
	if (site == NULL) {
		evtask_ctl_write_null(w, key);
		return;
	}
	evtask_ctl_write_open(w, key);
	evtask_ctl_write_text(w, "func", site->func);
	evtask_ctl_write_text(w, "file", site->file);
	evtask_ctl_write_int(w, "line", site->line);
	evtask_ctl_write_close(w);
}

void
write_name(struct evtask_ctl_writer *w, const char *key,
    const struct evtask_console *console, const struct evtask *task,
    uint64_t id)
{
	const struct record *record = task == NULL
	    ? registry_find(&console->registry, id) : NULL;
	const char *name = record != NULL ? record->name : "";

	if (task != NULL)
		name = evtask_get_name(task);
	evtask_ctl_write_open(w, key);
	evtask_ctl_write_int(w, "id", (int64_t)id);
	evtask_ctl_write_text(w, "name", name);
	if (task == NULL)
		evtask_ctl_write_bool(w, "ended", true);
	evtask_ctl_write_close(w);
}

static void
write_resource(struct evtask_ctl_writer *w, const char *key,
    const struct evtask_wait_info *wait)
{
	if (wait->type == NULL) {
		evtask_ctl_write_null(w, key);
		return;
	}
	evtask_ctl_write_open(w, key);
	evtask_ctl_write_text(w, "type", wait->type);
	evtask_ctl_write_text(w, "name", wait->name[0] != '\0' ? wait->name
	    : NULL);
	if (wait->resource != 0)
		evtask_ctl_write_int(w, "id", (int64_t)wait->resource);
	evtask_ctl_write_close(w);
}

static void
write_wait_info(struct evtask_ctl_writer *w, const char *key,
    const struct evtask_console *console, const struct evtask_wait_info *wait)
{
	evtask_ctl_write_open(w, key);
	evtask_ctl_write_text(w, "op", wait->op);
	write_resource(w, "on", wait);
	if (wait->owner_id != 0)
		write_name(w, "owner", console, wait->owner, wait->owner_id);
	else
		evtask_ctl_write_null(w, "owner");
	write_site(w, "site", wait->site);
	evtask_ctl_write_int(w, "since_us",
	    console_epoch_us(console, wait->since_us));
	if (wait->until_us == EVTASK_FOREVER)
		evtask_ctl_write_null(w, "until_us");
	else
		evtask_ctl_write_int(w, "until_us",
		    console_epoch_us(console, wait->until_us));
	evtask_ctl_write_close(w);
}

void
write_wait(struct evtask_ctl_writer *w, const char *key,
    const struct evtask_console *console, const struct evtask *task)
{
	struct evtask_wait_info wait;

	if (evtask_get_state(task) == EVTASK_STATE_WAITING &&
	    evtask_get_wait(task, &wait) == 1)
		write_wait_info(w, key, console, &wait);
	else
		evtask_ctl_write_null(w, key);
}

void
write_link(struct evtask_ctl_writer *w, const struct evtask_console *console,
    const struct evtask *task)
{
	evtask_ctl_write_int(w, "id", (int64_t)evtask_id(task));
	evtask_ctl_write_text(w, "name", evtask_get_name(task));
	evtask_ctl_write_text(w, "state",
	    evtask_state_name(evtask_get_state(task)));
	write_wait(w, "wait", console, task);
}

/* The same as values. */

struct json_object *
view_name(const struct evtask_console *console, const struct evtask *task,
    uint64_t id)
{
	evtask_ctl_write_begin(console->writer);
	write_name(console->writer, NULL, console, task, id);
	return evtask_ctl_write_take(console->writer);
}

struct json_object *
view_wait_of(const struct evtask_console *console, const struct evtask *task)
{
	evtask_ctl_write_begin(console->writer);
	write_wait(console->writer, NULL, console, task);
	return evtask_ctl_write_take(console->writer);
}

struct json_object *
view_link(const struct evtask_console *console, const struct evtask *task)
{
	evtask_ctl_write_begin(console->writer);
	evtask_ctl_write_open(console->writer, NULL);
	write_link(console->writer, console, task);
	evtask_ctl_write_close(console->writer);
	return evtask_ctl_write_take(console->writer);
}

struct json_object *
view_links(const struct evtask_console *console,
    const struct evtask *const *tasks, size_t n)
{
	struct json_object *array = json_object_new_array();
	size_t i;

	for (i = 0; i < n; i++)
		evtask_ctl_append(&array, view_link(console, tasks[i]));
	return array;
}

struct json_object *
view_circle(const struct evtask_console *console, const struct evtask *task)
{
	const struct evtask *tasks[LINKS_MAX];
	size_t n = evtask_deadlock(task, tasks, LINKS_MAX);

	return view_links(console, tasks, n < LINKS_MAX ? n : LINKS_MAX);
}
