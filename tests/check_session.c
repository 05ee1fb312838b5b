/* A connection, and what clients do to it. */
#include <sys/socket.h>
#include <unistd.h>
#include "tests/console_fixture.h"

#define PING "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"rpc.ping\"}\n"

static struct session *
last_session(void)
{
	return TAILQ_LAST(&console->sessions.list, session_list);
}

/* The reply to a ping of that id is the next that comes. */
static void
assert_pong(int fd, int id)
{
	struct json_object *m = next(fd);

	ck_assert_int_eq(atoi(member(m, "id")), id);
	ck_assert_str_ne(member(m, "result.ts_us"), "(none)");
	json_object_put(m);
}

static void
assert_error(int fd, const char *name)
{
	struct json_object *m = next(fd);

	ck_assert_str_eq(member(m, "error.data.name"), name);
	json_object_put(m);
}

START_TEST(nothing_is_said_before_it_is_asked)
{
	ck_assert(client_is_silent(client_new()));
}
END_TEST

START_TEST(a_thousand_requests_in_one_write_get_a_thousand_answers_in_order)
{
	int fd = client_new(), i;
	char *text = malloc(1000 * 80), *at = text;

	for (i = 0; i < 1000; i++)
		at += sprintf(at, PING, i);
	client_send(fd, text);
	for (i = 0; i < 1000; i++)
		assert_pong(fd, i);
	ck_assert(client_is_silent(fd));
	free(text);
}
END_TEST

START_TEST(a_turn_handles_so_many_frames_and_no_more)
{
	int fd = client_new(), i;
	char text[80 * 40], *at = text;

	for (i = 0; i < 40; i++)
		at += sprintf(at, PING, i);
	client_send(fd, text);
	turn();
	ck_assert_uint_gt(console->sessions.requests, 0);
	ck_assert_uint_le(console->sessions.requests, SESSION_TURN_FRAMES);
	for (i = 0; i < 40; i++)
		assert_pong(fd, i);
}
END_TEST

START_TEST(one_byte_per_write_is_a_request_like_any_other)
{
	int fd = client_new();
	char text[80];
	const char *p;

	sprintf(text, PING, 3);
	for (p = text; *p != '\0'; p++) {
		client_send_bytes(fd, p, 1);
		turn();
	}
	assert_pong(fd, 3);
}
END_TEST

START_TEST(a_frame_of_two_mebibytes_is_passed_over_and_the_next_is_answered)
{
	int fd = client_new();
	char *frame = malloc(2 << 20), text[80];
	struct json_object *m;

	memset(frame, 'x', 2 << 20);
	client_send_bytes(fd, frame, 2 << 20);
	sprintf(text, "\n" PING, 4);
	client_send(fd, text);
	m = next(fd);
	ck_assert_str_eq(member(m, "error.data.name"), "FrameTooLarge");
	ck_assert_str_eq(member(m, "id"), "null");
	json_object_put(m);
	assert_pong(fd, 4);
	free(frame);
}
END_TEST

START_TEST(broken_utf8_is_a_parse_error_and_the_next_is_answered)
{
	int fd = client_new();

	client_send(fd, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\xff\"}\n");
	assert_error(fd, "ParseError");
	client_send(fd, "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":"
	    "\"rpc.ping\"}\r\n\r\n\n");
	assert_pong(fd, 2);
	ck_assert(client_is_silent(fd));
}
END_TEST

START_TEST(an_id_in_flight_cannot_be_used_again_until_it_is_answered)
{
	int fd = client_new();
	struct json_object *m;

	own_task("t", 1000000);
	ask_later(fd, 9, "task.wait", "{\"tasks\":[\"t\"]}");
	ask_later(fd, 9, "rpc.ping", "{}");
	assert_error(fd, "DuplicateId");
	advance(2000000);
	m = next(fd);
	ck_assert_str_eq(member(m, "result.timed_out"), "false");
	json_object_put(m);
	ask_later(fd, 9, "rpc.ping", "{}");
	assert_pong(fd, 9);
}
END_TEST

