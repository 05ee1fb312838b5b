/* Awaiting tasks: what comes back, and whose turn it is then. */
#include "tests/core.h"

static const struct evtask_options eager = { .eager = true };

static int
await_and_return(void *arg)
{
	struct evtask_value v;
	int r = evtask_await_result((struct evtask *)arg, &v);

	if (r < 0)
		return r;
	return evtask_return(evtask_value_ref(v));
}

START_TEST(ten_awaiters_get_the_same_object)
{
	struct evtask *child = start(return_words, "shared"), *tasks[10];
	struct evtask_value v, first;

	for (int i = 0; i < 10; i++)
		tasks[i] = start(await_and_return, child);
	run_dry();
	evtask_unref(child);
	ck_assert_int_eq(evtask_result(tasks[0], &first), 0);
	for (int i = 0; i < 10; i++) {
		ck_assert_int_eq(evtask_result(tasks[i], &v), 0);
		ck_assert_ptr_eq(v.u.s, first.u.s);
	}
	for (int i = 0; i < 10; i++)
		evtask_unref(tasks[i]);
}
END_TEST

START_TEST(an_error_travels_up_a_chain_of_awaits)
{
	struct evtask *a = start(raise_code, (void *)-EIO);
	struct evtask *b = start(await_future, a);
	struct evtask *c = start(await_future, b);
	struct evtask_error *e;

	run_dry();
	ck_assert_int_eq(evtask_exception(c, &e), 0);
	ck_assert_str_eq(evtask_error_site(e)->func, "raise_code");
	evtask_unref(a);
	evtask_unref(b);
	evtask_unref(c);
}
END_TEST

static int
await_myself(void *arg)
{
	(void)arg;
	return evtask_await(evtask_current_task());
}

START_TEST(a_task_cannot_await_itself)
{
	struct evtask *task = start(await_myself, NULL);
	struct evtask_error *e;

	run_dry();
	ck_assert_int_eq(evtask_exception(task, &e), 0);
	ck_assert_int_eq(evtask_error_code(e), -EDEADLK);
	ck_assert_str_eq(evtask_error_type(e), "Runtime");
	evtask_unref(task);
}
END_TEST

static int
await_by_address(void *arg)
{
	return evtask_await(*(struct evtask **)arg);
}

START_TEST(an_await_that_closes_a_circle_is_refused)
{
	struct evtask *a, *b, *c;
	struct evtask_error *e;

	a = start(await_by_address, &b);
	b = start(await_by_address, &c);
	c = start(await_by_address, &a);
	run_dry();
	ck_assert_int_eq(evtask_exception(c, &e), 0);
	ck_assert_int_eq(evtask_error_code(e), -EDEADLK);
	/* The others go on: who they waited for has ended. */
	ck_assert_int_eq(outcome(a), 0);
	ck_assert_int_eq(outcome(b), 0);
	evtask_unref(a);
	evtask_unref(b);
	evtask_unref(c);
}
END_TEST

START_TEST(a_future_of_another_loop_is_refused)
{
	struct evtask_loop *other = new_loop(EVTASK_CLOCK_VIRTUAL);
	struct evtask_future *foreign;
	struct evtask_error *e;
	struct evtask *task;

	ck_assert_int_eq(evtask_future_new(other, &foreign), 0);
	task = start(await_future, foreign);
	run_dry();
	ck_assert_int_eq(evtask_exception(task, &e), 0);
	ck_assert_int_eq(evtask_error_code(e), -EXDEV);
	ck_assert_str_eq(evtask_error_type(e), "Runtime");
	evtask_unref(task);
	ck_assert(!evtask_done(foreign));
	evtask_future_unref(foreign);
	ck_assert_int_eq(evtask_loop_free(other), 0);
}
END_TEST

/* Created and awaited, it takes one turn, and what awaited it the next. */
static void
await_one(void)
{
	uint64_t turn = turns();
	struct evtask *task;

	ck_assert_int_eq(evtask_create(return_at_once, NULL, NULL, &task), 0);
	ck_assert_int_eq(evtask_await(task), 0);
	ck_assert_uint_eq(turns(), turn + 2);
	evtask_unref(task);
}

START_TASK_TEST(who_awaits_goes_on_a_turn_later_though_nobody_else_is_ready)
{
	static const struct evtask_observer nothing;

	await_one();
	(void)evtask_loop_set_observer(loop, &nothing, NULL);
	await_one();
	(void)evtask_loop_set_observer(loop, NULL, NULL);
	return 0;
}

START_TASK_TEST(who_awaits_comes_after_those_who_are_ready)
{
	struct evtask *task;

	ck_assert_int_eq(evtask_create(return_at_once, NULL, NULL, &task), 0);
	ck_assert_int_eq(evtask_create(say_once, "b", NULL, NULL), 0);
	ck_assert_int_eq(evtask_await(task), 0);
	ck_assert_said("b");
	evtask_unref(task);
	return 0;
}

static int
await_another(void *arg)
{
	int r = evtask_await((struct evtask *)arg);

	say(r == 0 ? "awaited" : "interrupted");
	return r;
}

START_TASK_TEST(all_who_await_go_on_in_the_order_in_which_they_came)
{
	struct evtask *task, *other;

	ck_assert_int_eq(evtask_create(return_at_once, NULL, NULL, &task), 0);
	ck_assert_int_eq(evtask_create(await_another, task, &eager, &other),
	    0);
	ck_assert_int_eq(evtask_await(task), 0);
	ck_assert_said("awaited");
	ck_assert_int_eq(evtask_await(other), 0);
	evtask_unref(other);
	evtask_unref(task);
	return 0;
}

static void
set_flag(void *arg)
{
	*(bool *)arg = true;
}

START_TASK_TEST(those_who_create_and_await_for_ever_let_others_in)
{
	bool flag = false;

	ck_assert_int_eq(evtask_call_soon_threadsafe(loop, set_flag, &flag),
	    0);
	while (!flag) {
		struct evtask *task;

		ck_assert_int_eq(evtask_create(return_at_once, NULL, NULL,
		    &task), 0);
		ck_assert_int_eq(evtask_await(task), 0);
		evtask_unref(task);
	}
	return 0;
}

CORE_SUITE("await",
    ten_awaiters_get_the_same_object,
    an_error_travels_up_a_chain_of_awaits,
    a_task_cannot_await_itself,
    an_await_that_closes_a_circle_is_refused,
    a_future_of_another_loop_is_refused,
    who_awaits_goes_on_a_turn_later_though_nobody_else_is_ready,
    who_awaits_comes_after_those_who_are_ready,
    all_who_await_go_on_in_the_order_in_which_they_came,
    those_who_create_and_await_for_ever_let_others_in)
