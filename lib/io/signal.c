/*
 * signal.c - Unix signals, through the base: no code of ours runs in a signal
 * handler.
 */
#include <evtask/signal.h>

#include <errno.h>
#include <signal.h>
#include <string.h>

#include "io/poll.h"
#include "io/watch.h"

static bool
valid(int signo)
{
	return signo > 0 && signo < NSIG && signo != SIGKILL &&
	    signo != SIGSTOP;
}

int
evtask_loop_add_signal_handler(struct evtask_loop *loop, int signo,
    evtask_callback_fn fn, void *arg)
{
	return valid(signo) ? watch_set(loop, signo, EV_SIGNAL, fn, arg) :
	    -EINVAL;
}

int
evtask_loop_remove_signal_handler(struct evtask_loop *loop, int signo)
{
	return watch_clear(loop, signo, EV_SIGNAL);
}

int
evtask_signal_wait_at(int signo, const struct evtask_site *site)
{
	struct wait wait = {
		.op = "signal.wait", .type = "signal", .number = signo,
		.site = site, .until_us = EVTASK_FOREVER,
	};
	struct poll poll;
	int r;

	if (!valid(signo))
		return -EINVAL;
	wait.name = sigabbrev_np(signo);	/* static; NULL: the number */
	r = poll_open(&poll, signo, EV_SIGNAL | EV_PERSIST);
	if (r < 0)
		return r;
	r = poll_wait(&poll, &wait);
	poll_close(&poll);
	return r < 0 ? r : 0;
}
