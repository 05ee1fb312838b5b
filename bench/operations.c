/*
 * operations.c - the operations of libevtask, to be counted by callgrind.
 *
 * Each row of the table is run in the main task of a loop: once to warm it,
 * and once more between two requests to callgrind, which writes down how many
 * instructions that took, under the row's name. The clock is virtual: on it
 * nothing depends on how fast the machine is, so that the counts repeat.
 * bench/instructions runs this; alone it only shows that all of it works.
 */
#include <errno.h>
#include <evtask/evtask.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "coro/switch.h"

#if defined(__has_include)
#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>
#endif
#endif
#ifndef CALLGRIND_ZERO_STATS
#define CALLGRIND_ZERO_STATS
#define CALLGRIND_DUMP_STATS_AT(name) ((void)(name))
#endif

enum {
	TIMES = 2000,		/* how often each is done */
	CROWD = 10,		/* tasks of a gather, of a group */
	ARMED = 10000,		/* timers there are while one is added */
};

/* What operations work on: made once, before the first. */
struct things {
	struct evtask_lock *lock;
	struct evtask_queue *queue, *answers;
	struct evtask_event *event;
	struct evtask_semaphore *semaphore;
	struct evtask_stream *streams[2];
	struct evtask_handle *armed[ARMED];
	struct evtask_handle *handles[TIMES];
	struct evtask_timer timers[TIMES];
};

static int
nothing(void *arg)
{
	(void)arg;
	return evtask_return(evtask_value_int(1));
}

static void
tick(void *arg)
{
	(void)arg;
}

/* Switching. */

static void *here, *there;

static void
bounce(void *arg)
{
	(void)arg;
	for (;;)
		switch_stack(&there, here);
}

static int
raw_switch(struct things *t)
{
	static char stack[16384];

	(void)t;
	there = switch_prepare(stack + sizeof stack, bounce, NULL);
	for (int i = 0; i < TIMES; i += 2)
		switch_stack(&here, there);
	return 0;
}

static int
yields(void *arg)
{
	int r = 0;

	(void)arg;
	for (int i = 0; i < TIMES && r == 0; i++)
		r = evtask_sleep(0);
	return r;
}

static int
yield_alone(struct things *t)
{
	return yields(t);
}

/* Half of the yields are another task's. */
static int
yield_in_turn(struct things *t)
{
	struct evtask *other;
	int r = evtask_create(yields, NULL, NULL, &other);

	if (r == 0)
		r = yields(t);
	if (r == 0)
		r = evtask_await(other);
	evtask_unref(other);
	return r;
}

/* Tasks. */

static int
create_and_await(struct things *t)
{
	int r = 0;

	(void)t;
	for (int i = 0; i < TIMES && r == 0; i++) {
		struct evtask_value value;
		struct evtask *task;

		r = evtask_create(nothing, NULL, NULL, &task);
		if (r == 0)
			r = evtask_await_result(task, &value);
		evtask_unref(task);
	}
	return r;
}

static int
create_eager(struct things *t)
{
	static const struct evtask_options eager = { .eager = true };
	int r = 0;

	(void)t;
	for (int i = 0; i < TIMES && r == 0; i++)
		r = evtask_create(nothing, NULL, &eager, NULL);
	return r;
}

static int
sleeps_for_ever(void *arg)
{
	(void)arg;
	return evtask_sleep(EVTASK_FOREVER);
}

static int
create_and_cancel(struct things *t)
{
	int r = 0;

	(void)t;
	for (int i = 0; i < TIMES && r == 0; i++) {
		struct evtask *task;

		r = evtask_create(sleeps_for_ever, NULL, NULL, &task);
		if (r == 0)
			r = evtask_sleep(0);
		if (r == 0 && evtask_cancel(task, NULL) != 1)
			r = -EBADMSG;
		if (r == 0)
			r = evtask_await(task);
		evtask_unref(task);
	}
	return r;
}

static int
call(struct things *t)
{
	int r = 0;

	(void)t;
	for (int i = 0; i < TIMES && r == 0; i++)
		r = evtask_call(nothing, NULL, NULL);
	return r;
}

