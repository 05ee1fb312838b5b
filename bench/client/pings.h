/* pings.h - clients that ping, and the rows about them. */
#ifndef BENCH_CLIENT_PINGS_H
#define BENCH_CLIENT_PINGS_H

/* The protocol the server speaks: "evtask" or "redis". */
void ping_in(const char *protocol);

/* One ping, and how many lines answered it: 1, or the server has refused. */
int ping_once(int fd);

/* n clients, a ping each; one client, n pings at a time. */
void row_ping(long n);
void row_pipeline(long n);

/* n clients that say nothing, beside one that pings. */
void row_idle(long n);

#endif
