/*
 * value.c - small values, and the counted text some of them share.
 *
 * Text is copied once, behind a count; every further holder of the value
 * shares it. The text itself is what the value points at, so that reading it
 * needs no call.
 */
#include <evtask/value.h>

#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "core/list.h"
#include "core/value.h"

struct text {
	atomic_uint refs;	/* it may be in the hands of several threads */
	char bytes[];
};

struct values {
	atomic_uint refs;
	struct evtask_list list;
	struct evtask_value values[];
};

static void
count_up(atomic_uint *refs)
{
	atomic_fetch_add_explicit(refs, 1, memory_order_relaxed);
}

/* Whether that was the last. */
static bool
count_down(atomic_uint *refs)
{
	return atomic_fetch_sub_explicit(refs, 1, memory_order_acq_rel) == 1;
}

static void
text_ref(void *p)
{
	count_up(&container_of(p, struct text, bytes)->refs);
}

static void
text_unref(void *p)
{
	struct text *text = container_of(p, struct text, bytes);

	if (count_down(&text->refs))
		free(text);
}

static void
error_ref(void *p)
{
	evtask_error_ref(p);
}

static void
error_unref(void *p)
{
	evtask_error_unref(p);
}

static void
list_ref(void *p)
{
	count_up(&container_of(p, struct values, list)->refs);
}

static void
list_unref(void *p)
{
	struct values *values = container_of(p, struct values, list);

	if (!count_down(&values->refs))
		return;
	for (size_t i = 0; i < values->list.n; i++)
		evtask_value_unref(values->values[i]);
	free(values);
}

const struct evtask_type evtask_type_bool = { .name = "bool" };
const struct evtask_type evtask_type_int = { .name = "int" };
const struct evtask_type evtask_type_literal = { .name = "string" };
const struct evtask_type evtask_type_pointer = { .name = "pointer" };
const struct evtask_type evtask_type_string = {
	.name = "string", .ref = text_ref, .unref = text_unref,
};
const struct evtask_type evtask_type_error = {
	.name = "error", .ref = error_ref, .unref = error_unref,
};
const struct evtask_type evtask_type_list = {
	.name = "list", .ref = list_ref, .unref = list_unref,
};

static struct text *
text_new(size_t length)
{
	struct text *text = malloc(sizeof *text + length + 1);

	if (text != NULL)
		atomic_init(&text->refs, 1);
	return text;
}

int
evtask_value_string(const char *s, struct evtask_value *ret_value)
{
	size_t length;
	struct text *text;

	if (s == NULL || ret_value == NULL)
		return -EINVAL;
	length = strlen(s);
	text = text_new(length);
	if (text == NULL)
		return -ENOMEM;
	memcpy(text->bytes, s, length + 1);
	*ret_value = (struct evtask_value){
		.type = &evtask_type_string, .u.s = text->bytes,
	};
	return 0;
}

int
evtask_value_format(struct evtask_value *ret_value, const char *fmt, ...)
{
	struct text *text;
	va_list args;
	int length;

	va_start(args, fmt);
	length = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (length < 0)
		return -EINVAL;
	text = text_new((size_t)length);
	if (text == NULL)
		return -ENOMEM;
	va_start(args, fmt);
	vsnprintf(text->bytes, (size_t)length + 1, fmt, args);
	va_end(args);
	*ret_value = (struct evtask_value){
		.type = &evtask_type_string, .u.s = text->bytes,
	};
	return 0;
}

struct evtask_value *
value_list_new(size_t n, struct evtask_value *ret_list)
{
	struct values *values = calloc(1,
	    sizeof *values + n * sizeof *values->values);

	if (values == NULL)
		return NULL;
	atomic_init(&values->refs, 1);
	values->list.n = n;
	values->list.values = values->values;
	*ret_list = (struct evtask_value){
		.type = &evtask_type_list, .u.l = &values->list,
	};
	return values->values;
}

struct evtask_value
evtask_value_ref(struct evtask_value v)
{
	if (v.type != NULL && v.type->ref != NULL)
		v.type->ref(v.u.p);
	return v;
}

void
evtask_value_unref(struct evtask_value v)
{
	value_unref(v);
}

const char *
evtask_value_text(struct evtask_value v)
{
	if (v.type == &evtask_type_literal || v.type == &evtask_type_string)
		return v.u.s;
	return NULL;
}
