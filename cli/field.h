/*
 * field.h - text, typed by a row of the protocol.
 */
#ifndef CLI_FIELD_H
#define CLI_FIELD_H

#include <stdbool.h>

struct evtask_ctl_field;
struct json_object;

/*
 * Puts text into object as the member that field says; name is what the person
 * called it. Lists grow by one, or by the parts between commas where only some
 * values will do. Returns 0; -EINVAL, and *ret_why is a sentence to free;
 * -ENOMEM.
 */
int field_put(const struct evtask_ctl_field *field,
    struct json_object *object, const char *name, const char *text,
    char **ret_why);

/* The same with a value as it is, which this takes; NULL is no memory. */
int field_put_value(const struct evtask_ctl_field *field,
    struct json_object *object, struct json_object *value);

/* Whether text will do as a text of that field. Returns as above. */
int field_check(const struct evtask_ctl_field *field, const char *name,
    const char *text, char **ret_why);

/* Whether it is a number of microseconds, which people write as durations. */
bool field_is_duration(const struct evtask_ctl_field *field);

#endif
