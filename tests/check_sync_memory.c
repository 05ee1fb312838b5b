/*
 * Memory of what tasks share: every allocation fails once, by turns, in
 * programs with locks, events, conditions, semaphores, queues and barriers.
 */
#include <config.h>

#include <string.h>

#include "tests/programs.h"

/* Two tasks that get in each other's way, and the one who waits for both. */
static struct {
	struct evtask_lock *lock;
	struct evtask_event *event;
	struct evtask_condition *condition;
	struct evtask_semaphore *semaphore;
	struct evtask_queue *queue;
} shared;

static int
use_shared(void *arg)
{
	int r = evtask_lock_acquire(shared.lock);

	(void)arg;
	if (r < 0)
		return r;
	r = evtask_sleep(SECOND);
	(void)evtask_lock_release(shared.lock);
	if (r == 0)
		r = evtask_semaphore_acquire(shared.semaphore);
	if (r < 0)
		return r;
	r = evtask_sleep(SECOND);
	(void)evtask_semaphore_release(shared.semaphore);
	if (r == 0)
		r = evtask_queue_put(shared.queue, evtask_value_int(1));
	return r < 0 ? r : evtask_event_wait(shared.event);
}

static int
share(void *arg)
{
	struct evtask *tasks[2] = { NULL };
	struct evtask_queue_options options = { .name = "q", .size_max = 1 };
	struct evtask_value v;
	int r;

	(void)arg;
	memset(&shared, 0, sizeof shared);
	r = evtask_lock_new("lock", &shared.lock);
	if (r == 0)
		r = evtask_event_new("event", &shared.event);
	if (r == 0)
		r = evtask_condition_new("condition", NULL,
		    &shared.condition);
	if (r == 0)
		r = evtask_semaphore_new("semaphore", 1, true,
		    &shared.semaphore);
	if (r == 0)
		r = evtask_queue_new(&options, &shared.queue);
	for (int i = 0; r == 0 && i < 2; i++)
		r = evtask_create(use_shared, NULL, NULL, &tasks[i]);
	for (int i = 0; i < 2 && r == 0; i++) {
		struct evtask_timeout t;

		/* One of them may have failed before it put anything. */
		r = evtask_timeout_enter(&t, 60 * SECOND);
		if (r == 0)
			r = evtask_timeout_exit(&t,
			    evtask_queue_get(shared.queue, &v));
		if (r == -ETIMEDOUT)
			r = -ENOMEM;
	}
	if (shared.event != NULL)
		evtask_event_set(shared.event);
	for (int i = 0; i < 2; i++) {
		if (tasks[i] == NULL)
			continue;
		if (r < 0)
			evtask_cancel(tasks[i], NULL);
		(void)!evtask_await(tasks[i]);
		if (r == 0)
			r = evtask_result(tasks[i], NULL);
		(void)evtask_result(tasks[i], NULL);
		evtask_unref(tasks[i]);
	}
	evtask_queue_free(shared.queue);
	evtask_semaphore_free(shared.semaphore);
	evtask_condition_free(shared.condition);
	evtask_event_free(shared.event);
	evtask_lock_free(shared.lock);
	return r;
}

static struct evtask_barrier *barrier;

static int
meet(void *arg)
{
	int r = evtask_barrier_wait(barrier);

	(void)arg;
	return r < 0 ? r : 0;
}

static int
meet_three(void *arg)
{
	struct evtask_group group;
	int r = evtask_barrier_new("barrier", 3, &barrier), q;

	(void)arg;
	if (r < 0)
		return r;
	r = evtask_group_enter(&group);
	for (int i = 0; r == 0 && i < 3; i++)
		r = evtask_group_create_task(&group, meet, NULL, NULL, NULL);
	q = evtask_group_exit(&group, r);
	evtask_barrier_free(barrier);
	return q;
}

static const struct program programs[] = {
	ROW(share), ROW(meet_three),
};

int
main(void)
{
	return starve_main("sync_memory", NULL, NULL, programs,
	    (int)(sizeof programs / sizeof *programs));
}
