/*
 * Tasks for the loop of another thread. The test's own loop is the one that
 * runs them; the thread that asks is made by the test, and says what it found
 * by what it returns: NULL, or words. Nothing sleeps: who has to be somewhere
 * is waited for.
 */
#include "tests/remote.h"

#include <pthread.h>
#include <stdatomic.h>

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
    many_threads_ask_for_much)
