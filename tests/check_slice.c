/* Answers in slices: whole, in order, and of no harm when they are not. */
#include <sys/socket.h>
#include "tests/console_fixture.h"

static void
many(int n)
{
	char name[16];

	while (n-- > 0) {
		snprintf(name, sizeof(name), "t%d", n);
		own_task(name, 60000000);
	}
	turns(3);
}

/* Every slice ends as soon as it may. */
static void
slice_finely(void)
{
	console->slices.slice_us = 0;
}

START_TEST(a_list_in_slices_is_the_list)
{
	static const char *const params[] = {
		"{}", "{\"sort\":\"-name\"}", "{\"name\":\"t1*\"}",
		"{\"state\":[\"waiting\"],\"limit\":7,\"sort\":\"-id\"}",
		"{\"limit\":9,\"cursor\":\"100\"}", NULL
	};
	struct json_object *whole, *sliced;
	int fd = client_new(), i;

	many(150);
	console->slices.slice_us = 1000000;
	for (i = 0; params[i] != NULL; i++) {
		console->slices.slice_us = 1000000;
		whole = ask(fd, "task.list", params[i]);
		slice_finely();
		sliced = ask(fd, "task.list", params[i]);
		json_object_object_del(whole, "id");
		json_object_object_del(sliced, "id");
		ck_assert_str_eq(json_object_to_json_string(whole),
		    json_object_to_json_string(sliced));
		json_object_put(whole);
		json_object_put(sliced);
	}
}
END_TEST

START_TEST(a_log_in_slices_is_the_log_and_is_followed_from_its_end)
{
	struct json_object *whole, *sliced, *m;
	int fd = client_new();

	json_object_put(ask(fd, "task.create", "{\"coroutine\":\"say\","
	    "\"name\":\"s\",\"args\":{\"text\":\"a\\nb\\n\","
	    "\"times\":100,\"linger\":60}}"));
	turns(3);
	whole = ask(fd, "task.logs", "{\"task\":\"s\",\"limit\":150}");
	slice_finely();
	sliced = ask(fd, "task.logs", "{\"task\":\"s\",\"limit\":150}");
	ck_assert_str_eq(member(sliced, "result.next"), "150");
	json_object_object_del(whole, "id");
	json_object_object_del(sliced, "id");
	ck_assert_str_eq(json_object_to_json_string(whole),
	    json_object_to_json_string(sliced));
	json_object_put(whole);
	json_object_put(sliced);
	ask_later(fd, 1, "task.logs", "{\"task\":\"s\",\"limit\":199,"
	    "\"follow\":true}");
	m = next(fd);
	ck_assert_str_eq(member(m, "result.sub"), "1");
	json_object_put(m);
	m = next(fd);
	ck_assert_str_eq(member(m, "params.data.line.text"), "b");
	json_object_put(m);
	ck_assert(client_is_silent(fd));
}
END_TEST

START_TEST(other_clients_are_served_between_two_slices)
{
	int fd = client_new(), other = client_new();
	struct json_object *reply;

	many(500);
	slice_finely();
	ask_later(fd, 1, "task.list", "{\"limit\":500}");
	turns(3);
	ck_assert_uint_eq(console->sessions.count, 2);
	ck_assert_ptr_nonnull(TAILQ_FIRST(&console->sessions.list)->slice);
	ck_assert_str_ne(answer(other, "rpc.ping", "{}", "result.ts_us"),
	    "(none)");
	ck_assert_ptr_nonnull(TAILQ_FIRST(&console->sessions.list)->slice);
	reply = next(fd);
	ck_assert_str_eq(member(reply, "result.total"), "500");
	json_object_put(reply);
}
END_TEST

START_TEST(answers_of_a_connection_keep_their_order)
{
	int fd = client_new(), i;
	struct json_object *reply;

	many(200);
	slice_finely();
	ask_later(fd, 1, "task.list", "{}");
	ask_later(fd, 2, "rpc.ping", "{}");
	ask_later(fd, 3, "metrics.get", "{}");
	ask_later(fd, 4, "rpc.ping", "{}");
	for (i = 1; i <= 4; i++) {
		reply = next(fd);
		ck_assert_int_eq(atoi(member(reply, "id")), i);
		json_object_put(reply);
	}
}
END_TEST

START_TEST(two_lists_take_turns)
{
	int a = client_new(), b = client_new(), i;
	struct json_object *reply;

	many(300);
	slice_finely();
	for (i = 0; i < 3; i++) {
		ask_later(a, 1, "task.list", "{\"limit\":300}");
		ask_later(b, 1, "task.list", "{\"limit\":300}");
		reply = next(a);
		json_object_put(reply);
		/* The other is done, or nearly. */
		turns(4);
		ck_assert(TAILQ_EMPTY(&console->slices.list));
		json_object_put(next(b));
	}
}
END_TEST

