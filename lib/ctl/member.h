/* member.h - a member of an object, by its name. */
#ifndef CTL_MEMBER_H
#define CTL_MEMBER_H

#include <stdbool.h>

struct json_object;

/* Whether object is one and has it; *ret_value, unless NULL, is the value. */
bool member_find(struct json_object *object, const char *name,
    struct json_object **ret_value);

#endif
