/* Jobs: arguments, input, output, results. */
#include <errno.h>
#include "tests/console_fixture.h"

static int fd;

static void
set_up(void)
{
	console_set_up();
	fd = client_new();
}

static struct evtask_job *
job_named(const char *name)
{
	return registry_find_name(&console->registry, name)->job;
}

START_TEST(arguments_are_read_by_their_types_with_defaults_filled_in)
{
	struct evtask_job *job;

	answer(fd, "task.create", "{\"coroutine\":\"say\",\"name\":\"s\","
	    "\"args\":{\"text\":\"hi\",\"error\":true,\"linger\":\"1m\"}}",
	    "");
	job = job_named("s");
	ck_assert_str_eq(evtask_job_text(job, "text"), "hi");
	ck_assert(evtask_job_bool(job, "error"));
	ck_assert_int_eq(evtask_job_int(job, "times"), 1);
	ck_assert_int_eq(evtask_job_duration_us(job, "linger", 0), 60000000);
	ck_assert_int_eq(evtask_job_duration_us(job, "other", 5), 5);
	ck_assert_ptr_null(evtask_job_text(job, "other"));
	ck_assert_int_eq(evtask_job_int(job, "text"), 0);
}
END_TEST

START_TEST(an_ending_of_31_bytes_is_the_longest)
{
	struct evtask_job *job;
	char text[EVTASK_JOB_ENDING_MAX + 2] = "";

	answer(fd, "task.create", "{\"coroutine\":\"echo\",\"name\":\"e\"}",
	    "");
	job = job_named("e");
	memset(text, 'x', EVTASK_JOB_ENDING_MAX);
	ck_assert_int_eq(evtask_job_set_ending(job, text), 0);
	ck_assert_str_eq(job->ending, text);
	text[EVTASK_JOB_ENDING_MAX] = 'y';
	ck_assert_int_eq(evtask_job_set_ending(job, text), -EINVAL);
	ck_assert_uint_eq(strlen(job->ending), EVTASK_JOB_ENDING_MAX);
}
END_TEST

START_TEST(an_ending_is_shown_when_the_task_has_returned)
{
	answer(fd, "task.create", "{\"coroutine\":\"cat\",\"name\":\"e\"}",
	    "");
	ck_assert_int_eq(evtask_job_set_ending(job_named("e"), "so so"), 0);
	ck_assert_str_eq(answer(fd, "task.get", "{\"task\":\"e\"}",
	    "result.task.ending"), "(none)");
	answer(fd, "task.stdin", "{\"task\":\"e\",\"eof\":true}", "");
	answer(fd, "task.wait", "{\"tasks\":[\"e\"]}", "");
	ck_assert_str_eq(answer(fd, "task.get",
	    "{\"task\":\"e\",\"fields\":[\"ending\"]}",
	    "result.task.ending"), "so so");
}
END_TEST

START_TEST(input_is_read_as_it_comes_and_then_ends)
{
	answer(fd, "task.create", "{\"coroutine\":\"cat\",\"name\":\"c\"}",
	    "");
	turns(3);
	answer(fd, "task.stdin", "{\"task\":\"c\",\"data\":\"one\\ntw\"}", "");
	answer(fd, "task.stdin", "{\"task\":\"c\",\"data\":\"o\\n\"}", "");
	answer(fd, "task.stdin", "{\"task\":\"c\",\"eof\":true}", "");
	ck_assert_str_eq(answer(fd, "task.result",
	    "{\"task\":\"c\",\"wait\":true}", "result.value"), "8");
	ck_assert_str_eq(answer(fd, "task.logs", "{\"task\":\"c\"}",
	    "result.lines.1.text"), "two");
}
END_TEST

START_TEST(a_reader_that_waits_can_be_cancelled)
{
	answer(fd, "task.create", "{\"coroutine\":\"cat\",\"name\":\"c\"}",
	    "");
	turns(3);
	answer(fd, "task.cancel", "{\"tasks\":[\"c\"],\"wait\":true}", "");
	ck_assert_str_eq(answer(fd, "task.result", "{\"task\":\"c\"}",
	    "result.outcome"), "cancelled");
}
END_TEST

