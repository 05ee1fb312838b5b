/*
 * semaphore.c - a semaphore: free units, and a line of those who wait.
 *
 * A unit goes to the one in line with its turn: it is no longer free from then
 * on, and must be given back if that one is cancelled before it runs.
 */
#include <evtask/semaphore.h>

#include <errno.h>
#include <stdlib.h>

#include "core/debug.h"
#include "core/resource.h"
#include "sync/name.h"
#include "wait/line.h"

struct evtask_semaphore {
	struct resource resource;
	int64_t units;		/* free */
	int64_t units_max;	/* INT64_MAX: not bounded */
	struct list line;
	char name[];
};

/* What is free, of what there is at most. */
static void
measure(const struct resource *resource, int64_t *ret_size,
    int64_t *ret_capacity)
{
	const struct evtask_semaphore *semaphore = container_of(resource,
	    const struct evtask_semaphore, resource);

	*ret_size = semaphore->units;
	if (semaphore->units_max != INT64_MAX)
		*ret_capacity = semaphore->units_max;
}

static const struct resource_class semaphore_class = {
	.type = "semaphore", .measure = measure,
};

int
evtask_semaphore_new(const char *name, int64_t units, bool bounded,
    struct evtask_semaphore **ret_semaphore)
{
	struct evtask_semaphore *semaphore;

	if (units < 0 || ret_semaphore == NULL)
		return -EINVAL;
	semaphore = malloc(sizeof *semaphore + name_size(name));
	if (semaphore == NULL)
		return -ENOMEM;
	*semaphore = (struct evtask_semaphore){
		.units = units, .units_max = bounded ? units : INT64_MAX,
	};
	name_copy(semaphore->name, name);
	resource_init(&semaphore->resource, &semaphore_class,
	    semaphore->name);
	list_init(&semaphore->line);
	*ret_semaphore = semaphore;
	return 0;
}

void
evtask_semaphore_free(struct evtask_semaphore *semaphore)
{
	if (semaphore != NULL)
		resource_release(&semaphore->resource);
	free(semaphore);
}

/* Hands a free unit to the first in line. Whether there was somebody. */
static bool
hand_out(struct evtask_semaphore *semaphore)
{
	if (!line_give(&semaphore->line))
		return false;
	semaphore->units--;
	return true;
}

int
evtask_semaphore_acquire_at(struct evtask_semaphore *semaphore,
    const struct evtask_site *site)
{
	bool given;
	int r;

	if (current.task == NULL)
		return outside_a_task(site);
	if (semaphore == NULL)
		return misuse(NULL, site, -EINVAL, "no semaphore is acquired");
	resource_meet(&semaphore->resource);
	if (!evtask_semaphore_locked(semaphore)) {
		semaphore->units--;
		return 0;
	}
	r = line_wait_for(&semaphore->line, &semaphore->resource,
	    "semaphore.acquire", site, &given);
	if (r < 0 && given)
		semaphore->units++;
	/* Others had to stand behind us, though there were units for them. */
	while (semaphore->units > 0 && hand_out(semaphore))
		;
	return r;
}

int
evtask_semaphore_release_at(struct evtask_semaphore *semaphore,
    const struct evtask_site *site)
{
	if (semaphore == NULL)
		return misuse(NULL, site, -EINVAL, "no semaphore is released");
	if (line_is_elsewhere(&semaphore->line))
		return line_misuse(&semaphore->line, site);
	if (semaphore->units >= semaphore->units_max)
		return misuse(NULL, site, -EOVERFLOW,
		    "a bounded semaphore is released too often");
	semaphore->units++;
	(void)hand_out(semaphore);
	return 0;
}

bool
evtask_semaphore_locked(const struct evtask_semaphore *semaphore)
{
	return semaphore != NULL &&
	    (semaphore->units == 0 || line_waits(&semaphore->line));
}
