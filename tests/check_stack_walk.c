/* The stacks of parked tasks: every frame, also through callbacks of libc, and
 * the names of functions that are static. */
#include <evtask/inspect_stack.h>

#include <stdlib.h>

#include "tests/core.h"

static struct evtask_symbols *symbols;

/* The functions of a task's stack that are this test's, with spaces between. */
static void
say_stack(const struct evtask *task, const char *mine)
{
	void *frames[64];
	int n = evtask_get_stack(task, frames, 64);

	ck_assert_int_ge(n, 0);
	ck_assert_int_eq(evtask_symbols_new(&symbols), 0);
	for (int i = 0; i < n; i++) {
		struct evtask_symbol symbol;

		evtask_symbols_find(symbols, frames[i], &symbol);
		ck_assert_ptr_nonnull(symbol.module);
		if (symbol.func != NULL && strncmp(symbol.func, mine,
		    strlen(mine)) == 0)
			say("%s", symbol.func + strlen(mine));
	}
	evtask_symbols_free(symbols);
}

static __attribute__((__noinline__)) int
my_inner(int depth)
{
	int r = depth > 0 ? my_inner(depth - 1) : evtask_sleep(SECOND);

	__asm__ volatile("" ::: "memory");	/* no tail call */
	return r;
}

static int
my_body(void *arg)
{
	int r = my_inner((int)(intptr_t)arg);

	__asm__ volatile("" ::: "memory");
	return r;
}

START_TEST(all_frames_of_a_parked_task)
{
	struct evtask *task = start(my_body, (void *)3);

	run_turns(1);
	say_stack(task, "my_");
	ck_assert_said("inner inner inner inner body");
	run_dry();
	evtask_unref(task);
}
END_TEST

static int
my_compare(const void *a, const void *b)
{
	const int *x = a, *y = b;
	int r = evtask_sleep(SECOND);

	return r < 0 ? 0 : *x - *y;
}

static int
my_sorter(void *arg)
{
	int numbers[] = { 2, 1 };

	(void)arg;
	qsort(numbers, 2, sizeof numbers[0], my_compare);
	return numbers[0] - 1;
}

START_TEST(frames_of_libc_in_between)
{
	struct evtask *task = start(my_sorter, NULL);

	run_turns(1);
	say_stack(task, "my_");
	ck_assert_said("compare sorter");
	run_dry();
	ck_assert_int_eq(outcome(task), 0);
	evtask_unref(task);
}
END_TEST

static int
my_yielder(void *arg)
{
	int r = evtask_sleep(0);

	(void)arg;
	return r < 0 ? r : 0;
}

START_TEST(a_task_that_is_ready_stands_where_it_yielded)
{
	struct evtask *task = start(my_yielder, NULL);

	run_turns(1);
	say_stack(task, "my_");
	ck_assert_said("yielder");
	run_dry();
	evtask_unref(task);
}
END_TEST

static int
my_self(void *arg)
{
	(void)arg;
	say_stack(evtask_current_task(), "my_");
	return 0;
}

START_TEST(the_running_task_sees_itself)
{
	spawn(my_self, NULL);
	run_dry();
	ck_assert_said("self");
}
END_TEST

static struct evtask *creator;

static int
my_eager(void *arg)
{
	(void)arg;
	/* Its creator is neither running nor parked on anything. */
	say_stack(creator, "my_");
	return 0;
}

static int
my_creator(void *arg)
{
	struct evtask_options options = { .eager = true };
	int r;

	(void)arg;
	r = evtask_create(my_eager, NULL, &options, NULL);
	__asm__ volatile("" ::: "memory");
	return r;
}

START_TEST(a_creator_waits_within_its_call)
{
	creator = start(my_creator, NULL);
	run_dry();
	ck_assert_said("creator");
	evtask_unref(creator);
}
END_TEST

START_TEST(before_and_after_there_is_none)
{
	struct evtask *task = start(my_body, 0);
	void *frames[4];

	ck_assert_int_eq(evtask_get_stack(task, frames, 4), 0);
	run_turns(1);
	ck_assert_int_eq(evtask_get_stack(task, frames, 2), 2);
	ck_assert_int_eq(evtask_get_stack(task, frames, 0), 0);
	run_dry();
	ck_assert_int_eq(evtask_get_stack(task, frames, 4), 0);
	ck_assert_int_eq(evtask_get_stack(NULL, frames, 4), -EINVAL);
	ck_assert_int_eq(evtask_get_stack(task, NULL, 4), -EINVAL);
	evtask_unref(task);
}
END_TEST

START_TEST(a_stack_is_printed_a_line_a_frame)
{
	struct evtask *task = start(my_body, (void *)1);
	char *text = NULL;
	size_t size;
	FILE *file = open_memstream(&text, &size);
	int n;

	run_turns(1);
	n = evtask_print_stack(task, file);
	ck_assert_int_eq(fclose(file), 0);
	ck_assert_int_ge(n, 4);
	ck_assert_ptr_nonnull(strstr(text, " my_body+0x"));
	for (const char *p = text; (p = strchr(p, '\n')) != NULL; p++)
		n--;
	ck_assert_int_eq(n, 0);
	free(text);
	ck_assert_int_eq(evtask_print_stack(task, NULL), -EINVAL);
	run_dry();
	evtask_unref(task);
}
END_TEST

START_TEST(what_is_no_address_has_no_name)
{
	struct evtask_symbol symbol;

	ck_assert_int_eq(evtask_symbols_new(&symbols), 0);
	evtask_symbols_find(symbols, (void *)16, &symbol);
	ck_assert_ptr_null(symbol.func);
	ck_assert_ptr_null(symbol.module);
	evtask_symbols_find(symbols, (char *)(uintptr_t)malloc + 1, &symbol);
	ck_assert_ptr_nonnull(symbol.module);
	evtask_symbols_free(symbols);
	evtask_symbols_free(NULL);
}
END_TEST

#ifdef SWITCH_UCONTEXT
START_TEST(ucontext_cannot_be_unwound)
{
	struct evtask *task = start(my_body, 0);
	void *frames[4];

	run_turns(1);
	ck_assert_int_eq(evtask_get_stack(task, frames, 4), -ENOTSUP);
	run_dry();
	evtask_unref(task);
}
END_TEST

CORE_SUITE("stack_walk",
    the_running_task_sees_itself,
    what_is_no_address_has_no_name,
    ucontext_cannot_be_unwound)
#else
CORE_SUITE("stack_walk",
    all_frames_of_a_parked_task,
    frames_of_libc_in_between,
    a_task_that_is_ready_stands_where_it_yielded,
    the_running_task_sees_itself,
    a_creator_waits_within_its_call,
    before_and_after_there_is_none,
    a_stack_is_printed_a_line_a_frame,
    what_is_no_address_has_no_name)
#endif
