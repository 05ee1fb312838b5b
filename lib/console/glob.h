/* glob.h - name patterns: * any text, ? any byte, [a-z] one of a set. */
#ifndef CONSOLE_GLOB_H
#define CONSOLE_GLOB_H

#include <stdbool.h>

bool glob_match(const char *pattern, const char *name);

#endif
