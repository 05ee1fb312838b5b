/*
 * Hops: how many turns lie between a cause and its effect. Programs of two
 * implementations leave the same trace only if these agree; the numbers are
 * those of CPython 3.14's asyncio.
 *
 * Each row is a task that marks the turn of the cause, or has it marked, and
 * the turn of the effect.
 */
#include "tests/core.h"

static uint64_t cause_turn, effect_turn;
static struct evtask *target;		/* what is cancelled, settled ... */
static struct evtask_future *settled;
static int64_t soon = SECOND;		/* until the cause comes */

static void
cause(void)
{
	cause_turn = turns();
}

static void
effect(void)
{
	effect_turn = turns();
}

static void
cause_settle(void *arg)
{
	(void)arg;
	cause();
	evtask_set_result(settled, evtask_value_none());
}

static void
cause_cancel(void *arg)
{
	(void)arg;
	cause();
	evtask_cancel(target, NULL);
}

static void
on_done(struct evtask_future *f, void *arg)
{
	(void)f, (void)arg;
	effect();
}

/* The cause comes when everybody waits. */
static void
when_all_wait(evtask_callback_fn fn)
{
	ck_assert_int_eq(evtask_call_later(loop, soon, fn, NULL, NULL), 0);
}

/* Children. */

static int
effect_at_once(void *arg)
{
	(void)arg;
	effect();
	return 0;
}

static int
cause_as_it_ends(void *arg)
{
	int r = evtask_sleep(soon);

	(void)arg;
	cause();
	return r;
}

static int
effect_of_cancel(void *arg)
{
	int r = evtask_sleep(EVTASK_FOREVER);

	(void)arg;
	effect();
	return r;
}

static int
await_target_for_effect(void *arg)
{
	int r = evtask_await((struct evtask_future *)arg);

	effect();
	return r;
}

static struct evtask *
create(evtask_fn fn, void *arg)
{
	struct evtask *task;

	ck_assert_int_eq(evtask_create(fn, arg, NULL, &task), 0);
	return task;
}

static struct evtask_future *
gather_of(void *a)
{
	union evtask_awaitable fs[] = { AWAITABLE(a) };
	struct evtask_future *all;

	ck_assert_int_eq(evtask_gather(fs, 1, false, &all), 0);
	return all;
}

/* 0 turns. */

static int
await_of_something_done(void *arg)
{
	struct evtask_future *f = new_future();

	(void)arg;
	evtask_set_result(f, evtask_value_none());
	cause();
	ck_assert_int_eq(evtask_await(f), 0);
	effect();
	evtask_future_unref(f);
	return 0;
}

static int
eager_task_without_a_wait(void *arg)
{
	static const struct evtask_options eager = { .eager = true };

	(void)arg;
	cause();
	ck_assert_int_eq(evtask_create(effect_at_once, NULL, &eager, NULL),
	    0);
	return 0;
}

/* 1 turn. */

static int
create_to_first_step(void *arg)
{
	(void)arg;
	cause();
	return evtask_create(effect_at_once, NULL, NULL, NULL);
}

static int
sleep_of_zero(void *arg)
{
	int r;

	(void)arg;
	cause();
	r = evtask_sleep(0);
	effect();
	return r;
}

static int
task_end_to_waiter(void *arg)
{
	struct evtask *child = create(cause_as_it_ends, arg);
	int r = evtask_await(child);

	effect();
	evtask_unref(child);
	return r;
}

static int
set_result_to_waiter(void *arg)
{
	int r;

	(void)arg;
	settled = new_future();
	when_all_wait(cause_settle);
	r = evtask_await(settled);
	effect();
	evtask_future_unref(settled);
	return r;
}

static int
set_result_to_callback(void *arg)
{
	(void)arg;
	settled = new_future();
	ck_assert_int_eq(evtask_add_done_callback(settled, on_done, NULL), 0);
	cause_settle(NULL);
	evtask_future_unref(settled);
	return 0;
}

static void
mark_cause(void *arg)
{
	(void)arg;
	cause();
}

static int
timer_to_sleeper(void *arg)
{
	int r;

	(void)arg;
	/* Due in the same turn as the sleep's own timer. */
	when_all_wait(mark_cause);
	r = evtask_sleep(soon);
	effect();
	return r;
}

static int
cancel_to_sleeper(void *arg)
{
	target = create(effect_of_cancel, arg);
	when_all_wait(cause_cancel);
	(void)!evtask_await(target);
	evtask_unref(target);
	return 0;
}

static int
timeout_to_sleeping_body(void *arg)
{
	struct evtask_timeout t;
	int r;

	(void)arg;
	when_all_wait(mark_cause);
	ck_assert_int_eq(evtask_timeout_enter(&t, soon), 0);
	r = evtask_timeout_exit(&t, evtask_sleep(EVTASK_FOREVER));
	effect();
	ck_assert_int_eq(r, -ETIMEDOUT);
	return 0;
}

static int
wait_timer_to_caller(void *arg)
{
	struct evtask_future *f = new_future();
	union evtask_awaitable fs[] = { AWAITABLE(f) };

	(void)arg;
	when_all_wait(mark_cause);
	ck_assert_int_eq(evtask_wait(fs, 1, soon, EVTASK_ALL_COMPLETED), 0);
	effect();
	evtask_future_unref(f);
	return 0;
}

static int
task_end_to_wait_for(void *arg)
{
	struct evtask *child = create(cause_as_it_ends, arg);
	int r = evtask_wait_for(child, EVTASK_FOREVER, NULL);

	effect();
	evtask_unref(child);
	return r;
}

/* 2 turns. */

