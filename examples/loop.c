/*
 * loop.c - the low level: a loop of one's own, its callbacks and timers.
 */
#include <evtask/evtask.h>

#include <inttypes.h>
#include <stdio.h>

static int
answer(void *arg)
{
	int r = evtask_sleep(20000);

	return r < 0 ? r : evtask_return(evtask_value_int(42));
}

static void
tick(void *arg)
{
	int *left = arg;

	printf("tick %d\n", *left);
	if (*left == 0)
		evtask_loop_stop(evtask_get_running_loop());
	else {
		--*left;
		evtask_call_later(NULL, 10000, tick, left, NULL);
	}
}

static void
never(void *arg)
{
	puts("this is not printed");
}

int
main(void)
{
	struct evtask_handle *handle;
	struct evtask_loop *loop;
	struct evtask_value v;
	struct evtask *task;
	int left = 2;

	if (evtask_loop_new(NULL, &loop) < 0)
		return 1;

	/* Timers and callbacks, until somebody stops the loop. */
	if (evtask_call_later(loop, 5000, never, NULL, &handle) == 0) {
		evtask_handle_cancel(handle);
		evtask_handle_unref(handle);
	}
	evtask_call_soon(loop, tick, &left, NULL);
	if (evtask_loop_run_forever(loop) < 0)
		return 1;

	/* A task, which is made before the loop runs, until it is done. */
	if (evtask_loop_create_task(loop, answer, NULL, NULL, &task) < 0 ||
	    evtask_loop_run_until_complete(loop, task) < 0)
		return 1;
	if (evtask_result(task, &v) == 0)
		printf("the answer is %" PRIi64 "\n", v.u.i);
	evtask_unref(task);
	evtask_loop_free(loop);
	return 0;
}
