/*
 * value.h - small values: what a task returns and a future holds.
 *
 * A value is a type and one word. It is passed and copied as a struct; what
 * the word points at, if it points, is shared by reference counting, so
 * that a result fetched by ten awaiters is one object. A value of type NULL
 * is no value, Python's None.
 *
 *	struct evtask_value v;
 *
 *	if (evtask_value_string("hello", &v) == 0)
 *		return evtask_return(v);	// the task owns it now
 */
#ifndef EVTASK_VALUE_H
#define EVTASK_VALUE_H

#include <evtask/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * What a kind of value can do. Define one (const, static) for objects of
 * your own; ref and unref may be NULL for words that own nothing.
 */
struct evtask_type {
	const char *name;
	void (*ref)(void *p);
	void (*unref)(void *p);
};

/* A value: its type says which member of the union it is. */
struct evtask_value {
	const struct evtask_type *type;
	union {
		bool b;
		int64_t i;
		const char *s;
		struct evtask_error *e;
		const struct evtask_list *l;
		void *p;
	} u;
};

/* The elements of a value of type evtask_type_list. */
struct evtask_list {
	size_t n;
	const struct evtask_value *values;
};

/* The types there are, and the member that each uses. */
extern EVTASK_API const struct evtask_type evtask_type_bool;	/* u.b */
extern EVTASK_API const struct evtask_type evtask_type_int;	/* u.i */
extern EVTASK_API const struct evtask_type evtask_type_literal;	/* u.s */
extern EVTASK_API const struct evtask_type evtask_type_string;	/* u.s */
extern EVTASK_API const struct evtask_type evtask_type_pointer;	/* u.p */
extern EVTASK_API const struct evtask_type evtask_type_error;	/* u.e */
extern EVTASK_API const struct evtask_type evtask_type_list;	/* u.l */

/* Values that own nothing are made anywhere, and cannot fail. No value: */
static inline struct evtask_value
evtask_value_none(void)
{
	struct evtask_value v = { NULL, { false } };

	return v;
}

/* True or false. */
static inline struct evtask_value
evtask_value_bool(bool b)
{
	struct evtask_value v = { &evtask_type_bool, { false } };

	v.u.b = b;
	return v;
}

/* A number. */
static inline struct evtask_value
evtask_value_int(int64_t i)
{
	struct evtask_value v = { &evtask_type_int, { false } };

	v.u.i = i;
	return v;
}

/* Text that outlives every user of the value, such as a string literal. */
static inline struct evtask_value
evtask_value_literal(const char *s)
{
	struct evtask_value v = { &evtask_type_literal, { false } };

	v.u.s = s;
	return v;
}

/* A pointer the value does not own. */
static inline struct evtask_value
evtask_value_pointer(void *p)
{
	struct evtask_value v = { &evtask_type_pointer, { false } };

	v.u.p = p;
	return v;
}

/*
 * Text, copied. Anywhere. The caller owns *ret_value until it is handed on
 * or released with evtask_value_unref(). Returns 0, -EINVAL or -ENOMEM.
 */
EVTASK_API EVTASK_CHECKED int
evtask_value_string(const char *s, struct evtask_value *ret_value);

/* Text, formatted; otherwise as evtask_value_string(). */
EVTASK_API EVTASK_CHECKED int
evtask_value_format(struct evtask_value *ret_value, const char *fmt, ...)
    EVTASK_PRINTF(2, 3);

/*
 * One more reference to what v points at. Anywhere (a type of your own may be
 * particular about threads); cannot fail. Returns v.
 */
EVTASK_API struct evtask_value evtask_value_ref(struct evtask_value v);

/* One reference less. Values that own nothing are accepted. */
EVTASK_API void evtask_value_unref(struct evtask_value v);

/* The text of a literal or string value; NULL for any other. Borrowed. */
EVTASK_API const char *evtask_value_text(struct evtask_value v);

#ifdef __cplusplus
}
#endif
#endif
