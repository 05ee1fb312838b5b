/*
 * labels.c - a task's labels: names with values, for those who look for it.
 *
 * They are an object of texts. One that stands is never changed: who changes
 * labels makes others, so that who holds them (an event, an answer) keeps what
 * was true.
 */
#include "labels.h"
#include <evtask/ctl_value.h>
#include <json-c/json.h>
#include <string.h>

/* Puts the members of from that are not in except. */
static void
put_all(struct json_object **o, struct json_object *from,
    struct json_object *except)
{
	if (from == NULL)
		return;
	json_object_object_foreach(from, name, value)
		if (value != NULL && !json_object_object_get_ex(except, name,
		    NULL))
			evtask_ctl_put(o, name, json_object_get(value));
}

struct json_object *
labels_changed(struct json_object *labels, struct json_object *changes)
{
	struct json_object *o = json_object_new_object();

	put_all(&o, labels, changes);
	put_all(&o, changes, NULL);
	return o;
}

/* A label's name may hold a "=": so every one of them may end the name. */
bool
labels_match(struct json_object *labels, const char *wanted)
{
	if (labels == NULL)
		return false;
	json_object_object_foreach(labels, name, value) {
		size_t size = strlen(name);

		if (strncmp(wanted, name, size) != 0)
			continue;
		if (wanted[size] == '\0')
			return true;
		if (wanted[size] == '=' && strcmp(wanted + size + 1,
		    json_object_get_string(value)) == 0)
			return true;
	}
	return false;
}
