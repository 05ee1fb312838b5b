/*
 * resource.h - what tasks share and wait for, as inspection knows it.
 *
 * A lock, a queue, an event begins with a struct resource. It becomes known to
 * a loop when a task of that loop first has to do with it, and may outlive the
 * loop. What one task at a time holds is in that task's list while it does, so
 * that a task that ends with it in hand is noticed.
 */
#ifndef CORE_RESOURCE_H
#define CORE_RESOURCE_H

#include "core/task.h"

struct resource;

/* What kinds of resources tell. */
struct resource_class {
	const char *type;		/* "lock", "queue" ... */
	/* How much is in it, and of how much; -1: says nothing. NULL: none. */
	void (*measure)(const struct resource *resource, int64_t *ret_size,
	    int64_t *ret_capacity);
	/* Of what has two sides: who reads and who writes now (NULL: nobody),
	 * and what was written and is not sent. NULL: it has none. */
	void (*sides)(const struct resource *resource,
	    const struct evtask **ret_reader, const struct evtask **ret_writer,
	    int64_t *ret_unsent);
};

struct resource {
	const struct resource_class *class;
	const char *name;		/* behind it; "": none */
	struct list known;		/* in loop->known */
	uint64_t id;			/* counts through the loop; 0: none */
	uint64_t waits;			/* ever */
	uint32_t waiting;		/* now: */
	struct list line;		/* struct wait, by in_line */

	/* Held by one task. */
	struct evtask *owner;		/* NULL: by nobody who still runs */
	uint64_t owner_id;		/* 0: by nobody */
	const struct evtask_site *held_at;
	int64_t held_us;
	struct list held;		/* in owner->holds */
};

static inline void
resource_init(struct resource *resource, const struct resource_class *class,
    const char *name)
{
	*resource = (struct resource){ .class = class, .name = name };
	list_init(&resource->known);
	list_init(&resource->held);
	list_init(&resource->line);
}

static inline void
resource_release(struct resource *resource)
{
	list_remove(&resource->known);
	list_remove(&resource->held);
}

/* A task of the running loop has to do with it for the first time. */
static inline void
resource_meet(struct resource *resource)
{
	if (__builtin_expect(resource->id != 0, 1))
		return;
	resource->id = ++current.loop->last_resource;
	list_append(&current.loop->known, &resource->known);
}

/* The running task waits for it; and does no more. */
static inline void
resource_wait_begin(struct resource *resource, struct wait *wait)
{
	resource_meet(resource);
	resource->waits++;
	resource->waiting++;
	list_append(&resource->line, &wait->in_line);
}

static inline void
resource_wait_end(struct resource *resource, struct wait *wait)
{
	resource->waiting--;
	list_remove(&wait->in_line);
}

/* The running task has it from here on. */
static inline void
resource_take(struct resource *resource, const struct evtask_site *site)
{
	struct evtask *task = current.task;

	resource_meet(resource);
	resource->owner = task;
	resource->owner_id = task->id;
	resource->held_at = site;
	resource->held_us = current.loop->now_us;
	list_append(&task->running->holds, &resource->held);
}

/* Nobody has it, whoever it was. */
static inline void
resource_give(struct resource *resource)
{
	resource->owner = NULL;
	resource->owner_id = 0;
	list_remove(&resource->held);
}

/* This task ends, and holds them: they stay held, by nobody who still runs. */
void resource_abandon_all(struct evtask *task);

/* The loop is freed: another may come to know them. */
void resource_forget_all(struct evtask_loop *loop);

#endif
