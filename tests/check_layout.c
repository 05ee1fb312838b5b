/* The table for debuggers tells where things are. */
#include <evtask/inspect_layout.h>
#include <string.h>

#include "core/loops.h"
#include "core/task.h"
#include "tests/core.h"

static uint64_t
read_member(const void *base, const char *name)
{
	const struct evtask_layout_row *row = evtask_layout.rows;
	const char *at = base;
	uint64_t n = 0;

	while (strcmp(row->name, name) != 0) {
		ck_assert_msg(row->name[0] != '\0', "there is no %s", name);
		row++;
	}
	if (row->via >= 0)
		memcpy(&at, at + row->via, sizeof at);
	if (at == NULL)
		return 0;
	if (row->size == 0)
		return (uintptr_t)at + row->offset;
	ck_assert_int_le(row->size, sizeof n);
	memcpy(&n, at + row->offset, row->size);
	return row->bit < 0 ? n : n >> row->bit & 1;
}

static int
my_sleeper(void *arg)
{
	int r = evtask_sleep(1000);

	return r;
}

START_TEST(a_task_is_read_by_the_table)
{
	struct evtask *task = start(my_sleeper, NULL);

	ck_assert_uint_eq(read_member(task, "task.id"), evtask_id(task));
	ck_assert_uint_eq(read_member(task, "task.queued"), 1);
	ck_assert_uint_eq(read_member(task, "task.running"), 0);
	ck_assert_uint_eq(read_member(task, "task.wait"), 0);
	ck_assert_str_eq((const char *)read_member((const void *)
	    read_member(task, "task.created_at"), "site.func"), "start");
	run_turns(1);
	ck_assert_uint_eq(read_member(task, "task.queued"), 0);
	ck_assert_uint_eq(read_member(task, "task.resumes"), 1);
	ck_assert_str_eq((const char *)read_member((const void *)
	    read_member(task, "task.wait"), "wait.op"), "sleep");
	ck_assert_int_eq(evtask_set_name(task, "nap"), 0);
	ck_assert_str_eq((const char *)read_member(task, "task.name"), "nap");
	ck_assert_uint_eq(read_member(task, "task.internal"), 0);
	task->internal = true;
	ck_assert_uint_eq(read_member(task, "task.internal"), 1);
	task->internal = false;
	run_dry();
	evtask_unref(task);
}
END_TEST

/* What it pushed lies below its frames, where its wait is described. */
START_TEST(where_a_parked_task_goes_on_is_below_its_frames)
{
	struct evtask *task = start(my_sleeper, NULL);
	uint64_t parked, sp;

	run_turns(1);
	parked = read_member(task, "task.parked");
	sp = read_member((const void *)parked, "parked.sp");
	ck_assert_uint_gt(sp, parked);
	ck_assert_uint_le(sp, read_member(task, "task.wait"));
	ck_assert_uint_ne(read_member((const void *)parked, "parked.pc"), 0);
	run_dry();
	evtask_unref(task);
}
END_TEST

START_TEST(loops_are_in_the_list_from_birth_to_death)
{
	struct evtask_loop *other, *const *first = evtask_layout.loops;

	ck_assert_ptr_eq(*first, loop);
	ck_assert_int_eq(evtask_loop_new(NULL, &other), 0);
	ck_assert_ptr_eq(*first, other);
	ck_assert_uint_eq(read_member(other, "loop.next"), (uintptr_t)loop);
	ck_assert_int_eq(evtask_loop_free(other), 0);
	ck_assert_ptr_eq(*first, loop);
}
END_TEST

START_TEST(the_table_has_an_end)
{
	ck_assert_str_eq(evtask_layout.rows[EVTASK_LAYOUT_ROWS - 1].name, "");
	ck_assert_mem_eq(evtask_layout.magic, EVTASK_LAYOUT_MAGIC, 8);
}
END_TEST

/* A function or a class has one spread, which says where a wait's many are. */
START_TEST(what_is_waited_for_together_is_found_by_its_spread)
{
	const struct evtask_layout_spread *const *s = evtask_layout.spreads;
	struct evtask *one = start(my_sleeper, NULL);
	struct evtask *two = start(my_sleeper, NULL);
	union evtask_awaitable fs[] = { { .task = one }, { .task = two } };
	struct evtask_future *all, *child;
	const char *base;
	size_t n;

	ck_assert_int_eq(evtask_gather(fs, 2, false, &all), 0);
	base = (const char *)all;
	while (*s != NULL && (uintptr_t)(*s)->what !=
	    read_member(all, "future.class"))
		s++;
	ck_assert_ptr_nonnull(*s);
	memcpy(&n, base + (*s)->n, sizeof n);
	ck_assert_uint_eq(n, 2);
	memcpy(&child, base + (*s)->first + (*s)->stride + (*s)->future,
	    sizeof child);
	ck_assert_ptr_eq(child, evtask_as_future(two));
	ck_assert_uint_eq(read_member(child, "future.state"), 0);
	ck_assert_uint_eq(read_member(child, "future.class"),
	    read_member(one, "future.class"));
	run_dry();
	evtask_future_unref(all);
	evtask_unref(one);
	evtask_unref(two);
}
END_TEST

CORE_SUITE("layout",
    what_is_waited_for_together_is_found_by_its_spread,
    a_task_is_read_by_the_table,
    where_a_parked_task_goes_on_is_below_its_frames,
    loops_are_in_the_list_from_birth_to_death,
    the_table_has_an_end)
