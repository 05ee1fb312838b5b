/*
 * stall.c - the loop that was blocked: noticed, told, and remembered.
 *
 * The watchdog's thread knows of a stall, and of its end; the console lives on
 * the loop. When the loop goes on the thread puts what it knows into the next
 * place of a few, and rings a descriptor that the loop looks at: nothing is
 * allocated, and the mutex is held for a copy.
 */
#include "stall.h"
#include <errno.h>
#include <event2/event.h>
#include <evtask/inspect_stack.h>
#include <evtask/inspect_watchdog.h>
#include <json-c/json.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include "console.h"
#include "frames.h"
#include "render.h"
#include "view.h"

#define KEPT 32
#define FRAMES_MAX 64
#define THRESHOLD_US 200000

struct stall {
	uint64_t task;
	char name[64];
	int64_t begun_us, blocked_us; /* on the system's clock */
	void *frames[FRAMES_MAX];
	int n_frames;
};

struct stalls {
	struct evtask_watchdog *watchdog;
	int64_t threshold_us;
	void (*stalled)(const struct evtask_stall *stall, void *arg);
	void *arg;
	int fd;                  /* rung when one has ended */
	struct event *event;
	pthread_mutex_t mutex;   /* of what follows */
	struct stall kept[KEPT];
	uint64_t told;           /* to the ring of events */
	atomic_uint_fast64_t total;
};

/* In the watchdog's thread. */
static void
on_stalled(const struct evtask_stall *stall, void *arg)
{
	struct stalls *stalls = arg;
	struct stall *kept;

	if (stalls->stalled != NULL)
		stalls->stalled(stall, stalls->arg);
	if (!stall->over)
		return;
	pthread_mutex_lock(&stalls->mutex);
	kept = &stalls->kept[stalls->total % KEPT];
	kept->task = stall->look.task;
	memcpy(kept->name, stall->look.name, sizeof(kept->name));
	kept->blocked_us = stall->look.still_us;
	kept->begun_us = clock_us() - stall->look.still_us;
	kept->n_frames = stall->n_frames < FRAMES_MAX ? stall->n_frames
	    : FRAMES_MAX;
	memcpy(kept->frames, stall->frames,
	    (size_t)kept->n_frames * sizeof(kept->frames[0]));
	atomic_fetch_add(&stalls->total, 1);
	pthread_mutex_unlock(&stalls->mutex);
	(void)eventfd_write(stalls->fd, 1);
}

/* In the loop's. */

/* The task's name, and the functions: a line each. NULL without memory. */
static char *
text_of(struct evtask_console *console, const struct stall *stall)
{
	struct evtask_symbols *symbols = console_symbols(console);
	struct evtask_symbol symbol;
	char *text = NULL;
	size_t size;
	FILE *file = symbols != NULL ? open_memstream(&text, &size) : NULL;
	int i;

	if (file == NULL)
		return NULL;
	fputs(stall->name, file);
	for (i = 0; i < stall->n_frames; i++) {
		evtask_symbols_find(symbols, stall->frames[i], &symbol);
		fputs("\n", file);
		fputs(symbol.func != NULL ? symbol.func : "?", file);
	}
	if (fclose(file) == 0)
		return text;
	free(text);
	return NULL;
}

static struct stall
stall_at(struct stalls *stalls, uint64_t number)
{
	struct stall stall;

	pthread_mutex_lock(&stalls->mutex);
	stall = stalls->kept[number % KEPT];
	pthread_mutex_unlock(&stalls->mutex);
	return stall;
}

static uint64_t
oldest(const struct stalls *stalls)
{
	uint64_t total = atomic_load(&stalls->total);

	return total > KEPT ? total - KEPT : 0;
}

static void
on_rung(evutil_socket_t fd, short what, void *arg)
{
	struct evtask_console *console = arg;
	struct stalls *stalls = console->stalls;
	struct stall stall;
	eventfd_t n;

	(void)eventfd_read(fd, &n);
	if (stalls->told < oldest(stalls))
		stalls->told = oldest(stalls);
	for (; stalls->told < atomic_load(&stalls->total); stalls->told++) {
		stall = stall_at(stalls, stalls->told);
		console_tell(console, EVENT_STALL, stall.task,
		    stall.blocked_us, text_of(console, &stall));
	}
}

