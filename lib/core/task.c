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
 * Only here does a coroutine meet a future: a task is made and freed in
 * create.c, asked in query.c and awaited in await.c.
 */
#include "core/task.h"

#include <assert.h>
#include <errno.h>

#include "core/cycle.h"
#include "core/debug.h"
#include "core/error.h"
#include "core/graph.h"
#include "core/recorder.h"
#include "core/resource.h"
#include "core/value.h"

enum { MAX_REFUSALS = 1000 };	/* of awaits, before a task is abandoned */

static void task_entry(void *arg);

struct evtask *
task_woken_by(const struct waiter *w)
{
	return task_of_runnable(w->wakes);
}

/*
 * The words a task is cancelled with: what it raised, else what it was told,
 * which stays true whatever its clean-up raised and swallowed meanwhile.
 */
static struct evtask_error *
task_catch_cancelled(struct evtask *task)
{
	const struct evtask_error *raised = task->running->raised;

	if (task->asked.words != NULL && (raised == NULL ||
	    evtask_error_code(raised) != -ECANCELED))
		return evtask_error_ref(task->asked.words);
	return evtask_catch(-ECANCELED);
}

/* The end: its future is settled by what fn returned. May free the task. */
static void
task_finish(struct evtask_loop *loop, struct evtask *task, int r)
{
	struct evtask_future *f = &task->future;
	struct running *running = task->running;
	bool alone = list_empty(&f->waiters) && f->refs == 1;

	task->done_us = loop->now_us;
	list_remove(&task->all);
	if (!list_empty(&running->holds))
		resource_abandon_all(task);
	if (task->unwinding)
		r = -ECANCELED;
	if (r >= 0 && task->must_cancel)
		r = evtask_raise_error(evtask_error_ref(task->asked.words));
	if (r < 0)
		evtask_value_unref(running->result);
	if (r >= 0)
		future_return(f, running->result);
	else if (r == -ECANCELED)
		future_cancelled(f, task_catch_cancelled(task));
	else
		future_raise(f, evtask_catch(r));

	running->result = evtask_value_none();
	if (task->arg_free != NULL)
		task->arg_free(task->arg);
	ready_unreserve(&loop->ready, 1);
	loop->stats.tasks_done++;
	loop->stats.tasks_pending--;
	if (alone && f->refs == 1 && f->state == FUTURE_RAISED &&
	    !f->fetched) {
		f->fetched = true;
		loop_report(loop, EVTASK_REPORT_UNRETRIEVED,
		    "a detached task raised", f->error, f);
	}
	record(loop, RECORD_DONE, task);
	/* Last: an observer that keeps the task hides no failure. */
	if (loop->observer != NULL && loop->observer->done != NULL)
		loop->observer->done(task, loop->observer_arg);
	value_unref(running->result);
	if (running->raised != NULL)
		evtask_error_unref(running->raised);
	task->running = NULL;
	current.task = NULL;	/* no code of it runs any more */
	future_unref(f);	/* the loop's own reference */
}

/* Switching. */

static __attribute__((__noinline__)) void
task_start(struct evtask_loop *loop, struct evtask *task)
{
	task->started = true;
	task->started_us = loop->now_us;
	if (loop->observer != NULL && loop->observer->started != NULL)
		loop->observer->started(task, loop->observer_arg);
}

/* This task is the one that runs from here on. */
static inline void
task_enter(struct evtask_loop *loop, struct evtask *task)
{
	task->resumes++;
	current.task = task;
	recorder_runs(loop, task);
	if (!task->started)
		task_start(loop, task);
}

static int
task_bind_stack(struct evtask_loop *loop, struct evtask *task)
{
	struct stack *stack = stack_get(&loop->stacks);

	if (stack == NULL)
		return -ENOMEM;
	coro_init(&task->coro, stack, task_entry, task);
	return 0;
}

/* What the tasks behind the next will touch first is fetched meanwhile: the
 * block of the third, and of the second what it left on its stack. */
static inline void
look_ahead(const struct ready *ready)
{
	struct runnable *r;
	const char *parked;

	__builtin_prefetch(ready->slots[(ready->head + 2) & ready->mask]);
	if (ready->tail - ready->head < 2)
		return;
	r = ready->slots[(ready->head + 1) & ready->mask];
	if (r == NULL || r->run != task_step)
		return;
	parked = task_of_step(r)->coro.parked;
	__builtin_prefetch(parked);
	__builtin_prefetch(parked + CACHE_LINE);
}

