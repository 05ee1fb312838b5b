/*
 * explain.h - a sentence that goes with an error code.
 */
#ifndef CLI_EXPLAIN_H
#define CLI_EXPLAIN_H

/*
 * Writes the sentence into *ret_why (unless NULL; NULL without memory), the
 * caller's to free, and returns code:
 *
 *	return explain(ret_why, -EINVAL, "%s is not a number", text);
 */
int explain(char **ret_why, int code, const char *fmt, ...)
    __attribute__((__format__(__printf__, 3, 4)));

#endif
