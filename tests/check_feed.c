/*
 * Feeding: many who listen, and much to tell, hold up nobody else, take no
 * memory but that of what is told ahead, and get all that there is.
 */
#include <malloc.h>
#include <sys/socket.h>
#include "lib/console/subscription.h"
#include "tests/console_fixture.h"

#define LISTENERS 16
#define OWN_ROOM (1 << 20) /* of a flood, whoever listens */

static const char all_types[] = "{\"types\":[\"task.created\","
    "\"task.started\",\"task.done\",\"task.forgotten\"]}";

static void
set_up(void)
{
	console_set_up();
	console_feed_sparingly();
}

static int
listener_new(const char *params)
{
	int fd = client_new();

	json_object_put(ask(fd, "sub.open", params));
	return fd;
}

/* So many events, of one task. */
static void
rename_often(struct evtask *task, int times)
{
	char name[32];
	int i;

	for (i = 0; i < times; i++) {
		snprintf(name, sizeof(name), "n%d", i);
		evtask_set_name(task, name);
	}
}

/* Reads up to so much; returns how much there was. */
static size_t
swallow(int fd, size_t most)
{
	static char bytes[1 << 16];
	size_t size = 0;
	ssize_t n = 1;

	while (size < most && n > 0) {
		n = recv(fd, bytes, most - size < sizeof(bytes) ? most - size
		    : sizeof(bytes), MSG_DONTWAIT);
		size += n > 0 ? (size_t)n : 0;
	}
	return size;
}

/* Twenty of them want each of a thousand events. */
START_TEST(events_for_many_are_made_by_turns_and_all_of_them)
{
	struct evtask *task = own_task("n", 60000000);
	struct json_object *m;
	int fds[20], other = client_new(), i, k;
	char name[32];

	for (i = 0; i < 20; i++)
		fds[i] = listener_new("{\"types\":[\"task.renamed\"]}");
	rename_often(task, 1000);
	turn();
	ck_assert(!TAILQ_EMPTY(&console->sessions.starved));
	ck_assert_str_ne(answer(other, "rpc.ping", "{}", "result.ts_us"),
	    "(none)");
	ck_assert(!TAILQ_EMPTY(&console->sessions.starved));
	for (i = 0; i < 20; i++)
		for (k = 0; k < 1000; k++) {
			m = next(fds[i]);
			snprintf(name, sizeof(name), "n%d", k);
			ck_assert_str_eq(member(m, "params.data.name"), name);
			json_object_put(m);
		}
	/* Whose time was over with its last event has stood in line again. */
	while (!TAILQ_EMPTY(&console->sessions.starved))
		turn();
	for (i = 0; i < 20; i++)
		ck_assert(client_is_silent(fds[i]));
}
END_TEST

/* Far less than the half megabyte that they have room for. */
START_TEST(in_a_turn_all_are_told_little)
{
	struct evtask *task = own_task("n", 60000000);
	int fds[LISTENERS], i, n;
	size_t size;

	for (i = 0; i < LISTENERS; i++)
		fds[i] = listener_new("{\"types\":[\"task.renamed\"]}");
	rename_often(task, 2000);
	for (n = 0; n < 20; n++) {
		turn();
		for (i = 0, size = 0; i < LISTENERS; i++)
			size += swallow(fds[i], SIZE_MAX);
		ck_assert_uint_lt(size, SESSION_EVENTS_AHEAD / 2);
	}
}
END_TEST

/* What is told: an event; or that there was one, where the machine was so slow
 * that the ring has gone round meanwhile. */
static bool
was_told(const struct subscription *sub)
{
	return sub->sent + sub->dropped > 0;
}

/* The first subscription of a session has always more than its reader, who
 * reads a little in each turn, can take. */
START_TEST(who_has_always_more_to_tell_does_not_silence_the_next)
{
	struct evtask *task = own_task("n", 60000000), *other;
	int fd = listener_new("{\"types\":[\"task.renamed\"]}");
	struct subscription *second;
	int n;

	json_object_put(ask(fd, "sub.open", "{\"types\":[\"task.done\"]}"));
	second = TAILQ_LAST(&TAILQ_LAST(&console->sessions.list,
	    session_list)->subscriptions, subscription_list);
	other = own_task("other", 0);
	for (n = 0; !was_told(second) && n < 1000; n++) {
		rename_often(task, 300);
		turn();
		swallow(fd, 4096);
	}
	ck_assert(evtask_done(other));
	ck_assert(was_told(second));
}
END_TEST

START_TEST(who_cannot_be_told_is_not_tried_again_for_each_event)
{
	struct evtask *task = own_task("n", 60000000);
	int fd = listener_new("{\"types\":[\"task.renamed\"]}");
	struct session *session = TAILQ_LAST(&console->sessions.list,
	    session_list);
	struct subscription *sub = TAILQ_FIRST(&session->subscriptions);
	uint64_t seq = console->ring.seq;
	size_t pending;

	while (session_pending_bytes(session) == 0) {
		rename_often(task, 20);
		turns(20); /* it is told what it can be */
	}
	while (session->starved)
		turn();
	pending = session_pending_bytes(session);
	ck_assert(session->writing);
	swallow(fd, 8192); /* too little for the socket to call itself free */
	evtask_set_name(task, "again");
	turns(5);
	ck_assert_uint_eq(session_pending_bytes(session), pending);
	while (session->writing || subscription_behind(sub) > 0) {
		swallow(fd, SIZE_MAX);
		turn();
	}
	ck_assert_uint_eq(sub->sent, console->ring.seq - seq);
}
END_TEST

/* What a thousand done tasks and the ring take is there before. */
static void
flood(int tasks, const int *fds)
{
	int i, k;

	for (i = 0; i < tasks; i++) {
		own_task("t", 0);
		if (i % 100 != 0)
			continue;
		turns(40); /* there is time to tell them all */
		for (k = 0; k < LISTENERS; k += 2)
			if (fds[k] >= 0)
				swallow(fds[k], SIZE_MAX);
	}
	turns(4);
}

START_TEST(a_storm_takes_of_each_listener_what_it_is_ahead)
{
	int fds[LISTENERS], i, other = client_new();
	size_t before;

	memset(fds, -1, sizeof(fds));
	flood(10000, fds);
	before = mallinfo2().uordblks;
	for (i = 0; i < LISTENERS; i++)
		fds[i] = listener_new(all_types);
	flood(20000, fds);
	ck_assert_uint_lt(mallinfo2().uordblks, before +
	    LISTENERS * SESSION_EVENTS_AHEAD + OWN_ROOM);
	ck_assert_str_eq(answer(other, "rpc.ping", "{}", "error"), "(none)");
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("feed");
	TCase *tc = tcase_create("feed");

	tcase_set_timeout(tc, 120);
	tcase_add_checked_fixture(tc, set_up, console_tear_down);
	tcase_add_test(tc,
	    events_for_many_are_made_by_turns_and_all_of_them);
	tcase_add_test(tc, in_a_turn_all_are_told_little);
	tcase_add_test(tc,
	    who_cannot_be_told_is_not_tried_again_for_each_event);
	tcase_add_test(tc,
	    who_has_always_more_to_tell_does_not_silence_the_next);
	tcase_add_test(tc, a_storm_takes_of_each_listener_what_it_is_ahead);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