START_TEST(input_is_all_taken_or_none)
{
	static char bytes[JOB_STDIN_MAX];
	struct evtask_job *job;

	answer(fd, "task.create", "{\"coroutine\":\"cat\",\"name\":\"c\"}",
	    "");
	job = job_named("c");
	ck_assert_int_eq(job_send(job, bytes, JOB_STDIN_MAX - 1, false), 0);
	ck_assert_int_eq(job_send(job, "ab", 2, false), -ENOBUFS);
	ck_assert_uint_eq(job_queued_bytes(job), JOB_STDIN_MAX - 1);
	ck_assert_int_eq(job_send(job, "a", 1, true), 0);
	ck_assert_int_eq(job_send(job, "b", 1, false), -EPIPE);
}
END_TEST

START_TEST(room_comes_back_as_it_is_read)
{
	static char bytes[JOB_STDIN_MAX];

	answer(fd, "task.create", "{\"coroutine\":\"cat\",\"name\":\"c\"}",
	    "");
	job_send(job_named("c"), bytes, JOB_STDIN_MAX, false);
	turns(5);
	ck_assert_uint_eq(job_queued_bytes(job_named("c")), 0);
}
END_TEST

START_TEST(a_timeout_of_creation_ends_the_task_when_time_is_up)
{
	answer(fd, "task.create", "{\"coroutine\":\"nap\",\"name\":\"n\","
	    "\"args\":{\"delay\":60},\"timeout_us\":1000000}", "");
	advance(999000);
	ck_assert_str_eq(answer(fd, "task.get", "{\"task\":\"n\"}",
	    "result.task.state"), "waiting");
	advance(2000);
	ck_assert_str_eq(answer(fd, "task.result", "{\"task\":\"n\"}",
	    "result.error.type"), "Timeout");
}
END_TEST

START_TEST(a_timeout_that_does_not_come_is_no_matter)
{
	answer(fd, "task.create", "{\"coroutine\":\"nap\",\"name\":\"n\","
	    "\"args\":{\"delay\":1},\"timeout_us\":9000000}", "");
	advance(10000000);
	ck_assert_str_eq(answer(fd, "task.result", "{\"task\":\"n\"}",
	    "result.outcome"), "returned");
}
END_TEST

START_TEST(what_is_open_at_the_end_is_a_line)
{
	answer(fd, "task.create", "{\"coroutine\":\"say\",\"name\":\"s\","
	    "\"args\":{\"text\":\"no newline\"},\"wait\":true}", "");
	ck_assert_str_eq(answer(fd, "task.logs", "{\"task\":\"s\"}",
	    "result.lines.0.partial"), "true");
}
END_TEST

START_TEST(a_cancelled_job_that_never_ran_is_gone_like_any_other)
{
	const struct catalog_entry *say = catalog_find(&console->catalog,
	    "say");
	struct evtask_origin origin = { EVTASK_ORIGIN_CLIENT, 1 };
	struct json_object *args = json("{\"text\":\"x\"}");
	struct evtask_job *job;

	ck_assert_int_eq(job_start(console, say->row, args, "s",
	    EVTASK_FOREVER, &origin, false, &job), 0);
	evtask_cancel(job->task, NULL);
	turns(5);
	ck_assert_str_eq(answer(fd, "task.result", "{\"task\":\"s\"}",
	    "result.outcome"), "cancelled");
	ck_assert_uint_eq(job->log.next, 0);
	ck_assert_uint_eq(job->refs, 1); /* the task's is gone */
	job_unref(job);
	json_object_put(args);
}
END_TEST

START_TEST(progress_is_told_ten_times_a_second_and_at_the_end)
{
	struct json_object *event;
	int told = 0, done = -1;

	answer(fd, "sub.open", "{\"types\":[\"task.progress\","
	    "\"task.done\"]}", "");
	ask_later(fd, 7, "task.create", "{\"coroutine\":\"work\","
	    "\"args\":{\"steps\":500,\"each\":0.001}}");
	advance(1000000);
	json_object_put(next(fd)); /* the answer */
	for (;;) {
		event = next(fd);
		if (strcmp(member(event, "params.type"), "task.done") == 0)
			break;
		ck_assert_str_eq(member(event, "params.type"),
		    "task.progress");
		told++;
		done = atoi(member(event, "params.data.progress.done"));
		json_object_put(event);
	}
	json_object_put(event);
	/* At 0, 0.1 .. 0.5 seconds; as it is when the event is made. */
	ck_assert_int_ge(told, 2);
	ck_assert_int_le(told, 7);
	ck_assert_int_eq(done, 500);
}
END_TEST

