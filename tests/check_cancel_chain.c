/*
 * Cancelling through others: the request travels down to what is waited for in
 * the end, and comes back up as -ECANCELED, unless somebody on the way refuses.
 */
#include "tests/cancelled.h"

/* Down and up. */

START_TEST(cancel_goes_down_to_what_is_waited_for_in_the_end)
{
	struct evtask *child = start(sleep_and_say, "child");
	struct evtask *parent = start(await_future, child);

	run_turns(1);
	ck_assert_int_eq(evtask_cancel(parent, "words"), 1);
	ck_assert_int_eq(evtask_cancelling(child), 1);
	ck_assert_int_eq(evtask_cancelling(parent), 1);
	run_turns(1);
	ck_assert_said("child-125");
	ck_assert(evtask_cancelled(child));
	ck_assert(!evtask_done(parent));	/* the child ends first */
	run_turns(1);
	ck_assert(evtask_cancelled(parent));
	ck_assert_words(child, "words");
	ck_assert_words(parent, "words");
	evtask_unref(child);
	evtask_unref(parent);
}
END_TEST

START_TEST(whoever_else_awaits_the_child_is_hit_too)
{
	struct evtask *child = start(sleep_and_say, "child");
	struct evtask *a = start(await_future, child);
	struct evtask *b = start(await_future, child);

	run_turns(1);
	evtask_cancel(a, "for a");
	run_dry();
	ck_assert_words(a, "for a");
	ck_assert_words(b, "for a");
	ck_assert_int_eq(evtask_cancelling(b), 0);
	ck_assert_said("child-125");
	evtask_unref(child);
	evtask_unref(a);
	evtask_unref(b);
}
END_TEST

static int
swallow(void *arg)
{
	struct evtask *self = evtask_current_task();
	int r = evtask_sleep(EVTASK_FOREVER);

	if (arg != NULL && r == -ECANCELED)
		ck_assert_int_eq(evtask_uncancel(self), 0);
	return evtask_return(evtask_value_literal("refused"));
}

START_TEST(a_task_may_swallow_its_cancellation)
{
	struct evtask *task = start(swallow, NULL);
	struct evtask_value v;

	run_turns(1);
	evtask_cancel(task, NULL);
	run_dry();
	ck_assert(!evtask_cancelled(task));
	ck_assert_int_eq(evtask_cancelling(task), 1);
	ck_assert_int_eq(evtask_result(task, &v), 0);
	ck_assert_str_eq(evtask_value_text(v), "refused");
	evtask_unref(task);
}
END_TEST

START_TEST(who_swallows_may_take_the_request_back)
{
	struct evtask *task = start(swallow, said);

	run_turns(1);
	evtask_cancel(task, NULL);
	run_dry();
	ck_assert_int_eq(evtask_cancelling(task), 0);
	evtask_unref(task);
}
END_TEST

START_TEST(a_child_that_swallows_spares_its_parent)
{
	struct evtask *child = start(swallow, NULL);
	struct evtask *parent = start(await_future, child);

	run_turns(1);
	evtask_cancel(parent, NULL);
	run_dry();
	ck_assert_int_eq(outcome(parent), 0);
	ck_assert_int_eq(evtask_cancelling(parent), 1);
	ck_assert_int_eq(evtask_cancelling(child), 1);
	evtask_unref(child);
	evtask_unref(parent);
}
END_TEST

static int
sleep_while_cleaning_up(void *arg)
{
	int r = evtask_sleep(EVTASK_FOREVER);

	say("r%d", r);
	say("cleanup%d", evtask_sleep((intptr_t)arg * SECOND));
	return r;
}

START_TEST(cleaning_up_may_wait)
{
	struct evtask *task = start(sleep_while_cleaning_up, (void *)10);

	run_turns(1);
	evtask_cancel(task, "words");
	run_dry();
	ck_assert_said("r-125 cleanup0");
	ck_assert_int_eq(evtask_loop_time_us(loop), 10 * SECOND);
	ck_assert_words(task, "words");
	evtask_unref(task);
}
END_TEST

static int
swallow_an_error_while_cleaning_up(void *arg)
{
	int r = evtask_sleep(EVTASK_FOREVER);

	(void)arg;
	say("raised%d", evtask_raise(-EIO, "the disk"));
	return r;
}

START_TEST(what_clean_up_raises_and_swallows_leaves_the_words)
{
	struct evtask *task = start(swallow_an_error_while_cleaning_up, NULL);

	run_turns(1);
	evtask_cancel(task, "words");
	run_dry();
	ck_assert_said("raised-5");
	ck_assert(evtask_cancelled(task));
	ck_assert_words(task, "words");
	evtask_unref(task);
}
END_TEST

