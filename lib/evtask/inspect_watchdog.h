/*
 * inspect_watchdog.h - a thread that notices when a loop is blocked.
 *
 * While a task computes or blocks, nothing of its loop moves: neither other
 * tasks, nor a console. The watchdog is told by the loop that it turns, and
 * tells the program when it does not, who holds it up, and where. A console
 * has one of its own (console.h).
 *
 *	struct evtask_watchdog_options options = { .stalled = on_stall };
 *
 *	evtask_watchdog_start(loop, &options, &watchdog);
 *
 * None of what is called from other threads than the loop's waits for the loop,
 * or takes a lock that it could hold.
 */
#ifndef EVTASK_INSPECT_WATCHDOG_H
#define EVTASK_INSPECT_WATCHDOG_H

#include <evtask/inspect_trace.h>
#include <evtask/task.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What the loop does, as seen from outside of it. */
enum evtask_loop_state {
	EVTASK_LOOP_ASLEEP,	/* in the system's hands, or not run at all */
	EVTASK_LOOP_TURNS,
	EVTASK_LOOP_BLOCKED,	/* it has not turned for the threshold */
};

struct evtask_loop_look {
	enum evtask_loop_state state;
	int64_t still_us;		/* since when it has not turned;
					   asleep: 0 */
	uint64_t task;			/* that runs; 0: none, or a callback */
	char name[64];			/* of that task, cut; "" */
	const struct evtask_site *created_at;	/* that task; NULL */
};

/* A loop that does not turn. */
struct evtask_stall {
	struct evtask_loop_look look;	/* still_us: blocked so long so far */
	bool over;			/* it turns again */
	void *const *frames;		/* its stack, as evtask_get_stack() */
	int n_frames;			/* 0: it could not be had */
};

struct evtask_watchdog_options {
	int64_t threshold_us;		/* 0: 200 ms */
	/*
	 * Sent to the thread of the loop to have its stack, and handled by the
	 * library from then on: nobody else may. What the thread blocks in is
	 * restarted, as signal(7) says; sleep(3) and poll(2) are not, and
	 * return early with EINTR. SIGURG is a good choice, which
	 * nothing else sends to who did not ask for it. 0: none, and no stacks.
	 */
	int signo;
	/*
	 * Called from the watchdog's thread, when a loop is found to be blocked
	 * and when it turns again. The loop must not be touched from there, but
	 * by evtask_call_soon_threadsafe(). May be NULL.
	 */
	void (*stalled)(const struct evtask_stall *stall, void *arg);
	void *arg;
};

struct evtask_watchdog;

/* Starts it, from the thread that runs the loop. 0, -EINVAL, -EALREADY: there
 * is one; -EBUSY, the program handles signo; -ENOMEM, -EAGAIN: no thread can be
 * had. */
EVTASK_API EVTASK_CHECKED int
evtask_watchdog_start(struct evtask_loop *loop,
    const struct evtask_watchdog_options *options,
    struct evtask_watchdog **ret_watchdog);

/* Stops it, from the same thread and before the loop is freed. NULL is
 * accepted. */
EVTASK_API void evtask_watchdog_stop(struct evtask_watchdog *watchdog);

/* From any thread, until it is stopped: what the loop does right now. */
EVTASK_API void
evtask_watchdog_look(struct evtask_watchdog *watchdog,
    struct evtask_loop_look *ret_look);

/* "asleep", "turns", "blocked" */
EVTASK_API const char *evtask_loop_state_name(enum evtask_loop_state state);

/*
 * From any other thread than the loop's: where it stands right now, as
 * evtask_get_stack(). Waits for a tenth of a second at most. How many frames;
 * 0: it sleeps, there is no signal for it, or it has not answered.
 */
EVTASK_API int
evtask_watchdog_get_stack(struct evtask_watchdog *watchdog, void **frames,
    int size);

/* From any thread: evtask_trace_read(), which may miss what is being recorded
 * at this moment. -EINVAL: nothing is recorded; -EIO, it cannot be read. */
EVTASK_API int
evtask_watchdog_read_trace(struct evtask_watchdog *watchdog, uint64_t after,
    struct evtask_trace_record *records, size_t size, size_t *ret_n);

#ifdef __cplusplus
}
#endif
#endif
