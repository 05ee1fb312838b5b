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
 * poll. One that ends hands its stack to the next task if that is new, without
 * a switch at all. A stack is bound when a task first runs; one cancelled
 * before needs none.
 *
 * Only here does a coroutine meet a future: what is asked of a task stands in
 * query.c, how it is awaited in await.c, and both go through task_park().
 */
#include "core/task.h"

#include <assert.h>
#include <errno.h>
#include <evtask/factory.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/cycle.h"
#include "core/error.h"
#include "core/graph.h"
#include "core/resource.h"

enum {
	SLOTS = 2,		/* of the ready queue: step, and a timer */
	MAX_REFUSALS = 1000,	/* of awaits, before a task is abandoned */
};

static void task_step(struct runnable *r);
static void task_entry(void *arg);

/*
 * Counting from 1 through the whole process, whatever the thread. Tasks that
 * inspection does not show have numbers of their own, far above: what people
 * see counts without gaps.
 */
static atomic_uint_fast64_t ids;
static atomic_uint_fast64_t internal_ids = UINT64_C(1) << 52;

static uint64_t
next_id(bool internal)
{
	return atomic_fetch_add_explicit(internal ? &internal_ids : &ids, 1,
	    memory_order_relaxed) + 1;
}

static struct evtask *
task_of_step(struct runnable *r)
{
	return container_of(r, struct evtask, step);
}

struct evtask *
task_woken_by(const struct waiter *w)
{
	return w->wakes->run == task_step ? task_of_step(w->wakes) : NULL;
}

/* Life. */

static void
task_destroy(struct evtask_future *f)
{
	struct evtask *task = container_of(f, struct evtask, future);

	evtask_error_unref(task->asked.words);
	evtask_error_unref(task->raised);
	evtask_value_unref(task->result);
	evtask_context_unref(task->context);
	free(task->name);
	free(task);
}

static const struct future_class task_class = {
	.name = "task", .destroy = task_destroy, .owned = true,
};

struct evtask *
evtask_from_future(struct evtask_future *future)
{
	return future->class == &task_class ?
	    container_of(future, struct evtask, future) : NULL;
}

struct evtask_future *
evtask_as_future(struct evtask *task)
{
	return task != NULL ? &task->future : NULL;
}

struct evtask *
evtask_ref(struct evtask *task)
{
	evtask_future_ref(&task->future);
	return task;
}

void
evtask_unref(struct evtask *task)
{
	evtask_future_unref(evtask_as_future(task));
}

struct evtask_origin
task_current_origin(void)
{
	if (current.task == NULL)
		return (struct evtask_origin){ .type = EVTASK_ORIGIN_LOOP };
	return (struct evtask_origin){
		.type = EVTASK_ORIGIN_TASK, .id = current.task->id,
	};
}

static int
task_new(struct evtask_loop *loop, evtask_fn fn, void *arg,
    const struct evtask_options *options, const struct evtask_site *site,
    struct evtask **ret_task)
{
	struct evtask *task = calloc(1, sizeof *task);
	int r;

	if (task == NULL)
		return -ENOMEM;
	future_init(&task->future, loop, &task_class);
	list_init(&task->all);
	list_init(&task->holds);
	r = options->name != NULL ? evtask_set_name(task, options->name) : 0;
	if (options->context != NULL)
		task->context = evtask_context_ref(options->context);
	else if (r == 0)
		r = context_inherit(&task->context);
	if (r == 0)
		r = ready_reserve(&loop->ready, SLOTS);
	if (r < 0) {
		future_destroy(&task->future);
		return r;
	}
	task->step.run = task_step;
	task->fn = fn;
	task->arg = arg;
	task->arg_free = options->arg_free;
	task->id = next_id(options->internal);
	task->internal = options->internal;
	task->created_by = options->origin != NULL ? *options->origin :
	    task_current_origin();
	task->created_at = options->site != NULL ? options->site : site;
	task->created_us = loop_now_us(loop);
	task->started_us = task->done_us = task->asked.us = -1;
	*ret_task = task;
	return 0;
}

/*
 * The words a task is cancelled with: what it raised, else what it was told,
 * which stays true whatever its clean-up raised and swallowed meanwhile.
 */
