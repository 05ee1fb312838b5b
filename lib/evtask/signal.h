/*
 * signal.h - Unix signals as callbacks of the loop.
 *
 * The library installs a signal handler only for the signals named here, and
 * only while somebody asks. One loop of a process may handle signals.
 */
#ifndef EVTASK_SIGNAL_H
#define EVTASK_SIGNAL_H

#include <evtask/handle.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Calls fn(arg) in a turn of the loop after the signal has come, until
 * removed: loop.add_signal_handler(). A second add replaces the first. Loop
 * thread; loop may be NULL for the running one. Returns 0, -EINVAL or
 * -ENOMEM; remove returns 1, or 0 when there was none.
 */
EVTASK_API int
evtask_loop_add_signal_handler(struct evtask_loop *loop, int signo,
    evtask_callback_fn fn, void *arg);
EVTASK_API int
evtask_loop_remove_signal_handler(struct evtask_loop *loop, int signo);

/* Suspends until the signal comes once. 0, -ECANCELED, -EINVAL, -ENOMEM. */
EVTASK_API EVTASK_SUSPENDS int
evtask_signal_wait_at(int signo, const struct evtask_site *site);
#define evtask_signal_wait(signo) evtask_signal_wait_at((signo), EVTASK_SITE)

#ifdef __cplusplus
}
#endif
#endif
