/*
 * loop.h - the loop, as the rest of the library knows it.
 */
#ifndef CORE_LOOP_H
#define CORE_LOOP_H

#include <errno.h>
#include <evtask/factory.h>
#include <evtask/inspect.h>
#include <evtask/loop.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "coro/coro.h"
#include "core/alarm.h"
#include "core/current.h"
#include "core/inbox.h"
#include "core/list.h"
#include "core/pulse.h"
#include "core/ready.h"
#include "core/slab.h"
#include "core/timers.h"

struct event;

/* Something that lives as long as the loop, and is released with it. */
struct loop_resource {
	struct list link;
	void (*release)(struct loop_resource *resource);
};

/* What a loop has one of, when it has any. */
enum loop_single {
	LOOP_STREAMS,
	LOOP_THREADS,
	LOOP_WATCHES,
	LOOP_SINGLES,
};

struct evtask_loop {
	/* What runs, and when: a cache line that every switch touches. */
	_Alignas(CACHE_LINE)
	int64_t now_us;			/* the clock, at the last look */
	bool in_turn;			/* and now_us is the turn's time */
	bool told;			/* there is a recorder, or observer */
	struct ready ready;		/* but for its gap */
	/* A second one, for those that come and go. */
	struct list tasks;		/* pending, by evtask.all; oldest
					   first */
	size_t refs;			/* the program's, and one for each
					   future: they may outlive it */
	struct evtask_loop_stats stats;
	struct recorder *recorder;	/* owned; NULL: nothing is recorded */
	struct slab task_slab, extra_slab, handle_slab, future_slab;
	struct stack_pool stacks;
	struct coro coro;		/* the thread's own stack */
	struct timers timers;
	struct evtask_loop *next;	/* in loops.h */
	unsigned int futile_trims;	/* of that, in a row: see trim.c */
	bool running;			/* inside a run of ours */
	bool debug;			/* misuse is reported */
	/* Whose thread runs it: that one's `current`; NULL: nobody's. */
	const struct current *_Atomic runs_in;
	int64_t slow_us;		/* steps that take so long are
					   reported; 0: not timed */
	bool stopping;			/* the run ends with this turn */
	bool closing;			/* being freed, or freed: nothing new
					   is accepted */
	uint32_t look_every;		/* from LOOP_LOOK_EVERY to _SELDOM */
	int64_t polled_us;		/* when the base was last polled */
	unsigned int holds;		/* threads that will call in */
	bool allow_cycles;		/* of awaits */

	/* The system beneath. */
	enum evtask_clock clock;
	struct event_base *base;
	bool own_base;
	bool asleep;			/* driven by a dispatch not ours, and
					   nothing of ours is scheduled in it */
	struct event *tick;		/* the next timer and turn, there */
	struct alarm alarm;		/* the next timer, in runs of ours */
	struct event *alarm_event;
	struct inbox inbox;
	struct event *inbox_event;

	/* What it owns. */
	struct list callbacks;		/* of done futures, queued */
	struct list resources;
	struct loop_resource *single[LOOP_SINGLES];	/* of these; NULL */
	struct list known;		/* what its tasks share: resource.h */
	uint64_t last_resource;		/* id */
	uint64_t walks;			/* through the graph, so far */
	struct list fans;		/* to be destroyed, one by one */
	bool destroying;		/* somebody is at it */

	/* Who is told. */
	struct evtask_error *raised;	/* by the callback that runs */
	struct evtask_context *context;	/* of the callback that runs; owned */
	evtask_exception_fn exception_fn;
	void *exception_arg;
	evtask_idle_fn idle_fn;
	void *idle_arg;
	evtask_task_factory_fn factory;	/* NULL: evtask_new() */
	void *factory_arg;
	const struct evtask_observer *observer;
	void *observer_arg;
	struct pulse pulse;
	struct evtask_watchdog *watchdog;	/* borrowed; NULL: none */
	struct capture *capture;	/* of that one; NULL: none */
};

/* Whether it runs in another thread than this one, which must not touch it. */
static inline bool
loop_is_elsewhere(const struct evtask_loop *loop)
{
	const struct current *in = atomic_load_explicit(&loop->runs_in,
	    memory_order_relaxed);

	return in != NULL && in != &current;
}

/* The loop meant by a public argument: NULL is the running one, if any. */
static inline struct evtask_loop *
loop_or_current(struct evtask_loop *loop)
{
	return loop != NULL ? loop : current.loop;
}

/* Its memory goes, and that of its tasks. */
__attribute__((__cold__)) void loop_vanish(struct evtask_loop *loop);

static inline void
loop_unref(struct evtask_loop *loop)
{
	if (__builtin_expect(--loop->refs == 0, 0))
		loop_vanish(loop);
}