static int
gather(struct things *t)
{
	int r = 0;

	(void)t;
	for (int i = 0; i < TIMES / CROWD && r == 0; i++) {
		union evtask_awaitable tasks[CROWD];
		struct evtask_future *all;

		for (int j = 0; j < CROWD; j++)
			evtask_create(nothing, NULL, NULL, &tasks[j].task);
		r = evtask_gather(tasks, CROWD, false, &all);
		if (r == 0)
			r = evtask_await(all);
		evtask_future_unref(all);
		for (int j = 0; j < CROWD; j++)
			evtask_unref(tasks[j].task);
	}
	return r;
}

/* Futures, time. */

static void
settle(void *arg)
{
	evtask_set_result(arg, evtask_value_none());
}

static int
future(struct things *t)
{
	int r = 0;

	(void)t;
	for (int i = 0; i < TIMES && r == 0; i++) {
		struct evtask_future *f;

		r = evtask_future_new(NULL, &f);
		if (r == 0)
			r = evtask_call_soon(NULL, settle, f, NULL);
		if (r == 0)
			r = evtask_await(f);
		evtask_future_unref(f);
	}
	return r;
}

static int
future_done(struct things *t)
{
	struct evtask_future *f;
	int r = evtask_future_new(NULL, &f);

	(void)t;
	if (r == 0)
		r = evtask_set_result(f, evtask_value_none());
	for (int i = 0; i < TIMES && r == 0; i++)
		r = evtask_await(f);
	evtask_future_unref(f);
	return r;
}

static int
sleeping(struct things *t)
{
	int r = 0;

	(void)t;
	for (int i = 0; i < TIMES && r == 0; i++)
		r = evtask_sleep(1000);
	return r;
}

static int
timeout_scope(struct things *t)
{
	int r = 0;

	(void)t;
	for (int i = 0; i < TIMES && r == 0; i++) {
		struct evtask_timeout timeout;

		r = evtask_timeout_enter(&timeout, 1000000);
		if (r == 0)
			r = evtask_timeout_exit(&timeout, 0);
	}
	return r;
}

static int
soon(struct things *t)
{
	int r = 0;

	(void)t;
	for (int i = 0; i < TIMES && r == 0; i++)
		r = evtask_call_soon(NULL, tick, NULL, NULL);
	return r == 0 ? evtask_sleep(0) : r;
}

/* Deadlines that come in no order, among others that never come up. */
static int
timer_add(struct things *t)
{
	int r = 0;

	for (int i = 0; i < TIMES && r == 0; i++)
		r = evtask_call_later(NULL,
		    EVTASK_FOREVER / 2 + i * 7919 % ARMED, tick, NULL,
		    &t->handles[i]);
	return r;
}

static int
timer_cancel(struct things *t)
{
	for (int i = 0; i < TIMES; i++) {
		evtask_handle_cancel(t->handles[i]);
		evtask_handle_unref(t->handles[i]);
		t->handles[i] = NULL;
	}
	return 0;
}

/* The same in memory of the caller's. */
static int
timer_start(struct things *t)
{
	int r = 0;

	for (int i = 0; i < TIMES; i++)
		evtask_timer_init(&t->timers[i], NULL, tick, NULL);
	for (int i = 0; i < TIMES && r == 0; i++)
		r = evtask_timer_call_later(&t->timers[i],
		    EVTASK_FOREVER / 2 + i * 7919 % ARMED);
	return r;
}

static int
timer_stop(struct things *t)
{
	for (int i = 0; i < TIMES; i++)
		evtask_timer_stop(&t->timers[i]);
	return 0;
}

static int
timer_expire(struct things *t)
{
	int r = 0;

	(void)t;
	for (int i = 0; i < TIMES && r == 0; i++)
		r = evtask_call_later(NULL, 1 + i * 7919 % ARMED, tick, NULL,
		    NULL);
	return r == 0 ? evtask_sleep(ARMED + 1) : r;
}

/* Between tasks. */

