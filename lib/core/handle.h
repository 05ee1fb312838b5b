/*
 * handle.h - handles, as the loop knows them.
 */
#ifndef CORE_HANDLE_H
#define CORE_HANDLE_H

#include <evtask/handle.h>

#include "core/list.h"

/*
 * A call from another thread in two halves: made on the loop's thread, which
 * can fail, and posted from any, which cannot. Posting gives the reference
 * away; a handle that is not posted is dropped with evtask_handle_unref().
 */
struct evtask_handle *handle_prepare(struct evtask_loop *loop,
    evtask_callback_fn fn, void *arg);
void handle_post(struct evtask_handle *handle);

/* Takes a handle out of the inbox, where another thread put it, and queues
 * it. 0, or -ENOMEM and it stays where it was. */
int handle_enlist(struct evtask_loop *loop, struct list *link);

/* Cancels whatever is still scheduled. */
void handle_drop_all(struct evtask_loop *loop);

#endif
