/*
 * wait.c - waiting for some of many, and for one under a deadline.
 *
 * The caller's future is settled by the completion that satisfies it, or by
 * the timer; each future waited for holds one link, taken back at the end. A
 * completion that is queued by then still counts, as a callback would: the
 * wait lives until it has run, though nobody waits any more.
 */
#include <evtask/wait.h>

#include <errno.h>
#include <evtask/timeout.h>
#include <stdlib.h>

#include "core/debug.h"
#include "core/task.h"
#include "wait/spread.h"

struct link {
	struct runnable runnable;
	struct waiter waiter;
	struct evtask_future *f;	/* referenced; NULL: given twice */
	struct many *many;
};

/* One wait. */
struct many {
	struct evtask_future enough;
	struct runnable timer;
	struct loop_resource resource;	/* in the loop, once abandoned */
	enum evtask_wait_when when;
	size_t missing;			/* completions not counted yet */
	size_t queued;			/* when abandoned: still to be run */
	size_t n;
	struct link links[];
};

static void
many_free(struct many *many)
{
	struct evtask_loop *loop = many->enough.loop;

	for (size_t i = 0; i < many->n; i++) {
		ready_remove(&loop->ready, &many->links[i].runnable);
		evtask_future_unref(many->links[i].f);
	}
	list_remove(&many->resource.link);
	ready_unreserve(&loop->ready, (uint32_t)many->n + 1);
	future_release(&many->enough);
	free(many);
}

static void
many_release(struct loop_resource *resource)
{
	many_free(container_of(resource, struct many, resource));
}

static void
time_is_up(struct runnable *r)
{
	future_settle(&container_of(r, struct many, timer)->enough);
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
	if (many->queued > 0 && --many->queued == 0)
		many_free(many);
}

/* The link last put there is ours: f was given twice. */
static bool
linked(const struct many *many, const struct evtask_future *f)
{
	const struct waiter *last =
	    container_of(f->waiters.prev, struct waiter, link);

	return !list_empty(&f->waiters) && last->wakes->run == one_done &&
	    container_of(last->wakes, struct link, runnable)->many == many;
}

static void
link_up(struct many *many, struct link *link, struct evtask_future *f)
{
	list_init(&link->waiter.link);
	if (linked(many, f))
		return;
	*link = (struct link){
		.runnable.run = one_done, .f = evtask_future_ref(f),
		.many = many, .waiter = {
			.wakes = &link->runnable, .by = current.task,
		},
	};
	future_link(f, &link->waiter);
	many->missing++;
	if (f->state != FUTURE_PENDING)
		loop_schedule(many->enough.loop, &link->runnable);
}

/* The caller waits no more. */
static void
abandon(struct many *many)
{
	loop_timer_stop(many->enough.loop, &many->timer);
	for (size_t i = 0; i < many->n; i++) {
		list_remove(&many->links[i].waiter.link);
		many->queued += many->links[i].runnable.queued;
	}
	if (many->queued == 0)
		many_free(many);
	else
		list_append(&many->enough.loop->resources,
		    &many->resource.link);
}

static int
count_done(const union evtask_awaitable *fs, size_t n)
{
	int done = 0;

	for (size_t i = 0; i < n; i++)
		done += fs[i].future->state != FUTURE_PENDING;
	return done;
}

static int
many_new(struct evtask_loop *loop, size_t n, enum evtask_wait_when when,
    struct many **ret_many)
{
	struct many *many = calloc(1, sizeof *many + n * sizeof *many->links);
	int r;

	if (many == NULL)
		return -ENOMEM;
	r = ready_reserve(&loop->ready, (uint32_t)n + 1);
	if (r < 0) {
		free(many);
		return r;
	}
	future_init(&many->enough, loop, &future_plain);
	many->timer.run = time_is_up;
	many->resource.release = many_release;
	list_init(&many->resource.link);
	many->when = when;
	many->n = n;
	*ret_many = many;
	return 0;
}

/* For those who look: what is missing. */
static void
each_missing(const struct wait *wait, future_visit_fn visit, void *arg)
{
	const struct many *many = wait->of;

	for (size_t i = 0; i < many->n; i++)
		if (many->links[i].f != NULL && !visit(many->links[i].f, arg))
			break;
}

const struct evtask_layout_spread wait_spread = {
	.what = (const void *)each_missing, .n = offsetof(struct many, n),
	.first = offsetof(struct many, links), .stride = sizeof(struct link),
	.future = offsetof(struct link, f),
};

/* Whether they can be waited for: 0. */
static int
check_futures(const union evtask_awaitable *fs, size_t n,
    const struct evtask_site *site)
{
	if (n == 0 || fs == NULL || n > INT32_MAX / 2)
		return misuse(NULL, site, -EINVAL, "no futures are waited for");
	for (size_t i = 0; i < n; i++) {
		if (fs[i].future == NULL)
			return misuse(NULL, site, -EINVAL,
			    "no future is waited for");
		if (fs[i].future->loop != current.loop)
			return misuse(NULL, site, -EXDEV,
			    "a future of another loop is waited for");
	}
	return 0;
}

int
evtask_wait_at(const union evtask_awaitable *fs, size_t n, int64_t timeout_us,
    enum evtask_wait_when when, const struct evtask_site *site)
{
	struct evtask_loop *loop = current.loop;
	struct many *many;
	struct wait wait;
	int r;

