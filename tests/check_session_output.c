/* What a connection is told: when, in which order, and in which pieces. */
#include <event2/event.h>
#include <sys/socket.h>
#include "lib/console/settle.h"
#include "tests/console_fixture.h"

static struct session *
last_session(void)
{
	return TAILQ_LAST(&console->sessions.list, session_list);
}

/* The next that comes is the answer to that request. */
static void
assert_next_is(int fd, int id)
{
	struct json_object *m = next(fd);

	ck_assert_int_eq(atoi(member(m, "id")), id);
	json_object_put(m);
}

/* Nothing is left over for the next. */
static void
assert_nothing_is_said(void)
{
	ck_assert_uint_eq(console->sessions.saying, 0);
	ck_assert_uint_eq(console->sessions.said_size, 0);
}

/* Somebody is to be flushed already, and that at last. */
static void
somebody_waits_until(int64_t flush_us)
{
	struct session *session = last_session();

	session->dirty = true;
	TAILQ_INSERT_TAIL(&console->sessions.dirty, session, dirty_link);
	console->sessions.flush_us = flush_us;
}

START_TEST(who_is_answered_waits_until_all_who_asked_are)
{
	int a = client_new(), b = client_new();

	client_new();
	somebody_waits_until(INT64_MAX);
	ask_later(a, 1, "rpc.ping", "{}");
	ask_later(b, 2, "rpc.ping", "{}");
	while (console->sessions.requests < 2)
		turn();
	ck_assert_uint_eq(console->sessions.saying, 2);
	settle_soon(console);
	assert_next_is(a, 1);
	assert_next_is(b, 2);
	assert_nothing_is_said();
}
END_TEST

START_TEST(but_not_for_as_long_as_that_may_take)
{
	int fd = client_new();

	client_new();
	somebody_waits_until(0);
	ask_later(fd, 1, "rpc.ping", "{}");
	assert_next_is(fd, 1);
	assert_nothing_is_said();
}
END_TEST

/* What takes a while: events of others, and a slice of a long answer. */
static struct event *
long_work(int i)
{
	return i == 0 ? console->sessions.feed : console->slices.next;
}

START_TEST(who_has_an_answer_is_told_before_what_takes_a_while)
{
	int fd = client_new();

	client_new();
	somebody_waits_until(INT64_MAX);
	ask_later(fd, 1, "rpc.ping", "{}");
	while (console->sessions.requests < 1)
		turn();
	ck_assert_uint_eq(console->sessions.saying, 1);
	event_active(long_work(_i), EV_TIMEOUT, 0);
	turn();
	assert_nothing_is_said();
	assert_next_is(fd, 1);
}
END_TEST

START_TEST(answers_to_two_in_turn_keep_the_order_of_each)
{
	int a = client_new(), b = client_new(), other = client_new(), i;
	char name[16], params[40];

	for (i = 0; i < 4; i++) {
		sprintf(name, "t%d", i);
		own_task(name, 1000000);
		sprintf(params, "{\"tasks\":[\"t%d\"]}", i);
		ask_later(a, i, "task.wait", params);
		ask_later(b, i, "task.wait", params);
	}
	turns(2);
	ask_later(other, 1, "task.cancel",
	    "{\"tasks\":[\"t0\",\"t1\",\"t2\",\"t3\"]}");
	for (i = 0; i < 4; i++)
		assert_next_is(a, i);
	for (i = 0; i < 4; i++)
		assert_next_is(b, i);
	assert_nothing_is_said();
}
END_TEST

START_TEST(what_there_is_no_room_for_is_said_none_the_less)
{
	int fd[8], i;

	for (i = 0; i < 8; i++)
		fd[i] = client_new();
	for (i = 0; i < 8; i++) {
		ask_later(fd[i], 1, "rpc.ping", "{}");
		ask_later(fd[i], 2, "rpc.discover", "{}");
		ask_later(fd[i], 3, "rpc.ping", "{}");
	}
	for (i = 0; i < 8; i++) {
		assert_next_is(fd[i], 1);
		assert_next_is(fd[i], 2);
		assert_next_is(fd[i], 3);
	}
	assert_nothing_is_said();
}
END_TEST

START_TEST(what_the_socket_takes_in_pieces_comes_whole)
{
	int fd = client_new(), size = 1, i;

	setsockopt(last_session()->fd, SOL_SOCKET, SO_SNDBUF, &size,
	    sizeof(size));
	for (i = 0; i < 200; i++)
		ask_later(fd, i, "rpc.hello", "{}");
	turns(30);
	ck_assert_uint_gt(session_pending_bytes(last_session()), 0);
	assert_nothing_is_said();
	for (i = 0; i < 200; i++)
		assert_next_is(fd, i);
}
END_TEST

/* Whoever reads as fast as it is written would hold all others. */
START_TEST(what_is_long_is_written_in_several_turns)
{
	static char name[60000];
	int fd = client_new(), room = 1 << 20, i;
	struct session *session = last_session();
	size_t most = 0;

	setsockopt(session->fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
	memset(name, 'n', sizeof(name) - 1);
	for (i = 0; i < 5; i++)
		own_task(name, 60000000);
	turns(3);
	ask_later(fd, 1, "task.list", "{\"fields\":[\"name\"]}");
	for (i = 0; i < 10; i++) {
		turn();
		if (session_pending_bytes(session) > most)
			most = session_pending_bytes(session);
	}
	ck_assert_uint_gt(most, 0);
	assert_next_is(fd, 1);
}
END_TEST

START_TEST(who_is_closed_before_it_is_told_leaves_nothing_behind)
{
	int fd = client_new(), other = client_new();
	struct session *session = TAILQ_FIRST(&console->sessions.list);

	session_notify(session, "event", json_object_new_object());
	ck_assert_uint_eq(console->sessions.saying, 1);
	session_close(session);
	assert_nothing_is_said();
	ck_assert(client_is_ended(fd));
	ask_later(other, 1, "rpc.ping", "{}");
	assert_next_is(other, 1);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("session_output");
	TCase *tc = tcase_create("session_output");

	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, console_set_up, console_tear_down);
	tcase_add_test(tc, who_is_answered_waits_until_all_who_asked_are);
	tcase_add_test(tc, but_not_for_as_long_as_that_may_take);
	tcase_add_loop_test(tc,
	    who_has_an_answer_is_told_before_what_takes_a_while, 0, 2);
	tcase_add_test(tc, answers_to_two_in_turn_keep_the_order_of_each);
	tcase_add_test(tc, what_there_is_no_room_for_is_said_none_the_less);
	tcase_add_test(tc, what_the_socket_takes_in_pieces_comes_whole);
	tcase_add_test(tc, what_is_long_is_written_in_several_turns);
	tcase_add_test(tc,
	    who_is_closed_before_it_is_told_leaves_nothing_behind);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
