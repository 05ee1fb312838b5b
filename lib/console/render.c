/*
 * render.c - what the console knows, as the JSON of the protocol.
 *
 * Values of a type that JSON has become that; lists become arrays; what the
 * protocol cannot show, such as a pointer of the program's own, is named by
 * its type. Values in values and causes of causes are followed only so far:
 * a line may not be nested without end.
 */
#include "render.h"
#include <errno.h>
#include <evtask/ctl_message.h>
#include <evtask/ctl_value.h>
#include <evtask/ctl_writer.h>
#include <evtask/future.h>
#include <json-c/json.h>
#include <string.h>
#include "console.h"
#include "job.h"

#define LIST_DEPTH_MAX 16
#define CAUSES_MAX 8

static struct json_object *render_value_at(struct evtask_value value,
    int depth);
static struct json_object *render_error_at(const struct evtask_error *error,
    int depth);

void
put_or_null(struct json_object **object, const char *key, bool present,
    struct json_object *value)
{
	if (present)
		evtask_ctl_put(object, key, value);
	else
		evtask_ctl_put_null(object, key);
}

/* As write_site() says it: but an error is a value of a task, which the
 * program may look into. */
static struct json_object *
render_site(const struct evtask_site *site)
{
	struct json_object *o = json_object_new_object();

	evtask_ctl_put_text(&o, "func", site->func);
	evtask_ctl_put_text(&o, "file", site->file);
	evtask_ctl_put_int(&o, "line", site->line);
	return o;
}

static struct json_object *
render_error_at(const struct evtask_error *error, int depth)
{
	const struct evtask_site *site = evtask_error_site(error);
	const struct evtask_error *cause = depth < CAUSES_MAX
	    ? evtask_error_cause(error) : NULL;
	struct json_object *o = json_object_new_object();

	evtask_ctl_put_text(&o, "type", evtask_error_type(error));
	evtask_ctl_put_int(&o, "code", evtask_error_code(error));
	evtask_ctl_put_text(&o, "message", evtask_error_message(error));
	put_or_null(&o, "site", site != NULL,
	    site != NULL ? render_site(site) : NULL);
	put_or_null(&o, "cause", cause != NULL,
	    cause != NULL ? render_error_at(cause, depth + 1) : NULL);
	return o;
}

struct json_object *
render_error(const struct evtask_error *error)
{
	return render_error_at(error, 0);
}

static struct json_object *
render_opaque(const struct evtask_type *type)
{
	struct json_object *o = json_object_new_object();

	evtask_ctl_put_text(&o, "type", type->name);
	return o;
}

static struct json_object *
render_list(const struct evtask_list *list, int depth)
{
	struct json_object *array = json_object_new_array();
	struct evtask_value v;
	size_t i;

	for (i = 0; array != NULL && i < list->n; i++) {
		v = list->values[i];
		if (v.type == NULL)
			json_object_array_add(array, NULL);
		else
			evtask_ctl_append(&array, render_value_at(v,
			    depth + 1));
	}
	return array;
}

/* Of a value that is one: none has no JSON object in json-c. */
static struct json_object *
render_value_at(struct evtask_value value, int depth)
{
	if (value.type == &evtask_type_bool)
		return json_object_new_boolean(value.u.b);
	if (value.type == &evtask_type_int)
		return json_object_new_int64(value.u.i);
	if (evtask_value_text(value) != NULL)
		return json_object_new_string(evtask_value_text(value));
	if (value.type == &evtask_type_error)
		return render_error(value.u.e);
	if (value.type == &evtask_type_list && depth < LIST_DEPTH_MAX)
		return render_list(value.u.l, depth);
	if (value.type == &job_type_json)
		return json_object_get(value.u.p);
	return render_opaque(value.type);
}

struct json_object *
render_value(struct evtask_value value)
{
	return render_value_at(value, 0);
}

/* Text that a client may take as it is: UTF-8, and no NUL inside. */
static bool
is_plain(const struct job_log_line *line)
{
	return memchr(line->bytes, '\0', line->size) == NULL &&
	    evtask_ctl_is_utf8(line->bytes, line->size);
}

void
write_log_line(struct evtask_ctl_writer *w, const char *key,
    const struct evtask_console *console, const struct job_log_line *line)
{
	struct json_object *base64;

	evtask_ctl_write_open(w, key);
	evtask_ctl_write_text(w, "stream",
	    line->stream == EVTASK_JOB_OUT ? "stdout" : "stderr");
	evtask_ctl_write_int(w, "ts_us",
	    console_epoch_us(console, line->ts_us));
	evtask_ctl_write_bytes(w, "text", line->bytes, line->size);
	if (!is_plain(line)) {
		base64 = evtask_ctl_base64_encode(line->bytes, line->size);
		if (base64 == NULL)
			evtask_ctl_write_fail(w);
		else
			evtask_ctl_write_value(w, "data_base64", base64);
		json_object_put(base64);
	}
	if (line->partial)
		evtask_ctl_write_bool(w, "partial", true);
	evtask_ctl_write_close(w);
}

const char *
state_of(const struct record *record)
{
	return evtask_state_name(evtask_get_state(record->task));
}

const char *
outcome_of(const struct record *record)
{
	return evtask_outcome_name(evtask_get_outcome(record->task));
}

const char *
ending_of(const struct record *record)
{
	return record->job != NULL && record->job->ending[0] != '\0' &&
	    evtask_get_outcome(record->task) == EVTASK_OUTCOME_RETURNED
	    ? record->job->ending : NULL;
}

static const struct evtask_error *
failure_of(const struct record *record)
{
	struct evtask_error *error = NULL;

	if (evtask_exception(record->task, &error) == -ECANCELED)
		error = evtask_cancellation(record->task);
	return error;
}

struct json_object *
render_failure(const struct record *record)
{
	const struct evtask_error *error = failure_of(record);

	return error != NULL ? render_error(error) : NULL;
}

void
render_ending(struct json_object **object, const struct record *record)
{
	const struct evtask_error *error = failure_of(record);
	struct evtask_value value;

	evtask_ctl_put_text(object, "outcome", outcome_of(record));
	if (error != NULL) {
		evtask_ctl_put(object, "error", render_error(error));
		return;
	}
	if (evtask_result(record->task, &value) < 0)
		value = evtask_value_none();
	put_or_null(object, "value", value.type != NULL &&
	    !(value.type == &job_type_json && value.u.p == NULL),
	    value.type != NULL ? render_value(value) : NULL);
}

bool
write_short_ending(struct evtask_ctl_writer *w, const struct record *record)
{
	struct evtask_value value = evtask_value_none();

	if (failure_of(record) != NULL)
		return false;
	(void)evtask_result(record->task, &value);
	if (value.type != NULL && value.type != &evtask_type_bool &&
	    value.type != &evtask_type_int)
		return false;
	evtask_ctl_write_text(w, "outcome", outcome_of(record));
	if (value.type == NULL)
		evtask_ctl_write_null(w, "value");
	else if (value.type == &evtask_type_bool)
		evtask_ctl_write_bool(w, "value", value.u.b);
	else
		evtask_ctl_write_int(w, "value", value.u.i);
	return true;
}
