/*
 * stage_output.h - what is said on a stage, by a server.
 *
 * Promises that hold whatever it is sent are looked at: it answers with lines
 * that are JSON, each a reply or a notice as the schema has them.
 */
#ifndef TESTS_FUZZ_STAGE_OUTPUT_H
#define TESTS_FUZZ_STAGE_OUTPUT_H

#include <evtask/ctl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json_object;

/* Says why, and stops, so that the fuzzer keeps the input. */
void stage_fail(const char *what, const char *bytes, size_t size)
    __attribute__((noreturn));

/* What a connection has said and how much of it has been looked at. */
struct stage_output {
	char *bytes;
	size_t size;
	bool ended;
	uint64_t sum;       /* of all lines, in whatever order: of what is due
				at once libevent takes one first, by the
				system's clock */
	size_t bytes_taken; /* in them */
};

/*
 * Told of every line; error is NULL for a result. id may be NULL. A notice is
 * not told, only looked at.
 */
typedef void (*stage_reply_fn)(struct json_object *id,
    struct json_object *result, struct json_object *error, void *arg);

/*
 * Reads up to size bytes and looks at every line that is complete. Returns
 * how many there were.
 */
size_t stage_read(int fd, size_t size, struct stage_output *output,
    stage_reply_fn reply, void *arg);
void stage_output_release(struct stage_output *output);

/* Whether a result is what the schema says of this method's; else aborts. */
void stage_check_result(const struct evtask_ctl_method *method,
    struct json_object *result);

#endif
