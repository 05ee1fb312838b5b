/*
 * error.h - errors: what a task raises and a future fails with.
 *
 * An error carries a code (a negative errno), the name of its type, a message
 * for people, the site where it was raised, a cause, and for a group the
 * errors it gathers. Errors are immutable and shared by reference counting.
 *
 * Raising is returning: a coroutine hands a negative code up, and the running
 * task remembers the error that goes with it.
 *
 *	if (fd < 0)
 *		return evtask_raise(-errno, "cannot open %s", path);
 *
 * A coroutine that returns a bare negative code raises too, an OSError with
 * the system's words for that code. Two codes keep one meaning everywhere:
 * -ECANCELED, the task was asked to stop; -ETIMEDOUT, a deadline passed.
 */
#ifndef EVTASK_ERROR_H
#define EVTASK_ERROR_H

#include <evtask/base.h>
#include <evtask/value.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Makes an error. Anywhere. code is a negative errno; type is its name, copied
 * (NULL: "Cancelled", "Timeout" or "OSError", by the code); fmt may be NULL.
 * Never returns NULL: without memory it is a shared error of that code whose
 * message says so. The caller owns the reference.
 */
EVTASK_API struct evtask_error *
evtask_error_new_at(const struct evtask_site *site, int code,
    const char *type, const char *fmt, ...) EVTASK_PRINTF(4, 5);
#define evtask_error_new(code, type, ...) \
	evtask_error_new_at(EVTASK_SITE, (code), (type), __VA_ARGS__)

/* One reference more, which it returns; one less. Anywhere: threads may share
 * errors. NULL is accepted. */
EVTASK_API struct evtask_error *evtask_error_ref(struct evtask_error *error);
EVTASK_API void evtask_error_unref(struct evtask_error *error);

/*
 * Makes a group: one error for several, its type "Group", its code that of
 * the first. Anywhere. errors[] is copied and its references are taken; n is
 * at least 1. Never returns NULL: without memory it is the first of them.
 */
EVTASK_API struct evtask_error *
evtask_error_new_group_at(const struct evtask_site *site,
    struct evtask_error *const *errors, size_t n, const char *message);
#define evtask_error_new_group(errors, n, message) \
	evtask_error_new_group_at(EVTASK_SITE, (errors), (n), (message))

/* The errors of a group, borrowed, and in *ret_n how many: 0 when it is none.
 * They may be groups themselves. */
EVTASK_API struct evtask_error *const *
evtask_error_errors(const struct evtask_error *error, size_t *ret_n);

/* What it says. Borrowed; never NULL but for site and cause. */
EVTASK_API int evtask_error_code(const struct evtask_error *error);
EVTASK_API const char *evtask_error_type(const struct evtask_error *error);
EVTASK_API const char *evtask_error_message(const struct evtask_error *error);
EVTASK_API const struct evtask_site *
evtask_error_site(const struct evtask_error *error);
EVTASK_API struct evtask_error *
evtask_error_cause(const struct evtask_error *error);

/*
 * Raises: the running task (or callback) remembers the error, and the code is
 * returned to be handed up. code must be negative, else -EINVAL is raised.
 * What was raised before becomes the cause. Does not suspend.
 */
EVTASK_API EVTASK_CHECKED int
evtask_raise_at(const struct evtask_site *site, int code, const char *type,
    const char *fmt, ...) EVTASK_PRINTF(4, 5);
#define evtask_raise(code, ...) \
	evtask_raise_at(EVTASK_SITE, (code), NULL, __VA_ARGS__)
/* The same with a type name of your own: evtask_raise_as("NoRoute", ...). */
#define evtask_raise_as(type, code, ...) \
	evtask_raise_at(EVTASK_SITE, (code), (type), __VA_ARGS__)

/* Raises this very error; takes the reference. Returns its code. */
EVTASK_API EVTASK_CHECKED int evtask_raise_error(struct evtask_error *error);

/*
 * Catches: the error that goes with code r, the last one raised in the
 * running task or callback, which then remembers none. Never NULL: a bare
 * code is made into an error. The caller owns the reference.
 *
 *	r = fetch(url);
 *	if (r < 0 && r != -ECANCELED) {
 *		struct evtask_error *e = evtask_catch(r);
 *		...
 *		evtask_error_unref(e);
 *	}
 */
EVTASK_API struct evtask_error *evtask_catch(int r);

/* The remembered error, borrowed until it is caught or another is raised;
 * NULL when there is none. */
EVTASK_API struct evtask_error *evtask_raised(void);

#ifdef __cplusplus
}
#endif
#endif
