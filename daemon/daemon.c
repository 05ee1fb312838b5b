/*
 * daemon.c - evtaskd: one loop, one console, and what belongs to a service.
 *
 *	options --> environment --> loop, console --> READY
 *	    run: tasks, clients, signals, the watchdog
 *	drained --> STOPPING --> what is left is killed --> ended
 *
 * Whatever it starts with, four things hold before the first command is
 * started: fds 0 to 2 are open, every other inherited descriptor is CLOEXEC, no
 * signal but SIGPIPE is ignored, and orphans come to us. When it ends nothing
 * of it is left: no socket, and no process that a command has left behind.
 */
#include <config.h>

#include "daemon.h"

#include <errno.h>
#include <evtask/evtask.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dump.h"
#include "reaper.h"
#include "stall.h"
#include "builtin.h"
#include "tree.h"

#define LAST_KILL_TIMEOUT_MS 2000

/* A pipe must not get one of these numbers, which commands take for theirs. */
static int
open_standard_fds(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

/* What is ignored stays so across execve(2), and commands are to have nothing
 * of ours. SIGPIPE they are given back as they start (launch.c, spawn.c). */
static int
ignore_only_sigpipe(void)
{
	struct sigaction now;

	for (int signo = 1; signo < NSIG; signo++)
		if (sigaction(signo, NULL, &now) == 0 &&
		    now.sa_handler == SIG_IGN)
			signal(signo, SIG_DFL);
	return signal(SIGPIPE, SIG_IGN) == SIG_ERR ? -errno : 0;
}

static int
isolate(char **ret_why)
{
	int r = open_standard_fds();

	if (r == 0 && close_range(STDERR_FILENO + 1, ~0U,
	    CLOSE_RANGE_CLOEXEC) < 0)
		r = -errno;
	if (r == 0)
		r = ignore_only_sigpipe();
	if (r < 0)
		*ret_why = strdup("cannot set up the process");
	return r;
}

/* What went wrong with nobody there to be told. */
static void
log_report(struct evtask_loop *loop, const struct evtask_report *report,
    void *arg)
{
	struct daemon *daemon = arg;
	const struct evtask_error *error = report->error;

	log_say(&daemon->log, LOG_LEVEL_WARNING, "%s%s%s%s%s%s%s",
	    report->task != NULL ? "task " : "",
	    report->task != NULL ? evtask_get_name(report->task) : "",
	    report->task != NULL ? ": " : "", report->message,
	    error != NULL ? ": " : "",
	    error != NULL ? evtask_error_type(error) : "",
	    error != NULL ? ": " : "");
}

static void
on_shutdown(enum evtask_console_shutdown mode, int64_t timeout_us, void *arg)
{
	struct daemon *daemon = arg;

	drain_ask(&daemon->drain, mode, timeout_us);
}

static void
on_end_signal(void *arg)
{
	struct daemon *daemon = arg;

	drain_press(&daemon->drain, daemon->options.drain_timeout_us);
}

static int
on_reload(void *arg)
{
	struct daemon *daemon = arg;

	return modules_scan(&daemon->modules);
}

static const char *
on_log_level(const char *level, void *arg)
{
	struct log *log = &((struct daemon *)arg)->log;
	enum log_level parsed;

	if (level != NULL && log_level_parse(level, &parsed) == 0)
		log->level = parsed;
	return log_level_name(log->level);
}

static bool
next_module(const char *after, struct evtask_console_module *ret_module,
    void *arg)
{
	struct daemon *daemon = arg;

	return modules_next(&daemon->modules, after, ret_module);
}

static int
change_module(enum evtask_console_change change, const char *name,
    char **ret_why, void *arg)
{
	struct daemon *daemon = arg;

	return modules_change(&daemon->modules, change, name, ret_why);
}

static void
on_hangup(void *arg)
{
	struct daemon *daemon = arg;

	log_say(&daemon->log, LOG_LEVEL_NOTICE,
	    "SIGHUP: looking for modules in %s", daemon->modules.folder);
	modules_scan(&daemon->modules);
}

static void
on_quit(void *arg)
{
	struct daemon *daemon = arg;

	dump_tasks(&daemon->log, daemon->loop);
}

static const struct {
	int signo;
	evtask_callback_fn fn;
} signals[] = {
	{ SIGTERM, on_end_signal },
	{ SIGINT, on_end_signal },
	{ SIGHUP, on_hangup },
	{ SIGQUIT, on_quit },
};
#define N_SIGNALS (sizeof(signals) / sizeof(signals[0]))

/* Twice within what the manager allows; as long as the loop turns. */
static void
on_watchdog(void *arg)
{
	struct daemon *daemon = arg;

	service_notify(&daemon->service, "WATCHDOG=1");
	evtask_call_later(daemon->loop, daemon->service.watchdog_us / 2,
	    on_watchdog, daemon, NULL);
}

static int
start_loop(struct daemon *daemon, char **ret_why)
{
	size_t i;
	int r = evtask_loop_new(NULL, &daemon->loop);

	if (r == 0) {
		evtask_loop_set_exception_handler(daemon->loop, log_report,
		    daemon);
		r = reaper_start(daemon->loop);
	}
	for (i = 0; r == 0 && i < N_SIGNALS; i++)
		r = evtask_loop_add_signal_handler(daemon->loop,
		    signals[i].signo, signals[i].fn, daemon);
	if (r < 0)
		*ret_why = strdup("cannot make the event loop");
	return r;
}

/* The exit code of a console that could not be started like that. */
static int
console_code(int r)
{
	switch (r) {
	case -EADDRINUSE:
		return EXIT_SERVED;
	case -ENOMEM:
	case -EMFILE:
	case -ENFILE:
		return EXIT_SYSTEM;
	default:
		return EXIT_SOCKET;
	}
}

static void
on_stalled(const struct evtask_stall *stall, void *arg)
{
	struct daemon *daemon = arg;

	stall_say(&daemon->log, stall);
}

static int
start_console(struct daemon *daemon, int *ret_code, char **ret_why)
{
	const struct evtask_console_options options = {
		.socket_path = daemon->options.socket_path,
		.viewer_path = daemon->options.viewer_path,
		.no_socket = daemon->options.stdio,
		.listen_fd = daemon->service.listen_fd,
		.server = "evtaskd",
		.version = PACKAGE_VERSION,
		.keep_done = daemon->options.keep_done,
		.log_bytes = daemon->options.log_bytes,
		.connections = daemon->options.clients,
		.operator_gid = daemon->options.operators,
		.stall_us = daemon->options.stall_us,
		.stalled = on_stalled,
		.shutdown = on_shutdown,
		.reload = on_reload,
		.log_level = on_log_level,
		.modules = &daemon->offer,
		.arg = daemon,
	};
	size_t i;
	int r = evtask_console_start(daemon->loop, &options, &daemon->console,
	    ret_why);

	if (r < 0)
		*ret_code = console_code(r);
	for (i = 0; r == 0 && builtin_coroutines[i] != NULL; i++)
		r = evtask_console_add(daemon->console, builtin_coroutines[i]);
	if (r < 0)
		return r;
	daemon->modules = (struct modules){ .console = daemon->console,
		.log = &daemon->log, .folder = daemon->options.modules };
	modules_scan(&daemon->modules);
	return 0;
}

/* Nobody else can ask for the tasks it leaves: they are cancelled. */
static void
on_bridge_end(void *arg)
{
	struct daemon *daemon = arg;

	drain_ask(&daemon->drain, EVTASK_CONSOLE_CANCEL,
	    daemon->options.drain_timeout_us);
}

static int
start_bridge(struct daemon *daemon, char **ret_why)
{
	int r = 0;

	if (daemon->options.stdio)
		r = bridge_start(&daemon->bridge, daemon->loop, daemon->console,
		    on_bridge_end, daemon);
	if (r < 0)
		*ret_why = strdup("cannot serve the standard input");
	return r;
}

static void
announce_ready(struct daemon *daemon)
{
	const char *path = daemon->options.stdio ? "the standard input"
	    : evtask_console_socket_path(daemon->console);

	daemon->drain = (struct drain){ .loop = daemon->loop,
		.console = daemon->console, .log = &daemon->log,
		.service = &daemon->service };
	if (daemon->service.watchdog_us > 0)
		on_watchdog(daemon);
	log_say(&daemon->log, LOG_LEVEL_NOTICE, "evtaskd " PACKAGE_VERSION
	    " serves %s", path);
	service_notify(&daemon->service, "READY=1\nSTATUS=serves %s", path);
}

/* Without it evtaskd serves as well, and says less. */
static void
say_unwatched(struct daemon *daemon)
{
	if (daemon->options.stall_us > 0 && !daemon->options.stdio &&
	    *evtask_console_oob_path(daemon->console) == '\0')
		log_say(&daemon->log, LOG_LEVEL_WARNING, "%s.oob cannot be "
		    "served: nobody answers while the loop is blocked",
		    evtask_console_socket_path(daemon->console));
}

/* The tree of evtaskd itself: what commands have left running. */
static void
kill_left(struct daemon *daemon)
{
	struct tree tree = { { 0, 0 }, NULL };
	struct proc_stat self;
	size_t left = 0;
	int r = proc_read(getpid(), &self);

	tree.root = self.proc;
	if (r == 0)
		r = tree_kill(&tree, LAST_KILL_TIMEOUT_MS, &left);
	if (r < 0)
		log_say(&daemon->log, LOG_LEVEL_WARNING, "cannot kill all that "
		    "commands have left running, %zu processes remain: %s",
		    left, strerror(-r));
}

/* Tasks that refuse to end are not unwound, which could wait for ever: the
 * process ends, and they with it. */
static void
finish(struct daemon *daemon)
{
	size_t i, live = 0;

	if (daemon->console != NULL) {
		live = evtask_console_live_jobs(daemon->console);
		kill_left(daemon);
	}
	evtask_console_stop(daemon->console);
	modules_release(&daemon->modules);
	bridge_finish(&daemon->bridge);
	drain_release(&daemon->drain);
	if (daemon->loop != NULL) {
		for (i = 0; i < N_SIGNALS; i++)
			evtask_loop_remove_signal_handler(daemon->loop,
			    signals[i].signo);
		reaper_stop(daemon->loop);
	}
	if (live == 0)
		evtask_loop_free(daemon->loop);
	service_release(&daemon->service);
}

/* Any failure but the console's is the system's. */
static int
serve(struct daemon *daemon, int *ret_code, char **ret_why)
{
	int r = start_loop(daemon, ret_why);

	*ret_code = EXIT_SYSTEM;
	if (r == 0)
		r = start_console(daemon, ret_code, ret_why);
	if (r == 0) {
		say_unwatched(daemon);
		announce_ready(daemon);
		r = start_bridge(daemon, ret_why);
	}
	if (r == 0) {
		r = evtask_loop_run_forever(daemon->loop);
	}
	finish(daemon);
	return r;
}

int
daemon_run(struct daemon *daemon, int argc, char *const *argv)
{
	char *text = NULL;
	int r, code = EXIT_USAGE;

	*daemon = (struct daemon){ .service = { .notify_fd = -1 },
	    .bridge = { .fd = -1 }, .offer = { .next = next_module,
	    .change = change_module, .arg = daemon } };
	r = options_parse(&daemon->options, argc, argv, &text);
	if (r > 0) {
		fputs(text, stdout);
		free(text);
		return EXIT_ENDED;
	}
	log_init(&daemon->log, STDERR_FILENO, daemon->options.log_level);
	if (r == 0)
		r = service_init(&daemon->service, &text);
	if (r == 0) {
		code = EXIT_SYSTEM;
		r = isolate(&text);
	}
	if (r == 0)
		r = serve(daemon, &code, &text);
	if (r == 0) {
		log_say(&daemon->log, LOG_LEVEL_NOTICE, "evtaskd has ended");
		return EXIT_ENDED;
	}
	log_say(&daemon->log, LOG_LEVEL_ERROR, "%s",
	    text != NULL ? text : strerror(-r));
	free(text);
	return code;
}
