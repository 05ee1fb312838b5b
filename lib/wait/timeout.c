/*
 * timeout.c - deadlines over a piece of a task.
 *
 *	entered --deadline--> expiring --exit--> expired
 *	   `-----exit---> exited
 *
 * When the deadline passes the task is cancelled like by anybody else. On the
 * way out that one request is taken back; if no other is left, the
 * cancellation that came out of the work was ours and becomes a timeout.
 */
#include <evtask/timeout.h>

#include <errno.h>

#include "core/debug.h"
#include "core/task.h"

enum state {
	ENTERED = 1,
	EXPIRING,
	EXPIRED,
	EXITED,
};

struct scope {
	struct runnable timer;
	struct evtask *task;
	const struct evtask_site *site;
	int64_t when_us;	/* by arm() */
	int cancels_before;	/* requests there were on entry */
	struct cancellation asked_before;	/* when the deadline passed;
						   until then without words */
	enum state state;
	bool undelivered;	/* a request there was on entry was so */
	bool keep_cancel;	/* and then is not turned into a timeout */
};

_Static_assert(sizeof(struct scope) <= sizeof(struct evtask_timeout),
    "the caller's memory holds a scope");

static struct scope *
scope_of(struct evtask_timeout *timeout)
{
	return (struct scope *)(void *)timeout->private_;
}

static bool
is_open(const struct scope *scope)
{
	return scope->state == ENTERED || scope->state == EXPIRING;
}

static void
expire(struct runnable *r)
{
	struct scope *scope = container_of(r, struct scope, timer);
	struct evtask_origin origin = {
		.type = EVTASK_ORIGIN_TIMEOUT, .id = scope->task->id,
	};

	scope->state = EXPIRING;
	scope->asked_before = task_extra(scope->task)->asked;
	if (scope->asked_before.words != NULL)
		evtask_error_ref(scope->asked_before.words);
	(void)evtask_cancel_by((union evtask_awaitable){ .task = scope->task },
	    NULL, &origin, scope->site);
}

static int
arm(struct scope *scope, int64_t when_us)
{
	struct evtask_loop *loop = scope->task->future.loop;
	int r = 0;

	loop_timer_stop(loop, &scope->timer);
	if (when_us == EVTASK_FOREVER)
		;
	else if (when_us <= evtask_loop_time_us(loop))
		loop_schedule(loop, &scope->timer);
	else
		r = loop_timer_start(loop, &scope->timer, when_us);
	if (r == 0)
		scope->when_us = when_us;
	return r;
}

/* Member by member, as wait_init() and for the same reason. */
static inline void
scope_init(struct scope *scope, struct evtask *task,
    const struct evtask_site *site)
{
	scope->timer = (struct runnable){ .run = expire };
	scope->task = task;
	scope->site = site;
	scope->cancels_before = (int)task->cancels;
	scope->asked_before.words = NULL;
	scope->state = ENTERED;
	scope->undelivered = task->must_cancel;
	scope->keep_cancel = false;
}

int
evtask_timeout_at_enter_at(struct evtask_timeout *timeout,
    int64_t deadline_us, const struct evtask_site *site)
{
	struct scope *scope;
	int r;

	if (current.task == NULL)
		return outside_a_task(site);
	if (timeout == NULL)
		return misuse(NULL, site, -EINVAL, "no timeout is entered");
	scope = scope_of(timeout);
	r = ready_reserve(&current.loop->ready, 1);
	if (r < 0)
		return r;
	scope_init(scope, current.task, site);
	r = arm(scope, deadline_us);
	if (r < 0)
		ready_unreserve(&current.loop->ready, 1);
	return r;
}

int
evtask_timeout_enter_at(struct evtask_timeout *timeout, int64_t delay_us,
    const struct evtask_site *site)
{
	if (current.task == NULL)
		return outside_a_task(site);
	return evtask_timeout_at_enter_at(timeout,
	    loop_deadline_us(current.loop, delay_us), site);
}

/* Our request is taken back. If somebody had asked the task to stop before,
 * and nobody since, they are on record again: it was them, not us. */
static void
forget_request(struct scope *scope)
{
	struct extra *extra = scope->task->extra;
	struct cancellation outdated = scope->asked_before;

	if (outdated.words != NULL && extra->asked.at == scope->site &&
	    extra->asked.by.type == EVTASK_ORIGIN_TIMEOUT) {
		outdated = extra->asked;
		extra->asked = scope->asked_before;
	}
	evtask_error_unref(outdated.words);
}

int
evtask_timeout_exit_at(struct evtask_timeout *timeout, int r,
    const struct evtask_site *site)
{
	struct scope *scope;
	struct evtask_loop *loop;

	if (timeout == NULL || !is_open(scope_of(timeout)))
		return misuse(NULL, site, -EINVAL,
		    "a timeout is left that is not open");
	scope = scope_of(timeout);
	loop = scope->task->future.loop;
	loop_timer_stop(loop, &scope->timer);
	ready_unreserve(&loop->ready, 1);
	if (scope->state != EXPIRING) {
		scope->state = EXITED;
		return r;
	}
	scope->state = EXPIRED;
	forget_request(scope);
	if (evtask_uncancel(scope->task) > scope->cancels_before ||
	    r != -ECANCELED)
		return r;
	if (scope->undelivered && scope->keep_cancel)
		return evtask_raise_error(
		    evtask_error_ref(task_words(scope->task)));
	return evtask_raise_at(scope->site, -ETIMEDOUT, NULL, NULL);
}

int
evtask_timeout_reschedule_at(struct evtask_timeout *timeout,
    int64_t deadline_us, const struct evtask_site *site)
{
	if (timeout == NULL || scope_of(timeout)->state != ENTERED)
		return misuse(NULL, site, -EINVAL,
		    "a timeout is moved that is not open, or has expired");
	return arm(scope_of(timeout), deadline_us);
}

int
evtask_timeout_keep_cancel(struct evtask_timeout *timeout)
{
	if (timeout == NULL || !is_open(scope_of(timeout)))
		return -EINVAL;
	scope_of(timeout)->keep_cancel = true;
	return 0;
}

bool
evtask_timeout_expired(const struct evtask_timeout *timeout)
{
	const struct scope *scope = (const void *)timeout->private_;

	return scope->state == EXPIRING || scope->state == EXPIRED;
}

int64_t
evtask_timeout_when_us(const struct evtask_timeout *timeout)
{
	const struct scope *scope = (const void *)timeout->private_;

	return scope->when_us;
}
