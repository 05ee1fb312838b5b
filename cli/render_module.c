/*
 * render_module.c - modules for people: what they have brought, or what is
 * wrong with them.
 */
#include <evtask/ctl_value.h>
#include <json-c/json.h>
#include <string.h>
#include "render.h"

static enum paint
show_state(FILE *cell, struct json_object *module, int64_t now_us)
{
	bool loaded = evtask_ctl_get_bool(module, "loaded", false);
	bool wrong = evtask_ctl_get_text(module, "why", NULL) != NULL;

	fputs(loaded ? "loaded" : wrong ? "refused" : "unloaded", cell);
	return wrong ? PAINT_RED : loaded ? PAINT_GREEN : PAINT_DIM;
}

static enum paint
show_coroutines(FILE *cell, struct json_object *module, int64_t now_us)
{
	struct json_object *list = evtask_ctl_get(module, "coroutines");
	const char *why = evtask_ctl_get_text(module, "why", NULL);
	size_t n = json_object_is_type(list, json_type_array) ?
	    json_object_array_length(list) : 0;

	for (size_t i = 0; i < n; i++)
		fprintf(cell, "%s%s", i > 0 ? " " : "", json_object_get_string(
		    json_object_array_get_idx(list, i)));
	if (why != NULL)
		fprintf(cell, "%s%s", n > 0 ? "; " : "", why);
	return PAINT_NONE;
}

static const struct rows_column module_columns[] = {
	{ "name", "NAME", .show = render_name_cell },
	{ "version", "VERSION", .wide = false },
	{ "state", "STATE", "loaded", .show = show_state },
	{ "live", "LIVE", .right = true },
	{ "coroutines", "", .flexible = true, .show = show_coroutines },
	{ .name = NULL }
};

const struct rows_kind render_modules = {
	.id = "name",
	.tsv = "name,version,loaded,live,why",
	.columns = module_columns,
};
