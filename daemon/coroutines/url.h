/*
 * url.h - http: addresses.
 */
#ifndef DAEMON_COROUTINES_URL_H
#define DAEMON_COROUTINES_URL_H

#include <stdbool.h>
#include <stdint.h>

enum { URL_MAX = 2048 };

struct url {
	char host[256];		/* without the brackets of a number */
	uint16_t port;
	char authority[264];	/* as it was written, for the Host header */
	char target[URL_MAX];	/* path and query: "/" at least */
};

/* Takes it apart. 0; -EPROTONOSUPPORT, it is not http:; -EINVAL. */
int url_parse(const char *text, struct url *ret_url);

/* What a Location says, seen from url. 0, or as url_parse(). */
int url_follow(const struct url *url, const char *location,
    struct url *ret_url);

#endif
