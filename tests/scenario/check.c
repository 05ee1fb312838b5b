/*
 * check.c - refuses what is not in the language, and says where.
 *
 * The fields of each operation stand in its table row; the few rules that
 * are not about one field stand here.
 */
#include <string.h>

#include "scenario.h"

/* Where in the program we are. */
struct place {
	const char *path;		/* "main[3].body" */
	const struct place *up;
	bool callback;			/* nothing may suspend */
	bool handler;			/* something was caught */
	bool finally;			/* no return */
};

struct check {
	const char *file;
	struct json_object *procs;
};

static int check_block(const struct check *check, const struct place *place,
    struct json_object *block);

static void
print_path(const struct place *place)
{
	if (place->up != NULL)
		print_path(place->up);
	fputs(place->path, stderr);
}

static int
wrong(const struct check *check, const struct place *place, const char *what,
    const char *which)
{
	fprintf(stderr, "scenario: %s: ", check->file);
	print_path(place);
	fprintf(stderr, ": %s \"%s\"\n", what, which);
	return -1;
}

static bool
is_name(const char *s)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";

	return *s != '\0' && strchr("0123456789", *s) == NULL &&
	    s[strspn(s, letters)] == '\0';
}

static bool
one_of(const char *s, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strcmp(s, *words) == 0)
			return true;
	return false;
}

static bool
is_exc(const char *s)
{
	static const char *const words[] = {
		"Cancelled", "Timeout", "Runtime", "Value", NULL,
	};

	return one_of(s, words) || strncmp(s, "Error:", 6) == 0 ||
	    strncmp(s, "Cancelled:", 10) == 0;
}

static bool
is_match(const char *s)
{
	static const char *const words[] = {
		"Any", "Exception", "Group", "Error", "Cancelled", "Timeout",
		"InvalidState", "QueueEmpty", "QueueFull", "QueueShutDown",
		"BrokenBarrier", "Runtime", "Value", "Type", NULL,
	};

	return one_of(s, words) || strncmp(s, "Error:", 6) == 0;
}

static bool
is_text(struct json_object *value, bool (*is)(const char *s))
{
	return json_object_is_type(value, json_type_string) &&
	    is(json_object_get_string(value));
}

static bool
is_names(struct json_object *value)
{
	if (!json_object_is_type(value, json_type_array))
		return false;
	for (size_t i = 0; i < json_object_array_length(value); i++)
		if (!is_text(json_object_array_get_idx(value, i), is_name))
			return false;
	return true;
}

static bool
is_when(const char *s)
{
	return one_of(s, (const char *const[]){
	    "ALL", "FIRST", "EXCEPTION", NULL });
}

static bool
is_queue_kind(const char *s)
{
	return one_of(s, (const char *const[]){
	    "fifo", "lifo", "prio", NULL });
}

static bool
is_value(struct json_object *value)
{
	switch (json_object_get_type(value)) {
	case json_type_null:
	case json_type_boolean:
	case json_type_int:
	case json_type_string:
		return true;
	default:
		return false;
	}
}

static bool
is_of_type(const struct check *check, struct json_object *value, char type)
{
	switch (type) {
	case 'n':
		return is_text(value, is_name);
	case 'N':
		return is_names(value);
	case 'p':
		return json_object_is_type(value, json_type_string) &&
		    json_object_object_get_ex(check->procs,
		    json_object_get_string(value), NULL);
	case 't':
		return json_object_is_type(value, json_type_string);
	case 'I':
		if (value == NULL)
			return true;
		/* FALLTHROUGH */
	case 'i':
		return json_object_is_type(value, json_type_int);
	case 'b':
		return json_object_is_type(value, json_type_boolean);
	case 'v':
		return is_value(value);
	case 'e':
		return is_text(value, is_exc);
	case 'w':
		return is_text(value, is_when);
	case 'k':
		return is_text(value, is_queue_kind);
	default:
		return true;	/* blocks are looked into, elsewhere */
	}
}

static int
check_handlers(const struct check *check, const struct place *place,
    struct json_object *handlers)
{
	if (!json_object_is_type(handlers, json_type_array))
		return wrong(check, place, "not a list:", "except");
	for (size_t i = 0; i < json_object_array_length(handlers); i++) {
		struct json_object *handler =
		    json_object_array_get_idx(handlers, i), *of, *body;
		struct place here = *place;

		here.path = ".except";
		here.up = place;
		here.handler = true;
		if (!json_object_is_type(handler, json_type_object) ||
		    !json_object_object_get_ex(handler, "of", &of) ||
		    !json_object_object_get_ex(handler, "body", &body) ||
		    json_object_object_length(handler) != 2)
			return wrong(check, &here, "a handler has", "of, body");
		if (!is_text(of, is_match))
			return wrong(check, &here, "unknown match",
			    json_object_get_string(of));
		if (check_block(check, &here, body) < 0)
			return -1;
	}
	return 0;
}

