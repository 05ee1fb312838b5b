/*
 * json_schema.c - a value against a JSON Schema, of the subset that coroutines
 * describe their arguments by.
 *
 * A schema is data from elsewhere (a row of the program, or a module), so it
 * is walked as it is and never trusted: a keyword whose own value has the
 * wrong type says nothing. One row per keyword; a schema is held when all of
 * its keywords are. A value that a keyword does not speak of passes it, as
 * JSON Schema has it: {"minimum": 0} says nothing about texts.
 *
 * Two things are stricter than JSON Schema, because the readers are C: an
 * integer is written as one (1.0 is not), and text holds no NUL.
 */
#include <evtask/ctl_value.h>
#include <json-c/json.h>
#include <string.h>
#include "fault.h"
#include "json_schema.h"
#include "member.h"

/*
 * Whether value holds what keyword (the value of the keyword in schema) says;
 * if not, the fault is filled.
 */
typedef bool (*keyword_fn)(struct json_object *schema,
    struct json_object *keyword, struct json_object *value,
    struct fault *fault);

static const struct {
	const char *name;
	const char *words;
	enum json_type type;
	enum json_type also;
} type_names[] = {
	{ "null", "null", json_type_null, json_type_null },
	{ "boolean", "true or false", json_type_boolean, json_type_boolean },
	{ "integer", "an integer", json_type_int, json_type_int },
	{ "number", "a number", json_type_int, json_type_double },
	{ "string", "text", json_type_string, json_type_string },
	{ "array", "a list", json_type_array, json_type_array },
	{ "object", "an object", json_type_object, json_type_object },
};
#define N_TYPES (sizeof(type_names) / sizeof(type_names[0]))

static bool
is_number(struct json_object *value)
{
	return json_object_is_type(value, json_type_int) ||
	    json_object_is_type(value, json_type_double);
}

static bool
is_word(struct json_object *value, const char *word)
{
	return json_object_is_type(value, json_type_string) &&
	    strcmp(json_object_get_string(value), word) == 0;
}

/* The i-th of "x" or ["x", "y"], which JSON Schema treats alike. */
static size_t
count_of(struct json_object *one_or_more)
{
	return json_object_is_type(one_or_more, json_type_array)
	    ? json_object_array_length(one_or_more) : 1;
}

static struct json_object *
item_of(struct json_object *one_or_more, size_t i)
{
	return json_object_is_type(one_or_more, json_type_array)
	    ? json_object_array_get_idx(one_or_more, i) : one_or_more;
}

/* The row of a type's name; N_TYPES: there is none. */
static size_t
find_type(struct json_object *name)
{
	size_t i = 0;

	while (i < N_TYPES && !is_word(name, type_names[i].name))
		i++;
	return i;
}

/* Says in a few words what a schema asks for. */
static void
describe(struct text *out, struct json_object *schema)
{
	struct json_object *type = evtask_ctl_get(schema, "type");
	struct json_object *any = evtask_ctl_get(schema, "anyOf");
	size_t i, row, n = type != NULL ? count_of(type) : 0;

	if (any == NULL)
		any = evtask_ctl_get(schema, "oneOf");
	if (is_word(evtask_ctl_get(schema, "format"), "duration")) {
		text_add_string(out,
		    "a duration (seconds, or text like \"1h30m\")");
		return;
	}
	for (i = 0; i < n; i++) {
		row = find_type(item_of(type, i));
		text_add_string(out, i > 0 ? " or " : "");
		text_add_string(out,
		    row < N_TYPES ? type_names[row].words : "a value");
	}
	if (n == 0 && json_object_is_type(any, json_type_array))
		for (i = 0; i < json_object_array_length(any); i++) {
			text_add_string(out, i > 0 ? " or " : "");
			describe(out, json_object_array_get_idx(any, i));
		}
	else if (n == 0)
		text_add_string(out, "a value");
}

static bool
check_type(struct json_object *schema, struct json_object *keyword,
    struct json_object *value, struct fault *fault)
{
	size_t i, row;

	for (i = 0; i < count_of(keyword); i++) {
		row = find_type(item_of(keyword, i));
		if (row == N_TYPES ||
		    json_object_is_type(value, type_names[row].type) ||
		    json_object_is_type(value, type_names[row].also))
			return true;
	}
	describe(&fault->expected, schema);
	return fault_value(fault, value);
}

/* Texts are for C: see above. As if it were a keyword of every schema. */
static bool
check_no_nul(struct json_object *value, struct fault *fault)
{
	if (!json_object_is_type(value, json_type_string) ||
	    strlen(json_object_get_string(value)) ==
	    (size_t)json_object_get_string_len(value))
		return true;
	text_add_string(&fault->expected, "text without \\u0000");
	return fault_value(fault, value);
}

static bool
check_enum(struct json_object *schema, struct json_object *keyword,
    struct json_object *value, struct fault *fault)
{
	const char *word = json_object_is_type(value, json_type_string)
	    ? json_object_get_string(value) : "";
	struct evtask_ctl_nearest nearest = { .word = word };
	struct json_object *item;
	size_t i, n;

