/*
 * timers.c - timers, in the library's memory and in the caller's, among others
 * that never come up.
 */
#include "bench/operation/operation.h"

#include <evtask/evtask.h>

enum { ARMED = 10000 };		/* timers there are while one is added */

struct things {
	struct evtask_handle *armed[ARMED];
	struct evtask_handle *handles[TIMES];
	struct evtask_timer timers[TIMES];
};

/* Deadlines that come in no order, among others that never come up. */
static int
timer_add(void *arg)
{
	struct things *t = arg;
	int r = 0;

	for (int i = 0; i < TIMES && r == 0; i++)
		r = evtask_call_later(NULL,
		    EVTASK_FOREVER / 2 + i * 7919 % ARMED, tick, NULL,
		    &t->handles[i]);
	return r;
}

static int
timer_cancel(void *arg)
{
	struct things *t = arg;

	for (int i = 0; i < TIMES; i++) {
		evtask_handle_cancel(t->handles[i]);
		evtask_handle_unref(t->handles[i]);
		t->handles[i] = NULL;
	}
	return 0;
}

/* The same in memory of the caller's. */
static int
timer_start(void *arg)
{
	struct things *t = arg;
	int r = 0;

	for (int i = 0; i < TIMES; i++)
		evtask_timer_init(&t->timers[i], NULL, tick, NULL);
	for (int i = 0; i < TIMES && r == 0; i++)
		r = evtask_timer_call_later(&t->timers[i],
		    EVTASK_FOREVER / 2 + i * 7919 % ARMED);
	return r;
}

static int
timer_stop(void *arg)
{
	struct things *t = arg;

	for (int i = 0; i < TIMES; i++)
		evtask_timer_stop(&t->timers[i]);
	return 0;
}

static int
timer_expire(void *arg)
{
	int r = 0;

	(void)arg;
	for (int i = 0; i < TIMES && r == 0; i++)
		r = evtask_call_later(NULL, 1 + i * 7919 % ARMED, tick, NULL,
		    NULL);
	return r == 0 ? evtask_sleep(ARMED + 1) : r;
}

static int
make_things(void *arg)
{
	struct things *t = arg;
	int r = 0;

	for (int i = 0; i < ARMED && r == 0; i++)
		r = evtask_call_later(NULL, EVTASK_FOREVER / 2 +
		    i * 7919 % ARMED, tick, NULL, &t->armed[i]);
	return r;
}

static void
free_things(void *arg)
{
	struct things *t = arg;

	for (int i = 0; i < ARMED; i++) {
		evtask_handle_cancel(t->armed[i]);
		evtask_handle_unref(t->armed[i]);
	}
}

/* In this order: what timer_add adds, timer_cancel takes away, and timer_stop
 * what timer_start does. */
static const struct operation operations[] = {
	{ "timer-add", timer_add, TIMES },
	{ "timer-cancel", timer_cancel, TIMES },
	{ "timer-start", timer_start, TIMES },
	{ "timer-stop", timer_stop, TIMES },
	{ "timer-add-expire", timer_expire, TIMES },
	{ NULL, NULL, 0 },
};

const struct family timer_operations = {
	.size = sizeof(struct things),
	.make = make_things, .free = free_things,
	.operations = operations,
};
