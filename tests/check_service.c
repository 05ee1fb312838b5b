/*
 * check_service.c - daemon/service.c against a service manager made here: a
 * datagram socket for the notices, and sockets handed over from 3 on.
 *
 * The descriptors for that are kept, out of the way of what the check library
 * opens; a test may replace them.
 */
#include <config.h>

#include "daemon/service.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "suite.h"

#define KEPT_FIRST 3
#define KEPT_LAST 4

static const char *const variables[] = { "NOTIFY_SOCKET", "WATCHDOG_USEC",
	"WATCHDOG_PID", "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES" };
#define FOLDER "/tmp/evtask-service-XXXXXX"

static char folder[sizeof(FOLDER)];
static struct service service;
static char *why;

/* Opens all up to the last of them that are not open. */
static void
keep_descriptors(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDONLY);
	while (fd >= 0 && fd < KEPT_LAST);
	if (fd > KEPT_LAST)
		close(fd);
}

static void
setup(void)
{
	size_t i;

	for (i = 0; i < sizeof(variables) / sizeof(variables[0]); i++)
		unsetenv(variables[i]);
	strcpy(folder, FOLDER);
	ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void
teardown(void)
{
	char path[64];
	int fd;

	service_release(&service);
	free(why);
	why = NULL;
	for (fd = KEPT_FIRST; fd <= KEPT_LAST; fd++)
		close(fd);
	keep_descriptors();
	snprintf(path, sizeof(path), "%s/s", folder);
	unlink(path);
	ck_assert_int_eq(rmdir(folder), 0);
}

static socklen_t
make_address(struct sockaddr_un *address, const char *name)
{
	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	strcpy(address->sun_path, name);
	if (name[0] == '@')
		address->sun_path[0] = '\0';
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) +
	    strlen(name));
}

static int
bind_socket(int type, const char *name)
{
	struct sockaddr_un address;
	socklen_t size = make_address(&address, name);
	int fd = socket(AF_UNIX, type, 0);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, size), 0);
	return fd;
}

static const char *
path_of(char *path, size_t size)
{
	snprintf(path, size, "%s/s", folder);
	return path;
}

/* Moves fd to where descriptors are handed over. */
static void
hand_over(int fd, int to)
{
	if (fd == to)
		return;
	ck_assert_int_eq(dup2(fd, to), to);
	close(fd);
}

static void
set_number(const char *name, long n)
{
	char text[32];

	snprintf(text, sizeof(text), "%ld", n);
	setenv(name, text, 1);
}

static void
announce(int n, const char *names)
{
	set_number("LISTEN_PID", getpid());
	set_number("LISTEN_FDS", n);
	if (names != NULL)
		setenv("LISTEN_FDNAMES", names, 1);
}

static int
listener(void)
{
	char path[64];
	int fd = bind_socket(SOCK_STREAM, path_of(path, sizeof(path)));

	ck_assert_int_eq(listen(fd, 1), 0);
	return fd;
}

/* service_init() refuses, and the reason contains that. */
static void
refuses(const char *reason)
{
	ck_assert_int_eq(service_init(&service, &why), -EINVAL);
	ck_assert_ptr_nonnull(why);
	ck_assert_msg(strstr(why, reason) != NULL, "%s", why);
	ck_assert_int_eq(service.notify_fd, -1);
}

static void
notices_arrive_at(const char *name)
{
	int fd = bind_socket(SOCK_DGRAM, name);
	char text[128];
	ssize_t n;

	setenv("NOTIFY_SOCKET", name, 1);
	ck_assert_int_eq(service_init(&service, &why), 0);
	ck_assert_int_eq(service_notify(&service, "READY=1\nSTATUS=%s %d",
	    "task", 7), 0);
	n = recv(fd, text, sizeof(text), 0);
	ck_assert_int_eq(n, (ssize_t)strlen("READY=1\nSTATUS=task 7"));
	ck_assert_int_eq(memcmp(text, "READY=1\nSTATUS=task 7", (size_t)n), 0);
	close(fd);
}

