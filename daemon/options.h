/*
 * options.h - the command line of evtaskd.
 */
#ifndef DAEMON_OPTIONS_H
#define DAEMON_OPTIONS_H

#include <evtask/base.h>
#include <sys/types.h>

#include "log.h"

/* What evtaskd exits with. If you add one here: evtaskd(8), the units. */
enum {
	EXIT_ENDED = 0,		/* asked to end, and did */
	EXIT_SYSTEM = 1,	/* the system refused something it needs */
	EXIT_USAGE = 2,		/* the command line or the environment */
	EXIT_SERVED = 3,	/* another process serves the socket */
	EXIT_SOCKET = 4,	/* the socket cannot be made there */
};

struct options {
	const char *socket_path;	/* NULL: the default, by the protocol */
	const char *viewer_path;	/* the second, to look only; or NULL */
	bool stdio;			/* serves fds 0 and 1, and no socket */
	const char *modules;		/* the folder of modules */
	gid_t operators;		/* may create and cancel; 0: nobody */
	enum log_level log_level;
	int64_t drain_timeout_us;	/* for tasks, after a first SIGTERM */
	int64_t stall_us;		/* the loop may be blocked; -1: ever */
	size_t keep_done;		/* finished tasks kept */
	size_t clients;			/* connected at a time */
	size_t log_bytes;		/* kept of each task's output */
};

/*
 * Reads the command line. Returns 0, and options holds it, its texts borrowed
 * from argv; 1, and *ret_text is what was asked for (help, version); -EINVAL,
 * and *ret_text is what is wrong, in a line; -ENOMEM. The caller free()s the
 * text.
 */
EVTASK_CHECKED int options_parse(struct options *options, int argc,
    char *const *argv, char **ret_text);

#endif
