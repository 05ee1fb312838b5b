/*
 * locks.c - an event that tasks wait for, and a semaphore: two at a time.
 */
#include <evtask/evtask.h>

#include <stdio.h>

struct pool {
	struct evtask_event *opened;
	struct evtask_semaphore *lanes;
};

static int
swim(void *arg)
{
	const char *name = evtask_get_name(evtask_current_task());
	struct pool *pool = arg;
	int r = evtask_event_wait(pool->opened);

	if (r == 0)
		r = evtask_semaphore_acquire(pool->lanes);
	if (r < 0)
		return r;
	printf("%s swims\n", name);
	r = evtask_sleep(0);
	evtask_semaphore_release(pool->lanes);
	printf("%s is out\n", name);
	return r;
}

static int
open_pool(void *arg)
{
	static const char *names[] = { "ada", "bob", "cy" };
	union evtask_awaitable swimmers[3];
	struct pool *pool = arg;
	int i, r;

	for (i = 0; i < 3; i++)
		evtask_create(swim, pool,
		    &(struct evtask_options){ .name = names[i] },
		    &swimmers[i].task);
	r = evtask_sleep(0);
	puts("the pool opens");
	evtask_event_set(pool->opened);
	if (r == 0)
		r = evtask_wait(swimmers, 3, EVTASK_FOREVER,
		    EVTASK_ALL_COMPLETED);
	for (i = 0; i < 3; i++)
		evtask_unref(swimmers[i].task);
	return r;
}

int
main(void)
{
	struct pool pool = { NULL, NULL };
	int r = -1;

	if (evtask_event_new("opened", &pool.opened) == 0 &&
	    evtask_semaphore_new("lanes", 2, false, &pool.lanes) == 0)
		r = evtask_run(open_pool, &pool, NULL, NULL, NULL);
	evtask_semaphore_free(pool.lanes);
	evtask_event_free(pool.opened);
	return r < 0;
}
