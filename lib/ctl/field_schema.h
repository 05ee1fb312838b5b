/*
 * field_schema.h - rows of the protocol as JSON Schema.
 */
#ifndef CTL_FIELD_SCHEMA_H
#define CTL_FIELD_SCHEMA_H

struct evtask_ctl_field;
struct json_object;

/* The schema of a field, to put; NULL without memory. */
struct json_object *field_schema(const struct evtask_ctl_field *field);

/* That of an object with these members. */
struct json_object *fields_schema(const struct evtask_ctl_field *fields);

/* Puts JSON that stands in a row as text. */
void field_put_json(struct json_object **object, const char *key,
    const char *json);

#endif