START_TEST(ids_of_two_connections_have_nothing_to_do_with_each_other)
{
	int a = client_new(), b = client_new();

	own_task("t", 1000000);
	ask_later(a, 9, "task.wait", "{\"tasks\":[\"t\"]}");
	turns(3);
	ask_later(b, 9, "rpc.ping", "{}");
	assert_pong(b, 9);
}
END_TEST

START_TEST(over_256_unanswered_requests_are_refused_and_no_task_is_made)
{
	int fd = client_new(), i;

	own_task("t", 1000000);
	for (i = 0; i < SESSION_DEFERRED_MAX; i++)
		ask_later(fd, i, "task.wait", "{\"tasks\":[\"t\"]}");
	ask_later(fd, 1000, "task.create", "{\"coroutine\":\"nap\","
	    "\"args\":{\"delay\":1},\"wait\":true}");
	assert_error(fd, "Busy");
	ck_assert_uint_eq(evtask_console_live_jobs(console), 0);
	ask_later(fd, 1001, "task.create", "{\"coroutine\":\"nap\","
	    "\"args\":{\"delay\":1}}");
	json_object_put(next(fd));
	ck_assert_uint_eq(evtask_console_live_jobs(console), 1);
}
END_TEST

START_TEST(the_end_of_input_waits_for_what_is_in_flight)
{
	int fd = client_new();
	struct json_object *m;

	own_task("t", 60000000);
	client_send(fd, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":"
	    "\"task.wait\",\"params\":{\"tasks\":[\"t\"]}}"); /* no LF */
	shutdown(fd, SHUT_WR);
	ck_assert(client_is_silent(fd));
	advance(61000000);
	m = next(fd);
	ck_assert_str_eq(member(m, "result.done.0.name"), "t");
	json_object_put(m);
	ck_assert_ptr_null(client_line(fd));
	ck_assert_uint_eq(console->sessions.count, 0);
}
END_TEST

START_TEST(the_end_of_input_with_nothing_in_flight_is_the_end)
{
	int fd = client_new();

	shutdown(fd, SHUT_WR);
	ck_assert(client_is_ended(fd));
	ck_assert_uint_eq(console->sessions.count, 0);
}
END_TEST

START_TEST(subscriptions_go_on_after_the_end_of_input)
{
	int fd = client_new();
	struct json_object *m;

	ask_later(fd, 1, "sub.open", "{\"types\":[\"task.done\"]}");
	shutdown(fd, SHUT_WR);
	json_object_put(next(fd));
	own_task("t", 1000000);
	advance(2000000);
	m = next(fd);
	ck_assert_str_eq(member(m, "params.type"), "task.done");
	json_object_put(m);
	own_task("u", 1000000);
	advance(2000000);
	m = next(fd);
	ck_assert_str_eq(member(m, "params.type"), "task.done");
	json_object_put(m);
}
END_TEST

START_TEST(a_client_that_vanishes_in_mid_wait_frees_its_wait_at_once)
{
	int fd = client_new();
	struct evtask *task = own_task("t", 60000000);

	ask_later(fd, 1, "task.wait", "{\"tasks\":[\"t\"]}");
	turns(3);
	ck_assert_uint_eq(console->sessions.deferred, 1);
	close(dup2(client_new(), fd)); /* the fixture closes it once more */
	turns(3);
	ck_assert_uint_eq(console->sessions.deferred, 0);
	ck_assert(LIST_EMPTY(&registry_find_task(&console->registry,
	    task)->waits));
	ck_assert(!evtask_done(task));
}
END_TEST

START_TEST(a_client_that_vanishes_after_its_end_of_input_frees_its_wait_too)
{
	int ends[2];

	own_task("t", 60000000);
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0,
	    ends), 0);
	listener_admit(&console->listener, ends[1]);
	ask_later(ends[0], 1, "task.wait", "{\"tasks\":[\"t\"]}");
	shutdown(ends[0], SHUT_WR);
	turns(5);
	ck_assert_uint_eq(console->sessions.deferred, 1);
	close(ends[0]);
	turns(5);
	ck_assert_uint_eq(console->sessions.deferred, 0);
	ck_assert_uint_eq(console->sessions.count, 0);
}
END_TEST

