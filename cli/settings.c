/*
 * settings.c - what the options say that every line takes.
 */
#include "settings.h"

#include <evtask/ctl_value.h>
#include <json-c/json.h>
#include <string.h>

static enum out_form
form_of(const char *name)
{
	enum out_form form = OUT_TABLE;

	while (strcmp(out_forms[form], name) != 0)
		form++; /* the grammar takes no other */
	return form;
}

void
settings_apply(struct settings *settings, struct json_object *globals)
{
	struct json_object *color = evtask_ctl_get(globals, "color");

	settings->place.socket = evtask_ctl_get_text(globals, "socket",
	    settings->place.socket);
	settings->place.host = evtask_ctl_get_text(globals, "host",
	    settings->place.host);
	settings->pid = evtask_ctl_get_int(globals, "pid", settings->pid);
	settings->core = evtask_ctl_get_text(globals, "core", settings->core);
	settings->file = evtask_ctl_get_text(globals, "file", settings->file);
	settings->timeout_us = evtask_ctl_get_int(globals, "timeout_us",
	    settings->timeout_us);
	if (evtask_ctl_get(globals, "output") != NULL)
		settings->form = form_of(evtask_ctl_get_text(globals, "output",
		    ""));
	settings->columns = evtask_ctl_get_text(globals, "columns",
	    settings->columns);
	settings->sort = evtask_ctl_get_text(globals, "sort", settings->sort);
	settings->no_pager = evtask_ctl_get_bool(globals, "no_pager",
	    settings->no_pager);
	settings->keep_going = evtask_ctl_get_bool(globals, "keep_going",
	    settings->keep_going);
	settings->stdio = evtask_ctl_get_bool(globals, "stdio", false);
	settings->help = evtask_ctl_get_bool(globals, "help", false);
	settings->version = evtask_ctl_get_bool(globals, "version", false);
	if (color != NULL)
		settings->color = json_object_get_boolean(color);
}
