/*
 * stage.c - where the targets that fuzz a whole server play.
 *
 * An input alone decides what happens, and still loop and console are kept for
 * the next, because making them takes several times as long as most inputs
 * do. So between two inputs all that the one has left is ended, and all that
 * counts begins anew, the numbers of tasks and both clocks included; and now
 * and then the stage is taken down, which shows that nothing has stayed.
 *
 * The console has no socket of its own: a connection is one end of a socket
 * pair. Nor has it a thread that watches the loop: how long a turn takes is not
 * the input's doing, and the system's clock stands still but for a few
 * microseconds whenever it is looked at. It remembers few events, so that
 * clients that are not very slow miss some.
 */
#include "tests/fuzz/stage.h"
#include <errno.h>
#include <evtask/inspect_trace.h>
#include <json-c/json.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "lib/console/watch.h"
#include "lib/core/loop.h"
#include "lib/core/task.h"

#define INPUTS_MAX 1000  /* of one stage */
#define RING_SIZE 256    /* events that are remembered */
#define TRACE_SIZE 64
#define ENDINGS_MAX 8    /* tries to have no task running */
#define BEGIN_US INT64_C(1000000000000) /* of both clocks */
#define LOOK_US 10       /* pass while the system's clock is looked at */
#define WATCHED_US 1000000 /* as often are tasks looked at for warnings */
#define WATCHED_MAX 100  /* of them */

static int64_t system_us; /* the system's clock */

static int
run_echo(void *arg)
{
	struct evtask_job *job = arg;

	return evtask_job_return(job, json_object_get(evtask_job_args(job)));
}

static int
run_nap(void *arg)
{
	return evtask_sleep(evtask_job_duration_us(arg, "delay", 1000));
}

static int
run_cat(void *arg)
{
	char bytes[64];
	ssize_t n;

	while ((n = evtask_job_read(arg, bytes, sizeof(bytes))) > 0)
		evtask_job_log(arg, EVTASK_JOB_OUT, bytes, (size_t)n);
	return (int)n;
}

static int
run_say(void *arg)
{
	int64_t times = evtask_job_int(arg, "times");
	int r = 0;

	while (r == 0 && times-- > 0) {
		evtask_job_log(arg, EVTASK_JOB_ERR, "a line\n", 7);
		r = evtask_job_drain(arg);
	}
	return r;
}

static int
run_fail(void *arg)
{
	return evtask_raise(-ECONNREFUSED, "as it was asked to");
}

static int
take_signal(struct evtask_job *job, int signo)
{
	return signo == SIGUSR1 ? 0 : -EPERM;
}

static const struct evtask_coroutine rows[] = {
	{ .name = "echo", .fn = run_echo, .takes_stdin = true },
	{ .name = "nap", .fn = run_nap, .signal = take_signal },
	{ .name = "cat", .fn = run_cat, .takes_stdin = true },
	{ .name = "say", .fn = run_say, .args_schema = "{\"properties\":"
	    "{\"times\":{\"type\":\"integer\",\"default\":3,\"minimum\":0,"
	    "\"maximum\":2000}}}" },
	{ .name = "fail", .fn = run_fail },
};

const char *const stage_coroutines[] = {
	"echo", "nap", "cat", "say", "fail", NULL,
};

static void
ignore_report(struct evtask_loop *loop, const struct evtask_report *report,
    void *arg)
{
}

static void
ignore_shutdown(enum evtask_console_shutdown mode, int64_t timeout_us,
    void *arg)
{
}

/*
 * What work takes is a matter of how often the clock is looked at: the linker
 * has this called instead of the system's (--wrap, in fuzz.mk).
 */
int __wrap_clock_gettime(clockid_t clock, struct timespec *ret_time);

int
__wrap_clock_gettime(clockid_t clock, struct timespec *ret_time)
{
	system_us += LOOK_US;
	ret_time->tv_sec = system_us / 1000000;
	ret_time->tv_nsec = system_us % 1000000 * 1000;
	return 0;
}

static void
begin_time(struct stage *stage)
{
	stage->loop->now_us = system_us = BEGIN_US;
}

static void
set_up(struct stage *stage)
{
	struct evtask_loop_options virtual = { .clock = EVTASK_CLOCK_VIRTUAL };
	struct evtask_console_options options = {
		.shutdown = ignore_shutdown, .arg = stage, .keep_done = 8,
		.log_bytes = 16384, .no_trace = true, .no_socket = true,
		.stall_us = -1 };
	size_t i;

	if (evtask_loop_new(&virtual, &stage->loop) < 0)
		abort();
	begin_time(stage);
	evtask_loop_set_exception_handler(stage->loop, ignore_report, NULL);
	if (evtask_console_start(stage->loop, &options, &stage->console,
	    NULL) < 0)
		abort();
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (evtask_console_add(stage->console, &rows[i]) < 0)
			abort();
	ring_release(&stage->console->ring);
	if (ring_init(&stage->console->ring, RING_SIZE) < 0)
		abort();
	watch_release(stage->console); /* by a timer of the system's time */
}

