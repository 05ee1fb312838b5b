/*
 * secret.h - lines that nobody is to read again.
 */
#ifndef CLI_SECRET_H
#define CLI_SECRET_H

#include <stdbool.h>

struct complete_source;

/* Whether there is a secret in the line, as far as the schemas of what is known
 * of the server tell, or the names of its keys do. */
bool secret_is_in(const char *line, const struct complete_source *source);

#endif
