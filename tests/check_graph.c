/* The graph of waits: who waits for whom, circles, and the way to a cause. */
#include <evtask/inspect_graph.h>

#include "tests/core.h"

/* Takes the locks of its list, each a turn after the one before. */
struct taker {
	struct evtask_lock *locks[3];
	struct evtask *then;	/* awaited with all of them in hand */
	struct evtask *task;
};

static int
take_all(void *arg)
{
	struct taker *taker = arg;
	int r = 0, n = 0;

	while (r == 0 && n < 3 && taker->locks[n] != NULL) {
		r = evtask_lock_acquire(taker->locks[n]);
		if (r == 0) {
			n++;
			r = evtask_sleep(0);
		}
	}
	if (r == 0 && taker->then != NULL)
		r = evtask_await(taker->then);
	while (n > 0)
		evtask_lock_release(taker->locks[--n]);
	return r;
}

static void
start_taker(struct taker *taker, const char *name)
{
	struct evtask_options options = { .name = name };

	ck_assert_int_eq(evtask_loop_create_task(loop, take_all, taker,
	    &options, &taker->task), 0);
}

static struct evtask_lock *
new_lock(const char *name)
{
	struct evtask_lock *lock;

	ck_assert_int_eq(evtask_lock_new(name, &lock), 0);
	return lock;
}

static void
end_task(struct evtask *task)
{
	evtask_cancel(task, NULL);
	run_dry();
	evtask_unref(task);
}

/* "a b c", each waiting for the next. */
#define ck_assert_chain(chain, n, words) \
	do { \
		said[0] = '\0'; \
		for (size_t i_ = 0; i_ < (n); i_++) \
			say("%s", evtask_get_name((chain)[i_])); \
		ck_assert_said(words); \
	} while (0)

static void
saw_deadlock(struct evtask *task, void *arg)
{
	const struct evtask *circle[8];

	(void)arg;
	say("%s:%zu", evtask_get_name(task),
	    evtask_deadlock(task, circle, 8));
}

static const struct evtask_observer observer = { .deadlock = saw_deadlock };

START_TEST(two_tasks_that_take_two_locks_crosswise)
{
	struct evtask_lock *a = new_lock("a"), *b = new_lock("b");
	struct taker one = { .locks = { a, b } }, two = { .locks = { b, a } };
	const struct evtask *circle[4];
	struct evtask_why why;

	evtask_loop_set_observer(loop, &observer, NULL);
	start_taker(&one, "one");
	start_taker(&two, "two");
	run_dry();
	/* Told once, by the one who closed it. */
	ck_assert_said("two:2");
	ck_assert_uint_eq(evtask_deadlock(one.task, circle, 4), 2);
	ck_assert_chain(circle, 2, "one two");
	ck_assert_uint_eq(evtask_deadlock(two.task, circle, 1), 2);
	ck_assert_chain(circle, 1, "two");
	ck_assert_int_eq(evtask_why(one.task, &why, circle, 4), 0);
	ck_assert_str_eq(evtask_cause_name(why.cause), "deadlock");
	ck_assert_uint_eq(why.length, 2);
	ck_assert_uint_eq(why.back, 0);
	evtask_loop_set_observer(loop, NULL, NULL);
	/* One of them lets go: the other goes on. */
	end_task(one.task);
	ck_assert_int_eq(outcome(two.task), 0);
	ck_assert_uint_eq(evtask_deadlock(two.task, circle, 4), 0);
	evtask_unref(two.task);
	evtask_lock_free(a);
	evtask_lock_free(b);
}
END_TEST

START_TEST(three_tasks_and_one_who_waits_outside_the_circle)
{
	struct evtask_lock *a = new_lock("a"), *b = new_lock("b"),
	    *c = new_lock("c");
	struct taker takers[] = {
		{ .locks = { a, b } }, { .locks = { b, c } },
		{ .locks = { c, a } },
	};
	struct evtask_options options = { .name = "outside" };
	const struct evtask *chain[8];
	struct evtask *outside;
	struct evtask_why why;

	start_taker(&takers[0], "x");
	start_taker(&takers[1], "y");
	start_taker(&takers[2], "z");
	ck_assert_int_eq(evtask_loop_create_task(loop, await_future,
	    takers[1].task, &options, &outside), 0);
	run_dry();
	ck_assert_uint_eq(evtask_deadlock(takers[2].task, chain, 8), 3);
	ck_assert_chain(chain, 3, "z x y");
	ck_assert_uint_eq(evtask_deadlock(outside, chain, 8), 0);
	ck_assert_int_eq(evtask_why(outside, &why, chain, 8), 0);
	ck_assert_int_eq(why.cause, EVTASK_CAUSE_DEADLOCK);
	ck_assert_chain(chain, why.length, "outside y z x");
	ck_assert_uint_eq(why.back, 1);
	evtask_cancel(takers[0].task, NULL);
	run_dry();
	for (size_t i = 0; i < COUNT(takers); i++)
		evtask_unref(takers[i].task);
	evtask_unref(outside);
	evtask_lock_free(a);
	evtask_lock_free(b);
	evtask_lock_free(c);
}
END_TEST