static void
take_down(struct stage *stage)
{
	if (stage->console != NULL)
		evtask_console_stop(stage->console);
	if (evtask_loop_free(stage->loop) < 0)
		abort();
	*stage = (struct stage){0};
}

/* Emptied, and not made anew: a quarter of what an input has allocated. */
static void
empty_ring(struct ring *ring)
{
	size_t i;

	for (i = 0; i < ring->room; i++)
		free(ring->records[i].text);
	memset(ring->records, 0, ring->room * sizeof(ring->records[0]));
	ring->pushed = ring->seq = 0;
}

static void
empty_metrics(struct metrics *metrics)
{
	struct metrics empty = { .n_methods = metrics->n_methods,
		.n_errors = metrics->n_errors, .requests = metrics->requests,
		.errors = metrics->errors };
	size_t n = metrics->n_methods + 1;

	memset(metrics->requests, 0, n * sizeof(metrics->requests[0]));
	memset(metrics->errors, 0,
	    n * metrics->n_errors * sizeof(metrics->errors[0]));
	*metrics = empty;
}

/* All that counts is as it is at the start. */
static void
begin(struct stage *stage)
{
	struct evtask_console *console = stage->console;

	strcpy(console->instance, "0");
	console->sessions.last_id = console->sessions.last_sub = 0;
	console->sessions.requests = console->sessions.stalled = 0;
	console->registry.last_id = console->registry.created = 0;
	console->sessions.feed_us = console->sessions.refill_us = 0;
	console->slices.spent_us = console->slices.spent_at_us = 0;
	task_restart_ids();
	stage->loop->last_resource = 0;
	begin_time(stage);
	stage->loop->stats = (struct evtask_loop_stats){0};
	empty_ring(&console->ring);
	empty_metrics(&console->metrics);
	evtask_trace_stop(stage->loop);
	if (evtask_trace_start(stage->loop, TRACE_SIZE) < 0)
		abort();
}

void
stage_open(struct stage *stage)
{
	if (stage->inputs == INPUTS_MAX)
		take_down(stage);
	if (stage->loop == NULL)
		set_up(stage);
	stage->inputs++;
	begin(stage);
}

/* Tasks that are told to end do, at once or when they are told again. */
static void
end_tasks(struct stage *stage)
{
	struct registry *registry = &stage->console->registry;
	struct record *record;
	int left = ENDINGS_MAX;

	while (registry->count > registry->count_done) {
		if (left-- == 0)
			stage_fail("a task does not end", "", 0);
		TAILQ_FOREACH(record, &registry->records, link)
			if (!record->done)
				evtask_cancel(record->task, NULL);
		stage_advance(stage, 1000000);
	}
	while ((record = TAILQ_FIRST(&registry->records)) != NULL)
		registry_forget(registry, record);
}

static void
end_shutdown(struct evtask_console *console)
{
	if (console->ending == NULL)
		return;
	evtask_handle_cancel(console->ending);
	evtask_handle_unref(console->ending);
	console->ending = NULL;
}

void
stage_stop(struct stage *stage)
{
	struct evtask_console *console = stage->console;
	struct session *session;

	if (stage->inputs == INPUTS_MAX) {
		evtask_console_stop(console);
		stage->console = NULL;
		return;
	}
	while ((session = TAILQ_FIRST(&console->sessions.list)) != NULL)
		session_shut_down(session);
}

/* What the sessions of an input leave behind in the console. */
static void
check_nothing_is_left(const struct evtask_console *console)
{
	if (console->sessions.count > 0 || console->sessions.deferred > 0 ||
	    console->sessions.subscriptions > 0 ||
	    console->waiting_subs > 0 || console->registry.live_jobs > 0 ||
	    console->registry.done_log_bytes > 0 ||
	    !TAILQ_EMPTY(&console->slices.list))
		stage_fail("something is left", "", 0);
}

void
stage_close(struct stage *stage)
{
	if (stage->console != NULL)
		stage_stop(stage);
	if (stage->console == NULL)
		return;
	end_shutdown(stage->console);
	end_tasks(stage);
	stage_turn(stage);
	check_nothing_is_left(stage->console);
}

void
stage_turn(struct stage *stage)
{
	evtask_loop_stop(stage->loop); /* before a run: it makes one turn */
	if (evtask_loop_run_forever(stage->loop) < 0)
		abort();
}

static void
stop(void *arg)
{
	evtask_loop_stop(arg);
}

void
stage_advance(struct stage *stage, int64_t us)
{
	if (evtask_call_later(stage->loop, us, stop, stage->loop, NULL) < 0 ||
	    evtask_loop_run_forever(stage->loop) < 0)
		abort();
	if (us >= WATCHED_US)
		watch_some(stage->console, WATCHED_MAX);
}

int
stage_connect(struct stage *stage, enum evtask_ctl_role role)
{
	struct session_list *list = &stage->console->sessions.list;
	size_t before = stage->console->sessions.count;
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0,
	    ends) < 0)
		abort();
	listener_admit(&stage->console->listener, ends[1]);
	if (stage->console->sessions.count > before)
		TAILQ_LAST(list, session_list)->role = role;
	return ends[0];
}
