/*
 * recorded.h - what the flight recorder holds, fetched.
 */
#ifndef CLI_RECORDED_H
#define CLI_RECORDED_H

#include <evtask/inspect_trace.h>

struct cli;
struct json_object;

struct recorded {
	struct evtask_trace_record *v;
	size_t n, room;
	int64_t now_ns, now_us;    /* the moment it was asked for, twice */
	struct json_object *ops;   /* keeps the texts that v points to */
	struct json_object *names; /* of tasks, by id as text */
};

void recorded_init(struct recorded *recorded);
void recorded_release(struct recorded *recorded);

/* Adds a record, as the protocol has it. 0 or -ENOMEM. */
int recorded_take(struct recorded *recorded, struct json_object *o);

/*
 * All there is at this moment after that number, and of the last so many
 * microseconds; what comes while it is fetched is left. Returns 0; an exit
 * code, all being said; -ECANCELED.
 */
EVTASK_SUSPENDS int
recorded_fetch(struct cli *cli, struct recorded *recorded, uint64_t after,
    int64_t last_us);

#endif
