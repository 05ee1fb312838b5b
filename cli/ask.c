/*
 * ask.c - questions of the verbs to the server, and what their failures mean:
 * every one of them becomes one line and an exit code here.
 */
#include <config.h>
#include <errno.h>
#include <evtask/ctl.h>
#include <evtask/loop.h>
#include <evtask/sleep.h>
#include <evtask/timeout.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "again.h"
#include "blocked.h"
#include "cli.h"
#include "exits.h"
#include "generated.h"
#include "remote.h"
#include "render.h"

#define AGAIN_US 20000 /* a server that is waited for is tried again */

/* The errors that are not just EXIT_FAILED. */
static const struct {
	const char *name;
	int code;
} codes[] = {
	{ "ConnectionLost", EXIT_NO_SERVER },
	{ "TaskNotDone", EXIT_NOT_DONE },
};

int
cli_complain(struct cli *cli, struct json_object *error)
{
	const char *name = evtask_ctl_get_text(evtask_ctl_get(error, "data"),
	    "name", "");

	out_error_object(&cli->out, error);
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (strcmp(codes[i].name, name) == 0)
			return codes[i].code;
	return EXIT_FAILED;
}

int
cli_no_memory(struct cli *cli)
{
	out_error(&cli->out, "out of memory");
	return EXIT_FAILED;
}

/* Unless it is. Returns 0 or an exit code, all being said. */
static int
connect_to_server(struct cli *cli)
{
	char *why;
	int r;

	if (remote_alive(cli->remote))
		return 0;
	if (cli->mode == CLI_PROMPT) { /* it is not ours to open there */
		out_error(&cli->out, "no server; it is being tried again and "
		    "again");
		return EXIT_NO_SERVER;
	}
	remote_close(cli->remote);
	cli->remote = NULL;
	r = remote_open(&cli->settings.place, &cli->remote, &why);
	if (r == 0)
		return 0;
	out_error(&cli->out, "%s", why != NULL ? why : strerror(-r));
	free(why);
	return EXIT_NO_SERVER;
}

/* Whether somebody serves the socket. -ECANCELED, or as connecting. */
static int
try_to_connect(struct cli *cli)
{
	char *why = NULL;
	int r;

	if (remote_alive(cli->remote))
		return 0;
	if (cli->mode == CLI_PROMPT) /* it is tried there, all the time */
		return -ECONNREFUSED;
	remote_close(cli->remote);
	cli->remote = NULL;
	r = remote_open(&cli->settings.place, &cli->remote, &why);
	free(why);
	return r;
}

int
cli_await_server(struct cli *cli, int64_t patience_us)
{
	struct evtask_loop *loop = evtask_get_running_loop();
	int64_t until_us = evtask_loop_time_us(loop) + patience_us;
	int r = try_to_connect(cli);

	/* Not there, or not listening yet; all else stays as it is. */
	while ((r == -ENOENT || r == -ECONNREFUSED) &&
	    evtask_loop_time_us(loop) < until_us) {
		r = evtask_sleep(AGAIN_US);
		if (r < 0)
			return r;
		r = try_to_connect(cli);
	}
	return r == 0 || r == -ECANCELED ? r : connect_to_server(cli);
}

/* One request under the --timeout; stream NULL: it opens none. */
static int
request(struct cli *cli, const char *method, struct json_object *params,
    struct json_object **ret_result, struct json_object **ret_error,
    struct stream **ret_stream)
{
	struct evtask_timeout limit;
	bool limited = cli->settings.timeout_us != EVTASK_FOREVER;
	struct blocked blocked;
	int r = 0;

	if (limited)
		r = evtask_timeout_enter(&limit, cli->settings.timeout_us);
	if (r < 0) {
		json_object_put(params);
		return r;
	}
	blocked_begin(&blocked, cli);
	r = ret_stream != NULL ? remote_subscribe(cli->remote, method, params,
	    ret_result, ret_error, ret_stream) : remote_call(cli->remote,
	    method, params, ret_result, ret_error);
	r = blocked_end(&blocked, r);
	return limited ? evtask_timeout_exit(&limit, r) : r;
}

/* The same; and when the connection is lost, again, if that may be. */
static int
request_surely(struct cli *cli, const char *method,
    struct json_object *params, struct json_object **ret_result,
    struct json_object **ret_error, struct stream **ret_stream)
{
	struct json_object *again = again_may(params) ?
	    json_object_get(params) : NULL;
	int r = request(cli, method, params, ret_result, ret_error,
	    ret_stream);

