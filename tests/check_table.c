/*
 * check_table.c - cli/table.c and cli/render_*.c: what people see.
 */
#include <json-c/json.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include "cli/render.h"
#include "cli/table.h"
#include "suite.h"

#define NOW INT64_C(1767225660000000)

static char *shown;
static size_t shown_size;
static struct out out;

static void
set_up(void)
{
	ck_assert_ptr_nonnull(setlocale(LC_ALL, "C.UTF-8"));
	setenv("TZ", "UTC", 1);
	out = (struct out){ .prose = stderr };
	out.data = open_memstream(&shown, &shown_size);
}

static void
tear_down(void)
{
	fclose(out.data);
	free(shown);
}

static void
assert_shown(const char *text)
{
	fflush(out.data);
	ck_assert_str_eq(shown, text);
}

static const struct column columns[] = {
	{ .title = "ID", .right = true },
	{ .title = "NAME", .flexible = true },
	{ .title = "WHAT", .flexible = true },
	{ .title = NULL },
};

static void
show_table(size_t width, bool color)
{
	struct table *table = table_new(columns);

	out.width = width;
	out.color = color;
	table_cell(table, PAINT_NONE, "7");
	table_cell(table, PAINT_RED, "crawl-example");
	table_cell(table, PAINT_NONE, "ok");
	table_cell(table, PAINT_NONE, "1234");
	table_cell(table, PAINT_NONE, "漢字");
	table_cellf(table, PAINT_NONE, "%s ago", "3s");
	table_print(&out, table);
	table_free(table);
}

START_TEST(columns_are_as_wide_as_their_widest_cell)
{
	show_table(0, false);
	assert_shown(
	    "  ID  NAME           WHAT\n"
	    "   7  crawl-example  ok\n"
	    "1234  漢字           3s ago\n");
}
END_TEST

START_TEST(a_narrow_terminal_cuts_the_widest_flexible_column)
{
	show_table(22, false);
	assert_shown(
	    "  ID  NAME      WHAT\n"
	    "   7  crawl-e…  ok\n"
	    "1234  漢字      3s ago\n");
}
END_TEST

START_TEST(the_narrowest_table_stays_readable)
{
	show_table(5, false);
	assert_shown(
	    "  ID  NAME    WHAT\n"
	    "   7  crawl…  ok\n"
	    "1234  漢字    3s ago\n");
}
END_TEST

START_TEST(colour_does_not_count_as_width)
{
	show_table(0, true);
	assert_shown(
	    "  \033[2mID\033[0m  \033[2mNAME\033[0m           "
	    "\033[2mWHAT\033[0m\n"
	    "   7  \033[31mcrawl-example\033[0m  ok\n"
	    "1234  漢字           3s ago\n");
}
END_TEST

START_TEST(tasks_are_a_table)
{
	struct json_object *tasks = json_tokener_parse("["
	    "{\"id\":42,\"name\":\"nap\",\"coroutine\":\"sleep\",\"state\":"
	    "\"waiting\",\"outcome\":null,\"created_us\":1767225600000000,"
	    "\"wait\":{\"op\":\"sleep\",\"on\":{\"type\":\"timer\",\"name\":"
	    "null},\"until_us\":1767225720000000},\"warnings\":"
	    "[\"deadlock\"]},"
	    "{\"id\":43,\"name\":\"e\\u001b[2J\",\"coroutine\":\"exec\","
	    "\"state\":\"done\",\"outcome\":\"raised\",\"created_us\":"
	    "1767225600000000,\"done_us\":1767225602500000},"
	    "{\"id\":44,\"name\":\"w\",\"coroutine\":\"x\",\"state\":"
	    "\"waiting\",\"outcome\":null,\"created_us\":1767225659900000,"
	    "\"cancel\":{\"requested\":1},\"wait\":{\"op\":\"lock.acquire\","
	    "\"on\":{\"type\":\"lock\",\"name\":\"db\"},\"owner\":{\"id\":42,"
	    "\"name\":\"nap\"}}}]");

	ck_assert_int_eq(rows_print(&out, &render_tasks, tasks, NOW), 0);
	json_object_put(tasks);
	assert_shown(
	    "ID  NAME      COROUTINE  STATE     TIME  \n"
	    "42  nap       sleep      waiting  1m00s  timer 1m00s; deadlock!\n"
	    "43  e\\x1b[2J  exec       raised    2.5s  57s ago\n"
	    "44  w         x          waiting  100ms  lock db <- nap(42); "
	    "asked to stop\n");
}
END_TEST

