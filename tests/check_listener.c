/* The listener: who may connect, and how many. */
#include <errno.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include "lib/console/address.h"
#include "tests/console_fixture.h"

START_TEST(root_and_the_own_user_are_admins)
{
	ck_assert_str_eq(answer(client_connect(), "rpc.hello", "{}",
	    "result.role"), "admin");
}
END_TEST

START_TEST(the_sixty_fifth_client_is_told_and_the_others_are_undisturbed)
{
	int fds[LISTENER_CONNECTIONS_MAX], fd, i;
	struct json_object *m;

	for (i = 0; i < LISTENER_CONNECTIONS_MAX; i++)
		fds[i] = client_connect();
	turns(10);
	fd = client_connect();
	m = next(fd);
	ck_assert_str_eq(member(m, "error.data.name"), "LimitExceeded");
	ck_assert_str_eq(member(m, "error.data.limit"), "64");
	json_object_put(m);
	ck_assert_ptr_null(client_line(fd));
	for (i = 0; i < LISTENER_CONNECTIONS_MAX; i++)
		ck_assert_str_eq(answer(fds[i], "rpc.ping", "{}", "error"),
		    "(none)");
	shutdown(fds[0], SHUT_RDWR);
	turns(5);
	ck_assert_str_eq(answer(client_connect(), "rpc.ping", "{}", "error"),
	    "(none)");
}
END_TEST

static void
set_up_three(void)
{
	struct evtask_console_options options = { .connections = 3 };

	console_set_up_with(&options);
}

START_TEST(the_limit_may_be_another)
{
	struct json_object *m;
	int fd, i;

	for (i = 0; i < 3; i++)
		client_connect();
	turns(5);
	fd = client_connect();
	m = next(fd);
	ck_assert_str_eq(member(m, "error.data.limit"), "3");
	json_object_put(m);
	ck_assert_ptr_null(client_line(fd));
}
END_TEST

START_TEST(without_descriptors_it_pauses_and_goes_on_when_there_are_some)
{
	struct rlimit limit, none;
	int fd = client_connect(), spare;

	turns(3);
	spare = client_connect();
	getrlimit(RLIMIT_NOFILE, &limit);
	none = limit;
	none.rlim_cur = 3;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
	turns(5);
	ck_assert_ptr_nonnull(console->listener.pause);
	ck_assert_uint_eq(console->sessions.count, 1);
	ck_assert_str_eq(answer(fd, "rpc.ping", "{}", "error"), "(none)");
	setrlimit(RLIMIT_NOFILE, &limit);
	ck_assert_uint_eq(console->sessions.count, 1);
	advance(LISTENER_PAUSE_US + 1000);
	ck_assert_str_eq(answer(spare, "rpc.ping", "{}", "error"), "(none)");
	ck_assert_ptr_null(console->listener.pause);
}
END_TEST

START_TEST(a_connection_that_ends_ends_the_pause)
{
	struct rlimit limit, none;
	int fd = client_connect(), spare;

	turns(3);
	spare = client_connect();
	getrlimit(RLIMIT_NOFILE, &limit);
	none = limit;
	none.rlim_cur = 3;
	setrlimit(RLIMIT_NOFILE, &none);
	turns(5);
	setrlimit(RLIMIT_NOFILE, &limit);
	shutdown(fd, SHUT_RDWR);
	ck_assert_str_eq(answer(spare, "rpc.ping", "{}", "error"), "(none)");
}
END_TEST

START_TEST(a_socket_that_is_not_ours_any_more_is_not_removed)
{
	struct stat there;
	int fd;

	unlink(socket_path);
	fd = address_listen(socket_path, (struct address_admits){0}, NULL);
	console_stop_now();
	ck_assert_int_eq(lstat(socket_path, &there), 0);
	close(fd);
	unlink(socket_path);
}
END_TEST

/* A console on a socket that was handed over. */

static int handed;
static char handed_folder[40], handed_path[108];

static void
set_up_handed(void)
{
	struct evtask_console_options options = {0};

	strcpy(handed_folder, "/tmp/check-listener-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(handed_folder));
	snprintf(handed_path, sizeof(handed_path), "%s/s", handed_folder);
	handed = address_listen(handed_path, (struct address_admits){0}, NULL);
	ck_assert_int_ge(handed, 0);
	options.listen_fd = handed;
	console_set_up_with(&options);
}

static void
tear_down_handed(void)
{
	console_tear_down();
	unlink(handed_path);
	ck_assert_int_eq(rmdir(handed_folder), 0);
}

START_TEST(a_socket_handed_over_is_served_under_its_own_name)
{
	ck_assert_str_eq(evtask_console_socket_path(console), handed_path);
	strcpy(socket_path, handed_path);
	ck_assert_str_eq(answer(client_connect(), "rpc.ping", "{}", "error"),
	    "(none)");
}
END_TEST

START_TEST(a_socket_handed_over_is_not_removed)
{
	struct stat there;

	console_stop_now();
	ck_assert_int_eq(lstat(handed_path, &there), 0);
}
END_TEST

START_TEST(a_descriptor_that_does_not_listen_is_refused)
{
	struct evtask_console_options options = { .listen_fd = 1 };
	struct evtask_console *other;
	char *message;

	ck_assert_int_eq(evtask_console_start(loop, &options, &other,
	    &message), -EINVAL);
	ck_assert_ptr_nonnull(strstr(message, "no listening socket"));
	free(message);
}
END_TEST

START_TEST(a_path_too_long_is_said)
{
	char path[200];
	struct evtask_console_options options = { .socket_path = path };
	struct evtask_console *other;
	char *message;

	memset(path, 'x', sizeof(path) - 1);
	path[0] = '/';
	path[sizeof(path) - 1] = '\0';
	ck_assert_int_eq(evtask_console_start(loop, &options, &other,
	    &message), -ENAMETOOLONG);
	ck_assert_ptr_nonnull(message);
	free(message);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("listener");
	TCase *tc = tcase_create("own"), *given = tcase_create("handed over");
	TCase *few = tcase_create("few");

	tcase_add_checked_fixture(tc, console_set_up, console_tear_down);
	tcase_add_test(tc, root_and_the_own_user_are_admins);
	tcase_add_test(tc,
	    the_sixty_fifth_client_is_told_and_the_others_are_undisturbed);
	tcase_add_test(tc,
	    without_descriptors_it_pauses_and_goes_on_when_there_are_some);
	tcase_add_test(tc, a_connection_that_ends_ends_the_pause);
	tcase_add_test(tc,
	    a_socket_that_is_not_ours_any_more_is_not_removed);
	tcase_add_test(tc, a_descriptor_that_does_not_listen_is_refused);
	tcase_add_test(tc, a_path_too_long_is_said);
	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(few, set_up_three, console_tear_down);
	tcase_add_test(few, the_limit_may_be_another);
	suite_add_tcase(s, few);
	tcase_add_checked_fixture(given, set_up_handed, tear_down_handed);
	tcase_add_test(given,
	    a_socket_handed_over_is_served_under_its_own_name);
	tcase_add_test(given, a_socket_handed_over_is_not_removed);
	suite_add_tcase(s, given);
	return suite_main(s);
}
