/*
 * check_trim - giving memory back after a peak.
 */
#include "core/trim.h"

#include <unistd.h>

#include "tests/calls.h"

enum { PEAK = 2000 };

static size_t
stacks(void)
{
	struct evtask_loop_stats stats;

	evtask_loop_get_stats(loop, &stats);
	return stats.stacks;
}

static int
suspend_once(void *arg)
{
	(void)arg;
	return evtask_sleep(0);
}

/* Many tasks at once, each on a stack of its own, and then none. */
static void
peak(void)
{
	for (int i = 0; i < PEAK; i++)
		ck_assert_int_eq(evtask_loop_create_task(loop, suspend_once,
		    NULL, NULL, NULL), 0);
	evtask_loop_stop(loop);
	ck_assert_int_eq(evtask_loop_run_forever(loop), 0);
	evtask_loop_stop(loop);
	ck_assert_int_eq(evtask_loop_run_forever(loop), 0);
}

START_TEST(stacks_that_nobody_uses_go_when_asked)
{
	peak();
	ck_assert_uint_ge(stacks(), PEAK);
	evtask_loop_trim(loop);
	ck_assert_uint_le(stacks(), 64);
	peak();				/* and come again */
	ck_assert_uint_ge(stacks(), PEAK);
}
END_TEST

static int
do_nothing(void *arg)
{
	(void)arg;
	return 0;
}

static int
sleep_long(void *arg)
{
	volatile char mark[64] = "still here";

	(void)arg;
	if (evtask_sleep(3600 * SECOND) < 0)
		return -ECANCELED;
	return evtask_return(evtask_value_bool(strcmp((char *)mark,
	    "still here") == 0));
}

START_TEST(stacks_in_use_stay_as_they_are)
{
	struct evtask *sleeper;
	struct evtask_value value;

	peak();
	sleeper = start(sleep_long, NULL);
	evtask_loop_stop(loop);
	ck_assert_int_eq(evtask_loop_run_forever(loop), 0);
	evtask_loop_trim(loop);
	ck_assert_uint_le(stacks(), 2 * 64);
	ck_assert_int_eq(evtask_loop_run_until_complete(loop, sleeper), 0);
	ck_assert_int_eq(evtask_result(sleeper, &value), 0);
	ck_assert(value.u.b);
	evtask_unref(sleeper);
}
END_TEST

static size_t
resident_bytes(void)
{
	FILE *f = fopen("/proc/self/statm", "r");
	size_t size, pages;

	ck_assert_ptr_nonnull(f);
	ck_assert_int_eq(fscanf(f, "%zu %zu", &size, &pages), 2);
	fclose(f);
	return pages * (size_t)sysconf(_SC_PAGESIZE);
}

/* A peak of tasks that wait, with timers, takes 90 MB; beside what stays for
 * the next ones, of which there are few, nothing is left of them. */
START_TEST(the_system_has_its_memory_again_after_a_peak)
{
	static struct evtask *sleepers[20000];
	size_t before, most;

	if (SANITIZED)		/* keeps what is freed, to watch it */
		return;
	peak();
	evtask_loop_trim(loop);
	before = resident_bytes();
	for (size_t i = 0; i < COUNT(sleepers); i++)
		sleepers[i] = start(sleep_long, NULL);
	evtask_loop_stop(loop);
	ck_assert_int_eq(evtask_loop_run_forever(loop), 0);
	most = resident_bytes();
	ck_assert_uint_ge(most, before + COUNT(sleepers) * 4096);
	for (size_t i = 0; i < COUNT(sleepers); i++) {
		evtask_cancel(sleepers[i], NULL);
		evtask_unref(sleepers[i]);
	}
	run_dry();
	evtask_loop_trim(loop);
	ck_assert_uint_le(resident_bytes(), before + (most - before) / 10);
}
END_TEST

static void
use_real_time(void)
{
	struct evtask_loop_options options = {
		.clock = EVTASK_CLOCK_MONOTONIC,
	};

	ck_assert_int_eq(evtask_loop_free(loop), 0);
	ck_assert_int_eq(evtask_loop_new(&options, &loop), 0);
}

/* Two seconds of real time: the first of them with nothing to do. Where the
 * machine stood still the loop was late, and has it in the next two. */