START_TEST(a_task_is_a_page)
{
	struct json_object *task = json_tokener_parse(
	    "{\"id\":42,\"name\":\"nap\",\"coroutine\":\"sleep\",\"parent\":7,"
	    "\"state\":\"waiting\",\"outcome\":null,\"wait\":{\"op\":"
	    "\"sleep\",\"on\":null,\"owner\":null,\"site\":{\"func\":\"f\","
	    "\"file\":\"sleep.c\",\"line\":31},\"since_us\":1767225600000000,"
	    "\"until_us\":1767225720000000},\"created_us\":1767225600000000,"
	    "\"started_us\":1767225600000001,\"done_us\":null,"
	    "\"created_by\":{\"type\":\"client\",\"uid\":1000,\"pid\":4711},"
	    "\"created_at\":null,\"cancel\":{\"requested\":2,\"by\":{\"type\":"
	    "\"task\",\"task\":3},\"site\":null,\"message\":\"why\\nnot\","
	    "\"first_us\":1767225650000000},\"counters\":{\"resumes\":1,"
	    "\"wakes\":1,\"awaits\":1},\"stack\":{\"size\":65536,\"used\":"
	    "null,\"peak\":4096}}");

	render_task(&out, task, NOW);
	json_object_put(task);
	assert_shown(
	    "task        42  nap\n"
	    "coroutine   sleep\n"
	    "state       waiting\n"
	    "waits for   sleep, 1m00s left at sleep.c:31, for 1m00s\n"
	    "parent      7\n"
	    "created     2026-01-01 00:00:00.000000  1m00s ago\n"
	    "started     2026-01-01 00:00:00.000001  59s ago\n"
	    "created by  client, pid 4711, user 1000\n"
	    "cancel      asked for 2 times, first 10s ago, by task 3: "
	    "why\\nnot\n"
	    "counters    resumed 1, awaited 1\n"
	    "stack       64.0 KiB, 4.0 KiB at most\n");
}
END_TEST

START_TEST(a_cancel_that_was_taken_back_is_told_as_such)
{
	struct json_object *task = json_tokener_parse(
	    "{\"id\":1,\"name\":\"nap\",\"state\":\"running\","
	    "\"cancel\":{\"requested\":0,\"by\":{\"type\":\"group\","
	    "\"task\":2},\"first_us\":1767225650000000}}");

	render_task(&out, task, NOW);
	json_object_put(task);
	assert_shown(
	    "task        1  nap\n"
	    "state       running\n"
	    "cancel      asked for and taken back, first 10s ago, by group "
	    "2\n");
}
END_TEST

START_TEST(a_coroutine_is_a_page_with_an_example)
{
	struct json_object *coroutine = json_tokener_parse(
	    "{\"name\":\"exec\",\"summary\":\"run a command\",\"args\":{"
	    "\"type\":\"object\",\"properties\":{\"argv\":{\"type\":\"array\","
	    "\"items\":{\"type\":\"string\"},\"description\":\"the words\"},"
	    "\"grace\":{\"type\":[\"number\",\"string\"],\"format\":"
	    "\"duration\",\"default\":\"10s\",\"description\":\"before it is "
	    "killed\"}},\"required\":[\"argv\"]},\"example\":{\"argv\":"
	    "[\"ls\"],\"grace\":5,\"cwd\":\"/tmp\",\"note\":\"a b\"},"
	    "\"takes_stdin\":true,\"takes_signals\":true,\"live\":0}");

	render_coroutine(&out, coroutine);
	json_object_put(coroutine);
	assert_shown(
	    "exec - run a command\n\n"
	    "ARGUMENT  TYPE      \n"
	    "argv      list      the words (required)\n"
	    "grace     duration  before it is killed [\"10s\"]\n"
	    "\nIt reads what \"evtask send\" sends.\n"
	    "It takes signals: see \"evtask signal\".\n"
	    "\nexample:\n  evtask create exec argv:='[\"ls\"]' grace=5 "
	    "cwd=/tmp note='a b'\n");
}
END_TEST

