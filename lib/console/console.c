/*
 * console.c - the console: its beginning, its end, and what the program says.
 *
 * A console is a few tables and a socket on somebody else's loop. Everything
 * it does is done in callbacks of the loop's thread; it makes no task of its
 * own, so that nobody finds it among the tasks he came to look at.
 */
#include "console.h"
#include <errno.h>
#include <evtask/console.h>
#include <evtask/ctl_writer.h>
#include <evtask/inspect_stack.h>
#include <evtask/inspect_trace.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include "config.h"
#include "job.h"
#include "observe.h"
#include "oob.h"
#include "settle.h"
#include "stall.h"
#include "watch.h"

#define KEEP_DONE 1000
#define LOG_BYTES (1 << 20)
#define DONE_LOG_BYTES (64 << 20)

void
console_tell(struct evtask_console *console, enum event_type type,
    uint64_t task, int64_t number, char *text)
{
	ring_push(&console->ring, (struct ring_record){ .type = type,
	    .count = 1, .task = task, .number = number, .text = text,
	    .ts_us = console_now_us(console) });
	if (console->sessions.subscriptions > 0)
		settle_soon(console);
}

static int
copy_options(struct evtask_console *console,
    const struct evtask_console_options *options)
{
	console->keep_done = options->keep_done > 0 ? options->keep_done
	    : KEEP_DONE;
	console->log_bytes = options->log_bytes > 0 ? options->log_bytes
	    : LOG_BYTES;
	console->done_log_bytes = DONE_LOG_BYTES;
	console->shutdown = options->shutdown;
	console->stats = options->stats;
	console->reload = options->reload;
	console->log_level = options->log_level;
	console->modules = options->modules;
	console->arg = options->arg;
	console->server = strdup(options->server != NULL ? options->server
	    : "evtask");
	console->version = strdup(options->version != NULL ? options->version
	    : PACKAGE_VERSION);
	return console->server != NULL && console->version != NULL ? 0
	    : -ENOMEM;
}

static void
set_instance(struct evtask_console *console)
{
	uint64_t random = (uint64_t)console->epoch_us;

	/* Fails only before the system's pool is filled: time will do. */
	if (getrandom(&random, sizeof(random), GRND_NONBLOCK) < 0)
		random ^= (uint64_t)console->started_us << 32;
	snprintf(console->instance, sizeof(console->instance), "%016llx",
	    (unsigned long long)random);
}

static void
set_clock(struct evtask_console *console)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	console->started_us = console_now_us(console);
	console->epoch_us = (int64_t)now.tv_sec * 1000000 +
	    now.tv_nsec / 1000 - console->started_us;
}

/* Unless the program records already, for reasons of its own. */
static int
start_trace(struct evtask_console *console)
{
	int r = evtask_trace_start(console->loop, 0);

	console->own_trace = r == 0;
	return r == -EALREADY ? 0 : r;
}

static int
start(struct evtask_console *console,
    const struct evtask_console_options *options, char **ret_message)
{
	int r;

	TAILQ_INIT(&console->slices.list);
	set_clock(console);
	set_instance(console);
	console->writer = evtask_ctl_writer_new();
	r = console->writer != NULL ? copy_options(console, options) : -ENOMEM;
	if (r == 0)
		r = dispatch_init(console);
	if (r == 0)
		r = sessions_init(&console->sessions, console->base);
	if (r == 0)
		r = registry_init(&console->registry);
	if (r == 0)
		r = ring_init(&console->ring, RING_RECORDS);
	if (r == 0)
		r = settle_init(console);
	if (r == 0)
		r = slices_init(console);
	if (r == 0)
		r = metrics_init(&console->metrics);
	if (r == 0)
		r = watch_init(console);
	if (r == 0)
		r = listener_open(&console->listener, console, options,
		    EVTASK_CTL_ADMIN, ret_message);
	if (r == 0)
		r = listener_open(&console->viewers, console, options,
		    EVTASK_CTL_VIEWER, ret_message);
	if (r == 0)
		r = stalls_init(console, options);
	if (r == 0)
		r = oob_init(console);
	if (r == 0)
		r = observe_start(console);
	if (r == -ENOSYS && ret_message != NULL)
		*ret_message = strdup("libevtask was built without inspection"
		    " (configure --disable-inspection)");
	if (r == 0 && !options->no_trace)
		r = start_trace(console);
	return r;
}

