/*
 * remote.h - handles on tasks of other threads, as those know them who wait
 * in a loop of their own.
 */
#ifndef CORE_REMOTE_H
#define CORE_REMOTE_H

#include <evtask/remote.h>
#include <pthread.h>

#include "core/handle.h"

/* One who waits in another loop: its handle is posted there at the end. */
struct remote_listener {
	struct list link;		/* in remote->listeners until then */
	struct evtask_handle *handle;	/* prepared; given away when posted */
};

/* Adds one. false: the remote is done, and it was not added. */
bool remote_listen(struct evtask_remote *remote,
    struct remote_listener *listener);

/* Takes it back. false: its handle was posted, and is under way. */
bool remote_unlisten(struct evtask_remote *remote,
    struct remote_listener *listener);

/* Settles f with what a done remote came to. */
void remote_pass_on(struct evtask_remote *remote, struct evtask_future *f);

#endif
