/*
 * loop.c - the event loop: asyncio's turns on a libevent base.
 *
 *	turn:	poll; append timers that are due; run what was ready then
 *
 * The system is asked, by system.c, when nothing is ready, and now and then
 * when something always is. What comes from there only settles futures and
 * queues handles; and timers live in a heap of our own.
 *
 * A run of ours (loop_run) calls the base. In a program that dispatches its
 * own base it is the other way round: the tick event is armed for the next
 * turn or the next timer, and what happens between turns re-arms it.
 */
#include "core/loop.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/debug.h"
#include "core/handle.h"
#include "core/loops.h"
#include "core/recorder.h"
#include "core/resource.h"
#include "core/system.h"
#include "core/task.h"
#include "core/tell.h"
#include "core/timer.h"

enum { BUSY_US = 1000 };	/* until another loop's turn is asked again */

_Thread_local struct current current;

struct evtask_error **
current_raised(void)
{
	if (current.task != NULL)
		return &current.task->running->raised;
	return current.loop != NULL ? &current.loop->raised : NULL;
}

/* One turn, after the poll. */
static void
turn(struct evtask_loop *loop)
{
	struct runnable *r;

	timers_expire(&loop->timers, loop->now_us, &loop->ready);
	if (loop->running && !loop->stopping)
		ready_look_after(&loop->ready, loop->look_every);
	else
		ready_look_soon(&loop->ready);
	loop_begin_turn(loop);
	if (recorder_is_on(loop))
		ready_watch(&loop->ready);
	loop->in_turn = true;
	while ((r = loop_next(loop)) != NULL) {
		ready_take(&loop->ready, r);
		ready_look_ahead(&loop->ready);
		if (__builtin_expect(loop->slow_us != 0, 0))
			debug_run(loop, r);
		else
			r->run(r);
	}
	loop->in_turn = false;
}

int
loop_run(struct evtask_loop *loop)
{
	struct current outer = current;
	int r;

	if (current.loop != NULL || loop_is_elsewhere(loop) || loop->running)
		return -EBUSY;
	current = (struct current){ .loop = loop };
	loop->runs_in = &current;
	loop->running = true;
	loop->asleep = false;
	coro_init_thread(&loop->coro);
	pulse_beat(&loop->pulse, false);
	system_look(loop);
	do {
		r = system_poll(loop);
		if (r == 0)
			turn(loop);
	} while (r == 0 && !loop->stopping);
	loop->stopping = false;
	loop->running = false;
	ready_look_soon(&loop->ready);
	pulse_beat(&loop->pulse, true);
	loop->runs_in = NULL;
	current = outer;
	if (!loop->own_base) {
		loop->asleep = true;
		loop_wake_up(loop);
	}
	return r;
}

/* Driven by somebody else's dispatch. */

void
loop_wake_up(struct evtask_loop *loop)
{
	loop->asleep = false;
	system_tick(loop, 0);
}

void
loop_tick(struct evtask_loop *loop)
{
	struct current outer = current;

	if (loop->running)
		return;		/* what is left of another's dispatch */
	if (current.loop != NULL && current.loop->in_turn) {
		system_tick(loop, BUSY_US);	/* a dispatch inside a turn */
		return;
	}
	current = (struct current){ .loop = loop };
	loop->runs_in = &current;
	loop->asleep = false;
	coro_init_thread(&loop->coro);
	pulse_beat(&loop->pulse, false);
	system_look(loop);
	turn(loop);
	pulse_beat(&loop->pulse, true);
	loop->runs_in = NULL;
	current = outer;

	if (!ready_empty(&loop->ready)) {
		system_tick(loop, 0);
		return;
	}
	loop->asleep = true;
	if (loop->timers.first_us != EVTASK_FOREVER)
		system_tick(loop, loop->timers.first_us -
		    evtask_loop_time_us(loop));
}

/* Making and freeing. */

