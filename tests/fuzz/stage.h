/*
 * stage.h - where the targets that fuzz a whole server play: a console on a
 * loop of virtual time, and connections to it, in one thread.
 */
#ifndef TESTS_FUZZ_STAGE_H
#define TESTS_FUZZ_STAGE_H

#include <evtask/ctl.h>
#include <evtask/evtask.h>
#include <evtask/inspect.h>
#include "lib/console/console.h"
#include "tests/fuzz/stage_output.h"

/* Names of the coroutines that clients can create, ended by NULL. */
extern const char *const stage_coroutines[];

/* Of all inputs; zero in the beginning. */
struct stage {
	struct evtask_loop *loop;       /* NULL: it is to be made */
	struct evtask_console *console; /* NULL: it is stopped */
	int inputs;                     /* so far */
};

/* For an input, as if there had been none before. */
void stage_open(struct stage *stage);
/* Closes all connections, as the end of the console does, which it may be:
 * they can still be read. */
void stage_stop(struct stage *stage);
/* The end of the input; aborts when anything is left behind. */
void stage_close(struct stage *stage);
/* One turn of the loop, in which time stands still. */
void stage_turn(struct stage *stage);
void stage_advance(struct stage *stage, int64_t us);
/* The client's end of a new connection; the caller's to close. */
int stage_connect(struct stage *stage, enum evtask_ctl_role role);

#endif
