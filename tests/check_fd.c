/* Descriptors: tasks that read, write and wait for them. */
#include "tests/pipe.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>

static int
read_and_say(void *arg)
{
	char bytes[64];

	(void)arg;
	return say_read(bytes, evtask_read(fds[0], bytes, sizeof bytes - 1));
}

static int
write_words(void *arg)
{
	return evtask_write(fds[1], arg, strlen(arg));
}

START_TEST(reading_waits_for_what_comes)
{
	open_pipe();
	spawn(read_and_say, NULL);
	spawn(write_words, "hello");
	run_dry();
	ck_assert_said("'hello'");
	close_pipe();
}
END_TEST

START_TASK_TEST(reading_what_is_there_does_not_suspend)
{
	char bytes[8];
	uint64_t turn = turns();

	open_pipe();
	ck_assert_int_eq(write(fds[1], "ab", 2), 2);
	ck_assert_int_eq(evtask_read(fds[0], bytes, sizeof bytes), 2);
	ck_assert_uint_eq(turns(), turn);
	close_pipe();
	return 0;
}

START_TASK_TEST(the_end_reads_as_nothing)
{
	char byte;

	open_pipe();
	close(fds[1]);
	ck_assert_int_eq(evtask_read(fds[0], &byte, 1), 0);
	close(fds[0]);
	return 0;
}

static int
close_the_other_end(void *arg)
{
	int r = evtask_sleep(0);

	(void)arg;
	close(fds[1]);
	return r;
}

START_TEST(the_end_wakes_who_reads)
{
	open_pipe();
	spawn(read_and_say, NULL);
	spawn(close_the_other_end, NULL);
	run_dry();
	ck_assert_said("''");
	close(fds[0]);
}
END_TEST

START_TEST(a_cancelled_read_leaves_the_bytes_there)
{
	struct evtask *task;

	open_pipe();
	task = start(read_and_say, NULL);
	run_turns(1);
	evtask_cancel(task, NULL);
	ck_assert_int_eq(write(fds[1], "kept", 4), 4);
	run_dry();
	ck_assert_said("r-125");
	ck_assert(evtask_cancelled(task));
	spawn(read_and_say, NULL);
	run_dry();
	ck_assert_said("'kept'");
	evtask_unref(task);
	close_pipe();
}
END_TEST

START_TEST(two_readers_of_one_descriptor_share_what_comes)
{
	open_pipe();
	spawn(read_and_say, NULL);
	spawn(read_and_say, NULL);
	run_turns(1);
	ck_assert_int_eq(write(fds[1], "one", 3), 3);
	run_turns(3);
	ck_assert_said("'one'");
	ck_assert_int_eq(write(fds[1], "two", 3), 3);
	run_dry();
	ck_assert_said("'two'");
	close_pipe();
}
END_TEST

START_TASK_TEST(a_descriptor_that_blocks_is_waited_for_first)
{
	char bytes[8];

	ck_assert_int_eq(pipe2(fds, O_CLOEXEC), 0);
	ck_assert_int_eq(evtask_create(write_words, "x", NULL, NULL), 0);
	ck_assert_int_eq(evtask_read(fds[0], bytes, sizeof bytes), 1);
	close_pipe();
	return 0;
}

/* Writing. */

static char big[1 << 20];

static int
write_big(void *arg)
{
	int r = evtask_write(fds[1], big, sizeof big);

	(void)arg;
	say("written %d", r);
	close(fds[1]);
	return r;
}

static int
read_big(void *arg)
{
	size_t total = 0;
	ssize_t n;
	char bytes[10000];

	(void)arg;
	while ((n = evtask_read(fds[0], bytes, sizeof bytes)) > 0) {
		ck_assert_int_eq(memcmp(bytes, big + total, (size_t)n), 0);
		total += (size_t)n;
	}
	say("read %zu", total);
	return (int)n;
}

START_TEST(writing_goes_on_until_all_is_written)
{
	for (size_t i = 0; i < sizeof big; i++)
		big[i] = (char)(i * 31 >> 3);
	open_pipe();
	spawn(write_big, NULL);
	spawn(read_big, NULL);
	run_dry();
	ck_assert_said("written 0 read 1048576");
	close(fds[0]);
}
END_TEST

static size_t written;

static int
write_and_count(void *arg)
{
	int r = evtask_write_at(fds[1], big, sizeof big, &written, EVTASK_SITE);

	(void)arg;
	say("%d", r);
	return r;
}

START_TEST(a_cancelled_write_says_how_far_it_came)
{
	struct evtask *task;

	open_pipe();
	task = start(write_and_count, NULL);
	run_turns(1);
	evtask_cancel(task, NULL);
	run_dry();
	ck_assert_said("-125");
	ck_assert_uint_gt(written, 0);
	ck_assert_uint_lt(written, sizeof big);
	evtask_unref(task);
	close_pipe();
}
END_TEST

START_TASK_TEST(writing_where_nobody_reads_says_so)
{
	size_t n = 7;

	signal(SIGPIPE, SIG_IGN);
	open_pipe();
	close(fds[0]);
	ck_assert_int_eq(evtask_write_at(fds[1], "x", 1, &n, EVTASK_SITE),
	    -EPIPE);
	ck_assert_uint_eq(n, 0);
	close(fds[1]);
	return 0;
}

/* With the signal as it is by default, which would end the test. */
START_TASK_TEST(a_socket_nobody_reads_raises_no_signal)
{
	int pair[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK |
	    SOCK_CLOEXEC, 0, pair), 0);
	close(pair[1]);
	ck_assert_int_eq(evtask_write(pair[0], "x", 1), -EPIPE);
	close(pair[0]);
	return 0;
}

