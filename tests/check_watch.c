/* Descriptors: callbacks upon what can be read and written. */
#include "tests/pipe.h"

#include <sys/socket.h>

static void
read_byte_and_say(void *arg)
{
	char byte;

	ck_assert_int_eq(read(fds[0], &byte, 1), 1);
	say("%s%c", (char *)arg, byte);
}

START_TEST(a_reader_is_called_while_there_is_something)
{
	open_pipe();
	ck_assert_int_eq(evtask_loop_add_reader(loop, fds[0],
	    read_byte_and_say, "r"), 0);
	ck_assert_int_eq(write(fds[1], "abc", 3), 3);
	run_turns(3);
	ck_assert_said("ra rb rc");
	run_turns(2);
	ck_assert_said("");
	ck_assert_int_eq(evtask_loop_remove_reader(loop, fds[0]), 1);
	ck_assert_int_eq(evtask_loop_remove_reader(loop, fds[0]), 0);
	ck_assert_int_eq(write(fds[1], "d", 1), 1);
	run_dry();
	ck_assert_said("");
	close_pipe();
}
END_TEST

START_TEST(a_second_reader_replaces_the_first)
{
	open_pipe();
	ck_assert_int_eq(evtask_loop_add_reader(loop, fds[0],
	    read_byte_and_say, "one"), 0);
	ck_assert_int_eq(evtask_loop_add_reader(loop, fds[0],
	    read_byte_and_say, "two"), 0);
	ck_assert_int_eq(write(fds[1], "ab", 2), 2);
	run_turns(2);
	ck_assert_said("twoa twob");
	ck_assert_int_eq(evtask_loop_remove_reader(loop, fds[0]), 1);
	run_dry();
	close_pipe();
}
END_TEST

static void
remove_itself(void *arg)
{
	ck_assert_int_eq(evtask_loop_remove_writer(NULL, *(int *)arg), 1);
	say("removed");
}

START_TEST(a_writer_may_remove_itself)
{
	open_pipe();
	ck_assert_int_eq(evtask_loop_add_writer(loop, fds[1], remove_itself,
	    &fds[1]), 0);
	run_dry();
	ck_assert_said("removed");
	close_pipe();
}
END_TEST

START_TEST(reader_and_writer_are_two)
{
	int pair[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK |
	    SOCK_CLOEXEC, 0, pair), 0);
	ck_assert_int_eq(write(pair[1], "x", 1), 1);
	ck_assert_int_eq(evtask_loop_add_reader(loop, pair[0], say_arg, "r"),
	    0);
	ck_assert_int_eq(evtask_loop_add_writer(loop, pair[0], say_arg, "w"),
	    0);
	run_turns(1);
	ck_assert_int_eq(evtask_loop_remove_reader(loop, pair[0]), 1);
	ck_assert(strcmp(said, "r w") == 0 || strcmp(said, "w r") == 0);
	said[0] = '\0';
	run_turns(1);
	ck_assert_said("w");
	ck_assert_int_eq(evtask_loop_remove_writer(loop, pair[0]), 1);
	run_dry();
	close(pair[0]);
	close(pair[1]);
}
END_TEST

START_TEST(a_reader_taken_away_in_its_own_turn_is_not_called)
{
	open_pipe();
	ck_assert_int_eq(write(fds[1], "x", 1), 1);
	ck_assert_int_eq(evtask_loop_add_reader(loop, fds[0], say_arg,
	    "never"), 0);
	ck_assert_int_eq(evtask_loop_add_writer(loop, fds[1], say_arg,
	    "never"), 0);
	ck_assert_int_eq(evtask_loop_remove_reader(loop, fds[0]), 1);
	ck_assert_int_eq(evtask_loop_remove_writer(loop, fds[1]), 1);
	run_dry();
	ck_assert_said("");
	close_pipe();
}
END_TEST

START_TEST(what_cannot_be_watched_is_said)
{
	FILE *file = tmpfile();

	ck_assert_ptr_nonnull(file);
	ck_assert_int_eq(evtask_loop_add_reader(loop, fileno(file), say_arg,
	    ""), -EPERM);
	ck_assert_int_eq(evtask_loop_add_reader(loop, -1, say_arg, ""),
	    -EBADF);
	ck_assert_int_eq(evtask_loop_add_writer(loop, 0, NULL, ""), -EINVAL);
	ck_assert_int_eq(evtask_loop_add_writer(NULL, 0, say_arg, ""),
	    -EINVAL);
	ck_assert_int_eq(evtask_loop_remove_writer(loop, 0), 0);
	ck_assert_int_eq(evtask_loop_remove_reader(NULL, 0), 0);
	fclose(file);
}
END_TEST

static void
raise_and_remove(void *arg)
{
	ck_assert_int_eq(evtask_loop_remove_writer(NULL, *(int *)arg), 1);
	(void)!evtask_raise(-EIO, "in a writer");
}

START_TEST(what_a_writer_raises_is_reported)
{
	open_pipe();
	ck_assert_int_eq(evtask_loop_add_writer(loop, fds[1],
	    raise_and_remove, &fds[1]), 0);
	run_dry();
	ck_assert_ptr_eq(reported.callback_arg, &fds[1]);
	ck_assert_reported("a callback raised", -EIO);
	close_pipe();
}
END_TEST

/* More than the first array has places for, and far apart. */
START_TEST(each_descriptor_has_a_reader_of_its_own)
{
	static char words[200][8];
	int copies[COUNT(words)];

	open_pipe();
	for (size_t i = 0; i < COUNT(copies); i++) {
		copies[i] = fcntl(fds[0], F_DUPFD_CLOEXEC, i % 2 ? 700 : 10);
		snprintf(words[i], sizeof words[i], "%zu", i);
		ck_assert_int_eq(evtask_loop_add_reader(loop, copies[i],
		    say_arg, words[i]), 0);
	}
	for (size_t i = 0; i < COUNT(copies); i++) {
		if (i == 3 || i == 150)
			continue;
		ck_assert_int_eq(evtask_loop_remove_reader(loop, copies[i]),
		    1);
		ck_assert_int_eq(evtask_loop_remove_reader(loop, copies[i]),
		    0);
	}
	ck_assert_int_eq(write(fds[1], "x", 1), 1);
	run_turns(1);
	ck_assert(strcmp(said, "3 150") == 0 || strcmp(said, "150 3") == 0);
	ck_assert_int_eq(evtask_loop_remove_reader(loop, copies[3]), 1);
	ck_assert_int_eq(evtask_loop_remove_reader(loop, copies[150]), 1);
	for (size_t i = 0; i < COUNT(copies); i++)
		close(copies[i]);
	close_pipe();
}
END_TEST

START_TEST(watches_go_with_the_loop)
{
	open_pipe();
	ck_assert_int_eq(evtask_loop_add_writer(loop, fds[1], say_arg, "w"),
	    0);
	run_turns(1);
	replace_loop(NULL);
	ck_assert_said("w");
	close_pipe();
}
END_TEST

CORE_SUITE("watch",
    a_reader_is_called_while_there_is_something,
    a_second_reader_replaces_the_first,
    a_writer_may_remove_itself,
    reader_and_writer_are_two,
    a_reader_taken_away_in_its_own_turn_is_not_called,
    what_cannot_be_watched_is_said,
    what_a_writer_raises_is_reported,
    each_descriptor_has_a_reader_of_its_own,
    watches_go_with_the_loop)
