/*
 * verbs_loop.c - `evtask loop`: whether the server's loop turns, where it
 * stands when it does not, and its numbers. Of the first two the out-of-band
 * socket is asked first, as it answers in any case.
 */
#include <errno.h>
#include <evtask/ctl.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include "blocked.h"
#include "cli.h"
#include "grammar.h"
#include "remote.h"
#include "render.h"
#include "stacks.h"
#include "text.h"
#include "verbs.h"

/* As cli_ask(), out of band where that can be had. */
static int
ask(struct cli *cli, const char *method, struct json_object **ret_result)
{
	struct remote *remote = blocked_open(cli);
	struct json_object *error;
	int r;

	if (remote == NULL)
		return cli_ask(cli, method, NULL, ret_result);
	r = remote_call(remote, method, NULL, ret_result, &error);
	remote_close(remote);
	if (r == -EREMOTEIO) {
		r = cli_complain(cli, error);
		json_object_put(error);
	}
	return r;
}

static int
print_status(struct cli *cli, struct json_object *status,
    struct json_object *stack)
{
	const char *state = evtask_ctl_get_text(status, "state", "?");
	char *words;
	int r;

	if (strcmp(state, "blocked") != 0) {
		out_printf(&cli->out, "loop %s\n", state);
		return 0;
	}
	r = blocked_words(status, stack, &words);
	if (r == 0 && words == NULL)
		r = cli_no_memory(cli);
	else if (r == 0)
		out_printf(&cli->out, "loop blocked %s\n", words);
	free(words);
	return r;
}

static int
loop_status(struct cli *cli)
{
	struct json_object *status, *stack = NULL;
	int r = ask(cli, "loop.status", &status);

	if (r != 0)
		return r;
	if (cli->out.json) {
		out_json(&cli->out, status);
	} else {
		if (strcmp(evtask_ctl_get_text(status, "state", ""),
		    "blocked") == 0)
			r = ask(cli, "loop.stack", &stack);
		if (r == 0)
			r = print_status(cli, status, stack);
	}
	json_object_put(stack);
	json_object_put(status);
	return r;
}

static int
loop_stack(struct cli *cli)
{
	struct json_object *stack;
	int r = ask(cli, "loop.stack", &stack);

	if (r != 0)
		return r;
	if (cli->out.json) {
		out_json(&cli->out, stack);
	} else {
		r = print_status(cli, stack, stack);
		if (r == 0)
			r = stacks_print(cli, stack, false);
	}
	json_object_put(stack);
	return r;
}

static int
loop_stats(struct cli *cli)
{
	return cli_show(cli, "loop.stats", render_members);
}

static int
loop_stalls(struct cli *cli)
{
	struct json_object *result, *list, *stall, *task;
	char age[TEXT_AGE_SIZE], ago[TEXT_AGE_SIZE];
	int r = cli_ask(cli, "loop.stalls", NULL, &result);

	if (r != 0)
		return r;
	list = evtask_ctl_get(result, "stalls");
	if (cli->out.json)
		out_json(&cli->out, result);
	else if (json_object_array_length(list) == 0)
		out_note(&cli->out, "the loop was never blocked");
	for (size_t i = 0; !cli->out.json && r == 0 &&
	    i < json_object_array_length(list); i++) {
		stall = json_object_array_get_idx(list, i);
		task = evtask_ctl_get(stall, "task");
		out_printf(&cli->out, "%s%s by %s, %s ago\n", i > 0 ? "\n" : "",
		    text_age(evtask_ctl_get_int(stall, "blocked_us", 0), age),
		    evtask_ctl_get_text(task, "name", "a callback"),
		    text_age(render_now_us() - evtask_ctl_get_int(stall,
		    "begun_us", 0), ago));
		r = stacks_print(cli, stall, false);
	}
	json_object_put(result);
	return r;
}

static const struct {
	const char *name;
	int (*run)(struct cli *cli);
} actions[] = {
	{ "status", loop_status },
	{ "stack", loop_stack },
	{ "stats", loop_stats },
	{ "stalls", loop_stalls },
};

int
verb_loop(struct cli *cli, struct invocation *invocation)
{
	const char *action = invocation->texts.n > 0 ? invocation->texts.v[0]
	    : actions[0].name;
	size_t i = 0;

	while (strcmp(actions[i].name, action) != 0)
		i++;
	return actions[i].run(cli);
}
