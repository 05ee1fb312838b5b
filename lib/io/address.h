/*
 * address.h - addresses of sockets, in words.
 */
#ifndef IO_ADDRESS_H
#define IO_ADDRESS_H

#include <sys/socket.h>

enum { ADDRESS_SIZE = 64 };

/* "192.0.2.1:80", "[2001:db8::1]:80", or a path, cut to fit. */
void address_format(const struct sockaddr *address, socklen_t size,
    char ret_words[ADDRESS_SIZE]);

#endif
