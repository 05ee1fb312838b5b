/*
 * futures.c - what a task waits for without another: a future, and time.
 */
#include "bench/operation/operation.h"

#include <evtask/evtask.h>

static void
settle(void *arg)
{
	evtask_set_result(arg, evtask_value_none());
}

static int
future(void *arg)
{
	int r = 0;

	(void)arg;
	for (int i = 0; i < TIMES && r == 0; i++) {
		struct evtask_future *f;

		r = evtask_future_new(NULL, &f);
		if (r == 0)
			r = evtask_call_soon(NULL, settle, f, NULL);
		if (r == 0)
			r = evtask_await(f);
		evtask_future_unref(f);
	}
	return r;
}

static int
future_done(void *arg)
{
	struct evtask_future *f;
	int r = evtask_future_new(NULL, &f);

	(void)arg;
	if (r == 0)
		r = evtask_set_result(f, evtask_value_none());
	for (int i = 0; i < TIMES && r == 0; i++)
		r = evtask_await(f);
	evtask_future_unref(f);
	return r;
}

static int
sleeping(void *arg)
{
	int r = 0;

	(void)arg;
	for (int i = 0; i < TIMES && r == 0; i++)
		r = evtask_sleep(1000);
	return r;
}

static int
timeout_scope(void *arg)
{
	int r = 0;

	(void)arg;
	for (int i = 0; i < TIMES && r == 0; i++) {
		struct evtask_timeout timeout;

		r = evtask_timeout_enter(&timeout, 1000000);
		if (r == 0)
			r = evtask_timeout_exit(&timeout, 0);
	}
	return r;
}

static int
soon(void *arg)
{
	int r = 0;

	(void)arg;
	for (int i = 0; i < TIMES && r == 0; i++)
		r = evtask_call_soon(NULL, tick, NULL, NULL);
	return r == 0 ? evtask_sleep(0) : r;
}

static const struct operation operations[] = {
	{ "future-settle-await", future, TIMES },
	{ "future-done-await", future_done, TIMES },
	{ "sleep", sleeping, TIMES },
	{ "timeout-enter-exit", timeout_scope, TIMES },
	{ "call-soon", soon, TIMES },
	{ NULL, NULL, 0 },
};

const struct family future_operations = {
	.operations = operations,
};
