/*
 * The switch, and coroutines on top of it: what the ABI promises survives,
 * and whoever looks at a stack sees where it ends.
 */
#include "coro/coro.h"

#include <execinfo.h>
#include <fenv.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include "coro/switch.h"
#include "tests/suite.h"
#include "tests/switch_registers.h"

static struct stack_pool pool;
static struct coro thread;	/* the test's own stack */

/* A coroutine and the function it is to run. */
struct worker {
	struct coro coro;
	struct stack *stack;
	void (*body)(struct worker *self);
	int steps;
	bool done;
	void *data;
};

static void
setup(void)
{
	stack_pool_init(&pool, 256 * 1024);
	coro_init_thread(&thread);
}

static void
teardown(void)
{
	ck_assert_uint_eq(pool.total, pool.n_free);
	stack_pool_release(&pool);
}

static void
entry(void *arg)
{
	struct worker *worker = arg;
	struct coro here;

	coro_begin(&worker->coro);
	worker->body(worker);
	worker->done = true;
	here = worker->coro;
	coro_leave(&here, &thread);
}

static void
begin(struct worker *worker, void (*body)(struct worker *self), void *data)
{
	*worker = (struct worker){ .body = body, .data = data };
	worker->stack = stack_get(&pool);
	ck_assert_ptr_nonnull(worker->stack);
	coro_init(&worker->coro, worker->stack,
	    stack_top(worker->stack), entry, worker);
}

static void
resume(struct worker *worker)
{
	ck_assert(!worker->done);
	coro_switch(&thread, &worker->coro);
	if (worker->done)
		stack_put(&pool, worker->stack);
}

static void
yield(struct worker *worker)
{
	worker->steps++;
	coro_switch(&worker->coro, &thread);
}

static void
yield_three_times(struct worker *self)
{
	for (int i = 0; i < 3; i++)
		yield(self);
}

START_TEST(a_coroutine_runs_from_yield_to_yield)
{
	struct worker w;

	begin(&w, yield_three_times, NULL);
	ck_assert_int_eq(w.steps, 0);
	for (int i = 1; i <= 3; i++) {
		resume(&w);
		ck_assert_int_eq(w.steps, i);
		ck_assert(!w.done);
	}
	resume(&w);
	ck_assert(w.done);
}
END_TEST

START_TEST(two_coroutines_do_not_disturb_each_other)
{
	struct worker a, b;

	begin(&a, yield_three_times, NULL);
	begin(&b, yield_three_times, NULL);
	while (!a.done || !b.done) {
		if (!a.done)
			resume(&a);
		if (!b.done)
			resume(&b);
	}
	ck_assert_int_eq(a.steps, 3);
	ck_assert_int_eq(b.steps, 3);
}
END_TEST

static void
hand_over(struct worker *self)
{
	struct worker *other = self->data;

	self->steps++;
	coro_switch(&self->coro, &other->coro);
	self->steps++;
}

START_TEST(one_coroutine_switches_to_another_directly)
{
	struct worker a, b;

	begin(&b, yield_three_times, NULL);
	begin(&a, hand_over, &b);
	resume(&a);			/* a -> b -> here */
	ck_assert_int_eq(a.steps, 1);
	ck_assert_int_eq(b.steps, 1);
	resume(&a);
	ck_assert_int_eq(a.steps, 2);
	ck_assert(a.done);
	while (!b.done)
		resume(&b);
}
END_TEST

static void
keep_locals(struct worker *self)
{
	char bytes[4096];

	memset(bytes, (int)(intptr_t)self->data, sizeof bytes);
	for (int i = 0; i < 3; i++) {
		size_t kept = 0;

		yield(self);
		while (kept < sizeof bytes &&
		    bytes[kept] == (char)(intptr_t)self->data)
			kept++;
		ck_assert_uint_eq(kept, sizeof bytes);
	}
}

START_TEST(locals_survive)
{
	static struct worker workers[50];

	for (int i = 0; i < 50; i++)
		begin(&workers[i], keep_locals, (void *)(intptr_t)i);
	for (int round = 0; round < 4; round++)
		for (int i = 0; i < 50; i++)
			resume(&workers[i]);
	for (int i = 0; i < 50; i++)
		ck_assert(workers[i].done);
}
END_TEST

static void
look_at_alignment(struct worker *self)
{
	char *frame = __builtin_frame_address(0);
	double aligned[2] __attribute__((__aligned__(16)));

	ck_assert_uint_eq((uintptr_t)frame % 16, 0);
	ck_assert_uint_eq((uintptr_t)aligned % 16, 0);
	ck_assert_uint_gt(stack_used(self->stack, frame), 0);
	ck_assert_uint_lt(stack_used(self->stack, frame), 4096);
}

START_TEST(a_new_stack_is_aligned_as_the_abi_wants_it)
{
	struct worker w;

	begin(&w, look_at_alignment, NULL);
	resume(&w);
	ck_assert(w.done);
}
END_TEST