/* A field that holds blocks. */
static int
check_inside(const struct check *check, const struct place *place,
    const struct op *op, const char *name, struct json_object *value,
    char type)
{
	char path[32];
	struct place here = *place;

	snprintf(path, sizeof path, ".%s", name);
	here.path = path;
	here.up = place;
	here.callback |= type == 'B' && !(op->flags & SUSPENDS);
	here.finally |= strcmp(name, "finally") == 0;
	if (here.callback && !place->callback)
		here.handler = here.finally = false;
	return type == 'X' ? check_handlers(check, place, value) :
	    check_block(check, &here, value);
}

/* The type of a field in an op's row; 0: it has no such field. */
static char
field_type(const struct op *op, const char *name)
{
	size_t length = strlen(name);

	for (const char *at = op->fields; (at = strstr(at, name)) != NULL;
	    at += length) {
		const char *end = at + length + (at[length] == '?');

		if ((at == op->fields || at[-1] == ' ') && *end == '=')
			return end[1];
	}
	return 0;
}

static int
check_required(const struct check *check, const struct place *place,
    const struct op *op, struct json_object *json)
{
	char name[32];
	const char *at = op->fields;

	while (sscanf(at, "%31[a-z_]", name) == 1) {
		if (at[strlen(name)] == '=' &&
		    !json_object_object_get_ex(json, name, NULL))
			return wrong(check, place, "field missing:", name);
		at = strchrnul(at, ' ');
		at += *at == ' ';
	}
	return 0;
}

/* The rules about more than one field, or about the place. */
static int
check_rules(const struct check *check, const struct place *place,
    const struct op *op, struct json_object *json)
{
	const char *name = op->name;
	int n = 0;

	if (place->callback && ((op->flags & SUSPENDS) ||
	    strcmp(name, "return") == 0 || strcmp(name, "reraise") == 0))
		return wrong(check, place, "not in a callback:", name);
	if (place->finally && strcmp(name, "return") == 0)
		return wrong(check, place, "not in finally:", name);
	if (!place->handler && strcmp(name, "reraise") == 0)
		return wrong(check, place, "only in a handler:", name);
	if (strcmp(name, "wait_for") == 0)
		n = json_object_object_get_ex(json, "of", NULL) +
		    json_object_object_get_ex(json, "proc", NULL);
	else if (strcmp(name, "reschedule") == 0)
		n = json_object_object_get_ex(json, "ms", NULL) +
		    json_object_object_get_ex(json, "at", NULL);
	else
		return 0;
	return n == 1 ? 0 : wrong(check, place, "exactly one of its two "
	    "fields has to be given:", name);
}

static int
check_op(const struct check *check, const struct place *place,
    struct json_object *json)
{
	struct json_object *name;
	const struct op *op;

	if (!json_object_is_type(json, json_type_object) ||
	    !json_object_object_get_ex(json, "op", &name) ||
	    !json_object_is_type(name, json_type_string))
		return wrong(check, place, "an operation has an", "op");
	op = op_find(json_object_get_string(name));
	if (op == NULL)
		return wrong(check, place, "unknown op",
		    json_object_get_string(name));
	json_object_object_foreach(json, key, value) {
		char type = field_type(op, key);

		if (strcmp(key, "op") == 0)
			continue;
		if (type == 0)
			return wrong(check, place, "unknown field", key);
		if (!is_of_type(check, value, type))
			return wrong(check, place, "wrong value of", key);
		if (strchr("BX", type) != NULL && check_inside(check, place,
		    op, key, value, type) < 0)
			return -1;
	}
	if (check_required(check, place, op, json) < 0)
		return -1;
	return check_rules(check, place, op, json);
}

static int
check_block(const struct check *check, const struct place *place,
    struct json_object *block)
{
	char path[32];
	struct place here = *place;

	if (!json_object_is_type(block, json_type_array))
		return wrong(check, place, "not a list of", "operations");
	here.path = path;
	here.up = place;
	for (size_t i = 0; i < json_object_array_length(block); i++) {
		snprintf(path, sizeof path, "[%zu]", i);
		if (check_op(check, &here,
		    json_object_array_get_idx(block, i)) < 0)
			return -1;
	}
	return 0;
}

int
scenario_check(struct json_object *root, const char *file)
{
	static const char *const fields[] = {
		"name", "doc", "ref", "main", "procs", NULL,
	};
	struct check check = { .file = file };
	struct place top = { .path = "" };
	struct json_object *main_block = NULL;

	if (!json_object_is_type(root, json_type_object))
		return wrong(&check, &top, "not", "a scenario");
	json_object_object_foreach(root, key, value) {
		(void)value;
		if (!one_of(key, fields))
			return wrong(&check, &top, "unknown field", key);
	}
	json_object_object_get_ex(root, "procs", &check.procs);
	if (check.procs != NULL &&
	    !json_object_is_type(check.procs, json_type_object))
		return wrong(&check, &top, "wrong value of", "procs");
	if (!json_object_object_get_ex(root, "main", &main_block))
		return wrong(&check, &top, "field missing:", "main");
	if (check_block(&check, &(struct place){ .path = "main" },
	    main_block) < 0)
		return -1;
	if (check.procs == NULL)
		return 0;
	json_object_object_foreach(check.procs, proc, body)
		if (!is_name(proc) || check_block(&check,
		    &(struct place){ .path = proc }, body) < 0)
			return -1;
	return 0;
}
