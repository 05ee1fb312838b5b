/*
 * bridge.h - evtaskd --stdio: one client, at our own standard input and output.
 */
#ifndef DAEMON_BRIDGE_H
#define DAEMON_BRIDGE_H

#include <evtask/console.h>
#include <pthread.h>

struct bridge {
	struct evtask_loop *loop;	/* borrowed */
	void (*ended)(void *arg);
	void *arg;
	int fd;			/* our end of the client's socket; -1: none */
	pthread_t writer;	/* to be joined; the reader is not */
};

/*
 * Makes the console serve fds 0 and 1. When that client has ended, all it has
 * asked is answered and written, ended() is called from the loop. 0 or a
 * negative errno.
 */
int bridge_start(struct bridge *bridge, struct evtask_loop *loop,
    struct evtask_console *console, void (*ended)(void *arg), void *arg);

/* What the console has said is written, before this returns. After the
 * console has stopped, before the loop is freed; nothing when not started. */
void bridge_finish(struct bridge *bridge);

#endif
