/*
 * Misuse: what the public functions answer to calls that make no sense, and
 * that nothing has changed after each of them. The rows are the calls
 * themselves, told apart by where they are made: outside the loop, in a
 * callback, in a task.
 */
#include "tests/core.h"

/* What must stay as it is. */
static struct evtask_loop *foreign_loop;
static struct evtask_future *pending, *done, *foreign;
static struct evtask *sleeper;
static struct evtask_handle *soon, *later;
static struct evtask_timeout scope;	/* left already */
static struct evtask_loop_stats before;
static int refs;			/* of values handed in */

static void
ref(void *p)
{
	(void)p;
	refs++;
}

static void
unref(void *p)
{
	(void)p;
	refs--;
}

static const struct evtask_type counted_type = {
	.name = "counted", .ref = ref, .unref = unref,
};

/* A value whose reference the call takes, whatever it answers. */
static struct evtask_value
counted(void)
{
	refs++;
	return (struct evtask_value){ .type = &counted_type };
}

static void
nothing_changed(const char *call)
{
	struct evtask_loop_stats after;
	struct evtask_value v;

	evtask_loop_get_stats(loop, &after);
	ck_assert_msg(after.tasks_created == before.tasks_created, "%s",
	    call);
	ck_assert_msg(after.timers_pending == before.timers_pending, "%s",
	    call);
	ck_assert_msg(after.reports == before.reports, "%s", call);
	ck_assert_msg(!evtask_done(pending) && !evtask_done(foreign), "%s",
	    call);
	ck_assert_msg(evtask_result(done, &v) == 0 && v.u.i == 1, "%s", call);
	ck_assert_msg(!evtask_done(sleeper) &&
	    evtask_cancelling(sleeper) == 0 &&
	    strcmp(evtask_get_name(sleeper), "sleeper") == 0, "%s", call);
	ck_assert_msg(!evtask_handle_cancelled(soon) &&
	    !evtask_handle_cancelled(later), "%s", call);
	ck_assert_msg(refs == 0, "%s: keeps what it was given", call);
	ck_assert_msg(evtask_raised() == NULL, "%s", call);
}

