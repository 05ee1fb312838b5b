/*
 * fault.h - what is wrong with a value, and where: shared by the checks of
 * params (check.c) and of args (args.c).
 */
#ifndef CTL_FAULT_H
#define CTL_FAULT_H

#include <stdbool.h>
#include <stddef.h>
#include "text.h"

struct json_object;

/*
 * A check walks down into a value and the path goes with it: enter, check,
 * leave. The first fault stops the walk, so the path stays where it is.
 */
struct fault {
	char path[256];     /* "tasks[2].name"; what does not fit is cut */
	size_t path_size;
	struct text expected; /* must be ... */
	struct text got;      /* not ... */
	bool secret;          /* got does not say what */
	const char *did_you_mean; /* NULL: no idea; borrowed */
};

/* Goes into a member or an item; returns what to leave with. */
size_t fault_enter_member(struct fault *fault, const char *name);
size_t fault_enter_item(struct fault *fault, size_t index);
void fault_leave(struct fault *fault, size_t mark);

/*
 * The end of a walk. All return false, the answer of a check that failed.
 * What is expected has been added to fault->expected, or is given here.
 */
bool fault_value(struct fault *fault, struct json_object *value);
bool fault_got(struct fault *fault, const char *expected, const char *got);

/*
 * Makes the error object of that name out of it and releases it; root names
 * the whole value, and method goes along unless NULL. NULL without memory.
 */
struct json_object *fault_take_error(struct fault *fault, const char *name,
    const char *root, const char *method);

#endif
