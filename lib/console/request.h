/*
 * request.h - a request that is answered later: when tasks are done.
 */
#ifndef CONSOLE_REQUEST_H
#define CONSOLE_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>
#include "dispatch.h"
#include "registry.h"

struct evtask_ctl_writer;
struct evtask_handle;
struct request;
struct wait;

enum request_until {
	REQUEST_ALL,
	REQUEST_ANY,
	REQUEST_FIRST_ERROR, /* or all */
};

/* A request's interest in one task. */
struct wait {
	LIST_ENTRY(wait) link;  /* of the record's waits, while it is pending */
	struct request *request;
	struct record *record;  /* a reference */
	bool asked;             /* the task was not done when it was hung */
	bool pending;
	/* How the task was when the answer was begun. */
	uint8_t state, outcome;
};

/* A list of an answer about many tasks: which of them are in it (NULL: all),
 * and how one is written. */
struct request_list {
	const char *key;        /* NULL ends */
	bool (*holds)(const struct wait *wait);
	void (*write)(struct evtask_ctl_writer *w, const struct wait *wait);
};

/* An answer about many tasks: lists, and then the rest of its members. */
struct request_form {
	const struct request_list *lists;
	void (*put_rest)(struct json_object **object,
	    const struct request *request);
};

struct request {
	TAILQ_ENTRY(request) link; /* of the session's */
	struct session *session;
	const struct evtask_ctl_method *method;
	struct json_object *id;
	int64_t started_us;        /* on clock_us() */
	struct json_object *(*answer)(const struct request *request);
	const struct request_form *form; /* instead of answer; or NULL */
	struct evtask_handle *timeout; /* NULL: none, or it has come */
	bool timed_out;
	bool flag;                 /* of the method's own */
	enum request_until until;
	bool failed;               /* one of the tasks has */
	size_t n, n_pending;
	struct wait waits[];
};

/*
 * Answers call by answer() as soon as the tasks are done, or timeout_us has
 * passed (EVTASK_FOREVER: no limit): now, and then returns the result; or
 * later, and then sets call->deferred and returns NULL. answer() returns the
 * result, NULL without memory.
 */
struct json_object *request_wait(struct call *call, struct record **records,
    size_t n, enum request_until until, int64_t timeout_us, bool flag,
    struct json_object *(*answer)(const struct request *request));

/* The same of an answer of this form. That of many tasks is made in slices. */
struct json_object *request_wait_many(struct call *call,
    struct record **records, size_t n, enum request_until until,
    int64_t timeout_us, bool flag, const struct request_form *form);

/* The request of that id; NULL: it is answered, or never was. */
struct request *request_find(const struct session *session,
    struct json_object *id);

/* Answers it with an error that has no members. */
void request_end(struct request *request, const char *error);
void request_end_all(struct session *session, const char *error);

/* The connection is closed: nobody wants the answers. */
void request_free_all(struct session *session);

/* The task of this record is done. */
void request_task_done(struct record *record);

#endif
