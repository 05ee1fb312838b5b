/*
 * blocked.c - a server whose loop is blocked: who says so in its place.
 *
 * An answer that is late may be late for good reasons: to wait is what some
 * requests are for. So after a second of it the out-of-band socket is asked,
 * by a task beside the one that waits, and again from time to time; only a
 * loop that is blocked is worth a word, and each time it is one.
 */
#include "blocked.h"

#include <errno.h>
#include <evtask/ctl.h>
#include <evtask/evtask.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cli.h"
#include "out.h"
#include "remote.h"
#include "source.h"
#include "text.h"

#define SUFFIX ".oob"
#define PATIENCE_US 1000000
#define AGAIN_US 1000000
#define ANSWER_US 2000000 /* the thread that answers is never busy long */

struct remote *
blocked_open(const struct cli *cli)
{
	char path[EVTASK_CTL_PATH_SIZE], beside[sizeof(path) + sizeof(SUFFIX)];
	struct place place = { .socket = beside };
	struct remote *remote = NULL;
	char *why = NULL;

	if (cli->settings.place.host != NULL || evtask_ctl_socket_path(
	    cli->settings.place.socket, path, NULL) < 0)
		return NULL;
	snprintf(beside, sizeof(beside), "%s" SUFFIX, path);
	if (strlen(beside) < EVTASK_CTL_PATH_SIZE)
		(void)remote_open(&place, &remote, &why);
	free(why);
	return remote;
}

/* The result of a request there, to put; NULL: there is none in time. Returns
 * 0 all the same, or -ECANCELED. */
EVTASK_SUSPENDS static int
ask(struct remote *remote, const char *method, struct json_object **ret_result)
{
	struct json_object *error = NULL;
	struct evtask_timeout limit;
	int r = evtask_timeout_enter(&limit, ANSWER_US);

	*ret_result = NULL;
	if (r < 0)
		return r == -ECANCELED ? r : 0;
	r = evtask_timeout_exit(&limit, remote_call(remote, method, NULL,
	    ret_result, &error));
	json_object_put(error);
	return r == -ECANCELED ? r : 0;
}

/* Where it stands: the innermost place of the stack that has a source. */
struct search {
	struct json_object *frames;
	char *file;             /* NULL: there is none */
	int line;
};

/* Of the system's library people want to know who called it. */
static bool
is_system(const char *module)
{
	const char *base = module != NULL ? strrchr(module, '/') : NULL;

	return base != NULL && (strncmp(base, "/libc.", 6) == 0 ||
	    strncmp(base, "/libc-", 6) == 0 ||
	    strncmp(base, "/ld-", 4) == 0);
}

static int
search_place(void *arg)
{
	struct search *search = arg;
	struct source *source = source_new();
	struct source_places places;
	struct json_object *frame;
	const char *module;

	for (size_t i = 0; search->file == NULL && search->frames != NULL &&
	    i < json_object_array_length(search->frames); i++) {
		frame = json_object_array_get_idx(search->frames, i);
		module = evtask_ctl_get_text(frame, "module", NULL);
		if (is_system(module))
			continue;
		source_find(source, module,
		    (uint64_t)evtask_ctl_get_int(frame, "address", 0),
		    &places);
		for (size_t k = 0; k < places.n && search->file == NULL; k++)
			if (places.v[k].file != NULL) {
				search->file = strdup(places.v[k].file);
				search->line = places.v[k].line;
			}
		source_release(&places);
	}
	source_free(source);
	return 0;
}

/* The innermost function that has a name, when there is no source. */
static const char *
named_function(struct json_object *frames)
{
	const char *func = NULL;

	for (size_t i = 0; func == NULL && frames != NULL &&
	    i < json_object_array_length(frames); i++)
		func = evtask_ctl_get_text(json_object_array_get_idx(frames,
		    i), "func", NULL);
	return func;
}

static void
write_words(FILE *out, struct json_object *status, const struct search *search)
{
	struct json_object *task = evtask_ctl_get(status, "task");
	const char *func = named_function(search->frames), *base;
	int64_t still_us = evtask_ctl_get_int(status, "still_us", 0);

	fprintf(out, "%lld.%lld s by ", (long long)(still_us / 1000000),
	    (long long)(still_us / 100000 % 10));
	if (json_object_is_type(task, json_type_object))
		fprintf(out, "task %s(%lld)",
		    evtask_ctl_get_text(task, "name", "?"),
		    (long long)evtask_ctl_get_int(task, "id", 0));
	else
		fprintf(out, "a callback");
	if (search->file != NULL) {
		base = strrchr(search->file, '/');
		fprintf(out, " at %s:%d", base != NULL ? base + 1
		    : search->file, search->line);
	} else if (func != NULL) {
		fprintf(out, " in %s", func);
	}
}

int
blocked_words(struct json_object *status, struct json_object *stack,
    char **ret_words)
{
	struct search search = { .frames = evtask_ctl_get(stack, "frames") };
	size_t size;
	FILE *out;
	int r = evtask_to_thread(search_place, &search, NULL);

	*ret_words = NULL;
	if (r == 0 && (out = open_memstream(ret_words, &size)) != NULL) {
		write_words(out, status, &search);
		fclose(out);
	}
	free(search.file);
	return r;
}

static int
say(struct cli *cli, struct remote *remote, struct json_object *status)
{
	struct json_object *stack;
	char *words = NULL;
	int r = ask(remote, "loop.stack", &stack);

	if (r == 0)
		r = blocked_words(status, stack, &words);
	json_object_put(stack);
	if (r == 0 && words != NULL)
		out_note(&cli->out, "%sloop blocked %s",
		    cli->out.prompt ? "" : "evtask: ", words);
	free(words);
	return r;
}

/* As long as the answer is late. */
static int
look_again_and_again(void *arg)
{
	struct blocked *blocked = arg;
	struct remote *remote = blocked_open(blocked->cli);
	struct json_object *status;
	bool is_blocked, said = false;
	int r = 0;

	while (r == 0 && remote_alive(remote)) {
		r = ask(remote, "loop.status", &status);
		is_blocked = strcmp(evtask_ctl_get_text(status, "state", ""),
		    "blocked") == 0;
		if (r == 0 && is_blocked && !said)
			r = say(blocked->cli, remote, status);
		said = is_blocked;
		json_object_put(status);
		if (r == 0)
			r = evtask_sleep(AGAIN_US);
	}
	remote_close(remote);
	return r;
}

static void
on_late(void *arg)
{
	struct blocked *blocked = arg;

	(void)evtask_create(look_again_and_again, blocked, NULL,
	    &blocked->looking);
}

void
blocked_begin(struct blocked *blocked, struct cli *cli)
{
	*blocked = (struct blocked){ .cli = cli };
	(void)evtask_call_later(NULL, PATIENCE_US, on_late, blocked,
	    &blocked->patience);
}

int
blocked_end(struct blocked *blocked, int r)
{
	int waited;

	if (blocked->patience != NULL) {
		evtask_handle_cancel(blocked->patience);
		evtask_handle_unref(blocked->patience);
	}
	if (blocked->looking == NULL)
		return r;
	evtask_cancel(blocked->looking, NULL);
	/* It has nothing to wait for but what it is asked to leave. */
	do
		waited = evtask_await(blocked->looking);
	while (!evtask_done(blocked->looking));
	(void)waited;
	evtask_unref(blocked->looking);
	return r;
}
