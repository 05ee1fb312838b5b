/*
 * evtask.c - libevtask in the race, by its public functions.
 */
#include "bench/peer/evtask_inspect.h"

#include <errno.h>
#include <evtask/inspect_trace.h>
#include <unistd.h>

#include "bench/measure.h"
#include "coro/switch.h"

void
die(const char *what, int r)
{
	fprintf(stderr, "evtask: %s: %s\n", what, strerror(-r));
	exit(1);
}

/* Runs a row's main task, on a loop of its own. */
void
run_main(evtask_fn fn, void *arg)
{
	int r = evtask_run(fn, arg, NULL, NULL, NULL);

	if (r < 0)
		die("run", r);
}

/* n tasks, created in order; then all of them awaited. */
static void
create_all(struct evtask **tasks, evtask_fn fn, void *arg, long n)
{
	for (long i = 0; i < n; i++) {
		int r = evtask_create(fn, arg, NULL, &tasks[i]);

		if (r < 0)
			die("create", r);
	}
}

static int
await_all(struct evtask **tasks, long n)
{
	for (long i = 0; i < n; i++) {
		int r = evtask_await(tasks[i]);

		if (r < 0)
			return r;
		evtask_unref(tasks[i]);
	}
	return 0;
}

static struct evtask **
room_for(long n)
{
	return calloc((size_t)n, sizeof(struct evtask *));
}

/* switch: there and back. It is private to the library: its source file is
 * compiled into this program. */

static void *here, *there;

static void
bounce(void *arg)
{
	(void)arg;
	for (;;)
		switch_stack(&there, &here);
}

static double
switch_ns(long n, long ops)
{
	static char stack[16384];
	int64_t begin;

	(void)n;
	there = switch_prepare(stack + sizeof stack, bounce, NULL);
	begin = cpu_ns();
	for (long i = 0; i < ops; i += 2)
		switch_stack(&here, &there);
	return (double)(cpu_ns() - begin) / (double)ops;
}

static void
switches(long n)
{
	report_per_op("ns", switch_ns, n);
}

/* yield: n tasks give way in turn. The first two rounds are for warming. */

struct yields {
	long n, ops, left;
	int64_t begin, end;
	bool recorded;
};

static int
yielder(void *arg)
{
	struct yields *y = arg;

	while (y->left > 0) {
		int r = evtask_sleep(0);

		if (r < 0)
			return r;
		y->left--;
		if (y->left == y->ops)
			y->begin = cpu_ns();
		else if (y->left == 0)
			y->end = cpu_ns();
	}
	return 0;
}

static int
yields_main(void *arg)
{
	struct yields *y = arg;
	struct evtask **tasks = room_for(y->n);
	int r = y->recorded ?
	    evtask_trace_start(evtask_get_running_loop(), 0) : 0;

	if (r < 0)
		return r;
	create_all(tasks, yielder, y, y->n);
	r = await_all(tasks, y->n);
	free(tasks);
	return r;
}

static double
yield_ns(long n, long ops)
{
	struct yields y = { .n = n, .ops = ops, .left = ops + 2 * n };

	run_main(yields_main, &y);
	return (double)(y.end - y.begin) / (double)ops;
}

static void
yield(long n)
{
	report_per_op("ns", yield_ns, n);
}

/* recorder: what a yield takes more when the flight recorder is on. */

static double
recorded_ns(long n, long ops)
{
	struct yields y = {
		.n = n, .ops = ops, .left = ops + 2 * n, .recorded = true,
	};

	run_main(yields_main, &y);
	return (double)(y.end - y.begin) / (double)ops - yield_ns(n, ops);
}

static void
recorder(long n)
{
	report_per_op("ns", recorded_ns, n);
}

/* spawn: one after the other, created and awaited for its result. */

static int
returner(void *arg)
{
	return evtask_return(evtask_value_int(*(long *)arg));
}

static int
spawn_main(void *arg)
{
	long ops = *(long *)arg;

	for (long i = 0; i < ops; i++) {
		struct evtask_value value;
		struct evtask *task;
		int r = evtask_create(returner, &i, NULL, &task);

		if (r == 0)
			r = evtask_await_result(task, &value);
		if (r < 0)
			return r;
		if (value.u.i != i)
			return -EBADMSG;
		evtask_unref(task);
	}
	return 0;
}

