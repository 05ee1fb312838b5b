/*
 * ending.c - the exit code of a task, as its shell would have had it.
 */
#include "ending.h"

#include <errno.h>
#include <evtask/ctl_value.h>
#include <json-c/json.h>
#include <signal.h>
#include <string.h>
#include "exits.h"

/* The number of a signal by its name, with or without SIG. */
static int
signal_number(struct json_object *signal)
{
	const char *name;

	if (json_object_is_type(signal, json_type_int))
		return json_object_get_int(signal);
	name = json_object_get_string(signal);
	if (name == NULL)
		return 0;
	if (strncmp(name, "SIG", 3) == 0)
		name += 3;
	for (int i = 1; i < NSIG; i++)
		if (sigabbrev_np(i) != NULL &&
		    strcmp(sigabbrev_np(i), name) == 0)
			return i;
	return 0;
}

static int
code_of_value(struct json_object *value)
{
	struct json_object *signal = evtask_ctl_get(value, "signal");

	if (signal != NULL)
		return EXIT_SIGNAL + signal_number(signal);
	return (int)evtask_ctl_get_int(value, "exit_code", EXIT_OK);
}

/* What ran out of time, could not start, or failed beneath the command. */
static int
code_of_error(struct json_object *error, int raised)
{
	if (evtask_ctl_get_int(error, "code", 0) == -ETIMEDOUT)
		return EXIT_TIMEOUT;
	if (strcmp(evtask_ctl_get_text(error, "type", ""), "SpawnError") != 0)
		return raised;
	switch (evtask_ctl_get_int(error, "code", 0)) {
	case -ENOENT:
	case -ENOTDIR:
		return EXIT_NOT_FOUND;
	case -EACCES:
	case -ENOEXEC:
		return EXIT_NOT_EXECUTABLE;
	default:
		return raised;
	}
}

int
ending_code(struct json_object *result, int raised)
{
	if (strcmp(evtask_ctl_get_text(result, "outcome", ""),
	    "returned") == 0)
		return code_of_value(evtask_ctl_get(result, "value"));
	return code_of_error(evtask_ctl_get(result, "error"), raised);
}
