/*
 * names.c - the words people call tasks by, and the tasks they mean.
 *
 *	42        the id
 *	nap       the name; at the prompt, a prefix only one task has will do
 *	crawl-*   a glob: every task of such a name that the verb is for
 *	@last     the task you created last: in this run of evtask, or else
 *	          the newest that a client of your user made
 *
 * The server knows ids and names; the rest is looked up here, and what is
 * sent is ids, so that a name taken over in between cannot be hit.
 */
#include "names.h"

#include <errno.h>
#include <evtask/ctl.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "cli.h"
#include "exits.h"
#include "pages.h"

#define PAGE 1000
#define SHOWN 4 /* names told when a prefix is ambiguous */

enum name_kind
names_look(const char *word, int64_t *ret_id)
{
	size_t digits = strspn(word, "0123456789");
	int64_t id;

	if (digits > 0 && word[digits] == '\0' && digits <= 16) {
		id = strtoll(word, NULL, 10);
		if (id <= EVTASK_CTL_INT_MAX) {
			*ret_id = id;
			return NAME_ID;
		}
	}
	if (strcmp(word, "@last") == 0)
		return NAME_LAST;
	return strpbrk(word, "*?[") != NULL ? NAME_GLOB : NAME_PLAIN;
}

char *
names_prefix_glob(const char *prefix)
{
	char *glob = malloc(2 * strlen(prefix) + 2), *out = glob;

	if (glob == NULL)
		return NULL;
	for (; *prefix != '\0'; prefix++) {
		if (strchr("*?[]\\", *prefix) != NULL)
			*out++ = '\\';
		*out++ = *prefix;
	}
	strcpy(out, "*");
	return glob;
}

struct json_object *
names_states(enum argument_want want)
{
	switch (want) {
	case WANT_ANY:
		return NULL;
	case WANT_LIVE:
		return json_tokener_parse("[\"created\",\"ready\","
		    "\"running\",\"waiting\"]");
	case WANT_DONE:
		return json_tokener_parse("[\"done\"]");
	}
	return NULL;
}

/* The first tasks of a prefix by name, so that one of exactly that name comes
 * before all that only begin with it. */
static int
list_prefix(struct cli *cli, const char *prefix, struct json_object **ret_page)
{
	struct json_object *params = json_object_new_object();
	char *glob = names_prefix_glob(prefix);

	if (glob == NULL) {
		json_object_put(params);
		return cli_no_memory(cli);
	}
	evtask_ctl_put_text(&params, "name", glob);
	free(glob);
	evtask_ctl_put_text(&params, "sort", "name");
	evtask_ctl_put(&params, "fields", json_tokener_parse("[\"name\"]"));
	evtask_ctl_put_int(&params, "limit", SHOWN + 1);
	return cli_ask(cli, "task.list", params, ret_page);
}

/* All of a glob that the verb is for. */
static struct json_object *
glob_params(const char *glob, enum argument_want want)
{
	struct json_object *params = json_object_new_object();

	evtask_ctl_put_text(&params, "name", glob);
	if (want != WANT_ANY)
		evtask_ctl_put(&params, "state", names_states(want));
	evtask_ctl_put(&params, "fields", json_tokener_parse("[\"id\"]"));
	return params;
}

static void
add_ids(struct json_object **tasks, struct json_object *list)
{
	size_t n = list != NULL ? json_object_array_length(list) : 0;

	for (size_t i = 0; i < n; i++)
		evtask_ctl_append(tasks, json_object_new_int64(
		    evtask_ctl_get_int(json_object_array_get_idx(list, i),
		    "id", 0)));
}

static int
add_glob(struct cli *cli, const char *glob, enum argument_want want,
    struct json_object **tasks)
{
	struct json_object *params = glob_params(glob, want), *page;
	struct pages *pages = pages_open(cli, "task.list", params, INT64_MAX);
	size_t before = json_object_array_length(*tasks);
	int r = pages != NULL ? 0 : cli_no_memory(cli);

	json_object_put(params);
	while (r == 0 && (r = pages_next(pages, &page)) == 0 && page != NULL) {
		add_ids(tasks, pages_items(page));
		json_object_put(page);
	}
	r = pages_close(pages, r);
	if (r != 0 || *tasks == NULL ||
	    json_object_array_length(*tasks) > before)
		return r;
	out_error(&cli->out, "no %stask is called %s; \"evtask list\" shows "
	    "the tasks", want == WANT_LIVE ? "live " : want == WANT_DONE ?
	    "finished " : "", glob);
	return EXIT_FAILED;
}

/* Whether a client of our user made the task. */
static bool
is_ours(struct json_object *task)
{
	struct json_object *by = evtask_ctl_get(task, "created_by");

	return strcmp(evtask_ctl_get_text(by, "type", ""), "client") == 0 &&
	    evtask_ctl_get_int(by, "uid", -1) == (int64_t)getuid();
}

/* The newest of ours on a page, 0 if there is none; and the next page's cursor,
 * NULL on the last. */
