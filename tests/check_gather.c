/* One future for many: their results in order, or the first failure. */
#include "tests/core.h"

#include <stdlib.h>

static int
return_number(void *arg)
{
	int r = evtask_sleep((10 - (intptr_t)arg) * SECOND);

	return r < 0 ? r : evtask_return(evtask_value_int((intptr_t)arg));
}

static int
raise_after_a_second(void *arg)
{
	int r = evtask_sleep(SECOND);

	return r < 0 ? r : evtask_raise((int)(intptr_t)arg, "of a child");
}

static struct evtask_future *
gather(void *const *children, size_t n, bool return_exceptions)
{
	union evtask_awaitable fs[8];
	struct evtask_future *all;

	for (size_t i = 0; i < n; i++)
		fs[i] = AWAITABLE(children[i]);
	ck_assert_int_eq(evtask_gather(fs, n, return_exceptions, &all), 0);
	return all;
}

#define GATHER(return_exceptions, ...) \
	gather((void *[]){ __VA_ARGS__ }, \
	    COUNT(((void *[]){ __VA_ARGS__ })), (return_exceptions))

static const struct evtask_list *
list_of(struct evtask_future *all)
{
	struct evtask_value v;

	ck_assert_int_eq(evtask_result(all, &v), 0);
	ck_assert_ptr_eq(v.type, &evtask_type_list);
	return v.u.l;
}

START_TEST(results_stand_in_the_order_of_the_arguments)
{
	struct evtask *a = start(return_number, (void *)1);
	struct evtask *b = start(return_number, (void *)3);
	struct evtask *c = start(return_number, (void *)2);
	struct evtask_future *all = GATHER(false, a, b, c);

	ck_assert(!evtask_done(all));
	run_dry();
	ck_assert_uint_eq(list_of(all)->n, 3);
	ck_assert_int_eq(list_of(all)->values[0].u.i, 1);
	ck_assert_int_eq(list_of(all)->values[1].u.i, 3);
	ck_assert_int_eq(list_of(all)->values[2].u.i, 2);
	evtask_unref(a);
	evtask_unref(b);
	evtask_unref(c);
	evtask_future_unref(all);
}
END_TEST

START_TASK_TEST(a_gather_of_none_is_done_at_once)
{
	struct evtask_future *all;

	ck_assert_int_eq(evtask_gather(NULL, 0, false, &all), 0);
	ck_assert(evtask_done(all));
	ck_assert_uint_eq(list_of(all)->n, 0);
	evtask_future_unref(all);
	return 0;
}

START_TEST(a_gather_of_the_done_is_done_at_once)
{
	struct evtask *a = start(return_number, (void *)1);
	struct evtask_future *all;

	run_dry();
	all = GATHER(false, a, a);
	ck_assert(evtask_done(all));
	ck_assert_uint_eq(list_of(all)->n, 2);
	ck_assert_int_eq(list_of(all)->values[1].u.i, 1);
	evtask_unref(a);
	evtask_future_unref(all);
}
END_TEST

START_TEST(a_gather_of_one_that_failed_already_fails_at_once)
{
	struct evtask *a = start(raise_code, (void *)-EIO);
	struct evtask *b = start(sleep_seconds, (void *)1);
	struct evtask_future *all;

	run_turns(1);
	all = GATHER(false, b, a);
	ck_assert(evtask_done(all));
	ck_assert_int_eq(outcome(all), -EIO);
	run_dry();
	ck_assert_int_eq(outcome(b), 0);
	evtask_unref(a);
	evtask_unref(b);
	evtask_future_unref(all);
}
END_TEST

START_TEST(the_same_child_may_stand_there_twice)
{
	struct evtask *a = start(return_number, (void *)4);
	struct evtask_future *all = GATHER(false, a, a, a);

	run_dry();
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(list_of(all)->values[i].u.i, 4);
	evtask_unref(a);
	evtask_future_unref(all);
}
END_TEST

