/*
 * tasks.c - the tasks of a target, read from its memory.
 *
 * The target may run while it is read: a list that is cut while it is walked is
 * walked again, some times, and then taken as it is. Nothing read is trusted
 * further than that: a pointer that leads nowhere is the end of what is known.
 */
#include "outside/tasks.h"

#include <errno.h>
#include <evtask/ctl_value.h>
#include <evtask/loop.h>
#include <inttypes.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "cli/explain.h"
#include "outside/awaits.h"

#define LOOPS_MAX 4096
#define TASKS_MAX 10000000
#define ATTEMPTS 5
#define NAME_SIZE 256
#define TASKS_PAGE 250
#define NEAR_BYTES 768
#define EXPECTED_BYTES 160 /* of what a member points to, about */

static bool
add(struct tasks *tasks, uint64_t task)
{
	size_t room = tasks->room > 0 ? 2 * tasks->room : 64;
	uint64_t *v;

	if (tasks->n == tasks->room) {
		v = reallocarray(tasks->v, room, sizeof(*v));
		if (v == NULL)
			return false;
		tasks->v = v;
		tasks->room = room;
	}
	tasks->v[tasks->n++] = task;
	return true;
}

/* False: the list changed while it was read, or there is no memory. */
static bool
read_loop(struct tasks *tasks, uint64_t loop)
{
	const struct layout *layout = tasks->layout;
	uint64_t head = loop + layout->rows[LOOP_TASKS]->offset;
	uint64_t link = layout_of(layout, head, LIST_NEXT), task;

	while (link != 0 && link != head && tasks->n < TASKS_MAX) {
		task = link - layout->rows[TASK_ALL]->offset;
		if (layout_of(layout, task, TASK_INTERNAL) == 0 &&
		    !add(tasks, task))
			return false;
		link = layout_of(layout, link, LIST_NEXT);
		if (link != 0 && layout_of(layout, link, LIST_PREV) !=
		    task + layout->rows[TASK_ALL]->offset)
			return false;
	}
	return link == head;
}

