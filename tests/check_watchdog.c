/* The watchdog: a loop that is blocked is told of, with who and where; one that
 * sleeps is not. */
#include <evtask/inspect_stack.h>
#include <evtask/inspect_watchdog.h>
#include <pthread.h>
#include <signal.h>
#include <time.h>

#include "tests/core.h"

enum { THRESHOLD_US = 60000, LONG_US = 500000 };

static struct {
	pthread_mutex_t mutex;
	_Atomic uint64_t wanted; /* the task whose stalls are kept; 0: whose
				   are nobody's */
	int begun, over;
	uint64_t task;
	char name[64];
	const struct evtask_site *created_at;
	int64_t first_us, blocked_us;
	void *frames[64];
	int n_frames;
} seen = { .mutex = PTHREAD_MUTEX_INITIALIZER };

static struct evtask_watchdog *watchdog;

static void
on_stall(const struct evtask_stall *stall, void *arg)
{
	ck_assert_str_eq(arg, "arg");
	if (stall->look.task != seen.wanted)
		return;		/* the machine's: all may stand still */
	pthread_mutex_lock(&seen.mutex);
	seen.begun += !stall->over;
	seen.over += stall->over;
	if (!stall->over)
		seen.first_us = stall->look.still_us;
	seen.task = stall->look.task;
	memcpy(seen.name, stall->look.name, sizeof seen.name);
	seen.created_at = stall->look.created_at;
	seen.blocked_us = stall->look.still_us;
	seen.n_frames = stall->n_frames;
	memcpy(seen.frames, stall->frames,
	    (size_t)stall->n_frames * sizeof seen.frames[0]);
	pthread_mutex_unlock(&seen.mutex);
}

static void
watch_over_for(int64_t threshold_us, int signo)
{
	struct evtask_watchdog_options options = {
		.threshold_us = threshold_us, .signo = signo,
		.stalled = on_stall, .arg = "arg",
	};

	seen.begun = seen.over = seen.n_frames = 0;
	seen.wanted = 0;
	replace_loop(new_loop(EVTASK_CLOCK_MONOTONIC));
	ck_assert_int_eq(evtask_watchdog_start(loop, &options, &watchdog), 0);
}

static void
watch_over(int signo)
{
	watch_over_for(THRESHOLD_US, signo);
}

static __attribute__((__noinline__)) void
block_ms(long ms)
{
	struct timespec ts = { .tv_nsec = ms * 1000000L };

	/* A signal may come: it is waited on. */
	while (nanosleep(&ts, &ts) < 0 && errno == EINTR)
		;
}

static int
my_blocker(void *arg)
{
	block_ms((long)(intptr_t)arg);
	return 0;
}

static int
my_good_neighbour(void *arg)
{
	(void)arg;
	return evtask_sleep(2 * LONG_US);
}

/* A stall has been told of; and of each that it is over. */
static bool
is_told(void)
{
	return seen.begun > 0;
}

static bool
is_over(void)
{
	return seen.begun > 0 && seen.over == seen.begun;
}

/* Blocks until that is so, for half a minute. */
static __attribute__((__noinline__)) void
block_until(bool (*is_so)(void))
{
	bool done = false;

	for (int i = 0; !done && i < 3000; i++) {
		block_ms(10);
		pthread_mutex_lock(&seen.mutex);
		done = is_so();
		pthread_mutex_unlock(&seen.mutex);
	}
}

static int
my_stall(void *arg)
{
	(void)arg;
	block_until(is_told);
	return 0;
}

static void
run_to_end(struct evtask *task)
{
	ck_assert_int_eq(evtask_loop_run_until_complete(loop, task), 0);
	evtask_unref(task);
}

/* Returns when the end of its stall has been told, too. */
static uint64_t
run_a_stall(int signo)
{
	struct evtask *task;
	uint64_t id;

	watch_over(signo);
	task = start(my_stall, NULL);
	id = evtask_id(task);
	seen.wanted = id;
	run_to_end(task);
	block_until(is_over);
	evtask_watchdog_stop(watchdog);
	return id;
}

START_TEST(a_task_that_blocks_the_loop_is_named)
{
	uint64_t id = run_a_stall(0);

	ck_assert_int_eq(seen.begun, 1);
	ck_assert_int_eq(seen.over, 1);
	ck_assert_uint_eq(seen.task, id);
	ck_assert_str_eq(seen.created_at->func, "start");
	ck_assert_int_ge(seen.first_us, THRESHOLD_US);
	ck_assert_int_ge(seen.blocked_us, seen.first_us);
	ck_assert_int_eq(seen.n_frames, 0);
}
END_TEST

