/*
 * verbs_logs.c - what tasks have written: one after the other or, followed,
 * side by side, each by a task of its own. Whoever writes then takes the floor,
 * under a title that says who it is.
 */
#include <errno.h>
#include <evtask/ctl.h>
#include <evtask/evtask.h>
#include <json-c/json.h>
#include <stdlib.h>
#include "cli.h"
#include "each.h"
#include "exits.h"
#include "grammar.h"
#include "names.h"
#include "output.h"
#include "verbs.h"

static struct output_options
options_of(const struct invocation *invocation)
{
	return (struct output_options){
		.end_only = evtask_ctl_get(invocation->params, "tail") != NULL,
		.tail = evtask_ctl_get_int(invocation->params, "tail", 0),
		.follow = evtask_ctl_get_bool(invocation->params, "follow",
		    false),
		.timestamps = evtask_ctl_get_bool(invocation->own,
		    "timestamps", false),
		.streams = evtask_ctl_get(invocation->params, "streams"),
	};
}

static int
print_log(struct cli *cli, struct invocation *invocation,
    struct json_object *task)
{
	struct output_options options = options_of(invocation);

	return output_print(cli, task, &options);
}

/* One of several that are followed side by side. */
struct follower {
	struct cli *cli;
	struct json_object *task;
	struct output_options options;
	char *name;
	struct evtask *following; /* NULL: it could not be begun */
	int code;
};

static int
follow_one(void *arg)
{
	struct follower *follower = arg;

	follower->code = output_print(follower->cli, follower->task,
	    &follower->options);
	return follower->code == -ECANCELED ? -ECANCELED : 0;
}

/* Waits for all of them; interrupted, ends them. The first that failed. */
static int
join_followers(struct follower *followers, size_t n)
{
	int code = 0, r = 0;

	for (size_t i = 0; i < n; i++) {
		if (followers[i].following == NULL)
			continue;
		if (r < 0)
			evtask_cancel(followers[i].following, NULL);
		r = evtask_await(followers[i].following) < 0 ? -ECANCELED : r;
		evtask_unref(followers[i].following);
		if (code == 0)
			code = followers[i].code;
	}
	return r < 0 ? r : code;
}

static int
follow_all(struct cli *cli, struct invocation *invocation,
    struct json_object *tasks)
{
	size_t n = json_object_array_length(tasks);
	struct follower *followers = calloc(n, sizeof(*followers)), *f;
	struct output_floor floor = {0};
	int r;

	if (followers == NULL)
		return cli_no_memory(cli);
	for (size_t i = 0; i < n; i++) {
		f = &followers[i];
		*f = (struct follower){ .cli = cli,
		    .task = json_object_array_get_idx(tasks, i),
		    .options = options_of(invocation), .code = EXIT_FAILED };
		f->name = each_name(cli, f->task);
		f->options.floor = cli->out.json ? NULL : &floor;
		f->options.name = f->name;
		if (f->name == NULL || evtask_create(follow_one, f, NULL,
		    &f->following) < 0)
			cli_no_memory(cli);
	}
	r = join_followers(followers, n);
	for (size_t i = 0; i < n; i++)
		free(followers[i].name);
	free(followers);
	return r;
}

int
verb_logs(struct cli *cli, struct invocation *invocation)
{
	struct json_object *tasks;
	int r;

	if (!evtask_ctl_get_bool(invocation->params, "follow", false))
		return each_task(cli, invocation, EACH_TITLE, print_log);
	r = names_resolve(cli, &invocation->tasks, WANT_ANY, &tasks);
	if (r != 0)
		return r;
	r = json_object_array_length(tasks) == 1 ? print_log(cli, invocation,
	    json_object_array_get_idx(tasks, 0)) :
	    follow_all(cli, invocation, tasks);
	json_object_put(tasks);
	return r;
}