static struct evtask_error *
task_catch_cancelled(struct evtask *task)
{
	if (task->asked.words != NULL && (task->raised == NULL ||
	    evtask_error_code(task->raised) != -ECANCELED))
		return evtask_error_ref(task->asked.words);
	return evtask_catch(-ECANCELED);
}

/* The end: its future is settled by what fn returned. May free the task. */
static void
task_finish(struct evtask *task, int r)
{
	struct evtask_loop *loop = task->future.loop;
	bool alone = list_empty(&task->future.waiters) &&
	    task->future.refs == 1;
	struct evtask_value value = task->result;

	task->result = evtask_value_none();
	task->done_us = loop->now_us;
	list_remove(&task->all);
	if (!list_empty(&task->holds))
		resource_abandon_all(task);
	if (task->unwinding)
		r = -ECANCELED;
	if (r >= 0 && task->must_cancel)
		r = evtask_raise_error(evtask_error_ref(task->asked.words));
	if (r < 0)
		evtask_value_unref(value);
	if (r >= 0)
		future_return(&task->future, value);
	else if (r == -ECANCELED)
		future_cancelled(&task->future, task_catch_cancelled(task));
	else
		future_raise(&task->future, evtask_catch(r));

	if (task->arg_free != NULL)
		task->arg_free(task->arg);
	ready_unreserve(&loop->ready, SLOTS);
	loop->stats.tasks_done++;
	loop->stats.tasks_pending--;
	if (alone && task->future.refs == 1 &&
	    task->future.state == FUTURE_RAISED && !task->future.fetched) {
		task->future.fetched = true;
		loop_report(loop, EVTASK_REPORT_UNRETRIEVED,
		    "a detached task raised", task->future.error,
		    &task->future);
	}
	/* Last: an observer that keeps the task hides no failure. */
	if (loop->observer != NULL && loop->observer->done != NULL)
		loop->observer->done(task, loop->observer_arg);
	evtask_unref(task);	/* the loop's own reference */
}

/* Switching. */

/* This task is the one that runs from here on. */
static void
task_enter(struct evtask *task)
{
	task->resumes++;
	current.task = task;
	if (task->started)
		return;
	task->started = true;
	task->started_us = task->future.loop->now_us;
	if (task->future.loop->observer != NULL &&
	    task->future.loop->observer->started != NULL)
		task->future.loop->observer->started(task,
		    task->future.loop->observer_arg);
}

static int
task_bind_stack(struct evtask *task)
{
	struct stack *stack = stack_get(&task->future.loop->stacks);

	if (stack == NULL)
		return -ENOMEM;
	coro_init(&task->coro, stack, task_entry, task);
	return 0;
}

/*
 * The next in the queue, taken from it, when it is a task that can be switched
 * to; NULL: the loop must see to it.
 */
static struct evtask *
take_next(struct evtask_loop *loop, bool stack_at_hand)
{
	struct runnable *r = ready_peek(&loop->ready);
	struct evtask *next;

	if (r == NULL && loop_next_turn(loop))
		r = ready_peek(&loop->ready);
	if (r == NULL || r->run != task_step)
		return NULL;
	next = task_of_step(r);
	if (!next->started && (next->must_cancel ||
	    (!stack_at_hand && task_bind_stack(next) < 0)))
		return NULL;
	ready_take(&loop->ready, r);
	loop->since_look++;
	return next;
}

/* The running task goes; returns when it is resumed. */
static void
switch_away(struct evtask *task)
{
	struct evtask_loop *loop = task->future.loop;
	struct coro *to = task->back;
	struct evtask *next = NULL;

	task->back = NULL;
	if (to == NULL) {
		next = take_next(loop, false);
		to = next != NULL ? &next->coro : &loop->coro;
	}
	if (next != NULL)
		task_enter(next);
	else
		current.task = NULL;
	if (next != task)
		coro_switch(&task->coro, to);
}

