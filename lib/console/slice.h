/*
 * slice.h - answers that are made in slices, a little in each turn.
 */
#ifndef CONSOLE_SLICE_H
#define CONSOLE_SLICE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>
#include "dispatch.h"

struct evbuffer;
struct event;

#define SLICE_US 300 /* of a turn, for all such answers together */

/* An answer in the making: the head of a struct of the method's own. */
struct slice {
	TAILQ_ENTRY(slice) link;       /* of the console's */
	struct session *session;
	const struct evtask_ctl_method *method;
	struct json_object *id;
	int64_t started_us;            /* on clock_us(), as is until_us */
	int64_t until_us;              /* the end of this slice */
	const char *key;               /* what the list is called; NULL: none,
					  or slice_list() says */
	struct evbuffer *items;        /* and what is in it, as JSON */
	bool listing, first;           /* a list is open; and has no item */
	bool failed;                   /* some item found no memory */
	struct json_object *error;     /* by finish(): it is refused */
	bool handed;                   /* by finish(): another answers */
	bool queued;                   /* it is in the list of all */
	bool loose;                    /* its connection does not wait for it */
	LIST_ENTRY(slice) loose_link;  /* of the session's */
	/* Goes on, until slice_is_over() or all is done. True: it is done. */
	bool (*step)(struct slice *slice);
	/* The members beside the lists; NULL: it has failed, or is refused. */
	struct json_object *(*finish)(struct slice *slice);
	void (*release)(struct slice *slice); /* all but the memory itself */
};
TAILQ_HEAD(slice_list, slice);

struct slices {
	struct slice_list list; /* the next first */
	struct event *next;     /* active while there is one */
	int64_t slice_us;
	int64_t spent_us;       /* of a slice, by those that began at once */
	int64_t spent_at_us;    /* on clock_us(): then it was so much */
};

struct evtask_console;

int slices_init(struct evtask_console *console);
void slices_release(struct evtask_console *console);

/*
 * Begins an answer: slice is zeroed memory, taken, whose functions and key are
 * set. What takes no more than a slice is answered at once. For `return
 * slice_start(...)`: NULL, with call->deferred set, or without memory.
 */
struct json_object *slice_start(struct call *call, struct slice *slice);

/*
 * The same of an answer that need not be in order, and begins in a later turn:
 * meanwhile its connection goes on. id is shared. 0, or -ENOMEM, and the slice
 * is freed.
 */
int slice_start_loose(struct slice *slice, struct session *session,
    const struct evtask_ctl_method *method, struct json_object *id,
    int64_t started_us);
/* Whether such an answer to this id is in the making. */
bool slice_is_loose(const struct session *session, struct json_object *id);

/* Ends the list that is open, if one is, and opens another. */
void slice_list(struct slice *slice, const char *key);

/* Whether to go on in the next turn. */
bool slice_is_over(const struct slice *slice);

/* Adds an item (taken; NULL: there was no memory for it) to the list. Returns
 * how long it is; 0: the answer has failed. */
size_t slice_add(struct slice *slice, struct json_object *item);
/* The same of what the console's writer has written. */
size_t slice_add_written(struct slice *slice);

/* Nobody wants it any more. NULL is accepted. */
void slice_free(struct slice *slice);

#endif
