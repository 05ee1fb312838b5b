/* Stacks: what a pool hands out is usable, guarded, and used again. */
#include <config.h>

#include "coro/stack.h"

#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "coro/announce.h"
#include "tests/address_space.h"
#include "tests/suite.h"

#ifdef HAVE_VALGRIND_VALGRIND_H
#include <valgrind/valgrind.h>
#else
#define RUNNING_ON_VALGRIND 0
#endif

static struct stack_pool pool;
static size_t page;

static void
setup(void)
{
	page = (size_t)sysconf(_SC_PAGESIZE);
	stack_pool_init(&pool, 0);
}

static void
teardown(void)
{
	ck_assert_uint_eq(pool.total, pool.n_free);
	stack_pool_release(&pool);
}

static struct stack *
get(void)
{
	struct stack *stack = stack_get(&pool);

	ck_assert_ptr_nonnull(stack);
	return stack;
}

START_TEST(a_pool_maps_nothing_until_asked)
{
	ck_assert_uint_eq(pool.total, 0);
	ck_assert_ptr_null(pool.slabs);
}
END_TEST

START_TEST(every_byte_of_a_stack_can_be_written)
{
	struct stack *stack = get();

	ck_assert_uint_ge(stack->size, 64 * 1024 - 2 * page);
	memset(stack->base, 0xa5, stack->size);
	ck_assert_ptr_eq(stack->base + stack->size, stack_top(stack));
	ck_assert_uint_eq((uintptr_t)stack_top(stack) % sizeof(void *), 0);
	stack_put(&pool, stack);
}
END_TEST

START_TEST(stacks_do_not_overlap)
{
	static struct stack *stacks[200];

	for (int i = 0; i < 200; i++) {
		stacks[i] = get();
		memset(stacks[i]->base, i, stacks[i]->size);
	}
	for (int i = 0; i < 200; i++) {
		size_t kept = 0;

		while (kept < stacks[i]->size &&
		    (unsigned char)stacks[i]->base[kept] == i)
			kept++;
		ck_assert_uint_eq(kept, stacks[i]->size);
		stack_put(&pool, stacks[i]);
	}
}
END_TEST

START_TEST(the_one_used_last_is_used_first)
{
	struct stack *a = get(), *b = get();

	stack_put(&pool, a);
	stack_put(&pool, b);
	ck_assert_ptr_eq(get(), b);
	ck_assert_ptr_eq(get(), a);
	stack_put(&pool, a);
	stack_put(&pool, b);
}
END_TEST

START_TEST(a_pool_counts_what_is_free)
{
	struct stack *a = get(), *b = get();

	ck_assert_uint_eq(pool.n_free, pool.total - 2);
	stack_put(&pool, a);
	ck_assert_uint_eq(pool.n_free, pool.total - 1);
	stack_put(&pool, b);
	ck_assert_uint_eq(pool.n_free, pool.total);
}
END_TEST

START_TEST(a_size_is_rounded_up_to_an_odd_number_of_pages_and_never_too_small)
{
	static const struct {
		size_t asked, pages;
	} sizes[] = {
		{ 1, 5 }, { 3 * 4096, 5 }, { 16384, 5 }, { 16385, 5 },
		{ 5 * 4096 + 1, 7 }, { 1 << 20, 257 }, { 0, 17 },
	};

	if (page != 4096)
		return;
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		stack_pool_init(&pool, sizes[i].asked);
		ck_assert_uint_eq(pool.stride, sizes[i].pages * page);
	}
}
END_TEST

/* Writes below the lowest usable byte. */
static void
overflow(struct stack *stack)
{
	volatile char *below = stack->base - 1;

	*below = 1;
}

START_TEST(an_overflow_hits_the_guard)
{
	struct stack *stack = get();

	/* Somewhere in the middle of a slab: the neighbour is mapped. */
	stack_put(&pool, stack);
	stack = get();
	(void)get();
	ck_assert_int_ne(pool.guard, STACK_GUARD_CANARY);
	overflow(stack);
}
END_TEST

