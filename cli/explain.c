/*
 * explain.c - a sentence that goes with an error code: what is wrong, by its
 * name, and the way out. Whoever finds the error writes the sentence; whoever
 * talks to the person decides where it is shown.
 */
#include "explain.h"

#include <stdarg.h>
#include <stdio.h>

int
explain(char **ret_why, int code, const char *fmt, ...)
{
	va_list args;

	if (ret_why == NULL)
		return code;
	va_start(args, fmt);
	if (vasprintf(ret_why, fmt, args) < 0)
		*ret_why = NULL;
	va_end(args);
	return code;
}
