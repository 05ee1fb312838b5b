/*
 * sync.c - what stands between tasks: lock, semaphore, event, queue; alone, and
 * with another task at the other side.
 */
#include "bench/operation/operation.h"

#include <evtask/evtask.h>

struct things {
	struct evtask_lock *lock;
	struct evtask_queue *queue, *answers;
	struct evtask_event *event;
	struct evtask_semaphore *semaphore;
};

static int
lock(void *arg)
{
	struct things *t = arg;
	int r = 0;

	for (int i = 0; i < TIMES && r == 0; i++) {
		r = evtask_lock_acquire(t->lock);
		if (r == 0)
			r = evtask_lock_release(t->lock);
	}
	return r;
}

static int
holds_in_turn(void *arg)
{
	struct things *t = arg;
	int r = 0;

	for (int i = 0; i < TIMES / 2 && r == 0; i++) {
		r = evtask_lock_acquire(t->lock);
		if (r == 0)
			r = evtask_sleep(0);
		if (r == 0)
			r = evtask_lock_release(t->lock);
	}
	return r;
}

/* Each holds it for a turn, in which the other comes to stand in line. */
static int
lock_contended(void *arg)
{
	struct things *t = arg;
	struct evtask *other;
	int r = evtask_create(holds_in_turn, t, NULL, &other);

	if (r == 0)
		r = holds_in_turn(t);
	return await_other(other, r);
}

static int
semaphore(void *arg)
{
	struct things *t = arg;
	int r = 0;

	for (int i = 0; i < TIMES && r == 0; i++) {
		r = evtask_semaphore_acquire(t->semaphore);
		if (r == 0)
			r = evtask_semaphore_release(t->semaphore);
	}
	return r;
}

static int
event(void *arg)
{
	struct things *t = arg;
	int r = 0;

	for (int i = 0; i < TIMES && r == 0; i++) {
		evtask_event_set(t->event);
		r = evtask_event_wait(t->event);
		evtask_event_clear(t->event);
	}
	return r;
}

static int
queue(void *arg)
{
	struct things *t = arg;
	int r = 0;

	for (int i = 0; i < TIMES && r == 0; i++) {
		struct evtask_value value;

		r = evtask_queue_put(t->queue, evtask_value_int(i));
		if (r == 0)
			r = evtask_queue_get(t->queue, &value);
	}
	return r;
}

static int
answers(void *arg)
{
	struct things *t = arg;
	int r = 0;

	for (int i = 0; i < TIMES && r == 0; i++) {
		struct evtask_value value;

		r = evtask_queue_get(t->queue, &value);
		if (r == 0)
			r = evtask_queue_put(t->answers, value);
	}
	return r;
}

/* There and back: both wait each time. */
static int
queue_ask(void *arg)
{
	struct things *t = arg;
	struct evtask *other;
	int r = evtask_create(answers, t, NULL, &other);

	for (int i = 0; i < TIMES && r == 0; i++) {
		struct evtask_value value;

		r = evtask_queue_put(t->queue, evtask_value_int(i));
		if (r == 0)
			r = evtask_queue_get(t->answers, &value);
	}
	return await_other(other, r);
}

static int
make_things(void *arg)
{
	struct things *t = arg;
	int r = evtask_lock_new(NULL, &t->lock);

	if (r == 0)
		r = evtask_queue_new(NULL, &t->queue);
	if (r == 0)
		r = evtask_queue_new(NULL, &t->answers);
	if (r == 0)
		r = evtask_event_new(NULL, &t->event);
	if (r == 0)
		r = evtask_semaphore_new(NULL, 1, true, &t->semaphore);
	return r;
}

static void
free_things(void *arg)
{
	struct things *t = arg;

	evtask_lock_free(t->lock);
	evtask_queue_free(t->queue);
	evtask_queue_free(t->answers);
	evtask_event_free(t->event);
	evtask_semaphore_free(t->semaphore);
}

static const struct operation operations[] = {
	{ "lock", lock, TIMES },
	{ "lock-contended", lock_contended, TIMES },
	{ "semaphore", semaphore, TIMES },
	{ "event", event, TIMES },
	{ "queue-put-get", queue, TIMES },
	{ "queue-ask-answer", queue_ask, TIMES },
	{ NULL, NULL, 0 },
};

const struct family sync_operations = {
	.size = sizeof(struct things),
	.make = make_things, .free = free_things,
	.operations = operations,
};
