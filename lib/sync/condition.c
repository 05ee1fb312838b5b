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

#include "core/debug.h"
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
	return evtask_lock_acquire_at(
	    condition != NULL ? condition->lock : NULL, site);
}

int
evtask_condition_release_at(struct evtask_condition *condition,
    const struct evtask_site *site)
{
	return evtask_lock_release_at(
	    condition != NULL ? condition->lock : NULL, site);
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

/* What is done with a condition is done with its lock in hand: 0 when it is. */
static int
with_lock(const struct evtask_condition *condition,
    const struct evtask_site *site)
{
	if (condition == NULL)
		return misuse(NULL, site, -EINVAL, "no condition is used");
	if (!evtask_lock_locked(condition->lock))
		return misuse(NULL, site, -EPERM,
		    "a condition is used without its lock");
	return 0;
}

int
evtask_condition_wait_at(struct evtask_condition *condition,
    const struct evtask_site *site)
{
	bool given;
	int r;

	if (current.task == NULL)
		return outside_a_task(site);
	r = with_lock(condition, site);
	if (r < 0)
		return r;
	(void)evtask_lock_release_at(condition->lock, site);
	r = line_wait_for(&condition->line, &condition->resource,
	    "condition.wait", site, &given);
	r = reacquire(condition, r, site);
	if (r < 0)
		line_give(&condition->line);
	return r;
}

int
evtask_condition_notify_at(struct evtask_condition *condition, size_t n,
    const struct evtask_site *site)
{
	int r = with_lock(condition, site);

	if (r < 0)
		return r;
	if (line_is_elsewhere(&condition->line))
		return line_misuse(&condition->line, site);
	if (n == SIZE_MAX)
		line_give_all(&condition->line);
	else
		while (n > 0 && line_give(&condition->line))
			n--;
	return 0;
}
