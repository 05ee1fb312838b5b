/*
 * verbs_output.c - the verbs that follow what tasks do, and write to them:
 * events, and a task's standard input.
 */
#include <errno.h>
#include <evtask/ctl.h>
#include <evtask/evtask.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "cli.h"
#include "exits.h"
#include "grammar.h"
#include "names.h"
#include "remote.h"
#include "stream.h"
#include "render.h"
#include "verbs.h"

#define CHUNK (192 << 10)  /* of a file, per task.stdin */
#define PAUSE_US 20000     /* between two attempts while the task is full */

/* All types but those that come in floods: those are to be asked for. */
static struct json_object *
usual_types(void)
{
	struct json_object *types = json_object_new_array();

	for (const struct evtask_ctl_event *e = evtask_ctl_events();
	    e->name != NULL; e++)
		if (strcmp(e->name, "task.waiting") != 0 &&
		    strcmp(e->name, "task.log") != 0)
			evtask_ctl_append(&types,
			    json_object_new_string(e->name));
	return types;
}

/* The names of the tasks seen, by id: an event has only the id. */
static const char *
name_of(struct json_object *names, struct json_object *event)
{
	struct json_object *data = evtask_ctl_get(event, "data");
	const char *name = evtask_ctl_get_text(evtask_ctl_get(data, "task"),
	    "name", NULL);
	char id[24];

	if (name == NULL)
		name = evtask_ctl_get_text(data, "name", NULL);
	snprintf(id, sizeof(id), "%lld",
	    (long long)evtask_ctl_get_int(event, "task", -1));
	if (strcmp(evtask_ctl_get_text(event, "type", ""),
	    "task.forgotten") == 0)
		json_object_object_del(names, id);
	else if (name != NULL)
		json_object_object_add(names, id,
		    json_object_new_string(name));
	return evtask_ctl_get_text(names, id, name);
}

static int
learn_name(struct cli *cli, struct json_object *names,
    struct json_object *event)
{
	struct json_object *params, *result, *error;
	int64_t id = evtask_ctl_get_int(event, "task", -1);
	char key[24];
	int r;

	snprintf(key, sizeof(key), "%lld", (long long)id);
	if (id < 0 || json_object_object_get_ex(names, key, NULL))
		return 0;
	params = json_object_new_object();
	evtask_ctl_put_int(&params, "task", id);
	evtask_ctl_put(&params, "fields", json_tokener_parse("[\"name\"]"));
	r = cli_try(cli, "task.get", params, &result, &error);
	if (r == -EREMOTEIO) {
		json_object_put(error);
		return 0;
	}
	if (r != 0)
		return r;
	json_object_object_add(names, key, json_object_get(evtask_ctl_get(
	    evtask_ctl_get(result, "task"), "name")));
	json_object_put(result);
	return 0;
}

static int
print_event(struct cli *cli, const char *method, struct json_object *params,
    struct json_object *names)
{
	const char *name = name_of(names, params);
	int r = 0;

	if (cli->out.json) {
		out_json(&cli->out, params);
	} else if (strcmp(method, "event.lag") == 0) {
		out_note(&cli->out, "%lld events are missing: they came "
		    "faster than they were read", (long long)
		    evtask_ctl_get_int(params, "dropped", 0));
	} else if (strcmp(method, "event") == 0) {
		if (name == NULL) {
			r = learn_name(cli, names, params);
			name = name_of(names, params);
		}
		if (r == 0)
			render_event(&cli->out, params, name);
	}
	out_flush(&cli->out);
	return r;
}

static int
print_events(struct cli *cli, struct stream *stream, int64_t count)
{
	struct json_object *params, *names = json_object_new_object();
	const char *method;
	bool ended = false;
	int r = 0;

	while (r == 0 && count > 0 && !ended && cli->out.failed == 0) {
		r = stream_next(stream, &method, &params);
		if (r == 0) {
			out_error(&cli->out, "the connection is lost; the "
			    "server has gone");
			r = EXIT_NO_SERVER;
			break;
		}
		if (r < 0)
			break;
		r = print_event(cli, method, params, names);
		ended = strcmp(method, "event.end") == 0;
		count -= strcmp(method, "event") == 0;
		json_object_put(params);
	}
	json_object_put(names);
	return r;
}

int
verb_events(struct cli *cli, struct invocation *invocation)
{
	struct json_object *params = invocation->params, *tasks, *result;
	struct stream *stream;
	int r;

	if (invocation->tasks.n > 0) {
		r = names_resolve(cli, &invocation->tasks, WANT_LIVE, &tasks);
		if (r != 0)
			return r;
		json_object_object_add(params, "tasks", tasks);
	}
	if (evtask_ctl_get(params, "types") == NULL)
		json_object_object_add(params, "types", usual_types());
	r = cli_subscribe(cli, "sub.open", json_object_get(params), &result,
	    &stream);
	if (r != 0)
		return r;
	json_object_put(result);
	r = print_events(cli, stream, evtask_ctl_get_int(invocation->own,
	    "count", INT64_MAX));
	remote_unsubscribe(cli->remote, stream);
	return r;
}

