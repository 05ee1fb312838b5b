/*
 * timer.c - timers in the caller's memory.
 *
 *	stopped --start--> active --its time--> stopped, and called
 *	                      `----stop-------> stopped
 *
 * While active it is armed or queued, and has one slot of the ready queue: in
 * between it is nothing but memory, and may go.
 */
#include "core/timer.h"

#include <errno.h>

#include "core/context.h"
#include "core/debug.h"
#include "core/loop.h"

struct inside {
	struct runnable runs;
	struct evtask_loop *loop;
	int64_t when_us;
	evtask_callback_fn fn;
	void *arg;
	const struct evtask_site *started_at;
};

_Static_assert(sizeof(struct inside) <= sizeof(struct evtask_timer),
    "the caller's memory holds a timer");

/* Of no timer: nothing. */
static inline struct inside *
inside(struct evtask_timer *timer)
{
	return (struct inside *)(void *)timer;
}

static inline bool
is_active(const struct inside *t)
{
	return t->runs.armed || t->runs.queued;
}

static void
timer_run(struct runnable *r)
{
	const struct inside *t = container_of(r, struct inside, runs);
	struct evtask_loop *loop = t->loop;
	void *arg = t->arg;

	ready_unreserve(&loop->ready, 1);
	t->fn(arg);		/* may free the timer */
	loop_report_raised(loop, arg);
	context_leave(loop);
}

void
evtask_timer_init(struct evtask_timer *timer, struct evtask_loop *loop,
    evtask_callback_fn fn, void *arg)
{
	*inside(timer) = (struct inside){
		.runs.run = timer_run, .loop = loop_or_current(loop),
		.when_us = EVTASK_FOREVER, .fn = fn, .arg = arg,
	};
}

/* Its slot stays the same one, wherever it was. */
static int
move(struct evtask_loop *loop, struct inside *t, int64_t when_us)
{
	int r = 0;

	if (t->runs.armed) {
		timers_move(&loop->timers, &t->runs, when_us);
	} else {
		ready_remove(&loop->ready, &t->runs);
		r = loop_timer_start(loop, &t->runs, when_us);
		if (r < 0)
			loop_schedule(loop, &t->runs);
	}
	return r;
}

static int
start(struct evtask_loop *loop, struct inside *t, int64_t when_us)
{
	int r = ready_reserve(&loop->ready, 1);

	if (r < 0)
		return r;
	r = loop_timer_start(loop, &t->runs, when_us);
	if (r < 0)
		ready_unreserve(&loop->ready, 1);
	return r;
}

static inline bool
is_whole(const struct inside *t)
{
	return t->loop != NULL && t->fn != NULL && !t->loop->closing;
}

static inline bool
may_start(struct evtask_timer *timer)
{
	return timer != NULL && is_whole(inside(timer)) &&
	    !loop_is_elsewhere(inside(timer)->loop);
}

/* Why it may not. */
static __attribute__((__noinline__)) int
refuse(struct evtask_timer *timer, const struct evtask_site *site)
{
	struct evtask_loop *loop = timer != NULL ? inside(timer)->loop : NULL;

	if (timer != NULL && is_whole(inside(timer)))
		return misuse_of_thread(loop, site);
	return misuse(loop, site, -EINVAL,
	    "no timer is started, or on no loop");
}

static __attribute__((__noinline__)) int
set_slowly(struct evtask_timer *timer, int64_t when_us,
    const struct evtask_site *site)
{
	struct inside *t = inside(timer);
	int r;

	if (!may_start(timer))
		return refuse(timer, site);
	r = is_active(t) ? move(t->loop, t, when_us) :
	    start(t->loop, t, when_us);
	if (r < 0)
		return r;
	t->when_us = when_us;
	t->started_at = site;
	return 0;
}

/* The usual way: on the loop that runs, not active, where there is room. */
static inline bool
is_usual(struct evtask_timer *timer)
{
	const struct inside *t = inside(timer);

	return timer != NULL && t->fn != NULL && t->loop != NULL &&
	    t->loop == current.loop && !t->loop->closing && !is_active(t) &&
	    loop_may_arm(t->loop);
}

static inline int
set_usual(struct inside *t, int64_t when_us, const struct evtask_site *site)
{
	t->when_us = when_us;
	t->started_at = site;
	loop_arm(t->loop, &t->runs, when_us);
	return 0;
}

int
evtask_timer_call_at_at(struct evtask_timer *timer, int64_t deadline_us,
    const struct evtask_site *site)
{
	if (__builtin_expect(!is_usual(timer), 0))
		return set_slowly(timer, deadline_us, site);
	return set_usual(inside(timer), deadline_us, site);
}

/* Where there is no clock to look at, it is refused. */
static __attribute__((__noinline__)) int
set_later_slowly(struct evtask_timer *timer, int64_t delay_us,
    const struct evtask_site *site)
{
	return may_start(timer) ? set_slowly(timer,
	    loop_deadline_us(inside(timer)->loop, delay_us), site) :
	    refuse(timer, site);
}

int
evtask_timer_call_later_at(struct evtask_timer *timer, int64_t delay_us,
    const struct evtask_site *site)
{
	if (__builtin_expect(!is_usual(timer), 0))
		return set_later_slowly(timer, delay_us, site);
	return set_usual(inside(timer),
	    loop_deadline_us(inside(timer)->loop, delay_us), site);
}

static inline void
stop(struct evtask_loop *loop, struct inside *t)
{
	if (!is_active(t))
		return;
	loop_timer_stop(loop, &t->runs);
	ready_unreserve(&loop->ready, 1);
}

void
evtask_timer_stop(struct evtask_timer *timer)
{
	if (timer != NULL)
		stop(inside(timer)->loop, inside(timer));
}

bool
evtask_timer_active(const struct evtask_timer *timer)
{
	return is_active((const struct inside *)(const void *)timer->private_);
}

int64_t
evtask_timer_when_us(const struct evtask_timer *timer)
{
	return ((const struct inside *)(const void *)timer->private_)->when_us;
}

const struct evtask_site *
timer_started_at(const struct runnable *r, void **ret_arg)
{
	const struct inside *t;

	if (r->run != timer_run)
		return NULL;
	t = container_of(r, struct inside, runs);
	*ret_arg = t->arg;
	return t->started_at;
}

bool
timer_drop(struct evtask_loop *loop, struct runnable *r)
{
	if (r->run != timer_run)
		return false;
	stop(loop, container_of(r, struct inside, runs));
	return true;
}
