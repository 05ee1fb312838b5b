/* check_every.c - daemon/coroutines/every.c, on the virtual clock. */
#include "tests/jobs.h"

static void
setup(void)
{
	jobs_set_up(EVTASK_CLOCK_VIRTUAL);
}

/* How many tasks the console has had, but for the timer itself. */
static uint64_t
made(void)
{
	return console->registry.created - 1;
}

static int
sleep_for(void *arg)
{
	return evtask_sleep(*(int64_t *)arg);
}

/* Turns with a stop in them let no time pass. */
static void
pass(int64_t us)
{
	struct evtask *sleeper;

	ck_assert_int_eq(evtask_loop_create_task(loop, sleep_for, &us,
	    &(struct evtask_options){ .internal = true }, &sleeper), 0);
	ck_assert_int_eq(evtask_loop_run_until_complete(loop, sleeper), 0);
	evtask_unref(sleeper);
}

static void
ck_assert_counts(int64_t created, int64_t skipped)
{
	ck_assert_int_eq(evtask_ctl_get_int(result(), "created", -1), created);
	ck_assert_int_eq(evtask_ctl_get_int(result(), "skipped", -1), skipped);
}

START_TEST(so_many_tasks_are_made_one_an_interval)
{
	struct json_object *last;

	start("every", "{\"interval\":\"1m\",\"coroutine\":\"sleep\","
	    "\"args\":{\"delay\":5,\"result\":\"x\"},\"count\":3,"
	    "\"name\":\"tick\"}");
	ck_assert_counts(3, 0);
	ck_assert_int_eq(evtask_loop_time_us(loop), 125 * SECOND);
	last = evtask_ctl_get(result(), "last");
	ck_assert_str_eq(evtask_ctl_get_text(last, "name", ""), "tick-3");
	ck_assert_str_eq(evtask_ctl_get_text(last, "outcome", ""),
	    "returned");
	ck_assert_str_eq(evtask_ctl_get_text(last, "value", ""), "x");
	ck_assert_ptr_nonnull(registry_find_name(&console->registry,
	    "tick-1"));
}
END_TEST

START_TEST(the_first_comes_after_the_delay)
{
	start("every", "{\"interval\":10,\"coroutine\":\"sleep\","
	    "\"args\":{\"delay\":0},\"count\":1,\"delay\":7}");
	ck_assert_counts(1, 0);
	ck_assert_int_eq(evtask_loop_time_us(loop), 7 * SECOND);
}
END_TEST

/* Each runs for two and a half intervals. */
static const struct {
	const char *overlap;
	int64_t skipped;
	int64_t seconds;	/* until the third of them has ended */
} policies[] = {
	{ "skip", 4, 17 },
	{ "wait", 0, 15 },
	{ "cancel", 0, 9 },
	{ "allow", 0, 9 },
};

START_TEST(what_happens_when_one_is_not_done_is_chosen)
{
	char args[200];

	snprintf(args, sizeof(args), "{\"interval\":2,\"coroutine\":\"sleep\","
	    "\"args\":{\"delay\":5},\"count\":3,\"overlap\":\"%s\"}",
	    policies[_i].overlap);
	start("every", args);
	ck_assert_counts(3, policies[_i].skipped);
	ck_assert_int_eq(evtask_loop_time_us(loop),
	    policies[_i].seconds * SECOND);
}
END_TEST

START_TEST(cancelling_makes_no_more_and_leaves_the_last)
{
	uint64_t n;

	start("every", "{\"interval\":1,\"coroutine\":\"sleep\","
	    "\"args\":{\"delay\":60},\"overlap\":\"allow\"}");
	pass(5 * SECOND);
	n = made();
	ck_assert_uint_ge(n, 5);
	evtask_cancel(task, NULL);
	run_to_the_end();
	ck_assert(evtask_cancelled(task));
	pass(25 * SECOND);
	ck_assert_uint_eq(made(), n);
	ck_assert_uint_eq(evtask_console_live_jobs(console), n);
	pass(40 * SECOND);
}
END_TEST

START_TEST(jitter_is_less_than_an_interval)
{
	start("every", "{\"interval\":10,\"jitter\":5,\"coroutine\":\"sleep\","
	    "\"args\":{\"delay\":0},\"count\":4}");
	ck_assert_counts(4, 0);
	ck_assert_int_ge(evtask_loop_time_us(loop), 30 * SECOND);
	ck_assert_int_lt(evtask_loop_time_us(loop), 35 * SECOND);
}
END_TEST

START_TEST(what_cannot_be_made_is_its_error)
{
	start("every", "{\"interval\":1,\"coroutine\":\"nosuch\"}");
	ck_assert_fails(-ENOENT, "there is no coroutine nosuch");
	start("every", "{\"interval\":1,\"coroutine\":\"sleep\"}");
	ck_assert_fails(-EINVAL, "the args of sleep: ");
	ck_assert_uint_eq(console->registry.created, 2);
}
END_TEST

START_TEST(intervals_that_make_no_sense_are_refused)
{
	const char *path, *expected;
	struct json_object *args = json_tokener_parse("{\"interval\":0}");
	const struct evtask_coroutine *row = catalog_find(&console->catalog,
	    "every")->row;

	ck_assert_int_eq(row->check(args, &path, &expected), -EINVAL);
	ck_assert_str_eq(path, "interval");
	json_object_put(args);
	args = json_tokener_parse("{\"interval\":1,\"jitter\":2}");
	ck_assert_int_eq(row->check(args, &path, &expected), -EINVAL);
	ck_assert_str_eq(path, "jitter");
	json_object_put(args);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("every");
	TCase *tc = tcase_create("every");

	tcase_add_checked_fixture(tc, setup, jobs_tear_down);
	tcase_add_test(tc, so_many_tasks_are_made_one_an_interval);
	tcase_add_test(tc, the_first_comes_after_the_delay);
	tcase_add_loop_test(tc, what_happens_when_one_is_not_done_is_chosen,
	    0, 4);
	tcase_add_test(tc, cancelling_makes_no_more_and_leaves_the_last);
	tcase_add_test(tc, jitter_is_less_than_an_interval);
	tcase_add_test(tc, what_cannot_be_made_is_its_error);
	tcase_add_test(tc, intervals_that_make_no_sense_are_refused);
	suite_add_tcase(suite, tc);
	return suite_main(suite);
}