START_TEST(the_first_failure_fails_it_and_the_others_go_on)
{
	struct evtask *a = start(return_number, (void *)1);
	struct evtask *b = start(raise_after_a_second, (void *)-EIO);
	struct evtask_future *all = GATHER(false, a, b);
	struct evtask_error *e;

	ck_assert_int_eq(evtask_loop_run_until_complete(loop, all), 0);
	ck_assert_int_eq(evtask_loop_time_us(loop), SECOND);
	ck_assert_int_eq(evtask_exception(all, &e), 0);
	ck_assert_str_eq(evtask_error_message(e), "of a child");
	ck_assert(!evtask_done(a));
	run_dry();
	ck_assert_int_eq(outcome(a), 0);
	evtask_unref(a);
	evtask_unref(b);
	evtask_future_unref(all);
}
END_TEST

START_TEST(later_failures_count_as_seen)
{
	struct evtask *a = start(raise_after_a_second, (void *)-EIO);
	struct evtask *b = start(raise_after_a_second, (void *)-EPIPE);
	struct evtask_future *all = GATHER(false, a, b);

	evtask_unref(a);
	evtask_unref(b);
	run_dry();
	ck_assert_int_eq(outcome(all), -EIO);
	evtask_future_unref(all);
}
END_TEST

START_TEST(failures_may_be_results)
{
	struct evtask *a = start(return_number, (void *)9);
	struct evtask *b = start(raise_after_a_second, (void *)-EIO);
	struct evtask *c = start(sleep_for_ever, NULL);
	struct evtask_future *all = GATHER(true, a, b, c);
	const struct evtask_list *list;

	run_turns(1);
	evtask_cancel(c, "words");
	run_dry();
	list = list_of(all);
	ck_assert_int_eq(list->values[0].u.i, 9);
	ck_assert_ptr_eq(list->values[1].type, &evtask_type_error);
	ck_assert_int_eq(evtask_error_code(list->values[1].u.e), -EIO);
	ck_assert_ptr_eq(list->values[2].type, &evtask_type_error);
	ck_assert_int_eq(evtask_error_code(list->values[2].u.e), -ECANCELED);
	ck_assert_str_eq(evtask_error_message(list->values[2].u.e), "words");
	evtask_unref(a);
	evtask_unref(b);
	evtask_unref(c);
	evtask_future_unref(all);
}
END_TEST

START_TEST(a_cancelled_child_fails_it_without_cancelling_it)
{
	struct evtask *a = start(sleep_for_ever, NULL);
	struct evtask *b = start(sleep_seconds, (void *)5);
	struct evtask_future *all = GATHER(false, a, b);

	run_turns(1);
	evtask_cancel(a, "words");
	run_dry();
	ck_assert(!evtask_cancelled(all));
	ck_assert_int_eq(outcome(all), -ECANCELED);
	ck_assert_int_eq(outcome(b), 0);
	evtask_unref(a);
	evtask_unref(b);
	evtask_future_unref(all);
}
END_TEST

static int
clean_up_for_a_second(void *arg)
{
	int r = evtask_sleep(EVTASK_FOREVER);

	say("%d", r);
	(void)!evtask_sleep((intptr_t)arg * SECOND);
	return r;
}

START_TEST(cancelled_it_ends_after_the_last_child)
{
	struct evtask *a = start(clean_up_for_a_second, (void *)1);
	struct evtask *b = start(clean_up_for_a_second, (void *)3);
	struct evtask_future *all = GATHER(true, a, b);

	run_turns(1);
	ck_assert_int_eq(evtask_cancel(all, NULL), 1);
	ck_assert_int_eq(evtask_loop_run_until_complete(loop, all), 0);
	ck_assert_said("-125 -125");
	ck_assert_int_eq(evtask_loop_time_us(loop), 3 * SECOND);
	ck_assert(evtask_done(a));
	ck_assert(evtask_done(b));
	ck_assert_int_eq(outcome(all), -ECANCELED);
	evtask_unref(a);
	evtask_unref(b);
	evtask_future_unref(all);
}
END_TEST

