/*
 * as_completed.c - futures in the order in which they end.
 *
 * Each future is watched by one link, which moves to the list of those that
 * are done when it ends. A timer that is due gives up on the rest: each of
 * them then stands, nameless, behind those that are done.
 */
#include <evtask/as_completed.h>

#include <errno.h>
#include <stdlib.h>

#include "core/debug.h"
#include "wait/line.h"
#include "wait/spread.h"

struct link {
	struct runnable runnable;
	struct waiter waiter;		/* at the future, while it is missing */
	struct list done;		/* in it->done, till it is handed out */
	struct evtask_future *f;	/* referenced */
	struct evtask_as_completed *it;
};

struct evtask_as_completed {
	struct evtask_loop *loop;	/* NULL: it is gone */
	struct evtask *creator;		/* referenced; NULL: a callback */
	struct loop_resource resource;
	struct runnable timer;
	struct list done;
	struct list line;		/* tasks that wait for the next */
	size_t left;			/* not asked for yet */
	size_t missing;			/* not done yet */
	size_t given_up;		/* were missing when time was up */
	size_t n;
	struct link links[];
};

/* Nothing is watched any more. */
static void
detach(struct loop_resource *resource)
{
	struct evtask_as_completed *it =
	    container_of(resource, struct evtask_as_completed, resource);
	struct evtask_loop *loop = it->loop;

	list_remove(&resource->link);
	loop_timer_stop(loop, &it->timer);
	for (size_t i = 0; i < it->n; i++) {
		list_remove(&it->links[i].waiter.link);
		ready_remove(&loop->ready, &it->links[i].runnable);
		evtask_future_unref(it->links[i].f);
	}
	ready_unreserve(&loop->ready, (uint32_t)it->n + 1);
	evtask_unref(it->creator);
	it->loop = NULL;
}

static void
one_done(struct runnable *r)
{
	struct link *link = container_of(r, struct link, runnable);
	struct evtask_as_completed *it = link->it;

	if (it->missing == 0)
		return;			/* time was up before */
	list_remove(&link->waiter.link);
	list_append(&it->done, &link->done);
	line_give(&it->line);
	if (--it->missing == 0)
		loop_timer_stop(it->loop, &it->timer);
}

static void
time_is_up(struct runnable *r)
{
	struct evtask_as_completed *it =
	    container_of(r, struct evtask_as_completed, timer);

	for (size_t i = 0; i < it->n; i++)
		list_remove(&it->links[i].waiter.link);
	for (; it->missing > 0; it->missing--) {
		it->given_up++;
		line_give(&it->line);
	}
}

/* The link last put there is ours: f was given twice. */
static bool
watched(const struct evtask_as_completed *it, const struct evtask_future *f)
{
	const struct waiter *last =
	    container_of(f->waiters.prev, struct waiter, link);

	return !list_empty(&f->waiters) && last->wakes->run == one_done &&
	    container_of(last->wakes, struct link, runnable)->it == it;
}

static void
watch(struct evtask_as_completed *it, struct evtask_future *f)
{
	struct link *link = &it->links[it->n];

	if (watched(it, f))
		return;
	*link = (struct link){
		.runnable.run = one_done, .f = evtask_future_ref(f),
		.it = it, .waiter = {
			.wakes = &link->runnable, .by = it->creator,
		},
	};
	list_init(&link->done);
	future_link(f, &link->waiter);
	if (f->state != FUTURE_PENDING)
		loop_schedule(it->loop, &link->runnable);
	it->n++;
}

static int
start(struct evtask_as_completed *it, const union evtask_awaitable *fs,
    size_t n, int64_t timeout_us)
{
	int r = 0;

	if (n > 0 && timeout_us != EVTASK_FOREVER)
		r = loop_timer_start(it->loop, &it->timer,
		    loop_deadline_us(it->loop, timeout_us));
	if (r < 0)
		return r;
	for (size_t i = 0; i < n; i++)
		watch(it, fs[i].future);
	/* The places of those given twice are not needed. */
	ready_unreserve(&it->loop->ready, (uint32_t)(n - it->n));
	it->left = it->missing = it->n;
	return 0;
}

