/*
 * check_drain.c - daemon/drain.c on the virtual clock: hours take no time, and
 * how long an end took is known exactly.
 */
#include "daemon/drain.h"

#include <errno.h>
#include <evtask/evtask.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "suite.h"

#define SECOND INT64_C(1000000)
#define HOUR (3600 * SECOND)

#define FOLDER "/tmp/evtask-drain-XXXXXX"

static char folder[sizeof(FOLDER)];
static char path[64];
static struct evtask_loop *loop;
static struct evtask_console *console;
static struct service service;
static struct log quiet;
static struct drain drain;
static struct evtask *task;

static void
setup(void)
{
	struct evtask_loop_options clock = { .clock = EVTASK_CLOCK_VIRTUAL };
	struct evtask_console_options options = { .socket_path = path };

	strcpy(folder, FOLDER);
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/s", folder);
	ck_assert_int_eq(evtask_loop_new(&clock, &loop), 0);
	ck_assert_int_eq(evtask_console_start(loop, &options, &console, NULL),
	    0);
	service.notify_fd = -1;
	quiet = (struct log){ .fd = -1 };
	drain = (struct drain){ .loop = loop, .console = console,
		.log = &quiet, .service = &service };
}

static void
teardown(void)
{
	evtask_unref(task);
	drain_release(&drain);
	evtask_console_stop(console);
	ck_assert_int_eq(evtask_loop_free(loop), 0);
	ck_assert_int_eq(rmdir(folder), 0);
}

static int
nap(void *arg)
{
	return evtask_sleep(*(const int64_t *)arg);
}

static int
refuse(void *arg)
{
	int *refusals = arg, r;

	for (;;) {
		r = evtask_sleep(EVTASK_FOREVER);
		if (*refusals == 0)
			return r;
		--*refusals;
	}
}

static int
beget(void *arg)
{
	int r = evtask_sleep(HOUR);

	return r < 0 ? r : evtask_create(nap, arg, NULL, NULL);
}

static void
start(evtask_fn fn, void *arg)
{
	ck_assert_int_eq(evtask_loop_create_task(loop, fn, arg, NULL, &task),
	    0);
}

/* What asks for the end, and when. */
struct request {
	int64_t at_us;
	enum evtask_console_shutdown mode;
	int64_t timeout_us;
};

static void
ask(void *arg)
{
	struct request *request = arg;

	drain_ask(&drain, request->mode, request->timeout_us);
}

static void
press(void *arg)
{
	drain_press(&drain, HOUR);
}

static void
at(int64_t when_us, evtask_callback_fn fn, void *arg)
{
	ck_assert_int_eq(evtask_call_at(loop, when_us, fn, arg, NULL), 0);
}

/* Runs to the end; it comes in that second. */
static void
ends_at(int64_t when_us)
{
	ck_assert_int_eq(evtask_loop_run_forever(loop), 0);
	ck_assert_int_eq(evtask_loop_time_us(loop) / SECOND, when_us / SECOND);
}

START_TEST(an_idle_daemon_ends_at_once)
{
	struct request now = { 0, EVTASK_CONSOLE_DRAIN, HOUR };

	at(SECOND, ask, &now);
	ends_at(SECOND);
}
END_TEST

START_TEST(a_drain_waits_for_tasks)
{
	struct request soft = { 0, EVTASK_CONSOLE_DRAIN, EVTASK_FOREVER };
	int64_t delay = HOUR;

	start(nap, &delay);
	at(SECOND, ask, &soft);
	ends_at(HOUR);
	ck_assert(!evtask_cancelled(task));
}
END_TEST

START_TEST(what_tasks_create_is_waited_for_too)
{
	struct request soft = { 0, EVTASK_CONSOLE_DRAIN, EVTASK_FOREVER };
	int64_t delay = HOUR;

	start(beget, &delay);
	at(SECOND, ask, &soft);
	ends_at(2 * HOUR);
}
END_TEST

START_TEST(a_drain_that_takes_too_long_cancels)
{
	struct request soft = { 0, EVTASK_CONSOLE_DRAIN, 10 * SECOND };
	int64_t delay = HOUR;

	start(nap, &delay);
	at(SECOND, ask, &soft);
	ends_at(11 * SECOND);
	ck_assert(evtask_cancelled(task));
}
END_TEST

