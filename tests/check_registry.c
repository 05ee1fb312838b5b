/* The tasks a console knows: the program's own and its jobs, done or not. */
#include "tests/console_fixture.h"

START_TEST(only_so_many_done_tasks_are_kept_and_the_oldest_go_first)
{
	int fd = client_new(), i;

	console->keep_done = 3;
	for (i = 0; i < 5; i++)
		own_task("t", 0);
	own_task("alive", 60000000);
	turns(6);
	ck_assert_uint_eq(console->registry.count, 4);
	ck_assert_str_eq(answer(fd, "task.get", "{\"task\":2}",
	    "error.data.name"), "TaskForgotten");
	ck_assert_str_eq(answer(fd, "task.get", "{\"task\":3}",
	    "result.task.state"), "done");
}
END_TEST

START_TEST(a_name_means_the_one_task_that_is_not_done)
{
	int fd = client_new();

	own_task("w", 0);
	own_task("w", 0);
	turns(5);
	ck_assert_str_eq(answer(fd, "task.get", "{\"task\":\"w\"}",
	    "error.data.name"), "AmbiguousTask");
	own_task("w", 60000000);
	ck_assert_str_eq(answer(fd, "task.get", "{\"task\":\"w\"}",
	    "result.task.id"), "3");
	own_task("w", 60000000);
	ck_assert_str_eq(answer(fd, "task.get", "{\"task\":\"w\"}",
	    "error.data.candidates"), "[ 3, 4 ]");
}
END_TEST

START_TEST(a_name_follows_its_task)
{
	struct evtask *task = own_task("old", 60000000);
	int fd = client_new();

	evtask_set_name(task, "new");
	ck_assert_str_eq(answer(fd, "task.get", "{\"task\":\"new\"}",
	    "result.task.id"), "1");
	ck_assert_str_eq(answer(fd, "task.get", "{\"task\":\"old\"}",
	    "error.data.name"), "TaskNotFound");
}
END_TEST

START_TEST(a_forgotten_name_and_key_are_free)
{
	int fd = client_new();
	const char *params = "{\"coroutine\":\"echo\",\"name\":\"n\","
	    "\"key\":\"k\",\"wait\":true}";

	ck_assert_str_eq(answer(fd, "task.create", params, "result.created"),
	    "true");
	ck_assert_str_eq(answer(fd, "task.create", params, "result.created"),
	    "false");
	answer(fd, "task.forget", "{\"tasks\":[\"n\",\"n\"]}", "");
	ck_assert_str_eq(answer(fd, "task.create", params, "result.created"),
	    "true");
}
END_TEST

START_TEST(pages_hold_while_tasks_come_and_go)
{
	int fd = client_new(), i, seen = 0;
	char name[40], params[100];
	struct json_object *page;

	for (i = 0; i < 10; i++) {
		sprintf(name, "t%d", i);
		own_task(name, 60000000);
	}
	strcpy(params, "{\"sort\":\"name\",\"limit\":3}");
	for (;;) {
		page = ask(fd, "task.list", params);
		for (i = 0; i < 3; i++) {
			sprintf(name, "result.tasks.%d.name", i);
			if (member(page, name)[0] == 't')
				seen++;
		}
		if (strcmp(member(page, "result.next"), "null") == 0)
			break;
		sprintf(params, "{\"sort\":\"name\",\"limit\":3,"
		    "\"cursor\":\"%s\"}", member(page, "result.next"));
		json_object_put(page);
		/* Before every place of the pages to come. */
		own_task("a", 60000000);
	}
	json_object_put(page);
	ck_assert_int_eq(seen, 10);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("registry");
	TCase *tc = tcase_create("registry");

	tcase_add_checked_fixture(tc, console_set_up, console_tear_down);
	tcase_add_test(tc,
	    only_so_many_done_tasks_are_kept_and_the_oldest_go_first);
	tcase_add_test(tc, a_name_means_the_one_task_that_is_not_done);
	tcase_add_test(tc, a_name_follows_its_task);
	tcase_add_test(tc, a_forgotten_name_and_key_are_free);
	tcase_add_test(tc, pages_hold_while_tasks_come_and_go);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
