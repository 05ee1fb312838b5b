/*
 * event.c - an event: a flag, and a line of those who wait until it is set.
 */
#include <evtask/event.h>

#include <errno.h>
#include <stdlib.h>

#include "core/debug.h"
#include "core/resource.h"
#include "sync/name.h"
#include "wait/line.h"

struct evtask_event {
	struct resource resource;
	bool set;
	struct list line;
	char name[];
};

static const struct resource_class event_class = { .type = "event" };

int
evtask_event_new(const char *name, struct evtask_event **ret_event)
{
	struct evtask_event *event;

	if (ret_event == NULL)
		return -EINVAL;
	event = malloc(sizeof *event + name_size(name));
	if (event == NULL)
		return -ENOMEM;
	event->set = false;
	name_copy(event->name, name);
	resource_init(&event->resource, &event_class, event->name);
	list_init(&event->line);
	*ret_event = event;
	return 0;
}

void
evtask_event_free(struct evtask_event *event)
{
	if (event != NULL)
		resource_release(&event->resource);
	free(event);
}

int
evtask_event_wait_at(struct evtask_event *event,
    const struct evtask_site *site)
{
	bool given;

	if (current.task == NULL)
		return outside_a_task(site);
	if (event == NULL)
		return misuse(NULL, site, -EINVAL, "no event is waited for");
	return event->set ? 0 : line_wait_for(&event->line, &event->resource,
	    "event.wait", site, &given);
}

void
evtask_event_set_at(struct evtask_event *event, const struct evtask_site *site)
{
	if (event == NULL || event->set)
		return;
	if (line_is_elsewhere(&event->line)) {
		(void)line_misuse(&event->line, site);
		return;
	}
	event->set = true;
	line_give_all(&event->line);
}

void
evtask_event_clear(struct evtask_event *event)
{
	if (event != NULL)
		event->set = false;
}

bool
evtask_event_is_set(const struct evtask_event *event)
{
	return event != NULL && event->set;
}