START_TEST(cancelling_a_settled_gather_leaves_the_children_alone)
{
	struct evtask *a = start(raise_after_a_second, (void *)-EIO);
	struct evtask *b = start(sleep_seconds, (void *)5);
	struct evtask_future *all = GATHER(false, a, b);

	ck_assert_int_eq(evtask_loop_run_until_complete(loop, all), 0);
	ck_assert_int_eq(evtask_cancel(all, NULL), 0);
	/* Nor is that a look at how it failed, as it is with other futures. */
	ck_assert(!evtask_exception_retrieved(all));
	ck_assert_int_eq(outcome(all), -EIO);
	run_dry();
	ck_assert_int_eq(outcome(b), 0);
	evtask_unref(a);
	evtask_unref(b);
	evtask_future_unref(all);
}
END_TEST

START_TEST(a_gather_keeps_its_children_and_itself)
{
	struct evtask_future *f = new_future();
	struct evtask_future *all = GATHER(false, f, f);

	ck_assert_int_eq(evtask_add_done_callback(all, say_done, "done"), 0);
	evtask_set_result(f, evtask_value_none());
	evtask_future_unref(f);
	evtask_future_unref(all);
	run_dry();
	ck_assert_said("done");
}
END_TEST

START_TEST(a_failed_gather_nobody_looks_at_is_reported)
{
	struct evtask_future *f = new_future(), *all = GATHER(false, f);

	evtask_set_exception(f, evtask_error_new(-EIO, NULL, NULL));
	evtask_future_unref(f);
	run_dry();
	evtask_future_unref(all);
	ck_assert_reported("an exception was never retrieved", -EIO);
}
END_TEST

START_TEST(gathers_nest)
{
	struct evtask *a = start(return_number, (void *)1);
	struct evtask *b = start(return_number, (void *)2);
	struct evtask_future *inner = GATHER(false, a, b);
	struct evtask_future *all = GATHER(false, inner, a);

	run_dry();
	ck_assert_ptr_eq(list_of(all)->values[0].type, &evtask_type_list);
	ck_assert_int_eq(list_of(all)->values[0].u.l->values[1].u.i, 2);
	ck_assert_int_eq(list_of(all)->values[1].u.i, 1);
	evtask_unref(a);
	evtask_unref(b);
	evtask_future_unref(inner);
	evtask_future_unref(all);
}
END_TEST

static int
drop_a_deep_one(void *arg)
{
	evtask_future_unref(arg);
	return 0;
}

START_TEST(a_deep_nest_of_gathers_is_let_go_on_a_small_stack)
{
	struct evtask_future *f = new_future(), *top = f;
	int depth = RUNNING_ON_VALGRIND ? 2000 : 20000;

	for (int i = 0; i < depth; i++) {
		struct evtask_future *outer = GATHER(false, top);

		evtask_future_unref(top);
		top = outer;
	}
	evtask_future_ref(f);
	evtask_set_result(f, evtask_value_none());
	run_dry();
	ck_assert_int_eq(outcome(top), 0);
	spawn(drop_a_deep_one, top);
	run_dry();
	evtask_future_unref(f);
}
END_TEST

START_TEST(settled_by_somebody_else_it_lets_its_children_go_on)
{
	struct evtask_future *f = new_future(), *all = GATHER(false, f);
	struct evtask_value v;

	ck_assert_int_eq(evtask_set_result(all, evtask_value_int(7)), 0);
	ck_assert(!evtask_done(f));
	evtask_set_result(f, evtask_value_none());
	run_dry();
	ck_assert_int_eq(evtask_result(all, &v), 0);
	ck_assert_int_eq(v.u.i, 7);
	evtask_future_unref(f);
	evtask_future_unref(all);
}
END_TEST

