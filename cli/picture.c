/*
 * picture.c - what the prompt knows of the server without asking: the names of
 * tasks and coroutines, kept true by events, so that Tab answers at once and a
 * notice can name the task it is about.
 */
#include "picture.h"

#include <errno.h>
#include <evtask/ctl_value.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

/* The members that are kept of a task. */
static const char *const kept[] = {
	"id", "name", "coroutine", "state", "outcome", "created_us", NULL
};

static void
key_of(int64_t id, char key[24])
{
	snprintf(key, 24, "%lld", (long long)id);
}

int
picture_init(struct picture *picture)
{
	*picture = (struct picture){ .tasks = json_object_new_object() };
	return picture->tasks != NULL ? 0 : -ENOMEM;
}

void
picture_release(struct picture *picture)
{
	json_object_put(picture->tasks);
	json_object_put(picture->coroutines);
	json_object_put(picture->document);
	*picture = (struct picture){0};
}

void
picture_add(struct picture *picture, struct json_object *task)
{
	struct json_object *small = json_object_new_object(), *member;
	char key[24];

	if (json_object_object_length(picture->tasks) >= PICTURE_TASKS_MAX ||
	    small == NULL) {
		json_object_put(small);
		return;
	}
	for (size_t i = 0; kept[i] != NULL; i++) {
		member = evtask_ctl_get(task, kept[i]);
		if (member != NULL)
			evtask_ctl_put(&small, kept[i],
			    json_object_get(member));
	}
	key_of(evtask_ctl_get_int(task, "id", 0), key);
	if (small != NULL)
		json_object_object_add(picture->tasks, key, small);
}

void
picture_set_coroutines(struct picture *picture,
    struct json_object *coroutines)
{
	json_object_put(picture->coroutines);
	picture->coroutines = json_object_get(coroutines);
}

struct json_object *
picture_task(const struct picture *picture, int64_t id)
{
	char key[24];

	key_of(id, key);
	return evtask_ctl_get(picture->tasks, key);
}

static void
set_text(struct json_object *task, const char *key, const char *text)
{
	struct json_object *value = json_object_new_string(text);

	if (value != NULL && json_object_object_add(task, key, value) < 0)
		json_object_put(value);
}

void
picture_event(struct picture *picture, struct json_object *event)
{
	const char *type = evtask_ctl_get_text(event, "type", "");
	int64_t id = evtask_ctl_get_int(event, "task", -1);
	struct json_object *data = evtask_ctl_get(event, "data");
	struct json_object *task = picture_task(picture, id);
	char key[24];

	if (strcmp(type, "task.created") == 0) {
		picture_add(picture, evtask_ctl_get(data, "task"));
		return;
	}
	if (task == NULL)
		return;
	if (strcmp(type, "task.renamed") == 0) {
		set_text(task, "name",
		    evtask_ctl_get_text(data, "name", "?"));
	} else if (strcmp(type, "task.done") == 0) {
		set_text(task, "state", "done");
		set_text(task, "outcome",
		    evtask_ctl_get_text(data, "outcome", "?"));
	} else if (strcmp(type, "task.forgotten") == 0) {
		key_of(id, key);
		json_object_object_del(picture->tasks, key);
	}
}

int64_t
picture_failed(const struct picture *picture)
{
	int64_t n = 0;

	json_object_object_foreach(picture->tasks, key, task) {
		(void)key;
		n += strcmp(evtask_ctl_get_text(task, "outcome", ""),
		    "raised") == 0;
	}
	return n;
}

static bool
is_wanted(struct json_object *task, enum argument_want want)
{
	bool done = strcmp(evtask_ctl_get_text(task, "state", ""),
	    "done") == 0;

	return want == WANT_ANY || done == (want == WANT_DONE);
}

struct json_object *
picture_tasks(const char *prefix, enum argument_want want, void *arg)
{
	struct picture *picture = arg;
	struct json_object *list = json_object_new_array();

	json_object_object_foreach(picture->tasks, key, task) {
		(void)key;
		if (is_wanted(task, want) &&
		    strncmp(evtask_ctl_get_text(task, "name", ""), prefix,
		    strlen(prefix)) == 0)
			evtask_ctl_append(&list, json_object_get(task));
	}
	return list;
}

struct json_object *
picture_coroutines(void *arg)
{
	struct picture *picture = arg;

	return json_object_get(picture->coroutines);
}

struct json_object *
picture_document(void *arg)
{
	struct picture *picture = arg;

	return json_object_get(picture->document);
}