/* Holds its lock while it awaits one who wants it: by a gather, a group. */
static struct evtask_lock *held;

static int
hold_and_gather(void *arg)
{
	union evtask_awaitable fs[2] = { AWAITABLE(NULL), AWAITABLE(arg) };
	struct evtask *child;
	struct evtask_future *all;
	struct taker taker = { .locks = { held } };
	int r = evtask_lock_acquire(held);

	if (r == 0)
		r = evtask_create(take_all, &taker, NULL, &child);
	ck_assert_int_eq(r, 0);
	evtask_set_name(child, "child");
	fs[0].task = child;
	ck_assert_int_eq(evtask_gather(fs, 2, false, &all), 0);
	r = evtask_await(all);
	evtask_future_unref(all);
	evtask_lock_release(held);
	(void)outcome(child);
	evtask_unref(child);
	return r;
}

static int
hold_and_group(void *arg)
{
	struct taker taker = { .locks = { held } };
	struct evtask_group group;
	int r = evtask_lock_acquire(held);

	(void)arg;
	if (r == 0)
		r = evtask_group_enter(&group);
	ck_assert_int_eq(r, 0);
	ck_assert_int_eq(evtask_group_create_task(&group, take_all, &taker,
	    NULL, NULL), 0);
	r = evtask_group_exit(&group, 0);
	evtask_lock_release(held);
	return r;
}

START_TEST(circles_go_through_gathers_and_groups)
{
	static const evtask_fn bodies[] = { hold_and_gather, hold_and_group };

	for (size_t i = 0; i < COUNT(bodies); i++) {
		struct evtask_future *other = new_future();
		const struct evtask *circle[4];
		struct evtask *task;

		held = new_lock("held");
		evtask_loop_set_observer(loop, &observer, NULL);
		task = start(bodies[i], other);
		evtask_set_name(task, "parent");
		run_dry();
		ck_assert_uint_eq(evtask_deadlock(task, circle, 4), 2);
		ck_assert_ptr_eq(circle[0], task);
		ck_assert_ptr_nonnull(strstr(said, ":2"));
		evtask_loop_set_observer(loop, NULL, NULL);
		end_task(task);
		evtask_future_unref(other);
		evtask_lock_free(held);
		said[0] = '\0';
	}
}
END_TEST

static int
hold_and_wait_for_any(void *arg)
{
	struct taker taker = { .locks = { held } };
	union evtask_awaitable fs[2] = { AWAITABLE(NULL), AWAITABLE(arg) };
	struct evtask *child;
	int r = evtask_lock_acquire(held);

	if (r == 0)
		r = evtask_create(take_all, &taker, NULL, &child);
	ck_assert_int_eq(r, 0);
	fs[0].task = child;
	r = evtask_wait(fs, 2, EVTASK_FOREVER, EVTASK_FIRST_COMPLETED);
	evtask_lock_release(held);
	if (r >= 0)
		r = evtask_await(child);	/* taker is on this stack */
	evtask_unref(child);
	return r < 0 ? r : 0;
}

START_TEST(a_wait_that_another_can_end_is_no_deadlock)
{
	struct evtask_future *other = new_future();
	const struct evtask *circle[4];
	struct evtask *task;

	held = new_lock("held");
	evtask_loop_set_observer(loop, &observer, NULL);
	task = start(hold_and_wait_for_any, other);
	run_dry();
	ck_assert_uint_eq(evtask_deadlock(task, circle, 4), 0);
	ck_assert_said("");
	evtask_loop_set_observer(loop, NULL, NULL);
	evtask_set_result(other, evtask_value_none());
	run_dry();
	ck_assert_int_eq(outcome(task), 0);
	evtask_unref(task);
	evtask_future_unref(other);
	evtask_lock_free(held);
}
END_TEST

/* What it comes to. */

static int
take_and_end(void *arg)
{
	int r = evtask_lock_acquire((struct evtask_lock *)arg);

	return r < 0 ? r : 0;	/* with the lock in hand */
}

