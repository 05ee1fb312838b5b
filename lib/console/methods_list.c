/*
 * methods_list.c - task.list: the tasks there are, filtered and in pages.
 *
 * A page begins after a cursor, which is the place of the last task of the page
 * before, and not a count: so tasks that come and go between two pages move
 * none of the others. By id the place is the id; by name it is id and name,
 * because names may repeat, and of the name what the protocol's names have.
 */
#include <inttypes.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "console.h"
#include "glob.h"
#include "methods.h"
#include "page.h"
#include "view.h"

#define CURSOR_SIZE (EVTASK_CTL_NAME_MAX + 32)

/* Where a task stands in an order. */
struct place {
	uint64_t id;
	const char *name;
};

struct filter {
	uint32_t states;    /* a bit for each enum evtask_state */
	struct json_object *coroutines; /* NULL: any */
	const char *glob;   /* NULL: any */
};

static int
compare_id(const struct place *a, const struct place *b)
{
	return (a->id > b->id) - (a->id < b->id);
}

static int
compare_name(const struct place *a, const struct place *b)
{
	int order = strncmp(a->name, b->name, EVTASK_CTL_NAME_MAX);

	return order != 0 ? order : compare_id(a, b);
}

static struct place
place_of(const struct record *record)
{
	return (struct place){ record->id, record->name };
}

#define PAGE_ORDER(function, compare, first, second) \
	static int \
	function(const void *a, const void *b) \
	{ \
		struct place pa = place_of(a), pb = place_of(b); \
		\
		return compare(&first, &second); \
	}
PAGE_ORDER(by_id, compare_id, pa, pb)
PAGE_ORDER(by_id_down, compare_id, pb, pa)
PAGE_ORDER(by_name, compare_name, pa, pb)
PAGE_ORDER(by_name_down, compare_name, pb, pa)

static const struct order {
	const char *sort;
	page_order_fn page_order;
	int (*compare)(const struct place *a, const struct place *b);
	bool down;
} orders[] = {
	{ "id", by_id, compare_id, false },
	{ "-id", by_id_down, compare_id, true },
	{ "name", by_name, compare_name, false },
	{ "-name", by_name_down, compare_name, true },
};

static const struct order *
order_of(const char *sort)
{
	size_t i = 0;

	while (strcmp(orders[i].sort, sort) != 0)
		i++;
	return &orders[i];
}

static uint32_t
states_of(struct json_object *states)
{
	uint32_t bits = 0;
	enum evtask_state s;
	size_t i, n;

	if (states == NULL)
		return UINT32_MAX;
	n = json_object_array_length(states);
	for (i = 0; i < n; i++)
		for (s = EVTASK_STATE_CREATED; s <= EVTASK_STATE_DONE; s++)
			if (strcmp(evtask_state_name(s), json_object_get_string(
			    json_object_array_get_idx(states, i))) == 0)
				bits |= UINT32_C(1) << s;
	return bits;
}

static bool
has_coroutine(const struct record *record, struct json_object *coroutines)
{
	size_t i, n = json_object_array_length(coroutines);

	for (i = 0; record->coroutine != NULL && i < n; i++)
		if (strcmp(record->coroutine->row->name, json_object_get_string(
		    json_object_array_get_idx(coroutines, i))) == 0)
			return true;
	return false;
}

static bool
passes(const struct filter *filter, const struct record *record)
{
	uint32_t state = UINT32_C(1) << evtask_get_state(record->task);

	if ((filter->states & state) == 0)
		return false;
	if (filter->coroutines != NULL &&
	    !has_coroutine(record, filter->coroutines))
		return false;
	return filter->glob == NULL || glob_match(filter->glob, record->name);
}

/* Whether it lets everything pass. */
static bool
is_open(const struct filter *filter)
{
	return filter->states == UINT32_MAX && filter->coroutines == NULL &&
	    filter->glob == NULL;
}

