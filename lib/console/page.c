/*
 * page.c - the best few of many, in order: a page of a list.
 *
 * All candidates are offered, in any order, and only the first `limit` in the
 * page's order are kept: so a page of a hundred thousand tasks by name needs
 * neither a sorted copy of them nor an index. Offered in the page's own order
 * each costs one comparison.
 */
#include "page.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

int
page_init(struct page *page, size_t limit, page_order_fn order)
{
	*page = (struct page){ .limit = limit, .order = order };
	page->items = calloc(limit, sizeof(page->items[0]));
	return page->items != NULL ? 0 : -ENOMEM;
}

void
page_release(struct page *page)
{
	free(page->items);
	page->items = NULL;
}

static size_t
place(const struct page *page, const void *item)
{
	size_t low = 0, high = page->count, middle;

	if (high > 0 && page->order(page->items[high - 1], item) < 0)
		return high;
	while (low < high) {
		middle = low + (high - low) / 2;
		if (page->order(page->items[middle], item) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const void *
page_offer(struct page *page, const void *item)
{
	size_t at = place(page, item);
	const void *out = NULL;

	if (page->count == page->limit) {
		page->more = true;
		if (at == page->limit)
			return item;
		out = page->items[--page->count];
	}
	memmove(&page->items[at + 1], &page->items[at],
	    (page->count - at) * sizeof(page->items[0]));
	page->items[at] = item;
	page->count++;
	return out;
}
