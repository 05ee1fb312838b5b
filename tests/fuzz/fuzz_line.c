/*
 * The input is a line: it is cut, read by the grammar, its words are typed by
 * a schema, and it is completed. Whatever it is, each of these ends with an
 * answer or a sentence; and a word that is quoted is cut back to itself.
 */
#include <assert.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include "cli/complete.h"
#include "cli/grammar.h"
#include "cli/pair.h"
#include "cli/words.h"
#include "tests/fuzz/fuzz.h"

static struct json_object *
no_tasks(const char *prefix, enum argument_want want, void *arg)
{
	return json_tokener_parse("[{\"name\":\"nap\",\"state\":\"done\"}]");
}

static struct json_object *
no_coroutines(void *arg)
{
	return json_tokener_parse("[{\"name\":\"c\",\"args\":{\"properties\":"
	    "{\"k\":{\"type\":\"boolean\"},\"e\":{\"enum\":[\"x\",1]}}}}]");
}

static void
read_line(const struct words *words)
{
	struct invocation invocation;
	char *why = NULL;

	if (grammar_parse(words, NULL, &invocation, &why) == 0)
		grammar_release(&invocation);
	else
		assert(why != NULL);
	free(why);
}

static void
type_words(const struct words *words)
{
	struct json_object *schema = json_tokener_parse("{\"properties\":{"
	    "\"n\":{\"type\":\"integer\"},\"l\":{\"type\":\"array\"},\"o\":{"
	    "\"type\":\"object\"},\"d\":{\"format\":\"duration\"}}}");
	struct json_object *args = json_object_new_object();
	char *why = NULL;

	for (size_t i = 0; i < words->n; i++) {
		if (pair_put(schema, args, words->v[i].text, &why) < 0)
			assert(why != NULL);
		free(why);
		why = NULL;
	}
	json_object_put(args);
	json_object_put(schema);
}

static void
quote_words(const struct words *words)
{
	struct words back;
	char *quoted, *why = NULL;

	for (size_t i = 0; i < words->n; i++) {
		quoted = words_quote(words->v[i].text);
		assert(words_cut(quoted, &back, &why) == 0);
		assert(back.n == 1);
		assert(strcmp(back.v[0].text, words->v[i].text) == 0);
		words_release(&back);
		free(quoted);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct complete_source source = { no_tasks, no_coroutines, NULL,
	    .prompt = true };
	char *line = strndup((const char *)data, size), *why = NULL;
	struct candidates candidates;
	struct words words;

	if (words_cut(line, &words, &why) == 0) {
		read_line(&words);
		type_words(&words);
		quote_words(&words);
		words_release(&words);
	}
	free(why);
	if (words_cut(line, &words, NULL) == 0) {
		if (words.finished)
			assert(words_add(&words, "") == 0);
		assert(complete_words(&words, &source, &candidates) == 0);
		complete_release(&candidates);
		words_release(&words);
	}
	free(line);
	return 0;
}
