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
#include "tally.h"
#include "verbs.h"

#define TOP_LAST_US 1000000
#define TOP_ROWS 20

struct trace {
	struct evtask_trace_record *v;
	size_t n, room;
	int64_t now_ns, now_us;    /* the moment it was asked for, twice */
	struct json_object *ops;   /* keeps the texts that v points to */
	struct json_object *names; /* of tasks, by id as text */
};

static enum evtask_trace_type
type_of(const char *name)
{
	int type = 0;

	while (type < EVTASK_TRACE_TYPES && strcmp(evtask_trace_type_name(
	    (enum evtask_trace_type)type), name) != 0)
		type++;
	return (enum evtask_trace_type)type;
}

/* A text that lives as long as the trace. */
static const char *
keep_op(struct trace *trace, const char *op)
{
	if (op == NULL)
		return NULL;
	if (evtask_ctl_get(trace->ops, op) == NULL)
		evtask_ctl_put_text(&trace->ops, op, op);
	return evtask_ctl_get_text(trace->ops, op, NULL);
}

static int
take_record(struct trace *trace, struct json_object *o)
{
	struct evtask_trace_record *record, *more;

	if (trace->n == trace->room) {
		trace->room = trace->room > 0 ? trace->room * 2 : 4096;
		more = reallocarray(trace->v, trace->room, sizeof(*more));
		if (more == NULL)
			return -ENOMEM;
		trace->v = more;
	}
	record = &trace->v[trace->n++];
	*record = (struct evtask_trace_record){
		.seq = (uint64_t)evtask_ctl_get_int(o, "seq", 0),
		.ts_ns = evtask_ctl_get_int(o, "ts_ns", 0),
		.task = (uint64_t)evtask_ctl_get_int(o, "task", 0),
		.other = (uint64_t)evtask_ctl_get_int(o, "other", 0),
		.type = type_of(evtask_ctl_get_text(o, "type", "")),
		.op = keep_op(trace, evtask_ctl_get_text(o, "op", NULL)),
	};
	snprintf(record->name, sizeof(record->name), "%s",
	    evtask_ctl_get_text(o, "name", ""));
	return 0;
}

static void
trace_release(struct trace *trace)
{
	free(trace->v);
	json_object_put(trace->ops);
	json_object_put(trace->names);
}

/* When it is asked for, on the clock of ts_ns. */
static int64_t
note_moment(struct trace *trace, struct json_object *page)
{
	trace->now_ns = evtask_ctl_get_int(page, "now_ns", 0);
	trace->now_us = evtask_ctl_get_int(page, "now_us", 0);
	return trace->now_ns;
}

/* All there is at this moment; what comes while it is fetched is left. */
static int
fetch_records(struct cli *cli, struct trace *trace, int64_t last_us)
{
	struct json_object *params, *page, *list;
	int64_t next = 0, end_ns = INT64_MAX;
	int r = 0;

	while (r == 0 && next >= 0) {
		params = json_object_new_object();
		evtask_ctl_put_int(&params, "after", next);
		if (last_us < INT64_MAX)
			evtask_ctl_put_int(&params, "last_us", last_us);
		r = cli_ask(cli, "trace.snapshot", params, &page);
		if (r != 0)
			return r;
		if (end_ns == INT64_MAX)
			end_ns = note_moment(trace, page);
		list = evtask_ctl_get(page, "records");
		for (size_t i = 0; r == 0 &&
		    i < json_object_array_length(list); i++)
			r = take_record(trace, json_object_array_get_idx(list,
			    i));
		next = evtask_ctl_get_int(page, "next", -1);
		if (trace->n > 0 && trace->v[trace->n - 1].ts_ns > end_ns)
			next = -1;
		json_object_put(page);
	}
	return r == -ENOMEM ? cli_no_memory(cli) : r;
}

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
	const struct trace *trace = arg;
	char key[24];

	return evtask_ctl_get_text(trace->names, key_of(task, key), NULL);
}

/* The ids in the records, as keys of an object; to put. */
static struct json_object *
recorded_ids(const struct trace *trace)
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
take_state(struct trace *trace, struct json_object *task)
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
	r = o != NULL ? take_record(trace, o) : -ENOMEM;
	json_object_put(o);
	return r;
}

/* A task there is now: its name, and what it does unless that is recorded, or
 * began since. */
static int
take_task(struct trace *trace, struct json_object *task,
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
put_states_first(struct trace *trace, size_t n_records)
{
	size_t n_states = trace->n - n_records;
	struct evtask_trace_record *v = calloc(trace->n + 1, sizeof(*v));

	if (v == NULL)
		return -ENOMEM;
	memcpy(v, trace->v + n_records, n_states * sizeof(*v));
	memcpy(v + n_states, trace->v, n_records * sizeof(*v));
	free(trace->v);
	trace->v = v;
	return 0;
}

/* All tasks there are, page by page. */
static int
fetch_tasks(struct cli *cli, struct trace *trace)
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
write_trace(struct cli *cli, struct trace *trace, const char *path)
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
	struct trace trace = {
		.ops = json_object_new_object(),
		.names = json_object_new_object(),
	};
	int r = fetch_records(cli, &trace, last_us);

	if (r == 0)
		r = fetch_tasks(cli, &trace);
	if (r == 0)
		r = write_trace(cli, &trace, path);
	trace_release(&trace);
	return r;
}

/* How busy tasks were: what the recorder says, and the tasks themselves. */
int
verb_top(struct cli *cli, struct invocation *invocation)
{
	struct json_object *params = json_object_new_object(), *page;
	int64_t last_us = evtask_ctl_get_int(invocation->own, "last_us",
	    TOP_LAST_US);
	size_t most = (size_t)evtask_ctl_get_int(invocation->own, "most",
	    TOP_ROWS);
	struct trace trace = { .ops = json_object_new_object() };
	struct tally tally;
	int r = fetch_records(cli, &trace, last_us);

	evtask_ctl_put(&params, "state", json_tokener_parse("[\"created\","
	    "\"ready\",\"running\",\"waiting\"]"));
	evtask_ctl_put_int(&params, "limit", 1000);
	if (r == 0)
		r = cli_ask(cli, "task.list", json_object_get(params), &page);
	json_object_put(params);
	if (r != 0) {
		trace_release(&trace);
		return r;
	}
	if (tally_init(&tally, trace.v, trace.n) < 0)
		r = cli_no_memory(cli);
	else if (cli->out.json)
		tally_put(&tally, &cli->out);
	else
		tally_print(&tally, &cli->out, evtask_ctl_get(page, "tasks"),
		    evtask_ctl_get_int(page, "total", 0), most);
	tally_release(&tally);
	json_object_put(page);
	trace_release(&trace);
	return r;
}

static int
ask_for(struct cli *cli, const char *method)
{
	struct json_object *result;
	int r = cli_ask(cli, method, NULL, &result);

	if (r != 0)
		return r;
	if (cli->out.json)
		out_json(&cli->out, result);
	json_object_put(result);
	return 0;
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
	return ask_for(cli, strcmp(action, "start") == 0 ? "trace.start" :
	    "trace.stop");
}