static void
be_idle_while(bool (*much)(void))
{
	for (int i = 0; much() && i < 15; i++) {
		ck_assert_int_eq(evtask_call_later(loop, 2 * SECOND, stop,
		    NULL, NULL), 0);
		ck_assert_int_eq(evtask_loop_run_forever(loop), 0);
	}
	ck_assert(!much());
}

static bool
has_many_stacks(void)
{
	return stacks() > 2 * 64;
}

START_TEST(a_loop_that_is_idle_gives_them_back_by_itself)
{
	struct evtask *sleeper;

	use_real_time();
	peak();
	ck_assert_uint_ge(stacks(), PEAK);
	ck_assert_int_eq(evtask_loop_create_task(loop, sleep_long, NULL, NULL,
	    &sleeper), 0);
	be_idle_while(has_many_stacks);
	evtask_cancel(sleeper, NULL);
	ck_assert_int_eq(evtask_loop_run_until_complete(loop, sleeper), 0);
	evtask_unref(sleeper);
}
END_TEST

static bool
has_many_blocks(void)
{
	return loop->task_slab.cut >= 10000;
}

/* The same for tasks that never wait: a crowd of them has blocks, and a single
 * stack. */
START_TEST(blocks_that_nobody_uses_go_by_themselves_too)
{
	use_real_time();
	if (loop->task_slab.plain)
		return;
	for (int i = 0; i < 100000; i++)
		ck_assert_int_eq(evtask_loop_create_task(loop, do_nothing,
		    NULL, NULL, NULL), 0);
	evtask_loop_stop(loop);
	ck_assert_int_eq(evtask_loop_run_forever(loop), 0);
	ck_assert_uint_ge(loop->task_slab.cut, 100000);
	be_idle_while(has_many_blocks);
	ck_assert_uint_eq(loop->ready.mask, 255);
}
END_TEST

/* One of every slab of stacks stays. */
START_TEST(what_cannot_go_is_looked_at_less_and_less_often)
{
	static struct evtask *sleepers[64 * 20];
	size_t total;

	for (size_t i = 0; i < COUNT(sleepers); i++)
		sleepers[i] = start(sleep_long, NULL);
	evtask_loop_stop(loop);
	ck_assert_int_eq(evtask_loop_run_forever(loop), 0);
	for (size_t i = 0; i < COUNT(sleepers); i++)
		if (i % 64 != 0)
			evtask_cancel(sleepers[i], NULL);
	evtask_loop_stop(loop);
	ck_assert_int_eq(evtask_loop_run_forever(loop), 0);
	total = stacks();
	for (int i = 0; i < 9; i++) {
		ck_assert(trim_is_due(loop));
		ck_assert_int_eq(trim_after_us(loop),
		    SECOND << (i < 6 ? i : 6));
		evtask_loop_trim(loop);
		ck_assert_uint_eq(stacks(), total);
	}
	for (size_t i = 0; i < COUNT(sleepers); i++) {
		evtask_cancel(sleepers[i], NULL);
		evtask_unref(sleepers[i]);
	}
	run_dry();
	evtask_loop_trim(loop);
	ck_assert_uint_eq(stacks(), 64);
	ck_assert(!trim_is_due(loop));
	ck_assert_int_eq(trim_after_us(loop), SECOND);
}
END_TEST

START_TEST(a_few_idle_stacks_are_kept)
{
	for (int i = 0; i < 200; i++)
		ck_assert_int_eq(evtask_loop_create_task(loop, suspend_once,
		    NULL, NULL, NULL), 0);
	run_dry();
	ck_assert_uint_ge(stacks(), 200);
}
END_TEST

START_TEST(trimming_no_loop_or_a_new_one_does_nothing)
{
	evtask_loop_trim(NULL);
	evtask_loop_trim(loop);
	ck_assert_uint_eq(stacks(), 0);
}
END_TEST

CORE_SUITE("trim",
    stacks_that_nobody_uses_go_when_asked,
    stacks_in_use_stay_as_they_are,
    a_loop_that_is_idle_gives_them_back_by_itself,
    blocks_that_nobody_uses_go_by_themselves_too,
    what_cannot_go_is_looked_at_less_and_less_often,
    a_few_idle_stacks_are_kept,
    the_system_has_its_memory_again_after_a_peak,
    trimming_no_loop_or_a_new_one_does_nothing)
