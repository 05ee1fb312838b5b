/* Where the socket is, and a question to it: the server is a child. */
#include <errno.h>
#include <evtask/ctl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include "tests/json.h"
#include "tests/suite.h"

static char found[EVTASK_CTL_PATH_SIZE];
static char folder[64];
static char path[80];
static int listener;
static pid_t server;

static void
set_up(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	server = 0;
	strcpy(folder, "/tmp/evtask-ctl-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/s", folder);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ck_assert_int_eq(bind(listener, (struct sockaddr *)&address,
	    sizeof(address)), 0);
	ck_assert_int_eq(listen(listener, 1), 0);
}

static void
tear_down(void)
{
	close(listener);
	if (server > 0)
		ck_assert_int_eq(waitpid(server, NULL, 0), server);
	unlink(path);
	rmdir(folder);
}

/* The child takes one request and answers this, in two pieces. */
static void
serve(const char *answer)
{
	size_t half = strlen(answer) / 2;
	char request[4096];
	int fd;

	server = fork();
	if (server != 0)
		return;
	fd = accept(listener, NULL, NULL);
	if (read(fd, request, sizeof(request)) <= 0 ||
	    write(fd, answer, half) < 0 ||
	    write(fd, answer + half, strlen(answer + half)) < 0)
		_exit(1);
	close(fd);
	_exit(0);
}

static int
ask(int64_t timeout_us, struct json_object **result,
    struct json_object **error)
{
	return evtask_ctl_call(path, "rpc.ping", NULL, timeout_us, result,
	    error);
}

START_TEST(a_call_brings_the_result)
{
	struct json_object *result;

	serve("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"ts_us\":7}}\n");
	ck_assert_int_eq(ask(EVTASK_FOREVER, &result, NULL), 0);
	ck_assert_json(result, JSON({"ts_us": 7}));
	json_object_put(result);
}
END_TEST

START_TEST(a_call_brings_the_error)
{
	struct json_object *result, *error;

	serve("{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":7}}\n");
	ck_assert_int_eq(ask(EVTASK_FOREVER, &result, &error), -EREMOTEIO);
	ck_assert_json(error, JSON({"code": 7}));
	json_object_put(error);
}
END_TEST

START_TEST(a_call_whose_server_hangs_up_is_reset)
{
	struct json_object *result;

	serve("{\"jsonrpc\":");
	ck_assert_int_eq(ask(EVTASK_FOREVER, &result, NULL), -ECONNRESET);
}
END_TEST

START_TEST(a_call_that_gets_something_else_says_so)
{
	struct json_object *result;

	serve("220 mail.example.com ESMTP\r\n");
	ck_assert_int_eq(ask(EVTASK_FOREVER, &result, NULL), -EBADMSG);
}
END_TEST

START_TEST(a_call_that_nobody_answers_times_out)
{
	struct json_object *result;

	ck_assert_int_eq(ask(1000, &result, NULL), -ETIMEDOUT);
}
END_TEST

START_TEST(a_call_to_nobody_fails)
{
	struct json_object *result;

	unlink(path);
	ck_assert_int_eq(ask(EVTASK_FOREVER, &result, NULL), -ENOENT);
}
END_TEST

/* What the callbacks of a connection were told. */
static int n_replies, n_notices;

static void
count_reply(struct json_object *result, struct json_object *error, void *arg)
{
	n_replies++;
}

static void
count_notice(const char *method, struct json_object *params, void *arg)
{
	n_notices++;
}

START_TEST(a_connection_is_carried_as_long_as_it_lives)
{
	struct evtask_ctl_client *client = evtask_ctl_client_new(count_notice,
	    NULL);
	int fd, r = 0;

	serve("{\"jsonrpc\":\"2.0\",\"method\":\"event\",\"params\":{}}\n"
	    "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\n");
	fd = evtask_ctl_connect(path);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(evtask_ctl_client_request(client, "rpc.ping", NULL,
	    count_reply, NULL), 1);
	while (r == 0 && n_replies == 0)
		r = evtask_ctl_carry(client, fd, EVTASK_FOREVER);
	ck_assert_int_eq(r, 0);
	ck_assert_int_eq(n_notices, 1);
	ck_assert_int_eq(evtask_ctl_carry(client, fd, EVTASK_FOREVER),
	    -ECONNRESET);
	evtask_ctl_client_free(client);
	close(fd);
}
END_TEST

