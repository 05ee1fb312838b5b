/*
 * ops_sync.c - locks, events, conditions, semaphores, barriers, queues.
 */
#include <errno.h>
#include <string.h>

#include "scenario.h"

enum { LOCKS = LOCK | COND | SEM };

static int
made(struct step *step, enum kind kind, void *object)
{
	bind(step->s, field_text(step, "as"), new_label(step), kind, object);
	return 0;
}

static int
op_lock(struct step *step)
{
	struct evtask_lock *lock;

	must(evtask_lock_new(field_text(step, "as"), &lock), "make a lock");
	return made(step, LOCK, lock);
}

static int
op_event(struct step *step)
{
	struct evtask_event *event;

	must(evtask_event_new(field_text(step, "as"), &event),
	    "make an event");
	return made(step, EVENT, event);
}

static int
op_cond(struct step *step)
{
	struct evtask_condition *cond;

	must(evtask_condition_new(field_text(step, "as"), NULL, &cond),
	    "make a condition");
	return made(step, COND, cond);
}

static int
op_sem(struct step *step)
{
	struct evtask_semaphore *sem;
	int r = evtask_semaphore_new(field_text(step, "as"),
	    field_int(step, "value", 1), field_bool(step, "bounded"), &sem);

	return r < 0 ? named(r, "Value") : made(step, SEM, sem);
}

static int
op_barrier(struct step *step)
{
	struct evtask_barrier *barrier;
	int r = evtask_barrier_new(field_text(step, "as"),
	    field_int(step, "parties", 0), &barrier);

	return r < 0 ? named(r, "Value") : made(step, BARRIER, barrier);
}

/* Lock, condition, semaphore: what can be acquired. */

static int
acquire(const struct object *of)
{
	if (of->kind == LOCK)
		return evtask_lock_acquire(of->is.lock);
	if (of->kind == COND)
		return evtask_condition_acquire(of->is.cond);
	return evtask_semaphore_acquire(of->is.sem);
}

static int
release(const struct object *of)
{
	if (of->kind == LOCK)
		return named(evtask_lock_release(of->is.lock), "Runtime");
	if (of->kind == COND)
		return named(evtask_condition_release(of->is.cond), "Runtime");
	return named(evtask_semaphore_release(of->is.sem), "Value");
}

static int
op_acquire(struct step *step)
{
	struct object *of = field_object(step, "of", LOCKS);

	return of != NULL ? acquire(of) : 0;
}

static int
op_release(struct step *step)
{
	struct object *of = field_object(step, "of", LOCKS);

	return of != NULL ? release(of) : 0;
}

static int
op_locked(struct step *step)
{
	struct object *of = field_object(step, "of", LOCKS);
	bool locked = false;

	if (of == NULL)
		return 0;
	if (of->kind == LOCK)
		locked = evtask_lock_locked(of->is.lock);
	else if (of->kind == COND)
		locked = evtask_condition_locked(of->is.cond);
	else
		locked = evtask_semaphore_locked(of->is.sem);
	step->value = locked ? "true" : "false";
	return 0;
}

static int
op_with(struct step *step)
{
	struct object *of = field_object(step, "of", LOCKS);
	struct evtask_error *error;
	int r, r_release;

	if (of == NULL)
		return 0;
	r = acquire(of);
	trace_outcome(step, "enter", of->label, r);
	if (r < 0)
		return r;
	r = run_block(step->frame, field(step, "body"));
	if (step->s->dropping)
		return r;
	error = r < 0 ? evtask_catch(r) : NULL;
	r_release = release(of);
	if (r_release < 0) {
		evtask_error_unref(error);
		r = r_release;
	} else if (error != NULL) {
		r = evtask_raise_error(error);
	}
	trace_outcome(step, "exit", of->label, r);
	return r;
}

/* Events and conditions. */

static int
op_event_wait(struct step *step)
{
	struct object *of = field_object(step, "of", EVENT);

	return of != NULL ? evtask_event_wait(of->is.event) : 0;
}

static int
op_event_set(struct step *step)
{
	struct object *of = field_object(step, "of", EVENT);

	if (of != NULL)
		evtask_event_set(of->is.event);
	return 0;
}

static int
op_event_clear(struct step *step)
{
	struct object *of = field_object(step, "of", EVENT);

	if (of != NULL)
		evtask_event_clear(of->is.event);
	return 0;
}

static int
op_event_is_set(struct step *step)
{
	struct object *of = field_object(step, "of", EVENT);

	if (of != NULL)
		step->value = evtask_event_is_set(of->is.event) ?
		    "true" : "false";
	return 0;
}

static int
op_cond_wait(struct step *step)
{
	struct object *of = field_object(step, "of", COND);

	return of != NULL ? named(evtask_condition_wait(of->is.cond),
	    "Runtime") : 0;
}

static int
op_notify(struct step *step)
{
	struct object *of = field_object(step, "of", COND);

	return of != NULL ? named(evtask_condition_notify(of->is.cond,
	    (size_t)field_int(step, "n", 1)), "Runtime") : 0;
}

static int
op_notify_all(struct step *step)
{
	struct object *of = field_object(step, "of", COND);

	return of != NULL ? named(evtask_condition_notify_all(of->is.cond),
	    "Runtime") : 0;
}

/* Barriers. */

static int
op_barrier_wait(struct step *step)
{
	struct object *of = field_object(step, "of", BARRIER);
	int r;

	if (of == NULL)
		return 0;
	r = evtask_barrier_wait(of->is.barrier);
	if (r >= 0)
		step->value = value_text(step->s, evtask_value_int(r));
	return r < 0 ? r : 0;
}

