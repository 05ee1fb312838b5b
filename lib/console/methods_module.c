/*
 * methods_module.c - module.*: coroutines that the program loads as it runs.
 *
 * The console knows nothing of files and shared objects: it asks the program
 * which modules there are, and asks it to change one. What such a change has
 * brought or taken is in the catalog, where it stands with the module's name.
 * A program without modules lists none, and refuses to load any.
 */
#include <errno.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include "console.h"
#include "methods.h"

static bool
next_module(const struct evtask_console *console, const char *after,
    struct evtask_console_module *ret_module)
{
	const struct evtask_console_modules *modules = console->modules;

	return modules != NULL && modules->next(after, ret_module,
	    modules->arg);
}

static bool
find_module(const struct evtask_console *console, const char *name,
    struct evtask_console_module *ret_module)
{
	bool found = next_module(console, "", ret_module);

	while (found && strcmp(ret_module->name, name) < 0)
		found = next_module(console, ret_module->name, ret_module);
	return found && strcmp(ret_module->name, name) == 0;
}

static struct json_object *
render_module(const struct evtask_console *console,
    const struct evtask_console_module *module)
{
	struct json_object *o = json_object_new_object();
	struct json_object *names = json_object_new_array();
	const struct evtask_coroutine *const *row = module->coroutines;
	const struct catalog_entry *entry;
	size_t live = 0;

	for (; row != NULL && *row != NULL; row++) {
		entry = catalog_find(&console->catalog, (*row)->name);
		live += entry != NULL ? entry->live : 0;
		evtask_ctl_append(&names, json_object_new_string((*row)->name));
	}
	evtask_ctl_put_text(&o, "name", module->name);
	evtask_ctl_put_text(&o, "version", module->version);
	evtask_ctl_put_bool(&o, "loaded", module->coroutines != NULL);
	evtask_ctl_put(&o, "coroutines", names);
	evtask_ctl_put_int(&o, "live", (int64_t)live);
	evtask_ctl_put_text(&o, "why", module->why);
	return o;
}

struct json_object *
render_failed_modules(const struct evtask_console *console)
{
	struct json_object *list = json_object_new_array();
	struct evtask_console_module module;
	bool found = next_module(console, "", &module);

	for (; found; found = next_module(console, module.name, &module))
		if (module.why != NULL)
			evtask_ctl_append(&list, render_module(console,
			    &module));
	return list;
}

/* The cursor is the last name of the page before. */
struct json_object *
serve_module_list(struct call *call)
{
	const struct evtask_console *console = call->console;
	const char *after = evtask_ctl_get_text(call->params, "cursor", "");
	int64_t limit = evtask_ctl_get_int(call->params, "limit", 1);
	struct json_object *list = json_object_new_array(), *o;
	struct evtask_console_module module;
	const char *last = NULL, *next = NULL;
	int64_t total = 0;
	bool found = next_module(console, "", &module);

	for (; found; found = next_module(console, module.name, &module)) {
		total++;
		if (strcmp(module.name, after) <= 0)
			continue;
		if (limit-- > 0) {
			evtask_ctl_append(&list, render_module(console,
			    &module));
			last = module.name;
		} else {
			next = last;
		}
	}
	o = json_object_new_object();
	evtask_ctl_put(&o, "modules", list);
	evtask_ctl_put_int(&o, "total", total);
	evtask_ctl_put_text(&o, "next", next);
	put_seq(&o, call);
	return o;
}

static struct json_object *
refuse_change(struct call *call, const char *name, int r, const char *why)
{
	struct json_object *members = json_object_new_object();

	evtask_ctl_put_text(&members, "module", name);
	evtask_ctl_put_text(&members, "why", why != NULL ? why
	    : strerror(-r));
	return call_refuse(call, r == -ENOENT ? "ModuleNotFound"
	    : r == -EBUSY ? "ModuleInUse" : "ModuleInvalid", members);
}

static struct json_object *
answer_changed(const struct call *call, const char *name, bool changed)
{
	struct evtask_console_module module = { .name = name };
	struct json_object *o = json_object_new_object();

	(void)!find_module(call->console, name, &module);
	evtask_ctl_put(&o, "module", render_module(call->console, &module));
	evtask_ctl_put_bool(&o, "changed", changed);
	put_seq(&o, call);
	return o;
}

static struct json_object *
change(struct call *call, enum evtask_console_change change)
{
	const struct evtask_console_modules *modules = call->console->modules;
	const char *name = evtask_ctl_get_text(call->params, "name", "");
	char *why = NULL;
	int r;

	if (modules == NULL)
		return call_refuse_absent(call,
		    "this program loads no modules");
	r = modules->change(change, name, &why, modules->arg);
	if (r < 0 && r != -ENOMEM)
		refuse_change(call, name, r, why);
	free(why);
	return r >= 0 ? answer_changed(call, name, r > 0) : NULL;
}

struct json_object *
serve_module_load(struct call *call)
{
	return change(call, EVTASK_CONSOLE_LOAD);
}

struct json_object *
serve_module_unload(struct call *call)
{
	return change(call, EVTASK_CONSOLE_UNLOAD);
}

struct json_object *
serve_module_reload(struct call *call)
{
	return change(call, EVTASK_CONSOLE_RELOAD);
}
