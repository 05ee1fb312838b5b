/* metrics.get: every number is right, in both formats. */
#include "lib/console/metrics.h"
#include "tests/console_fixture.h"

/* The text as Prometheus gets it; to free(). */
static char *
scrape(int fd)
{
	return strdup(answer(fd, "metrics.get",
	    "{\"format\":\"prometheus\"}", "result.text"));
}

static void
assert_line(const char *text, const char *line)
{
	char whole[256];

	snprintf(whole, sizeof(whole), "\n%s\n", line);
	ck_assert_msg(strstr(text, whole) != NULL, "no %s in\n%s", line, text);
}

START_TEST(tasks_are_counted_by_state_and_by_outcome)
{
	int fd = client_new();
	char *text;

	own_task("a", 60000000);
	own_task("b", 60000000);
	json_object_put(ask(fd, "task.create",
	    "{\"coroutine\":\"fail\",\"wait\":true}"));
	json_object_put(ask(fd, "task.create",
	    "{\"coroutine\":\"echo\",\"wait\":true}"));
	json_object_put(ask(fd, "task.create",
	    "{\"coroutine\":\"nap\",\"args\":{\"delay\":9},\"name\":\"n\"}"));
	json_object_put(ask(fd, "task.cancel",
	    "{\"tasks\":[\"n\"],\"wait\":true}"));
	text = scrape(fd);
	assert_line(text, "evtask_tasks{state=\"waiting\"} 2");
	assert_line(text, "evtask_tasks{state=\"running\"} 0");
	assert_line(text, "evtask_tasks{state=\"done\"} 3");
	assert_line(text, "evtask_tasks_created_total 5");
	assert_line(text, "evtask_tasks_done_total{outcome=\"returned\"} 1");
	assert_line(text, "evtask_tasks_done_total{outcome=\"raised\"} 1");
	assert_line(text, "evtask_tasks_done_total{outcome=\"cancelled\"} 1");
	assert_line(text, "evtask_task_life_seconds_count 3");
	free(text);
}
END_TEST

START_TEST(requests_are_counted_by_method_and_errors_by_both)
{
	int fd = client_new(), i;
	char *text;

	for (i = 0; i < 3; i++)
		json_object_put(ask(fd, "rpc.ping", "{}"));
	json_object_put(ask(fd, "task.get", "{\"task\":\"x\"}"));
	json_object_put(ask(fd, "task.get", "{\"tusk\":\"x\"}"));
	json_object_put(ask(fd, "task.got", "{}"));
	client_send(fd, "what?\n");
	json_object_put(next(fd));
	text = scrape(fd);
	assert_line(text, "evtask_request_seconds_count{method=\"rpc.ping\"} "
	    "3");
	assert_line(text, "evtask_request_seconds_bucket{method=\"rpc.ping\","
	    "le=\"+Inf\"} 3");
	assert_line(text, "evtask_request_seconds_count{method=\"task.get\"} "
	    "2");
	assert_line(text, "evtask_request_seconds_count{method=\"none\"} 2");
	assert_line(text, "evtask_request_errors_total{method=\"task.get\","
	    "error=\"TaskNotFound\"} 1");
	assert_line(text, "evtask_request_errors_total{method=\"task.get\","
	    "error=\"InvalidParams\"} 1");
	assert_line(text, "evtask_request_errors_total{method=\"none\","
	    "error=\"MethodNotFound\"} 1");
	assert_line(text, "evtask_request_errors_total{method=\"none\","
	    "error=\"ParseError\"} 1");
	ck_assert_ptr_null(strstr(text, "task.wait"));
	free(text);
}
END_TEST

/* The type that the text gives this sample's metric, at the line before or
 * above; "" when it was not announced. */
static void
check_sample(const char *line, const char *name, const char *type)
{
	static const char *const suffixes[] = { "_bucket", "_sum", "_count",
	    NULL };
	size_t size = strcspn(line, "{ "), known = strlen(name);
	const char *const *s;

	ck_assert_msg(strncmp(line, name, known) == 0, "%s after %s", line,
	    name);
	if (strcmp(type, "histogram") != 0) {
		ck_assert_uint_eq(size, known);
		return;
	}
	for (s = suffixes; *s != NULL; s++)
		if (size == known + strlen(*s) &&
		    strncmp(line + known, *s, strlen(*s)) == 0)
			return;
	ck_abort_msg("%s of a histogram", line);
}

