/*
 * glob.c - name patterns: * any text, ? any byte, [a-z] [!a-z] one of a set,
 * and a backslash before any of them for itself.
 *
 * Not fnmatch(3), which tries every way to share a name out among stars and
 * can be made to do so for years by a pattern of a hundred bytes. Here the
 * last star alone is tried again, which is enough: what an earlier star took
 * can as well be taken by the last. Time is pattern times name.
 */
#include "glob.h"
#include <stddef.h>

/* Whether c is in the set that begins after '['; *ret_end is after the ']'.
 * A set without an end is no set: *ret_end is NULL. */
static bool
in_set(const char *set, unsigned char c, const char **ret_end)
{
	bool negated = *set == '!' || *set == '^', found = false;
	const char *p = set + negated, *start = p;
	unsigned char low, high;

	*ret_end = NULL;
	for (; *p != '\0' && (*p != ']' || p == start); p++) {
		low = high = (unsigned char)*p;
		if (p[1] == '-' && p[2] != '\0' && p[2] != ']') {
			high = (unsigned char)p[2];
			p += 2;
		}
		if (low <= c && c <= high)
			found = true;
	}
	if (*p == ']')
		*ret_end = p + 1;
	return found != negated;
}

/* Whether the pattern's first element, no star, matches c; *ret_next is what
 * follows it. */
static bool
match_one(const char *pattern, char c, const char **ret_next)
{
	const char *end;
	bool in;

	*ret_next = pattern + 1;
	switch (*pattern) {
	case '\0':
		return false;
	case '?':
		return true;
	case '[':
		in = in_set(pattern + 1, (unsigned char)c, &end);
		if (end == NULL)
			return c == '[';
		*ret_next = end;
		return in;
	case '\\':
		if (pattern[1] != '\0') {
			*ret_next = pattern + 2;
			return c == pattern[1];
		}
		return c == '\\';
	default:
		return c == *pattern;
	}
}

bool
glob_match(const char *pattern, const char *name)
{
	const char *star = NULL, *retry = NULL, *next;

	while (*name != '\0') {
		if (*pattern == '*') {
			star = ++pattern;
			retry = name;
		} else if (match_one(pattern, *name, &next)) {
			pattern = next;
			name++;
		} else if (star != NULL) {
			pattern = star;
			name = ++retry;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return *pattern == '\0';
}
