/*
 * task.c - tasks: where a coroutine meets a future.
 *
 * A task is a future that a coroutine settles. Its step, when the loop runs
 * it, switches to the coroutine; the coroutine runs until it parks on another
 * future, and that future's settling queues the step again.
 *
 *	created --step--> running --park--> waiting
 *	                     ^                 | settled, or cancelled
 *	                     `------step-------'
 *
 * A task that parks switches to the next task of the queue directly, and to
 * the loop only when something else is to be done: a callback, a timer, a
 * poll.
 *
 * Here a task waits, and is asked to stop; how it begins and ends stands in
 * step.c. A task is made and freed in create.c, and asked in query.c.
 */
#include "core/task.h"

#include <assert.h>
#include <errno.h>

#include "core/cycle.h"
#include "core/debug.h"
#include "core/error.h"
#include "core/graph.h"
#include "core/life.h"
#include "core/resource.h"
#include "core/step.h"
#include "core/tell.h"
#include "core/value.h"

enum { MAX_REFUSALS = 1000 };	/* of awaits, before a task is abandoned */

struct evtask *
task_woken_by(const struct waiter *w)
{
	return task_of_runnable(w->wakes);
}

/* Waiting. */

struct evtask_error *
task_words(const struct evtask *task)
{
	struct evtask_error *words = task_extra(task)->asked.words;

	return words != NULL ? words : error_of_code(-ECANCELED);
}

/* Without memory it is a request like any, of which nobody knows more. */
void
task_note_request(struct evtask *task, const struct request *request)
{
	struct evtask_loop *loop = task->future.loop;
	struct extra *extra = task_need_extra(task);

	if (task->cancels < CANCELS_MAX)
		task->cancels++;
	if (extra != NULL) {
		evtask_error_unref(extra->asked.words);
		extra->asked = (struct cancellation){
			.requests = extra->asked.requests + 1,
			.words = evtask_error_ref(request->words),
			.by = request->origin, .at = request->site,
			.us = loop_now_us(loop),
		};
	}
	tell(loop, TOLD_CANCEL_REQUESTED, task);
}

/* A wait is over, and something stands against its having been quiet. */
static int
interrupted(struct evtask *task, const struct evtask_future *f)
{
	bool mine = task->must_cancel || (task->forwarded && f != NULL &&
	    future_ended_cancelled(f));

	task->must_cancel = false;
	task->forwarded = false;
	if (task->unwinding)
		return -ECANCELED;
	if (!mine)
		return 0;
	return evtask_raise_error(evtask_error_ref(task_words(task)));
}

/* The answer of a wait, for f or for one turn, that is over. */
static inline int
resumed(struct evtask *task, const struct evtask_future *f)
{
	if (task->must_cancel || task->forwarded || task->unwinding)
		return interrupted(task, f);
	return 0;
}

/* A task being unwound must not wait. One that keeps trying is given up: its
 * frames are never left. */
static int
refuse(struct evtask *task)
{
	if (++task->running->refusals > MAX_REFUSALS)
		(void)step_away(current.loop, task);
	return -ECANCELED;
}

static __attribute__((__noinline__)) int
yield_elsewhere(struct evtask_loop *loop, struct evtask *task)
{
	if (task->unwinding)
		return refuse(task);
	ready_push_as(&loop->ready, &task->step, true);
	return resumed(step_switch(task, step_elsewhere(loop, task, NULL)),
	    NULL);
}

/* Nobody else is ready, and the loop would do nothing but begin a turn with
 * this task alone. */
static inline int
yield_alone(struct evtask_loop *loop, struct evtask *task)
{
	if (task->must_cancel)
		return yield_elsewhere(loop, task);
	loop_turn_alone(loop);
	life_resumed(task);
	return 0;
}

/* Calls end it, and none is within: so registers are saved only where it
 * switches. */
int
task_yield(int64_t delay_us, const struct evtask_site *site)
{
	struct evtask_loop *loop = current.loop;
	struct evtask *task = current.task;
	struct runnable *first;

	if (__builtin_expect(task == NULL, 0))
		return outside_a_task(site);
	if (!ready_is_clear(&loop->ready)) {
		if (!ready_may_turn(&loop->ready))
			return yield_elsewhere(loop, task);
		if (ready_empty(&loop->ready))
			return yield_alone(loop, task);
		loop_begin_turn(loop);
		ready_extend_turn(&loop->ready);	/* by itself */
	}
	first = ready_first(&loop->ready);
	if (!first->begun)
		return yield_elsewhere(loop, task);
	ready_push_as(&loop->ready, &task->step, true);
	return resumed(step_switch(task, step_take(&loop->ready,
	    task_of_step(first))), NULL);
}

