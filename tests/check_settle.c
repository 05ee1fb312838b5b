/* What follows from the end of tasks: answers, and limits of what is kept. */
#include "tests/console_fixture.h"

static void
say(int fd, int n)
{
	char params[160];

	sprintf(params, "{\"coroutine\":\"say\",\"name\":\"s%d\",\"wait\":true,"
	    "\"args\":{\"text\":\"0123456789\\n\",\"times\":100}}", n);
	ck_assert_str_eq(answer(fd, "task.create", params, "result.outcome"),
	    "returned");
}

START_TEST(over_the_limit_of_all_the_oldest_logs_go_and_their_tasks_stay)
{
	int fd = client_new(), i;

	console->done_log_bytes = 20000;
	for (i = 0; i < 6; i++)
		say(fd, i);
	turns(3);
	ck_assert_uint_le(console->registry.done_log_bytes, 20000);
	ck_assert_str_eq(answer(fd, "task.logs", "{\"task\":\"s0\"}",
	    "result.dropped_bytes"), "1100");
	ck_assert_str_eq(answer(fd, "task.logs", "{\"task\":\"s5\"}",
	    "result.dropped_bytes"), "0");
	ck_assert_str_eq(answer(fd, "task.get", "{\"task\":\"s0\"}",
	    "result.task.outcome"), "returned");
}
END_TEST

START_TEST(a_forgotten_log_counts_no_longer)
{
	int fd = client_new();

	say(fd, 0);
	turns(3);
	ck_assert_uint_gt(console->registry.done_log_bytes, 0);
	answer(fd, "task.forget", "{\"tasks\":[\"s0\"]}", "");
	ck_assert_uint_eq(console->registry.done_log_bytes, 0);
}
END_TEST

START_TEST(all_who_wait_for_a_task_are_answered)
{
	int a = client_new(), b = client_new();
	struct json_object *m;

	own_task("t", 1000000);
	ask_later(a, 1, "task.wait", "{\"tasks\":[\"t\"]}");
	ask_later(a, 2, "task.result", "{\"task\":\"t\",\"wait\":true}");
	ask_later(b, 1, "task.exception", "{\"task\":\"t\",\"wait\":true}");
	advance(2000000);
	m = next(b);
	ck_assert_str_eq(member(m, "result.error"), "null");
	json_object_put(m);
	json_object_put(next(a));
	json_object_put(next(a));
	ck_assert_uint_eq(console->sessions.deferred, 0);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("settle");
	TCase *tc = tcase_create("settle");

	tcase_add_checked_fixture(tc, console_set_up, console_tear_down);
	tcase_add_test(tc,
	    over_the_limit_of_all_the_oldest_logs_go_and_their_tasks_stay);
	tcase_add_test(tc, a_forgotten_log_counts_no_longer);
	tcase_add_test(tc, all_who_wait_for_a_task_are_answered);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