START_TEST(without_a_manager_there_is_nobody_to_tell)
{
	ck_assert_int_eq(service_init(&service, &why), 0);
	ck_assert_int_eq(service.notify_fd, -1);
	ck_assert_int_eq(service.listen_fd, -1);
	ck_assert_int_eq(service.watchdog_us, 0);
	ck_assert_int_eq(service_notify(&service, "READY=1"), 0);
}
END_TEST

START_TEST(notices_go_to_a_path)
{
	char path[64];

	notices_arrive_at(path_of(path, sizeof(path)));
}
END_TEST

START_TEST(notices_go_to_an_abstract_name)
{
	char name[64];

	snprintf(name, sizeof(name), "@evtask-service-%d", (int)getpid());
	notices_arrive_at(name);
}
END_TEST

START_TEST(a_manager_that_is_gone_is_an_error_and_no_more)
{
	char path[64];

	setenv("NOTIFY_SOCKET", path_of(path, sizeof(path)), 1);
	ck_assert_int_eq(service_init(&service, &why), 0);
	ck_assert_int_eq(service_notify(&service, "READY=1"), -ENOENT);
}
END_TEST

START_TEST(a_notice_too_long_is_not_sent_cut)
{
	char path[64], words[1024];
	int fd = bind_socket(SOCK_DGRAM, path_of(path, sizeof(path)));

	memset(words, 'x', sizeof(words));
	words[sizeof(words) - 1] = '\0';
	setenv("NOTIFY_SOCKET", path, 1);
	ck_assert_int_eq(service_init(&service, &why), 0);
	ck_assert_int_eq(service_notify(&service, "STATUS=%s", words),
	    -EMSGSIZE);
	ck_assert_int_eq(recv(fd, words, sizeof(words), MSG_DONTWAIT), -1);
	close(fd);
}
END_TEST

START_TEST(a_notify_socket_that_is_no_address_is_refused)
{
	setenv("NOTIFY_SOCKET", "vsock:2:1234", 1);
	refuses("$NOTIFY_SOCKET should be");
}
END_TEST

START_TEST(the_watchdog_is_ours_when_it_names_us_or_nobody)
{
	setenv("WATCHDOG_USEC", "3000000", 1);
	ck_assert_int_eq(service_init(&service, &why), 0);
	ck_assert_int_eq(service.watchdog_us, 3000000);
	setenv("WATCHDOG_USEC", "3000000", 1);
	set_number("WATCHDOG_PID", getpid());
	ck_assert_int_eq(service_init(&service, &why), 0);
	ck_assert_int_eq(service.watchdog_us, 3000000);
	setenv("WATCHDOG_USEC", "3000000", 1);
	set_number("WATCHDOG_PID", getpid() + 1);
	ck_assert_int_eq(service_init(&service, &why), 0);
	ck_assert_int_eq(service.watchdog_us, 0);
}
END_TEST

START_TEST(a_watchdog_that_is_no_number_is_refused)
{
	setenv("WATCHDOG_USEC", "often", 1);
	refuses("$WATCHDOG_USEC should be a number and is \"often\"");
}
END_TEST

START_TEST(children_do_not_see_the_managers_variables)
{
	announce(0, "x");
	setenv("WATCHDOG_USEC", "1", 1);
	setenv("WATCHDOG_PID", "1", 1);
	setenv("NOTIFY_SOCKET", "@nobody", 1);
	ck_assert_int_eq(service_init(&service, &why), 0);
	ck_assert_ptr_null(getenv("NOTIFY_SOCKET"));
	ck_assert_ptr_null(getenv("WATCHDOG_USEC"));
	ck_assert_ptr_null(getenv("WATCHDOG_PID"));
	ck_assert_ptr_null(getenv("LISTEN_FDS"));
	ck_assert_ptr_null(getenv("LISTEN_PID"));
	ck_assert_ptr_null(getenv("LISTEN_FDNAMES"));
}
END_TEST