static double
spawn_ns(long n, long ops)
{
	int64_t begin = cpu_ns();

	(void)n;
	run_main(spawn_main, &ops);
	return (double)(cpu_ns() - begin) / (double)ops;
}

static void
spawn(long n)
{
	report_per_op("ns", spawn_ns, n);
}

/* join, alive: n at once, which return, or first suspend once, so that all of
 * them are there together. Cold, and again, in the same array. */

struct crowd {
	evtask_fn fn;
	long n;
};

static int
crowd_main(void *arg)
{
	static const char *const keys[] = { "cold", "warm" };
	struct crowd *crowd = arg;
	struct evtask **tasks = room_for(crowd->n);
	int r = 0;

	for (int i = 0; i < 2 && r == 0; i++) {
		int64_t begin = cpu_ns();

		create_all(tasks, crowd->fn, &crowd->n, crowd->n);
		r = await_all(tasks, crowd->n);
		report(keys[i], (double)(cpu_ns() - begin) / (double)crowd->n);
	}
	free(tasks);
	return r;
}

static int
suspender(void *arg)
{
	(void)arg;
	return evtask_sleep(0);
}

static void
join(long n)
{
	run_main(crowd_main, &(struct crowd){ returner, n });
}

static void
alive(long n)
{
	run_main(crowd_main, &(struct crowd){ suspender, n });
}

/* asleep: n tasks sleep until the same moment, which comes after the last of
 * them has gone to sleep. */

struct asleep {
	long n, asleep;
	int64_t until_us;
};

static int
sleeper(void *arg)
{
	struct asleep *a = arg;
	int64_t now_us = evtask_loop_time_us(evtask_get_running_loop());
	int r;

	a->asleep++;
	r = evtask_sleep(a->until_us - now_us);
	a->asleep--;
	return r;
}

static int
asleep_main(void *arg)
{
	struct asleep *a = arg;
	double before = resident_bytes();
	struct evtask **tasks = room_for(a->n);
	int r;

	a->until_us = evtask_loop_time_us(evtask_get_running_loop()) +
	    1000000 + a->n * 15 * patience();
	create_all(tasks, sleeper, a, a->n);
	r = evtask_sleep(0);
	if (r < 0 || a->asleep < a->n)
		die("not all were asleep", r);
	report("bytes", (resident_bytes() - before) / (double)a->n);
	report("tables", status_bytes("VmPTE") / (double)a->n);
	report("maps", (double)mappings());
	r = await_all(tasks, a->n);
	free(tasks);
	return r;
}

static void
asleep(long n)
{
	run_main(asleep_main, &(struct asleep){ .n = n });
	report("cpu", (double)cpu_ns() / 1e9);
}

/* queued: tasks that have not begun; futures: such as a timer will settle. */

static int
queued_main(void *arg)
{
	long n = *(long *)arg;
	double before = resident_bytes();

	for (long i = 0; i < n; i++) {
		int r = evtask_create(returner, arg, NULL, NULL);

		if (r < 0)
			return r;
	}
	report("bytes", (resident_bytes() - before) / (double)n);
	return 0;
}

static void
queued(long n)
{
	run_main(queued_main, &n);
}

static void
settle(void *arg)
{
	evtask_set_result(arg, evtask_value_none());
	evtask_future_unref(arg);
}

static int
futures_main(void *arg)
{
	long n = *(long *)arg;
	double before = resident_bytes();

	for (long i = 0; i < n; i++) {
		struct evtask_future *future;
		int r = evtask_future_new(NULL, &future);

		if (r == 0)
			r = evtask_call_later(NULL, 1000000 + i, settle,
			    future, NULL);
		if (r < 0)
			return r;
	}
	report("bytes", (resident_bytes() - before) / (double)n);
	_exit(0);		/* nobody waits for them */
}

static void
futures(long n)
{
	run_main(futures_main, &n);
}

/* timers: n armed at deadlines within a second, called off in the order in
 * which they were made; armed again, and all due at once. In memory of ours,
 * as libevent's and libuv's; and again as handles, which the loop allocates. */

