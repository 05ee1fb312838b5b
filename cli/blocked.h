/*
 * blocked.h - a server whose loop is blocked: who says so in its place.
 */
#ifndef CLI_BLOCKED_H
#define CLI_BLOCKED_H

#include <evtask/base.h>

struct cli;
struct evtask;
struct evtask_handle;
struct json_object;
struct remote;

/*
 * A connection to the socket beside the control socket that answers while the
 * loop is blocked; NULL: it is not there, or the server is not here.
 */
struct remote *blocked_open(const struct cli *cli);

/* "12.3 s by task crawl-1(42) at dns.c:88", of the answers of loop.status and
 * loop.stack (may be NULL); to free; NULL without memory. Reads files, in a
 * thread. */
EVTASK_SUSPENDS int
blocked_words(struct json_object *status, struct json_object *stack,
    char **ret_words);

/* A request that is waited for: when its answer is late, and the loop is
 * blocked, that is said. */
struct blocked {
	struct cli *cli;
	struct evtask_handle *patience;
	struct evtask *looking; /* NULL: not yet */
};

void blocked_begin(struct blocked *blocked, struct cli *cli);
EVTASK_SUSPENDS int blocked_end(struct blocked *blocked, int r);

#endif
