/*
 * discover.c - the tables as an OpenRPC document.
 *
 * Nothing is said here that a row does not say: a field becomes a JSON Schema,
 * a shape a component that fields refer to, a method a method with its errors
 * and its example. What OpenRPC has no word for stands under x-.
 */
#include <evtask/ctl_message.h>
#include <evtask/ctl_value.h>
#include <evtask/ctl_writer.h>
#include <json-c/json.h>
#include "field_schema.h"

#define OPENRPC_VERSION "1.3.2"

static struct json_object *
params_of(const struct evtask_ctl_method *method)
{
	struct json_object *list = json_object_new_array(), *param;
	const struct evtask_ctl_field *f;

	for (f = method->params; f->name != NULL; f++) {
		param = json_object_new_object();
		evtask_ctl_put_text(&param, "name", f->name);
		evtask_ctl_put_text(&param, "description", f->doc);
		evtask_ctl_put_bool(&param, "required", !f->optional);
		evtask_ctl_put(&param, "schema", field_schema(f));
		if (f->not_with != NULL)
			evtask_ctl_put_text(&param, "x-not-with", f->not_with);
		evtask_ctl_append(&list, param);
	}
	return list;
}

static struct json_object *
result_of(const struct evtask_ctl_method *method)
{
	struct json_object *result = json_object_new_object();

	evtask_ctl_put_text(&result, "name", "result");
	evtask_ctl_put(&result, "schema", fields_schema(method->result));
	return result;
}

static struct json_object *
error_of_row(const struct evtask_ctl_error *row)
{
	struct json_object *error = json_object_new_object();
	struct json_object *data = json_object_new_object();

	evtask_ctl_put_text(&data, "name", row->name);
	evtask_ctl_put_text(&data, "hint", row->hint);
	evtask_ctl_put_int(&error, "code", row->code);
	evtask_ctl_put_text(&error, "message", row->message);
	evtask_ctl_put(&error, "data", data);
	return error;
}

static struct json_object *
errors_of(const struct evtask_ctl_method *method)
{
	struct json_object *list = json_object_new_array();
	const char *const *name;

	for (name = method->errors; *name != NULL; name++)
		evtask_ctl_append(&list,
		    error_of_row(evtask_ctl_error_find(*name)));
	return list;
}

static struct json_object *
general_errors(void)
{
	struct json_object *list = json_object_new_array();
	const struct evtask_ctl_error *e;

	for (e = evtask_ctl_errors(); e->name != NULL; e++)
		if (e->general)
			evtask_ctl_append(&list, error_of_row(e));
	return list;
}

/* OpenRPC wants the params of an example one by one. */
static struct json_object *
example_params(const struct evtask_ctl_method *method)
{
	struct json_object *list = json_object_new_array(), *params, *param;
	struct json_object *holder = json_object_new_object();

	field_put_json(&holder, "params", method->example_params);
	params = evtask_ctl_get(holder, "params");
	if (params == NULL) {
		json_object_put(holder);
		json_object_put(list);
		return NULL;
	}
	json_object_object_foreach(params, name, value) {
		param = json_object_new_object();
		evtask_ctl_put_text(&param, "name", name);
		evtask_ctl_put(&param, "value", json_object_get(value));
		evtask_ctl_append(&list, param);
	}
	json_object_put(holder);
	return list;
}

static struct json_object *
examples_of(const struct evtask_ctl_method *method)
{
	struct json_object *list = json_object_new_array();
	struct json_object *example = json_object_new_object();
	struct json_object *result = json_object_new_object();

	evtask_ctl_put_text(&result, "name", "result");
	field_put_json(&result, "value", method->example_result);
	evtask_ctl_put_text(&example, "name", method->name);
	evtask_ctl_put(&example, "params", example_params(method));
	evtask_ctl_put(&example, "result", result);
	evtask_ctl_append(&list, example);
	return list;
}

static struct json_object *
describe_method(const struct evtask_ctl_method *m)
{
	struct json_object *method = json_object_new_object();

	evtask_ctl_put_text(&method, "name", m->name);
	evtask_ctl_put_text(&method, "summary", m->summary);
	evtask_ctl_put_text(&method, "description", m->doc);
	evtask_ctl_put_text(&method, "paramStructure", "by-name");
	evtask_ctl_put(&method, "params", params_of(m));
	evtask_ctl_put(&method, "result", result_of(m));
	evtask_ctl_put(&method, "errors", errors_of(m));
	evtask_ctl_put(&method, "examples", examples_of(m));
	evtask_ctl_put_text(&method, "x-role", evtask_ctl_role_name(m->role));
	evtask_ctl_put_bool(&method, "x-deferred", m->deferred);
	evtask_ctl_put_bool(&method, "x-notification", m->notify);
	evtask_ctl_put_text(&method, "x-verb", m->verb);
	return method;
}

