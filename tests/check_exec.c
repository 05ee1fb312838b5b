/*
 * check_exec.c - daemon/coroutines/exec.c: a command as a task, and every way
 * in which it can be interrupted. What a client sees of it is in e2e/exec.sh
 * and e2e/tree.sh; here jobs are made on a loop of our own, turn by turn.
 */
#include <config.h>

#include <evtask/console.h>
#include <evtask/ctl_value.h>
#include <evtask/evtask.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <stdio.h>
#include <sys/stat.h>

#include "children.h"
#include "console/job.h"
#include "daemon/coroutines/coroutines.h"
#include "daemon/coroutines/output.h"
#include "daemon/reaper.h"

#define FOLDER "/tmp/evtask-exec-XXXXXX"

static char folder[sizeof(FOLDER)];
static char path[64];
static struct evtask_loop *loop;
static struct evtask_console *console;
static struct evtask_job *job;
static struct evtask *task;
static int fds_before;

static int
count_fds(void)
{
	int fd, n = 0;

	for (fd = 0; fd < 256; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

/* A report is something nobody was told: no test here has one. */
static void
on_report(struct evtask_loop *l, const struct evtask_report *report, void *arg)
{
	ck_abort_msg("%s: %s", report->message, report->error != NULL
	    ? evtask_error_message(report->error) : "");
}

static int
open_gate(void *arg)
{
	return 0;
}

/* The pool's threads keep the descriptors they open: start it before. */
static int
warm_up(void *arg)
{
	return evtask_to_thread(open_gate, NULL, NULL);
}

static void
setup(void)
{
	struct evtask_console_options options = { .socket_path = path };
	struct evtask *warm;

	strcpy(folder, FOLDER);
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/s", folder);
	signal(SIGPIPE, SIG_IGN);
	ck_assert_int_eq(evtask_loop_new(NULL, &loop), 0);
	evtask_loop_set_exception_handler(loop, on_report, NULL);
	ck_assert_int_eq(reaper_start(loop), 0);
	ck_assert_int_eq(evtask_console_start(loop, &options, &console, NULL),
	    0);
	ck_assert_int_eq(evtask_loop_create_task(loop, warm_up, NULL, NULL,
	    &warm), 0);
	ck_assert_int_eq(evtask_loop_run_until_complete(loop, warm), 0);
	evtask_unref(warm);
	fds_before = count_fds();
}

/* Nothing of a command is left: no descriptor, and no process but those that
 * are ending - one that is not is waited for until the test fails. */
static void
teardown(void)
{
	evtask_unref(task);
	job_unref(job);
	ck_assert_int_eq(count_fds(), fds_before);
	reaper_stop(loop);
	evtask_console_stop(console);
	ck_assert_int_eq(evtask_loop_free(loop), 0);
	while (waitpid(-1, NULL, 0) > 0)
		;
	ck_assert_int_eq(errno, ECHILD);
	ck_assert_int_eq(rmdir(folder), 0);
}

static void
start(const char *json)
{
	struct json_object *args = json_tokener_parse(json);

	ck_assert_ptr_nonnull(args);
	ck_assert_int_eq(job_start(console, &exec_coroutine, args, NULL,
	    EVTASK_FOREVER, NULL, false, &job), 0);
	json_object_put(args);
	task = evtask_ref(evtask_job_task(job));
}

static void
run_turns(int n)
{
	for (; n > 0 && !evtask_done(task); n--) {
		evtask_loop_stop(loop);
		ck_assert_int_eq(evtask_loop_run_forever(loop), 0);
	}
}

static void
run_to_the_end(void)
{
	ck_assert_int_eq(evtask_loop_run_until_complete(loop, task), 0);
}

/* Turns until that many bytes have been written. */
static void
run_until_output(size_t bytes)
{
	while (evtask_job_logged(job, EVTASK_JOB_OUT) < bytes)
		run_turns(1);
}

static bool
waits_for(const char *type)
{
	struct evtask_wait_info info;

	return evtask_get_wait(task, &info) == 1 &&
	    strcmp(info.type, type) == 0;
}

static struct json_object *
result(void)
{
	struct evtask_value value;

	run_to_the_end();
	ck_assert_int_eq(evtask_result(task, &value), 0);
	ck_assert_ptr_eq(value.type, &job_type_json);
	return value.u.p;
}

static int64_t
number(const char *name)
{
	return evtask_ctl_get_int(result(), name, INT64_MIN);
}

static void
ends_cancelled(void)
{
	run_to_the_end();
	ck_assert(evtask_cancelled(task));
}

START_TEST(the_result_says_how_it_ended_and_what_it_used)
{
	struct json_object *usage;

	start("{\"shell\":\"echo hello; echo oh >&2; exit 7\"}");
	ck_assert_int_eq(number("exit_code"), 7);
	ck_assert_ptr_null(evtask_ctl_get(result(), "signal"));
	ck_assert_int_eq(number("stdout_bytes"), 6);
	ck_assert_int_eq(number("stderr_bytes"), 3);
	ck_assert(evtask_ctl_get_bool(result(), "output_complete", false));
	usage = evtask_ctl_get(result(), "rusage");
	ck_assert_int_ge(evtask_ctl_get_int(usage, "user_us", -1), 0);
	ck_assert_int_gt(evtask_ctl_get_int(usage, "max_rss_bytes", -1), 0);
}
END_TEST

START_TEST(a_failure_to_start_raises)
{
	struct evtask_error *error;

	start("{\"argv\":[\"/no/such/program\"]}");
	run_to_the_end();
	ck_assert_int_eq(evtask_exception(task, &error), 0);
	ck_assert_int_eq(evtask_error_code(error), -ENOENT);
	ck_assert_str_eq(evtask_error_type(error), "SpawnError");
	ck_assert_ptr_nonnull(strstr(evtask_error_message(error),
	    "\"/no/such/program\""));
}
END_TEST

/* After n turns of the loop, wherever that is: before its first run, while it
 * is spawned, or while it runs. */
START_TEST(a_cancel_after_any_turn_leaves_nothing)
{
	start("{\"argv\":[\"sleep\",\"1000\"]}");
	run_turns(_i);
	ck_assert_int_eq(evtask_cancel(task, "now"), 1);
	ends_cancelled();
}
END_TEST

START_TEST(a_cancel_with_open_stdin_leaves_nothing)
{
	start("{\"argv\":[\"cat\"],\"stdin\":\"open\"}");
	run_turns(_i);
	ck_assert_int_eq(evtask_cancel(task, NULL), 1);
	ends_cancelled();
}
END_TEST

START_TEST(a_cancel_while_output_is_waited_for_leaves_nothing)
{
	start("{\"shell\":\"echo here; setsid sleep 1000 & exit 0\"}");
	run_until_output(5);
	while (waits_for("child"))
		run_turns(1);
	ck_assert(!evtask_done(task));
	evtask_cancel(task, NULL);
	ends_cancelled();
}
END_TEST

START_TEST(what_the_command_has_left_is_asked_to_end)
{
	start("{\"shell\":\"(trap 'echo bye; exit 0' TERM; echo up; "
	    "while :; do sleep 0.01; done) & exit 0\",\"grace\":\"1h\"}");
	run_until_output(3);
	while (waits_for("child"))
		run_turns(1);
	ck_assert(!evtask_done(task));
	evtask_cancel(task, NULL);
	ends_cancelled();
	ck_assert_int_eq(evtask_job_logged(job, EVTASK_JOB_OUT), 7);
}
END_TEST

START_TEST(a_second_cancel_ends_the_grace)
{
	start("{\"shell\":\"trap '' TERM; echo deaf; while :; do sleep 0.01; "
	    "done\",\"grace\":\"1h\"}");
	run_until_output(5);
	evtask_cancel(task, NULL);
	run_turns(3);
	ck_assert(!evtask_done(task));
	evtask_cancel(task, NULL);
	ends_cancelled();
}
END_TEST

START_TEST(many_cancels_do_no_harm)
{
	int n;

	start("{\"shell\":\"trap '' TERM; echo deaf; while :; do sleep 0.01; "
	    "done\",\"grace\":\"1h\"}");
	run_until_output(5);
	for (n = 0; n < 5; n++) {
		evtask_cancel(task, NULL);
		run_turns(1);
	}
	ends_cancelled();
}
END_TEST

START_TEST(no_grace_at_all_kills)
{
	start("{\"shell\":\"trap '' TERM; echo deaf; while :; do sleep 0.01; "
	    "done\",\"grace\":0}");
	run_until_output(5);
	evtask_cancel(task, NULL);
	ends_cancelled();
}
END_TEST

START_TEST(output_in_both_streams_stays_in_order)
{
	char bytes[200000];
	size_t n;

	start("{\"shell\":\"seq 20000; seq 10000 >&2\"}");
	for (n = 0; n < sizeof(bytes) && !evtask_done(task); n++)
		run_turns(1);
	ck_assert_int_eq(number("stdout_bytes"), 108894);
	ck_assert_int_eq(number("stderr_bytes"), 48894);
}
END_TEST

/* One read a turn: a command that writes all the time does not keep the loop
 * from anything else. */
static void
count_call(void *arg)
{
	int *n = arg;

	if (++*n < 100)
		ck_assert_int_eq(evtask_call_soon(loop, count_call, n, NULL),
		    0);
}

START_TEST(a_command_that_never_stops_writing_does_not_stop_the_loop)
{
	int n = 0;
	uint64_t before;

	start("{\"argv\":[\"yes\"],\"grace\":0}");
	run_until_output(1);
	before = evtask_job_logged(job, EVTASK_JOB_OUT);
	ck_assert_int_eq(evtask_call_soon(loop, count_call, &n, NULL), 0);
	while (n < 100)
		run_turns(1);
	ck_assert_uint_le(evtask_job_logged(job, EVTASK_JOB_OUT) - before,
	    UINT64_C(110) * 65536);	/* a pipe full in a turn */
	evtask_cancel(task, NULL);
	ends_cancelled();
}
END_TEST

START_TEST(input_is_carried_to_its_end)
{
	static char bytes[300000];

	memset(bytes, 'x', sizeof(bytes));
	start("{\"argv\":[\"wc\",\"-c\"],\"stdin\":\"open\"}");
	ck_assert_int_eq(job_send(job, bytes, sizeof(bytes), true), 0);
	ck_assert_int_eq(number("exit_code"), 0);
	ck_assert_int_eq(number("stdout_bytes"), 7);
}
END_TEST

START_TEST(a_command_that_closes_its_stdin_closes_the_jobs)
{
	static char bytes[300000];

	start("{\"shell\":\"exec <&-; echo shut; exec sleep 1000\","
	    "\"stdin\":\"open\"}");
	run_until_output(5);
	ck_assert_int_eq(job_send(job, bytes, sizeof(bytes), false), 0);
	while (job_send(job, "x", 1, false) != -EPIPE)
		run_turns(1);
	evtask_cancel(task, NULL);
	ends_cancelled();
}
END_TEST

START_TEST(stdin_that_was_not_asked_for_is_closed)
{
	start("{\"argv\":[\"sleep\",\"1000\"]}");
	run_turns(3);
	ck_assert_int_eq(job_send(job, "x", 1, false), -EPIPE);
	evtask_cancel(task, NULL);
	ends_cancelled();
}
END_TEST

static void
run_until_held(void)
{
	while (evtask_event_is_set(job->drained))
		run_turns(1);
}

START_TEST(a_command_that_is_held_by_a_reader_can_be_cancelled)
{
	struct pacer pacer;
	uint64_t before;

	start("{\"argv\":[\"yes\"],\"grace\":\"1h\"}");
	pacer_start(&pacer, job, 0);
	run_until_held();
	before = evtask_job_logged(job, EVTASK_JOB_OUT);
	evtask_cancel(task, NULL);
	run_turns(3);
	while (waits_for("child"))
		run_turns(1);
	run_turns(3);
	ck_assert_uint_eq(evtask_job_logged(job, EVTASK_JOB_OUT), before);
	evtask_cancel(task, NULL); /* the grace: its output is not read */
	ends_cancelled();
	pacer_stop(&pacer);
}
END_TEST

START_TEST(the_grace_ends_though_a_reader_holds)
{
	struct pacer pacer;

	start("{\"shell\":\"trap '' TERM; yes\",\"grace\":0.05}");
	pacer_start(&pacer, job, 0);
	run_until_held();
	evtask_cancel(task, NULL);
	ends_cancelled();
	pacer_stop(&pacer);
}
END_TEST

static void
stop_loop(void *arg)
{
	evtask_loop_stop(loop);
}

/* The log holds it at half a mebibyte, with some of it still in the pipe. */
START_TEST(what_a_command_has_written_is_read_though_it_has_long_exited)
{
	struct pacer pacer;

	start("{\"shell\":\"head -c 580000 /dev/zero | tr '\\\\000' x\"}");
	pacer_start(&pacer, job, 0);
	run_until_held();
	ck_assert_uint_lt(evtask_job_logged(job, EVTASK_JOB_OUT), 580000);
	while (waits_for("child"))
		run_turns(1);
	ck_assert_int_eq(evtask_call_later(loop, 1500000, stop_loop, NULL,
	    NULL), 0);
	ck_assert_int_eq(evtask_loop_run_forever(loop), 0);
	ck_assert(!evtask_done(task));
	pacer_stop(&pacer);
	ck_assert_int_eq(number("stdout_bytes"), 580000);
	ck_assert(evtask_ctl_get_bool(result(), "output_complete", false));
}
END_TEST

/* Who has ended has written all it ever will. */
static void
let_go(const char *fifo)
{
	struct pollfd held = { .fd = open(fifo, O_WRONLY | O_CLOEXEC) };

	ck_assert_int_eq(write(held.fd, "\n", 1), 1);
	while ((held.revents & POLLERR) == 0)
		ck_assert_int_eq(poll(&held, 1, CHILD_TIMEOUT_MS), 1);
	close(held.fd);
}

START_TEST(a_loop_that_stood_still_reads_what_was_written_meanwhile)
{
	char fifo[64], args[160];

	snprintf(fifo, sizeof(fifo), "%s/go", folder);
	ck_assert_int_eq(mkfifo(fifo, 0600), 0);
	snprintf(args, sizeof(args), "{\"shell\":\"echo a; (read x; echo b) "
	    "<%s & exit 0\"}", fifo);
	start(args);
	run_until_output(2);
	while (waits_for("child"))
		run_turns(1);
	let_go(fifo);
	usleep(OUTPUT_LINGER_US + 100000);
	ck_assert_int_eq(number("stdout_bytes"), 4);
	ck_assert(evtask_ctl_get_bool(result(), "output_complete", false));
	ck_assert_int_eq(unlink(fifo), 0);
}
END_TEST

/* Short or not: what it has left is carried, for a while. */
START_TEST(a_short_command_may_leave_one_who_never_stops_writing)
{
	start("{\"shell\":\"yes & exit 5\"}");
	ck_assert_int_eq(number("exit_code"), 5);
	ck_assert(!evtask_ctl_get_bool(result(), "output_complete", true));
}
END_TEST

START_TEST(a_signal_reaches_the_group_while_it_runs)
{
	start("{\"shell\":\"trap 'echo got' USR1; echo up; "
	    "while :; do sleep 0.01; done\"}");
	ck_assert_int_eq(exec_coroutine.signal(job, SIGUSR1), -ESRCH);
	run_until_output(3);
	ck_assert_int_eq(exec_coroutine.signal(job, SIGUSR1), 0);
	ck_assert_int_eq(exec_coroutine.signal(job, SIGKILL), 0);
	ck_assert_str_eq(evtask_ctl_get_text(result(), "signal", ""), "KILL");
	ck_assert_int_eq(exec_coroutine.signal(job, SIGTERM), -ESRCH);
}
END_TEST

/* Its number may be anybody's by now; what it has left is known otherwise, and
 * has its grace. */
START_TEST(a_command_that_another_has_reaped_is_gone)
{
	struct evtask_wait_info info;
	pid_t pid;

	start("{\"shell\":\"(trap 'echo bye; exit 0' TERM; echo up; "
	    "while :; do sleep 0.01; done) & exec sleep 1000\","
	    "\"grace\":\"1h\"}");
	run_until_output(3);
	ck_assert_int_eq(evtask_get_wait(task, &info), 1);
	pid = atoi(info.name);
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	run_to_the_end();
	ck_assert_int_eq(evtask_result(task, NULL), -ECHILD);
	ck_assert_int_eq(evtask_job_logged(job, EVTASK_JOB_OUT), 7);
}
END_TEST

START_TEST(a_loop_that_is_freed_takes_its_commands_along)
{
	start("{\"argv\":[\"sleep\",\"1000\"],\"stdin\":\"open\"}");
	while (evtask_job_data(job) == NULL)
		run_turns(1);
	job_detach(job); /* the console ends first */
	evtask_unref(task);
	job_unref(job);
	task = NULL;
	job = NULL;
	evtask_console_stop(console);
	console = NULL;
	ck_assert_int_eq(evtask_loop_free(loop), 0);
	ck_assert_int_eq(evtask_loop_new(NULL, &loop), 0);
	end_children();
	fds_before = count_fds();
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("exec");
	TCase *tc = tcase_create("exec");

	tcase_set_timeout(tc, 120);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, the_result_says_how_it_ended_and_what_it_used);
	tcase_add_test(tc, a_failure_to_start_raises);
	tcase_add_loop_test(tc, a_cancel_after_any_turn_leaves_nothing, 0, 12);
	tcase_add_loop_test(tc, a_cancel_with_open_stdin_leaves_nothing, 0,
	    12);
	tcase_add_test(tc, a_cancel_while_output_is_waited_for_leaves_nothing);
	tcase_add_test(tc, what_the_command_has_left_is_asked_to_end);
	tcase_add_test(tc, a_second_cancel_ends_the_grace);
	tcase_add_test(tc, many_cancels_do_no_harm);
	tcase_add_test(tc, no_grace_at_all_kills);
	tcase_add_test(tc, output_in_both_streams_stays_in_order);
	tcase_add_test(tc,
	    a_command_that_never_stops_writing_does_not_stop_the_loop);
	tcase_add_test(tc, input_is_carried_to_its_end);
	tcase_add_test(tc, a_command_that_closes_its_stdin_closes_the_jobs);
	tcase_add_test(tc, stdin_that_was_not_asked_for_is_closed);
	tcase_add_test(tc,
	    a_command_that_is_held_by_a_reader_can_be_cancelled);
	tcase_add_test(tc, the_grace_ends_though_a_reader_holds);
	tcase_add_test(tc,
	    what_a_command_has_written_is_read_though_it_has_long_exited);
	tcase_add_test(tc,
	    a_loop_that_stood_still_reads_what_was_written_meanwhile);
	tcase_add_test(tc,
	    a_short_command_may_leave_one_who_never_stops_writing);
	tcase_add_test(tc, a_signal_reaches_the_group_while_it_runs);
	tcase_add_test(tc, a_command_that_another_has_reaped_is_gone);
	tcase_add_test(tc, a_loop_that_is_freed_takes_its_commands_along);
	suite_add_tcase(s, tc);
	return suite_main(s);
}
