/*
 * recorded.c - what the flight recorder holds, fetched.
 */
#include "recorded.h"

#include <errno.h>
#include <evtask/ctl_value.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cli.h"

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
keep_op(struct recorded *recorded, const char *op)
{
	if (op == NULL)
		return NULL;
	if (evtask_ctl_get(recorded->ops, op) == NULL)
		evtask_ctl_put_text(&recorded->ops, op, op);
	return evtask_ctl_get_text(recorded->ops, op, NULL);
}

int
recorded_take(struct recorded *recorded, struct json_object *o)
{
	struct evtask_trace_record *record, *more;

	if (recorded->n == recorded->room) {
		recorded->room = recorded->room > 0 ? recorded->room * 2 : 4096;
		more = reallocarray(recorded->v, recorded->room, sizeof(*more));
		if (more == NULL)
			return -ENOMEM;
		recorded->v = more;
	}
	record = &recorded->v[recorded->n++];
	*record = (struct evtask_trace_record){
		.seq = (uint64_t)evtask_ctl_get_int(o, "seq", 0),
		.ts_ns = evtask_ctl_get_int(o, "ts_ns", 0),
		.task = (uint64_t)evtask_ctl_get_int(o, "task", 0),
		.other = (uint64_t)evtask_ctl_get_int(o, "other", 0),
		.type = type_of(evtask_ctl_get_text(o, "type", "")),
		.op = keep_op(recorded, evtask_ctl_get_text(o, "op", NULL)),
	};
	snprintf(record->name, sizeof(record->name), "%s",
	    evtask_ctl_get_text(o, "name", ""));
	return 0;
}

void
recorded_init(struct recorded *recorded)
{
	*recorded = (struct recorded){
		.ops = json_object_new_object(),
		.names = json_object_new_object(),
	};
}

void
recorded_release(struct recorded *recorded)
{
	free(recorded->v);
	json_object_put(recorded->ops);
	json_object_put(recorded->names);
}

/* When it is asked for, on the clock of ts_ns. */
static int64_t
note_moment(struct recorded *recorded, struct json_object *page)
{
	recorded->now_ns = evtask_ctl_get_int(page, "now_ns", 0);
	recorded->now_us = evtask_ctl_get_int(page, "now_us", 0);
	return recorded->now_ns;
}

int
recorded_fetch(struct cli *cli, struct recorded *recorded, uint64_t after,
    int64_t last_us)
{
	struct json_object *params, *page, *list;
	int64_t next = (int64_t)after, end_ns = INT64_MAX;
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
			end_ns = note_moment(recorded, page);
		list = evtask_ctl_get(page, "records");
		for (size_t i = 0; r == 0 &&
		    i < json_object_array_length(list); i++)
			r = recorded_take(recorded,
			    json_object_array_get_idx(list, i));
		next = evtask_ctl_get_int(page, "next", -1);
		if (recorded->n > 0 &&
		    recorded->v[recorded->n - 1].ts_ns > end_ns)
			next = -1;
		json_object_put(page);
	}
	return r == -ENOMEM ? cli_no_memory(cli) : r;
}