START_TEST(what_is_forgotten_meanwhile_is_still_in_the_page)
{
	int fd = client_new(), other = client_new(), i;
	struct json_object *reply;
	char params[64];

	console->keep_done = 1000;
	for (i = 0; i < 200; i++)
		own_task("d", 0);
	turns(3);
	slice_finely();
	/* The first slice has found 64; those before and behind it go. */
	ask_later(fd, 1, "task.list", "{\"state\":[\"done\"],\"limit\":10}");
	turns(2);
	ck_assert_ptr_nonnull(TAILQ_FIRST(&console->sessions.list)->slice);
	console->slices.slice_us = 1000000;
	for (i = 60; i < 80; i++) {
		snprintf(params, sizeof(params), "{\"tasks\":[%d]}", i);
		ask_later(other, i, "task.forget", params);
	}
	ask_later(other, 1, "task.forget", "{\"tasks\":[1,2,3]}");
	reply = next(fd);
	ck_assert_str_eq(member(reply, "result.tasks.9.id"), "10");
	ck_assert_int_ge(atoi(member(reply, "result.total")), 180);
	json_object_put(reply);
	for (i = 0; i < 21; i++)
		json_object_put(next(other));
}
END_TEST

START_TEST(answers_that_begin_at_once_share_a_slice)
{
	struct slices *slices = &console->slices;
	struct json_object *replies[2];
	int fds[2] = { client_new(), client_new() };
	uint64_t begun;

	many(10);
	slices->slice_us = 60000000;
	/* The first has all of it, and leaves nothing. */
	begun = console->metrics.slices;
	replies[0] = ask(fds[0], "task.list", "{}");
	ck_assert_int_eq(console->metrics.slices, begun + 1);
	ck_assert_int_gt(slices->spent_us, 0);
	slices->spent_us = 2 * slices->slice_us;
	ask_later(fds[1], 1, "task.list", "{}");
	turn();
	ck_assert_int_eq(console->metrics.slices, begun + 1);
	ck_assert(!TAILQ_EMPTY(&slices->list));
	/* It is made in the next turn, and leaves the most of that. */
	replies[1] = next(fds[1]);
	ck_assert_int_eq(console->metrics.slices, begun + 2);
	ck_assert_int_lt(slices->spent_us, slices->slice_us);
	ck_assert_str_eq(member(replies[0], "result.total"),
	    member(replies[1], "result.total"));
	json_object_put(replies[0]);
	json_object_put(replies[1]);
}
END_TEST

START_TEST(a_list_nobody_waits_for_ends_with_its_connection)
{
	int fd = client_new();

	many(300);
	slice_finely();
	ask_later(fd, 1, "task.list", "{\"limit\":300}");
	turns(3);
	ck_assert(!TAILQ_EMPTY(&console->slices.list));
	session_close(TAILQ_FIRST(&console->sessions.list));
	ck_assert(TAILQ_EMPTY(&console->slices.list));
	ck_assert(LIST_EMPTY(&console->registry.walks));
	ck_assert(client_is_ended(fd));
}
END_TEST

START_TEST(a_list_ends_with_its_console)
{
	int fd = client_new();

	many(300);
	slice_finely();
	ask_later(fd, 1, "task.list", "{\"limit\":300}");
	turns(3);
	ck_assert(!TAILQ_EMPTY(&console->slices.list));
	console_stop_now();
}
END_TEST

START_TEST(after_the_end_of_input_the_list_still_comes)
{
	int fd = client_new();
	struct json_object *reply;

	many(300);
	slice_finely();
	client_send(fd, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":"
	    "\"task.list\",\"params\":{\"limit\":300}}");
	shutdown(fd, SHUT_WR);
	reply = next(fd);
	ck_assert_str_eq(member(reply, "result.total"), "300");
	json_object_put(reply);
	ck_assert(client_is_ended(fd));
}
END_TEST

START_TEST(a_page_of_long_names_is_cut_where_it_gets_too_long)
{
	static char name[300000];
	int fd = client_new(), i;
	struct json_object *reply;

	memset(name, 'n', sizeof(name) - 1);
	for (i = 0; i < 20; i++)
		own_task(name, 60000000);
	turns(3);
	reply = ask(fd, "task.list", "{\"fields\":[\"name\"]}");
	ck_assert_str_eq(member(reply, "result.total"), "20");
	ck_assert_str_eq(member(reply, "result.next"), "14");
	json_object_put(reply);
	ck_assert_str_eq(answer(fd, "task.list",
	    "{\"fields\":[\"name\"],\"cursor\":\"14\"}",
	    "result.tasks.0.id"), "15");
}
END_TEST

