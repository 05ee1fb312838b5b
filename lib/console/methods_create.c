/*
 * methods_create.c - task.create: a task, from a coroutine's name and args.
 *
 * All that may be refused is looked at first: the coroutine, its args, the
 * name, the key. Then the task is made, and its record gets what only the
 * console knows of it. With a key that was used before nothing is made.
 */
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "console.h"
#include "job.h"
#include "methods.h"
#include "render.h"
#include "request.h"
#include "subscription.h"
#include "view.h"

/* What the coroutine's own check has found wrong. */
static void
refuse_args(struct call *call, const struct catalog_entry *entry,
    struct json_object *args, const char *path, const char *expected)
{
	struct json_object *members = json_object_new_object();
	struct json_object *shown = evtask_ctl_show_args(entry->args, args,
	    EVTASK_CTL_DEPTH_MAX);
	struct json_object *got = evtask_ctl_get(shown, path);
	char full[256];

	snprintf(full, sizeof(full), "args.%s", path);
	evtask_ctl_put_text(&members, "path", full);
	evtask_ctl_put_text(&members, "expected", expected);
	evtask_ctl_put_text(&members, "got", got != NULL
	    ? json_object_to_json_string_ext(got,
	    JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE)
	    : "left out");
	json_object_put(shown);
	call_refuse(call, "ArgsInvalid", members);
}

/* Args as the coroutine may rely on; false: the call is refused, or there is
 * no memory. */
static bool
complete_args(struct call *call, const struct catalog_entry *entry,
    struct json_object *args)
{
	const char *path = "", *expected = "what the coroutine takes";

	if (evtask_ctl_check_args(entry->args, args, &call->error) < 0 ||
	    evtask_ctl_fill_args(entry->args, args) < 0)
		return false;
	if (entry->row->check == NULL ||
	    entry->row->check(args, &path, &expected) == 0)
		return true;
	refuse_args(call, entry, args, path, expected);
	return false;
}

static bool
may_create(struct call *call)
{
	const char *name = evtask_ctl_get_text(call->params, "name", NULL);

	if (call->console->shutting_down) {
		call_refuse(call, "ShuttingDown", json_object_new_object());
		return false;
	}
	return name == NULL || call_name_is_free(call, name);
}

/* The record gets what only the console knows of the task. */
static void
adopt(struct call *call, struct record *record, struct catalog_entry *entry,
    struct evtask_job *job, char *key)
{
	struct session *session = call->session;

	record->job = job;
	record->coroutine = entry;
	record->client = client_keep(&session->client);
	record->labels = json_object_get(evtask_ctl_get(call->params,
	    "labels"));
	entry->live++;
	call->console->registry.live_jobs++;
	if (key != NULL)
		registry_set_key(&call->console->registry, record, key,
		    call->params);
	if (strcmp(evtask_ctl_get_text(call->params, "bind", ""),
	    "connection") == 0) {
		record->bound = session;
		LIST_INSERT_HEAD(&session->bound, record, bound_link);
	}
}

/*
 * A key names what was asked for with it, and not only the task: who asks for
 * something else with the same key has made a mistake, and would wait for the
 * wrong task. How to be answered may differ.
 */
static const char *
differs_in(const struct record *record, struct json_object *params)
{
	static const char *const asked[] = { "coroutine", "args", "name",
		"labels", "start", "timeout_us", "bind" };

	for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++)
		if (!json_object_equal(evtask_ctl_get(record->asked, asked[i]),
		    evtask_ctl_get(params, asked[i])))
			return asked[i];
	return NULL;
}

/* Whether this is what was asked for with the key; false: refused. */
static bool
is_same(struct call *call, const struct record *record)
{
	const char *member = differs_in(record, call->params);
	struct json_object *members;

	if (member == NULL)
		return true;
	members = json_object_new_object();
	evtask_ctl_put_text(&members, "key", record->key);
	evtask_ctl_put_int(&members, "id", (int64_t)record->id);
	evtask_ctl_put_text(&members, "coroutine",
	    record->coroutine->row->name);
	evtask_ctl_put_text(&members, "task", record->name);
	evtask_ctl_put_text(&members, "differs", member);
	call_refuse(call, "KeyReused", members);
	return false;
}

static bool
is_paused(const struct call *call)
{
	return strcmp(evtask_ctl_get_text(call->params, "start", ""),
	    "paused") == 0;
}

/* The task of the checked request; NULL: there was no memory for it. */
static struct record *
make_task(struct call *call, struct catalog_entry *entry,
    struct json_object *args, const char *key)
{
	struct evtask_console *console = call->console;
	struct evtask_origin origin = { EVTASK_ORIGIN_CLIENT,
	    call->session->id };
	char *key_copy = key != NULL ? strdup(key) : NULL;
	struct record *record = NULL;
	struct evtask_job *job = NULL;

