/*
 * compose.c - requests that bytes choose, from the rows of the schema.
 *
 * Each choice takes a byte, so that a change of one byte changes one thing. A
 * value is mostly of the kind its field wants; one in sixteen lies at a border
 * of what it may be, or beyond, and one is a stranger.
 */
#include "tests/fuzz/compose.h"
#include <string.h>
#include "tests/fuzz/stage.h"

#define LIST_ITEMS 3
#define TEXT_MAX 260 /* names have 128 bytes, cursors 256 */

unsigned
choose(struct choices *choices, unsigned of)
{
	return choices->at < choices->end ? *choices->at++ % of : 0;
}

static void make_members(struct choices *choices, struct text *out,
    const struct evtask_ctl_field *fields, bool first);

static const char *const names[] = {
	"n", "m", "nap", "t1", "*", "n*", "[a", "\xc3\xa4", "", "\\u0000",
};

/* Of another kind than a field wants, mostly. */
static const char *const strangers[] = {
	"null", "true", "1.5", "-1", "[]", "{}", "\"7\"", "[[1]]", "{\"a\":1}",
	"9007199254740992", "1e300", "\"\\ud834\\udd1e\"",
};

static const char *const args[] = {
	"{}", "{\"delay\":0}", "{\"delay\":\"1s\"}", "{\"delay\":1e9}",
	"{\"times\":2}", "{\"times\":2000}", "{\"times\":-1}",
	"{\"delay\":[{}]}",
};

static void
add_quoted(struct text *out, const char *string)
{
	text_add_string(out, "\"");
	text_add_string(out, string);
	text_add_string(out, "\"");
}

/* So many bytes of text, or as many as there is patience for. */
static void
add_text_of(struct text *out, int64_t size)
{
	static const char zeros[] = "0000000000000000";

	text_add_string(out, "\"");
	if (size > TEXT_MAX)
		size = TEXT_MAX;
	for (; size >= 16; size -= 16)
		text_add(out, zeros, 16);
	text_add(out, zeros, size > 0 ? (size_t)size : 0);
	text_add_string(out, "\"");
}

/* At its bounds, and one beyond. */
static void
make_border(struct choices *choices, struct text *out,
    const struct evtask_ctl_field *field)
{
	const int64_t border[] = { field->min, field->max, field->min - 1,
		field->max < INT64_MAX ? field->max + 1 : field->max };
	int64_t n = border[choose(choices, 4)];

	if (field->type == EVTASK_CTL_INT)
		text_int(out, n);
	else
		add_text_of(out, n);
}

static void
make_text(struct choices *choices, struct text *out,
    const struct evtask_ctl_field *field)
{
	const char *text = "nap";
	unsigned n = 0;
	bool plain;

	if (field->values == NULL) {
		plain = choose(choices, 3) == 0;
		if (field->name == NULL ||
		    strcmp(field->name, "coroutine") != 0)
			text = names[choose(choices, COUNT(names))];
		else if (!plain)
			text = stage_coroutines[choose(choices, 5)];
		add_quoted(out, text);
		return;
	}
	while (field->values[n] != NULL)
		n++;
	add_quoted(out, field->values[choose(choices, n)]);
}

static void
make_list(struct choices *choices, struct text *out,
    const struct evtask_ctl_field *field);

