/* scan.h - the tokens of JSON. */
#ifndef CTL_SCAN_H
#define CTL_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include "text.h"

struct json_object;

/* A text being read; every byte is looked at once. */
struct scanner {
	const char *at;
	const char *end;
	const char *string;   /* read last, decoded: in what is read or ... */
	size_t string_size;
	struct text text;     /* ... here, if it had to be decoded */
	size_t budget;        /* values yet to come, by what they cost */
	bool overspent;       /* there were more */
	int error;            /* why it stopped at at: -EINVAL or -ENOMEM */
	const char *expected; /* with -EINVAL; static */
};

/* Both return false, the answer of what did not find its token. */
bool scan_fail(struct scanner *s, const char *expected);
bool scan_no_memory(struct scanner *s);

/* Takes so much of the budget, if there is as much. */
bool scan_spend(struct scanner *s, size_t cost);

/* The byte at hand; -1 at the end. */
static inline int
scan_peek(const struct scanner *s)
{
	return s->at < s->end ? (unsigned char)*s->at : -1;
}

static inline bool
scan_take(struct scanner *s, char c)
{
	if (s->at == s->end || *s->at != c)
		return false;
	s->at++;
	return true;
}

/* There seldom are any. */
static inline void
scan_blanks(struct scanner *s)
{
	while (s->at < s->end && (unsigned char)*s->at <= ' ' &&
	    (*s->at == ' ' || *s->at == '\t' || *s->at == '\r' ||
	    *s->at == '\n'))
		s->at++;
}

bool scan_word(struct scanner *s, const char *word);
/* At its quote; the characters, without a NUL at the end, are s->string until
 * the next one is read. */
bool scan_string(struct scanner *s, bool in_name);
#define SCAN_COST_FRACTION 9 /* of a number that has one, beyond a value's */
/* At its sign or first digit. The caller owns the value. */
bool scan_number(struct scanner *s, struct json_object **ret_value);

#endif
