/* What the loop tells the console of its tasks. */
#include "tests/console_fixture.h"

START_TEST(tasks_there_before_the_console_are_known)
{
	char again[108];
	struct evtask_console_options options = { .socket_path = again };

	strcpy(again, socket_path);
	own_task("early", 60000000);
	console_stop_now();
	ck_assert_int_eq(evtask_console_start(loop, &options, &console, NULL),
	    0);
	ck_assert_str_eq(answer(client_new(), "task.get",
	    "{\"task\":\"early\"}", "result.task.id"), "1");
}
END_TEST

static int
run_internal(void *arg)
{
	return 0;
}

START_TEST(internal_tasks_are_not_shown)
{
	struct evtask_options options = { .internal = true };

	evtask_loop_create_task(loop, run_internal, NULL, &options, NULL);
	turns(3);
	ck_assert_str_eq(answer(client_new(), "task.list", "{}",
	    "result.total"), "0");
}
END_TEST

static int
run_raise(void *arg)
{
	return evtask_raise(-5, "on its own");
}

START_TEST(a_console_hides_no_failure_of_the_programs_own_tasks)
{
	evtask_loop_create_task(loop, run_raise, NULL, NULL, NULL);
	turns(5);
	ck_assert_int_eq(reports, 1);
	ck_assert_str_eq(answer(client_new(), "task.exception",
	    "{\"task\":1}", "result.error.message"), "on its own");
	ck_assert_int_eq(reports, 1);
}
END_TEST

START_TEST(a_failure_of_a_job_is_for_its_clients_and_not_reported)
{
	int fd = client_new();

	answer(fd, "task.create", "{\"coroutine\":\"fail\",\"name\":\"f\"}",
	    "");
	turns(5);
	answer(fd, "task.forget", "{\"tasks\":[\"f\"]}", "");
	console_stop_now();
	ck_assert_int_eq(reports, 0);
}
END_TEST

/* A task that makes another. */
static int
run_parent(void *arg)
{
	struct evtask_options options = { .name = "child" };
	struct evtask *child;
	int r;

	r = evtask_create(run_raise, NULL, &options, &child);
	if (r < 0)
		return r;
	r = evtask_await(child);
	evtask_exception(child, NULL);
	evtask_unref(child);
	return r;
}

START_TEST(who_made_a_task_is_known)
{
	int fd = client_new();

	evtask_loop_create_task(loop, run_parent, NULL, NULL, NULL);
	turns(6);
	ck_assert_str_eq(answer(fd, "task.get", "{\"task\":\"child\"}",
	    "result.task.parent"), "1");
	ck_assert_str_eq(answer(fd, "task.get", "{\"task\":\"child\"}",
	    "result.task.created_by.type"), "task");
	ck_assert_str_eq(answer(fd, "task.get", "{\"task\":\"child\"}",
	    "result.task.created_at.func"), "run_parent");
}
END_TEST

START_TEST(the_first_cancellation_is_the_one_that_is_shown)
{
	struct evtask *task;
	int fd = client_new();

	answer(fd, "task.create",
	    "{\"coroutine\":\"stubborn\",\"name\":\"s\"}", "");
	turns(3);
	answer(fd, "task.cancel",
	    "{\"tasks\":[\"s\"],\"message\":\"first\"}", "");
	advance(1000);
	task = registry_find_name(&console->registry, "s")->task;
	evtask_cancel(task, "second");
	advance(1000);
	ck_assert_str_eq(answer(fd, "task.get", "{\"task\":\"s\"}",
	    "result.task.cancel.message"), "first");
	ck_assert_str_eq(answer(fd, "task.get", "{\"task\":\"s\"}",
	    "result.task.cancel.requested"), "2");
	ck_assert_str_eq(answer(fd, "task.get", "{\"task\":\"s\"}",
	    "result.task.cancel.by.type"), "client");
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("observe");
	TCase *tc = tcase_create("observe");

	tcase_add_checked_fixture(tc, console_set_up, console_tear_down);
	tcase_add_test(tc, tasks_there_before_the_console_are_known);
	tcase_add_test(tc, internal_tasks_are_not_shown);
	tcase_add_test(tc,
	    a_console_hides_no_failure_of_the_programs_own_tasks);
	tcase_add_test(tc,
	    a_failure_of_a_job_is_for_its_clients_and_not_reported);
	tcase_add_test(tc, who_made_a_task_is_known);
	tcase_add_test(tc, the_first_cancellation_is_the_one_that_is_shown);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
