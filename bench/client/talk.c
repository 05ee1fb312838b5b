/*
 * talk.c - bytes both ways between a client and its server.
 */
#include "bench/client/talk.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bench/client/server.h"

void
send_all(int fd, const char *bytes, size_t size)
{
	while (size > 0) {
		ssize_t n = write(fd, bytes, size);

		if (n < 0)
			die("write");
		bytes += n;
		size -= (size_t)n;
	}
}

size_t
read_some(int fd, char *ret_bytes, size_t size)
{
	ssize_t n = read(fd, ret_bytes, size);

	if (n <= 0)
		die("the server has closed");
	return (size_t)n;
}

int
read_lines(int fd)
{
	char buf[READ_SIZE], *at = buf, *end;
	int lines = 0;

	for (end = buf + read_some(fd, buf, sizeof buf);
	    (at = memchr(at, '\n', (size_t)(end - at))) != NULL; at++)
		lines++;
	return lines;
}

void
ask_one(int fd, const char *method, const char *params)
{
	char line[512];
	int n = snprintf(line, sizeof line, "{\"jsonrpc\":\"2.0\",\"id\":1,"
	    "\"method\":\"%s\",\"params\":%s}\n", method, params);

	send_all(fd, line, (size_t)n);
	while (read_lines(fd) == 0)
		;
}
