/*
 * Clients as they should not be: they send in any pieces, vanish at any point
 * of an exchange, close what is written to, and do not read. Whatever they do,
 * nothing of them stays, and the others are served as if they were alone.
 */
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>
#include "lib/ctl/text.h"
#include "tests/console_fixture.h"

#define R(id, method, params) \
	"{\"jsonrpc\":\"2.0\",\"id\":" #id ",\"method\":\"" method \
	"\",\"params\":" params "}\n"

/* A bit of everything, much of it unanswered or going on at the end. */
static const char exchange[] =
	R(1, "task.create", "{\"coroutine\":\"cat\",\"name\":\"c\","
	    "\"bind\":\"connection\",\"follow\":true,\"pace\":true}")
	R(2, "sub.open", "{\"types\":[\"task.created\",\"task.waiting\","
	    "\"task.log\",\"task.done\",\"task.forgotten\"]}")
	R(3, "task.wait", "{\"tasks\":[\"c\"],\"timeout_us\":9000000}")
	R(4, "task.stdin", "{\"task\":\"c\",\"data\":\"hello\\nyou\"}")
	R(5, "task.create", "{\"coroutine\":\"nap\",\"args\":{\"delay\":5},"
	    "\"bind\":\"connection\",\"wait\":true}")
	R(6, "task.result", "{\"task\":\"c\",\"wait\":true}")
	R(7, "task.cancel", "{\"tasks\":[\"c\"],\"wait\":true}")
	"nonsense\n"
	R(8, "task.create", "{\"coroutine\":\"stubborn\",\"name\":\"s\","
	    "\"bind\":\"connection\"}")
	R(9, "task.cancel", "{\"tasks\":[\"s\"],\"wait\":true}")
	R(10, "rpc.cancel", "{\"id\":3}")
	R(11, "task.list", "{}");

/* The least descriptor that is not open. */
static int
free_descriptor(void)
{
	int fd = dup(0);

	close(fd);
	return fd;
}

static int free_then; /* when there was only the client that looks */

static int
client_that_looks(void)
{
	int fd = client_new();

	turns(2);
	free_then = free_descriptor();
	return fd;
}

/* Nothing of any client is left but the one that looks. */
static void
assert_others_are_gone(int looks)
{
	ck_assert_int_eq(free_descriptor(), free_then);
	ck_assert_uint_eq(console->sessions.count, 1);
	ck_assert_uint_eq(console->sessions.deferred, 0);
	ck_assert_uint_eq(console->sessions.subscriptions, 0);
	ck_assert_uint_eq(console->waiting_subs, 0);
	ck_assert_str_eq(answer(looks, "rpc.ping", "{}", "error"), "(none)");
}

static int
raw_client(void)
{
	int ends[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC |
	    SOCK_NONBLOCK, 0, ends), 0);
	listener_admit(&console->listener, ends[1]);
	return ends[0];
}

/* Names are given once: what the last client made is cancelled and gone. */
static void
forget_all_tasks(void)
{
	advance(11000000); /* stubborn takes ten seconds */
	ck_assert_uint_eq(console->registry.live_jobs, 0);
	while (!TAILQ_EMPTY(&console->registry.records))
		registry_forget(&console->registry,
		    TAILQ_FIRST(&console->registry.records));
}

/* Sends so much, gives the server so many turns, and is gone. */
static void
vanish_after_sending(size_t size, int n_turns)
{
	int fd = raw_client();

	ck_assert_int_eq(send(fd, exchange, size, MSG_NOSIGNAL), size);
	turns(n_turns);
	close(fd);
	turns(3);
}

START_TEST(a_client_killed_after_any_byte_it_sends_leaves_nothing)
{
	int looks = client_that_looks(), n_turns;
	size_t size;

	for (n_turns = 0; n_turns < 3; n_turns++)
		for (size = 0; size < sizeof(exchange); size++) {
			vanish_after_sending(size, n_turns);
			assert_others_are_gone(looks);
			forget_all_tasks();
		}
}
END_TEST

