/*
 * task.h - tasks, as the library builds on them.
 */
#ifndef CORE_TASK_H
#define CORE_TASK_H

#include <string.h>

#include "core/future.h"

struct resource;

/*
 * Why a task is parked: on its own stack, filled in by whoever parks. What it
 * waits for is a resource, or else a type with a name, or with a number.
 */
struct wait {
	const char *op;			/* "sleep", "fd.wait" */
	const char *type;		/* "timer", "fd", "child" ... */
	const struct evtask *owner;	/* who must act; NULL: not a task */
	const struct evtask_site *site;
	int64_t until_us;		/* EVTASK_FOREVER: no deadline */
	/* By task_park(). */
	struct evtask_future *on;
	int64_t since_us;
	struct waiter waiter;
	/* What most have none of, side by side to be cleared together; and
	 * the last of the waiter. */
	struct resource *resource;	/* instead of a type, and a */
	const char *name;		/* name, or a */
	int64_t number;
	/* Shows what is awaited, when it is many; NULL. */
	void (*each)(const struct wait *wait, future_visit_fn visit,
	    void *arg);
	const void *of;			/* for `each` */
	bool any;			/* one of those is enough */
	bool suspect;			/* of a deadlock: see graph.h */
	uint64_t mark;			/* of the last walk that came by, */
	struct {			/* and its way: see graph.h */
		struct evtask *via, *next;
	} walk;
	struct list in_line;		/* of resource->line */
};

/* A wait as most are. Compilers clear a structure of this size by an
 * instruction that takes longer than the rest of it, but not a part of it. */
static inline void
wait_init(struct wait *wait, const char *op, const char *type,
    const struct evtask_site *site)
{
	wait->op = op;
	wait->type = type;
	wait->owner = NULL;
	wait->site = site;
	wait->until_us = EVTASK_FOREVER;
	memset(&wait->waiter.feeds, 0, offsetof(struct wait, walk) -
	    offsetof(struct wait, waiter.feeds));
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
 * From one task to the next on that stack it stays as running_make() made it:
 * each leaves it so.
 */
struct running {
	struct evtask_value result;	/* what evtask_return() left */
	struct evtask_error *raised;	/* remembered for the code under way */
	struct wait *wait;		/* NULL: it is not parked */
	struct coro *back;		/* if goes_back: where to, at the next
					   suspension, instead of the queue */
	struct list holds;		/* struct resource, by held */
	struct stack *stack;		/* NULL: it ends without having run */
	int64_t started_us;		/* -1: it has not */
	uint64_t busy_ticks;		/* it has run, while recorded */
	uint32_t refusals;		/* of awaits, since unwinding */
};

/* What most tasks never have: made when there is something to put into it. */
struct extra {
	char *name;			/* NULL until it is set or asked for */
	void (*arg_free)(void *arg);
	struct evtask_context *context;	/* NULL: no variables yet */
	struct cancellation asked;	/* the last request, for the record */
};

/*
 * A task: two and a half cache lines, of which some places are one thing in
 * one part of its life, and another in the next:
 *
 *			created		started		done
 *	future		its argument			value or error
 *	running		NULL		on its stack	NULL
 *	coro		-		where it is	its argument
 *	all, times	in loop->tasks			its times
 *
 * The half line from step to resumes is all that a switch touches.
 */
struct evtask {
	_Alignas(CACHE_LINE / 2)
	struct evtask_future future;	/* first: a task is a future */
	struct running *running;

	union {
		struct runnable step;	/* has a slot of the ready queue */
		struct {		/* and leaves four bytes: */
			char step_bytes[RUNNABLE_BYTES];
			uint32_t cancels : 24;	/* requests not taken back */
			bool started : 1;	/* fn has been called */
			bool must_cancel : 1;	/* undelivered: the next wait
						   answers */
			bool forwarded : 1;	/* what it awaits has the
						   request */
			bool passed : 1;	/* by a request going down */
			bool unwinding : 1;	/* awaits answer -ECANCELED */
			bool goes_back : 1;	/* running->back is set */
			bool internal : 1;
			bool left_held : 1;	/* a lock, when it ended */
		};
	};
	union {
		struct coro coro;
		void *arg;
	};
	uint64_t resumes;

	/* Being known. */
	uint64_t id;
	evtask_fn fn;
	union {
		struct list all;	/* oldest first */
		struct {
			int64_t started_us, done_us;
		} times;
	};
	const struct evtask_site *created_at;
	uint64_t created_by;		/* an origin, in a word: see life.h */
	int64_t created_us;
	struct extra *extra;		/* NULL: nothing */
};

#ifndef ANNOUNCE
_Static_assert(sizeof(struct evtask) == 160 || sizeof(void *) != 8,
    "a task is two and a half cache lines");
_Static_assert(offsetof(struct evtask, step) % 32 == 0 ||
    sizeof(void *) != 8, "what a switch touches is half of one");
#endif

enum { CANCELS_MAX = (1 << 24) - 1 };	/* more requests are not counted */

/*
 * Parks the running task until f is settled. 0: it is; -ECANCELED: this wait
 * was interrupted; -EINVAL, -EXDEV, -EDEADLK as evtask_await(). Whatever the
 * answer, wait is no longer linked anywhere.
 */
EVTASK_SUSPENDS int task_park(struct evtask_future *f, struct wait *wait);

/* Parks it for one turn, whatever delay_us is: it stands where
 * evtask_sleep_at() has its own, which comes here by a jump. 0, -ECANCELED,
 * -EINVAL. */
EVTASK_SUSPENDS int task_yield(int64_t delay_us,
    const struct evtask_site *site);

extern const struct future_class task_class;

/* A cell of loop->task_slab. */
void task_make(struct slab *slab, void *cell);

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

/* Why this task is parked; NULL: it is not. */
static inline struct wait *
task_wait(const struct evtask *task)
{
	return task->running != NULL ? task->running->wait : NULL;
}

/* What this task awaits; NULL: it does not. */
static inline struct evtask_future *
task_awaiting(const struct evtask *task)
{
	const struct wait *wait = task_wait(task);

	return wait != NULL ? wait->on : NULL;
}

/* The stack it has; NULL: not yet, or no more. */
static inline struct stack *
task_stack(const struct evtask *task)
{
	return task->running != NULL ? task->running->stack : NULL;
}

static inline bool
task_is_done(const struct evtask *task)
{
	return task->future.state != FUTURE_PENDING;
}

/* What is rare about it: to be read, and to be written to, which makes it and
 * is NULL without memory. */
const struct extra *task_extra(const struct evtask *task);
struct extra *task_need_extra(struct evtask *task);

/* Tasks count from 1 again. For a process that does a thing over and over, and
 * each time alike: nothing knows a task of the time before by its id. */
void task_restart_ids(void);

/* The words it was last asked to stop with; borrowed, never NULL. */
struct evtask_error *task_words(const struct evtask *task);

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
