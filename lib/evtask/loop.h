/*
 * loop.h - the event loop: a libevent base with asyncio's ready queue.
 *
 * A loop runs *handles* in turns. One turn polls the system, appends what has
 * become ready - I/O first, then timers that are due - and runs exactly the
 * handles that were in the queue at that moment, first in, first out; what
 * they add runs in the next turn. One loop belongs to one thread, and all of
 * it is called from that thread, but for evtask_call_soon_threadsafe() and
 * evtask_run_threadsafe().
 *
 * A loop runs in one of two ways. You run it: evtask_loop_run_forever(),
 * evtask_loop_run_until_complete(), evtask_run(). Or your program already
 * dispatches an event_base: make the loop with that base, and its turns run
 * from there, beside your own events.
 *
 *	struct evtask_loop_options options = { .base = my_base };
 *	struct evtask_loop *loop;
 *
 *	r = evtask_loop_new(&options, &loop);
 *	...
 *	event_base_dispatch(my_base);	// tasks run too
 *
 * Time is counted in microseconds on the loop's clock. On the *virtual clock*
 * nothing is waited for: when nothing is ready and no file descriptor is
 * either, time jumps to the next timer. A test of an hour takes no time, and
 * takes the same course every time.
 */
#ifndef EVTASK_LOOP_H
#define EVTASK_LOOP_H

#include <evtask/error.h>
#include <evtask/future.h>
#include <evtask/task.h>

