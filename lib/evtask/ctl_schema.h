/*
 * ctl_schema.h - the protocol as data.
 *
 * The tables are the single source: they drive the server's dispatch and
 * validation, rpc.discover, the CLI's grammar and completion, the manual and
 * the tests. All are constant; lists end with a row whose name is NULL. Rows
 * are read here, never made: they grow at their end.
 *
 *	const struct evtask_ctl_method *m;
 *
 *	for (m = evtask_ctl_methods(); m->name != NULL; m++)
 *		printf("%-16s %s\n", m->name, m->summary);
 */
#ifndef EVTASK_CTL_SCHEMA_H
#define EVTASK_CTL_SCHEMA_H

#include <evtask/base.h>

struct json_object;

#ifdef __cplusplus
extern "C" {
#endif

/* The level of the protocol this library speaks; it grows by addition only. */
#define EVTASK_CTL_API_LEVEL 1
#define EVTASK_CTL_API_COMPATIBLE 1 /* the oldest level it still serves */

/* Integers, and so ids, stay below 2^53: every language can hold them. */
#define EVTASK_CTL_INT_MAX ((INT64_C(1) << 53) - 1)
#define EVTASK_CTL_NAME_MAX 128 /* bytes of a task's name, of a text id */

/* Who may: each role may all that the ones before it may. */
enum evtask_ctl_role {
	EVTASK_CTL_VIEWER,   /* the read-only socket */
	EVTASK_CTL_OPERATOR, /* a configured group */
	EVTASK_CTL_ADMIN,    /* uid 0 or the daemon's own */
};

enum evtask_ctl_type {
	EVTASK_CTL_ANY,    /* any JSON value */
	EVTASK_CTL_BOOL,
	EVTASK_CTL_INT,    /* min <= n <= max */
	EVTASK_CTL_TEXT,   /* of min to max bytes, or one of values; no NUL */
	EVTASK_CTL_BASE64, /* text that decodes to min to max bytes */
	EVTASK_CTL_TASK,   /* a TaskRef: an id, or a name */
	EVTASK_CTL_ID,     /* the id of a request */
	EVTASK_CTL_ARRAY,  /* of min to max items, each as item says */
	EVTASK_CTL_OBJECT, /* as shape says; without: of min to max members,
				each as item says; without: any */
};

/* A parameter, a member of a result or of a shape, or an item of an array. */
struct evtask_ctl_field {
	const char *name; /* NULL for an item */
	enum evtask_ctl_type type;
	bool optional;
	bool nullable;
	int64_t min;
	int64_t max;
	const char *const *values; /* TEXT: NULL-terminated; NULL: free text */
	const struct evtask_ctl_field *item;  /* ARRAY; OBJECT */
	const struct evtask_ctl_shape *shape; /* OBJECT */
	const char *not_with; /* the other one of a pair that excludes itself */
	const char *initial;  /* the default, as JSON; NULL: there is none */
	const char *doc;
};

/* The members of an object that has a name: Task, Error, LogLine ... */
struct evtask_ctl_shape {
	const char *name;
	const char *doc;
	const struct evtask_ctl_field *fields;
};

struct evtask_ctl_method {
	const char *name;
	size_t name_size;
	const char *summary; /* one line, no full stop */
	const char *doc;     /* sentences */
	enum evtask_ctl_role role; /* the least that may call it */
	bool deferred; /* may answer later, and out of order */
	bool notify;   /* may be sent without an id, unanswered */
	const struct evtask_ctl_field *params;
	const struct evtask_ctl_field *result;
	const char *const *errors; /* its own, beyond the general ones */
	const char *verb; /* the CLI verb it serves; NULL: only "call" */
	const char *example_params; /* JSON */
	const char *example_result; /* JSON */
};

/*
 * A kind of error. message and hint are for people; {member} in them stands
 * for that member of the error's data.
 */
struct evtask_ctl_error {
	const char *name; /* what programs match: data.name */
	int code;
	bool general; /* any method may answer it */
	const char *message;
	const char *hint;
};

/* A type of event, and what its data holds. */
struct evtask_ctl_event {
	const char *name;
	const char *doc;
	const struct evtask_ctl_field *data;
};

/* What the server says unasked, once there is a subscription. */
struct evtask_ctl_notice {
	const char *name;
	const char *doc;
	const struct evtask_ctl_field *params;
};

/* The tables, each ended by a row without a name. */
EVTASK_API const struct evtask_ctl_method *evtask_ctl_methods(void);
EVTASK_API const struct evtask_ctl_shape *evtask_ctl_shapes(void);
EVTASK_API const struct evtask_ctl_error *evtask_ctl_errors(void);
EVTASK_API const struct evtask_ctl_event *evtask_ctl_events(void);
EVTASK_API const struct evtask_ctl_notice *evtask_ctl_notices(void);

/* The row of that name, or NULL. */
EVTASK_API const struct evtask_ctl_method *
evtask_ctl_method_find(const char *name);
EVTASK_API const struct evtask_ctl_error *
evtask_ctl_error_find(const char *name);
EVTASK_API const struct evtask_ctl_event *
evtask_ctl_event_find(const char *name);
EVTASK_API const struct evtask_ctl_field *
evtask_ctl_field_find(const struct evtask_ctl_field *fields, const char *name);

/* "viewer", "operator", "admin". */
EVTASK_API const char *evtask_ctl_role_name(enum evtask_ctl_role role);

/*
 * Checks params (NULL is {}) against a method's rows. Returns 0; -EINVAL and
 * *ret_error, an InvalidParams error object that the caller owns; -ENOMEM.
 * Changes nothing.
 */
EVTASK_API EVTASK_CHECKED int
evtask_ctl_check_params(const struct evtask_ctl_method *method,
    struct json_object *params, struct json_object **ret_error);

/*
 * Adds to params what the rows have a default for and the caller left out, so
 * that defaults stand in the schema and nowhere else. Returns 0 or -ENOMEM.
 */
EVTASK_API EVTASK_CHECKED int
evtask_ctl_fill_params(const struct evtask_ctl_method *method,
    struct json_object *params);

/*
 * Checks args (NULL is {}) against a JSON Schema of the subset that
 * coroutines describe themselves by: type, properties, required,
 * additionalProperties, enum, const, minimum, maximum, minLength, maxLength,
 * minItems, maxItems, items, anyOf, oneOf (read as anyOf), and format
 * "duration"; of what is "writeOnly", a secret, an error does not say what it
 * was. Other keywords are not looked at, as JSON Schema has it.
 * Returns 0; -EINVAL and *ret_error, an ArgsInvalid error object that the
 * caller owns; -ENOMEM.
 */
EVTASK_API EVTASK_CHECKED int
evtask_ctl_check_args(struct json_object *schema, struct json_object *args,
    struct json_object **ret_error);

/*
 * Adds to args what properties have a default for and the caller left out, in
 * objects within objects too. Returns 0 or -ENOMEM.
 */
EVTASK_API EVTASK_CHECKED int
evtask_ctl_fill_args(struct json_object *schema, struct json_object *args);

/*
 * A copy of args to be shown: what the schema says is "writeOnly", a secret,
 * is "***" in it, and what is nested deeper than so many levels says so. The
 * caller owns it; NULL without memory.
 */
EVTASK_API struct json_object *
evtask_ctl_show_args(struct json_object *schema, struct json_object *args,
    int depth);

/*
 * The whole protocol as an OpenRPC document with JSON Schema and an example
 * for every method; title and version name the server. The caller owns it;
 * NULL without memory.
 */
EVTASK_API struct json_object *
evtask_ctl_discover(const char *title, const char *version);

#ifdef __cplusplus
}
#endif
#endif