/* Says no as asyncio does: thrown in, a turn later. */
static int
refuse_await(struct evtask_future *f, struct evtask *task,
    const struct evtask_site *site)
{
	int r = task_yield(0, site);

	if (r < 0)
		return r;
	(void)misuse(task->future.loop, site,
	    f->loop != task->future.loop ? -EXDEV : -EDEADLK,
	    "what is awaited cannot be");
	if (f->loop != task->future.loop)
		return evtask_raise_as("Runtime", -EXDEV,
		    "cannot await a future of another loop");
	return cycle_raise(f, task);
}

/* Nobody can be waiting for this task, by itself or for what it holds. */
static inline bool
is_needed_by_nobody(const struct evtask *task)
{
	return list_empty(&task->future.waiters) &&
	    list_empty(&task->running->holds);
}

/* No circle can close when this task waits for f alone: f is settled by no
 * task, or by one that has not begun, waits for nobody, and holds nothing. */
static inline bool
closes_nothing(const struct evtask_future *f, const struct evtask *task)
{
	if (f->class == &task_class) {
		if (!container_of(f, const struct evtask, future)->started)
			return true;
	} else if (!f->class->owned && f->class->awaits == NULL) {
		return true;
	}
	return f != &task->future && is_needed_by_nobody(task);
}

/* Nothing stands against its waiting for a future of this loop, or will be
 * written down about it; and whoever is next may go on. */
static inline bool
is_free_to_wait(const struct evtask *task, const struct evtask_future *f,
    const struct evtask_loop *loop)
{
	if (task->must_cancel || task->unwinding || task->goes_back)
		return false;
	return f->loop == loop && !tell_anybody(loop);
}

/* Circles may be allowed, but for the smallest. */
static bool
may_await(struct evtask_future *f, const struct evtask *task)
{
	if (f->loop != task->future.loop || f == &task->future)
		return false;
	return f->class != &task_class || f->loop->allow_cycles ||
	    !cycle_closes(f, task);
}

/* What a task is told that may not wait; 1: it may. */
static __attribute__((__noinline__)) int
ask_to_wait(struct evtask *task, struct evtask_future *f,
    const struct evtask_site *site)
{
	if (task->unwinding) {
		if (f->state != FUTURE_PENDING)
			f->fetched = true;
		return refuse(task);
	}
	if (f->state == FUTURE_PENDING && !may_await(f, task))
		return refuse_await(f, task, site);
	return 1;
}

/* A request that came while it ran reaches what it begins to wait for. */
static void
pass_on(struct evtask *task, struct evtask_future *f)
{
	const struct cancellation *asked = &task_extra(task)->asked;
	struct request request = {
		.words = task_words(task), .origin = asked->by,
		.site = asked->at,
	};

	task->forwarded = future_cancel(f, &request);
	/* Queued: it closed a circle, and was the one to break it. */
	task->must_cancel = !task->forwarded || task->step.queued;
}

/* It waits from here on: those who want to know. */
static __attribute__((__noinline__)) void
begin_to_wait(struct evtask *task, struct evtask_future *f,
    const struct wait *wait)
{
	if (task->must_cancel)
		pass_on(task, f);
	if (wait->resource != NULL || wait->each != NULL ||
	    !closes_nothing(f, task))
		graph_check(task);
	tell(task->future.loop, TOLD_WAITING, task);
}

/* What it waits for is pending still. */
static __attribute__((__noinline__)) void
wait_no_more(struct evtask *task)
{
	list_remove(&task->running->wait->waiter.link);
}

/* Inline, for the one wait there is most of: evtask_await(). Plain is one that
 * nobody has to look at. */
static inline __attribute__((__always_inline__)) int
park(struct evtask_loop *loop, struct evtask *task, struct evtask_future *f,
    struct wait *wait, bool plain)
{
	if (__builtin_expect(!plain, 0)) {
		int r = ask_to_wait(task, f, wait->site);

		if (r <= 0 || f->state != FUTURE_PENDING)
			return r < 0 ? r : 0;
	}
	wait->on = f;
	wait->since_us = loop->now_us;
	wait->waiter.wakes = &task->step;
	future_link(f, &wait->waiter);
	task->running->wait = wait;
	if (!plain)
		begin_to_wait(task, f, wait);
	task = step_away(loop, task);
	if (__builtin_expect(f->state == FUTURE_PENDING, 0))
		wait_no_more(task);
	task->running->wait = NULL;
	f->fetched = true;	/* even if another answer wins, below */
	return resumed(task, f);
}

int
task_park(struct evtask_future *f, struct wait *wait)
{
	struct evtask_loop *loop = current.loop;
	struct evtask *task = current.task;

	if (task == NULL)
		return outside_a_task(wait->site);
	return park(loop, task, f, wait, f->state == FUTURE_PENDING &&
	    is_free_to_wait(task, f, loop) && is_needed_by_nobody(task) &&
	    f != &task->future);
}