START_TASK_TEST(writing_nothing_writes_nothing)
{
	open_pipe();
	ck_assert_int_eq(evtask_write(fds[1], "", 0), 0);
	close_pipe();
	return 0;
}

/* Waiting. */

static int
wait_and_say(void *arg)
{
	int r = evtask_fd_wait(*(int *)arg, EVTASK_READABLE | EVTASK_WRITABLE);

	say("%d", r);
	return r < 0 ? r : 0;
}

START_TEST(waiting_answers_what_can_be_done)
{
	int pair[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK |
	    SOCK_CLOEXEC, 0, pair), 0);
	spawn(wait_and_say, &pair[0]);
	run_dry();
	ck_assert_said("2");
	ck_assert_int_eq(write(pair[1], "x", 1), 1);
	spawn(wait_and_say, &pair[0]);
	run_dry();
	ck_assert_said("3");
	close(pair[0]);
	close(pair[1]);
}
END_TEST

START_TEST(what_cannot_be_written_is_waited_for)
{
	char bytes[65536];

	open_pipe();
	fill_pipe();
	spawn(wait_and_say, &fds[1]);
	run_turns(2);
	ck_assert_said("");
	while (read(fds[0], bytes, sizeof bytes) > 0)
		;
	run_dry();
	ck_assert_said("2");
	close_pipe();
}
END_TEST

START_TASK_TEST(what_cannot_be_waited_for_is_said)
{
	char byte;

	open_pipe();
	ck_assert_int_eq(evtask_fd_wait(fds[0], 0), -EINVAL);
	ck_assert_int_eq(evtask_fd_wait(fds[0], 4), -EINVAL);
	ck_assert_int_eq(evtask_fd_wait(-1, EVTASK_READABLE), -EBADF);
	ck_assert_int_eq(evtask_read(-1, &byte, 1), -EBADF);
	ck_assert_int_eq(evtask_write(-1, "x", 1), -EBADF);
	close_pipe();
	ck_assert_int_eq(evtask_fd_wait(fds[0], EVTASK_READABLE), -EBADF);
	return 0;
}

START_TASK_TEST(a_plain_file_is_always_ready)
{
	FILE *file = tmpfile();
	char bytes[8];

	ck_assert_ptr_nonnull(file);
	ck_assert_int_eq(evtask_fd_wait(fileno(file), EVTASK_READABLE),
	    EVTASK_READABLE);
	ck_assert_int_eq(evtask_write(fileno(file), "abc", 3), 0);
	ck_assert_int_eq(lseek(fileno(file), 0, SEEK_SET), 0);
	ck_assert_int_eq(evtask_read(fileno(file), bytes, sizeof bytes), 3);
	fclose(file);
	return 0;
}

START_TEST(outside_a_task_nobody_waits)
{
	char byte;

	open_pipe();
	ck_assert_int_eq(write(fds[1], "x", 1), 1);
	ck_assert_int_eq(evtask_fd_wait(fds[0], EVTASK_READABLE), -EINVAL);
	ck_assert_int_eq(evtask_read(fds[0], &byte, 1), -EINVAL);
	ck_assert_int_eq(evtask_write(fds[1], "x", 1), -EINVAL);
	ck_assert_int_eq(read(fds[0], &byte, 1), 1);
	ck_assert_int_eq(read(fds[0], &byte, 1), -1);
	close_pipe();
}
END_TEST

START_TEST(a_wait_says_what_it_waits_for)
{
	struct evtask_wait_info wait;
	struct evtask *task;
	char name[16];

	open_pipe();
	task = start(read_and_say, NULL);
	run_turns(1);
	ck_assert_int_eq(evtask_get_wait(task, &wait), 1);
	snprintf(name, sizeof name, "%d", fds[0]);
	ck_assert_str_eq(wait.op, "fd.read");
	ck_assert_str_eq(wait.type, "fd");
	ck_assert_str_eq(wait.name, name);
	ck_assert_str_eq(wait.site->func, "read_and_say");
	evtask_cancel(task, NULL);
	run_dry();
	ck_assert_said("r-125");
	evtask_unref(task);
	close_pipe();
}
END_TEST

START_TEST(a_wait_that_is_unwound_stops_listening)
{
	open_pipe();
	spawn(read_and_say, NULL);
	run_turns(1);
	replace_loop(NULL);
	ck_assert_said("r-125");
	close_pipe();
}
END_TEST

CORE_SUITE("fd",
    reading_waits_for_what_comes,
    reading_what_is_there_does_not_suspend,
    the_end_reads_as_nothing,
    the_end_wakes_who_reads,
    a_cancelled_read_leaves_the_bytes_there,
    two_readers_of_one_descriptor_share_what_comes,
    a_descriptor_that_blocks_is_waited_for_first,
    writing_goes_on_until_all_is_written,
    a_cancelled_write_says_how_far_it_came,
    writing_where_nobody_reads_says_so,
    a_socket_nobody_reads_raises_no_signal,
    writing_nothing_writes_nothing,
    waiting_answers_what_can_be_done,
    what_cannot_be_written_is_waited_for,
    what_cannot_be_waited_for_is_said,
    a_plain_file_is_always_ready,
    outside_a_task_nobody_waits,
    a_wait_says_what_it_waits_for,
    a_wait_that_is_unwound_stops_listening)