static long
sum_down_from(struct worker *self, long n)
{
	volatile char frame[64] = { (char)n };

	if (n == 0) {
		yield(self);
		return 0;
	}
	return sum_down_from(self, n - 1) + n + (frame[0] - (char)n);
}

static void
recurse(struct worker *self)
{
	*(long *)self->data = sum_down_from(self, 500);
}

START_TEST(a_deep_recursion_parks_and_goes_on)
{
	struct worker w;
	long sum = 0;

	begin(&w, recurse, &sum);
	resume(&w);
	ck_assert_int_eq(sum, 0);
	ck_assert_uint_gt(stack_used(w.stack, w.coro.parked), 500 * 64);
	resume(&w);
	ck_assert_int_eq(sum, 500 * 501 / 2);
}
END_TEST

/* It calls nobody: what it keeps must not stand where the switch pushes. */
static __attribute__((__noinline__)) void
keep_four(struct worker *self)
{
	volatile int kept[] = { 1, 2, 3, 4 };

	coro_switch(&self->coro, &thread);
	self->steps = kept[0] * 1000 + kept[1] * 100 + kept[2] * 10 + kept[3];
}

START_TEST(a_function_that_calls_nobody_keeps_its_frame)
{
	struct worker w;

	begin(&w, keep_four, NULL);
	resume(&w);
	resume(&w);
	ck_assert_int_eq(w.steps, 1234);
}
END_TEST

static struct worker *sorter;

static int
compare_after_a_yield(const void *a, const void *b)
{
	yield(sorter);
	return *(const int *)a - *(const int *)b;
}

static void
sort(struct worker *self)
{
	qsort(self->data, 6, sizeof(int), compare_after_a_yield);
}

START_TEST(a_coroutine_parks_inside_a_callback_of_the_c_library)
{
	int numbers[] = { 5, 1, 4, 6, 3, 2 };
	struct worker w;

	sorter = &w;
	begin(&w, sort, numbers);
	while (!w.done)
		resume(&w);
	ck_assert_int_gt(w.steps, 4);
	for (int i = 0; i < 6; i++)
		ck_assert_int_eq(numbers[i], i + 1);
}
END_TEST

static void
look_back(struct worker *self)
{
	void *frames[64];
	int n = backtrace(frames, 64);
	char **symbols = backtrace_symbols(frames, n);

	/* This, entry, and what calls entry: nothing of the thread's. */
	ck_assert_int_ge(n, 3);
	ck_assert_int_le(n, 5);
	ck_assert_ptr_nonnull(symbols);
	free(symbols);
	self->steps = n;
}

START_TEST(a_backtrace_ends_at_the_first_frame_of_the_stack)
{
	struct worker w;
	void *frames[64];

	/* The first call loads the unwinder, on a stack that is large. */
	ck_assert_int_gt(backtrace(frames, 64), 3);
	begin(&w, look_back, NULL);
	resume(&w);
	ck_assert(w.done);
}
END_TEST

static void
compute(struct worker *self)
{
	volatile double x = 1.0;

	for (int i = 0; i < 3; i++) {
		x = x / 3.0 + 0.125;
		yield(self);
	}
	*(double *)self->data = x;
}

START_TEST(floating_point_goes_on_where_it_was)
{
	struct worker a, b;
	double ra = 0, rb = 0, want = 1.0;

	begin(&a, compute, &ra);
	begin(&b, compute, &rb);
	while (!a.done) {
		resume(&a);
		resume(&b);
	}
	for (int i = 0; i < 3; i++)
		want = want / 3.0 + 0.125;
	ck_assert_double_eq(ra, want);
	ck_assert_double_eq(rb, want);
}
END_TEST

static void
round_upward(struct worker *self)
{
	ck_assert_int_eq(fegetround(), FE_TONEAREST);
	fesetround(FE_UPWARD);
	yield(self);
	ck_assert_int_eq(fegetround(), FE_UPWARD);
	fesetround(FE_TONEAREST);
}

/* swapcontext() does switch it; no program may count on either. */
#ifndef SWITCH_UCONTEXT
START_TEST(the_rounding_mode_belongs_to_the_thread)
{
	struct worker w;

	begin(&w, round_upward, NULL);
	resume(&w);
	ck_assert_int_eq(fegetround(), FE_UPWARD);
	resume(&w);
	ck_assert_int_eq(fegetround(), FE_TONEAREST);
}
END_TEST
#else
START_TEST(the_rounding_mode_belongs_to_the_context)
{
	struct worker w;

	begin(&w, round_upward, NULL);
	resume(&w);
	ck_assert_int_eq(fegetround(), FE_TONEAREST);
	resume(&w);
}
END_TEST
#endif

static void
jump_within(struct worker *self)
{
	jmp_buf here;
	volatile int times = 0;

	if (setjmp(here) < 3) {
		times++;
		yield(self);
		longjmp(here, times);
	}
	*(int *)self->data = times;
}