/* {"tasks":[1,2, ... n],REST} */
static const char *
tasks_and(int n, const char *rest)
{
	static char text[16384];
	int size = snprintf(text, sizeof(text), "{\"tasks\":[1"), i;

	for (i = 2; i <= n; i++)
		size += snprintf(text + size, sizeof(text) - (size_t)size,
		    ",%d", i);
	snprintf(text + size, sizeof(text) - (size_t)size, "]%s}", rest);
	return text;
}

#define MANY 300 /* more than is answered at once */

START_TEST(what_is_said_of_many_tasks_in_slices_is_what_is_said_at_once)
{
	const char *params = tasks_and(MANY, ",\"timeout_us\":0");
	struct json_object *whole, *sliced;
	int fd = client_new();

	many(MANY);
	console->slices.slice_us = 1000000;
	whole = ask(fd, "task.wait", params);
	slice_finely();
	sliced = ask(fd, "task.wait", params);
	ck_assert_str_eq(member(whole, "result.pending.299.name"), "t0");
	ck_assert(json_object_equal(evtask_ctl_get(whole, "result"),
	    evtask_ctl_get(sliced, "result")));
	json_object_put(whole);
	json_object_put(sliced);
}
END_TEST

START_TEST(many_tasks_are_cancelled_waited_for_and_forgotten_in_slices)
{
	struct json_object *reply;
	uint64_t slices;
	int fd = client_new();

	many(MANY);
	slice_finely();
	slices = console->metrics.slices;
	reply = ask(fd, "task.cancel", tasks_and(MANY, ",\"wait\":true"));
	ck_assert_str_eq(member(reply, "result.tasks.0.id"), "1");
	ck_assert_str_eq(member(reply, "result.tasks.299.id"), "300");
	ck_assert_str_eq(member(reply, "result.tasks.299.state"), "done");
	ck_assert_str_eq(member(reply, "result.tasks.299.requested"), "true");
	ck_assert_str_eq(member(reply, "result.tasks.300"), "null");
	ck_assert_str_eq(member(reply, "result.timed_out"), "false");
	json_object_put(reply);
	ck_assert_uint_gt(console->metrics.slices, slices + 10);

	reply = ask(fd, "task.wait", tasks_and(MANY, ""));
	ck_assert_str_eq(member(reply, "result.done.299.outcome"),
	    "cancelled");
	ck_assert_str_eq(member(reply, "result.pending.0"), "null");
	json_object_put(reply);

	slices = console->metrics.slices;
	reply = ask(fd, "task.forget", tasks_and(MANY, ""));
	ck_assert_str_eq(member(reply, "result.forgotten.299"), "300");
	json_object_put(reply);
	ck_assert_uint_gt(console->metrics.slices, slices + 10);
	ck_assert_uint_eq(console->registry.count, 0);
}
END_TEST

START_TEST(what_one_of_many_refuses_is_done_to_none)
{
	int fd = client_new();

	many(MANY);
	slice_finely();
	ck_assert_str_eq(answer(fd, "task.forget", tasks_and(MANY, ""),
	    "error.data.name"), "TaskNotDone");
	ck_assert_str_eq(answer(fd, "task.cancel", tasks_and(MANY + 1, ""),
	    "error.data.name"), "TaskNotFound");
	ck_assert_uint_eq(console->registry.count, MANY);
	ck_assert_str_eq(answer(fd, "task.get", "{\"task\":1}",
	    "result.task.cancel"), "null");
}
END_TEST

START_TEST(many_tasks_are_found_in_slices_and_others_served_meanwhile)
{
	int fd = client_new(), other = client_new();
	uint64_t slices;
	struct json_object *reply;

	many(MANY);
	slice_finely();
	slices = console->metrics.slices;
	ask_later(fd, 1, "sub.open",
	    tasks_and(MANY, ",\"types\":[\"task.done\"]"));
	ask_later(fd, 2, "task.wait", tasks_and(MANY + 1, ""));
	while (TAILQ_EMPTY(&console->slices.list))
		turn();
	ck_assert_str_ne(answer(other, "rpc.ping", "{}", "result.ts_us"),
	    "(none)");
	ck_assert_uint_lt(console->metrics.slices, slices + 10);
	reply = next(fd);
	ck_assert_str_eq(member(reply, "result.sub"), "1");
	json_object_put(reply);
	reply = next(fd);
	ck_assert_str_eq(member(reply, "error.data.name"), "TaskNotFound");
	json_object_put(reply);
	ck_assert_uint_gt(console->metrics.slices, slices + 20);
}
END_TEST

