/*
 * ssh.h - a server on another host.
 */
#ifndef CLI_SSH_H
#define CLI_SSH_H

#include <sys/types.h>

/*
 * Starts ssh to host, to run evtask --stdio there; socket (may be NULL) is its
 * --socket. Returns a non-blocking descriptor that leads to it, the caller's
 * to close, and *ret_pid; a negative errno, and *ret_why is a sentence to free.
 */
int ssh_open(const char *host, const char *socket, pid_t *ret_pid,
    char **ret_why);

/* Ends it, and waits until it has ended. 0 is fine. */
void ssh_close(pid_t pid);

/* The connection is lost: does the same, and returns how it ended, in static
 * words; or NULL when it was no fault of its. */
const char *ssh_end(pid_t pid);

#endif