/* Without a thread, or a signal to be had, there is less to be known: that is
 * no reason for a program not to have a console. */
static int
start_watchdog(struct evtask_console *console,
    const struct evtask_console_options *options)
{
	struct stalls *stalls = console->stalls;
	struct evtask_watchdog_options watchdog = {
		.threshold_us = stalls->threshold_us,
		.signo = options->stall_signo == 0 ? SIGURG
		    : options->stall_signo < 0 ? 0 : options->stall_signo,
		.stalled = on_stalled, .arg = stalls,
	};
	int r = evtask_watchdog_start(console->loop, &watchdog,
	    &stalls->watchdog);

	if (r == -EBUSY) {
		watchdog.signo = 0;
		r = evtask_watchdog_start(console->loop, &watchdog,
		    &stalls->watchdog);
	}
	return r == -ENOMEM ? r : 0;
}

int
stalls_init(struct evtask_console *console,
    const struct evtask_console_options *options)
{
	struct stalls *stalls;

	if (options->stall_us < 0)
		return 0;
	stalls = console->stalls = calloc(1, sizeof(*stalls));
	if (stalls == NULL)
		return -ENOMEM;
	pthread_mutex_init(&stalls->mutex, NULL);
	stalls->threshold_us = options->stall_us > 0 ? options->stall_us
	    : THRESHOLD_US;
	stalls->stalled = options->stalled;
	stalls->arg = options->arg;
	stalls->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (stalls->fd < 0)
		return -errno;
	stalls->event = event_new(console->base, stalls->fd,
	    EV_READ | EV_PERSIST, on_rung, console);
	if (stalls->event == NULL || event_add(stalls->event, NULL) < 0)
		return -ENOMEM;
	return start_watchdog(console, options);
}

void
stalls_release(struct evtask_console *console)
{
	struct stalls *stalls = console->stalls;

	if (stalls == NULL)
		return;
	evtask_watchdog_stop(stalls->watchdog);
	if (stalls->event != NULL)
		event_free(stalls->event);
	if (stalls->fd >= 0)
		close(stalls->fd);
	pthread_mutex_destroy(&stalls->mutex);
	free(stalls);
	console->stalls = NULL;
}

struct evtask_watchdog *
stalls_watchdog(const struct evtask_console *console)
{
	return console->stalls != NULL ? console->stalls->watchdog : NULL;
}

int64_t
stalls_threshold_us(const struct evtask_console *console)
{
	return stalls_watchdog(console) != NULL
	    ? console->stalls->threshold_us : 0;
}

uint64_t
stalls_total(const struct evtask_console *console)
{
	return console->stalls != NULL ? atomic_load(&console->stalls->total)
	    : 0;
}

static struct json_object *
render_stall(struct evtask_console *console, const struct stall *stall)
{
	struct json_object *o = json_object_new_object(), *task = NULL;
	struct evtask_symbols *symbols = console_symbols(console);

	if (stall->task != 0) {
		task = json_object_new_object();
		evtask_ctl_put_int(&task, "id", (int64_t)stall->task);
		evtask_ctl_put_text(&task, "name", stall->name);
	}
	put_or_null(&o, "task", stall->task != 0, task);
	/* Its clock is the system's, also where the loop's is not. */
	evtask_ctl_put_int(&o, "begun_us", console_epoch_us(console,
	    console_now_us(console)) - (clock_us() - stall->begun_us));
	evtask_ctl_put_int(&o, "blocked_us", stall->blocked_us);
	evtask_ctl_put(&o, "frames", symbols == NULL ? NULL
	    : render_frames(symbols, stall->frames, stall->n_frames));
	return o;
}

struct json_object *
stalls_render(struct evtask_console *console)
{
	struct json_object *list = json_object_new_array();
	struct stalls *stalls = console->stalls;
	struct stall stall;
	uint64_t i;

	for (i = stalls != NULL ? oldest(stalls) : 0;
	    i < stalls_total(console); i++) {
		stall = stall_at(stalls, i);
		evtask_ctl_append(&list, render_stall(console, &stall));
	}
	return list;
}
