/*
 * outcome.c - what a future came to, for those who ask.
 *
 * Asking never waits: of a future that is pending it is a mistake. It counts
 * as having looked at the error, which then is not reported as one that nobody
 * saw.
 */
#include <errno.h>

#include "core/debug.h"
#include "core/error.h"
#include "core/future.h"

bool
evtask_done(union evtask_awaitable f)
{
	return f.future != NULL && f.future->state != FUTURE_PENDING;
}

bool
evtask_cancelled(union evtask_awaitable f)
{
	return f.future != NULL && f.future->state == FUTURE_CANCELLED;
}

struct evtask_error *
future_error(const struct evtask_future *f)
{
	return f->error != NULL ? f->error : error_of_code(-ECANCELED);
}

bool
future_ended_cancelled(const struct evtask_future *f)
{
	return f->state == FUTURE_CANCELLED || (f->state == FUTURE_RAISED &&
	    evtask_error_code(f->error) == -ECANCELED);
}

/* Whether it can be asked how it ended: 0. */
static int
askable(struct evtask_future *f, const struct evtask_site *site)
{
	if (f == NULL)
		return misuse(NULL, site, -EINVAL,
		    "the outcome of no future is asked for");
	if (loop_is_elsewhere(f->loop))
		return misuse_of_thread(f->loop, site);
	if (f->state == FUTURE_PENDING)
		return misuse(f->loop, site, -EINPROGRESS,
		    "the outcome of a future is asked for before it is done");
	f->heard = true;
	return 0;
}

/* 0: it returned; 1: it raised, which is known from now on. */
static int
came_to(struct evtask_future *f, const struct evtask_site *site)
{
	int r = askable(f, site);

	if (r < 0)
		return r;
	if (f->state == FUTURE_CANCELLED)
		return -ECANCELED;
	if (f->state != FUTURE_RAISED)
		return 0;
	f->fetched = true;
	return 1;
}

int
evtask_result_at(union evtask_awaitable f, struct evtask_value *ret_value,
    const struct evtask_site *site)
{
	int r = came_to(f.future, site);

	if (r > 0)
		return evtask_error_code(f.future->error);
	if (r == 0 && ret_value != NULL)
		*ret_value = f.future->value;
	return r;
}

int
evtask_exception_at(union evtask_awaitable f, struct evtask_error **ret_error,
    const struct evtask_site *site)
{
	int r = came_to(f.future, site);

	if (r < 0)
		return r;
	if (ret_error != NULL)
		*ret_error = r > 0 ? f.future->error : NULL;
	return 0;
}

bool
evtask_exception_retrieved(union evtask_awaitable f)
{
	return f.future->state != FUTURE_RAISED || f.future->fetched;
}

struct evtask_error *
evtask_cancellation(union evtask_awaitable f)
{
	if (f.future->state != FUTURE_CANCELLED)
		return NULL;
	return future_error(f.future);
}
