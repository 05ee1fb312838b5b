/* listener.h - the console's socket: who may connect, and how many. */
#ifndef CONSOLE_LISTENER_H
#define CONSOLE_LISTENER_H

#include <evtask/ctl.h>
#include <evtask/ctl_schema.h>
#include <stdbool.h>
#include <sys/types.h>

struct event;
struct evtask_console;
struct evtask_console_options;
struct evtask_handle;

#define LISTENER_CONNECTIONS_MAX 64
#define LISTENER_CONNECTIONS_PER_UID 16 /* of others than the server's own */
#define LISTENER_PAUSE_US 1000000       /* out of descriptors: try again */

struct listener {
	struct evtask_console *console;
	char path[EVTASK_CTL_PATH_SIZE]; /* "": it has none */
	int fd;         /* owned; -1: not open */
	int lock_fd;    /* held as long as the path is ours; -1: it is not */
	dev_t device;   /* of the socket we have made */
	ino_t inode;
	size_t connections; /* at a time */
	enum evtask_ctl_role most; /* that its clients may be */
	gid_t operators; /* its members are operators; 0: nobody is */
	struct event *event;
	struct evtask_handle *pause; /* accepting is paused; NULL: it is not */
};

/*
 * Opens the console's socket; or, when most is the viewer, the second one,
 * whose clients may look and no more. What the options have no socket for
 * stays closed. 0, or -errno and the way out in *ret_message (may be NULL
 * without memory; the caller free()s it).
 */
int listener_open(struct listener *listener, struct evtask_console *console,
    const struct evtask_console_options *options, enum evtask_ctl_role most,
    char **ret_message);
void listener_close(struct listener *listener);

/* A connection has ended: there is room for another. */
void listener_resume(struct listener *listener);

/* Makes a session of a connected socket, which it takes, or refuses it. */
void listener_admit(struct listener *listener, int fd);

#endif
