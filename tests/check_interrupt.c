/*
 * A cancellation at every wait of the library: one row for each, and what must
 * hold of all of them. A wait is for something that `give` brings about; where
 * that is meant for one only (a lock, a value), it must not be lost with the
 * one who is cancelled.
 */
#include "tests/core.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

static struct evtask_future *future;	/* what many wait for */
static struct evtask_lock *lock;	/* held by nobody who runs */
static struct evtask_event *event;
static struct evtask_condition *condition;
static struct evtask_semaphore *semaphore;
static struct evtask_barrier *barrier;	/* of two */
static struct evtask_queue *empty, *full;
static int fds[2];			/* a pipe with nothing in it */

/* Waits. Each gives back at once what it got, and returns 0. */

static int
in_sleep(void *arg)
{
	(void)arg;
	return evtask_sleep(SECOND);
}

static int
in_sleep_zero(void *arg)
{
	(void)arg;
	return evtask_sleep(0);
}

static int
in_await(void *arg)
{
	(void)arg;
	return evtask_await(future);
}

static int
in_await_result(void *arg)
{
	(void)arg;
	return evtask_await_result(future, NULL);
}

static int
in_wait(void *arg)
{
	union evtask_awaitable fs[] = { AWAITABLE(future) };
	int r = evtask_wait(fs, 1, EVTASK_FOREVER, EVTASK_FIRST_COMPLETED);

	(void)arg;
	return r < 0 ? r : 0;
}

static int
in_wait_for(void *arg)
{
	(void)arg;
	return evtask_wait_for(future, 10 * SECOND, NULL);
}

static int
in_wait_for_keep(void *arg)
{
	(void)arg;
	return evtask_wait_for_keep(future, 10 * SECOND, NULL);
}

static int
in_wait_for_call(void *arg)
{
	return evtask_wait_for_call(in_await, arg, 10 * SECOND, NULL);
}

static int
in_call(void *arg)
{
	return evtask_call(in_await, arg, NULL);
}

static int
in_timeout(void *arg)
{
	struct evtask_timeout t;
	int r = evtask_timeout_enter(&t, 10 * SECOND);

	return r < 0 ? r : evtask_timeout_exit(&t, in_await(arg));
}

static int
in_gather(void *arg)
{
	union evtask_awaitable fs[] = {
		AWAITABLE(future), AWAITABLE(future),
	};
	struct evtask_future *all;
	int r = evtask_gather(fs, 2, false, &all);

	(void)arg;
	if (r < 0)
		return r;
	r = evtask_await_result(all, NULL);
	evtask_future_unref(all);
	return r;
}

static int
in_shield(void *arg)
{
	struct evtask_future *shield;
	int r = evtask_shield(future, &shield);

	(void)arg;
	if (r < 0)
		return r;
	r = evtask_await_result(shield, NULL);
	evtask_future_unref(shield);
	return r;
}

static int
in_as_completed(void *arg)
{
	union evtask_awaitable fs[] = { AWAITABLE(future) };
	struct evtask_as_completed *it;
	struct evtask_future *f;
	int r = evtask_as_completed(fs, 1, 10 * SECOND, &it);

	(void)arg;
	if (r < 0)
		return r;
	r = evtask_as_completed_next(it, &f);
	evtask_as_completed_free(it);
	return r < 0 ? r : 0;
}

static int
in_group(void *arg)
{
	struct evtask_group group;
	int r = evtask_group_enter(&group);

	if (r < 0)
		return r;
	r = evtask_group_create_task(&group, in_await, arg, NULL, NULL);
	return evtask_group_exit(&group, r);
}

static int
in_lock(void *arg)
{
	int r = evtask_lock_acquire(lock);

	(void)arg;
	return r < 0 ? r : evtask_lock_release(lock);
}

static int
in_event(void *arg)
{
	(void)arg;
	return evtask_event_wait(event);
}

/* Whatever came of it, the lock is in hand. */
static int
in_condition(void *arg)
{
	int r = evtask_condition_acquire(condition);

	(void)arg;
	if (r < 0)
		return r;
	r = evtask_condition_wait(condition);
	ck_assert_int_eq(evtask_condition_release(condition), 0);
	return r;
}

static int
in_semaphore(void *arg)
{
	(void)arg;
	return evtask_semaphore_acquire(semaphore);
}

static int
in_barrier(void *arg)
{
	int r = evtask_barrier_wait(barrier);

	(void)arg;
	return r < 0 ? r : 0;
}

