/*
 * awaits.c - which tasks a task of a target waits for.
 *
 * A wait is for the owner of a resource, for a future, or for several, which
 * stand where the target's own table of spreads says; and so do those that a
 * future stands for, as a gather's. What is no longer pending is not waited
 * for, and what is no task is not told: as a server has it (core/graph.c).
 */
#include "outside/awaits.h"

#include <json-c/json.h>

#define DEPTH_MAX 16            /* of gathers within gathers */
#define AWAITS_MAX 1000         /* told by their ids */
#define VISITS_MAX 1000000      /* of a memory that makes no sense */

struct visit {
	const struct layout *layout;
	uint64_t task_class;    /* by which a future is a task */
	struct json_object *ids;
	int64_t total;
	unsigned int depth, visits;
};

static void show(struct visit *visit, uint64_t future);

static uint64_t
pointer_at(const struct layout *layout, uint64_t at)
{
	uint64_t value = 0;

	return target_read(layout->target, at, &value, sizeof(value)) ? value
	    : 0;
}

static void
show_list(struct visit *visit, const struct evtask_layout_spread *spread,
    uint64_t head)
{
	uint64_t link = layout_of(visit->layout, head, LIST_NEXT);

	for (; link != 0 && link != head && visit->visits < VISITS_MAX;
	    link = layout_of(visit->layout, link, LIST_NEXT))
		show(visit, pointer_at(visit->layout, link - spread->stride +
		    spread->future));
}

/* All that stands in base, as the spread has it. */
static void
show_all(struct visit *visit, const struct evtask_layout_spread *spread,
    uint64_t base)
{
	uint64_t n = 1;

	if (spread->n == EVTASK_SPREAD_LIST) {
		show_list(visit, spread, base + spread->first);
		return;
	}
	if (spread->n >= 0)
		n = pointer_at(visit->layout, base + (uint64_t)spread->n);
	for (uint64_t i = 0; i < n && visit->visits < VISITS_MAX; i++)
		show(visit, pointer_at(visit->layout, base + spread->first +
		    i * spread->stride + spread->future));
}

static void
show(struct visit *visit, uint64_t future)
{
	const struct layout *layout = visit->layout;
	const struct evtask_layout_spread *spread;
	uint64_t class;

	visit->visits++;
	if (future == 0 || layout_of(layout, future, FUTURE_STATE) != 0)
		return;
	class = layout_of(layout, future, FUTURE_CLASS);
	if (class == visit->task_class) {
		if (visit->total++ < AWAITS_MAX)
			json_object_array_add(visit->ids,
			    json_object_new_int64((int64_t)layout_of(layout,
			    future, TASK_ID)));
		return;
	}
	spread = layout_spread(layout, class);
	if (spread == NULL || visit->depth == DEPTH_MAX)
		return;
	visit->depth++;
	show_all(visit, spread, future);
	visit->depth--;
}

struct json_object *
awaits_of(const struct layout *layout, uint64_t task, int64_t *ret_total)
{
	struct visit visit = { .layout = layout,
		.task_class = layout_of(layout, task, FUTURE_CLASS),
		.ids = json_object_new_array_ext(1) };
	uint64_t wait = layout_of(layout, task, TASK_WAIT);
	uint64_t each = layout_of(layout, wait, WAIT_EACH);
	uint64_t resource = layout_of(layout, wait, WAIT_RESOURCE);
	const struct evtask_layout_spread *spread;

	if (each != 0) {
		spread = layout_spread(layout, each);
		if (spread != NULL)
			show_all(&visit, spread, layout_of(layout, wait,
			    WAIT_OF));
	} else {
		show(&visit, resource != 0 ? layout_of(layout, resource,
		    RESOURCE_OWNER) : layout_of(layout, wait, WAIT_ON));
	}
	*ret_total = visit.total;
	return visit.ids;
}
