/*
 * many.c - gather all, wait for some, take them as they end.
 */
#include <evtask/evtask.h>

#include <inttypes.h>
#include <stdio.h>

static int
square(void *arg)
{
	int64_t n = *(const int64_t *)arg;
	int r = 0;

	for (int64_t turn = 0; r == 0 && turn < 3 * n; turn++)
		r = evtask_sleep(0);
	return r < 0 ? r : evtask_return(evtask_value_int(n * n));
}

static void
start(union evtask_awaitable tasks[3])
{
	static int64_t n[] = { 3, 1, 2 };

	for (int i = 0; i < 3; i++)
		evtask_create(square, &n[i], NULL, &tasks[i].task);
}

static int
run(void *arg)
{
	union evtask_awaitable tasks[3];
	struct evtask_as_completed *it;
	struct evtask_future *future;
	struct evtask_value v;
	int i, r;

	/* All of them, as one list in the order of the arguments. */
	start(tasks);
	r = evtask_gather(tasks, 3, false, &future);
	for (i = 0; i < 3; i++)
		evtask_unref(tasks[i].task);	/* the gather has them */
	if (r == 0)
		r = evtask_await_result(future, &v);
	if (r < 0)
		return r;
	printf("gathered:");
	for (i = 0; i < 3; i++)
		printf(" %" PRIi64, v.u.l->values[i].u.i);
	putchar('\n');
	evtask_future_unref(future);

	/* The first to end; nothing is cancelled. */
	start(tasks);
	r = evtask_wait(tasks, 3, EVTASK_FOREVER, EVTASK_FIRST_COMPLETED);
	if (r >= 0)
		printf("%d is done, %d are not\n", r, 3 - r);

	/* One after the other, as they end. */
	r = evtask_as_completed(tasks, 3, EVTASK_FOREVER, &it);
	while (r >= 0 && (r = evtask_as_completed_next(it, &future)) > 0) {
		evtask_result(future, &v);
		printf("next: %" PRIi64 "\n", v.u.i);
	}
	evtask_as_completed_free(it);
	for (i = 0; i < 3; i++)
		evtask_unref(tasks[i].task);
	return r;
}

int
main(void)
{
	return evtask_run(run, NULL, NULL, NULL, NULL) < 0;
}
