/*
 * watchdog.c - a thread that notices when a loop is blocked.
 *
 * It looks at the loop's pulse a few times in each threshold. The same pulse for
 * so long, and not in the system's hands: the loop is blocked. While the loop
 * sleeps in the system the watchdog sleeps, too, and is woken by the first turn:
 * an idle program has no thread that ticks.
 *
 *	asleep --turns--> watching --the same pulse for long--> stalled
 *	   `---in the system's hands---'     ^-------turns---------'
 *
 * Of the task that runs only what cannot go away is looked at from here: its
 * block is memory of the loop's, and a site is the program's. Should it end in
 * this very moment, what is read is another task's, and not wrong memory.
 */
#include <evtask/inspect_watchdog.h>

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unwind.h>

#include "core/task.h"

enum {
	THRESHOLD_US = 200000,
	LOOKS = 4,		/* in a threshold */
	CAPTURE_MS = 100,	/* the stack is waited for */
	FRAMES_MAX = 64,
};

struct evtask_watchdog {
	struct evtask_loop *loop;
	struct evtask_watchdog_options options;
	pthread_t thread, watched;
	pthread_mutex_t mutex;
	pthread_cond_t wake;	/* it turns again, or the end */
	bool ending, woken;	/* under the mutex */

	/* The stack, by evtask_watchdog_on_signal(). */
	atomic_bool wanted;
	sem_t captured;
	void *frames[FRAMES_MAX];
	int n_frames;
};

/* In the watched thread, in a signal handler. */

static _Unwind_Reason_Code
see_frame(struct _Unwind_Context *context, void *arg)
{
	struct evtask_watchdog *w = arg;
	uintptr_t pc = _Unwind_GetIP(context);

	if (pc == 0 || w->n_frames == FRAMES_MAX)
		return _URC_END_OF_STACK;
	w->frames[w->n_frames++] = (void *)pc;
	return _URC_NO_REASON;
}

void
evtask_watchdog_on_signal(int signo)
{
	struct evtask_watchdog *w = current.loop != NULL ?
	    current.loop->watchdog : NULL;
	int saved = errno;

	(void)signo;
	if (w != NULL && atomic_exchange(&w->wanted, false)) {
		w->n_frames = 0;
		(void)_Unwind_Backtrace(see_frame, w);
		(void)sem_post(&w->captured);
	}
	errno = saved;
}

/* In the watchdog's thread. */

static int64_t
now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static void
capture(struct evtask_watchdog *w)
{
	struct timespec until;

	w->n_frames = 0;
	if (w->options.signo == 0)
		return;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += CAPTURE_MS * 1000000L;
	if (until.tv_nsec >= 1000000000L) {
		until.tv_nsec -= 1000000000L;
		until.tv_sec++;
	}
	atomic_store(&w->wanted, true);
	if (pthread_kill(w->watched, w->options.signo) != 0 ||
	    sem_timedwait(&w->captured, &until) < 0) {
		/* It comes too late: then not at all, or it is there now. */
		if (atomic_exchange(&w->wanted, false))
			w->n_frames = 0;
		else
			(void)sem_wait(&w->captured);
	}
}

/* Without a look at any lock: see above. */
static __attribute__((__no_sanitize__("thread"))) void
describe(const struct evtask_watchdog *w, struct evtask_stall *stall)
{
	const struct current *runner = atomic_load(&w->loop->runs_in);
	const struct evtask *task = runner != NULL ?
	    *(struct evtask *const volatile *)&runner->task : NULL;

	*stall = (struct evtask_stall){ .frames = w->frames,
	    .n_frames = w->n_frames };
	if (task == NULL)
		return;
	stall->task = task->id;
	stall->created_at = task->created_at;
}

/* Waits for so long, or (-1) until it is woken. False: the end. */
static bool
pause_us(struct evtask_watchdog *w, int64_t us)
{
	struct timespec until;
	bool going;
	int r = 0;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += us / 1000000;
	until.tv_nsec += us % 1000000 * 1000;
	if (until.tv_nsec >= 1000000000L) {
		until.tv_nsec -= 1000000000L;
		until.tv_sec++;
	}
	pthread_mutex_lock(&w->mutex);
	while (r == 0 && !w->ending && !w->woken)
		r = us < 0 ? pthread_cond_wait(&w->wake, &w->mutex) :
		    pthread_cond_timedwait(&w->wake, &w->mutex, &until);
	w->woken = false;
	going = !w->ending;
	pthread_mutex_unlock(&w->mutex);
	return going;
}