START_TEST(a_single_listener_is_taken_whatever_its_name)
{
	hand_over(listener(), 3);
	announce(1, "evtaskd.socket");
	ck_assert_int_eq(service_init(&service, &why), 0);
	ck_assert_int_eq(service.listen_fd, 3);
	ck_assert_int_eq(fcntl(3, F_GETFD), FD_CLOEXEC);
	ck_assert_int_ne(fcntl(3, F_GETFL) & O_NONBLOCK, 0);
}
END_TEST

START_TEST(of_several_the_one_named_control_is_taken)
{
	hand_over(listener(), 4);
	hand_over(socket(AF_UNIX, SOCK_DGRAM, 0), 3);
	announce(2, "other:control");
	ck_assert_int_eq(service_init(&service, &why), 0);
	ck_assert_int_eq(service.listen_fd, 4);
	ck_assert_int_eq(fcntl(3, F_GETFD), FD_CLOEXEC);
}
END_TEST

START_TEST(of_several_none_named_control_is_refused)
{
	hand_over(listener(), 4);
	hand_over(socket(AF_UNIX, SOCK_DGRAM, 0), 3);
	announce(2, "controller:contro");
	refuses("FileDescriptorName=control");
}
END_TEST

START_TEST(descriptors_for_another_process_are_not_ours)
{
	hand_over(listener(), 3);
	announce(1, NULL);
	set_number("LISTEN_PID", getpid() + 1);
	ck_assert_int_eq(service_init(&service, &why), 0);
	ck_assert_int_eq(service.listen_fd, -1);
}
END_TEST

START_TEST(what_does_not_listen_is_refused)
{
	hand_over(socket(AF_UNIX, SOCK_STREAM, 0), 3);
	announce(1, NULL);
	refuses("is not a listening Unix stream socket");
}
END_TEST

START_TEST(an_internet_socket_is_refused)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	ck_assert_int_eq(listen(fd, 1), 0);
	hand_over(fd, 3);
	announce(1, NULL);
	refuses("is not a listening Unix stream socket");
}
END_TEST

START_TEST(a_descriptor_that_is_closed_is_refused)
{
	close(3);
	announce(1, NULL);
	refuses("descriptor 3, which is not open");
}
END_TEST

START_TEST(a_thousand_descriptors_are_refused)
{
	announce(1000, NULL);
	refuses("1000 descriptors and may hand over 64");
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("service");
	TCase *tc = tcase_create("service");

	keep_descriptors();
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, without_a_manager_there_is_nobody_to_tell);
	tcase_add_test(tc, notices_go_to_a_path);
	tcase_add_test(tc, notices_go_to_an_abstract_name);
	tcase_add_test(tc, a_manager_that_is_gone_is_an_error_and_no_more);
	tcase_add_test(tc, a_notice_too_long_is_not_sent_cut);
	tcase_add_test(tc, a_notify_socket_that_is_no_address_is_refused);
	tcase_add_test(tc, the_watchdog_is_ours_when_it_names_us_or_nobody);
	tcase_add_test(tc, a_watchdog_that_is_no_number_is_refused);
	tcase_add_test(tc, children_do_not_see_the_managers_variables);
	tcase_add_test(tc, a_single_listener_is_taken_whatever_its_name);
	tcase_add_test(tc, of_several_the_one_named_control_is_taken);
	tcase_add_test(tc, of_several_none_named_control_is_refused);
	tcase_add_test(tc, descriptors_for_another_process_are_not_ours);
	tcase_add_test(tc, what_does_not_listen_is_refused);
	tcase_add_test(tc, an_internet_socket_is_refused);
	tcase_add_test(tc, a_descriptor_that_is_closed_is_refused);
	tcase_add_test(tc, a_thousand_descriptors_are_refused);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