START_TEST(an_error_tells_its_causes)
{
	struct json_object *error = json_tokener_parse(
	    "{\"type\":\"OSError\",\"code\":-111,\"message\":\"refused\","
	    "\"cause\":{\"type\":\"Timeout\",\"code\":-110,\"message\":"
	    "\"late\",\"cause\":null}}");
	char *text = render_error(error);

	ck_assert_str_eq(text, "OSError: refused; because of Timeout: late");
	free(text);
	json_object_put(error);
}
END_TEST

START_TEST(a_value_is_its_text_or_json)
{
	struct json_object *value = json_object_new_string("a\"b");

	render_value(&out, value);
	json_object_put(value);
	render_value(&out, NULL);
	value = json_tokener_parse("{\"exit_code\":0}");
	render_value(&out, value);
	json_object_put(value);
	assert_shown("a\"b\nnull\n{\n  \"exit_code\": 0\n}\n");
}
END_TEST

START_TEST(members_show_their_units)
{
	struct json_object *stats = json_tokener_parse("{\"pid\":4711,"
	    "\"started_us\":1767225600000000,\"uptime_us\":90000000,"
	    "\"tasks\":{\"live\":2},\"log_bytes\":2048,\"name\":\"x\\u001b\"}");

	render_members(&out, stats);
	json_object_put(stats);
	assert_shown(
	    "pid               4711\n"
	    "started           2026-01-01 00:00:00.000000\n"
	    "uptime            1m30s\n"
	    "tasks live        2\n"
	    "log               2.0 KiB\n"
	    "name              x\\x1b\n");
}
END_TEST

/* A kind that nobody has described: its columns are its members. */
static void
print_described_by_none(enum out_form form, const char *names)
{
	static const struct rows_kind kind = { .id = "id" };
	struct json_object *all = json_tokener_parse("[{\"id\":5,"
	    "\"connected_us\":1767225600000000,\"until_us\":"
	    "1767225720000000,\"spent_us\":2500000,\"size_bytes\":2048}]");

	out.form = form;
	out.columns = names;
	out.width = 60;
	ck_assert_int_eq(rows_print(&out, &kind, all, NOW), 0);
	json_object_put(all);
}

START_TEST(a_number_is_not_cut_and_a_time_is_how_far_away_it_is)
{
	print_described_by_none(OUT_TABLE, NULL);
	assert_shown("id  connected_us  until_us  spent_us  size_bytes\n"
	    " 5     1m00s ago  in 1m00s      2.5s     2.0 KiB\n");
}
END_TEST

START_TEST(a_wide_table_tells_times_to_the_microsecond)
{
	print_described_by_none(OUT_WIDE, "id,connected_us");
	assert_shown("id  connected_us\n"
	    "5   2026-01-01 00:00:00.000000\n");
}
END_TEST

START_TEST(an_event_is_a_line)
{
	struct json_object *event = json_tokener_parse("{\"sub\":1,\"seq\":9,"
	    "\"ts_us\":1767225600000042,\"type\":\"task.done\",\"task\":42,"
	    "\"data\":{\"outcome\":\"returned\"}}");

	render_event(&out, event, "nap");
	json_object_put(event);
	assert_shown("00:00:00.000042 task.done             42 nap "
	    "outcome=returned\n");
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("table");
	TCase *tc = tcase_create("table");

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, columns_are_as_wide_as_their_widest_cell);
	tcase_add_test(tc, a_narrow_terminal_cuts_the_widest_flexible_column);
	tcase_add_test(tc, the_narrowest_table_stays_readable);
	tcase_add_test(tc, colour_does_not_count_as_width);
	tcase_add_test(tc, tasks_are_a_table);
	tcase_add_test(tc, a_task_is_a_page);
	tcase_add_test(tc, a_cancel_that_was_taken_back_is_told_as_such);
	tcase_add_test(tc, a_coroutine_is_a_page_with_an_example);
	tcase_add_test(tc, an_error_tells_its_causes);
	tcase_add_test(tc, a_value_is_its_text_or_json);
	tcase_add_test(tc, members_show_their_units);
	tcase_add_test(tc,
	    a_number_is_not_cut_and_a_time_is_how_far_away_it_is);
	tcase_add_test(tc, a_wide_table_tells_times_to_the_microsecond);
	tcase_add_test(tc, an_event_is_a_line);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