/* Awaiting: parking on somebody else's future, which the caller keeps alive
 * meanwhile. "My wait was interrupted" is returned; what the future came to is
 * asked of it afterwards, or raised, as Python's await does. */
static inline __attribute__((__always_inline__)) int
await_pending(struct evtask_future *f, const struct evtask_site *site,
    struct evtask_loop *loop, struct evtask *task, bool plain)
{
	struct wait wait;

	wait_init(&wait, "await", f->class->name, site);
	wait.owner = task_of_future(f);
	return park(loop, task, f, &wait, plain);
}

/* There is something to be looked at, or told. */
static __attribute__((__noinline__)) int
await_otherwise(struct evtask_future *f, const struct evtask_site *site,
    struct evtask_loop *loop, struct evtask *task)
{
	return await_pending(f, site, loop, task, false);
}

static inline __attribute__((__always_inline__)) int
await(struct evtask_future *f, const struct evtask_site *site,
    struct evtask_loop *loop, struct evtask *task)
{
	if (__builtin_expect(is_free_to_wait(task, f, loop) &&
	    closes_nothing(f, task), 1))
		return await_pending(f, site, loop, task, true);
	return await_otherwise(f, site, loop, task);
}

/* Whoever waits saves all registers; what is over already needs none, and the
 * two ways of awaiting look at that first. */
static __attribute__((__noinline__)) int
wait_for(struct evtask_future *f, const struct evtask_site *site,
    struct evtask_loop *loop, struct evtask *task)
{
	int r;

	f->refs++;
	r = await(f, site, loop, task);
	future_unref(f);
	return r;
}

static __attribute__((__noinline__)) int
raise_outcome(const struct evtask_future *f)
{
	return evtask_raise_error(evtask_error_ref(future_error(f)));
}

/* What it came to, copied: it keeps its own. */
static inline int
take_result(struct evtask_future *f, struct evtask_value *ret_value)
{
	if (__builtin_expect(f->state != FUTURE_RETURNED, 0))
		return raise_outcome(f);
	f->heard = true;
	if (ret_value != NULL)
		value_copy(ret_value, &f->value);
	return 0;
}

static __attribute__((__noinline__)) int
wait_for_result(struct evtask_future *f, struct evtask_value *ret_value,
    const struct evtask_site *site, struct evtask_loop *loop,
    struct evtask *task)
{
	int r;

	f->refs++;	/* until we have looked at what it came to */
	r = await(f, site, loop, task);
	if (r == 0)
		r = take_result(f, ret_value);
	future_unref(f);
	return r;
}

static __attribute__((__noinline__)) int
await_nothing(const struct evtask *task, const struct evtask_site *site)
{
	if (task == NULL)
		return outside_a_task(site);
	return misuse(NULL, site, -EINVAL, "nothing is awaited");
}

int
evtask_await_at(union evtask_awaitable f, const struct evtask_site *site)
{
	struct evtask *task = current.task;

	if (__builtin_expect(task == NULL || f.future == NULL, 0))
		return await_nothing(task, site);
	if (f.future->state == FUTURE_PENDING || task->unwinding)
		return wait_for(f.future, site, current.loop, task);
	f.future->fetched = true;
	return 0;
}

int
evtask_await_result_at(union evtask_awaitable f,
    struct evtask_value *ret_value, const struct evtask_site *site)
{
	struct evtask *task = current.task;

	if (__builtin_expect(task == NULL || f.future == NULL, 0))
		return await_nothing(task, site);
	if (__builtin_expect(f.future->state == FUTURE_PENDING, 1) ||
	    task->unwinding)
		return wait_for_result(f.future, ret_value, site,
		    current.loop, task);
	f.future->fetched = true;
	return take_result(f.future, ret_value);
}

/* The end of the loop. */

static void
unwind(struct evtask_loop *loop, struct evtask *task)
{
	ready_remove(&loop->ready, &task->step);
	task->must_cancel = true;
	if (!task->started) {
		step_end_unborn(loop, task, -ECANCELED);
		return;
	}
	evtask_ref(task);
	task->unwinding = true;
	task->running->refusals = 0;
	(void)step_alone(loop, task, &loop->coro);
	current.task = NULL;
	if (task->future.state == FUTURE_PENDING) {
		loop_report(loop, EVTASK_REPORT_STUCK,
		    "a task did not end when its loop was freed",
		    error_of_code(-EBUSY), &task->future);
		list_remove(&task->all);
		resource_abandon_all(task);
		recorder_rests(loop);
		evtask_error_unref(task->running->raised);
		evtask_value_unref(task->running->result);
		life_done(task, task->running, loop->now_us);
		task->running = NULL;		/* goes with the pool */
		evtask_unref(task);
	}
	evtask_unref(task);
}

void
task_unwind_all(struct evtask_loop *loop)
{
	while (!list_empty(&loop->tasks))
		unwind(loop, container_of(loop->tasks.next, struct evtask,
		    all));
}