START_TEST(half_a_request_of_a_client_that_vanished_is_not_carried_out)
{
	int ends[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0,
	    ends), 0);
	listener_admit(&console->listener, ends[1]);
	client_send(ends[0], "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":"
	    "\"task.create\",\"params\":{\"coroutine\":\"echo\"}}");
	close(ends[0]);
	turns(5);
	ck_assert_uint_eq(console->registry.created, 0);
	ck_assert_uint_eq(console->sessions.count, 0);
}
END_TEST

START_TEST(a_task_bound_to_a_connection_is_cancelled_when_that_closes)
{
	int ends[2], fd = client_new();

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0,
	    ends), 0);
	listener_admit(&console->listener, ends[1]);
	ask_later(ends[0], 1, "task.create", "{\"coroutine\":\"nap\","
	    "\"name\":\"bound\",\"args\":{\"delay\":60},"
	    "\"bind\":\"connection\"}");
	ask_later(ends[0], 2, "task.create", "{\"coroutine\":\"nap\","
	    "\"name\":\"free\",\"args\":{\"delay\":60}}");
	turns(5);
	close(ends[0]);
	turns(5);
	ck_assert_str_eq(answer(fd, "task.result", "{\"task\":\"bound\"}",
	    "result.outcome"), "cancelled");
	ck_assert_str_eq(answer(fd, "task.get", "{\"task\":\"bound\"}",
	    "result.task.cancel.by.type"), "client");
	ck_assert_str_eq(answer(fd, "task.get", "{\"task\":\"free\"}",
	    "result.task.state"), "waiting");
}
END_TEST

/* From here on it is long, and answered in one turn. */
static void
make_discovery(int fd)
{
	json_object_put(ask(fd, "rpc.discover", "{}"));
}

START_TEST(a_client_that_does_not_read_is_not_read_from)
{
	int fd = client_new(), i;
	char *ask = NULL;
	struct session *session = last_session();

	make_discovery(fd);
	ck_assert_int_gt(asprintf(&ask, "{\"jsonrpc\":\"2.0\",\"id\":0,"
	    "\"method\":\"rpc.discover\"}\n"), 0);
	for (i = 0; i < 1000 && !session->paused; i++) {
		send(fd, ask, strlen(ask), MSG_DONTWAIT | MSG_NOSIGNAL);
		turns(2);
	}
	ck_assert(session->paused);
	i = (int)console->sessions.requests;
	for (; send(fd, ask, strlen(ask), MSG_DONTWAIT | MSG_NOSIGNAL) > 0;)
		turn();
	ck_assert_int_le((int)console->sessions.requests, i + 1);
	ck_assert_uint_lt(session_pending_bytes(session),
	    SESSION_OUTPUT_HIGH + (256 << 10));
	/* And is answered when it does. */
	while (console->sessions.requests < (uint64_t)i + 100) {
		char *line = client_line(fd);

		ck_assert_ptr_nonnull(line);
		free(line);
	}
	free(ask);
}
END_TEST

START_TEST(others_are_answered_while_one_does_not_read)
{
	int fd = client_new(), other = client_new(), i;
	struct session *session = last_session();

	make_discovery(fd);
	(void)session;
	for (i = 0; i < 200; i++) {
		send(fd, "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":"
		    "\"rpc.discover\"}\n", 48, MSG_DONTWAIT | MSG_NOSIGNAL);
		turn();
	}
	ask_later(other, 1, "rpc.ping", "{}");
	turns(2);
	assert_pong(other, 1);
}
END_TEST

START_TEST(without_write_progress_for_half_a_minute_it_is_closed_and_counted)
{
	int fd = client_new(), other = client_new();
	struct session *session = TAILQ_FIRST(&console->sessions.list);

	make_discovery(fd);
	while (!session->paused) {
		ask_later(fd, 0, "rpc.discover", "{}");
		turns(2);
	}
	advance(SESSION_STALL_US - 1000000);
	ck_assert_uint_eq(console->sessions.count, 2);
	advance(2000000);
	ck_assert_uint_eq(console->sessions.count, 1);
	ck_assert_str_eq(answer(other, "daemon.stats", "{}",
	    "result.stalled"), "1");
}
END_TEST

