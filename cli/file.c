/*
 * file.c - a file as a value: read at once, and no more than can be sent.
 */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "explain.h"

static int
read_all(int fd, const char *path, char *text, size_t *ret_size,
    char **ret_why)
{
	size_t size = 0;
	ssize_t n;

	do {
		n = read(fd, text + size, FILE_MAX_BYTES + 1 - size);
		if (n > 0)
			size += (size_t)n;
	} while ((n > 0 && size <= FILE_MAX_BYTES) ||
	    (n < 0 && errno == EINTR));
	if (n < 0)
		return explain(ret_why, -errno, "cannot read %s: %s", path,
		    strerror(errno));
	if (size > FILE_MAX_BYTES)
		return explain(ret_why, -EFBIG, "%s is over 1 MiB, and that is "
		    "the most that can be sent", path);
	text[size] = '\0';
	*ret_size = size;
	return 0;
}

int
file_read(const char *path, char **ret_text, size_t *ret_size, char **ret_why)
{
	int fd = strcmp(path, "-") == 0 ? dup(STDIN_FILENO) :
	    open(path, O_RDONLY | O_CLOEXEC), r;
	char *text;

	if (fd < 0)
		return explain(ret_why, -errno, "cannot open %s: %s", path,
		    strerror(errno));
	text = malloc(FILE_MAX_BYTES + 2);
	r = text == NULL ? -ENOMEM : read_all(fd, path, text, ret_size,
	    ret_why);
	close(fd);
	if (r == 0)
		*ret_text = text;
	else
		free(text);
	return r;
}