static int
lock(struct things *t)
{
	int r = 0;

	for (int i = 0; i < TIMES && r == 0; i++) {
		r = evtask_lock_acquire(t->lock);
		if (r == 0)
			r = evtask_lock_release(t->lock);
	}
	return r;
}

static int
holds_in_turn(void *arg)
{
	struct things *t = arg;
	int r = 0;

	for (int i = 0; i < TIMES / 2 && r == 0; i++) {
		r = evtask_lock_acquire(t->lock);
		if (r == 0)
			r = evtask_sleep(0);
		if (r == 0)
			r = evtask_lock_release(t->lock);
	}
	return r;
}

/* Each holds it for a turn, in which the other comes to stand in line. */
static int
lock_contended(struct things *t)
{
	struct evtask *other;
	int r = evtask_create(holds_in_turn, t, NULL, &other);

	if (r == 0)
		r = holds_in_turn(t);
	if (r == 0)
		r = evtask_await(other);
	evtask_unref(other);
	return r;
}

static int
semaphore(struct things *t)
{
	int r = 0;

	for (int i = 0; i < TIMES && r == 0; i++) {
		r = evtask_semaphore_acquire(t->semaphore);
		if (r == 0)
			r = evtask_semaphore_release(t->semaphore);
	}
	return r;
}

static int
event(struct things *t)
{
	int r = 0;

	for (int i = 0; i < TIMES && r == 0; i++) {
		evtask_event_set(t->event);
		r = evtask_event_wait(t->event);
		evtask_event_clear(t->event);
	}
	return r;
}

static int
queue(struct things *t)
{
	int r = 0;

	for (int i = 0; i < TIMES && r == 0; i++) {
		struct evtask_value value;

		r = evtask_queue_put(t->queue, evtask_value_int(i));
		if (r == 0)
			r = evtask_queue_get(t->queue, &value);
	}
	return r;
}

static int
answers(void *arg)
{
	struct things *t = arg;
	int r = 0;

	for (int i = 0; i < TIMES && r == 0; i++) {
		struct evtask_value value;

		r = evtask_queue_get(t->queue, &value);
		if (r == 0)
			r = evtask_queue_put(t->answers, value);
	}
	return r;
}

/* There and back: both wait each time. */
static int
queue_ask(struct things *t)
{
	struct evtask *other;
	int r = evtask_create(answers, t, NULL, &other);

	for (int i = 0; i < TIMES && r == 0; i++) {
		struct evtask_value value;

		r = evtask_queue_put(t->queue, evtask_value_int(i));
		if (r == 0)
			r = evtask_queue_get(t->answers, &value);
	}
	if (r == 0)
		r = evtask_await(other);
	evtask_unref(other);
	return r;
}

static int
stream(struct things *t)
{
	int r = 0;

	for (int i = 0; i < TIMES && r == 0; i++) {
		char buf[64] = "";

		r = evtask_stream_write(t->streams[0], buf, sizeof buf);
		if (r == 0 && evtask_stream_read(t->streams[1], buf,
		    sizeof buf) != sizeof buf)
			r = -EBADMSG;
	}
	return r;
}

static int
echoes(void *arg)
{
	struct things *t = arg;
	int r = 0;

	for (int i = 0; i < TIMES && r == 0; i++) {
		char buf[64];

		r = evtask_stream_read_exactly(t->streams[1], buf, sizeof buf);
		if (r == 0)
			r = evtask_stream_write(t->streams[1], buf,
			    sizeof buf);
	}
	return r;
}

static int
stream_ask(struct things *t)
{
	struct evtask *other;
	int r = evtask_create(echoes, t, NULL, &other);

	for (int i = 0; i < TIMES && r == 0; i++) {
		char buf[64] = "";

		r = evtask_stream_write(t->streams[0], buf, sizeof buf);
		if (r == 0)
			r = evtask_stream_read_exactly(t->streams[0], buf,
			    sizeof buf);
	}
	if (r == 0)
		r = evtask_await(other);
	evtask_unref(other);
	return r;
}

/* In this order: what timer_add adds, timer_cancel takes away, and timer_stop
 * what timer_start does. What is counted is divided by `times`. */
