/*
 * inspect_watchdog.h - a thread that notices when a loop is blocked.
 *
 * While a task computes or blocks, nothing of its loop moves: neither other
 * tasks, nor a console. The watchdog is told by the loop that it turns, and
 * tells the program when it does not, who holds it up, and where.
 *
 *	struct evtask_watchdog_options options = { .stalled = on_stall };
 *
 *	evtask_watchdog_start(loop, &options, &watchdog);
 */
#ifndef EVTASK_INSPECT_WATCHDOG_H
#define EVTASK_INSPECT_WATCHDOG_H

#include <evtask/task.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A loop that does not turn. */
struct evtask_stall {
	uint64_t task;			/* that runs; 0: a callback */
	const struct evtask_site *created_at;	/* that task; NULL */
	int64_t blocked_us;		/* so far */
	bool over;			/* it turns again */
	void *const *frames;		/* its stack, as evtask_get_stack() */
	int n_frames;			/* 0: it could not be had */
};

struct evtask_watchdog_options {
	int64_t threshold_us;		/* 0: 200 ms */
	/*
	 * A signal that is the program's to give, with
	 * evtask_watchdog_on_signal() as its handler (SA_RESTART): it is sent
	 * to the blocked thread, to have its stack. 0: none, and no stack.
	 */
	int signo;
	/*
	 * Called from the watchdog's thread, when a loop is found to be blocked
	 * and when it turns again. The loop must not be touched from there, but
	 * by evtask_call_soon_threadsafe().
	 */
	void (*stalled)(const struct evtask_stall *stall, void *arg);
	void *arg;
};

struct evtask_watchdog;

/* Starts it, from the thread that runs the loop. 0, -EINVAL, -EALREADY: there
 * is one; -ENOMEM, -EAGAIN: no thread can be had. */
EVTASK_API EVTASK_CHECKED int
evtask_watchdog_start(struct evtask_loop *loop,
    const struct evtask_watchdog_options *options,
    struct evtask_watchdog **ret_watchdog);

/* Stops it, from the same thread and before the loop is freed. NULL is
 * accepted. */
EVTASK_API void evtask_watchdog_stop(struct evtask_watchdog *watchdog);

/* The handler of options.signo. */
EVTASK_API void evtask_watchdog_on_signal(int signo);

#ifdef __cplusplus
}
#endif
#endif
