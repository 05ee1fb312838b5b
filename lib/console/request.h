/*
 * request.h - a request that is answered later: when tasks are done.
 */
#ifndef CONSOLE_REQUEST_H
#define CONSOLE_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/queue.h>
#include "dispatch.h"
#include "registry.h"

struct evtask_handle;

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
};

struct request {
	TAILQ_ENTRY(request) link; /* of the session's */
	struct session *session;
	const struct evtask_ctl_method *method;
	struct json_object *id;
	int64_t started_us;        /* on clock_us() */
	struct json_object *(*answer)(const struct request *request);
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