	if (current.task == NULL)
		return outside_a_task(site);
	r = check_futures(fs, n, site);
	if (r < 0)
		return r;
	r = many_new(loop, n, when, &many);
	if (r < 0)
		return r;
	wait_init(&wait, "wait", "tasks", site);
	wait.number = (int64_t)n;
	wait.each = each_missing;
	wait.of = many;
	wait.any = when == EVTASK_FIRST_COMPLETED;
	wait.until_us = loop_deadline_us(loop, timeout_us);
	if (wait.until_us != EVTASK_FOREVER)
		r = loop_timer_start(loop, &many->timer, wait.until_us);
	for (size_t i = 0; i < n; i++)
		link_up(many, &many->links[i], fs[i].future);
	if (r == 0)
		r = task_park(&many->enough, &wait);
	if (r == 0)
		r = count_done(fs, n);	/* while they are held */
	abandon(many);
	return r;
}

/* No time at all: what is not done is cancelled, and waited for. */
static int
wait_for_no_time(union evtask_awaitable f, struct evtask_value *ret_value,
    const struct evtask_site *site)
{
	struct evtask_origin origin = {
		.type = EVTASK_ORIGIN_TIMEOUT, .id = current.task->id,
	};
	int r;

	if (f.future->state != FUTURE_PENDING)
		return evtask_await_result_at(f, ret_value, site);
	evtask_future_ref(f.future);
	(void)evtask_cancel_by(f, NULL, &origin, site);
	r = evtask_wait_at(&f, 1, EVTASK_FOREVER, EVTASK_ALL_COMPLETED, site);
	if (r >= 0 && future_ended_cancelled(f.future)) {
		f.future->fetched = true;
		r = evtask_raise_at(site, -ETIMEDOUT, NULL, NULL);
	} else if (r >= 0) {
		r = evtask_await_result_at(f, ret_value, site);
	}
	evtask_future_unref(f.future);
	return r;
}

int
evtask_wait_for_at(union evtask_awaitable f, int64_t timeout_us,
    struct evtask_value *ret_value, const struct evtask_site *site)
{
	struct evtask_timeout timeout;
	int r;

	if (current.task == NULL)
		return outside_a_task(site);
	if (f.future == NULL)
		return misuse(NULL, site, -EINVAL, "nothing is waited for");
	if (timeout_us <= 0)
		return wait_for_no_time(f, ret_value, site);
	r = evtask_timeout_enter_at(&timeout, timeout_us, site);
	if (r < 0)
		return r;
	r = evtask_await_result_at(f, ret_value, site);
	return evtask_timeout_exit(&timeout, r);
}

/* A wait that a timer ends without cancelling what is waited for. */
struct patience {
	struct runnable timer;
	struct evtask *task;
};

static void
run_out(struct runnable *r)
{
	struct evtask *task =
	    container_of(r, struct patience, timer)->task;

	if (task->step.queued)
		return;		/* woken already, and not linked any more */
	list_remove(&task_wait(task)->waiter.link);
	loop_schedule(task->future.loop, &task->step);
}

/* Waits till f is done or the deadline has passed. What was due with it gets
 * the turn that it takes to be done. */
static int
await_patiently(struct evtask_future *f, int64_t deadline_us,
    const struct evtask_site *site)
{
	struct evtask_loop *loop = current.loop;
	struct patience patience = {
		.timer.run = run_out, .task = current.task,
	};
	struct wait wait;
	int r = ready_reserve(&loop->ready, 1);

	if (r < 0)
		return r;
	wait_init(&wait, "wait_for", f->class->name, site);
	wait.owner = evtask_from_future(f);
	wait.until_us = deadline_us;
	if (deadline_us != EVTASK_FOREVER)
		r = loop_timer_start(loop, &patience.timer, deadline_us);
	if (r == 0)
		r = task_park(f, &wait);
	if (r == 0 && f->state == FUTURE_PENDING) {
		loop_schedule(loop, &patience.timer);
		r = task_park(f, &wait);
	}
	loop_timer_stop(loop, &patience.timer);
	ready_unreserve(&loop->ready, 1);
	return r;
}

int
evtask_wait_for_keep_at(union evtask_awaitable f, int64_t timeout_us,
    struct evtask_value *ret_value, const struct evtask_site *site)
{
	int r = 0;

	if (current.task == NULL)
		return outside_a_task(site);
	if (f.future == NULL)
		return misuse(NULL, site, -EINVAL, "nothing is waited for");
	evtask_future_ref(f.future);
	if (timeout_us > 0)
		r = await_patiently(f.future,
		    loop_deadline_us(current.loop, timeout_us), site);
	if (r == 0)
		r = wait_for_no_time(f, ret_value, site);
	evtask_future_unref(f.future);
	return r;
}

/* No time at all: a task that is cancelled before it begins. */
static int
call_no_time(evtask_fn fn, void *arg, struct evtask_value *ret_value,
    const struct evtask_site *site)
{
	struct evtask *task;
	struct evtask_value value;
	int r = evtask_create_at(fn, arg, NULL, &task, site);

	if (r < 0)
		return r;
	r = wait_for_no_time((union evtask_awaitable){ .task = task }, &value,
	    site);
	if (r == 0 && ret_value != NULL)
		*ret_value = evtask_value_ref(value);
	evtask_unref(task);
	return r;
}

int
evtask_wait_for_call_at(evtask_fn fn, void *arg, int64_t timeout_us,
    struct evtask_value *ret_value, const struct evtask_site *site)
{
	struct evtask_timeout timeout;
	int r;

	if (current.task == NULL)
		return outside_a_task(site);
	if (fn == NULL)
		return misuse(NULL, site, -EINVAL, "nothing is called");
	if (timeout_us <= 0)
		return call_no_time(fn, arg, ret_value, site);
	r = evtask_timeout_enter_at(&timeout, timeout_us, site);
	if (r < 0)
		return r;
	r = evtask_call(fn, arg, ret_value);
	return evtask_timeout_exit(&timeout, r);
}
