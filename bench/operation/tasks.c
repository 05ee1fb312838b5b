/*
 * tasks.c - switching, and what there is to do with a task: it begins, yields,
 * is cancelled, awaited, gathered.
 */
#include "bench/operation/operation.h"

#include <errno.h>
#include <evtask/evtask.h>

#include "coro/switch.h"

enum { CROWD = 10 };		/* tasks of a gather */

static void *here, *there;

static void
bounce(void *arg)
{
	(void)arg;
	for (;;)
		switch_stack(&there, &here);
}

static int
raw_switch(void *arg)
{
	static char stack[16384];

	(void)arg;
	there = switch_prepare(stack + sizeof stack, bounce, NULL);
	for (int i = 0; i < TIMES; i += 2)
		switch_stack(&here, &there);
	return 0;
}

static int
yields(void *arg)
{
	int r = 0;

	(void)arg;
	for (int i = 0; i < TIMES && r == 0; i++)
		r = evtask_sleep(0);
	return r;
}

static int
yield_alone(void *arg)
{
	return yields(arg);
}

/* Half of the yields are another task's. */
static int
yield_in_turn(void *arg)
{
	struct evtask *other;
	int r = evtask_create(yields, NULL, NULL, &other);

	if (r == 0)
		r = yields(arg);
	return await_other(other, r);
}

static int
create_and_await(void *arg)
{
	int r = 0;

	(void)arg;
	for (int i = 0; i < TIMES && r == 0; i++) {
		struct evtask_value value;
		struct evtask *task;

		r = evtask_create(nothing, NULL, NULL, &task);
		if (r == 0)
			r = evtask_await_result(task, &value);
		evtask_unref(task);
	}
	return r;
}

static int
create_eager(void *arg)
{
	static const struct evtask_options eager = { .eager = true };
	int r = 0;

	(void)arg;
	for (int i = 0; i < TIMES && r == 0; i++)
		r = evtask_create(nothing, NULL, &eager, NULL);
	return r;
}

static int
sleeps_for_ever(void *arg)
{
	(void)arg;
	return evtask_sleep(EVTASK_FOREVER);
}

static int
create_and_cancel(void *arg)
{
	int r = 0;

	(void)arg;
	for (int i = 0; i < TIMES && r == 0; i++) {
		struct evtask *task;

		r = evtask_create(sleeps_for_ever, NULL, NULL, &task);
		if (r == 0)
			r = evtask_sleep(0);
		if (r == 0 && evtask_cancel(task, NULL) != 1)
			r = -EBADMSG;
		if (r == 0)
			r = evtask_await(task);
		evtask_unref(task);
	}
	return r;
}

static int
call(void *arg)
{
	int r = 0;

	(void)arg;
	for (int i = 0; i < TIMES && r == 0; i++)
		r = evtask_call(nothing, NULL, NULL);
	return r;
}

static int
gather(void *arg)
{
	int r = 0;

	(void)arg;
	for (int i = 0; i < TIMES / CROWD && r == 0; i++) {
		union evtask_awaitable tasks[CROWD];
		struct evtask_future *all;

		for (int j = 0; j < CROWD; j++)
			evtask_create(nothing, NULL, NULL, &tasks[j].task);
		r = evtask_gather(tasks, CROWD, false, &all);
		if (r == 0)
			r = evtask_await(all);
		evtask_future_unref(all);
		for (int j = 0; j < CROWD; j++)
			evtask_unref(tasks[j].task);
	}
	return r;
}

static const struct operation operations[] = {
	{ "switch", raw_switch, TIMES },
	{ "yield-alone", yield_alone, TIMES },
	{ "yield-in-turn", yield_in_turn, 2 * TIMES },
	{ "create-await", create_and_await, TIMES },
	{ "create-eager", create_eager, TIMES },
	{ "create-cancel-await", create_and_cancel, TIMES },
	{ "call", call, TIMES },
	{ "gather-of-10", gather, TIMES / CROWD },
	{ NULL, NULL, 0 },
};

const struct family task_operations = {
	.operations = operations,
};