struct timers {
	long n, expired;
	int32_t *delays_us;
	struct evtask_timer *timers;
	struct evtask_handle **handles;	/* NULL: timers */
};

static void
expire(void *arg)
{
	((struct timers *)arg)->expired++;
}

static void
arm_all(struct timers *t)
{
	struct evtask_loop *loop = evtask_get_running_loop();
	int64_t now_us = evtask_loop_time_us(loop);
	int r = 0;

	for (long i = 0; i < t->n && r == 0; i++)
		r = t->handles == NULL ?
		    evtask_timer_call_at(&t->timers[i],
			now_us + t->delays_us[i]) :
		    evtask_call_at(loop, now_us + t->delays_us[i], expire, t,
			&t->handles[i]);
	if (r < 0)
		die("call_at", r);
}

static void
cancel_all(struct timers *t)
{
	for (long i = 0; i < t->n; i++) {
		if (t->handles == NULL) {
			evtask_timer_stop(&t->timers[i]);
			continue;
		}
		evtask_handle_cancel(t->handles[i]);
		evtask_handle_unref(t->handles[i]);
	}
}

static int
timers_main(void *arg)
{
	struct timers *t = arg;
	double n = (double)t->n;
	int64_t t0, t1;
	int r;

	for (long i = 0; i < t->n && t->handles == NULL; i++)
		evtask_timer_init(&t->timers[i], NULL, expire, t);
	for (int warm = 0; warm < 2; warm++) {
		t0 = cpu_ns();
		arm_all(t);
		t1 = cpu_ns();
		cancel_all(t);
		if (warm) {
			report("add", (double)(t1 - t0) / n);
			report("cancel", (double)(cpu_ns() - t1) / n);
		}
	}
	arm_all(t);
	for (long i = 0; i < t->n && t->handles != NULL; i++)
		evtask_handle_unref(t->handles[i]);
	sleep(3);		/* the loop stands still, the clock does not */
	t0 = cpu_ns();
	while (t->expired < t->n)
		if ((r = evtask_sleep(0)) < 0)
			return r;
	report("expire", (double)(cpu_ns() - t0) / n);
	return 0;
}

static void
timers(long n)
{
	struct timers t = {
		.n = n, .delays_us = delays_us(n),
		.timers = calloc((size_t)n, sizeof *t.timers),
	};

	run_main(timers_main, &t);
	free(t.timers);
	free(t.delays_us);
}

static void
handles(long n)
{
	struct timers t = {
		.n = n, .delays_us = delays_us(n),
		.handles = calloc((size_t)n, sizeof(struct evtask_handle *)),
	};

	run_main(timers_main, &t);
	free(t.handles);
	free(t.delays_us);
}

/* echo: a task for each connection, until killed. */

static int
serve(struct evtask_stream *stream, void *arg)
{
	char buf[4096];
	ssize_t n;
	int r = 0;

	(void)arg;
	while (r == 0 && (n = evtask_stream_read(stream, buf, sizeof buf)) != 0)
		r = n < 0 ? (int)n : evtask_stream_write(stream, buf,
		    (size_t)n);
	return r;
}

static int
echo_main(void *arg)
{
	int r = evtask_start_unix_server(serve, NULL, arg, NULL, NULL);

	return r < 0 ? r : evtask_sleep(EVTASK_FOREVER);
}

static void
echo(long n)
{
	(void)n;
	run_main(echo_main, getenv("BENCH_SOCKET"));
}

static const struct measure_row rows[] = {
	{ "switch", switches },
	{ "yield", yield },
	{ "recorder", recorder },
	{ "stack", inspect_stack },
	{ "owner", inspect_owner },
	{ "stall", inspect_stall },
	{ "spawn", spawn },
	{ "join", join },
	{ "alive", alive },
	{ "asleep", asleep },
	{ "queued", queued },
	{ "futures", futures },
	{ "timers", timers },
	{ "handles", handles },
	{ "echo", echo },
	{ NULL, NULL }
};

int
main(int argc, char **argv)
{
	return measure_main(argc, argv, rows);
}
