/*
 * page.h - manual pages from tables: a template, and what fills it.
 */
#ifndef DOC_PAGE_H
#define DOC_PAGE_H

#include <stdio.h>

/* A part of a page that is written from a table. */
struct page_part {
	const char *name; /* NULL ends the list */
	void (*write)(FILE *out);
};

/*
 * Copies the template to out. A line "@name@" in it becomes the part of that
 * name; every part has to be asked for, once. Returns 0; -EINVAL, a line asks
 * for what there is not, or twice, or a part is left over (stderr says which);
 * -EIO.
 */
int page_fill(FILE *template, FILE *out, const struct page_part *parts);

/* Plain text as lines of a page, a sentence on each. */
void page_text(FILE *out, const char *text);

/* A summary, "list tasks", as a sentence: "List tasks." */
void page_summary(FILE *out, const char *summary);

/* One argument of a macro, quoted: no word of it is taken for a macro. */
void page_argument(FILE *out, const char *text);

#endif
