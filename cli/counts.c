/*
 * counts.c - how many tasks there are of which kind, for the prompt.
 *
 * The server counts, and a prompt must not wait for a server that is busy, or
 * far away: a task asks, the prompt waits a moment for it, and when the answer
 * is late, the line is drawn anew. Who wants numbers while some are under way
 * has them asked for once more.
 */
#include "counts.h"

#include <errno.h>
#include <evtask/ctl.h>
#include <evtask/evtask.h>
#include <json-c/json.h>
#include "cli.h"
#include "picture.h"
#include "remote.h"

#define PATIENCE_US 50000

/* How many tasks are in these states. */
static int
count_states(struct counts *counts, const char *states, int64_t *ret_n)
{
	struct json_object *params = json_object_new_object(), *page, *error;
	int r;

	evtask_ctl_put(&params, "state", json_tokener_parse(states));
	evtask_ctl_put(&params, "fields", json_tokener_parse("[\"id\"]"));
	evtask_ctl_put_int(&params, "limit", 1);
	r = remote_call(counts->cli->remote, "task.list", params, &page,
	    &error);
	if (r == -EREMOTEIO)
		json_object_put(error);
	if (r < 0)
		return r;
	*ret_n = evtask_ctl_get_int(page, "total", 0);
	json_object_put(page);
	return 0;
}

static int
count_once(struct counts *counts)
{
	int64_t running = 0, waiting = 0;
	int r = -ENOTCONN;

	if (remote_alive(counts->cli->remote))
		r = count_states(counts,
		    "[\"created\",\"ready\",\"running\"]", &running);
	if (r == 0 && remote_alive(counts->cli->remote))
		r = count_states(counts, "[\"waiting\"]", &waiting);
	if (r == 0) {
		counts->running = running;
		counts->waiting = waiting;
	}
	return r;
}

static int
count(void *arg)
{
	struct counts *counts = arg;
	int r;

	do {
		counts->again = false;
		r = count_once(counts);
	} while (r == 0 && counts->again);
	counts->changed(counts->arg);
	return r == -ECANCELED ? r : 0;
}

int
counts_take(struct counts *counts)
{
	union evtask_awaitable counting;
	int r;

	counts->failed = picture_failed(counts->picture);
	if (counts->counting == NULL || evtask_done(counts->counting)) {
		evtask_unref(counts->counting);
		counts->counting = NULL;
		r = evtask_create(count, counts, NULL, &counts->counting);
		if (r < 0)
			return 0;
	} else {
		counts->again = true;
	}
	counting = (union evtask_awaitable){ .task = counts->counting };
	r = evtask_wait(&counting, 1, PATIENCE_US, EVTASK_ALL_COMPLETED);
	return r == -ECANCELED ? r : 0;
}

void
counts_release(struct counts *counts)
{
	if (counts->counting == NULL)
		return;
	evtask_cancel(counts->counting, NULL);
	if (evtask_await(counts->counting) < 0)
		evtask_cancel(counts->counting, NULL); /* the loop ends it */
	evtask_unref(counts->counting);
	counts->counting = NULL;
}