START_TEST(a_task_that_refuses_once_is_asked_again)
{
	struct request hard = { 0, EVTASK_CONSOLE_CANCEL, 10 * SECOND };
	static int refusals = 1;

	start(refuse, &refusals);
	at(SECOND, ask, &hard);
	ends_at(11 * SECOND);
	ck_assert(evtask_cancelled(task));
}
END_TEST

START_TEST(a_task_that_never_ends_does_not_keep_the_daemon)
{
	struct request soft = { 0, EVTASK_CONSOLE_DRAIN, 10 * SECOND };
	static int refusals = 100;

	start(refuse, &refusals);
	at(SECOND, ask, &soft);
	ends_at((1 + 10 + 10 + 5) * SECOND);
	ck_assert(!evtask_done(task));
	refusals = 0;
}
END_TEST

START_TEST(now_is_now)
{
	struct request hardest = { 0, EVTASK_CONSOLE_NOW, HOUR };
	int64_t delay = HOUR;

	start(nap, &delay);
	at(SECOND, ask, &hardest);
	ends_at(SECOND);
	ck_assert(evtask_cancelled(task));
}
END_TEST

START_TEST(asked_harder_it_does_not_wait)
{
	struct request soft = { 0, EVTASK_CONSOLE_DRAIN, HOUR };
	struct request hard = { 0, EVTASK_CONSOLE_CANCEL, HOUR };
	int64_t delay = HOUR;

	start(nap, &delay);
	at(SECOND, ask, &soft);
	at(2 * SECOND, ask, &hard);
	ends_at(2 * SECOND);
	ck_assert(evtask_cancelled(task));
}
END_TEST

START_TEST(asked_softer_it_goes_on)
{
	struct request hard = { 0, EVTASK_CONSOLE_CANCEL, 10 * SECOND };
	struct request soft = { 0, EVTASK_CONSOLE_DRAIN, HOUR };
	static int refusals = 1;

	start(refuse, &refusals);
	at(SECOND, ask, &hard);
	at(2 * SECOND, ask, &soft);
	ends_at(11 * SECOND);
}
END_TEST

START_TEST(each_press_asks_a_step_harder)
{
	static int refusals = 1;

	start(refuse, &refusals);
	at(1 * SECOND, press, NULL);
	at(2 * SECOND, press, NULL);
	at(3 * SECOND, press, NULL);
	ends_at(3 * SECOND);
	ck_assert_int_eq(refusals, 0);
	ck_assert(evtask_cancelled(task));
}
END_TEST

/* Both signals may be there before the drain has run for the first time. */
START_TEST(pressed_twice_in_a_turn_it_cancels)
{
	static int refusals = 0;

	start(refuse, &refusals);
	at(SECOND, press, NULL);
	at(SECOND, press, NULL);
	ends_at(SECOND);
	ck_assert(evtask_cancelled(task));
}
END_TEST

START_TEST(pressed_too_often_it_stays_at_now)
{
	static int refusals = 100;
	int n;

	start(refuse, &refusals);
	for (n = 1; n <= 6; n++)
		at(n * SECOND, press, NULL);
	ends_at((3 + 5) * SECOND);
	ck_assert_int_eq(refusals, 98);
	refusals = 0;
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("drain");
	TCase *tc = tcase_create("drain");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, an_idle_daemon_ends_at_once);
	tcase_add_test(tc, a_drain_waits_for_tasks);
	tcase_add_test(tc, what_tasks_create_is_waited_for_too);
	tcase_add_test(tc, a_drain_that_takes_too_long_cancels);
	tcase_add_test(tc, a_task_that_refuses_once_is_asked_again);
	tcase_add_test(tc, a_task_that_never_ends_does_not_keep_the_daemon);
	tcase_add_test(tc, now_is_now);
	tcase_add_test(tc, asked_harder_it_does_not_wait);
	tcase_add_test(tc, asked_softer_it_goes_on);
	tcase_add_test(tc, each_press_asks_a_step_harder);
	tcase_add_test(tc, pressed_twice_in_a_turn_it_cancels);
	tcase_add_test(tc, pressed_too_often_it_stays_at_now);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
