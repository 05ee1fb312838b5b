/*
 * client.c - runs a command as a task of evtaskd: its output, then its result.
 *
 * build: cc client.c $(pkg-config --cflags --libs libevtask-ctl json-c)
 */
#include <evtask/ctl.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

/* A command on its way; sub tells its notices from others. */
struct run {
	int64_t id, sub;
	bool over;
};

static void
on_created(struct json_object *result, struct json_object *error, void *arg)
{
	struct run *run = arg;

	run->id = evtask_ctl_get_int(evtask_ctl_get(result, "task"), "id", 0);
	run->sub = evtask_ctl_get_int(result, "sub", 0);
	run->over = error != NULL;
	if (run->over)
		fprintf(stderr, "client: %s\n",
		    evtask_ctl_get_text(error, "message", ""));
}

/* The lines of its log, and after the last one event.end. */
static void
on_notice(const char *method, struct json_object *params, void *arg)
{
	struct run *run = arg;
	struct json_object *line =
	    evtask_ctl_get(evtask_ctl_get(params, "data"), "line");

	if (evtask_ctl_get_int(params, "sub", 0) != run->sub)
		return;
	if (line != NULL)
		puts(evtask_ctl_get_text(line, "text", ""));
	run->over = strcmp(method, "event.end") == 0;
}

int
main(int argc, char *argv[])
{
	struct run run = {0};
	struct evtask_ctl_client *client = evtask_ctl_client_new(on_notice,
	    &run);
	struct json_object *words, *params, *result = NULL;
	char path[EVTASK_CTL_PATH_SIZE];
	int64_t r = evtask_ctl_socket_path(NULL, path, NULL);
	int fd = r < 0 ? (int)r : evtask_ctl_connect(path);

	params = json_tokener_parse("{\"coroutine\":\"exec\",\"follow\":true,"
	    "\"args\":{\"argv\":[]}}");
	words = evtask_ctl_get(evtask_ctl_get(params, "args"), "argv");
	while (--argc > 0)
		json_object_array_add(words, json_object_new_string(*++argv));
	r = fd < 0 ? fd : evtask_ctl_client_request(client, "task.create",
	    json_object_get(params), on_created, &run);
	json_object_put(params);
	while (r >= 0 && !run.over)
		r = evtask_ctl_carry(client, fd, EVTASK_FOREVER);
	/* A single question needs no connection of its own. */
	if (r >= 0 && run.id > 0) {
		params = json_object_new_object();
		evtask_ctl_put_int(&params, "task", run.id);
		r = evtask_ctl_call(path, "task.result", params, 5000000,
		    &result, NULL);
	}
	if (r < 0)
		fprintf(stderr, "client: %s\n", strerror((int)-r));
	else if (result != NULL)
		puts(json_object_to_json_string(evtask_ctl_get(result,
		    "value")));
	evtask_ctl_client_free(client);
	json_object_put(result);
	return r < 0 || run.id == 0;
}
