/*
 * task.h - tasks, as the library builds on them.
 */
#ifndef CORE_TASK_H
#define CORE_TASK_H

#include "core/future.h"

struct resource;

/*
 * Why a task is parked: on its own stack, filled in by whoever parks. What it
 * waits for is a resource, or else a type with a name, or with a number.
 */
struct wait {
	const char *op;			/* "sleep", "fd.wait" */
	struct resource *resource;	/* NULL: none, but */
	const char *type;		/* "timer", "fd", "child" ... */
	const char *name;
	int64_t number;
	const struct evtask *owner;	/* who must act; NULL: not a task */
	/* Shows what is awaited, when it is many; NULL. */
	void (*each)(const struct wait *wait, future_visit_fn visit,
	    void *arg);
	const void *of;			/* for `each` */
	bool any;			/* one of those is enough */
	const struct evtask_site *site;
	int64_t until_us;		/* EVTASK_FOREVER: no deadline */
	/* By task_park(). */
	struct evtask_future *on;
	int64_t since_us;
	struct waiter waiter;
	struct list in_line;		/* of resource->line */
	bool suspect;			/* of a deadlock: see graph.h */
};

/* A wait as most are, assigned member by member: compilers clear a structure
 * of this size by an instruction that takes longer than the rest of it. */
static inline void
wait_init(struct wait *wait, const char *op, const char *type,
    const struct evtask_site *site)
{
	wait->op = op;
	wait->resource = NULL;
	wait->type = type;
	wait->name = NULL;
	wait->number = 0;
	wait->owner = NULL;
	wait->each = NULL;
	wait->of = NULL;
	wait->any = false;
	wait->site = site;
	wait->until_us = EVTASK_FOREVER;
	wait->waiter.feeds = NULL;
	wait->waiter.by = NULL;
	wait->suspect = false;
}

/* Who asked a task to stop, where, when, and with what words. */
struct cancellation {
	int requests;			/* there have ever been */
	struct evtask_error *words;	/* owned; NULL: never asked */
	struct evtask_origin by;
	const struct evtask_site *at;
	int64_t us;			/* -1: never asked */
};

/*
 * What a task needs only while its function runs. It stands at the top of its
 * stack, so that one that has none, not yet or no more, does not pay for it.
 */
struct running {
	struct evtask_value result;	/* what evtask_return() left */
	struct evtask_error *raised;	/* remembered for the code under way */
	struct coro *back;		/* who to go back to at the next
					   suspension, instead of the queue */
	uint32_t refusals;		/* of awaits, since unwinding */
	struct list holds;		/* struct resource, by held */
	uint64_t busy_ticks;		/* it has run, while recorded */
};

struct evtask {
	_Alignas(CACHE_LINE)
	struct evtask_future future;	/* first: a task is a future */
	int cancels;			/* requests not taken back */
	uint32_t mark;			/* of the last walk that came by */

	/* Running: all that a switch touches, a cache line. It holds a slot of
	 * the ready queue, for its step. */
	_Alignas(CACHE_LINE)
	struct runnable step;
	struct coro coro;		/* a stack since its first run */
	struct running *running;	/* NULL before it */
	struct wait *wait;		/* NULL: it is not parked */
	uint64_t resumes;
	bool started;			/* fn has been called */
	bool must_cancel;		/* undelivered: the next wait answers */
	bool forwarded;			/* what it awaits has the request */
	bool passed;			/* by a request on its way down */
	bool unwinding;			/* every await answers -ECANCELED */
	bool goes_back;			/* running->back is set */
	bool internal;
	bool left_held;			/* it ended with a lock in hand */

	/* Being known. */
	evtask_fn fn;
	void *arg;
	void (*arg_free)(void *arg);
	struct list all;		/* in loop->tasks while pending */
	struct {			/* of a walk through the graph */
		struct evtask *via, *next;
	} walk;
	struct evtask_context *context;	/* NULL: no variables yet */
	uint64_t id;
	char *name;			/* NULL until it is set or asked for */
	struct evtask_origin created_by;
	const struct evtask_site *created_at;
	int64_t created_us, started_us, done_us;
	struct cancellation asked;	/* the last request, for the record */
};

/*
 * Parks the running task until f is settled. 0: it is; -ECANCELED: this wait
 * was interrupted; -EINVAL, -EXDEV, -EDEADLK as evtask_await(). Whatever the
 * answer, wait is no longer linked anywhere.
 */
EVTASK_SUSPENDS int task_park(struct evtask_future *f, struct wait *wait);

/* Parks it for one turn. 0, -ECANCELED, -EINVAL. */
EVTASK_SUSPENDS int task_yield(void);

extern const struct future_class task_class;

/* What the loop runs: the task goes on from where it parked. */
void task_step(struct runnable *step);

static inline struct evtask *
task_of_step(struct runnable *step)
{
	return container_of(step, struct evtask, step);
}

/* The task that this is the step of; NULL: it is something else. */
static inline struct evtask *
task_of_runnable(struct runnable *r)
{
	return r->run == task_step ? task_of_step(r) : NULL;
}

/* The task that f is, NULL if it is another kind of future. */
static inline struct evtask *
task_of_future(struct evtask_future *f)
{
	return f->class == &task_class ?
	    container_of(f, struct evtask, future) : NULL;
}

/* What this task awaits; NULL: it does not. */
static inline struct evtask_future *
task_awaiting(const struct evtask *task)
{
	return task->wait != NULL ? task->wait->on : NULL;
}

/* Times it has suspended: each was followed by a resume, but the last. */
static inline uint64_t
task_awaits(const struct evtask *task)
{
	bool suspended = task->future.state == FUTURE_PENDING &&
	    task != current.task;

	return task->started ? task->resumes - !suspended : 0;
}

/* A request reaches this pending task, on its way down. */
void task_note_request(struct evtask *task, const struct request *request);

/* The running task, or the loop. */
struct evtask_origin task_current_origin(void);

/* Resumes every pending task until its function has returned. */
void task_unwind_all(struct evtask_loop *loop);

/* The task that waits by this waiter; NULL: it is not a task that does. */
struct evtask *task_woken_by(const struct waiter *w);

enum evtask_state task_state(const struct evtask *task);

#endif
