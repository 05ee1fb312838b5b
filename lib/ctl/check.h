/* check.h - a value against rows of the tables. */
#ifndef CTL_CHECK_H
#define CTL_CHECK_H

#include <evtask/ctl_schema.h>

struct fault;
struct json_object;

/* Whether object holds what the rows say and nothing else. */
bool check_fields(const struct evtask_ctl_field *fields,
    struct json_object *object, struct fault *fault);

/* The id of a request: text of at most 128 bytes, or an integer. */
bool is_id(struct json_object *value);

#endif
