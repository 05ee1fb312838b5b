/*
 * batch.c - one thing done to many tasks that a request names.
 *
 * A request may name ten thousand tasks. All of them are found, and asked
 * whether they allow it, before it is done to any; then it is done in slices,
 * to some of them in each turn, in their order. Tasks that change or are
 * forgotten between two slices stay in the batch, which has a reference.
 */
#include "batch.h"
#include <evtask/ctl_writer.h>
#include <json-c/json.h>
#include <stdlib.h>
#include "console.h"
#include "resolve.h"

#define LOOK_EVERY 16 /* tasks; then at the clock */

/* As in the turn in which the request came: it is its client who acts. */
static void
do_one(struct batch *batch)
{
	struct evtask_console *console = batch->call.console;
	struct client *client = &batch->call.session->client;
	const struct client *acting = console->acting;
	struct json_object *request = client->request;

	console->acting = client;
	client->request = batch->call.id;
	if (batch->kind->key != NULL)
		evtask_ctl_write_begin(console->writer);
	batch->kind->each(batch, batch->records[batch->at++]);
	if (batch->kind->key != NULL)
		slice_add_written(&batch->slice);
	client->request = request;
	console->acting = acting;
}

static bool
step(struct slice *slice)
{
	struct batch *batch = (struct batch *)slice;

	while (batch->at < batch->n) {
		do_one(batch);
		if (batch->at % LOOK_EVERY == 0 && slice_is_over(slice))
			return batch->at == batch->n;
	}
	return true;
}

static struct json_object *
finish(struct slice *slice)
{
	struct batch *batch = (struct batch *)slice;
	struct json_object *o;

	if (batch->kind->then == NULL)
		return json_object_new_object();
	batch->call.deferred = false;
	o = batch->kind->then(batch);
	slice->handed = batch->call.deferred;
	return o;
}

static void
release(struct slice *slice)
{
	struct batch *batch = (struct batch *)slice;

	while (batch->n > 0)
		record_unref(batch->records[--batch->n]);
	free(batch->records);
	json_object_put(batch->call.id);
	json_object_put(batch->call.params);
}

static bool
is_allowed(struct call *call, const struct batch_kind *kind,
    struct record **records, size_t n)
{
	size_t i;

	for (i = 0; kind->allows != NULL && i < n; i++)
		if (!kind->allows(call, records[i]))
			return false;
	return true;
}

struct json_object *
batch_start(struct call *call, const struct batch_kind *kind)
{
	struct record **records;
	struct batch *batch;
	size_t i, n;

	records = resolve_tasks(call, &n);
	if (records == NULL)
		return NULL;
	batch = is_allowed(call, kind, records, n) ? calloc(1, sizeof(*batch))
	    : NULL;
	if (batch == NULL) {
		free(records);
		return NULL;
	}
	for (i = 0; i < n; i++)
		record_ref(records[i]);
	batch->call = *call;
	json_object_get(call->id);
	json_object_get(call->params);
	batch->kind = kind;
	batch->records = records;
	batch->n = n;
	batch->slice.key = kind->key;
	batch->slice.step = step;
	batch->slice.finish = finish;
	batch->slice.release = release;
	return slice_start(call, &batch->slice);
}
