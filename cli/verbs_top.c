/*
 * verbs_top.c - `evtask top`: which tasks keep the loop busy. On a terminal it
 * is a screen that lives; elsewhere it says so once.
 */
#include <evtask/ctl_value.h>
#include <json-c/json.h>
#include <stdint.h>
#include <unistd.h>
#include "cli.h"
#include "grammar.h"
#include "recorded.h"
#include "tally.h"
#include "top.h"
#include "verbs.h"

#define USUAL_LAST_US 1000000
#define USUAL_ROWS 20

/* What the recorder says, and the tasks themselves. */
static int
print_once(struct cli *cli, int64_t last_us, size_t most)
{
	struct json_object *params = json_object_new_object(), *page;
	struct recorded recorded;
	struct tally tally;
	int r;

	recorded_init(&recorded);
	r = recorded_fetch(cli, &recorded, 0, last_us);
	evtask_ctl_put(&params, "state", json_tokener_parse("[\"created\","
	    "\"ready\",\"running\",\"waiting\"]"));
	evtask_ctl_put_int(&params, "limit", 1000);
	if (r == 0)
		r = cli_ask(cli, "task.list", json_object_get(params), &page);
	json_object_put(params);
	if (r != 0) {
		recorded_release(&recorded);
		return r;
	}
	if (tally_init(&tally, recorded.v, recorded.n) < 0)
		r = cli_no_memory(cli);
	else if (cli->out.json)
		tally_put(&tally, &cli->out);
	else
		tally_print(&tally, &cli->out, evtask_ctl_get(page, "tasks"),
		    evtask_ctl_get_int(page, "total", 0), most);
	tally_release(&tally);
	json_object_put(page);
	recorded_release(&recorded);
	return r;
}

int
verb_top(struct cli *cli, struct invocation *invocation)
{
	struct json_object *own = invocation->own;
	int64_t last_us = evtask_ctl_get_int(own, "last_us", USUAL_LAST_US);
	size_t most = (size_t)evtask_ctl_get_int(own, "most", USUAL_ROWS);

	if (cli->out.height == 0 || cli->out.captured || cli->out.json ||
	    !isatty(STDIN_FILENO) || evtask_ctl_get_bool(own, "once", false))
		return print_once(cli, last_us, most);
	return top_show(cli, evtask_ctl_get_int(own, "interval_us",
	    USUAL_LAST_US));
}