static int
op_barrier_reset(struct step *step)
{
	struct object *of = field_object(step, "of", BARRIER);

	return of != NULL ? evtask_barrier_reset(of->is.barrier) : 0;
}

static int
op_barrier_abort(struct step *step)
{
	struct object *of = field_object(step, "of", BARRIER);

	return of != NULL ? evtask_barrier_abort(of->is.barrier) : 0;
}

/* Queues. */

static int
compare(struct evtask_value a, struct evtask_value b)
{
	const char *s = evtask_value_text(a), *t = evtask_value_text(b);

	if (s != NULL && t != NULL)
		return strcmp(s, t);
	return (a.u.i > b.u.i) - (a.u.i < b.u.i);
}

static int
op_queue(struct step *step)
{
	const char *kind = has_field(step, "kind") ?
	    field_text(step, "kind") : "fifo";
	int64_t maxsize = field_int(step, "maxsize", 0);
	struct evtask_queue_options options = {
		.name = field_text(step, "as"),
		.size_max = maxsize > 0 ? (size_t)maxsize : 0,
		.order = strcmp(kind, "lifo") == 0 ? EVTASK_QUEUE_LIFO :
		    strcmp(kind, "prio") == 0 ? EVTASK_QUEUE_PRIORITY :
		    EVTASK_QUEUE_FIFO,
		.compare = compare,
	};
	struct evtask_queue *queue;

	must(evtask_queue_new(&options, &queue), "make a queue");
	return made(step, QUEUE, queue);
}

static int
op_put(struct step *step)
{
	struct object *of = field_object(step, "of", QUEUE);

	return of != NULL ? named(evtask_queue_put(of->is.queue,
	    field_value(step, "value")), "QueueShutDown") : 0;
}

static int
op_put_nowait(struct step *step)
{
	struct object *of = field_object(step, "of", QUEUE);
	int r;

	if (of == NULL)
		return 0;
	r = evtask_queue_put_nowait(of->is.queue, field_value(step, "value"));
	return named(r, r == -EAGAIN ? "QueueFull" : "QueueShutDown");
}

static int
got(struct step *step, int r, struct evtask_value value)
{
	if (r == 0) {
		step->value = value_text(step->s, value);
		evtask_value_unref(value);
	}
	return named(r, r == -EAGAIN ? "QueueEmpty" : "QueueShutDown");
}

static int
op_get(struct step *step)
{
	struct object *of = field_object(step, "of", QUEUE);
	struct evtask_value value = evtask_value_none();

	return of != NULL ? got(step, evtask_queue_get(of->is.queue, &value),
	    value) : 0;
}

static int
op_get_nowait(struct step *step)
{
	struct object *of = field_object(step, "of", QUEUE);
	struct evtask_value value = evtask_value_none();

	return of != NULL ? got(step, evtask_queue_get_nowait(of->is.queue,
	    &value), value) : 0;
}

static int
op_qsize(struct step *step)
{
	struct object *of = field_object(step, "of", QUEUE);

	if (of != NULL)
		step->value = value_text(step->s, evtask_value_int(
		    (int64_t)evtask_queue_size(of->is.queue)));
	return 0;
}

static int
op_task_done(struct step *step)
{
	struct object *of = field_object(step, "of", QUEUE);

	return of != NULL ? named(evtask_queue_task_done(of->is.queue),
	    "Value") : 0;
}

static int
op_join(struct step *step)
{
	struct object *of = field_object(step, "of", QUEUE);

	return of != NULL ? evtask_queue_join(of->is.queue) : 0;
}

static int
op_shutdown(struct step *step)
{
	struct object *of = field_object(step, "of", QUEUE);

	if (of != NULL)
		evtask_queue_shutdown(of->is.queue,
		    field_bool(step, "immediate"));
	return 0;
}

const struct op ops_sync[] = {
	{ "lock", "as=n", op_lock, 0 },
	{ "event", "as=n", op_event, 0 },
	{ "cond", "as=n", op_cond, 0 },
	{ "sem", "as=n value?=i bounded?=b", op_sem, 0 },
	{ "barrier", "as=n parties=i", op_barrier, 0 },
	{ "queue", "as=n maxsize?=i kind?=k", op_queue, 0 },
	{ "acquire", "of=n", op_acquire, SUSPENDS },
	{ "release", "of=n", op_release, 0 },
	{ "locked", "of=n", op_locked, 0 },
	{ "with", "of=n body=B", op_with, SUSPENDS | SILENT },
	{ "event_wait", "of=n", op_event_wait, SUSPENDS },
	{ "event_set", "of=n", op_event_set, 0 },
	{ "event_clear", "of=n", op_event_clear, 0 },
	{ "event_is_set", "of=n", op_event_is_set, 0 },
	{ "cond_wait", "of=n", op_cond_wait, SUSPENDS },
	{ "notify", "of=n n?=i", op_notify, 0 },
	{ "notify_all", "of=n", op_notify_all, 0 },
	{ "barrier_wait", "of=n", op_barrier_wait, SUSPENDS },
	{ "barrier_reset", "of=n", op_barrier_reset, SUSPENDS },
	{ "barrier_abort", "of=n", op_barrier_abort, SUSPENDS },
	{ "put", "of=n value=v", op_put, SUSPENDS },
	{ "put_nowait", "of=n value=v", op_put_nowait, 0 },
	{ "get", "of=n", op_get, SUSPENDS },
	{ "get_nowait", "of=n", op_get_nowait, 0 },
	{ "qsize", "of=n", op_qsize, 0 },
	{ "task_done", "of=n", op_task_done, 0 },
	{ "join", "of=n", op_join, SUSPENDS },
	{ "shutdown", "of=n immediate?=b", op_shutdown, 0 },
	{ NULL, NULL, NULL, 0 },
};