START_TEST(a_lock_whose_holder_has_ended)
{
	struct evtask_lock *lock = new_lock("db");
	struct taker taker = { .locks = { lock } };
	struct evtask_resource_info info;
	const struct evtask *chain[2];
	struct evtask_wait_info wait;
	struct evtask_why why;
	struct evtask *thief = start(take_and_end, lock);
	uint64_t thief_id = evtask_id(thief);

	run_turns(2);
	evtask_unref(thief);
	start_taker(&taker, "victim");
	run_dry();
	ck_assert_int_eq(evtask_why(taker.task, &why, chain, 2), 0);
	ck_assert_str_eq(evtask_cause_name(why.cause), "abandoned");
	ck_assert_int_eq(evtask_get_wait(taker.task, &wait), 1);
	ck_assert_ptr_null(wait.owner);
	ck_assert_uint_eq(wait.owner_id, thief_id);
	ck_assert_uint_eq(evtask_all_resources(loop, 0, &info, 1), 1);
	ck_assert_uint_eq(info.id, wait.resource);
	ck_assert_uint_eq(info.owner_id, thief_id);
	ck_assert_str_eq(info.held_at->func, "take_and_end");
	/* Anybody may give it back. */
	ck_assert_int_eq(evtask_lock_release(lock), 0);
	run_dry();
	ck_assert_int_eq(outcome(taker.task), 0);
	evtask_unref(taker.task);
	evtask_lock_free(lock);
	ck_assert_uint_eq(evtask_all_resources(loop, 0, NULL, 0), 0);
}
END_TEST

static int
await_orphan(void *arg)
{
	struct evtask_future *f = new_future();
	int r;

	if (arg != NULL)
		*(struct evtask_future **)arg = evtask_future_ref(f);
	evtask_future_ref(f);
	evtask_future_unref(f);
	/* The await has the only reference: nobody will ever settle it. */
	{
		union evtask_awaitable fs[] = { AWAITABLE(f) };
		struct evtask_future *all;

		ck_assert_int_eq(evtask_gather(fs, 1, false, &all), 0);
		evtask_future_unref(f);
		r = evtask_await(all);
		evtask_future_unref(all);
	}
	return r;
}

START_TEST(a_future_that_nobody_is_left_to_settle)
{
	struct evtask_future *f = NULL;
	const struct evtask *chain[1];
	struct evtask_why why;
	struct evtask *task = start(await_orphan, &f);

	run_dry();
	ck_assert_int_eq(evtask_why(task, &why, chain, 1), 0);
	ck_assert_str_eq(evtask_cause_name(why.cause), "unknown");
	evtask_future_unref(f);
	ck_assert_int_eq(evtask_why(task, &why, chain, 1), 0);
	ck_assert_str_eq(evtask_cause_name(why.cause), "orphan");
	ck_assert_uint_eq(why.length, 1);
	end_task(task);
}
END_TEST