static int
in_queue_get(void *arg)
{
	struct evtask_value v;

	(void)arg;
	return evtask_queue_get(empty, &v);
}

static int
in_queue_put(void *arg)
{
	(void)arg;
	return evtask_queue_put(full, evtask_value_int(2));
}

static int
in_queue_join(void *arg)
{
	(void)arg;
	return evtask_queue_join(full);
}

static int
in_fd_wait(void *arg)
{
	int r = evtask_fd_wait(fds[0], EVTASK_READABLE);

	(void)arg;
	return r < 0 ? r : 0;
}

static int
in_read(void *arg)
{
	char byte;
	int r = (int)evtask_read(fds[0], &byte, 1);

	(void)arg;
	return r < 0 ? r : 0;
}

static int
in_signal(void *arg)
{
	(void)arg;
	return evtask_signal_wait(SIGUSR1);
}

/* What they wait for. */

static void
give_future(void)
{
	evtask_set_result(future, evtask_value_none());
}

static void
give_lock(void)
{
	ck_assert_int_eq(evtask_lock_release(lock), 0);
}

static void
give_event(void)
{
	evtask_event_set(event);
}

static int
notify_one(void *arg)
{
	int r = evtask_condition_acquire(condition);

	(void)arg;
	ck_assert_int_eq(r, 0);
	ck_assert_int_eq(evtask_condition_notify(condition, 1), 0);
	return evtask_condition_release(condition);
}

/* Eagerly: before anything else happens. */
static void
run_at_once(void *fn)
{
	struct evtask_options options = { .eager = true };

	ck_assert_int_eq(evtask_create((evtask_fn)fn, NULL, &options, NULL),
	    0);
}

static void
give_condition(void)
{
	run_at_once((void *)notify_one);
}

static void
give_semaphore(void)
{
	ck_assert_int_eq(evtask_semaphore_release(semaphore), 0);
}

static void
give_barrier(void)
{
	run_at_once((void *)in_barrier);
}

static void
give_value(void)
{
	ck_assert_int_eq(evtask_queue_put_nowait(empty, evtask_value_int(1)),
	    0);
}

static void
give_room(void)
{
	struct evtask_value v;

	ck_assert_int_eq(evtask_queue_get_nowait(full, &v), 0);
}

static void
give_done(void)
{
	ck_assert_int_eq(evtask_queue_task_done(full), 0);
}

static void
give_byte(void)
{
	ck_assert_int_eq(write(fds[1], "x", 1), 1);
}

static void
give_signal(void)
{
	raise(SIGUSR1);
}

static void
give_nothing(void)
{
}

enum {
	PASSES_ON = 1,	/* the request reaches `future` */
	FOR_ONE = 2,	/* what is given is for one of those who wait */
	IO = 4,		/* it comes by a poll, and not in the same turn */
	BY_TIME = 8,	/* nobody has to give anything */
};

static const struct row {
	const char *name;
	evtask_fn fn;
	void (*give)(void);
	int flags;
} rows[] = {
	{ "sleep", in_sleep, give_nothing, BY_TIME },
	{ "sleep_zero", in_sleep_zero, give_nothing, BY_TIME },
	{ "await", in_await, give_future, PASSES_ON },
	{ "await_result", in_await_result, give_future, PASSES_ON },
	{ "wait", in_wait, give_future, 0 },
	{ "wait_for", in_wait_for, give_future, PASSES_ON },
	{ "wait_for_keep", in_wait_for_keep, give_future, PASSES_ON },
	{ "wait_for_call", in_wait_for_call, give_future, PASSES_ON },
	{ "call", in_call, give_future, PASSES_ON },
	{ "timeout", in_timeout, give_future, PASSES_ON },
	{ "gather", in_gather, give_future, PASSES_ON },
	{ "shield", in_shield, give_future, 0 },
	{ "as_completed", in_as_completed, give_future, 0 },
	{ "group", in_group, give_future, PASSES_ON },
	{ "lock", in_lock, give_lock, FOR_ONE },
	{ "event", in_event, give_event, 0 },
	{ "condition", in_condition, give_condition, FOR_ONE },
	{ "semaphore", in_semaphore, give_semaphore, FOR_ONE },
	{ "barrier", in_barrier, give_barrier, 0 },
	{ "queue_get", in_queue_get, give_value, FOR_ONE },
	{ "queue_put", in_queue_put, give_room, FOR_ONE },
	{ "queue_join", in_queue_join, give_done, 0 },
	{ "fd_wait", in_fd_wait, give_byte, IO },
	{ "read", in_read, give_byte, IO | FOR_ONE },
	{ "signal", in_signal, give_signal, IO },
};

