/*
 * create.c - the arguments of a task, from the words of a line.
 *
 * The coroutine's schema says what each key is. It is fetched when a word has
 * to be typed by it: "create NAME" alone is one round trip.
 */
#include "create.h"

#include <errno.h>
#include <evtask/ctl.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include "cli.h"
#include "exits.h"
#include "grammar.h"
#include "pair.h"
#include "typed.h"

/* The argument that takes a program's words. */
#define PROGRAM "argv"

static int
fetch_schema(struct cli *cli, const char *coroutine,
    struct json_object **ret_schema)
{
	struct json_object *params = json_object_new_object(), *result;
	int r;

	evtask_ctl_put_text(&params, "name", coroutine);
	r = cli_ask(cli, "coroutine.get", params, &result);
	if (r != 0)
		return r;
	*ret_schema = json_object_get(evtask_ctl_get(evtask_ctl_get(result,
	    "coroutine"), "args"));
	json_object_put(result);
	return 0;
}

static int
complain(struct cli *cli, const char *coroutine, int r, char *why)
{
	if (r == -ENOMEM || why == NULL)
		return cli_no_memory(cli);
	out_error(&cli->out, "create %s: %s", coroutine, why);
	free(why);
	return EXIT_USAGE;
}

static int
put_pairs(struct cli *cli, const char *coroutine, struct json_object *schema,
    const struct word_list *pairs, struct json_object *args)
{
	char *why = NULL;
	int r;

	for (size_t i = 0; i < pairs->n; i++) {
		r = pair_put(schema, args, pairs->v[i], &why);
		if (r < 0)
			return complain(cli, coroutine, r, why);
	}
	return 0;
}

static int
put_program(struct cli *cli, const char *coroutine,
    struct json_object *schema, const struct word_list *program,
    struct json_object **args)
{
	struct json_object *argv;

	if (program->n == 0)
		return 0;
	if (!typed_allows(typed_member(schema, PROGRAM), "array")) {
		out_error(&cli->out, "create %s: it runs no command, so "
		    "nothing may follow --", coroutine);
		return EXIT_USAGE;
	}
	argv = json_object_new_array();
	for (size_t i = 0; i < program->n; i++)
		evtask_ctl_append(&argv,
		    json_object_new_string(program->v[i]));
	evtask_ctl_put(args, PROGRAM, argv);
	return 0;
}

int
create_args(struct cli *cli, const char *coroutine,
    const struct word_list *pairs, const struct word_list *program,
    struct json_object **ret_args)
{
	struct json_object *schema = NULL, *args = json_object_new_object();
	int r = 0;

	if (args == NULL)
		return cli_no_memory(cli);
	if (pairs->n > 0 || program->n > 0)
		r = fetch_schema(cli, coroutine, &schema);
	if (r == 0)
		r = put_pairs(cli, coroutine, schema, pairs, args);
	if (r == 0)
		r = put_program(cli, coroutine, schema, program, &args);
	json_object_put(schema);
	if (r == 0)
		*ret_args = args;
	else
		json_object_put(args);
	return r;
}
