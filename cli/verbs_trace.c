/*
 * verbs_trace.c - the flight recorder: what it holds, as a file for Perfetto.
 * What tasks that are in none of its records have been doing all the time is
 * in that file, too.
 */
#include <errno.h>
#include <evtask/ctl.h>
#include <evtask/inspect_trace.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cli.h"
#include "exits.h"
#include "grammar.h"
#include "recorded.h"
#include "verbs.h"

/* The key of a task in trace->names. */
static const char *
key_of(uint64_t task, char key[24])
{
	snprintf(key, 24, "%llu", (unsigned long long)task);
	return key;
}

static const char *
name_of(uint64_t task, void *arg)
{
	const struct recorded *trace = arg;
	char key[24];

	return evtask_ctl_get_text(trace->names, key_of(task, key), NULL);
}

/* The ids in the records, as keys of an object; to put. */
static struct json_object *
recorded_ids(const struct recorded *trace)
{
	struct json_object *ids = json_object_new_object();
	char key[24];

	for (size_t i = 0; i < trace->n; i++)
		evtask_ctl_put_null(&ids, key_of(trace->v[i].task, key));
	return ids;
}

/* A task that is in none of the records does what it did before them: as a
 * record of number 0. */
static int
take_state(struct recorded *trace, struct json_object *task)
{
	struct json_object *wait = evtask_ctl_get(task, "wait");
	struct json_object *on = evtask_ctl_get(wait, "on");
	struct json_object *o = json_object_new_object();
	int64_t age_us = trace->now_us - evtask_ctl_get_int(wait, "since_us",
	    0);
	int r;

	evtask_ctl_put_text(&o, "type", wait != NULL ? "waits" : "woken");
	evtask_ctl_put_text(&o, "op", evtask_ctl_get_text(wait, "op", NULL));
	evtask_ctl_put_text(&o, "name", evtask_ctl_get_text(wait != NULL ? on :
	    task, "name", ""));
	evtask_ctl_put_int(&o, "task", evtask_ctl_get_int(task, "id", 0));
	evtask_ctl_put_int(&o, "other", evtask_ctl_get_int(evtask_ctl_get(wait,
	    "owner"), "id", 0));
	evtask_ctl_put_int(&o, "ts_ns", trace->now_ns - age_us * 1000);
	r = o != NULL ? recorded_take(trace, o) : -ENOMEM;
	json_object_put(o);
	return r;
}

/* A task there is now: its name, and what it does unless that is recorded, or
 * began since. */
static int
take_task(struct recorded *trace, struct json_object *task,
    struct json_object *recorded)
{
	int64_t since_us = evtask_ctl_get_int(evtask_ctl_get(task, "wait"),
	    "since_us", evtask_ctl_get_int(task, "created_us", 0));
	char key[24];

	key_of((uint64_t)evtask_ctl_get_int(task, "id", 0), key);
	evtask_ctl_put_text(&trace->names, key,
	    evtask_ctl_get_text(task, "name", ""));
	if (json_object_object_get_ex(recorded, key, NULL) ||
	    since_us > trace->now_us ||
	    strcmp(evtask_ctl_get_text(task, "state", ""), "done") == 0)
		return 0;
	return take_state(trace, task);
}

/* States come before the records that were fetched first. */
static int
put_states_first(struct recorded *trace, size_t n_records)
{
	size_t n_states = trace->n - n_records;
	struct evtask_trace_record *v = calloc(trace->n + 1, sizeof(*v));

	if (v == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < trace->n; i++)
		v[i] = trace->v[i < n_states ? n_records + i : i - n_states];
	free(trace->v);
	trace->v = v;
	return 0;
}

/* All tasks there are, page by page. */
static int
fetch_tasks(struct cli *cli, struct recorded *trace)
{
	struct json_object *params = json_object_new_object(), *page, *list;
	struct json_object *recorded = recorded_ids(trace);
	size_t n_records = trace->n;
	const char *next = "";
	int r = 0;

	evtask_ctl_put(&params, "fields", json_tokener_parse("[\"name\","
	    "\"state\",\"wait\",\"created_us\"]"));
	evtask_ctl_put_int(&params, "limit", 1000);
	while (r == 0 && next != NULL) {
		r = cli_ask(cli, "task.list", json_object_get(params), &page);
		if (r != 0)
			break;
		list = evtask_ctl_get(page, "tasks");
		for (size_t i = 0; r == 0 &&
		    i < json_object_array_length(list); i++)
			r = take_task(trace, json_object_array_get_idx(list,
			    i), recorded);
		next = evtask_ctl_get_text(page, "next", NULL);
		if (next != NULL)
			json_object_object_add(params, "cursor",
			    json_object_new_string(next));
		json_object_put(page);
	}
	if (r == 0)
		r = put_states_first(trace, n_records);
	json_object_put(recorded);
	json_object_put(params);
	return r == -ENOMEM ? cli_no_memory(cli) : r;
}

static int
write_trace(struct cli *cli, struct recorded *trace, const char *path)
{
	struct evtask_trace_facts facts = { .name = name_of, .arg = trace,
	    .now_ns = trace->now_ns, .now_us = trace->now_us };
	bool to_stdout = strcmp(path, "-") == 0;
	FILE *file = to_stdout ? cli->out.data : fopen(path, "w");
	int r;

	if (file == NULL) {
		out_error(&cli->out, "cannot write %s: %s", path,
		    strerror(errno));
		return EXIT_FAILED;
	}
	r = evtask_trace_write(file, trace->v, trace->n, &facts);
	if (!to_stdout && fclose(file) != 0 && r == 0)
		r = -errno;
	if (r < 0) {
		out_error(&cli->out, "cannot write %s: %s", path,
		    strerror(-r));
		return EXIT_FAILED;
	}
	if (!to_stdout)
		out_note(&cli->out, "%zu records; open %s at ui.perfetto.dev "
		    "or chrome://tracing", trace->n, path);
	return 0;
}

static int
save(struct cli *cli, struct invocation *invocation)
{
	const char *path = invocation->texts.n > 1 ? invocation->texts.v[1] :
	    "-";
	int64_t last_us = evtask_ctl_get_int(invocation->own, "last_us",
	    INT64_MAX);
	struct recorded trace;
	int r;

	if (invocation->texts.n == 1 && cli->out.height > 0) {
		out_error(&cli->out, "a trace is not for reading: \"evtask "
		    "trace save FILE\" keeps it; - as the FILE shows it");
		return EXIT_USAGE;
	}
	recorded_init(&trace);
	r = recorded_fetch(cli, &trace, 0, last_us);
	if (r == 0)
		r = fetch_tasks(cli, &trace);
	if (r == 0)
		r = write_trace(cli, &trace, path);
	recorded_release(&trace);
	return r;
}

int
verb_trace(struct cli *cli, struct invocation *invocation)
{
	const char *action = invocation->texts.v[0];

	if (strcmp(action, "open") == 0)
		return verb_trace_open(cli, invocation);
	if (invocation->texts.n > 2) {
		out_error(&cli->out, "trace %s takes no \"%s\"", action,
		    invocation->texts.v[2]);
		return EXIT_USAGE;
	}
	if (strcmp(action, "save") == 0)
		return save(cli, invocation);
	return cli_show(cli, strcmp(action, "start") == 0 ? "trace.start" :
	    "trace.stop", NULL);
}
