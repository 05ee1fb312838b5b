/*
 * name.h - the names of things that tasks wait for, kept behind them.
 */
#ifndef SYNC_NAME_H
#define SYNC_NAME_H

#include <string.h>

static inline size_t
name_size(const char *name)
{
	return name != NULL ? strlen(name) + 1 : 1;
}

static inline void
name_copy(char *to, const char *name)
{
	memcpy(to, name != NULL ? name : "", name_size(name));
}

#endif
