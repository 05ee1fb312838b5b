/*
 * mutate.c - mutations of an input that is lines of requests.
 *
 * A fuzzer mutates bytes, and most of what comes of that is a line that is not
 * JSON: refused, as it must be, but soon. So of three mutations one is of
 * bytes, and two leave lines whole: a request made from the schema is put in, a
 * line is taken out, doubled, moved, or told to wait, or one of its values
 * becomes another. A crossing of two inputs has whole lines of both.
 *
 * A mutation is decided by its seed alone.
 */
#include <string.h>
#include "tests/fuzz/compose.h"
#include "tests/fuzz/fuzz.h"

#define LINES_MAX 64
#define CHOICES 128 /* bytes of them: a request takes a dozen or two */

/* Where each line begins, and the last one ends. */
struct lines {
	const char *at[LINES_MAX + 1];
	unsigned n;
};

static void
find_lines(struct lines *lines, const char *bytes, size_t size)
{
	const char *end = bytes + size, *lf;

	lines->n = 0;
	while (bytes < end && lines->n < LINES_MAX) {
		lines->at[lines->n++] = bytes;
		lf = memchr(bytes, '\n', (size_t)(end - bytes));
		bytes = lf != NULL ? lf + 1 : end;
	}
	lines->at[lines->n] = end;
}

/* Adds those from..to, of which to is not one. */
static void
add_lines(struct text *out, const struct lines *lines, unsigned from,
    unsigned to)
{
	if (from >= to)
		return;
	text_add(out, lines->at[from],
	    (size_t)(lines->at[to] - lines->at[from]));
	if (out->size > 0 && out->bytes[out->size - 1] != '\n')
		text_add(out, "\n", 1);
}

/* The mutations: each adds the lines to out, changed. */
typedef void (*mutation_fn)(struct choices *choices,
    const struct lines *lines, struct text *out);

static void
put_in(struct choices *choices, const struct lines *lines, struct text *out)
{
	unsigned at = choose(choices, lines->n + 1);
	const struct evtask_ctl_method *method = compose_method(choices);
	unsigned id = choose(choices, 33);

	add_lines(out, lines, 0, at);
	compose_request(choices, out, method, (int64_t)id - 1);
	add_lines(out, lines, at, lines->n);
}

static void
take_out(struct choices *choices, const struct lines *lines,
    struct text *out)
{
	unsigned at = choose(choices, lines->n);

	add_lines(out, lines, 0, at);
	add_lines(out, lines, at + 1, lines->n);
}

static void
double_one(struct choices *choices, const struct lines *lines,
    struct text *out)
{
	unsigned which = choose(choices, lines->n);
	unsigned at = choose(choices, lines->n + 1);

	add_lines(out, lines, 0, at);
	add_lines(out, lines, which, which + 1);
	add_lines(out, lines, at, lines->n);
}

static void
exchange(struct choices *choices, const struct lines *lines,
    struct text *out)
{
	unsigned i = choose(choices, lines->n), j = choose(choices, lines->n);
	unsigned first = i < j ? i : j, second = i < j ? j : i;

	add_lines(out, lines, 0, first);
	add_lines(out, lines, second, second + 1);
	add_lines(out, lines, first + 1, second);
	if (first != second)
		add_lines(out, lines, first, first + 1);
	add_lines(out, lines, second + 1, lines->n);
}

/* How it goes is told in front of it: fuzz_session.c. */
static void
tell_to_wait(struct choices *choices, const struct lines *lines,
    struct text *out)
{
	static const char *const how[] = { "\n", "\t", "\t\t\t", " ", "   " };
	unsigned at = choose(choices, lines->n);

	add_lines(out, lines, 0, at);
	text_add_string(out, how[choose(choices, COUNT(how))]);
	add_lines(out, lines, at, lines->n);
}

/* Behind a colon or a comma or a bracket, which are in strings, too. */
static const char *
find_value(struct choices *choices, const char *at, const char *end)
{
	unsigned skip = choose(choices, 16);
	const char *found = NULL;

	for (; at < end; at++) {
		if (strchr(":,[", *at) == NULL)
			continue;
		found = at + 1;
		if (skip-- == 0)
			break;
	}
	return found;
}

static const char *
value_end(const char *at, const char *end)
{
	bool in_string = false;
	int depth = 0;

	for (; at < end && *at != '\n'; at++) {
		if (*at == '"')
			in_string = !in_string;
		if (in_string)
			continue;
		if (depth == 0 && strchr(",]}", *at) != NULL)
			break;
		depth += (*at == '[' || *at == '{') -
		    (*at == ']' || *at == '}');
	}
	return at;
}

static void
change_value(struct choices *choices, const struct lines *lines,
    struct text *out)
{
	const char *end = lines->at[lines->n], *value, *rest;
	unsigned at = choose(choices, lines->n);

	value = find_value(choices, lines->at[at], lines->at[at + 1]);
	if (value == NULL) {
		put_in(choices, lines, out);
		return;
	}
	rest = value_end(value, lines->at[at + 1]);
	text_add(out, lines->at[0], (size_t)(value - lines->at[0]));
	compose_value(choices, out);
	text_add(out, rest, (size_t)(end - rest));
}

static const mutation_fn mutations[] = {
	put_in, put_in, put_in, take_out, double_one, exchange, tell_to_wait,
	change_value, change_value, change_value,
};

/* Bytes that choose, from a seed (splitmix64). */
static struct choices
choices_of(uint64_t seed, uint8_t bytes[CHOICES])
{
	uint64_t z;
	size_t i;

	for (i = 0; i < CHOICES; i += sizeof(z)) {
		z = (seed += 0x9e3779b97f4a7c15);
		z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
		z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
		z ^= z >> 31;
		memcpy(bytes + i, &z, sizeof(z));
	}
	return (struct choices){ bytes, bytes + CHOICES };
}

/* What is too long loses what does not fit, at the end. */
static size_t
give(struct text *out, uint8_t *data, size_t max_size)
{
	size_t size = out->size < max_size ? out->size : max_size;

	if (size > 0)
		memcpy(data, out->bytes, size);
	text_release(out);
	return size;
}

size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size,
    unsigned int seed)
{
	uint8_t bytes[CHOICES];
	struct choices choices = choices_of(seed, bytes);
	struct text out = {0};
	struct lines lines;

	find_lines(&lines, (const char *)data, size);
	if (choose(&choices, 3) == 0)
		return LLVMFuzzerMutate(data, size, max_size);
	if (lines.n == 0)
		put_in(&choices, &lines, &out);
	else
		mutations[choose(&choices, COUNT(mutations))](&choices,
		    &lines, &out);
	return give(&out, data, max_size);
}

size_t
LLVMFuzzerCustomCrossOver(const uint8_t *data1, size_t size1,
    const uint8_t *data2, size_t size2, uint8_t *ret_data, size_t max_size,
    unsigned int seed)
{
	uint8_t bytes[CHOICES];
	struct choices choices = choices_of(seed, bytes);
	struct lines lines1, lines2;
	struct text out = {0};
	unsigned at, from, to;

	find_lines(&lines1, (const char *)data1, size1);
	find_lines(&lines2, (const char *)data2, size2);
	at = choose(&choices, lines1.n + 1);
	from = choose(&choices, lines2.n + 1);
	to = from + choose(&choices, lines2.n - from + 1);
	add_lines(&out, &lines1, 0, at);
	add_lines(&out, &lines2, from, to);
	add_lines(&out, &lines1, at, lines1.n);
	return give(&out, ret_data, max_size);
}
