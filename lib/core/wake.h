/*
 * wake.h - those who wait for a future go on.
 */
#ifndef CORE_WAKE_H
#define CORE_WAKE_H

#include "core/recorder.h"

/* One that is not a task: a callback, or the step of something that waits for
 * many. */
void wake_other(struct evtask_future *f, struct waiter *w);

/* The first of those who wait for this future of the loop, which is not pending
 * any more, is queued, and waits no more. */
static inline void
wake_first(struct evtask_loop *loop, struct evtask_future *f)
{
	struct waiter *w = container_of(f->waiters.next, struct waiter, link);

	if (__builtin_expect(w->wakes->run != task_step, 0)) {
		wake_other(f, w);
		return;
	}
	list_cut(&w->link);	/* task_park() looks whether f is pending */
	record(loop, RECORD_WOKEN, task_of_step(w->wakes));
	loop_schedule_as(loop, w->wakes, true);
}

static inline void
wake_all(struct evtask_loop *loop, struct evtask_future *f)
{
	while (!list_empty(&f->waiters))
		wake_first(loop, f);
}

#endif