/* What runs on a stack: a task, and after it whichever new one comes next. */
static void
task_entry(void *arg)
{
	struct evtask *task = arg;
	struct coro here;

	coro_begin(&task->coro);
	for (;;) {
		struct evtask_loop *loop = task->future.loop;
		int r = task->fn(task->arg);
		struct coro *to = task->back;
		struct evtask *next;

		here = task->coro;
		task_finish(task, r);
		current.task = NULL;
		next = to == NULL ? take_next(loop, true) : NULL;
		if (next != NULL && !next->started) {
			coro_adopt(&next->coro, &here);
			task_enter(next);
			task = next;
			continue;
		}
		if (next != NULL) {
			to = &next->coro;
			task_enter(next);
		}
		stack_put(&loop->stacks, here.stack);
		coro_leave(&here, to != NULL ? to : &loop->coro);
	}
}

/* Runs a task from here, until it suspends or ends; then we go on. */
static int
task_resume_from(struct evtask *task, struct coro *here)
{
	int r = task->started ? 0 : task_bind_stack(task);

	if (r < 0)
		return r;
	task_enter(task);
	coro_switch(here, &task->coro);
	return 0;
}

/* The loop runs a task: from the turn, on the loop's own stack. */
static void
task_step(struct runnable *r)
{
	struct evtask *task = task_of_step(r);
	struct evtask_loop *loop = task->future.loop;
	int code = -ECANCELED;

	if (task->started || !task->must_cancel)
		code = task_resume_from(task, &loop->coro);
	if (code < 0) {
		/* Cancelled before it began, or no stack could be had. */
		current.task = task;
		task_finish(task, code);
	}
	current.task = NULL;
}

/* Creating. */

/* Runs the first step inside the call that creates it. */
static int
start_eagerly(struct evtask_loop *loop, struct evtask *task)
{
	struct evtask *creator = current.task;
	int r;

	task->back = creator != NULL ? &creator->coro : &loop->coro;
	r = task_resume_from(task, task->back);
	if (r < 0)
		task->back = NULL;	/* the queue will start it */
	current.task = creator;
	return r;
}

int
evtask_new_at(struct evtask_loop *loop, evtask_fn fn, void *arg,
    const struct evtask_options *options, struct evtask **ret_task,
    const struct evtask_site *site)
{
	static const struct evtask_options none;
	struct evtask *task;
	int r;

	if (loop == NULL || fn == NULL || loop->closing)
		return -EINVAL;
	if (options == NULL)
		options = &none;
	r = task_new(loop, fn, arg, options, site, &task);
	if (r < 0)
		return r;
	evtask_ref(task);	/* the caller's, beside the loop's */
	loop->stats.tasks_created++;
	loop->stats.tasks_pending++;
	if (loop->observer != NULL && loop->observer->created != NULL)
		loop->observer->created(task, loop->observer_arg);
	list_append(&loop->tasks, &task->all);
	/* Without a stack an eager one starts, or fails, from the queue. */
	if (!options->eager || current.loop != loop ||
	    start_eagerly(loop, task) < 0)
		loop_schedule(loop, &task->step);
	if (ret_task != NULL)
		*ret_task = task;
	else
		evtask_unref(task);
	return 0;
}

int
evtask_return(struct evtask_value value)
{
	if (current.task == NULL) {
		evtask_value_unref(value);
		return -EINVAL;
	}
	evtask_value_unref(current.task->result);
	current.task->result = value;
	return 0;
}

int
evtask_call(evtask_fn fn, void *arg, struct evtask_value *ret_value)
{
	struct evtask *task = current.task;
	struct evtask_value outer, value;
	int r;

	if (task == NULL || fn == NULL)
		return -EINVAL;
	outer = task->result;
	task->result = evtask_value_none();
	r = fn(arg);
	value = task->result;
	task->result = outer;
	if (r >= 0 && ret_value != NULL)
		*ret_value = value;
	else
		evtask_value_unref(value);
	return r < 0 ? r : 0;
}

/* Waiting. */

void
task_note_request(struct evtask *task, const struct request *request)
{
	struct evtask_loop *loop = task->future.loop;

	task->cancels++;
	evtask_error_unref(task->asked.words);
	task->asked = (struct cancellation){
		.requests = task->asked.requests + 1,
		.words = evtask_error_ref(request->words),
		.by = request->origin, .at = request->site,
		.us = loop_now_us(loop),
	};
	if (loop->observer != NULL && loop->observer->cancel_requested != NULL)
		loop->observer->cancel_requested(task, loop->observer_arg);
}

