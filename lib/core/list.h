/*
 * list.h - a circular doubly-linked list whose links live in its members.
 */
#ifndef CORE_LIST_H
#define CORE_LIST_H

#include <stdbool.h>
#include <stddef.h>

#define container_of(ptr, type, member) \
	((type *)(void *)((char *)(ptr) - offsetof(type, member)))

struct list {
	struct list *next, *prev;	/* to itself when empty or unlinked */
};

static inline void
list_init(struct list *list)
{
	list->next = list->prev = list;
}

static inline bool
list_empty(const struct list *list)
{
	return list->next == list;
}

static inline void
list_append(struct list *list, struct list *link)
{
	struct list *last = list->prev;

	/* In this order compilers do not make a vector of two words first. */
	link->next = list;
	last->next = link;
	link->prev = last;
	list->prev = link;
}

/* Unlinks it, and leaves it so: it is never looked at again. */
static inline void
list_cut(struct list *link)
{
	link->prev->next = link->next;
	link->next->prev = link->prev;
}

/* Unlinks it from whatever it is in; unlinked, it stays so. */
static inline void
list_remove(struct list *link)
{
	link->prev->next = link->next;
	link->next->prev = link->prev;
	list_init(link);
}

#define list_foreach(link, list) \
	for (link = (list)->next; link != (list); link = link->next)

/* The same, where the body may unlink the link it was given. */
#define list_foreach_safe(link, after, list) \
	for (link = (list)->next, after = link->next; link != (list); \
	    link = after, after = link->next)

#endif
