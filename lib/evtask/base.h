/*
 * base.h - what every header of libevtask stands on: visibility, attributes,
 * and sites.
 *
 * A *site* is a place in your source. Every call that waits, creates or
 * cancels records its site, so that the console can say where a task stands
 * and who brought it there; so does every call that can be misused, for debug
 * mode. The macros capture it; the functions named ..._at take it as their
 * last argument, for wrappers of your own that pass their caller's site on.
 * Macros that may be given a compound literal take `...`, as commas in it would
 * part the arguments of any other.
 */
#ifndef EVTASK_BASE_H
#define EVTASK_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EVTASK_API __attribute__((__visibility__("default")))
#define EVTASK_PRINTF(fmt, first) \
	__attribute__((__format__(__printf__, fmt, first)))
#define EVTASK_CHECKED __attribute__((__warn_unused_result__))

/*
 * Marks a function that may suspend the running task: other tasks run before
 * it returns, errno is not preserved, and -ECANCELED is a possible answer
 * that must travel up. Such a function may only be called inside a task;
 * elsewhere it returns -EINVAL and does nothing.
 */
#define EVTASK_SUSPENDS EVTASK_CHECKED

/* A place in the source. Sites are static: they are never freed. */
struct evtask_site {
	const char *file;
	const char *func;
	unsigned int line;
};

/* The place where this macro stands. */
#define EVTASK_SITE \
	__extension__({ \
		static const struct evtask_site evtask_site_ = { \
			__FILE__, __func__, __LINE__ \
		}; \
		&evtask_site_; \
	})

#define EVTASK_FOREVER INT64_MAX /* a deadline or timeout that never comes */

struct evtask;
struct evtask_context;
struct evtask_error;
struct evtask_future;
struct evtask_handle;
struct evtask_loop;

#endif