#ifdef __cplusplus
extern "C" {
#endif

struct event_base;

enum evtask_clock {
	EVTASK_CLOCK_MONOTONIC,	/* the system's CLOCK_MONOTONIC */
	EVTASK_CLOCK_VIRTUAL,	/* starts at 0, jumps when idle */
};

struct evtask_loop_options {
	struct event_base *base;	/* borrowed; NULL: one of its own */
	enum evtask_clock clock;
	size_t stack_size_bytes;	/* of tasks; 0: 64 KiB */
	bool allow_cycles;		/* awaits may close a circle, and hang
					   as in asyncio */
	bool debug;			/* see debug.h */
};

/* Makes a loop, in the thread that will use it; options may be NULL. The caller
 * frees it. Returns 0, -EINVAL or -ENOMEM. */
EVTASK_API EVTASK_CHECKED int
evtask_loop_new(const struct evtask_loop_options *options,
    struct evtask_loop **ret_loop);

/*
 * Closes and frees a loop (NULL is accepted). Not while it runs: -EBUSY, and
 * nothing changes. Handles and timers are dropped. Tasks still pending are
 * unwound: each is resumed once with -ECANCELED, as is every await it then
 * tries, until its function has returned; it ends cancelled, unreported.
 * Tasks, futures and handles you still hold stay yours: they can be asked, and
 * must be let go.
 */
EVTASK_API int evtask_loop_free(struct evtask_loop *loop);

/* Runs turns until evtask_loop_stop(). Returns 0; -EDEADLK when the clock is
 * virtual and nothing is left that could ever run; -EBUSY when a loop is
 * already running in this thread; -EINVAL. */
EVTASK_API EVTASK_CHECKED int
evtask_loop_run_forever_at(struct evtask_loop *loop,
    const struct evtask_site *site);
#define evtask_loop_run_forever(loop) \
	evtask_loop_run_forever_at((loop), EVTASK_SITE)

/*
 * Runs turns until f is done; the turn in which it is noticed is finished.
 * Returns 0 when f is done (ask it how); -EINTR when the loop was stopped
 * before; -EDEADLK when nothing was left that could ever complete it and the
 * clock is virtual (see evtask_loop_set_idle_handler() for the other clock);
 * -EBUSY when a loop is already running in this thread; -EXDEV when f
 * belongs to another loop; -ENOMEM.
 */
EVTASK_API EVTASK_CHECKED int
evtask_loop_run_until_complete_at(struct evtask_loop *loop,
    union evtask_awaitable f, const struct evtask_site *site);
#define evtask_loop_run_until_complete(...) \
	evtask_loop_run_until_complete_at(__VA_ARGS__, EVTASK_SITE)

/* The current turn is finished, then the run returns. Before a run: that run
 * makes one turn. No effect on a loop driven by your own dispatch. */
EVTASK_API void evtask_loop_stop(struct evtask_loop *loop);

/* Whether it is being run, by one of the two above. A loop that your own
 * dispatch drives is not. */
EVTASK_API bool evtask_loop_is_running(const struct evtask_loop *loop);

/* The loop whose turn is being run in this thread; NULL outside. */
EVTASK_API struct evtask_loop *evtask_get_running_loop(void);

/* The same: no thread has a loop by default, before one runs. */
EVTASK_API struct evtask_loop *evtask_get_event_loop(void);

/* The loop of a future or task, borrowed; it may have been freed. */
EVTASK_API struct evtask_loop *evtask_get_loop(union evtask_awaitable f);

/* The loop's clock, now; microseconds. */
EVTASK_API int64_t evtask_loop_time_us(const struct evtask_loop *loop);

/* Gives what tasks that ended left for the next ones back to the system; it
 * goes by itself when the loop has had nothing to do for a second and most of
 * it lies idle. Takes a moment for each stack. */
EVTASK_API void evtask_loop_trim(struct evtask_loop *loop);

/* The base beneath, for events of your own. Borrowed. */
EVTASK_API struct event_base *
evtask_loop_event_base(const struct evtask_loop *loop);

/*
 * What went wrong with nobody there to be told: a callback that raised, a
 * task that failed with no handle left, an error never fetched. message is
 * a sentence; the rest is borrowed, NULL where it does not apply.
 */
enum evtask_report_type {
	EVTASK_REPORT_CALLBACK,		/* a callback raised */
	EVTASK_REPORT_UNRETRIEVED,	/* an error nobody asked for */
	EVTASK_REPORT_SHIELDED,		/* one nobody waits for any more */
	EVTASK_REPORT_SHUTDOWN,		/* of a task cancelled at the end */
	EVTASK_REPORT_STUCK,		/* a task that would not end */
	/* In debug mode: see debug.h. */
	EVTASK_REPORT_MISUSE,		/* a call that made no sense */
	EVTASK_REPORT_SLOW,		/* a step that held the loop */
	EVTASK_REPORT_NEVER_AWAITED,	/* a gather or a shield */
	EVTASK_REPORT_PENDING,		/* a task whose loop is freed */
};

struct evtask_report {
	enum evtask_report_type type;
	const char *message;
	struct evtask_error *error;
	struct evtask_future *future;
	struct evtask *task;
	void *callback_arg;		/* of a callback that raised */
	const struct evtask_site *site;	/* of the call, or where what it is
					   about was made */
	int64_t took_us;		/* by a slow step */
};

/* Who is told. NULL: nobody (the library itself never prints). */
typedef void (*evtask_exception_fn)(struct evtask_loop *loop,
    const struct evtask_report *report, void *arg);
EVTASK_API void
evtask_loop_set_exception_handler(struct evtask_loop *loop,
    evtask_exception_fn fn, void *arg);
EVTASK_API evtask_exception_fn
evtask_loop_get_exception_handler(const struct evtask_loop *loop,
    void **ret_arg);

/* Tells the handler, as the library does. Loop thread. */
EVTASK_API void
evtask_loop_call_exception_handler(struct evtask_loop *loop,
    const struct evtask_report *report);

/*
 * Called when a run finds that nothing is ready and nothing can become so:
 * no timer, no file descriptor, signal, child or thread is waited for. The
 * handler makes something ready, or stops the loop. Without a handler a loop
 * on the monotonic clock blocks (another thread may still call in), and on
 * the virtual clock the run returns -EDEADLK.
 */
typedef void (*evtask_idle_fn)(struct evtask_loop *loop, void *arg);
EVTASK_API void
evtask_loop_set_idle_handler(struct evtask_loop *loop, evtask_idle_fn fn,
    void *arg);

/*
 * Runs fn(arg) as the main task of a new loop, then cancels what is left,
 * waits for it, and frees the loop: asyncio.run(). Returns what fn returned,
 * or the error that kept it from running. ret_value (may be NULL) is the
 * result; ret_error (may be NULL) the error. The caller owns both.
 */
EVTASK_API int
evtask_run_at(evtask_fn fn, void *arg,
    const struct evtask_loop_options *options, struct evtask_value *ret_value,
    struct evtask_error **ret_error, const struct evtask_site *site);
#define evtask_run(...) evtask_run_at(__VA_ARGS__, EVTASK_SITE)

#ifdef __cplusplus
}
#endif
#endif
