/* Task: what it waits for and on whom, where it stands, what was asked for. */
#include "tests/console_fixture.h"

static int
run_await(void *arg)
{
	int r = evtask_await((struct evtask *)arg);

	return r;
}

START_TEST(a_task_that_awaits_another_names_it_as_the_owner)
{
	struct evtask *other = own_task("other", 60000000);
	struct evtask_options options = { .name = "w" };
	int fd = client_new();

	evtask_loop_create_task(loop, run_await, other, &options, NULL);
	turns(3);
	ck_assert_str_eq(answer(fd, "task.get", "{\"task\":\"w\"}",
	    "result.task.wait.owner.name"), "other");
	ck_assert_str_eq(answer(fd, "task.get", "{\"task\":\"w\"}",
	    "result.task.wait.site.func"), "run_await");
	ck_assert_str_eq(answer(fd, "task.get", "{\"task\":\"w\"}",
	    "result.task.wait.until_us"), "null");
}
END_TEST

START_TEST(times_are_since_1970_and_in_order)
{
	struct json_object *m;
	int64_t created, started, done;

	own_task("t", 1000000);
	advance(2000000);
	m = ask(client_new(), "task.get", "{\"task\":\"t\"}");
	created = atoll(member(m, "result.task.created_us"));
	started = atoll(member(m, "result.task.started_us"));
	done = atoll(member(m, "result.task.done_us"));
	ck_assert_int_gt(created, INT64_C(1500000000000000));
	ck_assert_int_ge(started, created);
	ck_assert_int_eq(done, started + 1000000);
	json_object_put(m);
}
END_TEST

START_TEST(a_sleep_says_until_when)
{
	struct json_object *m;

	own_task("t", 5000000);
	turns(3);
	m = ask(client_new(), "task.get", "{\"task\":\"t\"}");
	ck_assert_int_eq(atoll(member(m, "result.task.wait.until_us")) -
	    atoll(member(m, "result.task.wait.since_us")), 5000000);
	json_object_put(m);
}
END_TEST

START_TEST(a_stack_is_there_from_the_first_run_to_the_end)
{
	int fd = client_new();

	own_task("t", 1000000);
	turns(3);
	ck_assert_int_gt(atoi(answer(fd, "task.get", "{\"task\":\"t\"}",
	    "result.task.stack.peak")), 0);
	advance(2000000);
	ck_assert_str_eq(answer(fd, "task.get", "{\"task\":\"t\"}",
	    "result.task.stack"), "null");
}
END_TEST

START_TEST(only_the_members_asked_for_come_and_the_id)
{
	struct json_object *m, *task;

	own_task("t", 1000000);
	m = ask(client_new(), "task.get",
	    "{\"task\":\"t\",\"fields\":[\"state\",\"state\"]}");
	json_object_object_get_ex(json_object_object_get(m, "result"), "task",
	    &task);
	ck_assert_json(task, "{\"id\": 1, \"state\": \"created\"}");
	json_object_put(m);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("view");
	TCase *tc = tcase_create("view");

	tcase_add_checked_fixture(tc, console_set_up, console_tear_down);
	tcase_add_test(tc,
	    a_task_that_awaits_another_names_it_as_the_owner);
	tcase_add_test(tc, times_are_since_1970_and_in_order);
	tcase_add_test(tc, a_sleep_says_until_when);
	tcase_add_test(tc, a_stack_is_there_from_the_first_run_to_the_end);
	tcase_add_test(tc, only_the_members_asked_for_come_and_the_id);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
