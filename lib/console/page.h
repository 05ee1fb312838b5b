/*
 * page.h - the best few of many, in order: a page of a list.
 */
#ifndef CONSOLE_PAGE_H
#define CONSOLE_PAGE_H

#include <stdbool.h>
#include <stddef.h>

/* Orders two items: < 0, a comes first. Never 0 for two items. */
typedef int (*page_order_fn)(const void *a, const void *b);

struct page {
	const void **items; /* sorted */
	size_t count, limit;
	bool more;          /* some did not fit */
	page_order_fn order;
};

/* 0 or -ENOMEM. */
int page_init(struct page *page, size_t limit, page_order_fn order);
/* Returns what is not in the page, or no longer: item, another, or NULL. */
const void *page_offer(struct page *page, const void *item);
void page_release(struct page *page);

#endif
