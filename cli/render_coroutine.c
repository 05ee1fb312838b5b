/*
 * render_coroutine.c - coroutines for people: a table of all, a page of one,
 * with its arguments as its JSON Schema has them.
 */
#include <evtask/ctl_value.h>
#include <json-c/json.h>
#include <string.h>
#include "render.h"
#include "table.h"
#include "text.h"
#include "typed.h"

static const struct rows_column coroutine_columns[] = {
	{ "name", "NAME", .show = render_name_cell },
	{ "live", "LIVE", .right = true },
	{ "module", "MODULE", .wide = true },
	{ "summary", "", .flexible = true },
	{ .name = NULL }
};

const struct rows_kind render_coroutines = {
	.id = "name",
	.tsv = "name,live,summary",
	.columns = coroutine_columns,
};

static bool
is_required(struct json_object *schema, const char *name)
{
	struct json_object *required = evtask_ctl_get(schema, "required");

	for (size_t i = 0; json_object_is_type(required, json_type_array) &&
	    i < json_object_array_length(required); i++)
		if (strcmp(json_object_get_string(
		    json_object_array_get_idx(required, i)), name) == 0)
			return true;
	return false;
}

/* The values it may have, where they are counted; else their type. */
static void
print_type(struct table *table, struct json_object *schema)
{
	struct json_object *values = evtask_ctl_get(schema, "enum");
	char words[64] = "";
	size_t used = 0;

	for (size_t i = 0; json_object_is_type(values, json_type_array) &&
	    i < json_object_array_length(values) && used < sizeof(words); i++)
		used += (size_t)snprintf(words + used, sizeof(words) - used,
		    "%s%s", i > 0 ? "|" : "", json_object_get_string(
		    json_object_array_get_idx(values, i)));
	table_cell(table, PAINT_NONE, used > 0 && used < sizeof(words) ?
	    words : typed_name(schema));
}

static void
print_arguments(struct out *out, struct json_object *schema)
{
	static const struct column columns[] = {
		{ .title = "ARGUMENT" },
		{ .title = "TYPE" },
		{ .title = "", .flexible = true },
		{ .title = NULL },
	};
	struct json_object *members = evtask_ctl_get(schema, "properties");
	struct json_object *initial;
	struct table *table;

	if (members == NULL || json_object_object_length(members) == 0) {
		out_printf(out, "It takes no arguments.\n");
		return;
	}
	table = table_new(columns);
	json_object_object_foreach(members, name, member) {
		bool needed = is_required(schema, name);
		const char *doc = evtask_ctl_get_text(member, "description",
		    "");

		table_cellf(table, needed ? PAINT_BOLD : PAINT_NONE, "%s",
		    name);
		print_type(table, member);
		initial = evtask_ctl_get(member, "default");
		if (initial != NULL)
			table_cellf(table, PAINT_NONE, "%s [%s]", doc,
			    json_object_to_json_string_ext(initial,
			    JSON_C_TO_STRING_PLAIN));
		else
			table_cellf(table, PAINT_NONE, "%s%s", doc,
			    needed ? " (required)" : "");
	}
	table_print(out, table);
	table_free(table);
}

/* One argument as a person would type it at a shell. */
static void
print_example_pair(struct out *out, const char *name,
    struct json_object *value)
{
	const char *json = json_object_to_json_string_ext(value,
	    JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);

	if (json_object_is_type(value, json_type_string)) {
		json = json_object_get_string(value);
		out_printf(out, strpbrk(json, " \"'$\\*?[]{}()&|;<>#~") ==
		    NULL ? " %s=%s" : " %s='%s'", name, json);
	} else if (json_object_is_type(value, json_type_array) ||
	    json_object_is_type(value, json_type_object)) {
		out_printf(out, " %s:='%s'", name, json);
	} else {
		out_printf(out, " %s=%s", name, json);
	}
}

void
render_coroutine(struct out *out, struct json_object *coroutine)
{
	struct json_object *example = evtask_ctl_get(coroutine, "example");
	const char *name = evtask_ctl_get_text(coroutine, "name", "?");

	out_printf(out, "%s%s%s - ", out_paint(out, PAINT_BOLD), name,
	    out_plain(out));
	text_print(out->data, evtask_ctl_get_text(coroutine, "summary", ""),
	    false);
	out_printf(out, "\n\n");
	print_arguments(out, evtask_ctl_get(coroutine, "args"));
	if (evtask_ctl_get_bool(coroutine, "takes_stdin", false))
		out_printf(out, "\nIt reads what \"evtask send\" sends.\n");
	if (evtask_ctl_get_bool(coroutine, "takes_signals", false))
		out_printf(out, "%sIt takes signals: see \"evtask "
		    "signal\".\n", evtask_ctl_get_bool(coroutine,
		    "takes_stdin", false) ? "" : "\n");
	if (example == NULL)
		return;
	out_printf(out, "\nexample:\n  %screate %s",
	    out->prompt ? "" : "evtask ", name);
	json_object_object_foreach(example, key, value)
		print_example_pair(out, key, value);
	out_printf(out, "\n");
}