START_TEST(a_second_cancel_interrupts_the_clean_up)
{
	struct evtask *task = start(sleep_while_cleaning_up, (void *)10);

	run_turns(1);
	evtask_cancel(task, NULL);
	run_turns(1);
	ck_assert_said("r-125");
	evtask_cancel(task, NULL);
	run_dry();
	ck_assert_said("cleanup-125");
	ck_assert(evtask_cancelled(task));
	evtask_unref(task);
}
END_TEST

/* Through gathers. */

static struct evtask_future *
gather_two(void *a, void *b)
{
	union evtask_awaitable fs[] = { AWAITABLE(a), AWAITABLE(b) };
	struct evtask_future *all;

	ck_assert_int_eq(evtask_gather(fs, 2, false, &all), 0);
	return all;
}

START_TEST(cancel_of_a_gather_reaches_every_child)
{
	struct evtask *a = start(sleep_and_say, "a");
	struct evtask *b = start(sleep_and_say, "b");
	struct evtask_future *all = gather_two(a, b);

	run_turns(1);
	ck_assert_int_eq(evtask_cancel(all, "words"), 1);
	ck_assert(!evtask_done(all));
	run_dry();
	ck_assert_said("a-125 b-125");
	ck_assert_words(a, "words");
	ck_assert_words(b, "words");
	ck_assert_int_eq(outcome(all), -ECANCELED);
	evtask_unref(a);
	evtask_unref(b);
	evtask_future_unref(all);
}
END_TEST

START_TEST(cancel_of_a_task_that_awaits_a_gather_reaches_every_child)
{
	struct evtask *a = start(sleep_and_say, "a");
	struct evtask *b = start(sleep_and_say, "b");
	struct evtask_future *all = gather_two(a, b);
	struct evtask *parent = start(await_future, all);

	run_turns(1);
	ck_assert_int_eq(evtask_cancel(parent, "words"), 1);
	run_dry();
	ck_assert_said("a-125 b-125");
	ck_assert_words(parent, "words");
	ck_assert_int_eq(evtask_cancelling(parent), 1);
	evtask_unref(a);
	evtask_unref(b);
	evtask_unref(parent);
	evtask_future_unref(all);
}
END_TEST

START_TEST(cancel_goes_through_nested_gathers_and_tasks)
{
	struct evtask *a = start(sleep_and_say, "a");
	struct evtask *b = start(sleep_and_say, "b");
	struct evtask *c = start(sleep_and_say, "c");
	struct evtask *d = start(sleep_and_say, "d");
	struct evtask_future *ab = gather_two(a, b), *cd = gather_two(c, d);
	struct evtask *via = start(await_future, cd);
	struct evtask_future *top = gather_two(ab, via);
	struct evtask *parent = start(await_future, top);
	struct evtask *all[] = { a, b, c, d, via, parent };

	run_turns(1);
	ck_assert_int_eq(evtask_cancel(parent, "all of you"), 1);
	run_dry();
	ck_assert_said("a-125 b-125 c-125 d-125");
	for (size_t i = 0; i < COUNT(all); i++) {
		ck_assert_words(all[i], "all of you");
		ck_assert_int_eq(evtask_cancelling(all[i]), 1);
		evtask_unref(all[i]);
	}
	evtask_future_unref(ab);
	evtask_future_unref(cd);
	evtask_future_unref(top);
}
END_TEST

START_TEST(a_gather_ends_cancelled_even_if_every_child_swallows)
{
	struct evtask *a = start(swallow, NULL), *b = start(swallow, NULL);
	struct evtask_future *all = gather_two(a, b);

	run_turns(1);
	evtask_cancel(all, NULL);
	run_dry();
	ck_assert_int_eq(outcome(all), -ECANCELED);
	ck_assert_int_eq(outcome(a), 0);
	ck_assert_int_eq(outcome(b), 0);
	evtask_unref(a);
	evtask_unref(b);
	evtask_future_unref(all);
}
END_TEST

START_TEST(a_child_that_two_gathers_share_is_asked_by_both)
{
	struct evtask *child = start(sleep_and_say, "child");
	struct evtask_future *one = gather_two(child, child);
	struct evtask_future *two = gather_two(one, child);

	run_turns(1);
	ck_assert_int_eq(evtask_cancel(two, NULL), 1);
	ck_assert_int_eq(evtask_cancelling(child), 3);
	run_dry();
	ck_assert_said("child-125");
	ck_assert_int_eq(outcome(one), -ECANCELED);
	ck_assert_int_eq(outcome(two), -ECANCELED);
	evtask_unref(child);
	evtask_future_unref(one);
	evtask_future_unref(two);
}
END_TEST

static int
await_by_address(void *arg)
{
	return evtask_await_result(*(struct evtask_future **)arg, NULL);
}

