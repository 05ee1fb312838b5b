/*
 * check_stall.c - daemon/stall.c and daemon/dump.c: a blocked loop and its
 * tasks, in the log.
 */
#include "daemon/stall.h"

#include <evtask/evtask.h>
#include <evtask/inspect_watchdog.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "daemon/dump.h"
#include "suite.h"

static int pipe_fds[2];
static struct log log_;
static struct evtask_loop *loop;
static char text[16384];

static void
setup(void)
{
	unsetenv("JOURNAL_STREAM");
	ck_assert_int_eq(pipe(pipe_fds), 0);
	log_init(&log_, pipe_fds[1], LOG_LEVEL_DEBUG);
	ck_assert_int_eq(evtask_loop_new(NULL, &loop), 0);
}

static void
teardown(void)
{
	ck_assert_int_eq(evtask_loop_free(loop), 0);
	close(pipe_fds[0]);
	close(pipe_fds[1]);
}

/* Reads the log until it says that, which it will. */
static void
read_until(const char *words)
{
	size_t used = 0;
	ssize_t n;

	do {
		n = read(pipe_fds[0], text + used, sizeof(text) - used - 1);
		ck_assert_int_gt(n, 0);
		used += (size_t)n;
		text[used] = '\0';
	} while (strstr(text, words) == NULL);
}

static atomic_bool told;

/* Sleeps until the watchdog has told of it. */
static int
my_sleeper(void *arg)
{
	struct timespec ts = { .tv_nsec = 500000000 };

	while (!told)
		(void)nanosleep(&ts, NULL);
	return 0;
}

/* Where the machine stands still others are told of, too. */
static void
on_stalled(const struct evtask_stall *stall, void *arg)
{
	if (strcmp(stall->look.name, "crawl") != 0)
		return;
	stall_say(&log_, stall);
	told = true;
}

static void
run_crawl(void)
{
	struct evtask_options named = { .name = "crawl" };
	struct evtask *task;

	told = false;
	ck_assert_int_eq(evtask_loop_create_task(loop, my_sleeper, NULL,
	    &named, &task), 0);
	ck_assert_int_eq(evtask_loop_run_until_complete(loop, task), 0);
	evtask_unref(task);
	read_until("turns again");
}

START_TEST(a_stall_is_two_lines)
{
	struct evtask_watchdog_options options = {
		.signo = SIGURG, .stalled = on_stalled,
	};
	struct evtask_watchdog *watchdog;
	int left = 20;

	ck_assert_int_eq(evtask_watchdog_start(loop, &options, &watchdog), 0);
	/* A thread that has no processor does not say in time where it is. */
	do
		run_crawl();
	while (strstr(text, "nanosleep < my_sleeper < ") == NULL &&
	    --left > 0);
	evtask_watchdog_stop(watchdog);
	ck_assert_ptr_nonnull(strstr(text, "the loop is blocked for "));
	ck_assert_ptr_nonnull(strstr(text, "ms by task crawl ("));
	ck_assert_ptr_nonnull(strstr(text, "nanosleep < my_sleeper < "));
	ck_assert_ptr_nonnull(strstr(text, "the loop was blocked for "));
}
END_TEST

static int
my_waiter(void *arg)
{
	int r = evtask_sleep(1000000);

	return r;
}

START_TEST(a_dump_has_every_task_and_its_stack)
{
	struct evtask_options options = { .name = "nap" };

	ck_assert_int_eq(evtask_loop_create_task(loop, my_waiter, NULL,
	    &options, NULL), 0);
	evtask_loop_stop(loop);
	ck_assert_int_eq(evtask_loop_run_forever(loop), 0);
	dump_tasks(&log_, loop);
	read_until("my_waiter");
	ck_assert_ptr_nonnull(strstr(text, "SIGQUIT: 1 tasks"));
	ck_assert_ptr_nonnull(strstr(text, " nap: waiting, sleep timer"));
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("stall");
	TCase *tc = tcase_create("stall");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, a_stall_is_two_lines);
	tcase_add_test(tc, a_dump_has_every_task_and_its_stack);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
