/*
 * top_list.h - the list of top: rows of which one is chosen.
 */
#ifndef CLI_TOP_LIST_H
#define CLI_TOP_LIST_H

#include <stdbool.h>
#include "top.h"

struct out;

struct top_list {
	struct top_look before, look;
	bool compared;               /* there is one before */
	struct top_rows rows;
	enum top_group group;
	enum top_sort sort;
	char *filter;                /* the group whose tasks are shown */
	int64_t at_id;               /* the row chosen: of this task ... */
	char *at_name;               /* ... or of this group */
	size_t at, first;            /* it is this one; the first on screen */
};

/* Looks again, and makes the rows anew. 0; an exit code, all being said;
 * -ECANCELED. */
EVTASK_SUSPENDS int top_list_look(struct top_list *list, struct cli *cli);

/* Makes the rows anew, of the same looks: after what is below. 0 or -ENOMEM. */
int top_list_make(struct top_list *list);

/* Shows the tasks of a group only; of all with NULL. */
void top_list_filter(struct top_list *list, const char *name);

/* The next way to group. */
void top_list_regroup(struct top_list *list);

/* By what this key stands for, if it is one of those that sort. */
void top_list_sort(struct top_list *list, int key);

/* The row chosen; NULL: there are none. Beyond the last is the last. */
const struct top_row *top_list_chosen(const struct top_list *list);
void top_list_choose(struct top_list *list, size_t at);

/* The head, and as many rows as so many lines have room for, the one chosen
 * among them. */
void top_list_print(struct top_list *list, struct out *out, size_t lines,
    bool paused);

void top_list_release(struct top_list *list);

#endif
