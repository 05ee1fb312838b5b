/*
 * handle.h - handles, as the loop knows them.
 */
#ifndef CORE_HANDLE_H
#define CORE_HANDLE_H

#include <evtask/handle.h>

#include "core/list.h"

/* Takes a handle out of the inbox, where another thread put it, and queues
 * it. 0, or -ENOMEM and it stays where it was. */
int handle_enlist(struct evtask_loop *loop, struct list *link);

/* Cancels whatever is still scheduled. */
void handle_drop_all(struct evtask_loop *loop);

#endif