START_TEST(a_jump_within_one_stack_works_across_yields)
{
	struct worker w;
	int times = 0;

	begin(&w, jump_within, &times);
	while (!w.done)
		resume(&w);
	ck_assert_int_eq(times, 3);
}
END_TEST

/* Two of them on one stack, the second without a switch: as a task that ends
 * hands its stack to the next. */
static struct worker second;

static void
entry_of_two(void *arg)
{
	struct worker *first = arg;
	struct coro here;

	coro_begin(&first->coro);
	first->body(first);
	first->done = true;
	here = first->coro;
	coro_adopt(&second.coro, &here);
	second.body(&second);
	second.done = true;
	here = second.coro;
	coro_leave(&here, &thread);
}

START_TEST(a_stack_is_adopted_without_a_switch)
{
	struct worker first = { .body = yield_three_times };

	second = (struct worker){ .body = yield_three_times };
	first.stack = second.stack = stack_get(&pool);
	coro_init(&first.coro, first.stack, stack_top(first.stack),
	    entry_of_two, &first);
	for (int i = 0; i < 4; i++)
		coro_switch(&thread, &first.coro);
	ck_assert(first.done);
	ck_assert_int_eq(second.steps, 1);
	while (!second.done)
		coro_switch(&thread, &second.coro);
	stack_put(&pool, second.stack);
}
END_TEST

START_TEST(a_stack_is_used_again_by_another)
{
	struct worker w;
	struct stack *used = NULL;

	for (int i = 0; i < 1000; i++) {
		begin(&w, yield_three_times, NULL);
		ck_assert(used == NULL || w.stack == used);
		used = w.stack;
		while (!w.done)
			resume(&w);
	}
}
END_TEST

/* An entry that rests on its stack between one worker and the next. */
static struct worker *served;
static int entered;

static void
entry_that_rests(void *arg)
{
	struct stack *stack = arg;

	entered++;
	coro_begin(&served->coro);
	for (;;) {
		struct coro here;

		served->body(served);
		served->done = true;
		here = served->coro;
		coro_rest(stack, &here, &thread);
	}
}

static void
serve(struct worker *worker)
{
	*worker = (struct worker){ .body = yield_three_times };
	served = worker;
	worker->stack = stack_get(&pool);
	coro_init(&worker->coro, worker->stack, stack_top(worker->stack),
	    entry_that_rests, worker->stack);
	while (!worker->done)
		resume(worker);
	ck_assert_int_eq(worker->steps, 3);
}

START_TEST(an_entry_rests_until_its_stack_is_used_again)
{
#ifdef ANNOUNCE
	const bool anew = true;
#else
	const bool anew = false;
#endif
	struct worker w;

	entered = 0;
	serve(&w);
	ck_assert_int_eq(entered, 1);
	serve(&w);
	ck_assert_int_eq(entered, anew ? 2 : 1);
}
END_TEST

START_TEST(on_a_trimmed_stack_an_entry_is_called_anew)
{
	struct worker w;

	serve(&w);
	entered = 0;
	stack_pool_trim(&pool);
	serve(&w);
	ck_assert_int_eq(entered, 1);
}
END_TEST

/* Below coroutines: the two calls of the switch alone. */
#ifdef SWITCH_REGISTERS
START_TEST(every_register_the_abi_protects_survives)
{
	ck_assert_str_eq(switch_registers_survive(), "");
}
END_TEST
#endif

int
main(void)
{
	Suite *s = suite_create("coro");
	TCase *tc = tcase_create("coro");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, a_coroutine_runs_from_yield_to_yield);
	tcase_add_test(tc, two_coroutines_do_not_disturb_each_other);
	tcase_add_test(tc, one_coroutine_switches_to_another_directly);
	tcase_add_test(tc, locals_survive);
	tcase_add_test(tc, a_new_stack_is_aligned_as_the_abi_wants_it);
	tcase_add_test(tc, a_deep_recursion_parks_and_goes_on);
	tcase_add_test(tc, a_function_that_calls_nobody_keeps_its_frame);
	tcase_add_test(tc,
	    a_coroutine_parks_inside_a_callback_of_the_c_library);
	tcase_add_test(tc, a_backtrace_ends_at_the_first_frame_of_the_stack);
	tcase_add_test(tc, floating_point_goes_on_where_it_was);
#ifndef SWITCH_UCONTEXT
	tcase_add_test(tc, the_rounding_mode_belongs_to_the_thread);
#else
	tcase_add_test(tc, the_rounding_mode_belongs_to_the_context);
#endif
	tcase_add_test(tc, a_jump_within_one_stack_works_across_yields);
	tcase_add_test(tc, a_stack_is_adopted_without_a_switch);
	tcase_add_test(tc, a_stack_is_used_again_by_another);
	tcase_add_test(tc, an_entry_rests_until_its_stack_is_used_again);
	tcase_add_test(tc, on_a_trimmed_stack_an_entry_is_called_anew);
#ifdef SWITCH_REGISTERS
	tcase_add_test(tc, every_register_the_abi_protects_survives);
#endif
	suite_add_tcase(s, tc);
	return suite_main(s);
}