/* What nothing is told of, unless the machine stood still: not each time. */
static void
is_not_told(void (*act)(void))
{
	int left = 20;

	do {
		act();
		evtask_watchdog_stop(watchdog);
	} while (seen.begun > 0 && --left > 0);
	ck_assert_int_eq(seen.begun, 0);
}

static void
sleep_long(void)
{
	watch_over_for(LONG_US, 0);
	run_to_end(start(my_good_neighbour, NULL));
}

START_TEST(a_loop_that_sleeps_is_not_blocked)
{
	is_not_told(sleep_long);
}
END_TEST

static void
do_not_run(void)
{
	watch_over(0);
	run_to_end(start(return_at_once, NULL));
	block_ms(3 * THRESHOLD_US / 1000);
}

START_TEST(a_loop_that_does_not_run_is_not_blocked)
{
	is_not_told(do_not_run);
}
END_TEST

static void
block_in_callback(void *arg)
{
	block_until(is_told);
	evtask_loop_stop((struct evtask_loop *)arg);
}

START_TEST(a_callback_that_blocks_has_no_task)
{
	watch_over(0);
	ck_assert_int_eq(evtask_call_soon(loop, block_in_callback, loop, NULL),
	    0);
	ck_assert_int_eq(evtask_loop_run_forever(loop), 0);
	block_until(is_over);
	evtask_watchdog_stop(watchdog);
	ck_assert_int_ge(seen.begun, 1);
	ck_assert_int_eq(seen.over, seen.begun);
	ck_assert_uint_eq(seen.task, 0);
	ck_assert_ptr_null(seen.created_at);
}
END_TEST

START_TEST(with_a_signal_the_stack_is_had)
{
	struct evtask_symbols *symbols;
	int left = 20;

	/* A thread that has no processor does not say in time where it is. */
	do
		run_a_stall(SIGURG);
	while (seen.n_frames == 0 && --left > 0);
	ck_assert_int_gt(seen.n_frames, 3);
	ck_assert_int_eq(evtask_symbols_new(&symbols), 0);
	for (int i = 0; i < seen.n_frames; i++) {
		struct evtask_symbol symbol;

		evtask_symbols_find(symbols, seen.frames[i], &symbol);
		if (symbol.func != NULL && (strcmp(symbol.func,
		    "block_until") == 0 || strcmp(symbol.func, "my_stall") ==
		    0))
			say("%s", symbol.func);
	}
	evtask_symbols_free(symbols);
	ck_assert_said("block_until my_stall");
	/* Alone it means nothing. (Valgrind keeps the stack that was given
	 * back.) */
	if (!RUNNING_ON_VALGRIND)
		raise(SIGURG);
}
END_TEST

START_TEST(it_can_be_stopped_at_any_moment)
{
	for (int i = 0; i < 20; i++) {
		watch_over(0);
		spawn(my_blocker, (void *)(intptr_t)(i % 3));
		evtask_loop_stop(loop);
		ck_assert_int_eq(evtask_loop_run_forever(loop), 0);
		evtask_watchdog_stop(watchdog);
	}
	evtask_watchdog_stop(NULL);
}
END_TEST

START_TEST(one_is_enough)
{
	struct evtask_watchdog_options options = { .stalled = on_stall };
	struct evtask_watchdog *other;

	watch_over(0);
	ck_assert_int_eq(evtask_watchdog_start(loop, &options, &other),
	    -EALREADY);
	ck_assert_int_eq(evtask_watchdog_start(NULL, &options, &other),
	    -EINVAL);
	options.threshold_us = -1;
	ck_assert_int_eq(evtask_watchdog_start(loop, &options, &other),
	    -EINVAL);
	evtask_watchdog_stop(watchdog);
}
END_TEST

CORE_SUITE("watchdog",
    a_task_that_blocks_the_loop_is_named,
    a_loop_that_sleeps_is_not_blocked,
    a_loop_that_does_not_run_is_not_blocked,
    a_callback_that_blocks_has_no_task,
    with_a_signal_the_stack_is_had,
    it_can_be_stopped_at_any_moment,
    one_is_enough)
