/*
 * inbox.h - calls from other threads, on their way into the loop.
 */
#ifndef CORE_INBOX_H
#define CORE_INBOX_H

#include <evtask/base.h>
#include <pthread.h>
#include <stdatomic.h>

#include "core/list.h"

struct inbox {
	pthread_mutex_t mutex;
	struct list handles;	/* of other threads, by their links */
	atomic_bool some;	/* there may be some, the base not polled */
	int fd;			/* eventfd: readable when there are some; -1 */
};

/* Empty and not yet open: may be closed. */
void inbox_init(struct inbox *inbox);

/* 0 or a negative errno. */
int inbox_open(struct inbox *inbox);

/* What is still in it is not touched. */
void inbox_close(struct inbox *inbox);

/* Moves what is in it to the loop's queue, in order. Loop thread. */
void inbox_empty(struct inbox *inbox, struct evtask_loop *loop);

/* Takes one out; NULL: it is empty. Loop thread. */
struct list *inbox_take(struct inbox *inbox);

/* Puts a handle in, by its link, and wakes the loop. From any thread; cannot
 * fail. */
void inbox_post(struct inbox *inbox, struct list *link);

#endif
