/* Debug mode: what is reported, with what words and which place. */
#include "tests/core.h"

#include <pthread.h>
#include <unistd.h>

/* The last report, and how many there were. */
static struct {
	int n;
	enum evtask_report_type type;
	int code;
	unsigned int line;
	char func[64];
	char text[512];
	struct evtask *task;
	void *callback_arg;
	int64_t took_us;
	unsigned int wanted;	/* slow steps begin there; 0: anywhere */
} last;

static void
keep_last(struct evtask_loop *l, const struct evtask_report *report, void *arg)
{
	(void)l, (void)arg;
	/* On a busy machine others are slow, too, some of them nobody's. */
	if (report->type == EVTASK_REPORT_SLOW && last.wanted != 0 &&
	    (report->site == NULL || report->site->line != last.wanted))
		return;
	last.n++;
	last.type = report->type;
	last.code = report->error != NULL ?
	    evtask_error_code(report->error) : 0;
	last.line = report->site != NULL ? report->site->line : 0;
	snprintf(last.func, sizeof last.func, "%s",
	    report->site != NULL ? report->site->func : "");
	last.task = report->task;
	last.callback_arg = report->callback_arg;
	last.took_us = report->took_us;
	evtask_report_format(report, last.text, sizeof last.text);
}

/* What this loop reports is kept, and forgotten what another one did. */
static void
listen_to(struct evtask_loop *l)
{
	memset(&last, 0, sizeof last);
	evtask_loop_set_exception_handler(l, keep_last, NULL);
}

/* Nothing is slow, however busy the machine, but in tests of that. */
static void
debug(void)
{
	evtask_loop_set_debug(loop, true);
	evtask_loop_set_slow_callback_duration(loop, 3600 * SECOND);
	listen_to(loop);
}

