/*
 * keeper.c - the prompt's connection, kept.
 *
 *	connected --> learn: list tasks and coroutines, subscribe since then
 *	    ^             |
 *	    |             v
 *	  back off <-- lost <-- listen: events to the picture and to notices
 *
 * Verbs use the connection, too, and never open one: they say that there is
 * none. Nothing is polled but a server that has gone, with growing patience.
 * Which ends of tasks are told, and when, is news.c's.
 */
#include "keeper.h"

#include <errno.h>
#include <evtask/ctl.h>
#include <evtask/evtask.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include "cli.h"
#include "counts.h"
#include "news.h"
#include "notice.h"
#include "picture.h"
#include "remote.h"
#include "stream.h"
#include "text.h"

#define FIRST_PAUSE_US 100000
#define LAST_PAUSE_US 3000000
#define PAGE 1000

int
keeper_open(struct keeper *keeper, char **ret_why)
{
	struct cli *cli = keeper->cli;

	remote_close(cli->remote);
	cli->remote = NULL;
	return remote_open(&cli->settings.place, &cli->remote, ret_why);
}

/* Asks without a word to the person; NULL: no answer. */
static int
ask(struct keeper *keeper, const char *method, struct json_object *params,
    struct json_object **ret_result)
{
	struct json_object *error;
	int r = remote_call(keeper->cli->remote, method, params, ret_result,
	    &error);

	if (r == -EREMOTEIO)
		json_object_put(error);
	return r;
}

/* One page of tasks into the picture; *cursor is the next one, or NULL. */
static int
learn_page(struct keeper *keeper, char **cursor, int64_t *seq)
{
	struct json_object *params = json_object_new_object(), *page, *tasks;
	const char *next;
	int r;

	evtask_ctl_put_int(&params, "limit", PAGE);
	evtask_ctl_put_text(&params, "sort", "-id");
	evtask_ctl_put(&params, "fields", json_tokener_parse("[\"name\","
	    "\"coroutine\",\"state\",\"outcome\",\"created_us\"]"));
	if (*cursor != NULL)
		evtask_ctl_put_text(&params, "cursor", *cursor);
	r = ask(keeper, "task.list", params, &page);
	if (r < 0)
		return r;
	if (*cursor == NULL) /* what comes after the first page is told */
		*seq = evtask_ctl_get_int(page, "seq", 0);
	tasks = evtask_ctl_get(page, "tasks");
	for (size_t i = 0; tasks != NULL &&
	    i < json_object_array_length(tasks); i++)
		picture_add(keeper->picture,
		    json_object_array_get_idx(tasks, i));
	next = evtask_ctl_get_text(page, "next", NULL);
	free(*cursor);
	*cursor = next != NULL ? strdup(next) : NULL;
	json_object_put(page);
	return 0;
}

static int
learn_tasks(struct keeper *keeper, int64_t *seq)
{
	char *cursor = NULL;
	int r;

	do
		r = learn_page(keeper, &cursor, seq);
	while (r == 0 && cursor != NULL && json_object_object_length(
	    keeper->picture->tasks) < PICTURE_TASKS_MAX);
	free(cursor);
	return r;
}

static int
learn_coroutines(struct keeper *keeper)
{
	struct json_object *params = json_object_new_object(), *result;
	int r;

	evtask_ctl_put_int(&params, "limit", PAGE);
	r = ask(keeper, "coroutine.list", params, &result);
	if (r < 0)
		return r;
	picture_set_coroutines(keeper->picture,
	    evtask_ctl_get(result, "coroutines"));
	json_object_put(result);
	return 0;
}

/* What it speaks: verbs are made from that, and completed. */
static int
learn_document(struct keeper *keeper)
{
	struct cli *cli = keeper->cli;
	int r = ask(keeper, "rpc.discover", NULL, &keeper->picture->document);

	if (r < 0)
		return r;
	json_object_put(cli->document);
	cli->document = json_object_get(keeper->picture->document);
	return 0;
}

/* Levels grow by addition: only a server that has left ours behind is worth a
 * word. */
static void
tell_level(struct keeper *keeper, struct json_object *api)
{
	int64_t oldest = evtask_ctl_get_int(api, "compatible", 0);

	if (oldest > EVTASK_CTL_API_LEVEL)
		notice(keeper->notices, "* the server speaks the protocol from "
		    "level %lld on, and this evtask is of level %d: install a "
		    "newer one", (long long)oldest, EVTASK_CTL_API_LEVEL);
}

/* Whether it is the server we knew; the first one is. */
static int
learn_instance(struct keeper *keeper, bool *ret_same)
{
	struct json_object *hello;
	const char *instance;
	int r = ask(keeper, "rpc.hello", NULL, &hello);

	if (r < 0)
		return r;
	instance = evtask_ctl_get_text(hello, "instance", "");
	*ret_same = keeper->instance[0] == '\0' ||
	    strcmp(keeper->instance, instance) == 0;
	snprintf(keeper->instance, sizeof(keeper->instance), "%s", instance);
	tell_level(keeper, evtask_ctl_get(hello, "api"));
	json_object_put(hello);
	return 0;
}

