/*
 * advice.c - madvise(2) about many places at once.
 *
 * process_madvise(2) takes a list, and about the process itself any advice
 * (Linux 6.13); that it is the process itself is told by a number and takes no
 * descriptor (Linux 6.15). Before that the call fails, and nothing has changed.
 */
#include <config.h>

#include "coro/advice.h"

#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "coro/announce.h"

#ifndef PIDFD_SELF_THREAD_GROUP
#define PIDFD_SELF_THREAD_GROUP (-10001)
#endif

enum { AT_ONCE = 16 };		/* on the stack of whoever asks */

/* Bytes, counted as the system takes them, place by place; 0: it does not. */
static size_t
advise(const struct iovec *places, size_t n, int advice)
{
#ifdef SYS_process_madvise
	long bytes = announce_knows_all_calls() ?
	    syscall(SYS_process_madvise, PIDFD_SELF_THREAD_GROUP, places, n,
		advice, 0) : 0;

	return bytes > 0 ? (size_t)bytes : 0;
#else
	(void)places, (void)n, (void)advice;
	return 0;
#endif
}

size_t
advise_places(char *first, size_t stride, size_t size, size_t n, int advice)
{
	struct iovec places[AT_ONCE];
	size_t done = 0, some, bytes;

	do {
		for (some = 0; some < AT_ONCE && done + some < n; some++)
			places[some] = (struct iovec){
				first + (done + some) * stride, size,
			};
		bytes = some > 0 ? advise(places, some, advice) : 0;
		done += bytes / size;
	} while (bytes == AT_ONCE * size);
	return done;
}