int
evtask_as_completed_at(const union evtask_awaitable *fs, size_t n,
    int64_t timeout_us, struct evtask_as_completed **ret_it,
    const struct evtask_site *site)
{
	struct evtask_loop *loop = current.loop;
	struct evtask_as_completed *it;
	int r;

	if (loop == NULL || ret_it == NULL || (n > 0 && fs == NULL) ||
	    n > INT32_MAX / 4)
		return misuse(loop, site, -EINVAL,
		    "no futures are waited for, or for nobody");
	for (size_t i = 0; i < n; i++) {
		if (fs[i].future == NULL)
			return misuse(loop, site, -EINVAL,
			    "no future is waited for");
		if (fs[i].future->loop != loop)
			return misuse(loop, site, -EXDEV,
			    "a future of another loop is waited for");
	}
	it = calloc(1, sizeof *it + n * sizeof *it->links);
	r = it != NULL ? ready_reserve(&loop->ready, (uint32_t)n + 1) :
	    -ENOMEM;
	if (r < 0) {
		free(it);
		return r;
	}
	it->loop = loop;
	if (current.task != NULL)
		it->creator = evtask_ref(current.task);
	it->timer.run = time_is_up;
	it->resource.release = detach;
	list_init(&it->done);
	list_init(&it->line);
	list_append(&loop->resources, &it->resource.link);
	r = start(it, fs, n, timeout_us);
	if (r < 0) {
		ready_unreserve(&loop->ready, (uint32_t)n);
		evtask_as_completed_free(it);
		return r;
	}
	*ret_it = it;
	return 0;
}

static bool
has_next(const struct evtask_as_completed *it)
{
	return !list_empty(&it->done) || it->given_up > 0;
}

/* For those who look: what is missing. */
static void
each_missing(const struct wait *wait, future_visit_fn visit, void *arg)
{
	const struct evtask_as_completed *it = wait->of;

	for (size_t i = 0; i < it->n; i++)
		if (!visit(it->links[i].f, arg))
			break;
}

const struct evtask_layout_spread as_completed_spread = {
	.what = (const void *)each_missing,
	.n = offsetof(struct evtask_as_completed, n),
	.first = offsetof(struct evtask_as_completed, links),
	.stride = sizeof(struct link), .future = offsetof(struct link, f),
};

static int
stand_in_line(struct evtask_as_completed *it, bool *ret_given,
    const struct evtask_site *site)
{
	struct wait wait;

	wait_init(&wait, "as_completed", "tasks", site);
	wait.number = (int64_t)it->missing;
	wait.each = each_missing;
	wait.of = it;
	wait.any = true;
	if (it->timer.armed)
		wait.until_us = timers_when_us(&it->loop->timers, &it->timer);
	return line_wait(&it->line, &wait, ret_given);
}

int
evtask_as_completed_next_at(struct evtask_as_completed *it,
    struct evtask_future **ret_future, const struct evtask_site *site)
{
	struct link *link;
	bool given;

	if (current.task == NULL)
		return outside_a_task(site);
	if (it == NULL || ret_future == NULL || it->loop == NULL)
		return misuse(NULL, site, -EINVAL,
		    "the next of nothing is waited for, or for nobody");
	if (it->left == 0)
		return 0;
	it->left--;
	while (!has_next(it)) {
		int r = stand_in_line(it, &given, site);

		if (r < 0) {
			if (given && has_next(it))
				line_give(&it->line);
			return r;
		}
	}
	if (list_empty(&it->done)) {
		it->given_up--;
		return evtask_raise_at(site, -ETIMEDOUT, NULL, NULL);
	}
	link = container_of(it->done.next, struct link, done);
	list_remove(&link->done);
	*ret_future = link->f;
	return 1;
}

void
evtask_as_completed_free(struct evtask_as_completed *it)
{
	if (it != NULL && it->loop != NULL)
		detach(&it->resource);
	free(it);
}
