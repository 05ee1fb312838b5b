/* read.h - JSON text to a json-c value, by the RFC and within the limits. */
#ifndef CTL_READ_H
#define CTL_READ_H

#include <stddef.h>

struct json_object;

/* Where and why a text is not JSON. */
struct read_fault {
	size_t offset;
	const char *expected; /* static */
	char got[16];         /* the byte there, or "the end" */
};

/*
 * Returns 0 and the value, the caller's (NULL: the text is null); -EINVAL and
 * *ret_fault; -ENOMEM.
 */
int read_json(const char *text, size_t size, struct json_object **ret_value,
    struct read_fault *ret_fault);

#endif
