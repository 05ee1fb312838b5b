/*
 * secret.c - lines that nobody is to read again.
 *
 * What an argument of a coroutine is, its schema says: what is marked writeOnly
 * there is a secret, whatever it is called, and so is all of an argument that
 * has one within. Where no schema says it, in URLs, headers, environments and
 * words of a command, what a key is called has to do.
 */
#include "secret.h"

#include <evtask/ctl_value.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>
#include "typed.h"
#include "walk.h"
#include "words.h"

/* What keys of secrets are called, in part. */
static const char *const secret_keys[] = {
	"password", "passwd", "passphrase", "secret", "token", "apikey",
	"api_key", "api-key", "credential", "private_key", "authorization",
	NULL
};

static bool
names_secret(const char *key, size_t size)
{
	char part[128];

	snprintf(part, sizeof(part), "%.*s", (int)size, key);
	for (const char *const *k = secret_keys; *k != NULL; k++)
		if (strcasestr(part, *k) != NULL)
			return true;
	return false;
}

/* "https://user:word@host" */
static bool
has_login(const char *text)
{
	const char *p = strstr(text, "://"), *at, *colon;

	if (p == NULL)
		return false;
	p += 3;
	at = memchr(p, '@', strcspn(p, "/?# "));
	colon = memchr(p, ':', strcspn(p, "/?# "));
	return at != NULL && colon != NULL && colon < at;
}

/* key=value, a header in quotes, --key value */
static bool
looks_secret(const char *word)
{
	size_t size = strcspn(word, "=:");

	return has_login(word) || ((word[size] != '\0' || word[0] == '-') &&
	    names_secret(word, size));
}

/* Whether the schema marks a secret, be it within. */
static bool
marks_secret(struct json_object *schema)
{
	bool secret = evtask_ctl_get_bool(schema, "writeOnly", false);

	if (json_object_is_type(schema, json_type_array))
		for (size_t i = 0; !secret &&
		    i < json_object_array_length(schema); i++)
			secret = marks_secret(json_object_array_get_idx(schema,
			    i));
	if (!json_object_is_type(schema, json_type_object))
		return secret;
	json_object_object_foreach(schema, key, value) {
		(void)key;
		secret = secret || marks_secret(value);
	}
	return secret;
}

/* Whether a.b of the word a.b=text is a secret by the schema of the line. */
static bool
is_marked(struct json_object *schema, const char *word)
{
	size_t end = strcspn(word, "=:"), size;
	struct json_object *member = schema;
	char name[128];

	if (word[end] == '\0')
		return false;
	for (const char *key = word; key < word + end; key += size + 1) {
		size = strcspn(key, ".=:");
		snprintf(name, sizeof(name), "%.*s", (int)size, key);
		member = typed_member(member, name);
		if (evtask_ctl_get_bool(member, "writeOnly", false))
			return true;
	}
	return marks_secret(member);
}

bool
secret_is_in(const char *line, const struct complete_source *source)
{
	struct json_object *schema;
	struct words words;
	struct walk walk;
	bool secret = false;

	if (words_cut(line, &words, NULL) != 0)
		return false;
	walk_over(&walk, &words, words.n, source);
	schema = walk_schema(&walk);
	for (size_t i = 0; i < words.n; i++)
		secret |= looks_secret(words.v[i].text) ||
		    (schema != NULL && i >= walk.first &&
		    is_marked(schema, words.v[i].text));
	json_object_put(schema);
	walk_release(&walk);
	words_release(&words);
	return secret;
}
