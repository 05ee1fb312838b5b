/*
 * protocol.c - writes evtask-protocol(7) from the tables of the protocol.
 *
 * The template comes on stdin, the page goes to stdout. Everything that a row
 * says stands in the page, and nothing about a method is written by hand.
 */
#include <evtask/ctl_message.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "page.h"

static const char *const type_words[] = {
	[EVTASK_CTL_ANY] = "any value",
	[EVTASK_CTL_BOOL] = "true or false",
	[EVTASK_CTL_INT] = "integer",
	[EVTASK_CTL_TEXT] = "text",
	[EVTASK_CTL_BASE64] = "base64",
	[EVTASK_CTL_TASK] = "a task's id or name",
	[EVTASK_CTL_ID] = "a request's id",
	[EVTASK_CTL_ARRAY] = "list",
	[EVTASK_CTL_OBJECT] = "object",
};

static const char *const unit_words[] = {
	[EVTASK_CTL_INT] = "",
	[EVTASK_CTL_TEXT] = " bytes",
	[EVTASK_CTL_BASE64] = " bytes",
	[EVTASK_CTL_ARRAY] = " items",
	[EVTASK_CTL_OBJECT] = NULL,
};

/* The largest integer has a name in the prose and is not repeated here. */
static void
describe_bounds(FILE *out, const struct evtask_ctl_field *field)
{
	const char *unit = unit_words[field->type];

	if (field->type == EVTASK_CTL_OBJECT && field->item != NULL)
		unit = " members";
	if (unit == NULL)
		return;
	if (field->max < EVTASK_CTL_INT_MAX)
		fprintf(out, ", %" PRId64 " to %" PRId64 "%s", field->min,
		    field->max, unit);
	else
		fprintf(out, ", at least %" PRId64 "%s", field->min, unit);
}

static void
describe_type(FILE *out, const struct evtask_ctl_field *field)
{
	const char *const *v = field->values;

	if (v != NULL) {
		for (; *v != NULL; v++)
			fprintf(out, "%s%s", *v, v[1] == NULL ? ""
			    : v[2] == NULL ? " or " : ", ");
		return;
	}
	fputs(field->shape != NULL ? field->shape->name
	    : type_words[field->type], out);
	describe_bounds(out, field);
	if (field->item != NULL) {
		fputs(", each ", out);
		describe_type(out, field->item);
	}
}

/* All that a row says but its name and its words; the caller frees it. */
static char *
describe(const struct evtask_ctl_field *field)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (out == NULL)
		abort();
	describe_type(out, field);
	if (field->nullable)
		fputs(", or null", out);
	if (field->initial != NULL)
		fprintf(out, "; default %s", field->initial);
	else if (field->optional)
		fputs("; optional", out);
	if (field->not_with != NULL)
		fprintf(out, "; not with %s", field->not_with);
	if (fclose(out) != 0)
		abort();
	return text;
}

static void
write_fields(FILE *out, const char *title,
    const struct evtask_ctl_field *fields)
{
	char *words;

	if (title != NULL)
		fprintf(out, ".Pp\n%s:%s\n", title,
		    fields->name == NULL ? " none." : "");
	if (fields->name == NULL)
		return;
	fputs(".Bl -tag -width Ds -offset 2n -compact\n", out);
	for (; fields->name != NULL; fields++) {
		words = describe(fields);
		fprintf(out, ".It Cm %s Pq", fields->name);
		page_argument(out, words);
		putc('\n', out);
		page_text(out, fields->doc);
		free(words);
	}
	fputs(".El\n", out);
}

static void
write_errors(FILE *out, const char *const *names)
{
	if (*names == NULL)
		return;
	fputs(".Pp\nErrors of its own:\n", out);
	for (; *names != NULL; names++)
		fprintf(out, ".Er %s%s\n", *names, names[1] != NULL ? " ,"
		    : " .");
}

static void
write_example(FILE *out, const struct evtask_ctl_method *method)
{
	char *request;

	if (asprintf(&request, "{\"jsonrpc\": \"2.0\", \"id\": 1, "
	    "\"method\": \"%s\", \"params\": %s}", method->name,
	    method->example_params) < 0)
		abort();
	fputs(".Pp\nExample:\n.Bd -ragged -offset 2n -compact\n", out);
	page_text(out, request);
	fputs(".br\n", out);
	page_text(out, method->example_result);
	fputs(".Ed\n", out);
	free(request);
}

