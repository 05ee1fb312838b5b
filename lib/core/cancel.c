/*
 * cancel.c - how a cancellation travels.
 *
 * A request goes down the chain of awaits to whatever is waited for in the
 * end: a task asks what it awaits, and keeps the request for itself only when
 * that is not there or is done already. A future that stands for many (a
 * gather) asks each of its children, and accepts if one of them does.
 *
 * Chains may be as long as there is memory, so nothing recurses: the chain is
 * followed in a loop, and the way back up through nested fans is kept in the
 * fans themselves.
 */
#include <errno.h>

#include "core/cycle.h"
#include "core/debug.h"
#include "core/error.h"
#include "core/future.h"
#include "core/task.h"

static struct fan *
fan_of(struct evtask_future *f)
{
	return f->class->child != NULL ? container_of(f, struct fan, future) :
	    NULL;
}

/* Leaf: not a pending task, stands for nobody. */
static bool
leaf_cancel(struct evtask_future *f, const struct request *request)
{
	if (f->state != FUTURE_PENDING) {
		/* To ask is to know: what it failed with is no secret. A
		 * gather is not asked itself, in asyncio neither. */
		if (fan_of(f) == NULL)
			f->fetched = true;
		return false;
	}
	future_cancelled(f, evtask_error_ref(request->words));
	return true;
}

/* Tasks are marked on the way down only where there may be circles. */
static void
unmark(struct evtask_future *f)
{
	struct evtask *task;

	while (f != NULL && (task = task_of_future(f)) != NULL &&
	    task->passed) {
		task->passed = false;
		f = task_awaiting(task);
	}
}

/*
 * From f down to the end of its chain of awaits, counting the request with
 * every task passed. Returns what the last of them awaits, and that task in
 * *ret_via; NULL when the chain ended in a task, which has it now.
 */
static struct evtask_future *
descend(struct evtask_future *f, const struct request *request,
    struct evtask **ret_via)
{
	struct evtask_future *first = f;
	struct evtask *task, *via = NULL;

	while (f != NULL && f->state == FUTURE_PENDING &&
	    (task = task_of_future(f)) != NULL) {
		if (task->passed) {
			cycle_break(via);
			via = NULL;
			f = NULL;
			break;
		}
		if (via != NULL)
			via->forwarded = true;	/* a task accepts */
		task_note_request(task, request);
		task->passed = f->loop->allow_cycles;
		task->must_cancel |= task_awaiting(task) == NULL;
		via = task_awaiting(task) != NULL ? task : NULL;
		f = task_awaiting(task);
	}
	unmark(first);
	*ret_via = via;
	return f;
}

/* What a task does whose awaited future has answered. */
static bool
answer(struct evtask *via, bool accepted)
{
	if (via == NULL)
		return accepted;
	/* One passed on before stays so, even if another is taken back. */
	if (accepted)
		via->forwarded = true;
	else
		via->must_cancel = true;
	return true;
}

bool
future_cancel(struct evtask_future *f, const struct request *request)
{
	struct fan *fan = NULL, *inner;
	struct evtask *via;
	bool accepted;

	for (;;) {
		f = descend(f, request, &via);
		inner = f != NULL && f->state == FUTURE_PENDING ?
		    fan_of(f) : NULL;
		if (inner != NULL && !inner->walking) {
			inner->walking = true;
			inner->accepted = false;
			inner->next = 0;
			inner->via = via;
			inner->up = fan;
			fan = inner;
		} else {
			if (inner != NULL && via != NULL)
				cycle_break(via);	/* it came round */
			accepted = answer(via, f == NULL ||
			    (inner == NULL && leaf_cancel(f, request)));
			if (fan == NULL)
				return accepted;
			fan->accepted |= accepted;
		}

		/* Fans whose children have all been asked answer. */
		while ((f = fan->future.class->child(&fan->future,
		    fan->next++)) == NULL) {
			fan->walking = false;
			fan->cancel_requested |= fan->accepted;
			accepted = answer(fan->via, fan->accepted);
			fan = fan->up;
			if (fan == NULL)
				return accepted;
			fan->accepted |= accepted;
		}
	}
}

int
evtask_cancel_by(union evtask_awaitable f, const char *msg,
    const struct evtask_origin *origin, const struct evtask_site *site)
{
	struct request request = { .site = site };
	bool accepted;

	if (f.future == NULL)
		return misuse(NULL, site, -EINVAL, "nothing is cancelled");
	if (loop_is_elsewhere(f.future->loop))
		return misuse_of_thread(f.future->loop, site);
	if (f.future->state != FUTURE_PENDING)
		return leaf_cancel(f.future, &request);
	if (origin != NULL)
		request.origin = *origin;
	request.words = error_cancelled(msg, site);
	accepted = future_cancel(f.future, &request);
	evtask_error_unref(request.words);
	return accepted;
}

int
evtask_cancel_at(union evtask_awaitable f, const char *msg,
    const struct evtask_site *site)
{
	struct evtask_origin origin = task_current_origin();

	return evtask_cancel_by(f, msg, &origin, site);
}
