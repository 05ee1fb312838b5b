/*
 * address.c - addresses of sockets, in words.
 */
#include "io/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/un.h>

static void
format_unix(const struct sockaddr_un *un, socklen_t size, char *words)
{
	int length = (int)(size - offsetof(struct sockaddr_un, sun_path));

	if (length <= 0)
		snprintf(words, ADDRESS_SIZE, "unix");
	else if (un->sun_path[0] == '\0')	/* of the abstract kind */
		snprintf(words, ADDRESS_SIZE, "@%.*s", length - 1,
		    un->sun_path + 1);
	else
		snprintf(words, ADDRESS_SIZE, "%.*s", length, un->sun_path);
}

void
address_format(const struct sockaddr *address, socklen_t size,
    char ret_words[ADDRESS_SIZE])
{
	const struct sockaddr_in *in = (const void *)address;
	const struct sockaddr_in6 *in6 = (const void *)address;
	char host[INET6_ADDRSTRLEN] = "?";

	switch (address->sa_family) {
	case AF_INET:
		inet_ntop(AF_INET, &in->sin_addr, host, sizeof host);
		snprintf(ret_words, ADDRESS_SIZE, "%s:%u", host,
		    ntohs(in->sin_port));
		break;
	case AF_INET6:
		inet_ntop(AF_INET6, &in6->sin6_addr, host, sizeof host);
		snprintf(ret_words, ADDRESS_SIZE, "[%s]:%u", host,
		    ntohs(in6->sin6_port));
		break;
	case AF_UNIX:
		format_unix((const void *)address, size, ret_words);
		break;
	default:
		snprintf(ret_words, ADDRESS_SIZE, "family %d",
		    address->sa_family);
	}
}
