/*
 * methods_discover.c - rpc.discover: the protocol as a document.
 *
 * It is the same as long as the program runs, and long: made in slices for the
 * first who asks, and kept as text for the others.
 */
#include <evtask/ctl_writer.h>
#include <json-c/json.h>
#include <stdlib.h>
#include "console.h"
#include "methods.h"
#include "slice.h"

struct discovery {
	struct slice slice;
	struct evtask_console *console;
	struct evtask_ctl_writer *writer; /* of its own: others write between */
	size_t piece;                     /* the next */
};

static bool
step(struct slice *slice)
{
	struct discovery *d = (struct discovery *)slice;

	while (evtask_ctl_write_discovery(d->writer, d->piece++,
	    d->console->server, d->console->version))
		if (slice_is_over(slice))
			return false;
	return true;
}

/* Two may have begun before one was done. */
static struct json_object *
finish(struct slice *slice)
{
	struct discovery *d = (struct discovery *)slice;

	if (d->console->discovery == NULL)
		d->console->discovery = evtask_ctl_write_take(d->writer);
	return json_object_get(d->console->discovery);
}

static void
release(struct slice *slice)
{
	evtask_ctl_writer_free(((struct discovery *)slice)->writer);
}

struct json_object *
serve_rpc_discover(struct call *call)
{
	struct discovery *d;

	if (call->console->discovery != NULL)
		return json_object_get(call->console->discovery);
	d = calloc(1, sizeof(*d));
	if (d == NULL)
		return NULL;
	d->slice.step = step;
	d->slice.finish = finish;
	d->slice.release = release;
	d->console = call->console;
	d->writer = evtask_ctl_writer_new();
	if (d->writer == NULL) {
		free(d);
		return NULL;
	}
	return slice_start(call, &d->slice);
}
