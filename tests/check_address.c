/* Owning a path that is a Unix socket. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <evtask/ctl.h>
#include "lib/console/address.h"
#include "tests/suite.h"

static char top[64], directory[80], path[108], lock[120];
static char *message;

static void
set_up(void)
{
	strcpy(top, "/tmp/check-address-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(top));
	snprintf(directory, sizeof(directory), "%s/evtask", top);
	snprintf(path, sizeof(path), "%s/s", directory);
	snprintf(lock, sizeof(lock), "%s.lock", path);
	message = NULL;
}

static void
tear_down(void)
{
	free(message);
	unlink(path);
	unlink(lock);
	rmdir(directory);
	ck_assert_int_eq(rmdir(top), 0);
}

/* A socket that was left behind by a server that died. */
static void
leave_stale_socket(void)
{
	int fd = address_listen(path, (struct address_admits){0}, NULL);

	ck_assert_int_ge(fd, 0);
	close(fd);
}

static mode_t
mode_of(const char *name)
{
	struct stat there;

	ck_assert_int_eq(lstat(name, &there), 0);
	return there.st_mode & 07777;
}

START_TEST(nobody_but_the_owner_gets_at_the_socket)
{
	int held = address_lock(path, &message), fd;

	ck_assert_int_ge(held, 0);
	fd = address_listen(path, (struct address_admits){0}, &message);
	ck_assert_int_ge(fd, 0);
	ck_assert_uint_eq(mode_of(directory), 0700);
	ck_assert_uint_eq(mode_of(path), 0600);
	ck_assert_uint_eq(mode_of(lock), 0600);
	ck_assert(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	ck_assert(fcntl(fd, F_GETFL) & O_NONBLOCK);
	close(fd);
	address_unlock(path, held);
}
END_TEST

START_TEST(the_socket_is_tight_whatever_the_umask)
{
	mode_t old = umask(0);
	int held = address_lock(path, &message), fd;

	fd = address_listen(path, (struct address_admits){0}, &message);
	ck_assert_uint_eq(mode_of(path), 0600);
	ck_assert_uint_eq(umask(old), 0); /* and it was left alone */
	close(fd);
	address_unlock(path, held);
}
END_TEST

START_TEST(a_path_has_one_holder_at_a_time)
{
	int held = address_lock(path, &message);

	ck_assert_int_ge(held, 0);
	ck_assert_int_eq(address_lock(path, &message), -EADDRINUSE);
	ck_assert_ptr_nonnull(strstr(message, path));
	address_unlock(path, held);
	held = address_lock(path, NULL);
	ck_assert_int_ge(held, 0);
	address_unlock(path, held);
}
END_TEST

START_TEST(giving_it_up_leaves_no_lock_file)
{
	address_unlock(path, address_lock(path, &message));
	ck_assert_int_eq(access(lock, F_OK), -1);
}
END_TEST

START_TEST(a_lock_file_left_behind_is_no_lock)
{
	int held = address_lock(path, &message);

	close(held); /* its holder has died */
	ck_assert_int_eq(access(lock, F_OK), 0);
	held = address_lock(path, &message);
	ck_assert_int_ge(held, 0);
	address_unlock(path, held);
}
END_TEST

START_TEST(a_stale_socket_is_removed)
{
	int held;

	mkdir(directory, 0700);
	leave_stale_socket();
	held = address_lock(path, &message);
	ck_assert_msg(held >= 0, "%s", message);
	ck_assert_int_eq(access(path, F_OK), -1);
	address_unlock(path, held);
}
END_TEST

START_TEST(a_socket_that_is_served_without_a_lock_is_left_alone)
{
	int fd;

	mkdir(directory, 0700);
	fd = address_listen(path, (struct address_admits){0}, NULL);
	ck_assert_int_eq(address_lock(path, &message), -EADDRINUSE);
	ck_assert_int_eq(access(path, F_OK), 0);
	ck_assert_int_eq(access(lock, F_OK), -1);
	close(fd);
}
END_TEST

START_TEST(what_is_no_socket_is_left_alone)
{
	int fd;

	mkdir(directory, 0700);
	fd = open(path, O_CREAT | O_WRONLY, 0600);
	close(fd);
	ck_assert_int_eq(address_lock(path, &message), -EEXIST);
	ck_assert_ptr_nonnull(strstr(message, "no socket"));
	ck_assert_int_eq(access(path, F_OK), 0);
}
END_TEST

START_TEST(a_directory_that_cannot_be_made_is_said)
{
	char far[108];

	snprintf(far, sizeof(far), "%s/no/such/s", top);
	ck_assert_int_eq(address_lock(far, &message), -ENOENT);
	ck_assert_ptr_nonnull(strstr(message, "no/such"));
}
END_TEST

START_TEST(a_symbolic_link_is_no_lock_file)
{
	mkdir(directory, 0700);
	ck_assert_int_eq(symlink("/tmp/elsewhere", lock), 0);
	ck_assert_int_eq(address_lock(path, &message), -ELOOP);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("address");
	TCase *tc = tcase_create("address");

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, nobody_but_the_owner_gets_at_the_socket);
	tcase_add_test(tc, the_socket_is_tight_whatever_the_umask);
	tcase_add_test(tc, a_path_has_one_holder_at_a_time);
	tcase_add_test(tc, giving_it_up_leaves_no_lock_file);
	tcase_add_test(tc, a_lock_file_left_behind_is_no_lock);
	tcase_add_test(tc, a_stale_socket_is_removed);
	tcase_add_test(tc,
	    a_socket_that_is_served_without_a_lock_is_left_alone);
	tcase_add_test(tc, what_is_no_socket_is_left_alone);
	tcase_add_test(tc, a_directory_that_cannot_be_made_is_said);
	tcase_add_test(tc, a_symbolic_link_is_no_lock_file);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