static int
loop_init(struct evtask_loop *loop, const struct evtask_loop_options *options)
{
	const char *environment;
	int r;

	list_init(&loop->tasks);
	list_init(&loop->callbacks);
	list_init(&loop->resources);
	list_init(&loop->known);
	list_init(&loop->fans);
	system_init(loop);
	timers_init(&loop->timers);
	slab_init(&loop->task_slab, sizeof(struct evtask), task_make);
	slab_init(&loop->handle_slab, sizeof(struct evtask_handle), NULL);
	slab_init(&loop->future_slab, sizeof(struct future_made), NULL);
	slab_init(&loop->extra_slab, sizeof(struct extra), NULL);
	loop->refs = 1;
	loop->clock = options->clock;
	loop->allow_cycles = options->allow_cycles;
	environment = secure_getenv("EVTASK_DEBUG");
	evtask_loop_set_debug(loop, options->debug ||
	    (environment != NULL && *environment != '\0'));
	r = system_open(loop, options->base);
	if (r < 0)
		return r;
	r = ready_init(&loop->ready);
	if (r < 0)
		return r;
	stack_pool_init(&loop->stacks, options->stack_size_bytes);
	loop->now_us = evtask_loop_time_us(loop);
	loop->asleep = !loop->own_base;
	return 0;
}

void
loop_vanish(struct evtask_loop *loop)
{
	slab_release(&loop->task_slab);
	slab_release(&loop->handle_slab);
	slab_release(&loop->future_slab);
	slab_release(&loop->extra_slab);
	free(loop);
}

static void
loop_destroy(struct evtask_loop *loop)
{
	loops_remove(loop);
	stack_pool_release(&loop->stacks);
	timers_release(&loop->timers);
	ready_release(&loop->ready);
	system_close(loop);
	evtask_error_unref(loop->raised);
	free(loop->recorder);
	loop->recorder = NULL;
	/* What is left of it is for futures still held: they do nothing any
	 * more, and nobody is told. */
	loop->closing = true;
	loop->exception_fn = NULL;
	loop->observer = NULL;
	tell_changed(loop);
	loop_unref(loop);
}

int
evtask_loop_new(const struct evtask_loop_options *options,
    struct evtask_loop **ret_loop)
{
	static const struct evtask_loop_options none;
	struct evtask_loop *loop;
	int r;

	if (options == NULL)
		options = &none;
	if (ret_loop == NULL || (options->base != NULL &&
	    options->clock == EVTASK_CLOCK_VIRTUAL) ||
	    options->stack_size_bytes > STACK_MAX_SIZE)
		return -EINVAL;
	loop = aligned_alloc(CACHE_LINE, sizeof *loop);
	if (loop == NULL)
		return -ENOMEM;
	memset(loop, 0, sizeof *loop);
	r = loop_init(loop, options);
	if (r < 0) {
		loop_destroy(loop);
		return r;
	}
	loops_add(loop);
	*ret_loop = loop;
	return 0;
}

/* What the program was promised to be called, and will not be. What is armed
 * but for that was its owner's, who is gone. */
static void
drop(struct evtask_loop *loop, struct runnable *r)
{
	if (!handle_drop(r) && !timer_drop(loop, r) && r->armed)
		timers_remove(&loop->timers, r);
}

static void
drop_runnables(struct evtask_loop *loop)
{
	struct ready *ready = &loop->ready;
	struct runnable *r;

	while ((r = timers_any(&loop->timers)) != NULL)
		drop(loop, r);
	while (!ready_empty(ready)) {
		r = ready_first(ready);
		drop(loop, r);
		/* It is nobody's call, and stands there still. */
		if (!ready_empty(ready) && ready_first(ready) == r)
			ready_take(ready, r);
	}
	handle_drop_inbox(loop);
}

int
evtask_loop_free(struct evtask_loop *loop)
{
	struct current outer = current;
	struct list *link, *after;

	if (loop == NULL)
		return 0;
	if (loop_is_elsewhere(loop) || loop->running || current.loop == loop)
		return misuse(loop, NULL, -EBUSY,
		    "a loop is freed while it runs");
	if (loop->debug)
		debug_report_pending(loop);
	loop->closing = true;
	loop->asleep = false;
	current = (struct current){ .loop = loop };
	coro_init_thread(&loop->coro);
	task_unwind_all(loop);
	list_foreach_safe(link, after, &loop->resources)
		container_of(link, struct loop_resource, link)->release(
		    container_of(link, struct loop_resource, link));
	drop_runnables(loop);
	future_drop_callbacks(loop);
	resource_forget_all(loop);
	current = outer;
	loop_destroy(loop);
	return 0;
}

/* Asking. */

void
evtask_loop_stop(struct evtask_loop *loop)
{
	if (loop_is_elsewhere(loop))
		return;
	loop->stopping = true;
	ready_look_soon(&loop->ready);
}

bool
evtask_loop_is_running(const struct evtask_loop *loop)
{
	return loop->running;
}

struct evtask_loop *
evtask_get_running_loop(void)
{
	return current.loop;
}

struct evtask_loop *
evtask_get_event_loop(void)
{
	return current.loop;
}