START_TEST(every_stack_of_a_slab_is_guarded)
{
	struct stack *stacks[64];
	int fds[2];

	/* The system looks for us: EFAULT where a touch would kill. */
	ck_assert_int_eq(pipe(fds), 0);
	for (int i = 0; i < 64; i++) {
		stacks[i] = get();
		ck_assert_int_eq(write(fds[1], stacks[i]->base - 1, 1), -1);
		ck_assert_int_eq(write(fds[1], stacks[i]->base - page, 1),
		    -1);
		ck_assert_int_eq(write(fds[1], stacks[i]->base, 1), 1);
	}
	for (int i = 0; i < 64; i++)
		stack_put(&pool, stacks[i]);
	close(fds[0]);
	close(fds[1]);
}
END_TEST

/* Whose memory has to be touched to be told of. */
static bool
has_memory(const char *p)
{
	unsigned char resident;

	ck_assert_int_eq(mincore((void *)((uintptr_t)p & ~(page - 1)), page,
	    &resident), 0);
	return (resident & 1) != 0;
}

START_TEST(stacks_are_made_as_many_as_there_are_and_no_slab_more)
{
	static const size_t totals[] = { 4, 8, 16, 32, 64, 128, 192 };
	static struct stack *stacks[192];
	size_t n = 0;

	for (size_t i = 0; i < sizeof totals / sizeof *totals; i++)
		while (n < totals[i]) {
			stacks[n++] = get();
			ck_assert_uint_eq(pool.total, totals[i]);
		}
	while (n > 0)
		stack_put(&pool, stacks[--n]);
}
END_TEST

START_TEST(a_stack_that_was_not_made_has_no_memory)
{
	struct stack *first = get();
	char *top = stack_top(first);

	for (size_t i = 0; i < 4; i++)
		ck_assert(has_memory(top + i * pool.stride));
	ck_assert(!has_memory(top + 4 * pool.stride));
	stack_put(&pool, first);
}
END_TEST

START_TEST(trimming_leaves_the_oldest_slab_and_those_in_use)
{
	static struct stack *stacks[300];
	struct stack *kept;

	for (int i = 0; i < 300; i++)
		stacks[i] = get();
	kept = stacks[290];	/* in the newest, of which not all are made */
	memset(kept->base, 0x5a, kept->size);
	for (int i = 0; i < 300; i++)
		if (stacks[i] != kept)
			stack_put(&pool, stacks[i]);
	stack_pool_trim(&pool);
	ck_assert_uint_le(pool.total, 128);
	ck_assert_uint_eq(pool.n_free, pool.total - 1);
	ck_assert_int_eq(kept->base[kept->size - 1], 0x5a);
	stack_put(&pool, kept);
	stack_pool_trim(&pool);
	ck_assert_uint_eq(pool.total, 64);
	for (int i = 0; i < 300; i++)	/* and all goes on */
		stacks[i] = get();
	for (int i = 0; i < 300; i++)
		stack_put(&pool, stacks[i]);
}
END_TEST

START_TEST(what_is_used_is_counted_from_the_top)
{
	struct stack *stack = get();
	char *top = stack_top(stack);

	ck_assert_uint_eq(stack_used(stack, top), 0);
	ck_assert_uint_eq(stack_used(stack, top - 100), 100);
	ck_assert_uint_eq(stack_used(stack, stack->base), stack->size);
	ck_assert_uint_eq(stack_used(stack, stack->base - 1), 0);
	ck_assert_uint_eq(stack_used(stack, top + 1), 0);
	stack_put(&pool, stack);
}
END_TEST

START_TEST(the_peak_is_what_was_ever_touched_in_pages)
{
	struct stack *stack = get();
	size_t before = stack_peak(stack);

	ck_assert_uint_le(before, page);
	((char *)stack_top(stack))[-(ptrdiff_t)(5 * page)] = 1;
	ck_assert_uint_ge(stack_peak(stack), 5 * page);
	ck_assert_uint_le(stack_peak(stack), 6 * page);
	stack_put(&pool, stack);
	/* Whoever has it next did not touch it; somebody did. */
	ck_assert_ptr_eq(get(), stack);
	ck_assert_uint_ge(stack_peak(stack), 5 * page);
	memset(stack->base, 1, stack->size);
	ck_assert_uint_eq(stack_peak(stack), stack->size);
	stack_put(&pool, stack);
}
END_TEST

