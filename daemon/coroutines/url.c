/*
 * url.c - http: addresses, as far as a fetch needs them: no user, no fragment.
 *
 * What goes into the request has been looked at byte by byte: no space, no
 * control character, so that no address can add a line to it.
 */
#include "url.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool
is_clean(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text <= ' ' || *text == '\177')
			return false;
	return true;
}

/* ":8080", or nothing: 80. */
static int
parse_port(const char *text, uint16_t *ret_port)
{
	unsigned long port;
	char *end;

	*ret_port = 80;
	if (*text == '\0')
		return 0;
	if (*text != ':')
		return -EINVAL;
	if (*++text == '\0')
		return 0;
	port = strtoul(text, &end, 10);
	if (*text < '0' || *text > '9' || *end != '\0' || port == 0 ||
	    port > UINT16_MAX)
		return -EINVAL;
	*ret_port = (uint16_t)port;
	return 0;
}

static int
parse_authority(struct url *url)
{
	const char *host = url->authority, *end;

	if (strchr(host, '@') != NULL)
		return -EINVAL;
	if (*host == '[') {
		end = strchr(++host, ']');
		if (end == NULL)
			return -EINVAL;
	} else {
		end = host + strcspn(host, ":");
	}
	if (end == host || (size_t)(end - host) >= sizeof(url->host))
		return -EINVAL;
	memcpy(url->host, host, (size_t)(end - host));
	url->host[end - host] = '\0';
	return parse_port(*end == ']' ? end + 1 : end, &url->port);
}

int
url_parse(const char *text, struct url *ret_url)
{
	const char *rest = strstr(text, "://");
	size_t authority, target;
	struct url url = { .port = 0 };
	int r;

	if (rest == NULL || strlen(text) >= URL_MAX || !is_clean(text))
		return -EINVAL;
	if (rest - text != 4 || strncasecmp(text, "http", 4) != 0)
		return -EPROTONOSUPPORT;
	rest += 3;
	authority = strcspn(rest, "/?#");
	if (authority >= sizeof(url.authority))
		return -EINVAL;
	memcpy(url.authority, rest, authority);
	rest += authority;
	target = strcspn(rest, "#");
	snprintf(url.target, sizeof(url.target), "%s%.*s",
	    *rest == '/' ? "" : "/", (int)target, rest);
	r = parse_authority(&url);
	if (r == 0)
		*ret_url = url;
	return r;
}

int
url_follow(const struct url *url, const char *location, struct url *ret_url)
{
	char text[URL_MAX + 300];
	size_t folder;

	if (strstr(location, "://") != NULL &&
	    strcspn(location, ":") < strcspn(location, "/?#"))
		return url_parse(location, ret_url);
	if (strncmp(location, "//", 2) == 0) {
		snprintf(text, sizeof(text), "http:%s", location);
	} else if (*location == '/') {
		snprintf(text, sizeof(text), "http://%s%s", url->authority,
		    location);
	} else {
		/* From the folder of the path, or the path of a query. */
		folder = strcspn(url->target, "?");
		while (*location != '?' && folder > 1 &&
		    url->target[folder - 1] != '/')
			folder--;
		snprintf(text, sizeof(text), "http://%s%.*s%s",
		    url->authority, (int)folder, url->target, location);
	}
	return url_parse(text, ret_url);
}