/* "42", or by name "42/nap". False, having refused, when it is neither. */
static bool
read_cursor(struct call *call, struct place *ret_after, bool *ret_given)
{
	const char *text = evtask_ctl_get_text(call->params, "cursor", NULL);
	struct json_object *members;
	char *end;

	*ret_given = text != NULL;
	if (text == NULL)
		return true;
	ret_after->id = strtoull(text, &end, 10);
	ret_after->name = *end == '/' ? end + 1 : end;
	if (end != text && (*end == '\0' || *end == '/'))
		return true;
	members = json_object_new_object();
	evtask_ctl_put_text(&members, "path", "cursor");
	evtask_ctl_put_text(&members, "expected", "the next of another page");
	evtask_ctl_put_text(&members, "got", text);
	evtask_ctl_put_text(&members, "method", call->method->name);
	call_refuse(call, "InvalidParams", members);
	return false;
}

static const struct record *
next_of(const struct registry *registry, const struct order *order,
    const struct record *record)
{
	if (record == NULL)
		return order->down ? TAILQ_LAST(&registry->records,
		    record_list) : TAILQ_FIRST(&registry->records);
	return order->down ? TAILQ_PREV(record, record_list, link)
	    : TAILQ_NEXT(record, link);
}

static bool
is_after(const struct order *order, const struct record *record,
    const struct place *after)
{
	struct place here = place_of(record);
	int side;

	if (after == NULL)
		return true;
	side = order->compare(&here, after);
	return order->down ? side < 0 : side > 0;
}

/* All tasks, as they stand by id: the page is a stretch of them. */
static int64_t
fill_in_order(struct page *page, const struct registry *registry,
    const struct order *order, const struct place *after)
{
	const struct record *record = after == NULL ? NULL
	    : registry_find(registry, after->id);

	while (!page->more &&
	    (record = next_of(registry, order, record)) != NULL)
		if (is_after(order, record, after))
			page_offer(page, record);
	return (int64_t)registry->count;
}

/* All that pass are counted; those after the cursor are offered. */
static int64_t
fill(struct page *page, const struct registry *registry,
    const struct filter *filter, const struct order *order,
    const struct place *after)
{
	const struct record *record = NULL;
	int64_t total = 0;

	if (is_open(filter) && order->compare == compare_id)
		return fill_in_order(page, registry, order, after);
	while ((record = next_of(registry, order, record)) != NULL) {
		if (!passes(filter, record))
			continue;
		total++;
		if (is_after(order, record, after))
			page_offer(page, record);
	}
	return total;
}

static void
put_next(struct json_object **o, const struct page *page,
    const struct order *order)
{
	char cursor[CURSOR_SIZE];
	struct place last;

	if (!page->more) {
		evtask_ctl_put_null(o, "next");
		return;
	}
	last = place_of(page->items[page->count - 1]);
	if (order->compare == compare_name)
		snprintf(cursor, sizeof(cursor), "%" PRIu64 "/%.*s", last.id,
		    EVTASK_CTL_NAME_MAX, last.name);
	else
		snprintf(cursor, sizeof(cursor), "%" PRIu64, last.id);
	evtask_ctl_put_text(o, "next", cursor);
}

struct json_object *
serve_task_list(struct call *call)
{
	const struct order *order = order_of(evtask_ctl_get_text(call->params,
	    "sort", "id"));
	struct filter filter = {
		.states = states_of(evtask_ctl_get(call->params, "state")),
		.coroutines = evtask_ctl_get(call->params, "coroutine"),
		.glob = evtask_ctl_get_text(call->params, "name", NULL),
	};
	struct json_object *o, *list;
	struct place after;
	struct page page;
	uint32_t members;
	int64_t total;
	bool given;
	size_t i;

	if (!view_select(call, view_members(), &members) ||
	    !read_cursor(call, &after, &given) ||
	    page_init(&page, (size_t)evtask_ctl_get_int(call->params, "limit",
	    1), order->page_order) < 0)
		return NULL;
	total = fill(&page, &call->console->registry, &filter, order,
	    given ? &after : NULL);
	list = json_object_new_array();
	for (i = 0; i < page.count; i++)
		evtask_ctl_append(&list, view_task(call->console,
		    page.items[i], members));
	o = json_object_new_object();
	evtask_ctl_put(&o, "tasks", list);
	evtask_ctl_put_int(&o, "total", total);
	put_next(&o, &page, order);
	put_seq(&o, call);
	page_release(&page);
	return o;
}