	if ((key == NULL) == (key_copy == NULL) && job_start(console,
	    entry->row, args, evtask_ctl_get_text(call->params, "name", NULL),
	    call_timeout_us(call), &origin, is_paused(call), &job) == 0)
		record = registry_find(&console->registry, job->id);
	if (record != NULL) {
		adopt(call, record, entry, job, key_copy);
		return record;
	}
	if (job != NULL)
		evtask_cancel(job->task, "there is no memory to know it by");
	job_unref(job);
	free(key_copy);
	return NULL;
}

/* With sub its log is followed; NULL: it is not. */
static struct json_object *
created(const struct evtask_console *console, const struct record *record,
    bool is_new, const struct subscription *sub)
{
	struct evtask_ctl_writer *w = console->writer;

	evtask_ctl_write_begin(w);
	evtask_ctl_write_open(w, NULL);
	write_task(w, "task", console, record, VIEW_ALL);
	evtask_ctl_write_bool(w, "created", is_new);
	evtask_ctl_write_int(w, "seq", (int64_t)console->ring.seq);
	if (sub != NULL)
		evtask_ctl_write_int(w, "sub", (int64_t)sub->id);
	evtask_ctl_write_close(w);
	return evtask_ctl_write_take(w);
}

/* It is done by now. */
static struct json_object *
answer_created(const struct request *request)
{
	const struct evtask_console *console = request->session->console;
	const struct record *record = request->waits[0].record;
	struct json_object *o = json_object_new_object();

	evtask_ctl_put(&o, "task", view_task(console, record, VIEW_ALL));
	evtask_ctl_put_bool(&o, "created", request->flag);
	render_ending(&o, record);
	evtask_ctl_put_int(&o, "seq", (int64_t)console->ring.seq);
	return o;
}

/* With sub its log is followed; NULL: it is not. */
static struct json_object *
answer_task(struct call *call, struct record *record,
    struct subscription *sub, bool is_new)
{
	if (evtask_ctl_get_bool(call->params, "wait", false))
		return request_wait(call, &record, 1, REQUEST_ALL,
		    EVTASK_FOREVER, is_new, answer_created);
	if (sub != NULL)
		subscription_follow(sub, record, UINT32_MAX,
		    record->job->log.first, evtask_ctl_get_bool(call->params,
		    "pace", false));
	return created(call->console, record, is_new, sub);
}

/* Events would come before the answer that says whose they are. */
static bool
may_follow(struct call *call)
{
	bool follow = evtask_ctl_get_bool(call->params, "follow", false);
	struct json_object *members;

	if (!follow || !evtask_ctl_get_bool(call->params, "wait", false))
		return may_subscribe(call, follow);
	members = json_object_new_object();
	evtask_ctl_put_text(&members, "path", "follow");
	evtask_ctl_put_text(&members, "expected", "false with wait");
	evtask_ctl_put_text(&members, "got", "true");
	evtask_ctl_put_text(&members, "method", call->method->name);
	call_refuse(call, "InvalidParams", members);
	return false;
}

/* record NULL: of a new task. The subscription is made first: when there is no
 * memory for it there is no task either. */
static struct json_object *
make_and_answer(struct call *call, struct catalog_entry *entry,
    struct json_object *args, struct record *record)
{
	bool is_new = record == NULL;
	struct subscription *sub = NULL;

	if (evtask_ctl_get_bool(call->params, "follow", false)) {
		sub = subscription_new(call->session);
		if (sub == NULL)
			return NULL;
	}
	if (is_new)
		record = make_task(call, entry, args,
		    evtask_ctl_get_text(call->params, "key", NULL));
	if (record != NULL)
		return answer_task(call, record, sub, is_new);
	if (sub != NULL)
		subscription_free(sub);
	return NULL;
}

int
check_create(struct call *call)
{
	struct catalog_entry *entry = call_coroutine(call, "coroutine");

	if (entry == NULL)
		return call->error != NULL ? 0 : -ENOMEM;
	return complete_args(call, entry, evtask_ctl_get(call->params,
	    "args")) || call->error != NULL ? 0 : -ENOMEM;
}

struct json_object *
serve_task_create(struct call *call)
{
	struct json_object *args = evtask_ctl_get(call->params, "args");
	const char *key = evtask_ctl_get_text(call->params, "key", NULL);
	struct catalog_entry *entry = call_coroutine(call, "coroutine");
	struct record *record;

	if (entry == NULL || !may_follow(call))
		return NULL;
	record = key != NULL ? registry_find_key(&call->console->registry,
	    key) : NULL;
	if ((record == NULL && !may_create(call)) ||
	    !complete_args(call, entry, args) ||
	    (record != NULL && !is_same(call, record)))
		return NULL;
	return make_and_answer(call, entry, args, record);
}
