/* read.h - JSON text to a json-c value, by the RFC and within the limits. */
#ifndef CTL_READ_H
#define CTL_READ_H

#include "scan.h"

struct json_object;

/*
 * Returns 0 and the value, the caller's (NULL: the text is null); -EINVAL and
 * *ret_fault; -ENOMEM.
 */
int read_json(const char *text, size_t size, struct json_object **ret_value,
    struct scan_fault *ret_fault);

#endif
