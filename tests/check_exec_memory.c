/*
 * Every allocation of a command that runs fails once, by turns. Whatever it
 * hits the task ends, and with it the command; what it says of the output is
 * true; and no byte, descriptor or process is left.
 */
#include <event2/event.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/coroutines/coroutines.h"
#include "tests/jobs.h"
#include "tests/starve.h"

#define WRITTEN 100000	/* more than a pipe holds: someone has to read it */
#define FDS 256

static const struct {
	const char *args;
	bool feeds;	/* a word, and the end, to its stdin */
} commands[] = {
	{ "{\"shell\":\"head -c 100000 /dev/zero\"}", false },
	/* Who never hears the end of its stdin goes on for ever. */
	{ "{\"shell\":\"cat; head -c 100000 /dev/zero\",\"stdin\":\"open\"}",
	    true },
};

static int
count_fds(void)
{
	int n = 0;

	for (int fd = 0; fd < FDS; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

/* Starts the command and sees it to its end. */
static int
run_command(struct json_object *args, bool feeds)
{
	int r = job_start(console, &exec_coroutine, args, NULL,
	    EVTASK_FOREVER, NULL, false, &job);

	if (r < 0)
		return r;
	task = evtask_ref(evtask_job_task(job));
	/* What cannot be sent is for the client to try again. */
	if (feeds && job_send(job, "word\n", 5, true) < 0)
		evtask_cancel(task, NULL);
	while (!evtask_done(task))
		(void)!evtask_loop_run_until_complete(loop, task);
	return evtask_result(task, NULL);
}

/* Once, allocation n failing. Returns whether it came to that. */
static bool
perform(int command, long n)
{
	struct json_object *args, *o;
	bool failed, complete;
	int64_t bytes;
	int r, fds;

	jobs_set_up(EVTASK_CLOCK_MONOTONIC);
	fds = count_fds();
	args = json_tokener_parse(commands[command].args);
	starve_after(n);
	r = run_command(args, commands[command].feeds);
	failed = starve_end();
	ck_assert_msg(r == 0 || (failed && (r == -ENOMEM ||
	    r == -ECANCELED)), "%ld: %d", n, r);
	if (r == 0) {
		o = result();
		bytes = evtask_ctl_get_int(o, "stdout_bytes", -1);
		complete = evtask_ctl_get_bool(o, "output_complete", false);
		ck_assert_msg(failed || complete, "%ld", n);
		ck_assert_msg(!complete || bytes >= WRITTEN, "%ld: %ld bytes",
		    n, (long)bytes);
	}
	ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
	ck_assert_int_eq(errno, ECHILD);
	ck_assert_int_eq(count_fds(), fds);
	json_object_put(args);
	reports = 0;
	jobs_tear_down();
	return failed;
}

START_TEST(every_allocation_may_fail)
{
	long n, before;
	bool failed = true;

	/* What is made once is made here: by the second, which is not launched,
	 * the pool's first thread. */
	perform(1, LONG_MAX);
	perform(_i, LONG_MAX);
	for (n = 0; failed; n++) {
		before = starve_live();
		failed = perform(_i, n);
		ck_assert_msg(starve_live() == before, "%ld: %ld left", n,
		    starve_live() - before);
	}
	ck_assert_int_gt(n, 20);
}
END_TEST

static void
be_quiet(int severity, const char *message)
{
	(void)severity, (void)message;
}

int
main(void)
{
	Suite *s = suite_create("exec_memory");
	TCase *tc = tcase_create("exec_memory");

	if (!starve_is_possible())
		return EXIT_SUCCESS;
	event_set_log_callback(be_quiet);
	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, every_allocation_may_fail, 0,
	    sizeof(commands) / sizeof(commands[0]));
	suite_add_tcase(s, tc);
	return suite_main(s);
}
