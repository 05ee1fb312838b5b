/*
 * without_inspection.h - the tests that a library built with configure
 * --disable-inspection cannot pass: they look at what it leaves out. If you
 * write one more, here is its row; the suites of all that needs a console are
 * skipped in tests/local.mk.
 */
#ifndef TESTS_WITHOUT_INSPECTION_H
#define TESTS_WITHOUT_INSPECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "core/inspection.h"

static const char *const tests_of_inspection[] = {
	/* debug */
	"a_slow_last_step_is_reported_though_the_task_is_gone",
	"a_task_that_never_ran_is_reported",
	"a_slow_step_that_ends_by_yielding_is_reported",
	"a_slow_step_is_not_laid_to_the_task_that_went_before",
	"an_exception_never_retrieved_names_where_its_future_was_made",
	/* factory, remote, overflow */
	"all_options_reach_the_task",
	"options_are_copied_and_the_argument_is_freed",
	"a_task_that_overflows_its_stack_is_named",
	/* graph */
	"two_tasks_that_take_two_locks_crosswise",
	"circles_go_through_gathers_and_groups",
	/* info */
	"the_times_of_a_life",
	"the_counters",
	"who_never_ran_never_started",
	"who_created_it_and_where",
	"creation_in_somebodys_name_and_place",
	"an_observer_sees_a_life_in_order",
	"an_observer_sees_names_change_and_cancels",
	"an_observer_sees_eager_tasks",
	/* layout */
	"a_task_is_read_by_the_table",
	/* trace */
	"a_life_is_recorded",
	"waits_say_what_for_and_ends_how",
	"the_oldest_are_overwritten",
	"on_and_off",
	"a_trace_is_what_chrome_takes",
	"a_trace_may_begin_in_the_middle",
	"real_time_is_measured_and_long_runs_are_stalls",
	"how_long_a_task_has_run_is_known",
	/* watchdog */
	"a_task_that_blocks_the_loop_is_named",
};

static inline bool
test_is_left_out(const char *name)
{
	size_t size = strlen(name);

	/* Check has it with "_fn" behind. */
	if (size > 3 && strcmp(name + size - 3, "_fn") == 0)
		size -= 3;
	for (size_t i = 0; !INSPECTION && i < sizeof tests_of_inspection /
	    sizeof *tests_of_inspection; i++)
		if (strlen(tests_of_inspection[i]) == size &&
		    memcmp(tests_of_inspection[i], name, size) == 0)
			return true;
	return false;
}

#endif