/* Whether the server has such events. One that does not list them is asked. */
static bool
has_event(struct json_object *document, const char *type)
{
	struct json_object *events = evtask_ctl_get(document, "x-events");
	size_t n = json_object_is_type(events, json_type_array) ?
	    json_object_array_length(events) : 0, i = 0;

	while (i < n && strcmp(evtask_ctl_get_text(json_object_array_get_idx(
	    events, i), "name", ""), type) != 0)
		i++;
	return n == 0 || i < n;
}

/* A server refuses all when it does not know one: an older one is asked for
 * those it has. */
static struct json_object *
types_of(struct json_object *document)
{
	static const char *const types[] = {
		"task.created", "task.done", "task.renamed", "task.forgotten",
		"loop.stall", "daemon.shutdown",
	};
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (has_event(document, types[i]))
			evtask_ctl_append(&list,
			    json_object_new_string(types[i]));
	return list;
}

static int
subscribe(struct keeper *keeper, int64_t seq, struct stream **ret_stream)
{
	struct json_object *params = json_object_new_object(), *result, *error;
	int r;

	evtask_ctl_put(&params, "types", types_of(keeper->picture->document));
	evtask_ctl_put_int(&params, "since", seq);
	r = remote_subscribe(keeper->cli->remote, "sub.open", params, &result,
	    &error, ret_stream);
	if (r == -EREMOTEIO)
		json_object_put(error);
	else if (r == 0)
		json_object_put(result);
	return r;
}

/* A callback's is the program's own affair. */
static void
tell_stall(struct keeper *keeper, struct json_object *event)
{
	struct json_object *data = evtask_ctl_get(event, "data");
	int64_t id = evtask_ctl_get_int(event, "task", 0);
	char age[TEXT_AGE_SIZE];

	if (id != 0)
		notice(keeper->notices, "* the loop was blocked for %s by "
		    "%s (%lld)", text_age(evtask_ctl_get_int(data,
		    "blocked_us", 0), age), evtask_ctl_get_text(data, "name",
		    "task"), (long long)id);
}

static void
take_event(struct keeper *keeper, struct json_object *event)
{
	const char *type = evtask_ctl_get_text(event, "type", "");

	picture_event(keeper->picture, event);
	if (strcmp(type, "task.done") == 0)
		news_end(keeper->news, event);
	else if (strcmp(type, "loop.stall") == 0)
		tell_stall(keeper, event);
	else if (strcmp(type, "daemon.shutdown") == 0)
		notice(keeper->notices, "* the server is going to end (%s)",
		    evtask_ctl_get_text(evtask_ctl_get(event, "data"),
		    "mode", "?"));
}

/* Learns everything, and listens until the stream ends. */
static int
listen_once(struct keeper *keeper, bool *lagged)
{
	struct json_object *params;
	struct stream *stream;
	const char *method;
	int64_t seq = 0;
	int r;

	*lagged = false;
	news_begin(keeper->news);
	picture_release(keeper->picture);
	r = picture_init(keeper->picture);
	if (r == 0)
		r = learn_document(keeper);
	if (r == 0)
		r = learn_coroutines(keeper);
	if (r == 0)
		r = learn_tasks(keeper, &seq);
	if (r == 0)
		r = counts_take(keeper->counts);
	if (r == 0)
		r = subscribe(keeper, seq, &stream);
	if (r < 0 || stream == NULL)
		return r;
	while (!*lagged && (r = stream_next(stream, &method, &params)) > 0) {
		if (strcmp(method, "event") == 0)
			take_event(keeper, params);
		*lagged = strcmp(method, "event.lag") == 0;
		json_object_put(params);
	}
	remote_unsubscribe(keeper->cli->remote, stream);
	return r;
}

/* Serves one connection to its end. */
static int
serve(struct keeper *keeper, bool again)
{
	bool same = true, lagged = true;
	int r = learn_instance(keeper, &same);

	if (r == 0 && again)
		notice(keeper->notices, same ? "* connected again" :
		    "* connected again: the server was started anew, and "
		    "knows nothing of the tasks before");
	while ((r == 0 || r == 1) && lagged)
		r = listen_once(keeper, &lagged);
	return r;
}

/* Tries until there is a connection. */
static int
reconnect(struct keeper *keeper)
{
	int64_t pause_us = FIRST_PAUSE_US;
	char *why;
	int r;

	for (;;) {
		r = evtask_sleep(pause_us);
		if (r < 0)
			return r;
		r = keeper_open(keeper, &why);
		if (r == 0)
			return 0;
		free(why);
		pause_us *= 2;
		if (pause_us > LAST_PAUSE_US)
			pause_us = LAST_PAUSE_US;
	}
}

int
keeper_run(void *arg)
{
	struct keeper *keeper = arg;
	bool again = false;
	int r = 0;

	while (r != -ECANCELED) {
		if (remote_alive(keeper->cli->remote)) {
			r = serve(keeper, again);
			if (r == -ECANCELED)
				break;
			/* Refused, not lost: verbs may still use it. */
			if (remote_alive(keeper->cli->remote))
				r = evtask_sleep(EVTASK_FOREVER);
			else
				notice(keeper->notices, "* the server has "
				    "gone; waiting for it to come back");
		}
		again = true;
		keeper->changed(keeper->arg);
		if (r != -ECANCELED)
			r = reconnect(keeper);
		if (r == 0)
			keeper->changed(keeper->arg);
	}
	return news_release(keeper->news) < 0 ? -ECANCELED : r;
}