/* Half of the goodbye first. */
START_TEST(a_client_killed_after_its_end_of_input_leaves_nothing)
{
	int looks = client_that_looks(), fd;
	size_t size;

	for (size = 0; size < sizeof(exchange); size++) {
		fd = raw_client();
		ck_assert_int_eq(send(fd, exchange, size, MSG_NOSIGNAL), size);
		shutdown(fd, SHUT_WR);
		turns((int)(size % 5));
		close(fd);
		turns(3);
		assert_others_are_gone(looks);
		forget_all_tasks();
	}
}
END_TEST

/* Reads so much of what it is told; false: there was no more. */
static bool
vanish_after_reading(size_t size)
{
	static char bytes[1 << 20];
	int fd = raw_client();
	ssize_t n = 0;
	size_t left = size;

	ck_assert_int_eq(send(fd, exchange, sizeof(exchange) - 1,
	    MSG_NOSIGNAL), sizeof(exchange) - 1);
	turns(4);
	while (left > 0 && (n = recv(fd, bytes, left, MSG_DONTWAIT)) > 0) {
		left -= (size_t)n;
		turn();
	}
	close(fd);
	turns(3);
	return left == 0;
}

START_TEST(a_client_killed_after_any_byte_it_reads_leaves_nothing)
{
	int looks = client_that_looks();
	size_t size;

	for (size = 0; vanish_after_reading(size); size++) {
		assert_others_are_gone(looks);
		forget_all_tasks();
	}
	ck_assert_uint_gt(size, 2000);
	assert_others_are_gone(looks);
	forget_all_tasks();
}
END_TEST

/* Writes to it fail: it is closed, whatever it was waiting for. */
START_TEST(a_client_that_cannot_be_written_to_is_closed)
{
	int looks = client_that_looks(), fd = raw_client();

	shutdown(fd, SHUT_RD);
	ck_assert_int_eq(send(fd, exchange, sizeof(exchange) - 1,
	    MSG_NOSIGNAL), sizeof(exchange) - 1);
	turns(5);
	close(fd);
	assert_others_are_gone(looks);
	forget_all_tasks();
}
END_TEST

/* A reply in short: its id, the error's name, the result's members. */
static void
add_digest(struct text *out, struct json_object *reply)
{
	struct json_object *result = NULL;

	text_add_string(out, member(reply, "id"));
	text_add_string(out, ":");
	text_add_string(out, member(reply, "error.data.name"));
	json_object_object_get_ex(reply, "result", &result);
	if (result != NULL) {
		json_object_object_foreach(result, key, value)
			text_add_string(out, value != NULL ? key : "null");
	}
	text_add_string(out, "|");
}

static char *
digest(int fd, int replies)
{
	struct text out = {0};
	struct json_object *m;

	while (replies > 0) {
		m = next(fd);
		if (json_object_object_get_ex(m, "id", NULL)) {
			replies--;
			add_digest(&out, m);
		}
		json_object_put(m);
	}
	return out.bytes;
}

/* How a client sends the examples of all methods; the number of requests. */
static int
send_examples(int fd, size_t piece)
{
	const struct evtask_ctl_method *m;
	struct text all = {0};
	char head[128];
	size_t at, size;
	int id = 0;

	for (m = evtask_ctl_methods(); m->name != NULL; m++) {
		snprintf(head, sizeof(head), "{\"jsonrpc\":\"2.0\",\"id\":%d,"
		    "\"method\":\"%s\",\"params\":", ++id, m->name);
		text_add_string(&all, head);
		text_add_string(&all, m->example_params);
		text_add_string(&all, "}\r\n\n");
	}
	for (at = 0; at < all.size; at += size) {
		size = piece < all.size - at ? piece : all.size - at;
		client_send_bytes(fd, all.bytes + at, size);
		if (piece < all.size)
			turn();
	}
	text_release(&all);
	return id;
}

