/*
 * timer.h - timers in memory of your own, for programs that have many.
 *
 * evtask_call_later() makes a handle for one call. A timer is for what is set
 * again and again, as the deadline of a connection: it is part of a structure
 * of yours, and neither to start nor to stop it allocates anything, but that
 * starting may have to enlarge the loop's list of deadlines.
 *
 *	struct connection {
 *		struct evtask_timer idle;
 *		...
 *	};
 *
 *	evtask_timer_init(&c->idle, loop, hang_up, c);
 *	...
 *	r = evtask_timer_call_later(&c->idle, 30000000);	// on each byte
 *	...
 *	evtask_timer_stop(&c->idle);
 *	free(c);
 *
 * The callback is one like a handle's: see handle.h. It may start its timer
 * again, and free the memory that it is in.
 */
#ifndef EVTASK_TIMER_H
#define EVTASK_TIMER_H

#include <evtask/handle.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The caller's memory; it stays where it is while the timer is active. Not to
 * be looked into. */
struct evtask_timer {
	uint64_t private_[7];
};

/*
 * Makes a timer of that memory, not active: fn(arg) will be called on the
 * loop's stack, in a context without variables. loop may be NULL for the
 * running one; it is borrowed. Loop thread. What can be wrong with the
 * arguments is said when the timer is started. There is nothing to release.
 */
EVTASK_API void
evtask_timer_init(struct evtask_timer *timer, struct evtask_loop *loop,
    evtask_callback_fn fn, void *arg);

/*
 * Has it called when the delay has passed, or at a time on the loop's clock,
 * once; one that is active already is moved to that time. A past deadline is
 * due in the next turn, EVTASK_FOREVER never. Equal deadlines are called in
 * the order in which they were set, handles among them. Loop thread. Returns
 * 0, -EINVAL (no loop, no fn), -EPERM (from another thread than the one that
 * runs the loop) or -ENOMEM; then the timer is as it was.
 */
EVTASK_API int
evtask_timer_call_later_at(struct evtask_timer *timer, int64_t delay_us,
    const struct evtask_site *site);
#define evtask_timer_call_later(timer, delay_us) \
	evtask_timer_call_later_at((timer), (delay_us), EVTASK_SITE)
EVTASK_API int
evtask_timer_call_at_at(struct evtask_timer *timer, int64_t deadline_us,
    const struct evtask_site *site);
#define evtask_timer_call_at(timer, deadline_us) \
	evtask_timer_call_at_at((timer), (deadline_us), EVTASK_SITE)

/* It will not be called. No effect on one that is not active: after its call,
 * or when the loop was freed, which stops them all. Loop thread. */
EVTASK_API void evtask_timer_stop(struct evtask_timer *timer);

/* Whether it will be called: started, and not called nor stopped since. */
EVTASK_API bool evtask_timer_active(const struct evtask_timer *timer);

/* The deadline it was started with last; EVTASK_FOREVER before. */
EVTASK_API int64_t
evtask_timer_when_us(const struct evtask_timer *timer);

#ifdef __cplusplus
}
#endif
#endif
