/*
 * line.c - tasks standing in a line: each on a future of its own.
 *
 *	standing --give--> given        (left when it runs again)
 *	        `-cancel-> leaving
 *
 * One that was given its turn, or was cancelled, stays in the line until it
 * runs: what those behind it may do depends on that.
 */
#include "wait/line.h"

#include "core/debug.h"
#include "core/resource.h"

struct place {
	struct list link;
	struct evtask_future turn;
};

static struct place *
place_of(struct list *link)
{
	return container_of(link, struct place, link);
}

int
line_wait(struct list *line, struct wait *wait, bool *ret_given)
{
	struct resource *resource = wait->resource;
	struct place place;
	int r;

	*ret_given = false;
	if (current.task == NULL)
		return outside_a_task(wait->site);
	future_init(&place.turn, current.loop, &future_plain);
	list_append(line, &place.link);
	if (resource != NULL)
		resource_wait_begin(resource, wait);
	r = task_park(&place.turn, wait);
	if (resource != NULL)
		resource_wait_end(resource, wait);
	list_remove(&place.link);
	*ret_given = place.turn.state == FUTURE_RETURNED;
	future_release(&place.turn);
	return r;
}

int
line_wait_for(struct list *line, struct resource *resource, const char *op,
    const struct evtask_site *site, bool *ret_given)
{
	struct wait wait;

	wait_init(&wait, op, NULL, site);
	wait.resource = resource;
	return line_wait(line, &wait, ret_given);
}

bool
line_stands_elsewhere(const struct list *line)
{
	return loop_is_elsewhere(place_of(line->next)->turn.loop);
}

int
line_misuse(const struct list *line, const struct evtask_site *site)
{
	return misuse_of_thread(place_of(line->next)->turn.loop, site);
}

bool
line_give(struct list *line)
{
	struct list *link;

	list_foreach(link, line) {
		if (place_of(link)->turn.state != FUTURE_PENDING)
			continue;
		future_settle(&place_of(link)->turn);
		return true;
	}
	return false;
}

void
line_give_first(struct list *line)
{
	if (!list_empty(line))
		future_settle(&place_of(line->next)->turn);
}

void
line_give_all(struct list *line)
{
	struct list *link;

	list_foreach(link, line)
		future_settle(&place_of(link)->turn);
}

bool
line_waits(const struct list *line)
{
	struct list *link;

	list_foreach(link, line)
		if (place_of(link)->turn.state != FUTURE_CANCELLED)
			return true;
	return false;
}
