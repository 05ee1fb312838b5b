/*
 * lock.c - a lock: a flag, and a line of those who wait for it.
 *
 * Releasing clears the flag and gives the first in line its turn; that one
 * sets the flag when it runs. Nobody takes the lock in between, because
 * newcomers look at the line and not at the flag alone. One who was given its
 * turn and is cancelled before it runs passes it on.
 */
#include <evtask/lock.h>

#include <errno.h>
#include <stdlib.h>

#include "core/debug.h"
#include "core/resource.h"
#include "sync/name.h"
#include "wait/line.h"

struct evtask_lock {
	struct resource resource;	/* held by who took it */
	bool locked;
	struct list line;
	char name[];
};

static const struct resource_class lock_class = { .type = "lock" };

int
evtask_lock_new(const char *name, struct evtask_lock **ret_lock)
{
	struct evtask_lock *lock;

	if (ret_lock == NULL)
		return -EINVAL;
	lock = malloc(sizeof *lock + name_size(name));
	if (lock == NULL)
		return -ENOMEM;
	lock->locked = false;
	name_copy(lock->name, name);
	resource_init(&lock->resource, &lock_class, lock->name);
	list_init(&lock->line);
	*ret_lock = lock;
	return 0;
}

void
evtask_lock_free(struct evtask_lock *lock)
{
	if (lock != NULL)
		resource_release(&lock->resource);
	free(lock);
}

int
evtask_lock_acquire_at(struct evtask_lock *lock,
    const struct evtask_site *site)
{
	bool given;
	int r = 0;

	if (current.task == NULL)
		return outside_a_task(site);
	if (lock == NULL)
		return misuse(NULL, site, -EINVAL, "no lock is acquired");
	if (lock->locked || line_waits(&lock->line))
		r = line_wait_for(&lock->line, &lock->resource,
		    "lock.acquire", site, &given);
	if (r < 0) {
		if (!lock->locked)
			line_give_first(&lock->line);
		return r;
	}
	lock->locked = true;
	resource_take(&lock->resource, site);
	return 0;
}

int
evtask_lock_release_at(struct evtask_lock *lock,
    const struct evtask_site *site)
{
	if (lock == NULL)
		return misuse(NULL, site, -EINVAL, "no lock is released");
	if (line_is_elsewhere(&lock->line))
		return line_misuse(&lock->line, site);
	if (!lock->locked)
		return misuse(NULL, site, -EPERM, "a free lock is released");
	lock->locked = false;
	resource_give(&lock->resource);
	line_give_first(&lock->line);
	return 0;
}

bool
evtask_lock_locked(const struct evtask_lock *lock)
{
	return lock != NULL && lock->locked;
}
