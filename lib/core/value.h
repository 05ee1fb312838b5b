/*
 * value.h - values, as the library makes them.
 */
#ifndef CORE_VALUE_H
#define CORE_VALUE_H

#include <evtask/value.h>

/* Whether it points at something that is counted. */
static inline bool
value_is_owned(struct evtask_value v)
{
	return v.type != NULL && v.type->unref != NULL;
}

/* The same as evtask_value_unref(), where it is called for every task. */
static inline void
value_unref(struct evtask_value v)
{
	if (value_is_owned(v))
		v.type->unref(v.u.p);
}

/* Copies it a word at a time: so it was stored a moment ago, and a load of both
 * words at once would wait until they have left the processor. */
static inline void
value_copy(struct evtask_value *to, const struct evtask_value *from)
{
	const struct evtask_type *type = from->type;

	__asm__("" : "+r" (type));	/* not to be made one with the next */
	to->type = type;
	to->u.p = from->u.p;
}

/*
 * A list of n values, none of them set yet, owned by the caller. Returns where
 * to set them; what is put there is owned by the list. NULL without memory.
 */
struct evtask_value *value_list_new(size_t n, struct evtask_value *ret_list);

#endif
