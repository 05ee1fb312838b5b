/*
 * wire.h - the bytes between the protocol's client and its server.
 */
#ifndef CLI_WIRE_H
#define CLI_WIRE_H

#include <stdbool.h>
#include <stddef.h>

#define WIRE_READ_SIZE 65536

struct evtask_ctl_client;
struct streams;

struct wire {
	struct evtask_ctl_client *client; /* the owner's, as are these */
	struct streams *streams;          /* whose taps take lines */
	void (*lost)(const char *why, void *arg);
	void *arg;
	int fd;                           /* -1: closed */
	bool writing;                     /* the writer is on the loop */
	bool inside;                      /* the client has half a line */
	size_t kept;                      /* bytes of half a line, here */
	char bytes[WIRE_READ_SIZE];       /* that were read */
};

/* Reads from now on, on the loop. Takes fd when it returns 0; else a negative
 * errno. The wire stays where it is. */
int wire_open(struct wire *wire, int fd);

/* Closes it; twice is fine. */
void wire_close(struct wire *wire);

/* Sends what the client has to say, and sees to it that the rest follows. */
void wire_flush(struct wire *wire);

#endif
