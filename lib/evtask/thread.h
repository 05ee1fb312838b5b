/*
 * thread.h - blocking work, off the loop: asyncio.to_thread().
 *
 * A loop has a pool of at most eight threads, started when first needed and
 * joined when the loop is freed. Work is taken in the order in which it came.
 */
#ifndef EVTASK_THREAD_H
#define EVTASK_THREAD_H

#include <evtask/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Work for a thread. It may not touch the loop, nor what belongs to it, but by
 * evtask_call_soon_threadsafe() and evtask_run_threadsafe(). */
typedef int (*evtask_thread_fn)(void *arg);

/*
 * Runs fn(arg) in a thread of the loop's pool and waits for it. Returns
 * what fn returned. A cancelled caller does not stop the thread: work not yet
 * begun is taken back and -ECANCELED returned; work that has begun is waited
 * for, because arg is the caller's, and then -ECANCELED is returned with
 * fn's answer in *ret_answer (may be NULL; untouched when fn never ran).
 * -EINVAL: not in a task; -ENOMEM, -EAGAIN: no thread could be had.
 */
EVTASK_API EVTASK_SUSPENDS int
evtask_to_thread_at(evtask_thread_fn fn, void *arg, int *ret_answer,
    const struct evtask_site *site);
#define evtask_to_thread(fn, arg, ret_answer) \
	evtask_to_thread_at((fn), (arg), (ret_answer), EVTASK_SITE)

#ifdef __cplusplus
}
#endif
#endif
