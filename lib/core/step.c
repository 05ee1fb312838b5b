/*
 * step.c - a task takes its turn: it begins, goes on, and ends.
 *
 * A stack is bound when a task first runs; one cancelled before needs none. A
 * task that ends hands its stack to the next task if that is new, without a
 * switch at all: many that never wait run on one stack, one after the other,
 * in task_entry().
 */
#include "core/step.h"

#include <errno.h>

#include "core/error.h"
#include "core/resource.h"
#include "core/tell.h"
#include "core/value.h"
#include "core/wake.h"

/* The end. */

/*
 * The words a task is cancelled with: what it raised, else what it was told,
 * which stays true whatever its clean-up raised and swallowed meanwhile.
 */
static struct evtask_error *
catch_cancelled(struct evtask *task)
{
	const struct evtask_error *raised = task->running->raised;

	if (task_extra(task)->asked.words != NULL && (raised == NULL ||
	    evtask_error_code(raised) != -ECANCELED))
		return evtask_error_ref(task_words(task));
	return evtask_catch(-ECANCELED);
}

/* It did not simply return: it raised, or a request is still on its way.
 * Whether it raised, and nobody is there to see it. */
static __attribute__((__noinline__)) bool
settle_otherwise(struct evtask *task, int r)
{
	struct evtask_future *f = &task->future;
	bool alone = f->refs == 1 && list_empty(&f->waiters);

	if (!task->unwinding && r >= 0)
		r = evtask_raise_error(evtask_error_ref(task_words(task)));
	evtask_value_unref(task->running->result);
	if (task->unwinding || r == -ECANCELED)
		future_cancelled(f, catch_cancelled(task));
	else
		future_raise(f, evtask_catch(r));
	return alone && f->state == FUTURE_RAISED;
}

static __attribute__((__noinline__)) void
report_detached(struct evtask_loop *loop, struct evtask_future *f)
{
	f->fetched = true;
	loop_report(loop, EVTASK_REPORT_UNRETRIEVED, "a detached task raised",
	    f->error, f);
}

/* A result nobody took, or an error that was caught, goes. */
static __attribute__((__noinline__)) void
free_leftovers(struct running *running)
{
	evtask_value_unref(running->result);
	running->result.type = NULL;
	evtask_error_unref(running->raised);
	running->raised = NULL;
}

/* It returned, and there is nothing more to it: nobody asked it to stop, or is
 * told, or sees to what it leaves behind. */
static inline bool
ends_plainly(const struct evtask_loop *loop, const struct evtask *task,
    const struct running *running, int r)
{
	if (task->must_cancel || task->unwinding || task->goes_back)
		return false;
	return r >= 0 && !tell_anybody(loop) && task->extra == NULL &&
	    running->raised == NULL && list_empty(&running->holds);
}

/*
 * The one who waits for f, and alone does, when nobody is ready: it would be
 * queued only to be taken at once, in a turn of its own, and nobody is told.
 * NULL: it is otherwise.
 */
static inline struct evtask *
heir_of(const struct evtask_loop *loop, const struct evtask_future *f)
{
	const struct list *first = f->waiters.next;

	if (first == &f->waiters || first->next != &f->waiters ||
	    !loop_may_turn_alone(loop))
		return NULL;
	return task_of_runnable(
	    container_of(first, const struct waiter, link)->wakes);
}

/* Its future is settled by what fn returned. May free the task. Its heir, which
 * is not queued, and holds it; NULL: whoever is next goes on. Inline, for those
 * that end plainly, one after the other. */
static inline __attribute__((__always_inline__)) struct evtask *
finish(struct evtask_loop *loop, struct evtask *task, struct running *running,
    int r, bool plain)
{
	struct evtask_future *f = &task->future;
	struct evtask *heir = NULL;
	bool unseen = false;

	task->arg = f->arg;	/* in place of where it is: nowhere any more */
	list_cut(&task->all);
	life_done(task, running, loop->now_us);
	if (!plain && !list_empty(&running->holds))
		resource_abandon_all(task);
	if (!plain && (r < 0 || task->must_cancel || task->unwinding)) {
		unseen = settle_otherwise(task, r);
	} else {
		value_copy(&f->value, &running->result);
		f->state = FUTURE_RETURNED;
		if (plain)
			heir = heir_of(loop, f);
		if (heir != NULL)
			list_init(&f->waiters);
		else
			wake_all(loop, f);
	}
	running->result.type = NULL;
	if (!plain && task->extra != NULL && task->extra->arg_free != NULL)
		task->extra->arg_free(task->arg);
	ready_unreserve(&loop->ready, 1);
	loop->stats.tasks_done++;
	if (!plain && unseen && f->refs == 1 && !f->fetched)
		report_detached(loop, f);
	/* Last: an observer that keeps the task hides no failure. */
	if (!plain)
		tell(loop, TOLD_DONE, task);
	if (!plain && (running->result.type != NULL ||
	    running->raised != NULL))
		free_leftovers(running);
	task->running = NULL;
	if (!plain || f->refs == 1)
		current.task = NULL;	/* no code of it runs any more */
	future_unref(f);		/* the loop's own reference */
	return heir;
}

