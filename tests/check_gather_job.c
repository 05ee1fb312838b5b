/* check_gather_job.c - daemon/coroutines/gather.c, on the virtual clock. */
#include "tests/jobs.h"

static void
setup(void)
{
	jobs_set_up(EVTASK_CLOCK_VIRTUAL);
}

static struct json_object *
row(size_t i)
{
	return json_object_array_get_idx(evtask_ctl_get(result(), "tasks"), i);
}

START_TEST(results_come_in_the_order_of_the_arguments)
{
	start("gather", "{\"tasks\":["
	    "{\"coroutine\":\"sleep\",\"args\":{\"delay\":2,\"result\":1}},"
	    "{\"coroutine\":\"sleep\",\"args\":{\"delay\":1,\"result\":2},"
	    "\"name\":\"second\"}]}");
	ck_assert_int_eq(evtask_ctl_get_int(row(0), "value", 0), 1);
	ck_assert_int_eq(evtask_ctl_get_int(row(1), "value", 0), 2);
	ck_assert_str_eq(evtask_ctl_get_text(row(1), "name", ""), "second");
	ck_assert_int_eq(evtask_loop_time_us(loop), 2 * SECOND);
}
END_TEST

#define ONE_FAILS "[" \
	"{\"coroutine\":\"sleep\",\"args\":{\"delay\":100}}," \
	"{\"coroutine\":\"every\",\"args\":{\"interval\":1," \
	"\"coroutine\":\"nosuch\"},\"name\":\"bad\"}]"

START_TEST(one_that_fails_ends_the_others)
{
	start("gather", "{\"tasks\":" ONE_FAILS "}");
	ck_assert_fails(-ECHILD, "task bad, of coroutine every, has not");
	ck_assert_int_lt(evtask_loop_time_us(loop), SECOND);
	ck_assert_uint_eq(evtask_console_live_jobs(console), 0);
}
END_TEST

START_TEST(if_asked_the_others_go_on)
{
	start("gather", "{\"keep_going\":true,\"tasks\":" ONE_FAILS "}");
	ck_assert_str_eq(evtask_ctl_get_text(row(0), "outcome", ""),
	    "returned");
	ck_assert_str_eq(evtask_ctl_get_text(row(1), "outcome", ""), "raised");
	ck_assert_ptr_nonnull(evtask_ctl_get(row(1), "error"));
	ck_assert_int_eq(evtask_loop_time_us(loop), 100 * SECOND);
}
END_TEST

START_TEST(none_is_made_when_one_cannot_be)
{
	start("gather", "{\"tasks\":["
	    "{\"coroutine\":\"sleep\",\"args\":{\"delay\":1}},"
	    "{\"coroutine\":\"sleep\",\"args\":{\"delay\":\"x\"}}]}");
	ck_assert_fails(-EINVAL, "the args of sleep: ");
	start("gather", "{\"tasks\":["
	    "{\"coroutine\":\"sleep\",\"args\":{\"delay\":1}},"
	    "{\"coroutine\":\"nosuch\"}]}");
	ck_assert_fails(-ENOENT, "there is no coroutine nosuch");
	ck_assert_uint_eq(console->registry.created, 2);
}
END_TEST

START_TEST(a_name_that_is_taken_ends_those_made_before)
{
	start("gather", "{\"tasks\":["
	    "{\"coroutine\":\"sleep\",\"args\":{\"delay\":1},\"name\":\"a\"},"
	    "{\"coroutine\":\"sleep\",\"args\":{\"delay\":1},\"name\":\"a\"}"
	    "]}");
	ck_assert_fails(-EEXIST, "there is a task a");
	ck_assert_uint_eq(evtask_console_live_jobs(console), 0);
}
END_TEST

START_TEST(cancelled_it_cancels_all_and_waits_for_them)
{
	start("gather", "{\"tasks\":["
	    "{\"coroutine\":\"sleep\",\"args\":{\"delay\":100}},"
	    "{\"coroutine\":\"sleep\",\"args\":{\"delay\":200}}]}");
	run_turns(2);
	ck_assert_uint_eq(evtask_console_live_jobs(console), 3);
	evtask_cancel(task, NULL);
	run_to_the_end();
	ck_assert(evtask_cancelled(task));
	ck_assert_uint_eq(evtask_console_live_jobs(console), 0);
	ck_assert_int_lt(evtask_loop_time_us(loop), SECOND);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("gather_job");
	TCase *tc = tcase_create("gather_job");

	tcase_add_checked_fixture(tc, setup, jobs_tear_down);
	tcase_add_test(tc, results_come_in_the_order_of_the_arguments);
	tcase_add_test(tc, one_that_fails_ends_the_others);
	tcase_add_test(tc, if_asked_the_others_go_on);
	tcase_add_test(tc, none_is_made_when_one_cannot_be);
	tcase_add_test(tc, a_name_that_is_taken_ends_those_made_before);
	tcase_add_test(tc, cancelled_it_cancels_all_and_waits_for_them);
	suite_add_tcase(suite, tc);
	return suite_main(suite);
}