/* Somebody else's dispatch must come back to us. */
void loop_wake_up(struct evtask_loop *loop);

/* Queues a runnable that has a slot reserved. */
static inline __attribute__((__always_inline__)) void
loop_schedule_as(struct evtask_loop *loop, struct runnable *r, bool begun)
{
	ready_push_as(&loop->ready, r, begun);
	if (__builtin_expect(loop->asleep, 0))
		loop_wake_up(loop);
}

static inline void
loop_schedule(struct evtask_loop *loop, struct runnable *r)
{
	loop_schedule_as(loop, r, false);
}

enum {
	LOOP_LOOK_EVERY = 64,	/* handles: then the loop looks at the clock; */
	LOOP_LOOK_SELDOM = 256,	/* or of those that take next to no time: */
	LOOP_SWIFT_US = 16,	/* all since the last look no more than this */
	LOOP_POLL_US = 250,	/* and polls, if so much time has passed */
};

/* A turn is over. Whether the next one may begin right here, since the loop
 * would do nothing else: something is ready, no look is due, no timer is. */
static inline bool
loop_may_turn(const struct evtask_loop *loop)
{
	return !ready_empty(&loop->ready) && ready_may_turn(&loop->ready);
}

/* The same while nothing is ready, for one who would be queued and taken at
 * once: it just goes on, and has had a turn alone. */
static inline bool
loop_may_turn_alone(const struct evtask_loop *loop)
{
	return ready_empty(&loop->ready) && ready_may_turn(&loop->ready);
}

static inline void
loop_turn_alone(struct evtask_loop *loop)
{
	loop->stats.turns++;
	ready_ran_alone(&loop->ready);
}

static inline void
loop_begin_turn(struct evtask_loop *loop)
{
	ready_begin_turn(&loop->ready);
	loop->stats.turns++;
}

/* What is to run next, left where it is: in this turn, or in one that begins
 * right here. NULL: the loop must look around. */
static inline struct runnable *
loop_next(struct evtask_loop *loop)
{
	if (ready_turn_is_over(&loop->ready) && loop_may_turn(loop))
		loop_begin_turn(loop);
	return ready_peek(&loop->ready);
}

/* The turn's time; outside a turn, from a callback of the base, the clock's. */
static inline int64_t
loop_now_us(const struct evtask_loop *loop)
{
	return loop->in_turn ? loop->now_us : evtask_loop_time_us(loop);
}

/* Arms a runnable that has a slot reserved, and is not armed nor queued. 0 or
 * -ENOMEM. */
static inline int
loop_timer_start(struct evtask_loop *loop, struct runnable *r,
    int64_t when_us)
{
	if (timers_add(&loop->timers, r, when_us) < 0)
		return -ENOMEM;
	if (__builtin_expect(loop->asleep, 0))
		loop_wake_up(loop);
	if (__builtin_expect(when_us <= loop->now_us, 0))
		ready_look_soon(&loop->ready);	/* the next turn begins
						   with it */
	return 0;
}

/* Whether there is room at hand for one more, in the loop that runs. */
static inline bool
loop_may_arm(const struct evtask_loop *loop)
{
	return timers_have_place(&loop->timers) &&
	    loop->ready.reserved <= loop->ready.mask;
}

/* Then arms it, in a slot that it reserves. If anything is called it is called
 * last, so that whoever ends with this has no register to save. */
static inline void
loop_arm(struct evtask_loop *loop, struct runnable *r, int64_t when_us)
{
	loop->ready.reserved++;
	if (__builtin_expect(when_us <= loop->now_us, 0))
		ready_look_soon(&loop->ready);
	timers_take(&loop->timers, r, when_us);
}

/* It will not run, whether it is armed or queued already. */
static inline void
loop_timer_stop(struct evtask_loop *loop, struct runnable *r)
{
	if (r->armed)
		timers_remove(&loop->timers, r);
	else
		ready_remove(&loop->ready, r);
}

/* delay_us from now, without overflow. */
int64_t loop_deadline_us(const struct evtask_loop *loop, int64_t delay_us);

/* Reports what a callback raised and did not catch. */
void loop_report_callback(struct evtask_loop *loop, void *callback_arg);

static inline void
loop_report_raised(struct evtask_loop *loop, void *callback_arg)
{
	if (__builtin_expect(loop->raised != NULL, 0))
		loop_report_callback(loop, callback_arg);
}

void loop_report(struct evtask_loop *loop, enum evtask_report_type type,
    const char *message, struct evtask_error *error,
    struct evtask_future *future);

/* A turn, in a dispatch that is not ours. */
void loop_tick(struct evtask_loop *loop);

/* Runs until evtask_loop_stop(). 0, -EDEADLK, -EBUSY. */
int loop_run(struct evtask_loop *loop);

#endif