static void
write_method(FILE *out, const struct evtask_ctl_method *method)
{
	fprintf(out, ".Ss %s\n", method->name);
	page_summary(out, method->summary);
	page_text(out, method->doc);
	fprintf(out, ".Pp\nRole:\n.Cm %s .\n",
	    evtask_ctl_role_name(method->role));
	if (method->deferred)
		fputs("May answer later, and out of order.\n", out);
	if (method->notify)
		fputs("May be sent without an id, and is then not "
		    "answered.\n", out);
	if (method->verb != NULL)
		fprintf(out, "In the shell:\n.Nm evtask Cm %s .\n",
		    method->verb);
	write_fields(out, "Parameters", method->params);
	write_fields(out, "Result", method->result);
	write_errors(out, method->errors);
	write_example(out, method);
}

static void
write_methods(FILE *out)
{
	const struct evtask_ctl_method *m;

	for (m = evtask_ctl_methods(); m->name != NULL; m++)
		write_method(out, m);
}

static void
write_shapes(FILE *out)
{
	const struct evtask_ctl_shape *s;

	for (s = evtask_ctl_shapes(); s->name != NULL; s++) {
		fprintf(out, ".Ss %s\n", s->name);
		page_text(out, s->doc);
		write_fields(out, NULL, s->fields);
	}
}

static void
write_notices(FILE *out)
{
	const struct evtask_ctl_notice *n;

	for (n = evtask_ctl_notices(); n->name != NULL; n++) {
		fprintf(out, ".Ss The notification %s\n", n->name);
		page_text(out, n->doc);
		write_fields(out, NULL, n->params);
	}
}

static void
write_events(FILE *out)
{
	const struct evtask_ctl_event *e;

	fputs(".Bl -tag -width Ds\n", out);
	for (e = evtask_ctl_events(); e->name != NULL; e++) {
		fprintf(out, ".It Cm %s\n", e->name);
		page_text(out, e->doc);
		write_fields(out, NULL, e->data);
	}
	fputs(".El\n", out);
}

static void
write_error_rows(FILE *out, bool general)
{
	const struct evtask_ctl_error *e;

	fputs(".Bl -tag -width Ds -compact\n", out);
	for (e = evtask_ctl_errors(); e->name != NULL; e++) {
		if (e->general != general)
			continue;
		fprintf(out, ".It Er %s Pq %d\n", e->name, e->code);
		page_text(out, e->message);
		fputs(".br\n", out);
		page_text(out, e->hint);
	}
	fputs(".El\n", out);
}

static void
write_general_errors(FILE *out)
{
	write_error_rows(out, true);
}

static void
write_other_errors(FILE *out)
{
	write_error_rows(out, false);
}

static void
write_limits(FILE *out)
{
	fprintf(out, "A line to the server has at most %d bytes and %d values "
	    "(a member\ncounting as 2, an object or array as 4, a number with "
	    "a fraction as 10), and\nobjects and arrays are nested at most %d "
	    "deep.\n",
	    EVTASK_CTL_FRAME_MAX, EVTASK_CTL_VALUES_MAX,
	    EVTASK_CTL_DEPTH_MAX);
}

static void
write_level(FILE *out)
{
	fprintf(out, "This page describes level %d; the oldest that is still "
	    "served is %d.\n", EVTASK_CTL_API_LEVEL,
	    EVTASK_CTL_API_COMPATIBLE);
}

int
main(void)
{
	static const struct page_part parts[] = {
		{ "limits", write_limits },
		{ "level", write_level },
		{ "methods", write_methods },
		{ "shapes", write_shapes },
		{ "notices", write_notices },
		{ "events", write_events },
		{ "general errors", write_general_errors },
		{ "other errors", write_other_errors },
		{ NULL, NULL },
	};

	return page_fill(stdin, stdout, parts) == 0 ? EXIT_SUCCESS
	    : EXIT_FAILURE;
}
