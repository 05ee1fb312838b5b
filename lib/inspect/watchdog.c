/*
 * watchdog.c - a thread that notices when a loop is blocked.
 *
 * It looks at the loop's pulse a few times in each threshold. The same pulse
 * for so long, and not in the system's hands: the loop is blocked. While the
 * loop sleeps in the system the watchdog sleeps, too, and is woken by the first
 * turn: an idle program has no thread that ticks.
 *
 *	asleep --turns--> watching --the same pulse for long--> stalled
 *	   `---in the system's hands---'     ^-------turns---------'
 *
 * Everything of the loop's but its pulse is read as peek.h says: what has gone
 * meanwhile is not there, and what has changed is another task's.
 */
#include <evtask/inspect_watchdog.h>

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "core/life.h"
#include "core/task.h"
#include "inspect/capture.h"
#include "inspect/peek.h"
#include "inspect/recorder.h"
#include "thread/deaf.h"

enum {
	THRESHOLD_US = 200000,
	LOOKS = 8,		/* in a threshold */
};

struct evtask_watchdog {
	struct evtask_loop *loop;
	struct evtask_watchdog_options options;
	struct capture capture;
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t wake;	/* it turns again, or the end */
	bool ending, woken;	/* under the mutex */

	/* The pulse that was seen last, and when it was new: written in this
	 * order backwards, so that who reads a pulse has a time not older. */
	atomic_uint_fast64_t beat;
	atomic_int_fast64_t since_us;
};

static const char *const state_names[] = {
	[EVTASK_LOOP_ASLEEP] = "asleep",
	[EVTASK_LOOP_TURNS] = "turns",
	[EVTASK_LOOP_BLOCKED] = "blocked",
};

const char *
evtask_loop_state_name(enum evtask_loop_state state)
{
	return state_names[state];
}

static int64_t
now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static uint64_t
beat_of(struct evtask_watchdog *w)
{
	return atomic_load(&w->loop->pulse.beat);
}

/* Looking, from any thread. */

static void
look_at_task(struct evtask_watchdog *w, struct evtask_loop_look *look)
{
	const struct current *runner = atomic_load(&w->loop->runs_in);
	struct current seen;
	struct evtask task;
	struct extra extra;

	if (!peek(runner, &seen, sizeof seen) || seen.loop != w->loop ||
	    !peek(seen.task, &task, sizeof task))
		return;
	look->task = task.id;
	look->created_at = life_created_at(&task);
	if (!peek(task.extra, &extra, sizeof extra) ||
	    !peek_text(extra.name, look->name, sizeof look->name))
		snprintf(look->name, sizeof look->name, "Task-%" PRIu64,
		    task.id);
}

void
evtask_watchdog_look(struct evtask_watchdog *w,
    struct evtask_loop_look *ret_look)
{
	uint64_t beat = atomic_load(&w->beat);
	int64_t since_us = atomic_load(&w->since_us);
	uint64_t now = beat_of(w);

	*ret_look = (struct evtask_loop_look){ .state = EVTASK_LOOP_TURNS };
	if ((now & PULSE_AWAY) != 0) {
		ret_look->state = EVTASK_LOOP_ASLEEP;
		return;
	}
	look_at_task(w, ret_look);
	if (now != beat || beat_of(w) != beat)
		return;
	ret_look->still_us = now_us() - since_us;
	if (ret_look->still_us >= w->options.threshold_us)
		ret_look->state = EVTASK_LOOP_BLOCKED;
}

int
evtask_watchdog_get_stack(struct evtask_watchdog *w, void **frames, int size)
{
	if ((beat_of(w) & PULSE_AWAY) != 0)
		return 0;
	return capture_stack(&w->capture, frames, size);
}

int
evtask_watchdog_read_trace(struct evtask_watchdog *w, uint64_t after,
    struct evtask_trace_record *records, size_t size, size_t *ret_n)
{
	struct evtask_loop_look look;