	if (!json_object_is_type(keyword, json_type_array))
		return true;
	n = json_object_array_length(keyword);
	for (i = 0; i < n; i++)
		if (json_object_equal(json_object_array_get_idx(keyword, i),
		    value))
			return true;
	for (i = 0; i < n; i++) {
		item = json_object_array_get_idx(keyword, i);
		text_add_string(&fault->expected, i > 0 ? ", " : "one of ");
		text_value(&fault->expected, item);
		if (json_object_is_type(item, json_type_string))
			evtask_ctl_nearest_offer(&nearest,
			    json_object_get_string(item));
	}
	fault->did_you_mean = nearest.best;
	return fault_value(fault, value);
}

static bool
check_const(struct json_object *schema, struct json_object *keyword,
    struct json_object *value, struct fault *fault)
{
	if (json_object_equal(keyword, value))
		return true;
	text_value(&fault->expected, keyword);
	return fault_value(fault, value);
}

/* How much of a value there is, by its type; false: it has no such measure. */
static bool
measure_number(struct json_object *value, double *ret)
{
	*ret = json_object_get_double(value);
	return is_number(value);
}

/* Characters, not bytes; the text is valid UTF-8 by the time it is here. */
static bool
measure_text(struct json_object *value, double *ret)
{
	const char *c;

	if (!json_object_is_type(value, json_type_string))
		return false;
	*ret = 0;
	for (c = json_object_get_string(value); *c != '\0'; c++)
		*ret += (*c & 0xc0) != 0x80;
	return true;
}

static bool
measure_list(struct json_object *value, double *ret)
{
	if (!json_object_is_type(value, json_type_array))
		return false;
	*ret = (double)json_object_array_length(value);
	return true;
}

static const struct bound {
	const char *keyword; /* all of them begin with m */
	bool (*measure)(struct json_object *value, double *ret);
	bool least;
	const char *words;
} bounds[] = {
	{ "minimum", measure_number, true, "a number of at least " },
	{ "maximum", measure_number, false, "a number of at most " },
	{ "minLength", measure_text, true, "text in characters of at least " },
	{ "maxLength", measure_text, false, "text in characters of at most " },
	{ "minItems", measure_list, true, "a list in items of at least " },
	{ "maxItems", measure_list, false, "a list in items of at most " },
};

static bool
check_bound(const struct bound *bound, struct json_object *limit,
    struct json_object *value, struct fault *fault)
{
	double n, l = json_object_get_double(limit);

	if (!is_number(limit) || !bound->measure(value, &n) ||
	    (bound->least ? n >= l : n <= l))
		return true;
	text_add_string(&fault->expected, bound->words);
	text_value(&fault->expected, limit);
	return fault_value(fault, value);
}

static bool
check_bounds(struct json_object *schema, struct json_object *value,
    struct fault *fault)
{
	struct json_object *limit;
	size_t i;

	for (i = 0; i < sizeof(bounds) / sizeof(bounds[0]); i++)
		if (member_find(schema, bounds[i].keyword,
		    &limit) &&
		    !check_bound(&bounds[i], limit, value, fault))
			return false;
	return true;
}

static bool
check_items(struct json_object *schema, struct json_object *keyword,
    struct json_object *value, struct fault *fault)
{
	size_t i, mark;

	if (!json_object_is_type(value, json_type_array))
		return true;
	for (i = 0; i < json_object_array_length(value); i++) {
		mark = fault_enter_item(fault, i);
		if (!check_json_schema(keyword,
		    json_object_array_get_idx(value, i), fault))
			return false;
		fault_leave(fault, mark);
	}
	return true;
}

static bool
check_properties(struct json_object *schema, struct json_object *keyword,
    struct json_object *value, struct fault *fault)
{
	struct json_object *own;
	size_t mark;

	if (!json_object_is_type(value, json_type_object) ||
	    !json_object_is_type(keyword, json_type_object))
		return true;
	json_object_object_foreach(value, name, member) {
		if (!member_find(keyword, name, &own))
			continue;
		mark = fault_enter_member(fault, name);
		if (!check_json_schema(own, member, fault))
			return false;
		fault_leave(fault, mark);
	}
	return true;
}

static bool
check_required(struct json_object *schema, struct json_object *keyword,
    struct json_object *value, struct fault *fault)
{
	struct json_object *name;
	size_t i;

	if (!json_object_is_type(value, json_type_object))
		return true;
	for (i = 0; i < count_of(keyword); i++) {
		name = item_of(keyword, i);
		if (!json_object_is_type(name, json_type_string) ||
		    member_find(value,
		    json_object_get_string(name), NULL))
			continue;
		fault_enter_member(fault, json_object_get_string(name));
		describe(&fault->expected,
		    evtask_ctl_get(evtask_ctl_get(schema, "properties"),
		    json_object_get_string(name)));
		return fault_got(fault, "", "left out");
	}
	return true;
}

