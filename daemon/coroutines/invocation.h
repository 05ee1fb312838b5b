/*
 * invocation.h - the arguments of exec as a request to spawn.
 */
#ifndef DAEMON_COROUTINES_INVOCATION_H
#define DAEMON_COROUTINES_INVOCATION_H

#include "daemon/spawn.h"

struct json_object;

#define JOB_MARKER "EVTASK_JOB="
#define JOB_MARKER_SIZE (sizeof(JOB_MARKER) + 16)

struct invocation {
	struct spawn_request request;	/* of what follows */
	char **argv;			/* texts borrowed from args */
	char **envp;			/* the first n_owned texts are ours */
	size_t n_owned;
	char marker[JOB_MARKER_SIZE]; /* in the environment of this one
					   command, and of no other */
};

/*
 * Makes it from checked args, which it borrows, as it does environment.
 * Returns 0, -ENOMEM, or what getrandom(2) said.
 */
EVTASK_CHECKED int invocation_init(struct invocation *invocation,
    struct json_object *args, char *const *environment);
void invocation_release(struct invocation *invocation);

/* What the schema of exec cannot say; see struct evtask_coroutine. */
int invocation_check(struct json_object *args, const char **ret_path,
    const char **ret_expected);

#endif
