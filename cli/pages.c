/*
 * pages.c - a list of the server's, page by page.
 *
 * While one page is looked at, the server makes the next: a task of its own
 * asks for it, eagerly, so that the request is on its way before the page at
 * hand is given out. Never more than one page waits.
 */
#include "pages.h"

#include <errno.h>
#include <evtask/ctl_value.h>
#include <evtask/evtask.h>
#include <json-c/json.h>
#include <stdlib.h>
#include "cli.h"
#include "rows.h"

/* Items of a page. Small ones are read and printed while they are warm in the
 * cache; but far away a round trip costs more than that. */
#define PAGE_NEAR 100
#define PAGE_FAR 1000

struct pages {
	struct cli *cli;
	const char *method;
	struct json_object *params; /* of the page that is asked for */
	int64_t left;               /* items still wanted */
	struct evtask *asking;      /* NULL: there is no other page */
	struct json_object *page;   /* that it got; NULL: ... */
	int code;                   /* ... or this */
};

static int
ask(void *arg)
{
	struct pages *pages = arg;

	pages->code = cli_ask(pages->cli, pages->method,
	    json_object_get(pages->params), &pages->page);
	return pages->code == -ECANCELED ? -ECANCELED : 0;
}

static int
begin(struct pages *pages)
{
	static const struct evtask_options eagerly = { .eager = true };

	int64_t most = pages->cli->settings.place.host != NULL ? PAGE_FAR :
	    PAGE_NEAR;

	evtask_ctl_put_int(&pages->params, "limit",
	    pages->left < most ? pages->left : most);
	if (pages->params == NULL)
		return -ENOMEM;
	return evtask_create(ask, pages, &eagerly, &pages->asking);
}

struct pages *
pages_open(struct cli *cli, const char *method, struct json_object *params,
    int64_t most)
{
	struct pages *pages = calloc(1, sizeof(*pages));

	if (pages == NULL)
		return NULL;
	*pages = (struct pages){ .cli = cli, .method = method, .left = most };
	if (json_object_deep_copy(params, &pages->params, NULL) == 0 &&
	    begin(pages) == 0)
		return pages;
	json_object_put(pages->params);
	free(pages);
	return NULL;
}

struct json_object *
pages_items(struct json_object *page)
{
	json_object_object_foreach(page, key, value) {
		(void)key;
		if (json_object_is_type(value, json_type_array))
			return value;
	}
	return NULL;
}

/* Asks for the page behind this one, if there is one and it is wanted. */
static int
go_on(struct pages *pages, struct json_object *page)
{
	const char *next = evtask_ctl_get_text(page, "next", NULL);
	struct json_object *items = pages_items(page);

	if (items != NULL)
		pages->left -= (int64_t)json_object_array_length(items);
	if (next == NULL || pages->left <= 0)
		return 0;
	evtask_ctl_put_text(&pages->params, "cursor", next);
	return begin(pages);
}

int
pages_next(struct pages *pages, struct json_object **ret_page)
{
	struct json_object *page;
	int r;

	*ret_page = NULL;
	if (pages == NULL || pages->asking == NULL)
		return 0;
	r = evtask_await(pages->asking);
	if (r < 0)
		return r;
	evtask_unref(pages->asking);
	pages->asking = NULL;
	if (pages->code != 0)
		return pages->code;
	page = pages->page;
	pages->page = NULL;
	if (go_on(pages, page) < 0) {
		json_object_put(page);
		return cli_no_memory(pages->cli);
	}
	*ret_page = page;
	return 0;
}

int
pages_close(struct pages *pages, int code)
{
	int r = 0;

	if (pages == NULL)
		return code;
	if (pages->asking != NULL) {
		evtask_cancel(pages->asking, NULL);
		r = evtask_await(pages->asking); /* it is done in any case */
		evtask_unref(pages->asking);
	}
	json_object_put(pages->page);
	json_object_put(pages->params);
	free(pages);
	return r < 0 ? r : code;
}

int
pages_print(struct cli *cli, const char *method, struct json_object *params,
    int64_t most, struct rows *rows)
{
	struct pages *pages = pages_open(cli, method, params, most);
	struct json_object *page, *items;
	int r = pages != NULL ? 0 : cli_no_memory(cli);

	while (r == 0 && (r = pages_next(pages, &page)) == 0 && page != NULL) {
		items = pages_items(page);
		if (items != NULL && json_object_array_length(items) > 0)
			r = rows_add(rows, items);
		json_object_put(page);
	}
	return pages_close(pages, r);
}