	if (records == NULL || ret_n == NULL)
		return -EINVAL;
	evtask_watchdog_look(w, &look);
	return recorder_peek(w->loop, after,
	    look.state == EVTASK_LOOP_BLOCKED, records, size, ret_n);
}

/* In the watchdog's thread. */

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
	pthread_mutex_unlock(&w->mutex);
	pthread_cond_signal(&w->wake); /* which wants the mutex first of all */
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

static void
tell(struct evtask_watchdog *w, const struct evtask_stall *stall)
{
	if (w->options.stalled != NULL)
		w->options.stalled(stall, w->options.arg);
}

/* The loop is blocked, at this beat. False: the end. */
static bool
sit_out(struct evtask_watchdog *w, uint64_t beat)
{
	int64_t since_us = atomic_load(&w->since_us);
	void *frames[CAPTURE_FRAMES_MAX];
	struct evtask_stall stall = { .frames = frames };
	bool going = true;

	stall.n_frames = capture_stack(&w->capture, frames,
	    CAPTURE_FRAMES_MAX);
	evtask_watchdog_look(w, &stall.look);
	if (stall.look.state != EVTASK_LOOP_BLOCKED)
		return true;		/* just now it turned */
	tell(w, &stall);
	while (going && beat_of(w) == beat)
		going = pause_us(w, w->options.threshold_us / LOOKS);
	stall.look.still_us = now_us() - since_us;
	stall.over = true;
	tell(w, &stall);
	return going;
}

/* Until the next look, or until the loop has been still for too long. */
static int64_t
next_look_us(struct evtask_watchdog *w)
{
	int64_t still_us = now_us() - atomic_load(&w->since_us);
	int64_t left_us = w->options.threshold_us - still_us;
	int64_t look_us = w->options.threshold_us / LOOKS;

	return left_us < look_us ? left_us : look_us;
}

static void *
watch(void *arg)
{
	struct evtask_watchdog *w = arg;
	uint64_t beat;
	int64_t pause;
	bool going = true;

	while (going) {
		beat = beat_of(w);
		if (beat != atomic_load(&w->beat)) {
			atomic_store(&w->since_us, now_us());
			atomic_store(&w->beat, beat);
		}
		pause = next_look_us(w);
		if ((beat & PULSE_AWAY) != 0)
			going = sleep_with_it(w, beat);
		else
			going = pause > 0 ? pause_us(w, pause) :
			    sit_out(w, beat);
	}
	return NULL;
}

/* In the loop's. */

static void
forget(struct evtask_watchdog *w)
{
	w->loop->watchdog = NULL;
	w->loop->capture = NULL;
	w->loop->pulse.wake = NULL;
}

static void
release(struct evtask_watchdog *w)
{
	pthread_cond_destroy(&w->wake);
	pthread_mutex_destroy(&w->mutex);
	capture_release(&w->capture);
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

	if (loop == NULL || options == NULL || options->threshold_us < 0 ||
	    ret_watchdog == NULL)
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
	r = capture_init(&w->capture, options->signo);
	if (r < 0) {
		free(w);
		return r;
	}
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&w->wake, &monotonic);
	pthread_condattr_destroy(&monotonic);
	pthread_mutex_init(&w->mutex, NULL);
	loop->pulse.wake = wake_up;
	loop->pulse.arg = w;
	loop->watchdog = w;
	loop->capture = &w->capture;
	/* Inside a run it turns; else it is nobody's business that it does
	 * not. */
	pulse_beat(&loop->pulse, current.loop != loop);
	atomic_store(&w->since_us, now_us());
	atomic_store(&w->beat, beat_of(w));
	r = deaf_thread_new(watch, w, &w->thread);
	if (r < 0) {
		forget(w);
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
	forget(w);
	atomic_store(&w->loop->pulse.asleep, false);
	release(w);
}