START_TEST(the_protocol_is_described_in_slices_and_then_at_once)
{
	int a = client_new(), b = client_new();
	struct json_object *first, *second, *again;
	uint64_t slices;

	slice_finely();
	ask_later(a, 1, "rpc.discover", "{}");
	ask_later(b, 1, "rpc.discover", "{}");
	first = next(a);
	second = next(b);
	slices = console->metrics.slices;
	ck_assert_uint_gt(slices, 20);
	again = ask(a, "rpc.discover", "{}");
	ck_assert_uint_eq(console->metrics.slices, slices);
	ck_assert_str_eq(member(first, "result.methods.0.name"), "rpc.hello");
	ck_assert(json_object_equal(evtask_ctl_get(first, "result"),
	    evtask_ctl_get(again, "result")));
	ck_assert(json_object_equal(evtask_ctl_get(second, "result"),
	    evtask_ctl_get(again, "result")));
	json_object_put(first);
	json_object_put(second);
	json_object_put(again);
}
END_TEST

START_TEST(an_answer_in_the_making_keeps_its_id_and_nobody_waits_for_it)
{
	struct json_object *reply;
	int fd = client_new();

	many(MANY);
	slice_finely();
	ask_later(fd, 7, "task.wait", tasks_and(MANY, ",\"timeout_us\":0"));
	ask_later(fd, 7, "rpc.ping", "{}");
	ask_later(fd, 8, "rpc.ping", "{}");
	reply = next(fd);
	ck_assert_str_eq(member(reply, "error.data.name"), "DuplicateId");
	json_object_put(reply);
	reply = next(fd);
	ck_assert_str_eq(member(reply, "id"), "8");
	json_object_put(reply);
	reply = next(fd);
	ck_assert_str_eq(member(reply, "id"), "7");
	ck_assert_str_eq(member(reply, "result.pending.299.id"), "300");
	json_object_put(reply);
}
END_TEST

START_TEST(who_goes_while_many_are_served_takes_it_along)
{
	static const char *const methods[] = { "task.wait", "task.cancel",
	    "task.uncancel" };
	int i, fd;

	many(MANY);
	slice_finely();
	for (i = 0; i < 3; i++) {
		fd = client_connect();
		ask_later(fd, 7, methods[i], tasks_and(MANY, i == 0
		    ? ",\"timeout_us\":0" : ""));
		turns(3);
		shutdown(fd, SHUT_RDWR);
		turns(60);
	}
	ck_assert_str_eq(answer(client_new(), "rpc.clients", "{}",
	    "result.total"), "1");
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("slice");
	TCase *tc = tcase_create("slice");

	tcase_add_checked_fixture(tc, console_set_up, console_tear_down);
	tcase_add_test(tc, a_list_in_slices_is_the_list);
	tcase_add_test(tc,
	    a_log_in_slices_is_the_log_and_is_followed_from_its_end);
	tcase_add_test(tc, other_clients_are_served_between_two_slices);
	tcase_add_test(tc, answers_of_a_connection_keep_their_order);
	tcase_add_test(tc, two_lists_take_turns);
	tcase_add_test(tc, what_is_forgotten_meanwhile_is_still_in_the_page);
	tcase_add_test(tc, answers_that_begin_at_once_share_a_slice);
	tcase_add_test(tc, a_list_nobody_waits_for_ends_with_its_connection);
	tcase_add_test(tc, a_list_ends_with_its_console);
	tcase_add_test(tc, after_the_end_of_input_the_list_still_comes);
	tcase_add_test(tc, a_page_of_long_names_is_cut_where_it_gets_too_long);
	tcase_add_test(tc,
	    what_is_said_of_many_tasks_in_slices_is_what_is_said_at_once);
	tcase_add_test(tc,
	    many_tasks_are_cancelled_waited_for_and_forgotten_in_slices);
	tcase_add_test(tc, what_one_of_many_refuses_is_done_to_none);
	tcase_add_test(tc,
	    many_tasks_are_found_in_slices_and_others_served_meanwhile);
	tcase_add_test(tc,
	    the_protocol_is_described_in_slices_and_then_at_once);
	tcase_add_test(tc,
	    an_answer_in_the_making_keeps_its_id_and_nobody_waits_for_it);
	tcase_add_test(tc, who_goes_while_many_are_served_takes_it_along);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
