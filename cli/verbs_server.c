/*
 * verbs_server.c - the verbs about the server and its protocol.
 */
#include <config.h>
#include <errno.h>
#include <evtask/ctl.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "cli.h"
#include "exits.h"
#include "generated.h"
#include "grammar.h"
#include "render.h"
#include "pair.h"
#include "verbs.h"

static int64_t
monotonic_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int
verb_ping(struct cli *cli, struct invocation *invocation)
{
	int64_t wait_us = evtask_ctl_get_int(invocation->own, "wait_us", 0);
	int64_t begin_us;
	struct json_object *result;
	int r = wait_us > 0 ? cli_await_server(cli, wait_us) : 0;

	begin_us = monotonic_us();
	if (r == 0)
		r = cli_ask(cli, "rpc.ping", NULL, &result);
	if (r != 0)
		return r;
	if (cli->out.json)
		out_json(&cli->out, result);
	else
		out_printf(&cli->out, "pong  %s%lld us%s\n",
		    out_paint(&cli->out, PAINT_DIM),
		    (long long)(monotonic_us() - begin_us),
		    out_plain(&cli->out));
	json_object_put(result);
	return 0;
}

static void
print_versions(struct out *out, struct json_object *hello)
{
	struct json_object *api = evtask_ctl_get(hello, "api");

	out_printf(out, "evtask %s, protocol level %d\n", PACKAGE_VERSION,
	    EVTASK_CTL_API_LEVEL);
	if (hello != NULL)
		out_printf(out, "%s %s, protocol level %lld\n",
		    evtask_ctl_get_text(hello, "server", "?"),
		    evtask_ctl_get_text(hello, "version", "?"),
		    (long long)evtask_ctl_get_int(api, "level", 0));
}

int
verb_version(struct cli *cli, struct invocation *invocation)
{
	struct json_object *hello, *both;
	int r = cli_ask(cli, "rpc.hello", NULL, &hello);

	if (r == -ECANCELED)
		return r;
	if (r != 0)
		hello = NULL;
	if (cli->out.json) {
		both = json_object_new_object();
		evtask_ctl_put_text(&both, "evtask", PACKAGE_VERSION);
		if (hello != NULL)
			evtask_ctl_put(&both, "server",
			    json_object_get(hello));
		else
			evtask_ctl_put_null(&both, "server");
		out_json(&cli->out, both);
		json_object_put(both);
	} else {
		print_versions(&cli->out, hello);
	}
	json_object_put(hello);
	return r;
}

int
verb_stats(struct cli *cli, struct invocation *invocation)
{
	return cli_show(cli, "daemon.stats", render_members);
}

int
verb_shutdown(struct cli *cli, struct invocation *invocation)
{
	struct json_object *result;
	long long live;
	int r;

	r = cli_ask(cli, "daemon.shutdown",
	    json_object_get(invocation->params), &result);
	if (r != 0)
		return r;
	live = evtask_ctl_get_int(result, "live", 0);
	if (cli->out.json)
		out_json(&cli->out, result);
	else if (live == 0)
		out_note(&cli->out, "the server ends");
	else
		out_note(&cli->out, "the server ends (%s); %lld task%s not "
		    "done", evtask_ctl_get_text(result, "mode", "?"), live,
		    live == 1 ? " is" : "s are");
	json_object_put(result);
	return 0;
}

static int
describe_coroutine(struct cli *cli, const char *name)
{
	struct json_object *params = json_object_new_object(), *result;
	int r;

	evtask_ctl_put_text(&params, "name", name);
	r = cli_ask(cli, "coroutine.get", params, &result);
	if (r != 0)
		return r;
	if (cli->out.json)
		out_json(&cli->out, evtask_ctl_get(result, "coroutine"));
	else
		render_coroutine(&cli->out,
		    evtask_ctl_get(result, "coroutine"));
	json_object_put(result);
	return 0;
}

int
verb_coroutines(struct cli *cli, struct invocation *invocation)
{
	struct json_object *params = json_object_new_object(), *result, *all;
	int r;

	if (invocation->texts.n > 0) {
		json_object_put(params);
		return describe_coroutine(cli, invocation->texts.v[0]);
	}
	evtask_ctl_put_int(&params, "limit", 1000);
	r = cli_ask(cli, "coroutine.list", params, &result);
	if (r != 0)
		return r;
	all = evtask_ctl_get(result, "coroutines");
	if (evtask_ctl_get_text(result, "next", NULL) != NULL)
		out_note(&cli->out, "there are more than these %zu",
		    json_object_array_length(all));
	all = json_object_get(all);
	json_object_put(result);
	r = rows_print(&cli->out, &render_coroutines, all,
		    render_now_us());
	json_object_put(all);
	return r;
}

int
verb_discover(struct cli *cli, struct invocation *invocation)
{
	return cli_show(cli, "rpc.discover", render_value);
}

/* The params as the words say, typed as the method has them. A method that
 * this evtask has never heard of is asked for; one that nobody has heard of
 * is the server's to refuse. */
static int
read_params(struct cli *cli, const char *name, const struct word_list *pairs,
    struct json_object *params)
{
	struct generated *found = cli_generate(cli, name);
	struct json_object *document = cli_document(cli), *schema;
	char *why = NULL;
	int r = 0;

	generated_free(found);
	schema = generated_schema(document, name);
	for (size_t i = 0; r == 0 && i < pairs->n; i++)
		r = pair_put(schema, params, pairs->v[i], &why);
	json_object_put(schema);
	json_object_put(document);
	if (r == 0)
		return 0;
	if (r == -ENOMEM || why == NULL)
		return cli_no_memory(cli);
	out_error(&cli->out, "call %s: %s", name, why);
	free(why);
	return EXIT_USAGE;
}

int
verb_call(struct cli *cli, struct invocation *invocation)
{
	const char *name = invocation->texts.v[0];
	struct json_object *params = json_object_new_object(), *result;
	int r = 0;

	if (params == NULL)
		return cli_no_memory(cli);
	if (invocation->pairs.n > 0) {
		r = read_params(cli, name, &invocation->pairs, params);
		if (r == 0)
			r = generated_resolve(cli, params);
	}
	if (r != 0) {
		json_object_put(params);
		return r;
	}
	r = cli_ask(cli, name, params, &result);
	if (r != 0)
		return r;
	out_json(&cli->out, result);
	json_object_put(result);
	return 0;
}

int
verb_quit(struct cli *cli, struct invocation *invocation)
{
	cli->quit = true;
	return EXIT_OK;
}