static const struct row *row;		/* that is tried */

/* The lock is taken by one who has ended: any task may release it. */
static int
take_lock(void *arg)
{
	(void)arg;
	return evtask_lock_acquire(lock);
}

static void
arrange(void)
{
	struct evtask_queue_options options = { .size_max = 1 };

	future = new_future();
	ck_assert_int_eq(evtask_lock_new("lock", &lock), 0);
	spawn(take_lock, NULL);
	run_dry();
	ck_assert_int_eq(evtask_event_new("event", &event), 0);
	ck_assert_int_eq(evtask_condition_new("condition", NULL, &condition),
	    0);
	ck_assert_int_eq(evtask_semaphore_new("semaphore", 0, false,
	    &semaphore), 0);
	ck_assert_int_eq(evtask_barrier_new("barrier", 2, &barrier), 0);
	ck_assert_int_eq(evtask_queue_new(NULL, &empty), 0);
	ck_assert_int_eq(evtask_queue_new(&options, &full), 0);
	ck_assert_int_eq(evtask_queue_put_nowait(full, evtask_value_int(1)),
	    0);
	ck_assert_int_eq(pipe2(fds, O_NONBLOCK | O_CLOEXEC), 0);
}

static void
tidy_up(void)
{
	evtask_future_unref(future);
	evtask_lock_free(lock);
	evtask_event_free(event);
	evtask_condition_free(condition);
	evtask_semaphore_free(semaphore);
	evtask_barrier_free(barrier);
	evtask_queue_free(empty);
	evtask_queue_free(full);
	close(fds[0]);
	close(fds[1]);
}

/* Runs fn as a task, for each row. */
static void
try_rows(evtask_fn fn, int without)
{
	for (row = rows; row < rows + COUNT(rows); row++) {
		struct evtask *task;

		if (row->flags & without)
			continue;
		arrange();
		task = start(fn, NULL);
		ck_assert_msg(evtask_loop_run_until_complete(loop, task) == 0,
		    "%s", row->name);
		ck_assert_msg(outcome(task) == 0, "%s", row->name);
		evtask_unref(task);
		run_dry();
		tidy_up();
	}
}

#define holds(condition) ck_assert_msg(condition, "%s: %s", row->name, \
    #condition)

/* One who waits, and stands where it will stand. */
static struct evtask *
begin_waiting(evtask_fn fn)
{
	struct evtask *task;

	ck_assert_int_eq(evtask_create(fn, NULL, NULL, &task), 0);
	ck_assert_int_eq(evtask_sleep(0), 0);
	holds(!evtask_done(task));
	return task;
}

static void
holds_cancelled(struct evtask *task, const char *words)
{
	holds(evtask_await(task) == 0);
	holds(evtask_cancelled(task));
	ck_assert_str_eq(evtask_error_message(evtask_cancellation(task)),
	    words);
	holds(evtask_cancelling(task) == 1);
	evtask_unref(task);
}

static int
cancel_one_who_waits(void *arg)
{
	struct evtask *task = begin_waiting(row->fn);

	(void)arg;
	holds(evtask_cancel(task, "words") == 1);
	holds_cancelled(task, "words");
	holds(evtask_cancelled(future) == ((row->flags & PASSES_ON) != 0));
	return 0;
}

START_TEST(a_cancel_ends_every_wait)
{
	try_rows(cancel_one_who_waits, 0);
}
END_TEST

static int
wait_with_a_request(void *arg)
{
	evtask_cancel(evtask_current_task(), "before");
	return row->fn(arg);
}

static int
cancel_before_the_wait(void *arg)
{
	struct evtask *task;

	(void)arg;
	ck_assert_int_eq(evtask_create(wait_with_a_request, NULL, NULL,
	    &task), 0);
	holds_cancelled(task, "before");
	return 0;
}

START_TEST(every_wait_answers_a_request_that_came_before_it)
{
	try_rows(cancel_before_the_wait, 0);
}
END_TEST

