/*
 * render_wait.c - what a task waits for, in a few words: the resource, who
 * holds it, what is to be done with it, how long still.
 *
 *	lock db <- writer(17)	timer 1.2s	fd 7 read	task crawl-3
 *	queue jobs get		child 4711 make			tasks 3
 */
#include <evtask/ctl_value.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include "render.h"
#include "text.h"

/* The operation, where the resource alone does not say it. */
static const char *
verb_of(const char *op)
{
	static const char *const silent[] = { "acquire", "wait", "exit" };
	const char *dot = strchr(op, '.');

	if (dot == NULL)
		return NULL;
	for (size_t i = 0; i < sizeof(silent) / sizeof(silent[0]); i++)
		if (strcmp(dot + 1, silent[i]) == 0)
			return NULL;
	return dot + 1;
}

void
render_wait(FILE *out, struct json_object *wait, int64_t now_us)
{
	struct json_object *on = evtask_ctl_get(wait, "on");
	struct json_object *owner = evtask_ctl_get(wait, "owner");
	const char *op = evtask_ctl_get_text(wait, "op", "?");
	const char *type = evtask_ctl_get_text(on, "type", NULL);
	const char *name = evtask_ctl_get_text(on, "name", NULL);
	int64_t until_us = evtask_ctl_get_int(wait, "until_us", -1);
	bool timer = type != NULL && strcmp(type, "timer") == 0;
	char age[TEXT_AGE_SIZE];

	fputs(type != NULL ? type : op, out);
	if (name != NULL && name[0] != '\0')
		fprintf(out, " %s", name);
	if (type != NULL && verb_of(op) != NULL)
		fprintf(out, " %s", verb_of(op));
	if (owner != NULL && strcmp(type != NULL ? type : "", "task") != 0)
		fprintf(out, " <- %s(%lld)%s",
		    evtask_ctl_get_text(owner, "name", "?"),
		    (long long)evtask_ctl_get_int(owner, "id", 0),
		    evtask_ctl_get_bool(owner, "ended", false) ? ", which has "
		    "ended" : "");
	if (until_us >= 0)
		fprintf(out, timer ? " %s" : ", %s left",
		    text_age(until_us - now_us, age));
	else if (timer)
		fputs(", for ever", out);
}

char *
render_wait_text(struct json_object *wait, int64_t now_us)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (out == NULL)
		return NULL;
	if (wait != NULL)
		render_wait(out, wait, now_us);
	fclose(out);
	return text;
}
