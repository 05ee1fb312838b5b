/*
 * talk.h - bytes both ways between a client and its server. A request is bytes
 * that are sent as they are, and an answer is a line. All of it blocks; who
 * cannot send or read ends the client.
 */
#ifndef BENCH_CLIENT_TALK_H
#define BENCH_CLIENT_TALK_H

#include <stddef.h>

enum { READ_SIZE = 1 << 16 };

void send_all(int fd, const char *bytes, size_t size);

/* At most `size` bytes, and at least one. */
size_t read_some(int fd, char *ret_bytes, size_t size);

/* How many lines came in one read. */
int read_lines(int fd);

/* One request of evtask's protocol, and the line that answers it. */
void ask_one(int fd, const char *method, const char *params);

#endif
