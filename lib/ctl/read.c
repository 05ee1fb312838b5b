/*
 * read.c - JSON text to a json-c value: the structure, by recursive descent
 * over the tokens of scan.c, no deeper than EVTASK_CTL_DEPTH_MAX.
 *
 * A member named twice in one object is refused, however its name is written:
 * the RFC only says that names should differ, but two readers that each take
 * another one of them are how checks are got round.
 */
#include "read.h"
#include <errno.h>
#include <evtask/ctl_message.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "member.h"
#include "scan.h"

#define SMALL_NAME 64 /* bytes of a name that is not worth an allocation */
#define COST_MEMBER 1 /* beyond that of its value */
#define COST_NESTED 3 /* of an object or a list, beyond a value's */

static bool read_value(struct scanner *s, int depth,
    struct json_object **ret_value);

static bool
take_colon(struct scanner *s)
{
	scan_blanks(s);
	return scan_take(s, ':') ||
	    scan_fail(s, "a : after the member's name");
}

/* Reads ": value" into object; the name is the caller's. */
static bool
read_member_value(struct scanner *s, int depth, struct json_object *object,
    const char *name)
{
	struct json_object *value;

	if (!take_colon(s) || !scan_spend(s, COST_MEMBER) ||
	    !read_value(s, depth, &value))
		return false;
	if (json_object_object_add_ex(object, name, value,
	    JSON_C_OBJECT_ADD_KEY_IS_NEW) == 0)
		return true;
	json_object_put(value);
	return scan_no_memory(s);
}

static bool
read_member(struct scanner *s, int depth, struct json_object *object)
{
	char small[SMALL_NAME], *name = small;
	bool ok;

	scan_blanks(s);
	if (scan_peek(s) != '"')
		return scan_fail(s, "a member's name in \"\"");
	if (!scan_string(s, true))
		return false;
	if (s->string_size >= sizeof(small))
		name = malloc(s->string_size + 1);
	if (name == NULL)
		return scan_no_memory(s);
	memcpy(name, s->string, s->string_size);
	name[s->string_size] = '\0';
	ok = !member_find(object, name, NULL)
	    ? read_member_value(s, depth, object, name)
	    : scan_fail(s, "every member's name once in its object");
	if (name != small)
		free(name);
	return ok;
}

static bool
read_item(struct scanner *s, int depth, struct json_object *array)
{
	struct json_object *value;

	if (!read_value(s, depth, &value))
		return false;
	if (json_object_array_add(array, value) == 0)
		return true;
	json_object_put(value);
	return scan_no_memory(s);
}

typedef bool (*read_part_fn)(struct scanner *s, int depth,
    struct json_object *whole);

/* Reads parts with commas between, up to the closing bracket. */
static bool
read_parts(struct scanner *s, int depth, struct json_object *whole,
    read_part_fn read_part, char close, const char *expected)
{
	scan_blanks(s);
	if (scan_take(s, close))
		return true;
	do {
		if (!read_part(s, depth, whole))
			return false;
		scan_blanks(s);
	} while (scan_take(s, ','));
	return scan_take(s, close) || scan_fail(s, expected);
}

/* An array or an object, at its opening bracket. */
static bool
read_nested(struct scanner *s, int depth, struct json_object **ret_value)
{
	bool is_object = scan_peek(s) == '{', ok;
	struct json_object *whole;

	if (depth == EVTASK_CTL_DEPTH_MAX)
		return scan_fail(s, "no more than 32 levels");
	if (!scan_spend(s, COST_NESTED))
		return false;
	s->at++;
	whole = is_object ? json_object_new_object() : json_object_new_array();
	if (whole == NULL)
		return scan_no_memory(s);
	ok = is_object
	    ? read_parts(s, depth + 1, whole, read_member, '}', "a , or a }")
	    : read_parts(s, depth + 1, whole, read_item, ']', "a , or a ]");
	if (ok)
		*ret_value = whole;
	else
		json_object_put(whole);
	return ok;
}

static bool
read_string(struct scanner *s, struct json_object **ret_value)
{
	if (!scan_string(s, false))
		return false;
	*ret_value = json_object_new_string_len(s->string,
	    (int)s->string_size);
	return *ret_value != NULL || scan_no_memory(s);
}

static bool
read_bool(struct scanner *s, bool truth, struct json_object **ret_value)
{
	if (!scan_word(s, truth ? "true" : "false"))
		return false;
	*ret_value = json_object_new_boolean(truth);
	return *ret_value != NULL || scan_no_memory(s);
}

