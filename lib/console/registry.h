/*
 * registry.h - the tasks a console knows.
 */
#ifndef CONSOLE_REGISTRY_H
#define CONSOLE_REGISTRY_H

#include <evtask/inspect.h>
#include <sys/queue.h>
#include <sys/types.h>
#include "index.h"

struct catalog_entry;
struct evtask_job;
struct json_object;
struct session;
struct wait;

/* A client, as it is remembered when it has gone. */
struct client {
	uid_t uid;
	pid_t pid;
	struct json_object *request; /* the id of what it asked; a reference */
};

/* The first cancellation of a task; later ones are only counted. */
struct cancel_note {
	struct evtask_origin origin;
	struct client client;          /* pid 0: was no client */
	const struct evtask_site *site;
	int64_t ts_us;
	char *message;                 /* NULL: none */
};

/*
 * A task and what the console knows beyond it. Who waits for the task or
 * follows its log has a reference, so that a record may be forgotten at any
 * time.
 */
struct record {
	unsigned int refs;
	uint64_t id;
	char *name;             /* the task's, to know the one before */
	struct evtask *task;    /* borrowed while it runs, owned when done */
	bool done;
	int64_t busy_us;        /* when it is done; -1: not known */
	bool kept;              /* it is in the registry */
	unsigned int warned;    /* warnings it had when last looked at */
	struct evtask_job *job; /* NULL: not made by a console; a reference */
	struct catalog_entry *coroutine; /* of a job */
	struct client client;   /* who made the job; pid 0: nobody */
	size_t log_bytes;       /* of its log, when it is done; see settle.c */
	char *key;              /* idempotency; NULL: none ... */
	struct json_object *asked; /* ... and the request it came with */
	struct json_object *labels; /* NULL: none; see labels.c */
	struct cancel_note *cancel;
	struct session *bound;  /* its end cancels the task; NULL: none */
	LIST_HEAD(, wait) waits;
	struct index_node by_id, by_name, by_key;
	TAILQ_ENTRY(record) link;        /* all that are kept, by id */
	TAILQ_ENTRY(record) done_link;   /* those that are done, in order */
	TAILQ_ENTRY(record) settle_link; /* those just done: see settle.c */
	LIST_ENTRY(record) bound_link;
};
TAILQ_HEAD(record_list, record);

/* A walk over all that are kept, by id, which others may forget meanwhile. */
struct walk {
	LIST_ENTRY(walk) link;
	struct registry *registry; /* NULL: it is over */
	struct record *next;
	bool down;
};

struct registry {
	struct record_list records;
	struct record_list done;
	struct record_list settling;
	LIST_HEAD(, walk) walks;
	struct index by_id, by_name, by_key;
	size_t count, count_done, live_jobs;
	size_t done_log_bytes; /* of all that are done */
	uint64_t last_id; /* the highest ever known */
	uint64_t created; /* tasks ever known */
};

int registry_init(struct registry *registry);
/* Forgets all; references that others have stay good. */
void registry_release(struct registry *registry);

/* A record of a task, kept from now on; NULL without memory. Borrowed. */
struct record *registry_add(struct registry *registry, struct evtask *task);

/* What has happened to a task. */
void registry_set_name(struct registry *registry, struct record *record,
    char *name);
void registry_set_done(struct registry *registry, struct record *record);
void registry_set_key(struct registry *registry, struct record *record,
    char *key, struct json_object *asked);

/* Begins at the first, or the last; or behind that task, if it is kept. */
void walk_begin(struct walk *walk, struct registry *registry, bool down,
    uint64_t behind);
/* Borrowed; NULL: there are no more. */
struct record *walk_next(struct walk *walk);
/* Also of one that never began, and is zero. */
void walk_end(struct walk *walk);

/* It is no longer kept; the record may be gone with that. */
void registry_forget(struct registry *registry, struct record *record);

/* Borrowed; NULL: none. */
struct record *registry_find(const struct registry *registry, uint64_t id);
struct record *registry_find_task(const struct registry *registry,
    const struct evtask *task);
struct record *registry_find_key(const struct registry *registry,
    const char *key);
/* Any that has this name, whether done or not. */
struct record *registry_find_name(const struct registry *registry,
    const char *name);

/*
 * The tasks that a name may mean: the only one that is not done, or else the
 * only one. Returns how many it may mean, 0, 1 and *ret_record, or more and
 * up to size of their ids.
 */
size_t registry_find_meant(const struct registry *registry, const char *name,
    struct record **ret_record, uint64_t *ret_ids, size_t size);

struct record *record_ref(struct record *record);
void record_unref(struct record *record);

/* A copy for keeping; request is referenced. And its end. */
struct client client_keep(const struct client *client);
void client_release(struct client *client);

#endif
