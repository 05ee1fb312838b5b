/*
 * capture.c - the stack of a loop's thread, asked for by another thread.
 *
 * A signal makes the thread walk its own stack, in a handler on the thread's
 * alternate stack:
 *
 *	asks: wanted, signal, wait --> handler: walks, posts --> takes
 *	        `--- too late: wanted is taken back, the handler does nothing
 *
 * What the handler finds above itself begins with the frame that was
 * interrupted, which the unwinder marks.
 */
#include "inspect/capture.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unwind.h>

#include "core/alternate.h"
#include "core/loop.h"

enum { TIMEOUT_MS = 100 };

/* In the thread, in the handler. */

struct walk {
	struct capture *capture;
	int first;		/* that is not the handler's */
};

static _Unwind_Reason_Code
see_frame(struct _Unwind_Context *context, void *arg)
{
	struct walk *walk = arg;
	struct capture *capture = walk->capture;
	int interrupted = 0;
	uintptr_t pc = _Unwind_GetIPInfo(context, &interrupted);

	if (pc == 0 || capture->n == CAPTURE_FRAMES_MAX)
		return _URC_END_OF_STACK;
	if (interrupted && walk->first == 0) {
		walk->first = capture->n;
		pc++;		/* as if it were to return there */
	}
	capture->frames[capture->n++] = (void *)pc;
	return _URC_NO_REASON;
}

static void
on_signal(int signo)
{
	struct capture *capture = current.loop != NULL ?
	    current.loop->capture : NULL;
	struct walk walk = { .capture = capture };
	int saved = errno;

	(void)signo;
	if (capture != NULL && atomic_exchange(&capture->wanted, false)) {
		capture->n = 0;
		(void)_Unwind_Backtrace(see_frame, &walk);
		capture->n -= walk.first;
		memmove(capture->frames, capture->frames + walk.first,
		    (size_t)capture->n * sizeof capture->frames[0]);
		(void)sem_post(&capture->taken);
	}
	errno = saved;
}

/* For all loops, and for good: a signal may be under way still. */
static int
handle(int signo)
{
	struct sigaction old, new = {
		.sa_handler = on_signal, .sa_flags = SA_RESTART | SA_ONSTACK,
	};

	if (sigaction(signo, NULL, &old) < 0)
		return -errno;
	if ((old.sa_flags & SA_SIGINFO) == 0 && old.sa_handler == on_signal)
		return 0;
	if ((old.sa_flags & SA_SIGINFO) != 0 || (old.sa_handler != SIG_DFL &&
	    old.sa_handler != SIG_IGN))
		return -EBUSY;
	sigemptyset(&new.sa_mask);
	return sigaction(signo, &new, NULL) < 0 ? -errno : 0;
}

int
capture_init(struct capture *capture, int signo)
{
	int r;

	*capture = (struct capture){ .thread = pthread_self() };
	pthread_mutex_init(&capture->mutex, NULL);
	sem_init(&capture->taken, 0, 0);
	if (signo == 0)
		return 0;
	r = alternate_get();
	capture->alternate = r == 0;
	if (r == 0 || r == -EBUSY)	/* it has one: that will do */
		r = handle(signo);
	if (r == 0)
		capture->signo = signo;
	else
		capture_release(capture);
	return r;
}

void
capture_release(struct capture *capture)
{
	if (capture->alternate)
		alternate_put();
	sem_destroy(&capture->taken);
	pthread_mutex_destroy(&capture->mutex);
}

/* In another thread. */

static void
deadline(struct timespec *ret_until)
{
	clock_gettime(CLOCK_REALTIME, ret_until);
	ret_until->tv_nsec += TIMEOUT_MS * 1000000L;
	if (ret_until->tv_nsec >= 1000000000L) {
		ret_until->tv_nsec -= 1000000000L;
		ret_until->tv_sec++;
	}
}

/* Whether the handler has done its work. */
static bool
ask(struct capture *capture)
{
	struct timespec until;

	deadline(&until);
	atomic_store(&capture->wanted, true);
	if (pthread_kill(capture->thread, capture->signo) == 0 &&
	    sem_timedwait(&capture->taken, &until) == 0)
		return true;
	/* It comes too late: then not at all, or it is at it now. */
	if (atomic_exchange(&capture->wanted, false))
		return false;
	(void)sem_wait(&capture->taken);
	return true;
}

int
capture_stack(struct capture *capture, void **frames, int size)
{
	int n = 0;

	if (capture->signo == 0)
		return 0;
	pthread_mutex_lock(&capture->mutex);
	if (ask(capture)) {
		n = capture->n < size ? capture->n : size;
		memcpy(frames, capture->frames,
		    (size_t)n * sizeof frames[0]);
	}
	pthread_mutex_unlock(&capture->mutex);
	return n;
}
