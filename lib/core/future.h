/*
 * future.h - futures, as the library builds on them.
 *
 * Every wait of the library is a future awaited. Those that only one task
 * waits for, and only until it goes on, live on that task's stack:
 *
 *	struct evtask_future done;
 *
 *	future_init(&done, loop, &future_plain);
 *	... arrange for future_settle(&done) ...
 *	r = task_park(&done, &wait);
 *	... undo what was arranged ...
 *	future_release(&done);
 */
#ifndef CORE_FUTURE_H
#define CORE_FUTURE_H

#include <evtask/future.h>
#include <evtask/task.h>

#include "core/list.h"
#include "core/loop.h"
#include "core/value.h"

/*	pending --> returned | raised | cancelled	once, by settle() */
enum future_state {
	FUTURE_PENDING,
	FUTURE_RETURNED,
	FUTURE_RAISED,
	FUTURE_CANCELLED,
};

/* What is asked of whoever is cancelled, and by whom. */
struct request {
	struct evtask_error *words;	/* borrowed; -ECANCELED */
	struct evtask_origin origin;
	const struct evtask_site *site;
};

/* What kinds of futures do differently. */
struct future_class {
	const char *name;
	/* Frees what surrounds the future; call future_destroy() to do it.
	 * NULL: it is on a stack. */
	void (*destroy)(struct evtask_future *f);
	/* Settled by its owner only: evtask_set_result() is refused. */
	bool owned;
	/* What is the use of one that nobody ever waits for? */
	bool to_be_awaited;
	/* Where in it the place stands where it was made; 0: nowhere. */
	size_t made_at;
	/* It stands for others: its i-th child, NULL past the last. Then the
	 * future is the first member of a struct fan. */
	struct evtask_future *(*child)(struct evtask_future *f, size_t i);
	/* The same, of those it waits for without asking them to stop. */
	struct evtask_future *(*awaits)(struct evtask_future *f, size_t i);
};

/* Is shown a future; false: has seen enough. */
typedef bool (*future_visit_fn)(struct evtask_future *f, void *arg);

/* One who waits: woken by being queued. Linked while the future is pending. */
struct waiter {
	struct list link;
	struct runnable *wakes;		/* with a slot reserved */
	/* For evtask_awaited_by(), of waiters that are not tasks. */
	struct evtask_future *feeds;	/* who awaits this awaits that; NULL */
	struct evtask *by;		/* else this task does; NULL: nobody */
};

struct evtask_future {
	unsigned int refs;
	uint8_t state;			/* enum future_state */
	bool fetched;			/* somebody looked at its outcome */
	bool heard;			/* somebody waited for it, or asked */
	bool spare;			/* all four are set at once */
	const struct future_class *class;
	struct evtask_loop *loop;
	struct list waiters;		/* in the order in which they came */
	union {
		void *arg;		/* pending, a task: of its function */
		struct evtask_value value;	/* returned */
		struct evtask_error *error;	/* raised, cancelled */
	};
};

/* What evtask_future_new() makes. */
struct future_made {
	struct evtask_future future;
	const struct evtask_site *made_at;
};

/* A future that stands for others, and the state of a walk through them. */
struct fan {
	struct evtask_future future;
	bool cancel_requested;		/* ends cancelled, after its children */
	bool walking;			/* a cancel is under way through it */
	bool accepted;			/* by one of its children at least */
	size_t next;			/* child to be asked */
	struct evtask *via;		/* the task awaiting it, if asked so */
	struct fan *up;			/* the fan whose child led here */
};

extern const struct future_class future_plain;	/* on a stack */

/* What is the same in each life of one: nobody waits before, nor after. */
static inline void
future_make(struct evtask_future *f, struct evtask_loop *loop,
    const struct future_class *class)
{
	f->class = class;
	f->loop = loop;
	list_init(&f->waiters);
}

/* One that was made begins, held by so many. */
static inline void
future_begin(struct evtask_future *f, unsigned int refs)
{
	f->refs = refs;
	f->state = FUTURE_PENDING;
	f->fetched = false;
	f->heard = false;
	f->spare = false;
}

static inline void
future_init(struct evtask_future *f, struct evtask_loop *loop,
    const struct future_class *class)
{
	future_make(f, loop, class);
	future_begin(f, 1);
	if (class->destroy != NULL)
		loop->refs++;
}

/* One more who waits. */
static inline void
future_link(struct evtask_future *f, struct waiter *waiter)
{
	f->heard = true;
	list_append(&f->waiters, &waiter->link);
}

/* When it is the call of a done callback: its argument, and where it was
 * added. Else NULL. */
const struct evtask_site *future_callback_made_at(const struct runnable *r,
    void **ret_arg);

/* Its callbacks go uncalled. */
void future_drop_waiters(struct evtask_future *f);

/* Lets go of what it holds. Nobody waits any more. */
static inline void
future_release(struct evtask_future *f)
{
	if (f->state == FUTURE_RETURNED)
		value_unref(f->value);
	else if (f->state != FUTURE_PENDING)
		evtask_error_unref(f->error);
	if (__builtin_expect(!list_empty(&f->waiters), 0))
		future_drop_waiters(f);
}

/* Frees one that was released, or holds nothing yet. */
static inline void
future_destroy(struct evtask_future *f, const struct future_class *class)
{
	struct evtask_loop *loop = f->loop;

	class->destroy(f);
	loop_unref(loop);
}

/* Nobody holds it any more. */
void future_abandon(struct evtask_future *f);

static inline void
future_unref(struct evtask_future *f)
{
	if (--f->refs == 0)
		future_abandon(f);
}

/* Settles a pending future and queues its waiters. Takes value, error. */
void future_return(struct evtask_future *f, struct evtask_value value);
void future_raise(struct evtask_future *f, struct evtask_error *error);
void future_cancelled(struct evtask_future *f, struct evtask_error *words);

/* The same with no value, if it is pending still: for timers and events. */
void future_settle(struct evtask_future *f);

/* Asks f to stop, and through it all it waits for. Whether it accepted. */
bool future_cancel(struct evtask_future *f, const struct request *request);

/* The error of a future that raised or was cancelled; borrowed. */
struct evtask_error *future_error(const struct evtask_future *f);

/* Pending, and nobody is left who could settle it: those who wait for it hold
 * all of its references. */
bool future_is_orphan(const struct evtask_future *f);

/* It was cancelled, or raised a cancellation (as a gather does). */
bool future_ended_cancelled(const struct evtask_future *f);

/* The callbacks still queued are dropped. */
void future_drop_callbacks(struct evtask_loop *loop);

#endif