START_TEST(a_little_may_be_left_unread_for_ever)
{
	int fd = client_new(), i;
	struct session *session = last_session();
	struct json_object *m;

	make_discovery(fd);
	for (i = 0; session_pending_bytes(session) < (300 << 10); i++) {
		ask_later(fd, i, "rpc.discover", "{}");
		turns(2);
	}
	advance(86400000000);
	ck_assert_uint_eq(console->sessions.count, 1);
	ck_assert_ptr_null(session->stall);
	while (i-- > 0) {
		m = next(fd);
		json_object_put(m);
	}
	assert_pong((ask_later(fd, 1, "rpc.ping", "{}"), fd), 1);
}
END_TEST

START_TEST(progress_however_slow_keeps_it_open)
{
	int fd = client_new(), i;
	struct session *session = last_session();
	static char bytes[1 << 16];

	make_discovery(fd);
	while (!session->paused) {
		ask_later(fd, 0, "rpc.discover", "{}");
		turns(2);
	}
	for (i = 0; i < 10; i++) {
		advance(SESSION_STALL_US / 2);
		ck_assert_int_gt(recv(fd, bytes, sizeof(bytes),
		    MSG_DONTWAIT), 0);
		turns(2);
	}
	ck_assert_uint_eq(console->sessions.count, 1);
}
END_TEST

START_TEST(an_idle_connection_is_never_closed)
{
	int fd = client_new();

	answer(fd, "rpc.ping", "{}", "");
	advance(86400000000);
	ck_assert_str_ne(answer(fd, "rpc.ping", "{}", "result.ts_us"),
	    "(none)");
}
END_TEST

START_TEST(arrays_and_talk_get_a_hint_for_people)
{
	int fd = client_new();

	client_send(fd, "[]\nhelp\n7\n{}\n");
	assert_error(fd, "BatchUnsupported");
	assert_error(fd, "ParseError");
	assert_error(fd, "InvalidRequest");
	assert_error(fd, "InvalidRequest");
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("session");
	TCase *tc = tcase_create("session");

	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, console_set_up, console_tear_down);
	tcase_add_test(tc, nothing_is_said_before_it_is_asked);
	tcase_add_test(tc,
	    a_thousand_requests_in_one_write_get_a_thousand_answers_in_order);
	tcase_add_test(tc, a_turn_handles_so_many_frames_and_no_more);
	tcase_add_test(tc, one_byte_per_write_is_a_request_like_any_other);
	tcase_add_test(tc,
	    a_frame_of_two_mebibytes_is_passed_over_and_the_next_is_answered);
	tcase_add_test(tc,
	    broken_utf8_is_a_parse_error_and_the_next_is_answered);
	tcase_add_test(tc,
	    an_id_in_flight_cannot_be_used_again_until_it_is_answered);
	tcase_add_test(tc,
	    ids_of_two_connections_have_nothing_to_do_with_each_other);
	tcase_add_test(tc,
	    over_256_unanswered_requests_are_refused_and_no_task_is_made);
	tcase_add_test(tc, the_end_of_input_waits_for_what_is_in_flight);
	tcase_add_test(tc,
	    the_end_of_input_with_nothing_in_flight_is_the_end);
	tcase_add_test(tc, subscriptions_go_on_after_the_end_of_input);
	tcase_add_test(tc,
	    a_client_that_vanishes_in_mid_wait_frees_its_wait_at_once);
	tcase_add_test(tc,
	    a_client_that_vanishes_after_its_end_of_input_frees_its_wait_too);
	tcase_add_test(tc,
	    half_a_request_of_a_client_that_vanished_is_not_carried_out);
	tcase_add_test(tc,
	    a_task_bound_to_a_connection_is_cancelled_when_that_closes);
	tcase_add_test(tc, a_client_that_does_not_read_is_not_read_from);
	tcase_add_test(tc, others_are_answered_while_one_does_not_read);
	tcase_add_test(tc,
	    without_write_progress_for_half_a_minute_it_is_closed_and_counted);
	tcase_add_test(tc, a_little_may_be_left_unread_for_ever);
	tcase_add_test(tc, progress_however_slow_keeps_it_open);
	tcase_add_test(tc, an_idle_connection_is_never_closed);
	tcase_add_test(tc, arrays_and_talk_get_a_hint_for_people);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
