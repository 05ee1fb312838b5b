/* read.h - JSON text to a json-c value, by the RFC and within the limits. */
#ifndef CTL_READ_H
#define CTL_READ_H

#include <stddef.h>
#include <stdint.h>

struct json_object;

/* Where and why a text is not JSON. */
struct read_fault {
	size_t offset;
	const char *expected; /* static */
	char got[16];         /* the byte there, or "the end" */
};

#define READ_ALL SIZE_MAX /* however many values: a budget without an end */

/*
 * Returns 0 and the value, the caller's (NULL: the text is null); -EINVAL and
 * *ret_fault; -ENOMEM. What has more values than the budget is a fault.
 */
int read_json(const char *text, size_t size, size_t budget,
    struct json_object **ret_value, struct read_fault *ret_fault);

/* Text where it stands in the line. */
struct read_text {
	const char *bytes; /* NULL: it is not there */
	size_t size;
};

/* Where the value of that member goes, one or the other; nothing before. */
struct read_slot {
	const char *name; /* NULL ends */
	size_t name_size;
	struct json_object **value; /* the caller's then */
	struct read_text *text;     /* borrowed from the line */
};

/*
 * Reads an object that has no members but these, each at most once and none
 * null; of what goes to a text no character is escaped. 1; 0 when it is
 * anything else, and then nothing is read: ask read_json() what it is; -EINVAL
 * and *ret_fault when it goes beyond the budget, which needs no second look.
 */
int read_slots(const char *text, size_t size, size_t budget,
    const struct read_slot *slots, struct read_fault *ret_fault);

#endif
