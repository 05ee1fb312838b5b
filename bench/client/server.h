/*
 * server.h - the server that a client of the race has started, and what it
 * costs.
 */
#ifndef BENCH_CLIENT_SERVER_H
#define BENCH_CLIENT_SERVER_H

#include <stdbool.h>
#include <stdint.h>

/* Says why with errno, and ends the client and with it the server. */
_Noreturn void die(const char *what);

/*
 * Starts `argv` as the server, which listens at BENCH_SOCKET, on the processor
 * BENCH_CPU; this process stays away from that, or goes there too if it is to
 * share. Without BENCH_CPU both run anywhere. The server ends with this
 * process, and not with a child of it.
 */
void server_start(char **argv, bool share);

/* A connection; while the server is still starting it waits for that. */
int server_connect(void);

/* What it has had of processors, in ns: as old as the last tick. */
int64_t server_cpu_ns(void);

/*
 * The processor time of its main thread, to the nanosecond, for what is shorter
 * than a tick. Where the system does not let us count, server_cpu_ns() has to
 * do. The counter is a file descriptor, or negative.
 */
int server_counter(void);
int64_t server_counted_ns(int counter);

/* What it and the children it has waited for have had, in us. */
double server_total_us(void);

/* Its resident memory, and how often it has gone to sleep. */
double server_bytes(void);
double server_wakes(void);

#endif
