/*
 * batch.c - one thing done to many tasks that a request names.
 *
 * A request may name ten thousand tasks. All of them are found, and asked
 * whether they allow it, before it is done to any; and all of that in slices,
 * some of them in each turn, in their order. Tasks that change or are forgotten
 * between two slices stay in the batch, which has a reference.
 */
#include "batch.h"
#include <evtask/ctl_writer.h>
#include <json-c/json.h>
#include <stdlib.h>
#include "console.h"
#include "resolve.h"

#define LOOK_EVERY 16 /* tasks; then at the clock */

/* What is done for the next task; false: the request is refused. */
typedef bool (*one_fn)(struct batch *batch);

/* As in the turn in which the request came: it is its client who acts. */
static bool
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
	batch->kind->each(batch, batch->records[batch->n_done++]);
	if (batch->kind->key != NULL)
		slice_add_written(&batch->slice);
	client->request = request;
	console->acting = acting;
	return true;
}

static bool
find_one(struct batch *batch)
{
	struct json_object *refs = evtask_ctl_get(batch->call.params, "tasks");
	struct record *record = resolve_ref(&batch->call,
	    json_object_array_get_idx(refs, batch->n_found));

	if (record != NULL)
		batch->records[batch->n_found++] = record_ref(record);
	return record != NULL;
}

static bool
ask_one(struct batch *batch)
{
	if (!batch->kind->allows(&batch->call,
	    batch->records[batch->n_asked]))
		return false;
	batch->n_asked++;
	return true;
}

/* What is to be done next, for one task of all; NULL: all is. */
static one_fn
next(const struct batch *batch)
{
	if (batch->n_found < batch->n)
		return find_one;
	if (batch->n_asked < batch->n && batch->kind->allows != NULL)
		return ask_one;
	if (batch->n_done < batch->n && batch->kind->each != NULL)
		return do_one;
	return NULL;
}

static bool
step(struct slice *slice)
{
	struct batch *batch = (struct batch *)slice;
	one_fn one;
	size_t n = 0;

	while ((one = next(batch)) != NULL) {
		if (!one(batch)) {
			batch->refused = true;
			return true;
		}
		if (++n % LOOK_EVERY == 0 && slice_is_over(slice))
			return next(batch) == NULL;
	}
	return true;
}

static struct json_object *
finish(struct slice *slice)
{
	struct batch *batch = (struct batch *)slice;
	struct json_object *o = NULL;

	batch->call.deferred = false;
	if (!batch->refused)
		o = batch->kind->then != NULL ? batch->kind->then(batch)
		    : json_object_new_object();
	slice->error = batch->call.error;
	slice->handed = batch->call.deferred;
	return o;
}

static void
release(struct slice *slice)
{
	struct batch *batch = (struct batch *)slice;

	while (batch->n_found > 0)
		record_unref(batch->records[--batch->n_found]);
	free(batch->records);
	json_object_put(batch->call.id);
	json_object_put(batch->call.params);
}

struct json_object *
batch_start(struct call *call, const struct batch_kind *kind)
{
	struct batch *batch = calloc(1, sizeof(*batch));

	if (batch == NULL)
		return NULL;
	batch->call = *call;
	json_object_get(call->id);
	json_object_get(call->params);
	batch->kind = kind;
	batch->n = json_object_array_length(evtask_ctl_get(call->params,
	    "tasks"));
	batch->slice.key = kind->key;
	batch->slice.step = step;
	batch->slice.finish = finish;
	batch->slice.release = release;
	batch->records = calloc(batch->n, sizeof(batch->records[0]));
	if (batch->records == NULL) {
		release(&batch->slice);
		free(batch);
		return NULL;
	}
	return slice_start(call, &batch->slice);
}
