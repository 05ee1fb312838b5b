/*
 * from_thread.c - other threads: how they reach a loop that is not theirs.
 */
#include <evtask/evtask.h>

#include <pthread.h>
#include <stdio.h>

struct visit {
	struct evtask_loop *loop;
	struct evtask_future *future;
};

/* Runs in the loop's thread. */
static void
let_in(void *arg)
{
	struct visit *visit = arg;

	evtask_set_result(visit->future,
	    evtask_value_literal("hello from outside"));
}

static void *
visit(void *arg)
{
	struct visit *visit = arg;

	puts("thread: knocks");
	evtask_call_soon_threadsafe(visit->loop, let_in, visit);
	return NULL;
}

static int
run(void *arg)
{
	struct visit here = { .loop = evtask_get_running_loop() };
	struct evtask_value words;
	pthread_t thread;
	int r;

	r = evtask_future_new(NULL, &here.future);
	if (r < 0)
		return r;
	if (pthread_create(&thread, NULL, visit, &here) == 0) {
		r = evtask_await_result(here.future, &words);
		if (r == 0)
			printf("loop: %s\n", evtask_value_text(words));
		pthread_join(thread, NULL);
	}
	evtask_future_unref(here.future);
	return r;
}

int
main(void)
{
	return evtask_run(run, NULL, NULL, NULL, NULL) < 0;
}
