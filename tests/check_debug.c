/* Debug mode: what is misused is reported, with what words and which place. */
#include "tests/debug.h"

/* The call is answered with the code, and reported with this very place. */
#define ck_assert_misuse(call, of_code) \
	do { \
		int r_ = (int)(call); \
		ck_assert_msg(r_ == (of_code), "%s: %d, not %d", #call, r_, \
		    (of_code)); \
		ck_assert_msg(last.n == 1, "%s: %d reports", #call, last.n); \
		ck_assert_int_eq(last.type, EVTASK_REPORT_MISUSE); \
		ck_assert_int_eq(last.code, (of_code)); \
		ck_assert_msg(last.line == __LINE__, "%s: line %u", #call, \
		    last.line); \
		ck_assert_str_eq(last.func, __func__); \
		last.n = 0; \
	} while (0)

static struct evtask_future *foreign;
static struct evtask_loop *foreign_loop;

static void
arrange(void)
{
	debug();
	pending = new_future();
	done = new_future();
	evtask_set_result(done, evtask_value_none());
	foreign_loop = new_loop(EVTASK_CLOCK_VIRTUAL);
	ck_assert_int_eq(evtask_future_new(foreign_loop, &foreign), 0);
}

static void
tidy_up(void)
{
	ck_assert_int_eq(last.n, 0);
	evtask_future_unref(pending);
	evtask_future_unref(done);
	evtask_future_unref(foreign);
	ck_assert_int_eq(evtask_loop_free(foreign_loop), 0);
}

static void
misuse_futures(void)
{
	struct evtask_error *e;

	ck_assert_misuse(evtask_set_result(done, evtask_value_none()),
	    -EALREADY);
	ck_assert_misuse(evtask_set_exception(done,
	    evtask_error_new(-EIO, NULL, NULL)), -EALREADY);
	ck_assert_misuse(evtask_result(pending, NULL), -EINPROGRESS);
	ck_assert_misuse(evtask_exception(pending, &e), -EINPROGRESS);
	ck_assert_misuse(evtask_add_done_callback(pending, NULL, NULL),
	    -EINVAL);
}

/* With a loop that runs there is somebody to be told even about nothing. */
static void
misuse_nothing(void)
{
	struct evtask_future *f;
	struct evtask_value v;

	ck_assert_misuse(evtask_set_result(NULL, evtask_value_none()),
	    -EINVAL);
	ck_assert_misuse(evtask_set_exception(pending, NULL), -EINVAL);
	ck_assert_misuse(evtask_result(AWAITABLE(NULL), &v), -EINVAL);
	ck_assert_misuse(evtask_cancel(AWAITABLE(NULL), NULL), -EINVAL);
	ck_assert_misuse(evtask_create(NULL, NULL, NULL, NULL), -EINVAL);
	ck_assert_misuse(evtask_call_soon(NULL, NULL, NULL, NULL), -EINVAL);
	ck_assert_misuse(evtask_call_later(NULL, -1, NULL, NULL, NULL),
	    -EINVAL);
	ck_assert_misuse(evtask_future_new(NULL, NULL), -EINVAL);
	ck_assert_misuse(evtask_gather(NULL, 1, false, &f), -EINVAL);
	ck_assert_misuse(evtask_shield(AWAITABLE(NULL), &f), -EINVAL);
	ck_assert_misuse(evtask_lock_release(NULL), -EINVAL);
	ck_assert_misuse(evtask_semaphore_release(NULL), -EINVAL);
	ck_assert_misuse(evtask_condition_notify(NULL, 1), -EINVAL);
	ck_assert_misuse(evtask_queue_get_nowait(NULL, &v), -EINVAL);
	ck_assert_misuse(evtask_queue_put_nowait(NULL, evtask_value_none()),
	    -EINVAL);
	ck_assert_misuse(evtask_queue_task_done(NULL), -EINVAL);
	ck_assert_misuse(evtask_timeout_exit(NULL, 0), -EINVAL);
	ck_assert_misuse(evtask_timeout_reschedule(NULL, 0), -EINVAL);
}

static void
misuse_what_is_free(void)
{
	struct evtask_condition *condition;
	struct evtask_semaphore *semaphore;
	struct evtask_queue *queue;
	struct evtask_lock *lock;

	ck_assert_int_eq(evtask_lock_new(NULL, &lock), 0);
	ck_assert_int_eq(evtask_condition_new(NULL, NULL, &condition), 0);
	ck_assert_int_eq(evtask_semaphore_new(NULL, 1, true, &semaphore), 0);
	ck_assert_int_eq(evtask_queue_new(NULL, &queue), 0);
	ck_assert_misuse(evtask_lock_release(lock), -EPERM);
	ck_assert_misuse(evtask_condition_release(condition), -EPERM);
	ck_assert_misuse(evtask_condition_notify(condition, 1), -EPERM);
	ck_assert_misuse(evtask_condition_notify_all(condition), -EPERM);
	ck_assert_misuse(evtask_semaphore_release(semaphore), -EOVERFLOW);
	ck_assert_misuse(evtask_queue_task_done(queue), -EPERM);
	ck_assert_misuse(evtask_queue_get_nowait(queue, NULL), -EINVAL);
	evtask_lock_free(lock);
	evtask_condition_free(condition);
	evtask_semaphore_free(semaphore);
	evtask_queue_free(queue);
}

static void
misuse_runs(void)
{
	ck_assert_misuse(evtask_loop_run_forever(loop), -EBUSY);
	ck_assert_misuse(evtask_loop_run_until_complete(loop, done), -EBUSY);
	ck_assert_misuse(evtask_loop_run_forever(foreign_loop), -EBUSY);
	ck_assert_misuse(evtask_run(return_at_once, NULL, NULL, NULL, NULL),
	    -EBUSY);
}

static void
misuse_waits(void)
{
	union evtask_awaitable fs[] = { AWAITABLE(pending) };
	struct evtask_as_completed *it;
	struct evtask_timeout timeout;
	struct evtask_group group;
	struct evtask_value v;

	ck_assert_misuse(evtask_await(pending), -EINVAL);
	ck_assert_misuse(evtask_await_result(done, NULL), -EINVAL);
	ck_assert_misuse(evtask_sleep(1), -EINVAL);
	ck_assert_misuse(evtask_wait(fs, 1, 0, EVTASK_ALL_COMPLETED),
	    -EINVAL);
	ck_assert_misuse(evtask_wait_for(done, 1, NULL), -EINVAL);
	ck_assert_misuse(evtask_wait_for_keep(done, 1, NULL), -EINVAL);
	ck_assert_misuse(evtask_wait_for_call(return_at_once, NULL, 1, NULL),
	    -EINVAL);
	ck_assert_misuse(evtask_timeout_enter(&timeout, 1), -EINVAL);
	ck_assert_misuse(evtask_timeout_at_enter(&timeout, 1), -EINVAL);
	ck_assert_misuse(evtask_group_enter(&group), -EINVAL);
	ck_assert_misuse(evtask_return(evtask_value_none()), -EINVAL);
	ck_assert_misuse(evtask_lock_acquire(NULL), -EINVAL);
	ck_assert_misuse(evtask_event_wait(NULL), -EINVAL);
	ck_assert_misuse(evtask_sleep(0), -EINVAL);
	ck_assert_misuse(evtask_semaphore_acquire(NULL), -EINVAL);
	ck_assert_misuse(evtask_condition_wait(NULL), -EINVAL);
	ck_assert_misuse(evtask_barrier_wait(NULL), -EINVAL);
	ck_assert_misuse(evtask_queue_get(NULL, &v), -EINVAL);
	ck_assert_misuse(evtask_queue_put(NULL, evtask_value_none()),
	    -EINVAL);
	ck_assert_misuse(evtask_queue_join(NULL), -EINVAL);
	ck_assert_misuse(evtask_as_completed(fs, 1, 0, NULL), -EINVAL);
	ck_assert_int_eq(evtask_as_completed(NULL, 0, 0, &it), 0);
	ck_assert_misuse(evtask_as_completed_next(it, NULL), -EINVAL);
	evtask_as_completed_free(it);
}

static void
in_callback(void *arg)
{
	(void)arg;
	misuse_futures();
	misuse_nothing();
	misuse_what_is_free();
	misuse_runs();
	misuse_waits();
}

START_TEST(misuse_is_reported_with_its_place)
{
	arrange();
	misuse_futures();	/* known to be of this loop */
	ck_assert_misuse(evtask_loop_run_until_complete(loop, foreign),
	    -EXDEV);
	ck_assert_int_eq(evtask_call_soon(loop, in_callback, NULL, NULL), 0);
	run_turns(1);
	tidy_up();
}
END_TEST

START_TASK_TEST(misuse_in_a_task_names_it)
{
	union evtask_awaitable fs[] = { AWAITABLE(foreign) };
	struct evtask_timeout timeout;
	struct evtask_group group;

	arrange();
	fs[0].future = foreign;
	ck_assert_misuse(evtask_set_result(evtask_as_future(
	    evtask_current_task()), evtask_value_none()), -EPERM);
	ck_assert_ptr_eq(last.task, evtask_current_task());
	ck_assert_misuse(evtask_await(AWAITABLE(NULL)), -EINVAL);
	ck_assert_misuse(evtask_await(foreign), -EXDEV);
	ck_assert_misuse(evtask_await(evtask_current_task()), -EDEADLK);
	evtask_error_unref(evtask_catch(-EDEADLK));
	ck_assert_misuse(evtask_lock_acquire(NULL), -EINVAL);
	ck_assert_misuse(evtask_event_wait(NULL), -EINVAL);
	ck_assert_misuse(evtask_semaphore_acquire(NULL), -EINVAL);
	ck_assert_misuse(evtask_condition_wait(NULL), -EINVAL);
	ck_assert_misuse(evtask_queue_get(NULL, NULL), -EINVAL);
	ck_assert_misuse(evtask_queue_join(NULL), -EINVAL);
	ck_assert_misuse(evtask_timeout_enter(NULL, 0), -EINVAL);
	ck_assert_misuse(evtask_group_enter(NULL), -EINVAL);
	ck_assert_misuse(evtask_wait_for(AWAITABLE(NULL), 1, NULL), -EINVAL);
	ck_assert_misuse(evtask_wait(fs, 1, 0, EVTASK_ALL_COMPLETED),
	    -EXDEV);
	ck_assert_misuse(evtask_wait(NULL, 0, 0, EVTASK_ALL_COMPLETED),
	    -EINVAL);
	ck_assert_int_eq(evtask_timeout_enter(&timeout, 1), 0);
	ck_assert_int_eq(evtask_timeout_exit(&timeout, 0), 0);
	ck_assert_misuse(evtask_timeout_exit(&timeout, 0), -EINVAL);
	ck_assert_misuse(evtask_timeout_reschedule(&timeout, 0), -EINVAL);
	ck_assert_int_eq(evtask_group_enter(&group), 0);
	ck_assert_int_eq(evtask_group_exit(&group, 0), 0);
	ck_assert_misuse(evtask_group_exit(&group, 0), -EINVAL);
	ck_assert_misuse(evtask_group_create_task(&group, return_at_once,
	    NULL, NULL, NULL), -EPERM);
	tidy_up();
	evtask_loop_set_exception_handler(loop, on_report, NULL);
	return 0;
}

START_TEST(a_report_is_a_line_for_people)
{
	char line[24];
	struct evtask_report report = { .message = "something happened" };

	ck_assert_int_eq(evtask_report_format(&report, line, sizeof line), 18);
	ck_assert_str_eq(line, "something happened");
	ck_assert_int_eq(evtask_report_format(&report, line, 10), 18);
	ck_assert_str_eq(line, "something");
	ck_assert_int_eq(evtask_report_format(&report, NULL, 0), 18);
	ck_assert_int_eq(evtask_report_format(NULL, line, 1), -EINVAL);
	ck_assert_int_eq(evtask_report_format(&report, NULL, 1), -EINVAL);
}
END_TEST

static int
ask_too_early(void *arg)
{
	(void)evtask_set_name(evtask_current_task(), "crawl");
	return evtask_result((struct evtask_future *)arg, NULL) ==
	    -EINPROGRESS ? 0 : -EPROTO;
}

START_TEST(a_report_names_task_error_and_place)
{
	debug();
	pending = new_future();
	spawn(ask_too_early, pending);
	run_dry();
	ck_assert_ptr_nonnull(strstr(last.text, "task crawl: the outcome of a "
	    "future is asked for before it is done: Operation now in "
	    "progress, at "));
	ck_assert_ptr_nonnull(strstr(last.text,
	    "tests/check_debug.c:"));
	ck_assert_ptr_nonnull(strstr(last.text, " (ask_too_early)"));
	evtask_future_unref(pending);
}
END_TEST

START_TEST(without_debug_mode_nothing_is_reported)
{
	listen_to(loop);
	pending = new_future();
	ck_assert_int_eq(evtask_result(pending, NULL), -EINPROGRESS);
	ck_assert_int_eq(last.n, 0);
	evtask_future_unref(pending);
}
END_TEST

/* Choosing it. */

START_TEST(debug_mode_is_chosen_by_option_environment_or_call)
{
	struct evtask_loop_options options = { .debug = true };
	struct evtask_loop *l;

	ck_assert(!evtask_loop_get_debug(loop));
	ck_assert_int_eq(evtask_loop_get_slow_callback_duration(loop), 0);
	ck_assert_int_eq(evtask_loop_new(&options, &l), 0);
	ck_assert(evtask_loop_get_debug(l));
	ck_assert_int_eq(evtask_loop_get_slow_callback_duration(l), 100000);
	evtask_loop_set_debug(l, false);
	ck_assert(!evtask_loop_get_debug(l));
	ck_assert_int_eq(evtask_loop_free(l), 0);

	setenv("EVTASK_DEBUG", "1", 1);
	ck_assert_int_eq(evtask_loop_new(NULL, &l), 0);
	ck_assert(evtask_loop_get_debug(l));
	ck_assert_int_eq(evtask_loop_free(l), 0);
	setenv("EVTASK_DEBUG", "", 1);
	ck_assert_int_eq(evtask_loop_new(NULL, &l), 0);
	ck_assert(!evtask_loop_get_debug(l));
	ck_assert_int_eq(evtask_loop_free(l), 0);
}
END_TEST

CORE_SUITE("debug",
    misuse_is_reported_with_its_place,
    misuse_in_a_task_names_it,
    a_report_is_a_line_for_people,
    a_report_names_task_error_and_place,
    without_debug_mode_nothing_is_reported,
    debug_mode_is_chosen_by_option_environment_or_call)