static int
wait_swallow_and_wait(void *arg)
{
	int r = row->fn(arg);

	holds(r == -ECANCELED);
	holds(evtask_uncancel(evtask_current_task()) == 0);
	if (row->flags & PASSES_ON) {
		evtask_future_unref(future);
		future = new_future();
	}
	return row->fn(arg);
}

static int
cancel_twice(void *arg)
{
	struct evtask *task = begin_waiting(wait_swallow_and_wait);

	(void)arg;
	holds(evtask_cancel(task, "first") == 1);
	for (int i = 0; i < 4 && evtask_cancelling(task) > 0; i++)
		ck_assert_int_eq(evtask_sleep(0), 0);
	holds(evtask_cancel(task, "second") == 1);
	holds_cancelled(task, "second");
	return 0;
}

START_TEST(who_swallows_a_cancel_may_wait_again_and_be_cancelled_again)
{
	try_rows(cancel_twice, 0);
}
END_TEST

static int
wait_anew_after_a_cancel(void *arg)
{
	struct evtask *task = begin_waiting(row->fn);

	(void)arg;
	holds(evtask_cancel(task, "words") == 1);
	holds_cancelled(task, "words");
	if (row->flags & PASSES_ON) {
		evtask_future_unref(future);
		future = new_future();
	}
	task = begin_waiting(row->fn);
	row->give();
	holds(evtask_await(task) == 0);
	holds(evtask_result(task, NULL) == 0);
	evtask_unref(task);
	return 0;
}

START_TEST(who_was_cancelled_stands_in_nobodys_way)
{
	try_rows(wait_anew_after_a_cancel, 0);
}
END_TEST

static int
give_and_cancel(void *arg)
{
	struct evtask *task = begin_waiting(row->fn);

	(void)arg;
	row->give();
	holds(evtask_cancel(task, "wins") == 1);
	holds_cancelled(task, "wins");
	holds(!evtask_cancelled(future));
	return 0;
}

START_TEST(a_cancel_after_what_was_waited_for_has_come_still_wins)
{
	try_rows(give_and_cancel, IO | BY_TIME);
}
END_TEST

static int
give_to_one_who_is_cancelled(void *arg)
{
	struct evtask *first, *second;

	(void)arg;
	if (!(row->flags & FOR_ONE))
		return 0;
	first = begin_waiting(row->fn);
	second = begin_waiting(row->fn);
	row->give();
	holds(evtask_cancel(first, "words") == 1);
	holds_cancelled(first, "words");
	holds(evtask_await(second) == 0);
	holds(evtask_result(second, NULL) == 0);
	evtask_unref(second);
	return 0;
}

START_TEST(what_was_given_to_one_who_is_cancelled_goes_to_the_next)
{
	try_rows(give_to_one_who_is_cancelled, 0);
}
END_TEST

START_TEST(every_wait_is_unwound_with_its_loop)
{
	for (row = rows; row < rows + COUNT(rows); row++) {
		struct evtask *task;

		arrange();
		task = start(row->fn, NULL);
		run_turns(1);
		replace_loop(new_loop(EVTASK_CLOCK_VIRTUAL));
		holds(evtask_cancelled(task));
		evtask_unref(task);
		tidy_up();
	}
}
END_TEST

static int
wait_in_a_timeout(void *arg)
{
	struct evtask_timeout t;
	int r = evtask_timeout_enter(&t, 0);

	return r < 0 ? r : evtask_timeout_exit(&t, row->fn(arg));
}

static int
time_out_at_once(void *arg)
{
	struct evtask *task;

	(void)arg;
	ck_assert_int_eq(evtask_create(wait_in_a_timeout, NULL, NULL, &task),
	    0);
	holds(evtask_await(task) == 0);
	holds(evtask_result(task, NULL) == -ETIMEDOUT);
	holds(evtask_cancelling(task) == 0);
	evtask_unref(task);
	return 0;
}

START_TEST(a_deadline_ends_every_wait)
{
	try_rows(time_out_at_once, 0);
}
END_TEST

CORE_SUITE("interrupt",
    a_cancel_ends_every_wait,
    every_wait_answers_a_request_that_came_before_it,
    who_swallows_a_cancel_may_wait_again_and_be_cancelled_again,
    who_was_cancelled_stands_in_nobodys_way,
    a_cancel_after_what_was_waited_for_has_come_still_wins,
    what_was_given_to_one_who_is_cancelled_goes_to_the_next,
    every_wait_is_unwound_with_its_loop,
    a_deadline_ends_every_wait)
