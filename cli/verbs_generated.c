/*
 * verbs_generated.c - what a verb does that is made from a method: it puts the
 * words of the line into params, asks for all there is, and prints the result
 * by its looks.
 */
#include "generated.h"

#include <evtask/ctl.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include "cli.h"
#include "each.h"
#include "exits.h"
#include "grammar.h"
#include "names.h"
#include "pages.h"
#include "pair.h"
#include "render.h"
#include "typed.h"
#include "verbs.h"

/* The words of a list of TaskRefs; numbers stay what they are. */
static int
resolve_list(struct cli *cli, struct json_object *list,
    struct json_object **ret_tasks)
{
	size_t n = json_object_array_length(list);
	struct word_list words = { calloc(n + 1, sizeof(*words.v)), n };
	int r;

	if (words.v == NULL)
		return cli_no_memory(cli);
	for (size_t i = 0; i < n; i++)
		words.v[i] = json_object_get_string(
		    json_object_array_get_idx(list, i));
	r = names_resolve(cli, &words, WANT_ANY, ret_tasks);
	free(words.v);
	return r;
}

int
generated_resolve(struct cli *cli, struct json_object *params)
{
	struct json_object *one = evtask_ctl_get(params, "task"), *tasks;
	struct json_object *many = evtask_ctl_get(params, "tasks");
	int r = 0;

	if (json_object_is_type(one, json_type_string)) {
		r = names_resolve_one(cli, json_object_get_string(one),
		    WANT_ANY, &tasks);
		if (r == 0)
			json_object_object_add(params, "task", tasks);
	}
	if (r == 0 && json_object_is_type(many, json_type_array)) {
		r = resolve_list(cli, many, &tasks);
		if (r == 0)
			json_object_object_add(params, "tasks", tasks);
	}
	return r;
}

/* What the line says, but for its tasks. */
static int
make_params(struct cli *cli, struct invocation *invocation,
    struct json_object **ret_params)
{
	const struct generated *g = (const void *)invocation->command;
	struct json_object *params = NULL;
	char *why = NULL;
	int r = 0;

	if (json_object_deep_copy(invocation->own, &params, NULL) < 0)
		return cli_no_memory(cli);
	for (size_t i = 0; r == 0 && i < invocation->pairs.n; i++)
		r = pair_put(g->schema, params, invocation->pairs.v[i], &why);
	if (r == 0) {
		*ret_params = params;
		return 0;
	}
	json_object_put(params);
	if (why == NULL)
		return cli_no_memory(cli);
	out_error(&cli->out, "%s: %s", g->command.name, why);
	free(why);
	return EXIT_USAGE;
}

/* The member that is the many of a result: an array of objects; or NULL. */
static const char *
many_of(struct json_object *result)
{
	if (!json_object_is_type(result, json_type_object))
		return NULL;
	json_object_object_foreach(result, key, value) {
		if (json_object_is_type(value, json_type_array) &&
		    (json_object_array_length(value) == 0 ||
		    json_object_is_type(json_object_array_get_idx(value, 0),
		    json_type_object)))
			return key;
	}
	return NULL;
}

static int
print_many(struct out *out, struct json_object *rows)
{
	struct json_object *first = json_object_array_get_idx(rows, 0);
	const struct rows_kind kind = {
		.id = evtask_ctl_get(first, "id") != NULL ? "id" : "name",
	};

	return rows_print(out, &kind, rows, render_now_us());
}

/* Where there are no rows, what else there is: "changed 0", failed: none. */
static int
print_none(struct out *out, struct json_object *result, const char *name)
{
	static const char *const of_pages[] = { "total", "next", "seq" };

	if (out->form != OUT_TABLE && out->form != OUT_WIDE)
		return 0;
	out_note(out, "%s: none", name);
	for (size_t i = 0; i < sizeof(of_pages) / sizeof(of_pages[0]); i++)
		json_object_object_del(result, of_pages[i]);
	json_object_object_del(result, name);
	render_members(out, result);
	return 0;
}

