/*
 * timeout.c - deadlines: over a piece of work, a task, or a wait.
 */
#include <evtask/evtask.h>

#include <errno.h>
#include <stdio.h>

static int
slow(void *arg)
{
	int r = evtask_sleep(EVTASK_FOREVER);

	if (r == -ECANCELED)
		puts("slow: cancelled by the deadline");
	return r;
}

static int
nap(void *arg)
{
	return evtask_sleep(100000);
}

static int
run(void *arg)
{
	struct evtask_loop *loop = evtask_get_running_loop();
	struct evtask_timeout scope;
	struct evtask *task;
	int r;

	/* Over whatever is inside. */
	r = evtask_timeout_enter(&scope, 50000);
	if (r == 0)
		r = evtask_timeout_exit(&scope, slow(NULL));
	if (r == -ETIMEDOUT)
		puts("the scope has timed out");

	/* A deadline can be moved. */
	r = evtask_timeout_enter(&scope, 50000);
	if (r < 0)
		return r;
	r = evtask_timeout_reschedule(&scope,
	    evtask_loop_time_us(loop) + 60000000);
	if (r == 0)
		r = evtask_sleep(100000);
	r = evtask_timeout_exit(&scope, r);
	printf("in time; expired: %s\n",
	    evtask_timeout_expired(&scope) ? "yes" : "no");

	/* Over one task, which is cancelled. */
	evtask_create(slow, NULL, NULL, &task);
	r = evtask_wait_for(task, 50000, NULL);
	if (r == -ETIMEDOUT)
		puts("the task has timed out");
	evtask_unref(task);

	/* Over the waiting alone: nothing is cancelled. */
	evtask_create(nap, NULL, NULL, &task);
	r = evtask_wait((union evtask_awaitable[]){ { .task = task } }, 1,
	    50000, EVTASK_ALL_COMPLETED);
	printf("%d of 1 done\n", r);
	r = evtask_await(task);
	evtask_unref(task);
	return r;
}

int
main(void)
{
	return evtask_run(run, NULL, NULL, NULL, NULL) < 0;
}
