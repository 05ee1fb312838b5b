/*
 * system.c - the system beneath the loop: its clock, and a libevent base.
 *
 * The base is asked about I/O and about nothing else. Three events of ours are
 * in it: the inbox, by which other threads call in; the alarm, a descriptor
 * that knows the earliest deadline; and, where somebody else dispatches the
 * base, the tick, for the next turn.
 */
#include "core/system.h"

#include <errno.h>
#include <event2/event.h>
#include <time.h>

#include "core/recorder.h"
#include "core/trim.h"

enum { OWN_EVENTS = 2 };	/* always in the base: inbox and alarm */

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

void
system_look(struct evtask_loop *loop)
{
	loop->stats.handles += ready_count(&loop->ready);
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
	system_look(loop);
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

/* With much memory idle, the beginning of a long wait is a wait of its own: if
 * nothing happens the memory goes. */
static void
poll_and_trim(struct evtask_loop *loop, int64_t until_us)
{
	int64_t trim_us = evtask_loop_time_us(loop) +
	    trim_after_us(loop);

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
	int64_t first_us;

	if (others_can_wake(loop) || loop->inbox.some)
		poll_base(loop, EVLOOP_ONCE | EVLOOP_NONBLOCK);
	if (!ready_empty(&loop->ready))
		return 0;
	/* Others may have armed it. */
	first_us = timers_first_us(&loop->timers);
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
	bool alone = !others_can_wake(loop);
	/* Else it may be that of one who has left. */
	int64_t first_us = alone ? timers_first_us(&loop->timers) :
	    loop->timers.first_us;
	int flags = EVLOOP_ONCE;

	if (first_us == EVTASK_FOREVER && alone)
		return idle(loop);
	if (first_us != EVTASK_FOREVER && first_us <= evtask_loop_time_us(loop))
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
		return ready_ran(&loop->ready) == 0;
	return loop->now_us - loop->polled_us >= LOOP_POLL_US;
}

/* So many have run, and a look is due. To come here and to look costs as much
 * as several switches: while what runs is swift it is done more seldom. */
static void
look_again(struct evtask_loop *loop)
{
	int64_t before_us = loop->now_us;

	system_look(loop);
	if (loop->now_us - before_us > LOOP_SWIFT_US)
		loop->look_every = LOOP_LOOK_EVERY;
	else if (loop->look_every < LOOP_LOOK_SELDOM)
		loop->look_every *= 2;
}

int
system_poll(struct evtask_loop *loop)
{
	if (!ready_empty(&loop->ready) || loop->stopping) {
		if (ready_ran(&loop->ready) >= loop->look_every)
			look_again(loop);
		if (loop->stopping || poll_is_due(loop))
			poll_base(loop, EVLOOP_ONCE | EVLOOP_NONBLOCK);
		return 0;
	}
	loop->look_every = LOOP_LOOK_EVERY;	/* of what comes */
	if (loop->clock == EVTASK_CLOCK_VIRTUAL)
		return poll_virtual(loop);
	return poll_system(loop);
}

/* Coming back from it. */

void
system_tick(struct evtask_loop *loop, int64_t delay_us)
{
	struct timeval tv = { 0, 0 };

	if (delay_us > 0) {
		tv.tv_sec = delay_us / 1000000;
		tv.tv_usec = delay_us % 1000000;
	}
	event_add(loop->tick, &tv);
}

static void
on_tick(evutil_socket_t fd, short what, void *arg)
{
	(void)fd, (void)what;
	loop_tick(arg);
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

/* Opening and closing. */

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

void
system_init(struct evtask_loop *loop)
{
	loop->look_every = LOOP_LOOK_EVERY;
	inbox_init(&loop->inbox);
	alarm_init(&loop->alarm);
}

/* Something of ours to be heard of, all along. 0 or -ENOMEM. */
static int
listen_to(struct evtask_loop *loop, int fd, event_callback_fn fn,
    struct event **ret_event)
{
	*ret_event = event_new(loop->base, fd, EV_READ | EV_PERSIST, fn, loop);
	return *ret_event != NULL && event_add(*ret_event, NULL) == 0 ? 0 :
	    -ENOMEM;
}

int
system_open(struct evtask_loop *loop, struct event_base *base)
{
	int r;

	loop->own_base = base == NULL;
	loop->base = base != NULL ? base : base_new();
	if (loop->base == NULL)
		return -ENOMEM;
	loop->tick = event_new(loop->base, -1, 0, on_tick, loop);
	if (loop->tick == NULL)
		return -ENOMEM;
	r = inbox_open(&loop->inbox);
	if (r == 0)
		r = listen_to(loop, loop->inbox.fd, on_inbox,
		    &loop->inbox_event);
	if (r == 0)
		r = alarm_open(&loop->alarm);
	if (r == 0)
		r = listen_to(loop, loop->alarm.fd, on_alarm,
		    &loop->alarm_event);
	return r;
}

void
system_close(struct evtask_loop *loop)
{
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
}

struct event_base *
evtask_loop_event_base(const struct evtask_loop *loop)
{
	return loop->base;
}
