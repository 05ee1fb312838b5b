/*
 * field_schema.c - rows of the protocol as JSON Schema.
 *
 * A type of the rows is a type there, with its bounds; a shape is a reference
 * to a component of that name.
 */
#include "field_schema.h"

#include <evtask/ctl_schema.h>
#include <evtask/ctl_value.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>
#include "read.h"

static void put_type(struct json_object **schema,
    const struct evtask_ctl_field *field);

/* A row that is wrong is found by the tests. */
void
field_put_json(struct json_object **object, const char *key, const char *json)
{
	struct json_object *value = NULL;
	struct read_fault fault;

	(void)read_json(json, strlen(json), READ_ALL, &value, &fault);
	evtask_ctl_put(object, key, value);
}

static struct json_object *
text_list(const char *const *texts)
{
	struct json_object *list = json_object_new_array();

	for (; *texts != NULL; texts++)
		evtask_ctl_append(&list, json_object_new_string(*texts));
	return list;
}

static struct json_object *
schema_of_type(const char *type)
{
	struct json_object *schema = json_object_new_object();

	evtask_ctl_put_text(&schema, "type", type);
	return schema;
}

/* An integer or a text: a TaskRef, or the id of a request. */
static void
put_reference(struct json_object **schema, const struct evtask_ctl_field *field)
{
	bool task = field->type == EVTASK_CTL_TASK;
	struct json_object *n = schema_of_type("integer");
	struct json_object *text = schema_of_type("string");
	struct json_object *either = json_object_new_array();

	evtask_ctl_put_int(&n, "minimum", task ? 1 : -EVTASK_CTL_INT_MAX);
	evtask_ctl_put_int(&n, "maximum", EVTASK_CTL_INT_MAX);
	evtask_ctl_put_int(&text, "minLength", task ? 1 : 0);
	evtask_ctl_put_int(&text, "maxLength", EVTASK_CTL_NAME_MAX);
	evtask_ctl_append(&either, n);
	evtask_ctl_append(&either, text);
	evtask_ctl_put(schema, "anyOf", either);
}

static void
put_int(struct json_object **schema, const struct evtask_ctl_field *field)
{
	evtask_ctl_put_text(schema, "type", "integer");
	evtask_ctl_put_int(schema, "minimum", field->min);
	evtask_ctl_put_int(schema, "maximum", field->max);
}

/* JSON Schema counts characters: bytes are never fewer, so max holds. */
static void
put_text(struct json_object **schema, const struct evtask_ctl_field *field)
{
	evtask_ctl_put_text(schema, "type", "string");
	if (field->type == EVTASK_CTL_BASE64) {
		evtask_ctl_put_text(schema, "contentEncoding", "base64");
	} else if (field->values != NULL) {
		evtask_ctl_put(schema, "enum", text_list(field->values));
	} else {
		evtask_ctl_put_int(schema, "minLength", field->min > 0);
		evtask_ctl_put_int(schema, "maxLength", field->max);
	}
}

static void
put_array(struct json_object **schema, const struct evtask_ctl_field *field)
{
	struct json_object *items = json_object_new_object();

	put_type(&items, field->item);
	evtask_ctl_put_text(schema, "type", "array");
	evtask_ctl_put_int(schema, "minItems", field->min);
	evtask_ctl_put_int(schema, "maxItems", field->max);
	evtask_ctl_put(schema, "items", items);
}

static void
put_object(struct json_object **schema, const struct evtask_ctl_field *field)
{
	struct json_object *member;
	char ref[96];

	if (field->shape == NULL) {
		evtask_ctl_put_text(schema, "type", "object");
		if (field->item == NULL)
			return;
		member = field_schema(field->item);
		evtask_ctl_put_int(schema, "minProperties", field->min);
		evtask_ctl_put_int(schema, "maxProperties", field->max);
		evtask_ctl_put(schema, "additionalProperties", member);
		return;
	}
	snprintf(ref, sizeof(ref), "#/components/schemas/%s",
	    field->shape->name);
	evtask_ctl_put_text(schema, "$ref", ref);
}

static void
put_type(struct json_object **schema, const struct evtask_ctl_field *field)
{
	switch (field->type) {
	case EVTASK_CTL_ANY:
		break;
	case EVTASK_CTL_BOOL:
		evtask_ctl_put_text(schema, "type", "boolean");
		break;
	case EVTASK_CTL_INT:
		put_int(schema, field);
		break;
	case EVTASK_CTL_TEXT:
	case EVTASK_CTL_BASE64:
		put_text(schema, field);
		break;
	case EVTASK_CTL_TASK:
	case EVTASK_CTL_ID:
		put_reference(schema, field);
		break;
	case EVTASK_CTL_ARRAY:
		put_array(schema, field);
		break;
	case EVTASK_CTL_OBJECT:
		put_object(schema, field);
		break;
	}
}

/* A nullable one is its type or null. */
struct json_object *
field_schema(const struct evtask_ctl_field *field)
{
	struct json_object *schema = json_object_new_object();
	struct json_object *type, *either;

	if (field->nullable) {
		type = json_object_new_object();
		either = json_object_new_array();
		put_type(&type, field);
		evtask_ctl_append(&either, type);
		evtask_ctl_append(&either, schema_of_type("null"));
		evtask_ctl_put(&schema, "anyOf", either);
	} else {
		put_type(&schema, field);
	}
	if (field->initial != NULL)
		field_put_json(&schema, "default", field->initial);
	return schema;
}

/* Clients ignore what they do not know. */
struct json_object *
fields_schema(const struct evtask_ctl_field *fields)
{
	struct json_object *schema = schema_of_type("object");
	struct json_object *properties = json_object_new_object();
	struct json_object *required = json_object_new_array(), *own;
	const struct evtask_ctl_field *f;

	for (f = fields; f->name != NULL; f++) {
		own = field_schema(f);
		evtask_ctl_put_text(&own, "description", f->doc);
		evtask_ctl_put(&properties, f->name, own);
		if (!f->optional)
			evtask_ctl_append(&required,
			    json_object_new_string(f->name));
	}
	evtask_ctl_put(&schema, "properties", properties);
	evtask_ctl_put(&schema, "required", required);
	return schema;
}
