/*
 * pages.h - a list of the server's, page by page.
 */
#ifndef CLI_PAGES_H
#define CLI_PAGES_H

#include <evtask/base.h>

struct cli;
struct json_object;
struct pages;
struct rows;

/*
 * Asks for the first page of what the method lists, of at most so many items.
 * params are borrowed for the call. NULL without memory. In a task, where it
 * does not suspend.
 */
struct pages *pages_open(struct cli *cli, const char *method,
    struct json_object *params, int64_t most);

/*
 * The next one: returns 0 and *ret_page, to put, or NULL behind the last; an
 * exit code, all being said; -ECANCELED. The one behind it is asked for
 * before this returns.
 */
EVTASK_SUSPENDS int
pages_next(struct pages *pages, struct json_object **ret_page);

/* What a page lists: the one array there is in it, borrowed; or NULL. */
struct json_object *pages_items(struct json_object *page);

/* Ends it, wherever it stands. Returns code; -ECANCELED. NULL is fine. */
EVTASK_SUSPENDS int pages_close(struct pages *pages, int code);

/* All that the method lists goes into rows. Returns 0; an exit code, all being
 * said; -ECANCELED. */
EVTASK_SUSPENDS int
pages_print(struct cli *cli, const char *method, struct json_object *params,
    int64_t most, struct rows *rows);

#endif
