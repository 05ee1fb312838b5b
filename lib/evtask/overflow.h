/*
 * overflow.h - a task that uses up its stack says who it was.
 *
 * Below each task's stack lies a page that cannot be touched, so an overflow
 * ends the program, by SIGSEGV, instead of spoiling its neighbour. Watched,
 * the program first names the task on standard error:
 *
 *	evtask: task crawl (id 42) overflowed its stack of 65 KiB;
 *	it was created at crawl.c:88 (start)
 *
 * A frame larger than that page can jump across it. Give tasks with large
 * frames a larger stack: evtask_loop_options.stack_size_bytes.
 */
#ifndef EVTASK_OVERFLOW_H
#define EVTASK_OVERFLOW_H

#include <evtask/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Watches the tasks of this thread, until it is taken back. It handles SIGSEGV
 * for the process and gives the thread an alternate signal stack; faults of
 * other kinds end the program as ever. evtask_run() does so while it runs.
 * Returns 0; -EALREADY; -EBUSY when the program, or a sanitizer, has a handler
 * or an alternate stack of its own, which stay; -ENOMEM. Does not suspend.
 */
EVTASK_API int evtask_watch_overflows(void);

/* Takes it back, on the same thread; without effect if it is not watched. */
EVTASK_API void evtask_unwatch_overflows(void);

#ifdef __cplusplus
}
#endif
#endif
