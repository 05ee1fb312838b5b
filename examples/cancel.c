/*
 * cancel.c - cancelling: a request, to clean up after, or to refuse.
 */
#include <evtask/evtask.h>

#include <errno.h>
#include <stdio.h>

static int
tidy(void *arg)
{
	int r = evtask_sleep(EVTASK_FOREVER);

	if (r == -ECANCELED) {
		printf("tidy: asked to stop: %s\n",
		    evtask_error_message(evtask_raised()));
		if (evtask_sleep(10000) == 0)	/* cleaning up may wait */
			puts("tidy: cleaned up");
	}
	return r;
}

static int
stubborn(void *arg)
{
	if (evtask_sleep(EVTASK_FOREVER) == -ECANCELED) {
		evtask_uncancel(evtask_current_task());
		puts("stubborn: not now");
	}
	return evtask_sleep(10000);
}

static int
cancel(const char *name, evtask_fn fn, bool begun)
{
	struct evtask *task;
	int r = evtask_create(fn, NULL, NULL, &task);

	if (r < 0)
		return r;
	if (begun)
		r = evtask_sleep(0);
	evtask_cancel(task, "closing time");
	if (r == 0)
		r = evtask_await(task);
	printf("%s %s\n", name,
	    evtask_cancelled(task) ? "was cancelled" : "returned");
	evtask_unref(task);
	return r;
}

static int
run(void *arg)
{
	int r = cancel("early", tidy, false);	/* it never runs */

	if (r == 0)
		r = cancel("tidy", tidy, true);
	if (r == 0)
		r = cancel("stubborn", stubborn, true);
	return r;
}

int
main(void)
{
	return evtask_run(run, NULL, NULL, NULL, NULL) < 0;
}