START_TEST(every_sample_stands_under_its_own_help_and_type)
{
	char name[64] = "", type[32] = "", *text, *line, *rest, *end;
	int fd = client_new(), samples = 0;

	json_object_put(ask(fd, "task.create",
	    "{\"coroutine\":\"fail\",\"wait\":true}"));
	json_object_put(ask(fd, "task.get", "{\"task\":\"x\"}"));
	text = scrape(fd);
	ck_assert_int_eq(text[strlen(text) - 1], '\n');
	for (line = strtok_r(text, "\n", &rest); line != NULL;
	    line = strtok_r(NULL, "\n", &rest)) {
		if (strncmp(line, "# HELP ", 7) == 0) {
			ck_assert_int_eq(sscanf(line, "# HELP %63s", name), 1);
			ck_assert_ptr_nonnull(strchr(line + 7, ' '));
			continue;
		}
		if (strncmp(line, "# TYPE ", 7) == 0) {
			char again[64];

			ck_assert_int_eq(sscanf(line, "# TYPE %63s %31s",
			    again, type), 2);
			ck_assert_str_eq(again, name);
			continue;
		}
		check_sample(line, name, type);
		strtod(strrchr(line, ' ') + 1, &end);
		ck_assert_msg(*end == '\0', "%s", line);
		/* Counters are called so. */
		ck_assert((strcmp(type, "counter") == 0) ==
		    (strlen(name) > 6 &&
		    strcmp(name + strlen(name) - 6, "_total") == 0));
		samples++;
	}
	ck_assert_int_gt(samples, 50);
	free(text);
}
END_TEST

START_TEST(both_formats_have_the_same_metrics)
{
	int fd = client_new();
	char *text = scrape(fd), help[128];
	struct json_object *reply = ask(fd, "metrics.get", "{}");
	struct json_object *metrics = evtask_ctl_get(evtask_ctl_get(reply,
	    "result"), "metrics");
	size_t i, n = json_object_array_length(metrics), lines = 0;
	const char *at;

	for (i = 0; i < n; i++) {
		snprintf(help, sizeof(help), " %s\n", evtask_ctl_get_text(
		    json_object_array_get_idx(metrics, i), "help", "?"));
		ck_assert_msg(strstr(text, help) != NULL, "%s", help);
	}
	for (at = text; (at = strstr(at, "# TYPE")) != NULL; at++)
		lines++;
	ck_assert_uint_eq(lines, n);
	ck_assert_str_eq(member(reply, "result.metrics.0.samples.0.value"),
	    "1");
	ck_assert_str_eq(member(reply, "result.metrics.1.name"),
	    "evtask_start_time_us");
	json_object_put(reply);
	free(text);
}
END_TEST

START_TEST(a_histogram_counts_each_once_and_its_buckets_hold_those_before)
{
	struct histogram h = {0};

	histogram_add(&h, 0);
	histogram_add(&h, 10);
	histogram_add(&h, 11);
	histogram_add(&h, INT64_C(1) << 50);
	histogram_add(&h, -5);
	ck_assert_uint_eq(h.counts[0], 3);
	ck_assert_uint_eq(h.counts[1], 1);
	ck_assert_uint_eq(h.counts[METRICS_BUCKETS], 1);
	ck_assert_uint_eq(h.sum_us, 21 + (UINT64_C(1) << 50));
}
END_TEST

START_TEST(times_are_seconds_in_the_text)
{
	int fd = client_new();
	char *text;

	json_object_put(ask(fd, "task.create", "{\"coroutine\":\"nap\","
	    "\"args\":{\"delay\":1.5},\"name\":\"n\"}"));
	advance(2000000);
	text = scrape(fd);
	assert_line(text, "evtask_task_life_seconds_sum 1.5");
	assert_line(text, "evtask_task_life_seconds_bucket{le=\"1\"} 0");
	assert_line(text, "evtask_task_life_seconds_bucket{le=\"10\"} 1");
	assert_line(text, "evtask_task_life_seconds_bucket{le=\"0.00001\"} 0");
	free(text);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("metrics");
	TCase *tc = tcase_create("metrics");

	tcase_add_checked_fixture(tc, console_set_up, console_tear_down);
	tcase_add_test(tc, tasks_are_counted_by_state_and_by_outcome);
	tcase_add_test(tc, requests_are_counted_by_method_and_errors_by_both);
	tcase_add_test(tc, every_sample_stands_under_its_own_help_and_type);
	tcase_add_test(tc, both_formats_have_the_same_metrics);
	tcase_add_test(tc,
	    a_histogram_counts_each_once_and_its_buckets_hold_those_before);
	tcase_add_test(tc, times_are_seconds_in_the_text);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