static void
set_clock(struct tasks *tasks, uint64_t loop)
{
	struct timespec now;

	tasks->epoch_us = target_epoch_us(tasks->layout->target);
	tasks->now_us = (int64_t)layout_of(tasks->layout, loop, LOOP_NOW_US);
	if (tasks->epoch_us == 0)
		return;
	clock_gettime(CLOCK_MONOTONIC, &now);
	tasks->now_us = (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* gcore(1) leaves out, or zero, all of a mapping that has a guard in it. */
static bool
lacks_stack(const struct tasks *tasks, uint64_t task)
{
	return layout_of(tasks->layout, task, TASK_RUNNING) != 0 &&
	    layout_of(tasks->layout, task, TASK_STACK) == 0;
}

int
tasks_read(struct tasks *tasks, const struct layout *layout, char **ret_why)
{
	uint64_t loop;
	size_t before, n = 0;
	int attempt;

	*tasks = (struct tasks){ .layout = layout };
	if (!target_read(layout->target, (uint64_t)(uintptr_t)
	    layout->table.loops, &loop, sizeof(loop)))
		return explain(ret_why, -EIO, "its list of loops cannot be "
		    "read");
	if (loop != 0)
		set_clock(tasks, loop);
	for (; loop != 0 && n < LOOPS_MAX; n++) {
		before = tasks->n;
		for (attempt = 1; !read_loop(tasks, loop); attempt++) {
			if (attempt == ATTEMPTS) {
				tasks->torn = true;
				break;
			}
			tasks->n = before;
			target_read_anew(layout->target);
		}
		loop = layout_of(layout, loop, LOOP_NEXT);
	}
	for (n = 0; target_is_core(layout->target) && n < tasks->n &&
	    !tasks->stackless; n++)
		tasks->stackless = lacks_stack(tasks, tasks->v[n]);
	return 0;
}

void
tasks_release(struct tasks *tasks)
{
	for (size_t i = 0; i < TASKS_MEMO; i++)
		json_object_put(tasks->memo[i].o);
	free(tasks->v);
}

const char *
tasks_state(const struct tasks *tasks, uint64_t task)
{
	const struct layout *layout = tasks->layout;

	if (layout_of(layout, task, TASK_QUEUED) != 0)
		return layout_of(layout, task, TASK_RUNNING) != 0 ? "ready"
		    : "created";
	return layout_of(layout, task, TASK_WAIT) != 0 ? "waiting" : "running";
}

static void
name_of(const struct tasks *tasks, uint64_t task, char name[NAME_SIZE])
{
	uint64_t at = layout_of(tasks->layout, task, TASK_NAME);

	if (at != 0)
		target_text(tasks->layout->target, at, name, NAME_SIZE);
	else
		snprintf(name, NAME_SIZE, "Task-%" PRIu64,
		    layout_of(tasks->layout, task, TASK_ID));
}

uint64_t
tasks_find(const struct tasks *tasks, const char *word)
{
	bool number = word[strspn(word, "0123456789")] == '\0';
	uint64_t id = strtoull(word, NULL, 10);
	char name[NAME_SIZE];

	for (size_t i = 0; i < tasks->n; i++) {
		if (number && layout_of(tasks->layout, tasks->v[i],
		    TASK_ID) == id)
			return tasks->v[i];
		name_of(tasks, tasks->v[i], name);
		if (strcmp(name, word) == 0)
			return tasks->v[i];
	}
	return 0;
}

/* What was made of that address, or where it goes. */
static struct json_object **
memo_of(struct tasks *tasks, uint64_t at)
{
	struct memo *memo = &tasks->memo[(at ^ at >> 9) % TASKS_MEMO];

	if (memo->at != at) {
		json_object_put(memo->o);
		*memo = (struct memo){ .at = at };
	}
	return &memo->o;
}

static struct json_object *
text_at(struct tasks *tasks, uint64_t at)
{
	struct json_object **known;
	char text[NAME_SIZE];

	if (at == 0)
		return NULL;
	known = memo_of(tasks, at);
	if (*known == NULL) {
		target_text(tasks->layout->target, at, text, sizeof(text));
		*known = json_object_new_string(text);
	}
	return json_object_get(*known);
}

/* A text of our own: made once, however many have it. */
static struct json_object *
literal(struct tasks *tasks, const char *text)
{
	struct json_object **known = memo_of(tasks, (uint64_t)(uintptr_t)text |
	    UINT64_C(1) << 62);

	if (*known == NULL)
		*known = json_object_new_string(text);
	return json_object_get(*known);
}

/* The key is a literal, and a new one: it is neither copied nor looked for.
 * NULL is null. */
static void
put(struct json_object *o, const char *key, struct json_object *value)
{
	json_object_object_add_ex(o, key, value, JSON_C_OBJECT_ADD_KEY_IS_NEW |
	    JSON_C_OBJECT_ADD_CONSTANT_KEY);
}

static struct json_object *
make_site(struct tasks *tasks, uint64_t site)
{
	const struct layout *layout = tasks->layout;
	struct json_object *o = json_object_new_object();

	put(o, "func", text_at(tasks, layout_of(layout, site, SITE_FUNC)));
	put(o, "file", text_at(tasks, layout_of(layout, site, SITE_FILE)));
	put(o, "line", json_object_new_int64((int64_t)layout_of(layout, site,
	    SITE_LINE)));
	return o;
}

static struct json_object *
render_site(struct tasks *tasks, uint64_t site)
{
	struct json_object *o, **known;

	if (site == 0)
		return NULL;
	if (*memo_of(tasks, site) != NULL)
		return json_object_get(*memo_of(tasks, site));
	o = make_site(tasks, site);
	known = memo_of(tasks, site);
	*known = json_object_get(o);
	return o;
}

static struct json_object *
render_name(struct tasks *tasks, uint64_t task)
{
	char name[NAME_SIZE];
	struct json_object *o;

	if (task == 0)
		return NULL;
	name_of(tasks, task, name);
	o = json_object_new_object();
	put(o, "id", json_object_new_int64((int64_t)layout_of(tasks->layout,
	    task, TASK_ID)));
	put(o, "name", json_object_new_string(name));
	return o;
}

static struct json_object *
make_resource(struct json_object *type, struct json_object *name)
{
	struct json_object *o = json_object_new_object();

	put(o, "type", type);
	put(o, "name", name);
	return o;
}

/* What has no name is one for all of its type, as a timer is. */
static struct json_object *
render_nameless(struct tasks *tasks, uint64_t type)
{
	uint64_t key = type | UINT64_C(1) << 63;	/* no address of its */
	struct json_object *o = *memo_of(tasks, key);

	if (o != NULL)
		return json_object_get(o);
	o = make_resource(text_at(tasks, type), NULL);
	*memo_of(tasks, key) = json_object_get(o);
	return o;
}

/* What it waits for: by its own name, or its owner's, or a number. */
static struct json_object *
render_resource(struct tasks *tasks, uint64_t wait, uint64_t resource,
    uint64_t owner)
{
	const struct layout *layout = tasks->layout;
	int64_t number = (int64_t)layout_of(layout, wait, WAIT_NUMBER);
	uint64_t type = layout_of(layout, resource != 0 ? resource : wait,
	    resource != 0 ? RESOURCE_TYPE : WAIT_TYPE);
	struct json_object *name = text_at(tasks, layout_of(layout,
	    resource != 0 ? resource : wait,
	    resource != 0 ? RESOURCE_NAME : WAIT_NAME));
	char text[NAME_SIZE];

	if (name == NULL && owner != 0) {
		name_of(tasks, owner, text);
		name = json_object_new_string(text);
	} else if (name == NULL && number != 0) {
		snprintf(text, sizeof(text), "%" PRId64, number);
		name = json_object_new_string(text);
	}
	return name != NULL ? make_resource(text_at(tasks, type), name)
	    : render_nameless(tasks, type);
}

static struct json_object *
render_wait(struct tasks *tasks, uint64_t wait)
{
	const struct layout *layout = tasks->layout;
	uint64_t resource = layout_of(layout, wait, WAIT_RESOURCE);
	int64_t until_us = (int64_t)layout_of(layout, wait, WAIT_UNTIL_US);
	uint64_t owner = layout_of(layout, resource != 0 ? resource : wait,
	    resource != 0 ? RESOURCE_OWNER : WAIT_OWNER);
	struct json_object *o = json_object_new_object();

	put(o, "op", text_at(tasks, layout_of(layout, wait, WAIT_OP)));
	put(o, "on", render_resource(tasks, wait, resource, owner));
	put(o, "owner", render_name(tasks, owner));
	put(o, "site", render_site(tasks, layout_of(layout, wait,
	    WAIT_SITE)));
	put(o, "since_us", json_object_new_int64(tasks->epoch_us +
	    (int64_t)layout_of(layout, wait, WAIT_SINCE_US)));
	put(o, "until_us", until_us == EVTASK_FOREVER ? NULL
	    : json_object_new_int64(tasks->epoch_us + until_us));
	return o;
}

/* Who made it, where, and whom it waits for. */
static void
put_relations(struct tasks *tasks, struct json_object *o, uint64_t task,
    bool waits)
{
	enum { CREATOR_BITS = 8 };
	const struct layout *layout = tasks->layout;
	uint64_t by = layout_of(layout, task, TASK_CREATED_BY);
	int64_t total = 0;
	struct json_object *awaits = waits ? awaits_of(layout, task, &total)
	    : json_object_new_array_ext(1);

	put(o, "parent", (by & 0xff) == EVTASK_ORIGIN_TASK
	    ? json_object_new_int64((int64_t)(by >> CREATOR_BITS)) : NULL);
	put(o, "awaits_total", json_object_new_int64(total));
	put(o, "awaits", awaits);
	put(o, "created_at", render_site(tasks, layout_of(layout, task,
	    TASK_CREATED_AT)));
}

/* What that member points to is going to be read, and so much below it. */
static void
expect(const struct layout *layout, const uint64_t *v, size_t n,
    enum member member, size_t below)
{
	uint64_t at[TASKS_PAGE] = { 0 };

	for (size_t i = 0; i < n; i++) {
		at[i] = layout_of(layout, v[i], member);
		at[i] -= at[i] > below ? below : at[i];
	}
	target_expect(layout->target, at, n, below + EXPECTED_BYTES);
}

struct json_object *
tasks_next(struct tasks *tasks)
{
	size_t left = tasks->n - tasks->at;
	size_t n = left < TASKS_PAGE ? left : TASKS_PAGE;
	struct json_object *page;

	if (n == 0)
		return NULL;
	page = json_object_new_array();
	/* Both are on its stack, alone in a wide space: the one at its top,
	 * the other below it, often not far. */
	expect(tasks->layout, tasks->v + tasks->at, n, TASK_RUNNING,
	    NEAR_BYTES);
	expect(tasks->layout, tasks->v + tasks->at, n, TASK_WAIT, 0);
	for (; n > 0; n--)
		json_object_array_add(page, tasks_render(tasks,
		    tasks->v[tasks->at++]));
	target_pass(tasks->layout->target);
	return page;
}

struct json_object *
tasks_render(struct tasks *tasks, uint64_t task)
{
	const struct layout *layout = tasks->layout;
	struct json_object *o = render_name(tasks, task);
	const char *state = tasks_state(tasks, task);
	bool waits = strcmp(state, "waiting") == 0;

	put(o, "coroutine", NULL);
	put(o, "state", literal(tasks, state));
	put(o, "outcome", NULL);
	put(o, "wait", waits ? render_wait(tasks, layout_of(layout, task,
	    TASK_WAIT)) : NULL);
	put(o, "created_us", json_object_new_int64(tasks->epoch_us +
	    (int64_t)layout_of(layout, task, TASK_CREATED_US)));
	if (!tasks->brief)
		put_relations(tasks, o, task, waits);
	return o;
}
