/*
 * tell.h - who is told what tasks do: the loop's observer and its recorder.
 *
 * A loop knows whether anybody is told at all; where nobody is, telling costs
 * one look at that.
 */
#ifndef CORE_TELL_H
#define CORE_TELL_H

#include "core/inspection.h"
#include "core/loop.h"

/* What is told; a row each in tell.c. */
enum told {
	TOLD_CREATED,
	TOLD_STARTED,
	TOLD_WAITING,
	TOLD_RENAMED,
	TOLD_CANCEL_REQUESTED,
	TOLD_DONE,
	TOLD_DEADLOCK,
};

/* Somebody has come to be told, or has gone. */
void tell_changed(struct evtask_loop *loop);

void tell_them(struct evtask_loop *loop, enum told what, struct evtask *task);

/* Whether anybody is. */
static inline bool
tell_anybody(const struct evtask_loop *loop)
{
	return INSPECTION && __builtin_expect(loop->told, 0);
}

static inline void
tell(struct evtask_loop *loop, enum told what, struct evtask *task)
{
	if (tell_anybody(loop))
		tell_them(loop, what, task);
}

#endif