static int
look_for_ours(struct cli *cli, char **cursor, int64_t *ret_id)
{
	struct json_object *params = json_object_new_object(), *page, *list;
	struct json_object *task;
	const char *next;
	int r;

	evtask_ctl_put_text(&params, "sort", "-id");
	evtask_ctl_put_int(&params, "limit", PAGE);
	evtask_ctl_put(&params, "fields",
	    json_tokener_parse("[\"created_by\"]"));
	if (*cursor != NULL)
		evtask_ctl_put_text(&params, "cursor", *cursor);
	r = cli_ask(cli, "task.list", params, &page);
	if (r != 0)
		return r;
	list = evtask_ctl_get(page, "tasks");
	for (size_t i = 0; list != NULL && *ret_id == 0 &&
	    i < json_object_array_length(list); i++) {
		task = json_object_array_get_idx(list, i);
		if (is_ours(task))
			*ret_id = evtask_ctl_get_int(task, "id", 0);
	}
	next = evtask_ctl_get_text(page, "next", NULL);
	free(*cursor);
	*cursor = next != NULL ? strdup(next) : NULL;
	json_object_put(page);
	return 0;
}

static int
find_last(struct cli *cli, int64_t *ret_id)
{
	char *cursor = NULL;
	int r;

	*ret_id = cli->last;
	if (cli->last != 0)
		return 0;
	do
		r = look_for_ours(cli, &cursor, ret_id);
	while (r == 0 && *ret_id == 0 && cursor != NULL);
	free(cursor);
	if (r != 0 || *ret_id != 0)
		return r;
	out_error(&cli->out, "@last: you have created no task yet; see "
	    "\"evtask help create\"");
	return EXIT_FAILED;
}

/* Says which tasks a prefix may mean. */
static int
complain_ambiguous(struct cli *cli, const char *prefix,
    struct json_object *list)
{
	size_t n = json_object_array_length(list), size;
	char *names = NULL;
	FILE *out = open_memstream(&names, &size);

	if (out == NULL)
		return cli_no_memory(cli);
	for (size_t i = 0; i < n && i < SHOWN; i++)
		fprintf(out, "%s%s", i > 0 ? ", " : "", evtask_ctl_get_text(
		    json_object_array_get_idx(list, i), "name", "?"));
	fclose(out);
	out_error(&cli->out, "%s may be %s%s; type more of it", prefix, names,
	    n > SHOWN ? " or another" : "");
	free(names);
	return EXIT_FAILED;
}

/* The task of that name in the list; NULL: none. */
static struct json_object *
exact(struct json_object *list, const char *name)
{
	struct json_object *task;

	for (size_t i = 0; i < json_object_array_length(list); i++) {
		task = json_object_array_get_idx(list, i);
		if (strcmp(evtask_ctl_get_text(task, "name", ""), name) == 0)
			return task;
	}
	return NULL;
}

/* A word at the prompt: a name, or the beginning of one. */
static int
add_prefix(struct cli *cli, const char *word, struct json_object **tasks)
{
	struct json_object *page = NULL, *list, *task = NULL;
	int r = list_prefix(cli, word, &page);

	if (r != 0)
		return r;
	list = evtask_ctl_get(page, "tasks");
	if (list != NULL) {
		task = exact(list, word);
		if (task == NULL && json_object_array_length(list) == 1)
			task = json_object_array_get_idx(list, 0);
		if (task == NULL && json_object_array_length(list) > 1)
			r = complain_ambiguous(cli, word, list);
	}
	if (task != NULL)
		evtask_ctl_append(tasks, json_object_new_int64(
		    evtask_ctl_get_int(task, "id", 0)));
	else if (r == 0) /* the server has the words for it */
		evtask_ctl_append(tasks, json_object_new_string(word));
	json_object_put(page);
	return r;
}

static int
add_word(struct cli *cli, const char *word, enum argument_want want,
    struct json_object **tasks)
{
	int64_t id = 0;
	int r;

	switch (names_look(word, &id)) {
	case NAME_ID:
		break;
	case NAME_LAST:
		r = find_last(cli, &id);
		if (r != 0)
			return r;
		break;
	case NAME_GLOB:
		return add_glob(cli, word, want, tasks);
	case NAME_PLAIN:
		if (cli->mode == CLI_PROMPT)
			return add_prefix(cli, word, tasks);
		evtask_ctl_append(tasks, json_object_new_string(word));
		return 0;
	}
	evtask_ctl_append(tasks, json_object_new_int64(id));
	return 0;
}

int
names_resolve(struct cli *cli, const struct word_list *words,
    enum argument_want want, struct json_object **ret_tasks)
{
	struct json_object *tasks = json_object_new_array();
	int r = 0;

	for (size_t i = 0; r == 0 && i < words->n; i++)
		r = add_word(cli, words->v[i], want, &tasks);
	if (r == 0 && tasks == NULL)
		r = cli_no_memory(cli);
	if (r == 0)
		*ret_tasks = tasks;
	else
		json_object_put(tasks);
	return r;
}

int
names_resolve_one(struct cli *cli, const char *word, enum argument_want want,
    struct json_object **ret_task)
{
	struct word_list one = { &word, 1 };
	struct json_object *tasks;
	size_t n;
	int r = names_resolve(cli, &one, want, &tasks);

	if (r != 0)
		return r;
	n = json_object_array_length(tasks);
	if (n == 1)
		*ret_task = json_object_get(json_object_array_get_idx(tasks,
		    0));
	json_object_put(tasks);
	if (n == 1)
		return 0;
	out_error(&cli->out, "%s is the name of %zu tasks, and this is for "
	    "one; say which", word, n);
	return EXIT_FAILED;
}
