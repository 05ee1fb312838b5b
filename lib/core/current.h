/*
 * current.h - what runs in this thread: the one word of state the library
 * keeps outside its objects.
 */
#ifndef CORE_CURRENT_H
#define CORE_CURRENT_H

#include <evtask/base.h>

struct current {
	struct evtask_loop *loop;	/* whose turn is run; NULL: none */
	struct evtask *task;		/* NULL: a callback, or none */
};

extern _Thread_local struct current current;

/* Where the running task, or the loop for its callbacks, remembers what was
 * raised. NULL when neither runs. */
struct evtask_error **current_raised(void);

#endif
