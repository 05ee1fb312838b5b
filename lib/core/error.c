/*
 * error.c - errors: immutable, counted, and there even without memory.
 *
 * For every errno there is one error that was never allocated: it stands in
 * when a code was raised bare, or when there is no memory for a better one. It
 * is never freed, so references to it are not counted. The others may be in the
 * hands of several threads (remote.h), and are counted so.
 */
#include "core/error.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/current.h"
#include "core/list.h"

struct evtask_error {
	atomic_uint refs;		/* IMMORTAL: not counted */
	int code;
	const char *type;		/* NULL: by the code */
	const char *message;		/* NULL: the system's for the code */
	const struct evtask_site *site;
	struct evtask_error *cause;	/* owned */
	struct evtask_error **errors;	/* of a group: allocated, owned */
	size_t n_errors;
	char text[];			/* type and message, when not NULL */
};

#define IMMORTAL UINT_MAX

/* One for each errno: 0 ... 139. */
#define BARE(n) { .refs = IMMORTAL, .code = -(n) }
#define BARE_10(t) \
	BARE(t + 0), BARE(t + 1), BARE(t + 2), BARE(t + 3), BARE(t + 4), \
	BARE(t + 5), BARE(t + 6), BARE(t + 7), BARE(t + 8), BARE(t + 9)

static struct evtask_error bare[] = {
	BARE_10(0), BARE_10(10), BARE_10(20), BARE_10(30), BARE_10(40),
	BARE_10(50), BARE_10(60), BARE_10(70), BARE_10(80), BARE_10(90),
	BARE_10(100), BARE_10(110), BARE_10(120), BARE_10(130),
};

static bool
is_counted(const struct evtask_error *error)
{
	return atomic_load_explicit(&error->refs, memory_order_relaxed) !=
	    IMMORTAL;
}

struct evtask_error *
error_of_code(int code)
{
	if (code >= 0 || -code >= (int)(sizeof bare / sizeof *bare))
		code = -EINVAL;
	return &bare[-code];
}

static struct evtask_error *
error_vnew(const struct evtask_site *site, int code, const char *type,
    const char *fmt, va_list args)
{
	size_t type_size = type != NULL ? strlen(type) + 1 : 0;
	struct evtask_error *error;
	va_list again;
	int length = 0;

	va_copy(again, args);
	if (fmt != NULL)
		length = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (length < 0)
		return error_of_code(code);
	error = malloc(sizeof *error + type_size + (size_t)length + 1);
	if (error == NULL)
		return error_of_code(code);
	*error = (struct evtask_error){
		.refs = 1, .code = code < 0 ? code : -EINVAL, .site = site,
	};
	if (type != NULL)
		error->type = memcpy(error->text, type, type_size);
	if (fmt != NULL) {
		error->message = error->text + type_size;
		vsnprintf(error->text + type_size, (size_t)length + 1, fmt,
		    args);
	}
	return error;
}

struct evtask_error *
evtask_error_new_at(const struct evtask_site *site, int code,
    const char *type, const char *fmt, ...)
{
	struct evtask_error *error;
	va_list args;

	va_start(args, fmt);
	error = error_vnew(site, code, type, fmt, args);
	va_end(args);
	return error;
}

struct evtask_error *
evtask_error_new_group_at(const struct evtask_site *site,
    struct evtask_error *const *errors, size_t n, const char *message)
{
	int code = errors[0]->code != -ECANCELED ? errors[0]->code : -EIO;
	struct evtask_error **copy = calloc(n, sizeof *copy);
	struct evtask_error *group;

	group = copy != NULL ? evtask_error_new_at(site, code, "Group", "%s",
	    message) : error_of_code(code);
	if (!is_counted(group)) {
		free(copy);
		for (size_t i = 1; i < n; i++)
			evtask_error_unref(errors[i]);
		return errors[0];
	}
	memcpy(copy, errors, n * sizeof *copy);
	group->errors = copy;
	group->n_errors = n;
	return group;
}

struct evtask_error *const *
evtask_error_errors(const struct evtask_error *error, size_t *ret_n)
{
	*ret_n = error->n_errors;
	return error->errors;
}

struct evtask_error *
error_cancelled(const char *msg, const struct evtask_site *site)
{
	if (msg == NULL)
		return error_of_code(-ECANCELED);
	return evtask_error_new_at(site, -ECANCELED, NULL, "%s", msg);
}

struct evtask_error *
evtask_error_ref(struct evtask_error *error)
{
	if (error != NULL && is_counted(error))
		atomic_fetch_add_explicit(&error->refs, 1,
		    memory_order_relaxed);
	return error;
}

void
evtask_error_unref(struct evtask_error *error)
{
	/* Iterative: a chain of causes may be long. */
	while (error != NULL && is_counted(error) &&
	    atomic_fetch_sub_explicit(&error->refs, 1,
	    memory_order_acq_rel) == 1) {
		struct evtask_error *cause = error->cause;

		/* Recursive for groups in groups only. */
		for (size_t i = 0; i < error->n_errors; i++)
			evtask_error_unref(error->errors[i]);
		free(error->errors);
		free(error);
		error = cause;
	}
}

int
evtask_error_code(const struct evtask_error *error)
{
	return error->code;
}

const char *
evtask_error_type(const struct evtask_error *error)
{
	if (error->type != NULL)
		return error->type;
	switch (error->code) {
	case -ECANCELED:
		return "Cancelled";
	case -ETIMEDOUT:
		return "Timeout";
	default:
		return "OSError";
	}
}

const char *
evtask_error_message(const struct evtask_error *error)
{
	const char *words;

	if (error->message != NULL)
		return error->message;
	if (error->code == -ECANCELED)
		return "";
	words = strerrordesc_np(-error->code);
	return words != NULL ? words : "unknown error";
}

const struct evtask_site *
evtask_error_site(const struct evtask_error *error)
{
	return error->site;
}

struct evtask_error *
evtask_error_cause(const struct evtask_error *error)
{
	return error->cause;
}

int
evtask_raise_error(struct evtask_error *error)
{
	int code = error->code;
	struct evtask_error **raised = current_raised();

	if (raised == NULL) {
		evtask_error_unref(error);
		return code;
	}
	evtask_error_unref(*raised);
	*raised = error;
	return code;
}

int
evtask_raise_at(const struct evtask_site *site, int code, const char *type,
    const char *fmt, ...)
{
	struct evtask_error **raised = current_raised();
	struct evtask_error *error;
	va_list args;

	va_start(args, fmt);
	error = error_vnew(site, code, type, fmt, args);
	va_end(args);
	if (raised != NULL && is_counted(error)) {
		error->cause = *raised;
		*raised = NULL;
	}
	return evtask_raise_error(error);
}

struct evtask_error *
evtask_catch(int r)
{
	struct evtask_error **raised = current_raised();
	struct evtask_error *error = raised != NULL ? *raised : NULL;

	if (error != NULL)
		*raised = NULL;
	if (error != NULL && error->code == r)
		return error;
	evtask_error_unref(error);
	return error_of_code(r);
}

struct evtask_error *
evtask_raised(void)
{
	struct evtask_error **raised = current_raised();

	return raised != NULL ? *raised : NULL;
}
