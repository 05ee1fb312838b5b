/*
 * wait.c - waiting for some of many, and for one under a deadline.
 *
 * The caller's future is settled by the completion that satisfies it, or by
 * the timer; each future waited for holds one link, taken back at the end.
 */
#include <evtask/wait.h>

#include <errno.h>
#include <evtask/timeout.h>
#include <stdlib.h>

#include "core/task.h"

struct link {
	struct runnable runnable;
	struct waiter waiter;
	struct evtask_future *f;
	struct many *many;
};

/* One wait: on the stack of the task that waits. */
struct many {
	struct evtask_future enough;
	struct timer timer;
	size_t missing;
	enum evtask_wait_when when;
};

static void
time_is_up(struct runnable *r)
{
	future_settle(&container_of(r, struct many, timer.runnable)->enough);
}

static bool
has_raised(struct evtask_future *f)
{
	if (f->state != FUTURE_RAISED)
		return false;
	f->fetched = true;
	return true;
}

static void
one_done(struct runnable *r)
{
	struct link *link = container_of(r, struct link, runnable);
	struct many *many = link->many;

	many->missing--;
	if (many->missing == 0 || many->when == EVTASK_FIRST_COMPLETED ||
	    (many->when == EVTASK_FIRST_EXCEPTION && has_raised(link->f)))
		future_settle(&many->enough);
}

static void
link_up(struct evtask_loop *loop, struct many *many, struct link *link,
    struct evtask_future *f)
{
	*link = (struct link){
		.runnable.run = one_done, .f = evtask_future_ref(f),
		.many = many, .waiter.wakes = &link->runnable,
	};
	list_init(&link->waiter.link);
	if (f->state == FUTURE_PENDING)
		list_append(&f->waiters, &link->waiter.link);
	else
		loop_schedule(loop, &link->runnable);
}

static void
unlink_all(struct evtask_loop *loop, struct link *links, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		/* Completed in this very turn: it is seen all the same. */
		if (links[i].runnable.queued) {
			ready_remove(&loop->ready, &links[i].runnable);
			one_done(&links[i].runnable);
		}
		list_remove(&links[i].waiter.link);
		evtask_future_unref(links[i].f);
	}
}

static int
count_done(const union evtask_awaitable *fs, size_t n)
{
	int done = 0;

	for (size_t i = 0; i < n; i++)
		done += fs[i].future->state != FUTURE_PENDING;
	return done;
}

/* Waits; the links are there and so are their slots. */
static int
wait_linked(struct evtask_loop *loop, const union evtask_awaitable *fs,
    struct link *links, size_t n, int64_t timeout_us,
    enum evtask_wait_when when, const struct evtask_site *site)
{
	struct many many = {
		.timer.runnable.run = time_is_up, .missing = n, .when = when,
	};
	struct wait wait = {
		.op = "wait", .type = "tasks", .number = (int64_t)n,
		.site = site, .until_us = loop_deadline_us(loop, timeout_us),
	};
	int r = 0;

	if (wait.until_us != EVTASK_FOREVER)
		r = loop_timer_start(loop, &many.timer, wait.until_us);
	if (r < 0)
		return r;
	future_init(&many.enough, loop, &future_plain);
	for (size_t i = 0; i < n; i++)
		link_up(loop, &many, &links[i], fs[i].future);
	r = task_park(&many.enough, &wait);
	loop_timer_stop(loop, &many.timer);
	unlink_all(loop, links, n);
	future_release(&many.enough);
	return r < 0 ? r : count_done(fs, n);
}

int
evtask_wait_at(const union evtask_awaitable *fs, size_t n, int64_t timeout_us,
    enum evtask_wait_when when, const struct evtask_site *site)
{
	struct evtask_loop *loop = current.loop;
	struct link *links;
	int r;

	if (current.task == NULL || n == 0 || n > INT32_MAX / 2)
		return -EINVAL;
	for (size_t i = 0; i < n; i++) {
		if (fs[i].future == NULL)
			return -EINVAL;
		if (fs[i].future->loop != loop)
			return -EXDEV;
	}
	r = ready_reserve(&loop->ready, (uint32_t)n);
	if (r < 0)
		return r;
	links = calloc(n, sizeof *links);
	r = links == NULL ? -ENOMEM : wait_linked(loop, fs, links, n,
	    timeout_us, when, site);
	free(links);
	ready_unreserve(&loop->ready, (uint32_t)n);
	return r;
}

/* No time at all: what is not done is cancelled, and waited for. */
static int
wait_for_no_time(union evtask_awaitable f, struct evtask_value *ret_value,
    const struct evtask_site *site)
{
	int r;

	if (f.future->state == FUTURE_PENDING) {
		struct evtask_origin origin = {
			.type = EVTASK_ORIGIN_TIMEOUT,
			.id = current.task->id,
		};

		(void)evtask_cancel_by(f, NULL, &origin, site);
		r = evtask_wait_at(&f, 1, EVTASK_FOREVER,
		    EVTASK_ALL_COMPLETED, site);
		if (r < 0)
			return r;
		if (future_ended_cancelled(f.future))
			return evtask_raise_at(site, -ETIMEDOUT, NULL, NULL);
	}
	return evtask_await_result_at(f, ret_value, site);
}

int
evtask_wait_for_at(union evtask_awaitable f, int64_t timeout_us,
    struct evtask_value *ret_value, const struct evtask_site *site)
{
	struct evtask_timeout timeout;
	int r;

	if (f.future == NULL || current.task == NULL)
		return -EINVAL;
	if (timeout_us <= 0)
		return wait_for_no_time(f, ret_value, site);
	r = evtask_timeout_enter_at(&timeout, timeout_us, site);
	if (r < 0)
		return r;
	r = evtask_await_result_at(f, ret_value, site);
	return evtask_timeout_exit(&timeout, r);
}