	while (r == -EREMOTEIO && again != NULL && again_is_lost(*ret_error)) {
		json_object_put(*ret_error);
		r = again_connect(cli);
		if (r == 0)
			r = request(cli, method, json_object_get(again),
			    ret_result, ret_error, ret_stream);
	}
	json_object_put(again);
	return r;
}

/* What is left to say of a request that came to r; -EREMOTEIO is not. */
static int
explain_request(struct cli *cli, const char *method, int r)
{
	if (r >= 0 || r == -ECANCELED || r == -EREMOTEIO)
		return r;
	if (r == -ENOMEM)
		return cli_no_memory(cli);
	if (r == -ETIMEDOUT) {
		out_error(&cli->out, "%s is not answered in time; give it "
		    "more with --timeout", method);
		return EXIT_TIMEOUT;
	}
	if (r == -E2BIG)
		out_error(&cli->out, "the request is over 1 MiB; send less at "
		    "once");
	else
		out_error(&cli->out, "%s: %s", method, strerror(-r));
	return EXIT_FAILED;
}

int
cli_try(struct cli *cli, const char *method, struct json_object *params,
    struct json_object **ret_result, struct json_object **ret_error)
{
	int r = connect_to_server(cli);

	if (r != 0) {
		json_object_put(params);
		return r;
	}
	r = request_surely(cli, method, params, ret_result, ret_error, NULL);
	return explain_request(cli, method, r);
}

int
cli_ask(struct cli *cli, const char *method, struct json_object *params,
    struct json_object **ret_result)
{
	struct json_object *error;
	int r = cli_try(cli, method, params, ret_result, &error);

	if (r == -EREMOTEIO) {
		r = cli_complain(cli, error);
		json_object_put(error);
	}
	return r;
}

int
cli_show(struct cli *cli, const char *method,
    void (*render)(struct out *out, struct json_object *result))
{
	struct json_object *result;
	int r = cli_ask(cli, method, NULL, &result);

	if (r != 0)
		return r;
	if (cli->out.json)
		out_json(&cli->out, result);
	else if (render != NULL)
		render(&cli->out, result);
	json_object_put(result);
	return 0;
}

struct json_object *
cli_ask_silently(struct cli *cli, const char *method,
    struct json_object *params, const char *member)
{
	struct json_object *result, *error, *value;
	char *why = NULL;
	int r = 0;

	if (cli->remote == NULL && cli->mode != CLI_PROMPT)
		r = remote_open(&cli->settings.place, &cli->remote, &why);
	free(why);
	if (r < 0 || !remote_alive(cli->remote)) {
		json_object_put(params);
		return NULL;
	}
	r = request(cli, method, params, &result, &error, NULL);
	if (r == -EREMOTEIO)
		json_object_put(error);
	if (r != 0)
		return NULL;
	value = json_object_get(member != NULL ?
	    evtask_ctl_get(result, member) : result);
	json_object_put(result);
	return value;
}

struct json_object *
cli_document(const struct cli *cli)
{
	return cli->document != NULL ? json_object_get(cli->document) :
	    evtask_ctl_discover("evtaskd", PACKAGE_VERSION);
}

struct generated *
cli_generate(struct cli *cli, const char *name)
{
	struct json_object *document = cli_document(cli);
	struct generated *found = generated_new(document, name);

	json_object_put(document);
	if (found != NULL || cli->document != NULL)
		return found;
	cli->document = cli_ask_silently(cli, "rpc.discover", NULL, NULL);
	return generated_new(cli->document, name);
}

int
cli_subscribe(struct cli *cli, const char *method, struct json_object *params,
    struct json_object **ret_result, struct stream **ret_stream)
{
	struct json_object *error;
	int r = connect_to_server(cli);

	if (r != 0) {
		json_object_put(params);
		return r;
	}
	r = request_surely(cli, method, params, ret_result, &error,
	    ret_stream);
	if (r == -EREMOTEIO) {
		r = cli_complain(cli, error);
		json_object_put(error);
		return r;
	}
	return explain_request(cli, method, r);
}

void
cli_tell_end(struct cli *cli, int64_t id)
{
	char key[24];

	if (cli->mode != CLI_PROMPT)
		return;
	snprintf(key, sizeof(key), "%lld", (long long)id);
	if (cli->told == NULL)
		cli->told = json_object_new_object();
	evtask_ctl_put_bool(&cli->told, key, true);
}
