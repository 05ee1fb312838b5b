/*
 * deaf.h - a thread that hears no signals: those are the loop's, and one that
 * came to another thread would not wake it. Where every floor may begin one,
 * and three libraries and the daemon do, it is a few lines of a header.
 */
#ifndef THREAD_DEAF_H
#define THREAD_DEAF_H

#include <pthread.h>
#include <signal.h>

/* As pthread_create(), with every signal blocked. 0 or a negative errno. */
static inline int
deaf_thread_new(void *(*fn)(void *arg), void *arg, pthread_t *ret_thread)
{
	sigset_t all, before;
	int r;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	r = pthread_create(ret_thread, NULL, fn, arg);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return -r;
}

#endif
