/*
 * place.h - where a server is, and the way there.
 */
#ifndef CLI_PLACE_H
#define CLI_PLACE_H

#include <sys/types.h>

struct place {
	const char *socket; /* NULL: the environment says */
	const char *host;   /* for ssh to go to; NULL: here */
};

/*
 * A non-blocking descriptor that leads there, the caller's to close, and the
 * process in *ret_ssh that is at its other end, to be given to ssh_close(); 0
 * if there is none. Else a negative errno, and *ret_why is a sentence to free
 * that names the way out.
 */
int place_reach(const struct place *place, pid_t *ret_ssh, char **ret_why);

/* The same, of a socket that is here. */
int place_connect(const char *socket, char **ret_why);

#endif