/* The answer of a wait that is over; what: how that came about. */
static int
resumed(struct evtask *task, bool cancelled)
{
	bool mine = task->must_cancel || (task->forwarded && cancelled);

	task->must_cancel = false;
	task->forwarded = false;
	if (task->unwinding)
		return -ECANCELED;
	if (!mine)
		return 0;
	return evtask_raise_error(evtask_error_ref(task->asked.words));
}

/* A task being unwound must not wait. One that keeps trying is given up: its
 * frames are never left. */
static int
refuse(struct evtask *task)
{
	if (++task->refusals > MAX_REFUSALS)
		switch_away(task);
	return -ECANCELED;
}

static void
wait_begin(struct evtask *task, struct wait *wait)
{
	wait->since_us = task->future.loop->now_us;
	task->wait = wait;
	task->awaits++;
}

int
task_yield(struct wait *wait)
{
	struct evtask *task = current.task;

	if (task == NULL)
		return -EINVAL;
	if (task->unwinding)
		return refuse(task);
	wait_begin(task, wait);
	loop_schedule(task->future.loop, &task->step);
	switch_away(task);
	task->wait = NULL;
	return resumed(task, false);
}

/* Says no as asyncio does: thrown in, a turn later. */
static int
refuse_await(struct evtask_future *f, struct evtask *task, struct wait *wait)
{
	int r = task_yield(wait);

	if (r < 0)
		return r;
	if (f->loop != task->future.loop)
		return evtask_raise_as("Runtime", -EXDEV,
		    "cannot await a future of another loop");
	return cycle_raise(f, task);
}

/* Circles may be allowed, but for the smallest. */
static bool
may_await(const struct evtask_future *f, const struct evtask *task)
{
	if (f->loop != task->future.loop || f == &task->future)
		return false;
	return f->loop->allow_cycles || !cycle_closes(f, task);
}

/* Whether other tasks must act for this wait to end, as far as is known. */
static inline bool
waits_for_tasks(const struct evtask_future *f, const struct wait *wait)
{
	return f->class->owned || f->class->awaits != NULL ||
	    wait->resource != NULL || wait->each != NULL;
}

int
task_park(struct evtask_future *f, struct wait *wait)
{
	struct evtask *task = current.task;

	if (task == NULL)
		return -EINVAL;
	if (task->unwinding)
		return refuse(task);
	if (f->state != FUTURE_PENDING)
		return 0;
	if (!may_await(f, task))
		return refuse_await(f, task, wait);
	wait_begin(task, wait);
	wait->waiter.wakes = &task->step;
	list_append(&f->waiters, &wait->waiter.link);
	task->awaiting = f;
	if (task->must_cancel) {
		struct request request = {
			.words = task->asked.words, .origin = task->asked.by,
			.site = task->asked.at,
		};

		task->forwarded = future_cancel(f, &request);
		/* Queued: it closed a circle, and was the one to break it. */
		task->must_cancel = !task->forwarded || task->step.queued;
	}
	if (waits_for_tasks(f, wait))
		graph_check(task);
	if (f->loop->observer != NULL && f->loop->observer->waiting != NULL)
		f->loop->observer->waiting(task, f->loop->observer_arg);
	switch_away(task);
	task->awaiting = NULL;
	task->wait = NULL;
	list_remove(&wait->waiter.link);
	f->fetched = true;	/* even if another answer wins, below */
	return resumed(task, future_ended_cancelled(f));
}

/* The end of the loop. */

static void
unwind(struct evtask_loop *loop, struct evtask *task)
{
	ready_remove(&loop->ready, &task->step);
	task->must_cancel = true;
	if (!task->started) {
		current.task = task;
		task_finish(task, -ECANCELED);
		current.task = NULL;
		return;
	}
	evtask_ref(task);
	task->unwinding = true;
	task->back = &loop->coro;
	(void)task_resume_from(task, &loop->coro);
	current.task = NULL;
	if (task->future.state == FUTURE_PENDING) {
		loop_report(loop, EVTASK_REPORT_STUCK,
		    "a task did not end when its loop was freed",
		    error_of_code(-EBUSY), &task->future);
		list_remove(&task->all);
		resource_abandon_all(task);
		task->coro.stack = NULL;	/* goes with the pool */
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
