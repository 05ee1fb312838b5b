/*
 * handle.h - handles, as the loop knows them.
 */
#ifndef CORE_HANDLE_H
#define CORE_HANDLE_H

#include <evtask/handle.h>

#include "core/list.h"
#include "core/ready.h"

/* One cache line. */
struct evtask_handle {
	union {
		struct runnable runs;
		struct {		/* leaves four bytes: */
			char runs_bytes[RUNNABLE_BYTES];
			uint32_t refs : 29;
			bool cancelled : 1;
			bool timed : 1;
			bool posted : 1;	/* made for another thread */
		};
	};
	struct evtask_loop *loop;	/* referenced, unless posted */
	int64_t when_us;		/* timed: the deadline */
	struct evtask_context *context;	/* to run in; owned */
	const struct evtask_site *made_at;	/* NULL: another thread's */
	evtask_callback_fn fn;
	void *arg;
};

/*
 * A call from another thread in two halves: made on the loop's thread, which
 * can fail, and posted from any, which cannot. Posting gives the reference
 * away; a handle that is not posted is dropped with evtask_handle_unref().
 * dropped (may be NULL) is called instead of fn when the loop is freed.
 */
struct evtask_handle *handle_prepare(struct evtask_loop *loop,
    evtask_callback_fn fn, evtask_callback_fn dropped, void *arg);
void handle_post(struct evtask_handle *handle);

/* Takes a handle out of the inbox, where another thread put it, and queues
 * it. 0, or -ENOMEM and it stays where it was. */
int handle_enlist(struct evtask_loop *loop, struct list *link);

/* When it is the call of a handle: its argument, and where it was made. Else
 * NULL. */
const struct evtask_site *handle_made_at(const struct runnable *r,
    void **ret_arg);

/* The loop is freed. Whether it was the call of a handle, and is cancelled. */
bool handle_drop(struct runnable *r);

/* And those that are still in the inbox. */
void handle_drop_inbox(struct evtask_loop *loop);

#endif