START_TEST(a_circle_through_a_gather_is_walked_once)
{
	struct evtask_future *all;
	struct evtask *inside = start(await_by_address, &all);
	struct evtask *other = start(sleep_and_say, "other");

	all = gather_two(inside, other);
	run_turns(1);
	ck_assert_int_eq(evtask_cancel(all, NULL), 1);
	run_dry();
	ck_assert_said("other-125");
	ck_assert(evtask_cancelled(inside));
	ck_assert_int_eq(outcome(all), -ECANCELED);
	evtask_unref(inside);
	evtask_unref(other);
	evtask_future_unref(all);
}
END_TEST

/* Depth: the one who cancels has 16 KiB of stack, which a recursion as deep
 * as these chains would leave within the first thousandth of them. */

static int
cancel_and_count_turns(void *arg)
{
	uint64_t turn = turns();

	ck_assert_int_eq(evtask_cancel((struct evtask_future *)arg, "deep"),
	    1);
	ck_assert_uint_eq(turns(), turn);
	return 0;
}

static struct evtask_loop *
loop_of_small_stacks(void)
{
	struct evtask_loop_options options = {
		.clock = EVTASK_CLOCK_VIRTUAL, .stack_size_bytes = 16 * 1024,
	};
	struct evtask_loop *l;

	ck_assert_int_eq(evtask_loop_new(&options, &l), 0);
	evtask_loop_set_exception_handler(l, on_report, NULL);
	return l;
}

START_TEST(a_million_nested_gathers_are_cancelled_without_recursion)
{
	long depth = SANITIZED || RUNNING_ON_VALGRIND ? 20000 : 1000000;
	struct evtask_future *bottom, *top;

	replace_loop(loop_of_small_stacks());
	bottom = top = new_future();
	evtask_future_ref(bottom);
	for (long i = 0; i < depth; i++) {
		union evtask_awaitable fs[] = { AWAITABLE(top) };
		struct evtask_future *outer;

		ck_assert_int_eq(evtask_gather(fs, 1, false, &outer), 0);
		evtask_future_unref(top);
		top = outer;
	}
	spawn(cancel_and_count_turns, top);
	run_dry();
	ck_assert(evtask_cancelled(bottom));
	ck_assert_int_eq(outcome(top), -ECANCELED);
	evtask_future_unref(top);
	evtask_future_unref(bottom);
}
END_TEST

static int
await_the_one_before(void *arg)
{
	return evtask_await_result((struct evtask *)arg, NULL);
}

/*
 * Tasks need stacks, of which each touches a page or two: a million of them
 * take some 8 GB and twenty seconds, and are had with EVTASK_TEST_LONG=1.
 */
static long
chain_length(void)
{
	if (SANITIZED || RUNNING_ON_VALGRIND)
		return 2000;
	return getenv("EVTASK_TEST_LONG") != NULL ? 1000000 : 100000;
}

START_TEST(a_long_chain_of_tasks_is_cancelled_without_recursion)
{
	long n = chain_length();
	struct evtask *bottom, *last;

	replace_loop(loop_of_small_stacks());
	bottom = last = start(sleep_for_ever, NULL);
	evtask_ref(bottom);
	run_turns(1);
	for (long i = 1; i < n; i++) {
		struct evtask *next = start(await_the_one_before, last);

		run_turns(1);
		evtask_unref(last);
		last = next;
	}
	ck_assert_uint_eq(evtask_all_tasks(loop, NULL, 0), (size_t)n);
	spawn(cancel_and_count_turns, last);
	run_dry();
	ck_assert_words(bottom, "deep");
	ck_assert_words(last, "deep");
	evtask_unref(bottom);
	evtask_unref(last);
}
END_TEST

CORE_SUITE("cancel_chain",
    cancel_goes_down_to_what_is_waited_for_in_the_end,
    whoever_else_awaits_the_child_is_hit_too,
    a_task_may_swallow_its_cancellation,
    who_swallows_may_take_the_request_back,
    a_child_that_swallows_spares_its_parent,
    cleaning_up_may_wait,
    what_clean_up_raises_and_swallows_leaves_the_words,
    a_second_cancel_interrupts_the_clean_up,
    cancel_of_a_gather_reaches_every_child,
    cancel_of_a_task_that_awaits_a_gather_reaches_every_child,
    cancel_goes_through_nested_gathers_and_tasks,
    a_gather_ends_cancelled_even_if_every_child_swallows,
    a_child_that_two_gathers_share_is_asked_by_both,
    a_circle_through_a_gather_is_walked_once,
    a_million_nested_gathers_are_cancelled_without_recursion,
    a_long_chain_of_tasks_is_cancelled_without_recursion)
