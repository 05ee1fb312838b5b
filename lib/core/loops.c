/*
 * loops.c - the loops of the process, for who looks from outside: a debugger
 * that finds this list finds every task. The process itself never reads it.
 */
#include "core/loops.h"

#include <pthread.h>

#include "core/loop.h"

struct evtask_loop *loops;
static pthread_mutex_t loops_mutex = PTHREAD_MUTEX_INITIALIZER;

void
loops_add(struct evtask_loop *loop)
{
	pthread_mutex_lock(&loops_mutex);
	loop->next = loops;
	loops = loop;
	pthread_mutex_unlock(&loops_mutex);
}

void
loops_remove(struct evtask_loop *loop)
{
	struct evtask_loop **at;

	pthread_mutex_lock(&loops_mutex);
	for (at = &loops; *at != NULL; at = &(*at)->next)
		if (*at == loop) {
			*at = loop->next;
			break;
		}
	pthread_mutex_unlock(&loops_mutex);
}
