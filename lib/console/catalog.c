/*
 * catalog.c - the coroutines tasks can be created from, by name.
 *
 * A row is the program's and borrowed; what it says in JSON is read when it is
 * added, so that a mistake in it is found at the start of the program and not
 * by the first who uses it.
 */
#include "catalog.h"
#include <errno.h>
#include <evtask/ctl_message.h>
#include <evtask/ctl_schema.h>
#include <evtask/ctl_value.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#define ENVELOPE_DEPTH 4 /* reply, result, list, coroutine */

/* Where name is, or would be. */
static size_t
place(const struct catalog *catalog, const char *name, bool *ret_found)
{
	size_t low = 0, high = catalog->count, middle;
	int order;

	*ret_found = false;
	while (low < high) {
		middle = low + (high - low) / 2;
		order = strcmp(catalog->entries[middle]->row->name, name);
		if (order == 0) {
			*ret_found = true;
			return middle;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct catalog_entry *
catalog_find(const struct catalog *catalog, const char *name)
{
	bool found;
	size_t i = place(catalog, name, &found);

	return found ? catalog->entries[i] : NULL;
}

/* Whether it can be sent as a member of a coroutine in a list: one row nested
 * too deep would make the whole list unanswerable. */
static int
check_depth(struct json_object *value)
{
	struct json_object *outer;
	char *line;
	size_t size;
	int r, i;

	json_object_get(value);
	for (i = 0; i < ENVELOPE_DEPTH && value != NULL; i++) {
		outer = json_object_new_array();
		evtask_ctl_append(&outer, value);
		value = outer;
	}
	r = value != NULL ? evtask_ctl_encode(value, &line, &size) : -ENOMEM;
	json_object_put(value);
	if (r == 0)
		free(line);
	return r == -E2BIG ? -EINVAL : r;
}

/* An object, or NULL and -EINVAL; text NULL gives absent, which may be NULL. */
static int
read_object(const char *text, const char *absent, struct json_object **ret)
{
	const char *json = text != NULL ? text : absent;

	*ret = NULL;
	if (json == NULL)
		return 0;
	*ret = json_tokener_parse(json);
	return json_object_is_type(*ret, json_type_object) ? check_depth(*ret)
	    : -EINVAL;
}

static void
entry_free(struct catalog_entry *entry)
{
	free(entry->module);
	json_object_put(entry->args);
	json_object_put(entry->result);
	json_object_put(entry->example);
	free(entry);
}

/* An example that its own schema refuses would mislead everybody. */
static int
check_example(const struct catalog_entry *entry)
{
	struct json_object *error = NULL;
	int r;

	if (entry->example == NULL)
		return 0;
	r = evtask_ctl_check_args(entry->args, entry->example, &error);
	json_object_put(error);
	return r;
}

static int
entry_new(const struct evtask_coroutine *row, const char *module,
    struct catalog_entry **ret_entry)
{
	struct catalog_entry *entry = calloc(1, sizeof(*entry));
	int r = 0;

	if (entry == NULL)
		return -ENOMEM;
	entry->row = row;
	if (module != NULL && (entry->module = strdup(module)) == NULL)
		r = -ENOMEM;
	if (r == 0)
		r = read_object(row->args_schema, "{\"type\":\"object\"}",
		    &entry->args);
	if (r == 0)
		r = read_object(row->result_schema, "{}", &entry->result);
	if (r == 0)
		r = read_object(row->example_args, NULL, &entry->example);
	if (r == 0)
		r = check_example(entry);
	if (r < 0)
		entry_free(entry);
	else
		*ret_entry = entry;
	return r;
}

static bool
is_name(const char *name)
{
	return name != NULL && name[0] != '\0' &&
	    strlen(name) <= EVTASK_CTL_NAME_MAX;
}

int
catalog_add(struct catalog *catalog, const struct evtask_coroutine *row,
    const char *module)
{
	struct catalog_entry **entries, *entry;
	bool found;
	size_t i;
	int r;

	if (!is_name(row->name) || row->fn == NULL)
		return -EINVAL;
	i = place(catalog, row->name, &found);
	if (found)
		return -EEXIST;
	r = entry_new(row, module, &entry);
	if (r < 0)
		return r;
	entries = realloc(catalog->entries,
	    (catalog->count + 1) * sizeof(struct catalog_entry *));
	if (entries == NULL) {
		entry_free(entry);
		return -ENOMEM;
	}
	memmove(&entries[i + 1], &entries[i],
	    (catalog->count - i) * sizeof(struct catalog_entry *));
	entries[i] = entry;
	catalog->entries = entries;
	catalog->count++;
	return 0;
}

int
catalog_remove(struct catalog *catalog, const struct evtask_coroutine *row)
{
	struct catalog_entry **retired;
	bool found;
	size_t i = place(catalog, row->name, &found);

	if (!found || catalog->entries[i]->row != row)
		return -ENOENT;
	if (catalog->entries[i]->live > 0)
		return -EBUSY;
	retired = realloc(catalog->retired, (catalog->retired_count + 1) *
	    sizeof(struct catalog_entry *));
	if (retired == NULL)
		return -ENOMEM;
	catalog->retired = retired;
	retired[catalog->retired_count++] = catalog->entries[i];
	catalog->count--;
	memmove(&catalog->entries[i], &catalog->entries[i + 1],
	    (catalog->count - i) * sizeof(struct catalog_entry *));
	return 0;
}

void
catalog_release(struct catalog *catalog)
{
	size_t i;

	for (i = 0; i < catalog->retired_count; i++)
		entry_free(catalog->retired[i]);
	free(catalog->retired);

	for (i = 0; i < catalog->count; i++)
		entry_free(catalog->entries[i]);
	free(catalog->entries);
	*catalog = (struct catalog){0};
}