static char *
digest_of_examples(size_t piece)
{
	int fd = client_new();

	return digest(fd, send_examples(fd, piece));
}

START_TEST(a_session_is_the_same_however_it_is_cut)
{
	static const size_t pieces[] = { 1, 2, 7, 64, 1000 };
	char *whole = digest_of_examples(SIZE_MAX), *got;
	size_t i;

	ck_assert_uint_gt(strlen(whole), 500);
	for (i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		console_tear_down();
		console_set_up();
		got = digest_of_examples(pieces[i]);
		ck_assert_msg(strcmp(whole, got) == 0, "in pieces of %zu:\n%s"
		    "\nat once:\n%s", pieces[i], got, whole);
		free(got);
	}
	free(whole);
}
END_TEST

/* A client that reads a byte a second, for so long. */
static size_t
sip(int fd, int seconds, char *bytes)
{
	size_t n = 0;

	while (seconds-- > 0) {
		advance(1000000);
		if (recv(fd, bytes + n, 1, MSG_DONTWAIT) == 1)
			n++;
	}
	return n;
}

START_TEST(a_client_that_reads_a_byte_a_second_gets_its_answer)
{
	static const char hello[] = R(1, "rpc.hello", "{}");
	static char bytes[4096];
	int fd = raw_client();
	size_t n;

	send(fd, hello, sizeof(hello) - 1, MSG_NOSIGNAL);
	n = sip(fd, 600, bytes);
	ck_assert_uint_gt(n, 200);
	ck_assert_int_eq(bytes[n - 1], '\n');
	ck_assert_uint_eq(console->sessions.count, 1);
	close(fd);
	turns(3);
}
END_TEST

/*
 * One does not read and is owed much, one says nothing, one sips where much
 * waits for it: the first and the last are closed when their sockets have
 * taken nothing for half a minute, and a fourth never notices.
 */
START_TEST(strange_clients_disturb_nobody)
{
	static const char much[] = R(1, "rpc.discover", "{}");
	static char bytes[65536];
	int deaf = raw_client(), mute = client_new(), sips = raw_client();
	int fd = client_new(), i;

	json_object_put(ask(fd, "rpc.discover", "{}")); /* it is made once */
	for (i = 0; i < 60; i++) {
		send(deaf, much, sizeof(much) - 1, MSG_DONTWAIT | MSG_NOSIGNAL);
		send(sips, much, sizeof(much) - 1, MSG_DONTWAIT | MSG_NOSIGNAL);
		turn();
		ask_later(fd, i, "rpc.ping", "{}");
		turns(2);
		json_object_put(next(fd));
	}
	ck_assert_uint_eq(console->sessions.count, 4);
	sip(sips, 300, bytes);
	ck_assert_str_eq(answer(fd, "daemon.stats", "{}", "result.clients"),
	    "2");
	ck_assert_str_eq(answer(fd, "daemon.stats", "{}", "result.stalled"),
	    "2");
	ck_assert_str_eq(answer(mute, "rpc.ping", "{}", "error"), "(none)");
	close(deaf);
	close(sips);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("hostile");
	TCase *tc = tcase_create("hostile");

	tcase_set_timeout(tc, 120);
	tcase_add_checked_fixture(tc, console_set_up, console_tear_down);
	tcase_add_test(tc,
	    a_client_killed_after_any_byte_it_sends_leaves_nothing);
	tcase_add_test(tc,
	    a_client_killed_after_its_end_of_input_leaves_nothing);
	tcase_add_test(tc,
	    a_client_killed_after_any_byte_it_reads_leaves_nothing);
	tcase_add_test(tc, a_client_that_cannot_be_written_to_is_closed);
	tcase_add_test(tc, a_session_is_the_same_however_it_is_cut);
	tcase_add_test(tc,
	    a_client_that_reads_a_byte_a_second_gets_its_answer);
	tcase_add_test(tc, strange_clients_disturb_nobody);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
