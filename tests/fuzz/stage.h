/*
 * stage.h - where the targets that fuzz a whole server play: a console on a
 * loop of virtual time, and connections to it, in one thread.
 *
 * Promises of the server that hold whatever it is sent are looked at by
 * stage_read(): it answers with lines that are JSON, each a reply or a notice
 * as the schema has them.
 */
#ifndef TESTS_FUZZ_STAGE_H
#define TESTS_FUZZ_STAGE_H

#include <evtask/ctl.h>
#include <evtask/evtask.h>
#include <evtask/inspect.h>
#include "lib/console/console.h"

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

/* What a connection has said and how much of it has been looked at. */
struct stage_output {
	char *bytes;
	size_t size;
	bool ended;
	uint64_t sum;       /* of all lines */
	size_t bytes_taken; /* in them */
};

/*
 * Told of every line; error is NULL for a result. id may be NULL. A notice is
 * not told, only looked at.
 */
typedef void (*stage_reply_fn)(struct json_object *id,
    struct json_object *result, struct json_object *error, void *arg);

/*
 * Reads up to size bytes and looks at every line that is complete. Returns
 * how many there were.
 */
size_t stage_read(int fd, size_t size, struct stage_output *output,
    stage_reply_fn reply, void *arg);
void stage_output_release(struct stage_output *output);

/* Whether a result is what the schema says of this method's; else aborts. */
void stage_check_result(const struct evtask_ctl_method *method,
    struct json_object *result);

#endif