/* The call is answered with the code, and reported with this very place. */
#define ck_assert_misuse(call, of_code) \
	do { \
		int r_ = (int)(call); \
		ck_assert_msg(r_ == (of_code), "%s: %d, not %d", #call, r_, \
		    (of_code)); \
		ck_assert_msg(last.n == 1, "%s: %d reports", #call, last.n); \
		ck_assert_int_eq(last.type, EVTASK_REPORT_MISUSE); \
		ck_assert_int_eq(last.code, (of_code)); \
		ck_assert_msg(last.line == __LINE__, "%s: line %u", #call, \
		    last.line); \
		ck_assert_str_eq(last.func, __func__); \
		last.n = 0; \
	} while (0)

static struct evtask_future *pending, *done, *foreign;
static struct evtask_loop *foreign_loop;

static void
arrange(void)
{
	debug();
	pending = new_future();
	done = new_future();
	evtask_set_result(done, evtask_value_none());
	foreign_loop = new_loop(EVTASK_CLOCK_VIRTUAL);
	ck_assert_int_eq(evtask_future_new(foreign_loop, &foreign), 0);
}

static void
tidy_up(void)
{
	ck_assert_int_eq(last.n, 0);
	evtask_future_unref(pending);
	evtask_future_unref(done);
	evtask_future_unref(foreign);
	ck_assert_int_eq(evtask_loop_free(foreign_loop), 0);
}

static void
misuse_futures(void)
{
	struct evtask_error *e;

	ck_assert_misuse(evtask_set_result(done, evtask_value_none()),
	    -EALREADY);
	ck_assert_misuse(evtask_set_exception(done,
	    evtask_error_new(-EIO, NULL, NULL)), -EALREADY);
	ck_assert_misuse(evtask_result(pending, NULL), -EINPROGRESS);
	ck_assert_misuse(evtask_exception(pending, &e), -EINPROGRESS);
	ck_assert_misuse(evtask_add_done_callback(pending, NULL, NULL),
	    -EINVAL);
}

/* With a loop that runs there is somebody to be told even about nothing. */
static void
misuse_nothing(void)
{
	struct evtask_future *f;
	struct evtask_value v;

	ck_assert_misuse(evtask_set_result(NULL, evtask_value_none()),
	    -EINVAL);
	ck_assert_misuse(evtask_set_exception(pending, NULL), -EINVAL);
	ck_assert_misuse(evtask_result(AWAITABLE(NULL), &v), -EINVAL);
	ck_assert_misuse(evtask_cancel(AWAITABLE(NULL), NULL), -EINVAL);
	ck_assert_misuse(evtask_create(NULL, NULL, NULL, NULL), -EINVAL);
	ck_assert_misuse(evtask_call_soon(NULL, NULL, NULL, NULL), -EINVAL);
	ck_assert_misuse(evtask_call_later(NULL, -1, NULL, NULL, NULL),
	    -EINVAL);
	ck_assert_misuse(evtask_future_new(NULL, NULL), -EINVAL);
	ck_assert_misuse(evtask_gather(NULL, 1, false, &f), -EINVAL);
	ck_assert_misuse(evtask_shield(AWAITABLE(NULL), &f), -EINVAL);
	ck_assert_misuse(evtask_lock_release(NULL), -EINVAL);
	ck_assert_misuse(evtask_semaphore_release(NULL), -EINVAL);
	ck_assert_misuse(evtask_condition_notify(NULL, 1), -EINVAL);
	ck_assert_misuse(evtask_queue_get_nowait(NULL, &v), -EINVAL);
	ck_assert_misuse(evtask_queue_put_nowait(NULL, evtask_value_none()),
	    -EINVAL);
	ck_assert_misuse(evtask_queue_task_done(NULL), -EINVAL);
	ck_assert_misuse(evtask_timeout_exit(NULL, 0), -EINVAL);
	ck_assert_misuse(evtask_timeout_reschedule(NULL, 0), -EINVAL);
}

static void
misuse_what_is_free(void)
{
	struct evtask_condition *condition;
	struct evtask_semaphore *semaphore;
	struct evtask_queue *queue;
	struct evtask_lock *lock;

	ck_assert_int_eq(evtask_lock_new(NULL, &lock), 0);
	ck_assert_int_eq(evtask_condition_new(NULL, NULL, &condition), 0);
	ck_assert_int_eq(evtask_semaphore_new(NULL, 1, true, &semaphore), 0);
	ck_assert_int_eq(evtask_queue_new(NULL, &queue), 0);
	ck_assert_misuse(evtask_lock_release(lock), -EPERM);
	ck_assert_misuse(evtask_condition_release(condition), -EPERM);
	ck_assert_misuse(evtask_condition_notify(condition, 1), -EPERM);
	ck_assert_misuse(evtask_condition_notify_all(condition), -EPERM);
	ck_assert_misuse(evtask_semaphore_release(semaphore), -EOVERFLOW);
	ck_assert_misuse(evtask_queue_task_done(queue), -EPERM);
	ck_assert_misuse(evtask_queue_get_nowait(queue, NULL), -EINVAL);
	evtask_lock_free(lock);
	evtask_condition_free(condition);
	evtask_semaphore_free(semaphore);
	evtask_queue_free(queue);
}

static void
misuse_runs(void)
{
	ck_assert_misuse(evtask_loop_run_forever(loop), -EBUSY);
	ck_assert_misuse(evtask_loop_run_until_complete(loop, done), -EBUSY);
	ck_assert_misuse(evtask_loop_run_forever(foreign_loop), -EBUSY);
	ck_assert_misuse(evtask_run(return_at_once, NULL, NULL, NULL, NULL),
	    -EBUSY);
}

static void
misuse_waits(void)
{
	union evtask_awaitable fs[] = { AWAITABLE(pending) };
	struct evtask_as_completed *it;
	struct evtask_timeout timeout;
	struct evtask_group group;
	struct evtask_value v;

	ck_assert_misuse(evtask_await(pending), -EINVAL);
	ck_assert_misuse(evtask_await_result(done, NULL), -EINVAL);
	ck_assert_misuse(evtask_sleep(1), -EINVAL);
	ck_assert_misuse(evtask_wait(fs, 1, 0, EVTASK_ALL_COMPLETED),
	    -EINVAL);
	ck_assert_misuse(evtask_wait_for(done, 1, NULL), -EINVAL);
	ck_assert_misuse(evtask_wait_for_keep(done, 1, NULL), -EINVAL);
	ck_assert_misuse(evtask_wait_for_call(return_at_once, NULL, 1, NULL),
	    -EINVAL);
	ck_assert_misuse(evtask_timeout_enter(&timeout, 1), -EINVAL);
	ck_assert_misuse(evtask_timeout_at_enter(&timeout, 1), -EINVAL);
	ck_assert_misuse(evtask_group_enter(&group), -EINVAL);
	ck_assert_misuse(evtask_return(evtask_value_none()), -EINVAL);
	ck_assert_misuse(evtask_lock_acquire(NULL), -EINVAL);
	ck_assert_misuse(evtask_event_wait(NULL), -EINVAL);
	ck_assert_misuse(evtask_sleep(0), -EINVAL);
	ck_assert_misuse(evtask_semaphore_acquire(NULL), -EINVAL);
	ck_assert_misuse(evtask_condition_wait(NULL), -EINVAL);
	ck_assert_misuse(evtask_barrier_wait(NULL), -EINVAL);
	ck_assert_misuse(evtask_queue_get(NULL, &v), -EINVAL);
	ck_assert_misuse(evtask_queue_put(NULL, evtask_value_none()),
	    -EINVAL);
	ck_assert_misuse(evtask_queue_join(NULL), -EINVAL);
	ck_assert_misuse(evtask_as_completed(fs, 1, 0, NULL), -EINVAL);
	ck_assert_int_eq(evtask_as_completed(NULL, 0, 0, &it), 0);
	ck_assert_misuse(evtask_as_completed_next(it, NULL), -EINVAL);
	evtask_as_completed_free(it);
}

static void
in_callback(void *arg)
{
	(void)arg;
	misuse_futures();
	misuse_nothing();
	misuse_what_is_free();
	misuse_runs();
	misuse_waits();
}

START_TEST(misuse_is_reported_with_its_place)
{
	arrange();
	misuse_futures();	/* known to be of this loop */
	ck_assert_misuse(evtask_loop_run_until_complete(loop, foreign),
	    -EXDEV);
	ck_assert_int_eq(evtask_call_soon(loop, in_callback, NULL, NULL), 0);
	run_turns(1);
	tidy_up();
}
END_TEST

START_TASK_TEST(misuse_in_a_task_names_it)
{
	union evtask_awaitable fs[] = { AWAITABLE(foreign) };
	struct evtask_timeout timeout;
	struct evtask_group group;

	arrange();
	fs[0].future = foreign;
	ck_assert_misuse(evtask_set_result(evtask_as_future(
	    evtask_current_task()), evtask_value_none()), -EPERM);
	ck_assert_ptr_eq(last.task, evtask_current_task());
	ck_assert_misuse(evtask_await(AWAITABLE(NULL)), -EINVAL);
	ck_assert_misuse(evtask_await(foreign), -EXDEV);
	ck_assert_misuse(evtask_await(evtask_current_task()), -EDEADLK);
	evtask_error_unref(evtask_catch(-EDEADLK));
	ck_assert_misuse(evtask_lock_acquire(NULL), -EINVAL);
	ck_assert_misuse(evtask_event_wait(NULL), -EINVAL);
	ck_assert_misuse(evtask_semaphore_acquire(NULL), -EINVAL);
	ck_assert_misuse(evtask_condition_wait(NULL), -EINVAL);
	ck_assert_misuse(evtask_queue_get(NULL, NULL), -EINVAL);
	ck_assert_misuse(evtask_queue_join(NULL), -EINVAL);
	ck_assert_misuse(evtask_timeout_enter(NULL, 0), -EINVAL);
	ck_assert_misuse(evtask_group_enter(NULL), -EINVAL);
	ck_assert_misuse(evtask_wait_for(AWAITABLE(NULL), 1, NULL), -EINVAL);
	ck_assert_misuse(evtask_wait(fs, 1, 0, EVTASK_ALL_COMPLETED),
	    -EXDEV);
	ck_assert_misuse(evtask_wait(NULL, 0, 0, EVTASK_ALL_COMPLETED),
	    -EINVAL);
	ck_assert_int_eq(evtask_timeout_enter(&timeout, 1), 0);
	ck_assert_int_eq(evtask_timeout_exit(&timeout, 0), 0);
	ck_assert_misuse(evtask_timeout_exit(&timeout, 0), -EINVAL);
	ck_assert_misuse(evtask_timeout_reschedule(&timeout, 0), -EINVAL);
	ck_assert_int_eq(evtask_group_enter(&group), 0);
	ck_assert_int_eq(evtask_group_exit(&group, 0), 0);
	ck_assert_misuse(evtask_group_exit(&group, 0), -EINVAL);
	ck_assert_misuse(evtask_group_create_task(&group, return_at_once,
	    NULL, NULL, NULL), -EPERM);
	tidy_up();
	evtask_loop_set_exception_handler(loop, on_report, NULL);
	return 0;
}

START_TEST(a_report_is_a_line_for_people)
{
	char line[24];
	struct evtask_report report = { .message = "something happened" };

	ck_assert_int_eq(evtask_report_format(&report, line, sizeof line), 18);
	ck_assert_str_eq(line, "something happened");
	ck_assert_int_eq(evtask_report_format(&report, line, 10), 18);
	ck_assert_str_eq(line, "something");
	ck_assert_int_eq(evtask_report_format(&report, NULL, 0), 18);
	ck_assert_int_eq(evtask_report_format(NULL, line, 1), -EINVAL);
	ck_assert_int_eq(evtask_report_format(&report, NULL, 1), -EINVAL);
}
END_TEST

static int
ask_too_early(void *arg)
{
	(void)evtask_set_name(evtask_current_task(), "crawl");
	return evtask_result((struct evtask_future *)arg, NULL) ==
	    -EINPROGRESS ? 0 : -EPROTO;
}

START_TEST(a_report_names_task_error_and_place)
{
	debug();
	pending = new_future();
	spawn(ask_too_early, pending);
	run_dry();
	ck_assert_ptr_nonnull(strstr(last.text, "task crawl: the outcome of a "
	    "future is asked for before it is done: Operation now in "
	    "progress, at "));
	ck_assert_ptr_nonnull(strstr(last.text,
	    "tests/check_debug.c:"));
	ck_assert_ptr_nonnull(strstr(last.text, " (ask_too_early)"));
	evtask_future_unref(pending);
}
END_TEST

START_TEST(without_debug_mode_nothing_is_reported)
{
	listen_to(loop);
	pending = new_future();
	ck_assert_int_eq(evtask_result(pending, NULL), -EINPROGRESS);
	ck_assert_int_eq(last.n, 0);
	evtask_future_unref(pending);
}
END_TEST

/* Choosing it. */

START_TEST(debug_mode_is_chosen_by_option_environment_or_call)
{
	struct evtask_loop_options options = { .debug = true };
	struct evtask_loop *l;

	ck_assert(!evtask_loop_get_debug(loop));
	ck_assert_int_eq(evtask_loop_get_slow_callback_duration(loop), 0);
	ck_assert_int_eq(evtask_loop_new(&options, &l), 0);
	ck_assert(evtask_loop_get_debug(l));
	ck_assert_int_eq(evtask_loop_get_slow_callback_duration(l), 100000);
	evtask_loop_set_debug(l, false);
	ck_assert(!evtask_loop_get_debug(l));
	ck_assert_int_eq(evtask_loop_free(l), 0);

	setenv("EVTASK_DEBUG", "1", 1);
	ck_assert_int_eq(evtask_loop_new(NULL, &l), 0);
	ck_assert(evtask_loop_get_debug(l));
	ck_assert_int_eq(evtask_loop_free(l), 0);
	setenv("EVTASK_DEBUG", "", 1);
	ck_assert_int_eq(evtask_loop_new(NULL, &l), 0);
	ck_assert(!evtask_loop_get_debug(l));
	ck_assert_int_eq(evtask_loop_free(l), 0);
}
END_TEST

/* Slow steps. */

static void
hold_up(void *arg)
{
	(void)arg;
	usleep(3000);
}

static int
wait_and_hold_up(void *arg)
{
	unsigned int *line = arg;
	int r;

	last.wanted = *line = __LINE__ + 1;
	r = evtask_sleep(SECOND);
	hold_up(NULL);
	return r < 0 ? r : evtask_sleep(SECOND);
}

START_TEST(a_slow_step_is_reported_with_task_and_place)
{
	unsigned int line;
	struct evtask *task;
	char until[64];

	debug();
	evtask_loop_set_slow_callback_duration(loop, 1000);
	task = start(wait_and_hold_up, &line);
	run_dry();
	ck_assert_int_eq(last.n, 1);
	ck_assert_int_eq(last.type, EVTASK_REPORT_SLOW);
	ck_assert_ptr_eq(last.task, task);
	ck_assert_uint_eq(last.line, line);
	ck_assert_str_eq(last.func, "wait_and_hold_up");
	ck_assert_int_ge(last.took_us, 3000);
	snprintf(until, sizeof until, " s, until %s:%u", __FILE__, line + 2);
	ck_assert_ptr_nonnull(strstr(last.text, "a step took "));
	ck_assert_ptr_nonnull(strstr(last.text, "check_debug.c:"));
	snprintf(until, sizeof until, "check_debug.c:%u", line + 2);
	ck_assert_ptr_nonnull(strstr(last.text, until));
	evtask_unref(task);
}
END_TEST

static int
hold_up_to_the_end(void *arg)
{
	hold_up(arg);
	return 0;
}

START_TEST(a_slow_last_step_is_reported_though_the_task_is_gone)
{
	listen_to(loop);
	evtask_loop_set_slow_callback_duration(loop, 1000);
	last.wanted = __LINE__ + 1;
	spawn(hold_up_to_the_end, NULL);
	run_dry();
	ck_assert_int_eq(last.n, 1);
	ck_assert_ptr_nonnull(strstr(last.text, "until the end"));
	ck_assert_str_eq(last.func, __func__);
}
END_TEST

static void
hold_up_when_done(struct evtask_future *f, void *arg)
{
	(void)f;
	hold_up(arg);
}

START_TEST(a_slow_callback_is_reported_with_the_place_that_asked_for_it)
{
	struct evtask_timer timer;
	unsigned int line;

	listen_to(loop);
	evtask_loop_set_slow_callback_duration(loop, 1000);
	last.wanted = line = __LINE__ + 1;
	ck_assert_int_eq(evtask_call_later(loop, 5, hold_up, &line, NULL), 0);
	run_dry();
	ck_assert_int_eq(last.n, 1);
	ck_assert_uint_eq(last.line, line);
	ck_assert_ptr_eq(last.callback_arg, &line);
	ck_assert_ptr_null(last.task);

	evtask_timer_init(&timer, loop, hold_up, &timer);
	last.wanted = line = __LINE__ + 1;
	ck_assert_int_eq(evtask_timer_call_later(&timer, 5), 0);
	run_dry();
	ck_assert_int_eq(last.n, 2);
	ck_assert_uint_eq(last.line, line);
	ck_assert_ptr_eq(last.callback_arg, &timer);

	done = new_future();
	last.wanted = line = __LINE__ + 1;
	ck_assert_int_eq(evtask_add_done_callback(done, hold_up_when_done, 0),
	    0);
	evtask_set_result(done, evtask_value_none());
	run_dry();
	ck_assert_int_eq(last.n, 3);
	ck_assert_uint_eq(last.line, line);
	ck_assert_ptr_nonnull(strstr(last.text, "a callback took "));
	evtask_future_unref(done);
}
END_TEST

START_TEST(what_is_quick_is_not_reported)
{
	debug();
	spawn(sleep_seconds, (void *)3600);
	ck_assert_int_eq(evtask_call_soon(loop, say_arg, "quick", NULL), 0);
	run_dry();
	ck_assert_said("quick");
	ck_assert_int_eq(last.n, 0);
}
END_TEST

/* What is overlooked. */

START_TEST(a_gather_nobody_awaits_is_reported_with_its_place)
{
	struct evtask_future *all;
	unsigned int line;

	debug();
	done = new_future();
	line = __LINE__ + 1;
	ck_assert_int_eq(evtask_gather(NULL, 0, false, &all), -EINVAL);
	last.n = 0;
	line = __LINE__ + 1;
	ck_assert_int_eq(evtask_gather((union evtask_awaitable[]){
	    AWAITABLE(done) }, 1, false, &all), 0);
	ck_assert_str_eq(evtask_created_at(all)->func, __func__);
	evtask_set_result(done, evtask_value_none());
	run_dry();
	ck_assert_int_eq(last.n, 0);
	evtask_future_unref(all);
	ck_assert_int_eq(last.n, 1);
	ck_assert_int_eq(last.type, EVTASK_REPORT_NEVER_AWAITED);
	ck_assert_uint_ge(last.line, line);
	evtask_future_unref(done);
}
END_TEST

START_TEST(a_shield_nobody_awaits_is_reported)
{
	struct evtask_future *shield;

	debug();
	pending = new_future();
	ck_assert_int_eq(evtask_shield(pending, &shield), 0);
	evtask_future_unref(shield);
	evtask_set_result(pending, evtask_value_none());
	run_dry();
	ck_assert_int_eq(last.n, 1);
	ck_assert_int_eq(last.type, EVTASK_REPORT_NEVER_AWAITED);
	ck_assert_str_eq(last.func, __func__);
	evtask_future_unref(pending);
}
END_TEST

static int
await_shield(void *arg)
{
	struct evtask_future *shield;
	int r = evtask_shield((struct evtask_future *)arg, &shield);

	if (r == 0) {
		r = evtask_await(shield);
		evtask_future_unref(shield);
	}
	return r;
}

START_TEST(what_is_awaited_or_called_back_is_not_reported)
{
	struct evtask_future *all;
	struct evtask *task;

	debug();
	pending = new_future();
	task = start(await_shield, pending);
	ck_assert_int_eq(evtask_gather((union evtask_awaitable[]){
	    AWAITABLE(pending) }, 1, false, &all), 0);
	ck_assert_int_eq(evtask_add_done_callback(all, say_done, "all"), 0);
	run_turns(1);
	evtask_set_result(pending, evtask_value_none());
	run_dry();
	ck_assert_said("all");
	evtask_future_unref(all);
	evtask_future_unref(pending);
	evtask_unref(task);
	ck_assert_int_eq(last.n, 0);
}
END_TEST

static struct evtask_loop *
loop_in_debug_mode(void)
{
	struct evtask_loop_options options = {
		.clock = EVTASK_CLOCK_VIRTUAL, .debug = true,
	};
	struct evtask_loop *l;

	ck_assert_int_eq(evtask_loop_new(&options, &l), 0);
	listen_to(l);
	return l;
}

START_TEST(a_task_that_is_pending_when_its_loop_goes_is_reported)
{
	struct evtask *task;

	replace_loop(loop_in_debug_mode());
	task = start(sleep_for_ever, NULL);
	run_turns(1);
	replace_loop(NULL);
	ck_assert_int_eq(last.n, 1);
	ck_assert_int_eq(last.type, EVTASK_REPORT_PENDING);
	ck_assert_ptr_eq(last.task, task);
	ck_assert_ptr_nonnull(strstr(last.text,
	    "was pending when its loop was freed"));
	ck_assert_str_eq(last.func, "sleep_for_ever");
	evtask_unref(task);
}
END_TEST

START_TEST(a_task_that_is_not_shown_is_not_reported)
{
	struct evtask_options options = { .internal = true };

	replace_loop(loop_in_debug_mode());
	ck_assert_int_eq(evtask_loop_create_task(loop, sleep_for_ever, NULL,
	    &options, NULL), 0);
	replace_loop(NULL);
	ck_assert_int_eq(last.n, 0);
}
END_TEST

static int
hold_up_and_yield(void *arg)
{
	hold_up(arg);
	return evtask_sleep(0);
}

START_TEST(a_slow_step_that_ends_by_yielding_is_reported)
{
	listen_to(loop);
	evtask_loop_set_slow_callback_duration(loop, 1000);
	last.wanted = __LINE__ + 1;
	spawn(hold_up_and_yield, NULL);
	run_dry();
	ck_assert_int_ge(last.n, 1);
	ck_assert_ptr_nonnull(strstr(last.text, "a step took "));
}
END_TEST

static int
yield_twice(void *arg)
{
	int r = evtask_sleep(0);

	(void)arg;
	return r < 0 ? r : evtask_sleep(0);
}

static int
yield_and_hold_up(void *arg)
{
	int r = evtask_sleep(0);

	hold_up(arg);
	return r;
}

START_TEST(a_slow_step_is_not_laid_to_the_task_that_went_before)
{
	listen_to(loop);
	evtask_loop_set_slow_callback_duration(loop, 1000);
	spawn(yield_twice, NULL);
	last.wanted = __LINE__ + 1;
	spawn(yield_and_hold_up, NULL);
	run_dry();
	ck_assert_int_ge(last.n, 1);
	ck_assert_ptr_nonnull(strstr(last.text, "until the end"));
}
END_TEST

START_TEST(a_task_that_never_ran_is_reported)
{
	replace_loop(loop_in_debug_mode());
	spawn(sleep_for_ever, NULL);
	replace_loop(NULL);
	ck_assert_int_eq(last.n, 1);
	ck_assert_ptr_nonnull(strstr(last.text, "never ran"));
	ck_assert_str_eq(last.func, __func__);
}
END_TEST

START_TEST(an_exception_never_retrieved_names_where_its_future_was_made)
{
	unsigned int line;

	listen_to(loop);
	line = __LINE__ + 1;
	ck_assert_int_eq(evtask_future_new(loop, &pending), 0);
	ck_assert_uint_eq(evtask_created_at(pending)->line, line);
	ck_assert_ptr_null(evtask_created_at(AWAITABLE(NULL)));
	evtask_set_exception(pending, evtask_error_new(-EIO, NULL, "lost"));
	evtask_future_unref(pending);
	ck_assert_int_eq(last.n, 1);
	ck_assert_uint_eq(last.line, line);
	last.n = 0;
	line = __LINE__ + 1;
	spawn(raise_code, (void *)-EIO);
	run_dry();
	ck_assert_int_eq(last.n, 1);
	ck_assert_uint_eq(last.line, line);
}
END_TEST

/* The wrong thread. */

static struct evtask_lock *lock;
static struct evtask_queue *queue, *full, *joined;
static struct evtask_event *event;
static struct evtask_semaphore *semaphore;
static struct evtask_condition *condition;
static struct evtask_timeout scope;
static struct evtask_group group;
static struct evtask_handle *late;
static struct evtask *holder;

#define refused(call) \
	do { \
		int r_ = (int)(call); \
		if (r_ != -EPERM) { \
			snprintf(said, sizeof said, "%s: %d", #call, r_); \
			return NULL; \
		} \
	} while (0)

/* In a thread of its own; what it finds wrong stands in `said`. */
static void *
touch_everything(void *arg)
{
	union evtask_awaitable fs[] = { AWAITABLE(pending) };
	struct evtask_future *f;
	struct evtask_value v;
	struct evtask *task;

	(void)arg;
	refused(evtask_loop_create_task(loop, return_at_once, NULL, NULL,
	    &task));
	refused(evtask_future_new(loop, &f));
	refused(evtask_set_result(pending, evtask_value_none()));
	refused(evtask_set_exception(pending,
	    evtask_error_new(-EIO, NULL, NULL)));
	refused(evtask_result(pending, &v));
	refused(evtask_exception(pending, NULL));
	refused(evtask_cancel(pending, NULL));
	refused(evtask_cancel(holder, "words"));
	refused(evtask_add_done_callback(pending, say_done, ""));
	refused(evtask_gather(fs, 1, false, &f));
	refused(evtask_shield(pending, &f));
	refused(evtask_call_soon(loop, say_arg, "", NULL));
	refused(evtask_call_later(loop, 0, say_arg, "", NULL));
	refused(evtask_call_at(loop, 0, say_arg, "", NULL));
	refused(evtask_group_create_task(&group, return_at_once, NULL, NULL,
	    NULL));
	refused(evtask_lock_release(lock));
	refused(evtask_semaphore_release(semaphore));
	refused(evtask_condition_notify(condition, 1));
	refused(evtask_queue_put_nowait(queue, evtask_value_none()));
	refused(evtask_queue_get_nowait(queue, &v));
	refused(evtask_queue_task_done(queue));
	refused(evtask_queue_put_nowait(full, evtask_value_none()));
	refused(evtask_queue_task_done(joined));
	evtask_event_set(event);
	evtask_queue_shutdown(queue, true);
	evtask_group_cancel(&group);
	evtask_loop_stop(loop);
	if (evtask_remove_done_callback(pending, say_done, "kept") != 0 ||
	    evtask_loop_run_forever(loop) != -EBUSY ||
	    evtask_loop_run_until_complete(loop, pending) != -EBUSY ||
	    evtask_loop_free(loop) != -EBUSY)
		snprintf(said, sizeof said, "not busy");
	return NULL;
}

static int
run_touch(void *arg)
{
	touch_everything(arg);
	return 0;
}

static int
hold(void *arg)
{
	int r;

	(void)arg;
	if ((r = evtask_lock_acquire(lock)) < 0 ||
	    (r = evtask_semaphore_acquire(semaphore)) < 0 ||
	    (r = evtask_timeout_enter(&scope, EVTASK_FOREVER)) < 0 ||
	    (r = evtask_group_enter(&group)) < 0)
		return r;
	r = evtask_sleep(EVTASK_FOREVER);
	r = evtask_group_exit(&group, r);
	r = evtask_timeout_exit(&scope, r);
	(void)evtask_semaphore_release(semaphore);
	(void)evtask_lock_release(lock);
	return r;
}

static int
want_lock(void *arg)
{
	int r = evtask_lock_acquire(lock);

	(void)arg;
	return r < 0 ? r : evtask_lock_release(lock);
}

static int
want_unit(void *arg)
{
	int r = evtask_semaphore_acquire(semaphore);

	(void)arg;
	return r < 0 ? r : evtask_semaphore_release(semaphore);
}

static int
want_event(void *arg)
{
	(void)arg;
	return evtask_event_wait(event);
}

static int
want_value(void *arg)
{
	struct evtask_value v;

	(void)arg;
	return evtask_queue_get(queue, &v);
}

static int
want_room(void *arg)
{
	(void)arg;
	return evtask_queue_put(full, evtask_value_none());
}

static int
want_all_done(void *arg)
{
	(void)arg;
	return evtask_queue_join(joined);
}

static int
want_change(void *arg)
{
	int r = evtask_condition_acquire(condition);

	(void)arg;
	if (r == 0)
		r = evtask_condition_wait(condition);
	/* In the other thread it is seen as taken. */
	if (r < 0)
		(void)evtask_condition_release(condition);
	return r;
}

static int
hold_condition(void *arg)
{
	int r = evtask_condition_acquire(condition);

	(void)arg;
	r = r < 0 ? r : evtask_sleep(EVTASK_FOREVER);
	(void)evtask_condition_release(condition);
	return r;
}

static int
touch_from_a_thread(void *arg)
{
	evtask_fn waiters[] = {
		want_lock, want_unit, want_event, want_value, want_room,
		want_all_done, want_change, hold_condition,
	};
	struct evtask *tasks[COUNT(waiters)];
	int r, answer;

	(void)arg;
	ck_assert_int_eq(evtask_create(hold, NULL, NULL, &holder), 0);
	for (size_t i = 0; i < COUNT(waiters); i++)
		ck_assert_int_eq(evtask_create(waiters[i], NULL, NULL,
		    &tasks[i]), 0);
	ck_assert_int_eq(evtask_sleep(0), 0);
	r = evtask_to_thread(run_touch, NULL, &answer);
	ck_assert_int_eq(r, 0);
	ck_assert_int_eq(evtask_sleep(0), 0);
	ck_assert_int_eq(evtask_cancelling(holder), 0);
	for (size_t i = COUNT(waiters); i-- > 0;) {
		ck_assert(!evtask_done(tasks[i]));
		evtask_cancel(tasks[i], NULL);
		ck_assert_int_eq(evtask_await(tasks[i]), 0);
		evtask_unref(tasks[i]);
	}
	evtask_cancel(holder, NULL);
	ck_assert_int_eq(evtask_await(holder), 0);
	evtask_unref(holder);
	return 0;
}

static void
arrange_things(void)
{
	struct evtask_queue_options one = { .size_max = 1 };

	ck_assert_int_eq(evtask_lock_new(NULL, &lock), 0);
	ck_assert_int_eq(evtask_queue_new(NULL, &queue), 0);
	ck_assert_int_eq(evtask_queue_new(&one, &full), 0);
	ck_assert_int_eq(evtask_queue_put_nowait(full, evtask_value_none()),
	    0);
	ck_assert_int_eq(evtask_queue_new(NULL, &joined), 0);
	ck_assert_int_eq(evtask_queue_put_nowait(joined,
	    evtask_value_none()), 0);
	ck_assert_int_eq(evtask_event_new(NULL, &event), 0);
	ck_assert_int_eq(evtask_semaphore_new(NULL, 1, false, &semaphore), 0);
	ck_assert_int_eq(evtask_condition_new(NULL, NULL, &condition), 0);
	pending = new_future();
	ck_assert_int_eq(evtask_add_done_callback(pending, say_done, "kept"),
	    0);
	ck_assert_int_eq(evtask_call_at(loop, EVTASK_FOREVER, say_arg, "",
	    &late), 0);
}

static void
tidy_things_up(void)
{
	ck_assert_int_eq(evtask_queue_put_nowait(queue, evtask_value_none()),
	    0);
	evtask_lock_free(lock);
	evtask_queue_free(queue);
	evtask_queue_free(full);
	evtask_queue_free(joined);
	evtask_event_free(event);
	evtask_semaphore_free(semaphore);
	evtask_condition_free(condition);
	ck_assert(!evtask_done(pending));
	evtask_set_result(pending, evtask_value_none());
	run_dry();
	ck_assert_said("kept");
	evtask_future_unref(pending);
	evtask_handle_cancel(late);
	evtask_handle_unref(late);
}

START_TEST(a_call_from_the_wrong_thread_is_refused_and_changes_nothing)
{
	arrange_things();
	run_body(touch_from_a_thread);
	ck_assert_said("");
	tidy_things_up();
}
END_TEST

START_TEST(a_call_from_the_wrong_thread_is_reported_in_the_right_one)
{
	debug();
	arrange_things();
	run_body(touch_from_a_thread);
	ck_assert_said("");
	ck_assert_int_ge(last.n, 20);
	ck_assert_int_eq(last.type, EVTASK_REPORT_MISUSE);
	ck_assert_int_eq(last.code, -EPERM);
	ck_assert_str_eq(last.func, "touch_everything");
	ck_assert_ptr_nonnull(strstr(last.text,
	    "called from a thread that does not run the loop"));
	tidy_things_up();
}
END_TEST

static void *
use_loop_that_does_not_run(void *arg)
{
	struct evtask_future *f;

	(void)arg;
	if (evtask_future_new(loop, &f) < 0)
		return loop;
	evtask_future_unref(f);
	return evtask_loop_run_forever(loop) == -EDEADLK ? NULL : loop;
}

START_TEST(a_loop_that_does_not_run_may_be_handed_to_another_thread)
{
	pthread_t thread;
	void *wrong;

	ck_assert_int_eq(pthread_create(&thread, NULL,
	    use_loop_that_does_not_run, NULL), 0);
	pthread_join(thread, &wrong);
	ck_assert_ptr_null(wrong);
	run_dry();
}
END_TEST

CORE_SUITE("debug",
    misuse_is_reported_with_its_place,
    misuse_in_a_task_names_it,
    a_report_is_a_line_for_people,
    a_report_names_task_error_and_place,
    without_debug_mode_nothing_is_reported,
    debug_mode_is_chosen_by_option_environment_or_call,
    a_slow_step_is_reported_with_task_and_place,
    a_slow_last_step_is_reported_though_the_task_is_gone,
    a_slow_callback_is_reported_with_the_place_that_asked_for_it,
    what_is_quick_is_not_reported,
    a_gather_nobody_awaits_is_reported_with_its_place,
    a_shield_nobody_awaits_is_reported,
    what_is_awaited_or_called_back_is_not_reported,
    a_task_that_is_pending_when_its_loop_goes_is_reported,
    a_task_that_never_ran_is_reported,
    a_task_that_is_not_shown_is_not_reported,
    a_slow_step_that_ends_by_yielding_is_reported,
    a_slow_step_is_not_laid_to_the_task_that_went_before,
    an_exception_never_retrieved_names_where_its_future_was_made,
    a_call_from_the_wrong_thread_is_refused_and_changes_nothing,
    a_call_from_the_wrong_thread_is_reported_in_the_right_one,
    a_loop_that_does_not_run_may_be_handed_to_another_thread)
