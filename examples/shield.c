/*
 * shield.c - work that goes on though who waits for it is cancelled.
 */
#include <evtask/evtask.h>

#include <errno.h>
#include <stdio.h>

static int
commit(void *arg)
{
	int r = evtask_sleep(100000);

	if (r == 0)
		puts("committed");
	return r;
}

static int
session(void *arg)
{
	struct evtask *work = arg;
	struct evtask_future *shield;
	int r = evtask_shield(work, &shield);

	if (r < 0)
		return r;
	r = evtask_await_result(shield, NULL);
	if (r == -ECANCELED)
		printf("the session is cancelled; its work: %s\n",
		    evtask_cancelled(work) ? "cancelled" : "goes on");
	evtask_future_unref(shield);
	return r;
}

static int
run(void *arg)
{
	struct evtask *work, *task;
	int r;

	evtask_create(commit, NULL, NULL, &work);
	evtask_create(session, work, NULL, &task);
	r = evtask_sleep(10000);
	evtask_cancel(task, NULL);
	if (r == 0)
		r = evtask_await(task);
	if (r == 0)
		r = evtask_await(work);
	evtask_unref(task);
	evtask_unref(work);
	return r;
}

int
main(void)
{
	return evtask_run(run, NULL, NULL, NULL, NULL) < 0;
}
