/*
 * loop.c - the event loop: asyncio's turns on a libevent base.
 *
 *	turn:	poll; append timers that are due; run what was ready then
 *
 * The base is asked about I/O and about nothing else: I/O callbacks only
 * settle futures and queue handles, and timers live in a heap of our own, of
 * which the alarm, a descriptor, knows the earliest deadline. The base is
 * polled when nothing is ready, and now and then when something always is.
 *
 * A run of ours (loop_run) calls the base. In a program that dispatches its
 * own base it is the other way round: the tick event is armed for the next
 * turn or the next timer, and what happens between turns re-arms it.
 */
#include "core/loop.h"

#include <errno.h>
#include <event2/event.h>
#include <limits.h>
#include <stdlib.h>
#include <time.h>

#include "core/debug.h"
#include "core/handle.h"
#include "core/recorder.h"
#include "core/resource.h"
#include "core/task.h"
#include "core/tell.h"
#include "core/timer.h"
#include "core/trim.h"

enum {
	OWN_EVENTS = 2,		/* of ours in the base: inbox and alarm */
	BUSY_US = 1000,		/* until another loop's turn is asked again */
};

_Thread_local struct current current;

struct evtask_error **
current_raised(void)
{
	if (current.task != NULL)
		return &current.task->running->raised;
	return current.loop != NULL ? &current.loop->raised : NULL;
}

/* Time. */