static __attribute__((__noinline__)) void
finish_otherwise(struct evtask_loop *loop, struct evtask *task,
    struct running *running, int r)
{
	(void)finish(loop, task, running, r, false);
}

/* The beginning. */

static void
running_make(struct running *running, struct stack *stack)
{
	running->result.type = NULL;
	running->raised = NULL;
	running->wait = NULL;
	list_init(&running->holds);
	running->stack = stack;
	life_unborn(running);
}

static void task_entry(void *arg);

/* What a task needs while it runs stands at the top, its frames below that. */
static inline struct running *
running_of(struct stack *stack)
{
	return (struct running *)stack_top(stack) - 1;
}

static inline int
bind_stack(struct evtask_loop *loop, struct evtask *task)
{
	struct stack *stack = stack_get(&loop->stacks);

	if (stack == NULL)
		return -ENOMEM;
	task->running = running_of(stack);
	if (stack->rests == NULL)
		running_make(task->running, stack);
	coro_init(&task->coro, stack, task->running, task_entry,
	    task->running);
	return 0;
}

/* What is next, left where it is, when it is a task; NULL: the loop must see to
 * it. */
static inline struct evtask *
next_task(struct evtask_loop *loop)
{
	if (ready_turn_is_over(&loop->ready)) {
		if (!loop_may_turn(loop))
			return NULL;
		loop_begin_turn(loop);
	}
	return task_of_runnable(ready_first(&loop->ready));
}

/* The next is taken, and those are told who look. Its context. */
static inline struct coro *
take(struct evtask_loop *loop, struct evtask *next)
{
	struct coro *to = step_take(&loop->ready, next);

	recorder_runs(loop, next);
	return to;
}

/* Of a new one all lines are touched, and no stack yet; and where one new task
 * follows another, those behind them will be new. (An address and no pointer:
 * a slot past the last may be empty.) Always inline, as step_look_ahead(), and
 * for the same reason. */
static inline __attribute__((__always_inline__)) void
look_ahead_of_new(const struct ready *ready)
{
	uintptr_t block = (uintptr_t)ready->slots[
	    (ready->head + BLOCK_AHEAD) & ready->mask] -
	    offsetof(struct evtask, step);

	for (size_t at = 0; at < sizeof(struct evtask); at += CACHE_LINE)
		__builtin_prefetch((const void *)(block + at), 1);
}

/* take() of a new one, on the stack of one that has ended. */
static inline void
take_new(struct evtask_loop *loop, struct evtask *next)
{
	ready_take(&loop->ready, &next->step);
	look_ahead_of_new(&loop->ready);
	step_enter(next);
	recorder_runs(loop, next);
}

/* Where one ends and the next has begun before, those behind it will end too,
 * and go up their stacks to the top: what lies above that which each switch
 * fetches. Always inline, and for the same reason. */
static inline __attribute__((__always_inline__)) void
look_ahead_of_ending(const struct ready *ready)
{
	struct runnable *r =
	    ready->slots[(ready->head + STACK_AHEAD) & ready->mask];
	const char *parked;

	if (ready->tail - ready->head <= CROWD || !r->begun)
		return;
	parked = task_of_step(r)->coro.parked;
	for (int line = PARKED_LINES; line < ENDING_LINES; line++)
		__builtin_prefetch(parked + line * CACHE_LINE, 1);
}

/* The heir is the one that runs from here on. Its context. */
static inline struct coro *
inherit(struct evtask_loop *loop, struct evtask *heir)
{
	loop_turn_alone(loop);
	step_enter(heir);
	return &heir->coro;
}

/* What runs on a stack: a task, and after it whichever new one comes next. A
 * stack that nobody has rests here, until there is another task for it. */