START_TEST(the_cause_of_a_chain_is_at_its_end)
{
	static const struct {
		evtask_fn fn;
		void *arg;
		const char *cause;
	} rows[] = {
		{ sleep_seconds, (void *)5, "timer" },
		{ sleep_for_ever, NULL, "unknown" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct evtask *end = start(rows[i].fn, rows[i].arg);
		struct evtask *middle = start(await_future, end);
		struct evtask *first = start(await_future, middle);
		const struct evtask *chain[3];
		struct evtask_why why;
		struct evtask *next;

		ck_assert_int_eq(evtask_why(first, &why, chain, 3), 0);
		ck_assert_str_eq(evtask_cause_name(why.cause), "runnable");
		ck_assert_uint_eq(why.length, 1);
		run_turns(1);
		ck_assert_int_eq(evtask_why(first, &why, chain, 3), 0);
		ck_assert_str_eq(evtask_cause_name(why.cause), rows[i].cause);
		ck_assert_uint_eq(why.length, 3);
		ck_assert_ptr_eq(chain[2], end);
		ck_assert_uint_eq(evtask_awaits(first, &next, 1), 1);
		ck_assert_ptr_eq(next, middle);
		ck_assert_uint_eq(evtask_awaits(end, &next, 1), 0);
		evtask_cancel(first, NULL);
		run_dry();
		evtask_unref(first);
		evtask_unref(middle);
		evtask_unref(end);
	}
}
END_TEST

#ifndef __SANITIZE_THREAD__	/* it knows 8,128 stacks at the most */
START_TEST(a_long_chain_is_followed_to_its_limit_and_no_further)
{
	enum { N = 12000 };
	struct evtask **tasks = calloc(N, sizeof *tasks);
	struct evtask_why why;

	tasks[0] = start(sleep_for_ever, NULL);
	for (int i = 1; i < N; i++)
		tasks[i] = start(await_future, tasks[i - 1]);
	run_turns(1);
	ck_assert_int_eq(evtask_why(tasks[N - 1], &why, NULL, 0), 0);
	ck_assert(why.cut);
	ck_assert_int_eq(evtask_why(tasks[9000], &why, NULL, 0), 0);
	ck_assert(!why.cut);
	ck_assert_uint_eq(why.length, 9001);
	evtask_cancel(tasks[N - 1], NULL);
	run_dry();
	for (int i = 0; i < N; i++)
		evtask_unref(tasks[i]);
	free(tasks);
}
END_TEST
#endif

/* Resources. */

static int
use_everything(void *arg)
{
	struct evtask_queue *queue = arg;
	struct evtask_semaphore *semaphore;
	int r;

	ck_assert_int_eq(evtask_queue_put_nowait(queue,
	    evtask_value_int(1)), 0);
	ck_assert_int_eq(evtask_semaphore_new("slots", 3, true, &semaphore),
	    0);
	r = evtask_semaphore_acquire(semaphore);
	if (r == 0)
		r = evtask_sleep(SECOND);
	evtask_semaphore_free(semaphore);
	return r;
}

static int
put_one(void *arg)
{
	return evtask_queue_put(arg, evtask_value_int(2));
}

START_TEST(resources_tell_what_is_in_them_and_who_waits)
{
	struct evtask_queue_options options = { .size_max = 1, .name = "jobs" };
	struct evtask_resource_info infos[3];
	struct evtask *user, *putter;
	struct evtask_queue *queue;

	ck_assert_int_eq(evtask_queue_new(&options, &queue), 0);
	ck_assert_uint_eq(evtask_all_resources(loop, 0, infos, 3), 0);
	user = start(use_everything, queue);
	putter = start(put_one, queue);
	run_turns(1);
	ck_assert_uint_eq(evtask_all_resources(loop, 0, infos, 3), 2);
	ck_assert_str_eq(infos[0].type, "queue");
	ck_assert_str_eq(infos[0].name, "jobs");
	ck_assert_int_eq(infos[0].size, 1);
	ck_assert_int_eq(infos[0].capacity, 1);
	ck_assert_uint_eq(infos[0].waiting, 1);
	ck_assert_uint_eq(infos[0].waits, 1);
	ck_assert_int_eq(infos[0].held_us, -1);
	ck_assert_str_eq(infos[1].type, "semaphore");
	ck_assert_int_eq(infos[1].size, 2);
	ck_assert_int_eq(infos[1].capacity, 3);
	/* The next page, and the next one. */
	ck_assert_uint_eq(evtask_all_resources(loop, infos[0].id, &infos[2],
	    1), 1);
	ck_assert_ptr_eq(infos[2].resource, infos[1].resource);
	ck_assert(!evtask_resource_next(loop, &infos[2]));
	ck_assert_ptr_eq(infos[2].resource, infos[1].resource);
	ck_assert(evtask_resource_next(loop, &infos[0]));
	ck_assert_uint_eq(infos[0].id, infos[1].id);
	ck_assert_str_eq(infos[0].type, "semaphore");
	ck_assert_int_eq(infos[0].size, 2);
	run_dry();
	ck_assert_int_eq(outcome(user), 0);
	end_task(putter);
	ck_assert_uint_eq(evtask_all_resources(loop, 0, infos, 3), 1);
	ck_assert_uint_eq(infos[0].waiting, 0);
	evtask_unref(user);
	evtask_queue_free(queue);
}
END_TEST

START_TEST(a_resource_outlives_its_loop_and_goes_to_another)
{
	struct evtask_lock *lock = new_lock("l");
	struct evtask *task = start(take_and_end, lock);

	run_dry();
	evtask_unref(task);
	ck_assert_uint_eq(evtask_all_resources(loop, 0, NULL, 0), 1);
	replace_loop(new_loop(EVTASK_CLOCK_VIRTUAL));
	ck_assert_uint_eq(evtask_all_resources(loop, 0, NULL, 0), 0);
	ck_assert_int_eq(evtask_lock_release(lock), 0);
	task = start(take_and_end, lock);
	run_dry();
	evtask_unref(task);
	ck_assert_uint_eq(evtask_all_resources(loop, 0, NULL, 0), 1);
	evtask_lock_free(lock);
}
END_TEST

START_TEST(no_task_waits_for_nothing)
{
	struct evtask_why why;

	ck_assert_uint_eq(evtask_awaits(NULL, NULL, 0), 0);
	ck_assert_uint_eq(evtask_deadlock(NULL, NULL, 0), 0);
	ck_assert_int_eq(evtask_why(NULL, &why, NULL, 0), -EINVAL);
}
END_TEST

CORE_SUITE("graph",
    two_tasks_that_take_two_locks_crosswise,
    three_tasks_and_one_who_waits_outside_the_circle,
    circles_go_through_gathers_and_groups,
    a_wait_that_another_can_end_is_no_deadlock,
    a_lock_whose_holder_has_ended,
    a_future_that_nobody_is_left_to_settle,
    the_cause_of_a_chain_is_at_its_end,
#ifndef __SANITIZE_THREAD__
    a_long_chain_is_followed_to_its_limit_and_no_further,
#endif
    resources_tell_what_is_in_them_and_who_waits,
    a_resource_outlives_its_loop_and_goes_to_another,
    no_task_waits_for_nothing)