int64_t
evtask_loop_time_us(const struct evtask_loop *loop)
{
	struct timespec ts;

	if (loop->clock == EVTASK_CLOCK_VIRTUAL)
		return loop->now_us;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static void
look_at_clock(struct evtask_loop *loop)
{
	loop->stats.handles += loop->since_look;
	loop->since_look = 0;
	loop->now_us = evtask_loop_time_us(loop);
}

int64_t
loop_deadline_us(const struct evtask_loop *loop, int64_t delay_us)
{
	int64_t deadline_us;

	if (delay_us == EVTASK_FOREVER || __builtin_add_overflow(
	    evtask_loop_time_us(loop), delay_us, &deadline_us))
		return delay_us < 0 ? 0 : EVTASK_FOREVER;
	return deadline_us;
}

/* One turn, after the poll. */
static void
turn(struct evtask_loop *loop)
{
	struct runnable *r;

	timers_expire(&loop->timers, loop->now_us, &loop->ready);
	loop->look_at = loop->running && !loop->stopping ? LOOP_LOOK_EVERY : 0;
	ready_begin_turn(&loop->ready);
	loop->stats.turns++;
	loop->in_turn = true;
	while ((r = ready_peek(&loop->ready)) != NULL) {
		ready_take(&loop->ready, r);
		ready_look_ahead(&loop->ready);
		loop->since_look++;
		if (__builtin_expect(loop->slow_us != 0, 0))
			debug_run(loop, r);
		else
			r->run(r);
	}
	loop->in_turn = false;
}

static void
arm_tick(struct evtask_loop *loop, int64_t delay_us)
{
	struct timeval tv = { 0, 0 };

	if (delay_us > 0) {
		tv.tv_sec = delay_us / 1000000;
		tv.tv_usec = delay_us % 1000000;
	}
	event_add(loop->tick, &tv);
}

/* Polling. NONBLOCK goes with ONCE: alone it goes on as long as descriptors
 * are ready, and one that always is would keep the tasks waiting. */

static void
poll_base(struct evtask_loop *loop, int flags)
{
	loop->stats.polls++;
	record(loop, RECORD_POLLS, NULL);
	pulse_beat(&loop->pulse, true);
	event_base_loop(loop->base, flags);
	pulse_beat(&loop->pulse, false);
	look_at_clock(loop);
	record(loop, RECORD_TURNS, NULL);
	loop->polled_us = loop->now_us;
}

/* Whether something beside our timers can make anything ready. */
static bool
others_can_wake(const struct evtask_loop *loop)
{
	return loop->holds > 0 || event_base_get_num_events(loop->base,
	    EVENT_BASE_COUNT_ADDED) > OWN_EVENTS;
}

/* With much memory idle, the first second of a long wait is a wait of its own:
 * if nothing happens the memory goes. */
static void
poll_and_trim(struct evtask_loop *loop, int64_t until_us)
{
	int64_t trim_us = evtask_loop_time_us(loop) + TRIM_AFTER_US;

	if (until_us > trim_us) {
		alarm_set(&loop->alarm, trim_us);
		poll_base(loop, EVLOOP_ONCE);
		if (!ready_empty(&loop->ready) || loop->now_us < trim_us)
			return;
		evtask_loop_trim(loop);
	}
	if (until_us != EVTASK_FOREVER)
		alarm_set(&loop->alarm, until_us);
	poll_base(loop, EVLOOP_ONCE);
}

/* Nothing is ready and nothing can become so. */
static int
idle(struct evtask_loop *loop)
{
	if (loop->idle_fn != NULL) {
		loop->idle_fn(loop, loop->idle_arg);
		return 0;
	}
	if (loop->clock == EVTASK_CLOCK_VIRTUAL)
		return -EDEADLK;
	poll_base(loop, EVLOOP_ONCE);
	return 0;
}

static int
poll_virtual(struct evtask_loop *loop)
{
	int64_t first_us = loop->timers.first_us;

	if (others_can_wake(loop) || loop->inbox.some)
		poll_base(loop, EVLOOP_ONCE | EVLOOP_NONBLOCK);
	if (!ready_empty(&loop->ready))
		return 0;
	if (first_us == EVTASK_FOREVER && !others_can_wake(loop))
		return idle(loop);
	if (first_us == EVTASK_FOREVER || loop->holds > 0)
		poll_base(loop, EVLOOP_ONCE);
	else if (first_us > loop->now_us)
		loop->now_us = first_us;
	return 0;
}

static int
poll_system(struct evtask_loop *loop)
{
	int64_t first_us = loop->timers.first_us;
	int flags = EVLOOP_ONCE;

	if (first_us == EVTASK_FOREVER && !others_can_wake(loop))
		return idle(loop);
	if (first_us <= evtask_loop_time_us(loop))
		flags |= EVLOOP_NONBLOCK;
	else if (trim_is_due(loop)) {
		poll_and_trim(loop, first_us);
		return 0;
	} else
		alarm_set(&loop->alarm, first_us);
	poll_base(loop, flags);
	return 0;
}

/* Virtual time stands still while something is ready: then turns count. */
static bool
poll_is_due(const struct evtask_loop *loop)
{
	if (loop->clock == EVTASK_CLOCK_VIRTUAL)
		return loop->since_look == 0;
	return loop->now_us - loop->polled_us >= LOOP_POLL_US;
}

static int
poll_if_needed(struct evtask_loop *loop)
{
	if (!ready_empty(&loop->ready) || loop->stopping) {
		if (loop->since_look >= LOOP_LOOK_EVERY)
			look_at_clock(loop);
		if (loop->stopping || poll_is_due(loop))
			poll_base(loop, EVLOOP_ONCE | EVLOOP_NONBLOCK);
		return 0;
	}
	if (loop->clock == EVTASK_CLOCK_VIRTUAL)
		return poll_virtual(loop);
	return poll_system(loop);
}

int
loop_run(struct evtask_loop *loop)
{
	struct current outer = current;
	int r;

	if (current.loop != NULL || loop_is_elsewhere(loop) || loop->running)
		return -EBUSY;
	current = (struct current){ .loop = loop };
	loop->runs_in = &current;
	loop->running = true;
	loop->asleep = false;
	coro_init_thread(&loop->coro);
	pulse_beat(&loop->pulse, false);
	look_at_clock(loop);
	do {
		r = poll_if_needed(loop);
		if (r == 0)
			turn(loop);
	} while (r == 0 && !loop->stopping);
	loop->stopping = false;
	loop->running = false;
	loop->look_at = 0;
	pulse_beat(&loop->pulse, true);
	loop->runs_in = NULL;
	current = outer;
	if (!loop->own_base) {
		loop->asleep = true;
		loop_wake_up(loop);
	}
	return r;
}

/* Driven by somebody else's dispatch. */

void
loop_wake_up(struct evtask_loop *loop)
{
	loop->asleep = false;
	arm_tick(loop, 0);
}

static void
on_tick(evutil_socket_t fd, short what, void *arg)
{
	struct evtask_loop *loop = arg;
	struct current outer = current;

	(void)fd, (void)what;
	if (loop->running)
		return;		/* what is left of another's dispatch */
	if (current.loop != NULL && current.loop->in_turn) {
		arm_tick(loop, BUSY_US);	/* a dispatch inside a turn */
		return;
	}
	current = (struct current){ .loop = loop };
	loop->runs_in = &current;
	loop->asleep = false;
	coro_init_thread(&loop->coro);
	pulse_beat(&loop->pulse, false);
	look_at_clock(loop);
	turn(loop);
	pulse_beat(&loop->pulse, true);
	loop->runs_in = NULL;
	current = outer;

	if (!ready_empty(&loop->ready)) {
		arm_tick(loop, 0);
		return;
	}
	loop->asleep = true;
	if (loop->timers.first_us != EVTASK_FOREVER)
		arm_tick(loop, loop->timers.first_us -
		    evtask_loop_time_us(loop));
}

static void
on_inbox(evutil_socket_t fd, short what, void *arg)
{
	struct evtask_loop *loop = arg;

	(void)fd, (void)what;
	inbox_empty(&loop->inbox, loop);
}

static void
on_alarm(evutil_socket_t fd, short what, void *arg)
{
	struct evtask_loop *loop = arg;

	(void)fd, (void)what;
	alarm_rang(&loop->alarm);
}

/* Making and freeing. */

/* The alarm keeps our time, so the base need not look at its clock, nor set a
 * timer of its own, with every poll. */
static struct event_base *
base_new(void)
{
	struct event_config *config = event_config_new();
	struct event_base *base = NULL;

	if (config == NULL)
		return NULL;
	if (event_config_set_flag(config, EVENT_BASE_FLAG_NOLOCK |
	    EVENT_BASE_FLAG_NO_CACHE_TIME) == 0)
		base = event_base_new_with_config(config);
	event_config_free(config);
	return base;
}

static int
loop_init(struct evtask_loop *loop, const struct evtask_loop_options *options)
{
	const char *environment;
	int r;

	list_init(&loop->tasks);
	list_init(&loop->callbacks);
	list_init(&loop->resources);
	list_init(&loop->known);
	list_init(&loop->fans);
	inbox_init(&loop->inbox);
	alarm_init(&loop->alarm);
	timers_init(&loop->timers);
	slab_init(&loop->task_slab, sizeof(struct evtask));
	slab_init(&loop->handle_slab, sizeof(struct evtask_handle));
	slab_init(&loop->future_slab, sizeof(struct future_made));
	slab_init(&loop->extra_slab, sizeof(struct extra));
	loop->refs = 1;
	loop->clock = options->clock;
	loop->allow_cycles = options->allow_cycles;
	environment = secure_getenv("EVTASK_DEBUG");
	evtask_loop_set_debug(loop, options->debug ||
	    (environment != NULL && *environment != '\0'));
	loop->own_base = options->base == NULL;
	loop->base = options->base != NULL ? options->base : base_new();
	if (loop->base == NULL)
		return -ENOMEM;
	loop->tick = event_new(loop->base, -1, 0, on_tick, loop);
	if (loop->tick == NULL)
		return -ENOMEM;
	r = inbox_open(&loop->inbox);
	if (r < 0)
		return r;
	loop->inbox_event = event_new(loop->base, loop->inbox.fd,
	    EV_READ | EV_PERSIST, on_inbox, loop);
	if (loop->inbox_event == NULL || event_add(loop->inbox_event, NULL) < 0)
		return -ENOMEM;
	r = alarm_open(&loop->alarm);
	if (r < 0)
		return r;
	loop->alarm_event = event_new(loop->base, loop->alarm.fd,
	    EV_READ | EV_PERSIST, on_alarm, loop);
	if (loop->alarm_event == NULL || event_add(loop->alarm_event, NULL) < 0)
		return -ENOMEM;
	r = ready_init(&loop->ready);
	if (r < 0)
		return r;
	stack_pool_init(&loop->stacks, options->stack_size_bytes);
	loop->now_us = evtask_loop_time_us(loop);
	loop->asleep = !loop->own_base;
	return 0;
}

void
loop_vanish(struct evtask_loop *loop)
{
	slab_release(&loop->task_slab);
	slab_release(&loop->handle_slab);
	slab_release(&loop->future_slab);
	slab_release(&loop->extra_slab);
	free(loop);
}

static void
loop_destroy(struct evtask_loop *loop)
{
	stack_pool_release(&loop->stacks);
	timers_release(&loop->timers);
	ready_release(&loop->ready);
	if (loop->inbox_event != NULL)
		event_free(loop->inbox_event);
	inbox_close(&loop->inbox);
	if (loop->alarm_event != NULL)
		event_free(loop->alarm_event);
	alarm_close(&loop->alarm);
	if (loop->tick != NULL)
		event_free(loop->tick);
	if (loop->own_base && loop->base != NULL)
		event_base_free(loop->base);
	evtask_error_unref(loop->raised);
	free(loop->recorder);
	loop->recorder = NULL;
	/* What is left of it is for futures still held: they do nothing any
	 * more, and nobody is told. */
	loop->closing = true;
	loop->exception_fn = NULL;
	loop->observer = NULL;
	tell_changed(loop);
	loop_unref(loop);
}

int
evtask_loop_new(const struct evtask_loop_options *options,
    struct evtask_loop **ret_loop)
{
	static const struct evtask_loop_options none;
	struct evtask_loop *loop;
	int r;

	if (options == NULL)
		options = &none;
	if (ret_loop == NULL || (options->base != NULL &&
	    options->clock == EVTASK_CLOCK_VIRTUAL) ||
	    options->stack_size_bytes > STACK_MAX_SIZE)
		return -EINVAL;
	loop = calloc(1, sizeof *loop);
	if (loop == NULL)
		return -ENOMEM;
	r = loop_init(loop, options);
	if (r < 0) {
		loop_destroy(loop);
		return r;
	}
	*ret_loop = loop;
	return 0;
}

/* What the program was promised to be called, and will not be. What is armed
 * but for that was its owner's, who is gone. */
static void
drop(struct evtask_loop *loop, struct runnable *r)
{
	if (!handle_drop(r) && !timer_drop(loop, r) && r->armed)
		timers_remove(&loop->timers, r);
}

static void
drop_runnables(struct evtask_loop *loop)
{
	const struct ready *ready = &loop->ready;

	while (loop->timers.n > 0)
		drop(loop, loop->timers.heap[loop->timers.n - 1].runs);
	for (uint32_t i = ready->head; i != ready->tail; i++)
		if (ready->slots[i & ready->mask] != NULL)
			drop(loop, ready->slots[i & ready->mask]);
	handle_drop_inbox(loop);
}

int
evtask_loop_free(struct evtask_loop *loop)
{
	struct current outer = current;
	struct list *link, *after;

	if (loop == NULL)
		return 0;
	if (loop_is_elsewhere(loop) || loop->running || current.loop == loop)
		return misuse(loop, NULL, -EBUSY,
		    "a loop is freed while it runs");
	if (loop->debug)
		debug_report_pending(loop);
	loop->closing = true;
	loop->asleep = false;
	current = (struct current){ .loop = loop };
	coro_init_thread(&loop->coro);
	task_unwind_all(loop);
	list_foreach_safe(link, after, &loop->resources)
		container_of(link, struct loop_resource, link)->release(
		    container_of(link, struct loop_resource, link));
	drop_runnables(loop);
	future_drop_callbacks(loop);
	resource_forget_all(loop);
	current = outer;
	loop_destroy(loop);
	return 0;
}

/* Asking. */

void
evtask_loop_stop(struct evtask_loop *loop)
{
	if (loop_is_elsewhere(loop))
		return;
	loop->stopping = true;
	loop->look_at = 0;
}

bool
evtask_loop_is_running(const struct evtask_loop *loop)
{
	return loop->running;
}

struct evtask_loop *
evtask_get_running_loop(void)
{
	return current.loop;
}

struct evtask_loop *
evtask_get_event_loop(void)
{
	return current.loop;
}

struct event_base *
evtask_loop_event_base(const struct evtask_loop *loop)
{
	return loop->base;
}