static int
child_end_to_waiter_of_gather(void *arg)
{
	struct evtask *child = create(cause_as_it_ends, arg);
	struct evtask_future *all = gather_of(child);
	int r = evtask_await(all);

	effect();
	evtask_unref(child);
	evtask_future_unref(all);
	return r;
}

static int
child_end_to_wait(void *arg)
{
	struct evtask *child = create(cause_as_it_ends, arg);
	union evtask_awaitable fs[] = { AWAITABLE(child) };
	int r = evtask_wait(fs, 1, EVTASK_FOREVER, EVTASK_ALL_COMPLETED);

	effect();
	evtask_unref(child);
	return r < 0 ? r : 0;
}

static int
cancel_of_awaiter_of_a_sleeper(void *arg)
{
	struct evtask *sleeper = create(sleep_for_ever, arg);

	target = create(await_target_for_effect, sleeper);
	when_all_wait(cause_cancel);
	(void)!evtask_await(target);
	evtask_unref(target);
	evtask_unref(sleeper);
	return 0;
}

static int
cancel_before_first_step_to_callbacks(void *arg)
{
	target = create(sleep_for_ever, arg);
	ck_assert_int_eq(evtask_add_done_callback(target, on_done, NULL), 0);
	cause_cancel(NULL);
	evtask_unref(target);
	return 0;
}

static int
wait_for_timer_to_timeout(void *arg)
{
	struct evtask *child = create(sleep_for_ever, arg);

	when_all_wait(mark_cause);
	ck_assert_int_eq(evtask_wait_for(child, soon, NULL), -ETIMEDOUT);
	effect();
	evtask_unref(child);
	return 0;
}

/* 3 turns. */

static int
cancel_of_awaiter_of_a_gather(void *arg)
{
	struct evtask *child = create(sleep_for_ever, arg);
	struct evtask_future *all = gather_of(child);

	target = create(await_target_for_effect, all);
	when_all_wait(cause_cancel);
	(void)!evtask_await(target);
	evtask_unref(child);
	evtask_unref(target);
	evtask_future_unref(all);
	return 0;
}

static int
wait_for_no_time_on_a_pending_task(void *arg)
{
	struct evtask *child = create(sleep_for_ever, arg);

	ck_assert_int_eq(evtask_sleep(0), 0);
	cause();
	ck_assert_int_eq(evtask_wait_for(child, 0, NULL), -ETIMEDOUT);
	effect();
	evtask_unref(child);
	return 0;
}

#define ROW(hops, fn) { hops, fn, #fn, false }
/* Its cause is a timer beside the one under test, due in the same turn. */
#define ROW_OF_TIMER(hops, fn) { hops, fn, #fn, true }
static const struct {
	uint64_t hops;
	evtask_fn fn;
	const char *name;
	bool of_timer;
} rows[] = {
	ROW(0, await_of_something_done),
	ROW(0, eager_task_without_a_wait),
	ROW(1, create_to_first_step),
	ROW(1, sleep_of_zero),
	ROW(1, task_end_to_waiter),
	ROW(1, set_result_to_waiter),
	ROW(1, set_result_to_callback),
	ROW_OF_TIMER(1, timer_to_sleeper),
	ROW(1, cancel_to_sleeper),
	ROW_OF_TIMER(1, timeout_to_sleeping_body),
	ROW_OF_TIMER(1, wait_timer_to_caller),
	ROW(1, task_end_to_wait_for),
	ROW(2, child_end_to_waiter_of_gather),
	ROW(2, child_end_to_wait),
	ROW(2, cancel_of_awaiter_of_a_sleeper),
	ROW(2, cancel_before_first_step_to_callbacks),
	ROW_OF_TIMER(2, wait_for_timer_to_timeout),
	ROW(3, cancel_of_awaiter_of_a_gather),
	ROW(3, wait_for_no_time_on_a_pending_task),
};

static int
yield_for_ever(void *arg)
{
	(void)arg;
	while (evtask_sleep(0) == 0)
		;
	return -ECANCELED;
}

START_TEST(every_hop_is_counted)
{
	cause_turn = effect_turn = UINT64_MAX;
	spawn(rows[_i].fn, NULL);
	run_dry();
	ck_assert_msg(effect_turn - cause_turn == rows[_i].hops,
	    "%s: %" PRIi64 " turns, not %" PRIu64, rows[_i].name,
	    (int64_t)(effect_turn - cause_turn), rows[_i].hops);
}
END_TEST

/* A turn may go from task to task without the loop: it counts all the same. */
START_TEST(every_hop_is_the_same_in_a_busy_loop)
{
	struct evtask *busy[3];

	/* The virtual clock would stand still; the other keeps no two timers
	 * due in one turn. */
	if (rows[_i].of_timer)
		return;
	soon = 100;
	replace_loop(new_loop(EVTASK_CLOCK_MONOTONIC));
	for (size_t i = 0; i < COUNT(busy); i++)
		busy[i] = start(yield_for_ever, NULL);
	cause_turn = effect_turn = UINT64_MAX;
	spawn(rows[_i].fn, NULL);
	while (effect_turn == UINT64_MAX)
		run_turns(1);
	ck_assert_uint_eq(effect_turn - cause_turn, rows[_i].hops);
	for (size_t i = 0; i < COUNT(busy); i++) {
		evtask_cancel(busy[i], NULL);
		evtask_unref(busy[i]);
	}
	while (evtask_all_tasks(loop, NULL, 0) > 0)
		run_turns(1);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("hops");
	TCase *tc = tcase_create("hops");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, every_hop_is_counted, 0, (int)COUNT(rows));
	tcase_add_loop_test(tc, every_hop_is_the_same_in_a_busy_loop, 0,
	    (int)COUNT(rows));
	suite_add_tcase(s, tc);
	return suite_main(s);
}
