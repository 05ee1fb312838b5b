/*
 * notice.h - words above the line that is being edited.
 */
#ifndef CLI_NOTICE_H
#define CLI_NOTICE_H

#include <stdbool.h>
#include <stddef.h>

#define NOTICES_MAX 200 /* held back; of more, only the number is told */

struct ghost;

struct notices {
	struct ghost *ghost; /* behind the line */
	void (*changed)(void *arg); /* the prompt may say something else now */
	void *arg;
	bool editing;  /* a line is being edited: readline has the screen */
	bool held;     /* a verb has the screen */
	char **v;      /* held back, oldest first */
	size_t n;
	size_t lost;   /* more than could be held back */
};

/* Shows a line of text, or holds it back until it can be shown. */
void notice(struct notices *notices, const char *fmt, ...)
    __attribute__((__format__(__printf__, 2, 3)));

/* Shows what was held back, if it can be shown now. To be called after every
 * key, and when the screen changes hands. */
void notices_flush(struct notices *notices);

void notices_release(struct notices *notices);

#endif
