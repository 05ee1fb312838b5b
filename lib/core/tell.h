/*
 * tell.h - who is told what tasks do: the loop's observer and its recorder.
 *
 * A loop knows whether anybody is told at all; where nobody is, telling costs
 * one look at that.
 */
#ifndef CORE_TELL_H
#define CORE_TELL_H

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

static inline void
tell(struct evtask_loop *loop, enum told what, struct evtask *task)
{
	if (__builtin_expect(loop->told, 0))
		tell_them(loop, what, task);
}

#endif