static inline void
take(struct evtask_loop *loop, struct evtask *task)
{
	ready_take(&loop->ready, &task->step);
	look_ahead(&loop->ready);
	loop->since_look++;
}

/* The same as below, where it is not simply the next task's turn. */
static __attribute__((__noinline__)) struct evtask *
take_next_slowly(struct evtask_loop *loop, bool stack_at_hand)
{
	struct runnable *r = ready_peek(&loop->ready);
	struct evtask *next;

	if (r == NULL && loop_next_turn(loop))
		r = ready_peek(&loop->ready);
	if (r == NULL || r->run != task_step || loop->slow_us != 0)
		return NULL;
	next = task_of_step(r);
	if (!next->started && (next->must_cancel ||
	    (!stack_at_hand && task_bind_stack(loop, next) < 0)))
		return NULL;
	take(loop, next);
	return next;
}

/*
 * The next in the queue, taken from it, when it is a task that can be switched
 * to; NULL: the loop must see to it.
 */
static inline __attribute__((__always_inline__)) struct evtask *
take_next(struct evtask_loop *loop, bool stack_at_hand)
{
	const struct ready *ready = &loop->ready;
	struct runnable *r;

	if (ready->head == ready->turn_end && !loop_next_turn(loop))
		return NULL;
	r = ready->slots[ready->head & ready->mask];
	if (r == NULL || r->run != task_step || !task_of_step(r)->started)
		return take_next_slowly(loop, stack_at_hand);
	take(loop, task_of_step(r));
	return task_of_step(r);
}

/* The context that a task goes back to by name, once. */
static struct coro *
take_back(struct evtask *task)
{
	struct coro *back = task->running->back;

	task->goes_back = false;
	task->running->back = NULL;
	return back;
}

/* The running task goes; returns when it is resumed. */
static inline __attribute__((__always_inline__)) void
switch_away(struct evtask_loop *loop, struct evtask *task)
{
	struct evtask *next = NULL;
	struct coro *to;

	if (__builtin_expect(task->goes_back, false)) {
		to = take_back(task);
	} else {
		next = take_next(loop, false);
		to = next != NULL ? &next->coro : &loop->coro;
	}
	if (next != NULL)
		task_enter(loop, next);
	else
		current.task = NULL;
	if (next != task)
		coro_switch(&task->coro, to);
}

static inline void
running_init(struct running *running, struct coro *back)
{
	running->result = evtask_value_none();
	running->raised = NULL;
	running->back = back;
	running->refusals = 0;
	list_init(&running->holds);
	running->busy_ticks = 0;
}

/* What runs on a stack: a task, and after it whichever new one comes next. */
static void
task_entry(void *arg)
{
	struct evtask *task = arg;
	struct evtask_loop *loop = task->future.loop;
	struct running running;
	struct coro here;

	coro_begin(&task->coro);
	for (;;) {
		struct evtask *next;
		struct coro *to;
		int r;

		running_init(&running, task->goes_back ?
		    task->running->back : NULL);
		task->running = &running;
		r = task->fn(task->arg);
		to = task->goes_back ? running.back : NULL;
		here = task->coro;
		task_finish(loop, task, r);
		current.task = NULL;
		next = to == NULL ? take_next(loop, true) : NULL;
		if (next != NULL && !next->started) {
			coro_adopt(&next->coro, &here);
			task_enter(loop, next);
			task = next;
			continue;
		}
		if (next != NULL) {
			to = &next->coro;
			task_enter(loop, next);
		}
		stack_put(&loop->stacks, here.stack);
		coro_leave(&here, to != NULL ? to : &loop->coro);
	}
}

/* Runs a task from here, until it suspends or ends; then we go on. */
static int
task_resume_from(struct evtask_loop *loop, struct evtask *task,
    struct coro *here)
{
	int r = task->started ? 0 : task_bind_stack(loop, task);

	if (r < 0)
		return r;
	task_enter(loop, task);
	coro_switch(here, &task->coro);
	return 0;
}

/* A task that never ran ends: its function is not called. */
static void
task_end_unborn(struct evtask_loop *loop, struct evtask *task, int r)
{
	struct running none;

	running_init(&none, NULL);
	task->running = &none;
	current.task = task;
	task_finish(loop, task, r);
	current.task = NULL;
}

/* From the turn, on the loop's own stack. */
void
task_step(struct runnable *r)
{
	struct evtask *task = task_of_step(r);
	struct evtask_loop *loop = current.loop;
	int code = -ECANCELED;

	if (task->started || !task->must_cancel)
		code = task_resume_from(loop, task, &loop->coro);
	current.task = NULL;
	if (code < 0)	/* cancelled before it began, or no stack for it */
		task_end_unborn(loop, task, code);
}