static void
wake_up(void *arg)
{
	struct evtask_watchdog *w = arg;

	atomic_store(&w->loop->pulse.asleep, false);
	pthread_mutex_lock(&w->mutex);
	w->woken = true;
	pthread_cond_signal(&w->wake);
	pthread_mutex_unlock(&w->mutex);
}

static uint64_t
beat_of(struct evtask_watchdog *w)
{
	return atomic_load(&w->loop->pulse.beat);
}

/* It is in the system's hands. False: the end. */
static bool
sleep_with_it(struct evtask_watchdog *w, uint64_t beat)
{
	atomic_store(&w->loop->pulse.asleep, true);
	/* It may have come back just before it could see that. */
	if (beat_of(w) != beat) {
		atomic_store(&w->loop->pulse.asleep, false);
		return true;
	}
	return pause_us(w, -1);
}

/* The loop is blocked since then. False: the end. */
static bool
sit_out(struct evtask_watchdog *w, uint64_t beat, int64_t since_us)
{
	struct evtask_stall stall;
	bool going = true;

	capture(w);
	describe(w, &stall);
	if (beat_of(w) != beat)
		return true;		/* just now it turned */
	stall.blocked_us = now_us() - since_us;
	w->options.stalled(&stall, w->options.arg);
	while (going && beat_of(w) == beat)
		going = pause_us(w, w->options.threshold_us / LOOKS);
	stall.blocked_us = now_us() - since_us;
	stall.over = true;
	w->options.stalled(&stall, w->options.arg);
	return going;
}

static void *
watch(void *arg)
{
	struct evtask_watchdog *w = arg;
	int64_t since_us = now_us();
	uint64_t beat = beat_of(w), last = beat;
	bool going = true;

	while (going) {
		beat = beat_of(w);
		if (beat != last) {
			last = beat;
			since_us = now_us();
		}
		if ((beat & PULSE_AWAY) != 0)
			going = sleep_with_it(w, beat);
		else if (now_us() - since_us >= w->options.threshold_us)
			going = sit_out(w, beat, since_us);
		else
			going = pause_us(w, w->options.threshold_us / LOOKS);
	}
	return NULL;
}

/* In the loop's. */

static int
start_thread(struct evtask_watchdog *w)
{
	sigset_t all, before;
	int r;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	r = pthread_create(&w->thread, NULL, watch, w);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return -r;
}

static void
release(struct evtask_watchdog *w)
{
	sem_destroy(&w->captured);
	pthread_cond_destroy(&w->wake);
	pthread_mutex_destroy(&w->mutex);
	free(w);
}

int
evtask_watchdog_start(struct evtask_loop *loop,
    const struct evtask_watchdog_options *options,
    struct evtask_watchdog **ret_watchdog)
{
	pthread_condattr_t monotonic;
	struct evtask_watchdog *w;
	int r;

	if (loop == NULL || options == NULL || options->stalled == NULL ||
	    options->threshold_us < 0 || ret_watchdog == NULL)
		return -EINVAL;
	if (loop->watchdog != NULL)
		return -EALREADY;
	w = calloc(1, sizeof *w);
	if (w == NULL)
		return -ENOMEM;
	w->loop = loop;
	w->options = *options;
	if (w->options.threshold_us == 0)
		w->options.threshold_us = THRESHOLD_US;
	w->watched = pthread_self();
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&w->wake, &monotonic);
	pthread_condattr_destroy(&monotonic);
	pthread_mutex_init(&w->mutex, NULL);
	sem_init(&w->captured, 0, 0);
	loop->pulse.wake = wake_up;
	loop->pulse.arg = w;
	loop->watchdog = w;
	/* Inside a run it turns; else it is nobody's business that it does
	 * not. */
	pulse_beat(&loop->pulse, current.loop != loop);
	r = start_thread(w);
	if (r < 0) {
		loop->watchdog = NULL;
		release(w);
		return r;
	}
	*ret_watchdog = w;
	return 0;
}

void
evtask_watchdog_stop(struct evtask_watchdog *w)
{
	if (w == NULL)
		return;
	pthread_mutex_lock(&w->mutex);
	w->ending = true;
	pthread_cond_signal(&w->wake);
	pthread_mutex_unlock(&w->mutex);
	pthread_join(w->thread, NULL);
	w->loop->watchdog = NULL;
	atomic_store(&w->loop->pulse.asleep, false);
	release(w);
}