START_TEST(progress_of_less_than_nothing_or_of_too_many_words_is_refused)
{
	char text[EVTASK_JOB_PROGRESS_MAX + 2];
	struct evtask_job *job;

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	answer(fd, "task.create", "{\"coroutine\":\"nap\",\"name\":\"n\","
	    "\"args\":{\"delay\":9}}", "");
	job = registry_find_name(&console->registry, "n")->job;
	ck_assert_int_eq(evtask_job_set_progress(job, -1, 5, NULL), -EINVAL);
	ck_assert_int_eq(evtask_job_set_progress(job, 1, -2, NULL), -EINVAL);
	ck_assert_int_eq(evtask_job_set_progress(job, 1, 5, text), -EINVAL);
	ck_assert_str_eq(answer(fd, "task.get", "{\"task\":\"n\"}",
	    "result.task.progress"), "(none)");
	ck_assert_int_eq(evtask_job_set_progress(job, 1, -1, text + 1), 0);
	ck_assert_str_eq(answer(fd, "task.get", "{\"task\":\"n\"}",
	    "result.task.progress.text"), text + 1);
}
END_TEST

/* Values of every kind. */

static int
run_values(void *arg)
{
	return evtask_return(evtask_value_bool(true));
}

static int
run_pointer(void *arg)
{
	return evtask_return(evtask_value_pointer(arg));
}

static int
run_text(void *arg)
{
	struct evtask_value value;
	int r = evtask_value_string("copied", &value);

	return r < 0 ? r : evtask_return(value);
}

static int
run_error(void *arg)
{
	struct evtask_value value = { &evtask_type_error, { .e =
	    evtask_error_new(-2, "NoRoute", "none to %d", 7) } };

	return evtask_return(value);
}

static const char *
value_of(evtask_fn fn, const char *path)
{
	static int n;
	char name[16], params[40];
	struct evtask_options options = { .name = name };

	sprintf(name, "v%d", ++n);
	evtask_loop_create_task(loop, fn, NULL, &options, NULL);
	turns(4);
	sprintf(params, "{\"task\":\"%s\"}", name);
	return answer(fd, "task.result", params, path);
}

START_TEST(results_of_the_programs_own_are_shown_as_far_as_json_goes)
{
	ck_assert_str_eq(value_of(run_values, "result.value"), "true");
	ck_assert_str_eq(value_of(run_text, "result.value"), "copied");
	ck_assert_str_eq(value_of(run_pointer, "result.value"),
	    "{ \"type\": \"pointer\" }");
	ck_assert_str_eq(value_of(run_error, "result.value.message"),
	    "none to 7");
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("job");
	TCase *tc = tcase_create("job");

	tcase_add_checked_fixture(tc, set_up, console_tear_down);
	tcase_add_test(tc,
	    arguments_are_read_by_their_types_with_defaults_filled_in);
	tcase_add_test(tc, an_ending_of_31_bytes_is_the_longest);
	tcase_add_test(tc, an_ending_is_shown_when_the_task_has_returned);
	tcase_add_test(tc, input_is_read_as_it_comes_and_then_ends);
	tcase_add_test(tc, a_reader_that_waits_can_be_cancelled);
	tcase_add_test(tc, input_is_all_taken_or_none);
	tcase_add_test(tc, room_comes_back_as_it_is_read);
	tcase_add_test(tc,
	    a_timeout_of_creation_ends_the_task_when_time_is_up);
	tcase_add_test(tc, a_timeout_that_does_not_come_is_no_matter);
	tcase_add_test(tc, what_is_open_at_the_end_is_a_line);
	tcase_add_test(tc,
	    a_cancelled_job_that_never_ran_is_gone_like_any_other);
	tcase_add_test(tc,
	    results_of_the_programs_own_are_shown_as_far_as_json_goes);
	tcase_add_test(tc,
	    progress_is_told_ten_times_a_second_and_at_the_end);
	tcase_add_test(tc,
	    progress_of_less_than_nothing_or_of_too_many_words_is_refused);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
