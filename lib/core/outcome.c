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

int
evtask_result_at(union evtask_awaitable f, struct evtask_value *ret_value,
    const struct evtask_site *site)
{
	int r = askable(f.future, site);

	if (r < 0)
		return r;
	switch ((enum future_state)f.future->state) {
	case FUTURE_CANCELLED:
		return -ECANCELED;
	case FUTURE_RAISED:
		f.future->fetched = true;
		return evtask_error_code(f.future->error);
	case FUTURE_PENDING:	/* refused before */
	case FUTURE_RETURNED:
		break;
	}
	if (ret_value != NULL)
		*ret_value = f.future->value;
	return 0;
}

int
evtask_exception_at(union evtask_awaitable f, struct evtask_error **ret_error,
    const struct evtask_site *site)
{
	int r = askable(f.future, site);

	if (r < 0)
		return r;
	switch ((enum future_state)f.future->state) {
	case FUTURE_CANCELLED:
		return -ECANCELED;
	case FUTURE_RAISED:
		f.future->fetched = true;
		if (ret_error != NULL)
			*ret_error = f.future->error;
		return 0;
	case FUTURE_PENDING:	/* refused before */
	case FUTURE_RETURNED:
		break;
	}
	if (ret_error != NULL)
		*ret_error = NULL;
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
