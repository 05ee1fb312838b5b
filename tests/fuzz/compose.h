/*
 * compose.h - requests that bytes choose: which method, which members it has,
 * and of what kind their values are. They are taken from the schema, so that
 * most of it is nearly right.
 */
#ifndef TESTS_FUZZ_COMPOSE_H
#define TESTS_FUZZ_COMPOSE_H

#include <evtask/ctl.h>
#include <stdbool.h>
#include <stdint.h>
#include "lib/ctl/text.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* The bytes that choose; when they are used up, zeros. */
struct choices {
	const uint8_t *at, *end;
};

/* One of so many, from 0; of is 1 to 256. */
unsigned choose(struct choices *choices, unsigned of);

/* A method; those with long answers that are much the same every time now and
 * then, or not at all. */
const struct evtask_ctl_method *compose_method(struct choices *choices);

/* Adds a request as a line; without an id when that is negative. */
void compose_request(struct choices *choices, struct text *out,
    const struct evtask_ctl_method *method, int64_t id);

/* Adds a value of any kind. */
void compose_value(struct choices *choices, struct text *out);

#endif
