/*
 * capture.h - the stack of a loop's thread, asked for by another thread.
 */
#ifndef INSPECT_CAPTURE_H
#define INSPECT_CAPTURE_H

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdbool.h>

enum { CAPTURE_FRAMES_MAX = 64 };

struct capture {
	int signo;		/* 0: nothing can be captured */
	pthread_t thread;
	bool alternate;		/* we have asked for its alternate stack */
	pthread_mutex_t mutex;	/* one at a time asks */
	atomic_bool wanted;
	sem_t taken;
	void *frames[CAPTURE_FRAMES_MAX];
	int n;
};

/* In the thread that is to be looked at. Takes the signal for the process, for
 * good. 0; -EBUSY, the program handles it itself; -ENOMEM, -EINVAL. */
int capture_init(struct capture *capture, int signo);

/* In the same thread, when nobody asks any more. */
void capture_release(struct capture *capture);

/*
 * In any other thread: the frames of where it stands, the innermost first, as
 * evtask_get_stack() gives them; how many there are, 0 when it does not answer
 * in a tenth of a second.
 */
int capture_stack(struct capture *capture, void **frames, int size);

#endif