static void
make_value(struct choices *choices, struct text *out,
    const struct evtask_ctl_field *field)
{
	unsigned kind = choose(choices, 16);

	if (kind == 15) {
		text_add_string(out, strangers[choose(choices,
		    COUNT(strangers))]);
		return;
	}
	if (kind == 14) {
		make_border(choices, out, field);
		return;
	}
	switch (field->type) {
	case EVTASK_CTL_BOOL:
		text_add_string(out, choose(choices, 2) ? "true" : "false");
		break;
	case EVTASK_CTL_INT:
		text_int(out, (int64_t)choose(choices, 256) *
		    (kind > 7 ? 100000 : 1));
		break;
	case EVTASK_CTL_TEXT:
		make_text(choices, out, field);
		break;
	case EVTASK_CTL_BASE64:
		add_quoted(out, kind > 7 ? "aGVsbG8K" : "aGk=");
		break;
	case EVTASK_CTL_TASK:
		if (kind > 7)
			add_quoted(out, names[choose(choices, COUNT(names))]);
		else
			text_int(out, 1 + choose(choices, 12));
		break;
	case EVTASK_CTL_ID:
		text_int(out, choose(choices, 64));
		break;
	case EVTASK_CTL_ARRAY:
		make_list(choices, out, field);
		break;
	case EVTASK_CTL_OBJECT:
		if (field->shape == NULL) {
			text_add_string(out, args[choose(choices,
			    COUNT(args))]);
			break;
		}
		text_add_string(out, "{");
		make_members(choices, out, field->shape->fields, true);
		text_add_string(out, "}");
		break;
	case EVTASK_CTL_ANY:
		text_add_string(out, strangers[choose(choices,
		    COUNT(strangers))]);
		break;
	}
}

static void
make_list(struct choices *choices, struct text *out,
    const struct evtask_ctl_field *field)
{
	unsigned i, n = 1 + choose(choices, LIST_ITEMS);

	text_add_string(out, "[");
	for (i = 0; i < n; i++) {
		if (i > 0)
			text_add_string(out, ",");
		make_value(choices, out, field->item);
	}
	text_add_string(out, "]");
}

/* Which members: those that must be there mostly are. */
static void
make_members(struct choices *choices, struct text *out,
    const struct evtask_ctl_field *fields, bool first)
{
	const struct evtask_ctl_field *f;
	unsigned kind;

	for (f = fields; f->name != NULL; f++) {
		kind = choose(choices, 32);
		if (f->optional ? kind % 2 == 0 : kind == 31)
			continue;
		if (!first)
			text_add_string(out, ",");
		first = false;
		text_add_string(out, kind == 30 ? "\"no_" : "\"");
		text_add_string(out, f->name);
		text_add_string(out, "\":");
		make_value(choices, out, f);
	}
}

const struct evtask_ctl_method *
compose_method(struct choices *choices)
{
	const struct evtask_ctl_method *methods = evtask_ctl_methods(), *m;
	unsigned n = 0;

	while (methods[n].name != NULL)
		n++;
	m = &methods[choose(choices, n)];
	if (strcmp(m->name, "rpc.discover") == 0 ||
	    (strcmp(m->name, "metrics.get") == 0 && choose(choices, 16) > 0))
		return methods;
	return m;
}

void
compose_request(struct choices *choices, struct text *out,
    const struct evtask_ctl_method *method, int64_t id)
{
	text_add_string(out, "{\"jsonrpc\":\"2.0\"");
	if (id >= 0) {
		text_add_string(out, ",\"id\":");
		text_int(out, id);
	}
	text_add_string(out, ",\"method\":\"");
	text_add_string(out, method->name);
	text_add_string(out, "\",\"params\":{");
	make_members(choices, out, method->params, true);
	text_add_string(out, "}}\n");
}

/* As if for a member of each kind in turn. */
void
compose_value(struct choices *choices, struct text *out)
{
	static const struct evtask_ctl_field fields[] = {
		{ .name = "coroutine", .type = EVTASK_CTL_TEXT, .max = 128 },
		{ .name = "task", .type = EVTASK_CTL_TASK },
		{ .name = "n", .type = EVTASK_CTL_INT, .max = 1000 },
		{ .name = "name", .type = EVTASK_CTL_TEXT, .max = 128 },
		{ .name = "args", .type = EVTASK_CTL_OBJECT },
		{ .name = "any", .type = EVTASK_CTL_ANY },
		{ .name = "whether", .type = EVTASK_CTL_BOOL },
	};

	make_value(choices, out, &fields[choose(choices, COUNT(fields))]);
}
