/*
 * resource.c - what becomes of resources when those who hold them, or the loop
 * that knows them, are no more.
 */
#include "core/resource.h"

void
resource_abandon_all(struct evtask *task)
{
	task->left_held |= !list_empty(&task->running->holds);
	while (!list_empty(&task->running->holds)) {
		struct resource *resource = container_of(
		    task->running->holds.next, struct resource, held);

		resource->owner = NULL;		/* the id tells who it was */
		list_remove(&resource->held);
	}
}

void
resource_forget_all(struct evtask_loop *loop)
{
	while (!list_empty(&loop->known)) {
		struct resource *resource = container_of(loop->known.next,
		    struct resource, known);

		resource->id = 0;
		list_remove(&resource->known);
	}
}