static void
console_free(struct evtask_console *console)
{
	struct session *session;

	oob_release(console);
	stalls_release(console);
	listener_close(&console->listener);
	listener_close(&console->viewers);
	while ((session = TAILQ_FIRST(&console->sessions.list)) != NULL)
		session_shut_down(session);
	observe_stop(console); /* after the subscriptions, which observe */
	if (console->own_trace)
		evtask_trace_stop(console->loop);
	watch_release(console);
	evtask_symbols_free(console->symbols);
	settle_release(console);
	slices_release(console);
	registry_release(&console->registry);
	catalog_release(&console->catalog);
	ring_release(&console->ring);
	metrics_release(&console->metrics);
	sessions_release(&console->sessions);
	free(console->handlers);
	if (console->ending != NULL) {
		evtask_handle_cancel(console->ending);
		evtask_handle_unref(console->ending);
	}
	evtask_ctl_writer_free(console->writer);
	json_object_put(console->discovery);
	free(console->server);
	free(console->version);
	free(console);
}

int
evtask_console_start(struct evtask_loop *loop,
    const struct evtask_console_options *options,
    struct evtask_console **ret_console, char **ret_message)
{
	static const struct evtask_console_options defaults;
	struct evtask_console *console;
	int r;

	if (ret_message != NULL)
		*ret_message = NULL;
	if (loop == NULL || ret_console == NULL)
		return -EINVAL;
	console = calloc(1, sizeof(*console));
	if (console == NULL)
		return -ENOMEM;
	console->loop = loop;
	console->base = evtask_loop_event_base(loop);
	console->listener.fd = console->listener.lock_fd = -1;
	console->viewers.fd = console->viewers.lock_fd = -1;
	r = start(console, options != NULL ? options : &defaults, ret_message);
	if (r < 0)
		console_free(console);
	else
		*ret_console = console;
	return r;
}

void
evtask_console_stop(struct evtask_console *console)
{
	struct record *record;

	if (console == NULL)
		return;
	TAILQ_FOREACH(record, &console->registry.records, link)
		if (record->job != NULL)
			job_detach(record->job);
	console_free(console);
}

void
evtask_console_announce_shutdown(struct evtask_console *console,
    enum evtask_console_shutdown mode)
{
	if (console->shutting_down)
		return;
	console->shutting_down = true;
	console_tell(console, EVENT_SHUTDOWN, 0, mode, NULL);
}

int
evtask_console_add(struct evtask_console *console,
    const struct evtask_coroutine *coroutine)
{
	if (console == NULL || coroutine == NULL)
		return -EINVAL;
	return catalog_add(&console->catalog, coroutine, NULL);
}

int
evtask_console_add_from(struct evtask_console *console, const char *module,
    const struct evtask_coroutine *coroutine)
{
	if (console == NULL || coroutine == NULL)
		return -EINVAL;
	return catalog_add(&console->catalog, coroutine, module);
}

/* The event's text is the name, and then the version. */
void
evtask_console_announce_module(struct evtask_console *console,
    enum evtask_console_change change, const char *name, const char *version)
{
	size_t size = strlen(name) + 1;
	char *text = malloc(size + (version != NULL ? strlen(version) : 0) +
	    1);

	if (text != NULL) {
		memcpy(text, name, size);
		strcpy(text + size, version != NULL ? version : "");
	}
	console_tell(console, change == EVTASK_CONSOLE_UNLOAD
	    ? EVENT_MODULE_UNLOADED : EVENT_MODULE_LOADED, 0, change, text);
}

int
evtask_console_remove(struct evtask_console *console,
    const struct evtask_coroutine *coroutine)
{
	if (console == NULL || coroutine == NULL)
		return -EINVAL;
	return catalog_remove(&console->catalog, coroutine);
}

void
evtask_console_serve(struct evtask_console *console, int fd)
{
	listener_admit(&console->listener, fd);
}

const char *
evtask_console_socket_path(const struct evtask_console *console)
{
	return console->listener.path;
}

const char *
evtask_console_oob_path(const struct evtask_console *console)
{
	return oob_path(console);
}

size_t
evtask_console_live_jobs(const struct evtask_console *console)
{
	return console->registry.live_jobs;
}