/* One text of many lines is what people came for. */
static const char *
text_of(struct json_object *result)
{
	const char *text;

	json_object_object_foreach(result, key, value) {
		(void)key;
		text = json_object_is_type(value, json_type_string) ?
		    json_object_get_string(value) : "";
		if (strchr(text, '\n') != NULL)
			return text;
	}
	return NULL;
}

/* What else than rows there is in the result stays for -o json. */
static int
print_result(struct out *out, struct json_object *result)
{
	const char *many = many_of(result), *text = text_of(result);

	if (out->json && out->columns == NULL)
		out_json(out, result);
	else if (many != NULL && json_object_array_length(
	    evtask_ctl_get(result, many)) == 0)
		return print_none(out, result, many);
	else if (many != NULL)
		return print_many(out, evtask_ctl_get(result, many));
	else if (text != NULL)
		out_bytes(out, false, text, strlen(text));
	else
		render_members(out, result);
	return 0;
}

/* The next page's rows behind those of the pages before. */
static void
add_items(struct json_object *all, struct json_object *page)
{
	struct json_object *to = pages_items(all), *from = pages_items(page);
	size_t n = to != NULL && from != NULL ?
	    json_object_array_length(from) : 0;

	for (size_t i = 0; i < n; i++)
		json_object_array_add(to, json_object_get(
		    json_object_array_get_idx(from, i)));
}

static int
ask_pages(struct cli *cli, const char *method, struct json_object *params,
    struct json_object **ret_all)
{
	struct pages *pages = pages_open(cli, method, params, INT64_MAX);
	struct json_object *all = NULL, *page;
	int r = pages != NULL ? 0 : cli_no_memory(cli);

	while (r == 0 && (r = pages_next(pages, &page)) == 0 && page != NULL) {
		if (all == NULL) {
			all = page;
			continue;
		}
		add_items(all, page);
		json_object_put(page);
	}
	r = pages_close(pages, r);
	if (r == 0) {
		json_object_object_del(all, "next");
		*ret_all = all;
	} else {
		json_object_put(all);
	}
	return r;
}

/* All pages, unless the line says which. */
static int
ask_all(struct cli *cli, const struct generated *g,
    struct json_object *params, struct json_object **ret_result)
{
	const char *method = g->command.methods[0];

	if (typed_member(g->schema, "cursor") == NULL ||
	    evtask_ctl_get(params, "cursor") != NULL ||
	    evtask_ctl_get(params, "limit") != NULL)
		return cli_ask(cli, method, json_object_get(params),
		    ret_result);
	return ask_pages(cli, method, params, ret_result);
}

/* params are taken. */
static int
ask_and_print(struct cli *cli, const struct generated *g,
    struct json_object *params)
{
	struct json_object *result;
	int r = ask_all(cli, g, params, &result);

	json_object_put(params);
	if (r != 0)
		return r;
	r = print_result(&cli->out, result);
	json_object_put(result);
	return r;
}

/* A method about one task, for one of the line's. */
static int
ask_about(struct cli *cli, struct invocation *invocation,
    struct json_object *task)
{
	struct json_object *params;
	int r = make_params(cli, invocation, &params);

	if (r != 0)
		return r;
	json_object_object_add(params, "task", json_object_get(task));
	return ask_and_print(cli, (const void *)invocation->command, params);
}

int
verb_generated(struct cli *cli, struct invocation *invocation)
{
	const struct generated *g = (const void *)invocation->command;
	struct json_object *params, *tasks;
	int r;

	if (invocation->tasks.n > 0 && typed_member(g->schema, "task") != NULL)
		return each_task(cli, invocation, EACH_BLANK, ask_about);
	r = make_params(cli, invocation, &params);
	if (r == 0 && invocation->tasks.n > 0) {
		r = names_resolve(cli, &invocation->tasks, WANT_ANY, &tasks);
		if (r == 0)
			json_object_object_add(params, "tasks", tasks);
	} else if (r == 0) {
		r = generated_resolve(cli, params);
	} else {
		return r;
	}
	if (r == 0)
		return ask_and_print(cli, g, params);
	json_object_put(params);
	return r;
}