START_TEST(a_broken_canary_stops_the_program)
{
	struct stack *stack = get();
	uint64_t *words = (uint64_t *)(void *)stack->base;

	/* As on a machine where no guard could be had. */
	pool.guard = STACK_GUARD_CANARY;
	for (int i = 0; i < 8; i++)
		words[i] = UINT64_C(0x6b61747665766b61);
	words[0] = 0;
	stack_put(&pool, stack);
}
END_TEST

START_TEST(a_whole_canary_lets_it_go_on)
{
	struct stack *stack = get();
	uint64_t *words = (uint64_t *)(void *)stack->base;

	pool.guard = STACK_GUARD_CANARY;
	for (int i = 0; i < 8; i++)
		words[i] = UINT64_C(0x6b61747665766b61);
	stack_put(&pool, stack);
}
END_TEST

START_TEST(without_address_space_there_is_no_stack_and_no_harm)
{
	struct rlimit before;
	struct stack *stack;

	before = address_space_take();
	stack = stack_get(&pool);
	address_space_give(before);
	ck_assert_ptr_null(stack);
	ck_assert_uint_eq(pool.total, 0);
	stack_put(&pool, get());
}
END_TEST

START_TEST(every_guard_has_a_name)
{
	ck_assert_str_eq(stack_guard_name(STACK_GUARD_MADVISE), "madvise");
	ck_assert_str_eq(stack_guard_name(STACK_GUARD_MPROTECT), "mprotect");
	ck_assert_str_eq(stack_guard_name(STACK_GUARD_CANARY), "canary");
}
END_TEST

#ifdef ANNOUNCE_ASAN
/* Something else may be mapped there next. */
START_TEST(frames_that_never_returned_poison_nothing_when_stacks_are_gone)
{
	struct stack *stack = get();
	void *low = stack->base;

	__asan_poison_memory_region(low, 64);
	stack_put(&pool, stack);
	stack_pool_release(&pool);
	ck_assert(!__asan_address_is_poisoned(low));
	stack_pool_init(&pool, 0);
}
END_TEST
#endif

int
main(void)
{
	Suite *s = suite_create("stack");
	TCase *tc = tcase_create("stack");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, a_pool_maps_nothing_until_asked);
	tcase_add_test(tc, every_byte_of_a_stack_can_be_written);
	tcase_add_test(tc, stacks_do_not_overlap);
	tcase_add_test(tc, the_one_used_last_is_used_first);
	tcase_add_test(tc, a_pool_counts_what_is_free);
	tcase_add_test(tc,
	    a_size_is_rounded_up_to_an_odd_number_of_pages_and_never_too_small);
	tcase_add_test(tc, every_stack_of_a_slab_is_guarded);
	tcase_add_test(tc,
	    stacks_are_made_as_many_as_there_are_and_no_slab_more);
	tcase_add_test(tc, a_stack_that_was_not_made_has_no_memory);
	tcase_add_test(tc, trimming_leaves_the_oldest_slab_and_those_in_use);
	tcase_add_test(tc, what_is_used_is_counted_from_the_top);
	tcase_add_test(tc, the_peak_is_what_was_ever_touched_in_pages);
	tcase_add_test(tc, a_whole_canary_lets_it_go_on);
	tcase_add_test(tc, every_guard_has_a_name);
#ifdef ANNOUNCE_ASAN
	tcase_add_test(tc,
	    frames_that_never_returned_poison_nothing_when_stacks_are_gone);
#endif
	/* Sanitizers and Valgrind see these before we do, and have plans of
	 * their own for the address space. */
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
	if (!RUNNING_ON_VALGRIND) {
		tcase_add_test_raise_signal(tc, an_overflow_hits_the_guard,
		    SIGSEGV);
		tcase_add_test_raise_signal(tc,
		    a_broken_canary_stops_the_program, SIGABRT);
		tcase_add_test(tc,
		    without_address_space_there_is_no_stack_and_no_harm);
	}
#else
	(void)an_overflow_hits_the_guard;
	(void)a_broken_canary_stops_the_program;
	(void)without_address_space_there_is_no_stack_and_no_harm;
#endif
	suite_add_tcase(s, tc);
	return suite_main(s);
}
