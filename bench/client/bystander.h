/* bystander.h - a client beside others, which tells what they cost it. */
#ifndef BENCH_CLIENT_BYSTANDER_H
#define BENCH_CLIENT_BYSTANDER_H

#include <sys/types.h>

struct bystander {
	pid_t pid;
	int fd;
};

/* What the server did from one request to its answer, in us. */
struct bystander_waits {
	double median, p99, worst;
};

void bystander_start(struct bystander *b);
void bystander_stop(struct bystander *b, struct bystander_waits *ret_waits);

/* A process that shares the bystander's processor begins with this. */
void bystander_goes_first(void);

#endif
