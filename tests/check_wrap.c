/* Wrapped: a task of one loop awaits one of another, which runs in a thread. */
#include "tests/remote.h"

#include <pthread.h>

static struct evtask_loop *far;		/* run by a thread of its own */
static struct evtask_future *far_rest;
static pthread_t far_thread;

static void *
run_far(void *arg)
{
	(void)arg;
	return (void *)(intptr_t)evtask_loop_run_until_complete(far, far_rest);
}

static void
end_far(void *arg)
{
	(void)arg;
	evtask_set_result(far_rest, evtask_value_none());
}

static void
start_far(void)
{
	ck_assert_int_eq(sem_init(&sleeping, 0, 0), 0);
	replace_loop(new_loop(EVTASK_CLOCK_MONOTONIC));
	far = new_loop(EVTASK_CLOCK_MONOTONIC);
	ck_assert_int_eq(evtask_future_new(far, &far_rest), 0);
	ck_assert_int_eq(pthread_create(&far_thread, NULL, run_far, NULL), 0);
}

static void
stop_far(void)
{
	evtask_call_soon_threadsafe(far, end_far, NULL);
	pthread_join(far_thread, NULL);
	evtask_future_unref(far_rest);
	ck_assert_int_eq(evtask_loop_free(far), 0);
}

/* Awaits fn(arg), run by the far loop. */
static int
await_far(evtask_fn fn, void *arg, struct evtask_value *ret_value)
{
	struct evtask_remote *remote;
	struct evtask_future *f;
	int r = evtask_run_threadsafe(far, fn, arg, NULL, &remote);

	ck_assert_int_eq(r, 0);
	ck_assert_int_eq(evtask_wrap_future(remote, &f), 0);
	evtask_remote_unref(remote);
	r = evtask_await_result(f, ret_value);
	if (r == 0 && ret_value != NULL)
		evtask_value_ref(*ret_value);
	evtask_future_unref(f);
	return r;
}

static int
await_far_things(void *arg)
{
	struct evtask_value v;

	(void)arg;
	ck_assert_int_eq(await_far(return_words, "far", &v), 0);
	ck_assert_str_eq(evtask_value_text(v), "far");
	evtask_value_unref(v);
	ck_assert_int_eq(await_far(raise_code, (void *)-EIO, NULL), -EIO);
	ck_assert_str_eq(evtask_error_message(evtask_raised()),
	    "raised on purpose");
	evtask_error_unref(evtask_catch(-EIO));
	return 0;
}

static void
run_here(evtask_fn fn, int expected)
{
	struct evtask *task = start(fn, NULL);

	ck_assert_int_eq(evtask_loop_run_until_complete(loop, task), 0);
	ck_assert_int_eq(outcome(task), expected);
	evtask_unref(task);
}

START_TEST(a_task_awaits_one_of_another_loop)
{
	start_far();
	run_here(await_far_things, 0);
	stop_far();
}
END_TEST

static int
cancel_far(void *arg)
{
	struct evtask_remote *remote;
	struct evtask_future *f;
	struct evtask_error *e;
	int r;

	(void)arg;
	ck_assert_int_eq(evtask_run_threadsafe(far, sleep_and_tell, NULL,
	    NULL, &remote), 0);
	ck_assert_int_eq(evtask_wrap_future(remote, &f), 0);
	sem_wait(&sleeping);
	ck_assert_int_eq(evtask_cancel(f, "no longer wanted"), 1);
	ck_assert_int_eq(evtask_await(f), 0);
	ck_assert(evtask_cancelled(f));
	evtask_future_unref(f);
	/* The request has crossed over; its answer is not waited for. */
	ck_assert_int_eq(evtask_sleep(0), 0);
	r = evtask_remote_wait(remote, EVTASK_FOREVER);
	ck_assert_int_eq(r, 0);
	ck_assert_int_eq(evtask_remote_exception(remote, &e), -ECANCELED);
	/* And one that is done is wrapped as it is. */
	ck_assert_int_eq(evtask_wrap_future(remote, &f), 0);
	ck_assert(evtask_cancelled(f));
	ck_assert_str_eq(evtask_error_message(evtask_cancellation(f)),
	    "no longer wanted");
	evtask_future_unref(f);
	evtask_remote_unref(remote);
	return 0;
}

START_TEST(cancelling_the_future_cancels_the_task_of_the_other_loop)
{
	start_far();
	run_here(cancel_far, 0);
	stop_far();
}
END_TEST

static int
wrap_and_leave(void *arg)
{
	struct evtask_remote *remote = arg;
	struct evtask_future *f;

	ck_assert_int_eq(evtask_wrap_future(remote, &f), 0);
	ck_assert_str_eq(evtask_created_at(f)->func, __func__);
	evtask_future_unref(f);
	return 0;
}

/* A task of the far loop that sleeps, and was wrapped here by one that left. */
static struct evtask_remote *
sleep_far_and_wrap(void)
{
	struct evtask_remote *remote;
	struct evtask *task;

	start_far();
	ck_assert_int_eq(evtask_run_threadsafe(far, sleep_and_tell, NULL,
	    NULL, &remote), 0);
	sem_wait(&sleeping);
	task = start(wrap_and_leave, remote);
	ck_assert_int_eq(evtask_loop_run_until_complete(loop, task), 0);
	evtask_unref(task);
	return remote;
}

START_TEST(a_loop_that_is_freed_no_longer_listens)
{
	struct evtask_remote *remote = sleep_far_and_wrap();

	replace_loop(NULL);
	ck_assert_int_eq(evtask_remote_cancel(remote, NULL), 1);
	ck_assert_int_eq(evtask_remote_wait(remote, EVTASK_FOREVER), 0);
	evtask_remote_unref(remote);
	stop_far();
}
END_TEST

START_TEST(an_answer_that_comes_as_the_loop_is_freed_is_dropped)
{
	struct evtask_remote *remote = sleep_far_and_wrap();

	ck_assert_int_eq(evtask_remote_cancel(remote, NULL), 1);
	ck_assert_int_eq(evtask_remote_wait(remote, EVTASK_FOREVER), 0);
	replace_loop(NULL);	/* with the answer in its inbox */
	evtask_remote_unref(remote);
	stop_far();
}
END_TEST

CORE_SUITE("wrap",
    a_task_awaits_one_of_another_loop,
    cancelling_the_future_cancels_the_task_of_the_other_loop,
    a_loop_that_is_freed_no_longer_listens,
    an_answer_that_comes_as_the_loop_is_freed_is_dropped)
