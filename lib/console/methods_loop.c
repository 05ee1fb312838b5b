/*
 * methods_loop.c - loop.status, loop.stack, loop.stats, loop.stalls: as the
 * loop itself answers them. Who answers turns; what is said of a loop that does
 * not stands in oob_answer.c, with the same members.
 */
#include <evtask/inspect.h>
#include <evtask/inspect_watchdog.h>
#include <json-c/json.h>
#include "console.h"
#include "methods.h"
#include "render.h"
#include "stall.h"

static struct json_object *
begin(void)
{
	struct json_object *o = json_object_new_object();

	evtask_ctl_put_text(&o, "state",
	    evtask_loop_state_name(EVTASK_LOOP_TURNS));
	evtask_ctl_put_int(&o, "still_us", 0);
	evtask_ctl_put_null(&o, "task");
	return o;
}

static void
put_threshold(struct json_object **o, const struct evtask_console *console)
{
	int64_t us = stalls_threshold_us(console);

	put_or_null(o, "threshold_us", us > 0,
	    us > 0 ? json_object_new_int64(us) : NULL);
}

struct json_object *
serve_loop_status(struct call *call)
{
	struct json_object *o = begin();

	evtask_ctl_put_null(&o, "created_at");
	put_threshold(&o, call->console);
	evtask_ctl_put_int(&o, "stalls",
	    (int64_t)stalls_total(call->console));
	return o;
}

struct json_object *
serve_loop_stack(struct call *call)
{
	struct json_object *o = begin();

	evtask_ctl_put(&o, "frames", json_object_new_array());
	return o;
}

struct json_object *
serve_loop_stats(struct call *call)
{
	struct json_object *o = json_object_new_object();
	struct evtask_loop_stats stats;

	evtask_loop_get_stats(call->console->loop, &stats);
	evtask_ctl_put_int(&o, "turns", (int64_t)stats.turns);
	evtask_ctl_put_int(&o, "handles", (int64_t)stats.handles);
	evtask_ctl_put_int(&o, "polls", (int64_t)stats.polls);
	evtask_ctl_put_int(&o, "timers", (int64_t)stats.timers_pending);
	evtask_ctl_put_int(&o, "tasks_created", (int64_t)stats.tasks_created);
	evtask_ctl_put_int(&o, "tasks_done", (int64_t)stats.tasks_done);
	evtask_ctl_put_int(&o, "tasks_pending", (int64_t)stats.tasks_pending);
	evtask_ctl_put_int(&o, "reports", (int64_t)stats.reports);
	evtask_ctl_put_int(&o, "stacks", (int64_t)stats.stacks);
	evtask_ctl_put_int(&o, "stacks_free", (int64_t)stats.stacks_free);
	evtask_ctl_put_text(&o, "stack_guard", stats.stack_guard);
	put_seq(&o, call);
	return o;
}

struct json_object *
serve_loop_stalls(struct call *call)
{
	struct json_object *o = json_object_new_object();

	evtask_ctl_put(&o, "stalls", stalls_render(call->console));
	evtask_ctl_put_int(&o, "total", (int64_t)stalls_total(call->console));
	put_threshold(&o, call->console);
	put_seq(&o, call);
	return o;
}
