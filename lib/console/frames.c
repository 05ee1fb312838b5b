/*
 * frames.c - the frames of stacks, with the names of their functions.
 */
#include "frames.h"
#include <evtask/ctl_value.h>
#include <evtask/inspect_stack.h>
#include <json-c/json.h>
#include "console.h"

/* Read when first asked for, and kept: sorting a file's symbols takes longer
 * than to unwind a thousand stacks. */
struct evtask_symbols *
console_symbols(struct evtask_console *console)
{
	if (console->symbols == NULL &&
	    evtask_symbols_new(&console->symbols) < 0)
		return NULL;
	return console->symbols;
}

static struct json_object *
render_frame(struct evtask_symbols *symbols, const void *frame)
{
	struct json_object *o = json_object_new_object();
	struct evtask_symbol symbol;

	evtask_symbols_find(symbols, frame, &symbol);
	evtask_ctl_put_text(&o, "func", symbol.func);
	if (symbol.func != NULL)
		evtask_ctl_put_int(&o, "offset", (int64_t)symbol.func_offset);
	else
		evtask_ctl_put_null(&o, "offset");
	evtask_ctl_put_text(&o, "module", symbol.module);
	evtask_ctl_put_int(&o, "address", (int64_t)symbol.address);
	return o;
}

struct json_object *
render_frames(struct evtask_symbols *symbols, void *const *frames, int n)
{
	struct json_object *array = json_object_new_array();
	int i;

	for (i = 0; i < n; i++)
		evtask_ctl_append(&array, render_frame(symbols, frames[i]));
	return array;
}