static bool
fault_unknown(struct fault *fault, struct json_object *properties,
    const char *name)
{
	struct evtask_ctl_nearest nearest = { .word = name };
	const char *before = "one of ";

	if (!json_object_is_type(properties, json_type_object) ||
	    json_object_object_length(properties) == 0)
		return fault_got(fault, "left out", "an unknown member");
	json_object_object_foreach(properties, known, own) {
		(void)own;
		evtask_ctl_nearest_offer(&nearest, known);
		text_add_string(&fault->expected, before);
		text_add_string(&fault->expected, known);
		before = ", ";
	}
	fault->did_you_mean = nearest.best;
	return fault_got(fault, "", "an unknown member");
}

static bool
check_additional(struct json_object *schema, struct json_object *keyword,
    struct json_object *value, struct fault *fault)
{
	struct json_object *properties = evtask_ctl_get(schema, "properties");
	size_t mark;

	if (!json_object_is_type(value, json_type_object))
		return true;
	json_object_object_foreach(value, name, member) {
		if (json_object_is_type(properties, json_type_object) &&
		    member_find(properties, name, NULL))
			continue;
		mark = fault_enter_member(fault, name);
		if (json_object_is_type(keyword, json_type_boolean) &&
		    !json_object_get_boolean(keyword))
			return fault_unknown(fault, properties, name);
		if (!check_json_schema(keyword, member, fault))
			return false;
		fault_leave(fault, mark);
	}
	return true;
}

/* oneOf is read so too: that two fit is no reason to refuse the value. */
static bool
check_any_of(struct json_object *schema, struct json_object *keyword,
    struct json_object *value, struct fault *fault)
{
	struct fault ignored;
	bool fits = false;
	size_t i;

	if (!json_object_is_type(keyword, json_type_array))
		return true;
	for (i = 0; !fits && i < json_object_array_length(keyword); i++) {
		ignored = (struct fault){ .secret = fault->secret };
		fits = check_json_schema(
		    json_object_array_get_idx(keyword, i), value, &ignored);
		text_release(&ignored.expected);
		text_release(&ignored.got);
	}
	if (fits)
		return true;
	describe(&fault->expected, schema);
	return fault_value(fault, value);
}

static bool
check_format(struct json_object *schema, struct json_object *keyword,
    struct json_object *value, struct fault *fault)
{
	int64_t us;

	if (!is_word(keyword, "duration") ||
	    (!is_number(value) &&
	    !json_object_is_type(value, json_type_string)) ||
	    evtask_ctl_duration_value(value, &us) == 0)
		return true;
	describe(&fault->expected, schema);
	return fault_value(fault, value);
}

/*
 * In the order they are looked at: what a value is before how much of it, and
 * unknown members before missing ones, because a slip explains both.
 */
static const struct {
	const char *name;
	keyword_fn check;
} keywords[] = {
	{ "type", check_type },
	{ "anyOf", check_any_of },
	{ "oneOf", check_any_of },
	{ "enum", check_enum },
	{ "const", check_const },
	{ "format", check_format },
	{ "items", check_items },
	{ "additionalProperties", check_additional },
	{ "required", check_required },
	{ "properties", check_properties },
};

#define N_KEYWORDS (sizeof(keywords) / sizeof(keywords[0]))

/* A schema has but few members: to go through them costs less than to look for
 * each keyword, and a list may have thousands of items. */
struct found {
	bool there[N_KEYWORDS], bounded;
	struct json_object *keyword[N_KEYWORDS];
};

static void
find_keywords(struct json_object *schema, struct found *found)
{
	size_t i;

	json_object_object_foreach(schema, name, keyword) {
		if (name[0] == 'm')
			found->bounded = true;
		for (i = 0; i < N_KEYWORDS; i++)
			if (name[0] == keywords[i].name[0] &&
			    strcmp(name, keywords[i].name) == 0) {
				found->there[i] = true;
				found->keyword[i] = keyword;
			}
	}
}

static bool
check_keywords(struct json_object *schema, struct json_object *value,
    struct fault *fault)
{
	struct found found = {0};
	size_t i;

	find_keywords(schema, &found);
	for (i = 0; i < N_KEYWORDS; i++)
		if (found.there[i] && !keywords[i].check(schema,
		    found.keyword[i], value, fault))
			return false;
	return !found.bounded || check_bounds(schema, value, fault);
}

bool
is_secret(struct json_object *schema)
{
	return evtask_ctl_get_bool(schema, "writeOnly", false);
}

/* What is wrong with a secret is said without saying it. */
bool
check_json_schema(struct json_object *schema, struct json_object *value,
    struct fault *fault)
{
	bool secret = fault->secret;

	if (!check_no_nul(value, fault))
		return false;
	if (json_object_is_type(schema, json_type_boolean) &&
	    !json_object_get_boolean(schema))
		return fault_got(fault, "left out", "there");
	if (!json_object_is_type(schema, json_type_object))
		return true;
	fault->secret |= is_secret(schema);
	if (!check_keywords(schema, value, fault))
		return false;
	fault->secret = secret;
	return true;
}