/* The server sends without reading: both sides' buffers are full. */
START_TEST(what_is_carried_is_read_while_there_is_more_to_send)
{
	struct evtask_ctl_client *client = evtask_ctl_client_new(count_notice,
	    NULL);
	struct json_object *params = json("{}");
	static const char notice[] = "{\"jsonrpc\":\"2.0\",\"method\":"
	    "\"event\",\"params\":{}}\n";
	static char much[1000000];
	int ends[2], i, r;

	memset(much, 'x', sizeof(much) - 1);
	evtask_ctl_put_text(&params, "much", much);
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	ck_assert_int_eq(evtask_ctl_client_request(client, "rpc.ping", params,
	    count_reply, NULL), 1);
	for (i = 0; i < 3; i++) {
		ck_assert_int_gt(write(ends[1], notice, strlen(notice)), 0);
		r = evtask_ctl_carry(client, ends[0], EVTASK_FOREVER);
		ck_assert_int_eq(r, 0);
		ck_assert_int_eq(n_notices, i + 1);
	}
	ck_assert_int_eq(evtask_ctl_carry(client, ends[0], 1000), -ETIMEDOUT);
	ck_assert_uint_eq(evtask_ctl_client_pending(client), 1);
	evtask_ctl_client_free(client);
	close(ends[0]);
	close(ends[1]);
}
END_TEST

/* Looks for the path with this environment (NULL: not set). */
static int
find(const char *option, const char *socket, const char *runtime, char **why)
{
	unsetenv("EVTASK_SOCKET");
	unsetenv("XDG_RUNTIME_DIR");
	if (socket != NULL)
		setenv("EVTASK_SOCKET", socket, 1);
	if (runtime != NULL)
		setenv("XDG_RUNTIME_DIR", runtime, 1);
	return evtask_ctl_socket_path(option, found, why);
}

START_TEST(the_nearest_source_names_the_socket)
{
	ck_assert_int_eq(find("/o", "/e", "/r", NULL), 0);
	ck_assert_str_eq(found, "/o");
	ck_assert_int_eq(find(NULL, "/e", "/r", NULL), 0);
	ck_assert_str_eq(found, "/e");
	ck_assert_int_eq(find(NULL, NULL, "/r", NULL), 0);
	ck_assert_str_eq(found, "/r/evtask/control.sock");
	ck_assert_int_eq(find(NULL, "", "/r", NULL), 0);
	ck_assert_str_eq(found, "/r/evtask/control.sock");
}
END_TEST

START_TEST(without_a_source_only_root_has_a_socket)
{
	char *why = NULL;
	int r = find(NULL, NULL, NULL, &why);

	if (geteuid() == 0) {
		ck_assert_int_eq(r, 0);
		ck_assert_str_eq(found, "/run/evtask/control.sock");
	} else {
		ck_assert_int_eq(r, -ENOENT);
		ck_assert_ptr_nonnull(strstr(why, "--socket"));
		free(why);
	}
}
END_TEST

START_TEST(a_path_of_107_bytes_is_the_longest)
{
	char longest[EVTASK_CTL_PATH_SIZE + 1], *why;

	memset(longest, 'x', sizeof(longest));
	longest[107] = '\0';
	ck_assert_int_eq(find(longest, NULL, NULL, &why), 0);
	ck_assert_str_eq(found, longest);
	longest[107] = 'x';
	longest[108] = '\0';
	ck_assert_int_eq(find(NULL, longest, "/r", &why), -ENAMETOOLONG);
	ck_assert_str_eq(why, "the socket's path from $EVTASK_SOCKET has 108 "
	    "bytes and may have 107: give a shorter one with --socket");
	free(why);
	ck_assert_int_eq(evtask_ctl_connect(longest), -ENAMETOOLONG);
}
END_TEST

START_TEST(an_empty_path_is_refused)
{
	ck_assert_int_eq(find("", "/e", NULL, NULL), -EINVAL);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("ctl_call");
	TCase *tc = tcase_create("call");

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, a_call_brings_the_result);
	tcase_add_test(tc, a_call_brings_the_error);
	tcase_add_test(tc, a_call_whose_server_hangs_up_is_reset);
	tcase_add_test(tc, a_call_that_gets_something_else_says_so);
	tcase_add_test(tc, a_call_that_nobody_answers_times_out);
	tcase_add_test(tc, a_call_to_nobody_fails);
	tcase_add_test(tc, a_connection_is_carried_as_long_as_it_lives);
	tcase_add_test(tc,
	    what_is_carried_is_read_while_there_is_more_to_send);
	suite_add_tcase(s, tc);
	tc = tcase_create("socket");
	tcase_add_test(tc, the_nearest_source_names_the_socket);
	tcase_add_test(tc, without_a_source_only_root_has_a_socket);
	tcase_add_test(tc, a_path_of_107_bytes_is_the_longest);
	tcase_add_test(tc, an_empty_path_is_refused);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
