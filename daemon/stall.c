/*
 * stall.c - the log is told when the loop is blocked, and by whom.
 *
 * A module's coroutine that computes for seconds, or calls what blocks, stops
 * every task and every client. Then nothing of the loop can say so: the
 * watchdog's thread does, with the stack, for which the blocked thread is
 * interrupted once by SIGURG, whose handler has a stack of its own.
 */
#include "stall.h"

#include <errno.h>
#include <evtask/inspect_stack.h>
#include <evtask/inspect_watchdog.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HANDLER_STACK (64 * 1024)
#define FRAMES_SAID 12

/* "clock_nanosleep < sleep < crawl < task_entry": functions, innermost first. */
static void
name_frames(const struct evtask_stall *stall, char *text, size_t size)
{
	struct evtask_symbols *symbols;
	struct evtask_symbol symbol;
	size_t used = 0;
	int i, said = 0;

	text[0] = '\0';
	if (stall->n_frames == 0 || evtask_symbols_new(&symbols) < 0)
		return;
	for (i = 0; i < stall->n_frames && said < FRAMES_SAID &&
	    used < size; i++) {
		evtask_symbols_find(symbols, stall->frames[i], &symbol);
		/* The handler, and what called it. */
		if (symbol.func == NULL || strncmp(symbol.func,
		    "evtask_watchdog_", 16) == 0)
			continue;
		used += (size_t)snprintf(text + used, size - used, "%s%s",
		    said++ > 0 ? " < " : "; it stands in ", symbol.func);
	}
	evtask_symbols_free(symbols);
}

/* In the watchdog's thread: a line, and one write. */
static void
on_stall(const struct evtask_stall *stall, void *arg)
{
	const struct stall_watch *watch = arg;
	char who[64] = "a callback", frames[512];

	if (stall->task != 0)
		snprintf(who, sizeof(who), "task %" PRIu64, stall->task);
	if (stall->over) {
		log_say(watch->log, LOG_LEVEL_WARNING, "the loop was blocked "
		    "for %" PRId64 " ms by %s, and turns again",
		    stall->blocked_us / 1000, who);
		return;
	}
	name_frames(stall, frames, sizeof(frames));
	log_say(watch->log, LOG_LEVEL_WARNING, "the loop is blocked for "
	    "%" PRId64 " ms by %s%s", stall->blocked_us / 1000, who, frames);
}

/* Where evtask_watchdog_on_signal() runs: tasks have little stack to give. */
static int
set_handler(struct stall_watch *watch)
{
	struct sigaction action = {
		.sa_handler = evtask_watchdog_on_signal,
		.sa_flags = SA_RESTART | SA_ONSTACK,
	};
	stack_t stack = { .ss_size = HANDLER_STACK };

	watch->stack = stack.ss_sp = malloc(HANDLER_STACK);
	if (watch->stack == NULL)
		return -ENOMEM;
	if (sigaltstack(&stack, NULL) < 0 ||
	    sigaction(SIGURG, &action, NULL) < 0)
		return -errno;
	return 0;
}

int
stall_start(struct stall_watch *watch, struct evtask_loop *loop,
    const struct log *log)
{
	struct evtask_watchdog_options options = {
		.signo = SIGURG, .stalled = on_stall, .arg = watch,
	};
	int r;

	*watch = (struct stall_watch){ .log = log };
	r = set_handler(watch);
	if (r == 0)
		r = evtask_watchdog_start(loop, &options, &watch->watchdog);
	if (r < 0)
		stall_stop(watch);
	return r;
}

void
stall_stop(struct stall_watch *watch)
{
	stack_t none = { .ss_flags = SS_DISABLE };

	evtask_watchdog_stop(watch->watchdog);
	watch->watchdog = NULL;
	if (watch->stack != NULL) {
		signal(SIGURG, SIG_DFL);
		sigaltstack(&none, NULL);
	}
	free(watch->stack);
	watch->stack = NULL;
}
