/*
 * core.h - tests of the library's ground floors: a loop for each test, on the
 * virtual clock, so that hours pass in no time; a record of what happened, in
 * words; and at the end a look whether anything was left behind.
 *
 *	static int
 *	body(void *arg)
 *	{
 *		say("%s", (char *)arg);
 *		return 0;
 *	}
 *
 *	START_TEST(creating_never_runs_the_body)
 *	{
 *		spawn(body, "ran");
 *		ck_assert_said("");
 *		run_dry();
 *		ck_assert_said("ran");
 *	}
 *	END_TEST
 *
 * Where the test itself is a coroutine, START_TASK_TEST says so. Bytes are
 * counted by LeakSanitizer, in builds that have it, as each test process ends.
 */
#ifndef TESTS_CORE_H
#define TESTS_CORE_H

#include <config.h>

#include <dirent.h>
#include <errno.h>
#include <evtask/evtask.h>
#include <evtask/inspect.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tests/suite.h"
#include "tests/without_inspection.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#else
#define SANITIZED 0
#endif

#ifdef HAVE_VALGRIND_VALGRIND_H
#include <valgrind/valgrind.h>
#else
#define RUNNING_ON_VALGRIND 0
#endif

#define UNUSED __attribute__((__unused__))
#define COUNT(array) (sizeof (array) / sizeof *(array))
#define SECOND INT64_C(1000000)

/* A task or future, where a union is wanted outside a call. */
#define AWAITABLE(f) \
	((union evtask_awaitable){ .future = (struct evtask_future *)(f) })

static struct evtask_loop *loop;	/* the test's own; virtual clock */
static int fds_before;

/* What happened, in words with a space between. */
static char said[8192];

static UNUSED __attribute__((__format__(__printf__, 1, 2))) void
say(const char *fmt, ...)
{
	size_t length = strlen(said);
	va_list args;

	if (length > 0)
		said[length++] = ' ';
	va_start(args, fmt);
	vsnprintf(said + length, sizeof said - length, fmt, args);
	va_end(args);
}

/* Says what reading n bytes came to; there is room for one more. Returns 0, or
 * the error. */
static UNUSED int
say_read(char *bytes, ssize_t n)
{
	if (n < 0) {
		say("r%d", (int)n);
		return (int)n;
	}
	bytes[n] = '\0';
	say("'%s'", bytes);
	return 0;
}

/* A callback, for every place that takes one: says its argument. */
static UNUSED void
say_arg(void *arg)
{
	say("%s", (const char *)arg);
}

static UNUSED void
say_done(struct evtask_future *f, void *arg)
{
	(void)f;
	say("%s", (const char *)arg);
}

/* What was said since it was last asked. */
#define ck_assert_said(words) \
	do { \
		ck_assert_str_eq(said, (words)); \
		said[0] = '\0'; \
	} while (0)

/* What the loop reported to its exception handler: each must be expected. */
static struct {
	unsigned int n;
	char message[128];
	int code;
	void *callback_arg;
	struct evtask *task;
	struct evtask_future *future;
} reported;

static UNUSED void
on_report(struct evtask_loop *l, const struct evtask_report *report, void *arg)
{
	(void)l, (void)arg;
	reported.n++;
	snprintf(reported.message, sizeof reported.message, "%s",
	    report->message);
	reported.code = report->error != NULL ?
	    evtask_error_code(report->error) : 0;
	reported.callback_arg = report->callback_arg;
	reported.task = report->task;
	reported.future = report->future;
}

/* One report, since it was last asked. */
#define ck_assert_reported(words, of_code) \
	do { \
		ck_assert_uint_eq(reported.n, 1); \
		ck_assert_str_eq(reported.message, (words)); \
		ck_assert_int_eq(reported.code, (of_code)); \
		reported.n = 0; \
	} while (0)

static UNUSED int
count_fds(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int n = 0;

	ck_assert_ptr_nonnull(dir);
	while (readdir(dir) != NULL)
		n++;
	closedir(dir);
	return n;
}

static UNUSED struct evtask_loop *
new_loop(enum evtask_clock clock)
{
	struct evtask_loop_options options = {
		.clock = clock, .stack_size_bytes = 256 * 1024,
	};
	struct evtask_loop *l;

	ck_assert_int_eq(evtask_loop_new(&options, &l), 0);
	evtask_loop_set_exception_handler(l, on_report, NULL);
	return l;
}

/* The test wants a loop of another kind. */
static UNUSED void
replace_loop(struct evtask_loop *l)
{
	ck_assert_int_eq(evtask_loop_free(loop), 0);
	loop = l;
}

static UNUSED void
setup(void)
{
	fds_before = count_fds();
	loop = new_loop(EVTASK_CLOCK_VIRTUAL);
	said[0] = '\0';
	reported.n = 0;
}

/* No task, no timer, no slot of the ready queue, no descriptor is left, and
 * nothing was reported that the test did not ask for. */