static const struct operation {
	const char *name;
	int (*run)(struct things *t);
	int times;
} operations[] = {
	{ "switch", raw_switch, TIMES },
	{ "yield-alone", yield_alone, TIMES },
	{ "yield-in-turn", yield_in_turn, 2 * TIMES },
	{ "create-await", create_and_await, TIMES },
	{ "create-eager", create_eager, TIMES },
	{ "create-cancel-await", create_and_cancel, TIMES },
	{ "call", call, TIMES },
	{ "gather-of-10", gather, TIMES / CROWD },
	{ "future-settle-await", future, TIMES },
	{ "future-done-await", future_done, TIMES },
	{ "sleep", sleeping, TIMES },
	{ "timeout-enter-exit", timeout_scope, TIMES },
	{ "call-soon", soon, TIMES },
	{ "timer-add", timer_add, TIMES },
	{ "timer-cancel", timer_cancel, TIMES },
	{ "timer-start", timer_start, TIMES },
	{ "timer-stop", timer_stop, TIMES },
	{ "timer-add-expire", timer_expire, TIMES },
	{ "lock", lock, TIMES },
	{ "lock-contended", lock_contended, TIMES },
	{ "semaphore", semaphore, TIMES },
	{ "event", event, TIMES },
	{ "queue-put-get", queue, TIMES },
	{ "queue-ask-answer", queue_ask, TIMES },
	{ "stream-write-read", stream, TIMES },
	{ "stream-ask-answer", stream_ask, TIMES },
};

static int
make_things(struct things *t)
{
	int fds[2], r = 0;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0)
		return -errno;
	for (int i = 0; i < 2 && r == 0; i++)
		r = evtask_stream_new(fds[i], &t->streams[i]);
	for (int i = 0; i < ARMED && r == 0; i++)
		r = evtask_call_later(NULL, EVTASK_FOREVER / 2 +
		    i * 7919 % ARMED, tick, NULL, &t->armed[i]);
	if (r == 0)
		r = evtask_lock_new(NULL, &t->lock);
	if (r == 0)
		r = evtask_queue_new(NULL, &t->queue);
	if (r == 0)
		r = evtask_queue_new(NULL, &t->answers);
	if (r == 0)
		r = evtask_event_new(NULL, &t->event);
	if (r == 0)
		r = evtask_semaphore_new(NULL, 1, true, &t->semaphore);
	return r;
}

static void
free_things(struct things *t)
{
	for (int i = 0; i < ARMED; i++) {
		evtask_handle_cancel(t->armed[i]);
		evtask_handle_unref(t->armed[i]);
	}
	for (int i = 0; i < 2; i++)
		evtask_stream_unref(t->streams[i]);
	evtask_lock_free(t->lock);
	evtask_queue_free(t->queue);
	evtask_queue_free(t->answers);
	evtask_event_free(t->event);
	evtask_semaphore_free(t->semaphore);
}

/* Warms with all of them, then counts each. */
static int
main_task(void *arg)
{
	size_t n = sizeof operations / sizeof operations[0];
	struct things *t = arg;
	int r = make_things(t);

	for (size_t i = 0; i < 2 * n && r == 0; i++) {
		const struct operation *o = &operations[i % n];

		if (i >= n)
			CALLGRIND_ZERO_STATS;
		r = o->run(t);
		if (i >= n)
			CALLGRIND_DUMP_STATS_AT(o->name);
		if (r < 0)
			fprintf(stderr, "operations: %s: %s\n", o->name,
			    strerror(-r));
	}
	free_things(t);
	return r;
}

int
main(void)
{
	static const struct evtask_loop_options options = {
		.clock = EVTASK_CLOCK_VIRTUAL,
	};
	struct things *t = calloc(1, sizeof *t);

	for (size_t i = 0; i < sizeof operations / sizeof operations[0]; i++)
		printf("%s %d\n", operations[i].name, operations[i].times);
	fflush(stdout);
	if (evtask_run(main_task, t, &options, NULL, NULL) < 0)
		return 1;
	free(t);
	return 0;
}
