/*
 * await.c - awaiting: a call, a task, a future that a callback settles.
 */
#include <evtask/evtask.h>

#include <inttypes.h>
#include <stdio.h>

struct sum {
	int64_t a, b;
};

static int
add(void *arg)
{
	const struct sum *sum = arg;
	int r = evtask_sleep(100000);

	return r < 0 ? r : evtask_return(evtask_value_int(sum->a + sum->b));
}

static void
answer(void *future)
{
	evtask_set_result(future, evtask_value_int(42));
}

static int
await(void *arg)
{
	struct sum three = { 1, 2 }, seven = { 3, 4 };
	struct evtask_future *future = NULL;
	struct evtask *task = NULL;
	struct evtask_value v;
	int r;

	/* A call: it runs here, in this task. */
	r = evtask_call(add, &three, &v);
	if (r == 0)
		printf("1 + 2 = %" PRIi64 "\n", v.u.i);

	/* A task: it runs beside us, and may be awaited more than once. */
	if (r == 0)
		r = evtask_create(add, &seven, NULL, &task);
	if (r == 0)
		r = evtask_await_result(task, &v);
	if (r == 0)
		printf("3 + 4 = %" PRIi64 "\n", v.u.i);
	if (r == 0)
		r = evtask_await_result(task, &v);
	if (r == 0)
		printf("again: %" PRIi64 "\n", v.u.i);

	/* A future: somebody else will settle it. */
	if (r == 0)
		r = evtask_future_new(NULL, &future);
	if (r == 0)
		r = evtask_call_later(NULL, 100000, answer, future, NULL);
	if (r == 0)
		r = evtask_await_result(future, &v);
	if (r == 0)
		printf("the callback says %" PRIi64 "\n", v.u.i);

	evtask_future_unref(future);
	evtask_unref(task);
	return r;
}

int
main(void)
{
	return evtask_run(await, NULL, NULL, NULL, NULL) < 0;
}
