/*
 * tell.c - what is told, and to whom: the recorder writes it down first, then
 * the observer is called.
 */
#include "core/tell.h"

#include <stddef.h>

#include "core/recorder.h"

/* Who hears of it: a type of record, and a function of the observer. */
static const struct {
	bool recorded;
	enum record_type type;
	size_t observer;
} told[] = {
	[TOLD_CREATED] = { true, RECORD_CREATED,
		offsetof(struct evtask_observer, created) },
	[TOLD_STARTED] = { .observer =
		offsetof(struct evtask_observer, started) },
	[TOLD_WAITING] = { true, RECORD_WAITS,
		offsetof(struct evtask_observer, waiting) },
	[TOLD_RENAMED] = { .observer =
		offsetof(struct evtask_observer, renamed) },
	[TOLD_CANCEL_REQUESTED] = { true, RECORD_CANCEL,
		offsetof(struct evtask_observer, cancel_requested) },
	[TOLD_DONE] = { true, RECORD_DONE,
		offsetof(struct evtask_observer, done) },
	[TOLD_DEADLOCK] = { .observer =
		offsetof(struct evtask_observer, deadlock) },
};

typedef void (*observer_fn)(struct evtask *task, void *arg);

void
tell_changed(struct evtask_loop *loop)
{
	loop->told = loop->recorder != NULL || loop->observer != NULL;
}

void
tell_them(struct evtask_loop *loop, enum told what, struct evtask *task)
{
	observer_fn fn = NULL;

	if (told[what].recorded)
		record(loop, told[what].type, task);
	if (loop->observer != NULL)
		fn = *(const observer_fn *)(const void *)
		    ((const char *)loop->observer + told[what].observer);
	if (fn != NULL)
		fn(task, loop->observer_arg);
}
