/* Debug mode: what was made and never awaited, and what is lost at the end. */
#include "tests/debug.h"

START_TEST(a_gather_nobody_awaits_is_reported_with_its_place)
{
	struct evtask_future *all;
	unsigned int line;

	debug();
	done = new_future();
	line = __LINE__ + 1;
	ck_assert_int_eq(evtask_gather(NULL, 0, false, &all), -EINVAL);
	last.n = 0;
	line = __LINE__ + 1;
	ck_assert_int_eq(evtask_gather((union evtask_awaitable[]){
	    AWAITABLE(done) }, 1, false, &all), 0);
	ck_assert_str_eq(evtask_created_at(all)->func, __func__);
	evtask_set_result(done, evtask_value_none());
	run_dry();
	ck_assert_int_eq(last.n, 0);
	evtask_future_unref(all);
	ck_assert_int_eq(last.n, 1);
	ck_assert_int_eq(last.type, EVTASK_REPORT_NEVER_AWAITED);
	ck_assert_uint_ge(last.line, line);
	evtask_future_unref(done);
}
END_TEST

START_TEST(a_shield_nobody_awaits_is_reported)
{
	struct evtask_future *shield;

	debug();
	pending = new_future();
	ck_assert_int_eq(evtask_shield(pending, &shield), 0);
	evtask_future_unref(shield);
	evtask_set_result(pending, evtask_value_none());
	run_dry();
	ck_assert_int_eq(last.n, 1);
	ck_assert_int_eq(last.type, EVTASK_REPORT_NEVER_AWAITED);
	ck_assert_str_eq(last.func, __func__);
	evtask_future_unref(pending);
}
END_TEST

static int
await_shield(void *arg)
{
	struct evtask_future *shield;
	int r = evtask_shield((struct evtask_future *)arg, &shield);

	if (r == 0) {
		r = evtask_await(shield);
		evtask_future_unref(shield);
	}
	return r;
}

START_TEST(what_is_awaited_or_called_back_is_not_reported)
{
	struct evtask_future *all;
	struct evtask *task;

	debug();
	pending = new_future();
	task = start(await_shield, pending);
	ck_assert_int_eq(evtask_gather((union evtask_awaitable[]){
	    AWAITABLE(pending) }, 1, false, &all), 0);
	ck_assert_int_eq(evtask_add_done_callback(all, say_done, "all"), 0);
	run_turns(1);
	evtask_set_result(pending, evtask_value_none());
	run_dry();
	ck_assert_said("all");
	evtask_future_unref(all);
	evtask_future_unref(pending);
	evtask_unref(task);
	ck_assert_int_eq(last.n, 0);
}
END_TEST

static struct evtask_loop *
loop_in_debug_mode(void)
{
	struct evtask_loop_options options = {
		.clock = EVTASK_CLOCK_VIRTUAL, .debug = true,
	};
	struct evtask_loop *l;

	ck_assert_int_eq(evtask_loop_new(&options, &l), 0);
	listen_to(l);
	return l;
}

START_TEST(a_task_that_is_pending_when_its_loop_goes_is_reported)
{
	struct evtask *task;

	replace_loop(loop_in_debug_mode());
	task = start(sleep_for_ever, NULL);
	run_turns(1);
	replace_loop(NULL);
	ck_assert_int_eq(last.n, 1);
	ck_assert_int_eq(last.type, EVTASK_REPORT_PENDING);
	ck_assert_ptr_eq(last.task, task);
	ck_assert_ptr_nonnull(strstr(last.text,
	    "was pending when its loop was freed"));
	ck_assert_str_eq(last.func, "sleep_for_ever");
	evtask_unref(task);
}
END_TEST

START_TEST(a_task_that_is_not_shown_is_not_reported)
{
	struct evtask_options options = { .internal = true };

	replace_loop(loop_in_debug_mode());
	ck_assert_int_eq(evtask_loop_create_task(loop, sleep_for_ever, NULL,
	    &options, NULL), 0);
	replace_loop(NULL);
	ck_assert_int_eq(last.n, 0);
}
END_TEST

START_TEST(a_task_that_never_ran_is_reported)
{
	replace_loop(loop_in_debug_mode());
	spawn(sleep_for_ever, NULL);
	replace_loop(NULL);
	ck_assert_int_eq(last.n, 1);
	ck_assert_ptr_nonnull(strstr(last.text, "never ran"));
	ck_assert_str_eq(last.func, __func__);
}
END_TEST

START_TEST(an_exception_never_retrieved_names_where_its_future_was_made)
{
	unsigned int line;

	listen_to(loop);
	line = __LINE__ + 1;
	ck_assert_int_eq(evtask_future_new(loop, &pending), 0);
	ck_assert_uint_eq(evtask_created_at(pending)->line, line);
	ck_assert_ptr_null(evtask_created_at(AWAITABLE(NULL)));
	evtask_set_exception(pending, evtask_error_new(-EIO, NULL, "lost"));
	evtask_future_unref(pending);
	ck_assert_int_eq(last.n, 1);
	ck_assert_uint_eq(last.line, line);
	last.n = 0;
	line = __LINE__ + 1;
	spawn(raise_code, (void *)-EIO);
	run_dry();
	ck_assert_int_eq(last.n, 1);
	ck_assert_uint_eq(last.line, line);
}
END_TEST

CORE_SUITE("overlooked",
    a_gather_nobody_awaits_is_reported_with_its_place,
    a_shield_nobody_awaits_is_reported,
    what_is_awaited_or_called_back_is_not_reported,
    a_task_that_is_pending_when_its_loop_goes_is_reported,
    a_task_that_never_ran_is_reported,
    a_task_that_is_not_shown_is_not_reported,
    an_exception_never_retrieved_names_where_its_future_was_made)