#define answers(call, code) \
	do { \
		int r_ = (int)(call); \
		ck_assert_msg(r_ == (code), "%s: %d, not %d", #call, r_, \
		    (code)); \
		nothing_changed(#call); \
	} while (0)

/* Wherever they are made. */
static void
call_anywhere(void)
{
	union evtask_awaitable nobody[] = { AWAITABLE(NULL) };
	union evtask_awaitable two_loops[] = {
		AWAITABLE(pending), AWAITABLE(foreign),
	};
	struct evtask_loop_options too_big = { .stack_size_bytes = SIZE_MAX };
	struct evtask_error *error;
	struct evtask_loop *new_one;
	struct evtask_future *future = NULL;
	struct evtask_value value;
	struct evtask_info info;
	int64_t us;

	answers(evtask_loop_new(NULL, NULL), -EINVAL);
	answers(evtask_loop_new(&too_big, &new_one), -EINVAL);
	answers(evtask_loop_free(NULL), 0);
	answers(evtask_loop_run_until_complete(loop, AWAITABLE(NULL)),
	    -EINVAL);
	answers(evtask_loop_run_until_complete(loop, foreign), -EXDEV);
	answers(evtask_loop_run_until_complete(NULL, pending), -EINVAL);
	answers(evtask_loop_run_forever(NULL), -EINVAL);

	answers(evtask_future_new(loop, NULL), -EINVAL);
	answers(evtask_set_result(NULL, counted()), -EINVAL);
	answers(evtask_set_result(done, counted()), -EALREADY);
	answers(evtask_set_result(evtask_as_future(sleeper), counted()),
	    -EPERM);
	answers(evtask_set_exception(pending, NULL), -EINVAL);
	answers(evtask_set_exception(NULL,
	    evtask_error_new(-EIO, NULL, NULL)), -EINVAL);
	answers(evtask_set_exception(done,
	    evtask_error_new(-EIO, NULL, NULL)), -EALREADY);
	answers(evtask_set_exception(evtask_as_future(sleeper),
	    evtask_error_new(-EIO, NULL, NULL)), -EPERM);
	answers(evtask_result(AWAITABLE(NULL), &value), -EINVAL);
	answers(evtask_result(pending, &value), -EINPROGRESS);
	answers(evtask_exception(AWAITABLE(NULL), &error), -EINVAL);
	answers(evtask_exception(sleeper, &error), -EINPROGRESS);
	answers(evtask_cancel(AWAITABLE(NULL), "x"), -EINVAL);
	answers(evtask_cancel(done, "x"), 0);
	answers(evtask_add_done_callback(AWAITABLE(NULL), say_done, NULL),
	    -EINVAL);
	answers(evtask_add_done_callback(pending, NULL, NULL), -EINVAL);
	answers(evtask_remove_done_callback(AWAITABLE(NULL), say_done, NULL),
	    0);
	answers(evtask_remove_done_callback(pending, say_done, NULL), 0);

	answers(evtask_loop_create_task(loop, NULL, NULL, NULL, NULL),
	    -EINVAL);
	answers(evtask_loop_create_task(NULL, return_at_once, NULL, NULL,
	    NULL), -EINVAL);
	answers(evtask_set_name(NULL, "x"), -EINVAL);
	answers(evtask_set_name(sleeper, NULL), -EINVAL);
	answers(evtask_uncancel(sleeper), 0);

	answers(evtask_call_soon(loop, NULL, NULL, NULL), -EINVAL);
	answers(evtask_call_later(loop, 1, NULL, NULL, NULL), -EINVAL);
	answers(evtask_call_at(loop, 1, NULL, NULL, NULL), -EINVAL);
	answers(evtask_call_soon_threadsafe(NULL, say_arg, ""), -EINVAL);
	answers(evtask_call_soon_threadsafe(loop, NULL, ""), -EINVAL);
	answers(evtask_handle_when_us(soon, &us), -EINVAL);
	answers(evtask_handle_when_us(NULL, &us), -EINVAL);
	answers(evtask_handle_when_us(later, NULL), -EINVAL);

	answers(evtask_gather(NULL, 1, false, &future), -EINVAL);
	answers(evtask_gather(nobody, 1, false, &future), -EINVAL);
	answers(evtask_gather(two_loops, 1, false, NULL), -EINVAL);
	answers(evtask_gather(two_loops, 2, false, &future), -EXDEV);
	answers(evtask_shield(AWAITABLE(NULL), &future), -EINVAL);
	answers(evtask_shield(pending, NULL), -EINVAL);
	ck_assert_ptr_null(future);

	answers(evtask_timeout_enter(NULL, 1), -EINVAL);
	answers(evtask_timeout_at_enter(NULL, 1), -EINVAL);
	answers(evtask_timeout_exit(NULL, 0), -EINVAL);
	answers(evtask_timeout_exit(&scope, 0), -EINVAL);
	answers(evtask_timeout_reschedule(NULL, 1), -EINVAL);
	answers(evtask_timeout_reschedule(&scope, 1), -EINVAL);

	answers(evtask_get_info(NULL, &info), -EINVAL);
	answers(evtask_get_info(sleeper, NULL), -EINVAL);
	answers(evtask_value_string(NULL, &value), -EINVAL);
	answers(evtask_value_string("x", NULL), -EINVAL);

	/* What frees accepts nothing. */
	ck_assert_ptr_null(evtask_ref(NULL));
	ck_assert_ptr_null(evtask_future_ref(NULL));
	ck_assert_ptr_null(evtask_handle_ref(NULL));
	ck_assert_ptr_null(evtask_error_ref(NULL));
	ck_assert(!evtask_done(AWAITABLE(NULL)));
	ck_assert(!evtask_cancelled(AWAITABLE(NULL)));
	ck_assert_uint_eq(evtask_id(NULL), 0);
	ck_assert_str_eq(evtask_get_name(NULL), "none");
	answers(evtask_cancelling(NULL), -EINVAL);
	answers(evtask_uncancel(NULL), -EINVAL);
	evtask_unref(NULL);
	evtask_future_unref(NULL);
	evtask_handle_unref(NULL);
	evtask_handle_cancel(NULL);
	evtask_error_unref(NULL);
	evtask_value_unref(evtask_value_none());
	nothing_changed("freeing nothing");
}

/* Waiting needs a task. */
static void
call_outside_a_task(void)
{
	union evtask_awaitable fs[] = { AWAITABLE(pending) };
	struct evtask_timeout timeout;
	struct evtask_group group;
	struct evtask_value value;
	struct evtask_exit how;
	char byte;

	answers(evtask_await(pending), -EINVAL);
	answers(evtask_await(done), -EINVAL);
	answers(evtask_await_result(done, &value), -EINVAL);
	answers(evtask_sleep(0), -EINVAL);
	answers(evtask_sleep(1), -EINVAL);
	answers(evtask_wait(fs, 1, 0, EVTASK_ALL_COMPLETED), -EINVAL);
	answers(evtask_wait_for(pending, 1, NULL), -EINVAL);
	answers(evtask_wait_for(done, 0, NULL), -EINVAL);
	answers(evtask_timeout_enter(&timeout, 1), -EINVAL);
	answers(evtask_timeout_at_enter(&timeout, 1), -EINVAL);
	answers(evtask_group_enter(&group), -EINVAL);
	answers(evtask_return(counted()), -EINVAL);
	answers(evtask_fd_wait(0, EVTASK_READABLE), -EINVAL);
	answers(evtask_read(0, &byte, 1), -EINVAL);
	answers(evtask_write(1, "", 1), -EINVAL);
	answers(evtask_signal_wait(1), -EINVAL);
	answers(evtask_process_wait(1, &how), -EINVAL);
	answers(evtask_to_thread(return_at_once, NULL, NULL), -EINVAL);
	ck_assert_ptr_null(evtask_current_task());
}

/* Without a loop that runs, there is none to leave out. */
static void
call_outside_a_loop(void)
{
	struct evtask_future *future = NULL;

	answers(evtask_create(return_at_once, NULL, NULL, NULL), -EINVAL);
	answers(evtask_future_new(NULL, &future), -EINVAL);
	answers(evtask_call_soon(NULL, say_arg, "", NULL), -EINVAL);
	answers(evtask_call_later(NULL, 1, say_arg, "", NULL), -EINVAL);
	answers(evtask_call_at(NULL, 1, say_arg, "", NULL), -EINVAL);
	answers(evtask_gather(NULL, 0, false, &future), -EINVAL);
	answers(evtask_all_tasks(NULL, NULL, 0), 0);
	ck_assert_ptr_null(future);
}

static void
call_inside_a_loop(void)
{
	answers(evtask_loop_free(loop), -EBUSY);
	answers(evtask_loop_run_forever(loop), -EBUSY);
	answers(evtask_loop_run_forever(foreign_loop), -EBUSY);
	answers(evtask_loop_run_until_complete(loop, pending), -EBUSY);
	answers(evtask_loop_run_until_complete(loop, done), -EBUSY);
	answers(evtask_run(return_at_once, NULL, NULL, NULL, NULL), -EBUSY);
	answers(evtask_create(NULL, NULL, NULL, NULL), -EINVAL);
}

static void
call_in_a_task(void)
{
	union evtask_awaitable nobody[] = { AWAITABLE(NULL) };
	union evtask_awaitable strangers[] = { AWAITABLE(foreign) };

	answers(evtask_await(AWAITABLE(NULL)), -EINVAL);
	answers(evtask_await_result(AWAITABLE(NULL), NULL), -EINVAL);
	answers(evtask_wait(NULL, 0, 0, EVTASK_ALL_COMPLETED), -EINVAL);
	answers(evtask_wait(NULL, 1, 0, EVTASK_ALL_COMPLETED), -EINVAL);
	answers(evtask_wait(nobody, 1, 0, EVTASK_ALL_COMPLETED), -EINVAL);
	answers(evtask_wait(strangers, 1, 0, EVTASK_ALL_COMPLETED), -EXDEV);
	answers(evtask_wait_for(AWAITABLE(NULL), 1, NULL), -EINVAL);
	answers(evtask_to_thread(NULL, NULL, NULL), -EINVAL);
}

static void
arrange(void)
{
	struct evtask_options options = { .name = "sleeper" };

	foreign_loop = new_loop(EVTASK_CLOCK_VIRTUAL);
	pending = new_future();
	done = new_future();
	ck_assert_int_eq(evtask_future_new(foreign_loop, &foreign), 0);
	evtask_set_result(done, evtask_value_int(1));
	ck_assert_int_eq(evtask_loop_create_task(loop, sleep_for_ever, NULL,
	    &options, &sleeper), 0);
	ck_assert_int_eq(evtask_call_at(loop, EVTASK_FOREVER, say_arg,
	    "never", &later), 0);
	run_turns(1);
	ck_assert_int_eq(evtask_call_soon(loop, say_arg, "soon", &soon), 0);
	evtask_loop_get_stats(loop, &before);
}

static void
tidy_up(void)
{
	nothing_changed("in the end");
	evtask_cancel(sleeper, NULL);
	evtask_handle_cancel(later);
	run_dry();
	/* What was promised before has been kept. */
	ck_assert_said("soon");
	evtask_unref(sleeper);
	evtask_handle_unref(soon);
	evtask_handle_unref(later);
	evtask_future_unref(pending);
	evtask_future_unref(done);
	evtask_future_unref(foreign);
	ck_assert_int_eq(evtask_loop_free(foreign_loop), 0);
}

START_TEST(misuse_outside_the_loop)
{
	arrange();
	call_anywhere();
	call_outside_a_task();
	call_outside_a_loop();
	tidy_up();
}
END_TEST

static void
in_callback(void *arg)
{
	(void)arg;
	call_anywhere();
	call_outside_a_task();
	call_inside_a_loop();
}

START_TEST(misuse_in_a_callback)
{
	arrange();
	ck_assert_int_eq(evtask_call_soon(loop, in_callback, NULL, NULL), 0);
	run_turns(1);
	tidy_up();
}
END_TEST

static int
in_task(void *arg)
{
	/* The turn's other handles have run; so has our own creation. */
	evtask_loop_get_stats(loop, &before);
	(void)arg;
	ck_assert_int_eq(evtask_timeout_enter(&scope, 1), 0);
	ck_assert_int_eq(evtask_timeout_exit(&scope, 0), 0);
	call_anywhere();
	call_inside_a_loop();
	call_in_a_task();
	return 0;
}

START_TEST(misuse_in_a_task)
{
	struct evtask *task;

	arrange();
	task = start(in_task, NULL);
	ck_assert_int_eq(evtask_loop_run_until_complete(loop, task), 0);
	ck_assert_int_eq(outcome(task), 0);
	evtask_unref(task);
	tidy_up();
}
END_TEST

/* As soon as possible, and never. */
static int
wait_at_the_ends_of_time(void *arg)
{
	union evtask_awaitable fs[] = { AWAITABLE(arg) };
	struct evtask_as_completed *it;
	struct evtask_timeout t;
	int r;

	ck_assert_int_eq(evtask_sleep(INT64_MIN), 0);
	ck_assert_int_eq(evtask_wait(fs, 1, INT64_MIN, EVTASK_ALL_COMPLETED),
	    0);
	ck_assert_int_eq(evtask_timeout_enter(&t, INT64_MIN), 0);
	r = evtask_timeout_exit(&t, evtask_sleep(EVTASK_FOREVER));
	ck_assert_int_eq(r, -ETIMEDOUT);
	ck_assert_int_eq(evtask_timeout_at_enter(&t, INT64_MIN), 0);
	r = evtask_timeout_exit(&t, evtask_sleep(INT64_MAX - 1));
	ck_assert_int_eq(r, -ETIMEDOUT);
	ck_assert_int_eq(evtask_timeout_enter(&t, INT64_MAX - 1), 0);
	r = evtask_timeout_exit(&t, evtask_sleep(0));
	ck_assert_int_eq(r, 0);
	ck_assert_int_eq(evtask_as_completed(fs, 1, INT64_MIN, &it), 0);
	r = evtask_as_completed_next(it, &fs[0].future);
	ck_assert_int_eq(r, -ETIMEDOUT);
	evtask_as_completed_free(it);
	evtask_error_unref(evtask_catch(r));
	ck_assert_int_eq(evtask_loop_time_us(loop), 0);
	return evtask_sleep(INT64_MAX - 1);
}

START_TEST(negative_and_huge_delays_do_no_harm)
{
	struct evtask_future *f = new_future();
	struct evtask_handle *never;
	struct evtask *task = start(wait_at_the_ends_of_time, f);

	ck_assert_int_eq(evtask_call_later(loop, INT64_MIN, say_arg, "a",
	    NULL), 0);
	ck_assert_int_eq(evtask_call_at(loop, INT64_MIN, say_arg, "b", NULL),
	    0);
	ck_assert_int_eq(evtask_call_later(loop, -1, say_arg, "c", NULL), 0);
	ck_assert_int_eq(evtask_call_later(loop, INT64_MAX, say_arg, "d",
	    &never), 0);
	ck_assert_int_eq(evtask_call_at(loop, INT64_MAX - 2, say_arg, "e",
	    NULL), 0);
	run_turns(20);
	ck_assert_said("a b c");
	ck_assert(!evtask_done(task));
	evtask_cancel(task, NULL);
	run_dry();
	ck_assert_said("e");
	ck_assert(evtask_cancelled(task));
	evtask_handle_cancel(never);
	evtask_handle_unref(never);
	evtask_future_unref(f);
	evtask_unref(task);
}
END_TEST

static int
await_what_outlived_its_loop(void *arg)
{
	struct evtask_future *f, *all;

	(void)arg;
	ck_assert_int_eq(evtask_await(foreign), -EXDEV);
	evtask_error_unref(evtask_catch(-EXDEV));
	ck_assert_int_eq(evtask_gather((union evtask_awaitable[]){
	    AWAITABLE(foreign) }, 1, false, &all), -EINVAL);
	ck_assert_int_eq(evtask_wait((union evtask_awaitable[]){
	    AWAITABLE(foreign) }, 1, 0, EVTASK_ALL_COMPLETED), -EXDEV);
	f = NULL;
	ck_assert_int_eq(evtask_future_new(NULL, &f), 0);
	evtask_future_unref(f);
	return 0;
}

START_TEST(what_outlived_its_loop_begins_nothing_any_more)
{
	struct evtask_loop *gone = new_loop(EVTASK_CLOCK_VIRTUAL);
	struct evtask_handle *late;

	ck_assert_int_eq(evtask_future_new(gone, &foreign), 0);
	ck_assert_int_eq(evtask_call_later(gone, 1, say_arg, "late", &late),
	    0);
	ck_assert_int_eq(evtask_loop_free(gone), 0);
	ck_assert_int_eq(evtask_add_done_callback(foreign, say_done, ""),
	    -EINVAL);
	ck_assert(!evtask_done(foreign));
	ck_assert(evtask_handle_cancelled(late));
	run_body(await_what_outlived_its_loop);
	/* But it comes to an end. */
	ck_assert_int_eq(evtask_cancel(foreign, NULL), 1);
	ck_assert(evtask_cancelled(foreign));
	evtask_handle_unref(late);
	evtask_future_unref(foreign);
	foreign = NULL;
}
END_TEST

CORE_SUITE("misuse",
    misuse_outside_the_loop,
    misuse_in_a_callback,
    misuse_in_a_task,
    negative_and_huge_delays_do_no_harm,
    what_outlived_its_loop_begins_nothing_any_more)