static bool
read_value(struct scanner *s, int depth, struct json_object **ret_value)
{
	scan_blanks(s);
	if (!scan_spend(s, 1))
		return false;
	switch (scan_peek(s)) {
	case '{':
	case '[':
		return read_nested(s, depth, ret_value);
	case '"':
		return read_string(s, ret_value);
	case 't':
		return read_bool(s, true, ret_value);
	case 'f':
		return read_bool(s, false, ret_value);
	case 'n':
		*ret_value = NULL;
		return scan_word(s, "null");
	case '-': case '0': case '1': case '2': case '3': case '4':
	case '5': case '6': case '7': case '8': case '9':
		return scan_number(s, ret_value);
	default:
		return scan_fail(s, "a value");
	}
}

static void
describe(const struct scanner *s, size_t size, struct read_fault *fault)
{
	int c = scan_peek(s);

	fault->offset = size - (size_t)(s->end - s->at);
	fault->expected = s->expected;
	if (c < 0)
		snprintf(fault->got, sizeof(fault->got), "the end");
	else if (c > 0x20 && c < 0x7f)
		snprintf(fault->got, sizeof(fault->got), "%c", c);
	else
		snprintf(fault->got, sizeof(fault->got), "byte 0x%02x", c);
}

int
read_json(const char *text, size_t size, size_t budget,
    struct json_object **ret_value, struct read_fault *ret_fault)
{
	struct scanner s = { .at = text, .end = text + size,
	    .budget = budget };
	struct json_object *value;

	if (read_value(&s, 0, &value)) {
		scan_blanks(&s);
		if (s.at == s.end) {
			*ret_value = value;
		} else {
			json_object_put(value);
			scan_fail(&s, "nothing after the value");
		}
	}
	text_release(&s.text);
	if (s.error == -EINVAL)
		describe(&s, size, ret_fault);
	return s.error;
}

/* Most messages name their members in the same order: one is looked for from
 * behind the one before. */
static const struct read_slot *
slot_of(const struct read_slot *slots, const struct read_slot *after,
    const struct scanner *s)
{
	const struct read_slot *slot = after;

	do {
		slot = slot[0].name != NULL && slot[1].name != NULL
		    ? slot + 1 : slots;
		if (slot->name_size == s->string_size &&
		    memcmp(slot->name, s->string, s->string_size) == 0)
			return slot;
	} while (slot != after);
	return NULL;
}

/* Text that stands in the line as it is. */
static bool
read_text(struct scanner *s, struct read_text *ret_text)
{
	scan_blanks(s);
	if (ret_text->bytes != NULL || scan_peek(s) != '"' ||
	    !scan_string(s, false) || s->string == s->text.bytes)
		return false;
	ret_text->bytes = s->string;
	ret_text->size = s->string_size;
	return true;
}

/* A member whose name is that of a slot with nothing in it yet. */
static bool
read_slot(struct scanner *s, const struct read_slot *slots,
    const struct read_slot **slot)
{
	scan_blanks(s);
	if (scan_peek(s) != '"' || !scan_string(s, true))
		return false;
	*slot = slot_of(slots, *slot, s);
	if (*slot == NULL || !take_colon(s))
		return false;
	if ((*slot)->text != NULL)
		return read_text(s, (*slot)->text);
	return *(*slot)->value == NULL &&
	    read_value(s, 1, (*slot)->value) && *(*slot)->value != NULL;
}

int
read_slots(const char *text, size_t size, size_t budget,
    const struct read_slot *slots, struct read_fault *ret_fault)
{
	struct scanner s = { .at = text, .end = text + size,
	    .budget = budget };
	const struct read_slot *slot = slots;
	bool ok;

	while (slot[1].name != NULL)
		slot++; /* the first is behind the last */
	scan_blanks(&s);
	ok = scan_take(&s, '{');
	do
		ok = ok && read_slot(&s, slots, &slot);
	while (ok && (scan_blanks(&s), scan_take(&s, ',')));
	ok = ok && scan_take(&s, '}');
	scan_blanks(&s);
	ok = ok && s.at == s.end;
	text_release(&s.text);
	for (; !ok && slots->name != NULL; slots++)
		if (slots->value != NULL) {
			json_object_put(*slots->value);
			*slots->value = NULL;
		}
	if (s.overspent)
		describe(&s, size, ret_fault);
	return ok ? 1 : s.overspent ? -EINVAL : 0;
}