static void
task_entry(void *arg)
{
	struct running *running = arg;

	coro_begin(&current.task->coro);
	for (;;) {
		struct evtask *task = current.task, *heir = NULL, *next;
		struct evtask_loop *loop = task->future.loop;
		struct coro here, *to = NULL;
		struct stack *stack;
		int r;

		task->started = true;
		life_started(running, loop->now_us);
		tell(loop, TOLD_STARTED, task);
		r = task->fn(task->future.arg);
		here = task->coro;
		if (__builtin_expect(ends_plainly(loop, task, running, r), 1)) {
			heir = finish(loop, task, running, r, true);
		} else {
			if (task->goes_back)
				to = running->back;
			finish_otherwise(loop, task, running, r);
		}
		if (heir != NULL) {
			to = inherit(loop, heir);
		} else if (to == NULL && (next = next_task(loop)) != NULL) {
			if (next->started) {
				to = take(loop, next);
				look_ahead_of_ending(&loop->ready);
			} else if (!next->must_cancel) {
				take_new(loop, next);
				next->running = running;
				coro_adopt(&next->coro, &here);
				continue;
			}
		}
		if (to == NULL)
			current.task = NULL;
		stack = running->stack;
		stack_put(&loop->stacks, stack);
		coro_rest(stack, &here, to != NULL ? to : &loop->coro);
	}
}

/* The context that a task goes back to by name, once. */
static inline struct coro *
take_back(struct evtask *task)
{
	struct coro *back = task->running->back;

	task->goes_back = false;
	task->running->back = NULL;
	return back;
}

/* To the next, taken. When that is new and cancelled already, or there is no
 * stack for it, the loop must see to it. */
static __attribute__((__noinline__)) struct coro *
go_elsewhere(struct evtask_loop *loop, struct evtask *running,
    struct evtask *next)
{
	if (running->goes_back) {
		current.task = NULL;
		return take_back(running);
	}
	if (next == NULL)
		next = next_task(loop);
	if (next == NULL || (!next->started &&
	    (next->must_cancel || bind_stack(loop, next) < 0))) {
		current.task = NULL;
		return &loop->coro;
	}
	return take(loop, next);
}

/* A new one wakes what rests on a stack, where there is one; and where nobody
 * is ready, the loop goes on: then nothing is called, and no register has to be
 * saved. */
struct coro *
step_elsewhere(struct evtask_loop *loop, struct evtask *running,
    struct runnable *first)
{
	struct evtask *next = first != NULL ? task_of_runnable(first) : NULL;
	struct stack *stack = NULL;

	if (next != NULL && !next->must_cancel)
		stack = stack_get_resting(&loop->stacks);
	if (stack == NULL) {
		if (!ready_empty(&loop->ready) || running->goes_back)
			return go_elsewhere(loop, running, next);
		current.task = NULL;
		return &loop->coro;
	}
	next->running = running_of(stack);
	coro_wake(&next->coro, stack);
	look_ahead_of_new(&loop->ready);
	return step_take(&loop->ready, next);
}

/* From outside of it. */

static int
resume_from(struct evtask_loop *loop, struct evtask *task, struct coro *here)
{
	int r = task->started ? 0 : bind_stack(loop, task);

	if (r < 0)
		return r;
	step_enter(task);
	recorder_runs(loop, task);
	coro_switch(here, &task->coro);
	return 0;
}

int
step_alone(struct evtask_loop *loop, struct evtask *task, struct coro *here)
{
	int r = task->started ? 0 : bind_stack(loop, task);

	if (r < 0)
		return r;
	task->running->back = here;
	task->goes_back = true;
	ready_watch(&loop->ready);
	step_enter(task);
	recorder_runs(loop, task);
	coro_switch(here, &task->coro);
	return 0;
}

void
step_end_unborn(struct evtask_loop *loop, struct evtask *task, int r)
{
	struct running none;

	running_make(&none, NULL);
	task->running = &none;
	current.task = task;
	finish_otherwise(loop, task, &none, r);
}

/* From the turn, on the loop's own stack. Where slow steps are looked for, each
 * is run alone. */
void
task_step(struct runnable *r)
{
	struct evtask *task = task_of_step(r);
	struct evtask_loop *loop = current.loop;
	int code = -ECANCELED;

	if (task->started || !task->must_cancel)
		code = __builtin_expect(loop->slow_us != 0, 0) ?
		    step_alone(loop, task, &loop->coro) :
		    resume_from(loop, task, &loop->coro);
	current.task = NULL;
	if (code < 0)	/* cancelled before it began, or no stack for it */
		step_end_unborn(loop, task, code);
}

int
step_start_eagerly(struct evtask_loop *loop, struct evtask *task)
{
	struct evtask *creator = current.task;
	int r = step_alone(loop, task,
	    creator != NULL ? &creator->coro : &loop->coro);

	current.task = creator;
	if (creator != NULL)
		recorder_runs(loop, creator);
	return r;
}