static UNUSED void
teardown(void)
{
	struct evtask_loop_stats stats;

	if (loop != NULL) {
		ck_assert_uint_eq(evtask_all_tasks(loop, NULL, 0), 0);
		evtask_loop_get_stats(loop, &stats);
		ck_assert_uint_eq(stats.tasks_pending, 0);
		ck_assert_uint_eq(stats.tasks_done, stats.tasks_created);
		ck_assert_uint_eq(stats.timers_pending, 0);
		ck_assert_uint_eq(stats.stacks_free, stats.stacks);
		ck_assert_int_eq(evtask_loop_free(loop), 0);
		loop = NULL;
	}
	ck_assert_msg(reported.n == 0, "reported: %s (%d)", reported.message,
	    reported.code);
	ck_assert_int_eq(count_fds(), fds_before);
}

/* Runs until nothing is left that could run. */
static UNUSED void
run_dry(void)
{
	ck_assert_int_eq(evtask_loop_run_forever(loop), -EDEADLK);
}

/* Runs n turns. */
static UNUSED void
run_turns(int n)
{
	while (n-- > 0) {
		evtask_loop_stop(loop);
		ck_assert_int_eq(evtask_loop_run_forever(loop), 0);
	}
}

static UNUSED uint64_t
turns(void)
{
	struct evtask_loop_stats stats;

	evtask_loop_get_stats(loop, &stats);
	return stats.turns;
}

/* A detached task. */
#define spawn(fn, arg) \
	ck_assert_int_eq(evtask_loop_create_task(loop, (fn), (arg), NULL, \
	    NULL), 0)

/* A task whose handle the test keeps. */
static UNUSED struct evtask *
start(evtask_fn fn, void *arg)
{
	struct evtask *task;

	ck_assert_int_eq(evtask_loop_create_task(loop, fn, arg, NULL, &task),
	    0);
	return task;
}

static UNUSED struct evtask_future *
new_future(void)
{
	struct evtask_future *f;

	ck_assert_int_eq(evtask_future_new(loop, &f), 0);
	return f;
}

/* How something ended: 0, or its code. Counts as having looked. */
#define outcome(f) evtask_result((f), NULL)

/* Coroutines every suite needs. */

static UNUSED int
sleep_for_ever(void *arg)
{
	(void)arg;
	return evtask_sleep(EVTASK_FOREVER);
}

/* Sleeps as many seconds as its argument's value. */
static UNUSED int
sleep_seconds(void *arg)
{
	return evtask_sleep((int64_t)(intptr_t)arg * SECOND);
}

/* Says how its sleep ended, and that it took its time to clean up. */
static UNUSED int
say_how_it_ends(void *arg)
{
	int r = evtask_sleep(EVTASK_FOREVER);

	say("%s%d", (char *)arg, r);
	(void)!evtask_sleep(SECOND);
	say("%s cleaned up", (char *)arg);
	return r;
}

static UNUSED int
return_at_once(void *arg)
{
	(void)arg;
	return 0;
}

/* Raises its argument's value as a code. */
static UNUSED int
raise_code(void *arg)
{
	return evtask_raise((int)(intptr_t)arg, "raised on purpose");
}

static UNUSED int
return_words(void *arg)
{
	struct evtask_value v;
	int r = evtask_value_string(arg, &v);

	return r < 0 ? r : evtask_return(v);
}

static UNUSED int
say_once(void *arg)
{
	say("%s", (char *)arg);
	return 0;
}

/* Each says its name, then yields, twice. */
static UNUSED int
say_and_yield(void *arg)
{
	for (int i = 0; i < 2; i++) {
		int r;

		say("%s%d", (char *)arg, i);
		r = evtask_sleep(0);
		if (r < 0)
			return r;
	}
	return 0;
}

static UNUSED int
await_future(void *arg)
{
	return evtask_await_result((struct evtask_future *)arg, NULL);
}

/* Runs body as a task of the loop until it is done, and then dry. */
static UNUSED void
run_body(evtask_fn body)
{
	struct evtask *task = start(body, NULL);

	ck_assert_int_eq(evtask_loop_run_until_complete(loop, task), 0);
	ck_assert_int_eq(outcome(task), 0);
	evtask_unref(task);
	run_dry();
}

/* A test whose body is a coroutine, in a task of `loop`. It returns 0. */
#define START_TASK_TEST(name) \
	static int name##_body(void *arg); \
	START_TEST(name) \
	{ \
		run_body(name##_body); \
	} \
	END_TEST \
	static int name##_body(void *arg UNUSED)

/* The main() of a suite: its tests, each with a loop of its own. */
static inline int
core_suite_main(const char *name, const TTest *const *tests, size_t n)
{
	Suite *suite = suite_create(name);
	TCase *tc = tcase_create(name);

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 60);
	for (size_t i = 0; i < n; i++)
		if (!test_is_left_out(tests[i]->name))
			tcase_add_test(tc, tests[i]);
		else
			printf("# SKIP %s: no inspection\n", tests[i]->name);
	fflush(stdout);
	suite_add_tcase(suite, tc);
	return suite_main(suite);
}

#define CORE_SUITE(name, ...) \
	int \
	main(void) \
	{ \
		const TTest *const tests[] = { __VA_ARGS__ }; \
 \
		return core_suite_main((name), tests, COUNT(tests)); \
	}

#endif
