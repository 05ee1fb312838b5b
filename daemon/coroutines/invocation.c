/*
 * invocation.c - the arguments of exec as a request to spawn.
 *
 * A command's environment is that of evtaskd, with what env says added,
 * replaced, or (null) left out, and with a marker of its own: a random
 * EVTASK_JOB, by which its processes are known wherever they hide (tree.c).
 */
#include <config.h>

#include "invocation.h"

#include <errno.h>
#include <evtask/ctl_value.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

static int
make_argv(struct invocation *invocation, struct json_object *args)
{
	struct json_object *argv = evtask_ctl_get(args, "argv");
	const char *shell = evtask_ctl_get_text(args, "shell", NULL);
	size_t i, n = argv != NULL ? json_object_array_length(argv) : 3;

	invocation->argv = calloc(n + 1, sizeof(*invocation->argv));
	if (invocation->argv == NULL)
		return -ENOMEM;
	if (argv == NULL) {
		invocation->argv[0] = (char *)"/bin/sh";
		invocation->argv[1] = (char *)"-c";
		invocation->argv[2] = (char *)shell;
		return 0;
	}
	for (i = 0; i < n; i++)
		invocation->argv[i] = (char *)json_object_get_string(
		    json_object_array_get_idx(argv, i));
	return 0;
}

static int
make_marker(char marker[JOB_MARKER_SIZE])
{
	uint64_t n;

	if (getrandom(&n, sizeof(n), 0) != (ssize_t)sizeof(n))
		return -errno;
	snprintf(marker, JOB_MARKER_SIZE, JOB_MARKER "%016llx",
	    (unsigned long long)n);
	return 0;
}

/* "EVTASK_JOB", whether or not a value follows. Most have another letter. */
static bool
is_marker(const char *variable)
{
	size_t size = strlen(JOB_MARKER) - 1;

	return *variable == *JOB_MARKER &&
	    strncmp(variable, JOB_MARKER, size) == 0 &&
	    (variable[size] == '=' || variable[size] == '\0');
}

/* Whether env, or the marker, says something else of this variable. */
static bool
is_replaced(struct json_object *env, const char *variable)
{
	size_t size;

	if (is_marker(variable))
		return true;
	if (env == NULL)
		return false;
	size = strcspn(variable, "=");
	json_object_object_foreach(env, name, value) {
		(void)value;
		if (strlen(name) == size && strncmp(variable, name, size) == 0)
			return true;
	}
	return false;
}

static int
add_owned(struct invocation *invocation, const char *name, const char *value)
{
	char *variable;

	if (asprintf(&variable, "%s=%s", name, value) < 0)
		return -ENOMEM;
	invocation->envp[invocation->n_owned++] = variable;
	return 0;
}

static int
make_envp(struct invocation *invocation, struct json_object *env,
    char *const *environment)
{
	size_t i, n = 0, size = 2;

	while (environment[n] != NULL)
		n++;
	size += n + (env != NULL ? (size_t)json_object_object_length(env) : 0);
	invocation->envp = calloc(size, sizeof(*invocation->envp));
	if (invocation->envp == NULL)
		return -ENOMEM;
	if (env != NULL) {
		json_object_object_foreach(env, name, value) {
			if (value != NULL && !is_marker(name) &&
			    add_owned(invocation, name,
			    json_object_get_string(value)) < 0)
				return -ENOMEM;
		}
	}
	size = invocation->n_owned;
	invocation->envp[size++] = invocation->marker;
	for (i = 0; i < n; i++)
		if (!is_replaced(env, environment[i]))
			invocation->envp[size++] = environment[i];
	return 0;
}

int
invocation_init(struct invocation *invocation, struct json_object *args,
    char *const *environment)
{
	int r;

	*invocation = (struct invocation){ .argv = NULL };
	r = make_marker(invocation->marker);
	if (r == 0)
		r = make_argv(invocation, args);
	if (r == 0)
		r = make_envp(invocation, evtask_ctl_get(args, "env"),
		    environment);
	if (r < 0) {
		invocation_release(invocation);
		return r;
	}
	invocation->request = (struct spawn_request){
		.argv = invocation->argv,
		.envp = invocation->envp,
		.cwd = evtask_ctl_get_text(args, "cwd", NULL),
		.stdin_open = strcmp(evtask_ctl_get_text(args, "stdin",
		    "null"), "open") == 0,
	};
	return 0;
}

void
invocation_release(struct invocation *invocation)
{
	while (invocation->n_owned > 0)
		free(invocation->envp[--invocation->n_owned]);
	free(invocation->envp);
	free(invocation->argv);
	*invocation = (struct invocation){ .argv = NULL };
}

static int
refuse(const char *path, const char *expected, const char **ret_path,
    const char **ret_expected)
{
	*ret_path = path;
	*ret_expected = expected;
	return -EINVAL;
}

int
invocation_check(struct json_object *args, const char **ret_path,
    const char **ret_expected)
{
	struct json_object *argv = evtask_ctl_get(args, "argv");
	struct json_object *env = evtask_ctl_get(args, "env");
	const char *cwd = evtask_ctl_get_text(args, "cwd", "/");
	bool shell = evtask_ctl_get(args, "shell") != NULL;

	if (argv == NULL && !shell)
		return refuse("argv", "given, or else shell", ret_path,
		    ret_expected);
	if (argv != NULL && shell)
		return refuse("argv", "left out, as there is shell", ret_path,
		    ret_expected);
	if (argv != NULL && *json_object_get_string(
	    json_object_array_get_idx(argv, 0)) == '\0')
		return refuse("argv", "a program as its first item", ret_path,
		    ret_expected);
	if (*cwd != '/')
		return refuse("cwd", "an absolute path: evtaskd has a working "
		    "directory of its own", ret_path, ret_expected);
	if (env == NULL)
		return 0;
	json_object_object_foreach(env, name, value) {
		(void)value;
		if (*name == '\0' || strchr(name, '=') != NULL)
			return refuse("env", "names that are not empty and "
			    "have no \"=\"", ret_path, ret_expected);
	}
	return 0;
}
