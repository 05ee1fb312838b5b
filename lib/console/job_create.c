/*
 * job_create.c - jobs made by jobs: what task.create does, from within.
 *
 * The new task is one of the console's like any other, found, followed and
 * cancelled by its clients. It does not end with the one that made it.
 */
#include <errno.h>
#include <evtask/ctl_schema.h>
#include <evtask/ctl_value.h>
#include <json-c/json.h>
#include "console.h"
#include "job.h"
#include "render.h"

/* The words of an error object of the protocol. */
static int
raise_refusal(const char *coroutine, struct json_object *error)
{
	struct json_object *data = evtask_ctl_get(error, "data");
	int r = evtask_raise(-EINVAL, "the args of %s: %s is expected to be %s",
	    coroutine, evtask_ctl_get_text(data, "path", "args"),
	    evtask_ctl_get_text(data, "expected", "otherwise"));

	json_object_put(error);
	return r;
}

static int
complete(const struct catalog_entry *entry, struct json_object *args)
{
	const char *path = "args", *expected = "what the coroutine takes";
	struct json_object *error = NULL;
	int r = evtask_ctl_check_args(entry->args, args, &error);

	if (r == -EINVAL && error != NULL)
		return raise_refusal(entry->row->name, error);
	if (r == 0)
		r = evtask_ctl_fill_args(entry->args, args);
	if (r == 0 && entry->row->check != NULL &&
	    entry->row->check(args, &path, &expected) < 0)
		r = evtask_raise(-EINVAL,
		    "the args of %s: %s is expected to be %s",
		    entry->row->name, path, expected);
	return r;
}

static int
find(struct evtask_console *console, const char *coroutine,
    struct json_object *args, struct catalog_entry **ret_entry)
{
	*ret_entry = catalog_find(&console->catalog, coroutine);
	if (*ret_entry == NULL)
		return evtask_raise(-ENOENT, "there is no coroutine %s",
		    coroutine);
	return complete(*ret_entry, args);
}

int
evtask_job_check(struct evtask_job *job, const char *coroutine,
    struct json_object *args)
{
	struct catalog_entry *entry;

	if (job == NULL || coroutine == NULL || args == NULL)
		return -EINVAL;
	return job->console != NULL ? find(job->console, coroutine, args,
	    &entry) : -ESHUTDOWN;
}

static int
adopt(struct evtask_console *console, struct catalog_entry *entry,
    struct evtask_job *made)
{
	struct record *record = registry_find(&console->registry, made->id);

	if (record == NULL) {
		evtask_cancel(made->task, "there is no memory to know it by");
		job_unref(made);
		return -ENOMEM;
	}
	record->job = made;
	record->coroutine = entry;
	entry->live++;
	console->registry.live_jobs++;
	return 0;
}

int
evtask_job_create(struct evtask_job *job, const char *coroutine,
    struct json_object *args, const char *name, struct evtask **ret_task)
{
	struct evtask_console *console;
	struct catalog_entry *entry;
	struct evtask_job *made;
	struct evtask_origin origin;
	int r;

	if (job == NULL || coroutine == NULL || args == NULL)
		return -EINVAL;
	console = job->console;
	if (console == NULL || console->shutting_down)
		return -ESHUTDOWN;
	r = find(console, coroutine, args, &entry);
	if (r < 0)
		return r;
	if (name != NULL && registry_find_name(&console->registry, name) !=
	    NULL)
		return evtask_raise(-EEXIST, "there is a task %s", name);
	origin = (struct evtask_origin){ EVTASK_ORIGIN_TASK, job->id };
	r = job_start(console, entry->row, args, name, EVTASK_FOREVER,
	    &origin, false, &made);
	if (r == 0)
		r = adopt(console, entry, made);
	if (r == 0 && ret_task != NULL)
		*ret_task = evtask_ref(made->task);
	return r;
}

struct json_object *
evtask_job_describe(struct evtask *task)
{
	const struct record record = { .task = task, .done = true };
	struct json_object *o = json_object_new_object();

	evtask_ctl_put_int(&o, "id", (int64_t)evtask_id(task));
	evtask_ctl_put_text(&o, "name", evtask_get_name(task));
	if (evtask_done(task))
		render_ending(&o, &record);
	else
		evtask_ctl_put_null(&o, "outcome");
	return o;
}
