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

static int
welcome(void *arg)
{
	int r = evtask_sleep(10000);

	return r < 0 ? r : evtask_return(evtask_value_literal("come in"));
}

static void
leave(void *future)
{
	evtask_set_result(future, evtask_value_literal("goodbye"));
}

static void *
visitor(void *arg)
{
	struct visit *visit = arg;
	struct evtask_remote *remote;
	struct evtask_value words;

	/* A task of that loop, of which this thread awaits the result. */
	puts("thread: knocks");
	if (evtask_run_threadsafe(visit->loop, welcome, NULL, NULL,
	    &remote) == 0) {
		if (evtask_remote_wait(remote, EVTASK_FOREVER) == 0 &&
		    evtask_remote_result(remote, &words) == 0)
			printf("thread: is told: %s\n",
			    evtask_value_text(words));
		evtask_remote_unref(remote);
	}

	/* A callback of that loop. */
	evtask_call_soon_threadsafe(visit->loop, leave, visit->future);
	return NULL;
}

static int
run(void *arg)
{
	struct visit visit = { .loop = evtask_get_running_loop() };
	struct evtask_value words;
	pthread_t thread;
	int r = evtask_future_new(NULL, &visit.future);

	if (r < 0)
		return r;
	if (pthread_create(&thread, NULL, visitor, &visit) == 0) {
		r = evtask_await_result(visit.future, &words);
		if (r == 0)
			printf("loop: is told: %s\n", evtask_value_text(words));
		pthread_join(thread, NULL);
	}
	evtask_future_unref(visit.future);
	return r;
}

int
main(void)
{
	return evtask_run(run, NULL, NULL, NULL, NULL) < 0;
}
