/* How busy tasks were, added up from records. */
#include "cli/tally.h"

#include <string.h>

#include "tests/suite.h"

#define RECORD(at, what, which) \
	{ .ts_ns = (at), .type = EVTASK_TRACE_##what, .task = (which) }

static struct tally tally;

static const struct tally_row *
row(uint64_t task)
{
	for (size_t i = 0; i < tally.size; i++)
		if (tally.rows[i].task == task)
			return &tally.rows[i];
	ck_abort_msg("no task %d", (int)task);
	return NULL;
}

static void
add_up(const struct evtask_trace_record *records, size_t n)
{
	ck_assert_int_eq(tally_init(&tally, records, n), 0);
}

START_TEST(runs_end_when_others_begin)
{
	static const struct evtask_trace_record records[] = {
		RECORD(0, CREATED, 1), RECORD(0, CREATED, 2),
		RECORD(100, RUNS, 1), RECORD(300, RUNS, 2),
		RECORD(350, WAITS, 2), RECORD(400, POLLS, 0),
		RECORD(900, TURNS, 0), RECORD(900, WOKEN, 2),
		RECORD(950, RUNS, 2), RECORD(1000, DONE, 2),
	};

	add_up(records, sizeof(records) / sizeof(records[0]));
	ck_assert_int_eq(row(1)->busy_ns, 200); /* then it gave way */
	ck_assert_int_eq(row(1)->ready_ns, 100);
	ck_assert_uint_eq(row(1)->runs, 1);
	ck_assert_int_eq(row(2)->busy_ns, 50 + 50);
	ck_assert_int_eq(row(2)->ready_ns, 300 + 50);
	ck_assert_uint_eq(row(2)->runs, 2);
	ck_assert_int_eq(tally.busy_ns, 300);
	ck_assert_int_eq(tally.covered_ns, 1000);
	ck_assert_uint_eq(tally.runs, 3);
	tally_release(&tally);
}
END_TEST

START_TEST(a_run_under_way_counts_up_to_the_last_record)
{
	static const struct evtask_trace_record records[] = {
		RECORD(50, WAITS, 7), RECORD(100, RUNS, 1),
		RECORD(600, WOKEN, 7),
	};

	add_up(records, sizeof(records) / sizeof(records[0]));
	ck_assert_int_eq(row(1)->busy_ns, 500);
	ck_assert_int_eq(row(7)->busy_ns, 0);
	ck_assert_uint_eq(row(7)->runs, 0);
	tally_release(&tally);
}
END_TEST

START_TEST(many_tasks)
{
	static struct evtask_trace_record records[2000];

	for (int i = 0; i < 1000; i++) {
		records[2 * i] = (struct evtask_trace_record)
		    RECORD(i * 10, RUNS, (uint64_t)i + 1);
		records[2 * i + 1] = (struct evtask_trace_record)
		    RECORD(i * 10 + 5, WAITS, (uint64_t)i + 1);
	}
	add_up(records, 2000);
	ck_assert_uint_eq(tally.n, 1000);
	ck_assert_int_eq(tally.busy_ns, 5000);
	for (uint64_t i = 1; i <= 1000; i++)
		ck_assert_int_eq(row(i)->busy_ns, 5);
	tally_release(&tally);
}
END_TEST

START_TEST(nothing_is_nothing)
{
	add_up(NULL, 0);
	ck_assert_int_eq(tally.covered_ns, 0);
	tally_release(&tally);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("tally");
	TCase *tc = tcase_create("tally");

	tcase_add_test(tc, runs_end_when_others_begin);
	tcase_add_test(tc, a_run_under_way_counts_up_to_the_last_record);
	tcase_add_test(tc, many_tasks);
	tcase_add_test(tc, nothing_is_nothing);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