static struct json_object *
all_components(void)
{
	struct json_object *components = json_object_new_object();
	struct json_object *schemas = json_object_new_object(), *schema;
	const struct evtask_ctl_shape *s;

	for (s = evtask_ctl_shapes(); s->name != NULL; s++) {
		schema = fields_schema(s->fields);
		evtask_ctl_put_text(&schema, "description", s->doc);
		evtask_ctl_put(&schemas, s->name, schema);
	}
	evtask_ctl_put(&components, "schemas", schemas);
	return components;
}

static void
append_described(struct json_object **list, const char *name, const char *doc,
    const char *key, const struct evtask_ctl_field *fields)
{
	struct json_object *row = json_object_new_object();

	evtask_ctl_put_text(&row, "name", name);
	evtask_ctl_put_text(&row, "description", doc);
	evtask_ctl_put(&row, key, fields_schema(fields));
	evtask_ctl_append(list, row);
}

static struct json_object *
all_events(void)
{
	struct json_object *list = json_object_new_array();
	const struct evtask_ctl_event *e;

	for (e = evtask_ctl_events(); e->name != NULL; e++)
		append_described(&list, e->name, e->doc, "data", e->data);
	return list;
}

static struct json_object *
all_notices(void)
{
	struct json_object *list = json_object_new_array();
	const struct evtask_ctl_notice *n;

	for (n = evtask_ctl_notices(); n->name != NULL; n++)
		append_described(&list, n->name, n->doc, "params", n->params);
	return list;
}

/* What comes behind the methods. */
static const struct {
	const char *key;
	struct json_object *(*make)(void);
} rest[] = {
	{ "components", all_components },
	{ "x-errors", general_errors },
	{ "x-notifications", all_notices },
	{ "x-events", all_events },
};

#define N_REST (sizeof(rest) / sizeof(rest[0]))

static struct json_object *
info_of(const char *title, const char *version)
{
	struct json_object *info = json_object_new_object();

	evtask_ctl_put_text(&info, "title", title);
	evtask_ctl_put_text(&info, "version", version);
	return info;
}

struct json_object *
evtask_ctl_discover(const char *title, const char *version)
{
	struct json_object *document = json_object_new_object();
	struct json_object *methods = json_object_new_array();
	const struct evtask_ctl_method *m;
	size_t i;

	for (m = evtask_ctl_methods(); m->name != NULL; m++)
		evtask_ctl_append(&methods, describe_method(m));
	evtask_ctl_put_text(&document, "openrpc", OPENRPC_VERSION);
	evtask_ctl_put(&document, "info", info_of(title, version));
	evtask_ctl_put(&document, "methods", methods);
	for (i = 0; i < N_REST; i++)
		evtask_ctl_put(&document, rest[i].key, rest[i].make());
	return document;
}

/* The value is taken. */
static void
write_made(struct evtask_ctl_writer *w, const char *key,
    struct json_object *value)
{
	if (value != NULL)
		evtask_ctl_write_value(w, key, value);
	else
		evtask_ctl_write_fail(w);
	json_object_put(value);
}

static size_t
count_methods(void)
{
	const struct evtask_ctl_method *methods = evtask_ctl_methods();
	size_t n = 0;

	while (methods[n].name != NULL)
		n++;
	return n;
}

bool
evtask_ctl_write_discovery(struct evtask_ctl_writer *w, size_t piece,
    const char *title, const char *version)
{
	size_t n = count_methods();

	if (piece == 0) {
		evtask_ctl_write_begin(w);
		evtask_ctl_write_open(w, NULL);
		evtask_ctl_write_text(w, "openrpc", OPENRPC_VERSION);
		write_made(w, "info", info_of(title, version));
		evtask_ctl_write_open_list(w, "methods");
		return true;
	}
	if (piece <= n) {
		write_made(w, NULL,
		    describe_method(&evtask_ctl_methods()[piece - 1]));
		return true;
	}
	if (piece == n + 1)
		evtask_ctl_write_close_list(w);
	write_made(w, rest[piece - n - 1].key, rest[piece - n - 1].make());
	if (piece < n + N_REST)
		return true;
	evtask_ctl_write_close(w);
	return false;
}
