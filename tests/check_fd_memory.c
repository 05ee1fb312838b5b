/*
 * Memory of what comes from outside: every allocation fails once, by turns, in
 * programs that wait for a descriptor, a signal, a thread.
 */
#include <config.h>

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "tests/programs.h"

static int fds[2];

static int
write_a_byte(void *arg)
{
	int r = evtask_sleep(0);

	(void)arg;
	return r < 0 ? r : evtask_write(fds[1], "x", 1);
}

static int
read_a_byte(void *arg)
{
	struct evtask *writer;
	char byte;
	int r;

	(void)arg;
	if (pipe2(fds, O_NONBLOCK | O_CLOEXEC) < 0)
		return -errno;
	r = evtask_create(write_a_byte, NULL, NULL, &writer);
	if (r == 0) {
		struct evtask_timeout t;

		r = evtask_await_result(writer, NULL);
		evtask_unref(writer);
		if (r == 0)
			r = evtask_timeout_enter(&t, SECOND);
		if (r == 0)
			r = evtask_timeout_exit(&t,
			    (int)evtask_read(fds[0], &byte, 1));
	}
	close(fds[0]);
	close(fds[1]);
	return r < 0 ? r : 0;
}

static int
watch_a_descriptor(void *arg)
{
	int n = 0, r, q = 0;

	(void)arg;
	if (pipe2(fds, O_NONBLOCK | O_CLOEXEC) < 0)
		return -errno;
	r = evtask_loop_add_writer(NULL, fds[1], count, &n);
	if (r == 0) {
		while (n == 0 && q == 0)
			q = evtask_sleep(0);
		(void)evtask_loop_remove_writer(NULL, fds[1]);
	}
	close(fds[0]);
	close(fds[1]);
	return r;
}

static int
wait_for_signal(void *arg)
{
	int n = 0, r = evtask_loop_add_signal_handler(NULL, SIGUSR1, count,
	    &n);

	(void)arg;
	if (r < 0)
		return r;
	raise(SIGUSR1);
	while (n == 0 && r == 0)
		r = evtask_sleep(0);
	(void)evtask_loop_remove_signal_handler(NULL, SIGUSR1);
	return r;
}

static int
answer(void *arg)
{
	(void)arg;
	return 42;
}

static int
ask_a_thread(void *arg)
{
	int r = evtask_to_thread(answer, arg, NULL);

	return expect(r == 42, r);
}

static const struct program programs[] = {
	ROW(read_a_byte), ROW(watch_a_descriptor), ROW(wait_for_signal),
	ROW(ask_a_thread),
};

int
main(void)
{
	return starve_main("fd_memory", NULL, NULL, programs,
	    (int)(sizeof programs / sizeof *programs));
}
