/*
 * names.c - names, labels, and the memory of a scenario.
 *
 * All names live in one table. A label is the name at its first binding and
 * name#2, name#3 ... at the next; a later binding replaces an earlier one.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "scenario.h"

struct piece {
	struct piece *next;
	max_align_t memory[];
};

void *
scenario_alloc(struct scenario *s, size_t size)
{
	struct piece *piece = calloc(1, sizeof *piece + size);

	if (piece == NULL)
		abort();
	piece->next = s->arena;
	s->arena = piece;
	return piece->memory;
}

char *
scenario_print(struct scenario *s, const char *fmt, ...)
{
	va_list args;
	char *text;
	int n;

	va_start(args, fmt);
	n = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	text = scenario_alloc(s, (size_t)n + 1);
	va_start(args, fmt);
	vsnprintf(text, (size_t)n + 1, fmt, args);
	va_end(args);
	return text;
}

void
scenario_release(struct scenario *s)
{
	while (s->arena != NULL) {
		struct piece *next = s->arena->next;

		free(s->arena);
		s->arena = next;
	}
}

struct name *
name_of(struct scenario *s, const char *text)
{
	struct name *name;

	for (name = s->names; name != NULL; name = name->next)
		if (strcmp(name->text, text) == 0)
			return name;
	name = scenario_alloc(s, sizeof *name);
	name->text = text;
	name->var.name = text;
	name->next = s->names;
	s->names = name;
	return name;
}

const char *
label_of(struct scenario *s, const char *text)
{
	struct name *name = name_of(s, text);

	if (++name->bindings == 1)
		return name->text;
	return scenario_print(s, "%s#%d", text, name->bindings);
}

struct object *
bind(struct scenario *s, const char *name, const char *label, enum kind kind,
    void *is)
{
	struct object *object = scenario_alloc(s, sizeof *object);

	object->kind = kind;
	object->label = label;
	object->is.any = is;
	*s->last_object = object;
	s->last_object = &object->next;
	name_of(s, name)->object = object;
	return object;
}

const char *
label_of_future(struct scenario *s, const struct evtask_future *future)
{
	for (struct object *o = s->objects; o != NULL; o = o->next)
		if ((o->kind & FUT) && awaitable(o).future == future)
			return o->label;
	return "?";
}

const char *
label_of_task(struct scenario *s, const struct evtask *task)
{
	for (struct object *o = s->objects; o != NULL; o = o->next)
		if (o->kind == TASK && o->is.task == task)
			return o->label;
	return "?";
}

size_t
sort_bound(struct scenario *s, struct evtask **tasks, size_t n)
{
	size_t bound = 0;

	for (struct object *o = s->objects; o != NULL; o = o->next) {
		for (size_t i = bound; o->kind == TASK && i < n; i++) {
			if (tasks[i] != o->is.task)
				continue;
			tasks[i] = tasks[bound];
			tasks[bound++] = o->is.task;
			break;
		}
	}
	return bound;
}
