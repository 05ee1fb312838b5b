/*
 * methods_trace.c - trace.*: the flight recorder.
 */
#include <evtask/inspect_trace.h>
#include <json-c/json.h>
#include <stdlib.h>
#include "console.h"
#include "methods.h"

static struct json_object *
render_record(const struct evtask_trace_record *record)
{
	struct json_object *o = json_object_new_object();

	evtask_ctl_put_int(&o, "seq", (int64_t)record->seq);
	evtask_ctl_put_int(&o, "ts_ns", record->ts_ns);
	evtask_ctl_put_text(&o, "type", evtask_trace_type_name(record->type));
	evtask_ctl_put_int(&o, "task", (int64_t)record->task);
	evtask_ctl_put_int(&o, "other", (int64_t)record->other);
	evtask_ctl_put_text(&o, "op", record->op);
	evtask_ctl_put_text(&o, "name", record->name);
	return o;
}

/* The seq before the first record of so long ago. */
static uint64_t
before_last(const struct evtask_console *console, uint64_t after,
    int64_t last_us, struct evtask_trace_record *records, size_t room)
{
	int64_t from_ns = (console_now_us(console) - last_us) * 1000;
	size_t n, i;

	while ((n = evtask_trace_read(console->loop, after, records, room)) >
	    0) {
		for (i = 0; i < n; i++)
			if (records[i].ts_ns >= from_ns)
				return records[i].seq - 1;
		after = records[n - 1].seq;
	}
	return after;
}

struct json_object *
serve_trace_snapshot(struct call *call)
{
	struct evtask_loop *loop = call->console->loop;
	int64_t now_us = console_now_us(call->console);
	size_t limit = (size_t)evtask_ctl_get_int(call->params, "limit", 1);
	uint64_t after = (uint64_t)evtask_ctl_get_int(call->params, "after",
	    0);
	struct evtask_trace_record *records;
	struct json_object *o, *list;
	size_t n, i;

	if (!evtask_trace_is_on(loop))
		return call_refuse(call, "TraceNotActive",
		    json_object_new_object());
	records = calloc(limit, sizeof(*records));
	if (records == NULL)
		return NULL;
	if (evtask_ctl_get(call->params, "last_us") != NULL)
		after = before_last(call->console, after, evtask_ctl_get_int(
		    call->params, "last_us", 0), records, limit);
	n = evtask_trace_read(loop, after, records, limit);
	list = json_object_new_array();
	for (i = 0; i < n; i++)
		evtask_ctl_append(&list, render_record(&records[i]));
	o = json_object_new_object();
	evtask_ctl_put(&o, "records", list);
	if (n == limit)
		evtask_ctl_put_int(&o, "next", (int64_t)records[n - 1].seq);
	else
		evtask_ctl_put_null(&o, "next");
	evtask_ctl_put_int(&o, "now_ns", now_us * 1000);
	evtask_ctl_put_int(&o, "now_us", console_epoch_us(call->console,
	    now_us));
	put_seq(&o, call);
	free(records);
	return o;
}

struct json_object *
serve_trace_start(struct call *call)
{
	int64_t n = evtask_ctl_get_int(call->params, "records", 0);
	struct json_object *o;

	evtask_trace_stop(call->console->loop);
	if (evtask_trace_start(call->console->loop, (size_t)n) < 0)
		return NULL;
	o = json_object_new_object();
	evtask_ctl_put_int(&o, "records", n);
	return o;
}

struct json_object *
serve_trace_stop(struct call *call)
{
	struct json_object *o = json_object_new_object();

	evtask_ctl_put_bool(&o, "stopped",
	    evtask_trace_is_on(call->console->loop));
	evtask_trace_stop(call->console->loop);
	return o;
}
