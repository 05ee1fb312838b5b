/*
 * check_keeper.c - cli/keeper.c: servers that go and come back, or are of
 * another day than this evtask.
 */
#include <evtask/ctl.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <termios.h>
#include <unistd.h>
#include "tty.h"
#include "suite.h"

START_TEST(a_server_that_goes_and_comes_back_is_told)
{
	type("half a line");
	expect_typed("evtask> half a line");
	kill_daemon();
	expect("* the server has gone; waiting for it to come back");
	expect_typed("no server> half a line");
	press(CTRL('U'));
	type("ping\r");
	expect("no server; it is being tried again and again");
	type("typed meanwhile");
	start_daemon();
	expect("* connected again: the server was started anew");
	expect_typed("evtask> typed meanwhile");
	press(CTRL('U'));
	type("ping\r");
	expect("pong");
}
END_TEST

START_TEST(a_server_that_goes_ends_a_wait)
{
	create("nap", "3600", false);
	type("wait nap\r");
	await_count("deferred");
	kill_daemon();
	expect("the connection is lost");
	expect_line("no server>", 11);
}
END_TEST

START_TEST(what_has_a_key_is_sent_again)
{
	type("create sleep delay=1h -n nap --key once -w\r");
	await_count("deferred");
	kill_daemon();
	expect("the connection is lost; it is asked again, by its key");
	start_daemon();
	await_count("deferred");
	press(CTRL('C'));
	expect("interrupted; Ctrl-C again offers to cancel");
	expect("* connected again");
	type("cancel nap\r");
	expect("task 1 is asked to stop");
}
END_TEST

START_TEST(without_a_server_the_prompt_waits_for_one)
{
	end_prompt();
	kill_daemon();
	start_prompt("xterm");
	expect("the server of");
	expect_line("no server>", 11);
	start_daemon();
	expect("* connected again");
	expect_prompt();
}
END_TEST

/* What a server of another day answers. */
struct day {
	const char *method;	/* NULL: any other, and the last */
	const char *answer;	/* NULL: it depends on the request */
	const char *(*answer_to)(struct json_object *params);
};

#define NOT_FOUND "\"error\":{\"code\":-32601,\"message\":\"it is gone\"," \
    "\"data\":{\"name\":\"MethodNotFound\"}}"

/* One that is of a later level than anybody knows. */
static const struct day tomorrow[] = {
	{ "rpc.hello", "\"result\":{\"server\":\"evtaskd\",\"api\":{"
	    "\"level\":99,\"compatible\":7,\"new\":true},"
	    "\"instance\":\"i\"}", NULL },
	{ "rpc.ping", "\"result\":{\"what\":[\"is\",\"new\"]}", NULL },
	{ NULL, NOT_FOUND, NULL },
};

/* One that is of the days before loops were watched for stalls: it refuses
 * what it does not know, and tells of an end at once. */
static const char *
open_as_yesterday(struct json_object *params)
{
	const char *types = json_object_to_json_string_ext(evtask_ctl_get(
	    params, "types"), JSON_C_TO_STRING_PLAIN);

	if (strcmp(types, "[\"task.done\",\"daemon.shutdown\"]") != 0)
		return "\"error\":{\"code\":-32602,\"message\":\"types/4 must "
		    "be an event\",\"data\":{\"name\":\"InvalidParams\"}}";
	return "\"result\":{\"sub\":1,\"seq\":1}}\n{\"jsonrpc\":\"2.0\","
	    "\"method\":\"event\",\"params\":{\"sub\":1,\"seq\":2,"
	    "\"ts_us\":2000000,\"type\":\"task.done\",\"task\":1,\"data\":{"
	    "\"outcome\":\"returned\"}}";
}

static const struct day yesterday[] = {
	{ "rpc.hello", "\"result\":{\"server\":\"evtaskd\",\"api\":{"
	    "\"level\":1,\"compatible\":1},\"instance\":\"i\"}", NULL },
	{ "rpc.ping", "\"result\":{}", NULL },
	{ "rpc.discover", "\"result\":{\"methods\":[],\"x-events\":[{\"name\":"
	    "\"task.done\"},{\"name\":\"daemon.shutdown\"}]}", NULL },
	{ "coroutine.list", "\"result\":{\"coroutines\":[],\"next\":null}",
	    NULL },
	{ "task.list", "\"result\":{\"tasks\":[{\"id\":1,\"name\":\"elder\","
	    "\"state\":\"waiting\",\"created_us\":1000000}],\"next\":null,"
	    "\"seq\":1}", NULL },
	{ "sub.open", NULL, open_as_yesterday },
	{ NULL, NOT_FOUND, NULL },
};

static void
serve_day(const struct day *days)
{
	const struct day *day;
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0), client;
	struct json_object *request;
	char line[8192];
	FILE *in, *out;

	strcpy(name.sun_path, socket_path);
	if (bind(fd, (struct sockaddr *)&name, sizeof(name)) < 0 ||
	    listen(fd, 5) < 0)
		_exit(1);
	client = accept(fd, NULL, NULL);
	in = fdopen(client, "r");
	out = fdopen(dup(client), "w");
	while (fgets(line, sizeof(line), in) != NULL) {
		request = json_tokener_parse(line);
		for (day = days; day->method != NULL && strcmp(day->method,
		    evtask_ctl_get_text(request, "method", "")) != 0; day++)
			;
		fprintf(out, "{\"jsonrpc\":\"2.0\",\"id\":%lld,%s}\n",
		    (long long)evtask_ctl_get_int(request, "id", 0),
		    day->answer != NULL ? day->answer : day->answer_to(
		    evtask_ctl_get(request, "params")));
		fflush(out);
		json_object_put(request);
	}
	_exit(0);
}

static void
meet(const struct day *days)
{
	end_prompt();
	kill_daemon();
	unlink(socket_path);
	daemon_pid = fork();
	if (daemon_pid == 0)
		serve_day(days);
	start_prompt("xterm");
}

START_TEST(a_server_of_an_earlier_day_is_asked_for_what_it_has)
{
	meet(yesterday);
	expect("* elder (1) returned after 1");
	type("ping\r");
	expect("pong");
}
END_TEST

START_TEST(a_server_of_a_later_level_is_told_and_used_as_far_as_it_goes)
{
	meet(tomorrow);
	expect_prompt();
	expect("* the server speaks the protocol from level 7 on, and");
	type("ping\r");
	expect("pong");
	expect_prompt();
	type("stats\r");
	expect("it is gone");
	expect_prompt();
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("keeper");
	TCase *tc = tcase_create("keeper");

	tcase_set_timeout(tc, 120);
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, a_server_that_goes_and_comes_back_is_told);
	tcase_add_test(tc, a_server_that_goes_ends_a_wait);
	tcase_add_test(tc, what_has_a_key_is_sent_again);
	tcase_add_test(tc, without_a_server_the_prompt_waits_for_one);
	tcase_add_test(tc,
	    a_server_of_a_later_level_is_told_and_used_as_far_as_it_goes);
	tcase_add_test(tc, a_server_of_an_earlier_day_is_asked_for_what_it_has);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
