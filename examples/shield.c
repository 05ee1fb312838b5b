/*
 * shield.c - work that goes on though who waits for it is cancelled.
 */
#include <evtask/evtask.h>

#include <errno.h>
#include <stdio.h>

static int
commit(void *disk)
{
	int r = evtask_event_wait(disk);

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
	struct evtask_event *disk;	/* set: it has written all */
	int r = evtask_event_new("disk", &disk);

	if (r < 0)
		return r;
	evtask_create(commit, disk, NULL, &work);
	evtask_create(session, work, NULL, &task);
	r = evtask_sleep(0);
	evtask_cancel(task, NULL);
	if (r == 0)
		r = evtask_await(task);
	evtask_event_set(disk);
	if (r == 0)
		r = evtask_await(work);
	evtask_unref(task);
	evtask_unref(work);
	evtask_event_free(disk);
	return r;
}

int
main(void)
{
	return evtask_run(run, NULL, NULL, NULL, NULL) < 0;
}
