/*
 * methods_daemon.c - daemon.*: the program that the console is part of.
 */
#include <json-c/json.h>
#include <string.h>
#include <unistd.h>
#include "console.h"
#include "methods.h"

static struct json_object *
render_counts(const struct registry *registry)
{
	struct json_object *o = json_object_new_object();

	evtask_ctl_put_int(&o, "total", (int64_t)registry->count);
	evtask_ctl_put_int(&o, "live",
	    (int64_t)(registry->count - registry->count_done));
	evtask_ctl_put_int(&o, "done", (int64_t)registry->count_done);
	evtask_ctl_put_int(&o, "created", (int64_t)registry->created);
	return o;
}

struct json_object *
serve_daemon_stats(struct call *call)
{
	const struct evtask_console *console = call->console;
	const struct sessions *sessions = &console->sessions;
	struct json_object *o = json_object_new_object();

	evtask_ctl_put_int(&o, "pid", getpid());
	evtask_ctl_put_int(&o, "started_us",
	    console_epoch_us(console, console->started_us));
	evtask_ctl_put_int(&o, "uptime_us",
	    console_now_us(console) - console->started_us);
	evtask_ctl_put(&o, "tasks", render_counts(&console->registry));
	evtask_ctl_put_int(&o, "clients", (int64_t)sessions->count);
	evtask_ctl_put_int(&o, "subscriptions",
	    (int64_t)sessions->subscriptions);
	evtask_ctl_put_int(&o, "deferred", (int64_t)sessions->deferred);
	evtask_ctl_put_int(&o, "requests", (int64_t)sessions->requests);
	evtask_ctl_put_int(&o, "stalled", (int64_t)sessions->stalled);
	put_seq(&o, call);
	if (o != NULL && console->stats != NULL)
		console->stats(o, console->arg);
	return o;
}

struct json_object *
serve_daemon_reload(struct call *call)
{
	struct evtask_console *console = call->console;
	struct json_object *o;
	int changed;

	if (console->reload == NULL)
		return call_refuse_absent(call,
		    "this program has nothing to read anew");
	changed = console->reload(console->arg);
	o = json_object_new_object();
	evtask_ctl_put_int(&o, "changed", changed);
	evtask_ctl_put(&o, "failed", render_failed_modules(console));
	put_seq(&o, call);
	return o;
}

struct json_object *
serve_daemon_log_level(struct call *call)
{
	const struct evtask_console *console = call->console;
	const char *level = evtask_ctl_get_text(call->params, "level", NULL);
	struct json_object *o;
	const char *previous;

	if (console->log_level == NULL)
		return call_refuse_absent(call,
		    "this program does not log by level");
	previous = console->log_level(NULL, console->arg);
	o = json_object_new_object();
	if (o != NULL)
		evtask_ctl_put_text(&o, "level",
		    console->log_level(level, console->arg));
	evtask_ctl_put_text(&o, "previous", previous);
	return o;
}

static const char *const modes[] = {
	[EVTASK_CONSOLE_DRAIN] = "drain",
	[EVTASK_CONSOLE_CANCEL] = "cancel",
	[EVTASK_CONSOLE_NOW] = "now",
};

const char *
shutdown_mode_name(enum evtask_console_shutdown mode)
{
	return modes[mode];
}

static enum evtask_console_shutdown
mode_of(const char *name)
{
	enum evtask_console_shutdown mode = EVTASK_CONSOLE_DRAIN;

	while (strcmp(modes[mode], name) != 0)
		mode++;
	return mode;
}

/* In a later turn: the answer is on its way, and the program may now stop the
 * console. */
static void
on_ending(void *arg)
{
	struct evtask_console *console = arg;

	evtask_handle_unref(console->ending);
	console->ending = NULL;
	console->shutdown(console->ending_mode, console->ending_timeout_us,
	    console->arg);
}

struct json_object *
call_refuse_absent(struct call *call, const char *message)
{
	struct json_object *members = json_object_new_object();

	evtask_ctl_put_text(&members, "method", call->method->name);
	evtask_ctl_put_text(&members, "needs",
	    evtask_ctl_role_name(call->method->role));
	evtask_ctl_put_text(&members, "role",
	    evtask_ctl_role_name(call->session->role));
	evtask_ctl_put_text(&members, "message", message);
	evtask_ctl_put_text(&members, "hint",
	    "the program that this console is part of does not offer it");
	return call_refuse(call, "PermissionDenied", members);
}

struct json_object *
serve_daemon_shutdown(struct call *call)
{
	struct evtask_console *console = call->console;
	const struct registry *registry = &console->registry;
	struct json_object *o;

	if (console->shutdown == NULL)
		return call_refuse_absent(call,
		    "this program is not ended by its clients");
	console->ending_mode = mode_of(evtask_ctl_get_text(call->params,
	    "mode", "drain"));
	console->ending_timeout_us = call_timeout_us(call);
	if (console->ending == NULL && evtask_call_soon(console->loop,
	    on_ending, console, &console->ending) < 0)
		return NULL;
	o = json_object_new_object();
	evtask_ctl_put_text(&o, "mode",
	    shutdown_mode_name(console->ending_mode));
	evtask_ctl_put_int(&o, "live",
	    (int64_t)(registry->count - registry->count_done));
	return o;
}
