/* json_schema.h - a value against a JSON Schema. */
#ifndef CTL_JSON_SCHEMA_H
#define CTL_JSON_SCHEMA_H

#include <stdbool.h>

struct fault;
struct json_object;

/* Whether value holds what schema says; if not, the fault is filled. */
bool check_json_schema(struct json_object *schema, struct json_object *value,
    struct fault *fault);

/* Whether the schema says "writeOnly": what it holds is never shown. */
bool is_secret(struct json_object *schema);

#endif