START_TEST(children_of_two_loops_are_refused)
{
	struct evtask_loop *other = new_loop(EVTASK_CLOCK_VIRTUAL);
	struct evtask_future *ours = new_future(), *theirs, *all = NULL;
	union evtask_awaitable fs[2];

	ck_assert_int_eq(evtask_future_new(other, &theirs), 0);
	fs[0] = AWAITABLE(ours);
	fs[1] = AWAITABLE(theirs);
	ck_assert_int_eq(evtask_gather(fs, 2, false, &all), -EXDEV);
	ck_assert_ptr_null(all);
	evtask_future_unref(ours);
	evtask_future_unref(theirs);
	ck_assert_int_eq(evtask_loop_free(other), 0);
}
END_TEST

START_TEST(ten_thousand_children)
{
	enum { N = SANITIZED ? 500 : 10000 };
	union evtask_awaitable *fs = calloc(N, sizeof *fs);
	struct evtask_future *all;

	ck_assert_ptr_nonnull(fs);
	for (int i = 0; i < N; i++)
		fs[i].task = start(return_number, (void *)(intptr_t)(i % 9));
	ck_assert_int_eq(evtask_gather(fs, N, false, &all), 0);
	run_dry();
	for (int i = 0; i < N; i++) {
		ck_assert_int_eq(list_of(all)->values[i].u.i, i % 9);
		evtask_unref(fs[i].task);
	}
	evtask_future_unref(all);
	free(fs);
}
END_TEST

START_TEST(a_shield_may_be_gathered_and_a_gather_shielded)
{
	struct evtask_future *inner = new_future(), *shield, *all, *over;

	ck_assert_int_eq(evtask_shield(inner, &shield), 0);
	ck_assert_int_eq(evtask_gather((union evtask_awaitable[]){
	    AWAITABLE(shield) }, 1, false, &all), 0);
	ck_assert_int_eq(evtask_shield(all, &over), 0);
	/* The outer shield keeps the gather from it. */
	ck_assert_int_eq(evtask_cancel(over, NULL), 1);
	run_dry();
	ck_assert(!evtask_done(all));
	/* The inner one keeps the future from what the gather passes on. */
	ck_assert_int_eq(evtask_cancel(all, NULL), 1);
	run_dry();
	ck_assert_int_eq(outcome(all), -ECANCELED);
	ck_assert(evtask_cancelled(shield));
	ck_assert(!evtask_done(inner));
	/* What the gather came to is nobody's any more. */
	ck_assert_reported("a task raised after its shield was cancelled",
	    -ECANCELED);
	evtask_set_result(inner, evtask_value_none());
	run_dry();
	evtask_future_unref(inner);
	evtask_future_unref(shield);
	evtask_future_unref(all);
	evtask_future_unref(over);
}
END_TEST

CORE_SUITE("gather",
    results_stand_in_the_order_of_the_arguments,
    a_gather_of_none_is_done_at_once,
    a_gather_of_the_done_is_done_at_once,
    a_gather_of_one_that_failed_already_fails_at_once,
    the_same_child_may_stand_there_twice,
    the_first_failure_fails_it_and_the_others_go_on,
    later_failures_count_as_seen,
    failures_may_be_results,
    a_cancelled_child_fails_it_without_cancelling_it,
    cancelled_it_ends_after_the_last_child,
    cancelling_a_settled_gather_leaves_the_children_alone,
    a_gather_keeps_its_children_and_itself,
    a_failed_gather_nobody_looks_at_is_reported,
    gathers_nest,
    a_deep_nest_of_gathers_is_let_go_on_a_small_stack,
    settled_by_somebody_else_it_lets_its_children_go_on,
    children_of_two_loops_are_refused,
    ten_thousand_children,
    a_shield_may_be_gathered_and_a_gather_shielded)
