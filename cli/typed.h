/*
 * typed.h - text, as the value that a JSON Schema wants.
 */
#ifndef CLI_TYPED_H
#define CLI_TYPED_H

#include <stdbool.h>

struct json_object;

/*
 * The JSON value that text stands for where schema is wanted; NULL knows
 * nothing. key only names it in the sentence. Returns 0; -EINVAL, and *ret_why
 * is a sentence to free; -ENOMEM.
 */
int typed_read(struct json_object *schema, const char *key, const char *text,
    struct json_object **ret_value, char **ret_why);

/* The schema of that member; NULL: any value. Borrowed. */
struct json_object *
typed_member(struct json_object *schema, const char *name);

/* What the schema takes, in a word: "duration", "text", "true|false" ... */
const char *typed_name(struct json_object *schema);

/* Whether the schema names that type: "array", "string" ... */
bool typed_allows(struct json_object *schema, const char *type);

#endif
