/* message.h - what the two gates of message.c and accept.c share. */
#ifndef CTL_MESSAGE_H
#define CTL_MESSAGE_H

#include <stddef.h>

struct evtask_ctl_method;
struct json_object;

/*
 * A gate closes: *ret_reply is made of error (taken; NULL: there was no
 * memory for it). Returns -EBADMSG or -ENOMEM.
 */
int refuse(struct json_object *id, struct json_object *error,
    struct json_object **ret_reply);

/* The row of the method of that name, which no NUL need end; or NULL. */
const struct evtask_ctl_method *method_find(const char *name, size_t size);

/*
 * As evtask_ctl_error_new(), of members that were put together: NULL is then
 * a failure, and not none.
 */
struct json_object *error_of(const char *name, struct json_object *members);

#endif
