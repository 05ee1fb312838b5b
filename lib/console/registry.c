/*
 * registry.c - the tasks a console knows.
 *
 * It has a record of every task of the loop that is not done, and of the last
 * ones that are, found by id, by name and by idempotency key. A running task
 * is kept alive by its loop, so its record only borrows it: were a console to
 * hold on to it, a failure that nobody looks at would no longer be reported.
 * When the task is done the record takes a reference, and with it stay the
 * result, the error and the story of the task, until it is forgotten.
 *
 * Names are for people. A console gives each name once; the program beside it
 * may call all its tasks "worker", and then the name is found as long as one
 * of them is running, or only one is left.
 */
#include "registry.h"
#include <errno.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include "job.h"

int
registry_init(struct registry *registry)
{
	TAILQ_INIT(&registry->records);
	TAILQ_INIT(&registry->done);
	TAILQ_INIT(&registry->settling);
	LIST_INIT(&registry->walks);
	if (index_init(&registry->by_id) < 0 ||
	    index_init(&registry->by_name) < 0 ||
	    index_init(&registry->by_key) < 0)
		return -ENOMEM;
	return 0;
}

void
registry_release(struct registry *registry)
{
	struct record *record;

	while ((record = TAILQ_FIRST(&registry->records)) != NULL)
		registry_forget(registry, record);
	index_release(&registry->by_id);
	index_release(&registry->by_name);
	index_release(&registry->by_key);
}

struct record *
registry_add(struct registry *registry, struct evtask *task)
{
	struct record *record = calloc(1, sizeof(*record));

	if (record == NULL)
		return NULL;
	record->name = strdup(evtask_get_name(task));
	if (record->name == NULL) {
		free(record);
		return NULL;
	}
	record->refs = 1;
	record->id = evtask_id(task);
	record->task = task;
	record->kept = true;
	LIST_INIT(&record->waits);
	index_add(&registry->by_id, &record->by_id,
	    index_hash_number(record->id));
	index_add(&registry->by_name, &record->by_name,
	    index_hash_text(record->name));
	TAILQ_INSERT_TAIL(&registry->records, record, link);
	registry->count++;
	registry->created++;
	if (record->id > registry->last_id)
		registry->last_id = record->id;
	return record;
}

void
registry_set_name(struct registry *registry, struct record *record, char *name)
{
	index_remove(&registry->by_name, &record->by_name);
	free(record->name);
	record->name = name;
	index_add(&registry->by_name, &record->by_name, index_hash_text(name));
}

void
registry_set_key(struct registry *registry, struct record *record, char *key,
    struct json_object *asked)
{
	record->key = key;
	record->asked = json_object_get(asked);
	index_add(&registry->by_key, &record->by_key, index_hash_text(key));
}

void
registry_set_done(struct registry *registry, struct record *record)
{
	evtask_ref(record->task);
	record->done = true;
	TAILQ_INSERT_TAIL(&registry->done, record, done_link);
	TAILQ_INSERT_TAIL(&registry->settling, record, settle_link);
	record_ref(record);
	registry->count_done++;
	if (record->job != NULL)
		registry->live_jobs--;
	if (record->bound != NULL)
		LIST_REMOVE(record, bound_link);
	record->bound = NULL;
}

static struct record *
walk_step(const struct walk *walk, struct record *record)
{
	return walk->down ? TAILQ_PREV(record, record_list, link)
	    : TAILQ_NEXT(record, link);
}

void
walk_begin(struct walk *walk, struct registry *registry, bool down,
    uint64_t behind)
{
	struct record *record = registry_find(registry, behind);

	walk->registry = registry;
	walk->down = down;
	if (record != NULL)
		walk->next = walk_step(walk, record);
	else
		walk->next = down ? TAILQ_LAST(&registry->records, record_list)
		    : TAILQ_FIRST(&registry->records);
	LIST_INSERT_HEAD(&registry->walks, walk, link);
}

struct record *
walk_next(struct walk *walk)
{
	struct record *record = walk->next;

	if (record != NULL)
		walk->next = walk_step(walk, record);
	return record;
}

