/*
 * condition.c - a condition: a lock, and a line of those who wait to be told.
 *
 * Waiting always ends with the lock in hand, however often it is cancelled
 * while it takes it back; the last cancellation is then the answer. Whoever
 * leaves with one has perhaps been notified, and tells the next.
 */
#include <evtask/condition.h>

#include <errno.h>
#include <stdlib.h>

#include "core/resource.h"
#include "sync/name.h"
#include "wait/line.h"

struct evtask_condition {
	struct resource resource;
	struct evtask_lock *lock;
	bool own_lock;
	struct list line;
	char name[];
};

static const struct resource_class condition_class = { .type = "condition" };

int
evtask_condition_new(const char *name, struct evtask_lock *lock,
    struct evtask_condition **ret_condition)
{
	struct evtask_condition *condition;
	int r = 0;

	if (ret_condition == NULL)
		return -EINVAL;
	condition = malloc(sizeof *condition + name_size(name));
	if (condition == NULL)
		return -ENOMEM;
	*condition = (struct evtask_condition){
		.lock = lock, .own_lock = lock == NULL,
	};
	if (lock == NULL)
		r = evtask_lock_new(name, &condition->lock);
	if (r < 0) {
		free(condition);
		return r;
	}
	name_copy(condition->name, name);
	resource_init(&condition->resource, &condition_class,
	    condition->name);
	list_init(&condition->line);
	*ret_condition = condition;
	return 0;
}

void
evtask_condition_free(struct evtask_condition *condition)
{
	if (condition == NULL)
		return;
	if (condition->own_lock)
		evtask_lock_free(condition->lock);
	resource_release(&condition->resource);
	free(condition);
}

int
evtask_condition_acquire_at(struct evtask_condition *condition,
    const struct evtask_site *site)
{
	return condition != NULL ?
	    evtask_lock_acquire_at(condition->lock, site) : -EINVAL;
}

int
evtask_condition_release(struct evtask_condition *condition)
{
	return condition != NULL ? evtask_lock_release(condition->lock) :
	    -EINVAL;
}

bool
evtask_condition_locked(const struct evtask_condition *condition)
{
	return condition != NULL && evtask_lock_locked(condition->lock);
}

/* Takes the lock back; r is the answer so far. Returns the last one. */
static int
reacquire(struct evtask_condition *condition, int r,
    const struct evtask_site *site)
{
	int r_lock;

	do {
		r_lock = evtask_lock_acquire_at(condition->lock, site);
		if (r_lock < 0)
			r = r_lock;
		/* When the loop is freed nobody gets anything any more. */
	} while (r_lock < 0 && !current.task->unwinding);
	return r;
}

static int
stand_in_line(struct evtask_condition *condition,
    const struct evtask_site *site)
{
	struct wait wait = {
		.op = "condition.wait", .resource = &condition->resource,
		.site = site, .until_us = EVTASK_FOREVER,
	};
	bool given;

	return line_wait(&condition->line, &wait, &given);
}

int
evtask_condition_wait_at(struct evtask_condition *condition,
    const struct evtask_site *site)
{
	int r;

	if (condition == NULL || current.task == NULL)
		return -EINVAL;
	if (!evtask_lock_locked(condition->lock))
		return -EPERM;
	(void)evtask_lock_release(condition->lock);
	r = stand_in_line(condition, site);
	r = reacquire(condition, r, site);
	if (r < 0)
		line_give(&condition->line);
	return r;
}

int
evtask_condition_notify(struct evtask_condition *condition, size_t n)
{
	if (condition == NULL)
		return -EINVAL;
	if (!evtask_lock_locked(condition->lock))
		return -EPERM;
	while (n > 0 && line_give(&condition->line))
		n--;
	return 0;
}

int
evtask_condition_notify_all(struct evtask_condition *condition)
{
	if (condition == NULL)
		return -EINVAL;
	if (!evtask_lock_locked(condition->lock))
		return -EPERM;
	line_give_all(&condition->line);
	return 0;
}
