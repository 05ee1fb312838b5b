/*
 * methods_list.c - task.list: the tasks there are, filtered and in pages.
 *
 * A page begins after a cursor, which is the place of the last task of the page
 * before, and not a count: so tasks that come and go between two pages move
 * none of the others. By id the place is the id; by name it is id and name,
 * because names may repeat, and of the name what the protocol's names have.
 *
 * There may be a hundred thousand tasks to look at and a thousand to write, so
 * it is done in slices (slice.c): first a walk over the tasks that finds the
 * page, then the writing of it. What a slice leaves is exact: a task that is
 * forgotten between two of them is still held by the page. `seq` is the event
 * before the first slice, so that who subscribes since it misses nothing.
 */
#include <inttypes.h>
#include <evtask/ctl_writer.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "console.h"
#include "glob.h"
#include "labels.h"
#include "methods.h"
#include "page.h"
#include "slice.h"
#include "view.h"

#define CURSOR_SIZE (EVTASK_CTL_NAME_MAX + 32)
#define LOOK_EVERY 64 /* tasks passed; then at the clock */
#define PAGE_BYTES_MAX (4 << 20) /* the rest is on the next page */

/* Where a task stands in an order. */
struct place {
	uint64_t id;
	const char *name;
};

struct filter {
	uint32_t states;    /* a bit for each enum evtask_state */
	struct json_object *coroutines; /* NULL: any */
	const char *glob;   /* NULL: any */
	struct json_object *labels; /* NULL: any */
	bool warned;
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
has_labels(const struct record *record, struct json_object *wanted)
{
	size_t i, n = json_object_array_length(wanted);

	for (i = 0; i < n; i++)
		if (!labels_match(record->labels, json_object_get_string(
		    json_object_array_get_idx(wanted, i))))
			return false;
	return true;
}

static bool
passes(const struct filter *filter, const struct record *record)
{
	uint32_t state = UINT32_C(1) << evtask_get_state(record->task);

	if ((filter->states & state) == 0)
		return false;
	if (filter->warned && record->warned == 0)
		return false;
	if (filter->coroutines != NULL &&
	    !has_coroutine(record, filter->coroutines))
		return false;
	if (filter->labels != NULL && !has_labels(record, filter->labels))
		return false;
	return filter->glob == NULL || glob_match(filter->glob, record->name);
}

/* Whether it lets everything pass. */
static bool
is_open(const struct filter *filter)
{
	return filter->states == UINT32_MAX && filter->coroutines == NULL &&
	    filter->glob == NULL && filter->labels == NULL &&
	    !filter->warned;
}

/* "42", or by name "42/nap". False, having refused, when it is neither. */
static bool
read_cursor(struct call *call, struct place *ret_after, bool *ret_given)
{
	const char *text = evtask_ctl_get_text(call->params, "cursor", NULL);
	char *end;

	*ret_given = text != NULL;
	if (text == NULL)
		return true;
	ret_after->id = strtoull(text, &end, 10);
	ret_after->name = *end == '/' ? end + 1 : end;
	if (end != text && (*end == '\0' || *end == '/'))
		return true;
	call_refuse_cursor(call, text);
	return false;
}

/* The answer, as far as it is. */
struct list {
	struct slice slice;
	struct json_object *params; /* the filter and the cursor point there */
	const struct order *order;
	struct filter filter;
	struct place after;
	bool has_after;
	uint32_t members;
	uint64_t seq;
	struct walk walk;
	int64_t total;      /* tasks that pass, on all pages */
	struct page page;   /* of records, a reference to each */
	bool found;         /* all that belongs there */
	size_t written;     /* of the page */
	size_t bytes;       /* so far */
	bool failed;
};

static bool
is_after(const struct list *list, const struct record *record)
{
	struct place here = place_of(record);
	int side;

	if (!list->has_after)
		return true;
	side = list->order->compare(&here, &list->after);
	return list->order->down ? side < 0 : side > 0;
}

static void
offer(struct list *list, struct record *record)
{
	const void *out = page_offer(&list->page, record_ref(record));

	record_unref((struct record *)(uintptr_t)out);
}

/* All tasks, as they stand by id: the page is a stretch of them. */
static bool
is_stretch(const struct list *list)
{
	return is_open(&list->filter) && list->order->compare == compare_id;
}

/* Finds the page: all that pass are counted, those after the cursor offered.
 * False: it is not all found yet. */
static bool
find_page(struct list *list)
{
	bool stretch = is_stretch(list);
	struct record *record;
	unsigned int n = 0;

	while (!(stretch && list->page.more) &&
	    (record = walk_next(&list->walk)) != NULL) {
		if (stretch || passes(&list->filter, record)) {
			list->total++;
			if (is_after(list, record))
				offer(list, record);
		}
		if (++n % LOOK_EVERY == 0 && slice_is_over(&list->slice))
			return false;
	}
	if (stretch)
		list->total = (int64_t)
		    list->slice.session->console->registry.count;
	walk_end(&list->walk);
	return true;
}

/* Writes the page, or as much of it as an answer may hold. */
static bool
write_page(struct list *list)
{
	const struct evtask_console *console = list->slice.session->console;
	const struct record *record;
	size_t size;

	while (list->written < list->page.count &&
	    list->bytes < PAGE_BYTES_MAX) {
		record = list->page.items[list->written++];
		evtask_ctl_write_begin(console->writer);
		write_task(console->writer, NULL, console, record,
		    list->members);
		size = slice_add_written(&list->slice);
		list->failed |= size == 0;
		list->bytes += size;
		if (slice_is_over(&list->slice))
			return list->written == list->page.count;
	}
	return true;
}

static bool
step(struct slice *slice)
{
	struct list *list = (struct list *)slice;

	if (!list->found)
		list->found = find_page(list);
	return list->found && write_page(list);
}

static void
put_next(struct json_object **o, const struct list *list)
{
	char cursor[CURSOR_SIZE];
	struct place last;

	if (list->written == list->page.count && !list->page.more) {
		evtask_ctl_put_null(o, "next");
		return;
	}
	last = place_of(list->page.items[list->written - 1]);
	if (list->order->compare == compare_name)
		snprintf(cursor, sizeof(cursor), "%" PRIu64 "/%.*s", last.id,
		    EVTASK_CTL_NAME_MAX, last.name);
	else
		snprintf(cursor, sizeof(cursor), "%" PRIu64, last.id);
	evtask_ctl_put_text(o, "next", cursor);
}

static struct json_object *
finish(struct slice *slice)
{
	struct list *list = (struct list *)slice;
	struct json_object *o = list->failed ? NULL : json_object_new_object();

	evtask_ctl_put_int(&o, "total", list->total);
	put_next(&o, list);
	evtask_ctl_put_int(&o, "seq", (int64_t)list->seq);
	return o;
}

static void
release(struct slice *slice)
{
	struct list *list = (struct list *)slice;
	size_t i;

	walk_end(&list->walk);
	for (i = 0; i < list->page.count; i++)
		record_unref((struct record *)(uintptr_t)list->page.items[i]);
	page_release(&list->page);
	json_object_put(list->params);
}

static struct list *
list_new(struct call *call)
{
	struct list *list = calloc(1, sizeof(*list));
	struct json_object *params = call->params;

	if (list == NULL)
		return NULL;
	list->slice.key = "tasks";
	list->slice.step = step;
	list->slice.finish = finish;
	list->slice.release = release;
	list->params = json_object_get(params);
	list->order = order_of(evtask_ctl_get_text(params, "sort", "id"));
	list->filter = (struct filter){
		.states = states_of(evtask_ctl_get(params, "state")),
		.coroutines = evtask_ctl_get(params, "coroutine"),
		.glob = evtask_ctl_get_text(params, "name", NULL),
		.labels = evtask_ctl_get(params, "label"),
		.warned = evtask_ctl_get_bool(params, "warned", false),
	};
	list->seq = call->console->ring.seq;
	return list;
}

struct json_object *
serve_task_list(struct call *call)
{
	struct list *list = list_new(call);

	if (list == NULL)
		return NULL;
	if (!view_select(call, view_member, &list->members) ||
	    !read_cursor(call, &list->after, &list->has_after) ||
	    page_init(&list->page, (size_t)evtask_ctl_get_int(call->params,
	    "limit", 1), list->order->page_order) < 0) {
		release(&list->slice);
		free(list);
		return NULL;
	}
	walk_begin(&list->walk, &call->console->registry, list->order->down,
	    list->has_after && is_stretch(list) ? list->after.id : 0);
	return slice_start(call, &list->slice);
}
