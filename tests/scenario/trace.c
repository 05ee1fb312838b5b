/*
 * trace.c - the lines of a trace, and how errors and values look in them.
 *
 * The error types of the language are error types of the library, by name:
 * Error with its name as message, Cancelled, Timeout, Runtime, and so on.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "scenario.h"

void
trace(struct scenario *s, const char *actor, const char *fmt, ...)
{
	va_list args;

	if (s->dropping)
		return;
	fprintf(s->out, "%" PRId64 " %s ",
	    evtask_loop_time_us(s->loop) / 1000, actor);
	va_start(args, fmt);
	vfprintf(s->out, fmt, args);
	va_end(args);
	fputc('\n', s->out);
}

const char *
error_text(struct scenario *s, const struct evtask_error *error)
{
	const char *type = evtask_error_type(error), *text, *comma = "";
	size_t n;
	struct evtask_error *const *errors = evtask_error_errors(error, &n);

	if (n > 0) {
		text = "Group(";
		for (size_t i = 0; i < n; i++, comma = ",")
			text = scenario_print(s, "%s%s%s", text, comma,
			    error_text(s, errors[i]));
		return scenario_print(s, "%s)", text);
	}
	if (strcmp(type, "Error") == 0 || (strcmp(type, "Cancelled") == 0 &&
	    *evtask_error_message(error) != '\0'))
		return scenario_print(s, "%s(%s)", type,
		    evtask_error_message(error));
	return scenario_print(s, "%s", type);
}

const char *
value_text(struct scenario *s, struct evtask_value value)
{
	const char *text = evtask_value_text(value), *comma = "";
	struct json_object *quoted;

	if (text != NULL) {
		quoted = json_object_new_string(text);
		text = scenario_print(s, "%s", json_object_to_json_string_ext(
		    quoted, JSON_C_TO_STRING_PLAIN |
		    JSON_C_TO_STRING_NOSLASHESCAPE));
		json_object_put(quoted);
		return text;
	}
	if (value.type == &evtask_type_bool)
		return value.u.b ? "true" : "false";
	if (value.type == &evtask_type_int)
		return scenario_print(s, "%" PRId64, value.u.i);
	if (value.type == &evtask_type_error)
		return scenario_print(s, "!%s", error_text(s, value.u.e));
	if (value.type == &evtask_type_list) {
		text = "[";
		for (size_t i = 0; i < value.u.l->n; i++, comma = ",")
			text = scenario_print(s, "%s%s%s", text, comma,
			    value_text(s, value.u.l->values[i]));
		return scenario_print(s, "%s]", text);
	}
	return "null";
}

/* The text of what was raised with code r, which stays raised. */
const char *
raised_text(struct scenario *s, int r)
{
	struct evtask_error *error = evtask_catch(r);
	const char *text = error_text(s, error);

	must(evtask_raise_error(error) != r, "raise again");
	return text;
}

/* The line of an operation that has ended. */
void
trace_outcome(struct step *step, const char *op, const char *args, int r)
{
	struct scenario *s = step->s;
	const char *actor = step->frame->actor->label;

	if (args != NULL)
		op = scenario_print(s, "%s %s", op, args);
	if (r < 0)
		trace(s, actor, "%s ! %s", op, raised_text(s, r));
	else if (step->value != NULL)
		trace(s, actor, "%s = %s", op, step->value);
	else
		trace(s, actor, "%s", op);
}

bool
error_matches(const struct evtask_error *error, const char *match)
{
	const char *type = evtask_error_type(error);
	bool cancelled = evtask_error_code(error) == -ECANCELED;
	bool app = strcmp(type, "Error") == 0;
	size_t n;

	(void)evtask_error_errors(error, &n);
	if (strcmp(match, "Any") == 0)
		return true;
	if (strcmp(match, "Exception") == 0)
		return !cancelled;
	if (strcmp(match, "Group") == 0)
		return n > 0;
	if (strncmp(match, "Error:", 6) == 0)
		return app && strcmp(evtask_error_message(error),
		    match + 6) == 0;
	return strcmp(match, type) == 0;
}

/* The error that `exc` writes: "Error:x", "Cancelled:why", "Timeout" ... */
struct evtask_error *
error_from_text(const char *exc)
{
	static const struct {
		const char *type;
		int code;
	} kinds[] = {
		{ "Error", -EIO },
		{ "Cancelled", -ECANCELED },
		{ "Timeout", -ETIMEDOUT },
		{ "Runtime", -EPERM },
		{ "Value", -EDOM },
	};
	const char *colon = strchrnul(exc, ':');

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (strncmp(kinds[i].type, exc, (size_t)(colon - exc)) != 0)
			continue;
		if (*colon == '\0')
			return evtask_error_new(kinds[i].code, kinds[i].type,
			    "%s", "");
		return evtask_error_new(kinds[i].code, kinds[i].type, "%s",
		    colon + 1);
	}
	abort();
}

/* The library returns codes for misuse; the language has names for them. */
int
named(int r, const char *type)
{
	const struct evtask_error *raised = evtask_raised();

	if (r >= 0 || (raised != NULL && evtask_error_code(raised) == r))
		return r;
	return evtask_raise_as(type, r, "%s", type);
}

void
discard(int r)
{
	if (r < 0)
		evtask_error_unref(evtask_catch(r));
}

void
must(int r, const char *what)
{
	if (r == 0)
		return;
	fprintf(stderr, "scenario: cannot %s: %s\n", what, strerror(-r));
	abort();
}