void
walk_end(struct walk *walk)
{
	if (walk->registry != NULL)
		LIST_REMOVE(walk, link);
	walk->registry = NULL;
}

static void
move_walks(struct registry *registry, struct record *record)
{
	struct walk *walk;

	LIST_FOREACH(walk, &registry->walks, link)
		if (walk->next == record)
			walk->next = walk_step(walk, record);
}

void
registry_forget(struct registry *registry, struct record *record)
{
	move_walks(registry, record);
	index_remove(&registry->by_id, &record->by_id);
	index_remove(&registry->by_name, &record->by_name);
	index_remove(&registry->by_key, &record->by_key);
	TAILQ_REMOVE(&registry->records, record, link);
	registry->count--;
	if (record->done) {
		TAILQ_REMOVE(&registry->done, record, done_link);
		registry->count_done--;
		registry->done_log_bytes -= record->log_bytes;
	}
	record->kept = false;
	record_unref(record);
}

struct record *
registry_find(const struct registry *registry, uint64_t id)
{
	struct index_node *node = index_find(&registry->by_id,
	    index_hash_number(id));
	struct record *record;

	for (; node != NULL; node = index_find_next(node)) {
		record = index_entry(node, struct record, by_id);
		if (record->id == id)
			return record;
	}
	return NULL;
}

struct record *
registry_find_task(const struct registry *registry, const struct evtask *task)
{
	return registry_find(registry, evtask_id(task));
}

struct record *
registry_find_key(const struct registry *registry, const char *key)
{
	struct index_node *node = index_find(&registry->by_key,
	    index_hash_text(key));
	struct record *record;

	for (; node != NULL; node = index_find_next(node)) {
		record = index_entry(node, struct record, by_key);
		if (strcmp(record->key, key) == 0)
			return record;
	}
	return NULL;
}

static struct record *
named(struct index_node *node, const char *name)
{
	struct record *record;

	for (; node != NULL; node = index_find_next(node)) {
		record = index_entry(node, struct record, by_name);
		if (strcmp(record->name, name) == 0)
			return record;
	}
	return NULL;
}

static struct record *
first_named(const struct registry *registry, const char *name)
{
	return named(index_find(&registry->by_name, index_hash_text(name)),
	    name);
}

static struct record *
next_named(struct record *record)
{
	return named(index_find_next(&record->by_name), record->name);
}

struct record *
registry_find_name(const struct registry *registry, const char *name)
{
	return first_named(registry, name);
}

size_t
registry_find_meant(const struct registry *registry, const char *name,
    struct record **ret_record, uint64_t *ret_ids, size_t size)
{
	struct record *first = first_named(registry, name), *record;
	size_t n = 0, running = 0;

	for (record = first; record != NULL; record = next_named(record))
		running += !record->done;
	for (record = first; record != NULL; record = next_named(record)) {
		if (running > 0 && record->done)
			continue;
		if (n < size)
			ret_ids[n] = record->id;
		*ret_record = record;
		n++;
	}
	return n;
}

struct record *
record_ref(struct record *record)
{
	record->refs++;
	return record;
}

static void
cancel_note_free(struct cancel_note *note)
{
	if (note == NULL)
		return;
	client_release(&note->client);
	free(note->message);
	free(note);
}

void
record_unref(struct record *record)
{
	if (record == NULL || --record->refs > 0)
		return;
	if (record->bound != NULL)
		LIST_REMOVE(record, bound_link);
	if (record->done)
		evtask_unref(record->task);
	job_unref(record->job);
	client_release(&record->client);
	cancel_note_free(record->cancel);
	json_object_put(record->labels);
	json_object_put(record->asked);
	free(record->key);
	free(record->name);
	free(record);
}

struct client
client_keep(const struct client *client)
{
	struct client kept = *client;

	json_object_get(kept.request);
	return kept;
}

void
client_release(struct client *client)
{
	json_object_put(client->request);
	client->request = NULL;
}