/* One piece for the task; again and again while it has no room. */
static int
send_piece(struct cli *cli, struct json_object *task, const char *bytes,
    size_t size, bool eof, int64_t *sent)
{
	struct json_object *params, *result, *error;
	int r;

	for (;;) {
		params = json_object_new_object();
		evtask_ctl_put(&params, "task", json_object_get(task));
		if (size > 0)
			evtask_ctl_put(&params, "data_base64",
			    evtask_ctl_base64_encode(bytes, size));
		evtask_ctl_put_bool(&params, "eof", eof);
		r = cli_try(cli, "task.stdin", params, &result, &error);
		if (r == 0) {
			*sent += evtask_ctl_get_int(result, "accepted_bytes",
			    0);
			json_object_put(result);
			return 0;
		}
		if (r != -EREMOTEIO)
			return r;
		if (strcmp(evtask_ctl_get_text(evtask_ctl_get(error, "data"),
		    "name", ""), "StdinFull") != 0)
			break;
		json_object_put(error);
		r = evtask_sleep(PAUSE_US);
		if (r < 0)
			return r;
	}
	r = cli_complain(cli, error);
	json_object_put(error);
	return r;
}

/* The same for each of the tasks. */
static int
send_all(struct cli *cli, struct json_object *tasks, const char *bytes,
    size_t size, bool eof, int64_t *sent)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < json_object_array_length(tasks); i++)
		r = send_piece(cli, json_object_array_get_idx(tasks, i), bytes,
		    size, eof, sent);
	return r;
}

static int
send_file(struct cli *cli, struct json_object *tasks, int fd, bool eof,
    int64_t *sent)
{
	char *bytes = malloc(CHUNK);
	ssize_t n = 1;
	int r = 0;

	if (bytes == NULL)
		return cli_no_memory(cli);
	while (r == 0 && n > 0) {
		n = read(fd, bytes, CHUNK);
		if (n > 0)
			r = send_all(cli, tasks, bytes, (size_t)n, false,
			    sent);
	}
	if (n < 0) {
		out_error(&cli->out, "cannot read: %s", strerror(errno));
		r = EXIT_FAILED;
	}
	free(bytes);
	if (r == 0 && eof)
		r = send_all(cli, tasks, NULL, 0, true, sent);
	return r;
}

static int
open_file(struct cli *cli, const char *path)
{
	int fd;

	if (strcmp(path, "-") == 0) {
		if (cli->mode == CLI_ONE_SHOT)
			return dup(STDIN_FILENO);
		out_error(&cli->out, "send: -f - is for one-shot use: here "
		    "the standard input is what you type");
		return -EINVAL;
	}
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		out_error(&cli->out, "cannot open %s: %s", path,
		    strerror(errno));
	return fd;
}

static int
send_words(struct cli *cli, struct json_object *tasks,
    const struct word_list *words, bool newline, bool eof, int64_t *sent)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int r;

	if (out == NULL)
		return cli_no_memory(cli);
	for (size_t i = 0; i < words->n; i++)
		fprintf(out, "%s%s", i > 0 ? " " : "", words->v[i]);
	if (newline && words->n > 0)
		fputc('\n', out);
	fclose(out);
	r = send_all(cli, tasks, text, size, eof, sent);
	free(text);
	return r;
}

int
verb_send(struct cli *cli, struct invocation *invocation)
{
	const char *path = evtask_ctl_get_text(invocation->own, "file", NULL);
	bool eof = evtask_ctl_get_bool(invocation->params, "eof", false);
	struct json_object *tasks, *report;
	int64_t sent = 0;
	int fd = -1, r;

	if ((path != NULL) == (invocation->texts.n > 0) &&
	    (path != NULL || !eof)) {
		out_error(&cli->out, "send: say the text, or --file, or "
		    "--eof");
		return EXIT_USAGE;
	}
	if (path != NULL && (fd = open_file(cli, path)) < 0)
		return EXIT_FAILED;
	r = names_resolve(cli, &invocation->tasks, WANT_LIVE, &tasks);
	if (r == 0) {
		r = path != NULL ? send_file(cli, tasks, fd, eof, &sent) :
		    send_words(cli, tasks, &invocation->texts,
		    !evtask_ctl_get_bool(invocation->own, "bare", false), eof,
		    &sent);
		json_object_put(tasks);
	}
	if (fd >= 0)
		close(fd);
	if (r == 0 && cli->out.json) {
		report = json_object_new_object();
		evtask_ctl_put_int(&report, "accepted_bytes", sent);
		out_json(&cli->out, report);
		json_object_put(report);
	}
	return r;
}
