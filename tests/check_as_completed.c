/*
 * as_completed: futures, one by one, as they end.
 */
#include "tests/core.h"

static struct evtask_as_completed *it;

static void
begin(const union evtask_awaitable *fs, size_t n, int64_t timeout_us)
{
	ck_assert_int_eq(evtask_as_completed(fs, n, timeout_us, &it), 0);
}

/* Says which of fs come, and how it ends. */
static int
say_all(const union evtask_awaitable *fs, size_t n)
{
	struct evtask_future *f;
	int r;

	while ((r = evtask_as_completed_next(it, &f)) > 0)
		for (size_t i = 0; i < n; i++)
			if (fs[i].future == f)
				say("%zu", i);
	say("r%d", r);
	if (r < 0)
		evtask_error_unref(evtask_catch(r));
	return r;
}

START_TASK_TEST(they_come_in_the_order_in_which_they_end)
{
	union evtask_awaitable fs[] = {
		{ .task = start(sleep_seconds, (void *)3) },
		{ .task = start(sleep_seconds, (void *)1) },
		{ .task = start(sleep_seconds, (void *)2) },
	};

	begin(fs, 3, EVTASK_FOREVER);
	say_all(fs, 3);
	ck_assert_said("1 2 0 r0");
	evtask_as_completed_free(it);
	for (int i = 0; i < 3; i++)
		evtask_unref(fs[i].task);
	return 0;
}

START_TASK_TEST(those_that_are_done_come_first_and_each_comes_once)
{
	union evtask_awaitable fs[] = {
		{ .future = new_future() }, { .future = new_future() },
		{ .future = NULL }, { .future = NULL },
	};

	fs[2] = fs[0];
	fs[3] = fs[1];
	evtask_set_result(fs[1].future, evtask_value_none());
	begin(fs, 4, EVTASK_FOREVER);
	evtask_set_result(fs[0].future, evtask_value_none());
	say_all(fs, 2);
	ck_assert_said("1 0 r0");
	evtask_as_completed_free(it);
	evtask_future_unref(fs[0].future);
	evtask_future_unref(fs[1].future);
	return 0;
}

START_TASK_TEST(those_missing_when_time_is_up_go_on)
{
	union evtask_awaitable fs[] = {
		{ .task = start(sleep_seconds, (void *)1) },
		{ .task = start(sleep_seconds, (void *)5) },
		{ .task = start(sleep_seconds, (void *)6) },
	};

	begin(fs, 3, 2 * SECOND);
	say_all(fs, 3);
	ck_assert_said("0 r-110");
	say_all(fs, 3);
	say_all(fs, 3);
	ck_assert_said("r-110 r0");	/* one for each that was missing */
	ck_assert_int_eq(evtask_await_result(fs[2].task, NULL), 0);
	evtask_as_completed_free(it);
	for (int i = 0; i < 3; i++)
		evtask_unref(fs[i].task);
	return 0;
}

static int
await_next(void *arg)
{
	struct evtask_future *f;
	int r = evtask_as_completed_next(it, &f);

	say("%s%d", (char *)arg, r);
	return r;
}

START_TASK_TEST(several_tasks_may_ask_and_one_that_leaves_passes_its_turn_on)
{
	union evtask_awaitable fs[] = {
		{ .future = new_future() }, { .future = new_future() },
	};
	struct evtask *a, *b;

	begin(fs, 2, EVTASK_FOREVER);
	a = start(await_next, "a");
	b = start(await_next, "b");
	(void)!evtask_sleep(0);
	evtask_set_result(fs[0].future, evtask_value_none());
	(void)!evtask_sleep(0);		/* a has its turn, and has not run */
	evtask_cancel(a, NULL);
	ck_assert_int_eq(evtask_await(b), 0);
	ck_assert_said("a-125 b1");
	evtask_as_completed_free(it);
	evtask_unref(a);
	evtask_unref(b);
	evtask_future_unref(fs[0].future);
	evtask_future_unref(fs[1].future);
	return 0;
}

START_TASK_TEST(one_left_early_leaves_nothing_behind)
{
	union evtask_awaitable f = { .future = new_future() };

	begin(&f, 1, SECOND);
	evtask_as_completed_free(it);
	begin(&f, 0, SECOND);
	say_all(&f, 0);
	ck_assert_said("r0");
	evtask_as_completed_free(it);
	evtask_future_unref(f.future);
	evtask_as_completed_free(NULL);
	return 0;
}

static int
ask_for_ever(void *arg)
{
	begin(&(union evtask_awaitable){ .future = arg }, 1, SECOND * 60);
	return await_next("a");
}

START_TEST(who_asks_is_unwound_with_its_loop)
{
	struct evtask_future *f = new_future();

	ck_assert_int_eq(evtask_as_completed(&AWAITABLE(f), 1, SECOND, &it),
	    -EINVAL);
	spawn(ask_for_ever, f);
	run_turns(1);
	replace_loop(new_loop(EVTASK_CLOCK_VIRTUAL));
	ck_assert_said("a-125");
	evtask_as_completed_free(it);
	evtask_future_unref(f);
}
END_TEST

START_TASK_TEST(bad_calls_change_nothing)
{
	struct evtask_loop *elsewhere = new_loop(EVTASK_CLOCK_VIRTUAL);
	union evtask_awaitable f = { .future = NULL };

	ck_assert_int_eq(evtask_as_completed(&f, 1, SECOND, &it), -EINVAL);
	ck_assert_int_eq(evtask_future_new(elsewhere, &f.future), 0);
	ck_assert_int_eq(evtask_as_completed(&f, 1, SECOND, &it), -EXDEV);
	evtask_future_unref(f.future);
	ck_assert_int_eq(evtask_loop_free(elsewhere), 0);
	return 0;
}

CORE_SUITE("as_completed",
    they_come_in_the_order_in_which_they_end,
    those_that_are_done_come_first_and_each_comes_once,
    those_missing_when_time_is_up_go_on,
    several_tasks_may_ask_and_one_that_leaves_passes_its_turn_on,
    one_left_early_leaves_nothing_behind,
    who_asks_is_unwound_with_its_loop,
    bad_calls_change_nothing)
