/*
 * verbs_module.c - modules: the coroutines that a server loads as it runs.
 */
#include <evtask/ctl_value.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>
#include "cli.h"
#include "exits.h"
#include "grammar.h"
#include "pages.h"
#include "render.h"
#include "verbs.h"

static const struct action {
	const char *name;
	const char *method;
	const char *unchanged;  /* says the note when it was so already */
} actions[] = {
	{ "load", "module.load", "is loaded already" },
	{ "unload", "module.unload", "is not loaded" },
	{ "reload", "module.reload", "has not changed" },
	{ NULL, NULL, NULL },
};

static int
list(struct cli *cli)
{
	struct json_object *params = json_object_new_object();
	struct out *out = &cli->out;
	struct rows *rows = rows_open(out, &render_modules, render_now_us());
	int r = pages_print(cli, "module.list", params, INT64_MAX, rows);
	bool any = rows_any(rows);

	json_object_put(params);
	r = rows_close(rows, out, r, INT64_MAX);
	if (r == 0 && !any && (out->form == OUT_TABLE ||
	    out->form == OUT_WIDE))
		out_note(out, "no modules");
	return r;
}

static void
tell(struct out *out, const struct action *action, struct json_object *result)
{
	struct json_object *module = evtask_ctl_get(result, "module");
	const char *name = evtask_ctl_get_text(module, "name", "?");

	if (!evtask_ctl_get_bool(result, "changed", true))
		out_note(out, "module %s %s", name, action->unchanged);
	else if (!evtask_ctl_get_bool(module, "loaded", false))
		out_note(out, "module %s is unloaded", name);
	else
		out_note(out, "module %s is %sed", name, action->name);
}

static int
act(struct cli *cli, const struct action *action, const char *name)
{
	struct json_object *params = json_object_new_object(), *result;
	int r;

	evtask_ctl_put_text(&params, "name", name);
	r = cli_ask(cli, action->method, params, &result);
	if (r != 0)
		return r;
	if (cli->out.json)
		out_json(&cli->out, result);
	else
		tell(&cli->out, action, result);
	json_object_put(result);
	return 0;
}

int
verb_modules(struct cli *cli, struct invocation *invocation)
{
	const struct word_list *words = &invocation->texts;
	const struct action *action = actions;
	bool listed = words->n == 0 || strcmp(words->v[0], "list") == 0;

	if (listed && words->n < 2)
		return list(cli);
	if (words->n != 2 || listed) {
		out_error(&cli->out, listed ? "modules list takes no name"
		    : "modules %s needs the name of a module", words->v[0]);
		return EXIT_USAGE;
	}
	while (action->name != NULL && strcmp(action->name, words->v[0]) != 0)
		action++;
	return act(cli, action, words->v[1]);
}