int
task_start_eagerly(struct evtask_loop *loop, struct evtask *task)
{
	struct evtask *creator = current.task;
	struct running first;
	int r;

	running_init(&first, creator != NULL ? &creator->coro : &loop->coro);
	task->running = &first;
	task->goes_back = true;
	r = task_resume_from(loop, task, first.back);
	if (r < 0) {
		task->running = NULL;	/* the queue will start it */
		task->goes_back = false;
	}
	current.task = creator;
	if (creator != NULL)
		recorder_runs(loop, creator);
	return r;
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
	record(loop, RECORD_CANCEL, task);
	if (loop->observer != NULL && loop->observer->cancel_requested != NULL)
		loop->observer->cancel_requested(task, loop->observer_arg);
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
	return evtask_raise_error(evtask_error_ref(task->asked.words));
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
		switch_away(current.loop, task);
	return -ECANCELED;
}

int
task_yield(void)
{
	struct evtask_loop *loop = current.loop;
	struct evtask *task = current.task;

	if (task == NULL)
		return -EINVAL;
	if (task->unwinding)
		return refuse(task);
	ready_push(&loop->ready, &task->step);
	switch_away(loop, task);
	return resumed(task, NULL);
}

/* Says no as asyncio does: thrown in, a turn later. */
static int
refuse_await(struct evtask_future *f, struct evtask *task,
    const struct evtask_site *site)
{
	int r = task_yield();

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

/* A task that has not begun waits for nobody, and holds nothing. */
static inline bool
is_new_task(struct evtask_future *f)
{
	const struct evtask *task = task_of_future(f);

	return task != NULL && !task->started;
}

/* Circles may be allowed, but for the smallest. */
static inline bool
may_await(struct evtask_future *f, const struct evtask *task)
{
	if (f->loop != task->future.loop || f == &task->future)
		return false;
	return f->class != &task_class || f->loop->allow_cycles ||
	    is_new_task(f) || !cycle_closes(f, task);
}

/* Whether other tasks must act for this wait to end, as far as is known. */
static inline bool
waits_for_tasks(struct evtask_future *f, const struct wait *wait)
{
	return (f->class->owned && !is_new_task(f)) || f->class->awaits != NULL ||
	    wait->resource != NULL || wait->each != NULL;
}

/* A request that came while it ran reaches what it begins to wait for. */
static void
pass_on(struct evtask *task, struct evtask_future *f)
{
	struct request request = {
		.words = task->asked.words, .origin = task->asked.by,
		.site = task->asked.at,
	};

	task->forwarded = future_cancel(f, &request);
	/* Queued: it closed a circle, and was the one to break it. */
	task->must_cancel = !task->forwarded || task->step.queued;
}

int
task_park(struct evtask_future *f, struct wait *wait)
{
	struct evtask_loop *loop = current.loop;
	struct evtask *task = current.task;

	if (task == NULL)
		return outside_a_task(wait->site);
	if (task->unwinding)
		return refuse(task);
	if (f->state != FUTURE_PENDING)
		return 0;
	if (!may_await(f, task))
		return refuse_await(f, task, wait->site);
	wait->on = f;
	wait->since_us = loop->now_us;
	wait->waiter.wakes = &task->step;
	future_link(f, &wait->waiter);
	task->wait = wait;
	if (task->must_cancel)
		pass_on(task, f);
	if (waits_for_tasks(f, wait))
		graph_check(task);
	record(loop, RECORD_WAITS, task);
	if (loop->observer != NULL && loop->observer->waiting != NULL)
		loop->observer->waiting(task, loop->observer_arg);
	switch_away(loop, task);
	task->wait = NULL;
	list_remove(&wait->waiter.link);
	f->fetched = true;	/* even if another answer wins, below */
	return resumed(task, f);
}

/* The end of the loop. */

static void
unwind(struct evtask_loop *loop, struct evtask *task)
{
	ready_remove(&loop->ready, &task->step);
	task->must_cancel = true;
	if (!task->started) {
		task_end_unborn(loop, task, -ECANCELED);
		return;
	}
	evtask_ref(task);
	task->unwinding = true;
	task->goes_back = true;
	task->running->back = &loop->coro;
	(void)task_resume_from(loop, task, &loop->coro);
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
		task->running = NULL;		/* goes with the pool */
		task->coro.stack = NULL;
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
