/*
 * Tasks for the loop of another thread. The test's own loop is the one that
 * runs them; the thread that asks is made by the test, and says what it found
 * by what it returns: NULL, or words. Nothing sleeps: who has to be somewhere
 * is waited for.
 */
#include "tests/core.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

static sem_t sleeping;		/* posted by a task before it sleeps */
static struct evtask_future *rest;	/* the loop runs until it is settled */
static atomic_int freed;

static void
end(void *arg)
{
	(void)arg;
	evtask_set_result(rest, evtask_value_none());
}

#define SAY(words) \
	do { \
		if (found == NULL) \
			found = (words); \
	} while (0)

/* Unless it holds, this is what the thread found wrong. */
#define holds(condition) \
	do { \
		if (!(condition)) \
			SAY(#condition); \
	} while (0)

struct asker {
	const char *(*fn)(void);
};

static void *
ask(void *arg)
{
	const char *found = ((struct asker *)arg)->fn();

	evtask_call_soon_threadsafe(loop, end, NULL);
	return (void *)found;
}

/* Runs the loop while the thread asks. */
static void
run_asker(const char *(*fn)(void))
{
	struct asker asker = { fn };
	pthread_t thread;
	void *found;

	ck_assert_int_eq(sem_init(&sleeping, 0, 0), 0);
	replace_loop(new_loop(EVTASK_CLOCK_MONOTONIC));
	rest = new_future();
	ck_assert_int_eq(pthread_create(&thread, NULL, ask, &asker), 0);
	ck_assert_int_eq(evtask_loop_run_until_complete(loop, rest), 0);
	pthread_join(thread, &found);
	ck_assert_msg(found == NULL, "%s", (char *)found);
	evtask_future_unref(rest);
	sem_destroy(&sleeping);
}

static int
sleep_and_tell(void *arg)
{
	int r;

	sem_post(&sleeping);
	r = evtask_sleep(EVTASK_FOREVER);
	return arg != NULL ? 0 : r;
}

static void
count_freed(void *arg)
{
	(void)arg;
	freed++;
}

static const char *
ask_for_a_result(void)
{
	const char *found = NULL;
	struct evtask_remote *remote;
	struct evtask_value v = evtask_value_none();
	struct evtask_error *e = (void *)&v;

	holds(evtask_run_threadsafe(loop, return_words, "hello", NULL,
	    &remote) == 0);
	holds(evtask_remote_wait(remote, EVTASK_FOREVER) == 0);
	holds(evtask_remote_done(remote));
	holds(evtask_remote_result(remote, &v) == 0);
	holds(strcmp(evtask_value_text(v), "hello") == 0);
	holds(evtask_remote_result(remote, NULL) == 0);
	holds(evtask_remote_exception(remote, &e) == 0 && e == NULL);
	holds(evtask_remote_cancel(remote, NULL) == 0);
	evtask_remote_unref(remote);
	return found;
}

START_TEST(another_thread_gets_the_result)
{
	run_asker(ask_for_a_result);
}
END_TEST

static const char *
ask_for_an_error(void)
{
	const char *found = NULL;
	struct evtask_remote *remote;
	struct evtask_error *e = NULL;

	holds(evtask_run_threadsafe(loop, raise_code, (void *)-EIO, NULL,
	    &remote) == 0);
	holds(evtask_remote_wait(remote, 3600 * SECOND) == 0);
	holds(evtask_remote_result(remote, NULL) == -EIO);
	holds(evtask_remote_exception(remote, &e) == 0);
	holds(strcmp(evtask_error_message(e), "raised on purpose") == 0);
	evtask_remote_unref(remote);
	return found;
}

START_TEST(another_thread_gets_the_error)
{
	run_asker(ask_for_an_error);
}
END_TEST

static const char *
ask_and_give_up(void)
{
	const char *found = NULL;
	struct evtask_remote *remote;

	holds(evtask_run_threadsafe(loop, sleep_and_tell, NULL, NULL,
	    &remote) == 0);
	holds(evtask_remote_wait(remote, 0) == -ETIMEDOUT);
	holds(evtask_remote_wait(remote, -1) == -ETIMEDOUT);
	holds(evtask_remote_wait(remote, 1000) == -ETIMEDOUT);
	holds(!evtask_remote_done(remote));
	holds(evtask_remote_result(remote, NULL) == -EINPROGRESS);
	holds(evtask_remote_exception(remote, NULL) == -EINPROGRESS);
	holds(evtask_remote_cancel(remote, NULL) == 1);
	holds(evtask_remote_wait(remote, EVTASK_FOREVER) == 0);
	evtask_remote_unref(remote);
	return found;
}

START_TEST(who_waits_may_give_up_and_the_task_goes_on)
{
	run_asker(ask_and_give_up);
}
END_TEST

static const char *
ask_and_cancel(void)
{
	const char *found = NULL;
	struct evtask_remote *remote;
	struct evtask_error *e;

	holds(evtask_run_threadsafe(loop, sleep_and_tell, NULL, NULL,
	    &remote) == 0);
	sem_wait(&sleeping);
	holds(evtask_remote_cancel(remote, "from afar") == 1);
	holds(evtask_remote_wait(remote, EVTASK_FOREVER) == 0);
	holds(evtask_remote_result(remote, NULL) == -ECANCELED);
	holds(evtask_remote_exception(remote, &e) == -ECANCELED);
	evtask_remote_unref(remote);
	return found;
}

START_TEST(a_cancel_crosses_the_threads)
{
	run_asker(ask_and_cancel);
}
END_TEST

static const char *
ask_one_who_swallows(void)
{
	const char *found = NULL;
	struct evtask_remote *remote;

	holds(evtask_run_threadsafe(loop, sleep_and_tell, (void *)1, NULL,
	    &remote) == 0);
	sem_wait(&sleeping);
	holds(evtask_remote_cancel(remote, NULL) == 1);
	holds(evtask_remote_cancel(remote, "twice") >= 0);
	holds(evtask_remote_wait(remote, EVTASK_FOREVER) == 0);
	holds(evtask_remote_result(remote, NULL) == 0);
	evtask_remote_unref(remote);
	return found;
}

START_TEST(a_task_may_refuse_from_afar_too)
{
	run_asker(ask_one_who_swallows);
}
END_TEST

static struct evtask_info seen;
static char seen_name[32];

static int
look_at_myself(void *arg)
{
	(void)arg;
	(void)evtask_get_info(evtask_current_task(), &seen);
	snprintf(seen_name, sizeof seen_name, "%s", seen.name);
	return 0;
}

static const char *
ask_with_options(void)
{
	const char *found = NULL;
	char name[] = "remote";
	struct evtask_origin origin = { EVTASK_ORIGIN_CLIENT, 7 };
	struct evtask_options options = {
		.name = name, .origin = &origin, .arg_free = count_freed,
		.eager = true,
	};
	struct evtask_remote *remote;

	holds(evtask_run_threadsafe(loop, look_at_myself, NULL, &options,
	    &remote) == 0);
	memset(name, 'x', sizeof name - 1);
	memset(&origin, 0, sizeof origin);
	holds(evtask_remote_wait(remote, EVTASK_FOREVER) == 0);
	holds(freed == 1);
	holds(strcmp(seen_name, "remote") == 0);
	holds(seen.created_by.type == EVTASK_ORIGIN_CLIENT);
	holds(seen.created_by.id == 7);
	holds(strcmp(seen.created_at->func, __func__) == 0);
	evtask_remote_unref(remote);
	return found;
}

/* Options of a task whose argument is counted when it is freed, from 0. */
static struct evtask_options
counting_freed(void)
{
	freed = 0;
	return (struct evtask_options){ .arg_free = count_freed };
}

START_TEST(options_are_copied_and_the_argument_is_freed)
{
	run_asker(ask_with_options);
}
END_TEST

static const char *
ask_and_forget(void)
{
	const char *found = NULL;
	struct evtask_remote *remote;

	holds(evtask_run_threadsafe(loop, raise_code, (void *)-EIO, NULL,
	    &remote) == 0);
	evtask_remote_unref(remote);
	return found;
}

START_TEST(an_error_nobody_holds_on_to_is_reported)
{
	/* The handle may be dropped before the task ends, or after. */
	run_asker(ask_and_forget);
	ck_assert_uint_le(reported.n, 1);
	reported.n = 0;
}
END_TEST

static void *
unref_in_thread(void *arg)
{
	evtask_remote_unref(arg);
	return NULL;
}

START_TEST(a_handle_dropped_before_the_end_leaves_the_error_to_the_handler)
{
	struct evtask_remote *remote;
	pthread_t thread;

	ck_assert_int_eq(evtask_run_threadsafe(loop, raise_code, (void *)-EIO,
	    NULL, &remote), 0);
	ck_assert_int_eq(pthread_create(&thread, NULL, unref_in_thread,
	    remote), 0);
	pthread_join(thread, NULL);
	evtask_loop_stop(loop);
	ck_assert_int_eq(evtask_loop_run_forever(loop), 0);
	run_dry();
	ck_assert_reported("an exception was never retrieved", -EIO);
}
END_TEST

/* The end of the loop. */

START_TEST(a_loop_that_is_freed_cancels_what_it_has_not_begun)
{
	struct evtask_options options = counting_freed();
	struct evtask_remote *remote;

	ck_assert_int_eq(evtask_run_threadsafe(loop, return_at_once, NULL,
	    &options, &remote), 0);
	ck_assert_int_eq(evtask_remote_cancel(remote, NULL), 1);
	replace_loop(NULL);
	ck_assert_int_eq(freed, 1);
	ck_assert_int_eq(evtask_remote_wait(remote, EVTASK_FOREVER), 0);
	ck_assert_int_eq(evtask_remote_result(remote, NULL), -ECANCELED);
	ck_assert_int_eq(evtask_remote_cancel(remote, NULL), 0);
	evtask_remote_unref(remote);
}
END_TEST

START_TEST(a_loop_that_is_freed_unwinds_what_it_has_begun)
{
	struct evtask_options options = counting_freed();
	struct evtask_remote *remote;

	ck_assert_int_eq(sem_init(&sleeping, 0, 0), 0);
	ck_assert_int_eq(evtask_run_threadsafe(loop, sleep_and_tell, NULL,
	    &options, &remote), 0);
	run_dry();
	ck_assert_int_eq(evtask_remote_cancel(remote, "too late"), 1);
	replace_loop(NULL);
	ck_assert_int_eq(freed, 1);
	ck_assert_int_eq(evtask_remote_result(remote, NULL), -ECANCELED);
	evtask_remote_unref(remote);
}
END_TEST

static int
refuse(struct evtask_loop *l, evtask_fn fn, void *arg,
    const struct evtask_options *options, struct evtask **ret_task,
    const struct evtask_site *site, void *factory_arg)
{
	(void)l, (void)fn, (void)arg, (void)options, (void)ret_task;
	(void)site, (void)factory_arg;
	return -EPERM;
}

START_TEST(a_task_that_cannot_be_created_has_that_error)
{
	struct evtask_options options = counting_freed();
	struct evtask_remote *remote;
	struct evtask_error *e;

	evtask_loop_set_task_factory(loop, refuse, NULL);
	ck_assert_int_eq(evtask_run_threadsafe(loop, return_at_once, NULL,
	    &options, &remote), 0);
	run_dry();
	ck_assert_int_eq(evtask_remote_result(remote, NULL), -EPERM);
	ck_assert_int_eq(evtask_remote_exception(remote, &e), 0);
	ck_assert_int_eq(evtask_error_code(e), -EPERM);
	ck_assert_int_eq(freed, 1);
	evtask_remote_unref(remote);
}
END_TEST

static int
wait_for_oneself(void *arg)
{
	struct evtask_remote *remote;

	(void)arg;
	ck_assert_int_eq(evtask_run_threadsafe(loop, return_at_once, NULL,
	    NULL, &remote), 0);
	ck_assert_int_eq(evtask_remote_wait(remote, EVTASK_FOREVER),
	    -EDEADLK);
	ck_assert_int_eq(evtask_sleep(SECOND), 0);
	ck_assert_int_eq(evtask_remote_wait(remote, EVTASK_FOREVER), 0);
	evtask_remote_unref(remote);
	return 0;
}

START_TEST(the_loops_own_thread_cannot_wait)
{
	run_body(wait_for_oneself);
}
END_TEST

START_TEST(misuse_is_refused)
{
	struct evtask_context *context = (void *)&loop;
	struct evtask_options options = { .context = context };
	struct evtask_remote *remote;
	struct evtask_future *f;

	ck_assert_int_eq(evtask_run_threadsafe(NULL, return_at_once, NULL,
	    NULL, &remote), -EINVAL);
	ck_assert_int_eq(evtask_run_threadsafe(loop, NULL, NULL, NULL,
	    &remote), -EINVAL);
	ck_assert_int_eq(evtask_run_threadsafe(loop, return_at_once, NULL,
	    NULL, NULL), -EINVAL);
	ck_assert_int_eq(evtask_run_threadsafe(loop, return_at_once, NULL,
	    &options, &remote), -EINVAL);
	ck_assert_int_eq(evtask_remote_wait(NULL, 0), -EINVAL);
	ck_assert_int_eq(evtask_remote_result(NULL, NULL), -EINVAL);
	ck_assert_int_eq(evtask_remote_exception(NULL, NULL), -EINVAL);
	ck_assert_int_eq(evtask_remote_cancel(NULL, NULL), -EINVAL);
	evtask_remote_unref(NULL);
	ck_assert_int_eq(evtask_wrap_future(NULL, &f), -EINVAL);
}
END_TEST

static const char *
ask_for_much(void)
{
	const char *found = NULL;
	struct evtask_remote *remotes[200];
	struct evtask_value v;

	for (size_t i = 0; i < COUNT(remotes); i++)
		holds(evtask_run_threadsafe(loop, i % 3 == 0 ? sleep_and_tell :
		    return_words, i % 3 == 0 ? NULL : "much", NULL,
		    &remotes[i]) == 0);
	for (size_t i = 0; i < COUNT(remotes); i += 3)
		holds(evtask_remote_cancel(remotes[i], "no more") == 1);
	for (size_t i = 0; i < COUNT(remotes); i++) {
		holds(evtask_remote_wait(remotes[i], EVTASK_FOREVER) == 0);
		holds(evtask_remote_result(remotes[i], &v) ==
		    (i % 3 == 0 ? -ECANCELED : 0));
		evtask_remote_unref(remotes[i]);
	}
	return found;
}

static void *
ask_too(void *arg)
{
	(void)arg;
	return (void *)ask_for_much();
}

static const char *
ask_from_many_threads(void)
{
	pthread_t threads[4];
	const char *found = NULL;
	void *theirs;

	for (size_t i = 0; i < COUNT(threads); i++)
		holds(pthread_create(&threads[i], NULL, ask_too, NULL) == 0);
	for (size_t i = 0; i < COUNT(threads); i++) {
		pthread_join(threads[i], &theirs);
		if (theirs != NULL)
			SAY(theirs);
	}
	return found;
}

START_TEST(many_threads_ask_for_much)
{
	run_asker(ask_from_many_threads);
}
END_TEST

/* Wrapped: a task of one loop awaits one of another. */

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

CORE_SUITE("remote",
    another_thread_gets_the_result,
    another_thread_gets_the_error,
    who_waits_may_give_up_and_the_task_goes_on,
    a_cancel_crosses_the_threads,
    a_task_may_refuse_from_afar_too,
    options_are_copied_and_the_argument_is_freed,
    an_error_nobody_holds_on_to_is_reported,
    a_handle_dropped_before_the_end_leaves_the_error_to_the_handler,
    a_loop_that_is_freed_cancels_what_it_has_not_begun,
    a_loop_that_is_freed_unwinds_what_it_has_begun,
    a_task_that_cannot_be_created_has_that_error,
    the_loops_own_thread_cannot_wait,
    misuse_is_refused,
    many_threads_ask_for_much,
    a_task_awaits_one_of_another_loop,
    cancelling_the_future_cancels_the_task_of_the_other_loop,
    a_loop_that_is_freed_no_longer_listens,
    an_answer_that_comes_as_the_loop_is_freed_is_dropped)
